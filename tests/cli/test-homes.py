#!/usr/bin/env python3
"""test-homes.py PROGRAM STEP: apply, use direct and undo on homes made of random lines

What isn't a proxy setting stays byte for byte and in its order; modes, links and attributes stay; a second apply
touches nothing; undo gives every byte back; use direct leaves nothing of the password. Prints TAP.
"""
import os
import re
import stat
import sys

from sandbox import Sandbox, Taps, cases, difference, seed, user_side

OLD = ("http://old.example:1", "http://u:oldpw%40x@old.example:8080", "https://old.example:443/", "socks5h://old.example:1080")
KINDS = {
    ".gitconfig": dict(mine=["[user]\n\tname = Zoë", "[core]\n\teditor = vi ; x", "# note", "[alias]\n\tl = \"log --oneline\"", "[remote \"o\"]\n\turl = https://h/x", ""],
                       proxy=["[http]\n\tproxy = %s", "[http] proxy = \"%s\"", "[http \"https://x.example\"]\n\tsslVerify = false", "# [http] proxy = %s"]),
    ".npmrc": dict(mine=["registry=https://r.example/", "; note", "# note = 1", "//r.example/:_authToken=abc", "a[] = 1", "save-exact = true", "", "  x = \"y z\""],
                   proxy=["proxy=%s", "https-proxy = %s", "; proxy=%s", "noproxy=a.example", "proxy = \"%s\""]),
    ".config/pip/pip.conf": dict(mine=["# note", "; note", "", "timeout = 5", "extra-index-url =\n    https://a.example\n    https://b.example", "retries: 3"], head="[global]",
                                 proxy=["proxy = %s", "# proxy = %s"], once=True),
    ".curlrc": dict(mine=["# note", "silent", "user-agent = \"a b\"", "-L", "", "max-time 5"],
                    proxy=["proxy = %s", "--proxy %s", "-x %s", "# proxy = %s", "noproxy = \"a.example\"", "proxy-anyauth"]),
    ".bashrc": dict(mine=["alias l=ls", "# note", "export EDITOR=vi", "f() { echo \"$1\"; }", "", "if [ -n \"$PS1\" ]; then\n  shopt -s histappend\nfi", "export PATH=\"$PATH:$HOME/bin\""],
                    proxy=["export http_proxy=%s", "https_proxy='%s'; export https_proxy", "export no_proxy=\"a.example\"", "# export http_proxy=%s"]),
    ".profile": dict(mine=["umask 022", "# note", "export LANG=C"], proxy=["export HTTP_PROXY=%s", "HTTPS_PROXY=\"%s\""]),
}
# A line that may change, come or go: one that speaks of a proxy, a section made or emptied for one, or our own.
OURS = re.compile(rb"proxy|^-x |\[http\]|\[include\]|\[global\]|sslcainfo|env\.sh|git\.config|\[credential|helper = |^$", re.I)


def random_file(random, kind):
    lines, seen = [], set()
    for _ in range(random.randrange(12)):
        line = random.choice(kind["proxy"] if random.random() < 0.4 else kind["mine"])
        if kind.get("once") and line in seen:
            continue
        seen.add(line)
        lines += (line % random.choice(OLD) if "%s" in line else line).split("\n")
    if kind.get("head"):
        lines.insert(0, kind["head"])
    end = "\r\n" if random.random() < 0.2 and "head" in kind else "\n"
    text = end.join(lines)
    return (text + (end if lines and random.random() < 0.8 else "")).encode()


def random_home(box, random):
    for name, kind in KINDS.items():
        if random.random() < 0.2:
            continue
        mode = random.choice((0o600, 0o644, 0o640))
        if random.random() < 0.3:
            box.write("dot/" + os.path.basename(name), random_file(random, kind), mode)
            os.makedirs(os.path.dirname(box.path(name)), exist_ok=True)
            os.symlink(box.path("dot/" + os.path.basename(name)), box.path(name))
        else:
            box.write(name, random_file(random, kind), mode)
        if random.random() < 0.3:
            try:
                os.setxattr(box.path(name), "user.mine", b"x")
            except OSError:
                pass


def attributes(path):
    info = os.lstat(path)
    try:
        extra = {key: os.getxattr(path, key) for key in os.listxattr(path)}
    except OSError:
        extra = {}
    return info.st_uid, info.st_gid, extra


def identities(box):
    return {name: (info.st_ino, info.st_mtime_ns, info.st_ctime_ns) for name in box.save() for info in [os.lstat(box.path(name))]}


def others(content):
    return [line for line in content.split(b"\n") if not OURS.search(line.rstrip(b"\r"))]


def assert_rest_kept(before, after, what):
    for name, (kind, mode, content) in before.items():
        if name.startswith(".config/proxyrc/"):
            continue
        assert name in after and after[name][0] == kind, "%s: %s is gone" % (what, name)
        if kind == stat.S_IFLNK:
            assert after[name][2] == content, "%s: the link %s leads elsewhere" % (what, name)
            continue
        assert after[name][1] in (mode, mode & 0o700), "%s: %s has mode %04o" % (what, name, after[name][1])
        mine, now = others(content.rstrip(b"\r\n")), others(after[name][2].rstrip(b"\r\n"))
        assert [line.rstrip(b"\r") for line in mine] == [line.rstrip(b"\r") for line in now], "%s: %s:\n%r\n->\n%r" % (what, name, content, after[name][2])
        if b"\r\n" in content:
            assert after[name][2].count(b"\n") - after[name][2].count(b"\r\n") == content.count(b"\n") - content.count(b"\r\n"), "%s: %s mixes line endings" % (what, name)


def one_home(program, random):
    box = Sandbox(program)
    try:
        random_home(box, random)
        box.log_in()
        placement = random.choice(("inline", "inline", "reference", "none", "reference,npm=inline"))
        box.run("profile", "set", "office", "placement=" + placement, exit=0)
        before = user_side(box.save())
        owners = {name: attributes(box.path(name)) for name in before}
        code, _, err = box.run("apply", exit=(0, 1, 3))
        after = user_side(box.save())
        if code == 3:
            assert after == before, "refused, but written"
            return 0
        assert_rest_kept(before, after, "apply")
        for name, wanted in owners.items():
            assert attributes(box.path(name)) == wanted, "%s: owner or attributes" % name
        box.assert_no_leaks(box.save(), "apply")
        if placement in ("reference", "none"):
            for name, row in after.items():
                assert name.startswith(".local/") or not isinstance(row[2], bytes) or not any(form in row[2] for form in box.secrets), \
                    "%s: the password is in %s" % (placement, name)
        marks = identities(box)
        again = box.json("apply", exit=(0, 1))
        assert again["changed"] is False and again["files"] == [], "a second apply changes %s" % again["files"]
        assert identities(box) == marks, "a second apply touches files"
        box.run("undo", exit=0)
        undone = user_side(box.save())
        assert undone == before, "undo:\n%s" % difference(undone, before)
        for name, wanted in owners.items():
            assert attributes(box.path(name)) == wanted, "undo: %s: owner or attributes" % name
        box.run("apply", exit=(0, 1))
        box.run("use", "direct", exit=(0, 1))
        bare = user_side(box.save())
        assert_rest_kept(before, bare, "use direct")
        for name, row in bare.items():
            if not name.startswith(".local/") and isinstance(row[2], bytes):
                assert not any(form in row[2] for form in box.secrets), "use direct leaves the password in %s" % name
        return 1
    finally:
        box.close()


def homes(program, random):
    n = cases(60)
    served = 0
    for i in range(n):
        try:
            served += one_home(program, random)
        except AssertionError as error:
            raise AssertionError("home %d: %s" % (i, error))
    assert served > n // 2, "%d of %d were refused" % (n - served, n)
    return "%d homes, %d refused whole" % (n, n - served)


def main():
    taps = Taps()
    taps.run("random homes", homes, sys.argv[1], seed())
    return taps.done()


sys.exit(main())
