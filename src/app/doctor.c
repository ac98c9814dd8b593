#include "app/doctor-internal.h"

#include <stdarg.h>
#include <string.h>

#include "app/check.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "model/mask.h"

/* In falling order of harm: findings of one severity stay in this order. */
static const struct {
    const char *name;
    PrcDoctorRule run;
} rules[] = {
    { "rejected_file", prc_doctor_rejected_files },
    { "old_password", prc_doctor_old_passwords },
    { "running_program", prc_doctor_running },
    { "exposed", prc_doctor_exposed },
    { "control_character", prc_doctor_control_characters },
    { "proxy_scheme", prc_doctor_proxy_scheme },
    { "check", prc_doctor_live_check },
    { "ca", prc_doctor_ca },
    { "invalid", prc_doctor_invalid },
    { "no_profile", prc_doctor_no_profile },
    { "store", prc_doctor_store },
    { "differs", prc_doctor_differs },
    { "this_shell", prc_doctor_this_shell },
    { "dead_key", prc_doctor_dead_keys },
    { "unverified_tls", prc_doctor_unverified_tls },
    { "letter_case", prc_doctor_letter_case },
    { "no_proxy_pip", prc_doctor_no_proxy_pip },
    { "no_proxy_star", prc_doctor_no_proxy_star },
    { "duplicate", prc_doctor_duplicates },
    { "overridden", prc_doctor_overridden },
    { "route", prc_doctor_routes },
    { "helpless_tool", prc_doctor_helpless_tools },
    { "dynamic", prc_doctor_dynamic },
    { "remaining", prc_doctor_remaining }, /* last: only if nothing else was found */
};

const char *
prc_severity_name (PrcSeverity severity)
{
    static const char *const names[] = { N_ ("error"), N_ ("warning"), N_ ("notice") };

    return names[severity];
}

static void
finding_free (gpointer data)
{
    PrcFinding *finding = data;

    g_free (finding->what);
    g_free (finding->where);
    g_free (finding->remedy);
    g_free (finding);
}

void
prc_diagnosis_free (PrcDiagnosis *diagnosis)
{
    if (diagnosis == NULL)
        return;
    g_ptr_array_unref (diagnosis->findings);
    g_free (diagnosis->profile);
    g_free (diagnosis);
}

static gboolean
is_known (const PrcDoctor *doctor, const PrcFinding *finding)
{
    for (guint i = 0; i < doctor->findings->len; i++) {
        const PrcFinding *other = g_ptr_array_index (doctor->findings, i);

        if (strcmp (other->what, finding->what) == 0 &&
            g_strcmp0 (other->where, finding->where) == 0)
            return TRUE;
    }
    return FALSE;
}

void
prc_doctor_add (PrcDoctor *doctor, PrcSeverity severity, const char *where, char *remedy,
                const char *format, ...)
{
    PrcFinding *finding = g_new0 (PrcFinding, 1);
    g_autofree char *text = NULL;
    g_autofree char *shown = NULL;
    va_list args;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    finding->severity = severity;
    finding->rule = doctor->rule;
    shown = prc_mask_urls (text);
    finding->what = prc_text_utf8 (shown);
    finding->where = where != NULL ? prc_text_utf8 (where) : NULL;
    finding->remedy = remedy;
    if (is_known (doctor, finding))
        finding_free (finding);
    else
        g_ptr_array_add (doctor->findings, finding);
}

/* Looking around */

char *
prc_doctor_where (const PrcFoundFile *file, guint line)
{
    return line > 0 ? g_strdup_printf ("%s:%u", file->path, line) : g_strdup (file->path);
}

const PrcFoundFile *
prc_doctor_find_file (const PrcDoctor *doctor, const PrcSettingRow *row)
{
    for (guint f = 0; f < doctor->found->len && row->file != NULL; f++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, f);

        for (guint i = 0; strcmp (found->tool->name, row->tool) == 0 && i < found->files->len;
             i++) {
            const PrcFoundFile *file = g_ptr_array_index (found->files, i);
            g_autofree char *path = prc_text_utf8 (file->path);

            if (strcmp (path, row->file) == 0)
                return file;
        }
    }
    return NULL;
}

gboolean
prc_doctor_agrees (const PrcDoctor *doctor, const PrcReading *reading, const PrcEntry *entry)
{
    g_autofree char *path = prc_text_utf8 (reading->file->path);
    g_autofree char *key = prc_mask_urls (entry->key);

    for (guint i = 0; doctor->status != NULL && i < doctor->status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (doctor->status->settings, i);

        if (row->line == entry->line && g_strcmp0 (row->file, path) == 0 &&
            strcmp (row->key, key) == 0)
            return strcmp (row->state, "ok") == 0;
    }
    return FALSE;
}

void
prc_doctor_each_entry (PrcDoctor *doctor, PrcReadingFunc function)
{
    for (guint f = 0; f < doctor->found->len; f++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, f);

        for (guint i = 0; i < found->readings->len; i++) {
            const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);

            if (!reading->is_again)
                function (doctor, found, reading, prc_reading_entry (reading));
        }
    }
}

const char *
prc_doctor_variable (const PrcDoctor *doctor, const char *name)
{
    const PrcPlace *place = prc_session_place (doctor->session);

    return place->env != NULL ? g_environ_getenv (place->env, name) : NULL;
}

const char *
prc_doctor_login_value (const PrcDoctor *doctor, const char *name, const PrcReading **ret_reading)
{
    const char *value = NULL;

    for (guint f = 0; f < doctor->found->len; f++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, f);

        for (guint i = 0; strcmp (found->tool->name, "env") == 0 && i < found->readings->len; i++) {
            const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
            const PrcEntry *entry = prc_reading_entry (reading);

            if (reading->is_unread || strcmp (entry->key, name) != 0)
                continue;
            if (entry->kind == PRC_ENTRY_UNSET)
                value = NULL;
            else if (entry->kind == PRC_ENTRY_SET) {
                value = entry->value;
                *ret_reading = reading;
            }
        }
    }
    return value;
}

/* The visit */

static gboolean
may_be_checked (const PrcDoctor *doctor)
{
    return !doctor->request->no_check && doctor->profile != NULL && !doctor->profile->is_direct &&
           prc_profile_proxy_for (doctor->profile, PRC_ROLE_ALL) != NULL;
}

/* Without a password that is at hand the proxy can at least say what it wants. */
static PrcCheckResult *
check_once (const PrcDoctor *doctor)
{
    PrcCheckRequest request = { .timeout_ms = doctor->request->timeout_ms };

    if (!may_be_checked (doctor))
        return NULL;
    request.without_credential = doctor->profile->user != NULL && doctor->held.password == NULL;
    return prc_check_run (doctor->session, &request, NULL);
}

static gboolean
look_around (PrcDoctor *doctor, GError **error)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (doctor->session, error);

    doctor->profiles = catalogue != NULL ? prc_profiles_load (doctor->session, error) : NULL;
    if (doctor->profiles == NULL)
        return FALSE;
    doctor->profile = prc_profiles_active (doctor->profiles);
    doctor->found = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_free);
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (prc_session_wants_tool (doctor->session, doctor->profile, tool))
            g_ptr_array_add (doctor->found,
                             prc_discover (tool, prc_session_place (doctor->session)));
    }
    doctor->status = prc_inspect (doctor->session, NULL, &doctor->status_error);
    if (doctor->profile != NULL &&
        !prc_credential_load (doctor->session, doctor->profile, FALSE, &doctor->held, NULL))
        doctor->held.is_unknown = TRUE;
    return TRUE;
}

static void
doctor_clear (PrcDoctor *doctor)
{
    prc_status_free (doctor->status);
    g_clear_error (&doctor->status_error);
    g_clear_pointer (&doctor->found, g_ptr_array_unref);
    prc_held_credential_clear (&doctor->held);
    prc_check_result_free (doctor->check);
    prc_profiles_free (doctor->profiles);
    g_clear_pointer (&doctor->findings, g_ptr_array_unref);
}

/* Stable, which g_ptr_array_sort() need not be. */
static GPtrArray *
sort_by_severity (const GPtrArray *findings)
{
    GPtrArray *sorted = g_ptr_array_new_with_free_func (finding_free);

    for (int severity = PRC_SEVERITY_ERROR; severity <= PRC_SEVERITY_NOTICE; severity++)
        for (guint i = 0; i < findings->len; i++) {
            PrcFinding *finding = g_ptr_array_index (findings, i);

            if ((int) finding->severity == severity)
                g_ptr_array_add (sorted, finding);
        }
    return sorted;
}

static PrcDiagnosis *
make_diagnosis (PrcDoctor *doctor)
{
    PrcDiagnosis *diagnosis = g_new0 (PrcDiagnosis, 1);

    diagnosis->findings = sort_by_severity (doctor->findings);
    for (guint i = 0; i < diagnosis->findings->len; i++) {
        const PrcFinding *finding = g_ptr_array_index (diagnosis->findings, i);

        diagnosis->needs_action |= finding->severity != PRC_SEVERITY_NOTICE;
    }
    diagnosis->profile = doctor->profile != NULL ? g_strdup (doctor->profile->name) : NULL;
    diagnosis->was_checked = doctor->check != NULL;
    if (doctor->check != NULL)
        diagnosis->verdict = doctor->check->verdict;
    return diagnosis;
}

PrcDiagnosis *
prc_doctor (PrcSession *session, const PrcDoctorRequest *request, GError **error)
{
    PrcDoctor doctor = { .session = session, .request = request };
    PrcDiagnosis *diagnosis = NULL;

    doctor.findings = g_ptr_array_new (); /* they move to the diagnosis */
    if (look_around (&doctor, error)) {
        doctor.check = check_once (&doctor);
        for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
            doctor.rule = rules[i].name;
            rules[i].run (&doctor);
        }
        diagnosis = make_diagnosis (&doctor);
    }
    doctor_clear (&doctor);
    return diagnosis;
}
