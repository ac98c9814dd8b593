#!/usr/bin/env python3
"""test-cli.py PROGRAM: the command line as scripts rely on it: output, JSON, exit codes, and the files afterwards.

Each case has a home of its own and a cleaned environment. Prints TAP.
"""
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
PASSWORD = "p@ss:w/rd#1%"
ENCODED = "p%40ss%3Aw%2Frd%231%25"
PROXY = "http://proxy.example:3128"
URL = "http://joe:%s@proxy.example:3128" % ENCODED


class Home:
    def __init__(self):
        self.dir = os.path.realpath(tempfile.mkdtemp(prefix="proxyrc-cli-"))
        self.env = {"HOME": self.dir, "PATH": "/usr/local/bin:/usr/bin:/bin", "SHELL": "/bin/bash", "LC_ALL": "C.UTF-8"}
        self.seen = []

    def close(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        os.chmod(path, mode)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")

    def mode(self, name):
        return stat.S_IMODE(os.stat(self.path(name)).st_mode)

    def run(self, *args, exit=0, input="", env=None, shows_secret=False):
        done = subprocess.run([PROGRAM, *args], input=input.encode(), env={**self.env, **(env or {})}, cwd=self.dir,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        out, err = done.stdout.decode(), done.stderr.decode()
        if exit is not None and done.returncode != exit:
            raise AssertionError("%s: exit %d instead of %d\n%s%s" % (" ".join(args), done.returncode, exit, out, err))
        if not shows_secret:
            for text in (out, err):
                for secret in (PASSWORD, ENCODED, "HIDDEN"):
                    assert secret not in text, "%s: shows a secret" % " ".join(args)
        self.out, self.err, self.code = out, err, done.returncode
        return out

    def json(self, *args, **more):
        answer = json.loads(self.run(*args, "--json", **more))
        assert next(iter(answer.items())) == ("version", 1), answer
        return answer

    def snapshot(self, without=(".local", ".config/proxyrc/proxyrc.cfg")):
        found = {}
        for folder, _, names in os.walk(self.dir):
            for name in names:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, self.dir)
                if any(short == w or short.startswith(w + "/") for w in without):
                    continue
                info = os.lstat(path)
                content = os.readlink(path) if stat.S_ISLNK(info.st_mode) else open(path, "rb").read()
                found[short] = (stat.S_IFMT(info.st_mode), stat.S_IMODE(info.st_mode), content)
        return found

    def log_in(self, *profile, store="plain"):
        self.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY, *profile)
        self.run("login", "--no-check", "--user", "joe", "--password-stdin", "--store", store, input=PASSWORD + "\n")


def git(home, script):
    env = dict(home.env, GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example", GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example")
    subprocess.run(["sh", "-ec", script], cwd=home.dir, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def lived_in(home):
    """The home of someone who has worked for years."""
    os.makedirs(home.path("dotfiles"))
    home.write("dotfiles/gitconfig", "# mine\n[user]\n\tname = A B\n[http]\n\tproxy = http://old:HIDDEN@old.example:1 ; office\n"
               "\tproxy = http://old:HIDDEN@old.example:2\n#\tproxy = http://x:HIDDEN@older.example:3\n[https]\n\tproxy = http://old:HIDDEN@old.example:1\n")
    home.write("dotfiles/npmrc", "; mine\nregistry=https://r.example/\nproxy=http://old:HIDDEN@old.example:1\n")
    os.symlink("dotfiles/gitconfig", home.path(".gitconfig"))
    os.symlink("dotfiles/npmrc", home.path(".npmrc"))
    home.write(".config/pip/pip.conf", "[global]\r\n; mine\r\ntimeout = 5\r\n")
    home.write(".curlrc", "# mine\nproxy = http://old:HIDDEN@old.example:1\n", 0o600)
    home.write(".bashrc", "alias l=ls\n# export http_proxy=http://x:HIDDEN@older.example:3")


# Cases


def usage_is_told(home):
    home.run(exit=2)
    assert "Usage: proxyrc COMMAND" in home.err
    home.run("--help")
    assert "status" in home.out
    home.run("--version")
    assert re.fullmatch(r"proxyrc \d+\.\d+\.\d+\n", home.out)
    home.run("statsu", exit=2)
    assert "did you mean `proxyrc status`?" in home.err
    home.run("--statsu=HIDDEN", exit=2)
    assert "option --statsu" in home.err
    assert home.run("help", "status") == home.run("status", "--help") and home.run("help") == home.run("--help")
    home.run("help", "statsu", exit=2)
    home.run("lock", "all", exit=2)
    assert home.err == "proxyrc: use it as: proxyrc lock\n", home.err
    home.run("unlock", "--for", exit=2)
    assert "--for" in home.err and "missing" in home.err
    for words in (["ad"], ["ad", "x"], ["add"], ["list", "x"], ["show", "x", "y"], ["remove", "x", "y"], ["import", "x", "https=" + PROXY]):
        home.run("profile", *words, exit=2)
        assert "use it as: proxyrc profile list" in home.err, home.err
    for command in re.findall(r"^  ([a-z][a-z-]+) ", home.run("--help"), re.M):
        assert "proxyrc %s" % command in home.run(command, "--help"), command
        home.run(command, "--no-such-option", exit=2)
    home.run("status", "nosuchtool", exit=2)
    home.run("apply", "--tools", "git,nosuchtool", exit=2)


def status_without_a_profile(home):
    home.write(".npmrc", "proxy=http://u:HIDDEN@h.example:1\n", 0o600)
    answer = home.json("status", exit=1)
    assert answer["profile"] is None and answer["agrees"] is False
    row = [s for s in answer["settings"] if s["file"] == home.path(".npmrc")][0]
    assert row["tool"] == "npm" and row["scope"] == "user" and row["line"] == 1 and row["key"] == "proxy"
    assert row["role"] == "http" and row["value"] == "http://***@h.example:1" and row["exposed"] is False
    assert row["url"] == {"scheme": "http", "host": "h.example", "port": 1, "user": "u"}
    assert {t["name"] for t in answer["tools"]} >= {"env", "git", "npm", "pip", "curl", "wget"}


def a_tool_without_a_proxy_is_missing_one(home):
    home.write(".npmrc", "cafile=/etc/ssl/cert.pem\ncafile=/etc/ssl/cert.pem\n")
    home.write(".curlrc", "proxy = http://other.example:1\nproxy = http://other.example:1\n", 0o600)
    home.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY)
    home.run("status", "--json", exit=1)
    states = {tool["name"]: tool["state"] for tool in json.loads(home.out)["tools"]}
    assert states["npm"] == states["git"] == "missing" and states["curl"] == "differs", states


def npms_words_for_no_proxy_are_no_mistake(home):
    home.write(".npmrc", "proxy=null\nhttps-proxy = 'false'\n")
    home.run("profile", "add", "office", "https=" + PROXY)
    home.run("status", "npm", "--json", exit=1)
    states = {s["key"]: s["state"] for s in json.loads(home.out)["settings"] if s["file"] == home.path(".npmrc")}
    assert states == {"proxy": "ok", "https-proxy": "differs"}, states
    home.write(".npmrc", "proxy=nothing\n")
    assert "npm can't use this value" in home.run("status", "npm", exit=1)


def secrets_are_refused_on_the_command_line(home):
    for pair in ("https=http://joe:HIDDEN@h:1", "password=HIDDEN"):
        home.run("profile", "add", "x", pair, exit=2)
        assert "login" in home.err or "stdin" in home.err, home.err
    home.write("f", "")
    home.run("file", "set", "--format", "npmrc", "f", "proxy", "http://u:HIDDEN@h:1", exit=2)
    assert "stdin" in home.err


def profiles_are_edited_losslessly(home):
    home.run("profile", "add", "office", "https=" + PROXY, "user=joe")
    config = home.read(".config/proxyrc/proxyrc.cfg")
    home.write(".config/proxyrc/proxyrc.cfg", "// mine\n" + config.replace('user = "joe"', 'user = "joe" /* me */'), 0o600)
    home.run("profile", "add", "home", "http=http://h.example:8080", "no_proxy=a.example,.b.example")
    home.run("profile", "set", "office", "user=jim")
    text = home.read(".config/proxyrc/proxyrc.cfg")
    assert text.startswith("// mine\n") and '"jim" /* me */' in text, text
    names = {p["name"]: p for p in home.json("profile", "list")["profiles"]}
    assert set(names) == {"office", "home", "direct"} and names["office"]["active"] and not names["home"]["active"]
    assert names["home"]["no_proxy"] == "a.example,.b.example"
    home.run("profile", "remove", "home")
    assert "home" not in [p["name"] for p in home.json("profile", "list")["profiles"]]
    assert home.read(".config/proxyrc/proxyrc.cfg").startswith("// mine\n")
    home.run("profile", "add", "office", "https=" + PROXY, exit=2)
    home.run("profile", "add", "direct", "https=" + PROXY, exit=2)
    home.run("profile", "set", "office", "https=proxy.example", exit=3)
    home.run("profile", "set", "office", "nonsense=1", exit=2)
    assert "nonsense" in home.err
    home.run("profile", "show", "nobody", exit=2)
    home.write(".config/proxyrc/proxyrc.cfg", "profiles = (\n { name = 3 }\n", 0o600)
    home.run("status", exit=3)
    assert re.search(r"proxyrc\.cfg:\d+: ", home.err), home.err


def import_makes_a_profile(home):
    home.write(".gitconfig", "[http]\n\tproxy = http://joe:HIDDEN@git.example:3128\n")
    home.write(".npmrc", "noproxy=a.example,b.example\n")
    home.run("profile", "import")
    profile = home.json("profile", "show", "imported")["profiles"][0]
    assert profile["all"] == "http://git.example:3128" and profile["user"] == "joe", profile
    assert profile["no_proxy"] == "a.example,b.example" and profile["active"]


def import_takes_what_stands_apart_from_the_url(home):
    home.write(".curlrc", "proxy = \"h.example:3128\"\nproxy-user = \"j%40e:HIDDEN\"\nproxy-ntlm\n", 0o600)
    home.run("profile", "import", "one")
    profile = home.json("profile", "show", "one")["profiles"][0]
    assert (profile["all"], profile["user"], profile["auth"]) == ("http://h.example:3128", "j@e", "ntlm"), profile
    os.unlink(home.path(".curlrc"))
    home.write(".gitconfig", "[http]\n\tproxy = http://h.example:3128\n\tproxyAuthMethod = anyauth\n")
    home.run("profile", "import", "two")
    assert home.json("profile", "show", "two")["profiles"][0]["auth"] == "any"
    os.unlink(home.path(".gitconfig"))
    home.write(".profile", "export ALL_PROXY=socks5h://joe:HIDDEN@[::1]:1080 ftp_proxy=http://other.example:1\n", 0o600)
    home.run("profile", "import", "three")
    profile = home.json("profile", "show", "three")["profiles"][0]
    assert (profile["all"], profile["http"], profile["user"]) == ("socks5h://[::1]:1080", None, "joe"), profile


def another_file_of_profiles_must_be_there(home):
    other = home.path("other.cfg")
    for command in (["status"], ["profile"], ["profile", "set", "a", "http=http://h.example:1"], ["apply"], ["use", "direct"], ["env"], ["scan", "."],
                    ["login", "--no-check", "--user", "joe", "--password-stdin", "--store", "plain"]):
        home.run(*command, "--config", other, exit=3)
        assert other in home.err and "profile add" in home.err, home.err
        assert not os.path.exists(other)
    home.run("profile", "add", "a", "http=" + PROXY, "--config", other)
    assert "a (active)" in home.run("profile", "--config", other)
    assert "a (active)" not in home.run("profile")
    home.write(".npmrc", "proxy=http://h.example:1\n")
    home.run("profile", "import", "--config", home.path("new/folder/third.cfg"))
    assert "imported" in home.run("profile", "--config", home.path("new/folder/third.cfg"))


def nothing_found_is_said(home):
    home.run("profile", "import", exit=2)
    home.run("apply", exit=2)
    assert "profile add" in home.err
    home.run("undo", exit=0)
    assert home.json("undo")["changed"] is False
    home.write(".npmrc", "cafile=/etc/ssl/cert.pem\n")
    remedies = [row["remedy"] for row in home.json("doctor", "--no-check", exit=1)["findings"] if row["rule"] == "no_profile"]
    assert remedies == ["proxyrc explain browser"], remedies


def what_to_give_is_said_where_nobody_can_be_asked(home):
    home.run("profile", "add", "office", "https=" + PROXY)
    for args, word in ((("login",), "--user"), (("login", "--user", "joe", "--no-check"), "--password-stdin"),
                       (("login", "--user", "joe", "--no-check", "--password-stdin", "--store", "vault"), "--passphrase-fd")):
        done = subprocess.run([PROGRAM, *args], input=b"HIDDEN\n", env=home.env, capture_output=True, timeout=60, start_new_session=True)
        assert done.returncode == 5 and word.encode() in done.stderr, (args, done)


def the_whole_story(home):
    lived_in(home)
    before = home.snapshot()
    home.log_in()
    home.run("status", exit=1)
    plan = home.json("apply", "--dry-run", exit=1)
    assert plan["changed"] and plan["transaction"] is None and "+++ b" in plan["diff"]
    assert home.snapshot() == before, "a dry run has written"
    report = home.json("apply")
    assert report["changed"] and report["transaction"]
    assert {f["action"] for f in report["files"]} <= {"edit", "create"}
    assert os.path.islink(home.path(".gitconfig")) and os.path.islink(home.path(".npmrc"))
    assert home.read("dotfiles/gitconfig") == ("# mine\n[user]\n\tname = A B\n[http]\n\tproxy = %s\n#\tproxy = http://x:HIDDEN@older.example:3\n" % URL)
    assert home.read("dotfiles/npmrc") == "; mine\nregistry=https://r.example/\nproxy=%s\nhttps-proxy=%s\n" % (URL, URL)
    assert home.read(".config/pip/pip.conf") == "[global]\r\n; mine\r\ntimeout = 5\r\nproxy = %s\r\n" % URL
    assert home.mode("dotfiles/gitconfig") == 0o600 and home.mode(".curlrc") == 0o600
    assert home.read(".bashrc").startswith("alias l=ls\n# export http_proxy=http://x:HIDDEN@older.example:3\n")
    assert home.json("status")["agrees"] is True
    after = home.snapshot()
    again = home.json("apply")
    assert not again["changed"] and again["transaction"] is None and again["files"] == []
    home.run("apply", "--dry-run")
    assert home.snapshot() == after
    home.run("undo")
    assert home.snapshot() == before, "undo has not given back every byte"
    home.run("apply")
    home.run("use", "direct")
    for name, (_, _, content) in home.snapshot().items():
        text = content if isinstance(content, bytes) else content.encode()
        assert PASSWORD.encode() not in text and ENCODED.encode() not in text, name
    state = subprocess.run(["grep", "-rlaF", "-e", PASSWORD, "-e", ENCODED, home.path(".local/state"), home.path(".config")], stdout=subprocess.PIPE)
    assert state.stdout == b"", state.stdout
    home.run("status")
    home.run("use", "office")
    home.run("status")


def the_vault_needs_its_passphrase(home):
    home.write("passphrase", "correct horse\n", 0o600)
    with_file = {"PROXYRC_PASSPHRASE_FILE": home.path("passphrase")}
    home.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY)
    home.run("login", "--no-check", "--user", "joe", "--password-stdin", input=PASSWORD + "\n", exit=5, env={"X": ""})
    home.run("login", "--no-check", "--user", "joe", "--password-stdin", input=PASSWORD + "\n", env=with_file)
    home.run("apply", "--no-input", exit=5)
    home.run("env", "--no-input", exit=5)
    home.run("apply", "--no-input", env=with_file)
    assert home.json("status")["settings"][0]["password"] == "unknown"
    home.write("passphrase", "wrong\n", 0o600)
    home.run("env", "--no-input", exit=5, env=with_file)
    home.write("passphrase", "correct horse\n", 0o644)
    home.run("env", "--no-input", exit=3, env=with_file)
    assert "chmod" in home.err or "readable" in home.err or "others" in home.err, home.err
    done = subprocess.run("exec 7<<<'correct horse'; exec %s env --passphrase-fd 7" % PROGRAM, shell=True, executable="/bin/bash",
                          env=home.env, stdout=subprocess.PIPE, check=True)
    assert ("export https_proxy='%s'" % URL) in done.stdout.decode()


def what_apply_has_made_goes_with_direct(home):
    """But never an empty file of the user's own: it may keep a shell from reading another one."""
    for shell, made, own in (("bash", ".profile", ".bashrc"), ("zsh", ".zshenv", ".zshrc"), ("tcsh", ".cshrc", ".login"), ("fish", ".config/fish/conf.d/proxyrc.fish", ".profile")):
        for placement in ("", "placement=reference"):
            env = {"SHELL": "/bin/" + shell}
            home.write(own, "")
            before = home.snapshot()
            home.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY, *filter(None, [placement]), env=env)
            home.run("apply", "--tools", "env", env=env)
            assert os.path.exists(home.path(made)), (shell, home.snapshot().keys())
            home.run("status", "env", env=env)
            home.run("use", "direct", "--tools", "env", env=env)
            assert home.snapshot() == before, (shell, placement, set(home.snapshot()) ^ set(before))
            os.unlink(home.path(own))
            os.unlink(home.path(".config/proxyrc/proxyrc.cfg"))
    home.write(".profile", "")
    home.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY)
    home.run("apply", "--tools", "env")
    assert home.read(".profile") != ""
    home.run("use", "direct", "--tools", "env")
    assert home.read(".profile") == ""
    os.unlink(home.path(".profile"))
    home.run("use", "office", "--tools", "env")
    with open(home.path(".profile"), "a", encoding="utf-8") as file:
        file.write("alias l=ls\n")
    home.run("use", "direct", "--tools", "env")
    assert home.read(".profile").endswith("alias l=ls\n")


def login_refuses_what_no_file_can_carry(home):
    home.run("profile", "add", "office", "http=" + PROXY)
    for bad in ("tab\there\n", "\n", "\x01\n"):
        home.run("login", "--no-check", "--user", "joe", "--password-stdin", "--store", "plain", input=bad, exit=3)
    home.run("login", "--no-check", "--user", "a:b", "--password-stdin", "--store", "plain", input="x\n", exit=3)
    home.run("apply", exit=0)


def login_is_all_or_nothing(home):
    home.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY)
    before = home.read(".config/proxyrc/proxyrc.cfg")
    login = ("login", "--no-check", "--user", "joe", "--password-stdin", "--store", "plain")
    os.link(home.path(".config/proxyrc/proxyrc.cfg"), home.path("other name"))  # can't be written
    home.run(*login, input=PASSWORD + "\n", exit=4)
    assert home.read(".config/proxyrc/proxyrc.cfg") == before
    assert ENCODED not in home.read(".local/share/proxyrc/plain.json") and PASSWORD not in home.read(".local/share/proxyrc/plain.json")
    os.unlink(home.path("other name"))
    home.run(*login, input="former\n")
    stored = json.loads(home.read(".local/share/proxyrc/plain.json"))
    os.link(home.path(".config/proxyrc/proxyrc.cfg"), home.path("other name"))
    home.run("login", "--no-check", "--user", "jim", "--password-stdin", "--store", "plain", input=PASSWORD + "\n", exit=4)
    assert json.loads(home.read(".local/share/proxyrc/plain.json")) == stored
    home.run(*login, input=PASSWORD + "\n")  # the profile needs no change


def a_changed_proxy_needs_login_again(home):
    home.log_in()
    home.run("profile", "set", "office", "https=http://evil.example:3128", "http=http://evil.example:3128")
    home.run("apply", exit=5)
    assert "login" in home.err
    home.run("profile", "set", "office", "https=" + PROXY, "http=" + PROXY)
    home.run("apply")
    home.run("logout")
    home.run("apply", exit=5)


def universal_variables_of_fish_are_kept_up(home):
    head = "# This file contains fish universal variable definitions.\n# VERSION: 3.0\n"
    text = head + "SETUVAR --export http_proxy:http\\x3a//joe\\x3aHIDDEN\\x40old\\x2eexample\\x3a1\nSETUVAR z:1\n"
    home.write(".config/fish/fish_variables", text)
    env = {"SHELL": "/usr/bin/fish"}
    home.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY)
    home.run("login", "--no-check", "--user", "joe", "--password-stdin", "--store", "plain", input=PASSWORD + "\n")
    row = [s for s in home.json("status", "env", env=env, exit=1)["settings"] if s["key"] == "http_proxy"][0]
    assert row["file"].endswith("fish_variables") and row["state"] == "differs" and row["exposed"], row
    home.run("apply", "--tools", "env", env=env)
    home.run("status", "env", env=env)
    assert home.mode(".config/fish/fish_variables") == 0o600 and not os.path.exists(home.path(".config/fish/conf.d"))
    if shutil.which("fish"):
        seen = subprocess.run(["fish", "-c", "printf '%s\n' $http_proxy $HTTPS_PROXY $z"], env={**home.env, **env}, stdout=subprocess.PIPE, check=True)
        assert seen.stdout.decode() == URL + "\n" + URL + "\n1\n", "fish reads something else"
    home.run("undo", env=env)
    assert home.read(".config/fish/fish_variables") == text and home.mode(".config/fish/fish_variables") == 0o644
    home.run("use", "direct", "--tools", "env", env=env)
    assert home.read(".config/fish/fish_variables") == head + "SETUVAR z:1\n"


def tracked_files_get_no_secret(home):
    lived_in(home)
    git(home, "cd dotfiles && git init -q . && git add . && git commit -qm x")
    before = home.snapshot()
    home.log_in()
    home.run("apply")
    for name in ("dotfiles/gitconfig", "dotfiles/npmrc"):
        assert ENCODED not in home.read(name), name
    assert "path = ~/.config/proxyrc/git.config" in home.read("dotfiles/gitconfig")
    assert URL in home.read(".config/proxyrc/git.config") and home.mode(".config/proxyrc/git.config") == 0o600
    env = dict(home.env)
    shown = subprocess.run(["git", "config", "--get", "http.proxy"], env=env, stdout=subprocess.PIPE, cwd=home.dir).stdout.decode().strip()
    assert shown == URL, shown
    home.run("status")
    assert not home.json("apply")["changed"]
    home.run("use", "direct")
    assert not os.path.exists(home.path(".config/proxyrc/git.config"))
    assert "include" not in home.read("dotfiles/gitconfig")
    home.run("undo")
    home.run("undo")
    assert home.snapshot() == before
    set_secret = ("file", "set", "--format", "npmrc", home.path("dotfiles/npmrc"), "https-proxy", "-")
    home.run(*set_secret, exit=3, input=URL)
    assert "git tracks" in home.err and "--allow-exposed" in home.err and home.snapshot() == before
    home.run(*set_secret, input="http://h.example:1")
    home.run("undo")
    home.run(*set_secret, "--allow-exposed", input=URL)
    assert URL in home.read("dotfiles/npmrc")
    home.run("undo")
    home.run("apply", "--allow-exposed")
    assert URL in home.read("dotfiles/gitconfig")
    rows = [s for s in home.json("status", "git", exit=1)["settings"] if s["file"].endswith(".gitconfig")]
    assert rows and rows[0]["exposed"] is True


def a_rejected_file_stops_everything(home):
    lived_in(home)
    home.write(".config/pip/pip.conf", "[global]\ntimeout = 5\ntimeout = 6\n")
    home.log_in()
    before = home.snapshot()
    home.run("apply", exit=3)
    assert "pip.conf:3: " in home.err and "--tools env,git,npm,curl" in home.err, home.err
    assert home.snapshot() == before
    home.run("status", exit=3)
    home.run("apply", "--tools", "env,git,npm,curl")
    assert home.read(".config/pip/pip.conf") == "[global]\ntimeout = 5\ntimeout = 6\n"


def a_setting_repeated_ten_thousand_times(home):
    """Each would be refused as too much work if duplicates went one by one."""
    shapes = {"bash": (".profile", "export http_proxy=http://old.example:%d\n"), "zsh": (".zshenv", "export http_proxy=http://old.example:%d; "),
              "fish": (".config/fish/config.fish", "set -gx http_proxy http://old.example:%d\n"), "tcsh": (".cshrc", "setenv http_proxy http://old.example:%d\n")}
    home.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY)
    for shell, (name, line) in shapes.items():
        text = "".join(line % (i % 60000 + 1) for i in range(10000))
        home.write(name, text)
        env = {"SHELL": "/bin/" + shell}
        home.run("apply", "--tools", "env", env=env)
        assert home.read(name).count("http_proxy") == 1, shell
        home.run("status", "env", env=env)
        home.run("undo", env=env)
        assert home.read(name) == text, shell
        os.unlink(home.path(name))


def hard_links_are_refused(home):
    home.write(".npmrc", "a=1\n", 0o600)
    os.link(home.path(".npmrc"), home.path("other"))
    home.log_in()
    before = home.snapshot()
    home.run("apply", exit=4)
    assert "--in-place" in home.err, home.err
    assert home.snapshot() == before
    home.run("apply", "--in-place")
    assert home.read("other") == home.read(".npmrc") and URL in home.read("other")


def undo_keeps_later_work(home):
    home.write(".npmrc", "a=1\n", 0o600)
    home.log_in()
    home.run("apply")
    home.write(".npmrc", home.read(".npmrc") + "b=2\n", 0o600)
    before = home.snapshot()
    home.run("undo", exit=3)
    assert ".npmrc" in home.err
    assert home.snapshot() == before
    ids = [t["id"] for t in home.json("history")["transactions"]]
    assert len(ids) >= 3 and ids == sorted(ids, reverse=True)
    for without in ((), ("--no-input",)):
        home.run("history", "--purge", *without, exit=5)
        assert "--yes" in home.err and len(home.json("history")["transactions"]) == len(ids)
    home.run("history", "--purge", "--yes")
    assert home.json("history")["transactions"] == []
    assert home.json("undo")["changed"] is False


def file_edits_are_lossless(home):
    home.write("rc", "; c\na = 1 ; x\nproxy=http://u:HIDDEN@h:1\n//r/:_authToken=HIDDEN\n", 0o640)
    entries = home.json("file", "list", "--format", "npmrc", "rc")["entries"]
    assert [(e["line"], e["key"], e["value"], e["active"], e["dynamic"]) for e in entries] == [
        (2, "a", "1", True, False), (3, "proxy", "http://***@h:1", True, False), (4, "//r/:_authToken", "***", True, False)]
    assert home.run("file", "get", "--format", "npmrc", "rc", "a") == "1\n"
    assert home.run("file", "get", "--format", "npmrc", "rc", "proxy") == "http://***@h:1\n"
    assert home.run("file", "get", "--reveal", "--format", "npmrc", "rc", "proxy", shows_secret=True) == "http://u:HIDDEN@h:1\n"
    home.run("file", "get", "--format", "npmrc", "rc", "nothing", exit=1)
    home.run("file", "set", "--format", "npmrc", "rc", "a", "2")
    home.run("file", "set", "--format", "npmrc", "rc", "proxy", "-", input="http://u:HIDDEN@h:2\n")
    assert home.read("rc") == "; c\na = 2 ; x\nproxy=http://u:HIDDEN@h:2\n//r/:_authToken=HIDDEN\n"
    assert home.mode("rc") == 0o640
    home.run("file", "unset", "--format", "npmrc", "rc", "a")
    assert home.read("rc") == "; c\nproxy=http://u:HIDDEN@h:2\n//r/:_authToken=HIDDEN\n"
    home.run("file", "set", "--format", "npmrc", "new", "a", "1")
    assert home.read("new") == "a=1\n"
    home.write("sh", "export a=$(date)\nexport b=1\n")
    home.run("file", "get", "--format", "bash", "sh", "a", exit=7)
    home.run("file", "get", "--format", "nonsense", "sh", "a", exit=2)
    home.run("file", "get", "--format", "gitconfig", "sh", "a.b", exit=3)
    home.run("file", "get", "--format", "sh", "missing", "a", exit=3)
    home.write("bad", "[x\n")
    home.run("file", "set", "--format", "gitconfig", "bad", "http.proxy", "x", exit=3)
    assert home.read("bad") == "[x\n" and "bad:1: " in home.err


def undo_without_writing_names_the_files(home):
    home.write(".npmrc", "")
    home.log_in()
    home.run("apply")
    before = home.snapshot()
    assert "edit   %s\n" % home.path(".npmrc") in home.run("undo", "--dry-run", exit=1)
    assert home.snapshot() == before


def undo_writes_in_place_when_told_to(home):
    home.write(".npmrc", "a=1\n")
    home.log_in()
    home.run("apply")
    os.link(home.path(".npmrc"), home.path("other-name"))
    home.run("undo", exit=4)
    assert "--in-place" in home.err
    home.run("undo", "--in-place")
    assert home.read(".npmrc") == home.read("other-name") == "a=1\n"


def variables_of_this_shell_are_shown(home):
    home.log_in()
    home.run("apply")
    variables = {"https_proxy": "http://other:HIDDEN@old.example:1"}
    answer = home.json("status", exit=1, env=variables)
    row = [s for s in answer["settings"] if s["file"] is None][0]
    assert row["key"] == "https_proxy" and row["state"] == "differs"
    home.run("use", "direct", exit=1, env=variables)
    assert "unset https_proxy" in home.err
    home.run("use", "direct")
    home.run("status", "--home", home.dir, env=variables)


def another_home_ignores_my_variables(home):
    other = Home()
    try:
        other.write(".gitconfig", "[http]\n\tproxy = http://x.example:1\n")
        variables = {"GIT_CONFIG_GLOBAL": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent", "https_proxy": "http://y.example:1"}
        answer = home.json("status", "--home", other.dir, exit=1, env=variables)
        assert [s["file"] for s in answer["settings"] if s["tool"] == "git"] == [other.path(".gitconfig")]
        assert not any(s["file"] is None for s in answer["settings"])
        home.run("status", "--home", "/nonexistent/home", exit=2)
    finally:
        other.close()


def scan_finds_project_files(home):
    home.write("src/a/.npmrc", "proxy=http://u:HIDDEN@h:1\n")
    home.write("src/a/.git/config", "[http]\n\tproxy = http://u:HIDDEN@h:1\n")
    home.write("src/a/.git/objects/config", "[http]\n\tproxy = http://u:HIDDEN@h:1\n")
    home.write("src/config", "[http]\n\tproxy = http://u:HIDDEN@h:1\n")
    home.write("src/b/.env", "HTTPS_PROXY=http://u:HIDDEN@h:1\nOTHER=1\n")
    home.write("src/b/.envrc", "export https_proxy=http://u:HIDDEN@h:1\n")
    home.write("outside/.npmrc", "proxy=http://u:HIDDEN@h:1\n")
    os.symlink("../outside", home.path("src/link"))
    os.symlink("../../outside/.npmrc", home.path("src/b/.npmrc"))
    answer = home.json("scan", home.path("src"), exit=1)
    files = sorted(os.path.relpath(s["file"], home.path("src")) for s in answer["settings"])
    assert files == ["a/.git/config", "a/.npmrc", "b/.env", "b/.envrc"], files
    assert any("leads out of the tree" in note for note in answer["notes"])
    home.run("scan", home.path("nothing"), exit=2)
    if os.geteuid() != 0:
        os.chmod(home.path("src/a"), 0)
        answer = home.json("scan", home.path("src"), exit=1)
        os.chmod(home.path("src/a"), 0o700)
        assert answer["unreadable"] == 1 and any("src/a" in note for note in answer["notes"])


def scan_reads_many_files_in_order(home):
    """Several at once, and what was learned of one folder's repository serves the next; whatever way the tree is named."""
    wanted = []
    for number in range(200):
        name = "tree/a%d/b/c%d/.npmrc" % (number % 7, number)
        home.write(name, "proxy=http://u:HIDDEN%d@h.example:%d\n" % (number, number + 1), 0o600)
        wanted.append((home.path(name), number + 1, number % 7 == 3))
    git(home, "cd tree/a3 && git init -q . && git add .")
    os.symlink("tree", home.path("link"))
    os.symlink("a3/b/c3/.npmrc", home.path("tree/.npmrc"))
    os.symlink("../elsewhere", home.path("tree/pip.conf"))
    home.write("elsewhere", "[global]\nproxy = http://h.example:1\n")
    wanted.append((home.path("tree/.npmrc"), 4, True))
    wanted.sort()
    for way in ("tree", "tree/", "./tree//", "link", home.path("tree"), home.path("link")):
        answer = home.json("scan", way, exit=1)
        rows = [(os.path.join(os.path.realpath(os.path.dirname(home.path(s["file"]))), os.path.basename(s["file"])), s["url"]["port"], s["exposed"])
                for s in answer["settings"]]
        assert rows == wanted, (way, [pair for pair in zip(rows, wanted) if pair[0] != pair[1]][:3])
        assert len(answer["notes"]) == 1 and "leads out" in answer["notes"][0], answer["notes"]
        assert answer["files"] >= 202 and answer["folders"] >= 215, answer


def env_prints_for_each_shell(home):
    home.log_in("no_proxy=localhost,.corp")
    for shell, program, script in (("sh", "sh", 'eval "$(%s env)"; env'), ("fish", "fish", "%s env --shell fish | source; env"),
                                   ("csh", "tcsh", "eval `%s env --shell csh`; env")):
        if shutil.which(program) is None:
            print("# skipped: %s is not installed" % program)
            continue
        flags = {"fish": ["--no-config"], "tcsh": ["-f"]}.get(program, [])
        done = subprocess.run([program, *flags, "-c", script % PROGRAM], env=home.env, stdout=subprocess.PIPE, check=True)
        lines = done.stdout.decode().split("\n")
        for name in ("http_proxy", "HTTPS_PROXY"):
            assert "%s=%s" % (name, URL) in lines, (shell, name)
        assert "no_proxy=localhost,.corp" in lines
    home.run("env", "--shell", "cmd", exit=2)


def the_catalogue_can_be_extended(home):
    home.write(".config/proxyrc/tools.d/mytool.cfg",
               'name = "mytool";\norder = 70;\nsummary = "mine";\nwrites = true;\ninherits = true;\n'
               'url = { schemes = [ "http" ]; default_port = 80; };\n'
               'keys = ( { role = "all"; key = "my-proxy"; write = "always"; } );\n'
               'files = ( { scope = "user"; format = "npmrc"; path = "~/.mytoolrc"; create = true; } );\n')
    assert "mytool" in [t["name"] for t in home.json("tools")["tools"]]
    home.log_in()
    home.run("apply")
    assert home.read(".mytoolrc") == "my-proxy=%s\n" % URL and home.mode(".mytoolrc") == 0o600
    home.run("tools", "git")
    assert "http.proxy" in home.out
    home.run("tools", "nothing", exit=2)
    home.write(".config/proxyrc/tools.d/mytool.cfg", 'name = "mytool";\nfoo = 1;\n')
    home.run("status", exit=3)
    assert "mytool.cfg:2: there is no setting “foo”" in home.err, home.err


def full_output_is_an_error(home):
    home.write(".npmrc", "proxy=http://h.example:1\n")
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROGRAM, "tools"], env=home.env, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4 and b"cannot write" in done.stderr


def terminal_text_is_harmless(home):
    home.write(".npmrc", "proxy=http://h\x1b]0;evil\x07.example:1\n")
    home.run("status", "--color", "never", exit=None)
    assert "\x1b" not in home.out + home.err
    home.run("status", "--color", "sometimes", exit=2)


CASES = [usage_is_told, status_without_a_profile, a_tool_without_a_proxy_is_missing_one, npms_words_for_no_proxy_are_no_mistake,
         secrets_are_refused_on_the_command_line, profiles_are_edited_losslessly,
         import_makes_a_profile, import_takes_what_stands_apart_from_the_url, another_file_of_profiles_must_be_there, nothing_found_is_said,
         what_to_give_is_said_where_nobody_can_be_asked, the_whole_story, the_vault_needs_its_passphrase,
         what_apply_has_made_goes_with_direct, login_refuses_what_no_file_can_carry, login_is_all_or_nothing, universal_variables_of_fish_are_kept_up, a_changed_proxy_needs_login_again, tracked_files_get_no_secret,
         a_rejected_file_stops_everything, a_setting_repeated_ten_thousand_times, hard_links_are_refused, undo_keeps_later_work, file_edits_are_lossless,
         undo_without_writing_names_the_files, undo_writes_in_place_when_told_to,
         variables_of_this_shell_are_shown, another_home_ignores_my_variables, scan_finds_project_files, scan_reads_many_files_in_order,
         env_prints_for_each_shell, the_catalogue_can_be_extended, full_output_is_an_error, terminal_text_is_harmless]


def main():
    only = sys.argv[2:]
    failed = 0
    cases = [case for case in CASES if not only or case.__name__ in only]
    print("1..%d" % len(cases))
    for number, case in enumerate(cases, 1):
        home = Home()
        try:
            case(home)
            print("ok %d - %s" % (number, case.__name__), flush=True)
        except Exception as problem:
            failed += 1
            for line in ("%s: %s" % (type(problem).__name__, problem)).split("\n"):
                print("# " + line)
            import traceback
            print("# line %d" % traceback.extract_tb(problem.__traceback__)[-1].lineno, [f.lineno for f in traceback.extract_tb(problem.__traceback__)])
            print("not ok %d - %s" % (number, case.__name__), flush=True)
        finally:
            home.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
