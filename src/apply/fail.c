#include "apply/fail.h"

#include <errno.h>

#include "base/error.h"
#include "base/i18n.h"

/* Where it is about a file that a command could do without. */
static const struct {
    int number;
    const char *hint;
} HINTS[] = {
    { EROFS, N_ ("its file system is read-only: remount it, or leave this file out") },
    { EACCES, N_ ("this needs the rights of its owner, or leave this file out") },
    { EPERM,
      N_ ("this needs the rights of its owner and no immutable flag (lsattr), or leave it out") },
    { EBUSY, N_ ("it is mounted by itself: --in-place writes into it") },
    { EXDEV, N_ ("it is mounted by itself: --in-place writes into it") },
};

gboolean
prc_fail_errno (GError **error, const char *path, const char *what, int saved_errno)
{
    const char *hint = NULL;
    g_autofree char *text = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (HINTS); i++)
        if (HINTS[i].number == saved_errno)
            hint = _ (HINTS[i].hint);
    text = prc_errno_text (saved_errno, hint);
    g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, "%s: %s: %s", path, what, text);
    return FALSE;
}

gboolean
prc_fail_changed (GError **error, const char *path)
{
    g_set_error (
        error, PRC_ERROR, PRC_ERROR_CHANGED,
        _ ("%s: has changed since it was read, so nothing was written; run the command again"),
        path);
    return FALSE;
}
