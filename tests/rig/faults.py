"""faults.py - proxies that misbehave: one behaviour each, on a port of its own

A behaviour is a function of a Peer, one connection, or one row of the tables below: CHALLENGES for the ways in which a 407
can be written, REFUSALS for those in which it can be sent, ANSWERS for what comes to everybody, AFTERWARDS for what comes
to any password. Nothing here goes on
for ever: a connection ends after SECONDS, or when the server does.
"""
import base64
import contextlib
import hashlib
import os
import re
import socket
import socketserver
import ssl
import struct
import threading
import time

from .common import Counter, Listener, parse_head, pour, start_server

SECONDS = 90
USER, PASSWORD = "jdoe", "p@ss:w/rd#1%"
BASIC = b'Proxy-Authenticate: Basic realm="Rig Proxy"\r\n'
DIGEST = b'Proxy-Authenticate: Digest realm="Rig Proxy", nonce="abc", qop="auth"\r\n'
EVIL = b"\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b1m\x7f\xe2\x80\xae\xd7\x90\xe2\x81\xa6\xc2\x9b5m"


class Gone(Exception):
    pass


def md5(*parts):
    return hashlib.md5(b":".join(parts)).hexdigest().encode()


def is_right_digest(method, text):
    values = {name.lower(): quoted or plain for name, quoted, plain in re.findall(rb'(\w+)=(?:"((?:\\.|[^"\\])*)"|([^\s,"]+))', text)}
    # a quote in a quoted string has a backslash before it; the nonce goes into the hash without
    realm, nonce = (re.sub(rb"\\(.)", rb"\1", values.get(name, b"")) for name in (b"realm", b"nonce"))
    known = md5(USER.encode(), realm, PASSWORD.encode())
    return values.get(b"response") == md5(known, nonce, values.get(b"nc", b""), values.get(b"cnonce", b""), values.get(b"qop", b""),
                                          md5(method, values.get(b"uri", b"")))


class Peer:
    """One client."""

    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.until = time.monotonic() + SECONDS
        self.buffer = b""
        self.method = self.target = self.given = None

    def wait(self, seconds):
        """Sleeps; ends the connection when it has gone on long enough, or its client has hung up."""
        left = min(seconds, self.until - time.monotonic())
        if self.server.stopping.wait(max(0, left)) or time.monotonic() >= self.until:
            raise Gone
        self.connection.settimeout(0.001)
        with contextlib.suppress(TimeoutError, ssl.SSLWantReadError):
            data = self.connection.recv(65536)
            if not data:
                raise Gone
            self.buffer += data

    def idle(self):
        while True:
            self.wait(0.05)

    def send(self, data):
        self.connection.settimeout(max(0.01, self.until - time.monotonic()))
        self.connection.sendall(data)

    def reset(self):
        """Closing will be an RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def request(self):
        """Waits for the next request: its method, target and fields; self.given is what it sent for the proxy."""
        while b"\r\n\r\n" not in self.buffer:
            self.connection.settimeout(max(0.01, self.until - time.monotonic()))
            data = self.connection.recv(65536)
            if not data:
                raise Gone
            self.buffer += data
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        parsed = parse_head(head)
        if parsed is None:
            raise Gone
        self.method, self.target, fields = parsed
        self.given = fields.get(b"proxy-authorization")
        self.server.counter.add_request(self.method, self.given)
        return head

    def is_right(self):
        """Whether it was the password, by Basic or by Digest with any nonce."""
        scheme, _, rest = (self.given or b"").partition(b" ")
        if scheme.lower() == b"digest":
            return is_right_digest(self.method, rest)
        return rest == base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode())

    def refuse(self, fields=BASIC, status=b"407 Proxy Authentication Required"):
        self.send(refusal(fields, status))

    def refuse_until_given(self):
        """Asks for a credential until one comes."""
        self.request()
        while self.given is None:
            self.refuse()
            self.request()

    def let_through(self, yes=b"HTTP/1.1 200 Connection established\r\n\r\n", head=None):
        """Carries the rest to the site, at whatever port was named; @head: instead of a request of our own."""
        if self.method == b"CONNECT":
            port = int(self.target.rpartition(b":")[2])
        else:
            port = int(self.target.split(b"/")[2].rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port), 10) as origin:
            if self.method == b"CONNECT":
                self.send(yes)
            else:
                path = b"/" + self.target.split(b"/", 3)[3]
                origin.sendall(head if head is not None else b"%s %s HTTP/1.0\r\nHost: origin.test\r\n\r\n" % (self.method, path))
            back = threading.Thread(target=pour, args=(origin, self.connection), daemon=True)
            back.start()
            pour(self.connection, origin)
            back.join(60)
        raise Gone


# What stands in a 407. The right password is let through by Basic afterwards, whatever the challenge was.
CHALLENGES = {
    "basic": BASIC,
    "merged": b'Proxy-Authenticate: Digest realm="Rig Proxy", nonce="a,b=c", qop="auth", Basic realm="Rig, \\"Proxy\\"", charset="UTF-8", Bearer\r\n',
    "merged-basic-first": b'Proxy-Authenticate: Basic realm="one", Bearer realm="two", error="x"\r\n',
    "lower-case": b'proxy-authenticate: basic REALM="Rig Proxy"\r\n',
    "no-space": b'Proxy-Authenticate:Basic realm=Token\r\n',
    "no-realm": b"Proxy-Authenticate: Basic\r\n",
    "folded": b'Proxy-Authenticate: Basic\r\n realm="Rig\r\n\tProxy"\r\n',
    "utf8-realm": 'Proxy-Authenticate: Basic realm="Prüfstand ✓ 日本", charset="UTF-8"\r\n'.encode(),
    "latin1-realm": b'Proxy-Authenticate: Basic realm="Pr\xfcfstand"\r\n',
    "empty-elements": b'Proxy-Authenticate: , ,Basic realm="Rig Proxy",, ,\r\nProxy-Authenticate:\r\n',
    "two-lines": b'Proxy-Authenticate: X-Own abc==\r\n' + BASIC,
    "long-realm": b'Proxy-Authenticate: Basic realm="' + b"r" * 6000 + b'"\r\n',
    "evil-realm": b'Proxy-Authenticate: Basic realm="' + EVIL + b'"\r\n',
    "evil-scheme": b"Proxy-Authenticate: " + EVIL + b" x=1\r\n" + BASIC,
    "evil-status": BASIC,
    "nul-realm": b'Proxy-Authenticate: Basic realm="a\0b"\r\n',
    "300-headers": b"".join(b"X-Header-%d: %d\r\n" % (number, number) for number in range(300)) + BASIC,
    "unclosed-quote": b'Proxy-Authenticate: Basic realm="Rig Proxy\r\n',
    "lone-backslash": b'Proxy-Authenticate: Basic realm="Rig Proxy\\\r\n',
    "broken-then-basic": b'Proxy-Authenticate: Digest realm="x, nonce=, =, "",,;\r\n' + BASIC,
    "www-authenticate": b'WWW-Authenticate: Basic realm="Site"\r\n' + BASIC,
    "30-challenges": b"".join(b'Proxy-Authenticate: S%d realm="%d"\r\n' % (number, number) for number in range(30)) + BASIC,
    "500-challenges": b"".join(b'Proxy-Authenticate: S%d realm="%d"\r\n' % (number, number) for number in range(500)) + BASIC,
    # these offer nothing that a password could be sent by
    "no-challenge": b"",
    "empty-challenge": b"Proxy-Authenticate:\r\n",
    "commas": b"Proxy-Authenticate: ,,,,\r\n",
    "only-parameters": b'Proxy-Authenticate: realm="Rig Proxy"\r\n',
    "only-www": b'WWW-Authenticate: Basic realm="Site"\r\n',
    "only-bearer": b'Proxy-Authenticate: Bearer realm="Rig Proxy"\r\nProxy-Authenticate: AWS4-HMAC-SHA256\r\n',
    "basically": b'Proxy-Authenticate: Basically realm="Rig Proxy"\r\n',
    "quoted-basic": b'Proxy-Authenticate: Bearer realm="Basic realm=x, Basic"\r\n',
    "garbage": b"Proxy-Authenticate: \xff\xfe\x01\x02=\"\x80\r\n",
    "digest-without-nonce": b'Proxy-Authenticate: Digest realm="Rig Proxy"\r\n',
    "digest-sha-512-256": b'Proxy-Authenticate: Digest realm="Rig Proxy", nonce="abc", qop="auth", algorithm=SHA-512-256\r\n' + DIGEST,
    "digest-sha-512-256-basic": b'Proxy-Authenticate: Digest realm="Rig Proxy", nonce="abc", qop="auth", algorithm=SHA-512-256\r\n' + BASIC,
    "digest-unknown-algorithm": b'Proxy-Authenticate: Digest realm="Rig Proxy", nonce="abc", qop="auth", algorithm=SHA3-999\r\n',
}

# What everybody gets, at once, before the connection ends (or not, if the name says so).
PAGE = b"<!DOCTYPE html><html><head><title>Welcome " + EVIL + b"</title></head><body>Log in</body></html>"


def page(status, fields=b"", body=PAGE):
    return b"HTTP/1.1 %s\r\n%sContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (status, fields, len(body), body)


ANSWERS = {
    "portal-200": page(b"200 OK"),
    "portal-302": page(b"302 Found", b"Location: http://portal.test/" + EVIL + b"\r\n"),
    "portal-307": page(b"307 Temporary Redirect", b"Location: http://portal.test/login\r\n"),
    "portal-511": page(b"511 Network Authentication Required"),
    "status-400": page(b"400 Bad Request"),
    "status-401": page(b"401 Unauthorized", b'WWW-Authenticate: Basic realm="Site"\r\n'),
    "status-401-proxy": page(b"401 Unauthorized", BASIC),
    "status-304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "status-403": page(b"403 Forbidden"),
    "status-404": page(b"404 Not Found"),
    "status-405": page(b"405 Method Not Allowed"),
    "status-429": page(b"429 Too Many Requests"),
    "status-500": page(b"500 Internal Server Error"),
    "status-502": page(b"502 Bad Gateway"),
    "status-503": page(b"503 Service Unavailable"),
    "status-504": page(b"504 Gateway Timeout"),
    "status-999": page(b"999 What"),
    "status-000": page(b"000 What"),
    "status-4070": page(b"4070 What", BASIC),
    "status-text": b"HTTP/1.1 abc " + EVIL + b"\r\n\r\n",
    "http-9": b"HTTP/9.9 407 No\r\n" + BASIC + b"Content-Length: 0\r\n\r\n",
    "half-a-head": b"HTTP/1.1 407 Proxy Auth",
    "half-a-header": b"HTTP/1.1 407 No\r\n" + BASIC + b"Content-Le",
    "then-closed": b"HTTP/1.1 200 OK\r\n\r\n",
    "then-html": b"HTTP/1.1 200 OK\r\n\r\n" + PAGE,
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    "smtp": b"220 mail.test ESMTP " + EVIL + b"\r\n",
    "binary": bytes(range(256)) * 8,
    "empty-lines": b"\r\n" * 200,
    "huge-header": b"HTTP/1.1 407 No\r\n" + BASIC + b"X-Long: " + b"x" * 1000000 + b"\r\n\r\n",
    "300k-of-headers": b"HTTP/1.1 407 No\r\n" + BASIC + b"X-H: yyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 10000 + b"\r\n",
    "two-answers": b"HTTP/1.1 407 No\r\n" + BASIC + b"Content-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
}

# What the right password gets, where a 407 comes before it.
AFTERWARDS = {
    "accepted-403": page(b"403 Forbidden"),
    "accepted-500": page(b"500 Internal Server Error"),
    "accepted-502": page(b"502 Bad Gateway"),
    "accepted-503": page(b"503 Service Unavailable"),
    "accepted-504": page(b"504 Gateway Timeout"),
    "accepted-then-302": page(b"302 Found", b"Location: http://portal.test/\r\n"),
    "closes-on-credentials": b"",
    "closes-on-digest": b"",
    "downgrades": page(b"407 No", b'Proxy-Authenticate: Basic realm="Rig Proxy"\r\n'),
    "continues-on-credentials": b"HTTP/1.1 100 Continue\r\n\r\n" + page(b"407 No", BASIC),
}

def refusal(fields=BASIC, status=b"407 Proxy Authentication Required", body=b"", version=b"1.1"):
    return b"HTTP/%s %s\r\n%sContent-Length: %d\r\n\r\n%s" % (version, status, fields, len(body), body)


# How a 407 can be sent, and what becomes of the connection then. The right password is let through.
KEPT, CLOSED, IGNORED = "kept", "closed", "nothing more is ever said"
REFUSALS = {
    "closes-after-407": (refusal(BASIC + b"Connection: close\r\n"), CLOSED),
    "closes-after-407-unsaid": (refusal(), CLOSED),
    "second-ignored": (refusal(), IGNORED),
    "lf-only": (refusal().replace(b"\r", b""), KEPT),
    "chunked": (b"HTTP/1.1 407 No\r\n" + BASIC + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", KEPT),
    "continue-first": (b"HTTP/1.1 100 Continue\r\n\r\n" + refusal(), KEPT),
    "false-length": (b"HTTP/1.1 407 No\r\n" + BASIC + b"Content-Length: 1000000\r\n\r\nshort", IGNORED),
    "http10": (b"HTTP/1.0 407 No\r\n" + BASIC + b"\r\n<html>", CLOSED),
    "http10-open": (b"HTTP/1.0 407 No\r\n" + BASIC + b"\r\n<html>", IGNORED),
    "big-body": (refusal(body=b"x" * 10000000), KEPT),
    "digest": (refusal(DIGEST), KEPT),
    "digest-closes": (refusal(DIGEST + b"Connection: close\r\n"), CLOSED),
    "digest-closes-unsaid": (refusal(DIGEST), CLOSED),
    "digest-http10": (b"HTTP/1.0 407 No\r\n" + DIGEST + b"\r\n<html>", CLOSED),
    "digest-big-body": (refusal(DIGEST, body=b"x" * 3000000), KEPT),
    "digest-false-length": (b"HTTP/1.1 407 No\r\n" + DIGEST + b"Content-Length: 1000000\r\n\r\nshort", IGNORED),
}

BEHAVIOURS = {}


def behaviour(function):
    BEHAVIOURS[function.__name__.replace("_", "-")] = function
    return function


def challenge(fields, name):
    def serve(peer):
        status = b"407 No " + EVIL if name == "evil-status" else b"407 Proxy Authentication Required"
        while True:
            peer.request()
            if peer.is_right():
                peer.let_through()
            peer.refuse(fields, status)
    return serve


def refuse(how, _):
    def serve(peer):
        data, then = how
        while True:
            peer.request()
            if peer.is_right():
                peer.let_through()
            peer.send(data)
            if then == CLOSED:
                return
            if then == IGNORED:
                peer.idle()
    return serve


def answer(data, name):
    def serve(peer):
        if name not in ("ssh", "smtp"):
            peer.request()
        peer.send(data)
        if name in ("ssh", "smtp"):
            peer.idle()
    return serve


def afterwards(data, name):
    def serve(peer):
        first = DIGEST if name in ("downgrades", "closes-on-digest") else BASIC
        while True:
            peer.request()
            if peer.given is not None:
                peer.send(data)
                return
            peer.refuse(first)
    return serve


for table, make in ((CHALLENGES, challenge), (REFUSALS, refuse), (ANSWERS, answer), (AFTERWARDS, afterwards)):
    BEHAVIOURS.update({name: make(data, name) for name, data in table.items()})


# Ends ---------------------------------------------------------------------------------------------------------------

@behaviour
def closes_at_once(peer):
    pass


@behaviour
def closes_when_asked(peer):
    peer.request()


@behaviour
def resets(peer):
    peer.request()
    peer.reset()


@behaviour
def resets_on_credentials(peer):
    peer.refuse_until_given()
    peer.reset()


@behaviour
def accepted_then_resets(peer):
    peer.refuse_until_given()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    peer.reset()


# Time ---------------------------------------------------------------------------------------------------------------

@behaviour
def silent(peer):
    peer.idle()


@behaviour
def silent_on_credentials(peer):
    peer.refuse_until_given()
    peer.idle()


@behaviour
def then_silent(peer):
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    peer.idle()


@behaviour
def drip(peer):
    peer.request()
    for byte in b"HTTP/1.1 407 Proxy Authentication Required\r\n" + b"X-Slow: %s\r\n" % (b"x" * 1000):
        peer.send(bytes([byte]))
        peer.wait(1)


@behaviour
def drip_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 407 No\r\n" + BASIC + b"Content-Length: 100000\r\n\r\n")
    while True:
        peer.send(b"x")
        peer.wait(1)


@behaviour
def endless_headers(peer):
    peer.request()
    peer.send(b"HTTP/1.1 407 No\r\n" + BASIC)
    while True:
        peer.send(b"X-More: more and more and more\r\n" * 100)
        peer.wait(0.01)


@behaviour
def endless_continues(peer):
    peer.request()
    while True:
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        peer.wait(0.01)


@behaviour
def endless_body(peer):
    peer.request()
    peer.send(b"HTTP/1.1 407 No\r\n" + BASIC + b"\r\n")
    while True:
        peer.send(b"x" * 65536)
        peer.wait(0.005)


@behaviour
def endless_chunks(peer):
    peer.request()
    peer.send(b"HTTP/1.1 407 No\r\n" + BASIC + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        peer.send(b"10\r\n0123456789abcdef\r\n")
        peer.wait(0.01)


# Bodies and lengths ---------------------------------------------------------------------------------------------------


@behaviour
def length_in_yes(peer):
    """A length means nothing in the answer to a CONNECT."""
    peer.request()
    if peer.is_right():
        peer.let_through(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
    peer.refuse(BASIC + b"Connection: close\r\n")


# Credentials ----------------------------------------------------------------------------------------------------------

@behaviour
def forever_407(peer):
    while True:
        peer.request()
        peer.refuse()


@behaviour
def takes_anything(peer):
    while True:
        peer.request()
        if peer.given is not None:
            peer.let_through()
        peer.refuse()


def lockout(peer, locked):
    """The account is locked after three wrong passwords: then the right one is refused too."""
    while True:
        peer.request()
        with peer.server.counter.lock:
            if peer.given is not None and not peer.is_right():
                peer.server.failed += 1
            is_locked = peer.server.failed >= 3
        if is_locked:
            locked(peer)
        elif peer.is_right():
            peer.let_through()
        else:
            peer.refuse()


@behaviour
def lockout_407(peer):
    lockout(peer, Peer.refuse)


@behaviour
def lockout_403(peer):
    lockout(peer, lambda locked: locked.refuse(b"", b"403 Locked"))


@behaviour
def like_tinyproxy(peer):
    """A wrong password is answered as if the site had asked for it."""
    peer.request()
    if peer.is_right():
        peer.let_through()
    if peer.given is None:
        peer.send(b"HTTP/1.0 407 Proxy Authentication Required\r\nConnection: close\r\n" + BASIC + b"\r\n<html>")
    else:
        peer.send(b'HTTP/1.0 401 Unauthorized\r\nConnection: close\r\nWWW-Authenticate: Basic realm="Rig Proxy"\r\n\r\n<html>')


@behaviour
def hands_on(peer):
    """Asks nobody, and lets the site see what was meant for the proxy."""
    head = peer.request()
    lines = head.split(b"\r\n")
    lines[0] = b"%s /%s HTTP/1.0" % (peer.method, peer.target.split(b"/", 3)[-1])
    peer.let_through(head=b"\r\n".join(lines) + b"\r\n\r\n")


@behaviour
def digest_stale(peer):
    """Each nonce is stale as soon as it is used: an invitation to send the same password over and over."""
    while True:
        peer.request()
        peer.refuse(b'Proxy-Authenticate: Digest realm="Rig Proxy", nonce="%s", qop="auth", stale=%s\r\n'
                    % (os.urandom(8).hex().encode(), b"true" if peer.given else b"false"))


@behaviour
def ntlm_again(peer):
    """The last message of each login gets a challenge, as if it had been the first."""
    while True:
        peer.request()
        if peer.given is None:
            peer.refuse(b"Proxy-Authenticate: NTLM\r\n")
        else:
            message = b"NTLMSSP\0" + struct.pack("<I", 2) + bytes(8) + struct.pack("<I", 0x00008201) + os.urandom(8) + bytes(8)
            peer.refuse(b"Proxy-Authenticate: NTLM " + base64.b64encode(message) + b"\r\n")


@behaviour
def ntlm_deaf(peer):
    """Asks for NTLM again, without a challenge, and hangs up: no password ever gets so far."""
    peer.request()
    peer.refuse(b"Proxy-Authenticate: NTLM\r\nProxy-Connection: close\r\n")


@behaviour
def ntlm_garbage(peer):
    while True:
        peer.request()
        peer.refuse(b"Proxy-Authenticate: NTLM" + (b"" if peer.given is None else b" QUJD=not=base64") + b"\r\n")


@behaviour
def negotiate_again(peer):
    while True:
        peer.request()
        peer.refuse(b"Proxy-Authenticate: Negotiate" + (b"" if peer.given is None else b" YWJj") + b"\r\n" + BASIC)


@behaviour
def changes_its_mind(peer):
    """Lets the first request through, as if nobody needed a password, and asks from then on."""
    peer.request()
    with peer.server.counter.lock:
        peer.server.failed += 1
        first = peer.server.failed == 1
    if first or peer.is_right():
        peer.let_through()
    peer.refuse()


# ----------------------------------------------------------------------------------------------------------------------

class Fault:
    """A server with the behaviour @name. @context: TLS first. @host: an address of this machine."""

    def __init__(self, name, context=None, host="127.0.0.1"):
        self.name, self.context, self.host = name, context, host
        self.serve = BEHAVIOURS[name]
        self.counter, self.stopping, self.failed = Counter(), threading.Event(), 0
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        fault = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                fault.meet(self.request)

        self.port = start_server((Listener6 if ":" in self.host else Listener)((self.host, 0), Handler), self.stack)
        self.stack.callback(self.stopping.set)
        return self

    def __exit__(self, *_):
        self.stack.close()

    def counts(self):
        return self.counter.counts()

    def meet(self, connection):
        self.counter.add("connections")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, ValueError, IndexError, Gone):
            if self.context is not None:
                connection.settimeout(SECONDS)
                connection = self.context.wrap_socket(connection, server_side=True)
            self.serve(Peer(self, connection))
        with contextlib.suppress(OSError):
            connection.close()


class Listener6(Listener):
    address_family = socket.AF_INET6


class FullQueue:
    """A port whose queue is full: SYNs are dropped, as a firewall does."""

    def __init__(self):
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        listener = self.stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        self.port = listener.getsockname()[1]
        for _ in range(8):
            waiting = self.stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", self.port))
        return self

    def __exit__(self, *_):
        self.stack.close()

    @staticmethod
    def counts():
        return Counter().counts()
