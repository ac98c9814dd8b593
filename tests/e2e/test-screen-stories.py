#!/usr/bin/env python3
"""test-screen-stories.py PROGRAM: the same stories with nothing but the keyboard: from the first screen to five tools that
pass a real squid, and from a changed password to five that pass again. Prints TAP."""
import os
import sys
import tempfile
import time

import fixture
from clients import CLIENTS, missing_clients
from person import Person, Problem, encodings
from screen import Screen

FIRST, SECOND, MISTYPED = "f1rst@pass:w/rd#", "s3cond%p@ss wörd", "m1styped-one"


class Sitting:
    """Somebody before the screen, in a home with nothing in it."""

    def __init__(self, program, site, squid, home, missing):
        self.program, self.site, self.squid, self.missing = program, site, squid, missing
        self.person = Person(program, home, [("jdoe", FIRST), ("jdoe", SECOND), ("jdoe", MISTYPED)])

    def start(self):
        return Screen([self.program], fixture.clean_environment(self.person.home))

    @staticmethod
    def go_to(screen, label):
        """Down, as far as the field with this label."""
        for _ in range(30):
            if label in "".join(screen.grid.rows[screen.grid.y]):
                return
            screen.keys("Down")
        raise Problem("no field “%s”:\n%s" % (label, screen.grid.text()))

    def fill_in(self, screen, label, text):
        self.go_to(screen, label)
        screen.keys("C-u")
        screen.send(text)
        screen.settle()

    def first_start(self, screen):
        screen.see("How shall it begin?")
        screen.keys("Enter")
        screen.see("Check with")
        self.fill_in(screen, "Proxy  ", self.squid.url)
        self.fill_in(screen, "User name", "jdoe")
        self.fill_in(screen, "CA file", self.site.ca)
        self.fill_in(screen, "Check with", self.site.url(tls=True))
        screen.keys("C-s")
        screen.see("Log in")
        self.go_to(screen, "Keep it")
        for _ in range(6):
            if "plain" in "".join(screen.grid.rows[screen.grid.y]):
                break
            screen.keys("Right")
        screen.keys("Up Up Up")
        self.go_to(screen, "Password")

    def log_in(self, screen, password, field="Password"):
        self.go_to(screen, field)
        screen.keys("C-u")
        screen.paste(password)
        screen.keys("C-s")

    def five_tools(self):
        for client in CLIENTS:
            if client.name not in self.missing:
                for tls in (False, True):
                    self.person.use_tool(client, self.site, tls, self.squid, "jdoe")
        script, environment = fixture.login_shell("wget -q -O - '%s'" % self.site.url("/plain.txt?wget"), self.person.home)
        done = fixture.run(script, environment, cwd=self.person.home)
        if done.out != b"through\n":
            raise Problem("wget: exit %s %s" % (done.status, done.err.decode(errors="replace")))

    def failed(self, number, when):
        if self.squid.failed_logins() != number:
            raise Problem("%s: %d failed logins, not %d" % (when, self.squid.failed_logins(), number))

    def secrets_were_not_shown(self, screen):
        for password in (FIRST, SECOND, MISTYPED):
            if any(needle in screen.raw for needle in encodings("jdoe", password)):
                raise Problem("a password was written to the terminal")

    def tell(self, screen):
        self.first_start(screen)
        self.log_in(screen, MISTYPED)
        screen.see("does not take")
        self.failed(1, "a mistyped password")
        self.log_in(screen, FIRST)
        screen.see("What would be written")
        screen.keys("w y")
        screen.see("files written")
        self.five_tools()
        self.failed(1, "at work")
        yield "first start, to five tools"
        self.squid.set_users({"jdoe": SECOND})
        time.sleep(1.5)  # squid still takes what it took a second ago
        screen.keys("c")
        screen.see("does not take")
        self.failed(2, "one check of the dead password")
        screen.keys("m")
        screen.see("My password has changed")
        self.log_in(screen, SECOND, "New password")
        screen.see("Change the password of office")
        screen.keys("y")
        screen.see("and it is stored")
        self.five_tools()
        self.failed(2, "after the change")
        screen.keys("q q q q")
        self.secrets_were_not_shown(screen)
        yield "changed password, to five tools"


def main(argv):
    fixture.stop_on_signals()
    if not os.path.exists(argv[1]):
        raise fixture.Missing("%s is not built" % argv[1])
    missing = missing_clients()
    for reason in missing.values():
        print("# skipped: " + reason)
    with fixture.Site() as site, fixture.Squid({"jdoe": FIRST}) as squid, tempfile.TemporaryDirectory(prefix="proxyrc-home-") as home:
        tap = fixture.Tap(2)
        sitting = Sitting(os.path.abspath(argv[1]), site, squid, home, missing)
        with sitting.start() as screen:
            try:
                for told in sitting.tell(screen):
                    tap.report(told)
            except (Problem, AssertionError) as problem:
                tap.report("on the way", [str(problem), "the screen:", screen.grid.text()])
        return 1 if tap.failed else 0


if __name__ == "__main__":
    fixture.run_main(main, sys.argv)
