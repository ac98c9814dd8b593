"""check_bench.py - the section `check` of bench.py: a live check beside bare CONNECTs over a socket, and beside curl

All do the same two exchanges with a real squid on loopback: one without a credential (407), one with the right one, to the end:
for an https:// target a CONNECT, TLS to the site, trusted by the same certificates, and its answer; for an http:// one a GET, as
proxies are asked for those. All do it in a process that has just started (bare.py), for the first TLS of a process takes OpenSSL
longer than any other; the socket's time is without the start of that process, and that of our two is measured apart and added
to it. Two bare CONNECTs, without what follows, stand beside it.
"""
import base64
import os
import statistics
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.faults import PASSWORD, USER  # noqa: E402
from rig.servers import Rig  # noqa: E402

# what src/probe/client.c gives it
HELPERS_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "GNUTLS_NO_IMPLICIT_INIT": "1"}
TOKEN = base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode()


def bare(*arguments):
    """The seconds of both requests, as the process that makes them has measured them: its own start is not among them."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bare.py")
    told = subprocess.run([sys.executable, "-I", script, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    if told[:2] != ["407", "200"]:
        sys.exit("bench: over the socket the answers were %s" % told[:2])
    return float(told[2])


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
    port = proxy.rpartition(":")[2]
    target = "origin.test:%d" % (rig.site.tls_port if tls else rig.site.port)
    curl = ["curl", "-q", "-s", "-o", os.devnull, "--cacert", rig.site.ca, "-x", proxy]
    # curl decodes what it gets
    login = ["-U", ":".join(urllib.parse.quote(part, safe="") for part in (USER, PASSWORD))]
    ours = [machine.program, "check", "--proxy", proxy, "--user", USER, "--password-stdin", "--url", url, "--ca", rig.site.ca]
    empty = os.devnull
    probe = find_probe(machine.program)
    whole = ("CONNECT", target, TOKEN, rig.site.ca) if tls else ("GET", url, TOKEN)
    contestants = {
        "ours": lambda: machine.run(ours, secret, (0,)),
        "curl": lambda: machine.run([*curl, url], empty, (0, 56)) + machine.run([*curl, *login, url], empty, (0,)),
        "start": lambda: machine.run([machine.program, "--version"], empty, (0,)),
        "whole": lambda: bare(port, *whole),
        "probe": lambda: machine.run([probe], empty, (2,), HELPERS_ENVIRONMENT),
        "bare": lambda: bare(port, "CONNECT", target, TOKEN),
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
