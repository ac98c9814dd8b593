#!/usr/bin/env python3
"""test-agreement.py PROGRAM: what proxyrc says and does, against what the real tools then read.

Random homes, with settings in every place and in odd spellings. In each of them: what `status` calls in force is
what git, npm, pip, curl and the shells read; after `apply` they read exactly the profile; a second `apply` changes
nothing; `status` agrees with the exit code of `apply`; after `use direct` they see no proxy; and `undo` gives back
every byte. PRC_TEST_SEED repeats a run, PRC_TEST_CASES sets the number of homes. Prints TAP.
"""
import json
import os
import random
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from urllib.parse import unquote_to_bytes

PROGRAM = os.path.abspath(sys.argv[1])
SECONDS = 90
CLEAN_PATH = "/usr/local/bin:/usr/bin:/bin"
SILENT = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
VARIABLES = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY"]
SHELL_FILES = {
    "bash": [".profile", ".bash_login", ".bash_profile", ".bashrc"],
    "zsh": [".zshenv", ".zprofile", ".zshrc", ".zlogin"],
    "fish": [".config/fish/conf.d/", ".config/fish/config.fish"],
    "tcsh": [".cshrc", ".tcshrc", ".login"],
}


# The real tools

class Server:
    """A process that answers one line of JSON for each line of JSON."""

    def __init__(self, argv):
        self.child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                      env={"PATH": CLEAN_PATH, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"})
        self.works = self.child.stdout.readline() == b"ready\n"

    def ask(self, question):
        self.child.stdin.write(json.dumps(question).encode() + b"\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())

    def close(self):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()


NPM = r"""
const fs = require('fs'), path = require('path')
const npm = fs.realpathSync(process.argv[1])
const root = path.join(path.dirname(npm), '..')
const Config = require(path.join(root, 'node_modules/@npmcli/config'))
const { definitions, shorthands, flatten } = require(path.join(root, 'node_modules/@npmcli/config/lib/definitions'))
console.log('ready')
require('readline').createInterface({ input: process.stdin }).on('line', async line => {
  const { env, cwd } = JSON.parse(line)
  try {
    const config = new Config({ npmPath: root, definitions, shorthands, flatten, argv: ['node', 'npm'], env, cwd,
      execPath: '/usr/bin/node', platform: 'linux' })
    await config.load()
    const out = {}
    for (const key of ['proxy', 'https-proxy', 'noproxy', 'cafile']) out[key] = config.get(key)
    console.log(JSON.stringify(out))
  } catch (e) { console.log(JSON.stringify({ error: String(e) })) }
})
"""
PIP = r"""
import json, os, sys
from pip._internal.configuration import Configuration
print("ready", flush=True)
for line in sys.stdin:
    os.environ.clear()
    os.environ.update(json.loads(line)["env"])
    try:
        configuration = Configuration(isolated=False)
        configuration.load()
        print(json.dumps(dict(configuration.items())), flush=True)
    except Exception as e:
        print(json.dumps({"error": str(e)}), flush=True)
"""


class Tools:
    def __init__(self):
        npm = shutil.which("npm", path=CLEAN_PATH)
        self.npm = Server(["node", "-e", NPM, npm]) if npm and shutil.which("node", path=CLEAN_PATH) else None
        self.pip = Server([sys.executable, "-c", PIP])
        for name in ("npm", "pip"):
            server = getattr(self, name)
            if server is None or not server.works:
                print("# skipped: %s's own configuration code does not run here" % name)
                setattr(self, name, None)
        self.shells = [shell for shell in SHELL_FILES if shutil.which(shell, path=CLEAN_PATH)]
        for shell in SHELL_FILES:
            if shell not in self.shells:
                print("# skipped: %s is not installed" % shell)

    def close(self):
        for server in (self.npm, self.pip):
            if server is not None:
                server.close()


def git_reads(home):
    """key -> value as `git config --get` gives it, or None when git rejects its files."""
    done = subprocess.run(["git", "config", "-z", "--list"], env=home.env, cwd=home.dir, **SILENT)
    if done.returncode != 0:
        return None
    found = {}
    for item in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        key, newline, value = item.partition("\n")
        if newline:
            found[key] = value
    return found


def curl_reads(home):
    done = subprocess.run(["curl", "-s", "--libcurl", "-", "file:///dev/null"], env=home.env, cwd=home.dir, **SILENT)
    found = {}
    for name, value in re.findall(r'CURLOPT_(\w+), "((?:[^"\\]|\\.)*)"', done.stdout.decode("utf-8", "surrogateescape")):
        found[name] = re.sub(r"\\(x[0-9a-fA-F]{2}|[0-7]{3}|.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), value)
    return found


def shell_reads(home, shell, login_only=False):
    """A terminal of the desktop: an interactive shell, started below a login shell where the two read other files."""
    argv = {
        "bash": ["bash", "-lc", "env -0" if login_only else "exec bash -ic 'env -0'"],
        "zsh": ["zsh", "-lc" if login_only else "-lic", "env -0"],
        "fish": ["fish", "-lc", "env -0"],
        "tcsh": ["tcsh", "-c", "env -0"],
    }[shell]
    done = subprocess.run(argv, env=home.env, cwd=home.dir, **SILENT)
    found = {}
    for item in done.stdout.decode("utf-8", "surrogateescape").split("\0"):
        name, _, value = item.partition("=")
        if name in VARIABLES:
            found[name] = value
    return found


# Random homes

class Home:
    def __init__(self, random_, tools):
        self.random, self.tools = random_, tools
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="proxyrc-agree-"))
        self.env = {"HOME": self.dir, "PATH": CLEAN_PATH, "LC_ALL": "C.UTF-8", "SHELL": "/bin/" + random_.choice(tools.shells),
                    "GIT_CONFIG_NOSYSTEM": "1", "XDG_CONFIG_DIRS": self.path("xdg"), "TERM": "dumb"}
        for name in ("PROXYRC_TOOLS_DIR",):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.n_values = 0

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
        os.chmod(path, self.random.choice([0o600, 0o644]))

    def files_of(self, shell):
        """The start-up files of @shell, and the generated one where they read it."""
        names = list(SHELL_FILES[shell])
        for name in SHELL_FILES[shell]:
            if os.path.isfile(self.path(name)):
                with open(self.path(name), "rb") as file:
                    text = file.read()
                names += [own for own in (".config/proxyrc/env.sh", ".config/proxyrc/env.csh") if own.encode() in text]
        return names

    def has_login_settings(self, shell, wanted):
        """Whether a file of login shells holds a setting or reads a file that may."""
        names = {"bash": [".profile", ".bash_login", ".bash_profile"], "zsh": [".zshenv", ".zprofile", ".zlogin"]}.get(shell)
        if names is None:
            return True
        there = [name for name in names if os.path.isfile(self.path(name))]
        if shell == "bash":
            there = there[-1:]
        host = re.search(r"//([^:]*|\[.*\]):\d+$", wanted.http).group(1).lower()
        for name in there:
            with open(self.path(name), "rb") as file:
                text = file.read().decode().lower()
            if host in text or "env.sh" in text:
                return True
        return False

    def snapshot(self):
        found = {}
        for folder, _, names in os.walk(self.dir):
            for name in names:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, self.dir)
                if not short.startswith(".local/") and short != ".config/proxyrc/proxyrc.cfg":
                    info = os.lstat(path)
                    content = os.readlink(path) if stat.S_ISLNK(info.st_mode) else open(path, "rb").read()
                    found[short] = (stat.S_IMODE(info.st_mode), content)
        return found

    def run(self, *args, input="", exits=(0,)):
        done = subprocess.run([PROGRAM, *args], input=input.encode(), env={**self.env, "G_DEBUG": "fatal-warnings"}, cwd=self.dir,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.out, self.err, self.code = done.stdout.decode(), done.stderr.decode(), done.returncode
        assert done.returncode in exits, "%s: exit %d\n%s%s" % (" ".join(args), done.returncode, self.out, self.err)
        return self.out

    def json(self, *args, **more):
        self.run(*args, "--json", **more)
        return json.loads(self.out) if self.out else None

    # Values that are told apart by their host

    def url(self, scheme=None):
        self.n_values += 1
        userinfo = self.random.choice(["", "", "joe@", "joe:p%%40w%d@" % self.n_values])
        return "%s://%sh%d.example:%d" % (scheme or "http", userinfo, self.n_values, 1000 + self.n_values)

    def list(self):
        self.n_values += 1
        return "localhost,.d%d.example" % self.n_values


def maybe(random_, text, chance=0.5):
    return text if random_.random() < chance else ""


def blanks(random_, least=0):
    return " " * random_.randint(least, 3) if random_.random() < 0.8 else "\t" * max(least, 1)


def git_value(home, value):
    way = home.random.randrange(5)
    if way == 0:
        return '"%s"' % value
    if way == 1:
        cut = home.random.randrange(1, len(value))
        return '%s"%s"' % (value[:cut], value[cut:])
    if way == 2:
        cut = home.random.randrange(1, len(value))
        return '%s\\\n%s' % (value[:cut], value[cut:])
    return value


def git_lines(home, depth=0, names=()):
    random_, lines = home.random, []
    for _ in range(random_.randint(1, 4)):
        section, keys = random_.choice([("http", ["proxy", "proxyAuthMethod", "sslCAInfo"]), ('http "https://x.example/"', ["proxy"]),
                                        ("HTTP", ["Proxy"]), ("https", ["proxy"]), ("user", ["name"]), ("remote \"o\"", ["proxy"])])
        lines.append("[%s]%s" % (section, maybe(random_, " # mine", 0.2)))
        for _ in range(random_.randint(0, 3)):
            key = random_.choice(keys)
            value = {"proxyAuthMethod": random_.choice(["basic", "anyauth"]), "sslCAInfo": "/ca%d.pem" % random_.randint(1, 9),
                     "name": "A B"}.get(key) or random_.choice([home.url(), home.url(), home.url("socks5h"), ""])
            lines.append("%s%s%s=%s%s%s" % (random_.choice(["\t", "", "    "]), random_.choice([key, key, key.upper()]), blanks(random_),
                                            blanks(random_), git_value(home, value) if value else "", maybe(random_, " ; c # d", 0.2)))
            if random_.random() < 0.2:
                lines.append(random_.choice(["# proxy = http://commented.example:1", "", "; [http]"]))
        if names and random_.random() < 0.5:
            name = random_.choice(names)
            lines.append(random_.choice(["[include]", "[INCLUDE]", '[includeIf "gitdir:~/nowhere/"]', '[includeIf "onbranch:main"]']))
            lines.append("path = %s" % random_.choice(["~/" + name, home.path(name), '"~/%s"' % name]))
    eol = random_.choice(["\n", "\n", "\n", "\r\n"])
    return eol.join(lines).replace("\\\r\n", "\\\n") + maybe(random_, eol, 0.8)


def make_git(home):
    random_ = home.random
    if random_.random() < 0.6:
        home.write("inc/one", git_lines(home, 1, ["inc/two"]))
        home.write("inc/two", git_lines(home, 2))
    for name in (".gitconfig", ".config/git/config"):
        if random_.random() < 0.6:
            home.write(name, git_lines(home, 0, ["inc/one", "inc/two", "inc/none"]))
    if random_.random() < 0.2:
        home.env["GIT_CONFIG_GLOBAL"] = home.path("git-global")
        home.write("git-global", git_lines(home, 0, ["inc/one"]))
    if random_.random() < 0.05:
        home.write(".gitconfig", "[http]\n\tproxy = http://x.example:1\n[broken\n")


def make_npm(home):
    random_, lines = home.random, []
    for _ in range(random_.randint(0, 7)):
        key = random_.choice(["proxy", "https-proxy", "noproxy", "cafile", "registry", "http-proxy", "https_proxy", "proxy"])
        value = {"noproxy": home.list(), "cafile": "/ca%d.pem" % random_.randint(1, 9), "registry": "https://r.example/"}.get(key) or home.url()
        value = random_.choice([value, value, '"%s"' % value, "'%s'" % value, value + " ; c", value + "# c"])
        lines.append("%s%s%s=%s%s" % (maybe(random_, "  ", 0.2), key, blanks(random_), blanks(random_), value))
        if random_.random() < 0.3:
            lines.append(random_.choice(["; proxy=http://commented.example:1", "#proxy=http://commented.example:1", "", "//r/:_authToken=abc",
                                         "[section]" if random_.random() < 0.3 else "", "proxy"[:0]]))
    name = ".npmrc"
    if random_.random() < 0.2:
        name = "my/npmrc"
        home.env[random_.choice(["npm_config_userconfig", "NPM_CONFIG_USERCONFIG"])] = home.path(name)
    if random_.random() < 0.8:
        home.write(name, random_.choice(["\n", "\n", "\r\n"]).join(lines) + maybe(random_, "\n", 0.7))


def pip_lines(home):
    random_, lines = home.random, []
    sections = [s for s in ("global", "install", "download", "DEFAULT", "Global") if random_.random() < 0.4]
    random_.shuffle(sections)
    for section in sections:
        lines.append("[%s]" % section)
        keys = [k for k in ("proxy", "cert", "timeout", "index-url") if random_.random() < 0.5]
        for key in keys:
            value = {"cert": "/ca%d.pem" % random_.randint(1, 9), "timeout": "5", "index-url": "https://i.example/"}.get(key) or home.url()
            key = random_.choice([key, key, key.upper(), key.replace("-", "_"), "--" + key])
            lines.append("%s%s%s%s%s" % (key, blanks(random_), random_.choice("=:"), blanks(random_), value))
            if random_.random() < 0.2:
                lines.append(random_.choice(["# proxy = http://commented.example:1", "; c", "", "  # c"]))
    if random_.random() < 0.04 and sections:
        lines += ["proxy = a", "proxy = b"]
    return random_.choice(["\n", "\n", "\r\n"]).join(lines) + maybe(random_, "\n", 0.8)


def make_pip(home):
    random_ = home.random
    for name, chance in ((".pip/pip.conf", 0.4), (".config/pip/pip.conf", 0.6), ("xdg/pip/pip.conf", 0.15)):
        if random_.random() < chance:
            home.write(name, pip_lines(home))
    if random_.random() < 0.2:
        home.env["PIP_CONFIG_FILE"] = home.path("my/pip.conf")
        if random_.random() < 0.7:
            home.write("my/pip.conf", pip_lines(home))


def curl_lines(home):
    random_, lines = home.random, []
    for _ in range(random_.randint(0, 6)):
        key = random_.choice(["proxy", "proxy", "-x", "--proxy", "noproxy", "cacert", "socks5", "user-agent", "silent"])
        if key == "silent":
            lines.append("silent")
            continue
        value = {"noproxy": home.list(), "cacert": "/ca%d.pem" % random_.randint(1, 9), "user-agent": "me", "socks5": home.url()[7:].split("@")[-1]}.get(key) or home.url()
        value = random_.choice([value, '"%s"' % value, '"%s"' % value, value + " # c"])
        between = random_.choice([" ", "  ", "\t"]) if key.startswith("-") else random_.choice([" ", " = ", "=", ": ", ":", "\t"])
        lines.append(key + between + value)
        if random_.random() < 0.3:
            lines.append(random_.choice(["# proxy = http://commented.example:1", ""]))
    return "\n".join(lines) + maybe(random_, "\n", 0.8)


def make_curl(home):
    random_ = home.random
    for name, value in (("CURL_HOME", "ch"), ("XDG_CONFIG_HOME", ".config")):
        if random_.random() < 0.25:
            home.env[name] = home.path(value)
    for name in ("ch/.curlrc", ".config/.curlrc", ".config/curlrc", ".curlrc", "ch/.config/curlrc"):
        if random_.random() < 0.35:
            home.write(name, curl_lines(home))


def posix_setting(home, shell):
    random_ = home.random
    name = random_.choice(VARIABLES[:6])
    value = home.list() if "no" in name.lower() else home.url()
    word = random_.choice([value, "'%s'" % value, '"%s"' % value, value[:4] + "'%s'" % value[4:]])
    return random_.choice(["export %s=%s" % (name, word), "export %s=%s # c" % (name, word), "%s=%s; export %s" % (name, word, name),
                           "%s=%s\nexport %s" % (name, word, name), "export A=1 %s=%s" % (name, word), "# export %s=%s" % (name, word),
                           "unset %s" % name, "  export %s=%s" % (name, word)])


def fish_setting(home):
    random_ = home.random
    name = random_.choice(VARIABLES[:6])
    value = home.list() if "no" in name.lower() else home.url()
    return random_.choice(["set -gx %s '%s'", "set -x %s \"%s\"", "set -gx %s %s # c", "# set -gx %s %s", "set --global --export %s '%s'",
                           "export %s='%s'"]) % (name, value)


def csh_setting(home):
    random_ = home.random
    name = random_.choice(VARIABLES[:6])
    value = home.list() if "no" in name.lower() else home.url()
    return random_.choice(["setenv %s '%s'", "setenv %s \"%s\"", "setenv %s %s", "setenv %s %s # c", "# setenv %s %s"]) % (name, value)


def make_shells(home):
    random_ = home.random
    kinds = {".profile": lambda: posix_setting(home, "sh"), ".bash_profile": lambda: posix_setting(home, "bash"),
             ".bash_login": lambda: posix_setting(home, "bash"), ".bashrc": lambda: posix_setting(home, "bash"),
             ".zshenv": lambda: posix_setting(home, "zsh"), ".zprofile": lambda: posix_setting(home, "zsh"),
             ".zshrc": lambda: posix_setting(home, "zsh"), ".config/fish/conf.d/a.fish": lambda: fish_setting(home),
             ".config/fish/config.fish": lambda: fish_setting(home), ".cshrc": lambda: csh_setting(home), ".tcshrc": lambda: csh_setting(home)}
    chances = {".bash_login": 0.1, ".bash_profile": 0.3, ".tcshrc": 0.3}
    for name, setting in kinds.items():
        if random_.random() >= chances.get(name, 0.5):
            continue
        lines = [setting() for _ in range(random_.randint(0, 3))]
        if name == ".bash_profile":
            lines.insert(random_.randint(0, len(lines)), random_.choice(
                ["", ". ~/.bashrc", "[ -f ~/.bashrc ] && . ~/.bashrc", "if [ -r ~/.profile ]; then . ~/.profile; fi", "source ~/.profile"]))
        if name == ".bashrc" and random_.random() < 0.3:
            lines.insert(0, random_.choice(["case $- in\n*i*) ;;\n*) return;;\nesac", "[ -z \"$PS1\" ] && return"]))
        if random_.random() < 0.5:
            lines.insert(random_.randint(0, len(lines)), random_.choice(["alias l=ls", "# mine", "", "umask 022"]))
        home.write(name, "\n".join(lines) + maybe(random_, "\n", 0.8))


# What status says

def in_force(home, status, tool, key, files=None):
    """The values that status calls in force, and whether something is there that it cannot know."""
    rows, unsure = [], False
    for row in status["settings"]:
        if row["tool"] != tool or row["key"] != key or row["file"] is None:
            continue
        if files is not None and not any(row["file"].startswith(home.path(name)) for name in files):
            continue
        if row["state"] == "dynamic":
            unsure = True
        elif row["state"] not in ("overridden", "invalid"):
            rows.append(row)
    return rows, unsure


def without_userinfo(text):
    return re.sub(r"//[^/]*@", "//***@", text or "")


def compare(home, status, tool, key, really, files=None, one_of_many=False):
    rows, unsure = in_force(home, status, tool, key, files)
    if unsure:
        return
    shown = [row["value"] for row in rows]
    really = without_userinfo(really).rstrip("/") if really is not None else None
    expected = [really] if really is not None else []
    where = ["%s:%s" % (os.path.relpath(r["file"], home.dir), r["line"]) for r in rows]
    if tool == "npm" and really is None:  # null, or what npm itself drops
        return
    assert [(v or "").rstrip("/") for v in shown] == expected, "%s %s: status says %s %s in force, the tool reads %s\n%s" % (
        tool, key, shown, where, really, "\n".join("%s %s:%s %s=%s" % (r["state"], os.path.relpath(r["file"], home.dir), r["line"], r["key"], r["value"])
                                                   for r in status["settings"] if r["tool"] == tool and r["file"]))


def status_is_true(home):
    """Promise 1. Returns whether all tools accept their files."""
    status = home.json("status", exits=(0, 1, 3))
    git = git_reads(home)
    pip = home.tools.pip.ask({"env": home.env}) if home.tools.pip else {}
    rejected = git is None or "error" in pip
    assert (home.code == 3) == rejected, "status exits %d; git %s, pip %s\n%s" % (
        home.code, "rejects" if git is None else "accepts", pip.get("error", "accepts"), home.err)
    if git is not None:
        keys = ("http.proxy", "http.https://x.example/.proxy", "remote.o.proxy")
        if not any(key.startswith("includeif") for key in git):  # may be true elsewhere
            keys += ("http.proxyauthmethod", "http.sslcainfo")
        for key in keys:
            compare(home, status, "git", key, git.get(key))
    if "error" not in pip and home.tools.pip:
        for section in ("global", "install", "download"):
            if not any(row["key"] == "DEFAULT.proxy" for row in status["settings"]):  # it counts in each section
                compare(home, status, "pip", section + ".proxy", pip.get(section + ".proxy") or None)
    if home.tools.npm:
        npm = home.tools.npm.ask({"env": home.env, "cwd": home.dir})
        for key in ("proxy", "https-proxy", "noproxy", "cafile"):
            value = npm.get(key)
            compare(home, status, "npm", key, (",".join(value) if isinstance(value, list) else value) or None)
    curl = curl_reads(home)
    rows = [r for key in ("proxy", "socks5") for r in in_force(home, status, "curl", key)[0]]
    assert len(rows) <= 1, "curl: two in force: %s" % rows
    compare_curl = rows[0]["url"]["host"] if rows and rows[0]["url"] else None
    really = re.sub(r".*[@/]", "", curl["PROXY"].rstrip("/")).rpartition(":")[0].strip("[]") if curl.get("PROXY") else None
    assert compare_curl == really, "curl proxy: status says %s, curl reads %s" % (compare_curl, really)
    compare(home, status, "curl", "noproxy", curl.get("NOPROXY"))
    compare(home, status, "curl", "cacert", curl.get("CAINFO"))
    for shell in home.tools.shells:
        really = shell_reads(home, shell)
        for key in VARIABLES[:6]:
            compare(home, status, "env", key, really.get(key), home.files_of(shell))
    return not rejected


# What apply does

PASSWORDS = ["p@ss:w/rd#1%", "a b\"c'd\\e$f", "ünï✓", "100%;#", "!history$(id)", "simple", "back\\slash\\", "=eq", "`id`", "x" * 200, "%41%40x", "${HOME}x"]
USERS = ["joe", "DOM\\joe", "joe@corp.example", "jö", "a b", "u%41"]


class Wanted:
    def __init__(self, random_):
        hosts = ["proxy.example", "10.1.2.3", "[fd00::1]", "Proxy.Example"]
        scheme = random_.choice(["http", "http", "http", "https", "socks5h"])
        self.http = self.https = "%s://%s:3128" % (scheme, random_.choice(hosts))
        self.roles = {"http": self.http, "https": self.https}
        way = random_.randrange(4)
        if way == 0:
            self.roles = {"all": self.http}
        elif way == 1:
            self.https = self.roles["https"] = "http://other.example:8080"
        self.no_proxy = random_.choice([None, "localhost,.corp.example", "localhost,127.0.0.1,10.0.0.0/8,.a.example,b.example"])
        self.ca = random_.choice([None, None, "/etc/ssl/my ca.pem", "/etc/ssl/ca.pem"])
        self.user, self.password = random_.choice(USERS), random_.choice(PASSWORDS)
        self.has_login = random_.random() < 0.85

    def same(self, text, https, latin1=False):
        """Whether @text, as a tool has it, is the proxy that is wanted."""
        bare = self.https if https else self.http
        found = re.fullmatch(r"(\w+)://(?:([^@/]*)@)?(\[[^]]*\]|[^:/]*):(\d+)/?", text or "")
        if not found or ("%s://%s:%s" % (found.group(1), found.group(3), found.group(4))).lower() != bare.lower():
            return False
        if found.group(2) is None:
            return not self.has_login
        user, _, password = found.group(2).partition(":")
        decode = (lambda t: unquote_to_bytes(t).decode("utf-8").encode("latin-1")) if latin1 else unquote_to_bytes
        return self.has_login and decode(user) == self.user.encode() and decode(password) == self.password.encode()


def set_up(home, wanted):
    pairs = ["%s=%s" % pair for pair in wanted.roles.items()]
    pairs += ["no_proxy=" + wanted.no_proxy] if wanted.no_proxy else []
    pairs += ["ca=" + wanted.ca] if wanted.ca else []
    home.run("profile", "add", "office", *pairs)
    if wanted.has_login:
        home.run("login", "--no-check", "--user", wanted.user, "--password-stdin", "--store", "plain", input=wanted.password + "\n")


def tool_is_left_out(report, tool):
    return any(re.match(r"(.*: )?%s is left out" % tool, w) for w in report["warnings"])


def check_tool(wanted, report, tool, shown, both):
    """@shown: the values that @tool has for http and https; @both: it has one setting for them."""
    for https, text in ((False, shown[0]), (True, shown[1])):
        if both and wanted.http != wanted.https:
            https = True
        if any(re.search(r": %s\S*, for the whole system, " % {"pip": r"\w+\.proxy"}.get(tool, "x"), w) for w in report["warnings"]):
            continue
        if tool_is_left_out(report, tool):
            assert "@" not in (text or ""), "%s is left out, and has a credential" % tool
            continue
        if text is None:  # it takes the environment's
            continue
        assert wanted.same(text, https, tool == "pip"), "%s reads %s, wanted is %s for %r %r\n%s" % (
            tool, text, wanted.roles, wanted.user, wanted.password, "\n".join(report["warnings"]))


def profile_is_everywhere(home, wanted, report):
    git = git_reads(home)
    assert git is not None, "git rejects its files now"
    for key in [k for k in git if re.fullmatch(r"(http|http\..*|remote\..*)\.proxy", k)]:
        left = key != "http.proxy" and any(w.partition(": ")[2].startswith(key + " names another proxy") for w in report["warnings"])
        if not left:
            check_tool(wanted, report, "git", (git[key] or None,) * 2, True)
    if wanted.ca:
        assert git.get("http.sslcainfo") == wanted.ca
    if home.tools.pip:
        pip = home.tools.pip.ask({"env": home.env})
        assert "error" not in pip, pip
        for key in [k for k in pip if k.endswith(".proxy") and not k.startswith("Global")]:
            check_tool(wanted, report, "pip", (pip[key],) * 2, True)
    if home.tools.npm:
        npm = home.tools.npm.ask({"env": home.env, "cwd": home.dir})
        check_tool(wanted, report, "npm", (npm["proxy"] or None, npm["https-proxy"] or None), False)
        if wanted.ca:
            assert npm["cafile"] == wanted.ca, npm
        if wanted.no_proxy and npm["https-proxy"]:
            assert ",".join(npm["noproxy"]) == wanted.no_proxy, npm
    curl = curl_reads(home)
    check_tool(wanted, report, "curl", (curl.get("PROXY"),) * 2, True)
    if wanted.ca:
        assert curl.get("CAINFO") == wanted.ca, curl
    if wanted.no_proxy and curl.get("PROXY"):
        assert curl.get("NOPROXY") == wanted.no_proxy, curl
    env_is_as_wanted(home, wanted, report)


def env_is_as_wanted(home, wanted, report):
    shell = os.path.basename(home.env["SHELL"])
    for login_only in (False, True):
        really = shell_reads(home, shell, login_only)
        if login_only and not home.has_login_settings(shell, wanted):  # they stand in .bashrc alone: the user's choice
            continue
        for name in VARIABLES[:6]:
            if name not in really and any("%s is unset here again" % name in w for w in report["warnings"]):
                really[name] = None
        for name in [name for name in VARIABLES[:4] if really.get(name, "") is not None]:
            assert wanted.same(really.get(name), "https" in name.lower()), "%s (login only: %s): %s is %s, wanted is %s\n%s" % (
                shell, login_only, name, really.get(name), wanted.roles, report["warnings"])
        for name in [name for name in VARIABLES[4:6] if really.get(name, "") is not None]:
            assert wanted.no_proxy is None or really.get(name) == wanted.no_proxy, "%s: %s is %s" % (shell, name, really.get(name))


def nothing_is_left(home, report):
    """After `use direct`: what a tool still sees must have been listed."""
    seen = {}
    git = git_reads(home)
    seen.update({("git", k): v for k, v in git.items() if re.fullmatch(r"(http|http\..*|remote\..*)\.proxy", k) and v})
    if home.tools.pip:
        seen.update({("pip", k): v for k, v in home.tools.pip.ask({"env": home.env}).items() if k.endswith(".proxy")})
    if home.tools.npm:
        npm = home.tools.npm.ask({"env": home.env, "cwd": home.dir})
        seen.update({("npm", k): npm[k] for k in ("proxy", "https-proxy") if npm[k]})
    if curl_reads(home).get("PROXY"):
        seen["curl", "proxy"] = curl_reads(home)["PROXY"]
    for shell in home.tools.shells:
        seen.update({(shell, k): v for k, v in shell_reads(home, shell).items() if v})
    if home.code == 0:
        assert not seen, "after `use direct` there is still %s" % seen
    else:
        assert report["warnings"], "exit 1 without a reason"


def story(home):
    for make in (make_git, make_npm, make_pip, make_curl, make_shells):
        make(home)
    before = home.snapshot()
    accepted = status_is_true(home)
    assert home.snapshot() == before, "status has written"
    wanted = Wanted(home.random)
    set_up(home, wanted)
    report = home.json("apply", exits=(0, 1) if accepted else (3,))
    if not accepted:
        assert home.snapshot() == before, "a refused apply has written"
        return
    exit_code, n_changes = home.code, int(report["changed"])
    assert exit_code == 0 or report["warnings"], "exit 1 without a reason"
    profile_is_everywhere(home, wanted, report)
    after = home.snapshot()
    again = home.json("apply", exits=(exit_code,))
    assert not again["changed"] and home.snapshot() == after, "a second apply changes %s\n%s" % (again["files"], again["diff"])
    status_is_true(home)
    home.run("status", exits=(exit_code,))
    report = home.json("use", "direct", exits=(0, 1))
    n_changes += int(report["changed"])
    nothing_is_left(home, report)
    for _ in range(n_changes):
        home.run("undo")
    there = home.snapshot()
    assert there == before, "undo has not given back %s" % sorted(n for n in set(there) | set(before) if there.get(n) != before.get(n))


def main():
    seed = int(os.environ.get("PRC_TEST_SEED") or random.SystemRandom().randrange(1 << 31))
    n_cases = int(os.environ.get("PRC_TEST_CASES") or 30)
    print("# PRC_TEST_SEED=%d" % seed)
    tools = Tools()
    failed = 0
    print("1..%d" % n_cases)
    for number in range(n_cases):
        home = Home(random.Random(seed + number), tools)
        try:
            story(home)
            print("ok %d - home %d" % (number + 1, seed + number), flush=True)
        except Exception as problem:
            failed += 1
            import traceback
            for line in ("%s: %s" % (type(problem).__name__, problem)).split("\n"):
                print("# " + line)
            print("# lines", [f.lineno for f in traceback.extract_tb(problem.__traceback__)])
            if os.environ.get("PRC_TEST_KEEP"):
                print("# kept: HOME=%s %s" % (home.dir, home.env))
            print("not ok %d - home %d (PRC_TEST_SEED=%d PRC_TEST_CASES=1)" % (number + 1, seed + number, seed + number), flush=True)
        finally:
            if not os.environ.get("PRC_TEST_KEEP"):
                home.close()
    tools.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
