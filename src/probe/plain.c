/* plain.c - an exchange without a credential, or with Basic, byte by byte over libcurl's connection
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/fs.h"
#include "probe/engine-internal.h"

/** For the body of a 400, which says what was wrong. */
#define BODY_WAIT_MS 300
#define BUFFER_MAX (PRC_HEAD_BYTES_MAX + 65536u)

/* The connection to the proxy: our own, or with TLS by libcurl. */
typedef struct {
    PrcEngine *engine;
    PrcExchange *exchange;
    int fd;
    gboolean is_tls; /* @fd is the handle's */
} Line;

static gboolean
wait_for (const Line *line, short events, long limit_ms)
{
    struct pollfd poll_fd = { .fd = line->fd, .events = events };
    long left = MIN (prc_engine_left_ms (line->engine), limit_ms);

    return left > 0 && poll (&poll_fd, 1, (int) MIN (left, G_MAXINT)) > 0;
}

static gboolean
dial (Line *line)
{
    PrcEngine *engine = line->engine;
    const PrcProxyUrl *proxy = engine->request->proxy;
    g_autofree char *text = NULL;
    PrcDialResult result;
    int error = 0;

    if (engine->addresses == NULL)
        engine->addresses = prc_addresses_lookup (proxy->host, proxy->port, &text);
    if (engine->addresses == NULL) {
        prc_engine_fail (line->exchange, PRC_FAILURE_RESOLVE_PROXY, text);
        return FALSE;
    }
    result = prc_dial (engine->addresses, engine->deadline, &line->fd, &error);
    if (result == PRC_DIAL_REFUSED)
        prc_engine_fail (line->exchange, PRC_FAILURE_CONNECT, g_strerror (error));
    else if (result == PRC_DIAL_TIMEOUT)
        prc_engine_fail (line->exchange, PRC_FAILURE_TIMEOUT, NULL);
    return result == PRC_DIAL_DONE;
}

static gboolean
dial_tls (Line *line)
{
    PrcEngine *engine = line->engine;
    curl_socket_t fd = CURL_SOCKET_BAD;
    CURLcode code = CURLE_FAILED_INIT;

    if (engine->easy != NULL || (engine->easy = prc_engine_new_easy (engine)) != NULL) {
        prc_engine_prepare (engine, engine->easy);
        curl_easy_setopt (engine->easy, CURLOPT_URL, engine->proxy);
        curl_easy_setopt (engine->easy, CURLOPT_CONNECT_ONLY, 1L);
        code = curl_easy_perform (engine->easy);
    }
    if (code == CURLE_OK &&
        curl_easy_getinfo (engine->easy, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK) {
        line->fd = fd;
        return TRUE;
    }
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        code = CURLE_COULDNT_RESOLVE_PROXY;
    if (prc_engine_fail_connect (engine, engine->easy, line->exchange, code))
        return FALSE;
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        prc_engine_fail (line->exchange, PRC_FAILURE_PROXY_CERTIFICATE, engine->error);
        line->exchange->issuer = g_steal_pointer (&engine->issuer);
    } else {
        prc_engine_fail (line->exchange, PRC_FAILURE_PROXY_NOT_TLS, engine->error);
    }
    return FALSE;
}

/* As write() and read(): -1 with EAGAIN when it isn't ready. */

static gssize
put (const Line *line, const char *bytes, gsize length)
{
    gsize n = 0;
    CURLcode code;

    if (!line->is_tls)
        return send (line->fd, bytes, length, MSG_NOSIGNAL);
    code = curl_easy_send (line->engine->easy, bytes, length, &n);
    errno = code == CURLE_AGAIN ? EAGAIN : EIO;
    return code == CURLE_OK ? (gssize) n : -1;
}

static gssize
get (const Line *line, void *bytes, gsize length)
{
    gsize n = 0;
    CURLcode code;

    if (!line->is_tls)
        return recv (line->fd, bytes, length, 0);
    code = curl_easy_recv (line->engine->easy, bytes, length, &n);
    errno = code == CURLE_AGAIN ? EAGAIN : EIO;
    return code == CURLE_OK ? (gssize) n : -1;
}

static gboolean
is_not_ready (void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

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

static gboolean
send_request (const Line *line, gboolean with_basic)
{
    g_autoptr (PrcWipedString) request = format_request (line->engine, with_basic);
    gsize length = strlen (request), sent = 0;

    while (sent < length) {
        gssize n = put (line, request + sent, length - sent);

        if (n >= 0) {
            sent += (gsize) n;
            line->exchange->sent = with_basic && sent > 0;
        } else if (!is_not_ready ()) {
            prc_engine_fail (line->exchange, PRC_FAILURE_CLOSED, NULL);
            return FALSE;
        } else if (!wait_for (line, POLLOUT, G_MAXLONG)) {
            prc_engine_fail (line->exchange, PRC_FAILURE_TIMEOUT, NULL);
            return FALSE;
        }
    }
    return TRUE;
}

/* More bytes at the end of @buffer; FALSE: the peer has closed, or the time is over. */
static gboolean
receive (const Line *line, GByteArray *buffer, long limit_ms, PrcFailure *ret_failure)
{
    guint8 chunk[16384];

    for (;;) {
        gssize n = get (line, chunk, sizeof chunk);

        if (n > 0) {
            g_byte_array_append (buffer, chunk, (guint) n);
            return TRUE;
        }
        if (n == 0 || !is_not_ready ()) {
            *ret_failure = PRC_FAILURE_CLOSED;
            return FALSE;
        }
        if (!wait_for (line, POLLIN, limit_ms)) {
            *ret_failure = PRC_FAILURE_TIMEOUT;
            return FALSE;
        }
    }
}

/* What can't become "HTTP/": told from its first bytes, for there may never be a line end. */
static PrcFailure
judge_beginning (const GByteArray *buffer)
{
    const char *bytes = (const char *) buffer->data;
    gsize skipped = 0;

    if (buffer->len >= 2 && (buffer->data[0] == 0x15 || buffer->data[0] == 0x16) &&
        buffer->data[1] == 0x03)
        return PRC_FAILURE_WANTS_TLS;
    while (skipped < buffer->len && (bytes[skipped] == '\r' || bytes[skipped] == '\n'))
        skipped++;
    if (skipped == buffer->len)
        return skipped > 64 ? PRC_FAILURE_NOT_HTTP : PRC_FAILURE_NONE;
    return g_ascii_strncasecmp (bytes + skipped, "HTTP/", MIN (buffer->len - skipped, 5u)) == 0
               ? PRC_FAILURE_NONE
               : PRC_FAILURE_NOT_HTTP;
}

static char *
beginning_of (const GByteArray *buffer)
{
    const char *bytes = (const char *) buffer->data;
    gsize length = 0;

    while (length < buffer->len && length < 80 && bytes[length] != '\n' && bytes[length] != '\r')
        length++;
    return g_strndup (bytes, length);
}

/* All whole lines of @buffer from *@at on. */
static PrcHeadState
feed (PrcHead *head, const GByteArray *buffer, gsize *at)
{
    PrcHeadState state = PRC_HEAD_MORE;

    while (state == PRC_HEAD_MORE && *at < buffer->len) {
        const guint8 *start = buffer->data + *at;
        const guint8 *end = memchr (start, '\n', buffer->len - *at);

        if (end == NULL)
            break;
        *at += (gsize) (end - start) + 1;
        state = prc_head_line (head, (const char *) start, (gsize) (end - start) + 1);
        if (state == PRC_HEAD_END && head->status < 200 && head->status != 101)
            state = PRC_HEAD_MORE; /* 100 Continue and the like: the answer is still to come */
    }
    return state;
}

/* Servers that want TLS say so in a 400: nginx, Apache, Go. */
static gboolean
speaks_of_tls (const Line *line, GByteArray *buffer, gsize at)
{
    PrcFailure ignored = PRC_FAILURE_NONE;
    g_autofree char *body = NULL;

    if (at >= buffer->len)
        (void) receive (line, buffer, BODY_WAIT_MS, &ignored);
    body = g_strndup ((const char *) buffer->data + at, MIN (buffer->len - at, 4096u));
    return strstr (body, "HTTPS") != NULL || strstr (body, "SSL-enabled") != NULL;
}

static void
read_answer (const Line *line)
{
    const PrcEngine *engine = line->engine;
    PrcExchange *exchange = line->exchange;
    g_auto (PrcHead) head = { 0 };
    g_autoptr (GByteArray) buffer = g_byte_array_new ();
    PrcHeadState state = PRC_HEAD_MORE;
    PrcFailure failure = PRC_FAILURE_NONE;
    gsize at = 0;

    prc_head_init (&head);
    while (state == PRC_HEAD_MORE && failure == PRC_FAILURE_NONE) {
        if (!receive (line, buffer, G_MAXLONG, &failure))
            break;
        failure = judge_beginning (buffer);
        if (failure == PRC_FAILURE_NONE)
            state = feed (&head, buffer, &at);
        if (state == PRC_HEAD_TOO_LARGE || buffer->len > BUFFER_MAX)
            failure = PRC_FAILURE_TOO_LARGE;
        else if (state == PRC_HEAD_NOT_HTTP)
            failure = PRC_FAILURE_NOT_HTTP;
    }
    prc_engine_take_head (exchange, &head);
    if (failure == PRC_FAILURE_NONE && engine->is_https && head.status >= 200 &&
        head.status < 300 && at < buffer->len)
        failure = PRC_FAILURE_SITE_NOT_TLS; /* in TLS the client speaks first */
    if (failure == PRC_FAILURE_NOT_HTTP) {
        g_autofree char *text = beginning_of (buffer);

        prc_engine_fail (exchange, failure, text);
    } else if (failure == PRC_FAILURE_NONE && head.status == 400 &&
               engine->request->proxy->scheme == PRC_PROXY_HTTP &&
               speaks_of_tls (line, buffer, at)) {
        prc_engine_fail (exchange, PRC_FAILURE_WANTS_TLS, NULL);
    } else if (failure != PRC_FAILURE_NONE) {
        prc_engine_fail (exchange, failure, NULL);
    }
}

PrcExchange *
prc_engine_ask (PrcEngine *engine, gboolean with_basic)
{
    PrcExchange *exchange = prc_exchange_new ();
    Line line = { engine, exchange, -1, engine->request->proxy->scheme == PRC_PROXY_HTTPS };

    exchange->scheme = with_basic ? g_strdup (prc_auth_scheme_name (PRC_AUTH_BASIC)) : NULL;
    if ((line.is_tls ? dial_tls (&line) : dial (&line)) && send_request (&line, with_basic))
        read_answer (&line);
    if (line.is_tls)
        return exchange;
    if (exchange->failure == PRC_FAILURE_NONE && engine->is_https && exchange->status >= 200 &&
        exchange->status < 300)
        prc_engine_enter_tunnel (engine, line.fd, exchange);
    else
        prc_fd_clear (&line.fd);
    return exchange;
}
