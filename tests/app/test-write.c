#include "test.h"

#include "home.h"

#include "app/credentials.h"
#include "app/inspect.h"
#include "app/profiles.h"
#include "app/write.h"

#define CONFIG                                                                                     \
    "profiles = ( { name = \"office\"; http = \"http://p.example:3128\"; https = "                 \
    "\"http://p.example:3128\"; user = \"joe\"; store = \"plain\"; } );\nactive = \"office\";\n"

static void
log_in (PrcSession *session, const char *password)
{
    GError *error = NULL;
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, &error);
    g_autoptr (PrcSecret) secret = prc_secret_new (password, strlen (password));

    assert_no_error (error);
    assert_true (prc_credential_login (session, profiles, NULL, "joe", secret, NULL, NULL, &error));
    assert_no_error (error);
}

static const PrcToolRow *
tool_row (const PrcStatus *status, const char *name)
{
    for (guint i = 0; i < status->tools->len; i++) {
        const PrcToolRow *row = g_ptr_array_index (status->tools, i);

        if (strcmp (row->name, name) == 0)
            return row;
    }
    return NULL;
}

static void
write__not_logged_in__locked (void **state)
{
    char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autoptr (GError) error = NULL;

    (void) state;
    test_put (dir, ".config/proxyrc/proxyrc.cfg", CONFIG);
    assert_null (prc_apply (session, NULL, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    assert_non_null (strstr (error->message, "proxyrc login"));
    prc_test_dir_remove (dir);
}

static void
write__apply_then_new_password__stale_then_ok (void **state)
{
    char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autoptr (PrcReport) first = NULL;
    g_autoptr (PrcReport) second = NULL;
    g_autoptr (PrcStatus) before = NULL;
    g_autoptr (PrcStatus) after = NULL;
    GError *error = NULL;

    (void) state;
    test_put (dir, ".config/proxyrc/proxyrc.cfg", CONFIG);
    log_in (session, "one");
    first = prc_apply (session, NULL, &error);
    assert_no_error (error);
    assert_true (first->changed);
    log_in (session, "two");
    before = prc_inspect (session, NULL, &error);
    assert_no_error (error);
    assert_false (before->agrees);
    assert_string_equal (tool_row (before, "git")->state, "stale");
    second = prc_apply (session, NULL, &error);
    assert_no_error (error);
    after = prc_inspect (session, NULL, &error);
    assert_true (after->agrees);
    assert_string_equal (tool_row (after, "git")->state, "ok");
    assert_string_equal (tool_row (after, "wget")->state, "inherits");
    {
        g_autofree char *text = test_get (dir, ".npmrc");

        assert_non_null (strstr (text, "joe:two@"));
        assert_null (strstr (text, "joe:one@"));
    }
    prc_test_dir_remove (dir);
}

static void
write__dry_run__nothing_written (void **state)
{
    char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autoptr (PrcSession) dry = NULL;
    g_autoptr (PrcReport) report = NULL;
    g_autofree char *npmrc = NULL;
    GError *error = NULL;

    (void) state;
    test_put (dir, ".config/proxyrc/proxyrc.cfg", CONFIG);
    log_in (session, "HIDDEN");
    dry = test_session_again (dir, TRUE);
    report = prc_apply (dry, NULL, &error);
    assert_no_error (error);
    assert_true (report->changed);
    assert_null (report->transaction);
    assert_null (strstr (report->diff, "HIDDEN"));
    npmrc = test_get (dir, ".npmrc");
    assert_null (npmrc);
    prc_test_dir_remove (dir);
}

/* Undoing `use` brings the active profile back as well. */
static void
write__use_then_undo__files_and_profile (void **state)
{
    char *dir = NULL;
    g_autoptr (PrcSession) session = test_session_new (&dir);
    g_autoptr (PrcReport) applied = NULL;
    g_autoptr (PrcReport) used = NULL;
    g_autoptr (PrcReport) undone = NULL;
    g_autofree char *before = NULL;
    g_autofree char *between = NULL;
    g_autofree char *after = NULL;
    g_autofree char *config = NULL;
    GError *error = NULL;

    (void) state;
    test_put (dir, ".config/proxyrc/proxyrc.cfg", CONFIG);
    log_in (session, "one");
    applied = prc_apply (session, NULL, &error);
    before = test_get (dir, ".npmrc");
    used = prc_use (session, "direct", &error);
    assert_no_error (error);
    between = test_get (dir, ".npmrc");
    assert_string_equal (between, "");
    undone = prc_undo (session, NULL, FALSE, &error);
    assert_no_error (error);
    after = test_get (dir, ".npmrc");
    assert_string_equal (after, before);
    config = test_get (dir, ".config/proxyrc/proxyrc.cfg");
    assert_string_equal (config, CONFIG);
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (write__not_logged_in__locked),
        cmocka_unit_test (write__apply_then_new_password__stale_then_ok),
        cmocka_unit_test (write__dry_run__nothing_written),
        cmocka_unit_test (write__use_then_undo__files_and_profile),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
