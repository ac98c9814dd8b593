#include "model/mask.h"

#include <string.h>

/* Byte ranges that are not shown; in ascending order of start, may overlap. */
typedef struct {
    gsize start, end;
} Hidden;

static void
hide (GArray *hidden, gsize start, gsize end)
{
    const Hidden range = { start, end };

    if (start < end)
        g_array_append_val (hidden, range);
}

static int
by_start (gconstpointer a, gconstpointer b)
{
    const Hidden *x = a, *y = b;

    return (x->start > y->start) - (x->start < y->start);
}

static char *
without_hidden (const char *text, GArray *hidden)
{
    GString *out = g_string_new (NULL);
    gsize shown_from = 0, length = strlen (text);

    g_array_sort (hidden, by_start);
    for (guint i = 0; i < hidden->len; i++) {
        const Hidden *range = &g_array_index (hidden, Hidden, i);

        if (range->end <= shown_from)
            continue;
        if (range->start >= shown_from) {
            g_string_append_len (out, text + shown_from, (gssize) (range->start - shown_from));
            /* Two that touch show as one. */
            if (!g_str_has_suffix (out->str, "***") || range->start > shown_from)
                g_string_append (out, "***");
        }
        shown_from = range->end;
    }
    g_string_append_len (out, text + shown_from, (gssize) (length - shown_from));
    return g_string_free (out, FALSE);
}

char *
prc_mask_url_text (const char *text)
{
    const char *scheme = strstr (text, "://"), *at = strrchr (text, '@');
    const char *start = scheme != NULL && scheme < at ? scheme + 3 : text;

    if (at == NULL)
        return g_strdup (text);
    return g_strdup_printf ("%.*s***%s", (int) (start - text), text, at);
}

static char *
lower_letters (const char *text)
{
    GString *out = g_string_new (NULL);

    for (; *text != '\0'; text++)
        if (g_ascii_isalnum (*text))
            g_string_append_c (out, g_ascii_tolower (*text));
    return g_string_free (out, FALSE);
}

static gboolean
contains_any (const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strstr (text, *words) != NULL)
            return TRUE;
    return FALSE;
}

gboolean
prc_mask_is_secret_key (const char *key)
{
    static const char *const secret[] = { "auth", "token",  "pass", "secret",
                                          "key",  "bearer", "pwd",  NULL };
    /* Names of a way to authenticate, or of a yes or no. */
    static const char *const plain[] = { "authmethod",        "authtype", "authscheme",
                                         "alwaysauth",        "anyauth",  "keepalive",
                                         "passwordprotected", NULL };
    g_autofree char *letters = lower_letters (key);

    return contains_any (letters, secret) && !contains_any (letters, plain);
}

/* A value that even a secret key may show: `auth = basic`, `always-auth = true`, nothing. */
static gboolean
is_harmless (const char *value)
{
    static const char *const words[] = { "",    "basic",   "digest", "ntlm", "negotiate",
                                         "any", "anyauth", "none",   "true", "false" };

    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (g_ascii_strcasecmp (value, words[i]) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
is_user_key (const char *letters)
{
    static const char *const names[] = { "user",          "proxyuser",      "u",
                                         "httpproxyuser", "httpsproxyuser", "userpwd",
                                         "proxyuserpwd",  "proxyusername",  "username" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (g_str_equal (letters, names[i]))
            return TRUE;
    return FALSE;
}

char *
prc_mask_value (const char *key, const char *value)
{
    const char *dot = strrchr (key, '.');
    g_autofree char *letters = lower_letters (dot != NULL ? dot + 1 : key);

    if (is_harmless (value))
        return g_strdup (value);
    if (prc_mask_is_secret_key (key) || (is_user_key (letters) && strchr (value, ':') != NULL))
        return g_strdup ("***");
    return prc_mask_line (value);
}

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t';
}

static gboolean
is_word_char (char c)
{
    return g_ascii_isalnum (c) || (guchar) c >= 0x80 || (c != '\0' && strchr ("-_.", c) != NULL);
}

static gboolean
is_boundary (char c)
{
    return (guchar) c <= ' ' || strchr ("\"'`=,;([{<>|", c) != NULL;
}

/* The line's bytes [start, end) hold user:password@host without a scheme. */
static void
hide_schemeless (const char *line, gsize start, gsize end, GArray *hidden)
{
    const char *at = end > start ? memrchr (line + start, '@', end - start) : NULL;
    gsize stop = at != NULL ? (gsize) (at - line) : 0;

    for (gsize i = start; i < stop; i++) {
        gsize word = i;

        if (line[i] != ':')
            continue;
        /* `key: value` and `"key":"value"` are no credentials yet. */
        if (is_blank (line[i + 1]) || (i > 0 && line[i - 1] == '"' && line[i + 1] == '"'))
            continue;
        while (word > start && !is_boundary (line[word - 1]))
            word--;
        hide (hidden, word, stop);
        return;
    }
}

/* The host and port, and what may follow them, up to the next URL: nothing of it is a password. */
static gboolean
is_plain_host (const char *text, const char *end)
{
    const char *p = text;

    while (p < end && (g_ascii_isalnum (*p) || strchr ("-._~[]", *p) != NULL))
        p++;
    if (p == text)
        return FALSE;
    if (p < end && *p == ':')
        for (p++; p < end && g_ascii_isdigit (*p);)
            p++;
    return p == end || is_boundary (*p) || strchr ("/)]}", *p) != NULL;
}

/* @line from @from, just behind a "://": where its URL's own part of the line ends. */
static gsize
end_of_url (const char *line, gsize from, gsize *ret_next)
{
    const char *next = strstr (line + from, "://");

    while (next != NULL) {
        const char *scheme = next, *at;

        while (scheme > line + from && is_word_char (scheme[-1]))
            scheme--;
        at = memrchr (line + from, '@', (gsize) (scheme - line) - from);
        if (scheme > line + from && is_boundary (scheme[-1]) && scheme < next &&
            is_plain_host (at != NULL ? at + 1 : line + from, scheme)) {
            *ret_next = (gsize) (next - line) + 3;
            return (gsize) (scheme - line);
        }
        next = strstr (next + 3, "://");
    }
    *ret_next = 0;
    return from + strlen (line + from);
}

static void
hide_userinfo (const char *line, GArray *hidden)
{
    const char *first = strstr (line, "://");
    gsize from = first != NULL ? (gsize) (first - line) + 3 : 0, next = 0;

    if (first == NULL) {
        hide_schemeless (line, 0, strlen (line), hidden);
        return;
    }
    hide_schemeless (line, 0, (gsize) (first - line), hidden);
    for (; from > 0; from = next) {
        gsize end = end_of_url (line, from, &next);
        const char *at = memrchr (line + from, '@', end - from);

        if (at != NULL)
            hide (hidden, from, (gsize) (at - line));
    }
}

/* What follows a word that names a secret or a user, to the end of the line: where a value ends is
 * another thing in every file format, and a password may hold any of their quotes. */
static void
hide_value (const char *line, gsize word, gsize after, GArray *hidden)
{
    g_autofree char *name = g_strndup (line + word, after - word);
    g_autofree char *letters = lower_letters (name);
    gboolean user = is_user_key (letters);
    gsize p = after;

    if (!user && !prc_mask_is_secret_key (name))
        return;
    /* The user of a URL, whatever the name: hide_userinfo() knows where that ends. */
    if (word >= 2 && line[word - 1] == '/' && line[word - 2] == '/' && line[after] == ':')
        return;
    if (user && letters[1] == '\0' && line[word] != '-')
        return; /* only -u and -U, not a user named u */
    while (line[p] != '\0' && strchr ("\"'`])", line[p]) != NULL)
        p++;
    while (is_blank (line[p]))
        p++;
    if (line[p] != '\0' && strchr ("=:>", line[p]) != NULL)
        p++;
    else if (p == after)
        return;
    while (is_blank (line[p]) || (line[p] != '\0' && strchr ("\"'`=:", line[p]) != NULL))
        p++;
    if (user && strchr (line + p, ':') == NULL)
        return;
    if (!is_harmless (line + p))
        hide (hidden, p, p + strlen (line + p));
}

static void
hide_named (const char *line, GArray *hidden)
{
    for (gsize i = 0; line[i] != '\0';) {
        gsize start = i;

        while (is_word_char (line[i]))
            i++;
        if (i == start) {
            i++;
            continue;
        }
        hide_value (line, start, i, hidden);
        if (hidden->len > 0 && g_array_index (hidden, Hidden, hidden->len - 1).start >= i)
            return;
    }
}

char *
prc_mask_line (const char *line)
{
    g_autoptr (GArray) hidden = g_array_new (FALSE, FALSE, sizeof (Hidden));

    hide_named (line, hidden);
    hide_userinfo (line, hidden);
    return without_hidden (line, hidden);
}
