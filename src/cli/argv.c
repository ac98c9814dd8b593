/* argv.c - what was typed by mistake is not said again, to be kept by a log */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "cli/cli.h"

/* "SCHEME://…:…@": but "https://host:443/@scope" has a port there. */
static gboolean
has_password (const char *argument)
{
    const char *start = strstr (argument, "://");
    const char *at = start != NULL ? strrchr (start + 3, '@') : NULL;
    const char *colon = at != NULL ? memchr (start + 3, ':', (gsize) (at - start - 3)) : NULL;
    gsize digits = colon != NULL ? strspn (colon + 1, "0123456789") : 0;

    return colon != NULL && (digits == 0 || colon[1 + digits] != '/' || digits > 5);
}

gboolean
prc_cli_check_arguments (char **argv, GError **error)
{
    for (char **argument = argv; *argument != NULL; argument++)
        if (has_password (*argument)) {
            g_set_error (
                error, PRC_ERROR, PRC_ERROR_USAGE,
                _ ("a password on the command line can be seen by others: leave it out of "
                   "the URL; `proxyrc login --password-stdin` stores it, and `proxyrc file "
                   "set` takes - as VALUE and reads it from stdin"));
            return FALSE;
        }
    return TRUE;
}

/* GLib's messages quote the argument with its value. */
void
prc_cli_hide_option_value (char **argv, GError **error)
{
    const char *name = NULL;

    if (error == NULL || *error == NULL || (*error)->domain != G_OPTION_ERROR)
        return;
    for (char **argument = argv; *argument != NULL && name == NULL; argument++)
        if (**argument == '-' && strstr ((*error)->message, *argument) != NULL)
            name = *argument;
    if (name != NULL) {
        gsize length = g_str_has_prefix (name, "--") ? strcspn (name, "=") : 2;
        char *message =
            g_strdup_printf (_ ("%.*s: %s; --help lists the options"), (int) length, name,
                             (*error)->code == G_OPTION_ERROR_UNKNOWN_OPTION
                                 ? _ ("there is no such option")
                                 : _ ("it has no value that it can take"));

        g_free ((*error)->message);
        (*error)->message = message;
    }
}
