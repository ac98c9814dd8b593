#include "apply/history.h"

#include <string.h>

#include "apply/commit.h"
#include "apply/records.h"
#include "apply/state-dir.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

static void
file_free (PrcHistoryFile *file)
{
    g_free (file->path);
    g_free (file);
}

void
prc_history_entry_free (PrcHistoryEntry *entry)
{
    if (entry == NULL)
        return;
    g_free (entry->id);
    g_free (entry->label);
    g_free (entry->note);
    g_free (entry->undoes);
    g_ptr_array_unref (entry->files);
    g_free (entry);
}

static PrcHistoryEntry *
entry_new (const PrcJournal *journal)
{
    PrcHistoryEntry *entry = g_new0 (PrcHistoryEntry, 1);

    entry->id = g_strdup (journal->id);
    entry->time = journal->time;
    entry->label = g_strdup (journal->label);
    entry->note = g_strdup (journal->note);
    entry->undoes = g_strdup (journal->undoes);
    entry->interrupted = !journal->done;
    entry->sealed = journal->sealed;
    entry->stored_size = journal->stored_size;
    entry->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);
        PrcHistoryFile *file = g_new0 (PrcHistoryFile, 1);

        file->path = g_strdup (record->path);
        file->action = prc_record_action (record);
        file->settings = record->settings;
        file->old_size = record->old_size;
        file->new_size = record->new_size;
        g_ptr_array_add (entry->files, file);
    }
    return entry;
}

GPtrArray *
prc_history_list (PrcStateDir *state, GPtrArray *unreadable, GError **error)
{
    g_autoptr (GPtrArray) entries =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_history_entry_free);
    g_autoptr (GHashTable) undone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr (GPtrArray) ids = NULL;
    g_auto (PrcFd) state_fd = -1;

    if (!prc_state_dir_open (state, FALSE, &state_fd, error))
        return NULL;
    if (state_fd < 0)
        return g_steal_pointer (&entries);
    ids = prc_records_ids (state_fd, error);
    if (ids == NULL)
        return NULL;
    /* From the newest: an undo that is undone itself undoes nothing. */
    for (guint i = ids->len; i > 0; i--) {
        g_autoptr (GError) reason = NULL;
        g_autoptr (PrcJournal) journal =
            prc_records_read (state_fd, g_ptr_array_index (ids, i - 1), &reason);
        PrcHistoryEntry *entry;

        if (journal == NULL) {
            if (unreadable != NULL && !g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND))
                g_ptr_array_add (unreadable, g_strdup (reason->message));
            continue;
        }
        entry = entry_new (journal);
        entry->undone = g_hash_table_contains (undone, entry->id);
        if (entry->undoes != NULL && !entry->undone && !entry->interrupted)
            g_hash_table_add (undone, g_strdup (entry->undoes));
        g_ptr_array_add (entries, entry);
    }
    return g_steal_pointer (&entries);
}

static gboolean
is_wanted (const PrcHistoryEntry *entry, const char *id)
{
    if (id != NULL)
        return g_str_equal (entry->id, id);
    return !entry->undone && !entry->interrupted && entry->undoes == NULL;
}

/* One that can't be read, and is the one with @id, or, without, newer than @found ((nullable)): what
 * would be taken back then is not what was done last. */
static gboolean
refuse_unreadable (const GPtrArray *unreadable, const char *id, const PrcHistoryEntry *found,
                   GError **error)
{
    for (guint i = 0; i < unreadable->len; i++) {
        const char *line = g_ptr_array_index (unreadable, i);
        gsize length = strcspn (line, ":");

        if (id != NULL ? strlen (id) != length || strncmp (id, line, length) != 0
                       : found != NULL && strcmp (line, found->id) < 0)
            continue;
        if (id != NULL)
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         /* Translators: a transaction's id, and what is wrong with its record */
                         _ ("%s; it can't be undone any more"), line);
        else
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         /* Translators: a transaction's id, and what is wrong with its record */
                         _ ("%s; so nothing was undone: what came before it is taken back by its "
                            "id, see `proxyrc history`"),
                         line);
        return FALSE;
    }
    return TRUE;
}

PrcHistoryEntry *
prc_history_find (PrcStateDir *state, const char *id, GError **error)
{
    g_autoptr (GPtrArray) unreadable = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GPtrArray) entries = prc_history_list (state, unreadable, error);
    const PrcHistoryEntry *found = NULL;

    if (entries == NULL)
        return NULL;
    for (guint i = 0; i < entries->len && found == NULL; i++)
        if (is_wanted (g_ptr_array_index (entries, i), id))
            found = g_ptr_array_index (entries, i);
    if ((id == NULL || found == NULL) && !refuse_unreadable (unreadable, id, found, error))
        return NULL;
    for (guint i = 0; i < entries->len; i++)
        if (g_ptr_array_index (entries, i) == found) {
            g_ptr_array_set_free_func (entries, NULL);
            for (guint j = 0; j < entries->len; j++)
                if (j != i)
                    prc_history_entry_free (g_ptr_array_index (entries, j));
            return g_ptr_array_index (entries, i);
        }
    if (id != NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("there is no transaction “%s”; `proxyrc history` lists them"), id);
    else
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("there is nothing to undo"));
    return NULL;
}

/* What a crash has left is put in order first: its journal may not simply go. Unless it can't be read
 * any more: then it would be in the way for ever. */
static gboolean
settle_before_purge (PrcStateDir *state, int state_fd, const PrcSealer *sealer, GPtrArray *given_up,
                     GError **error)
{
    g_autoptr (GError) reason = NULL;

    if (prc_recover_locked (state, state_fd, sealer, NULL, &reason))
        return TRUE;
    if (g_error_matches (reason, PRC_ERROR, PRC_ERROR_INPUT))
        return prc_give_up_locked (state, state_fd, sealer, given_up, error);
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

gboolean
prc_history_purge (PrcStateDir *state, const PrcApplyOptions *options, guint *ret_count,
                   GPtrArray **ret_given_up, GError **error)
{
    static const PrcApplyOptions DEFAULTS = PRC_APPLY_OPTIONS_INIT;
    g_autoptr (GPtrArray) given_up = g_ptr_array_new_with_free_func (g_free);
    g_auto (PrcFd) state_fd = -1;
    g_auto (PrcLock) lock = -1;
    const PrcSealer *sealer;
    guint count = 0;

    if (options == NULL)
        options = &DEFAULTS;
    sealer = options->sealer;
    if (!prc_state_dir_open (state, FALSE, &state_fd, error))
        return FALSE;
    if (state_fd >= 0 &&
        (!prc_state_dir_lock (state, state_fd, options->wait_ms, &lock, error) ||
         !settle_before_purge (state, state_fd, sealer, given_up, error) ||
         !prc_records_purge (state_fd, &count, error)))
        return FALSE;
    if (sealer != NULL && sealer->forget != NULL && !sealer->forget (sealer->user_data, error))
        return FALSE;
    if (ret_count != NULL)
        *ret_count = count;
    if (ret_given_up != NULL)
        *ret_given_up = g_steal_pointer (&given_up);
    return TRUE;
}
