#!/usr/bin/env python3
"""test-kill.py PROGRAM STEP: proxyrc killed before every system call that changes something, and each such call failing

STEP is step.c. Afterwards every file is wholly old or wholly new, all on one side; nothing is left beside them; the
next command goes on; and at none of these moments could others read the password. Prints TAP.
"""
import errno
import os
import re
import sys

from sandbox import Sandbox, Taps, cases, difference, lived_in, own_files, seed, step_works, user_side

PROGRAM, STEP = sys.argv[1], os.path.abspath(sys.argv[2])
FAULTS = ("ENOSPC", "EIO", "EACCES", "EROFS", "EDQUOT")


class Command:
    """One command in one home: what was before, what is after, and what goes on from either."""

    def __init__(self, name, arguments, prepare=(), input=b"", again=None):
        self.name, self.arguments, self.prepare, self.input = name, arguments, prepare, input
        self.again = again or arguments
        self.exits = (0, 1)

    def set_up(self, box):
        self.box = box
        lived_in(box)
        box.log_in()
        for line in self.prepare:
            box.run(*line, exit=(0, 1))
        self.before = box.save()
        self.calls = self.list_calls()
        self.after = box.save()
        self.sides = (user_side(self.before), user_side(self.after))
        assert self.sides[0] != self.sides[1], "changes nothing"
        box.run(*self.again, input=self.input, exit=(0, 1))
        self.final = user_side(box.save())

    def list_calls(self):
        path = os.path.join(self.box.top, "calls")
        self.box.run(*self.arguments, input=self.input, step=(STEP, "--list", path), exit=(0, 1))
        with open(path) as file:
            lines = file.read().split("\n")[:-1]
        assert not [line for line in lines if line in ("FORK", "EXEC")], "starts a program"
        return [line.split()[1] for line in lines]

    def stepped(self, *options):
        self.box.restore(self.before)
        return self.box.run(*self.arguments, input=self.input, step=(STEP, *map(str, options)))

    def assert_whole(self, what, sides=None):
        """0 or 1: which side all files are on."""
        tree = self.box.save()
        side = user_side(tree)
        if self.name == "login":
            side.pop(".local/share/proxyrc/plain.json.new", None)  # the next to write removes it: see assert_goes_on()
        for index, wanted in enumerate(sides or self.sides):
            if side == wanted:
                break
        else:
            raise AssertionError("%s: neither old nor new; against old:\n%s\nagainst new:\n%s" % (
                what, difference(side, self.sides[0]), difference(side, self.sides[1])))
        left = set(own_files(tree)) - set(own_files(self.after)) - set(own_files(self.before))
        left -= {".local/share/proxyrc/plain.json.new"} if self.name == "login" else set()
        assert not left, "%s: leaves %s" % (what, sorted(left))
        most = max(own_files(self.after).count(".local/state/proxyrc/history/ID"), own_files(self.before).count(".local/state/proxyrc/history/ID"))
        assert own_files(tree).count(".local/state/proxyrc/history/ID") <= most, "%s: the history has grown" % what
        self.box.assert_no_leaks(tree, what)
        return index

    def assert_goes_on(self, what):
        self.box.run(*self.again, input=self.input, exit=(0, 1))
        side = user_side(self.box.save())
        assert side == self.final, "%s: the next %s gives:\n%s" % (what, self.again[0], difference(side, self.final))


def commands():
    login = ("login", "--no-check", "--no-input", "--user", "joe", "--password-stdin", "--store", "plain")
    passwd = ("passwd", "--no-check", "--no-input", "--password-stdin", "--scrub")
    return [
        Command("passwd", passwd, prepare=[("apply",)], input="ñew@pässwörd:1\n".encode()),
        Command("apply", ("apply",)),
        Command("use direct", ("use", "direct"), prepare=[("apply",)]),
        Command("use office", ("use", "office"), prepare=[("apply",), ("use", "direct")]),
        Command("undo", ("undo",), prepare=[("apply",)], again=("apply",)),
        Command("login", login, input="ñew@pässwörd:1\n".encode()),
        Command("profile set", ("profile", "set", "office", "http=http://other.example:8080", "no_proxy=")),
    ]


def killed_everywhere(command):
    sides = [0, 0]
    for n in range(len(command.calls)):
        what = "%s killed before call %d (%s)" % (command.name, n, command.calls[n])
        code, _, _ = command.stepped("--kill", n)
        assert code == 137, "%s: exit %d" % (what, code)
        command.box.assert_no_leaks(command.box.save(), what)
        command.box.run("status", exit=(0, 1))
        sides[command.assert_whole(what)] += 1
        command.assert_goes_on(what)
    assert min(sides) > 0, "only ever on one side: %s" % sides
    return "%d calls: %d times old, %d times new" % (len(command.calls), *sides)


def killed_at_any_call(command, random):
    """Also at the calls that only read; and the recovery, too, is killed."""
    n_cases = cases(20)
    for _ in range(n_cases):
        n, m = random.randrange(600), random.randrange(30)
        what = "%s killed before any call %d, its recovery before %d" % (command.name, n, m)
        command.stepped("--any", "--kill", n)
        command.box.run("status", step=(STEP, "--kill", str(m)))
        command.box.run("status", exit=(0, 1))
        command.assert_whole(what)
        command.assert_goes_on(what)
    return "%d times" % n_cases


def failing_everywhere(command):
    """exit 4 and all old, or success and all new; and never a word that leaves one alone with it."""
    n_failed = 0
    for n, call in enumerate(command.calls):
        # All of them for one command; for the others, which take the same ways, one after the other.
        for name in FAULTS if command.name == "apply" else (FAULTS[n % len(FAULTS)],):
            what = "%s: %s fails at call %d (%s)" % (command.name, name, n, call)
            code, _, err = command.stepped("--fail", n, getattr(errno, name))
            message = err.decode()
            assert code in (0, 1, 4), "%s: exit %d: %s" % (what, code, message)
            if code != 4:
                command.box.run("status", exit=(0, 1))  # what could not be tidied up, the next start does
            side = command.assert_whole(what)
            if code == 4:
                n_failed += 1
                # A store that could not be made durable says so, but can't take the rename back.
                durable = command.name == "login" and call == "fsync" and n == len(command.calls) - 1
                assert side == 0 or durable, "%s: exit 4, but written: %s" % (what, message)
                assert re.search(r"^proxyrc: /[^:]+: ", message, re.M), "%s: names no file: %s" % (what, message)
                assert os.strerror(getattr(errno, name)) in message or "changed" in message, "%s: %s" % (what, message)
                assert "; " in message, "%s: says nothing to do: %s" % (what, message)
            else:
                assert side == 1, "%s: exit %d, but not written" % (what, code)
            if n % 3 == 0 and name == FAULTS[n % len(FAULTS)]:
                command.assert_goes_on(what)
    assert n_failed > 0
    return "%d calls, %d refusals" % (len(command.calls), n_failed)


def main():
    if not step_works(STEP):
        print("1..0 # SKIP ptrace is not allowed here, or it isn't written for this processor")
        return 0
    random = seed()
    taps = Taps()
    for command in commands():
        box = Sandbox(PROGRAM)
        try:
            taps.run("what it does when left in peace: %s" % command.name, command.set_up, box)
            if taps.failed:
                continue
            taps.run("killed at every call that changes something: %s" % command.name, killed_everywhere, command)
            taps.run("killed at any call, and again in the recovery: %s" % command.name, killed_at_any_call, command, random)
            taps.run("every call that changes something fails: %s" % command.name, failing_everywhere, command)
        finally:
            box.close()
    return taps.done()


sys.exit(main())
