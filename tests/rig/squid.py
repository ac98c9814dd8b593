"""squid.py - the real squid, with any of its authentication schemes, over TLS, and intercepting"""
import contextlib
import glob
import hashlib
import json
import os
import socket
import subprocess
import time
import urllib.parse

from . import ntlm
from .common import HOST, SYSTEM_PATH, Daemon, Missing, find_program, free_port

REALM = "Rig Proxy"
# users whom a rule refuses although their password is right: by 407 and by 403
DENIED_407, DENIED_403 = "denied407", "denied403"
# for everybody without a password; for nobody; with nothing listening at any port worth asking for
OPEN_HOST, BLOCKED_HOST = "open.test", "blocked.test"
HOSTS = [HOST, OPEN_HOST, BLOCKED_HOST]

CONFIGURATION = """
visible_hostname proxy.test
pid_filename none
hosts_file {directory}/hosts
dns_nameservers 127.0.0.1
dns_timeout 1 second
cache deny all
cache_mem 8 MB
pinger_enable off
shutdown_lifetime 0 seconds
coredump_dir {directory}
cache_log {directory}/cache.log
acl has_credential req_header Proxy-Authorization -i ^(basic|digest|negotiate|ntlm.+TlRMTVNTUAAD)
note credential sent has_credential
logformat who %>Hs %#un %lp %>p %note{{credential}} %rm %ru
access_log stdio:{directory}/access.log logformat=who
buffered_logs off
{ports}
{schemes}
acl open dstdomain {open}
acl blocked dstdomain {blocked}
acl denied407 proxy_auth {denied407}
acl denied403 proxy_auth {denied403}
acl known proxy_auth REQUIRED
http_access allow open
http_access deny blocked
http_access deny denied407
http_access deny denied403 all
http_access allow known
http_access deny all
"""

SCHEMES = {
    "basic": """
auth_param basic program {python} {directory}/helper.py basic {directory}/logins {basic} {directory}/users
auth_param basic children 4 startup=2 idle=1
auth_param basic realm {realm}
auth_param basic utf8 on
auth_param basic casesensitive on
auth_param basic credentialsttl 1 second
""",
    "digest": """
auth_param digest program {digest} -c {directory}/digests
auth_param digest children 2 startup=1 idle=1
auth_param digest realm {realm}
auth_param digest utf8 on
""",
    "ntlm": """
auth_param ntlm program {python} {directory}/ntlm.py {directory}/hashes {directory}/logins
auth_param ntlm children 4 startup=1 idle=1
auth_param ntlm keep_alive on
""",
    "negotiate": """
auth_param negotiate program {python} {directory}/helper.py negotiate {directory}/logins {negotiate} -k {keytab} -s HTTP/localhost
auth_param negotiate children 4 startup=1 idle=1
auth_param negotiate keep_alive on
""",
}
HELPERS = {"basic": "basic_ncsa_auth", "digest": "digest_file_auth", "negotiate": "negotiate_kerberos_auth"}
HELPER_PLACES = ("/usr/lib/squid", "/usr/lib64/squid", "/usr/libexec/squid")


class Squid(Daemon):
    """@users: {user: password}; set_users() changes the list while it runs. @schemes: in the order in which it offers them.

    Negotiate needs a @kdc with a keytab for HTTP/localhost. With @certificate (a path, and that of its key) there is tls_port too, to which
    clients talk TLS. With @authority there is bump_port, which looks into TLS with certificates of its own, made by
    that Authority; @upstream_ca is what it trusts itself.
    """

    prefix = "proxyrc-squid-"

    def __init__(self, users, schemes=("basic",), kdc=None, certificate=None, authority=None, upstream_ca=None):
        super().__init__()
        self.first_users, self.schemes, self.kdc = users, schemes, kdc
        self.certificate, self.authority, self.upstream_ca = certificate, authority, upstream_ca
        self.port = self.tls_port = self.bump_port = None
        self.users_time = 0

    def prepare(self):
        self.squid = find_program("squid")
        self.openssl = find_program("openssl")
        self.helpers = {scheme: find_program(HELPERS[scheme], *HELPER_PLACES) for scheme in self.schemes if scheme in HELPERS}
        if self.certificate or self.authority:
            version = subprocess.run([self.squid, "-v"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True).stdout
            if "--with-openssl" not in version:
                raise Missing("a squid with OpenSSL (squid-openssl) is not installed")

    def fill(self):
        here = os.path.dirname(os.path.abspath(__file__))
        for name in ("helper.py", "ntlm.py"):
            self.copy(os.path.join(here, name))
        self.write("hosts", "".join("127.0.0.1 %s\n" % host for host in HOSTS))
        self.set_users(self.first_users)
        if self.certificate:
            self.copy(self.certificate[0], "tls.pem")
            self.copy(self.certificate[1], "tls-key.pem", 0o600)
        if self.authority:
            self.copy(self.authority.ca, "bump.pem")
            self.copy(self.authority.key, "bump-key.pem", 0o600)
            self.copy(self.upstream_ca, "upstream.pem")
            maker = find_program("security_file_certgen", *HELPER_PLACES)
            subprocess.run([maker, "-c", "-s", self.path("made"), "-M", "4MB"], check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, **self.account)

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def ports(self):
        lines = ["http_port 127.0.0.1:%d" % self.port]
        if self.certificate:
            self.tls_port = free_port()
            lines.append("https_port 127.0.0.1:%d tls-cert=%s tls-key=%s" % (self.tls_port, self.path("tls.pem"), self.path("tls-key.pem")))
        if self.authority:
            self.bump_port = free_port()
            lines += ["http_port 127.0.0.1:%d ssl-bump tls-cert=%s tls-key=%s generate-host-certificates=on"
                      % (self.bump_port, self.path("bump.pem"), self.path("bump-key.pem")),
                      "sslcrtd_program %s -s %s -M 4MB" % (find_program("security_file_certgen", *HELPER_PLACES), self.path("made")),
                      "sslcrtd_children 1 startup=1 idle=1", "tls_outgoing_options cafile=%s" % self.path("upstream.pem"),
                      "ssl_bump bump all"]
        return "\n".join(lines)

    def command(self):
        # squid's account may not be able to run the Python that runs us
        words = {"directory": self.directory, "realm": REALM, "keytab": self.kdc and self.kdc.keytab, **self.helpers,
                 "python": find_program("python3") if not self.account else find_program("python3", path=SYSTEM_PATH)}
        self.name = "prc%dx%d" % (os.getpid(), self.port)
        self.write("squid.conf", CONFIGURATION.format(
            directory=self.directory, ports=self.ports(), schemes="".join(SCHEMES[scheme].format(**words) for scheme in self.schemes),
            open=OPEN_HOST, blocked=BLOCKED_HOST, denied407=DENIED_407, denied403=DENIED_403))
        return [self.squid, "-N", "-n", self.name, "-f", self.path("squid.conf")]

    def environment(self):
        more = {"KRB5_CONFIG": self.kdc.path("krb5.conf")} if self.kdc else {}
        return {**super().environment(), **more}

    def why(self):
        return self.read("cache.log") + self.read("stderr")

    def answers(self):
        for port in filter(None, (self.port, self.tls_port, self.bump_port)):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return False
        return True

    def stop(self, process):
        super().stop(process)
        for left in glob.glob("/dev/shm/%s-*" % self.name):
            with contextlib.suppress(OSError):
                os.unlink(left)

    def set_users(self, users):
        hashed = []
        if users:
            hashed = subprocess.run([self.openssl, "passwd", "-apr1", "-stdin"], check=True, stdout=subprocess.PIPE,
                                    input="".join(password + "\n" for password in users.values()).encode()).stdout.decode().split()
        files = {"users": zip(users, hashed),
                 "digests": ((user + ":" + REALM, hashlib.md5(("%s:%s:%s" % (user, REALM, password)).encode()).hexdigest())
                             for user, password in users.items()),
                 "hashes": ((user, ntlm.nt_hash(password).hex()) for user, password in users.items())}
        # the helpers look at the file's time, in seconds: it must never be one that was there before
        self.users_time = max(int(time.time()), self.users_time + 1)
        for name, rows in files.items():
            self.write(name, "".join("%s:%s\n" % row for row in rows))
            os.utime(self.path(name), (self.users_time, self.users_time))

    # What it has written down ---------------------------------------------------------------------------------------

    def rows(self):
        """[(status, user or None, port it came to, its own port, whether with a credential, method, target)] so far."""
        rows = []
        for line in self.read("access.log").splitlines(keepends=True):
            if not line.endswith("\n"):
                break  # squid is writing it; its own buffer ends anywhere
            status, user, to, origin, credential, method, target = line.rstrip("\n").split(" ", 6)
            if to == "-":
                continue  # a connection without a request
            rows.append((int(status), None if user == "-" else urllib.parse.unquote(user), int(to), int(origin),
                         credential != "-", method, target))
        return rows

    def log(self):
        """[(status, user or None, method, what was asked for)] so far."""
        return [(status, user, method, target) for status, user, _, _, _, method, target in self.rows()]

    def counts(self, port):
        """As Counter.counts(), of what came to one of its ports. A tunnel is written down when it ends."""
        rows = [row for row in self.rows() if row[2] == port]
        return {"connections": len({row[3] for row in rows}), "requests": len(rows),
                "connects": sum(row[5] == "CONNECT" for row in rows), "credentials": sum(row[4] for row in rows)}

    def logins(self):
        """[(user, whether accepted)] as the helpers decided: each is one login as a directory would count it. Digest has
        no such helper: squid itself compares."""
        lines = self.read("logins").splitlines(keepends=True)
        return [(row["user"], row["accepted"]) for row in (json.loads(line) for line in lines if line.endswith("\n"))]

    def failed_logins(self, user=None):
        return sum(not accepted and user in (None, who) for who, accepted in self.logins())

    def users_of(self, target):
        """Who was let through to @target, a URL, or host:port of a CONNECT."""
        return {user for status, user, _, asked in self.log() if status < 300 and asked.split("?")[0] == target}

    def has_let_through(self, user, target, seconds=5):
        """Whether squid's log says so, at once or a moment later: it writes the line when it is done with the answer."""
        until = time.monotonic() + seconds
        while user not in self.users_of(target):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def refusals(self, user):
        return [row for row in self.log() if row[0] == 407 and row[1] == user]
