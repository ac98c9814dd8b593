#include "test.h"

#include "home.h"

#include "app/profiles.h"

#define CONFIG ".config/proxyrc/proxyrc.cfg"

static gboolean
add (PrcSession *session, const char *name, const char *pair, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    g_auto (PrcProfilesEdit) edit = { 0 };
    char *pairs[] = { (char *) pair, NULL };

    return profiles != NULL && prc_profiles_add (profiles, name, pairs, &edit, error) &&
           prc_profiles_write (session, profiles, &edit, "test", error);
}

static void
profiles__first_added__active_and_in_the_file (void **state)
{
    char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autoptr (PrcProfiles) profiles = NULL;
    GError *error = NULL;

    (void) state;
    assert_true (add (session, "office “1”", "https=http://p.example:1", &error));
    assert_no_error (error);
    assert_true (add (session, "other", "all=socks5h://p.example:2", &error));
    profiles = prc_profiles_load (session, &error);
    assert_no_error (error);
    assert_string_equal (prc_profiles_active (profiles)->name, "office “1”");
    assert_int_equal (prc_profiles_rows (profiles)->len, 3);
    assert_int_equal (
        prc_profile_proxy_for (prc_profiles_find (profiles, "other", NULL), PRC_ROLE_HTTP)->port,
        2);
    assert_true (prc_profiles_find (profiles, "direct", NULL)->is_direct);
    prc_test_dir_remove (dir);
}

static void
profiles__remove_first__others_and_comments_stay (void **state)
{
    char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autoptr (PrcProfiles) profiles = NULL;
    g_auto (PrcProfilesEdit) edit = { 0 };
    g_autofree char *after = NULL;
    GError *error = NULL;

    (void) state;
    test_put (dir, CONFIG,
              "# top\nprofiles = (\n  { name = \"a\"; https = \"http://a.example:1\"; },\n"
              "  # of b\n  { name = \"b\"; https = \"http://b.example:1\"; } // end\n);\nactive = "
              "\"b\";\n");
    profiles = prc_profiles_load (session, &error);
    assert_no_error (error);
    assert_true (prc_profiles_remove (profiles, "a", &edit, &error));
    assert_no_error (error);
    assert_true (prc_profiles_write (session, profiles, &edit, "test", &error));
    after = test_get (dir, CONFIG);
    assert_non_null (strstr (after, "# top\n"));
    assert_non_null (strstr (after, "# of b\n"));
    assert_non_null (strstr (after, "// end\n"));
    assert_null (strstr (after, "a.example"));
    assert_non_null (strstr (after, "b.example"));
    prc_test_dir_remove (dir);
}

/* The user's file goes over the system's, role by role. */
static void
profiles__system_and_user__joined_by_role (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *home = g_build_filename (dir, "home", "u", NULL);
    PrcSessionOptions options = { .root = dir, .home = "/home/u" };
    g_autoptr (PrcSession) session = NULL;
    g_autoptr (PrcProfiles) profiles = NULL;
    const PrcProfile *profile = NULL;
    GError *error = NULL;

    (void) state;
    test_put (dir, "etc/xdg/proxyrc/proxyrc.cfg",
              "profiles = ( { name = \"corp\"; https = \"http://p.example:1\"; no_proxy = "
              "\"a.example\"; } );\nactive = \"corp\";\n");
    test_put (dir, "home/u/" CONFIG,
              "profiles = ( { name = \"corp\"; user = \"joe\"; no_proxy = \"b.example\"; } );\n");
    session = prc_session_new (&options, &error);
    assert_no_error (error);
    profiles = prc_profiles_load (session, &error);
    assert_no_error (error);
    profile = prc_profiles_active (profiles);
    assert_string_equal (profile->name, "corp");
    assert_string_equal (profile->user, "joe");
    assert_string_equal (profile->no_proxy_text, "b.example");
    assert_int_equal (profile->https->port, 1);
    prc_test_dir_remove (dir);
}

static void
profiles__wrong_file__file_and_line (void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        { "profiles = (\n{ name = \"a\"; https = \"http://u:HIDDEN@h.example:1\"; }\n);\n",
          "proxyrc.cfg:2: https: " },
        { "profiles = (\n{ https = \"http://h.example:1\"; }\n);\n",
          "proxyrc.cfg:2: a profile needs a name" },
        { "profiles = (\n{ name = \"direct\"; }\n);\n", "proxyrc.cfg:2: “direct” is built in" },
        { "profiles = (\n{ name = \"a\"; httpss = \"x\"; }\n);\n", "proxyrc.cfg:2: " },
        { "profiles = (\n{ name = \"a\"; \n", "proxyrc.cfg:" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        char *dir = NULL;
        g_autoptr (PrcSession) session = test_session_new (&dir);
        g_autoptr (GError) error = NULL;

        test_put (dir, CONFIG, rows[i].text);
        assert_null (prc_profiles_load (session, &error));
        assert_non_null (strstr (error->message, rows[i].message));
        assert_null (strstr (error->message, "HIDDEN"));
        prc_test_dir_remove (dir);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (profiles__first_added__active_and_in_the_file),
        cmocka_unit_test (profiles__remove_first__others_and_comments_stay),
        cmocka_unit_test (profiles__system_and_user__joined_by_role),
        cmocka_unit_test (profiles__wrong_file__file_and_line),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
