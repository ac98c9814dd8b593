#include "base/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/text.h"

#define PAIRS_MAX 3
/* A terminal in canonical mode keeps 4095 bytes of a line and drops the rest: termios(3). One that
 * is full may be one that was cut. */
#define TTY_LINE_MAX 4094u

/* From a descriptor */

/* The length of the line in @buffer, or -1. Byte by byte: what follows belongs to someone else. */
static gssize
read_line (int fd, char *buffer, gsize room, GError **error)
{
    gsize length = 0;
    gssize n = 0;

    for (;;) {
        char c = '\0';

        n = read (fd, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || c == '\n')
            break;
        if (c == '\0' || length == room) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         c == '\0' ? _ ("a NUL byte: this can't be a password")
                                   : _ ("longer than any password"));
            return -1;
        }
        buffer[length++] = c;
    }
    if (n < 0 || (n == 0 && length == 0)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("cannot read the password: %s"),
                     n < 0 ? g_strerror (errno) : _ ("nothing is there"));
        return -1;
    }
    return (gssize) (length > 0 && buffer[length - 1] == '\r' ? length - 1 : length);
}

PrcSecret *
prc_prompt_read_fd (int fd, GError **error)
{
    char *buffer = g_malloc (PRC_PROMPT_LENGTH_MAX);
    gssize length = read_line (fd, buffer, PRC_PROMPT_LENGTH_MAX, error);
    PrcSecret *secret = length >= 0 ? prc_secret_new (buffer, (gsize) length) : NULL;

    explicit_bzero (buffer, length >= 0 ? (gsize) length : PRC_PROMPT_LENGTH_MAX);
    g_free (buffer);
    return secret;
}

static gboolean
check_private (const struct stat *st, const char *path, GError **error)
{
    g_autofree char *quoted = g_shell_quote (path);

    if (!S_ISREG (st->st_mode))
        return TRUE;
    if (st->st_uid != geteuid () && st->st_uid != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("%s: belongs to another user"), path);
        return FALSE;
    }
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_INPUT,
            _ ("%s: others may read or write it, and it holds a password; run: chmod 600 %s"), path,
            quoted);
        return FALSE;
    }
    return TRUE;
}

PrcSecret *
prc_prompt_read_file (const char *path, GError **error)
{
    g_auto (PrcFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    PrcSecret *secret = NULL;
    struct stat st;

    if (fd < 0 || fstat (fd, &st) < 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "%s: %s", path, g_strerror (errno));
        return NULL;
    }
    if (!check_private (&st, path, error))
        return NULL;
    secret = prc_prompt_read_fd (fd, error);
    if (secret == NULL)
        g_prefix_error (error, "%s: ", path);
    return secret;
}

/* From a person
 *
 * While the echo is off, the signals that would end or stop the process come in through a
 * descriptor beside the terminal's: nothing runs in a signal handler, and there is no moment in
 * which one could slip through between looking and waiting. */

typedef struct {
    PrcFd tty, signals;
    struct termios before;
    sigset_t mask_before;
} Prompt;

static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT };

/* An ignored signal (nohup) must stay without effect, and a blocked one is the caller's affair. */
static void
choose_signals (const sigset_t *blocked, sigset_t *ret_set)
{
    sigemptyset (ret_set);
    for (gsize i = 0; i < G_N_ELEMENTS (watched); i++) {
        struct sigaction action;

        if (sigaction (watched[i], NULL, &action) == 0 &&
            (watched[i] == SIGCONT || action.sa_handler != SIG_IGN) &&
            sigismember (blocked, watched[i]) == 0)
            sigaddset (ret_set, watched[i]);
    }
}

static void
set_echo_off (const Prompt *prompt, int when)
{
    struct termios quiet = prompt->before;

    quiet.c_lflag &= ~(tcflag_t) (ECHO | ECHOE | ECHOK | ECHONL);
    quiet.c_lflag |= ICANON | ISIG;
    while (tcsetattr (prompt->tty, when, &quiet) < 0 && errno == EINTR)
        ;
}

static void
restore_echo (const Prompt *prompt, int when)
{
    while (tcsetattr (prompt->tty, when, &prompt->before) < 0 && errno == EINTR)
        ;
}

static void
say (const Prompt *prompt, const char *text)
{
    /* A terminal that is gone shows in the read that follows. */
    (void) prc_write_all (prompt->tty, text, strlen (text), NULL);
}

static gboolean
prompt_open (Prompt *prompt, GError **error)
{
    sigset_t chosen;

    *prompt = (Prompt){ .tty = open ("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC), .signals = -1 };
    if (prompt->tty < 0 || tcgetattr (prompt->tty, &prompt->before) < 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, _ ("there is no terminal to ask on"));
        prc_fd_clear (&prompt->tty);
        return FALSE;
    }
    (void) pthread_sigmask (SIG_BLOCK, NULL, &prompt->mask_before);
    choose_signals (&prompt->mask_before, &chosen);
    (void) pthread_sigmask (SIG_BLOCK, &chosen, NULL);
    prompt->signals = signalfd (-1, &chosen, SFD_CLOEXEC | SFD_NONBLOCK);
    return TRUE;
}

static void
prompt_close (Prompt *prompt)
{
    restore_echo (prompt, TCSADRAIN);
    (void) pthread_sigmask (SIG_SETMASK, &prompt->mask_before, NULL);
    prc_fd_clear (&prompt->signals);
    prc_fd_clear (&prompt->tty);
}

typedef enum {
    HEARD_NOTHING,
    HEARD_CONTINUE, /* ask again: the terminal was someone else's meanwhile */
    HEARD_SIGNAL,   /* the caller's own handler has dealt with it: give up */
} Heard;

/* Lets a signal have the effect that it has without us, with the terminal as it was. */
static Heard
pass_on (Prompt *prompt, int number)
{
    sigset_t one, all;

    if (number == SIGCONT)
        return HEARD_CONTINUE;
    say (prompt, "\n");
    /* What was typed and not read is half a password: not for the shell's history. */
    restore_echo (prompt, TCSAFLUSH);
    sigemptyset (&one);
    sigaddset (&one, number);
    (void) kill (getpid (), number);
    (void) pthread_sigmask (SIG_UNBLOCK, &one, &all);
    (void) pthread_sigmask (SIG_SETMASK, &all, NULL);
    return number == SIGTSTP ? HEARD_CONTINUE : HEARD_SIGNAL;
}

static Heard
hear (Prompt *prompt)
{
    struct signalfd_siginfo info;
    gboolean stopped = FALSE;

    while (read (prompt->signals, &info, sizeof info) == (gssize) sizeof info) {
        Heard heard = pass_on (prompt, (int) info.ssi_signo);

        if (heard == HEARD_SIGNAL)
            return heard;
        stopped = TRUE;
    }
    return stopped ? HEARD_CONTINUE : HEARD_NOTHING;
}

/* Waits until there is something to read from the terminal. */
static gboolean
wait_for_input (Prompt *prompt, const char *question, GError **error)
{
    struct pollfd fds[] = { { prompt->tty, POLLIN, 0 }, { prompt->signals, POLLIN, 0 } };

    for (;;) {
        if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("cannot wait for the terminal: %s"),
                         g_strerror (errno));
            return FALSE;
        }
        switch (hear (prompt)) {
        case HEARD_SIGNAL:
            g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("interrupted"));
            return FALSE;
        case HEARD_CONTINUE:
            set_echo_off (prompt, TCSAFLUSH);
            say (prompt, question);
            continue;
        case HEARD_NOTHING:
        default:
            break;
        }
        if (fds[0].revents != 0)
            return TRUE;
    }
}

/* One line into @buffer; its length, or -1. */
static gssize
read_answer (Prompt *prompt, const char *question, char *buffer, gsize room, GError **error)
{
    gsize length = 0;

    for (;;) {
        gssize n = 0;

        if (!wait_for_input (prompt, question, error))
            return -1;
        n = read (prompt->tty, buffer + length, room - length);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("nothing was entered"));
            return -1;
        }
        length += (gsize) n;
        if (buffer[length - 1] == '\n' && length <= TTY_LINE_MAX)
            break;
        if (length >= TTY_LINE_MAX) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         _ ("too long for a terminal; give it on a descriptor instead"));
            return -1;
        }
    }
    if (memchr (buffer, '\0', length) != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("a NUL byte: this can't be a password"));
        return -1;
    }
    return (gssize) length - 1;
}

static PrcSecret *
ask_once (Prompt *prompt, const char *question, GError **error)
{
    char buffer[TTY_LINE_MAX + 2];
    PrcSecret *secret = NULL;
    gssize length = 0;

    say (prompt, question);
    length = read_answer (prompt, question, buffer, sizeof buffer, error);
    if (length >= 0)
        secret = prc_secret_new (buffer, (gsize) length);
    explicit_bzero (buffer, sizeof buffer);
    /* The user's own newline was not shown. */
    say (prompt, "\n");
    return secret;
}

static PrcSecret *
ask_twice (Prompt *prompt, const char *question, GError **error)
{
    for (guint i = 0; i < PAIRS_MAX; i++) {
        g_autoptr (PrcSecret) first = ask_once (prompt, question, error);
        g_autoptr (PrcSecret) second = NULL;

        if (first != NULL)
            /* Translators: the password is typed behind it; the blank at the end stays */
            second = ask_once (prompt, _ ("The same again: "), error);
        if (second == NULL)
            return NULL;
        if (prc_secret_equal (first, second))
            return g_steal_pointer (&first);
        say (prompt, _ ("These two differ.\n"));
    }
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("the two entries differ"));
    return NULL;
}

PrcSecret *
prc_prompt_terminal (const char *question, gboolean confirm, GError **error)
{
    g_autofree char *printable = prc_text_printable (question);
    g_autofree char *shown = g_strconcat (printable, ": ", NULL);
    PrcSecret *secret = NULL;
    Prompt prompt;

    if (!prompt_open (&prompt, error))
        return NULL;
    set_echo_off (&prompt, TCSAFLUSH);
    secret = confirm ? ask_twice (&prompt, shown, error) : ask_once (&prompt, shown, error);
    prompt_close (&prompt);
    return secret;
}
