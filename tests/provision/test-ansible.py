#!/usr/bin/env python3
"""test-ansible.py PROGRAM SOURCE: the collection in share/ansible, with the ansible that is installed

On a local connection, and over ssh to two hosts made of network and mount namespaces, each with an sshd, users, homes and
an /etc/xdg of its own. Prints TAP.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
from sandbox import PROXY, Taps, forms_of  # noqa: E402

PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SECRET = "pä@ss:w/rd#1%~é"
SANITY = "/usr/lib/python3/dist-packages/ansible_test/_util/controller/sanity"
# what needs no virtual environment, which ansible-test fetches pip for
OFFLINE = ("action-plugin-docs", "changelog", "compile", "empty-init", "future-import-boilerplate", "ignores", "line-endings", "metaclass-boilerplate",
           "no-assert", "no-basestring", "no-get-exception", "no-illegal-filenames", "no-main-display", "no-smart-quotes", "no-unicode-literals",
           "replace-urlopen", "shebang", "symlinks", "use-argspec-type-path", "use-compat-six")


# ansible-core alone has no callback that prints JSON
CALLBACK = """
DOCUMENTATION = "name: prc_results\\ntype: aggregate\\nshort_description: results as JSON lines\\ndescription: results as JSON lines\\n"
import json, os
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME, CALLBACK_NEEDS_ENABLED = 2.0, "aggregate", "prc_results", True

    def note(self, result, **more):
        with open(os.environ["PRC_RESULTS"], "a") as file:
            file.write(json.dumps({"host": result._host.get_name(), "action": result._task.action, "result": result._result}, default=str) + chr(10))
    v2_runner_on_ok = v2_runner_on_failed = v2_runner_on_unreachable = note
"""


class Controller:
    """A folder with the collection, and everything of ansible's own."""

    def __init__(self):
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="proxyrc-ansible-"))
        os.chmod(self.top, 0o755)
        self.collection = os.path.join(self.top, "ansible_collections/proxyrc/proxyrc")
        shutil.copytree(os.path.join(SOURCE, "share/ansible"), self.collection)
        self.home = os.path.join(self.top, "home")
        os.mkdir(self.home)
        os.mkdir(os.path.join(self.top, "callbacks"))
        with open(os.path.join(self.top, "callbacks/prc_results.py"), "w", encoding="utf-8") as file:
            file.write(CALLBACK)
        self.env = {"HOME": self.home, "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "ANSIBLE_COLLECTIONS_PATH": self.top,
                    "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false", "ANSIBLE_HOST_KEY_CHECKING": "false",
                    "ANSIBLE_CALLBACK_PLUGINS": os.path.join(self.top, "callbacks"), "ANSIBLE_CALLBACKS_ENABLED": "prc_results",
                    "PRC_RESULTS": os.path.join(self.top, "results"), "ANSIBLE_PYTHON_INTERPRETER": "/usr/bin/python3", "ANSIBLE_NOCOWS": "1", "ANSIBLE_PIPELINING": "true",
                    "PROXYRC_TOOLS_DIR": os.path.join(SOURCE, "share/tools.d"), "SHELL": "/bin/bash"}

    def close(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def call(self, *argv, exit=0, env=None, cwd=None):
        done = subprocess.run(argv, env={**self.env, **(env or {})}, cwd=cwd or self.top, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=300)
        assert exit is None or done.returncode == exit, "%s: exit %d\n%s\n%s" % (" ".join(argv), done.returncode, done.stdout.decode()[-3000:],
                                                                              done.stderr.decode()[-1500:])
        return done

    def play(self, text, *options, inventory="localhost,", exit=0, env=None):
        """What came of each host's last task: {host: result}"""
        path = os.path.join(self.top, "play.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        results = self.env["PRC_RESULTS"]
        with open(results, "w", encoding="utf-8"):
            pass
        done = self.call("ansible-playbook", "-i", inventory, path, *options, exit=exit, env=env)
        for form in forms_of(SECRET):
            assert form not in done.stdout + done.stderr, "ansible shows the password as %r:\n%s" % (form, done.stdout.decode())
        with open(results, encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        return {row["host"]: row["result"] for row in rows if "profile" in row["action"]}

    def module(self, arguments, *options, **more):
        text = json.dumps([{"hosts": "localhost", "connection": "local", "gather_facts": False,
                            "tasks": [{"name": "it", "proxyrc.proxyrc.profile": {"executable": PROGRAM, **arguments}}]}])
        return self.play(text, *options, **more)["localhost"]


def with_controller(function):
    def run():
        for name in ("ansible-playbook", "ansible-doc"):
            if shutil.which(name) is None:
                return "SKIP %s is not installed" % name
        controller = Controller()
        try:
            return function(controller)
        finally:
            controller.close()
    run.__name__ = function.__name__
    return run


@with_controller
def pages(controller):
    page = controller.call("ansible-doc", "proxyrc.proxyrc.profile").stdout.decode()
    told = json.loads(controller.call("ansible-doc", "-j", "proxyrc.proxyrc.profile").stdout)["proxyrc.proxyrc.profile"]
    spec = {name: row for name, row in told["doc"]["options"].items()}
    assert {"name", "state", "scope", "https", "password", "all_users"} <= set(spec) and all("- %s\n" % name in page or "= %s\n" % name in page for name in spec), page
    assert "EXAMPLES:" in page and "RETURN VALUES:" in page and told["return"]["files"]["type"] == "list"
    role = controller.call("ansible-doc", "-t", "role", "proxyrc.proxyrc.profile").stdout.decode()
    assert "proxyrc_proxy" in role and "ENTRY POINT: main" in role, role


@with_controller
def sanity(controller):
    if shutil.which("ansible-test") is None or not os.path.isdir(SANITY):
        return "SKIP ansible-test is not installed"
    controller.call("ansible-test", "sanity", "--color", "no", *[word for name in OFFLINE for word in ("--test", name)], cwd=controller.collection)
    env = {"PYTHONPATH": controller.top}
    done = []
    if subprocess.run(["/usr/bin/python3", "-c", "import voluptuous"], stderr=subprocess.DEVNULL).returncode == 0:
        got = json.loads(controller.call("/usr/bin/python3", SANITY + "/validate-modules/validate.py", "--format", "json", "--arg-spec", "--collection",
                                         "ansible_collections/proxyrc/proxyrc", "--collection-version", "0.1.0", "plugins/modules/profile.py",
                                         cwd=controller.collection, env=env, exit=None).stdout)
        codes = [error["code"] + ": " + error["msg"] for row in got.values() for error in row["errors"]]
        assert all(code.startswith("missing-gplv3-license") for code in codes), codes
        done.append("validate-modules")
    if shutil.which("pycodestyle"):
        controller.call("pycodestyle", "--max-line-length", "160", "--ignore", "E402,W503,W504,E741", controller.collection)
        done.append("pep8")
    if shutil.which("yamllint"):
        controller.call("yamllint", "-c", SANITY + "/yamllint/config/default.yml", controller.collection)
        done.append("yamllint")
    return "offline, besides %d of ansible-test's own: %s" % (len(OFFLINE), ", ".join(done))


@with_controller
def one_user(controller):
    """Check mode tells and writes nothing; diff shows; a second run changes nothing; the password is nowhere."""
    npmrc, config = os.path.join(controller.home, ".npmrc"), os.path.join(controller.home, ".config/proxyrc/proxyrc.cfg")
    with open(npmrc, "w", encoding="utf-8") as file:
        file.write("registry=https://r.example/\nproxy=http://old.example:1\n")
    wanted = {"name": "office", "http": PROXY, "https": PROXY, "no_proxy": ["localhost", ".example.com"], "user": "joe", "password": SECRET, "check": False,
              "store": "plain"}
    told = controller.module(wanted, "--check", "--diff", "-vvv")
    assert told["changed"] is True and not os.path.exists(config) and "https: " + PROXY in told["diff"][0]["after"], told
    assert told["invocation"]["module_args"]["password"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    told = controller.module(wanted, "--diff", "-vvv")
    assert told["changed"] is True and told["profile"]["user"] == "joe" and told["transaction"] and npmrc in [row["path"] for row in told["files"]], told
    assert any("-proxy=http://old.example:1" in row.get("prepared", "") for row in told["diff"]), told["diff"]
    with open(npmrc, "rb") as file:
        content = file.read()
    assert any(form in content for form in forms_of(SECRET)), "npm has no password"
    marks = {name: os.stat(name).st_mtime_ns for name in (npmrc, config, os.path.join(controller.home, ".local/share/proxyrc/plain.json"))}
    for options in ((), ("--check", "--diff")):
        told = controller.module(wanted, *options)
        assert told["changed"] is False and told["files"] == [], told
    assert marks == {name: os.stat(name).st_mtime_ns for name in marks}, "a run that changes nothing writes"
    told = controller.module({**wanted, "no_proxy": ["localhost"]}, "--check", "--diff")
    assert told["changed"] is True and ".example.com" in told["diff"][0]["before"] and ".example.com" not in told["diff"][0]["after"]
    told = controller.module({"name": "office", "state": "direct"})
    assert told["changed"] is True
    with open(npmrc, encoding="utf-8") as file:
        assert "proxy" not in file.read()
    assert controller.module({"name": "office", "state": "absent"})["changed"] is True
    assert controller.module({"name": "office", "state": "absent"})["changed"] is False


@with_controller
def what_is_wrong_is_told(controller):
    told = controller.module({"name": "office", "https": "ftp://x:1"}, exit=2)
    assert "https" in told["msg"] and not os.path.exists(os.path.join(controller.home, ".config")), told
    told = controller.module({"name": "office", "scope": "system", "https": PROXY, "password": SECRET}, exit=2)
    assert "no secrets" in told["msg"], told
    vault = {"name": "office", "http": PROXY, "https": PROXY, "user": "joe", "password": SECRET, "store": "vault", "check": False}
    told = controller.module(vault, exit=2)
    assert told["rc"] == 5 and "passphrase" in told["msg"], told
    told = controller.module({**vault, "passphrase": "correct horse battery"})
    assert told["changed"] is True and os.path.exists(os.path.join(controller.home, ".gitconfig")), told
    assert controller.module({**vault, "passphrase": "correct horse battery"})["changed"] is False


# The hosts

START = """
set -e
mount --make-rprivate /
mount -t tmpfs none /run
mkdir -p /run/sshd
mount --bind {dir}/passwd /etc/passwd
mount --bind {dir}/group /etc/group
mount --bind {dir}/root /root
mkdir -p /etc/xdg/proxyrc
mount --bind {dir}/xdg /etc/xdg/proxyrc
exec /usr/sbin/sshd -D -e -f {dir}/sshd_config
"""


class Host:
    """A network namespace with an address, and an sshd in it that sees users and homes of its own."""

    def __init__(self, controller, number):
        self.name = "prc%d-%d" % (os.getpid() % 100000, number)
        self.dir = os.path.join(controller.top, self.name)
        self.ours, self.address = "10.213.%d.1" % (100 + number), "10.213.%d.2" % (100 + number)
        self.process = None
        self.users = {"ann": 300001 + 10 * number, "bob": 300002 + 10 * number}
        for folder in ("root", "xdg", "home"):
            os.makedirs(os.path.join(self.dir, folder))
        os.chmod(self.dir + "/root", 0o700)
        with open("/etc/passwd", encoding="utf-8") as file:
            lines = [line for line in file if int(line.split(":")[2]) < 1000]
        lines += ["%s:x:%d:%d::%s/home/%s:/bin/bash\n" % (user, uid, uid, self.dir, user) for user, uid in self.users.items()]
        for name, content in (("passwd", lines), ("group", ["root:x:0:\n"])):
            with open(os.path.join(self.dir, name), "w", encoding="utf-8") as file:
                file.writelines(content)
        for user, uid in self.users.items():
            home = os.path.join(self.dir, "home", user)
            os.mkdir(home)
            with open(home + "/.npmrc", "w", encoding="utf-8") as file:
                file.write("proxy=http://old.example:1\n")
            for path in (home + "/.npmrc", home):
                os.chown(path, uid, uid)

    def start(self, key):
        for command in (("netns", "add", self.name), ("link", "add", self.name + "a", "type", "veth", "peer", "name", self.name + "b"),
                        ("link", "set", self.name + "b", "netns", self.name), ("addr", "add", self.ours + "/30", "dev", self.name + "a"),
                        ("link", "set", self.name + "a", "up"), ("-n", self.name, "addr", "add", self.address + "/30", "dev", self.name + "b"),
                        ("-n", self.name, "link", "set", self.name + "b", "up"), ("-n", self.name, "link", "set", "lo", "up")):
            done = subprocess.run(["ip", *command], stderr=subprocess.PIPE)
            if done.returncode != 0:
                return done.stderr.decode().strip()
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.dir + "/host_key"], check=True)
        with open(self.dir + "/sshd_config", "w", encoding="utf-8") as file:
            file.write("Port 2222\nListenAddress %s\nHostKey %s/host_key\nPermitRootLogin prohibit-password\nAuthorizedKeysFile %s.pub\nStrictModes no\nUsePAM no\n"
                       "PidFile none\nPasswordAuthentication no\nAcceptEnv PROXYRC_TOOLS_DIR\nSubsystem sftp internal-sftp\n" % (self.address, self.dir, key))
        with open(self.dir + "/log", "wb") as log:
            self.process = subprocess.Popen(["ip", "netns", "exec", self.name, "unshare", "-m", "sh", "-c", START.format(dir=self.dir)], stdout=log, stderr=log,
                                            start_new_session=True)
        for _ in range(600):
            try:
                socket.create_connection((self.address, 2222), 1).close()
                return None
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        with open(self.dir + "/log", encoding="utf-8") as log:
            return "no sshd: " + log.read()[-300:]

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait()
        pids = subprocess.run(["ip", "netns", "pids", self.name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.split()
        for pid in pids:  # the sessions that this sshd has left
            os.kill(int(pid), signal.SIGKILL)
        subprocess.run(["ip", "netns", "del", self.name], stderr=subprocess.DEVNULL)
        subprocess.run(["ip", "link", "del", self.name + "a"], stderr=subprocess.DEVNULL)

    def read(self, path):
        with open(os.path.join(self.dir, path), encoding="utf-8") as file:
            return file.read()


@with_controller
def two_hosts_by_ssh(controller):
    """The role: a profile for all users, each home served, and nothing to do the second time."""
    if os.geteuid() != 0 or not all(shutil.which(name, path=controller.env["PATH"]) for name in ("ip", "unshare", "sshd", "ssh", "ssh-keygen")):
        return "SKIP root, ip, unshare, sshd and ssh are needed"
    existed = os.path.isdir("/etc/xdg/proxyrc")
    hosts = [Host(controller, number) for number in (1, 2)]
    key = os.path.join(controller.top, "key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    try:
        for host in hosts:
            why = host.start(key)
            if why is not None:
                return "SKIP " + why
        inventory = os.path.join(controller.top, "hosts")
        with open(inventory, "w", encoding="utf-8") as file:
            for host in hosts:
                file.write("%s ansible_host=%s\n" % (host.name, host.address))
            file.write("[all:vars]\nansible_port=2222\nansible_user=root\nansible_ssh_private_key_file=%s\nansible_ssh_common_args='-F /dev/null -o "
                       "UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o ControlMaster=no'\n" % key)
        role = json.dumps([{"hosts": "all", "gather_facts": False, "environment": {"PROXYRC_TOOLS_DIR": controller.env["PROXYRC_TOOLS_DIR"]},
                            "roles": [{"role": "proxyrc.proxyrc.profile", "proxyrc_proxy": PROXY, "proxyrc_executable": PROGRAM}]}])
        told = controller.play(role, "--check", inventory=inventory)
        assert len(told) == 2 and all(row["changed"] for row in told.values()) and not os.listdir(hosts[0].dir + "/xdg"), told
        told = controller.play(role, "--diff", inventory=inventory)
        assert all(row["changed"] and row["complete"] and [home["user"] for home in row["homes"]] == ["ann", "bob"] for row in told.values()), told
        for host in hosts:
            assert PROXY in host.read("xdg/proxyrc.cfg") and os.stat(host.dir + "/xdg/proxyrc.cfg").st_mode & 0o777 == 0o644
            for user, uid in host.users.items():
                assert "proxy=" + PROXY in host.read("home/%s/.npmrc" % user)
                assert os.stat(os.path.join(host.dir, "home", user, ".gitconfig")).st_uid == uid
        told = controller.play(role, inventory=inventory)
        assert len(told) == 2 and not any(row["changed"] for row in told.values()), told
        with open(hosts[1].dir + "/home/bob/.npmrc", "a", encoding="utf-8") as file:
            file.write("https-proxy=http://elsewhere.example:1\n")
        told = controller.play(role, inventory=inventory)
        assert [row["changed"] for _, row in sorted(told.items())] == [False, True], told
    finally:
        for host in hosts:
            host.stop()
        if not existed and os.path.isdir("/etc/xdg/proxyrc"):
            os.rmdir("/etc/xdg/proxyrc")
    return "2 hosts"


def main():
    taps = Taps()
    for case in (pages, sanity, one_user, what_is_wrong_is_told, two_hosts_by_ssh):
        taps.run(case.__name__, case)
    return taps.done()


sys.exit(main())
