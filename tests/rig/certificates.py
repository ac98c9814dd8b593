"""certificates.py - an authority of the test's own, and certificates by it: good, expired, for another name, self-signed"""
import os
import subprocess
import threading

from .common import find_program

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

CONFIGURATION = """
[req]
distinguished_name = empty
[empty]
[ca]
default_ca = authority
[authority]
dir = {directory}
database = {directory}/index
serial = {directory}/serial
new_certs_dir = {directory}
certificate = {ca}
private_key = {key}
default_md = sha256
default_days = 2
policy = anything
unique_subject = no
copy_extensions = copy
[anything]
commonName = optional
"""


class Authority:
    """Keeps its files in @directory, which must exist. `ca` is what a client is told to trust."""

    def __init__(self, directory, name="Rig Authority"):
        self.directory = directory
        self.lock = threading.Lock()  # `openssl ca` keeps an index
        self.openssl = find_program("openssl")
        self.ca, self.key = self.path("ca.pem"), self.path("ca-key.pem")
        self.run("req", "-x509", *KEY, "-days", "2", "-subj", "/O=%s/CN=%s" % (name, name), "-keyout", self.key, "-out", self.ca,
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        with open(self.path("ca.conf"), "w", encoding="utf-8") as stream:
            stream.write(CONFIGURATION.format(directory=directory, ca=self.ca, key=self.key))
        with open(self.path("index"), "w", encoding="utf-8"):
            pass
        with open(self.path("serial"), "w", encoding="utf-8") as stream:
            stream.write("1000\n")

    def path(self, name):
        return os.path.join(self.directory, name)

    def run(self, *arguments):
        subprocess.run([self.openssl, *arguments], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE, cwd=self.directory)

    def issue(self, file, names, expired=False):
        """Returns the paths of a certificate for @names ("DNS:x", "IP:y"), with the chain, and of its key."""
        certificate, key, request = self.path(file + ".pem"), self.path(file + "-key.pem"), self.path(file + ".csr")
        self.run("req", *KEY, "-subj", "/CN=" + names[0].partition(":")[2], "-addext", "subjectAltName=" + ",".join(names),
                 "-addext", "basicConstraints=CA:FALSE", "-keyout", key, "-out", request)
        dates = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"] if expired else []
        with self.lock:
            self.run("ca", "-batch", "-config", self.path("ca.conf"), "-notext", *dates, "-in", request, "-out", certificate)
        with open(certificate, "a", encoding="utf-8") as chain, open(self.ca, encoding="utf-8") as ca:
            chain.write(ca.read())
        return certificate, key

    def self_signed(self, file, names):
        certificate, key = self.path(file + ".pem"), self.path(file + "-key.pem")
        self.run("req", "-x509", *KEY, "-days", "2", "-subj", "/CN=" + names[0].partition(":")[2],
                 "-addext", "subjectAltName=" + ",".join(names), "-keyout", key, "-out", certificate)
        return certificate, key
