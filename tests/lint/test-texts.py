#!/usr/bin/env python3
"""test-texts.py: texts.py can fail. Each row is a line of C and whether a text in it must be reported. Prints TAP."""
import os
import subprocess
import sys
import tempfile

TEXTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts.py")

ROWS = [
    ("a message", 'g_set_error (error, D, C, "not a file");', True),
    ("a message that is marked", 'g_set_error (error, D, C, _ ("not a file"));', False),
    ("over two lines, marked", 'say (_ ("not a "\n        "file"));', False),
    ("the second of two", 'say (_ ("not a file"), "nor a folder");', True),
    ("in a table", 'static const char *const rows[] = { N_ ("one text"), "another text" };', True),
    ("in a table that is marked", 'static const char *const rows[] = { N_ ("one text"), N_ ("another text") };', False),
    ("with a number", 'say (ngettext ("%u old file", "%u old files", n), n);', False),
    ("returned", 'return "not a file";', True),
    ("one word, a path, a directive", 'say ("word", "/usr/lib", "%s: %u");', False),
    ("a command", 'say ("`proxyrc env now`");', False),
    ("what compares", 'if (strcmp (text, "no longer here") == 0)\n        return;', False),
    ("what only developers see", 'g_critical ("must not happen");', False),
    ("said to be none", 'say ("GET it now"); /* untranslated: HTTP */', False),
    ("said of another", 'say ("GET it now"); /* untranslated: HTTP */\n    say ("not a file");', True),
    ("in a comment", '/* not a file */ say ("x");', False),
]


def main():
    failed = False
    print(f"1..{len(ROWS)}")
    for number, (name, line, is_reported) in enumerate(ROWS, 1):
        with tempfile.TemporaryDirectory() as root:
            os.mkdir(os.path.join(root, "src"))
            with open(os.path.join(root, "src", "a.c"), "w", encoding="utf-8") as stream:
                stream.write(f"/* a.c - a thing */\nvoid\nf (void)\n{{\n    {line}\n}}\n")
            done = subprocess.run([sys.executable, TEXTS, root], capture_output=True, text=True, check=False)
        ok = (done.returncode == 1) == is_reported and ("not ok" in done.stdout) == is_reported
        failed = failed or not ok
        print(f"{'ok' if ok else 'not ok'} {number} - {name}")
        if not ok:
            print("# " + (done.stdout + done.stderr).replace("\n", "\n# "))
    return 1 if failed else 0


sys.exit(main())
