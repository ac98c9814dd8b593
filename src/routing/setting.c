#include "routing/route-internal.h"

#include "base/i18n.h"
#include "base/secret.h"

void
prc_setting_free (PrcSetting *setting)
{
    if (setting == NULL)
        return;
    g_free (setting->source.file);
    g_free (setting->source.key);
    prc_wipe_free (setting->value);
    g_free (setting->doubt);
    g_free (setting);
}

GPtrArray *
prc_settings_new (void)
{
    return g_ptr_array_new_with_free_func ((GDestroyNotify) prc_setting_free);
}

void
prc_setting_set (PrcSetting *setting, const char *value)
{
    char *copy = g_strdup (value);

    prc_wipe_free (setting->value);
    setting->value = copy;
}

PrcSetting *
prc_settings_add_variable (GPtrArray *settings, const PrcRouteQuery *query, const char *name)
{
    const PrcVariable *variable = prc_variables_find (query->variables, name);
    PrcSetting *setting = NULL;

    if (variable == NULL && query->variables->doubt == NULL)
        return NULL;
    setting = g_new0 (PrcSetting, 1);
    setting->source.key = g_strdup (name);
    setting->source.is_variable = TRUE;
    if (variable != NULL) {
        setting->source.file = g_strdup (variable->file);
        setting->source.line = variable->line;
        setting->value = g_strdup (variable->value);
    }
    setting->doubt =
        g_strdup (query->variables->doubt != NULL ? query->variables->doubt : variable->doubt);
    g_ptr_array_add (settings, setting);
    return setting;
}

void
prc_settings_add_libcurl_variables (GPtrArray *settings, const PrcRouteQuery *query,
                                    gboolean is_https, gboolean empty_stops)
{
    static const char *const http[] = { "http_proxy", "all_proxy", "ALL_PROXY", NULL };
    static const char *const https[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                         NULL };

    for (const char *const *name = is_https ? https : http; *name != NULL; name++) {
        PrcSetting *setting = prc_settings_add_variable (settings, query, *name);

        if (setting != NULL)
            setting->empty_stops = empty_stops;
    }
}

void
prc_settings_add_no_proxy (GPtrArray *lists, const PrcRouteQuery *query)
{
    const PrcSetting *list = prc_settings_add_variable (lists, query, "no_proxy");

    if (list == NULL || (list->doubt == NULL && *list->value == '\0'))
        prc_settings_add_variable (lists, query, "NO_PROXY");
}

PrcSetting *
prc_settings_add_entry (GPtrArray *settings, const char *path, const PrcEntry *entry)
{
    PrcSetting *setting = g_new0 (PrcSetting, 1);

    setting->source.file = g_strdup (path);
    setting->source.line = entry->line;
    setting->source.key = g_strdup (entry->key);
    setting->value = g_strdup (entry->value);
    if ((entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC)) != 0)
        setting->doubt = g_strdup_printf ("%s:%u: %s: %s", path, entry->line, entry->key,
                                          entry->detail != NULL ? entry->detail
                                          : (entry->flags & PRC_ENTRY_CONDITIONAL) != 0
                                              ? _ ("set on a condition")
                                              : _ ("computed"));
    g_ptr_array_add (settings, setting);
    return setting;
}
