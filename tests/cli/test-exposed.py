#!/usr/bin/env python3
"""test-exposed.py PROGRAM: where secrets may go, sentence by sentence: others' modes, ACLs, shared folders, git, all users. Prints TAP.

Who can read is not taken from the modes alone: another user tries (as root, else that part is left out).
"""
import os
import shutil
import stat
import subprocess
import sys

from sandbox import PROXY, USER, Sandbox, Taps, forms_of

PROGRAM = sys.argv[1]
FILES = {"git": ".gitconfig", "npm": ".npmrc", "pip": ".config/pip/pip.conf", "curl": ".curlrc"}
TEXT = {"git": "[http]\n\tproxy = %s\n", "npm": "proxy=%s\nhttps-proxy=%s\n", "pip": "[global]\nproxy = %s\n", "curl": "proxy = %s\n"}
OTHER = 65533


class Home:
    def __init__(self):
        self.box = Sandbox(PROGRAM, "hard-to-guess")
        os.chmod(self.box.top, 0o755)
        os.chmod(self.box.dir, 0o755)
        self.box.secrets = forms_of("hard-to-guess")
        self.box.log_in()
        self.box.run("profile", "set", "office", "no_proxy=", exit=0)  # with one, pip could only inherit

    def __enter__(self):
        return self.box

    def __exit__(self, *error):
        self.box.close()


def url(password="old"):
    return "http://%s:%s@old.example:1" % (USER, password)


def fill(box, tool, mode=0o600, name=None, folder_mode=None):
    name = name or FILES[tool]
    box.write(name, TEXT[tool].replace("%s", url()), mode)
    if folder_mode is not None:
        os.chmod(os.path.dirname(box.path(name)), folder_mode)
    return name


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def holders(box):
    """The files of the home in which the password is, proxyrc's own store apart."""
    return {name: row[1] for name, row in box.save().items() if isinstance(row[2], bytes) and any(form in row[2] for form in box.secrets) and
            "proxyrc/plain.json" not in name}


def exposed(box, *args):
    answer = box.json("status", *args, exit=(0, 1))
    return {row["file"][len(box.dir) + 1:] for row in answer["settings"] if row["exposed"] and row["file"]}


def another_user_reads(path):
    if os.geteuid() != 0:
        return False
    done = subprocess.run(["setpriv", "--reuid", str(OTHER), "--regid", str(OTHER), "--clear-groups", "cat", path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def modes_are_tightened():
    """Announced, done, and taken back."""
    for mode in (0o644, 0o640, 0o604, 0o660, 0o666, 0o755, 0o620):
        with Home() as box:
            for tool in FILES:
                fill(box, tool, mode)
            assert exposed(box) == set(FILES.values()), oct(mode)
            _, out, err = box.run("apply", "--dry-run", exit=1)
            assert (out + err).count(b"its mode goes from %04o to %04o" % (mode, mode & 0o700)) == 4, out + err
            assert {mode_of(box.path(name)) for name in FILES.values()} == {mode}
            box.run("apply", exit=(0, 1))
            assert not exposed(box), exposed(box)
            for name, now in holders(box).items():
                assert now & 0o077 == 0, (name, oct(now))
                assert not another_user_reads(box.path(name)), name
            assert {mode_of(box.path(name)) for name in FILES.values()} == {mode & 0o700}
            box.run("undo", exit=0)
            assert {mode_of(box.path(name)) for name in FILES.values()} == {mode}


def nothing_wanted_no_change():
    """The mode of a file that gets no secret is its owner's affair."""
    with Home() as box:
        box.run("logout", exit=0)
        box.run("profile", "set", "office", "user=", exit=0)
        for tool in FILES:
            fill(box, tool, 0o644)
        box.run("apply", exit=(0, 1))
        assert {mode_of(box.path(name)) for name in FILES.values()} == {0o644}


def acls_count():
    if shutil.which("setfacl") is None or os.geteuid() != 0:
        return "SKIP setfacl and root are needed"
    with Home() as box:
        for tool in FILES:
            fill(box, tool)
        os.chmod(box.path(".config"), 0o755)
        if subprocess.run(["setfacl", "-m", "u:%d:r" % OTHER, *map(box.path, FILES.values())], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            return "SKIP no ACLs on this file system"
        assert [name for name in FILES.values() if not another_user_reads(box.path(name))] == [], "nobody can read it as it is"
        assert exposed(box) == set(FILES.values())
        box.run("apply", exit=(0, 1))
        for name in holders(box):
            assert not another_user_reads(box.path(name)), name
        assert not exposed(box)
        box.run("undo", exit=0)
        assert all(another_user_reads(box.path(name)) for name in FILES.values())
        # A folder that gives its ACL to whatever is made in it.
        box.run("use", "direct", exit=(0, 1))
        for name in FILES.values():
            os.unlink(box.path(name))
        for folder in (".", ".config", ".config/pip", ".config/proxyrc"):
            os.makedirs(box.path(folder), exist_ok=True)
            subprocess.run(["setfacl", "-d", "-m", "u:%d:r" % OTHER, box.path(folder)], check=True)
        box.run("use", "office", exit=(0, 1))
        assert holders(box)
        for name in holders(box):
            assert not another_user_reads(box.path(name)), name
        return None


def shared_folders():
    """A file in a folder that others may write to gets none; another place is found, or it is refused, and nothing is written."""
    for mode in (0o777, 0o1777, 0o757, 0o2775 if os.geteuid() == 0 else 0o777):
        with Home() as box:
            shared = os.path.join(box.top, "team")
            for tool, name in FILES.items():
                os.makedirs(os.path.join(shared, os.path.dirname(name)), exist_ok=True)
                box.write("../team/" + name, TEXT[tool].replace("%s", url()), 0o600)
                os.makedirs(os.path.dirname(box.path(name)), exist_ok=True)
                os.symlink(os.path.join(shared, name), box.path(name))
            for folder in (shared, shared + "/.config", shared + "/.config/pip"):
                if mode & 0o2000:
                    os.chown(folder, 0, 100)
                os.chmod(folder, mode)
            assert exposed(box) == set(FILES.values()), oct(mode)
            _, out, err = box.run("apply", exit=(0, 1))
            assert b"others can change" in out + err, out + err
            for name in holders(box):
                assert not os.path.realpath(box.path(name)).startswith(shared), name
            for name in FILES.values():
                with open(os.path.join(shared, name), "rb") as file:
                    assert not any(form in file.read() for form in box.secrets), name
            assert holders(box), "it is nowhere at all"
            box.run("undo", exit=0)
            box.run("apply", "--allow-exposed", exit=(0, 1))
            assert any(form in open(os.path.join(shared, ".npmrc"), "rb").read() for form in box.secrets)
            assert exposed(box)


def a_shared_folder_above():
    with Home() as box:
        fill(box, "pip")
        os.chmod(box.path(".config"), 0o777)
        assert exposed(box) == {FILES["pip"]}
        before = box.save()
        code, _, err = box.run("apply", "--tools", "env,git,npm,pip,curl")
        assert code == 3 and b"chmod go-w" in err and box.path(".config").encode() in err, (code, err)
        assert box.save() == before
        os.chmod(box.path(".config"), 0o755)
        box.run("apply", exit=(0, 1))
        assert FILES["pip"] in holders(box)


def a_home_that_others_may_change():
    with Home() as box:
        os.chmod(box.dir, 0o777)
        before = box.save()
        code, _, err = box.run("apply")
        assert code == 3 and b"chmod go-w" in err, (code, err)
        assert box.save() == before
        box.run("apply", "--allow-exposed", exit=(0, 1))
        assert holders(box)


def own_group():
    """umask 002: folders that only the user's own group may write to are no shared ones; with somebody else in it, they are."""
    if os.geteuid() != 0:
        return "SKIP root is needed"
    with Home() as box:
        for folder in (box.dir, box.path(".config"), box.path(".config/proxyrc")):
            os.chown(folder, 0, 0)
            os.chmod(folder, 0o775)
        box.run("apply", exit=(0, 1))
        assert holders(box)
        box.run("undo", exit=0)
        os.chown(box.dir, 0, 100)
        os.chmod(box.dir, 0o775)
        box.run("apply", exit=3)
        return None


def others_own_it():
    if os.geteuid() != 0:
        return "SKIP root is needed"
    with Home() as box:
        fill(box, "npm")
        os.chown(box.path(".npmrc"), OTHER, OTHER)
        assert exposed(box) == {".npmrc"}
        box.run("apply", exit=(0, 1))
        assert ".npmrc" not in holders(box) and holders(box), holders(box)
        return None


def tracked_by_git():
    with Home() as box:
        for tool in FILES:
            fill(box, tool, name="dotfiles/" + FILES[tool])
            os.makedirs(os.path.dirname(box.path(FILES[tool])), exist_ok=True)
            os.symlink(box.path("dotfiles/" + FILES[tool]), box.path(FILES[tool]))
        box.write("dotfiles/.bashrc", "export https_proxy=%s\n" % url(), 0o600)
        os.symlink("dotfiles/.bashrc", box.path(".bashrc"))
        git = ["git", "-c", "init.defaultBranch=main", "-C", box.path("dotfiles")]
        subprocess.run([*git, "init", "-q"], check=True, env=box.env)
        subprocess.run([*git, "add", "-A"], check=True, env=box.env)
        assert exposed(box) >= set(FILES.values()) | {".bashrc"}, exposed(box)
        box.run("apply", exit=(0, 1))
        for name in holders(box):
            assert not os.path.realpath(box.path(name)).startswith(box.path("dotfiles/")), name
        assert holders(box)
        shown = subprocess.run([*git, "diff"], env=box.env, stdout=subprocess.PIPE, check=True).stdout
        assert not any(form in shown for form in box.secrets)


def a_tracked_store():
    """A store in clear text that git tracks is no better than any other file; an encrypted one may be tracked."""
    with Home() as box:
        def git(*args):
            subprocess.run(["git", "-C", box.dir, *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**box.env, "GIT_CONFIG_GLOBAL": "/dev/null"})
        store = ".local/share/proxyrc/plain.json"
        login = ("login", "--no-check", "--user", USER, "--password-stdin", "--no-input")
        git("init", "-q")
        box.run(*login, input=b"of today, 1\n", exit=0)  # there is a repository, and it is not in it
        git("add", "-f", store)
        before = box.read(store)
        for args in (login, (*login, "--store", "plain"), ("passwd", "--no-check", "--password-stdin", "--no-input")):
            _, _, err = box.run(*args, input=b"of tomorrow, 1\n", exit=3)
            assert b"plain.json: git tracks this file" in err and b"--store vault" in err, err
        assert box.read(store) == before
        box.write("pass", "correct horse\n", 0o600)
        box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("pass")
        box.run("login", "--store", "vault", exit=0)
        git("add", "-f", ".local/share/proxyrc/vault")
        box.run(*login, input=b"of tomorrow, 1\n", exit=0)
        box.run("login", "--store", "plain", exit=3)
        git("rm", "-q", "-f", "--cached", store)
        box.run("login", "--store", "plain", exit=0)


def for_all_users():
    """/etc/environment, with --system, in an image."""
    with Home() as box:
        root = os.path.join(box.top, "root")
        os.makedirs(root + "/etc")
        os.makedirs(root + "/root")
        shutil.copytree(box.path(".config"), root + "/root/.config")
        shutil.copytree(box.path(".local"), root + "/root/.local")
        with open(root + "/etc/environment", "w", encoding="utf-8") as file:
            file.write("https_proxy=http://old.example:1\n")
        args = ("--root", root, "--home", "/root", "--system")
        box.run("apply", *args, exit=(0, 1))
        content = open(root + "/etc/environment", "rb").read()
        assert PROXY.split("/")[2].encode() in content and not any(form in content for form in box.secrets), content
        box.run("apply", *args, "--allow-exposed", exit=(0, 1))
        content = open(root + "/etc/environment", "rb").read()
        assert any(form in content for form in box.secrets), content


def main():
    taps = Taps()
    for case in (modes_are_tightened, nothing_wanted_no_change, acls_count, shared_folders, a_shared_folder_above, a_home_that_others_may_change, own_group,
                 others_own_it, tracked_by_git, a_tracked_store, for_all_users):
        taps.run(case.__name__, case)
    return taps.done()


sys.exit(main())
