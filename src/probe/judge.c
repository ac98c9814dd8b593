#include "probe/judge.h"

#include <string.h>

#include "base/text.h"
#include "probe/judge-text.h"

typedef struct {
    const PrcProbeRequest *request;
    const PrcExchange *control; /* (nullable): the first, without a credential */
    const PrcExchange *last;    /* (nullable): the one that counts */
    gboolean is_https, by_socks;
    gboolean was_asked; /* the control got 407, or SOCKS' word for it */
    gboolean sent;      /* a credential went out, with the last exchange or under way */
} Trial;

typedef struct {
    PrcCase judged;
    PrcCredentialFate fate;
} Judgement;

static gboolean
is_socks4 (const Trial *trial)
{
    return trial->request->proxy->scheme == PRC_PROXY_SOCKS4 ||
           trial->request->proxy->scheme == PRC_PROXY_SOCKS4A;
}

static PrcCredentialFate
accepted_if_sent (const Trial *trial)
{
    return trial->was_asked && trial->last->sent ? PRC_CREDENTIAL_ACCEPTED
                                                 : PRC_CREDENTIAL_UNTESTED;
}

static Judgement
untested (PrcCase judged)
{
    return (Judgement){ judged, PRC_CREDENTIAL_UNTESTED };
}

/* 407, and no credential has been sent: why not? */
static Judgement
judge_unsent (const Trial *trial)
{
    const PrcProbeRequest *request = trial->request;
    const guint negotiate = 1u << PRC_AUTH_NEGOTIATE;
    guint offered = trial->control->usable;
    guint wanted = request->schemes != 0 ? request->schemes : PRC_AUTH_ALL;
    gboolean has_password = request->user != NULL && request->password != NULL;

    if (trial->control->offers->len == 0)
        return untested (PRC_CASE_NO_CHALLENGE);
    if (offered == 0)
        return untested (PRC_CASE_UNSUPPORTED);
    if (offered == negotiate && wanted == (PRC_AUTH_ALL & ~negotiate))
        return untested (PRC_CASE_UNSUPPORTED_TICKET);
    if ((offered & wanted) == 0)
        return untested (PRC_CASE_UNSUPPORTED_PROFILE);
    if ((offered & wanted) == negotiate)
        return untested (g_hostname_is_ip_address (request->proxy->host)
                             ? PRC_CASE_UNSUPPORTED_ADDRESS
                             : PRC_CASE_MISSING_TICKET);
    if (has_password && (offered & wanted & ~negotiate) == 1u << PRC_AUTH_NTLM &&
        !prc_probe_request_is_ascii (request))
        return untested (PRC_CASE_UNSUPPORTED_LETTERS);
    return untested (has_password && request->schemes != 0 ? PRC_CASE_UNSUPPORTED
                                                           : PRC_CASE_MISSING);
}

static Judgement
judge_407 (const Trial *trial)
{
    const PrcExchange *last = trial->last;

    if (!last->sent || !trial->was_asked)
        return judge_unsent (trial);
    return (Judgement){ g_strcmp0 (last->scheme, "negotiate") == 0 ? PRC_CASE_REJECTED_TICKET
                                                                   : PRC_CASE_REJECTED,
                        PRC_CREDENTIAL_REJECTED };
}

/* No site asks with Proxy-Authenticate. */
static gboolean
asks_like_a_proxy (const PrcExchange *exchange)
{
    return exchange->offers->len > 0 && exchange->site_realm == NULL;
}

/* tinyproxy has the proxy's realm, or its name, in a 401 that means 407; in a tunnel's answer no
 * site has a say. */
static Judgement
judge_401 (const Trial *trial)
{
    const PrcExchange *last = trial->last;
    gboolean is_proxy = trial->is_https || asks_like_a_proxy (last);

    if (!trial->was_asked && asks_like_a_proxy (last))
        return untested (PRC_CASE_PROXY_401);
    if (!trial->was_asked || !last->sent)
        return untested (trial->is_https ? PRC_CASE_CONNECT_401 : PRC_CASE_ORIGIN_401);
    for (guint i = 0; i < trial->control->offers->len; i++) {
        const PrcOffer *offer = g_ptr_array_index (trial->control->offers, i);

        is_proxy |= offer->realm != NULL && g_strcmp0 (offer->realm, last->site_realm) == 0;
    }
    is_proxy |= last->server != NULL && g_str_has_prefix (last->server, "tinyproxy");
    return is_proxy ? (Judgement){ PRC_CASE_REJECTED_401, PRC_CREDENTIAL_REJECTED }
                    : (Judgement){ PRC_CASE_ORIGIN_401, PRC_CREDENTIAL_ACCEPTED };
}

static Judgement
passed (const Trial *trial)
{
    const PrcExchange *last = trial->last;

    if (last->site_status == 401)
        return (Judgement){ PRC_CASE_ORIGIN_401, accepted_if_sent (trial) };
    if (accepted_if_sent (trial) == PRC_CREDENTIAL_ACCEPTED && is_socks4 (trial) &&
        trial->request->password != NULL)
        return untested (PRC_CASE_OK_SOCKS4);
    if (accepted_if_sent (trial) == PRC_CREDENTIAL_ACCEPTED)
        return (Judgement){ g_strcmp0 (last->scheme, "negotiate") == 0 ? PRC_CASE_OK_TICKET
                                                                       : PRC_CASE_OK,
                            PRC_CREDENTIAL_ACCEPTED };
    return untested (!trial->is_https && !trial->by_socks && last->is_html && !last->by_proxy
                         ? PRC_CASE_NO_AUTH_PAGE
                     : trial->request->password != NULL ? PRC_CASE_NO_AUTH_UNTESTED
                                                        : PRC_CASE_NO_AUTH);
}

/* "a.b" and "www.a.b" are one site. */
static gboolean
same_site (const char *a, const char *b)
{
    gsize n_a = strlen (a), n_b = strlen (b);
    const char *longer = n_a > n_b ? a : b, *shorter = n_a > n_b ? b : a;
    gsize extra = MAX (n_a, n_b) - MIN (n_a, n_b);

    return g_ascii_strcasecmp (longer + extra, shorter) == 0 &&
           (extra == 0 || longer[extra - 1] == '.');
}

/* For an http:// target a redirect within the site is the site's own: to https://, to www. */
static gboolean
stays_on_site (const Trial *trial)
{
    const char *location = trial->last->location;
    g_autofree char *host = NULL;
    g_autofree char *other = NULL;

    if (trial->is_https || location == NULL)
        return !trial->is_https && trial->last->status == 304;
    if (strstr (location, "://") == NULL)
        return !g_str_has_prefix (location, "//");
    return prc_probe_check_target (trial->request->url, &host, NULL, NULL) &&
           prc_probe_check_target (location, &other, NULL, NULL) && same_site (host, other);
}

/* The answer to CONNECT: always the proxy's own. */
static Judgement
judge_connect (const Trial *trial)
{
    int status = trial->last->status;

    switch (status) {
    case 400:
        return untested (trial->was_asked ? PRC_CASE_ODD_STATUS : PRC_CASE_WEB_SERVER);
    case 404:
    case 408:
        return (Judgement){ PRC_CASE_UPSTREAM, accepted_if_sent (trial) };
    case 405:
    case 501:
        return trial->was_asked ? (Judgement){ PRC_CASE_FORBIDDEN_METHOD, accepted_if_sent (trial) }
                                : untested (PRC_CASE_WEB_SERVER);
    default:
        return (Judgement){ status >= 500 ? PRC_CASE_UPSTREAM : PRC_CASE_FORBIDDEN,
                            accepted_if_sent (trial) };
    }
}

/* The answer to a request for an http:// URL: the proxy's or the site's. */
static Judgement
judge_relayed (const Trial *trial)
{
    const PrcExchange *last = trial->last;

    if (last->status == 400 && !trial->was_asked && !last->by_proxy)
        return untested (PRC_CASE_WEB_SERVER);
    if (last->status == 403 || last->status == 451)
        return (Judgement){ PRC_CASE_FORBIDDEN, accepted_if_sent (trial) };
    if (last->status >= 500 || last->status == 408 ||
        (last->status == 404 && last->reason != NULL && strstr (last->reason, "domain") != NULL))
        return (Judgement){ PRC_CASE_UPSTREAM, accepted_if_sent (trial) };
    return passed (trial);
}

static Judgement
judge_status (const Trial *trial)
{
    int status = trial->last->status;

    if (status < 200 || status > 599)
        return untested (PRC_CASE_ODD_STATUS);
    if (status < 300)
        return passed (trial);
    if (status < 400 && stays_on_site (trial))
        return passed (trial);
    if (status < 400)
        return untested (trial->last->location != NULL ? PRC_CASE_REDIRECT : PRC_CASE_ODD_STATUS);
    if (status == 401)
        return judge_401 (trial);
    if (status == 407)
        return judge_407 (trial);
    if (status == 429)
        return untested (PRC_CASE_TOO_MANY);
    if (status == 511)
        return untested (PRC_CASE_PORTAL);
    return trial->is_https ? judge_connect (trial) : judge_relayed (trial);
}

static gboolean
says_any (const PrcExchange *exchange, const char *const *words)
{
    for (; exchange->text != NULL && *words != NULL; words++)
        if (strstr (exchange->text, *words) != NULL)
            return TRUE;
    return FALSE;
}

/* Of the site's certificate, or of the proxy's own. */
static PrcCase
certificate_case (const PrcExchange *exchange, gboolean is_proxy)
{
    static const char *const expired[] = { /* untranslated: as libcurl, OpenSSL and GnuTLS put it */
                                           "expired", "not yet valid", NULL
    };
    static const char *const other_name[] = { /* untranslated: the same */
                                              "subject name", "does not match", "mismatch", NULL
    };

    if (says_any (exchange, expired))
        return is_proxy ? PRC_CASE_PROXY_EXPIRED : PRC_CASE_SITE_EXPIRED;
    if (says_any (exchange, other_name))
        return is_proxy ? PRC_CASE_PROXY_OTHER_NAME : PRC_CASE_SITE_OTHER_NAME;
    return is_proxy ? PRC_CASE_PROXY_CERTIFICATE : PRC_CASE_INTERCEPTED;
}

/* An alert comes only from who speaks TLS. To write the proxy with http:// would send the password
 * in clear. */
static PrcCase
handshake_case (const PrcExchange *exchange)
{
    static const char *const words[] = {
        /* untranslated: the same */
        "alert",  "unrecognized name", "unsupported protocol",
        "sigalg", "signature",         "key too small",
        NULL,
    };

    return says_any (exchange, words) ? PRC_CASE_PROXY_TLS : PRC_CASE_PROXY_NOT_TLS;
}

/* It does speak SOCKS, for it has asked; but what came to the credential is no answer. */
static Judgement
judge_bad_socks (const Trial *trial)
{
    static const char *const closed[] = { "closed", "reset", NULL };

    if (!trial->was_asked || is_socks4 (trial))
        return untested (PRC_CASE_NOT_SOCKS);
    return untested (says_any (trial->last, closed) ? PRC_CASE_CLOSED_SENT
                                                    : PRC_CASE_UPSTREAM_SOCKS);
}

static Judgement
judge_socks (const Trial *trial)
{
    PrcCredentialFate fate = accepted_if_sent (trial);

    switch ((int) trial->last->failure) {
    case PRC_FAILURE_SOCKS_AUTH:
        if (is_socks4 (trial))
            return untested (PRC_CASE_UPSTREAM_SOCKS4);
        return untested (trial->last == trial->control ? PRC_CASE_MISSING_SOCKS
                                                       : PRC_CASE_UNSUPPORTED_SOCKS);
    case PRC_FAILURE_SOCKS_REJECTED:
        if (trial->last == trial->control) /* it asks unasked, and was given an empty one */
            return untested (PRC_CASE_MISSING_SOCKS);
        return (Judgement){ PRC_CASE_REJECTED_SOCKS, PRC_CREDENTIAL_REJECTED };
    case PRC_FAILURE_SOCKS_DENIED:
        return (Judgement){ PRC_CASE_FORBIDDEN_SOCKS, fate };
    case PRC_FAILURE_SOCKS_TARGET:
        return (Judgement){ PRC_CASE_UPSTREAM_SOCKS, fate };
    default:
        return judge_bad_socks (trial);
    }
}

/* Closed before anything came through it. */
static Judgement
judge_dead_tunnel (const Trial *trial)
{
    return trial->was_asked ? (Judgement){ PRC_CASE_UPSTREAM_CLOSED, accepted_if_sent (trial) }
                            : untested (PRC_CASE_CLOSED_INSIDE);
}

static Judgement
judge_failure (const Trial *trial)
{
    PrcCredentialFate fate = accepted_if_sent (trial);
    const char *text = trial->last->text;

    switch (trial->last->failure) {
    case PRC_FAILURE_NONE:
        return trial->by_socks ? passed (trial) : judge_status (trial);
    case PRC_FAILURE_RESOLVE_PROXY:
        return untested (PRC_CASE_UNRESOLVABLE);
    case PRC_FAILURE_RESOLVE_SITE:
        return untested (PRC_CASE_UNRESOLVABLE_SITE);
    case PRC_FAILURE_CONNECT: /* of a tunnel that is open: libcurl found the connection reset */
        return trial->is_https && trial->last->status / 100 == 2 ? judge_dead_tunnel (trial)
                                                                 : untested (PRC_CASE_UNREACHABLE);
    case PRC_FAILURE_TIMEOUT:
        if (trial->is_https && trial->last->status / 100 == 2)
            return (Judgement){ PRC_CASE_TIMEOUT_INSIDE, fate };
        return untested (trial->last->sent ? PRC_CASE_TIMEOUT_SENT : PRC_CASE_TIMEOUT);
    case PRC_FAILURE_PROXY_NOT_TLS:
        return untested (handshake_case (trial->last));
    case PRC_FAILURE_PROXY_CERTIFICATE:
        return untested (certificate_case (trial->last, TRUE));
    case PRC_FAILURE_CLOSED:
        if (trial->last->sent && trial->was_asked)
            return untested (PRC_CASE_CLOSED_SENT);
        if (trial->request->proxy->scheme == PRC_PROXY_HTTPS)
            return untested (PRC_CASE_CLOSED_TLS);
        return untested (trial->by_socks ? PRC_CASE_NOT_SOCKS : PRC_CASE_CLOSED);
    case PRC_FAILURE_NOT_HTTP:
        return untested (text != NULL && g_str_has_prefix (text, "SSH-") ? PRC_CASE_SSH
                                                                         : PRC_CASE_NOT_HTTP);
    case PRC_FAILURE_WANTS_TLS:
        return untested (PRC_CASE_WANTS_TLS);
    case PRC_FAILURE_TOO_LARGE:
        return untested (PRC_CASE_TOO_LARGE);
    case PRC_FAILURE_SITE_CERTIFICATE:
        return (Judgement){ certificate_case (trial->last, FALSE), fate };
    case PRC_FAILURE_SITE_NOT_TLS:
        return trial->was_asked ? (Judgement){ PRC_CASE_UPSTREAM_NO_TLS, fate }
                                : untested (PRC_CASE_NO_TLS_INSIDE);
    case PRC_FAILURE_SITE_TLS:
        return (Judgement){ PRC_CASE_UPSTREAM_TLS, fate };
    case PRC_FAILURE_SITE_CLOSED:
        return judge_dead_tunnel (trial);
    case PRC_FAILURE_SOCKS_AUTH:
    case PRC_FAILURE_SOCKS_REJECTED:
    case PRC_FAILURE_SOCKS_DENIED:
    case PRC_FAILURE_SOCKS_TARGET:
    case PRC_FAILURE_SOCKS_BAD:
        return judge_socks (trial);
    case PRC_FAILURE_OTHER:
    default:
        return untested (PRC_CASE_OTHER);
    }
}

PrcCheckResult *
prc_judge_result_new (const PrcProbeRequest *request)
{
    PrcCheckResult *result = prc_check_result_new ();
    g_autofree char *bare = prc_proxy_url_format_bare (request->proxy);
    g_autofree char *user = request->user != NULL ? prc_percent_encode (request->user) : NULL;

    if (user != NULL)
        result->proxy =
            g_strdup_printf ("%s://%s@%s", prc_proxy_scheme_name (request->proxy->scheme), user,
                             strstr (bare, "://") + 3);
    else
        result->proxy = g_steal_pointer (&bare);
    result->url = prc_text_printable (request->url);
    return result;
}

static void
copy_offers (PrcCheckResult *result, const Trial *trial)
{
    const GPtrArray *offers = trial->control != NULL ? trial->control->offers : NULL;

    for (guint i = 0; offers != NULL && i < offers->len; i++) {
        const PrcOffer *offer = g_ptr_array_index (offers, i);

        g_ptr_array_add (result->offers, prc_offer_new (offer->scheme, offer->realm));
    }
}

static Judgement
judge_trial (const Trial *trial, const PrcFacts *facts)
{
    if (facts->is_broken)
        return untested (PRC_CASE_BROKEN);
    if (facts->sending != NULL)
        return untested (PRC_CASE_TIMEOUT_SENT);
    if (trial->last == NULL && !g_hostname_is_ip_address (trial->request->proxy->host))
        return untested (PRC_CASE_TIMEOUT_NAME); /* the helper tells of all else in time */
    if (trial->last == NULL ||
        (facts->timed_out && !facts->is_complete && trial->last->failure == PRC_FAILURE_NONE &&
         trial->last == trial->control && trial->last->status / 100 == 2))
        return untested (PRC_CASE_TIMEOUT);
    return judge_failure (trial);
}

/* A SOCKS5 server that takes no user and password was not given them. */
static gboolean
went_out (const Trial *trial)
{
    return trial->last->sent &&
           (trial->last->failure != PRC_FAILURE_SOCKS_AUTH || is_socks4 (trial));
}

PrcCheckResult *
prc_judge (const PrcProbeRequest *request, const PrcFacts *facts)
{
    PrcCheckResult *result = prc_judge_result_new (request);
    guint n = facts->exchanges->len;
    Trial trial = {
        .request = request,
        .control = n > 0 ? g_ptr_array_index (facts->exchanges, 0) : NULL,
        .last = n > 0 ? g_ptr_array_index (facts->exchanges, n - 1) : NULL,
        .by_socks = request->proxy->scheme >= PRC_PROXY_SOCKS4,
    };
    Judgement judgement;

    (void) prc_probe_check_target (request->url, NULL, &trial.is_https, NULL);
    trial.was_asked =
        trial.control != NULL &&
        ((trial.control->failure == PRC_FAILURE_NONE && trial.control->status == 407) ||
         trial.control->failure == PRC_FAILURE_SOCKS_AUTH);
    trial.sent = facts->sending != NULL || (trial.last != NULL && went_out (&trial));
    judgement = judge_trial (&trial, facts);
    copy_offers (result, &trial);
    result->verdict = prc_case_verdict (judgement.judged);
    result->credential = judgement.fate;
    result->http_status = trial.last != NULL ? trial.last->status : 0;
    result->attempts = trial.sent ? 1 : 0;
    if (trial.sent)
        result->scheme_used =
            g_strdup (facts->sending != NULL ? facts->sending : trial.last->scheme);
    result->elapsed_ms = facts->elapsed_ms;
    prc_case_words (judgement.judged, request, trial.last, result);
    return result;
}
