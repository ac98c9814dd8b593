#include "apply/transaction.h"

#include <errno.h>
#include <string.h>

#include "apply/commit.h"
#include "apply/records.h"
#include "apply/state-dir.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

const char *
prc_change_action_name (PrcChangeAction action)
{
    static const char *const NAMES[] = {
        [PRC_CHANGE_NONE] = "none",
        [PRC_CHANGE_EDIT] = "edit",
        [PRC_CHANGE_CREATE] = "create",
        [PRC_CHANGE_REMOVE] = "remove",
    };

    return NAMES[action];
}

PrcChange *
prc_change_new (const char *path, GBytes *old_bytes, GBytes *new_bytes)
{
    PrcChange *change = g_new0 (PrcChange, 1);

    change->path = g_strdup (path);
    change->old_bytes = old_bytes != NULL ? g_bytes_ref (old_bytes) : NULL;
    change->new_bytes = new_bytes != NULL ? g_bytes_ref (new_bytes) : NULL;
    change->mode = -1;
    return change;
}

void
prc_change_free (PrcChange *change)
{
    if (change == NULL)
        return;
    g_free (change->path);
    g_clear_pointer (&change->old_bytes, g_bytes_unref);
    g_clear_pointer (&change->new_bytes, g_bytes_unref);
    g_clear_pointer (&change->attributes, g_bytes_unref);
    g_free (change);
}

PrcChangeAction
prc_change_action (const PrcChange *change)
{
    if (change->old_bytes == NULL)
        return change->new_bytes != NULL ? PRC_CHANGE_CREATE : PRC_CHANGE_NONE;
    if (change->new_bytes == NULL)
        return PRC_CHANGE_REMOVE;
    return change->mode >= 0 || !g_bytes_equal (change->old_bytes, change->new_bytes)
               ? PRC_CHANGE_EDIT
               : PRC_CHANGE_NONE;
}

void
prc_recovery_free (PrcRecovery *recovery)
{
    if (recovery == NULL)
        return;
    g_free (recovery->id);
    g_free (recovery->label);
    g_free (recovery->note);
    g_ptr_array_unref (recovery->paths);
    g_ptr_array_unref (recovery->left_alone);
    g_free (recovery);
}

/* Whether it asks for nothing, or only for the mode that the file has: then not even the lock is
 * taken. In doubt no; the transaction looks again. */
static gboolean
is_done_already (const PrcChange *change, const PrcApplyOptions *options)
{
    struct stat st;

    if (prc_change_action (change) == PRC_CHANGE_NONE)
        return TRUE;
    return change->old_bytes != NULL && change->new_bytes != NULL && options->root == NULL &&
           g_bytes_equal (change->old_bytes, change->new_bytes) && stat (change->path, &st) == 0 &&
           (st.st_mode & 07777) == (mode_t) change->mode;
}

static gboolean
changes_anything (const GPtrArray *changes, const PrcApplyOptions *options)
{
    for (guint i = 0; i < changes->len; i++)
        if (!is_done_already (g_ptr_array_index (changes, i), options))
            return TRUE;
    return FALSE;
}

/* Ids only grow, so the newest tells them all apart. */
static char *
newest_id (int state_fd, GError **error)
{
    g_autoptr (GPtrArray) ids = prc_records_ids (state_fd, error);

    if (ids == NULL)
        return NULL;
    return g_strdup (ids->len > 0 ? g_ptr_array_index (ids, ids->len - 1) : "");
}

char *
prc_transaction_stamp (const PrcStateDir *state, GError **error)
{
    g_auto (PrcFd) state_fd = -1;

    if (!prc_state_dir_open (state, FALSE, &state_fd, error))
        return NULL;
    return state_fd >= 0 ? newest_id (state_fd, error) : g_strdup ("");
}

static gboolean
check_stamp (const PrcStateDir *state, int state_fd, const char *stamp, GError **error)
{
    g_autofree char *newest = stamp != NULL ? newest_id (state_fd, error) : NULL;

    if (stamp == NULL)
        return TRUE;
    if (newest != NULL && strcmp (newest, stamp) != 0)
        g_set_error (error, PRC_ERROR, PRC_ERROR_CHANGED,
                     _ ("%s: another proxyrc has written since the files were read, so nothing was "
                        "written; run the command again"),
                     prc_state_dir_path (state));
    return newest != NULL && strcmp (newest, stamp) == 0;
}

gboolean
prc_transaction_commit (PrcStateDir *state, const GPtrArray *changes,
                        const PrcApplyOptions *options, char **ret_id, GError **error)
{
    static const PrcApplyOptions DEFAULTS = PRC_APPLY_OPTIONS_INIT;
    g_auto (PrcFd) state_fd = -1;
    g_auto (PrcLock) lock = -1;

    if (options == NULL)
        options = &DEFAULTS;
    if (!changes_anything (changes, options)) {
        if (ret_id != NULL)
            *ret_id = NULL;
        return TRUE;
    }
    return prc_state_dir_open (state, TRUE, &state_fd, error) &&
           prc_state_dir_lock (state, state_fd, options->wait_ms, &lock, error) &&
           prc_recover_locked (state, state_fd, options->sealer, NULL, error) &&
           check_stamp (state, state_fd, options->stamp, error) &&
           prc_commit (state, state_fd, changes, options, NULL, NULL, ret_id, error);
}

gboolean
prc_transaction_recover (PrcStateDir *state, const PrcApplyOptions *options,
                         PrcRecovery **ret_report, GError **error)
{
    static const PrcApplyOptions DEFAULTS = PRC_APPLY_OPTIONS_INIT;
    g_auto (PrcFd) state_fd = -1;
    g_auto (PrcLock) lock = -1;

    if (options == NULL)
        options = &DEFAULTS;
    if (ret_report != NULL)
        *ret_report = NULL;
    if (!prc_state_dir_has (state, PRC_JOURNAL_NAME) &&
        !prc_state_dir_has (state, PRC_JOURNAL_NEW_NAME))
        return TRUE;
    if (!prc_state_dir_open (state, FALSE, &state_fd, error))
        return FALSE;
    if (state_fd < 0)
        return TRUE;
    return prc_state_dir_lock (state, state_fd, options->wait_ms, &lock, error) &&
           prc_recover_locked (state, state_fd, options->sealer, ret_report, error);
}
