#!/usr/bin/env python3
"""test-passwd.py PROGRAM: "my password has changed", on files as people have them. Prints TAP.

Every run looks for the old and the new password in its output (see sandbox.py).
"""
import base64
import contextlib
import http.server
import json
import os
import subprocess
import sys
import urllib.parse

from sandbox import PROXY, USER, Sandbox, Taps, forms_of, user_side

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import fixture  # noqa: E402

PROGRAM = sys.argv[1]
OLD, NEW = "Sömmer#2023:%41/x", "nëu pass@'\"$2024\\"
HOST = "proxy.example:3128"
CALL = ("passwd", "--no-check", "--no-input", "--password-stdin")


def quote(text, safe=""):
    return urllib.parse.quote(text, safe=safe)


def url(password=OLD, encode=quote, user=USER, host=HOST):
    return "http://%s:%s@%s" % (user, encode(password), host)


def lower(text):
    return "".join(part if len(part) != 3 or part[0] != "%" else part.lower() for part in
                   (quote(char) if not char.isalnum() or not char.isascii() else char for char in text)).replace("%C3%B6", "%c3%b6")


def some(text):
    return "".join(quote(char) if i % 2 or char in "#%:/ @" or not char.isascii() else char for i, char in enumerate(text))


class Box(Sandbox):
    def __init__(self, store="plain", old=OLD, new=NEW):
        super().__init__(PROGRAM, old)
        self.log_in(store)
        self.new = new
        self.secrets |= forms_of(new)
        self.old_forms = forms_of(old)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def passwd(self, *options, exit=(0, 1), **more):
        return self.run(*CALL, *options, input=self.new.encode() + b"\n", exit=exit, **more)

    def report(self, *options, exit=(0, 1)):
        return json.loads(self.passwd("--json", *options, exit=exit)[1])

    def value(self, format, name, key):
        return self.run("file", "get", "--reveal", "--format", format, name, key, exit=0, shows=True)[1].decode().rstrip("\n")

    def holding_old(self):
        """The names of all files that hold the old password in some form; its own stores apart."""
        found = set()
        for name, (_, _, content) in self.save().items():
            if isinstance(content, bytes) and not name.startswith(".local/") and any(form in content for form in self.old_forms):
                found.add(name)
        return found


# file, format, {key: how the new one is read from it}
def decoded(value):
    userinfo = value.split("://", 1)[-1].rpartition("@")[0]
    return urllib.parse.unquote(userinfo.partition(":")[2])


PLACES = [
    (".gitconfig", "gitconfig", "[http]\n\tproxy = %s ; mine\n[http \"https://git.corp/\"]\n\tproxy = \"%s\"\n[remote \"up\"]\n\tproxy = %s/\n[user]\n\tname = x\n",
     (url(), url(encode=lower), url(encode=some)), ["http.proxy", "http.https://git.corp/.proxy", "remote.up.proxy"]),
    (".npmrc", "npmrc", "; mine\nproxy=%s\nhttps-proxy=\"%s\"\n", (url(), url(encode=some)), ["proxy", "https-proxy"]),
    (".pip/pip.conf", "pipconf", "[install]\nproxy = %s\n", (url("Summer1999older"),), ["install.proxy"]),
    (".config/pip/pip.conf", "pipconf", "[global]\ntimeout = 5\nproxy = %s\n", (url("Summer1999older"),), ["global.proxy"]),
    (".wgetrc", "wgetrc", "http_proxy = %s\nhttps_proxy = %s\n", (url(), url(encode=lower)), ["http_proxy", "https_proxy"]),
    (".profile", "sh", "# mine\nexport http_proxy='%s' EDITOR=vi\nhttps_proxy=\"%s\"; export https_proxy\nexport PIP_PROXY=x\n", (url(), url(encode=some)),
     ["http_proxy", "https_proxy"]),
    (".bashrc", "bash", "export HTTP_PROXY=%s\nexport CARGO_HTTP_PROXY=%s\n", (url(encode=lower), url()), ["HTTP_PROXY", "CARGO_HTTP_PROXY"]),
    (".zshrc", "zsh", "export HTTPS_PROXY=\"%s\"", (url(),), ["HTTPS_PROXY"]),
    (".config/fish/config.fish", "fish", "set -gx http_proxy '%s'\n", (url(),), ["http_proxy"]),
    (".cshrc", "csh", "setenv http_proxy '%s'\n", (url(),), ["http_proxy"]),
    (".config/environment.d/50-proxy.conf", "environment.d", "http_proxy=%s\n", (url(),), ["http_proxy"]),
    (".pam_environment", "pam_env", "http_proxy=%s\n", (url(),), ["http_proxy"]),
]


def every_place_gets_it():
    """All tools, all formats, all spellings; nothing else changes; and once is enough."""
    with Box() as box:
        for name, _, text, values, _ in PLACES:
            box.write(name, text % values, 0o600)
        box.write(".curlrc", "proxy = \"http://%s\"\nproxy-user = \"%s:%s\"\nconnect-timeout = 5\n" % (HOST, USER, quote(OLD)), 0o600)
        report = box.report()
        assert report["changed"] and report["transaction"], report
        assert not report["left"], report["left"]
        changed = {os.path.relpath(row["path"], box.dir): row for row in report["files"]}
        for name, format, text, values, keys in PLACES:
            assert changed[name]["action"] == "edit" and changed[name]["settings"] == len(keys), changed[name]
            for key in keys:
                got = decoded(box.value(format, name, key))
                wanted = NEW if "pip" not in name else NEW.encode().decode("latin-1")
                assert got == wanted, "%s: %s: another password is read" % (name, key)
            new = box.read(name).decode()
            for part in text.replace("\"%s\"", "%s").replace("'%s'", "%s").split("%s"):
                assert part in new.replace("\"" + "http", "http").replace("'http", "http") or part.strip("\"'") in new, "%s: lost %r" % (name, part)
        assert box.value("curlrc", ".curlrc", "proxy-user") == "%s:%s" % (USER, quote(NEW))
        assert box.read(".curlrc").startswith(("proxy = \"http://%s\"\n" % HOST).encode())
        assert not box.holding_old(), box.holding_old()
        stored = json.loads(box.read(".local/share/proxyrc/plain.json"))
        assert [row["password"] for row in stored["credentials"]] == [NEW], "not stored"
        before = box.save()
        again = box.report(exit=0)
        assert not again["changed"] and again["transaction"] is None and not again["files"], again
        assert user_side(box.save()) == user_side(before)


def trees_are_searched_when_named():
    with Box() as box:
        names = ["src/a/.npmrc", "src/b/.git/config", "src/c/.env", "src/d/.envrc", "src/e/pip.conf", "src/f/.curlrc"]
        for name in names:
            text = {"config": "[http]\n\tproxy = %s\n", "pip.conf": "[global]\nproxy = %s\n", ".curlrc": "proxy = %s\n", ".npmrc": "proxy = %s\n",
                    ".env": "http_proxy=%s\n", ".envrc": "export http_proxy=%s\n"}[os.path.basename(name)]
            box.write(name, text % url(), 0o600)
            box.write("other/" + name, text % url(), 0o600)
        os.symlink("../../other/src/a/.npmrc", box.path("src/g"))
        report = box.report("--scan", "src/a", "--scan", "src")
        assert {os.path.relpath(row["path"], box.dir) for row in report["files"]} == set(names) | {".local/share/proxyrc/plain.json"}, report["files"]
        assert box.holding_old() == {"other/" + name for name in names}, box.holding_old()
        box.report("--scan", box.dir)
        assert not box.holding_old(), box.holding_old()
        assert box.run(*CALL, "--scan", "nowhere", input=b"x\n")[0] == 2


def what_is_not_ours_stays():
    with Box() as box:
        box.write(".gitconfig", "[http]\n\tproxy = %s\n[http \"http://a/\"]\n\tproxy = %s\n[user]\n\tpassword = %s\n"
                  % (url(user="jim"), url(host="other.example:3128"), quote(OLD)), 0o600)
        box.write(".bashrc", "export DB_PASSWORD='%s'\nexport http_proxy=\"http://%s:$(cat ~/.pw)@%s\"\nalias p='curl -x %s'\n" % (OLD, USER, HOST, url()), 0o600)
        before = (box.read(".gitconfig"), box.read(".bashrc"))
        report = box.report("--scrub", exit=1)
        assert (box.read(".gitconfig"), box.read(".bashrc")) == before
        left = {(os.path.basename(row["file"]), row["line"], row["kind"]) for row in report["left"]}
        # jim's password is the same, but jim's
        assert left == {(".gitconfig", 2, "setting"), (".gitconfig", 4, "setting"), (".gitconfig", 6, "setting"),
                        (".bashrc", 1, "setting"), (".bashrc", 2, "dynamic"), (".bashrc", 3, "dynamic")}, left
        assert all(row["remedy"] for row in report["left"])


def plant_copies(box):
    box.write(".npmrc", "proxy=%s\n# was %s once, and %s\nregistry=https://r.example/ \n" % (url(), url("Summer1999older"), OLD), 0o600)
    box.write(".profile", "export https_proxy=%s # not %s\n" % (url("Summer1999older"), OLD), 0o600)
    box.write(".npmrc~", "proxy=%s\n" % url(), 0o600)
    box.write(".npmrc.bak-2023", "proxy=%s\n" % url("Summer1999older"), 0o600)
    box.write(".npmrc.orig", "registry=https://r.example/\n", 0o600)
    box.write(".npmrc.swp", "b0VIM 9.0\0\0%s" % url(), 0o600)
    box.write(".npmrcx", "proxy=%s\n" % url(), 0o600)
    box.write(".npm/_logs/2023-01-01T00_00_00_000Z-debug-0.log", "1 argv \"config\" \"set\" \"proxy\" \"%s\"\n" % url(), 0o600)
    box.write(".npm/_logs/2023-01-02T00_00_00_000Z-debug-0.log", "1 argv \"view\"\n", 0o600)
    box.write(".bash_history", "ls\n#1700000000\nnpm config set proxy %s\n#1700000001\ncd /\nexport http_proxy='%s'\nexit\n" % (url(), url()), 0o600)
    meta = b"".join(bytes([0x83, byte ^ 32]) if byte in range(0x83, 0xA3) else bytes([byte]) for byte in OLD.encode())
    box.write(".zsh_history", b": 1700000000:0;ls\n: 1700000001:0;for i in a; do\\\necho " + meta + b"\\\ndone\n: 1700000002:0;exit\n", 0o600)
    box.write(".local/share/fish/fish_history", "- cmd: ls\n  when: 1\n- cmd: set -x P '%s'\n  when: 2\n  paths:\n    - /tmp\n- cmd: exit\n  when: 3\n"
              % OLD.replace("\\", "\\\\"), 0o600)
    box.write(".git-credentials", "https://me:else@git.example\nhttp://%s:%s@%s\n" % (USER, quote(OLD), HOST.replace(":", "%3a")), 0o600)
    box.write(".netrc", "machine x login y password z\nmachine proxy.example login %s password %s\n" % (USER, OLD), 0o600)
    box.write(".docker/config.json", json.dumps({"proxies": {"default": {"httpProxy": url(encode=some)}}}), 0o600)
    box.write(".m2/settings.xml", "<proxy><password>%s</password></proxy>\n" % OLD.replace("&", "&amp;"), 0o600)
    box.write(".viminfo", ":!curl -x %s\n" % url(), 0o600)
    # where the header stands, curl reads no driver's key
    box.write(".curlrc", "proxy-header = \"Proxy-Authorization: Basic %s\"\n" % base64.b64encode(("%s:%s" % (USER, OLD)).encode()).decode(), 0o600)


KEPT = {(".netrc", 2, "credentials"), ("config.json", 1, "config"), ("settings.xml", 1, "config"),
        (".viminfo", 1, "history"), (".curlrc", 1, "setting"), (".npmrc.swp", None, "copy")}
COPIES = {(".npmrc", 2, "comment"), (".profile", 1, "comment"), (".npmrc~", 1, "copy"), (".npmrc.bak-2023", 1, "copy"),
          ("2023-01-01T00_00_00_000Z-debug-0.log", 1, "log"), (".bash_history", 3, "history"), (".bash_history", 6, "history"),
          (".zsh_history", 2, "history"), ("fish_history", 4 - 1, "history")}


def left_of(report):
    return {(os.path.basename(row["file"]), row["line"], row["kind"]) for row in report["left"]}


def copies_are_listed():
    with Box() as box:
        plant_copies(box)
        before = box.save()
        report = box.report(exit=1)
        assert left_of(report) == KEPT | COPIES, "missing: %s; too many: %s" % ((KEPT | COPIES) - left_of(report), left_of(report) - KEPT - COPIES)
        assert report["scrubbed"] == 0, report["scrubbed"]
        after = box.save()
        changed = {name for name in before if before[name] != after.get(name) and not name.startswith(".local/")}
        assert changed == {".npmrc", ".profile", ".git-credentials"}, changed
        # what git's helper answers with is no copy: it is renewed
        assert box.read(".git-credentials").decode() == "https://me:else@git.example\nhttp://%s:%s@%s\n" % (USER, quote(NEW), HOST.replace(":", "%3a"))


def copies_are_scrubbed():
    with Box() as box:
        plant_copies(box)
        before = user_side(box.save())
        dry = box.report("--scrub", "--dry-run", exit=1)
        assert user_side(box.save()) == before and left_of(dry) == KEPT, left_of(dry)
        report = box.report("--scrub", exit=1)
        assert left_of(report) == KEPT, left_of(report)
        assert report["scrubbed"] >= 8, report["scrubbed"]
        after = box.save()
        for name in (".npmrc~", ".npmrc.bak-2023", ".npm/_logs/2023-01-01T00_00_00_000Z-debug-0.log"):
            assert name not in after, name
        for name in (".npmrc.orig", ".npmrcx", ".npm/_logs/2023-01-02T00_00_00_000Z-debug-0.log"):
            assert after[name] == before[name], name
        assert box.read(".bash_history") == b"ls\n#1700000001\ncd /\nexit\n", box.read(".bash_history")
        assert box.read(".zsh_history") == b": 1700000000:0;ls\n: 1700000002:0;exit\n", box.read(".zsh_history")
        assert box.read(".local/share/fish/fish_history") == b"- cmd: ls\n  when: 1\n- cmd: exit\n  when: 3\n"
        assert box.read(".npmrc").decode() == "proxy=%s\n# was http://%s:***@%s once, and ***\nregistry=https://r.example/ \n" % (url(NEW), USER, HOST)
        assert box.read(".profile").endswith(b" # not ***\n"), box.read(".profile")
        # all of it is one transaction
        code, _, err = box.run("undo", exit=3)
        assert b"--force" in err, err
        box.run("undo", "--force", exit=0)
        assert user_side(box.save()) == before


def scrubbed_later():
    """What was only listed is found again, though the store has forgotten the password by then."""
    for store, reference in (("plain", False), ("vault", True)):
        with Sandbox(PROGRAM, OLD) as box:
            box.write("pass", "correct horse\n", 0o600)
            box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("pass")
            box.log_in(store)
            if not reference:
                box.write(".npmrc", "proxy=%s\nhttps-proxy=%s\n" % (url(), url("Summer1999older")), 0o600)
            for password in (NEW, "a third one: 3"):
                box.run(*CALL, input=password.encode() + b"\n", exit=(0, 1))
            box.write(".bash_history", "curl -x %s\nls\nnpm config set proxy %s\n%s" % (url(), url(NEW), "" if reference else "echo Summer1999older\n"), 0o600)
            report = json.loads(box.run(*CALL, "--json", input=b"a third one: 3\n", exit=0)[1])
            assert not report["changed"] and [row["line"] for row in report["left"]] == ([1, 3] if reference else [1, 3, 4]), report
            report = json.loads(box.run(*CALL, "--json", "--scrub", input=b"a third one: 3\n", exit=0)[1])
            assert report["changed"] and not report["left"], report
            assert box.read(".bash_history") == b"ls\n", box.read(".bash_history")


def other_profiles_are_thought_of():
    with Box() as box:
        box.run("profile", "add", "vpn", "https=http://vpn.example:8080", exit=0)
        box.run("login", "vpn", "--no-check", "--user", USER, "--password-stdin", "--store", "plain", input=OLD.encode() + b"\n", exit=0)
        box.run("profile", "add", "same", "https=" + PROXY, "user=" + USER, exit=0)  # the same proxy: one credential for both
        report = box.report(exit=0)
        assert [warning for warning in report["warnings"] if "vpn" in warning] and not [warning for warning in report["warnings"] if "same”" in warning], report
        box.report("vpn", exit=0)
        assert not [warning for warning in box.report(exit=0)["warnings"] if "vpn" in warning]


def undo_needs_force():
    with Box() as box:
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        before = user_side(box.save())
        transaction = box.report()["transaction"]
        after = user_side(box.save())
        for args in (("undo",), ("undo", transaction), ("undo", "--dry-run")):
            code, _, err = box.run(*args, exit=3)
            assert b"undo --force " + transaction.encode() in err, err
            assert user_side(box.save()) == after
        assert json.loads(box.run("undo", "--force", "--json", exit=0)[1])["changed"]
        assert user_side(box.save()) == before
        # and what is no change of password needs none
        box.run("apply", exit=(0, 1))
        box.run("undo", exit=0)


def undone_though_the_store_has_changed(store):
    """Another proxy's password has come into the same file since: it stays, and the changed one goes back."""
    with Box(store="plain") as box:
        if store == "vault":
            box.write("pass", "correct horse\n", 0o600)
            box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("pass")
            box.run("login", "--store", "vault", "--no-input", exit=0)

        def log_in(profile, password):
            box.run("login", profile, "--no-check", "--user", USER, "--password-stdin", "--no-input", "--store", store, input=password + b"\n", exit=0)

        def is_stored(host, password):
            return url(password, host=host) in box.run("env", exit=0, shows=True)[1].decode()

        box.run("profile", "add", "vpn", "http=http://vpn.example:8080", exit=0)
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        transaction = box.report()["transaction"]
        log_in("vpn", b"of another")
        report = json.loads(box.run("undo", "--force", "--json", transaction, "--dry-run", exit=1)[1])
        assert len(report["files"]) == 2, report
        report = json.loads(box.run("undo", "--force", "--json", transaction, exit=0)[1])
        assert report["changed"] and [warning for warning in report["warnings"] if "only the password that is taken back" in warning], report
        assert box.read(".npmrc").decode() == "proxy=%s\n" % url()
        assert is_stored(HOST, OLD)
        box.run("use", "vpn", "--tools", "pip", exit=(0, 1))
        assert is_stored("vpn.example:8080", "of another")
        box.run("use", "office", "--tools", "pip", exit=(0, 1))
        # and that is taken back in turn
        log_in("vpn", b"and another")
        box.run("undo", report["transaction"], exit=0)
        assert box.read(".npmrc").decode() == "proxy=%s\n" % url(NEW) and is_stored(HOST, NEW)
        # a password that has changed again is not overwritten
        transaction = box.json("passwd", "--no-check", "--no-input", "--password-stdin", input=b"third password\n")["transaction"]
        box.run("login", "office", "--no-check", "--user", USER, "--password-stdin", "--no-input", input=b"fourth password\n", exit=0)
        after = user_side(box.save())
        _, _, err = box.run("undo", "--force", transaction, exit=3)
        assert b"changed again since" in err and b"proxyrc apply" in err, err
        assert user_side(box.save()) == after
        if store == "vault":
            del box.env["PROXYRC_PASSPHRASE_FILE"]
            _, _, err = box.run("undo", "--force", transaction, exit=5)
            _, _, err = box.run("undo", "--force", "--passphrase-fd", "0", transaction, input=b"correct horse\n", exit=3)
            assert b"changed again since" in err and user_side(box.save()) == after, err


def nothing_without_a_stored_one():
    with Box() as box:
        before = user_side(box.save())
        for new, exit in (("", 3), ("tab\there", 3)):
            box.run(*CALL, input=new.encode() + b"\n", exit=exit)
        box.run("passwd", "--no-check", "--no-input", exit=5)
        box.run("passwd", "--no-check", "--password-stdin", "nobody", input=b"x\n", exit=2)
        box.run("passwd", "--no-check", "--password-stdin", "direct", input=b"x\n", exit=2)
        assert user_side(box.save()) == before
        box.run("logout", exit=0)
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        code, _, err = box.passwd(exit=5)
        assert b"proxyrc login" in err, err
        assert box.read(".npmrc").decode() == "proxy=%s\n" % url()


def a_rejected_file_stops_it_only_if_it_matters():
    with Box() as box:
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        box.write(".gitconfig", "[http\n\tproxy = http://x@y:1\n", 0o600)
        box.passwd(exit=(0, 1))
        assert not box.holding_old()
    with Box() as box:
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        box.write(".gitconfig", "[http\n\tproxy = %s\n" % url(), 0o600)
        before = user_side(box.save())
        code, _, err = box.passwd(exit=3)
        assert b".gitconfig:" in err and b"--tools" in err, err
        assert user_side(box.save()) == before
        box.passwd("--tools", "npm,env,pip,curl,wget", exit=(0, 1))
        assert box.holding_old() == {".gitconfig"}


def all_or_nothing():
    with Box() as box:
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        box.write(".gitconfig", "[http]\n\tproxy = %s\n" % url(), 0o600)
        os.link(box.path(".gitconfig"), box.path("hard link"))
        before = user_side(box.save())
        code, _, err = box.passwd(exit=4)
        assert b".gitconfig" in err and b"--in-place" in err, err
        assert user_side(box.save()) == before
        box.passwd("--in-place", exit=(0, 1))
        assert not box.holding_old()


def guards_hold():
    with Box() as box:
        subprocess.run(["git", "init", "-q", box.path("dots")], check=True)
        box.write("dots/npmrc", "proxy=%s\n" % url())
        subprocess.run(["git", "-C", box.path("dots"), "add", "npmrc"], check=True)
        os.symlink("dots/npmrc", box.path(".npmrc"))
        box.write(".curlrc", "proxy = %s\n" % url(), 0o644)
        report = box.report(exit=1)
        assert box.read("dots/npmrc").decode() == "proxy=http://%s\n" % HOST, box.read("dots/npmrc")
        assert any("git tracks" in warning for warning in report["warnings"]), report["warnings"]
        assert os.stat(box.path(".curlrc")).st_mode & 0o777 == 0o600
        assert box.read(".curlrc").decode() == "proxy = %s\n" % url(NEW)
        box.run("undo", "--force", exit=0)
        assert os.stat(box.path(".curlrc")).st_mode & 0o777 == 0o644
        box.write(".git-credentials", "%s\n" % url(), 0o644)
        assert any(".git-credentials: it holds" in warning for warning in box.report("--tools", "curl")["warnings"])
        assert box.read(".git-credentials").decode() == url(NEW) + "\n" and os.stat(box.path(".git-credentials")).st_mode & 0o777 == 0o600
        box.run("undo", "--force", exit=0)
        assert box.read(".git-credentials").decode() == url() + "\n" and os.stat(box.path(".git-credentials")).st_mode & 0o777 == 0o644
        box.report("--allow-exposed")
        assert box.read("dots/npmrc").decode() == "proxy=%s\n" % url(NEW)


def the_vault_serves_too():
    with Sandbox(PROGRAM, OLD) as box:
        box.write("pass", "correct horse\n", 0o600)
        box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("pass")
        box.log_in("vault")
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        before = user_side(box.save())
        env = dict(box.env)
        del box.env["PROXYRC_PASSPHRASE_FILE"]
        box.run(*CALL, input=NEW.encode() + b"\n", exit=5)
        assert user_side(box.save()) == before
        box.env = env
        box.run(*CALL, input=NEW.encode() + b"\n", exit=(0, 1))
        assert box.read(".npmrc").decode() == "proxy=%s\n" % url(NEW)
        shown = box.run("env", exit=0, shows=True)[1].decode()
        assert quote(NEW) in shown and quote(OLD) not in shown
        box.run("undo", "--force", exit=0)
        assert quote(OLD) in box.run("env", exit=0, shows=True)[1].decode()


def running_programs_are_named():
    with Box() as box:
        running = []
        try:
            for name, value in (("http_proxy", url()), ("SOME_TOKEN", OLD), ("https_proxy", url("Summer1999older")), ("all_proxy", url(NEW)),
                                ("ftp_proxy", url(user="jim", password="whatever"))):
                running.append(subprocess.Popen(["sleep", "60"], env={**box.env, name: value}))
            report = box.report()
            by_pid = {row["pid"]: row for row in report["running"]}
            for process, variables in zip(running, (["http_proxy"], ["SOME_TOKEN"], ["https_proxy"], None, None)):
                row = by_pid.get(process.pid)
                assert (row and row["variables"]) == variables, (row, variables)
                assert row is None or (row["name"] == "sleep" and row["remedy"] and 0 <= row["seconds"] < 3600), row
            text = box.run(*CALL, input=NEW.encode() + b"\n", env={"http_proxy": url("Summer1999older")}, exit=(0, 1))[1].decode()
            assert "where this was called" in text and str(os.getpid()) in text, text
        finally:
            for process in running:
                process.kill()
                process.wait()


class Origin(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


def the_proxy_is_asked_once():
    seen_by_proxy = []
    with contextlib.ExitStack() as stack, Box() as box, fixture.LoggingProxy(accepts=lambda credentials: credentials == ("%s:%s" % (USER, NEW)).encode()) as proxy:
        host = "127.0.0.1:%d" % proxy.port
        origin = fixture.start_server(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin), stack)
        box.run("profile", "set", "office", "http=http://" + host, "https=http://" + host, "check_url=http://origin.test:%d/" % origin, exit=0)
        box.run("login", "--no-check", "--user", USER, "--password-stdin", "--store", "plain", input=OLD.encode() + b"\n", exit=0)
        box.write(".npmrc", "proxy=%s\n" % url(host=host), 0o600)
        box.write(".bash_history", "curl -x %s\n" % url(host=host), 0o600)
        before = user_side(box.save())
        call = ("passwd", "--no-input", "--password-stdin", "--json")
        # nothing is sent
        box.run(*call, "--dry-run", input=NEW.encode() + b"\n", exit=1)
        assert not proxy.seen and proxy.asked == 0
        # mistyped
        code, out, err = box.run(*call, input=b"mistyped\n", exit=1)
        assert proxy.seen == [("%s:mistyped" % USER).encode()], proxy.seen
        assert json.loads(out)["check"]["verdict"] == "credentials_rejected" and b"nothing was stored or written" in err, err
        assert {name: row for name, row in user_side(box.save()).items() if not name.startswith((".local/", ".cache/"))} == \
            {name: row for name, row in before.items() if not name.startswith((".local/", ".cache/"))}
        assert box.read(".local/share/proxyrc/plain.json") == before[".local/share/proxyrc/plain.json"][2]
        # again: not sent
        code, out, err = box.run(*call, input=b"mistyped\n", exit=1)
        assert len(proxy.seen) == 1 and json.loads(out)["check"]["verdict"] == "withheld" and b"--force" in err, (proxy.seen, err)
        # right, and while the proxy is asked another shell writes its history: both are kept
        accepts = proxy.accepts

        def accept_and_write(credentials):
            seen_by_proxy.append(credentials)
            with open(box.path(".bash_history"), "a") as file:
                file.write("echo typed meanwhile\n")
            return accepts(credentials)
        proxy.accepts = accept_and_write
        report = json.loads(box.run(*call, "--scrub", input=NEW.encode() + b"\n", exit=(0, 1))[1])
        assert report["check"]["credential"] == "accepted" and report["check"]["attempts"] == 1, report["check"]
        assert seen_by_proxy == [("%s:%s" % (USER, NEW)).encode()], seen_by_proxy
        assert box.read(".bash_history") == b"echo typed meanwhile\n", box.read(".bash_history")
        assert box.read(".npmrc").decode() == "proxy=%s\n" % url(NEW, host=host)
    # the proxy is gone now: nothing can be tried
    with Box() as box:
        box.run("profile", "set", "office", "http=http://127.0.0.1:1", "https=http://127.0.0.1:1", exit=0)
        box.run("login", "--no-check", "--user", USER, "--password-stdin", "--store", "plain", input=OLD.encode() + b"\n", exit=0)
        before = user_side(box.save())
        code, _, err = box.run("passwd", "--password-stdin", "--no-input", input=NEW.encode() + b"\n", exit=6)
        assert b"--no-check" in err, err
        assert user_side(box.save()) == before


def weak_passwords_do_no_harm():
    """A password that is a word must not make a history lose every line with that word."""
    with Box(old="proxy") as box:
        history = "git config http.proxy\nnpm config set proxy %s\nman proxy\n" % url("proxy")
        box.write(".bash_history", history, 0o600)
        box.write(".npmrc", "proxy=%s\n# the proxy of the office\n" % url("proxy"), 0o600)
        box.old_forms = {b"joe:proxy"}
        box.secrets = forms_of(NEW)
        code, _, err = box.passwd("--scrub", exit=(0, 1))
        assert b"may be a word" in err, err
        assert box.read(".bash_history") == b"git config http.proxy\nman proxy\n", box.read(".bash_history")
        assert box.read(".npmrc").decode() == "proxy=%s\n# the proxy of the office\n" % url(NEW)


def placement_reference_keeps_files_bare():
    with Box() as box:
        box.run("profile", "set", "office", "placement=npm=reference", exit=0)
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        box.write(".curlrc", "proxy = %s\n" % url(), 0o600)
        box.passwd(exit=1)
        assert box.read(".npmrc").decode() == "proxy=http://%s\n" % HOST, box.read(".npmrc")
        assert box.read(".curlrc").decode() == "proxy = %s\n" % url(NEW)


def another_home_and_a_root():
    with Box() as box:
        home = box.path("image/home/u")
        os.makedirs(home, 0o700)
        root = ("--root", box.path("image"), "--home", "/home/u")
        box.run("profile", "add", "office", "http=" + PROXY, *root, exit=0)
        box.run("login", "--no-check", "--user", USER, "--password-stdin", "--store", "plain", *root, input=OLD.encode() + b"\n", exit=0)
        box.write("image/home/u/.npmrc", "proxy=%s\n" % url(), 0o600)
        box.write("image/etc/npmrc", "proxy=%s\n" % url(), 0o600)
        box.write(".npmrc", "proxy=%s\n" % url(), 0o600)
        report = box.report(*root, exit=1)
        assert report["running"] == [] and [row["kind"] for row in report["left"]] == ["setting"] and "--system" in report["left"][0]["remedy"], report
        assert box.holding_old() == {".npmrc", "image/etc/npmrc"}, box.holding_old()
        box.report("--system", *root, exit=1)  # a file for all gets no secret
        assert box.read("image/etc/npmrc").decode() == "proxy=http://%s\n" % HOST


def main():
    taps = Taps()
    Sandbox.__enter__ = lambda self: self
    Sandbox.__exit__ = lambda self, *_: self.close()
    for case in (every_place_gets_it, trees_are_searched_when_named, what_is_not_ours_stays, copies_are_listed, copies_are_scrubbed, scrubbed_later, other_profiles_are_thought_of, undo_needs_force,
                 nothing_without_a_stored_one, a_rejected_file_stops_it_only_if_it_matters, all_or_nothing, guards_hold, the_vault_serves_too,
                 running_programs_are_named, the_proxy_is_asked_once, weak_passwords_do_no_harm, placement_reference_keeps_files_bare,
                 another_home_and_a_root):
        taps.run(case.__name__, case)
    for store in ("plain", "vault"):
        taps.run("undone_though_the_store_has_changed " + store, undone_though_the_store_has_changed, store)
    return taps.done()


sys.exit(main())
