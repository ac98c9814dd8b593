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

/* The message says what to do. */
static void
set__refused_value__message_helps (void **state)
{
    static const struct {
        const char *key, *value, *says;
    } rows[] = {
        { "http", "http://h", "scheme://host:port" },
        { "http",
          "http://b\xC3\xBC"
          "cher.de:1",
          "xn--bcher-kva.de" },
        { "http", "http://u:sEcReT@h:1", "login" },
        { "http", "http://u:sEc/ReT@h:1", "port" },
        { "http", "http://a%3Ab@h:1", "RFC 7617" },
        { "user", "a:b", "RFC 7617" },
        { "password", "sEcReT", "login" },
        { "auth", "kerberos", "negotiate" },
        { "proxies", "x", "no_proxy" },
        { "no_proxy", "10.0.0.0/99", "10.0.0.0/99" },
    };
    g_autoptr (PrcProfile) profile = prc_profile_new ("work");

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;

        assert_false (prc_profile_set (profile, rows[i].key, rows[i].value, &error));
        if (strstr (error->message, rows[i].says) == NULL)
            fail_msg ("row %u: %s", i, error->message);
        assert_null (strstr (error->message, "sEc"));
        assert_null (strstr (error->message, "ReT"));
    }
    assert_null (profile->http);
    assert_null (profile->user);
}

static void
set__user_in_url__becomes_the_user (void **state)
{
    g_autoptr (PrcProfile) profile = prc_profile_new ("work");
    g_autoptr (GError) error = NULL;

    (void) state;
    assert_true (prc_profile_set (profile, "http", "http://DOM%5Cme@h:1", &error));
    assert_string_equal (profile->user, "DOM\\me");
    assert_null (profile->http->user);
    assert_true (prc_profile_set (profile, "https", "http://DOM%5Cme@h:1", &error));
    assert_false (prc_profile_set (profile, "all", "http://you@h:1", &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_null (profile->all);
}

static void
set__refused_value__leaves_the_old_one (void **state)
{
    static const struct {
        const char *key, *good, *bad;
    } rows[] = {
        { "http", "http://h:1", "http://h" },
        { "no_proxy", "a,b", "a/b" },
        { "user", "me", "m\n" },
        { "auth", "basic", "x" },
        { "ca", "/a", "a" },
        { "tools", "git,npm", "a b;" },
        { "check_url", "http://h/", "http://u@h" },
        { "store", "plain", "pl/ain" },
        { "placement", "none", "all" },
    };
    g_autoptr (PrcProfile) profile = prc_profile_new ("work");

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *kept = NULL;

        assert_true (prc_profile_set (profile, rows[i].key, rows[i].good, NULL));
        assert_false (prc_profile_set (profile, rows[i].key, rows[i].bad, NULL));
        kept = prc_profile_get (profile, rows[i].key);
        assert_string_equal (kept, rows[i].good);
    }
}

static void
new__direct__is_built_in (void **state)
{
    g_autoptr (PrcProfile) direct = prc_profile_new ("direct");
    g_autoptr (PrcProfile) other = prc_profile_new ("Direct");
    g_autoptr (GError) error = NULL;

    (void) state;
    assert_true (direct->is_direct);
    assert_false (other->is_direct);
    assert_false (prc_profile_set (direct, "http", "http://h:1", &error));
    assert_error (error, PRC_ERROR_USAGE);
    assert_null (prc_profile_proxy_for (direct, PRC_ROLE_HTTP));
}

static void
proxy_for__each_role__own_or_the_common_one (void **state)
{
    static const struct {
        const char *http, *https, *all;
        const char *for_http, *for_https, *for_all; /* host, or NULL */
    } rows[] = {
        { "", "", "", NULL, NULL, NULL },  { "a:1", "", "", "a", NULL, "a" },
        { "", "b:1", "", NULL, "b", "b" }, { "a:1", "b:1", "", "a", "b", "b" },
        { "", "", "c:1", "c", "c", "c" },  { "a:1", "b:1", "c:1", "a", "b", "c" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        static const PrcRole roles[] = { PRC_ROLE_HTTP, PRC_ROLE_HTTPS, PRC_ROLE_ALL };
        const char *expected[] = { rows[i].for_http, rows[i].for_https, rows[i].for_all };
        g_autoptr (PrcProfile) profile = prc_profile_new ("work");

        assert_true (prc_profile_set (profile, "http", rows[i].http, NULL));
        assert_true (prc_profile_set (profile, "https", rows[i].https, NULL));
        assert_true (prc_profile_set (profile, "all", rows[i].all, NULL));
        for (guint r = 0; r < G_N_ELEMENTS (roles); r++) {
            const PrcProxyUrl *url = prc_profile_proxy_for (profile, roles[r]);

            if (expected[r] == NULL)
                assert_null (url);
            else
                assert_string_equal (url->host, expected[r]);
        }
        assert_null (prc_profile_proxy_for (profile, PRC_ROLE_CA));
    }
}

/* What get gives, set takes, and means the same. */
static void
set__random_values__come_back_or_are_refused (void **state)
{
    static const char *const pieces[] = { "http://", "socks5://",  "me@",  "h",        ":3128",
                                          "[::1]",   "/",          ",",    "basic",    "git",
                                          "a.b",     "%41",        "\xFF", "\n",       " ",
                                          "*",       "10.0.0.0/8", ":",    "\xC3\xBC", "none" };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    const char *const *keys = prc_profile_keys ();
    guint n_keys = g_strv_length ((char **) keys), taken = 0;

    (void) state;
    /* most are refused: of a few it may be all */
    for (guint i = 0; i < MAX (prc_test_cases (20000), 1000); i++) {
        const char *key = keys[g_rand_int_range (rand, 0, (gint32) n_keys)];
        g_autoptr (PrcProfile) profile = prc_profile_new ("a");
        g_autoptr (GString) value = g_string_new (NULL);
        g_autoptr (GError) error = NULL;
        g_autofree char *once = NULL;
        g_autofree char *twice = NULL;

        for (gint n = g_rand_int_range (rand, 1, 5); n > 0; n--)
            g_string_append (value, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
        if (!prc_profile_set (profile, key, value->str, &error)) {
            if (!g_error_matches (error, PRC_ERROR, PRC_ERROR_USAGE)) /* a password */
                assert_error (error, PRC_ERROR_INPUT);
            assert_true (g_utf8_validate (error->message, -1, NULL));
            continue;
        }
        once = prc_profile_get (profile, key);
        if (once == NULL)
            continue;
        taken++;
        if (!prc_profile_set (profile, key, once, &error))
            fail_msg ("%s: [%s] came back as [%s], which is refused: %s", key, value->str, once,
                      error->message);
        twice = prc_profile_get (profile, key);
        assert_string_equal (twice, once);
    }
    assert_true (taken > 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (set__good_values__come_back),
        cmocka_unit_test (set__bad_values__refused),
        cmocka_unit_test (set__refused_value__message_helps),
        cmocka_unit_test (set__user_in_url__becomes_the_user),
        cmocka_unit_test (set__refused_value__leaves_the_old_one),
        cmocka_unit_test (new__direct__is_built_in),
        cmocka_unit_test (proxy_for__each_role__own_or_the_common_one),
        cmocka_unit_test (set__random_values__come_back_or_are_refused),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
