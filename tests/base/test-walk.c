#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/walk.h"

static const char *const npmrc_only[] = { ".npmrc", NULL };
static const char *const everything[] = { "*", NULL };

/* A filesystem that does not say what an entry is: linked with --wrap=syscall. */
static gboolean hide_types;
long __wrap_syscall (long number, ...);
long __real_syscall (long number, ...);

long
__wrap_syscall (long number, ...)
{
    va_list list;
    long a[4], result;

    va_start (list, number);
    for (guint i = 0; i < G_N_ELEMENTS (a); i++)
        a[i] = va_arg (list, long);
    va_end (list);
    result = __real_syscall (number, a[0], a[1], a[2], a[3]);
    if (number == SYS_getdents64 && hide_types)
        for (long at = 0; at < result;) {
            struct dirent64 *entry = (void *) (a[1] + at);

            entry->d_type = DT_UNKNOWN;
            at += entry->d_reclen;
        }
    return result;
}

typedef struct {
    GPtrArray *found;      /* paths; of a link with " ->" behind */
    GPtrArray *unreadable; /* "path: errno" */
    const char *stay_out;  /* a directory's name */
    gint cancelled;
    guint cancel_after;
    guint wrong; /* entries that could not be opened as a regular file through dir_fd */
} Seen;

static void
on_found (const PrcWalkEntry *entry, gpointer data)
{
    Seen *seen = data;
    struct stat st;

    if (fstatat (entry->dir_fd, entry->name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
        (entry->is_link ? !S_ISLNK (st.st_mode) : !S_ISREG (st.st_mode)))
        seen->wrong++;
    g_ptr_array_add (seen->found, g_strconcat (entry->dir, "/", entry->name,
                                               entry->is_link ? " ->" : NULL, NULL));
    if (seen->cancel_after > 0 && seen->found->len >= seen->cancel_after)
        g_atomic_int_set (&seen->cancelled, 1);
}

static void
on_unreadable (const char *dir, int error_number, gpointer data)
{
    Seen *seen = data;

    g_ptr_array_add (seen->unreadable, g_strdup_printf ("%s: %d", dir, error_number));
}

static gboolean
on_enter (const char *dir, const char *name, gpointer data)
{
    const Seen *seen = data;

    (void) dir;
    return seen->stay_out == NULL || strcmp (name, seen->stay_out) != 0;
}

static void
seen_init (Seen *seen)
{
    *seen = (Seen){ .found = g_ptr_array_new_with_free_func (g_free),
                    .unreadable = g_ptr_array_new_with_free_func (g_free) };
}

static void
seen_clear (Seen *seen)
{
    g_ptr_array_unref (seen->found);
    g_ptr_array_unref (seen->unreadable);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Seen, seen_clear)

static gboolean
walk_tree (const char *root, const char *const *patterns, guint threads, Seen *seen, GError **error)
{
    PrcWalk walk = { .patterns = patterns,
                     .found = on_found,
                     .unreadable = on_unreadable,
                     .enter = on_enter,
                     .data = seen,
                     .cancelled = &seen->cancelled,
                     .threads = threads };

    return prc_walk (AT_FDCWD, root, &walk, error);
}

static int
by_text (const void *a, const void *b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
joined (GPtrArray *lines)
{
    g_ptr_array_sort (lines, by_text);
    return lines->len == 0
               ? g_strdup ("")
               : g_strjoinv ("\n", (g_ptr_array_add (lines, NULL), (char **) lines->pdata));
}

/* Builds @line: "dir/", "file", or "link -> target", with the directories above it. */
static void
build_one (int dir_fd, const char *line)
{
    g_auto (GStrv) halves = g_strsplit (line, " -> ", 2);
    gsize length = strlen (halves[0]);

    for (gsize i = 1; i < length; i++)
        if (halves[0][i] == '/') {
            g_autofree char *above = g_strndup (halves[0], i);

            if (mkdirat (dir_fd, above, 0755) != 0 && errno != EEXIST)
                fail_msg ("%s: %s", above, g_strerror (errno));
        }
    if (halves[1] != NULL) {
        assert_int_equal (symlinkat (halves[1], dir_fd, halves[0]), 0);
    } else if (halves[0][length - 1] != '/') {
        g_auto (PrcFd) fd = openat (dir_fd, halves[0], O_CREAT | O_WRONLY, 0644);

        assert_true (fd >= 0);
    }
}

static char *
build_tree (const char *const *lines)
{
    char *dir = prc_test_dir_new ();
    g_auto (PrcFd) fd = open (dir, O_RDONLY | O_DIRECTORY);

    for (; *lines != NULL; lines++)
        build_one (fd, *lines);
    return dir;
}

/* Too deep for a path, and so for prc_test_dir_remove(). */
static void
remove_deep (char *dir)
{
    const char *argv[] = { "rm", "-rf", "--", dir, NULL };

    assert_int_equal (prc_test_run (argv, NULL, NULL, NULL, NULL, NULL), 0);
    g_free (dir);
}

static void
patterns__each_kind__match_what_they_say (void **state)
{
    static const struct {
        const char *pattern, *name;
        gboolean matches;
    } rows[] = {
        { ".npmrc", ".npmrc", TRUE },
        { ".npmrc", ".npmrcx", FALSE },
        { ".npmrc", "x.npmrc", FALSE },
        { ".npmrc", ".npmr", FALSE },
        { ".npmrc", ".NPMRC", FALSE },
        { "*.sh", "a.sh", TRUE },
        { "*.sh", ".sh", TRUE },
        { "*.sh", "sh", FALSE },
        { "*.sh", "a.sh.bak", FALSE },
        { ".env*", ".env", TRUE },
        { ".env*", ".env.local", TRUE },
        { ".env*", ".en", FALSE },
        { ".env.*", ".env", FALSE },
        { ".env.*", ".env.", TRUE },
        { "*", "anything", TRUE },
        { "", "anything", FALSE },
        { "x", "x", TRUE },
        { "x", "xx", FALSE },
        { "a*b", "a*b", TRUE },
        { "a*b", "aXb", FALSE },
        { "*\377", "z\377", TRUE },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        const char *const lines[] = { rows[i].name, NULL };
        /* the empty one first: it must not undo the others */
        const char *const patterns[] = { "", "no such name", rows[i].pattern, "", NULL };
        char *dir = build_tree (lines);
        g_auto (Seen) seen;
        g_autoptr (GError) error = NULL;

        seen_init (&seen);
        assert_true (walk_tree (dir, patterns, 1, &seen, &error));
        if ((seen.found->len == 1) != rows[i].matches)
            fail_msg ("%s, %s: %u", rows[i].pattern, rows[i].name, seen.found->len);
        prc_test_dir_remove (dir);
    }
}

static void
tree__links_and_odd_names__found_not_followed (void **state)
{
    static const char *const lines[] = {
        "a/.npmrc",
        "a/b/c/.npmrc",
        "in/.npmrc",
        "dirlink -> in",
        "x/.npmrc -> ../a/.npmrc",
        "y/.npmrc -> nowhere",
        "z/.npmrc/.npmrc",
        "new\nline/.npmrc",
        "bad\377utf/.npmrc",
        "up -> ..",
        "other",
        NULL,
    };
    static const char *const expected[] = { "a/.npmrc",         "a/b/c/.npmrc",
                                            "in/.npmrc",        "x/.npmrc ->",
                                            "y/.npmrc ->",      "z/.npmrc/.npmrc",
                                            "new\nline/.npmrc", "bad\377utf/.npmrc" };
    char *dir = build_tree (lines);

    (void) state;
    for (guint threads = 0; threads < 4; threads++)
        for (hide_types = FALSE; hide_types <= TRUE; hide_types++) {
            g_auto (Seen) seen;
            g_autoptr (GError) error = NULL;
            g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func (g_free);
            g_autofree char *got = NULL, *want = NULL;

            seen_init (&seen);
            for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
                g_ptr_array_add (wanted, g_strconcat (dir, "/", expected[i], NULL));
            assert_true (walk_tree (dir, npmrc_only, threads, &seen, &error));
            got = joined (seen.found);
            want = joined (wanted);
            assert_string_equal (got, want);
            assert_int_equal (seen.wrong, 0);
            assert_int_equal (seen.unreadable->len, 0);
        }
    hide_types = FALSE;
    prc_test_dir_remove (dir);
}

static void
root__each_kind__followed_or_refused (void **state)
{
    static const char *const lines[] = { "real/.npmrc", "link -> real", "file", "loop -> loop",
                                         NULL };
    static const struct {
        const char *root;
        int code; /* -1: fine */
    } rows[] = { { "real", -1 },
                 { "link", -1 },
                 { "real/", -1 },
                 { "file", PRC_ERROR_INPUT },
                 { "gone", PRC_ERROR_NOT_FOUND },
                 { "loop", PRC_ERROR_INPUT } };
    char *dir = build_tree (lines);

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *root = g_build_filename (dir, rows[i].root, NULL);
        g_auto (Seen) seen;
        g_autoptr (GError) error = NULL;

        seen_init (&seen);
        if (rows[i].code < 0) {
            g_autofree char *path = g_build_filename (root, ".npmrc", NULL);

            assert_true (walk_tree (root, npmrc_only, 2, &seen, &error));
            assert_int_equal (seen.found->len, 1);
            if (!g_str_has_suffix (root, "/"))
                assert_string_equal (seen.found->pdata[0], path);
        } else {
            assert_false (walk_tree (root, npmrc_only, 2, &seen, &error));
            assert_error (error, rows[i].code);
        }
    }
    prc_test_dir_remove (dir);
}

static void
enter__says_no__left_out (void **state)
{
    static const char *const lines[] = { ".npmrc", "node_modules/.npmrc", "a/node_modules/b/.npmrc",
                                         "a/.npmrc", NULL };
    char *dir = build_tree (lines);
    g_auto (Seen) seen;
    g_autoptr (GError) error = NULL;

    (void) state;
    seen_init (&seen);
    seen.stay_out = "node_modules";
    assert_true (walk_tree (dir, npmrc_only, 2, &seen, &error));
    assert_int_equal (seen.found->len, 2);
    prc_test_dir_remove (dir);
}

static void
directory__unreadable__named_and_the_rest_found (void **state)
{
    static const char *const lines[] = { "closed/.npmrc", "open/.npmrc", NULL };
    char *dir = build_tree (lines);
    g_autofree char *closed = g_build_filename (dir, "closed", NULL);
    g_autofree char *expected = g_strdup_printf ("%s: %d", closed, EACCES);
    gboolean is_root = geteuid () == 0;
    g_auto (Seen) seen;
    g_autoptr (GError) error = NULL;

    (void) state;
    assert_int_equal (chmod (dir, 0755), 0);
    assert_int_equal (chmod (closed, 0), 0);
    seen_init (&seen);
    if (is_root)
        assert_int_equal (seteuid (65534), 0);
    assert_true (walk_tree (dir, npmrc_only, 2, &seen, &error));
    if (is_root)
        assert_int_equal (seteuid (0), 0);
    assert_int_equal (seen.found->len, 1);
    assert_int_equal (seen.unreadable->len, 1);
    assert_string_equal (seen.unreadable->pdata[0], expected);
    assert_int_equal (chmod (closed, 0755), 0);
    prc_test_dir_remove (dir);
}

/* A chain of directories, each with a file and a second directory beside the way down. */
static char *
build_deep (guint depth, const char *name)
{
    char *dir = prc_test_dir_new ();
    int at = open (dir, O_RDONLY | O_DIRECTORY);

    for (guint i = 0; i < depth; i++) {
        int next;

        build_one (at, "beside/.npmrc");
        assert_int_equal (mkdirat (at, name, 0755), 0);
        next = openat (at, name, O_RDONLY | O_DIRECTORY);
        assert_true (next >= 0);
        (void) close (at);
        at = next;
    }
    build_one (at, ".npmrc");
    (void) close (at);
    return dir;
}

static void
tree__deeper_than_any_path__all_found (void **state)
{
    static const struct {
        guint depth;
        gsize length;
    } rows[] = { { 3000, 3 }, { 500, 200 }, { 60, 255 } };
    struct rlimit old, few;

    (void) state;
    assert_int_equal (getrlimit (RLIMIT_NOFILE, &old), 0);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        for (guint threads = 1; threads <= 3; threads += 2) {
            g_autofree char *name = g_strnfill (rows[i].length, 'd');
            char *dir = build_deep (rows[i].depth, name);
            g_auto (Seen) seen;
            g_autoptr (GError) error = NULL;

            seen_init (&seen);
            few = old;
            few.rlim_cur = 128;
            assert_int_equal (setrlimit (RLIMIT_NOFILE, &few), 0);
            assert_true (walk_tree (dir, npmrc_only, threads, &seen, &error));
            assert_int_equal (setrlimit (RLIMIT_NOFILE, &old), 0);
            assert_int_equal (seen.unreadable->len, 0);
            assert_int_equal (seen.found->len, rows[i].depth + 1);
            assert_int_equal (seen.wrong, 0);
            remove_deep (dir);
        }
}

static void
walk__cancelled__stops_with_its_error (void **state)
{
    g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
    char *dir;
    g_auto (Seen) seen;
    g_autoptr (GError) error = NULL;

    (void) state;
    for (guint i = 0; i < 400; i++)
        g_ptr_array_add (lines, g_strdup_printf ("%u/%u/.npmrc", i % 20, i));
    g_ptr_array_add (lines, NULL);
    dir = build_tree ((const char *const *) lines->pdata);
    seen_init (&seen);
    seen.cancel_after = 5;
    assert_false (walk_tree (dir, npmrc_only, 2, &seen, &error));
    assert_error (error, PRC_ERROR_CANCELLED);
    /* each thread may have been about to report one more */
    assert_in_range (seen.found->len, 5, 6);
    prc_test_dir_remove (dir);
}

/* The plainest walk there is, to compare with. */
static void
walk_plainly (const char *path, GPtrArray *found, PrcWalkProgress *progress)
{
    DIR *dir = opendir (path);
    struct dirent *entry;

    assert_non_null (dir);
    progress->dirs++;
    while ((entry = readdir (dir)) != NULL) {
        g_autofree char *child = g_strconcat (path, "/", entry->d_name, NULL);
        struct stat st;

        if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
            continue;
        assert_int_equal (lstat (child, &st), 0);
        if (S_ISDIR (st.st_mode)) {
            walk_plainly (child, found, progress);
            continue;
        }
        progress->files++;
        g_ptr_array_add (found, g_strconcat (child, S_ISLNK (st.st_mode) ? " ->" : NULL, NULL));
    }
    (void) closedir (dir);
}

static char *
random_tree (GRand *rand)
{
    g_autoptr (GPtrArray) dirs = g_ptr_array_new_with_free_func (g_free);
    char *dir = prc_test_dir_new ();
    g_auto (PrcFd) fd = open (dir, O_RDONLY | O_DIRECTORY);
    guint n = (guint) g_rand_int_range (rand, 1, 300);

    g_ptr_array_add (dirs, g_strdup (""));
    for (guint i = 0; i < n; i++) {
        const char *above = dirs->pdata[g_rand_int_range (rand, 0, (gint32) dirs->len)];
        g_autofree char *path =
            g_strdup_printf ("%s%c%u", above, (char) g_rand_int_range (rand, 1, 32), i);

        switch (g_rand_int_range (rand, 0, 4)) {
        case 0:
            g_ptr_array_add (dirs, g_strconcat (path, "/", NULL));
            build_one (fd, dirs->pdata[dirs->len - 1]);
            break;
        case 1:
            assert_int_equal (symlinkat (i % 2 ? "." : "/nowhere", fd, path), 0);
            break;
        default:
            build_one (fd, path);
            break;
        }
    }
    return dir;
}

static void
walk__random_trees__as_the_plain_one (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (60);

    (void) state;
    for (guint i = 0; i < n; i++) {
        char *dir = random_tree (rand);
        g_autoptr (GPtrArray) plainly = g_ptr_array_new_with_free_func (g_free);
        PrcWalkProgress progress = { 0, 0 }, expected = { 0, 0 };
        g_auto (Seen) seen;
        g_autoptr (GError) error = NULL;
        g_autofree char *got = NULL, *want = NULL;
        PrcWalk walk = { .patterns = everything,
                         .found = on_found,
                         .data = &seen,
                         .progress = &progress,
                         .threads = 1 + i % 4 };

        seen_init (&seen);
        hide_types = i % 5 == 0;
        walk_plainly (dir, plainly, &expected);
        assert_true (prc_walk (AT_FDCWD, dir, &walk, &error));
        got = joined (seen.found);
        want = joined (plainly);
        assert_string_equal (got, want);
        assert_int_equal (progress.dirs, expected.dirs);
        assert_int_equal (progress.files, expected.files);
        prc_test_dir_remove (dir);
    }
    hide_types = FALSE;
}

/* Runs @body in a child that may do to itself what it likes. Its result: 0 good, 77 not possible
 * here. */
static int
in_child (int (*body) (const char *dir), const char *dir)
{
    int status = 0;
    pid_t child;

    fflush (NULL);
    child = fork ();
    if (child == 0)
        _exit (body (dir));
    assert_true (child > 0);
    assert_int_equal (waitpid (child, &status, 0), child);
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static int
without_openat2 (const char *dir)
{
    struct sock_filter filter[] = {
        BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
        BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { G_N_ELEMENTS (filter), filter };
    g_auto (Seen) seen;

    seen_init (&seen);
    if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        return 77;
    if (!walk_tree (dir, npmrc_only, 2, &seen, NULL))
        return 1;
    return seen.found->len == 3 && seen.unreadable->len == 0 && seen.wrong == 0 ? 0 : 2;
}

static void
kernel__without_openat2__the_same (void **state)
{
    static const char *const lines[] = { "a/b/c/.npmrc", "a/b/.npmrc", "a/.npmrc -> b/.npmrc",
                                         "l -> a", NULL };
    char *dir = build_tree (lines);
    int result = in_child (without_openat2, dir);

    (void) state;
    prc_test_dir_remove (dir);
    if (result == 77) {
        printf ("# skipped: seccomp is not available\n");
        skip ();
    }
    assert_int_equal (result, 0);
}

static int
with_a_mount_of_itself (const char *dir)
{
    g_autofree char *inner = g_build_filename (dir, "a/b", NULL);
    g_autofree char *other = g_build_filename (dir, "a/other", NULL);
    g_autofree char *source = g_build_filename (dir, "source", NULL);
    g_autofree char *expected = g_strdup_printf ("%s: %d", inner, ELOOP);
    g_auto (Seen) seen;

    seen_init (&seen);
    if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount (dir, inner, NULL, MS_BIND, NULL) != 0 ||
        mount (source, other, NULL, MS_BIND, NULL) != 0)
        return 77;
    if (!walk_tree (dir, npmrc_only, 2, &seen, NULL))
        return 1;
    /* one in source/ and again in a/other/, one in a/; none in a/b/ */
    if (seen.found->len != 3)
        return 2;
    return seen.unreadable->len == 1 && strcmp (seen.unreadable->pdata[0], expected) == 0 ? 0 : 3;
}

static void
mount__leads_back_up__named_not_entered (void **state)
{
    static const char *const lines[] = { "a/.npmrc", "a/b/", "a/other/", "source/.npmrc", NULL };
    char *dir = build_tree (lines);
    int result = in_child (with_a_mount_of_itself, dir);

    (void) state;
    prc_test_dir_remove (dir);
    if (result == 77) {
        printf ("# skipped: mounting is not allowed here\n");
        skip ();
    }
    assert_int_equal (result, 0);
}

typedef struct {
    const char *dir;
    gint stop;
} Disturbance;

/* Swaps a directory for a symlink that leads out of the tree, and back; makes and removes others.
 */
static gpointer
disturb (gpointer data)
{
    Disturbance *disturbance = data;
    g_auto (PrcFd) fd = open (disturbance->dir, O_RDONLY | O_DIRECTORY);

    while (g_atomic_int_get (&disturbance->stop) == 0) {
        (void) renameat (fd, "tree/swap", fd, "aside");
        (void) symlinkat ("../outside", fd, "tree/swap");
        (void) unlinkat (fd, "tree/swap", 0);
        (void) renameat (fd, "aside", fd, "tree/swap");
        (void) mkdirat (fd, "tree/new", 0755);
        (void) mkdirat (fd, "tree/new/newer", 0755);
        (void) unlinkat (fd, "tree/new/newer", AT_REMOVEDIR);
        (void) unlinkat (fd, "tree/new", AT_REMOVEDIR);
    }
    return NULL;
}

static void
tree__changes_meanwhile__never_left (void **state)
{
    static const char *const lines[] = { "outside/deep/.npmrc",    "outside/.npmrc",
                                         "tree/swap/deep/one",     "tree/swap/deep/deeper/two",
                                         "tree/stays/deep/.npmrc", NULL };
    char *dir = build_tree (lines);
    g_autofree char *tree = g_build_filename (dir, "tree", NULL);
    Disturbance disturbance = { dir, 0 };
    GThread *thread = g_thread_new ("disturb", disturb, &disturbance);
    guint n = prc_test_cases (2000);

    (void) state;
    for (guint i = 0; i < n; i++) {
        g_auto (Seen) seen;
        g_autoptr (GError) error = NULL;

        seen_init (&seen);
        assert_true (walk_tree (tree, npmrc_only, 2, &seen, &error));
        /* the one that stays, and never one from outside */
        assert_int_equal (seen.found->len, 1);
        assert_true (g_str_has_suffix (seen.found->pdata[0], "/tree/stays/deep/.npmrc"));
    }
    g_atomic_int_set (&disturbance.stop, 1);
    g_thread_join (thread);
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (patterns__each_kind__match_what_they_say),
        cmocka_unit_test (tree__links_and_odd_names__found_not_followed),
        cmocka_unit_test (root__each_kind__followed_or_refused),
        cmocka_unit_test (enter__says_no__left_out),
        cmocka_unit_test (directory__unreadable__named_and_the_rest_found),
        cmocka_unit_test (tree__deeper_than_any_path__all_found),
        cmocka_unit_test (walk__cancelled__stops_with_its_error),
        cmocka_unit_test (walk__random_trees__as_the_plain_one),
        cmocka_unit_test (kernel__without_openat2__the_same),
        cmocka_unit_test (mount__leads_back_up__named_not_entered),
        cmocka_unit_test (tree__changes_meanwhile__never_left),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
