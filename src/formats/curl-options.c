#include "formats/curl-options.h"

#include <string.h>

#include "formats/document.h"

#define V PRC_TOOL_VERSION

/* Sorted by name. */
static const PrcCurlOption options[] = {
    { "abstract-unix-socket", PRC_CURL_TEXT, V (7, 53, 0), TRUE },
    { "alpn", PRC_CURL_FLAG, 0, FALSE },
    { "alt-svc", PRC_CURL_CHECKED, V (7, 64, 1), FALSE },
    { "anyauth", PRC_CURL_SWITCH, 0, FALSE },
    { "append", PRC_CURL_FLAG, 0, FALSE },
    { "aws-sigv4", PRC_CURL_CHECKED, V (7, 75, 0), FALSE },
    { "basic", PRC_CURL_FLAG, 0, FALSE },
    { "buffer", PRC_CURL_FLAG, 0, FALSE },
    { "ca-native", PRC_CURL_FLAG, V (8, 2, 0), FALSE },
    { "cacert", PRC_CURL_TEXT, 0, TRUE },
    { "capath", PRC_CURL_TEXT, 0, TRUE },
    { "cert", PRC_CURL_TEXT, 0, FALSE },
    { "cert-status", PRC_CURL_FLAG, 0, FALSE },
    { "cert-type", PRC_CURL_TEXT, 0, TRUE },
    { "ciphers", PRC_CURL_CHECKED, 0, TRUE },
    { "clobber", PRC_CURL_FLAG, V (7, 83, 0), FALSE },
    { "compressed", PRC_CURL_FLAG, 0, FALSE },
    { "compressed-ssh", PRC_CURL_FLAG, V (7, 56, 0), FALSE },
    { "config", PRC_CURL_CHECKED_LIST, 0, FALSE },
    { "connect-timeout", PRC_CURL_NUMBER, 0, FALSE },
    { "connect-to", PRC_CURL_LIST, 0, FALSE },
    { "continue-at", PRC_CURL_CHECKED, 0, FALSE },
    { "cookie", PRC_CURL_LIST, 0, FALSE },
    { "cookie-jar", PRC_CURL_TEXT, 0, TRUE },
    { "create-dirs", PRC_CURL_FLAG, 0, FALSE },
    { "create-file-mode", PRC_CURL_CHECKED, V (7, 75, 0), FALSE },
    { "crlf", PRC_CURL_FLAG, 0, FALSE },
    { "crlfile", PRC_CURL_TEXT, 0, TRUE },
    { "curves", PRC_CURL_CHECKED, V (7, 73, 0), TRUE },
    { "data", PRC_CURL_LIST, 0, FALSE },
    { "data-ascii", PRC_CURL_LIST, 0, FALSE },
    { "data-binary", PRC_CURL_LIST, 0, FALSE },
    { "data-raw", PRC_CURL_LIST, 0, FALSE },
    { "data-urlencode", PRC_CURL_LIST, 0, FALSE },
    { "delegation", PRC_CURL_CHECKED, 0, FALSE },
    { "digest", PRC_CURL_FLAG, 0, FALSE },
    { "disable", PRC_CURL_FLAG, 0, FALSE },
    { "disable-eprt", PRC_CURL_FLAG, 0, FALSE },
    { "disable-epsv", PRC_CURL_FLAG, 0, FALSE },
    { "disallow-username-in-url", PRC_CURL_FLAG, V (7, 61, 0), FALSE },
    { "dns-interface", PRC_CURL_CHECKED, 0, FALSE },
    { "dns-ipv4-addr", PRC_CURL_CHECKED, 0, FALSE },
    { "dns-ipv6-addr", PRC_CURL_CHECKED, 0, FALSE },
    { "dns-servers", PRC_CURL_CHECKED, 0, FALSE },
    { "doh-cert-status", PRC_CURL_FLAG, V (7, 76, 0), FALSE },
    { "doh-insecure", PRC_CURL_FLAG, V (7, 76, 0), FALSE },
    { "doh-url", PRC_CURL_TEXT, V (7, 62, 0), FALSE },
    { "dump-ca-embed", PRC_CURL_SWITCH, V (8, 10, 0), FALSE },
    { "dump-header", PRC_CURL_TEXT, 0, TRUE },
    { "ech", PRC_CURL_CHECKED, V (8, 8, 0), FALSE },
    { "egd-file", PRC_CURL_TEXT, 0, FALSE },
    { "engine", PRC_CURL_CHECKED, 0, TRUE },
    { "eprt", PRC_CURL_FLAG, 0, FALSE },
    { "epsv", PRC_CURL_FLAG, 0, FALSE },
    { "etag-compare", PRC_CURL_TEXT, V (7, 68, 0), TRUE },
    { "etag-save", PRC_CURL_TEXT, V (7, 68, 0), TRUE },
    { "expect100-timeout", PRC_CURL_NUMBER, 0, FALSE },
    { "fail", PRC_CURL_FLAG, 0, FALSE },
    { "fail-early", PRC_CURL_FLAG, 0, FALSE },
    { "fail-with-body", PRC_CURL_FLAG, V (7, 76, 0), FALSE },
    { "false-start", PRC_CURL_FLAG, 0, FALSE },
    { "follow", PRC_CURL_FLAG, V (8, 16, 0), FALSE },
    { "form", PRC_CURL_CHECKED_LIST, 0, FALSE },
    { "form-escape", PRC_CURL_FLAG, V (7, 81, 0), FALSE },
    { "form-string", PRC_CURL_CHECKED_LIST, 0, FALSE },
    { "ftp-account", PRC_CURL_TEXT, 0, TRUE },
    { "ftp-alternative-to-user", PRC_CURL_TEXT, 0, TRUE },
    { "ftp-create-dirs", PRC_CURL_FLAG, 0, FALSE },
    { "ftp-method", PRC_CURL_CHECKED, 0, FALSE },
    { "ftp-pasv", PRC_CURL_SWITCH, 0, FALSE },
    { "ftp-port", PRC_CURL_TEXT, 0, TRUE },
    { "ftp-pret", PRC_CURL_FLAG, 0, FALSE },
    { "ftp-skip-pasv-ip", PRC_CURL_FLAG, 0, FALSE },
    { "ftp-ssl", PRC_CURL_FLAG, 0, FALSE },
    { "ftp-ssl-ccc", PRC_CURL_FLAG, 0, FALSE },
    { "ftp-ssl-ccc-mode", PRC_CURL_TEXT, 0, FALSE },
    { "ftp-ssl-control", PRC_CURL_FLAG, 0, FALSE },
    { "ftp-ssl-reqd", PRC_CURL_FLAG, 0, FALSE },
    { "get", PRC_CURL_FLAG, 0, FALSE },
    { "globoff", PRC_CURL_FLAG, 0, FALSE },
    { "happy-eyeballs-timeout-ms", PRC_CURL_NUMBER, V (7, 59, 0), FALSE },
    { "haproxy-clientip", PRC_CURL_TEXT, V (8, 2, 0), TRUE },
    { "haproxy-protocol", PRC_CURL_FLAG, V (7, 60, 0), FALSE },
    { "head", PRC_CURL_FLAG, 0, FALSE },
    { "header", PRC_CURL_LIST, 0, FALSE },
    { "help", PRC_CURL_SWITCH, 0, FALSE },
    { "hostpubmd5", PRC_CURL_CHECKED, 0, TRUE },
    { "hostpubsha256", PRC_CURL_TEXT, V (7, 80, 0), TRUE },
    { "hsts", PRC_CURL_CHECKED, V (7, 74, 0), FALSE },
    { "http0.9", PRC_CURL_FLAG, V (7, 64, 0), FALSE },
    { "http1.0", PRC_CURL_SWITCH, 0, FALSE },
    { "http1.1", PRC_CURL_SWITCH, 0, FALSE },
    { "http2", PRC_CURL_SWITCH, 0, FALSE },
    { "http2-prior-knowledge", PRC_CURL_SWITCH, 0, FALSE },
    { "http3", PRC_CURL_SWITCH, V (7, 66, 0), FALSE },
    { "http3-only", PRC_CURL_SWITCH, V (7, 88, 0), FALSE },
    { "ignore-content-length", PRC_CURL_FLAG, 0, FALSE },
    { "include", PRC_CURL_FLAG, 0, FALSE },
    { "insecure", PRC_CURL_FLAG, 0, FALSE },
    { "interface", PRC_CURL_TEXT, 0, TRUE },
    { "ip-tos", PRC_CURL_NUMBER, V (8, 9, 0), FALSE },
    { "ipfs-gateway", PRC_CURL_TEXT, V (8, 4, 0), TRUE },
    { "ipv4", PRC_CURL_SWITCH, 0, FALSE },
    { "ipv6", PRC_CURL_SWITCH, 0, FALSE },
    { "json", PRC_CURL_LIST, V (7, 82, 0), FALSE },
    { "junk-session-cookies", PRC_CURL_FLAG, 0, FALSE },
    { "keepalive", PRC_CURL_FLAG, 0, FALSE },
    { "keepalive-cnt", PRC_CURL_NUMBER, V (8, 9, 0), FALSE },
    { "keepalive-time", PRC_CURL_NUMBER, 0, FALSE },
    { "key", PRC_CURL_TEXT, 0, TRUE },
    { "key-type", PRC_CURL_TEXT, 0, TRUE },
    { "knownhosts", PRC_CURL_TEXT, V (8, 17, 0), TRUE },
    { "krb", PRC_CURL_CHECKED, 0, TRUE },
    { "krb4", PRC_CURL_CHECKED, 0, FALSE },
    { "libcurl", PRC_CURL_TEXT, 0, TRUE },
    { "limit-rate", PRC_CURL_CHECKED, 0, FALSE },
    { "list-only", PRC_CURL_FLAG, 0, FALSE },
    { "local-port", PRC_CURL_CHECKED, 0, FALSE },
    { "location", PRC_CURL_FLAG, 0, FALSE },
    { "location-trusted", PRC_CURL_FLAG, 0, FALSE },
    { "login-options", PRC_CURL_TEXT, 0, FALSE },
    { "mail-auth", PRC_CURL_TEXT, 0, TRUE },
    { "mail-from", PRC_CURL_TEXT, 0, TRUE },
    { "mail-rcpt", PRC_CURL_LIST, 0, FALSE },
    { "mail-rcpt-allowfails", PRC_CURL_FLAG, V (7, 69, 0), FALSE },
    { "manual", PRC_CURL_FLAG, 0, FALSE },
    { "max-filesize", PRC_CURL_CHECKED, 0, FALSE },
    { "max-redirs", PRC_CURL_NUMBER, 0, FALSE },
    { "max-time", PRC_CURL_NUMBER, 0, FALSE },
    { "metalink", PRC_CURL_FLAG, 0, FALSE },
    { "mptcp", PRC_CURL_FLAG, V (8, 9, 0), FALSE },
    { "negotiate", PRC_CURL_FLAG, 0, FALSE },
    { "netrc", PRC_CURL_FLAG, 0, FALSE },
    { "netrc-file", PRC_CURL_CHECKED, 0, TRUE },
    { "netrc-optional", PRC_CURL_FLAG, 0, FALSE },
    { "next", PRC_CURL_NEXT, 0, FALSE },
    { "noproxy", PRC_CURL_TEXT, 0, FALSE },
    { "npn", PRC_CURL_FLAG, 0, FALSE },
    { "ntlm", PRC_CURL_FLAG, 0, FALSE },
    { "ntlm-wb", PRC_CURL_FLAG, 0, FALSE },
    { "oauth2-bearer", PRC_CURL_TEXT, 0, TRUE },
    { "out-null", PRC_CURL_FLAG, V (8, 16, 0), FALSE },
    { "output", PRC_CURL_LIST, 0, TRUE },
    { "output-dir", PRC_CURL_TEXT, V (7, 73, 0), TRUE },
    { "parallel", PRC_CURL_FLAG, V (7, 66, 0), FALSE },
    { "parallel-immediate", PRC_CURL_FLAG, V (7, 68, 0), FALSE },
    { "parallel-max", PRC_CURL_NUMBER, V (7, 66, 0), FALSE },
    { "parallel-max-host", PRC_CURL_NUMBER, V (8, 16, 0), FALSE },
    { "pass", PRC_CURL_TEXT, 0, TRUE },
    { "path-as-is", PRC_CURL_FLAG, 0, FALSE },
    { "pinnedpubkey", PRC_CURL_TEXT, 0, TRUE },
    { "post301", PRC_CURL_FLAG, 0, FALSE },
    { "post302", PRC_CURL_FLAG, 0, FALSE },
    { "post303", PRC_CURL_FLAG, 0, FALSE },
    { "preproxy", PRC_CURL_TEXT, 0, TRUE },
    { "progress-bar", PRC_CURL_FLAG, 0, FALSE },
    { "progress-meter", PRC_CURL_FLAG, V (7, 67, 0), FALSE },
    { "proto", PRC_CURL_CHECKED, 0, FALSE },
    { "proto-default", PRC_CURL_CHECKED, 0, TRUE },
    { "proto-redir", PRC_CURL_CHECKED, 0, FALSE },
    { "proxy", PRC_CURL_TEXT, 0, FALSE },
    { "proxy-anyauth", PRC_CURL_FLAG, 0, FALSE },
    { "proxy-basic", PRC_CURL_FLAG, 0, FALSE },
    { "proxy-ca-native", PRC_CURL_FLAG, V (8, 2, 0), FALSE },
    { "proxy-cacert", PRC_CURL_TEXT, 0, TRUE },
    { "proxy-capath", PRC_CURL_TEXT, 0, TRUE },
    { "proxy-cert", PRC_CURL_TEXT, 0, FALSE },
    { "proxy-cert-type", PRC_CURL_TEXT, 0, TRUE },
    { "proxy-ciphers", PRC_CURL_TEXT, 0, TRUE },
    { "proxy-crlfile", PRC_CURL_TEXT, 0, TRUE },
    { "proxy-digest", PRC_CURL_FLAG, 0, FALSE },
    { "proxy-header", PRC_CURL_LIST, 0, FALSE },
    { "proxy-http2", PRC_CURL_FLAG, V (8, 1, 0), FALSE },
    { "proxy-insecure", PRC_CURL_FLAG, 0, FALSE },
    { "proxy-key", PRC_CURL_TEXT, 0, FALSE },
    { "proxy-key-type", PRC_CURL_TEXT, 0, TRUE },
    { "proxy-negotiate", PRC_CURL_FLAG, 0, FALSE },
    { "proxy-ntlm", PRC_CURL_FLAG, 0, FALSE },
    { "proxy-pass", PRC_CURL_TEXT, 0, FALSE },
    { "proxy-pinnedpubkey", PRC_CURL_TEXT, V (7, 59, 0), TRUE },
    { "proxy-service-name", PRC_CURL_TEXT, 0, TRUE },
    { "proxy-ssl-allow-beast", PRC_CURL_FLAG, 0, FALSE },
    { "proxy-ssl-auto-client-cert", PRC_CURL_FLAG, V (7, 77, 0), FALSE },
    { "proxy-tls13-ciphers", PRC_CURL_TEXT, V (7, 61, 0), TRUE },
    { "proxy-tlsauthtype", PRC_CURL_CHECKED, 0, TRUE },
    { "proxy-tlspassword", PRC_CURL_CHECKED, 0, TRUE },
    { "proxy-tlsuser", PRC_CURL_CHECKED, 0, FALSE },
    { "proxy-tlsv1", PRC_CURL_SWITCH, 0, FALSE },
    { "proxy-user", PRC_CURL_TEXT, 0, FALSE },
    { "proxy1.0", PRC_CURL_TEXT, 0, TRUE },
    { "proxytunnel", PRC_CURL_FLAG, 0, FALSE },
    { "pubkey", PRC_CURL_TEXT, 0, TRUE },
    { "quote", PRC_CURL_LIST, 0, FALSE },
    { "random-file", PRC_CURL_TEXT, 0, FALSE },
    { "range", PRC_CURL_TEXT, 0, TRUE },
    { "rate", PRC_CURL_CHECKED, V (7, 84, 0), FALSE },
    { "raw", PRC_CURL_FLAG, 0, FALSE },
    { "referer", PRC_CURL_TEXT, 0, FALSE },
    { "remote-header-name", PRC_CURL_FLAG, 0, FALSE },
    { "remote-name", PRC_CURL_FLAG, 0, FALSE },
    { "remote-name-all", PRC_CURL_FLAG, 0, FALSE },
    { "remote-time", PRC_CURL_FLAG, 0, FALSE },
    { "remove-on-error", PRC_CURL_FLAG, V (7, 83, 0), FALSE },
    { "request", PRC_CURL_CHECKED, 0, TRUE },
    { "request-target", PRC_CURL_TEXT, V (7, 55, 0), TRUE },
    { "resolve", PRC_CURL_LIST, 0, FALSE },
    { "retry", PRC_CURL_NUMBER, 0, FALSE },
    { "retry-all-errors", PRC_CURL_FLAG, V (7, 71, 0), FALSE },
    { "retry-connrefused", PRC_CURL_FLAG, 0, FALSE },
    { "retry-delay", PRC_CURL_NUMBER, 0, FALSE },
    { "retry-max-time", PRC_CURL_NUMBER, 0, FALSE },
    { "sasl-authzid", PRC_CURL_TEXT, V (7, 66, 0), TRUE },
    { "sasl-ir", PRC_CURL_FLAG, 0, FALSE },
    { "service-name", PRC_CURL_CHECKED, 0, TRUE },
    { "sessionid", PRC_CURL_FLAG, 0, FALSE },
    { "show-error", PRC_CURL_FLAG, 0, FALSE },
    { "show-headers", PRC_CURL_FLAG, V (8, 10, 0), FALSE },
    { "sigalgs", PRC_CURL_TEXT, V (8, 14, 0), TRUE },
    { "silent", PRC_CURL_FLAG, 0, FALSE },
    { "skip-existing", PRC_CURL_FLAG, V (8, 10, 0), FALSE },
    { "socks4", PRC_CURL_TEXT, 0, TRUE },
    { "socks4a", PRC_CURL_TEXT, 0, TRUE },
    { "socks5", PRC_CURL_TEXT, 0, TRUE },
    { "socks5-basic", PRC_CURL_FLAG, V (7, 55, 0), FALSE },
    { "socks5-gssapi", PRC_CURL_FLAG, V (7, 55, 0), FALSE },
    { "socks5-gssapi-nec", PRC_CURL_FLAG, 0, FALSE },
    { "socks5-gssapi-service", PRC_CURL_TEXT, 0, FALSE },
    { "socks5-hostname", PRC_CURL_TEXT, 0, TRUE },
    { "speed-limit", PRC_CURL_NUMBER, 0, FALSE },
    { "speed-time", PRC_CURL_NUMBER, 0, FALSE },
    { "ssl", PRC_CURL_FLAG, 0, FALSE },
    { "ssl-allow-beast", PRC_CURL_FLAG, 0, FALSE },
    { "ssl-auto-client-cert", PRC_CURL_FLAG, V (7, 77, 0), FALSE },
    { "ssl-no-revoke", PRC_CURL_FLAG, 0, FALSE },
    { "ssl-reqd", PRC_CURL_FLAG, 0, FALSE },
    { "ssl-revoke-best-effort", PRC_CURL_FLAG, V (7, 70, 0), FALSE },
    { "ssl-sessions", PRC_CURL_CHECKED, V (8, 12, 0), FALSE },
    { "sslv2", PRC_CURL_SWITCH, 0, FALSE },
    { "sslv3", PRC_CURL_SWITCH, 0, FALSE },
    { "stderr", PRC_CURL_CHECKED, 0, FALSE },
    { "styled-output", PRC_CURL_FLAG, V (7, 61, 0), FALSE },
    { "suppress-connect-headers", PRC_CURL_FLAG, V (7, 54, 0), FALSE },
    { "tcp-fastopen", PRC_CURL_FLAG, 0, FALSE },
    { "tcp-nodelay", PRC_CURL_FLAG, 0, FALSE },
    { "telnet-option", PRC_CURL_LIST, 0, FALSE },
    { "tftp-blksize", PRC_CURL_NUMBER, 0, FALSE },
    { "tftp-no-options", PRC_CURL_FLAG, 0, FALSE },
    { "time-cond", PRC_CURL_TEXT, 0, FALSE },
    { "tls-earlydata", PRC_CURL_FLAG, V (8, 11, 0), FALSE },
    { "tls-max", PRC_CURL_CHECKED, V (7, 54, 0), FALSE },
    { "tls13-ciphers", PRC_CURL_TEXT, V (7, 61, 0), TRUE },
    { "tlsauthtype", PRC_CURL_CHECKED, 0, TRUE },
    { "tlspassword", PRC_CURL_CHECKED, 0, FALSE },
    { "tlsuser", PRC_CURL_CHECKED, 0, TRUE },
    { "tlsv1", PRC_CURL_SWITCH, 0, FALSE },
    { "tlsv1.0", PRC_CURL_SWITCH, 0, FALSE },
    { "tlsv1.1", PRC_CURL_SWITCH, 0, FALSE },
    { "tlsv1.2", PRC_CURL_SWITCH, 0, FALSE },
    { "tlsv1.3", PRC_CURL_SWITCH, 0, FALSE },
    { "tr-encoding", PRC_CURL_FLAG, 0, FALSE },
    { "trace", PRC_CURL_TEXT, 0, TRUE },
    { "trace-ascii", PRC_CURL_TEXT, 0, TRUE },
    { "trace-config", PRC_CURL_CHECKED, V (8, 3, 0), FALSE },
    { "trace-ids", PRC_CURL_FLAG, V (8, 2, 0), FALSE },
    { "trace-time", PRC_CURL_FLAG, 0, FALSE },
    { "unix-socket", PRC_CURL_TEXT, 0, TRUE },
    { "upload-file", PRC_CURL_LIST, 0, FALSE },
    { "upload-flags", PRC_CURL_CHECKED, V (8, 13, 0), FALSE },
    { "url", PRC_CURL_LIST, 0, TRUE },
    { "url-query", PRC_CURL_LIST, V (7, 87, 0), FALSE },
    { "use-ascii", PRC_CURL_FLAG, 0, FALSE },
    { "user", PRC_CURL_TEXT, 0, FALSE },
    { "user-agent", PRC_CURL_TEXT, 0, FALSE },
    { "variable", PRC_CURL_CHECKED_LIST, V (8, 3, 0), FALSE },
    { "verbose", PRC_CURL_FLAG, 0, FALSE },
    { "version", PRC_CURL_FLAG, 0, FALSE },
    { "vlan-priority", PRC_CURL_NUMBER, V (8, 9, 0), FALSE },
    { "write-out", PRC_CURL_CHECKED, 0, FALSE },
    { "xattr", PRC_CURL_FLAG, 0, FALSE },
};

/* The short forms; they are the same in all versions. */
static const char *const letters[128] = {
    ['#'] = "progress-bar",
    ['0'] = "http1.0",
    ['1'] = "tlsv1",
    ['2'] = "sslv2",
    ['3'] = "sslv3",
    ['4'] = "ipv4",
    ['6'] = "ipv6",
    [':'] = "next",
    ['A'] = "user-agent",
    ['B'] = "use-ascii",
    ['C'] = "continue-at",
    ['D'] = "dump-header",
    ['E'] = "cert",
    ['F'] = "form",
    ['G'] = "get",
    ['H'] = "header",
    ['I'] = "head",
    ['J'] = "remote-header-name",
    ['K'] = "config",
    ['L'] = "location",
    ['M'] = "manual",
    ['N'] = "buffer",
    ['O'] = "remote-name",
    ['P'] = "ftp-port",
    ['Q'] = "quote",
    ['R'] = "remote-time",
    ['S'] = "show-error",
    ['T'] = "upload-file",
    ['U'] = "proxy-user",
    ['V'] = "version",
    ['X'] = "request",
    ['Y'] = "speed-limit",
    ['Z'] = "parallel",
    ['a'] = "append",
    ['b'] = "cookie",
    ['c'] = "cookie-jar",
    ['d'] = "data",
    ['e'] = "referer",
    ['f'] = "fail",
    ['g'] = "globoff",
    ['h'] = "help",
    ['i'] = "include",
    ['j'] = "junk-session-cookies",
    ['k'] = "insecure",
    ['l'] = "list-only",
    ['m'] = "max-time",
    ['n'] = "netrc",
    ['o'] = "output",
    ['p'] = "proxytunnel",
    ['q'] = "disable",
    ['r'] = "range",
    ['s'] = "silent",
    ['t'] = "telnet-option",
    ['u'] = "user",
    ['v'] = "verbose",
    ['w'] = "write-out",
    ['x'] = "proxy",
    ['y'] = "speed-time",
    ['z'] = "time-cond",
};

typedef struct {
    const char *text;
    gsize length;
} Word;

/* How the first @length bytes of @word, in any case, stand to the same of @option. */
static int
compare_beginning (const Word *word, const PrcCurlOption *option)
{
    return g_ascii_strncasecmp (word->text, option->name, word->length);
}

/* The first that doesn't sort before @word; all that begin like it follow at once. */
static gsize
lower_bound (const Word *word)
{
    gsize low = 0, high = G_N_ELEMENTS (options);

    while (low < high) {
        gsize middle = low + (high - low) / 2;

        if (compare_beginning (word, &options[middle]) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const PrcCurlOption *
prc_curl_option (const char *name, gsize length, guint version, gboolean may_be_short)
{
    Word word = { name, length };
    const PrcCurlOption *found = NULL;
    gboolean exact = version >= PRC_CURL_EXACT_NAMES;
    guint n = 0;

    if (length == 0 || length > 64)
        return NULL;
    for (gsize i = lower_bound (&word);
         i < G_N_ELEMENTS (options) && compare_beginning (&word, &options[i]) == 0; i++) {
        const PrcCurlOption *option = &options[i];

        if (option->since > version)
            continue;
        /* The shortest of them sorts first. */
        if (option->name[length] == '\0')
            return !exact || memcmp (option->name, name, length) == 0 ? option : NULL;
        found = option;
        if (++n > 1 || exact)
            return NULL;
    }
    return may_be_short ? found : NULL;
}

const PrcCurlOption *
prc_curl_option_by_letter (char letter, guint version)
{
    const char *name = letter > 0 ? letters[(int) letter] : NULL;

    return name != NULL ? prc_curl_option (name, strlen (name), version, FALSE) : NULL;
}

gboolean
prc_curl_option_takes_value (const PrcCurlOption *option)
{
    return option->kind >= PRC_CURL_TEXT;
}
