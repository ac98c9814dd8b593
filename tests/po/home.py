"""home.py - a small home with findings of many kinds, and runs in it in any language"""
import os
import re
import shutil
import subprocess

PASSWORD = "s3cret-of-joe"
FILES = {
    ".gitconfig": "[user]\n\tname = J\n[http]\n\tproxy = http://joe:older@old.example:8080\n\tsslVerify = false\n",
    ".npmrc": "proxy=http://proxy.example:3128\n_authToken=t0psecret\nhttps-proxy=not a url\n",
    ".curlrc": "proxy = http://joe:older@proxy.example:3128\n",
    ".wgetrc": "http_proxy = $(hostname)\n",
    ".bashrc": "export https_proxy=http://joe:older@proxy.example:3128\nexport http_proxy=$(cat ~/.proxy)\n[ -f x ] && export no_proxy=a\n",
    ".config/pip/pip.conf": "[global]\nproxy = http://proxy.example:3128\n",
    "work/.npmrc": "proxy=http://joe:older@proxy.example:3128\n",
    "work/.env": "HTTP_PROXY=http://proxy.example:9\n",
    "work/.git/config": "[http]\n\tproxy = http://old.example:8080\n",
    "broken/.gitconfig": "[http\nproxy = x\n",
}


class Home:
    """A small one that has findings of many kinds; always at the same place."""

    def __init__(self, folder, program):
        self.path, self.program = os.path.join(folder, "home"), program
        self.make()

    def make(self):
        shutil.rmtree(self.path, ignore_errors=True)
        for name, text in FILES.items():
            path = os.path.join(self.path, name)
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(text)
        os.chmod(os.path.join(self.path, ".curlrc"), 0o644)

    def run(self, language, *arguments, input="", program=None, environment=()):
        """(exit code, stdout, stderr)"""
        done = subprocess.run([program or self.program, *arguments], cwd=self.path, input=input, text=True, capture_output=True, check=False,
                              timeout=60, env={"HOME": self.path, "PATH": "/usr/bin:/bin", "SHELL": "/bin/bash", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                                               "DBUS_SESSION_BUS_ADDRESS": "disabled:", "TERM": "xterm", "LANGUAGE": language,
                                               **{name: os.environ[name] for name in ("ASAN_OPTIONS",) if name in os.environ}, **dict(environment)})
        assert done.returncode >= 0, "%s: signal %d" % (arguments, -done.returncode)
        return done.returncode, done.stdout, done.stderr

    def files(self):
        """{name: bytes} of all of them, without what is sealed or never the same twice."""
        found = {}
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = os.path.join(folder, name)
                short = os.path.relpath(path, self.path)
                if ".local/" not in short or short.endswith("plain.json"):
                    with open(path, "rb") as stream:
                        found[short] = stream.read()
        return found

    def log_in(self, language):
        self.run(language, "profile", "add", "office", "http=http://proxy.example:3128", "https=http://proxy.example:3128",
                 "no_proxy=localhost,.example.com")
        return self.run(language, "login", "--no-check", "--user", "joe", "--password-stdin", "--store", "plain", "--no-input", input=PASSWORD + "\n")


def timeless(text):
    text = re.sub(r"\d{8}-\d{6}[a-z]*", "ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(:\d\d)?", "TIME", text)
    return re.sub(r'("(?:\w*ms|seconds|elapsed|duration)": )[\d.]+', r"\1N", text)
