#!/usr/bin/env python3
"""helper.py KIND LOG PROGRAM [ARGUMENT…]: runs one of squid's authentication helpers, and writes down what it decided.

KIND is basic or negotiate. LOG gets one line of JSON for each decision: who, and whether the helper said yes. What the
helper was asked, the password, stays out of it. Stands alone: squid's account runs a copy.
"""
import json
import os
import subprocess
import sys
import urllib.parse


def note(log, user, accepted):
    """One write, so that lines of several helpers do not mix."""
    line = json.dumps({"user": user, "accepted": accepted}) + "\n"
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line.encode())
    finally:
        os.close(descriptor)


def decision(kind, asked, answer):
    """(user, accepted), or None when nothing has been decided yet."""
    word, _, rest = answer.strip().partition(" ")
    if kind == "basic":
        return urllib.parse.unquote(asked.split(" ", 1)[0], errors="replace"), word == "OK"
    # negotiate: AF TOKEN USER, or in squid's newer words OK token=… user=…
    if word in ("AF", "OK"):
        return rest.rsplit(" ", 1)[-1].replace("user=", ""), True
    return ("", False) if word in ("NA", "ERR") else None


def main(kind, log, *argv):
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as helper:
        for line in sys.stdin.buffer:
            helper.stdin.write(line)
            helper.stdin.flush()
            answer = helper.stdout.readline()
            if not answer:
                break
            made = decision(kind, line.decode("latin-1").rstrip("\n"), answer.decode("latin-1"))
            if made is not None:
                note(log, *made)
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
        helper.stdin.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
