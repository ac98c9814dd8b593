/* The topics for the verdicts of a check, and for the states of a setting. Title and text are marked
 * with N_; names, aliases and the topics to see next are typed: untranslated. */
#include "app/explain.h"
#include "base/i18n.h"

const PrcTopic prc_topics_verdicts[] = {
    { "ok", "works agrees", N_ ("the proxy took the password; the setting agrees"),
      N_ ("As a verdict of `proxyrc check`: without the password the proxy answered 407, with it "
          "the "
          "way was open. Nothing is wrong with the proxy, the user name or the password.\n\n"
          "If a program still fails, it does not use this proxy or this password. See which one it "
          "uses, and why:\n\n"
          "  proxyrc status\n"
          "  proxyrc route git https://example.com/\n\n"
          "As a state in `proxyrc status`: the setting is what the active profile wants."),
      "stale code" },
    { "no_auth_needed", "open", N_ ("the proxy let us through without a password"),
      N_ ("The proxy did not ask, so nothing is known about the password: a wrong one would have "
          "passed as well. Some proxies ask only for some sites. If a program gets 407 for a site, "
          "check with that one:\n\n"
          "  proxyrc check --url https://the.site.example/"),
      "407" },
    { "credentials_missing", "no-password", N_ ("the proxy wants a login, and there is none"),
      N_ ("The proxy answered 407, and no password is stored for it. Store it once; it is tried "
          "before it is kept:\n\n"
          "  proxyrc login\n"
          "  proxyrc apply\n\n"
          "A password belongs to one proxy (scheme, host and port) and one user: after a change of "
          "the proxy's address you log in again."),
      "407 store" },
    { "credentials_rejected", "wrong-password rejected", N_ ("407 came again, with the password"),
      N_ ("The user name or the password is wrong or has expired, or the account is locked; a "
          "proxy "
          "does not say which. Some answer the same when a rule does not admit this user or "
          "this site.\n\n"
          "Don't go on trying: each wrong password counts, and most accounts are locked after "
          "three to five. Log in once where you change your password (a portal, the desktop). If "
          "that works, tell proxyrc the right one:\n\n"
          "  proxyrc passwd\n\n"
          "If it does not, the account is expired or locked, and only who runs the directory can "
          "help. If it works there and is still rejected here: is the user name written as the "
          "proxy "
          "wants it (joe, DOMAIN\\joe, joe@example.com)?"),
      "password-expired lockout user-name" },
    { "scheme_unsupported", NULL, N_ ("the proxy offers no way to log in that can be used here"),
      N_ ("With its 407 a proxy names the schemes that it takes. Here none of them can be "
          "answered: it wants Kerberos and there is no ticket, or the profile allows another "
          "scheme "
          "only, or it is one that nobody here knows. The password may well be right.\n\n"
          "See what it offers, and which tools could use that:\n\n"
          "  proxyrc check\n"
          "  proxyrc tools\n\n"
          "`kinit` gets a Kerberos ticket; `proxyrc profile set NAME auth=any` allows all schemes; "
          "for tools that know only Basic, a relay on this machine helps."),
      "ntlm relay" },
    { "forbidden", NULL, N_ ("a rule of the proxy forbids this (403)"),
      N_ ("The proxy is there and understood the request, but does not let this user, this site, "
          "this port or this kind of request through. Another password changes nothing. `proxyrc "
          "check` says whether the password was accepted on the way; with another site it can "
          "often "
          "be told:\n\n"
          "  proxyrc check --url https://example.com/\n\n"
          "Ask who runs the proxy to allow the site. If the site is one of the company's own, it "
          "may "
          "not belong through the proxy at all: put it into no_proxy."),
      "403 no_proxy" },
    { "origin_unauthorized", NULL, N_ ("the site asks for a login, not the proxy (401)"),
      N_ ("The request went through the proxy; the site behind it answered 401. What is missing is "
          "a token or password of that site (a registry, a git server). The proxy's password "
          "has nothing to do with it, and must not be sent there."),
      "401" },
    { "upstream_failed", "502 503 504", N_ ("the proxy could not reach the site"),
      N_ ("The proxy answered 502, 503, 504 or the like: it let the request in, but the way from "
          "it "
          "to the site failed. Where it had asked for the password first, the password was "
          "accepted. Try another site; if all fail, the proxy has lost its own connection:\n\n"
          "  proxyrc check --url https://example.com/\n\n"
          "A name that only the inner network knows can't be found by a proxy outside of it: such "
          "sites belong into no_proxy."),
      "no_proxy" },
    { "not_a_proxy", "captive-portal portal", N_ ("something answers there, but it is no proxy"),
      N_ ("Instead of letting us through it sent a web page or a redirect. Mostly it is a network "
          "that wants a login first (hotel, train, guest WLAN: a captive portal): open any page in "
          "a "
          "browser, log in there, check again. Else host or port are those of a web server:\n\n"
          "  proxyrc profile show\n\n"
          "No password was sent."),
      "vpn" },
    { "tls_intercepted", NULL, N_ ("the site's certificate is not one that is trusted here"),
      N_ ("The proxy opens the encrypted connections, reads them, and signs the sites' "
          "certificates "
          "anew with a CA of its own. `proxyrc check` names the issuer. If that is your company, "
          "its CA certificate must be known to your tools; get the file from who runs the proxy, "
          "never from the connection itself:\n\n"
          "  proxyrc profile set NAME ca=/path/to/company-ca.pem\n"
          "  proxyrc apply\n\n"
          "If you do not know the issuer, somebody else reads along: use nothing secret on this "
          "network. Don't switch the checking off (strict-ssl=false, http.sslVerify=false)."),
      "ca" },
    { "proxy_tls_failed", NULL, N_ ("TLS to the proxy itself failed"),
      N_ ("The proxy's address begins with https://, so the connection to the proxy itself is "
          "encrypted, and that failed. Most proxies speak plain HTTP to their clients, for "
          "https:// "
          "sites as well, and are written http://. If yours does use TLS, its certificate must be "
          "trusted:\n\n"
          "  proxyrc profile set NAME https=http://HOST:PORT\n"
          "  proxyrc check --ca FILE"),
      "proxy-scheme ca" },
    { "unresolvable", "dns", N_ ("the proxy's host name is not known here"),
      N_ ("A typing error, or a name that only the company's network knows, while you are outside: "
          "at home, or with the VPN down.\n\n"
          "  proxyrc profile show\n"
          "  proxyrc use direct\n\n"
          "The second takes the proxy away everywhere; `proxyrc use NAME` brings it back."),
      "vpn" },
    { "unreachable", "refused", N_ ("no connection to the proxy"),
      N_ ("The name is known, but nothing takes the connection: wrong port, the proxy is down, a "
          "firewall, or you are outside of the network in which it can be reached. A relay on this "
          "machine (127.0.0.1) may just not be running.\n\n"
          "  proxyrc profile show\n"
          "  proxyrc use direct"),
      "vpn relay" },
    { "timeout", "slow", N_ ("no whole answer in time"),
      N_ ("A firewall drops the packets without a word, or what listens there is no HTTP proxy (a "
          "SOCKS proxy waits for other bytes), or it is overloaded. If it asked for the password "
          "and "
          "then fell silent, the directory behind it is slow.\n\n"
          "  proxyrc check --timeout 60"),
      "vpn" },
    { "bad_answer", NULL, N_ ("what answered can't be understood"),
      N_ ("The connection was closed, or what came is not HTTP. Usual reasons: a proxy that wants "
          "TLS "
          "(write https://), a SOCKS proxy (write socks5h://), the port of something else.\n\n"
          "  proxyrc check --proxy socks5h://HOST:PORT"),
      "proxy-scheme" },
    { "withheld", NULL, N_ ("rejected a short while ago, so it was not sent again"),
      N_ ("This very password was rejected by this proxy within the last half hour. It would be "
          "rejected again, and count towards a lock of the account, so it was not sent; nothing "
          "new is known. Store the right password, or, when you know that the account has been "
          "unlocked, insist:\n\n"
          "  proxyrc passwd\n"
          "  proxyrc check --force"),
      "lockout credentials_rejected" },
};
const gsize prc_n_topics_verdicts = G_N_ELEMENTS (prc_topics_verdicts);

const PrcTopic prc_topics_states[] = {
    { "stale", "old-password",
      N_ ("right proxy and user, but another password than the stored one"),
      N_ ("This place still has an old password. Each time its tool runs, a wrong login is sent, "
          "and "
          "counts. Bring all of them up to date at once:\n\n"
          "  proxyrc passwd\n"
          "  proxyrc apply\n\n"
          "The first when the password has just changed, the second when the stored one is right."),
      "lockout" },
    { "differs", NULL, N_ ("something else than the active profile wants"),
      N_ ("Another proxy, user, no_proxy list or scheme. See what would be changed, then do it; or "
          "make a profile of what is there:\n\n"
          "  proxyrc apply --dry-run\n"
          "  proxyrc apply\n"
          "  proxyrc profile import NAME"),
      NULL },
    { "missing", NULL, N_ ("the profile wants a setting here, and there is none"),
      N_ ("The tool is installed, but neither has the proxy nor takes it from the environment.\n\n"
          "  proxyrc apply"),
      NULL },
    { "inherits", NULL, N_ ("no setting of its own: it takes the environment's"),
      N_ ("That is good as long as the environment is right: a new login shell has it, a program "
          "that was started before, or from the desktop, may not. `env` in `proxyrc status` is the "
          "environment.\n\n"
          "  proxyrc route TOOL https://example.com/"),
      "environment desktop-programs" },
    { "overridden", "shadowed", N_ ("another setting wins over it"),
      N_ ("The tool reads this setting, and then another one that counts more: a file of the "
          "project, a later line, a variable. It has no effect, but may hold a password. See which "
          "one wins:\n\n"
          "  proxyrc route TOOL https://example.com/"),
      NULL },
    { "dynamic", "computed", N_ ("computed by shell code: shown, never rewritten blindly"),
      N_ ("Something like export https_proxy=\"$(…)\", or inside an if. Its value is known only "
          "when "
          "the shell runs it, so proxyrc neither judges nor changes it. If it is the reason of a "
          "wrong password, change that line by hand; `proxyrc status` names file and line."),
      NULL },
    { "invalid", NULL, N_ ("the tool itself would reject or misread it"),
      N_ ("A value that the tool can't use: a blank or a carriage return at the end, quotes that "
          "became part of it, a password that is not encoded, a key in the wrong section. `proxyrc "
          "status` says what is wrong; applying the profile writes it as the tool reads it:\n\n"
          "  proxyrc apply"),
      "encoding" },
    { "exposed", "shared", N_ ("others can get at this password, or git tracks it"),
      N_ ("The file holds a password, and: others may read it, or change it or its folder, or git "
          "tracks it, so that it would be published with the next push. Applying closes the mode "
          "of "
          "a file to its owner, and keeps the secret out of tracked and shared files:\n\n"
          "  proxyrc apply\n\n"
          "A password that was readable for others or has been committed is known; change it, then "
          "run `proxyrc passwd`. What git has once recorded stays in its history."),
      "reference" },
    { "stored", NULL, N_ ("the password there is the stored one"),
      N_ ("`proxyrc status` has compared the password in this setting with the one in the store: "
          "they are the same. Whether the proxy takes it is another question:\n\n"
          "  proxyrc check"),
      "stale unknown" },
    { "absent", NULL, N_ ("there is no password in this setting"),
      N_ ("It names a proxy, or a user, without a password. That is right where the proxy asks for "
          "none, and where the profile keeps secrets out of files."),
      "reference" },
    { "unknown", NULL, N_ ("the store is locked, so passwords could not be compared"),
      N_ ("`proxyrc status` never asks for a passphrase. Unlock the store for a while, then look "
          "again:\n\n"
          "  proxyrc unlock --for 8h\n"
          "  proxyrc status"),
      "store" },
};
const gsize prc_n_topics_states = G_N_ELEMENTS (prc_topics_states);
