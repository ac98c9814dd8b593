/* test-no-proxy-tools.c - what prc_no_proxy_format() writes does in the real tools what the list
 * means, or prc_no_proxy_explain() says that it does not */
#include "test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "bypass-oracle.h"
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

/* What @ask's tool does with random lists is as meant, or was said of its @dialect. */
static void
check_tool (const char *tool, gboolean *(*ask) (const PrcAsk *asks, guint n), guint n,
            const PrcNoProxyDialect *dialect)
{
    g_autoptr (GPtrArray) cases = random_cases (n, dialect);
    g_autofree PrcAsk *asks = g_new0 (PrcAsk, cases->len);
    g_autofree gboolean *direct = NULL;
    guint alike = 0;

    for (guint i = 0; i < cases->len; i++) {
        const Case *one = cases->pdata[i];

        asks[i] = (PrcAsk){ one->formatted, one->host };
    }
    direct = ask (asks, cases->len);
    for (guint i = 0; i < cases->len; i++)
        check_case (tool, cases->pdata[i], direct[i], &alike);
    printf ("# %s: %u of %u as meant, the rest was said\n", tool, alike, cases->len);
    assert_true (alike > cases->len / 2);
}

static void
format__npm__obeys_or_is_explained (void **state)
{
    (void) state;
    check_tool ("npm", prc_ask_npm, prc_test_cases (5000), &npm_dialect);
}

static void
format__pip__obeys_or_is_explained (void **state)
{
    (void) state;
    check_tool ("pip", prc_ask_pip, prc_test_cases (5000), &pip_dialect);
}

static void
format__curl__obeys_or_is_explained (void **state)
{
    (void) state;
    check_tool ("curl", prc_ask_curl, prc_test_cases (2000), &curl_dialect);
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
