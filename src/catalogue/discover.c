#include "catalogue/discover.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/fs.h"
#include "catalogue/tracked.h"
#include "catalogue/version.h"

/* Deeper than git itself goes (MAX_INCLUDE_DEPTH is 10). */
enum { INCLUDE_DEPTH_MAX = 12 };

typedef struct {
    const PrcPlace *place;
    PrcFound *found;
    GHashTable *seen; /* (key: path): read already, so that nothing is listed twice */
} Walk;

void
prc_found_file_free (PrcFoundFile *file)
{
    if (file == NULL)
        return;
    g_free (file->path);
    g_free (file->real_path);
    g_clear_pointer (&file->bytes, g_bytes_unref);
    prc_document_unref (file->doc);
    g_clear_error (&file->error);
    g_free (file);
}

void
prc_found_free (PrcFound *found)
{
    if (found == NULL)
        return;
    g_ptr_array_unref (found->files);
    g_array_unref (found->readings);
    g_free (found);
}

const PrcEntry *
prc_reading_entry (const PrcReading *reading)
{
    return g_ptr_array_index (prc_document_entries (reading->file->doc), reading->index);
}

gboolean
prc_found_file_is_private (const PrcFoundFile *file)
{
    return (file->st.st_mode & 077) == 0;
}

static PrcFound *
found_new (const PrcTool *tool, guint version)
{
    PrcFound *found = g_new0 (PrcFound, 1);

    found->tool = tool;
    found->files = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_file_free);
    found->readings = g_array_new (FALSE, FALSE, sizeof (PrcReading));
    found->version = version;
    return found;
}

/* bash reads ~/.profile and /etc/profile as bash does, not as a plain sh would. */
const PrcFormat *
prc_found_format (const PrcToolFile *row, const PrcPlace *place)
{
    if (!row->generated && strcmp (row->format->name, "sh") == 0 &&
        strcmp (place->shell, "bash") == 0)
        return prc_format_by_name ("bash");
    return row->format;
}

static void
read_found_file (PrcFoundFile *file, guint version)
{
    char *real = NULL;

    file->bytes = prc_read_file (AT_FDCWD, file->path, &file->st, &file->error);
    if (file->bytes == NULL) {
        if (g_error_matches (file->error, PRC_ERROR, PRC_ERROR_NOT_FOUND))
            g_clear_error (&file->error);
        else
            file->exists = TRUE;
        return;
    }
    file->exists = TRUE;
    real = realpath (file->path, NULL);
    if (real != NULL) {
        file->real_path = g_strdup (real);
        file->is_tracked = prc_git_tracks (real);
        free (real);
    }
    file->doc = prc_document_parse (file->format, file->bytes, version, &file->error);
    if (file->doc == NULL)
        prc_prefix_file (&file->error, file->path);
}

static PrcFoundFile *
add_file (Walk *walk, const PrcToolFile *row, const char *path)
{
    PrcFoundFile *file = g_new0 (PrcFoundFile, 1);

    file->tool = walk->found->tool;
    file->row = row;
    file->scope = row->scope;
    file->format = prc_found_format (row, walk->place);
    file->path = g_strdup (path);
    file->is_read = TRUE;
    read_found_file (file, walk->found->version);
    g_hash_table_add (walk->seen, g_strdup (path));
    g_ptr_array_add (walk->found->files, file);
    return file;
}

static gboolean
is_static (const PrcEntry *entry)
{
    return entry->kind == PRC_ENTRY_SET && entry->value != NULL &&
           (entry->flags & (PRC_ENTRY_DYNAMIC | PRC_ENTRY_INERT)) == 0;
}

/* Which keys name another file to read: git's include.path and includeif.*.path, the shells'
 * `source`. */
static gboolean
is_include (const PrcEntry *entry, gboolean *ret_conditional)
{
    *ret_conditional = (entry->flags & PRC_ENTRY_CONDITIONAL) != 0;
    if (!is_static (entry))
        return FALSE;
    if (strcmp (entry->key, "include.path") == 0 || strcmp (entry->key, "source") == 0)
        return TRUE;
    if (!g_str_has_prefix (entry->key, "includeif.") || !g_str_has_suffix (entry->key, ".path"))
        return FALSE;
    *ret_conditional = TRUE;
    return TRUE;
}

/* Relative to the including file's folder, as git does; shells would take the working directory. */
static char *
include_target (const PrcPlace *place, const PrcFoundFile *from, const char *value)
{
    static const char *const homes[] = { "~/", "$HOME/", "${HOME}/" };
    g_autofree char *folder = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (homes); i++)
        if (g_str_has_prefix (value, homes[i]))
            return g_build_filename (place->home, value + strlen (homes[i]), NULL);
    if (*value == '/')
        return g_strconcat (place->root, value, NULL);
    folder = g_path_get_dirname (from->real_path != NULL ? from->real_path : from->path);
    return g_build_filename (folder, value, NULL);
}

static void add_readings (Walk *walk, PrcFoundFile *file, gboolean conditional, guint depth);

static void
follow_include (Walk *walk, PrcFoundFile *from, const PrcEntry *entry, gboolean conditional,
                guint depth)
{
    g_autofree char *path = include_target (walk->place, from, entry->value);
    PrcFoundFile *file = NULL;

    if (depth >= INCLUDE_DEPTH_MAX || g_hash_table_contains (walk->seen, path))
        return;
    file = add_file (walk, from->row, path);
    file->is_include = TRUE;
    add_readings (walk, file, conditional, depth + 1);
}

static void
add_readings (Walk *walk, PrcFoundFile *file, gboolean conditional, guint depth)
{
    const GPtrArray *entries = file->doc != NULL ? prc_document_entries (file->doc) : NULL;

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        PrcReading reading = { file, i, conditional };
        gboolean on_condition = FALSE;

        g_array_append_val (walk->found->readings, reading);
        if (is_include (entry, &on_condition))
            follow_include (walk, file, entry, conditional || on_condition, depth);
    }
}

static gboolean
all_set (const PrcPlace *place, char **names)
{
    for (char **name = names; name != NULL && *name != NULL; name++)
        if (prc_place_getenv (place, *name) == NULL)
            return FALSE;
    return TRUE;
}

static gboolean
any_set (const PrcPlace *place, char **names)
{
    for (char **name = names; name != NULL && *name != NULL; name++)
        if (prc_place_getenv (place, *name) != NULL)
            return TRUE;
    return FALSE;
}

static gboolean
is_of_version (const PrcToolFile *row, guint version)
{
    return version == 0 || (version >= row->since && (row->before == 0 || version < row->before));
}

/* All paths of the catalogue count as seen before any file is read: a start-up file that sources
 * another one of them must not take it out of its own place. */
static GPtrArray *
list_places (Walk *walk)
{
    GPtrArray *rows = g_ptr_array_new ();
    const PrcTool *tool = walk->found->tool;

    for (guint i = 0; i < tool->files->len; i++) {
        const PrcToolFile *row = g_ptr_array_index (tool->files, i);
        g_auto (GStrv) paths = NULL;

        if (row->path == NULL || !all_set (walk->place, row->if_set) ||
            any_set (walk->place, row->if_unset) || !is_of_version (row, walk->found->version))
            continue;
        paths = prc_place_expand (walk->place, row->path);
        for (char **path = paths; *path != NULL; path++) {
            if (!g_hash_table_add (walk->seen, g_strdup (*path)))
                continue;
            g_ptr_array_add (rows, (gpointer) row);
            g_ptr_array_add (rows, g_strdup (*path));
        }
    }
    return rows;
}

PrcFound *
prc_discover (const PrcTool *tool, const PrcPlace *place)
{
    guint version = tool->version_grammar ? prc_tool_version (tool, place) : 0;
    Walk walk = { place, found_new (tool, version),
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
    g_autoptr (GPtrArray) places = list_places (&walk);
    gboolean first_found = FALSE;

    for (guint i = 0; i < places->len; i += 2) {
        const PrcToolFile *row = g_ptr_array_index (places, i);
        g_autofree char *path = g_ptr_array_index (places, i + 1);
        PrcFoundFile *file = add_file (&walk, row, path);

        if (row->first && file->exists) {
            file->is_read = !first_found;
            first_found = TRUE;
        }
        add_readings (&walk, file, FALSE, 0);
    }
    g_hash_table_unref (walk.seen);
    return walk.found;
}

PrcFound *
prc_discover_file (const PrcTool *tool, guint version, const PrcToolFile *row,
                   const PrcPlace *place, const char *path)
{
    Walk walk = { place, found_new (tool, version),
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
    PrcFoundFile *file = add_file (&walk, row, path);

    add_readings (&walk, file, FALSE, 0);
    g_hash_table_unref (walk.seen);
    return walk.found;
}
