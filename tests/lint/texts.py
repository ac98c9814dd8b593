#!/usr/bin/env python3
"""texts.py [ROOT [PATH…]]: texts for a person that gettext does not know; prints TAP, one line per folder of src/.

A string with two words next to each other is taken for such a text. It must stand in a call of MARKS; what no person
reads, or what must be the same in every language (a file's content, a wire, a table's key), says so with the comment
"untranslated" in its statement or its own line: `/∗ untranslated: what it is ∗/`. The first comment of a file may say
so for all of it.
"""
import os
import re
import sys

MARKS = {"_", "N_", "C_", "NC_", "ngettext", "gettext", "dngettext"}
# what only a developer sees, and what compares
SILENT = {"g_critical", "g_error", "g_assert_not_reached", "assert", "g_debug", "_Static_assert", "g_return_if_fail",
          "strstr", "strcmp", "strncmp", "strcasecmp", "g_str_has_prefix", "g_str_has_suffix", "g_strv_contains",
          "g_str_equal", "memmem", "G_STATIC_ASSERT", "static_assert", "g_log_set_handler", "prc_secret_search"}

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|\#[^\n]*(?:\\\n[^\n]*)*|\S""",
                   re.DOTALL)
DIRECTIVE = re.compile(r"%[-+ #0']*[\d*]*(?:\$[-+ #0]*\d*)?(?:\.[\d*]+)?(?:hh|h|ll|l|z|j|t)?[a-zA-Z%]")
TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,;:]? (?:a )?[^\W\d_]{2,}")


def is_text(literal):
    text = re.sub(r"`[^`]*`", " ", literal)
    text = DIRECTIVE.sub(" %", text)
    text = re.sub(r"\\[nt]", " ", text)
    return TWO_WORDS.search(text) is not None


class File:
    def __init__(self, root, path):
        self.path = os.path.relpath(path, root)
        with open(path, encoding="utf-8") as stream:
            self.source = stream.read()
        self.said = {self.line_of(match.start()) + n
                     for match in re.finditer(r"/\*[^*]*\buntranslated\b.*?\*/", self.source, re.DOTALL)
                     for n in range(match.group(0).count("\n") + 1)}

    def line_of(self, offset):
        return self.source.count("\n", 0, offset) + 1

    def is_all_exempt(self):
        first = re.match(r"\s*(/\*.*?\*/)", self.source, re.DOTALL)
        return first is not None and "untranslated" in first.group(1)

    def unmarked(self):
        """(line, text) of each."""
        if self.is_all_exempt():
            return
        stack, name, statement = [], None, 1
        literal, start, marked, pending = "", 0, False, False
        for match in TOKEN.finditer(self.source):
            token = match.group(0)
            if token.startswith(("/*", "//")):
                continue
            line = self.line_of(match.start())
            if token.startswith("#"):
                name = None
                continue
            if token[0] == '"':
                if not pending:
                    literal, start, pending = "", line, True
                    marked = any(caller in MARKS or caller in SILENT for caller in stack)
                literal += token[1:-1]
                name = None
                continue
            if pending:
                pending = False
                lines = range(min(statement, start), line + 1)
                if not marked and is_text(literal) and not any(n in self.said for n in lines):
                    yield start, literal
            if token == "(":
                stack.append(name or "")
            elif token == ")" and stack:
                stack.pop()
            elif token in ";{}":
                # what stands behind a semicolon is about what stands before it
                if token in "{}":
                    statement = line
                elif not stack:
                    statement = line + 1
            name = token if re.match(r"[A-Za-z_]\w*$", token) else None


def folders(root, paths):
    for path in paths:
        path = os.path.join(root, path)
        if os.path.isfile(path):
            yield os.path.relpath(path, root), [path]
            continue
        for directory, below, names in os.walk(path):
            below.sort()
            files = [os.path.join(directory, name) for name in sorted(names) if name.endswith((".c", ".h"))]
            if files:
                yield os.path.relpath(directory, root), files


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    failed, count = False, 0
    for folder, files in folders(root, sys.argv[2:] or ["src"]):
        found = [(file.path, line, text) for file in (File(root, path) for path in files)
                 for line, text in file.unmarked()]
        count += 1
        for path, line, text in found:
            print(f"# {path}:{line}: {text[:100]}")
        print(f"{'not ok' if found else 'ok'} {count} - {folder}: each text for a person is marked for translation")
        failed = failed or bool(found)
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
