#!/usr/bin/env python3
"""script/run-tests.py BUILD [SUITE…] [-- MESON-TEST-ARGUMENT…]: run `meson test`, count the cases inside the programs.

Understands the output of cmocka and of TAP; a program that speaks neither counts as one case. A program that died or
ran out of time counts as one failed case more than it reported itself. The last line is
"N passed, N failed, N skipped".
"""
import json
import os
import re
import subprocess
import sys

CMOCKA = re.compile(r"^\[ +(OK|FAILED|SKIPPED|ERROR) +\] (\w+)$", re.MULTILINE)
TAP = re.compile(r"^(ok|not ok)\b(?: +\d+)?(?: +-)? *(.*?)(?: +# *(SKIP|TODO)\b *(.*))?$", re.MULTILINE | re.IGNORECASE)
REASON = re.compile(r"^# skipped: (.*)$", re.MULTILINE)

SHOWN_MAX = 50


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []
        self.reasons = {}

    def skip(self, program, reason):
        self.reasons.setdefault(reason or "no reason given", set()).add(program)


def count_program(entry, count):
    """Adds what one program, a line of meson's testlog.json, has reported."""
    name = entry["name"]
    text = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    passed = failed = skipped = 0

    seen = set()
    for verdict, case in CMOCKA.findall(text):
        if verdict == "OK":
            passed += 1
        elif case in seen:
            continue  # cmocka names it again in its list at the end
        elif verdict == "SKIPPED":
            skipped += 1
        else:
            failed += 1
            count.failures.append((name, case))
        if verdict != "OK":
            seen.add(case)
    for verdict, case, directive, reason in TAP.findall(text):
        if directive.upper() == "SKIP":
            skipped += 1
            count.skip(name, reason)
        elif verdict.lower() == "ok":
            passed += 1
        else:
            failed += 1
            count.failures.append((name, case))
    reasons = REASON.findall(text)
    for reason in reasons:
        count.skip(name, reason)

    result = entry["result"]
    if passed + failed + skipped == 0:
        if result == "SKIP":
            skipped = 1
            if not reasons:
                count.skip(name, "the whole program")
        elif result == "OK":
            passed = 1
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and failed == 0:
        failed = 1
        count.failures.append((name, "%s (exit %s)" % (result.lower(), entry.get("returncode"))))
    elif result in ("TIMEOUT", "INTERRUPT"):
        failed += 1
        count.failures.append((name, result.lower()))

    count.passed += passed
    count.failed += failed
    count.skipped += skipped


def main(argv):
    build, rest = argv[1], argv[2:]
    extra = []
    if "--" in rest:
        at = rest.index("--")
        rest, extra = rest[:at], rest[at + 1:]
    extra += [argument for argument in rest if argument.startswith("-")]
    suites = [argument for argument in rest if not argument.startswith("-")]

    jobs = str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    # the limits are for a quiet machine; on a busy one a slow program is no failed one
    command = ["meson", "test", "-C", build, "--no-rebuild", "--print-errorlogs", "--num-processes", jobs,
               "--timeout-multiplier", "3"]
    for suite in suites:
        command += ["--suite", suite]
    log = os.path.join(build, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.unlink(log)
    status = subprocess.run(command + extra).returncode

    count = Count()
    programs = 0
    try:
        with open(log, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.strip():
                    count_program(json.loads(line), count)
                    programs += 1
    except FileNotFoundError:
        pass
    if programs == 0:
        count.failed += 1
        count.failures.append(("meson test", "ran no program" + (" of " + " ".join(suites) if suites else "")))
    elif status != 0 and count.failed == 0:
        count.failed += 1
        count.failures.append(("meson test", "exit %d" % status))

    sys.stdout.write("\n")
    for reason, names in sorted(count.reasons.items()):
        print("skipped: %s (%s)" % (reason, ", ".join(sorted(names))))
    for name, case in count.failures[:SHOWN_MAX]:
        print("FAILED: %s: %s" % (name, case))
    if len(count.failures) > SHOWN_MAX:
        print("FAILED: and %d more" % (len(count.failures) - SHOWN_MAX))
    print("%d passed, %d failed, %d skipped" % (count.passed, count.failed, count.skipped))
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
