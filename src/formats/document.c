#include "formats/document-internal.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"

void
prc_entry_free (PrcEntry *entry)
{
    if (entry == NULL)
        return;
    g_free (entry->key);
    prc_wipe_free (entry->value);
    g_free (entry->detail);
    g_free (entry->uncalled);
    g_free (entry);
}

static gboolean
refuse_nul (GBytes *bytes, GError **error)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);
    const char *nul = size > 0 ? memchr (data, '\0', size) : NULL;
    guint line = 1;

    if (nul == NULL)
        return TRUE;
    for (const char *p = data; p < nul; p++)
        line += *p == '\n';
    prc_set_error_at_line (error, line, _ ("a NUL byte: this is not a text file"));
    return FALSE;
}

PrcDocument *
prc_document_parse (const PrcFormat *format, GBytes *bytes, guint tool_version, GError **error)
{
    g_autoptr (PrcDocument) doc = g_new0 (PrcDocument, 1);

    doc->refs = 1;
    doc->format = format;
    doc->bytes = g_bytes_ref (bytes);
    doc->tool_version = tool_version;
    doc->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_free);
    /* Every tool stops reading, or reads something else, at a NUL; no one writes one on purpose. */
    if (!refuse_nul (bytes, error) || !format->parse (doc, doc->entries, error))
        return NULL;
    return g_steal_pointer (&doc);
}

PrcDocument *
prc_document_ref (PrcDocument *doc)
{
    doc->refs++;
    return doc;
}

void
prc_document_unref (PrcDocument *doc)
{
    if (doc == NULL || --doc->refs > 0)
        return;
    if (doc->memo != NULL)
        doc->memo_free (doc->memo);
    g_bytes_unref (doc->bytes);
    g_ptr_array_unref (doc->entries);
    g_free (doc);
}

const PrcFormat *
prc_document_format (const PrcDocument *doc)
{
    return doc->format;
}

GBytes *
prc_document_bytes (const PrcDocument *doc)
{
    return doc->bytes;
}

const char *
prc_document_data (const PrcDocument *doc, gsize *ret_size)
{
    return g_bytes_get_data (doc->bytes, ret_size);
}

guint
prc_document_tool_version (const PrcDocument *doc)
{
    return doc->tool_version;
}

const GPtrArray *
prc_document_entries (const PrcDocument *doc)
{
    return doc->entries;
}

PrcLookup
prc_document_lookup (const PrcDocument *doc, const char *key, const PrcEntry **ret_entry)
{
    const PrcEntry *found = NULL;
    PrcLookup result = PRC_LOOKUP_NONE;

    for (guint i = 0; i < doc->entries->len; i++) {
        const PrcEntry *entry = prc_document_entry_at (doc, i);

        if (strcmp (entry->key, key) != 0 || !prc_entry_counts (entry))
            continue;
        found = entry;
        if (!prc_entry_is_known (entry))
            result = PRC_LOOKUP_DYNAMIC;
        else
            result = entry->kind == PRC_ENTRY_SET ? PRC_LOOKUP_VALUE : PRC_LOOKUP_NONE;
    }
    if (ret_entry != NULL)
        *ret_entry = found;
    return result;
}

/* For the drivers */

gpointer
prc_document_memo (const PrcDocument *doc,
                   gpointer (*make) (const PrcDocument *doc, GError **error),
                   GDestroyNotify free_memo, GError **error)
{
    PrcDocument *self = (PrcDocument *) doc; /* what is remembered does not change what it is */

    if (self->memo == NULL) {
        self->memo = make (doc, error);
        self->memo_free = free_memo;
    }
    return self->memo;
}

const char *
prc_document_eol (const PrcDocument *doc)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    const char *newline = size > 0 ? memchr (data, '\n', size) : NULL;

    return newline != NULL && newline > data && newline[-1] == '\r' ? "\r\n" : "\n";
}

void
prc_document_insert_lines (const PrcDocument *doc, gsize offset, const char *lines,
                           PrcEdit *ret_edit)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    const char *eol = prc_document_eol (doc);
    gboolean unfinished = offset == size && size > 0 && data[size - 1] != '\n';
    GString *text = g_string_new (unfinished ? eol : NULL);

    for (const char *p = lines; *p != '\0'; p++) {
        if (*p == '\n')
            g_string_append (text, eol);
        else
            g_string_append_c (text, *p);
    }
    if (!unfinished)
        g_string_append (text, eol);
    *ret_edit = (PrcEdit){ offset, offset, g_string_free (text, FALSE) };
}

gsize
prc_document_line_start (const PrcDocument *doc, gsize offset)
{
    const char *data = prc_document_data (doc, NULL);

    while (offset > 0 && data[offset - 1] != '\n')
        offset--;
    return offset;
}

gsize
prc_document_line_end (const PrcDocument *doc, gsize offset)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    const char *newline = offset < size ? memchr (data + offset, '\n', size - offset) : NULL;

    return newline != NULL ? (gsize) (newline - data) + 1 : size;
}
