#!/usr/bin/env python3
"""test-translations.py ROOT: the template is up to date, and each language complete and valid. Prints TAP."""
import collections
import glob
import os
import re
import subprocess
import sys
import unicodedata

import translations

ROOT = os.path.realpath(sys.argv[1])
sys.path.insert(0, os.path.join(ROOT, "tests", "packaging"))
import tap  # noqa: E402

PO = os.path.join(ROOT, "po")


def path_of(language):
    return os.path.join(PO, language + ".po")


def update_po(*arguments):
    done = subprocess.run([sys.executable, os.path.join(ROOT, "script", "update-po"), "--check", *arguments], capture_output=True, text=True,
                          check=False)
    return done.stderr.splitlines() + done.stdout.splitlines() if done.returncode != 0 else []


def template():
    """Its own complaint; those about languages are theirs."""
    found = [line for line in update_po() if "proxyrc.pot" in line]
    assert not found, "\n".join(found)
    texts = translations.read(os.path.join(PO, "proxyrc.pot"))
    assert len(texts) > 500, "only %d texts" % len(texts)


def listed():
    there = {os.path.basename(path)[:-3] for path in glob.glob(os.path.join(PO, "*.po"))}
    named = translations.languages(ROOT)
    assert sorted(named) == sorted(set(named)), "twice: %s" % named
    assert set(named) == there, "only in LINGUAS: %s; only a file: %s" % (sorted(set(named) - there), sorted(there - set(named)))
    for name in named:
        assert re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?(@[a-z]+)?", name), name
        assert "Language: %s\n" % name in translations.header(path_of(name)), "%s: its header names another language" % name


def complete(language):
    found = [line for line in update_po(language) if "proxyrc.pot" not in line]
    assert not found, "\n".join(found)


def count(pattern, text):
    return collections.Counter(re.findall(pattern, text))


SAME = {  # what must be there as often as it is in English
    "in backquotes": r"`[^`\n]*`",
    "an option": translations.OPTION,
    "a directive": translations.DIRECTIVE,
    "a name": translations.NAME,
    "a key": translations.KEYS,
}


def edges(text):
    return re.match(r"\s*", text).group(0), re.search(r"\s*$", text).group(0)


def order_removed(counter):
    """%2$s is the %s that it stands for."""
    out = collections.Counter()
    for directive, number in counter.items():
        out[re.sub(r"^%\d+\$", "%", directive)] += number
    return out


def differences(text, source, translated):
    """What of @source is missing in its translation, or new in it."""
    for what, pattern in SAME.items():
        if what == "a directive" and "c-format" not in text.flags:
            continue
        wanted, found = (order_removed(count(pattern, part)) for part in (source, translated))
        if text.many is not None and what == "a directive":
            wanted = found if found in [order_removed(count(pattern, part)) for part in text.sources] else wanted
        if wanted != found:
            yield "%s: %s became %s" % (what, sorted((wanted - found).elements()), sorted((found - wanted).elements()))
    if edges(source) != edges(translated):
        yield "blanks or line ends at its edges: %r became %r" % (edges(source), edges(translated))


def flaws(translated):
    """What is wrong with it by itself."""
    if unicodedata.normalize("NFC", translated) != translated:
        yield "characters that are not composed"
    bad = [char for char in translated if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")]
    if bad:
        yield "characters that a terminal can't show: %a" % bad
    if translated.count("`") % 2 != 0:
        yield "a backquote alone"


def too_wide(source, translated):
    """Of text that is broken into lines by hand; a line that is longer is a paragraph, which the program breaks."""
    room = max(80, *map(translations.width, source.split("\n")))
    if room > 100 or "\n\n  proxyrc" in source:
        return
    for line in translated.split("\n"):
        if "\n" in source.strip("\n") and translations.width(line) > room:
            yield "a line of %d columns, there are %d: %s" % (translations.width(line), room, line)


def valid(language):
    found = []
    for text in translations.read(path_of(language)):
        if "fuzzy" in text.flags:
            continue  # nobody is shown it; that it is not complete is said above
        for index, translated in enumerate(text.translated):
            source = text.sources[min(index, len(text.sources) - 1)]
            found += ["%r → %r: %s" % (source, translated, what) for what in
                      [*differences(text, source, translated), *flaws(translated), *too_wide(source, translated)] if translated]
    assert not found, "%d\n%s" % (len(found), "\n".join(found[:40]))


def finds_faults():
    """Of the checks themselves: each kind of fault is seen, and none where there is none."""
    text = translations.Text()
    text.flags.add("c-format")
    good = "store it with `proxyrc login`, or --force: %s of %u; C-r shows http_proxy"
    assert not list(differences(text, good, "%2$u %1$s --force `proxyrc login` C-r http_proxy"))
    for bad in (good.replace("login", "anmelden"), good.replace("--force", "--zwingen"), good.replace("%u", "%s"), good.replace("C-r", "Strg-r"),
                good.replace("http_proxy", "Proxy"), good + " ", "\n" + good):
        assert list(differences(text, good, bad)), bad
    for bad in ("a\tb", "a\u202eb", "e\u0301", "`a", "a\u00adb"):
        assert list(flaws(bad)), ascii(bad)
    assert list(too_wide("a\nb", "a\n" + "界" * 41)) and not list(too_wide("a\nb", "a\n" + "界" * 40))


def main():
    names = translations.languages(ROOT)
    cases = [("the template is up to date with the sources", template), ("LINGUAS and the files agree", listed),
             ("the checks find what they are for", finds_faults)]
    for name in names:
        cases.append(("%s: complete" % name, lambda name=name: complete(name)))
        cases.append(("%s: names, options, keys and directives are as they were" % name, lambda name=name: valid(name)))
    return tap.run_cases(cases)


if __name__ == "__main__":
    sys.exit(main())
