"""`route` as a person and a script meet it: words, exit codes, JSON, and no secret anywhere. What it answers is compared
with the tools themselves in tests/routing."""
import os
import sys

from sandbox import Sandbox, Taps

BASHRC = "export http_proxy=http://joe:p%C3%A4ss@env.test:3128\nexport https_proxy=$http_proxy\nexport no_proxy=.example.com,localhost\n"
SECRET = "päss"


def home(program, files):
    box = Sandbox(program, SECRET)
    box.write(".profile", "if [ -n \"$BASH_VERSION\" ]; then\n    if [ -f \"$HOME/.bashrc\" ]; then\n\t. \"$HOME/.bashrc\"\n    fi\nfi\n")
    for name, text in files.items():
        box.write(name, text)
    return box


def one_tool(program):
    box = home(program, {".bashrc": BASHRC, ".gitconfig": "[http]\n\tproxy = http://joe:p%C3%A4ss@git.test\n[http \"https://code.test\"]\n\tproxy = \"\"\n"})
    try:
        answer = box.json("route", "git", "https://h.org/x", exit=0)
        assert list(answer)[0] == "version" and answer["version"] == 1, answer
        assert answer["tool"] == "git" and answer["url"] == "https://h.org/x" and answer["proxy"] == "http://git.test:1080", answer
        assert answer["decided_by"] == {"file": box.path(".gitconfig"), "line": 2, "key": "http.proxy"}, answer
        assert answer["beats"] == [{"env": "https_proxy", "file": box.path(".bashrc"), "line": 2, "key": "https_proxy"}], answer
        assert answer["bypassed_by"] is None and answer["undecided"] is None and answer["invalid"] is None and answer["user"] == "joe", answer
        answer = box.json("route", "git", "https://code.test/x", exit=0)
        assert answer["proxy"] is None and answer["decided_by"]["key"] == "http.https://code.test.proxy", answer
        answer = box.json("route", "curl", "https://h.example.com/", exit=0)
        assert answer["proxy"] is None and answer["bypassed_by"] == ".example.com" and answer["bypassed"] == "http://env.test:3128", answer
        assert answer["decided_by"]["env"] == "no_proxy" and [row["env"] for row in answer["beats"]] == ["https_proxy"], answer
        out = box.run("route", "git", "https://h.org/x", exit=0)[1].decode()
        assert out.startswith("git reaches https://h.org/x through http://git.test:1080\n"), out
        for line in ("decided by   %s:2: http.proxy" % box.path(".gitconfig"), "beats        the variable https_proxy, from %s:2" % box.path(".bashrc")):
            assert line in out, out
        out = box.run("route", "curl", "https://h.example.com/", exit=0)[1].decode()
        assert "directly" in out and "bypassed by  .example.com (else: http://env.test:3128)" in out, out
    finally:
        box.close()


def this_shell(program):
    box = home(program, {".bashrc": BASHRC})
    try:
        answer = box.json("route", "--this-shell", "wget", "http://h.org/", exit=0)
        assert answer["proxy"] is None and answer["decided_by"] is None and answer["beats"] == [], answer
        answer = box.json("route", "--this-shell", "wget", "http://h.org/", exit=0, env={"http_proxy": "here.test:81"})
        assert answer["proxy"] == "http://here.test:81" and answer["decided_by"] == {"env": "http_proxy"}, answer
        answer = box.json("route", "wget", "http://h.org/", exit=0, env={"http_proxy": "here.test:81"})
        assert answer["proxy"] == "http://env.test:3128", answer
        box.run("route", "--this-shell", "--home", box.dir, "wget", "http://h.org/", exit=2)
    finally:
        box.close()


def variables_of_git(program):
    """What git itself is asked with in tests/routing: settings in variables, of which one may include a file."""
    box = home(program, {"more.git": "[http]\n\tproxy = http://included.test:1\n", ".gitconfig": "[http]\n\tproxy = http://file.test:1\n"})
    numbered = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.proxy", "GIT_CONFIG_VALUE_0": "http://numbered.test:1"}
    included = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "include.path"}
    try:
        for env, proxy in (
                ({"GIT_CONFIG_PARAMETERS": "'http.proxy'='http://c.test:1'"}, "http://c.test:1"),
                ({"GIT_CONFIG_PARAMETERS": "'a.b'= 'http.proxy=http://c.test:1'"}, "http://c.test:1"),
                ({"GIT_CONFIG_PARAMETERS": "'HTTP.https://h.org.Proxy'='http://joe:it'\\''s@q.test:1'"}, "http://q.test:1"),
                ({"GIT_CONFIG_PARAMETERS": "'http.proxy=http://c.test:1'", **numbered}, "http://c.test:1"),
                ({"GIT_CONFIG_PARAMETERS": ""}, "http://file.test:1"),
                (numbered, "http://numbered.test:1"),
                ({**numbered, "GIT_CONFIG_COUNT": ""}, "http://file.test:1"),
                ({**included, "GIT_CONFIG_VALUE_0": box.path("more.git")}, "http://included.test:1"),
                ({**included, "GIT_CONFIG_VALUE_0": "~/more.git"}, "http://included.test:1"),
                ({**included, "GIT_CONFIG_VALUE_0": "~/none.git"}, "http://file.test:1")):
            answer = box.json("route", "--this-shell", "git", "https://h.org/", exit=0, env=env)
            assert answer["proxy"] == proxy, (env, answer)
        for env, words in (
                ({**numbered, "GIT_CONFIG_COUNT": "1 "}, "GIT_CONFIG_COUNT"),
                ({**numbered, "GIT_CONFIG_COUNT": "2"}, "GIT_CONFIG_KEY_1"),
                ({**included, "GIT_CONFIG_VALUE_0": "more.git"}, "absolute"),
                ({"GIT_CONFIG_PARAMETERS": " 'http.proxy=x'"}, "GIT_CONFIG_PARAMETERS"),
                ({"GIT_CONFIG_PARAMETERS": "'http.proxy'="}, "no value"),
                ({"GIT_CONFIG_PARAMETERS": "'http.proxy=x"}, "GIT_CONFIG_PARAMETERS")):
            answer = box.json("route", "--this-shell", "git", "https://h.org/", exit=3, env=env)
            assert words in answer["invalid"], (env, answer)
    finally:
        box.close()


def spellings_of_pip(program):
    """Of several spellings pip takes the last in the environment; in which order a shell hands them on is its own matter."""
    box = home(program, {".profile": "export PIP_PROXY=http://a.test:1 PIP_Proxy=http://b.test:1\n"})
    try:
        answer = box.json("route", "pip", "https://h.org/", exit=7)
        assert "PIP_Proxy" in answer["undecided"], answer
        answer = box.json("route", "--this-shell", "pip", "https://h.org/", exit=0, env={"https_proxy": "http://env.test:1", "PIP_Proxy": "http://b.test:1", "PIP_PROXY": ""})
        assert answer["proxy"] == "http://env.test:1", answer
    finally:
        box.close()


def all_tools(program):
    box = home(program, {".bashrc": BASHRC, ".wgetrc": "http_proxy = http://w.test:82\n"})
    try:
        for arguments in (("http://h.org/",), ("all", "http://h.org/")):
            answer = box.json("route", *arguments, exit=0)
            proxies = {row["tool"]: row["proxy"] for row in answer["routes"]}
            assert proxies == {"curl": "http://env.test:3128", "git": "http://env.test:3128", "npm": "http://env.test:3128", "pip": "http://env.test:3128",
                               "wget": "http://w.test:82"}, proxies
            installed = [row["tool"] for row in answer["routes"] if row["installed"]]
            if "wget" in installed and len(installed) > 1:
                assert "wget: through http://w.test:82" in answer["differences"], answer
        answer = box.json("route", "--tools", "curl,wget", "http://h.org/", exit=0)
        assert [row["tool"] for row in answer["routes"]] == ["curl", "wget"], answer
    finally:
        box.close()


def undecided(program):
    box = home(program, {".bashrc": "if [ -d /nowhere ]; then\n  export https_proxy=http://a.test\nfi\nexport http_proxy=$(cat /secret)\n"})
    try:
        for url, line in (("https://h.org/", 2), ("http://h.org/", 4)):
            answer = box.json("route", "curl", url, exit=7)
            assert answer["proxy"] is None and "%s:%d: " % (box.path(".bashrc"), line) in answer["undecided"], answer
            assert "undecided" in box.run("route", "curl", url, exit=7)[1].decode()
        box.write(".bashrc", "case $- in *i*) ;; *) return;; esac\n" + BASHRC)
        answer = box.json("route", "curl", "http://h.org/", exit=7)
        assert answer["interactive"]["proxy"] == "http://env.test:3128" and answer["command"]["proxy"] is None, answer
        assert box.json("route", "--interactive", "curl", "http://h.org/", exit=0)["proxy"] == "http://env.test:3128"
        # the same way, for whatever reason
        answer = box.json("route", "curl", "http://h.example.com/", exit=0)
        assert answer["proxy"] is None and answer["bypassed_by"] == ".example.com" and answer["interactive"] is None, answer
        box.run("route", "--interactive", "--this-shell", "curl", "http://h.org/", exit=2)
    finally:
        box.close()


def not_read(program):
    box = home(program, {".bashrc": BASHRC, ".bash_profile": "# mine\n", ".config/environment.d/p.conf": "https_proxy=http://d.test\n"})
    try:
        answer = box.json("route", "curl", "http://h.org/", exit=0)
        assert answer["proxy"] is None and "%s:1" % box.path(".bashrc") in answer["detail"], answer
        answer = box.json("route", "curl", "https://h.org/", exit=0)
        assert answer["proxy"] is None and "https_proxy" in answer["detail"], answer
    finally:
        box.close()


def invalid(program):
    box = home(program, {".bashrc": "export http_proxy='http://joe:päss word@h.test:x'\n", ".gitconfig": "[http\n", ".npmrc": "proxy=http://joe:100%@h.test\n"})
    try:
        answer = box.json("route", "curl", "http://h.org/", exit=3)
        assert answer["proxy"] is None and answer["invalid"] and answer["decided_by"]["env"] == "http_proxy", answer
        answer = box.json("route", "git", "http://h.org/", exit=3)
        assert "%s:1" % box.path(".gitconfig") in answer["invalid"], answer
        answer = box.json("route", "npm", "http://h.org/", exit=3)
        assert answer["decided_by"]["file"] == box.path(".npmrc"), answer
        box.run("route", "http://h.org/", exit=3)
    finally:
        box.close()


def usage(program):
    box = home(program, {})
    try:
        for arguments, code in ((("route",), 2), (("route", "curl"), 3), (("route", "curl", "ftp://h.org/"), 3), (("route", "curl", "http://h h/"), 3), (("route", "nothing", "http://h/"), 2),
                                (("route", "env", "http://h/"), 2), (("route", "curl", "http://h/", "x"), 2), (("route", "--dir", "/nowhere", "curl", "http://h/"), 2),
                                (("route", "curl", "http://joe:päss@h.org/"), 2)):
            out, err = box.run(*arguments, exit=code)[1:]
            assert out == b"" and err.startswith(b"proxyrc: "), (arguments, out, err)
        assert box.json("route", "curl", "https://joe@h.org/@scope/x", exit=0)["url"] == "https://h.org/@scope/x"
    finally:
        box.close()


def project(program):
    box = home(program, {"work/package.json": "{}", "work/.npmrc": "proxy=http://p.test:1\n", "work/sub/x": "", ".npmrc": "proxy=http://u.test:2\n"})
    try:
        assert box.json("route", "--dir", box.path("work/sub"), "npm", "http://h.org/", exit=0)["proxy"] == "http://p.test:1"
        assert box.json("route", "npm", "http://h.org/", exit=0)["proxy"] == "http://u.test:2"
        assert box.json("route", "--home", box.dir, "npm", "http://h.org/", exit=0)["proxy"] == "http://u.test:2"
    finally:
        box.close()


def curl_versions(program):
    """Rules of versions that are not installed here: of a program that only looks like them."""
    box = home(program, {})
    try:
        def ask(version, curlrc, url="http://h.org/", exit=0, **env):
            box.write("bin/curl", "#!/bin/sh\n# %s\n" % (" " * 80 + version), 0o755)
            box.write(".curlrc", curlrc)
            return box.json("route", "--this-shell", "curl", url, exit=exit, env=dict(env, PATH=box.path("bin") + ":/usr/bin:/bin"))

        listed = 'proxy = http://p.test:1\nnoproxy = "a.b h.org"\n'
        assert ask("curl/8.14.1", listed)["proxy"] == "http://p.test:1"
        assert ask("curl/8.5.0", listed)["bypassed_by"] == "h.org"
        assert ask("nothing", listed, exit=7)["undecided"]
        assert ask("nothing", "proxy = http://p.test:1\nnoproxy = h.org\n")["bypassed_by"] == "h.org"
        broken = "no-such-thing = 1\nproxy = http://p.test:1\n"
        assert ask("curl/8.14.1", broken)["proxy"] is None
        assert ask("curl/8.5.0", broken)["proxy"] == "http://p.test:1"
        expanded = 'variable = %PXPW\nexpand-proxy = "http://u:{{PXPW:url}}@p.test:1"\n'
        assert ask("curl/8.14.1", expanded, PXPW="x")["proxy"] == "http://p.test:1"
        assert ask("curl/8.14.1", expanded)["proxy"] is None
        assert ask("curl/8.14.1", 'variable = %PXPW\nexpand-proxy = "http://{{PXPW}}:1"\n', PXPW="x", exit=7)["undecided"]
        network = "proxy = http://p.test:1\nnoproxy = 10.0.0.0/8\n"
        assert ask("curl/7.85.0", network, "http://10.1.2.3/")["proxy"] == "http://p.test:1"
        assert ask("curl/7.86.0", network, "http://10.1.2.3/")["bypassed_by"] == "10.0.0.0/8"
    finally:
        box.close()


def pip_versions(program):
    box = home(program, {".config/pip/pip.conf": "[global]\nproxy = http://own.test:1\n"})
    try:
        env = {"PATH": box.path("v/bin") + ":/usr/bin:/bin", "https_proxy": "http://env.test:2", "no_proxy": "h.org"}
        box.write("v/bin/pip", "#!/usr/bin/python3\n", 0o755)
        assert box.json("route", "--this-shell", "pip", "https://other.org/", exit=7, env=env)["undecided"]
        box.write("v/lib/python3.9/site-packages/pip-22.0.4.dist-info/METADATA", "")
        assert box.json("route", "--this-shell", "pip", "https://other.org/", exit=0, env=env)["proxy"] == "http://env.test:2"
        # the list takes the environment's proxy away, and leaves pip's own
        assert box.json("route", "--this-shell", "pip", "https://h.org/", exit=0, env=env)["proxy"] == "http://own.test:1"
        os.rename(box.path("v/lib/python3.9/site-packages/pip-22.0.4.dist-info"), box.path("v/lib/python3.9/site-packages/pip-24.2.dist-info"))
        for host in ("other.org", "h.org"):
            assert box.json("route", "--this-shell", "pip", "https://%s/" % host, exit=0, env=env)["proxy"] == "http://own.test:1"
        box.write("v/pip.conf", "[global]\nproxy = http://site.test:3\n")
        assert box.json("route", "--this-shell", "pip", "https://h.org/", exit=0, env=env)["proxy"] == "http://site.test:3"
        box.write("own.conf", "[global]\nproxy = http://file.test:4\n")
        answer = box.json("route", "--this-shell", "pip", "https://h.org/", exit=0, env=dict(env, PIP_CONFIG_FILE=box.path("own.conf")))
        assert answer["proxy"] == "http://file.test:4" and [row["file"] for row in answer["beats"][:1]] == [box.path("v/pip.conf")], answer
    finally:
        box.close()


def npm_versions(program):
    box = home(program, {".npmrc": "proxy=http://own.test:1\nnoproxy=a.org\n", "v/npm/bin/npm-cli.js": ""})
    try:
        os.chmod(box.path("v/npm/bin/npm-cli.js"), 0o755)
        os.makedirs(box.path("v/bin"))
        os.symlink("../npm/bin/npm-cli.js", box.path("v/bin/npm"))
        env = {"PATH": box.path("v/bin") + ":/usr/bin:/bin", "no_proxy": "b.org"}
        for version, direct in (("9.9.4", ("a.org",)), ("10.9.2", ("a.org", "b.org"))):
            box.write("v/npm/package.json", '{ "name": "npm", "version": "%s" }' % version)
            for host in ("a.org", "b.org", "c.org"):
                answer = box.json("route", "--this-shell", "npm", "https://%s/" % host, exit=0, env=env)
                assert answer["bypassed_by"] == (host if host in direct else None), (version, answer)
    finally:
        box.close()


taps = Taps()
for case in (one_tool, this_shell, variables_of_git, spellings_of_pip, all_tools, undecided, not_read, invalid, usage, project, curl_versions, pip_versions, npm_versions):
    taps.run(case.__name__.replace("_", " "), case, sys.argv[1])
sys.exit(taps.done())
