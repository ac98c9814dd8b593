#include "test.h"

#include "home.h"

PrcSession *
test_session_again (const char *dir, gboolean dry_run)
{
    PrcSessionOptions options = { .home = dir, .dry_run = dry_run };
    GError *error = NULL;
    PrcSession *session = NULL;

    g_setenv ("PROXYRC_TOOLS_DIR", PRC_TEST_TOOLS_DIR, TRUE);
    session = prc_session_new (&options, &error);
    assert_no_error (error);
    return session;
}

PrcSession *
test_session_new (char **ret_dir)
{
    *ret_dir = prc_test_dir_new ();
    return test_session_again (*ret_dir, FALSE);
}

void
test_put (const char *dir, const char *path, const char *text)
{
    g_autofree char *full = g_build_filename (dir, path, NULL);
    g_autofree char *folder = g_path_get_dirname (full);

    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    assert_true (g_file_set_contents_full (full, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

char *
test_get (const char *dir, const char *path)
{
    g_autofree char *full = g_build_filename (dir, path, NULL);
    char *text = NULL;

    (void) g_file_get_contents (full, &text, NULL, NULL);
    return text;
}
