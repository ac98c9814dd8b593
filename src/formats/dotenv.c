/* .env files have no common grammar. Entries are read as the npm package "dotenv" does (16 to 17),
 * which most others follow; where sh or `docker --env-file` would read a line otherwise, the
 * entry's detail says so. What is written, all of them and `node --env-file` read alike. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/npmrc-text.h"

/* One assignment, as offsets. */
typedef struct {
    gsize start, end; /* of its lines */
    gsize key, key_end;
    gsize separator; /* of '=' or ':' */
    gsize value, value_end;
    gboolean is_exported;
} Match;

/* How many bytes at @at end a line, for JavaScript: CR and CRLF are made LF before. 0: none. */
static gsize
line_end_at (const char *data, gsize size, gsize at)
{
    if (at >= size)
        return 0;
    if (data[at] == '\r')
        return at + 1 < size && data[at + 1] == '\n' ? 2 : 1;
    if (data[at] == '\n')
        return 1;
    return at + 2 < size && (guchar) data[at] == 0xE2 && (guchar) data[at + 1] == 0x80 &&
                   ((guchar) data[at + 2] & 0xFE) == 0xA8
               ? 3
               : 0;
}

static gsize
skip_blanks (const char *data, gsize size, gsize at)
{
    gsize n;

    while (at < size && (n = prc_npm_blank_at (data + at, size - at)) > 0)
        at += n;
    return at;
}

static gboolean
is_key_char (char c)
{
    return g_ascii_isalnum (c) || c == '_' || c == '.' || c == '-';
}

static gsize
skip_key (const char *data, gsize size, gsize at)
{
    while (at < size && is_key_char (data[at]))
        at++;
    return at;
}

/* To behind the line end; a comment or what can't be read is passed over like this. */
static gsize
next_line (const char *data, gsize size, gsize at)
{
    while (at < size && line_end_at (data, size, at) == 0)
        at++;
    return at + line_end_at (data, size, at);
}

/* A KEY with '=' or ": " behind it, at @at. A line end is a blank like any other here. */
static gboolean
match_key (const char *data, gsize size, gsize at, Match *match)
{
    gsize behind;

    match->key = at;
    match->key_end = skip_key (data, size, at);
    if (match->key_end == at)
        return FALSE;
    behind = match->key_end;
    if (behind < size && data[behind] == ':') {
        gsize blank = behind + 1 < size ? line_end_at (data, size, behind + 1) : 0;

        if (blank == 0)
            blank = prc_npm_blank_at (data + behind + 1, size - behind - 1);
        match->separator = behind;
        match->value = behind + 1 + blank;
        return blank > 0;
    }
    behind = skip_blanks (data, size, behind);
    match->separator = behind;
    match->value = behind + 1;
    return behind < size && data[behind] == '=';
}

/* [blanks] [export blanks] KEY separator */
static gboolean
match_beginning (const char *data, gsize size, gsize at, Match *match)
{
    gsize word_end = skip_key (data, size, at);
    gsize behind = skip_blanks (data, size, word_end);

    match->is_exported = word_end - at == strlen ("export") && behind > word_end &&
                         memcmp (data + at, "export", strlen ("export")) == 0;
    if (match->is_exported && match_key (data, size, behind, match))
        return TRUE;
    match->is_exported = FALSE;
    return match_key (data, size, at, match);
}

/* Only a comment may stand behind a closing quote. */
static gboolean
ends_well (const char *data, gsize size, gsize at)
{
    for (gsize n; at < size && line_end_at (data, size, at) == 0; at += n) {
        if (data[at] == '#')
            return TRUE;
        n = prc_npm_blank_at (data + at, size - at);
        if (n == 0)
            return FALSE;
    }
    return TRUE;
}

/* The end of the quoted value at @at, or 0. The next quote that has no backslash before it closes
 * it, if nothing but a comment follows; else the last one with a backslash where that is so. */
static gsize
quoted_end (const char *data, gsize size, gsize at)
{
    char quote = data[at];
    gsize end = 0;

    for (at++; at < size && data[at] != quote; at++) {
        if (data[at] != '\\' || at + 1 >= size || data[at + 1] != quote)
            continue;
        at++;
        if (ends_well (data, size, at + 1))
            end = at + 1;
    }
    if (at < size && ends_well (data, size, at + 1))
        end = at + 1;
    return end;
}

/* What begins at match->value; a quoted one may stand on a later line. */
static void
match_value (const char *data, gsize size, Match *match)
{
    gsize start = skip_blanks (data, size, match->value), end = 0;

    if (start < size && strchr ("'\"`", data[start]) != NULL)
        end = quoted_end (data, size, start);
    if (end == 0) {
        gsize plain_end = match->value;

        while (plain_end < size && strchr ("#\r\n", data[plain_end]) == NULL)
            plain_end++;
        start = match->value;
        end = plain_end;
        prc_npm_trim (data, &start, &end);
        match->end = next_line (data, size, plain_end);
    } else {
        match->end = next_line (data, size, end);
    }
    match->value = start;
    match->value_end = end;
}

/* As JavaScript would replace it: CRLF and CR by LF, the quotes around, \n and \r in double ones.
 */
static char *
decoded (const char *data, gsize start, gsize end)
{
    GString *utf8 = prc_npm_decode_utf8 (data + start, end - start);
    GString *out = NULL;
    gsize at = 0, last = 0;
    char first = utf8->len > 0 ? utf8->str[0] : '\0';

    last = utf8->len;
    if (last > 1 && strchr ("'\"`", first) != NULL && utf8->str[last - 1] == first) {
        at++;
        last--;
    }
    out = g_string_sized_new (last);
    for (; at < last; at++) {
        char c = utf8->str[at], next = at + 1 < last ? utf8->str[at + 1] : '\0';

        if (c == '\r' && next == '\n')
            continue;
        if (first == '"' && c == '\\' && (next == 'n' || next == 'r')) {
            c = next == 'n' ? '\n' : '\r';
            at++;
        } else if (c == '\r') {
            c = '\n';
        }
        g_string_append_c (out, c);
    }
    prc_wipe_free (g_string_free (utf8, FALSE));
    return g_string_free (out, FALSE);
}

/* No reader does anything with these but to take them as they are. */
static gboolean
is_plain (const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isalnum (text[i]) && strchr ("-._~:/@%,*[]+=?", text[i]) == NULL)
            return FALSE;
        /* A shell's home directory. */
        if (text[i] == '~' && (i == 0 || text[i - 1] == ':' || text[i - 1] == '='))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_shell_name (const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum (text[i]) && text[i] != '_')
            return FALSE;
    return length > 0 && !g_ascii_isdigit (text[0]);
}

/* (nullable): how the others take it otherwise. */
static const char *
difference (const char *data, gsize size, const Match *match)
{
    gsize rest = match->value_end;

    if (match->is_exported)
        return _ ("docker --env-file rejects `export`");
    if (data[match->separator] == ':')
        return _ ("sh and docker --env-file don't take ':' for '='");
    if (match->separator != match->key_end || match->value != match->separator + 1)
        return _ ("sh and docker --env-file don't take blanks around '='");
    if (!is_shell_name (data + match->key, match->key_end - match->key))
        return _ ("sh doesn't take this name");
    if (match->value < match->value_end && strchr ("'\"`", data[match->value]) != NULL)
        return _ ("docker --env-file keeps the quotes");
    if (!is_plain (data + match->value, match->value_end - match->value))
        return _ ("sh may read the value otherwise");
    if (rest < size && data[rest] != '\n')
        return _ ("sh and docker --env-file may take more for the value");
    return NULL;
}

static void
add_entry (const char *data, gsize size, const Match *match, guint line, GPtrArray *entries)
{
    PrcEntry *entry = g_new0 (PrcEntry, 1);

    entry->key = g_strndup (data + match->key, match->key_end - match->key);
    entry->value = decoded (data, match->value, match->value_end);
    entry->start = match->start;
    entry->end = match->end;
    entry->value_start = match->value;
    entry->value_end = match->value_end;
    entry->line = line;
    entry->detail = g_strdup (difference (data, size, match));
    g_ptr_array_add (entries, entry);
}

static guint
count_lines (const char *data, gsize start, gsize end)
{
    guint n = 0;

    for (gsize at = start; at < end; at++)
        n += data[at] == '\n' || (data[at] == '\r' && (at + 1 >= end || data[at + 1] != '\n'));
    return n;
}

/* The start of the line that @at is in, from @floor on. */
static gsize
start_of_line (const char *data, gsize floor, gsize at)
{
    while (at > floor && data[at - 1] != '\n' && data[at - 1] != '\r')
        at--;
    return at;
}

static gboolean
dotenv_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    gsize size = 0, counted = 0;
    const char *data = prc_document_data (doc, &size);
    guint line = 1;

    (void) error;
    for (gsize at = 0; at < size;) {
        gsize text = skip_blanks (data, size, at);
        Match match = { 0 };

        if (text == size)
            break;
        if (!match_beginning (data, size, text, &match)) {
            at = next_line (data, size, text);
            continue;
        }
        match.start = start_of_line (data, at, text);
        match_value (data, size, &match);
        line += count_lines (data, counted, match.key);
        counted = match.key;
        add_entry (data, size, &match, line, entries);
        at = match.end;
    }
    return TRUE;
}

static char *
dotenv_canonical_key (const char *key, GError **error)
{
    if (*key != '\0' && skip_key (key, strlen (key), 0) == strlen (key))
        return g_strdup (key);
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                 _ ("a key of a .env file is letters, digits, '_', '.' and '-'"));
    return NULL;
}

static gboolean
check_value (const char *value, GError **error)
{
    if (is_plain (value, strlen (value)))
        return TRUE;
    g_set_error (
        error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
        _ ("the readers of .env files have no common form for this value; percent-encode it"));
    return FALSE;
}

static gboolean
dotenv_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
                GError **error)
{
    const char *data = prc_document_data (doc, NULL);
    gsize length = entry->value_end - entry->value_start;
    char quotes[2] = { '\0', '\0' };

    if (!check_value (value, error))
        return FALSE;
    if (length > 1 && strchr ("'\"`", data[entry->value_start]) != NULL &&
        data[entry->value_end - 1] == data[entry->value_start])
        quotes[0] = data[entry->value_start];
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end,
                           g_strconcat (quotes, value, quotes, NULL) };
    return TRUE;
}

static gboolean
dotenv_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
               GError **error)
{
    g_autoptr (PrcWipedString) line = NULL;
    gsize size = 0;

    if (!check_value (value, error))
        return FALSE;
    if (!is_shell_name (key, strlen (key))) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("not a name that all readers of .env files take"));
        return FALSE;
    }
    (void) prc_document_data (doc, &size);
    line = g_strconcat (key, "=", value, NULL);
    prc_document_insert_lines (doc, size, line, ret_edit);
    return TRUE;
}

const PrcFormat prc_format_dotenv = {
    .name = "dotenv",
    .parse = dotenv_parse,
    .canonical_key = dotenv_canonical_key,
    .replace = dotenv_replace,
    .insert = dotenv_insert,
};
