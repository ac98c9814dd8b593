"""kerberos.py - a KDC of the test's own: a realm on a high port, a keytab for a proxy at localhost, tickets into caches of one's own"""
import os
import subprocess

from .common import Daemon, clean_environment, find_program

REALM = "RIG.TEST"

CLIENT = """
[libdefaults]
default_realm = {realm}
dns_lookup_realm = false
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{realm} = {{
  kdc = 127.0.0.1:{port}
}}
[domain_realm]
localhost = {realm}
"""

SERVER = """
[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
  database_name = {directory}/principal
  key_stash_file = {directory}/stash
  acl_file = {directory}/acl
}}
[logging]
kdc = FILE:{directory}/log
"""


class Kdc(Daemon):
    """@users: {user: password}. keytab has the key of @service; environment_of() is what a client needs."""

    prefix = "proxyrc-kdc-"

    def __init__(self, users, service="HTTP/localhost"):
        super().__init__()
        self.users, self.service = users, service

    def prepare(self):
        self.programs = {name: find_program(name) for name in ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")}

    def environment(self):
        return clean_environment(self.directory, KRB5_CONFIG=self.path("krb5.conf"), KRB5_KDC_PROFILE=self.path("kdc.conf"))

    def configure(self, port):
        self.write("krb5.conf", CLIENT.format(realm=REALM, port=port))
        self.write("kdc.conf", SERVER.format(realm=REALM, port=port, directory=self.directory))

    def fill(self):
        self.keytab = self.path("keytab")
        self.configure(1)
        self.run(["kdb5_util", "create", "-s", "-W", "-P", "of the database"])
        queries = ["addprinc -randkey %s" % self.service, "ktadd -q -k %s %s" % (self.keytab, self.service)]
        self.run(["kadmin.local"], "\n".join(queries) + "\n")
        for user, password in self.users.items():
            self.run(["kadmin.local", "addprinc", user], "%s\n%s\n" % (password, password))
        os.chmod(self.keytab, 0o644)

    def run(self, argv, stdin="", more=None):
        done = subprocess.run([self.programs[argv[0]], *argv[1:]], env={**self.environment(), **(more or {})}, input=stdin,
                              encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.directory, **self.account)
        if done.returncode != 0:
            raise RuntimeError("%s: %s" % (" ".join(argv), done.stdout))

    def command(self):
        self.configure(self.port)
        return [self.programs["krb5kdc"], "-n", "-r", REALM]

    def environment_of(self, cache):
        """What a client is started with to use the tickets in the file @cache."""
        return {"KRB5_CONFIG": self.path("krb5.conf"), "KRB5CCNAME": "FILE:" + cache}

    def login(self, user, cache, lifetime=None):
        """Gets a ticket for @user into @cache, which becomes ours; @lifetime in seconds."""
        limit = ["-l", "%ds" % lifetime] if lifetime else []
        done = subprocess.run([self.programs["kinit"], *limit, user], env={**self.environment(), **self.environment_of(cache)},
                              input=self.users[user] + "\n", encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise RuntimeError("kinit: " + done.stdout)
