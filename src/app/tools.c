#include "app/tools.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

static void
place_free (gpointer data)
{
    PrcToolPlaceRow *row = data;

    g_free (row->scope);
    g_free (row->format);
    g_free (row->path);
    g_strfreev (row->resolved);
    g_free (row);
}

static void
role_free (gpointer data)
{
    PrcToolRoleRow *row = data;

    g_free (row->role);
    g_free (row->key);
    g_free (row->note);
    g_free (row);
}

static void
info_free (gpointer data)
{
    PrcToolInfo *info = data;

    g_free (info->name);
    g_free (info->summary);
    g_free (info->origin);
    g_strfreev (info->auth);
    g_strfreev (info->placements);
    g_ptr_array_unref (info->places);
    g_ptr_array_unref (info->roles);
    g_free (info);
}

static PrcToolPlaceRow *
new_place (const PrcToolFile *file, const PrcPlace *place)
{
    PrcToolPlaceRow *row = g_new0 (PrcToolPlaceRow, 1);

    row->scope = g_strdup (prc_scope_name (file->scope));
    row->format = g_strdup (file->format->name);
    row->path = g_strdup (file->path != NULL ? file->path : file->name);
    row->resolved = file->path != NULL ? prc_place_expand (place, file->path) : g_new0 (char *, 1);
    return row;
}

static PrcToolRoleRow *
new_role (const PrcToolKey *key)
{
    static const char *const words[] = { "always", "present", "same", "remove", "never" };
    PrcToolRoleRow *row = g_new0 (PrcToolRoleRow, 1);

    row->role = g_strdup (prc_role_name (key->role));
    row->key = g_strdup (key->key);
    row->write = words[key->write];
    row->note = g_strdup (key->dead != NULL ? _ (key->dead) : NULL);
    return row;
}

static PrcToolInfo *
new_info (const PrcTool *tool, const PrcPlace *place)
{
    static const char *const sources[] = { "environment", "own", "environment_only" };
    PrcToolInfo *info = g_new0 (PrcToolInfo, 1);
    g_autofree char *program =
        tool->program != NULL ? prc_place_find_program (place, tool->program) : NULL;

    info->name = g_strdup (tool->name);
    info->summary = g_strdup (_ (tool->summary));
    info->origin = g_strdup (tool->origin);
    info->is_installed = tool->program == NULL || program != NULL;
    info->writes = tool->writes;
    info->inherits = tool->inherits;
    info->auth = g_strdupv (tool->auth);
    info->placements = g_strdupv (tool->placements);
    info->no_proxy = sources[tool->no_proxy_source];
    info->places = g_ptr_array_new_with_free_func (place_free);
    info->roles = g_ptr_array_new_with_free_func (role_free);
    for (guint i = 0; i < tool->files->len; i++)
        g_ptr_array_add (info->places, new_place (g_ptr_array_index (tool->files, i), place));
    for (guint i = 0; i < tool->keys->len; i++)
        g_ptr_array_add (info->roles, new_role (g_ptr_array_index (tool->keys, i)));
    return info;
}

GPtrArray *
prc_tools (PrcSession *session, const char *name, GError **error)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (session, error);
    GPtrArray *infos = NULL;

    if (catalogue == NULL)
        return NULL;
    if (name != NULL && prc_catalogue_find (catalogue, name) == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("there is no tool “%s”; `proxyrc tools` lists them"), name);
        return NULL;
    }
    infos = g_ptr_array_new_with_free_func (info_free);
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (name == NULL || strcmp (tool->name, name) == 0)
            g_ptr_array_add (infos, new_info (tool, prc_session_place (session)));
    }
    return infos;
}
