#!/usr/bin/env python3
"""serve.py [--ticket] NAME… | --list: starts servers of the rig and says, as JSON, where they are and whom they know.

They run until stdin closes (or Ctrl-C). The file "counters" is written anew whenever a number in it changes: for each
server how many connections, requests and CONNECTs came, and how often a credential was sent. --ticket also gets a Kerberos ticket;
"environment" then has what a client needs to use it. The passwords are made up for this purpose.
"""
import argparse
import contextlib
import json
import os
import select
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from rig.common import Missing, stop_on_signals  # noqa: E402
from rig.servers import BUMP_CA, PROXY_CA, SERVERS, Rig  # noqa: E402


def description(rig, counters, ticket):
    answer = {"proxies": {}, "site": {"http": rig.site.url(), "https": rig.site.url(tls=True),
                                      "by address": rig.site.url(tls=True, host="127.0.0.1")},
              "ca": rig.bundle(PROXY_CA), "ca with interception": rig.bundle(PROXY_CA, BUMP_CA), "counters": counters}
    for name in rig.names:
        answer["proxies"][name] = {"url": rig[name].url, "users": rig[name].users}
        if rig[name].real is not None:
            answer["proxies"][name]["directory"] = rig[name].real.directory
    if ticket:
        answer["environment"] = rig.ticket()
    return answer


def write_counters(rig, path, last):
    counts = {name: rig[name].counts() for name in rig.names}
    if counts != last:
        with open(path + ".new", "w", encoding="utf-8") as stream:
            json.dump(counts, stream, indent=2)
        os.rename(path + ".new", path)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="*")
    parser.add_argument("--list", action="store_true", help="the names that there are")
    parser.add_argument("--ticket", action="store_true")
    options = parser.parse_args()
    if options.list or not options.name:
        print("\n".join(SERVERS))
        return 0
    for name in options.name:
        if name not in SERVERS:
            parser.error("no server '%s'; --list names them" % name)
    stop_on_signals()
    with Rig(options.name) as rig, contextlib.suppress(KeyboardInterrupt):
        counters = os.path.join(rig.directory, "counters.json")
        counts = write_counters(rig, counters, None)
        print(json.dumps(description(rig, counters, options.ticket), indent=2, ensure_ascii=False), flush=True)
        while not (select.select([sys.stdin], [], [], 0.2)[0] and not os.read(sys.stdin.fileno(), 4096)):
            counts = write_counters(rig, counters, counts)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as reason:
        sys.exit("serve.py: %s" % reason)
