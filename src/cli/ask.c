/* ask.c - where secrets come from on a command line: a descriptor, a file, the terminal */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/write.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/prompt.h"
#include "base/text.h"
#include "cli/cli.h"

void
prc_cli_warn (const PrcOptions *options, const char *format, ...)
{
    g_autofree char *message = NULL;
    g_autofree char *shown = NULL;
    va_list args;

    if (options->quiet)
        return;
    va_start (args, format);
    message = g_strdup_vprintf (format, args);
    va_end (args);
    shown = prc_text_printable (message);
    fprintf (stderr, "proxyrc: %s\n", shown);
}

/* Where there is nobody to ask it is as with --no-input: what to give instead is said. */
static gboolean
may_ask (const PrcOptions *options)
{
    g_auto (PrcFd) tty = options->no_input ? -1 : open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    return tty >= 0;
}

static gboolean
ask_passphrase (gpointer data, gboolean confirm_new, const char *why, PrcSecret **ret,
                GError **error)
{
    PrcOptions *options = data;
    const char *file = g_getenv ("PROXYRC_PASSPHRASE_FILE");

    if (options->passphrase_fd >= 0)
        *ret = prc_prompt_read_fd (options->passphrase_fd, error);
    else if (file != NULL && *file != '\0')
        *ret = prc_prompt_read_file (file, error);
    else if (!may_ask (options)) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_LOCKED,
            _ ("the passphrase of the vault is needed; give it with --passphrase-fd N or in "
               "the file that PROXYRC_PASSPHRASE_FILE names"));
        return FALSE;
    } else
        *ret = prc_prompt_terminal (why, confirm_new, error);
    return *ret != NULL;
}

PrcSession *
prc_cli_session (PrcOptions *options, GError **error)
{
    gboolean from_terminal =
        options->passphrase_fd < 0 && g_getenv ("PROXYRC_PASSPHRASE_FILE") == NULL;
    g_auto (GStrv) tools = options->tools != NULL ? g_strsplit (options->tools, ",", -1) : NULL;
    PrcSessionOptions session_options = {
        .home = options->home,
        .root = options->root,
        .shell = options->login_shell,
        .config_file = options->config,
        .tools = tools,
        .with_system = options->system,
        .allow_exposed = options->allow_exposed,
        .in_place = options->in_place,
        .dry_run = options->dry_run,
        .only_reads = options->only_reads,
        .shared_rejected = options->shared_rejected,
        .ask = { .passphrase = ask_passphrase,
                 .data = options,
                 .no_dialogue = options->no_input,
                 .attempts = from_terminal ? 3 : 1 },
    };
    PrcSession *session = prc_session_new (&session_options, error);
    const PrcRecovery *recovery = session != NULL ? prc_session_recovered (session) : NULL;

    if (session == NULL)
        return NULL;
    if (recovery != NULL)
        prc_cli_warn (
            options,
            recovery->finished
                ? _ ("an earlier run (%s) was interrupted after it had written everything; it is "
                     "finished now")
                : _ ("an earlier run (%s) was interrupted; what it had begun was rolled back"),
            recovery->label != NULL ? recovery->label : recovery->id);
    if (recovery != NULL && !recovery->finished &&
        g_strcmp0 (recovery->note, PRC_PASSWD_NOTE_SERVICE) == 0)
        prc_cli_warn (options, _ ("the store may have the new password already, the files have "
                                  "the old one: run `proxyrc passwd` again"));
    for (guint i = 0; recovery != NULL && i < recovery->left_alone->len; i++)
        prc_cli_warn (options, _ ("%s: changed since then, so it was left as it is"),
                      (const char *) g_ptr_array_index (recovery->left_alone, i));
    return session;
}

static PrcSecret *
read_password (PrcOptions *options, const char *question, gboolean confirm, GError **error)
{
    if (options->password_stdin && options->password_fd >= 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("--password-stdin and --password-fd are two ways of the same"));
        return NULL;
    }
    if (options->password_stdin)
        return prc_prompt_read_fd (STDIN_FILENO, error);
    if (options->password_fd >= 0)
        return prc_prompt_read_fd (options->password_fd, error);
    if (!may_ask (options)) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_LOCKED,
            _ ("the password is needed; give it with --password-stdin or --password-fd N"));
        return NULL;
    }
    return prc_prompt_terminal (question, confirm, error);
}

PrcSecret *
prc_cli_read_password (PrcOptions *options, const char *question, GError **error)
{
    return read_password (options, question, FALSE, error);
}

PrcSecret *
prc_cli_read_new_password (PrcOptions *options, const char *question, GError **error)
{
    return read_password (options, question, TRUE, error);
}

char *
prc_cli_read_line (PrcOptions *options, const char *question, const char *otherwise, GError **error)
{
    g_auto (PrcFd) tty = options->no_input ? -1 : open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    g_autoptr (PrcSecret) line = NULL;
    g_autofree char *prompt = g_strconcat (question, ": ", NULL);

    if (tty < 0) {
        g_set_error_literal (error, PRC_ERROR, PRC_ERROR_LOCKED, otherwise);
        return NULL;
    }
    if (!prc_write_all (tty, prompt, strlen (prompt), error))
        return NULL;
    line = prc_prompt_read_fd (tty, error);
    return line != NULL ? g_strdup (prc_secret_text (line)) : NULL;
}
