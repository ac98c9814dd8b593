#include "test.h"

#include "model/profile.h"

static void
set__good_values__come_back (void **state)
{
    static const struct {
        const char *key, *value, *expected;
    } rows[] = {
        { "http", "http://Proxy.Corp:3128/", "http://proxy.corp:3128" },
        { "https", "proxy.corp:3128", "http://proxy.corp:3128" },
        { "all", "socks5h://[::1]:1080", "socks5h://[::1]:1080" },
        { "no_proxy", "a, b", "a, b" },
        { "user", "DOM\\me", "DOM\\me" },
        { "auth", "negotiate", "negotiate" },
        { "ca", "/etc/ca.pem", "/etc/ca.pem" },
        { "placement", "reference", "reference" },
        { "tools", "git, npm,git", "git,npm" },
        { "check_url", "https://example.com/", "https://example.com/" },
        { "store", "vault", "vault" },
    };
    g_autoptr (PrcProfile) profile = prc_profile_new ("work");
    const char *const *keys = prc_profile_keys ();

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *got = NULL;
        g_autofree char *gone = NULL;

        assert_string_equal (keys[i], rows[i].key);
        assert_true (prc_profile_set (profile, rows[i].key, rows[i].value, &error));
        got = prc_profile_get (profile, rows[i].key);
        assert_string_equal (got, rows[i].expected);
        assert_true (prc_profile_set (profile, rows[i].key, "", &error));
        gone = prc_profile_get (profile, rows[i].key);
        assert_null (gone);
    }
    assert_null (keys[G_N_ELEMENTS (rows)]);
}

static void
set__bad_values__refused (void **state)
{
    static const struct {
        const char *key, *value;
        PrcError code;
    } rows[] = {
        { "http", "http://h", PRC_ERROR_INPUT },
        { "http", "http://u:sEcReT@h:1", PRC_ERROR_USAGE },
        { "http",
          "http://b\xC3\xBC"
          "cher.de:1",
          PRC_ERROR_INPUT },
        { "http", "ftp://h:1", PRC_ERROR_INPUT },
        { "http", "http://h:1\n", PRC_ERROR_INPUT },
        { "password", "sEcReT", PRC_ERROR_USAGE },
        { "proxy", "x", PRC_ERROR_USAGE },
        { "user", "a:b", PRC_ERROR_INPUT },
        { "user", "a\tb", PRC_ERROR_INPUT },
        { "auth", "Basic", PRC_ERROR_INPUT },
        { "ca", "ca.pem", PRC_ERROR_INPUT },
        { "placement", "file", PRC_ERROR_INPUT },
        { "tools", "git;npm", PRC_ERROR_INPUT },
        { "check_url", "ftp://h", PRC_ERROR_INPUT },
        { "check_url", "http://", PRC_ERROR_INPUT },
        { "no_proxy", "http://x", PRC_ERROR_INPUT },
        { "store", "a b", PRC_ERROR_INPUT },
    };
    g_autoptr (PrcProfile) profile = prc_profile_new ("work");

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;

        if (prc_profile_set (profile, rows[i].key, rows[i].value, &error))
            fail_msg ("row %u was taken", i);
        assert_error (error, rows[i].code);
        assert_null (strstr (error->message, "sEcReT"));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (set__good_values__come_back),
        cmocka_unit_test (set__bad_values__refused),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
