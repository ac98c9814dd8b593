"""`route` against the tools themselves: random homes, in which curl, git and wget are run and watched where they connect
(tests/model/redirect.c), npm and pip decide by their own code in one long-running process each, and are run for some.

What is said to be undecided is counted; everything else must agree. Seed and number: PRC_TEST_SEED, PRC_TEST_CASES.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

import generate

PROGRAM, REDIRECT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HERE = os.path.dirname(os.path.abspath(__file__))
SEED = int(os.environ.get("PRC_TEST_SEED", time.time_ns() & 0xFFFFFFFF))
CASES = int(os.environ.get("PRC_TEST_CASES", 120))
TOOLS = ("curl", "git", "npm", "pip", "wget")
# Undecided answers may be this share of all, and no more.
UNDECIDED_MAX = 0.12


def find_programs():
    """PATH, with the Python that runs this first: its pip is the one that is asked. PRC_TEST_PROGRAMS: a folder of others."""
    folders = [os.environ.get("PRC_TEST_PROGRAMS", "/nowhere"), os.path.dirname(os.path.realpath(sys.executable)), "/usr/local/bin", "/usr/bin", "/bin"]
    path = ":".join(folder for folder in folders if os.path.isdir(folder))
    return path, {name: shutil.which(name, path=path) for name in TOOLS + ("node",) + tuple(generate.SHELLS)}


PATH, PROGRAMS = find_programs()


class Oracle:
    """A process that answers line by line."""

    def __init__(self, name, argv):
        self.name = name
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def ask(self, case):
        try:
            self.process.stdin.write(json.dumps(case) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().strip()
        except BrokenPipeError:
            answer = ""
        if answer == "":
            self.process.wait()
            raise Missing("%s: its own code could not be asked (exit %s)" % (self.name, self.process.returncode))
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Missing(Exception):
    pass


def watch(argv, env, cwd):
    """Runs a tool; the host and port that it connects to first, or None."""
    env = dict(env, LD_PRELOAD=REDIRECT, PRC_TEST_PORT="1", GIT_TERMINAL_PROMPT="0", GIT_ASKPASS="/bin/echo")
    done = subprocess.run(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
    names, where = [], None
    for line in done.stderr.decode(errors="replace").split("\n"):
        if line.startswith("@name "):
            names.append(line[len("@name "):].rsplit(" ", 1)[0].strip("[]").lower())
        elif line.startswith("@connect ") and where is None:
            address, port = line[len("@connect "):].rsplit(" ", 1)
            where = (set(names) | {address}, int(port))
    return where, done.stderr.decode(errors="replace")


TARGETS = {host.strip("[]").lower() for host in generate.HOSTS} | {"10.0.0.1", "8.1.2.3", "::ffff:a01:203"}  # as inet_aton and URLs have them


def target_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def proxy_of(text):
    scheme, host, port = re.fullmatch(r"(\w+)://\[?([^\]/]*?)\]?:(\d+)", text).groups()
    return host, int(port)


def as_words(where, url):
    """The answer in the words of the oracles."""
    if where is None:
        return "fail"
    names, port = where
    host, own_port = target_of(url)
    others = sorted(name for name in names - {host, "127.0.0.1"} - TARGETS)
    if port in (own_port, 80, 443) and not others: # where insteadOf leads git, too
        return "direct"
    return "proxy %s %d" % (others[-1] if others else host, port)


def ours(route):
    if route["undecided"]:
        return "undecided"
    if route["invalid"]:
        return "fail"
    return "proxy %s %d" % proxy_of(route["through"] or route["proxy"]) if route["proxy"] else "direct"


COMMANDS = {
    "curl": lambda url: [PROGRAMS["curl"], "-s", "-m", "20", url],
    "git": lambda url: [PROGRAMS["git"], "ls-remote", url],
    "wget": lambda url: [PROGRAMS["wget"], "-q", "--no-hsts", "-t1", "-T20", "-O", "/dev/null", url],
    "npm": lambda url: [PROGRAMS["npm"], "view", "x", "--fetch-retries=0", "--no-update-notifier", "--logs-max=0", "--registry", url],
    "pip": lambda url: [PROGRAMS["pip"], "install", "--no-deps", "--retries=0", "--timeout=5", "--disable-pip-version-check", "--no-cache-dir", "--no-input", "--trusted-host", target_of(url)[0], "-i", url, "x"],
}


class Suite:
    def __init__(self, system=False):
        self.system = system
        self.rand = random.Random(SEED)
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="proxyrc-route-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        self.compared = {}
        self.undecided = {}
        self.disagreements = []
        self.oracles = {}
        if PROGRAMS["npm"] and PROGRAMS["node"]:
            self.start_oracle("npm", [PROGRAMS["node"], HERE + "/oracle-npm.js", PROGRAMS["npm"]])
        if PROGRAMS["pip"]:
            self.start_oracle("pip", [sys.executable, HERE + "/oracle-pip.py"])

    def start_oracle(self, name, argv):
        oracle = Oracle(name, argv)
        try:
            oracle.ask({"env": list(self.session_variables("/nonexistent").items()), "cwd": "/", "url": "http://h/"})
        except Missing as missing:
            print("# skipped, but for runs of the program itself: %s" % missing)
        else:
            self.oracles[name] = oracle

    def close(self):
        for oracle in self.oracles.values():
            oracle.close()
        shutil.rmtree(self.top, ignore_errors=True)

    def session_variables(self, path):
        return {"HOME": path, "PATH": PATH, "LC_ALL": "C.UTF-8", "USER": "joe", "LOGNAME": "joe"}

    def login_environment(self, home, path, interactive=False):
        """What a program gets that a real login shell starts."""
        shell = PROGRAMS[home.shell]
        if home.shell == "tcsh":
            argv = ["-tcsh", "-c"]
        else:
            argv = [home.shell, "-l"] + (["-i"] if interactive else []) + ["-c"]
        # an absolute path, for start-up files may have changed PATH
        done = subprocess.run(argv + ["/usr/bin/env -0"], executable=shell, env=dict(self.session_variables(path), **home.pam), cwd=path, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, start_new_session=interactive)
        pairs = [entry.split("=", 1) for entry in done.stdout.decode(errors="surrogateescape").split("\0") if "=" in entry]
        return dict(pairs) if any(name == "HOME" for name, _ in pairs) else None

    def routes(self, home, path, url, login, env):
        """Our answers, by tool."""
        argv = [PROGRAM, "route", "--json", "--dir", os.path.join(path, home.dir), url]
        if not login:
            argv.insert(2, "--this-shell")
        mine = dict(self.session_variables(path), SHELL="/bin/" + home.shell) if login else dict(env)
        if "PROXYRC_TOOLS_DIR" in os.environ:
            mine["PROXYRC_TOOLS_DIR"] = os.environ["PROXYRC_TOOLS_DIR"]
        done = subprocess.run(argv, env=mine, cwd=path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        try:
            return {route["tool"]: route for route in json.loads(done.stdout)["routes"]}
        except ValueError:
            raise AssertionError("route: exit %d: %s" % (done.returncode, done.stderr.decode()))

    def theirs(self, tool, env, cwd, url, really):
        if tool in self.oracles and not really:
            return self.oracles[tool].ask({"env": list(env.items()), "cwd": cwd, "url": url}), ""
        where, said = watch(COMMANDS[tool](url), env, cwd)
        return as_words(where, url), said

    def case(self, number, login, really):
        path = os.path.join(self.top, "h%d" % number)
        os.mkdir(path, 0o700)
        home = generate.make(self.rand, path, login, self.system)
        home.path = path
        url = home.url()
        generate.write(home, path)
        mounted = self.mount(home, path)
        if login and not PROGRAMS[home.shell]:
            self.unmount(mounted)
            shutil.rmtree(path)
            return
        env = self.login_environment(home, path) if login else dict(list(self.session_variables(path).items()) + home.variables)
        if env is not None:
            env["PATH"] = PATH
            env["PIP_BREAK_SYSTEM_PACKAGES"] = "1"  # what it asks for does not exist anyway
            routes = self.routes(home, path, url, login, env)
            for tool in TOOLS:
                if PROGRAMS[tool] and (tool not in ("npm", "pip") or tool in self.oracles or (really and tool != "npm")):  # npm before 10 is another
                    self.compare(tool, routes[tool], home, env, os.path.join(path, home.dir), url, login, really)
        self.unmount(mounted)
        shutil.rmtree(path)

    def mount(self, home, path):
        """In a mount namespace of our own: the home's etc/ over the machine's, as far as that has such files."""
        mounted = []
        for name in home.system:
            if os.path.exists("/" + name):
                subprocess.run(["mount", "--bind", os.path.join(path, name), "/" + name], check=True)
                mounted.append("/" + name)
        home.pam = home.pam if "/etc/environment" in mounted else {}
        return mounted

    def unmount(self, mounted):
        for name in mounted:
            subprocess.run(["umount", name], check=True)

    def compare(self, tool, route, home, env, cwd, url, login, really, kind=None):
        mine = ours(route)
        kind = kind or "%s, %s" % (tool, "login" if login else "this shell")
        self.compared[kind] = self.compared.get(kind, 0) + 1
        if route.get("interactive") and home.shell != "tcsh":
            # both ways are told: each must be right
            self.compare(tool, route["command"], home, env, cwd, url, login, really, tool + ", login, to run a command")
            typed = self.login_environment(home, home.path, True)
            if typed is not None:
                self.compare(tool, route["interactive"], home, dict(typed, PATH=PATH), cwd, url, login, really, tool + ", login, interactive")
        if mine == "undecided":
            self.undecided.setdefault(kind, []).append(route["undecided"])
            return
        theirs, said = self.theirs(tool, env, cwd, url, really)
        if theirs.startswith("proxy ") and not re.fullmatch(r"proxy [\w.:-]+ [1-9]\d*", theirs):
            theirs = "fail, no such host: " + theirs
        if tool == "npm" and "URI malformed" in said:
            theirs = "fail, connected and then gave up: " + theirs
        if mine == theirs or (mine == "fail" and theirs.startswith("fail")):
            return
        lines = ["%s for %s: we say %s, the tool %s%s" % (kind, url, mine, theirs, " (run)" if really else ""), "  " + json.dumps(route)]
        lines += ["  %s: %r" % (name, text) for name, text in home.files.items() if not name.endswith("keep")]
        lines += ["  shell %s" % home.shell if login else "  variables %r" % home.variables, "  the tool's environment: %r" % {n: v for n, v in env.items() if "rox" in n.lower() or "CONFIG" in n}]
        lines += ["  said: " + said[-300:].replace("\n", " | ")]
        if route["decided_by"] and route["decided_by"].get("line"):
            with open(route["decided_by"]["file"]) as file:
                lines.insert(1, "  decided by: " + file.read().split("\n")[route["decided_by"]["line"] - 1])
        elif route["decided_by"]:
            lines.insert(1, "  decided by: %s" % env.get(route["decided_by"].get("env")))
        self.disagreements.append("\n".join(lines))

    def report(self):
        total = sum(self.compared.values())
        undecided = sum(len(reasons) for reasons in self.undecided.values())
        for kind in sorted(self.compared):
            print("# %s: %d compared, %d undecided" % (kind, self.compared[kind], len(self.undecided.get(kind, []))))
        print("# %d answers, %d undecided (%.1f %%)" % (total, undecided, 100 * undecided / max(1, total)))
        reasons = {}
        for found in self.undecided.values():
            for reason in found:
                short = re.sub(r"/dev/shm/\S+?:\d+: |/tmp/\S+?:\d+: |\S*proxyrc-route-\S+", "", reason)
                short = re.sub(r"\b\w*prox\w*\b|http\S*|\bline \d+", "…", short, flags=re.I)
                reasons[short] = reasons.get(short, 0) + 1
        for reason, n in sorted(reasons.items(), key=lambda item: -item[1])[:12]:
            print("#   %d × %s" % (n, reason[:150]))
        return undecided / max(1, total)


def run(suite, name, n, login, really=False):
    before, begin = len(suite.disagreements), time.monotonic()
    for number in range(n):
        suite.case(number, login, really)
    found = suite.disagreements[before:]
    run.number += 1
    print("%s %d - %s: %d homes (%.1f s)" % ("not ok" if found else "ok", run.number, name, n, time.monotonic() - begin), flush=True)
    if os.environ.get("PRC_TEST_SHORT"):
        found = ["\n".join(text.split("\n")[:2]) for text in found]
    for text in found[:200 if os.environ.get("PRC_TEST_SHORT") else 8]:
        print("# " + text.replace("\n", "\n# "), flush=True)
    if len(found) > 8:
        print("# and %d more" % (len(found) - 8))


run.number = 0


def main_of_system():
    suite = Suite(True)
    try:
        for name, login in (("the system's files, this shell", False), ("the system's files, a new login shell", True)):
            run(suite, name, max(10, CASES // 4), login)
        suite.report()
    finally:
        suite.close()
    return 1 if suite.disagreements else 0


def run_system():
    """The same where files of our own lie over those in /etc, in a mount namespace."""
    for options in (["-m"], ["-r", "-m"]):
        if subprocess.run(["unshare", *options, "/bin/true"], stderr=subprocess.DEVNULL).returncode == 0:
            done = subprocess.run(["unshare", *options, sys.executable, os.path.abspath(__file__), PROGRAM, REDIRECT, "--system"], stdout=subprocess.PIPE, text=True,
                                  env=dict(os.environ, PRC_TEST_SEED=str(SEED)))
            for line in done.stdout.rstrip("\n").split("\n"):
                if line.startswith(("ok ", "not ok ")):
                    run.number += 1
                    line = re.sub(r"ok \d+", "ok %d" % run.number, line)
                print(line)
            return done.returncode == 0
    print("# skipped: no mount namespace can be made here for files in /etc")
    return True


def main():
    if sys.argv[3:] == ["--system"]:
        return main_of_system()
    print("# PRC_TEST_SEED=%d" % SEED, flush=True)
    for name in sorted(PROGRAMS):
        if not PROGRAMS[name]:
            print("# skipped: %s is not there" % name)
    suite = Suite()
    try:
        run(suite, "the variables of this shell", CASES, False)
        run(suite, "a new login shell", CASES, True)
        run(suite, "npm and pip really run", max(2, CASES // 40), False, True)
        run(suite, "npm and pip really run from a login shell", max(2, CASES // 40), True, True)
        share = suite.report()
    finally:
        suite.close()
    failed = not run_system()
    run.number += 1
    print("%s %d - little is undecided" % ("ok" if share <= UNDECIDED_MAX or CASES < 100 else "not ok", run.number))
    print("1..%d" % run.number)
    return 1 if failed or suite.disagreements or (share > UNDECIDED_MAX and CASES >= 100) else 0


sys.exit(main())
