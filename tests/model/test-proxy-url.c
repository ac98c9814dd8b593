#include "test.h"

#include "dialects.h"
#include "model/proxy-url.h"

static const struct {
    const char *name;
    const PrcUrlDialect *dialect;
} dialects[] = {
    { "curl", &curl_dialect }, { "git", &git_dialect },   { "npm", &npm_dialect },
    { "pip", &pip_dialect },   { "wget", &wget_dialect }, { "lenient", &prc_url_dialect_lenient },
};

/* "scheme host port user password", "-" for what is absent */
static char *
shown (const PrcProxyUrl *url)
{
    return g_strdup_printf ("%s %s %u %s %s", prc_proxy_scheme_name (url->scheme), url->host,
                            url->port, url->user != NULL ? url->user : "-",
                            url->password != NULL ? prc_secret_text (url->password) : "-");
}

typedef struct {
    const char *text;
    const PrcUrlDialect *dialect;
    const char *expected; /* NULL: refused */
} ParseRow;

static void
check_rows (const ParseRow *rows, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcProxyUrl) url = prc_proxy_url_parse (rows[i].text, rows[i].dialect, &error);
        g_autofree char *got = url != NULL ? shown (url) : NULL;

        if (rows[i].expected == NULL) {
            if (url != NULL)
                fail_msg ("row %zu: %s was taken as %s", i, rows[i].text, got);
            assert_error (error, PRC_ERROR_INPUT);
        } else {
            if (url == NULL)
                fail_msg ("row %zu: %s: %s", i, rows[i].text, error->message);
            assert_string_equal (got, rows[i].expected);
        }
    }
}

static void
parse__values_of_the_facts__as_the_tools_read_them (void **state)
{
    static const ParseRow rows[] = {
        { "http://u:p@h:3128", &curl_dialect, "http h 3128 u p" },
        { "http://u:p@h:3128", &git_dialect, "http h 3128 u p" },
        { "http://u:p@h:3128", &npm_dialect, "http h 3128 u p" },
        { "http://u:p@h:3128", &pip_dialect, "http h 3128 u p" },
        /* the path is ignored */
        { "http://u:p@h:3128/x?y#z", &curl_dialect, "http h 3128 u p" },
        { "http://u:p@h:3128/", &git_dialect, "http h 3128 u p" },
        { "http://h:3128/x", &npm_dialect, "http h 3128 - -" },
        /* default ports */
        { "http://h", &curl_dialect, "http h 1080 - -" },
        { "https://h", &curl_dialect, "https h 443 - -" },
        { "http://h", &git_dialect, "http h 1080 - -" },
        { "http://h", &npm_dialect, "http h 80 - -" },
        { "https://h", &pip_dialect, "https h 443 - -" },
        { "http://h", &pip_dialect, "http h 80 - -" },
        { "socks5://h", &npm_dialect, "socks5 h 1080 - -" },
        /* without a scheme */
        { "u:p@h:1", &curl_dialect, "http h 1 u p" },
        { "u:p@h:1", &git_dialect, "http h 1 u p" },
        { "u:p@h:1", &npm_dialect, NULL },
        { "h:1", &npm_dialect, NULL },
        { "u:p@h:1", &pip_dialect, NULL },
        { "127.0.0.1:3128", &pip_dialect, "http 127.0.0.1 3128 - -" },
        { "proxy.corp:3128", &pip_dialect, "http proxy.corp 3128 - -" },
        { "localhost:3128", &pip_dialect, NULL },
        { "socks.corp:1080", &git_dialect, "socks4 socks.corp 1080 - -" },
        { "ftp.corp:3128", &curl_dialect, NULL },
        { "http://ftp.corp:3128", &curl_dialect, "http ftp.corp 3128 - -" },
        /* schemes */
        { "HTTP://H:1", &curl_dialect, "http h 1 - -" },
        { "SOCKS://h:1", &curl_dialect, "socks4 h 1 - -" },
        { "HTTPS://h:1", &git_dialect, NULL },
        { "ftp://h:1", &curl_dialect, NULL },
        { "socks5://h:1", &pip_dialect, NULL },
        { "https://h:1", &wget_dialect, NULL },
        /* more than one '@' */
        { "http://u:p@ss@h:1", &curl_dialect, NULL },
        { "http://u:p@ss@h:1", &git_dialect, "http h 1 ss " },
        { "http://u:p@ss@h:1", &npm_dialect, "http h 1 u p@ss" },
        { "http://u:p@ss@h:1", &pip_dialect, "http h 1 u p@ss" },
        { "http://u:p/w@h:1", &curl_dialect, NULL },
        { "http://u:p#w@h:1", &npm_dialect, NULL },
        /* percent */
        { "http://u:100%@h:1", &curl_dialect, "http h 1 u 100%" },
        { "http://u:100%@h:1", &git_dialect, "http h 1 u 100%" },
        { "http://u:100%@h:1", &npm_dialect, NULL },
        { "http://u:100%@h:1", &pip_dialect, "http h 1 u 100%" },
        { "http://u:%41%@h:1", &pip_dialect, "http h 1 u %41%" },
        { "http://u:%41%@h:1", &curl_dialect, "http h 1 u A%" },
        { "http://u:r%2541d@h:1", &curl_dialect, "http h 1 u r%41d" },
        { "http://u:r%2541d@h:1", &git_dialect, "http h 1 u rAd" },
        { "http://u:%FF@h:1", &npm_dialect, NULL },
        { "http://u:%00@h:1", &curl_dialect, NULL },
        /* Latin-1 */
        { "http://u:%C3%BC@h:1", &pip_dialect, "http h 1 u \xFC" },
        { "http://u:\xC3\xBC@h:1", &pip_dialect, "http h 1 u \xFC" },
        { "http://u:%C3%83%C2%BC@h:1", &pip_dialect, "http h 1 u \xC3\xBC" },
        { "http://u:%E2%9C%93@h:1", &pip_dialect, NULL },
        { "http://u:%FC@h:1", &pip_dialect, NULL },
        { "http://u:%C3%BC@h:1", &npm_dialect, "http h 1 u \xC3\xBC" },
        /* control characters and blanks */
        { "http://u:a%09b@h:1", &curl_dialect, NULL },
        { "http://u:a%09b@h:1", &npm_dialect, "http h 1 u a\tb" },
        { "http://u:a%0Ab@h:1", &git_dialect, NULL },
        { "http://u:a b@h:1", &curl_dialect, NULL },
        { "http://u:a b@h:1", &git_dialect, "http h 1 u a b" },
        { "http://h:1\r", &curl_dialect, NULL },
        { "http://h:1\r", &git_dialect, NULL },
        { "http://h:1\r", &pip_dialect, NULL },
        { " http://h:1 \r", &npm_dialect, "http h 1 - -" },
        /* backslash */
        { "http://dom\\u:p@h:1", &curl_dialect, "http h 1 dom\\u p" },
        { "http://dom\\u:p@h:1", &npm_dialect, "http dom 80 - -" },
        /* user and password, empty and absent */
        { "http://u@h:1", &curl_dialect, "http h 1 u -" },
        { "http://u:@h:1", &curl_dialect, "http h 1 u " },
        { "http://:@h:1", &git_dialect, "http h 1  " },
        { "http://@h:1", &git_dialect, "http h 1  -" },
        { "http://u:a:b@h:1", &npm_dialect, "http h 1 u a:b" },
        /* hosts and ports */
        { "http://[::1]:1", &curl_dialect, "http ::1 1 - -" },
        { "http://[0:0::1]:1", &npm_dialect, "http ::1 1 - -" },
        { "http://[fe80::1%25eth0]:1", &curl_dialect, "http fe80::1%eth0 1 - -" },
        { "http://[fe80::1%25eth0]:1", &npm_dialect, NULL },
        { "http://[::1", &curl_dialect, NULL },
        { "http://[h]:1", &curl_dialect, NULL },
        { "http://h:", &npm_dialect, "http h 80 - -" },
        { "http://h:0", &npm_dialect, NULL },
        { "http://h:65536", &curl_dialect, NULL },
        { "http://h:99999999999999999999", &pip_dialect, NULL },
        { "http://h:1x", &pip_dialect, NULL },
        { "http://", &curl_dialect, NULL },
        { "http://:1", &npm_dialect, NULL },
        { "http://u:p@", &git_dialect, NULL },
        { "", &curl_dialect, NULL },
        { "\"http://h:1\"", &curl_dialect, NULL },
        { "http://h h:1", &npm_dialect, NULL },
    };

    (void) state;
    check_rows (rows, G_N_ELEMENTS (rows));
}

static void
parse__what_was_written__is_told_apart (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcProxyUrl) full = prc_proxy_url_parse ("http://h:80", &curl_dialect, &error);
    g_autoptr (PrcProxyUrl) bare = prc_proxy_url_parse ("h", &curl_dialect, &error);

    (void) state;
    assert_no_error (error);
    assert_true (full->has_scheme && full->has_port);
    assert_false (bare->has_scheme || bare->has_port);
    assert_int_equal (bare->port, 1080);
}

static void
format__password_of_the_facts__percent_encoded (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcSecret) password = prc_secret_new ("p@ss:w/rd#1%\xC3\xBC", 14);
    g_autoptr (PrcProxyUrl) url = prc_proxy_url_new (PRC_PROXY_HTTP, "h", 3128, "me", password);
    g_autoptr (PrcWipedString) curl = prc_proxy_url_format (url, &curl_dialect, &error);
    g_autoptr (PrcWipedString) pip = prc_proxy_url_format (url, &pip_dialect, &error);
    g_autofree char *bare = prc_proxy_url_format_bare (url);

    (void) state;
    assert_no_error (error);
    assert_string_equal (curl, "http://me:p%40ss%3Aw%2Frd%231%25%C3%BC@h:3128");
    assert_string_equal (pip, "http://me:p%40ss%3Aw%2Frd%231%25%C3%83%C2%BC@h:3128");
    assert_string_equal (bare, "http://h:3128");
}

static void
format__user_and_password_absent_or_empty__told_apart (void **state)
{
    static const struct {
        const char *user, *password, *expected;
    } rows[] = {
        { NULL, NULL, "http://h:1" },         { "", NULL, "http://h:1" },
        { "u", NULL, "http://u@h:1" },        { "u", "", "http://u:@h:1" },
        { NULL, "", "http://:@h:1" },         { NULL, "p", "http://:p@h:1" },
        { "a:b", "c", "http://a%3Ab:c@h:1" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcSecret) password =
            rows[i].password != NULL ? prc_secret_new (rows[i].password, strlen (rows[i].password))
                                     : NULL;
        g_autoptr (PrcProxyUrl) url =
            prc_proxy_url_new (PRC_PROXY_HTTP, "h", 1, rows[i].user, password);
        g_autoptr (PrcWipedString) text = prc_proxy_url_format (url, &curl_dialect, NULL);

        assert_string_equal (text, rows[i].expected);
    }
}

static void
format__what_can_not_be_sent__unsupported (void **state)
{
    static const struct {
        PrcProxyScheme scheme;
        const char *host, *user, *password;
        const PrcUrlDialect *dialect;
        gboolean supported;
    } rows[] = {
        { PRC_PROXY_HTTP, "h", "u", "a\tb", &curl_dialect, FALSE },
        { PRC_PROXY_HTTP, "h", "u", "a\tb", &npm_dialect, FALSE },
        { PRC_PROXY_HTTP, "h", "u", "a\x7F", &curl_dialect, FALSE },
        { PRC_PROXY_HTTP, "h", "u\n", "a", &curl_dialect, FALSE },
        { PRC_PROXY_HTTP, "h", "u", "r%41d", &git_dialect, FALSE },
        { PRC_PROXY_HTTP, "h", "u%41", "r", &git_dialect, FALSE },
        { PRC_PROXY_HTTP, "h", "u", "100%4", &git_dialect, TRUE },
        { PRC_PROXY_HTTP, "h", "u", "r%41d", &curl_dialect, TRUE },
        { PRC_PROXY_HTTP, "h", "u", "\xFF", &npm_dialect, FALSE },
        { PRC_PROXY_HTTP, "h", "u", "\xFF", &pip_dialect, TRUE },
        { PRC_PROXY_SOCKS5, "h", "u", "p", &pip_dialect, FALSE },
        { PRC_PROXY_HTTP, "fe80::1%eth0", "u", "p", &npm_dialect, FALSE },
        { PRC_PROXY_HTTP, "fe80::1%eth0", "u", "p", &curl_dialect, TRUE },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcSecret) password =
            prc_secret_new (rows[i].password, strlen (rows[i].password));
        g_autoptr (PrcProxyUrl) url =
            prc_proxy_url_new (rows[i].scheme, rows[i].host, 1, rows[i].user, password);
        g_autoptr (PrcWipedString) text = prc_proxy_url_format (url, rows[i].dialect, &error);

        if (rows[i].supported) {
            assert_no_error (error);
        } else {
            assert_null (text);
            assert_error (error, PRC_ERROR_UNSUPPORTED);
            if (strlen (rows[i].password) > 2)
                assert_null (strstr (error->message, rows[i].password));
        }
    }
}

static char *
random_bytes (GRand *rand, gboolean utf8)
{
    GString *out = g_string_new (NULL);
    gint n = g_rand_int_range (rand, 0, 24);

    for (gint i = 0; i < n; i++) {
        gunichar c;

        if (!utf8) {
            g_string_append_c (out, (char) g_rand_int_range (rand, 1, 256));
            continue;
        }
        do
            c = (gunichar) g_rand_int_range (rand, 0x20, g_rand_boolean (rand) ? 0x7F : 0x11000);
        while (!g_unichar_validate (c) || c == 0x7F);
        g_string_append_unichar (out, c);
    }
    return g_string_free (out, FALSE);
}

/* Whatever format() writes, parse() in the same dialect gives back; whatever it refuses, it must
 * refuse. */
static void
format__random_credentials__parse_gives_them_back (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint written = 0, cases = prc_test_cases (5000);

    (void) state;
    for (guint i = 0; i < cases; i++) {
        gboolean utf8 = g_rand_boolean (rand);
        g_autofree char *user = random_bytes (rand, utf8);
        g_autofree char *text = random_bytes (rand, utf8);
        g_autoptr (PrcSecret) password = prc_secret_new (text, strlen (text));
        g_autoptr (PrcProxyUrl) url = prc_proxy_url_new (
            g_rand_boolean (rand) ? PRC_PROXY_HTTP : PRC_PROXY_HTTPS, "proxy.corp",
            (guint16) g_rand_int_range (rand, 1, 65536), user, password);

        for (guint d = 0; d < G_N_ELEMENTS (dialects); d++) {
            g_autoptr (GError) error = NULL;
            g_autoptr (PrcWipedString) written_text =
                prc_proxy_url_format (url, dialects[d].dialect, &error);
            g_autoptr (PrcProxyUrl) back = NULL;

            if (written_text == NULL) {
                assert_error (error, PRC_ERROR_UNSUPPORTED);
                continue;
            }
            back = prc_proxy_url_parse (written_text, dialects[d].dialect, &error);
            assert_no_error (error);
            if (!prc_proxy_url_equal (url, back))
                fail_msg ("%s reads %s otherwise", dialects[d].name, written_text);
            written++;
        }
    }
    assert_true (written > cases);
}

/* No input makes it crash, and no message quotes it. */
static void
parse__random_bytes__never_quoted_in_the_message (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    static const char *const pieces[] = { "http://", "socks5://", "@",   ":",   "[",    "]",
                                          "%",       "%25",       "%0",  "%00", "/",    "?",
                                          "#",       "\\",        "::1", "h",   "3128", "sEcReT",
                                          " ",       "\n",        "\xFF" };

    (void) state;
    for (guint i = 0; i < prc_test_cases (20000); i++) {
        g_autoptr (GString) text = g_string_new (NULL);
        gint n = g_rand_int_range (rand, 0, 10);

        for (gint k = 0; k < n; k++)
            g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
        for (guint d = 0; d < G_N_ELEMENTS (dialects); d++) {
            g_autoptr (GError) error = NULL;
            g_autoptr (PrcProxyUrl) url =
                prc_proxy_url_parse (text->str, dialects[d].dialect, &error);

            if (url == NULL) {
                assert_error (error, PRC_ERROR_INPUT);
                assert_null (strstr (error->message, "sEcReT"));
            } else {
                assert_true (*url->host != '\0' && url->port != 0);
            }
        }
    }
}

static void
equal__absent_and_empty__as_said (void **state)
{
    static const struct {
        const char *a, *b;
        gboolean same_proxy, equal;
    } rows[] = {
        { "http://u:p@h:1", "http://u:p@H:1/", TRUE, TRUE },
        { "http://u:p@h:1", "http://u:%70@h:1", TRUE, TRUE },
        { "http://u:p@h:1", "http://u:q@h:1", TRUE, FALSE },
        { "http://h:1", "http://@h:1", TRUE, TRUE },
        { "http://u@h:1", "http://u:@h:1", TRUE, FALSE },
        { "http://u@h:1", "http://h:1", TRUE, FALSE },
        { "http://h:1", "https://h:1", FALSE, FALSE },
        { "http://h:1", "http://h:2", FALSE, FALSE },
        { "http://h", "h:1080", TRUE, TRUE },
        { "http://[::1]:1", "http://[0::0:1]:1", TRUE, TRUE },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcProxyUrl) a = prc_proxy_url_parse (rows[i].a, &curl_dialect, NULL);
        g_autoptr (PrcProxyUrl) b = prc_proxy_url_parse (rows[i].b, &curl_dialect, NULL);
        g_autoptr (PrcProxyUrl) copy = prc_proxy_url_copy (a);

        assert_int_equal (prc_proxy_url_same_proxy (a, b), rows[i].same_proxy);
        assert_int_equal (prc_proxy_url_equal (a, b), rows[i].equal);
        assert_int_equal (prc_proxy_url_equal (b, a), rows[i].equal);
        assert_true (prc_proxy_url_equal (a, copy));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (parse__values_of_the_facts__as_the_tools_read_them),
        cmocka_unit_test (parse__what_was_written__is_told_apart),
        cmocka_unit_test (format__password_of_the_facts__percent_encoded),
        cmocka_unit_test (format__user_and_password_absent_or_empty__told_apart),
        cmocka_unit_test (format__what_can_not_be_sent__unsupported),
        cmocka_unit_test (format__random_credentials__parse_gives_them_back),
        cmocka_unit_test (parse__random_bytes__never_quoted_in_the_message),
        cmocka_unit_test (equal__absent_and_empty__as_said),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
