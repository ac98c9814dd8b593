"""fleet_bench.py: every home of a machine in one run: the time of one home, and the memory of the whole, by their number"""
import os
import shutil
import subprocess

FIRST = 300000
PROFILE = """active = "office";
profiles = ( { name = "office"; http = "%s"; https = "%s"; no_proxy = "localhost,.example.com"; } );
"""


def make_homes(root, n, url):
    os.makedirs(root + "/etc/xdg/proxyrc")
    with open(root + "/etc/xdg/proxyrc/proxyrc.cfg", "w", encoding="utf-8") as stream:
        stream.write(PROFILE % (url, url))
    with open(root + "/etc/passwd", "w", encoding="utf-8") as passwd, open(root + "/etc/group", "w", encoding="utf-8") as group:
        for i in range(n):
            uid, home = FIRST + i, "/home/%02d/user%d" % (i % 100, i)
            passwd.write("user%d:x:%d:%d::%s:/bin/bash\n" % (i, uid, uid, home))
            group.write("user%d:x:%d:\nteam%d:x:%d:user%d\n" % (i, uid, i, 2 * FIRST + i, i))
            os.makedirs(root + home)
            for name, text in ((".npmrc", "proxy=http://old.test:1\n"), (".bashrc", "alias l=ls\n")):
                with open(root + home + "/" + name, "w", encoding="utf-8") as stream:
                    stream.write(text)
                os.chown(root + home + "/" + name, uid, uid)
            os.chown(root + home, uid, uid)


def measured(machine, root, *arguments):
    """(seconds, seconds of processors, peak KiB of the largest process, exit)"""
    done = subprocess.run(["/usr/bin/time", "-f", "took %e %U %S %M", machine.program, *arguments, "--all-users", "--root", root], env=machine.environment,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    words = done.stderr.rstrip().split("\n")[-1].split()
    return float(words[1]), float(words[2]) + float(words[3]), int(words[4]), done.returncode


def section(machine, say, ms):
    if os.geteuid() != 0:
        say("fleet: only root can work in every home")
        return
    top = os.path.join(machine.directory, "fleet")
    os.chmod(machine.directory, 0o755)
    for n in (100, 1000) if machine.runs < 50 else (100, 1000, 10000):
        root = os.path.join(top, str(n))
        make_homes(root, n, machine.url(0))
        for what, arguments, wanted in (("status", ("status",), 1), ("apply, all to be written", ("apply",), 0),
                                        ("apply, nothing to do", ("apply", "--json"), 0)):
            seconds, work, peak, code = measured(machine, root, *arguments)
            say("%s, %d homes" % (what, n), "%.1f s" % seconds, "%s cpu each" % ms(work / n), "%.1f MiB" % (peak / 1024),
                "" if code == wanted else "exit %d instead of %d" % (code, wanted))
        shutil.rmtree(root)
