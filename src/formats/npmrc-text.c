#include "formats/npmrc-text.h"

#include <string.h>

#include "base/secret.h"

/* White space and line ends of ECMA-262 beyond ASCII, as UTF-8. */
static const char *const wide_blanks[] = {
    "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
    "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87",
    "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9",
    "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF",
};

gsize
prc_npm_blank_at (const char *text, gsize length)
{
    if (length == 0)
        return 0;
    if (*text == ' ' || (*text >= '\t' && *text <= '\r'))
        return 1;
    if ((guchar) *text < 0x80)
        return 0;
    for (gsize i = 0; i < G_N_ELEMENTS (wide_blanks); i++) {
        gsize size = strlen (wide_blanks[i]);

        if (size <= length && memcmp (text, wide_blanks[i], size) == 0)
            return size;
    }
    return 0;
}

/* The blank that ends just before @length. */
static gsize
blank_before (const char *text, gsize length)
{
    for (gsize size = 1; size <= 3 && size <= length; size++)
        if (prc_npm_blank_at (text + length - size, size) == size)
            return size;
    return 0;
}

void
prc_npm_trim (const char *data, gsize *start, gsize *end)
{
    gsize size;

    while ((size = prc_npm_blank_at (data + *start, *end - *start)) > 0)
        *start += size;
    while ((size = blank_before (data + *start, *end - *start)) > 0)
        *end -= size;
}

void
prc_npm_text_clear (PrcNpmText *text)
{
    prc_wipe_free (text->text);
    *text = (PrcNpmText){ 0 };
}

/* How many bytes a UTF-8 sequence with this first byte has, and what its second byte may be: the
 * table of the WHATWG's decoder, by which each broken sequence becomes one U+FFFD. */
static gsize
sequence_of (guchar lead, guchar *ret_low, guchar *ret_high)
{
    *ret_low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *ret_high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

GString *
prc_npm_decode_utf8 (const char *text, gsize length)
{
    GString *out = g_string_sized_new (length);

    if (g_utf8_validate_len (text, length, NULL))
        return g_string_append_len (out, text, (gssize) length);
    for (gsize i = 0; i < length;) {
        guchar low, high;
        gsize size = sequence_of ((guchar) text[i], &low, &high), n = 1;

        while (n < size && i + n < length && (guchar) text[i + n] >= low &&
               (guchar) text[i + n] <= high) {
            n++;
            low = 0x80;
            high = 0xBF;
        }
        if (n == size)
            g_string_append_len (out, text + i, (gssize) n);
        else
            g_string_append (out, "\xEF\xBF\xBD");
        i += n;
    }
    return out;
}

static void
free_scratch (GString *string)
{
    prc_wipe_free (g_string_free (string, FALSE));
}

/* Cuts at the comment; of the escapes only \; \# \\ are any. */
static void
decode_plain (const char *data, PrcNpmText *ret_text)
{
    GString *out = g_string_sized_new (ret_text->end - ret_text->start);
    GString *decoded = NULL;
    gsize at = ret_text->start, start = 0, end = 0;

    for (; at < ret_text->end && data[at] != ';' && data[at] != '#'; at++) {
        if (data[at] == '\\' && at + 1 < ret_text->end && data[at + 1] != '\0' &&
            strchr ("\\;#", data[at + 1]) != NULL)
            at++;
        else if (data[at] == '\\' && at + 1 < ret_text->end)
            g_string_append_c (out, data[at++]);
        g_string_append_c (out, data[at]);
    }
    ret_text->end = at;
    prc_npm_trim (data, &ret_text->start, &ret_text->end);
    decoded = prc_npm_decode_utf8 (out->str, out->len);
    end = decoded->len;
    prc_npm_trim (decoded->str, &start, &end);
    ret_text->text = g_strndup (decoded->str + start, end - start);
    free_scratch (decoded);
    free_scratch (out);
}

static void
decode_quoted (const char *data, PrcNpmText *ret_text)
{
    GString *decoded =
        prc_npm_decode_utf8 (data + ret_text->start, ret_text->end - ret_text->start);
    GString *out = g_string_sized_new (decoded->len);
    PrcNpmKind kind = PRC_NPM_STRING;

    if (decoded->str[0] == '\'') {
        g_string_truncate (decoded, MAX (decoded->len, 2) - 1);
        g_string_erase (decoded, 0, 1);
    }
    if (prc_npm_json_parse (decoded->str, decoded->len, out, &kind)) {
        ret_text->kind = kind;
        ret_text->text = g_strndup (out->str, out->len);
    } else {
        ret_text->text = g_strndup (decoded->str, decoded->len);
    }
    free_scratch (decoded);
    free_scratch (out);
}

void
prc_npm_decode (const char *data, gsize start, gsize end, PrcNpmText *ret_text)
{
    *ret_text = (PrcNpmText){ .kind = PRC_NPM_STRING };
    prc_npm_trim (data, &start, &end);
    ret_text->start = start;
    ret_text->end = end;
    /* A single quote character both begins and ends it. */
    if (end > start && (data[start] == '"' || data[start] == '\'') && data[end - 1] == data[start])
        decode_quoted (data, ret_text);
    else
        decode_plain (data, ret_text);
}

/* References to the environment */

/* How many bytes "${NAME}" or "${NAME?}" at @text has; 0 when it is none. */
static gsize
reference_at (const char *text)
{
    gsize length = 0;

    if (text[0] != '$' || text[1] != '{')
        return 0;
    length = 2 + strcspn (text + 2, "${}?");
    if (length == 2)
        return 0;
    if (text[length] == '?')
        length++;
    return text[length] == '}' ? length + 1 : 0;
}

char *
prc_npm_resolve (const char *text, char **ret_references)
{
    GString *out = g_string_sized_new (strlen (text));
    GString *references = NULL;
    gsize n_backslashes = 0;

    for (const char *p = text; *p != '\0';) {
        gsize length = reference_at (p);

        if (length == 0) {
            n_backslashes = *p == '\\' ? n_backslashes + 1 : 0;
            g_string_append_c (out, *p++);
            continue;
        }
        /* Half of the backslashes before it go, and an odd one makes it a literal. */
        g_string_truncate (out, out->len - (n_backslashes + 1) / 2);
        g_string_append_len (out, p, (gssize) length);
        if (n_backslashes % 2 == 0) {
            if (references == NULL)
                references = g_string_new (NULL);
            else
                g_string_append_c (references, ' ');
            g_string_append_len (references, p, (gssize) length);
        }
        n_backslashes = 0;
        p += length;
    }
    *ret_references = references != NULL ? g_string_free (references, FALSE) : NULL;
    return g_string_free (out, FALSE);
}

char *
prc_npm_protect (const char *text)
{
    GString *out = g_string_sized_new (strlen (text) + 8);
    gsize n_backslashes = 0;

    for (const char *p = text; *p != '\0';) {
        gsize length = reference_at (p);

        if (length == 0) {
            n_backslashes = *p == '\\' ? n_backslashes + 1 : 0;
            g_string_append_c (out, *p++);
            continue;
        }
        for (gsize i = 0; i <= n_backslashes; i++)
            g_string_append_c (out, '\\');
        g_string_append_len (out, p, (gssize) length);
        n_backslashes = 0;
        p += length;
    }
    return g_string_free (out, FALSE);
}

/* Writing */

static void
append_plain (GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == ';' || *p == '#' ||
            (*p == '\\' && (p[1] == '\0' || strchr ("\\;#", p[1]) != NULL)))
            g_string_append_c (out, '\\');
        g_string_append_c (out, *p);
    }
}

char *
prc_npm_encode (const char *text, PrcNpmStyle style)
{
    GString *out = g_string_sized_new (strlen (text) + 8);

    switch (style) {
    case PRC_NPM_PLAIN:
        append_plain (out, text);
        break;
    case PRC_NPM_DOUBLE_QUOTED:
        prc_npm_json_quote (out, text);
        break;
    case PRC_NPM_SINGLE_QUOTED:
        g_string_append_printf (out, "'%s'", text);
        break;
    }
    return g_string_free (out, FALSE);
}
