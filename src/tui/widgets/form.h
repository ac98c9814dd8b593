/* form.h - fields to fill in, checked while one types
 *
 * Up, Down and Tab go from field to field, Enter presses a button or goes on, Space changes a
 * choice or a check box, C-r shows a password. A field that is wrong says why below itself. */
#pragma once
#include <glib.h>

#include "base/secret.h"
#include "tui/draw.h"
#include "tui/event.h"

typedef enum {
    PRC_FIELD_TEXT,
    PRC_FIELD_PASSWORD,
    PRC_FIELD_CHOICE, /* one of `choices` */
    PRC_FIELD_CHECK,  /* "yes" or "" */
    PRC_FIELD_LIST,   /* several values, one a line: Enter begins another, C-d takes one away; the
                         text has commas */
    PRC_FIELD_BUTTON, /* `pressed` of the form is told its name */
    PRC_FIELD_NOTE,   /* only text */
} PrcFieldKind;

typedef struct {
    PrcFieldKind kind;
    const char *name;
    const char *label; /* N_() */
    const char *hint;  /* N_() (nullable): what to write, shown while the field is active */
    const char *empty; /* N_() (nullable): shown in an empty field: what then counts */
    const char *const
        *choices; /* of a CHOICE: values, NULL-terminated; "" is allowed, and shown as `empty` */
    gboolean is_needed; /* must not be empty */
} PrcFieldSpec;

typedef struct _PrcForm PrcForm;

/** PrcFormHooks: all get @data. */
typedef struct {
    /** what is wrong with @value, or NULL (transfer full) */
    char *(*check) (gpointer data, const char *name, const char *value);
    void (*pressed) (gpointer data, const char *name);
    void (*changed) (gpointer data, const char *name); /* (nullable) */
    gpointer data;
} PrcFormHooks;

/** prc_form_new: (transfer full): @specs must outlive it. */
PrcForm *prc_form_new (const PrcFieldSpec *specs, gsize n_specs, const PrcFormHooks *hooks);
void prc_form_free (PrcForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcForm, prc_form_free)

/** prc_form_set: a value from outside: the field then counts as not touched. */
void prc_form_set (PrcForm *form, const char *name, const char *value);
/** prc_form_get: (transfer full): a LIST's values with commas. Not for a PASSWORD. */
char *prc_form_get (const PrcForm *form, const char *name);
/** prc_form_secret: (transfer full): of a PASSWORD; empty when nothing was typed. */
PrcSecret *prc_form_secret (const PrcForm *form, const char *name);
/** prc_form_set_note: the text of a NOTE (nullable), with its look. */
void prc_form_set_note (PrcForm *form, const char *name, PrcLook look, const char *text);
void prc_form_set_hidden (PrcForm *form, const char *name, gboolean is_hidden);
void prc_form_set_error (PrcForm *form, const char *name, const char *text);
void prc_form_focus (PrcForm *form, const char *name);
const char *prc_form_focused (const PrcForm *form);
/** prc_form_is_good: every field; else the first that is wrong gets the focus, and says why. */
gboolean prc_form_is_good (PrcForm *form);
/** prc_form_is_touched: something was typed since the last prc_form_set(). */
gboolean prc_form_is_touched (const PrcForm *form);

/* For the ui */
gboolean prc_form_key (PrcForm *form, PrcKey key);
void prc_form_paste (PrcForm *form, const char *text);
gboolean prc_form_click (PrcForm *form, int x, int y);
/** prc_form_fit: scrolls so that the active field is in sight in an area of this size. */
void prc_form_fit (PrcForm *form, int width, int height);
void prc_form_draw (const PrcForm *form, const PrcArea *area);
