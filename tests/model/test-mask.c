#include "test.h"

#include "model/mask.h"

static void
mask_url_text__userinfo__hidden (void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        { "http://u:p@h:1", "http://***@h:1" },
        { "http://u:p@ss@h:1", "http://***@h:1" },
        { "http://u:p://q@h", "http://***@h" },
        { "u:p@h", "***@h" },
        { "u@h", "***@h" },
        { "http://h:1", "http://h:1" },
        { "", "" },
        { "u:x://y@h", "***@h" },
        { "socks5h://@h", "socks5h://***@h" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *got = prc_mask_url_text (rows[i].text);

        assert_string_equal (got, rows[i].expected);
    }
}

static void
is_secret_key__names_of_real_keys__told_apart (void **state)
{
    static const char *const secret[] = { "password",      "_authToken",     "//r/:_auth",
                                          "PASSWORD",      "proxy_password", "http.sslKey",
                                          "API_KEY",       "client-secret",  "proxy-pass",
                                          "oauth2-bearer", "SMTP_PW",        "dbpwd" };
    static const char *const plain[] = { "http.proxyAuthMethod",
                                         "always-auth",
                                         "proxy-anyauth",
                                         "GIT_HTTP_PROXY_AUTHMETHOD",
                                         "proxy",
                                         "no_proxy",
                                         "user.email",
                                         "PWD",
                                         "OLDPWD",
                                         "keepalive",
                                         "",
                                         "cafile" };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (secret); i++)
        if (!prc_mask_is_secret_key (secret[i]))
            fail_msg ("%s is secret", secret[i]);
    for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
        if (prc_mask_is_secret_key (plain[i]))
            fail_msg ("%s is plain", plain[i]);
}

static void
mask_value__key_and_value__shown_or_not (void **state)
{
    static const struct {
        const char *key, *value, *expected;
    } rows[] = {
        { "http.proxy", "http://u:S@h:1", "http://***@h:1" },
        { "http.proxy", "u:S@h:1", "***@h:1" },
        { "user.email", "a@b.c", "a@b.c" },
        { "user.name", "A B", "A B" },
        { "proxy-user", "u:S", "***" },
        { "proxy-user", "u", "u" },
        { "global.proxy-user", "u:S", "***" },
        { "_authToken", "S", "***" },
        { "_authToken", "", "" },
        { "auth", "basic", "basic" },
        { "auth", "c2VjcmV0", "***" },
        { "http.proxyAuthMethod", "negotiate", "negotiate" },
        { "always-auth", "true", "true" },
        { "no_proxy", "localhost,.corp", "localhost,.corp" },
        { "ca", "/etc/ssl/ca.pem", "/etc/ssl/ca.pem" },
        { "index-url", "https://u:S@pypi.corp/simple", "https://***@pypi.corp/simple" },
        { "remote.origin.url", "git@github.com:a/b", "git@github.com:a/b" },
        { "http.extraheader", "Authorization: Basic Uzpw", "Authorization: ***" },
        { "x", "Bearer eyJhbGciOi", "Bearer ***" },
        { "x", "basic authentication", "basic authentication" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *got = prc_mask_value (rows[i].key, rows[i].value);

        assert_string_equal (got, rows[i].expected);
    }
}

static void
mask_line__lines_of_real_files__secret_gone (void **state)
{
    static const struct {
        const char *line, *expected;
    } rows[] = {
        { "", "" },
        { "proxy = http://u:S@h:80", "proxy = http://***@h:80" },
        { "# http_proxy=http://u:S@h", "# http_proxy=http://***@h" },
        { "\tproxy = u:S@h:80", "\tproxy = ***@h:80" },
        { "//registry/:_authToken=S", "//registry/:_authToken=***" },
        { "//registry/:_password=\"S\"", "//registry/:_password=\"***" },
        { "proxy-header = \"Proxy-Authorization: Basic S\"",
          "proxy-header = \"Proxy-Authorization: ***" },
        { "proxy-user = u:S", "proxy-user = ***" },
        { "proxy-user: u:S", "proxy-user: ***" },
        { "user \"u:S\"", "user \"***" },
        { "-U u:S", "-U ***" },
        { "-Uu:S", "-U***" },
        { "curl --proxy-user \"u:S\" http://h", "curl --proxy-user \"***" },
        { "curl -x http://u:S@h:1 -u 'a:S' x", "curl -x http://***@h:1 -u '***" },
        { "<password>S</password>", "<password>***" },
        { "<proxy host=\"h\" password=\"S\"/>", "<proxy host=\"h\" password=\"***" },
        { "{\"password\": \"S\"}", "{\"password\": \"***" },
        { "{\"auth\":\"S\"}", "{\"auth\":\"***" },
        { "{\\\"password\\\":\\\"S\\\"}", "{\\\"password\\\":\\\"***" },
        { "machine h login u password S", "machine h login u password ***" },
        { "setenv API_KEY S", "setenv API_KEY ***" },
        { "set -gx MY_TOKEN S", "set -gx MY_TOKEN ***" },
        { "oauth2-bearer S", "oauth2-bearer ***" },
        { "mysql --password S", "mysql --password ***" },
        { "export PGPASSWORD='a'\\''S'", "export PGPASSWORD='***" },
        { "\"proxy\": \"http:\\/\\/u:S@h\"", "\"proxy\": \"***@h\"" },
        { "proxy=http://u:p@S:w/S#1%@h:1", "proxy=http://***@h:1" },
        { "proxy=\"http://u:S \\\" S@h\" # x", "proxy=\"http://***@h\" # x" },
        { "u:S://S@h", "***@h" },
        { "http://token:S@h", "http://***@h" },
        { "a=http://u:S@h:1 b=http://v:S@i", "a=http://***@h:1 b=http://***@i" },
        { "a=http://h:1 b=http://v:S@i", "a=http://h:1 b=http://***@i" },
        { "[\"http://u:S@h/x\",\"http://v:S@i\"]", "[\"http://***@h/x\",\"http://***@i\"]" },
        { "auth = \"basic\";", "auth = \"basic\";" },
        { "email = a@b.c", "email = a@b.c" },
        { "email: a@b.c", "email: a@b.c" },
        { "url = git@github.com:a/b", "url = git@github.com:a/b" },
        { "https-proxy=http://h:80", "https-proxy=http://h:80" },
        { "no_proxy=localhost,10.0.0.0/8,::1", "no_proxy=localhost,10.0.0.0/8,::1" },
        { "# keys are in the passage below", "# keys are in the passage below" },
        { "export PATH=\"$HOME/bin:$PATH\"", "export PATH=\"$HOME/bin:$PATH\"" },
        { "always-auth=true", "always-auth=true" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *got = prc_mask_line (rows[i].line);

        assert_string_equal (got, rows[i].expected);
    }
}

/* Z, Q and X stand for the secret: the surroundings have none, so that not even a part of it may
 * show. */
static char *
random_secret (GRand *rand)
{
    static const char characters[] = "ZQXZQXZQX@/:#?%\\\"'` $!&=;,<>{}[]()|~^*+-._";
    GString *secret = g_string_new ("Z");

    for (gint n = g_rand_int_range (rand, 1, 14); n > 0; n--)
        g_string_append_c (secret, characters[g_rand_int_range (rand, 0, sizeof characters - 1)]);
    g_string_append_c (secret, 'Q');
    return g_string_free (secret, FALSE);
}

static void
mask_line__random_secret_in_random_surroundings__never_shows (void **state)
{
    static const char *const before[] = {
        "",
        "proxy = ",
        "export http_proxy=",
        "export https_proxy='",
        "set -gx http_proxy \"",
        "# proxy: ",
        "\"httpProxy\": \"",
        "{\"a\":{\"proxy\":\"",
        "<proxy>",
        "<proxy url=\"",
        "-x ",
        "proxy=",
        "\t\tproxy = \"",
        "  - ",
        "see a@b.c, then ",
        "http://h/ ",
        "a=http://i:80 b=",
        "x = 'http://i/p'; y = ",
        "proxy: ",
        "; ",
        "setenv p ",
        "a=b@c proxy=",
        "// ",
        "Acquire::http::Proxy \"",
    };
    static const char *const forms[] = {
        "http://me:%s@h:80", "https://me:%s@h",       "socks5h://me:%s@h:1080/", "me:%s@h:80",
        "http://:%s@h",      "http://me:%s@[::1]:80", "http://dom%%5Cme:%s@h:80"
    };
    static const char *const named[] = {
        "proxy-user = me:%s",      "proxy-user = \"me:%s\"",  "-U me:%s",
        "user \"me:%s\"",          "--proxy-user 'me:%s'",    "_password=%s",
        "//r/:_authToken=%s",      "proxy_password = %s",     "\"password\": \"%s\"",
        "<password>%s</password>", "Proxy-Authorization: %s", "password %s",
        "export MY_TOKEN='%s'"
    };
    static const char *const after[] = { "",  "\"",   "'", "\",",    "\"}}", "</proxy>",  "\" />",
                                         " ", " # x", ";", " a@b.c", "\r",   " http://h/" };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    for (guint i = 0; i < prc_test_cases (50000); i++) {
        g_autofree char *secret = random_secret (rand);
        const char *form = g_rand_boolean (rand)
                               ? forms[g_rand_int_range (rand, 0, G_N_ELEMENTS (forms))]
                               : named[g_rand_int_range (rand, 0, G_N_ELEMENTS (named))];
        g_auto (GStrv) halves = g_strsplit (form, "%s", 2);
        g_autofree char *line = g_strconcat (
            before[g_rand_int_range (rand, 0, G_N_ELEMENTS (before))], halves[0], secret, halves[1],
            after[g_rand_int_range (rand, 0, G_N_ELEMENTS (after))], NULL);
        g_autofree char *got = prc_mask_line (line);

        if (strpbrk (got, "ZQX") != NULL)
            fail_msg ("[%s]\n shows as [%s]", line, got);
    }
}

/* A line without any '@', and without a word for a secret, has nothing to hide. */
static void
mask_line__random_harmless_text__unchanged (void **state)
{
    static const char *const pieces[] = { "proxy",      "=",  " ",    "http://",  "h:80", "/x", "#",
                                          "\"",         "'",  ",",    "no_proxy", ";",    "{",  "}",
                                          "10.0.0.0/8", "\\", "\xFF", "::1",      "%41",  "a b" };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    for (guint i = 0; i < prc_test_cases (20000); i++) {
        g_autoptr (GString) line = g_string_new (NULL);
        g_autofree char *got = NULL;

        for (gint n = g_rand_int_range (rand, 0, 12); n > 0; n--)
            g_string_append (line, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
        got = prc_mask_line (line->str);
        assert_string_equal (got, line->str);
    }
}

static void
mask_line__huge_hostile_lines__linear (void **state)
{
    static const char *const pieces[] = { "http://", "a",    "@",           ":",      "user ",
                                          "key ",    "x://", "a@http://b ", "-u ",    "auth=basic ",
                                          "Basic ",  "://",  "http://a ",   "u:p@h ", "\"" };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
        g_autoptr (GString) line = g_string_new (NULL);
        g_autofree char *got = NULL;
        gint64 start;

        while (line->len < 2u << 20)
            g_string_append (line, pieces[i]);
        start = prc_test_work ();
        got = prc_mask_line (line->str);
        if (prc_test_work () - start > 5 * G_USEC_PER_SEC)
            fail_msg ("%s, over and over, takes too long", pieces[i]);
    }
}

static void
mask_urls__keys_and_sentences__only_credentials_go (void **state)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        { "http.https://u:SECRET@host.example/.proxy", "http.https://***@host.example/.proxy" },
        { "http.https://u:SEC@RET@host.example/.proxy", "http.https://***@host.example/.proxy" },
        { "http.https://u:SEC/RET@host.example/.proxy", "http.https://***@host.example/.proxy" },
        { "http.https://:SECRET@host/.proxy", "http.https://***@host/.proxy" },
        { "a http://u:SECRET@h:1, b https://v:SECRET@h:2/x",
          "a http://***@h:1, b https://***@h:2/x" },
        { "“http://u:SECRET@h” and 'http://u:SECRET@h'", "“http://***@h” and 'http://***@h'" },
        { "http://user@host:3128", "http://user@host:3128" },
        { "http.https://host:8080/@scope/.proxy", "http.https://host:8080/@scope/.proxy" },
        { "http.https://host/a@b:c/.proxy", "http.https://host/a@b:c/.proxy" },
        { "http://host:3128 (user a@b)", "http://host:3128 (user a@b)" },
        { "http://[::1]:3128/", "http://[::1]:3128/" },
        { "://", "://" },
        { "", "" },
        { "core.proxy", "core.proxy" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *shown = prc_mask_urls (rows[i].text);

        assert_string_equal (shown, rows[i].shown);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (mask_urls__keys_and_sentences__only_credentials_go),
        cmocka_unit_test (mask_url_text__userinfo__hidden),
        cmocka_unit_test (is_secret_key__names_of_real_keys__told_apart),
        cmocka_unit_test (mask_value__key_and_value__shown_or_not),
        cmocka_unit_test (mask_line__lines_of_real_files__secret_gone),
        cmocka_unit_test (mask_line__random_secret_in_random_surroundings__never_shows),
        cmocka_unit_test (mask_line__random_harmless_text__unchanged),
        cmocka_unit_test (mask_line__huge_hostile_lines__linear),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
