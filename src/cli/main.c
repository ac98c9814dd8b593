#include <errno.h>
#include <locale.h>
#include <signal.h>
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
#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/dump-tables.h"
#include "cli/exit-codes.h"
#include "cli/options.h"

/* What `proxyrc --help` says. */
static void
print_usage (FILE *out)
{
    gsize n = 0;
    const PrcCommand *const *commands = prc_cli_commands (&n);
    const PrcExitRow *codes = NULL;

    fputs (
        _ ("Usage: proxyrc COMMAND [OPTION…]\n\n"
           "Finds every proxy setting on this machine, keeps the credential once, and makes all\n"
           "tools agree.\n\nCommands:\n"),
        out);
    for (gsize i = 0; i < n; i++)
        fprintf (out, "  %-14s %s\n", commands[i]->name, _ (commands[i]->summary));
    fputs (_ ("\nExit codes:\n"), out);
    codes = prc_cli_exit_codes (&n);
    for (gsize i = 0; i < n; i++)
        fprintf (out, "  %-14d %s\n", codes[i].code, _ (codes[i].what));
    fputs (_ ("\n`proxyrc COMMAND --help` tells more, and so does `man proxyrc`.\n"), out);
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
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("--color must be auto, always or never"));
    return FALSE;
}

static gboolean
read_arguments (const PrcCommand *command, char **argv, PrcOptions *options, GError **error)
{
    g_autoptr (GOptionContext) context = prc_cli_option_context (command, options);
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
        prc_cli_set_usage_error (error, command);
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

/* A full disk or a closed pipe behind stdout is an error like any other: half an answer is none. */
static int
finish (const PrcCommand *command, int code)
{
    const PrcOptionSet changes = PRC_TAKES_WRITE | PRC_TAKES_PASSWORD | PRC_TAKES_DRY_RUN;

    errno = 0;
    if (fflush (stdout) == 0 && !ferror (stdout))
        return code;
    fprintf (stderr, _ ("proxyrc: cannot write the output: %s\n"),
             g_strerror (errno != 0 ? errno : EIO));
    if (code > PRC_EXIT_NO)
        return code;
    if (command != NULL && (command->takes & changes) != 0)
        fputs (_ ("proxyrc: only the output is lost: if files were to be written, they are\n"),
               stderr);
    return PRC_EXIT_WRITE;
}

int
prc_cli_run (const PrcCommand *command, PrcOptions *options)
{
    g_autoptr (GError) error = NULL;
    int code = options->all_users ? prc_cli_run_all_users (command, options, &error)
                                  : command->run (options, &error);

    if (error != NULL)
        code = fail (error);
    return finish (command, code);
}

static int
run_command (const PrcCommand *command, char **argv)
{
    PrcOptions options = { .passphrase_fd = -1, .password_fd = -1 };
    g_autoptr (GError) error = NULL;
    int code = PRC_EXIT_USAGE;

    if (g_strv_contains ((const char *const *) argv,
                         "--json")) /* what is wrong with the others, too */
        prc_i18n_stop ();
    if (read_arguments (command, argv, &options, &error))
        code = prc_cli_run (command, &options);
    else
        code = fail (error);
    prc_cli_options_clear (&options);
    return code;
}

/* No command, only options that say where: those of the terminal UI. */
static gboolean
is_for_terminal_ui (char **argv)
{
    for (char **argument = argv + 1; *argument != NULL; argument++) {
        const PrcOptionRow *row = prc_cli_find_option (&prc_command_terminal_ui, *argument);
        gboolean has_value = row != NULL && strchr (*argument, '=') != NULL;

        if (row == NULL || (row->value == NULL && has_value))
            return FALSE;
        if (row->value != NULL && !has_value && *++argument == NULL)
            return FALSE;
    }
    return TRUE;
}

/* The terminal UI is a program of its own: what it is linked against costs the commands nothing. */
static void
become_terminal_ui (char **argv)
{
    g_autofree char *path = prc_helper_path ("proxyrc-tui");

    if (isatty (STDIN_FILENO) && isatty (STDOUT_FILENO))
        (void) execv (path, argv);
}

static int
unknown_command (char **argv)
{
    g_autoptr (GError) error = NULL;
    const char *meant = prc_cli_suggest_command (argv[1]);

    if (!prc_cli_check_arguments (argv, &error))
        return fail (error);
    if (*argv[1] == '-')
        prc_cli_set_unknown_option (&error, argv[1]);
    else if (meant != NULL)
        g_set_error (&error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("there is no command “%s”; did you mean `proxyrc %s`?"), argv[1], meant);
    else
        g_set_error (&error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("there is no command “%s”; `proxyrc --help` lists them"), argv[1]);
    return fail (error);
}

/* `proxyrc help [COMMAND]`, as with git. */
static int
help (char **argv)
{
    const PrcCommand *command = argv[1] != NULL ? prc_cli_find_command (argv[1]) : NULL;
    char help_option[] = "--help";
    char *words[] = { argv[1], help_option, NULL };

    if (command != NULL)
        return run_command (command, words);
    if (argv[1] != NULL)
        return unknown_command (argv);
    print_usage (stdout);
    return finish (NULL, PRC_EXIT_DONE);
}

/* What completions, the manual and the tests ask for; help says nothing of it. */
static gboolean
run_hidden (char **argv, int *ret_code)
{
    if (strcmp (argv[1], "--complete") == 0 && argv[2] != NULL) {
        *ret_code = prc_cli_complete (strcmp (argv[2], "raw") == 0);
        return TRUE;
    }
    if (strcmp (argv[1], "--dump-tables") == 0) {
        prc_i18n_stop ();
        prc_cli_dump_tables ();
        *ret_code = PRC_EXIT_DONE;
        return TRUE;
    }
    return FALSE;
}

int
main (int argc, char **argv)
{
    const PrcCommand *command = NULL;
    int code = PRC_EXIT_DONE;

    prc_secrets_harden_process ();
    (void) signal (SIGXFSZ, SIG_IGN); /* a limit on files is an error of writing, to be told */
    (void) setlocale (LC_CTYPE, ""); /* no more than is needed: each category is a file to read */
    (void) setlocale (LC_MESSAGES, "");
    prc_i18n_start ();
    if (argc < 2 || is_for_terminal_ui (argv)) {
        become_terminal_ui (argv);
        print_usage (stderr);
        return PRC_EXIT_USAGE;
    }
    if (run_hidden (argv, &code))
        return finish (NULL, code);
    if (strcmp (argv[1], "--version") == 0) {
        puts ("proxyrc " PRC_VERSION);
        return finish (NULL, PRC_EXIT_DONE);
    }
    if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0 ||
        strcmp (argv[1], "help") == 0)
        return help (argv + 1);
    command = prc_cli_find_command (argv[1]);
    if (command == NULL)
        return unknown_command (argv);
    return run_command (command, argv + 1);
}
