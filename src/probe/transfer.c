/* transfer.c - one whole exchange by libcurl, and what of it is told */
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "probe/curl-internal.h"

/** How long the site may take to answer through the open tunnel: the verdict on the proxy doesn't
 * need it. */
#define SITE_WAIT_US (3 * G_USEC_PER_SEC)

typedef struct {
    PrcCurlHandle *handle;
    const PrcEngine *engine;
    CURL *easy;
    PrcExchange *exchange;
    PrcHead head;
    int scheme;              /* -1: none */
    guint n_asked;           /* requests with Proxy-Authorization */
    guint n_sent;            /* those with a credential in it */
    gboolean tunnel_is_open; /* what comes now is the site's */
    gboolean is_over;        /* all is known: libcurl was told to stop */
    gint64 site_asked_at;    /* 0: not yet */
    char *negotiate_text;    /* (nullable): why no ticket could be sent */
} Transfer;

/** NTLM needs two requests, Negotiate may need some, and libcurl sometimes begins anew. */
#define ASKED_MAX 8u

/* Whether the answer is final; the rest is libcurl's to judge. */
static gboolean
has_sent_all (const Transfer *transfer)
{
    return (transfer->n_sent > 0 && transfer->scheme != PRC_AUTH_NEGOTIATE) ||
           transfer->n_asked >= ASKED_MAX;
}

static void
fail (Transfer *transfer, PrcFailure failure, const char *text)
{
    if (transfer->exchange->failure == PRC_FAILURE_NONE)
        prc_exchange_fail (transfer->exchange, failure, text);
    transfer->is_over = TRUE;
}

/* A head is whole. FALSE: nothing more is needed. */
static gboolean
end_of_head (Transfer *transfer)
{
    const PrcHead *head = &transfer->head;

    if (head->status < 200 && head->status != 101) {
        if (!transfer->tunnel_is_open && transfer->engine->is_https)
            prc_exchange_take_head (transfer->exchange, head); /* libcurl gives up here */
        return TRUE;
    }
    if (transfer->tunnel_is_open) {
        transfer->exchange->site_status = head->status;
        return FALSE;
    }
    prc_exchange_take_head (transfer->exchange, head);
    if (head->status == 407) {
        if (!has_sent_all (transfer))
            return TRUE;
        /* The nonce is a moment old. libcurl would send the password again and again. */
        if (head->is_stale)
            /* untranslated: a fact, as libcurl's are */
            fail (transfer, PRC_FAILURE_OTHER, "it calls the nonce stale that it has just given");
        return FALSE;
    }
    if (transfer->engine->is_https && head->status < 300) {
        transfer->tunnel_is_open = TRUE;
        return TRUE;
    }
    return FALSE;
}

static size_t
on_header (char *line, size_t size, size_t n, void *data)
{
    Transfer *transfer = data;
    gsize length = size * n;

    switch (prc_head_line (&transfer->head, line, length)) {
    case PRC_HEAD_MORE:
        return length;
    case PRC_HEAD_END:
        if (end_of_head (transfer))
            return length;
        transfer->is_over = TRUE;
        return 0;
    case PRC_HEAD_NOT_HTTP:
        fail (transfer, PRC_FAILURE_NOT_HTTP, transfer->head.first_line);
        return 0;
    case PRC_HEAD_TOO_LARGE:
    default:
        fail (transfer, PRC_FAILURE_TOO_LARGE, NULL);
        return 0;
    }
}

/* The body says nothing that the head has not said. */
static size_t
on_body (char *bytes, size_t size, size_t n, void *data)
{
    Transfer *transfer = data;

    (void) bytes;
    (void) size;
    (void) n;
    transfer->is_over = TRUE;
    return 0;
}

static int
on_progress (void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    Transfer *transfer = data;

    (void) a;
    (void) b;
    (void) c;
    (void) d;
    if (transfer->site_asked_at == 0 ||
        g_get_monotonic_time () - transfer->site_asked_at < SITE_WAIT_US)
        return 0;
    transfer->is_over = TRUE;
    return 1;
}

/* Before each request. libcurl repeats one by itself when the connection has died over it: not with
 * a credential. */
static int
on_request (void *data, char *peer, char *local, int peer_port, int local_port)
{
    Transfer *transfer = data;

    (void) peer;
    (void) local;
    (void) peer_port;
    (void) local_port;
    if (!transfer->tunnel_is_open && transfer->scheme >= 0 && has_sent_all (transfer)) {
        fail (transfer, PRC_FAILURE_CLOSED, NULL);
        return CURL_PREREQFUNC_ABORT;
    }
    if (transfer->tunnel_is_open && transfer->site_asked_at == 0)
        transfer->site_asked_at = g_get_monotonic_time ();
    return CURL_PREREQFUNC_OK;
}

static gboolean
contains (const char *bytes, gsize length, const char *wanted)
{
    gsize n = strlen (wanted);

    for (gsize i = 0; i + n <= length; i++)
        if (g_ascii_strncasecmp (bytes + i, wanted, n) == 0)
            return TRUE;
    return FALSE;
}

/* What is sent, and the one thing that libcurl tells only here: why Kerberos has no ticket for us.
 */
static int
on_debug (CURL *easy, curl_infotype type, char *bytes, size_t length, void *data)
{
    Transfer *transfer = data;

    (void) easy;
    if (type == CURLINFO_HEADER_OUT && !transfer->tunnel_is_open &&
        contains (bytes, length, "\nProxy-Authorization:")) {
        /* NTLM's first message has no credential in it; this is how the last one begins in base64
         */
        transfer->n_sent += transfer->scheme != PRC_AUTH_NTLM ||
                            contains (bytes, length, "NTLM TlRMTVNTUAAD"); /* untranslated: HTTP */
        transfer->n_asked++;
        transfer->exchange->status = 0; /* the answer to this one is still to come */
    }
    if (type == CURLINFO_TEXT && transfer->scheme == PRC_AUTH_NEGOTIATE &&
        contains (bytes, length, "gss_")) {
        g_autofree char *copy = g_strndup (bytes, MIN (length, 300u));

        g_free (transfer->negotiate_text);
        transfer->negotiate_text = prc_text_printable (g_strstrip (copy));
    }
    return 0;
}

/* Percent-encoded in one string: libcurl decodes this one in all of its versions. */
static void
set_credential (const PrcEngine *engine, CURL *easy, int scheme)
{
    static const long masks[PRC_N_AUTH_SCHEMES] = {
        [PRC_AUTH_BASIC] = (long) CURLAUTH_BASIC,
        [PRC_AUTH_DIGEST] = (long) CURLAUTH_DIGEST,
        [PRC_AUTH_NTLM] = (long) CURLAUTH_NTLM,
        [PRC_AUTH_NEGOTIATE] = (long) CURLAUTH_NEGOTIATE,
    };
    const PrcProbeRequest *request = engine->request;
    g_autoptr (PrcWipedString) user = NULL;
    g_autoptr (PrcWipedString) password = NULL;
    g_autoptr (PrcWipedString) pair = NULL;

    curl_easy_setopt (easy, CURLOPT_PROXYAUTH, masks[scheme]);
    if (scheme == PRC_AUTH_NEGOTIATE) {
        curl_easy_setopt (easy, CURLOPT_PROXYUSERPWD, ":");
        return;
    }
    user = prc_percent_encode (request->user);
    password =
        prc_percent_encode (request->password != NULL ? prc_secret_text (request->password) : "");
    pair = g_strconcat (user, ":", password, NULL);
    curl_easy_setopt (easy, CURLOPT_PROXYUSERPWD, pair);
}

static void
set_up (Transfer *transfer)
{
    const PrcEngine *engine = transfer->engine;
    CURL *easy = transfer->easy;

    prc_curl_prepare (transfer->handle, engine, easy);
    curl_easy_setopt (easy, CURLOPT_URL, engine->request->url);
    curl_easy_setopt (easy, CURLOPT_USERAGENT, PRC_USER_AGENT);
    curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt (easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt (easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt (easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt (easy, CURLOPT_XFERINFODATA, transfer);
    curl_easy_setopt (easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt (easy, CURLOPT_PREREQFUNCTION, on_request);
    curl_easy_setopt (easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt (easy, CURLOPT_DEBUGFUNCTION, on_debug);
    curl_easy_setopt (easy, CURLOPT_DEBUGDATA, transfer);
    curl_easy_setopt (easy, CURLOPT_VERBOSE, 1L);
}

/* SOCKS: libcurl has a number for each way in which it can fail. */
static PrcFailure
socks_failure (CURL *easy)
{
    long number = 0;

    curl_easy_getinfo (easy, CURLINFO_PROXY_ERROR, &number);
    switch (number) {
    case CURLPX_NO_AUTH:
    case CURLPX_GSSAPI:
    case CURLPX_GSSAPI_PERMSG:
    case CURLPX_IDENTD:
    case CURLPX_IDENTD_DIFFER:
    case CURLPX_REQUEST_FAILED: /* SOCKS4 has one answer for all that goes wrong */
        return PRC_FAILURE_SOCKS_AUTH;
    case CURLPX_USER_REJECTED:
        return PRC_FAILURE_SOCKS_REJECTED;
    case CURLPX_REPLY_NOT_ALLOWED:
        return PRC_FAILURE_SOCKS_DENIED;
    case CURLPX_REPLY_CONNECTION_REFUSED:
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_TTL_EXPIRED:
    case CURLPX_REPLY_COMMAND_NOT_SUPPORTED: /* it has let us in, and will not do this one */
    case CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED:
    case CURLPX_REPLY_UNASSIGNED:
        return PRC_FAILURE_SOCKS_TARGET;
    case CURLPX_RESOLVE_HOST:
        return PRC_FAILURE_RESOLVE_SITE;
    default:
        return PRC_FAILURE_SOCKS_BAD;
    }
}

static gboolean
says_any (const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strstr (text, *words) != NULL)
            return TRUE;
    return FALSE;
}

static PrcFailure
tls_failure (const Transfer *transfer)
{
    static const char *const closed[] = {
        /* untranslated: as OpenSSL and GnuTLS put it */
        "SYSCALL", "reset", "unexpected eof", "non-properly terminated", NULL,
    };
    static const char *const other[] = {
        /* untranslated: the same */
        "wrong version number",
        "packet length too long",
        "http request",
        "unexpected TLS packet",
        NULL,
    };
    const char *text = transfer->handle->error;

    if (!transfer->tunnel_is_open)
        return PRC_FAILURE_PROXY_NOT_TLS;
    if (says_any (text, closed))
        return PRC_FAILURE_SITE_CLOSED;
    return says_any (text, other) ? PRC_FAILURE_SITE_NOT_TLS : PRC_FAILURE_SITE_TLS;
}

/* What libcurl's code means, where no answer of the proxy has said it better. */
static void
judge_code (Transfer *transfer, CURLcode code)
{
    PrcCurlHandle *handle = transfer->handle;
    PrcExchange *exchange = transfer->exchange;

    if (code == CURLE_OK || transfer->is_over ||
        prc_curl_fail_connect (handle, transfer->easy, exchange, code))
        return;
    switch ((int) code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        prc_exchange_fail (exchange, PRC_FAILURE_RESOLVE_SITE, NULL);
        break;
    case CURLE_PROXY:
        prc_exchange_fail (exchange, socks_failure (transfer->easy), handle->error);
        break;
    case CURLE_PEER_FAILED_VERIFICATION:
        prc_exchange_fail (exchange,
                           transfer->tunnel_is_open ? PRC_FAILURE_SITE_CERTIFICATE
                                                    : PRC_FAILURE_PROXY_CERTIFICATE,
                           handle->error);
        exchange->issuer = g_steal_pointer (&handle->issuer);
        break;
    case CURLE_SSL_CONNECT_ERROR:
        prc_exchange_fail (exchange, tls_failure (transfer), handle->error);
        break;
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
        prc_exchange_fail (exchange, PRC_FAILURE_NOT_HTTP, NULL);
        break;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        if (exchange->status == 0)
            prc_exchange_fail (exchange, PRC_FAILURE_CLOSED, NULL);
        break; /* else it only says that the status is none that opens a tunnel */
    default:
        prc_exchange_fail (exchange, PRC_FAILURE_OTHER, handle->error);
    }
}

static void
perform (Transfer *transfer)
{
    judge_code (transfer, curl_easy_perform (transfer->easy));
    curl_easy_setopt (transfer->easy, CURLOPT_VERBOSE, 0L); /* what it says later nobody hears */
    prc_head_clear (&transfer->head);
}

static void
begin (Transfer *transfer)
{
    transfer->easy = transfer->handle->easy;
    prc_head_init (&transfer->head);
    set_up (transfer);
}

PrcExchange *
prc_curl_transfer (PrcCurl *curl, const PrcEngine *engine, int scheme)
{
    PrcExchange *exchange = prc_exchange_new ();
    Transfer transfer = { .handle = (PrcCurlHandle *) curl,
                          .engine = engine,
                          .exchange = exchange,
                          .scheme = scheme,
                          .tunnel_is_open = engine->by_socks };

    begin (&transfer);
    curl_easy_setopt (transfer.easy, CURLOPT_PROXY, engine->proxy);
    curl_easy_setopt (transfer.easy, CURLOPT_SOCKS5_AUTH, (long) CURLAUTH_BASIC);
    if (scheme >= 0)
        set_credential (engine, transfer.easy, scheme);
    perform (&transfer);
    if (engine->by_socks) {
        exchange->sent = scheme >= 0 && exchange->failure != PRC_FAILURE_CONNECT &&
                         exchange->failure != PRC_FAILURE_RESOLVE_PROXY;
        exchange->scheme = scheme >= 0 ? g_strdup ("socks") : NULL;
    } else {
        exchange->sent = transfer.n_sent > 0;
        exchange->scheme =
            scheme >= 0 ? g_strdup (prc_auth_scheme_name ((PrcAuthScheme) scheme)) : NULL;
    }
    if (!exchange->sent && transfer.negotiate_text != NULL && exchange->text == NULL)
        exchange->text = g_steal_pointer (&transfer.negotiate_text);
    g_free (transfer.negotiate_text);
    return exchange;
}
