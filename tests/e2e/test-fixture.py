#!/usr/bin/env python3
"""test-fixture.py: the fixture does what the other tests take for granted: the right password passes in each tool, a
wrong one and none do not, and without the proxy the site is not there. Prints TAP."""
import os
import tempfile

import fixture
from clients import CLIENTS, missing_clients

PASSWORD = "p@ss:w/rd#1%"
ENCODED = "p%40ss%3Aw%2Frd%231%25"


def attempt(client, site, proxy, tls):
    """Whether @client reached the site with this proxy, or None, in its environment."""
    with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
        script, environment = client.script(site, tls), fixture.clean_environment(home)
        for name in ("http_proxy", "https_proxy"):
            if proxy is not None:
                environment[name] = proxy
        environment.update(client.ca_environment(site.ca))
        done = fixture.run(["bash", "-c", script], environment, cwd=home)
        return done.status == 0 and client.succeeded(site, done), done


def cases(site, squid):
    for tls in (False, True):
        for client in CLIENTS:
            for what, user, password, expected in (("right", "right", ENCODED, True), ("wrong", "wrong", "x", False),
                                                   ("no", None, None, False), ("the new", "new", "later", True)):
                yield tls, client, what, user, password, expected
            yield tls, client, None, None, None, False


def main():
    fixture.stop_on_signals()
    users = {"right": PASSWORD, "wrong": PASSWORD}
    with fixture.Site() as site, fixture.Squid(users) as squid:
        tap = fixture.Tap(len(list(cases(site, squid))) + len(CLIENTS))
        missing = missing_clients()
        squid.set_users({**users, "new": "later"})
        for tls, client, what, user, password, expected in cases(site, squid):
            label = "%s, %s, %s" % (client.name, "https" if tls else "http", what + " password" if what else "no proxy")
            if client.name in missing:
                tap.report(label, skip=missing[client.name])
                continue
            at = "127.0.0.1:%d" % squid.port
            proxy = None if what is None else "http://%s%s" % ("%s:%s@" % (user, password) if user else "", at)
            reached, done = attempt(client, site, proxy, tls)
            problems = []
            if reached != expected:
                problems.append("reached the site: %s, status %s\n%s" % (reached, done.status, (done.out + done.err).decode(errors="replace")))
            if expected and not squid.has_let_through(user, client.target(site, tls)):
                problems.append("not in the proxy's log")
            tap.report(label, problems)
        for client in CLIENTS:
            with fixture.LoggingProxy(lambda given: given == b"jdoe:" + PASSWORD.encode()) as proxy:
                if client.name in missing:
                    tap.report(client.name, skip=missing[client.name])
                    continue
                problems = []
                for tls in (False, True):
                    reached, done = attempt(client, site, "http://jdoe:%s@127.0.0.1:%d" % (ENCODED, proxy.port), tls)
                    if not reached:
                        problems.append("status %s\n%s" % (done.status, (done.out + done.err).decode(errors="replace")))
                if set(proxy.seen) != {b"jdoe:" + PASSWORD.encode()}:
                    problems.append("other bytes arrived: %r" % proxy.seen)
                tap.report("%s, the logging proxy sees the bytes" % client.name, problems)
        return 1 if tap.failed else 0


if __name__ == "__main__":
    fixture.run_main(main)
