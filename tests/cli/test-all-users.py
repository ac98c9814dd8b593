#!/usr/bin/env python3
"""test-all-users.py PROGRAM: profiles for a whole machine, and one command in every home of it

Homes are made below a root of their own, with users that the machine doesn't know; and once, in a mount namespace, with
the machine's own databases. Prints TAP.
"""
import contextlib
import http.server
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import fixture  # noqa: E402

from sandbox import PASSWORD, PROXY, USER, Sandbox, Taps, forms_of

PROGRAM = sys.argv[1]


class Origin(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


FIRST = 200000
SYSTEM_PROFILE = """# shipped by the administrator
active = "office";
profiles = ( { name = "office"; http = "%s"; https = "%s"; no_proxy = "localhost,.example.com"; %%s } );
""" % (PROXY, PROXY)


class Machine(Sandbox):
    """A root with its own /etc, and the homes u1 … uN in it."""

    def __init__(self, n, profile=""):
        super().__init__(PROGRAM)
        os.chmod(self.top, 0o755)
        self.root = os.path.join(self.top, "root")
        self.names = ["u%d" % i for i in range(1, n + 1)]
        lines = ["root:x:0:0::/root:/bin/bash", "daemon:x:1:1::/usr/sbin:/usr/sbin/nologin"]
        for name in self.names:
            uid = self.uid(name)
            lines.append("%s:x:%d:%d::/home/%s:/bin/bash" % (name, uid, uid, name))
            self.make(name)
        os.makedirs(self.root + "/etc/xdg/proxyrc")
        self.put("etc/passwd", "".join(line + "\n" for line in lines))
        self.put("etc/xdg/proxyrc/proxyrc.cfg", SYSTEM_PROFILE % profile)

    @staticmethod
    def uid(name):
        return FIRST + int(name[1:])

    def make(self, name):
        os.makedirs(self.at(name, ""))
        self.put("home/%s/.npmrc" % name, "registry=https://%s.example/\nproxy=http://old.example:1\n" % name, self.uid(name))
        os.chown(self.at(name, ""), self.uid(name), self.uid(name))

    def at(self, name, path):
        return os.path.join(self.root, "home", name, path)

    def put(self, path, text, owner=0, mode=0o644):
        path = os.path.join(self.root, path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        os.chown(path, owner, owner)

    def all(self, *args, exit=None, **more):
        """The homes of one run, by user."""
        got = self.json(*args, "--all-users", "--root", self.root, exit=exit, **more)
        assert list(got)[:2] == ["version", "homes"] and got["version"] == 1, got
        for home in got["homes"]:
            assert home["home"] == self.at(home["user"], "")[:-1], home
        return {home["user"]: home for home in got["homes"]}

    def npmrc(self, name):
        with open(self.at(name, ".npmrc"), encoding="utf-8") as file:
            return file.read()

    def marks(self):
        found = {}
        for folder, names, files in os.walk(self.root):
            for name in names + files:
                info = os.lstat(os.path.join(folder, name))
                found[os.path.join(folder, name)] = (info.st_ino, info.st_mtime_ns, info.st_ctime_ns)
        return found


def with_machine(n, profile=""):
    def decorate(function):
        def run():
            if os.geteuid() != 0:
                return "SKIP only root can work in every home"
            machine = Machine(n, profile)
            try:
                return function(machine)
            finally:
                machine.close()
        run.__name__ = function.__name__
        return run
    return decorate


@with_machine(5)
def one_run_serves_every_home(machine):
    before = machine.all("status", exit=1)
    assert list(before) == machine.names and all(home["exit"] == 1 and home["agrees"] is False for home in before.values()), before
    dry = machine.all("apply", "--dry-run", exit=1)
    assert all(home["changed"] for home in dry.values()) and "old.example" in machine.npmrc("u1")
    done = machine.all("apply", exit=0)
    assert list(done) == machine.names and all(home["changed"] and home["exit"] == 0 for home in done.values()), done
    for name in machine.names:
        assert "registry=https://%s.example/\nproxy=%s\n" % (name, PROXY) in machine.npmrc(name)
        for folder, folders, files in os.walk(machine.at(name, "")):
            for entry in folders + files:
                info = os.lstat(os.path.join(folder, entry))
                assert (info.st_uid, info.st_gid) == (machine.uid(name),) * 2, (folder, entry)
        with open(machine.at(name, ".profile"), encoding="utf-8") as file:
            assert machine.root not in file.read(), "what the image reads names a path outside"
    marks = machine.marks()
    again = machine.all("apply", exit=0)
    assert not any(home["changed"] or home["files"] for home in again.values()), again
    assert machine.marks() == marks, "a second run touches files"
    assert machine.all("status", exit=0)["u3"]["agrees"] is True
    machine.all("use", "direct", exit=0)
    assert all("proxy" not in machine.npmrc(name) for name in machine.names)


@with_machine(4)
def text_for_people(machine):
    _, out, _ = machine.run("apply", "--all-users", "--root", machine.root, exit=0)
    lines = out.decode().split("\n")
    assert [line for line in lines if line.startswith("/")] == [machine.at(name, "")[:-1] for name in machine.names], lines
    assert lines[-2] == "Homes: 4; exit 0: 4", lines
    assert machine.run("apply", "--all-users", "--root", machine.root, "--quiet", exit=0)[1] == b""


@with_machine(1)
def refused_when_it_makes_no_sense(machine):
    for args in (("--home", "/x"), ("--config", "/x"), ("--system",), ("--passphrase-fd", "0")):
        _, _, err = machine.run("apply", "--all-users", *args, exit=2)
        assert args[0].encode() in err, err
    machine.run("login", "--all-users", exit=2)
    _, _, err = machine.run("apply", "--all-users", "--root", machine.dir, exit=3)
    assert b"/etc/passwd" in err, err
    if shutil.which("setpriv"):
        prefix = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        code, _, err = machine.run("status", "--all-users", "--root", machine.root, prefix=prefix)
        assert code == 126 or (code == 2 and b"root" in err), (code, err)


@with_machine(3)
def whose_homes(machine):
    with open(machine.root + "/etc/passwd", "a", encoding="utf-8") as file:
        file.write("svc:x:999:999::/home/u1:/bin/bash\nnobody:x:65534:65534::/home/u1:/bin/bash\n"
                   "off:x:201001:201001::/home/off:/usr/sbin/nologin\ngone:x:201002:201002::/home/gone:/bin/bash\n"
                   "twice:x:%d:200001::/home/u1/:/bin/sh\nother:x:201003:201003::/home/other:/bin/bash\nnot a line\n:::\n"
                   "rel:x:201004:201004::home/u1:/bin/bash\nfile:x:%d:1::/home/u1/.npmrc:/bin/bash\n" % (machine.uid("u1"), machine.uid("u1")))
    for name in ("off", "other"):
        os.makedirs(machine.at(name, ""))
    os.chown(machine.at("off", ""), 201001, 201001)
    got = machine.json("status", "--all-users", "--root", machine.root, exit=1)
    assert [home["user"] for home in got["homes"]] == ["u1", "u2", "u3"], got
    assert [row["user"] for row in got["skipped"]] == ["other", "file"], got["skipped"]
    machine.put("etc/login.defs", "# x\nUID_MIN\t\t\t%d\n" % (FIRST + 3))
    assert list(machine.all("status", exit=1)) == ["u3"]


@with_machine(6)
def one_broken_home_stops_no_other(machine):
    machine.put("home/u2/.gitconfig", "[http\n", machine.uid("u2"))
    machine.put("home/u4/.npmrc", "x", machine.uid("u4"))
    os.unlink(machine.at("u4", ".npmrc"))
    os.mkfifo(machine.at("u4", ".npmrc"))
    os.chmod(machine.at("u5", ""), 0o555)
    got = machine.all("apply", exit=(3, 4))
    assert {name for name, home in got.items() if home["exit"] == 0} >= {"u1", "u3", "u6"}, {name: home["exit"] for name, home in got.items()}
    assert got["u2"]["exit"] == 3 and any("gitconfig:1" in text for text in got["u2"]["messages"]), got["u2"]
    assert got["u4"]["exit"] != 0 and got["u5"]["exit"] != 0
    assert PROXY in machine.npmrc("u6")


@with_machine(4)
def planted_links_lead_nowhere(machine):
    """Not to a file of root's, not to another user's, not to a device; neither the file nor its folder."""
    target = os.path.join(machine.top, "precious")
    with open(target, "w", encoding="utf-8") as file:
        file.write("proxy=http://old.example:1\n")
    os.chmod(target, 0o644)
    machine.put("home/u1/x", "", machine.uid("u1"))
    for name, link in ((".npmrc", target), (".curlrc", machine.at("u2", ".npmrc")), (".gitconfig", "/home/u2/.gitconfig")):
        if os.path.lexists(machine.at("u1", name)):
            os.unlink(machine.at("u1", name))
        os.symlink(link, machine.at("u1", name))
    os.symlink(machine.at("u2", ""), machine.at("u3", ".config"))
    os.symlink(machine.at("u2", ""), machine.at("u4", ".local"))
    before = machine.npmrc("u2")
    victim = sorted(os.listdir(machine.at("u2", "")))
    for name in ("u1", "u3", "u4"):
        for entry in os.listdir(machine.at(name, "")):
            os.lchown(machine.at(name, entry), machine.uid(name), machine.uid(name))
    # the victim is not among them, so that what changes in its home was done by another
    with open(machine.root + "/etc/passwd", encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("u2:")]
    machine.put("etc/passwd", "".join(lines))
    got = machine.all("apply")
    with open(target, encoding="utf-8") as file:
        assert file.read() == "proxy=http://old.example:1\n", "root's file was written"
    assert machine.npmrc("u2") == before and sorted(os.listdir(machine.at("u2", ""))) == victim, os.listdir(machine.at("u2", ""))
    assert set(got) == {"u1", "u3", "u4"} and all(home["exit"] != 0 for home in got.values()), got


@with_machine(4)
def an_image_does_not_reach_out(machine):
    """Not even to what the same user has on this machine."""
    outside = os.path.join(machine.top, "outside")
    os.mkdir(outside)
    os.chmod(outside, 0o777)
    os.symlink(outside, machine.at("u1", ".local"))
    os.symlink(outside, machine.at("u2", ".config"))
    os.symlink(outside + "/npmrc", machine.at("u3", ".gitconfig"))
    with open(outside + "/npmrc", "w", encoding="utf-8") as file:
        file.write("[user]\n")
    for name in ("u1", "u2", "u3"):
        os.chown(outside, machine.uid(name), machine.uid(name))
        os.chown(outside + "/npmrc", machine.uid(name), machine.uid(name))
        got = machine.all("apply")
        assert got["u4"]["exit"] == 0 and got[name]["exit"] != 0, got[name]
        assert os.listdir(outside) == ["npmrc"] and os.path.getsize(outside + "/npmrc") == 7, (name, os.listdir(outside))
    assert "leads out of" in got["u1"]["messages"][0], got["u1"]


def process_of(uid, parent):
    """Of this run alone: another one of this test may be at work with the same users."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/status" % pid, encoding="utf-8") as file:
                status = file.read()
            if "\nUid:\t%d\t" % uid in status and "\nPPid:\t%d\n" % parent in status:
                return int(pid)
        except OSError:
            continue
    return None


def held_up(machine, name):
    """A run that waits in one home for a lock that is held here; (process, the child's pid, the lock)."""
    import fcntl
    machine.all("apply", "--tools", "npm")
    machine.put("home/%s/.npmrc" % name, "proxy=http://old.example:1\n", machine.uid(name))
    lock = open(machine.at(name, ".local/state/proxyrc/lock"), "w", encoding="utf-8")  # pylint: disable=consider-using-with
    fcntl.flock(lock, fcntl.LOCK_EX)
    process = machine.spawn("apply", "--all-users", "--json", "--root", machine.root)
    for _ in range(3000):
        pid = process_of(machine.uid(name), process.pid)
        if pid is not None:
            break
        time.sleep(0.01)
    assert pid is not None, "no process has the rights of %s" % name
    return process, pid, lock


@with_machine(5)
def a_crash_stops_no_other(machine):
    process, pid, lock = held_up(machine, "u3")
    with open("/proc/%d/status" % pid, encoding="utf-8") as file:
        status = file.read()
    uid = machine.uid("u3")
    assert "\nUid:\t" + "\t".join(["%d" % uid] * 4) in status and "\nGid:\t" + "\t".join(["%d" % uid] * 4) in status, status
    assert "\nGroups:\t \n" in status and "\nCapEff:\t0000000000000000" in status and "\nCapPrm:\t0000000000000000" in status, status
    assert "\nNoNewPrivs:\t1" in status and os.stat("/proc/%d/mem" % pid).st_uid == 0
    with open("/proc/%d/environ" % pid, "rb") as file:
        assert b"PROXYRC_PASSPHRASE" not in file.read()
    os.kill(pid, signal.SIGSEGV)
    out, _ = process.communicate(timeout=60)
    lock.close()
    got = {home["user"]: home for home in json.loads(out)["homes"]}
    assert process.returncode == 4 and list(got) == machine.names, (process.returncode, list(got))
    assert got["u3"]["exit"] == 4 and "crash" in got["u3"]["messages"][-1], got["u3"]
    assert all(got[name]["exit"] == 0 for name in machine.names if name != "u3")
    machine.all("apply", exit=0)
    assert PROXY in machine.npmrc("u3")


@with_machine(60)
def stopped_between_two_homes(machine):
    process, _, lock = held_up(machine, "u1")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    lock.close()
    out, err = process.communicate(timeout=60)
    got = json.loads(out)["homes"]
    assert process.returncode == 130 and 0 < len(got) < 60 and b"stopped after" in err, (process.returncode, len(got), err)
    assert all(home["exit"] == 0 for home in got), got
    machine.all("apply", exit=0)


@with_machine(4, 'placement = "inline"; user = "joe";')
def each_has_a_store_of_its_own(machine):
    words = {"u1": "first pä@ss:w/rd#1", "u3": "third pä@ss:w/rd#3"}
    for name, word in words.items():
        machine.run("login", "--no-check", "--no-input", "--password-stdin", "--store", "plain", "--home", "/home/" + name, "--root", machine.root,
                    input=word.encode() + b"\n", exit=0)
        assert os.stat(machine.at(name, ".local/share/proxyrc/plain.json")).st_uid == machine.uid(name)
    passphrase = os.path.join(machine.top, "passphrase")
    with open(passphrase, "w", encoding="utf-8") as file:
        file.write("correct horse battery\n")
    os.chmod(passphrase, 0o600)
    os.chown(passphrase, machine.uid("u2"), machine.uid("u2"))
    env = {"PROXYRC_PASSPHRASE_FILE": passphrase, "http_proxy": "http://caller.example:9", "XDG_CONFIG_HOME": "/nowhere", "KRB5CCNAME": "FILE:/root/x"}
    machine.run("login", "--no-check", "--no-input", "--password-stdin", "--store", "vault", "--home", "/home/u2", "--root", machine.root,
                input=b"second word\n", env=env, exit=0)
    machine.secrets |= forms_of(words["u1"]) | forms_of(words["u3"]) | forms_of("second word")
    got = machine.all("apply", env=env, exit=5)
    # u2's vault is locked, and the caller's passphrase is not u2's; u4 has never logged in
    assert {name: home["exit"] for name, home in got.items()} == {"u1": 0, "u2": 5, "u3": 0, "u4": 5}, got
    own = {name: forms_of(word) for name, word in words.items()}
    for name in machine.names:
        text = b""
        for folder, _, files in os.walk(machine.at(name, "")):
            for entry in files:
                if entry != "plain.json":
                    with open(os.path.join(folder, entry), "rb") as file:
                        content = file.read()
                    text += content
                    if any(form in content for form in machine.secrets):
                        assert stat.S_IMODE(os.stat(os.path.join(folder, entry)).st_mode) & 0o077 == 0, entry
        for other, forms in own.items():
            assert any(form in text for form in forms) == (other == name), "%s: the password of %s" % (name, other)
    assert machine.all("status", exit=1)["u1"]["exit"] == 0


@with_machine(3, 'placement = "reference"; user = "joe";')
def without_a_secret_nobody_is_asked(machine):
    got = machine.all("apply", exit=(0, 1))
    assert all(home["exit"] in (0, 1) and home["changed"] for home in got.values()), got


@with_machine(3)
def live_check_in_every_home(machine):
    machine.put("etc/xdg/proxyrc/proxyrc.cfg", SYSTEM_PROFILE.replace(PROXY, "http://127.0.0.1:1") % 'user = "joe";')
    machine.run("login", "--no-check", "--no-input", "--password-stdin", "--store", "plain", "--home", "/home/u1", "--root", machine.root,
                input=b"x y z 1\n", exit=0)
    got = machine.all("check", exit=(5, 6))
    if "proxyrc-probe" in json.dumps(got):
        return "SKIP other users can't run the helper in this build tree"
    assert got["u1"]["exit"] == 6 and got["u1"]["verdict"] == "unreachable", got["u1"]
    assert got["u2"]["exit"] in (5, 6), got["u2"]
    found = machine.all("check", "--found")
    assert all("checks" in home or home["messages"] for home in found.values()), found


@with_machine(6)
def a_shared_account_is_tried_once(machine):
    """Six homes hold a wrong password of one account, not all the same: the proxy sees one; others go on."""
    with contextlib.ExitStack() as stack, fixture.LoggingProxy(accepts=lambda credentials: credentials == b"own:good") as proxy:
        host = "127.0.0.1:%d" % proxy.port
        origin = fixture.start_server(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin), stack)
        machine.put("etc/xdg/proxyrc/proxyrc.cfg", SYSTEM_PROFILE.replace(PROXY, "http://" + host) % ('check_url = "http://origin.test:%d/";' % origin))
        for i, name in enumerate(machine.names):
            machine.put("home/%s/.npmrc" % name, "proxy=http://service:stale%d@%s\nhttps-proxy=http://own:good@%s\n" % (i // 2, host, host), machine.uid(name), 0o600)
        got = machine.all("check", "--found")
        if "proxyrc-probe" in json.dumps(got):
            return "SKIP other users can't run the helper in this build tree"
        verdicts = [check["verdict"] for home in got.values() for check in home["checks"] if "service@" in check["proxy"]]
        assert sorted(verdicts) == ["credentials_rejected"] + ["withheld"] * 5, got
        assert len([seen for seen in proxy.seen if seen.startswith(b"service:")]) == 1, proxy.seen
        own = [check for home in got.values() for check in home["checks"] if "own@" in check["proxy"]]
        assert len(own) == 6 and all(check["credential"] == "accepted" for check in own), own
        assert all(home["exit"] == 1 for home in got.values()), got
        told = [check["detail"] for home in got.values() for check in home["checks"] if check["verdict"] == "withheld"]
        assert all("another home" in detail for detail in told), told
        # the next run: one at most, of a home that does not know yet
        machine.all("check", "--found")
        assert len([seen for seen in proxy.seen if seen.startswith(b"service:")]) <= 2, proxy.seen


@with_machine(4)
def a_shared_account_is_tried_once_as_stored(machine):
    """The same for what is stored, and what `doctor` tries; --force insists."""
    with fixture.LoggingProxy(accepts=lambda credentials: False) as proxy:
        host = "http://127.0.0.1:%d" % proxy.port
        machine.put("etc/xdg/proxyrc/proxyrc.cfg", SYSTEM_PROFILE.replace(PROXY, host) % 'user = "service"; check_url = "http://origin.test/";')
        for name in machine.names:
            machine.run("login", "--no-check", "--no-input", "--password-stdin", "--store", "plain", "--home", "/home/" + name, "--root", machine.root,
                        input=b"stale of %s\n" % name.encode(), exit=0)
        got = machine.all("check", exit=1)
        if "proxyrc-probe" in json.dumps(got):
            return "SKIP other users can't run the helper in this build tree"
        assert sorted(home["verdict"] for home in got.values()) == ["credentials_rejected"] + ["withheld"] * 3, got
        assert len(proxy.seen) == 1, proxy.seen
        machine.all("check", "--force", exit=1)
        assert len(proxy.seen) == 5, proxy.seen


@with_machine(2)
def profiles_for_all_are_written(machine):
    """By root, where all can read them; what changes nothing says so, and writes nothing."""
    os.unlink(machine.root + "/etc/xdg/proxyrc/proxyrc.cfg")
    os.mkdir(machine.root + "/root")
    where = ("--system", "--root", machine.root)
    dry = machine.json("profile", "add", "office", "https=" + PROXY, "no_proxy=localhost", "--dry-run", *where, exit=1)
    assert dry["changed"] is True and dry["profiles"][0]["https"] == PROXY and not os.listdir(machine.root + "/etc/xdg/proxyrc"), dry
    assert machine.json("profile", "add", "office", "https=" + PROXY, "no_proxy=localhost", *where, exit=0)["changed"] is True
    path = machine.root + "/etc/xdg/proxyrc/proxyrc.cfg"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o644 and os.stat(path).st_uid == 0
    marks = machine.marks()
    assert machine.json("profile", "set", "office", "no_proxy=localhost", *where, exit=0)["changed"] is False
    assert machine.json("profile", "set", "office", "no_proxy=localhost", "--dry-run", *where, exit=0)["changed"] is False
    assert {name: mark for name, mark in machine.marks().items() if "/etc/" in name} == {name: mark for name, mark in marks.items() if "/etc/" in name}
    assert machine.all("apply", exit=(0, 1))["u2"]["changed"] is True
    login = ("login", "--no-check", "--no-input", "--user", USER, "--password-stdin", "--store", "plain", "--home", "/home/u1", "--root", machine.root)
    assert [machine.json(*login, input=PASSWORD.encode() + b"\n", exit=0)["changed"] for _ in range(2)] == [True, False]


@with_machine(2)
def shipped_profiles_are_completed(machine):
    """The administrator's profile, a user's own over it role by role, and a login that needs no more than the password."""
    home = ("--home", "/home/u1", "--root", machine.root)
    machine.put("etc/xdg/proxyrc/proxyrc.cfg", SYSTEM_PROFILE % 'ca = "/etc/ssl/office.pem";')
    machine.run("login", "--no-check", "--no-input", "--user", USER, "--password-stdin", "--store", "plain", *home, input=PASSWORD.encode() + b"\n", exit=0)
    with open(machine.at("u1", ".config/proxyrc/proxyrc.cfg"), encoding="utf-8") as file:
        own = file.read()
    assert USER in own and "proxy.example" not in own, own
    machine.run("profile", "set", "office", "no_proxy=localhost,.mine.example", *home, exit=0)
    shown = machine.json("profile", "show", "office", *home)
    text = json.dumps(shown)
    assert PROXY in text and ".mine.example" in text and ".example.com" not in text and "office.pem" in text and USER in text, shown
    got = machine.all("apply")
    assert ".mine.example" in machine.npmrc("u1") and ".example.com" in machine.npmrc("u2"), got
    machine.put("etc/xdg/proxyrc/proxyrc.cfg", (SYSTEM_PROFILE % "").replace("proxy.example", "moved.example"))
    got = machine.all("apply")
    # a credential is bound to its proxy: u1's is for the old one, so it needs a login again
    assert got["u2"]["exit"] == 0 and "moved.example" in machine.npmrc("u2"), got["u2"]
    assert got["u1"]["exit"] == 5, got["u1"]
    machine.put("etc/xdg/proxyrc/proxyrc.cfg", "active = \n")
    got = machine.all("apply", exit=3)
    assert any("/etc/xdg/proxyrc/proxyrc.cfg:" in line for line in got["u1"]["messages"]), got["u1"]


NAMESPACE = """
set -e
mount --make-rprivate /
mount --bind {top}/passwd /etc/passwd
mount --bind {top}/group /etc/group
mkdir -p /etc/xdg/proxyrc
mount -t tmpfs none /etc/xdg/proxyrc
cp {root}/etc/xdg/proxyrc/proxyrc.cfg /etc/xdg/proxyrc/
exec "$@"
"""


@with_machine(3)
def the_machine_itself(machine):
    """With its own databases: further groups are there, for a file keeps its group."""
    prefix = ("unshare", "-m", "sh", "-c", NAMESPACE.format(top=machine.top, root=machine.root), "sh")
    existed = os.path.isdir("/etc/xdg/proxyrc")
    group = FIRST + 900
    with open("/etc/passwd", encoding="utf-8") as file:
        system = [line for line in file if int(line.split(":")[2]) < 1000]
    with open(machine.root + "/etc/passwd", encoding="utf-8") as file:
        users = [line.replace(":/home/", ":%s/home/" % machine.root) for line in file if line.startswith("u")]
    for name, lines in (("passwd", system + users), ("group", ["root:x:0:\n", "dev:x:%d:u1,u3\n" % group])):
        with open(os.path.join(machine.top, name), "w", encoding="utf-8") as file:
            file.writelines(lines)
    os.chown(machine.at("u1", ".npmrc"), machine.uid("u1"), group)
    os.chmod(machine.at("u1", ".npmrc"), 0o640)
    if subprocess.run([*prefix, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
        return "SKIP no mount namespaces here"
    try:
        got = json.loads(machine.run("apply", "--all-users", "--json", prefix=prefix, exit=(0, 1))[1])
        alone = json.loads(machine.run("apply", "--home", machine.at("u1", "")[:-1], "--json", prefix=prefix, exit=(0, 1))[1])
    finally:
        if not existed:
            os.rmdir("/etc/xdg/proxyrc")
    assert [home["user"] for home in got["homes"]] == machine.names, got
    info = os.stat(machine.at("u1", ".npmrc"))
    assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (machine.uid("u1"), group, 0o640) and PROXY in machine.npmrc("u1"), info
    assert alone["changed"] is False, alone


def others_can_run_it():
    """Below root's home nobody else gets to the program, or to its catalogue."""
    prefix = ("setpriv", "--reuid=%d" % FIRST, "--regid=%d" % FIRST, "--clear-groups") if os.geteuid() == 0 else ()
    return subprocess.run([*prefix, PROGRAM, "tools"], env={"HOME": "/", "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def not_here():
    return "SKIP another user can't run the program here"


def main():
    taps = Taps()
    reached = others_can_run_it()
    for case in (one_run_serves_every_home, text_for_people, refused_when_it_makes_no_sense, whose_homes, one_broken_home_stops_no_other,
                 planted_links_lead_nowhere, an_image_does_not_reach_out, a_crash_stops_no_other, stopped_between_two_homes, each_has_a_store_of_its_own,
                 without_a_secret_nobody_is_asked, live_check_in_every_home, a_shared_account_is_tried_once,
                 a_shared_account_is_tried_once_as_stored, profiles_for_all_are_written, shipped_profiles_are_completed, the_machine_itself):
        taps.run(case.__name__, case if reached or case is refused_when_it_makes_no_sense else not_here)
    return taps.done()


sys.exit(main())
