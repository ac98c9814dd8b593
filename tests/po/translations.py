"""translations.py - the files of po/ as data, and locales that are made up to test with

A made-up locale is a folder of its own, never installed; gettext takes it with LC_ALL=C.UTF-8 LANGUAGE=NAME.
"""
import ast
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata

DOMAIN = "proxyrc"
ACCENTED, WIDE = "en_XA", "en_XC"
BEGIN, END = "⟦", "⟧"

DIRECTIVE = r"%(?:\d+\$)?[-+ #0']*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t)?[a-zA-Z%]"
# what is the same in every language
OPTION = r"(?<![\w-])--[a-z][a-z-]*|(?<![\w-])-[a-zA-Z](?![\w-])"
NAME = r"\b[a-z]+(?:_[a-z]+)+\b|\b[A-Z]+(?:_[A-Z]+)+\b|\$\{[^}]*\}|\{[a-z_]+\}|(?<!\d)\$[A-Za-z_]\w*|(?<![\w/])(?:~|/etc)/[\w./-]*\w"
KEYS = r"\bC-[a-z]\b|\b(?:Enter|Esc|Tab|Space)\b"
KEPT = re.compile("|".join(("`[^`]*`", r"\w+://\S*\w", DIRECTIVE, OPTION, NAME, KEYS)))


class Text:
    """One entry."""

    def __init__(self):
        self.flags, self.fields, self.is_obsolete = set(), {}, False

    @property
    def one(self):
        return self.fields.get("msgid", "")

    @property
    def many(self):
        return self.fields.get("msgid_plural")

    @property
    def sources(self):
        return [self.one] if self.many is None else [self.one, self.many]

    @property
    def translated(self):
        return [text for name, text in self.fields.items() if name.startswith("msgstr")]


def read(path):
    """[Text] of a .po or .pot file, without its header and what is obsolete."""
    texts, text, field = [], Text(), None
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().split("\n")
    for line in [*lines, ""]:
        found = re.match(r'(msg\w+(?:\[\d+\])?)\s+(".*")$', line)
        if found:
            field = found.group(1)
            text.fields[field] = ast.literal_eval(found.group(2))
        elif line.startswith('"'):
            text.fields[field] += ast.literal_eval(line)
        elif line.startswith("#,"):
            text.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif not line.strip():
            if text.one:
                texts.append(text)
            text, field = Text(), None
    return texts


def header(path):
    with open(path, encoding="utf-8") as stream:
        block = stream.read().split("\n\n", 1)[0]
    return "".join(ast.literal_eval(line) for line in block.split("\n") if line.startswith('"'))


def languages(root):
    with open(os.path.join(root, "po", "LINGUAS"), encoding="utf-8") as stream:
        return [line.strip() for line in stream if line.strip() and not line.startswith("#")]


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")


def compile_texts(folder, language, rows, plural="nplurals=2; plural=(n != 1);"):
    """FOLDER/LANGUAGE/LC_MESSAGES/proxyrc.mo of @rows: (Text, [translation])."""
    place = os.path.join(folder, language, "LC_MESSAGES")
    os.makedirs(place, exist_ok=True)
    made = os.path.join(place, DOMAIN + ".po")
    with open(made, "w", encoding="utf-8") as stream:
        stream.write('msgid ""\nmsgstr ""\n"Project-Id-Version: proxyrc\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
                     '"Plural-Forms: %s\\n"\n\n' % plural)
        for text, translations in rows:
            if "c-format" in text.flags:
                stream.write("#, c-format\n")
            stream.write("msgid %s\n" % quoted(text.one))
            if text.many is None:
                stream.write("msgstr %s\n\n" % quoted(translations[0]))
                continue
            stream.write("msgid_plural %s\n" % quoted(text.many))
            stream.writelines("msgstr[%d] %s\n" % row for row in enumerate(map(quoted, translations)))
            stream.write("\n")
    done = subprocess.run(["msgfmt", "--check-format", "--output-file=" + os.path.join(place, DOMAIN + ".mo"), made],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    os.unlink(made)


# Text that is made up

ACCENTS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "ÀßÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽàƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž")
HAN = "永和九年歳在癸丑暮春之初會于山陰蘭亭修禊事也群賢畢至少長咸集此地有崇山峻嶺茂林修竹"


def outside(text, change):
    """@text with what may be translated changed."""
    out, at = [], 0
    for found in KEPT.finditer(text):
        out += [change(text[at:found.start()]), found.group(0)]
        at = found.end()
    return "".join([*out, change(text[at:])])


def width(text):
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def growth(text):
    """How much longer a translation of it gets, as people who do this for a living say: short ones grow most."""
    return 1.0 if len(text) <= 10 else 0.4


def framed(text, inside):
    """Begin and end of it marked, inside of the blanks and line ends that it has there."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return text[:start] + BEGIN + inside(text[start:end]) + END + text[end:] if start < end else text


def accented(text):
    """Every letter with an accent, and longer: in words, for lines are broken between them."""
    def inside(core):
        lines = core.split("\n")
        for number, line in enumerate(lines):
            extra = int(len(line) * growth(core)) - (2 if number == 0 else 0)
            padding = ""
            while extra > 0:
                word = "ōōōōōō"[:min(extra, 6)]
                padding += (" " if len(padding) > 0 or len(line) > 10 else "") + word
                extra -= len(word) + 1
            lines[number] = outside(line, lambda part: part.translate(ACCENTS)) + padding
        return "\n".join(lines)
    return framed(text, inside)


def wide(text):
    """Characters of two columns, without blanks between words: as long as Japanese is, about as wide as English and half
    as much again."""
    def some(match):
        word = match.group(0)
        count = max(1, round(len(word) * 0.7))
        start = sum(map(ord, word)) % len(HAN)
        return "".join(HAN[(start + n) % len(HAN)] for n in range(count))
    return framed(text, lambda core: outside(core, lambda part: re.sub(r"(?<=[a-zA-Z]) (?=[a-zA-Z])", "",
                                                                       re.sub(r"[A-Za-z][A-Za-z' -]*[A-Za-z]|[A-Za-z]", some, part))))


MADE_UP = {ACCENTED: accented, WIDE: wide}


def make_up(root, folder, names=tuple(MADE_UP)):
    """Both, compiled below @folder."""
    texts = read(os.path.join(root, "po", "proxyrc.pot"))
    for name in names:
        compile_texts(folder, name, [(text, [MADE_UP[name](source) for source in text.sources]) for text in texts])


# Marks that take no room: each text tells where it begins and ends, and which one it is

DIGITS = 50  # combining characters: 50 for a beginning, the next 50 for an end; two of them count to 2500
MARKS = [chr(code) for code in range(0x300, 0x370) if unicodedata.combining(chr(code))][:2 * DIGITS]
VALUES = {char: value for value, char in enumerate(MARKS)}


def mark(number, is_end):
    first = DIGITS if is_end else 0
    return MARKS[first + number // DIGITS] + MARKS[first + number % DIGITS]


def marked(text, number):
    """@text with marks on the first and on the last character that isn't part of a directive."""
    free, at = [], 0
    for found in [*re.finditer(DIRECTIVE + r"|\{[a-z_]+\}", text), None]:
        free += [place for place in range(at, found.start() if found else len(text)) if not text[place].isspace()]
        at = found.end() if found else at
    if not free:
        return text
    first, last = free[0], free[-1]
    if first == last:
        return text[:first + 1] + mark(number, False) + mark(number, True) + text[first + 1:]
    return text[:first + 1] + mark(number, False) + text[first + 1:last + 1] + mark(number, True) + text[last + 1:]


def marks_of(cell):
    """[(number, is_end)] on a character."""
    values = [VALUES[char] for char in cell[1:] if char in VALUES]
    pairs = zip(values[::2], values[1::2])
    return [((high % DIGITS) * DIGITS + low % DIGITS, high >= DIGITS) for high, low in pairs]


def make_marked(root, folder, language):
    """@language (or "en", or one that is made up), marked, compiled below @folder. Returns the texts by number."""
    texts = read(os.path.join(root, "po", "proxyrc.pot"))
    plural, known = "nplurals=2; plural=(n != 1);", {}
    if language not in ("en", *MADE_UP):
        path = os.path.join(root, "po", language + ".po")
        plural = re.search(r"Plural-Forms: (.*)", header(path)).group(1)
        known = {text.one: text.translated for text in read(path) if "fuzzy" not in text.flags and all(text.translated)}
    count = int(re.search(r"nplurals=(\d+)", plural).group(1))
    rows = []
    for number, text in enumerate(texts):
        plain = [text.sources[min(index, len(text.sources) - 1)] for index in range(count if text.many is not None else 1)]
        if language in MADE_UP:
            plain = [MADE_UP[language](source) for source in plain]
        rows.append((text, [marked(each, number) for each in known.get(text.one, plain)]))
    compile_texts(folder, language, rows, plural)
    return texts


# A build tree of its own, which finds other translations

PROGRAMS = ("cli/proxyrc", "tui/proxyrc-tui", "probe/proxyrc-probe", "secrets/proxyrc-secret-service")


@contextlib.contextmanager
def farm(build, root):
    """A folder like the build tree, as the program knows it by its mark: programs are copied, po/ is empty. Yields it."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="proxyrc-po."))
    try:
        for name in PROGRAMS:
            source, target = os.path.join(build, "src", name), os.path.join(folder, "src", name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.exists(source):  # the desktop's keyring may be left out of a build
                shutil.copy(source, target)
        os.makedirs(os.path.join(folder, "src", "base"))
        with open(os.path.join(folder, "src", "base", "build-tree"), "w", encoding="utf-8") as stream:
            stream.write(os.path.join(root, "share") + "\n")
        os.mkdir(os.path.join(folder, "po"))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
