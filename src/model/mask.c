#include "model/mask.h"

#include <string.h>

/* Bytes [start, end) of a text that are not shown. */
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

/* Ranges that overlap or touch show as one "***". */
static char *
without_hidden (const char *text, GArray *hidden)
{
    /* with room for all of it: growing would leave copies behind */
    GString *out = g_string_sized_new (strlen (text) + 3 * hidden->len + 1);
    gsize from = 0;

    g_array_sort (hidden, by_start);
    for (guint i = 0; i < hidden->len; i++) {
        const Hidden *range = &g_array_index (hidden, Hidden, i);

        if (i == 0 || range->start > from) {
            g_string_append_len (out, text + from, (gssize) (range->start - from));
            g_string_append (out, "***");
        }
        from = MAX (from, range->end);
    }
    g_string_append (out, text + from);
    return g_string_free (out, FALSE);
}

/* --- keys ---------------------------------------------------------------------------------- */

static char *
lower_letters (const char *text, gsize length)
{
    GString *out = g_string_new (NULL);

    for (gsize i = 0; i < length; i++)
        if (g_ascii_isalnum (text[i]))
            g_string_append_c (out, g_ascii_tolower (text[i]));
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

static gboolean
ends_with_any (const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (g_str_has_suffix (text, *words))
            return TRUE;
    return FALSE;
}

static gboolean
is_secret_word (const char *letters)
{
    static const char *const secret[] = {
        "auth", "token", "pass", "secret", "key", "bearer", NULL
    };
    static const char *const ends[] = { "pw", "pwd", NULL };
    /* Names of a way to authenticate, of a yes or no, of the shell's working directory. */
    static const char *const plain[] = { "authmethod",        "authtype", "authscheme",
                                         "alwaysauth",        "anyauth",  "keepalive",
                                         "passwordprotected", NULL };

    if (g_str_equal (letters, "pwd") || g_str_equal (letters, "oldpwd"))
        return FALSE;
    return (contains_any (letters, secret) || ends_with_any (letters, ends)) &&
           !contains_any (letters, plain);
}

gboolean
prc_mask_is_secret_key (const char *key)
{
    g_autofree char *letters = lower_letters (key, strlen (key));

    return is_secret_word (letters);
}

/* Whose value may be USER:PASSWORD. */
static gboolean
is_user_word (const char *letters)
{
    static const char *const names[] = { "user",          "proxyuser",     "username",
                                         "proxyusername", "httpproxyuser", "httpsproxyuser",
                                         "userpwd",       "proxyuserpwd" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (g_str_equal (letters, names[i]))
            return TRUE;
    return FALSE;
}

/* What even a secret key may show: `auth = basic`, `auth = "";`; quotes and the end of a statement
 * aside. */
static gboolean
is_harmless (const char *value)
{
    static const char *const words[] = { "",    "basic",   "digest", "ntlm", "negotiate",
                                         "any", "anyauth", "none",   "true", "false" };
    gsize length = strlen (value);

    while (length > 0 && strchr ("\"'; \t\r", value[length - 1]) != NULL)
        length--;
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (strlen (words[i]) == length && g_ascii_strncasecmp (value, words[i], length) == 0)
            return TRUE;
    return FALSE;
}

char *
prc_mask_value (const char *key, const char *value)
{
    const char *dot = strrchr (key, '.'), *last = dot != NULL ? dot + 1 : key;
    g_autofree char *letters = lower_letters (last, strlen (last));

    if (is_harmless (value))
        return g_strdup (value);
    if (prc_mask_is_secret_key (key) || (is_user_word (letters) && strchr (value, ':') != NULL))
        return g_strdup ("***");
    return prc_mask_line (value);
}

/* --- URLs ---------------------------------------------------------------------------------- */

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t';
}

static gboolean
is_one_of (char c, const char *set)
{
    return c != '\0' && strchr (set, c) != NULL;
}

static gboolean
is_word_char (char c)
{
    return g_ascii_isalnum (c) || (guchar) c >= 0x80 || is_one_of (c, "-_.");
}

static gboolean
is_scheme_char (char c)
{
    return g_ascii_isalnum (c) || is_one_of (c, "-+.");
}

/* What can stand before a value, or behind it. */
static gboolean
is_boundary (char c)
{
    return (guchar) c <= ' ' || is_one_of (c, "\"'`=,;([{<>|)]}");
}

static gsize
start_of_scheme (const char *line, gsize from, gsize colon)
{
    gsize start = colon;

    while (start > from && is_scheme_char (line[start - 1]))
        start--;
    return start;
}

static gboolean
is_usual_scheme (const char *start, gsize length)
{
    static const char *const names[] = { "http",   "https",   "ftp",    "ftps",    "socks",
                                         "socks4", "socks4a", "socks5", "socks5h", "ssh",
                                         "git",    "ldap",    "ldaps" };

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        if (strlen (names[i]) == length && g_ascii_strncasecmp (start, names[i], length) == 0)
            return TRUE;
    return FALSE;
}

char *
prc_mask_url_text (const char *text)
{
    const char *scheme = strstr (text, "://"), *at = strrchr (text, '@');
    const char *start = text;

    if (at == NULL)
        return g_strdup (text);
    if (scheme != NULL && scheme < at && start_of_scheme (text, 0, (gsize) (scheme - text)) == 0)
        start = scheme + strlen ("://");
    return g_strdup_printf ("%.*s***%s", (int) (start - text), text, at);
}

/* The line's bytes [start, end) may hold user:password@host without a scheme. */
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
        if (is_blank (line[i + 1]) || (i > start && line[i - 1] == '"' && line[i + 1] == '"'))
            continue;
        while (word > start && !is_boundary (line[word - 1]))
            word--;
        hide (hidden, word, stop);
        return;
    }
}

/* Behind "host:port" of what begins at @start; @start itself when no host is there. */
static gsize
end_of_host (const char *line, gsize start)
{
    gsize p = start;

    while (g_ascii_isalnum (line[p]) || is_one_of (line[p], "-._~[]"))
        p++;
    if (p > start && line[p] == ':' && g_ascii_isdigit (line[p + 1]))
        for (p++; g_ascii_isdigit (line[p]);)
            p++;
    return p;
}

/* Where the next URL begins, or 0, provided that the one whose "://" ends at @from is whole by
 * then: a password may hold blanks, quotes, '/' and "://" too.
 * @ret_at: the last '@' before that; 0: there is none */
static gsize
next_url (const char *line, gsize from, gsize *ret_at)
{
    gsize at = 0, host_end = end_of_host (line, from), host = from;

    for (gsize i = from; line[i] != '\0'; i++) {
        if (line[i] == '@') {
            at = i;
            host = i + 1;
            host_end = end_of_host (line, host);
        } else if (strncmp (line + i, "://", 3) == 0) {
            gsize scheme = start_of_scheme (line, host, i);

            if (is_usual_scheme (line + scheme, i - scheme) && scheme > host &&
                is_boundary (line[scheme - 1]) && host_end > host && host_end <= scheme &&
                (is_boundary (line[host_end]) || line[host_end] == '/')) {
                *ret_at = at;
                return i + strlen ("://");
            }
        }
    }
    *ret_at = at;
    return 0;
}

/* The first "://" behind the name of a usual scheme; others are left to hide_schemeless(), which
 * hides their names too: a password may have anything before a "://". */
static gboolean
find_url (const char *line, gsize *ret_scheme, gsize *ret_behind)
{
    for (gsize colon = 0; line[colon] != '\0'; colon++) {
        gsize scheme;

        if (strncmp (line + colon, "://", 3) != 0)
            continue;
        scheme = start_of_scheme (line, 0, colon);
        if (is_usual_scheme (line + scheme, colon - scheme)) {
            *ret_scheme = scheme;
            *ret_behind = colon + strlen ("://");
            return TRUE;
        }
    }
    return FALSE;
}

static void
hide_userinfo (const char *line, GArray *hidden)
{
    gsize scheme = strlen (line), next = 0;

    (void) find_url (line, &scheme, &next);
    hide_schemeless (line, 0, scheme, hidden);
    while (next > 0) {
        gsize from = next, at = 0;

        next = next_url (line, from, &at);
        if (at > 0)
            hide (hidden, from, at);
    }
}

/* --- words --------------------------------------------------------------------------------- */

typedef struct {
    gsize start, end;    /* the word's bytes */
    gboolean is_first;   /* on the line */
    const char *letters; /* of it, in lower case */
} Word;

/* A word that its value may follow without '=' or ':'. */
static gboolean
takes_blank (const char *line, const Word *word)
{
    static const char *const ends[] = { "password", "passwd", "passphrase", "token",
                                        "secret",   "pw",     "bearer",     NULL };
    gboolean upper = memchr (line + word->start, '_', word->end - word->start) != NULL;

    for (gsize i = word->start; i < word->end && upper; i++)
        upper = !g_ascii_islower (line[i]);
    return word->is_first || line[word->start] == '-' || upper ||
           ends_with_any (word->letters, ends);
}

/* Where the value of @word begins, or 0. */
static gsize
start_of_value (const char *line, const Word *word)
{
    gsize p = word->end;
    gboolean blank;

    while (is_one_of (line[p], "\"'`])\\"))
        p++;
    blank = is_blank (line[p]);
    while (is_blank (line[p]))
        p++;
    if (is_one_of (line[p], "=:>"))
        p++;
    else if (!blank || (!is_user_word (word->letters) && !takes_blank (line, word)))
        return 0;
    while (is_blank (line[p]) || is_one_of (line[p], "\"'`=:\\"))
        p++;
    return line[p] != '\0' ? p : 0;
}

/* The user in a URL may be called anything; hide_userinfo() knows where that ends. */
static gboolean
is_in_url (const char *line, const Word *word)
{
    return word->start >= 3 && strncmp (line + word->start - 3, "://", 3) == 0 &&
           line[word->end] == ':';
}

/* -u and -U, with the value as the next word or glued to it */
static gsize
start_of_short_option (const char *line, const Word *word)
{
    gsize p = word->start + 2;

    if (line[word->start] != '-' || (line[word->start + 1] != 'u' && line[word->start + 1] != 'U'))
        return 0;
    while (is_blank (line[p]) || is_one_of (line[p], "\"'`="))
        p++;
    return line[p] != '\0' ? p : 0;
}

/* To the end of the line: where a value ends is another thing in every format, and a password may
 * hold any of their quotes. Whether something was hidden. */
static gboolean
hide_value (const char *line, const Word *word, const char *last_colon, GArray *hidden)
{
    gboolean user = is_user_word (word->letters);
    gsize value = 0;

    if (is_in_url (line, word))
        return FALSE;
    if (user || is_secret_word (word->letters))
        value = start_of_value (line, word);
    if (value == 0) {
        user = TRUE;
        value = start_of_short_option (line, word);
    }
    if (value == 0 || (user && (last_colon == NULL || last_colon < line + value)) ||
        is_harmless (line + value))
        return FALSE;
    hide (hidden, value, value + strlen (line + value));
    return TRUE;
}

/* "Basic dXNlcjpwYXNz": not what a sentence has there */
static void
hide_header (const char *line, const Word *word, GArray *hidden)
{
    gsize start = word->end, end;
    gboolean odd = FALSE;

    if (!g_str_equal (word->letters, "basic") && !g_str_equal (word->letters, "bearer"))
        return;
    while (is_blank (line[start]))
        start++;
    for (end = start; g_ascii_isalnum (line[end]) || is_one_of (line[end], "+/=-_.~"); end++)
        odd |= !g_ascii_islower (line[end]);
    if (odd && end - start >= 4)
        hide (hidden, start, end);
}

static void
hide_named (const char *line, GArray *hidden)
{
    const char *last_colon = strrchr (line, ':');
    /* In a comment the first word is one of a sentence. */
    gboolean is_first = !is_one_of (line[strspn (line, " \t")], "#;/");

    for (gsize i = 0; line[i] != '\0';) {
        g_autofree char *letters = NULL;
        Word word = { i, i, is_first, NULL };

        while (is_word_char (line[word.end]))
            word.end++;
        if (word.end == i) {
            i++;
            continue;
        }
        i = word.end;
        word.letters = letters = lower_letters (line + word.start, word.end - word.start);
        if (hide_value (line, &word, last_colon, hidden))
            return;
        hide_header (line, &word, hidden);
        is_first = FALSE;
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

/* Whole URLs in a text */

/* The '@' that ends the userinfo of the URL whose authority begins at @start; NULL: it has no
 * password. */
static const char *
end_of_credentials (const char *start)
{
    const char *authority_end = start + strcspn (start, "/?# \t\n\"'"), *colon = NULL, *at = NULL;

    for (const char *p = start; p < authority_end; p++)
        if (*p == '@')
            at = p;
    colon = memchr (start, ':', (gsize) ((at != NULL ? at : authority_end) - start));
    if (at != NULL)
        return colon != NULL ? at : NULL;
    /* A '/' in a password that was not encoded: what is behind the colon is no port then. */
    if (colon == NULL || colon + 1 + strspn (colon + 1, "0123456789") == authority_end)
        return NULL;
    at = strchr (authority_end, '@');
    return at != NULL && at < start + strcspn (start, " \t\n\"'") ? at : NULL;
}

char *
prc_mask_urls (const char *text)
{
    GString *masked = g_string_new (NULL);

    for (;;) {
        const char *scheme = strstr (text, "://");
        const char *end = scheme != NULL ? end_of_credentials (scheme + 3) : NULL;

        if (scheme == NULL)
            break;
        g_string_append_len (masked, text, scheme + 3 - text);
        if (end != NULL)
            g_string_append (masked, "***");
        text = end != NULL ? end : scheme + 3;
    }
    g_string_append (masked, text);
    return g_string_free (masked, FALSE);
}
