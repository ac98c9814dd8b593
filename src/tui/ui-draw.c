/* ui-draw.c - what stands where on the screen, and drawing it */
#include "tui/ui-private.h"

#include <string.h>

#include "base/i18n.h"
#include "tui/rows.h"
#include "tui/widgets/form.h"

#define LIST_MIN 4       /* rows that a detail leaves where there is little room */
#define BESIDE_WIDTH 110 /* from here on the detail stands beside the list */

static PrcRect
rect (int x, int y, int width, int height)
{
    return (PrcRect){ x, y, MAX (width, 0), MAX (height, 0) };
}

/* How high the head may be: a third, or all that the list leaves free, for what stands there is
 * longer in other languages. */
static int
head_most (const PrcView *view, PrcRect all)
{
    int most = all.height > 12 ? all.height / 3 : all.height - 4;
    int rows = (int) MIN (prc_rows_count (view), (guint) all.height);

    if (view->class->form != NULL || all.height <= 12)
        return most;
    if (rows > 0 && view->class->detail_height != NULL && all.width < BESIDE_WIDTH)
        rows += MIN (view->class->detail_height (view, all.width), all.height * 2 / 5) + 1;
    return MAX (most, all.height - MAX (rows, 3));
}

/* The lines of @view between title and hints: head, list, detail. */
static void
divide (PrcView *view, PrcLayout *layout, PrcRect all)
{
    const PrcViewClass *class = view->class;
    int head = all.height < 5               ? 0
               : class->head_height != NULL ? class->head_height (view, all.width)
               : class->form != NULL        ? 1 /* a line of air */
                                            : 0;
    int detail = 0;

    head = CLAMP (head_most (view, all), 0, head);
    layout->head = rect (all.x, all.y, all.width, head);
    layout->body = rect (all.x, all.y + head, all.width, all.height - head);
    if (class->detail_height == NULL || prc_rows_count (view) == 0)
        return;
    if (all.width >= BESIDE_WIDTH) {
        int width = all.width * 2 / 5;

        layout->detail_beside = TRUE;
        layout->body.width -= width + 2;
        layout->rule = rect (layout->body.width, layout->body.y, 1, layout->body.height);
        layout->detail = rect (all.width - width, layout->body.y, width, layout->body.height);
        return;
    }
    detail = MIN (class->detail_height (view, all.width), all.height * 2 / 5);
    if (all.height < 12)
        detail = MIN (detail, layout->body.height - 1 - LIST_MIN);
    if (detail <= 0)
        return;
    layout->body.height -= detail + 1;
    layout->rule = rect (all.x, layout->body.y + layout->body.height, all.width, 1);
    layout->detail = rect (all.x, layout->rule.y + 1, all.width, detail);
}

static gboolean
has_mark (const PrcUi *ui)
{
    return ui->message_look == PRC_LOOK_OK || ui->message_look == PRC_LOOK_WARN ||
           ui->message_look == PRC_LOOK_BAD;
}

/* An error says what to do next at its end: that must be seen too. */
static int
message_lines (const PrcUi *ui)
{
    int room = ui->width - 2 - (has_mark (ui) ? 2 : 0);

    if (ui->message == NULL)
        return 1;
    return CLAMP (prc_draw_wrapped (NULL, MAX (room, 1), 0, ui->message, PRC_LOOK_TEXT), 1,
                  MAX (ui->height / 4, 1));
}

void
prc_ui_recalc (PrcUi *ui, PrcLayout *ret)
{
    PrcView *view = prc_ui_top (ui);
    PrcForm *form = view->class->form != NULL ? view->class->form (view) : NULL;
    int bottom = ui->height - 1, message = 0;

    memset (ret, 0, sizeof *ret);
    ret->is_too_small = ui->width < PRC_UI_WIDTH_MIN || ui->height < PRC_UI_HEIGHT_MIN;
    if (ret->is_too_small)
        return;
    ret->title = rect (0, 0, ui->width, 1);
    /* where there is room a message has lines of its own, one of which is for hints as long as
     * there is none */
    message = message_lines (ui);
    ret->message = rect (0, (ui->height >= 16 ? bottom : bottom + 1) - message, ui->width, message);
    ret->hints = ui->message == NULL
                     ? rect (0, ret->message.y, ui->width, ui->height - ret->message.y)
                     : rect (0, bottom, ui->width, 1);
    divide (view, ret, rect (0, 1, ui->width, ret->message.y - 1));
    prc_rows_fit (view, ret->body.width);
    if (form != NULL)
        prc_form_fit (form, MAX (ret->body.width - 2, 1), ret->body.height);
    else
        prc_list_fit (&view->list, prc_rows_count (view), (guint) ret->body.height);
}

/* Hints */

const char *
prc_ui_action_label (PrcUi *ui, PrcActionId action)
{
    (void) ui;
    return _ (prc_action_row (action)->label);
}

static int
compare_ranks (gconstpointer a, gconstpointer b)
{
    return (int) prc_action_row (((const PrcHint *) a)->action)->rank -
           (int) prc_action_row (((const PrcHint *) b)->action)->rank;
}

static int
key_width (PrcActionId action, PrcViewSet view)
{
    g_autofree char *key = prc_action_key_name (prc_action_row (action), view);

    return prc_text_columns (key);
}

static int
hint_width (PrcActionId action, PrcViewSet view)
{
    return key_width (action, view) + 1 + prc_text_columns (_ (prc_action_row (action)->label));
}

static GArray *
possible_hints (PrcUi *ui)
{
    GArray *hints = g_array_new (FALSE, FALSE, sizeof (PrcHint));
    PrcViewSet view = prc_ui_top (ui)->class->id;
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    for (gsize i = 0; i < n; i++) {
        PrcHint hint = { .action = rows[i].id };

        if ((rows[i].where & view) != 0 && rows[i].rank > 0 && prc_ui_is_hinted (ui, rows[i].id)) {
            hint.width = hint_width (rows[i].id, view);
            g_array_append_val (hints, hint);
        }
    }
    g_array_sort (hints, compare_ranks);
    return hints;
}

/* How many columns the last two take, with one before and two behind each. Where their words don't
 * fit, whatever the language, the keys stay. */
static int
reserve (GArray *hints, guint n_last, int width, PrcViewSet view)
{
    int reserved = 1;

    for (guint i = hints->len - n_last; i < hints->len; i++)
        reserved += g_array_index (hints, PrcHint, i).width + 2;
    for (guint i = hints->len - n_last; i < hints->len && reserved - 2 > width; i++) {
        PrcHint *hint = &g_array_index (hints, PrcHint, i);
        int key = key_width (hint->action, view);

        reserved -= hint->width - key;
        hint->width = key;
        hint->is_key_only = TRUE;
    }
    return reserved;
}

/* The last two, help and the way out, are always there; of the others as many as fit, the more
 * important first. */
GArray *
prc_ui_hints (PrcUi *ui, int width, int lines)
{
    GArray *hints = possible_hints (ui);
    guint n_last = MIN (hints->len, 2);
    int x = 1, y = 0, reserved = reserve (hints, n_last, width, prc_ui_top (ui)->class->id);

    for (guint i = 0; i < hints->len;) {
        PrcHint *hint = &g_array_index (hints, PrcHint, i);
        gboolean is_last = i + n_last >= hints->len;
        int limit = width - (y == lines - 1 && !is_last ? reserved : 0);

        int needed =
            i + n_last == hints->len ? reserved - 3 : hint->width; /* the two stay together */

        if (x + needed > limit && y < lines - 1 && x > 1) {
            x = 1;
            y++;
        } else if (x + hint->width > limit && !is_last) {
            g_array_remove_index (hints, i);
        } else {
            hint->x = x;
            hint->y = y;
            x += hint->width + 2;
            i++;
        }
    }
    for (guint i = 0; i < hints->len; i++)
        g_array_index (hints, PrcHint, i).y += lines - 1 - y;
    return hints;
}

static void
draw_hints (PrcUi *ui, const PrcArea *area)
{
    g_autoptr (GArray) hints = prc_ui_hints (ui, area->width, area->height);

    for (guint i = 0; i < hints->len; i++) {
        const PrcHint *hint = &g_array_index (hints, PrcHint, i);
        const PrcActionRow *row = prc_action_row (hint->action);
        g_autofree char *key = prc_action_key_name (row, prc_ui_top (ui)->class->id);
        int x = prc_draw_text (area, hint->x, hint->y, key, PRC_LOOK_KEY);

        if (!hint->is_key_only)
            (void) prc_draw_text (area, x + 1, hint->y, _ (row->label), PRC_LOOK_HINT);
    }
}

/* Title and message */

static void
draw_title (PrcUi *ui, const PrcArea *line)
{
    static const char frames[] = "|/-\\";
    PrcView *view = prc_ui_top (ui);
    g_autofree char *status = view->class->status != NULL ? view->class->status (view) : NULL;
    int x = 0, end = line->width - 1;

    prc_draw_fill (line, PRC_LOOK_TITLE);
    x = prc_draw_text (line, 1, 0, "proxyrc", PRC_LOOK_TITLE);
    x = prc_draw_text (line, x + 2, 0, _ (view->class->title), PRC_LOOK_TITLE);
    if (view->filter != NULL)
        x = prc_draw_format (line, x + 2, 0, PRC_LOOK_TITLE, _ ("only “%s”"),
                             prc_needle_text (view->filter));
    if (ui->busy != NULL) {
        guint seconds = prc_jobs_seconds (ui->jobs);
        g_autofree char *text =
            seconds > 0
                ? g_strdup_printf (_ ("%c %s, %u s"), frames[ui->frame % 4], ui->busy, seconds)
                : g_strdup_printf ("%c %s", frames[ui->frame % 4], ui->busy);

        end = prc_draw_right (line, end, 0, text, PRC_LOOK_TITLE) - 2;
    } else if (status != NULL) {
        PrcArea right = prc_area_sub (line, x + 2, 0, MAX (end - x - 2, 0), 1);

        if (prc_text_columns (status) <= right.width)
            (void) prc_draw_right (&right, right.width, 0, status, PRC_LOOK_TITLE);
        else
            (void) prc_draw_field (&right, 0, 0, right.width, status, PRC_LOOK_TITLE);
    }
}

static void
draw_message (const PrcUi *ui, const PrcArea *area)
{
    PrcGlyph glyph = ui->message_look == PRC_LOOK_OK     ? PRC_GLYPH_OK
                     : ui->message_look == PRC_LOOK_WARN ? PRC_GLYPH_WARN
                                                         : PRC_GLYPH_BAD;
    PrcArea text;
    int x = 1;

    prc_draw_fill (area, PRC_LOOK_TEXT);
    if (has_mark (ui))
        x = prc_draw_glyph (area, x, 0, glyph, ui->message_look) + 1;
    text = prc_area_sub (area, x, 0, area->width - x - 1, area->height);
    if (area->height == 1)
        (void) prc_draw_field (&text, 0, 0, text.width, ui->message, ui->message_look);
    else
        (void) prc_draw_wrapped (&text, 0, 0, ui->message, ui->message_look);
}

/* Body */

static void
draw_scroll_bar (const PrcList *list, const PrcArea *body)
{
    int height = body->height, size = 0, start = 0;

    if (list->rows <= list->page || height < 3)
        return;
    size = MAX ((int) ((gint64) height * list->page / list->rows), 1);
    start = (int) ((gint64) (height - size) * list->top / (list->rows - list->page));
    for (int y = 0; y < height; y++)
        (void) prc_draw_glyph (body, body->width - 1, y,
                               y >= start && y < start + size ? PRC_GLYPH_BAR : PRC_GLYPH_VERTICAL,
                               PRC_LOOK_BORDER);
}

static void
draw_list (const PrcView *view, const PrcArea *body)
{
    const PrcList *list = &view->list;
    gboolean has_bar = list->rows > list->page && body->height >= 3;
    g_autofree char *empty = NULL;

    for (guint i = 0; i < list->page && list->top + i < list->rows; i++) {
        guint row = list->top + i;
        PrcArea line = prc_area_sub (body, 0, (int) i, body->width - (has_bar ? 1 : 0), 1);

        prc_rows_draw (view, &line, row);
        if (view->found != NULL)
            prc_needle_highlight (view->found, &line);
        if (row == list->selected) {
            prc_area_flag (&line, PRC_CELL_SELECTED);
            prc_area_cursor (&line, 0, 0);
        }
    }
    draw_scroll_bar (list, body);
    if (list->rows == 0 && view->class->empty != NULL) {
        PrcArea text =
            prc_area_sub (body, 2, 1, MAX (body->width - 4, 1), MAX (body->height - 1, 0));

        empty = view->class->empty (view);
        if (empty != NULL)
            (void) prc_draw_wrapped (&text, 0, 0, empty, PRC_LOOK_DIM);
    }
}

static void
draw_rule (const PrcArea *screen, const PrcLayout *layout)
{
    PrcArea rule = prc_area_sub (screen, layout->rule.x, layout->rule.y, layout->rule.width,
                                 layout->rule.height);

    if (!layout->detail_beside)
        prc_draw_rule (&rule, 0, NULL);
    for (int y = 0; layout->detail_beside && y < rule.height; y++)
        (void) prc_draw_glyph (&rule, 0, y, PRC_GLYPH_VERTICAL, PRC_LOOK_BORDER);
}

static PrcArea
area_of (const PrcArea *screen, const PrcRect *place)
{
    return prc_area_sub (screen, place->x, place->y, place->width, place->height);
}

static void
draw_view (const PrcView *view, const PrcArea *screen, const PrcLayout *layout)
{
    PrcArea body = area_of (screen, &layout->body);

    if (layout->head.height > 0 && view->class->draw_head != NULL) {
        PrcArea head = area_of (screen, &layout->head);

        view->class->draw_head (view, &head);
    }
    if (view->class->form != NULL) {
        body = prc_area_sub (&body, 1, 0, body.width - 2, body.height);
        prc_form_draw (view->class->form (view), &body);
    } else {
        draw_list (view, &body);
    }
    if (layout->detail.height > 0) {
        PrcArea detail = area_of (screen, &layout->detail);

        draw_rule (screen, layout);
        view->class->draw_detail (view, &detail);
    }
}

static void
draw_too_small (const PrcUi *ui, const PrcArea *screen)
{
    g_autofree char *text = g_strdup_printf (_ ("%d×%d: too small. proxyrc needs %d×%d"), ui->width,
                                             ui->height, PRC_UI_WIDTH_MIN, PRC_UI_HEIGHT_MIN);

    (void) prc_draw_wrapped (screen, 0, 0, text, PRC_LOOK_TEXT);
}

void
prc_ui_draw (PrcUi *ui, PrcGrid *grid)
{
    PrcArea screen, line;
    PrcLayout layout;

    prc_ui_recalc (ui, &layout);
    prc_grid_resize (grid, ui->width, ui->height);
    screen = prc_area_of_grid (grid, &ui->theme);
    ui->is_dirty = FALSE;
    if (layout.is_too_small) {
        draw_too_small (ui, &screen);
        return;
    }
    line = area_of (&screen, &layout.title);
    draw_title (ui, &line);
    draw_view (prc_ui_top (ui), &screen, &layout);
    line = area_of (&screen, &layout.hints);
    if (ui->prompt.kind == PRC_PROMPT_NONE)
        draw_hints (ui, &line);
    line = area_of (&screen, &layout.message);
    if (ui->message != NULL)
        draw_message (ui, &line);
    if (ui->prompt.kind != PRC_PROMPT_NONE)
        prc_ui_prompt_draw (ui, &screen);
    if (ui->dialogs->len > 0)
        prc_ui_dialog_draw (ui, &screen);
}
