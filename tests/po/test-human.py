#!/usr/bin/env python3
"""test-human.py ROOT BUILD: what people read is translated: in a made-up locale no line stays English. Prints TAP."""
import json
import os
import re
import sys
import tempfile

import translations
from home import Home
from translations import ACCENTED

ROOT, BUILD = (os.path.realpath(path) for path in sys.argv[1:3])
sys.path.insert(0, os.path.join(ROOT, "tests", "packaging"))
import tap  # noqa: E402

# lines in which there are words, and nothing to translate
SAME_EVERYWHERE = [
    (r"^(Usage:|Help Options:|Application Options:)$|Show help options$", "GLib's own texts, which GLib translates"),
    (r"^\s*proxyrc [\w-]+ \[OPTION…\]", "the grammar of the command line: names of commands, options and arguments"),
    (r"^(---|\+\+\+|@@) |^[-+]", "a diff: the content of files"),
    (r"^proxyrc \d", "the version"),
    (r"^    \$ ", "a command to be typed"),
    (r"^\w+ +(ok|stale|differs|missing|inherits|overridden|dynamic|invalid) *$", "a tool and its state, which stay"),
    (r"^  (ok|stale|differs|missing|inherits|overridden|dynamic|invalid) +/", "a state, a file, a setting"),
    (r"^    (system|user|project) +\w+ +\S+$", "scope, format and path of a file"),
    (r"^    (http|https|all|no_proxy|auth|ca|user) +\S+$", "role and key of a setting"),
    (r"^  \w+ +\S+$", "the key of a profile and its value"),
    (r"^ ?\tsslVerify = false$", "a line of a file, in a diff"),
    (r"^proxyrc: /nowhere: No such file or directory$", "the C library's own text, which it translates"),
]
WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? +[a-z]{2,}")
# what no language changes: names, values, paths; for the rest see KEPT
VALUE = re.compile(r"`[^`]*`|\S*[/.@=_$:|]\S*|\b\d\S*|(?<!\w)-[\w-]+(?:=\S+)?|\b[A-Z]{2,}\b")


def is_english(line):
    """Words, and none of them with an accent."""
    if translations.BEGIN in line or translations.END in line or re.search("[Ā-ſñöçéà]", line):
        return False
    return WORDS.search(VALUE.sub(" ", line)) is not None and not any(re.search(pattern, line) for pattern, _ in SAME_EVERYWHERE)


SHOWN = [
    ("status",), ("status", "--verbose"), ("status", "nosuch"), ("scan", "work"), ("scan", "/nowhere"), ("scan",), ("tools",), ("tools", "npm"),
    ("tools", "nosuch"), ("profile", "list"), ("profile", "show"), ("profile", "show", "nosuch"), ("profile", "add", "x"), ("profile", "nosuch"),
    ("profile", "add", "x", "http=nonsense"), ("profile", "set", "office", "nosuch=1"), ("history",), ("history", "--purge", "--no-input"),
    ("route", "git", "https://origin.example/"), ("route", "https://origin.example/"), ("route", "nosuch", "https://x/"), ("route",),
    ("explain",), ("explain", "407"), ("explain", "stale"), ("explain", "nosuch"), ("doctor", "--no-check"), ("doctor", "--no-check", "--verbose"),
    ("check", "--proxy", "http://127.0.0.1:1", "--timeout", "5"), ("check", "nosuch"), ("check", "--timeout", "x"), ("apply", "--dry-run"),
    ("use", "nosuch"), ("use",), ("use", "direct", "--dry-run"), ("undo", "nosuch"), ("passwd", "--no-check", "--no-input"), ("logout", "nosuch"),
    ("unlock", "--for", "x"), ("unlock", "--no-input"), ("lock",), ("login", "--no-input"), ("login", "--store", "nosuch", "--no-input"),
    ("file",), ("file", "get", "--format", "nosuch", "x"), ("file", "get", "--format", "npmrc", "/nowhere", "k"),
    ("file", "list", "--format", "gitconfig", "broken/.gitconfig"), ("env", "--shell", "nosuch"), ("git-credential", "nosuch"), ("nosuch",),
    ("status", "--nosuch"), ("status", "--color", "x"), ("apply", "--no-input"), ("status",), ("history",), ("use", "direct", "--no-input"),
    ("undo", "--no-input"), ("passwd", "--no-check", "--no-input", "--password-stdin"), ("status", "--home", "/nowhere"), ("--help",),
]


def left_english(runs):
    """Of [(arguments, said)]: the lines that stay English."""
    found, count = {}, 0
    for arguments, said in runs:
        for line in "".join(home.run(ACCENTED, *arguments, input=said)[1:]).split("\n"):
            count += 1
            if is_english(line):
                found.setdefault(line, arguments)
    return ["%s: %s" % (" ".join(arguments), line) for line, arguments in found.items()], count


def human_output():
    home.make()
    home.log_in(ACCENTED)
    found, count = left_english([(row, "n3w\n" if "--password-stdin" in row else "") for row in SHOWN])
    assert count > 200, count
    assert not found, "%d\n%s" % (len(found), "\n".join(found))


def help_texts():
    names = [row["name"] for row in json.loads(home.run("en", "--dump-tables")[1])["commands"]]
    found, count = left_english([((name, "--help"), "") for name in names] + [(("--help",), "")])
    assert count > 200 and len(names) > 15, (count, names)
    assert not found, "%d\n%s" % (len(found), "\n".join(found))


def finds_faults():
    assert is_english("the check can't be started: x") and is_english("  git: no proxy here")
    assert not is_english("⟦ţĥé çĥéçķ⟧: the rest of it") and not is_english("http://proxy.example:3128 ~/.npmrc:4")
    assert translations.BEGIN in home.run(ACCENTED, "explain")[1], "the made-up locale is not found"


if __name__ == "__main__":
    with translations.farm(BUILD, ROOT) as tree, tempfile.TemporaryDirectory(prefix="proxyrc-po-home.") as top:
        translations.make_up(ROOT, os.path.join(tree, "po"), (ACCENTED,))
        home = Home(os.path.realpath(top), os.path.join(tree, "src", "cli", "proxyrc"))
        result = tap.run_cases([("the checks find what they are for", finds_faults), ("help of every command is translated", help_texts),
                                ("what is printed for people is translated", human_output)])
    sys.exit(result)
