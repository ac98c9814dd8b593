#include "apply/transaction.h"

#include <errno.h>
#include <fcntl.h>

#include "apply/commit.h"
#include "apply/fail.h"
#include "apply/history.h"
#include "apply/records.h"
#include "apply/resolve.h"
#include "apply/state-dir.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

static const PrcApplyOptions DEFAULTS = PRC_APPLY_OPTIONS_INIT;

static GPtrArray *
changes_new (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify) prc_change_free);
}

/* What the file holds now; FALSE with @error when that can't be known. */
static gboolean
read_now (const PrcRecord *record, const char *root, GBytes **ret_bytes, struct stat *ret_st,
          GError **error)
{
    g_auto (PrcTarget) target = { NULL, NULL, NULL };
    g_autoptr (PrcDirs) dirs = prc_dirs_new ();
    g_autoptr (GError) failed = NULL;
    int dirfd;

    *ret_bytes = NULL;
    if (!prc_target_resolve (record->path, root, &target, error))
        return FALSE;
    if (target.missing->len > 0)
        return TRUE;
    dirfd = prc_dirs_open (dirs, target.dir);
    if (dirfd < 0)
        return prc_fail_errno (error, record->path, _ ("cannot open its directory"), errno);
    *ret_bytes = prc_read_file (dirfd, target.name, ret_st, &failed);
    if (*ret_bytes != NULL || g_error_matches (failed, PRC_ERROR, PRC_ERROR_NOT_FOUND))
        return TRUE;
    g_propagate_error (error, g_steal_pointer (&failed));
    return FALSE;
}

static gboolean
same_or_absent (GBytes *now, GBytes *then)
{
    return now == then || (now != NULL && then != NULL && g_bytes_equal (now, then));
}

static PrcChange *
change_to (const PrcRecord *record, GBytes *now, GBytes *then)
{
    PrcChange *change = prc_change_new (record->path, now, then);

    change->in_place = record->in_place;
    change->settings = record->settings;
    change->keeps_new = record->new_bytes != NULL;
    if (record->attributes != NULL)
        change->attributes = g_bytes_ref (record->attributes);
    return change;
}

/* For a file that is neither what the transaction made of it nor what it was before; NULL when it
 * stays so: *@ret_changed, or @error. */
static PrcChange *
merge (const PrcRecord *record, GBytes *now, const PrcApplyOptions *options, gboolean *ret_changed,
       GError **error)
{
    g_autoptr (GBytes) merged = NULL;
    g_autoptr (GError) reason = NULL;

    if (options->merge != NULL && record->new_bytes != NULL && now != NULL)
        merged = options->merge (record->path, record->old_bytes, record->new_bytes, now,
                                 options->merge_data, &reason);
    if (merged == NULL && reason == NULL)
        *ret_changed = TRUE;
    else if (merged == NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
    return merged != NULL && !g_bytes_equal (merged, now) ? change_to (record, now, merged) : NULL;
}

/* The change that takes @record back; NULL when there is nothing to do; *@ret_changed when the
 * file is neither what the transaction made of it nor what it was before; or @error. */
static PrcChange *
change_back (const PrcRecord *record, GBytes *now, const struct stat *st,
             const PrcApplyOptions *options, gboolean *ret_changed, GError **error)
{
    g_autoptr (GBytes) hash = prc_content_hash (now);
    PrcChange *change;
    gboolean tightened;

    *ret_changed = FALSE;
    if (!g_bytes_equal (hash, record->new_hash))
        return same_or_absent (now, record->old_bytes)
                   ? NULL
                   : merge (record, now, options, ret_changed, error);
    tightened = now != NULL && record->old_bytes != NULL && record->old_mode != record->new_mode &&
                (st->st_mode & 07777) == record->new_mode;
    if (!tightened && same_or_absent (now, record->old_bytes))
        return NULL;
    change = change_to (record, now, record->old_bytes);
    if (tightened || (now == NULL && record->old_bytes != NULL))
        change->mode = (int) record->old_mode;
    return change;
}

static GPtrArray *
plan_back (const PrcJournal *journal, const PrcApplyOptions *options, GError **error)
{
    g_autoptr (GPtrArray) changes = changes_new ();
    g_autoptr (GString) changed = g_string_new (NULL);

    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);
        g_autoptr (GBytes) now = NULL;
        struct stat st = { 0 };
        gboolean is_changed = FALSE;
        GError *reason = NULL;
        PrcChange *change;

        if (!read_now (record, journal->root, &now, &st, error))
            return NULL;
        change = change_back (record, now, &st, options, &is_changed, &reason);
        if (reason != NULL) {
            g_propagate_error (error, reason);
            return NULL;
        }
        if (change != NULL) {
            change->in_place |= options->in_place;
            g_ptr_array_add (changes, change);
        }
        if (is_changed)
            g_string_append_printf (changed, "%s%s", changed->len > 0 ? ", " : "", record->path);
    }
    if (changed->len > 0) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_INPUT,
            _ ("%s: changed since %s, so it can't be undone; edit by hand, or undo what came "
               "later first"),
            changed->str, journal->id);
        return NULL;
    }
    return g_steal_pointer (&changes);
}

/* The record to be undone, with its DATA. */
static PrcJournal *
find_journal (PrcStateDir *state, int state_fd, const char *id, const PrcSealer *sealer,
              GError **error)
{
    g_autoptr (PrcHistoryEntry) entry = prc_history_find (state, id, error);
    g_autoptr (PrcJournal) journal = NULL;

    if (entry == NULL)
        return NULL;
    if (entry->undone || entry->interrupted) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     entry->undone
                         ? _ ("%s: is undone already")
                         : _ ("%s: was rolled back after a crash: there is nothing to undo"),
                     entry->id);
        return NULL;
    }
    journal = prc_records_read (state_fd, entry->id, error);
    if (journal == NULL)
        return NULL;
    if (!prc_journal_read_data (journal, sealer, error)) {
        g_prefix_error (error, "%s: ", journal->id);
        return NULL;
    }
    return g_steal_pointer (&journal);
}

static gboolean
open_for_undo (PrcStateDir *state, PrcFd *ret_fd, GError **error)
{
    if (!prc_state_dir_open (state, FALSE, ret_fd, error))
        return FALSE;
    if (*ret_fd >= 0)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("there is nothing to undo"));
    return FALSE;
}

GPtrArray *
prc_history_former (PrcStateDir *state, const char *id, const PrcApplyOptions *options,
                    GError **error)
{
    g_auto (PrcFd) state_fd = -1;
    g_autoptr (PrcJournal) journal = NULL;
    g_autoptr (GPtrArray) changes = changes_new ();

    if (!open_for_undo (state, &state_fd, error))
        return NULL;
    journal = prc_records_read (state_fd, id, error);
    if (journal == NULL ||
        !prc_journal_read_data (journal, options != NULL ? options->sealer : NULL, error))
        return NULL;
    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);

        g_ptr_array_add (changes, prc_change_new (record->path, record->old_bytes, NULL));
    }
    return g_steal_pointer (&changes);
}

GPtrArray *
prc_undo_plan (PrcStateDir *state, const char *id, const PrcApplyOptions *options, char **ret_id,
               GError **error)
{
    g_auto (PrcFd) state_fd = -1;
    g_autoptr (PrcJournal) journal = NULL;
    g_autoptr (GPtrArray) changes = NULL;

    if (options == NULL)
        options = &DEFAULTS;
    if (!open_for_undo (state, &state_fd, error))
        return NULL;
    journal = find_journal (state, state_fd, id, options->sealer, error);
    if (journal == NULL)
        return NULL;
    changes = plan_back (journal, options, error);
    if (changes != NULL && ret_id != NULL)
        *ret_id = g_strdup (journal->id);
    return g_steal_pointer (&changes);
}

static gboolean
undo_locked (PrcStateDir *state, int state_fd, const char *id, const PrcApplyOptions *options,
             char **ret_id, GPtrArray **ret_changes, GError **error)
{
    g_autoptr (PrcJournal) journal = find_journal (state, state_fd, id, options->sealer, error);
    g_autoptr (GPtrArray) changes = NULL;
    g_autofree char *label = NULL;
    PrcApplyOptions own = *options;

    if (journal == NULL)
        return FALSE;
    changes = plan_back (journal, options, error);
    if (changes == NULL)
        return FALSE;
    label = g_strdup_printf ("undo %s", journal->id);
    own.root = journal->root;
    if (own.label == NULL)
        own.label = label;
    if (!prc_commit (state, state_fd, changes, &own, journal->id, journal->made_dirs, ret_id,
                     error))
        return FALSE;
    if (ret_changes != NULL)
        *ret_changes = g_steal_pointer (&changes);
    return TRUE;
}

gboolean
prc_transaction_undo (PrcStateDir *state, const char *id, const PrcApplyOptions *options,
                      char **ret_id, GPtrArray **ret_changes, GError **error)
{
    g_auto (PrcFd) state_fd = -1;
    g_auto (PrcLock) lock = -1;

    if (options == NULL)
        options = &DEFAULTS;
    return open_for_undo (state, &state_fd, error) &&
           prc_state_dir_lock (state, state_fd, options->wait_ms, &lock, error) &&
           prc_recover_locked (state, state_fd, options->sealer, NULL, error) &&
           undo_locked (state, state_fd, id, options, ret_id, ret_changes, error);
}
