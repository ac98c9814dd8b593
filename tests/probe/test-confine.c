#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/confine.h"

typedef struct {
    char *dir, *secret, *ticket, *config, *module;
} Places;

static char *
put (const char *dir, const char *name)
{
    char *path = g_build_filename (dir, name, NULL);

    assert_true (g_file_set_contents_full (path, "x", 1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    return path;
}

static gboolean
kernel_has_landlock (void)
{
    return syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static int
open_errno (const char *path, int flags)
{
    int fd = open (path, flags | O_CLOEXEC, 0600);

    if (fd < 0)
        return errno;
    (void) close (fd);
    return 0;
}

/* The number of what isn't as it should be; 0: all is. */
static int
look_around (const Places *places)
{
    g_autofree char *new_file = g_build_filename (places->dir, "new", NULL);
    char *const argv[] = { (char *) "/bin/true", NULL };
    struct rlimit core;

    if (open_errno (places->ticket, O_RDONLY) != 0 || open_errno (places->config, O_RDONLY) != 0 ||
        open_errno (places->module, O_RDONLY) != 0)
        return 1;
    if (open_errno (places->secret, O_RDONLY) != EACCES)
        return 2;
    if (open_errno (places->ticket, O_WRONLY) != EACCES)
        return 3;
    if (open_errno (new_file, O_WRONLY | O_CREAT) != EACCES)
        return 4;
    if (open_errno ("/etc/passwd", O_RDONLY) != EACCES)
        return 5;
    if (open_errno ("/dev/null", O_RDONLY) != 0 || open_errno ("/usr/lib", O_RDONLY) != 0)
        return 6;
    if (execv ("/bin/true", argv) == 0 || errno != EACCES)
        return 7;
    if (prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl (PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        return 8;
    if (getrlimit (RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0)
        return 9;
    if (fcntl (3, F_GETFD) >= 0 || fcntl (200, F_GETFD) >= 0)
        return 10;
    return 0;
}

static void
confine__only_what_is_needed__is_left (void **state)
{
    Places places = { .dir = prc_test_dir_new () };
    pid_t pid = 0;
    int status = 0;

    (void) state;
    if (!kernel_has_landlock ()) {
        print_message ("# skipped: this kernel has no Landlock\n");
        prc_test_dir_remove (places.dir);
        return;
    }
    places.secret = put (places.dir, "secret");
    places.ticket = put (places.dir, "ticket");
    places.config = put (places.dir, "krb5.conf");
    places.module = put (places.dir, "module.so");
    pid = fork ();
    assert_true (pid >= 0);
    if (pid == 0) {
        const PrcProbeRequest request = { .timeout_ms = 1000 };
        g_autofree char *ticket = g_strconcat ("FILE:", places.ticket, NULL);

        g_setenv ("KRB5CCNAME", ticket, TRUE);
        g_setenv ("KRB5_CONFIG", places.config, TRUE);
        (void) dup2 (0, 200);
        prc_confine_early ();
        prc_confine_files (places.module);
        prc_confine_resources (&request);
        _exit (look_around (&places));
    }
    assert_int_equal (waitpid (pid, &status, 0), pid);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), 0);
    g_free (places.secret);
    g_free (places.ticket);
    g_free (places.config);
    g_free (places.module);
    prc_test_dir_remove (places.dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (confine__only_what_is_needed__is_left),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
