/* editor.c - $EDITOR on a file, with the terminal to itself */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"
#include "tui/term/term.h"

static const char *
editor_command (void)
{
    const char *names[] = { "VISUAL", "EDITOR" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        const char *value = g_getenv (names[i]);

        if (value != NULL && *value != '\0')
            return value;
    }
    return "vi";
}

/* As git and others do: the value is a piece of shell, which may have options in it; what we add is
 * not. */
static pid_t
start_editor (const char *path, guint line)
{
    g_autofree char *script = g_strdup_printf ("%s \"$@\"", editor_command ());
    g_autofree char *at = g_strdup_printf ("+%u", line);
    char *const argv[] = { (char *) "sh",
                           (char *) "-c",
                           script,
                           (char *) "sh",
                           line > 0 ? at : (char *) path,
                           line > 0 ? (char *) path : NULL,
                           NULL };
    pid_t child = fork ();

    if (child == 0) {
        (void) signal (SIGINT, SIG_DFL);
        (void) signal (SIGQUIT, SIG_DFL);
        (void) signal (SIGPIPE, SIG_DFL);
        (void) execv ("/bin/sh", argv);
        _exit (127);
    }
    return child;
}

gboolean
prc_term_run_editor (PrcTerm *term, const char *path, guint line, GError **error)
{
    struct sigaction ignored = { .sa_handler = SIG_IGN }, usual = { .sa_handler = SIG_DFL };
    struct sigaction old_int, old_quit, old_stop;
    pid_t child = 0;
    int status = 0;

    prc_term_leave (term);
    (void) sigaction (SIGINT, &ignored, &old_int); /* Ctrl-C there is for the editor */
    (void) sigaction (SIGQUIT, &ignored, &old_quit);
    (void) sigaction (SIGTSTP, &usual, &old_stop);
    child = start_editor (path, line);
    while (child > 0 && waitpid (child, &status, 0) < 0 && errno == EINTR)
        ;
    (void) sigaction (SIGINT, &old_int, NULL);
    (void) sigaction (SIGQUIT, &old_quit, NULL);
    (void) sigaction (SIGTSTP, &old_stop, NULL);
    prc_term_enter (term);
    if (child < 0 || !WIFEXITED (status) || WEXITSTATUS (status) == 127) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("the editor “%s” could not be run; set EDITOR"), editor_command ());
        return FALSE;
    }
    return TRUE;
}
