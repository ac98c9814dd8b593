#!/usr/bin/env python3
"""test-leaks.py PROGRAM STEP: the password, and the other secrets that stand beside it, come out nowhere

Every run looks for them in its output (see sandbox.py). "HIDDEN…" are secrets that were in the files before. Prints TAP.
"""
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

from sandbox import PASSWORD, PROXY, USER, Sandbox, Taps, forms_of, lived_in, step_works

PROGRAM, STEP = sys.argv[1], os.path.abspath(sys.argv[2])
PASSWD = ("passwd", "--no-check", "--no-input", "--password-stdin")
LOGIN = ("login", "--no-check", "--no-input", "--user", USER, "--password-stdin")


def new_box(log_in=True, secret=PASSWORD):
    box = Sandbox(PROGRAM, secret)
    box.secrets |= {b"HIDDEN"}
    lived_in(box)
    with open(box.path(".gitconfig"), "ab") as file:  # git's keys may hold a URL
        file.write(b'[http "https://u:HIDDENg@site.example/"]\n\tproxy = http://x:HIDDENh@older.example:1\n\tsslVerify = false\n'
                   b'[https "http://u:HIDDENi@p.example"]\n\tproxy = http://q:1\n')
    if log_in:
        box.log_in()
    box.secrets |= {b"HIDDEN"}
    return box


def with_box(function):
    def run(*args):
        box = new_box()
        try:
            return function(box, *args)
        finally:
            box.close()
    return run


@with_box
def all_commands(box):
    """Text, JSON, verbose, dry; with the files as they were, as applied, and with the password changed since."""
    def everything():
        for options in ((), ("--json",), ("--verbose",), ("--color", "always")):
            box.run("status", *options)
            box.run("profile", "list", *options)
            box.run("profile", "show", *options)
            box.run("tools", *options)
            box.run("tools", "git", *options)
            box.run("history", *options)
            box.run("doctor", "--no-check", *options)
            box.run("route", "git", "https://site.example/x", *options)
            box.run("scan", box.dir, *options)
            for line in (("apply",), ("use", "direct"), ("use", "office"), ("undo",)):
                box.run(*line, "--dry-run", *options)
        for name, format in ((".npmrc", "npmrc"), (".gitconfig", "gitconfig"), (".config/pip/pip.conf", "pipconf"), (".curlrc", "curlrc"),
                             (".bashrc", "bash"), (".config/proxyrc/proxyrc.cfg", "libconfig")):
            code, out, _ = box.run("file", "list", "--format", format, name, exit=(0, 3))
            for key in re.findall(r"^\d+: (?:unset )?(\S+)", out.decode(errors="replace"), re.M):
                box.run("file", "get", "--format", format, name, key)
                box.run("file", "unset", "--dry-run", "--verbose", "--format", format, name, key)
                box.run("file", "set", "--dry-run", "--json", "--format", format, name, key, "-", input=b"http://u:HIDDENz@h:1")
            box.run("file", "list", "--json", "--format", format, name)
            if code == 0:
                continue
    everything()
    for options in ((), ("--json",), ("--verbose",)):
        box.run("apply", *options, exit=(0, 1))
        everything()
        box.run("undo", *options, exit=0)
    box.run("apply", exit=(0, 1))
    box.run(*LOGIN, "--store", "plain", input=b"another password\n", exit=0)
    box.secrets |= forms_of("another password")
    everything()
    box.run("apply", "--verbose", exit=(0, 1))
    everything()
    box.write(".bash_history", "curl -x http://%s:%s@%s\n" % (USER, "another password", PROXY), 0o600)
    box.write(".npmrc~", "proxy=http://%s:another%%20password@%s\n# HIDDEN\n" % (USER, PROXY[7:]), 0o600)
    box.secrets |= forms_of("a third password")
    for options in (("--dry-run",), ("--dry-run", "--json", "--scrub"), ("--verbose",), ("--json", "--scrub"), ("--scan", box.dir, "--scrub", "--verbose")):
        box.run(*PASSWD, *options, input=b"a third password\n", exit=(0, 1))
        everything()
    box.run("undo", "--json")
    box.run("undo", "--force", "--verbose", exit=0)
    box.assert_no_leaks(box.save(), "afterwards")


@with_box
def only_what_was_asked_for(box):
    """The three that may show it, do; so the search for it is no idle one."""
    box.run("apply", exit=(0, 1))
    for args in (("env",), ("env", "--shell", "fish"), ("file", "get", "--reveal", "--format", "gitconfig", ".gitconfig", "http.proxy")):
        out = box.run(*args, exit=0, shows=True)[1]
        assert any(form in out for form in box.secrets), args


def refused_on_the_command_line():
    """A secret that was given in argv is not said again, to be caught by a log."""
    box = new_box()
    try:
        url = "http://joe:HIDDEN@proxy.example:3128"
        for args in (("profile", "add", "x", "https=" + url), ("profile", "set", "office", "http=" + url), ("profile", "set", "office", "password=HIDDEN"),
                     ("profile", "add", "x", url), ("profile", "set", "office", "proxy=" + url), ("profile", "set", "office", "nonsense=HIDDEN"),
                     ("profile", "set", "office", "check_url=https://u:HIDDEN@x/"), ("profile", "set", "office", "user=joe:HIDDEN"),
                     ("profile", "add", url), ("profile", "show", url), ("profile", "set", url, "user=x"), ("profile", "remove", url),
                     ("file", "set", "--format", "npmrc", ".npmrc", "proxy", url), ("file", "set", "--format", "npmrc", ".npmrc", "//r/:_authToken", "HIDDEN"),
                     ("file", "set", "--format", "curlrc", ".curlrc", "proxy-user", "joe:HIDDEN"), ("file", "get", "--format", "npmrc", url, "a"),
                     ("login", "--password=HIDDEN"), ("login", "--password", "HIDDEN"), ("login", "-pHIDDEN"), ("login", "--store", url), ("login", url),
                     ("login", "--user", "joe:HIDDEN", "--password-stdin", "--store", "plain", "--no-check"), ("login", "--password-fd", "HIDDEN"),
                     ("apply", url), ("use", url), ("status", url), ("apply", "--tools", url), ("undo", url), ("check", url), (url,),
                     ("status", "--proxy=" + url), ("apply", "--home", url), ("env", "--shell", url)):
            code, _, _ = box.run(*args, input=b"x\n")
            assert code in (2, 3, 5), "%s: exit %d" % (args, code)
    finally:
        box.close()


MALFORMED = {
    ".gitconfig": ("[http]\n\tproxy = \"http://u:HIDDEN@h:1\n", "[http\n\tproxy = http://u:HIDDEN@h:1\n", "[http]\n\tproxy = http://u:HIDDEN\\q@h:1\n",
                   "[http]\n\tpro xy http://u:HIDDEN@h:1\n"),
    ".config/pip/pip.conf": ("proxy = http://u:HIDDEN@h:1\n", "[global]\nproxy = http://u:HIDDEN@h:1\nproxy = http://u:HIDDEN@h:2\n",
                             "[global]\nhttp://u:HIDDEN@h:1\n", "[global\nproxy = HIDDEN\n", "[global]\nproxy = http://u:HIDDEN%(x)s@h:1\n"),
    ".curlrc": ("proxy = \"http://u:HIDDEN@h:1\n", "--proxy-user\n", "proxyy http://u:HIDDEN@h:1\n", "proxy-user u:HIDDEN\nproxy = http://u:HIDDEN@h:99999\n"),
    ".npmrc": ("proxy = \"http://u:HIDDEN@h:1\n", "proxy=http://u:HIDDEN@h:999999\n", "proxy=u:HIDDEN@h:1\n"),
    ".bashrc": ("export http_proxy='http://u:HIDDEN@h:1\n", "if x; then export https_proxy=http://u:HIDDEN@h:1\n", "export http_proxy=$(echo HIDDEN\n",
                "export http_proxy=\"http://u:HIDDEN@h:1`date`\"\n", "export https_proxy=http://u:HIDDEN@h:port\n"),
    ".config/proxyrc/proxyrc.cfg": ("profiles = ( { name = \"x\"; https = \"http://u:HIDDEN@h:1\"; } );\n", "active = \"HIDDEN\n", "HIDDEN\n",
                                    "profiles = ( { name = \"x\"; password = \"HIDDEN\"; } );\n", "profiles = ( { name = \"x\"; user = HIDDEN; } );\n"),
    ".local/share/proxyrc/plain.json": ("{ \"HIDDEN\n", "[\"HIDDEN\"]", "{\"version\": 1, \"credentials\": [{\"for\": \"HIDDEN\", \"password\": \"HIDDEN\"}]}",
                                        "{\"version\": 1, \"credentials\": [{\"for\": \"http://u:HIDDEN@h:1\", \"password\": HIDDEN}]}"),
}


@with_box
def malformed_files(box):
    """What is wrong is said by line, never by quoting it."""
    whole = box.save()
    codes = set()
    for name, texts in MALFORMED.items():
        for text in texts:
            box.restore(whole)
            box.write(name, text, 0o600)
            for args in (("status",), ("status", "--json"), ("apply", "--dry-run"), ("apply",), ("use", "direct"), ("profile", "list"), ("profile", "import", "new"),
                         ("scan", box.dir), ("scan", box.dir, "--json"), ("login", "--no-check", "--user", USER, "--password-stdin", "--store", "plain"),
                         ("env",)):
                codes.add(box.run(*args, input=b"x", shows=args == ("env",))[0])
    assert codes <= {0, 1, 2, 3, 5} and len(codes) > 3, codes


@with_box
def no_program_is_started(box):
    """So there is no argv and no environment for it to be in; and the program's own has it neither."""
    if not step_works(STEP):
        return "SKIP ptrace is not allowed here"
    listing = os.path.join(box.top, "calls")
    for args in (("status",), ("apply",), ("use", "direct"), ("use", "office"), ("undo",), ("env",), ("scan", box.dir), LOGIN + ("--store", "plain"),
                 PASSWD + ("--scrub", "--scan", box.dir)):
        box.run(*args, input=b"a new password\n", shows=args == ("env",), step=(STEP, "--list", listing))
        with open(listing) as file:
            for line in file:
                assert line.strip() not in ("EXEC", "FORK"), "%s starts a program" % args[0]


def open_core_limits():
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # a background job's is ignored, and that is inherited
    if os.geteuid() == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)


def no_core_dump():
    """With every limit open, a program that dies with the password in its memory leaves nothing."""
    box = new_box()
    try:
        process = box.spawn(*LOGIN, "--store", "plain", preexec_fn=open_core_limits)
        process.stdin.write(PASSWORD.encode())
        process.stdin.flush()
        for _ in range(500):
            time.sleep(0.01)
            with open("/proc/%d/wchan" % process.pid) as file, open("/proc/%d/limits" % process.pid) as limits:
                text = limits.read()
                if re.search(r"Max core file size\s+0\s+0\s", text):
                    break
        else:
            raise AssertionError("the limit for core files was not lowered")
        time.sleep(0.05)
        for name in ("environ", "cmdline"):
            try:
                with open("/proc/%d/%s" % (process.pid, name), "rb") as file:
                    content = file.read()
            except PermissionError:
                continue  # its own user may not even look
            assert not any(form in content for form in box.secrets), name
        # A process that may not be dumped belongs to root in /proc: others, and its own user, can't look into it.
        assert os.stat("/proc/%d/mem" % process.pid).st_uid == 0
        process.send_signal(signal.SIGQUIT)
        process.communicate()
        assert process.returncode == -signal.SIGQUIT, process.returncode
        assert not [name for name in os.listdir(box.dir) if name.startswith("core")]
    finally:
        box.close()


def not_to_be_traced_by_its_user():
    """gdb and gcore of the same user are refused."""
    box = new_box()
    if os.geteuid() != 0:
        prefix = ()
    else:
        subprocess.run(["chown", "-hR", "65534:65534", box.top], check=True)
        prefix = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    try:
        if subprocess.run([*prefix, box.program, "tools"], env={"HOME": "/", "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            return "SKIP another user can't run the program here"
        process = box.spawn(*LOGIN, "--store", "plain", prefix=prefix)
        for _ in range(500):
            time.sleep(0.01)
            with open("/proc/%d/limits" % process.pid) as limits:
                if re.search(r"Max core file size\s+0\s+0\s", limits.read()):
                    break
        for name in ("mem", "environ", "maps"):
            done = subprocess.run([*prefix, "head", "-c1", "/proc/%d/%s" % (process.pid, name)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            assert b"Permission denied" in done.stderr or b"not permitted" in done.stderr, (name, done.stderr)
        process.communicate(b"\n")
    finally:
        box.close()


def in_the_vault():
    """Encrypted in its file, with the undo data sealed; nothing in clear but in the tools' own files."""
    box = new_box(log_in=False)
    try:
        box.write("passphrase", "correct horse battery\n", 0o600)
        box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("passphrase")
        box.log_in(store="vault")
        for line in (("apply",), ("use", "direct"), ("use", "office"), ("undo",), ("apply",), ("use", "direct")):
            box.run(*line, exit=(0, 1))
            tree = box.save()
            box.assert_no_leaks(tree, " ".join(line))
            for name, (_, _, content) in tree.items():
                if name.startswith(".local/") and content:
                    assert b"HIDDEN" not in content and b"correct horse" not in content, "%s is in clear" % name
        left = [name for name, row in tree.items() if isinstance(row[2], bytes) and any(form in row[2] for form in box.secrets - {b"HIDDEN"})]
        assert not left, "after use direct the password is still in %s" % left
        box.run("logout", exit=0)
        box.run("history", "--purge", "--yes", exit=0)
    finally:
        box.close()


def awkward_secrets():
    """Short ones, ones of the alphabet of the text around, and all that must be encoded."""
    for secret in ("secret", "proxy", "http://x@y:1", "a b'c\"d$e`f\\g", "%41%2F", "*****", "ÿþýü-ü", "-----------", "x" * 200, "日本語パス"):
        box = Sandbox(PROGRAM, secret)
        try:
            lived_in(box)
            # What stands in the text anyhow is told by nothing.
            mine = set() if secret in ("proxy", "*****", "-----------") else forms_of(secret)
            box.secrets = mine
            box.run("profile", "add", "office", "https=" + PROXY, exit=0)
            code = box.run(*LOGIN, "--store", "plain", input=secret.encode() + b"\n", exit=(0, 3))[0]
            if code == 0:
                for args in (("apply", "--dry-run"), ("apply", "--verbose"), ("status", "--json"), ("use", "direct", "--dry-run", "--json"), ("use", "direct")):
                    box.secrets = mine | {b"HIDDEN"}
                    box.run(*args)
                    box.secrets = mine
                    box.assert_no_leaks(box.save(), "%s with %r" % (args[0], secret))
        finally:
            box.close()


# Run by gdb's Python where the program stands still: as root it sees all memory, whatever is left out of dumps.
SEARCH = r"""
import gdb, os
pid = gdb.selected_inferior().pid
top = "TOP"
forms = [bytes.fromhex(line) for line in open(top + "/forms").read().split()]
found, read = set(), 0
with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as memory:
    for line in maps:
        span, rights = line.split()[:2]
        if "r" not in rights or "[vvar]" in line or "[vsyscall]" in line or "[vdso]" in line:
            continue
        start, end = (int(part, 16) for part in span.split("-"))
        memory.seek(start)
        try:
            content = memory.read(end - start)
        except OSError:
            continue
        read += len(content)
        for form in forms:
            if form in content:
                at = content.index(form)
                found.add("%s %s %r" % (form.hex(), line.split()[-1], content[max(0, at - 60):at + 60]))
with open(top + "/result", "a") as file:
    file.write("read %d\n" % read)
    for hit in sorted(found):
        file.write("hit %s\n" % hit)
"""


def gdb_works():
    if os.geteuid() != 0 or shutil.which("gdb") is None:
        return False
    done = subprocess.run(["gdb", "-batch", "-nx", "-ex", "python print(6*7)", "-ex", "run", "/bin/true"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return b"42" in done.stdout and b"exited normally" in done.stdout


def stopped(box, args, input, at, *commands):
    """Runs it with gdb up to the first system call @at, then gdb's @commands; (lines of the search, gdb's output)."""
    forms = " ".join(form.hex() for form in box.secrets)
    for name, content in (("search.py", SEARCH.replace("TOP", box.top).encode()), ("forms", forms.encode()), ("input", input), ("result", b"")):
        with open(os.path.join(box.top, name), "wb") as file:
            file.write(content)
    here = {"top": box.top, "args": " ".join(args)}
    done = subprocess.run(["gdb", "-batch", "-nx", "-ex", "set pagination off", "-ex", "set startup-with-shell on", "-ex", "catch syscall " + at,
                           "-ex", "run %(args)s <%(top)s/input >%(top)s/output 2>&1" % here, *[word for command in commands for word in ("-ex", command % here)],
                           "-ex", "kill", box.program], env=box.env, cwd=box.dir, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with open(os.path.join(box.top, "result"), encoding="utf-8") as file:
        return file.read().split("\n")[:-1], done.stdout.decode(errors="replace")


def searched(secret):
    """A home of somebody with this password, and nothing else to find."""
    box = Sandbox(PROGRAM, secret)
    box.env["SHELL"] = "/bin/sh"
    lived_in(box)
    box.log_in()
    box.secrets = forms_of(secret)
    return box


def wiped_when_it_ends():
    """When a program is about to exit, no memory of it has the password any more, in whatever encoding."""
    if not gdb_works():
        return "SKIP root and gdb are needed"
    secret = "Zq7#kW:p@9%u!x"
    box = searched(secret)
    try:
        given = secret.encode() + b"\n"
        for args, input in ((LOGIN + ("--store", "plain"), given), (("apply",), b""), (("status",), b""), (("status", "--json"), b""), (("env",), b""),
                            (("env", "--shell", "fish"), b""), (("env", "--startup"), b""), (("use", "direct"), b""), (("undo",), b""), (("apply", "--dry-run", "--verbose"), b""),
                            (("scan", box.dir), b""), (("file", "list", "--format", "npmrc", ".npmrc"), b""), (("route", "curl", "https://x.example/"), b""),
                            (("git-credential", "get"), b"protocol=http\nhost=proxy.example:3128\nusername=joe\n\n"), (("doctor", "--no-check"), b""),
                            (("profile", "set", "office", "placement=reference"), b""), (("apply", "--dry-run"), b""), (("apply",), b""),
                            (("passwd", "--no-check", "--no-input", "--password-stdin"), b"another one\n"), (("logout",), b"")):
            lines, told = stopped(box, args, input, "exit_group", "source %(top)s/search.py")
            assert lines and int(lines[0].split()[1]) > 1000000, "%s: memory was not read: %s %s" % (args[0], lines, told[-500:])
            hits = lines[1:]
            assert not hits, "%s leaves it in memory:\n%s" % (" ".join(args), "\n".join(hits[:5]))
    finally:
        box.close()


def wiped_after_a_change():
    """The same, with the old password wherever `passwd` looks for it."""
    if not gdb_works():
        return "SKIP root and gdb are needed"
    secret = "Zq7#kW:p@9%u!x"
    box = searched(secret)
    try:
        url = "http://joe:%s@proxy.example:3128" % urllib.parse.quote(secret, safe="")
        for name, text in ((".bash_history", "curl -x %s\nls %s\n" % (url, secret)), (".zsh_history", ": 1:0;curl -x %s\nls %s\n" % (url, secret)),
                           (".git-credentials", url + "\n"), (".npmrc~", "proxy=%s\n" % url), ("src/.git/config", "[http]\n proxy = %s\n" % url),
                           (".wgetrc", "http_proxy=%s\nproxy_user = joe\nproxy_password = %s\n" % (url, secret)),
                           (".profile", "export http_proxy='%s' # %s\nPIP_PROXY=%s\nexport PIP_PROXY\nalias p='curl -x %s'\n" % (url, secret, url, url))):
            box.write(name, text, 0o600)
        for args, input in ((PASSWD + ("--dry-run", "--scan", box.dir), b"another one\n"), (PASSWD + ("--scan", box.dir, "--json"), b"another one\n"),
                            (PASSWD + ("--scrub",), b"another one\n"), (("undo",), b""), (("undo", "--force"), b""),
                            (PASSWD + ("--scrub",), secret.encode() + b"\n")):
            lines, told = stopped(box, args, input, "exit_group", "source %(top)s/search.py")
            assert lines and int(lines[0].split()[1]) > 1000000, "%s: memory was not read: %s %s" % (args[0], lines, told[-500:])
            assert not lines[1:], "%s leaves it in memory:\n%s" % (" ".join(args), "\n".join(lines[1:6]))
    finally:
        box.close()


def nothing_in_a_core():
    """In the middle of the work it is in memory; a core made by root has it not."""
    if not gdb_works() or shutil.which("gcore") is None:
        return "SKIP root and gdb are needed"
    secret = "Zq7#kW:p@9%u!x"
    box = searched(secret)
    try:
        for args, input, at in ((("apply",), b"", "renameat2"),):
            lines, told = stopped(box, args, input, at, "source %(top)s/search.py", "gcore %(top)s/core")
            assert any(line.startswith("hit") for line in lines), "%s: the password is not in its memory: %s" % (args[0], told[-500:])
            with open(os.path.join(box.top, "core"), "rb") as file:
                core = file.read()
            assert core.startswith(b"\x7fELF")
            for form in box.secrets:
                assert form not in core, "%s: the core has it as %r: %r" % (args[0], form, core[max(0, core.index(form) - 80):][:160])
            os.unlink(os.path.join(box.top, "core"))
    finally:
        box.close()


def what_other_programs_see():
    """strace: no argument, no variable, and nothing written but into the files that are to have it."""
    if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "/bin/true"], stderr=subprocess.DEVNULL).returncode != 0:
        return "SKIP strace does not work here"
    secret = "Zq7kWp9ux"
    box = searched(secret)
    listing = os.path.join(box.top, "trace")
    try:
        given = secret.encode() + b"\n"
        for args, input in ((LOGIN + ("--store", "plain"), given), (("login", "--no-input", "--user", USER, "--password-stdin"), given), (("check",), b""),
                            (("apply",), b""), (("env",), b""), (("status",), b""), (("git-credential", "get"), b"protocol=http\nhost=proxy.example:3128\n\n"),
                            (("passwd", "--no-check", "--no-input", "--password-stdin"), given)):
            process = box.spawn(*args, prefix=("strace", "-f", "-v", "-s", "1000000", "-o", listing, "-e", "trace=execve,write,writev,pwrite64,sendto,sendmsg,openat,mkdirat,symlinkat,linkat,renameat2"))
            process.communicate(input)
            with open(listing, "rb") as file:
                lines = file.read().split(b"\n")
            assert any(b"execve(" in line for line in lines), "nothing was traced"
            for line in lines:
                if not any(form in line for form in box.secrets):
                    continue
                call = re.search(rb"(\w+)\((\d+)?", line)
                # a descriptor of its own: a file that it made 0600, or the socket of a helper; never the terminal's
                allowed = call and call.group(1) in (b"write", b"pwrite64", b"writev", b"sendto", b"sendmsg") and int(call.group(2) or 0) > 2
                if args[0] in ("env", "git-credential"):
                    allowed = allowed or call.group(1, 2) == (b"write", b"1")
                assert allowed, "%s: %s" % (args[0], line[:300].decode(errors="replace"))
        box.assert_no_leaks(box.save(), "afterwards")
    finally:
        box.close()


def kept_for_a_bounded_time():
    """Undo data: its owner's alone, sealed, no more than so many and not for ever; `history --purge` leaves none."""
    box = new_box()
    try:
        for _ in range(60):
            box.run("use", "direct", exit=(0, 1))
            box.run("use", "office", exit=(0, 1))
        kept = [name for name in box.save() if re.fullmatch(r"\.local/state/proxyrc/history/[^/]+", name)]
        assert 0 < len(kept) <= 100, "%d are kept" % len(kept)
        for name, (kind, mode, content) in box.save().items():
            if name.startswith(".local/state/proxyrc"):
                assert mode & 0o077 == 0, (name, oct(mode))
                assert not isinstance(content, bytes) or not any(form in content for form in box.secrets), name
        old = time.time() - 400 * 86400
        for name in kept:
            os.utime(box.path(name), (old, old))
        box.run("history", "--purge", "--yes", exit=0)
        assert not [name for name in box.save() if re.fullmatch(r"\.local/state/proxyrc/history/[^/]+", name)]
    finally:
        box.close()


def main():
    taps = Taps()
    for case in (all_commands, only_what_was_asked_for, refused_on_the_command_line, malformed_files, no_program_is_started, no_core_dump,
                 not_to_be_traced_by_its_user, wiped_when_it_ends, wiped_after_a_change, nothing_in_a_core, what_other_programs_see, kept_for_a_bounded_time, in_the_vault,
                 awkward_secrets):
        taps.run(case.__name__ if case.__name__ != "run" else case.__closure__[0].cell_contents.__name__, case)
    return taps.done()


sys.exit(main())
