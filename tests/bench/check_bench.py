"""check_bench.py - the section `check` of bench.py: a live check beside bare CONNECTs over a socket, and beside curl

All do the same two exchanges with a real squid on loopback: one without a credential (407), one with the right one, to the end:
for an https:// target a CONNECT, TLS to the site, trusted by the same certificates, and its answer; for an http:// one a GET, as
proxies are asked for those. The socket knows no process, so the start of our two is measured apart and added to it. Everything
comes after a process has started and ended, for right after another exchange squid and the kernel answer faster. Two bare
CONNECTs, without what follows, stand beside it.
"""
import base64
import os
import socket
import ssl
import statistics
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.faults import PASSWORD, USER  # noqa: E402
from rig.servers import Rig  # noqa: E402

# what src/probe/client.c gives it
HELPERS_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "GNUTLS_NO_IMPLICIT_INIT": "1"}
TOKEN = base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode())


def ask(port, method, target, credential, ca=None):
    """One request on a connection of its own; with @ca also TLS to the site, and its answer. The status."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        field = b"Proxy-Authorization: Basic %s\r\n" % TOKEN if credential else b""
        host = target.rpartition(b"//")[2].strip(b"/")
        connection.sendall(b"%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (method, target, host, field))
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
        status = int(head.split(b" ", 2)[1])
        if ca is not None and status == 200:
            context = ssl.create_default_context(cafile=ca)
            with context.wrap_socket(connection, server_hostname=target.partition(b":")[0].decode()) as tunnel:
                tunnel.sendall(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % target)
                if not tunnel.recv(65536).startswith(b"HTTP/1.1 200 "):
                    sys.exit("bench: the site does not answer")
        return status


def both(port, method, target, ca=None):
    begin = time.perf_counter()
    statuses = ask(port, method, target, False), ask(port, method, target, True, ca)
    end = time.perf_counter()
    if statuses != (407, 200):
        sys.exit("bench: over the socket the answers were %s" % (statuses,))
    return end - begin


def find_probe(program):
    build = os.path.dirname(os.path.dirname(program))
    for folder, _, names in os.walk(build):
        if "proxyrc-probe" in names:
            return os.path.join(folder, "proxyrc-probe")
    sys.exit("bench: no proxyrc-probe in %s" % build)


def section(machine, say, ms):
    with Rig(["squid-basic"]) as rig:
        port = rig["squid-basic"].real.port
        proxy = "http://127.0.0.1:%d" % port
        secret = os.path.join(machine.directory, "password")
        with open(secret, "w", encoding="utf-8") as stream:
            stream.write(PASSWORD + "\n")
        for tls in (True, False):
            measure(machine, say, ms, rig, proxy, secret, tls)


def measure(machine, say, ms, rig, proxy, secret, tls):
    url = rig.site.url(tls=tls)
    port = int(proxy.rpartition(":")[2])
    target = b"origin.test:%d" % (rig.site.tls_port if tls else rig.site.port)
    curl = ["curl", "-q", "-s", "-o", os.devnull, "--cacert", rig.site.ca, "-x", proxy]
    # curl decodes what it gets
    login = ["-U", ":".join(urllib.parse.quote(part, safe="") for part in (USER, PASSWORD))]
    ours = [machine.program, "check", "--proxy", proxy, "--user", USER, "--password-stdin", "--url", url, "--ca", rig.site.ca]
    empty = os.devnull
    probe = find_probe(machine.program)
    whole = (b"CONNECT", target, rig.site.ca) if tls else (b"GET", url.encode())
    contestants = {
        "ours": lambda: machine.run(ours, secret, (0,)),
        "curl": lambda: machine.run([*curl, url], empty, (0, 56)) + machine.run([*curl, *login, url], empty, (0,)),
        "start": lambda: machine.run([machine.program, "--version"], empty, (0,)),
        "whole": lambda: both(port, *whole),
        "probe": lambda: machine.run([probe], empty, (2,), HELPERS_ENVIRONMENT),
        "bare": lambda: both(port, b"CONNECT", target),
    }
    times = {name: [] for name in contestants}
    for number in range(machine.runs * 2 + 2):
        for name, run in contestants.items():
            seconds = run()
            if number >= 2:
                times[name].append(seconds)
    got = {name: statistics.median(values) for name, values in times.items()}
    what = "check, %s" % ("https" if tls else "http")
    starts = got["start"] + got["probe"]
    limit = 1.5 * got["whole"] + starts
    say("%s; theirs: 1.5 x by socket + 2 starts" % what, ms(got["ours"]), ms(limit), "%.2f of" % (got["ours"] / limit), "<= 1.00")
    say("%s; theirs: curl without, curl with" % what, ms(got["ours"]), ms(got["curl"]), "%.2f of" % (got["ours"] / got["curl"]), "<= 1.20")
    say("  by socket: two bare CONNECTs, and all of it", ms(got["bare"]), ms(got["whole"]))
    say("  the start of proxyrc, and of proxyrc-probe", ms(got["start"]), ms(got["probe"]))
