"""shell_bench.py - what a shell's start pays for a line that evaluates the environment"""
import os
import shutil
import statistics

import fixture

SHELLS = {"bash": ["bash", "-lc", "true"], "dash": ["dash", "-lc", "true"], "zsh": ["zsh", "-lc", "true"], "fish": ["fish", "-lc", "true"],
          "tcsh": ["tcsh", "-c", "true"]}


def copy_of(machine, name, shell="bash", store="plain"):
    """A home in which the profile's placement is reference."""
    other = type(machine).__new__(type(machine))
    other.__dict__.update(machine.__dict__)
    other.home = os.path.join(machine.directory, name)
    os.mkdir(other.home)
    passphrase = os.path.join(machine.directory, "passphrase")
    with open(passphrase, "w", encoding="utf-8") as stream:
        stream.write("correct horse\n")
    os.chmod(passphrase, 0o600)
    other.environment = fixture.clean_environment(other.home, SHELL="/bin/" + shell, PROXYRC_PASSPHRASE_FILE=passphrase)
    other.quietly(["profile", "add", "office", "http=" + other.url(0), "https=" + other.url(0), "no_proxy=localhost", "placement=reference"])
    other.quietly(["login", "office", "--user", "jdoe", "--password-stdin", "--no-check", "--store", store], "secret\n")
    other.quietly(["apply"])
    return other


def section(machine, say, ms):
    startup = [machine.program, "env", "--startup", "--shell", "sh"]
    for store in ("plain", "vault"):
        other = copy_of(machine, "by-reference-" + store, store=store)
        del other.environment["PROXYRC_PASSPHRASE_FILE"]
        if store == "vault":
            say("env --startup, vault, locked", ms(other.in_turns({"ours": [startup]}, machine.runs * 3)["ours"]))
            other.environment["PROXYRC_PASSPHRASE_FILE"] = os.path.join(machine.directory, "passphrase")
            unlocked = other.quietly(["unlock", "--for", "10m"], expected=range(256)).returncode == 0
            del other.environment["PROXYRC_PASSPHRASE_FILE"]
            if not unlocked:
                say("env --startup, vault, its key with the kernel", "?")
                continue
        got = other.in_turns({"ours": [startup]}, machine.runs * 3)
        say("env --startup, %s" % ("plain" if store == "plain" else "vault, its key with the kernel"), ms(got["ours"]), "", "", "<= 5 ms")
        other.quietly(["lock"], expected=range(256))
    for shell, argv in SHELLS.items():
        if shutil.which(shell, path=fixture.SYSTEM_PATH) is None:
            continue
        other, bare = copy_of(machine, "by-reference-" + shell, shell), os.path.join(machine.directory, "bare-" + shell)
        os.mkdir(bare)
        empty = type(machine).__new__(type(machine))
        empty.__dict__.update(other.__dict__)
        empty.environment = fixture.clean_environment(bare, SHELL="/bin/" + shell)
        times = [(other.run(argv), empty.run(argv)) for _ in range(machine.runs)]
        ours, theirs = (statistics.median(column) for column in zip(*times[1:]))
        say("a login in %s; theirs: without the line" % shell, ms(ours), ms(theirs), "+%s" % ms(ours - theirs))
