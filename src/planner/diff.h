/* diff.h - two versions of a file as a unified diff in which no secret shows */
#pragma once
#include <glib.h>

#include "formats/document.h"

/**
 * prc_diff_append:
 * @before, @after: (nullable): NULL for a file that isn't there
 * @path: for the header, printable
 *
 * Appends "--- a/PATH", "+++ b/PATH" and the hunks with three lines of context; nothing when the
 * bytes are equal. Userinfo of URLs and values of keys that may be secret show as "***", in context
 * lines and comments too; control characters as \xHH.
 */
void prc_diff_append (GString *out, const char *path, const PrcDocument *before,
                      const PrcDocument *after);
