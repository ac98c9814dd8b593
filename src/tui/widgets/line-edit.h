/* line-edit.h - one line that is typed: a field of a form, the prompt; also for secrets */
#pragma once
#include <glib.h>

#include "base/secret.h"
#include "tui/draw.h"
#include "tui/event.h"

typedef struct _PrcLineEdit PrcLineEdit;

/** prc_line_edit_new: @is_secret: it is shown as dots, and wiped wherever it was. (transfer full)
 */
PrcLineEdit *prc_line_edit_new (gboolean is_secret);
void prc_line_edit_free (PrcLineEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcLineEdit, prc_line_edit_free)

void prc_line_edit_set (PrcLineEdit *edit, const char *text);
/** prc_line_edit_text: (transfer none): until the next change. */
const char *prc_line_edit_text (const PrcLineEdit *edit);
/** prc_line_edit_secret: (transfer full) */
PrcSecret *prc_line_edit_secret (const PrcLineEdit *edit);
/** prc_line_edit_reveal: shows a secret, or hides it again. */
void prc_line_edit_reveal (PrcLineEdit *edit, gboolean is_shown);
gboolean prc_line_edit_is_revealed (const PrcLineEdit *edit);

/** prc_line_edit_key: characters, Backspace, Delete, Left, Right, Home, End, C-a, C-e, C-u, C-k,
 * C-w; TRUE if it was one of these. */
gboolean prc_line_edit_key (PrcLineEdit *edit, PrcKey key);
/** prc_line_edit_insert: pasted text; line ends and other control characters are left out. */
void prc_line_edit_insert (PrcLineEdit *edit, const char *text);
/** prc_line_edit_draw: fills @area's first line; with @is_active the cursor stands in it. */
void prc_line_edit_draw (const PrcLineEdit *edit, const PrcArea *area, gboolean is_active);
