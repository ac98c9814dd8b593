"""bare.py PORT METHOD TARGET CREDENTIAL [CA]: two requests to a proxy over a bare socket, without and with the credential

Prints the statuses, and the seconds that both took together, in a process that has done nothing else before but to load what
Python needs for them. With CA also TLS to the site, and its answer.
"""
import encodings.idna  # noqa: F401  (Python would load it when it first sees a host's name)
import socket
import ssl
import sys
import time


def ask(port, method, target, credential, ca):
    """One request on a connection of its own; with @ca also TLS to the site, and its answer. The status."""
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", port))
        field = "Proxy-Authorization: Basic %s\r\n" % credential if credential else ""
        host = target.rpartition("//")[2].strip("/")
        connection.sendall(("%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (method, target, host, field)).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
        status = int(head.split(b" ", 2)[1])
        if ca is not None and status == 200:
            context = ssl.create_default_context(cafile=ca)
            with context.wrap_socket(connection, server_hostname=target.partition(":")[0]) as tunnel:
                tunnel.sendall(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % target.encode())
                if not tunnel.recv(65536).startswith(b"HTTP/1.1 200 "):
                    sys.exit("bare: the site does not answer")
        return status


def main():
    port, method, target, credential, ca = [*sys.argv[1:], None][:5]
    begin = time.perf_counter()
    statuses = [ask(int(port), method, target, given, ca if given else None) for given in (None, credential)]
    end = time.perf_counter()
    print(*statuses, end - begin)


if __name__ == "__main__":
    main()
