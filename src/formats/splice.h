/* splice.h - rewrite a few byte ranges of a file and leave the rest alone */
#pragma once
#include <glib.h>

/** PrcEdit: replace bytes [@start, @end) by @text; an insertion has @start == @end. */
typedef struct {
    gsize start, end;
    char *text; /* owned; NULL deletes; wiped when cleared, for it may hold a secret */
} PrcEdit;

void prc_edit_clear (PrcEdit *edit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcEdit, prc_edit_clear)

/**
 * prc_splice:
 * @source: the file exactly as it was read
 * @edits: (array length=n_edits): in ascending order, not overlapping
 * @error: #PRC_ERROR_INPUT for edits out of range or order: a mistake of the format driver
 *
 * Every byte outside the edits is carried over: comments, CRLF, a missing last newline, non-UTF-8.
 * Returns: (transfer full) (nullable): the new bytes; on error %NULL and nothing has changed.
 */
GBytes *prc_splice (GBytes *source, const PrcEdit *edits, gsize n_edits, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
