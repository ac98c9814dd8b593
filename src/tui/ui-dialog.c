/* ui-dialog.c - boxes over the view: a question with No selected, and a passphrase that a job needs
 */
#include "tui/ui-private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define WIDTH_MAX 64

void
prc_dialog_free (PrcDialog *dialog)
{
    g_free (dialog->text);
    for (guint i = 0; i < G_N_ELEMENTS (dialog->edits); i++)
        prc_line_edit_free (dialog->edits[i]);
    g_free (dialog);
}

static PrcDialog *
top (PrcUi *ui)
{
    return g_ptr_array_index (ui->dialogs, 0);
}

void
prc_ui_confirm (PrcView *owner, const char *text, const char *yes,
                void (*answered) (PrcView *owner, gboolean yes, gpointer data), gpointer data)
{
    PrcDialog *dialog = g_new0 (PrcDialog, 1);

    dialog->text = g_strdup (text);
    dialog->yes = yes;
    dialog->owner = owner;
    dialog->answered = answered;
    dialog->data = data;
    g_ptr_array_insert (owner->ui->dialogs, 0, dialog);
    prc_ui_dirty (owner->ui);
}

void
prc_ui_ask_passphrase (gpointer data, PrcJob *job, const char *why, gboolean confirm_new)
{
    PrcUi *ui = data;
    PrcDialog *dialog = g_new0 (PrcDialog, 1);

    dialog->text = prc_text_printable (why);
    dialog->job = job;
    dialog->n_edits = confirm_new ? 2 : 1;
    for (guint i = 0; i < dialog->n_edits; i++)
        dialog->edits[i] = prc_line_edit_new (TRUE);
    g_ptr_array_insert (ui->dialogs, 0, dialog);
    prc_ui_dirty (ui);
}

gboolean
prc_ui_withdraw (const PrcView *owner)
{
    PrcUi *ui = owner->ui;
    gboolean had_asked = FALSE;

    for (guint i = ui->dialogs->len; i-- > 0;) {
        PrcDialog *dialog = g_ptr_array_index (ui->dialogs, i);

        if (dialog->owner != owner || dialog->yes == NULL)
            continue;
        (void) g_ptr_array_steal_index (ui->dialogs, i);
        dialog->answered (dialog->owner, FALSE, dialog->data);
        prc_dialog_free (dialog);
        prc_ui_dirty (ui);
        had_asked = TRUE;
    }
    return had_asked;
}

void
prc_ui_job_cancelled (gpointer data, PrcJob *job)
{
    PrcUi *ui = data;

    for (guint i = ui->dialogs->len; i-- > 0;)
        if (((PrcDialog *) g_ptr_array_index (ui->dialogs, i))->job == job)
            g_ptr_array_remove_index (ui->dialogs, i);
}

static void
answer (PrcUi *ui, gboolean yes)
{
    PrcDialog *dialog = g_ptr_array_steal_index (ui->dialogs, 0);

    prc_ui_dirty (ui);
    if (dialog->yes != NULL) {
        dialog->answered (dialog->owner, yes, dialog->data);
    } else if (yes) {
        g_autoptr (PrcSecret) passphrase = prc_line_edit_secret (dialog->edits[0]);

        prc_job_answer (dialog->job, passphrase);
    } else {
        prc_job_answer (dialog->job, NULL);
    }
    prc_dialog_free (dialog);
}

static void
submit_passphrase (PrcUi *ui, PrcDialog *dialog)
{
    if (*prc_line_edit_text (dialog->edits[dialog->active]) == '\0') {
        dialog->problem = N_ ("it can't be empty");
    } else if (dialog->active + 1 < dialog->n_edits) {
        dialog->problem = NULL;
        dialog->active++;
    } else if (dialog->n_edits == 2 && strcmp (prc_line_edit_text (dialog->edits[0]),
                                               prc_line_edit_text (dialog->edits[1])) != 0) {
        dialog->problem = N_ ("the two are not the same");
        prc_line_edit_set (dialog->edits[1], "");
    } else {
        answer (ui, TRUE);
    }
}

static void
passphrase_key (PrcUi *ui, PrcDialog *dialog, PrcKey key)
{
    PrcLineEdit *edit = dialog->edits[dialog->active];

    if (key == PRC_KEY_ENTER)
        submit_passphrase (ui, dialog);
    else if (key == (PRC_KEY_CTRL | 'r'))
        prc_line_edit_reveal (edit, !prc_line_edit_is_revealed (edit));
    else if (key == PRC_KEY_TAB || key == PRC_KEY_DOWN || key == PRC_KEY_UP ||
             key == (PRC_KEY_TAB | PRC_KEY_SHIFT))
        dialog->active = (dialog->active + 1) % dialog->n_edits;
    else
        (void) prc_line_edit_key (edit, key);
}

/* The arrows are for the fields where there are some. */
static gboolean
scroll_key (PrcUi *ui, const PrcDialog *dialog, PrcKey key)
{
    gboolean is_question = dialog->yes != NULL;

    if (key == PRC_KEY_PAGE_DOWN || (is_question && (key == PRC_KEY_DOWN || key == 'j')))
        prc_ui_dialog_scroll (ui, 1);
    else if (key == PRC_KEY_PAGE_UP || (is_question && (key == PRC_KEY_UP || key == 'k')))
        prc_ui_dialog_scroll (ui, -1);
    else
        return FALSE;
    return TRUE;
}

void
prc_ui_dialog_key (PrcUi *ui, PrcKey key)
{
    PrcDialog *dialog = top (ui);

    prc_ui_dirty (ui);
    if (scroll_key (ui, dialog, key))
        return;
    if (key == PRC_KEY_ESCAPE || key == (PRC_KEY_CTRL | 'c') || key == (PRC_KEY_CTRL | 'g'))
        answer (ui, FALSE);
    else if (dialog->yes == NULL)
        passphrase_key (ui, dialog, key);
    else if (key == PRC_KEY_ENTER || key == ' ')
        answer (ui, dialog->is_yes);
    else if (key == 'y' || key == 'Y')
        answer (ui, TRUE);
    else if (key == 'n' || key == 'N' || key == 'q')
        answer (ui, FALSE);
    else if (key == PRC_KEY_TAB || key == (PRC_KEY_TAB | PRC_KEY_SHIFT) || key == PRC_KEY_LEFT ||
             key == PRC_KEY_RIGHT || key == 'h' || key == 'l')
        dialog->is_yes = !dialog->is_yes;
}

void
prc_ui_dialog_paste (PrcUi *ui, const char *text)
{
    PrcDialog *dialog = top (ui);

    if (dialog->yes == NULL)
        prc_line_edit_insert (dialog->edits[dialog->active], text);
    prc_ui_dirty (ui);
}

/* What stands where */

typedef struct {
    PrcRect box;
    int width, height;        /* of the inside */
    int text_lines, text_end; /* how many there are, and how many are shown */
    gboolean is_stacked; /* buttons stand below each other, and a field, alone, below its label */
} Places;

/* Where there is little room, a field stands below its label, and the other one not at all. */
#define FIELD_MIN 10

static int
label_width (void)
{
    return MAX (prc_text_columns (_ ("Passphrase:")), prc_text_columns (_ ("Once more:"))) + 1;
}

/* How many lines stand below the text. */
static int
foot_height (const PrcDialog *dialog, gboolean is_stacked)
{
    if (dialog->yes != NULL)
        return is_stacked ? 2 : 1;
    return (is_stacked ? 2 : (int) dialog->n_edits) + 1;
}

static int
button_width (const char *label)
{
    return prc_text_columns (label) + 4;
}

static Places
places_of (const PrcUi *ui, const PrcDialog *dialog)
{
    Places places = { .box = { .width = MIN (WIDTH_MAX, ui->width) } };
    int foot = 0;

    places.width = MAX (places.box.width - 4, 1);
    places.is_stacked =
        dialog->yes != NULL
            ? button_width (_ (dialog->yes)) + 1 + button_width (_ ("No")) > places.width
            : label_width () + FIELD_MIN > places.width;
    foot = foot_height (dialog, places.is_stacked);
    places.text_lines = prc_draw_wrapped (NULL, places.width, 0, dialog->text, PRC_LOOK_TEXT);
    places.box.height = MIN (places.text_lines + 1 + foot + 2, ui->height);
    places.height = places.box.height - 2;
    places.text_end = CLAMP (places.height - foot, 0, places.text_lines);
    if (places.text_end < places.text_lines) /* with a column for the marks that say so */
        places.text_lines =
            prc_draw_wrapped (NULL, places.width - 1, 0, dialog->text, PRC_LOOK_TEXT);
    places.box.x = (ui->width - places.box.width) / 2;
    places.box.y = (ui->height - places.box.height) / 2;
    return places;
}

void
prc_ui_dialog_scroll (PrcUi *ui, int lines)
{
    PrcDialog *dialog = top (ui);
    Places places = places_of (ui, dialog);

    dialog->top = CLAMP (dialog->top + lines, 0, MAX (places.text_lines - places.text_end, 0));
    prc_ui_dirty (ui);
}

/* A button, from the inside's left upper corner; they stand at its end. */
static PrcRect
button_of (const PrcDialog *dialog, const Places *places, gboolean is_yes)
{
    int no_width = button_width (_ ("No"));
    int width = is_yes ? button_width (_ (dialog->yes)) : no_width;
    int right =
        is_yes && !places->is_stacked ? MAX (places->width - no_width - 2, width) : places->width;

    return (PrcRect){ MAX (right - width, 0),
                      places->height - (is_yes && places->is_stacked ? 2 : 1),
                      MIN (width, places->width), 1 };
}

/* Drawing */

static void
draw_buttons (const PrcDialog *dialog, const Places *places, const PrcArea *inside)
{
    const char *labels[2] = { _ (dialog->yes), _ ("No") };

    for (int i = 0; i < 2; i++) {
        PrcRect place = button_of (dialog, places, i == 0);
        PrcArea button = prc_area_sub (inside, place.x, place.y, place.width, place.height);
        gboolean is_active = dialog->is_yes == (i == 0);
        g_autofree char *text = g_strdup_printf ("[ %s ]", labels[i]);

        (void) prc_draw_field (&button, 0, 0, button.width, text,
                               is_active ? PRC_LOOK_STRONG : PRC_LOOK_TEXT);
        if (is_active) {
            prc_area_flag (&button, PRC_CELL_SELECTED);
            prc_area_cursor (&button, 2, 0);
        }
    }
}

/* What can be seen of it; where there is more, a mark says so. */
static void
draw_text (const PrcDialog *dialog, const Places *places, const PrcArea *inside)
{
    gboolean has_more = places->text_end < places->text_lines;
    PrcArea text =
        prc_area_sub (inside, 0, 0, places->width - (has_more ? 1 : 0), places->text_end);
    int last = places->text_lines - places->text_end, first = MIN (dialog->top, MAX (last, 0));

    (void) prc_draw_wrapped (&text, 0, -first, dialog->text, PRC_LOOK_TEXT);
    if (first > 0 && places->text_end > 1)
        (void) prc_draw_glyph (inside, places->width - 1, 0, PRC_GLYPH_ELLIPSIS, PRC_LOOK_KEY);
    if (first < last && places->text_end > 0)
        (void) prc_draw_glyph (inside, places->width - 1, places->text_end - 1, PRC_GLYPH_ELLIPSIS,
                               PRC_LOOK_KEY);
}

static void
draw_field (const PrcDialog *dialog, guint index, const PrcArea *inside, int x, int y)
{
    const char *label = index == 0 ? _ ("Passphrase:") : _ ("Once more:");
    PrcArea field = prc_area_sub (inside, x, x > 0 ? y : y + 1, MAX (inside->width - x, 0), 1);

    (void) prc_draw_field (inside, 0, y, x > 0 ? x : inside->width, label, PRC_LOOK_TEXT);
    if (field.height > 0)
        prc_line_edit_draw (dialog->edits[index], &field, index == dialog->active);
}

static void
draw_passphrase (const PrcDialog *dialog, const Places *places, const PrcArea *inside)
{
    int y = MAX (inside->height - foot_height (dialog, places->is_stacked), 0);
    g_autofree char *problem =
        dialog->problem != NULL
            ? g_strdup_printf ("%s %s", prc_theme_glyph (inside->theme, PRC_GLYPH_BAD),
                               _ (dialog->problem))
            : NULL;

    if (places->is_stacked)
        draw_field (dialog, dialog->active, inside, 0, y);
    for (guint i = 0; !places->is_stacked && i < dialog->n_edits; i++)
        draw_field (dialog, i, inside, label_width (), y + (int) i);
    if (problem != NULL)
        (void) prc_draw_field (inside, 0, inside->height - 1, inside->width, problem, PRC_LOOK_BAD);
    else
        (void) prc_draw_field (inside, 0, inside->height - 1, inside->width,
                               _ ("Enter: go on   C-r: show it   Esc: not now"), PRC_LOOK_DIM);
}

static const char *
title_of (const PrcDialog *dialog)
{
    if (dialog->yes != NULL)
        return NULL;
    return dialog->n_edits == 2 ? _ ("A new store") : _ ("The store is locked");
}

void
prc_ui_dialog_draw (PrcUi *ui, const PrcArea *screen)
{
    const PrcDialog *dialog = top (ui);
    Places places = places_of (ui, dialog);
    PrcArea box =
        prc_area_sub (screen, places.box.x, places.box.y, places.box.width, places.box.height);
    PrcArea inside = prc_draw_box (&box, title_of (dialog));

    draw_text (dialog, &places, &inside);
    if (dialog->yes != NULL)
        draw_buttons (dialog, &places, &inside);
    else
        draw_passphrase (dialog, &places, &inside);
}

void
prc_ui_dialog_click (PrcUi *ui, int x, int y)
{
    const PrcDialog *dialog = top (ui);
    Places places = places_of (ui, dialog);

    x -= places.box.x + 2;
    y -= places.box.y + 1;
    for (int i = 0; dialog->yes != NULL && i < 2; i++) {
        PrcRect button = button_of (dialog, &places, i == 0);

        if (y == button.y && x >= button.x && x < button.x + button.width) {
            answer (ui, i == 0);
            return;
        }
    }
}
