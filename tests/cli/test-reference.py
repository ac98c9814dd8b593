#!/usr/bin/env python3
"""test-reference.py PROGRAM: what stands in files instead of the password, and what becomes of it

A start-up line that evaluates `proxyrc env` must never break or delay a shell: with the program gone, broken, hanging,
or its store locked. git asks `proxyrc git-credential`, which tells git what it must know and nobody else anything.
Prints TAP.
"""
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time

from sandbox import PASSWORD, PROXY, USER, Sandbox, Taps, difference, lived_in, user_side

# name -> how the shell is started with the user's files and one script in the shell's own language
SHELLS = {
    "dash": (["dash", "-lc"], "printenv http_proxy; echo end"),
    "dash -eu": (["dash", "-leuc"], "printenv http_proxy || :; echo end"),
    "bash": (["bash", "-lc"], "printenv http_proxy; echo end"),
    "bash -eu": (["bash", "-leuc"], "printenv http_proxy || :; echo end"),
    "zsh": (["zsh", "-lc"], "printenv http_proxy; echo end"),
    "zsh -eu": (["zsh", "-leuc"], "printenv http_proxy || :; echo end"),
    "fish": (["fish", "-lc"], "printenv http_proxy; echo end"),
    "tcsh": (["tcsh", "-c"], "printenv http_proxy; echo end"),
    "tcsh -e": (["tcsh", "-ec"], "printenv http_proxy || true; echo end"),
}
SECONDS_MAX = 20  # a shell that waits for what never comes would wait longer


class Home(Sandbox):
    """A home in which the program lies in a folder of its own, that can be taken away."""

    def __init__(self, program, shell="bash", placement="reference", store="plain"):
        super().__init__(program)
        self.original = self.program
        self.program = os.path.join(self.top, "bin it's", "proxyrc")
        os.mkdir(os.path.dirname(self.program))
        os.link(self.original, self.program) if os.stat(self.original).st_dev == os.stat(self.top).st_dev else shutil.copy(self.original, self.program)
        self.env["SHELL"] = "/bin/" + shell
        self.env.setdefault("PROXYRC_TOOLS_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../share/tools.d"))
        self.more = {}
        self.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY, "no_proxy=localhost", "placement=" + placement, exit=0)
        if store == "vault":
            self.passphrase = os.path.join(self.top, "passphrase")
            with open(self.passphrase, "w", encoding="utf-8") as file:
                file.write("correct horse\n")
            os.chmod(self.passphrase, 0o600)
            self.more = {"PROXYRC_PASSPHRASE_FILE": self.passphrase}
        self.run("login", "--no-check", "--user", USER, "--password-stdin", "--store", store, "--no-input", input=self.password.encode() + b"\n",
                 exit=0, env=self.more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.more:
            subprocess.run([self.original, "lock"], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.close()

    def shell(self, name, env=None, silent=True):
        """What http_proxy is in such a shell, or None; it must get to the end, in time, and say nothing else."""
        argv, script = SHELLS[name]
        begin = time.monotonic()
        done = subprocess.run([*argv, script], env={**self.env, **(env or {})}, cwd=self.dir, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120)
        assert time.monotonic() - begin < SECONDS_MAX, "%s: took %d s" % (name, time.monotonic() - begin)
        lines = done.stdout.decode().splitlines()
        assert done.returncode == 0 and lines[-1:] == ["end"], "%s: exit %d, %r, %r" % (name, done.returncode, lines, done.stderr)
        assert not silent or done.stderr == b"", "%s: says %r" % (name, done.stderr)
        return lines[0] if len(lines) > 1 else None


def installed(home_of):
    """(shell, Home) for each shell that there is."""
    for name, (argv, _) in SHELLS.items():
        if shutil.which(argv[0]) is None:
            print("# skipped: %s is not installed" % argv[0])
            continue
        with home_of(argv[0]) as box:
            yield name, box


def test_shells_have_it(program):
    for name, box in installed(lambda shell: Home(program, shell)):
        box.run("apply", exit=0)
        value = box.shell(name)
        assert value is not None and value.startswith("http://joe:p") and value.endswith("@proxy.example:3128"), "%s: %r" % (name, value and "***")


def test_program_gone(program):
    for name, box in installed(lambda shell: Home(program, shell)):
        box.run("apply", exit=0)
        os.unlink(box.program)
        assert box.shell(name) is None, name
        assert box.shell(name, env={"http_proxy": "http://mine:1"}) == "http://mine:1", name


def test_program_broken(program):
    texts = ("#!/bin/sh\necho trouble >&2\nexit 3\n", "#!/nowhere/interpreter\n", "#!/bin/sh\nkill -9 $$\n", "")
    for name, box in installed(lambda shell: Home(program, shell)):
        box.run("apply", exit=0)
        for text in texts:
            os.unlink(box.program)
            with open(box.program, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(box.program, 0o755)
            assert box.shell(name, silent=name != "fish" or not text.startswith("#!/nowhere")) is None, name


def test_profiles_broken(program):
    for name, box in installed(lambda shell: Home(program, shell)):
        box.run("apply", exit=0)
        box.write(".config/proxyrc/proxyrc.cfg", "profiles = ( {\n", 0o600)
        assert box.shell(name) is None, name
        shutil.rmtree(box.path(".config/proxyrc"))
        assert box.shell(name) is None, name


def test_store_locked(program):
    """The proxy without any credential: no password is never a wrong one. What the shell had already stays."""
    with Home(program, store="vault") as box:
        for name, (argv, _) in SHELLS.items():
            if shutil.which(argv[0]) is None:
                continue
            box.env["SHELL"] = "/bin/" + argv[0]
            box.run("apply", "--no-input", exit=0)
            assert box.shell(name) == PROXY, name
            have = "http://%s:other@proxy.example:3128" % USER
            assert box.shell(name, env={"http_proxy": have}) == have, name
            assert box.shell(name, env={"http_proxy": "http://joe:x@elsewhere.example:1"}) == PROXY, name
        assert box.shell("bash", env=box.more).startswith("http://joe:p")
        code = box.run("env", "--no-input")[0]
        assert code == 5, "env --no-input: %d" % code


def test_unlocked_for_a_while(program):
    with Home(program, store="vault") as box:
        box.run("apply", exit=0, env=box.more)
        code, _, err = box.run("unlock", "--for", "10m", env=box.more)
        if code != 0:
            return "skipped: " + err.decode()
        assert box.shell("bash").startswith("http://joe:p")
        box.run("lock", exit=0)
        assert box.shell("bash") == PROXY


def test_another_run_that_hangs(program):
    """It holds the lock and does not come to its end: nobody waits for it."""
    with Home(program) as box:
        box.run("apply", exit=0)
        state = box.path(".local/state/proxyrc")
        with open(os.path.join(state, "lock"), "a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with open(os.path.join(state, "journal"), "wb") as journal:
                journal.write(b"x")
            assert box.shell("bash").startswith("http://joe:p")
            assert box.run("git-credential", "get", input=(REQUEST + "username=joe\n").encode(), shows=True)[1] != b""


def test_hanging(program):
    """What it reads never comes to its end."""
    for name, box in installed(lambda shell: Home(program, shell)):
        box.run("apply", exit=0)
        for path in (".config/proxyrc/proxyrc.cfg", ".local/share/proxyrc/plain.json"):
            os.unlink(box.path(path))
            os.mkfifo(box.path(path), 0o600)
            assert box.shell(name) in (None, PROXY), name


def test_service_that_hangs(program):
    """A session bus that takes the call and never answers."""
    with Home(program) as box:
        box.program = box.original  # which has its helpers beside it
        box.run("apply", exit=0)
        text = box.read(".config/proxyrc/proxyrc.cfg").decode()
        box.write(".config/proxyrc/proxyrc.cfg", text.replace("\"plain\"", "\"secret-service\""), 0o600)
        with socket.socket(socket.AF_UNIX) as bus:
            bus.bind(os.path.join(box.top, "bus"))
            bus.listen(20)
            env = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + os.path.join(box.top, "bus")}
            for name in ("dash -eu", "bash", "zsh", "fish", "tcsh -e"):
                if shutil.which(SHELLS[name][0][0]):
                    assert box.shell(name, env=env) in (None, PROXY), name


def test_fish_variables(program):
    if shutil.which("fish") is None:
        return "skipped: fish is not installed"
    with Home(program, shell="fish") as box:
        url = "http\\x3a//joe\\x3a" + "".join("\\x%02x" % byte for byte in b"p%C3%A4%40ss%3Aw%2Frd%231%25~%C3%A9") + "\\x40proxy\\x2eexample\\x3a3128"
        box.write(".config/fish/fish_variables", "# VERSION: 3.0\nSETUVAR EDITOR:vi\nSETUVAR --export http_proxy:%s\n" % url, 0o600)
        answer = box.json("apply", exit=0)
        assert not any("fish_variables" in warning for warning in answer["warnings"]), answer["warnings"]
        assert b"http_proxy" not in box.read(".config/fish/fish_variables") and b"EDITOR" in box.read(".config/fish/fish_variables")
        assert box.shell("fish").startswith("http://joe:p")


def test_what_is_left(program):
    """Copies that proxyrc has not written: in files that are not read, in comments, elsewhere."""
    with Home(program) as box:
        url = "http://joe:p%C3%A4%40ss%3Aw%2Frd%231%25~%C3%A9@proxy.example:3128"
        box.write(".curlrc", "silent\n", 0o600)
        box.write(".config/curlrc", "max-time = 5\nproxy = \"%s\"\n# proxy = %s\n" % (url, url), 0o600)
        box.write(".npmrc", "; proxy=%s\nregistry=https://r.example/\n" % url, 0o600)
        box.write(".bash_profile", "# export http_proxy=%s\n. ~/.profile\n" % url, 0o600)
        box.write(".profile", "export http_proxy=%s\nx='%s'\n" % (url, PASSWORD), 0o600)
        box.write(".git-credentials", url.replace(":3128", "%3a3128") + "\n", 0o600)
        box.write(".npmrc~", "proxy=%s\n" % url, 0o600)
        answer = box.json("apply", exit=1)
        for wanted in (".profile:1: ", ".git-credentials:1", ".npmrc~:1"):
            assert any(wanted in warning for warning in answer["warnings"]), "%s: %s" % (wanted, answer["warnings"])
        holders = {name for name, row in user_side(box.save()).items() if isinstance(row[2], bytes) and any(form in row[2] for form in box.secrets)}
        assert holders == {".profile", ".git-credentials", ".npmrc~", ".local/share/proxyrc/plain.json"}, holders
        assert box.run("status")[0] == 1
        assert b"max-time = 5" in box.read(".config/curlrc")
        box.run("undo", exit=0)
        assert url.encode() in box.read(".config/curlrc")


def test_no_home(program):
    with Home(program) as box:
        box.run("apply", exit=0)
        line = next(line for line in box.read(".profile").decode().splitlines() if line.startswith("eval"))
        for argv in (["dash", "-euc"], ["bash", "-euc"]):
            for env in ({"PATH": box.env["PATH"]}, {"PATH": box.env["PATH"], "HOME": "/nonexistent"}, {"HOME": "relative", "PATH": ""}):
                done = subprocess.run([shutil.which(argv[0]), argv[1], line + "\necho end"], env=env, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
                assert (done.returncode, done.stdout.split(b"\n")[-2:], done.stderr) == (0, [b"end", b""], b""), done


def test_startup_is_at_most_itself(program):
    """--startup gives no more than what is evaluated, whatever it is given."""
    with Home(program) as box:
        for args, gives in ((("--shell", "nonsense"), False), (("--home", "/nonexistent"), False), (("--config", "/nonexistent/x"), False), ((), True)):
            code, out, err = box.run("env", "--startup", *args, shows=True)
            assert (code, err, out != b"") == (0, b"", gives), "%s: %d, %r" % (args, code, err)


REQUEST = "protocol=http\nhost=proxy.example:3128\n"


def test_git_credential(program):
    with Home(program) as box:
        answer = ("username=%s\npassword=%s\n" % (USER, PASSWORD)).encode()
        for text, wanted in (
                (REQUEST + "username=joe\n", answer), (REQUEST + "username=joe\n\n", answer), (REQUEST, answer), (REQUEST + "username=joe\n\nusername=x\n", answer),
                (REQUEST + "username=joe\npath=x\nwwwauth[]=Basic realm=\"x\"\ncapability[]=authtype", answer),
                (REQUEST + "username=jane\n", b""), (REQUEST + "username=\n", b""),
                ("protocol=https\nhost=proxy.example:3128\nusername=joe\n", b""), ("protocol=http\nhost=proxy.example:3129\n", b""),
                ("protocol=http\nhost=proxy.example\n", b""), ("protocol=http\nhost=x@proxy.example:3128\n", b""),
                ("protocol=http\nhost=proxy.example:3128/\n", b""), ("protocol=http\nhost=other.example:3128\nusername=joe\n", b""),
                ("host=proxy.example:3128\n", b""), ("protocol=http\n", b""), ("", b""), ("\n" + REQUEST, b""), ("\0" * 9, b""), ("x" * 100000, b"")):
            code, out, err = box.run("git-credential", "get", input=text.encode(), shows=True)
            assert (code, out, err) == (0, wanted, b""), "%r: %d %r %r" % (text[:80], code, out if not wanted else len(out), err)
        before = box.save()
        for verb in ("store", "erase", "approve", "capability"):
            code, out, err = box.run("git-credential", verb, input=(REQUEST + "username=joe\npassword=wrong\n").encode())
            assert (code, out, err) == (0, b"", b""), "%s: %d %r %r" % (verb, code, out, err)
        assert box.save() == before, "store or erase changes something"
        box.run("git-credential", exit=2)
        # not only the active profile's
        box.run("profile", "add", "home", "http=http://home.example:1", exit=0)
        box.run("use", "home", exit=(0, 1))
        assert box.run("git-credential", "get", input=(REQUEST + "username=joe\n").encode(), shows=True)[1] == answer


def test_before_any_login(program):
    """Files that hold no password can be written before there is one."""
    with Home(program, store="vault") as box:
        answer = box.json("apply", "--no-input", exit=0)
        assert answer["changed"] and any("locked" in warning for warning in answer["warnings"]), answer["warnings"]
        assert box.json("apply", "--no-input", exit=0, env=box.more)["changed"] is False
        box.run("profile", "set", "office", "placement=reference,curl=inline", exit=0)
        assert box.run("apply", "--no-input")[0] == 5
    with Home(program) as box:
        box.run("logout", exit=0)
        box.run("apply", exit=0)
        assert box.shell("bash") == PROXY
        box.run("login", "--no-check", "--user", USER, "--password-stdin", "--store", "plain", input=box.password.encode() + b"\n", exit=0)
        assert box.shell("bash").startswith("http://joe:p")
        box.run("status", exit=0)


def test_password_that_git_would_decode_twice(program):
    """It came after git was told to ask here; what git would send is another password, so it gets none."""
    with Home(program) as box:
        box.run("apply", exit=0)
        request = (REQUEST + "username=joe\n").encode()
        version = subprocess.run(["curl-config", "--version"], stdout=subprocess.PIPE).stdout if shutil.which("curl-config") else b""
        box.run("login", "--no-check", "--user", USER, "--password-stdin", "--store", "plain", input=b"a%41b%zz\n", exit=0)
        code, out, err = box.run("git-credential", "get", input=request, shows=True)
        status = box.run("status")[0]
        if b"password=" in out:  # this libcurl decodes once
            assert out == b"username=joe\npassword=a%41b%zz\n" and status == 0, (status, version)
            return "not with this libcurl"
        assert (code, out) == (3, b"") and b"git gets no password" in err, err
        assert status == 1
        assert "git is left out" in " ".join(box.json("apply", exit=1)["warnings"])


def test_git_credential_locked(program):
    with Home(program, store="vault") as box:
        code, out, err = box.run("git-credential", "get", input=(REQUEST + "username=joe\n").encode())
        assert (code, out) == (5, b"") and b"unlock" in err, (code, out, err)
        code, out, err = box.run("git-credential", "get", input=b"protocol=http\nhost=x:1\n")
        assert (code, out, err) == (0, b"", b"")


def test_git_asks_it_alone(program):
    """git itself, with a helper of the user's that would write the password down."""
    if shutil.which("git") is None:
        return "skipped: git is not installed"
    with Home(program) as box:
        box.write(".gitconfig", "[credential]\n\thelper = store\n")
        box.run("apply", "--tools", "git,env", exit=0)
        request = (REQUEST + "username=joe\n\n").encode()
        environment = {**box.env, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        filled = subprocess.run(["git", "credential", "fill"], input=request, env=environment, cwd=box.dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        assert ("password=" + PASSWORD).encode() in filled.stdout.split(b"\n"), filled.stderr
        tree = user_side(box.save())
        for verb in ("approve", "reject"):
            subprocess.run(["git", "credential", verb], input=filled.stdout, env=environment, cwd=box.dir, check=True, timeout=60)
        assert user_side(box.save()) == tree, difference(user_side(box.save()), tree)
        # for any other host the user's helper is asked as before
        other = b"protocol=https\nhost=elsewhere.example\nusername=u\npassword=p\n\n"
        subprocess.run(["git", "credential", "approve"], input=other, env=environment, cwd=box.dir, check=True, timeout=60)
        assert b"elsewhere.example" in box.read(".git-credentials")


def test_from_one_to_another(program):
    """Each placement after each other, as if it had been there from the beginning; then direct, and all undone."""
    placements = ("inline", "reference", "none", "reference,npm=inline,git=none", "git=reference")
    alone = {}
    for placement in placements:
        with Home(program, placement=placement) as box:
            lived_in(box)
            box.run("apply", exit=(0, 1))
            alone[placement] = {name: (row[0], row[1], row[2].replace(box.top.encode(), b"TOP")) for name, row in user_side(box.save()).items()
                                if name != ".config/proxyrc/proxyrc.cfg" and isinstance(row[2], bytes)}
            holders = [name for name, row in alone[placement].items() if isinstance(row[2], bytes) and any(form in row[2] for form in box.secrets) and not name.startswith(".local/")]
            assert placement not in ("reference", "none") or holders == [], "%s: the password is in %s" % (placement, holders)
    with Home(program, placement="inline") as box:
        lived_in(box)
        before = user_side(box.save())
        second = "nothing"
        for placement in ("inline", "reference", "inline", "none", "reference", "git=reference", "reference,npm=inline,git=none", "none"):
            first, second = second, placement
            box.run("profile", "set", "office", "placement=" + placement, exit=0)
            status = box.run("status")[0]
            changed = box.json("apply", exit=(0, 1))["changed"]
            assert changed == (status != 0) or not changed, "%s: status says %d, apply changed %s" % (placement, status, changed)
            now = user_side(box.save())
            for name, row in alone[placement].items():
                # by value, what stands in a start-up file is left there, and what is new goes to a file of its own
                if not placement.startswith("reference") and name in (".bashrc", ".profile", ".config/proxyrc/env.sh"):
                    continue
                have = now[name][2].replace(box.top.encode(), b"TOP") if name in now else b""
                assert sorted(row[2].replace(b'"', b"").splitlines()) == sorted(have.replace(b'"', b"").splitlines()), \
                    "%s after %s: %s: %r instead of %r" % (second, first, name, have, row[2])
        box.run("use", "direct", exit=(0, 1))
        for name, row in user_side(box.save()).items():
            assert name.startswith(".local/") or not isinstance(row[2], bytes) or not any(form in row[2] for form in box.secrets), "direct: the password is in %s" % name
            assert name.startswith(".config/proxyrc/proxyrc.cfg") or not isinstance(row[2], bytes) or b"bin it" not in row[2], "direct: %s still names the program" % name
        while box.json("undo", exit=(0, 1, 3)).get("changed") and user_side(box.save()) != before:
            pass
        after = user_side(box.save())
        assert after == before, difference(after, before)


def test_status_before_apply(program):
    with Home(program, placement="inline") as box:
        box.run("apply", exit=0)
        box.run("status", exit=0)
        box.run("profile", "set", "office", "placement=reference", exit=0)
        status = box.json("status", exit=1)
        states = {tool["name"]: tool["state"] for tool in status["tools"]}
        assert status["agrees"] is False and states["env"] not in ("ok", "inherits") and states["git"] not in ("ok", "inherits"), states
        box.run("apply", exit=0)
        status = box.json("status", exit=0)
        rows = [row for row in status["settings"] if row["key"] == "eval"]
        assert rows and all(row["state"] == "ok" and row["tool"] == "env" for row in rows), rows
        # the program has moved
        moved = box.program + "-2/proxyrc"
        os.mkdir(os.path.dirname(moved))
        os.rename(box.program, moved)
        box.program = moved
        box.run("status", exit=1)
        box.run("apply", exit=0)
        box.run("status", exit=0)
        assert box.shell("bash").startswith("http://joe:p")


def test_wrong_placements(program):
    with Home(program) as box:
        for text in ("file", "reference,none", "npm=", "npm=x"):
            assert box.run("profile", "set", "office", "placement=" + text)[0] == 3, text
        box.run("profile", "set", "office", "placement=nosuchtool=none", exit=0)
        assert box.run("apply")[0] == 3


def test_none(program):
    with Home(program, placement="none", store="vault") as box:
        box.run("apply", exit=0, env=box.more)
        out = box.run("env", "--no-input", exit=0)[1]
        assert PROXY.encode() in out and b"joe" not in out
        assert box.shell("bash") == PROXY


def main():
    taps = Taps()
    for name, function in sorted(globals().items()):
        if name.startswith("test_"):
            taps.run(name[5:].replace("_", " "), function, sys.argv[1])
    return taps.done()


sys.exit(main())
