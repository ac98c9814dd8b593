#include "base/error.h"

#include <errno.h>

G_DEFINE_QUARK (prc_error, prc_error)

void
prc_set_error_at_line (GError **error, guint line, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list args;

    va_start (args, format);
    message = g_strdup_vprintf (format, args);
    va_end (args);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "%u: %s", line, message);
}

static gboolean
starts_with_line (const char *message)
{
    const char *p = message;

    while (g_ascii_isdigit (*p))
        p++;
    return p > message && p[0] == ':' && p[1] == ' ';
}

void
prc_prefix_file (GError **error, const char *path)
{
    if (error != NULL && *error != NULL)
        g_prefix_error (error, starts_with_line ((*error)->message) ? "%s:" : "%s: ", path);
}

const char *
prc_errno_hint (int number)
{
    static const struct {
        int number;
        const char *hint;
    } HINTS[] = {
        { ENOSPC, "; make room on its file system and try again" },
        { EDQUOT, "; make room in the quota and try again" },
        { EFBIG, "; raise the limit for file sizes (ulimit -f) and try again" },
        { EROFS, "; its file system is read-only: remount it" },
        { EACCES, "; this needs the rights of its owner" },
        { EPERM, "; this needs the rights of its owner and no immutable flag (lsattr)" },
        { EIO, "; look what the kernel says about the disk (dmesg) and try again" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (HINTS); i++)
        if (HINTS[i].number == number)
            return HINTS[i].hint;
    return "";
}
