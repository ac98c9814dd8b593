#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "apply/history.h"
#include "apply/transaction.h"
#include "trace.h"
#include "tree.h"

/* Where files can't be exchanged, and where there are no hard links either. */
static const long NO_EXCHANGE[][2] = { { SYS_renameat2, EINVAL }, { -1, 0 } };
static const long NO_LINKS[][2] = { { SYS_renameat2, EINVAL }, { SYS_linkat, EPERM }, { -1, 0 } };

static const struct {
    const char *name;
    const long (*always)[2];
} MODES[] = { { "exchange", NULL }, { "backup link", NO_EXCHANGE }, { "backup rename", NO_LINKS } };

static GPtrArray *
scenario_changes (Tree *tree)
{
    GPtrArray *changes = tree_changes ();
    PrcChange *change;

    change = tree_change (tree, ".npmrc", "proxy=http://new\r\n; no end");
    change->mode = 0600;
    g_ptr_array_add (changes, change);
    g_ptr_array_add (changes,
                     tree_change (tree, ".curlrc", "proxy = new\n# and longer than before"));
    g_ptr_array_add (changes,
                     tree_change (tree, ".config/pip/pip.conf", "[global]\nproxy = new\n"));
    g_ptr_array_add (changes, tree_change (tree, ".removed", NULL));
    change = tree_change (tree, ".netrc", "machine x");
    change->mode = 0600;
    g_ptr_array_add (changes, change);
    change = tree_change (tree, "linked", "short");
    change->in_place = TRUE;
    change->mode = 0600;
    g_ptr_array_add (changes, change);
    return changes;
}

static Tree *
scenario (void)
{
    Tree *tree = tree_new (access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : NULL);
    g_autofree char *first = tree_path (tree, ".curlrc"), *hop = tree_path (tree, ".hop"),
                    *file = tree_path (tree, "linked"), *other = tree_path (tree, "linked2");

    tree_put (tree, ".npmrc", "proxy=http://old\r\n; no end", 0644);
    tree_put (tree, "dotfiles/curlrc", "proxy = old\n", 0640);
    assert_int_equal (symlink (".hop", first), 0);
    assert_int_equal (symlink ("dotfiles/curlrc", hop), 0);
    tree_put (tree, ".removed", "gone", 0600);
    tree_put (tree, ".netrc", "machine x", 0644);
    tree_put (tree, "linked", "a hard link, and long", 0644);
    assert_int_equal (link (file, other), 0);
    tree->changes = scenario_changes (tree);
    return tree;
}

/* What all three are called with; the sealing test changes it. */
static const PrcApplyOptions *with_options;

static int
status_of (gboolean ok, GError *error)
{
    return ok ? 0 : 10 + (error != NULL ? error->code : 99);
}

static int
do_commit (gpointer data)
{
    Tree *tree = data;
    g_autoptr (GError) error = NULL;
    gboolean ok = prc_transaction_commit (tree->state, tree->changes, with_options, NULL, &error);

    return status_of (ok, error);
}

static int
do_undo (gpointer data)
{
    Tree *tree = data;
    g_autoptr (GError) error = NULL;
    gboolean ok = prc_transaction_undo (tree->state, NULL, with_options, NULL, NULL, &error);

    return status_of (ok, error);
}

static int
do_recover (gpointer data)
{
    Tree *tree = data;
    g_autoptr (GError) error = NULL;
    gboolean ok = prc_transaction_recover (tree->state, with_options, NULL, &error);

    if (!ok)
        printf ("# recover: %s\n", error->message);
    return status_of (ok, error);
}

/* Both sides, as tree_list() shows them. */
typedef struct {
    char *before, *after;
} Sides;

static void
sides_init (Sides *sides)
{
    Tree *tree = scenario ();

    sides->before = tree_list (tree);
    assert_int_equal (do_commit (tree), 0);
    sides->after = tree_list (tree);
    assert_string_not_equal (sides->before, sides->after);
    assert_int_equal (do_undo (tree), 0);
    tree_free (tree);
}

static void
sides_clear (Sides *sides)
{
    g_free (sides->before);
    g_free (sides->after);
}

static void
assert_one_side (const Sides *sides, Tree *tree, const char *what, int at)
{
    g_autofree char *now = tree_list (tree);

    if (strcmp (now, sides->before) != 0 && strcmp (now, sides->after) != 0)
        fail_msg ("%s %d: neither old nor new:\n%s\n-- old:\n%s\n-- new:\n%s", what, at, now,
                  sides->before, sides->after);
}

static void
assert_side (const char *side, Tree *tree, const char *what, int at)
{
    g_autofree char *now = tree_list (tree);

    if (strcmp (now, side) != 0)
        fail_msg ("%s %d:\n%s\n-- instead of:\n%s", what, at, now, side);
}

/* Whichever side it is: the next command works, and both can be reached from it. */
static void
assert_goes_on (const Sides *sides, Tree *tree, int at)
{
    g_autofree char *now = tree_list (tree);

    if (strcmp (now, sides->before) == 0)
        assert_int_equal (do_commit (tree), 0);
    assert_int_equal (do_undo (tree), 0);
    assert_side (sides->before, tree, "undone after a kill at", at);
}

static void
kill_everywhere (const Sides *sides, const long (*always)[2], gboolean undo, int first, int step,
                 const char *what)
{
    guint old = 0, new = 0;
    int at = first;

    for (;; at += step) {
        Tree *tree = scenario ();
        Trace trace = TRACE_INIT;
        g_autofree char *now = NULL;

        if (undo)
            assert_int_equal (do_commit (tree), 0);
        trace.kill_at = at;
        trace.always = always;
        if (trace_run (&trace, undo ? do_undo : do_commit, tree) >= 0) {
            assert_false (trace.hit);
            tree_free (tree);
            break;
        }
        assert_int_equal (do_recover (tree), 0);
        assert_one_side (sides, tree, what, at);
        now = tree_list (tree);
        if (strcmp (now, sides->before) == 0)
            old++;
        else
            new ++;
        if (!undo)
            assert_goes_on (sides, tree, at);
        tree_free (tree);
    }
    printf ("# %s: killed up to stop %d: %u times old, %u times new\n", what, at, old, new);
    assert_true (old > 20 && new > 20);
}

static void
commit__killed_at_every_call__all_old_or_all_new (void **state)
{
    Sides sides;
    guint32 seed = prc_test_seed ();

    (void) state;
    if (!trace_supported ())
        skip ();
    sides_init (&sides);
    for (guint i = 0; i < G_N_ELEMENTS (MODES);
         i++) /* every stop; of the rarer modes every other */
        kill_everywhere (&sides, MODES[i].always, FALSE, i == 0 ? 0 : (int) (seed % 2),
                         i == 0 ? 1 : 2, MODES[i].name);
    sides_clear (&sides);
}

static void
undo__killed_at_every_call__all_old_or_all_new (void **state)
{
    Sides sides;

    (void) state;
    if (!trace_supported ())
        skip ();
    sides_init (&sides);
    kill_everywhere (&sides, NULL, TRUE, 0, 1, "undo");
    sides_clear (&sides);
}

/* The number of stops of a whole commit. */
static int
count_stops (const long (*always)[2])
{
    Tree *tree = scenario ();
    Trace trace = TRACE_INIT;

    trace.always = always;
    assert_int_equal (trace_run (&trace, do_commit, tree), 0);
    tree_free (tree);
    return trace.n_stops;
}

static void
kill_recovery_after (const Sides *sides, const long (*always)[2], int first)
{
    for (int at = 0;; at++) {
        Tree *tree = scenario ();
        Trace trace = TRACE_INIT, again = TRACE_INIT;
        gboolean killed;

        trace.kill_at = first;
        trace.always = always;
        (void) trace_run (&trace, do_commit, tree);
        again.kill_at = at;
        again.always = always;
        killed = trace_run (&again, do_recover, tree) < 0;
        assert_int_equal (do_recover (tree), 0);
        assert_one_side (sides, tree, "killed again", at);
        tree_free (tree);
        if (!killed)
            return;
    }
}

static void
recover__killed_at_every_call__recovered_by_the_next (void **state)
{
    g_autoptr (GRand) random = NULL;
    Sides sides;

    (void) state;
    if (!trace_supported ())
        skip ();
    random = g_rand_new_with_seed (prc_test_seed ());
    sides_init (&sides);
    for (guint i = 0; i < G_N_ELEMENTS (MODES); i++) {
        int n = count_stops (MODES[i].always);

        /* The first half finds nothing to recover, or only what was staged. */
        for (guint j = 0; j < prc_test_cases (5); j++)
            kill_recovery_after (&sides, MODES[i].always, g_rand_int_range (random, n / 3, n));
    }
    sides_clear (&sides);
}

/* Somebody writes .npmrc after the crash, as an editor does or as a shell does; either way theirs
 * stays, and all other files are on one side. */
static void
meddle_after (const Sides *sides, int at, gboolean replace, guint *ret_reported)
{
    Tree *tree = scenario ();
    Trace trace = TRACE_INIT;
    g_autofree char *path = tree_path (tree, ".npmrc"), *mine = NULL;
    g_autoptr (PrcRecovery) report = NULL;
    g_autoptr (GError) error = NULL;

    trace.kill_at = at;
    (void) trace_run (&trace, do_commit, tree);
    if (replace)
        (void) unlink (path);
    tree_put (tree, ".npmrc", "mine", 0600);
    assert_true (prc_transaction_recover (tree->state, NULL, &report, &error));
    mine = tree_get (tree, ".npmrc");
    assert_string_equal (mine, "mine");
    if (report != NULL && report->left_alone->len > 0) {
        assert_int_equal (report->left_alone->len, 1);
        assert_string_equal (g_ptr_array_index (report->left_alone, 0), path);
        assert_false (report->finished);
        (*ret_reported)++;
    }
    /* As it was before, the rest shows which side it is. */
    tree_put (tree, ".npmrc", "proxy=http://old\r\n; no end", 0644);
    if (access (path, F_OK) == 0) {
        g_autofree char *now = tree_list (tree);

        if (strcmp (now, sides->before) != 0) {
            tree_put (tree, ".npmrc", "proxy=http://new\r\n; no end", 0600);
            assert_side (sides->after, tree, "somebody wrote after a kill at", at);
        }
    }
    tree_free (tree);
}

static void
recover__file_changed_after_the_crash__left_alone (void **state)
{
    Sides sides;
    guint reported = 0;
    int n;

    (void) state;
    if (!trace_supported ())
        skip ();
    sides_init (&sides);
    n = count_stops (NULL);
    for (int at = n / 4; at < n; at += 2)
        meddle_after (&sides, at, at / 2 % 2 == 0, &reported);
    printf ("# %u times left alone\n", reported);
    assert_true (reported > 5);
    sides_clear (&sides);
}

static GBytes *
invert (GBytes *bytes, const char *context, gpointer user_data, GError **error)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data (bytes, &length);
    guint8 *inverted = g_malloc (length + 1);

    (void) context;
    (void) user_data;
    (void) error;
    for (gsize i = 0; i < length; i++)
        inverted[i] = (guint8) ~data[i];
    return g_bytes_new_take (inverted, length);
}

/* Only a file written in place needs what is sealed to be put back: without the key it waits. */
static void
recover__sealed__needs_the_key_only_for_in_place (void **state)
{
    static const PrcSealer SEALER = { invert, invert, NULL, NULL };
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    guint waited = 0;
    Sides sides;
    int n;

    (void) state;
    if (!trace_supported ())
        skip ();
    options.sealer = &SEALER;
    sides_init (&sides);
    with_options = &options;
    n = count_stops (NULL);
    for (int at = n / 3; at < n; at += 5) {
        Tree *tree = scenario ();
        Trace trace = TRACE_INIT;
        g_autoptr (GError) error = NULL;

        trace.kill_at = at;
        (void) trace_run (&trace, do_commit, tree);
        if (!prc_transaction_recover (tree->state, NULL, NULL, &error)) {
            assert_error (error, PRC_ERROR_LOCKED);
            waited++;
            assert_int_equal (do_recover (tree), 0);
        }
        assert_one_side (&sides, tree, "sealed, killed at", at);
        tree_free (tree);
    }
    with_options = NULL;
    printf ("# %u times it had to wait for the key\n", waited);
    assert_true (waited > 0);
    sides_clear (&sides);
}

/* What a power cut may not reorder: each step durable before the next begins. */
static void
commit__calls__in_the_order_that_makes_it_safe (void **state)
{
    static const struct {
        long call;
        char letter;
    } LETTERS[] = { { SYS_fsync, 's' },    { SYS_renameat, 'j' },  { SYS_renameat2, 'x' },
                    { SYS_unlinkat, 'u' }, { SYS_fallocate, 'i' }, { SYS_sync_file_range, 'w' } };
    Trace trace = TRACE_INIT;
    g_autoptr (GString) order = g_string_new (NULL);
    Tree *tree;

    (void) state;
    if (!trace_supported ())
        skip ();
    tree = scenario ();
    assert_int_equal (do_commit (tree), 0); /* so that the state directory is there */
    assert_int_equal (do_undo (tree), 0);
    trace.calls = g_array_new (FALSE, FALSE, sizeof (long));
    assert_int_equal (trace_run (&trace, do_commit, tree), 0);
    for (guint i = 0; i < trace.calls->len; i++)
        for (guint j = 0; j < G_N_ELEMENTS (LETTERS); j++)
            if (g_array_index (trace.calls, long, i) == LETTERS[j].call)
                g_string_append_c (order, LETTERS[j].letter);
    g_array_unref (trace.calls);
    /* A stale journal is dropped. Journal: synced, named, its directory synced. Three files staged,
     * and only then synced. STGD synced. Four renames (a removal is a plain one), a mode and an
     * in-place write, each synced. Four directories synced. DONE synced. Then the tidying up. */
    assert_string_equal (order->str, "u"
                                     "sjs"
                                     "wwwsss"
                                     "s"
                                     "xxxj"
                                     "s"
                                     "is"
                                     "ssss"
                                     "s"
                                     "uuuuuuuu"
                                     "j");
    tree_free (tree);
}

/* A journal with one byte changed, or cut off anywhere: an error and no crash, or, where what is
 * damaged is only the end, a rollback. */
static void
recover__journal_damaged__said_and_set_aside (void **state)
{
    g_autofree char *journal = NULL, *bytes = NULL;
    g_autoptr (GRand) random = g_rand_new_with_seed (prc_test_seed ());
    gsize length = 0;
    guint damaged = 0, other = 0;
    Tree *tree;
    Trace trace = TRACE_INIT;

    (void) state;
    if (!trace_supported ())
        skip ();
    tree = scenario ();
    journal = g_build_filename (tree->dir, "state", "proxyrc", "journal", NULL);
    trace.kill_at = count_stops (NULL) * 3 / 4;
    (void) trace_run (&trace, do_commit, tree);
    assert_true (g_file_get_contents (journal, &bytes, &length, NULL));
    for (guint i = 0; i < prc_test_cases (400); i++) {
        g_autofree char *copy = g_memdup2 (bytes, length);
        gsize at = (gsize) g_rand_int_range (random, 0, (gint32) length), size = length;
        g_autoptr (GError) error = NULL;

        if (i % 2 == 0)
            copy[at] = (char) (copy[at] ^ (1 << g_rand_int_range (random, 0, 8)));
        else
            size = at;
        assert_true (g_file_set_contents (journal, copy, (gssize) size, NULL));
        if (prc_transaction_recover (tree->state, NULL, NULL, &error))
            other++;
        else if (g_error_matches (error, PRC_ERROR, PRC_ERROR_INPUT)) {
            assert_non_null (strstr (error->message, "damaged"));
            assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
            damaged++;
        } else {
            assert_error (error, PRC_ERROR_UNSUPPORTED); /* its version number */
            assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));
        }
    }
    printf ("# %u damaged, %u only their end\n", damaged, other);
    assert_true (damaged > other);
    tree_free (tree);
}

static void
recover__journal_is_no_file__said_and_set_aside (void **state)
{
    Tree *tree = tree_new (NULL);
    g_autofree char *journal = g_build_filename (tree->dir, "state", "proxyrc", "journal", NULL);

    (void) state;
    g_free (tree_commit_one (tree, tree_change (tree, "f", "1")));
    for (guint i = 0; i < 3; i++) {
        g_autoptr (GError) error = NULL;

        assert_int_equal (i == 0   ? mkfifo (journal, 0600)
                          : i == 1 ? symlink (journal, journal)
                                   : symlink ("/nowhere/else", journal),
                          0);
        assert_false (prc_transaction_recover (tree->state, NULL, NULL, &error));
        assert_error (error, PRC_ERROR_INPUT);
        assert_non_null (strstr (error->message, "damaged"));
        g_clear_error (&error);
        assert_true (prc_transaction_recover (tree->state, NULL, NULL, &error));
    }
    tree_free (tree);
}

/* How many calls a whole run makes. */
static int
count_calls (const long (*always)[2], gboolean undo)
{
    Tree *tree = scenario ();
    Trace trace = TRACE_INIT;

    if (undo)
        assert_int_equal (do_commit (tree), 0);
    trace.always = always;
    assert_int_equal (trace_run (&trace, undo ? do_undo : do_commit, tree), 0);
    tree_free (tree);
    return trace.n_calls;
}

static void
fail_one (const Sides *sides, const long (*always)[2], gboolean undo, int at, int number)
{
    const char *from = undo ? sides->after : sides->before,
               *to = undo ? sides->before : sides->after;
    Tree *tree = scenario ();
    Trace trace = TRACE_INIT;
    g_autofree char *what = NULL;
    int status;

    if (undo)
        assert_int_equal (do_commit (tree), 0);
    trace.fail_at = at;
    trace.fail_errno = number;
    trace.always = always;
    status = trace_run (&trace, undo ? do_undo : do_commit, tree);
    what = g_strdup_printf ("%s (call %ld fails with %s, exit %d), call", undo ? "undo" : "commit",
                            trace.hit_call, g_strerror (number), status);
    if (status == 0) {
        /* What could not be tidied up is, by the next start. */
        assert_int_equal (do_recover (tree), 0);
        assert_side (to, tree, what, at);
    } else {
        if (status < 10)
            fail_msg ("%s %d", what, at);
        /* Rolled back at once; only if that is what failed, by the next start. */
        assert_int_equal (do_recover (tree), 0);
        assert_side (from, tree, what, at);
    }
    tree_free (tree);
}

static void
commit__each_call_fails__all_old_or_success (void **state)
{
    static const int ERRORS[] = { ENOSPC, EIO, EACCES, EROFS, EINTR };
    Sides sides;

    (void) state;
    if (!trace_supported ())
        skip ();
    sides_init (&sides);
    for (guint i = 0; i < G_N_ELEMENTS (MODES); i++) {
        int n = count_calls (MODES[i].always, FALSE);

        printf ("# %s: %d calls\n", MODES[i].name, n);
        for (int at = 0; at < n; at++)
            for (guint j = 0; j < G_N_ELEMENTS (ERRORS); j++)
                if (i == 0 || (at + (int) j) % (int) G_N_ELEMENTS (ERRORS) == 0)
                    fail_one (&sides, MODES[i].always, FALSE, at, ERRORS[j]);
    }
    sides_clear (&sides);
}

static void
undo__each_call_fails__all_old_or_success (void **state)
{
    static const int ERRORS[] = { ENOSPC, EIO };
    Sides sides;
    int n;

    (void) state;
    if (!trace_supported ())
        skip ();
    sides_init (&sides);
    n = count_calls (NULL, TRUE);
    for (int at = 0; at < n; at++)
        fail_one (&sides, NULL, TRUE, at, ERRORS[at % 2]);
    sides_clear (&sides);
}

static void
commit__disk_dies_at_every_call__recovered_later (void **state)
{
    Sides sides;

    (void) state;
    if (!trace_supported ())
        skip ();
    sides_init (&sides);
    for (guint i = 0; i < G_N_ELEMENTS (MODES); i++) {
        int n = count_calls (MODES[i].always, FALSE);

        for (int at = 0; at < n; at++) {
            Tree *tree = scenario ();
            Trace trace = TRACE_INIT;
            int status;

            trace.fail_at = at;
            trace.fail_errno = EIO;
            trace.fail_rest = TRUE;
            trace.always = MODES[i].always;
            status = trace_run (&trace, do_commit, tree);
            assert_int_equal (do_recover (tree), 0);
            assert_side (status == 0 ? sides.after : sides.before, tree, "disk dies at", at);
            tree_free (tree);
        }
    }
    sides_clear (&sides);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (commit__killed_at_every_call__all_old_or_all_new),
        cmocka_unit_test (undo__killed_at_every_call__all_old_or_all_new),
        cmocka_unit_test (recover__killed_at_every_call__recovered_by_the_next),
        cmocka_unit_test (recover__file_changed_after_the_crash__left_alone),
        cmocka_unit_test (recover__sealed__needs_the_key_only_for_in_place),
        cmocka_unit_test (recover__journal_damaged__said_and_set_aside),
        cmocka_unit_test (recover__journal_is_no_file__said_and_set_aside),
        cmocka_unit_test (commit__calls__in_the_order_that_makes_it_safe),
        cmocka_unit_test (commit__each_call_fails__all_old_or_success),
        cmocka_unit_test (undo__each_call_fails__all_old_or_success),
        cmocka_unit_test (commit__disk_dies_at_every_call__recovered_later),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
