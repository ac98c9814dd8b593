/* curl: one file, in which all names of a proxy share one slot; then the environment. As
 * tool_parsecfg.c, and lib/url.c of libcurl. */
#include "routing/route-internal.h"

#include <fcntl.h>
#include <string.h>

#include "base/fs.h"
#include "base/i18n.h"

enum { CONFIG_DEPTH_MAX = 8 };

typedef struct {
    const PrcRouteQuery *query;
    GPtrArray *proxies, *preproxies, *lists; /* of PrcSetting, in file order */
    char *doubt;                             /* (nullable): what is read from here on may not be */
    gboolean stopped;
} Curl;

/* {{NAME:url}} in the credentials says nothing about the way. */
static char *
without_expansions (const char *value)
{
    g_autoptr (GString) out = g_string_new (NULL);
    const char *at = strrchr (value, '@');

    for (const char *p = value; *p != '\0';) {
        const char *close = g_str_has_prefix (p, "{{") ? strstr (p, "}}") : NULL;

        if (close != NULL && (at == NULL || close > at))
            return NULL;
        if (close != NULL) {
            g_string_append_c (out, 'x');
            p = close + 2;
        } else {
            g_string_append_c (out, *p++);
        }
    }
    return g_strdup (out->str);
}

/* `variable = %NAME` of a variable that isn't set is an error: the rest is not read. */
static void
read_variable (Curl *curl, const char *path, const PrcEntry *entry)
{
    const PrcVariable *variable = NULL;

    if (entry->value == NULL || *entry->value != '%' || strchr (entry->value, '=') != NULL)
        return;
    variable = prc_variables_find (curl->query->variables, entry->value + 1);
    if (variable == NULL)
        curl->stopped = TRUE;
    else if (variable->doubt != NULL)
        curl->doubt = g_strdup_printf ("%s:%u: %s", path, entry->line, variable->doubt);
}

static void
add (Curl *curl, GPtrArray *settings, const char *path, const PrcEntry *entry, const char *scheme)
{
    PrcSetting *setting = prc_settings_add_entry (settings, path, entry);

    setting->scheme = scheme;
    setting->empty_stops = TRUE;
    if (g_str_has_prefix (entry->key, "expand-") && entry->value != NULL) {
        g_autofree char *value = without_expansions (entry->value);

        if (value != NULL)
            prc_setting_set (setting, value);
        else if (setting->doubt == NULL)
            setting->doubt = g_strdup_printf (_ ("%s:%u: %s is computed by curl"), path,
                                              entry->line, entry->key);
    }
    if (setting->doubt == NULL)
        setting->doubt = g_strdup (curl->doubt);
}

static void read_document (Curl *curl, const char *path, const PrcDocument *doc, guint depth);

static void
read_config (Curl *curl, const char *value, guint depth)
{
    const char *dir = curl->query->dir != NULL ? curl->query->dir : curl->query->place->home;
    g_autofree char *path = *value == '/' ? g_strdup (value) : g_build_filename (dir, value, NULL);
    g_autoptr (GBytes) bytes = prc_read_file (AT_FDCWD, path, NULL, NULL);
    g_autoptr (PrcDocument) doc = NULL;

    if (bytes == NULL) {
        curl->stopped = TRUE;
        return;
    }
    doc = prc_document_parse (prc_format_by_name ("curlrc"), bytes, curl->query->version, NULL);
    if (doc != NULL && depth < CONFIG_DEPTH_MAX)
        read_document (curl, path, doc, depth + 1);
}

static void
read_entry (Curl *curl, const char *path, const PrcEntry *entry, guint depth)
{
    const char *key =
        g_str_has_prefix (entry->key, "expand-") ? entry->key + strlen ("expand-") : entry->key;
    const PrcToolKey *row = prc_tool_find_key (curl->query->tool, key);

    if (strcmp (key, "variable") == 0)
        read_variable (curl, path, entry);
    else if (strcmp (key, "config") == 0 && entry->value != NULL)
        read_config (curl, entry->value, depth);
    else if (strcmp (key, "preproxy") == 0)
        add (curl, curl->preproxies, path, entry, "socks4");
    else if (row != NULL && row->role == PRC_ROLE_NO_PROXY)
        add (curl, curl->lists, path, entry, NULL);
    else if (row != NULL && row->role == PRC_ROLE_ALL)
        add (curl, curl->proxies, path, entry, row->scheme);
}

static void
read_document (Curl *curl, const char *path, const PrcDocument *doc, guint depth)
{
    const GPtrArray *entries = prc_document_entries (doc);

    for (guint i = 0; i < entries->len && !curl->stopped; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if ((entry->flags & PRC_ENTRY_INERT) == 0)
            read_entry (curl, path, entry, depth);
    }
}

/* The first that can be opened. */
static void
read_curlrc (Curl *curl, const PrcFound *found)
{
    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);

        if (file->bytes == NULL || file->scope == PRC_SCOPE_PROJECT)
            continue;
        if (file->doc != NULL)
            read_document (curl, file->path, file->doc, 0);
        return;
    }
}

/* Settings of one slot in file order: the last decides, those before it are beaten. */
static void
reverse_into (GPtrArray *to, GPtrArray *from)
{
    while (from->len > 0)
        g_ptr_array_add (to, g_ptr_array_steal_index (from, from->len - 1));
}

/* The slot's list replaces the environment's; of those, the first that isn't empty counts. */
static GPtrArray *
lists_of (Curl *curl)
{
    GPtrArray *lists = prc_settings_new ();

    if (curl->lists->len > 0) {
        g_ptr_array_add (lists, g_ptr_array_steal_index (curl->lists, curl->lists->len - 1));
        return lists;
    }
    prc_settings_add_no_proxy (lists, curl->query);
    return lists;
}

/* libcurl drops a proxy whose credentials decode to control characters, without a word. */
static gboolean
has_control_code (const char *value)
{
    const char *at = strrchr (value, '@');

    for (const char *p = strchr (value, '%'); p != NULL && at != NULL && p < at;
         p = strchr (p + 1, '%'))
        if ((p[1] == '0' || p[1] == '1') && g_ascii_isxdigit (p[2]))
            return TRUE;
    return FALSE;
}

/* `preproxy` stands before `proxy`, or alone: then the environment is not asked. */
static void
go_through (PrcRoute *route, const PrcRouteQuery *query, const GPtrArray *preproxies)
{
    g_autoptr (PrcRoute) first = prc_route_new ();
    const PrcSetting *chosen = prc_route_choose (first, preproxies);

    if (chosen != NULL)
        prc_route_use (first, query, chosen);
    if (first->kind == PRC_ROUTE_PROXY)
        route->through = g_steal_pointer (&first->proxy);
    else if (first->kind != PRC_ROUTE_DIRECT)
        prc_route_end (route, first->kind, chosen, g_strdup (first->detail));
}

static const PrcSetting *
choose (PrcRoute *route, Curl *curl, GPtrArray *settings, GPtrArray *before)
{
    const PrcSetting *chosen = NULL;

    reverse_into (settings, curl->proxies);
    reverse_into (before, curl->preproxies);
    if (before->len == 0)
        prc_settings_add_libcurl_variables (settings, curl->query,
                                            prc_target_is_https (curl->query->target), FALSE);
    chosen = prc_route_choose (route, settings);
    if (chosen != NULL || route->kind != PRC_ROUTE_DIRECT || before->len == 0)
        return chosen;
    g_ptr_array_set_size (route->beats, 0);
    return prc_route_choose (route, before);
}

static void
decide (PrcRoute *route, Curl *curl)
{
    g_autoptr (GPtrArray) settings = prc_settings_new ();
    g_autoptr (GPtrArray) before = prc_settings_new ();
    g_autoptr (GPtrArray) lists = lists_of (curl);
    const PrcSetting *chosen = choose (route, curl, settings, before);

    if (chosen == NULL || prc_route_bypass (route, curl->query, chosen, lists, prc_bypass_curl))
        return;
    prc_route_use (route, curl->query, chosen);
    if (route->kind == PRC_ROUTE_INVALID && has_control_code (chosen->value)) {
        prc_route_end (route, PRC_ROUTE_DIRECT, chosen,
                       g_strdup (_ ("curl ignores this proxy without a word, for there is a "
                                    "control character in its credentials")));
        if (before->len > 0)
            prc_route_use (route, curl->query, g_ptr_array_index (before, 0));
    } else if (route->kind == PRC_ROUTE_PROXY && before->len > 0 &&
               !g_ptr_array_find (before, chosen, NULL)) {
        if (g_str_has_prefix (route->proxy, "socks"))
            prc_route_end (route, PRC_ROUTE_UNDECIDED, chosen,
                           g_strdup (_ ("there is a preproxy too, and with two SOCKS proxies it "
                                        "depends on how they are written which one curl takes")));
        else
            go_through (route, curl->query, before);
    }
}

void
prc_route_curl (PrcRoute *route, const PrcRouteQuery *query)
{
    g_autoptr (PrcFound) found = prc_discover (query->tool, query->place);
    Curl curl = {
        query, prc_settings_new (), prc_settings_new (), prc_settings_new (), NULL, FALSE
    };

    read_curlrc (&curl, found);
    decide (route, &curl);
    g_ptr_array_unref (curl.proxies);
    g_ptr_array_unref (curl.preproxies);
    g_ptr_array_unref (curl.lists);
    g_free (curl.doubt);
}
