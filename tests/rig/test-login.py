#!/usr/bin/env python3
"""test-login.py PROXYRC: `login` stores only what the proxy has taken, and says why it stores nothing. Prints TAP."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.common import Tap, clean_environment, run, run_main, stop_on_signals  # noqa: E402
from rig.faults import PASSWORD, USER  # noqa: E402
from rig.servers import Rig  # noqa: E402

SERVERS = ["basic", "lower-case", "lockout-407", "forever-407", "accepted-503", "hands-on", "closes-on-credentials", "closed-port",
           "only-bearer", "socks4"]


class Home:
    """A home with one profile; what is typed is the password."""

    def __init__(self, program, rig, directory, **roles):
        self.program, self.rig, self.directory = program, rig, directory
        self.environment = clean_environment(directory, KRB5CCNAME="FILE:%s/none" % directory)
        roles = {"ca": rig.site.ca, "check_url": rig.site.url(tls=True), **roles}
        made = self.run("profile", "add", "office", *("%s=%s" % role for role in roles.items()))
        assert made.status == 0, made.err

    def run(self, *arguments, typed=""):
        return run([self.program, *arguments], self.environment, cwd=self.directory, stdin=typed.encode() + b"\n")

    def login(self, password, *more, user=USER):
        return self.run("login", "--no-input", "--user", user, "--password-stdin", "--store", "plain", *more, typed=password)

    def stored(self):
        """The store's own file, which the first password makes."""
        folder = os.path.join(self.directory, ".local/share/proxyrc")
        return sorted(name for name in os.listdir(folder) if name == "plain.json") if os.path.isdir(folder) else []

    def user(self):
        """What a login has made of the profile."""
        return USER.encode() in self.run("profile", "show", "office").out


def sent(rig, server):
    return rig[server].counts()["credentials"]


def expect(home, done, status, stored, *words):
    problems = []
    err = done.err.decode(errors="replace")
    if done.status != status:
        problems.append("exit %s, not %s: %s" % (done.status, status, err))
    if bool(home.stored()) != stored:
        problems.append("stored: %s" % home.stored())
    if not stored and home.user():
        problems.append("the profile has got the user of a login that failed")
    problems += ["no “%s” in: %s" % (word, err) for word in words if word not in err]
    if PASSWORD in err or "wrong-one" in err or done.out:
        problems.append("says too much: %s %s" % (done.out, err))
    return problems


def right_is_stored_and_then_works(program, rig, directory):
    home = Home(program, rig, directory, all=rig["basic"].url)
    before = sent(rig, "basic")
    problems = expect(home, home.login(PASSWORD), 0, True)
    if sent(rig, "basic") - before != 1:
        problems.append("sent %d times" % (sent(rig, "basic") - before))
    checked = home.run("check", "--no-input")
    if checked.status != 0 or b"ok:" not in checked.out:
        problems.append("check: %s %s" % (checked.out, checked.err))
    return problems


def rejected_is_not_stored_and_not_sent_again(program, rig, directory):
    home = Home(program, rig, directory, all=rig["lockout-407"].url)
    before = sent(rig, "lockout-407")
    problems = expect(home, home.login("wrong-one"), 1, False, "nothing was stored", "credentials_rejected")
    for _ in range(4):
        problems += expect(home, home.login("wrong-one"), 1, False, "nothing was stored", "withheld")
    if sent(rig, "lockout-407") - before != 1:
        problems.append("sent %d times" % (sent(rig, "lockout-407") - before))
    # the account is not locked, and another password is another credential
    return problems + expect(home, home.login(PASSWORD), 0, True)


def accepted_though_the_site_is_down(program, rig, directory):
    home = Home(program, rig, directory, all=rig["accepted-503"].url)
    return expect(home, home.login(PASSWORD), 0, True)


def untested_is_not_stored(server):
    def story(program, rig, directory):
        home = Home(program, rig, directory, all=rig[server].url)
        problems = expect(home, home.login(PASSWORD), 6, False, "nothing was stored", "--no-check")
        return problems + expect(home, home.login(PASSWORD, "--no-check"), 0, True)
    story.__name__ = "untested_at_%s_is_not_stored" % server
    return story


def unchecked_sends_nothing(program, rig, directory):
    home = Home(program, rig, directory, all=rig["forever-407"].url)
    before = rig["forever-407"].counts()["connections"]
    problems = expect(home, home.login("wrong-one", "--no-check"), 0, True)
    if rig["forever-407"].counts()["connections"] != before:
        problems.append("--no-check has asked the proxy")
    return problems


def two_proxies_are_both_asked(program, rig, directory):
    """One that takes it is not enough: it would be stored for the other, too."""
    home = Home(program, rig, directory, https=rig["basic"].url, http=rig["forever-407"].url, check_url=rig.site.url())
    problems = expect(home, home.login(PASSWORD), 1, False, "credentials_rejected")
    home.run("profile", "set", "office", "http=" + rig["lower-case"].url)
    before = sent(rig, "lower-case")
    problems += expect(home, home.login(PASSWORD), 0, True)
    if sent(rig, "lower-case") - before != 1:
        problems.append("the second proxy got it %d times" % (sent(rig, "lower-case") - before))
    return problems


def what_no_file_can_hold_is_not_sent(program, rig, directory):
    home = Home(program, rig, directory, all=rig["basic"].url)
    before = sent(rig, "basic")
    problems = expect(home, home.login("a\tb"), 3, False) + expect(home, home.login("x", user="a:b"), 3, False)
    if sent(rig, "basic") != before:
        problems.append("it was sent all the same")
    return problems


STORIES = [right_is_stored_and_then_works, rejected_is_not_stored_and_not_sent_again, accepted_though_the_site_is_down,
           *[untested_is_not_stored(server) for server in ("hands-on", "closes-on-credentials", "closed-port", "only-bearer", "socks4")],
           unchecked_sends_nothing, two_proxies_are_both_asked, what_no_file_can_hold_is_not_sent]


def main():
    stop_on_signals()
    with Rig(SERVERS) as rig:
        tap = Tap(len(STORIES))
        for story in STORIES:
            with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as directory:
                tap.report(story.__name__.replace("_", " "), story(os.path.abspath(sys.argv[1]), rig, directory))
    return 1 if tap.failed else 0


if __name__ == "__main__":
    run_main(main)
