#include "probe/engine.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fs.h"
#include "probe/engine-internal.h"
#include "probe/ticket.h"

long
prc_engine_left_ms (const PrcEngine *engine)
{
    gint64 left = (engine->deadline - g_get_monotonic_time ()) / 1000;

    return left > 0 ? (long) left : 0;
}

/* Certificates are trusted from the system's folder, where each is found by its name, if there is
 * one: reading all of them takes longer than the whole check. */
static const char *
find_ca_folder (const PrcEngine *engine)
{
    const char *folder = engine->libcurl->capath;
    DIR *dir = folder != NULL ? opendir (folder) : NULL;
    const struct dirent *entry = NULL;
    gboolean is_hashed = FALSE;

    while (dir != NULL && !is_hashed && (entry = readdir (dir)) != NULL)
        is_hashed = strlen (entry->d_name) == 10 && strcmp (entry->d_name + 8, ".0") == 0;
    if (dir != NULL)
        (void) closedir (dir);
    return is_hashed ? folder : NULL;
}

/* For a libcurl whose TLS library takes no certificates from memory (GnuTLS in older versions): a
 * file that is only there. NULL: it can't be made. */
static const char *
make_ca_file (PrcEngine *engine)
{
    gsize length = 0;
    gconstpointer bytes = g_bytes_get_data (engine->request->ca, &length);
    int fd = -1;

    if (engine->ca_file != NULL)
        return engine->ca_file;
    fd = memfd_create ("ca", 0); /* until this process ends */
    if (fd < 0 || prc_write_fd (fd, bytes, length) != 0)
        return NULL;
    engine->ca_file = g_strdup_printf ("/proc/self/fd/%d", fd);
    return engine->ca_file;
}

static void
set_trust (PrcEngine *engine, CURL *easy)
{
    if (engine->ca_folder != NULL) {
        curl_easy_setopt (easy, CURLOPT_CAINFO, NULL);
        curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO, NULL);
        curl_easy_setopt (easy, CURLOPT_CAPATH, engine->ca_folder);
        curl_easy_setopt (easy, CURLOPT_PROXY_CAPATH, engine->ca_folder);
    }
    if (engine->request->ca != NULL) {
        gsize length = 0;
        gconstpointer bytes = g_bytes_get_data (engine->request->ca, &length);
        struct curl_blob blob = { (void *) bytes, length, CURL_BLOB_NOCOPY };

        if (curl_easy_setopt (easy, CURLOPT_CAINFO_BLOB, &blob) != CURLE_OK)
            curl_easy_setopt (easy, CURLOPT_CAINFO, make_ca_file (engine));
        if (curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO_BLOB, &blob) != CURLE_OK)
            curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO, make_ca_file (engine));
    }
    prc_engine_watch_trust (engine, easy);
}

static gboolean
needs_tls (const PrcEngine *engine)
{
    return engine->is_https || engine->request->proxy->scheme == PRC_PROXY_HTTPS;
}

/* GnuTLS is asked for random numbers too, and isn't ready for that by itself here (client.c). */
static gpointer
set_up_libcurl (gpointer data)
{
    PrcEngine *engine = data;
    gboolean with_ssl = needs_tls (engine) || !prc_engine_has_openssl (engine);

    if (curl_global_init (with_ssl ? CURL_GLOBAL_SSL : CURL_GLOBAL_NOTHING) != CURLE_OK)
        return NULL;
    engine->is_set_up = TRUE;
    if (needs_tls (engine)) {
        engine->ca_folder = find_ca_folder (engine);
        prc_engine_warm_up (engine);
    }
    return NULL;
}

/* TLS takes longer to get ready than a proxy takes for both answers, and needs nothing of them. */
static void
set_up_meanwhile (PrcEngine *engine)
{
    if (engine->is_https && engine->request->proxy->scheme == PRC_PROXY_HTTP)
        engine->setter = g_thread_try_new ("setter", set_up_libcurl, engine, NULL);
}

static void
join_setter (PrcEngine *engine)
{
    if (engine->setter != NULL)
        (void) g_thread_join (g_steal_pointer (&engine->setter));
}

CURL *
prc_engine_new_easy (PrcEngine *engine)
{
    join_setter (engine);
    if (!engine->is_set_up)
        (void) set_up_libcurl (engine);
    return engine->is_set_up ? curl_easy_init () : NULL;
}

void
prc_engine_prepare (PrcEngine *engine, CURL *easy)
{
    curl_easy_reset (easy);
    engine->error[0] = '\0';
    g_clear_pointer (&engine->issuer, g_free);
    curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, engine->error);
    curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, MAX (prc_engine_left_ms (engine), 1L));
    curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, MAX (prc_engine_left_ms (engine), 1L));
    curl_easy_setopt (easy, CURLOPT_PROXY, "");
    curl_easy_setopt (easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt (easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt (easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    if (needs_tls (engine))
        set_trust (engine, easy);
}

void
prc_engine_fail (PrcExchange *exchange, PrcFailure failure, const char *text)
{
    exchange->failure = failure;
    if (text != NULL && *text != '\0' && exchange->text == NULL)
        exchange->text = g_strdup (text);
}

gboolean
prc_engine_fail_connect (PrcEngine *engine, CURL *easy, PrcExchange *exchange, CURLcode code)
{
    long number = 0;

    switch ((int) code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
        prc_engine_fail (exchange, PRC_FAILURE_RESOLVE_PROXY, NULL);
        return TRUE;
    case CURLE_COULDNT_CONNECT:
        curl_easy_getinfo (easy, CURLINFO_OS_ERRNO, &number);
        prc_engine_fail (exchange, PRC_FAILURE_CONNECT,
                         number != 0 ? g_strerror ((int) number) : engine->error);
        return TRUE;
    case CURLE_OPERATION_TIMEDOUT:
        prc_engine_fail (exchange, PRC_FAILURE_TIMEOUT, NULL);
        return TRUE;
    default:
        return FALSE;
    }
}

void
prc_engine_take_head (PrcExchange *exchange, const PrcHead *head)
{
    exchange->status = head->status;
    exchange->is_html = head->is_html;
    exchange->by_proxy = head->by_proxy;
    exchange->has_challenge = head->has_challenge;
    g_free (exchange->reason);
    g_free (exchange->server);
    g_free (exchange->location);
    g_free (exchange->site_realm);
    exchange->reason = g_strdup (head->reason);
    exchange->server = g_strdup (head->server);
    exchange->location = g_strdup (head->location);
    exchange->site_realm = g_strdup (head->site_realm);
    exchange->usable = prc_challenges_schemes (head->challenges);
    g_ptr_array_set_size (exchange->offers, 0);
    for (guint i = 0; i < head->challenges->len; i++) {
        const PrcChallenge *challenge = g_ptr_array_index (head->challenges, i);

        g_ptr_array_add (exchange->offers, prc_offer_new (challenge->scheme, challenge->realm));
    }
}

/* What is told while it goes on. */

static void
tell (const PrcEngine *engine, char *line)
{
    (void) prc_write_fd (engine->out_fd, line, strlen (line));
    g_free (line);
}

/* The flow */

static guint
libcurl_schemes (const PrcEngine *engine)
{
    int features = engine->libcurl->features;

    return 1u << PRC_AUTH_BASIC | 1u << PRC_AUTH_DIGEST |
           ((features & CURL_VERSION_NTLM) != 0 ? 1u << PRC_AUTH_NTLM : 0) |
           ((features & CURL_VERSION_SPNEGO) != 0 ? 1u << PRC_AUTH_NEGOTIATE : 0);
}

/* There is no Kerberos principal for an address. */
static gboolean
is_address (const char *host)
{
    return g_hostname_is_ip_address (host);
}

static guint
usable_schemes (const PrcEngine *engine, guint offered)
{
    const PrcProbeRequest *request = engine->request;
    guint set = offered & request->schemes & libcurl_schemes (engine);

    if (!prc_probe_request_is_ascii (request)) /* libcurl would send another password */
        set &= ~(1u << PRC_AUTH_NTLM);
    if (is_address (request->proxy->host) || !prc_ticket_is_sound (request->ticket))
        set &= ~(1u << PRC_AUTH_NEGOTIATE);
    if (request->user == NULL || request->password == NULL)
        set &= 1u << PRC_AUTH_NEGOTIATE;
    return set;
}

/* From the strongest down; the first with which something was sent is the only one. */
static void
try_schemes (PrcEngine *engine, guint set)
{
    for (int scheme = PRC_N_AUTH_SCHEMES - 1; scheme >= 0; scheme--) {
        g_autoptr (PrcExchange) exchange = NULL;
        gboolean is_over = FALSE;

        if ((set & (1u << scheme)) == 0)
            continue;
        tell (engine, prc_facts_format_sending (prc_auth_scheme_name ((PrcAuthScheme) scheme)));
        exchange = scheme == PRC_AUTH_BASIC &&
                           (engine->request->proxy->scheme == PRC_PROXY_HTTP || !engine->is_https)
                       ? prc_engine_ask (engine, TRUE)
                       : prc_engine_transfer (engine, scheme);
        is_over = exchange->sent || exchange->status != 407;
        tell (engine, prc_facts_format_exchange (exchange));
        if (is_over)
            return;
    }
}

static void
run_http (PrcEngine *engine)
{
    g_autoptr (PrcExchange) control = prc_engine_ask (engine, FALSE);
    gboolean lets_through =
        control->failure == PRC_FAILURE_NONE && control->status >= 200 && control->status < 300;

    tell (engine, prc_facts_format_exchange (control));
    if (control->failure == PRC_FAILURE_NONE && control->status == 407) {
        try_schemes (engine, usable_schemes (engine, control->usable));
    } else if (lets_through && engine->is_https &&
               engine->request->proxy->scheme == PRC_PROXY_HTTPS) {
        g_autoptr (PrcExchange) tunnel = prc_engine_transfer (engine, -1);

        tell (engine, prc_facts_format_exchange (tunnel));
    }
}

/* A SOCKS5 server is first offered no method but "none"; SOCKS4 has a user, but no password. */
static void
run_socks (PrcEngine *engine)
{
    g_autoptr (PrcExchange) control = prc_engine_transfer (engine, -1);
    const PrcProbeRequest *request = engine->request;
    gboolean is_version_4 =
        request->proxy->scheme == PRC_PROXY_SOCKS4 || request->proxy->scheme == PRC_PROXY_SOCKS4A;
    gboolean asks = control->failure == PRC_FAILURE_SOCKS_AUTH;

    tell (engine, prc_facts_format_exchange (control));
    if (asks && request->schemes != 0 && request->user != NULL &&
        (is_version_4 || request->password != NULL)) {
        g_autoptr (PrcExchange) second = NULL;

        tell (engine, prc_facts_format_sending ("socks"));
        second = prc_engine_transfer (engine, PRC_AUTH_BASIC);
        tell (engine, prc_facts_format_exchange (second));
    }
}

static char *
url_host (const char *host)
{
    const char *zone = strchr (host, '%');

    if (strchr (host, ':') == NULL)
        return g_strdup (host);
    if (zone == NULL)
        return g_strdup_printf ("[%s]", host);
    return g_strdup_printf ("[%.*s%%25%s]", (int) (zone - host), host, zone + 1);
}

static guint
target_port (const PrcEngine *engine)
{
    const char *start = strstr (engine->request->url, "://") + 3;
    const char *colon = start + strlen (engine->host_in_url);

    if (*colon == ':')
        return (guint) g_ascii_strtoull (colon + 1, NULL, 10);
    return engine->is_https ? 443 : 80;
}

void
prc_engine_run (const PrcProbeRequest *request, int out_fd)
{
    PrcEngine engine = { .request = request,
                         .out_fd = out_fd,
                         .libcurl = curl_version_info (CURLVERSION_NOW) };
    g_autofree char *proxy_host = url_host (request->proxy->host);

    engine.deadline = g_get_monotonic_time () + (gint64) request->timeout_ms * 1000;
    if (!prc_probe_check_target (request->url, &engine.host, &engine.is_https, NULL))
        return;
    engine.host_in_url = strchr (engine.host, ':') != NULL ? g_strdup_printf ("[%s]", engine.host)
                                                           : g_strdup (engine.host);
    engine.port = target_port (&engine);
    engine.by_socks = request->proxy->scheme >= PRC_PROXY_SOCKS4;
    engine.proxy = g_strdup_printf ("%s://%s:%u", prc_proxy_scheme_name (request->proxy->scheme),
                                    proxy_host, request->proxy->port);
    set_up_meanwhile (&engine);
    if (engine.by_socks)
        run_socks (&engine);
    else
        run_http (&engine);
    tell (&engine, prc_facts_format_end ());
    join_setter (&engine);
    curl_easy_cleanup (engine.easy);
    g_free (engine.proxy);
    g_free (engine.host);
    g_free (engine.host_in_url);
    g_free (engine.issuer);
    g_free (engine.ca_file);
    prc_addresses_free (engine.addresses);
}
