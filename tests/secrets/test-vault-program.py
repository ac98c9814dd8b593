#!/usr/bin/env python3
"""test-vault-program.py PROGRAM: the vault's story with the whole program: damage at every byte, keys kept, many at once. Prints TAP."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from sandbox import PASSWORD, USER, Sandbox, Taps, cases, seed  # noqa: E402

PROGRAM = sys.argv[1]
VAULT = ".local/share/proxyrc/vault"
GIVEN = ("login", "--no-check", "--no-input", "--user", USER, "--password-stdin")


class Home:
    """With a password in the vault, and its passphrase in a file."""

    def __enter__(self):
        self.box = Sandbox(PROGRAM)
        self.box.write("passphrase", "correct horse\n", 0o600)
        self.box.write("wrong", "battery staple\n", 0o600)
        self.box.env["PROXYRC_PASSPHRASE_FILE"] = self.box.path("passphrase")
        self.box.log_in(store="vault")
        return self.box

    def __exit__(self, *error):
        self.box.run("lock")
        self.box.close()


def env_of(box):
    return box.run("env", "--no-input", exit=0, shows=True)[1]


def hold(box):
    """Whether the kernel keeps keys here; without the passphrase from now on."""
    code = box.run("unlock", "--for", "1h")[0]
    box.env.pop("PROXYRC_PASSPHRASE_FILE")
    return code == 0


def wrong_passphrase():
    with Home() as box:
        before = box.read(VAULT)
        box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("wrong")
        for args, given in ((("env",), b""), (("apply",), b""), (("unlock",), b""), (GIVEN, b"new\n"), (("logout",), b""), (("login", "--store", "plain"), b"")):
            _, _, err = box.run(*args, input=given, exit=5)
            assert b"wrong passphrase" in err and VAULT.encode() in err, err
        box.env.pop("PROXYRC_PASSPHRASE_FILE")
        _, _, err = box.run("env", "--no-input", exit=5)
        assert b"--passphrase-fd" in err and b"PROXYRC_PASSPHRASE_FILE" in err, err
        assert box.read(VAULT) == before


def tried(box, content, what):
    """Refused by reading and by writing, with the file named, and not a byte of it changed."""
    box.write(VAULT, content, 0o600)
    for args, given in ((("env", "--no-input"), b""), (GIVEN, b"new\n")):
        code, _, err = box.run(*args, input=given)
        assert code in (3, 5), "%s: %s: exit %d" % (what, args[0], code)
        assert VAULT.encode() in err, "%s: %s" % (what, err)
    box.run("status", exit=(0, 1, 3))
    assert box.read(VAULT) == content, "%s: it was overwritten" % what


def damaged_anywhere():
    """One bit at each offset, and the file cut off at each: with the key at hand, so that it is not the passphrase that saves it."""
    with Home() as box:
        good = box.read(VAULT)
        if not hold(box):
            return "SKIP the kernel keeps no keys here"
        assert env_of(box)
        random = seed()
        every = max(1, len(good) // cases(10 ** 6))
        for at in range(0, len(good), every):
            bad = bytearray(good)
            bad[at] ^= 1 << random.randrange(8)
            tried(box, bytes(bad), "a bit at offset %d" % at)
            tried(box, good[:at], "cut off at %d" % at)
        box.write(VAULT, good, 0o600)
        assert env_of(box)
        return None


def foreign_files():
    with Home() as box:
        good = box.read(VAULT)
        for content in (b"", b"\0" * 1000, b"PK\3\4" + b"x" * 500, b"{\"version\": 1}\n", good + good, good + b"\n", b"proxyrc vault 2\n" + good[16:], good[:128] + good):
            tried(box, content, repr(content[:20]))
        os.unlink(box.path(VAULT))
        os.mkdir(box.path(VAULT))
        code, _, err = box.run(*GIVEN, input=b"x\n")
        assert code in (3, 4, 5) and b"vault" in err, (code, err)
        assert os.path.isdir(box.path(VAULT))


def readable_by_others():
    with Home() as box:
        good = box.read(VAULT)
        for mode in (0o640, 0o604, 0o660, 0o644):
            os.chmod(box.path(VAULT), mode)
            _, _, err = box.run("env", exit=3)
            assert b"chmod 600" in err, err
            box.run(*GIVEN, input=b"x\n", exit=3)
            assert box.read(VAULT) == good
        os.chmod(box.path(VAULT), 0o600)
        os.chmod(os.path.dirname(box.path(VAULT)), 0o777)
        _, _, err = box.run("env", exit=3)
        assert b"others may write" in err, err


def kept_for_a_while():
    """Another process asks no more; a copy with another salt is another vault; `lock` ends it."""
    with Home() as box:
        if not hold(box):
            return "SKIP the kernel keeps no keys here"
        before = env_of(box)
        box.run(*GIVEN, input=b"changed\n", exit=0)
        assert env_of(box) != before
        os.rename(box.path(VAULT), box.path("away"))
        box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("wrong")
        box.run(*GIVEN, input=b"in another vault\n", exit=0)
        box.env.pop("PROXYRC_PASSPHRASE_FILE")
        box.run("env", "--no-input", exit=5)
        os.rename(box.path("away"), box.path(VAULT))
        assert b":changed@" in env_of(box)
        box.run("lock", exit=0)
        box.run("env", "--no-input", exit=5)
        box.run("lock", exit=0)
        return None


def at_the_same_time():
    """Twelve programs write; every one of them is found again."""
    with Home() as box:
        if not hold(box):
            return "SKIP the kernel keeps no keys here"
        for i in range(12):
            box.run("profile", "add", "p%d" % i, "https=http://p%d.example:1" % i, "user=" + USER, "store=vault", exit=0)
        started = [box.spawn("login", "p%d" % i, *GIVEN[1:]) for i in range(12)]
        for i, process in enumerate(started):
            process.stdin.write(b"password%d\n" % i)
            process.stdin.close()
        for process in started:
            _, err = process.stdout.read(), process.stderr.read()
            assert process.wait() == 0, err
            process.stdout.close()
            process.stderr.close()
        for i in range(12):
            box.run("use", "p%d" % i, "--no-input", exit=(0, 1))
            assert b":password%d@" % i in env_of(box)
        return None


def a_passphrase_on_a_descriptor():
    """With the password on another one; nothing of either shows."""
    with Home() as box:
        box.env.pop("PROXYRC_PASSPHRASE_FILE")
        read_end, write_end = os.pipe()
        os.write(write_end, b"correct horse\n")
        os.close(write_end)
        os.set_inheritable(read_end, True)
        box.run("env", "--no-input", "--passphrase-fd", str(read_end), exit=0, shows=True)
        os.close(read_end)
        assert re.search(rb"correct|horse", box.read(VAULT)) is None and PASSWORD.encode() not in box.read(VAULT)


def main():
    taps = Taps()
    for case in (wrong_passphrase, damaged_anywhere, foreign_files, readable_by_others, kept_for_a_while, at_the_same_time, a_passphrase_on_a_descriptor):
        taps.run(case.__name__, case)
    return taps.done()


sys.exit(main())
