/* The way that each tool would take: whatever its settings look like, this is what happens. */
#include <string.h>

#include "app/doctor-internal.h"
#include "app/route.h"
#include "base/i18n.h"
#include "model/mask.h"

#define DEFAULT_URL "https://example.com/"

static gboolean
is_said_already (const PrcDoctor *doctor, const char *where)
{
    for (guint i = 0; i < doctor->findings->len; i++) {
        const PrcFinding *finding = g_ptr_array_index (doctor->findings, i);

        if (finding->severity != PRC_SEVERITY_NOTICE && g_strcmp0 (finding->where, where) == 0)
            return TRUE;
    }
    return FALSE;
}

/* One of those that `proxyrc env` sets; not npm_config_proxy and its like. */
static gboolean
is_of_the_environment (const PrcCatalogue *catalogue, const char *name)
{
    const PrcTool *env = prc_catalogue_find (catalogue, "env");
    const PrcToolKey *key = env != NULL ? prc_tool_find_key (env, name) : NULL;

    return key != NULL && key->write == PRC_WRITE_ALWAYS;
}

static const PrcFoundFile *
find_file (const PrcDoctor *doctor, const char *path)
{
    for (guint i = 0; i < doctor->found->len; i++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, i);

        for (guint k = 0; k < found->files->len; k++) {
            const PrcFoundFile *file = g_ptr_array_index (found->files, k);

            if (strcmp (file->path, path) == 0)
                return file;
        }
    }
    return NULL;
}

/* A variable of one tool alone: the profile has no value for it. Of git's numbered ones the count
 * goes: without a single one of them git fails. */
static char *
remedy_for_own_variable (const PrcDoctor *doctor, const PrcRouteSource *source)
{
    gboolean is_numbered = g_str_has_prefix (source->key, "GIT_CONFIG_KEY_") ||
                           g_str_has_prefix (source->key, "GIT_CONFIG_VALUE_");
    const char *name = is_numbered ? "GIT_CONFIG_COUNT" : source->key;
    const PrcFoundFile *file = source->file != NULL ? find_file (doctor, source->file) : NULL;

    if (source->file == NULL)
        return prc_remedy_unset_variable (doctor, name);
    return file != NULL ? prc_remedy_unset (doctor, file, name) : prc_remedy_apply (doctor, FALSE);
}

/* Whatever stands there, in a file of the catalogue's places or in one of this folder. */
static char *
remedy_for (const PrcDoctor *doctor, const char *tool_name, const PrcRouteSource *source)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (doctor->session, NULL);
    const PrcTool *tool = prc_catalogue_find (catalogue, tool_name);

    if (source == NULL)
        return prc_remedy_apply (doctor, FALSE);
    if (source->is_variable && !is_of_the_environment (catalogue, source->key))
        return remedy_for_own_variable (doctor, source);
    if (source->is_variable)
        return source->file != NULL ? prc_remedy_apply (doctor, FALSE)
                                    : prc_remedy_this_shell (doctor, source->key);
    for (guint i = 0; tool != NULL && strstr (source->key, "***@") == NULL && i < tool->files->len;
         i++) {
        const PrcToolFile *row = g_ptr_array_index (tool->files, i);

        if (row->scope == PRC_SCOPE_PROJECT)
            return prc_remedy_own (doctor, "file", "unset", "--format", row->format->name,
                                   source->file, source->key, NULL);
    }
    return prc_remedy_apply (doctor, FALSE);
}

static char *
where_of (const PrcRouteSource *source, const char *tool)
{
    if (source == NULL)
        return g_strdup (tool);
    if (source->file == NULL)
        return g_strdup_printf (_ ("%s of this shell"), source->key);
    return source->line > 0 ? g_strdup_printf ("%s:%u", source->file, source->line)
                            : g_strdup (source->file);
}

static void
compare (PrcDoctor *doctor, const PrcRouteAnswer *answer, const char *expected, gboolean this_shell)
{
    const PrcRoute *route = answer->route;
    g_autofree char *where = where_of (route->decided_by, answer->tool);

    /* A shell that is older than the settings has nothing yet: that is no mistake of theirs. */
    if (route->bypassed_by != NULL || is_said_already (doctor, where) ||
        (this_shell && route->decided_by == NULL))
        return;
    if (route->kind == PRC_ROUTE_DIRECT)
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                        remedy_for (doctor, answer->tool, route->decided_by),
                        this_shell
                            ? _ ("started from this shell, %s goes past the proxy to %s")
                            : _ ("started from a new login shell, %s goes past the proxy to %s"),
                        answer->tool, answer->url);
    else if (route->kind == PRC_ROUTE_PROXY && strcmp (route->proxy, expected) != 0)
        prc_doctor_add (doctor, PRC_SEVERITY_WARNING, where,
                        remedy_for (doctor, answer->tool, route->decided_by),
                        this_shell ? _ ("started from this shell, %s goes to %s through %s, not "
                                        "through the profile's %s")
                                   : _ ("started from a new login shell, %s goes to %s through %s, "
                                        "not through the profile's %s"),
                        answer->tool, answer->url, route->proxy, expected);
    else if (route->kind == PRC_ROUTE_INVALID)
        prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where,
                        remedy_for (doctor, answer->tool, route->decided_by),
                        this_shell ? _ ("started from this shell, %s can't reach %s: %s")
                                   : _ ("started from a new login shell, %s can't reach %s: %s"),
                        answer->tool, answer->url,
                        route->detail != NULL ? route->detail : _ ("its setting is invalid"));
}

static gboolean
has_rejected_file (const PrcDoctor *doctor, const char *tool)
{
    for (guint i = 0; i < doctor->found->len; i++) {
        const PrcFound *found = g_ptr_array_index (doctor->found, i);

        for (guint k = 0; strcmp (found->tool->name, tool) == 0 && k < found->files->len; k++)
            if (((PrcFoundFile *) g_ptr_array_index (found->files, k))->error != NULL)
                return TRUE;
    }
    return FALSE;
}

/* Of a tool that already has a finding, the way is not looked at: it follows from that. */
static gboolean
is_in_order (const PrcDoctor *doctor, const char *tool)
{
    if (has_rejected_file (doctor, tool))
        return FALSE;
    for (guint i = 0; doctor->status != NULL && i < doctor->status->tools->len; i++) {
        const PrcToolRow *row = g_ptr_array_index (doctor->status->tools, i);

        if (strcmp (row->name, tool) == 0)
            return row->is_installed &&
                   (strcmp (row->state, "ok") == 0 || strcmp (row->state, "inherits") == 0);
    }
    return FALSE;
}

static void
compare_all (PrcDoctor *doctor, const char *url, const char *expected, gboolean this_shell)
{
    const PrcRouteOptions options = { .this_shell = this_shell };
    g_autoptr (GPtrArray) answers = prc_route_all (doctor->session, url, &options, NULL);

    for (guint i = 0; answers != NULL && i < answers->len; i++) {
        const PrcRouteAnswer *answer = g_ptr_array_index (answers, i);

        if (is_in_order (doctor, answer->tool))
            compare (doctor, answer, expected, this_shell);
    }
}

void
prc_doctor_routes (PrcDoctor *doctor)
{
    const PrcProfile *profile = doctor->profile;
    const PrcProxyUrl *proxy = profile != NULL && !profile->is_direct
                                   ? prc_profile_proxy_for (profile, PRC_ROLE_HTTPS)
                                   : NULL;
    const char *url =
        profile != NULL && profile->check_url != NULL ? profile->check_url : DEFAULT_URL;
    g_autofree char *expected = proxy != NULL ? prc_proxy_url_format_bare (proxy) : NULL;

    if (expected == NULL || !g_str_has_prefix (url, "https://"))
        return;
    compare_all (doctor, url, expected, FALSE);
    if (prc_session_place (doctor->session)->env != NULL)
        compare_all (doctor, url, expected, TRUE);
}
