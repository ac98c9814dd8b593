#include "test.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

guint32
prc_test_seed (void)
{
    const char *given = g_getenv ("PRC_TEST_SEED");
    guint32 seed = given != NULL ? (guint32) g_ascii_strtoull (given, NULL, 10)
                                 : (guint32) (g_get_real_time () & 0xFFFFFFFF);

    printf ("# PRC_TEST_SEED=%u\n", seed);
    fflush (stdout);
    return seed;
}

guint
prc_test_cases (guint normal)
{
    const char *given = g_getenv ("PRC_TEST_CASES");

    return given != NULL ? (guint) g_ascii_strtoull (given, NULL, 10) : normal;
}

gint64
prc_test_work (void)
{
    struct timespec now;

    (void) clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static FILE *
temp_with (GBytes *content)
{
    FILE *file = tmpfile ();
    gsize size = 0;
    const void *data = content != NULL ? g_bytes_get_data (content, &size) : NULL;

    if (file == NULL)
        fail_msg ("tmpfile: %s", g_strerror (errno));
    if (size > 0 && fwrite (data, 1, size, file) != size)
        fail_msg ("tmpfile: %s", g_strerror (errno));
    rewind (file);
    return file;
}

/* Also when empty it has an address, and a NUL behind it. */
static GBytes *
rest_of (FILE *file)
{
    GByteArray *bytes = g_byte_array_new ();
    g_autoptr (GBytes) with_nul = NULL;
    guint8 buffer[4096];
    size_t n;

    rewind (file);
    while ((n = fread (buffer, 1, sizeof buffer, file)) > 0)
        g_byte_array_append (bytes, buffer, (guint) n);
    g_byte_array_append (bytes, (const guint8 *) "", 1);
    with_nul = g_byte_array_free_to_bytes (bytes);
    return g_bytes_new_from_bytes (with_nul, 0, g_bytes_get_size (with_nul) - 1);
}

int
prc_test_run (const char *const *argv, char *const *envp, const char *dir, GBytes *input,
              GBytes **ret_out, GBytes **ret_err)
{
    /* Files, not pipes: nothing can block, whatever is written in which order. */
    FILE *in = temp_with (input), *out = temp_with (NULL), *err = temp_with (NULL);
    int status = 0;
    pid_t child;

    fflush (NULL);
    child = fork ();
    if (child == 0) {
        if ((dir != NULL && chdir (dir) != 0) || dup2 (fileno (in), 0) < 0 ||
            dup2 (fileno (out), 1) < 0 || dup2 (fileno (err), 2) < 0)
            _exit (126);
        if (envp != NULL)
            execvpe (argv[0], (char *const *) argv, envp);
        else
            execvp (argv[0], (char *const *) argv);
        _exit (127);
    }
    if (child < 0)
        fail_msg ("fork: %s", g_strerror (errno));
    while (waitpid (child, &status, 0) < 0 && errno == EINTR)
        ;
    if (ret_out != NULL)
        *ret_out = rest_of (out);
    if (ret_err != NULL)
        *ret_err = rest_of (err);
    fclose (in);
    fclose (out);
    fclose (err);
    return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

char *
prc_test_tool (const char *name)
{
    char *path = g_find_program_in_path (name);

    if (path == NULL)
        printf ("# skipped: %s is not installed\n", name);
    return path;
}

char *
prc_test_dir_new (void)
{
    GError *error = NULL;
    char *dir = g_dir_make_tmp ("proxyrc-test-XXXXXX", &error);

    assert_no_error (error);
    return dir;
}

static int
remove_one (const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void) st;
    (void) type;
    (void) ftw;
    return remove (path);
}

void
prc_test_dir_remove (char *dir)
{
    (void) nftw (dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_free (dir);
}
