#include "catalogue/catalogue.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "catalogue/tool-reader.h"

const PrcTool *
prc_catalogue_find (const PrcCatalogue *catalogue, const char *name)
{
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (strcmp (tool->name, name) == 0)
            return tool;
    }
    return NULL;
}

void
prc_catalogue_free (PrcCatalogue *catalogue)
{
    if (catalogue != NULL)
        g_ptr_array_unref (catalogue);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_data_files (const char *folder, GError **error)
{
    g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) reason = NULL;
    g_autoptr (GDir) dir = g_dir_open (folder, 0, &reason);
    const char *name = NULL;

    if (dir == NULL) {
        if (g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
            g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
            return g_steal_pointer (&names);
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "%s", reason->message);
        return NULL;
    }
    while ((name = g_dir_read_name (dir)) != NULL)
        if (*name != '.' && g_str_has_suffix (name, ".cfg"))
            g_ptr_array_add (names, g_build_filename (folder, name, NULL));
    g_ptr_array_sort (names, compare_names);
    return g_steal_pointer (&names);
}

static void
put_tool (PrcCatalogue *catalogue, PrcTool *tool)
{
    for (guint i = 0; i < catalogue->len; i++) {
        PrcTool *other = g_ptr_array_index (catalogue, i);

        if (strcmp (other->name, tool->name) == 0) {
            prc_tool_free (other);
            catalogue->pdata[i] = tool;
            return;
        }
    }
    g_ptr_array_add (catalogue, tool);
}

static int
compare_tools (gconstpointer a, gconstpointer b)
{
    const PrcTool *x = *(const PrcTool *const *) a, *y = *(const PrcTool *const *) b;

    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp (x->name, y->name);
}

PrcCatalogue *
prc_catalogue_load (const char *const *folders, GError **error)
{
    g_autoptr (GPtrArray) catalogue =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_tool_free);

    for (const char *const *folder = folders; *folder != NULL; folder++) {
        g_autoptr (GPtrArray) files = list_data_files (*folder, error);

        if (files == NULL)
            return NULL;
        for (guint i = 0; i < files->len; i++) {
            PrcTool *tool = prc_tool_read (g_ptr_array_index (files, i), error);

            if (tool == NULL)
                return NULL;
            put_tool (catalogue, tool);
        }
    }
    if (catalogue->len == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     "no catalogue of tools in %s: the installation is not complete", folders[0]);
        return NULL;
    }
    g_ptr_array_sort (catalogue, compare_tools);
    return g_steal_pointer (&catalogue);
}
