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

static void
assert_file (Tree *tree, const char *name, const char *content)
{
    g_autofree char *now = tree_get (tree, name);

    if (content == NULL)
        assert_null (now);
    else
        assert_string_equal (now != NULL ? now : "(absent)", content);
}

static char *
record_path (Tree *tree, const char *id)
{
    return g_build_filename (tree->dir, "state", "proxyrc", "history", id, NULL);
}

static char *
commit_text (Tree *tree, const char *name, const char *text)
{
    return tree_commit_one (tree, tree_change (tree, name, text));
}

static GPtrArray *
list (Tree *tree)
{
    g_autoptr (GError) error = NULL;
    GPtrArray *entries = prc_history_list (tree->state, NULL, &error);

    assert_no_error (error);
    return entries;
}

static void
list__two_transactions__newest_first (void **state)
{
    Tree *tree = *state;
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    g_autoptr (GPtrArray) none = list (tree), entries = NULL;
    g_autofree char *id = NULL;
    g_autoptr (GError) error = NULL;
    const PrcHistoryEntry *first, *second;
    const PrcHistoryFile *file;
    PrcChange *change;

    assert_int_equal (none->len, 0);
    tree_put (tree, "f", "12345", 0600);
    tree->changes = tree_changes ();
    change = tree_change (tree, "f", "123");
    change->settings = 7;
    g_ptr_array_add (tree->changes, change);
    g_ptr_array_add (tree->changes, tree_change (tree, "g", "1"));
    options.label = "passwd office";
    options.note = "passwd";
    assert_true (prc_transaction_commit (tree->state, tree->changes, &options, &id, &error));
    g_free (commit_text (tree, "f", NULL));

    entries = list (tree);
    assert_int_equal (entries->len, 2);
    second = g_ptr_array_index (entries, 0);
    first = g_ptr_array_index (entries, 1);
    assert_true (strcmp (first->id, second->id) < 0);
    assert_string_equal (first->id, id);
    assert_string_equal (first->label, "passwd office");
    assert_string_equal (first->note, "passwd");
    assert_string_equal (second->label, "");
    assert_null (second->note);
    assert_true (ABS (first->time - g_get_real_time () / G_USEC_PER_SEC) < 60);
    assert_false (first->undone || first->interrupted || first->sealed);
    assert_true (first->stored_size > 5);
    assert_int_equal (first->files->len, 2);
    file = g_ptr_array_index (first->files, 0);
    assert_true (g_str_has_suffix (file->path, "/home/f"));
    assert_int_equal (file->action, PRC_CHANGE_EDIT);
    assert_int_equal (file->settings, 7);
    assert_int_equal (file->old_size, 5);
    assert_int_equal (file->new_size, 3);
    file = g_ptr_array_index (first->files, 1);
    assert_int_equal (file->action, PRC_CHANGE_CREATE);
    file = g_ptr_array_index (second->files, 0);
    assert_int_equal (file->action, PRC_CHANGE_REMOVE);
}

static void
undo (Tree *tree, const char *id)
{
    g_autoptr (GError) error = NULL;

    prc_transaction_undo (tree->state, id, NULL, NULL, NULL, &error);
    assert_no_error (error);
}

static void
assert_undo_fails (Tree *tree, const char *id, int code, const char *words)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *before = tree_list (tree), *after = NULL;

    assert_false (prc_transaction_undo (tree->state, id, NULL, NULL, NULL, &error));
    assert_error (error, code);
    if (strstr (error->message, words) == NULL)
        fail_msg ("\"%s\" does not say \"%s\"", error->message, words);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

static void
undo__again_and_again__steps_back (void **state)
{
    Tree *tree = *state;

    assert_undo_fails (tree, NULL, PRC_ERROR_NOT_FOUND, "nothing to undo");
    g_free (commit_text (tree, "f", "1"));
    g_free (commit_text (tree, "f", "2"));
    g_free (commit_text (tree, "f", "3"));
    undo (tree, NULL);
    assert_file (tree, "f", "2");
    undo (tree, NULL);
    assert_file (tree, "f", "1");
    undo (tree, NULL);
    assert_file (tree, "f", NULL);
    assert_undo_fails (tree, NULL, PRC_ERROR_NOT_FOUND, "nothing to undo");
}

static void
undo__of_an_undo__redoes (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = commit_text (tree, "f", "1"), *undo_id = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) changes = NULL, entries = NULL;
    const PrcHistoryEntry *entry;
    const PrcChange *change;

    assert_true (prc_transaction_undo (tree->state, id, NULL, &undo_id, &changes, &error));
    assert_int_equal (changes->len, 1);
    change = g_ptr_array_index (changes, 0);
    assert_int_equal (prc_change_action (change), PRC_CHANGE_REMOVE);
    assert_undo_fails (tree, id, PRC_ERROR_INPUT, "undone already");
    entries = list (tree);
    entry = g_ptr_array_index (entries, 0);
    assert_string_equal (entry->undoes, id);
    assert_true (g_str_has_prefix (entry->label, "undo "));
    assert_true (((PrcHistoryEntry *) g_ptr_array_index (entries, 1))->undone);
    undo (tree, undo_id);
    assert_file (tree, "f", "1");
    undo (tree, id); /* which is in force again */
    assert_file (tree, "f", NULL);
}

static void
undo__files_changed_since__refused_naming_them (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = NULL;

    tree_put (tree, "a", "1", 0600);
    tree_put (tree, "b", "1", 0600);
    tree_put (tree, "c", "1", 0600);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "a", "2"));
    g_ptr_array_add (tree->changes, tree_change (tree, "b", "2"));
    g_ptr_array_add (tree->changes, tree_change (tree, "c", NULL));
    id = tree_commit (tree, tree->changes);
    tree_put (tree, "a", "mine", 0600);
    tree_put (tree, "c", "mine", 0600);
    assert_undo_fails (tree, id, PRC_ERROR_INPUT, "/home/a");
    assert_undo_fails (tree, id, PRC_ERROR_INPUT, "/home/c");
    assert_undo_fails (tree, "20200101-000000", PRC_ERROR_NOT_FOUND, "20200101-000000");
    assert_undo_fails (tree, "../journal", PRC_ERROR_NOT_FOUND, "no transaction");
    assert_undo_fails (tree, "", PRC_ERROR_NOT_FOUND, "no transaction");
}

static void
undo__already_as_before__recorded_without_writing (void **state)
{
    Tree *tree = *state;
    g_autoptr (GPtrArray) changes = NULL;
    g_autoptr (GError) error = NULL;

    tree_put (tree, "f", "1", 0600);
    g_free (commit_text (tree, "f", "2"));
    tree_put (tree, "f", "1", 0600); /* by hand */
    assert_true (prc_transaction_undo (tree->state, NULL, NULL, NULL, &changes, &error));
    assert_int_equal (changes->len, 0);
    assert_undo_fails (tree, NULL, PRC_ERROR_NOT_FOUND, "nothing to undo");
}

static void
undo__mode_changed_by_hand__left (void **state)
{
    Tree *tree = *state;
    g_autofree char *path = tree_path (tree, "f");
    PrcChange *change;

    tree_put (tree, "f", "1", 0644);
    change = tree_change (tree, "f", "2");
    change->mode = 0600;
    g_free (tree_commit_one (tree, change));
    assert_int_equal (chmod (path, 0640), 0);
    undo (tree, NULL);
    assert_file (tree, "f", "1");
    assert_int_equal (tree_mode (tree, "f"), 0640);
}

static void
undo_plan__only_shows (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = NULL, *plan_id = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) changes = NULL;
    const PrcChange *change;

    tree_put (tree, "f", "1", 0644);
    id = commit_text (tree, "f", "2");
    changes = prc_undo_plan (tree->state, NULL, NULL, &plan_id, &error);
    assert_no_error (error);
    assert_string_equal (plan_id, id);
    assert_int_equal (changes->len, 1);
    change = g_ptr_array_index (changes, 0);
    assert_memory_equal (g_bytes_get_data (change->old_bytes, NULL), "2", 1);
    assert_memory_equal (g_bytes_get_data (change->new_bytes, NULL), "1", 1);
    assert_file (tree, "f", "2");
}

static void
history__more_than_the_limit__oldest_dropped (void **state)
{
    Tree *tree = *state;
    g_autoptr (GPtrArray) entries = NULL;
    const PrcHistoryEntry *last;
    g_autofree char *first = commit_text (tree, "f", "first"), *ancient = NULL, *ninth = NULL;

    /* One that is too old, though there are few. */
    ancient = record_path (tree, "20200101-000000");
    assert_true (g_file_set_contents (ancient, "x", 1, NULL));
    for (guint i = 0; i < PRC_HISTORY_MAX + 5; i++) {
        g_autofree char *text = g_strdup_printf ("%u", i);
        char *id = commit_text (tree, "f", text);

        if (i == 9)
            ninth = id;
        else
            g_free (id);
        assert_false (g_file_test (ancient, G_FILE_TEST_EXISTS));
    }
    entries = list (tree);
    assert_int_equal (entries->len, PRC_HISTORY_MAX);
    last = g_ptr_array_index (entries, 0);
    assert_true (strcmp (last->id, ninth) > 0);
    assert_undo_fails (tree, first, PRC_ERROR_NOT_FOUND, first);
    /* Ids sort by time even when many are made in a second: undo goes back in order. */
    for (guint i = PRC_HISTORY_MAX + 4; i > PRC_HISTORY_MAX - 16; i--) {
        g_autofree char *text = g_strdup_printf ("%u", i - 1);

        undo (tree, NULL);
        assert_file (tree, "f", text);
    }
}

static void
history__clock_went_back__new_ids_still_sort_last (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = commit_text (tree, "f", "1"), *from = record_path (tree, id),
                    *to = record_path (tree, "20991231-235959z"), *next = NULL, *after = NULL;

    assert_int_equal (rename (from, to), 0);
    next = commit_text (tree, "f", "2");
    assert_string_equal (next, "20991231-235959zb");
    after = commit_text (tree, "f", "3");
    assert_string_equal (after, "20991231-235959zc");
}

static void
purge__all_gone (void **state)
{
    Tree *tree = *state;
    g_autoptr (GPtrArray) entries = NULL;
    g_autoptr (GError) error = NULL;
    guint count = 99;

    assert_true (prc_history_purge (tree->state, NULL, &count, NULL, &error));
    assert_int_equal (count, 0);
    g_free (commit_text (tree, "f", "1"));
    g_free (commit_text (tree, "f", "2"));
    assert_true (prc_history_purge (tree->state, NULL, &count, NULL, &error));
    assert_int_equal (count, 2);
    entries = list (tree);
    assert_int_equal (entries->len, 0);
    assert_file (tree, "f", "2");
}

/* A sealer that flips bits, checks its context, and can be out of order. */
typedef struct {
    gboolean locked;
    GString *contexts;
} Flipper;

static GBytes *
flip (GBytes *bytes)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data (bytes, &length);
    guint8 *flipped = g_malloc (length + 1);

    for (gsize i = 0; i < length; i++)
        flipped[i] = data[i] ^ 0xA5;
    return g_bytes_new_take (flipped, length);
}

static GBytes *
flipper_seal (GBytes *plain, const char *context, gpointer user_data, GError **error)
{
    Flipper *flipper = user_data;

    if (flipper->locked) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, "the store is locked");
        return NULL;
    }
    g_string_append_printf (flipper->contexts, "seal %s ", context);
    return flip (plain);
}

static GBytes *
flipper_open (GBytes *sealed, const char *context, gpointer user_data, GError **error)
{
    Flipper *flipper = user_data;

    if (flipper->locked) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, "the store is locked");
        return NULL;
    }
    g_string_append_printf (flipper->contexts, "open %s ", context);
    return flip (sealed);
}

static void
sealer__given__old_bytes_not_on_disk (void **state)
{
    Tree *tree = *state;
    Flipper flipper = { FALSE, g_string_new (NULL) };
    const PrcSealer sealer = { flipper_seal, flipper_open, &flipper, NULL };
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    g_autofree char *id = NULL, *record = NULL, *stored = NULL, *contexts = NULL;
    g_autoptr (GError) error = NULL;
    gsize length = 0;

    tree_put (tree, "f", "old-password", 0600);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "f", "new-password"));
    options.sealer = &sealer;
    assert_true (prc_transaction_commit (tree->state, tree->changes, &options, &id, &error));
    record = record_path (tree, id);
    assert_true (g_file_get_contents (record, &stored, &length, NULL));
    assert_null (memmem (stored, length, "password", 8));

    assert_undo_fails (tree, NULL, PRC_ERROR_LOCKED, "unlock");
    flipper.locked = TRUE;
    assert_false (prc_transaction_undo (tree->state, NULL, &options, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    g_clear_error (&error);
    flipper.locked = FALSE;
    assert_true (prc_transaction_undo (tree->state, NULL, &options, NULL, NULL, &error));
    assert_file (tree, "f", "old-password");
    contexts = g_strdup_printf ("seal %s open %s seal %s", id, id, id);
    assert_true (g_str_has_prefix (flipper.contexts->str, contexts));
    g_string_free (flipper.contexts, TRUE);
}

static void
sealer__fails__nothing_written (void **state)
{
    Tree *tree = *state;
    Flipper flipper = { TRUE, g_string_new (NULL) };
    const PrcSealer sealer = { flipper_seal, flipper_open, &flipper, NULL };
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    g_autofree char *before = NULL, *after = NULL;
    g_autoptr (GError) error = NULL;

    tree_put (tree, "f", "old", 0600);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "f", "new"));
    options.sealer = &sealer;
    before = tree_list (tree);
    assert_false (prc_transaction_commit (tree->state, tree->changes, &options, NULL, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    after = tree_list (tree);
    assert_string_equal (before, after);
    g_string_free (flipper.contexts, TRUE);
}

/* The sealer is called between the look at the files and the first write: the moment at which
 * another program is most in the way. */
typedef struct {
    Tree *tree;
    gboolean replace;
} Meddler;

static GBytes *
meddler_seal (GBytes *plain, const char *context, gpointer user_data, GError **error)
{
    Meddler *meddler = user_data;
    g_autofree char *path = tree_path (meddler->tree, "b");

    (void) context;
    (void) error;
    if (meddler->replace)
        assert_int_equal (unlink (path), 0);
    tree_put (meddler->tree, "b", "mine", 0600);
    return g_bytes_ref (plain);
}

static void
commit__file_changes_while_staging__not_overwritten (void **state)
{
    Tree *tree = *state;

    for (guint i = 0; i < 2; i++) {
        Meddler meddler = { tree, i == 1 };
        const PrcSealer sealer = { meddler_seal, NULL, &meddler, NULL };
        PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
        g_autoptr (GPtrArray) changes = tree_changes ();
        g_autoptr (GError) error = NULL;
        g_autofree char *after = NULL;

        tree_put (tree, "a", "old", 0600);
        tree_put (tree, "b", "old", 0600);
        g_ptr_array_add (changes, tree_change (tree, "a", "new"));
        g_ptr_array_add (changes, tree_change (tree, "b", "new"));
        options.sealer = &sealer;
        assert_false (prc_transaction_commit (tree->state, changes, &options, NULL, &error));
        assert_error (error, PRC_ERROR_CHANGED);
        after = tree_list (tree);
        assert_string_equal (after, "home/ 755\nhome/a 600 old\nhome/b 600 mine");
    }
}

static GBytes *
merge_texts (const char *path, GBytes *before, GBytes *made, GBytes *now, gpointer data,
             GError **error)
{
    const char *answer = data;
    char *text = NULL;

    assert_true (g_str_has_suffix (path, "/f"));
    if (answer == NULL) {
        g_set_error_literal (error, PRC_ERROR, PRC_ERROR_LOCKED, "not now");
        return NULL;
    }
    if (*answer == '\0')
        return NULL;
    text = g_strdup_printf ("%s<%.*s|%.*s|%.*s>", answer, (int) g_bytes_get_size (before),
                            (const char *) g_bytes_get_data (before, NULL),
                            (int) g_bytes_get_size (made),
                            (const char *) g_bytes_get_data (made, NULL),
                            (int) g_bytes_get_size (now),
                            (const char *) g_bytes_get_data (now, NULL));
    return g_bytes_new_take (text, strlen (text));
}

/* As undo(), with a merge that answers @answer. */
static gboolean
undo_merging (Tree *tree, const char *id, char *answer, char **ret_id, GError **error)
{
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;

    options.merge = merge_texts;
    options.merge_data = answer;
    return prc_transaction_undo (tree->state, id, &options, ret_id, NULL, error);
}

static void
undo__file_changed_since_and_merged__is_what_the_merge_says (void **state)
{
    static char yes[] = "M", no[] = "";
    Tree *tree = *state;
    g_autofree char *id = NULL, *undo_id = NULL, *plain = NULL;
    g_autoptr (GError) error = NULL;
    PrcChange *change;

    tree_put (tree, "f", "1", 0600);
    change = tree_change (tree, "f", "2");
    change->keeps_new = TRUE;
    id = tree_commit_one (tree, change);
    tree_put (tree, "f", "3", 0600);
    assert_undo_fails (tree, id, PRC_ERROR_INPUT, "changed since");
    assert_false (undo_merging (tree, id, no, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
    g_clear_error (&error);
    assert_false (undo_merging (tree, id, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    g_clear_error (&error);
    assert_file (tree, "f", "3");
    assert_true (undo_merging (tree, id, yes, &undo_id, &error));
    assert_file (tree, "f", "M<1|2|3>");
    /* and back, by what this one has kept */
    tree_put (tree, "f", "4", 0600);
    assert_true (undo_merging (tree, undo_id, yes, NULL, &error));
    assert_file (tree, "f", "M<3|M<1|2|3>|4>");

    plain = commit_text (tree, "f", "5"); /* has kept nothing */
    tree_put (tree, "f", "6", 0600);
    assert_false (undo_merging (tree, plain, yes, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
}

static void
put_record (Tree *tree, const char *id, const char *text)
{
    g_autofree char *path = record_path (tree, id);

    assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
undo__newest_record_unreadable__nothing_earlier_taken_back (void **state)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        { "", "damaged" },
        { "proxyrc-transaction 1\nHEAD", "damaged" },
        { "proxyrc-transaction 9\n", "newer proxyrc" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        Tree *tree = tree_new (NULL);
        g_autofree char *first = commit_text (tree, "f", "1"), *second = NULL;
        g_autoptr (GPtrArray) unreadable = g_ptr_array_new_with_free_func (g_free);
        g_autoptr (GPtrArray) entries = NULL;
        g_autoptr (GError) error = NULL;

        second = commit_text (tree, "f", "2");
        put_record (tree, second, rows[i].text);
        entries = prc_history_list (tree->state, unreadable, &error);
        assert_no_error (error);
        assert_int_equal (entries->len, 1);
        assert_int_equal (unreadable->len, 1);
        assert_true (g_str_has_prefix (g_ptr_array_index (unreadable, 0), second));
        assert_undo_fails (tree, NULL, PRC_ERROR_INPUT, rows[i].reason);
        assert_undo_fails (tree, second, PRC_ERROR_INPUT, rows[i].reason);
        assert_undo_fails (tree, first, PRC_ERROR_INPUT, "changed since");
        tree_put (tree, "f", "1", 0600);
        undo (tree, first);
        assert_file (tree, "f", NULL);
        tree_free (tree);
    }
}

static void
undo__older_record_unreadable__newest_taken_back (void **state)
{
    Tree *tree = *state;
    g_autofree char *first = commit_text (tree, "f", "1"), *second = commit_text (tree, "f", "2");

    assert_string_not_equal (first, second);
    put_record (tree, first, "");
    undo (tree, NULL);
    assert_file (tree, "f", "1");
}

static void
history__record_is_no_file__neither_waits_nor_fails (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = commit_text (tree, "f", "1"), *path = record_path (tree, id);
    g_autoptr (GPtrArray) entries = NULL;

    assert_int_equal (unlink (path), 0);
    assert_int_equal (mkfifo (path, 0600), 0);
    entries = list (tree);
    assert_int_equal (entries->len, 0);
    assert_undo_fails (tree, NULL, PRC_ERROR_INPUT, "damaged");
}

/* A length that only fits because the file has a hole must not be asked for as memory. */
static void
history__length_is_absurd__damaged (void **state)
{
    static const char HEAD[] = "proxyrc-transaction 1\nHEAD\0\0\0\0\x40\0\0\0";
    Tree *tree = *state;
    g_autofree char *id = commit_text (tree, "f", "1"), *path = record_path (tree, id);

    assert_true (g_file_set_contents (path, HEAD, sizeof HEAD - 1, NULL));
    if (truncate (path, (off_t) 1 << 39) != 0)
        skip ();
    assert_undo_fails (tree, NULL, PRC_ERROR_INPUT, "damaged");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
        TEST (list__two_transactions__newest_first),
        TEST (undo__again_and_again__steps_back),
        TEST (undo__of_an_undo__redoes),
        TEST (undo__files_changed_since__refused_naming_them),
        TEST (undo__already_as_before__recorded_without_writing),
        TEST (undo__mode_changed_by_hand__left),
        TEST (undo_plan__only_shows),
        TEST (history__more_than_the_limit__oldest_dropped),
        TEST (history__clock_went_back__new_ids_still_sort_last),
        TEST (undo__file_changed_since_and_merged__is_what_the_merge_says),
        TEST (undo__newest_record_unreadable__nothing_earlier_taken_back),
        TEST (undo__older_record_unreadable__newest_taken_back),
        TEST (history__record_is_no_file__neither_waits_nor_fails),
        TEST (history__length_is_absurd__damaged),
        TEST (purge__all_gone),
        TEST (sealer__given__old_bytes_not_on_disk),
        TEST (sealer__fails__nothing_written),
        TEST (commit__file_changes_while_staging__not_overwritten),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
