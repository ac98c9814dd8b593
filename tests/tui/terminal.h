/* terminal.h - the real program in a pseudo-terminal, whose screen is kept by libvterm */
#pragma once
#include <glib.h>
#include <sys/types.h>

typedef struct _TestTerm TestTerm;

/**
 * test_term_new:
 * @argv: NULL-terminated; its first word is a path or found in PATH
 * @environment: NULL-terminated "NAME=VALUE", all of it
 */
TestTerm *test_term_new (int width, int height, const char *const *argv,
                         const char *const *environment);
/** test_term_free: ends the program if it still runs. */
void test_term_free (TestTerm *term);
pid_t test_term_pid (const TestTerm *term);

void test_term_send (TestTerm *term, const char *bytes);
void test_term_resize (TestTerm *term, int width, int height);
/** test_term_resize_blindly: what comes is not looked at until the next test_term_resize(): the
 * library crashes in sizes that the program must stand. */
void test_term_resize_blindly (TestTerm *term, int width, int height);
/** test_term_hang_up: closes our end, as a window that goes away does. */
void test_term_hang_up (TestTerm *term);

/** test_term_read: what comes within @ms is shown; returns how many bytes came. */
gsize test_term_read (TestTerm *term, guint ms);
/** test_term_wait: until @text is on the screen; fails with the screen after a minute. */
void test_term_wait (TestTerm *term, const char *text);
void test_term_wait_gone (TestTerm *term, const char *text);
/** test_term_wait_end: until the program has ended; its wait status. */
int test_term_wait_end (TestTerm *term);
gboolean test_term_has_ended (TestTerm *term);

/** test_term_text: (transfer full): the screen, without blanks at the ends of lines. */
char *test_term_text (TestTerm *term);
/** test_term_svg: (transfer full): the screen as a picture. */
char *test_term_svg (TestTerm *term);
/** test_term_find: the cell where @text begins. */
gboolean test_term_find (TestTerm *term, const char *text, int *ret_x, int *ret_y);
gboolean test_term_cursor (const TestTerm *term, int *ret_x, int *ret_y);
/** test_term_bytes: (transfer none): all that has come. */
const GString *test_term_bytes (const TestTerm *term);

/** test_term_assert_restored: modes of the line and of the terminal are as they were at the start.
 */
void test_term_assert_restored (TestTerm *term);
