#include "test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/history.h"
#include "apply/transaction.h"
#include "tree.h"

static int
setup (void **state)
{
    *state = tree_new (NULL);
    return 0;
}

static int
teardown (void **state)
{
    tree_free (*state);
    return 0;
}

static char *
commit (Tree *tree, GPtrArray *changes)
{
    g_autoptr (GError) error = NULL;
    char *id = NULL;

    prc_transaction_commit (tree->state, changes, NULL, &id, &error);
    assert_no_error (error);
    return id;
}

static void
assert_file (Tree *tree, const char *name, const char *content)
{
    g_autofree char *now = tree_get (tree, name);

    if (content == NULL)
        assert_null (now);
    else
        assert_string_equal (now != NULL ? now : "(absent)", content);
}

static void
commit__edit_create_remove__all_done (void **state)
{
    Tree *tree = *state;
    g_autoptr (GPtrArray) changes = tree_changes ();
    g_autofree char *id = NULL, *before = NULL, *after = NULL, *undo_id = NULL;
    g_autoptr (GError) error = NULL;

    tree_put (tree, ".npmrc", "proxy=old", 0640);
    tree_put (tree, ".curlrc", "x\r\n", 0600);
    before = tree_list (tree);
    g_ptr_array_add (changes, tree_change (tree, ".npmrc", "proxy=new"));
    g_ptr_array_add (changes, tree_change (tree, ".curlrc", NULL));
    g_ptr_array_add (changes, tree_change (tree, ".config/pip/pip.conf", "[global]\n"));
    id = commit (tree, changes);
    assert_non_null (id);
    assert_file (tree, ".npmrc", "proxy=new");
    assert_int_equal (tree_mode (tree, ".npmrc"), 0640);
    assert_file (tree, ".curlrc", NULL);
    assert_file (tree, ".config/pip/pip.conf", "[global]\n");
    assert_int_equal (tree_mode (tree, ".config/pip/pip.conf"), 0600);
    assert_int_equal (tree_mode (tree, ".config"), 0700);

    prc_transaction_undo (tree->state, NULL, NULL, &undo_id, NULL, &error);
    assert_no_error (error);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (commit__edit_create_remove__all_done, setup, teardown),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
