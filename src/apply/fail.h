/* fail.h - the messages of apply/: which file, what went wrong, what to do next */
#pragma once
#include <glib.h>

/**
 * prc_fail_errno: sets "PATH: WHAT: REASON; HINT" as #PRC_ERROR_WRITE. Returns %FALSE.
 * @what: _ ("cannot replace it")
 */
gboolean prc_fail_errno (GError **error, const char *path, const char *what, int saved_errno);
/** prc_fail_changed: #PRC_ERROR_CHANGED for @path. Returns %FALSE. */
gboolean prc_fail_changed (GError **error, const char *path);
