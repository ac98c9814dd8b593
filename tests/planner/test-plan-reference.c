#include "test.h"

#include "home.h"

#include <stdio.h>

#include "base/error.h"
#include "catalogue/reference.h"

#define PROXY "http://proxy.corp:3128"
#define PROGRAM "/opt/my tools/proxyrc"
#define MADE "# made by proxyrc, and removed again with its last line\n"
#define SH_LINE "eval \"$('/opt/my tools/proxyrc' env --startup --shell sh 2>/dev/null || :)\"\n"
#define HELPER                                                                                     \
    "[credential \"" PROXY "\"]\n\thelper = \"\"\n\thelper = !'" PROGRAM "' git-credential\n"

static void
set_up (TestHome *home, const char *placement)
{
    g_autofree char *pair = g_strconcat ("placement=", placement, NULL);

    test_home_init (home);
    test_home_profile (home, "office", "http=" PROXY, "https=" PROXY, "user=joe",
                       "no_proxy=localhost,.corp", pair, NULL);
    test_home_password (home, "p@ss");
    home->options.program = PROGRAM;
    home->options.env = prc_catalogue_find (home->catalogue, "env");
    home->options.env_is_served = TRUE;
    home->options.env_placement = prc_profile_placement_for (home->profile, "env");
}

static void
assert_result (TestHome *home, const char *path, const char *wanted)
{
    g_autofree char *result = test_home_result (home, path);

    if (wanted == NULL)
        assert_null (result);
    else {
        assert_non_null (result);
        assert_string_equal (result, wanted);
    }
}

/* What the plan makes of the files, written, and planned for again: nothing more to do. */
static void
assert_settled (TestHome *home, const char *tool)
{
    const GPtrArray *edits = prc_plan_edits (home->plan);
    GError *error = NULL;

    for (guint i = 0; i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);
        gsize size = 0;
        const char *data = prc_document_data (edit->doc, &size);
        g_autofree char *text = g_strndup (data != NULL ? data : "", size);

        assert_false (edit->has_secret);
        (void) remove (edit->file->path);
        if (!edit->remove)
            test_home_write (home, edit->file->path + strlen (home->dir) + 1, text);
    }
    g_clear_pointer (&home->plan, prc_plan_free);
    assert_true (test_home_plan (home, tool, &error));
    assert_no_error (error);
    edits = prc_plan_edits (home->plan);
    for (guint i = 0; i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);

        gsize size = 0;
        const char *data = prc_document_data (edit->doc, &size);

        fail_msg ("planned again: %s: %.*s", edit->file->path, (int) size, data);
    }
}

static void
environment__each_shell__one_line_instead_of_the_settings (void **state)
{
    static const struct {
        const char *shell, *path, *before, *after;
    } rows[] = {
        { "bash", ".profile", NULL, MADE SH_LINE },
        { "bash", ".bash_profile", "export http_proxy=http://x:1 A=b\n# c",
          "export A=b\n# c\neval \"$('/opt/my tools/proxyrc' env --startup --shell sh 2>/dev/null "
          "|| :)\"" },
        { "dash", ".profile", "set -e\nhttp_proxy=http://x:1\nexport http_proxy\n",
          "set -e\n" SH_LINE },
        { "zsh", ".zshenv", "# c\nexport https_proxy='http://joe:p%40ss@proxy.corp:3128'\n",
          "# c\n" SH_LINE },
        { "fish", ".config/fish/conf.d/proxyrc.fish", NULL,
          "if test -x '/opt/my tools/proxyrc'; '/opt/my tools/proxyrc' env --startup --shell fish "
          "2>/dev/null | source; end\n" },
        { "tcsh", ".tcshrc", "setenv http_proxy http://x:1\nalias l ls\n",
          "alias l ls\nif ( -x '/opt/my tools/proxyrc' ) eval \"`/bin/sh -c ''\\''/opt/my "
          "tools/proxyrc'\\'' env --startup --shell csh 2>/dev/null || :'`\"\n" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;

        set_up (&home, "reference");
        g_free (home.place.shell);
        home.place.shell = g_strdup (rows[i].shell);
        if (rows[i].before != NULL)
            test_home_write (&home, rows[i].path, rows[i].before);
        assert_true (test_home_plan (&home, "env", &error));
        assert_no_error (error);
        assert_result (&home, rows[i].path, rows[i].after);
        assert_settled (&home, "env");
        test_home_clear (&home);
    }
}

static void
environment__files_of_another_shell__that_shell_is_served_too (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference");
    test_home_write (&home, ".bashrc", "alias l=ls\n");
    test_home_write (&home, ".config/fish/config.fish", "set -gx http_proxy http://x:1\nset A b\n");
    test_home_write (&home, ".config/environment.d/p.conf",
                     "http_proxy=http://joe:p%40ss@proxy.corp:3128\n");
    assert_true (test_home_plan (&home, "env", &error));
    assert_no_error (error);
    assert_result (&home, ".profile", MADE SH_LINE);
    assert_result (&home, ".bashrc", "alias l=ls\n" SH_LINE);
    assert_result (&home, ".config/fish/config.fish", "set A b\n");
    assert_non_null (test_home_edit (&home, ".config/fish/conf.d/proxyrc.fish"));
    /* What can't run a command keeps the proxy, and loses the secret. */
    {
        g_autofree char *text = test_home_result (&home, ".config/environment.d/p.conf");

        assert_non_null (strstr (text, "http_proxy=" PROXY "\n"));
        assert_null (strstr (text, "joe"));
    }
    assert_settled (&home, "env");
    test_home_clear (&home);
}

static void
environment__line_of_another_program_or_placement__goes (void **state)
{
    static const char old[] = "# c\neval \"$(/gone/proxyrc env --startup --shell sh 2>/dev/null || "
                              ":)\"\neval \"$(direnv hook bash)\"\n";
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference");
    test_home_write (&home, ".profile", old);
    assert_true (test_home_plan (&home, "env", &error));
    assert_result (&home, ".profile", "# c\neval \"$(direnv hook bash)\"\n" SH_LINE);
    assert_settled (&home, "env");
    test_home_clear (&home);

    set_up (&home, "inline");
    test_home_write (&home, ".profile", old);
    assert_true (test_home_plan (&home, "env", &error));
    assert_no_error (error);
    {
        g_autofree char *text = test_home_result (&home, ".profile");

        assert_null (strstr (text, "proxyrc env"));
        assert_non_null (strstr (text, "direnv"));
    }
    test_home_clear (&home);

    set_up (&home, "reference");
    test_home_profile (&home, "direct", NULL);
    test_home_write (&home, ".profile", old);
    assert_true (test_home_plan (&home, "env", &error));
    assert_result (&home, ".profile", "# c\neval \"$(direnv hook bash)\"\n");
    test_home_clear (&home);
}

static void
environment__computed_or_unset_behind__said (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference");
    test_home_write (&home, ".profile", "export http_proxy=$(pass proxy)\nunset no_proxy\n");
    assert_true (test_home_plan (&home, "env", &error));
    assert_no_error (error);
    assert_non_null (test_home_note (&home, "http_proxy is computed"));
    assert_null (test_home_note (&home, "is unset here again"));
    test_home_clear (&home);
}

static void
git__each_state_of_the_file__helper_is_ours_alone (void **state)
{
    static const struct {
        const char *before, *after;
    } rows[] = {
        { NULL, "[http]\n\tproxy = http://joe@proxy.corp:3128\n" HELPER },
        { "[http]\n\tproxy = http://joe:p%40ss@proxy.corp:3128 # c\n",
          "[http]\n\tproxy = http://joe@proxy.corp:3128 # c\n" HELPER },
        /* ours must be the last */
        { "[http]\n\tproxy = http://joe@proxy.corp:3128\n" HELPER
          "[credential]\n\thelper = store\n",
          "[http]\n\tproxy = http://joe@proxy.corp:3128\n[credential]\n\thelper = store\n" HELPER },
        { "[credential]\n\thelper = store\n[http]\n\tproxy = http://joe@proxy.corp:3128\n"
          "[credential \"" PROXY "\"]\n\thelper = !/gone/proxyrc git-credential\n",
          "[credential]\n\thelper = store\n[http]\n\tproxy = http://joe@proxy.corp:3128\n" HELPER },
        /* of another proxy, which is no longer the profile's */
        { "[http]\n\tproxy = http://joe@old:1\n[credential \"http://old:1\"]\n\thelper =\n\thelper "
          "= "
          "!/usr/bin/proxyrc git-credential\n[credential \"https://x\"]\n\thelper = mine\n",
          "[http]\n\tproxy = http://joe@proxy.corp:3128\n[credential \"https://x\"]\n\thelper = "
          "mine\n" HELPER },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;

        set_up (&home, "reference");
        if (rows[i].before != NULL)
            test_home_write (&home, ".gitconfig", rows[i].before);
        assert_true (test_home_plan (&home, "git", &error));
        assert_no_error (error);
        assert_result (&home, ".gitconfig", rows[i].after);
        assert_settled (&home, "git");
        test_home_clear (&home);
    }
}

static void
git__helpers_in_a_later_file__ours_goes_behind_them (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference");
    test_home_write (&home, ".config/git/config", "[http]\n\tproxy = http://old:1\n");
    test_home_write (&home, ".gitconfig", "[credential]\n\thelper = store\n");
    assert_true (test_home_plan (&home, "git", &error));
    assert_no_error (error);
    assert_result (&home, ".config/git/config", "[http]\n\tproxy = http://joe@proxy.corp:3128\n");
    assert_result (&home, ".gitconfig", "[credential]\n\thelper = store\n" HELPER);
    assert_settled (&home, "git");
    test_home_clear (&home);
}

static void
git__no_longer_by_reference__helper_goes (void **state)
{
    static const char before[] =
        "[http]\n\tproxy = http://joe@proxy.corp:3128\n" HELPER "[a]\n\tb = c\n";
    static const struct {
        const char *placement, *after;
    } rows[] = {
        { "inline", "[http]\n\tproxy = http://joe:p%40ss@proxy.corp:3128\n[a]\n\tb = c\n" },
        { "none", "[http]\n\tproxy = http://proxy.corp:3128\n[a]\n\tb = c\n" },
        { "reference,git=none", "[http]\n\tproxy = http://proxy.corp:3128\n[a]\n\tb = c\n" },
        { NULL, "[a]\n\tb = c\n" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;

        set_up (&home, rows[i].placement != NULL ? rows[i].placement : "reference");
        if (rows[i].placement == NULL)
            test_home_profile (&home, "direct", NULL);
        test_home_write (&home, ".gitconfig", before);
        assert_true (test_home_plan (&home, "git", &error));
        assert_no_error (error);
        assert_result (&home, ".gitconfig", rows[i].after);
        test_home_clear (&home);
    }
}

static void
git__password_that_it_would_decode_twice__left_out (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference");
    test_home_password (&home, "a%41b");
    assert_true (test_home_plan (&home, "git", &error));
    assert_null (test_home_note (&home, "left out"));
    g_clear_pointer (&home.plan, prc_plan_free);
    {
        PrcTool *git = (PrcTool *) prc_catalogue_find (home.catalogue, "git");

        git->url.decodes_twice = TRUE; /* as prc_tool_dialect() has it for an old libcurl */
    }
    assert_true (test_home_plan (&home, "git", &error));
    assert_non_null (test_home_note (&home, "git is left out"));
    assert_result (&home, ".gitconfig", "[http]\n\tproxy = http://proxy.corp:3128\n");
    test_home_clear (&home);
}

static void
others__by_reference__take_the_environment (void **state)
{
    static const struct {
        const char *tool, *path, *before, *after;
    } rows[] = {
        { "npm", ".npmrc", "proxy=http://x:1\n; c\nnoproxy=a\nhttps-proxy=http://y:1\n", "; c\n" },
        { "pip", ".config/pip/pip.conf",
          "[global]\nproxy = http://x:1\ntimeout = 5\n[install]\nproxy = http://y:1\n", NULL },
        { "curl", ".curlrc", "proxy = http://x:1\nproxy-user = joe:p@ss\nnoproxy = a\nsilent\n",
          "silent\n" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;

        set_up (&home, "reference");
        test_home_write (&home, rows[i].path, rows[i].before);
        assert_true (test_home_plan (&home, rows[i].tool, &error));
        assert_no_error (error);
        if (rows[i].after != NULL)
            assert_result (&home, rows[i].path, rows[i].after);
        else {
            g_autofree char *text = test_home_result (&home, rows[i].path);

            assert_null (strstr (text, "proxy"));
        }
        assert_true (
            prc_plan_tool_inherits (home.plan, prc_catalogue_find (home.catalogue, rows[i].tool)));
        assert_settled (&home, rows[i].tool);
        test_home_clear (&home);
    }
}

static void
npm__refers_to_the_environment_itself__only_as_a_whole (void **state)
{
    static const struct {
        const char *text;
        gboolean good;
    } rows[] = {
        { "proxy=${http_proxy}\nhttps-proxy = \"${HTTPS_PROXY}\"\n", TRUE },
        { "proxy=http://joe:${PW}@proxy.corp:3128\n", FALSE },
        { "https-proxy=${MY_PROXY}\n", FALSE },
        { "https-proxy=${no_proxy}\n", FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;

        set_up (&home, "reference");
        test_home_write (&home, ".npmrc", rows[i].text);
        assert_true (test_home_plan (&home, "npm", &error));
        assert_no_error (error);
        assert_int_equal (prc_plan_edits (home.plan)->len, 0);
        assert_int_equal (test_home_note (&home, "is computed when it is read") == NULL,
                          rows[i].good);
        test_home_clear (&home);
    }
}

static void
curl__by_reference__keeps_its_other_settings (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference");
    test_home_profile (&home, "office", "http=" PROXY, "https=" PROXY, "user=joe", "auth=digest",
                       "ca=/etc/ca.pem", "placement=curl=reference", NULL);
    assert_true (test_home_plan (&home, "curl", &error));
    assert_no_error (error);
    {
        g_autofree char *text = test_home_result (&home, ".curlrc");

        assert_non_null (strstr (text, "proxy-digest"));
        assert_non_null (strstr (text, "cacert"));
        assert_null (strstr (text, "proxy.corp"));
    }
    test_home_clear (&home);
}

static void
pip__beyond_ascii__its_own_variable_or_left_out (void **state)
{
    static const struct {
        const char *placement, *note;
        gboolean inherits;
    } rows[] = {
        { "reference", "PIP_PROXY", TRUE },
        { "inline,pip=reference", "pip is left out", FALSE },
        { "reference,env=none", "pip is left out", FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;

        set_up (&home, rows[i].placement);
        test_home_password (&home, "pä✓ss");
        assert_true (test_home_plan (&home, "pip", &error));
        assert_no_error (error);
        assert_non_null (test_home_note (&home, rows[i].note));
        assert_int_equal (
            prc_plan_tool_inherits (home.plan, prc_catalogue_find (home.catalogue, "pip")),
            rows[i].inherits);
        test_home_clear (&home);
    }
}

static void
none__each_tool__the_proxy_without_a_user (void **state)
{
    static const struct {
        const char *tool, *path;
    } rows[] = {
        { "env", ".config/proxyrc/env.sh" },
        { "git", ".gitconfig" },
        { "npm", ".npmrc" },
        { "curl", ".curlrc" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;
        g_autofree char *text = NULL;

        set_up (&home, "none");
        assert_true (test_home_plan (&home, rows[i].tool, &error));
        assert_no_error (error);
        text = test_home_result (&home, rows[i].path);
        assert_non_null (strstr (text, PROXY));
        assert_null (strstr (text, "joe"));
        assert_settled (&home, rows[i].tool);
        test_home_clear (&home);
    }
}

static void
none__for_one_tool__it_does_not_inherit_the_credential (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference,pip=none");
    assert_true (test_home_plan (&home, "pip", &error));
    assert_no_error (error);
    assert_false (prc_plan_tool_inherits (home.plan, prc_catalogue_find (home.catalogue, "pip")));
    {
        g_autofree char *text = test_home_result (&home, ".config/pip/pip.conf");

        assert_non_null (strstr (text, "proxy = " PROXY "\n"));
    }
    test_home_clear (&home);
}

static void
reference__without_the_environment__left_out_with_the_reason (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    set_up (&home, "reference");
    home.options.env_is_served = FALSE;
    assert_true (test_home_plan (&home, "npm", &error));
    assert_no_error (error);
    assert_non_null (test_home_note (&home, "npm is left out"));
    {
        g_autofree char *text = test_home_result (&home, ".npmrc");

        assert_non_null (strstr (text, "proxy=" PROXY "\n"));
    }
    test_home_clear (&home);
}

static void
command__wherever_the_program_was__known_again (void **state)
{
    static const struct {
        const char *tool, *text;
        gboolean ours;
    } rows[] = {
        { "env", "/usr/bin/proxyrc env --startup --shell sh", TRUE },
        { "env", "'/a b/proxyrc' env --startup --shell fish", TRUE },
        { "env", "proxyrc env --startup --shell csh", TRUE },
        { "env", "/usr/bin/proxyrc env --shell sh", FALSE },
        { "env", "/usr/bin/other env --startup --shell sh", FALSE },
        { "env", "/usr/bin/proxyrc env --startup --shell sh; rm x", FALSE },
        { "env", NULL, FALSE },
        { "git", "/usr/bin/proxyrc git-credential", TRUE },
        { "git", "/usr/bin/proxyrc", FALSE },
        { "npm", "/usr/bin/proxyrc", FALSE },
    };
    TestHome home;

    (void) state;
    test_home_init (&home);
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        assert_int_equal (
            prc_reference_is_ours (prc_catalogue_find (home.catalogue, rows[i].tool), rows[i].text),
            rows[i].ours);
    {
        const PrcTool *git = prc_catalogue_find (home.catalogue, "git");
        g_autofree char *key = prc_reference_key (git, "http://[::1]:1");

        assert_string_equal (key, "credential.http://[::1]:1.helper");
        assert_true (prc_reference_plays (git, key));
        assert_false (prc_reference_plays (git, "credential.helper"));
        assert_false (prc_reference_plays (git, "credential..helper"));
    }
    test_home_clear (&home);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (environment__each_shell__one_line_instead_of_the_settings),
        cmocka_unit_test (environment__files_of_another_shell__that_shell_is_served_too),
        cmocka_unit_test (environment__line_of_another_program_or_placement__goes),
        cmocka_unit_test (environment__computed_or_unset_behind__said),
        cmocka_unit_test (git__each_state_of_the_file__helper_is_ours_alone),
        cmocka_unit_test (git__helpers_in_a_later_file__ours_goes_behind_them),
        cmocka_unit_test (git__no_longer_by_reference__helper_goes),
        cmocka_unit_test (git__password_that_it_would_decode_twice__left_out),
        cmocka_unit_test (others__by_reference__take_the_environment),
        cmocka_unit_test (npm__refers_to_the_environment_itself__only_as_a_whole),
        cmocka_unit_test (curl__by_reference__keeps_its_other_settings),
        cmocka_unit_test (pip__beyond_ascii__its_own_variable_or_left_out),
        cmocka_unit_test (none__each_tool__the_proxy_without_a_user),
        cmocka_unit_test (none__for_one_tool__it_does_not_inherit_the_credential),
        cmocka_unit_test (reference__without_the_environment__left_out_with_the_reason),
        cmocka_unit_test (command__wherever_the_program_was__known_again),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
