#!/usr/bin/env python3
"""test-shapes.py PROGRAM: the ways in which people set a proxy in start-up files, and what the shells have afterwards

For each: what `apply` calls done is done, by what the shell itself then hands to programs; `status` says the same; a second
`apply` writes nothing; `undo` gives back every byte; after `use direct` no proxy is left, or what is left was named; and the
password is nowhere. Prints TAP.
"""
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
PASSWORD, URL = "n@w pw", "http://joe:n%40w%20pw@proxy.test:3128"
OLD = "http://old:HIDDEN@o.test:1"
WANTED = {"http_proxy": URL, "https_proxy": URL, "HTTP_PROXY": URL, "HTTPS_PROXY": URL, "no_proxy": "localhost,.corp"}
ENVIRONMENT = {
    "bash": ["bash", "-lc", "env -0"],
    "zsh": ["zsh", "-lc", "env -0"],
    "fish": ["fish", "-lc", "env -0"],
    "tcsh": ["tcsh", "-c", "test -r ~/.login && source ~/.login; env -0"],
}

DONE, LEFT = "done", "something is left, and named"
# what `apply` and `use direct` can do, the shell, its files; OLD stands for the old proxy
SHAPES = {
    "several on a line": (DONE, DONE, "bash", {".profile": "export http_proxy='OLD';export https_proxy=\"$http_proxy\" # c\nf() { :; }; export HTTP_PROXY=$http_proxy"}),
    "assigned, then exported": (DONE, DONE, "bash", {".profile": "http_proxy=OLD\nhttps_proxy=OLD\nexport http_proxy https_proxy\n"}),
    "through a variable": (DONE, DONE, "bash", {".profile": "proxy=OLD\nexport http_proxy=$proxy https_proxy=$proxy\n"}),
    "user and password in variables": (DONE, DONE, "bash", {".profile": "U=old\nP='HIDDEN'\nexport http_proxy=\"http://$U:$P@o:1\" https_proxy=\"http://${U}:${P}@o:1\"\n"}),
    "written twice, referred to": (DONE, DONE, "bash", {".profile": "export http_proxy=OLD\nexport https_proxy=$http_proxy HTTP_PROXY=\"$http_proxy\"\nexport http_proxy=OLD"}),
    "written twice, referred to, differing": (DONE, DONE, "bash", {".profile": "export http_proxy=OLD\nexport https_proxy=$http_proxy\nexport http_proxy=OLD1\n"}),
    "declare and typeset": (DONE, DONE, "bash", {".bash_profile": "declare -x http_proxy=OLD\ntypeset -x https_proxy=$http_proxy\n"}),
    "set -a": (DONE, DONE, "bash", {".profile": "set -a\nhttp_proxy=OLD\nhttps_proxy=$http_proxy\nset +a\n"}),
    "continued lines": (DONE, DONE, "bash", {".profile": "export http_proxy=OLD \\\n       https_proxy=OLD \\\n       no_proxy=a\n"}),
    "a growing no_proxy": (DONE, DONE, "bash", {".profile": "export no_proxy=localhost\nexport no_proxy=$no_proxy,old.corp\nno_proxy+=,third\nexport http_proxy=OLD\n"}),
    "in a here-document": (DONE, DONE, "bash", {".profile": "cat >/dev/null <<E\nexport http_proxy=x\nE\nexport https_proxy=OLD\n"}),
    "in a file that is read": (DONE, DONE, "bash", {".profile": "[ -f ~/.proxyenv ] && . ~/.proxyenv\n", ".proxyenv": "export http_proxy=OLD https_proxy=OLD\n"}),
    "lines of Windows": (DONE, DONE, "bash", {".profile": "export http_proxy=OLD\r\nexport https_proxy=OLD\r\n"}),
    "bytes that are no text": (DONE, DONE, "bash", {".profile": "alias x='\udcff\udcfe'\nexport http_proxy=OLD\n# \udce4\n"}),
    "set to nothing": (DONE, DONE, "bash", {".profile": "export http_proxy= https_proxy=\nexport HTTP_PROXY=''\n"}),
    "scripts leave .bashrc, by [[": (DONE, DONE, "bash", {".profile": ". ~/.bashrc\n", ".bashrc": "[[ $- != *i* ]] && return\nexport http_proxy=OLD\n"}),
    "scripts leave .bashrc, by case": (DONE, DONE, "bash", {".profile": ". ~/.bashrc\n", ".bashrc": "case $- in *i*) ;; *) return;; esac\nexport http_proxy=OLD\n"}),
    "in .profile and .bashrc": (DONE, DONE, "bash", {".profile": "export http_proxy=OLD\n. ~/.bashrc\n", ".bashrc": "export http_proxy=OLD2\nexport https_proxy=OLD2\n"}),
    "ours, on a condition": (DONE, DONE, "bash", {".profile": "if [ -n \"$HOME\" ]; then\n export http_proxy=http://joe:HIDDEN@proxy.test:3128\n export https_proxy=$http_proxy\nfi\n"}),
    "another, on a condition": (LEFT, DONE, "bash", {".profile": "if [ \"$(hostname)\" = work ]; then\n export http_proxy=OLD\nelse\n x=1\nfi\n"}),
    "in a function": (LEFT, DONE, "bash", {".profile": "on() { export http_proxy=OLD https_proxy=$http_proxy; }\non\n"}),
    "unset for those who type": (LEFT, DONE, "bash", {".profile": "export http_proxy=OLD\n", ".bashrc": "unset http_proxy\n"}),
    "names out of braces": (LEFT, LEFT, "bash", {".profile": "export {http,https}_proxy=OLD\n"}),
    "names out of a loop": (LEFT, LEFT, "bash", {".profile": "for p in http https; do export ${p}_proxy=OLD; done\n"}),
    "eval": (LEFT, LEFT, "bash", {".profile": "eval 'export http_proxy=OLD'\n"}),
    "a password out of a file": (LEFT, LEFT, "bash", {".profile": "export http_proxy=http://old:$(cat ~/.pw)@o:1\nexport https_proxy=$http_proxy\n"}),
    "only if it is not set": (LEFT, LEFT, "bash", {".profile": ": \"${http_proxy:=OLD}\"\nexport http_proxy\nexport https_proxy=${https_proxy:-$http_proxy}\n"}),
    "zsh: one file refers to the other": (DONE, DONE, "zsh", {".zshenv": "export http_proxy=OLD\n", ".zshrc": "typeset -gx https_proxy=$http_proxy\n"}),
    "zsh: files elsewhere": (DONE, DONE, "zsh", {".zshenv": "ZDOTDIR=~/.config/zsh\n", ".config/zsh/.zprofile": "export http_proxy=OLD https_proxy=OLD\n"}),
    "fish: written twice, referred to": (DONE, DONE, "fish", {".config/fish/config.fish": "set -gx http_proxy OLD\nset -gx https_proxy $http_proxy\nset -gx http_proxy OLD\n"}),
    "fish: for those who type": (LEFT, DONE, "fish", {".config/fish/config.fish": "if status is-interactive\n  set -gx http_proxy OLD\nend\n"}),
    "tcsh: written twice, referred to": (DONE, DONE, "tcsh", {".cshrc": "setenv http_proxy OLD\nsetenv https_proxy $http_proxy\nsetenv http_proxy OLD\n"}),
    "tcsh: through a variable": (DONE, DONE, "tcsh", {".login": "set p = OLD\nsetenv http_proxy $p\n"}),
}


class Home:
    def __init__(self, shell, files):
        self.shell, self.dir = shell, tempfile.mkdtemp(prefix="proxyrc-shapes-")
        self.env = {"HOME": self.dir, "PATH": os.environ["PATH"], "SHELL": "/bin/" + shell, "LC_ALL": "C.UTF-8"}
        for name, text in files.items():
            path = os.path.join(self.dir, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(text.replace("OLD", OLD).encode("utf-8", "surrogateescape"))
            os.chmod(path, 0o600)

    def run(self, *arguments, exit, input=""):
        done = subprocess.run([PROGRAM, *arguments], input=input.encode(), env=self.env, cwd=self.dir, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
        text = done.stdout.decode(errors="replace")
        assert PASSWORD not in text and "HIDDEN" not in text, "%s shows a secret" % " ".join(arguments)
        assert done.returncode == exit, "%s: exit %d instead of %d\n%s" % (" ".join(arguments), done.returncode, exit, text)
        return text

    def files(self):
        found = {}
        for folder, _, names in os.walk(self.dir):
            for name in names:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, self.dir)
                if not short.startswith((".local/", ".cache/", ".config/proxyrc/proxyrc.cfg", ".config/fish/fish_variables", ".zcompdump")):
                    with open(path, "rb") as file:
                        found[short] = file.read()
        return found

    def variables(self):
        done = subprocess.run(ENVIRONMENT[self.shell], env=self.env, cwd=self.dir, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
        pairs = (pair.split(b"=", 1) for pair in done.stdout.split(b"\0") if b"=" in pair)
        return {name.decode(errors="replace"): value.decode(errors="replace") for name, value in pairs}


def check(shape):
    applied, cleared, shell, files = shape
    home = Home(shell, files)
    try:
        before = home.files()
        home.run("profile", "add", "office", "http=http://proxy.test:3128", "https=http://proxy.test:3128", "no_proxy=localhost,.corp", exit=0)
        home.run("login", "--no-check", "--user", "joe", "--password-stdin", "--store", "plain", exit=0, input=PASSWORD + "\n")
        says = home.run("apply", "--tools", "env", exit=int(applied is LEFT))
        if applied is LEFT:
            assert any(line.startswith("proxyrc: %s/" % home.dir) for line in says.split("\n")), "names nothing:\n" + says
        after, has = home.files(), home.variables()
        wrong = {name: has.get(name) for name in WANTED if has.get(name) != WANTED[name]}
        assert not wrong, "the shell has %s" % wrong
        home.run("status", "env", exit=int(applied is LEFT))
        home.run("apply", "--tools", "env", exit=int(applied is LEFT))
        assert home.files() == after, "a second apply has written"
        home.run("undo", exit=0)
        assert home.files() == before, "undo has not given back every byte"
        home.run("apply", "--tools", "env", exit=int(applied is LEFT))
        home.run("use", "direct", "--tools", "env", exit=int(cleared is LEFT))
        left = {name: value for name, value in home.variables().items() if name.lower() in ("http_proxy", "https_proxy") and value}
        assert cleared is LEFT or not left, "after `use direct` the shell has %s" % left
        for name, content in home.files().items():
            assert PASSWORD.encode() not in content and b"n%40w" not in content, "%s still holds the password" % name
    finally:
        shutil.rmtree(home.dir)


def main():
    print("TAP version 13\n1..%d" % len(SHAPES))
    failed = 0
    for number, (name, shape) in enumerate(SHAPES.items(), 1):
        if shutil.which(shape[2]) is None:
            print("ok %d - %s # SKIP %s is not installed" % (number, name, shape[2]))
            continue
        try:
            check(shape)
            print("ok %d - %s" % (number, name), flush=True)
        except AssertionError as problem:
            failed += 1
            print("".join("# %s\n" % line for line in str(problem).split("\n")) + "not ok %d - %s" % (number, name), flush=True)
    return 1 if failed else 0


sys.exit(main())
