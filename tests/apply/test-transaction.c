#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
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
state_path (Tree *tree, const char *name)
{
    return g_build_filename (tree->dir, "state", "proxyrc", name, NULL);
}

static void
undo_last (Tree *tree)
{
    g_autoptr (GError) error = NULL;

    prc_transaction_undo (tree->state, NULL, NULL, NULL, NULL, &error);
    assert_no_error (error);
}

/* Each row: content before and after (NULL: absent), mode before, mode asked for, mode after. */
static void
commit__one_file__written_and_undone (void **state)
{
    static const struct {
        const char *before, *after;
        int mode_before, mode, mode_after;
    } ROWS[] = {
        { "a=1\n", "a=2\n", 0644, -1, 0644 },
        { "a=1", "a=2", 0600, -1, 0600 },
        { "a=1\r\n", "a=2\r\n", 0664, -1, 0664 },
        { "a=1\n", "a=2\n", 0644, 0600, 0600 },
        { "a=1\n", "", 0640, -1, 0640 },
        { "", "a=1", 0640, -1, 0640 },
        { NULL, "new\n", 0, -1, 0600 },
        { NULL, "new\n", 0, 0644, 0644 },
        { NULL, "", 0, -1, 0600 },
        { "gone\n", NULL, 0640, -1, 0 },
        { "same\n", "same\n", 0644, 0600, 0600 },
        { "x\n", "y\n", 04755, -1, 04755 },
        { "x\n", "y\n", 0444, -1, 0444 },
    };
    Tree *tree = *state;

    for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++) {
        g_autofree char *name = g_strdup_printf ("file%u", i), *id = NULL, *before = NULL,
                        *after = NULL;
        PrcChange *change;

        if (ROWS[i].before != NULL)
            tree_put (tree, name, ROWS[i].before, ROWS[i].mode_before);
        before = tree_list (tree);
        change = tree_change (tree, name, ROWS[i].after);
        change->mode = ROWS[i].mode;
        id = tree_commit_one (tree, change);
        assert_non_null (id);
        assert_file (tree, name, ROWS[i].after);
        if (ROWS[i].after != NULL)
            assert_int_equal (tree_mode (tree, name), ROWS[i].mode_after);
        undo_last (tree);
        after = tree_list (tree);
        assert_string_equal (before, after);
    }
}

static void
commit__several_files__all_done_and_undone (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = NULL, *before = NULL, *after = NULL;

    tree_put (tree, ".npmrc", "proxy=old", 0640);
    tree_put (tree, ".curlrc", "x\r\n", 0600);
    before = tree_list (tree);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, ".npmrc", "proxy=new"));
    g_ptr_array_add (tree->changes, tree_change (tree, ".curlrc", NULL));
    g_ptr_array_add (tree->changes, tree_change (tree, ".config/pip/pip.conf", "[global]\n"));
    g_ptr_array_add (tree->changes, tree_change (tree, ".config/pip/more", "x"));
    id = tree_commit (tree, tree->changes);
    assert_non_null (id);
    assert_file (tree, ".npmrc", "proxy=new");
    assert_file (tree, ".curlrc", NULL);
    assert_file (tree, ".config/pip/pip.conf", "[global]\n");
    assert_int_equal (tree_mode (tree, ".config"), 0700);
    undo_last (tree);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

static void
commit__more_files_than_stay_open__all_done (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = NULL, *before = NULL, *after = NULL;

    for (guint i = 0; i < 150; i++) {
        g_autofree char *name = g_strdup_printf ("d%u/f", i);

        tree_put (tree, name, "old", 0600);
    }
    before = tree_list (tree);
    tree->changes = tree_changes ();
    for (guint i = 0; i < 150; i++) {
        g_autofree char *name = g_strdup_printf ("d%u/f", i);

        g_ptr_array_add (tree->changes, tree_change (tree, name, "new"));
    }
    id = tree_commit (tree, tree->changes);
    for (guint i = 0; i < 150; i++) {
        g_autofree char *name = g_strdup_printf ("d%u/f", i);

        assert_file (tree, name, "new");
    }
    undo_last (tree);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

static void
commit__created_for_others__directory_open_too (void **state)
{
    Tree *tree = *state;
    PrcChange *change = tree_change (tree, "etc/profile.d/proxy.sh", "x");
    g_autofree char *id = NULL;

    change->mode = 0644;
    id = tree_commit_one (tree, change);
    assert_int_equal (tree_mode (tree, "etc/profile.d"), 0755);
    assert_int_equal (tree_mode (tree, "etc/profile.d/proxy.sh"), 0644);
}

static void
commit__nothing_to_change__nothing_written (void **state)
{
    Tree *tree = *state;
    g_autofree char *id = NULL, *path = g_build_filename (tree->dir, "state", NULL), *again = NULL;
    struct stat before, after;
    g_autofree char *file = tree_path (tree, "f");
    PrcChange *change;

    tree_put (tree, "f", "x", 0600);
    assert_int_equal (stat (file, &before), 0);
    id = tree_commit_one (tree, tree_change (tree, "f", "x"));
    assert_null (id);
    change = tree_change (tree, "f", "x");
    change->mode = 0600; /* which it has */
    again = tree_commit_one (tree, change);
    assert_null (again);
    assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    assert_int_equal (stat (file, &after), 0);
    assert_int_equal (before.st_ino, after.st_ino);
    assert_int_equal (before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
}

static void
commit__symlink_chain__links_stay (void **state)
{
    Tree *tree = *state;
    g_autofree char *a = tree_path (tree, ".npmrc"), *b = tree_path (tree, "links/b"),
                    *c = tree_path (tree, "links/c"), *to = tree_path (tree, "dot/npmrc"),
                    *id = NULL, *before = NULL, *after = NULL;

    tree_put (tree, "dot/npmrc", "old", 0640);
    tree_put (tree, "links/x", "", 0600);
    assert_int_equal (symlink ("links/./b", a), 0);
    assert_int_equal (symlink ("../links//c", b), 0);
    assert_int_equal (symlink (to, c), 0);
    before = tree_list (tree);
    id = tree_commit_one (tree, tree_change (tree, ".npmrc", "new"));
    assert_file (tree, "dot/npmrc", "new");
    assert_true (g_file_test (a, G_FILE_TEST_IS_SYMLINK));
    assert_true (g_file_test (c, G_FILE_TEST_IS_SYMLINK));
    undo_last (tree);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

static void
commit__dangling_symlink__target_created (void **state)
{
    Tree *tree = *state;
    g_autofree char *a = tree_path (tree, ".npmrc"), *id = NULL, *before = NULL, *after = NULL;

    tree_put (tree, "dot/x", "", 0600);
    assert_int_equal (symlink ("dot/deep/npmrc", a), 0);
    before = tree_list (tree);
    id = tree_commit_one (tree, tree_change (tree, ".npmrc", "new"));
    assert_file (tree, "dot/deep/npmrc", "new");
    assert_true (g_file_test (a, G_FILE_TEST_IS_SYMLINK));
    undo_last (tree);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

static void
assert_refused (Tree *tree, PrcChange *change, int code, const char *words)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *before = tree_list (tree), *after = NULL;
    g_autoptr (GPtrArray) changes = tree_changes ();
    PrcChange *first;

    /* With another file, which must not be written either. */
    tree_put (tree, "bystander", "b", 0600);
    g_free (before);
    before = tree_list (tree);
    first = tree_change (tree, "bystander", "changed");
    g_ptr_array_add (changes, first);
    g_ptr_array_add (changes, change);
    assert_false (prc_transaction_commit (tree->state, changes, NULL, NULL, &error));
    assert_error (error, code);
    if (strstr (error->message, words) == NULL)
        fail_msg ("\"%s\" does not say \"%s\"", error->message, words);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

static void
commit__not_a_file__refused (void **state)
{
    Tree *tree = *state;
    g_autofree char *loop = tree_path (tree, "loop"), *fifo = tree_path (tree, "fifo"),
                    *dir = tree_path (tree, "dir"), *under = tree_path (tree, "plain/under");
    g_autoptr (GBytes) text = g_bytes_new_static ("x", 1);

    assert_int_equal (symlink ("loop", loop), 0);
    assert_int_equal (mkfifo (fifo, 0600), 0);
    assert_int_equal (mkdir (dir, 0700), 0);
    tree_put (tree, "plain", "x", 0600);
    assert_refused (tree, prc_change_new (loop, NULL, text), PRC_ERROR_WRITE, "circles");
    assert_refused (tree, prc_change_new (fifo, text, NULL), PRC_ERROR_WRITE, "not a regular");
    assert_refused (tree, prc_change_new (dir, NULL, text), PRC_ERROR_WRITE, "directory");
    assert_refused (tree, prc_change_new (under, NULL, text), PRC_ERROR_WRITE, "Not a directory");
    assert_refused (tree, prc_change_new ("relative", NULL, text), PRC_ERROR_WRITE, "absolute");
}

static void
commit__changed_since_read__refused (void **state)
{
    Tree *tree = *state;
    PrcChange *edited, *created, *removed;

    tree_put (tree, "f", "old", 0600);
    tree_put (tree, "g", "old", 0600);
    edited = tree_change (tree, "f", "new");
    removed = tree_change (tree, "g", "new");
    created = tree_change (tree, "h", "new");
    tree_put (tree, "f", "OLD", 0600);
    tree_put (tree, "h", "someone else's", 0600);
    g_autofree char *g = tree_path (tree, "g");
    assert_int_equal (unlink (g), 0);
    assert_refused (tree, edited, PRC_ERROR_CHANGED, "/f: has changed");
    assert_refused (tree, removed, PRC_ERROR_CHANGED, "/g: has changed");
    assert_refused (tree, created, PRC_ERROR_CHANGED, "/h: has changed");
}

static void
commit__two_paths_to_one_file__only_if_equal (void **state)
{
    Tree *tree = *state;
    g_autofree char *link = tree_path (tree, "link"), *id = NULL;
    g_autoptr (GError) error = NULL;
    PrcChange *change;

    tree_put (tree, "f", "old", 0600);
    assert_int_equal (symlink ("f", link), 0);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "f", "new"));
    g_ptr_array_add (tree->changes, tree_change (tree, "link", "other"));
    assert_false (prc_transaction_commit (tree->state, tree->changes, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_file (tree, "f", "old");
    g_ptr_array_remove_index (tree->changes, 1);
    change = tree_change (tree, "link", "new");
    g_ptr_array_add (tree->changes, change);
    id = tree_commit (tree, tree->changes);
    assert_non_null (id);
    assert_file (tree, "f", "new");
}

static void
commit__hard_link__only_in_place (void **state)
{
    Tree *tree = *state;
    g_autofree char *f = tree_path (tree, "f"), *g = tree_path (tree, "g"), *id = NULL,
                    *before = NULL, *after = NULL;
    PrcChange *change;
    struct stat st, now;

    tree_put (tree, "f", "long enough to be cut", 0644);
    assert_int_equal (link (f, g), 0);
    assert_int_equal (stat (f, &st), 0);
    before = tree_list (tree);
    assert_refused (tree, tree_change (tree, "f", "new"), PRC_ERROR_WRITE, "hard links");
    assert_refused (tree, tree_change (tree, "f", NULL), PRC_ERROR_WRITE, "--in-place");
    change = tree_change (tree, "f", "new");
    change->in_place = TRUE;
    id = tree_commit_one (tree, change);
    assert_file (tree, "g", "new");
    assert_int_equal (stat (f, &now), 0);
    assert_int_equal (st.st_ino, now.st_ino);
    undo_last (tree);
    assert_file (tree, "g", "long enough to be cut");
    /* Only the mode: needs no permission to write in place. */
    change = tree_change (tree, "f", "long enough to be cut");
    change->mode = 0600;
    g_free (tree_commit_one (tree, change));
    assert_int_equal (tree_mode (tree, "g"), 0600);
    undo_last (tree);
    g_autofree char *bystander = tree_path (tree, "bystander");
    (void) unlink (bystander);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

/* user::rw- user:1234:r-- group::r-- mask::r-- other::---, as the kernel stores it. */
static const guint8 ACL[] = { 2, 0,   0,   0,   1,   0,   6,  0, 255, 255, 255, 255, 2,   0,  4,
                              0, 210, 4,   0,   0,   4,   0,  4, 0,   255, 255, 255, 255, 16, 0,
                              4, 0,   255, 255, 255, 255, 32, 0, 0,   0,   255, 255, 255, 255 };

static void
assert_attributes (const char *path, gboolean acl)
{
    char buffer[100];

    assert_int_equal (getxattr (path, "user.proxyrc.test", buffer, sizeof buffer), 5);
    assert_memory_equal (buffer, "value", 5);
    if (!acl)
        return;
    assert_int_equal (getxattr (path, "system.posix_acl_access", buffer, sizeof buffer),
                      sizeof ACL);
    assert_memory_equal (buffer, ACL, sizeof ACL);
}

static void
commit__attributes__kept_and_given_back (void **state)
{
    Tree *tree = *state;
    g_autofree char *path = tree_path (tree, "f"), *id = NULL;
    gboolean acl;
    struct stat st;

    tree_put (tree, "f", "old", 0640);
    if (setxattr (path, "user.proxyrc.test", "value", 5, 0) < 0) {
        printf ("# skipped: no user attributes here: %s\n", g_strerror (errno));
        skip ();
    }
    acl = setxattr (path, "system.posix_acl_access", ACL, sizeof ACL, 0) == 0;
    if (!acl)
        printf ("# without an access control list: %s\n", g_strerror (errno));
    if (geteuid () == 0)
        assert_int_equal (chown (path, 1234, 1235), 0);
    id = tree_commit_one (tree, tree_change (tree, "f", "new"));
    assert_attributes (path, acl);
    g_free (tree_commit_one (tree, tree_change (tree, "f", NULL)));
    undo_last (tree);
    assert_file (tree, "f", "new");
    assert_attributes (path, acl);
    assert_int_equal (tree_mode (tree, "f"), 0640);
    assert_int_equal (stat (path, &st), 0);
    if (geteuid () == 0) {
        assert_int_equal (st.st_uid, 1234);
        assert_int_equal (st.st_gid, 1235);
    }
}

static void
commit__directory_has_default_acl__file_gets_none (void **state)
{
    Tree *tree = *state;
    g_autofree char *path = tree_path (tree, "d/f"), *dir = tree_path (tree, "d"), *id = NULL;
    char buffer[100];

    tree_put (tree, "d/f", "old", 0644);
    if (setxattr (dir, "system.posix_acl_default", ACL, sizeof ACL, 0) < 0) {
        printf ("# skipped: no access control lists here: %s\n", g_strerror (errno));
        skip ();
    }
    id = tree_commit_one (tree, tree_change (tree, "d/f", "new"));
    assert_int_equal (getxattr (path, "system.posix_acl_access", buffer, sizeof buffer), -1);
    assert_int_equal (tree_mode (tree, "d/f"), 0644);
}

static void
commit__root_given__symlinks_stay_inside (void **state)
{
    Tree *tree = *state;
    g_autofree char *root = tree_path (tree, "image"), *a = tree_path (tree, "image/home/.npmrc"),
                    *b = tree_path (tree, "image/home/.curlrc"), *id = NULL;
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    g_autoptr (GError) error = NULL;

    tree_put (tree, "image/etc/npmrc", "old", 0600);
    tree_put (tree, "image/home/x", "", 0600);
    assert_int_equal (symlink ("/etc/npmrc", a), 0);
    assert_int_equal (symlink ("../../../../../../../../../../etc/curlrc", b), 0);
    tree->changes = tree_changes ();
    g_autoptr (GBytes) old = g_bytes_new_static ("old", 3), new = g_bytes_new_static ("new", 3);
    g_ptr_array_add (tree->changes, prc_change_new (a, old, new));
    g_ptr_array_add (tree->changes, prc_change_new (b, NULL, new));
    options.root = root;
    prc_transaction_commit (tree->state, tree->changes, &options, &id, &error);
    assert_no_error (error);
    assert_file (tree, "image/etc/npmrc", "new");
    assert_file (tree, "image/etc/curlrc", "new");
    undo_last (tree);
    assert_file (tree, "image/etc/npmrc", "old");
    assert_file (tree, "image/etc/curlrc", NULL);
}

static void
commit__owner_given__others_files_refused_own_created (void **state)
{
    Tree *tree = *state;
    g_autofree char *own = tree_path (tree, "own"), *id = NULL, *in = tree_path (tree, "own/a/b"),
                    *link = tree_path (tree, "own/link");
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    g_autoptr (GBytes) old = g_bytes_new_static ("old", 3), new = g_bytes_new_static ("new", 3);
    g_autoptr (GError) error = NULL;
    struct stat st;

    if (geteuid () != 0) {
        printf ("# skipped: only root can give files away\n");
        skip ();
    }
    tree_put (tree, "roots", "old", 0644);
    assert_int_equal (mkdir (own, 0755), 0);
    assert_int_equal (chown (own, 1234, 1235), 0);
    assert_int_equal (symlink ("../roots", link), 0);
    options.owner = 1234;
    options.group = 1235;
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, prc_change_new (link, old, new));
    assert_false (prc_transaction_commit (tree->state, tree->changes, &options, NULL, &error));
    assert_error (error, PRC_ERROR_WRITE);
    assert_file (tree, "roots", "old");
    g_clear_error (&error);
    g_ptr_array_remove_index (tree->changes, 0);
    g_ptr_array_add (tree->changes, prc_change_new (in, NULL, new));
    prc_transaction_commit (tree->state, tree->changes, &options, &id, &error);
    assert_no_error (error);
    assert_int_equal (stat (in, &st), 0);
    assert_true (st.st_uid == 1234 && st.st_gid == 1235);
    g_autofree char *dir = g_path_get_dirname (in);
    assert_int_equal (stat (dir, &st), 0);
    assert_true (st.st_uid == 1234 && st.st_gid == 1235);
    /* And a dangling link must not make a file among root's. */
    assert_int_equal (unlink (link), 0);
    assert_int_equal (symlink ("../planted", link), 0);
    g_ptr_array_set_size (tree->changes, 0);
    g_ptr_array_add (tree->changes, prc_change_new (link, NULL, new));
    assert_false (prc_transaction_commit (tree->state, tree->changes, &options, NULL, &error));
    assert_error (error, PRC_ERROR_WRITE);
    assert_file (tree, "planted", NULL);
}

static void
commit__state_directory__private (void **state)
{
    Tree *tree = *state;
    g_autofree char *dir = state_path (tree, NULL), *lock = state_path (tree, "lock"), *id = NULL,
                    *record = NULL;
    struct stat st;

    assert_int_equal (g_mkdir_with_parents (dir, 0755), 0);
    tree_put (tree, "f", "old", 0600);
    id = tree_commit_one (tree, tree_change (tree, "f", "new"));
    assert_int_equal (stat (dir, &st), 0);
    assert_int_equal (st.st_mode & 0777, 0700);
    record = g_build_filename (dir, "history", id, NULL);
    assert_int_equal (stat (record, &st), 0);
    assert_int_equal (st.st_mode & 0777, 0600);
    assert_int_equal (stat (lock, &st), 0);
    assert_int_equal (st.st_mode & 0777, 0600);
    if (geteuid () != 0)
        return;
    assert_int_equal (chown (dir, 1234, 1235), 0);
    assert_refused (tree, tree_change (tree, "f", "newer"), PRC_ERROR_WRITE, "another user");
    assert_int_equal (chown (dir, 0, 0), 0);
}

static void
commit__another_is_writing__waits_then_fails (void **state)
{
    Tree *tree = *state;
    g_autofree char *lock = state_path (tree, "lock"), *dir = state_path (tree, NULL);
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    g_autoptr (GError) error = NULL;
    gint64 begin;
    int fd;

    assert_int_equal (g_mkdir_with_parents (dir, 0700), 0);
    fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal (flock (fd, LOCK_EX), 0);
    tree_put (tree, "f", "old", 0600);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "f", "new"));
    options.wait_ms = 50;
    begin = g_get_monotonic_time ();
    assert_false (prc_transaction_commit (tree->state, tree->changes, &options, NULL, &error));
    assert_error (error, PRC_ERROR_WRITE);
    assert_true (g_get_monotonic_time () - begin >= 50000);
    assert_file (tree, "f", "old");
    close (fd);
    g_clear_error (&error);
    assert_true (prc_transaction_commit (tree->state, tree->changes, &options, NULL, &error));
    assert_file (tree, "f", "new");
}

static void
recover__nothing_there__nothing_made (void **state)
{
    Tree *tree = *state;
    g_autofree char *path = g_build_filename (tree->dir, "state", NULL);
    g_autoptr (GError) error = NULL;
    PrcRecovery *report = NULL;

    assert_true (prc_transaction_recover (tree->state, NULL, &report, &error));
    assert_null (report);
    assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static gboolean
look_and_answer (gpointer data, GError **error)
{
    Tree *tree = data;

    assert_file (tree, "a", "2"); /* all is new by now */
    assert_file (tree, "b", "2");
    if (tree->changes != NULL)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, "refused");
    return FALSE;
}

/* What is no file belongs to it as well: when it fails, the files are as they were. */
static void
commit__last_step_fails__all_rolled_back (void **state)
{
    Tree *tree = *state;
    PrcApplyOptions options = PRC_APPLY_OPTIONS_INIT;
    g_autoptr (GPtrArray) changes = tree_changes ();
    g_autoptr (GError) error = NULL;
    g_autofree char *id = NULL;

    tree_put (tree, "a", "1", 0600);
    g_ptr_array_add (changes, tree_change (tree, "a", "2"));
    g_ptr_array_add (changes, tree_change (tree, "b", "2"));
    options.last_step = look_and_answer;
    options.last_step_data = tree;
    assert_false (prc_transaction_commit (tree->state, changes, &options, &id, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    assert_file (tree, "a", "1");
    assert_file (tree, "b", NULL);
    g_clear_error (&error);
    tree->changes = g_ptr_array_ref (changes);
    assert_true (prc_transaction_commit (tree->state, changes, &options, &id, &error));
    assert_no_error (error);
    assert_file (tree, "b", "2");
    assert_non_null (id);
    g_clear_pointer (&tree->changes, g_ptr_array_unref);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
        TEST (commit__one_file__written_and_undone),
        TEST (commit__several_files__all_done_and_undone),
        TEST (commit__more_files_than_stay_open__all_done),
        TEST (commit__created_for_others__directory_open_too),
        TEST (commit__nothing_to_change__nothing_written),
        TEST (commit__symlink_chain__links_stay),
        TEST (commit__dangling_symlink__target_created),
        TEST (commit__not_a_file__refused),
        TEST (commit__changed_since_read__refused),
        TEST (commit__two_paths_to_one_file__only_if_equal),
        TEST (commit__hard_link__only_in_place),
        TEST (commit__attributes__kept_and_given_back),
        TEST (commit__directory_has_default_acl__file_gets_none),
        TEST (commit__root_given__symlinks_stay_inside),
        TEST (commit__owner_given__others_files_refused_own_created),
        TEST (commit__state_directory__private),
        TEST (commit__another_is_writing__waits_then_fails),
        TEST (commit__last_step_fails__all_rolled_back),
        TEST (recover__nothing_there__nothing_made),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
