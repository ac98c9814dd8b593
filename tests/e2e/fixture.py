"""fixture.py - a real proxy that asks for a password, a web site behind it, and clean surroundings for real clients.

    with Site() as site, Squid({"jdoe": "secret"}) as squid:
        done = run(["curl", ...], clean_environment(home))
        assert squid.users_of(site.url("/plain.txt")) == {"jdoe"}

Everything listens on loopback, on ports that were free, and ends with the test: at the end of the `with`, after an
exception, after SIGTERM, and, by the kernel's hand, when the test is killed. The host name `origin.test` exists for
the proxies only: a client that reaches it has used one.
"""
import base64
import contextlib
import ctypes
import glob
import gzip
import hashlib
import http.server
import io
import json
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import urllib.parse
import zipfile

HOST = "origin.test"
PACKAGE = "prc-fixture"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Missing(Exception):
    """A program that the fixture needs is not installed: the reason to skip."""


def find_program(name, *places):
    path = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), SYSTEM_PATH, *places]))
    if path is None:
        raise Missing("%s is not installed" % name)
    return path


def end_with_this_process():
    """Runs in a child before exec: the kernel kills it when its parent is gone, however that ended."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


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


# The site -------------------------------------------------------------------------------------------------------------

def npm_tarball():
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, text in (("package.json", json.dumps({"name": PACKAGE, "version": "1.0.0"})), ("index.js", "\n")):
            info = tarfile.TarInfo("package/" + name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(raw.getvalue(), mtime=0)


def python_wheel():
    raw = io.BytesIO()
    module = PACKAGE.replace("-", "_")
    info = module + "-1.0.0.dist-info/"
    files = {
        module + ".py": "\n",
        info + "METADATA": "Metadata-Version: 2.1\nName: %s\nVersion: 1.0.0\n" % PACKAGE,
        info + "WHEEL": "Wheel-Version: 1.0\nGenerator: fixture\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[info + "RECORD"] = "".join("%s,,\n" % name for name in list(files) + [info + "RECORD"])
    with zipfile.ZipFile(raw, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return raw.getvalue()


class Site:
    """A web site: a git repository, an npm registry, a Python index and a plain file; over http, and over https with
    a certificate of its own (self.ca)."""

    def __init__(self):
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        with self.stack:
            self.directory = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="proxyrc-site-"))
            self.ca = os.path.join(self.directory, "ca.pem")
            self.make_repository()
            self.make_certificate()
            self.port = self.serve(None)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.ca, os.path.join(self.directory, "key.pem"))
            self.tls_port = self.serve(context)
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def url(self, path="/", tls=False):
        return "%s://%s:%d%s" % ("https" if tls else "http", HOST, self.tls_port if tls else self.port, path)

    def make_repository(self):
        git = find_program("git")
        environment = clean_environment(self.directory, GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@b",
                                        GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@b")
        work, bare = os.path.join(self.directory, "work"), os.path.join(self.directory, "repo.git")
        for argv in (["init", "-q", "-b", "main", work], ["-C", work, "commit", "-q", "--allow-empty", "-m", "one"],
                     ["clone", "-q", "--bare", work, bare], ["-C", bare, "update-server-info"]):
            subprocess.run([git] + argv, env=environment, check=True, stdout=subprocess.DEVNULL)
        self.commit = subprocess.run([git, "-C", bare, "rev-parse", "HEAD"], env=environment, check=True,
                                     stdout=subprocess.PIPE, text=True).stdout.strip()

    def make_certificate(self):
        subprocess.run([find_program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=" + HOST, "-addext", "subjectAltName=DNS:" + HOST,
                        "-keyout", os.path.join(self.directory, "key.pem"), "-out", self.ca],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def serve(self, context):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        return start_server(server, self.stack)

    def answer(self, base, path):
        """(content type, body) or None."""
        if path == "/plain.txt":
            return "text/plain", b"through\n"
        if path.startswith("/repo.git/"):
            file = os.path.realpath(os.path.join(self.directory, path.lstrip("/")))
            if file.startswith(os.path.join(self.directory, "repo.git") + os.sep) and os.path.isfile(file):
                with open(file, "rb") as stream:
                    return "text/plain", stream.read()
        tarball = npm_tarball()
        if path == "/registry/" + PACKAGE:
            dist = {"tarball": "%s/registry/%s/-/%s-1.0.0.tgz" % (base, PACKAGE, PACKAGE),
                    "shasum": hashlib.sha1(tarball).hexdigest(),
                    "integrity": "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()}
            return "application/json", json.dumps({
                "name": PACKAGE, "dist-tags": {"latest": "1.0.0"},
                "versions": {"1.0.0": {"name": PACKAGE, "version": "1.0.0", "dist": dist}}}).encode()
        if path == "/registry/%s/-/%s-1.0.0.tgz" % (PACKAGE, PACKAGE):
            return "application/octet-stream", tarball
        wheel = PACKAGE.replace("-", "_") + "-1.0.0-py3-none-any.whl"
        if path == "/simple/%s/" % PACKAGE:
            return "text/html", ('<!DOCTYPE html><html><body><a href="/files/%s">%s</a></body></html>' % (wheel, wheel)).encode()
        if path == "/files/" + wheel:
            return "application/octet-stream", python_wheel()
        return None

    def handler(self):
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def do_GET(self):
                scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
                answer = site.answer("%s://%s" % (scheme, self.headers.get("Host", "")), self.path.split("?")[0])
                kind, body = answer if answer is not None else ("text/plain", b"not here\n")
                head = "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (
                    "404 Not Found" if answer is None else "200 OK", kind, len(body))
                # head and body at once: git through a TLS proxy stalls otherwise
                self.wfile.write(head.encode() + (b"" if self.command == "HEAD" else body))

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        return Handler


def start_server(server, stack):
    """Serves in a thread until @stack is closed; returns its port."""
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return server.server_address[1]


# The proxies ----------------------------------------------------------------------------------------------------------

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Squid:
    """squid with Basic authentication. @users: {user: password}; set_users() changes the list while it runs."""

    CONFIGURATION = """
http_port 127.0.0.1:{port}
visible_hostname proxy.test
pid_filename none
hosts_file {directory}/hosts
dns_nameservers 127.0.0.1
cache deny all
cache_mem 8 MB
pinger_enable off
shutdown_lifetime 0 seconds
coredump_dir {directory}
cache_log {directory}/cache.log
logformat who %>Hs %#un %rm %ru
access_log stdio:{directory}/access.log logformat=who
buffered_logs off
auth_param basic program {helper} {directory}/users
auth_param basic children 4 startup=2 idle=1
auth_param basic realm Fixture
auth_param basic utf8 on
auth_param basic casesensitive on
auth_param basic credentialsttl 1 second
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
"""

    def __init__(self, users):
        self.first_users = users
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        with self.stack:
            self.squid = find_program("squid")
            self.openssl = find_program("openssl")
            self.helper = find_program("basic_ncsa_auth", "/usr/lib/squid", "/usr/lib64/squid", "/usr/libexec/squid")
            self.directory = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="proxyrc-squid-"))
            # started as root it would do its work as `proxy`: then it is started as that from the beginning, and everything
            # is its own
            self.account = None
            if os.geteuid() == 0:
                for name in ("proxy", "squid", "nobody"):
                    with contextlib.suppress(KeyError):
                        self.account = pwd.getpwnam(name)
                        break
                os.chown(self.directory, self.account.pw_uid, self.account.pw_gid)
            os.chmod(self.directory, 0o755)
            self.write("hosts", "127.0.0.1 %s\n" % HOST)
            self.set_users(self.first_users)
            for attempt in range(3):
                if self.start():
                    break
            else:
                raise RuntimeError("squid does not start:\n" + self.read("cache.log") + self.read("stderr"))
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def start(self):
        self.port = free_port()
        name = "prc%dx%d" % (os.getpid(), self.port)
        self.write("squid.conf", self.CONFIGURATION.format(port=self.port, directory=self.directory, helper=self.helper))
        account = {}
        if self.account is not None:
            account = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        with open(os.path.join(self.directory, "stderr"), "wb") as errors:
            process = subprocess.Popen([self.squid, "-N", "-n", name, "-f", os.path.join(self.directory, "squid.conf")],
                                       env=clean_environment(self.directory), stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                                       preexec_fn=end_with_this_process, cwd=self.directory, **account)
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                self.stack.callback(self.stop, process, name)
                return True
            time.sleep(0.02)
        self.stop(process, name)
        return False

    @staticmethod
    def stop(process, name):
        process.kill()
        process.wait()
        for left in glob.glob("/dev/shm/%s-*" % name):
            with contextlib.suppress(OSError):
                os.unlink(left)

    def read(self, name):
        with contextlib.suppress(OSError), open(os.path.join(self.directory, name), encoding="utf-8", errors="replace") as stream:
            return stream.read()
        return ""

    def write(self, name, text):
        """Replaces the file at once: helpers read it while it changes."""
        path = os.path.join(self.directory, name)
        with open(path + ".new", "w", encoding="utf-8") as stream:
            stream.write(text)
        if self.account is not None:
            os.chown(path + ".new", self.account.pw_uid, self.account.pw_gid)
        os.rename(path + ".new", path)

    def set_users(self, users):
        hashed = []
        if users:
            hashed = subprocess.run([self.openssl, "passwd", "-apr1", "-stdin"], check=True, stdout=subprocess.PIPE,
                                    input="".join(password + "\n" for password in users.values()).encode()).stdout.decode().split()
        self.write("users", "".join("%s:%s\n" % row for row in zip(users, hashed)))
        if hasattr(self, "port"):
            # the helpers look at the file's time, in seconds
            path = os.path.join(self.directory, "users")
            then = time.time() + 2
            os.utime(path, (then, then))

    def log(self):
        """[(status, user or None, method, what was asked for)] so far."""
        rows = []
        for line in self.read("access.log").splitlines(keepends=True):
            if not line.endswith("\n"):
                break  # squid is writing it; its own buffer ends anywhere
            status, user, method, target = line.rstrip("\n").split(" ", 3)
            rows.append((int(status), None if user == "-" else urllib.parse.unquote(user), method, target))
        return rows

    def users_of(self, target):
        """Who was let through to @target, a URL, or host:port of a CONNECT."""
        return {user for status, user, _, asked in self.log() if status < 300 and asked.split("?")[0] == target}

    def has_let_through(self, user, target, seconds=5):
        """Whether squid's log says so, at once or a moment later: it writes the line when it is done with the answer."""
        until = time.monotonic() + seconds
        while user not in self.users_of(target):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def refusals(self, user):
        return [row for row in self.log() if row[0] == 407 and row[1] == user]


class LoggingProxy:
    """A small proxy that asks for Basic and keeps the exact bytes of each answer; accepts what @accepts says."""

    def __init__(self, accepts=lambda credentials: True):
        self.accepts = accepts
        self.lock = threading.Lock()
        self.seen = []  # bytes: user:password, or the whole header when it is not Basic
        self.asked = 0  # requests without a Proxy-Authorization
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        self.port = start_server(http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler()), self.stack)
        return self

    def __exit__(self, *_):
        self.stack.close()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def handler(self):
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 60

            def allowed(self):
                header = self.headers.get("Proxy-Authorization")
                credentials = None
                if header is not None:
                    match = re.fullmatch(r"Basic +([A-Za-z0-9+/=]+)", header)
                    credentials = base64.b64decode(match.group(1)) if match else header.encode("latin-1")
                with proxy.lock:
                    if credentials is None:
                        proxy.asked += 1
                    else:
                        proxy.seen.append(credentials)
                if credentials is not None and proxy.accepts(credentials):
                    return True
                self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"Fixture\"\r\n"
                                 b"Content-Length: 0\r\n\r\n")
                return False

            def reach(self, port):
                return socket.create_connection(("127.0.0.1", port), 10)

            def do_CONNECT(self):
                host, _, port = self.path.rpartition(":")
                if not self.allowed():
                    return
                self.close_connection = True
                if host != HOST:
                    self.wfile.write(b"HTTP/1.1 503 Unknown Host\r\nContent-Length: 0\r\n\r\n")
                    return
                with self.reach(int(port)) as origin:
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                    back = threading.Thread(target=pour, args=(origin, self.connection), daemon=True)
                    back.start()
                    pour(self.connection, origin)
                    back.join(60)

            def do_GET(self):
                target = urllib.parse.urlsplit(self.path)
                if not self.allowed():
                    return
                self.close_connection = True
                if target.hostname != HOST:
                    self.wfile.write(b"HTTP/1.1 503 Unknown Host\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                    return
                with self.reach(target.port or 80) as origin:
                    way = urllib.parse.urlunsplit(("", "", target.path or "/", target.query, ""))
                    origin.sendall(("%s %s HTTP/1.0\r\nHost: %s\r\n\r\n" % (self.command, way, target.netloc)).encode())
                    pour(origin, self.connection)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        return Handler


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
