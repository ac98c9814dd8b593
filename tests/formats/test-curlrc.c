#include "rc-test.h"

#include "formats/curlrc-scan.h"
#include "formats/drivers.h"

#define V788 PRC_TOOL_VERSION (7, 88, 1)
#define V86 PRC_TOOL_VERSION (8, 6, 0)
#define V814 PRC_TOOL_VERSION (8, 14, 1)
#define BOM "\xEF\xBB\xBF"

static void
curlrc__files__read_as_curl_does (void **state)
{
    static const ReadRow rows[] = {
        { "", 0, "" },
        { "# c\n\n  # d\n", 0, "" },
        { "proxy = http://u:p@h:1 # c\n", 0, "1 proxy=http://u:p@h:1" },
        { "proxy http://h#x\nproxy: h\nproxy:=h\n-x h\n-xh\n-x \"h\"\n--proxy h", 0,
          "1 proxy=http://h#x|2 proxy=h|3 proxy=h|4 proxy=h|5 proxy=h|6 proxy=h|7 proxy=h" },
        { "proxy = \"a \\\"b\\\\ \\t\\n\\r\\v\\q\" rest\n", 0, "1 proxy=a \"b\\\\ \\t\\n\\r\\vq" },
        { "proxy = 'x'\n", 0, "1 proxy='x'" },
        { "proxy = \"\"\nproxy-user=\"u:\"\r\n", 0, "1 proxy=|2 proxy-user=u:" },
        { "proxy = \"x\nnoproxy=y", V788, "1 proxy=x\\n|2 noproxy=y" },
        { "proxy = \"x\nnoproxy=y", V814, "1 proxy=x|2 noproxy=y" },
        { "proxy = \"x\nnoproxy=y", 0, "1 proxy=x C|1 proxy=x\\n C|2 noproxy=y" },
        { "proxytunnel\nno-proxytunnel\n--no-proxy-ntlm\n-p\n-N\n", 0,
          "1 proxytunnel=true|2 proxytunnel=false|3 proxy-ntlm=false|4 proxytunnel=true|"
          "5 buffer=false" },
        { "-sSx h\n-pUu:p\n", 0,
          "1 silent=true|1 show-error=true|1 proxy=h|2 proxytunnel=true|2 proxy-user=u:p" },
        { "-x\"a b\"\nnoproxy=y\n", V788, "1 proxy=\"a|2 noproxy=y" },
        { "-x\"a b\"\nnoproxy=y\n", V814, "1 proxy=\"a|2 noproxy=y I" },
        { "--proxy=x\nnoproxy=y\n", V788, "2 noproxy=y" },
        { "--proxy=x\nnoproxy=y\n", V814, "2 noproxy=y I" },
        { "--proxy=x\nnoproxy=y\n", 0, "2 noproxy=y C" },
        { "-x =x\n", 0, "1 proxy==x" },
        { "proxytunnel yes\nnoproxy=y\n", 0, "1 proxytunnel=true|2 noproxy=y C" },
        { "proxy\nnoproxy=y\n", V814, "2 noproxy=y I" },
        { "retry = many\nnoproxy=y\n", V814, "2 noproxy=y I" },
        { "retry = 5\nnoproxy=y\n", V814, "1 retry=5|2 noproxy=y" },
        { "  proxy=x\nnoproxy=y\n", V788, "1 proxy=x|2 noproxy=y" },
        { "  proxy=x\nnoproxy=y\n", V814, "1 proxy=x I|2 noproxy=y I" },
        { "  proxy=x\nnoproxy=y\n", 0, "1 proxy=x C|2 noproxy=y C" },
        { "/ x\n* x\nproxy=x\n", V788, "3 proxy=x" },
        { "/ x\n* x\nproxy=x\n", V814, "3 proxy=x I" },
        { "proxy=x\r\nproxytunnel\r\nnoproxy=y\r\n", V788,
          "1 proxy=x|2 proxytunnel=true|3 noproxy=y" },
        { "proxy=x\r\nproxytunnel\r\nnoproxy=y\r\n", V814,
          "1 proxy=x|2 proxytunnel=true I|3 noproxy=y I" },
        { "\r\nproxy=x\n", V814, "2 proxy=x I" },
        { "Proxy=x\nproxy-us=y\n", V788, "1 proxy=x|2 proxy-user=y" },
        { "Proxy=x\nnoproxy=y\n", V86, "1 proxy=x I|2 noproxy=y" },
        { "Proxy=x\nnoproxy=y\n", V814, "1 proxy=x I|2 noproxy=y I" },
        { BOM "proxy=x\nnoproxy=y\n", V788, "2 noproxy=y" },
        { BOM "proxy=x\nnoproxy=y\n", V814, "2 noproxy=y I" },
        { "variable = %X\nexpand-proxy = \"h{{X:url}}\"\nnoproxy=y\n", V788,
          "1 variable=%X IL|2 expand-proxy=h{{X:url}} I|3 noproxy=y" },
        { "variable = %X\nexpand-proxy = \"h{{X:url}}\"\nnoproxy=y\n", V814,
          "1 variable=%X L|2 expand-proxy=h{{X:url}}|3 noproxy=y" },
        { "expand-proxy = h\n", 0, "1 expand-proxy=h C" },
        { "skip-existing\nproxy=x\n", PRC_TOOL_VERSION (8, 9, 0),
          "1 skip-existing=true I|2 proxy=x I" },
        { "url=a\nproxy=x\nnext\nproxy=y\n", 0, "1 url=a L|2 proxy=x|4 proxy=y I" },
        { "next\nproxy=y\n", 0, "2 proxy=y" },
        { "socks5 = h\nproxy=\xFF\x01\n", 0, "1 socks5=h|2 proxy=\\377\\001" },
        { "preproxy=x\npreproxy=\"\"\nnoproxy=y\n", V788, "1 preproxy=x|2 preproxy=|3 noproxy=y" },
        { "preproxy=x\npreproxy=\"\"\nnoproxy=y\n", V814,
          "1 preproxy=x|2 preproxy=(null)|3 noproxy=y I" },
        { "unknown-thing x\n-\n--\n=\n", V788, "" },
    };

    (void) state;
    check_read_rows (&prc_format_curlrc, rows, G_N_ELEMENTS (rows));
}

static void
curlrc__set__changes_no_other_byte (void **state)
{
    static const EditRow rows[] = {
        { "", 0, "proxy", "http://u:p@h:1", "proxy = \"http://u:p@h:1\"\n" },
        { "# c", 0, "-x", "h", "# c\nproxy = \"h\"" },
        { "silent\r\n", 0, "--proxy", "a\"\\\t\n\r\v",
          "proxy = \"a\\\"\\\\\\t\\n\\r\\v\"\r\nsilent\r\n" },
        { "user-agent=x\r\n", 0, "proxytunnel", "true", "user-agent=x\r\nproxytunnel\n" },
        { "proxy=old\nsilent\n", 0, "proxy-user", "u:p",
          "proxy=old\nproxy-user = \"u:p\"\nsilent\n" },
        { "silent\nbogus x\nuser=x\n", 0, "proxy", "h",
          "silent\nproxy = \"h\"\nbogus x\nuser=x\n" },
        { "silent\n  user=x\n", 0, "proxy", "h", "silent\nproxy = \"h\"\n  user=x\n" },
        { "write-out=\"%{x}\"\n", 0, "proxy", "h", "proxy = \"h\"\nwrite-out=\"%{x}\"\n" },
        { "bogus x\nsocks5=a\n", V788, "proxy", "h", "bogus x\nsocks5=a\nproxy = \"h\"\n" },
        { BOM "# c\n", 0, "proxy", "h", "proxy = \"h\"\n" BOM "# c\n" },
        { "url=a\nnext\nproxy=x\n", 0, "proxy", "h", "url=a\nproxy = \"h\"\nnext\nproxy=x\n" },
        { "proxy = old # mine\n", 0, "proxy", "new", "proxy = new # mine\n" },
        { "proxy=old\n", 0, "proxy", "a b", "proxy=\"a b\"\n" },
        { "proxy=old\n", 0, "proxy", "=b", "proxy=\"=b\"\n" },
        { "--proxy old\n", 0, "proxy", "=b", "--proxy =b\n" },
        { "-xold\n", 0, "proxy", "new", "-xnew\n" },
        { "-xold\n", 0, "proxy", "", "-x \"\"\n" },
        { "-xold\n", 0, "proxy", "\"", "-x \"\\\"\"\n" },
        { "-sxold\n", 0, "proxy", "a b", "-sx \"a b\"\n" },
        { "proxy:\t\"old\" rest\r\n", 0, "proxy", "n\\", "proxy:\t\"n\\\\\" rest\r\n" },
        { "proxy = \"old\nsilent\n", V814, "proxy", "new", "proxy = \"new\"\nsilent\n" },
        { "proxy=a\nsilent\nproxy=b\n", 0, "proxy", "c", "silent\nproxy=c\n" },
        { "no-proxytunnel\n", 0, "proxytunnel", "true", "proxytunnel\n" },
        { "--proxytunnel\n", 0, "proxytunnel", "false", "--no-proxytunnel\n" },
        { "-p\n", 0, "proxytunnel", "false", "no-proxytunnel\n" },
        { "-sp\n", 0, "proxytunnel", "false", "!UNSUPPORTED" },
        { "", 0, "proxytunnel", "yes", "!UNSUPPORTED" },
        { "", 0, "http2", "false", "!UNSUPPORTED" },
        { "", 0, "proxtunel", "true", "!INPUT" },
        { "", 0, "no-proxytunnel", "true", "!INPUT" },
        { "", 0, "next", "true", "!INPUT" },
        { "", V814, "expand-proxy", "h{{X:url}}", "expand-proxy = \"h{{X:url}}\"\n" },
        { "", V788, "expand-proxy", "h{{X:url}}", "!UNSUPPORTED" },
        { "bogus\nproxy=x\n", V814, "proxy", "h", "proxy = \"h\"\nbogus\nproxy=x\n" },
        { "bogus\nproxy=x\n", V788, "proxy", "h", "bogus\nproxy=h\n" },
        { "bogus\nproxy=x\nsilent\nproxy=y\n", 0, "proxy", "h", "proxy = \"h\"\nbogus\nsilent\n" },
        { "silent\n  proxy=x\n", 0, "proxy", "h", "silent\nproxy = \"h\"\n" },
        { "  proxy=x\nuser=y\n", 0, "proxy", "h", "!INPUT" },
        { "Proxy=x\nproxy=y", 0, "proxy", "h", "proxy = \"h\"\n" },
        { "proxy=\"x\nsilent", 0, "proxy", "h", "silent\nproxy = \"h\"" },
        { "proxytunnel\r\n", 0, "proxytunnel", "true", "proxytunnel\n" },
        { "preproxy: \"\"\n", V814, "preproxy", "h", "preproxy: \"h\"\n" },
        { "", V814, "preproxy", "", "!UNSUPPORTED" },
        { "", V788, "preproxy", "", "preproxy = \"\"\n" },
    };

    (void) state;
    check_edit_rows (&prc_format_curlrc, rows, G_N_ELEMENTS (rows));
}

static void
curlrc__unset__takes_the_line (void **state)
{
    static const EditRow rows[] = {
        { "proxy=x\nsilent\nproxy=y", 0, "proxy", NULL, "silent" },
        { "bogus\nproxy=x\n", V814, "proxy", NULL, "bogus\n" },
        { "-sx h # c\n", 0, "proxy", NULL, "-s\n" },
        { "-sxh\n", 0, "proxy", NULL, "-s\n" },
        { "-psS\n", 0, "proxytunnel", NULL, "-sS\n" },
        { "no-proxytunnel\n", 0, "proxytunnel", NULL, "" },
    };

    (void) state;
    check_edit_rows (&prc_format_curlrc, rows, G_N_ELEMENTS (rows));
}

static void
curlrc__line_too_long__ends_the_reading (void **state)
{
    g_autofree char *blanks = g_strnfill (100 * 1024, ' ');
    g_autofree char *text = g_strconcat ("proxy=x", blanks, "\nnoproxy=y\n", NULL);
    g_autofree char *old = listing (&prc_format_curlrc, text, PRC_TOOL_VERSION (8, 1, 0));
    g_autofree char *new = listing (&prc_format_curlrc, text, V788 + (1u << 20));

    (void) state;
    assert_string_equal (old, "1 proxy=x I|2 noproxy=y I");
    assert_string_equal (new, "1 proxy=x|2 noproxy=y");
}

static void
curlrc__any_bytes__hold (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    check_any_bytes (&prc_format_curlrc, rand, prc_test_cases (3000), "proxy -xU=:\"\\\n\r\t#no",
                     "proxy");
    check_linear (&prc_format_curlrc, "", "proxy=\"a\n");
    check_linear (&prc_format_curlrc, "", "p\n");
    check_linear (&prc_format_curlrc, "proxy=\"", "\\");
    check_linear (&prc_format_curlrc, "-", "p");
}

/* The oracle: what curl would hand to its library, as --libcurl writes it down. */
typedef struct {
    char *program, *library_path;
    guint version;
} Curl;

static const struct {
    const char *symbol, *key;
} symbols[] = {
    { "PRE_PROXY", "preproxy" },
    { "PROXYUSERPWD", "proxy-user" },
    { "NOPROXY", "noproxy" },
    { "PROXY_CAINFO", "proxy-cacert" },
    { "CAINFO", "cacert" },
    { "PROXY_SERVICE_NAME", "proxy-service-name" },
    { "HTTPPROXYTUNNEL", "proxytunnel" },
    { "USERAGENT", "user-agent" },
    { "REFERER", "referer" },
};

static guint
version_of (const char *program, const char *library_path)
{
    g_autofree char *library = g_strconcat ("LD_LIBRARY_PATH=", library_path, NULL);
    const char *const envp[] = { "PATH=/usr/bin:/bin", library, NULL };
    const char *const argv[] = { program, "-q", "--version", NULL };
    g_autoptr (GBytes) out = NULL;
    g_autofree char *text = NULL;
    guint major = 0, minor = 0, patch = 0;

    if (prc_test_run (argv, (char *const *) envp, NULL, NULL, &out, NULL) != 0)
        return 0;
    text = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
    if (sscanf (text, "curl %u.%u.%u", &major, &minor, &patch) != 3)
        return 0;
    return PRC_TOOL_VERSION (major, minor, patch);
}

/* A C string literal as --libcurl writes it: ends at the quote. */
static char *
unquoted_literal (const char *p)
{
    GString *out = g_string_new (NULL);

    while (*p != '\0' && *p != '"') {
        const char *quoted = p;

        if (*p != '\\') {
            g_string_append_c (out, *p++);
        } else if (p[1] == 'x') {
            g_string_append_c (
                out, (char) (g_ascii_xdigit_value (p[2]) * 16 + g_ascii_xdigit_value (p[3])));
            p += 4;
        } else {
            static const char letters[] = "ntr\\\"?", bytes[] = "\n\t\r\\\"?";
            const char *letter = strchr (letters, quoted[1]);

            assert_non_null (letter);
            g_string_append_c (out, bytes[letter - letters]);
            p += 2;
        }
    }
    return g_string_free (out, FALSE);
}

static GHashTable *
ask_curl (const Curl *curl, const char *dir, const char *text)
{
    g_autofree char *home = g_strconcat ("CURL_HOME=", dir, NULL);
    g_autofree char *library = g_strconcat ("LD_LIBRARY_PATH=", curl->library_path, NULL);
    g_autofree char *path = g_build_filename (dir, ".curlrc", NULL);
    const char *const envp[] = {
        "PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C", home, library, NULL
    };
    const char *const argv[] = { curl->program, "--libcurl", "-", "file:///dev/null", NULL };
    GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GBytes) out = NULL;
    g_auto (GStrv) lines = NULL;
    g_autofree char *all = NULL;
    const char *start = NULL;

    write_rc_file (path, text);
    (void) prc_test_run (argv, (char *const *) envp, dir, NULL, &out, NULL);
    all = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
    start = strstr (all, "#include <curl/curl.h>");
    if (start == NULL)
        fail_msg ("no answer for %s", text);
    lines = g_strsplit (start, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        static const char setopt[] = "  curl_easy_setopt(hnd, CURLOPT_";
        const char *symbol = NULL, *comma = NULL;

        if (g_str_has_prefix (*line, "  ret = "))
            break; /* the first transfer only: it has the URL of the command line */
        if (!g_str_has_prefix (*line, setopt))
            continue;
        symbol = *line + strlen (setopt);
        comma = strstr (symbol, ", ");
        g_hash_table_insert (set, g_strndup (symbol, (gsize) (comma - symbol)),
                             comma[2] == '"' ? unquoted_literal (comma + 3) : g_strdup (comma + 2));
    }
    return set;
}

/* The last of @keys and of their expand- forms; NULL when it isn't sure, or takes the value away.
 */
static const char *
last_read (const PrcDocument *doc, const char *const *keys)
{
    const PrcEntry *found = NULL;

    for (; *keys != NULL; keys++) {
        g_autofree char *expanded = g_strconcat ("expand-", *keys, NULL);
        const char *const both[] = { *keys, expanded };

        for (gsize i = 0; i < G_N_ELEMENTS (both); i++) {
            const PrcEntry *entry = NULL;

            (void) prc_document_lookup (doc, both[i], &entry);
            if (entry != NULL && (found == NULL || entry->start > found->start))
                found = entry;
        }
    }
    return found != NULL && (found->flags & PRC_ENTRY_CONDITIONAL) == 0 ? found->value : NULL;
}

/* The one slot that six options share: the last of them. */
static const char *
proxy_slot (const PrcDocument *doc)
{
    static const char *const keys[] = { "proxy",  "proxy1.0",        "socks4", "socks4a",
                                        "socks5", "socks5-hostname", NULL };

    return last_read (doc, keys);
}

static char *
expected_value (const PrcDocument *doc, const char *key)
{
    const char *const keys[] = { key, NULL };
    const char *value = last_read (doc, keys);

    if (value == NULL)
        return NULL;
    if (strcmp (key, "proxy-user") == 0 && strchr (value, ':') == NULL)
        return g_strconcat (value, ":", NULL);
    if (strcmp (key, "proxytunnel") == 0)
        return strcmp (value, "true") == 0 ? g_strdup ("1L);") : NULL;
    return g_strdup (value);
}

static void
check_symbol (GHashTable *set, const char *symbol, const char *expected, const Curl *curl,
              const char *text)
{
    const char *got = g_hash_table_lookup (set, symbol);

    if (strcmp (symbol, "USERAGENT") == 0 && got != NULL && g_str_has_prefix (got, "curl/"))
        got = NULL;
    /* An empty string is not passed on for these. */
    if (got == NULL && expected != NULL && *expected == '\0')
        return;
    if (g_strcmp0 (got, expected) != 0) {
        g_autofree char *shown = g_strescape (text, NULL);

        fail_msg ("%s %u.%u: %s is '%s', we read '%s' in %s", curl->program, curl->version >> 20,
                  (curl->version >> 10) & 0x3FF, symbol, got != NULL ? got : "(nothing)",
                  expected != NULL ? expected : "(nothing)", shown);
    }
}

static void
compare_with_curl (const Curl *curl, const char *dir, const char *text)
{
    g_autoptr (PrcDocument) doc = parse_text (&prc_format_curlrc, text, curl->version);
    g_autoptr (PrcDocument) any = parse_text (&prc_format_curlrc, text, 0);
    g_autoptr (GHashTable) set = ask_curl (curl, dir, text);

    check_symbol (set, "PROXY", proxy_slot (doc), curl, text);
    for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++) {
        g_autofree char *expected = expected_value (doc, symbols[i].key);
        g_autofree char *in_all = expected_value (any, symbols[i].key);

        check_symbol (set, symbols[i].symbol, expected, curl, text);
        /* What is plain without a version is so in this one. */
        if (in_all != NULL)
            check_symbol (set, symbols[i].symbol, in_all, curl, text);
    }
}

/* Not an empty URL, with which curl does nothing at all. Nor an open quote that ends in a
 * backslash: curl 8.14 reads on behind the end of the line then. */
static char *
random_line (GRand *rand)
{
    static const char *const names[] = {
        "proxy",
        "proxy",
        "proxy-user",
        "noproxy",
        "preproxy",
        "proxytunnel",
        "no-proxytunnel",
        "cacert",
        "proxy-cacert",
        "socks5",
        "socks4a",
        "proxy1.0",
        "proxy-service-name",
        "user-agent",
        "--proxy",
        "--proxy-user",
        "-x",
        "-U",
        "-p",
        "-xglued",
        "-sx",
        "-spU",
        "--no-proxytunnel",
        "-A",
        "referer",
    };
    static const char *const odd[] = { "Proxy",
                                       "proxy-u",
                                       "bogus",
                                       "--proxy=x",
                                       "-",
                                       "--",
                                       "next",
                                       "url=file:///dev/null ",
                                       "no-proxy",
                                       "retry",
                                       "max-time",
                                       "expand-proxy",
                                       "expand-noproxy",
                                       "\"proxy\"",
                                       "",
                                       "/",
                                       "*",
                                       "-y",
                                       "sile",
                                       "NOPROXY",
                                       "user-a",
                                       "no-proxytun",
                                       "-px",
                                       "no-sil",
                                       "expand-proxytunnel",
                                       "--no-NOPROXY",
                                       BOM "proxy" };
    static const char *const gaps[] = { " ", "=",  " = ",  ":",  ": ",  "\t",
                                        "",  "==", " =: ", "\v", "=\f", "\r=" };
    static const char *const values[] = {
        "h:1",
        "\"h:1\"",
        "\"a b\"",
        "\"q\\\"x\\\\y\\tz\\n\\v\\z\"",
        "\"unclosed",

        "a b",
        "x#y",
        "x # c",
        "'q'",
        "",
        "",
        "\"\"",
        "\"x\" rest",
        "\"x\"y",
        "5",
        "=v",
        ":v",
        "file:///dev/null",
        "u:p%40",
        "\x80\xFF",
        "x\ry",
        "x\fy",
        "\"x\ry\"",
        "\\x",
    };
    static const char *const indents[] = { " ", "\t", "\v", "\f", "  " };
    static const char *const comments[] = { "", "# c", " # c", " ", "\t", "\v", "\f#" };
    int kind = g_rand_int_range (rand, 0, 20);

    if (kind == 0)
        return g_strdup (PICK (rand, comments));
    return g_strconcat (
        kind == 1 ? PICK (rand, indents) : "", kind < 4 ? PICK (rand, odd) : PICK (rand, names),
        g_rand_int_range (rand, 0, 8) > 0 ? gaps[g_rand_int_range (rand, 0, 6)] : PICK (rand, gaps),
        PICK (rand, values), NULL);
}

static char *
random_file (GRand *rand)
{
    const char *eol = g_rand_int_range (rand, 0, 4) > 0 ? "\n" : "\r\n";
    int n = g_rand_int_range (rand, 1, 6);
    GString *text = g_string_new (NULL);

    for (int i = 0; i < n; i++) {
        g_autofree char *line = random_line (rand);

        g_string_append (text, line);
        if (i < n - 1 || g_rand_boolean (rand))
            g_string_append (text, eol);
    }
    return g_string_free (text, FALSE);
}

/* An edit for this very curl: it must read the value then, and all else as before. */
static void
compare_edit (const Curl *curl, GRand *rand, const char *dir, const char *text)
{
    static const char *const keys[] = { "proxy", "proxy-user", "noproxy", "proxytunnel",
                                        "preproxy" };
    static const char *const values[] = {
        "http://u:p%40@h:1", "a b", "=x", "q\"\\\t\n\r\v!", "", "\xFF#", "true", "false", "'"
    };
    const char *key = PICK (rand, keys);
    gboolean is_flag = strcmp (key, "proxytunnel") == 0;
    const char *value = is_flag ? values[g_rand_int_range (rand, 6, 8)] : PICK (rand, values);
    gboolean known = g_rand_boolean (rand);
    g_autoptr (PrcDocument) doc = parse_text (&prc_format_curlrc, text, known ? curl->version : 0);
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) after = g_rand_int_range (rand, 0, 4) > 0
                                        ? prc_document_set (doc, key, value, &error)
                                        : prc_document_unset (doc, key, &error);
    g_autofree char *edited = NULL;

    if (after == NULL) {
        /* A conditional line in the way, a letter in a bundle, an option that an empty value turns
         * into the file's end, or an open quote that would swallow the newline. */
        g_autofree char *shown = g_strescape (text, NULL);
        gboolean is_empty =
            strstr (text, "\"\"") != NULL || (*value == '\0' && strcmp (key, "preproxy") == 0);

        if (known && strchr (text, '-') == NULL && !is_empty &&
            !g_str_has_suffix (text, "unclosed"))
            fail_msg ("refused: %s = '%s' (%s) in %s", key, value, error->message, shown);
        return;
    }
    edited = text_of (after);
    compare_with_curl (curl, dir, edited);
}

static void
compare_all (const Curl *curl, guint32 seed, guint n)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    char *dir = prc_test_dir_new ();

    for (guint i = 0; i < n; i++) {
        g_autofree char *text = random_file (rand);

        compare_with_curl (curl, dir, text);
        compare_edit (curl, rand, dir, text);
    }
    prc_test_dir_remove (dir);
    printf ("# curl %u.%u.%u: %u files and edits\n", curl->version >> 20,
            (curl->version >> 10) & 0x3FF, curl->version & 0x3FF, n);
}

static void
curlrc__generated_files__read_as_curl_itself_does (void **state)
{
    g_autofree char *program = prc_test_tool ("curl");
    /* PROGRAM=LIBRARY-PATH:… of other versions */
    const char *more = g_getenv ("PRC_TEST_CURLS");
    g_auto (GStrv) others = g_strsplit (more != NULL ? more : "", ":", -1);
    guint32 seed = prc_test_seed ();
    guint n = prc_test_cases (400);

    (void) state;
    for (char **other = others; *other != NULL; other++) {
        g_auto (GStrv) pair = g_strsplit (*other, "=", 2);
        Curl curl = { pair[0], pair[0] != NULL ? pair[1] : NULL, 0 };

        if (curl.library_path == NULL)
            continue;
        curl.version = version_of (curl.program, curl.library_path);
        assert_int_not_equal (curl.version, 0);
        compare_all (&curl, seed, n);
    }
    if (program != NULL) {
        Curl curl = { program, (char *) "", version_of (program, "") };

        assert_int_not_equal (curl.version, 0);
        compare_all (&curl, seed, n);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (curlrc__files__read_as_curl_does),
        cmocka_unit_test (curlrc__set__changes_no_other_byte),
        cmocka_unit_test (curlrc__unset__takes_the_line),
        cmocka_unit_test (curlrc__line_too_long__ends_the_reading),
        cmocka_unit_test (curlrc__any_bytes__hold),
        cmocka_unit_test (curlrc__generated_files__read_as_curl_itself_does),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
