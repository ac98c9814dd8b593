#include "probe/judge-text.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* {proxy} scheme, host and port; {host} and {port}; {site} the target's host; {url}; {status} with
 * its words; {text} what the library or the peer said; {issuer}; {offers}; {location}; {user};
 * {time}. */
static const struct {
    PrcVerdict verdict;
    const char *detail, *remedy; /* (nullable) */
} cases[PRC_N_CASES] = {
    [PRC_CASE_OK] = { PRC_VERDICT_OK,
                      N_ ("the proxy asked for a password, and took the one of {user}"), NULL },
    [PRC_CASE_OK_TICKET] = { PRC_VERDICT_OK,
                             N_ ("the proxy took this login session's Kerberos ticket; a password "
                                 "was not needed, and not tried"),
                             NULL },
    [PRC_CASE_OK_SOCKS4] = { PRC_VERDICT_OK,
                             N_ ("the SOCKS4 proxy took the user name {user}; SOCKS4 has no "
                                 "passwords, so nothing is known about yours"),
                             NULL },
    [PRC_CASE_NO_AUTH] = { PRC_VERDICT_NO_AUTH_NEEDED,
                           N_ ("the proxy let us through to {site} without asking for a password, "
                               "so nothing is known about the password"),
                           NULL },
    [PRC_CASE_NO_AUTH_UNTESTED] = { PRC_VERDICT_NO_AUTH_NEEDED,
                                    N_ ("the proxy let us through to {site} without asking for a "
                                        "password, so yours was not sent, and nothing is known "
                                        "about it"),
                                    N_ ("if the proxy asks for other sites, check one of them: "
                                        "`proxyrc check --url URL`") },
    [PRC_CASE_NO_AUTH_PAGE] = { PRC_VERDICT_NO_AUTH_NEEDED,
                                N_ ("a web page came without a password being asked for; it can't "
                                    "be told whether it is {site}'s own, or that of a "
                                    "network that wants you to log in in a browser"),
                                N_ ("check with an https:// target, where the two can be told "
                                    "apart: `proxyrc check --url https://example.com/`") },
    [PRC_CASE_MISSING] = { PRC_VERDICT_CREDENTIALS_MISSING,
                           N_ ("the proxy asks for a user name and password (407; it offers "
                               "{offers}), and none was given"),
                           N_ ("store them once with `proxyrc login`, or try them with `proxyrc "
                               "check --user USER --password-stdin`") },
    [PRC_CASE_MISSING_TICKET] = { PRC_VERDICT_CREDENTIALS_MISSING,
                                  N_ ("the proxy offers {offers}, and there is no Kerberos ticket "
                                      "that it could take{text}"),
                                  N_ ("get a ticket with `kinit`, and look at it with `klist`; "
                                      "then check again") },
    [PRC_CASE_MISSING_SOCKS] = { PRC_VERDICT_CREDENTIALS_MISSING,
                                 N_ ("the SOCKS proxy does not let us in without a user name and "
                                     "password, and none was given"),
                                 N_ ("store them once with `proxyrc login`, or try them with "
                                     "`proxyrc check --user USER --password-stdin`") },
    [PRC_CASE_REJECTED] = { PRC_VERDICT_CREDENTIALS_REJECTED,
                            N_ ("the proxy answered 407 again when it was given the password of "
                                "{user}: the user name or the password is "
                                "wrong or has expired; some proxies also answer so to a right one "
                                "that a rule does not admit"),
                            N_ ("try the password where you change it (the company's portal, a "
                                "browser), then store the right one with "
                                "`proxyrc passwd`; don't try passwords: every wrong one counts "
                                "towards a lock of the account") },
    [PRC_CASE_REJECTED_401] = { PRC_VERDICT_CREDENTIALS_REJECTED,
                                N_ ("the proxy answered 401 when it was given the password of "
                                    "{user}, after 407 without it: some (tinyproxy) "
                                    "say so that the user name or password is wrong"),
                                N_ ("store the right password with `proxyrc passwd`; what npm "
                                    "calls E401 here is the proxy, not the registry") },
    [PRC_CASE_REJECTED_TICKET] = { PRC_VERDICT_CREDENTIALS_REJECTED,
                                   N_ ("the proxy answered 407 again when it was given the "
                                       "Kerberos ticket{text}"),
                                   N_ ("renew the ticket with `kinit`, compare the clocks, or have "
                                       "a password tried instead: `proxyrc profile set NAME "
                                       "auth=basic` (or ntlm)") },
    [PRC_CASE_REJECTED_SOCKS] = { PRC_VERDICT_CREDENTIALS_REJECTED,
                                  N_ ("the SOCKS proxy refused the user name or the password of "
                                      "{user}"),
                                  N_ ("store the right password with `proxyrc passwd`") },
    [PRC_CASE_UNSUPPORTED] = { PRC_VERDICT_SCHEME_UNSUPPORTED,
                               N_ ("the proxy offers {offers}, and nothing of that can be answered "
                                   "with a password here"),
                               N_ ("ask who runs the proxy for Basic, or run a relay on this "
                                   "machine that speaks its language (px, cntlm), and point the "
                                   "profile to the relay: `proxyrc profile add relay "
                                   "all=http://127.0.0.1:3128`") },
    [PRC_CASE_UNSUPPORTED_PROFILE] = { PRC_VERDICT_SCHEME_UNSUPPORTED,
                                       N_ ("the proxy offers {offers}, but the profile allows only "
                                           "another scheme"),
                                       N_ ("allow what the proxy offers with `proxyrc profile set "
                                           "NAME auth=any`, or name one of them") },
    [PRC_CASE_UNSUPPORTED_TICKET] = { PRC_VERDICT_SCHEME_UNSUPPORTED,
                                      N_ ("the proxy offers {offers}, which takes a Kerberos "
                                          "ticket and no password"),
                                      N_ ("get a ticket with `kinit`; no password needs to be "
                                          "stored for this proxy") },
    [PRC_CASE_UNSUPPORTED_LETTERS] = { PRC_VERDICT_SCHEME_UNSUPPORTED,
                                       N_ ("the proxy offers {offers}; libcurl, and so curl and "
                                           "git, can't do NTLM with letters outside of ASCII in "
                                           "the user name "
                                           "or the password: it would send another one, which "
                                           "would count towards a lock of the account, so nothing "
                                           "was sent"),
                                       N_ ("choose a password of ASCII characters, or run a relay "
                                           "on this machine that does NTLM right (px), and point "
                                           "the "
                                           "profile to it: `proxyrc profile set NAME "
                                           "all=http://127.0.0.1:3128`") },
    [PRC_CASE_UNSUPPORTED_ADDRESS] = { PRC_VERDICT_SCHEME_UNSUPPORTED,
                                       N_ ("the proxy offers {offers}; Kerberos works only with a "
                                           "host name, and this proxy is named by its address "
                                           "{host}"),
                                       N_ ("put the proxy's host name in the profile: `proxyrc "
                                           "profile set NAME all=http://HOSTNAME:{port}`") },
    [PRC_CASE_UNSUPPORTED_SOCKS] = { PRC_VERDICT_SCHEME_UNSUPPORTED,
                                     N_ ("the SOCKS proxy takes neither clients without a password "
                                         "nor a user name and password"),
                                     N_ ("ask who runs it how clients log in; GSSAPI is not "
                                         "supported") },
    [PRC_CASE_FORBIDDEN] = { PRC_VERDICT_FORBIDDEN, N_ ("the proxy refuses this target: {status}"),
                             N_ ("this is a rule of the proxy, not the password: ask who runs it "
                                 "to allow {site}, or check another target with --url") },
    [PRC_CASE_FORBIDDEN_METHOD] = { PRC_VERDICT_FORBIDDEN,
                                    N_ ("the proxy does not open tunnels for https:// to this "
                                        "target: {status}"),
                                    N_ ("ask who runs it to allow CONNECT to {site}") },
    [PRC_CASE_FORBIDDEN_SOCKS] = { PRC_VERDICT_FORBIDDEN,
                                   N_ ("a rule of the SOCKS proxy forbids the target {site}"),
                                   N_ ("ask who runs the proxy to allow it, or check another "
                                       "target with --url") },
    [PRC_CASE_TOO_MANY] = { PRC_VERDICT_FORBIDDEN,
                            N_ ("the proxy says that there were too many requests: {status}"),
                            N_ ("wait before you check again, and look for a program that keeps "
                                "trying an old password") },
    [PRC_CASE_ORIGIN_401] = { PRC_VERDICT_ORIGIN_UNAUTHORIZED,
                              N_ ("401 comes from the site {site}, which wants a login of its own, "
                                  "not from the proxy (that would be 407)"),
                              N_ ("the proxy's password is not what is missing: log in to the "
                                  "site, or check another target with --url") },
    [PRC_CASE_CONNECT_401] = { PRC_VERDICT_ORIGIN_UNAUTHORIZED,
                               N_ ("what answers at {proxy} says 401: a web server that wants a "
                                   "login of its own; a "
                                   "proxy that wants one says 407"),
                               N_ ("correct host and port of the proxy") },
    [PRC_CASE_PROXY_401] = { PRC_VERDICT_BAD_ANSWER,
                             N_ ("the proxy asks for a password with 401, the answer of a site; "
                                 "most programs wait for 407, and can't log in at it"),
                             N_ ("tell who runs the proxy that its answer must be 407") },
    [PRC_CASE_UPSTREAM] = { PRC_VERDICT_UPSTREAM_FAILED,
                            N_ ("the proxy answers, but could not reach {site}: {status}"),
                            N_ ("check another target with --url; if all fail, the proxy itself "
                                "has no way out") },
    [PRC_CASE_UPSTREAM_SOCKS] = { PRC_VERDICT_UPSTREAM_FAILED,
                                  N_ ("the SOCKS proxy could not reach {site}{text}"),
                                  N_ ("check another target with --url; if all fail, the proxy "
                                      "itself has no way out") },
    [PRC_CASE_UPSTREAM_SOCKS4] = { PRC_VERDICT_UPSTREAM_FAILED,
                                   N_ ("the SOCKS4 proxy refused or failed; SOCKS4 can't say "
                                       "whether it was the target, a rule or the user"),
                                   N_ ("check another target with --url, or use socks5h:// if the "
                                       "proxy speaks it") },
    [PRC_CASE_UPSTREAM_NO_TLS] = { PRC_VERDICT_UPSTREAM_FAILED,
                                   N_ ("the proxy opened the tunnel, but what answers at {site} "
                                       "does not speak TLS"),
                                   N_ ("check another target with --url") },
    [PRC_CASE_UPSTREAM_TLS] = { PRC_VERDICT_UPSTREAM_FAILED,
                                N_ ("the proxy opened the tunnel, but {site} refuses the TLS "
                                    "handshake{text}"),
                                N_ ("check another target with --url") },
    [PRC_CASE_UPSTREAM_CLOSED] = { PRC_VERDICT_UPSTREAM_FAILED,
                                   N_ ("the proxy opened the tunnel to {site} and closed it before "
                                       "anything came through"),
                                   N_ ("check another target with --url; if all fail, the proxy "
                                       "itself has no way out") },
    [PRC_CASE_REDIRECT] = { PRC_VERDICT_NOT_A_PROXY,
                            N_ ("what answers at {proxy} redirects to {location} ({status}) "
                                "instead of letting us through: the login page of a "
                                "network, or a web server"),
                            N_ ("open that page in a browser and log in there, or correct the "
                                "proxy's address") },
    [PRC_CASE_PORTAL] = { PRC_VERDICT_NOT_A_PROXY,
                          N_ ("this network wants you to log in before it lets anything through: "
                              "{status}"),
                          N_ ("open any page in a browser and log in there, then check again") },
    [PRC_CASE_WEB_SERVER] = { PRC_VERDICT_NOT_A_PROXY,
                              N_ ("what answers at {proxy} is a web server, not a proxy: "
                                  "{status}{server}"),
                              N_ ("correct host and port of the proxy") },
    [PRC_CASE_NO_TLS_INSIDE] = { PRC_VERDICT_NOT_A_PROXY,
                                 N_ ("what answers at {proxy} says yes to everything, but then "
                                     "sends a page of its own instead of {site}: the login page of "
                                     "a network (a captive portal), or a web server"),
                                 N_ ("open any page in a browser and log in there, or correct the "
                                     "proxy's address") },
    [PRC_CASE_INTERCEPTED] = { PRC_VERDICT_TLS_INTERCEPTED,
                               N_ ("the certificate that came for {site} is not one that is "
                                   "trusted here{issuer}{text}; the proxy opens TLS connections, "
                                   "or the site has a CA of its own"),
                               N_ ("if it is your company's, get its CA certificate from who runs "
                                   "the proxy and name the file: `proxyrc profile set "
                                   "NAME ca=/path/to/ca.pem`, then `proxyrc apply`; else use "
                                   "nothing secret on this network") },
    [PRC_CASE_SITE_EXPIRED] = { PRC_VERDICT_TLS_INTERCEPTED,
                                N_ ("the certificate that came for {site} is expired or not valid "
                                    "yet{issuer}{text}"),
                                N_ ("look at this machine's clock with `date`; else it is the "
                                    "site's or the intercepting proxy's to renew") },
    [PRC_CASE_SITE_OTHER_NAME] = { PRC_VERDICT_TLS_INTERCEPTED,
                                   N_ ("the certificate that came is not for {site}{issuer}{text}"),
                                   N_ ("check another target with --url; if all are so, somebody "
                                       "answers in the place of the sites") },
    [PRC_CASE_PROXY_NOT_TLS] = { PRC_VERDICT_PROXY_TLS_FAILED,
                                 N_ ("TLS with the proxy itself failed{text}: most proxies speak "
                                     "plain HTTP to their clients, also for https:// sites"),
                                 N_ ("write its address as http://{host}:{port}; https:// here "
                                     "means TLS to the proxy, not to the sites") },
    [PRC_CASE_PROXY_TLS] = { PRC_VERDICT_PROXY_TLS_FAILED,
                             N_ ("the proxy speaks TLS, but the handshake with it failed{text}"),
                             N_ ("if the proxy is named by its address, write its host name; else "
                                 "ask who runs it which version of TLS it wants, and whether it "
                                 "wants a certificate from its clients") },
    [PRC_CASE_PROXY_CERTIFICATE] = { PRC_VERDICT_PROXY_TLS_FAILED,
                                     N_ ("the proxy's own certificate is not "
                                         "trusted{issuer}{text}"),
                                     N_ ("name the file with its CA certificate: `proxyrc check "
                                         "--ca FILE`, and `proxyrc profile set NAME ca=FILE` to "
                                         "keep it") },
    [PRC_CASE_PROXY_EXPIRED] = { PRC_VERDICT_PROXY_TLS_FAILED,
                                 N_ ("the proxy's own certificate is expired or not valid "
                                     "yet{issuer}{text}"),
                                 N_ ("look at this machine's clock with `date`; else tell who runs "
                                     "the proxy to renew it") },
    [PRC_CASE_PROXY_OTHER_NAME] = { PRC_VERDICT_PROXY_TLS_FAILED,
                                    N_ ("the proxy's own certificate is not for {host}{text}"),
                                    N_ ("write the proxy with the host name that is in its "
                                        "certificate, or tell who runs it") },
    [PRC_CASE_UNRESOLVABLE] = { PRC_VERDICT_UNRESOLVABLE,
                                N_ ("the proxy's host name {host} is not known here{text}"),
                                N_ ("look for a typing error with `proxyrc profile show`; if the "
                                    "name is right, it may be known only inside the company's "
                                    "network: connect to it, or to the VPN; outside of it `proxyrc "
                                    "use direct` takes the proxy away") },
    [PRC_CASE_UNRESOLVABLE_SITE] = { PRC_VERDICT_UNRESOLVABLE,
                                     N_ ("the host name {site} is not known here, and {scheme}:// "
                                         "looks names up on this machine"),
                                     N_ ("let the proxy look names up: write it with "
                                         "{remote}://") },
    [PRC_CASE_UNREACHABLE] = { PRC_VERDICT_UNREACHABLE,
                               N_ ("there is no connection to {host} port {port}{text}"),
                               N_ ("look at the port; if it is right, the proxy is down or "
                                   "reachable only from inside the company's network or VPN; "
                                   "outside of it `proxyrc use direct` takes the proxy away") },
    [PRC_CASE_TIMEOUT] = { PRC_VERDICT_TIMEOUT,
                           N_ ("{host} port {port} gave no whole answer within {time}"),
                           N_ ("a firewall may drop the packets, or something else than an HTTP "
                               "proxy listens there; give more time with --timeout") },
    [PRC_CASE_TIMEOUT_NAME] = { PRC_VERDICT_TIMEOUT,
                                N_ ("the host name {host} could not be looked up within {time}: "
                                    "the name server does not answer"),
                                N_ ("look at the network (`cat /etc/resolv.conf` names the server) "
                                    "and the VPN; outside of the company's network `proxyrc "
                                    "use direct` takes the proxy away") },
    [PRC_CASE_TIMEOUT_SENT] = { PRC_VERDICT_TIMEOUT,
                                N_ ("the proxy asked for a password, but gave no answer to it "
                                    "within {time}"),
                                N_ ("its directory server may be slow or down: try again later, or "
                                    "give more time with --timeout") },
    [PRC_CASE_TIMEOUT_INSIDE] = { PRC_VERDICT_TIMEOUT,
                                  N_ ("the proxy opened the tunnel to {site}, but nothing came "
                                      "through it within {time}"),
                                  N_ ("check another target with --url, or give more time with "
                                      "--timeout") },
    [PRC_CASE_CLOSED] = { PRC_VERDICT_BAD_ANSWER,
                          N_ ("{host} port {port} closed the connection without a whole answer"),
                          N_ ("look at the port; a server that wants TLS closes so too (then write "
                              "https://), and a SOCKS proxy (socks5h://)") },
    [PRC_CASE_CLOSED_TLS] = { PRC_VERDICT_BAD_ANSWER,
                              N_ ("{host} port {port} closed the connection without a whole "
                                  "answer"),
                              N_ ("look at the port; if it is right, ask who runs the proxy "
                                  "whether it wants a certificate from its clients") },
    [PRC_CASE_CLOSED_SENT] = { PRC_VERDICT_BAD_ANSWER,
                               N_ ("the proxy asked for a password, and closed the connection "
                                   "without an answer when it was given the one of {user}"),
                               N_ ("some proxies turn a wrong password away like that: try it "
                                   "where you change it (the company's portal, a browser); if it "
                                   "is right there, tell who runs the proxy") },
    [PRC_CASE_CLOSED_INSIDE] = { PRC_VERDICT_BAD_ANSWER,
                                 N_ ("{proxy} opened the tunnel to {site} and closed it before "
                                     "anything came through"),
                                 N_ ("check another target with --url") },
    [PRC_CASE_NOT_HTTP] = { PRC_VERDICT_BAD_ANSWER,
                            N_ ("what answers at {host} port {port} does not speak HTTP{text}"),
                            N_ ("correct the port, or the scheme (a SOCKS proxy is written "
                                "socks5h://{host}:{port})") },
    [PRC_CASE_SSH] = { PRC_VERDICT_BAD_ANSWER,
                       N_ ("what answers at {host} port {port} is an SSH server{text}"),
                       N_ ("correct the port") },
    [PRC_CASE_WANTS_TLS] = { PRC_VERDICT_BAD_ANSWER,
                             N_ ("{host} port {port} wants TLS, and was spoken to without"),
                             N_ ("write its address as https://{host}:{port}") },
    [PRC_CASE_TOO_LARGE] = { PRC_VERDICT_BAD_ANSWER,
                             N_ ("{host} port {port} sends an answer whose head does not end"),
                             N_ ("this is no proxy that works: correct host and port, or tell who "
                                 "runs it") },
    [PRC_CASE_NO_CHALLENGE] = { PRC_VERDICT_BAD_ANSWER,
                                N_ ("the proxy asks for authentication (407), but does not say in "
                                    "a way that can be understood which kind"),
                                N_ ("no program can log in so: tell who runs the proxy that "
                                    "Proxy-Authenticate is missing or broken in its answer") },
    [PRC_CASE_ODD_STATUS] = { PRC_VERDICT_BAD_ANSWER,
                              N_ ("{host} port {port} answers as no proxy should: {status}"),
                              N_ ("correct host and port, or tell who runs the proxy") },
    [PRC_CASE_NOT_SOCKS] = { PRC_VERDICT_BAD_ANSWER,
                             N_ ("what answers at {host} port {port} does not speak "
                                 "{scheme}{text}"),
                             N_ ("correct the port, or the scheme (an HTTP proxy is written "
                                 "http://{host}:{port})") },
    [PRC_CASE_BROKEN] = { PRC_VERDICT_BAD_ANSWER,
                          N_ ("what {host} port {port} sends is broken in a way that makes libcurl "
                              "crash; proxyrc-probe, which is apart for that reason, has ended"),
                          N_ ("curl and git will crash at it too: install a newer libcurl, and "
                              "tell "
                              "who runs the proxy") },
    [PRC_CASE_OTHER] = { PRC_VERDICT_BAD_ANSWER, N_ ("the exchange with the proxy failed{text}"),
                         NULL },
};

PrcVerdict
prc_case_verdict (PrcCase judged)
{
    return cases[judged].verdict;
}

static char *
in_brackets (const char *text)
{
    return text != NULL && *text != '\0' ? g_strdup_printf (" (%s)", text) : g_strdup ("");
}

static char *
offers_text (const PrcCheckResult *result)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < result->offers->len; i++) {
        const PrcOffer *offer = g_ptr_array_index (result->offers, i);

        g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", offer->scheme);
    }
    return g_string_free (text, FALSE);
}

static char *
time_text (guint ms)
{
    return ms % 1000 == 0 ? g_strdup_printf (_ ("%u s"), ms / 1000)
                          : g_strdup_printf (_ ("%u ms"), ms);
}

static char *
site_of (const PrcProbeRequest *request)
{
    char *host = NULL;

    return prc_probe_check_target (request->url, &host, NULL, NULL) ? host : g_strdup ("?");
}

static char *
status_text (const PrcExchange *exchange)
{
    if (exchange == NULL || exchange->status == 0)
        return g_strdup ("?");
    return g_strdup_printf ("%d %s", exchange->status,
                            exchange->reason != NULL ? exchange->reason : "");
}

/* One placeholder. (transfer full) */
static char *
word (const char *name, const PrcProbeRequest *request, const PrcExchange *exchange,
      const PrcCheckResult *result)
{
    const PrcProxyUrl *proxy = request->proxy;

    if (g_str_equal (name, "proxy"))
        return prc_proxy_url_format_bare (proxy);
    if (g_str_equal (name, "host"))
        return g_strdup (proxy->host);
    if (g_str_equal (name, "port"))
        return g_strdup_printf ("%u", proxy->port);
    if (g_str_equal (name, "scheme"))
        return g_strdup (prc_proxy_scheme_name (proxy->scheme));
    if (g_str_equal (name, "remote"))
        return g_strdup (proxy->scheme == PRC_PROXY_SOCKS4 ? "socks4a" : "socks5h");
    if (g_str_equal (name, "site"))
        return site_of (request);
    if (g_str_equal (name, "status"))
        return g_strchomp (status_text (exchange));
    if (g_str_equal (name, "offers"))
        return offers_text (result);
    if (g_str_equal (name, "user"))
        return g_strdup (request->user != NULL ? request->user : "?");
    if (g_str_equal (name, "time"))
        return time_text (request->timeout_ms);
    if (exchange == NULL)
        return g_strdup ("");
    if (g_str_equal (name, "text"))
        return in_brackets (exchange->text);
    if (g_str_equal (name, "server"))
        return in_brackets (exchange->server);
    if (g_str_equal (name, "location"))
        return g_strdup (exchange->location != NULL ? exchange->location : "?");
    if (g_str_equal (name, "issuer") && exchange->issuer != NULL) {
        g_autofree char *text = g_strdup_printf (_ ("issued by %s"), exchange->issuer);

        return in_brackets (text);
    }
    return g_strdup ("");
}

static char *
fill_in (const char *text, const PrcProbeRequest *request, const PrcExchange *exchange,
         const PrcCheckResult *result)
{
    GString *out = NULL;

    if (text == NULL)
        return NULL;
    out = g_string_new (NULL);
    for (const char *p = text; *p != '\0'; p++) {
        const char *end = *p == '{' ? strchr (p, '}') : NULL;

        if (end != NULL) {
            g_autofree char *name = g_strndup (p + 1, (gsize) (end - p - 1));
            g_autofree char *value = word (name, request, exchange, result);

            g_string_append (out, value);
            p = end;
        } else {
            g_string_append_c (out, *p);
        }
    }
    {
        g_autofree char *raw = g_string_free (out, FALSE);

        return prc_text_printable (raw);
    }
}

void
prc_case_words (PrcCase judged, const PrcProbeRequest *request, const PrcExchange *exchange,
                PrcCheckResult *result)
{
    const char *detail = cases[judged].detail, *remedy = cases[judged].remedy;

    result->detail = fill_in (detail != NULL ? _ (detail) : NULL, request, exchange, result);
    result->remedy = fill_in (remedy != NULL ? _ (remedy) : NULL, request, exchange, result);
}
