"""test-manual.py PROXYRC PROXYRC-TUI SOURCE PAGES: the manual, the help, completion and the program say the same

The pages are read as a reader sees them, as mandoc renders them, not as they were generated.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sandbox import Sandbox, Taps  # noqa: E402

PROGRAM, TUI, SOURCE, PAGES = (os.path.abspath(path) for path in sys.argv[1:5])
NAMES = sorted(os.listdir(os.path.join(SOURCE, "share/man")))
ENV = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": "/nonexistent"}


def run(*argv, **more):
    return subprocess.run(argv, env=ENV, stdout=subprocess.PIPE, check=True, timeout=60, **more).stdout.decode()


TABLES = json.loads(run(PROGRAM, "--dump-tables"))
COMMANDS = {row["name"]: row for row in TABLES["commands"]}


def page_path(name):
    return os.path.join(PAGES, name)


def rendered(name):
    """The page as plain text, no line broken that could be one."""
    text = run("mandoc", "-T", "utf8", "-O", "width=1000", page_path(name))
    return re.sub(r".\x08", "", text)


def section(text, title, level=0):
    """What stands below a heading, up to the next one of its kind or above."""
    lines = text.split("\n")
    start = next((i for i, line in enumerate(lines) if line == " " * level + title), None)
    assert start is not None, "no section “%s”" % title
    rest = lines[start + 1:]
    end = next((i for i, line in enumerate(rest) if line.strip() and len(line) - len(line.lstrip()) <= level), len(rest))
    return "\n".join(rest[:end])


def options_in(text):
    """{name: (letter, value)} of the tags of a list of options, in a page or in --help."""
    found = {}
    for match in re.finditer(r"^ +(?:-(\w), )?--([\w-]+)(?:=([\w,]+))?(?:  .*)?$", text, re.M):
        found[match.group(2)] = (match.group(1), match.group(3))
    return found


def rows_as_options(rows):
    return {row["name"]: (row["short"], row["value"]) for row in rows}


def page_of(command):
    with_it = [name[:-3] for name in NAMES if re.search(r"^@command %s$" % command, open(os.path.join(SOURCE, "share/man", name)).read(), re.M)]
    assert len(with_it) == 1, (command, with_it)
    return with_it[0]


def completed(*words):
    out = run(PROGRAM, "--complete", "plain", input="".join(word + "\0" for word in ("proxyrc", *words)).encode())
    return {line.split("\t")[0] for line in out.split("\n")[1:-1]}


# The tests

def pages_are_clean():
    for name in NAMES:
        assert name.endswith(".in"), name
        done = subprocess.run(["mandoc", "-T", "lint", page_path(name[:-3])], capture_output=True, text=True)
        found = [line for line in done.stdout.splitlines() if "STYLE: referenced manual not found" not in line]  # not installed here
        assert not found, "\n".join(found)
        for page, number in re.findall(r"^\.Xr (\S+) (\d)", open(page_path(name[:-3])).read(), re.M):
            assert page == "vi" or "%s.%s.in" % (page, number) in NAMES, (name, page)
        assert "@" not in {line[:1] for line in open(page_path(name[:-3]))}, name
    return "%d pages" % len(NAMES)


def commands_agree():
    found = set(re.findall(r"^     ([a-z-]+) {2,}\S", section(rendered("proxyrc.1"), "COMMANDS"), re.M))
    in_help = set(re.findall(r"^  ([a-z-]+) +\S", run(PROGRAM, "--help").split("Commands:")[1].split("Exit codes:")[0], re.M))
    in_help |= set(re.findall(r"^  ([a-z-]+)$", run(PROGRAM, "--help"), re.M))
    assert found == set(COMMANDS), found ^ set(COMMANDS)
    assert in_help == set(COMMANDS), in_help ^ set(COMMANDS)
    assert completed("") == set(COMMANDS)
    for command in COMMANDS:
        done = subprocess.run([PROGRAM, command, "--help"], env=ENV, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "proxyrc %s" % command in done.stdout, done
        synopsis = section(rendered(page_of(command)), "SYNOPSIS")
        assert re.search(r"^ +proxyrc %s\b" % re.escape(command), synopsis, re.M), "%s: %s" % (command, synopsis)


def options_agree():
    everywhere = rows_as_options(TABLES["options"])
    main_page = section(rendered("proxyrc.1"), "OPTIONS")
    assert options_in(main_page) == everywhere, (options_in(main_page), everywhere)
    for command, row in COMMANDS.items():
        own = rows_as_options(row["options"])
        in_page = options_in(section(rendered(page_of(command)), "proxyrc " + command, 3))
        in_help = options_in(run(PROGRAM, command, "--help"))
        in_help.pop("help")
        assert in_page == own, "%s: the page has %s, the program %s" % (command, in_page, own)
        assert in_help == {**own, **everywhere}, "%s: help has %s, the program %s" % (command, in_help, {**own, **everywhere})
        assert completed(command, "--") == {"--" + name for name in in_help} | {"--help"}, command


def options_are_taken():
    """What the manual lists the program takes: none is refused as unknown."""
    for command, row in COMMANDS.items():
        for option in row["options"] + TABLES["options"]:
            words = ["--" + option["name"]] + (["7"] if option["value"] else [])
            done = subprocess.run([PROGRAM, command, *words, "--help"], env=ENV, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0 and done.stderr == "", (command, words, done)
    done = subprocess.run([PROGRAM, "status", "--no-such-option"], env=ENV, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2


def terminal_ui_agrees():
    in_page = options_in(section(rendered("proxyrc-tui.1"), "OPTIONS"))
    assert in_page == rows_as_options(TABLES["terminal_ui_options"]), in_page
    assert in_page == options_in(section(rendered("proxyrc.1"), "TERMINAL UI"))
    in_help = options_in(run(TUI, "--help"))
    in_help.pop("help")
    assert in_help == in_page, (in_help, in_page)
    text = section(rendered("proxyrc-tui.1"), "KEYS")
    items = re.split(r"^     (?=\S)", text, flags=re.M)
    rows = [line.split("\t") for line in run(TUI, "--dump-actions").splitlines()]
    assert len(rows) > 20
    for keys, name, what in rows:
        item = next((item for item in items if item.rstrip().endswith("(%s)" % name)), None)
        assert item is not None, name
        assert what in item, (item, what)
        first = item.split("\n")[0].split("  ")[0]
        assert first == (", ".join(keys.split()) or ":" + name), (first, keys, name)
    assert sum(item.rstrip().endswith(")") for item in items) == len(rows), items


def exit_codes_agree():
    codes = {row["code"]: row["what"] for row in TABLES["exit_codes"]}
    in_page = section(rendered("proxyrc.1"), "EXIT STATUS")
    in_help = run(PROGRAM, "--help").split("Exit codes:")[1]
    assert {int(code) for code in re.findall(r"^     (\d+)", in_page, re.M)} == set(codes)
    assert {int(code) for code in re.findall(r"^  (\d+)", in_help, re.M)} == set(codes)
    for code, what in codes.items():
        assert re.search(r"^  %d +%s$" % (code, re.escape(what)), in_help, re.M), code
    header = open(os.path.join(SOURCE, "src/cli/cli.h")).read()
    assert {int(code) for code in re.findall(r"PRC_EXIT_\w+ = (\d+)", header)} == set(codes)


def keys_agree():
    text = section(rendered("proxyrc.cfg.5"), "KEYS")
    in_help = run(PROGRAM, "profile", "--help")
    for row in TABLES["profile_keys"]:
        assert re.search(r"^     %s( {2,}|$)" % re.escape(row["name"]), text, re.M), row["name"]
        assert re.search(r"\b%s\b" % row["name"], in_help), row["name"]
        for word in row["words"]:
            assert re.search(r"\b%s\b" % word, text), word
    assert completed("profile", "add", "x", "") == {row["name"] + "=" for row in TABLES["profile_keys"]}


def fields_agree():
    """Each setting that a data file which comes with the program has is in the page, in the group that it is in."""
    text = rendered("proxyrc-tools.5")
    titles = {"": "SETTINGS AT THE TOP", "keys": "KEYS", "files": "FILES OF THE TOOL"}
    for row in TABLES["tool_fields"]:
        part = section(text, titles.get(row["group"], row["group"].upper()))
        assert re.search(r"^     %s( {2,}|$)" % row["name"], part, re.M), row
    known = {row["name"] for row in TABLES["tool_fields"]}
    folder = os.path.join(SOURCE, "share/tools.d")
    for name in os.listdir(folder):
        content = re.sub(r'"[^"]*"|#[^\n]*', "", open(os.path.join(folder, name)).read())
        used = set(re.findall(r"(\w+)\s*=", content))
        assert used <= known, (name, used - known)


def guide_has_the_topics():
    text = rendered("proxyrc.7")
    for row in TABLES["topics"]:
        assert "   %s: %s\n" % (row["name"], row["title"]) in text, row["name"]


def literal_blocks():
    for name in NAMES:
        text = open(page_path(name[:-3])).read()
        for block in re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", text, re.M | re.S):
            yield name, block.replace("\\e", "\\").replace("\\-", "-").replace("\\&", "")


def csh_keeps_its_backquotes():
    assert 'eval "`proxyrc env --shell csh`" in csh' in rendered("proxyrc-apply.1")


def examples_are_right():
    """Commands in examples exist, and so do their options; the files in them are read."""
    n = 0
    for name, block in literal_blocks():
        block = re.sub(r"\\\n\s*", " ", block)
        for words in re.findall(r"(?:^|\$\(|\| *\n? +)proxyrc ([^\n)]*)", block, re.M):
            words = words.split()
            n += 1
            assert words[0] in COMMANDS, (name, words)
            allowed = {"--" + row["name"] for row in COMMANDS[words[0]]["options"] + TABLES["options"]}
            allowed |= {"-" + row["short"] for row in COMMANDS[words[0]]["options"] if row["short"]}
            for word in words[1:]:
                if word.startswith("-") and word != "-":
                    assert word.split("=")[0] in allowed, (name, words)
    assert n > 30, n
    box = Sandbox(PROGRAM)
    try:
        blocks = {name: [block for where, block in literal_blocks() if where == name] for name in ("proxyrc-tools.5.in", "proxyrc.cfg.5.in")}
        box.write(".config/proxyrc/tools.d/hurl.cfg", next(block for block in blocks["proxyrc-tools.5.in"] if "hurl" in block))
        assert box.json("tools", "hurl", exit=0)["tools"][0]["name"] == "hurl"
        box.write(".config/proxyrc/proxyrc.cfg", blocks["proxyrc.cfg.5.in"][0])
        rows = box.json("profile", "list", exit=0)["profiles"]
        assert [row["name"] for row in rows] == ["office", "relay", "direct"] and rows[0]["active"], rows
    finally:
        box.close()


def what_is_missing_is_noticed():
    """make-manual fails when a page does not have all that the program has, or something that it has not."""
    folder = tempfile.mkdtemp(prefix="proxyrc-manual-")
    try:
        def make(change=None, page="proxyrc-apply.1.in"):
            paths = []
            for name in NAMES:
                text = open(os.path.join(SOURCE, "share/man", name)).read()
                if name == page and change:
                    assert change[0] in text, change
                    text = text.replace(change[0], change[1])
                paths.append(os.path.join(folder, name))
                with open(paths[-1], "w") as file:
                    file.write(text)
            return subprocess.run([sys.executable, os.path.join(SOURCE, "script/make-manual"), PROGRAM, TUI, folder, *paths],
                                  capture_output=True, text=True, timeout=60)

        assert make().returncode == 0
        for name in NAMES:
            assert open(os.path.join(folder, name[:-3])).read() == open(page_path(name[:-3])).read(), "%s is not what make-manual makes" % name
        for change, page, word in ((("@options undo\n", ""), "proxyrc-apply.1.in", "options undo"),
                                   (("@command undo\n", "@command undone\n"), "proxyrc-apply.1.in", "undone"),
                                   (("@field keys dead\n", ".It dead\n"), "proxyrc-tools.5.in", "field keys dead"),
                                   (("@field keys dead\n", "@field keys death\n"), "proxyrc-tools.5.in", "death"),
                                   (("@actions\n", ""), "proxyrc-tui.1.in", "actions"),
                                   (("@topics 2\n", ""), "proxyrc.7.in", "topics 2")):
            done = make(change, page)
            assert done.returncode != 0 and word in done.stderr, (change, done)
    finally:
        shutil.rmtree(folder)


def every_command_has_a_page():
    """`man proxyrc-COMMAND` finds one: the page itself, or a link to it."""
    build = open(os.path.join(SOURCE, "share/meson.build")).read()
    found = {}
    for page, others in re.findall(r"'([\w.-]+\.\d)': \[(.*?)\]", build):
        assert page + ".in" in NAMES, page
        for other in re.findall(r"'([\w-]+)'", others):
            found[other] = page
    for command in COMMANDS:
        page = page_of(command)
        assert page == "proxyrc-%s.1" % command or found.pop(command, None) == page, command
    assert not found, found


def pages_are_installed():
    """Each goes into the folder of its section, each link beside the page that it names."""
    with open(os.path.join(os.path.dirname(PAGES), "meson-info/intro-installed.json")) as file:
        installed = json.load(file)
    for name in NAMES:
        page = name[:-3]
        assert installed[page_path(page)].endswith("/man%s/%s" % (page[-1], page)), installed[page_path(page)]


TESTS = (
    ("the commands of the program, its help, its completion and the manual", commands_agree),
    ("the options of each command", options_agree),
    ("the program takes each of these options", options_are_taken),
    ("the terminal UI's options, actions and keys", terminal_ui_agrees),
    ("exit codes", exit_codes_agree),
    ("the keys of a profile", keys_agree),
    ("the settings of a tool's data file", fields_agree),
    ("the guide has each topic of explain", guide_has_the_topics),
    ("csh: what is to be run there", csh_keeps_its_backquotes),
    ("examples: commands and options that exist, files that can be read", examples_are_right),
    ("what a page leaves out, or makes up, is noticed", what_is_missing_is_noticed),
    ("each command has a page of its name", every_command_has_a_page),
    ("each page goes where `man` looks for it", pages_are_installed),
    ("mandoc finds nothing to say, and each page that is referred to is there", pages_are_clean),
)

if not shutil.which("mandoc"):
    print("1..0 # SKIP there is no mandoc")
    sys.exit(0)
taps = Taps()
for title, function in TESTS:
    taps.run(title, function)
sys.exit(taps.done())
