/* libconfig-write.h - where a new setting goes in a libconfig file, and what it looks like there */
#pragma once
#include <glib.h>

#include "formats/document.h"
#include "formats/libconfig-tree.h"

/** prc_cfg_begins_line: whether only blanks stand before @offset on its line. */
gboolean prc_cfg_begins_line (const char *data, gsize offset);

/**
 * prc_cfg_ends_line: whether only blanks and comments follow @offset on its line.
 * @ret_end: (out): behind the line's newline; set only if so
 */
gboolean prc_cfg_ends_line (const char *data, gsize size, gsize offset, gsize *ret_end);

/** prc_cfg_append_string: @value as a quoted string; holds every byte but NUL. */
void prc_cfg_append_string (GString *out, const char *value);

/**
 * prc_cfg_insert:
 * @root: the tree of @doc, and @limit what came with it
 * @key: a path; groups and lists on it that do not exist are made
 *
 * The edit that adds a string behind its siblings, laid out like them. Fails with
 * #PRC_ERROR_UNSUPPORTED when the path leads through something that is no group or list, or when
 * an index is not the next one of its list.
 */
gboolean prc_cfg_insert (const PrcDocument *doc, const PrcCfgNode *root, gsize limit,
                         const char *key, const char *value, PrcEdit *ret_edit, GError **error);
