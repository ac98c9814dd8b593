#include "formats/npmrc-json.h"

#include <math.h>
#include <string.h>

typedef struct {
    const char *at, *end;
    GString *out;
    GString *open; /* the arrays and objects around @at, by their bracket */
    gsize hidden;  /* how many of them are objects: String() shows nothing of their contents */
} Json;

static void
skip_blanks (Json *json)
{
    while (json->at < json->end &&
           (*json->at == ' ' || *json->at == '\t' || *json->at == '\n' || *json->at == '\r'))
        json->at++;
}

static gboolean
take (Json *json, const char *word)
{
    gsize length = strlen (word);

    if ((gsize) (json->end - json->at) < length || memcmp (json->at, word, length) != 0)
        return FALSE;
    json->at += length;
    return TRUE;
}

static gboolean
take_hex (Json *json, gunichar *ret_unit)
{
    gunichar unit = 0;

    if (json->end - json->at < 4)
        return FALSE;
    for (int i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value (*json->at++);

        if (digit < 0)
            return FALSE;
        unit = unit << 4 | (gunichar) digit;
    }
    *ret_unit = unit;
    return TRUE;
}

/* Behind "\u": one character, which may take a second \uXXXX. */
static gboolean
take_unicode (Json *json, gunichar *ret_char)
{
    gunichar first = 0, second = 0;
    const char *mark = NULL;

    if (!take_hex (json, &first))
        return FALSE;
    *ret_char = first;
    if (first == 0 || (first >= 0xDC00 && first <= 0xDFFF))
        *ret_char = 0xFFFD;
    if (first < 0xD800 || first > 0xDBFF)
        return TRUE;
    *ret_char = 0xFFFD;
    mark = json->at;
    if (!take (json, "\\u"))
        return TRUE;
    if (!take_hex (json, &second))
        return FALSE;
    if (second >= 0xDC00 && second <= 0xDFFF)
        *ret_char = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
    else
        json->at = mark;
    return TRUE;
}

static gboolean
take_escape (Json *json, gboolean shown)
{
    static const char names[] = "\"\\/bfnrt", chars[] = "\"\\/\b\f\n\r\t";
    const char *name = NULL;
    gunichar c = 0;

    if (json->at == json->end)
        return FALSE;
    if (*json->at == 'u') {
        json->at++;
        if (!take_unicode (json, &c))
            return FALSE;
        if (shown)
            g_string_append_unichar (json->out, c);
        return TRUE;
    }
    name = *json->at != '\0' ? strchr (names, *json->at) : NULL;
    if (name == NULL)
        return FALSE;
    json->at++;
    if (shown)
        g_string_append_c (json->out, chars[name - names]);
    return TRUE;
}

static gboolean
take_string (Json *json, gboolean shown)
{
    if (!take (json, "\""))
        return FALSE;
    while (json->at < json->end) {
        char c = *json->at++;

        if (c == '"')
            return TRUE;
        if ((guchar) c < 0x20)
            return FALSE;
        if (c == '\\') {
            if (!take_escape (json, shown))
                return FALSE;
        } else if (shown) {
            g_string_append_c (json->out, c);
        }
    }
    return FALSE;
}

static gsize
skip_digits (Json *json)
{
    const char *start = json->at;

    while (json->at < json->end && g_ascii_isdigit (*json->at))
        json->at++;
    return (gsize) (json->at - start);
}

/* The shortest digits that read back as @number, and where the point is: 0.DIGITS * 10^point. */
static int
shortest_digits (double number, char *ret_digits)
{
    char text[64];
    gsize n = 0;

    for (int precision = 0; precision < 17; precision++) {
        char format[8];

        g_snprintf (format, sizeof format, "%%.%de", precision);
        g_ascii_formatd (text, sizeof text, format, number);
        if (g_ascii_strtod (text, NULL) == number)
            break;
    }
    for (const char *p = text; *p != 'e'; p++)
        if (g_ascii_isdigit (*p))
            ret_digits[n++] = *p;
    while (n > 1 && ret_digits[n - 1] == '0')
        n--;
    ret_digits[n] = '\0';
    return (int) g_ascii_strtoll (strchr (text, 'e') + 1, NULL, 10) + 1;
}

/* ECMA-262, Number::toString */
static void
append_number (GString *out, double number)
{
    char digits[32];
    int n_digits, point;

    if (number < 0)
        g_string_append_c (out, '-');
    number = fabs (number);
    if (number == 0 || isinf (number)) {
        g_string_append (out, number == 0 ? "0" : "Infinity");
        return;
    }
    point = shortest_digits (number, digits);
    n_digits = (int) strlen (digits);
    if (point > 0 && point <= 21) {
        g_string_append_len (out, digits, MIN (n_digits, point));
        for (int i = n_digits; i < point; i++)
            g_string_append_c (out, '0');
        if (n_digits > point)
            g_string_append_printf (out, ".%s", digits + point);
    } else if (point > -6 && point <= 0) {
        g_string_append (out, "0.");
        for (int i = point; i < 0; i++)
            g_string_append_c (out, '0');
        g_string_append (out, digits);
    } else {
        g_string_append_c (out, digits[0]);
        if (n_digits > 1)
            g_string_append_printf (out, ".%s", digits + 1);
        g_string_append_printf (out, "e%c%d", point > 0 ? '+' : '-', ABS (point - 1));
    }
}

static gboolean
take_number (Json *json, gboolean shown)
{
    const char *start = json->at;
    g_autofree char *text = NULL;

    (void) take (json, "-");
    if (!take (json, "0") && skip_digits (json) == 0)
        return FALSE;
    if (take (json, ".") && skip_digits (json) == 0)
        return FALSE;
    if (take (json, "e") || take (json, "E")) {
        (void) (take (json, "+") || take (json, "-"));
        if (skip_digits (json) == 0)
            return FALSE;
    }
    if (!shown)
        return TRUE;
    text = g_strndup (start, (gsize) (json->at - start));
    append_number (json->out, g_ascii_strtod (text, NULL));
    return TRUE;
}

static gboolean
take_scalar (Json *json, PrcNpmKind *ret_kind)
{
    gboolean shown = json->hidden == 0;
    const char *start = json->at;

    if (json->at == json->end)
        return FALSE;
    if (*json->at == '"') {
        *ret_kind = PRC_NPM_STRING;
        return take_string (json, shown);
    }
    if (take (json, "null")) {
        *ret_kind = PRC_NPM_NULL;
        /* String([null]) is "". */
        shown = shown && json->open->len == 0;
    } else if (take (json, "true") || take (json, "false")) {
        *ret_kind = PRC_NPM_BOOLEAN;
    } else {
        *ret_kind = PRC_NPM_NUMBER;
        return take_number (json, shown);
    }
    if (shown)
        g_string_append_len (json->out, start, json->at - start);
    return TRUE;
}

static void
open_bracket (Json *json, char bracket)
{
    json->at++;
    g_string_append_c (json->open, bracket);
    if (bracket == '{') {
        if (json->hidden == 0)
            g_string_append (json->out, "[object Object]"); /* untranslated: as JavaScript has it */
        json->hidden++;
    }
}

static void
close_bracket (Json *json)
{
    if (json->open->str[json->open->len - 1] == '{')
        json->hidden--;
    g_string_truncate (json->open, json->open->len - 1);
}

/* In an object: the name and the colon before a value. */
static gboolean
take_name (Json *json)
{
    if (json->open->len == 0 || json->open->str[json->open->len - 1] == '[')
        return TRUE;
    skip_blanks (json);
    if (!take_string (json, FALSE))
        return FALSE;
    skip_blanks (json);
    return take (json, ":");
}

/* Behind a value: closes what ends here. Returns: whether another value must follow. */
static gboolean
take_ends (Json *json, gboolean *ret_more)
{
    *ret_more = FALSE;
    while (json->open->len > 0) {
        gboolean in_array = json->open->str[json->open->len - 1] == '[';

        skip_blanks (json);
        if (take (json, ",")) {
            if (json->hidden == 0)
                g_string_append_c (json->out, ',');
            *ret_more = TRUE;
            return TRUE;
        }
        if (!take (json, in_array ? "]" : "}"))
            return FALSE;
        close_bracket (json);
    }
    return TRUE;
}

/* Iterative: a file can nest brackets a million deep. */
static gboolean
take_all (Json *json, PrcNpmKind *ret_kind)
{
    PrcNpmKind kind = PRC_NPM_STRING;
    gboolean more = TRUE;

    *ret_kind = PRC_NPM_STRING;
    while (more) {
        char bracket;

        if (!take_name (json))
            return FALSE;
        skip_blanks (json);
        bracket = json->at < json->end ? *json->at : '\0';
        if (bracket == '[' || bracket == '{') {
            kind = bracket == '[' ? PRC_NPM_ARRAY : PRC_NPM_OBJECT;
            if (json->open->len == 0)
                *ret_kind = kind;
            open_bracket (json, bracket);
            skip_blanks (json);
            if (!take (json, bracket == '[' ? "]" : "}"))
                continue;
            close_bracket (json);
        } else {
            gboolean top = json->open->len == 0;

            if (!take_scalar (json, &kind))
                return FALSE;
            if (top)
                *ret_kind = kind;
        }
        if (!take_ends (json, &more))
            return FALSE;
    }
    skip_blanks (json);
    return json->at == json->end;
}

gboolean
prc_npm_json_parse (const char *text, gsize length, GString *out, PrcNpmKind *ret_kind)
{
    Json json = { text, text + length, out, g_string_new (NULL), 0 };
    gboolean ok = take_all (&json, ret_kind);

    g_string_free (json.open, TRUE);
    return ok;
}

void
prc_npm_json_quote (GString *out, const char *text)
{
    g_string_append_c (out, '"');
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);

        if (c == '"' || c == '\\')
            g_string_append_printf (out, "\\%c", (char) c);
        else if (c == '\n')
            g_string_append (out, "\\n");
        else if (c == '\t')
            g_string_append (out, "\\t");
        else if (c < 0x20 || c == 0x2028 || c == 0x2029)
            g_string_append_printf (out, "\\u%04x", c);
        else
            g_string_append_unichar (out, c);
    }
    g_string_append_c (out, '"');
}
