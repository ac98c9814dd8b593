"""test-install.py SOURCE BUILD: installed below DESTDIR, then moved: the program finds its helpers and its data where it is"""
import contextlib
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading

import tap

source, build = (os.path.realpath(path) for path in sys.argv[1:3])
sys.path.insert(0, os.path.join(source, "tests", "e2e"))
import fixture  # noqa: E402
import screen  # noqa: E402

ORIGIN = "moved along with its prefix"


@contextlib.contextmanager
def proxy_that_asks():
    """A proxy that answers each request with 407; yields its address."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                client.settimeout(30)
                with contextlib.suppress(OSError):
                    client.recv(65536)
                    client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                                   b"Content-Length: 0\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield "http://127.0.0.1:%d" % server.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(30)


class Installed:
    def __init__(self, place):
        stage = os.path.join(place, "stage")
        tap.run(["meson", "install", "-C", build, "--no-rebuild", "--destdir", stage])
        prefix = tap.options(build)["prefix"]
        self.files = {stage + path: path for path in tap.installed(build).values()}
        self.prefix = os.path.join(place, "another place", "proxyrc-of-mine")
        self.missing = [path for path in self.files if not os.path.exists(path)]
        self.modes = {os.path.relpath(os.path.join(folder, name), stage): os.stat(os.path.join(folder, name)).st_mode
                      for folder, _, names in os.walk(stage) for name in names}
        os.mkdir(os.path.dirname(self.prefix))
        shutil.move(stage + prefix, self.prefix)
        shutil.rmtree(stage)
        self.program = os.path.join(self.prefix, "bin", "proxyrc")
        self.home = os.path.join(place, "home")
        os.mkdir(self.home)
        with open(os.path.join(self.home, ".gitconfig"), "w", encoding="utf-8") as stream:
            stream.write("[http]\n\tproxy = http://proxy.test:3128\n")
        self.environment = fixture.clean_environment(self.home)
        catalogue = os.path.join(self.prefix, "share", "proxyrc", "tools.d", "git.cfg")
        with open(catalogue, encoding="utf-8") as stream:
            text = stream.read()
        assert 'summary = "git over http and https"' in text
        with open(catalogue, "w", encoding="utf-8") as stream:
            stream.write(text.replace("git over http and https", ORIGIN))

    def run(self, *arguments, status=(0,)):
        done = subprocess.run([self.program, *arguments], env=self.environment, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=120)
        assert done.returncode in status, "%s: exit %d\n%s%s" % (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout


def files():
    assert not it.missing, it.missing
    for path, mode in it.modes.items():
        assert not mode & (stat.S_IWGRP | stat.S_IWOTH | stat.S_ISUID | stat.S_ISGID), "%s: mode %o" % (path, mode)
    for name in ("proxyrc-probe", "proxyrc-tui"):
        assert os.access(os.path.join(it.prefix, "libexec", "proxyrc", name), os.X_OK), name


def catalogue():
    tools = json.loads(it.run("tools", "--json"))["tools"]
    assert ORIGIN in [tool["summary"] for tool in tools], tools


def status():
    text = it.run("status", status=(0, 1, 3))
    assert "http://proxy.test:3128" in text and ".gitconfig:2" in text, text


def explain():
    assert "Proxy Authentication Required" in it.run("explain", "407")


def check():
    with proxy_that_asks() as address:
        it.run("profile", "add", "office", "http=" + address, "https=" + address)
        it.run("use", "office", "--no-input")
        answer = json.loads(it.run("check", "--json", status=range(1, 20)))
    assert answer["http_status"] == 407 and answer["schemes"], answer


def check_says_what_is_missing():
    helper = os.path.join(it.prefix, "libexec", "proxyrc", "proxyrc-probe")
    os.rename(helper, helper + ".away")
    done = subprocess.run([it.program, "check", "--json"], env=it.environment, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120)
    os.rename(helper + ".away", helper)
    assert done.returncode != 0 and "proxyrc-probe" in done.stdout, done.stdout


def check_loads_its_module():
    """What needs libcurl says so when the module is away; what doesn't, goes on."""
    folder = os.path.join(it.prefix, "libexec", "proxyrc")
    module = os.path.join(folder, "proxyrc-probe-curl.so")
    load = [os.path.join(folder, "proxyrc-probe"), "--load"]
    tap.run(load)
    os.rename(module, module + ".away")
    try:
        done = subprocess.run(load, text=True, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, timeout=120)
        assert done.returncode == 1 and "proxyrc-probe-curl.so" in done.stderr, done
        by_socks = it.run("check", "--proxy", "socks5h://127.0.0.1:9", "--url", "http://site.test/", status=(6,))
        assert "proxyrc-probe-curl.so" in by_socks, by_socks
        assert "refused" in it.run("check", "--proxy", "http://127.0.0.1:9", "--url", "http://site.test/", status=(6,))
    finally:
        os.rename(module + ".away", module)


def language():
    it.environment["LANGUAGE"] = "de"
    text = it.run("--help")
    del it.environment["LANGUAGE"]
    assert "Aufruf" in text and "Usage" not in text, text


def ansible():
    done = subprocess.run(["ansible-doc", "--type", "module", "proxyrc.proxyrc.profile"], text=True, stdin=subprocess.DEVNULL,
                          env={**it.environment, "ANSIBLE_COLLECTIONS_PATH": os.path.join(it.prefix, "share/ansible/collections")},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120)
    assert done.returncode == 0 and it.prefix in done.stdout, done.stdout


def terminal():
    with screen.Screen([it.program], it.environment) as shown:
        shown.see("office")
        shown.see("all agree")


if __name__ == "__main__":
    with tap.directory() as top:
        it = Installed(top)
        result = tap.run_cases([
            ("all files, and no rights too many", files), ("tools: the catalogue", catalogue), ("status", status),
            ("explain", explain), ("check: its helper", check), ("check: without its helper", check_says_what_is_missing),
            ("check: its module", check_loads_its_module),
            ("terminal UI: its helper", terminal), ("its translations", language), ("Ansible finds the collection", ansible),
        ])
    sys.exit(result)
