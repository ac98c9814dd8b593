#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app-config.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/program.h"
#include "base/secret.h"
#include "base/text.h"
#include "cli/cli.h"

static const PrcCommand *const commands[] = {
    &prc_command_status,         &prc_command_scan,    &prc_command_profile,
    &prc_command_login,          &prc_command_logout,  &prc_command_unlock,
    &prc_command_lock,           &prc_command_apply,   &prc_command_use,
    &prc_command_undo,           &prc_command_history, &prc_command_env,
    &prc_command_git_credential, &prc_command_tools,   &prc_command_file,
    &prc_command_check,          &prc_command_passwd,  &prc_command_explain,
    &prc_command_route,          &prc_command_doctor,
};

int
prc_cli_exit_code (const GError *error)
{
    static const int codes[] = {
        [PRC_ERROR_USAGE] = PRC_EXIT_USAGE,       [PRC_ERROR_INPUT] = PRC_EXIT_INPUT,
        [PRC_ERROR_UNSUPPORTED] = PRC_EXIT_INPUT, [PRC_ERROR_NOT_FOUND] = PRC_EXIT_USAGE,
        [PRC_ERROR_WRITE] = PRC_EXIT_WRITE,       [PRC_ERROR_CHANGED] = PRC_EXIT_WRITE,
        [PRC_ERROR_LOCKED] = PRC_EXIT_LOCKED,     [PRC_ERROR_NETWORK] = PRC_EXIT_NETWORK,
        [PRC_ERROR_DYNAMIC] = PRC_EXIT_DYNAMIC,   [PRC_ERROR_CANCELLED] = 130,
    };

    if (error->domain == G_OPTION_ERROR)
        return PRC_EXIT_USAGE;
    if (error->domain == PRC_ERROR && error->code >= 0 && error->code < (int) G_N_ELEMENTS (codes))
        return codes[error->code];
    return PRC_EXIT_INPUT;
}

static void
print_usage (FILE *out)
{
    fputs ("Usage: proxyrc COMMAND [OPTION…]\n\n"
           "Finds every proxy setting on this machine, keeps the credential once, and makes all\n"
           "tools agree.\n\nCommands:\n",
           out);
    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
        fprintf (out, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
    fputs ("\n`proxyrc COMMAND --help` tells more. Exit codes: 0 done, or all agrees; 1 the answer "
           "is\n"
           "no; 2 usage; 3 bad input; 4 writing failed, all rolled back; 5 a secret is needed;\n"
           "6 network; 7 computed by shell code.\n",
           out);
}

/* What was meant: the command with the longest common beginning, of two letters at least. */
static const char *
suggest (const char *name)
{
    const char *best = NULL;
    gsize longest = 1;

    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
        gsize same = 0;

        while (name[same] != '\0' && name[same] == commands[i]->name[same])
            same++;
        if (same > longest) {
            longest = same;
            best = commands[i]->name;
        }
    }
    return best;
}

static const PrcCommand *
find_command (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
        if (strcmp (commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static gboolean
wants_color (const PrcOptions *options, GError **error)
{
    const char *no_color = g_getenv ("NO_COLOR");
    const char *term = g_getenv ("TERM");

    if (options->color == NULL || strcmp (options->color, "auto") == 0)
        return isatty (STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') &&
               g_strcmp0 (term, "dumb") != 0;
    if (strcmp (options->color, "always") == 0)
        return TRUE;
    if (strcmp (options->color, "never") != 0)
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, "--color must be auto, always or never");
    return FALSE;
}

typedef struct {
    PrcOptionSet needs; /* 0: every command takes it */
    GOptionEntry entry;
} OptionRow;

/* Every option of the program; a command's own are those of the sets that it takes. */
static GOptionContext *
new_context (const PrcCommand *command, PrcOptions *o)
{
    const OptionRow rows[] = {
        { PRC_TAKES_JSON,
          { "json", 0, 0, G_OPTION_ARG_NONE, &o->json, "one JSON object on stdout", NULL } },
        { PRC_TAKES_TOOLS,
          { "tools", 0, 0, G_OPTION_ARG_STRING, &o->tools, "only these tools", "A,B" } },
        { PRC_TAKES_TOOLS,
          { "system", 0, 0, G_OPTION_ARG_NONE, &o->system, "files of the whole system too",
            NULL } },
        { PRC_TAKES_WRITE,
          { "dry-run", 0, 0, G_OPTION_ARG_NONE, &o->dry_run,
            "write nothing, show what would change; exit 1 if anything would", NULL } },
        { PRC_TAKES_WRITE,
          { "in-place", 0, 0, G_OPTION_ARG_NONE, &o->in_place,
            "write into hard-linked or bind-mounted files", NULL } },
        { PRC_TAKES_WRITE,
          { "allow-exposed", 0, 0, G_OPTION_ARG_NONE, &o->allow_exposed,
            "secrets also into files that git tracks or that all users read", NULL } },
        { PRC_TAKES_PURGE,
          { "yes", 'y', 0, G_OPTION_ARG_NONE, &o->yes, "don't ask for confirmation", NULL } },
        { PRC_TAKES_ASK,
          { "no-input", 0, 0, G_OPTION_ARG_NONE, &o->no_input, "never ask: exit 5 instead",
            NULL } },
        { PRC_TAKES_ASK,
          { "passphrase-fd", 0, 0, G_OPTION_ARG_INT, &o->passphrase_fd,
            "read the vault's passphrase from this descriptor", "N" } },
        { PRC_TAKES_PASSWORD | PRC_TAKES_CHECK,
          { "user", 'u', 0, G_OPTION_ARG_STRING, &o->user, "the user name at the proxy", "USER" } },
        { PRC_TAKES_PASSWORD | PRC_TAKES_CHECK,
          { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &o->password_stdin,
            "read the password from the first line of stdin", NULL } },
        { PRC_TAKES_PASSWORD | PRC_TAKES_CHECK,
          { "password-fd", 0, 0, G_OPTION_ARG_INT, &o->password_fd, "read it from this descriptor",
            "N" } },
        { PRC_TAKES_PASSWORD,
          { "store", 0, 0, G_OPTION_ARG_STRING, &o->store,
            "keep it there: secret-service (the desktop's keyring), vault (encrypted) or plain", "NAME" } },
        { PRC_TAKES_PASSWORD,
          { "no-check", 0, 0, G_OPTION_ARG_NONE, &o->no_check,
            "store it without trying it on the proxy", NULL } },
        { PRC_TAKES_FORMAT,
          { "format", 'f', 0, G_OPTION_ARG_STRING, &o->format, "the file's grammar", "NAME" } },
        { PRC_TAKES_FORMAT,
          { "reveal", 0, 0, G_OPTION_ARG_NONE, &o->reveal, "show secrets", NULL } },
        { PRC_TAKES_SHELL,
          { "shell", 's', 0, G_OPTION_ARG_STRING, &o->shell, "sh, fish or csh", "NAME" } },
        { PRC_TAKES_SHELL,
          { "startup", 0, 0, G_OPTION_ARG_NONE, &o->startup,
            "for a start-up file: ask nobody, say nothing, and with a locked store name the proxy "
            "without the credential",
            NULL } },
        { PRC_TAKES_PURGE,
          { "purge", 0, 0, G_OPTION_ARG_NONE, &o->purge, "remove all undo data", NULL } },
        { PRC_TAKES_FORCE,
          { "force", 0, 0, G_OPTION_ARG_NONE, &o->force, "undo a change of password as well",
            NULL } },
        { PRC_TAKES_CHECK,
          { "proxy", 'x', 0, G_OPTION_ARG_STRING, &o->proxy,
            N_ ("another proxy than the profile's"), "URL" } },
        { PRC_TAKES_CHECK,
          { "url", 0, 0, G_OPTION_ARG_STRING, &o->url,
            N_ ("another target; the default is the profile's check_url, or https://example.com/"),
            "URL" } },
        { PRC_TAKES_CHECK,
          { "ca", 0, 0, G_OPTION_ARG_FILENAME, &o->ca,
            N_ ("trust the CA certificates in this file too (PEM)"), "FILE" } },
        { PRC_TAKES_CHECK,
          { "timeout", 0, 0, G_OPTION_ARG_STRING, &o->timeout,
            N_ ("give up after so many seconds; the default is 15"), "S" } },
        { PRC_TAKES_CHECK,
          { "force", 0, 0, G_OPTION_ARG_NONE, &o->force,
            N_ ("send a password also if this proxy rejected it a short while ago"), NULL } },
        { PRC_TAKES_CHECK,
          { "found", 0, 0, G_OPTION_ARG_NONE, &o->found,
            N_ ("each password that is found in the files of this machine, once"), NULL } },
        { PRC_TAKES_ROUTE,
          { "this-shell", 0, 0, G_OPTION_ARG_NONE, &o->this_shell,
            "started from this shell with its variables, not from a new login shell", NULL } },
        { PRC_TAKES_ROUTE,
          { "dir", 0, 0, G_OPTION_ARG_FILENAME, &o->dir,
            "started in this folder, for the files of a project there", "DIR" } },
        { PRC_TAKES_FOR,
          { "for", 0, 0, G_OPTION_ARG_STRING, &o->for_time, "how long: 30m, 8h, 1d", "T" } },
        { PRC_TAKES_PASSWD,
          { "password-stdin", 0, 0, G_OPTION_ARG_NONE, &o->password_stdin,
            N_ ("read the new password from the first line of stdin"), NULL } },
        { PRC_TAKES_PASSWD,
          { "password-fd", 0, 0, G_OPTION_ARG_INT, &o->password_fd,
            N_ ("read it from this descriptor"), "N" } },
        { PRC_TAKES_PASSWD,
          { "no-check", 0, 0, G_OPTION_ARG_NONE, &o->no_check,
            N_ ("don't try it on the proxy: off the network"), NULL } },
        { PRC_TAKES_DOCTOR,
          { "no-check", 0, 0, G_OPTION_ARG_NONE, &o->no_check, N_ ("talk to no proxy"), NULL } },
        { PRC_TAKES_PASSWD,
          { "force", 0, 0, G_OPTION_ARG_NONE, &o->force,
            N_ ("try it even if the proxy has rejected it a short while ago"), NULL } },
        { PRC_TAKES_PASSWD,
          { "scan", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->scan,
            N_ ("project files in this tree too; may be given several times"), "DIR" } },
        { PRC_TAKES_PASSWD,
          { "scrub", 0, 0, G_OPTION_ARG_NONE, &o->scrub,
            N_ ("also remove old passwords from comments, logs, copies and histories"), NULL } },
        { 0, { "home", 0, 0, G_OPTION_ARG_FILENAME, &o->home, "another user's home", "DIR" } },
        { 0, { "root", 0, 0, G_OPTION_ARG_FILENAME, &o->root, "an image or chroot", "DIR" } },
        { 0,
          { "config", 0, 0, G_OPTION_ARG_FILENAME, &o->config, "another file of profiles",
            "FILE" } },
        { 0, { "color", 0, 0, G_OPTION_ARG_STRING, &o->color, "auto, always or never", "WHEN" } },
        { 0, { "quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "only errors", NULL } },
        { 0, { "verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose, "more detail", NULL } },
    };
    GOptionEntry entries[G_N_ELEMENTS (rows) + 1] = { 0 };
    GOptionContext *context = g_option_context_new (command->synopsis);
    gsize n = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (rows[i].needs == 0 || (command->takes & rows[i].needs) != 0)
            entries[n++] = rows[i].entry;
    g_option_context_add_main_entries (context, entries, NULL);
    g_option_context_set_summary (context, command->summary);
    g_option_context_set_description (context, command->description);
    return context;
}

static void
options_clear (PrcOptions *options)
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

static gboolean
read_arguments (const PrcCommand *command, char **argv, PrcOptions *options, GError **error)
{
    g_autoptr (GOptionContext) context = new_context (command, options);
    g_autofree char *name = g_strdup_printf ("proxyrc %s", command->name);
    g_auto (GStrv) copy = g_strdupv (argv);
    guint n = 0;

    g_set_prgname (name);
    if (!prc_cli_check_arguments (argv, error))
        return FALSE;
    if (!g_option_context_parse_strv (context, &copy, error)) {
        prc_cli_hide_option_value (argv, error);
        return FALSE;
    }
    options->arguments = g_strdupv (copy[0] != NULL ? copy + 1 : copy);
    n = g_strv_length (options->arguments);
    if (n > 0 && strcmp (options->arguments[0], "--") == 0) {
        g_free (options->arguments[0]);
        memmove (options->arguments, options->arguments + 1, n * sizeof (char *));
        n--;
    }
    if (n < command->min_arguments || n > command->max_arguments) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, "use it as: proxyrc %s %s", command->name,
                     command->synopsis);
        return FALSE;
    }
    {
        GError *reason = NULL;

        options->use_color = wants_color (options, &reason);
        if (reason != NULL) {
            g_propagate_error (error, reason);
            return FALSE;
        }
    }
    return TRUE;
}

static int
fail (const GError *error)
{
    g_autofree char *message = prc_text_printable (error->message);

    fprintf (stderr, "proxyrc: %s\n", message);
    return prc_cli_exit_code (error);
}

/* A full disk or a closed pipe behind stdout is an error like any other. */
static int
finish (int code)
{
    if ((fflush (stdout) != 0 || ferror (stdout)) && code == PRC_EXIT_DONE) {
        fprintf (stderr, "proxyrc: cannot write the output: %s\n", g_strerror (errno));
        return PRC_EXIT_WRITE;
    }
    return code;
}

static int
run_command (const PrcCommand *command, char **argv)
{
    PrcOptions options = { .passphrase_fd = -1, .password_fd = -1 };
    g_autoptr (GError) error = NULL;
    int code = PRC_EXIT_USAGE;

    if (read_arguments (command, argv, &options, &error))
        code = command->run (&options, &error);
    if (error != NULL)
        code = fail (error);
    options_clear (&options);
    return finish (code);
}

/* No command, only options that say where: those of the terminal UI. */
static gboolean
is_for_terminal_ui (char **argv)
{
    static const char *const with_value[] = { "--home", "--root", "--config", "--color", "--tools" };
    gboolean is_known = TRUE;

    for (char **argument = argv + 1; *argument != NULL && is_known; argument++) {
        is_known = strcmp (*argument, "--system") == 0;
        for (gsize i = 0; i < G_N_ELEMENTS (with_value) && !is_known; i++) {
            gsize length = strlen (with_value[i]);

            if (strncmp (*argument, with_value[i], length) != 0)
                continue;
            is_known = (*argument)[length] == '=' ||
                       ((*argument)[length] == '\0' && argument[1] != NULL);
            argument += is_known && (*argument)[length] == '\0';
        }
    }
    return is_known;
}

/* The terminal UI is a program of its own: what it is linked against costs the commands nothing. */
static void
become_terminal_ui (char **argv)
{
    g_autofree char *path = prc_helper_path ("proxyrc-tui");

    if (isatty (STDIN_FILENO) && isatty (STDOUT_FILENO))
        (void) execv (path, argv);
}

int
main (int argc, char **argv)
{
    const PrcCommand *command = NULL;

    prc_secrets_harden_process ();
    (void) setlocale (LC_CTYPE, ""); /* no more than is needed: each category is a file to read */
    (void) setlocale (LC_MESSAGES, "");
    if (argc < 2 || is_for_terminal_ui (argv)) {
        become_terminal_ui (argv);
        print_usage (stderr);
        return PRC_EXIT_USAGE;
    }
    if (strcmp (argv[1], "--version") == 0) {
        puts ("proxyrc " PRC_VERSION);
        return finish (PRC_EXIT_DONE);
    }
    if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 ||
        strcmp (argv[1], "help") == 0) {
        print_usage (stdout);
        return finish (PRC_EXIT_DONE);
    }
    command = find_command (argv[1]);
    if (command == NULL) {
        g_autoptr (GError) error = NULL;
        const char *meant = suggest (argv[1]);
        g_autofree char *shown = prc_text_printable (argv[1]);

        if (!prc_cli_check_arguments (argv, &error))
            return fail (error);
        fprintf (stderr, "proxyrc: there is no command “%s”%s%s%s; `proxyrc --help` lists them\n",
                 shown, meant != NULL ? ", did you mean “" : "", meant != NULL ? meant : "",
                 meant != NULL ? "”?" : "");
        return PRC_EXIT_USAGE;
    }
    return run_command (command, argv + 1);
}
