# Which proxy `pip install` would use, by its own code: lines of JSON {env: [[NAME, VALUE]…], cwd, url} on stdin; on stdout
# "direct", "proxy HOST PORT" or "fail" for each.
import json
import logging
import os
import sys

from pip._internal.commands import create_command
from pip._vendor.requests import adapters
from pip._vendor.requests.utils import prepend_scheme_if_needed, select_proxy

logging.disable(logging.CRITICAL)


class Found(Exception):
    pass


def send(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
    proxy = select_proxy(request.url, proxies)
    if not proxy:
        raise Found("direct")
    self.get_connection(request.url, proxies)
    manager = self.proxy_manager_for(prepend_scheme_if_needed(proxy, "http"))
    raise Found("proxy %s %d" % (manager.proxy.host.strip("[]"), manager.proxy.port))


adapters.HTTPAdapter.send = send


def decide(case):
    os.environ.clear()
    for name, value in case["env"]:
        os.environ[name] = value
    os.chdir(case["cwd"])
    try:
        command = create_command("install", isolated=False)
        options, _ = command.parse_args(["x"])
        session = command._build_session(options, retries=0, timeout=1)
        session.get(case["url"])
    except Found as found:
        return str(found).replace("\n", " ")  # one answer is one line
    except (Exception, SystemExit) as error:
        return "fail %s" % str(error).replace("\n", " ")
    return "fail"


real = os.dup(1)
os.dup2(2, 1)
for line in sys.stdin:
    os.write(real, (decide(json.loads(line)) + "\n").encode())
