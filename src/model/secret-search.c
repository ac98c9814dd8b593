#include "model/secret-search.h"

#include <string.h>

/* So many places of the text are tried at once for the next byte; no sane text needs three. */
enum { PLACES_MAX = 16 };
/* Quotes and continued lines between two characters of a password. */
enum { GLUE_MAX = 6 };
/* "%252525…40" */
enum { PERCENT_DEPTH_MAX = 6 };
/* What is found only whole must be too long to be there by chance. */
enum { WHOLE_MIN = 6 };

struct _PrcSecretSearch {
    PrcSecret *pattern; /* the password; when it is weak, USER:PASSWORD */
    GPtrArray *needles; /* of PrcSecret: what is found only whole */
    gboolean is_weak;
    gboolean may_begin[256];
};

/* Where in the text the characters so far can have ended. */
typedef struct {
    gsize at[PLACES_MAX];
    guint n;
} Places;

typedef struct {
    const guchar *bytes;
    gsize size;
} Text;

static void
add (Places *places, gsize at)
{
    for (guint i = 0; i < places->n; i++)
        if (places->at[i] == at)
            return;
    if (places->n < PLACES_MAX)
        places->at[places->n++] = at;
}

static guchar
byte_at (const Text *text, gsize at)
{
    return at < text->size ? text->bytes[at] : 0;
}

static gboolean
has (const Text *text, gsize at, const char *word)
{
    gsize length = strlen (word);

    return text->size >= length && at <= text->size - length &&
           memcmp (text->bytes + at, word, length) == 0;
}

/* The value of @n digits to the base @base; -1 when there are not so many. */
static gint64
number_at (const Text *text, gsize at, guint n, guint base)
{
    gint64 value = 0;

    for (guint i = 0; i < n; i++) {
        int digit = g_ascii_xdigit_value ((char) byte_at (text, at + i));

        if (digit < 0 || (guint) digit >= base)
            return -1;
        value = value * base + digit;
    }
    return value;
}

/* --- one byte ------------------------------------------------------------------------------- */

/* %HH, %25HH, %%HH … */
static void
percent_forms (const Text *text, gsize at, guchar byte, Places *next)
{
    gsize p = at + 1;

    if (byte_at (text, at) != '%')
        return;
    for (guint depth = 0; depth < PERCENT_DEPTH_MAX; depth++) {
        if (number_at (text, p, 2, 16) == byte)
            add (next, p + 2);
        if (has (text, p, "25"))
            p += 2;
        else if (byte_at (text, p) == '%')
            p++;
        else
            break;
    }
}

static void
byte_raw_or_percent (const Text *text, gsize at, guchar byte, Places *next)
{
    if (at < text->size && text->bytes[at] == byte)
        add (next, at + 1);
    percent_forms (text, at, byte, next);
}

static void
byte_forms (const Text *text, gsize at, guchar byte, Places *next)
{
    byte_raw_or_percent (text, at, byte, next);
    if (byte_at (text, at) != '\\')
        return;
    if (byte_at (text, at + 1) == 'x' && number_at (text, at + 2, 2, 16) == byte)
        add (next, at + 4);
    if (number_at (text, at + 1, 3, 8) == byte)
        add (next, at + 4);
    if (byte_at (text, at + 1) == '0' && number_at (text, at + 2, 3, 8) == byte)
        add (next, at + 5);
}

/* The UTF-8 of U+0080 to U+00FF for each byte, as when UTF-8 was taken for Latin-1. */
static void
byte_as_character (const Text *text, const Places *from, guchar byte, Places *next)
{
    for (guint i = 0; i < from->n; i++) {
        Places middle = { .n = 0 };

        if (byte < 0x80) {
            byte_raw_or_percent (text, from->at[i], byte, next);
            continue;
        }
        byte_raw_or_percent (text, from->at[i], (guchar) (0xC0 | byte >> 6), &middle);
        for (guint j = 0; j < middle.n; j++)
            byte_raw_or_percent (text, middle.at[j], (guchar) (0x80 | (byte & 0x3F)), next);
    }
}

/* --- one character -------------------------------------------------------------------------- */

static void
entity_forms (const Text *text, gsize at, gunichar c, Places *next)
{
    static const struct {
        char c;
        const char *name;
    } names[] = {
        { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&apos;" }
    };
    gboolean is_hex;
    gsize p = at + 2, digits;

    if (byte_at (text, at) != '&')
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        if (c == (gunichar) names[i].c && has (text, at, names[i].name))
            add (next, at + strlen (names[i].name));
    if (byte_at (text, at + 1) != '#')
        return;
    is_hex = (byte_at (text, p) | 0x20) == 'x';
    p += is_hex ? 1 : 0;
    for (digits = 0; digits < 8 && g_ascii_isxdigit ((char) byte_at (text, p + digits)); digits++)
        ;
    if (digits > 0 && byte_at (text, p + digits) == ';' &&
        number_at (text, p, (guint) digits, is_hex ? 16 : 10) == c)
        add (next, p + digits + 1);
}

static void
escape_forms (const Text *text, gsize at, gunichar c, Places *next)
{
    gunichar high = 0xD800 + ((c - 0x10000) >> 10), low = 0xDC00 + ((c - 0x10000) & 0x3FF);

    if (byte_at (text, at) != '\\')
        return;
    /* A backslash before any sign; before a letter or digit only where it is no code of its own. */
    if (c < 0x80 && byte_at (text, at + 1) == c)
        add (next, at + 2);
    if (byte_at (text, at + 1) == 'u' && number_at (text, at + 2, 4, 16) == c)
        add (next, at + 6);
    if (byte_at (text, at + 1) == 'U' && number_at (text, at + 2, 8, 16) == c)
        add (next, at + 10);
    if (c >= 0x10000 && byte_at (text, at + 1) == 'u' && number_at (text, at + 2, 4, 16) == high &&
        has (text, at + 6, "\\u") && number_at (text, at + 8, 4, 16) == low)
        add (next, at + 12);
}

static void
doubled_forms (const Text *text, gsize at, gunichar c, Places *next)
{
    if (c < 0x80 && strchr ("%$\"'", (int) c) != NULL && byte_at (text, at) == c &&
        byte_at (text, at + 1) == c)
        add (next, at + 2);
}

static void
ascii_forms (const Text *text, gsize at, guchar c, Places *next)
{
    byte_forms (text, at, c, next);
    entity_forms (text, at, c, next);
    escape_forms (text, at, c, next);
    doubled_forms (text, at, c, next);
}

/* @utf8: the character's @length bytes; a byte that is no UTF-8 stands for itself. */
static void
character_forms (const Text *text, gsize at, const guchar *utf8, gsize length, Places *next)
{
    gboolean is_valid = g_utf8_validate ((const char *) utf8, (gssize) length, NULL);
    gunichar c = is_valid ? g_utf8_get_char ((const char *) utf8) : 0;
    Places plain = { { at }, 1 }, again = { { at }, 1 };

    for (gsize i = 0; i < length; i++) {
        Places further = { .n = 0 };

        for (guint j = 0; j < plain.n; j++)
            byte_forms (text, plain.at[j], utf8[i], &further);
        plain = further;
    }
    for (guint j = 0; j < plain.n; j++)
        add (next, plain.at[j]);
    if (!is_valid || c == 0)
        return;
    entity_forms (text, at, c, next);
    escape_forms (text, at, c, next);
    doubled_forms (text, at, c, next);
    if (c < 0x80)
        return;
    if (c <= 0xFF)
        byte_forms (text, at, (guchar) c, next);
    for (gsize i = 0; i < length; i++) {
        Places further = { .n = 0 };

        byte_as_character (text, &again, utf8[i], &further);
        again = further;
    }
    for (guint j = 0; j < again.n; j++)
        add (next, again.at[j]);
}

/* Between two characters, quotes may end and begin, and a line may be continued. */
static void
skip_glue (const Text *text, Places *places)
{
    for (guint i = 0; i < places->n; i++) {
        gsize at = places->at[i];

        for (guint n = 0; n < GLUE_MAX; n++) {
            if (byte_at (text, at) == '\'' || byte_at (text, at) == '"')
                at++;
            else if (has (text, at, "\\\n"))
                at += 2;
            else if (has (text, at, "\\\r\n"))
                at += 3;
            else
                break;
            add (places, at);
        }
    }
}

static gsize
character_length (const guchar *bytes, gsize size)
{
    gsize length = 1;

    if (bytes[0] < 0x80)
        return 1;
    while (length < size && length < 4 && (bytes[length] & 0xC0) == 0x80)
        length++;
    return g_utf8_validate ((const char *) bytes, (gssize) length, NULL) ? length : 1;
}

/* Whether the pattern stands at @at; the longest way to read it. */
static gboolean
matches_at (const PrcSecretSearch *search, const Text *text, gsize at, gsize *ret_end)
{
    const guchar *pattern = (const guchar *) prc_secret_text (search->pattern);
    gsize length = prc_secret_length (search->pattern), i = 0;
    Places places = { { at }, 1 };

    while (i < length) {
        gsize n = character_length (pattern + i, length - i);
        Places next = { .n = 0 };

        if (i > 0)
            skip_glue (text, &places);
        for (guint j = 0; j < places.n; j++)
            if (pattern[i] < 0x80)
                ascii_forms (text, places.at[j], pattern[i], &next);
            else
                character_forms (text, places.at[j], pattern + i, n, &next);
        if (next.n == 0)
            return FALSE;
        places = next;
        i += n;
    }
    *ret_end = at;
    for (guint j = 0; j < places.n; j++)
        *ret_end = MAX (*ret_end, places.at[j]);
    return TRUE;
}

/* --- what is found only whole ---------------------------------------------------------------- */

static void
add_needle (PrcSecretSearch *search, char *text)
{
    if (strlen (text) >= WHOLE_MIN)
        g_ptr_array_add (search->needles, prc_secret_take (text));
    else
        prc_wipe_free (text);
}

static void
add_base64_text (PrcSecretSearch *search, const char *text, gsize length)
{
    char *plain = g_strndup (text, length), *url = NULL;

    if (strpbrk (plain, "+/") != NULL) {
        url = g_strdup (plain);
        g_strdelimit (url, "+", '-');
        g_strdelimit (url, "/", '_');
        add_needle (search, url);
    }
    add_needle (search, plain);
}

/* All that is sure of the Base64 of something that holds @bytes: the sextets that are only theirs.
 */
static void
add_base64 (PrcSecretSearch *search, const char *bytes, gsize size, gboolean is_whole)
{
    for (gsize before = 0; before < (is_whole ? 1 : 3); before++) {
        g_autofree guchar *padded = g_malloc0 (size + before);
        g_autoptr (PrcWipedString) text = NULL;
        gsize first = (before * 8 + 5) / 6, last = (size + before) * 8 / 6;

        memcpy (padded + before, bytes, size);
        text = g_base64_encode (padded, size + before);
        explicit_bzero (padded, size + before);
        if (last > first)
            add_base64_text (search, text + first, last - first);
    }
}

static void
add_hex (PrcSecretSearch *search, const char *bytes, gsize size)
{
    static const char digits[] = "0123456789abcdef";
    char *lower = g_malloc (size * 2 + 1);

    for (gsize i = 0; i < size; i++) {
        lower[2 * i] = digits[(guchar) bytes[i] >> 4];
        lower[2 * i + 1] = digits[(guchar) bytes[i] & 15];
    }
    lower[size * 2] = '\0';
    add_needle (search, g_ascii_strup (lower, -1));
    add_needle (search, lower);
}

/* (nullable): wiped by the caller */
static char *
latin1_of (const char *utf8)
{
    char *out = g_malloc (strlen (utf8) + 1), *p = out;

    if (g_str_is_ascii (utf8) || !g_utf8_validate (utf8, -1, NULL)) {
        g_free (out);
        return NULL;
    }
    for (; *utf8 != '\0'; utf8 = g_utf8_next_char (utf8)) {
        gunichar c = g_utf8_get_char (utf8);

        if (c > 0xFF) {
            *p = '\0';
            prc_wipe_free (out);
            return NULL;
        }
        *p++ = (char) c;
    }
    *p = '\0';
    return out;
}

static void
add_whole_forms (PrcSecretSearch *search, const char *user, const char *password)
{
    gsize length = strlen (password);

    if (user != NULL) {
        g_autoptr (PrcWipedString) pair = g_strconcat (user, ":", password, NULL);

        add_base64 (search, pair, strlen (pair), TRUE);
    }
    if (search->is_weak)
        return;
    add_base64 (search, password, length, FALSE);
    if (length >= WHOLE_MIN)
        add_hex (search, password, length);
}

/* --- the whole ------------------------------------------------------------------------------ */

/* "proxy", "admin", "12345": text is full of them. */
static gboolean
could_be_a_word (const char *password)
{
    guint letters = 0, digits = 0, others = 0, length = 0;

    for (; *password != '\0'; password++, length++) {
        letters += g_ascii_isalpha (*password) ? 1 : 0;
        digits += g_ascii_isdigit (*password) ? 1 : 0;
        others += !g_ascii_isalnum (*password) ? 1 : 0;
    }
    if (length < 5)
        return TRUE;
    return length < 8 && (letters == length || digits == length || others == length);
}

static void
list_beginnings (PrcSecretSearch *search)
{
    const guchar *first = (const guchar *) prc_secret_text (search->pattern);
    gsize length = character_length (first, prc_secret_length (search->pattern));
    gunichar c = length > 1 ? g_utf8_get_char ((const char *) first) : *first;

    search->may_begin[*first] = TRUE;
    search->may_begin['%'] = search->may_begin['\\'] = search->may_begin['&'] = TRUE;
    if (*first >= 0x80)
        search->may_begin[0xC0 | *first >> 6] = TRUE;
    if (c <= 0xFF)
        search->may_begin[c] = TRUE;
}

PrcSecretSearch *
prc_secret_search_new (const char *user, PrcSecret *password)
{
    PrcSecretSearch *search = g_new0 (PrcSecretSearch, 1);
    const char *text = prc_secret_text (password);
    g_autoptr (PrcWipedString) latin1 = latin1_of (text);

    search->needles = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_unref);
    search->is_weak = could_be_a_word (text);
    /* Nothing at all, rather than everything, where there is nothing to go by. */
    if (*text == '\0' || (search->is_weak && (user == NULL || *user == '\0')))
        search->pattern = prc_secret_new ("", 0);
    else if (search->is_weak)
        search->pattern = prc_secret_take (g_strconcat (user, ":", text, NULL));
    else
        search->pattern = prc_secret_ref (password);
    if (prc_secret_length (search->pattern) == 0)
        return search;
    list_beginnings (search);
    add_whole_forms (search, user, text);
    if (latin1 != NULL)
        add_whole_forms (search, user, latin1);
    return search;
}

void
prc_secret_search_free (PrcSecretSearch *search)
{
    if (search == NULL)
        return;
    g_ptr_array_unref (search->needles);
    prc_secret_unref (search->pattern);
    g_free (search);
}

gboolean
prc_secret_search_is_weak (const PrcSecretSearch *search)
{
    return search->is_weak;
}

static gboolean
find_pattern (const PrcSecretSearch *search, const Text *text, gsize from, PrcSecretHit *hit)
{
    for (gsize at = from; at < text->size; at++) {
        gsize end = 0;

        if (!search->may_begin[text->bytes[at]] || !matches_at (search, text, at, &end))
            continue;
        hit->start = at;
        hit->end = end;
        return TRUE;
    }
    return FALSE;
}

gboolean
prc_secret_search_find (const PrcSecretSearch *search, const char *bytes, gsize size, gsize from,
                        PrcSecretHit *ret_hit)
{
    Text text = { (const guchar *) bytes, size };
    PrcSecretHit best = { 0 };
    gboolean found = FALSE;

    if (from >= size)
        return FALSE;
    if (prc_secret_length (search->pattern) == 0)
        return FALSE;
    found = find_pattern (search, &text, from, &best);
    for (guint i = 0; i < search->needles->len; i++) {
        const PrcSecret *needle = g_ptr_array_index (search->needles, i);
        gsize length = prc_secret_length (needle);
        const char *at = memmem (bytes + from, size - from, prc_secret_text (needle), length);
        gsize start = at != NULL ? (gsize) (at - bytes) : 0;

        if (at == NULL || (found && best.start <= start))
            continue;
        best = (PrcSecretHit){ start, start + length };
        found = TRUE;
    }
    if (found)
        *ret_hit = best;
    return found;
}

gboolean
prc_secret_searches_find (const GPtrArray *searches, const char *bytes, gsize size, gsize from,
                          PrcSecretHit *ret_hit)
{
    gboolean found = FALSE;

    for (guint i = 0; i < searches->len; i++) {
        PrcSecretHit hit = { 0 };

        if (!prc_secret_search_find (g_ptr_array_index (searches, i), bytes, size, from, &hit) ||
            (found && ret_hit->start <= hit.start))
            continue;
        *ret_hit = hit;
        found = TRUE;
    }
    return found;
}
