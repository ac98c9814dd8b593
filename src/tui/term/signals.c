#include "tui/term/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int caught[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH };
static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };

/* Handlers can't be given anything, so there is one set for the process. */
static int pipe_fds[2] = { -1, -1 };

static volatile sig_atomic_t is_unread; /* a signal to end */

static struct {
    int fd;
    char restore[512];
    size_t length;
    struct termios modes;
    gboolean has_modes;
    volatile sig_atomic_t is_armed;
} crash;

/* To a terminal that may have stopped reading. */
static void
restore_without_waiting (void)
{
    int flags = fcntl (crash.fd, F_GETFL);

    crash.is_armed = FALSE;
    (void) fcntl (crash.fd, F_SETFL, flags | O_NONBLOCK);
    (void) !write (crash.fd, crash.restore, crash.length);
    (void) fcntl (crash.fd, F_SETFL, flags); /* the shell has the same */
    if (crash.has_modes)
        (void) tcsetattr (crash.fd, TCSANOW, &crash.modes);
}

static void
signal_came (int number)
{
    int saved = errno;
    char byte = (char) number;

    (void) !write (pipe_fds[1], &byte, 1);
    if (number == SIGTERM || number == SIGHUP) {
        if (is_unread) { /* the main loop is stuck: it waits for the terminal */
            if (crash.is_armed)
                restore_without_waiting ();
            (void) signal (number, SIG_DFL);
            (void) raise (number); /* takes effect when this returns */
        }
        is_unread = TRUE;
    }
    errno = saved;
}

int
prc_signals_open (void)
{
    struct sigaction action = { .sa_handler = signal_came, .sa_flags = SA_RESTART };

    if (pipe_fds[0] < 0 && pipe2 (pipe_fds, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    (void) sigemptyset (&action.sa_mask);
    for (gsize i = 0; i < G_N_ELEMENTS (caught); i++)
        (void) sigaction (caught[i], &action, NULL);
    (void) signal (SIGPIPE, SIG_IGN);
    return pipe_fds[0];
}

int
prc_signals_read (void)
{
    char byte = 0;

    if (read (pipe_fds[0], &byte, 1) != 1)
        return 0;
    if (byte == SIGTERM || byte == SIGHUP)
        is_unread = FALSE; /* what ends now may take its time, however many come */
    return byte;
}

void
prc_signals_close (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (caught); i++)
        (void) signal (caught[i], SIG_DFL);
    for (gsize i = 0; i < G_N_ELEMENTS (fatal); i++)
        (void) signal (fatal[i], SIG_DFL);
}

/* Nothing here but what may be called in a handler: the heap, curses and this program's state can't
 * be trusted. */
static void
crashed (int number)
{
    if (crash.is_armed) {
        crash.is_armed = FALSE;
        (void) !write (crash.fd, crash.restore, crash.length);
        if (crash.has_modes)
            (void) tcsetattr (crash.fd, TCSANOW, &crash.modes);
    }
    (void) raise (number); /* SA_RESETHAND: now with its usual effect */
}

void
prc_crash_prepare (int fd, const char *restore)
{
    static char stack[64 * 1024]; /* an overflow of the stack leaves no room on it */
    stack_t alternative = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action = { .sa_handler = crashed,
                                .sa_flags = SA_RESETHAND | SA_ONSTACK | SA_NODEFER };

    crash.fd = fd;
    crash.length = MIN (strlen (restore), sizeof crash.restore);
    memcpy (crash.restore, restore, crash.length);
    crash.has_modes = tcgetattr (fd, &crash.modes) == 0;
    (void) sigaltstack (&alternative, NULL);
    (void) sigemptyset (&action.sa_mask);
    for (gsize i = 0; i < G_N_ELEMENTS (fatal); i++)
        (void) sigaction (fatal[i], &action, NULL);
}

void
prc_crash_arm (gboolean is_armed)
{
    crash.is_armed = is_armed;
}
