/* The places where files are that make a difference: mounts, full and read-only file systems,
 * directories of others. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apply/history.h"
#include "apply/transaction.h"
#include "tree.h"

static gboolean can_mount;

/* Mounts of our own, which end with this process. */
static int
enter_namespace (void **state)
{
    (void) state;
    can_mount = geteuid () == 0 && unshare (CLONE_NEWNS) == 0 &&
                mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    if (!can_mount)
        printf ("# can't mount here: %s\n", geteuid () == 0 ? g_strerror (errno) : "not root");
    return 0;
}

static void
skip_without_mounts (void)
{
    if (!can_mount) {
        printf ("# skipped: needs a mount\n");
        skip ();
    }
}

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
assert_commit_fails (Tree *tree, const GPtrArray *changes, const char *words)
{
    g_autoptr (GError) error = NULL;
    g_autofree char *before = tree_list (tree), *after = NULL;

    assert_false (prc_transaction_commit (tree->state, changes, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_WRITE);
    if (strstr (error->message, words) == NULL)
        fail_msg ("\"%s\" does not say \"%s\"", error->message, words);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

static void
commit__bind_mounted_file__only_in_place (void **state)
{
    Tree *tree = *state;
    g_autofree char *inside = tree_path (tree, ".npmrc"), *outside = tree_path (tree, "outside"),
                    *before = NULL, *after = NULL;
    PrcChange *change;

    skip_without_mounts ();
    tree_put (tree, ".npmrc", "covered", 0600);
    tree_put (tree, "outside", "old and longer", 0640);
    tree_put (tree, "other", "old", 0600);
    assert_int_equal (mount (outside, inside, NULL, MS_BIND, NULL), 0);
    before = tree_list (tree);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "other", "new"));
    change = tree_change (tree, ".npmrc", "new");
    g_ptr_array_add (tree->changes, change);
    assert_commit_fails (tree, tree->changes, "mounted");
    change->in_place = TRUE;
    g_free (tree_commit (tree, tree->changes));
    g_autofree char *text = tree_get (tree, "outside");
    assert_string_equal (text, "new");
    assert_true (prc_transaction_undo (tree->state, NULL, NULL, NULL, NULL, NULL));
    after = tree_list (tree);
    assert_string_equal (before, after);
    change = tree_change (tree, ".npmrc", NULL);
    change->in_place = TRUE;
    g_ptr_array_set_size (tree->changes, 1);
    g_ptr_array_add (tree->changes, change);
    assert_commit_fails (tree, tree->changes, "can't be removed");
    assert_int_equal (umount (inside), 0);
}

/* Mounts a small file system at @dir and fills it up to @left bytes. */
static void
mount_full (const char *dir, gsize left)
{
    g_autofree char *filler = g_build_filename (dir, "filler", NULL);
    static const char block[4096];
    gsize size = 0;
    int fd;

    assert_int_equal (mount ("none", dir, "tmpfs", 0, "size=256k,mode=0755"), 0);
    fd = open (filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (write (fd, block, sizeof block) == (gssize) sizeof block)
        size += sizeof block;
    assert_true (size > left);
    assert_int_equal (ftruncate (fd, (off_t) (size - left)), 0);
    close (fd);
}

static void
put_scenario (Tree *tree, const char *big)
{
    tree_put (tree, "disk/a", big, 0600);
    tree_put (tree, "disk/b", "old b", 0644);
    tree_put (tree, "c", "old c", 0600);
}

/* With room for a bit more each time, it fails at another step, and at last it doesn't. */
static void
fill_up (Tree *tree, const char *full, const char *big)
{
    guint failed = 0;

    for (gsize left = 0;; left += 4096) {
        g_autoptr (GPtrArray) changes = tree_changes ();
        g_autoptr (GError) error = NULL;
        g_autofree char *before = NULL, *after = NULL;
        gboolean ok;

        /* The files, if they are on it, take four blocks. */
        mount_full (full, left + (g_str_has_prefix (full, tree->home) ? 4 * 4096 : 0));
        put_scenario (tree, big);
        g_ptr_array_add (changes, tree_change (tree, "c", "new c"));
        g_ptr_array_add (changes, tree_change (tree, "disk/a", "new a"));
        g_ptr_array_add (changes, tree_change (tree, "disk/new/d", big));
        g_ptr_array_add (changes, tree_change (tree, "disk/b", NULL));
        before = tree_list (tree);
        ok = prc_transaction_commit (tree->state, changes, NULL, NULL, &error);
        after = tree_list (tree);
        assert_int_equal (umount (full), 0);
        if (ok)
            break;
        failed++;
        assert_error (error, PRC_ERROR_WRITE);
        assert_non_null (strstr (error->message, "No space left"));
        assert_non_null (strstr (error->message, "make room"));
        assert_string_equal (before, after);
    }
    printf ("# failed with %u amounts of room, then fitted\n", failed);
    assert_true (failed > 2);
}

static void
commit__disk_full__all_old (void **state)
{
    Tree *tree = *state;
    g_autofree char *disk = tree_path (tree, "disk"), *big = g_strnfill (10000, 'x'),
                    *journals = g_build_filename (tree->dir, "state", NULL);

    skip_without_mounts ();
    assert_int_equal (mkdir (disk, 0755), 0);
    fill_up (tree, disk, big);
    /* And where the journal is to go. */
    assert_true (prc_history_purge (tree->state, NULL, NULL, NULL, NULL));
    fill_up (tree, journals, big);
}

static void
commit__disk_full__in_place_intact (void **state)
{
    Tree *tree = *state;
    g_autofree char *disk = tree_path (tree, "disk"), *a = tree_path (tree, "disk/a"),
                    *b = tree_path (tree, "disk/b"), *big = g_strnfill (20000, 'x');
    PrcChange *change;

    skip_without_mounts ();
    assert_int_equal (mkdir (disk, 0755), 0);
    mount_full (disk, 8192);
    tree_put (tree, "disk/a", "old", 0600);
    tree_put (tree, "other", "old", 0600);
    assert_int_equal (link (a, b), 0);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "other", "new"));
    change = tree_change (tree, "disk/a", big);
    change->in_place = TRUE;
    g_ptr_array_add (tree->changes, change);
    assert_commit_fails (tree, tree->changes, "No space left");
    assert_int_equal (umount (disk), 0);
}

static void
commit__read_only_file_system__refused (void **state)
{
    Tree *tree = *state;
    g_autofree char *disk = tree_path (tree, "disk");

    skip_without_mounts ();
    assert_int_equal (mkdir (disk, 0755), 0);
    assert_int_equal (mount ("none", disk, "tmpfs", 0, "size=64k,mode=0755"), 0);
    tree_put (tree, "disk/a", "old", 0600);
    tree_put (tree, "other", "old", 0600);
    assert_int_equal (mount ("none", disk, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "other", "new"));
    g_ptr_array_add (tree->changes, tree_change (tree, "disk/a", "new"));
    assert_commit_fails (tree, tree->changes, "read-only");
    g_ptr_array_set_size (tree->changes, 1);
    g_ptr_array_add (tree->changes, tree_change (tree, "disk/b", "new"));
    assert_commit_fails (tree, tree->changes, "ead-only");
    g_ptr_array_set_size (tree->changes, 1);
    g_ptr_array_add (tree->changes, tree_change (tree, "disk/in/deep/b", "new"));
    assert_commit_fails (tree, tree->changes, "ead-only");
    assert_int_equal (umount (disk), 0);
}

static void
commit__several_file_systems__done_and_undone (void **state)
{
    Tree *tree = *state;
    g_autofree char *disk = tree_path (tree, "disk"), *before = NULL, *after = NULL, *text = NULL;

    skip_without_mounts ();
    assert_int_equal (mkdir (disk, 0755), 0);
    assert_int_equal (mount ("none", disk, "tmpfs", 0, "size=256k,mode=0755"), 0);
    put_scenario (tree, "old a");
    before = tree_list (tree);
    tree->changes = tree_changes ();
    g_ptr_array_add (tree->changes, tree_change (tree, "c", "new c"));
    g_ptr_array_add (tree->changes, tree_change (tree, "disk/a", "new a"));
    g_ptr_array_add (tree->changes, tree_change (tree, "disk/b", NULL));
    g_free (tree_commit (tree, tree->changes));
    text = tree_get (tree, "disk/a");
    assert_string_equal (text, "new a");
    assert_true (prc_transaction_undo (tree->state, NULL, NULL, NULL, NULL, NULL));
    after = tree_list (tree);
    assert_string_equal (before, after);
    assert_int_equal (umount (disk), 0);
}

/* Runs as nobody; exit 0 when all is as it should be. */
static int
without_rights (Tree *tree)
{
    g_autofree char *state_path = g_build_filename (tree->dir, "nobody", "proxyrc", NULL),
                    *file = tree_path (tree, "theirs/f"), *id = NULL;
    g_autoptr (PrcStateDir) state = prc_state_dir_new (state_path);
    g_autoptr (GPtrArray) changes = tree_changes ();
    g_autoptr (GError) error = NULL;
    PrcChange *change;

    if (setgid (65534) < 0 || setuid (65534) < 0)
        return 1;
    change = tree_change (tree, "theirs/f", "new");
    g_ptr_array_add (changes, change);
    if (prc_transaction_commit (state, changes, NULL, NULL, &error) ||
        !g_error_matches (error, PRC_ERROR, PRC_ERROR_WRITE) ||
        strstr (error->message, "--in-place") == NULL)
        return 2;
    g_clear_error (&error);
    change->in_place = TRUE;
    if (!prc_transaction_commit (state, changes, NULL, NULL, &error))
        return 3;
    if (!prc_transaction_undo (state, NULL, NULL, NULL, NULL, &error))
        return 4;
    g_ptr_array_set_size (changes, 0);
    g_ptr_array_add (changes, tree_change (tree, "theirs/g", "new"));
    if (prc_transaction_commit (state, changes, NULL, NULL, &error) ||
        !g_error_matches (error, PRC_ERROR, PRC_ERROR_WRITE) ||
        strstr (error->message, "rights") == NULL)
        return 5;
    return 0;
}

static void
commit__without_rights__refused_but_in_place (void **state)
{
    Tree *tree = *state;
    g_autofree char *own = g_build_filename (tree->dir, "nobody", NULL), *before = NULL,
                    *after = NULL;
    int status = 0;
    pid_t child;

    if (geteuid () != 0) {
        printf ("# skipped: only root can become somebody else\n");
        skip ();
    }
    assert_int_equal (chmod (tree->dir, 0755), 0);
    assert_int_equal (mkdir (own, 0700), 0);
    assert_int_equal (chown (own, 65534, 65534), 0);
    tree_put (tree, "theirs/f", "old", 0666);
    before = tree_list (tree);
    fflush (NULL);
    child = fork ();
    if (child == 0)
        _exit (without_rights (tree));
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), 0);
    after = tree_list (tree);
    assert_string_equal (before, after);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
        TEST (commit__bind_mounted_file__only_in_place),
        TEST (commit__disk_full__all_old),
        TEST (commit__disk_full__in_place_intact),
        TEST (commit__read_only_file_system__refused),
        TEST (commit__several_file_systems__done_and_undone),
        TEST (commit__without_rights__refused_but_in_place),
    };

    return cmocka_run_group_tests (tests, enter_namespace, NULL);
}
