/* Several processes at once. */
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/transaction.h"
#include "tree.h"

#define WORKERS 4

static PrcChange *
with_line (const Tree *tree, const char *name, const char *line)
{
    g_autofree char *now = tree_get (tree, name), *text = g_strconcat (now, line, NULL),
                    *path = tree_path (tree, name);
    g_autoptr (GBytes) old_bytes = g_bytes_new (now, strlen (now)),
                       new_bytes = g_bytes_new (text, strlen (text));

    return prc_change_new (path, old_bytes, new_bytes);
}

/* Adds a line to both files; again when somebody else was faster. */
static gboolean
add_line (const Tree *tree, const char *line)
{
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;

    options.wait_ms = 20000;
    for (guint tries = 0; tries < 10000; tries++) {
        g_autoptr (GPtrArray) changes = tree_changes ();
        g_autoptr (GError) error = NULL;

        if (!prc_transaction_recover (tree->state, &options, NULL, &error))
            return FALSE;
        g_ptr_array_add (changes, with_line (tree, "a", line));
        g_ptr_array_add (changes, with_line (tree, "sub/b", line));
        if (prc_transaction_commit (tree->state, changes, &options, NULL, &error))
            return TRUE;
        if (!g_error_matches (error, PRC_ERROR, PRC_ERROR_CHANGED)) {
            fprintf (stderr, "# %s\n", error->message);
            return FALSE;
        }
    }
    return FALSE;
}

static int
work (const Tree *tree, guint worker, guint lines)
{
    for (guint i = 0; i < lines; i++) {
        g_autofree char *line = g_strdup_printf ("%u-%u\n", worker, i);

        if (!add_line (tree, line))
            return 1;
    }
    return 0;
}

static pid_t
start (const Tree *tree, guint worker, guint lines)
{
    pid_t child;

    fflush (NULL);
    child = fork ();
    if (child == 0)
        _exit (work (tree, worker, lines));
    assert_true (child > 0);
    return child;
}

static Tree *
crowd_tree (void)
{
    Tree *tree = tree_new (access ("/dev/shm", W_OK) == 0 ? "/dev/shm" : NULL);

    tree_put (tree, "a", "", 0600);
    tree_put (tree, "sub/b", "", 0600);
    return tree;
}

static void
commit__several_processes__no_line_lost (void **state)
{
    Tree *tree = crowd_tree ();
    g_autofree char *a = NULL, *b = NULL;
    guint lines = prc_test_cases (25);
    pid_t children[WORKERS];

    (void) state;
    for (guint i = 0; i < WORKERS; i++)
        children[i] = start (tree, i, lines);
    for (guint i = 0; i < WORKERS; i++) {
        int status = 0;

        assert_int_equal (waitpid (children[i], &status, 0), children[i]);
        assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
    }
    a = tree_get (tree, "a");
    b = tree_get (tree, "sub/b");
    assert_string_equal (a, b);
    for (guint i = 0; i < WORKERS; i++)
        for (guint j = 0; j < lines; j++) {
            g_autofree char *line = g_strdup_printf ("%u-%u\n", i, j);

            assert_non_null (strstr (a, line));
        }
    tree_free (tree);
}

static void
commit__processes_killed_at_random__files_agree (void **state)
{
    g_autoptr (GRand) random = g_rand_new_with_seed (prc_test_seed ());
    Tree *tree = crowd_tree ();
    pid_t children[WORKERS];
    guint rounds = prc_test_cases (200);
    g_autofree char *a = NULL, *b = NULL, *list = NULL;
    g_autoptr (GError) error = NULL;

    (void) state;
    for (guint i = 0; i < WORKERS; i++)
        children[i] = start (tree, i, 1000);
    for (guint round = 0; round < rounds; round++) {
        guint one = (guint) g_rand_int_range (random, 0, WORKERS);
        int status = 0;

        g_usleep ((gulong) g_rand_int_range (random, 100, 5000));
        kill (children[one], SIGKILL);
        assert_int_equal (waitpid (children[one], &status, 0), children[one]);
        if (WIFEXITED (status)) /* it came to an end by itself: then without an error */
            assert_int_equal (WEXITSTATUS (status), 0);
        children[one] = start (tree, WORKERS + round, 1000);
    }
    for (guint i = 0; i < WORKERS; i++) {
        kill (children[i], SIGKILL);
        (void) waitpid (children[i], NULL, 0);
    }
    assert_true (prc_transaction_recover (tree->state, NULL, NULL, &error));
    a = tree_get (tree, "a");
    b = tree_get (tree, "sub/b");
    assert_string_equal (a, b);
    assert_true (strlen (a) > 100);
    list = tree_list (tree);
    assert_null (strstr (list, ".proxyrc-"));
    assert_null (strstr (list, "journal"));
    tree_free (tree);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (commit__several_processes__no_line_lost),
        cmocka_unit_test (commit__processes_killed_at_random__files_agree),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
