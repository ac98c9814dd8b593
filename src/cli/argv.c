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

void
prc_cli_set_usage_error (GError **error, const PrcCommand *command)
{
    g_autofree char *usage = g_strdup_printf ("%s %s", command->name, command->synopsis);

    g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, _ ("use it as: proxyrc %s"),
                 g_strchomp (usage));
}

static gsize
option_length (const char *word)
{
    return g_str_has_prefix (word, "--") ? strcspn (word, "=") : 2;
}

void
prc_cli_set_unknown_option (GError **error, const char *word)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                 _ ("there is no option %.*s here; --help lists the options"),
                 (int) option_length (word), word);
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
    if (name == NULL)
        return;
    if ((*error)->code == G_OPTION_ERROR_UNKNOWN_OPTION) {
        g_clear_error (error);
        prc_cli_set_unknown_option (error, name);
    } else {
        g_clear_error (error);
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("the value of %.*s is missing, or none that it takes; --help lists the "
                        "options"),
                     (int) option_length (name), name);
    }
}
