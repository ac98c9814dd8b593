"""tap.py - cases that are functions, and what meson knows of a build"""
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import traceback


class Skip(Exception):
    """There is no such case here; its text says why."""


def run_cases(cases):
    """[(name, function)], all of them; prints TAP. Returns the exit status."""
    print("TAP version 13\n1..%d" % len(cases), flush=True)
    failed = 0
    for number, (name, case) in enumerate(cases, 1):
        try:
            case()
            print("ok %d - %s" % (number, name), flush=True)
        except Skip as why:
            print("ok %d - %s # SKIP %s" % (number, name, why), flush=True)
        except Exception:  # a failed case must not hide those behind it
            failed += 1
            print("".join("# " + line + "\n" for line in traceback.format_exc().rstrip().split("\n")), end="")
            print("not ok %d - %s" % (number, name), flush=True)
    return 1 if failed else 0


def skip(why):
    raise Skip(why)


def fail(why):
    raise AssertionError(why)


def run(command, **more):
    """Its stdout; says all that it wrote when it fails."""
    done = subprocess.run(command, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, check=False, **more)
    if done.returncode != 0:
        raise AssertionError("%s: exit %d\n%s\n%s" % (" ".join(command), done.returncode, done.stdout[-4000:], done.stderr[-4000:]))
    return done.stdout


def options(build):
    """{name: value} of all options of a build."""
    return {option["name"]: option["value"] for option in json.loads(run(["meson", "introspect", "--buildoptions", build]))}


def installed(build):
    """{path in the build: path where it is installed}"""
    return json.loads(run(["meson", "introspect", "--installed", build]))


def executables(build):
    return sorted(path for path in installed(build)
                  if path.startswith(os.path.join(build, "src") + os.sep) and os.access(path, os.X_OK) and os.path.isfile(path))


@contextlib.contextmanager
def directory():
    path = tempfile.mkdtemp(prefix="proxyrc-packaging.")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
