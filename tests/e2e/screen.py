"""screen.py - a program in a pseudo-terminal, and what its screen shows: as much of a VT as ncurses asks of `xterm`"""
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata

import fixture

SEQUENCE = re.compile(r"\x1b\[([?>=!]?)([0-9;:]*)([ -/]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()*+].|\x1b[P_^].*?\x1b\\|\x1b([0-9<-~])", re.DOTALL)
KEYS = {"Enter": "\r", "Esc": "\x1b", "Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D", "Tab": "\t", "Space": " "}


class Grid:
    """The cells, fed with what the program writes."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.rows = [[" "] * width for _ in range(height)]
        self.x = self.y = self.top = 0
        self.bottom = height - 1
        self.saved = (0, 0)
        self.pending = ""
        self.last = " "

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.rows)

    def feed(self, text):
        text, self.pending = self.pending + text, ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                found = SEQUENCE.match(text, at)
                if not found:
                    if len(text) - at < 200:
                        self.pending = text[at:]  # the rest is still to come
                        return
                    at += 1
                    continue
                if found.group(4) and not found.group(1) and not found.group(3):
                    self.control([int(number or 0) for number in re.split("[;:]", found.group(2))], found.group(4))
                elif found.group(5):
                    self.escape(found.group(5))
                at = found.end()
            else:
                self.put(text[at])
                at += 1

    def put(self, char):
        if char == "\r":
            self.x = 0
        elif char == "\n":
            self.escape("D")
        elif char == "\b":
            self.x = max(0, self.x - 1)
        elif char == "\t":
            self.x = min(self.width - 1, self.x // 8 * 8 + 8)
        elif char >= " ":
            if unicodedata.combining(char):
                return
            if self.x >= self.width:
                self.x = 0
                self.escape("D")
            self.rows[self.y][self.x] = self.last = char
            wide = unicodedata.east_asian_width(char) in "WF"
            if wide and self.x + 1 < self.width:
                self.rows[self.y][self.x + 1] = ""
            self.x += 2 if wide else 1

    def escape(self, kind):
        if kind == "D" and self.y == self.bottom:
            self.scroll(1)
        elif kind == "D":
            self.y = min(self.height - 1, self.y + 1)
        elif kind == "M" and self.y == self.top:
            self.scroll(-1)
        elif kind == "M":
            self.y = max(0, self.y - 1)
        elif kind == "7":
            self.saved = (self.x, self.y)
        elif kind == "8":
            self.x, self.y = self.saved

    def scroll(self, lines, top=None):
        top = self.top if top is None else top
        for _ in range(abs(lines)):
            if lines > 0:
                del self.rows[top]
                self.rows.insert(self.bottom, [" "] * self.width)
            else:
                del self.rows[self.bottom]
                self.rows.insert(top, [" "] * self.width)

    def blank(self, y, start, end):
        self.rows[y][start:end] = [" "] * (min(end, self.width) - start)

    def control(self, numbers, kind):
        n = numbers[0] or 1
        self.x = min(self.x, self.width - 1)
        row = self.rows[self.y]
        if kind in "Hf":
            self.y = min(self.height, n) - 1
            self.x = min(self.width, (numbers[1:] or [1])[0] or 1) - 1
        elif kind in "ABCD":
            self.y = max(0, min(self.height - 1, self.y + {"A": -n, "B": n}.get(kind, 0)))
            self.x = max(0, min(self.width - 1, self.x + {"D": -n, "C": n}.get(kind, 0)))
        elif kind in "G`":
            self.x = min(self.width, n) - 1
        elif kind == "d":
            self.y = min(self.height, n) - 1
        elif kind == "K":
            self.blank(self.y, *{0: (self.x, self.width), 1: (0, self.x + 1), 2: (0, self.width)}[numbers[0]])
        elif kind == "J":
            self.blank(self.y, *{0: (self.x, self.width), 1: (0, self.x + 1)}.get(numbers[0], (0, self.width)))
            for y in {0: range(self.y + 1, self.height), 1: range(self.y)}.get(numbers[0], range(self.height)):
                self.blank(y, 0, self.width)
        elif kind == "X":
            self.blank(self.y, self.x, self.x + n)
        elif kind == "P":
            self.rows[self.y] = (row[:self.x] + row[self.x + n:] + [" "] * n)[:self.width]
        elif kind == "@":
            self.rows[self.y] = (row[:self.x] + [" "] * n + row[self.x:])[:self.width]
        elif kind in "LM":
            self.scroll(-n if kind == "L" else n, self.y)
        elif kind in "ST":
            self.scroll(-n if kind == "T" else n)
        elif kind == "r":
            self.top, self.bottom = n - 1, ((numbers[1:] or [0])[0] or self.height) - 1
            self.x = self.y = 0
        elif kind == "b":
            for _ in range(n):
                self.put(self.last)


class Screen:
    """@argv on a terminal of its own. keys() types; see() waits until a text is there, or fails with the screen."""

    def __init__(self, argv, environment, width=100, height=30):
        self.argv, self.environment = argv, {**environment, "TERM": "xterm"}
        self.grid = Grid(width, height)
        self.raw = b""
        self.rest = b""

    def __enter__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fixture.end_with_this_process()
            os.chdir(self.environment["HOME"])
            os.execve(self.argv[0], self.argv, self.environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", self.grid.height, self.grid.width, 0, 0))
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.close(self.fd)
        os.waitpid(self.pid, 0)

    def read(self, seconds):
        """What comes within this time; whether something came."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False  # it has ended
        self.raw += data
        whole = self.rest + data
        cut = len(whole)
        # a character may end in the next piece
        while cut > 0 and len(whole) - cut < 3 and whole[cut - 1] & 0xC0 == 0x80:
            cut -= 1
        if cut > 0 and whole[cut - 1] >= 0xC0 and len(whole) - cut + 1 < {0xC: 2, 0xD: 2, 0xE: 3, 0xF: 4}[whole[cut - 1] >> 4]:
            cut -= 1
        else:
            cut = len(whole)
        self.rest = whole[cut:]
        self.grid.feed(whole[:cut].decode(errors="replace"))
        return True

    def send(self, text):
        data = text.encode()
        while data:
            data = data[os.write(self.fd, data):]

    def keys(self, words):
        """Names as in KEYS, C-x for control, a single character, or 'text to type. Slowly, as people do: each is answered."""
        for word in words.split():
            self.send(chr(ord(word[2]) & 31) if word.startswith("C-") else word[1:] if word.startswith("'") else KEYS.get(word, word))
            self.settle()

    def settle(self):
        """Until something has come, and then nothing more for a moment."""
        if self.read(1.5):
            while self.read(0.1):
                pass

    def paste(self, text):
        self.send("\x1b[200~" + text + "\x1b[201~")
        self.settle()

    def shows(self, text):
        return text in self.grid.text() or text in re.sub(r"\s+", " ", self.grid.text())

    def see(self, text, seconds=60):
        until = time.monotonic() + seconds
        while not self.shows(text):
            if time.monotonic() > until or (not self.read(0.2) and self.has_ended()):
                raise AssertionError("there is no “%s” on the screen:\n%s" % (text, self.grid.text()))

    def has_ended(self):
        with contextlib.suppress(OSError), open("/proc/%d/stat" % self.pid, "rb") as stream:
            return stream.read().rpartition(b")")[2].split()[0] == b"Z"
        return True
