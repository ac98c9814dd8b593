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

static GPtrArray *
lists_of (const PrcNpmConfig *config, const PrcRouteQuery *query)
{
    GPtrArray *lists = prc_settings_new ();
    const PrcSetting *own = NULL;

    prc_npm_config_add_list (config, lists);
    own = lists->len > 0 ? g_ptr_array_index (lists, 0) : NULL;
    if (query->version >= ANY_CASE_SINCE || own == NULL ||
        (own->doubt == NULL && (own->value == NULL || *own->value == '\0')))
        add_environment (lists, query, "no_proxy");
    return lists;
}

void
prc_route_npm (PrcRoute *route, const PrcRouteQuery *query)
{
    g_autoptr (PrcNpmConfig) config = prc_npm_config_read (route, query);
    g_autoptr (GPtrArray) settings = prc_settings_new ();
    g_autoptr (GPtrArray) lists = NULL;
    const PrcSetting *chosen = NULL;

    if (config == NULL)
        return;
    prc_npm_config_add_proxies (config, "https-proxy", settings);
    prc_npm_config_add_proxies (config, "proxy", settings);
    add_environment (settings, query, "https_proxy");
    if (!prc_target_is_https (query->target)) {
        add_environment (settings, query, "http_proxy");
        add_environment (settings, query, "proxy");
    }
    lists = lists_of (config, query);
    chosen = prc_route_choose (route, settings);
    if (chosen == NULL || prc_route_bypass (route, query, chosen, lists, prc_bypass_npm))
        return;
    prc_route_use (route, query, chosen);
}
