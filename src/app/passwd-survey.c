#include "app/passwd-survey.h"

#include <stdlib.h>
#include <string.h>

#include "app/passwd-former.h"
#include "app/planning.h"
#include "app/scan-internal.h"
#include "base/error.h"
#include "base/i18n.h"
#include "model/secret-search.h"

void
prc_passwd_survey_free (PrcPasswdSurvey *survey)
{
    if (survey == NULL)
        return;
    prc_left_free (survey->left);
    prc_plan_free (survey->plan);
    g_ptr_array_unref (survey->founds);
    g_hash_table_unref (survey->scan_rules);
    g_ptr_array_unref (survey->rules.older);
    g_ptr_array_unref (survey->searches);
    g_ptr_array_unref (survey->notes);
    g_free (survey->stamp);
    g_free (survey);
}

static gboolean
is_cancelled (const PrcPasswdSurvey *survey, GError **error)
{
    const PrcScanProgress *progress = survey->request->progress;

    if (progress == NULL || g_atomic_int_get (&progress->cancelled) == 0)
        return FALSE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("stopped; nothing was changed"));
    return TRUE;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Each file is changed by one plan only, under whatever names it is found. */
static gboolean
is_known (GHashTable *seen, const PrcFound *found)
{
    const PrcFoundFile *file = g_ptr_array_index (found->files, 0);

    return file->real_path != NULL && g_hash_table_contains (seen, file->real_path);
}

/* A file that several tools read, or one that is reached by two names, is the first one's. */
static void
disown_known_files (GHashTable *seen, PrcFound *found)
{
    for (guint i = 0; i < found->files->len; i++) {
        PrcFoundFile *file = g_ptr_array_index (found->files, i);

        if (file->doc != NULL && file->real_path != NULL &&
            !g_hash_table_add (seen, g_strdup (file->real_path)))
            g_clear_pointer (&file->doc, prc_document_unref);
    }
}

static gboolean
read_catalogue (PrcPasswdSurvey *survey, GHashTable *seen, GError **error)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (survey->session, error);

    for (guint i = 0; catalogue != NULL && i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);
        PrcFound *found = NULL;

        if (!prc_session_wants_tool (survey->session, NULL, tool))
            continue;
        found = prc_discover (tool, prc_session_place (survey->session));
        disown_known_files (seen, found);
        g_ptr_array_add (survey->founds, found);
    }
    return catalogue != NULL;
}

static gboolean
read_trees (PrcPasswdSurvey *survey, GHashTable *seen, GError **error)
{
    PrcScanProgress own = { 0 };
    PrcScanProgress *progress =
        survey->request->progress != NULL ? survey->request->progress : &own;
    const PrcPlace *place = prc_session_place (survey->session);
    guint n_unreadable = 0;
    g_autoptr (GPtrArray) hits = NULL;

    if (survey->request->scan == NULL)
        return TRUE;
    g_atomic_int_set (&progress->dirs, 0);
    g_atomic_int_set (&progress->files, 0);
    g_atomic_int_set (&progress->found, 0);
    hits = prc_scan_find (survey->session, survey->request->scan, progress, survey->notes,
                          &n_unreadable, error);
    if (hits == NULL)
        return FALSE;
    for (guint i = 0; i < hits->len; i++) {
        const PrcScanHit *hit = g_ptr_array_index (hits, i);
        const PrcScanRules *rules =
            prc_scan_rules (survey->scan_rules, place, hit->tool, &survey->wanted);
        g_autofree char *path = g_canonicalize_filename (hit->path, NULL);
        PrcFound *found = NULL;

        if (is_cancelled (survey, error))
            return FALSE;
        found = prc_discover_file (hit->tool, rules->version, hit->row, place, path);
        if (is_known (seen, found)) {
            prc_found_free (found);
            continue;
        }
        disown_known_files (seen, found);
        g_ptr_array_add (survey->founds, found);
    }
    return TRUE;
}

/* --- planning --------------------------------------------------------------------------------- */

static gboolean
plan_all (PrcPasswdSurvey *survey, GError **error)
{
    const PrcPlace *place = prc_session_place (survey->session);

    survey->plan = prc_plan_new (&survey->options);
    for (guint i = 0; i < survey->founds->len; i++) {
        const PrcFound *found = g_ptr_array_index (survey->founds, i);
        const PrcScanRules *rules =
            prc_scan_rules (survey->scan_rules, place, found->tool, &survey->wanted);

        if (!prc_plan_tool (survey->plan, found, &rules->dialect, error))
            return FALSE;
    }
    return TRUE;
}

static void
add_search (PrcPasswdSurvey *survey, PrcSecret *secret)
{
    if (prc_secret_equal (secret, survey->wanted.password))
        return;
    g_ptr_array_add (survey->searches, prc_secret_search_new (survey->wanted.user, secret));
}

static void
list_searches (PrcPasswdSurvey *survey)
{
    if (survey->rules.old != NULL)
        add_search (survey, survey->rules.old);
    for (guint i = 0; i < survey->rules.older->len; i++)
        add_search (survey, g_ptr_array_index (survey->rules.older, i));
}

/* What the tool rejects can't be edited; that matters only where it holds an old password. */
static gboolean
refuse_rejected (const PrcPasswdSurvey *survey, GError **error)
{
    for (guint f = 0; f < survey->founds->len; f++) {
        const PrcFound *found = g_ptr_array_index (survey->founds, f);

        for (guint i = 0; i < found->files->len; i++) {
            const PrcFoundFile *file = g_ptr_array_index (found->files, i);
            PrcSecretHit hit = { 0 };
            gsize size = 0;
            const char *bytes = NULL;

            if (file->error == NULL || file->bytes == NULL || file->scope == PRC_SCOPE_PROJECT ||
                (file->scope == PRC_SCOPE_SYSTEM && !survey->options.with_system))
                continue;
            bytes = g_bytes_get_data (file->bytes, &size);
            if (!prc_secret_searches_find (survey->searches, bytes, size, 0, &hit))
                continue;
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         _ ("%s; it holds the old password: mend it, or leave %s out with --tools"),
                         file->error->message, found->tool->name);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
look_for_rest (PrcPasswdSurvey *survey, gboolean scrub, GError **error)
{
    const PrcScanProgress *progress = survey->request->progress;

    survey->left = prc_left_new (survey->session, survey->searches, &survey->wanted, scrub,
                                 progress != NULL ? &progress->cancelled : NULL);
    for (guint i = 0; i < survey->founds->len; i++) {
        const PrcFound *found = g_ptr_array_index (survey->founds, i);

        if (scrub)
            survey->n_comments += prc_plan_scrub (survey->plan, found, survey->searches);
        prc_left_look_at (survey->left, survey->plan, found);
    }
    prc_left_look_beside (survey->left, survey->founds);
    prc_left_look_around (survey->left);
    return !is_cancelled (survey, error);
}

PrcPasswdSurvey *
prc_passwd_survey_new (PrcSession *session, const PrcPasswdRequest *request,
                       const PrcPasswdSubject *subject, const GPtrArray *older, gboolean scrub,
                       GError **error)
{
    g_autoptr (PrcPasswdSurvey) survey = g_new0 (PrcPasswdSurvey, 1);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    const PrcSessionOptions *options = prc_session_options (session);

    survey->session = session;
    survey->request = request;
    survey->wanted =
        (PrcWanted){ subject->profile, subject->profile->user, request->password, FALSE };
    survey->rules.old = subject->old;
    survey->rules.older = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_unref);
    for (guint i = 0; older != NULL && i < older->len; i++)
        g_ptr_array_add (survey->rules.older, prc_secret_ref (g_ptr_array_index (older, i)));
    survey->options = (PrcPlanOptions){ .wanted = &survey->wanted,
                                        .place = prc_session_place (session),
                                        .with_system = options->with_system,
                                        .allow_exposed = options->allow_exposed,
                                        .passwords = &survey->rules };
    survey->founds = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_free);
    survey->scan_rules = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    survey->searches = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_search_free);
    survey->notes = g_ptr_array_new_with_free_func (g_free);
    survey->stamp = prc_transaction_stamp (prc_session_state_dir (session), error);
    if (survey->stamp == NULL || !read_catalogue (survey, seen, error) ||
        !read_trees (survey, seen, error) || !plan_all (survey, error))
        return NULL;
    prc_passwd_list_former (session, subject->store, subject->refs, &survey->options,
                            survey->founds);
    list_searches (survey);
    if (!refuse_rejected (survey, error) || !look_for_rest (survey, scrub, error))
        return NULL;
    return g_steal_pointer (&survey);
}
