"""socks.py - SOCKS4 and 4a, which the small real servers do not speak, and SOCKS servers that misbehave"""
import contextlib
import socket
import socketserver
import struct
import threading

from .common import Counter, Listener, pour, start_server


def exactly(stream, length):
    data = stream.read(length)
    if len(data) < length:
        raise OSError("closed")
    return data


def until_zero(stream):
    text = b""
    while not text.endswith(b"\0") and len(text) < 300:
        text += exactly(stream, 1)
    return text[:-1]


class Socks4:
    """Lets through whoever gives the user id @user (any, if None). A name of a host is looked up here: origin.test is us."""

    def __init__(self, user=None):
        self.user, self.counter = user, Counter()
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        server = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 60

            def handle(self):
                with contextlib.suppress(OSError, struct.error):
                    server.serve(self.rfile, self.connection)

        self.port = start_server(Listener(("127.0.0.1", 0), Handler), self.stack)
        return self

    def __exit__(self, *_):
        self.stack.close()

    def counts(self):
        return self.counter.counts()

    def serve(self, stream, client):
        self.counter.add("connections")
        version, command, port, address = struct.unpack("!BBH4s", exactly(stream, 8))
        user = until_zero(stream).decode(errors="replace")
        if address[:3] == b"\0\0\0" and address[3]:
            until_zero(stream)  # 4a: the name; all of them are here
        self.counter.add("requests")
        self.counter.add("credentials", bool(user))
        if version != 4 or command != 1:
            return
        if self.user not in (None, user):
            client.sendall(b"\0\x5d" + bytes(6))  # another user than identd says
            return
        try:
            origin = socket.create_connection(("127.0.0.1", port), 10)
        except OSError:
            client.sendall(b"\0\x5b" + bytes(6))
            return
        with origin:
            client.sendall(b"\0\x5a" + bytes(6))
            back = threading.Thread(target=pour, args=(origin, client), daemon=True)
            back.start()
            pour(client, origin)
            back.join(60)
