"""fixture.py - real proxies, a web site behind them and clean surroundings for real clients: what tests/rig has, and a
proxy that keeps what it was sent

    with Site() as site, Squid({"jdoe": "secret"}) as squid:
        done = run(["curl", ...], clean_environment(home))
        assert squid.users_of(site.url("/plain.txt")) == {"jdoe"}
"""
import base64
import contextlib
import http.server
import os
import re
import socket
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.common import (HOST, SYSTEM_PATH, Done, Missing, Tap, clean_environment, end_with_this_process,  # noqa: E402,F401
                        find_program, free_port, login_shell, pour, run, run_main, start_server, stop_on_signals)
from rig.squid import Squid  # noqa: E402,F401
from rig.website import PACKAGE, Site  # noqa: E402,F401


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
