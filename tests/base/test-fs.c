#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"

typedef struct {
    char *dir, *path;
} Fixture;

static int
setup (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);

    fixture->dir = prc_test_dir_new ();
    fixture->path = g_build_filename (fixture->dir, "file", NULL);
    *state = fixture;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *fixture = *state;

    prc_test_dir_remove (fixture->dir);
    g_free (fixture->path);
    g_free (fixture);
    return 0;
}

/* A file of @size bytes that differ from place to place. */
static GBytes *
pattern_of_size (gsize size)
{
    char *bytes = g_malloc (size + 1);

    for (gsize i = 0; i < size; i++)
        bytes[i] = (char) (i * 31 + i / 256);
    return g_bytes_new_take (bytes, size);
}

static void
write_file (const char *path, GBytes *bytes)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);

    assert_true (g_file_set_contents (path, size > 0 ? data : "", (gssize) size, NULL));
}

static void
read_file__sizes_around_the_buffers__exact (void **state)
{
    static const gsize sizes[] = { 0, 1, 4095, 4096, 4097, 8191, 8192, 8193, 1000000 };
    Fixture *fixture = *state;

    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) expected = pattern_of_size (sizes[i]);
        g_autoptr (GBytes) bytes = NULL;
        struct stat st;

        write_file (fixture->path, expected);
        bytes = prc_read_file (AT_FDCWD, fixture->path, &st, &error);
        assert_no_error (error);
        assert_true (g_bytes_equal (bytes, expected));
        assert_int_equal (st.st_size, sizes[i]);
    }
}

static void
read_file__largest_and_one_more__taken_and_refused (void **state)
{
    Fixture *fixture = *state;

    for (gsize over = 0; over <= 1; over++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) bytes = NULL;
        g_auto (PrcFd) fd = open (fixture->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

        assert_int_equal (ftruncate (fd, (off_t) (PRC_FILE_SIZE_MAX + over)), 0);
        bytes = prc_read_file (AT_FDCWD, fixture->path, NULL, &error);
        if (over == 0) {
            assert_no_error (error);
            assert_int_equal (g_bytes_get_size (bytes), PRC_FILE_SIZE_MAX);
        } else {
            assert_null (bytes);
            assert_error (error, PRC_ERROR_INPUT);
            assert_true (g_str_has_prefix (error->message, fixture->path));
        }
    }
}

static void
read_file__absent__not_found (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    g_autofree char *dangling = g_build_filename (fixture->dir, "dangling", NULL);
    g_autofree char *below = g_build_filename (fixture->path, "below", NULL);
    g_autofree char *absent = g_build_filename (fixture->dir, "a", "b", NULL);
    const char *const paths[] = { dangling, below, absent };

    write_file (fixture->path, empty);
    assert_int_equal (symlink ("nowhere", dangling), 0);
    for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (prc_read_file (AT_FDCWD, paths[i], NULL, &error));
        assert_error (error, PRC_ERROR_NOT_FOUND);
        assert_true (g_str_has_prefix (error->message, paths[i]));
    }
}

static void
make_socket (const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void) g_strlcpy (address.sun_path, path, sizeof address.sun_path);
    assert_int_equal (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
    close (fd);
}

static void
read_file__not_a_regular_file__refused_at_once (void **state)
{
    Fixture *fixture = *state;
    g_autofree char *fifo = g_build_filename (fixture->dir, "fifo", NULL);
    g_autofree char *sock = g_build_filename (fixture->dir, "sock", NULL);
    g_autofree char *loop = g_build_filename (fixture->dir, "loop", NULL);
    const char *const paths[] = { fixture->dir, fifo, sock, loop, "/dev/null", "/dev/zero" };

    assert_int_equal (mkfifo (fifo, 0600), 0);
    make_socket (sock);
    assert_int_equal (symlink (loop, loop), 0);
    for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (prc_read_file (AT_FDCWD, paths[i], NULL, &error));
        assert_error (error, PRC_ERROR_INPUT);
        assert_true (g_str_has_prefix (error->message, paths[i]));
    }
}

static void
read_file__symlink_and_relative_path__followed_from_the_directory (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) expected = pattern_of_size (10);
    g_autoptr (GBytes) bytes = NULL;
    g_autofree char *link = g_build_filename (fixture->dir, "link", NULL);
    g_auto (PrcFd) dirfd = open (fixture->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;

    write_file (fixture->path, expected);
    assert_int_equal (symlink ("file", link), 0);
    bytes = prc_read_file (dirfd, "link", &st, &error);
    assert_no_error (error);
    assert_true (g_bytes_equal (bytes, expected));
    assert_true (S_ISREG (st.st_mode));
}

static void
read_file__failed__stat_left_alone (void **state)
{
    Fixture *fixture = *state;
    struct stat st = { .st_size = 12345 };

    assert_null (prc_read_file (AT_FDCWD, fixture->path, &st, NULL));
    assert_int_equal (st.st_size, 12345);
}

static void
read_fd__from_where_it_stands__the_rest (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) all = g_bytes_new_static ("0123456789", 10);
    g_autoptr (GBytes) rest = NULL;
    g_auto (PrcFd) fd = -1;

    write_file (fixture->path, all);
    fd = open (fixture->path, O_RDONLY | O_CLOEXEC);
    assert_int_equal (lseek (fd, 4, SEEK_SET), 4);
    rest = prc_read_fd (fd, &error);
    assert_no_error (error);
    assert_int_equal (g_bytes_get_size (rest), 6);
    assert_memory_equal (g_bytes_get_data (rest, NULL), "456789", 6);
}

static void
read_fd__not_readable__error (void **state)
{
    Fixture *fixture = *state;
    g_auto (PrcFd) write_only = open (fixture->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    g_auto (PrcFd) directory = open (fixture->dir, O_RDONLY | O_CLOEXEC);
    const int fds[] = { -1, write_only, directory };

    for (gsize i = 0; i < G_N_ELEMENTS (fds); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (prc_read_fd (fds[i], &error));
        assert_error (error, PRC_ERROR_INPUT);
    }
}

static void
on_alarm (int number)
{
    (void) number;
}

/* A child that writes @n bytes slowly, so that reading is interrupted and comes in pieces. */
static pid_t
slow_writer (int fd, gsize n)
{
    pid_t child;

    fflush (NULL);
    child = fork ();
    if (child == 0) {
        for (gsize i = 0; i < n; i++) {
            const char c = (char) ('a' + i % 26);

            if (write (fd, &c, 1) != 1)
                _exit (1);
            g_usleep (3000);
        }
        _exit (0);
    }
    return child;
}

static void
read_fd__pipe_and_signals__nothing_missing (void **state)
{
    const struct sigaction action = { .sa_handler = on_alarm }; /* no SA_RESTART */
    struct sigaction before;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = NULL;
    int ends[2], status = 0;
    pid_t child;

    (void) state;
    assert_int_equal (pipe2 (ends, O_CLOEXEC), 0);
    child = slow_writer (ends[1], 30);
    close (ends[1]);
    assert_int_equal (sigaction (SIGALRM, &action, &before), 0);
    (void) ualarm (2000, 2000);
    bytes = prc_read_fd (ends[0], &error);
    (void) ualarm (0, 0);
    (void) sigaction (SIGALRM, &before, NULL);
    close (ends[0]);
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_no_error (error);
    assert_int_equal (g_bytes_get_size (bytes), 30);
    assert_memory_equal (g_bytes_get_data (bytes, NULL), "abcdefghijklmnopqrstuvwxyzabcd", 30);
}

static void
write_all__pipe_and_signals__nothing_missing (void **state)
{
    const struct sigaction action = { .sa_handler = on_alarm };
    const gsize size = 1000000;
    struct sigaction before;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = pattern_of_size (size);
    int ends[2], status = 0;
    gboolean written = FALSE;
    pid_t child;

    (void) state;
    assert_int_equal (pipe2 (ends, O_CLOEXEC), 0);
    fflush (NULL);
    child = fork ();
    if (child == 0) {
        GBytes *got = NULL;

        close (ends[1]);
        g_usleep (30000); /* the pipe is full by then, and the writer is interrupted */
        got = prc_read_fd (ends[0], NULL);
        _exit (got != NULL && g_bytes_equal (got, bytes) ? 0 : 1);
    }
    close (ends[0]);
    assert_int_equal (sigaction (SIGALRM, &action, &before), 0);
    (void) ualarm (2000, 2000);
    written = prc_write_all (ends[1], g_bytes_get_data (bytes, NULL), size, &error);
    (void) ualarm (0, 0);
    (void) sigaction (SIGALRM, &before, NULL);
    close (ends[1]);
    assert_no_error (error);
    assert_true (written);
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_int_equal (status, 0);
}

static void
write_all__not_writable_or_full__error (void **state)
{
    Fixture *fixture = *state;
    g_auto (PrcFd) read_only = open (fixture->path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
    g_auto (PrcFd) full = open ("/dev/full", O_WRONLY | O_CLOEXEC);
    const int fds[] = { -1, read_only, full };

    for (gsize i = 0; i < G_N_ELEMENTS (fds); i++) {
        g_autoptr (GError) error = NULL;

        assert_false (prc_write_all (fds[i], "x", 1, &error));
        assert_error (error, PRC_ERROR_WRITE);
        assert_true (prc_write_all (fds[i], NULL, 0, NULL));
    }
}

static void
fd_clear__twice__closed_once (void **state)
{
    Fixture *fixture = *state;
    PrcFd fd = open (fixture->dir, O_RDONLY | O_CLOEXEC);
    int number = fd;

    prc_fd_clear (&fd);
    assert_int_equal (fd, -1);
    assert_int_equal (fcntl (number, F_GETFD), -1);
    prc_fd_clear (&fd);
    fd = open (fixture->dir, O_RDONLY | O_CLOEXEC);
    errno = ENOSPC;
    prc_fd_clear_keep_errno (&fd);
    assert_int_equal (errno, ENOSPC);
    assert_int_equal (fd, -1);
}

static void
sync_fd__files_and_oddities__done_or_errno (void **state)
{
    Fixture *fixture = *state;
    g_auto (PrcFd) directory = prc_open_at (AT_FDCWD, fixture->dir, O_RDONLY | O_DIRECTORY, 0);
    g_auto (PrcFd) file = prc_open_at (directory, "file", O_WRONLY | O_CREAT | O_EXCL, 0600);
    g_auto (PrcFd) path_only = prc_open_at (AT_FDCWD, fixture->dir, O_PATH, 0);
    int ends[2];

    assert_true (directory >= 0 && file >= 0 && path_only >= 0);
    assert_true ((fcntl (file, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal (prc_sync_fd (file), 0);
    assert_int_equal (prc_sync_fd (directory), 0);
    assert_int_equal (prc_sync_fd (path_only), 0);
    assert_int_equal (pipe2 (ends, O_CLOEXEC), 0);
    assert_int_equal (prc_sync_fd (ends[0]), 0);
    close (ends[0]);
    close (ends[1]);
    assert_int_equal (prc_open_at (AT_FDCWD, "/nonexistent", O_RDONLY, 0), -1);
    assert_int_equal (errno, ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST (read_file__sizes_around_the_buffers__exact),
    TEST (read_file__largest_and_one_more__taken_and_refused),
    TEST (read_file__absent__not_found),
    TEST (read_file__not_a_regular_file__refused_at_once),
    TEST (read_file__symlink_and_relative_path__followed_from_the_directory),
    TEST (read_file__failed__stat_left_alone),
    TEST (read_fd__from_where_it_stands__the_rest),
    TEST (read_fd__not_readable__error),
    TEST (read_fd__pipe_and_signals__nothing_missing),
    TEST (write_all__pipe_and_signals__nothing_missing),
    TEST (write_all__not_writable_or_full__error),
    TEST (fd_clear__twice__closed_once),
    TEST (sync_fd__files_and_oddities__done_or_errno),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
