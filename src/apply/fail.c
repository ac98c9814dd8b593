#include "apply/fail.h"

#include <errno.h>

#include "base/error.h"

static const struct {
    int number;
    const char *hint;
} HINTS[] = {
    { ENOSPC, "make room on its file system and try again" },
    { EDQUOT, "make room in the quota and try again" },
    { EFBIG, "raise the limit for file sizes (ulimit -f) and try again" },
    { EROFS, "its file system is read-only: remount it, or leave this file out" },
    { EACCES, "this needs the rights of its owner, or leave this file out" },
    { EPERM, "this needs the rights of its owner and no immutable flag (lsattr), or leave it out" },
    { EBUSY, "it is mounted by itself: --in-place writes into it" },
    { EXDEV, "it is mounted by itself: --in-place writes into it" },
};

gboolean
prc_fail_errno (GError **error, const char *path, const char *what, int saved_errno)
{
    const char *hint = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (HINTS); i++)
        if (HINTS[i].number == saved_errno)
            hint = HINTS[i].hint;
    g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, "%s: cannot %s: %s%s%s", path, what,
                 g_strerror (saved_errno), hint != NULL ? "; " : "", hint != NULL ? hint : "");
    return FALSE;
}

gboolean
prc_fail_changed (GError **error, const char *path)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_CHANGED,
                 "%s: has changed since it was read, so nothing was written; run the command again",
                 path);
    return FALSE;
}
