#include "app/file-edit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/text.h"
#include "catalogue/tracked.h"
#include "formats/document.h"
#include "model/mask.h"
#include "planner/diff.h"

void
prc_entry_row_free (PrcEntryRow *row)
{
    if (row == NULL)
        return;
    g_free (row->key);
    prc_wipe_free (row->value);
    g_free (row->detail);
    g_free (row);
}

char *
prc_format_names (void)
{
    gsize n = 0;
    const PrcFormat *const *formats = prc_formats (&n);
    GString *names = g_string_new (NULL);

    for (gsize i = 0; i < n; i++)
        g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", formats[i]->name);
    return g_string_free (names, FALSE);
}

static PrcDocument *
read_document (const char *format_name, const char *path, gboolean may_be_absent,
               GBytes **ret_bytes, GError **error)
{
    const PrcFormat *format = prc_format_by_name (format_name);
    g_autoptr (GError) reason = NULL;
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
    PrcDocument *doc = NULL;

    if (format == NULL) {
        g_autofree char *names = prc_format_names ();

        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("there is no format “%s”; there are: %s"), format_name, names);
        return NULL;
    }
    bytes = prc_read_file (AT_FDCWD, path, NULL, &reason);
    if (bytes == NULL &&
        !(may_be_absent && g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND))) {
        g_set_error_literal (error, PRC_ERROR, PRC_ERROR_INPUT, reason->message);
        return NULL;
    }
    doc = prc_document_parse (format, bytes != NULL ? bytes : empty, 0, error);
    if (doc == NULL)
        prc_prefix_file (error, path);
    else if (ret_bytes != NULL)
        *ret_bytes = g_steal_pointer (&bytes);
    return doc;
}

GPtrArray *
prc_file_list (const char *format, const char *path, GError **error)
{
    g_autoptr (PrcDocument) doc = read_document (format, path, FALSE, NULL, error);
    GPtrArray *rows = NULL;

    if (doc == NULL)
        return NULL;
    rows = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_entry_row_free);
    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);
        PrcEntryRow *row = NULL;

        if (entry->kind == PRC_ENTRY_EXPORT)
            continue;
        row = g_new0 (PrcEntryRow, 1);
        row->line = entry->line;
        row->key = g_strdup (entry->key);
        row->value = g_strdup (entry->value);
        row->is_active =
            (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_INERT | PRC_ENTRY_PRIVATE)) == 0;
        row->is_dynamic = (entry->flags & PRC_ENTRY_DYNAMIC) != 0;
        row->is_unset = entry->kind == PRC_ENTRY_UNSET;
        row->detail = g_strdup (entry->detail);
        g_ptr_array_add (rows, row);
    }
    return rows;
}

static char *
canonical_key (const PrcDocument *doc, const char *key, GError **error)
{
    const PrcFormat *format = prc_document_format (doc);

    return format->canonical_key != NULL ? format->canonical_key (key, error) : g_strdup (key);
}

gboolean
prc_file_get (const char *format, const char *path, const char *any_key, char **ret_value,
              GError **error)
{
    g_autoptr (PrcDocument) doc = read_document (format, path, FALSE, NULL, error);
    g_autofree char *key = doc != NULL ? canonical_key (doc, any_key, error) : NULL;
    const PrcEntry *entry = NULL;

    if (key == NULL)
        return FALSE;
    switch (prc_document_lookup (doc, key, &entry)) {
    case PRC_LOOKUP_VALUE:
        *ret_value = g_strdup (entry->value != NULL ? entry->value : "");
        return TRUE;
    case PRC_LOOKUP_DYNAMIC:
        if (entry->detail != NULL)
            g_set_error (error, PRC_ERROR, PRC_ERROR_DYNAMIC,
                         /* Translators: file, line, key, and a sentence that says more */
                         _ ("%s:%u: %s is decided by code that runs when the file is read: %s"),
                         path, entry->line, key, entry->detail);
        else
            g_set_error (error, PRC_ERROR, PRC_ERROR_DYNAMIC,
                         _ ("%s:%u: %s is decided by code that runs when the file is read"), path,
                         entry->line, key);
        return FALSE;
    case PRC_LOOKUP_NONE:
    default:
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("%s: %s has no value"), path, key);
        return FALSE;
    }
}

static gboolean
may_be_secret (const char *key, const char *value)
{
    g_autofree char *shown = value != NULL ? prc_mask_value (key, value) : NULL;

    return g_strcmp0 (shown, value) != 0;
}

static gboolean
refuse_published (PrcSession *session, const char *absolute, GError **error)
{
    g_autofree char *real = realpath (absolute, NULL); /* which malloc() made; GLib's is that */

    if (prc_session_options (session)->allow_exposed ||
        !prc_git_tracks (real != NULL ? real : absolute, prc_session_place (session)->home))
        return FALSE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                 _ ("%s: git tracks this file, so a secret in it would be published; "
                    "--allow-exposed writes it all the same"),
                 absolute);
    return TRUE;
}

gboolean
prc_file_set (PrcSession *session, const char *format, const char *path, const char *key,
              const char *value, gboolean *ret_changed, char **ret_diff, GError **error)
{
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (PrcDocument) before = read_document (format, path, TRUE, &bytes, error);
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (GPtrArray) changes =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_change_free);
    g_autofree char *absolute = g_canonicalize_filename (path, NULL);
    g_autofree char *shown = prc_text_printable (absolute);
    g_autofree char *label = g_strdup_printf ("file %s %s", value != NULL ? "set" : "unset", shown);
    g_autoptr (PrcWipedText) diff = prc_wiped_text_new (256);
    PrcApplyOptions options = prc_session_apply_options (session);
    PrcChange *change = NULL;
    gboolean is_secret = may_be_secret (key, value);

    if (before == NULL || (is_secret && refuse_published (session, absolute, error)))
        return FALSE;
    after = value != NULL ? prc_document_set (before, key, value, error)
                          : prc_document_unset (before, key, error);
    if (after == NULL) {
        prc_prefix_file (error, path);
        return FALSE;
    }
    *ret_changed = !g_bytes_equal (prc_document_bytes (before), prc_document_bytes (after));
    prc_diff_append (diff, shown, bytes != NULL ? before : NULL, after);
    if (ret_diff != NULL)
        *ret_diff = g_strdup (*ret_changed ? diff->str : "");
    if (!*ret_changed || prc_session_options (session)->dry_run)
        return TRUE;
    change = prc_change_new (absolute, bytes, prc_document_bytes (after));
    change->settings = 1;
    change->in_place = prc_session_options (session)->in_place;
    if (bytes == NULL)
        change->mode = is_secret ? 0600 : 0644;
    g_ptr_array_add (changes, change);
    options.label = label;
    return prc_transaction_commit (prc_session_state_dir (session), changes, &options, NULL, error);
}
