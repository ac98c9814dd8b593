/* test-bypass.c - the no_proxy rules against tables of known answers, and against the tools
 * themselves */
#include "test.h"

#include <stdio.h>

#include "formats/document.h"
#include "bypass-oracle.h"
#include "routing/bypass.h"

#define CURL_7_85 PRC_TOOL_VERSION (7, 85, 0)
#define CURL_7_88 PRC_TOOL_VERSION (7, 88, 1)
#define CURL_8_14 PRC_TOOL_VERSION (8, 14, 1)
#define CURL_8_18 PRC_TOOL_VERSION (8, 18, 0)

static gboolean
bypass_python (const char *list, const PrcTarget *target, guint version, char **ret_entry)
{
    return prc_bypass_requests (list, target, version, ret_entry) ||
           prc_bypass_urllib (list, target, version, ret_entry);
}

typedef struct {
    PrcBypass bypass;
    guint version;
    const char *list, *url;
    const char *entry; /* NULL: not bypassed */
} Row;

static void
bypass__known_answers__are_given (void **state)
{
    static const Row rows[] = {
        { prc_bypass_curl, CURL_7_88, "example.com", "http://h.example.com/", "example.com" },
        { prc_bypass_curl, CURL_7_88, ".example.com", "http://example.com/", ".example.com" },
        { prc_bypass_curl, CURL_7_88, "*.example.com", "http://h.example.com/", NULL },
        { prc_bypass_curl, CURL_7_88, "ample.com", "http://example.com/", NULL },
        { prc_bypass_curl, CURL_7_88, "*", "http://example.com/", "*" },
        { prc_bypass_curl, CURL_7_88, "foo,*", "http://example.com/", NULL },
        { prc_bypass_curl, CURL_7_88, "EXAMPLE.com", "http://example.COM/", "EXAMPLE.com" },
        { prc_bypass_curl, CURL_7_88, "a.b example.com", "http://example.com/", "example.com" },
        { prc_bypass_curl, CURL_8_14, "a.b example.com", "http://example.com/", NULL },
        { prc_bypass_curl, CURL_8_14, "a.b , example.com", "http://example.com/", "example.com" },
        { prc_bypass_curl, CURL_7_88, "example.com:80", "http://example.com:80/", NULL },
        { prc_bypass_curl, CURL_7_88, "10.0.0.0/8", "http://10.1.2.3/", "10.0.0.0/8" },
        { prc_bypass_curl, CURL_7_85, "10.0.0.0/8", "http://10.1.2.3/", NULL },
        { prc_bypass_curl, CURL_7_85, "10.1.2.3", "http://10.1.2.3/", "10.1.2.3" },
        { prc_bypass_curl, CURL_7_88, "127.", "http://127.0.0.1/", NULL },
        { prc_bypass_curl, CURL_7_88, "127.0.0.1", "http://127.1/", "127.0.0.1" },
        { prc_bypass_curl, CURL_7_88, "example.com.", "http://example.com/", "example.com." },
        { prc_bypass_curl, CURL_7_88, "fd00::/8", "http://[fd00::1]/", NULL },
        { prc_bypass_curl, CURL_7_88, "fd00::1", "http://[fd00::1]/", "fd00::1" },
        { prc_bypass_curl, CURL_8_18, "fd00::/8", "http://[fd00::1]/", "fd00::/8" },
        { prc_bypass_curl, CURL_7_88, ",, ,x", "http://x/", "x" },
        { prc_bypass_wget, 0, "example.com", "http://h.example.com/", "example.com" },
        { prc_bypass_wget, 0, ".example.com", "http://example.com/", NULL },
        { prc_bypass_wget, 0, "*", "http://example.com/", NULL },
        { prc_bypass_wget, 0, "a, EXAMPLE.com", "http://example.com/", "EXAMPLE.com" },
        { prc_bypass_wget, 0, "a b", "http://b/", NULL },
        { prc_bypass_wget, 0, "10.0.0.0/8", "http://10.1.2.3/", NULL },
        { prc_bypass_wget, 0, "ample.com", "http://example.com/", NULL },
        { prc_bypass_wget, 0, "example.com.", "http://example.com/", NULL },
        { prc_bypass_wget, 0, "a, ", "http://example.com./", "" },
        { prc_bypass_wget, 0, "a, ", "http://example.com/", NULL },
        { prc_bypass_wget, 0, "", "http://example.com./", NULL },
        { prc_bypass_npm, 0, "example.com", "http://h.example.com/", "example.com" },
        { prc_bypass_npm, 0, ".example.com", "http://example.com/", ".example.com" },
        { prc_bypass_npm, 0, "EXAMPLE.com", "http://example.com/", NULL },
        { prc_bypass_npm, 0, "*", "http://example.com/", NULL },
        { prc_bypass_npm, 0, "example.com.", "http://example.com/", "example.com." },
        { prc_bypass_npm, 0, "...", "http://example.com/", NULL },
        { prc_bypass_npm, 0, "3", "http://10.1.2.3/", "3" },
        { bypass_python, 0, "ample.com", "http://example.com/", "ample.com" },
        { bypass_python, 0, ".example.com", "http://example.com/", ".example.com" },
        { bypass_python, 0, "*.example.com", "http://h.example.com/", NULL },
        { bypass_python, 0, "*", "http://example.com/", "*" },
        { bypass_python, 0, "foo,*", "http://example.com/", NULL },
        { bypass_python, 0, "EXAMPLE.com", "http://example.com/", "EXAMPLE.com" },
        { bypass_python, 0, "example.com:80", "http://example.com/", NULL },
        { bypass_python, 0, "example.com:80", "http://example.com:80/", "example.com:80" },
        { bypass_python, 0, "10.0.0.0/8", "http://10.1.2.3/", "10.0.0.0/8" },
        { bypass_python, 0, "10.0.0.0/0", "http://10.1.2.3/", NULL },
        { bypass_python, 0, "10.1.2.3", "http://10.1.2.3/", "10.1.2.3" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcTarget) target = prc_target_parse (rows[i].url, &error);
        g_autofree char *entry = NULL;
        gboolean direct = FALSE;

        assert_no_error (error);
        direct = rows[i].bypass (rows[i].list, target, rows[i].version, &entry);
        if (direct != (rows[i].entry != NULL) || g_strcmp0 (entry, rows[i].entry) != 0)
            fail_msg ("row %zu, [%s] for %s: %s by %s", i, rows[i].list, rows[i].url,
                      direct ? "bypassed" : "not bypassed", entry != NULL ? entry : "nothing");
    }
}

static void
target__odd_urls__refused_or_read (void **state)
{
    static const char *const bad[] = { "",
                                       "example.com",
                                       "ftp://example.com/",
                                       "http://",
                                       "http:///x",
                                       "http://a b/",
                                       "http://h:99999/",
                                       "http://h:x/",
                                       "http://[::1/",
                                       "http://[nothing]/",
                                       "http://h%41/",
                                       "http:/h/" };
    g_autoptr (PrcTarget) target = prc_target_parse ("HTTPS://u:p@Host.Example:8443?x", NULL);

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (prc_target_parse (bad[i], &error));
        assert_error (error, PRC_ERROR_INPUT);
    }
    assert_non_null (target);
    assert_true (prc_target_is_https (target));
    assert_string_equal (target->host, "host.example");
    assert_int_equal (target->port, 8443);
}

/* The tools themselves */

static const char *const pieces[] = {
    "example.com",
    ".example.com",
    "*.example.com",
    "EXAMPLE.com",
    "example.com.",
    "..example.com",
    "h.example.com",
    "ample.com",
    "com",
    "localhost",
    "*",
    "**",
    "10.0.0.0/8",
    "10.1.2.0/29",
    "10.1.2.3",
    "10.1.2.3/32",
    "10.1.2.3/0",
    "10.1.2.3/33",
    "10.1.2.3/x",
    "10.1.2",
    "192.168.0.0/16",
    "0.0.0.0/1",
    "::1",
    "[fd00::2]",
    "fd00::/8",
    "host",
    "host:80",
    "host.",
    ".",
    "10.*",
    "1.2.3",
    "3",
    "a.h.example.com",
    "xn--e1afmkfd.com",
    "st",
};
static const char *const separators[] = { ",", ", ", " ,", " ", ",,", " , ", "\v," };
static const char *const hosts[] = { "example.com",   "h.example.com", "a.h.example.com",
                                     "myexample.com", "localhost",     "10.1.2.3",
                                     "10.200.0.1",    "192.168.7.7",   "host",
                                     "hos",           "xhost",         "other.org",
                                     "11.1.2.3",      "a.com",         "EXAMPLE.COM" };

typedef struct {
    char *list;
    const char *host;
} Case;

static void
case_free (gpointer data)
{
    g_free (((Case *) data)->list);
    g_free (data);
}

static GPtrArray *
random_cases (guint n)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);

    for (guint i = 0; i < n; i++) {
        Case *one = g_new0 (Case, 1);
        GString *text = g_string_new (NULL);
        gint length = g_rand_int_range (rand, 1, 5);

        for (gint k = 0; k < length; k++) {
            if (k > 0)
                g_string_append (
                    text, separators[g_rand_int_range (rand, 0, G_N_ELEMENTS (separators) - 1)]);
            g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
        }
        one->list = g_string_free (text, FALSE);
        one->host = hosts[g_rand_int_range (rand, 0, G_N_ELEMENTS (hosts))];
        g_ptr_array_add (cases, one);
    }
    return cases;
}

static gboolean
is_bypassed (const Case *one, PrcBypass bypass, guint version)
{
    g_autofree char *url = g_strdup_printf ("http://%s/", one->host);
    g_autoptr (PrcTarget) target = prc_target_parse (url, NULL);
    g_autofree char *entry = NULL;

    assert_non_null (target);
    return bypass (one->list, target, version, &entry);
}

static void
check_case (const char *tool, const Case *one, PrcBypass bypass, guint version, gboolean direct)
{
    if (is_bypassed (one, bypass, version) != direct)
        fail_msg ("%s reaches %s %s with [%s]", tool, one->host,
                  direct ? "directly" : "through the proxy", one->list);
}

static void
check_tool (const char *tool, gboolean *(*ask) (const PrcAsk *asks, guint n), guint n,
            PrcBypass bypass, guint version)
{
    g_autoptr (GPtrArray) cases = random_cases (n);
    g_autofree PrcAsk *asks = g_new0 (PrcAsk, cases->len);
    g_autofree gboolean *direct = NULL;
    guint n_direct = 0;

    for (guint i = 0; i < cases->len; i++) {
        const Case *one = cases->pdata[i];

        asks[i] = (PrcAsk){ one->list, one->host };
    }
    direct = ask (asks, cases->len);
    for (guint i = 0; i < cases->len; i++) {
        check_case (tool, cases->pdata[i], bypass, version, direct[i]);
        n_direct += direct[i];
    }
    printf ("# %s: %u lists agree, %u of them bypass\n", tool, cases->len, n_direct);
    assert_true (n_direct > cases->len / 20);
}

static void
bypass__npm__agrees (void **state)
{
    (void) state;
    check_tool ("npm", prc_ask_npm, prc_test_cases (5000), prc_bypass_npm, 0);
}

static void
bypass__pip__agrees (void **state)
{
    (void) state;
    check_tool ("pip", prc_ask_pip, prc_test_cases (5000), bypass_python, 0);
}

static guint
curl_version (void)
{
    static const char *const argv[] = { "curl", "--version", NULL };
    g_auto (GStrv) envp = prc_ask_environment ();
    g_autoptr (GBytes) out = NULL;
    guint major = 0, minor = 0, patch = 0;

    if (prc_test_run (argv, envp, NULL, NULL, &out, NULL) != 0 ||
        sscanf (g_bytes_get_data (out, NULL), "curl %u.%u.%u", &major, &minor, &patch) < 2)
        return 0;
    return PRC_TOOL_VERSION (major, minor, patch);
}

static void
bypass__curl__agrees (void **state)
{
    (void) state;
    check_tool ("curl", prc_ask_curl, prc_test_cases (2000), prc_bypass_curl, curl_version ());
}

static void
bypass__wget__agrees (void **state)
{
    guint n = prc_test_cases (300);
    g_autoptr (GPtrArray) cases = random_cases (n < 2000 ? n : 2000);
    g_autofree char *wget = prc_test_tool ("wget");
    g_auto (GStrv) envp = prc_ask_environment ();

    (void) state;
    if (wget == NULL)
        skip ();
    envp = g_environ_setenv (envp, "LD_PRELOAD", REDIRECT, TRUE);
    envp = g_environ_setenv (envp, "PRC_TEST_PORT", "1", TRUE);
    envp = g_environ_setenv (envp, "http_proxy", "http://proxy.test:3128", TRUE);
    for (guint i = 0; i < cases->len; i++) {
        const Case *one = cases->pdata[i];
        g_autofree char *url = g_strdup_printf ("http://%s/", one->host);
        const char *const argv[] = { "wget",      "-q",          "-t1", "-O",
                                     "/dev/null", "--no-config", url,   NULL };
        g_auto (GStrv) own = g_environ_setenv (g_strdupv (envp), "no_proxy", one->list, TRUE);
        g_autoptr (GBytes) told = NULL;

        (void) prc_test_run (argv, own, NULL, NULL, NULL, &told);
        assert_non_null (strstr (g_bytes_get_data (told, NULL), "@connect "));
        check_case ("wget", one, prc_bypass_wget, 0,
                    strstr (g_bytes_get_data (told, NULL), " 3128\n") == NULL);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (bypass__known_answers__are_given),
        cmocka_unit_test (target__odd_urls__refused_or_read),
        cmocka_unit_test (bypass__npm__agrees),
        cmocka_unit_test (bypass__pip__agrees),
        cmocka_unit_test (bypass__curl__agrees),
        cmocka_unit_test (bypass__wget__agrees),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
