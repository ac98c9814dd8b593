"""sandbox.py: a home to work in, that can be put back at once, for the tests that ill-treat the whole program

The home keeps its path, for the program writes its name into files and into its own records.
"""
import base64
import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import urllib.parse

PASSWORD = "pä@ss:w/rd#1%~é"
PROXY = "http://proxy.example:3128"
USER = "joe"


def seed():
    value = int(os.environ.get("PRC_TEST_SEED", time.time_ns() & 0xFFFFFFFF))
    print("# PRC_TEST_SEED=%d" % value, flush=True)
    return random.Random(value)


def cases(normal):
    return int(os.environ.get("PRC_TEST_CASES", normal))


def forms_of(secret, user=USER):
    """Every way in which bytes on a disk or a screen could tell the secret."""
    raw = secret.encode()
    forms = {raw, json.dumps(secret)[1:-1].encode()}
    for encoding in ("utf-8", "latin-1"):
        try:
            plain = secret.encode(encoding)
        except UnicodeEncodeError:
            continue
        forms |= {plain, base64.b64encode(plain).rstrip(b"="), base64.b64encode(user.encode() + b":" + plain).rstrip(b"="), plain.hex().encode()}
        for safe in ("", "~", "/:", ":@/"):
            forms.add(urllib.parse.quote_from_bytes(plain, safe=safe).encode())
        forms.add("".join("%%%02x" % byte if chr(byte) not in "abcdefghijklmnopqrstuvwxyz0123456789" else chr(byte) for byte in plain).encode())
    return {form for form in forms if len(form) >= 5}


def content_of(path, mode):
    """Also of a file that its owner may not read just now."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except PermissionError:
        os.chmod(path, mode | 0o400)
        try:
            with open(path, "rb") as file:
                return file.read()
        finally:
            os.chmod(path, mode)


class Sandbox:
    def __init__(self, program, secret=PASSWORD):
        folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="proxyrc-box-", dir=folder))
        self.dir = os.path.join(self.top, "home")
        os.mkdir(self.dir, 0o700)
        self.program = os.path.abspath(program)
        self.env = {"HOME": self.dir, "PATH": "/usr/local/bin:/usr/bin:/bin", "SHELL": "/bin/bash", "LC_ALL": "C.UTF-8"}
        for name in ("PROXYRC_TOOLS_DIR", "ASAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.secrets = forms_of(secret)
        self.password = secret

    def close(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, content, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
        with open(path, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(path, mode)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    # Runs

    def spawn(self, *args, step=(), prefix=(), env=None, **more):
        return subprocess.Popen([*prefix, *step, self.program, *args], env={**self.env, **(env or {})}, cwd=self.dir, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=False, **more)

    def run(self, *args, exit=None, input=b"", shows=False, **more):
        """(exit code, stdout, stderr); a secret in the output fails unless @shows."""
        process = self.spawn(*args, **more)
        try:
            out, err = process.communicate(input, timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise AssertionError("%s: hangs" % " ".join(args))
        code = process.returncode
        if not shows:
            for text in (out, err):
                for form in self.secrets:
                    assert form not in text, "%s: shows the password as %r:\n%s" % (" ".join(args), form, text.decode(errors="replace"))
        allowed = (exit,) if isinstance(exit, int) else exit
        if allowed is not None and code not in allowed:
            raise AssertionError("%s: exit %d instead of %s\n%s%s" % (" ".join(args), code, exit, out.decode(), err.decode()))
        return code, out, err

    def json(self, *args, **more):
        return json.loads(self.run(*args, "--json", **more)[1])

    def log_in(self, store="plain"):
        self.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY, "no_proxy=localhost,.example.com", exit=0)
        return self.run("login", "--no-check", "--user", USER, "--password-stdin", "--store", store, "--no-input", input=self.password.encode() + b"\n", exit=0)

    # The whole tree, to compare and to put back

    def save(self):
        """{name: (type, mode, content or target)}, with the directories."""
        found = {}
        stack = [""]
        while stack:
            folder = stack.pop()
            for entry in os.scandir(os.path.join(self.dir, folder)):
                name = os.path.join(folder, entry.name)
                info = entry.stat(follow_symlinks=False)
                kind = stat.S_IFMT(info.st_mode)
                content = None
                if kind == stat.S_IFLNK:
                    content = os.readlink(entry.path)
                elif kind == stat.S_IFDIR:
                    stack.append(name)
                else:
                    content = content_of(entry.path, stat.S_IMODE(info.st_mode))
                found[name] = (kind, stat.S_IMODE(info.st_mode), content)
        return found

    def restore(self, tree):
        now = self.save()
        for name in sorted(now, reverse=True):
            if now[name] != tree.get(name):
                path = self.path(name)
                if now[name][0] != stat.S_IFDIR:
                    os.unlink(path)
                elif tree.get(name, (0,))[0] != stat.S_IFDIR:
                    os.rmdir(path)
        for name in sorted(tree):
            if now.get(name) == tree[name]:
                continue
            kind, mode, content = tree[name]
            path = self.path(name)
            if kind == stat.S_IFLNK:
                os.symlink(content, path)
                continue
            if kind == stat.S_IFDIR:
                os.makedirs(path, exist_ok=True)
            else:
                with open(path, "wb") as file:
                    file.write(content)
            os.chmod(path, mode)

    def assert_no_leaks(self, tree, what):
        """What holds the password is its owner's alone; proxyrc's own files, but the chosen store, under its name or that
        of a transaction that was killed, don't hold it."""
        for name, (kind, mode, content) in tree.items():
            if kind != stat.S_IFREG:
                continue
            told = next((form for form in self.secrets if form in content), None)
            if told is None:
                continue
            assert mode & 0o077 == 0, "%s: %s holds the password and has mode %04o" % (what, name, mode)
            own = name.startswith((".local/", ".cache/")) and not re.fullmatch(r"\.local/share/proxyrc/(plain\.json(\.new)?|\.proxyrc-[0-9a-f]+-\d+)", name)
            assert not own and name != ".config/proxyrc/proxyrc.cfg", "%s: %s holds the password in clear, as %r" % (what, name, told)


STATE = ".local/state/proxyrc/"


def user_side(tree):
    """Without proxyrc's own bookkeeping, which is never the same twice, and without directories that are empty."""
    side = {name: row for name, row in tree.items() if row[0] != stat.S_IFDIR and not name.startswith(STATE) and not name.endswith(".lock") and
            not name.startswith(".local/share/proxyrc/undo.key")}
    return side


def own_files(tree):
    """The names in its state and data directories, with the ids of the history made alike."""
    return sorted(re.sub(r"\d{8}-\d{6}[a-z]*", "ID", name) for name in tree if name.startswith((STATE, ".local/share/proxyrc/")))


def difference(tree, other):
    lines = []
    for name in sorted(set(tree) | set(other)):
        if tree.get(name) != other.get(name):
            lines.append("  %s: %r instead of %r" % (name, tree.get(name), other.get(name)))
    return "\n".join(lines)


def lived_in(box):
    """The home of someone who has worked for years, with a secret of each kind that isn't ours to show or to move."""
    box.write("dotfiles/gitconfig", "# mine\n[user]\n\tname = A B\n[http]\n\tproxy = http://old:HIDDEN1@old.example:1 ; office\n"
              "#\tproxy = http://x:HIDDEN2@older.example:3\n[credential]\n\thelper = \"!f() { echo password=HIDDEN3; }; f\"\n", 0o640)
    box.write("dotfiles/npmrc", "; mine\nregistry=https://r.example/\n//r.example/:_authToken=HIDDEN4\n//r.example/:_password=HIDDEN5\n"
              "proxy=http://old:HIDDEN6@old.example:1\n; https-proxy=http://x:HIDDEN7@old.example:1\n", 0o644)
    os.symlink("dotfiles/gitconfig", box.path(".gitconfig"))
    os.symlink("dotfiles/npmrc", box.path(".npmrc"))
    box.write(".config/pip/pip.conf", "[global]\r\n; mine\r\ntimeout = 5\r\nextra-index-url = https://u:HIDDEN8@i.example/\r\n", 0o600)
    box.write(".curlrc", "# mine\nproxy = http://old:HIDDEN9@old.example:1\nuser = \"me:HIDDENa\"\n# proxy-user = x:HIDDENb\n", 0o600)
    box.write(".bashrc", "alias l=ls\nexport AWS_SECRET_ACCESS_KEY=HIDDENc\nexport GITHUB_TOKEN=HIDDENd\n# export http_proxy=http://x:HIDDENe@older.example:3\n"
              "export https_proxy=http://x:HIDDENf@older.example:3")


class Taps:
    """Runs cases, each (name, function), and prints TAP."""

    def __init__(self):
        self.n = self.failed = 0

    def run(self, name, function, *args):
        self.n += 1
        begin = time.monotonic()
        try:
            note = function(*args)
        except AssertionError as error:
            self.failed += 1
            print("not ok %d - %s" % (self.n, name))
            for line in str(error).split("\n")[:60]:
                print("#   %s" % line[:2000])
        else:
            print("ok %d - %s (%.1f s)%s" % (self.n, name, time.monotonic() - begin, " # " + note if note else ""))
        print(end="", flush=True)

    def done(self):
        print("1..%d" % self.n)
        return 1 if self.failed else 0


def step_works(step):
    """Whether calls can be stepped through here."""
    done = subprocess.run([step, "--kill", "0", "/bin/true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0


__all__ = [name for name in dir() if not name.startswith("_")] + ["signal"]
