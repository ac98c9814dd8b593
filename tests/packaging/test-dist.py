"""test-dist.py SOURCE BUILD: `meson dist` from a clean clone makes a tarball of all that is tracked, and that can be set up"""
import glob
import os
import subprocess
import sys
import tarfile

import tap


def tracked():
    if not os.path.exists(os.path.join(source, ".git")):
        raise tap.Skip("this source is no git repository")
    return tap.run(["git", "-c", "safe.directory=*", "-C", source, "ls-files", "-z"]).split("\0")[:-1]


def tarball():
    wanted = tracked()
    with tap.directory() as place:
        clone, work = os.path.join(place, "clone"), os.path.join(place, "work")
        tap.run(["git", "-c", "safe.directory=*", "clone", "--quiet", "--no-hardlinks", source, clone])
        tap.run(["meson", "setup", "-Dtests=disabled", work, clone])
        tap.run(["meson", "dist", "-C", work, "--no-tests", "--formats", "xztar,gztar"])
        names = sorted(os.path.basename(path) for path in glob.glob(os.path.join(work, "meson-dist", "*.tar.*z")))
        version = tap.run([os.path.join(build, "src", "cli", "proxyrc"), "--version"]).split()[1]
        assert names == ["proxyrc-%s.tar.gz" % version, "proxyrc-%s.tar.xz" % version], names
        committed = set(tap.run(["git", "-C", clone, "ls-files", "-z"]).split("\0")[:-1])
        assert len(committed & set(wanted)) > 300
        with tarfile.open(os.path.join(work, "meson-dist", names[1])) as tar:
            inside = {name.split("/", 1)[1] for name in tar.getnames() if "/" in name}
            tar.extractall(place)
        assert committed <= inside, sorted(committed - inside)
        again = os.path.join(place, "again")
        tap.run(["meson", "setup", "-Dtests=disabled", again, os.path.join(place, "proxyrc-" + version)])
        assert subprocess.run(["ninja", "-C", again, "-n", "program"], stdout=subprocess.DEVNULL, check=False).returncode == 0


source, build = (os.path.realpath(path) for path in sys.argv[1:3])
sys.exit(tap.run_cases([("tarball", tarball)]))
