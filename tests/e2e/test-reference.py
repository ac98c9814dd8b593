#!/usr/bin/env python3
"""test-reference.py PROGRAM: by reference, the password is in no file, and git, npm, pip and curl use it all the same.

For each of the hard passwords in each shell, and PRC_TEST_CASES (20) random ones in one of them: a home, `profile add
placement=reference`, `login`, `apply`; then a search of the whole home, in which the password is nowhere but in proxyrc's
own store; then the real tools from a login shell of that home, behind a real squid that counts wrong passwords. Last,
`undo` must give every byte back. Prints TAP; passwords are named by their number and PRC_TEST_SEED, never shown.
"""
import concurrent.futures
import importlib
import os
import random
import shutil
import sys
import tempfile
import time

import fixture
from clients import CLIENTS, missing_clients
from person import Person, Problem

five = importlib.import_module("test-five-tools")

# How a login shell is started that reads what a login reads, and runs one command. tcsh takes -l only alone; what it
# gets from proxyrc stands in a file that it always reads.
SHELLS = {"bash": ["bash", "-lc"], "dash": ["dash", "-lc"], "zsh": ["zsh", "-lc"], "fish": ["fish", "-lc"], "tcsh": ["tcsh", "-c"]}

# What the user's start-up files may set before; a proxy that is gone, with an old password.
LIVED_IN = {
    "bash": {".bash_profile": "# mine\nexport http_proxy={dead} EDITOR=vi\n", ".bashrc": "case $- in *i*) ;; *) return;; esac\nalias l=ls"},
    "dash": {".profile": "# mine\nhttp_proxy={dead}; export http_proxy\nset -u\n"},
    "zsh": {".zshrc": "# mine\nexport https_proxy='{dead}'\n", ".zprofile": "export ALL_PROXY={dead} # old\nexport HTTP_PROXY={dead}"},
    "fish": {".config/fish/config.fish": "# mine\nset -gx http_proxy {dead}\nset -x https_proxy '{dead}' # old\nset -gx EDITOR vi\n"},
    "tcsh": {".tcshrc": "# mine\nsetenv http_proxy {dead}\nif ($?prompt) alias l ls\nsetenv HTTPS_PROXY '{dead}'\n"},
}
TOOLS = {name: text for name, text in five.LIVED_IN.items() if name in (".gitconfig", ".npmrc", ".config/pip/pip.conf", ".curlrc")}
# A helper that would write down what it is told.
STORING = "[credential]\n\thelper = store\n"


class Case:
    def __init__(self, number, user, password, shell, lived_in, tls, vault):
        self.number, self.user, self.password, self.shell = number, user, password, shell
        self.lived_in, self.tls, self.vault = lived_in, tls, vault

    @property
    def label(self):
        kind = "hard %d" % self.number if self.number <= len(five.HARD) else "random %d" % (self.number - len(five.HARD))
        return "%s, %s, %s home, %s, %s" % (kind, self.shell, "lived-in" if self.lived_in else "empty",
                                            "https" if self.tls else "http", "vault" if self.vault else "plain")


def contents(home):
    """{path: (mode, bytes)} of the user's own files."""
    found = {}
    for folder, folders, names in os.walk(home):
        below = os.path.relpath(folder, home)
        folders[:] = [name for name in folders if os.path.normpath(os.path.join(below, name)) not in five.STORE_FOLDERS]
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as stream:
                found[os.path.normpath(os.path.join(below, name))] = os.lstat(path).st_mode, stream.read()
    return found


class Bench:
    def __init__(self, program, site, squid, missing):
        self.program, self.site, self.squid, self.missing = program, site, squid, missing

    @staticmethod
    def fill(case, home):
        dead = "http://jdoe:0ld-pa55word@127.0.0.1:9"
        files = {**TOOLS, **LIVED_IN[case.shell]} if case.lived_in else {}
        for name, text in files.items():
            path = os.path.join(home, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text.format(dead=dead))
        with open(os.path.join(home, ".gitconfig"), "a", encoding="utf-8") as stream:
            stream.write(STORING)

    def set_up(self, case, person):
        """Up to `apply`; returns the warnings."""
        roles = ["http=" + self.squid.url, "https=" + self.squid.url, "no_proxy=localhost,127.0.0.1,.corp.test", "placement=reference"]
        if case.tls:
            roles.append("ca=" + self.site.ca)
        person.prc("profile", "add", "office", *roles)
        person.prc("login", "office", "--user", case.user, "--no-check", "--store", "vault" if case.vault else "plain", secret=case.password)
        status, answer = person.prc_json("apply")
        warnings = [str(warning) for warning in answer.get("warnings", [])]
        if status != 0 and not any("is left out: " in warning for warning in warnings):
            raise Problem("apply: exit %d, and nothing is left out: %s" % (status, warnings))
        again_status, again = person.prc_json("apply")
        if again.get("changed") or again_status != status:
            raise Problem("apply, again: changed %s, exit %d" % (again.get("changed"), again_status))
        if person.prc("status", expected=(0, 1)).status != status:
            raise Problem("status does not say what apply said")
        if case.vault:  # shells take its key from the kernel
            person.prc("unlock", "--for", "10m")
        return warnings

    def use(self, case, person, client):
        folder = os.path.join(person.home, "work-" + client.name)
        os.makedirs(folder)
        script = os.path.join(folder, "script.sh")
        with open(script, "w", encoding="utf-8") as stream:
            stream.write("cd %s && %s\n" % (folder, client.script(self.site, case.tls)))
        environment = fixture.clean_environment(person.home, SHELL="/bin/" + case.shell)
        done = fixture.run([*SHELLS[case.shell], "sh " + script], environment, cwd=person.home)
        if done.status != 0 or not client.succeeded(self.site, done):
            said = done.out + done.err
            raise Problem("%s: exit %s\n%s" % (client.name, done.status, "(its output holds the password)" if person.shows(said) else
                                               said.decode(errors="replace")))
        if not self.squid.has_let_through(case.user, client.target(self.site, case.tls)):
            raise Problem("%s: the proxy's log does not have the user" % client.name)

    def search(self, person, when):
        left = [path for path, _ in five.files_with(person.home, person.needles)]
        if left:
            raise Problem("%s: the password is in %s" % (when, ", ".join(left)))

    def tell(self, case, person):
        """(problems, notes)"""
        problems, notes = [], []
        before = contents(person.home)
        warnings = self.set_up(case, person)
        self.search(person, "apply")
        for client in CLIENTS:
            reasons = [warning for warning in warnings if warning.startswith(client.name + " is left out: ")]
            if client.name in self.missing:
                continue
            if reasons:
                notes.append(reasons[0])
                continue
            try:
                self.use(case, person, client)
            except Problem as problem:
                problems.append(str(problem))
        for client in CLIENTS:
            shutil.rmtree(os.path.join(person.home, "work-" + client.name), ignore_errors=True)
        # npm keeps a log of each run, which must not tell it either
        self.search(person, "use")
        for name in (".npm", ".cache"):
            shutil.rmtree(os.path.join(person.home, name), ignore_errors=True)
        person.prc("undo")
        after = {name: row for name, row in contents(person.home).items() if not name.startswith((".config/proxyrc/", ".local/share/fish/"))}
        if after != before:
            raise Problem("undo: not as before: %s" % sorted(name for name in set(before) | set(after) if before.get(name) != after.get(name)))
        return problems, notes

    def run(self, case):
        with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as top:
            home = os.path.join(top, "home")
            os.mkdir(home, 0o755)
            own = {"SHELL": "/bin/" + case.shell}
            if case.vault:
                passphrase = os.path.join(top, "passphrase")
                with open(passphrase, "w", encoding="utf-8") as stream:
                    stream.write("correct horse %d\n" % case.number)
                os.chmod(passphrase, 0o600)
                own["PROXYRC_PASSPHRASE_FILE"] = passphrase
            person = Person(self.program, home, [(case.user, case.password)], own)
            try:
                self.fill(case, home)
                return self.tell(case, person)
            except Problem as problem:
                return [str(problem)], []
            finally:
                if case.vault:
                    person.prc("lock", expected=range(256))


def make_cases(seed, count, shells):
    rand = random.Random(seed)
    cases = []
    number = 0
    for password in five.HARD + [five.random_password(rand) for _ in range(count)]:
        number += 1
        hard = number <= len(five.HARD)
        for shell in shells if hard else [rand.choice(shells)]:
            user = "%s%d" % (five.USERS[(number - 1) % len(five.USERS)], number)
            cases.append(Case(number, user, password, shell, lived_in=len(cases) % 2 == 0, tls=len(cases) % 3 == 0,
                              vault=hard and len(cases) % 4 == 1))
    return cases


def main(argv):
    fixture.stop_on_signals()
    seed = int(os.environ.get("PRC_TEST_SEED") or time.time_ns() & 0xFFFFFFFF)
    count = int(os.environ.get("PRC_TEST_CASES") or 20)
    print("# PRC_TEST_SEED=%d" % seed)
    if not os.path.exists(argv[1]):
        raise fixture.Missing("%s is not built" % argv[1])
    shells = [shell for shell in SHELLS if shutil.which(shell)]
    for shell in set(SHELLS) - set(shells):
        print("# skipped: %s is not installed" % shell)
    cases = make_cases(seed, count, shells)
    missing = missing_clients()
    for reason in missing.values():
        print("# skipped: " + reason)
    left_out = {}
    with fixture.Site() as site, fixture.Squid({case.user: case.password for case in cases}) as squid, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        bench = Bench(os.path.abspath(argv[1]), site, squid, missing)
        tap = fixture.Tap(len(cases) + 1)
        try:
            running = {pool.submit(bench.run, case): case for case in cases}
            for future in concurrent.futures.as_completed(running):
                problems, notes = future.result()
                tap.report(running[future].label, problems, notes=notes)
                for note in notes:
                    left_out[note] = left_out.get(note, 0) + 1
        finally:
            pool.shutdown(cancel_futures=True)
        wrong = squid.failed_logins()
        tap.report("no tool has sent a wrong password", ["%d wrong passwords" % wrong] if wrong else [])
    for note, times in sorted(left_out.items()):
        print("# %s (%d times)" % (note, times))
    return 1 if tap.failed else 0


if __name__ == "__main__":
    fixture.run_main(main, sys.argv)
