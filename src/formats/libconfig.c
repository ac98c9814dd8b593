/* The grammar is in libconfig-tree.c; here: settings as entries, and how they are written. Keys are
 * the names from the top, joined by dots, with an index for an element of a list. An array is one
 * entry, whose value is its elements joined by commas. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/document.h"
#include "formats/drivers.h"
#include "formats/libconfig-tree.h"
#include "formats/libconfig-write.h"

#define INCLUDE_KEY "@include"
#define PATH_MAX_PARTS 32

/* Reading */

/* The bytes that go with @node: its lines when it has them to itself. */
static void
node_range (const char *data, gsize size, const PrcCfgNode *node, gsize *ret_start, gsize *ret_end)
{
    gsize blank = node->start, line_end;

    while (blank > 0 && (data[blank - 1] == ' ' || data[blank - 1] == '\t'))
        blank--;
    *ret_start = node->start;
    *ret_end = node->end;
    if (blank == 0 || data[blank - 1] == '\n') {
        if (prc_cfg_ends_line (data, size, node->end, &line_end)) {
            *ret_start = blank;
            *ret_end = line_end;
        }
    } else if (strchr ("({", data[node->start - 1]) != NULL) {
        while (*ret_end < size && (data[*ret_end] == ' ' || data[*ret_end] == '\t'))
            (*ret_end)++;
    } else if (node->end == size || strchr (" \t\r\n})", data[node->end]) != NULL) {
        *ret_start = blank;
    }
}

typedef struct {
    const char *data;
    gsize size;
    GPtrArray *entries;
    GString *path;
    gsize key_budget; /* deep nesting below long names must not multiply the file */
} Reader;

static char *
joined_array (const PrcCfgNode *node)
{
    GString *joined = g_string_new (NULL);

    for (guint i = 0; node->children != NULL && i < node->children->len; i++) {
        const PrcCfgNode *child = g_ptr_array_index (node->children, i);

        if (i > 0)
            g_string_append_c (joined, ',');
        g_string_append (joined, child->text);
    }
    return g_string_free (joined, FALSE);
}

static gboolean
add_entry (Reader *reader, const PrcCfgNode *node, GError **error)
{
    const char *key = node->type == PRC_CFG_INCLUDE ? INCLUDE_KEY : reader->path->str;
    gsize length = strlen (key);
    PrcEntry *entry;

    if (length > reader->key_budget) {
        prc_set_error_at_line (error, node->line, _ ("the names above this setting are too long"));
        return FALSE;
    }
    reader->key_budget -= length;
    entry = g_new0 (PrcEntry, 1);
    entry->kind = PRC_ENTRY_SET;
    entry->key = g_strndup (key, length);
    entry->value = node->type == PRC_CFG_ARRAY ? joined_array (node) : g_strdup (node->text);
    entry->value_start = node->value_start;
    entry->value_end = node->value_end;
    entry->line = node->line;
    if (node->name == NULL)
        entry->flags |= node->type == PRC_CFG_INCLUDE ? PRC_ENTRY_LIST : PRC_ENTRY_ELEMENT;
    if (node->type == PRC_CFG_GROUP || node->type == PRC_CFG_LIST)
        entry->flags |= PRC_ENTRY_LIST;
    node_range (reader->data, reader->size, node, &entry->start, &entry->end);
    g_ptr_array_add (reader->entries, entry);
    return TRUE;
}

static gboolean
add_node (Reader *reader, const PrcCfgNode *node, guint index, GError **error)
{
    gsize length = reader->path->len;
    gboolean is_container = node->type == PRC_CFG_GROUP || node->type == PRC_CFG_LIST;
    gboolean done = TRUE;

    if (length > 0)
        g_string_append_c (reader->path, '.');
    if (node->name != NULL)
        g_string_append (reader->path, node->name);
    else
        g_string_append_printf (reader->path, "%u", index);
    if (!is_container || node->name == NULL)
        done = add_entry (reader, node, error);
    for (guint i = 0; done && is_container && node->children != NULL && i < node->children->len;
         i++)
        done = add_node (reader, g_ptr_array_index (node->children, i), i, error);
    g_string_truncate (reader->path, length);
    return done;
}

static gboolean
libconfig_parse (const PrcDocument *doc, GPtrArray *entries, GError **error)
{
    Reader reader = { .entries = entries };
    g_autoptr (PrcCfgNode) root = NULL;
    g_autoptr (GString) path = g_string_new (NULL);
    gsize limit = 0;

    reader.data = prc_document_data (doc, &reader.size);
    reader.path = path;
    reader.key_budget = 16 * reader.size + 4096;
    root = prc_cfg_parse (reader.data, reader.size, prc_document_tool_version (doc), &limit, error);
    if (root == NULL)
        return FALSE;
    for (guint i = 0; root->children != NULL && i < root->children->len; i++)
        if (!add_node (&reader, g_ptr_array_index (root->children, i), i, error))
            return FALSE;
    return TRUE;
}

static gboolean
is_index (const char *part)
{
    gsize length = strspn (part, "0123456789");

    return length > 0 && length < 7 && part[length] == '\0' && (*part != '0' || length == 1);
}

static char *
libconfig_canonical_key (const char *key, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (key, ".", PATH_MAX_PARTS + 1);
    guint n = g_strv_length (parts);
    gboolean valid = n > 0 && n <= PATH_MAX_PARTS && prc_cfg_is_name (parts[0]);

    for (guint i = 1; valid && i < n; i++)
        valid = prc_cfg_is_name (parts[i]) || is_index (parts[i]);
    if (valid || strcmp (key, INCLUDE_KEY) == 0)
        return g_strdup (key);
    g_set_error (
        error, PRC_ERROR, PRC_ERROR_INPUT,
        _ ("not a key of format libconfig: names of letters, digits, '-', '_' and '*', and "
           "indexes of lists, joined by dots"));
    return NULL;
}

/* Writing values */

/* Keeps the type that is there if @value has it, else writes a string. */
static void
append_scalar (GString *out, PrcCfgType type, const char *value)
{
    PrcCfgType fits = prc_cfg_type_of_text (value);

    if (type != PRC_CFG_STRING && fits == type)
        g_string_append (out, value);
    else if (type == PRC_CFG_INT64 && fits == PRC_CFG_INT)
        g_string_append_printf (out, "%sL", value);
    else
        prc_cfg_append_string (out, value);
}

static gboolean
only_blanks (const char *data, gsize start, gsize end)
{
    while (start < end && strchr (" \t\r\n", data[start]) != NULL)
        start++;
    return start == end;
}

static const PrcCfgNode *
nth (const PrcCfgNode *node, guint index)
{
    return node->children != NULL && index < node->children->len
               ? g_ptr_array_index (node->children, index)
               : NULL;
}

/* A new array in the layout of the old one, as far as that has no comments in it. */
static void
append_array (GString *out, const char *data, const PrcCfgNode *old, const char *value)
{
    const PrcCfgNode *first = nth (old, 0);
    guint n = first != NULL ? old->children->len : 0;
    const PrcCfgNode *last = n > 0 ? nth (old, n - 1) : NULL;
    gsize open = old->value_start + 1, close = old->value_end - 1;
    gboolean plain = first != NULL && only_blanks (data, open, first->start) &&
                     only_blanks (data, last->end, close);
    gsize lead = plain ? first->start - open : 0, tail = plain ? close - last->end : 0;
    g_auto (GStrv) parts = g_strsplit (value, ",", -1);
    gboolean keeps_type = first != NULL;

    for (guint i = 0; parts[i] != NULL; i++)
        keeps_type = keeps_type && prc_cfg_type_of_text (parts[i]) == first->type;
    if (parts[0] == NULL) {
        g_string_append (out, "[]");
        return;
    }
    g_string_append_c (out, '[');
    g_string_append_len (out, data + open, (gssize) lead);
    for (guint i = 0; parts[i] != NULL; i++) {
        if (i > 0 && lead > 1)
            g_string_append_len (g_string_append_c (out, ','), data + open, (gssize) lead);
        else if (i > 0)
            g_string_append (out, ", ");
        append_scalar (out, keeps_type ? first->type : PRC_CFG_STRING, parts[i]);
    }
    g_string_append_len (out, data + close - tail, (gssize) tail);
    g_string_append_c (out, ']');
}

static gboolean
append_include (GString *out, const char *path, GError **error)
{
    if (*path == '\0' || strpbrk (path, "\r\n") != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("no such file can be included"));
        return FALSE;
    }
    g_string_append_c (out, '"');
    for (; *path != '\0'; path++) {
        if (*path == '"' || *path == '\\')
            g_string_append_c (out, '\\');
        g_string_append_c (out, *path);
    }
    g_string_append_c (out, '"');
    return TRUE;
}

/* Finding and changing */

static PrcCfgNode *
tree_of (const PrcDocument *doc, gsize *ret_limit, GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    return prc_cfg_parse (data, size, prc_document_tool_version (doc), ret_limit, error);
}

static PrcCfgNode *
node_of_entry (PrcCfgNode *root, const PrcEntry *entry)
{
    g_auto (GStrv) parts = g_strsplit (entry->key, ".", -1);
    PrcCfgNode *node = root;

    if (strcmp (entry->key, INCLUDE_KEY) == 0)
        return NULL;
    for (guint i = 0; node != NULL && parts[i] != NULL; i++)
        node = prc_cfg_child (node, parts[i]);
    return node;
}

static gboolean
refuse_container (const char *key, GError **error)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 _ ("%s is a group or list: name the setting in it that is meant"), key);
    return FALSE;
}

static gboolean
libconfig_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                   PrcEdit *ret_edit, GError **error)
{
    gsize limit = 0;
    g_autoptr (PrcCfgNode) root = tree_of (doc, &limit, error);
    const PrcCfgNode *node = root != NULL ? node_of_entry (root, entry) : NULL;
    g_autoptr (GString) text = g_string_new (NULL);

    if (root == NULL)
        return FALSE;
    if (node == NULL) {
        if (!append_include (text, value, error))
            return FALSE;
    } else if (node->type == PRC_CFG_GROUP || node->type == PRC_CFG_LIST) {
        return refuse_container (entry->key, error);
    } else if (node->type == PRC_CFG_ARRAY) {
        append_array (text, prc_document_data (doc, NULL), node, value);
    } else {
        append_scalar (text, node->type, value);
    }
    *ret_edit = (PrcEdit){ entry->value_start, entry->value_end,
                           g_string_free (g_steal_pointer (&text), FALSE) };
    return TRUE;
}

/* What goes up to the end of a file without a final newline takes the newline before it along; but
 * not one that ends a comment, which would no longer be one. */
static gsize
start_with_newline (const PrcDocument *doc, const PrcEntry *entry, const PrcCfgNode *node)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gsize start = entry->start;

    if (node == NULL || entry->end != size || size == 0 || data[size - 1] == '\n' || start == 0 ||
        data[start - 1] != '\n')
        return start;
    start--;
    if (start > 0 && data[start - 1] == '\r')
        start--;
    return start == node->prev_end ? start : entry->start;
}

static gboolean
libconfig_remove (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    gsize limit = 0;
    g_autoptr (PrcCfgNode) root = tree_of (doc, &limit, error);
    const PrcCfgNode *node = root != NULL ? node_of_entry (root, entry) : NULL;
    PrcEdit edit = { entry->start, entry->end, NULL };

    if (root == NULL)
        return FALSE;
    edit.start = start_with_newline (doc, entry, node);
    if (node != NULL && node->comma_before != PRC_CFG_NONE && node->end == node->value_end) {
        PrcEdit comma = { node->comma_before, node->comma_before + 1, NULL };

        g_array_append_val (edits, comma);
    }
    g_array_append_val (edits, edit);
    return TRUE;
}

static gboolean
insert_include (const PrcDocument *doc, gsize limit, const char *path, PrcEdit *ret_edit,
                GError **error)
{
    g_autoptr (GString) line = g_string_new (INCLUDE_KEY " ");
    gsize size = 0;

    (void) prc_document_data (doc, &size);
    if (!append_include (line, path, error))
        return FALSE;
    prc_document_insert_lines (doc, limit == size ? size : 0, line->str, ret_edit);
    return TRUE;
}

static gboolean
libconfig_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
                  GError **error)
{
    gsize limit = 0;
    g_autoptr (PrcCfgNode) root = tree_of (doc, &limit, error);

    if (root == NULL)
        return FALSE;
    if (strcmp (key, INCLUDE_KEY) == 0)
        return insert_include (doc, limit, value, ret_edit, error);
    return prc_cfg_insert (doc, root, limit, key, value, ret_edit, error);
}

const PrcFormat prc_format_libconfig = {
    .name = "libconfig",
    .parse = libconfig_parse,
    .canonical_key = libconfig_canonical_key,
    .replace = libconfig_replace,
    .insert = libconfig_insert,
    .remove = libconfig_remove,
};
