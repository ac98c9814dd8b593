"""test-hardening.py SOURCE BUILD: what the linker has made of the hardening flags, in every executable"""
import json
import os
import re
import sys

import tap

C = {"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin")}


def elf(*arguments):
    return tap.run(["readelf", "-W", *arguments], env=C)


def check(program):
    assert "Type:" in elf("-h", program)
    assert re.search(r"Type:\s+DYN", elf("-h", program)), "no position independent executable"
    headers = elf("-l", program)
    assert "GNU_RELRO" in headers, "no RELRO"
    stack = re.search(r"GNU_STACK.*", headers)
    assert stack and "E" not in stack.group(0).replace("GNU_STACK", "").split()[-2], "executable stack: %s" % stack
    for segment in re.findall(r"LOAD\s.*", headers):
        assert not ("W" in segment.split()[6:-1] and "E" in segment.split()[6:-1]) and "RWE" not in segment, segment
    dynamic = elf("-d", program)
    assert "BIND_NOW" in dynamic or re.search(r"FLAGS_1.*\bNOW\b", dynamic), "no immediate binding"
    assert "(TEXTREL)" not in dynamic and not re.search(r"R(UN)?PATH", dynamic), "text relocations, or a path to libraries"
    symbols = elf("--dyn-syms", program)
    assert "__stack_chk_fail" in symbols, "no stack protector"
    if fortified:
        assert re.search(r"__\w+_chk\b(?<!__stack_chk)", symbols), "nothing fortified"


def flags():
    """Each source of the program is compiled with all that the compiler has."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as stream:
        commands = [entry for entry in json.load(stream) if "/src/" in "/" + os.path.relpath(entry["file"] if os.path.isabs(entry["file"])
                    else os.path.join(entry["directory"], entry["file"]), source)]
    assert len(commands) > 50, commands
    wanted = ["-fstack-protector-strong"]
    machine = os.uname().machine
    if machine == "x86_64":
        wanted += ["-fstack-clash-protection", "-fcf-protection=full"]
    elif machine == "aarch64":
        wanted += ["-mbranch-protection=standard"]
    if fortified:
        wanted.append("-D_FORTIFY_SOURCE=")
    for entry in commands:
        for flag in wanted:
            assert flag in entry["command"], "%s is compiled without %s" % (entry["file"], flag)


source, build = (os.path.realpath(path) for path in sys.argv[1:3])
known = tap.options(build)
fortified = known["b_sanitize"] == "none" and known["optimization"] not in ("0", "plain")
cases = [("flags of the compiler", flags)]
if known["b_sanitize"] == "none":
    cases += [(os.path.basename(program), lambda program=program: check(program)) for program in tap.executables(build)]
    assert len(cases) >= 4, cases
sys.exit(tap.run_cases(cases))
