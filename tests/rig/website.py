"""website.py - a web site for the tools: a git repository, an npm registry, a Python index, plain files, over http and https

It writes down what each request brought along: a proxy's credentials have no business here.
"""
import base64
import collections
import contextlib
import gzip
import hashlib
import http.server
import io
import json
import os
import ssl
import subprocess
import tarfile
import tempfile
import threading
import zipfile

from .certificates import Authority
from .common import HOST, HttpListener, clean_environment, find_program, start_server

PACKAGE = "prc-fixture"

# scheme, path; whether Proxy-Authorization and Authorization came with it
Request = collections.namedtuple("Request", "scheme path proxy_authorization authorization")


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
    """Over http, and over https with a certificate by an authority of its own (self.ca). @hosts: its other names."""

    def __init__(self, hosts=("localhost",)):
        self.hosts = [HOST, *hosts]
        self.lock = threading.Lock()
        self.requests = []
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        with self.stack:
            self.directory = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="proxyrc-site-"))
            self.make_repository()
            self.authority = Authority(self.directory, "Site Authority")
            self.ca = self.authority.ca
            self.port = self.serve(None)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.authority.issue("site", ["DNS:" + host for host in self.hosts] + ["IP:127.0.0.1"]))
            self.tls_port = self.serve(context)
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def url(self, path="/", tls=False, host=HOST):
        return "%s://%s:%d%s" % ("https" if tls else "http", host, self.tls_port if tls else self.port, path)

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

    def serve(self, context):
        server = HttpListener(("127.0.0.1", 0), self.handler())
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        return start_server(server, self.stack)

    def answer(self, base, path):
        """(content type, body) or None."""
        if path == "/":
            return "text/html", b"<!DOCTYPE html><title>here</title>\n"
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
            disable_nagle_algorithm = True  # a TLS answer would wait 40 ms for the acknowledgement of what was before it

            def do_GET(self):
                scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
                with site.lock:
                    site.requests.append(Request(scheme, self.path, "Proxy-Authorization" in self.headers, "Authorization" in self.headers))
                answer = site.answer("%s://%s" % (scheme, self.headers.get("Host", "")), self.path.split("?")[0])
                kind, body = answer if answer is not None else ("text/plain", b"not here\n")
                status = "404 Not Found" if answer is None else "200 OK"
                if self.path.startswith("/private"):
                    status = "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"Site\""
                head = "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body))
                # head and body at once: git through a TLS proxy stalls otherwise
                self.wfile.write(head.encode() + (b"" if self.command == "HEAD" else body))

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        return Handler
