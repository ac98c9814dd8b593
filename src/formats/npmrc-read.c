#include "formats/npmrc-read.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/npmrc-tree.h"

/* Moves to the next line; @line begins as zeros. */
gboolean
prc_npm_next_line (const char *data, gsize size, PrcNpmLine *line)
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
gboolean
prc_npm_has_line_separator (const char *text, gsize length)
{
    return memmem (text, length, "\xE2\x80\xA8", 3) != NULL ||
           memmem (text, length, "\xE2\x80\xA9", 3) != NULL;
}

void
prc_npm_classify (const char *data, PrcNpmLine *line)
{
    gsize length = line->end - line->start, start = line->start, end = line->end;
    const char *sign = length > 0 ? memchr (data + start, '=', length) : NULL;
    const char *bracket = length > 0 ? memchr (data + start, ']', length) : NULL;

    line->kind = PRC_NPM_LINE_NOTHING;
    line->split = sign != NULL ? (gsize) (sign - data) : end;
    prc_npm_trim (data, &start, &end);
    if (start == end)
        return;
    if (data[start] == ';' || data[start] == '#') {
        line->kind = PRC_NPM_LINE_COMMENT;
    } else if (data[line->start] == '[' && bracket != NULL &&
               is_blank_range (data, (gsize) (bracket - data) + 1, line->end)) {
        line->kind = PRC_NPM_LINE_SECTION;
        line->split = (gsize) (bracket - data);
    } else if (line->split > line->start &&
               !prc_npm_has_line_separator (data + line->split, line->end - line->split)) {
        line->kind = PRC_NPM_LINE_KEY;
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
gboolean
prc_npm_strip_list_mark (char *key)
{
    gsize length = strlen (key);

    if (length <= 2 || strcmp (key + length - 2, "[]") != 0)
        return FALSE;
    key[length - 2] = '\0';
    return TRUE;
}

/* What npm makes of a decoded value: trimmed, and with references to the environment. */
char *
prc_npm_value_of (PrcNpmText *text, char **ret_references)
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
set_value (const Reader *reader, const PrcNpmLine *line, const PrcNpmText *key, PrcEntry *entry)
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
    entry->value = prc_npm_value_of (&text, &references);
    if (references == NULL)
        return kind;
    prc_wipe_free (g_steal_pointer (&entry->value));
    entry->flags |= PRC_ENTRY_DYNAMIC;
    entry->detail = g_strdup_printf (_ ("from the environment: %s"), references);
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
read_key (Reader *reader, const PrcNpmLine *line, GError **error)
{
    g_autoptr (PrcEntry) entry = NULL;
    g_auto (PrcNpmText) key = { 0 };
    g_autofree char *references = NULL;
    gboolean marked, listed;

    prc_npm_decode (reader->data, line->start, line->split, &key);
    if (key.kind == PRC_NPM_NULL) {
        prc_set_error_at_line (error, line->number,
                               _ ("npm fails on the key 'null' in these quotes"));
        return FALSE;
    }
    marked = key.kind == PRC_NPM_STRING && prc_npm_strip_list_mark (key.text);
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
        entry->detail = g_strdup_printf (
            _ ("below [%s]: npm reads it only above the first section"), reader->section);
    } else {
        track_list (reader, key.text, entry, marked, listed);
    }
    g_ptr_array_add (reader->entries, g_steal_pointer (&entry));
    return TRUE;
}

static void
read_section (Reader *reader, const PrcNpmLine *line)
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
        prc_set_error_at_line (error, line,
                               _ ("npm fails: something above is null, and has parts"));
        return FALSE;
    }
    g_hash_table_iter_init (&iter, reader->keys);
    while (g_hash_table_iter_next (&iter, &name, &same)) {
        GPtrArray *entries = same;

        for (guint i = 0; i < entries->len && !prc_npm_tree_holds (reader->tree, name); i++) {
            PrcEntry *entry = g_ptr_array_index (entries, i);

            entry->flags |= PRC_ENTRY_INERT;
            g_free (entry->detail);
            entry->detail = g_strdup (_ ("npm makes a section of this name, not a setting"));
        }
    }
    return TRUE;
}

gboolean
prc_npm_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    Reader reader = { .entries = entries };
    PrcNpmLine line = { 0 };
    gboolean ok = TRUE;

    reader.data = prc_document_data (doc, &reader.size);
    reader.keys =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
    reader.tree = prc_npm_tree_new ();
    while (ok && prc_npm_next_line (reader.data, reader.size, &line)) {
        prc_npm_classify (reader.data, &line);
        if (line.kind == PRC_NPM_LINE_SECTION)
            read_section (&reader, &line);
        else if (line.kind == PRC_NPM_LINE_KEY)
            ok = read_key (&reader, &line, error);
    }
    ok = ok && finish (&reader, error);
    g_hash_table_unref (reader.keys);
    prc_npm_tree_free (reader.tree);
    g_free (reader.section);
    return ok;
}
