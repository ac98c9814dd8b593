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

static const char *
usual_hint (int number)
{
    static const struct {
        int number;
        const char *hint;
    } HINTS[] = {
        { ENOSPC, N_ ("make room on its file system and try again") },
        { EDQUOT, N_ ("make room in the quota and try again") },
        { EFBIG, N_ ("raise the limit for file sizes (ulimit -f) and try again") },
        { EROFS, N_ ("its file system is read-only: remount it") },
        { EACCES, N_ ("this needs the rights of its owner") },
        { EPERM, N_ ("this needs the rights of its owner and no immutable flag (lsattr)") },
        { EIO, N_ ("look what the kernel says about the disk (dmesg) and try again") },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (HINTS); i++)
        if (HINTS[i].number == number)
            return _ (HINTS[i].hint);
    return NULL;
}

char *
prc_errno_text (int number, const char *hint)
{
    if (hint == NULL)
        hint = usual_hint (number);
    if (hint == NULL)
        return g_strdup (g_strerror (number));
    /* Translators: the system's message, and a whole clause that says what to do: "No space left on
     * device; make room on its file system and try again" */
    return g_strdup_printf (_ ("%s; %s"), g_strerror (number), hint);
}
