#!/usr/bin/env python3
"""test-random.py PROGRAM: `proxyrc check` at PRC_TEST_CASES (150) proxies whose answers are made by chance.

Each has one answer for a request without a credential and one for a request with it, put together from what proxies
say and then damaged. Nothing is known of the right verdict, but whatever comes: the credential goes out once at most, the
deadline holds, the answer is JSON with an exit code that fits, it counts as accepted only where a 407 asked for it, and
nothing is printed raw. And at as many whose challenges are made by chance too, but by the rules of RFC 9110: those must be
read as they are meant. PRC_TEST_SEED repeats a run. Prints TAP.
"""
import os
import random
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.check_cases import expected_exit  # noqa: E402
from rig.checking import GRACE, KEYS, judge  # noqa: E402
from rig.common import Missing, Tap, clean_environment, run, run_main, stop_on_signals  # noqa: E402
from rig.faults import ANSWERS, CHALLENGES, EVIL, PASSWORD, USER, Fault  # noqa: E402
from rig.groups import run_grouped  # noqa: E402

STATUSES = [b"407 Proxy Authentication Required"] * 12 + [b"200 OK", b"401 Unauthorized", b"403 Forbidden", b"302 Found", b"503 Busy", b"100 Continue",
                                                          b"101 Switching", b"204", b"407", b"511 Login", b"99 x", b"1000 x"]
VERSIONS = [b"HTTP/1.1"] * 8 + [b"HTTP/1.0", b"http/1.1", b"HTTP/2", b"HTTP/1.1 ", b"ICY"]
FIELDS = [b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Proxy-Connection: close\r\n", b"Content-Length: 0\r\n",
          b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"Content-Length: 3\r\nContent-Length: 7\r\n",
          b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Content-Encoding: gzip\r\n", b"Location: https://portal.test/\r\n",
          b"Via: 1.1 x\r\n", b"Server: " + EVIL + b"\r\n", b"Set-Cookie: a=b\r\n", b"Upgrade: h2c\r\n", b"Date: now\r\n", b": empty\r\n", b"no colon\r\n",
          b"X-Long: " + b"x" * 20000 + b"\r\n", b"\tfolded\r\n", b"Proxy-Support: Session-Based-Authentication\r\n",
          b"Proxy-Authenticate: NTLM TlRMTVNTUAACAAAA\r\n", b"Proxy-Authenticate: Negotiate oRQwEqADCgEBoQsGCSqGSIb3EgECAg==\r\n",
          b'Proxy-Authenticate: Digest realm="r", nonce="n", qop="auth", stale=true\r\n',
          b'Proxy-Authenticate: Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth,auth-int"\r\n', b"Proxy-Authenticate: NTLM\r\n"]
BODIES = [b"", b"", b"<html>no</html>", b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\n", bytes(range(256)), b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100000]


def damage(rand, data):
    """A few of the things that go wrong on the way."""
    data = bytearray(data)
    for _ in range(rand.choice([0, 0, 0, 1, 1, 3, 10])):
        at = rand.randrange(len(data) + 1)
        kind = rand.randrange(5)
        if kind == 0 and at < len(data):
            data[at] = rand.randrange(256)
        elif kind == 1:
            del data[at:at + rand.randrange(1, 12)]
        elif kind == 2:
            data[at:at] = bytes(rand.randrange(256) for _ in range(rand.randrange(1, 6)))
        elif kind == 3:
            data[at:at] = data[at:at + 40]
        else:
            del data[at:]
    return bytes(data)


def make_answer(rand):
    if rand.random() < 0.1:
        return damage(rand, rand.choice(list(ANSWERS.values())))
    fields = rand.sample(FIELDS, rand.randrange(4)) + rand.sample(list(CHALLENGES.values()), rand.choice([0, 1, 1, 1, 2]))
    rand.shuffle(fields)
    head = rand.choice(VERSIONS) + b" " + rand.choice(STATUSES) + b"\r\n" + b"".join(fields) + b"\r\n"
    return damage(rand, head + rand.choice(BODIES))


class Chance(Fault):
    def __init__(self, seed):
        super().__init__("silent")
        rand = random.Random(seed)
        self.without, self.with_it = make_answer(rand), make_answer(rand)
        self.keeps, self.pieces, self.tls = rand.random() < 0.6, rand.random() < 0.2, rand.random() < 0.6
        self.scheme = rand.choice(["http"] * 8 + ["socks5h", "socks4a", "https"])
        self.serve = self.answer

    def answer(self, peer):
        if self.scheme != "http":
            peer.send(self.without)
            peer.idle()
        while True:
            peer.request()
            data = self.without if peer.given is None else self.with_it
            for start in range(0, len(data), 7 if self.pieces and len(data) < 2000 else len(data) or 1):
                peer.send(data[start:start + (7 if self.pieces and len(data) < 2000 else len(data))])
            if not self.keeps:
                return


KNOWN = {"basic": "Basic", "digest": "Digest", "ntlm": "NTLM", "negotiate": "Negotiate", "bearer": "Bearer"}
REALMS = ["", "Rig", "a b", "a, b", "a=b", 'say "so"', "back\\slash", "ünï ✓ 日本", 'Basic realm="x"', "a\\", ";,=", "x" * 150]


class Offers(Fault):
    """Asks with challenges that RFC 9110 allows, of which one knows what they mean: self.expected."""

    def __init__(self, seed):
        super().__init__("silent")
        rand = random.Random(seed)
        self.expected, elements = [], []
        for number in range(rand.randrange(1, 7)):
            scheme = rand.choice(["Basic", "basic", "BASIC", "Digest", "NTLM", "Negotiate", "Bearer", "X-Own%d" % number, "a!#$%&'*+.^_`|~z"])
            realm = rand.choice(REALMS) + str(number) if rand.random() < 0.7 else None
            self.expected.append((KNOWN.get(scheme.lower(), scheme), realm))
            elements.append(self.write(rand, scheme, realm))
        # in one line or in several, with what is allowed between
        lines, line = [], []
        for element in elements:
            line.append(element)
            if rand.random() < 0.4:
                lines.append(line)
                line = []
        between = lambda: rand.choice([",", ", ", " , ", ",\t", ",,", ", ,", ","])
        self.fields = "".join("%s:%s%s%s\r\n" % (rand.choice(["Proxy-Authenticate", "proxy-authenticate", "PROXY-AUTHENTICATE"]),
                                                rand.choice(["", " ", "  ", "\t", " , "]), "".join(part for element in line for part in (element, between()))
                                                if rand.random() < 0.3 else between().join(line), rand.choice(["", " ", "\t"]))
                              for line in lines + [line] if line).encode()
        # the same twice counts once
        self.expected = list(dict.fromkeys(self.expected))
        self.serve = self.answer

    @staticmethod
    def write(rand, scheme, realm):
        if realm is None and rand.random() < 0.4:
            return scheme + rand.choice(["", "", " YWJj", " a-b._~+/c==", " abc="])
        params = rand.sample(['nonce="a,b"', "charset=UTF-8", "stale=false", 'qop="auth, auth-int"', "a=b", 'title="q\\"q, Basic realm=no"', "algorithm=MD5"],
                             rand.randrange(0 if realm is not None else 1, 4))
        if realm is not None:
            quoted = '"%s"' % "".join("\\" + char if char in '"\\' or (char.isascii() and rand.random() < 0.05) else char for char in realm)
            token = realm and all(char.isascii() and (char.isalnum() or char in "!#$%&'*+-.^_`|~") for char in realm)
            params.insert(rand.randrange(len(params) + 1), rand.choice(["realm", "Realm", "REALM"]) + rand.choice(["=", "=", " = ", "= "])
                          + (realm if token and rand.random() < 0.5 else quoted))
        return scheme + " " * rand.randrange(1, 3) + rand.choice([",", ", ", " , "]).join(params)

    def answer(self, peer):
        while True:
            peer.request()
            peer.refuse(self.fields)


def check_offers(program, seed):
    with Offers(seed) as proxy, tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
        begin = time.monotonic()
        done = run([program, "check", "--json", "--proxy", "http://127.0.0.1:%d" % proxy.port, "--timeout", "15", "--url", "https://origin.test/"],
                   clean_environment(home, KRB5CCNAME="FILE:%s/none" % home), cwd=home, timeout=15 + GRACE)
        answer, problems = judge(done, time.monotonic() - begin, "")
    offers = [(offer["scheme"], offer["realm"]) for offer in answer.json.get("schemes", [])]
    if offers != proxy.expected:
        problems += ["%s" % offers, "and not:", "%s" % proxy.expected, "seed %d: %r" % (seed, proxy.fields.decode())]
    return problems


def check(program, seed):
    with Chance(seed) as proxy, tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
        begin = time.monotonic()
        done = run([program, "check", "--json", "--proxy", "%s://127.0.0.1:%d" % (proxy.scheme, proxy.port), "--timeout", "2", "--user", USER,
                    "--password-stdin", "--url", "http%s://origin.test/" % ("s" if proxy.tls else "")],
                   clean_environment(home, KRB5CCNAME="FILE:%s/none" % home), cwd=home, stdin=PASSWORD.encode() + b"\n", timeout=2 + GRACE)
        answer, problems = judge(done, time.monotonic() - begin, PASSWORD)
        sent, got = proxy.counts()["credentials"], answer.json
    if got:
        if KEYS - set(got):
            problems.append("no %s" % sorted(KEYS - set(got)))
        if sent > 1:
            problems.append("sent %d times" % sent)
        # what was written to a connection that the proxy had closed was sent, and never came
        if proxy.scheme == "http" and not sent <= got["attempts"] <= 1:
            problems.append("says %d attempts, and it came %d times" % (got["attempts"], sent))
        # a second answer behind the first is one to whatever is asked next
        if proxy.scheme == "http" and not sent and got["credential"] != "untested" and proxy.without.count(b"HTTP/") < 2:
            problems.append("%s, and it never came" % got["credential"])
        if answer.status != expected_exit(got["verdict"], got["credential"]):
            problems.append("exit %s with %s, %s" % (answer.status, got["verdict"], got["credential"]))
        if got["credential"] == "accepted" and b"407" not in proxy.without:
            problems.append("accepted, though no 407 has asked for it")
    if problems:
        problems += ["%s, seed %d: %r" % (proxy.scheme, seed, proxy.without[:600]), "then: %r" % proxy.with_it[:600], answer.text[:1500]]
    return problems


def main(argv):
    stop_on_signals()
    if not os.path.exists(argv[1]):
        raise Missing("%s is not built" % argv[1])
    seed = int(os.environ.get("PRC_TEST_SEED") or time.time_ns() & 0xFFFFFFFF)
    count = int(os.environ.get("PRC_TEST_CASES") or 150)
    print("# PRC_TEST_SEED=%d" % seed)
    tap = Tap(2 * count)
    program = os.path.abspath(argv[1])
    run_grouped([(do, number) for do in (check, check_offers) for number in range(count)], lambda case: case,
                lambda case: case[0](program, seed * 100000 + case[1]),
                lambda case, problems: tap.report("%s %d" % ("answers" if case[0] is check else "challenges", case[1]), problems))
    return 1 if tap.failed else 0


if __name__ == "__main__":
    run_main(main, sys.argv)
