#include "formats/drivers.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/text.h"
#include "formats/document.h"
#include "formats/npmrc-read.h"

static char *
canonical_key (const char *key, GError **error)
{
    g_autofree char *result = g_strdup (key);

    prc_npm_strip_list_mark (result);
    if (*result == '\0' || prc_text_has_control (result) || !g_utf8_validate (result, -1, NULL) ||
        strcmp (result, "__proto__") == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a key of npm"));
        return NULL;
    }
    return g_steal_pointer (&result);
}

/* Writing: in the first style that npm reads back as what is wanted. */

static gboolean
reads_as (const char *text, gsize length, const char *value)
{
    g_auto (PrcNpmText) decoded = { 0 };
    g_autofree char *references = NULL;
    g_autoptr (PrcWipedString) read = NULL;

    if (prc_npm_has_line_separator (text, length) || memchr (text, '\n', length) != NULL ||
        memchr (text, '\r', length) != NULL)
        return FALSE;
    prc_npm_decode (text, 0, length, &decoded);
    if (decoded.kind != PRC_NPM_STRING)
        return FALSE;
    read = prc_npm_value_of (&decoded, &references);
    return references == NULL && strcmp (read, value) == 0;
}

/* Returns: (nullable): @value as it can stand before @after, the rest of its line. */
static char *
encode_value (const char *value, const char *after, PrcNpmStyle preferred)
{
    static const PrcNpmStyle styles[] = { PRC_NPM_PLAIN, PRC_NPM_DOUBLE_QUOTED };
    g_autoptr (PrcWipedString) protected = NULL;

    if (!g_utf8_validate (value, -1, NULL))
        return NULL;
    protected = prc_npm_protect (value);
    for (int i = -1; i < (int) G_N_ELEMENTS (styles); i++) {
        g_autoptr (PrcWipedString) text = prc_npm_encode (protected, i < 0 ? preferred : styles[i]);
        g_autoptr (PrcWipedString) rest = g_strconcat (text, after, NULL);

        if (reads_as (rest, strlen (rest), value))
            return g_steal_pointer (&text);
    }
    return NULL;
}

static PrcNpmStyle
preferred_style (const char *raw, gsize length, const char *value)
{
    if (length >= 2 && raw[0] == '"' && raw[length - 1] == '"')
        return PRC_NPM_DOUBLE_QUOTED;
    if (length >= 2 && raw[0] == '\'' && raw[length - 1] == '\'')
        return PRC_NPM_SINGLE_QUOTED;
    return strpbrk (value, ";#") != NULL ? PRC_NPM_DOUBLE_QUOTED : PRC_NPM_PLAIN;
}

static gboolean
refuse_value (GError **error)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 _ ("npm can't hold this value: it is not UTF-8, or begins or ends with a blank"));
    return FALSE;
}

/* The end of the line that @offset lies in, as npm ends lines. */
static gsize
content_end (const char *data, gsize size, gsize offset)
{
    while (offset < size && data[offset] != '\n' && data[offset] != '\r')
        offset++;
    return offset;
}

/* A comment that changes what the quotes before it mean goes onto a line of its own. */
static gboolean
replace_line (const PrcDocument *doc, const PrcEntry *entry, const char *sign, const char *value,
              const char *comment, PrcEdit *ret_edit, GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    g_autofree char *head = g_strndup (data + entry->start, entry->value_start - entry->start);
    g_autoptr (PrcWipedString) text = encode_value (value, "", PRC_NPM_DOUBLE_QUOTED);

    while (prc_npm_blank_at (comment, strlen (comment)) > 0)
        comment += prc_npm_blank_at (comment, strlen (comment));
    if (text == NULL)
        return refuse_value (error);
    *ret_edit = (PrcEdit){ entry->start, content_end (data, size, entry->value_end),
                           g_strconcat (comment, prc_document_eol (doc), head, sign, text, NULL) };
    return TRUE;
}

static gboolean
replace (const PrcDocument *doc, const PrcEntry *entry, const char *value, PrcEdit *ret_edit,
         GError **error)
{
    gsize size = 0, length = entry->value_end - entry->value_start;
    const char *data = prc_document_data (doc, &size);
    gsize end = content_end (data, size, entry->value_end);
    gboolean has_sign =
        memchr (data + entry->start, '=', entry->value_start - entry->start) != NULL;
    const char *sign = has_sign ? "" : "=";
    g_autofree char *after = g_strndup (data + entry->value_end, end - entry->value_end);
    gboolean touches = has_sign && length == 0 && (*after == ';' || *after == '#');
    g_autoptr (PrcWipedString) text =
        encode_value (value, after, preferred_style (data + entry->value_start, length, value));

    if (text == NULL)
        return replace_line (doc, entry, sign, value, after, ret_edit, error);
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end,
                           g_strconcat (sign, text, touches ? " " : "", NULL) };
    return TRUE;
}

/* Inserting */

typedef struct {
    gsize offset;    /* the start of a line above the first section, below all keys */
    gboolean spaced; /* the last line above has " = " */
} Place;

/* Comments directly above a section, and blank lines above these, belong to what comes. */
static Place
find_place (const PrcDocument *doc)
{
    gsize size = 0, comments = G_MAXSIZE, blanks = G_MAXSIZE;
    const char *data = prc_document_data (doc, &size);
    Place place = { 0 };
    PrcNpmLine line = { 0 };

    while (prc_npm_next_line (data, size, &line)) {
        prc_npm_classify (data, &line);
        if (line.kind == PRC_NPM_LINE_SECTION) {
            place.offset = MIN (line.start, MIN (comments, blanks));
            return place;
        }
        if (line.kind == PRC_NPM_LINE_COMMENT) {
            comments = MIN (comments, line.start);
            continue;
        }
        if (line.kind == PRC_NPM_LINE_NOTHING && comments == G_MAXSIZE) {
            blanks = MIN (blanks, line.start);
            continue;
        }
        /* Comments that a blank line divides from the section are not about it. */
        blanks = line.kind == PRC_NPM_LINE_NOTHING ? line.start : G_MAXSIZE;
        comments = G_MAXSIZE;
        if (line.kind == PRC_NPM_LINE_KEY && line.split < line.end && line.split + 1 < line.end)
            place.spaced = line.split > line.start && data[line.split - 1] == ' ' &&
                           data[line.split + 1] == ' ';
    }
    place.offset = size;
    return place;
}

/* Returns: (nullable): @key, or @key[], as npm reads it back where a line begins. */
static char *
encode_key (const char *key, gboolean marked)
{
    g_autofree char *name = g_strconcat (key, marked ? "[]" : "", NULL);
    g_autofree char *protected = prc_npm_protect (name);

    for (int i = 0; i < 2; i++) {
        g_autofree char *plain =
            prc_npm_encode (protected, i == 0 ? PRC_NPM_PLAIN : PRC_NPM_DOUBLE_QUOTED);
        g_auto (GStrv) parts = g_strsplit (plain, "=", -1);
        g_autofree char *text = g_strjoinv (i == 0 ? "=" : "\\u003d", parts);
        g_autofree char *probe = g_strconcat (text, "=", NULL);
        g_auto (PrcNpmText) decoded = { 0 };
        g_autofree char *references = NULL;
        g_autofree char *read = NULL;
        PrcNpmLine line = { 0 };

        (void) prc_npm_next_line (probe, strlen (probe), &line);
        prc_npm_classify (probe, &line);
        if (line.kind != PRC_NPM_LINE_KEY || line.split != strlen (text))
            continue;
        prc_npm_decode (probe, line.start, line.split, &decoded);
        if (decoded.kind != PRC_NPM_STRING || prc_npm_strip_list_mark (decoded.text) != marked)
            continue;
        read = prc_npm_resolve (decoded.text, &references);
        if (references == NULL && strcmp (read, key) == 0)
            return g_steal_pointer (&text);
    }
    return NULL;
}

/* One more value of a key that has some: as a list, for a plain line would beat them. */
static gboolean
adds_to_list (const PrcDocument *doc, const char *key)
{
    const PrcEntry *entry = NULL;

    if (prc_document_lookup (doc, key, &entry) == PRC_LOOKUP_NONE)
        return FALSE;
    return (entry->flags & PRC_ENTRY_LIST) != 0 || (entry->flags & PRC_ENTRY_DYNAMIC) == 0;
}

static gboolean
insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
        GError **error)
{
    Place place = find_place (doc);
    g_autofree char *key_text = encode_key (key, adds_to_list (doc, key));
    g_autoptr (PrcWipedString) text = encode_value (value, "", preferred_style ("", 0, value));
    g_autoptr (PrcWipedString) line = NULL;

    if (key_text == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("npm can't hold this key"));
        return FALSE;
    }
    if (text == NULL)
        return refuse_value (error);
    line = g_strconcat (key_text, place.spaced ? " = " : "=", text, NULL);
    prc_document_insert_lines (doc, place.offset, line, ret_edit);
    return TRUE;
}

const PrcFormat prc_format_npmrc = {
    .name = "npmrc",
    .parse = prc_npm_parse,
    .canonical_key = canonical_key,
    .replace = replace,
    .insert = insert,
};
