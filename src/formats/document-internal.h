/* document-internal.h - what document.c and document-edit.c share; for no one else */
#pragma once
#include "formats/document.h"

struct _PrcDocument {
    int refs;
    const PrcFormat *format;
    GBytes *bytes;
    guint tool_version;
    GPtrArray *entries;
    gpointer memo; /* (nullable): prc_document_memo() */
    GDestroyNotify memo_free;
};

/** prc_entry_counts: the tool itself, or a program that it starts, sees it. */
static inline gboolean
prc_entry_counts (const PrcEntry *entry)
{
    return entry->kind != PRC_ENTRY_EXPORT &&
           (entry->flags & (PRC_ENTRY_INERT | PRC_ENTRY_PRIVATE)) == 0;
}

/** prc_entry_is_known: what it says holds whatever shell code does. */
static inline gboolean
prc_entry_is_known (const PrcEntry *entry)
{
    return (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC)) == 0;
}

/** prc_document_entry_at: (transfer none) */
static inline const PrcEntry *
prc_document_entry_at (const PrcDocument *doc, guint index)
{
    return g_ptr_array_index (doc->entries, index);
}

/* document-verify.c */

/** PrcPermission: what an edit may do to entries that it does not name. */
typedef struct {
    const char *key;  /* of the entries that may change in any way; the one that messages name */
    GHashTable *keys; /* (nullable): set of all such keys, where there are several */
    const PrcEntry *gone; /* (nullable): a list element that goes, with all that is in it */
    gboolean lenient;     /* others may lose the value that they refer to */
} PrcPermission;

/** prc_permission_changed: (transfer container): the keys that may change, to start with. */
GPtrArray *prc_permission_changed (const PrcPermission *permission);
/**
 * prc_entry_same_meaning: @y in @b means what @x means in @a, or differs only because it refers to
 * a key of @changed, which grows.
 */
gboolean prc_entry_same_meaning (const PrcDocument *a, const PrcEntry *x, const PrcDocument *b,
                                 const PrcEntry *y, GPtrArray *changed);
/** prc_document_others_unchanged: fails with the line of the first entry that is not what it was.
 */
gboolean prc_document_others_unchanged (const PrcDocument *before, const PrcDocument *after,
                                        const PrcPermission *permission, GError **error);

/* document-edit.c */

/** prc_edits_new: (transfer full): an empty array of #PrcEdit that frees their texts. */
GArray *prc_edits_new (void);
/** prc_document_edited: (transfer full) (nullable): the document after @edits, read back and held
 * against @permission. */
PrcDocument *prc_document_edited (PrcDocument *doc, GArray *edits, const PrcPermission *permission,
                                  GError **error);

/* document-remove.c */

/** PrcPickFunc: appends to @picked what of @doc is to go, in file order. */
typedef void (*PrcPickFunc) (const PrcDocument *doc, gpointer data, GPtrArray *picked);
/** prc_document_remove_picked: until @pick picks nothing more; @ret_removed and @ret_left as in
 * prc_document_remove_if(). */
PrcDocument *prc_document_remove_picked (PrcDocument *doc, PrcPickFunc pick, gpointer data,
                                         gboolean lenient, guint *ret_removed, GPtrArray *ret_left,
                                         GError **error);
/** prc_document_without_entry: @entry is @doc's. (transfer full) (nullable) */
PrcDocument *prc_document_without_entry (PrcDocument *doc, const PrcEntry *entry, GError **error);
