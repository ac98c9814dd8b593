"""clients.py - the real tools, each with one thing to fetch, told nothing of proxies on its command line."""
import shlex

import fixture


class Client:
    name = None

    def script(self, site, tls):
        """A line for a shell. It stands in a fresh directory."""
        raise NotImplementedError

    def target(self, site, tls):
        """What the proxy's log must show: a URL, or host:port of a CONNECT."""
        return "%s:%d" % (fixture.HOST, site.tls_port) if tls else self.url(site, tls)

    def url(self, site, tls):
        raise NotImplementedError

    def succeeded(self, site, done):
        raise NotImplementedError

    def ca_environment(self, ca):
        """How this tool learns of the site's certificate from the environment."""
        raise NotImplementedError


class Git(Client):
    name = "git"

    def url(self, site, tls):
        return site.url("/repo.git/info/refs", tls)

    def script(self, site, tls):
        return "git ls-remote %s main" % shlex.quote(site.url("/repo.git", tls))

    def succeeded(self, site, done):
        return done.out.decode().startswith(site.commit)

    def ca_environment(self, ca):
        return {"GIT_SSL_CAINFO": ca}


class Npm(Client):
    name = "npm"

    def url(self, site, tls):
        return site.url("/registry/" + fixture.PACKAGE, tls)

    def script(self, site, tls):
        return "npm view --fetch-retries=0 --registry=%s %s version" % (shlex.quote(site.url("/registry/", tls)), fixture.PACKAGE)

    def succeeded(self, site, done):
        return done.out.decode().strip() == "1.0.0"

    def ca_environment(self, ca):
        # the system's npmrc may name a cafile, which counts for more than NODE_EXTRA_CA_CERTS
        # node before 20 goes to ::1 for localhost, where no proxy of ours listens
        return {"npm_config_cafile": ca, "NODE_OPTIONS": "--dns-result-order=ipv4first"}


class Pip(Client):
    name = "pip"

    def url(self, site, tls):
        return site.url("/simple/%s/" % fixture.PACKAGE, tls)

    def script(self, site, tls):
        return ("$(command -v pip || command -v pip3) --disable-pip-version-check --no-cache-dir --no-input download --quiet --retries 0 --no-deps"
                " --trusted-host %s --index-url %s --dest got %s && ls got"
                % (fixture.HOST if not tls else "nowhere.test", shlex.quote(site.url("/simple/", tls)), fixture.PACKAGE))

    def succeeded(self, site, done):
        return done.out.decode().strip().endswith(".whl")

    def ca_environment(self, ca):
        return {"PIP_CERT": ca}


class Curl(Client):
    name = "curl"

    def url(self, site, tls):
        return site.url("/plain.txt", tls)

    def script(self, site, tls):
        return "curl -sS --fail %s" % shlex.quote(self.url(site, tls))

    def succeeded(self, site, done):
        return done.out == b"through\n"

    def ca_environment(self, ca):
        return {"CURL_CA_BUNDLE": ca}


CLIENTS = [Git(), Npm(), Pip(), Curl()]


def missing_clients():
    """{name: why} of the tools that a login shell would not find."""
    missing = {}
    for client in CLIENTS:
        names = ["pip", "pip3"] if client.name == "pip" else [client.name]
        test = " || ".join("command -v %s" % name for name in names)
        done = fixture.run(["bash", "-lc", test], fixture.clean_environment("/nonexistent"), cwd="/")
        if done.status != 0:
            missing[client.name] = "%s is not installed" % client.name
    return missing
