#include "test.h"

#include "tui/widgets/tree.h"

/* The rows that can be seen, in one string. */
static char *
visible (const PrcTree *tree)
{
    GString *out = g_string_new (NULL);

    for (guint i = 0; i < prc_tree_rows (tree); i++)
        g_string_append (out, prc_tree_data (tree, i));
    return g_string_free (out, FALSE);
}

#define assert_visible(tree, wanted)                                                               \
    do {                                                                                           \
        g_autofree char *seen = visible (tree);                                                    \
        assert_string_equal (seen, wanted);                                                        \
    } while (0)

/* A (B (C D) E) F (G) */
static PrcTree *
new_tree (void)
{
    static const struct {
        guint depth;
        const char *name;
    } rows[] = {
        { 0, "A" }, { 1, "B" }, { 2, "C" }, { 2, "D" }, { 1, "E" }, { 0, "F" }, { 1, "G" }
    };
    PrcTree *tree = prc_tree_new ();

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        prc_tree_add (tree, rows[i].depth, (gpointer) rows[i].name, FALSE);
    return tree;
}

static gboolean
is_needle (gconstpointer data, gconstpointer needle)
{
    return strcmp (data, needle) == 0;
}

static void
tree__open_and_close__what_is_inside_comes_and_goes (void **state)
{
    g_autoptr (PrcTree) tree = new_tree ();

    (void) state;
    assert_visible (tree, "AF");
    prc_tree_set_open (tree, 0, TRUE);
    assert_visible (tree, "ABEF");
    assert_true (prc_tree_has_children (tree, 1));
    assert_false (prc_tree_has_children (tree, 2));
    prc_tree_set_open (tree, 1, TRUE);
    assert_visible (tree, "ABCDEF");
    assert_int_equal (prc_tree_parent (tree, 3), 1);
    assert_int_equal (prc_tree_parent (tree, 0), 0);
    prc_tree_set_open (tree, 0, FALSE);
    assert_visible (tree, "AF");
    prc_tree_set_open (tree, 0, TRUE); /* B is still open */
    assert_visible (tree, "ABCDEF");
    prc_tree_set_all_open (tree, TRUE);
    assert_visible (tree, "ABCDEFG");
}

static void
tree__fold__to_the_one_it_is_in (void **state)
{
    g_autoptr (PrcTree) tree = new_tree ();

    (void) state;
    assert_int_equal (prc_tree_fold_all (tree, 1), 5); /* all open: F is there now */
    assert_visible (tree, "ABCDEFG");
    assert_int_equal (prc_tree_fold (tree, 3), 1); /* D is in B */
    assert_visible (tree, "ABEFG");
    assert_int_equal (prc_tree_fold (tree, 1), 0); /* B is closed already: A */
    assert_visible (tree, "AFG");
    prc_tree_toggle (tree, 2); /* nothing is in G */
    assert_visible (tree, "AFG");
    prc_tree_toggle (tree, 0);
    prc_tree_toggle (tree, 1);
    assert_visible (tree, "ABCDEFG");
    assert_int_equal (prc_tree_fold_all (tree, 3), 0);
    assert_visible (tree, "AF");
    assert_int_equal (prc_tree_fold (tree, 9), 9); /* there is no such row */
}

static void
tree__find__opens_the_way (void **state)
{
    g_autoptr (PrcTree) tree = prc_tree_new ();
    static const char *const names[] = { "A", "B", "C" };
    guint row = 0;

    (void) state;
    for (guint i = 0; i < 3; i++)
        prc_tree_add (tree, i, (gpointer) names[i], FALSE);
    assert_true (prc_tree_find (tree, names[2], &row));
    assert_int_equal (row, 2);
    assert_false (prc_tree_find (tree, "X", &row));
}

static void
tree__filter__matches_and_their_parents (void **state)
{
    g_autoptr (PrcTree) tree = new_tree ();

    (void) state;
    prc_tree_filter (tree, is_needle, "D");
    assert_visible (tree, "ABD");
    prc_tree_filter (tree, is_needle, "F");
    assert_visible (tree, "F");
    prc_tree_filter (tree, is_needle, "X");
    assert_visible (tree, "");
    prc_tree_filter (tree, NULL, NULL);
    assert_visible (tree, "AF");
}

static char *
name_of (gconstpointer data)
{
    return g_strdup (data);
}

static void
tree__made_anew__open_and_selected_as_before (void **state)
{
    g_autoptr (PrcTree) old = prc_tree_new ();
    g_autoptr (PrcTree) new = prc_tree_new ();
    g_autoptr (PrcTreeMemory) memory = NULL;
    g_autoptr (PrcTreeMemory) gone = NULL;

    (void) state;
    prc_tree_add (old, 0, (gpointer) "A", FALSE);
    prc_tree_add (old, 1, (gpointer) "x", FALSE);
    prc_tree_add (old, 0, (gpointer) "B", TRUE);
    prc_tree_add (old, 1, (gpointer) "x", FALSE);
    prc_tree_add (old, 1, (gpointer) "y", FALSE);
    memory = prc_tree_remember (old, 2, name_of); /* the x of B */
    gone = prc_tree_remember (old, 3, name_of);   /* its y */

    prc_tree_add (new, 0, (gpointer) "N", FALSE); /* a new one above them */
    prc_tree_add (new, 1, (gpointer) "x", FALSE);
    prc_tree_add (new, 0, (gpointer) "A", TRUE);
    prc_tree_add (new, 1, (gpointer) "x", FALSE);
    prc_tree_add (new, 0, (gpointer) "B", FALSE);
    prc_tree_add (new, 1, (gpointer) "x", FALSE);
    prc_tree_recall (new, memory);
    assert_visible (new, "NABx");
    assert_int_equal (prc_tree_recall_row (new, memory), 3);
    assert_int_equal (prc_tree_recall_row (new, gone), 2); /* what it was in */
    prc_tree_memory_free (g_steal_pointer (&memory));
    memory = prc_tree_remember (NULL, 1, name_of);
    prc_tree_recall (new, memory);
    assert_int_equal (prc_tree_recall_row (new, memory), 1);
}

static void
tree__ten_thousand__row_by_row (void **state)
{
    g_autoptr (PrcTree) tree = prc_tree_new ();

    (void) state;
    for (guint i = 0; i < 10000; i++)
        prc_tree_add (tree, i % 100 == 0 ? 0 : 1, GUINT_TO_POINTER (i + 1), TRUE);
    assert_int_equal (prc_tree_rows (tree), 10000);
    for (guint i = 0; i < 10000; i++)
        assert_int_equal (GPOINTER_TO_UINT (prc_tree_data (tree, i)), i + 1);
    prc_tree_set_open (tree, 0, FALSE);
    assert_int_equal (prc_tree_rows (tree), 10000 - 99);
    assert_null (prc_tree_data (tree, 10000));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (tree__open_and_close__what_is_inside_comes_and_goes),
        cmocka_unit_test (tree__fold__to_the_one_it_is_in),
        cmocka_unit_test (tree__find__opens_the_way),
        cmocka_unit_test (tree__filter__matches_and_their_parents),
        cmocka_unit_test (tree__made_anew__open_and_selected_as_before),
        cmocka_unit_test (tree__ten_thousand__row_by_row),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
