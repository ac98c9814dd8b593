/* document-internal.h - what document.c and document-edit.c share; for no one else */
#pragma once
#include "formats/document.h"

struct _PrcDocument {
    int refs;
    const PrcFormat *format;
    GBytes *bytes;
    guint tool_version;
    GPtrArray *entries;
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
