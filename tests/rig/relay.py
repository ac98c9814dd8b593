"""relay.py - stands before a server and counts what comes, without changing a byte"""
import contextlib
import select
import socket
import socketserver

from .common import Counter, Listener, Listener6, parse_head, start_server

SECONDS = 120


class Watch:
    """Follows what one client says, in HTTP, SOCKS or anything else."""

    def __init__(self, counter):
        self.counter, self.buffer = counter, b""
        self.follow = self.begin
        self.body = 0
        self.connecting = False

    def said(self, data):
        if self.follow is not None:
            self.buffer += data
            while self.follow is not None and self.follow():
                pass

    def answered(self, data):
        """What the server says: after its yes to a CONNECT the rest is not for us."""
        if self.connecting:
            self.connecting = False
            if data[:7] in (b"HTTP/1.", b"HTTP/2 ") and data.split(b" ", 2)[1][:1] == b"2":
                self.follow = None

    def begin(self):
        self.follow = {b"\x05": self.socks5_greeting, b"\x04": self.socks4, b"\x16": None}.get(self.buffer[:1], self.http)
        return True

    def http(self):
        if self.body:
            skipped = min(self.body, len(self.buffer))
            self.body -= skipped
            self.buffer = self.buffer[skipped:]
        head, end, rest = self.buffer.partition(b"\r\n\r\n")
        if self.body or not end:
            return False
        parsed = parse_head(head)
        if parsed is None:
            self.follow = None
            return False
        method, _, fields = parsed
        self.counter.add_request(method, fields.get(b"proxy-authorization"))
        self.connecting = method == b"CONNECT"
        self.body = int(fields.get(b"content-length") or 0)
        self.buffer = rest
        return True

    def socks5_greeting(self):
        if len(self.buffer) < 2 or len(self.buffer) < 2 + self.buffer[1]:
            return False
        self.buffer = self.buffer[2 + self.buffer[1]:]
        self.follow = self.socks5_rest
        return True

    def socks5_rest(self):
        """Either the user and password (RFC 1929), or the request."""
        if not self.buffer:
            return False
        self.counter.add("credentials" if self.buffer[0] == 1 else "requests")
        if self.buffer[0] == 1:
            user = self.buffer[1]
            length = 3 + user + self.buffer[2 + user]
            self.buffer = self.buffer[length:]
            return True
        self.follow = None
        return False

    def socks4(self):
        self.counter.add("requests")
        self.follow = None
        return False


class Relay:
    """Listens at self.port, goes on to @port. counts() as Counter's."""

    def __init__(self, port):
        self.goal, self.counter = port, Counter()
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        relay = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                relay.carry(self.request)

        self.port = start_server(Listener(("127.0.0.1", 0), Handler), self.stack)
        # what is called localhost may be looked for here first
        with contextlib.suppress(OSError):
            start_server(Listener6(("::1", self.port), Handler), self.stack)
        return self

    def __exit__(self, *_):
        self.stack.close()

    def counts(self, _=None):
        return self.counter.counts()

    def carry(self, client):
        self.counter.add("connections")
        watch = Watch(self.counter)
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.goal), 10) as server:
            open_ends = {client: server, server: client}
            for end in open_ends:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while open_ends:
                ready, _, _ = select.select(list(open_ends), [], [], SECONDS)
                if not ready:
                    return
                for end in ready:
                    data = end.recv(65536)
                    if data:
                        # first counted, then sent: who has an answer has been counted
                        (watch.said if end is client else watch.answered)(data)
                        open_ends[end].sendall(data)
                    else:
                        open_ends.pop(end).shutdown(socket.SHUT_WR)
