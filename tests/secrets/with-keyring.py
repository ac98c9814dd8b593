#!/usr/bin/env python3
"""with-keyring.py [--locked|--none|--bare] PROGRAM [ARGUMENT…]: runs it on a session bus of its own

With GNOME Keyring on it, in a home of its own; its default keyring, whose password is "keyring", is open. --locked: it is
locked; --none: there is no keyring in it; --bare: nothing is on the bus, and the bus can't start anything.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><keep_umask/><listen>unix:path=%s/bus</listen><auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


def start_bus(folder, env):
    config = os.path.join(folder, "bus.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(BUS_CONFIG % folder)
    bus = subprocess.Popen(["dbus-daemon", "--config-file=" + config, "--nofork", "--print-address=1"], env=env, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True)
    env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
    return bus


def start_keyring(env, mode):
    """In the foreground, so that it ends with us; it says on its output when it is there."""
    options = ["--unlock"] if mode != "--none" else []
    daemon = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--components=secrets", *options], env=env, stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    daemon.stdin.write(b"keyring" if options else b"")
    daemon.stdin.close()
    wait = ["gdbus", "wait", "--session", "--timeout", "30", "org.freedesktop.secrets"]
    subprocess.run(wait, env=env, check=True, stdout=subprocess.DEVNULL)
    return daemon


def lock(env):
    subprocess.run(["gdbus", "call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets", "--method",
                    "org.freedesktop.Secret.Service.Lock", "['/org/freedesktop/secrets/collection/login']"], env=env, check=True,
                   stdout=subprocess.DEVNULL)


def main():
    mode = sys.argv[1] if sys.argv[1].startswith("--") else None
    command = sys.argv[2:] if mode else sys.argv[1:]
    folder = tempfile.mkdtemp(prefix="proxyrc-bus-")
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL")}
    mine = {**env, "HOME": folder, "XDG_RUNTIME_DIR": folder, "XDG_DATA_HOME": os.path.join(folder, "data")}
    started = []
    try:
        started.append(start_bus(folder, mine))
        if mode != "--bare":
            started.append(start_keyring(mine, mode))
        if mode == "--locked":
            lock(mine)
        env.update(DBUS_SESSION_BUS_ADDRESS=mine["DBUS_SESSION_BUS_ADDRESS"], PRC_TEST_KEYRING=mode or "--open")
        return subprocess.run(command, env=env, check=False).returncode
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())
