#!/usr/bin/env python3
"""test-stories.py PROGRAM: whole stories, from a home with nothing in it to tools that pass a real proxy, or that are
said not to. Prints TAP."""
import os
import re
import sys
import tempfile

import fixture
from clients import CLIENTS, missing_clients
from person import Person, Problem, encodings
from rig.faults import PASSWORD, USER
from rig.servers import PROXY_CA, Rig

FIRST, SECOND, MISTYPED = "f1rst@pass:w/rd#", "s3cond%p@ss w\"rd", "m1styped-one"


class Story:
    """A fresh home at a proxy of the rig."""

    def __init__(self, program, rig, missing):
        self.program, self.rig, self.missing = program, rig, missing

    def clients(self, *names):
        return [client for client in CLIENTS if client.name not in self.missing and (not names or client.name in names)]

    def pass_with(self, person, user, server, *names):
        """These tools, over http and https, each for its own login at the proxy."""
        for client in self.clients(*names):
            for tls in (False, True):
                person.use_tool(client, self.rig.site, tls, self.rig[server].real, user)

    def profile(self, person, server, *more):
        url = self.rig[server].url
        person.prc("profile", "add", "office", "http=" + url, "https=" + url, "no_proxy=.corp.test", "ca=" + self.rig.site.ca, *more)

    def shell_passes(self, person, squid, user):
        """Programs that know only the environment, here wget, pass from a login shell."""
        url = self.rig.site.url("/plain.txt?from=wget")
        script, environment = fixture.login_shell("wget -q -O - '%s'" % url, person.home)
        done = fixture.run(script, environment, cwd=person.home)
        if done.out != b"through\n":
            raise Problem("wget: exit %s %s" % (done.status, done.err.decode(errors="replace")))

    def left_out(self, answer, *names):
        """These tools are named in the warnings, with a reason."""
        for name in names:
            if not any(warning.startswith(name + " ") or " %s " % name in warning for warning in answer.get("warnings", [])):
                raise Problem("apply does not say that %s is left out: %s" % (name, answer.get("warnings")))

    def ntlm_only(self, home):
        """A proxy that wants NTLM: git and curl pass, and pip and npm, which can't, never send the password."""
        person = Person(self.program, home, [(USER, PASSWORD)])
        squid = self.rig["squid-ntlm"]
        self.profile(person, "squid-ntlm", "auth=ntlm")
        person.prc("login", "--user", USER, "--no-check", "--store", "plain", secret=PASSWORD)
        status, answer = person.prc_json("apply")
        self.left_out(answer, "npm", "pip")
        if status != 1:
            raise Problem("apply: exit %d, though tools are left out" % status)
        self.pass_with(person, USER, "squid-ntlm", "git", "curl")
        before = squid.counts()["credentials"]
        for client in self.clients("npm", "pip"):
            if person.try_tool(client, self.rig.site, True) is None:
                raise Problem("%s passes" % client.name)
        if squid.counts()["credentials"] != before or squid.real.failed_logins():
            raise Problem("a tool that can't do NTLM has sent the password")

    def ntlm_by_reference(self, home):
        """The same, and no file holds the password: git asks for it, curl takes the environment's."""
        person = Person(self.program, home, [(USER, PASSWORD)])
        squid = self.rig["squid-ntlm"]
        before, failed = squid.counts()["credentials"], squid.real.failed_logins()
        self.profile(person, "squid-ntlm", "auth=ntlm", "placement=reference")
        person.prc("login", "--user", USER, "--no-check", "--store", "plain", secret=PASSWORD)
        self.left_out(person.prc_json("apply")[1], "npm", "pip")
        for client in self.clients("npm", "pip"):
            if person.try_tool(client, self.rig.site, True) is None:
                raise Problem("%s passes" % client.name)
        if squid.counts()["credentials"] != before or squid.real.failed_logins() != failed:
            raise Problem("a tool that can't do NTLM has sent the password")
        self.pass_with(person, USER, "squid-ntlm", "git", "curl")

    def negotiate_only(self, home):
        """A proxy that wants a Kerberos ticket: git and curl pass without any password."""
        person = Person(self.program, home, [(USER, PASSWORD)], **self.rig.ticket())
        self.profile(person, "squid-negotiate", "auth=negotiate")
        person.prc_json("apply")
        self.pass_with(person, USER + "@RIG.TEST", "squid-negotiate", "git", "curl")


    def five_tools(self, person, squid, user):
        for client in self.clients():
            for tls in (False, True):
                person.use_tool(client, self.rig.site, tls, squid, user)
        self.shell_passes(person, squid, user)

    @staticmethod
    def nothing_is_stored(person, password, when):
        left = [name for name, text in files(person.home).items() if any(needle in text for needle in encodings("jdoe", password))]
        if left:
            raise Problem("%s has left the password in %s" % (when, ", ".join(left)))

    def first_start(self, home):
        """From nothing to five tools that pass: a profile, a login that is tried on the proxy, apply. A mistyped password
        is noticed at once, costs one failed login, and is kept nowhere."""
        person = Person(self.program, home, [("jdoe", FIRST), ("jdoe", MISTYPED)])
        with fixture.Squid({"jdoe": FIRST}) as squid:
            person.prc("profile", "add", "office", "http=" + squid.url, "https=" + squid.url, "no_proxy=.corp.test",
                       "ca=" + self.rig.site.ca, "user=jdoe", "check_url=" + self.rig.site.url(tls=True))
            person.prc("login", "--store", "plain", secret=MISTYPED, expected=(1,))
            self.nothing_is_stored(person, MISTYPED, "login")
            if squid.failed_logins() != 1:
                raise Problem("a mistyped password has cost %d failed logins" % squid.failed_logins())
            person.prc("login", "--store", "plain", secret=FIRST)
            person.prc_json("apply", expected=(0,))
            person.prc_json("check", expected=(0,))
            self.five_tools(person, squid, "jdoe")
            person.prc_json("status", expected=(0,))
            if squid.failed_logins() != 1:
                raise Problem("failed logins: %s" % squid.logins())

    def password_changes(self, home):
        """The password changes at the proxy. One command, and all five tools pass; nobody has sent a wrong one."""
        person = Person(self.program, home, [("jdoe", FIRST), ("jdoe", SECOND), ("jdoe", MISTYPED)])
        with fixture.Squid({"jdoe": FIRST}) as squid:
            person.prc("profile", "add", "office", "http=" + squid.url, "https=" + squid.url, "no_proxy=.corp.test",
                       "ca=" + self.rig.site.ca, "user=jdoe", "check_url=" + self.rig.site.url(tls=True))
            person.prc("login", "--store", "plain", secret=FIRST)
            person.prc_json("apply", expected=(0,))
            self.five_tools(person, squid, "jdoe")
            squid.set_users({"jdoe": SECOND})
            before = files(home)
            person.prc("passwd", secret=MISTYPED, expected=(1,))
            if squid.failed_logins() != 1:
                raise Problem("a mistyped one has cost %d failed logins" % squid.failed_logins())
            if {name: text for name, text in files(home).items() if "/.local/state/" not in name} != \
                    {name: text for name, text in before.items() if "/.local/state/" not in name}:
                raise Problem("a mistyped one has changed files")
            person.prc_json("passwd", secret=SECOND, expected=(0,))
            if squid.failed_logins() != 1:
                raise Problem("after passwd there are %d failed logins more" % (squid.failed_logins() - 1))
            self.five_tools(person, squid, "jdoe")
            if squid.failed_logins() != 1:
                raise Problem("a tool still had the old password: %s" % squid.logins())
            left = [name for name, text in files(home).items() if any(needle in text for needle in encodings("jdoe", FIRST))]
            if left:
                raise Problem("the old password is still in " + ", ".join(left))

    def password_changes_by_reference(self, home):
        """No file holds it, so none changes: the next login has the new one."""
        person = Person(self.program, home, [("jdoe", FIRST), ("jdoe", SECOND)])
        with fixture.Squid({"jdoe": FIRST}) as squid:
            person.prc("profile", "add", "office", "http=" + squid.url, "https=" + squid.url, "no_proxy=.corp.test",
                       "ca=" + self.rig.site.ca, "user=jdoe", "check_url=" + self.rig.site.url(tls=True), "placement=reference")
            person.prc_json("apply", expected=(0,))  # before there is any password
            person.prc("login", "--store", "plain", secret=FIRST)
            person.prc("status", expected=(0,))
            self.five_tools(person, squid, "jdoe")
            squid.set_users({"jdoe": SECOND})
            mine = {name: text for name, text in files(home).items() if "/.local/" not in name}
            person.prc_json("passwd", secret=SECOND, expected=(0,))
            if {name: text for name, text in files(home).items() if "/.local/" not in name} != mine:
                raise Problem("passwd has changed files that hold no password")
            self.five_tools(person, squid, "jdoe")
            person.prc("status", expected=(0,))
            if squid.failed_logins():
                raise Problem("%d failed logins" % squid.failed_logins())

    def tools_as_check_says(self, home):
        """What `check` says of each tool is what the real one then does, by itself, and with the `auth` that it names."""
        wrong = []
        for server, ticket in (("squid-basic", False), ("squid-digest", False), ("squid-digest-basic", False), ("squid-ntlm", False),
                               ("squid-negotiate", True), ("squid-multi", False), ("squid-multi", True), ("squid-tls", False)):
            place = os.path.join(home, "%s-%s" % (server, ticket))
            os.mkdir(place)
            more = self.rig.ticket() if ticket else {"KRB5CCNAME": "FILE:%s/none" % place}
            where = server + (" with a ticket" if ticket else "")
            wrong += ["%s: %s" % (where, problem)
                      for problem in self.tools_that_disagree(Person(self.program, place, [(USER, PASSWORD)], **more), server)]
        if wrong:
            raise Problem("\n".join(wrong))

    def tools_that_disagree(self, person, server):
        ca = self.rig.bundle(PROXY_CA)
        url = self.rig[server].url
        person.prc("profile", "add", "office", "http=" + url, "https=" + url, "no_proxy=.corp.test", "ca=" + ca,
                   "check_url=" + self.rig.site.url(tls=True))
        person.prc("login", "--user", USER, "--no-check", "--store", "plain", secret=PASSWORD)
        person.prc_json("apply")
        _, answer = person.prc_json("check", expected=(0,))
        for client in self.clients():
            chance = next(tool for tool in answer["tools"] if tool["name"] == client.name)
            said = person.try_tool(client, self.rig.site, True)
            if (said is None) != (chance["could_pass"] and chance["why"] is None):
                yield "check says of %s: %s, and it says: %s" % (client.name, chance, said)
            named = re.search(r"auth=(\w+)", chance["why"] or "")
            if chance["could_pass"] and named:
                person.prc("profile", "set", "office", "auth=" + named.group(1))
                person.prc_json("apply")
                said = person.try_tool(client, self.rig.site, True)
                person.prc("profile", "set", "office", "auth=")
                person.prc_json("apply")
                if said is not None:
                    yield "with %s, %s says: %s" % (named.group(), client.name, said)


def files(home):
    """{path: bytes} of all files."""
    found = {}
    for folder, _, names in os.walk(home):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as stream:
                    found[path] = stream.read()
    return found


STORIES = [Story.first_start, Story.password_changes, Story.password_changes_by_reference, Story.ntlm_only, Story.ntlm_by_reference, Story.negotiate_only, Story.tools_as_check_says]
SERVERS = ["squid-basic", "squid-digest", "squid-digest-basic", "squid-ntlm", "squid-negotiate", "squid-multi", "squid-tls"]


def main(argv):
    fixture.stop_on_signals()
    if not os.path.exists(argv[1]):
        raise fixture.Missing("%s is not built" % argv[1])
    missing = missing_clients()
    for reason in missing.values():
        print("# skipped: " + reason)
    with Rig(SERVERS) as rig:
        tap = fixture.Tap(len(STORIES))
        story = Story(os.path.abspath(argv[1]), rig, missing)
        for tell in STORIES:
            problems = []
            with tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
                try:
                    tell(story, home)
                except Problem as problem:
                    problems.append(str(problem))
            tap.report(tell.__name__.replace("_", " "), problems)
        return 1 if tap.failed else 0


if __name__ == "__main__":
    fixture.run_main(main, sys.argv)
