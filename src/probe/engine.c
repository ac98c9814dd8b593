#include "probe/engine.h"

#include <string.h>

#include "base/fs.h"
#include "probe/curl.h"
#include "probe/ticket.h"

static gboolean
needs_tls (const PrcEngine *engine)
{
    return engine->is_https || engine->request->proxy->scheme == PRC_PROXY_HTTPS;
}

static gboolean
load_curl (PrcEngine *engine, char **ret_text)
{
    if (engine->curl == NULL)
        engine->curl = prc_curl_load (engine->module, needs_tls (engine), ret_text);
    return engine->curl != NULL;
}

static PrcExchange *
transfer (PrcEngine *engine, int scheme)
{
    g_autofree char *text = NULL;
    PrcExchange *failed = NULL;

    if (load_curl (engine, &text))
        return engine->curl->transfer (engine->curl, engine, scheme);
    failed = prc_exchange_new ();
    prc_exchange_fail (failed, PRC_FAILURE_OTHER, text);
    return failed;
}

/* What is told while it goes on. */

static void
tell (const PrcEngine *engine, char *line)
{
    (void) prc_write_fd (engine->out_fd, line, strlen (line));
    g_free (line);
}

/* The flow */

/* Basic is our own. */
static guint
known_schemes (PrcEngine *engine, guint wanted)
{
    const guint basic = 1u << PRC_AUTH_BASIC;
    g_autofree char *ignored = NULL;

    if ((wanted & ~basic) == 0 || !load_curl (engine, &ignored))
        return basic;
    return basic | engine->curl->schemes;
}

/* There is no Kerberos principal for an address. */
static gboolean
is_address (const char *host)
{
    return g_hostname_is_ip_address (host);
}

static guint
usable_schemes (PrcEngine *engine, guint offered)
{
    const PrcProbeRequest *request = engine->request;
    guint set = offered & request->schemes;

    if (!prc_probe_request_is_ascii (request)) /* libcurl would send another password */
        set &= ~(1u << PRC_AUTH_NTLM);
    if (is_address (request->proxy->host) || !prc_ticket_is_sound (g_getenv ("KRB5CCNAME")))
        set &= ~(1u << PRC_AUTH_NEGOTIATE);
    if (request->user == NULL || request->password == NULL)
        set &= 1u << PRC_AUTH_NEGOTIATE;
    return set & known_schemes (engine, set);
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
        exchange =
            scheme == PRC_AUTH_BASIC ? prc_engine_ask (engine, TRUE) : transfer (engine, scheme);
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

    tell (engine, prc_facts_format_exchange (control));
    if (control->failure == PRC_FAILURE_NONE && control->status == 407)
        try_schemes (engine, usable_schemes (engine, control->usable));
}

/* A SOCKS5 server is first offered no method but "none"; SOCKS4 has a user, but no password. */
static void
run_socks (PrcEngine *engine)
{
    g_autoptr (PrcExchange) control = transfer (engine, -1);
    const PrcProbeRequest *request = engine->request;
    gboolean is_version_4 =
        request->proxy->scheme == PRC_PROXY_SOCKS4 || request->proxy->scheme == PRC_PROXY_SOCKS4A;
    gboolean asks = control->failure == PRC_FAILURE_SOCKS_AUTH;

    tell (engine, prc_facts_format_exchange (control));
    if (asks && request->schemes != 0 && request->user != NULL &&
        (is_version_4 || request->password != NULL)) {
        g_autoptr (PrcExchange) second = NULL;

        tell (engine, prc_facts_format_sending ("socks"));
        second = transfer (engine, PRC_AUTH_BASIC);
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
prc_engine_run (const PrcProbeRequest *request, const char *module, int out_fd)
{
    PrcEngine engine = { .request = request, .out_fd = out_fd, .module = module };
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
    if (!engine.by_socks && needs_tls (&engine))
        engine.tls = prc_tls_new (request->ca);
    if (engine.by_socks)
        run_socks (&engine);
    else
        run_http (&engine);
    tell (&engine, prc_facts_format_end ());
    if (engine.curl != NULL)
        engine.curl->free (engine.curl);
    prc_tls_free (engine.tls);
    g_free (engine.proxy);
    g_free (engine.host);
    g_free (engine.host_in_url);
    prc_addresses_free (engine.addresses);
}
