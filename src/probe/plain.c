/* plain.c - an exchange without a credential, or with Basic, byte by byte; and what follows in the
 * tunnel that it has opened */
#include <string.h>

#include "base/fs.h"
#include "probe/answer.h"
#include "probe/engine-internal.h"

/** For the body of a 400, which says what was wrong. */
#define BODY_WAIT_MS 300
/** How long the site may take to answer through the open tunnel: the verdict on the proxy doesn't
 * need it. */
#define SITE_WAIT_MS 3000

static gboolean
dial (PrcEngine *engine, PrcLine *line, PrcExchange *exchange)
{
    const PrcProxyUrl *proxy = engine->request->proxy;
    g_autofree char *text = NULL;
    PrcDialResult result;
    int error = 0;

    if (engine->addresses == NULL)
        engine->addresses = prc_addresses_lookup (proxy->host, proxy->port, &text);
    if (engine->addresses == NULL) {
        prc_exchange_fail (exchange, PRC_FAILURE_RESOLVE_PROXY, text);
        return FALSE;
    }
    result = prc_dial (engine->addresses, engine->deadline, &line->fd, &error);
    if (result == PRC_DIAL_REFUSED)
        prc_exchange_fail (exchange, PRC_FAILURE_CONNECT, g_strerror (error));
    else if (result == PRC_DIAL_TIMEOUT)
        prc_exchange_fail (exchange, PRC_FAILURE_TIMEOUT, NULL);
    return result == PRC_DIAL_DONE;
}

/* @failures: what each result of the handshake means for this peer. */
static gboolean
start_tls (PrcEngine *engine, PrcLine *line, const char *host, const PrcFailure *failures,
           PrcExchange *exchange)
{
    const char *text = NULL;
    PrcLineResult result = prc_line_start_tls (line, engine->tls, host, &text);

    if (result == PRC_LINE_DONE)
        return TRUE;
    prc_exchange_fail (exchange, failures[result], text);
    exchange->issuer = g_steal_pointer (&line->issuer);
    return FALSE;
}

static gboolean
start_tls_with_proxy (PrcEngine *engine, PrcLine *line, PrcExchange *exchange)
{
    static const PrcFailure failures[] = {
        [PRC_LINE_CLOSED] = PRC_FAILURE_PROXY_NOT_TLS,
        [PRC_LINE_TIMEOUT] = PRC_FAILURE_TIMEOUT,
        [PRC_LINE_UNTRUSTED] = PRC_FAILURE_PROXY_CERTIFICATE,
        [PRC_LINE_NOT_TLS] = PRC_FAILURE_PROXY_NOT_TLS,
        [PRC_LINE_TLS_FAILED] = PRC_FAILURE_PROXY_NOT_TLS,
    };

    return start_tls (engine, line, engine->request->proxy->host, failures, exchange);
}

static gboolean
start_tls_with_site (PrcEngine *engine, PrcLine *line, PrcExchange *exchange)
{
    static const PrcFailure failures[] = {
        [PRC_LINE_CLOSED] = PRC_FAILURE_SITE_CLOSED,
        [PRC_LINE_TIMEOUT] = PRC_FAILURE_TIMEOUT,
        [PRC_LINE_UNTRUSTED] = PRC_FAILURE_SITE_CERTIFICATE,
        [PRC_LINE_NOT_TLS] = PRC_FAILURE_SITE_NOT_TLS,
        [PRC_LINE_TLS_FAILED] = PRC_FAILURE_SITE_TLS,
    };

    return start_tls (engine, line, engine->host, failures, exchange);
}

/* Requests */

/* "Proxy-Authorization: …\r\n", or nothing. RFC 7617: the bytes as they are. */
static char *
format_credential (const PrcProbeRequest *request)
{
    g_autoptr (PrcWipedString) pair =
        g_strconcat (request->user, ":", prc_secret_text (request->password), NULL);
    g_autoptr (PrcWipedString) base64 = g_base64_encode ((const guchar *) pair, strlen (pair));

    /* untranslated: HTTP */
    return g_strconcat ("Proxy-Authorization: Basic ", base64, "\r\n", NULL);
}

static char *
format_request (const PrcEngine *engine, gboolean with_basic)
{
    const char *url = engine->request->url;
    const char *path = url + 7 + strcspn (url + 7, "/?#");
    g_autoptr (PrcWipedString) credential =
        with_basic ? format_credential (engine->request) : g_strdup ("");

    if (engine->is_https)
        /* untranslated: HTTP */
        return g_strdup_printf ("CONNECT %s:%u HTTP/1.1\r\nHost: %s:%u\r\n%sUser-Agent: %s\r\n"
                                "Proxy-Connection: Keep-Alive\r\n\r\n",
                                engine->host_in_url, engine->port, engine->host_in_url,
                                engine->port, credential, PRC_USER_AGENT);
    /* untranslated: HTTP */
    return g_strdup_printf ("GET %.*s%s%.*s HTTP/1.1\r\nHost: %.*s\r\n%sUser-Agent: %s\r\n"
                            "Accept: */*\r\nProxy-Connection: Keep-Alive\r\n\r\n",
                            (int) (path - url), url, *path == '/' ? "" : "/",
                            (int) strcspn (path, "#"), path, (int) (path - url - 7), url + 7,
                            credential, PRC_USER_AGENT);
}

/* What is asked of the site itself: in the tunnel it is as any client asks. */
static char *
format_site_request (const PrcEngine *engine)
{
    const char *authority = engine->request->url + strlen ("https://");
    const char *path = authority + strcspn (authority, "/?#");

    /* untranslated: HTTP */
    return g_strdup_printf ("GET %s%.*s HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: %s\r\n"
                            "Accept: */*\r\nConnection: close\r\n\r\n",
                            *path == '/' ? "" : "/", (int) strcspn (path, "#"), path,
                            (int) (path - authority), authority, PRC_USER_AGENT);
}

static PrcLineResult
send_all (PrcLine *line, const char *bytes, gboolean *ret_any)
{
    gsize length = strlen (bytes), sent = 0;

    while (sent < length) {
        gsize n = 0;
        PrcLineResult result = prc_line_send (line, bytes + sent, length - sent, &n);

        if (result != PRC_LINE_DONE)
            return result;
        sent += n;
        *ret_any = TRUE;
    }
    return PRC_LINE_DONE;
}

static gboolean
send_request (const PrcEngine *engine, PrcLine *line, gboolean with_basic, PrcExchange *exchange)
{
    g_autoptr (PrcWipedString) request = format_request (engine, with_basic);
    gboolean any = FALSE;
    PrcLineResult result = send_all (line, request, &any);

    exchange->sent = with_basic && any;
    if (result != PRC_LINE_DONE)
        prc_exchange_fail (
            exchange, result == PRC_LINE_TIMEOUT ? PRC_FAILURE_TIMEOUT : PRC_FAILURE_CLOSED, NULL);
    return result == PRC_LINE_DONE;
}

/* Answers */

/* Servers that want TLS say so in a 400: nginx, Apache, Go. */
static gboolean
speaks_of_tls (PrcAnswer *answer, PrcLine *line)
{
    gint64 deadline = line->deadline;
    g_autofree char *body = NULL;

    line->deadline = MIN (deadline, g_get_monotonic_time () + BODY_WAIT_MS * 1000);
    body = prc_answer_body (answer, line);
    line->deadline = deadline;
    return strstr (body, "HTTPS") != NULL || strstr (body, "SSL-enabled") != NULL;
}

static gboolean
opens_tunnel (const PrcEngine *engine, int status)
{
    return engine->is_https && status >= 200 && status < 300;
}

static gboolean
read_answer (const PrcEngine *engine, PrcLine *line, PrcExchange *exchange)
{
    g_auto (PrcAnswer) answer = { 0 };
    g_autofree char *text = NULL;
    PrcFailure failure;

    prc_answer_init (&answer);
    failure = prc_answer_read_head (&answer, line);
    prc_exchange_take_head (exchange, &answer.head);
    if (failure == PRC_FAILURE_NOT_HTTP)
        text = prc_answer_beginning (&answer);
    else if (failure == PRC_FAILURE_NONE && opens_tunnel (engine, answer.head.status) &&
             answer.at < answer.buffer->len)
        failure = PRC_FAILURE_SITE_NOT_TLS; /* in TLS the client speaks first */
    else if (failure == PRC_FAILURE_NONE && answer.head.status == 400 && line->ssl == NULL &&
             speaks_of_tls (&answer, line))
        failure = PRC_FAILURE_WANTS_TLS;
    if (failure != PRC_FAILURE_NONE)
        prc_exchange_fail (exchange, failure, text);
    return failure == PRC_FAILURE_NONE;
}

/* TLS with the site, and its first answer. That it gives none says nothing of the proxy. */
static void
enter_tunnel (PrcEngine *engine, PrcLine *line, PrcExchange *exchange)
{
    g_autofree char *request = format_site_request (engine);
    g_auto (PrcAnswer) answer = { 0 };
    PrcFailure failure = PRC_FAILURE_CLOSED;
    gboolean any = FALSE;

    if (!start_tls_with_site (engine, line, exchange))
        return;
    prc_answer_init (&answer);
    line->deadline = MIN (line->deadline, g_get_monotonic_time () + SITE_WAIT_MS * 1000);
    if (send_all (line, request, &any) == PRC_LINE_DONE)
        failure = prc_answer_read_head (&answer, line);
    if (failure == PRC_FAILURE_NONE)
        exchange->site_status = answer.head.status;
}

PrcExchange *
prc_engine_ask (PrcEngine *engine, gboolean with_basic)
{
    PrcExchange *exchange = prc_exchange_new ();
    g_auto (PrcLine) line = { .fd = -1, .deadline = engine->deadline };
    gboolean is_tls = engine->request->proxy->scheme == PRC_PROXY_HTTPS;

    exchange->scheme = with_basic ? g_strdup (prc_auth_scheme_name (PRC_AUTH_BASIC)) : NULL;
    if (dial (engine, &line, exchange) &&
        (!is_tls || start_tls_with_proxy (engine, &line, exchange)) &&
        send_request (engine, &line, with_basic, exchange) &&
        read_answer (engine, &line, exchange) && opens_tunnel (engine, exchange->status))
        enter_tunnel (engine, &line, exchange);
    return exchange;
}
