"""generate.py: random homes: files, variables and start-up files in which tools look for a proxy"""
import os

HOSTS = ["example.com", "h.example.com", "a.h.example.com", "myexample.com", "localhost", "10.1.2.3", "10.200.0.1", "host", "other.org", "registry.corp", "10.1", "[::1]", "[fd00::2]", "H.Example.COM",
         "example.com.", "localhost.", "a_b.example.com", "010.1.2.3", "0x7f.1", "[::ffff:10.1.2.3]", "[2001:DB8::1]", "169.254.1.1"]
ENTRIES = ["example.com", ".example.com", "*.example.com", "EXAMPLE.com", "example.com.", "h.example.com", "ample.com", "com", "localhost", "*", "10.0.0.0/8",
           "10.1.2.3", "10.1.2.0/29", "host", "host:80", "host:8080", ".corp", "registry.corp:443", "10.", "10.0.0.1", "10.1", "::1", "[::1]", "fd00::/8", "fd00::2", "other.org", "a.b other.org", " host", "", "127.0.0.1",
           "[::1]:80", "::1/128", "..example.com", "example.com..", "*.h.example.com", "*example.com", "h.*.com", "http://example.com", "10.0.0.0/33", "10.0.0.0/", "0.0.0.0/0",
           "010.1.2.3", "10.1.2.3/32", "other.org:", "example.com:443x", "host;other.org", "host|other.org", "\thost", "<local>", "!host", "2001:db8::/32", "2001:db8::1", "::ffff:10.1.2.3",
           "a_b.example.com", ".", ",", "localhost.", "169.254.0.0/16", ".example.com.", "h.example.com:8080", "[fd00::2]:8080", "*.*", ".*"]
SPOILED = ["http://a b", "http://p.test:99999", "http://u:p@ss@p.test:31", "http://", "://p.test:31", "http://p.test:x", "'http://p.test:31'", "http://u:p%0a@p.test:31",
           "http://p.test:31\t", "http://u:100%@p.test:31", "gopher://p.test:31", "http://[::1:31", "p.test:31/", "u:p@p.test:31"]


class Home:
    """What one case is made of. Files as name -> text, below the home; variables in their order."""

    def __init__(self, rand):
        self.rand = rand
        self.files = {}
        self.variables = []
        self.shell = "bash"
        self.dir = ""
        self.system = []  # of the files: what lies over the machine's
        self.pam = {}
        self.n_proxies = 0

    def chance(self, percent):
        return self.rand.randrange(100) < percent

    def proxy(self, spoiled=3):
        """A value; each names another host, so that it tells where it came from."""
        self.n_proxies += 1
        n = self.n_proxies
        if self.chance(spoiled):
            return self.rand.choice(SPOILED)
        scheme = self.rand.choice(["http://"] * 12 + ["https://", "socks5://", "socks5h://", "HTTP://", "socks4://"])
        user = self.rand.choice([""] * 4 + ["joe:secret@", "joe@", "d%5Cu:p%40ss@"])
        port = ":%d" % (3100 + n) if not self.chance(10) else ""
        tail = self.rand.choice(["", "", "", "/", "/x"])
        if scheme == "http://" and user == "" and self.chance(10):
            scheme = ""
        return "%s%sp%d.test%s%s" % (scheme, user, n, port, tail)

    def value(self, empty=8, spoiled=3):
        return "" if self.chance(empty) else self.proxy(spoiled)

    def list(self):
        separator = self.rand.choice([",", ",", ",", ", ", " ,", " "])
        return separator.join(self.rand.choice(ENTRIES) for _ in range(self.rand.randint(1, 4)))

    def url(self):
        scheme = self.rand.choice(["http", "https"])
        port = self.rand.choice([""] * 6 + [":80", ":443", ":8080"])
        user = "joe@" if self.chance(6) else ""
        return "%s://%s%s%s/%s" % (scheme, user, self.rand.choice(HOSTS), port, self.rand.choice(["", "x", "team/r.git"]))

    # Variables

    def name_of_variable(self):
        return self.rand.choice(["http_proxy"] * 4 + ["https_proxy"] * 4 + ["HTTP_PROXY", "HTTPS_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])

    def assignments(self, most):
        """[(name, value)] of proxies and lists."""
        found = []
        for _ in range(self.rand.randint(0, most)):
            if self.chance(30):
                found.append((self.rand.choice(["no_proxy", "no_proxy", "NO_PROXY"]), "" if self.chance(10) else self.list()))
            else:
                found.append((self.name_of_variable(), self.value()))
        if self.chance(4):
            found.append((self.rand.choice(["Http_Proxy", "HTTPS_proxy", "PROXY", "No_Proxy", "All_Proxy"]), self.value()))
        return found

    def own_variables(self):
        """Those of single tools."""
        found = []
        if self.chance(12):
            found.append(("PIP_PROXY", self.value()))
        for name in ("npm_config_proxy", "npm_config_https_proxy", "NPM_CONFIG_PROXY", "npm_config_noproxy", "Npm_Config_Https_Proxy", "npm_config_https-proxy",
                     "npm_config__proxy", "npm_config_proxy_", "NPM_CONFIG_NOPROXY", "npm_config_no_proxy", "npm_config_http_proxy"):
            if self.chance(5):
                found.append((name, self.list() if name.endswith("noproxy") else self.rand.choice([self.value(), "null", "false"])))
        for name in ("PIP_PROXY", "pip_proxy", "PIP_Proxy", "PIP_NO_PROXY", "PIP__PROXY", "PIP_ISOLATED", "PIP_NO_INPUT"):
            if self.chance(2):
                found.append((name, self.rand.choice(["1", "0", "true"]) if name in ("PIP_ISOLATED", "PIP_NO_INPUT") else self.value()))
        if self.chance(3):
            found.append(("REQUEST_METHOD", "GET"))
        if self.chance(3):
            found.append((self.rand.choice(["npm_config_global", "npm_config_location"]), self.rand.choice(["true", "global", "project", "user", "false"])))
        if self.chance(4):
            found += [("GIT_CONFIG_COUNT", self.rand.choice(["2", "3", "1", "0", "", "2 "]))]
            for n in range(3):
                found += [("GIT_CONFIG_KEY_%d" % n, self.rand.choice(["http.proxy", "HTTP.Proxy", "http.%s.proxy" % self.subsection(), "include.path"])), ("GIT_CONFIG_VALUE_%d" % n, self.value())]
        elif self.chance(4):
            found.append(("GIT_CONFIG_PARAMETERS", self.rand.choice(["'http.proxy=%s'", "'http.proxy'='%s'", "'http.https://example.com.proxy=%s'", " 'http.proxy'='%s' 'a.b'"]) % self.value().replace("'", "")))
        elif self.chance(8):
            found += [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", self.rand.choice(["http.proxy", "http.https://example.com.proxy"])), ("GIT_CONFIG_VALUE_0", self.value())]
        return found

    def moving_variables(self, home):
        """Those that say where files are, with the files."""
        found = []
        if self.chance(20):
            found.append(("XDG_CONFIG_HOME", home + "/xdg"))
            self.write_some({"xdg/git/config": self.gitconfig, "xdg/pip/pip.conf": self.pipconf, "xdg/curlrc": self.curlrc, "xdg/.curlrc": self.curlrc})
        if self.chance(8):
            found.append(("CURL_HOME", home + "/curl"))
            self.write_some({"curl/.curlrc": self.curlrc})
        if self.chance(8):
            found.append(("WGETRC", home + "/wget/rc"))
            self.files["wget/rc"] = self.wgetrc()
        if self.chance(6):
            found.append(("SYSTEM_WGETRC", home + self.rand.choice(["/wget/system", "/wget/system", "/wget/none"])))
            self.files["wget/system"] = self.wgetrc()
        if self.chance(8):
            found.append((self.rand.choice(["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"]), home + "/git/global"))
            self.write_some({"git/global": self.gitconfig})
        if self.chance(4):
            found.append(("GIT_CONFIG_NOSYSTEM", self.rand.choice(["1", "0", "true"])))
        if self.chance(8):
            found.append((self.rand.choice(["npm_config_userconfig", "NPM_CONFIG_USERCONFIG"]), home + "/npm/user"))
            self.write_some({"npm/user": self.npmrc})
        if self.chance(5):
            found.append(("npm_config_globalconfig", home + "/npm/global"))
            self.write_some({"npm/global": self.npmrc})
        if self.chance(5):
            found.append(("npm_config_prefix", home + "/npm/prefix"))
            self.write_some({"npm/prefix/etc/npmrc": self.npmrc})
        if self.chance(8):
            found.append(("PIP_CONFIG_FILE", self.rand.choice([home + "/pip/own", home + "/pip/own", "/dev/null"])))
            self.write_some({"pip/own": self.pipconf})
        if self.chance(6):
            found.append(("XDG_CONFIG_DIRS", home + "/dirs/a:" + home + "/dirs/b"))
            self.write_some({"dirs/a/pip/pip.conf": self.pipconf, "dirs/b/pip/pip.conf": self.pipconf})
        return found

    def write_some(self, makers):
        for name, maker in makers.items():
            if self.chance(70):
                self.files[name] = maker()

    # Files of tools

    def tool_files(self):
        for name, maker, percent in ((".curlrc", self.curlrc, 35), (".config/curlrc", self.curlrc, 8), (".wgetrc", self.wgetrc, 35), (".gitconfig", self.gitconfig, 40),
                                     (".config/git/config", self.gitconfig, 15), (".npmrc", self.npmrc, 40), (".config/pip/pip.conf", self.pipconf, 30), (".pip/pip.conf", self.pipconf, 12)):
            if self.chance(percent):
                self.files[name] = maker()
        if self.chance(30):
            self.project()

    def project(self):
        self.dir = "work/deep" if self.chance(40) else "work"
        self.files[self.dir + "/keep"] = ""
        if self.chance(50):
            self.files["work/.npmrc"] = self.npmrc()
        if self.chance(50):
            self.files["work/package.json"] = "{}"
        if self.chance(50):
            self.files["work/.git/config"] = "[core]\n\trepositoryformatversion = 0\n" + self.gitconfig()
            self.files["work/.git/HEAD"] = "ref: refs/heads/%s\n" % self.rand.choice(["main", "topic/x"])
            self.files["work/.git/objects/keep"] = self.files["work/.git/refs/keep"] = ""
            if self.chance(20):
                self.files["work/.git/config"] = self.files["work/.git/config"].replace("repositoryformatversion = 0", self.rand.choice(["repositoryformatversion = 1", "repositoryformatversion = 0"])
                                                                                       + "\n[extensions]\n\tworktreeConfig = true")
                self.files["work/.git/config.worktree"] = self.gitconfig()
        if self.chance(15):
            self.files["work/package.json"] = '{"workspaces": ["deep", "packages/*"]}'
            self.files["work/deep/package.json"] = '{"name": "deep"}'
            if self.chance(50):
                self.files["work/deep/.npmrc"] = self.npmrc()
        if self.chance(10):
            self.files["work/deep/node_modules/keep"] = ""

    def curlrc(self):
        lines = []
        for _ in range(self.rand.randint(0, 4)):
            kind = self.rand.randrange(100)
            if kind < 50:
                lines.append(self.rand.choice(["proxy = %s", "proxy=%s", "-x %s", "proxy \"%s\"", "proxy: %s", "--proxy %s"]) % (self.value() or '""'))
            elif kind < 60:
                lines.append("%s = %s" % (self.rand.choice(["socks5", "socks5-hostname", "socks4", "proxy1.0", "preproxy"]), "p%d.test:%d" % (self.n_proxies + 50, 3200)))
            elif kind < 85:
                lines.append('noproxy = "%s"' % self.list())
            elif kind < 90:
                lines.append("# proxy = http://comment.test:1")
            elif kind < 93:
                lines.append("no-such-option = 1")
            elif kind < 95:
                lines.append("  proxy = http://indented.test:3999")
            elif kind < 97:
                self.files["more.rc"] = "proxy = %s\n" % (self.value() or '""')
                lines.append("config = \"$HOME/more.rc\"")
            else:
                lines.append(self.rand.choice(["silent", "proxy-basic", "connect-timeout = 5", "noproxy", "no-silent", "proxytunnel", "next", "proxy-user = a:b",
                                               "noproxy = ", "proxy", "proxy =", "-x", "--noproxy \"*\"", "noproxy=*", "xhttp://p99.test:3199", "-xhttp://p98.test:3198", "proxy\thttp://p97.test:3197",
                                               "proxy = 'http://p96.test:3196'", "proxy = \"http://p95.test:3195\" rest", "proxy = http://p94.test:3194 rest", "proxy = \"http:\\/\\/p93.test:3193\"",
                                               "PROXY = http://p92.test:3192", "socks5-gssapi", "proxy-insecure", "disable", "q"]))
        return "\n".join(lines) + "\n"

    def wgetrc(self):
        lines = []
        for _ in range(self.rand.randint(0, 4)):
            kind = self.rand.randrange(100)
            if kind < 55:
                lines.append("%s = %s" % (self.rand.choice(["http_proxy", "https_proxy", "HTTP_Proxy", "https-proxy", "httpproxy"]), self.value()))
            elif kind < 85:
                lines.append("no_proxy = %s" % ("" if self.chance(20) else self.list()))
            elif kind < 93:
                lines.append("%s = %s" % (self.rand.choice(["use_proxy", "use_proxy", "proxy", "useproxy", "Use-Proxy"]), self.rand.choice(["on", "off", "yes", "no", "1", "0", "ON", "true", ""])))
            elif kind < 98:
                lines.append("# http_proxy = http://comment.test:1")
            else:
                lines.append("nonsense = 1")
        return "\n".join(lines) + "\n"

    def subsection(self):
        scheme = self.rand.choice(["http", "https", "HTTPS"])
        user = self.rand.choice([""] * 8 + ["joe@"])
        host = self.rand.choice(["example.com", "h.example.com", "*.example.com", "a.*.example.com", "*", "other.org", "host", "registry.corp", "Example.COM", "10.1.2.3"])
        port = self.rand.choice([""] * 5 + [":80", ":443", ":8080", ":080"])
        path = self.rand.choice(["", "/", "/x", "/team", "/team/", "/team/r", "/team/r.git", "/team/../x", "/%74eam"])
        return "%s://%s%s%s%s" % (scheme, user, host, port, path)

    def gitconfig(self):
        lines = []
        for _ in range(self.rand.randint(0, 4)):
            kind = self.rand.randrange(100)
            if kind < 40:
                lines.append("[http]\n\tproxy = %s" % self.quoted_git(self.value()))
            elif kind < 75:
                lines.append("[http \"%s\"]\n\tproxy = %s" % (self.subsection(), self.quoted_git(self.value())))
            elif kind < 80:
                lines.append("[https]\n\tproxy = http://dead.test:1")
            elif kind < 84:
                lines.append("[remote \"origin\"]\n\turl = https://example.com/team/r.git\n\tproxy = %s" % self.quoted_git(self.value()))
            elif kind < 92:
                self.files["included.git"] = "[http]\n\tproxy = %s\n" % self.quoted_git(self.value())
                condition = self.rand.choice(["[include]", "[include]", "[includeIf \"hasconfig:remote.*.url:https://example.com/**\"]", "[includeIf \"gitdir:/**\"]", "[includeIf \"gitdir:./work/\"]",
                                              "[includeIf \"onbranch:top*\"]", "[includeIf \"nonsense:x\"]", "[includeIf \"gitdir:~/work\"]", "[IncludeIf \"gitdir:~/**/.git\"]", "[includeIf \"gitdir:~/work/\"]", "[includeIf \"gitdir:work/.git\"]", "[includeIf \"gitdir:**/deep/\"]",
                                              "[includeIf \"onbranch:topic/\"]", "[includeIf \"onbranch:main\"]", "[includeIf \"gitdir/i:~/WORK/\"]"])
                lines.append("%s\n\tpath = ~/included.git" % condition)
            elif kind < 95:
                lines.append("[url \"https://%s/\"]\n\tinsteadOf = %s://%s/" % (self.rand.choice(HOSTS), self.rand.choice(["http", "https"]), self.rand.choice(HOSTS)))
            elif kind < 98:
                lines.append("[http]\n\tsslVerify = true")
            else:
                lines.append(self.rand.choice(["[http]\n\tproxy", "[http \"https://never.test\"]\n\tproxy", "[broken"]))
        return "\n".join(lines) + "\n"

    def quoted_git(self, value):
        if value == "" or any(c in value for c in "#;\"\\") or self.chance(20):
            return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')
        return value

    def npmrc(self):
        lines = []
        for _ in range(self.rand.randint(0, 4)):
            kind = self.rand.randrange(100)
            if kind < 60:
                value = self.rand.choice([self.value, self.value, self.value, self.value, self.reference, self.nothing])()
                lines.append("%s%s%s" % (self.rand.choice(["proxy", "https-proxy"]), self.rand.choice(["=", " = "]), value))
            elif kind < 80:
                lines.append("noproxy=%s" % self.list())
            elif kind < 86:
                lines.append("noproxy[]=%s" % self.rand.choice(["example.com", "host", "corp"]))
            elif kind < 88:
                lines.append("[section]")
            elif kind < 92:
                lines.append(self.rand.choice(["https_proxy=http://dead.test:1", "http-proxy=http://dead.test:1", "no-proxy=*", "prefix=${HOME}/npm/moved", "globalconfig=${HOME}/npm/moved/etc/npmrc",
                                               "userconfig=/nowhere", "location=global", "global=true", "proxy", "https-proxy = \"http://q.test:31\" ; c",
                                               "noproxy=", "Proxy=http://dead.test:1", "'proxy'=http://sq.test:31", "\"proxy\"=http://dq.test:31", "proxy = http://c.test:31 # comment"]))
                self.files.setdefault("npm/moved/etc/npmrc", "proxy=http://moved.test:3333\n")
            else:
                lines.append("; proxy=http://comment.test:1")
        return "\n".join(lines) + "\n"

    def reference(self):
        return self.rand.choice(["${HTTP_PROXY}", "${https_proxy}", "http://${USER}:x@p77.test:3177", "${UNSET_THING}", "${UNSET?}", "\\${http_proxy}", "http://${http_proxy}"])

    def nothing(self):
        return self.rand.choice(["null", "false", "true", '"null"', "0", "undefined"])

    def pipconf(self):
        lines = []
        sections = ["global", "install", "download", "list", "DEFAULT", "Global"]
        self.rand.shuffle(sections)
        for section in sections[:self.rand.randint(0, 3)]:
            lines.append("[%s]" % section)
            if self.chance(80):
                lines.append(self.rand.choice(["proxy = %s", "proxy: %s", "Proxy=%s", "--proxy = %s"]) % self.value(empty=15))
            if self.chance(20):
                lines.append("timeout = 5")
            if self.chance(5):
                lines.append("# proxy = http://comment.test:1")
            if self.chance(2):
                lines.append("proxy = http://twice.test:1")
            if self.chance(3):
                lines.append(self.rand.choice(["isolated = true", "no-proxy = *", "proxy-env = x", "PROXY_: http://x.test:1", "pro-xy = 1", "timeout = \n 5", "proxy=\n  http://c.test:1"]))
        return "\n".join(lines) + "\n"


# Start-up files

def quote(value):
    return "'%s'" % value.replace("'", "'\\''")


class Posix:
    """Statements for sh, bash and zsh."""

    def __init__(self, home, shell):
        self.h = home
        self.shell = shell

    def set(self, name, value):
        form = self.h.rand.randrange(5)
        if form == 0:
            return "%s=%s; export %s" % (name, quote(value), name)
        if form == 1:
            return "%s=%s\nexport %s" % (name, quote(value), name)
        if form == 2 and not any(c in value for c in "\"$`\\!"):
            return 'export %s="%s"' % (name, value)
        return "export %s=%s" % (name, quote(value))

    def statements(self, name, value):
        """One or more lines that have to do with the variable."""
        h, kind = self.h, self.h.rand.randrange(100)
        if kind < 55:
            return self.set(name, value)
        if kind < 63:
            return "unset %s" % name
        if kind < 68:
            return "%s=%s" % (name, quote(value))  # not exported, unless it was
        if kind < 73:
            return "export %s" % name
        if kind < 81:
            return "export %s=\"$%s\"" % (name, h.name_of_variable())
        if kind < 84:
            return "PROXY_HOST=p88.test\nexport %s=http://$PROXY_HOST:3188" % name
        if kind < 87:
            return "if [ -d /nonexistent ]; then\n  export %s=%s\nfi" % (name, quote(value))
        if kind < 89:
            return "[ -n \"$SOMETHING\" ] && export %s=%s" % (name, quote(value))
        if kind < 92:
            part = "part%d.sh" % h.rand.randrange(3)
            h.files.setdefault(part, self.set(h.name_of_variable(), h.value()) + "\n")
            return h.rand.choice([". \"$HOME/%s\"", "[ -f ~/%s ] && . ~/%s", ". $HOME/%s", "if [ -r \"$HOME/%s\" ]; then\n  . \"$HOME/%s\"\nfi"]).replace("%s", part)
        if kind < 94:
            return "set_it() { export %s=%s; }%s" % (name, quote(value), h.rand.choice(["", "\nset_it"]))
        if kind < 96 and self.shell == "bash":
            return "export -n %s" % name
        if kind < 98:
            return "case $- in *i*) ;; *) return;; esac"
        return ": ${%s:=%s}\nexport %s" % (name, value if value.isalnum() else "x", name)

    def script(self, most):
        h = self.h
        lines = ["# start-up file"]
        for name, value in h.assignments(most):
            lines.append(self.statements(name, value))
        return "\n".join(lines) + "\n"


class Fish(Posix):
    def set(self, name, value):
        return "set -gx %s '%s'" % (name, value.replace("\\", "\\\\").replace("'", "\\'"))

    def statements(self, name, value):
        h, kind = self.h, self.h.rand.randrange(100)
        if kind < 65:
            return self.set(name, value)
        if kind < 75:
            return "set -e %s" % name
        if kind < 82:
            return "set -gx %s $%s" % (name, h.name_of_variable())
        if kind < 87:
            return "if test -d /nonexistent\n  %s\nend" % self.set(name, value)
        if kind < 92:
            return "if status is-interactive\n  %s\nend" % self.set(name, value)
        if kind < 95:
            return "function turn_on\n  %s\nend%s" % (self.set(name, value), h.rand.choice(["", "", "\nturn_on"]))
        return "export %s=%s" % (name, value) if value and not any(c in value for c in " '\"*\t[%(") else self.set(name, value)


class Csh(Posix):
    def set(self, name, value):
        return "setenv %s '%s'" % (name, value.replace("'", "'\\''").replace("!", "\\!"))

    def statements(self, name, value):
        h, kind = self.h, self.h.rand.randrange(100)
        if kind < 70:
            return self.set(name, value)
        if kind < 82:
            return "unsetenv %s" % name
        if kind < 90:
            return "if ( -d /nonexistent ) then\n  %s\nendif" % self.set(name, value)
        return "if ($?prompt) then\n  %s\nendif" % self.set(name, value)


SHELLS = {
    "bash": (Posix, [".bash_profile", ".bash_login", ".profile", ".bashrc"]),
    "dash": (Posix, [".profile"]),
    "zsh": (Posix, [".zshenv", ".zprofile", ".zshrc", ".zlogin", "z/.zprofile"]),
    "fish": (Fish, [".config/fish/config.fish", ".config/fish/conf.d/a.fish", ".config/fish/conf.d/z.fish"]),
    "tcsh": (Csh, [".tcshrc", ".cshrc", ".login"]),
}


def start_files(home, path):
    """Fills in start-up files of a random shell."""
    kind, names = SHELLS[home.shell]
    writer = kind(home, home.shell)
    for name in names:
        if home.chance(60):
            home.files[name] = writer.script(3)
    if home.shell == "bash" and ".bashrc" in home.files and home.chance(60):
        home.files[".profile"] = home.files.get(".profile", "") + (
            "if [ -n \"$BASH_VERSION\" ]; then\n    # include .bashrc if it exists\n    if [ -f \"$HOME/.bashrc\" ]; then\n\t. \"$HOME/.bashrc\"\n    fi\nfi\n")
    if home.shell == "zsh" and home.chance(15):
        home.files[".zshenv"] = home.files.get(".zshenv", "") + "export ZDOTDIR=$HOME/z\n"
    moved = home.own_variables() + home.moving_variables("$HOME" if home.chance(50) and home.shell != "fish" else path)
    first = {"bash": ".bash_profile", "dash": ".profile", "zsh": ".zprofile", "fish": ".config/fish/config.fish", "tcsh": ".login"}[home.shell]
    for name, value in moved:
        if value.startswith("$HOME"):
            line = "setenv %s \"%s\"" % (name, value) if home.shell == "tcsh" else "export %s=\"%s\"" % (name, value)
        else:
            line = writer.set(name, value)
        home.files[first] = home.files.get(first, "") + line + "\n"


def system_files(home, login):
    """Files below etc/, where the machine has files of these names."""
    for name, maker in (("etc/gitconfig", home.gitconfig), ("etc/wgetrc", home.wgetrc), ("etc/pip.conf", home.pipconf)):
        if home.chance(50):
            home.files[name] = maker()
            home.system.append(name)
    if not login:
        return
    if home.chance(60):
        home.pam = {name: value for name, value in home.assignments(3) if value and not set(value) & set(" \t#'\"\\")}
        home.files["etc/environment"] = "".join("%s=%s\n" % pair for pair in home.pam.items())
        home.system.append("etc/environment")
    shell, name = {"bash": (Posix, "etc/profile.d/z.sh"), "dash": (Posix, "etc/profile.d/z.sh"), "zsh": (Posix, "etc/zsh/" + home.rand.choice(["zprofile", "zshenv", "zlogin"])),
                   "fish": (Fish, home.rand.choice(["etc/fish/config.fish", "etc/fish/conf.d/a.fish"])), "tcsh": (Csh, "etc/csh.login")}[home.shell]
    home.files[name] = shell(home, home.shell if home.shell == "zsh" else "dash").script(4)
    home.system.append({"etc/profile.d/z.sh": "etc/profile.d", "etc/fish/conf.d/a.fish": "etc/fish/conf.d"}.get(name, name))


def make(rand, path, login, system=False):
    home = Home(rand)
    home.tool_files()
    if login:
        home.shell = rand.choice(["bash"] * 4 + ["dash", "zsh", "zsh", "fish", "tcsh"])
        start_files(home, path)
        if system:
            system_files(home, True)
    else:
        if system:
            system_files(home, False)
        home.variables = home.assignments(5) + home.own_variables() + home.moving_variables(path)
        rand.shuffle(home.variables)
        home.variables = list({name: (name, value) for name, value in home.variables}.values())
    return home


def write(home, path):
    for name, text in home.files.items():
        target = os.path.join(path, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w") as file:
            file.write(text.replace("$HOME/more.rc", path + "/more.rc"))
