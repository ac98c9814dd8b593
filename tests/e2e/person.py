"""person.py - somebody with a home, who runs proxyrc and the real tools in it, and whose password is never to be seen"""
import base64
import json
import os
import re
import urllib.parse

import fixture


class Problem(Exception):
    pass


def encodings(user, password):
    """Every way in which this password might stand in a file."""
    forms = set()
    for raw in (password, password.encode().decode("latin-1")):
        quoted = urllib.parse.quote(raw, safe="")
        forms |= {raw, quoted, quoted.lower(), urllib.parse.quote(raw, safe="!$&'()*+,;=:@ "), urllib.parse.quote(quoted, safe=""),
                  quoted.replace("%", "%%"), json.dumps(raw)[1:-1], json.dumps(raw, ensure_ascii=False)[1:-1],
                  raw.replace("\\", "\\\\").replace('"', '\\"'), raw.replace("'", "'\\''"), raw.replace("'", "\\'"),
                  re.sub(r'(["\\$`])', r"\\\1", raw), re.sub(r"(\W)", r"\\\1", raw), raw.replace("$", "$$"), raw.replace("!", "\\!"),
                  base64.b64encode(raw.encode()).decode().rstrip("="),
                  base64.b64encode(("%s:%s" % (user, raw)).encode()).decode().rstrip("=")}
    found = {form.encode() for form in forms}
    try:
        found.add(password.encode("latin-1"))
    except UnicodeEncodeError:
        pass
    return found


class Person:
    """@secrets: [(user, password)], which no output may show. @own: for the environment of proxyrc; @more: also of the tools."""

    def __init__(self, program, home, secrets, own=None, **more):
        self.program, self.home, self.own, self.more = program, home, {**more, **(own or {})}, more
        self.needles = set().union(*(encodings(user, password) for user, password in secrets))

    def shows(self, output):
        return any(needle in output for needle in self.needles)

    def prc(self, *arguments, secret=None, expected=(0,)):
        """Runs proxyrc; a secret goes in by a descriptor of its own."""
        fds = ()
        if secret is not None:
            reader, writer = os.pipe()
            os.write(writer, secret.encode() + b"\n")
            os.close(writer)
            arguments, fds = arguments + ("--password-fd", str(reader)), (reader,)
        try:
            done = fixture.run([self.program, *arguments], fixture.clean_environment(self.home, **self.own), cwd=self.home, pass_fds=fds)
        finally:
            for fd in fds:
                os.close(fd)
        output = done.out + done.err
        if self.shows(output):
            raise Problem("%s shows the password" % arguments[0])
        if done.status not in expected:
            raise Problem("%s: exit %s\n%s" % (" ".join(arguments), done.status, output.decode(errors="replace")[-2000:]))
        return done

    def prc_json(self, *arguments, secret=None, expected=(0, 1)):
        done = self.prc(*arguments, "--json", secret=secret, expected=expected)
        try:
            answer = json.loads(done.out)
        except ValueError:
            raise Problem("%s: stdout is not JSON" % arguments[0])
        if answer.get("version") != 1:
            raise Problem("%s: no \"version\": 1" % arguments[0])
        return done.status, answer

    def try_tool(self, client, site, tls):
        """Runs one real tool in a login shell of this home; None, or what it said instead of what was asked for."""
        folder = "work-" + client.name
        os.makedirs(os.path.join(self.home, folder), exist_ok=True)
        script, environment = fixture.login_shell("cd %s && %s" % (folder, client.script(site, tls)), self.home, **self.more)
        done = fixture.run(script, environment, cwd=self.home)
        if done.status == 0 and client.succeeded(site, done):
            return None
        said = (done.out + done.err).decode(errors="replace")
        return "exit %s\n%s" % (done.status, "(its output holds the password)" if self.shows(done.out + done.err) else said)

    def use_tool(self, client, site, tls, squid, user):
        """The same, and squid must have seen @user."""
        said = self.try_tool(client, site, tls)
        if said is not None:
            raise Problem("%s: %s" % (client.name, said))
        if not squid.has_let_through(user, client.target(site, tls)):
            raise Problem("%s: the proxy's log does not have the user at %s" % (client.name, client.target(site, tls)))
