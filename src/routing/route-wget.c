/* wget: the file's proxy stands before the environment's; its lists are added to the environment's.
 * As init.c and retr.c of 1.21. */
#include "routing/route-internal.h"

#include <string.h>

#include "base/i18n.h"

typedef struct {
    GPtrArray *proxies, *lists; /* of PrcSetting, in reading order */
    GPtrArray *switches;
} Wget;

static void
read_file (Wget *wget, const PrcFoundFile *file, const char *key)
{
    const GPtrArray *entries = prc_document_entries (file->doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if ((entry->flags & PRC_ENTRY_INERT) != 0 || entry->value == NULL)
            continue;
        if (strcmp (entry->key, key) == 0) {
            prc_settings_add_entry (wget->proxies, file->path, entry)->empty_stops = TRUE;
        } else if (strcmp (entry->key, "use_proxy") == 0) {
            prc_settings_add_entry (wget->switches, file->path, entry);
        } else if (strcmp (entry->key, "no_proxy") == 0) {
            if (*entry->value == '\0') /* takes back all lists so far */
                g_ptr_array_set_size (wget->lists, 0);
            else
                prc_settings_add_entry (wget->lists, file->path, entry);
        }
    }
}

/* Returns: FALSE when wget would not run. */
static gboolean
read_files (PrcRoute *route, const PrcRouteQuery *query, Wget *wget, const char *key)
{
    g_autoptr (PrcFound) found = prc_discover (query->tool, query->place);
    const char *own = prc_place_getenv (query->place, "WGETRC");

    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);

        if (file->scope == PRC_SCOPE_PROJECT || (file->exists && !file->is_read))
            continue;
        if (file->exists && file->bytes == NULL)
            continue; /* unreadable: wget goes on without it */
        if (prc_route_refuse (route, file))
            return FALSE;
        if (file->doc != NULL && file->exists) {
            read_file (wget, file, key);
        } else if (own != NULL && strcmp (file->path, own) == 0) {
            g_autoptr (GPtrArray) aside = prc_settings_new ();

            prc_route_end (
                route, PRC_ROUTE_INVALID, prc_settings_add_variable (aside, query, "WGETRC"),
                g_strdup_printf (_ ("WGETRC names %s, which is not there: wget fails"), own));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
is_off (const char *value)
{
    static const char *const words[] = { "off", "no", "0", NULL };

    for (const char *const *word = words; *word != NULL; word++)
        if (g_ascii_strcasecmp (value, *word) == 0)
            return TRUE;
    return FALSE;
}

/* Without a scheme, what has a ':' that no port follows is a path at an FTP server to wget. */
static gboolean
means_ftp (const char *value)
{
    const char *mark = strpbrk (value, ":/");
    gsize digits = 0;

    if (mark == NULL || *mark != ':' || g_str_has_prefix (mark, "://"))
        return FALSE;
    digits = strspn (mark + 1, "0123456789");
    return digits == 0 || (mark[1 + digits] != '/' && mark[1 + digits] != '\0');
}

/* For an https:// URL a proxy may be called https:// too; wget speaks plain HTTP to it all the
 * same. */
static void
use (PrcRoute *route, const PrcRouteQuery *query, const PrcSetting *chosen)
{
    PrcTool tool = *query->tool;
    PrcRouteQuery own = *query;
    gboolean is_named_https = g_ascii_strncasecmp (chosen->value, "https://", 8) == 0;

    if (means_ftp (chosen->value)) {
        prc_route_end (
            route, PRC_ROUTE_INVALID, chosen,
            g_strdup (_ ("wget can't use this value: it takes it for an FTP server; begin "
                         "it with http://")));
        return;
    }
    own.tool = &tool;
    if (is_named_https && prc_target_is_https (query->target))
        tool.url.schemes |= 1u << PRC_PROXY_HTTPS;
    prc_route_use (route, &own, chosen);
    if (route->kind == PRC_ROUTE_PROXY && is_named_https) {
        char *plain = g_strconcat ("http", route->proxy + strlen ("https"), NULL);

        g_free (route->proxy);
        route->proxy = plain;
        route->detail =
            g_strdup (_ ("the setting says https://, but wget speaks plain HTTP to it"));
    }
}

static void
decide (PrcRoute *route, const PrcRouteQuery *query, Wget *wget, const char *key)
{
    g_autoptr (GPtrArray) settings = prc_settings_new ();
    const PrcSetting *chosen = NULL;
    const PrcSetting *last = wget->switches->len > 0
                                 ? g_ptr_array_index (wget->switches, wget->switches->len - 1)
                                 : NULL;

    while (wget->proxies->len > 0)
        g_ptr_array_add (settings, g_ptr_array_steal_index (wget->proxies, wget->proxies->len - 1));
    prc_settings_add_variable (settings, query, key);
    chosen = prc_route_choose (route, settings);
    if (last != NULL && is_off (last->value)) {
        prc_route_end (route, PRC_ROUTE_DIRECT, last, NULL);
        return;
    }
    if (chosen == NULL || prc_route_bypass (route, query, chosen, wget->lists, prc_bypass_wget))
        return;
    use (route, query, chosen);
}

void
prc_route_wget (PrcRoute *route, const PrcRouteQuery *query)
{
    const char *key = prc_target_is_https (query->target) ? "https_proxy" : "http_proxy";
    Wget wget = { prc_settings_new (), prc_settings_new (), prc_settings_new () };

    prc_settings_add_variable (wget.lists, query, "no_proxy");
    if (read_files (route, query, &wget, key))
        decide (route, query, &wget, key);
    g_ptr_array_unref (wget.proxies);
    g_ptr_array_unref (wget.lists);
    g_ptr_array_unref (wget.switches);
}
