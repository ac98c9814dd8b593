#!/usr/bin/env python3
"""test-doctor.py PROGRAM: each trap is found, said without a secret, and gone after its remedy was run as it stands. Prints TAP."""
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading

from sandbox import PASSWORD, PROXY, USER, Sandbox, Taps, forms_of

PROGRAM = os.path.abspath(sys.argv[1])
OLD = "http://joe:OLDSECRET1@proxy.example:3128"
HARM = {"error": 0, "warning": 1, "notice": 2}


def is_of_another_test(row):
    """A running program with an old password, but none that was started here: they come and go."""
    found = re.fullmatch(r"process (\d+)", row["where"] or "")
    if found is None:
        return False
    try:
        with open("/proc/%s/stat" % found.group(1), encoding="utf-8", errors="replace") as stream:
            return int(stream.read().rpartition(")")[2].split()[1]) != os.getpid()
    except FileNotFoundError:
        return True


class Home:
    """A home with a profile, its password in a store, and everything applied; then something is spoilt."""

    def __init__(self, profile=True, apply=True, password=True, no_proxy="", secret=PASSWORD, cd="."):
        self.folder = cd
        self.box = box = Sandbox(PROGRAM)
        box.secrets = forms_of(secret) | {b"OLDSECRET"}
        os.mkdir(os.path.join(box.top, "bin"))
        os.symlink(PROGRAM, os.path.join(box.top, "bin", "proxyrc"))
        box.env["PATH"] = os.path.join(box.top, "bin") + ":" + box.env["PATH"]
        box.env["EDITOR"] = "true"
        if profile:
            box.run("profile", "add", "office", "http=" + PROXY, "https=" + PROXY, "no_proxy=" + no_proxy, exit=0)
            if password:
                box.run("login", "--no-check", "--no-input", "--user", USER, "--password-stdin", "--store", "plain", input=secret.encode(), exit=0)
            if apply and password:
                box.run("apply", exit=(0, 1))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.box.close()

    def shell(self, script, env=None):
        """What a script prints, with every output searched for secrets."""
        done = subprocess.run(["sh", "-c", script], env={**self.box.env, **(env or {})}, cwd=self.box.path(self.folder), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
        for form in self.box.secrets:
            assert form not in done.stdout + done.stderr, "%s: shows %r" % (script, form)
        return done

    def findings(self, env=None, before="", options="--no-check"):
        done = self.shell(before + "\nproxyrc doctor --json " + options, env)
        assert done.stdout, done.stderr.decode()
        answer = json.loads(done.stdout)
        assert answer["version"] == 1 and list(answer)[0] == "version"
        rows = answer["findings"]
        for row in rows:
            assert set(row) == {"severity", "rule", "what", "where", "remedy"} and row["what"] and row["remedy"], row
        assert [HARM[row["severity"]] for row in rows] == sorted(HARM[row["severity"]] for row in rows), rows
        assert done.returncode == (1 if any(row["severity"] != "notice" for row in rows) else 0), (done.returncode, rows, done.stderr)
        if options == "":
            return rows  # a second look would not be the same: what was rejected is not sent again
        rows = [row for row in rows if not is_of_another_test(row)]
        text = self.shell(before + "\nproxyrc doctor " + options, env).stdout.decode()
        for row in rows:
            assert row["remedy"] in text and row["what"] in text, text
        return rows


def a_healthy_home():
    with Home() as home:
        rows = [row for row in home.findings() if row["severity"] != "notice"]
        assert not rows, rows
        assert "agree" in home.shell("proxyrc doctor --no-check").stdout.decode()
        before = home.box.save()
        home.findings()
        assert home.box.save() == before, "doctor has changed something"


def nothing_is_wrong_with_what_apply_writes():
    """Where people have their proxy before they begin; and what looks odd, and is none of a mistake."""
    old = "export http_proxy=%s\n" % OLD
    for name, files, shell in (("in .bashrc", {".bashrc": old}, "bash"), ("in .zshrc", {".zshrc": old}, "zsh"), ("in .profile", {".profile": old}, "bash"),
                               ("in two files", {".bashrc": old, ".profile": ". ~/.bashrc\n"}, "bash"),
                               ("for several shells", {".bashrc": "case $- in *i*) ;; *) return;; esac\n" + old, ".profile": ". ~/.bashrc\n", ".zshrc": old,
                                                       ".config/fish/config.fish": "set -gx http_proxy %s\n" % OLD, ".tcshrc": "setenv http_proxy %s\n" % OLD}, "bash")):
        with Home(apply=False) as home:
            home.box.env["SHELL"] = "/bin/" + shell
            for file, text in files.items():
                home.box.write(file, text)
            home.box.run("apply", exit=(0, 1))
            rows = [row for row in home.findings() if row["severity"] != "notice"]
            assert not rows, (name, rows)
    for text in ("proxy_on() { export https_proxy=http://x.example:1; }\n", "if ping -c1 proxy.example; then export https_proxy=http://x.example:1; fi\n",
                 "export https_proxy=\"$(cat ~/proxy)\"\n"):
        with Home() as home:
            append(".bashrc", text)(home)
            rows = home.findings()
            assert [row["rule"] for row in rows if row["severity"] != "notice"] == [] and "dynamic" in [row["rule"] for row in rows], (text, rows)


def a_rejected_file_is_said_once():
    with Home() as home:
        home.box.write(".wgetrc", "no_such_command = 1\n")
        rows = [row for row in home.findings() if row["severity"] != "notice"]
        assert [row["rule"] for row in rows] == ["rejected_file"], rows


def write(name, content, mode=0o600):
    return lambda home: home.box.write(name, content, mode)


def append(name, content):
    def run(home):
        with open(home.box.path(name), "ab") as file:
            file.write(content.encode())
    return run


def both(*steps):
    def run(home):
        for step in steps:
            step(home)
    return run


def chmod(name, mode):
    return lambda home: os.chmod(home.box.path(name), mode)


def track(name):
    def run(home):
        git = ["git", "-c", "init.defaultBranch=main", "-C", home.box.dir]
        subprocess.run([*git, "init", "-q"], check=True, env=home.box.env)
        subprocess.run([*git, "add", "-f", name], check=True, env=home.box.env)
    return run


def profile_set(*pairs):
    return lambda home: home.box.run("profile", "set", "office", *pairs, exit=0)


# name, what spoils it, variables of the shell, the rule, words of its sentence, and what the home is like; None for the rule: not found
CASES = [
    ("an old password in .npmrc", write(".npmrc", "proxy=%s\nhttps-proxy=%s\n" % (OLD, OLD)), {}, "old_password", "old password", {}),
    ("an old password in a shell's file", write(".bashrc", "export https_proxy=%s\n" % OLD), {}, "old_password", "old password", {"apply": False}),
    ("an old password in .wgetrc", write(".wgetrc", "https_proxy = %s\n" % OLD), {}, "old_password", "wget", {}),
    ("an old password in this shell", lambda home: None, {"https_proxy": OLD}, "old_password", "old password", {}),
    ("mode 0644", chmod(".config/proxyrc/env.sh", 0o644), {}, "exposed", "others can read it", {}),
    ("mode 0644, a file that is only read", write(".wgetrc", "https_proxy = %s\n" % OLD, 0o644), {}, "exposed", "others can read it", {}),
    ("a shared folder", chmod(".config/proxyrc", 0o777), {}, "exposed", "others can change the folder", {}),
    ("tracked by git", both(write(".npmrc", "proxy=%s\n" % OLD), track(".npmrc")), {}, "exposed", "git tracks it", {"apply": False}),
    ("https.proxy in .gitconfig", append(".gitconfig", "[https]\n\tproxy = http://p.example:1\n"), {}, "dead_key", "git has no https.proxy", {}),
    ("https.proxy with a password", append(".gitconfig", "[https]\n\tproxy = %s\n" % OLD), {}, "dead_key", "one more copy of a password", {}),
    ("a setting below a section in .npmrc", append(".npmrc", "[section]\nproxy=%s\n" % OLD), {}, "dead_key", "no effect here", {}),
    ("no-proxy in .npmrc", append(".npmrc", "no-proxy=a.example\n"), {}, "dead_key", "noproxy", {}),
    ("only HTTP_PROXY in a shell's file", write(".bashrc", "export HTTP_PROXY=http://proxy.example:3128\n"), {}, "letter_case", "only HTTP_PROXY is set",
     {"apply": False}),
    ("only HTTP_PROXY in this shell", lambda home: None, {"HTTP_PROXY": "http://proxy.example:3128"}, "letter_case", "only HTTP_PROXY", {"profile": False}),
    ("both cases, and they differ", lambda home: None, {"https_proxy": "http://a.example:1", "HTTPS_PROXY": "http://b.example:1"}, "letter_case", "differ",
     {"profile": False}),
    ("both cases in files", write(".bashrc", "export https_proxy=http://a.example:1\nexport HTTPS_PROXY=http://b.example:1\n"), {}, "letter_case", "differ",
     {"apply": False}),
    ("pip ignores no_proxy", write(".config/pip/pip.conf", "[global]\nproxy = http://proxy.example:3128\n"), {}, "no_proxy_pip", "pip ignores no_proxy",
     {"no_proxy": "localhost,.corp.example", "secret": "p@ss:w/rd#1%"}),
    ("pip ignores no_proxy of this shell", write(".config/pip/pip.conf", "[global]\nproxy = http://proxy.example:3128\n"), {"no_proxy": "x.example"},
     "no_proxy_pip", "pip ignores no_proxy", {"profile": False}),
    ("a star in the profile's no_proxy", profile_set("no_proxy=localhost,*.corp.example"), {}, "no_proxy_star", "a `*`", {}),
    ("a star in .npmrc", write(".npmrc", "noproxy=*.corp.example\n"), {}, "no_proxy_star", "a `*`", {"apply": False}),
    ("a star in this shell", lambda home: None, {"no_proxy": "localhost, *.corp.example"}, "no_proxy_star", "a `*`", {"profile": False}),
    ("a key twice", append(".gitconfig", "[http]\n\tproxy = http://other.example:1\n"), {}, "duplicate", "only the last one counts", {}),
    ("a key twice in pip.conf", write(".config/pip/pip.conf", "[global]\nproxy = http://a.example:1\nproxy = http://b.example:1\n"), {}, "rejected_file",
     "pip can't use this file", {}),
    ("a broken .gitconfig", write(".gitconfig", "[http\n"), {}, "rejected_file", "git can't use this file", {}),
    ("a control character", write(".curlrc", "proxy = \"http://joe:a%09OLDSECRET@proxy.example:3128\"\n"), {}, "control_character", "go past the proxy", {}),
    ("a bare % in .npmrc", write(".npmrc", "proxy=http://joe:OLDSECRET%@proxy.example:3128\n"), {}, "invalid", "npm", {}),
    ("a CR in a variable", lambda home: None, {"https_proxy": "http://proxy.example:3128\r"}, "invalid", "https_proxy", {}),
    ("quotes in a variable", lambda home: None, {"https_proxy": "'http://proxy.example:3128'"}, "invalid", "https_proxy", {}),
    ("a variable that differs", lambda home: None, {"https_proxy": "http://other.example:3128"}, "this_shell", "https_proxy", {}),
    ("a setting that differs", write(".npmrc", "proxy=http://other.example:1\n"), {}, "differs", "npm", {}),
    ("a proxy for one site", append(".gitconfig", "[http \"https://site.example/\"]\n\tproxy = http://other.example:1\n"), {}, "differs", "git", {}),
    ("npm_config_https_proxy in this shell", lambda home: None, {"npm_config_https_proxy": "http://other.example:1"}, "route", "npm goes to", {}),
    ("a proxy in git's own variables", lambda home: None,
     {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.proxy", "GIT_CONFIG_VALUE_0": "http://joe:OLDSECRET@other.example:1"}, "route", "git goes to", {}),
    ("git's own variables without a value", lambda home: None, {"GIT_CONFIG_COUNT": "1"}, "route", "git can't reach", {}),
    ("git's variable for -c", lambda home: None, {"GIT_CONFIG_PARAMETERS": "'http.proxy'='http://other.example:1'"}, "route", "git goes to", {}),
    ("npm's own variable in a shell's file", append(".profile", "export npm_config_https_proxy=http://other.example:1\n"), {}, "route", "npm goes to", {}),
    ("pip's own variable in a shell's file", append(".profile", "export PIP_PROXY=http://other.example:1\n"), {}, "route", "pip goes to", {}),
    ("git's own variables in a shell's file",
     append(".profile", "export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.proxy GIT_CONFIG_VALUE_0=http://other.example:1\n"), {}, "route", "git goes to", {}),
    ("WGETRC names no file", append(".profile", "export WGETRC=/nonexistent/wgetrc\n"), {}, "route", "wget can't reach", {}),
    ("a file of this folder", both(write("package.json", "{}"), write("x/.npmrc", "https-proxy=http://other.example:1\n"), write("x/package.json", "{}")), {},
     "route", "npm goes to", {"cd": "x"}),
    ("nothing is applied yet", lambda home: None, {}, "differs", "office", {"apply": False}),
    ("no profile", write(".npmrc", "proxy=http://other.example:1\n"), {}, "no_profile", "no profile", {"profile": False}),
    ("strict-ssl=false", append(".npmrc", "strict-ssl=false\n"), {}, "unverified_tls", "strict-ssl", {}),
    ("http.sslVerify", append(".gitconfig", "[http]\n\tsslVerify = false\n"), {}, "unverified_tls", "http.sslverify", {}),
    ("insecure in .curlrc", append(".curlrc", "insecure\n"), {}, "unverified_tls", "insecure", {}),
    ("check_certificate in .wgetrc", write(".wgetrc", "check_certificate = off\n"), {}, "unverified_tls", "wget", {}),
    ("NODE_TLS_REJECT_UNAUTHORIZED", lambda home: None, {"NODE_TLS_REJECT_UNAUTHORIZED": "0"}, "unverified_tls", "NODE_TLS", {}),
    ("a CA file that is not there", profile_set("ca=/nonexistent/ca.pem"), {}, "ca", "/nonexistent/ca.pem", {"apply": False}),
    ("a cafile that is not there", append(".npmrc", "cafile=/nonexistent/ca.pem\n"), {}, "ca", "cafile", {}),
    ("REQUESTS_CA_BUNDLE", lambda home: (home.box.write("ca.pem", "x"), home.box.run("profile", "set", "office", "ca=" + home.box.path("ca.pem"))),
     {"REQUESTS_CA_BUNDLE": "/other.pem"}, "ca", "REQUESTS_CA_BUNDLE", {}),
    ("a setting that another beats, with a password",
     both(write(".pip/pip.conf", "[global]\nproxy = %s\n" % OLD), write(".config/pip/pip.conf", "[global]\nproxy = http://proxy.example:3128\n")), {},
     "overridden", "no effect", {"profile": False}),
]
NOT_MENDED = {"a broken .gitconfig", "a key twice in pip.conf"}  # that takes a person and an editor


def trap(name, spoil, env, rule, words, kind):
    with Home(**kind) as home:
        spoil(home)
        rows = home.findings(env)
        found = [row for row in rows if row["rule"] == rule and words in row["what"]]
        assert found, "not found among %s" % json.dumps(rows, indent=1)
        remedies = list(dict.fromkeys(row["remedy"] for row in found))
        for remedy in remedies:
            done = home.shell("set -e\n" + remedy, env)
            allowed = (0, 1) if re.search(r"proxyrc (apply|use)", remedy) else (0,)
            print("#", remedy, done.stderr.decode(), done.stdout.decode()) if os.environ.get("SHOW") else None
            assert done.returncode in allowed, "%s: exit %d: %s" % (remedy, done.returncode, done.stderr.decode())
        if name in NOT_MENDED:
            return
        left = [row for row in home.findings(env, before="{ %s\n} >/dev/null 2>&1" % "\n".join(remedies)) if row["rule"] == rule and (words in row["what"] or rule == "route")]
        assert not left, "after %s: %s" % (remedies, json.dumps(left, indent=1))


def for_each_shell():
    """What is to be typed into fish and csh is in their syntax; where they are installed they run it."""
    spoilt = {"HTTP_PROXY": "http://proxy.example:3128", "no_proxy": "*.x.example", "NODE_TLS_REJECT_UNAUTHORIZED": "0"}
    for shell, starts in (("bash", ("export ", "unset ")), ("fish", ("set -gx ", "set -e ")), ("tcsh", ("setenv ", "unsetenv "))):
        with Home(profile=False) as home:
            home.box.env["SHELL"] = "/bin/" + shell
            rows = [row for row in home.findings(spoilt) if "this shell" in (row["where"] or "")]
            assert len(rows) >= 3 and all(row["remedy"].startswith(starts) for row in rows), rows
            if shutil.which(shell) is None:
                continue
            script = "".join(row["remedy"] + "\n" for row in rows) + "proxyrc doctor --no-check --json\n"
            done = subprocess.run([shell], input=script.encode(), env={**home.box.env, **spoilt}, cwd=home.box.dir, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, check=False)
            left = [row for row in json.loads(done.stdout[done.stdout.index(b"{"):])["findings"] if "this shell" in (row["where"] or "")]
            assert not left, (shell, left, done.stderr)
        with Home() as home:
            home.box.env["SHELL"] = "/bin/" + shell
            remedy = next(row["remedy"] for row in home.findings({"https_proxy": "http://x.example:1"}) if row["rule"] == "this_shell")
            assert "proxyrc env" in remedy, remedy
            if shutil.which(shell) is not None:
                done = subprocess.run([shell], input=(remedy + "\nprintenv https_proxy\n").encode(), env={**home.box.env, "https_proxy": "http://x.example:1"},
                                      cwd=home.box.dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
                assert b"@proxy.example:3128" in done.stdout, (shell, done.stdout, done.stderr)


def no_password():
    """Stored nowhere; in a store that is locked; in one that is out of reach."""
    with Home(password=False) as home:
        home.box.run("profile", "set", "office", "user=" + USER, exit=0)
        row = next(row for row in home.findings() if row["rule"] == "store")
        assert row["severity"] == "error" and row["remedy"] == "proxyrc login office", row
        home.box.run("profile", "set", "office", "store=secret-service", exit=0)
        row = next(row for row in home.findings() if row["rule"] == "store")
        assert "Secret Service" in row["what"] and row["remedy"] == "proxyrc login office --store vault", row
    with Home(password=False) as home:
        home.box.write("passphrase", "correct horse\n", 0o600)
        home.box.run("login", "--no-check", "--no-input", "--user", USER, "--password-stdin", "--store", "vault", input=PASSWORD.encode(), exit=0,
                     env={"PROXYRC_PASSPHRASE_FILE": home.box.path("passphrase")})
        row = next(row for row in home.findings() if row["rule"] == "store")
        assert row["severity"] == "notice" and row["remedy"] == "proxyrc unlock", row


def a_program_with_an_old_password():
    with Home() as home:
        process = subprocess.Popen(["sleep", "60"], env={**home.box.env, "https_proxy": OLD}, stdout=subprocess.DEVNULL)
        try:
            rows = [row for row in home.findings() if row["rule"] == "running_program"]
            assert any("process %d" % process.pid == row["where"] and "sleep" in row["what"] for row in rows), rows
        finally:
            process.kill()
            process.wait()
        assert not [row for row in home.findings() if row["rule"] == "running_program"]


class Proxy(threading.Thread):
    """Answers every request the same, and counts those with a credential."""

    def __init__(self, answer, then=lambda client: None):
        super().__init__(daemon=True)
        self.answer, self.then, self.credentials = answer, then, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                client.settimeout(5)
                head = b""
                try:
                    while b"\r\n\r\n" not in head:
                        more = client.recv(4096)
                        if not more:
                            break
                        head += more
                    if b"\r\n\r\n" in head:
                        self.credentials += b"proxy-authorization:" in head.lower()
                        client.sendall(self.answer(head))
                        self.then(client)
                except OSError:
                    pass

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def wants_basic(_):
    return b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def wants_ntlm(_):
    return b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def with_proxy(answer, scheme="http"):
    proxy = Proxy(answer)
    home = Home(profile=False)
    url = "%s://127.0.0.1:%d" % (scheme, proxy.port)
    home.box.run("profile", "add", "office", "http=" + url, "https=" + url, exit=0)
    home.box.run("login", "--no-check", "--no-input", "--user", USER, "--password-stdin", "--store", "plain", input=PASSWORD.encode(), exit=0)
    home.box.run("apply", exit=(0, 1))
    return proxy, home


def a_rejected_password():
    """One live check sends it once; the next says `withheld`, and sends nothing."""
    proxy, home = with_proxy(wants_basic)
    with home:
        row = next(row for row in home.findings(options="") if row["rule"] == "check")
        assert row["remedy"] == "proxyrc passwd office" and row["severity"] == "error", row
        assert row["what"].startswith(("credentials_rejected", "withheld")), row
        home.findings(options="")
        assert proxy.credentials == 1, proxy.credentials
        proxy.close()


def a_proxy_that_is_not_there():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Home(profile=False) as home:
        home.box.run("profile", "add", "office", "https=http://127.0.0.1:%d" % port, exit=0)
        row = next(row for row in home.findings(options="") if row["rule"] == "check")
        assert row["what"].startswith("unreachable") and row["remedy"] == "proxyrc use direct", row
        assert home.shell(row["remedy"]).returncode in (0, 1)
        assert not [row for row in home.findings(options="") if row["rule"] == "check"]


def https_by_mistake():
    proxy, home = with_proxy(wants_basic, "https")
    with home:
        row = next(row for row in home.findings(options="") if row["rule"] == "proxy_scheme")
        assert "http=http://127.0.0.1:%d" % proxy.port in row["remedy"] and "https=http://127.0.0.1:%d" % proxy.port in row["remedy"], row
        assert proxy.credentials == 0
        assert home.shell(row["remedy"]).returncode == 0
        assert not [row for row in home.findings(options="") if row["rule"] == "proxy_scheme"]
        proxy.close()


def intercepted():
    """A proxy that answers for every site itself: the CA is asked for, and with it in the profile the tools are to get it."""
    if shutil.which("openssl") is None:
        return "SKIP openssl is needed"
    with Home(profile=False) as home:
        key, ca = os.path.join(home.box.top, "key.pem"), os.path.join(home.box.top, "ca.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", ca, "-days", "30", "-subj", "/CN=Reading Along",
                        "-addext", "subjectAltName=DNS:site.example"], check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ca, key)
        proxy = Proxy(lambda head: b"HTTP/1.1 200 OK\r\n\r\n", then=lambda client: context.wrap_socket(client, server_side=True).recv(1))
        url = "http://127.0.0.1:%d" % proxy.port
        home.box.run("profile", "add", "office", "http=" + url, "https=" + url, "check_url=https://site.example/", exit=0)
        home.box.run("apply", exit=(0, 1))
        row = next(row for row in home.findings(options="") if row["rule"] == "check")
        assert row["what"].startswith("tls_intercepted") and "Reading Along" in row["what"], row
        assert home.shell(row["remedy"]).returncode == 0
        home.box.run("profile", "set", "office", "ca=" + ca, exit=0)
        rows = home.findings(options="")
        assert not [row for row in rows if row["rule"] == "check"], rows
        assert [row for row in rows if row["rule"] == "differs"], rows
        home.box.run("apply", exit=(0, 1))
        assert not [row for row in home.findings(options="") if row["severity"] != "notice" and row["rule"] != "helpless_tool"]
        proxy.close()
        return None


def tools_that_cannot_pass():
    proxy, home = with_proxy(wants_ntlm)
    with home:
        rows = [row for row in home.findings(options="") if row["rule"] == "helpless_tool"]
        assert not shutil.which("pip") or any(row["what"].startswith("pip ") for row in rows), rows
        assert all(home.shell(row["remedy"]).returncode == 0 for row in rows)
        proxy.close()


def another_home():
    """The remedies name it."""
    with Home() as home:
        home.box.write(".npmrc", "proxy=http://other.example:1\n", 0o600)
        done = home.shell("proxyrc doctor --no-check --json --home '%s'" % home.box.dir)
        rows = json.loads(done.stdout)["findings"]
        assert rows and all("--home " + home.box.dir in row["remedy"] for row in rows if row["rule"] == "differs"), rows


def main():
    taps = Taps()
    taps.run("a_healthy_home", a_healthy_home)
    taps.run("nothing_is_wrong_with_what_apply_writes", nothing_is_wrong_with_what_apply_writes)
    taps.run("a_rejected_file_is_said_once", a_rejected_file_is_said_once)
    for case in CASES:
        taps.run(case[0], trap, *case)
    for case in (for_each_shell, no_password, a_program_with_an_old_password, a_rejected_password, a_proxy_that_is_not_there, https_by_mistake, intercepted, tools_that_cannot_pass,
                 another_home):
        taps.run(case.__name__, case)
    return taps.done()


sys.exit(main())
