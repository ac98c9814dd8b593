/* npm: https-proxy serves http and https, then proxy, then the environment. As npm-registry-fetch
 * and @npmcli/agent (npm 10 and later), make-fetch-happen's agent.js before. */
#include "routing/route-internal.h"

#include <string.h>

#include "base/i18n.h"
#include "routing/npm-config.h"

#define ANY_CASE_SINCE PRC_TOOL_VERSION (10, 0, 0)

/* Since 10: of all spellings, empty ones too, the last one in the environment. */
static void
add_last_spelling (GPtrArray *settings, const PrcRouteQuery *query, const char *name)
{
    const GPtrArray *list = query->variables->list;
    PrcSetting *winner = NULL;

    for (guint i = list->len; i-- > 0;) {
        const PrcVariable *variable = g_ptr_array_index (list, i);

        if (g_ascii_strcasecmp (variable->name, name) != 0)
            continue;
        if (winner == NULL)
            winner = prc_settings_add_variable (settings, query, variable->name);
        else if (!query->variables->is_ordered && winner->doubt == NULL &&
                 g_strcmp0 (winner->value, variable->value) != 0)
            winner->doubt = g_strdup_printf (
                _ ("%s and %s differ, and npm takes the one that comes last in the environment, "
                   "which no shell promises"),
                winner->source.key, variable->name);
    }
    if (winner == NULL && query->variables->doubt != NULL)
        prc_settings_add_variable (settings, query, name);
}

/* Before: lower case, else upper case; empty ones are as if they weren't there. */
static void
add_both_spellings (GPtrArray *settings, const PrcRouteQuery *query, const char *name)
{
    g_autofree char *upper = g_ascii_strup (name, -1);

    prc_settings_add_variable (settings, query, name);
    prc_settings_add_variable (settings, query, upper);
}

static void
add_environment (GPtrArray *settings, const PrcRouteQuery *query, const char *name)
{
    if (query->version >= ANY_CASE_SINCE)
        add_last_spelling (settings, query, name);
    else
        add_both_spellings (settings, query, name);
}

/* Since 10 npm asks twice: its own list, or the environment's if it has none; then, with the
 * proxy's URL in hand, the environment's alone. Before, its own list stood for the environment's.
 */
static gboolean
is_bypassed (PrcRoute *route, const PrcRouteQuery *query, const PrcNpmConfig *config,
             const PrcSetting *chosen)
{
    g_autoptr (GPtrArray) own = prc_settings_new ();
    g_autoptr (GPtrArray) environment = prc_settings_new ();
    g_autoptr (PrcRoute) used = prc_route_new ();
    const PrcSetting *list = NULL;

    prc_npm_config_add_list (config, own);
    add_environment (environment, query, "no_proxy");
    list = own->len > 0 ? g_ptr_array_index (own, 0) : NULL;
    if (list == NULL || (list->doubt == NULL && (list->value == NULL || *list->value == '\0')))
        return prc_route_bypass (route, query, chosen, environment, prc_bypass_npm);
    if (prc_route_bypass (route, query, chosen, own, prc_bypass_npm))
        return TRUE;
    if (query->version < ANY_CASE_SINCE)
        return FALSE;
    prc_route_use (used, query, chosen);
    return used->kind == PRC_ROUTE_PROXY &&
           prc_route_bypass (route, query, chosen, environment, prc_bypass_npm);
}

void
prc_route_npm (PrcRoute *route, const PrcRouteQuery *query)
{
    g_autoptr (PrcNpmConfig) config = prc_npm_config_read (route, query);
    g_autoptr (GPtrArray) settings = prc_settings_new ();
    const PrcSetting *chosen = NULL;

    if (config == NULL)
        return;
    if (!prc_npm_config_add_proxies (config, route, "https-proxy", settings) ||
        !prc_npm_config_add_proxies (config, route, "proxy", settings))
        return;
    add_environment (settings, query, "https_proxy");
    if (!prc_target_is_https (query->target)) {
        add_environment (settings, query, "http_proxy");
        add_environment (settings, query, "proxy");
    }
    chosen = prc_route_choose (route, settings);
    if (chosen == NULL || is_bypassed (route, query, config, chosen))
        return;
    prc_route_use (route, query, chosen);
}
