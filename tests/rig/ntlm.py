#!/usr/bin/env python3
"""ntlm.py USERS LOG: an NTLM helper for squid that really checks; squid's own ntlm_fake_auth takes any password.

USERS has lines NAME:HASH, where HASH is nt_hash() of the password in hex; it is read anew for each login. Only NTLMv2
counts. LOG as in helper.py. Stands alone but for helper.py, which lies beside it: squid's account runs copies.

The messages are those of [MS-NLMP]: 1 (negotiate) from the client, 2 (challenge) from here, 3 (authenticate) from it.
"""
import base64
import hashlib
import hmac
import os
import struct
import sys
import time

SIGNATURE = b"NTLMSSP\0"
UNICODE, REQUEST_TARGET, NTLM, ALWAYS_SIGN, TARGET_DOMAIN, EXTENDED, TARGET_INFO, KEY_128, KEY_56 = (
    0x1, 0x4, 0x200, 0x8000, 0x10000, 0x80000, 0x800000, 0x20000000, 0x80000000)
FLAGS = UNICODE | REQUEST_TARGET | NTLM | ALWAYS_SIGN | TARGET_DOMAIN | EXTENDED | TARGET_INFO | KEY_128 | KEY_56
DOMAIN = "RIG"


def rotate(value, by):
    value &= 0xFFFFFFFF
    return value << by & 0xFFFFFFFF | value >> (32 - by)


MD4_ROUNDS = (
    (lambda x, y, z: x & y | ~x & z, 0, range(16), (3, 7, 11, 19)),
    (lambda x, y, z: x & y | x & z | y & z, 0x5A827999, (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), (3, 5, 9, 13)),
    (lambda x, y, z: x ^ y ^ z, 0x6ED9EBA1, (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15), (3, 9, 11, 15)),
)


def md4(message):
    """RFC 1320; OpenSSL 3 has it no longer."""
    padded = message + b"\x80" + b"\0" * (-(len(message) + 9) % 64) + struct.pack("<Q", len(message) * 8)
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    for offset in range(0, len(padded), 64):
        block = struct.unpack_from("<16I", padded, offset)
        a, b, c, d = state
        for mix, constant, order, shifts in MD4_ROUNDS:
            for step, index in enumerate(order):
                a, b, c, d = d, rotate(a + mix(b, c, d) + block[index] + constant, shifts[step % 4]), b, c
        state = [(old + new) & 0xFFFFFFFF for old, new in zip(state, (a, b, c, d))]
    return struct.pack("<4I", *state)


def nt_hash(password):
    return md4(password.encode("utf-16-le"))


def challenge_message(challenge):
    name = DOMAIN.encode("utf-16-le")
    # pairs of (id, value): domain, computer, the time as the number of 100 ns since 1601, the end
    now = struct.pack("<Q", int((time.time() + 11644473600) * 10000000))
    info = b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in ((2, name), (1, name), (7, now), (0, b"")))
    head = 56
    return (SIGNATURE + struct.pack("<I", 2) + struct.pack("<HHI", len(name), len(name), head) + struct.pack("<I", FLAGS) + challenge
            + b"\0" * 8 + struct.pack("<HHI", len(info), len(info), head + len(name)) + b"\x0a\0\0\0\0\0\0\x0f" + name + info)


def field(message, offset):
    length, _, start = struct.unpack_from("<HHI", message, offset)
    if start + length > len(message):
        raise ValueError("a field reaches past the end")
    return message[start:start + length]


def judge(message, challenge, hashes):
    """(user, accepted) of an authenticate message."""
    if message[:8] != SIGNATURE or struct.unpack_from("<I", message, 8)[0] != 3:
        raise ValueError("not an authenticate message")
    codec = "utf-16-le" if struct.unpack_from("<I", message, 60)[0] & UNICODE else "latin-1"
    response, domain, user = field(message, 20), field(message, 28).decode(codec), field(message, 36).decode(codec)
    stored = hashes.get(user)
    if stored is None or len(response) < 44:  # 24 bytes: NTLMv1
        return user, False
    key = hmac.digest(stored, (user.upper() + domain).encode("utf-16-le"), hashlib.md5)
    return user, hmac.compare_digest(hmac.digest(key, challenge + response[16:], hashlib.md5), response[:16])


def read_hashes(path):
    hashes = {}
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            name, _, value = line.rstrip("\n").rpartition(":")
            hashes[name] = bytes.fromhex(value)
    return hashes


def main(users, log):
    from helper import note
    challenge = None
    for line in sys.stdin:
        word, _, blob = line.strip().partition(" ")
        try:
            message = base64.b64decode(blob)
            if word == "YR":
                challenge = os.urandom(8)
                answer = "TT " + base64.b64encode(challenge_message(challenge)).decode()
            elif word == "KK" and challenge is not None:
                user, accepted = judge(message, challenge, read_hashes(users))
                note(log, user, accepted)
                answer = "AF " + user if accepted else "NA wrong password"
                challenge = None
            else:
                answer = "BH unexpected"
        except (ValueError, struct.error, OSError) as error:
            answer = "BH %s" % error
        print(answer, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
