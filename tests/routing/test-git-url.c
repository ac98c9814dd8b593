/* test-git-url.c - which http.<url>.… git takes for a URL: `git config --get-urlmatch` is asked;
 * and conditions */
#include "test.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

#include "routing/git-config.h"
#include "routing/git-url.h"

static const char *const schemes[] = { "http", "https", "HTTPS", "ftp" };
static const char *const users[] = { "", "", "", "joe@", "joe:x@", "%6Aoe@", "@" };
static const char *const hosts[] = { "example.com",
                                     "example.com.",
                                     "example.com..",
                                     ".example.com",
                                     "h..com",
                                     "Example.COM",
                                     "h.example.com",
                                     "a.h.example.com",
                                     "*.example.com",
                                     "a.*.example.com",
                                     "*",
                                     "*.*.com",
                                     "host",
                                     "10.1.2.3",
                                     "[::1]",
                                     "ex*mple.com",
                                     "under_score.org",
                                     "" };
static const char *const ports[] = { "",      "",  "",       ":80", ":443", ":8080",
                                     ":0080", ":", ":99999", ":x",  ":0" };
static const char *const paths[] = { "",
                                     "/",
                                     "/r",
                                     "/r.git",
                                     "/r/",
                                     "/team/r.git",
                                     "/team",
                                     "/team/",
                                     "/team/../r.git",
                                     "/./team/./r.git",
                                     "/%74eam",
                                     "/team%2Fr.git",
                                     "/..",
                                     "/a//b",
                                     "?q",
                                     "/r?q=/x",
                                     "#f",
                                     "/%zz",
                                     "/a b",
                                     "/team/.." };

/* A part of its own, or the one of the URL in question. */
static const char *
pick (GRand *rand, const char *const *table, gsize n, const char **given)
{
    const char *part = table[g_rand_int_range (rand, 0, (gint32) n)];

    if (*given != NULL && g_rand_int_range (rand, 0, 4) != 0)
        return *given;
    if (*given == NULL)
        *given = part;
    return part;
}

#define PICK(rand, table, given) pick (rand, table, G_N_ELEMENTS (table), given)

/* @like: (inout): the parts; NULL where they are still to be chosen. */
static char *
random_url (GRand *rand, const char *like[5])
{
    const char *scheme = PICK (rand, schemes, &like[0]), *user = PICK (rand, users, &like[1]);
    const char *host = PICK (rand, hosts, &like[2]), *port = PICK (rand, ports, &like[3]);

    return g_strconcat (scheme, "://", user, host, port, PICK (rand, paths, &like[4]), NULL);
}

/* The number of the setting that counts, or -1. */
static int
best_of (const char *url, char **patterns, guint n)
{
    g_auto (PrcGitUrl) target = { 0 };
    PrcGitMatch best = { 0, 0, FALSE };
    gboolean readable = prc_git_url_read (url, FALSE, &target);
    int found = -1;

    for (guint i = 0; i < n; i++) {
        g_auto (PrcGitUrl) pattern = { 0 };
        PrcGitMatch match = { 0, 0, FALSE };

        if (!readable || !prc_git_url_read (patterns[i], TRUE, &pattern) ||
            !prc_git_url_match (&target, &pattern, &match))
            continue;
        if (found < 0 || prc_git_match_compare (&match, &best) >= 0) {
            best = match;
            found = (int) i;
        }
    }
    return found;
}

static void
git_url__random_settings__the_one_that_git_takes (void **state)
{
    enum { SETTINGS = 12 };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    g_autofree char *git = prc_test_tool ("git");
    char *dir = NULL;
    guint n = prc_test_cases (300), matched = 0;
    g_auto (GStrv) envp = NULL;

    (void) state;
    if (git == NULL)
        skip ();
    dir = prc_test_dir_new ();
    envp = g_environ_setenv (NULL, "PATH", g_getenv ("PATH"), TRUE);
    envp = g_environ_setenv (envp, "HOME", dir, TRUE);
    for (guint i = 0; i < n; i++) {
        g_autofree char *file = g_build_filename (dir, "config", NULL);
        const char *like[5] = { NULL };
        g_autofree char *url = random_url (rand, like);
        GString *text = g_string_new (NULL);
        g_autofree char *content = NULL;
        char *patterns[SETTINGS + 1] = { NULL };
        const char *const argv[] = { "git",        "config", "-f", file, "--get-urlmatch",
                                     "http.proxy", url,      NULL };
        g_autoptr (GBytes) out = NULL;
        int ours, status, theirs = -1;

        for (guint k = 0; k < SETTINGS; k++) {
            patterns[k] = random_url (rand, like);
            g_string_append_printf (text, "[http \"%s\"]\n\tproxy = %u\n", patterns[k], k);
        }
        content = g_string_free (text, FALSE);
        assert_true (g_file_set_contents (file, content, -1, NULL));
        ours = best_of (url, patterns, SETTINGS);
        status = prc_test_run (argv, envp, dir, NULL, &out, NULL);
        if (status == 0)
            theirs = atoi (g_bytes_get_data (out, NULL));
        /* A URL that git can't read makes this command fail in a way of its own. */
        if (ours != theirs)
            fail_msg ("%s: we take %d (%s), git %d (%s) of\n%s", url, ours,
                      ours >= 0 ? patterns[ours] : "none", theirs,
                      theirs >= 0 ? patterns[theirs] : "none", content);
        matched += ours >= 0;
        for (guint k = 0; k < SETTINGS; k++)
            g_free (patterns[k]);
    }
    printf ("# %u URLs, %u of them with a setting\n", n, matched);
    assert_true (matched > n / 10);
    prc_test_dir_remove (dir);
}

static void
condition__table__holds_or_not (void **state)
{
    static const struct {
        const char *condition, *git_dir; /* below the folder */
        int holds;
    } rows[] = {
        { "gitdir:~/work/", "work/r/.git", 1 },      { "gitdir:~/work/", "other/.git", 0 },
        { "gitdir:~/work", "work/r/.git", 0 },       { "gitdir:work/", "work/r/.git", 1 },
        { "gitdir:r/.git", "work/r/.git", 1 },       { "gitdir:ork/", "work/r/.git", 0 },
        { "gitdir:~/WORK/", "work/r/.git", 0 },      { "gitdir/i:~/WORK/", "work/r/.git", 1 },
        { "gitdir:**/r/.git", "work/r/.git", 1 },    { "gitdir:~/*/.git", "work/r/.git", 0 },
        { "gitdir:~/*/*/.git", "work/r/.git", 1 },   { "gitdir:./work/", "work/r/.git", 1 },
        { "gitdir:~/w?rk/**", "work/r/.git", 1 },    { "gitdir:~/[uvw]ork/**", "work/r/.git", 1 },
        { "gitdir:~/[!w]ork/**", "work/r/.git", 0 }, { "gitdir:~/work/", NULL, 0 },
        { "onbranch:main", "work/r/.git", 1 },       { "onbranch:ma*", "work/r/.git", 1 },
        { "onbranch:topic/", "work/r/.git", 0 },     { "onbranch:main", NULL, 0 },
        { "hasconfig:remote.*.url:x", NULL, -1 },    { "nonsense:x", "work/r/.git", 0 },
    };
    char *dir = prc_test_dir_new ();
    g_autofree char *including = g_build_filename (dir, ".gitconfig", NULL);
    g_autofree char *repository = g_build_filename (dir, "work/r/.git", NULL);
    g_autofree char *head = g_build_filename (repository, "HEAD", NULL);

    (void) state;
    assert_int_equal (g_mkdir_with_parents (repository, 0700), 0);
    assert_true (g_file_set_contents (head, "ref: refs/heads/main\n", -1, NULL));
    assert_true (g_file_set_contents (including, "", -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *git_dir =
            rows[i].git_dir != NULL ? g_build_filename (dir, rows[i].git_dir, NULL) : NULL;
        int holds = prc_git_condition (rows[i].condition, git_dir, dir, including);

        if (holds != rows[i].holds)
            fail_msg ("%s for %s: %d", rows[i].condition,
                      git_dir != NULL ? git_dir : "no repository", holds);
    }
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (git_url__random_settings__the_one_that_git_takes),
        cmocka_unit_test (condition__table__holds_or_not),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
