#!/usr/bin/env python3
"""bench.py PROGRAM [SECTION…] [--quick] [--tree DIR]: proxyrc beside the tools themselves.

Ours and theirs are run in turns, in the same home with the same content, warm, each as processes started from here
(posix_spawn, wait4); medians are compared. The secret is in the `plain` store: opening the vault costs what its key
derivation is set to cost, which would hide everything else. Peak memory is what /usr/bin/time says, instructions are
what callgrind counts. Nothing is asserted: the targets stand beside the results.
"""
import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import fixture  # noqa: E402

USER, PASSWORD, ENCODED = "jdoe", "p@ss:w/rd#1%", "p%40ss%3Aw%2Frd%231%25"
TREE_FILES, TREE_FOLDERS, PLANTED = 200000, 20000, 500
PLANTED_NAMES = [".npmrc", ".curlrc", "pip.conf", ".env", ".git/config"]
PLANTED_TEXT = {
    ".npmrc": "registry=https://registry.test/\nproxy=http://jdoe:old@proxy.test:3128\n",
    ".curlrc": "proxy = \"http://jdoe:old@proxy.test:3128\"\n",
    "pip.conf": "[global]\nproxy = http://jdoe:old@proxy.test:3128\n",
    ".env": "http_proxy=http://jdoe:old@proxy.test:3128\n",
    ".git/config": "[core]\n\tbare = false\n[http]\n\tproxy = http://jdoe:old@proxy.test:3128\n",
}


def say(*columns):
    print("  ".join("%-*s" % (width, column) for width, column in zip((46, 12, 12, 10, 0), columns)).rstrip(), flush=True)


class Machine:
    """A home with all five tools configured, and the program."""

    def __init__(self, program, directory, runs):
        self.program, self.directory, self.runs = os.path.abspath(program), directory, runs
        self.home = os.path.join(directory, "home")
        self.environment = fixture.clean_environment(self.home)
        os.mkdir(self.home)
        for name in (".profile", ".bashrc"):
            with contextlib.suppress(OSError):
                shutil.copy("/etc/skel/" + name, self.home)
        with open(os.path.join(self.home, ".gitconfig"), "w", encoding="utf-8") as stream:
            stream.write("[user]\n\tname = Some One\n\temail = some.one@example.com\n[alias]\n\tst = status\n")
        self.quietly(["profile", "add", "office", "http=" + self.url(0), "https=" + self.url(0), "no_proxy=localhost,127.0.0.1"])
        # a credential is bound to its proxy: one for each of the two that `apply` goes to and fro between
        for number in (1, 0):
            self.go_to(number)
            self.quietly(["login", "office", "--user", USER, "--password-stdin", "--no-check", "--store", "plain"], PASSWORD + "\n")
        self.quietly(["apply"])

    @staticmethod
    def url(number, credentials=""):
        return "http://%sproxy.test:%d" % (credentials, 3128 + number % 2)

    def go_to(self, number):
        self.quietly(["profile", "set", "office", "http=" + self.url(number), "https=" + self.url(number)])

    def quietly(self, arguments, stdin="", expected=(0, 1)):
        done = subprocess.run([self.program] + arguments, env=self.environment, cwd=self.home, input=stdin.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode not in expected:
            sys.exit("bench: %s: exit %d\n%s" % (" ".join(arguments), done.returncode, done.stderr.decode(errors="replace")))
        return done

    def run(self, argv, stdin=os.devnull, expected=(0, 1), environment=None):
        """Seconds that one process took, from its start to its end. @stdin: the name of a file."""
        null = os.open(os.devnull, os.O_RDWR)
        source = os.open(stdin, os.O_RDONLY)
        try:
            begin = time.perf_counter()
            child = os.posix_spawnp(argv[0], argv, environment or self.environment,
                                    file_actions=[(os.POSIX_SPAWN_DUP2, fd, to) for fd, to in ((source, 0), (null, 1), (null, 2))])
            _, status, _ = os.wait4(child, 0)
            end = time.perf_counter()
        finally:
            os.close(null)
            os.close(source)
        # 1: proxyrc's "no", git's "no such key"; anything else has not done what is to be measured
        if os.waitstatus_to_exitcode(status) not in expected:
            sys.exit("bench: %s: exit %d" % (" ".join(argv), os.waitstatus_to_exitcode(status)))
        return end - begin

    def in_turns(self, contestants, runs=None, before=None):
        """{name: median seconds} of contestants: {name: [argv…]}, all processes of one after another."""
        times = {name: [] for name in contestants}
        for name, commands in contestants.items():
            for argv in commands:
                self.run(argv)
        for number in range(runs or self.runs):
            for name, commands in contestants.items():
                if before is not None:
                    commands = before(name, number, commands)
                times[name].append(sum(self.run(argv) for argv in commands))
        return {name: statistics.median(values) for name, values in times.items()}


def ms(seconds):
    return "%.1f ms" % (seconds * 1000)


def pip_name():
    return "pip" if shutil.which("pip", path=fixture.SYSTEM_PATH) else "pip3"


def section_read(machine):
    theirs = [["git", "config", "--get", "http.proxy"], ["npm", "config", "get", "https-proxy"],
              [pip_name(), "config", "get", "global.proxy"], ["curl", "-s", "file:///dev/null"],
              ["bash", "-lc", "printenv http_proxy https_proxy no_proxy"]]
    got = machine.in_turns({"ours": [[machine.program, "status"]], "json": [[machine.program, "status", "--json"]]})
    got.update(machine.in_turns({"again": [[machine.program, "status"]], "theirs": theirs}, max(5, machine.runs // 5)))
    ours = got["ours"]
    say("status; theirs: 5 tools read their own", ms(ours), ms(got["theirs"]), "%.0f x" % (got["theirs"] / ours), ">= 100 x")
    say("status --json", ms(got["json"]))


def section_write(machine):
    def before(name, number, commands):
        """Each run has something to write."""
        if name == "nothing to do":
            return commands
        if name == "ours":
            machine.go_to(number + 1)
            return commands
        url = machine.url(number + 1, "%s:%s@" % (USER, ENCODED))
        return [[word.replace("URL", url) for word in argv] for argv in commands]

    theirs = [["git", "config", "--global", "--replace-all", "http.proxy", "URL"], ["npm", "config", "set", "proxy", "URL"],
              ["npm", "config", "set", "https-proxy", "URL"], [pip_name(), "config", "--user", "set", "global.proxy", "URL"],
              ["sh", "-c", "printf 'proxy = \"%s\"\\n' \"$1\" >~/.curlrc", "sh", "URL"],
              ["sh", "-c", "sed -i '/_proxy=/d' ~/.profile; printf \"export http_proxy='%s' https_proxy='%s'\\n\" \"$1\" \"$1\" >>~/.profile", "sh", "URL"]]
    # theirs write into a home of their own, so that ours has no more to do than they
    other = Machine.__new__(Machine)
    other.__dict__.update(machine.__dict__)
    other.home = os.path.join(machine.directory, "other-home")
    shutil.copytree(machine.home, other.home, symlinks=True)
    other.environment = fixture.clean_environment(other.home)
    ours = machine.in_turns({"ours": [[machine.program, "apply"]]}, before=before)["ours"]
    idle = machine.in_turns({"nothing to do": [[machine.program, "apply"]]}, before=before)["nothing to do"]
    their = other.in_turns({"theirs": theirs}, max(5, machine.runs // 5), before)["theirs"]
    again = machine.in_turns({"ours": [[machine.program, "apply"]]}, before=before)["ours"]
    ours = statistics.mean([ours, again])
    say("apply, all files change; theirs: 6 commands", ms(ours), ms(their), "%.0f x" % (their / ours), ">= 50 x")
    say("apply, nothing to do", ms(idle))
    say("for comparison: one fsync() of a new file here", ms(fsync_cost(machine.directory)), "none", "", "theirs are not crash-safe")


def fsync_cost(directory):
    times = []
    for number in range(20):
        fd = os.open(os.path.join(directory, "synced%d" % number), os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(fd, b"x" * 100)
        begin = time.perf_counter()
        os.fsync(fd)
        times.append(time.perf_counter() - begin)
        os.close(fd)
    return statistics.median(times)


def make_tree(top):
    """TREE_FILES files in TREE_FOLDERS folders, PLANTED of them with a proxy in it."""
    marker = os.path.join(top, "complete")
    if os.path.exists(marker):
        return
    folders = []
    for number in range(TREE_FOLDERS):
        folder = os.path.join(top, "group%02d" % (number // 1000), "project%03d" % (number // 20 % 50), "part%02d" % (number % 20))
        os.makedirs(folder, exist_ok=True)
        folders.append(folder)
    for number in range(TREE_FILES - PLANTED):
        os.close(os.open(os.path.join(folders[number % TREE_FOLDERS], "file%d.c" % (number // TREE_FOLDERS)), os.O_CREAT | os.O_WRONLY, 0o644))
    for number in range(PLANTED):
        name = PLANTED_NAMES[number % len(PLANTED_NAMES)]
        path = os.path.join(folders[number * (TREE_FOLDERS // PLANTED)], name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(PLANTED_TEXT[name])
    with open(marker, "w", encoding="utf-8"):
        pass


def section_scan(machine, tree):
    with contextlib.ExitStack() as stack:
        if tree is None:
            tree = stack.enter_context(tempfile.TemporaryDirectory(prefix="proxyrc-tree-"))
        make_tree(tree)
        names = [name.split("/")[-1] for name in PLANTED_NAMES]
        contestants = {"ours": [[machine.program, "scan", tree]],
                       "rg": [["rg", "--files", "-uu"] + [word for name in names for word in ("-g", name)] + [tree]]}
        fd = next((name for name in ("fdfind", "fd") if shutil.which(name, path=fixture.SYSTEM_PATH)), None)
        if fd:
            contestants["fd"] = [[fd, "-u", "-t", "f", "^(%s)$" % "|".join(re.escape(name) for name in names), tree]]
        tests = [word for name in names for word in ("-o", "-name", name)][1:]
        contestants["find"] = [["find", tree, "-type", "f", "("] + tests + [")"]]
        got = machine.in_turns(contestants, max(7, machine.runs // 3))
        for name in contestants:
            if name != "ours":
                say("scan, %d files in %d folders; theirs: %s" % (TREE_FILES, TREE_FOLDERS, name), ms(got["ours"]), ms(got[name]),
                    "%.2f of" % (got["ours"] / got[name]), "<= 0.60 of ripgrep" if name == "rg" else "")


def section_start(machine):
    got = machine.in_turns({"ours": [[machine.program, "env", "--shell", "sh"]], "version": [[machine.program, "--version"]],
                            "true": [["true"]]}, machine.runs * 3)
    say("env --shell sh", ms(got["ours"]), "", "", "<= 2 ms")
    say("--version; theirs: true(1)", ms(got["version"]), ms(got["true"]), "%.1f x" % (got["version"] / got["true"]))


def section_memory(machine):
    for what, arguments, target in (("apply", ["apply"], "<= 10 MiB"), ("status", ["status"], ""), ("env", ["env", "--shell", "sh"], "")):
        peaks = []
        for number in range(5):
            if what == "apply":
                machine.go_to(number + 1)
            done = subprocess.run(["/usr/bin/time", "-f", "peak %M", machine.program] + arguments, env=machine.environment,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            peaks.append(int(re.findall(r"peak (\d+)", done.stderr)[-1]))
        say("peak memory of %s" % what, "%.1f MiB" % (max(peaks) / 1024), "", "", target)


def section_instructions(machine):
    machine.quietly(["apply"])
    for arguments in (["status"], ["status", "--json"], ["env", "--shell", "sh"], ["apply"], ["--version"]):
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", machine.program] + arguments,
                              env=machine.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        count = re.findall(r"Collected *: *(\d+)", done.stderr)
        say("instructions of %s%s" % (" ".join(arguments), ", nothing to do" if arguments == ["apply"] else ""),
            "%.2f M" % (int(count[-1]) / 1e6) if count else "?")


def section_check(machine):
    import check_bench
    check_bench.section(machine, say, ms)


def section_shells(machine):
    import shell_bench
    shell_bench.section(machine, say, ms)


def section_face(machine):
    import face_bench
    face_bench.section(machine, say)


def section_fleet(machine):
    import fleet_bench
    fleet_bench.section(machine, say, ms)


SECTIONS = {"read": section_read, "write": section_write, "scan": section_scan, "start": section_start, "memory": section_memory,
            "instructions": section_instructions, "check": section_check, "shells": section_shells, "face": section_face,
            "fleet": section_fleet}


def main():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help=argparse.SUPPRESS)
    parser.add_argument("section", nargs="*", help="of: " + ", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="a fifth of the runs")
    parser.add_argument("--tree", help="a directory to keep the tree for `scan` in, and find it again")
    options = parser.parse_args()
    for name in options.section:
        if name not in SECTIONS:
            parser.error("no section '%s'; there are: %s" % (name, ", ".join(SECTIONS)))

    fixture.stop_on_signals()
    with tempfile.TemporaryDirectory(prefix="proxyrc-bench-") as directory:
        machine = Machine(options.program, directory, 10 if options.quick else 50)
        print("medians of %d runs and more, in turns; the secret is in the plain store (no key derivation)" % machine.runs)
        say("what", "proxyrc", "theirs", "ratio", "target")
        for name, section in SECTIONS.items():
            if options.section and name not in options.section:
                continue
            if name == "scan":
                section(machine, options.tree)
            else:
                section(machine)


if __name__ == "__main__":
    main()
