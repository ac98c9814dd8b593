#include "test.h"

#include "home.h"

#define PROXY "http://proxy.example:3128"
#define URL(password) "http://joe:" password "@proxy.example:3128"

/* One tool, one file before and after; @before NULL: no file, @after NULL: not touched. */
typedef struct {
    const char *name, *tool, *path, *before, *after, *note;
    gboolean is_direct;
} Row;

static const Row rows[] = {
    { "git: a new file", "git", ".gitconfig", NULL, "[http]\n\tproxy = " URL ("s%40c") "\n", NULL,
      FALSE },
    { "git: in its place, comment kept", "git", ".gitconfig",
      "# c\n[http]\n\tproxy = http://o:p@old:1 ; x\n[user]\n\tname = A\n",
      "# c\n[http]\n\tproxy = " URL ("s%40c") " ; x\n[user]\n\tname = A\n", NULL, FALSE },
    { "git: duplicates become one", "git", ".gitconfig",
      "[http]\n\tproxy = http://a:1\n\tproxy = http://b:2\n",
      "[http]\n\tproxy = " URL ("s%40c") "\n", NULL, FALSE },
    { "git: what means the same is left", "git", ".gitconfig",
      "[http]\n\tproxy = \"http://joe:%73%40c@PROXY.example:3128/\"\n", NULL, NULL, FALSE },
    { "git: https.proxy never worked", "git", ".gitconfig",
      "[http]\n\tproxy = " URL ("s%40c") "\n[https]\n\tproxy = http://u:p@h:1\n",
      "[http]\n\tproxy = " URL ("s%40c") "\n", "https.proxy never worked", FALSE },
    { "git: a URL's own proxy, the same one", "git", ".gitconfig",
      "[http]\n\tproxy = " URL (
          "s%40c") "\n[http \"https://x\"]\n\tproxy = http://joe:old@proxy.example:3128\n",
      "[http]\n\tproxy = " URL ("s%40c") "\n[http \"https://x\"]\n\tproxy = " URL ("s%40c") "\n",
      NULL, FALSE },
    { "git: a URL's own proxy, another one", "git", ".gitconfig",
      "[http]\n\tproxy = " URL ("s%40c") "\n[http \"https://x\"]\n\tproxy = http://other:1\n", NULL,
      "names another proxy", FALSE },
    { "git: no proxy for a URL is an exception", "git", ".gitconfig",
      "[http]\n\tproxy = " URL ("s%40c") "\n[http \"https://x\"]\n\tproxy =\n", NULL, NULL, FALSE },
    { "git: direct", "git", ".gitconfig",
      "[http]\n\tproxy = http://o:p@old:1\n[user]\n\tname = A\n", "[user]\n\tname = A\n", NULL,
      TRUE },
    { "npm: three keys, above the section", "npm", ".npmrc", "; c\nregistry=https://r/\n[s]\nx=1\n",
      "; c\nregistry=https://r/\nproxy=" URL ("s%40c") "\nhttps-proxy=" URL (
          "s%40c") "\nnoproxy=localhost\n[s]\nx=1\n",
      NULL, FALSE },
    { "npm: below a section it never worked", "npm", ".npmrc",
      "proxy=" URL ("s%40c") "\nhttps-proxy=" URL (
          "s%40c") "\nnoproxy=localhost\n[s]\nproxy=http://u:p@h:1\n",
      "proxy=" URL ("s%40c") "\nhttps-proxy=" URL ("s%40c") "\nnoproxy=localhost\n[s]\n",
      "proxy never worked", FALSE },
    { "npm: keys that are none", "npm", ".npmrc",
      "proxy=" URL ("s%40c") "\nhttps-proxy=" URL (
          "s%40c") "\nnoproxy=localhost\nhttps_proxy=http://u:p@h:1\n",
      "proxy=" URL ("s%40c") "\nhttps-proxy=" URL ("s%40c") "\nnoproxy=localhost\n",
      "https_proxy never worked", FALSE },
    { "npm: direct leaves the rest", "npm", ".npmrc", "a=1\nproxy=http://u:p@h:1\nnoproxy=x\n",
      "a=1\n", NULL, TRUE },
    { "curl: proxy and list", "curl", ".curlrc", NULL,
      "proxy = \"" URL ("s%40c") "\"\nnoproxy = \"localhost\"\n", NULL, FALSE },
    { "curl: another proxy before it", "curl", ".curlrc",
      "preproxy = socks5://u:p@h:1\nproxy = \"" URL ("s%40c") "\"\nnoproxy = \"localhost\"\n",
      "proxy = \"" URL ("s%40c") "\"\nnoproxy = \"localhost\"\n", NULL, FALSE },
    { "curl: direct, and nothing before it", "curl", ".curlrc", "preproxy = socks5://u:p@h:1\n-s\n",
      "-s\n", NULL, TRUE },
    { "curl: proxy-user is a second copy", "curl", ".curlrc",
      "proxy = \"http://proxy.example:3128\"\nproxy-user = \"joe:old\"\nnoproxy = \"localhost\"\n",
      "proxy = \"" URL ("s%40c") "\"\nnoproxy = \"localhost\"\n", NULL, FALSE },
    { "pip: CRLF is kept", "pip", ".config/pip/pip.conf",
      "[global]\r\ntimeout = 5\r\nproxy = http://u:p@h:1\r\n",
      "[global]\r\ntimeout = 5\r\nproxy = " URL ("s%40c") "\r\n", "it ignores no_proxy", FALSE },
    { "pip: a command's own proxy would win", "pip", ".config/pip/pip.conf",
      "[global]\nproxy = " URL ("s%40c") "\n[install]\nproxy = http://u:p@h:1\nuser = true\n",
      "[global]\nproxy = " URL ("s%40c") "\n[install]\nuser = true\n", NULL, FALSE },
};

static void
plan_tool__rows__as_expected (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        const Row *row = &rows[i];
        TestHome home;
        g_autofree char *after = NULL;
        GError *error = NULL;

        print_message ("# %s\n", row->name);
        test_home_init (&home);
        if (row->before != NULL)
            test_home_write (&home, row->path, row->before);
        if (row->is_direct)
            test_home_profile (&home, "direct", NULL);
        else
            test_home_profile (&home, "office", "http=" PROXY, "https=" PROXY, "no_proxy=localhost",
                               "user=joe", NULL);
        test_home_password (&home, "s@c");
        assert_true (test_home_plan (&home, row->tool, &error));
        assert_no_error (error);
        after = test_home_result (&home, row->path);
        if (row->after == NULL)
            assert_null (after);
        else {
            assert_non_null (after);
            assert_string_equal (after, row->after);
        }
        if (row->note != NULL)
            assert_non_null (test_home_note (&home, row->note));
        test_home_clear (&home);
    }
}

/* What a plan has written leaves nothing to do for the next one. */
static void
plan_tool__planned_twice__nothing_left (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        const Row *row = &rows[i];
        TestHome home;
        GError *error = NULL;

        if (row->after == NULL)
            continue;
        test_home_init (&home);
        test_home_write (&home, row->path, row->after);
        if (row->is_direct)
            test_home_profile (&home, "direct", NULL);
        else
            test_home_profile (&home, "office", "http=" PROXY, "https=" PROXY, "no_proxy=localhost",
                               "user=joe", NULL);
        test_home_password (&home, "s@c");
        assert_true (test_home_plan (&home, row->tool, &error));
        assert_no_error (error);
        if (prc_plan_edits (home.plan)->len != 0)
            fail_msg ("%s: a second plan still has something to do", row->name);
        test_home_clear (&home);
    }
}

static void
plan_tool__pip_with_environment__inherits_for_no_proxy (void **state)
{
    TestHome home;
    GError *error = NULL;
    const PrcTool *pip = NULL;

    (void) state;
    test_home_init (&home);
    home.options.env_is_served = TRUE;
    test_home_write (&home, ".config/pip/pip.conf", "[global]\nproxy = http://u:p@h:1\n");
    test_home_profile (&home, "office", "https=" PROXY, "http=" PROXY, "no_proxy=x.example",
                       "user=joe", NULL);
    test_home_password (&home, "secret");
    assert_true (test_home_plan (&home, "pip", &error));
    pip = prc_catalogue_find (home.catalogue, "pip");
    assert_true (prc_plan_tool_inherits (home.plan, pip));
    {
        g_autofree char *after = test_home_result (&home, ".config/pip/pip.conf");

        assert_null (strstr (after, "proxy"));
    }
    test_home_clear (&home);
}

/* The environment's encoding is wrong for pip there, so it needs its own. */
static void
plan_tool__pip_beyond_ascii__own_encoding (void **state)
{
    TestHome home;
    GError *error = NULL;
    g_autofree char *after = NULL;

    (void) state;
    test_home_init (&home);
    home.options.env_is_served = TRUE;
    test_home_profile (&home, "office", "https=" PROXY, "http=" PROXY, "no_proxy=x.example",
                       "user=joe", NULL);
    test_home_password (&home, "ü");
    assert_true (test_home_plan (&home, "pip", &error));
    after = test_home_result (&home, ".config/pip/pip.conf");
    assert_non_null (after);
    assert_non_null (strstr (after, "joe:%C3%83%C2%BC@"));
    assert_non_null (test_home_note (&home, "ignores no_proxy"));
    test_home_clear (&home);
}

static void
plan_tool__git_decodes_twice__left_out_without_secret (void **state)
{
    TestHome home;
    GError *error = NULL;
    g_autofree char *after = NULL;
    const PrcNote *note = NULL;
    PrcUrlDialect dialect;

    (void) state;
    test_home_init (&home);
    test_home_profile (&home, "office", "https=" PROXY, "http=" PROXY, "user=joe", NULL);
    test_home_password (&home, "a%41b");
    home.wanted = (PrcWanted){ home.profile, "joe", home.password, FALSE };
    home.options.wanted = &home.wanted;
    home.options.place = &home.place;
    home.plan = prc_plan_new (&home.options);
    dialect = prc_catalogue_find (home.catalogue, "git")->url;
    dialect.decodes_twice = TRUE;
    g_ptr_array_add (home.found,
                     prc_discover (prc_catalogue_find (home.catalogue, "git"), &home.place));
    assert_true (prc_plan_tool (home.plan, g_ptr_array_index (home.found, 0), &dialect, &error));
    assert_no_error (error);
    note = test_home_note (&home, "git is left out");
    assert_non_null (note);
    assert_int_equal (note->kind, PRC_NOTE_UNSERVED);
    after = test_home_result (&home, ".gitconfig");
    assert_string_equal (after, "[http]\n\tproxy = http://proxy.example:3128\n");
    test_home_clear (&home);
}

static void
plan_tool__rejected_file__error_names_it (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".gitconfig", "[http]\n\tproxy = x\n[broken\n");
    test_home_profile (&home, "office", "https=" PROXY, NULL);
    assert_false (test_home_plan (&home, "git", &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_non_null (strstr (error->message, ".gitconfig:3: "));
    assert_int_equal (prc_plan_edits (home.plan)->len, 0);
    g_error_free (error);
    test_home_clear (&home);
}

static void
plan_tool__socks_and_pip__left_out (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".config/pip/pip.conf", "[global]\nproxy = http://u:p@h:1\n");
    test_home_profile (&home, "socks", "all=socks5h://proxy.example:1080", NULL);
    assert_true (test_home_plan (&home, "pip", &error));
    assert_non_null (test_home_note (&home, "can't speak"));
    test_home_clear (&home);
}

static void
plan_tool__two_proxies__one_setting_says_so (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    test_home_init (&home);
    test_home_profile (&home, "two", "http=http://a.example:1", "https=http://b.example:2", NULL);
    assert_true (test_home_plan (&home, "git", &error));
    assert_int_equal (test_home_note (&home, "one setting for http and https")->kind,
                      PRC_NOTE_UNSERVED);
    test_home_clear (&home);
}

static void
plan_tool__password_unknown__same_proxy_agrees (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".gitconfig",
                     "[http]\n\tproxy = http://joe:whatever@proxy.example:3128\n");
    test_home_profile (&home, "office", "https=" PROXY, "http=" PROXY, "user=joe", NULL);
    home.wanted.password_unknown = TRUE;
    assert_true (test_home_plan (&home, "git", &error));
    assert_int_equal (prc_plan_edits (home.plan)->len, 0);
    test_home_clear (&home);
}

/* Where a tool takes the proxy from the environment, its other settings still have one place. */
static void
plan_tool__no_proxy_of_its_own__ca_stays_where_it_is (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, "more", "[http]\n\tsslCAInfo = /ca.pem\n");
    test_home_write (&home, ".gitconfig", "[include]\n\tpath = ~/more\n");
    test_home_profile (&home, "office", "http=http://a.example:1", "https=http://b.example:2",
                       "ca=/ca.pem", NULL);
    home.options.env_is_served = TRUE;
    assert_true (test_home_plan (&home, "env", &error));
    assert_true (test_home_plan (&home, "git", &error));
    assert_null (test_home_edit (&home, "more"));
    assert_null (test_home_edit (&home, ".gitconfig"));
    test_home_clear (&home);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (plan_tool__rows__as_expected),
        cmocka_unit_test (plan_tool__planned_twice__nothing_left),
        cmocka_unit_test (plan_tool__pip_with_environment__inherits_for_no_proxy),
        cmocka_unit_test (plan_tool__pip_beyond_ascii__own_encoding),
        cmocka_unit_test (plan_tool__git_decodes_twice__left_out_without_secret),
        cmocka_unit_test (plan_tool__rejected_file__error_names_it),
        cmocka_unit_test (plan_tool__socks_and_pip__left_out),
        cmocka_unit_test (plan_tool__two_proxies__one_setting_says_so),
        cmocka_unit_test (plan_tool__no_proxy_of_its_own__ca_stays_where_it_is),
        cmocka_unit_test (plan_tool__password_unknown__same_proxy_agrees),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
