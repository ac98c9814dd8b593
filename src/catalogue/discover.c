#include "catalogue/discover.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "catalogue/moved.h"
#include "catalogue/version.h"

/* Deeper than git itself goes (MAX_INCLUDE_DEPTH is 10). */
enum { INCLUDE_DEPTH_MAX = 12 };

/* A file that is included again and again, by files that are, may be so without end: no more than
 * this many readings come from repeated ones. */
enum { REPEATED_READINGS_MAX = 100000 };

typedef struct {
    const PrcPlace *place;
    PrcPlace paths; /* @place, but with what start-up files have moved; only its @env is owned */
    PrcSurroundings *around;
    PrcFound *found;
    GHashTable *seen; /* path -> PrcFoundFile, not owned: nothing is loaded twice */
    GHashTable *read; /* (key: PrcFoundFile): those whose entries are listed already */
    guint n_repeated;
} Walk;

/* The place of the catalogue that is being read, and how its reading has come to where it is. */
typedef struct _Way {
    const PrcToolFile *row;
    gboolean is_unread;
    gboolean in_login;
    gboolean is_conditional;
    gboolean is_interactive;
    guint depth;
    const PrcFoundFile *from; /* (nullable): the including file */
    const struct _Way *back;  /* (nullable): how that one was reached */
} Way;

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

const char *
prc_found_file_why_no_secret (const PrcFoundFile *file)
{
    if (file->is_tracked)
        return _ ("git tracks this file");
    if (file->row->for_all)
        return _ ("all users read this file");
    return file->is_shared ? _ ("others can change this file, or the folder it is in") : NULL;
}

void
prc_surroundings_init (PrcSurroundings *surroundings, const PrcPlace *place)
{
    surroundings->git = prc_git_indexes_new (place->home);
    surroundings->shared = prc_shared_folders_new (place->home);
}

void
prc_surroundings_clear (PrcSurroundings *surroundings)
{
    g_clear_pointer (&surroundings->git, prc_git_indexes_free);
    g_clear_pointer (&surroundings->shared, prc_shared_folders_free);
}

/* Not for the files of the whole system: they are root's, and for all. */
static gboolean
is_shared (const Walk *walk, const PrcFoundFile *file)
{
    PrcSharedFolders *folders = walk->around->shared;
    uid_t owner;

    if (file->row->for_all || file->scope == PRC_SCOPE_SYSTEM)
        return FALSE;
    if (file->exists && file->st.st_uid != 0 && prc_shared_folders_owner (folders, &owner) &&
        file->st.st_uid != owner)
        return TRUE;
    return prc_shared_folders_have (folders, file->real_path != NULL ? file->real_path : file->path,
                                    file->real_path != NULL, NULL);
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

/* @real_path: (nullable): to be found out */
static void
read_found_file (Walk *walk, PrcFoundFile *file, const char *real_path)
{
    file->bytes = prc_read_file (AT_FDCWD, file->path, &file->st, &file->error);
    if (file->bytes == NULL) {
        if (g_error_matches (file->error, PRC_ERROR, PRC_ERROR_NOT_FOUND)) {
            g_clear_error (&file->error);
            file->is_shared = file->row->create && is_shared (walk, file);
        } else {
            file->exists = TRUE;
        }
        return;
    }
    file->exists = TRUE;
    if (real_path != NULL) {
        file->real_path = g_strdup (real_path);
    } else {
        char *real = realpath (file->path, NULL);

        file->real_path = g_strdup (real);
        free (real);
    }
    if (file->real_path != NULL)
        file->is_tracked = prc_git_indexes_track (walk->around->git, file->real_path);
    file->is_shared = is_shared (walk, file);
    file->doc = prc_document_parse (file->format, file->bytes, walk->found->version, &file->error);
    if (file->doc == NULL)
        prc_prefix_file (&file->error, file->path);
}

/* Not yet among the found files: that is for the place where it is read. */
static PrcFoundFile *
load_file (Walk *walk, const PrcToolFile *row, const char *path, const char *real_path)
{
    PrcFoundFile *file = g_new0 (PrcFoundFile, 1);

    file->tool = walk->found->tool;
    file->row = row;
    file->scope = row->scope;
    file->format = prc_found_format (row, walk->place);
    file->path = g_strdup (path);
    file->is_read = TRUE;
    read_found_file (walk, file, real_path);
    g_hash_table_insert (walk->seen, g_strdup (path), file);
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

/* Relative to the folder in which the including file was found, as git does, be that a symlink;
 * shells would take the working directory. */
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
    folder = g_path_get_dirname (from->path);
    return g_build_filename (folder, value, NULL);
}

static void add_readings (Walk *walk, PrcFoundFile *file, const Way *way);

/* A file that includes itself, at last: git and the shells would never end. */
static gboolean
is_on_way (const Way *way, const PrcFoundFile *file)
{
    for (; way != NULL; way = way->back)
        if (file != NULL && way->from == file)
            return TRUE;
    return FALSE;
}

static void
follow_include (Walk *walk, PrcFoundFile *from, const PrcEntry *entry, const Way *way)
{
    g_autofree char *path = include_target (walk->place, from, entry->value);
    PrcFoundFile *file = g_hash_table_lookup (walk->seen, path);

    if (way->depth > INCLUDE_DEPTH_MAX || is_on_way (way, file) ||
        (file != NULL && walk->n_repeated > REPEATED_READINGS_MAX))
        return;
    if (file == NULL) {
        file = load_file (walk, from->row, path, NULL);
        file->is_include = TRUE;
        g_ptr_array_add (walk->found->files, file);
    }
    add_readings (walk, file, way);
}

/* An entry is read each time that its file is included; the last time decides. */
static void
add_readings (Walk *walk, PrcFoundFile *file, const Way *way)
{
    const GPtrArray *entries = file->doc != NULL ? prc_document_entries (file->doc) : NULL;

    gboolean again = !g_hash_table_add (walk->read, file);

    file->in_login = file->in_login || way->in_login;
    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        PrcReading reading = {
            file, i, way->is_conditional, way->row, again, FALSE, way->is_unread
        };
        gboolean on_condition = FALSE;

        reading.is_interactive = way->is_interactive || (entry->flags & PRC_ENTRY_INTERACTIVE) != 0;
        walk->n_repeated += again;
        g_array_append_val (walk->found->readings, reading);
        if (is_include (entry, &on_condition)) {
            Way further = *way;

            further.is_conditional = way->is_conditional || on_condition;
            further.is_interactive = reading.is_interactive;
            further.in_login = way->in_login && (entry->flags & PRC_ENTRY_INTERACTIVE) == 0;
            further.depth++;
            further.from = file;
            further.back = way;
            follow_include (walk, file, entry, &further);
        }
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
any_is_file (const PrcPlace *place, char **names)
{
    for (char **name = names; name != NULL && *name != NULL; name++) {
        const char *path = prc_place_getenv (place, *name);

        if (path != NULL && *path != '\0' && g_file_test (path, G_FILE_TEST_EXISTS))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_of_version (const PrcToolFile *row, guint version)
{
    return version == 0 || (version >= row->since && (row->before == 0 || version < row->before));
}

/* The file of @row for a shell that starts without the variable that it moves; @ret_to: what the
 * file says. A login begins there: a value in the caller's environment may come from this very
 * file. (nullable): it says nothing */
static PrcFoundFile *
load_mover (Walk *walk, const PrcToolFile *row, char **ret_to)
{
    PrcPlace bare = walk->paths;
    g_auto (GStrv) env = g_environ_unsetenv (g_strdupv (bare.env), row->moves);
    g_auto (GStrv) paths = NULL;
    PrcFoundFile *file = NULL;

    bare.env = env;
    paths = prc_place_expand (&bare, row->path);
    if (paths[0] == NULL || g_hash_table_contains (walk->seen, paths[0]))
        return NULL;
    file = load_file (walk, row, paths[0], NULL);
    *ret_to = file->doc != NULL ? prc_moved_to (file->doc, &bare, row->moves) : NULL;
    if (*ret_to != NULL)
        return file;
    (void) g_hash_table_remove (walk->seen, paths[0]);
    prc_found_file_free (file);
    return NULL;
}

static void
move_paths (Walk *walk, const char *name, const char *to)
{
    walk->paths.env = g_environ_setenv (walk->paths.env, name, to, TRUE);
}

static void
load_row (Walk *walk, const PrcToolFile *row, GPtrArray *files, gboolean *first_found)
{
    g_auto (GStrv) paths = NULL;
    g_autofree char *to = NULL;
    PrcFoundFile *mover = row->moves != NULL ? load_mover (walk, row, &to) : NULL;

    if (mover != NULL) {
        move_paths (walk, row->moves, to);
        g_ptr_array_add (files, mover);
        return;
    }
    paths = prc_place_expand (&walk->paths, row->path);
    for (char **path = paths; *path != NULL; path++) {
        PrcFoundFile *file = NULL;

        if (g_hash_table_contains (walk->seen, *path))
            continue;
        file = load_file (walk, row, *path, NULL);
        if (row->first && file->exists) {
            file->is_read = !*first_found;
            *first_found = TRUE;
        }
        g_ptr_array_add (files, file);
    }
}

/* All places of the catalogue are loaded before any is read: a start-up file may read another one
 * of them, which keeps its own place all the same. (element-type PrcFoundFile) */
static GPtrArray *
load_places (Walk *walk)
{
    GPtrArray *files = g_ptr_array_new ();
    const PrcTool *tool = walk->found->tool;
    gboolean first_found = FALSE;

    for (guint i = 0; i < tool->files->len; i++) {
        const PrcToolFile *row = g_ptr_array_index (tool->files, i);

        if (row->path != NULL && all_set (walk->place, row->if_set) &&
            !any_set (walk->place, row->if_unset) && !any_is_file (walk->place, row->unless_file) &&
            is_of_version (row, walk->found->version))
            load_row (walk, row, files, &first_found);
    }
    return files;
}

/* Of ~/.profile, ~/.bash_login and ~/.bash_profile bash reads the last one here that exists; sh
 * knows but the first. ~/.cshrc and ~/.tcshrc likewise. */
static gboolean
hides (const PrcPlace *place, const PrcFoundFile *other, const PrcFoundFile *file)
{
    static const char *const plain_shells[] = { "sh", "dash", "ash", "ksh", "mksh", "csh", NULL };
    const PrcToolFile *a = file->row, *b = other->row;

    if (!other->exists || !a->start || !b->start || a->scope != b->scope ||
        g_strcmp0 (a->when, b->when) != 0 || g_strcmp0 (a->when, "interactive") == 0)
        return FALSE;
    if (g_strcmp0 (a->shell, b->shell) == 0)
        return TRUE;
    return ((g_strcmp0 (a->shell, "sh") == 0 && g_strcmp0 (b->shell, "bash") == 0) ||
            (g_strcmp0 (a->shell, "csh") == 0 && g_strcmp0 (b->shell, "tcsh") == 0)) &&
           !g_strv_contains (plain_shells, place->shell);
}

static Way
way_of (const Walk *walk, const GPtrArray *files, guint index)
{
    const PrcFoundFile *file = g_ptr_array_index (files, index);
    Way way = { file->row, FALSE, FALSE, FALSE, FALSE, 0, NULL, NULL };

    way.is_unread = file->row->generated && file->row->when == NULL;
    for (guint i = index + 1; i < files->len && !way.is_unread; i++)
        way.is_unread = hides (walk->place, g_ptr_array_index (files, i), file);
    way.in_login = !way.is_unread && (g_strcmp0 (file->row->when, "login") == 0 ||
                                      g_strcmp0 (file->row->when, "always") == 0);
    way.is_interactive = g_strcmp0 (file->row->when, "interactive") == 0;
    return way;
}

static void
walk_init (Walk *walk, const PrcTool *tool, guint version, const PrcPlace *place,
           PrcSurroundings *around)
{
    walk->place = place;
    walk->paths = *place;
    walk->paths.env = g_strdupv (place->env);
    walk->around = around;
    walk->found = found_new (tool, version);
    walk->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    walk->read = g_hash_table_new (NULL, NULL);
    walk->n_repeated = 0;
}

static PrcFound *
walk_finish (Walk *walk)
{
    prc_wipe_strfreev (walk->paths.env);
    g_hash_table_unref (walk->seen);
    g_hash_table_unref (walk->read);
    return walk->found;
}

PrcFound *
prc_discover (const PrcTool *tool, const PrcPlace *place)
{
    g_auto (PrcSurroundings) around = { 0 };
    g_autoptr (GPtrArray) files = NULL;
    Walk walk;

    prc_surroundings_init (&around, place);
    walk_init (&walk, tool, tool->version_grammar ? prc_tool_version (tool, place) : 0, place,
               &around);
    files = load_places (&walk);
    for (guint i = 0; i < files->len; i++) {
        Way way = way_of (&walk, files, i);

        g_ptr_array_add (walk.found->files, g_ptr_array_index (files, i));
        add_readings (&walk, g_ptr_array_index (files, i), &way);
    }
    return walk_finish (&walk);
}

PrcFound *
prc_discover_among (const PrcTool *tool, guint version, const PrcToolFile *row,
                    const PrcPlace *place, PrcSurroundings *around, const char *path,
                    const char *real_path)
{
    Way way = { row, FALSE, FALSE, FALSE, FALSE, 0, NULL, NULL };
    PrcFoundFile *file = NULL;
    Walk walk;

    walk_init (&walk, tool, version, place, around);
    file = load_file (&walk, row, path, real_path);
    g_ptr_array_add (walk.found->files, file);
    add_readings (&walk, file, &way);
    return walk_finish (&walk);
}

PrcFound *
prc_discover_file (const PrcTool *tool, guint version, const PrcToolFile *row,
                   const PrcPlace *place, const char *path)
{
    g_auto (PrcSurroundings) around = { 0 };

    prc_surroundings_init (&around, place);
    return prc_discover_among (tool, version, row, place, &around, path, NULL);
}
