#include "app/planning.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "catalogue/version.h"
#include "model/secret-search.h"

void
prc_planning_free (PrcPlanning *planning)
{
    if (planning == NULL)
        return;
    prc_plan_free (planning->plan);
    g_ptr_array_unref (planning->found);
    g_ptr_array_unref (planning->dialects);
    g_ptr_array_unref (planning->rejected);
    g_ptr_array_unref (planning->rejected_tools);
    prc_held_credential_clear (&planning->held);
    g_free (planning);
}

/* Only then does it matter whether the tool decodes twice. */
static gboolean
has_percent_pair (const char *text)
{
    for (const char *p = text != NULL ? strchr (text, '%') : NULL; p != NULL;
         p = strchr (p + 1, '%'))
        if (g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2]))
            return TRUE;
    return FALSE;
}

PrcUrlDialect
prc_tool_dialect (const PrcTool *tool, const PrcPlace *place, const PrcWanted *wanted)
{
    PrcUrlDialect dialect = tool->url;

    if (tool->decodes_twice_before != 0 && wanted != NULL && wanted->user != NULL &&
        (has_percent_pair (wanted->user) ||
         (wanted->password != NULL && has_percent_pair (prc_secret_text (wanted->password))))) {
        guint version = prc_tool_version (tool, place);

        dialect.decodes_twice = version < tool->decodes_twice_before; /* unknown: the safe rule */
    }
    return dialect;
}

/* Though this plan leaves it alone: it is as another has left it. */
static gboolean
env_is_as_wanted (const PrcPlanOptions *options)
{
    PrcUrlDialect dialect;
    g_autoptr (PrcFound) found = NULL;
    g_autoptr (PrcPlan) plan = NULL;
    const GPtrArray *notes = NULL;

    if (options->env == NULL)
        return FALSE;
    dialect = prc_tool_dialect (options->env, options->place, options->wanted);
    found = prc_discover (options->env, options->place);
    plan = prc_plan_new (options);
    if (!prc_plan_tool (plan, found, &dialect, NULL) || prc_plan_edits (plan)->len > 0)
        return FALSE;
    notes = prc_plan_notes (plan);
    for (guint i = 0; i < notes->len; i++)
        if (((const PrcNote *) g_ptr_array_index (notes, i))->kind != PRC_NOTE_INFO)
            return FALSE;
    return TRUE;
}

static gboolean
env_is_selected (PrcSession *session, const PrcCatalogue *catalogue, const PrcProfile *profile)
{
    const PrcTool *env = prc_catalogue_find (catalogue, "env");

    return env != NULL && prc_session_wants_tool (session, profile, env);
}

/* Where no file is to hold the password, comments aren't either. */
static void
clear_copies (PrcPlanning *planning, const PrcFound *found)
{
    const PrcProfile *profile = planning->wanted.profile;
    g_autoptr (GPtrArray) searches = NULL;

    if (planning->wanted.password == NULL || planning->options.passwords != NULL ||
        prc_profile_placement_for (profile, found->tool->name) == PRC_PLACEMENT_INLINE)
        return;
    searches = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_search_free);
    g_ptr_array_add (searches,
                     prc_secret_search_new (planning->wanted.user, planning->wanted.password));
    prc_plan_clear_copies (planning->plan, found, searches);
}

static gboolean
plan_tool (PrcPlanning *planning, PrcSession *session, const PrcTool *tool, gboolean go_on,
           GError **error)
{
    const PrcPlace *place = prc_session_place (session);
    PrcFound *found = prc_discover (tool, place);
    PrcUrlDialect *dialect = g_new (PrcUrlDialect, 1);
    g_autoptr (GError) reason = NULL;

    *dialect = prc_tool_dialect (tool, place, &planning->wanted);
    g_ptr_array_add (planning->found, found);
    g_ptr_array_add (planning->dialects, dialect);
    if (!tool->writes)
        return TRUE;
    if (prc_plan_tool (planning->plan, found, dialect, &reason)) {
        clear_copies (planning, found);
        return TRUE;
    }
    if (go_on) {
        g_ptr_array_add (planning->rejected, g_steal_pointer (&reason));
        g_ptr_array_add (planning->rejected_tools, (gpointer) tool);
        return TRUE;
    }
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
}

/* What `--tools` must say so that everything but @without is done. */
static char *
other_tools (PrcSession *session, const PrcCatalogue *catalogue, const PrcProfile *profile,
             const PrcTool *without)
{
    GString *names = g_string_new (NULL);

    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (tool != without && tool->writes && prc_session_wants_tool (session, profile, tool))
            g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", tool->name);
    }
    return g_string_free (names, FALSE);
}

static gboolean
check_placement (const PrcProfile *profile, const PrcCatalogue *catalogue, GError **error)
{
    g_auto (GStrv) tools = prc_placements_tools (profile->placement);

    for (char **tool = tools; *tool != NULL; tool++)
        if (prc_catalogue_find (catalogue, *tool) == NULL) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         _ ("the placement of the profile “%s” names the tool “%s”, which there is "
                            "not; `proxyrc tools` lists them"),
                         profile->name, *tool);
            return FALSE;
        }
    return TRUE;
}

/* Why `proxyrc env`, in a shell that starts, would not print this profile. */
static const char *
evaluation_obstacle (PrcSession *session, const PrcProfile *profile, gboolean is_active)
{
    if (profile->is_direct)
        return NULL;
    if (prc_session_options (session)->config_file != NULL)
        return _ (
            "by reference the environment comes from the user's own profiles, not from those of "
            "--config: shells will not have this profile's");
    if (!prc_session_program_runs (session))
        return _ (
            "by reference the environment comes from proxyrc, which is not installed there, or "
            "not for the owner of this home: shells will not have it");
    return is_active
               ? NULL
               : _ ("by reference the environment is that of the active profile: make this one "
                    "active with `proxyrc use`");
}

static void
fill_options (PrcPlanOptions *options, PrcSession *session, const PrcCatalogue *catalogue,
              const PrcProfile *profile, gboolean is_active)
{
    const PrcSessionOptions *given = prc_session_options (session);
    const PrcTool *env = prc_catalogue_find (catalogue, "env");

    options->place = prc_session_place (session);
    options->with_system = given->with_system;
    options->allow_exposed = given->allow_exposed;
    options->env = env;
    options->env_placement =
        env != NULL ? prc_wanted_placement (profile, env) : PRC_PLACEMENT_INLINE;
    options->program = prc_session_program (session);
    options->evaluation_obstacle = evaluation_obstacle (session, profile, is_active);
    options->env_is_served =
        env_is_selected (session, catalogue, profile) || env_is_as_wanted (options);
}

static gboolean
writes_secret (PrcSession *session, const PrcCatalogue *catalogue, const PrcProfile *profile)
{
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (tool->writes && prc_session_wants_tool (session, profile, tool) &&
            prc_profile_placement_for (profile, tool->name) == PRC_PLACEMENT_INLINE)
            return TRUE;
    }
    return FALSE;
}

/* Where no file gets the password, it is good to know, and not needed. */
static gboolean
load_credential (PrcSession *session, const PrcCatalogue *catalogue, const PrcProfile *profile,
                 gboolean may_unlock, PrcHeldCredential *held, GError **error)
{
    GError *reason = NULL;

    if (prc_credential_load (session, profile, may_unlock, held, &reason))
        return TRUE;
    if (!g_error_matches (reason, PRC_ERROR, PRC_ERROR_LOCKED) ||
        writes_secret (session, catalogue, profile)) {
        g_propagate_error (error, reason);
        return FALSE;
    }
    g_error_free (reason);
    return prc_credential_load (session, profile, FALSE, held, error);
}

PrcPlanning *
prc_planning_new (PrcSession *session, const PrcProfile *profile, gboolean is_active,
                  gboolean may_unlock, gboolean go_on, GError **error)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (session, error);
    g_autoptr (PrcPlanning) planning = g_new0 (PrcPlanning, 1);

    planning->found = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_free);
    planning->dialects = g_ptr_array_new_with_free_func (g_free);
    planning->rejected = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
    planning->rejected_tools = g_ptr_array_new ();
    if (catalogue == NULL || !check_placement (profile, catalogue, error) ||
        !load_credential (session, catalogue, profile, may_unlock, &planning->held, error))
        return NULL;
    planning->wanted = prc_credential_wanted (profile, &planning->held);
    planning->options.wanted = &planning->wanted;
    fill_options (&planning->options, session, catalogue, profile, is_active);
    planning->plan = prc_plan_new (&planning->options);
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (!prc_session_wants_tool (session, profile, tool))
            continue;
        if (!plan_tool (planning, session, tool, go_on, error)) {
            g_autofree char *others = other_tools (session, catalogue, profile, tool);

            if (error != NULL && *others != '\0') {
                g_autofree char *message =
                    g_strdup_printf (_ ("%s; mend it, or leave %s out with --tools %s"),
                                     (*error)->message, tool->name, others);

                g_free ((*error)->message);
                (*error)->message = g_steal_pointer (&message);
            }
            return NULL;
        }
    }
    return g_steal_pointer (&planning);
}
