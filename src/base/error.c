#include "base/error.h"

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
