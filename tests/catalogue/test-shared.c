#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "catalogue/shared.h"

static void
make_dir (const char *home, const char *name, mode_t mode)
{
    g_autofree char *path = g_build_filename (home, name, NULL);

    assert_int_equal (mkdir (path, 0700), 0);
    assert_int_equal (chmod (path, mode), 0);
}

/* Asked alone, or after any others: the same answer, and the same folder named. */
static void
shared__folders_of_a_home__alone_and_among_others (void **state)
{
    static const struct {
        const char *path, *folder; /* folder: NULL: nobody else has a hand in it */
    } rows[] = {
        { "a/f", NULL },
        { "a/b/c/f", NULL },
        { "open/f", "open" },
        { "open/in/f", "open" },
        { "open/in/deep/f", "open" },
        { "sticky/f", "sticky" },
        { "sticky/in/f", NULL },
        { "f", NULL },
        { "a/open2/in/f", "a/open2" },
        { "a/not-there/yet/f", NULL },
        { "open/not-there/f", "open" },
    };
    char *dir = prc_test_dir_new ();
    char *real = realpath (dir, NULL);

    (void) state;
    make_dir (real, "a", 0755);
    make_dir (real, "a/b", 0755);
    make_dir (real, "a/b/c", 0700);
    make_dir (real, "open", 0777);
    make_dir (real, "open/in", 0755);
    make_dir (real, "open/in/deep", 0755);
    make_dir (real, "sticky", 01777);
    make_dir (real, "sticky/in", 0755);
    make_dir (real, "a/open2", 0757);
    make_dir (real, "a/open2/in", 0755);
    for (guint shift = 0; shift < G_N_ELEMENTS (rows); shift++) {
        g_autoptr (PrcSharedFolders) folders = prc_shared_folders_new (dir);

        for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++) {
            guint n = (i * 3 + shift) % G_N_ELEMENTS (rows);
            g_autofree char *path = g_build_filename (real, rows[n].path, NULL);
            g_autofree char *wanted =
                rows[n].folder != NULL ? g_build_filename (real, rows[n].folder, NULL) : NULL;
            g_autofree char *alone = NULL;
            g_autofree char *among = NULL;

            assert_int_equal (prc_folder_is_shared (path, FALSE, dir, &alone), wanted != NULL);
            assert_int_equal (prc_shared_folders_have (folders, path, FALSE, &among),
                              wanted != NULL);
            if (g_strcmp0 (alone, wanted) != 0 || g_strcmp0 (among, wanted) != 0)
                fail_msg ("%s: %s, %s", rows[n].path, alone, among);
        }
    }
    free (real);
    prc_test_dir_remove (dir);
}

static void
shared__no_such_home__nothing_said (void **state)
{
    g_autoptr (PrcSharedFolders) folders = prc_shared_folders_new ("/no/such/home");
    uid_t owner = 0;

    (void) state;
    (void) prc_shared_folders_owner (folders, &owner);
    (void) prc_shared_folders_have (folders, "/no/such/home/f", FALSE, NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (shared__folders_of_a_home__alone_and_among_others),
        cmocka_unit_test (shared__no_such_home__nothing_said),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
