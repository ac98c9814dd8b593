"""check_cases.py - what `proxyrc check` must say of each server of the rig: the table of test-check.py"""
import collections

from .faults import PASSWORD, USER
from .servers import PLAIN_PASSWORD, USERS
from .squid import BLOCKED_HOST, DENIED_403, DENIED_407, OPEN_HOST

RIGHT, WRONG, NONE = (USER, PASSWORD), (USER, "a wrong one"), None

# verdict, credential, sent, status: lists of what may be said; says: [[one of these words]…] in detail or remedy
Case = collections.namedtuple("Case", "server login verdict credential sent status scheme offers says url trust ticket proxy timeout evil")

FATES = {"ok": "accepted", "credentials_rejected": "rejected"}
NETWORK = {"unresolvable", "unreachable", "timeout", "bad_answer", "proxy_tls_failed", "not_a_proxy"}


def expected_exit(verdict, credential):
    if verdict in ("ok", "no_auth_needed") or credential == "accepted":
        return 0
    if verdict == "credentials_missing":
        return 5
    return 6 if verdict in NETWORK else 1


def case(server, login, verdict, credential=None, sent=None, status=None, scheme=None, offers=None, says=(), url="origin.test/",
         trust="proxy", ticket=None, proxy=None, timeout=20, evil=False):
    verdicts = verdict.split("|")
    if credential is None:
        credential = "|".join(sorted({FATES.get(one, "untested") for one in verdicts}))
    if sent is None:
        sent = sorted({int(one in ("accepted", "rejected")) for one in credential.split("|")})
    return Case(server, login, verdicts, credential.split("|"), sent if isinstance(sent, list) else [sent],
                [status] if isinstance(status, int) else status, scheme, offers, says, url, trust, ticket, proxy, timeout,
                evil or "evil" in server)


def label(case):
    login = {NONE: "no credential", RIGHT: "right", WRONG: "wrong"}.get(case.login) or case.login[0]
    more = [case.url if case.url != "origin.test/" else "", case.trust if case.trust != "proxy" else "",
            "%s ticket" % case.ticket if case.ticket else "", case.proxy or ""]
    return ", ".join(filter(None, ["check at " + case.server, login, *more]))


BASIC = [("Basic", "Rig Proxy")]
DIGEST = [("Digest", "Rig Proxy")]
NTLM = [("NTLM", None)]
NEGOTIATE = [("Negotiate", None)]
ALL = NEGOTIATE + NTLM + BASIC
HTTP = "http://origin.test:{port}/"
BY_ADDRESS = "127.0.0.1/"

SQUID = [
    case("squid-basic", NONE, "credentials_missing", status=407, offers=BASIC),
    case("squid-basic", NONE, "credentials_missing", status=407, offers=BASIC, url=HTTP),
    case("squid-basic", RIGHT, "ok", scheme="basic", status=200, offers=BASIC),
    case("squid-basic", RIGHT, "ok", scheme="basic", status=200, offers=BASIC, url=HTTP),
    case("squid-basic", WRONG, "credentials_rejected", scheme="basic", status=407, offers=BASIC),
    case("squid-basic", WRONG, "credentials_rejected", scheme="basic", status=407, url=HTTP),
    case("squid-basic", ("jürgen", USERS["jürgen"]), "ok"),
    case("squid-basic", ("nobody we know", PASSWORD), "credentials_rejected"),
    # a rule refuses these two: of the first one can't know, of the second one can
    case("squid-basic", (DENIED_407, PASSWORD), "credentials_rejected", says=[["rule"]]),
    case("squid-basic", (DENIED_403, PASSWORD), "forbidden", "accepted", status=403),
    case("squid-basic", (DENIED_403, PASSWORD), "forbidden", "accepted", status=403, url=HTTP),
    # the password was not asked for, and says nothing
    case("squid-basic", WRONG, "no_auth_needed", url=OPEN_HOST + "/"),
    case("squid-basic", RIGHT, "no_auth_needed", url="http://%s:{port}/" % OPEN_HOST),
    case("squid-basic", RIGHT, "forbidden", status=403, url=BLOCKED_HOST + "/"),
    case("squid-basic", RIGHT, "forbidden", status=403, url="http://%s:{port}/" % BLOCKED_HOST),
    # accepted, though the site was not reached
    case("squid-basic", RIGHT, "upstream_failed", "accepted", status=503, url="https://origin.test:1/"),
    case("squid-basic", RIGHT, "upstream_failed", "accepted", status=503, url="http://origin.test:1/"),
    case("squid-basic", RIGHT, "upstream_failed", "accepted", status=[500, 502, 503], url="https://nowhere.test/"),
    case("squid-basic", WRONG, "credentials_rejected", url="https://nowhere.test/"),
    case("squid-basic", RIGHT, "origin_unauthorized", "accepted", status=401, url="http://origin.test:{port}/private"),
    case("squid-basic", WRONG, "credentials_rejected", status=407, url="http://origin.test:{port}/private"),
    case("squid-digest", NONE, "credentials_missing", offers=DIGEST),
    case("squid-digest", RIGHT, "ok", scheme="digest", offers=DIGEST),
    case("squid-digest", WRONG, "credentials_rejected", scheme="digest", offers=DIGEST),
    case("squid-digest", RIGHT, "ok", scheme="digest", url=HTTP),
    case("squid-digest", ("jürgen", USERS["jürgen"]), "ok"),
    case("squid-digest-basic", RIGHT, "ok", scheme="digest", offers=DIGEST + BASIC),
    case("squid-digest-basic", WRONG, "credentials_rejected", scheme="digest"),
    case("squid-ntlm", NONE, "credentials_missing", offers=NTLM, says=[["pip"], ["npm"]]),
    case("squid-ntlm", RIGHT, "ok", scheme="ntlm", offers=NTLM, says=[["pip"], ["npm"]]),
    case("squid-ntlm", RIGHT, "ok", scheme="ntlm", url=HTTP),
    case("squid-ntlm", WRONG, "credentials_rejected", scheme="ntlm"),
    case("squid-ntlm", WRONG, "credentials_rejected", scheme="ntlm", url=HTTP),
    case("squid-ntlm", ("CORP\\" + USER, PASSWORD), "ok", scheme="ntlm"),
    # libcurl would send another password than this one
    case("squid-ntlm", ("jürgen", USERS["jürgen"]), "scheme_unsupported", says=[["ASCII"]]),
    case("squid-multi", ("jürgen", USERS["jürgen"]), "ok", scheme="basic", ticket="none"),
    case("squid-negotiate", NONE, "ok", scheme="negotiate", offers=NEGOTIATE, ticket="good"),
    case("squid-negotiate", RIGHT, "ok", scheme="negotiate", offers=NEGOTIATE, ticket="good"),
    case("squid-negotiate", NONE, "ok", scheme="negotiate", offers=NEGOTIATE, ticket="good", url=HTTP),
    case("squid-negotiate", RIGHT, "scheme_unsupported|credentials_missing", sent=0, offers=NEGOTIATE, ticket="none", says=[["kinit"]]),
    case("squid-negotiate", RIGHT, "scheme_unsupported|credentials_missing", sent=0, ticket="broken"),
    case("squid-negotiate", RIGHT, "scheme_unsupported|credentials_missing", sent=0, ticket="good", proxy="http://127.0.0.1:{port}"),
    case("squid-negotiate", NONE, "scheme_unsupported|credentials_missing", sent=0),
    case("squid-multi", NONE, "credentials_missing", offers=ALL, ticket="none"),
    case("squid-multi", RIGHT, "ok", offers=ALL, ticket="none", scheme="ntlm"),
    case("squid-multi", RIGHT, "ok", ticket="broken"),
    case("squid-multi", RIGHT, "ok", ticket="expired", scheme="ntlm"),
    case("squid-negotiate", NONE, "scheme_unsupported|credentials_missing", ticket="expired", says=[["kinit"]]),
    case("squid-multi", RIGHT, "ok", scheme="negotiate", ticket="good"),
    case("squid-multi", RIGHT, "ok", scheme="ntlm", ticket="good", proxy="http://127.0.0.1:{port}"),
    case("squid-multi", WRONG, "credentials_rejected", ticket="none"),
    case("squid-multi", NONE, "ok", scheme="negotiate", ticket="good"),
    case("squid-tls", NONE, "credentials_missing", offers=BASIC),
    case("squid-tls", RIGHT, "ok"),
    case("squid-tls", RIGHT, "ok", url=HTTP),
    case("squid-tls", WRONG, "credentials_rejected"),
    case("squid-tls", RIGHT, "proxy_tls_failed", trust="site"),
    case("squid-tls", RIGHT, "tls_intercepted", "accepted", trust="proxy-alone", says=[["Site Authority"]]),
    case("squid-tls", RIGHT, "bad_answer", proxy="http://127.0.0.1:{port}", says=[["https://"]]),
    case("squid-basic", RIGHT, "proxy_tls_failed", proxy="https://127.0.0.1:{port}", says=[["http://"]], timeout=5),
    case("squid-basic", RIGHT, "timeout|bad_answer", proxy="socks5h://127.0.0.1:{port}", timeout=3),
    case("squid-bump", RIGHT, "tls_intercepted", "accepted", says=[["Company Interception"]]),
    case("squid-bump", WRONG, "credentials_rejected"),
    case("squid-bump", RIGHT, "ok", trust="all"),
]

SMALL = [
    case("tinyproxy", NONE, "credentials_missing", offers=[("Basic", "Tinyproxy")], url=BY_ADDRESS),
    case("tinyproxy", (USER, PLAIN_PASSWORD), "ok", url=BY_ADDRESS),
    case("tinyproxy", WRONG, "credentials_rejected", status=401, url=BY_ADDRESS),
    case("tinyproxy", (USER, PLAIN_PASSWORD), "ok", url="http://127.0.0.1:{port}/"),
    case("tinyproxy", WRONG, "credentials_rejected", status=401, url="http://127.0.0.1:{port}/"),
    case("tinyproxy", (USER, PLAIN_PASSWORD), "upstream_failed", "accepted", url="https://127.0.0.1:1/"),
    case("tinyproxy-open", NONE, "no_auth_needed", url=BY_ADDRESS),
    case("tinyproxy-open", RIGHT, "no_auth_needed", url=BY_ADDRESS),
    case("tinyproxy-open", RIGHT, "no_auth_needed", url="http://127.0.0.1:{port}/"),
    case("tinyproxy-open", RIGHT, "upstream_failed", "untested", url="https://127.0.0.1:1/"),
    case("microsocks", NONE, "credentials_missing", url=BY_ADDRESS),
    case("microsocks", RIGHT, "ok", url=BY_ADDRESS),
    case("microsocks", WRONG, "credentials_rejected", url=BY_ADDRESS),
    case("microsocks", RIGHT, "ok", url="http://127.0.0.1:{port}/"),
    case("microsocks", RIGHT, "ok", url=BY_ADDRESS, proxy="socks5://127.0.0.1:{port}"),
    case("microsocks", RIGHT, "upstream_failed", "accepted", url="https://127.0.0.1:1/"),
    case("microsocks-open", NONE, "no_auth_needed", url=BY_ADDRESS),
    case("microsocks-open", RIGHT, "no_auth_needed", url=BY_ADDRESS),
    case("microsocks", RIGHT, "bad_answer|timeout", proxy="http://127.0.0.1:{port}", timeout=5),
    case("socks4", (USER, "has none"), "ok|no_auth_needed", sent=[0, 1]),
    case("socks4", ("other", "has none"), "credentials_rejected|forbidden|upstream_failed", sent=1),
    case("cntlm", NONE, "no_auth_needed"),
    case("cntlm-wrong", NONE, "credentials_missing", offers=[("Basic", "Cntlm for parent")]),
]

TLS = [
    case(server, RIGHT, "proxy_tls_failed", says=says) for server, says in (
        ("tls-expired", [["expired"], ["clock"]]), ("tls-self-signed", [["self-signed", "self signed", "trust"]]),
        ("tls-wrong-name", [["is not for 127.0.0.1"]]), ("tls-unknown", [["CA", "ca=", "authority", "issuer"]]),
        ("tls-needs-name", [["host name"]]))
] + [
    case("tls-forever-407", RIGHT, "credentials_rejected"),
    case("tls-needs-name", RIGHT, "ok", proxy="https://localhost:{port}"),
    case("tls-client-certificate", RIGHT, "bad_answer|proxy_tls_failed", says=[["certificate from its clients"]]),
    # a tunnel in a tunnel, and a target without one
    case("tls-basic", RIGHT, "ok"),
    case("tls-basic", RIGHT, "ok", url=HTTP),
    case("tls-basic", NONE, "credentials_missing"),
    case("tls-basic", WRONG, "credentials_rejected"),
    case("tls-basic", RIGHT, "tls_intercepted", "accepted", url="elsewhere.test/", says=[["name"]]),
    case("tls-continue-first", RIGHT, "ok"),
    case("tls-continue-first", WRONG, "credentials_rejected"),
    case("tls-nul-realm", WRONG, "credentials_rejected"),
    case("tls-then-silent", RIGHT, "timeout", timeout=2),
    case("tls-takes-anything", RIGHT, "ok|no_auth_needed", sent=[0, 1]),
    # the site's certificate, seen from inside
    case("basic", RIGHT, "tls_intercepted", "accepted", url="elsewhere.test/", says=[["name"]]),
]

ENDS = [
    case("ipv6", RIGHT, "ok"),
    case("basic", RIGHT, "ok|tls_intercepted", "accepted", url="[::1]/"),
    case("closed-port", RIGHT, "unreachable"),
    case("full-queue", RIGHT, "timeout|unreachable", timeout=2),
    case("closed-port", RIGHT, "unresolvable|timeout", proxy="http://no-such-proxy.invalid:3128"),
    case("closes-at-once", RIGHT, "bad_answer"),
    case("closes-when-asked", RIGHT, "bad_answer"),
    case("resets", RIGHT, "bad_answer|unreachable"),
    case("half-a-head", RIGHT, "bad_answer"),
    case("half-a-header", RIGHT, "bad_answer"),
    # the second request is not repeated, whatever has become of the first
    case("closes-on-credentials", RIGHT, "bad_answer", sent=1, says=[["closed the connection"]]),
    case("resets-on-credentials", RIGHT, "bad_answer", sent=1, says=[["closed the connection"]]),
    case("accepted-then-resets", RIGHT, "upstream_failed", "accepted", sent=1),
    case("closes-on-credentials", RIGHT, "bad_answer", sent=1, url=HTTP),
    case("resets-on-credentials", RIGHT, "bad_answer", sent=1, url=HTTP),
    case("closes-on-digest", RIGHT, "bad_answer", sent=1),
    case("closes-on-digest", RIGHT, "bad_answer", sent=1, url=HTTP),
    case("closes-after-407", RIGHT, "ok"),
    case("closes-after-407-unsaid", RIGHT, "ok"),
    case("closes-after-407-unsaid", RIGHT, "ok", url=HTTP),
    case("closes-after-407", WRONG, "credentials_rejected"),
]

TIME = [
    case("silent", RIGHT, "timeout", timeout=2),
    case("silent", RIGHT, "timeout", timeout=2, url=HTTP),
    case("silent", RIGHT, "timeout|proxy_tls_failed", timeout=2, proxy="https://127.0.0.1:{port}"),
    case("silent", RIGHT, "timeout", timeout=2, proxy="socks5h://127.0.0.1:{port}"),
    case("silent", RIGHT, "timeout", timeout=2, proxy="socks4://127.0.0.1:{port}", url=BY_ADDRESS),
    case("silent", RIGHT, "unresolvable", timeout=2, proxy="socks4://127.0.0.1:{port}", says=[["socks4a"]]),
    case("silent-on-credentials", RIGHT, "timeout", sent=1, timeout=2),
    case("then-silent", RIGHT, "timeout", timeout=2),
    case("drip", RIGHT, "timeout", timeout=3),
    case("drip-body", RIGHT, "credentials_rejected", timeout=5),
    case("endless-headers", RIGHT, "timeout|bad_answer", timeout=3),
    case("endless-headers", RIGHT, "timeout|bad_answer", timeout=3, url=HTTP),
    case("endless-continues", RIGHT, "timeout|bad_answer", timeout=3),
    case("endless-body", RIGHT, "credentials_rejected", timeout=5),
    case("endless-body", RIGHT, "credentials_rejected", timeout=5, url=HTTP),
    case("endless-chunks", RIGHT, "credentials_rejected", timeout=5),
    case("second-ignored", RIGHT, "ok", timeout=10),
]

BODIES = [case(server, login, "ok" if login == RIGHT else "credentials_rejected", timeout=30)
          for server in ("lf-only", "chunked", "false-length", "http10", "http10-open", "big-body", "length-in-yes") for login in (RIGHT, WRONG)] + [
    case("big-body", RIGHT, "ok", url=HTTP),
    case("http10-open", RIGHT, "ok", url=HTTP),
    case("false-length", RIGHT, "ok", url=HTTP),
    case("continue-first", RIGHT, "ok|bad_answer", sent=[0, 1]),
    # by libcurl, which keeps to the connection
    *[case(server, RIGHT, "ok", scheme="digest", url=url) for server in ("digest", "digest-closes") for url in ("origin.test/", HTTP)],
    *[case(server, WRONG, "credentials_rejected") for server in ("digest", "digest-closes")],
    *[case(server, RIGHT, "ok|bad_answer", sent=[0, 1], url=url) for server in ("digest-closes-unsaid", "digest-http10")
      for url in ("origin.test/", HTTP)],
    case("digest-big-body", RIGHT, "ok"),
    case("digest-false-length", RIGHT, "ok|timeout|bad_answer", sent=[0, 1], timeout=3),
]

PARSED = {
    "basic": BASIC,
    "merged": [("Digest", "Rig Proxy"), ("Basic", 'Rig, "Proxy"'), ("Bearer", None)],
    "merged-basic-first": [("Basic", "one"), ("Bearer", "two")],
    "lower-case": BASIC,
    "no-space": [("Basic", "Token")],
    "no-realm": [("Basic", None)],
    "utf8-realm": [("Basic", "Prüfstand ✓ 日本")],
    "empty-elements": BASIC,
    "300-headers": BASIC,
    "www-authenticate": BASIC,
    # odd, but the password goes through
    "folded": None, "latin1-realm": None, "two-lines": None, "long-realm": None, "evil-realm": None, "evil-scheme": None,
    "evil-status": None, "broken-then-basic": None, "30-challenges": None, "500-challenges": None,
}
CHALLENGES = [case(server, RIGHT, "ok", offers=offers) for server, offers in PARSED.items()] + [
    case(server, WRONG, "credentials_rejected") for server in ("merged", "evil-realm", "latin1-realm", "folded")] + [
    case(server, NONE, "credentials_missing") for server in ("merged", "evil-realm", "evil-status", "long-realm", "two-lines")] + [
    case("nul-realm", RIGHT, "ok|bad_answer", sent=[0, 1]),
    case("unclosed-quote", RIGHT, "ok|scheme_unsupported|bad_answer", sent=[0, 1]),
    case("lone-backslash", RIGHT, "ok|scheme_unsupported|bad_answer", sent=[0, 1]),
    case("only-bearer", RIGHT, "scheme_unsupported", offers=[("Bearer", "Rig Proxy"), ("AWS4-HMAC-SHA256", None)]),
    case("basically", RIGHT, "scheme_unsupported", offers=[("Basically", "Rig Proxy")]),
    case("quoted-basic", RIGHT, "scheme_unsupported", offers=[("Bearer", "Basic realm=x, Basic")]),
    # libcurl would send another password than this one, and goes by the first Digest only
    case("digest-sha-512-256", RIGHT, "scheme_unsupported", sent=0),
    case("digest-sha-512-256-basic", RIGHT, "ok", scheme="basic"),
    case("digest-unknown-algorithm", RIGHT, "scheme_unsupported"),
    case("digest-without-nonce", RIGHT, "scheme_unsupported|bad_answer"),
] + [case(server, RIGHT, "bad_answer|scheme_unsupported", evil=True)
     for server in ("no-challenge", "empty-challenge", "commas", "only-parameters", "only-www", "garbage")]

ANSWERS = [case(server, RIGHT, verdict, evil=True, timeout=4) for server, verdict in {
    "portal-200": "not_a_proxy", "portal-302": "not_a_proxy", "portal-307": "not_a_proxy", "portal-511": "not_a_proxy",
    "status-400": "not_a_proxy|bad_answer", "status-404": "not_a_proxy|bad_answer|upstream_failed", "status-405": "not_a_proxy|bad_answer",
    "status-401": "not_a_proxy|bad_answer|origin_unauthorized", "status-401-proxy": "bad_answer", "status-304": "bad_answer", "status-403": "forbidden",
    "status-429": "not_a_proxy|bad_answer|upstream_failed|forbidden",
    "status-500": "upstream_failed", "status-502": "upstream_failed", "status-503": "upstream_failed", "status-504": "upstream_failed",
    "status-999": "bad_answer|not_a_proxy|upstream_failed", "status-000": "bad_answer|not_a_proxy", "status-4070": "bad_answer|not_a_proxy",
    "status-text": "bad_answer|not_a_proxy", "then-html": "not_a_proxy", "then-closed": "bad_answer|not_a_proxy|upstream_failed",
    "ssh": "bad_answer|not_a_proxy|timeout", "smtp": "bad_answer|not_a_proxy|timeout", "binary": "bad_answer|not_a_proxy",
    "empty-lines": "bad_answer|not_a_proxy|timeout",
}.items()] + [
    case("portal-302", RIGHT, "not_a_proxy", url=HTTP, evil=True),
    case("portal-511", RIGHT, "not_a_proxy", url=HTTP, evil=True),
    case("ssh", RIGHT, "bad_answer|not_a_proxy|timeout", timeout=3, url=HTTP),
    case("http-9", RIGHT, "bad_answer|not_a_proxy|credentials_rejected", sent=[0, 1]),
    case("huge-header", RIGHT, "bad_answer|credentials_rejected"),
    case("300k-of-headers", RIGHT, "bad_answer|credentials_rejected"),
    case("two-answers", RIGHT, "credentials_rejected|bad_answer"),
]

CREDENTIALS = [
    case("accepted-403", RIGHT, "forbidden", "accepted", status=403, evil=True),
    case("accepted-500", RIGHT, "upstream_failed", "accepted", status=500),
    case("accepted-502", RIGHT, "upstream_failed", "accepted", status=502),
    case("accepted-503", RIGHT, "upstream_failed", "accepted", status=503),
    case("accepted-504", RIGHT, "upstream_failed", "accepted", status=504),
    case("accepted-then-302", RIGHT, "not_a_proxy", "accepted|untested", sent=1),
    case("downgrades", RIGHT, "credentials_rejected|bad_answer", "rejected|untested", sent=1),
    case("continues-on-credentials", RIGHT, "credentials_rejected|bad_answer", "rejected|untested", sent=1),
    case("forever-407", RIGHT, "credentials_rejected"),
    case("forever-407", RIGHT, "credentials_rejected", url=HTTP),
    case("takes-anything", WRONG, "ok"),
    case("like-tinyproxy", WRONG, "credentials_rejected", status=401),
    case("like-tinyproxy", WRONG, "credentials_rejected", status=401, url=HTTP),
    case("like-tinyproxy", RIGHT, "ok"),
    case("hands-on", RIGHT, "no_auth_needed", url=HTTP),
    case("digest-stale", RIGHT, "credentials_rejected|bad_answer", "rejected|untested", sent=1),
    case("digest-stale", RIGHT, "credentials_rejected|bad_answer", "rejected|untested", sent=1, url=HTTP),
    case("ntlm-again", RIGHT, "credentials_rejected|bad_answer", "rejected|untested", sent=1),
    case("ntlm-deaf", RIGHT, "scheme_unsupported|bad_answer", sent=0),
    case("ntlm-deaf", RIGHT, "scheme_unsupported|bad_answer", sent=0, url=HTTP),
    case("ntlm-garbage", RIGHT, "credentials_rejected|bad_answer|scheme_unsupported", "rejected|untested", sent=0),
    case("negotiate-again", RIGHT, "credentials_rejected", ticket="none"),
    case("negotiate-again", RIGHT, "credentials_rejected|bad_answer", "rejected|untested", sent=[0, 1], ticket="good"),
    case("changes-its-mind", RIGHT, "no_auth_needed|credentials_missing|bad_answer", sent=0),
]

CASES = SQUID + SMALL + TLS + ENDS + TIME + BODIES + CHALLENGES + ANSWERS + CREDENTIALS
