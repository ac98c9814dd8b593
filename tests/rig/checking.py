"""checking.py - what must be true of whatever `proxyrc check` prints, at any proxy"""
import base64
import collections
import json
import re

from .faults import USER

# past the deadline that the program was given: machines are slow
GRACE = 20
KEYS = {"version", "verdict", "credential", "proxy", "url", "http_status", "schemes", "scheme_used", "attempts", "elapsed_ms", "detail",
        "remedy"}
# controls, and what changes the direction of text
RAW = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

Answer = collections.namedtuple("Answer", "status json text seconds")


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def judge(done, seconds, password, text=False):
    """(Answer, problems) of a run that ended; @text: without --json."""
    problems, answer = [], None
    if done.status is None:
        return Answer(None, {}, "", seconds), ["it did not keep its deadline: no end after %d s" % seconds]
    try:
        out, err = done.out.decode(), done.err.decode()
    except UnicodeDecodeError as error:
        return Answer(done.status, {}, "", seconds), ["prints what is not UTF-8: %s" % error]
    said = [out, err]
    if not text:
        try:
            answer = json.loads(out)
        except ValueError:
            return Answer(done.status, {}, out + err, seconds), ["exit %s, stdout is not JSON: %r %r" % (done.status, out[:300], err[:600])]
        said += strings(answer)
    for piece in said:
        if RAW.search(piece):
            problems.append("prints raw: %a" % piece[:400])
        for needle in filter(None, (password, base64.b64encode((USER + ":" + password).encode()).decode() if password else "")):
            if len(password) > 5 and needle in piece:
                problems.append("shows the password")
    return Answer(done.status, answer, out + err, seconds), problems
