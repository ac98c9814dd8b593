/* edit-check.h - one line per case for the tests of format drivers; include after test.h */
#pragma once
#include "base/secret.h"
#include "formats/document.h"

/** check_parse: @text must parse; (transfer full) */
static inline PrcDocument *
check_parse (const char *format, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    PrcDocument *doc = prc_document_parse (prc_format_by_name (format), bytes, 0, &error);

    if (doc == NULL)
        fail_msg ("does not parse: %s\n%s", text, error->message);
    return doc;
}

/** check_error: @text must be refused at @line, which 0 leaves open. */
static inline void
check_error (const char *format, const char *text, guint line)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    g_autoptr (PrcDocument) doc =
        prc_document_parse (prc_format_by_name (format), bytes, 0, &error);
    g_autofree char *at = g_strdup_printf ("%u: ", line);

    if (doc != NULL)
        fail_msg ("parses, but should not:\n%s", text);
    assert_error (error, PRC_ERROR_INPUT);
    if (line > 0 && !g_str_has_prefix (error->message, at))
        fail_msg ("not at line %u: %s\n%s", line, error->message, text);
}

static inline void
check_append_flags (GString *out, const PrcEntry *entry)
{
    static const struct {
        PrcEntryFlags flag;
        char letter;
    } letters[] = {
        { PRC_ENTRY_CONDITIONAL, 'c' }, { PRC_ENTRY_DYNAMIC, 'd' }, { PRC_ENTRY_INERT, 'i' },
        { PRC_ENTRY_PRIVATE, 'p' },     { PRC_ENTRY_LIST, 'l' },    { PRC_ENTRY_ELEMENT, 'e' },
        { PRC_ENTRY_INTERACTIVE, 't' },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (letters); i++)
        if ((entry->flags & letters[i].flag) != 0)
            g_string_append_c (out, letters[i].letter);
}

/** check_summary: "LINE KEY=VALUE [flags]" or "LINE -KEY" (UNSET), "LINE +KEY" (EXPORT), joined by
 * " | ". */
static inline char *
check_summary (const PrcDocument *doc)
{
    const GPtrArray *entries = prc_document_entries (doc);
    GString *out = g_string_new (NULL);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        gsize length;

        g_string_append_printf (out, "%s%u ", i > 0 ? " | " : "", entry->line);
        if (entry->kind != PRC_ENTRY_SET)
            g_string_append_c (out, entry->kind == PRC_ENTRY_UNSET ? '-' : '+');
        g_string_append (out, entry->key);
        if (entry->kind == PRC_ENTRY_SET)
            g_string_append_printf (out, "=%s", entry->value != NULL ? entry->value : "?");
        length = out->len;
        check_append_flags (out, entry);
        if (out->len > length)
            g_string_insert (g_string_append_c (out, ']'), (gssize) length, " [");
    }
    return g_string_free (out, FALSE);
}

static inline void
check_entries (const char *format, const char *text, const char *summary)
{
    g_autoptr (PrcDocument) doc = check_parse (format, text);
    g_autofree char *found = check_summary (doc);

    if (strcmp (found, summary) != 0)
        fail_msg ("in\n%s\nexpected: %s\nfound:    %s", text, summary, found);
}

/** check_edit: sets @key, or unsets it when @value is NULL; @after NULL: must be refused. */
static inline void
check_edit (const char *format, const char *before, const char *key, const char *value,
            const char *after)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = check_parse (format, before);
    g_autoptr (PrcDocument) edited = value != NULL ? prc_document_set (doc, key, value, &error)
                                                   : prc_document_unset (doc, key, &error);
    g_autofree char *found = NULL;
    gsize size = 0;
    const char *data;

    if (after == NULL) {
        if (edited != NULL)
            fail_msg ("%s is not refused in\n%s", key, before);
        assert_true (g_error_matches (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED) ||
                     g_error_matches (error, PRC_ERROR, PRC_ERROR_INPUT));
        return;
    }
    if (edited == NULL)
        fail_msg ("%s in\n%s\n%s", key, before, error->message);
    data = prc_document_data (edited, &size);
    found = g_strndup (data, size);
    if (strcmp (found, after) != 0)
        fail_msg ("%s in\n%s\nexpected:\n%s\nfound:\n%s", key, before, after, found);
}
