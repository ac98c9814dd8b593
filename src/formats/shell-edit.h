/* shell-edit.h - the edits of the shell driver, behind PrcFormat's hooks
 *
 * Private to the shell driver; the contracts are PrcFormat's. */
#pragma once
#include "formats/document.h"
#include "formats/shell-exec.h"

/** prc_shell_dialect: of the document's format. */
PrcShellDialect prc_shell_dialect (const PrcDocument *doc);
/** prc_shell_script_of: (transfer none) (nullable): the document, read again with its tree. */
PrcShellScript *prc_shell_script_of (const PrcDocument *doc, GError **error);
/**
 * prc_shell_whole_lines: is there nothing but @item (and a comment) on its lines?
 * @ret_lines: those lines, with the newline
 */
gboolean prc_shell_whole_lines (const PrcShellSyntax *syntax, const PrcShellItem *item,
                                PrcShellSpan *ret_lines);

gboolean prc_shell_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                            PrcEdit *ret_edit, GError **error);
gboolean prc_shell_insert (const PrcDocument *doc, const char *key, const char *value,
                           PrcEdit *ret_edit, GError **error);
gboolean prc_shell_remove (const PrcDocument *doc, const PrcEntry *entry, GArray *edits,
                           GError **error);
