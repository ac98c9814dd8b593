#!/usr/bin/env python3
"""test-hard-places.py PROGRAM STEP: full disks, read-only and foreign places, other writers at the same time

What needs root, a mount or chattr is skipped, and says so, where it can't be had. Prints TAP.
"""
import os
import re
import subprocess
import sys
import time

from sandbox import PROXY, Sandbox, Taps, cases, difference, lived_in, seed, step_works, user_side

PROGRAM, STEP = sys.argv[1], os.path.abspath(sys.argv[2])


def new_box():
    box = Sandbox(PROGRAM)
    lived_in(box)
    box.log_in()
    return box


def assert_refused(box, before, args, names, error, prefix=()):
    """exit 4, everything as it was, the file and the reason told, and something to do."""
    _, _, err = box.run(*args, exit=4, prefix=prefix)
    message = err.decode()
    now = user_side(box.save())
    assert now == before, "%s: not as before:\n%s" % (" ".join(args), difference(now, before))
    assert any(box.path(name) in message for name in names), "names none of %s: %s" % (names, message)
    assert error in message and "; " in message, message
    box.assert_no_leaks(box.save(), "refused")


def mounted(*args):
    return subprocess.run(["mount", *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def unmount(path):
    subprocess.run(["umount", path], check=True)


def full_disk():
    """pip's directory is a file system of its own with no room left; the state directory is elsewhere."""
    box = new_box()
    try:
        pip = box.path(".config/pip")
        content = box.read(".config/pip/pip.conf")
        if not mounted("-t", "tmpfs", "-o", "size=16k,mode=755", "tmpfs", pip):
            return "SKIP no tmpfs can be mounted"
        try:
            box.write(".config/pip/pip.conf", content, 0o600)
            with open(os.path.join(pip, "filler"), "wb") as file:
                try:
                    while file.write(b"x" * 512):
                        file.flush()
                except OSError:
                    pass
        except OSError:
            pass
        try:
            before = user_side(box.save())
            assert_refused(box, before, ("apply",), [".config/pip/pip.conf"], "No space left on device")
            os.truncate(os.path.join(pip, "filler"), 0)
            box.run("apply", exit=0)
            assert b"proxy = " in box.read(".config/pip/pip.conf")
            box.run("undo", exit=0)
            assert box.read(".config/pip/pip.conf") == content
        finally:
            unmount(pip)
    finally:
        box.close()


def full_state_directory():
    box = new_box()
    try:
        state = box.path(".local/state")
        if not mounted("-t", "tmpfs", "-o", "size=4k,nr_inodes=16,mode=700", "tmpfs", state):
            return "SKIP no tmpfs can be mounted"
        try:
            os.mkdir(os.path.join(state, "proxyrc"), 0o700)
            with open(os.path.join(state, "proxyrc", "filler"), "wb") as file:
                file.write(b"x" * 4096)
            before = user_side(box.save())
            assert_refused(box, before, ("apply",), [".local/state/proxyrc"], "No space left on device")
            os.unlink(os.path.join(state, "proxyrc", "filler"))
            assert subprocess.run(["mount", "-o", "remount,size=1m", state]).returncode == 0
            box.run("apply", exit=0)
            box.run("undo", exit=0)
        finally:
            unmount(state)
    finally:
        box.close()


def read_only_mount():
    box = new_box()
    try:
        pip = box.path(".config/pip")
        before = user_side(box.save())
        if not mounted("--bind", pip, pip) or not mounted("-o", "remount,ro,bind", pip):
            return "SKIP nothing can be mounted read-only"
        try:
            assert_refused(box, before, ("apply",), [".config/pip/pip.conf"], "read-only; remount it")
        finally:
            unmount(pip)
        box.run("apply", exit=0)
    finally:
        box.close()


def mounted_file():
    """A file that is a mount point of its own: refused, but for --in-place, and undone the same way."""
    box = new_box()
    try:
        curlrc = box.path(".curlrc")
        other = os.path.join(box.top, "elsewhere")
        content = box.read(".curlrc")
        with open(other, "wb") as file:
            file.write(content)
        os.chmod(other, 0o600)
        before = user_side(box.save())
        if not mounted("--bind", other, curlrc):
            return "SKIP nothing can be mounted"
        try:
            assert_refused(box, before, ("apply",), [".curlrc"], "--in-place")
            box.run("apply", "--in-place", exit=0)
            with open(other, "rb") as file:
                assert PROXY.split("//")[1].encode() in file.read()
            box.run("undo", "--in-place", exit=0)
            now = user_side(box.save())
            assert now == before, difference(now, before)
        finally:
            unmount(curlrc)
    finally:
        box.close()


def as_nobody(box):
    """The prefix that runs a program without root's rights, and the box given to that user."""
    if os.geteuid() != 0:
        return ()
    subprocess.run(["chown", "-hR", "65534:65534", box.top], check=True)
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs")


def can_be_reached(box, prefix):
    """Another user may not even get to a program, or its catalogue, in root's home."""
    return subprocess.run([*prefix, box.program, "tools"], env={"HOME": "/", "PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def unwritable_directory():
    box = new_box()
    try:
        prefix = as_nobody(box)
        if not can_be_reached(box, prefix):
            return "SKIP another user can't run the program here"
        before = user_side(box.save())
        os.chmod(box.path(".config/pip"), 0o500)
        assert_refused(box, before, ("apply",), [".config/pip/pip.conf"], "its directory can't be written to; use --in-place", prefix)
        os.chmod(box.path(".config/pip"), 0o755)
        os.chmod(box.path(".local/state/proxyrc"), 0o500)
        assert_refused(box, before, ("apply",), [".local/state/proxyrc"], "Permission denied", prefix)
        os.chmod(box.path(".local/state/proxyrc"), 0o700)
        box.run("apply", exit=0, prefix=prefix)
    finally:
        box.close()


def unreadable_file():
    """A file that can't be read is not taken for an empty one."""
    box = new_box()
    try:
        prefix = as_nobody(box)
        if not can_be_reached(box, prefix):
            return "SKIP another user can't run the program here"
        os.chmod(box.path(".config/pip/pip.conf"), 0)
        before = user_side(box.save())
        code, _, err = box.run("apply", exit=(1, 3, 4), prefix=prefix)
        now = user_side(box.save())
        assert now[".config/pip/pip.conf"] == before[".config/pip/pip.conf"]
        assert box.path(".config/pip/pip.conf") in err.decode(), err
        if code != 1:
            assert now == before, difference(now, before)
    finally:
        box.close()


def unwritable_in_place():
    """--in-place where the file itself can't be written to: refused before anything is begun, and no next run is held up."""
    box = new_box()
    try:
        prefix = as_nobody(box)
        if not prefix or not can_be_reached(box, prefix):
            return "SKIP needs two users"
        os.chown(box.path(".config/pip/pip.conf"), 0, 0)
        os.chmod(box.path(".config/pip/pip.conf"), 0o644)
        before = user_side(box.save())
        assert_refused(box, before, ("apply", "--in-place"), [".config/pip/pip.conf"], "cannot write into it: Permission denied", prefix)
        assert not os.path.exists(box.path(".local/state/proxyrc/journal"))
        box.run("status", exit=1, prefix=prefix)
    finally:
        box.close()


def held_fast_in_place():
    """Killed on the way to writing into a file that then can't be written to any more: as long as nothing was written to it, the next run goes on."""
    box = new_box()
    try:
        if not step_works(STEP):
            return "SKIP calls can't be stepped through"
        path = box.path(".curlrc")
        content = box.read(".curlrc")
        os.link(path, box.path("other name"))
        if subprocess.run(["chattr", "+i", path], stderr=subprocess.DEVNULL).returncode != 0:
            return "SKIP chattr doesn't work here"
        subprocess.run(["chattr", "-i", path], check=True)
        begun, n = 0, 0
        while begun < 6 and n < 500:
            n += 1
            box.run("apply", "--tools", "curl", "--in-place", step=(STEP, "--kill", str(n)))
            if not os.path.exists(box.path(".local/state/proxyrc/journal")) or box.read(".curlrc") != content:
                if box.read(".curlrc") != content:
                    break
                continue
            begun += 1
            subprocess.run(["chattr", "+i", path], check=True)
            try:
                box.run("status", exit=1)
                box.run("use", "direct", "--tools", "pip", exit=(0, 1))
            finally:
                subprocess.run(["chattr", "-i", path], check=True)
            box.run("undo", exit=0)
            assert box.read(".curlrc") == content
        assert begun > 0
        return "%d times" % begun
    finally:
        box.close()


def immutable_file():
    box = new_box()
    try:
        target = box.path("dotfiles/npmrc")
        if subprocess.run(["chattr", "+i", target], stderr=subprocess.DEVNULL).returncode != 0:
            return "SKIP chattr doesn't work here"
        try:
            before = user_side(box.save())
            assert_refused(box, before, ("apply",), ["dotfiles/npmrc", ".npmrc"], "Operation not permitted")
        finally:
            subprocess.run(["chattr", "-i", target], check=True)
        box.run("apply", exit=0)
    finally:
        box.close()


def changed_meanwhile():
    """Another program writes to a file, or takes it away, or makes it, at any moment before the renames and amid them."""
    if not step_works(STEP):
        return "SKIP ptrace is not allowed here"
    box = new_box()
    try:
        before = box.save()
        box.run("apply", step=(STEP, "--list", os.path.join(box.top, "calls")), exit=0)
        after = user_side(box.save())
        with open(os.path.join(box.top, "calls")) as file:
            calls = [line.split()[1] for line in file]
        renames = [n for n, call in enumerate(calls) if call == "renameat2"]
        others = {
            ".config/pip/pip.conf": "printf '# theirs\\n' >> .config/pip/pip.conf",
            "dotfiles/npmrc": "printf 'theirs=1\\n' > x && mv x dotfiles/npmrc",
            ".curlrc": "rm .curlrc",
            ".profile": "printf '# theirs\\n' > .profile",
        }
        refused = written = 0
        for name, command in others.items():
            box.restore(before)
            subprocess.run(["sh", "-c", command], cwd=box.dir, check=True)
            theirs = user_side(box.save())
            for n in range(renames[0] - 12, renames[-1] + 4):
                what = "%s changed before call %d (%s)" % (name, n, calls[n])
                box.restore(before)
                code, _, err = box.run("apply", step=(STEP, "--at", str(n), "cd '%s' && %s" % (box.dir, command)))
                now = user_side(box.save())
                if code == 4:
                    refused += 1
                    assert now == theirs, "%s: refused, but:\n%s" % (what, difference(now, theirs))
                    assert name.encode() in err or b"npmrc" in err and "npmrc" in name, "%s: names another: %s" % (what, err)
                else:
                    # It came after the rename: then it has changed the new file, as anybody may.
                    written += 1
                    assert code == 0, "%s: exit %d %s" % (what, code, err)
                    rest = {key: row for key, row in now.items() if key != name}
                    assert rest == {key: row for key, row in after.items() if key != name}, "%s:\n%s" % (what, difference(now, after))
                    if name != ".curlrc":
                        assert b"theirs" in now[name][2], "%s: what they wrote is lost" % what
                    else:
                        assert name not in now, "%s: is back" % what
                box.assert_no_leaks(box.save(), what)
                box.run("status", exit=(0, 1, 3))
                assert user_side(box.save()) == now, "%s: something was left to recover" % what
        assert refused > 20 and written > 3, (refused, written)
        return "%d refused, %d came too late" % (refused, written)
    finally:
        box.close()


def two_at_once(random):
    """apply and use direct, 2 × N times: one of the two states, whole; nobody waits for ever; the way back is there."""
    box = new_box()
    try:
        sides = []
        # The first round makes files that later ones find there.
        for line in (("use", "office"), ("use", "direct")) * 3:
            box.run(*line, exit=(0, 1))
            sides.append(user_side(box.save()))
        sides = sides[-2:]
        refusals = 0
        for i in range(cases(20)):
            start = [("use", "office"), ("use", "direct")][i % 2]
            box.run(*start, exit=(0, 1))
            begin = time.monotonic()
            pair = [box.spawn("use", "direct"), box.spawn("apply", "office")]
            if random.random() < 0.5:
                pair.append(box.spawn("use", "office"))
            codes = []
            for process in pair:
                _, err = process.communicate(timeout=30)
                codes.append(process.returncode)
                if process.returncode == 4:
                    refusals += 1
                    assert b"has changed" in err or b"another proxyrc" in err, err
                assert process.returncode in (0, 1, 4), (process.returncode, err)
            assert time.monotonic() - begin < 15, "waited too long"
            now = user_side(box.save())
            config = ".config/proxyrc/proxyrc.cfg"
            # `apply` is for the files, `use` for the active profile as well.
            files, *wholes = [{name: row for name, row in side.items() if name != config} for side in (now, *sides)]
            assert files in wholes, "%s: a mixture:\n%s\nor:\n%s" % (codes, difference(files, wholes[0]), difference(files, wholes[1]))
            assert now[config] in (sides[0][config], sides[1][config]), "the profiles' file is neither"
        return "%d refusals" % refusals
    finally:
        box.close()


def one_inside_the_other(random):
    """A whole `use direct` between any two calls of a `use office` that is still reading, and the other way round."""
    if not step_works(STEP):
        return "SKIP ptrace is not allowed here"
    box = new_box()
    try:
        trees = []
        for line in (("use", "office"), ("use", "direct")) * 3:
            box.run(*line, exit=(0, 1))
            trees.append(box.save())
        trees = trees[-2:]
        sides = [user_side(tree) for tree in trees]
        refused = 0
        for i in range(cases(40)):
            start = i % 2
            mine, theirs = (("office", "direct") if start else ("direct", "office"))
            box.restore(trees[start])
            box.run("use", mine, step=(STEP, "--any", "--list", os.path.join(box.top, "calls")), exit=(0, 1))
            with open(os.path.join(box.top, "calls")) as file:
                locked = [line.split()[1] for line in file].index("flock")
            n = random.randrange(locked)
            # Start, theirs and mine: what they find there is to be changed in between.
            command = "'%s' use %s >/dev/null 2>&1; '%s' use %s >/dev/null 2>&1; true" % (box.program, mine, box.program, theirs)
            box.restore(trees[start])
            code, _, err = box.run("use", mine, step=(STEP, "--any", "--at", str(n), command))
            what = "use %s before call %d of %d of use %s" % (theirs, n, locked, mine)
            now = user_side(box.save())
            if code == 4:
                refused += 1
                assert b"has changed" in err or b"another proxyrc" in err, err
                wanted = sides[0 if theirs == "office" else 1]
            else:
                assert code in (0, 1), "%s: exit %d" % (what, code)
                wanted = sides[0 if mine == "office" else 1]
            assert now == wanted, "%s: exit %d:\n%s" % (what, code, difference(now, wanted))
        return "%d of %d refused" % (refused, cases(40))
    finally:
        box.close()


def another_file_system():
    """The home's state is elsewhere: what is staged stands beside its target all the same."""
    box = new_box()
    try:
        before = user_side(box.save())
        for folder in ("/var/tmp", "/tmp", "/dev/shm"):
            if os.access(folder, os.W_OK) and os.stat(folder).st_dev != os.stat(box.dir).st_dev:
                break
        else:
            return "SKIP there is one file system only"
        state = os.path.join(folder, "proxyrc-state-%d" % os.getpid())
        env = {"XDG_STATE_HOME": state}
        try:
            box.run("apply", exit=0, env=env)
            assert not os.path.exists(box.path(".local/state/proxyrc/journal"))
            box.run("status", exit=0, env=env)
            if step_works(STEP):
                box.run("use", "direct", step=(STEP, "--kill", "60"), env=env)
                box.run("status", exit=(0, 1), env=env)
            box.run("apply", "office", exit=0, env=env)
            box.run("status", exit=(0, 1), env=env)
            while re.search(r'"changed": true', box.run("undo", "--json", env=env, exit=0)[1].decode()):
                pass
            now = user_side(box.save())
            assert now == before, difference(now, before)
        finally:
            subprocess.run(["rm", "-rf", state], check=True)
    finally:
        box.close()


def odd_variables():
    """Paths of the XDG variables that are none: said, or set in a start-up file, silent; never a crash."""
    box = new_box()
    try:
        before = user_side(box.save())
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            for value in ("relative", "."):
                for args in (("profile", "list"), ("apply",), ("status",), ("undo",)):
                    _, _, err = box.run(*args, env={name: value}, exit=2)
                    assert b"must be absolute" in err, err
                _, out, err = box.run("env", "--startup", env={name: value}, exit=0)
                assert not out and not err, (out, err)
            box.run("apply", env={name: "/dev/null"}, exit=(2, 4, 5))
        assert user_side(box.save()) == before
    finally:
        box.close()


def without_proc():
    """A chroot or a rescue system need not have a /proc; helpers and data are found all the same."""
    box = new_box()
    try:
        prefix = ("unshare", "-m", "sh", "-c", 'umount -l /proc && exec "$@"', "sh")
        if os.geteuid() != 0 or subprocess.run([*prefix, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            return "SKIP /proc can't be taken away"
        box.run("apply", prefix=prefix, exit=0)
        box.run("status", prefix=prefix, exit=0)
        box.run("profile", "set", "office", "http=http://127.0.0.1:1", "https=http://127.0.0.1:1", prefix=prefix, exit=0)
        _, out, _ = box.run("check", "--user", "joe", "--password-stdin", input=b"x y z 1\n", prefix=prefix, exit=6)
        assert b"unreachable" in out, out
    finally:
        box.close()


def what_is_no_file():
    """A socket, a FIFO, a folder or a device where a settings file should be: said, and nothing written."""
    import socket
    box = new_box()
    try:
        path = box.path(".curlrc")
        os.unlink(path)
        for make in (lambda: socket.socket(socket.AF_UNIX).bind(path), lambda: os.mkfifo(path), lambda: os.mkdir(path), lambda: os.symlink("/dev/zero", path)):
            make()
            _, _, err = box.run("apply", exit=3)
            assert b".curlrc: not a regular file; mend it, or leave curl out" in err, err
            os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
    finally:
        box.close()


def broken_store():
    """What is wrong with it and what to do is said; doing that helps, and what could not be read is still there."""
    for store, name in (("plain", "plain.json"), ("vault", "vault")):
        box = Sandbox(PROGRAM)
        try:
            box.write("pass", "correct horse\n", 0o600)
            box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("pass")
            box.log_in(store)
            path = ".local/share/proxyrc/" + name
            content = box.read(path)
            for broken in (b"", content[:len(content) // 2], b"something else altogether, and long enough for a head" * 9, content[:-9] + b"\0" * 9):
                box.write(path, broken, 0o600)
                for args in (("apply",), ("passwd", "--no-check", "--password-stdin"), ("login", "--no-check", "--user", "joe", "--password-stdin")):
                    _, _, err = box.run(*args, input=b"another one\n", exit=3)
                    assert b"; move it away, and store the password again with `proxyrc login`" in err and name.encode() + b":" in err, err
                assert box.read(path) == broken
                _, out, err = box.run("status", exit=(0, 1))
                assert b"passwords were not compared" in out, out
                # of a vault that is locked, what is sealed is not looked at
                assert b"; move it away" in err or (store == "vault" and broken == content[:-9] + b"\0" * 9), err
            box.write(path, content, 0o600)
            _, _, err = box.run("status", exit=(0, 1))
            assert b"move it away" not in err, err
            os.rename(box.path(path), box.path("away"))
            box.run("login", "--no-check", "--user", "joe", "--password-stdin", "--store", store, input=b"another one\n", exit=0)
            box.run("apply", exit=(0, 1))
        finally:
            box.close()


def login_beside_a_broken_store():
    """The password is stored, and that the other store could not be tidied up is no failure of it."""
    box = Sandbox(PROGRAM)
    try:
        box.write("pass", "correct horse\n", 0o600)
        box.env["PROXYRC_PASSPHRASE_FILE"] = box.path("pass")
        box.log_in("plain")
        box.write(".local/share/proxyrc/plain.json", b"{", 0o600)
        for store in (("--store", "vault"), ()):
            _, _, err = box.run("login", "--no-check", "--user", "joe", "--password-stdin", *store, input=b"another one\n", exit=0)
            assert b"the password is stored, but" in err and b"plain.json" in err, err
        assert b"another%20one" in box.run("env", exit=0)[1]
        box.run("logout", exit=3)  # there it would have to go
    finally:
        box.close()


def key_of_the_history_is_lost():
    """What is said to help does: the history is given up, and all goes on; also after a crash that can't be taken back without the key."""
    for broken in (b"", b"something else", None):
        box = new_box()
        try:
            def lose():
                os.unlink(box.path(".local/share/proxyrc/undo.key"))
                if broken is not None:
                    box.write(".local/share/proxyrc/undo.key", broken, 0o600)
            path = box.path(".curlrc")
            content = box.read(".curlrc")
            lose()
            if broken is not None:
                _, _, err = box.run("apply", exit=3)
                assert b"proxyrc history --purge" in err, err
            box.run("undo", exit=3)
            box.run("history", "--purge", "--yes", exit=0)
            box.run("apply", exit=0)
            box.run("undo", exit=0)
            assert box.read(".curlrc") == content
            if not step_works(STEP):
                continue
            os.link(path, box.path("other name"))
            for n in range(1, 500):
                box.run("apply", "--tools", "curl,npm", "--in-place", step=(STEP, "--kill", str(n)))
                if box.read(".curlrc") != content:
                    break
            assert os.path.exists(box.path(".local/state/proxyrc/journal"))
            npmrc = box.read("dotfiles/npmrc")
            lose()
            for args in (("status",), ("apply",), ("undo",)):
                _, _, err = box.run(*args, exit=3)
                assert b"proxyrc history --purge" in err, err
            _, _, err = box.run("history", "--purge", "--yes", exit=0)
            assert b".curlrc: a run was interrupted while it wrote this file" in err and b"npmrc: a run" not in err, err
            assert b"HIDDEN6" in box.read("dotfiles/npmrc"), npmrc  # that one needed no key
            assert not os.path.exists(box.path(".local/state/proxyrc/journal"))
            box.run("apply", "--in-place", exit=0)
            box.run("status", exit=0)
        finally:
            box.close()


def broken_history():
    """What was done last can't be read: nothing else is taken back in its place."""
    box = new_box()
    try:
        box.run("apply", exit=0)
        after = user_side(box.save())
        name = box.json("history")["transactions"][0]["id"]
        box.write(".local/state/proxyrc/history/" + name, b"", 0o600)
        _, out, err = box.run("history", exit=0)
        assert name.encode() + b": damaged" in err and name.encode() not in out, (out, err)
        for args in (("undo",), ("undo", "--dry-run"), ("undo", name)):
            _, _, err = box.run(*args, exit=3)
            assert name.encode() + b": damaged; " in err, err
        assert user_side(box.save()) == after
        box.run("history", "--purge", "--yes", exit=0)
        box.run("undo", exit=0)
        box.run("history", exit=0)
    finally:
        box.close()


def limit_on_files():
    """What the limit forbids to write is an error as a full disk is, not the end in the middle."""
    box = new_box()
    try:
        before = user_side(box.save())
        for blocks in (0, 1):
            prefix = ("sh", "-c", 'ulimit -f %d; exec "$@"' % blocks, "sh")
            _, _, err = box.run("apply", prefix=prefix, exit=4)
            assert b"File too large" in err, err
            assert user_side(box.save()) == before and not os.path.exists(box.path(".local/state/proxyrc/journal"))
        box.run("apply", exit=0)
    finally:
        box.close()


def output_is_lost():
    """Nobody gets the answer: that is said and is no success, whichever the answer was; what was written stays."""
    box = new_box()
    try:
        def into_full(*args):
            prefix = ("sh", "-c", 'exec "$@" >/dev/full', "sh")
            _, _, err = box.run(*args, prefix=prefix, exit=4)
            assert b"cannot write the output: No space left on device" in err, err
            return b"only the output is lost" in err
        assert not into_full("status") and not into_full("status", "--json")  # would be 1: it differs
        before = user_side(box.save())
        assert into_full("apply", "--json")
        assert user_side(box.save()) != before
        assert not into_full("status")  # would be 0
        assert into_full("undo")
        assert user_side(box.save()) == before
        assert not into_full("--version") and not into_full("explain")
    finally:
        box.close()


def main():
    random = seed()
    taps = Taps()
    taps.run("a full file system", full_disk)
    taps.run("a full state directory", full_state_directory)
    taps.run("a read-only mount", read_only_mount)
    taps.run("a file that is a mount", mounted_file)
    taps.run("an unwritable directory", unwritable_directory)
    taps.run("an unreadable file", unreadable_file)
    taps.run("a file that can't be written into", unwritable_in_place)
    taps.run("a file that can't be written into any more", held_fast_in_place)
    taps.run("an immutable file", immutable_file)
    taps.run("state and home on two file systems", another_file_system)
    taps.run("odd variables", odd_variables)
    taps.run("no /proc", without_proc)
    taps.run("what is no file", what_is_no_file)
    taps.run("a limit on files", limit_on_files)
    taps.run("output is lost", output_is_lost)
    taps.run("a broken store", broken_store)
    taps.run("a login beside a broken store", login_beside_a_broken_store)
    taps.run("the history's key is lost", key_of_the_history_is_lost)
    taps.run("a broken history", broken_history)
    taps.run("changed by another program meanwhile", changed_meanwhile)
    taps.run("one of us inside the other", one_inside_the_other, random)
    taps.run("two of us at once", two_at_once, random)
    return taps.done()


sys.exit(main())
