#include "base/error.h"

#include <errno.h>

#include "base/i18n.h"

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
        /* Translators: this and the like stand behind the system's message: "No space left on
         * device; make room …" */
        { ENOSPC, N_ ("; make room on its file system and try again") },
        { EDQUOT, N_ ("; make room in the quota and try again") },
        { EFBIG, N_ ("; raise the limit for file sizes (ulimit -f) and try again") },
        { EROFS, N_ ("; its file system is read-only: remount it") },
        { EACCES, N_ ("; this needs the rights of its owner") },
        { EPERM, N_ ("; this needs the rights of its owner and no immutable flag (lsattr)") },
        { EIO, N_ ("; look what the kernel says about the disk (dmesg) and try again") },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (HINTS); i++)
        if (HINTS[i].number == number)
            return _ (HINTS[i].hint);
    return "";
}
