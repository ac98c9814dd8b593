#include "test.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "base/program.h"
#include "program-config.h"

/* An empty file of this name below @prefix, where the installed one would be; (transfer full): its
 * path. */
static char *
put (const char *prefix, const char *installed_dir, const char *name)
{
    g_autofree char *folder = g_build_filename (prefix, installed_dir + strlen (PRC_PREFIX), NULL);
    char *path = g_build_filename (folder, name, NULL);

    assert_int_equal (g_mkdir_with_parents (folder, 0755), 0);
    assert_true (g_file_set_contents (path, "", 0, NULL));
    return path;
}

static void
helper__prefix_moved__found_below_it (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *self = put (dir, PRC_BIN_DIR, "proxyrc");
    g_autofree char *helper = put (dir, PRC_HELPER_DIR, "proxyrc-probe");
    g_autofree char *other = put (dir, PRC_HELPER_DIR, "proxyrc-tui");
    g_autofree char *share = put (dir, PRC_SHARE_DIR, "file");
    g_autofree char *found = prc_helper_path_from (self, "proxyrc-probe");
    g_autofree char *beside = prc_helper_path_from (helper, "proxyrc-tui");
    g_autofree char *data = prc_share_path_from (self, "file");
    g_autofree char *data_of_helper = prc_share_path_from (other, "file");

    (void) state;
    assert_string_equal (found, helper);
    assert_string_equal (beside, other);
    assert_string_equal (data, share);
    assert_string_equal (data_of_helper, share);
    prc_test_dir_remove (dir);
}

static void
program__helper_runs__the_program_is_named (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *self = put (dir, PRC_BIN_DIR, "proxyrc");
    g_autofree char *helper = put (dir, PRC_HELPER_DIR, "proxyrc-tui");
    g_autofree char *from_itself = prc_program_path_from (self);
    g_autofree char *from_helper = prc_program_path_from (helper);
    g_autofree char *installed = prc_program_path_from (PRC_HELPER_DIR "/proxyrc-tui");
    g_autofree char *unknown = prc_program_path_from (NULL);

    (void) state;
    assert_string_equal (from_itself, self);
    assert_string_equal (from_helper, self);
    assert_string_equal (installed, PRC_BIN_DIR "/proxyrc");
    assert_null (unknown);
    prc_test_dir_remove (dir);
}

static void
helper__is_nowhere__installed_path (void **state)
{
    static const char *const selves[] = { NULL, "proxyrc", "/nowhere/proxyrc",
                                          PRC_BUILD_DIR "/src/cli/proxyrc",
                                          PRC_BIN_DIR "/proxyrc" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (selves); i++) {
        g_autofree char *helper = prc_helper_path_from (selves[i], "there-is-none");
        g_autofree char *share = prc_share_path_from (selves[i], "there-is-none");

        assert_string_equal (helper, PRC_HELPER_DIR "/there-is-none");
        assert_string_equal (share, PRC_SHARE_DIR "/there-is-none");
    }
}

static void
helper__runs_in_build_tree__found_there (void **state)
{
    g_autofree char *catalogue = prc_share_path ("tools.d/git.cfg");
    g_autofree char *helper =
        prc_helper_path_from (PRC_BUILD_DIR "/src/cli/proxyrc", "program-config.h");

    (void) state;
    assert_string_equal (catalogue, PRC_SOURCE_SHARE_DIR "/tools.d/git.cfg");
    assert_string_equal (helper, PRC_BUILD_DIR "/src/base/program-config.h");
}

/* A folder with the shape of a build tree is none without the mark, and none when the mark leads
 * elsewhere: whoever may write beside a program has no say in what it runs. */
static void
share__no_mark_beside__installed_path (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *self = g_build_filename (dir, "src", "cli", "proxyrc", NULL);
    g_autofree char *share = g_build_filename (dir, "share", "file", NULL);
    g_autofree char *mark = g_build_filename (dir, "src", "base", "build-tree", NULL);
    g_autofree char *real = g_build_filename (dir, "real-mark", NULL);
    g_autofree char *said = g_build_filename (dir, "share", NULL);
    const char *const files[] = { self, share, mark };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
        g_autofree char *folder = g_path_get_dirname (files[i]);

        assert_int_equal (g_mkdir_with_parents (folder, 0755), 0);
        assert_true (g_file_set_contents (files[i], i == 2 ? said : "", -1, NULL));
    }
    {
        g_autofree char *found = prc_share_path_from (self, "file");

        assert_string_equal (found, share);
    }
    assert_int_equal (g_rename (mark, real), 0);
    for (int linked = 0; linked < 2; linked++) {
        g_autofree char *found = prc_share_path_from (self, "file");

        assert_string_equal (found, PRC_SHARE_DIR "/file");
        assert_int_equal (linked == 0 ? symlink (real, mark) : 0, 0);
    }
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (helper__prefix_moved__found_below_it),
        cmocka_unit_test (program__helper_runs__the_program_is_named),
        cmocka_unit_test (helper__is_nowhere__installed_path),
        cmocka_unit_test (helper__runs_in_build_tree__found_there),
        cmocka_unit_test (share__no_mark_beside__installed_path),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
