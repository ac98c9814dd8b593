/* test-proxy-url-tools.c - what prc_proxy_url_parse() says of random texts is what the real tools
 * do with them: npm's and pip's own libraries are asked; curl and git run against a proxy in this
 * process, see redirect.c */
#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fs.h"
#include "dialects.h"
#include "model/proxy-url.h"

/* --- texts
 * -------------------------------------------------------------------------------------------------
 */

static const char *
pick (GRand *rand, const char *const *from, gsize n)
{
    return from[g_rand_int_range (rand, 0, (gint32) n)];
}

static void
add_userinfo (GString *text, GRand *rand)
{
    static const char *const pieces[] = {
        "u",   "p",   "secret", ":",      "%41", "%3A",      "%25",       "%2541", "%",
        "%4",  "%zz", "@",      "%40",    "/",   "#",        "?",         "\\",    "[",
        "]",   "+",   "&",      "=",      "$",   "!",        "'",         "\"",    "`",
        " ",   "%20", "%09",    "%01",    ";",   "\xC3\xBC", "%C3%BC",    "<",     "|",
        "%7F", "%FF", "^",      "{",      "~",   ".",        "%E2%9C%93", ",",     "*",
        "%0A", "%5B", "(",      "%c3%bc", "-",   "_",        "%252525",   "//",    "%00"
    };
    gint n = g_rand_int_range (rand, 0, 5);

    for (gint i = 0; i < n; i++)
        g_string_append (text, pick (rand, pieces, G_N_ELEMENTS (pieces)));
    if (g_rand_int_range (rand, 0, 5) > 0)
        g_string_append_c (text, ':');
    n = g_rand_int_range (rand, 0, 5);
    for (gint i = 0; i < n; i++)
        g_string_append (text, pick (rand, pieces, G_N_ELEMENTS (pieces)));
    g_string_append_c (text, '@');
}

/* curl remembers names: each text has its own, so that each is asked for. */
static void
add_host (GString *text, GRand *rand, guint number)
{
    static const char *const hosts[] = {
        "proxy.corp",     "Proxy.Corp",   "localhost",   "h",
        "10.1.2.3",       "[::1]",        "[FE80::0:1]", "a_b.c",
        "ftp.corp",       "smtp.x",       "socks.corp",  "httpsx",
        "[fe80::1%25e0]", "[fe80::1%e0]", "[::g]",       "",
        "a.b.",           "[1.2.3.4]",    "h-x",         "xn--bcher-kva.de"
    };
    const char *host = pick (rand, hosts, G_N_ELEMENTS (hosts));

    g_string_append (text, host);
    if (*host != '\0' && g_ascii_isalpha (host[strlen (host) - 1]))
        g_string_append_printf (text, "%u", number);
}

static char *
random_text (GRand *rand, guint number)
{
    static const char *const schemes[] = { "http://",  "http://",    "http://",    "http://",
                                           "http://",  "https://",   "HTTP://",    "",
                                           "",         "socks5://",  "socks5h://", "socks4://",
                                           "Https://", "socks4a://", "socks://",   "ftp://",
                                           "x://",     "://",        "Socks5://" };
    static const char *const ports[] = { ":3128",  ":3128", ":8080", ":80",   ":443",
                                         "",       "",      ":",     ":0080", ":65535",
                                         ":65536", ":12a",  ":-1",   ":+8",   ":1:2" };
    static const char *const tails[] = { "",       "",  "",    "/",    "/x",   "?y", "#z",
                                         "/x?y#z", " ", "\\x", "/a@b", "?a@b", "/%", "\t" };
    GString *text = g_string_new (NULL);

    if (g_rand_int_range (rand, 0, 30) == 0)
        g_string_append_c (text, ' ');
    g_string_append (text, pick (rand, schemes, G_N_ELEMENTS (schemes)));
    if (g_rand_int_range (rand, 0, 4) > 0)
        add_userinfo (text, rand);
    add_host (text, rand, number);
    g_string_append (text, pick (rand, ports, G_N_ELEMENTS (ports)));
    g_string_append (text, pick (rand, tails, G_N_ELEMENTS (tails)));
    return g_string_free (text, FALSE);
}

/* What prc_proxy_url_format() writes for credentials of all kinds; "" when it refuses. */
static char *
formatted_text (GRand *rand, guint number, const PrcUrlDialect *dialect)
{
    g_autofree char *host = g_strdup_printf ("proxy.corp%u", number);
    g_autoptr (GString) bytes = g_string_new (NULL);
    g_autoptr (PrcSecret) password = NULL;
    g_autoptr (PrcProxyUrl) url = NULL;
    char *text;

    for (gint n = g_rand_int_range (rand, 1, 16); n > 0; n--)
        if (g_rand_boolean (rand))
            g_string_append_c (bytes, (char) g_rand_int_range (rand, 0x20, 0x7F));
        else
            g_string_append_unichar (bytes, (gunichar) g_rand_int_range (rand, 0xA0, 0xD000));
    password = prc_secret_new (bytes->str, bytes->len);
    url = prc_proxy_url_new (PRC_PROXY_HTTP, host, 3128,
                             g_rand_boolean (rand) ? "DOM\\\xC3\xBC" : "me", password);
    text = prc_proxy_url_format (url, dialect, NULL);
    return text != NULL ? text : g_strdup ("");
}

/* (transfer full): @n texts, none of which @is_left_out (nullable) */
static GPtrArray *
random_texts (guint n, const PrcUrlDialect *dialect, gboolean (*is_left_out) (const char *text))
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

    while (texts->len < n) {
        char *text = g_rand_int_range (rand, 0, 4) > 0 ? random_text (rand, texts->len)
                                                       : formatted_text (rand, texts->len, dialect);

        if (*text != '\0' && (is_left_out == NULL || !is_left_out (text)))
            g_ptr_array_add (texts, text);
        else
            g_free (text);
    }
    return texts;
}

static char *
hex_of (const char *bytes, gsize length)
{
    GString *hex = g_string_new (NULL);

    for (gsize i = 0; i < length; i++)
        g_string_append_printf (hex, "%02x", (guint) (guchar) bytes[i]);
    return g_string_free (hex, FALSE);
}

/* --- comparison
 * -------------------------------------------------------------------------------------------- */

/* When a tool sends credentials at all: what it does with an absent or empty user or password. */
typedef enum {
    SENDS_IF_WRITTEN,  /* curl */
    SENDS_IF_ANY,      /* npm: user or password is not empty */
    SENDS_IF_COMPLETE, /* pip: user not empty, and a password written */
    SENDS_OR_ASKS,     /* git: no password written: its helper says "ASKED" */
} Sends;

static char *
wire_of (const PrcProxyUrl *url, Sends sends)
{
    const char *user = url->user != NULL ? url->user : "";
    const char *password = url->password != NULL ? prc_secret_text (url->password) : "";
    gboolean sent = url->user != NULL;
    g_autofree char *both = NULL;

    if (sends == SENDS_IF_ANY)
        sent = *user != '\0' || *password != '\0';
    else if (sends == SENDS_IF_COMPLETE)
        sent = *user != '\0' && url->password != NULL;
    else if (sends == SENDS_OR_ASKS && sent && url->password == NULL)
        password = "ASKED";
    if (!sent)
        return g_strdup ("-");
    both = g_strconcat (user, ":", password, NULL);
    return hex_of (both, strlen (both));
}

/* "scheme host port credentials" or "error", as the oracles say it */
static char *
ours (const char *text, const PrcUrlDialect *dialect, Sends sends)
{
    g_autoptr (PrcProxyUrl) url = prc_proxy_url_parse (text, dialect, NULL);
    g_autofree char *wire = url != NULL ? wire_of (url, sends) : NULL;

    if (url == NULL)
        return g_strdup ("error");
    return g_strdup_printf ("%s %s %u %s",
                            url->scheme <= PRC_PROXY_HTTPS ? prc_proxy_scheme_name (url->scheme)
                                                           : "socks",
                            url->host, url->port, wire);
}

/* IPv6 addresses in the shortest form, names in lower case: some tools leave them as they were
 * written. */
static char *
normal (const char *answer)
{
    g_auto (GStrv) words = g_strsplit (answer, " ", 4);
    g_autofree char *host = NULL;
    struct in6_addr v6;
    char shortest[INET6_ADDRSTRLEN];

    if (g_strv_length (words) < 4)
        return g_strdup (answer);
    host = g_ascii_strdown (words[1], -1);
    if (inet_pton (AF_INET6, host, &v6) == 1)
        return g_strdup_printf ("%s %s %s %s", words[0],
                                inet_ntop (AF_INET6, &v6, shortest, sizeof shortest), words[2],
                                words[3]);
    return g_strdup_printf ("%s %s %s %s", words[0], host, words[2], words[3]);
}

/* Where prc_proxy_url_parse() refuses what a tool takes: what the tool then uses is never what was
 * meant. */
#define SCHEME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static gboolean
has_odd_host_or_port (const char *text)
{
    const char *scheme = strstr (text, "://"), *start = scheme != NULL ? scheme + 3 : text;
    gboolean no_scheme =
        scheme != NULL && strspn (text, SCHEME_CHARACTERS) < (gsize) (scheme - text);
    const char *end = start + strcspn (start, "/?#\\"),
               *at = memrchr (start, '@', (gsize) (end - start));

    if (at != NULL)
        start = at + 1;
    if (start == end || no_scheme)
        return TRUE;
    if (*start == '[' && memchr (start, ']', (gsize) (end - start)) != NULL)
        start = (const char *) memchr (start, ']', (gsize) (end - start)) + 1;
    while (start < end && (g_ascii_isalnum (*start) || strchr ("-._~", *start) != NULL))
        start++;
    if (start < end && *start == ':')
        for (start++; start < end && g_ascii_isdigit (*start);)
            start++;
    return start < end;
}

static gboolean
is_refused_on_purpose (const char *text)
{
    static const char *const odd[] = { "%00", ":65536", "///" };

    for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
        if (strstr (text, odd[i]) != NULL)
            return TRUE;
    return *text == ' ' || has_odd_host_or_port (text);
}

/* git 2.39 takes all of these for http, later ones for an error */
static gboolean
has_odd_scheme (const char *text)
{
    static const char *const known[] = { "http",   "https",   "socks4", "socks4a",
                                         "socks5", "socks5h", NULL };
    const char *end = strstr (text, "://");
    g_autofree char *scheme = end != NULL ? g_strndup (text, (gsize) (end - text)) : NULL;

    return scheme != NULL && strpbrk (scheme, "/@") == NULL && !g_strv_contains (known, scheme);
}

/* npm's settings are rewritten before they are used, and a %3A in the user then separates like a
 * ':'. That makes a difference only without a password. */
static gboolean
has_colon_in_lone_user (const char *text)
{
    g_autoptr (PrcProxyUrl) url = prc_proxy_url_parse (text, &npm_dialect, NULL);

    return url != NULL && url->password == NULL && url->user != NULL &&
           strchr (url->user, ':') != NULL;
}

static gboolean
is_non_ascii_host (const char *mine)
{
    g_auto (GStrv) words = g_strsplit (mine, " ", 3);

    return g_strv_length (words) == 3 && !g_str_is_ascii (words[1]);
}

typedef struct {
    const char *tool;
    guint used, refused;
} Tally;

static void
compare (Tally *tally, const char *text, const char *mine, const char *theirs)
{
    g_autofree char *normalised = normal (theirs);

    if (g_str_equal (mine, "error") && is_refused_on_purpose (text))
        return;
    /* Left as it is; the tools each have their own idea of international names. */
    if (is_non_ascii_host (mine))
        return;
    if (!g_str_equal (mine, normalised))
        fail_msg ("%s reads [%s]\n  as   %s\n  we:  %s", tally->tool, text, normalised, mine);
    if (g_str_equal (mine, "error"))
        tally->refused++;
    else
        tally->used++;
}

/* A test that compares only refusals proves little. */
static void
check_tally (const Tally *tally)
{
    printf ("# %s: %u texts used, %u refused, all alike\n", tally->tool, tally->used,
            tally->refused);
    assert_true (tally->used > 0 && tally->refused > 0);
}

/* --- npm, pip
 * ---------------------------------------------------------------------------------------------- */

static char **
clean_environment (const char *home, const char *const *more)
{
    char **envp = NULL;

    envp = g_environ_setenv (envp, "PATH", g_getenv ("PATH"), TRUE);
    envp = g_environ_setenv (envp, "HOME", home, TRUE);
    envp = g_environ_setenv (envp, "LC_ALL", "C.UTF-8", TRUE);
    for (; more != NULL && *more != NULL; more += 2)
        envp = g_environ_setenv (envp, more[0], more[1], TRUE);
    return envp;
}

static void
check_oracle (const char *const *argv, const char *name, const PrcUrlDialect *dialect, Sends sends,
              gboolean (*is_left_out) (const char *text))
{
    g_autoptr (GPtrArray) texts = random_texts (prc_test_cases (6000), dialect, is_left_out);
    GString *input = g_string_new (NULL);
    g_autoptr (GBytes) in = NULL;
    g_autoptr (GBytes) out = NULL;
    g_auto (GStrv) envp = clean_environment ("/nonexistent", NULL);
    g_autofree char *answer = NULL;
    g_auto (GStrv) lines = NULL;
    Tally tally = { name, 0, 0 };
    int status;

    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *hex = hex_of (texts->pdata[i], strlen (texts->pdata[i]));

        g_string_append_printf (input, "%s\n", hex);
    }
    in = g_string_free_to_bytes (input);
    status = prc_test_run (argv, envp, NULL, in, &out, NULL);
    if (status == 77) {
        printf ("# skipped: this %s is older than the rules that are compared\n", name);
        skip ();
    }
    assert_int_equal (status, 0);
    answer = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
    lines = g_strsplit (answer, "\n", -1);
    assert_int_equal (g_strv_length (lines), texts->len + 1);
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *mine = ours (texts->pdata[i], dialect, sends);

        compare (&tally, texts->pdata[i], mine, lines[i]);
    }
    check_tally (&tally);
}

static void
parse__npm__reads_the_same (void **state)
{
    g_autofree char *npm = prc_test_tool ("npm");
    const char *const argv[] = { "node", SOURCE_DIR "/oracle-npm.js", npm, NULL };

    (void) state;
    if (npm == NULL)
        skip ();
    check_oracle (argv, "npm", &npm_dialect, SENDS_IF_ANY, has_colon_in_lone_user);
}

static void
parse__pip__reads_the_same (void **state)
{
    static const char *const probe[] = { "python3", "-c",
                                         "import pip._vendor.requests, pip._vendor.urllib3.util",
                                         NULL };
    static const char *const argv[] = { "python3", SOURCE_DIR "/oracle-pip.py", NULL };
    g_autofree char *python = prc_test_tool ("python3");
    g_auto (GStrv) envp = clean_environment ("/nonexistent", NULL);

    (void) state;
    if (python == NULL)
        skip ();
    if (prc_test_run (probe, envp, NULL, NULL, NULL, NULL) != 0) {
        printf ("# skipped: this python has no pip that carries its libraries\n");
        skip ();
    }
    check_oracle (argv, "pip", &pip_dialect, SENDS_IF_COMPLETE, NULL);
}

/* --- curl, git
 * --------------------------------------------------------------------------------------------- */

/* The proxy: notes for each request, which names its case in the URL, the credentials in hex or
 * "-". */
typedef struct {
    int listener;
    guint16 port;
    GMutex lock;
    GHashTable *credentials;
    GThread *thread;
} Proxy;

static void
note_request (Proxy *proxy, char *request)
{
    const char *number = strstr (request, "http://case");
    char *header = strstr (request, "Proxy-Authorization: Basic ");
    char *credentials = NULL;

    if (number == NULL)
        return;
    if (header != NULL) {
        gsize length = 0;
        g_autofree guchar *both = NULL;

        header += strlen ("Proxy-Authorization: Basic ");
        header[strcspn (header, "\r\n")] = '\0';
        both = g_base64_decode (header, &length);
        credentials = hex_of ((const char *) both, length);
    }
    g_mutex_lock (&proxy->lock);
    g_hash_table_insert (proxy->credentials, GUINT_TO_POINTER ((guint) atoi (number + 11) + 1),
                         credentials != NULL ? credentials : g_strdup ("-"));
    g_mutex_unlock (&proxy->lock);
}

static gpointer
serve (gpointer data)
{
    static const char answer[] =
        "HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    Proxy *proxy = data;

    for (;;) {
        g_auto (PrcFd) client = accept (proxy->listener, NULL, NULL);
        char request[8192];
        gsize n = 0;

        if (client < 0)
            return NULL;
        while (n < sizeof request - 1) {
            ssize_t more = read (client, request + n, sizeof request - 1 - n);

            if (more <= 0)
                break;
            n += (gsize) more;
            request[n] = '\0';
            /* TLS and SOCKS are only counted as connections. */
            if (request[0] != 'G' || strstr (request, "\r\n\r\n") != NULL)
                break;
        }
        request[n] = '\0';
        if (request[0] == 'G') {
            note_request (proxy, request);
            if (write (client, answer, sizeof answer - 1) < 0)
                continue;
        }
    }
}

static Proxy *
proxy_start (void)
{
    Proxy *proxy = g_new0 (Proxy, 1);
    struct sockaddr_in there = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
    socklen_t length = sizeof there;

    g_mutex_init (&proxy->lock);
    proxy->credentials = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    proxy->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true (proxy->listener >= 0);
    assert_int_equal (bind (proxy->listener, (struct sockaddr *) &there, sizeof there), 0);
    assert_int_equal (listen (proxy->listener, 64), 0);
    assert_int_equal (getsockname (proxy->listener, (struct sockaddr *) &there, &length), 0);
    proxy->port = ntohs (there.sin_port);
    proxy->thread = g_thread_new ("proxy", serve, proxy);
    return proxy;
}

static void
proxy_stop (Proxy *proxy)
{
    shutdown (proxy->listener, SHUT_RDWR);
    g_thread_join (proxy->thread);
    close (proxy->listener);
    g_hash_table_unref (proxy->credentials);
    g_mutex_clear (&proxy->lock);
    g_free (proxy);
}

static gboolean
is_target (const char *host)
{
    return g_str_has_prefix (host, "case") && g_str_has_suffix (host, ".test");
}

/* What redirect.c told of one case: the first name asked for, if any, and the first connection. */
static char *
answer_from (Proxy *proxy, const char *const *events, guint n, guint number)
{
    g_autofree char *host = NULL;
    const char *credentials;
    guint port = 0;

    for (guint i = 0; i < n && port == 0; i++) {
        g_auto (GStrv) words = g_strsplit (events[i], " ", 3);

        if (g_strv_length (words) < 3 ||
            (!g_str_equal (words[0], "@name") && !g_str_equal (words[0], "@connect")))
            continue;
        if (host == NULL)
            host = g_strdup (words[1]);
        if (g_str_equal (words[0], "@connect"))
            port = (guint) atoi (words[2]);
    }
    if (port == 0 || is_target (host))
        return g_strdup ("error"); /* refused, or gone directly */
    g_mutex_lock (&proxy->lock);
    credentials = g_hash_table_lookup (proxy->credentials, GUINT_TO_POINTER (number + 1));
    g_mutex_unlock (&proxy->lock);
    return g_strdup_printf ("%s %s %u %s", credentials != NULL ? "http" : "other", host, port,
                            credentials != NULL ? credentials : "?");
}

/* curl doesn't ask again for a name that it has met before; then only the address is seen. */
static char *
with_known_name (const char *theirs, const char *mine)
{
    g_auto (GStrv) words = g_strsplit (theirs, " ", 4);
    g_auto (GStrv) ours_words = g_strsplit (mine, " ", 4);

    if (g_strv_length (words) < 4 || g_strv_length (ours_words) < 4 ||
        !g_str_equal (words[1], "127.0.0.1"))
        return g_strdup (theirs);
    return g_strdup_printf ("%s %s %s %s", words[0], ours_words[1], words[2], words[3]);
}

/* Only an HTTP proxy in plain text, by name or IPv4, shows its credentials here. */
static void
compare_seen (Tally *tally, const char *text, const char *mine, const char *theirs)
{
    g_auto (GStrv) words = g_strsplit (mine, " ", 4);
    g_autofree char *seen = NULL;
    g_autofree char *known = NULL;

    if (g_strv_length (words) == 4) {
        g_autofree char *host = g_strndup (words[1], strcspn (words[1], "%"));

        if (!g_str_equal (words[0], "http") || strchr (host, ':') != NULL)
            seen = g_strdup_printf ("other %s %s ?", host, words[2]);
    }
    if (seen == NULL)
        seen = g_strdup (mine);
    known = with_known_name (theirs, seen);
    compare (tally, text, seen, known);
}

static void
append_quoted (GString *out, const char *text)
{
    g_string_append_c (out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, *text);
    }
    g_string_append (out, "\"\n");
}

static GBytes *
curl_config (GPtrArray *texts)
{
    GString *config = g_string_new (NULL);

    for (guint i = 0; i < texts->len; i++) {
        g_string_append (config, i > 0 ? "next\nsilent\nmax-time = 10\nproxy = "
                                       : "silent\nmax-time = 10\nproxy = ");
        append_quoted (config, texts->pdata[i]);
        g_string_append_printf (
            config, "url = \"http://case%u.test/\"\nwrite-out = \"%%{stderr}@end\\n\"\n", i);
    }
    return g_string_free_to_bytes (config);
}

static void
parse__curl__reads_the_same (void **state)
{
    static const char *const argv[] = { "curl", "-q", "-K", "-", NULL };
    g_autoptr (GPtrArray) texts = random_texts (prc_test_cases (2000), &curl_dialect, NULL);
    g_autofree char *curl = prc_test_tool ("curl");
    g_autoptr (GBytes) in = NULL;
    g_autoptr (GBytes) told = NULL;
    g_autofree char *text = NULL;
    g_auto (GStrv) events = NULL;
    g_auto (GStrv) envp = NULL;
    Tally tally = { "curl", 0, 0 };
    Proxy *proxy;
    guint from = 0, number = 0;

    (void) state;
    if (curl == NULL)
        skip ();
    proxy = proxy_start ();
    {
        g_autofree char *port = g_strdup_printf ("%u", proxy->port);
        const char *const more[] = { "LD_PRELOAD", REDIRECT, "PRC_TEST_PORT", port, NULL };

        envp = clean_environment ("/nonexistent", more);
    }
    in = curl_config (texts);
    (void) prc_test_run (argv, envp, NULL, in, NULL, &told);
    text = g_strndup (g_bytes_get_data (told, NULL), g_bytes_get_size (told));
    events = g_strsplit (text, "\n", -1);
    for (guint i = 0; events[i] != NULL; i++) {
        g_autofree char *mine = NULL;
        g_autofree char *theirs = NULL;

        if (!g_str_equal (events[i], "@end"))
            continue;
        mine = ours (texts->pdata[number], &curl_dialect, SENDS_IF_WRITTEN);
        theirs = answer_from (proxy, (const char *const *) events + from, i - from, number);
        compare_seen (&tally, texts->pdata[number++], mine, theirs);
        from = i + 1;
    }
    assert_int_equal (number, texts->len);
    proxy_stop (proxy);
    check_tally (&tally);
}

static char *
run_git (Proxy *proxy, const char *text, guint number)
{
    g_autofree char *port = g_strdup_printf ("%u", proxy->port);
    g_autofree char *url = g_strdup_printf ("http://case%u.test/", number);
    const char *const argv[] = { "git", "ls-remote", url, NULL };
    const char *const more[] = { "LD_PRELOAD",
                                 REDIRECT,
                                 "PRC_TEST_PORT",
                                 port,
                                 "GIT_CONFIG_NOSYSTEM",
                                 "1",
                                 "GIT_TERMINAL_PROMPT",
                                 "0",
                                 "GIT_ASKPASS",
                                 "false",
                                 "GIT_CONFIG_COUNT",
                                 "3",
                                 "GIT_CONFIG_KEY_0",
                                 "http.proxy",
                                 "GIT_CONFIG_VALUE_0",
                                 text,
                                 "GIT_CONFIG_KEY_1",
                                 "http.proxyAuthMethod",
                                 "GIT_CONFIG_VALUE_1",
                                 "basic",
                                 "GIT_CONFIG_KEY_2",
                                 "credential.helper",
                                 "GIT_CONFIG_VALUE_2",
                                 "!echo password=ASKED; :",
                                 NULL };
    g_auto (GStrv) envp = clean_environment ("/nonexistent", more);
    g_auto (GStrv) events = NULL;
    g_autofree char *told = NULL;
    g_autoptr (GBytes) err = NULL;

    (void) prc_test_run (argv, envp, "/", NULL, NULL, &err);
    told = g_strndup (g_bytes_get_data (err, NULL), g_bytes_get_size (err));
    events = g_strsplit (told, "\n", -1);
    return answer_from (proxy, (const char *const *) events, g_strv_length (events), number);
}

static void
parse__git__reads_the_same (void **state)
{
    g_autoptr (GPtrArray) texts = random_texts (prc_test_cases (300), &git_dialect, has_odd_scheme);
    g_autofree char *git = prc_test_tool ("git");
    Tally tally = { "git", 0, 0 };
    Proxy *proxy;

    (void) state;
    if (git == NULL)
        skip ();
    proxy = proxy_start ();
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *mine = ours (texts->pdata[i], &git_dialect, SENDS_OR_ASKS);
        g_autofree char *theirs = run_git (proxy, texts->pdata[i], i);

        compare_seen (&tally, texts->pdata[i], mine, theirs);
    }
    proxy_stop (proxy);
    check_tally (&tally);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (parse__npm__reads_the_same),
        cmocka_unit_test (parse__pip__reads_the_same),
        cmocka_unit_test (parse__curl__reads_the_same),
        cmocka_unit_test (parse__git__reads_the_same),
    };

    signal (SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests (tests, NULL, NULL);
}
