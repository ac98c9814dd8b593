#!/usr/bin/env python3
"""test-explain.py PROGRAM SOURCE: every verdict and state has its topic, and what the texts name exists. Prints TAP."""
import json
import os
import re
import subprocess
import sys

from sandbox import Taps

PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), sys.argv[2]
STATES = ("ok stale differs missing inherits overridden dynamic invalid exposed absent stored unknown").split()
CODES = ("407 401 403 browser password-expired lockout vpn desktop-programs code ca ntlm relay no_proxy encoding").split()


def run(*args, exit=0):
    done = subprocess.run([PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "C.UTF-8", "HOME": "/"}, check=False)
    assert done.returncode == exit, "%s: exit %d: %s" % (args, done.returncode, done.stderr.decode())
    return done.stdout.decode(), done.stderr.decode()


def topics():
    return [json.loads(run("explain", row["topic"], "--json")[0]) for row in json.loads(run("explain", "--json")[0])["topics"]]


def every_word_has_its_topic():
    with open(os.path.join(SOURCE, "src/model/verdict.c"), encoding="utf-8") as file:
        text = file.read()
    verdicts = re.findall(r'\[PRC_VERDICT_\w+\]\s*=\s*"([a-z_]+)"', text)
    assert len(verdicts) == 16, verdicts
    for word in verdicts + STATES + CODES:
        topic = json.loads(run("explain", word, "--json")[0])
        names = [topic["topic"], *topic["aliases"]]
        assert word in names, (word, names)
        assert word == topic["topic"] or word not in verdicts + STATES, "%s is no topic of its own" % word
        assert len(topic["text"]) > 80, word


def words_of_the_program_have_one():
    """Whatever `status` may say as a state."""
    words = set()
    for folder in ("app", "planner"):
        for name in os.listdir(os.path.join(SOURCE, "src", folder)):
            with open(os.path.join(SOURCE, "src", folder, name), encoding="utf-8") as file:
                words |= set(re.findall(r'->state = "([a-z_]+)"', file.read()))
    assert words, "no state is ever set"
    for word in sorted(words):
        run("explain", word)


def names_are_found_and_point_to_each_other():
    seen = {}
    everything = topics()
    for topic in everything:
        for name in [topic["topic"], *topic["aliases"]]:
            key = name.lower().replace("-", "_")
            assert key not in seen, "%s: of %s and %s" % (name, seen.get(key), topic["topic"])
            seen[key] = topic["topic"]
            for way in (name, name.upper(), name.replace("_", "-"), name.replace("-", "_")):
                assert json.loads(run("explain", way, "--json")[0])["topic"] == topic["topic"], way
    for topic in everything:
        for name in topic["see"]:
            assert any(other["topic"] == name for other in everything), "%s: there is no %s to see" % (topic["topic"], name)
            assert name != topic["topic"]


def commands_exist():
    """With the options that are named."""
    helps = {}
    known = re.findall(r"^  ([a-z-]+) +", run("--help")[0], re.M)
    count = 0
    for topic in topics():
        for command, rest in re.findall(r"proxyrc ([a-z][a-z-]*)([^`\n]*)", "\n".join(re.findall(r"`[^`]*`|^  .*$", topic["text"], re.M))):
            assert command in known, "%s: there is no `proxyrc %s`" % (topic["topic"], command)
            helps.setdefault(command, run(command, "--help")[0])
            for option in re.findall(r"--[a-z-]+", rest):
                assert option in helps[command], "%s: `proxyrc %s` has no %s" % (topic["topic"], command, option)
            for name in re.findall(r"explain ([a-z-]+)", "explain" + rest if command == "explain" else ""):
                run("explain", name)
            count += 1
    assert count > 60, count


def lines_fit():
    for args in ((), *[(topic["topic"],) for topic in topics()]):
        out, _ = run("explain", *args)
        for line in out.split("\n"):
            assert len(line) <= 80, "%s: %s" % (args, line)
            assert line == line.rstrip(), "%s: blanks at the end: %r" % (args, line)
        assert out.count("\n") <= 45 or not args, "%s is long" % args


def unknown_ones():
    for given, meant in (("408", "407"), ("kerbros", "ntlm"), ("stal", "stale"), ("credential_rejected", "credentials_rejected"), ("noproxi", "no_proxy"),
                         ("captive", "not_a_proxy"), ("tmus", "running")):
        _, err = run("explain", given, exit=2)
        assert "proxyrc explain %s`?" % meant in err, (given, err)
    for given in ("xyzzy", "", "q" * 5000, "\x1b[31m", "%s%n"):
        _, err = run("explain", given, exit=2)
        assert "`proxyrc explain` lists them" in err and "\x1b" not in err, err
    run("explain", "407", "401", exit=2)


def main():
    taps = Taps()
    for case in (every_word_has_its_topic, words_of_the_program_have_one, names_are_found_and_point_to_each_other, commands_exist, lines_fit, unknown_ones):
        taps.run(case.__name__, case)
    return taps.done()


sys.exit(main())
