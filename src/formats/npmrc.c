#include "formats/drivers.h"

#include <string.h>

#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "formats/document.h"
#include "formats/npmrc-text.h"
#include "formats/npmrc-tree.h"

/* Lines */

typedef enum { LINE_NOTHING, LINE_COMMENT, LINE_SECTION, LINE_KEY } LineKind;

typedef struct {
    gsize start, end; /* without the line's end, and without a byte order mark */
    gsize next;       /* behind the line's end */
    guint number;     /* counts '\n' only, as editors do; npm ends lines at a lone '\r' too */
    LineKind kind;
    gsize split; /* KEY: of its '=', or @end; SECTION: of its ']' */
} Line;

/* Moves to the next line; @line begins as zeros. */
static gboolean
next_line (const char *data, gsize size, Line *line)
{
    if (line->next >= size)
        return FALSE;
    line->number += line->next == 0 || data[line->next - 1] == '\n';
    line->start = line->end = line->next;
    while (line->end < size && data[line->end] != '\n' && data[line->end] != '\r')
        line->end++;
    line->next = line->end;
    if (line->next < size && data[line->next] == '\r')
        line->next++;
    if (line->next < size && data[line->next] == '\n' &&
        (line->next == line->end || data[line->next - 1] == '\r'))
        line->next++;
    return TRUE;
}

static gboolean
is_blank_range (const char *data, gsize start, gsize end)
{
    prc_npm_trim (data, &start, &end);
    return start == end;
}

/* The '.' of npm's pattern stops at U+2028 and U+2029, and then the line is no line. */
static gboolean
has_line_separator (const char *text, gsize length)
{
    return memmem (text, length, "\xE2\x80\xA8", 3) != NULL ||
           memmem (text, length, "\xE2\x80\xA9", 3) != NULL;
}

static void
classify (const char *data, Line *line)
{
    gsize length = line->end - line->start, start = line->start, end = line->end;
    const char *sign = length > 0 ? memchr (data + start, '=', length) : NULL;
    const char *bracket = length > 0 ? memchr (data + start, ']', length) : NULL;

    line->kind = LINE_NOTHING;
    line->split = sign != NULL ? (gsize) (sign - data) : end;
    prc_npm_trim (data, &start, &end);
    if (start == end)
        return;
    if (data[start] == ';' || data[start] == '#') {
        line->kind = LINE_COMMENT;
    } else if (data[line->start] == '[' && bracket != NULL &&
               is_blank_range (data, (gsize) (bracket - data) + 1, line->end)) {
        line->kind = LINE_SECTION;
        line->split = (gsize) (bracket - data);
    } else if (line->split > line->start &&
               !has_line_separator (data + line->split, line->end - line->split)) {
        line->kind = LINE_KEY;
    }
    /* Not before: a section after a byte order mark is none. */
    if (line->start == 0 && length >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
        line->start = 3;
}

/* Reading */

typedef struct {
    const char *data;
    gsize size;
    char *section;    /* the last one's name; NULL above the first */
    GHashTable *keys; /* name before references -> its entries above the first section */
    PrcNpmTree *tree;
    GPtrArray *entries;
} Reader;

/* npm takes the key for an array's when it ends so. */
static gboolean
strip_list_mark (char *key)
{
    gsize length = strlen (key);

    if (length <= 2 || strcmp (key + length - 2, "[]") != 0)
        return FALSE;
    key[length - 2] = '\0';
    return TRUE;
}

/* What npm makes of a decoded value: trimmed, and with references to the environment. */
static char *
value_of (PrcNpmText *text, char **ret_references)
{
    gsize start = 0, end = strlen (text->text);
    g_autoptr (PrcWipedString) trimmed = NULL;

    *ret_references = NULL;
    if (text->kind != PRC_NPM_STRING)
        return g_steal_pointer (&text->text);
    prc_npm_trim (text->text, &start, &end);
    trimmed = g_strndup (text->text + start, end - start);
    return prc_npm_resolve (trimmed, ret_references);
}

static PrcNpmNodeKind
node_kind (const PrcNpmText *value)
{
    static const char *const falsy[] = { "", "false" };

    if (value->kind == PRC_NPM_ARRAY)
        return PRC_NPM_NODE_ARRAY;
    if (value->kind == PRC_NPM_OBJECT)
        return PRC_NPM_NODE_OBJECT;
    if (strcmp (value->text, "null") == 0)
        return PRC_NPM_NODE_NULL;
    if (value->kind == PRC_NPM_NUMBER)
        return strcmp (value->text, "0") == 0 ? PRC_NPM_NODE_FALSE : PRC_NPM_NODE_TEXT;
    for (gsize i = 0; i < G_N_ELEMENTS (falsy); i++)
        if (strcmp (value->text, falsy[i]) == 0)
            return PRC_NPM_NODE_FALSE;
    return PRC_NPM_NODE_TEXT;
}

/* Returns: what kind of thing npm keeps. */
static PrcNpmNodeKind
set_value (const Reader *reader, const Line *line, const PrcNpmText *key, PrcEntry *entry)
{
    g_auto (PrcNpmText) text = { 0 };
    g_autofree char *references = NULL;
    PrcNpmNodeKind kind;

    entry->value_start = entry->value_end = key->end;
    if (line->split == line->end) {
        entry->value = g_strdup ("true");
        return PRC_NPM_NODE_TEXT;
    }
    prc_npm_decode (reader->data, line->split + 1, line->end, &text);
    entry->value_start = text.start;
    entry->value_end = text.end;
    kind = node_kind (&text);
    if (reader->section != NULL) {
        entry->value = g_steal_pointer (&text.text);
        return kind;
    }
    entry->value = value_of (&text, &references);
    if (references == NULL)
        return kind;
    prc_wipe_free (g_steal_pointer (&entry->value));
    entry->flags |= PRC_ENTRY_DYNAMIC;
    entry->detail = g_strdup_printf ("from the environment: %s", references);
    return kind;
}

/* Once a key is an array, also what is set plainly is added to it. */
static void
track_list (Reader *reader, const char *name, PrcEntry *entry, gboolean marked, gboolean listed)
{
    GPtrArray *same = g_hash_table_lookup (reader->keys, name);
    PrcEntry *before = NULL;

    if (same == NULL) {
        same = g_ptr_array_new ();
        g_hash_table_insert (reader->keys, g_strdup (name), same);
    }
    if (same->len > 0)
        before = g_ptr_array_index (same, same->len - 1);
    g_ptr_array_add (same, entry);
    if (!listed)
        return;
    entry->flags |= PRC_ENTRY_LIST;
    if (before != NULL && marked)
        before->flags |= PRC_ENTRY_LIST;
}

static gboolean
read_key (Reader *reader, const Line *line, GError **error)
{
    g_autoptr (PrcEntry) entry = NULL;
    g_auto (PrcNpmText) key = { 0 };
    g_autofree char *references = NULL;
    gboolean marked, listed;

    prc_npm_decode (reader->data, line->start, line->split, &key);
    if (key.kind == PRC_NPM_NULL) {
        prc_set_error_at_line (error, line->number, "npm fails on the key 'null' in these quotes");
        return FALSE;
    }
    marked = key.kind == PRC_NPM_STRING && strip_list_mark (key.text);
    if (strcmp (key.text, "__proto__") == 0)
        return TRUE;
    entry = g_new0 (PrcEntry, 1);
    entry->line = line->number;
    entry->start = line->start;
    entry->end = line->next;
    entry->key = prc_npm_resolve (key.text, &references);
    listed = prc_npm_tree_set (reader->tree, key.text, marked,
                               set_value (reader, line, &key, entry), line->number);
    if (reader->section != NULL) {
        entry->flags |= PRC_ENTRY_INERT;
        entry->detail = g_strdup_printf ("below [%s]: npm reads it only above the first section",
                                         reader->section);
    } else {
        track_list (reader, key.text, entry, marked, listed);
    }
    g_ptr_array_add (reader->entries, g_steal_pointer (&entry));
    return TRUE;
}

static void
read_section (Reader *reader, const Line *line)
{
    g_auto (PrcNpmText) name = { 0 };

    prc_npm_decode (reader->data, line->start + 1, line->split, &name);
    prc_npm_tree_section (reader->tree, name.text, line->number);
    g_free (reader->section);
    reader->section = g_utf8_substring (name.text, 0, MIN (g_utf8_strlen (name.text, -1), 40));
}

/* Keys that are no more, or an object, when all is read. */
static gboolean
finish (Reader *reader, GError **error)
{
    guint line = prc_npm_tree_finish (reader->tree);
    GHashTableIter iter;
    gpointer name, same;

    if (line != 0) {
        prc_set_error_at_line (error, line, "npm fails: something above is null, and has parts");
        return FALSE;
    }
    g_hash_table_iter_init (&iter, reader->keys);
    while (g_hash_table_iter_next (&iter, &name, &same)) {
        GPtrArray *entries = same;

        for (guint i = 0; i < entries->len && !prc_npm_tree_holds (reader->tree, name); i++) {
            PrcEntry *entry = g_ptr_array_index (entries, i);

            entry->flags |= PRC_ENTRY_INERT;
            g_free (entry->detail);
            entry->detail = g_strdup ("npm makes a section of this name, not a setting");
        }
    }
    return TRUE;
}

static gboolean
parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    Reader reader = { .entries = entries };
    Line line = { 0 };
    gboolean ok = TRUE;

    reader.data = prc_document_data (doc, &reader.size);
    reader.keys =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
    reader.tree = prc_npm_tree_new ();
    while (ok && next_line (reader.data, reader.size, &line)) {
        classify (reader.data, &line);
        if (line.kind == LINE_SECTION)
            read_section (&reader, &line);
        else if (line.kind == LINE_KEY)
            ok = read_key (&reader, &line, error);
    }
    ok = ok && finish (&reader, error);
    g_hash_table_unref (reader.keys);
    prc_npm_tree_free (reader.tree);
    g_free (reader.section);
    return ok;
}

static char *
canonical_key (const char *key, GError **error)
{
    g_autofree char *result = g_strdup (key);

    strip_list_mark (result);
    if (*result == '\0' || prc_text_has_control (result) || !g_utf8_validate (result, -1, NULL) ||
        strcmp (result, "__proto__") == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "not a key of npm");
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

    if (has_line_separator (text, length) || memchr (text, '\n', length) != NULL ||
        memchr (text, '\r', length) != NULL)
        return FALSE;
    prc_npm_decode (text, 0, length, &decoded);
    if (decoded.kind != PRC_NPM_STRING)
        return FALSE;
    read = value_of (&decoded, &references);
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
                 "npm can't hold this value: it is not UTF-8, or begins or ends with a blank");
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
    Line line = { 0 };

    while (next_line (data, size, &line)) {
        classify (data, &line);
        if (line.kind == LINE_SECTION) {
            place.offset = MIN (line.start, MIN (comments, blanks));
            return place;
        }
        if (line.kind == LINE_COMMENT) {
            comments = MIN (comments, line.start);
            continue;
        }
        if (line.kind == LINE_NOTHING && comments == G_MAXSIZE) {
            blanks = MIN (blanks, line.start);
            continue;
        }
        /* Comments that a blank line divides from the section are not about it. */
        blanks = line.kind == LINE_NOTHING ? line.start : G_MAXSIZE;
        comments = G_MAXSIZE;
        if (line.kind == LINE_KEY && line.split < line.end && line.split + 1 < line.end)
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
        Line line = { 0 };

        (void) next_line (probe, strlen (probe), &line);
        classify (probe, &line);
        if (line.kind != LINE_KEY || line.split != strlen (text))
            continue;
        prc_npm_decode (probe, line.start, line.split, &decoded);
        if (decoded.kind != PRC_NPM_STRING || strip_list_mark (decoded.text) != marked)
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
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, "npm can't hold this key");
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
    .parse = parse,
    .canonical_key = canonical_key,
    .replace = replace,
    .insert = insert,
};
