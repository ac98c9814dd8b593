#!/usr/bin/env python3
"""test-machine.py ROOT BUILD: what a program reads is the same in every language.

All is run in made-up locales: see translations.py. Prints TAP.
"""
import json
import os
import sys
import tempfile

import translations
from home import Home, timeless
from translations import ACCENTED, WIDE

ROOT, BUILD = (os.path.realpath(path) for path in sys.argv[1:3])
sys.path.insert(0, os.path.join(ROOT, "tests", "packaging"))
import tap  # noqa: E402

READ = [  # of which stdout is for a program; of those with --json stderr too
    ("status", "--json"), ("status", "git", "--json"), ("scan", "work", "--json"), ("tools", "--json"), ("tools", "npm", "--json"),
    ("profile", "list", "--json"), ("profile", "show", "--json"), ("profile", "show", "nosuch", "--json"), ("history", "--json"),
    ("route", "git", "https://origin.example/", "--json"), ("route", "https://origin.example/", "--json"), ("explain", "--json"),
    ("explain", "407", "--json"), ("explain", "stale", "--json"), ("doctor", "--no-check", "--json"), ("doctor", "--json", "--no-check", "--system"),
    ("check", "--json", "--proxy", "http://127.0.0.1:1", "--timeout", "5"), ("check", "nosuch", "--json"),
    ("apply", "--dry-run", "--json"), ("use", "direct", "--dry-run", "--json"), ("passwd", "--dry-run", "--json", "--no-check", "--no-input"),
    ("file", "list", "--format", "npmrc", ".npmrc", "--json"), ("file", "get", "--format", "gitconfig", ".gitconfig", "http.proxy", "--json"),
    ("file", "list", "--format", "gitconfig", "broken/.gitconfig", "--json"), ("status", "--json", "--nosuch"),
    ("file", "get", "--format", "gitconfig", ".gitconfig", "http.proxy", "--reveal"), ("env",), ("env", "--shell", "fish"),
    ("env", "--shell", "csh"), ("env", "--startup"), ("--dump-tables",), ("--version",),
]
ASKED = [  # and what is said to it
    (("git-credential", "get"), "protocol=http\nhost=proxy.example:3128\n\n"),
    (("--complete",), "proxyrc\n"), (("--complete",), "proxyrc\nstatus\n--\n"),
]


def same(rows, home, language):
    """Each of @rows prints what it prints in English."""
    found = []
    for arguments, said in rows:
        wanted, shown = (home.run(name, *arguments, input=said) for name in ("en", language))
        kept = slice(0, 3 if "--json" in arguments else 2)
        if timeless(str(wanted[kept])) != timeless(str(shown[kept])):
            found.append("%s:\n%s\nbecame\n%s" % (" ".join(arguments), wanted[kept], shown[kept]))
    assert not found, "\n".join(found)


def machine_output(language):
    home.make()
    home.log_in("en")
    same([(row, "") for row in READ] + ASKED, home, language)
    home.run("en", "apply", "--no-input")
    same([(row, "") for row in READ] + ASKED, home, language)


def tables(language):
    wanted, shown = (home.run(name, "--dump-actions", program=terminal_ui) for name in ("en", language))
    assert wanted == shown and wanted[0] == 0 and "apply" in wanted[1], shown


def written(language):
    """Files, store and history, whatever the language of those who wrote and of those who read."""
    results = []
    for name in ("en", language):
        home.make()
        home.log_in(name)
        steps = [home.run(name, "apply", "--no-input")[0], home.run(name, "profile", "set", "office", "placement=reference")[0],
                 home.run(name, "apply", "--no-input")[0],
                 home.run(name, "passwd", "--no-check", "--password-stdin", "--no-input", input="an0ther\n")[0],
                 home.run(name, "use", "direct", "--no-input")[0], home.run(name, "undo", "--no-input")[0]]
        history = json.loads(home.run("en", "history", "--json")[1])
        results.append((steps, home.files(), timeless(json.dumps(history)), timeless(home.run("en", "history")[1])))
    assert 0 in results[0][0] and len(results[0][2]) > 100, results[0]
    for wanted, shown in zip(*results):
        if isinstance(wanted, dict):
            assert wanted.keys() == shown.keys(), (wanted.keys() ^ shown.keys())
            changed = {name: (wanted[name], shown[name]) for name in wanted if wanted[name] != shown[name]}
            assert not changed, changed
        assert wanted == shown, "%s\nbecame\n%s" % (wanted, shown)


def has_effect():
    for language in (ACCENTED, WIDE):
        assert translations.BEGIN in home.run(language, "explain")[1], "the made-up locale is not found"


def main():
    cases = [("the made-up locales are found", has_effect)]
    for language in (ACCENTED, WIDE):
        cases += [("%s: what programs read stays English" % language, lambda language=language: machine_output(language)),
                  ("%s: files, store and history are the same" % language, lambda language=language: written(language)),
                  ("%s: the table of actions" % language, lambda language=language: tables(language))]
    return tap.run_cases(cases)


if __name__ == "__main__":
    with translations.farm(BUILD, ROOT) as tree, tempfile.TemporaryDirectory(prefix="proxyrc-po-home.") as top:
        translations.make_up(ROOT, os.path.join(tree, "po"))
        terminal_ui = os.path.join(tree, "src", "tui", "proxyrc-tui")
        home = Home(os.path.realpath(top), os.path.join(tree, "src", "cli", "proxyrc"))
        result = main()
    sys.exit(result)
