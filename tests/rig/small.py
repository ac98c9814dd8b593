"""small.py - tinyproxy, microsocks, and cntlm before a proxy that wants NTLM: the real programs"""
import subprocess

from .common import Daemon, find_program


class Tinyproxy(Daemon):
    """@users: {user: password}; with none it lets everybody through."""

    prefix = "proxyrc-tinyproxy-"

    def __init__(self, users=None):
        super().__init__()
        self.users = users or {}

    def prepare(self):
        self.program = find_program("tinyproxy")

    def command(self):
        # its configuration knows no quotes: words only
        lines = ["Port %d" % self.port, "Listen 127.0.0.1", "Timeout 60", "LogLevel Error", "MaxClients 50", "DisableViaHeader Yes"]
        lines += ["BasicAuth %s %s" % row for row in self.users.items()]
        self.write("conf", "\n".join(lines) + "\n", 0o600)
        return [self.program, "-d", "-c", self.path("conf")]


class Microsocks(Daemon):
    """SOCKS5, for one user; with none for everybody."""

    prefix = "proxyrc-microsocks-"

    def __init__(self, user=None, password=None):
        super().__init__()
        self.login = ["-u", user, "-P", password] if user else []

    def prepare(self):
        self.program = find_program("microsocks")

    def command(self):
        return [self.program, "-i", "127.0.0.1", "-p", str(self.port), *self.login]


class Cntlm(Daemon):
    """Speaks NTLMv2 to the proxy at @parent, a port, as one user; asks nobody for anything."""

    prefix = "proxyrc-cntlm-"

    def __init__(self, parent, user, password, domain="RIG"):
        super().__init__()
        self.parent, self.user, self.password, self.domain = parent, user, password, domain

    def prepare(self):
        self.program = find_program("cntlm")

    def fill(self):
        # -H prints the hashes, so that the password need not stand in the file
        done = subprocess.run([self.program, "-H", "-u", self.user, "-d", self.domain, "-c", "/dev/null"], input=self.password + "\n", text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.hashes = [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("PassNTLMv2")]

    def command(self):
        lines = ["Username %s" % self.user, "Domain %s" % self.domain, "Auth NTLMv2", *(" ".join(row) for row in self.hashes),
                 "Proxy 127.0.0.1:%d" % self.parent, "Listen 127.0.0.1:%d" % self.port]
        self.write("conf", "\n".join(lines) + "\n", 0o600)
        return [self.program, "-f", "-c", self.path("conf")]
