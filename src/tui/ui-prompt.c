/* ui-prompt.c - the line at the bottom in which one types: search, filter, command, and what a view
 * asks */
#include "tui/ui-private.h"

#include <string.h>

#include "base/i18n.h"
#include "tui/rows.h"

void
prc_ui_prompt_open (PrcUi *ui, PrcPromptKind kind, const char *label, const char *initial)
{
    PrcPrompt *prompt = &ui->prompt;

    g_clear_pointer (&prompt->edit, prc_line_edit_free);
    g_free (prompt->label);
    *prompt =
        (PrcPrompt){ .kind = kind, .label = g_strdup (label), .edit = prc_line_edit_new (FALSE) };
    prompt->origin = prc_ui_top (ui)->list.selected;
    prc_line_edit_set (prompt->edit, initial);
    prc_ui_dirty (ui);
}

void
prc_ui_ask (PrcView *owner, const char *label, const char *initial,
            void (*answered) (PrcView *owner, const char *answer))
{
    prc_ui_prompt_open (owner->ui, PRC_PROMPT_ASK, label, initial);
    owner->ui->prompt.owner = owner;
    owner->ui->prompt.answered = answered;
}

/* Search and filter */

static void
set_needle (PrcNeedle **needle, const char *text)
{
    prc_needle_free (*needle);
    *needle = prc_needle_new (text);
}

void
prc_ui_find_next (PrcUi *ui, PrcView *view, guint from, int step, gboolean is_first)
{
    guint n = prc_rows_count (view);

    if (view->found == NULL || !prc_rows_can_search (view) || n == 0)
        return;
    for (guint i = is_first ? 0 : 1; i <= n; i++) {
        guint row = step > 0 ? (from + i) % n : (from + n - i % n) % n;

        if (prc_rows_match (view, row, view->found)) {
            (void) prc_list_select (&view->list, row);
            return;
        }
    }
    (void) prc_list_select (&view->list, from);
    prc_ui_say (ui, PRC_LOOK_WARN, _ ("“%s” is not found"), prc_needle_text (view->found));
}

static void
set_filter (PrcView *view, const char *text)
{
    PrcNeedle *old = view->filter;

    view->filter = prc_needle_new (text);
    prc_rows_filter (view, view->filter);
    (void) prc_list_select (&view->list, 0);
    prc_needle_free (old);
}

/* The palette: what begins with the text comes before what only has it. */

typedef struct {
    const PrcActionRow *row;
    guint score;
} Choice;

static guint
score_of (const PrcActionRow *row, const char *text)
{
    if (*text == '\0')
        return 3;
    if (g_str_has_prefix (row->name, text))
        return 1;
    if (strcasestr (row->name, text) != NULL)
        return 2;
    return strcasestr (_ (row->help), text) != NULL ? 3 : 0;
}

static int
compare_choices (gconstpointer a, gconstpointer b)
{
    return (int) ((const Choice *) a)->score - (int) ((const Choice *) b)->score;
}

static GArray *
palette_choices (PrcUi *ui)
{
    GArray *choices = g_array_new (FALSE, FALSE, sizeof (Choice));
    const char *text = prc_line_edit_text (ui->prompt.edit);
    PrcViewSet view = prc_ui_top (ui)->class->id;
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    for (gsize i = 0; i < n; i++) {
        Choice choice = { &rows[i], score_of (&rows[i], text) };

        if (choice.score > 0 && (rows[i].where & view) != 0 &&
            (rows[i].flags & PRC_ACTION_IS_MOVE) == 0)
            g_array_append_val (choices, choice);
    }
    g_array_sort (choices, compare_choices);
    return choices;
}

/* What is typed */

static void
text_changed (PrcUi *ui)
{
    PrcView *view = prc_ui_top (ui);
    const char *text = prc_line_edit_text (ui->prompt.edit);

    if (ui->prompt.kind == PRC_PROMPT_SEARCH) {
        set_needle (&view->found, text);
        if (view->found == NULL)
            (void) prc_list_select (&view->list, ui->prompt.origin);
        else
            prc_ui_find_next (ui, view, ui->prompt.origin, 1, TRUE);
    } else if (ui->prompt.kind == PRC_PROMPT_FILTER) {
        set_filter (view, text);
    } else {
        ui->prompt.selected = 0;
    }
}

static void
run_palette (PrcUi *ui)
{
    g_autoptr (GArray) choices = palette_choices (ui);
    PrcActionId action = PRC_ACTION_NONE;

    if (ui->prompt.selected < choices->len)
        action = g_array_index (choices, Choice, ui->prompt.selected).row->id;
    else
        prc_ui_say (ui, PRC_LOOK_WARN, _ ("there is no command “%s”; ? lists them"),
                    prc_line_edit_text (ui->prompt.edit));
    prc_ui_prompt_close (ui, TRUE);
    if (action != PRC_ACTION_NONE)
        prc_ui_act (ui, action);
}

void
prc_ui_prompt_close (PrcUi *ui, gboolean is_answered)
{
    PrcPrompt prompt = ui->prompt;
    PrcView *view = ui->views->len > 0 ? prc_ui_top (ui) : NULL;

    ui->prompt = (PrcPrompt){ 0 };
    prc_ui_dirty (ui);
    if (prompt.kind == PRC_PROMPT_SEARCH && !is_answered && view != NULL) {
        set_needle (&view->found, "");
        (void) prc_list_select (&view->list, prompt.origin);
    }
    if (prompt.kind == PRC_PROMPT_FILTER && !is_answered && view != NULL)
        set_filter (view, "");
    if (prompt.kind == PRC_PROMPT_ASK)
        prompt.answered (prompt.owner, is_answered ? prc_line_edit_text (prompt.edit) : NULL);
    prc_line_edit_free (prompt.edit);
    g_free (prompt.label);
}

static void
move_choice (PrcUi *ui, int step)
{
    g_autoptr (GArray) choices = palette_choices (ui);

    if (choices->len > 0)
        ui->prompt.selected = (ui->prompt.selected + choices->len + (guint) step) % choices->len;
}

void
prc_ui_prompt_key (PrcUi *ui, PrcKey key)
{
    gboolean is_palette = ui->prompt.kind == PRC_PROMPT_PALETTE;

    prc_ui_dirty (ui);
    if (key == PRC_KEY_ESCAPE || key == (PRC_KEY_CTRL | 'c') || key == (PRC_KEY_CTRL | 'g') ||
        (key == PRC_KEY_BACKSPACE && *prc_line_edit_text (ui->prompt.edit) == '\0')) {
        prc_ui_prompt_close (ui, FALSE);
    } else if (key == PRC_KEY_ENTER && is_palette) {
        run_palette (ui);
    } else if (key == PRC_KEY_ENTER) {
        prc_ui_prompt_close (ui, TRUE);
    } else if (is_palette &&
               (key == PRC_KEY_DOWN || key == PRC_KEY_TAB || key == (PRC_KEY_CTRL | 'n'))) {
        move_choice (ui, 1);
    } else if (is_palette && (key == PRC_KEY_UP || key == (PRC_KEY_TAB | PRC_KEY_SHIFT) ||
                              key == (PRC_KEY_CTRL | 'p'))) {
        move_choice (ui, -1);
    } else if (ui->prompt.kind == PRC_PROMPT_SEARCH && (key == PRC_KEY_DOWN || key == PRC_KEY_UP)) {
        PrcView *view = prc_ui_top (ui);

        prc_ui_find_next (ui, view, view->list.selected, key == PRC_KEY_DOWN ? 1 : -1, FALSE);
    } else if (prc_line_edit_key (ui->prompt.edit, key)) {
        text_changed (ui);
    }
}

void
prc_ui_prompt_paste (PrcUi *ui, const char *text)
{
    prc_line_edit_insert (ui->prompt.edit, text);
    text_changed (ui);
    prc_ui_dirty (ui);
}

static void
draw_palette (PrcUi *ui, const PrcArea *screen, int bottom)
{
    g_autoptr (GArray) choices = palette_choices (ui);
    int n = MIN ((int) MIN (choices->len, PRC_PALETTE_ROWS), bottom - 1);
    guint first =
        ui->prompt.selected >= (guint) MAX (n, 1) ? ui->prompt.selected - (guint) n + 1 : 0;
    PrcArea box = prc_area_sub (screen, 0, bottom - n, screen->width, n);

    prc_draw_fill (&box, PRC_LOOK_TEXT);
    for (int i = 0; i < n; i++) {
        const PrcActionRow *row = g_array_index (choices, Choice, first + (guint) i).row;
        g_autofree char *key = prc_action_key_name (row, prc_ui_top (ui)->class->id);
        PrcArea line = prc_area_sub (&box, 0, i, box.width, 1);
        int x = prc_draw_field (&line, 1, 0, 7, key, PRC_LOOK_KEY);

        x = prc_draw_field (&line, x, 0, 18, row->name, PRC_LOOK_STRONG);
        (void) prc_draw_field (&line, x, 0, MAX (line.width - x, 0), _ (row->help),
                               prc_ui_enabled (ui, row->id, NULL) ? PRC_LOOK_TEXT : PRC_LOOK_DIM);
        if (first + (guint) i == ui->prompt.selected)
            prc_area_flag (&line, PRC_CELL_SELECTED);
    }
}

void
prc_ui_prompt_draw (PrcUi *ui, const PrcArea *screen)
{
    int y = screen->height - 1;
    PrcArea line = prc_area_sub (screen, 0, y, screen->width, 1);
    int x = 0;

    prc_draw_fill (&line, PRC_LOOK_TEXT);
    x = prc_draw_text (&line, 0, 0, ui->prompt.label, PRC_LOOK_STRONG);
    x = MIN (x, MAX (line.width - 8, 0));
    line = prc_area_sub (&line, x, 0, MAX (line.width - x, 1), 1);
    if (ui->prompt.kind == PRC_PROMPT_PALETTE)
        draw_palette (ui, screen, y);
    prc_line_edit_draw (ui->prompt.edit, &line, TRUE);
}
