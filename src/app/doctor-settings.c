/* Rules about what status finds, each setting against the profile. */
#include <string.h>
#include <unistd.h>

#include "app/doctor-internal.h"
#include "app/import.h"
#include "app/precedence.h"
#include "base/i18n.h"
#include "catalogue/shared.h"

static char *
where_of_row (const PrcSettingRow *row)
{
    if (row->file == NULL)
        return g_strdup_printf (_ ("%s of this shell"), row->key);
    return row->line > 0 ? g_strdup_printf ("%s:%u", row->file, row->line) : g_strdup (row->file);
}

static gboolean
has_state (const PrcSettingRow *row, const char *state)
{
    return strcmp (row->state, state) == 0;
}

static const PrcTool *
tool_of_row (const PrcDoctor *doctor, const PrcSettingRow *row)
{
    for (guint i = 0; i < doctor->found->len; i++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, i);

        if (strcmp (found->tool->name, row->tool) == 0)
            return found->tool;
    }
    return NULL;
}

/* Applying a profile does not touch what may be meant so: a proxy for one site. */
static gboolean
is_left_alone (const PrcDoctor *doctor, const PrcTool *tool, const PrcSettingRow *row)
{
    const PrcToolKey *key = prc_tool_find_key (tool, row->key);

    return doctor->profile != NULL && key != NULL && strcmp (row->state, "differs") == 0 &&
           (key->write == PRC_WRITE_SAME || key->write == PRC_WRITE_NEVER);
}

/* What changes this row: the profile, or, for a tool or a profile that does not, taking it away. */
static char *
remedy_of_row (const PrcDoctor *doctor, const PrcSettingRow *row)
{
    const PrcFoundFile *file = prc_doctor_find_file (doctor, row);
    const PrcTool *tool = tool_of_row (doctor, row);

    if (row->file == NULL)
        return prc_remedy_this_shell (doctor, row->key);
    if (file != NULL && file->doc != NULL && tool != NULL &&
        (!tool->writes || is_left_alone (doctor, tool, row)))
        return prc_remedy_unset (doctor, file, row->key);
    return prc_remedy_apply (doctor, file != NULL && file->scope == PRC_SCOPE_SYSTEM);
}

typedef void (*PrcRowFunc) (PrcDoctor *doctor, const PrcSettingRow *row, const char *where);

static void
each_row (PrcDoctor *doctor, const char *state, PrcRowFunc function)
{
    for (guint i = 0; doctor->status != NULL && i < doctor->status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (doctor->status->settings, i);
        g_autofree char *where = where_of_row (row);

        if (state == NULL || has_state (row, state))
            function (doctor, row, where);
    }
}

/* Files that a tool rejects, or that can't be read */

static char *
remedy_for_bad_file (const PrcFoundFile *file, guint line)
{
    g_autofree char *quoted = g_shell_quote (file->path);

    if (access (file->path, R_OK) != 0)
        return g_strdup_printf ("chmod u+r %s", quoted);
    return prc_remedy_edit (file, line);
}

/* "FILE:LINE: what": the line. */
static guint
line_in_message (const char *message, const char *path)
{
    gsize length = strlen (path);

    if (strncmp (message, path, length) != 0 || message[length] != ':')
        return 0;
    return (guint) g_ascii_strtoull (message + length + 1, NULL, 10);
}

void
prc_doctor_rejected_files (PrcDoctor *doctor)
{
    for (guint f = 0; f < doctor->found->len; f++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, f);

        for (guint i = 0; i < found->files->len; i++) {
            const PrcFoundFile *file = g_ptr_array_index (found->files, i);
            g_autofree char *where = NULL;
            guint line = 0;

            if (file->error == NULL)
                continue;
            line = line_in_message (file->error->message, file->path);
            where = prc_doctor_where (file, line);
            prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where, remedy_for_bad_file (file, line),
                            _ ("%s can't use this file, so nothing in it counts: %s"),
                            found->tool->name, file->error->message);
        }
    }
}

/* Old passwords */

static void
old_password (PrcDoctor *doctor, const PrcSettingRow *row, const char *where)
{
    if (strcmp (row->password, "stale") != 0 || has_state (row, "overridden"))
        return;
    prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where, remedy_of_row (doctor, row),
                    _ ("%s has an old password: each time it is used, a wrong login is sent, which "
                       "counts towards a lock of the account"),
                    row->file != NULL ? row->tool : row->key);
}

void
prc_doctor_old_passwords (PrcDoctor *doctor)
{
    each_row (doctor, NULL, old_password);
}

/* Passwords that others can get at */

static char *
remedy_for_exposed (const PrcDoctor *doctor, const PrcSettingRow *row, const PrcFoundFile *file,
                    const char **ret_why)
{
    const PrcPlace *place = prc_session_place (doctor->session);
    const PrcTool *tool = tool_of_row (doctor, row);
    g_autofree char *folder = NULL;
    g_autofree char *quoted = NULL;

    if (file->is_shared &&
        prc_folder_is_shared (file->real_path != NULL ? file->real_path : file->path,
                              file->real_path != NULL, place->home, &folder)) {
        *ret_why = _ ("others can change the folder it is in");
        quoted = g_shell_quote (folder);
        return g_strdup_printf ("chmod go-w %s", quoted); /* untranslated: a command */
    }
    quoted = g_shell_quote (file->real_path != NULL ? file->real_path : file->path);
    if (file->is_shared) {
        *ret_why = _ ("it belongs to somebody else");
        return g_strdup_printf ("sudo chown \"$(id -u)\" %s", quoted); /* untranslated: a command */
    }
    if (file->is_tracked) {
        *ret_why = _ ("git tracks it, so the next push publishes the password");
        return tool != NULL && tool->writes && doctor->profile != NULL
                   ? prc_remedy_apply (doctor, FALSE)
                   : prc_remedy_unset (doctor, file, row->key);
    }
    *ret_why = _ ("others can read it");
    /* untranslated: a command */
    return file->row->for_all ? prc_remedy_unset (doctor, file, row->key)
                              : g_strdup_printf ("chmod go-rwx %s", quoted);
}

static void
exposed (PrcDoctor *doctor, const PrcSettingRow *row, const char *where)
{
    const PrcFoundFile *file = row->is_exposed ? prc_doctor_find_file (doctor, row) : NULL;
    const char *why = NULL;
    char *remedy = NULL;

    if (file == NULL)
        return;
    remedy = remedy_for_exposed (doctor, row, file, &why);
    prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where, remedy,
                    /* Translators: a whole clause, such as "git tracks this file" */
                    _ ("this file holds a password, and %s"), why);
}

void
prc_doctor_exposed (PrcDoctor *doctor)
{
    each_row (doctor, NULL, exposed);
}

/* The other states */

static void
invalid (PrcDoctor *doctor, const PrcSettingRow *row, const char *where)
{
    const PrcFoundFile *file = prc_doctor_find_file (doctor, row);
    char *remedy = doctor->profile == NULL && file != NULL && file->doc != NULL
                       ? prc_remedy_unset (doctor, file, row->key)
                       : remedy_of_row (doctor, row);

    prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where, remedy, _ ("%s can't use its %s: %s"),
                    row->tool, row->key,
                    row->detail != NULL ? row->detail : _ ("it would be misread"));
}

void
prc_doctor_invalid (PrcDoctor *doctor)
{
    each_row (doctor, "invalid", invalid);
}

static void
this_shell (PrcDoctor *doctor, const PrcSettingRow *row, const char *where)
{
    if (row->file != NULL || has_state (row, "invalid") || strcmp (row->password, "stale") == 0 ||
        doctor->profile == NULL)
        return;
    prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where, remedy_of_row (doctor, row),
                    _ ("the variable %s of this shell is not as the profile wants it; what is "
                       "started from here gets it"),
                    row->key);
}

void
prc_doctor_this_shell (PrcDoctor *doctor)
{
    each_row (doctor, NULL, this_shell);
}

/* What wins may stand where only interactive shells get: then the others have this one. */
static gboolean
counts_elsewhere (const PrcDoctor *doctor, const PrcSettingRow *row, const PrcFoundFile *file)
{
    for (guint f = 0; f < doctor->found->len; f++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, f);
        g_autoptr (PrcPrecedence) precedence = NULL;

        if (found->tool != file->tool)
            continue;
        precedence = prc_precedence_new (found);
        for (guint i = 0; i < found->readings->len; i++) {
            const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
            const PrcEntry *entry = prc_reading_entry (reading);
            const PrcReading *winner = NULL;

            if (reading->file != file || entry->line != row->line ||
                strcmp (entry->key, row->key) != 0)
                continue;
            winner = prc_precedence_winner (precedence, reading);
            if (winner != NULL && winner->is_interactive && !reading->is_interactive)
                return TRUE;
        }
    }
    return FALSE;
}

static void
overridden (PrcDoctor *doctor, const PrcSettingRow *row, const char *where)
{
    const PrcFoundFile *file = prc_doctor_find_file (doctor, row);

    if (strcmp (row->password, "absent") == 0 || file == NULL || file->doc == NULL ||
        counts_elsewhere (doctor, row, file))
        return;
    prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where, prc_remedy_unset (doctor, file, row->key),
                    _ ("%s holds a password and has no effect: another setting of %s wins"),
                    row->key, row->tool);
}

void
prc_doctor_overridden (PrcDoctor *doctor)
{
    each_row (doctor, "overridden", overridden);
}

static void
dynamic (PrcDoctor *doctor, const PrcSettingRow *row, const char *where)
{
    prc_doctor_add (doctor, PRC_SEVERITY_NOTICE, where, prc_remedy_explain (doctor, "dynamic"),
                    _ ("%s is computed by shell code: what it is can't be judged, and proxyrc does "
                       "not change it"),
                    row->key);
}

void
prc_doctor_dynamic (PrcDoctor *doctor)
{
    each_row (doctor, "dynamic", dynamic);
}

/* Tools that are not as the profile wants them */

static const PrcSettingRow *
first_that_differs (const PrcStatus *status, const char *tool, guint *ret_n)
{
    const PrcSettingRow *first = NULL;

    *ret_n = 0;
    for (guint i = 0; i < status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (status->settings, i);

        if (strcmp (row->tool, tool) != 0 || row->file == NULL ||
            (!has_state (row, "differs") && !has_state (row, "missing")))
            continue;
        if (first == NULL)
            first = row;
        (*ret_n)++;
    }
    return first;
}

void
prc_doctor_differs (PrcDoctor *doctor)
{
    static const char *const good[] = { "ok", "inherits", "overridden", NULL };

    if (doctor->status == NULL || doctor->profile == NULL)
        return;
    for (guint i = 0; i < doctor->status->tools->len; i++) {
        const PrcToolRow *tool = g_ptr_array_index (doctor->status->tools, i);
        guint n = 0;
        const PrcSettingRow *row = first_that_differs (doctor->status, tool->name, &n);
        g_autofree char *where = row != NULL ? where_of_row (row) : NULL;
        g_autofree char *text = NULL;

        if (g_strv_contains (good, tool->state) || strcmp (tool->state, "stale") == 0 ||
            strcmp (tool->state, "invalid") == 0 || strcmp (tool->state, "dynamic") == 0)
            continue;
        if (row != NULL)
            text = g_strdup_printf (ngettext ("%s: %u setting is not as the profile “%s” wants it",
                                              "%s: %u settings are not as the profile “%s” wants "
                                              "them",
                                              n),
                                    tool->name, n, doctor->profile->name);
        else
            text = g_strdup_printf (_ ("%s is not as the profile “%s” wants it"), tool->name,
                                    doctor->profile->name);
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                        row != NULL ? remedy_of_row (doctor, row)
                                    : prc_remedy_apply (doctor, FALSE),
                        tool->detail != NULL ? "%s: %s" : "%s", text, tool->detail);
    }
}

void
prc_doctor_no_profile (PrcDoctor *doctor)
{
    g_autoptr (GPtrArray) notes = NULL;
    g_auto (GStrv) pairs = NULL;

    if (doctor->status_error != NULL)
        prc_doctor_add (doctor, PRC_SEVERITY_ERROR, NULL, prc_remedy_own (doctor, "status", NULL),
                        "%s", doctor->status_error->message);
    if (doctor->profile != NULL)
        return;
    /* A setting alone is not enough: a CA file, or a proxy that is computed, makes no profile. */
    pairs = prc_import_pairs (doctor->session, &notes, NULL);
    prc_doctor_add (doctor, PRC_SEVERITY_WARNING, NULL,
                    pairs != NULL ? prc_remedy_own (doctor, "profile", "import", "default", NULL)
                                  : prc_remedy_explain (doctor, "browser"),
                    pairs != NULL
                        ? _ ("there is no profile yet that says what is wanted, so nothing can "
                             "be compared; the settings that were found can be made one")
                        : _ ("there is no profile yet, and no proxy setting on this machine that "
                             "one could be made from"));
}

/* What status sees and no rule has said must not be passed over. */
void
prc_doctor_remaining (PrcDoctor *doctor)
{
    for (guint i = 0; i < doctor->findings->len; i++) {
        const PrcFinding *finding = g_ptr_array_index (doctor->findings, i);

        /* what is computed was said, and writing does not change it */
        if (finding->severity != PRC_SEVERITY_NOTICE || strcmp (finding->rule, "dynamic") == 0)
            return;
    }
    if (doctor->status != NULL && !doctor->status->agrees)
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, NULL, prc_remedy_apply (doctor, FALSE),
                        _ ("not everything is as the profile “%s” wants it"),
                        doctor->profile != NULL ? doctor->profile->name : "");
}
