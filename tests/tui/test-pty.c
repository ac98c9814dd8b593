/* test-pty.c - the real program in a terminal: what it leaves behind however it ends, and what it
 * does meanwhile */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "terminal.h"

typedef struct {
    char *home;
    GPtrArray *environment;
    TestTerm *term; /* (nullable) */
} Fixture;

static void
put (const Fixture *f, const char *path, const char *text)
{
    g_autofree char *full = g_build_filename (f->home, path, NULL);
    g_autofree char *folder = g_path_get_dirname (full);

    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    assert_true (
        g_file_set_contents_full (full, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void
set (const Fixture *f, const char *name, const char *value)
{
    gsize length = strlen (name);

    for (guint i = 0; i < f->environment->len; i++) {
        const char *entry = g_ptr_array_index (f->environment, i);

        if (strncmp (entry, name, length) == 0 && entry[length] == '=') {
            g_ptr_array_remove_index (f->environment, i);
            break;
        }
    }
    if (value != NULL)
        g_ptr_array_add (f->environment, g_strconcat (name, "=", value, NULL));
}

static int
setup (void **state)
{
    Fixture *f = g_new0 (Fixture, 1);

    f->home = prc_test_dir_new ();
    f->environment = g_ptr_array_new_with_free_func (g_free);
    set (f, "HOME", f->home);
    set (f, "PATH", g_getenv ("PATH"));
    set (f, "TERM", "xterm-256color");
    set (f, "LC_ALL", "C.UTF-8");
    set (f, "SHELL", "/bin/bash");
    set (f, "PROXYRC_TOOLS_DIR", PRC_TEST_TOOLS_DIR);
    set (f, "ASAN_OPTIONS",
         g_getenv ("ASAN_OPTIONS") != NULL ? g_getenv ("ASAN_OPTIONS")
                                           : "detect_leaks=0:handle_segv=2:handle_abort=2");
    put (f, ".gitconfig", "[user]\n\tname = J\n[http]\n\tproxy = http://old.example:8080\n");
    put (f, ".npmrc", "proxy=http://u:s3cret@日本.example:8080\n");
    put (f, ".config/proxyrc/proxyrc.cfg",
         "profiles = ( { name = \"office\"; http = \"http://proxy.example:3128\"; } );\nactive = "
         "\"office\";\n");
    *state = f;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *f = *state;

    if (f->term != NULL)
        test_term_free (f->term);
    prc_test_dir_remove (f->home);
    g_ptr_array_unref (f->environment);
    g_free (f);
    return 0;
}

static void
start_argv (Fixture *f, int width, int height, const char *const *argv)
{
    g_ptr_array_add (f->environment, NULL);
    f->term = test_term_new (width, height, argv, (const char *const *) f->environment->pdata);
    g_ptr_array_remove_index (f->environment, f->environment->len - 1);
}

static void
start (Fixture *f, int width, int height)
{
    const char *argv[] = { PRC_TEST_TUI, NULL };

    start_argv (f, width, height, argv);
}

static void
pty__quit__terminal_as_before (void **state)
{
    Fixture *f = *state;
    int status = 0;

    start (f, 80, 24);
    test_term_wait (f->term, "office");
    test_term_wait (f->term, "~/.gitconfig:4");
    test_term_send (f->term, "q");
    status = test_term_wait_end (f->term);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), 0);
    test_term_assert_restored (f->term);
    assert_null (strstr (test_term_bytes (f->term)->str, "s3cret"));
}

static void
pty__any_signal__terminal_as_before (void **state)
{
    static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV,
                                   SIGABRT, SIGBUS, SIGFPE, SIGILL };

    teardown (state);
    for (gsize i = 0; i < G_N_ELEMENTS (signals); i++) {
        Fixture *f = NULL;
        int status = 0;

        (void) setup (state);
        f = *state;
        set (f, "ASAN_OPTIONS",
             "detect_leaks=0:handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_"
             "sigill=0");
        start (f, 80, 24);
        test_term_wait (f->term, "~/.gitconfig:4");
        assert_int_equal (kill (test_term_pid (f->term), signals[i]), 0);
        status = test_term_wait_end (f->term);
        if (!WIFSIGNALED (status) || WTERMSIG (status) != signals[i])
            fail_msg ("signal %d: the status is %x", signals[i], (guint) status);
        test_term_assert_restored (f->term);
        if (i + 1 < G_N_ELEMENTS (signals))
            teardown (state);
    }
}

/* A window whose other end hangs reads nothing more: the first signal is not enough then. */
static void
pty__terminal_does_not_read__second_signal_ends (void **state)
{
    Fixture *f = *state;
    g_autoptr (GString) text = g_string_new (NULL);
    siginfo_t info = { 0 };

    for (int i = 0; i < 500; i++)
        g_string_append_printf (text, "[http \"https://h%d.example\"]\n\tproxy = http://p%d:1\n", i,
                                i);
    put (f, ".gitconfig", text->str);
    start (f, 150, 50);
    test_term_wait (f->term, "~/.gitconfig:4");
    for (int i = 0; i < 100; i++) {
        test_term_send (f->term, i % 2 == 0 ? "G" : "g");
        g_usleep (10000);
    }
    assert_int_equal (kill (test_term_pid (f->term), SIGTERM), 0);
    g_usleep (100000); /* so that they are two */
    (void) kill (test_term_pid (f->term), SIGTERM);
    for (int i = 0; i < 600 && info.si_pid == 0; i++) {
        assert_int_equal (
            waitid (P_PID, (id_t) test_term_pid (f->term), &info, WEXITED | WNOHANG | WNOWAIT), 0);
        g_usleep (100000);
    }
    assert_int_equal (info.si_pid, test_term_pid (f->term));
    assert_int_equal (info.si_status, SIGTERM);
}

static void
pty__window_closed__ends (void **state)
{
    Fixture *f = *state;

    start (f, 80, 24);
    test_term_wait (f->term, "office");
    test_term_hang_up (f->term);
    (void) test_term_wait_end (f->term);
}

static void
pty__resize_storm__same_screen_afterwards (void **state)
{
    Fixture *f = *state;
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (300);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    start (f, 80, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    (void) test_term_read (f->term, 500);
    before = test_term_text (f->term);
    for (guint i = 0; i < cases; i++) {
        test_term_resize_blindly (f->term, i % 10 == 0 ? 1 : g_rand_int_range (rand, 1, 200),
                                  i % 10 == 0 ? 1 : g_rand_int_range (rand, 1, 60));
        if (i % 5 == 0)
            (void) test_term_read (f->term, 5);
    }
    assert_false (test_term_has_ended (f->term));
    (void) test_term_read (f->term, 300);
    test_term_resize (f->term, 12, 3);
    test_term_wait (f->term, "12×3");
    test_term_resize (f->term, 80, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    (void) test_term_read (f->term, 500);
    after = test_term_text (f->term);
    assert_string_equal (after, before);
}

static void
pty__paste__never_keys (void **state)
{
    Fixture *f = *state;

    start (f, 80, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    test_term_send (f->term, "\033[200~q:quit\rq\033[A\003\033[201~");
    test_term_wait (f->term, "never taken for keys");
    test_term_send (f->term, "/");
    test_term_send (f->term, "\033[200~gitconfig\033[201~\r");
    test_term_wait_gone (f->term, "never taken for keys");
    assert_false (test_term_has_ended (f->term));
}

static void
pty__mouse__click_wheel_and_hints (void **state)
{
    Fixture *f = *state;
    g_autofree char *click = NULL;
    int x = 0, y = 0, cursor_x = 0, cursor_y = 0;

    start (f, 100, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    assert_true (test_term_find (f->term, "~/.gitconfig:4", &x, &y));
    click = g_strdup_printf ("\033[<0;%d;%dM\033[<0;%d;%dm", x + 1, y + 1, x + 1, y + 1);
    test_term_send (f->term, click);
    for (int i = 0; i < 600 && cursor_y != y; i++) {
        (void) test_term_read (f->term, 100);
        assert_true (
            test_term_cursor (f->term, &cursor_x, &cursor_y)); /* visible, on the selected row */
    }
    assert_int_equal (cursor_y, y);
    assert_true (test_term_find (f->term, "? help", &x, &y));
    g_free (click);
    click = g_strdup_printf ("\033[<0;%d;%dM", x + 1, y + 1);
    test_term_send (f->term, click);
    test_term_wait (f->term, "proxyrc  Help");
    test_term_send (f->term, "\033[<65;5;5M\033[<65;5;5M\033[<65;5;5M\033[<65;5;5M\033[<65;5;"
                             "5M\033[<65;5;5M\033[<65;5;5M");
    test_term_wait_gone (f->term, "What this is for");
    test_term_send (f->term, "\033");
    test_term_wait (f->term, "Overview");
}

static void
pty__suspend_and_fg__comes_back (void **state)
{
    Fixture *f = *state;
    const char *argv[] = { "bash", "--norc", "--noprofile", "-i", NULL };
    g_autofree char *bash = prc_test_tool ("bash");

    if (bash == NULL)
        skip ();
    set (f, "PS1", "READY> ");
    start_argv (f, 80, 24, argv);
    test_term_wait (f->term, "READY>");
    test_term_send (f->term, PRC_TEST_TUI "\n");
    test_term_wait (f->term, "~/.gitconfig:4");
    for (int i = 0; i < 3; i++) {
        test_term_send (f->term, "\x1a");
        test_term_wait (f->term, "Stopped");
        test_term_send (f->term,
                        "stty -a | grep -c -- ' icanon'\n"); /* the shell has its terminal back */
        test_term_wait (f->term, "\n1\n");
        test_term_send (f->term, "fg\n");
        test_term_wait (f->term, "~/.gitconfig:4");
        test_term_wait_gone (f->term, "Stopped");
    }
    test_term_send (f->term, "q");
    test_term_wait (f->term, "READY>");
    test_term_send (f->term, "exit\n");
    (void) test_term_wait_end (f->term);
    test_term_assert_restored (f->term);
}

/* Ticks of CPU time that the program has used. */
static gulong
cpu_ticks (pid_t pid)
{
    g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
    g_autofree char *text = NULL;
    gulong user = 0, system = 0;

    assert_true (g_file_get_contents (path, &text, NULL, NULL));
    assert_int_equal (sscanf (strrchr (text, ')') + 1,
                              " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                              &system),
                      2);
    return user + system;
}

static void
pty__idle__not_a_byte_nor_a_tick (void **state)
{
    Fixture *f = *state;
    gulong before = 0;

    start (f, 80, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    (void) test_term_read (f->term, 1500); /* what watching has begun may still come */
    before = cpu_ticks (test_term_pid (f->term));
    assert_int_equal (test_term_read (f->term, 5000), 0);
    assert_int_equal (cpu_ticks (test_term_pid (f->term)), before);
}

static void
pty__file_changes__screen_follows (void **state)
{
    Fixture *f = *state;

    start (f, 80, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    put (f, ".gitconfig", "[http]\n\tproxy = http://changed.example:1\n");
    test_term_wait (f->term, "changed.example");
    put (f, ".curlrc", "proxy = http://brand-new.example:1\n");
    test_term_wait (f->term, "~/.curlrc:1");
}

static void
pty__editor__at_the_line_and_back (void **state)
{
    Fixture *f = *state;
    g_autofree char *script = g_build_filename (f->home, "edit.sh", NULL);
    g_autofree char *command = g_strdup_printf ("%s --wait", script);

    put (f, "edit.sh",
         "#!/bin/sh\necho \"editing: $*\"; sleep 1; echo '[http]' >\"$3\"; echo '\tproxy = "
         "http://edited:1' >>\"$3\"\n");
    assert_int_equal (chmod (script, 0700), 0);
    set (f, "EDITOR", command);
    start (f, 80, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    test_term_send (f->term, "/gitconfig\rv");
    test_term_wait (f->term, "editing: --wait +4 ");
    test_term_wait (f->term, "http://edited:1");
    test_term_send (f->term, "q");
    assert_int_equal (test_term_wait_end (f->term), 0);
    test_term_assert_restored (f->term);
}

static void
pty__remedy__runs_in_the_terminal (void **state)
{
    Fixture *f = *state;
    g_autofree char *path = g_build_filename (f->home, ".npmrc", NULL);
    struct stat st;

    assert_int_equal (chmod (path, 0644), 0);
    start (f, 100, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    test_term_send (f->term, "D");
    test_term_wait (f->term, "others can read it");
    test_term_send (f->term, "/others can\rm");
    test_term_wait (f->term, "Run this command?");
    test_term_send (f->term, "y");
    test_term_wait (f->term, "$ chmod");
    test_term_wait (f->term, "[Enter goes back to proxyrc]");
    assert_int_equal (stat (path, &st), 0);
    assert_int_equal (st.st_mode & 07777, 0600);
    test_term_send (f->term, "\r");
    test_term_wait (f->term, "proxyrc  Doctor");
    test_term_send (f->term, "\003");
    assert_int_equal (test_term_wait_end (f->term), 0);
    test_term_assert_restored (f->term);
}

static void
pty__no_color__no_colour_but_marks (void **state)
{
    Fixture *f = *state;

    set (f, "NO_COLOR", "1");
    start (f, 80, 24);
    test_term_wait (f->term, "! differs");
    (void) test_term_read (f->term, 300);
    assert_false (g_regex_match_simple ("\033\\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7])[;0-9]*m",
                                        test_term_bytes (f->term)->str, G_REGEX_RAW, 0));
}

static void
pty__joined_emoji__no_columns_are_lost (void **state)
{
    Fixture *f = *state;
    const GString *bytes = NULL;
    int x = 0, y = 0;

    put (f, ".curlrc", "proxy = http://👨\u200d👩\u200d👧.❤\ufe0f.example:1\n");
    start (f, 100, 24);
    test_term_wait (f->term, "👨👩👧.❤.example:1");
    bytes = test_term_bytes (f->term);
    assert_null (strstr (bytes->str, "\u200d"));
    assert_null (strstr (bytes->str, "\ufe0f"));
    assert_true (test_term_find (f->term, "example:1", &x, &y));
}

static void
pty__ascii_locale__ascii_only (void **state)
{
    Fixture *f = *state;
    const GString *bytes = NULL;

    set (f, "LC_ALL", "C");
    start (f, 80, 24);
    test_term_wait (f->term, "! differs");
    test_term_wait (
        f->term,
        "??.example"); /* what it can't show is a question mark for each column, or fewer */
    bytes = test_term_bytes (f->term);
    for (gsize i = 0; i < bytes->len; i++)
        assert_true ((guchar) bytes->str[i] < 0x80);
}

static void
pty__dumb_terminal__says_so (void **state)
{
    Fixture *f = *state;
    int status = 0;

    set (f, "TERM", "dumb");
    start (f, 80, 24);
    status = test_term_wait_end (f->term);
    assert_true (WIFEXITED (status) && WEXITSTATUS (status) != 0);
    assert_non_null (strstr (test_term_bytes (f->term)->str, "can't show a full screen"));
    test_term_assert_restored (f->term);
}

static void
pty__proxyrc_alone__is_the_face (void **state)
{
    Fixture *f = *state;
    const char *argv[] = { PRC_TEST_PROXYRC, "--home", f->home, NULL };

    start_argv (f, 80, 24, argv);
    test_term_wait (f->term, "~/.gitconfig:4");
    test_term_send (f->term, "q");
    assert_int_equal (test_term_wait_end (f->term), 0);
    test_term_assert_restored (f->term);
}

static void
pty__no_terminal__usage_and_2 (void **state)
{
    Fixture *f = *state;
    const char *alone[] = { PRC_TEST_PROXYRC, NULL };
    const char *with_home[] = { PRC_TEST_PROXYRC, "--home", f->home, NULL };
    const char *face[] = { PRC_TEST_TUI, NULL };
    const char *const *all[] = { alone, with_home, face };

    for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
        g_autoptr (GBytes) out = NULL;
        g_autoptr (GBytes) err = NULL;

        assert_int_equal (prc_test_run (all[i], NULL, NULL, NULL, &out, &err), 2);
        assert_int_equal (g_bytes_get_size (out), 0);
        assert_true (g_bytes_get_size (err) > 0);
    }
}

static void
pty__any_keys__alive_and_restored (void **state)
{
    Fixture *f = *state;
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    int status = 0;
    guint cases = prc_test_cases (3000);
    static const char *const likely[] = { "\033[A",
                                          "\033[B",
                                          "\033[C",
                                          "\033[D",
                                          "\r",
                                          "\033",
                                          "\t",
                                          "/",
                                          ":",
                                          "f",
                                          "z",
                                          "a",
                                          "e",
                                          "p",
                                          "H",
                                          "?",
                                          "i",
                                          "P",
                                          "L",
                                          "R",
                                          "\033[5~",
                                          "\033[6~",
                                          "G",
                                          "g",
                                          "o",
                                          " ",
                                          "n",
                                          "*",
                                          "\x7f",
                                          "\x0c",
                                          "+",
                                          "D",
                                          "\033[200~pasted\ntext\033[201~",
                                          "\033[<0;10;10M",
                                          "\033[<65;4;4M",
                                          "\xc3\xa4" };

    set (f, "EDITOR", "true");
    start (f, 80, 24);
    test_term_wait (f->term, "~/.gitconfig:4");
    for (guint i = 0; i < cases; i++) {
        char byte[2] = { (char) g_rand_int_range (rand, 1, 256), '\0' };
        const char *keys = g_rand_int_range (rand, 0, 4) > 0
                               ? likely[g_rand_int_range (rand, 0, G_N_ELEMENTS (likely))]
                               : byte;

        if (strchr ("q\003\021\032\034wyFu", *keys) !=
            NULL) /* what leaves, stops, writes or sends */
            continue;
        test_term_send (f->term, keys);
        if (i % 50 == 0)
            test_term_resize_blindly (f->term, g_rand_int_range (rand, 1, 150),
                                      g_rand_int_range (rand, 1, 50));
        if (i % 10 == 0)
            (void) test_term_read (f->term, 2);
        if (test_term_has_ended (f->term))
            break; /* the list of commands has one for quitting */
    }
    if (!test_term_has_ended (f->term)) {
        test_term_resize (f->term, 80, 24);
        (void) test_term_read (f->term, 300);
        assert_int_equal (kill (test_term_pid (f->term), SIGTERM), 0);
        status = test_term_wait_end (f->term);
        if (!WIFSIGNALED (status) || WTERMSIG (status) != SIGTERM)
            fail_msg ("the status is %x:\n%s", (guint) status, test_term_bytes (f->term)->str);
    } else {
        status = test_term_wait_end (f->term);
        if (status != 0)
            fail_msg ("the status is %x:\n%s", (guint) status, test_term_bytes (f->term)->str);
    }
    test_term_assert_restored (f->term);
}

int
main (void)
{
#define PTY_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        PTY_TEST (pty__quit__terminal_as_before),
        PTY_TEST (pty__any_signal__terminal_as_before),
        PTY_TEST (pty__terminal_does_not_read__second_signal_ends),
        PTY_TEST (pty__window_closed__ends),
        PTY_TEST (pty__resize_storm__same_screen_afterwards),
        PTY_TEST (pty__paste__never_keys),
        PTY_TEST (pty__mouse__click_wheel_and_hints),
        PTY_TEST (pty__suspend_and_fg__comes_back),
        PTY_TEST (pty__idle__not_a_byte_nor_a_tick),
        PTY_TEST (pty__file_changes__screen_follows),
        PTY_TEST (pty__editor__at_the_line_and_back),
        PTY_TEST (pty__remedy__runs_in_the_terminal),
        PTY_TEST (pty__no_color__no_colour_but_marks),
        PTY_TEST (pty__joined_emoji__no_columns_are_lost),
        PTY_TEST (pty__ascii_locale__ascii_only),
        PTY_TEST (pty__dumb_terminal__says_so),
        PTY_TEST (pty__proxyrc_alone__is_the_face),
        PTY_TEST (pty__no_terminal__usage_and_2),
        PTY_TEST (pty__any_keys__alive_and_restored),
    };

    cmocka_set_test_filter (g_getenv ("PRC_TEST_FILTER"));
    return cmocka_run_group_tests (tests, NULL, NULL);
}
