"""test-reproducible.py SOURCE BUILD: built again in another folder, of another shape, at another time: the same bytes

Nothing of either folder's name is in what is installed.
"""
import os
import shutil
import sys

import tap

KEEP = ["prefix", "bindir", "libexecdir", "datadir", "libdir", "optimization", "debug", "libsecret", "static_libs", "b_pie",
        "b_sanitize", "b_lundef", "b_ndebug", "b_lto", "warning_level"]


def argument(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def build_again(place):
    """The program from a copy of the source, with the options of the first build; without ccache, which may
    hand out what was made elsewhere."""
    copy, other = os.path.join(place, "a-copy-of-the-source"), os.path.join(place, "deep", "er", "build")
    os.mkdir(copy)
    for name in ("src", "share", "script", "po", "docs"):
        if os.path.isdir(os.path.join(source, name)):
            shutil.copytree(os.path.join(source, name), os.path.join(copy, name), symlinks=True)
    for name in os.listdir(source):
        if os.path.isfile(os.path.join(source, name)):
            shutil.copy(os.path.join(source, name), copy)
    known = tap.options(build)
    settings = ["-D%s=%s" % (name, argument(known[name])) for name in KEEP if name in known]
    environment = dict(os.environ, CCACHE_DISABLE="1", TZ="Asia/Tokyo", SOURCE_DATE_EPOCH="1")
    tap.run(["meson", "setup", "-Dtests=disabled", *settings, other, copy], env=environment)
    tap.run(["meson", "compile", "-C", other, "program"], env=environment)
    return copy, other


def same(program):
    with open(os.path.join(build, program), "rb") as one, open(os.path.join(other, program), "rb") as two:
        first, second = one.read(), two.read()
    assert len(first) > 10000
    assert first == second, "%s differs: diffoscope %s %s shows where (of %d and %d bytes)" % (
        program, os.path.join(build, program), program, len(first), len(second))


def no_path(program):
    with open(os.path.join(other, program), "rb") as stream:
        data = stream.read()
    for path in (copy, other, place):
        assert os.fsencode(path) not in data, "%s has %s in it" % (program, path)


source, build = (os.path.realpath(path) for path in sys.argv[1:3])
with tap.directory() as place:
    copy, other = build_again(place)
    cases = []
    for path in tap.executables(build):
        name = os.path.relpath(path, build)
        cases += [("same bytes: " + name, lambda name=name: same(name)), ("no path: " + name, lambda name=name: no_path(name))]
    assert len(cases) >= 6, cases
    status = tap.run_cases(cases)
sys.exit(status)
