#!/usr/bin/env python3
"""test-check.py PROXYRC: the command line of `check`: what it takes, what it refuses, and what it prints. No network: nobody listens on
the port that is used; what real proxies answer is tested in tests/rig. Prints TAP."""
import json
import os
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from sandbox import Sandbox, Taps  # noqa: E402

CA = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def closed_port():
    """Bound, so that nobody else gets it, and never listened on."""
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    return holder, holder.getsockname()[1]


def usage_is_refused_before_anything_is_sent(box, proxy):
    rows = [
        (("--proxy", "http://joe:hunter22@p:1"), 2, "password"),
        (("--proxy", "ftp://p:1"), 3, ""),
        (("--proxy", proxy, "office"), 2, "--proxy"),
        (("--proxy", proxy, "--url", "ftp://x/"), 3, "https://"),
        (("--proxy", proxy, "--url", "https://u@x/"), 3, "target"),
        (("--proxy", proxy, "--url", "https://x y/"), 3, "target"),
        (("--proxy", proxy, "--timeout", "0"), 2, "--timeout"),
        (("--proxy", proxy, "--timeout", "x"), 2, "--timeout"),
        (("--proxy", proxy, "--timeout", "nan"), 2, "--timeout"),
        (("--proxy", proxy, "--timeout", "601"), 2, "--timeout"),
        (("--proxy", proxy, "--ca", "/nowhere/ca.pem"), 3, "/nowhere/ca.pem"),
        (("--proxy", proxy, "--ca", "/dev/null"), 3, "/dev/null"),
        (("--ca", "/nowhere/ca.pem"), 3, "/nowhere/ca.pem"),
        (("nosuch", "--ca", "/nowhere/ca.pem"), 3, "/nowhere/ca.pem"),
        (("--found", "--ca", "/nowhere/ca.pem"), 3, "/nowhere/ca.pem"),
        (("--proxy", proxy, "--user", "a:b", "--password-stdin"), 3, "colon"),
        (("--proxy", proxy, "--user", "joe", "--no-input"), 5, "--password-stdin"),
        (("--found", "office"), 2, "--found"),
        (("--found", "--proxy", proxy), 2, "--found"),
        (("nosuch",), 2, "nosuch"),
        ((), 2, "profile"),
        (("a", "b"), 2, "check"),
        (("--password=hunter22",), 2, "--password"),
    ]
    for args, code, word in rows:
        _, out, err = box.run("check", *args, exit=code, input=b"hunter22\n")
        assert word in err.decode(), "%s: %s" % (args, err.decode())
        assert not out and b"hunter22" not in err, (args, out, err)


def ca_without_certificates_is_refused(box, proxy):
    box.write("ca.pem", "not a certificate\n")
    box.run("check", "--proxy", proxy, "--ca", box.path("ca.pem"), exit=3)
    box.write("ca.pem", CA)
    box.run("check", "--proxy", proxy, "--ca", box.path("ca.pem"), exit=6)


def json_is_whole(box, proxy):
    answer = json.loads(box.run("check", "--proxy", proxy, "--json", exit=6)[1])
    assert list(answer)[0] == "version" and answer["version"] == 1
    wanted = {"verdict": "unreachable", "credential": "untested", "proxy": proxy, "url": "https://example.com/", "http_status": None,
              "schemes": [], "scheme_used": None, "attempts": 0, "tools": []}
    assert {name: answer.get(name, "?") for name in wanted} == wanted, answer
    assert isinstance(answer["elapsed_ms"], int) and answer["detail"] and answer["remedy"]


def profile_says_what_to_check(box, proxy):
    box.run("profile", "add", "office", "http=http://no-such-host.invalid:3128", "https=" + proxy, "user=joe",
            "check_url=https://site.test:8443/x", exit=0)
    answer = json.loads(box.run("check", "--json", "--no-input", exit=6)[1])
    assert (answer["verdict"], answer["url"]) == ("unreachable", "https://site.test:8443/x"), answer
    assert answer["proxy"] == proxy.replace("//", "//joe@"), answer
    # the target decides which of the profile's proxies it is
    answer = json.loads(box.run("check", "office", "--json", "--no-input", "--url", "http://site.test/", exit=6)[1])
    assert (answer["verdict"], answer["proxy"]) == ("unresolvable", "http://joe@no-such-host.invalid:3128"), answer
    box.run("check", "direct", exit=2)


def text_is_for_people(box, proxy):
    _, out, err = box.run("check", "--proxy", proxy, "--user", "joe", "--password-stdin", exit=6, input=b"hunter22\n")
    text = out.decode()
    assert "unreachable" in text and "refused" in text and "What to do:" in text and not err, (text, err)
    assert "hunter22" not in text
    assert "\x1b" not in text
    assert "\x1b[" in box.run("check", "--proxy", proxy, "--color", "always", exit=6)[1].decode()
    assert len(box.run("check", "--proxy", proxy, "--quiet", exit=6)[1].decode().splitlines()) == 2


def found_lists_each_credential_once(box, proxy):
    assert b"No password" in box.run("check", "--found", exit=0)[1]
    assert json.loads(box.run("check", "--found", "--json", exit=0)[1]) == {"version": 1, "checks": [], "notes": []}
    url = proxy.replace("//", "//joe:hunter22@")
    box.write(".npmrc", "proxy=%s\nhttps-proxy=%s\n" % (url, url), 0o600)
    box.write(".gitconfig", "[http]\n\tproxy = %s\n" % url, 0o600)
    box.write(".curlrc", "proxy = %s\nproxy-user = \"joe:hunter%%32%%32\"\n" % proxy, 0o600)
    box.write(".wgetrc", "http_proxy = %s\nproxy_user = jim\nproxy_password = other%%32\n" % proxy, 0o600)
    box.write(".config/pip/pip.conf", "[global]\nproxy = %s\n" % proxy.replace("//", "//nopassword@"), 0o600)
    answer = json.loads(box.run("check", "--found", "--json", exit=6, env={"https_proxy": url.replace("joe", "me")})[1])
    seen = {check["proxy"]: [(place["tool"], place["line"], place["key"]) for place in check["found"]] for check in answer["checks"]}
    assert seen == {
        proxy.replace("//", "//me@"): [("env", None, "https_proxy")],
        proxy.replace("//", "//joe@"): [("git", 2, "http.proxy"), ("npm", 1, "proxy"), ("npm", 2, "https-proxy"), ("curl", 2, "proxy-user")],
        proxy.replace("//", "//jim@"): [("wget", 3, "proxy_password")],
    }, seen
    assert {check["verdict"] for check in answer["checks"]} == {"unreachable"}
    _, out, err = box.run("check", "--found", exit=6)
    for secret in (b"hunter22", b"other"):
        assert secret not in out + err, (out, err)
    assert b".npmrc:1" in out, out


STORIES = [usage_is_refused_before_anything_is_sent, ca_without_certificates_is_refused, json_is_whole, profile_says_what_to_check,
           text_is_for_people, found_lists_each_credential_once]


def main():
    holder, port = closed_port()
    taps = Taps()
    for story in STORIES:
        box = Sandbox(sys.argv[1], secret="hunter22")
        try:
            taps.run(story.__name__.replace("_", " "), story, box, "http://127.0.0.1:%d" % port)
        finally:
            box.close()
    holder.close()
    return taps.done()


if __name__ == "__main__":
    sys.exit(main())
