#!/usr/bin/env python3
"""test-rig.py: the servers of the rig do what the other tests take for granted, seen by curl, whose answers are known,
and by git. Prints TAP."""
import collections
import os
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.common import Tap, clean_environment, run, run_main, stop_on_signals  # noqa: E402
from rig.faults import PASSWORD, USER  # noqa: E402
from rig.groups import run_grouped, wait_for  # noqa: E402
from rig.servers import BUMP_CA, PLAIN_PASSWORD, PROXY_CA, USERS, Rig  # noqa: E402
from rig.squid import BLOCKED_HOST, DENIED_403, DENIED_407, OPEN_HOST  # noqa: E402

RIGHT, WRONG, NONE = (USER, PASSWORD), (USER, "wrong"), None
ANY = "--proxy-anyauth"

# what curl is told, its exit status, the proxy's code, and how often the credential was sent
Case = collections.namedtuple("Case", "server login options host path exit code sent")


def case(server, login, exit, code, sent, options=(), host="origin.test", path="/"):
    return Case(server, login, (options,) if isinstance(options, str) else options, host, path, exit, code, sent)


CASES = [
    case("squid-basic", NONE, 56, 407, 0),
    case("squid-basic", RIGHT, 0, 200, 1),
    case("squid-basic", RIGHT, 0, 200, 1, ANY),
    case("squid-basic", WRONG, 56, 407, 1, ANY),
    case("squid-basic", ("jürgen", USERS["jürgen"]), 0, 200, 1),
    case("squid-basic", (DENIED_407, PASSWORD), 56, 407, 1),
    case("squid-basic", (DENIED_403, PASSWORD), 56, 403, 1),
    case("squid-basic", WRONG, 0, 200, 1, host=OPEN_HOST),
    case("squid-basic", NONE, 56, 403, 0, host=BLOCKED_HOST),
    case("squid-digest", RIGHT, 56, 407, 1),
    case("squid-digest", RIGHT, 0, 200, 1, ANY),
    case("squid-digest", WRONG, 56, 407, 1, ANY),
    case("squid-digest", RIGHT, 0, 200, 1, ANY),
    case("squid-digest-basic", RIGHT, 0, 200, 1),
    case("squid-digest-basic", RIGHT, 0, 200, 1, ANY),
    case("squid-ntlm", RIGHT, 0, 200, 1, "--proxy-ntlm"),
    case("squid-ntlm", WRONG, 56, 407, 1, "--proxy-ntlm"),
    case("squid-ntlm", ("CORP\\" + USER, PASSWORD), 0, 200, 1, ANY),
    case("squid-ntlm", RIGHT, 56, 407, 1),
    case("squid-negotiate", RIGHT, 56, 407, 0, ANY),
    case("squid-negotiate", ("", ""), 0, 200, 1, ("--proxy-negotiate", "ticket")),
    case("squid-multi", RIGHT, 56, 407, 0, ANY),  # no ticket, and curl does not fall back
    case("squid-multi", RIGHT, 0, 200, 1, "--proxy-ntlm"),
    case("squid-multi", RIGHT, 0, 200, 1),
    case("squid-multi", ("", ""), 0, 200, 1, (ANY, "ticket")),
    case("squid-tls", RIGHT, 0, 200, 1, ("--proxy-cacert", PROXY_CA)),
    case("squid-tls", WRONG, 56, 407, 1, ("--proxy-cacert", PROXY_CA)),
    case("squid-tls", RIGHT, 60, 0, 0),
    case("squid-bump", RIGHT, 60, 200, 1),
    case("squid-bump", RIGHT, 0, 200, 1, ("--cacert", BUMP_CA)),
    case("tinyproxy", NONE, 56, 407, 0, host="127.0.0.1"),
    case("tinyproxy", (USER, PLAIN_PASSWORD), 0, 200, 1, host="127.0.0.1"),
    case("tinyproxy", WRONG, 56, 401, 1, host="127.0.0.1"),
    case("tinyproxy-open", NONE, 0, 200, 0, host="127.0.0.1"),
    case("microsocks", RIGHT, 0, 0, 1, host="127.0.0.1"),
    case("microsocks", WRONG, 97, 0, 1, host="127.0.0.1"),
    case("microsocks-open", NONE, 0, 0, 0, host="127.0.0.1"),
    case("socks4", (USER, ""), 0, 0, 1),
    case("socks4", ("other", ""), 97, 0, 1),
    case("cntlm", NONE, 0, 200, 0),
    case("cntlm-wrong", NONE, 56, 407, 0),
    case("tls-expired", RIGHT, 60, 0, 0, ("--proxy-cacert", PROXY_CA)),
    case("tls-self-signed", RIGHT, 60, 0, 0, ("--proxy-cacert", PROXY_CA)),
    case("tls-wrong-name", RIGHT, 60, 0, 0, ("--proxy-cacert", PROXY_CA)),
    case("tls-unknown", RIGHT, 60, 0, 0, ("--proxy-cacert", PROXY_CA)),
    case("tls-forever-407", RIGHT, 56, 407, 1, ("--proxy-cacert", PROXY_CA)),
    case("ipv6", RIGHT, 0, 200, 1, ANY),
    case("closed-port", NONE, 7, 0, 0),
    case("full-queue", NONE, 28, 0, 0, ("--max-time", "2")),
    case("merged", RIGHT, 0, 200, 1, ANY),
    case("300-headers", RIGHT, 0, 200, 1, ANY),
    case("lf-only", RIGHT, 0, 200, 1, ANY),
    case("no-challenge", RIGHT, 56, 407, 0, ANY),
    case("only-bearer", RIGHT, 56, 407, 0, ANY),
    case("closes-at-once", NONE, 56, 0, 0),
    case("resets", NONE, 56, 0, 0),
    case("silent", NONE, 28, 0, 0, ("--max-time", "2")),
    case("drip", NONE, 28, 0, 0, ("--max-time", "3")),
    case("false-length", RIGHT, 28, 407, 0, (ANY, "--max-time", "2")),
    case("http10-open", NONE, 56, 407, 0),
    case("big-body", RIGHT, 0, 200, 1),
    case("portal-200", NONE, 35, 200, 0),
    case("portal-302", NONE, 56, 302, 0),
    case("then-closed", NONE, 35, 200, 0),
    case("ssh", NONE, 28, 0, 0, ("--max-time", "2")),
    case("forever-407", RIGHT, 56, 407, 1, ANY),
    case("takes-anything", WRONG, 0, 200, 1, ANY),
    case("lockout-407", RIGHT, 0, 200, 1),
    *[case("lockout-407", WRONG, 56, 407, 1)] * 3,
    case("lockout-407", RIGHT, 56, 407, 1),
    case("like-tinyproxy", WRONG, 56, 401, 1, ANY),
]


def curl(rig, case, home):
    environment = clean_environment(home)
    options, sites = [], rig.site.ca
    words = iter(case.options)
    for word in words:
        if word == "ticket":
            environment.update(rig.ticket())
        elif word in ("--proxy-cacert", "--cacert"):
            options += [word, rig.authority(next(words)).ca]
            sites = None if word == "--cacert" else sites
        else:
            options.append(word)
    if case.login is not None:
        # curl decodes what it gets
        options += ["-U", ":".join(urllib.parse.quote(part, safe="\\") for part in case.login)]
    url = rig.site.url(case.path, True, case.host)
    # -q comes first, or it counts for nothing
    return run(["curl", "-q", "-sS", "-o", os.devnull, "-w", "%{http_connect}", "-x", rig[case.server].url, *options,
                *(["--cacert", sites] if sites else []), url], environment, cwd=home)


def check(rig, case, home):
    counts = rig[case.server].counts
    before = counts()["credentials"]
    done = curl(rig, case, home)
    sent = wait_for(counts, lambda now: now["credentials"] - before == case.sent)["credentials"] - before
    problems = []
    if done.status != case.exit or done.out.decode().lstrip("0") != str(case.code or ""):
        problems.append("exit %s (not %d), code %s (not %d): %s" % (done.status, case.exit, done.out.decode(), case.code, done.err.decode()))
    if sent != case.sent:
        problems.append("sent %d times, not %d" % (sent, case.sent))
    return problems


def git_at(rig, server, login, home, **more):
    environment = clean_environment(home, GIT_SSL_CAINFO=rig.site.ca, GIT_CONFIG_NOSYSTEM="1", GIT_TERMINAL_PROMPT="0", **more)
    url = rig[server].url.replace("//", "//%s@" % ":".join(urllib.parse.quote(part, safe="") for part in login))
    return run(["git", "-c", "http.proxy=" + url, "ls-remote", rig.site.url("/repo.git", True), "main"], environment, cwd=home)


def git_passes(rig, home):
    """[(what, problems)]: git chooses by itself, and never falls back."""
    for server, login, more, passes in (("squid-digest", RIGHT, {}, True), ("squid-ntlm", RIGHT, {}, True),
                                        ("squid-negotiate", ("", ""), rig.ticket(), True), ("squid-multi", RIGHT, {}, False),
                                        ("squid-multi", RIGHT, {"GIT_HTTP_PROXY_AUTHMETHOD": "basic"}, True)):
        done = git_at(rig, server, login, home, **more)
        passed = done.status == 0 and done.out.decode().startswith(rig.site.commit)
        yield "git at %s%s" % (server, " as told" if more else ""), [] if passed == passes else [done.err.decode()]


def password_changes(rig):
    """Squid's list of users changes while it runs, and the failed logins are counted, without the password."""
    from rig.squid import Squid
    problems = []
    with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home, Squid({"jdoe": "one"}, ("basic", "digest", "ntlm")) as squid:
        def tried(password, scheme):
            done = run(["curl", "-q", "-sS", "-x", squid.url, "-U", "jdoe:" + password, "--proxy-" + scheme, rig.site.url("/plain.txt")],
                       clean_environment(home), cwd=home)
            return done.out == b"through\n"
        for old, new in (("zero", "one"), ("one", "two")):
            squid.set_users({"jdoe": new})
            for scheme in ("basic", "digest", "ntlm"):
                if not tried(new, scheme):
                    problems.append("%s: the new password is refused" % scheme)
                if tried(old, scheme):
                    problems.append("%s: the old password passes" % scheme)
        if squid.failed_logins("jdoe") != 4 or len(squid.logins()) != 8:
            problems.append("the helpers have written down: %s" % squid.logins())
        for name in ("logins", "access.log"):
            if any(password in squid.read(name) for password in ("zero", "two")):
                problems.append("a password is in " + name)
    return problems


def main():
    stop_on_signals()
    with Rig(sorted({case.server for case in CASES})) as rig, tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
        tap = Tap(len(CASES) + 8)
        run_grouped(CASES, lambda case: rig[case.server].real or case.server, lambda case: check(rig, case, home),
                    lambda case, problems: tap.report("curl at %s, %s %s" % (case.server, "right" if case.login == RIGHT else "wrong" if
                                                      case.login == WRONG else case.login and case.login[0], case.options), problems))
        for what, problems in git_passes(rig, home):
            tap.report(what, problems)
        tap.report("the password changes", password_changes(rig))
        plain = run(["curl", "-q", "-sS", "-x", rig["tinyproxy-open"].url, "-U", "jdoe:x", rig.site.url("/handed-on", host="127.0.0.1")],
                    clean_environment(home), cwd=home)
        seen = [request for request in rig.site.requests if request.path == "/handed-on"]
        tap.report("tinyproxy hands the credential on, and the site notices", [] if seen and seen[-1].proxy_authorization else [plain.err.decode()])
        seen = [request for request in rig.site.requests if request.path != "/handed-on" and request.proxy_authorization]
        tap.report("no other site has seen one", [str(request) for request in seen])
        return 1 if tap.failed else 0


if __name__ == "__main__":
    run_main(main)
