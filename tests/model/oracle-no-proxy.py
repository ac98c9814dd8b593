# Whether pip reaches hosts directly: lines "LIST\tHOST" on stdin; on stdout D (direct) or P (proxy) for each.
import sys

from pip._vendor.requests.utils import should_bypass_proxies

for line in sys.stdin:
    no_proxy, host = line.rstrip("\n").split("\t")
    print("D" if should_bypass_proxies("http://%s/" % host, no_proxy) else "P")
