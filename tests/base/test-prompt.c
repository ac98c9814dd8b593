#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/prompt.h"

/* From a descriptor */

static int
pipe_with (const char *bytes, gsize length)
{
    int ends[2];

    assert_int_equal (pipe (ends), 0);
    assert_int_equal (fcntl (ends[1], F_SETPIPE_SZ, 1 << 18) >= 0, 1);
    assert_int_equal (write (ends[1], bytes, length), length);
    close (ends[1]);
    return ends[0];
}

static void
read_fd__lines__without_their_end (void **state)
{
    static const struct {
        const char *given, *expected; /* NULL: refused */
    } rows[] = {
        { "secret\n", "secret" },
        { "secret", "secret" },
        { "secret\r\n", "secret" },
        { "secret\r", "secret" },
        { "se\rcret\r\r\n", "se\rcret\r" },
        { " blanks \t\n", " blanks \t" },
        { "\n", "" },
        { "\r\n", "" },
        { "", NULL },
        { "first\nsecond\n", "first" },
        { "\xFF\xC3\n", "\xFF\xC3" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        int fd = pipe_with (rows[i].given, strlen (rows[i].given));
        g_autoptr (PrcSecret) secret = prc_prompt_read_fd (fd, &error);

        close (fd);
        if (rows[i].expected == NULL) {
            assert_null (secret);
            assert_error (error, PRC_ERROR_INPUT);
            continue;
        }
        assert_no_error (error);
        assert_string_equal (prc_secret_text (secret), rows[i].expected);
        assert_int_equal (prc_secret_length (secret), strlen (rows[i].expected));
    }
}

static void
read_fd__two_lines__two_calls (void **state)
{
    g_autoptr (GError) error = NULL;
    int fd = pipe_with ("first\nsecond", 12);
    g_autoptr (PrcSecret) first = prc_prompt_read_fd (fd, &error);
    g_autoptr (PrcSecret) second = prc_prompt_read_fd (fd, &error);
    g_autoptr (PrcSecret) third = prc_prompt_read_fd (fd, NULL);

    (void) state;
    close (fd);
    assert_no_error (error);
    assert_string_equal (prc_secret_text (first), "first");
    assert_string_equal (prc_secret_text (second), "second");
    assert_null (third);
}

static void
read_fd__nul_byte__refused_without_quoting (void **state)
{
    g_autoptr (GError) error = NULL;
    int fd = pipe_with ("hidden\0tail\n", 12);
    g_autoptr (PrcSecret) secret = prc_prompt_read_fd (fd, &error);

    (void) state;
    close (fd);
    assert_null (secret);
    assert_error (error, PRC_ERROR_INPUT);
    assert_null (strstr (error->message, "hidden"));
}

static void
read_fd__length_limit__exact (void **state)
{
    g_autofree char *bytes = g_malloc (PRC_PROMPT_LENGTH_MAX + 2);

    (void) state;
    for (gsize over = 0; over <= 1; over++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcSecret) secret = NULL;
        int fd = -1;

        memset (bytes, 'x', PRC_PROMPT_LENGTH_MAX + over);
        bytes[PRC_PROMPT_LENGTH_MAX + over] = '\n';
        fd = pipe_with (bytes, PRC_PROMPT_LENGTH_MAX + over + 1);
        secret = prc_prompt_read_fd (fd, &error);
        close (fd);
        if (over == 0) {
            assert_no_error (error);
            assert_int_equal (prc_secret_length (secret), PRC_PROMPT_LENGTH_MAX);
        } else {
            assert_null (secret);
            assert_error (error, PRC_ERROR_INPUT);
        }
    }
}

static void
read_fd__not_open__error (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcSecret) secret = prc_prompt_read_fd (-1, &error);

    (void) state;
    assert_null (secret);
    assert_error (error, PRC_ERROR_INPUT);
}

static void
read_file__modes__only_private_ones (void **state)
{
    static const struct {
        mode_t mode;
        gboolean good;
    } rows[] = {
        { 0600, TRUE },  { 0400, TRUE },  { 0700, TRUE },  { 0640, FALSE },
        { 0604, FALSE }, { 0620, FALSE }, { 0602, FALSE }, { 0644, FALSE },
    };
    char *dir = prc_test_dir_new ();
    g_autofree char *path = g_build_filename (dir, "pass phrase", NULL);

    (void) state;
    assert_true (g_file_set_contents (path, "hidden\nmore\n", -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcSecret) secret = NULL;

        assert_int_equal (chmod (path, rows[i].mode), 0);
        secret = prc_prompt_read_file (path, &error);
        if (rows[i].good) {
            assert_no_error (error);
            assert_string_equal (prc_secret_text (secret), "hidden");
            continue;
        }
        assert_null (secret);
        assert_error (error, PRC_ERROR_INPUT);
        assert_non_null (strstr (error->message, "chmod 600 '"));
        assert_null (strstr (error->message, "hidden"));
    }
    prc_test_dir_remove (dir);
}

static void
read_file__absent_or_directory__error_with_path (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *absent = g_build_filename (dir, "absent", NULL);
    const char *const paths[] = { absent, dir };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcSecret) secret = prc_prompt_read_file (paths[i], &error);

        assert_null (secret);
        assert_error (error, PRC_ERROR_INPUT);
        assert_true (g_str_has_prefix (error->message, paths[i]));
    }
    prc_test_dir_remove (dir);
}

static void
read_file__pipe__read_as_it_is (void **state)
{
    g_autoptr (GError) error = NULL;
    int fd = pipe_with ("from a pipe\n", 12);
    g_autofree char *path = g_strdup_printf ("/dev/fd/%d", fd);
    g_autoptr (PrcSecret) secret = prc_prompt_read_file (path, &error);

    (void) state;
    close (fd);
    assert_no_error (error);
    assert_string_equal (prc_secret_text (secret), "from a pipe");
}

/* From a person: a child with a pseudo-terminal of its own, which this process types into. What the
 * child got comes back through a pipe, so that it does not mix with what the terminal shows. */

typedef struct {
    int terminal, result;
    pid_t child;
    GString *screen;
} Session;

enum { EXIT_SECRET = 0, EXIT_BASE = 40 }; /* else EXIT_BASE + error code */

static void
on_signal (int number)
{
    (void) number;
}

static void
run_child (int result, gboolean confirm, int handled, int ignored)
{
    g_autoptr (GError) error = NULL;
    PrcSecret *secret = NULL;

    if (handled != 0)
        (void) signal (handled, on_signal);
    if (ignored != 0)
        (void) signal (ignored, SIG_IGN);
    secret = prc_prompt_terminal ("Pass\x1B[2Jphrase", confirm, &error);
    if (secret == NULL)
        _exit (EXIT_BASE + error->code);
    if (write (result, prc_secret_text (secret), prc_secret_length (secret)) < 0)
        _exit (1);
    _exit (EXIT_SECRET);
}

static void
session_start (Session *session, gboolean confirm, int handled, int ignored)
{
    int ends[2];

    assert_int_equal (pipe2 (ends, O_CLOEXEC), 0);
    fflush (NULL);
    session->screen = g_string_new (NULL);
    session->child = forkpty (&session->terminal, NULL, NULL, NULL);
    assert_true (session->child >= 0);
    if (session->child == 0)
        run_child (ends[1], confirm, handled, ignored);
    close (ends[1]);
    session->result = ends[0];
}

/* Reads what the terminal shows until @text has been seen @times. */
static void
expect (Session *session, const char *text, guint times)
{
    gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

    while (g_get_monotonic_time () < deadline) {
        struct pollfd fd = { session->terminal, POLLIN, 0 };
        guint seen = 0;
        char buffer[512];
        gssize n = 0;

        for (const char *p = session->screen->str; (p = strstr (p, text)) != NULL; p++)
            seen++;
        if (seen >= times)
            return;
        if (poll (&fd, 1, 100) <= 0)
            continue;
        n = read (session->terminal, buffer, sizeof buffer);
        if (n <= 0)
            break;
        g_string_append_len (session->screen, buffer, n);
    }
    fail_msg ("the terminal never showed \"%s\" %u times", text, times);
}

static void
type (Session *session, const char *text)
{
    assert_int_equal (write (session->terminal, text, strlen (text)), strlen (text));
}

static gboolean
echo_is_on (const Session *session)
{
    struct termios now;

    assert_int_equal (tcgetattr (session->terminal, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

static void
wait_for_echo (const Session *session, gboolean wanted)
{
    for (guint i = 0; i < 2000 && echo_is_on (session) != wanted; i++)
        g_usleep (5000);
    assert_int_equal (echo_is_on (session), wanted);
}

/* Bounded, and draining the terminal: a child that can't write would never end. */
static int
wait_for_end (Session *session)
{
    int status = 0;

    for (guint i = 0; i < 4000; i++) {
        struct pollfd fd = { session->terminal, POLLIN, 0 };
        char buffer[512];

        if (waitpid (session->child, &status, WNOHANG) == session->child)
            return status;
        if (poll (&fd, 1, 5) > 0 && (fd.revents & POLLIN) != 0) {
            gssize n = read (session->terminal, buffer, sizeof buffer);

            if (n > 0)
                g_string_append_len (session->screen, buffer, n);
        } else {
            /* POLLHUP comes at once: the terminal is closed before the process is gone. */
            g_usleep (5000);
        }
    }
    (void) kill (session->child, SIGKILL);
    (void) waitpid (session->child, &status, 0);
    fail_msg ("the prompt did not end; the terminal showed: %s", session->screen->str);
    return status;
}

static void
session_end (Session *session)
{
    close (session->terminal);
    close (session->result);
    g_string_free (session->screen, TRUE);
}

static void
assert_result (Session *session, const char *expected)
{
    g_autofree char *buffer = g_malloc0 (8192);
    int status = wait_for_end (session);

    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), EXIT_SECRET);
    assert_true (read (session->result, buffer, 8191) >= 0);
    assert_string_equal (buffer, expected);
}

static void
assert_failed (Session *session, PrcError code)
{
    int status = wait_for_end (session);

    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), EXIT_BASE + (int) code);
}

static void
terminal__answer__taken_and_not_shown (void **state)
{
    Session session;

    (void) state;
    session_start (&session, FALSE, 0, 0);
    expect (&session, "phrase: ", 1);
    assert_false (echo_is_on (&session));
    type (&session, "hush \xC3\xBC hush\n");
    assert_result (&session, "hush \xC3\xBC hush");
    assert_null (strstr (session.screen->str, "hush"));
    assert_null (strchr (session.screen->str, '\x1B'));
    assert_true (echo_is_on (&session));
    session_end (&session);
}

static void
terminal__erase_key__edits_the_line (void **state)
{
    Session session;

    (void) state;
    session_start (&session, FALSE, 0, 0);
    expect (&session, "phrase: ", 1);
    type (&session, "abX\x7F"
                    "c\n");
    assert_result (&session, "abc");
    session_end (&session);
}

static void
terminal__empty_line__empty_secret (void **state)
{
    Session session;

    (void) state;
    session_start (&session, FALSE, 0, 0);
    expect (&session, "phrase: ", 1);
    type (&session, "\n");
    assert_result (&session, "");
    session_end (&session);
}

static void
terminal__end_of_file__cancelled (void **state)
{
    Session session;

    (void) state;
    session_start (&session, FALSE, 0, 0);
    expect (&session, "phrase: ", 1);
    type (&session, "\x04");
    assert_failed (&session, PRC_ERROR_CANCELLED);
    assert_true (echo_is_on (&session));
    session_end (&session);
}

static void
terminal__confirmed__asks_twice (void **state)
{
    Session session;

    (void) state;
    session_start (&session, TRUE, 0, 0);
    expect (&session, "phrase: ", 1);
    type (&session, "same\n");
    expect (&session, "again: ", 1);
    assert_false (echo_is_on (&session));
    type (&session, "same\n");
    assert_result (&session, "same");
    session_end (&session);
}

static void
terminal__typed_ahead_confirmation__both_lines_count (void **state)
{
    Session session;

    (void) state;
    session_start (&session, TRUE, 0, 0);
    expect (&session, "phrase: ", 1);
    type (&session, "same\nsame\n");
    assert_result (&session, "same");
    session_end (&session);
}

static void
terminal__confirmation_differs_once__asked_anew (void **state)
{
    Session session;

    (void) state;
    session_start (&session, TRUE, 0, 0);
    expect (&session, "phrase: ", 1);
    type (&session, "one\n");
    expect (&session, "again: ", 1);
    type (&session, "tother\n");
    expect (&session, "differ", 1);
    expect (&session, "phrase: ", 2);
    type (&session, "three\n");
    expect (&session, "again: ", 2);
    type (&session, "three\n");
    assert_result (&session, "three");
    session_end (&session);
}

static void
terminal__confirmation_always_differs__refused (void **state)
{
    Session session;

    (void) state;
    session_start (&session, TRUE, 0, 0);
    for (guint i = 1; i <= 3; i++) {
        expect (&session, "phrase: ", i);
        type (&session, "one\n");
        expect (&session, "again: ", i);
        type (&session, "tother\n");
    }
    assert_failed (&session, PRC_ERROR_INPUT);
    assert_true (echo_is_on (&session));
    assert_null (strstr (session.screen->str, "tother"));
    session_end (&session);
}

static void
terminal__line_as_long_as_possible__exact_or_refused (void **state)
{
    static const struct {
        gsize length;
        gboolean good;
    } rows[] = {
        { 4000, TRUE }, { 4093, TRUE }, { 4094, FALSE }, { 4095, FALSE }, { 5000, FALSE }
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *text = g_strnfill (rows[i].length, 'x');
        Session session;

        session_start (&session, FALSE, 0, 0);
        expect (&session, "phrase: ", 1);
        for (gsize at = 0; at < rows[i].length; at += 500) {
            g_autofree char *part = g_strndup (text + at, 500);

            type (&session, part);
            g_usleep (2000);
        }
        type (&session, "\n");
        if (rows[i].good)
            assert_result (&session, text);
        else
            assert_failed (&session, PRC_ERROR_INPUT);
        session_end (&session);
    }
}

static void
terminal__signals__echo_restored_and_effect_kept (void **state)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
        Session session;
        int status = 0;

        session_start (&session, FALSE, 0, 0);
        expect (&session, "phrase: ", 1);
        assert_false (echo_is_on (&session));
        type (&session, "half a pass");
        (void) kill (session.child, numbers[i]);
        status = wait_for_end (&session);
        assert_true (WIFSIGNALED (status));
        assert_int_equal (WTERMSIG (status), numbers[i]);
        assert_true (echo_is_on (&session));
        assert_null (strstr (session.screen->str, "half"));
        session_end (&session);
    }
}

static void
terminal__interrupt_key__ends_the_process (void **state)
{
    Session session;
    int status = 0;

    (void) state;
    session_start (&session, FALSE, 0, 0);
    expect (&session, "phrase: ", 1);
    type (&session, "half\x03");
    status = wait_for_end (&session);
    assert_true (WIFSIGNALED (status));
    assert_int_equal (WTERMSIG (status), SIGINT);
    assert_true (echo_is_on (&session));
    session_end (&session);
}

static void
terminal__handler_of_the_caller__cancelled (void **state)
{
    Session session;

    (void) state;
    session_start (&session, FALSE, SIGINT, 0);
    expect (&session, "phrase: ", 1);
    (void) kill (session.child, SIGINT);
    assert_failed (&session, PRC_ERROR_CANCELLED);
    assert_true (echo_is_on (&session));
    session_end (&session);
}

static void
terminal__ignored_signal__stays_ignored (void **state)
{
    Session session;

    (void) state;
    session_start (&session, FALSE, 0, SIGHUP);
    expect (&session, "phrase: ", 1);
    (void) kill (session.child, SIGHUP);
    g_usleep (50000);
    type (&session, "still here\n");
    assert_result (&session, "still here");
    session_end (&session);
}

/* The session leader's own group is orphaned, and the kernel discards SIGTSTP there: so it is a
 * grandchild that is stopped, as under a shell. */
static void
run_job (int result)
{
    pid_t job = fork ();
    int status = 0;

    if (job == 0) {
        (void) setpgid (0, 0);
        run_child (result, FALSE, 0, 0);
    }
    (void) setpgid (job, job);
    (void) signal (SIGTTOU, SIG_IGN);
    (void) tcsetpgrp (0, job);
    (void) waitpid (job, &status, WUNTRACED);
    if (!WIFSTOPPED (status) || WSTOPSIG (status) != SIGTSTP)
        _exit (2);
    /* As a shell would: takes the terminal back, says so, and later gives it to the job again. */
    (void) tcsetpgrp (0, getpid ());
    (void) !write (1, "STOPPED\n", 8);
    (void) !read (0, &(char){ 0 }, 1);
    (void) tcsetpgrp (0, job);
    (void) kill (job, SIGCONT);
    (void) waitpid (job, &status, 0);
    _exit (WIFEXITED (status) ? WEXITSTATUS (status) : 3);
}

static void
terminal__stopped_and_continued__restored_then_asked_again (void **state)
{
    Session session = { .screen = g_string_new (NULL) };
    int ends[2];

    (void) state;
    assert_int_equal (pipe2 (ends, O_CLOEXEC), 0);
    fflush (NULL);
    session.child = forkpty (&session.terminal, NULL, NULL, NULL);
    assert_true (session.child >= 0);
    if (session.child == 0)
        run_job (ends[1]);
    close (ends[1]);
    session.result = ends[0];

    expect (&session, "phrase: ", 1);
    wait_for_echo (&session, FALSE);
    type (&session, "half\x1A");
    expect (&session, "STOPPED", 1);
    assert_true (echo_is_on (&session));
    type (&session, "\n");
    expect (&session, "phrase: ", 2);
    wait_for_echo (&session, FALSE);
    type (&session, "whole\n");
    assert_result (&session, "whole");
    assert_true (echo_is_on (&session));
    assert_null (strstr (session.screen->str, "half"));
    session_end (&session);
}

static void
terminal__none__locked (void **state)
{
    pid_t child = 0;
    int status = 0;

    (void) state;
    fflush (NULL);
    child = fork ();
    if (child == 0) {
        g_autoptr (GError) error = NULL;

        (void) setsid ();
        if (prc_prompt_terminal ("x", FALSE, &error) != NULL)
            _exit (0);
        _exit (EXIT_BASE + error->code);
    }
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), EXIT_BASE + PRC_ERROR_LOCKED);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (read_fd__lines__without_their_end),
    cmocka_unit_test (read_fd__two_lines__two_calls),
    cmocka_unit_test (read_fd__nul_byte__refused_without_quoting),
    cmocka_unit_test (read_fd__length_limit__exact),
    cmocka_unit_test (read_fd__not_open__error),
    cmocka_unit_test (read_file__modes__only_private_ones),
    cmocka_unit_test (read_file__absent_or_directory__error_with_path),
    cmocka_unit_test (read_file__pipe__read_as_it_is),
    cmocka_unit_test (terminal__answer__taken_and_not_shown),
    cmocka_unit_test (terminal__erase_key__edits_the_line),
    cmocka_unit_test (terminal__empty_line__empty_secret),
    cmocka_unit_test (terminal__end_of_file__cancelled),
    cmocka_unit_test (terminal__confirmed__asks_twice),
    cmocka_unit_test (terminal__typed_ahead_confirmation__both_lines_count),
    cmocka_unit_test (terminal__confirmation_differs_once__asked_anew),
    cmocka_unit_test (terminal__confirmation_always_differs__refused),
    cmocka_unit_test (terminal__line_as_long_as_possible__exact_or_refused),
    cmocka_unit_test (terminal__signals__echo_restored_and_effect_kept),
    cmocka_unit_test (terminal__interrupt_key__ends_the_process),
    cmocka_unit_test (terminal__handler_of_the_caller__cancelled),
    cmocka_unit_test (terminal__ignored_signal__stays_ignored),
    cmocka_unit_test (terminal__stopped_and_continued__restored_then_asked_again),
    cmocka_unit_test (terminal__none__locked),
};

int
main (void)
{
    static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };

    /* a shell without job control, and nohup, leave some ignored for what they start */
    for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
        (void) signal (signals[i], SIG_DFL);
    return cmocka_run_group_tests (tests, NULL, NULL);
}
