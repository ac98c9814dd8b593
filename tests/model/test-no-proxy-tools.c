/* test-no-proxy-tools.c - what prc_no_proxy_format() writes does in the real tools what the list
 * means, or prc_no_proxy_explain() says that it does not */
#include "test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/no-proxy.h"

static const PrcNoProxyDialect npm_dialect = { .dot_covers_apex = TRUE };
static const PrcNoProxyDialect pip_dialect = {
    .star = TRUE, .cidr4 = TRUE, .dot_covers_apex = TRUE, .raw_suffix = TRUE
};
static const PrcNoProxyDialect curl_dialect = { .star = TRUE,
                                                .cidr4 = TRUE,
                                                .dot_covers_apex = TRUE };

static const char *const entries[] = {
    "example.com",  ".example.com",  "*.example.com", "EXAMPLE.com",
    "example.com.", "h.example.com", "localhost",     "*",
    "10.0.0.0/8",   "10.1.2.0/29",   "10.1.2.3",      "192.168.0.0/16",
    "::1",          "[fd00::2]",     "fd00::/8",      "host",
    "com",          "10.*"
};
static const char *const hosts[] = {
    "example.com", "h.example.com", "a.h.example.com", "myexample.com", "localhost", "10.1.2.3",
    "10.200.0.1",  "192.168.7.7",   "[::1]",           "[fd00::2]",     "host",      "hos",
    "xhost",       "other.org",     "11.1.2.3",        "a.com",         "telecom"
};

/* What the header of no-proxy.h says that an entry means. */
static gboolean
is_meant (const char *entry, const char *host)
{
    g_autofree char *name = g_ascii_strdown (entry, -1);
    const char *bare = name, *slash = strchr (name, '/');

    if (slash != NULL) {
        guint32 bits = (guint32) atoi (slash + 1), mask = ~0u << (32 - bits);
        g_autofree char *base = g_strndup (name, (gsize) (slash - name));
        struct in_addr net, address;

        if (inet_pton (AF_INET, base, &net) == 1 && inet_pton (AF_INET, host, &address) == 1)
            return ((ntohl (net.s_addr) ^ ntohl (address.s_addr)) & mask) == 0;
        return g_str_has_prefix (entry, "fd") && g_str_has_prefix (host, "[fd");
    }
    if (g_str_equal (name, "*"))
        return TRUE;
    if (g_str_equal (name, "10.*"))
        return g_str_has_prefix (host, "10.");
    if (g_str_has_suffix (name, "."))
        name[strlen (name) - 1] = '\0';
    if (strchr (name, ':') != NULL) {
        g_autofree char *bracketed = g_strdup_printf ("[%s]", name);

        return g_str_equal (host, name) || g_str_equal (host, bracketed);
    }
    if (g_str_has_prefix (name, "*."))
        return g_str_has_suffix (host, name + 1);
    bare += *name == '.';
    if (g_str_equal (host, bare))
        return TRUE;
    return g_str_has_suffix (host, bare) && host[strlen (host) - strlen (bare) - 1] == '.' &&
           !g_ascii_isdigit (*bare);
}

typedef struct {
    char *list, *formatted;
    GPtrArray *warnings;
    guint n;
    const char *chosen[3];
    const char *host;
} Case;

static void
case_free (gpointer data)
{
    Case *one = data;

    g_free (one->list);
    g_free (one->formatted);
    g_ptr_array_unref (one->warnings);
    g_free (one);
}

static GPtrArray *
random_cases (guint n, const PrcNoProxyDialect *dialect)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);

    for (guint i = 0; i < n; i++) {
        Case *one = g_new0 (Case, 1);
        g_autoptr (PrcNoProxy) list = NULL;
        g_autoptr (GString) text = g_string_new (NULL);

        one->n = (guint) g_rand_int_range (rand, 1, 4);
        for (guint k = 0; k < one->n; k++) {
            one->chosen[k] = entries[g_rand_int_range (rand, 0, G_N_ELEMENTS (entries))];
            g_string_append_printf (text, "%s%s", k > 0 ? ", " : "", one->chosen[k]);
        }
        list = prc_no_proxy_parse (text->str, NULL);
        assert_non_null (list);
        one->list = g_strdup (text->str);
        one->formatted = prc_no_proxy_format (list);
        one->warnings = g_ptr_array_new_with_free_func (g_free);
        one->host = hosts[g_rand_int_range (rand, 0, G_N_ELEMENTS (hosts))];
        prc_no_proxy_explain (list, "tool", dialect, one->warnings);
        g_ptr_array_add (cases, one);
    }
    return cases;
}

/* As meant, or said. */
static void
check_case (const char *tool, const Case *one, gboolean direct, guint *alike)
{
    gboolean meant = FALSE;

    for (guint k = 0; k < one->n; k++)
        meant |= is_meant (one->chosen[k], one->host);
    if (meant == direct)
        (*alike)++;
    else if (one->warnings->len == 0)
        fail_msg ("%s reaches %s %s with [%s], from [%s], and nothing was said", tool, one->host,
                  direct ? "directly" : "through the proxy", one->formatted, one->list);
}

static char **
clean_environment (void)
{
    char **envp = g_environ_setenv (NULL, "PATH", g_getenv ("PATH"), TRUE);

    return g_environ_setenv (envp, "HOME", "/nonexistent", TRUE);
}

static void
check_oracle (const char *const *argv, const char *tool, const PrcNoProxyDialect *dialect)
{
    g_autoptr (GPtrArray) cases = random_cases (prc_test_cases (5000), dialect);
    GString *input = g_string_new (NULL);
    g_autoptr (GBytes) in = NULL;
    g_autoptr (GBytes) out = NULL;
    g_auto (GStrv) envp = clean_environment ();
    const char *answers;
    guint alike = 0;
    int status;

    for (guint i = 0; i < cases->len; i++) {
        const Case *one = cases->pdata[i];

        g_string_append_printf (input, "%s %s\n", one->formatted, one->host);
    }
    in = g_string_free_to_bytes (input);
    status = prc_test_run (argv, envp, NULL, in, &out, NULL);
    if (status == 77) {
        printf ("# skipped: this %s is older than the rules that are compared\n", tool);
        skip ();
    }
    assert_int_equal (status, 0);
    assert_int_equal (g_bytes_get_size (out), cases->len * 2);
    answers = g_bytes_get_data (out, NULL);
    for (guint i = 0; i < cases->len; i++)
        check_case (tool, cases->pdata[i], answers[2 * i] == 'D', &alike);
    printf ("# %s: %u of %u as meant, the rest was said\n", tool, alike, cases->len);
    assert_true (alike > cases->len / 2);
}

static void
format__npm__obeys_or_is_explained (void **state)
{
    g_autofree char *npm = prc_test_tool ("npm");
    const char *const argv[] = { "node", SOURCE_DIR "/oracle-no-proxy.js", npm, NULL };

    (void) state;
    if (npm == NULL)
        skip ();
    check_oracle (argv, "npm", &npm_dialect);
}

static void
format__pip__obeys_or_is_explained (void **state)
{
    static const char *const probe[] = { "python3", "-c", "import pip._vendor.requests", NULL };
    static const char *const argv[] = { "python3", SOURCE_DIR "/oracle-no-proxy.py", NULL };
    g_autofree char *python = prc_test_tool ("python3");
    g_auto (GStrv) envp = clean_environment ();

    (void) state;
    if (python == NULL)
        skip ();
    if (prc_test_run (probe, envp, NULL, NULL, NULL, NULL) != 0) {
        printf ("# skipped: this python has no pip that carries its libraries\n");
        skip ();
    }
    check_oracle (argv, "pip", &pip_dialect);
}

/* curl shows where it connects, see redirect.c; port 1 refuses, and that is enough. */
static void
format__curl__obeys_or_is_explained (void **state)
{
    static const char *const argv[] = { "curl", "-q", "-K", "-", NULL };
    g_autoptr (GPtrArray) cases = random_cases (prc_test_cases (2000), &curl_dialect);
    g_autofree char *curl = prc_test_tool ("curl");
    GString *config = g_string_new (NULL);
    g_autoptr (GBytes) in = NULL;
    g_autoptr (GBytes) told = NULL;
    g_autofree char *text = NULL;
    g_auto (GStrv) events = NULL;
    g_auto (GStrv) envp = clean_environment ();
    guint alike = 0, number = 0;
    gboolean proxied = FALSE;

    (void) state;
    if (curl == NULL)
        skip ();
    envp = g_environ_setenv (envp, "LD_PRELOAD", REDIRECT, TRUE);
    envp = g_environ_setenv (envp, "PRC_TEST_PORT", "1", TRUE);
    for (guint i = 0; i < cases->len; i++) {
        const Case *one = cases->pdata[i];

        g_string_append_printf (
            config,
            "%ssilent\nmax-time = 10\nproxy = \"http://proxy.test:3128\"\nnoproxy = \"%s\"\n"
            "url = \"http://%s/\"\nwrite-out = \"%%{stderr}@end\\n\"\n",
            i > 0 ? "next\n" : "", one->formatted, one->host);
    }
    in = g_string_free_to_bytes (config);
    (void) prc_test_run (argv, envp, NULL, in, NULL, &told);
    text = g_strndup (g_bytes_get_data (told, NULL), g_bytes_get_size (told));
    events = g_strsplit (text, "\n", -1);
    for (guint i = 0; events[i] != NULL && number < cases->len; i++) {
        if (g_str_has_prefix (events[i], "@connect "))
            proxied = g_str_has_suffix (events[i], " 3128");
        else if (g_str_equal (events[i], "@end"))
            check_case ("curl", cases->pdata[number++], !proxied, &alike);
    }
    assert_int_equal (number, cases->len);
    printf ("# curl: %u of %u as meant, the rest was said\n", alike, cases->len);
    assert_true (alike > cases->len / 2);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (format__npm__obeys_or_is_explained),
        cmocka_unit_test (format__pip__obeys_or_is_explained),
        cmocka_unit_test (format__curl__obeys_or_is_explained),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
