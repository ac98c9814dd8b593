#include "test.h"

#include <stdio.h>
#include <sys/stat.h>

#include "catalogue/catalogue.h"
#include "catalogue/discover.h"

typedef struct {
    char *dir;
    PrcPlace place;
    PrcCatalogue *catalogue;
} Home;

static int
set_up (void **state)
{
    Home *home = g_new0 (Home, 1);
    const char *folders[] = { PRC_TEST_TOOLS_DIR, NULL };
    GError *error = NULL;

    home->dir = prc_test_dir_new ();
    home->place =
        (PrcPlace){ g_strdup (home->dir), g_strdup (""), g_strdup ("bash"), g_new0 (char *, 1) };
    home->catalogue = prc_catalogue_load (folders, NULL, &error);
    assert_no_error (error);
    *state = home;
    return 0;
}

static int
tear_down (void **state)
{
    Home *home = *state;

    prc_catalogue_free (home->catalogue);
    prc_place_clear (&home->place);
    prc_test_dir_remove (home->dir);
    g_free (home);
    return 0;
}

static void
put (Home *home, const char *path, const char *text)
{
    g_autofree char *full = g_build_filename (home->dir, path, NULL);
    g_autofree char *folder = g_path_get_dirname (full);

    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    assert_true (g_file_set_contents (full, text, -1, NULL));
}

static void
set_env (Home *home, const char *name, const char *value)
{
    home->place.env = g_environ_setenv (home->place.env, name, value, TRUE);
}

static char *
values_of (const PrcFound *found, const char *key)
{
    GString *values = g_string_new (NULL);

    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);

        if (strcmp (entry->key, key) == 0)
            g_string_append_printf (values, "%s%s%s", values->len > 0 ? " " : "", entry->value,
                                    reading->is_conditional ? "?" : "");
    }
    return g_string_free (values, FALSE);
}

/* git itself says in which order it reads: --show-origin lists everything as it comes. */
static void
discover__git_includes__in_gits_own_order (void **state)
{
    Home *home = *state;
    g_autofree char *git = prc_test_tool ("git");
    g_autofree char *home_variable = g_strconcat ("HOME=", home->dir, NULL);
    g_autofree char *link = g_build_filename (home->dir, "link", NULL);
    const char *env[] = { "PATH=/usr/local/bin:/usr/bin:/bin", home_variable,
                          "GIT_CONFIG_NOSYSTEM=1", NULL };
    const char *argv[] = { "git", "config", "--get-all", "http.proxy", NULL };
    g_autoptr (GBytes) output = NULL;
    g_autoptr (PrcFound) found = NULL;
    g_autofree char *ours = NULL;
    g_autofree char *theirs = NULL;

    if (git == NULL)
        skip ();
    set_env (home, "GIT_CONFIG_NOSYSTEM", "1");
    put (home, ".config/git/config",
         "[http]\nproxy = a\n[include]\npath = more\n[http]\nproxy = b\n");
    put (home, ".config/git/more", "[http]\nproxy = c\n[include]\npath = ~/deep\n");
    put (home, "deep", "[http]\nproxy = d\n");
    put (home, ".gitconfig",
         "[include]\npath = sub/x\n[http]\nproxy = e\n[include]\npath = missing\n");
    put (home, "sub/x", "[http]\nproxy = f\n[include]\npath = y\n");
    put (home, "sub/y", "[http]\nproxy = g\n[include]\npath = ../link\n");
    put (home, "dots/file", "[include]\npath = z\n");
    put (home, "dots/z", "[http]\nproxy = never\n");
    put (home, "z", "[http]\nproxy = h\n");
    assert_int_equal (symlink ("dots/file", link), 0);
    found = prc_discover (prc_catalogue_find (home->catalogue, "git"), &home->place);
    ours = values_of (found, "http.proxy");
    assert_int_equal (prc_test_run (argv, (char *const *) env, home->dir, NULL, &output, NULL), 0);
    theirs = g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
    g_strdelimit (g_strchomp (theirs), "\n", ' ');
    assert_string_equal (ours, theirs);
}

static void
discover__git_include_if__conditional (void **state)
{
    Home *home = *state;
    g_autoptr (PrcFound) found = NULL;
    g_autofree char *values = NULL;

    put (home, ".gitconfig", "[http]\nproxy = a\n[includeIf \"gitdir:~/work/\"]\npath = w\n");
    put (home, "w", "[http]\nproxy = b\n");
    found = prc_discover (prc_catalogue_find (home->catalogue, "git"), &home->place);
    values = values_of (found, "http.proxy");
    assert_string_equal (values, "a b?");
}

static void
discover__included_twice__read_twice (void **state)
{
    Home *home = *state;
    g_autoptr (PrcFound) found = NULL;
    g_autofree char *values = NULL;

    put (home, ".gitconfig",
         "[includeIf \"gitdir:~/work/\"]\npath = w\n[http]\nproxy = a\n[include]\npath = w\n");
    put (home, "w", "[http]\nproxy = b\n");
    found = prc_discover (prc_catalogue_find (home->catalogue, "git"), &home->place);
    values = values_of (found, "http.proxy");
    assert_string_equal (values, "b? a b");
    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);

        if (strcmp (prc_reading_entry (reading)->key, "http.proxy") == 0)
            assert_int_equal (reading->is_again, i + 1 == found->readings->len);
    }
}

/* bash reads one login file, and what that one reads. */
static void
discover__two_login_files__one_is_unread (void **state)
{
    static const struct {
        const char *bash_profile, *shell, *values;
    } rows[] = {
        { "export http_proxy=b\n", "bash", "!a b" },
        { "export http_proxy=b\n", "zsh", "!a b" },
        { "export http_proxy=b\n", "dash", "a b" },
        { ". ~/.profile\nexport http_proxy=b\n", "bash", "!a a b" },
        { NULL, "bash", "a" },
    };
    Home *home = *state;

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path = g_build_filename (home->dir, ".bash_profile", NULL);
        g_autoptr (GString) values = g_string_new (NULL);
        g_autoptr (PrcFound) found = NULL;

        g_free (home->place.shell);
        home->place.shell = g_strdup (rows[i].shell);
        put (home, ".profile", "export http_proxy=a\n");
        remove (path);
        if (rows[i].bash_profile != NULL)
            put (home, ".bash_profile", rows[i].bash_profile);
        found = prc_discover (prc_catalogue_find (home->catalogue, "env"), &home->place);
        for (guint j = 0; j < found->readings->len; j++) {
            const PrcReading *reading = &g_array_index (found->readings, PrcReading, j);
            const PrcEntry *entry = prc_reading_entry (reading);

            if (reading->file->scope == PRC_SCOPE_USER && strcmp (entry->key, "http_proxy") == 0)
                g_string_append_printf (values, "%s%s%s", values->len > 0 ? " " : "",
                                        reading->is_unread ? "!" : "", entry->value);
        }
        assert_string_equal (values->str, rows[i].values);
    }
}

/* A login starts without the variable, whatever the caller's shell has been given by this very
 * file. */
static void
discover__zshenv_moves_zdotdir__later_files_there (void **state)
{
    static const struct {
        const char *zshenv, *in_environment, *values;
    } rows[] = {
        { NULL, NULL, "home" },
        { "ZDOTDIR=$HOME/z\n", NULL, "z" },
        { "export http_proxy=env\nZDOTDIR=$HOME/z\n", "z", "env z" },
        { "export http_proxy=env\n", "z", "zenv z" },
        { NULL, "z", "zenv z" },
        { "ZDOTDIR=$(echo z)\n", NULL, "home" },
    };
    Home *home = *state;

    g_free (home->place.shell);
    home->place.shell = g_strdup ("zsh");
    put (home, ".zshrc", "export http_proxy=home\n");
    put (home, "z/.zshenv", "export http_proxy=zenv\n");
    put (home, "z/.zshrc", "export http_proxy=z\n");
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path = g_build_filename (home->dir, ".zshenv", NULL);
        g_autofree char *folder = g_build_filename (home->dir, "z", NULL);
        g_autoptr (PrcFound) found = NULL;
        g_autofree char *values = NULL;

        remove (path);
        if (rows[i].zshenv != NULL)
            put (home, ".zshenv", rows[i].zshenv);
        set_env (home, "ZDOTDIR", rows[i].in_environment != NULL ? folder : "");
        found = prc_discover (prc_catalogue_find (home->catalogue, "env"), &home->place);
        values = values_of (found, "http_proxy");
        assert_string_equal (values, rows[i].values);
    }
}

/* Where PIP_CONFIG_FILE names nothing, pip reads its usual files. */
static void
discover__pip_config_file__hides_others_only_if_there (void **state)
{
    Home *home = *state;
    g_autofree char *own = g_build_filename (home->dir, "my.conf", NULL);
    g_autoptr (PrcFound) without = NULL;
    g_autoptr (PrcFound) with = NULL;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    set_env (home, "XDG_CONFIG_DIRS", home->dir);
    set_env (home, "PIP_CONFIG_FILE", own);
    put (home, ".pip/pip.conf", "[global]\nproxy = a\n");
    without = prc_discover (prc_catalogue_find (home->catalogue, "pip"), &home->place);
    before = values_of (without, "global.proxy");
    assert_string_equal (before, "a");
    put (home, "my.conf", "[global]\nproxy = b\n");
    with = prc_discover (prc_catalogue_find (home->catalogue, "pip"), &home->place);
    after = values_of (with, "global.proxy");
    assert_string_equal (after, "b");
}

static void
discover__include_loop__ends (void **state)
{
    Home *home = *state;
    g_autoptr (PrcFound) found = NULL;
    g_autofree char *values = NULL;

    put (home, ".gitconfig", "[http]\nproxy = a\n[include]\npath = x\n");
    put (home, "x", "[http]\nproxy = b\n[include]\npath = x\n[include]\npath = .gitconfig\n");
    found = prc_discover (prc_catalogue_find (home->catalogue, "git"), &home->place);
    values = values_of (found, "http.proxy");
    assert_string_equal (values, "a b");
}

static void
discover__variables__move_the_places (void **state)
{
    Home *home = *state;
    g_autofree char *global = g_build_filename (home->dir, "global", NULL);
    g_autoptr (PrcFound) found = NULL;
    g_autofree char *values = NULL;

    put (home, ".gitconfig", "[http]\nproxy = a\n");
    put (home, "global", "[http]\nproxy = b\n");
    set_env (home, "GIT_CONFIG_GLOBAL", global);
    set_env (home, "GIT_CONFIG_NOSYSTEM", "1");
    found = prc_discover (prc_catalogue_find (home->catalogue, "git"), &home->place);
    values = values_of (found, "http.proxy");
    assert_string_equal (values, "b");
}

static void
discover__curl__only_the_first_is_read (void **state)
{
    Home *home = *state;
    g_autoptr (PrcFound) found = NULL;
    guint n_read = 0;

    put (home, ".curlrc", "proxy = \"http://a:1\"\n");
    put (home, ".config/curlrc", "proxy = \"http://b:1\"\n");
    found = prc_discover (prc_catalogue_find (home->catalogue, "curl"), &home->place);
    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);

        if (!file->exists)
            continue;
        n_read += file->is_read ? 1 : 0;
        assert_int_equal (file->is_read, g_str_has_suffix (file->path, "/.curlrc"));
    }
    assert_int_equal (n_read, 1);
}

static void
discover__rejected_and_unreadable__in_the_file (void **state)
{
    Home *home = *state;
    g_autofree char *fifo = g_build_filename (home->dir, ".pip", NULL);
    g_autoptr (PrcFound) git = NULL;
    g_autoptr (PrcFound) pip = NULL;
    guint n_errors = 0;

    put (home, ".gitconfig", "[http]\nproxy = \"x\n");
    assert_int_equal (g_mkdir_with_parents (fifo, 0700), 0);
    g_free (fifo);
    fifo = g_build_filename (home->dir, ".pip", "pip.conf", NULL);
    assert_int_equal (mkfifo (fifo, 0600), 0);
    git = prc_discover (prc_catalogue_find (home->catalogue, "git"), &home->place);
    pip = prc_discover (prc_catalogue_find (home->catalogue, "pip"), &home->place);
    for (guint i = 0; i < git->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (git->files, i);

        if (file->error != NULL && ++n_errors > 0)
            assert_non_null (strstr (file->error->message, ".gitconfig:2: "));
    }
    for (guint i = 0; i < pip->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (pip->files, i);

        if (file->error != NULL && ++n_errors > 0)
            assert_non_null (strstr (file->error->message, "not a regular file"));
    }
    assert_int_equal (n_errors, 2);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (discover__git_includes__in_gits_own_order, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (discover__git_include_if__conditional, set_up, tear_down),
        cmocka_unit_test_setup_teardown (discover__included_twice__read_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown (discover__zshenv_moves_zdotdir__later_files_there, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (discover__two_login_files__one_is_unread, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (discover__pip_config_file__hides_others_only_if_there,
                                         set_up, tear_down),
        cmocka_unit_test_setup_teardown (discover__include_loop__ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown (discover__variables__move_the_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown (discover__curl__only_the_first_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown (discover__rejected_and_unreadable__in_the_file, set_up,
                                         tear_down),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
