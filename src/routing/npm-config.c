#include "routing/npm-config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/npmrc-text.h"
#include "routing/npm-expand.h"

#define OPTIONAL_SINCE PRC_TOOL_VERSION (11, 0, 0)

/* A file's document, or the environment (no document). */
typedef struct {
    char *path; /* (nullable) */
    PrcDocument *doc;
    gboolean is_builtin; /* npm's own: what is in it is not looked at closely */
} Level;

struct _PrcNpmConfig {
    const PrcRouteQuery *query;
    GPtrArray *levels; /* of Level, the strongest first */
};

static void
level_free (gpointer data)
{
    Level *level = data;

    g_free (level->path);
    prc_document_unref (level->doc);
    g_free (level);
}

void
prc_npm_config_free (PrcNpmConfig *config)
{
    if (config == NULL)
        return;
    g_ptr_array_unref (config->levels);
    g_free (config);
}

/* Values */

static void
expand (const PrcNpmConfig *config, PrcSetting *setting, const char *text)
{
    char *doubt = NULL;
    g_autoptr (PrcWipedString) value = NULL;
    gsize start = 0, end = strlen (text);
    g_autoptr (PrcWipedString) trimmed = NULL;

    prc_npm_trim (text, &start, &end);
    trimmed = g_strndup (text + start, end - start);
    value = prc_npm_expand (trimmed, config->query->variables,
                            config->query->version >= OPTIONAL_SINCE, &doubt);
    prc_setting_set (setting, value);
    if (doubt != NULL) {
        g_free (setting->doubt);
        setting->doubt = doubt;
    }
}

static PrcSetting *
add_file_entry (const PrcNpmConfig *config, const Level *level, const PrcEntry *entry,
                GPtrArray *settings)
{
    PrcSetting *setting = prc_settings_add_entry (settings, level->path, entry);
    const char *data = prc_document_data (level->doc, NULL);
    g_auto (PrcNpmText) text = { 0 };

    if ((entry->flags & PRC_ENTRY_DYNAMIC) == 0)
        return setting;
    g_clear_pointer (&setting->doubt, g_free);
    prc_npm_decode (data, entry->value_start, entry->value_end, &text);
    expand (config, setting, text.text);
    return setting;
}

/* npm_config_https_proxy, in any case, is https-proxy. */
static gboolean
variable_is_key (const char *name, const char *key)
{
    g_autofree char *rest = NULL;

    if (g_ascii_strncasecmp (name, "npm_config_", strlen ("npm_config_")) != 0)
        return FALSE;
    rest = g_ascii_strdown (name + strlen ("npm_config_"), -1);
    for (char *p = rest; *p != '\0'; p++)
        if (*p == '_' && p > rest)
            *p = '-';
    return strcmp (rest, key) == 0;
}

static void
doubt_order (const PrcRouteQuery *query, PrcSetting *winner, const PrcSetting *other)
{
    if (query->variables->is_ordered || winner->doubt != NULL ||
        g_strcmp0 (winner->value, other->value) == 0)
        return;
    winner->doubt = g_strdup_printf (
        _ ("%s and %s differ, and npm takes the one that comes last in the environment, which no "
           "shell promises"),
        winner->source.key, other->source.key);
}

/* (transfer none) (nullable): the last of the spellings; empty ones are no setting. */
static PrcSetting *
add_variable (const PrcNpmConfig *config, const char *key, GPtrArray *settings)
{
    const GPtrArray *list = config->query->variables->list;
    PrcSetting *winner = NULL;

    for (guint i = list->len; i-- > 0;) {
        const PrcVariable *variable = g_ptr_array_index (list, i);
        g_autoptr (GPtrArray) aside = prc_settings_new ();
        PrcSetting *setting = NULL;

        if (!variable_is_key (variable->name, key) ||
            (variable->value != NULL && *variable->value == '\0'))
            continue;
        setting = prc_settings_add_variable (winner == NULL ? settings : aside, config->query,
                                             variable->name);
        if (setting->value != NULL)
            expand (config, setting, variable->value);
        if (winner == NULL)
            winner = setting;
        else
            doubt_order (config->query, winner, setting);
    }
    return winner;
}

static const PrcEntry *
last_entry (const Level *level, const char *key)
{
    const GPtrArray *entries = prc_document_entries (level->doc);

    for (guint i = entries->len; i-- > 0;) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0 && (entry->flags & PRC_ENTRY_INERT) == 0)
            return entry;
    }
    return NULL;
}

/* (transfer none) (nullable): what @level says of @key. */
static PrcSetting *
add_from_level (const PrcNpmConfig *config, const Level *level, const char *key,
                GPtrArray *settings)
{
    const PrcEntry *entry = NULL;

    if (level->doc == NULL)
        return add_variable (config, key, settings);
    entry = last_entry (level, key);
    return entry != NULL ? add_file_entry (config, level, entry, settings) : NULL;
}

static gboolean
is_nothing (const char *value)
{
    static const char *const words[] = { "", "null", "false", "undefined" };

    for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if (strcmp (value, words[i]) == 0)
            return TRUE;
    return FALSE;
}

/* Where url.parse() looks for credentials and a host: [@ret_start, @ret_end) of @value; FALSE:
 * nowhere. */
static gboolean
find_authority (const char *value, const char **ret_start, const char **ret_end)
{
    static const char *const slashed[] = { "http", "https", "ftp",        "gopher", "file",
                                           "ws",   "wss",   "javascript", NULL };
    gsize length = 0;
    g_autofree char *scheme = NULL;

    while (g_ascii_isalnum (value[length]) ||
           (value[length] != '\0' && strchr (".+-", value[length]) != NULL))
        length++;
    if (length == 0 || value[length] != ':')
        return FALSE;
    scheme = g_ascii_strdown (value, (gssize) length);
    *ret_start = value + length + 1;
    if (g_str_has_prefix (*ret_start, "//"))
        *ret_start += 2;
    else if (g_strv_contains (slashed, scheme))
        return FALSE;
    *ret_end = *ret_start + strcspn (*ret_start, "/?#");
    return TRUE;
}

/* A '%' that begins no byte of UTF-8. */
static gboolean
is_bad_userinfo (const char *text, gsize length)
{
    g_autoptr (PrcWipedString) userinfo = g_strndup (text, length);
    g_autoptr (PrcWipedString) decoded = NULL;

    for (const char *p = userinfo; *p != '\0'; p++)
        if (*p == '%' && (!g_ascii_isxdigit (p[1]) || !g_ascii_isxdigit (p[2])))
            return TRUE;
    decoded = g_uri_unescape_string (userinfo, NULL);
    return decoded != NULL && !g_utf8_validate (decoded, -1, NULL);
}

static gboolean
is_bad_address (const char *text, gsize length)
{
    const char *close = memchr (text, ']', length);
    g_autofree char *address = NULL;
    struct in6_addr v6;

    if (length == 0 || *text != '[')
        return FALSE;
    if (close == NULL || (close + 1 < text + length && close[1] != ':'))
        return TRUE;
    address = g_strndup (text + 1, (gsize) (close - text - 1));
    return inet_pton (AF_INET6, address, &v6) != 1;
}

/* Values on which npm fails wherever they stand, for it looks at all of them. Others that are no
 * URL matter only where they win. */
static gboolean
is_malformed (const char *value)
{
    const char *start = NULL, *end = NULL, *at = NULL;

    if (!find_authority (value, &start, &end))
        return FALSE;
    at = g_strrstr_len (start, end - start, "@");
    if (at != NULL && is_bad_userinfo (start, (gsize) (at - start)))
        return TRUE;
    start = at != NULL ? at + 1 : start;
    return is_bad_address (start, (gsize) (end - start));
}

/* Returns: FALSE: npm fails. */
static gboolean
add_proxy (const PrcNpmConfig *config, PrcRoute *route, const Level *level, const char *key,
           GPtrArray *settings, gboolean *is_masked)
{
    g_autoptr (GPtrArray) one = prc_settings_new ();
    PrcSetting *setting = add_from_level (config, level, key, one);

    if (setting == NULL)
        return TRUE;
    if (setting->doubt == NULL && setting->value != NULL && !level->is_builtin &&
        is_malformed (setting->value)) {
        prc_route_end (route, PRC_ROUTE_INVALID, setting,
                       g_strdup (_ ("npm fails on this value, whichever wins: %, and what no URL "
                                    "may hold, must be written as %HH")));
        return FALSE;
    }
    if (setting->doubt == NULL && (setting->value == NULL || is_nothing (setting->value)))
        *is_masked = TRUE;
    else if (!*is_masked)
        g_ptr_array_add (settings, g_ptr_array_steal_index (one, 0));
    return TRUE;
}

gboolean
prc_npm_config_add_proxies (const PrcNpmConfig *config, PrcRoute *route, const char *key,
                            GPtrArray *settings)
{
    gboolean is_masked = FALSE;

    for (guint i = 0; i < config->levels->len; i++)
        if (!add_proxy (config, route, g_ptr_array_index (config->levels, i), key, settings,
                        &is_masked))
            return FALSE;
    return TRUE;
}

/* noproxy[]=a and noproxy[]=b are one list. */
static void
join_list (const PrcNpmConfig *config, const Level *level, PrcSetting *setting)
{
    const GPtrArray *entries = prc_document_entries (level->doc);
    g_autoptr (GString) text = g_string_new (NULL);
    gboolean listed = FALSE;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        g_autoptr (GPtrArray) aside = prc_settings_new ();
        const PrcSetting *one = NULL;

        if (strcmp (entry->key, "noproxy") != 0 || (entry->flags & PRC_ENTRY_INERT) != 0)
            continue;
        if (!listed || (entry->flags & PRC_ENTRY_LIST) == 0)
            g_string_truncate (text, 0); /* what was there is replaced */
        listed = (entry->flags & PRC_ENTRY_LIST) != 0;
        one = add_file_entry (config, level, entry, aside);
        if (text->len > 0)
            g_string_append_c (text, ',');
        g_string_append (text, one->value != NULL ? one->value : "");
        if (one->doubt != NULL && setting->doubt == NULL)
            setting->doubt = g_strdup (one->doubt);
    }
    prc_setting_set (setting, text->str);
}

void
prc_npm_config_add_list (const PrcNpmConfig *config, GPtrArray *lists)
{
    for (guint i = 0; i < config->levels->len; i++) {
        const Level *level = g_ptr_array_index (config->levels, i);
        PrcSetting *setting = add_from_level (config, level, "noproxy", lists);

        if (setting == NULL)
            continue;
        if (level->doc != NULL)
            join_list (config, level, setting);
        return;
    }
}

/* Levels */

/* Returns: FALSE: npm fails on it. A file that can't be read is as if it weren't there. */
static gboolean
add_level (PrcNpmConfig *config, PrcRoute *route, const char *path)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = prc_read_file (AT_FDCWD, path, NULL, NULL);
    Level *level = NULL;
    PrcDocument *doc = NULL;

    if (bytes == NULL)
        return TRUE;
    doc = prc_document_parse (prc_format_by_name ("npmrc"), bytes, 0, &error);
    if (doc == NULL) {
        prc_prefix_file (&error, path);
        prc_route_end (route, PRC_ROUTE_INVALID, NULL, g_strdup (error->message));
        return FALSE;
    }
    level = g_new0 (Level, 1);
    level->path = g_strdup (path);
    level->doc = doc;
    g_ptr_array_add (config->levels, level);
    return TRUE;
}

/* A key of the levels so far, as a path; (transfer full) (nullable). */
static char *
path_of_key (const PrcNpmConfig *config, const char *key)
{
    for (guint i = 0; i < config->levels->len; i++) {
        g_autoptr (GPtrArray) aside = prc_settings_new ();
        const PrcSetting *setting =
            add_from_level (config, g_ptr_array_index (config->levels, i), key, aside);

        if (setting == NULL || setting->value == NULL || *setting->value == '\0')
            continue;
        if (g_str_has_prefix (setting->value, "~/"))
            return g_build_filename (config->query->place->home, setting->value + 2, NULL);
        return g_canonicalize_filename (setting->value, config->query->dir != NULL
                                                            ? config->query->dir
                                                            : config->query->place->home);
    }
    return NULL;
}

static gboolean
has_file (const char *folder, const char *name, GFileTest test)
{
    g_autofree char *path = g_build_filename (folder, name, NULL);

    return g_file_test (path, test);
}

/* Where the project's own file is: beside the nearest package.json or node_modules; (transfer
 * full). */
static char *
project_folder (const char *dir)
{
    g_autofree char *folder = g_strdup (dir);

    while (!has_file (folder, "package.json", G_FILE_TEST_IS_REGULAR) &&
           !has_file (folder, "node_modules", G_FILE_TEST_IS_DIR)) {
        char *parent = g_path_get_dirname (folder);

        if (strcmp (parent, folder) == 0) {
            g_free (parent);
            return g_strdup (dir);
        }
        g_free (folder);
        folder = parent;
    }
    return g_steal_pointer (&folder);
}

/* A folder above whose package.json has workspaces: then its file may count instead. (transfer
 * full) (nullable) */
static char *
workspace_root (const char *folder)
{
    g_autofree char *above = g_path_get_dirname (folder);

    while (strcmp (above, "/") != 0 && strcmp (above, ".") != 0) {
        g_autofree char *path = g_build_filename (above, "package.json", NULL);
        g_autofree char *text = NULL;
        char *parent = NULL;

        if (g_file_get_contents (path, &text, NULL, NULL) &&
            strstr (text, "\"workspaces\"") != NULL)
            return g_steal_pointer (&above);
        parent = g_path_get_dirname (above);
        g_free (above);
        above = parent;
    }
    return NULL;
}

static gboolean
is_global_mode (const PrcNpmConfig *config)
{
    g_autoptr (GPtrArray) aside = prc_settings_new ();
    const PrcSetting *global = add_variable (config, "global", aside);
    const PrcSetting *location = add_variable (config, "location", aside);

    return (global != NULL && g_strcmp0 (global->value, "true") == 0) ||
           (location != NULL && g_strcmp0 (location->value, "global") == 0);
}

static gboolean
add_project (PrcNpmConfig *config, PrcRoute *route)
{
    g_autofree char *folder = NULL;
    g_autofree char *file = NULL;
    g_autofree char *root = NULL;
    g_autofree char *user = path_of_key (config, "userconfig");
    g_autofree char *usual = g_build_filename (config->query->place->home, ".npmrc", NULL);

    if (config->query->dir == NULL || is_global_mode (config))
        return TRUE;
    folder = project_folder (config->query->dir);
    file = g_build_filename (folder, ".npmrc", NULL);
    if (strcmp (file, user != NULL ? user : usual) == 0)
        return TRUE;
    root = workspace_root (folder);
    if (root != NULL && (has_file (folder, ".npmrc", G_FILE_TEST_EXISTS) ||
                         has_file (root, ".npmrc", G_FILE_TEST_EXISTS))) {
        prc_route_end (route, PRC_ROUTE_UNDECIDED, NULL,
                       g_strdup_printf (_ ("%s may be a workspace of %s: then npm reads the .npmrc "
                                           "there instead"),
                                        folder, root));
        return FALSE;
    }
    return add_level (config, route, file);
}

static char *
global_path (const PrcNpmConfig *config)
{
    const PrcPlace *place = config->query->place;
    char *path = path_of_key (config, "globalconfig");
    g_autofree char *prefix = NULL;
    g_autofree char *npm = NULL;
    g_autofree char *real = NULL;
    const char *given = prc_place_getenv (place, "PREFIX");
    g_auto (GStrv) usual = NULL;

    if (path != NULL)
        return path;
    prefix = path_of_key (config, "prefix");
    if (prefix != NULL || given != NULL)
        return g_build_filename (prefix != NULL ? prefix : given, "etc", "npmrc", NULL);
    npm = prc_place_find_program (place, "npm");
    real = npm != NULL ? realpath (npm, NULL) : NULL;
    if (real != NULL && strstr (real, "/share/nodejs/") != NULL) /* as Debian has it */
        return g_strconcat (place->root, "/etc/npmrc", NULL);
    usual = prc_place_expand (place, "${prefix:node}/etc/npmrc");
    return g_strdup (usual[0]);
}

/* npm's own, two folders above bin/npm-cli.js. */
static char *
builtin_path (const PrcNpmConfig *config)
{
    g_auto (GStrv) paths = prc_place_expand (config->query->place, "${prefix:npm}/npmrc");

    return g_strdup (paths[0]);
}

PrcNpmConfig *
prc_npm_config_read (PrcRoute *route, const PrcRouteQuery *query)
{
    g_autoptr (PrcNpmConfig) config = g_new0 (PrcNpmConfig, 1);
    g_autofree char *user = NULL;
    g_autofree char *global = NULL;
    g_autofree char *builtin = NULL;
    guint n_levels = 0;

    config->query = query;
    config->levels = g_ptr_array_new_with_free_func (level_free);
    g_ptr_array_add (config->levels, g_new0 (Level, 1));
    if (!add_project (config, route))
        return NULL;
    user = path_of_key (config, "userconfig");
    if (user == NULL)
        user = g_build_filename (query->place->home, ".npmrc", NULL);
    if (!add_level (config, route, user))
        return NULL;
    global = global_path (config);
    if (global != NULL && !add_level (config, route, global))
        return NULL;
    builtin = builtin_path (config);
    n_levels = config->levels->len;
    if (builtin != NULL && !add_level (config, route, builtin))
        return NULL;
    if (config->levels->len > n_levels)
        ((Level *) g_ptr_array_index (config->levels, n_levels))->is_builtin = TRUE;
    return g_steal_pointer (&config);
}
