#!/usr/bin/env python3
"""check.py [ROOT]: holds the source tree to the house rules that a program can see; prints TAP, one line per rule.

Comments and the contents of strings are blanked before code is looked at. The heuristics rely on the layout that
clang-format gives: a function's braces stand in the first column.
"""
import os
import re
import subprocess
import sys

FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 100

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def blank(match):
    """The same number of lines and columns, without what a comment or string says."""
    text = match.group(0)
    if text[0] in "\"'":
        return text[0] + re.sub(r"[^\n]", " ", text[1:-1]) + text[0]
    return re.sub(r"[^\n]", " ", text)


class Source:
    def __init__(self, root, path):
        self.path = os.path.relpath(path, root).replace(os.sep, "/")
        with open(path, encoding="utf-8", errors="replace") as stream:
            self.text = stream.read()
        self.lines = self.text.split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
        self.code = TOKEN.sub(blank, self.text).split("\n")
        parts = self.path.split("/")
        self.folder = parts[1] if parts[0] == "src" and len(parts) > 2 else None

    def matches(self, pattern):
        """(line number, match) for every line of code."""
        for number, line in enumerate(self.code, 1):
            for match in pattern.finditer(line):
                yield number, match


class Tree:
    def __init__(self, root):
        self.root = root
        self.sources = [Source(root, path) for top in ("src", "tests") for path in sorted(self.find(top, (".c", ".h")))]
        self.inside = [source for source in self.sources if source.folder is not None]

    def find(self, top, endings):
        for directory, folders, names in os.walk(os.path.join(self.root, top)):
            folders.sort()
            for name in names:
                if name.endswith(endings):
                    yield os.path.join(directory, name)

    def read(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8") as stream:
            return stream.read()

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def allowed_includes(self):
        """{folder: set of folders} from the table of docs/ARCHITECTURE.md."""
        table = {}
        for line in self.read("docs/ARCHITECTURE.md").split("\n"):
            row = re.match(r"\|\s*`(\w+)/`\s*\|\s*([^|]*?)\s*\|", line)
            if row:
                names = re.findall(r"`([^`]*)`", row.group(2))
                table[row.group(1)] = set(" ".join(names).split())
        return table


def includes_point_downwards(tree):
    table = tree.allowed_includes()
    if not table:
        yield "docs/ARCHITECTURE.md: no table of folders found"
    for folder in sorted({source.folder for source in tree.inside} - set(table)):
        yield "src/%s: not in the table of docs/ARCHITECTURE.md" % folder
    for source in tree.inside:
        for number, line in enumerate(source.lines, 1):
            include = re.match(r'\s*#\s*include\s*"([^"]*)"', line)
            if not include or source.folder not in table:
                continue
            name = include.group(1)
            folder = name.split("/")[0]
            if re.fullmatch(r"(.*-)?config\.h", name) and not tree.exists("src/%s/%s" % (source.folder, name)):
                continue  # meson makes it
            if "/" not in name or ".." in name.split("/"):
                yield '%s:%d: #include "%s": name it as "folder/file.h"' % (source.path, number, name)
            elif folder != source.folder and folder not in table[source.folder]:
                yield '%s:%d: #include "%s": %s/ may not include %s/' % (source.path, number, name, source.folder, folder)


def table_has_no_cycle(tree):
    table = tree.allowed_includes()
    state = {}

    def visit(folder, path):
        if state.get(folder) == "done":
            return None
        if folder in path:
            return path[path.index(folder):] + [folder]
        for below in sorted(table.get(folder, ())):
            if below not in table:
                return [folder, below + " (no such folder)"]
            cycle = visit(below, path + [folder])
            if cycle:
                return cycle
        state[folder] = "done"
        return None

    for folder in sorted(table):
        cycle = visit(folder, [])
        if cycle:
            yield "docs/ARCHITECTURE.md: %s" % " -> ".join(cycle)
            return


ONLY_THERE = [
    (re.compile(r"#\s*include\s*<sodium(\.h|/)"), {"secrets"}, "libsodium belongs to secrets/"),
    (re.compile(r"#\s*include\s*<(curl|openssl)/"), {"probe"}, "libcurl and OpenSSL belong to probe/"),
    (re.compile(r"#\s*include\s*<(n?curses|term)[./]"), {"tui"}, "curses belongs to tui/term/"),
    (re.compile(r"#\s*include\s*<libsecret/"), {"secrets"}, "libsecret belongs to secrets/"),
]


def libraries_stay_in_their_folder(tree):
    for source in tree.inside:
        for pattern, folders, why in ONLY_THERE:
            for number, _ in source.matches(pattern):
                if source.folder not in folders:
                    yield "%s:%d: %s" % (source.path, number, why)


OUTPUT = re.compile(
    r"(?<![\w.>])(?:v?printf|puts|putchar|perror|exit|_exit|_Exit|quick_exit|abort|g_print|g_printerr|g_error|g_message"
    r"|warnx?|errx?)\s*\(|(?<!\w)(?:stdout|stderr)\b")


def no_output_or_exit_below_the_faces(tree):
    for source in tree.inside:
        if source.folder not in ("cli", "tui"):
            for number, match in source.matches(OUTPUT):
                yield "%s:%d: %s belongs to cli/ and tui/" % (source.path, number, match.group(0).rstrip("( "))


UNSAFE = re.compile(
    r"(?<![\w.>])(strcpy|strcat|v?sprintf|gets|system|popen|g_spawn_\w+|g_file_set_contents\w*|g_key_file_save\w*"
    r"|config_write\w*|tmpnam|mktemp)\s*\(")


def nothing_unsafe_is_called(tree):
    for source in tree.inside:
        for number, match in source.matches(UNSAFE):
            yield "%s:%d: %s is not used here" % (source.path, number, match.group(1))


def headers_say_what_they_are_for(tree):
    for source in tree.sources:
        if source.path.endswith(".h"):
            name = os.path.basename(source.path)
            if not source.lines or not re.match(r"/\* %s - \S" % re.escape(name), source.lines[0]):
                yield "%s:1: the first line is '/* %s - what it is for */'" % (source.path, name)
            if not any(line.strip() == "#pragma once" for line in source.lines):
                yield "%s: no #pragma once" % source.path


def files_stay_small(tree):
    for source in tree.sources:
        if len(source.lines) > FILE_LINES_MAX:
            yield "%s: %d lines, at most %d" % (source.path, len(source.lines), FILE_LINES_MAX)


def functions_stay_small(tree):
    """A table inside a function is data: its rows are not counted."""
    for source in tree.sources:
        start = None
        for number, line in enumerate(source.code, 1):
            if line == "{":
                start, rows, in_table = number, 0, False
            elif start is None:
                continue
            elif re.match(r"    \S.* = \{$", line):
                in_table = True
            elif in_table:
                in_table = line != "    };"
                rows += in_table
            elif line.startswith("}"):
                length = number - start + 1 - rows
                if length > FUNCTION_LINES_MAX:
                    yield "%s:%d: a function of %d lines, at most %d" % (source.path, start, length, FUNCTION_LINES_MAX)
                start = None


def every_source_is_built(tree):
    for source in tree.sources:
        if not source.path.endswith(".c"):
            continue
        folder, name = os.path.split(source.path)
        build = folder + "/meson.build"
        stem = os.path.splitext(name)[0]
        names = {name}
        if source.path.startswith("tests/") and stem.startswith("test-"):
            names.add(stem[len("test-"):])
        text = re.sub(r"#.*", "", tree.read(build)) if tree.exists(build) else ""
        if not any("'%s'" % one in text for one in names):
            yield "%s: not in %s" % (source.path, build)


def every_test_script_is_run(tree):
    for path in sorted(tree.find("tests", (".py", ".sh"))):
        path = os.path.relpath(path, tree.root).replace(os.sep, "/")
        folder, name = os.path.split(path)
        build = folder + "/meson.build"
        text = re.sub(r"#.*", "", tree.read(build)) if tree.exists(build) else ""
        stem = os.path.splitext(name)[0][len("test-"):]
        if name.startswith("test-") and not any("'%s'" % one in text for one in (name, stem)):
            yield "%s: not in %s" % (path, build)


def links_lead_somewhere(tree):
    pages = [page for page in os.listdir(tree.root) if page.endswith(".md")]
    pages += [os.path.relpath(path, tree.root) for path in tree.find("docs", (".md",))]
    for page in sorted(pages):
        text = re.sub(r"```.*?```", "", tree.read(page), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
            if "://" not in target and not target.startswith("mailto:"):
                if not tree.exists(os.path.join(os.path.dirname(page), target)):
                    yield "%s: links to %s, which is not there" % (page, target)


def readme_names_the_packages(tree):
    """The README is for systems where script/bootstrap can't install: its names are those of script/packages."""
    rows = [line.split() for line in tree.read("script/packages").split("\n") if line and not line.startswith("#")]
    readme = tree.read("README.md")
    for check in sorted({row[1] for row in rows if [other[1] for other in rows if len(other) > 1].count(row[1]) > 1}):
        yield "script/packages: %s stands twice" % check
    for system, column in (("Fedora", 3), ("Homebrew", 4)):
        line = next((line for line in readme.split("\n") if line.startswith("| " + system)), "")
        named = set(re.findall(r"[\w@.+-]+", line))
        for row in rows:
            if len(row) != 5:
                yield "script/packages: not five columns: %s" % " ".join(row)
            elif row[column] != "-" and row[column] not in named:
                yield "README.md: %s's package %s is missing" % (system, row[column])


def scripts_parse(tree):
    for path in sorted(os.path.join(tree.root, "script", name) for name in os.listdir(os.path.join(tree.root, "script"))):
        with open(path, "rb") as stream:
            if stream.readline().rstrip() not in (b"#!/bin/sh", b"#!/usr/bin/env bash"):
                continue
        shown = os.path.relpath(path, tree.root)
        done = subprocess.run(["sh", "-n", path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode != 0:
            yield "%s: %s" % (shown, done.stderr.decode(errors="replace").strip())
        if not os.access(path, os.X_OK):
            yield "%s: not executable" % shown


RULES = [
    includes_point_downwards,
    table_has_no_cycle,
    libraries_stay_in_their_folder,
    no_output_or_exit_below_the_faces,
    nothing_unsafe_is_called,
    headers_say_what_they_are_for,
    files_stay_small,
    functions_stay_small,
    every_source_is_built,
    every_test_script_is_run,
    links_lead_somewhere,
    readme_names_the_packages,
    scripts_parse,
]


def main(argv):
    tree = Tree(os.path.abspath(argv[1] if len(argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "..")))
    failed = False

    print("1..%d" % len(RULES))
    for number, rule in enumerate(RULES, 1):
        findings = list(rule(tree))
        if not tree.inside:
            findings.append("%s: no source found" % tree.root)
        for finding in findings:
            print("# " + finding)
        print("%sok %d - %s" % ("not " if findings else "", number, rule.__name__))
        failed = failed or bool(findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
