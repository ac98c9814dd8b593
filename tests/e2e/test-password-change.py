#!/usr/bin/env python3
"""test-password-change.py PROGRAM: the password has changed at the proxy, and nothing locks the account.

A home with real tools that pass a real squid, and old passwords in all the places where years of work leave them. Then
squid's user file changes underneath, and `proxyrc passwd` is called. The number of wrong passwords that squid was asked
about must be 0 afterwards, or 1 when the new one was mistyped first; and every tool passes. Prints TAP.
"""
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

import fixture
from clients import CLIENTS, missing_clients
from person import Person, Problem, encodings

USER = "jdoe"
PAIRS = [("0ld@pass:w/rd#1%", "n3w pass\"w'rd\\$1"), ("Sömmer#2023", "!history$(id)99"), ("plainOld2023", "100%;#prz`x`"), ("${HOME}x9", "p@ss:w/rd#1%")]
MISTYPED = "m1styped-one"


def quote(text):
    return urllib.parse.quote(text, safe="")


class Change:
    """A home in which everything works with the old password."""

    def __init__(self, program, home, site, squid, missing, old, new, store):
        self.home, self.site, self.squid, self.old, self.new = home, site, squid, old, new
        self.clients = [client for client in CLIENTS if client.name not in missing]
        self.host = squid.url[len("http://"):]
        own = {"PROXYRC_PASSPHRASE_FILE": self.write(".passphrase", "correct horse battery\n")} if store == "vault" else {}
        self.person = Person(program, home, [(USER, old), (USER, new), (USER, MISTYPED)], own=own)
        self.person.prc("profile", "add", "office", "http=" + squid.url, "https=" + squid.url, "no_proxy=.corp.test", "ca=" + site.ca,
                        "user=" + USER, "check_url=" + site.url("/plain.txt"))
        self.person.prc("login", "--store", store, secret=old)

    def write(self, name, text):
        path = os.path.join(self.home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(path, 0o600)
        return path

    @property
    def url(self):
        return "http://%s:%s@%s" % (USER, quote(self.old), self.host)

    def live_in_it(self):
        """What people, guides and other programs leave: keys that proxyrc doesn't write, other shells, projects, copies."""
        self.write(".wgetrc", "http_proxy = %s\nhttps_proxy = %s\n" % (self.url, self.url))
        self.write(".pip/pip.conf", "[download]\nproxy = %s\n" % self.url)
        self.write(".zshenv", "export http_proxy='%s' https_proxy='%s'\n" % (self.url, self.url))
        self.write(".config/fish/config.fish", "set -gx http_proxy '%s'\n" % self.url)
        with open(os.path.join(self.home, ".gitconfig"), "a", encoding="utf-8") as stream:
            stream.write("[http \"%s\"]\n\tproxy = %s\n" % (self.site.url("/repo.git"), self.url))
        subprocess.run(["git", "init", "-q", os.path.join(self.home, "work-git")], check=True, env=fixture.clean_environment(self.home))
        with open(os.path.join(self.home, "work-git/.git/config"), "a", encoding="utf-8") as stream:
            stream.write("[http]\n\tproxy = \"%s\"\n" % self.url)
        self.write("work-npm/package.json", "{}\n")
        self.write("work-npm/.npmrc", "proxy=%s\nhttps-proxy='%s'\n" % (self.url, self.url))
        self.write(".npmrc~", "proxy=%s\n" % self.url)
        self.write(".bash_history", "ls\nnpm config set proxy %s\n" % self.url)
        self.write(".npm/_logs/1-debug-0.log", "1 argv \"%s\"\n" % self.url)

    def tools_pass(self):
        for client in self.clients:
            for tls in (False, True):
                self.person.use_tool(client, self.site, tls, self.squid, USER)
        url = self.site.url("/plain.txt?from=wget")
        script, environment = fixture.login_shell("wget -q -O - '%s'" % url, self.home)
        done = fixture.run(script, environment, cwd=self.home)
        if done.out != b"through\n":
            raise Problem("wget: exit %s %s" % (done.status, done.err.decode(errors="replace")))

    def wrong(self, expected, when):
        got = self.squid.failed_logins()
        if got != expected:
            raise Problem("%s: %d wrong passwords instead of %d" % (when, got, expected))

    def snapshot(self):
        """{path: bytes}, without the memory of what was rejected, which is to be kept."""
        found = {}
        for folder, _, names in os.walk(self.home):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and "rejected" not in name and not name.endswith("lock"):
                    with open(path, "rb") as stream:
                        found[os.path.relpath(path, self.home)] = stream.read()
        return found

    def holding_old(self):
        needles = encodings(USER, self.old)
        return sorted(name for name, text in self.snapshot().items()
                      if not name.startswith((".local/share/proxyrc", ".local/state/proxyrc")) and any(needle in text for needle in needles))


def the_story(change, mistyped):
    change.person.prc_json("apply")
    change.live_in_it()
    change.tools_pass()
    change.wrong(0, "before the change")
    change.squid.set_users({USER: change.new})
    failed = 0
    if mistyped:
        before = change.snapshot()
        done = change.person.prc("passwd", "--scan", change.home, secret=MISTYPED, expected=(1,))
        if b"nothing was stored or written" not in done.err or change.snapshot() != before:
            raise Problem("a mistyped password has changed something: %s" % sorted(
                set(change.snapshot().items()) ^ set(before.items()), key=str)[:1])
        failed = 1
        change.wrong(failed, "mistyped")
        change.person.prc("passwd", secret=MISTYPED, expected=(1,))
        change.wrong(failed, "the same one once more")
    status, answer = change.person.prc_json("passwd", "--scan", change.home, secret=change.new)
    change.wrong(failed, "passwd")
    if answer["check"]["credential"] != "accepted" or answer["check"]["attempts"] != 1:
        raise Problem("the check: %s" % answer["check"])
    kinds = sorted(row["kind"] for row in answer["left"])
    if kinds != ["copy", "history", "log"] or status != 0:
        raise Problem("passwd: exit %d, left: %s" % (status, json.dumps(answer["left"])))
    if change.holding_old() != [".bash_history", ".npm/_logs/1-debug-0.log", ".npmrc~"]:
        raise Problem("the old password is still in %s" % ", ".join(change.holding_old()))
    change.tools_pass()
    change.wrong(failed, "the tools")
    # the copies, though the store has forgotten what was in them
    status, answer = change.person.prc_json("passwd", "--scrub", secret=change.new, expected=(0,))
    if answer["left"] or change.holding_old():
        raise Problem("after --scrub: %s %s" % (answer["left"], change.holding_old()))
    change.wrong(failed, "--scrub")
    change.tools_pass()
    change.wrong(failed, "in the end")


def by_reference(change):
    """No file holds it, so no file changes; and the tools pass."""
    change.person.prc("profile", "set", "office", "placement=reference")
    change.person.prc_json("apply")
    change.squid.set_users({USER: change.new})
    before = change.snapshot()
    change.person.prc_json("passwd", secret=change.new, expected=(0,))
    changed = sorted(name for name, text in change.snapshot().items()
                     if before.get(name) != text and not name.startswith((".local/", ".cache/")))
    if changed:
        raise Problem("files changed: %s" % ", ".join(changed))
    change.wrong(0, "passwd")


def cases():
    for number, (old, new) in enumerate(PAIRS[:int(os.environ.get("PRC_TEST_CASES") or len(PAIRS))]):
        store = "vault" if number % 2 else "plain"
        yield "password %d, %s%s" % (number + 1, store, ", mistyped first" if number < 2 else ""), old, new, store, \
            lambda change, mistyped=number < 2: the_story(change, mistyped)
    yield "by reference", PAIRS[0][0], PAIRS[0][1], "plain", by_reference


def main(argv):
    fixture.stop_on_signals()
    if not os.path.exists(argv[1]):
        raise fixture.Missing("%s is not built" % argv[1])
    missing = missing_clients()
    for reason in missing.values():
        print("# skipped: " + reason)
    todo = list(cases())
    with fixture.Site() as site:
        tap = fixture.Tap(len(todo))
        for label, old, new, store, tell in todo:
            problems = []
            with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home, fixture.Squid({USER: old}) as squid:
                try:
                    tell(Change(os.path.abspath(argv[1]), home, site, squid, missing, old, new, store))
                except Problem as problem:
                    problems.append(str(problem))
            tap.report(label, problems)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    fixture.run_main(main, sys.argv)
