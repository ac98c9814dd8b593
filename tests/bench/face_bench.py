"""The terminal UI in a pseudo-terminal: from start to screen, from key to screen, and what it costs while nothing happens."""
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import termios
import time

SETTINGS = 10000


class Face:
    """The program in a terminal of 80×24."""

    def __init__(self, program, environment):
        self.started, self.seen = time.perf_counter(), b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(program, [program], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def read(self, seconds):
        """What comes until nothing has come for so long, and when the last of it came."""
        data, last = b"", time.perf_counter()
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                data += os.read(self.fd, 65536)
            except OSError:  # it has ended
                break
            last = time.perf_counter()
        return data, last

    def wait_for(self, text):
        while text not in self.seen:
            if not select.select([self.fd], [], [], 30)[0]:
                raise SystemExit("bench: the terminal UI does not show %r" % text)
            self.seen += os.read(self.fd, 65536)
        return time.perf_counter()

    def key(self, key):
        """Seconds from a key to the last byte that it brings."""
        started = time.perf_counter()
        os.write(self.fd, key)
        return self.read(0.03)[1] - started

    def ticks(self):
        with open("/proc/%d/stat" % self.pid, encoding="utf-8") as stream:
            fields = stream.read().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        self.read(0.2)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def many_settings(home):
    with open(os.path.join(home, ".gitconfig"), "a", encoding="utf-8") as stream:
        for number in range(SETTINGS):
            stream.write("[http \"https://site%d.test\"]\n\tproxy = http://proxy.test:3128\n" % number)


def measure(program, environment, home, runs):
    """(what, result, target) for each."""
    environment = dict(environment, TERM="xterm-256color")
    firsts, fulls = [], []
    for _ in range(runs):
        face = Face(program, environment)
        firsts.append(face.wait_for(b"Overview") - face.started)
        fulls.append(face.wait_for(b"Tools") - face.started)
        face.read(0.2)
        face.end()
    many_settings(home)
    face = Face(program, environment)
    face.wait_for(b"Tools")
    face.read(0.5)
    face.key(b"z")  # all open
    times = [face.key(key) for key in (b"j", b"k", b"\x1b[6~", b"G", b"g", b"/", b"s", b"i", b"t", b"e", b"9", b"\r", b"n") * 3]
    face.read(2)
    ticks = face.ticks()
    idle = face.read(5)[0]
    ticks = face.ticks() - ticks
    face.end()
    return [
        ("start to first screen", "%.1f ms" % (statistics.median(firsts) * 1000), "20 ms"),
        ("start to all settings shown", "%.1f ms" % (statistics.median(fulls) * 1000), ""),
        ("key to screen, %d settings, median" % SETTINGS, "%.1f ms" % (statistics.median(times) * 1000), "5 ms"),
        ("key to screen, the worst", "%.1f ms" % (max(times) * 1000), "5 ms"),
        ("bytes in 5 idle seconds", str(len(idle)), "0"),
        ("CPU in 5 idle seconds", "%d ticks" % ticks, "0"),
    ]


def section(machine, say):
    program = os.path.join(os.path.dirname(os.path.dirname(machine.program)), "tui", "proxyrc-tui")
    for what, result, target in measure(program, machine.environment, machine.home, max(machine.runs // 5, 3)):
        say(what, result, "", "", target)
