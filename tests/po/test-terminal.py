#!/usr/bin/env python3
"""test-terminal.py ROOT BUILD: the real program in a real terminal, in each language: its title and its keys. Prints TAP."""
import os
import shutil
import sys
import tempfile

import translations

ROOT, BUILD = (os.path.realpath(path) for path in sys.argv[1:3])
sys.path[:0] = [os.path.join(ROOT, "tests", "packaging"), os.path.join(ROOT, "tests", "e2e")]
import fixture  # noqa: E402
import screen  # noqa: E402
import tap  # noqa: E402

SEEN = ("Welcome", "open", "help")  # the title of the first view, and two of its keys


def words_of(language):
    """{English: translated}"""
    if language in translations.MADE_UP:
        return {word: translations.MADE_UP[language](word) for word in SEEN}
    if language == "en":
        return {word: word for word in SEEN}
    return {text.one: text.translated[0] or text.one for text in translations.read(os.path.join(ROOT, "po", language + ".po"))}


def row_widths(shown):
    return [translations.width("".join(row)) for row in shown.grid.rows]


def first_view(language, tree, home):
    words = words_of(language)
    environment = {**fixture.clean_environment(home), "LC_ALL": "C.UTF-8", "LANGUAGE": language}
    with screen.Screen([os.path.join(tree, "src", "tui", "proxyrc-tui")], environment, 80, 24) as shown:
        for word in SEEN:
            shown.see(words[word], seconds=20)
        shown.see("?", seconds=20)
        assert max(row_widths(shown)) == 80, row_widths(shown)
        shown.keys("? G")
        shown.see("C-r", seconds=20)
        shown.keys("Esc C-q")
        for _ in range(50):
            if shown.has_ended():
                return
            shown.read(0.1)
        raise AssertionError("C-q does not end it:\n" + shown.grid.text())


def main():
    with translations.farm(BUILD, ROOT) as tree, tempfile.TemporaryDirectory(prefix="proxyrc-po-home.") as home:
        languages = translations.languages(ROOT)
        for language in languages:
            shutil.copytree(os.path.join(BUILD, "po", language), os.path.join(tree, "po", language))
        translations.make_up(ROOT, os.path.join(tree, "po"))
        return tap.run_cases([("%s: title, keys and help are shown" % language, lambda language=language: first_view(language, tree, home))
                              for language in ("en", *languages, *translations.MADE_UP)])


if __name__ == "__main__":
    sys.exit(main())
