/* test.h - what every test program includes; cmocka needs these before it */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "base/error.h"

/** assert_no_error: shows the message, not just that there is one. */
#define assert_no_error(error)                                                                     \
    do {                                                                                           \
        if ((error) != NULL)                                                                       \
            fail_msg ("unexpected error: %s", (error)->message);                                   \
    } while (0)

/** assert_error: that @error is a #PRC_ERROR with this code. */
#define assert_error(error, prc_code)                                                              \
    do {                                                                                           \
        assert_non_null (error);                                                                   \
        if (!g_error_matches ((error), PRC_ERROR, (prc_code)))                                     \
            fail_msg ("another error than " #prc_code ": %s", (error)->message);                   \
    } while (0)

/** prc_test_seed: from PRC_TEST_SEED, else from the clock; printed, so that a failure can be repeated. */
guint32 prc_test_seed (void);
/** prc_test_cases: how many generated cases: PRC_TEST_CASES, else @normal. */
guint prc_test_cases (guint normal);
/** prc_test_work: what this thread has computed so far, in microseconds of its own: to tell linear from quadratic, with
 * bounds far from both, whatever else the machine does meanwhile. */
gint64 prc_test_work (void);
/** prc_test_run: runs @argv (NULL-terminated) with @envp (NULL: inherited) and @input on stdin (NULL: none);
 * (transfer full) stdout and stderr (either may be NULL: dropped), with a NUL behind them. Returns the exit status, -1 when killed. */
int prc_test_run (const char *const *argv, char *const *envp, const char *dir, GBytes *input, GBytes **ret_out,
                  GBytes **ret_err);
/** prc_test_tool: the path of a program that the test needs, or NULL after printing why it is skipped. */
char *prc_test_tool (const char *name);
/** prc_test_dir: a new empty 0700 directory for this test, and its removal, with all that is in it. */
char *prc_test_dir_new (void);
void prc_test_dir_remove (char *dir);
