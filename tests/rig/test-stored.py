#!/usr/bin/env python3
"""test-stored.py PROGRAM: `login` and `passwd` at proxies of all kinds: what is stored, and how often the password went out.

Only what the proxy has accepted is stored; where nothing could be tested, nothing is, and --no-check is named. A new
password is sent once, in whatever way it fails. Prints TAP.
"""
import collections
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.common import Missing, Tap, clean_environment, run, run_main, stop_on_signals  # noqa: E402
from rig.faults import PASSWORD, USER  # noqa: E402
from rig.groups import run_grouped, wait_for  # noqa: E402
from rig.servers import BUMP_CA, PROXY_CA, Rig  # noqa: E402
from rig.squid import BLOCKED_HOST, DENIED_403, DENIED_407, OPEN_HOST  # noqa: E402

WRONG = "a wrong one"
OLD = "the old one"

Case = collections.namedtuple("Case", "server exit sent stored password user url says trust")


def case(server, exit, sent, password=PASSWORD, user=USER, url="https://origin.test:{tls}/", says=None, trust="proxy"):
    return Case(server, exit, sent, exit == 0, password, user, url, says, trust)


CASES = [
    case("squid-basic", 0, 1),
    case("squid-basic", 1, 1, WRONG, says="407"),
    case("squid-basic", 1, 1, user=DENIED_407),
    case("squid-basic", 0, 1, user=DENIED_403),
    case("squid-basic", 0, 1, url="https://origin.test:1/"),
    case("squid-basic", 6, 0, WRONG, url="https://%s:{tls}/" % OPEN_HOST, says="--no-check"),
    case("squid-basic", 6, 0, WRONG, url="https://%s:{tls}/" % BLOCKED_HOST, says="--no-check"),
    case("squid-digest", 0, 1),
    case("squid-digest", 1, 1, WRONG),
    case("squid-ntlm", 0, 1),
    case("squid-ntlm", 1, 1, WRONG),
    case("squid-multi", 0, 1),
    case("squid-tls", 0, 1),
    case("squid-tls", 6, 0, says="--no-check", trust="site"),
    case("squid-bump", 0, 1, trust="all"),
    case("squid-bump", 1, 1, WRONG),
    case("tinyproxy-open", 6, 0, WRONG, url="https://127.0.0.1:{tls}/", says="--no-check"),
    case("microsocks", 0, 1, url="https://127.0.0.1:{tls}/"),
    case("microsocks", 1, 1, WRONG, url="https://127.0.0.1:{tls}/"),
    case("closed-port", 6, 0, says="--no-check"),
    case("closes-at-once", 6, 0, says="--no-check"),
    case("closes-on-credentials", 6, 1, says="--no-check"),
    case("portal-302", 6, 0, says="--no-check"),
    case("status-503", 6, 0, says="--no-check"),
    case("ssh", 6, 0, says="--no-check"),
    case("no-challenge", 6, 0, says="--no-check"),
    case("only-bearer", 6, 0, says="--no-check"),
    case("accepted-403", 0, 1),
    case("accepted-503", 0, 1),
    case("like-tinyproxy", 1, 1, WRONG),
    case("digest-stale", 6, 1, says="--no-check"),
]


class Home:
    """A profile for @case, in a home of its own."""

    def __init__(self, program, rig, case, trusts):
        self.program, self.rig, self.case, self.trust = program, rig, case, trusts[case.trust]

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="proxyrc-home-")
        self.path = self.directory.__enter__()
        url, site = self.rig[self.case.server].url, self.rig.site
        target = self.case.url.replace("{tls}", str(site.tls_port))
        made = self.prc("profile", "add", "office", "http=" + url, "https=" + url, "user=" + self.case.user, "ca=" + self.trust, "check_url=" + target)
        if made.status != 0:
            raise RuntimeError(made.err.decode())
        return self

    def __exit__(self, *arguments):
        return self.directory.__exit__(*arguments)

    def prc(self, *arguments, password=""):
        return run([self.program, *arguments], clean_environment(self.path, KRB5CCNAME="FILE:%s/none" % self.path), cwd=self.path,
                   stdin=(password + "\n").encode())

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.path):
            for name in names:
                with open(os.path.join(folder, name), "rb") as stream:
                    found[os.path.relpath(os.path.join(folder, name), self.path)] = stream.read()
        return found

    def holds(self, password):
        return any(password.encode() in content for content in self.files().values())


class Suite:
    def __init__(self, program, rig):
        self.program, self.rig = os.path.abspath(program), rig
        self.trusts = {"site": rig.bundle(), "proxy": rig.bundle(PROXY_CA), "all": rig.bundle(PROXY_CA, BUMP_CA)}

    def step(self, home, what, *arguments, exit, sent, password):
        counts = self.rig[home.case.server].counts
        before = counts()["credentials"]
        done = home.prc(*arguments, password=password)
        now = wait_for(counts, lambda now: now["credentials"] - before == sent, 1)["credentials"] - before
        problems = []
        said = (done.out + done.err).decode(errors="replace")
        if done.status != exit:
            problems.append("%s: exit %s, not %d: %s" % (what, done.status, exit, said))
        if now != sent:
            problems.append("%s: sent %d times, not %d" % (what, now, sent))
        if password in said:
            problems.append("%s: shows the password" % what)
        return problems, said

    def login(self, case):
        with Home(self.program, self.rig, case, self.trusts) as home:
            words = ("login", "--password-stdin", "--store", "plain")
            problems, said = self.step(home, "login", *words, exit=case.exit, sent=case.sent, password=case.password)
            if case.says and case.says not in said:
                problems.append("does not say %s: %s" % (case.says, said))
            if home.holds(case.password) != case.stored:
                problems.append("the password is%s stored" % ("" if home.holds(case.password) else " not"))
            if case.exit == 1 and case.sent:
                problems += self.step(home, "login again", *words, exit=1, sent=0, password=case.password)[0]
        return problems

    def passwd(self, case):
        """From a home whose tools have an old password: only an accepted one changes a file."""
        with Home(self.program, self.rig, case, self.trusts) as home:
            for words, password in ((("login", "--password-stdin", "--store", "plain", "--no-check"), OLD), (("apply",), "")):
                done = home.prc(*words, password=password)
                if done.status != 0 and words[0] == "login":
                    return [done.err.decode()]
            before = home.files()
            problems, said = self.step(home, "passwd", "passwd", "--password-stdin", exit=case.exit, sent=case.sent, password=case.password)
            after = home.files()
            changed = [name for name in after if after[name] != before.get(name) and not name.startswith(".local/state/")]
            if case.stored:
                left = [name for name, content in after.items() if OLD.replace(" ", "%20").encode() in content and "state" not in name]
                if not home.holds(case.password) or left:
                    problems.append("the old one is left in %s" % left)
            elif changed:
                problems.append("changed: %s" % changed)
            if case.says and case.says not in said:
                problems.append("does not say %s: %s" % (case.says, said))
        return problems


def label(what, case):
    return "%s at %s, %s%s" % (what, case.server, "wrong" if case.password == WRONG else "right",
                               ", " + case.url if "origin.test:{tls}" not in case.url else "")


def main(argv):
    stop_on_signals()
    if not os.path.exists(argv[1]):
        raise Missing("%s is not built" % argv[1])
    work = [(what, case) for case in CASES for what in ("login", "passwd")]
    with Rig(sorted({case.server for case in CASES})) as rig:
        suite = Suite(argv[1], rig)
        tap = Tap(len(work))
        run_grouped(work, lambda item: rig[item[1].server].real or item[1].server, lambda item: getattr(suite, item[0])(item[1]),
                    lambda item, problems: tap.report("%s, %s" % (label(*item), item[1].user), problems))
        return 1 if tap.failed else 0


if __name__ == "__main__":
    run_main(main, sys.argv)
