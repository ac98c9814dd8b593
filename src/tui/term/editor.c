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

/* @words: NULL-terminated: those of "sh -c". */
static pid_t
start_shell (char *const *words)
{
    pid_t child = fork ();

    if (child == 0) {
        (void) signal (SIGINT, SIG_DFL);
        (void) signal (SIGQUIT, SIG_DFL);
        (void) signal (SIGPIPE, SIG_DFL);
        (void) signal (SIGXFSZ, SIG_DFL);
        (void) execv ("/bin/sh", words);
        _exit (127);
    }
    return child;
}

/* With the terminal to itself. Ctrl-C there is for the program; Ctrl-Z stops it and us. */
static gboolean
run_shell (PrcTerm *term, char *const *words)
{
    struct sigaction ignored = { .sa_handler = SIG_IGN }, usual = { .sa_handler = SIG_DFL };
    struct sigaction old_int, old_quit, old_stop;
    pid_t child = 0;
    int status = 0;

    prc_term_leave (term);
    (void) sigaction (SIGINT, &ignored, &old_int);
    (void) sigaction (SIGQUIT, &ignored, &old_quit);
    (void) sigaction (SIGTSTP, &usual, &old_stop);
    child = start_shell (words);
    while (child > 0 && waitpid (child, &status, 0) < 0 && errno == EINTR)
        ;
    (void) sigaction (SIGINT, &old_int, NULL);
    (void) sigaction (SIGQUIT, &old_quit, NULL);
    (void) sigaction (SIGTSTP, &old_stop, NULL);
    prc_term_enter (term);
    return child > 0 && WIFEXITED (status) && WEXITSTATUS (status) != 127;
}

/* As git and others do: EDITOR is a piece of shell, which may have options in it; what we add is
 * not. */
gboolean
prc_term_run_editor (PrcTerm *term, const char *path, guint line, GError **error)
{
    g_autofree char *script = g_strdup_printf ("%s \"$@\"", editor_command ());
    g_autofree char *at = g_strdup_printf ("+%u", line);
    char *const words[] = { (char *) "sh",
                            (char *) "-c",
                            script,
                            (char *) "sh",
                            line > 0 ? at : (char *) path,
                            line > 0 ? (char *) path : NULL,
                            NULL };

    if (run_shell (term, words))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                 _ ("the editor “%s” could not be run; set EDITOR"), editor_command ());
    return FALSE;
}

gboolean
prc_term_run_command (PrcTerm *term, const char *command, GError **error)
{
    /* whatever it ends with, what it has said can be read */
    static const char script[] =
        "printf '$ %s\\n' \"$1\"; sh -c \"$1\"; printf '\\n%s' \"$2\"; read -r _";
    char *const words[] = {
        (char *) "sh", (char *) "-c",    (char *) script,
        (char *) "sh", (char *) command, (char *) _ ("[Enter goes back to proxyrc] "),
        NULL
    };

    if (run_shell (term, words))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("no shell could be run"));
    return FALSE;
}
