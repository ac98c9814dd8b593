#include "app/inspect.h"

#include <string.h>

#include "app/inspect-internal.h"
#include "app/planning.h"
#include "app/precedence.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "catalogue/reference.h"
#include "model/mask.h"

static void
setting_row_free (gpointer data)
{
    PrcSettingRow *row = data;

    g_free (row->tool);
    g_free (row->scope);
    g_free (row->file);
    g_free (row->key);
    g_free (row->role);
    g_free (row->value);
    g_free (row->scheme);
    g_free (row->host);
    g_free (row->user);
    g_free (row->detail);
    g_free (row);
}

static void
tool_row_free (gpointer data)
{
    PrcToolRow *row = data;

    g_free (row->name);
    g_free (row->detail);
    g_free (row);
}

PrcStatus *
prc_status_new (const PrcProfile *profile)
{
    PrcStatus *status = g_new0 (PrcStatus, 1);

    status->profile = profile != NULL ? g_strdup (profile->name) : NULL;
    status->settings = g_ptr_array_new_with_free_func (setting_row_free);
    status->tools = g_ptr_array_new_with_free_func (tool_row_free);
    status->notes = g_ptr_array_new_with_free_func (g_free);
    return status;
}

void
prc_status_free (PrcStatus *status)
{
    if (status == NULL)
        return;
    g_free (status->profile);
    g_clear_pointer (&status->settings, g_ptr_array_unref);
    g_clear_pointer (&status->tools, g_ptr_array_unref);
    g_clear_pointer (&status->notes, g_ptr_array_unref);
    g_free (status);
}

void
prc_status_move (PrcStatus *status, PrcStatus *part)
{
    g_ptr_array_extend_and_steal (status->settings, g_steal_pointer (&part->settings));
    g_ptr_array_extend_and_steal (status->tools, g_steal_pointer (&part->tools));
    g_ptr_array_extend_and_steal (status->notes, g_steal_pointer (&part->notes));
    status->has_bad_file |= part->has_bad_file;
    prc_status_free (part);
}

/* Rows */

static const char *
password_word (const PrcProxyUrl *url, const PrcWanted *wanted, PrcAgreement agreement)
{
    if (url == NULL || url->password == NULL)
        return "absent";
    if (wanted == NULL || agreement == PRC_AGREES_UNKNOWN)
        return "unknown";
    if (agreement == PRC_AGREES)
        return "stored";
    return agreement == PRC_STALE ? "stale" : "unknown";
}

static const char *
agreement_state (PrcAgreement agreement)
{
    switch (agreement) {
    case PRC_AGREES:
    case PRC_AGREES_UNKNOWN:
        return "ok";
    case PRC_STALE:
        return "stale";
    case PRC_MISREAD:
        return "invalid";
    case PRC_DIFFERS:
    default:
        return "differs";
    }
}

PrcSettingRow *
prc_status_new_row (PrcStatus *status, const PrcTool *tool, const PrcToolKey *key_row,
                    const char *key, const char *value, const PrcUrlDialect *dialect,
                    const PrcWanted *wanted)
{
    PrcSettingRow *row = g_new0 (PrcSettingRow, 1);
    g_autoptr (PrcProxyUrl) url = NULL;
    g_autoptr (GError) reason = NULL;
    g_autofree char *shown_key = prc_mask_urls (key);
    PrcAgreement agreement = PRC_DIFFERS;

    row->tool = g_strdup (tool->name);
    row->key = prc_text_utf8 (shown_key);
    row->role = g_strdup (prc_role_name (key_row->role));
    if (value != NULL) {
        g_autofree char *masked =
            key_row->role == PRC_ROLE_USER || key_row->role == PRC_ROLE_PASSWORD
                ? g_strdup ("***")
                : prc_mask_value (key, value);

        row->value = prc_text_utf8 (masked);
    }
    if (value != NULL && !prc_url_dialect_is_none (dialect, value) &&
        prc_role_is_proxy (key_row->role))
        url = prc_wanted_parse (key_row, dialect, value, &reason);
    if (url != NULL) {
        row->scheme = g_strdup (prc_proxy_scheme_name (url->scheme));
        row->host = prc_text_utf8 (url->host);
        row->port = url->port;
        row->user = url->user != NULL && *url->user != '\0' ? prc_text_utf8 (url->user) : NULL;
    }
    if (wanted != NULL)
        agreement = prc_wanted_compare (wanted, key_row, dialect, FALSE, value);
    else if (reason != NULL)
        agreement = PRC_MISREAD;
    else if (!prc_role_is_proxy (key_row->role))
        agreement = PRC_AGREES; /* nothing to compare it with, and harmless */
    row->state = agreement_state (agreement);
    row->password = password_word (url, wanted, agreement);
    if (reason != NULL)
        row->detail =
            g_strdup_printf (_ ("%s can't use this value: %s"), tool->name, reason->message);
    g_ptr_array_add (status->settings, row);
    return row;
}

static void
replace_detail (PrcSettingRow *row, char *detail)
{
    g_free (row->detail);
    row->detail = detail;
}

static void
qualify_row (PrcSettingRow *row, const PrcPrecedence *precedence, const PrcReading *reading,
             const PrcToolKey *key_row)
{
    const PrcEntry *entry = prc_reading_entry (reading);
    const PrcReading *winner = prc_precedence_winner (precedence, reading);
    gboolean agrees = strcmp (row->state, "ok") == 0;

    if (key_row->dead != NULL) {
        row->state = "invalid";
        replace_detail (row, g_strdup (_ (key_row->dead)));
    } else if ((entry->flags & PRC_ENTRY_INERT) != 0) {
        row->state = "invalid";
        replace_detail (row,
                        g_strdup (entry->detail != NULL ? entry->detail : _ ("it is never read")));
    } else if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0 ||
               (!agrees &&
                ((entry->flags & PRC_ENTRY_CONDITIONAL) != 0 || reading->is_conditional))) {
        row->state = "dynamic";
        replace_detail (row, g_strdup (entry->detail));
    } else if (!reading->file->is_read || reading->is_unread) {
        row->state = "overridden";
        replace_detail (row, g_strdup (reading->row->generated
                                           ? _ ("no start-up file reads this file")
                                           : _ ("this file is not read: another one comes first")));
    } else if (winner != NULL) {
        row->state = "overridden";
        replace_detail (
            row,
            g_strdup_printf (/* Translators: by which file and line this setting is overridden */
                             _ ("by %s:%u"), winner->file->path, prc_reading_entry (winner)->line));
    } else if (row->detail == NULL && entry->detail != NULL) {
        row->detail = g_strdup (entry->detail);
    }
}

static gboolean
holds_secret (const PrcSettingRow *row, const PrcToolKey *key_row, const PrcEntry *entry)
{
    if (entry->value == NULL)
        return FALSE;
    if (key_row->role == PRC_ROLE_PASSWORD)
        return TRUE;
    if (key_row->role == PRC_ROLE_USER)
        return strchr (entry->value, ':') != NULL;
    return strcmp (row->password, "absent") != 0 ||
           (prc_role_is_proxy (key_row->role) && strchr (entry->value, '@') != NULL &&
            row->host == NULL);
}

/* The line by which a shell takes its environment from this program. */
static void
add_evaluation_row (PrcStatus *status, PrcSession *session, const PrcReading *reading,
                    const PrcWanted *wanted)
{
    const PrcTool *tool = reading->file->tool;
    const PrcEntry *entry = prc_reading_entry (reading);
    PrcSettingRow *row = NULL;

    if (reading->is_again || !prc_reference_plays (tool, entry->key) ||
        !prc_reference_is_ours (tool, entry->value))
        return;
    row = g_new0 (PrcSettingRow, 1);
    row->tool = g_strdup (tool->name);
    row->scope = g_strdup (prc_scope_name (reading->file->scope));
    row->file = prc_text_utf8 (reading->file->path);
    row->line = entry->line;
    row->key = prc_mask_urls (entry->key);
    row->role = g_strdup (prc_role_name (PRC_ROLE_ALL));
    row->value = prc_text_utf8 (entry->value);
    row->password = "absent";
    row->state = "differs";
    if (reading->is_unread)
        row->state = "overridden";
    else if (wanted == NULL || wanted->profile->is_direct ||
             prc_profile_placement_for (wanted->profile, tool->name) != PRC_PLACEMENT_REFERENCE)
        row->detail = g_strdup (_ ("the profile does not want its environment by reference"));
    else if (!prc_reference_names (tool, entry->value, prc_session_program (session)))
        row->detail = g_strdup_printf (_ ("this program is now %s"), prc_session_program (session));
    else
        row->state = "ok";
    g_ptr_array_add (status->settings, row);
}

void
prc_status_add_found (PrcStatus *status, PrcSession *session, const PrcFound *found,
                      const PrcUrlDialect *dialect, const PrcWanted *wanted)
{
    g_autoptr (PrcPrecedence) precedence = prc_precedence_new (found);

    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);

        if (file->error != NULL) {
            status->has_bad_file = TRUE;
            g_ptr_array_add (status->notes, prc_text_utf8 (file->error->message));
        }
    }
    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);
        const PrcToolKey *key_row = prc_tool_find_key (found->tool, entry->key);
        PrcSettingRow *row = NULL;

        if (found->tool->reference_kind == PRC_REFERENCE_EVALUATE)
            add_evaluation_row (status, session, reading, wanted);
        if (reading->is_again || key_row == NULL || entry->kind != PRC_ENTRY_SET ||
            (entry->flags & PRC_ENTRY_PRIVATE) != 0)
            continue;
        row = prc_status_new_row (status, found->tool, key_row, entry->key, entry->value, dialect,
                                  wanted);
        row->scope = g_strdup (prc_scope_name (reading->file->scope));
        row->file = prc_text_utf8 (reading->file->path);
        row->line = entry->line;
        qualify_row (row, precedence, prc_precedence_best (precedence, reading), key_row);
        row->is_exposed = holds_secret (row, key_row, entry) &&
                          (reading->file->is_tracked || reading->file->is_shared ||
                           !prc_found_file_is_private (reading->file));
    }
}

/* A variable that only one tool reads is written as that tool reads it. */
static const PrcUrlDialect *
dialect_of_variable (PrcSession *session, const PrcToolKey *row, const PrcUrlDialect *dialect)
{
    const PrcCatalogue *catalogue = row->of != NULL ? prc_session_catalogue (session, NULL) : NULL;
    const PrcTool *tool = catalogue != NULL ? prc_catalogue_find (catalogue, row->of) : NULL;

    return tool != NULL ? &tool->url : dialect;
}

/* Variables of the calling shell that say something else than the profile. */
static void
add_shell_variables (PrcStatus *status, PrcSession *session, const PrcTool *tool,
                     const PrcUrlDialect *dialect, const PrcWanted *wanted)
{
    const PrcPlace *place = prc_session_place (session);

    if (place->env == NULL || strcmp (tool->name, "env") != 0)
        return;
    for (guint i = 0; i < tool->keys->len; i++) {
        const PrcToolKey *key_row = g_ptr_array_index (tool->keys, i);
        const char *value = g_environ_getenv (place->env, key_row->key);
        PrcSettingRow *row = NULL;

        if (value == NULL)
            continue;
        row = prc_status_new_row (status, tool, key_row, key_row->key, value,
                                  dialect_of_variable (session, key_row, dialect), wanted);
        row->scope = g_strdup (prc_scope_name (PRC_SCOPE_USER));
        if (strcmp (row->state, "ok") == 0) {
            g_ptr_array_remove (status->settings, row);
            continue;
        }
        if (row->detail == NULL)
            row->detail = g_strdup (
                wanted != NULL && wanted->password_unknown
                    ? _ ("a variable of this shell; `proxyrc unlock`, then open a new one, or "
                         "evaluate `proxyrc env`")
                    : _ ("a variable of this shell; open a new one, or evaluate `proxyrc env`"));
    }
}

/* Tools */

static int
severity (const char *state)
{
    static const char *const words[] = { "ok",      "inherits", "overridden", "missing",
                                         "dynamic", "differs",  "stale",      "invalid" };

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (strcmp (words[i], state) == 0)
            return (int) i;
    return 0;
}

/* What is said of the whole tool; a beaten setting of the system's is nothing to worry about. */
static gboolean
is_serious (const char *state)
{
    return severity (state) > severity ("missing");
}

/* @ret_n: how many of its settings name a proxy: a CA file alone is none. */
static const char *
worst_setting (const PrcStatus *status, const char *tool, guint *ret_n)
{
    const char *worst = "ok";

    *ret_n = 0;
    for (guint i = 0; i < status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (status->settings, i);
        PrcRole role;

        if (strcmp (row->tool, tool) != 0 || row->file == NULL)
            continue;
        *ret_n += prc_role_from_name (row->role, &role) && prc_role_is_proxy (role);
        if (severity (row->state) > severity (worst))
            worst = row->state;
    }
    return worst;
}

static const PrcFileEdit *
first_edit (const PrcPlan *plan, const PrcTool *tool)
{
    const GPtrArray *edits = prc_plan_edits (plan);

    for (guint i = 0; i < edits->len; i++) {
        const PrcFileEdit *edit = g_ptr_array_index (edits, i);

        if (edit->tool == tool)
            return edit;
    }
    return NULL;
}

static const PrcNote *
first_serious_note (const PrcPlan *plan, const PrcTool *tool)
{
    const GPtrArray *notes = prc_plan_notes (plan);

    for (guint i = 0; i < notes->len; i++) {
        const PrcNote *note = g_ptr_array_index (notes, i);

        if (note->tool == tool && note->kind != PRC_NOTE_INFO)
            return note;
    }
    return NULL;
}

static void
judge_tool (PrcStatus *status, PrcToolRow *row, const PrcTool *tool, const PrcPlanning *planning)
{
    guint n = 0, rejected = 0;
    const char *worst = worst_setting (status, tool->name, &n);
    const PrcFileEdit *edit = NULL;
    const PrcNote *note = NULL;

    if (g_ptr_array_find (planning->rejected_tools, tool, &rejected)) {
        const GError *reason = g_ptr_array_index (planning->rejected, rejected);

        row->state = "invalid";
        row->detail = prc_text_utf8 (reason->message);
        return;
    }
    if (!tool->writes) {
        row->state = is_serious (worst) ? worst : n == 0 && tool->inherits ? "inherits" : "ok";
        if (is_serious (worst))
            row->detail =
                g_strdup (_ ("proxyrc only reads this tool's files: change them by hand"));
        return;
    }
    edit = first_edit (planning->plan, tool);
    note = first_serious_note (planning->plan, tool);
    if (edit == NULL && note == NULL) {
        row->state = prc_plan_tool_inherits (planning->plan, tool) ? "inherits" : "ok";
        return;
    }
    row->state = is_serious (worst) ? worst : n == 0 ? "missing" : "differs";
    if (note != NULL)
        row->detail = prc_text_utf8 (note->text);
    else if (!is_serious (worst) && n > 0)
        row->detail = g_strdup_printf (_ ("%s is not as the profile wants it"), edit->file->path);
}

static PrcToolRow *
add_tool_row (PrcStatus *status, const PrcTool *tool, const PrcPlace *place)
{
    PrcToolRow *row = g_new0 (PrcToolRow, 1);
    g_autofree char *program =
        tool->program != NULL ? prc_place_find_program (place, tool->program) : NULL;

    row->name = g_strdup (tool->name);
    row->is_installed = tool->program == NULL || program != NULL;
    row->state = "missing";
    g_ptr_array_add (status->tools, row);
    return row;
}

static gboolean
is_named (char **names, const PrcTool *tool)
{
    return names == NULL || *names == NULL ||
           g_strv_contains ((const char *const *) names, tool->name);
}

static gboolean
check_names (PrcSession *session, char **names, GError **error)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (session, error);

    if (catalogue == NULL)
        return FALSE;
    for (char **name = names; name != NULL && *name != NULL; name++)
        if (prc_catalogue_find (catalogue, *name) == NULL) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                         _ ("there is no tool “%s”; `proxyrc tools` lists them"), *name);
            return FALSE;
        }
    return TRUE;
}

static PrcStatus *
inspect_without_profile (PrcSession *session, char **tool_names)
{
    const PrcCatalogue *catalogue =
        prc_session_catalogue (session, NULL); /* check_names() has it */
    const PrcPlace *place = prc_session_place (session);
    PrcStatus *status = prc_status_new (NULL);

    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);
        g_autoptr (PrcFound) found = NULL;
        PrcToolRow *row = NULL;
        guint n = 0;

        if (!prc_session_wants_tool (session, NULL, tool) || !is_named (tool_names, tool))
            continue;
        found = prc_discover (tool, place);
        prc_status_add_found (status, session, found, &tool->url, NULL);
        add_shell_variables (status, session, tool, &tool->url, NULL);
        row = add_tool_row (status, tool, place);
        row->state = worst_setting (status, tool->name, &n);
        if (!is_serious (row->state))
            row->state = "missing";
    }
    return status;
}

static gboolean
is_without_credential (const PrcWanted *wanted, const PrcTool *tool)
{
    return prc_wanted_placement (wanted->profile, tool) == PRC_PLACEMENT_NONE;
}

PrcStatus *
prc_inspect (PrcSession *session, char **tool_names, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_active (profiles) : NULL;
    g_autoptr (PrcPlanning) planning = NULL;
    g_autoptr (PrcStatus) status = NULL;

    if (profiles == NULL || !check_names (session, tool_names, error))
        return NULL;
    if (profile == NULL)
        return inspect_without_profile (session, tool_names);
    planning = prc_planning_new (session, profile, TRUE, FALSE, TRUE, error);
    if (planning == NULL)
        return NULL;
    status = prc_status_new (profile);
    status->agrees = TRUE;
    status->password_unknown = planning->wanted.password_unknown;
    if (planning->held.damage != NULL)
        g_ptr_array_add (status->notes, prc_text_utf8 (planning->held.damage));
    for (guint i = 0; i < planning->found->len; i++) {
        const PrcFound *found = g_ptr_array_index (planning->found, i);
        const PrcUrlDialect *dialect = g_ptr_array_index (planning->dialects, i);
        PrcToolRow *row = NULL;
        PrcWanted wanted;

        if (!is_named (tool_names, found->tool))
            continue;
        wanted = prc_wanted_for_tool (&planning->wanted, found->tool);
        prc_status_add_found (status, session, found, dialect, &wanted);
        row = add_tool_row (status, found->tool, prc_session_place (session));
        judge_tool (status, row, found->tool, planning);
        add_shell_variables (
            status, session, found->tool, dialect,
            is_without_credential (&planning->wanted, found->tool) ? &wanted : &planning->wanted);
        status->agrees &= severity (row->state) <= severity ("inherits");
    }
    for (guint i = 0; i < status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (status->settings, i);

        status->agrees &= row->file != NULL; /* a variable that differs */
    }
    return g_steal_pointer (&status);
}
