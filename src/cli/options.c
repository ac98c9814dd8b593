/* options.c - THE table of options: parsing, --help, completion and the manual come from it */
#include "cli/options.h"

#include <string.h>

#include "base/i18n.h"
#include "cli/complete.h"

#define OPTION(field) G_STRUCT_OFFSET (PrcOptions, field)

static const PrcOptionRow rows[] = {
    { PRC_TAKES_JSON, "json", 0, G_OPTION_ARG_NONE, OPTION (json), N_ ("one JSON object on stdout"),
      NULL, NULL },
    { PRC_TAKES_TOOLS | PRC_TAKES_UI, "tools", 0, G_OPTION_ARG_STRING, OPTION (tools),
      N_ ("only these tools"), "A,B", prc_complete_tool_list },
    { PRC_TAKES_SYSTEM | PRC_TAKES_UI, "system", 0, G_OPTION_ARG_NONE, OPTION (system),
      N_ ("files of the whole system too"), NULL, NULL },
    { PRC_TAKES_WRITE | PRC_TAKES_DRY_RUN, "dry-run", 0, G_OPTION_ARG_NONE, OPTION (dry_run),
      N_ ("write nothing, show what would change; exit 1 if anything would"), NULL, NULL },
    { PRC_TAKES_WRITE | PRC_TAKES_IN_PLACE | PRC_TAKES_UI, "in-place", 0, G_OPTION_ARG_NONE,
      OPTION (in_place), N_ ("write into hard-linked or bind-mounted files"), NULL, NULL },
    { PRC_TAKES_WRITE | PRC_TAKES_UI, "allow-exposed", 0, G_OPTION_ARG_NONE, OPTION (allow_exposed),
      N_ ("secrets also into files that git tracks or that all users read"), NULL, NULL },
    { PRC_TAKES_PURGE, "yes", 'y', G_OPTION_ARG_NONE, OPTION (yes),
      N_ ("don't ask for confirmation"), NULL, NULL },
    { 0, "no-input", 0, G_OPTION_ARG_NONE, OPTION (no_input), N_ ("never ask: exit 5 instead"),
      NULL, NULL },
    { PRC_TAKES_ASK, "passphrase-fd", 0, G_OPTION_ARG_INT, OPTION (passphrase_fd),
      N_ ("read the vault's passphrase from this descriptor"), "N", NULL },
    { PRC_TAKES_PASSWORD | PRC_TAKES_CHECK, "user", 'u', G_OPTION_ARG_STRING, OPTION (user),
      N_ ("the user name at the proxy"), "USER", prc_complete_user },
    { PRC_TAKES_PASSWORD | PRC_TAKES_CHECK, "password-stdin", 0, G_OPTION_ARG_NONE,
      OPTION (password_stdin), N_ ("read the password from the first line of stdin"), NULL, NULL },
    { PRC_TAKES_PASSWORD | PRC_TAKES_CHECK, "password-fd", 0, G_OPTION_ARG_INT,
      OPTION (password_fd), N_ ("read it from this descriptor"), "N", NULL },
    { PRC_TAKES_PASSWORD, "store", 0, G_OPTION_ARG_STRING, OPTION (store),
      N_ ("keep it there: secret-service (the desktop's keyring), vault (encrypted) or plain"),
      "NAME", prc_complete_store },
    { PRC_TAKES_PASSWORD, "no-check", 0, G_OPTION_ARG_NONE, OPTION (no_check),
      N_ ("store it without trying it on the proxy"), NULL, NULL },
    { PRC_TAKES_FORMAT, "format", 'f', G_OPTION_ARG_STRING, OPTION (format),
      N_ ("the file's grammar"), "NAME", prc_complete_format },
    { PRC_TAKES_FORMAT, "reveal", 0, G_OPTION_ARG_NONE, OPTION (reveal), N_ ("show secrets"), NULL,
      NULL },
    { PRC_TAKES_SHELL, "shell", 's', G_OPTION_ARG_STRING, OPTION (shell),
      N_ ("for which shell: sh, fish or csh"), "NAME", prc_complete_shell },
    { PRC_TAKES_SHELL, "startup", 0, G_OPTION_ARG_NONE, OPTION (startup),
      N_ ("for a start-up file: ask nobody, say nothing, and with a locked store name the proxy "
          "without the credential"),
      NULL, NULL },
    { PRC_TAKES_PURGE, "purge", 0, G_OPTION_ARG_NONE, OPTION (purge), N_ ("remove all undo data"),
      NULL, NULL },
    { PRC_TAKES_FORCE, "force", 0, G_OPTION_ARG_NONE, OPTION (force),
      N_ ("undo a change of password as well"), NULL, NULL },
    { PRC_TAKES_CHECK, "proxy", 'x', G_OPTION_ARG_STRING, OPTION (proxy),
      N_ ("another proxy than the profile's"), "URL", NULL },
    { PRC_TAKES_CHECK, "url", 0, G_OPTION_ARG_STRING, OPTION (url),
      N_ ("another target; the default is the profile's check_url, or https://example.com/"), "URL",
      NULL },
    { PRC_TAKES_CHECK, "ca", 0, G_OPTION_ARG_FILENAME, OPTION (ca),
      N_ ("trust the CA certificates in this file too (PEM)"), "FILE", prc_complete_file },
    { PRC_TAKES_CHECK, "timeout", 0, G_OPTION_ARG_STRING, OPTION (timeout),
      N_ ("give up after so many seconds; the default is 15"), "S", NULL },
    { PRC_TAKES_CHECK, "force", 0, G_OPTION_ARG_NONE, OPTION (force),
      N_ ("send a password also if this proxy rejected it a short while ago"), NULL, NULL },
    { PRC_TAKES_CHECK, "found", 0, G_OPTION_ARG_NONE, OPTION (found),
      N_ ("each password that is found in the files of this machine, once"), NULL, NULL },
    { PRC_TAKES_ROUTE, "this-shell", 0, G_OPTION_ARG_NONE, OPTION (this_shell),
      N_ ("started from this shell with its variables, not from a new login shell"), NULL, NULL },
    { PRC_TAKES_ROUTE, "interactive", 0, G_OPTION_ARG_NONE, OPTION (interactive),
      N_ ("from a new login shell that somebody types into, not also from one that runs a command"),
      NULL, NULL },
    { PRC_TAKES_ROUTE, "dir", 0, G_OPTION_ARG_FILENAME, OPTION (dir),
      N_ ("started in this folder, for the files of a project there"), "DIR", prc_complete_folder },
    { PRC_TAKES_FOR, "for", 0, G_OPTION_ARG_STRING, OPTION (for_time), N_ ("how long: 30m, 8h, 1d"),
      "T", prc_complete_duration },
    { PRC_TAKES_PASSWD, "password-stdin", 0, G_OPTION_ARG_NONE, OPTION (password_stdin),
      N_ ("read the new password from the first line of stdin"), NULL, NULL },
    { PRC_TAKES_PASSWD, "password-fd", 0, G_OPTION_ARG_INT, OPTION (password_fd),
      N_ ("read it from this descriptor"), "N", NULL },
    { PRC_TAKES_PASSWD, "no-check", 0, G_OPTION_ARG_NONE, OPTION (no_check),
      N_ ("don't try it on the proxy: off the network"), NULL, NULL },
    { PRC_TAKES_DOCTOR, "no-check", 0, G_OPTION_ARG_NONE, OPTION (no_check),
      N_ ("talk to no proxy"), NULL, NULL },
    { PRC_TAKES_PASSWD, "force", 0, G_OPTION_ARG_NONE, OPTION (force),
      N_ ("try it even if the proxy has rejected it a short while ago"), NULL, NULL },
    { PRC_TAKES_PASSWD, "scan", 0, G_OPTION_ARG_FILENAME_ARRAY, OPTION (scan),
      N_ ("project files in this tree too; may be given several times"), "DIR",
      prc_complete_folder },
    { PRC_TAKES_PASSWD, "scrub", 0, G_OPTION_ARG_NONE, OPTION (scrub),
      N_ ("also remove old passwords from comments, logs, copies and histories"), NULL, NULL },
    { PRC_TAKES_ALL_USERS, "all-users", 0, G_OPTION_ARG_NONE, OPTION (all_users),
      N_ ("in the home of every user, with that user's rights (root only)"), NULL, NULL },
    { PRC_TAKES_UI, "home", 0, G_OPTION_ARG_FILENAME, OPTION (home), N_ ("another user's home"),
      "DIR", prc_complete_folder },
    { PRC_TAKES_UI, "root", 0, G_OPTION_ARG_FILENAME, OPTION (root), N_ ("an image or chroot"),
      "DIR", prc_complete_folder },
    { PRC_TAKES_UI, "config", 0, G_OPTION_ARG_FILENAME, OPTION (config),
      N_ ("another file of profiles"), "FILE", prc_complete_file },
    { PRC_TAKES_UI, "color", 0, G_OPTION_ARG_STRING, OPTION (color),
      N_ ("when to use colours: auto, always or never"), "WHEN", prc_complete_color },
    { 0, "quiet", 'q', G_OPTION_ARG_NONE, OPTION (quiet), N_ ("only errors"), NULL, NULL },
    { 0, "verbose", 'v', G_OPTION_ARG_NONE, OPTION (verbose), N_ ("more detail"), NULL, NULL },
};

const PrcOptionRow *
prc_cli_options (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (rows);
    return rows;
}

gboolean
prc_cli_command_takes (const PrcCommand *command, const PrcOptionRow *row)
{
    PrcOptionSet needs = row->needs & ~PRC_TAKES_UI;

    if ((command->takes & PRC_TAKES_UI) != 0)
        return (row->needs & PRC_TAKES_UI) != 0;
    return needs == 0 || (command->takes & needs) != 0;
}

const PrcOptionRow *
prc_cli_find_option (const PrcCommand *command, const char *word)
{
    gsize length = strcspn (word, "=");

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        gboolean is_long = length == strlen (rows[i].name) + 2 && g_str_has_prefix (word, "--") &&
                           strncmp (word + 2, rows[i].name, length - 2) == 0;
        gboolean is_short = rows[i].short_name != 0 && word[0] == '-' &&
                            word[1] == rows[i].short_name && word[2] == '\0';

        if ((is_long || is_short) && prc_cli_command_takes (command, &rows[i]))
            return &rows[i];
    }
    return NULL;
}

GOptionContext *
prc_cli_option_context (const PrcCommand *command, PrcOptions *options)
{
    GOptionEntry entries[G_N_ELEMENTS (rows) + 1] = { 0 };
    GOptionContext *context = g_option_context_new (command->synopsis);
    gsize n = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (prc_cli_command_takes (command, &rows[i]))
            entries[n++] = (GOptionEntry){
                .long_name = rows[i].name,
                .short_name = rows[i].short_name,
                .arg = rows[i].type,
                .arg_data = G_STRUCT_MEMBER_P (options, rows[i].offset),
                .description = rows[i].help,
                .arg_description = rows[i].value,
            };
    g_option_context_add_main_entries (context, entries, PRC_TEXT_DOMAIN);
    g_option_context_set_translation_domain (context, PRC_TEXT_DOMAIN);
    g_option_context_set_summary (context, command->summary);
    g_option_context_set_description (context, command->description);
    return context;
}

void
prc_cli_options_clear (PrcOptions *options)
{
    g_free (options->tools);
    g_free (options->home);
    g_free (options->root);
    g_free (options->config);
    g_free (options->color);
    g_free (options->user);
    g_free (options->store);
    g_free (options->format);
    g_free (options->shell);
    g_free (options->for_time);
    g_free (options->proxy);
    g_free (options->url);
    g_free (options->dir);
    g_free (options->ca);
    g_free (options->timeout);
    g_strfreev (options->scan);
    g_strfreev (options->arguments);
}
