/* form-private.h - what form.c and form-draw.c share */
#pragma once
#include "tui/widgets/form.h"
#include "tui/widgets/line-edit.h"

typedef struct {
    const PrcFieldSpec *spec;
    GPtrArray *edits; /* of PrcLineEdit: one, or one per value of a LIST */
    guint at;         /* the active one of them */
    gboolean is_hidden, is_touched;
    char *error; /* (nullable) */
    char *note;  /* (nullable) of a NOTE, instead of its label */
    PrcLook look;
    int x, y, width, height; /* from prc_form_fit(); y counts from the top of the form */
} PrcFormField;

struct _PrcForm {
    GArray *fields; /* of PrcFormField */
    guint active;
    int top; /* the first line in sight */
    int label_width;
    PrcFormHooks hooks;
};

PrcFormField *prc_form_field_at (const PrcForm *form, guint index);
gboolean prc_form_can_focus (const PrcFormField *field);
PrcLineEdit *prc_form_field_edit (const PrcFormField *field);
