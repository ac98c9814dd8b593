/* The topics that are neither a verdict nor a state: what goes wrong, and how it works. Title and
 * text are marked with N_; names, aliases and the topics to see next are typed: untranslated. */
#include "app/explain.h"
#include "base/i18n.h"

const PrcTopic prc_topics_codes[] = {
    { "407", "proxy-authentication-required E407 proxy-authentication",
      N_ ("the proxy wants to know who you are"),
      N_ ("407 Proxy Authentication Required comes from the proxy, before the site is even asked. "
          "Either no password was sent, or a wrong or expired one, or one of a kind that this "
          "proxy "
          "does not take. From the 407 alone the three can't be told apart; a check can:\n\n"
          "  proxyrc check\n\n"
          "Each tool has proxy settings of its own, so one may pass while another fails. Look for "
          "those with an old password or none:\n\n"
          "  proxyrc status\n\n"
          "How it is said: curl and git \"CONNECT tunnel failed, response 407\", npm \"E407\", pip "
          "\"Tunnel connection failed: 407\" or, with an http:// index, only \"No matching "
          "distribution found\"."),
      "401 403 browser credentials_rejected" },
    { "401", "unauthorized E401", N_ ("the site wants to know who you are"),
      N_ ("401 Unauthorized comes from the site, through the proxy. The proxy has let you pass. "
          "What "
          "is missing is the login for that site: a registry's token, a git password.\n\n"
          "One exception: older versions of the proxy tinyproxy answer 401 to a wrong proxy "
          "password. npm then speaks of E401 and an \"Incorrect or missing password\". `proxyrc "
          "check` knows the difference."),
      "407 403 origin_unauthorized" },
    { "403", "forbidden-403 E403", N_ ("you are known, and still not allowed"),
      N_ ("403 Forbidden is a rule: of the proxy (this site, this port, this user) or of the site. "
          "Another password changes nothing. `proxyrc check` says who it came from:\n\n"
          "  proxyrc check --url https://the.site.example/"),
      "407 401 forbidden" },
    { "browser", "why-browser", N_ ("why the browser works and the command line does not"),
      N_ ("A browser takes its proxy from the desktop's settings or from a script (PAC), asks you "
          "for "
          "the password or logs in with your Kerberos ticket or domain login, and remembers it. A "
          "command-line tool does none of that: it uses what stands in its own file or in the "
          "environment, sends that, and fails when it is wrong.\n\n"
          "So find out which proxy the browser uses, give it to proxyrc once, and let it tell all "
          "tools:\n\n"
          "  proxyrc profile add office https=http://HOST:PORT http=http://HOST:PORT\n"
          "  proxyrc login\n"
          "  proxyrc apply"),
      "desktop-programs pac ntlm" },
    { "password-expired", "expired new-password changed-password",
      N_ ("your directory password has expired or changed"),
      N_ ("The proxy asks the company's directory, so when the password there changes, every copy "
          "of the old one on this machine fails with 407. When it has only expired, the proxy says "
          "just the same 407: it has no way to tell you. Log in where passwords are changed, "
          "change "
          "it, then tell proxyrc:\n\n"
          "  proxyrc passwd\n\n"
          "That tries the new one once, stores it, and rewrites every place that held the old one. "
          "It also lists programs that still run with the old one. To have no copies next time, "
          "see `proxyrc explain reference`."),
      "lockout running reference" },
    { "lockout", "locked account-locked account", N_ ("wrong passwords lock the account"),
      N_ ("Most directories lock an account after three to five wrong passwords, for some minutes "
          "or "
          "until somebody unlocks it. Tools that hold an old password do that by themselves: one "
          "npm install with five dependencies sends five wrong logins, one pip download six, one "
          "apt-get update more than ten.\n\n"
          "Take the password away first, then have the account unlocked, then store the new "
          "one:\n\n"
          "  proxyrc use direct\n"
          "  proxyrc passwd office\n"
          "  proxyrc use office\n\n"
          "proxyrc itself sends a password once, and one that was rejected not again for half an "
          "hour. Programs that are running keep the old one: see `proxyrc doctor`."),
      "running withheld password-expired" },
    { "running", "running-programs tmux", N_ ("programs that still have the old password"),
      N_ ("A program gets its environment when it starts, and keeps it. A terminal, an editor, a "
          "tmux "
          "server or a build daemon started before the change goes on with the old proxy and "
          "password, and so does all that is started from it. `proxyrc doctor` finds them.\n\n"
          "Start them anew; in a shell that is open:\n\n"
          "  eval \"$(proxyrc env)\""),
      "environment lockout" },
    { "vpn", "home-office outside", N_ ("inside, outside, and through a VPN"),
      N_ ("A company's proxy can be reached only from inside, or while the VPN is up; outside it "
          "is "
          "unresolvable or unreachable, and the tools fail or wait for a long time. With the VPN "
          "up, "
          "all traffic may have to go through it. Keep one profile for inside, and switch:\n\n"
          "  proxyrc use office\n"
          "  proxyrc use direct\n\n"
          "A shell that is open keeps what it had until it evaluates the environment anew."),
      "unresolvable unreachable running" },
    { "desktop-programs", "desktop gui ide", N_ ("programs started from the desktop"),
      N_ ("They do not run your shell's start-up files: what stands only in .bashrc never reaches "
          "them. They get the environment of the login session, so log out and in again after a "
          "change. Many use the desktop's own proxy settings or their own dialogue instead, and "
          "some (Java, Electron programs) need settings that are theirs alone.\n\n"
          "See where the environment is set, and who reads it:\n\n"
          "  proxyrc status env\n"
          "  proxyrc tools env"),
      "environment browser code" },
    { "code", "programs libraries fetch", N_ ("code that knows nothing of proxies"),
      N_ ("A proxy setting is a request: a program has to heed it. Raw sockets, many database and "
          "message clients, ssh, and node's own fetch() (until it is told to) connect directly, "
          "and "
          "behind a firewall that means a time-out, not a 407. No setting of proxyrc can change "
          "that; look for the program's own option, or for a tunnel through the proxy."),
      "desktop-programs" },
};
const gsize prc_n_topics_codes = G_N_ELEMENTS (prc_topics_codes);

const PrcTopic prc_topics_others[] = {
    { "ca", "tls-interception interception certificates certificate",
      N_ ("a proxy that opens TLS, and which CA setting counts for which tool"),
      N_ ("A proxy that looks into https:// connections signs each site's certificate anew. Tools "
          "that do not know its CA fail with \"self-signed certificate in certificate chain\" or "
          "\"unable to get local issuer certificate\". curl, git and wget trust what the system "
          "trusts; node (npm) and older releases of pip bring a list of their own, and fail where "
          "curl works. One setting of the profile tells them all:\n\n"
          "  proxyrc profile set NAME ca=/path/to/company-ca.pem\n"
          "  proxyrc apply\n\n"
          "Each tool looks elsewhere. curl: cacert in .curlrc, then CURL_CA_BUNDLE before "
          "SSL_CERT_FILE. git: http.sslCAInfo, GIT_SSL_CAINFO; neither of curl's. npm: cafile, "
          "which "
          "switches NODE_EXTRA_CA_CERTS off. pip: cert or PIP_CERT, but REQUESTS_CA_BUNDLE and "
          "CURL_CA_BUNDLE win over both. wget: ca_certificate. Several of them replace the "
          "system's "
          "CAs rather than add to them: such a file must hold those too."),
      "tls_intercepted" },
    { "ntlm", "kerberos negotiate spnego basic digest schemes auth",
      N_ ("Basic, Digest, NTLM, Kerberos: the ways to log in"),
      N_ ("A proxy offers one or more. Basic sends the password itself, readable for whoever sees "
          "the "
          "connection to the proxy; every tool knows it. Digest and NTLM send a proof computed "
          "from "
          "it. Negotiate uses a Kerberos ticket (`kinit` gets one, `klist` shows it), needs no "
          "password, and works only when the proxy is named by its host name.\n\n"
          "npm, pip, wget and apt know Basic only: at a proxy that offers NTLM or Negotiate alone "
          "they get 407 with any password. curl takes Basic unless told otherwise; git takes the "
          "strongest that is offered and never falls back, so that with Negotiate on offer and no "
          "ticket it fails with the right password. auth=basic (or ntlm) in the profile cures "
          "that.\n\n"
          "  proxyrc check\n"
          "  proxyrc profile set NAME auth=basic\n"
          "  proxyrc apply"),
      "relay scheme_unsupported" },
    { "relay", "cntlm px local-proxy", N_ ("a relay on this machine: cntlm, px"),
      N_ ("A small proxy of your own that logs in at the company's by NTLM or Kerberos; the tools "
          "talk to it without a password. For tools that know only Basic it is the only way "
          "through. Point a profile to it, without a user:\n\n"
          "  proxyrc profile add relay all=http://127.0.0.1:3128\n"
          "  proxyrc use relay\n\n"
          "The relay then holds the password: a change has to be told to it (cntlm.conf; px asks "
          "the "
          "keyring). Old credentials in a proxy address that now leads to cntlm are passed on and "
          "give 407. pip can't use cntlm 0.92 for https:// sites."),
      "ntlm" },
    { "no_proxy", "noproxy bypass exceptions", N_ ("one list, and how each tool reads it"),
      N_ ("no_proxy names the hosts that are reached directly. There is no common rule. What all "
          "read alike: commas without blanks, lower case, no ports, no `*`; both example.com and "
          ".example.com; addresses spelled out.\n\n"
          "`*.example.com` matches nothing in curl, git, wget, npm and pip. 10.0.0.0/8 is "
          "understood "
          "by curl and git (libcurl 7.86 and later), pip and Go. pip and apt compare ends of text: "
          "ample.com hits "
          "example.com. With a proxy in its own file, pip ignores no_proxy altogether. `*` alone "
          "means everything, but not for npm, wget and apt.\n\n"
          "proxyrc writes what each tool understands, and says what it can't. To see what decides "
          "for one address:\n\n"
          "  proxyrc route pip https://intranet.example.com/"),
      "environment" },
    { "encoding", "percent special-characters password-characters umlauts",
      N_ ("special characters in a password"),
      N_ ("Inside a proxy address a password must be percent-encoded: @ is %40, : is %3A, / is "
          "%2F, "
          "# is %23, % is %25. In a place of its own it may have to be raw, or quoted by yet other "
          "rules. proxyrc takes the password as it is and writes it for each tool; never encode it "
          "yourself.\n\n"
          "What no writing can help: a tab or another control character (curl then goes past the "
          "proxy without a word), and in git with a libcurl before 8.8 a % with two hex digits "
          "behind it. pip sends umlauts in another encoding than all others. proxyrc says so where "
          "it matters."),
      "invalid" },
    { "environment", "env variables http_proxy https_proxy all_proxy uppercase",
      N_ ("the variables, and their upper and lower case"),
      N_ ("https_proxy is the proxy for https:// addresses, http_proxy the one for http://. curl, "
          "git "
          "and wget ignore HTTP_PROXY in capitals; Go programs and yarn prefer the capitals; where "
          "both are set and differ, each tool takes another one. So proxyrc sets both cases "
          "alike.\n\n"
          "  proxyrc status env\n"
          "  proxyrc env\n\n"
          "The second prints them, with the password, for a shell to evaluate. sudo drops them "
          "unless "
          "its rules keep them."),
      "running desktop-programs no_proxy" },
    { "proxy-scheme", "socks scheme https-scheme",
      N_ ("http://, https:// and socks5h:// before a proxy"),
      N_ ("The scheme of a proxy says how to talk to the proxy, not to the sites. http:// is right "
          "for "
          "nearly all, and carries https:// sites as well: they stay encrypted from end to end. "
          "https:// means that the connection to the proxy is itself in TLS; few proxies do that, "
          "and wget can't. socks5:// looks names up here, socks5h:// lets the proxy do it; pip "
          "needs "
          "an extra package for either, and wget knows neither."),
      "proxy_tls_failed bad_answer" },
    { "user-name", "domain username", N_ ("how the user name is written"),
      N_ ("Some proxies want joe, some DOMAIN\\joe, some joe@example.com. proxyrc stores what you "
          "type, and writes it for each tool (the backslash as %5C). A wrong form is answered like "
          "a wrong password.\n\n"
          "  proxyrc login --user 'DOMAIN\\joe'"),
      "credentials_rejected" },
    { "store", "stores vault secret-service keyring plain passphrase",
      N_ ("where the password is kept"),
      N_ ("Once, in one of these. secret-service: the desktop's keyring (GNOME Keyring, KWallet, "
          "KeePassXC), taken by itself where there is one; you find it there as \"proxyrc: "
          "USER@HOST:PORT\". vault: a file encrypted with a passphrase, for all other machines. "
          "plain: a file in clear text that only you can read, only when you ask for it.\n\n"
          "  proxyrc login --store vault\n"
          "  proxyrc unlock --for 8h\n"
          "  proxyrc lock\n\n"
          "The first moves what is stored. The second keeps the key with the kernel, so that no "
          "command asks. A forgotten passphrase can't be recovered: remove the vault's file, and "
          "log "
          "in again."),
      "unknown reference" },
    { "reference", "placement inline", N_ ("no copies of the password in files"),
      N_ ("placement=inline writes the password into the tools' files (for the owner's eyes only). "
          "placement=reference writes none: the shell's start-up file evaluates `proxyrc env`, git "
          "asks `proxyrc git-credential`, the others take the environment. The next change of the "
          "password then needs no rewriting.\n\n"
          "  proxyrc profile set NAME placement=reference\n"
          "  proxyrc apply"),
      "store exposed" },
    { "direct", "off no-proxy-at-all", N_ ("no proxy anywhere"),
      N_ ("The profile that is always there. `proxyrc use direct` takes the proxy out of every "
          "file "
          "that it may write, and lists what it can't: system files, variables of this shell, "
          "computed settings.\n\n"
          "  proxyrc use direct\n"
          "  unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY"),
      "vpn" },
    { "pac", "autoconfig wpad proxy.pac", N_ ("proxy scripts (PAC) and automatic discovery"),
      N_ ("Browsers may ask a script which proxy to take for which site. git, npm, pip and curl "
          "can't "
          "run it. Open the script's address (it is in the browser's or desktop's network "
          "settings), "
          "find the lines with PROXY HOST:PORT, and make a profile of the one that holds for most "
          "sites; what the script sends DIRECT belongs into no_proxy.\n\n"
          "  proxyrc profile add office all=http://HOST:PORT no_proxy=.example.com"),
      "browser no_proxy" },
    { "undo", "history", N_ ("taking back what was written"),
      N_ ("Every change of files is one transaction: all of them or none, and it can be taken back "
          "as "
          "long as nobody else has changed the files since.\n\n"
          "  proxyrc history\n"
          "  proxyrc undo\n"
          "  proxyrc history --purge\n\n"
          "The former contents are kept encrypted; the last command removes them."),
      NULL },
};
const gsize prc_n_topics_others = G_N_ELEMENTS (prc_topics_others);
