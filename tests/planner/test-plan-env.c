#include "test.h"

#include "home.h"

#define PROXY "http://proxy.example:3128"
#define URL "http://joe:s%40c@proxy.example:3128"

static void
plan (TestHome *home, gboolean is_direct)
{
    GError *error = NULL;

    if (is_direct)
        test_home_profile (home, "direct", NULL);
    else
        test_home_profile (home, "office", "http=" PROXY, "https=" PROXY, "user=joe", NULL);
    test_home_password (home, "s@c");
    assert_true (test_home_plan (home, "env", &error));
    assert_no_error (error);
}

static void
plan_env__nothing_there__generated_file_and_start_lines (void **state)
{
    TestHome home;
    g_autofree char *generated = NULL;
    g_autofree char *bashrc = NULL;
    g_autofree char *profile = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".bashrc", "alias l=ls");
    plan (&home, FALSE);
    generated = test_home_result (&home, ".config/proxyrc/env.sh");
    bashrc = test_home_result (&home, ".bashrc");
    profile = test_home_result (&home, ".profile");
    assert_non_null (strstr (generated, "export https_proxy='" URL "'\n"));
    assert_non_null (strstr (generated, "export HTTP_PROXY='" URL "'\n"));
    assert_true (g_str_has_prefix (bashrc, "alias l=ls\nif [ -r "));
    assert_non_null (profile);
    assert_false (g_str_has_suffix (bashrc, "\n"));
    assert_true (test_home_edit (&home, ".config/proxyrc/env.sh")->has_secret);
    assert_false (test_home_edit (&home, ".bashrc")->has_secret);
    test_home_clear (&home);
}

static void
plan_env__login_file_is_there__no_other_is_made (void **state)
{
    TestHome home;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".bash_profile", "x=1\n");
    test_home_write (&home, ".profile", "x=1\n");
    plan (&home, FALSE);
    assert_non_null (test_home_edit (&home, ".bash_profile"));
    assert_null (test_home_edit (&home, ".profile"));
    assert_null (test_home_edit (&home, ".bashrc"));
    test_home_clear (&home);
}

static void
plan_env__settings_are_there__edited_where_they_stand (void **state)
{
    TestHome home;
    g_autofree char *bashrc = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (
        &home, ".bashrc",
        "# p\nexport http_proxy=\"http://o:p@old:1\" # c\nexport https_proxy=$http_proxy\nx=1\n");
    plan (&home, FALSE);
    bashrc = test_home_result (&home, ".bashrc");
    assert_non_null (strstr (bashrc, "# p\nexport http_proxy=\"" URL "\" # c\n"));
    assert_non_null (strstr (bashrc, "export https_proxy=$http_proxy\n"));
    assert_non_null (strstr (bashrc, "HTTPS_PROXY='" URL "'"));
    test_home_clear (&home);
}

static void
plan_env__login_file_has_settings__nothing_is_generated (void **state)
{
    TestHome home;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".profile", "export http_proxy=http://old:1\n");
    test_home_write (&home, ".bashrc", "export http_proxy=http://old:1\n");
    plan (&home, FALSE);
    assert_non_null (test_home_edit (&home, ".profile"));
    assert_non_null (test_home_edit (&home, ".bashrc"));
    assert_null (test_home_edit (&home, ".config/proxyrc/env.sh"));
    test_home_clear (&home);
}

static void
plan_env__only_interactive_shells_have_settings__login_shells_get_a_file (void **state)
{
    TestHome home;
    g_autofree char *bashrc = NULL;
    g_autofree char *profile = NULL;
    g_autofree char *generated = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".profile", "x=1\n");
    test_home_write (&home, ".bashrc", "export http_proxy=http://old:1\n");
    plan (&home, FALSE);
    bashrc = test_home_result (&home, ".bashrc");
    profile = test_home_result (&home, ".profile");
    generated = test_home_result (&home, ".config/proxyrc/env.sh");
    assert_non_null (strstr (bashrc, "export http_proxy=" URL "\n"));
    assert_null (strstr (bashrc, "env.sh"));
    assert_non_null (strstr (profile, "env.sh"));
    assert_non_null (strstr (generated, "export https_proxy='" URL "'\n"));
    test_home_clear (&home);
}

/* Shapes that keep others from being removed or set. */
static void
plan_env__settings_that_refer_to_each_other__all_served (void **state)
{
    static const char *const rows[] = {
        "export http_proxy=http://o:p@old:1\nexport https_proxy=$http_proxy\nexport "
        "http_proxy=http://o:p@old:1\n",
        "export http_proxy=http://o:p@old:1\nexport https_proxy=$http_proxy\nexport "
        "http_proxy=http://o:p@old:2\n",
        "P=http://o:p@old:1\nexport http_proxy=$P https_proxy=$P\nexport HTTP_PROXY=$http_proxy\n",
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        for (int direct = 0; direct < 2; direct++) {
            TestHome home;
            g_autofree char *profile = NULL;

            test_home_init (&home);
            test_home_write (&home, ".profile", rows[i]);
            plan (&home, direct);
            profile = test_home_result (&home, ".profile");
            assert_non_null (profile);
            if (direct != 0)
                assert_null (strstr (profile, "_proxy"));
            else
                assert_non_null (strstr (profile, URL));
            assert_null (test_home_note (&home, "change it by hand"));
            test_home_clear (&home);
        }
}

/* A ~/.bashrc that scripts leave at once serves nobody who does not type. */
static void
plan_env__bashrc_left_by_scripts__login_gets_a_file (void **state)
{
    static const char *const guards[] = { "[[ $- != *i* ]] && return\n",
                                          "case $- in *i*) ;; *) return;; esac\n",
                                          "[ -z \"$PS1\" ] && return\n" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (guards); i++) {
        TestHome home;
        g_autofree char *bashrc = g_strconcat (guards[i], "export http_proxy=http://old:1\n", NULL);
        g_autofree char *profile = NULL;

        test_home_init (&home);
        test_home_write (&home, ".profile", ". ~/.bashrc\n");
        test_home_write (&home, ".bashrc", bashrc);
        plan (&home, FALSE);
        profile = test_home_result (&home, ".profile");
        assert_non_null (profile);
        assert_non_null (strstr (profile, "env.sh"));
        test_home_clear (&home);
    }
}

static void
plan_env__direct__takes_conditional_ones_too (void **state)
{
    TestHome home;
    g_autofree char *profile = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".profile",
                     "if at_work; then\n  export http_proxy=http://joe:x@proxy.example:3128\nelse\n"
                     "  export https_proxy=http://old:1\n  x=1\nfi\n[ -d /x ] && export "
                     "HTTP_PROXY=http://old:1\n"
                     "export https_proxy=$(ask)\n");
    plan (&home, TRUE);
    profile = test_home_result (&home, ".profile");
    assert_string_equal (profile, "if at_work; then\n  :\nelse\n  x=1\nfi\n[ -d /x ] && :\n"
                                  "export https_proxy=$(ask)\n");
    assert_non_null (test_home_note (&home, "https_proxy is computed"));
    test_home_clear (&home);
}

static void
plan_env__conditional_and_computed__left_and_noted (void **state)
{
    TestHome home;

    (void) state;
    test_home_init (&home);
    test_home_write (
        &home, ".bashrc",
        "if at_work; then\n  export http_proxy=http://other:1\nfi\nexport https_proxy=$(ask)\n");
    plan (&home, FALSE);
    assert_non_null (test_home_note (&home, "http_proxy is set on a condition"));
    assert_non_null (test_home_note (&home, "https_proxy is computed"));
    {
        g_autofree char *bashrc = test_home_result (&home, ".bashrc");

        assert_true (g_str_has_prefix (
            bashrc, "if at_work; then\n  export http_proxy=http://other:1\nfi\nexport "
                    "https_proxy=$(ask)\n"));
    }
    test_home_clear (&home);
}

static void
plan_env__same_proxy_in_a_function__gets_the_new_password (void **state)
{
    TestHome home;
    g_autofree char *bashrc = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".bashrc",
                     "proxy_on() {\n  export http_proxy=http://joe:old@proxy.example:3128\n}\n");
    plan (&home, FALSE);
    bashrc = test_home_result (&home, ".bashrc");
    assert_non_null (strstr (bashrc, "  export http_proxy=" URL "\n}\n"));
    test_home_clear (&home);
}

static void
plan_env__direct__all_of_it_goes (void **state)
{
    TestHome home;
    g_autofree char *bashrc = NULL;
    g_autofree char *line = NULL;

    (void) state;
    test_home_init (&home);
    line = g_strdup_printf (
        "a=1\nif [ -r '%s/.config/proxyrc/env.sh' ]; then . '%s/.config/proxyrc/env.sh'; "
        "fi\nexport NO_PROXY=x https_proxy=http://u:p@h:1\n",
        home.dir, home.dir);
    test_home_write (&home, ".bashrc", line);
    test_home_write (&home, ".config/proxyrc/env.sh", "export http_proxy='http://u:p@h:1'\n");
    plan (&home, TRUE);
    bashrc = test_home_result (&home, ".bashrc");
    assert_string_equal (bashrc, "a=1\n");
    assert_true (test_home_edit (&home, ".config/proxyrc/env.sh")->remove);
    assert_true (test_home_edit (&home, ".config/proxyrc/env.sh")->n_settings > 0);
    test_home_clear (&home);
}

static void
plan_env__fish__its_own_folder_and_no_line (void **state)
{
    TestHome home;
    g_autofree char *fish = NULL;

    (void) state;
    test_home_init (&home);
    g_free (home.place.shell);
    home.place.shell = g_strdup ("fish");
    test_home_write (&home, ".bashrc", "a=1\n");
    plan (&home, FALSE);
    fish = test_home_result (&home, ".config/fish/conf.d/proxyrc.fish");
    assert_non_null (strstr (fish, "https_proxy"));
    assert_null (test_home_edit (&home, ".bashrc"));
    test_home_clear (&home);
}

static void
plan_env__scheme_that_it_cannot_name__no_credential (void **state)
{
    TestHome home;
    GError *error = NULL;
    g_autofree char *generated = NULL;

    (void) state;
    test_home_init (&home);
    test_home_profile (&home, "office", "http=" PROXY, "https=" PROXY, "user=joe", "auth=ntlm",
                       NULL);
    test_home_password (&home, "s@c");
    assert_true (test_home_plan (&home, "env", &error));
    assert_no_error (error);
    generated = test_home_result (&home, ".config/proxyrc/env.sh");
    assert_non_null (strstr (generated, "export https_proxy='" PROXY "'\n"));
    assert_null (strstr (generated, "joe"));
    assert_non_null (test_home_note (&home, "wants ntlm"));
    test_home_clear (&home);
}

static void
plan_env__control_character__refused (void **state)
{
    TestHome home;
    GError *error = NULL;

    (void) state;
    test_home_init (&home);
    test_home_profile (&home, "office", "http=" PROXY, "https=" PROXY, "user=joe", NULL);
    test_home_password (&home, "tab\there");
    assert_false (test_home_plan (&home, "env", &error));
    assert_error (error, PRC_ERROR_UNSUPPORTED);
    assert_null (strstr (error->message, "here"));
    g_error_free (error);
    test_home_clear (&home);
}

/* bash does not read ~/.profile then: what stands there serves nobody. */
static void
plan_env__settings_in_a_hidden_file__other_start_file_gets_the_line (void **state)
{
    TestHome home;
    g_autofree char *start = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".profile", "export http_proxy=http://old:1\n");
    test_home_write (&home, ".bash_profile", "x=1\n");
    plan (&home, FALSE);
    start = test_home_result (&home, ".bash_profile");
    assert_non_null (start);
    assert_non_null (strstr (start, "env.sh"));
    assert_non_null (test_home_edit (&home, ".config/proxyrc/env.sh"));
    test_home_clear (&home);
}

static void
plan_env__unset_later__noted (void **state)
{
    static const struct {
        const char *profile, *bashrc;
        gboolean noted;
    } rows[] = {
        { "export http_proxy=http://old:1\n", "unset http_proxy\n", TRUE },
        { "unset http_proxy\nexport http_proxy=http://old:1\n", "x=1\n", FALSE },
        { "unset http_proxy\n", "unset http_proxy\n", FALSE }, /* the line goes behind it */
        { "export http_proxy=http://old:1\n", "if x; then unset http_proxy; fi\n", FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;

        test_home_init (&home);
        test_home_write (&home, ".profile", rows[i].profile);
        test_home_write (&home, ".bashrc", rows[i].bashrc);
        plan (&home, FALSE);
        assert_int_equal (test_home_note (&home, "is unset here again") != NULL, rows[i].noted);
        test_home_clear (&home);
    }
}

static void
plan_env__condition_on_top__what_is_beneath_is_served_too (void **state)
{
    TestHome home;
    g_autofree char *profile = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".profile",
                     "export http_proxy=http://old:1\nif x; then export http_proxy=" PROXY
                     "; fi\n");
    plan (&home, FALSE);
    profile = test_home_result (&home, ".profile");
    assert_non_null (strstr (profile, "export http_proxy=" URL "\n"));
    assert_non_null (strstr (profile, "then export http_proxy=" URL "; fi\n"));
    assert_null (test_home_note (&home, "by hand"));
    test_home_clear (&home);
}

static void
plan_env__direct__an_unset_of_computed_names_is_no_hindrance (void **state)
{
    TestHome home;
    g_autofree char *bashrc = NULL;

    (void) state;
    test_home_init (&home);
    test_home_write (&home, ".bashrc",
                     "export http_proxy=http://old:1\nunset {http,https}_proxy\n"
                     "off() { for v in http_proxy; do unset $v; done; }\n");
    plan (&home, TRUE);
    bashrc = test_home_result (&home, ".bashrc");
    assert_true (g_str_has_prefix (bashrc, "unset {http,https}_proxy\n"));
    assert_null (test_home_note (&home, "by hand"));
    test_home_clear (&home);
}

static void
plan_env__list_that_is_computed__noted (void **state)
{
    static const struct {
        const char *text;
        gboolean noted;
    } rows[] = {
        { "export no_proxy=$no_proxy,x\n", TRUE },
        { "if x; then export no_proxy=y; fi\n", TRUE },
        { "if x; then export no_proxy=a,b; fi\n", FALSE },
        { "export no_proxy=$(x)\nexport no_proxy=a,b\n", FALSE },
        { "export no_proxy=a,b\nexport NO_PROXY=$no_proxy\n", FALSE },
        { "export NO_PROXY=$no_proxy\n", TRUE },
        { "export NO_PROXY=$no_proxy\nexport no_proxy=a,b\n", TRUE },
        { "export HTTP_PROXY=$http_proxy\n", FALSE },
        { "export HTTPS_PROXY=$https_proxy\nexport https_proxy=" PROXY "\n", TRUE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestHome home;
        GError *error = NULL;
        g_autofree char *text = g_strconcat ("export http_proxy=" PROXY "\n", rows[i].text, NULL);

        test_home_init (&home);
        test_home_write (&home, ".profile", text);
        test_home_profile (&home, "office", "http=" PROXY, "no_proxy=a,b", NULL);
        assert_true (test_home_plan (&home, "env", &error));
        assert_no_error (error);
        assert_int_equal (test_home_note (&home, "by hand") != NULL, rows[i].noted);
        test_home_clear (&home);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (plan_env__nothing_there__generated_file_and_start_lines),
        cmocka_unit_test (plan_env__login_file_is_there__no_other_is_made),
        cmocka_unit_test (plan_env__settings_are_there__edited_where_they_stand),
        cmocka_unit_test (plan_env__login_file_has_settings__nothing_is_generated),
        cmocka_unit_test (plan_env__only_interactive_shells_have_settings__login_shells_get_a_file),
        cmocka_unit_test (plan_env__settings_that_refer_to_each_other__all_served),
        cmocka_unit_test (plan_env__bashrc_left_by_scripts__login_gets_a_file),
        cmocka_unit_test (plan_env__direct__takes_conditional_ones_too),
        cmocka_unit_test (plan_env__conditional_and_computed__left_and_noted),
        cmocka_unit_test (plan_env__same_proxy_in_a_function__gets_the_new_password),
        cmocka_unit_test (plan_env__direct__all_of_it_goes),
        cmocka_unit_test (plan_env__settings_in_a_hidden_file__other_start_file_gets_the_line),
        cmocka_unit_test (plan_env__unset_later__noted),
        cmocka_unit_test (plan_env__condition_on_top__what_is_beneath_is_served_too),
        cmocka_unit_test (plan_env__direct__an_unset_of_computed_names_is_no_hindrance),
        cmocka_unit_test (plan_env__list_that_is_computed__noted),
        cmocka_unit_test (plan_env__fish__its_own_folder_and_no_line),
        cmocka_unit_test (plan_env__scheme_that_it_cannot_name__no_credential),
        cmocka_unit_test (plan_env__control_character__refused),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
