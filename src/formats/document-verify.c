/* What an edit may change besides what it was asked to: nothing, but for values that follow it. */
#include "formats/document-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

static gboolean
same_raw_value (const PrcDocument *a, const PrcEntry *x, const PrcDocument *b, const PrcEntry *y)
{
    gsize length = x->value_end - x->value_start;

    return length == y->value_end - y->value_start &&
           memcmp (prc_document_data (a, NULL) + x->value_start,
                   prc_document_data (b, NULL) + y->value_start, length) == 0;
}

/* More variables than that in one chain of references are not looked after. */
#define CHANGED_MAX 64u

GPtrArray *
prc_permission_changed (const PrcPermission *permission)
{
    GPtrArray *changed = g_ptr_array_new ();
    GHashTableIter iter;
    gpointer key = NULL;

    if (permission->keys == NULL) {
        g_ptr_array_add (changed, (gpointer) permission->key);
        return changed;
    }
    g_hash_table_iter_init (&iter, permission->keys);
    while (g_hash_table_iter_next (&iter, &key, NULL))
        g_ptr_array_add (changed, key);
    return changed;
}

static gboolean
names_one_of (const PrcDocument *doc, const PrcEntry *entry, const GPtrArray *keys)
{
    const char *raw = prc_document_data (doc, NULL) + entry->value_start;
    gsize length = entry->value_end - entry->value_start;

    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index (keys, i);

        if (memmem (raw, length, key, strlen (key)) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* The same text may mean something else now only because it refers to the variable that was edited
 * (`https_proxy=$http_proxy`), which is what its author wanted, or to one that refers to it.
 * @changed: the keys of these; grows */
gboolean
prc_entry_same_meaning (const PrcDocument *a, const PrcEntry *x, const PrcDocument *b,
                        const PrcEntry *y, GPtrArray *changed)
{
    if (x->kind != y->kind)
        return FALSE;
    if (x->flags == y->flags && g_strcmp0 (x->value, y->value) == 0)
        return TRUE;
    if (((x->flags ^ y->flags) & ~(guint) PRC_ENTRY_DYNAMIC) != 0 || !same_raw_value (a, x, b, y) ||
        !names_one_of (a, x, changed))
        return FALSE;
    if (changed->len < CHANGED_MAX &&
        !g_ptr_array_find_with_equal_func (changed, x->key, g_str_equal, NULL))
        g_ptr_array_add (changed, x->key);
    return TRUE;
}

static gboolean
is_mere_container (const PrcEntry *entry)
{
    return (entry->flags & PRC_ENTRY_ELEMENT) != 0 && entry->value == NULL;
}

static gboolean
may_change (const PrcPermission *permission, const PrcEntry *entry)
{
    if (permission->gone != NULL)
        return FALSE;
    return permission->keys != NULL ? g_hash_table_contains (permission->keys, entry->key)
                                    : strcmp (entry->key, permission->key) == 0;
}

/* The next entry that must be the same before and after an edit. */
static const PrcEntry *
next_other (const PrcDocument *doc, guint *index, const PrcPermission *permission)
{
    while (*index < doc->entries->len) {
        const PrcEntry *entry = prc_document_entry_at (doc, (*index)++);

        if (!may_change (permission, entry) && !is_mere_container (entry))
            return entry;
    }
    return NULL;
}

/* As next_other(), without what goes together with a list element. */
static const PrcEntry *
next_survivor (const PrcDocument *doc, guint *index, const PrcPermission *permission)
{
    const PrcEntry *gone = permission->gone;

    for (;;) {
        const PrcEntry *entry = next_other (doc, index, permission);

        if (entry == NULL || gone == NULL || entry->start < gone->start || entry->end > gone->end)
            return entry;
    }
}

/* For each key its last entry that counts, as prc_document_lookup() finds it. */
static GHashTable *
deciding_entries (const PrcDocument *doc)
{
    GHashTable *deciding = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < doc->entries->len; i++) {
        PrcEntry *entry = g_ptr_array_index (doc->entries, i);

        if (prc_entry_counts (entry))
            (void) g_hash_table_replace (deciding, entry->key, entry);
    }
    return deciding;
}

/* @now has lost what it referred to, and no other entry of its key has the last word anyway. */
static gboolean
lost_its_value (const PrcDocument *after, const PrcEntry *was, const PrcEntry *now,
                GHashTable **deciding)
{
    const PrcEntry *last = NULL;

    if (((was->flags ^ now->flags) & now->flags & PRC_ENTRY_DYNAMIC) == 0)
        return FALSE;
    if (*deciding == NULL)
        *deciding = deciding_entries (after);
    last = g_hash_table_lookup (*deciding, now->key);
    return last == now || (last != NULL && !prc_entry_is_known (last));
}

gboolean
prc_document_others_unchanged (const PrcDocument *before, const PrcDocument *after,
                               const PrcPermission *permission, GError **error)
{
    g_autoptr (GHashTable) deciding = NULL;
    g_autoptr (GPtrArray) changed = prc_permission_changed (permission);
    guint i = 0, j = 0;

    for (;;) {
        const PrcEntry *x = next_survivor (before, &i, permission);
        const PrcEntry *y = next_other (after, &j, permission);

        if (x == NULL && y == NULL)
            return TRUE;
        if (x == NULL || y == NULL || !prc_entry_same_meaning (before, x, after, y, changed) ||
            (permission->gone == NULL && strcmp (x->key, y->key) != 0) ||
            (!permission->lenient && lost_its_value (after, x, y, &deciding))) {
            prc_set_error_at_line (error, x != NULL ? x->line : y->line,
                                   _ ("cannot edit %s here without changing %s as well"),
                                   permission->key, x != NULL ? x->key : y->key);
            return FALSE;
        }
    }
}
