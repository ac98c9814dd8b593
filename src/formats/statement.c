#include "formats/statement.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "formats/systemd-env.h"

gboolean
prc_statement_is_certain (const PrcEntry *entry)
{
    return (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_INERT)) == 0;
}

static gboolean
has_own_lines (const PrcDocument *doc, const PrcEntry *entry)
{
    const char *data = prc_document_data (doc, NULL);

    return entry->end > entry->start && data[entry->end - 1] == '\n' &&
           (entry->start == 0 || data[entry->start - 1] == '\n');
}

static gsize
end_of_last (const GPtrArray *entries, const char *key)
{
    gsize last = 0;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0 && (entry->flags & PRC_ENTRY_INERT) == 0)
            last = MAX (entry->start, entry->value_end);
    }
    return last;
}

gsize
prc_statement_place (const PrcDocument *doc, const GPtrArray *entries, gsize limit, const char *key)
{
    gsize last_same = end_of_last (entries, key), place = limit;

    if (strcmp (key, PRC_STATEMENT_SOURCE) == 0 || strcmp (key, PRC_STATEMENT_EVAL) == 0)
        return limit;
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (prc_statement_is_certain (entry) && (entry->flags & PRC_ENTRY_PRIVATE) == 0 &&
            has_own_lines (doc, entry) && entry->end <= limit && entry->end > last_same &&
            prc_env_names_related (entry->key, key))
            place = entry->end;
    }
    return place;
}

gboolean
prc_statement_remove (const PrcDocument *doc, const PrcEntry *entry, gboolean crlf, GArray *edits,
                      GError **error)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    PrcEdit edit = { entry->start, entry->end, NULL };

    if (edit.start == edit.end) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("%s is part of a larger statement: remove it there by hand"), entry->key);
        g_prefix_error (error, "%u: ", entry->line);
        return FALSE;
    }
    if (edit.end == size && data[size - 1] != '\n' && edit.start > 0 &&
        data[edit.start - 1] == '\n') {
        edit.start--;
        if (crlf && edit.start > 0 && data[edit.start - 1] == '\r')
            edit.start--;
    }
    g_array_append_val (edits, edit);
    return TRUE;
}
