#include "test.h"

#include <stdlib.h>

#include "catalogue/tracked.h"

static gboolean
run_git (const char *dir, const char *script)
{
    static const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
                                       "HOME=/nonexistent",
                                       "GIT_CONFIG_NOSYSTEM=1",
                                       "GIT_AUTHOR_NAME=a",
                                       "GIT_AUTHOR_EMAIL=a@example",
                                       "GIT_COMMITTER_NAME=a",
                                       "GIT_COMMITTER_EMAIL=a@example",
                                       NULL };
    const char *argv[] = { "sh", "-ec", script, NULL };

    return prc_test_run (argv, (char *const *) env, dir, NULL, NULL, NULL) == 0;
}

static gboolean
tracks (const char *dir, const char *path)
{
    g_autofree char *full = g_build_filename (dir, path, NULL);

    return prc_git_tracks (full, NULL);
}

/* The same questions to every kind of index that git can write. */
static void
tracked__index_versions__same_answers (void **state)
{
    static const char *const inits[] = {
        "git init -q .",
        "git init -q . && git config index.version 3",
        "git init -q . && git config index.version 4",
        "git init -q --object-format=sha256 .",
        "git init -q --object-format=sha256 . && git config index.version 4",
        "git init -q --separate-git-dir=../elsewhere .",
    };
    g_autofree char *git = prc_test_tool ("git");

    (void) state;
    if (git == NULL)
        skip ();
    for (gsize i = 0; i < G_N_ELEMENTS (inits); i++) {
        char *top = prc_test_dir_new ();
        g_autofree char *real = realpath (top, NULL);
        g_autofree char *dir = g_build_filename (real, "work", NULL);
        g_autofree char *script = g_strconcat (
            "mkdir work && cd work && ", inits[i],
            " && mkdir -p a/b && for f in a/b/c a/b/cc a/bc .gitconfig z; do echo x > $f; done"
            " && git add a .gitconfig && git add -N z && git update-index --index-version ",
            strstr (inits[i], "version 4") != NULL ? "4"
            : strstr (inits[i], "version 3")       ? "3"
                                                   : "2",
            " && git commit -qm x .gitconfig a && echo y > untracked && mkdir n && echo y > n/x",
            NULL);

        print_message ("# %s\n", inits[i]);
        assert_true (run_git (top, script));
        assert_true (tracks (dir, ".gitconfig"));
        assert_true (tracks (dir, "a/b/c"));
        assert_true (tracks (dir, "a/b/cc"));
        assert_true (tracks (dir, "a/bc"));
        assert_true (tracks (dir, "z"));
        assert_false (tracks (dir, "untracked"));
        assert_false (tracks (dir, "a/b/nothing"));
        assert_false (tracks (dir, "n/x"));
        assert_false (tracks (dir, "a/b"));
        prc_test_dir_remove (top);
    }
}

static void
tracked__no_repository_or_empty__not (void **state)
{
    char *top = prc_test_dir_new ();
    g_autofree char *git = prc_test_tool ("git");

    (void) state;
    if (git == NULL)
        skip ();
    assert_false (tracks (top, "x"));
    assert_true (run_git (top, "git init -q ."));
    assert_false (tracks (top, "x"));
    prc_test_dir_remove (top);
}

/* What can't be read is not called safe. */
static void
tracked__damaged_or_split__counts_as_tracked (void **state)
{
    static const char *const scripts[] = {
        "git init -q . && echo x > f && git add f && printf 'rubbish' > .git/index",
        "git init -q . && echo x > f && git add f && truncate -s 40 .git/index",
        "git init -q . && echo x > f && echo x > g && git add f && git update-index --split-index "
        "&& git add g && git update-index --split-index",
    };
    g_autofree char *git = prc_test_tool ("git");

    (void) state;
    if (git == NULL)
        skip ();
    for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++) {
        char *top = prc_test_dir_new ();

        assert_true (run_git (top, scripts[i]));
        assert_true (tracks (top, "not-there"));
        prc_test_dir_remove (top);
    }
}

/* As many keep their dotfiles: the repository is not where git looks for it. */
static void
tracked__dotfiles_repository__found_in_the_home (void **state)
{
    static const char *const folders[] = { ".dotfiles", ".cfg", "dotfiles.git",
                                           ".local/share/yadm/repo.git" };
    g_autofree char *git = prc_test_tool ("git");

    (void) state;
    if (git == NULL)
        skip ();
    for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
        char *dir = prc_test_dir_new ();
        g_autofree char *home = realpath (dir, NULL);
        g_autofree char *npmrc = g_build_filename (home, ".npmrc", NULL);
        g_autofree char *other = g_build_filename (home, ".curlrc", NULL);
        g_autofree char *script =
            g_strdup_printf ("mkdir -p .cache other.d && echo x > .npmrc && echo x > .curlrc"
                             " && git init -q --bare %s"
                             " && git --git-dir=%s --work-tree=. add .npmrc",
                             folders[i], folders[i]);

        assert_true (run_git (home, script));
        assert_true (prc_git_tracks (npmrc, home));
        assert_false (prc_git_tracks (other, home));
        assert_false (prc_git_tracks (npmrc, NULL));
        prc_test_dir_remove (dir);
    }
}

/* What was learned for one file is right for the next, in whatever order they come. */
static void
indexes__many_files_in_nested_repositories__each_as_alone (void **state)
{
    static const struct {
        const char *path;
        gboolean tracked;
    } rows[] = {
        { "outer/f", TRUE },           { "outer/a/f", TRUE },
        { "outer/a/g", FALSE },        { "outer/inner/f", FALSE },
        { "outer/inner/a/b/f", TRUE }, { "outer/inner/a/b/g", FALSE },
        { "outer/a/b/c/d/f", FALSE },  { "plain/f", FALSE },
        { "outer/none/a/f", FALSE },   { ".rc", TRUE },
    };
    char *dir = prc_test_dir_new ();
    g_autofree char *home = realpath (dir, NULL);
    g_autofree char *git = prc_test_tool ("git");

    (void) state;
    if (git == NULL)
        skip ();
    assert_true (run_git (home, "mkdir -p outer/a/b/c/d outer/inner/a/b plain outer/none/a"
                                " && cd outer && git init -q . && echo x >f && echo x >a/f"
                                " && git add f a/f && cd inner && git init -q . && echo x >a/b/f"
                                " && git add a/b/f && cd ../none && git init -q . && cd ../.."
                                " && echo x >.rc && git init -q --bare .dotfiles"
                                " && git --git-dir=.dotfiles --work-tree=. add .rc"));
    for (guint shift = 0; shift < G_N_ELEMENTS (rows); shift++) {
        g_autoptr (PrcGitIndexes) indexes = prc_git_indexes_new (home);

        for (guint i = 0; i < 2 * G_N_ELEMENTS (rows); i++) {
            guint n = (i * 3 + shift) % G_N_ELEMENTS (rows);
            g_autofree char *path = g_build_filename (home, rows[n].path, NULL);

            if (prc_git_indexes_track (indexes, path) != rows[n].tracked)
                fail_msg ("%s, from %u", rows[n].path, shift);
            assert_int_equal (prc_git_tracks (path, home), rows[n].tracked);
        }
    }
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (tracked__index_versions__same_answers),
        cmocka_unit_test (tracked__no_repository_or_empty__not),
        cmocka_unit_test (tracked__dotfiles_repository__found_in_the_home),
        cmocka_unit_test (tracked__damaged_or_split__counts_as_tracked),
        cmocka_unit_test (indexes__many_files_in_nested_repositories__each_as_alone),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
