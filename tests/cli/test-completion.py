"""test-completion.py PROXYRC SOURCE: completion in the real shells: bash and zsh at a terminal, fish by its own command

A shell is started once and fed line by line: a line, the key Tab, and a key that writes the line as it then is into a
file. What a list shows is looked for on the terminal.
"""
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sandbox import PASSWORD, Sandbox, Taps, cases, seed  # noqa: E402

PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
COMPLETIONS = os.path.join(SOURCE, "share/completions")
PATIENCE = 60
ODD = "it's $HOME `x` \"q\""

BASH_START = r"""
PS1='READY> '; bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'; bind 'set completion-query-items 0'
bind 'set bell-style none'; bind 'set enable-bracketed-paste off'
. {completions}/proxyrc.bash
bind -x '"\C-x\C-d": printf "%s\n" "$READLINE_LINE" >>{out}'
"""
ZSH_START = r"""
PS1='READY> '; unset zle_bracketed_paste; unsetopt beep list_beep; zstyle ':completion:*' list-prompt ''; LISTMAX=1000; setopt no_auto_menu
fpath=({completions} $fpath); autoload -Uz compinit; compinit -u -D
dump () {{ print -r -- "$BUFFER" >>{out} }}; zle -N dump; bindkey '^X^D' dump
"""


class Shell:
    """An interactive shell at a terminal of its own."""

    def __init__(self, box, argv, start):
        self.out = box.path("line")
        self.start = box.path("start")
        open(self.out, "w").close()
        with open(self.start, "w") as file:
            file.write(start.format(completions=COMPLETIONS, out=self.out))
        env = {**box.env, "PATH": os.path.dirname(PROGRAM) + ":" + box.env["PATH"], "TERM": "vt100", "COLUMNS": "200", "LINES": "100"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(box.dir)
            os.execvpe(argv[0], argv, env)
        import fcntl
        import struct
        import termios
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 100, 200, 0, 0))
        self.n = 0
        self.screen = ""
        self.wait_for("# ", "$ ", "% ")
        os.write(self.fd, (". %s\n" % self.start).encode())
        self.wait_for("READY> ")

    def read(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                self.screen += os.read(self.fd, 65536).decode(errors="replace")
            except OSError:
                raise AssertionError("the shell has ended:\n" + self.screen)

    def wait_for(self, *texts):
        end = time.monotonic() + PATIENCE
        while not any(text in self.screen for text in texts):
            assert time.monotonic() < end, "no prompt:\n" + self.screen
            self.read(1)

    def type(self, text):
        """The line after what was typed, Tab for \\t; the screen meanwhile is in self.screen."""
        self.screen = ""
        os.write(self.fd, b"\x15" + text.encode() + b"\x18\x04")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.read(0.05)
            with open(self.out) as file:
                lines = file.read().split("\n")[:-1]
            if len(lines) > self.n:
                self.n = len(lines)
                return lines[-1]
        raise AssertionError("no answer to %r:\n%s" % (text, self.screen))

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class Fish:
    """fish's own `complete -C`: what it would offer for a line."""

    def __init__(self, box):
        self.box = box

    def offers(self, line):
        env = {**self.box.env, "PATH": os.path.dirname(PROGRAM) + ":" + self.box.env["PATH"], "LINE": line}
        done = subprocess.run(["fish", "--no-config", "-c", "source %s/proxyrc.fish; complete -C \"$LINE\"" % COMPLETIONS], env=env,
                              cwd=self.box.dir, capture_output=True, text=True, timeout=PATIENCE)
        assert done.stderr == "", done.stderr
        return dict((row + "\t").split("\t")[:2] for row in done.stdout.splitlines())


def ask(box, *words, mode="plain", env=None):
    done = subprocess.run([PROGRAM, "--complete", mode], input="".join(word + "\0" for word in words).encode(), env={**box.env, **(env or {})},
                          cwd=box.dir, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0 and done.stderr == b"", (words, done)
    lines = done.stdout.decode().split("\n")
    return {line.split("\t")[0] for line in lines[1:-1]}, (lines[0].split("\t") + [""])[:2]


def furnish(box):
    box.log_in(store="plain")
    box.run("profile", "add", "my home", "all=http://relay.example:3129", exit=0)
    box.run("profile", "add", ODD, "all=http://odd.example:3130", exit=0)
    box.run("apply", exit=(0, 1))
    os.makedirs(box.path("folder/deeper"))
    box.write("folder/ca.pem", "x")


# What the program says

def tables():
    return json.loads(subprocess.run([PROGRAM, "--dump-tables"], capture_output=True, check=True).stdout)


def commands_and_options_are_complete(box):
    known = tables()
    assert ask(box, "proxyrc", "")[0] == {command["name"] for command in known["commands"]}
    assert ask(box, "proxyrc", "-")[0] == {"--" + row["name"] for row in known["terminal_ui_options"]} | {"--help", "--version"}
    for command in known["commands"]:
        names = {"--" + row["name"] for row in command["options"] + known["options"]} | {"--help"}
        found = ask(box, "proxyrc", command["name"], "-")[0]
        assert found == names, "%s: %s" % (command["name"], found ^ names)
        for name in sorted(names):
            rest = ask(box, "proxyrc", command["name"], name, "x", "-")[0]
            assert (name in rest) == (name in ("--scan", "--help")), "%s %s is offered again" % (command["name"], name)


def values_are_complete(box):
    known = tables()
    profiles = {"office", "my home", ODD}
    tools = {"env", "git", "npm", "pip", "curl", "wget"}
    history = {row["id"] for row in box.json("history", exit=0)["transactions"]}
    assert ask(box, "proxyrc", "login", "")[0] == profiles
    assert ask(box, "proxyrc", "use", "")[0] == profiles | {"direct"}
    assert ask(box, "proxyrc", "use", "office", "")[0] == set(), "one profile only"
    assert ask(box, "proxyrc", "profile", "")[0] == {"list", "show", "add", "set", "remove", "import"}
    assert ask(box, "proxyrc", "profile", "remove", "")[0] == profiles
    assert ask(box, "proxyrc", "profile", "add", "")[0] == set()
    keys = {row["name"] + "=" for row in known["profile_keys"]}
    assert ask(box, "proxyrc", "profile", "set", "office", "")[0] == keys
    assert ask(box, "proxyrc", "profile", "set", "office", "auth=basic", "")[0] == keys - {"auth="}
    for row in known["profile_keys"]:
        found = ask(box, "proxyrc", "profile", "set", "office", row["name"] + "=")[0]
        if row["name"] == "placement":
            assert found == {"placement=" + word for word in row["words"]} | {"placement=%s=" % tool for tool in tools}, found
        elif row["words"]:
            assert found == {row["name"] + "=" + word for word in row["words"]}, found
    assert ask(box, "proxyrc", "profile", "set", "office", "http=")[0] == {"http=http://proxy.example:3128"}
    assert ask(box, "proxyrc", "profile", "set", "office", "ca=folder/")[1] == ["files", "ca="]
    assert ask(box, "proxyrc", "profile", "set", "office", "placement=reference,npm=i")[0] == {"placement=reference,npm=inline"}
    assert ask(box, "proxyrc", "login", "--user", "j")[0] == {"joe"}
    assert ask(box, "proxyrc", "status", "")[0] == tools
    assert ask(box, "proxyrc", "status", "git", "npm", "")[0] == tools - {"git", "npm"}
    assert ask(box, "proxyrc", "apply", "--tools", "git,")[0] == {"git," + name for name in tools - {"git"}}
    assert ask(box, "proxyrc", "apply", "--tools=git,p")[0] == {"--tools=git,pip"}
    assert ask(box, "proxyrc", "undo", "")[0] == history and history
    assert ask(box, "proxyrc", "login", "--store", "")[0] == set(known["stores"])
    assert ask(box, "proxyrc", "file", "get", "-f", "")[0] == set(known["formats"])
    assert ask(box, "proxyrc", "explain", "")[0] == {row["name"] for row in known["topics"]}
    assert ask(box, "proxyrc", "explain", "407", "")[0] == set()
    assert ask(box, "proxyrc", "scan", "")[1][0] == "folders"
    assert ask(box, "proxyrc", "file", "get", "")[1][0] == "files"
    assert ask(box, "proxyrc", "git-credential", "")[0] == {"get", "store", "erase"}
    assert "http.proxy" in ask(box, "proxyrc", "file", "get", "--format=gitconfig", ".gitconfig", "")[0]
    assert ask(box, "proxyrc", "use", "--", "-")[0] == set()
    assert ask(box, "proxyrc", "nonsense", "")[0] == set()


def the_line_says_whose_profiles(box):
    other = box.path("other.cfg")
    box.run("profile", "add", "elsewhere", "all=http://e.example:1", "--config", other, exit=0)
    for words in (["--config", other], ["--config=" + other], ["--config", "~/other.cfg"]):
        assert ask(box, "proxyrc", "use", *words, "")[0] == {"elsewhere", "direct"}, words
    os.unlink(other)


def trouble_is_silent(box):
    """A broken file, a missing home, garbage on stdin: nothing is proposed, nothing is said, nothing is written."""
    tree = box.save()
    box.write(".config/proxyrc/proxyrc.cfg.broken", "profiles = (((")
    assert ask(box, "proxyrc", "use", "--config", box.path(".config/proxyrc/proxyrc.cfg.broken"), "")[0] == set()
    assert ask(box, "proxyrc", "use", "--config", "/nonexistent/x", "")[0] == set()
    assert ask(box, "proxyrc", "use", "--home", "/nonexistent", "")[0] == set()
    assert ask(box, "proxyrc", "file", "get", "-f", "npmrc", "/nonexistent", "")[0] == set()
    os.unlink(box.path(".config/proxyrc/proxyrc.cfg.broken"))
    for data in (b"", b"x", b"proxyrc\0", b"\0", b"proxyrc\0\xff\xfe\0", b"proxyrc\0use\0" + b"x" * 70000 + b"\0", b"proxyrc\0use\0'\0"):
        for mode in ("raw", "plain"):
            done = subprocess.run([PROGRAM, "--complete", mode], input=data, env=box.env, capture_output=True, timeout=PATIENCE)
            assert done.returncode == 0 and done.stderr == b"", (data[:20], done)
    assert box.save() == tree, "completion has written something"


def secrets_stay(box):
    """No candidate tells a password, from a key of a file either, and what is typed goes nowhere."""
    box.write("gitconfig", '[http "http://joe:Sec-ret@p.example:1"]\n\tproxy = http://joe:Sec-ret@p.example:1\n[http]\n\tproxy = x\n')
    found = ask(box, "proxyrc", "file", "get", "--format", "gitconfig", "gitconfig", "")[0]
    assert "http.proxy" in found and not any("Sec-ret" in word for word in found), found
    for words in (["profile", "set", "office", ""], ["profile", "set", "office", "http="], ["undo", ""], ["use", ""], ["check", "--proxy", ""]):
        for word in ask(box, "proxyrc", *words)[0]:
            assert PASSWORD not in word and "Sec-ret" not in word
    assert ask(box, "proxyrc", "profile", "set", "office", "http=http://u:Sec-ret@")[0] == set()


def any_line(box, chance):
    """Whatever stands there: no error, and each candidate begins as what has been typed does."""
    known = tables()
    vocabulary = [row["name"] for row in known["commands"]] + ["--" + row["name"] for command in known["commands"] for row in command["options"]]
    vocabulary += ["--home", "--config", "--", "-", "-f", "-u", "git,", "office", "set", "get", "list", "add", "=", ",", "placement=a,b=", "auth=", "ca=",
                   "--tools=a,,", "--home=/", "--config=fifo", "fifo", ".gitconfig", "gitconfig", "'", '"', "\\", "ü", "\u202e", "x" * 5000, "~/", "*"]
    n = cases(400)
    for _ in range(n):
        words = ["proxyrc"] + [chance.choice(vocabulary) for _ in range(chance.randrange(6))]
        last = chance.choice(vocabulary + [""] * 20)
        words.append(last[:chance.randrange(len(last) + 1)])
        found, _ = ask(box, *words)
        for word in found:
            assert word.startswith(words[-1]), (words, word)
    return "%d lines" % n


def what_can_hang_does_not(box):
    """A pipe where a file should be is not waited for."""
    os.mkfifo(box.path("fifo"))
    assert ask(box, "proxyrc", "use", "--config", "fifo", "")[0] == set()
    assert ask(box, "proxyrc", "file", "get", "--format", "npmrc", "fifo", "")[0] == set()


# In the shells. (what is typed, the line behind it)

CASES = [
    ("proxyrc doc\t", "proxyrc doctor "),
    ("proxyrc use off\t", "proxyrc use office "),
    ("proxyrc use my\t", "proxyrc use my\\ home "),
    ("proxyrc use my\\ h\t", "proxyrc use my\\ home "),
    ("proxyrc login --no-c\t", "proxyrc login --no-check "),
    ("proxyrc login --store se\t", "proxyrc login --store secret-service "),
    ("proxyrc login --store=va\t", "proxyrc login --store=vault "),
    ("proxyrc profile set office no_\t", "proxyrc profile set office no_proxy="),
    ("proxyrc profile set office auth=neg\t", "proxyrc profile set office auth=negotiate "),
    ("proxyrc profile set office http=http:\t", "proxyrc profile set office http=http://proxy.example:3128 "),
    ("proxyrc profile set office placement=reference,np\t", "proxyrc profile set office placement=reference,npm="),
    ("proxyrc profile set office placement=reference,npm=inl\t", "proxyrc profile set office placement=reference,npm=inline "),
    ("proxyrc apply --tools git,np\t", "proxyrc apply --tools git,npm "),
    ("proxyrc apply --tools=git,np\t", "proxyrc apply --tools=git,npm "),
    ("proxyrc explain 40\t7\t", "proxyrc explain 407 "),
    ("proxyrc scan fol\t", "proxyrc scan folder/"),
    ("proxyrc check --ca folder/c\t", "proxyrc check --ca folder/ca.pem "),
    ("proxyrc check --ca=folder/c\t", "proxyrc check --ca=folder/ca.pem "),
    ("proxyrc profile set office ca=folder/c\t", "proxyrc profile set office ca=folder/ca.pem "),
    ("proxyrc file get --format gitconfig .gitconfig http.proxy\t", None),
    ("proxyrc nonsense \t", "proxyrc nonsense "),
]
LISTS = [
    ("proxyrc \t\t", ["status", "git-credential", "passwd"]),
    ("proxyrc status --\t\t", ["--json", "--tools", "--config"]),
    ("proxyrc use \t\t", ["office", "direct"]),
    ("proxyrc profile set office \t\t", ["http=", "check_url="]),
]


def in_terminal(box, argv, start, quoted, descriptions):
    shell = Shell(box, argv, start)
    try:
        for typed, wanted in CASES + quoted:
            line = shell.type(typed)
            if wanted is not None:
                assert line == wanted, "%r became %r instead of %r" % (typed, line, wanted)
            assert "proxyrc:" not in shell.screen, shell.screen
        for typed, words in LISTS:
            shell.type(typed)
            for word in words:
                assert word in shell.screen, "%r does not list %s:\n%s" % (typed, word, shell.screen)
        if descriptions:
            assert "Everything that is wrong" in (shell.type("proxyrc \t\t"), shell.screen)[1], shell.screen
        newest = box.json("history", exit=0)["transactions"][0]["id"]
        assert shell.type("proxyrc undo %s\t" % newest[:-1]).startswith("proxyrc undo " + newest[:-1])
    finally:
        shell.close()


def in_bash(box):
    in_terminal(box, ["bash", "--noprofile", "--norc", "-i"], BASH_START, [
        ('proxyrc use "my\t', 'proxyrc use "my home" '),
        ("proxyrc use 'my\t", "proxyrc use 'my home' "),
        ('proxyrc profile set "my home" chec\t', 'proxyrc profile set "my home" check_url='),
        ("proxyrc use it\t", "proxyrc use it\\'s\\ \\$HOME\\ \\`x\\`\\ \\\"q\\\" "),
    ], False)


def in_zsh(box):
    in_terminal(box, ["zsh", "-f", "-i"], ZSH_START, [
        ('proxyrc use "my\t', 'proxyrc use "my home" '),
        ("proxyrc use 'my\t", "proxyrc use 'my home' "),
        ('proxyrc profile set "my home" chec\t', 'proxyrc profile set "my home" check_url='),
        ("proxyrc use it\t", "proxyrc use it\\'s\\ \\$HOME\\ \\`x\\`\\ \\\"q\\\" "),
    ], True)


def in_fish(box):
    fish = Fish(box)
    for typed, wanted in CASES:
        line = typed.split("\t")[0]
        if wanted is None or "nonsense" in line or "40" in line:
            continue
        found = fish.offers(line)
        word = wanted.split(" ", 2)[-1] if "my" in wanted else wanted.rstrip(" ").split(" ")[-1]
        word = word.rstrip(" ").replace("\\ ", " ")
        assert word in {name.replace("\\ ", " ") for name in found}, "%r offers %r, not %r" % (line, found, word)
    for typed, words in LISTS:
        found = fish.offers(typed.rstrip("\t"))
        assert set(words) <= set(found), (typed, found)
    assert fish.offers("proxyrc use ")["office"] == "http://proxy.example:3128"
    assert fish.offers("proxyrc doc")["doctor"].startswith("Everything that is wrong")
    assert "my home" in {name.replace("\\ ", " ") for name in fish.offers('proxyrc use "my')}
    assert fish.offers("proxyrc nonsense ") == {}
    assert fish.offers("proxyrc apply; proxyrc doc").keys() == {"doctor"}
    for path in (COMPLETIONS + "/proxyrc.fish",):
        subprocess.run(["fish", "--no-config", "--no-execute", path], check=True)


def skip(name, shell):
    taps.n += 1
    print("ok %d - %s # SKIP there is no %s" % (taps.n, name, shell), flush=True)


taps = Taps()
chance = seed()
box = Sandbox(PROGRAM)
try:
    furnish(box)
    taps.run("commands and options: all of the program's, each once", commands_and_options_are_complete, box)
    taps.run("values and arguments: all that there are", values_are_complete, box)
    taps.run("the profiles of the file that the line names", the_line_says_whose_profiles, box)
    taps.run("trouble: nothing is proposed, said or written", trouble_is_silent, box)
    taps.run("no password is proposed", secrets_stay, box)
    taps.run("a pipe instead of a file", what_can_hang_does_not, box)
    taps.run("whatever is typed", any_line, box, chance)
    for name, function in (("bash", in_bash), ("zsh", in_zsh), ("fish", in_fish)):
        if shutil.which(name):
            taps.run("in " + name, function, box)
        else:
            skip("in " + name, name)
finally:
    box.close()
sys.exit(taps.done())
