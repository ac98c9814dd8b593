#!/usr/bin/env python3
"""test-check.py: the lint can fail. Each row plants one violation in a small clean tree and names the rule that must
see it; all other rules must stay quiet. Prints TAP."""
import os
import subprocess
import sys
import tempfile

CHECK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check.py")

CLEAN = {
    "docs/ARCHITECTURE.md": """| folder | may include | holds |
| --- | --- | --- |
| `base/` | – | no domain |
| `secrets/` | `base` | stores |
| `cli/` | `base` | faces |
""",
    "src/base/meson.build": "lib = static_library('base', 'a.c')\n",
    "src/base/a.h": "/* a.h - one thing */\n#pragma once\nint a (void);\n",
    "src/base/a.c": "#include \"base/a.h\"\n\n/* printf (stdout) in a comment, \"#include\" too */\nint\na (void)\n{\n"
                    "    return (int) sizeof \"exit (1); abort ();\";\n}\n",
    "src/secrets/meson.build": "lib = static_library('secrets', 's.c')\n",
    "src/secrets/s.c": "#include \"base/a.h\"\n#include <sodium.h>\n",
    "src/cli/meson.build": "executable('x', 'main.c')\n",
    "src/cli/main.c": "#include \"base/a.h\"\n#include <stdio.h>\nint\nmain (void)\n{\n    puts (\"x\");\n    return 0;\n}\n",
    "tests/base/meson.build": "base_tests = {\n  'a': 30,\n}\n",
    "tests/base/test-a.c": "#include \"test.h\"\n",
    "script/packages": "# a comment\nrun pc:x libx-dev libx-devel x\nrun cmd:y y y -\n",
    "script/run": "#!/bin/sh\nexec true\n",
    "README.md": "| Fedora | `dnf install libx-devel y` |\n| Homebrew | `brew install x` |\n\nSee [the house](docs/ARCHITECTURE.md) and [elsewhere](https://example.com/x).\n",
}

LONG_FUNCTION = "int\nb (void)\n{\n" + "    a ();\n" * 99 + "}\n"
TABLE = "    static const struct {\n        int a;\n    } rows[] = {\n" + "        { 1 },\n" * 200 + "    };\n"
LONG_TABLE = "int\nb (void)\n{\n" + TABLE + "    a ();\n" * 90 + "}\n"

# what is planted; the file and the text that is appended to it; the rule that must see it
PLANTED = [
    ("an include that points upwards", "src/base/a.c", '#include "cli/x.h"\n', "includes_point_downwards"),
    ("an indented include, blanks after the #", "src/base/a.c", '  #  include  "secrets/x.h"\n', "includes_point_downwards"),
    ("an include by a relative path", "src/cli/main.c", '#include "../secrets/s.h"\n', "includes_point_downwards"),
    ("an include without its folder", "src/base/a.c", '#include "a.h"\n', "includes_point_downwards"),
    ("a cycle in the table", "docs/ARCHITECTURE.md", "| `x/` | `y` | |\n| `y/` | `x` | |\n", "table_has_no_cycle"),
    ("libsodium elsewhere", "src/base/a.c", "#include <sodium.h>\n", "libraries_stay_in_their_folder"),
    ("printf", "src/base/a.c", 'int\nb (void)\n{\n    return printf ("x");\n}\n', "no_output_or_exit_below_the_faces"),
    ("fputs to stderr", "src/secrets/s.c", 'int\nb (void)\n{\n    return fputs ("x", stderr);\n}\n',
     "no_output_or_exit_below_the_faces"),
    ("exit", "src/base/a.c", "void\nb (void)\n{\n    exit (1);\n}\n", "no_output_or_exit_below_the_faces"),
    ("abort", "src/base/a.c", "void\nb (void)\n{\n    if (a ()) abort();\n}\n", "no_output_or_exit_below_the_faces"),
    ("a file written past the transaction", "src/cli/main.c", 'void\nb (void)\n{\n    g_file_set_contents ("x", "y", 1, NULL);\n}\n',
     "nothing_unsafe_is_called"),
    ("a subprocess", "src/cli/main.c", 'void\nb (void)\n{\n    (void) system ("x");\n}\n', "nothing_unsafe_is_called"),
    ("a header without a purpose", "src/base/b.h", "#pragma once\nint b (void);\n", "headers_say_what_they_are_for"),
    ("a header with another's name", "src/base/b.h", "/* a.h - another */\n#pragma once\n", "headers_say_what_they_are_for"),
    ("a header without a guard", "src/base/b.h", "/* b.h - another */\n", "headers_say_what_they_are_for"),
    ("a file of 801 lines", "tests/base/test-a.c", "\n" * 800, "files_stay_small"),
    ("a function of 101 lines", "src/base/a.c", LONG_FUNCTION, "functions_stay_small"),
    ("a function of 101 lines and a table", "src/base/a.c", LONG_TABLE + LONG_FUNCTION.replace("{\n", "{\n" + TABLE, 1),
     "functions_stay_small"),
    ("nothing: a long table is no long function", "src/base/a.c", LONG_TABLE, None),
    ("a test that is not built", "tests/base/test-b.c", '#include "test.h"\n', "every_source_is_built"),
    ("a source that is not built", "src/base/b.c", '#include "base/a.h"\n', "every_source_is_built"),
    ("a test only named in a comment", "tests/base/test-c.c", '#include "test.h"\n', "every_source_is_built"),
    ("a test script that is not run", "tests/base/test-b.py", "pass\n", "every_test_script_is_run"),
    ("a package that the README does not name", "script/packages", "test cmd:z z z z\n", "readme_names_the_packages"),
    ("a package twice", "script/packages", "test cmd:y y y -\n", "readme_names_the_packages"),
    ("a row that is not one", "script/packages", "test cmd:z z\n", "readme_names_the_packages"),
    ("a script with an error", "script/run", "if true; then\n", "scripts_parse"),
    ("a script that can't be run", "script/other", "#!/bin/sh\n", "scripts_parse"),
    ("a dead link", "README.md", "[gone](docs/GONE.md)\n", "links_lead_somewhere"),
]


def failing_rules(root):
    done = subprocess.run([sys.executable, CHECK, root], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    rules = [line.split(" - ")[1] for line in done.stdout.split("\n") if line.startswith("not ok")]
    return done.returncode, rules, done.stdout


def write(root, path, text, how="w"):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, how, encoding="utf-8") as stream:
        stream.write(text)


def main():
    failed = False
    print("1..%d" % (len(PLANTED) + 2))

    def report(number, good, what, output):
        nonlocal failed
        failed = failed or not good
        if not good:
            print("".join("# %s\n" % line for line in output.split("\n")), end="")
        print("%sok %d - %s" % ("" if good else "not ", number, what))

    for number, (what, path, text, rule) in enumerate([("nothing", None, None, None)] + PLANTED, 1):
        with tempfile.TemporaryDirectory(prefix="proxyrc-lint-") as root:
            for name, content in CLEAN.items():
                write(root, name, content)
            os.chmod(os.path.join(root, "script/run"), 0o755)
            if what == "a test only named in a comment":
                write(root, "tests/base/meson.build", "# 'c': 30,\n", "a")
            if path is not None:
                write(root, path, text, "a")
            status, rules, output = failing_rules(root)
            good = (status, rules) == ((1, [rule]) if rule else (0, []))
            report(number, good, "planted: " + what, output)
    with tempfile.TemporaryDirectory(prefix="proxyrc-lint-") as root:
        for name in ("docs/ARCHITECTURE.md", "README.md", "script/packages"):
            write(root, name, CLEAN[name])
        status, rules, output = failing_rules(root)
        report(len(PLANTED) + 2, status == 1 and len(rules) > 0, "an empty tree is not a clean one", output)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
