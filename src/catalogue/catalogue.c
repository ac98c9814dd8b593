#include "catalogue/catalogue.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
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

/* NAME.cfg is the tool NAME: which file counts is known before any is read. */
static gboolean
add_data_files (GHashTable *paths, const char *folder, GError **error)
{
    g_autoptr (GError) reason = NULL;
    g_autoptr (GDir) dir = g_dir_open (folder, 0, &reason);
    const char *name = NULL;

    if (dir == NULL) {
        if (g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
            g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
            return TRUE;
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "%s", reason->message);
        return FALSE;
    }
    while ((name = g_dir_read_name (dir)) != NULL)
        if (*name != '.' && g_str_has_suffix (name, ".cfg"))
            g_hash_table_replace (paths, g_strdup (name), g_build_filename (folder, name, NULL));
    return TRUE;
}

static gboolean
add_one_file (GHashTable *paths, const char *folder, const char *tool)
{
    g_autofree char *name = g_strconcat (tool, ".cfg", NULL);
    char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
        g_hash_table_replace (paths, g_steal_pointer (&name), path);
    else
        g_free (path);
    return TRUE;
}

static int
compare_tools (gconstpointer a, gconstpointer b)
{
    const PrcTool *x = *(const PrcTool *const *) a, *y = *(const PrcTool *const *) b;

    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp (x->name, y->name);
}

static gboolean
read_all (PrcCatalogue *catalogue, GHashTable *paths, GError **error)
{
    GHashTableIter iter;
    gpointer path = NULL;

    g_hash_table_iter_init (&iter, paths);
    while (g_hash_table_iter_next (&iter, NULL, &path)) {
        PrcTool *tool = prc_tool_read (path, error);

        if (tool == NULL)
            return FALSE;
        g_ptr_array_add (catalogue, tool);
    }
    g_ptr_array_sort (catalogue, compare_tools);
    return TRUE;
}

PrcCatalogue *
prc_catalogue_load (const char *const *folders, const char *only, GError **error)
{
    g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GPtrArray) catalogue =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_tool_free);

    for (const char *const *folder = folders; *folder != NULL; folder++)
        if (only != NULL ? !add_one_file (paths, *folder, only)
                         : !add_data_files (paths, *folder, error))
            return NULL;
    if (!read_all (catalogue, paths, error))
        return NULL;
    if (catalogue->len == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("no catalogue of tools in %s: the installation is not complete"),
                     folders[0]);
        return NULL;
    }
    return g_steal_pointer (&catalogue);
}
