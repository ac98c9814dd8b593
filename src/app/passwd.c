#include "app/passwd.h"

#include <string.h>

#include "app/credentials.h"
#include "app/passwd-survey.h"
#include "app/profiles.h"
#include "app/stores.h"
#include "app/write-internal.h"
#include "base/error.h"
#include "base/i18n.h"
#include "model/secret-search.h"
#include "secrets/store.h"

/* While a password changes, other programs go on writing: a shell its history, an editor a file. */
enum { TRIES_MAX = 5 };

/* What a command knows while it runs. */
typedef struct {
    PrcSession *session;
    const PrcPasswdRequest *request;
    const PrcProfile *profile;
    PrcStore *store;
    GPtrArray *refs; /* of PrcCredentialRef */
    PrcHeldCredential held;
    gboolean last_step_done;
} Work;

static void
work_clear (Work *work)
{
    prc_held_credential_clear (&work->held);
    prc_store_free (work->store);
    g_clear_pointer (&work->refs, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

void
prc_passwd_report_free (PrcPasswdReport *report)
{
    if (report == NULL)
        return;
    g_free (report->profile);
    prc_report_free (report->report);
    prc_check_result_free (report->check);
    g_ptr_array_unref (report->left);
    g_ptr_array_unref (report->running);
    g_free (report);
}

static PrcPasswdReport *
passwd_report_new (const PrcProfile *profile)
{
    PrcPasswdReport *report = g_new0 (PrcPasswdReport, 1);

    report->profile = g_strdup (profile->name);
    report->report = prc_report_new ();
    report->left = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_left_row_free);
    report->running = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_running_row_free);
    return report;
}

/* --- what is stored now ------------------------------------------------------------------------
 */

static gboolean
open_store (Work *work, GError **error)
{
    const PrcProfile *profile = work->profile;
    PrcStoreState state;

    if (profile->is_direct || profile->user == NULL) {
        g_set_error (error, PRC_ERROR, profile->is_direct ? PRC_ERROR_USAGE : PRC_ERROR_LOCKED,
                     profile->is_direct
                         ? _ ("the profile “%s” has no proxy, and so no password")
                         : _ ("no password is stored for the profile “%s” yet: `proxyrc login`"),
                     profile->name);
        return FALSE;
    }
    work->refs = prc_profile_refs (profile, profile->user);
    work->held.user = g_strdup (profile->user);
    work->store = prc_profile_store_open (work->session, profile, error);
    if (work->store == NULL || !prc_session_may_store (work->session, work->store, error))
        return FALSE;
    state = prc_store_state (work->store);
    if (state == PRC_STORE_EMPTY) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("no password is stored for the profile “%s” yet: `proxyrc login %s`"),
                     profile->name, profile->name);
        return FALSE;
    }
    if (state == PRC_STORE_LOCKED &&
        !prc_store_unlock (work->store, &prc_session_options (work->session)->ask, error))
        return FALSE;
    return prc_credential_lookup (work->store, profile, work->refs, &work->held, error);
}

/* --- the proxy ----------------------------------------------------------------------------------
 */

static gboolean
check (const Work *work, PrcPasswdReport *report, GError **error)
{
    report->check = prc_check_login (work->session, work->profile, work->profile->user,
                                     work->request->password, work->request->force, error);
    if (report->check == NULL)
        return FALSE;
    if (report->check->credential == PRC_CREDENTIAL_ACCEPTED)
        report->outcome = PRC_PASSWD_DONE;
    else if (report->check->credential == PRC_CREDENTIAL_REJECTED ||
             report->check->verdict == PRC_VERDICT_WITHHELD)
        report->outcome = PRC_PASSWD_REJECTED;
    else
        report->outcome = PRC_PASSWD_UNTESTED;
    return TRUE;
}

/* --- writing ------------------------------------------------------------------------------------
 */

static gboolean
store_all (Work *work, PrcSecret *password, GError **error)
{
    for (guint i = 0; i < work->refs->len; i++)
        if (!prc_store_store (work->store, g_ptr_array_index (work->refs, i), password, error))
            return FALSE;
    return TRUE;
}

/* A store that is a service, when all files are written. */
static gboolean
last_step (gpointer data, GError **error)
{
    Work *work = data;

    work->last_step_done = TRUE;
    return store_all (work, work->request->password, error);
}

/* A store that is a file changes with the others. */
static gboolean
add_store (const Work *work, PrcReport *report, GPtrArray *changes, PrcStoreDraft **ret_draft,
           GError **error)
{
    g_autoptr (PrcStoreDraft) draft =
        prc_store_draft (work->store, work->refs, work->request->password, error);
    PrcChange *change = NULL;

    if (draft == NULL)
        return FALSE;
    if (draft->before == NULL || !g_bytes_equal (draft->before, draft->after)) {
        change = prc_change_new (draft->path, draft->before, draft->after);
        change->settings = work->refs->len;
        change->keeps_new = TRUE; /* other passwords may change in it before this is undone */
        prc_report_add_file (report, change);
        g_ptr_array_add (changes, change);
    }
    *ret_draft = g_steal_pointer (&draft);
    return TRUE;
}

/* What is masked by what it looks like may still show a password in a comment, where it looks like
 * nothing; here it is known what to look for. */
static void
mask_diff (const Work *work, PrcReport *report, const PrcPasswdSurvey *survey)
{
    g_autoptr (PrcSecretSearch) fresh =
        prc_secret_search_new (work->profile->user, work->request->password);
    g_autoptr (GPtrArray) all = g_ptr_array_new ();

    for (guint i = 0; i < survey->searches->len; i++)
        g_ptr_array_add (all, g_ptr_array_index (survey->searches, i));
    g_ptr_array_add (all, fresh);
    prc_report_hide (report, all);
}

static GPtrArray *
list_changes (const Work *work, PrcReport *report, const PrcPasswdSurvey *survey)
{
    gboolean in_place = prc_session_options (work->session)->in_place;
    GPtrArray *changes =
        prc_report_list_changes (report, survey->plan, prc_session_options (work->session));

    for (guint i = 0; i < survey->left->changes->len; i++) {
        const PrcChange *row = g_ptr_array_index (survey->left->changes, i);
        PrcChange *change = prc_change_new (row->path, row->old_bytes, row->new_bytes);

        change->in_place = in_place;
        change->settings = row->settings;
        change->mode = row->mode;
        if (row->mode >= 0)
            prc_report_warn (report, FALSE, row->path,
                             _ ("it holds a password and others can read it: only you can now"));
        prc_report_add_file (report, change);
        g_ptr_array_add (changes, change);
    }
    mask_diff (work, report, survey);
    prc_report_add_notes (report, survey->plan);
    for (guint i = 0; i < survey->notes->len; i++)
        prc_report_warn (report, FALSE, NULL, g_ptr_array_index (survey->notes, i));
    return changes;
}

static gboolean
commit (Work *work, PrcReport *report, const PrcPasswdSurvey *survey, GError **error)
{
    g_autoptr (GPtrArray) changes = list_changes (work, report, survey);
    g_autoptr (PrcStoreDraft) draft = NULL;
    g_autofree char *label = g_strdup_printf ("passwd %s", work->profile->name);
    PrcApplyOptions options = prc_session_apply_options (work->session);
    gboolean is_file = prc_store_is_file (work->store);
    gboolean same = prc_secret_equal (work->held.password, work->request->password);

    if (prc_session_options (work->session)->dry_run) {
        report->changed = changes->len > 0 || !same;
        return TRUE;
    }
    if (is_file && !add_store (work, report, changes, &draft, error))
        return FALSE;
    options.label = label;
    options.stamp = survey->stamp;
    options.note = is_file ? PRC_PASSWD_NOTE : PRC_PASSWD_NOTE_SERVICE;
    options.last_step = is_file ? NULL : last_step;
    options.last_step_data = work;
    work->last_step_done = FALSE;
    if (!prc_transaction_commit (prc_session_state_dir (work->session), changes, &options,
                                 &report->transaction, error)) {
        if (work->last_step_done)
            (void) store_all (work, work->held.password, NULL);
        return FALSE;
    }
    if (!is_file && !work->last_step_done && !store_all (work, work->request->password, error))
        return FALSE;
    report->changed = changes->len > 0 || !same;
    return TRUE;
}

/* --- reading back -------------------------------------------------------------------------------
 */

static const PrcFoundFile *
find_file (const PrcPasswdSurvey *survey, const char *path)
{
    for (guint f = 0; f < survey->founds->len; f++) {
        const PrcFound *found = g_ptr_array_index (survey->founds, f);

        for (guint i = 0; i < found->files->len; i++) {
            const PrcFoundFile *file = g_ptr_array_index (found->files, i);

            if (strcmp (file->path, path) == 0 && file->doc != NULL)
                return file;
        }
    }
    return NULL;
}

/* Each file holds what was planned, and a plan made from what is there now finds nothing to do. */
static void
compare (PrcReport *report, const PrcPasswdSurvey *before, const PrcPasswdSurvey *after)
{
    const GPtrArray *edits = prc_plan_edits (before->plan);
    const GPtrArray *more = prc_plan_edits (after->plan);
    const char *again = _ ("holds an old password again: run `proxyrc passwd` once more");

    for (guint i = 0; i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);
        const PrcFoundFile *file = find_file (after, edit->file->path);

        if (file == NULL ||
            !g_bytes_equal (prc_document_bytes (edit->doc), prc_document_bytes (file->doc)))
            prc_report_warn (report, TRUE, edit->file->path,
                             _ ("something else has changed it since it was written: look at it"));
    }
    for (guint i = 0; i < more->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (more, i);

        if (prc_file_edit_changes (edit))
            prc_report_warn (report, TRUE, edit->file->path, again);
    }
    for (guint i = 0; i < after->left->changes->len; i++) {
        const PrcChange *change = g_ptr_array_index (after->left->changes, i);

        prc_report_warn (report, TRUE, change->path, again);
    }
}

static void
describe (const Work *work, PrcPasswdReport *report, const PrcPasswdSurvey *survey)
{
    PrcRunningQuery query = { work->profile, work->profile->user, work->request->password,
                              survey->searches };

    g_ptr_array_extend_and_steal (report->left, g_ptr_array_ref (survey->left->rows));
    for (guint i = 0; i < report->left->len; i++) {
        const PrcLeftRow *row = g_ptr_array_index (report->left, i);

        report->is_live |= prc_left_kind_is_live (row->kind);
    }
    for (guint i = 0; i < survey->searches->len; i++)
        report->is_weak |= prc_secret_search_is_weak (g_ptr_array_index (survey->searches, i));
    g_ptr_array_unref (report->running);
    report->running = prc_running_list (work->session, &query);
}

/* The same old password, stored for another proxy: most likely it has changed there as well. */
static void
warn_of_others (const Work *work, PrcReport *report, const PrcProfiles *profiles)
{
    const GPtrArray *rows = prc_profiles_rows (profiles);

    for (guint i = 0; i < rows->len; i++) {
        const PrcProfile *other = ((const PrcProfileRow *) g_ptr_array_index (rows, i))->profile;
        g_autoptr (GPtrArray) refs = NULL;
        gboolean same = FALSE;

        if (other == work->profile || g_strcmp0 (other->user, work->profile->user) != 0)
            continue;
        refs = prc_profile_refs (other, other->user);
        for (guint r = 0; r < refs->len && !same; r++) {
            g_autoptr (PrcCredentialRef) found = NULL;
            g_autoptr (PrcSecret) secret = NULL;

            same = prc_store_lookup (work->store, g_ptr_array_index (refs, r), &found, &secret,
                                     NULL) &&
                   prc_secret_equal (secret, work->held.password) &&
                   !prc_secret_equal (secret, work->request->password);
        }
        if (same) {
            g_autofree char *text = g_strdup_printf (
                _ ("the profile “%s” has the same user and the old password, for another proxy: if "
                   "it has changed there too, run `proxyrc passwd %s`"),
                other->name, other->name);

            prc_report_warn (report, FALSE, NULL, text);
        }
    }
}

static PrcPasswdSurvey *
look (const Work *work, const GPtrArray *older, gboolean scrub, GError **error)
{
    const PrcPasswdSubject subject = { work->profile, work->store, work->refs,
                                       work->held.password };

    return prc_passwd_survey_new (work->session, work->request, &subject, older, scrub, error);
}

static void
read_back (const Work *work, PrcPasswdReport *report, const PrcPasswdSurvey *before)
{
    g_autoptr (GError) reason = NULL;
    g_autoptr (PrcPasswdSurvey) after = look (work, before->rules.older, FALSE, &reason);

    if (after == NULL) {
        prc_report_warn (report->report, TRUE, NULL,
                         _ ("all is written, but reading it back failed:"));
        prc_report_warn (report->report, TRUE, NULL, reason->message);
        describe (work, report, before);
        return;
    }
    compare (report->report, before, after);
    describe (work, report, after);
}

/* --- the whole ----------------------------------------------------------------------------------
 */

/* @survey: (inout): made again when a file has changed since. */
static gboolean
commit_in_peace (Work *work, PrcPasswdReport *report, PrcPasswdSurvey **survey, GError **error)
{
    for (guint n = 1;; n++) {
        g_autoptr (GError) reason = NULL;
        g_autoptr (GPtrArray) older = g_ptr_array_ref ((*survey)->rules.older);

        if (commit (work, report->report, *survey, &reason))
            return TRUE;
        if (n == TRIES_MAX || !g_error_matches (reason, PRC_ERROR, PRC_ERROR_CHANGED)) {
            g_propagate_error (error, g_steal_pointer (&reason));
            return FALSE;
        }
        g_clear_pointer (survey, prc_passwd_survey_free);
        prc_report_free (report->report);
        report->report = prc_report_new ();
        *survey = look (work, older, work->request->scrub, error);
        if (*survey == NULL)
            return FALSE;
    }
}

PrcPasswdReport *
prc_passwd (PrcSession *session, const PrcPasswdRequest *request, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, request->profile, error) : NULL;
    g_auto (Work) work = { .session = session, .request = request, .profile = profile };
    g_autoptr (PrcPasswdReport) report = NULL;
    g_autoptr (PrcPasswdSurvey) survey = NULL;
    gboolean dry_run = prc_session_options (session)->dry_run;

    if (profile == NULL || !open_store (&work, error) ||
        !prc_credential_check_text (profile->user, request->password, error))
        return NULL;
    survey = look (&work, NULL, request->scrub, error);
    if (survey == NULL)
        return NULL;
    report = passwd_report_new (profile);
    if (!dry_run && !request->no_check) {
        if (!check (&work, report, error))
            return NULL;
        if (report->outcome != PRC_PASSWD_DONE)
            return g_steal_pointer (&report);
        if (request->progress != NULL && g_atomic_int_get (&request->progress->cancelled) != 0) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("stopped; nothing was changed"));
            return NULL;
        }
    }
    if (!commit_in_peace (&work, report, &survey, error))
        return NULL;
    report->n_scrubbed = survey->left->n_scrubbed + survey->n_comments;
    if (dry_run)
        describe (&work, report, survey);
    else
        read_back (&work, report, survey);
    warn_of_others (&work, report->report, profiles);
    return g_steal_pointer (&report);
}
