/* git: remote.<name>.proxy, then the http.<url>.proxy that fits best, then the last http.proxy,
 * then the environment, in which an empty variable counts. As http.c, urlmatch.c and remote.c. */
#include "routing/route-internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"
#include "model/mask.h"
#include "routing/git-config.h"
#include "routing/git-url.h"

static PrcSetting *
add_git_entry (GPtrArray *settings, const PrcGitEntry *entry)
{
    PrcSetting *setting = g_new0 (PrcSetting, 1);

    g_ptr_array_add (settings, setting);
    setting->empty_stops = TRUE;
    setting->value = g_strdup (entry->value);
    if (entry->variable != NULL) {
        setting->source.key = g_strdup (entry->variable);
        setting->source.is_variable = TRUE;
        return setting;
    }
    setting->source.file = g_strdup (entry->file);
    setting->source.line = entry->line;
    setting->source.key = g_strdup (entry->key);
    setting->doubt = g_strdup (entry->doubt);
    return setting;
}

/* url.<base>.insteadOf: the longest beginning is replaced. (transfer full) */
static char *
rewrite_url (const GPtrArray *entries, const char *url)
{
    const PrcGitEntry *best = NULL;

    for (guint i = 0; i < entries->len; i++) {
        const PrcGitEntry *entry = g_ptr_array_index (entries, i);

        if (g_str_has_prefix (entry->key, "url.") && g_str_has_suffix (entry->key, ".insteadof") &&
            entry->value != NULL && g_str_has_prefix (url, entry->value) &&
            (best == NULL || strlen (entry->value) > strlen (best->value)))
            best = entry;
    }
    if (best == NULL)
        return g_strdup (url);
    return g_strdup_printf ("%.*s%s",
                            (int) (strlen (best->key) - strlen ("url.") - strlen (".insteadof")),
                            best->key + strlen ("url."), url + strlen (best->value));
}

/* The part between `http.` and `.proxy`; NULL: none of these keys; "" for http.proxy itself. */
static char *
subsection_of (const char *key)
{
    static const char first[] = "http.", last[] = ".proxy";

    if (strcmp (key, "http.proxy") == 0)
        return g_strdup ("");
    if (!g_str_has_prefix (key, first) || !g_str_has_suffix (key, last) ||
        strlen (key) < strlen (first) + strlen (last))
        return NULL;
    return g_strndup (key + strlen (first), strlen (key) - strlen (first) - strlen (last));
}

typedef struct {
    const PrcGitEntry *entry;
    PrcGitMatch match;
    guint index;
} Candidate;

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
    const Candidate *x = a, *y = b;
    int better = prc_git_match_compare (&y->match, &x->match);

    return better != 0 ? better : x->index < y->index ? 1 : -1;
}

/* All http.….proxy that are about @url, the strongest first. */
static void
add_http_proxies (PrcRoute *route, GPtrArray *settings, const GPtrArray *entries, const char *url)
{
    g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Candidate));
    g_auto (PrcGitUrl) target = { 0 };
    gboolean readable = prc_git_url_read (url, FALSE, &target);
    PrcGitMatch best = { 0, 0, FALSE };

    for (guint i = 0; i < entries->len; i++) {
        const PrcGitEntry *entry = g_ptr_array_index (entries, i);
        g_autofree char *subsection = subsection_of (entry->key);
        g_auto (PrcGitUrl) pattern = { 0 };
        Candidate candidate = { entry, { 0, 0, FALSE }, i };

        if (subsection == NULL ||
            (*subsection != '\0' && (!readable || !prc_git_url_read (subsection, TRUE, &pattern) ||
                                     !prc_git_url_match (&target, &pattern, &candidate.match))))
            continue;
        /* Git looks at a value when it is the best so far, also if a better one comes later. */
        if (prc_git_match_compare (&candidate.match, &best) < 0) {
            g_array_append_val (found, candidate);
            continue;
        }
        best = candidate.match;
        if (entry->value == NULL && route->kind != PRC_ROUTE_INVALID) {
            g_autofree char *where = prc_git_entry_where (entry);

            prc_route_end (
                route, PRC_ROUTE_INVALID, add_git_entry (settings, entry),
                g_strdup_printf (_ ("%s: %s has no value: git fails"), where, entry->key));
        }
        g_array_append_val (found, candidate);
    }
    g_array_sort (found, compare_candidates);
    for (guint i = 0; i < found->len; i++)
        add_git_entry (settings, g_array_index (found, Candidate, i).entry);
}

/* A remote may be named by its URL; those with names count only for `git fetch NAME`. */
static void
add_remote_proxy (GPtrArray *settings, const GPtrArray *entries, const char *url)
{
    g_autofree char *key = g_strdup_printf ("remote.%s.proxy", url);

    for (guint i = entries->len; i-- > 0;) {
        const PrcGitEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0)
            add_git_entry (settings, entry);
    }
}

/* no_proxy hides NO_PROXY even when it is empty. */
static GPtrArray *
lists_of (const PrcRouteQuery *query)
{
    GPtrArray *lists = prc_settings_new ();

    if (prc_settings_add_variable (lists, query, "no_proxy") == NULL)
        prc_settings_add_variable (lists, query, "NO_PROXY");
    return lists;
}

/* `git fetch origin` may go another way than the URL by itself. */
static void
mention_remotes (PrcRoute *route, const GPtrArray *entries, const char *url)
{
    for (guint i = 0; i < entries->len; i++) {
        const PrcGitEntry *entry = g_ptr_array_index (entries, i);
        g_autofree char *name = NULL;
        g_autofree char *key = NULL;

        if (!g_str_has_prefix (entry->key, "remote.") || !g_str_has_suffix (entry->key, ".url") ||
            entry->value == NULL || strcmp (entry->value, url) != 0)
            continue;
        name = g_strndup (entry->key + strlen ("remote."),
                          strlen (entry->key) - strlen ("remote.") - strlen (".url"));
        key = g_strdup_printf ("remote.%s.proxy", name);
        for (guint k = 0; k < entries->len; k++) {
            const PrcGitEntry *proxy = g_ptr_array_index (entries, k);

            if (strcmp (proxy->key, key) == 0 && route->detail == NULL) {
                g_autofree char *where = prc_git_entry_where (proxy);

                route->detail = g_strdup_printf (_ ("%s: `git fetch %s` follows %s instead"), where,
                                                 name, proxy->key);
            }
        }
    }
}

/* Up to 2.46 git takes a scheme that it doesn't know for http; later it fails. */
static gboolean
has_unknown_scheme (const char *value)
{
    const char *colon = strstr (value, "://");
    PrcProxyScheme scheme;

    return colon != NULL && colon > value &&
           !prc_proxy_scheme_from_name (value, (gsize) (colon - value), &scheme);
}

/* What git itself fails on, before anybody looks at no_proxy; the rest is libcurl's. */
static gboolean
is_refused_at_once (const char *value)
{
    g_autofree char *lower = g_ascii_strdown (value, -1);

    return g_str_has_prefix (value, "://") || strstr (lower, "%0a") != NULL;
}

/* `http://` and the like: git hands the empty host on, which means no proxy. */
static gboolean
has_no_host (const char *value)
{
    const char *colon = strstr (value, "://");
    const char *start = colon != NULL ? colon + strlen ("://") : value;
    gsize length = strcspn (start, "/");
    const char *at = memchr (start, '@', length);

    return at != NULL ? at + 1 == start + length : length == 0;
}

static void
decide (PrcRoute *route, const PrcRouteQuery *query, const GPtrArray *entries, const char *url)
{
    g_autoptr (GPtrArray) settings = prc_settings_new ();
    g_autoptr (GPtrArray) lists = lists_of (query);
    const PrcSetting *chosen = NULL;

    add_remote_proxy (settings, entries, url);
    add_http_proxies (route, settings, entries, url);
    if (route->kind == PRC_ROUTE_INVALID)
        return;
    prc_settings_add_libcurl_variables (settings, query, prc_target_is_https (query->target), TRUE);
    chosen = prc_route_choose (route, settings);
    if (chosen == NULL)
        return;
    if (is_refused_at_once (chosen->value)) {
        prc_route_use (route, query, chosen);
        return;
    }
    if (prc_route_bypass (route, query, chosen, lists, prc_bypass_curl))
        return;
    if (has_no_host (chosen->value)) {
        route->detail = g_strdup (_ ("this value names no host, which git takes for no proxy"));
        return;
    }
    if (has_unknown_scheme (chosen->value)) {
        prc_route_end (route, PRC_ROUTE_UNDECIDED, chosen,
                       g_strdup (_ ("the scheme of this proxy is none that git knows: new versions "
                                    "fail, older ones take it for http://")));
        return;
    }
    prc_route_use (route, query, chosen);
}

/* The variables that hold settings are many, and none of them is among the catalogue's. */
static gboolean
variables_are_certain (PrcRoute *route, const PrcRouteQuery *query)
{
    for (guint i = 0; i < query->variables->list->len; i++) {
        const PrcVariable *variable = g_ptr_array_index (query->variables->list, i);

        if (variable->doubt != NULL && (g_str_has_prefix (variable->name, "GIT_CONFIG_") ||
                                        strcmp (variable->name, "GIT_DIR") == 0)) {
            prc_route_end (route, PRC_ROUTE_UNDECIDED, NULL, g_strdup (variable->doubt));
            return FALSE;
        }
    }
    return TRUE;
}

/* Which start-up file sets the variables that hold settings. */
static void
find_origin (const PrcRouteQuery *query, PrcRouteSource *source)
{
    const PrcVariable *variable =
        source->is_variable ? prc_variables_find (query->variables, source->key) : NULL;

    if (variable == NULL || source->file != NULL)
        return;
    source->file = g_strdup (variable->file);
    source->line = variable->line;
}

static void
find_origins (PrcRoute *route, const PrcRouteQuery *query)
{
    if (route->decided_by != NULL)
        find_origin (query, route->decided_by);
    for (guint i = 0; i < route->beats->len; i++)
        find_origin (query, g_ptr_array_index (route->beats, i));
}

static void
find_route (PrcRoute *route, const PrcRouteQuery *query)
{
    g_autofree char *failure = NULL;
    g_autofree char *variable = NULL;
    g_autoptr (GPtrArray) entries = prc_git_config_read (query, &failure, &variable);
    g_autofree char *url = NULL;
    g_autofree char *shown = NULL;
    g_autoptr (PrcTarget) target = NULL;
    PrcRouteQuery rewritten = *query;

    if (!variables_are_certain (route, query))
        return;
    if (failure != NULL) {
        const PrcSetting about = { .source = { .key = variable, .is_variable = TRUE } };

        prc_route_end (route, PRC_ROUTE_INVALID, variable != NULL ? &about : NULL,
                       g_steal_pointer (&failure));
        return;
    }
    url = rewrite_url (entries, query->target->url);
    shown = prc_mask_url_text (url);
    target = prc_target_parse (url, NULL);
    if (target == NULL) {
        prc_route_end (route, PRC_ROUTE_DIRECT, NULL,
                       g_strdup_printf (_ ("git reaches %s instead, by insteadOf, without any of "
                                           "these proxies"),
                                        shown));
        return;
    }
    rewritten.target = target;
    decide (route, &rewritten, entries, url);
    mention_remotes (route, entries, query->target->url);
    if (route->detail == NULL && strcmp (url, query->target->url) != 0)
        route->detail = g_strdup_printf (_ ("git reaches %s instead, by insteadOf"), shown);
}

void
prc_route_git (PrcRoute *route, const PrcRouteQuery *query)
{
    find_route (route, query);
    find_origins (route, query);
}
