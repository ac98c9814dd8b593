#include "app/write-internal.h"

#include <string.h>

#include "app/left.h"
#include "app/planning.h"
#include "app/profiles.h"
#include "app/take-back.h"
#include "apply/history.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "base/text.h"
#include "catalogue/shared.h"
#include "model/secret-search.h"
#include "planner/diff.h"

static void
file_row_free (gpointer data)
{
    PrcFileRow *row = data;

    g_free (row->path);
    g_free (row);
}

PrcReport *
prc_report_new (void)
{
    PrcReport *report = g_new0 (PrcReport, 1);

    report->files = g_ptr_array_new_with_free_func (file_row_free);
    report->warnings = g_ptr_array_new_with_free_func (g_free);
    report->diff = g_strdup ("");
    return report;
}

void
prc_report_free (PrcReport *report)
{
    if (report == NULL)
        return;
    g_free (report->transaction);
    prc_wipe_free (report->diff);
    g_ptr_array_unref (report->files);
    g_ptr_array_unref (report->warnings);
    g_free (report);
}

void
prc_report_add_file (PrcReport *report, const PrcChange *change)
{
    PrcFileRow *row = g_new0 (PrcFileRow, 1);

    row->path = prc_text_utf8 (change->path);
    row->action = prc_change_action_name (prc_change_action (change));
    row->n_settings = change->settings;
    g_ptr_array_add (report->files, row);
}

void
prc_report_warn (PrcReport *report, gboolean is_serious, const char *where, const char *text)
{
    g_autofree char *line = where != NULL ? g_strdup_printf ("%s: %s", where, text) : NULL;

    g_ptr_array_add (report->warnings, prc_text_utf8 (line != NULL ? line : text));
    report->is_partial |= is_serious;
}

/* Changes */

static PrcChange *
edit_change (const PrcFileEdit *edit, gboolean in_place)
{
    const PrcFoundFile *file = edit->file;
    GBytes *after = edit->remove ? NULL : prc_document_bytes (edit->doc);
    PrcChange *change = prc_change_new (file->path, file->bytes, after);

    change->in_place = in_place;
    change->settings = edit->n_settings;
    if (!edit->remove && !file->exists)
        change->mode = edit->has_secret ? 0600 : file->row->for_all ? 0644 : -1;
    else if (prc_file_edit_tightens (edit))
        change->mode = (int) (file->st.st_mode & 07700);
    return change;
}

GPtrArray *
prc_report_list_changes (PrcReport *report, const PrcPlan *plan, const PrcSessionOptions *options)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_change_free);
    const GPtrArray *edits = prc_plan_edits (plan);
    g_autoptr (PrcWipedText) diff = prc_wiped_text_new (256);

    for (guint i = 0; i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);
        g_autofree char *path = prc_text_printable (edit->file->path);
        PrcChange *change = NULL;

        if (options->leave_out != NULL &&
            g_strv_contains ((const char *const *) options->leave_out, edit->file->path)) {
            prc_report_warn (report, TRUE, path, _ ("left out, as you wanted"));
            continue;
        }
        change = edit_change (edit, options->in_place);
        g_ptr_array_add (changes, change);
        prc_report_add_file (report, change);
        report->has_environment |= strcmp (edit->tool->name, "env") == 0;
        prc_diff_append (diff, path, edit->file->doc, edit->remove ? NULL : edit->doc);
        if (prc_file_edit_tightens (edit)) {
            g_autofree char *text = g_strdup_printf (
                _ ("it will hold a password and others can read it: its mode goes "
                   "from %04o to %04o"),
                (guint) edit->file->st.st_mode & 07777u, (guint) edit->file->st.st_mode & 07700u);

            prc_report_warn (report, FALSE, path, text);
        }
    }
    prc_wipe_free (report->diff);
    report->diff = g_strdup (diff->str);
    return changes;
}

void
prc_report_add_notes (PrcReport *report, const PrcPlan *plan)
{
    const GPtrArray *notes = prc_plan_notes (plan);

    for (guint i = 0; i < notes->len; i++) {
        const PrcNote *note = g_ptr_array_index (notes, i);

        prc_report_warn (report, note->kind != PRC_NOTE_INFO, note->where, note->text);
    }
}

void
prc_report_hide (PrcReport *report, const GPtrArray *searches)
{
    g_autoptr (GString) shown = g_string_new (NULL);
    gsize size = strlen (report->diff), from = 0;
    PrcSecretHit hit = { 0 };

    while (prc_secret_searches_find (searches, report->diff, size, from, &hit)) {
        g_string_append_len (shown, report->diff + from, (gssize) (hit.start - from));
        g_string_append (shown, "***");
        from = hit.end;
    }
    if (from == 0)
        return;
    g_string_append (shown, report->diff + from);
    prc_wipe_free (report->diff);
    report->diff = g_string_free (g_steal_pointer (&shown), FALSE);
}

/* For `direct`: what stays although it should go, because it is not ours to remove. */
static void
add_what_stays (PrcReport *report, PrcSession *session, const PrcPlanning *planning)
{
    const PrcPlace *place = prc_session_place (session);

    for (guint f = 0; f < planning->found->len; f++) {
        const PrcFound *found = g_ptr_array_index (planning->found, f);

        for (guint i = 0; i < found->readings->len; i++) {
            const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
            const PrcEntry *entry = prc_reading_entry (reading);
            const PrcToolKey *row = prc_tool_find_key (found->tool, entry->key);
            gboolean is_system =
                reading->file->scope == PRC_SCOPE_SYSTEM && !planning->options.with_system;
            g_autofree char *where = NULL;

            if (reading->is_again || row == NULL || !prc_role_is_proxy (row->role) ||
                entry->kind != PRC_ENTRY_SET || (entry->value != NULL && *entry->value == '\0') ||
                (!is_system && found->tool->writes))
                continue;
            where = g_strdup_printf ("%s:%u", reading->file->path, entry->line);
            prc_report_warn (report, TRUE, where,
                             is_system
                                 ? _ ("a setting of the whole system stays; --system removes it")
                                 : _ ("proxyrc only reads this file: remove the setting by hand"));
        }
        for (guint i = 0; place->env != NULL && i < found->tool->keys->len &&
                          strcmp (found->tool->name, "env") == 0;
             i++) {
            const PrcToolKey *row = g_ptr_array_index (found->tool->keys, i);
            g_autofree char *text = NULL;

            if (!prc_role_is_proxy (row->role) || prc_place_getenv (place, row->key) == NULL)
                continue;
            text = g_strdup_printf (_ ("the variable %s of this shell stays; run: unset %s"),
                                    row->key, row->key);
            prc_report_warn (report, TRUE, NULL, text);
        }
    }
}

static gboolean
commit (PrcSession *session, PrcReport *report, const GPtrArray *changes, const char *verb,
        const char *name, const char *stamp, GError **error)
{
    PrcApplyOptions options = prc_session_apply_options (session);
    g_autofree char *label = g_strdup_printf ("%s %s", verb, name);

    report->changed = changes->len > 0;
    if (prc_session_options (session)->dry_run || changes->len == 0)
        return TRUE;
    options.label = label;
    options.stamp = stamp;
    return prc_transaction_commit (prc_session_state_dir (session), changes, &options,
                                   &report->transaction, error);
}

/* The last word on where a secret goes, for files that are made too: whatever the plan came to. */
static gboolean
refuse_shared_folders (PrcSession *session, const PrcPlan *plan, GError **error)
{
    const GPtrArray *edits = prc_plan_edits (plan);
    const PrcPlace *place = prc_session_place (session);

    for (guint i = 0; !prc_session_options (session)->allow_exposed && i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);
        const PrcFoundFile *file = edit->file;
        g_autofree char *folder = NULL;
        g_autofree char *quoted = NULL;

        if (!edit->has_secret || edit->remove || file->row->for_all ||
            !prc_folder_is_shared (file->real_path != NULL ? file->real_path : file->path,
                                   file->real_path != NULL, place->home, &folder))
            continue;
        quoted = g_shell_quote (folder);
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: it would hold the password, and others can change the folder %s; make "
                        "it yours alone (chmod go-w %s), or insist with --allow-exposed"),
                     file->path, folder, quoted);
        return FALSE;
    }
    return TRUE;
}

static gboolean
wants_no_copies (const PrcPlanning *planning)
{
    const PrcProfile *profile = planning->wanted.profile;

    for (guint i = 0; i < planning->found->len; i++) {
        const PrcFound *found = g_ptr_array_index (planning->found, i);

        if (prc_profile_placement_for (profile, found->tool->name) == PRC_PLACEMENT_REFERENCE)
            return !profile->is_direct;
    }
    return FALSE;
}

/* By reference, the password is meant to be nowhere but in the store: where else it is. */
static void
add_other_copies (PrcReport *report, PrcSession *session, const PrcPlanning *planning,
                  const GPtrArray *searches)
{
    g_autoptr (PrcLeft) left = prc_left_new (session, searches, &planning->wanted, FALSE, NULL);
    guint planned = 0;

    for (guint i = 0; i < planning->found->len; i++) /* the plan has said what stays in these */
        prc_left_look_at (left, planning->plan, g_ptr_array_index (planning->found, i));
    planned = left->rows->len;
    prc_left_look_beside (left, planning->found);
    prc_left_look_around (left);
    for (guint i = planned; i < left->rows->len; i++) {
        const PrcLeftRow *row = g_ptr_array_index (left->rows, i);
        g_autofree char *where =
            row->line > 0 ? g_strdup_printf ("%s:%u", row->path, row->line) : g_strdup (row->path);

        if (row->kind != PRC_LEFT_UNREAD)
            prc_report_warn (report, FALSE, where,
                             _ ("the password stands here too, where proxyrc has not written it; "
                                "remove it if no copies are to be left"));
    }
}

static void
look_for_password (PrcReport *report, PrcSession *session, const PrcPlanning *planning)
{
    g_autoptr (GPtrArray) searches = NULL;

    if (planning->wanted.password == NULL)
        return;
    searches = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_search_free);
    g_ptr_array_add (searches,
                     prc_secret_search_new (planning->wanted.user, planning->wanted.password));
    prc_report_hide (report, searches);
    if (wants_no_copies (planning))
        add_other_copies (report, session, planning, searches);
}

static PrcReport *
write_profile (PrcSession *session, PrcProfiles *profiles, const PrcProfile *profile,
               PrcChange *config_change, const char *verb, const char *stamp, GError **error)
{
    g_autoptr (PrcChange) config = config_change;
    gboolean is_active = config_change != NULL || profile == prc_profiles_active (profiles);
    g_autoptr (PrcPlanning) planning =
        prc_planning_new (session, profile, is_active, TRUE, FALSE, error);
    g_autoptr (PrcReport) report = NULL;
    g_autoptr (GPtrArray) changes = NULL;

    if (planning == NULL || !refuse_shared_folders (session, planning->plan, error))
        return NULL;
    report = prc_report_new ();
    changes = prc_report_list_changes (report, planning->plan, prc_session_options (session));
    prc_report_add_notes (report, planning->plan);
    if (planning->wanted.password_unknown)
        prc_report_warn (report, FALSE, NULL,
                         _ ("the password is not stored yet, or its store is locked: whether "
                            "each tool can be given it was not looked at"));
    if (profile->is_direct)
        add_what_stays (report, session, planning);
    look_for_password (report, session, planning);
    if (config != NULL) {
        prc_report_add_file (report, config);
        g_ptr_array_add (changes, g_steal_pointer (&config));
    }
    if (!commit (session, report, changes, verb, profile->name, stamp, error))
        return NULL;
    return g_steal_pointer (&report);
}

PrcReport *
prc_apply (PrcSession *session, const char *profile_name, GError **error)
{
    g_autofree char *stamp = prc_transaction_stamp (prc_session_state_dir (session), error);
    g_autoptr (PrcProfiles) profiles = stamp != NULL ? prc_profiles_load (session, error) : NULL;
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, profile_name, error) : NULL;

    if (profile == NULL)
        return NULL;
    return write_profile (session, profiles, profile, NULL, "apply", stamp, error);
}

PrcReport *
prc_use (PrcSession *session, const char *profile_name, GError **error)
{
    g_autofree char *stamp = prc_transaction_stamp (prc_session_state_dir (session), error);
    g_autoptr (PrcProfiles) profiles = stamp != NULL ? prc_profiles_load (session, error) : NULL;
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, profile_name, error) : NULL;
    g_auto (PrcProfilesEdit) edit = { 0 };

    if (profile == NULL || !prc_profiles_activate (profiles, profile_name, &edit, error))
        return NULL;
    return write_profile (session, profiles, profile, prc_profiles_change (profiles, &edit), "use",
                          stamp, error);
}

static gboolean
may_undo (const PrcHistoryEntry *entry, gboolean force, GError **error)
{
    if (force || entry->note == NULL || !g_str_has_prefix (entry->note, PRC_PASSWD_NOTE))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                 _ ("%s changed the password (%s): taking that back would bring a dead password "
                    "back. `proxyrc undo --force %s` does it; other changes are taken back by "
                    "their id, see `proxyrc history`"),
                 entry->id, entry->label, entry->id);
    return FALSE;
}

PrcReport *
prc_undo (PrcSession *session, const char *id, gboolean force, GError **error)
{
    g_autoptr (PrcReport) report = prc_report_new ();
    PrcApplyOptions options = prc_session_apply_options (session);
    PrcStateDir *state = prc_session_state_dir (session);
    g_auto (PrcTakeBack) back = { 0 };
    g_autoptr (GPtrArray) changes = NULL;
    g_autoptr (GError) reason = NULL;
    g_autoptr (PrcHistoryEntry) entry = prc_history_find (state, id, &reason);

    if (entry == NULL) {
        if (id == NULL && g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND))
            return g_steal_pointer (&report);
        g_propagate_error (error, g_steal_pointer (&reason));
        return NULL;
    }
    if (!may_undo (entry, force, error))
        return NULL;
    prc_take_back_start (&back, session, &options);
    changes = prc_undo_plan (state, entry->id, &options, NULL, error);
    if (changes == NULL)
        return NULL;
    if (!prc_session_options (session)->dry_run) {
        g_clear_pointer (&changes, g_ptr_array_unref);
        if (!prc_transaction_undo (state, entry->id, &options, &report->transaction, &changes,
                                   error))
            return NULL;
    }
    if (prc_take_back_place (&back) != NULL)
        prc_report_warn (report, FALSE, prc_take_back_place (&back),
                         _ ("it has changed since: only the password that is taken back changes "
                            "in it"));
    if (g_strcmp0 (entry->note, PRC_PASSWD_NOTE_SERVICE) == 0)
        prc_report_warn (report, TRUE, NULL,
                         _ ("the store keeps the new password: `proxyrc login` changes it"));
    report->changed = changes->len > 0;
    for (guint i = 0; i < changes->len; i++)
        prc_report_add_file (report, g_ptr_array_index (changes, i));
    return g_steal_pointer (&report);
}
