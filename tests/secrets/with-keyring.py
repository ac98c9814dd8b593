#!/usr/bin/env python3
"""with-keyring.py PROGRAM [ARGUMENT…]: runs it on a session bus of its own, with an open GNOME Keyring on it"""
import os
import subprocess
import sys

from keyring import Bus


def main():
    bus = Bus()
    try:
        env = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus.address, "PRC_TEST_KEYRING": "1"}
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode
    finally:
        bus.close()


sys.exit(main())
