#include "routing/route.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"
#include "model/mask.h"
#include "routing/route-internal.h"

void
prc_route_source_free (PrcRouteSource *source)
{
    if (source == NULL)
        return;
    g_free (source->file);
    g_free (source->key);
    g_free (source);
}

static PrcRouteSource *
source_copy (const PrcRouteSource *source)
{
    PrcRouteSource *copy = g_new0 (PrcRouteSource, 1);

    *copy = *source;
    copy->file = g_strdup (source->file);
    copy->key = source->key != NULL ? prc_mask_urls (source->key) : NULL;
    return copy;
}

PrcRoute *
prc_route_new (void)
{
    PrcRoute *route = g_new0 (PrcRoute, 1);

    route->beats = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_route_source_free);
    return route;
}

void
prc_route_free (PrcRoute *route)
{
    if (route == NULL)
        return;
    g_free (route->proxy);
    g_free (route->user);
    g_free (route->through);
    prc_route_source_free (route->decided_by);
    g_ptr_array_unref (route->beats);
    g_free (route->bypassed_by);
    g_free (route->bypassed);
    g_free (route->detail);
    g_free (route);
}

static gboolean
same_source (const PrcRouteSource *a, const PrcRouteSource *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->line == b->line && g_strcmp0 (a->file, b->file) == 0 && strcmp (a->key, b->key) == 0;
}

gboolean
prc_route_same (const PrcRoute *a, const PrcRoute *b)
{
    return a->kind == b->kind && g_strcmp0 (a->proxy, b->proxy) == 0 &&
           g_strcmp0 (a->bypassed_by, b->bypassed_by) == 0 &&
           same_source (a->decided_by, b->decided_by);
}

void
prc_route_end (PrcRoute *route, PrcRouteKind kind, const PrcSetting *setting, char *detail)
{
    route->kind = kind;
    if (kind != PRC_ROUTE_PROXY) {
        g_clear_pointer (&route->proxy, g_free);
        g_clear_pointer (&route->user, g_free);
        g_clear_pointer (&route->through, g_free);
    }
    prc_route_source_free (route->decided_by);
    route->decided_by = setting != NULL ? source_copy (&setting->source) : NULL;
    g_free (route->detail);
    route->detail = detail;
}

gboolean
prc_route_refuse (PrcRoute *route, const PrcFoundFile *file)
{
    if (file->error == NULL)
        return FALSE;
    prc_route_end (route, PRC_ROUTE_INVALID, NULL, g_strdup (file->error->message));
    return TRUE;
}

/* Choice */

static gboolean
says_something (const PrcSetting *setting)
{
    return setting->doubt != NULL || (setting->value != NULL && *setting->value != '\0');
}

const PrcSetting *
prc_route_choose (PrcRoute *route, const GPtrArray *settings)
{
    const PrcSetting *chosen = NULL;

    for (guint i = 0; i < settings->len; i++) {
        const PrcSetting *setting = g_ptr_array_index (settings, i);

        if (chosen != NULL && says_something (setting))
            g_ptr_array_add (route->beats, source_copy (&setting->source));
        else if (chosen == NULL && (says_something (setting) || setting->empty_stops))
            chosen = setting;
    }
    if (chosen == NULL)
        return NULL;
    if (chosen->doubt != NULL) {
        prc_route_end (route, PRC_ROUTE_UNDECIDED, chosen, g_strdup (chosen->doubt));
        return NULL;
    }
    prc_route_end (route, PRC_ROUTE_DIRECT, chosen, NULL);
    return chosen->value != NULL && *chosen->value != '\0' ? chosen : NULL;
}

/* Use */

static char *
value_with_scheme (const PrcSetting *setting)
{
    if (setting->scheme == NULL || strstr (setting->value, "://") != NULL)
        return g_strdup (setting->value);
    return g_strconcat (setting->scheme, "://", setting->value, NULL);
}

static char *
bare_proxy (const PrcRouteQuery *query, const PrcSetting *chosen)
{
    g_autoptr (PrcWipedString) text = value_with_scheme (chosen);
    g_autoptr (PrcProxyUrl) url = prc_proxy_url_parse (text, &query->tool->url, NULL);

    return url != NULL ? prc_proxy_url_format_bare (url) : NULL;
}

static void
bypass_by (PrcRoute *route, const PrcRouteQuery *query, const PrcSetting *chosen,
           const PrcSetting *list, char *entry)
{
    g_ptr_array_insert (route->beats, 0, source_copy (&chosen->source));
    prc_route_end (route, PRC_ROUTE_DIRECT, list, NULL);
    route->bypassed_by = entry;
    route->bypassed = bare_proxy (query, chosen);
}

gboolean
prc_route_bypass (PrcRoute *route, const PrcRouteQuery *query, const PrcSetting *chosen,
                  const GPtrArray *lists, PrcBypass bypass)
{
    const PrcSetting *doubtful = NULL;

    for (guint i = 0; i < lists->len; i++) {
        const PrcSetting *list = g_ptr_array_index (lists, i);
        char *entry = NULL;

        if (list->doubt != NULL && doubtful == NULL)
            doubtful = list;
        if (list->doubt != NULL || list->value == NULL ||
            !bypass (list->value, query->target, query->version, &entry))
            continue;
        bypass_by (route, query, chosen, list, entry);
        return TRUE;
    }
    if (doubtful == NULL)
        return FALSE;
    g_ptr_array_insert (route->beats, 0, source_copy (&chosen->source));
    prc_route_end (route, PRC_ROUTE_UNDECIDED, doubtful, g_strdup (doubtful->doubt));
    return TRUE;
}

void
prc_route_use (PrcRoute *route, const PrcRouteQuery *query, const PrcSetting *chosen)
{
    g_autoptr (PrcWipedString) text = value_with_scheme (chosen);
    g_autoptr (GError) reason = NULL;
    g_autoptr (PrcProxyUrl) url = prc_proxy_url_parse (text, &query->tool->url, &reason);

    if (url == NULL) {
        prc_route_end (route, PRC_ROUTE_INVALID, chosen,
                       g_strdup_printf (_ ("%s can't use this value: %s"), query->tool->name,
                                        reason->message));
        return;
    }
    prc_route_end (route, PRC_ROUTE_PROXY, chosen, NULL);
    route->proxy = prc_proxy_url_format_bare (url);
    if (url->user != NULL && *url->user != '\0')
        route->user = g_strdup (url->user);
}

/* The table of rules */

typedef struct {
    const char *tool;
    void (*rule) (PrcRoute *route, const PrcRouteQuery *query);
    guint
        versions[8]; /* one for each of the rule's changes, to try when the version is not known */
} Rule;

#define V(major, minor) PRC_TOOL_VERSION (major, minor, 0)

static const Rule rules[] = {
    { "curl",
      prc_route_curl,
      { V (8, 20), V (8, 14), V (8, 9), V (8, 8), V (8, 2), V (7, 88), V (7, 80) } },
    { "git", prc_route_git, { V (8, 20), V (8, 14), V (8, 8), V (7, 85) } },
    { "npm", prc_route_npm, { V (11, 0), V (9, 0) } },
    { "pip", prc_route_pip, { V (24, 2), V (22, 0) } },
    { "wget", prc_route_wget, { V (1, 21) } },
};

static const Rule *
rule_of (const PrcTool *tool)
{
    for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
        if (strcmp (rules[i].tool, tool->name) == 0)
            return &rules[i];
    return NULL;
}

gboolean
prc_route_knows (const PrcTool *tool)
{
    return rule_of (tool) != NULL;
}

/* Variables that say where the tool's files are: `${NAME…}` in its paths, and what rows depend on.
 */
static gboolean
place_is_certain (PrcRoute *route, const PrcRouteQuery *query, const char *name)
{
    const PrcVariable *variable = prc_variables_find (query->variables, name);

    if (variable == NULL || variable->doubt == NULL)
        return TRUE;
    prc_route_end (route, PRC_ROUTE_UNDECIDED, NULL,
                   g_strdup_printf (_ ("where %s's files are depends on %s; %s"), query->tool->name,
                                    name, variable->doubt));
    return FALSE;
}

static gboolean
path_is_certain (PrcRoute *route, const PrcRouteQuery *query, const char *path)
{
    const char *open = path != NULL ? strstr (path, "${") : NULL;
    g_autofree char *name = NULL;

    if (open == NULL)
        return TRUE;
    name = g_strndup (open + 2, strcspn (open + 2, ":}["));
    return strcmp (name, "prefix") == 0 || place_is_certain (route, query, name);
}

static gboolean
places_are_certain (PrcRoute *route, const PrcRouteQuery *query)
{
    for (guint i = 0; i < query->tool->files->len; i++) {
        const PrcToolFile *row = g_ptr_array_index (query->tool->files, i);
        char **const lists[] = { row->if_set, row->if_unset, row->unless_file };

        if (!path_is_certain (route, query, row->path))
            return FALSE;
        for (gsize k = 0; k < G_N_ELEMENTS (lists); k++)
            for (char **name = lists[k]; name != NULL && *name != NULL; name++)
                if (!place_is_certain (route, query, *name))
                    return FALSE;
    }
    return TRUE;
}

static PrcRoute *
find_for_version (const Rule *rule, const PrcRouteQuery *query, guint version)
{
    PrcRouteQuery copy = *query;
    PrcRoute *route = prc_route_new ();

    copy.version = version;
    if (places_are_certain (route, &copy))
        rule->rule (route, &copy);
    return route;
}

PrcRoute *
prc_route_find (const PrcRouteQuery *query)
{
    const Rule *rule = rule_of (query->tool);
    PrcRoute *route = NULL;

    g_return_val_if_fail (rule != NULL, NULL);
    route =
        find_for_version (rule, query, query->version != 0 ? query->version : rule->versions[0]);
    for (gsize i = 1; query->version == 0 && rule->versions[i] != 0; i++) {
        g_autoptr (PrcRoute) other = find_for_version (rule, query, rule->versions[i]);

        if (prc_route_same (route, other))
            continue;
        prc_route_end (route, PRC_ROUTE_UNDECIDED, NULL,
                       g_strdup_printf (_ ("it depends on the version of %s, which could not be "
                                           "found out without running it"),
                                        query->tool->name));
        g_clear_pointer (&route->bypassed_by, g_free);
        break;
    }
    return route;
}
