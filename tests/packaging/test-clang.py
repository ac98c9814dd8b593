"""test-clang.py SOURCE BUILD: all of it compiles with clang too, without a warning; and the parts run under its ASan and UBSan

One build serves both. PRC_TEST_SANITIZED="formats app …" names suites, "all" also runs what takes minutes.
"""
import json
import os
import shutil
import subprocess
import sys

import tap

SUITES = ["base", "model", "formats", "catalogue", "planner", "routing", "apply", "secrets", "probe", "app", "tui"]
SLOW = {("apply", "crash"), ("base", "walk")}  # minutes each, under the sanitizers
# the sanitizers take mlock() away, and what this test looks at is memory that was freed
NEVER = {("base", "secret"), ("tui", "pty")}
REPORTS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:")


def wanted():
    words = os.environ.get("PRC_TEST_SANITIZED", "").split()
    return SUITES if words in (["all"], []) else words


def compiles():
    environment = dict(os.environ, CC="clang", CCACHE_DISABLE="1")
    tap.run(["meson", "setup", "-Dwerror=true", "-Dtests=enabled", "-Doptimization=1", "-Ddebug=true", "-Dstatic_libs=false",
             "-Db_sanitize=address,undefined", "-Db_lundef=false", work, source], env=environment)
    tap.run(["ninja", "-C", work, "-k", "0"])


def clean(test):
    """It passes, and no sanitizer has a word to say."""
    # leaks are valgrind's and the tests' own: a program that ends by _exit, as children here do, would be told of its parent's
    environment = dict(os.environ, **test["env"], ASAN_OPTIONS="detect_leaks=0:abort_on_error=0", PRC_TEST_SEED="1",
                       UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1", PRC_TEST_CASES=os.environ.get("PRC_TEST_CASES", "20"))
    try:
        done = subprocess.run(test["cmd"], env=environment, text=True, errors="replace", stdin=subprocess.DEVNULL, cwd=test["workdir"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=3 * test["timeout"])
    except subprocess.TimeoutExpired as late:
        raise AssertionError("no end after %d s" % late.timeout) from late
    said = [line for line in done.stdout.split("\n") if any(report in line for report in REPORTS)]
    assert done.returncode == 0 and not said, "exit %d\n%s\n%s" % (done.returncode, "\n".join(said), done.stdout[-4000:])


source, build = (os.path.realpath(path) for path in sys.argv[1:3])
cases = []
if not shutil.which("clang"):
    sys.exit(tap.run_cases([("clang", lambda: tap.skip("clang is not there: script/bootstrap --test installs it"))]))
with tap.directory() as place:
    work = os.path.join(place, "clang")
    try:
        compiles()
        broken = None
    except AssertionError as why:
        broken = why

    def compiled():
        if broken:
            raise broken

    cases = [("compiles without a warning", compiled)]
    if not broken:
        tests = json.loads(tap.run(["meson", "introspect", "--tests", work]))
        for test in tests:
            # what another program runs, or a script, has the first build's tests
            suite = test["suite"][0].split(":")[-1]
            left = NEVER if os.environ.get("PRC_TEST_SANITIZED") else NEVER | SLOW
            if suite in wanted() and test["cmd"][0].startswith(work) and (suite, test["name"]) not in left:
                cases.append(("%s %s" % (suite, test["name"]), lambda test=test: clean(test)))
        if len(cases) < 10:
            cases.append(("there is much to run", lambda: tap.fail("only %d programs" % len(cases))))
    status = tap.run_cases(cases)
sys.exit(status)
