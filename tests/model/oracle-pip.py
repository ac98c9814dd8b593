# What pip makes of proxy URLs, by the libraries that it carries: one per line on stdin, in hex; on stdout
# "scheme host port credentials", the last in hex as they go over the wire, "-" for none; or "error".
import base64
import sys

from pip._vendor.requests.adapters import HTTPAdapter
from pip._vendor.requests.utils import prepend_scheme_if_needed
from pip._vendor.urllib3.util import parse_url


def read(text):
    proxy = prepend_scheme_if_needed(text, "http")
    if not parse_url(proxy).host:
        return "error"
    manager = HTTPAdapter().proxy_manager_for(proxy)
    header = manager.proxy_headers.get("Proxy-Authorization")
    sent = base64.b64decode(header.split(" ", 1)[1]).hex() if header else "-"
    return "%s %s %d %s" % (manager.proxy.scheme, manager.proxy.host.strip("[]"), manager.proxy.port, sent)


for line in sys.stdin:
    try:
        print(read(bytes.fromhex(line.strip()).decode("utf-8")))
    except Exception:
        print("error")
