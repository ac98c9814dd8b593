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

void
prc_ui_dialog_key (PrcUi *ui, PrcKey key)
{
    PrcDialog *dialog = top (ui);

    prc_ui_dirty (ui);
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

/* Drawing */

static PrcRect
box_of (const PrcDialog *dialog, const PrcArea *screen)
{
    PrcRect box = { 0 };
    int text_lines = 0;

    box.width = MIN (WIDTH_MAX, screen->width);
    text_lines = prc_draw_wrapped (NULL, MAX (box.width - 4, 1), 0, dialog->text, PRC_LOOK_TEXT);
    box.height = text_lines + 4 + (dialog->yes == NULL ? (int) dialog->n_edits + 1 : 0);
    box.height = MIN (box.height, screen->height);
    box.x = (screen->width - box.width) / 2;
    box.y = (screen->height - box.height) / 2;
    return box;
}

/* Where the buttons stand, from the left of the inside; the row is its last. */
static void
button_places (const PrcDialog *dialog, int width, int ret_x[2], int ret_width[2])
{
    ret_width[0] = prc_text_columns (_ (dialog->yes)) + 4;
    ret_width[1] = prc_text_columns (_ ("No")) + 4;
    ret_x[1] = MAX (width - ret_width[1], 0);
    ret_x[0] = MAX (ret_x[1] - ret_width[0] - 2, 0);
}

static void
draw_buttons (const PrcDialog *dialog, const PrcArea *inside)
{
    int x[2], width[2], y = inside->height - 1;
    const char *labels[2] = { _ (dialog->yes), _ ("No") };

    button_places (dialog, inside->width, x, width);
    for (int i = 0; i < 2; i++) {
        PrcArea button = prc_area_sub (
            inside, x[i], y, i == 0 ? MIN (width[0], MAX (x[1] - x[0] - 1, 0)) : width[1], 1);
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

static void
draw_passphrase (const PrcDialog *dialog, const PrcArea *inside, int y)
{
    const char *labels[2] = { _ ("Passphrase:"), _ ("Once more:") };
    int label = MAX (prc_text_columns (labels[0]), prc_text_columns (labels[1])) + 1;

    y = MAX (MIN (y, inside->height - (int) dialog->n_edits - 1), 0);
    label = MIN (label, inside->width / 2);
    for (guint i = 0; i < dialog->n_edits; i++, y++) {
        PrcArea field = prc_area_sub (inside, label, y, MAX (inside->width - label, 0), 1);

        (void) prc_draw_field (inside, 0, y, label, labels[i], PRC_LOOK_TEXT);
        if (field.height > 0)
            prc_line_edit_draw (dialog->edits[i], &field, i == dialog->active);
    }
    if (dialog->problem != NULL)
        (void) prc_draw_format (inside, 0, y, PRC_LOOK_BAD, "%s %s",
                                prc_theme_glyph (inside->theme, PRC_GLYPH_BAD),
                                _ (dialog->problem));
    else
        (void) prc_draw_field (inside, 0, y, inside->width,
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
    PrcRect place = box_of (dialog, screen);
    PrcArea box = prc_area_sub (screen, place.x, place.y, place.width, place.height);
    PrcArea inside, text;
    int lines = 0;

    inside = prc_draw_box (&box, title_of (dialog));
    text = prc_area_sub (&inside, 0, 0, inside.width, MAX (inside.height - 1, 0));
    lines = prc_draw_wrapped (&text, 0, 0, dialog->text, PRC_LOOK_TEXT);
    if (dialog->yes != NULL)
        draw_buttons (dialog, &inside);
    else
        draw_passphrase (dialog, &inside, lines + 1);
}

void
prc_ui_dialog_click (PrcUi *ui, int x, int y)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (ui->width, ui->height);
    PrcArea screen = prc_area_of_grid (grid, &ui->theme);
    const PrcDialog *dialog = top (ui);
    PrcRect box = box_of (dialog, &screen);
    int at[2], width[2];

    if (dialog->yes == NULL || y != box.y + box.height - 2)
        return;
    button_places (dialog, box.width - 4, at, width);
    for (int i = 0; i < 2; i++)
        if (x >= box.x + 2 + at[i] && x < box.x + 2 + at[i] + width[i]) {
            answer (ui, i == 0);
            return;
        }
}
