#include "tui/widgets/form-private.h"

#include "base/i18n.h"

static const char *
hint_of (const PrcForm *form, const PrcFormField *field)
{
    return prc_form_field_at (form, form->active) == field && field->spec->hint != NULL
               ? _ (field->spec->hint)
               : NULL;
}

static const char *
label_of (const PrcFormField *field)
{
    return _ (field->spec->label);
}

static int
extra_height (const PrcForm *form, const PrcFormField *field, int width)
{
    const char *hint = hint_of (form, field);
    int room = MAX (width - form->label_width, 1);

    if (field->error != NULL)
        return prc_draw_wrapped (NULL, MAX (room - 2, 1), 0, field->error, PRC_LOOK_BAD);
    return hint != NULL ? prc_draw_wrapped (NULL, room, 0, hint, PRC_LOOK_DIM) : 0;
}

static int
own_height (const PrcFormField *field, int width)
{
    if (field->spec->kind == PRC_FIELD_NOTE)
        return prc_draw_wrapped (NULL, MAX (width, 1), 0,
                                 field->note != NULL ? field->note : label_of (field),
                                 PRC_LOOK_TEXT);
    return field->spec->kind == PRC_FIELD_LIST ? (int) field->edits->len : 1;
}

/* Buttons that follow each other stand side by side while there is room; a blank line goes before
 * the first. */
static int
place_button (PrcFormField *field, const PrcFormField *before, int y, int width)
{
    field->width = prc_text_columns (label_of (field)) + 4;
    field->height = 1;
    if (before != NULL && before->spec->kind == PRC_FIELD_BUTTON) {
        field->x = before->x + before->width + 2;
        field->y = before->y;
        if (field->x + field->width <= width)
            return y;
        field->x = 0;
        field->y = y;
        return y + 1;
    }
    field->x = 0;
    field->y = before != NULL ? y + 1 : y;
    return field->y + 1;
}

static void
place (PrcForm *form, int width)
{
    const PrcFormField *before = NULL;
    int y = 0, label = 0;

    for (guint i = 0; i < form->fields->len; i++) {
        const PrcFormField *field = prc_form_field_at (form, i);

        if (!field->is_hidden && field->spec->kind != PRC_FIELD_NOTE &&
            field->spec->kind != PRC_FIELD_BUTTON)
            label = MAX (label, prc_text_columns (label_of (field)) + 2);
    }
    form->label_width = MIN (label, width * 2 / 5);
    for (guint i = 0; i < form->fields->len; i++) {
        PrcFormField *field = prc_form_field_at (form, i);

        if (field->is_hidden)
            continue;
        if (field->spec->kind == PRC_FIELD_BUTTON) {
            y = place_button (field, before, y, width);
        } else {
            field->x = 0;
            field->y = y;
            field->width = width;
            field->height = own_height (field, width);
            y += field->height + extra_height (form, field, width);
        }
        before = field;
    }
}

void
prc_form_fit (PrcForm *form, int width, int height)
{
    const PrcFormField *active = prc_form_field_at (form, form->active);
    int first = 0, last = 0;

    place (form, width);
    first = active->y + (int) active->at;
    last = active->y + active->height - 1;
    if (active->spec->kind == PRC_FIELD_LIST)
        last = first;
    last += extra_height (form, active, width);
    if (last >= form->top + height)
        form->top = last - height + 1;
    if (first < form->top)
        form->top = first;
    if (form->top > 0 && last < height)
        form->top = 0;
}

static void
draw_value (const PrcFormField *field, const PrcArea *area, gboolean is_active)
{
    const char *text = prc_line_edit_text (prc_form_field_edit (field));
    const char *empty = field->spec->empty != NULL ? _ (field->spec->empty) : "";

    if (field->spec->kind == PRC_FIELD_CHECK) {
        (void) prc_draw_glyph (area, 0, 0, *text != '\0' ? PRC_GLYPH_CHECKED : PRC_GLYPH_UNCHECKED,
                               PRC_LOOK_TEXT);
    } else if (field->spec->kind == PRC_FIELD_CHOICE) {
        g_autofree char *shown = g_strdup_printf ("< %s >", *text != '\0' ? text : empty);

        (void) prc_draw_field (area, 0, 0, prc_text_columns (shown), shown, PRC_LOOK_FIELD);
    } else {
        prc_line_edit_draw (prc_form_field_edit (field), area, is_active);
        if (*text == '\0')
            (void) prc_draw_field (area, 0, 0, area->width, empty, PRC_LOOK_DIM);
        return;
    }
    if (is_active)
        prc_area_cursor (area, field->spec->kind == PRC_FIELD_CHECK ? 1 : 2, 0);
}

static void
draw_list (const PrcForm *form, const PrcFormField *field, const PrcArea *area, gboolean is_active)
{
    for (guint i = 0; i < field->edits->len; i++) {
        int y = field->y + (int) i - form->top;
        PrcArea line =
            prc_area_sub (area, form->label_width, y, MAX (area->width - form->label_width, 0), 1);

        if (y >= 0 && y < area->height)
            prc_line_edit_draw (g_ptr_array_index (field->edits, i), &line,
                                is_active && i == field->at);
    }
}

static void
draw_extra (const PrcForm *form, const PrcFormField *field, const PrcArea *area, int y)
{
    PrcArea room = prc_area_sub (area, form->label_width, 0,
                                 MAX (area->width - form->label_width, 0), area->height);
    const char *hint = hint_of (form, field);

    if (field->error != NULL) {
        (void) prc_draw_glyph (&room, 0, y, PRC_GLYPH_BAD, PRC_LOOK_BAD);
        room = prc_area_sub (&room, 2, 0, MAX (room.width - 2, 0), room.height);
        (void) prc_draw_wrapped (&room, 0, y, field->error, PRC_LOOK_BAD);
    } else if (hint != NULL) {
        (void) prc_draw_wrapped (&room, 0, y, hint, PRC_LOOK_DIM);
    }
}

static void
draw_field (const PrcForm *form, const PrcFormField *field, const PrcArea *area, gboolean is_active)
{
    int y = field->y - form->top;
    PrcArea line = prc_area_sub (area, form->label_width, y,
                                 MAX (area->width - form->label_width, 0), y >= 0 ? 1 : 0);

    if (field->spec->kind == PRC_FIELD_NOTE) {
        (void) prc_draw_wrapped (area, 0, y, field->note != NULL ? field->note : label_of (field),
                                 field->look);
        return;
    }
    if (field->spec->kind == PRC_FIELD_BUTTON) {
        (void) prc_draw_format (area, field->x, y, is_active ? PRC_LOOK_STRONG : PRC_LOOK_TEXT,
                                "[ %s ]", label_of (field));
        if (is_active && y >= 0 && y < area->height) {
            PrcArea button = prc_area_sub (area, field->x, y, field->width, 1);

            prc_area_flag (&button, PRC_CELL_SELECTED);
            prc_area_cursor (&button, 2, 0);
        }
        return;
    }
    (void) prc_draw_field (area, 0, y, MAX (form->label_width - 1, 0), label_of (field),
                           is_active ? PRC_LOOK_STRONG : PRC_LOOK_TEXT);
    if (field->spec->kind == PRC_FIELD_LIST)
        draw_list (form, field, area, is_active);
    else if (line.height > 0)
        draw_value (field, &line, is_active);
    draw_extra (form, field, area, y + field->height);
}

void
prc_form_draw (const PrcForm *form, const PrcArea *area)
{
    for (guint i = 0; i < form->fields->len; i++) {
        const PrcFormField *field = prc_form_field_at (form, i);

        if (!field->is_hidden)
            draw_field (form, field, area, i == form->active);
    }
}
