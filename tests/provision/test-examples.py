#!/usr/bin/env python3
"""test-examples.py PROGRAM SOURCE: the examples in share/examples, run as far as that goes without an engine

The steps are done in a chroot: this system with a layer over it that is thrown away. Prints TAP.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from sandbox import Taps, forms_of  # noqa: E402

PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
EXAMPLES = os.path.join(SOURCE, "share/examples")
SECRET = "pä@ss:w/rd#1%~é"
MOUNT = """
set -e
mount --make-rprivate /
mount -t overlay overlay -o lowerdir=/,upperdir={top}/upper,workdir={top}/work {top}/root
mount -t proc proc {top}/root/proc
mount --rbind /dev {top}/root/dev
mount -t tmpfs none {top}/root/tmp
mkdir -p {top}/root/run/secrets
exec "$@"
"""


class Layer:
    """This system and what is written over it. The program is in PATH there, the password where a build's secret is."""

    def __init__(self):
        # overlayfs takes no overlay as the upper layer: a container's /tmp may be one
        self.top = tempfile.mkdtemp(prefix="proxyrc-layer-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        for name in ("upper/usr/local/bin", "upper/etc", "upper/run/secrets", "work", "root"):
            os.makedirs(os.path.join(self.top, name))
        for name in ("", "upper", "upper/usr", "upper/usr/local", "upper/usr/local/bin", "upper/etc", "upper/run"):
            os.chmod(os.path.join(self.top, name), 0o755)
        shutil.copy(PROGRAM, os.path.join(self.top, "upper/usr/local/bin/proxyrc"))
        os.makedirs(os.path.join(self.top, "upper/usr/local/share/proxyrc"))
        shutil.copytree(os.path.join(SOURCE, "share/tools.d"), os.path.join(self.top, "upper/usr/local/share/proxyrc/tools.d"))
        # of this system's people nobody is there
        for name in ("passwd", "shadow", "group", "gshadow"):
            with open("/etc/" + name, encoding="utf-8") as file:
                lines = [line for line in file if name in ("group", "gshadow") or line.split(":")[0] not in self.people()]
            with open(os.path.join(self.top, "upper/etc", name), "w", encoding="utf-8") as file:
                file.writelines(lines)
            shutil.copymode("/etc/" + name, os.path.join(self.top, "upper/etc", name))

    @staticmethod
    def people():
        with open("/etc/passwd", encoding="utf-8") as file:
            return {line.split(":")[0] for line in file if 1000 <= int(line.split(":")[2]) < 65000}

    def close(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def write(self, path, content, mode=0o644):
        path = os.path.join(self.top, "upper", path.lstrip("/"))
        os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        os.chmod(path, mode)

    def read(self, path):
        with open(os.path.join(self.top, "upper", path.lstrip("/")), encoding="utf-8") as file:
            return file.read()

    def run(self, argv, user="root", env=None, exit=0):
        done = subprocess.run(["unshare", "-m", "sh", "-c", MOUNT.format(top=self.top), "sh", "chroot", "--userspec=" + user, self.top + "/root", *argv],
                              env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                                   "PROXYRC_TOOLS_DIR": "/usr/local/share/proxyrc/tools.d", **(env or {})},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        text = done.stdout.decode(errors="replace")
        assert exit is None or done.returncode == exit, "%s: exit %d\n%s" % (" ".join(argv), done.returncode, text)
        return text

    def works(self):
        done = subprocess.run(["unshare", "-m", "sh", "-c", MOUNT.format(top=self.top), "sh", "chroot", self.top + "/root", "true"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0


def with_layer(function):
    def run():
        if os.geteuid() != 0 or shutil.which("unshare") is None:
            return "SKIP root and unshare are needed"
        layer = Layer()
        try:
            return function(layer) if layer.works() else "SKIP no overlay file system can be mounted here"
        finally:
            layer.close()
    run.__name__ = function.__name__
    return run


@with_layer
def cloud_init(layer):
    """Its files are written, and its commands run, as cloud-init would."""
    yaml_reader = subprocess.run(["/usr/bin/python3", "-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))",
                                  os.path.join(EXAMPLES, "cloud-init.yaml")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if yaml_reader.returncode != 0:
        return "SKIP python3-yaml is not installed"
    import json
    config = json.loads(yaml_reader.stdout)
    with open(os.path.join(EXAMPLES, "cloud-init.yaml"), encoding="utf-8") as file:
        assert file.readline() == "#cloud-config\n"
    assert set(config) == {"users", "write_files", "runcmd"}, config
    for row in config["users"]:
        if row != "default":
            layer.run(["useradd", "--create-home", "--shell", row["shell"], row["name"]])
    for row in config["write_files"]:
        layer.write(row["path"], row["content"], int(row["permissions"], 8))
    for command in config["runcmd"]:
        text = layer.run(command)
    assert "/home/jane" in text and "proxyrc env --startup" in layer.read("/home/jane/.profile"), text
    schema = shutil.which("cloud-init")
    if schema is None:
        return "not against cloud-init's schema: it is not installed"
    subprocess.run([schema, "schema", "--config-file", os.path.join(EXAMPLES, "cloud-init.yaml")], check=True, stdout=subprocess.DEVNULL)
    return None


def instructions():
    with open(os.path.join(EXAMPLES, "Dockerfile"), encoding="utf-8") as file:
        text = "".join(line for line in file if not line.startswith("#"))
    for line in text.replace("\\\n", " ").split("\n"):
        if line.strip():
            yield line.split(None, 1)


@with_layer
def dockerfile(layer):
    """Every step but the packages'; and the password of the build is in no layer."""
    layer.write("/run/secrets/proxy_password", SECRET + "\n", 0o444)
    user, env, steps = "root", {}, 0
    for word, rest in instructions():
        if word == "COPY" and "proxyrc.cfg" in rest:
            source, target = rest.split()
            with open(os.path.join(EXAMPLES, source), encoding="utf-8") as file:
                layer.write(target, file.read())
        elif word == "USER":
            user = rest.strip()
        elif word == "ENV":
            env.update(part.split("=", 1) for part in shlex.split(rest))
        elif word == "RUN" and not rest.startswith("apt-get"):
            layer.run(["sh", "-c", re.sub(r"--mount=\S+\s+", "", rest)], user, env)
            steps += 1
        else:
            assert word in ("FROM", "WORKDIR", "COPY", "RUN"), word
    assert steps == 2 and "proxy.example.com" in layer.read("/home/build/.gitconfig")
    os.unlink(os.path.join(layer.top, "upper/run/secrets/proxy_password"))
    for folder, _, names in os.walk(os.path.join(layer.top, "upper")):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    content = file.read()
                assert not any(form in content for form in forms_of(SECRET, "build")), "the password is in " + path
    return "packages are not installed, this system stands for the base image"


def main():
    taps = Taps()
    for case in (cloud_init, dockerfile):
        taps.run(case.__name__, case)
    return taps.done()


sys.exit(main())
