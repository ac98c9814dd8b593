#!/usr/bin/env python3
"""test-five-tools.py PROGRAM: a password goes in once, and git, npm, pip, curl and the shell use it.

For each of the hard passwords and PRC_TEST_CASES (200) random ones: a fresh home, `profile add`, `login`, `apply`, then
the real tools in a login shell of that home, behind a real squid that knows this user with this password only; squid's
log says who came through. A tool that apply leaves out, with its reason in "warnings", counts as served honestly.
Then `use direct`, after which the password is nowhere in the home, in no encoding, but for proxyrc's own store and undo
data. Prints TAP; passwords are named by their number and PRC_TEST_SEED, never shown.
"""
import concurrent.futures
import os
import random
import re
import stat
import sys
import tempfile
import time

import fixture
from clients import CLIENTS, missing_clients
from person import Person, Problem

HARD = ["p@ss:w/rd#1%", "a b\"c'd\\e$f", "ünï✓", "100%;#", "!history$(id)"]
USERS = ["jdoe", "CORP\\jdoe", "j.doe@corp.test", "j doe", "jürgen+d"]

# What a home may hold before. {dead} is a proxy that is not there any more, with an old password.
LIVED_IN = {
    ".gitconfig": "# mine\n[user]\n\tname = Some One ; me\n[http]\n\tproxy = {dead} # old\n[alias]\n\tst = status\n",
    ".npmrc": "; mine\nregistry=https://registry.test/\nproxy={dead}\n//registry.test/:_authToken=${{NPM_TOKEN}}\nhttps-proxy = {dead}\n",
    ".config/pip/pip.conf": "[global]\n# mine\ntimeout = 20\nproxy = {dead}\n\n[install]\nno-cache-dir = true\n",
    ".curlrc": "# mine\nproxy = \"{dead}\"\nconnect-timeout = 20",
    ".profile": "# mine\nexport http_proxy='{dead}'\nexport HTTP_PROXY=\"{dead}\"\nexport https_proxy={dead} EDITOR=vi\n",
    ".bashrc": "case $- in\n*i*) ;;\n*) return ;;\nesac\n# mine\n",
}
# What nobody asked to change in them.
MINE = {
    ".gitconfig": ["# mine\n[user]\n\tname = Some One ; me\n", "[alias]\n\tst = status\n"],
    ".npmrc": ["; mine\nregistry=https://registry.test/\n", "//registry.test/:_authToken=${NPM_TOKEN}\n"],
    ".config/pip/pip.conf": ["[global]\n# mine\ntimeout = 20\n", "\n[install]\nno-cache-dir = true\n"],
    ".curlrc": ["# mine\n", "connect-timeout = 20"],
    ".profile": ["# mine\n", "EDITOR=vi"],
    ".bashrc": [LIVED_IN[".bashrc"]],
}

STORE_FOLDERS = (".local/share/proxyrc", ".local/state/proxyrc")


def random_password(rand):
    kinds = [
        lambda: rand.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
        lambda: rand.choice("@:/#%\\?[]$!'\"`;&|<>(){}*~^=+,._- "),
        lambda: rand.choice("äöüßéñøÅçÿ±§°"),
        lambda: rand.choice("✓€Жλ日本語ł\U0001f511\u0301"),
        lambda: rand.choice(["${HOME}", "$(id)", "%41", "%%", "\\n", "{{x}}", "!!", "''", "//", "\\\\"]),
    ]
    weights = rand.choice([(8, 4, 0, 0, 1), (4, 8, 1, 1, 2), (4, 2, 4, 0, 0), (4, 2, 1, 4, 1), (1, 8, 0, 0, 4)])
    password = ""
    length = rand.randint(6, 40)
    while len(password) < length:
        password += rand.choices(kinds, weights)[0]()
    return password


def files_with(home, needles):
    """[(path below home, mode)] of the files that hold one of @needles; the store and undo data apart."""
    found = []
    for folder, folders, names in os.walk(home):
        below = os.path.relpath(folder, home)
        folders[:] = [name for name in folders if os.path.normpath(os.path.join(below, name)) not in STORE_FOLDERS]
        for name in names:
            path = os.path.join(folder, name)
            state = os.lstat(path)
            content = os.fsencode(name) + b"\n"
            if stat.S_ISREG(state.st_mode):
                with open(path, "rb") as stream:
                    content += stream.read()
            elif stat.S_ISLNK(state.st_mode):
                content += os.fsencode(os.readlink(path))
            if any(needle in content for needle in needles):
                found.append((os.path.normpath(os.path.join(below, name)), stat.S_IMODE(state.st_mode)))
    return found


class Case:
    def __init__(self, number, user, password, lived_in, tls, vault):
        self.number, self.user, self.password = number, user, password
        self.lived_in, self.tls, self.vault = lived_in, tls, vault

    @property
    def label(self):
        kind = "hard %d" % self.number if self.number <= len(HARD) else "random %d" % (self.number - len(HARD))
        return "%s, %s home, %s, %s" % (kind, "lived-in" if self.lived_in else "empty", "https" if self.tls else "http",
                                        "vault" if self.vault else "plain")


class Bench:
    """Where all cases run: the program, the site, the proxy."""

    def __init__(self, program, site, squid, missing):
        self.program, self.site, self.squid, self.missing = program, site, squid, missing

    def fill(self, home):
        dead = "http://jdoe:0ld-pa55word@127.0.0.1:9"
        for name, text in LIVED_IN.items():
            path = os.path.join(home, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text.format(dead=dead))

    @staticmethod
    def hold_on_to_mine(home, when):
        for name, parts in MINE.items():
            with open(os.path.join(home, name), encoding="utf-8") as stream:
                text = stream.read()
            for part in parts:
                if part not in text:
                    raise Problem("%s has taken %r out of %s" % (when, part, name))

    def set_up(self, case, person):
        """Up to `apply`; returns the warnings."""
        if case.vault:
            with open(person.home + ".passphrase", "w", encoding="utf-8") as stream:
                stream.write("correct horse %d\n" % case.number)
            os.chmod(person.home + ".passphrase", 0o600)
        roles = ["http=" + self.squid.url, "https=" + self.squid.url, "no_proxy=localhost,127.0.0.1,.corp.test"]
        if case.tls:
            roles.append("ca=" + self.site.ca)
        person.prc("profile", "add", "office", *roles)
        person.prc("login", "office", "--user", case.user, "--no-check", "--store", "vault" if case.vault else "plain",
                 secret=case.password)
        status, answer = person.prc_json("apply")
        warnings = answer.get("warnings", [])
        if status != 0 and not warnings:
            raise Problem("apply: exit %d without a warning" % status)
        if not answer.get("changed"):
            raise Problem("apply: nothing changed")
        again_status, again = person.prc_json("apply")
        if again.get("changed") or again_status != status:
            raise Problem("apply, again: changed %s, exit %d" % (again.get("changed"), again_status))
        return [str(warning) for warning in warnings]

    def take_back(self, person):
        """`use direct`, and what it must leave behind: nothing."""
        exposed = [path for path, mode in files_with(person.home, person.needles) if mode & 0o077]
        if exposed:
            raise Problem("others can read the password in " + ", ".join(exposed))
        person.prc_json("use", "direct", expected=(0,))
        left = [path for path, _ in files_with(person.home, person.needles)]
        if left:
            raise Problem("the password is still in " + ", ".join(left))
        script, environment = fixture.login_shell("env; git config --get-regexp 'http.*proxy'", person.home)
        done = fixture.run(script, environment, cwd=person.home)
        if re.search(rb"(?im)^\w*_?proxy=.|^http\.\S*proxy\s+\S", done.out):
            raise Problem("a proxy is still set after `use direct`")
        curl = next(client for client in CLIENTS if client.name == "curl")
        if curl.name not in self.missing:
            script, environment = fixture.login_shell(curl.script(self.site, False), person.home)
            if fixture.run(script, environment, cwd=person.home).status == 0:
                raise Problem("curl still goes through the proxy")

    def run(self, case):
        """(problems, notes)"""
        problems, notes = [], []
        with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as top:
            home = os.path.join(top, "home")
            os.mkdir(home, 0o755)
            own = {"PROXYRC_PASSPHRASE_FILE": home + ".passphrase"} if case.vault else {}
            person = Person(self.program, home, [(case.user, case.password)], own)
            try:
                if case.lived_in:
                    self.fill(home)
                    self.hold_on_to_mine(home, "nobody")
                warnings = self.set_up(case, person)
                for client in CLIENTS:
                    if client.name in self.missing:
                        continue
                    reasons = [warning for warning in warnings if warning.startswith(client.name + " is left out: ")]
                    if reasons:
                        notes.append(reasons[0])
                        continue
                    try:
                        person.use_tool(client, self.site, case.tls, self.squid, case.user)
                    except Problem as problem:
                        problems.append(str(problem))
                if case.lived_in:
                    self.hold_on_to_mine(home, "apply")
                self.take_back(person)
                if case.lived_in:
                    self.hold_on_to_mine(home, "use direct")
            except Problem as problem:
                problems.append(str(problem))
        return problems, notes


def make_cases(seed, count):
    rand = random.Random(seed)
    cases = []
    for number, password in enumerate(HARD + [random_password(rand) for _ in range(count)], 1):
        hard = number <= len(HARD)
        # a user of one's own for each password: the log tells them apart
        user = "%s%d" % (USERS[(number - 1) % len(USERS)], number)
        variants = [(lived_in, tls) for lived_in in (False, True) for tls in (False, True)] if hard else [(number % 2 == 0, number % 10 == 7)]
        for lived_in, tls in variants:
            cases.append(Case(number, user, password, lived_in, tls, vault=hard and lived_in and tls))
    return cases


def main(argv):
    fixture.stop_on_signals()
    seed = int(os.environ.get("PRC_TEST_SEED") or time.time_ns() & 0xFFFFFFFF)
    count = int(os.environ.get("PRC_TEST_CASES") or 200)
    print("# PRC_TEST_SEED=%d" % seed)
    if not os.path.exists(argv[1]):
        raise fixture.Missing("%s is not built" % argv[1])
    cases = make_cases(seed, count)
    users = {case.user: case.password for case in cases}
    missing = missing_clients()
    for reason in missing.values():
        print("# skipped: " + reason)
    workers = max(2, min(4, os.cpu_count() or 2))
    left_out = {}
    with fixture.Site() as site, fixture.Squid(users) as squid, concurrent.futures.ThreadPoolExecutor(workers) as pool:
        bench = Bench(os.path.abspath(argv[1]), site, squid, missing)
        tap = fixture.Tap(len(cases))
        try:
            running = {pool.submit(bench.run, case): case for case in cases}
            for future in concurrent.futures.as_completed(running):
                problems, notes = future.result()
                tap.report(running[future].label, problems, notes=notes)
                for note in notes:
                    left_out[note] = left_out.get(note, 0) + 1
        finally:
            pool.shutdown(cancel_futures=True)
    for note, times in sorted(left_out.items()):
        print("# %s (%d times)" % (note, times))
    return 1 if tap.failed else 0


if __name__ == "__main__":
    fixture.run_main(main, sys.argv)
