#include "test.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "secrets/secret-file.h"
#include "store-fixture.h"

typedef struct {
    char *dir, *path;
    GBytes *bytes;
} Fixture;

static int
setup (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);

    fixture->dir = prc_test_dir_new ();
    fixture->path = g_build_filename (fixture->dir, "it's a file", NULL);
    fixture->bytes = g_bytes_new_static ("hidden-contents", 15);
    test_write (fixture->path, fixture->bytes, 0600);
    *state = fixture;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *fixture = *state;

    prc_test_dir_remove (fixture->dir);
    g_bytes_unref (fixture->bytes);
    g_free (fixture->path);
    g_free (fixture);
    return 0;
}

static void
assert_refused (const char *path, const char *word)
{
    g_autoptr (GError) error = NULL;
    GBytes *bytes = NULL;

    assert_false (prc_secret_file_read (path, &bytes, &error));
    assert_null (bytes);
    assert_error (error, PRC_ERROR_INPUT);
    if (strstr (error->message, word) == NULL)
        fail_msg ("no \"%s\" in: %s", word, error->message);
    assert_null (strstr (error->message, "hidden"));
}

static void
read__modes__only_private_ones (void **state)
{
    static const guint good[] = { 0600, 0400, 0700 };
    static const guint bad[] = { 0640, 0604, 0660, 0606, 0644, 0610, 0601, 0666, 0777 };
    Fixture *fixture = *state;

    for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) bytes = NULL;

        assert_int_equal (chmod (fixture->path, (mode_t) good[i]), 0);
        assert_true (prc_secret_file_read (fixture->path, &bytes, &error));
        assert_no_error (error);
        assert_true (g_bytes_equal (bytes, fixture->bytes));
    }
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        assert_int_equal (chmod (fixture->path, (mode_t) bad[i]), 0);
        assert_refused (fixture->path, "run: chmod 600 '");
    }
}

/* The remedy that is printed, given to a shell, must be one. */
static void
read__refused_for_its_mode__remedy_works (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    GBytes *bytes = NULL;
    const char *argv[] = { "/bin/sh", "-c", NULL, NULL };

    assert_int_equal (chmod (fixture->path, 0644), 0);
    assert_false (prc_secret_file_read (fixture->path, &bytes, &error));
    argv[2] = strstr (error->message, "chmod");
    assert_non_null (argv[2]);
    assert_int_equal (prc_test_run (argv, NULL, NULL, NULL, NULL, NULL), 0);
    assert_int_equal (test_mode (fixture->path), 0600);
    g_clear_error (&error);
    assert_true (prc_secret_file_read (fixture->path, &bytes, &error));
    g_bytes_unref (bytes);
}

static void
read__directory_others_write_to__refused (void **state)
{
    static const guint bad[] = { 0770, 0707, 0777, 01777, 0720 };
    Fixture *fixture = *state;

    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) error = NULL;

        assert_int_equal (chmod (fixture->dir, (mode_t) bad[i]), 0);
        assert_refused (fixture->path, "run: chmod 700 ");
        assert_int_equal (prc_secret_file_lock (fixture->path, &error), -1);
        assert_error (error, PRC_ERROR_INPUT);
    }
    assert_int_equal (chmod (fixture->dir, 0755), 0);
    {
        g_autoptr (GBytes) bytes = NULL;

        assert_true (prc_secret_file_read (fixture->path, &bytes, NULL));
    }
}

static void
read__not_a_regular_file__refused_without_waiting (void **state)
{
    Fixture *fixture = *state;
    g_autofree char *link = g_build_filename (fixture->dir, "link", NULL);
    g_autofree char *dangling = g_build_filename (fixture->dir, "dangling", NULL);
    g_autofree char *fifo = g_build_filename (fixture->dir, "fifo", NULL);

    assert_int_equal (symlink (fixture->path, link), 0);
    assert_int_equal (symlink ("nowhere", dangling), 0);
    assert_int_equal (mkfifo (fifo, 0600), 0);
    assert_refused (link, "symbolic link");
    assert_refused (dangling, "symbolic link");
    assert_refused (fifo, "not a regular file");
    assert_refused (fixture->dir, "");
}

static void
read__file_of_another_user__refused (void **state)
{
    Fixture *fixture = *state;

    if (geteuid () != 0) {
        print_message ("# skipped: only root can give a file away\n");
        skip ();
    }
    assert_int_equal (chown (fixture->path, 65534, (gid_t) -1), 0);
    assert_refused (fixture->path, "another user");
    assert_int_equal (chown (fixture->path, 0, (gid_t) -1), 0);
    assert_int_equal (chown (fixture->dir, 65534, (gid_t) -1), 0);
    assert_refused (fixture->path, "another user");
}

static void
read__absent__null_without_error (void **state)
{
    Fixture *fixture = *state;
    const char *const names[] = { "absent", "absent/below", "it's a file/below" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *path = g_build_filename (fixture->dir, names[i], NULL);
        GBytes *bytes = fixture->bytes;

        assert_true (prc_secret_file_read (path, &bytes, &error));
        assert_no_error (error);
        assert_null (bytes);
    }
}

static void
write__over_another_file__new_inode_and_private (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) new_bytes = g_bytes_new_static ("new", 3);
    g_autoptr (GBytes) after = NULL;
    g_autofree char *temporary = g_strconcat (fixture->path, ".new", NULL);
    g_autofree char *other = g_build_filename (fixture->dir, "other name", NULL);
    mode_t before = umask (0);

    /* What a killed process may have left behind, and what someone may have put in the way. */
    assert_int_equal (symlink (fixture->path, temporary), 0);
    assert_int_equal (link (fixture->path, other), 0);
    assert_true (prc_secret_file_write (fixture->path, new_bytes, &error));
    (void) umask (before);
    assert_no_error (error);
    after = test_contents (fixture->path);
    assert_true (g_bytes_equal (after, new_bytes));
    assert_int_equal (test_mode (fixture->path), 0600);
    assert_false (g_file_test (temporary, G_FILE_TEST_IS_SYMLINK | G_FILE_TEST_EXISTS));
    g_bytes_unref (after);
    after = test_contents (other);
    assert_true (g_bytes_equal (after, fixture->bytes));
}

/* RLIMIT_FSIZE is a disk that is full after so many bytes. */
static int
write_with_little_room (const char *path)
{
    const struct rlimit room = { 4096, 4096 };
    g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (10000), 10000);
    g_autoptr (GError) error = NULL;

    (void) signal (SIGXFSZ, SIG_IGN);
    if (setrlimit (RLIMIT_FSIZE, &room) != 0)
        return 3;
    if (prc_secret_file_write (path, large, &error))
        return 2;
    return g_error_matches (error, PRC_ERROR, PRC_ERROR_WRITE) ? 0 : 1;
}

static void
write__disk_full__old_contents_and_no_remains (void **state)
{
    Fixture *fixture = *state;
    g_autofree char *temporary = g_strconcat (fixture->path, ".new", NULL);
    g_autoptr (GBytes) after = NULL;
    int status = 0;
    pid_t child;

    fflush (NULL);
    child = fork ();
    if (child == 0)
        _exit (write_with_little_room (fixture->path));
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_int_equal (status, 0);
    after = test_contents (fixture->path);
    assert_true (g_bytes_equal (after, fixture->bytes));
    assert_false (g_file_test (temporary, G_FILE_TEST_EXISTS));
}

static void
lock__new_directories__private (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autofree char *outer = g_build_filename (fixture->dir, "a", NULL);
    g_autofree char *inner = g_build_filename (outer, "b", NULL);
    g_autofree char *path = g_build_filename (inner, "file", NULL);
    mode_t before = umask (0);
    g_auto (PrcFd) fd = prc_secret_file_lock (path, &error);

    (void) umask (before);
    assert_no_error (error);
    assert_true (fd >= 0);
    assert_int_equal (test_mode (outer), 0700);
    assert_int_equal (test_mode (inner), 0700);
}

static void
lock__held__second_one_waits (void **state)
{
    Fixture *fixture = *state;
    g_autofree char *path = g_strconcat (fixture->path, ".lock", NULL);
    g_auto (PrcFd) lock = prc_secret_file_lock (fixture->path, NULL);
    g_auto (PrcFd) other = open (path, O_RDWR | O_CLOEXEC);

    assert_true (lock >= 0 && other >= 0);
    assert_int_equal (test_mode (path), 0600);
    assert_int_equal (flock (other, LOCK_EX | LOCK_NB), -1);
    prc_fd_clear (&lock);
    assert_int_equal (flock (other, LOCK_EX | LOCK_NB), 0);
}

static void
lock__symlink_in_its_place__refused (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autofree char *path = g_strconcat (fixture->path, ".lock", NULL);
    g_autofree char *target = g_build_filename (fixture->dir, "elsewhere", NULL);

    assert_int_equal (symlink (target, path), 0);
    assert_int_equal (prc_secret_file_lock (fixture->path, &error), -1);
    assert_error (error, PRC_ERROR_WRITE);
    assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST (read__modes__only_private_ones),
    TEST (read__refused_for_its_mode__remedy_works),
    TEST (read__directory_others_write_to__refused),
    TEST (read__not_a_regular_file__refused_without_waiting),
    TEST (read__file_of_another_user__refused),
    TEST (read__absent__null_without_error),
    TEST (write__over_another_file__new_inode_and_private),
    TEST (write__disk_full__old_contents_and_no_remains),
    TEST (lock__new_directories__private),
    TEST (lock__held__second_one_waits),
    TEST (lock__symlink_in_its_place__refused),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
