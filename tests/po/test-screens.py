#!/usr/bin/env python3
"""test-screens.py ROOT SCREENS: no screen of the terminal UI overflows, in no language. Prints TAP, a line per language and size.

SCREENS shows every view, dialog and form, with texts that carry marks: combining characters, which take no room, say on
the screen itself which text begins and ends where. So what is cut is seen for certain, in any language:

- whole: a text that begins on the screen also ends on it, and one that ends there begins there, once each time it is shown;
- a text that is no label (more than LABEL columns in English, or with values in it) may be shortened, with “…”;
- a text that goes over several lines may go on where one can scroll to: below the last line of a list, a form, a detail;
- no row is wider than the screen, and no wide character is cut in half;
- keys: the way out and, unless the screen is tiny, help always stand in the key bar;
- in a dialog all is whole, in every size; where its text can be scrolled a mark says so, and what is in sight of it may go on;
- below 60×20 there is no room for everything else; then the key bar is whole, and the rest keeps inside. On 20×5 a title
  or a label may be shortened, and a made-up language may cut a button, which no real one does.
"""
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

import translations

ROOT, SCREENS = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
sys.path.insert(0, os.path.join(ROOT, "tests", "packaging"))
import tap  # noqa: E402

LABEL = 20
VALUES = ("(computed)", "https://example.com/", "no login shell reads it")  # they stand where a value would, or behind one
SIZES = ["80x24", "60x20", "132x40", "40x12", "20x5"]
SMALL = ("40x12", "20x5")


class Shown:
    """A screen."""

    def __init__(self, block, language=""):
        self.language = language
        head, *lines = block.split("\n")
        self.name, self.size, rest = re.match(r"(.*?) (\d+x\d+) (.*)", head).groups()
        self.width, self.height = map(int, self.size.split("x"))
        self.places = {name: tuple(map(int, place.split(","))) for name, place in re.findall(r"(\w+)=(\S+)", rest) if "," in place}
        self.has_dialog = "dialogs=0" not in rest
        self.has_prompt = "prompt=1" in rest
        self.found = None
        self.has_message = "message=1" in rest
        self.rows = [self.cells(line) for line in lines[:self.height]]

    @staticmethod
    def cells(line):
        """[(x, character with its marks)]"""
        out, x = [], 0
        for char in line:
            if unicodedata.combining(char) and out:
                out[-1] = (out[-1][0], out[-1][1] + char)
                continue
            out.append((x, char))
            x += translations.width(char)
        return out

    def text(self):
        return "\n".join("".join(re.sub("[\u0300-\u036f]", "", char) for _, char in row).rstrip() for row in self.rows)

    def place_of(self, x, y):
        for name, (left, top, width, height) in self.places.items():
            if left <= x < left + width and top <= y < top + height:
                return name
        return ""

    def marks(self):
        """[(number, is_end, x, y)] in the order of reading."""
        if self.found is not None:
            return self.found
        self.found = [(number, is_end, x, y) for y, row in enumerate(self.rows) for x, char in row if len(char) > 1
                      for number, is_end in translations.marks_of(char)]
        return self.found


def is_label(text):
    source = text.one
    return source not in VALUES and translations.width(source) <= LABEL and not re.search(translations.DIRECTIVE, source) and "\n" not in source


def rest_of_row(shown, x, y):
    """What stands behind (x, y) up to the end of its place."""
    left, _, width, _ = shown.places.get(shown.place_of(x, y), (0, 0, shown.width, 0))
    return [(at, char) for at, char in shown.rows[y] if x <= at < left + width]


def is_shortened(shown, x, y):
    """There is an ellipsis behind it on its row, and no other text begins before that."""
    for at, char in rest_of_row(shown, x, y):
        if char[0] == "…":
            return True
        if at > x and any(not is_end for _, is_end in translations.marks_of(char)) and "…" not in "".join(c[0] for _, c in rest_of_row(shown, at, y)):
            return False
    return False


def goes_on(shown, x, y, is_end):
    """It reaches the last row (the first one, for an end) of a place where one scrolls, with no other text behind it there."""
    name = shown.place_of(x, y)
    if name not in ("body", "detail", "head"):
        return False
    if name == "head" and shown.size not in SMALL:
        return False
    left, top, width, height = shown.places[name]
    last = top if is_end else top + height - 1
    inside = [mark for mark in shown.marks() if left <= mark[2] < left + width and top <= mark[3] < top + height]
    if is_end:
        return not any(mark[3] < y and mark[3] >= last for mark in inside)
    return not any(mark[3] > y and mark[3] <= last for mark in inside) and (y == last or any(at >= left for at, char in shown.rows[last] if at < left + width and char[0] != " "))


def unpaired(shown, marks=None):
    """(number, is_end, x, y) of beginnings without an end, and ends without a beginning, in the same place of the screen."""
    open_marks, lonely = {}, []
    for number, is_end, x, y in shown.marks() if marks is None else marks:
        # what lies over the view keeps to no place: a dialog is looked at alone, what goes with a prompt is rows
        key = (number, y if shown.has_prompt else "" if marks is not None else shown.place_of(x, y))
        if not is_end:
            open_marks.setdefault(key, []).append((x, y))
        elif open_marks.get(key):
            open_marks[key].pop()
        else:
            lonely.append((number, True, x, y))
    return lonely + [(number, False, x, y) for (number, _), places in open_marks.items() for x, y in places]


def is_part(shown, texts, x, y):
    """It stands within a sentence that may itself be shortened."""
    begun = {}
    for number, is_end, at, row in shown.marks():
        if row == y and at < x:
            begun[number] = not is_end
    return any(is_open and not is_label(texts[number]) for number, is_open in begun.items())


def faults(shown, texts):
    """(what, text) of each."""
    for y, row in enumerate(shown.rows):
        if row and row[-1][0] + translations.width(row[-1][1][0]) > shown.width:
            yield "a row of more than %d columns" % shown.width, str(y)
        if any(char[0] == "\ufffd" for _, char in row):
            yield "half a character", str(y)
    if shown.has_dialog:
        yield from cut_in_dialog(shown, texts)
        return
    for number, is_end, x, y in unpaired(shown):
        place = shown.place_of(x, y)
        if shown.size in SMALL and place != "hints":
            continue
        if shown.has_prompt:
            if is_label(texts[number]) and place == "hints":
                yield "cut in the prompt at %d,%d" % (x, y), texts[number].one
            continue
        if goes_on(shown, x, y, is_end):
            continue
        if not is_end and (not is_label(texts[number]) or is_part(shown, texts, x, y)) and is_shortened(shown, x, y):
            continue
        if is_end and any(char[0] == "…" for at, char in shown.rows[y] if at < x):
            continue  # its beginning gave way to the end of a path
        yield "%s is missing, at %d,%d in %s" % ("its beginning" if is_end else "its end", x, y, place or "no place"), texts[number].one
    if not shown.has_prompt:
        yield from missing_keys(shown, texts)


def box_of(shown):
    """(left, top, right, bottom) of the box that has all its corners."""
    corners = {char[0]: (at, row) for row, cells in enumerate(shown.rows) for at, char in cells if char[0] in "┌┘"}
    return corners["┌"] + corners["┘"]


def cut_in_dialog(shown, texts):
    left, top, right, bottom = box_of(shown)
    inside = [mark for mark in shown.marks() if left < mark[2] < right and top <= mark[3] <= bottom]
    # the mark of more text stands in the last column, below all of the text that is shown
    more = [y for y in range(top + 1, bottom) if ("…" in (char[0] for at, char in shown.rows[y] if at == right - 2))]
    assert inside, shown.text()
    for number, is_end, x, y in unpaired(shown, inside):
        if not is_end and not is_label(texts[number]) and ((more and y <= more[-1]) or is_shortened(shown, x, y)):
            continue
        is_button = any(char[0] == "[" for _, char in shown.rows[y])
        if shown.size == "20x5" and (shown.language in translations.MADE_UP or (not is_button and is_shortened(shown, x, y))):
            continue
        yield "cut in a dialog at %d,%d" % (x, y), texts[number].one


def missing_keys(shown, texts):
    left, top, width, height = shown.places["hints"]
    there = {texts[number].one for number, is_end, _, y in shown.marks() if is_end and top <= y < top + height}
    if shown.width < 40 or height == 0 or (shown.has_message and shown.height < 16):  # where a message has no line of its own
        return
    if not {"back", "quit"} & there:
        yield "no way out in the key bar", "quit"
    if "help" not in there and not shown.name.startswith("help"):
        yield "no way to all keys in the key bar", "help"


def screens(language, folder):
    done = subprocess.run([SCREENS, folder, language], capture_output=True, text=True, check=False, timeout=250,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "DBUS_SESSION_BUS_ADDRESS": "disabled:"})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [Shown(block, language) for block in done.stdout.split("\f")[1:]]


class Language:
    """Its screens are made when the first size is looked at."""

    def __init__(self, name, folder):
        self.name, self.folder, self.texts, self.shown = name, folder, None, None

    def look_at(self, size):
        if self.shown is None:
            self.texts = translations.make_marked(ROOT, self.folder, self.name)
            self.shown = screens(self.name, self.folder)
        mine = [shown for shown in self.shown if shown.size == size]
        assert len(mine) > 100 and sum(len(shown.marks()) for shown in mine) > 1000, len(mine)
        found = {}
        for shown in mine:
            for what, text in faults(shown, self.texts):
                found.setdefault((re.sub(r"\d+,\d+", "", what), text), (what, shown))
        report = ["%s: %s: “%s”\n%s" % (shown.name, what, text, shown.text()) for (_, text), (what, shown) in found.items()]
        assert not report, "%d\n%s" % (len(report), "\n".join(report[:int(os.environ.get("PRC_TEST_FAULTS", 12))]))


def finds_faults():
    """Of the checks themselves: texts that are cut are seen, and whole ones are not."""
    texts = translations.read(os.path.join(ROOT, "po", "proxyrc.pot"))
    number = next(n for n, text in enumerate(texts) if is_label(text) and len(text.one) > 8)
    layout = " title=0,0,30,1 head=0,0,0,0 body=0,1,30,1 detail=0,0,0,0 hints=0,2,30,1 dialogs=0 prompt=0\n"
    whole = translations.marked(texts[number].one, number)
    plain = re.sub("[\u0300-\u036f]", "", whole)
    assert plain == texts[number].one and translations.marks_of(whole[:3]) == [(number, False)]
    assert not list(faults(Shown("x +0 30x3" + layout + whole + "\n\n"), texts))
    assert list(faults(Shown("x +0 30x3" + layout + whole[:6] + "\n\n"), texts))
    assert list(faults(Shown("x +0 30x3" + layout + whole[:6] + "…\n\n"), texts))
    assert list(faults(Shown("x +0 30x3" + layout + whole[3:] + "\n\n"), texts))
    assert list(faults(Shown("x +0 30x3" + layout + "界" * 16 + "\n\n"), texts))
    layout = layout.replace("dialogs=0", "dialogs=1").replace("30,1", "40,1")
    for size in ("40x5", "40x12", "20x5"):
        box = "x +0 " + size + layout + "┌" + "─" * 18 + "┐\n│ %-" + str(16 + len(whole) - len(plain)) + "s │\n└" + "─" * 18 + "┘\n\n\n"
        assert len(plain) <= 16 and not list(faults(Shown(box % whole), texts))
        assert list(faults(Shown(box % whole[:-2] + "…"), texts))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="proxyrc-po.") as top:
        names = os.environ.get("PRC_TEST_LANGUAGES", "").split() or ["en", *translations.languages(ROOT), *translations.MADE_UP]
        cases = [("the checks find what they are for", finds_faults)]
        for each in (Language(name, top) for name in names):
            cases += [("%s, %s: nothing is cut" % (each.name, size), lambda each=each, size=size: each.look_at(size)) for size in SIZES]
        result = tap.run_cases(cases)
    sys.exit(result)
