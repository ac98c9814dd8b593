"""servers.py - all servers of the rig by name, started together, sharing what can be shared

    with Rig(["squid-basic", "tinyproxy", "silent"]) as rig:
        rig["tinyproxy"].url, rig["tinyproxy"].counts()

A server that misbehaves is named after its behaviour (faults.BEHAVIOURS).
"""
import concurrent.futures
import contextlib
import os
import ssl
import tempfile
import threading

from .certificates import Authority
from .common import Counter, free_port
from .faults import BEHAVIOURS, PASSWORD, USER, Fault, FullQueue
from .kerberos import Kdc
from .relay import Relay
from .small import Cntlm, Microsocks, Tinyproxy
from .socks import Socks4
from .squid import BLOCKED_HOST, DENIED_403, DENIED_407, OPEN_HOST, Squid
from .website import Site

USERS = {USER: PASSWORD, "jürgen": "grün ✓ 日本", DENIED_407: PASSWORD, DENIED_403: PASSWORD}
# where quotes and colons are not possible
PLAIN_PASSWORD = "Plain-Pa55word"


class Server:
    """One proxy: where clients find it, whom it knows, and what it has counted."""

    def __init__(self, scheme, port, counts, users=None, host="127.0.0.1", real=None, counter=None):
        self.scheme, self.port, self.host, self.users = scheme, port, host, users or {}
        self.counts = counts
        self.real = real  # a Squid has more to tell
        self.counter = counter  # where there is one in this process

    @property
    def url(self):
        return "%s://%s:%d" % (self.scheme, self.host, self.port)


class Rig:
    """Starts the servers @names, in parallel. `site` is behind all of them."""

    def __init__(self, names):
        self.names = list(names)
        self.stack = contextlib.ExitStack()
        self.lock, self.locks, self.things = threading.Lock(), {}, {}
        self.servers = {}

    def __enter__(self):
        with self.stack:
            # children end with the thread that started them: the pool lives as long as they
            pool = self.stack.enter_context(concurrent.futures.ThreadPoolExecutor(8))
            self.directory = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="proxyrc-rig-"))
            os.chmod(self.directory, 0o755)
            self.children = self.stack.enter_context(contextlib.ExitStack())
            self.site = self.children.enter_context(Site(hosts=["localhost", OPEN_HOST, BLOCKED_HOST]))
            running = {name: pool.submit(SERVERS[name], self) for name in self.names}
            self.servers = {name: future.result() for name, future in running.items()}
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def __getitem__(self, name):
        return self.servers[name]

    def enter(self, context):
        thing = context.__enter__()
        with self.lock:
            self.children.push(context)
        return thing

    def shared(self, key, make):
        """One of each kind, whoever comes first."""
        with self.lock:
            lock = self.locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self.things:
                self.things[key] = self.enter(make())
            return self.things[key]

    def authority(self, name):
        def make():
            directory = os.path.join(self.directory, name.replace(" ", "-"))
            os.mkdir(directory)
            return contextlib.nullcontext(Authority(directory, name))
        return self.shared(name, make)

    def bundle(self, *authorities):
        """A file with the site's authority and these, by name."""
        path = os.path.join(self.directory, "bundle-%d.pem" % abs(hash(authorities)))
        text = ""
        for ca in [self.site.ca] + [self.authority(name).ca for name in authorities]:
            with open(ca, encoding="utf-8") as stream:
                text += stream.read()
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return path

    # What they are made of --------------------------------------------------------------------------------------------

    def kdc(self):
        return self.shared("kdc", lambda: Kdc({USER: PASSWORD}))

    def ticket(self, lifetime=None):
        """The environment of somebody who has logged in to the realm; @lifetime in seconds."""
        def make():
            cache = os.path.join(self.directory, "ticket-%s" % lifetime)
            self.kdc().login(USER, cache, lifetime)
            return contextlib.nullcontext(self.kdc().environment_of(cache))
        return self.shared(("ticket", lifetime), make)

    def squid(self, *schemes):
        def make():
            if schemes != ("basic",):
                return Squid(USERS, schemes, kdc=self.kdc() if "negotiate" in schemes else None)
            certificate = self.authority(PROXY_CA).issue("squid", GOOD_NAMES)
            return Squid(USERS, schemes, certificate=certificate, authority=self.authority(BUMP_CA), upstream_ca=self.site.ca)
        return self.shared(schemes, make)

    def counted(self, scheme, port, users=None, **more):
        relay = self.enter(Relay(port))
        return Server(scheme, relay.port, relay.counts, users, **more)


PROXY_CA, BUMP_CA = "Proxy Authority", "Company Interception"
GOOD_NAMES = ["DNS:localhost", "IP:127.0.0.1"]


def squid(*schemes, host="127.0.0.1"):
    def make(rig):
        real = rig.squid(*schemes)
        return rig.counted("http", real.port, USERS, host=host, real=real)
    return make


def squid_tls(rig):
    real = rig.squid("basic")
    return Server("https", real.tls_port, lambda: real.counts(real.tls_port), USERS, real=real)


def squid_bump(rig):
    real = rig.squid("basic")
    return rig.counted("http", real.bump_port, USERS, real=real)


def tinyproxy(users):
    return lambda rig: rig.counted("http", rig.enter(Tinyproxy(users)).port, users)


def microsocks(users):
    def make(rig):
        real = rig.enter(Microsocks(*next(iter((users or {}).items()), ())))
        return rig.counted("socks5h", real.port, users)
    return make


def cntlm(password):
    def make(rig):
        real = rig.enter(Cntlm(rig.squid("ntlm").port, USER, password))
        return rig.counted("http", real.port, real=rig.squid("ntlm"))
    return make


def socks4(rig):
    server = rig.enter(Socks4(USER))
    return Server("socks4a", server.port, server.counts, {USER: ""})


def context(rig, kind, behaviour):
    authority = rig.authority(PROXY_CA if kind != "unknown" else "Unknown Authority")
    file = kind + "-" + behaviour  # several are made at the same time
    files = {
        "expired": lambda: authority.issue(file, GOOD_NAMES, expired=True),
        "self-signed": lambda: authority.self_signed(file, GOOD_NAMES),
        "wrong-name": lambda: authority.issue(file, ["DNS:proxy.example"]),
    }.get(kind, lambda: authority.issue(file, GOOD_NAMES))()
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*files)
    if kind == "needs-name":
        made.sni_callback = lambda _, name, __: None if name else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    elif kind == "client-certificate":
        made.verify_mode = ssl.CERT_REQUIRED
    return made


def tls(kind, behaviour="basic"):
    def make(rig):
        server = rig.enter(Fault(behaviour, context(rig, kind, behaviour)))
        return Server("https", server.port, server.counts, {USER: PASSWORD})
    return make


def fault(behaviour, host="127.0.0.1"):
    def make(rig):
        server = rig.enter(Fault(behaviour, host=host))
        return Server("http", server.port, server.counts, {USER: PASSWORD}, host="[%s]" % host if ":" in host else host,
                      counter=server.counter)
    return make


def full_queue(rig):
    server = rig.enter(FullQueue())
    return Server("http", server.port, server.counts)


def closed_port(_):
    return Server("http", free_port(), Counter().counts)


SERVERS = {
    "squid-basic": squid("basic"),
    "squid-digest": squid("digest"),
    "squid-digest-basic": squid("digest", "basic"),
    "squid-ntlm": squid("ntlm"),
    "squid-negotiate": squid("negotiate", host="localhost"),
    "squid-multi": squid("negotiate", "ntlm", "basic", host="localhost"),
    "squid-tls": squid_tls,
    "squid-bump": squid_bump,
    "tinyproxy": tinyproxy({USER: PLAIN_PASSWORD}),
    "tinyproxy-open": tinyproxy(None),
    "microsocks": microsocks({USER: PASSWORD}),
    "microsocks-open": microsocks(None),
    "socks4": socks4,
    "cntlm": cntlm(PASSWORD),
    "cntlm-wrong": cntlm("not it"),
    "tls-expired": tls("expired"),
    "tls-self-signed": tls("self-signed"),
    "tls-wrong-name": tls("wrong-name"),
    "tls-unknown": tls("unknown"),
    "tls-forever-407": tls("good", "forever-407"),
    "tls-needs-name": tls("needs-name"),
    "tls-client-certificate": tls("client-certificate"),
    "tls-basic": tls("good"),
    "tls-continue-first": tls("good", "continue-first"),
    "tls-nul-realm": tls("good", "nul-realm"),
    "tls-then-silent": tls("good", "then-silent"),
    "tls-takes-anything": tls("good", "takes-anything"),
    "ipv6": fault("basic", "::1"),
    "full-queue": full_queue,
    "closed-port": closed_port,
    **{name: fault(name) for name in BEHAVIOURS},
}
