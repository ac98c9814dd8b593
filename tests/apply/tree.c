#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

Tree *
tree_new (const char *base)
{
    Tree *tree = g_new0 (Tree, 1);
    g_autofree char *state = NULL;

    if (base != NULL) {
        tree->dir = g_build_filename (base, "proxyrc-test-XXXXXX", NULL);
        assert_non_null (g_mkdtemp (tree->dir));
    } else {
        tree->dir = prc_test_dir_new ();
    }
    tree->home = g_build_filename (tree->dir, "home", NULL);
    assert_int_equal (mkdir (tree->home, 0755), 0);
    state = g_build_filename (tree->dir, "state", "proxyrc", NULL);
    tree->state = prc_state_dir_new (state);
    return tree;
}

void
tree_free (Tree *tree)
{
    prc_state_dir_free (tree->state);
    g_clear_pointer (&tree->changes, g_ptr_array_unref);
    prc_test_dir_remove (tree->dir);
    g_free (tree->home);
    g_free (tree);
}

char *
tree_path (const Tree *tree, const char *name)
{
    return g_build_filename (tree->home, name, NULL);
}

void
tree_put (const Tree *tree, const char *name, const char *content, int mode)
{
    g_autofree char *path = tree_path (tree, name), *dir = g_path_get_dirname (path);
    int fd;

    assert_int_equal (g_mkdir_with_parents (dir, 0755), 0);
    fd = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        fail_msg ("%s: %s", path, g_strerror (errno));
    assert_int_equal (write (fd, content, strlen (content)), strlen (content));
    assert_int_equal (fchmod (fd, (mode_t) mode), 0);
    close (fd);
}

char *
tree_get (const Tree *tree, const char *name)
{
    g_autofree char *path = tree_path (tree, name);
    char *content = NULL;

    return g_file_get_contents (path, &content, NULL, NULL) ? content : NULL;
}

int
tree_mode (const Tree *tree, const char *name)
{
    g_autofree char *path = tree_path (tree, name);
    struct stat st;

    assert_int_equal (stat (path, &st), 0);
    return st.st_mode & 07777;
}

static void
list_into (GPtrArray *lines, const char *top, const char *name)
{
    g_autofree char *path = g_build_filename (top, name, NULL);
    g_autofree char *content = NULL;
    char target[4096];
    struct stat st;

    if (lstat (path, &st) < 0)
        return;
    if (S_ISLNK (st.st_mode)) {
        gssize n = readlink (path, target, sizeof target - 1);

        target[MAX (n, 0)] = '\0';
        g_ptr_array_add (lines, g_strdup_printf ("%s -> %s", name, target));
    } else if (S_ISDIR (st.st_mode)) {
        GDir *dir = g_dir_open (path, 0, NULL);
        const char *entry;

        g_ptr_array_add (lines, g_strdup_printf ("%s/ %o", name, st.st_mode & 07777));
        while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL) {
            g_autofree char *below = g_build_filename (name, entry, NULL);

            list_into (lines, top, below);
        }
        if (dir != NULL)
            g_dir_close (dir);
    } else {
        if (S_ISREG (st.st_mode))
            (void) g_file_get_contents (path, &content, NULL, NULL);
        g_ptr_array_add (lines, g_strdup_printf ("%s %o %s", name, st.st_mode & 07777,
                                                 content != NULL ? content : "?"));
    }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
tree_list (const Tree *tree)
{
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *state = g_build_filename (tree->dir, "state", "proxyrc", NULL);
    GDir *dir = g_dir_open (state, 0, NULL);
    const char *entry;

    list_into (lines, tree->dir, "home");
    while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
        if (strcmp (entry, "lock") != 0 && strcmp (entry, "history") != 0)
            g_ptr_array_add (lines, g_strdup_printf ("state: %s", entry));
    if (dir != NULL)
        g_dir_close (dir);
    g_ptr_array_sort (lines, compare_lines);
    g_ptr_array_add (lines, NULL);
    return g_strjoinv ("\n", (char **) lines->pdata);
}

PrcChange *
tree_change (const Tree *tree, const char *name, const char *new_text)
{
    g_autofree char *path = tree_path (tree, name), *now = tree_get (tree, name);
    g_autoptr (GBytes) old_bytes = now != NULL ? g_bytes_new (now, strlen (now)) : NULL;
    g_autoptr (GBytes) new_bytes =
        new_text != NULL ? g_bytes_new (new_text, strlen (new_text)) : NULL;

    return prc_change_new (path, old_bytes, new_bytes);
}

GPtrArray *
tree_changes (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify) prc_change_free);
}

char *
tree_commit (Tree *tree, const GPtrArray *changes)
{
    g_autoptr (GError) error = NULL;
    char *id = NULL;

    prc_transaction_commit (tree->state, changes, NULL, &id, &error);
    assert_no_error (error);
    return id;
}

char *
tree_commit_one (Tree *tree, PrcChange *change)
{
    g_autoptr (GPtrArray) changes = tree_changes ();

    g_ptr_array_add (changes, change);
    return tree_commit (tree, changes);
}
