/* pip: the command's section stands before [global] whatever the file; with a proxy of its own no
 * list counts, and the environment only before 22.1. As _internal/configuration.py, cli/parser.py,
 * and requests. */
#include "routing/route-internal.h"

#include <string.h>

#include "base/i18n.h"

#define CONFIG_FIRST_SINCE PRC_TOOL_VERSION (22, 1, 0)

/* What `pip install` reads; other commands have sections of their own. */
static const char *const sections[] = { "install", "global", NULL };

static gboolean
plays (const PrcEntry *entry, const char *section)
{
    gsize length = strlen (section);

    return strncmp (entry->key, section, length) == 0 &&
           strcmp (entry->key + length, ".proxy") == 0;
}

/* [DEFAULT] is inherited by each section that stands in the same file. */
static gboolean
has_section (const PrcDocument *doc, const char *section)
{
    g_autofree char *header = g_strdup_printf ("[%s]", section);
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gsize length = strlen (header);

    for (gsize i = 0; i + length <= size; i++)
        if ((i == 0 || data[i - 1] == '\n' || data[i - 1] == '\r') &&
            memcmp (data + i, header, length) == 0)
            return TRUE;
    return FALSE;
}

static const PrcEntry *
entry_in (const PrcDocument *doc, const char *section)
{
    const GPtrArray *entries = prc_document_entries (doc);
    const PrcEntry *found = NULL;

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (plays (entry, section) && (entry->flags & PRC_ENTRY_INERT) == 0)
            found = entry;
    }
    if (found == NULL && strcmp (section, "DEFAULT") != 0 && has_section (doc, section))
        return entry_in (doc, "DEFAULT");
    return found;
}

static gboolean
is_read (const PrcRouteQuery *query, const PrcFoundFile *file)
{
    return file->scope != PRC_SCOPE_PROJECT && file->exists &&
           g_strcmp0 (prc_place_getenv (query->place, "PIP_CONFIG_FILE"), "/dev/null") != 0;
}

static gboolean
has_path (const GPtrArray *files, const char *path)
{
    for (guint i = 0; i < files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (files, i);

        if (strcmp (file->path, path) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The file of the environment that pip is installed in goes over the user's; only that of
 * PIP_CONFIG_FILE over it. */
static PrcFound *
add_site_file (const PrcRouteQuery *query, GPtrArray *files)
{
    g_auto (GStrv) paths = prc_place_expand (query->place, "${prefix:pip}/pip.conf");
    const char *given = prc_place_getenv (query->place, "PIP_CONFIG_FILE");
    const PrcFoundFile *last = files->len > 0 ? g_ptr_array_index (files, files->len - 1) : NULL;
    gint at = last != NULL && g_strcmp0 (last->path, given) == 0 ? (gint) files->len - 1 : -1;
    PrcFound *found = NULL;

    if (paths[0] == NULL || last == NULL || has_path (files, paths[0]) ||
        !g_file_test (paths[0], G_FILE_TEST_EXISTS))
        return NULL;
    found = prc_discover_file (query->tool, 0, last->row, query->place, paths[0]);
    g_ptr_array_insert (files, at, g_ptr_array_index (found->files, 0));
    return found;
}

/* Of each section the last file counts, even when it says nothing: then the section has none. */
static void
add_section (const PrcRouteQuery *query, const GPtrArray *files, const char *section,
             GPtrArray *settings)
{
    gboolean is_masked = FALSE;

    for (guint i = files->len; i-- > 0;) {
        const PrcFoundFile *file = g_ptr_array_index (files, i);
        const PrcEntry *entry = is_read (query, file) ? entry_in (file->doc, section) : NULL;

        if (entry == NULL || is_masked)
            continue;
        prc_settings_add_entry (settings, file->path, entry);
        is_masked = entry->value != NULL && *entry->value == '\0';
    }
}

static gboolean
add_files (PrcRoute *route, const PrcRouteQuery *query, GPtrArray *settings)
{
    g_autoptr (PrcFound) found = prc_discover (query->tool, query->place);
    g_autoptr (GPtrArray) files = g_ptr_array_new ();
    g_autoptr (PrcFound) site = NULL;

    for (guint i = 0; i < found->files->len; i++)
        g_ptr_array_add (files, g_ptr_array_index (found->files, i));
    site = add_site_file (query, files);
    for (guint i = 0; i < files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (files, i);

        if (is_read (query, file) && prc_route_refuse (route, file))
            return FALSE;
    }
    for (const char *const *section = sections; *section != NULL; section++)
        add_section (query, files, *section, settings);
    return TRUE;
}

static gboolean
is_own_variable (const char *name)
{
    g_autofree char *lower = NULL;

    if (!g_str_has_prefix (name, "PIP_"))
        return FALSE;
    lower = g_ascii_strdown (name + strlen ("PIP_"), -1);
    return strcmp (lower, "proxy") == 0;
}

typedef struct {
    GPtrArray *lower, *others; /* of PrcVariable, not owned: whose names end in "_proxy"; in
                                  "_PROXY" and the like */
} Spellings;

static void
find_spellings (const PrcRouteQuery *query, const char *name, Spellings *spellings)
{
    spellings->lower = g_ptr_array_new ();
    spellings->others = g_ptr_array_new ();
    for (guint i = 0; i < query->variables->list->len; i++) {
        PrcVariable *variable = g_ptr_array_index (query->variables->list, i);

        if (g_ascii_strcasecmp (variable->name, name) != 0)
            continue;
        if (g_str_has_suffix (variable->name, "_proxy"))
            g_ptr_array_add (spellings->lower, variable);
        else if (variable->value == NULL || *variable->value != '\0')
            g_ptr_array_add (spellings->others, variable);
    }
}

static void
add_group (const PrcRouteQuery *query, GPtrArray *settings, const GPtrArray *group)
{
    PrcSetting *first = NULL;

    for (guint i = group->len; i-- > 0;) {
        const PrcVariable *variable = g_ptr_array_index (group, i);
        PrcSetting *setting = prc_settings_add_variable (settings, query, variable->name);

        if (first == NULL)
            first = setting;
        else if (!query->variables->is_ordered && first->doubt == NULL &&
                 g_strcmp0 (first->value, setting->value) != 0)
            first->doubt = g_strdup_printf (
                _ ("%s and %s differ, and pip takes the one that comes last in the environment, "
                   "which no shell promises"),
                first->source.key, setting->source.key);
    }
}

static void
add_own_variables (const PrcRouteQuery *query, GPtrArray *settings)
{
    g_autoptr (GPtrArray) own = g_ptr_array_new ();

    for (guint i = 0; i < query->variables->list->len; i++) {
        PrcVariable *variable = g_ptr_array_index (query->variables->list, i);

        if (is_own_variable (variable->name))
            g_ptr_array_add (own, variable);
    }
    if (own->len > 0 && query->variables->is_ordered) {
        const PrcVariable *last = g_ptr_array_index (own, own->len - 1);

        if (last->value != NULL && *last->value == '\0')
            return; /* an empty one is no setting, and takes away the others */
    }
    add_group (query, settings, own);
    if (query->variables->doubt != NULL && own->len == 0)
        prc_settings_add_variable (settings, query, "PIP_PROXY");
}

/* urllib's getproxies_environment(): what ends in "_proxy" is looked at last; of several the last
 * one wins, and an empty one takes away what the others say. */
static void
add_environment (const PrcRouteQuery *query, GPtrArray *settings, const char *name)
{
    Spellings spellings;
    gboolean is_cgi = strcmp (name, "http_proxy") == 0 &&
                      prc_variables_find (query->variables, "REQUEST_METHOD") != NULL;
    const PrcVariable *last = NULL;

    find_spellings (query, name, &spellings);
    if (spellings.lower->len > 0)
        last = g_ptr_array_index (spellings.lower, spellings.lower->len - 1);
    if (last == NULL || last->value == NULL || *last->value != '\0' || spellings.lower->len > 1) {
        add_group (query, settings, spellings.lower);
        if (!is_cgi)
            add_group (query, settings, spellings.others);
    }
    if (query->variables->doubt != NULL && last == NULL && spellings.others->len == 0)
        prc_settings_add_variable (settings, query, name);
    g_ptr_array_unref (spellings.lower);
    g_ptr_array_unref (spellings.others);
}

/* requests asks for these two names; then urllib for any spelling. */
static gboolean
is_bypassed (PrcRoute *route, const PrcRouteQuery *query, const PrcSetting *chosen)
{
    g_autoptr (GPtrArray) lists = prc_settings_new ();
    g_autoptr (GPtrArray) any = prc_settings_new ();

    prc_settings_add_no_proxy (lists, query);
    if (prc_route_bypass (route, query, chosen, lists, prc_bypass_requests))
        return TRUE;
    add_environment (query, any, "no_proxy");
    if (any->len > 1)
        g_ptr_array_set_size (any, 1);
    return prc_route_bypass (route, query, chosen, any, prc_bypass_urllib);
}

static gboolean
is_own (const PrcSetting *setting)
{
    return !setting->source.is_variable || is_own_variable (setting->source.key);
}

/* Returns: whether anything that says something is left. */
static gboolean
drop_environment (GPtrArray *settings)
{
    gboolean any = FALSE;

    for (guint i = settings->len; i-- > 0;) {
        const PrcSetting *setting = g_ptr_array_index (settings, i);

        if (!is_own (setting))
            g_ptr_array_remove_index (settings, i);
        else
            any = any || setting->value == NULL || *setting->value != '\0';
    }
    return any;
}

static void
move_all (GPtrArray *to, GPtrArray *from)
{
    g_ptr_array_extend_and_steal (to, g_ptr_array_ref (from));
}

static void
decide (PrcRoute *route, const PrcRouteQuery *query, GPtrArray *own)
{
    g_autoptr (GPtrArray) settings = prc_settings_new ();
    g_autoptr (GPtrArray) all = prc_settings_new ();
    gboolean own_first = query->version >= CONFIG_FIRST_SINCE;
    const PrcSetting *chosen = NULL;

    if (own_first)
        move_all (settings, own);
    add_environment (query, settings,
                     prc_target_is_https (query->target) ? "https_proxy" : "http_proxy");
    if (!own_first)
        move_all (settings, own);
    add_environment (query, all, "all_proxy");
    move_all (settings, all);
    chosen = prc_route_choose (route, settings);
    if (chosen != NULL && !is_own (chosen) && is_bypassed (route, query, chosen)) {
        if (route->kind != PRC_ROUTE_DIRECT || !drop_environment (settings))
            return;
        /* Before 22.1: the list takes away the environment's proxy, and leaves pip's own. */
        g_clear_pointer (&route->bypassed_by, g_free);
        g_clear_pointer (&route->bypassed, g_free);
        g_ptr_array_set_size (route->beats, 0);
        chosen = prc_route_choose (route, settings);
    }
    if (chosen != NULL)
        prc_route_use (route, query, chosen);
}

void
prc_route_pip (PrcRoute *route, const PrcRouteQuery *query)
{
    g_autoptr (GPtrArray) own = prc_settings_new ();

    add_own_variables (query, own);
    if (add_files (route, query, own))
        decide (route, query, own);
}
