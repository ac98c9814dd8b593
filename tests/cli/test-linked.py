"""test-linked.py PROGRAM [LIBRARY…]: the program is linked against nothing that would slow every start down, but LIBRARY

A bigger library belongs into a helper program: see docs/ARCHITECTURE.md, "One program, and its helpers".
"""
import re
import subprocess
import sys

ALLOWED = {"libc", "libm", "libpthread", "libdl", "ld-linux-x86-64", "ld-linux-aarch64", "libglib-2.0", "libpcre2-8", "libconfig",
           "libjansson", "libsodium"}
SANITIZERS = {"libasan", "libubsan", "libtsan", "liblsan"}


def needed(program):
    out = subprocess.run(["readelf", "-dW", program], env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, check=True,
                         capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\.so[^]]*\]", out)


def main():
    print("TAP version 13\n1..2")
    found = needed(sys.argv[1])
    for name in found:
        print(f"# {name}")
    print("ok 1 - the dynamic section was read" if "libc" in found else "not ok 1 - no libc among them")
    strange = sorted(set(found) - ALLOWED - SANITIZERS - set(sys.argv[2:]))
    print("ok 2 - linked against no other library" if not strange
          else f"not ok 2 - linked against {', '.join(strange)}: put it into a helper program, or a module")
    return 0


sys.exit(main())
