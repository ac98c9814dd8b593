#!/usr/bin/env python3
"""test-keyring.py PROGRAM FAKE: the whole program with the desktop's keyring, as it is, locked, missing, and hanging. Prints TAP."""
import os
import re
import shutil
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from keyring import LOGIN, Bus  # noqa: E402
from sandbox import PASSWORD, USER, Sandbox, Taps, lived_in  # noqa: E402

PROGRAM, FAKE = sys.argv[1], sys.argv[2]
PROFILE = ("profile", "add", "office", "http=http://proxy.example:3128", "https=http://proxy.example:3128")
GIVEN = ("login", "--no-check", "--no-input", "--user", USER, "--password-stdin")


class Desk:
    """A home and a bus."""

    def __init__(self, **bus):
        self.box = Sandbox(PROGRAM)
        self.bus = Bus(**bus)
        self.box.env["DBUS_SESSION_BUS_ADDRESS"] = self.bus.address
        self.box.run(*PROFILE, exit=0)

    def __enter__(self):
        return self.box, self.bus

    def __exit__(self, *error):
        self.bus.close()
        self.box.close()


def log_in(box, *args, exit=0):
    return box.run(*GIVEN, *args, input=PASSWORD.encode() + b"\n", exit=exit)


def env_of(box):
    return box.run("env", exit=0, shows=True)[1]


def store_of(box):
    return re.search(r'store = "([^"]*)"', box.read(".config/proxyrc/proxyrc.cfg").decode()).group(1)



def chosen_by_itself():
    """And found again by what its users look for: label and attributes."""
    with Desk() as (box, bus):
        lived_in(box)
        log_in(box)
        assert store_of(box) == "secret-service", store_of(box)
        # systemd puts the bus there, and a session need not have the variable
        there = {"DBUS_SESSION_BUS_ADDRESS": "", "XDG_RUNTIME_DIR": bus.folder}
        assert box.run("env", env=there, exit=0, shows=True)[1] == env_of(box)
        assert not os.path.exists(box.path(".local/share/proxyrc/vault"))
        code, out = bus.secret_tool("lookup", "scheme", "http", "server", "proxy.example", "port", "3128", "user", USER)
        assert code == 0 and out == PASSWORD, out
        _, out = bus.secret_tool("search", "--all", "xdg:schema", "org.proxyrc.Credential")
        assert "label = proxyrc: joe@proxy.example:3128\n" in out, out
        assert out.count("secret = ") == 1, out
        box.run("apply", exit=(0, 1))
        passwords = {row["password"] for row in box.json("status", exit=(0, 1))["settings"] if (row["url"] or {}).get("host") == "proxy.example"}
        assert passwords == {"stored"}, passwords
        assert b"proxy.example" in env_of(box)
        log_in(box)
        assert bus.secret_tool("search", "--all", "server", "proxy.example")[1].count("secret = ") == 1
        box.run("logout", "--no-input", exit=0)
        assert "secret" not in bus.secret_tool("search", "--all", "server", "proxy.example")[1]
        box.run("env", "--no-input", exit=5)
        box.assert_no_leaks(box.save(), "afterwards")


def made_by_hand():
    """An item that its user has made, or changed, in Seahorse."""
    with Desk() as (box, bus):
        log_in(box)
        bus.secret_tool("store", "--label", "mine", "xdg:schema", "org.proxyrc.Credential", "scheme", "http", "server", "other.example", "port", "8080",
                        "user", "joe", input=b"by hand")
        box.run("profile", "add", "hand", "https=http://other.example:8080", "user=joe", "store=secret-service", exit=0)
        box.run("use", "hand", exit=(0, 1))
        assert b"by%20hand" in env_of(box)
        box.run("login", "hand", *GIVEN[1:], input=b"changed\n", exit=0)
        _, out = bus.secret_tool("search", "--all", "server", "other.example")
        assert out.count("secret = ") == 1 and "secret = changed" in out, out


def moved_from_store_to_store():
    """Asking for no password; two profiles that share it; each store left without it."""
    with Desk() as (box, bus):
        box.write("passphrase", "correct horse\n", 0o600)
        box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("passphrase")
        box.run("profile", "add", "again", "https=http://proxy.example:3128", "user=" + USER, exit=0)
        box.run("profile", "add", "apart", "https=http://apart.example:3128", "user=" + USER, exit=0)
        log_in(box, "--store", "vault")
        before = env_of(box)
        for store in ("plain", "secret-service", "vault", "secret-service", "plain", "vault", "plain"):
            box.run("login", "--store", store, "--no-input", exit=0)
            assert store_of(box) == store
            assert env_of(box) == before, store
            there = bus.secret_tool("search", "--all", "server", "proxy.example")[1].count("secret = ")
            assert there == (1 if store == "secret-service" else 0), (store, there)
            plain = box.path(".local/share/proxyrc/plain.json")
            assert (os.path.exists(plain) and b"proxy.example" in open(plain, "rb").read()) == (store == "plain")
            box.run("use", "again", "--dry-run", "--no-input", exit=(0, 1))
        assert b"apart" in box.read(".config/proxyrc/proxyrc.cfg").split(b"store = ")[-1]
        assert box.read(".config/proxyrc/proxyrc.cfg").count(b'store = "plain"') == 2
        # with a new password: the old one does not stay behind
        box.run(*GIVEN, "--store", "secret-service", input=b"a new one\n", exit=0)
        assert b"proxy.example" not in box.read(".local/share/proxyrc/plain.json")
        # nothing to move, and nobody to ask
        box.run("logout", exit=0)
        box.run("login", "--store", "vault", "--no-input", "--no-check", exit=5)
        for name in ("keyring", "Vault", "secret-service,vault"):
            _, _, err = box.run("profile", "set", "office", "store=" + name, exit=(2, 3))
            assert b"secret-service, vault, plain" in err or b"must be the name of a store" in err, err
        box.run("profile", "set", "office", "store=", exit=0)


def taken_back():
    """`undo` gives the profile its old store back; the password, which has moved, is found all the same."""
    with Desk() as (box, bus):
        log_in(box, "--store", "plain")
        before = env_of(box)
        box.run("login", "--store", "secret-service", "--no-input", exit=0)
        box.run("undo", exit=0)
        assert store_of(box) == "plain"
        assert env_of(box) == before
        box.run("login", "--no-check", "--no-input", "--password-stdin", input=b"another\n", exit=0)
        assert store_of(box) == "plain" and "secret = " not in bus.secret_tool("search", "--all", "server", "proxy.example")[1]
        assert b":another@" in env_of(box)


def password_changed():
    """`passwd`: in the keyring, and in every file."""
    with Desk() as (box, bus):
        log_in(box)
        box.run("apply", exit=(0, 1))
        box.run("passwd", "--no-check", "--no-input", "--password-stdin", input=b"another one\n", exit=0)
        _, out = bus.secret_tool("search", "--all", "server", "proxy.example")
        assert out.count("secret = ") == 1 and "secret = another one\n" in out, out
        assert b":another%20one@" in env_of(box)
        assert not [name for name, row in box.save().items() if isinstance(row[2], bytes) and any(form in row[2] for form in box.secrets)]
        bus.lock()
        before = box.save()
        box.run("passwd", "--no-check", "--no-input", "--password-stdin", input=b"a third\n", exit=5)
        box.run("check", "--no-input", exit=5)
        assert box.save() == before


def left_in_a_locked_vault():
    """The passphrase is not known any more: the new password is stored, and what stays is said."""
    with Desk() as (box, _):
        box.write("passphrase", "correct horse\n", 0o600)
        box.run(*GIVEN, "--store", "vault", input=PASSWORD.encode(), env={"PROXYRC_PASSPHRASE_FILE": box.path("passphrase")}, exit=0)
        _, _, err = log_in(box, "--store", "secret-service")
        assert b"could not be removed" in err and b"vault" in err, err
        assert store_of(box) == "secret-service"
        env_of(box)
        # and without a password to store, there is nothing to do but to open it
        box.run("profile", "set", "office", "store=vault", exit=0)
        box.run("login", "--store", "secret-service", "--no-input", exit=5)


def locked():
    """Exit 5 within bounded time, nothing changed; status says `unknown` and opens nothing."""
    with Desk() as (box, bus):
        lived_in(box)
        log_in(box)
        box.run("apply", exit=(0, 1))
        bus.lock()
        before = box.save()
        for args in (("env",), ("apply",), ("apply", "--dry-run"), ("unlock",), GIVEN, ("login", "--store", "plain"), ("logout",)):
            _, _, err = box.run(*args, *(() if args == GIVEN else ("--no-input",)), input=b"another\n", exit=5)
            assert b"locked" in err, err
        answer = box.json("status", exit=(0, 1))
        assert {row["password"] for row in answer["settings"] if row["role"] in ("http", "https")} == {"unknown"}, answer
        assert "true" in bus.call(LOGIN, "org.freedesktop.DBus.Properties.Get", "org.freedesktop.Secret.Collection", "Locked")
        assert box.save() == before
        # Without --no-input it is asked for; there is no display, so the dialogue fails.
        _, _, err = box.run("env", exit=5)
        assert b"dialogue" in err or b"display" in err, err


def no_keyring_in_it():
    with Desk(keyring="none") as (box, _):
        _, _, err = log_in(box, exit=5)
        assert b"no default keyring" in err and b"--store vault" in err, err
        box.run("status", exit=(0, 1))
        box.run(*GIVEN, "--store", "plain", input=b"x\n", exit=0)
        env_of(box)


def no_service():
    """No bus, a dead address, a bus with nothing on it, one that could start something: the vault serves, and nothing is started."""
    for more in ({"DBUS_SESSION_BUS_ADDRESS": ""}, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}, {"DBUS_SESSION_BUS_ADDRESS": "disabled:"},
                 {"DBUS_SESSION_BUS_ADDRESS": "unix:abstract=/nonexistent"}, {"DBUS_SESSION_BUS_ADDRESS": "nonsense"}, {}):
        with Desk(keyring=None, activatable=True) as (box, bus):
            box.write("passphrase", "correct horse\n", 0o600)
            box.env.update(more, PROXYRC_PASSPHRASE_FILE=box.path("passphrase"))
            box.run("status", exit=(0, 1))
            log_in(box)
            assert store_of(box) == "vault", more
            env_of(box)
            assert not os.path.exists(os.path.join(bus.folder, "started")), "a service was started"
            _, _, err = log_in(box, "--store", "secret-service", exit=5)
            assert b"Secret Service" in err, err
            assert store_of(box) == "vault"
    # The other way round: it is there, but this session can't reach it.
    with Desk() as (box, _):
        log_in(box)
        box.env["DBUS_SESSION_BUS_ADDRESS"] = ""
        _, _, err = box.run("env", exit=5)
        assert b"session bus" in err and b"--store vault" in err, err
        box.run("status", exit=(0, 1))


def children_of(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def nothing_of_the_helper_shows(box):
    """While it waits: no secret in its arguments or variables, and its memory is not for others."""
    process = box.spawn(*GIVEN)
    process.stdin.write(PASSWORD.encode() + b"\n")
    process.stdin.flush()
    for _ in range(1000):
        helpers = children_of(process.pid)
        if helpers:
            break
        time.sleep(0.005)
    time.sleep(0.3)
    for name in ("cmdline", "environ"):
        try:
            with open("/proc/%d/%s" % (helpers[0], name), "rb") as file:
                content = file.read()
        except PermissionError:
            continue  # its own user may not even look
        assert content.startswith(b"proxyrc-secret-service\0") or name == "environ", content
        assert not any(form in content for form in box.secrets), name
    assert os.stat("/proc/%d/mem" % helpers[0]).st_uid == 0
    with open("/proc/%d/limits" % helpers[0], encoding="ascii") as file:
        assert re.search(r"Max core file size\s+0\s+0\s", file.read())
    # Killed in the middle: the helper goes as well.
    process.kill()
    process.communicate()
    for _ in range(1000):
        if not os.path.exists("/proc/%d" % helpers[0]):
            return
        time.sleep(0.005)
    raise AssertionError("the helper stays behind")


def hanging():
    """A service that never answers, and a bus that doesn't: every command ends."""
    with Desk(keyring=None, fake=FAKE) as (box, _):
        for args in (("env", "--no-input"), ("status",), GIVEN):
            box.run("profile", "set", "office", "user=" + USER, "store=secret-service", exit=0)
            begin = time.monotonic()
            box.run(*args, input=b"x\n", exit=(0, 1, 5))
            print("# %s: %.1f s" % (args[0], time.monotonic() - begin))
        nothing_of_the_helper_shows(box)
    with Desk(keyring=None) as (box, bus):
        path = os.path.join(bus.folder, "silent")
        with socket.socket(socket.AF_UNIX) as silent:
            silent.bind(path)
            silent.listen(20)
            box.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + path
            box.write("passphrase", "correct horse\n", 0o600)
            box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("passphrase")
            log_in(box)
            assert store_of(box) == "vault"


def at_the_same_time():
    """Many programs store at once: nothing is lost, and one item for each."""
    with Desk() as (box, bus):
        for i in range(6):
            box.run("profile", "add", "p%d" % i, "https=http://p%d.example:3128" % i, "store=secret-service", exit=0)
        started = []
        for i in range(18):
            process = box.spawn("login", "p%d" % (i % 6), *GIVEN[1:])
            process.stdin.write(b"password %d\n" % (i % 6))
            process.stdin.close()
            started.append(process)
        told = [process.stderr.read() for process in started]
        codes = [process.wait() for process in started]
        for process in started:
            process.stdout.close()
            process.stderr.close()
        assert set(codes) <= {0, 4}, (codes, told)  # 4: somebody else was changing the profiles
        for i in range(6):
            box.run("login", "p%d" % i, *GIVEN[1:], input=b"password %d\n" % i, exit=0)
            _, out = bus.secret_tool("search", "--all", "server", "p%d.example" % i)
            assert out.count("secret = password %d\n" % i) == 1 == out.count("secret = "), out


def kept_for_a_while():
    """`unlock`: no helper is needed, even with the keyring locked; a change is seen; `lock` drops it."""
    with Desk() as (box, bus):
        log_in(box)
        code, _, err = box.run("unlock", "--for", "1h")
        if code != 0 and b"kernel" in err:
            return "SKIP the kernel keeps no keys here"
        before = env_of(box)
        bus.lock()
        assert env_of(box) == before
        box.env["DBUS_SESSION_BUS_ADDRESS"] = ""
        assert env_of(box) == before
        box.run("lock", exit=0)
        box.run("env", "--no-input", exit=5)
        return None


def kept_and_changed():
    with Desk() as (box, _):
        log_in(box)
        code, _, err = box.run("unlock", "--for", "1h")
        if code != 0 and b"kernel" in err:
            return "SKIP the kernel keeps no keys here"
        box.run(*GIVEN, input=b"changed\n", exit=0)
        assert b":changed@" in env_of(box)
        box.run("logout", exit=0)
        box.run("env", "--no-input", exit=5)
        box.run("lock", exit=0)
        return None


def password_changed():
    """The keyring is no file, so it is the last step of the transaction: files that can't be written leave it as it was."""
    def stored(bus):
        return bus.secret_tool("lookup", "scheme", "http", "server", "proxy.example", "port", "3128", "user", USER)[1]

    passwd = ("passwd", "--no-check", "--no-input", "--password-stdin")
    with Desk() as (box, bus):
        log_in(box)
        box.run("apply", exit=(0, 1))
        os.link(box.path(".npmrc"), box.path("another name"))
        before = box.read(".npmrc"), box.read(".gitconfig")
        code, _, err = box.run(*passwd, input=b"a new one\n", exit=4)
        assert b".npmrc" in err and (box.read(".npmrc"), box.read(".gitconfig")) == before and stored(bus) == PASSWORD, err
        os.unlink(box.path("another name"))
        box.run(*passwd, input=b"a new one\n", exit=(0, 1))
        assert stored(bus) == "a new one" and b"a%20new%20one" in env_of(box) and b"a%20new%20one" in box.read(".npmrc")
        # nothing but the keyring to change
        box.run("profile", "set", "office", "placement=reference", exit=0)
        box.run("apply", exit=(0, 1))
        box.run(*passwd, input=b"a newer one\n", exit=(0, 1))
        assert stored(bus) == "a newer one"
        # undo can't bring back what the keyring had
        box.run("profile", "set", "office", "placement=inline", exit=0)
        box.run("apply", exit=(0, 1))
        box.run(*passwd, input=b"the newest one\n", exit=(0, 1))
        box.run("undo", exit=3)
        code, _, err = box.run("undo", "--force", exit=1)
        assert b"the store keeps the new password" in err and stored(bus) == "the newest one", err
        assert b"a%20newer%20one" in box.read(".npmrc")


def another_home():
    """The caller's keyring is not the other's."""
    with Desk() as (box, bus):
        other = Sandbox(PROGRAM)
        try:
            other.run(*PROFILE, exit=0)
            log_in(box, "--home", other.dir, "--store", "secret-service", exit=5)
            box.run(*GIVEN, "--home", other.dir, "--passphrase-fd", "0", input=b"x\n", exit=(2, 3, 5))
            assert "secret" not in bus.secret_tool("search", "--all", "server", "proxy.example")[1]
        finally:
            other.close()


def main():
    taps = Taps()
    if shutil.which("gnome-keyring-daemon") is None or shutil.which("dbus-daemon") is None or shutil.which("secret-tool") is None:
        print("1..0 # SKIP gnome-keyring, dbus-daemon and secret-tool are needed")
        return 0
    for case in (chosen_by_itself, password_changed, made_by_hand, moved_from_store_to_store, taken_back, password_changed, left_in_a_locked_vault, locked, no_keyring_in_it, no_service, hanging,
                 at_the_same_time, kept_for_a_while, kept_and_changed, another_home):
        taps.run(case.__name__, case)
    return taps.done()


sys.exit(main())
