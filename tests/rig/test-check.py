#!/usr/bin/env python3
"""test-check.py PROGRAM: what `proxyrc check` makes of every server of the rig: its verdict, what it says of the
credential, how often the credential was really sent, the offers, the exit code, and that it ends in time.

Of everything it prints: no password, and nothing raw that a server has sent. Prints TAP.
"""
import base64
import collections
import concurrent.futures
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.check_cases import CASES, NONE, WRONG, case, expected_exit, label  # noqa: E402
from rig.checking import GRACE, KEYS, judge  # noqa: E402
from rig.common import Missing, Tap, clean_environment, run, run_main, stop_on_signals  # noqa: E402
from rig.faults import PASSWORD, USER  # noqa: E402
from rig.groups import run_grouped, wait_for  # noqa: E402
from rig.servers import BUMP_CA, PROXY_CA, Rig  # noqa: E402


class Suite:
    def __init__(self, program, rig):
        self.program, self.rig, self.begin = os.path.abspath(program), rig, time.monotonic()
        if "squid-negotiate" in rig.servers:
            rig.ticket(1)
        self.trusts = {"site": rig.bundle(), "proxy": rig.bundle(PROXY_CA), "all": rig.bundle(PROXY_CA, BUMP_CA),
                       "proxy-alone": rig.authority(PROXY_CA).ca}

    def url(self, case):
        site = self.rig.site
        if case.url.startswith(("http://", "https://")):
            return case.url.replace("{port}", str(site.port)).replace("{tls}", str(site.tls_port))
        return site.url("/" + case.url.partition("/")[2], tls=True, host=case.url.partition("/")[0])

    def proxy(self, case):
        return case.proxy.format(port=self.rig[case.server].port) if case.proxy else self.rig[case.server].url

    def environment(self, home, case):
        more = {}
        if case.ticket == "good":
            more = self.rig.ticket()
        elif case.ticket == "expired":
            more = self.rig.ticket(1)
            time.sleep(max(0, 2.5 - (time.monotonic() - self.begin)))
        elif case.ticket == "none":
            more = {**self.rig.ticket(), "KRB5CCNAME": "FILE:%s/no-ticket" % home}
        elif case.ticket == "broken":
            more = {**self.rig.ticket(), "KRB5CCNAME": "FILE:%s/ticket" % home}
            with open(home + "/ticket", "wb") as stream:
                stream.write(b"this is no ticket\n")
        return clean_environment(home, **more)

    def check(self, home, case, *more, text=False):
        """Runs `check`; stands for its promises that do not depend on the case: (Answer, problems)."""
        arguments = [self.program, "check", "--proxy", self.proxy(case), "--url", self.url(case), "--ca", self.trusts[case.trust],
                     "--timeout", str(case.timeout), *([] if text else ["--json"]), *more]
        password = ""
        if case.login is not NONE:
            user, password = case.login
            arguments += ["--user", user, "--password-stdin"]
        begin = time.monotonic()
        done = run(arguments, self.environment(home, case), cwd=home, stdin=(password + "\n").encode(),
                   timeout=case.timeout + GRACE)
        seconds = time.monotonic() - begin
        return judge(done, seconds, password, text)

    def run(self, case):
        counts = self.rig[case.server].counts
        before = counts()["credentials"]
        with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
            answer, problems = self.check(home, case)
            got = answer.json
            if not got:
                return problems
            sent = wait_for(counts, lambda now: now["credentials"] - before in case.sent, 1)["credentials"] - before
            problems += self.compare(case, answer, sent)
            if case.evil:
                problems += self.check(home, case._replace(login=NONE), text=True)[1]
        return problems

    def compare(self, case, answer, sent):
        got, problems = answer.json, []

        def expect(what, is_value, wanted):
            if is_value not in wanted:
                problems.append("%s: %r, not %s" % (what, is_value, " or ".join(map(repr, wanted))))

        missing = KEYS - set(got)
        if missing:
            return ["no %s in %s" % (", ".join(sorted(missing)), got)]
        expect("verdict", got["verdict"], case.verdict)
        expect("credential", got["credential"], case.credential)
        expect("times sent", sent, case.sent)
        # what was written to a connection that the proxy had closed was sent, and never came
        expect("attempts", got["attempts"], [sent, 1] if case.sent == [0, 1] else [sent])
        expect("exit", answer.status, [expected_exit(got["verdict"], got["credential"])])
        if case.status is not None:
            expect("http_status", got["http_status"], case.status)
        if case.scheme is not None:
            expect("scheme_used", got["scheme_used"], [case.scheme])
        if case.offers is not None:
            expect("schemes", [(offer["scheme"], offer["realm"]) for offer in got["schemes"]], [case.offers])
        for words in case.says:
            if not any(word in (got["detail"] or "") + "\n" + (got["remedy"] or "") for word in words):
                problems.append("does not say %s: %r, %r" % (" or ".join(words), got["detail"], got["remedy"]))
        if not isinstance(got["elapsed_ms"], int) or got["elapsed_ms"] > answer.seconds * 1000 + 1000:
            problems.append("elapsed_ms: %r in %.1f s" % (got["elapsed_ms"], answer.seconds))
        if problems:
            problems.append("%s" % {key: got[key] for key in ("verdict", "credential", "http_status", "attempts", "schemes", "detail", "remedy")})
        return problems


# What takes more than one run -----------------------------------------------------------------------------------------

class Story:
    """Several checks in one home; each says what it must be."""

    def __init__(self, suite):
        self.suite, self.problems = suite, []

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="proxyrc-home-")
        self.home = self.directory.__enter__()
        return self

    def __exit__(self, *arguments):
        return self.directory.__exit__(*arguments)

    def step(self, what, server, login, verdict, sent, *more, **changes):
        counts = self.suite.rig[server].counts
        before = counts()["credentials"]
        answer, problems = self.suite.check(self.home, case(server, login, verdict, **changes), *more)
        now = wait_for(counts, lambda now: now["credentials"] - before == sent, 1)["credentials"] - before
        if answer.json.get("verdict") != verdict:
            problems.append("%s, not %s: %s" % (answer.json.get("verdict"), verdict, answer.json))
        elif answer.status != expected_exit(verdict, answer.json["credential"]):
            problems.append("exit %s" % answer.status)
        if now != sent:
            problems.append("sent %d times, not %d" % (now, sent))
        self.problems += ["%s: %s" % (what, problem) for problem in problems]
        return answer


def rejected_is_withheld(suite):
    with Story(suite) as story:
        story.step("wrong", "lockout-407", WRONG, "credentials_rejected", 1)
        answer = story.step("again", "lockout-407", WRONG, "withheld", 0)
        if "--force" not in answer.text:
            story.problems.append("withheld does not name --force: %s" % answer.text)
        story.step("again, in text", "lockout-407", WRONG, "withheld", 0)
        story.step("for another site", "lockout-407", WRONG, "withheld", 0, url="http://origin.test:{port}/plain.txt")
        story.step("by force", "lockout-407", WRONG, "credentials_rejected", 1, "--force")
        story.step("right", "lockout-407", (USER, PASSWORD), "ok", 1)
        story.step("wrong again", "lockout-407", WRONG, "withheld", 0)
        story.step("the same at another proxy", "forever-407", WRONG, "credentials_rejected", 1)
        state = ""
        for folder, _, names in os.walk(story.home):
            for name in names:
                with open(os.path.join(folder, name), "rb") as stream:
                    state += stream.read().decode("latin-1")
        if WRONG[1] in state or base64.b64encode(WRONG[1].encode()).decode().rstrip("=") in state:
            story.problems.append("what it remembers holds the password")
        return story.problems


def nobody_is_locked_out(suite):
    """As often as one likes: the account stays open."""
    with Story(suite) as story:
        story.step("first", "lockout-403", WRONG, "credentials_rejected", 1)
        for number in range(4):
            story.step("time %d" % (number + 2), "lockout-403", WRONG, "withheld", 0)
        story.step("right", "lockout-403", (USER, PASSWORD), "ok", 1)
        return story.problems


def right_is_not_withheld(suite):
    """A right one may be sent any number of times."""
    with Story(suite) as story:
        for number in range(3):
            story.step("time %d" % number, "basic", (USER, PASSWORD), "ok", 1)
        return story.problems


def at_the_same_time(suite):
    """Ten checks of one wrong password at once send it once."""
    server = suite.rig["merged-basic-first"]
    before = server.counts()["credentials"]
    with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home, concurrent.futures.ThreadPoolExecutor(10) as pool:
        running = [pool.submit(suite.check, home, case("merged-basic-first", WRONG, "")) for _ in range(10)]
        answers = [future.result() for future in running]
    problems = [problem for _, found in answers for problem in found]
    verdicts = sorted(answer.json.get("verdict", "") for answer, _ in answers)
    if verdicts != ["credentials_rejected"] + ["withheld"] * 9 or server.counts()["credentials"] - before != 1:
        problems.append("%s, sent %d times" % (verdicts, server.counts()["credentials"] - before))
    return problems


HARD = ["p@ss:w/rd#1%", " leading and trailing ", "ünï✓ 日本", "100%;#", "a%41b", "\"'`$(id)\\", ":", "x" * 500, "\U0001f511", "?&=+", "é\u0301"]


def bytes_that_arrive(suite):
    """What is typed is what the proxy gets, as UTF-8."""
    counter_of = suite.rig["takes-anything"].counter
    problems = []
    for number, password in enumerate(HARD):
        for user in ("jdoe", "CORP\\jürgen", "j doe@corp.test"):
            with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
                answer, found = suite.check(home, case("takes-anything", (user, password), "ok"))
            problems += found
            seen = counter_of.seen[-1] if counter_of.seen else b""
            if seen != b"Basic " + base64.b64encode(("%s:%s" % (user, password)).encode()) or answer.json.get("verdict") != "ok":
                problems.append("password %d of %s: %s %s" % (number, user, seen, answer.text))
    return problems


def processes():
    """{pid: (parent, command line and environment)}, as far as they may be read."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        text = b""
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError), open("/proc/%s/%s" % (pid, name), "rb") as stream:
                text += stream.read() + b"\n"
        with contextlib.suppress(OSError), open("/proc/%s/stat" % pid, "rb") as stream:
            found[int(pid)] = (int(stream.read().rpartition(b")")[2].split()[1]), text)
    return found


def is_running(pid):
    """Nobody may be there to ask what has become of it: then it stays in the list."""
    with contextlib.suppress(OSError), open("/proc/%d/stat" % pid, "rb") as stream:
        return stream.read().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    return False


def start_check(suite, home, server, password):
    process = subprocess.Popen([suite.program, "check", "--proxy", suite.rig[server].url, "--url", suite.rig.site.url(tls=True), "--user", USER,
                                "--password-stdin", "--timeout", "60"], env=clean_environment(home), stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process.stdin.write(password.encode() + b"\n")
    process.stdin.close()
    return process


def wait_until(condition, seconds=20):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()


def children_of(pid):
    return [child for child, (parent, _) in processes().items() if parent == pid]


def nobody_else_sees_it(suite):
    """While the password is on its way, it is in no command line and no environment."""
    password = "never-to-be-Seen-%d" % os.getpid()
    before = suite.rig["silent-on-credentials"].counts()["credentials"]
    problems = []
    with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
        process = start_check(suite, home, "silent-on-credentials", password)
        if not wait_until(lambda: suite.rig["silent-on-credentials"].counts()["credentials"] > before):
            problems.append("the password was never sent")
        if not children_of(process.pid):
            problems.append("there is no process of the check's own")
        problems += ["seen in process %d" % pid for pid, (_, text) in processes().items() if password.encode() in text]
        process.kill()
        process.wait()
    return problems


def nothing_is_left_running(suite):
    """However a check ends, what it started ends too."""
    problems = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
        with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
            process = start_check(suite, home, "silent", "some password")
            if not wait_until(lambda: children_of(process.pid)):
                problems.append("there is no process of the check's own")
            children = children_of(process.pid)
            process.send_signal(number)
            process.wait()
            if not wait_until(lambda: not any(map(is_running, children))):
                problems.append("after %s the helper is still there" % number.name)
                for child in children:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(child, signal.SIGKILL)
    return problems


def profiles_say_how(suite):
    """A profile's credential, target and authentication scheme are used."""
    problems = []
    for server, auth, verdict, scheme, sent in (("squid-multi", "basic", "ok", "basic", 1), ("squid-multi", "ntlm", "ok", "ntlm", 1),
                                                ("squid-ntlm", "basic", "scheme_unsupported", None, 0), ("squid-multi", "any", "ok", "ntlm", 1)):
        with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
            environment = clean_environment(home, KRB5CCNAME="FILE:%s/none" % home)
            url = suite.rig[server].url

            def prc(*arguments):
                return run([suite.program, *arguments], environment, cwd=home, stdin=PASSWORD.encode() + b"\n")
            made = prc("profile", "add", "office", "http=" + url, "https=" + url, "user=" + USER, "auth=" + auth,
                       "ca=" + suite.rig.site.ca, "check_url=" + suite.rig.site.url(tls=True))
            stored = prc("login", "--password-stdin", "--store", "plain", "--no-check")
            if made.status or stored.status:
                problems.append("%s %s" % (made.err, stored.err))
            before = suite.rig[server].counts()["credentials"]
            begin = time.monotonic()
            answer, found = judge(prc("check", "--json"), time.monotonic() - begin, PASSWORD)
            problems += found
            got = (answer.json.get("verdict"), answer.json.get("scheme_used"), suite.rig[server].counts()["credentials"] - before)
            if got != (verdict, scheme, sent):
                problems.append("%s with auth=%s: %s" % (server, auth, answer.json))
    return problems


def write(home, name, text):
    path = os.path.join(home, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.chmod(path, 0o600)


def found_ones_are_tried_once(suite):
    """Each distinct credential of the machine once, and none of a user more after one of his was rejected."""
    servers = ("lockout-407", "tinyproxy-open", "no-realm")
    locking, asks_nobody, other = (suite.rig[name].url.partition("//")[2] for name in servers)
    right = "p%40ss%3Aw%2Frd%231%25"
    problems = []
    with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
        write(home, ".gitconfig", "[http]\n\tproxy = http://someone:first-wrong@%s\n" % locking)
        write(home, ".npmrc", "proxy=http://someone:second-wrong@%s\nhttps-proxy=http://someone:first-wrong@%s\n" % (locking, locking))
        write(home, ".config/pip/pip.conf", "[global]\nproxy = http://jdoe:%s@%s\n" % (right, other))
        write(home, ".curlrc", "proxy = \"http://someone:third-wrong@%s\"\n" % locking)
        write(home, ".profile", "export http_proxy=http://jdoe:x-wrong@%s\nexport https_proxy=http://jdoe:%s@%s\n" % (asks_nobody, right, other))
        before = {name: suite.rig[name].counts()["credentials"] for name in servers}

        def found(*more):
            begin = time.monotonic()
            done = run([suite.program, "check", "--found", "--url", suite.rig.site.url("/", True, "127.0.0.1"), "--ca", suite.trusts["all"], *more],
                       clean_environment(home), cwd=home)
            answer, raw = judge(done, time.monotonic() - begin, "-wrong", text="--json" not in more)
            problems.extend(raw)
            verdicts = collections.Counter(check.get("verdict") for check in (answer.json or {}).get("checks", []))
            return answer, verdicts, {name: suite.rig[name].counts()["credentials"] - before[name] for name in servers}

        answer, verdicts, sent = found("--json")
        if sent != {"lockout-407": 1, "tinyproxy-open": 0, "no-realm": 1}:
            problems.append("sent: %s" % sent)
        if verdicts != {"credentials_rejected": 1, "withheld": 2, "ok": 1, "no_auth_needed": 1} or answer.status != 1:
            problems.append("exit %s, %s" % (answer.status, answer.text))
        # what is known to be wrong stops the others of this user the next time, too
        answer, verdicts, sent = found("--json")
        if sent != {"lockout-407": 1, "tinyproxy-open": 0, "no-realm": 2} or verdicts["ok"] != 1:
            problems.append("the second time: %s, sent %s" % (answer.text, sent))
        found()
    return problems


def site_sees_nothing(suite):
    """After all that, no site has been shown a proxy's credential."""
    return [str(request) for request in suite.rig.site.requests if request.proxy_authorization][:5]


STORIES = [rejected_is_withheld, nobody_is_locked_out, right_is_not_withheld, at_the_same_time, bytes_that_arrive, nobody_else_sees_it,
           nothing_is_left_running, profiles_say_how, found_ones_are_tried_once, site_sees_nothing]
# the servers of the stories; those that count wrong passwords do not forget, so no case has them
STORY_SERVERS = {"lockout-407", "lockout-403", "forever-407", "basic", "merged-basic-first", "takes-anything", "silent", "silent-on-credentials",
                 "squid-multi", "squid-ntlm", "tinyproxy-open", "no-realm"}


def main(argv):
    stop_on_signals()
    if not os.path.exists(argv[1]):
        raise Missing("%s is not built" % argv[1])
    only = os.environ.get("PRC_TEST_ONLY")
    cases = [case for case in CASES if not only or re.search(only, label(case))]
    stories = [story for story in STORIES if not only or re.search(only, story.__name__)]
    with Rig(sorted({case.server for case in cases} | STORY_SERVERS)) as rig:
        tap = Tap(len(cases) + len(stories))
        suite = Suite(argv[1], rig)
        run_grouped(cases, lambda case: rig[case.server].real or case.server, suite.run,
                    lambda case, problems: tap.report(label(case), problems))
        for story in stories:
            tap.report(story.__name__.replace("_", " "), story(suite))
        return 1 if tap.failed else 0


if __name__ == "__main__":
    run_main(main, sys.argv)
