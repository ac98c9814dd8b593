/* form.c - what a form holds, and what keys do to it; form-draw.c shows it */
#include "tui/widgets/form-private.h"

#include <string.h>

#include "base/i18n.h"

static void
field_clear (gpointer data)
{
    PrcFormField *field = data;

    g_clear_pointer (&field->edits, g_ptr_array_unref);
    g_clear_pointer (&field->error, g_free);
    g_clear_pointer (&field->note, g_free);
}

static PrcLineEdit *
add_edit (PrcFormField *field, guint at, const char *text)
{
    PrcLineEdit *edit = prc_line_edit_new (field->spec->kind == PRC_FIELD_PASSWORD);

    prc_line_edit_set (edit, text);
    g_ptr_array_insert (field->edits, (gint) at, edit);
    return edit;
}

PrcForm *
prc_form_new (const PrcFieldSpec *specs, gsize n_specs, const PrcFormHooks *hooks)
{
    PrcForm *form = g_new0 (PrcForm, 1);

    form->hooks = *hooks;
    form->fields = g_array_new (FALSE, TRUE, sizeof (PrcFormField));
    g_array_set_clear_func (form->fields, field_clear);
    g_array_set_size (form->fields, (guint) n_specs);
    for (guint i = 0; i < n_specs; i++) {
        PrcFormField *field = prc_form_field_at (form, i);

        field->spec = &specs[i];
        field->edits = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_line_edit_free);
        (void) add_edit (field, 0, "");
    }
    while (form->active + 1 < n_specs &&
           !prc_form_can_focus (prc_form_field_at (form, form->active)))
        form->active++;
    return form;
}

void
prc_form_free (PrcForm *form)
{
    if (form == NULL)
        return;
    g_array_unref (form->fields);
    g_free (form);
}

PrcFormField *
prc_form_field_at (const PrcForm *form, guint index)
{
    return &g_array_index (form->fields, PrcFormField, index);
}

static PrcFormField *
find (const PrcForm *form, const char *name)
{
    for (guint i = 0; i < form->fields->len; i++)
        if (strcmp (prc_form_field_at (form, i)->spec->name, name) == 0)
            return prc_form_field_at (form, i);
    g_return_val_if_reached (NULL);
}

gboolean
prc_form_can_focus (const PrcFormField *field)
{
    return !field->is_hidden && field->spec->kind != PRC_FIELD_NOTE;
}

PrcLineEdit *
prc_form_field_edit (const PrcFormField *field)
{
    return g_ptr_array_index (field->edits, field->at);
}

/* Values */

static char *
list_text (const PrcFormField *field)
{
    GString *out = g_string_new (NULL);

    for (guint i = 0; i < field->edits->len; i++) {
        const char *text = prc_line_edit_text (g_ptr_array_index (field->edits, i));

        if (*text == '\0')
            continue;
        if (out->len > 0)
            g_string_append_c (out, ',');
        g_string_append (out, text);
    }
    return g_string_free (out, FALSE);
}

static char *
value_of (const PrcFormField *field)
{
    return field->spec->kind == PRC_FIELD_LIST
               ? list_text (field)
               : g_strdup (prc_line_edit_text (prc_form_field_edit (field)));
}

static void
set_list (PrcFormField *field, const char *value)
{
    g_auto (GStrv) parts = g_strsplit_set (value, ", ", -1);

    g_ptr_array_set_size (field->edits, 0);
    for (char **part = parts; *part != NULL; part++)
        if (**part != '\0')
            (void) add_edit (field, field->edits->len, *part);
    (void) add_edit (field, field->edits->len, "");
    field->at = 0;
}

void
prc_form_set (PrcForm *form, const char *name, const char *value)
{
    PrcFormField *field = find (form, name);

    if (field->spec->kind == PRC_FIELD_LIST)
        set_list (field, value != NULL ? value : "");
    else
        prc_line_edit_set (prc_form_field_edit (field), value);
    field->is_touched = FALSE;
    g_clear_pointer (&field->error, g_free);
}

char *
prc_form_get (const PrcForm *form, const char *name)
{
    return value_of (find (form, name));
}

PrcSecret *
prc_form_secret (const PrcForm *form, const char *name)
{
    return prc_line_edit_secret (prc_form_field_edit (find (form, name)));
}

void
prc_form_set_note (PrcForm *form, const char *name, PrcLook look, const char *text)
{
    PrcFormField *field = find (form, name);

    g_free (field->note);
    field->note = g_strdup (text);
    field->look = look;
}

void
prc_form_set_hidden (PrcForm *form, const char *name, gboolean is_hidden)
{
    find (form, name)->is_hidden = is_hidden;
}

void
prc_form_set_error (PrcForm *form, const char *name, const char *text)
{
    PrcFormField *field = find (form, name);

    g_free (field->error);
    field->error = g_strdup (text);
}

void
prc_form_focus (PrcForm *form, const char *name)
{
    form->active = (guint) (find (form, name) - (PrcFormField *) (void *) form->fields->data);
}

const char *
prc_form_focused (const PrcForm *form)
{
    return prc_form_field_at (form, form->active)->spec->name;
}

gboolean
prc_form_is_touched (const PrcForm *form)
{
    for (guint i = 0; i < form->fields->len; i++)
        if (prc_form_field_at (form, i)->is_touched)
            return TRUE;
    return FALSE;
}

/* Checking */

static gboolean
check (PrcForm *form, PrcFormField *field)
{
    g_autofree char *value = NULL;

    g_clear_pointer (&field->error, g_free);
    if (field->is_hidden || field->spec->kind == PRC_FIELD_NOTE ||
        field->spec->kind == PRC_FIELD_BUTTON)
        return TRUE;
    if (field->spec->kind == PRC_FIELD_PASSWORD) {
        if (field->spec->is_needed && *prc_line_edit_text (prc_form_field_edit (field)) == '\0')
            field->error = g_strdup (_ ("this is needed"));
        return field->error == NULL;
    }
    value = value_of (field);
    if (*value == '\0')
        field->error = field->spec->is_needed ? g_strdup (_ ("this is needed")) : NULL;
    else if (form->hooks.check != NULL)
        field->error = form->hooks.check (form->hooks.data, field->spec->name, value);
    return field->error == NULL;
}

gboolean
prc_form_is_good (PrcForm *form)
{
    gboolean good = TRUE;

    for (guint i = form->fields->len; i-- > 0;)
        if (!check (form, prc_form_field_at (form, i))) {
            form->active = i;
            good = FALSE;
        }
    return good;
}

static void
changed (PrcForm *form, PrcFormField *field)
{
    field->is_touched = TRUE;
    (void) check (form, field);
    if (form->hooks.changed != NULL)
        form->hooks.changed (form->hooks.data, field->spec->name);
}

/* Keys */

static gboolean
move (PrcForm *form, int step)
{
    gint64 index = form->active;

    for (index += step; index >= 0 && index < form->fields->len; index += step) {
        PrcFormField *field = prc_form_field_at (form, (guint) index);

        if (!prc_form_can_focus (field))
            continue;
        form->active = (guint) index;
        field->at = step > 0 || field->edits->len == 0 ? 0 : field->edits->len - 1;
        return TRUE;
    }
    return FALSE;
}

static void
cycle (PrcForm *form, PrcFormField *field, int step)
{
    const char *const *choices = field->spec->choices;
    PrcLineEdit *edit = prc_form_field_edit (field);
    int n = 0, at = 0;

    if (field->spec->kind == PRC_FIELD_CHECK) {
        prc_line_edit_set (edit, *prc_line_edit_text (edit) == '\0' ? "yes" : "");
    } else {
        for (; choices[n] != NULL; n++)
            if (strcmp (choices[n], prc_line_edit_text (edit)) == 0)
                at = n;
        prc_line_edit_set (edit, choices[(at + step + n) % n]);
    }
    changed (form, field);
}

static gboolean
list_key (PrcForm *form, PrcFormField *field, PrcKey key)
{
    switch (key) {
    case PRC_KEY_UP:
        if (field->at == 0)
            return FALSE;
        field->at--;
        return TRUE;
    case PRC_KEY_DOWN:
        if (field->at + 1 >= field->edits->len)
            return FALSE;
        field->at++;
        return TRUE;
    case PRC_KEY_ENTER:
        if (*prc_line_edit_text (prc_form_field_edit (field)) == '\0')
            return FALSE; /* an empty line ends the list */
        (void) add_edit (field, ++field->at, "");
        return TRUE;
    case PRC_KEY_CTRL | 'd':
        if (field->edits->len > 1) {
            g_ptr_array_remove_index (field->edits, field->at);
            field->at = MIN (field->at, field->edits->len - 1);
        } else {
            prc_line_edit_set (prc_form_field_edit (field), "");
        }
        changed (form, field);
        return TRUE;
    default:
        return FALSE;
    }
}

static gboolean
field_key (PrcForm *form, PrcFormField *field, PrcKey key)
{
    switch (field->spec->kind) {
    case PRC_FIELD_CHOICE:
    case PRC_FIELD_CHECK:
        if (key != ' ' && key != PRC_KEY_RIGHT && key != PRC_KEY_LEFT)
            return FALSE;
        cycle (form, field, key == PRC_KEY_LEFT ? -1 : 1);
        return TRUE;
    case PRC_FIELD_BUTTON:
        if (key == PRC_KEY_LEFT || key == PRC_KEY_RIGHT)
            return move (form, key == PRC_KEY_LEFT ? -1 : 1);
        if (key != PRC_KEY_ENTER && key != ' ')
            return FALSE;
        form->hooks.pressed (form->hooks.data, field->spec->name);
        return TRUE;
    case PRC_FIELD_LIST:
        if (list_key (form, field, key))
            return TRUE;
        break;
    case PRC_FIELD_PASSWORD:
        if (key == (PRC_KEY_CTRL | 'r')) {
            prc_line_edit_reveal (prc_form_field_edit (field),
                                  !prc_line_edit_is_revealed (prc_form_field_edit (field)));
            return TRUE;
        }
        break;
    case PRC_FIELD_TEXT:
        break;
    case PRC_FIELD_NOTE:
    default:
        return FALSE;
    }
    if (!prc_line_edit_key (prc_form_field_edit (field), key))
        return FALSE;
    changed (form, field);
    return TRUE;
}

gboolean
prc_form_key (PrcForm *form, PrcKey key)
{
    if (field_key (form, prc_form_field_at (form, form->active), key))
        return TRUE;
    switch (key) {
    case PRC_KEY_TAB:
    case PRC_KEY_DOWN:
    case PRC_KEY_ENTER:
        (void) move (form, 1);
        return TRUE;
    case PRC_KEY_TAB | PRC_KEY_SHIFT:
    case PRC_KEY_UP:
        (void) move (form, -1);
        return TRUE;
    default:
        return FALSE;
    }
}

void
prc_form_paste (PrcForm *form, const char *text)
{
    PrcFormField *field = prc_form_field_at (form, form->active);
    g_auto (GStrv) parts = NULL;

    if (field->spec->kind == PRC_FIELD_LIST) {
        parts = g_strsplit_set (text, ", \t\r\n", -1);
        for (char **part = parts; *part != NULL; part++) {
            if (**part == '\0')
                continue;
            if (*prc_line_edit_text (prc_form_field_edit (field)) != '\0')
                (void) add_edit (field, ++field->at, "");
            prc_line_edit_insert (prc_form_field_edit (field), *part);
        }
    } else if (field->spec->kind == PRC_FIELD_TEXT || field->spec->kind == PRC_FIELD_PASSWORD) {
        prc_line_edit_insert (prc_form_field_edit (field), text);
    } else {
        return;
    }
    changed (form, field);
}

gboolean
prc_form_click (PrcForm *form, int x, int y)
{
    for (guint i = 0; i < form->fields->len; i++) {
        PrcFormField *field = prc_form_field_at (form, i);
        int line = y + form->top - field->y;

        if (!prc_form_can_focus (field) || line < 0 || line >= field->height || x < field->x ||
            (field->spec->kind == PRC_FIELD_BUTTON && x >= field->x + field->width))
            continue;
        form->active = i;
        if (field->spec->kind == PRC_FIELD_LIST)
            field->at = MIN ((guint) line, field->edits->len - 1);
        else if (field->spec->kind != PRC_FIELD_TEXT && field->spec->kind != PRC_FIELD_PASSWORD)
            (void) field_key (form, field, ' ');
        return TRUE;
    }
    return FALSE;
}
