#include "apply/commit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "apply/fail.h"
#include "apply/plan.h"
#include "apply/records.h"
#include "apply/settle.h"
#include "apply/stage.h"
#include "apply/state-dir.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

/* Staged files stay open until they are synced; this many at a time. */
#define STAGED_OPEN_MAX 64

/* Makes it durable under its own name: from here on a crash is noticed. */
static gboolean
begin_journal (const PrcStateDir *state, int state_fd, PrcJournal *journal, const PrcSealer *sealer,
               PrcFd *ret_fd, GError **error)
{
    const char *path = prc_state_dir_path (state);
    g_auto (PrcFd) fd = prc_open_at (state_fd, PRC_JOURNAL_NEW_NAME,
                                     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return prc_fail_errno (error, path, _ ("cannot write the journal"), errno);
    if (!prc_journal_write (journal, fd, sealer, error)) {
        (void) unlinkat (state_fd, PRC_JOURNAL_NEW_NAME, 0);
        return FALSE;
    }
    if (renameat (state_fd, PRC_JOURNAL_NEW_NAME, state_fd, PRC_JOURNAL_NAME) < 0 ||
        prc_sync_fd (state_fd) < 0) {
        prc_fail_errno (error, path, _ ("cannot write the journal"), errno);
        (void) unlinkat (state_fd, PRC_JOURNAL_NEW_NAME, 0);
        (void) unlinkat (state_fd, PRC_JOURNAL_NAME, 0);
        return FALSE;
    }
    *ret_fd = fd;
    fd = -1;
    return TRUE;
}

static gboolean
sync_and_close (GArray *fds, PrcJournal *journal, guint first, GError **error)
{
    gboolean ok = TRUE;

    for (guint i = 0; i < fds->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, first + i);
        int fd = g_array_index (fds, int, i);

        if (ok && fd >= 0 && prc_sync_fd (fd) < 0)
            ok = prc_fail_errno (error, record->path, _ ("cannot write it"), errno);
        prc_fd_clear (&fd);
    }
    g_array_set_size (fds, 0);
    return ok;
}

static gboolean
stage_all (PrcJournal *journal, const GPtrArray *changes, const PrcApplyOptions *options,
           PrcDirs *dirs, GError **error)
{
    g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
    guint first = 0;
    gboolean ok = prc_stage_make_dirs (journal, options, dirs, error);

    for (guint i = 0; ok && i < journal->records->len; i++) {
        int fd = -1;

        ok = prc_stage_file (g_ptr_array_index (journal->records, i),
                             g_ptr_array_index (changes, i), options, dirs, &fd, error);
        g_array_append_val (fds, fd);
        if (ok && fds->len == STAGED_OPEN_MAX) {
            ok = sync_and_close (fds, journal, first, error);
            first = i + 1;
        }
    }
    return sync_and_close (fds, journal, first, ok ? error : NULL) && ok;
}

/* The renames, which hardly ever fail, before what may: so there is least to take back. */
static gboolean
swap_all (PrcJournal *journal, PrcDirs *dirs, GError **error)
{
    static const gboolean PASS[][PRC_HOW_REMOVE + 1] = {
        { [PRC_HOW_RENAME] = TRUE, [PRC_HOW_CREATE] = TRUE, [PRC_HOW_REMOVE] = TRUE },
        { [PRC_HOW_CHMOD] = TRUE },
        { [PRC_HOW_IN_PLACE] = TRUE },
    };

    for (guint pass = 0; pass < G_N_ELEMENTS (PASS); pass++)
        for (guint i = 0; i < journal->records->len; i++) {
            const PrcRecord *record = g_ptr_array_index (journal->records, i);

            if (PASS[pass][record->how] && !prc_stage_swap (record, dirs, error))
                return FALSE;
        }
    return prc_sync_dirs (journal, dirs, NULL, error);
}

/* After a rollback: the journal is of no use, unless it has the only copy of something. */
static gboolean
dispose (const PrcStateDir *state, int state_fd, const PrcJournal *journal,
         const GPtrArray *left_alone, GError **error)
{
    if (left_alone->len > 0)
        return prc_records_keep (state_fd, journal->id, prc_state_dir_path (state), error);
    if (unlinkat (state_fd, PRC_JOURNAL_NAME, 0) < 0 && errno != ENOENT)
        return prc_fail_errno (error, prc_state_dir_path (state), _ ("cannot remove the journal"),
                               errno);
    return TRUE;
}

static void
take_back (const PrcStateDir *state, int state_fd, PrcJournal *journal, PrcDirs *dirs,
           const PrcSealer *sealer, GError **error)
{
    g_autoptr (GPtrArray) left_alone = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) failed = NULL;

    if (prc_roll_back (journal, dirs, sealer, left_alone, NULL, &failed) &&
        dispose (state, state_fd, journal, left_alone, &failed)) {
        if (left_alone->len > 0 && error != NULL && *error != NULL) {
            g_ptr_array_add (left_alone, NULL);
            g_autofree char *names = g_strjoinv (", ", (char **) left_alone->pdata);
            char *message = g_strdup_printf (_ ("%s (rolled back, but for what was changed in the "
                                                "meantime by someone else: %s)"),
                                             (*error)->message, names);

            g_free ((*error)->message);
            (*error)->message = message;
        }
        return;
    }
    if (error != NULL && *error != NULL) {
        char *message =
            g_strdup_printf (_ ("%s (and rolling back has not finished: %s; the next start "
                                "of proxyrc will)"),
                             (*error)->message, failed->message);

        g_free ((*error)->message);
        (*error)->message = message;
    }
}

static gboolean
run (const PrcStateDir *state, int state_fd, PrcJournal *journal, const GPtrArray *changes,
     const PrcApplyOptions *options, PrcDirs *dirs, GError **error)
{
    g_auto (PrcFd) journal_fd = -1;

    if (!begin_journal (state, state_fd, journal, options->sealer, &journal_fd, error))
        return FALSE;
    if (stage_all (journal, changes, options, dirs, error) &&
        prc_journal_append_staged (journal, journal_fd, error) && swap_all (journal, dirs, error) &&
        (options->last_step == NULL || options->last_step (options->last_step_data, error)) &&
        prc_journal_append_done (journal, journal_fd, error))
        return TRUE;
    take_back (state, state_fd, journal, dirs, options->sealer, error);
    return FALSE;
}

/* It is committed: what fails here, the next start does. */
static gboolean
finish (const PrcStateDir *state, int state_fd, PrcJournal *journal, PrcDirs *dirs, GError **error)
{
    struct stat st;

    if (fstat (state_fd, &st) < 0)
        return prc_fail_errno (error, prc_state_dir_path (state), _ ("cannot look at it"), errno);
    return prc_tidy_up (journal, dirs, st.st_dev, error) &&
           prc_records_keep (state_fd, journal->id, prc_state_dir_path (state), error);
}

static void
describe (PrcJournal *journal, const PrcApplyOptions *options, const char *place,
          const char *undoes, const GPtrArray *drop_dirs)
{
    journal->label = g_strdup (options->label != NULL ? options->label : "");
    journal->note = g_strdup (options->note);
    journal->root = g_strdup (options->root);
    journal->undoes = g_strdup (undoes);
    journal->place = g_strdup (place);
    for (guint i = 0; drop_dirs != NULL && i < drop_dirs->len; i++)
        g_ptr_array_add (journal->drop_dirs, g_strdup (g_ptr_array_index (drop_dirs, i)));
}

gboolean
prc_commit (PrcStateDir *state, int state_fd, const GPtrArray *changes,
            const PrcApplyOptions *options, const char *undoes, const GPtrArray *drop_dirs,
            char **ret_id, GError **error)
{
    g_autoptr (PrcJournal) journal = prc_journal_new ();
    g_autoptr (PrcDirs) dirs = prc_dirs_new ();
    g_autoptr (GPtrArray) written = NULL;

    if (!prc_plan_records (changes, options, dirs, journal, &written, error))
        return FALSE;
    if (journal->records->len > 0 || undoes != NULL) {
        journal->time = g_get_real_time () / G_USEC_PER_SEC;
        journal->id = prc_records_next_id (state_fd, journal->time, error);
        if (journal->id == NULL)
            return FALSE;
        describe (journal, options, prc_state_dir_path (state), undoes, drop_dirs);
        if (!run (state, state_fd, journal, written, options, dirs, error))
            return FALSE;
        if (finish (state, state_fd, journal, dirs, NULL))
            prc_records_prune (state_fd, journal->time);
    }
    if (ret_id != NULL)
        *ret_id = g_strdup (journal->id);
    return TRUE;
}

static PrcRecovery *
report_new (const PrcJournal *journal, GPtrArray *left_alone)
{
    PrcRecovery *report = g_new0 (PrcRecovery, 1);

    report->id = g_strdup (journal->id);
    report->label = g_strdup (journal->label);
    report->note = g_strdup (journal->note);
    report->finished = journal->done;
    report->paths = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);

        g_ptr_array_add (report->paths, g_strdup (record->path));
    }
    report->left_alone = g_ptr_array_ref (left_alone);
    return report;
}

/* Nobody can go on with it, and it must not be in the way for ever. */
static void
set_aside (const PrcStateDir *state, int state_fd, GError **error)
{
    g_autofree char *name =
        g_strdup_printf ("damaged-%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC);

    if (renameat (state_fd, PRC_JOURNAL_NAME, state_fd, name) == 0) {
        g_clear_error (error);
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s/%s: the journal of an interrupted transaction is damaged and was moved "
                        "here; look at your files, some may be new and some old"),
                     prc_state_dir_path (state), name);
    }
}

static PrcJournal *
read_journal (const PrcStateDir *state, int state_fd, gboolean *ret_none, GError **error)
{
    /* What is no file must neither hold us up nor be in the way for ever. */
    g_auto (PrcFd) fd =
        prc_open_at (state_fd, PRC_JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    PrcJournal *journal;
    int failed = fd < 0 ? errno : 0;

    *ret_none = failed == ENOENT;
    if (fd < 0) {
        if (!*ret_none)
            prc_fail_errno (error, prc_state_dir_path (state), _ ("cannot read the journal"),
                            failed);
        if (failed == ELOOP || failed == ENXIO)
            set_aside (state, state_fd, error);
        return NULL;
    }
    journal = prc_journal_read (fd, error);
    if (journal == NULL) {
        g_prefix_error (error, "%s/" PRC_JOURNAL_NAME ": ", prc_state_dir_path (state));
        if (error != NULL && g_error_matches (*error, PRC_ERROR, PRC_ERROR_INPUT))
            set_aside (state, state_fd, error);
    }
    return journal;
}

gboolean
prc_recover_locked (PrcStateDir *state, int state_fd, const PrcSealer *sealer,
                    PrcRecovery **ret_report, GError **error)
{
    g_autoptr (PrcJournal) journal = NULL;
    g_autoptr (PrcDirs) dirs = prc_dirs_new ();
    g_autoptr (GPtrArray) left_alone = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) failed = NULL;
    gboolean none = FALSE;

    /* One that had not got its name yet: nothing had been begun. */
    (void) unlinkat (state_fd, PRC_JOURNAL_NEW_NAME, 0);
    journal = read_journal (state, state_fd, &none, &failed);
    if (journal == NULL) {
        if (!none)
            g_propagate_error (error, g_steal_pointer (&failed));
        return none;
    }
    if (journal->done ? !finish (state, state_fd, journal, dirs, error)
                      : (!prc_roll_back (journal, dirs, sealer, left_alone, NULL, error) ||
                         !dispose (state, state_fd, journal, left_alone, error))) {
        g_prefix_error (error, _ ("recovering an interrupted “%s”: "), journal->label);
        return FALSE;
    }
    if (ret_report != NULL)
        *ret_report = report_new (journal, left_alone);
    return TRUE;
}

gboolean
prc_give_up_locked (PrcStateDir *state, int state_fd, const PrcSealer *sealer, GPtrArray *given_up,
                    GError **error)
{
    g_autoptr (PrcJournal) journal = NULL;
    g_autoptr (PrcDirs) dirs = prc_dirs_new ();
    g_autoptr (GPtrArray) left_alone = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) failed = NULL;
    gboolean none = FALSE;

    journal = read_journal (state, state_fd, &none, &failed);
    if (journal == NULL) {
        if (!none)
            g_propagate_error (error, g_steal_pointer (&failed));
        return none;
    }
    return prc_roll_back (journal, dirs, sealer, left_alone, given_up, error) &&
           dispose (state, state_fd, journal, left_alone, error);
}
