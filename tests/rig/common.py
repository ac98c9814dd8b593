"""common.py - what all servers and tests of the rig share: programs, children that end with us, free ports, counting, TAP

Everything listens on loopback, on ports that were free, and ends with the test: at the end of the `with`, after an
exception, after SIGTERM, and, by the kernel's hand, when the test is killed. The host name `origin.test` exists for
the proxies only: a client that reaches it has used one.
"""
import contextlib
import ctypes
import http.server
import os
import pwd
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

HOST = "origin.test"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Missing(Exception):
    """A program that the fixture needs is not installed: the reason to skip."""


def find_program(name, *places, path=None):
    """@path: instead of the caller's."""
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", "") if path is None else path, SYSTEM_PATH, *places]))
    if path is None:
        raise Missing("%s is not installed" % name)
    return path


# looked up here: between fork and exec there may be locks that nobody will open any more
PRCTL, PR_SET_PDEATHSIG = ctypes.CDLL(None).prctl, 1


def end_with_this_process():
    """Runs in a child before exec: the kernel kills it when the thread that started it is gone, however that ended."""
    PRCTL(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def stop_on_signals():
    """Lets SIGTERM (a test that ran out of time) unwind the `with` blocks."""
    def stop(number, _frame):
        sys.exit(128 + number)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)


# Clients --------------------------------------------------------------------------------------------------------------

def clean_environment(home, **more):
    """What a login would start with: nothing of the caller's but where programs are."""
    return {"HOME": home, "USER": "someone", "LOGNAME": "someone", "PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "TERM": "dumb",
            "SHELL": "/bin/bash", **more}


class Done:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err


def run(argv, environment, cwd=None, stdin=b"", pass_fds=(), timeout=120):
    """Runs to the end, or for @timeout seconds; then it and all that it started are killed, with status None."""
    process = subprocess.Popen(argv, env=environment, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, pass_fds=pass_fds, start_new_session=True)
    try:
        out, err = process.communicate(stdin, timeout=timeout)
        return Done(process.returncode, out, err)
    except subprocess.TimeoutExpired:
        return Done(None, b"", b"no end after %d s" % timeout)
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def login_shell(script, home, **more):
    """What a login shell of this home would say: it reads ~/.profile, and what that reads."""
    return ["bash", "-lc", script], clean_environment(home, **more)


# Servers --------------------------------------------------------------------------------------------------------------

class Counter:
    """What came to a server: connections, requests, CONNECTs among them, and how often a credential was sent."""

    NAMES = ("connections", "requests", "connects", "credentials")

    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = dict.fromkeys(self.NAMES, 0)
        self.seen = []  # the values of Proxy-Authorization, as bytes; they stay in this process

    def add(self, name, number=1):
        with self.lock:
            self.numbers[name] += number

    def add_request(self, method, authorization):
        """@authorization: the value of Proxy-Authorization, or None. NTLM's first message holds no credential."""
        with self.lock:
            self.numbers["requests"] += 1
            self.numbers["connects"] += method == b"CONNECT"
            if authorization is not None:
                self.seen.append(authorization)
                self.numbers["credentials"] += is_credential(authorization)

    def counts(self):
        with self.lock:
            return dict(self.numbers)


def is_credential(authorization):
    scheme, _, rest = authorization.partition(b" ")
    # "NTLMSSP", then 3 for the message that answers the challenge
    return scheme.lower() != b"ntlm" or rest.strip().startswith(b"TlRMTVNTUAAD")


def parse_head(head):
    """(method, target, {lower-case name: last value}) of a request's bytes, or None."""
    lines = head.split(b"\n")
    words = lines[0].strip().split(b" ")
    if len(words) < 3 or not words[-1].startswith(b"HTTP/"):
        return None
    fields = {}
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            fields[name.strip().lower()] = value.strip()
    return words[0], b" ".join(words[1:-1]), fields


def server_account():
    """Keywords for Popen: started as root, a server would change to an account of its own; it starts as that."""
    if os.geteuid() != 0:
        return {}
    for name in ("proxy", "squid", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return {}


class Daemon:
    """A program that serves on a port, in a directory of its own that belongs to its account."""

    prefix = "proxyrc-server-"

    def __init__(self):
        self.stack = contextlib.ExitStack()
        self.process = None

    def __enter__(self):
        with self.stack:
            self.prepare()
            self.directory = self.stack.enter_context(tempfile.TemporaryDirectory(prefix=self.prefix))
            self.account = server_account()
            if self.account:
                os.chown(self.directory, self.account["user"], self.account["group"])
            os.chmod(self.directory, 0o755)
            self.fill()
            # a port that was free may be taken by the time the server wants it
            for _ in range(3):
                if self.start():
                    break
            else:
                raise RuntimeError("%s does not start:\n%s" % (type(self).__name__, self.why()))
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def prepare(self):
        """Finds the programs; raises Missing."""

    def fill(self):
        """Writes what does not depend on the port."""

    def command(self):
        """Writes the rest, with a new self.port, and returns the argv."""
        raise NotImplementedError

    def why(self):
        return self.read("stderr")

    def environment(self):
        return clean_environment(self.directory)

    def start(self):
        self.port = free_port()
        argv = self.command()
        with open(os.path.join(self.directory, "stderr"), "wb") as errors:
            process = subprocess.Popen(argv, env=self.environment(), stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                                       preexec_fn=end_with_this_process, cwd=self.directory, **self.account)
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            if self.answers():
                self.process = process
                self.stack.callback(self.stop, process)
                return True
            time.sleep(0.02)
        self.stop(process)
        return False

    def answers(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def stop(self, process):
        process.kill()
        process.wait()

    def path(self, name):
        return os.path.join(self.directory, name)

    def read(self, name):
        with contextlib.suppress(OSError), open(self.path(name), encoding="utf-8", errors="replace") as stream:
            return stream.read()
        return ""

    def write(self, name, text, mode=0o644):
        """Replaces the file at once: it may be read while it changes."""
        path = self.path(name)
        with open(path + ".new", "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(path + ".new", mode)
        if self.account:
            os.chown(path + ".new", self.account["user"], self.account["group"])
        os.rename(path + ".new", path)

    def copy(self, path, name=None, mode=0o644):
        """A file of ours may be where the server's account can't read."""
        with open(path, encoding="utf-8") as stream:
            self.write(name or os.path.basename(path), stream.read(), mode)
        return self.path(name or os.path.basename(path))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 128  # with a full queue a connection takes a second longer


class Listener6(Listener):
    address_family = socket.AF_INET6


class HttpListener(http.server.ThreadingHTTPServer):
    request_queue_size = 128


def start_server(server, stack):
    """Serves in a thread until @stack is closed; returns its port. Unlike serve_forever() it ends at once."""
    def serve():
        while True:
            try:
                request, address = server.get_request()
            except OSError:
                if server.socket.fileno() < 0 or ended.is_set():
                    return
                continue
            server.process_request(request, address)

    def end():
        ended.set()
        with contextlib.suppress(OSError):
            server.socket.shutdown(socket.SHUT_RDWR)
        server.server_close()

    ended = threading.Event()
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    threading.Thread(target=serve, daemon=True).start()
    stack.callback(end)
    return server.server_address[1]


def pour(source, sink):
    with contextlib.suppress(OSError):
        source.settimeout(60)
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


# Tests ----------------------------------------------------------------------------------------------------------------

def run_main(main, *arguments):
    """The end of a test program: with what main() returns, or as skipped, with the reason, where a program is missing."""
    try:
        sys.exit(main(*arguments))
    except Missing as reason:
        print("# skipped: %s" % reason)
        sys.exit(77)


class Tap:
    """Prints TAP as the cases end, from any thread."""

    def __init__(self, total):
        self.lock = threading.Lock()
        self.number = self.failed = 0
        print("1..%d" % total, flush=True)

    def report(self, what, problems=(), skip=None, notes=()):
        with self.lock:
            self.number += 1
            self.failed += bool(problems)
            for line in list(notes) + list(problems):
                for part in str(line).splitlines():
                    print("# " + part)
            print("%sok %d - %s%s" % ("not " if problems else "", self.number, what, " # SKIP " + skip if skip else ""), flush=True)
