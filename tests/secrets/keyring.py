"""keyring.py: a session bus of one's own, with a GNOME Keyring on it, or something worse"""
import os
import shutil
import signal
import subprocess
import tempfile

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><keep_umask/><listen>unix:path=%(folder)s/bus</listen><auth>EXTERNAL</auth>
  <servicedir>%(folder)s/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
SERVICE = "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh -c 'echo started >%s/started; exit 1'\n"
LOGIN = "/org/freedesktop/secrets/collection/login"


class Bus:
    """@keyring: "open" (its password is "keyring"), "locked", "none" (no keyring in it), or None: no service; @activatable: the bus would
    start one, which fails, and leaves the file "started"."""

    def __init__(self, keyring="open", activatable=False, fake=None):
        self.folder = tempfile.mkdtemp(prefix="proxyrc-bus-")
        self.env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "GNOME_KEYRING_CONTROL")}
        self.env.update(HOME=self.folder, XDG_RUNTIME_DIR=self.folder, XDG_DATA_HOME=os.path.join(self.folder, "data"))
        self.started = []
        try:
            self.start_bus(activatable)
            if fake is not None:
                program = self.start([fake], stdout=subprocess.PIPE)
                assert program.stdout.readline() == b"ready\n"
            if keyring is not None:
                self.start_keyring(keyring)
            if keyring == "locked":
                self.lock()
        except BaseException:
            self.close()
            raise

    def start(self, command, **more):
        process = subprocess.Popen(command, env=self.env, stderr=subprocess.DEVNULL, **more)
        self.started.append(process)
        return process

    def start_bus(self, activatable):
        config = os.path.join(self.folder, "bus.conf")
        os.mkdir(os.path.join(self.folder, "services"))
        if activatable:
            with open(os.path.join(self.folder, "services", "secrets.service"), "w", encoding="utf-8") as file:
                file.write(SERVICE % self.folder)
        with open(config, "w", encoding="utf-8") as file:
            file.write(BUS_CONFIG % {"folder": self.folder})
        bus = self.start(["dbus-daemon", "--config-file=" + config, "--nofork", "--print-address=1"], stdout=subprocess.PIPE)
        self.address = self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()

    def start_keyring(self, mode):
        """In the foreground, so that it ends with us."""
        options = ["--unlock"] if mode != "none" else []
        daemon = self.start(["gnome-keyring-daemon", "--foreground", "--components=secrets", *options], stdin=subprocess.PIPE,
                            stdout=subprocess.DEVNULL)
        daemon.stdin.write(b"keyring" if options else b"")
        daemon.stdin.close()
        self.gdbus("wait", "--session", "--timeout", "60", "org.freedesktop.secrets")

    def gdbus(self, *args):
        return subprocess.run(["gdbus", *args], env=self.env, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout.decode()

    def call(self, path, method, *args):
        return self.gdbus("call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", path, "--method", method, *args)

    def lock(self):
        self.call("/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock", "['%s']" % LOGIN)

    def secret_tool(self, *args, input=b""):
        done = subprocess.run(["secret-tool", *args], env=self.env, input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode()

    def close(self):
        for process in reversed(self.started):
            process.send_signal(signal.SIGTERM)
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
