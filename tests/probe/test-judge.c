#include "test.h"

#include <stdlib.h>

#include "probe/judge-text.h"
#include "probe/judge.h"

/* One exchange: "STATUS FAILURE sent scheme", with what the rows need. */
typedef struct {
    int status;
    PrcFailure failure;
    const char *scheme; /* (nullable): sent with it */
    const char
        *more; /* (nullable): a word: html, via, realm, location:…, site:…, unsent, server:… */
} Seen;

typedef struct {
    const char *proxy, *url;
    const char *offers; /* (nullable): names, usable ones, in the control */
    Seen seen[3];
    guint n;
    PrcVerdict verdict;
    PrcCredentialFate fate;
    guint attempts;
} Row;

#define P "http://proxy.test:3128"
#define S "https://site.test/"
#define H "http://site.test/"
#define A PRC_CREDENTIAL_ACCEPTED
#define R PRC_CREDENTIAL_REJECTED
#define U PRC_CREDENTIAL_UNTESTED
#define ASKED                                                                                      \
    {                                                                                              \
        407, PRC_FAILURE_NONE, NULL, NULL                                                          \
    }
#define ANSWER(status)                                                                             \
    {                                                                                              \
        status, PRC_FAILURE_NONE, "basic", NULL                                                    \
    }
#define BROKEN(status, failure)                                                                    \
    {                                                                                              \
        status, PRC_FAILURE_##failure, "basic", NULL                                               \
    }
#define ALONE(status, failure, more) { { status, PRC_FAILURE_##failure, NULL, more } }, 1

static const Row rows[] = {
    /* the control alone */
    { P, S, "Basic", ALONE (407, NONE, NULL), PRC_VERDICT_CREDENTIALS_MISSING, U, 0 },
    { P, S, NULL, ALONE (407, NONE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, "Bearer", ALONE (407, NONE, NULL), PRC_VERDICT_SCHEME_UNSUPPORTED, U, 0 },
    { P, S, "Negotiate", ALONE (407, NONE, NULL), PRC_VERDICT_CREDENTIALS_MISSING, U, 0 },
    { "http://10.0.0.1:3128", S, "Negotiate", ALONE (407, NONE, NULL),
      PRC_VERDICT_SCHEME_UNSUPPORTED, U, 0 },
    { P, S, NULL, ALONE (200, NONE, NULL), PRC_VERDICT_NO_AUTH_NEEDED, U, 0 },
    { P, S, NULL, ALONE (200, NONE, "site:401"), PRC_VERDICT_ORIGIN_UNAUTHORIZED, U, 0 },
    { P, S, NULL, ALONE (200, SITE_CERTIFICATE, NULL), PRC_VERDICT_TLS_INTERCEPTED, U, 0 },
    { P, S, NULL, ALONE (200, SITE_NOT_TLS, NULL), PRC_VERDICT_NOT_A_PROXY, U, 0 },
    { P, S, NULL, ALONE (200, SITE_CLOSED, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (200, CONNECT, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (200, TIMEOUT, NULL), PRC_VERDICT_TIMEOUT, U, 0 },
    { P, S, NULL, ALONE (302, NONE, "location:http://portal.test/"), PRC_VERDICT_NOT_A_PROXY, U,
      0 },
    { P, S, NULL, ALONE (302, NONE, "location:https://site.test/"), PRC_VERDICT_NOT_A_PROXY, U, 0 },
    { P, S, NULL, ALONE (302, NONE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (304, NONE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (401, NONE, NULL), PRC_VERDICT_ORIGIN_UNAUTHORIZED, U, 0 },
    { P, S, "Basic", ALONE (401, NONE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, "Basic", ALONE (401, NONE, "realm:Site"), PRC_VERDICT_ORIGIN_UNAUTHORIZED, U, 0 },
    { P, H, "Basic", ALONE (401, NONE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (403, NONE, NULL), PRC_VERDICT_FORBIDDEN, U, 0 },
    { P, S, NULL, ALONE (404, NONE, NULL), PRC_VERDICT_UPSTREAM_FAILED, U, 0 },
    { P, S, NULL, ALONE (405, NONE, NULL), PRC_VERDICT_NOT_A_PROXY, U, 0 },
    { P, S, NULL, ALONE (503, NONE, NULL), PRC_VERDICT_UPSTREAM_FAILED, U, 0 },
    { P, S, NULL, ALONE (511, NONE, NULL), PRC_VERDICT_NOT_A_PROXY, U, 0 },
    { P, S, NULL, ALONE (100, NONE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (999, NONE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (0, RESOLVE_PROXY, NULL), PRC_VERDICT_UNRESOLVABLE, U, 0 },
    { P, S, NULL, ALONE (0, CONNECT, NULL), PRC_VERDICT_UNREACHABLE, U, 0 },
    { P, S, NULL, ALONE (0, TIMEOUT, NULL), PRC_VERDICT_TIMEOUT, U, 0 },
    { P, S, NULL, ALONE (0, CLOSED, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (0, NOT_HTTP, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (0, WANTS_TLS, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (407, TOO_LARGE, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { P, S, NULL, ALONE (0, PROXY_NOT_TLS, NULL), PRC_VERDICT_PROXY_TLS_FAILED, U, 0 },
    { P, S, NULL, ALONE (0, PROXY_CERTIFICATE, NULL), PRC_VERDICT_PROXY_TLS_FAILED, U, 0 },
    { P, S, NULL, ALONE (200, SITE_TLS, NULL), PRC_VERDICT_UPSTREAM_FAILED, U, 0 },
    /* an http:// target: the site has a say */
    { P, H, NULL, ALONE (200, NONE, "html"), PRC_VERDICT_NO_AUTH_NEEDED, U, 0 },
    { P, H, NULL, ALONE (301, NONE, "location:https://www.site.test/"), PRC_VERDICT_NO_AUTH_NEEDED,
      U, 0 },
    { P, H, NULL, ALONE (301, NONE, "location:/login"), PRC_VERDICT_NO_AUTH_NEEDED, U, 0 },
    { P, H, NULL, ALONE (302, NONE, "location:http://portal.test/"), PRC_VERDICT_NOT_A_PROXY, U,
      0 },
    { P, H, NULL, ALONE (302, NONE, "location:http://evilsite.test/"), PRC_VERDICT_NOT_A_PROXY, U,
      0 },
    { P, H, NULL, ALONE (302, NONE, "location://portal.test/"), PRC_VERDICT_NOT_A_PROXY, U, 0 },
    { P, H, NULL, ALONE (401, NONE, NULL), PRC_VERDICT_ORIGIN_UNAUTHORIZED, U, 0 },
    { P, H, NULL, ALONE (404, NONE, NULL), PRC_VERDICT_NO_AUTH_NEEDED, U, 0 },
    { P, H, NULL, ALONE (502, NONE, NULL), PRC_VERDICT_UPSTREAM_FAILED, U, 0 },
    /* asked, and answered with a credential */
    { P, S, "Basic", { ASKED, ANSWER (200) }, 2, PRC_VERDICT_OK, A, 1 },
    { P, S, "Basic", { ASKED, ANSWER (407) }, 2, PRC_VERDICT_CREDENTIALS_REJECTED, R, 1 },
    { P, S, "Basic", { ASKED, ANSWER (401) }, 2, PRC_VERDICT_CREDENTIALS_REJECTED, R, 1 },
    { P, S, "Basic", { ASKED, ANSWER (403) }, 2, PRC_VERDICT_FORBIDDEN, A, 1 },
    { P, S, "Basic", { ASKED, ANSWER (405) }, 2, PRC_VERDICT_FORBIDDEN, A, 1 },
    { P, S, "Basic", { ASKED, ANSWER (429) }, 2, PRC_VERDICT_FORBIDDEN, U, 1 },
    { P, S, "Basic", { ASKED, ANSWER (500) }, 2, PRC_VERDICT_UPSTREAM_FAILED, A, 1 },
    { P, S, "Basic", { ASKED, ANSWER (503) }, 2, PRC_VERDICT_UPSTREAM_FAILED, A, 1 },
    { P,
      S,
      "Basic",
      { ASKED, { 302, PRC_FAILURE_NONE, "basic", "location:https://portal.test/" } },
      2,
      PRC_VERDICT_NOT_A_PROXY,
      U,
      1 },
    { P, S, "Basic", { ASKED, ANSWER (511) }, 2, PRC_VERDICT_NOT_A_PROXY, U, 1 },
    { P, S, "Basic", { ASKED, ANSWER (100) }, 2, PRC_VERDICT_BAD_ANSWER, U, 1 },
    { P,
      S,
      "Basic",
      { ASKED, BROKEN (200, SITE_CERTIFICATE) },
      2,
      PRC_VERDICT_TLS_INTERCEPTED,
      A,
      1 },
    { P, S, "Basic", { ASKED, BROKEN (200, SITE_NOT_TLS) }, 2, PRC_VERDICT_UPSTREAM_FAILED, A, 1 },
    { P, S, "Basic", { ASKED, BROKEN (200, SITE_CLOSED) }, 2, PRC_VERDICT_UPSTREAM_FAILED, A, 1 },
    { P, S, "Basic", { ASKED, BROKEN (200, CONNECT) }, 2, PRC_VERDICT_UPSTREAM_FAILED, A, 1 },
    { P, S, "Basic", { ASKED, BROKEN (200, TIMEOUT) }, 2, PRC_VERDICT_TIMEOUT, A, 1 },
    { P, S, "Basic", { ASKED, BROKEN (0, TIMEOUT) }, 2, PRC_VERDICT_TIMEOUT, U, 1 },
    { P, S, "Basic", { ASKED, BROKEN (0, CLOSED) }, 2, PRC_VERDICT_BAD_ANSWER, U, 1 },
    { P, H, "Basic", { ASKED, ANSWER (200) }, 2, PRC_VERDICT_OK, A, 1 },
    { P, H, "Basic", { ASKED, ANSWER (404) }, 2, PRC_VERDICT_OK, A, 1 },
    { P,
      H,
      "Basic",
      { ASKED, { 401, PRC_FAILURE_NONE, "basic", "realm:Site" } },
      2,
      PRC_VERDICT_ORIGIN_UNAUTHORIZED,
      A,
      1 },
    { P,
      H,
      "Basic",
      { ASKED, { 401, PRC_FAILURE_NONE, "basic", "realm:R" } },
      2,
      PRC_VERDICT_CREDENTIALS_REJECTED,
      R,
      1 },
    { P,
      H,
      "Basic",
      { ASKED, { 401, PRC_FAILURE_NONE, "basic", "server:tinyproxy/1.11" } },
      2,
      PRC_VERDICT_CREDENTIALS_REJECTED,
      R,
      1 },
    /* Negotiate sends nothing without a ticket; then the next one */
    { P,
      S,
      "Negotiate",
      { ASKED, { 407, PRC_FAILURE_NONE, "negotiate", "unsent" } },
      2,
      PRC_VERDICT_CREDENTIALS_MISSING,
      U,
      0 },
    { P,
      S,
      "Negotiate Basic",
      { ASKED, { 407, PRC_FAILURE_NONE, "negotiate", "unsent" }, ANSWER (200) },
      3,
      PRC_VERDICT_OK,
      A,
      1 },
    { P,
      S,
      "Negotiate",
      { ASKED, { 200, PRC_FAILURE_NONE, "negotiate", NULL } },
      2,
      PRC_VERDICT_OK,
      A,
      1 },
    { P,
      S,
      "Negotiate",
      { ASKED, { 407, PRC_FAILURE_NONE, "negotiate", NULL } },
      2,
      PRC_VERDICT_CREDENTIALS_REJECTED,
      R,
      1 },
    /* SOCKS */
    { "socks5h://p.test:1080", S, NULL, ALONE (0, NONE, NULL), PRC_VERDICT_NO_AUTH_NEEDED, U, 0 },
    { "socks5h://p.test:1080", S, NULL, ALONE (0, SOCKS_AUTH, NULL),
      PRC_VERDICT_CREDENTIALS_MISSING, U, 0 },
    { "socks5h://p.test:1080", S, NULL, ALONE (0, SOCKS_REJECTED, NULL),
      PRC_VERDICT_CREDENTIALS_MISSING, U, 0 },
    { "socks5h://p.test:1080",
      S,
      NULL,
      { { 0, PRC_FAILURE_SOCKS_AUTH, NULL, NULL }, { 0, PRC_FAILURE_SOCKS_AUTH, "socks", NULL } },
      2,
      PRC_VERDICT_SCHEME_UNSUPPORTED,
      U,
      0 },
    { "socks5h://p.test:1080", S, NULL, ALONE (0, SOCKS_DENIED, NULL), PRC_VERDICT_FORBIDDEN, U,
      0 },
    { "socks5h://p.test:1080", S, NULL, ALONE (0, SOCKS_TARGET, NULL), PRC_VERDICT_UPSTREAM_FAILED,
      U, 0 },
    { "socks5h://p.test:1080", S, NULL, ALONE (0, SOCKS_BAD, NULL), PRC_VERDICT_BAD_ANSWER, U, 0 },
    { "socks5://p.test:1080", S, NULL, ALONE (0, RESOLVE_SITE, NULL), PRC_VERDICT_UNRESOLVABLE, U,
      0 },
    { "socks5h://p.test:1080",
      S,
      NULL,
      { { 0, PRC_FAILURE_SOCKS_AUTH, NULL, NULL }, { 0, PRC_FAILURE_NONE, "socks", NULL } },
      2,
      PRC_VERDICT_OK,
      A,
      1 },
    { "socks5h://p.test:1080",
      S,
      NULL,
      { { 0, PRC_FAILURE_SOCKS_AUTH, NULL, NULL },
        { 0, PRC_FAILURE_SOCKS_REJECTED, "socks", NULL } },
      2,
      PRC_VERDICT_CREDENTIALS_REJECTED,
      R,
      1 },
    { "socks5h://p.test:1080",
      S,
      NULL,
      { { 0, PRC_FAILURE_SOCKS_AUTH, NULL, NULL }, { 0, PRC_FAILURE_SOCKS_TARGET, "socks", NULL } },
      2,
      PRC_VERDICT_UPSTREAM_FAILED,
      A,
      1 },
    { "socks4://p.test:1080",
      S,
      NULL,
      { { 0, PRC_FAILURE_SOCKS_AUTH, NULL, NULL }, { 0, PRC_FAILURE_NONE, "socks", NULL } },
      2,
      PRC_VERDICT_OK,
      U,
      1 },
    { "socks4://p.test:1080", S, NULL, ALONE (0, SOCKS_AUTH, NULL), PRC_VERDICT_UPSTREAM_FAILED, U,
      0 },
};

static gboolean
has_prefix (const char *text, const char *prefix, char **ret_rest)
{
    if (text == NULL || !g_str_has_prefix (text, prefix))
        return FALSE;
    g_free (*ret_rest);
    *ret_rest = g_strdup (text + strlen (prefix));
    return TRUE;
}

static PrcExchange *
make_exchange (const Seen *seen, const char *offers)
{
    PrcExchange *exchange = prc_exchange_new ();
    g_auto (GStrv) names = g_strsplit (offers != NULL ? offers : "", " ", -1);
    g_autofree char *number = NULL;

    exchange->status = seen->status;
    exchange->failure = seen->failure;
    exchange->scheme = g_strdup (seen->scheme);
    exchange->sent = seen->scheme != NULL && g_strcmp0 (seen->more, "unsent") != 0;
    exchange->reason = g_strdup ("Reason");
    exchange->is_html = g_strcmp0 (seen->more, "html") == 0;
    (void) has_prefix (seen->more, "location:", &exchange->location);
    (void) has_prefix (seen->more, "realm:", &exchange->site_realm);
    (void) has_prefix (seen->more, "server:", &exchange->server);
    if (has_prefix (seen->more, "site:", &number))
        exchange->site_status = atoi (number);
    for (char **name = names; *name != NULL && **name != '\0'; name++) {
        PrcAuthScheme scheme;

        g_ptr_array_add (exchange->offers, prc_offer_new (*name, "R"));
        if (prc_auth_scheme_from_name (*name, &scheme))
            exchange->usable |= 1u << scheme;
    }
    return exchange;
}

static PrcProbeRequest *
make_request (const Row *row)
{
    PrcProbeRequest *request = prc_probe_request_new ();
    gboolean with_credential = row->n > 1;

    request->proxy = prc_proxy_url_parse (row->proxy, &prc_url_dialect_lenient, NULL);
    request->url = g_strdup (row->url);
    request->schemes = PRC_AUTH_ALL;
    request->timeout_ms = 15000;
    if (with_credential) {
        request->user = g_strdup ("joe\x1b");
        request->password = prc_secret_new ("SECRET", 6);
    }
    return request;
}

static void
judge__what_was_seen__has_its_verdict (void **state)
{
    gboolean reached[PRC_N_VERDICTS] = { FALSE };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        const Row *row = &rows[i];
        g_autoptr (PrcProbeRequest) request = make_request (row);
        g_autoptr (PrcFacts) facts = prc_facts_new ();
        g_autoptr (PrcCheckResult) result = NULL;

        facts->is_complete = TRUE;
        for (guint j = 0; j < row->n; j++)
            g_ptr_array_add (facts->exchanges,
                             make_exchange (&row->seen[j], j == 0 ? row->offers : NULL));
        result = prc_judge (request, facts);
        if (result->verdict != row->verdict || result->credential != row->fate ||
            result->attempts != row->attempts)
            fail_msg ("row %zu: %s, %s, %u times: %s", i, prc_verdict_name (result->verdict),
                      prc_credential_fate_name (result->credential), result->attempts,
                      result->detail);
        assert_non_null (result->detail);
        assert_null (strpbrk (result->detail, "{}\x1b"));
        assert_null (strstr (result->detail, "SECRET"));
        if (result->remedy != NULL)
            assert_null (strpbrk (result->remedy, "{}\x1b"));
        reached[result->verdict] = TRUE;
    }
    for (guint i = 0; i < PRC_N_VERDICTS; i++)
        if (!reached[i] && i != PRC_VERDICT_WITHHELD)
            fail_msg ("no row comes to %s", prc_verdict_name ((PrcVerdict) i));
}

/* What says that the person should look at the port would be wrong: it has asked for a password. */
static void
judge__closed_over_the_credential__says_so (void **state)
{
    static const struct {
        const char *proxy, *text;
        Seen seen[2];
        gboolean closed;
    } answers[] = {
        { P, NULL, { ASKED, BROKEN (0, CLOSED) }, TRUE },
        { "socks5h://p.test:1080",
          "connection to proxy closed",
          { { 0, PRC_FAILURE_SOCKS_AUTH, NULL, NULL }, BROKEN (0, SOCKS_BAD) },
          TRUE },
        { "socks5h://p.test:1080",
          "Can't complete SOCKS5 connection to site.test. (8)",
          { { 0, PRC_FAILURE_SOCKS_AUTH, NULL, NULL }, BROKEN (0, SOCKS_BAD) },
          FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (answers); i++) {
        const Row row = { .proxy = answers[i].proxy, .url = S, .n = 2 };
        g_autoptr (PrcProbeRequest) request = make_request (&row);
        g_autoptr (PrcFacts) facts = prc_facts_new ();
        g_autoptr (PrcCheckResult) result = NULL;
        PrcExchange *last = make_exchange (&answers[i].seen[1], NULL);

        last->text = g_strdup (answers[i].text);
        g_ptr_array_add (facts->exchanges, make_exchange (&answers[i].seen[0], "Basic"));
        g_ptr_array_add (facts->exchanges, last);
        facts->is_complete = TRUE;
        result = prc_judge (request, facts);
        assert_int_equal (result->credential, PRC_CREDENTIAL_UNTESTED);
        assert_int_equal (result->attempts, 1);
        assert_int_equal (strstr (result->detail, "closed the connection") != NULL,
                          answers[i].closed);
        assert_null (strstr (result->remedy, "correct the port"));
        assert_null (strstr (result->remedy, "look at the port"));
    }
}

static void
judge__helper_ended_while_sending__counts_as_sent (void **state)
{
    static const Seen asked = ASKED;
    const Row row = { .proxy = P, .url = S, .n = 2 };
    g_autoptr (PrcProbeRequest) request = make_request (&row);
    g_autoptr (PrcFacts) facts = prc_facts_new ();
    g_autoptr (PrcCheckResult) result = NULL;

    (void) state;
    g_ptr_array_add (facts->exchanges, make_exchange (&asked, "Basic"));
    facts->sending = g_strdup ("basic");
    facts->timed_out = TRUE;
    result = prc_judge (request, facts);
    assert_int_equal (result->verdict, PRC_VERDICT_TIMEOUT);
    assert_int_equal (result->credential, PRC_CREDENTIAL_UNTESTED);
    assert_int_equal (result->attempts, 1);
    assert_string_equal (result->scheme_used, "basic");
    assert_int_equal (result->offers->len, 1);
}

static void
judge__nothing_seen_in_time__is_a_timeout (void **state)
{
    const Row row = { .proxy = P, .url = S, .n = 2 };
    g_autoptr (PrcProbeRequest) request = make_request (&row);
    g_autoptr (PrcFacts) facts = prc_facts_new ();
    g_autoptr (PrcCheckResult) result = NULL;

    (void) state;
    facts->timed_out = TRUE;
    result = prc_judge (request, facts);
    assert_int_equal (result->verdict, PRC_VERDICT_TIMEOUT);
    assert_int_equal (result->attempts, 0);
    assert_string_equal (result->proxy, "http://joe%1B@proxy.test:3128");
}

static void
judge__profile_allows_another_scheme__is_unsupported (void **state)
{
    static const Seen asked = ASKED;
    const Row row = { .proxy = P, .url = S, .n = 2 };
    g_autoptr (PrcProbeRequest) request = make_request (&row);
    g_autoptr (PrcFacts) facts = prc_facts_new ();
    g_autoptr (PrcCheckResult) result = NULL;

    (void) state;
    request->schemes = 1u << PRC_AUTH_BASIC;
    g_ptr_array_add (facts->exchanges, make_exchange (&asked, "NTLM"));
    facts->is_complete = TRUE;
    result = prc_judge (request, facts);
    assert_int_equal (result->verdict, PRC_VERDICT_SCHEME_UNSUPPORTED);
    assert_non_null (strstr (result->remedy, "auth="));
}

static void
judge__ntlm_with_other_letters__is_not_sent (void **state)
{
    static const Seen asked = ASKED;
    static const char *const users[] = { "jürgen", "joe" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (users); i++) {
        const Row row = { .proxy = P, .url = S, .n = 2 };
        g_autoptr (PrcProbeRequest) request = make_request (&row);
        g_autoptr (PrcFacts) facts = prc_facts_new ();
        g_autoptr (PrcCheckResult) result = NULL;

        g_free (request->user);
        request->user = g_strdup (users[i]);
        assert_int_equal (prc_probe_request_is_ascii (request), i == 1);
        g_ptr_array_add (facts->exchanges, make_exchange (&asked, "NTLM"));
        facts->is_complete = TRUE;
        result = prc_judge (request, facts);
        assert_int_equal (result->verdict, PRC_VERDICT_SCHEME_UNSUPPORTED);
        assert_int_equal (strstr (result->detail, "ASCII") != NULL, i == 0);
    }
}

static void
judge__every_case__has_words_that_fill_in (void **state)
{
    const Row row = { .proxy = P, .url = S, .n = 2 };
    g_autoptr (PrcProbeRequest) request = make_request (&row);

    (void) state;
    for (guint i = 0; i < PRC_N_CASES; i++) {
        g_autoptr (PrcCheckResult) result = prc_judge_result_new (request);

        prc_case_words ((PrcCase) i, request, NULL, result);
        assert_non_null (result->detail);
        assert_null (strchr (result->detail, '{'));
        if (result->remedy != NULL)
            assert_null (strchr (result->remedy, '{'));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (judge__what_was_seen__has_its_verdict),
        cmocka_unit_test (judge__closed_over_the_credential__says_so),
        cmocka_unit_test (judge__helper_ended_while_sending__counts_as_sent),
        cmocka_unit_test (judge__nothing_seen_in_time__is_a_timeout),
        cmocka_unit_test (judge__profile_allows_another_scheme__is_unsupported),
        cmocka_unit_test (judge__ntlm_with_other_letters__is_not_sent),
        cmocka_unit_test (judge__every_case__has_words_that_fill_in),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
