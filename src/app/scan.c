#include "app/scan-internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "app/inspect-internal.h"
#include "app/planning.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/text.h"
#include "base/walk.h"
#include "catalogue/version.h"

/* More folders than this are only counted, not named. */
enum { NAMED_FOLDERS_MAX = 20 };

typedef struct {
    const PrcCatalogue *catalogue;
    GPtrArray *hits; /* of PrcScanHit */
    GPtrArray *unreadable;
    guint n_unreadable;
    PrcScanProgress *progress;
} Search;

void
prc_scan_hit_free (gpointer data)
{
    PrcScanHit *hit = data;

    g_free (hit->path);
    g_free (hit);
}

static const char *
base_of (const char *name)
{
    const char *slash = strrchr (name, '/');

    return slash != NULL ? slash + 1 : name;
}

/* A row's name may have a folder in front, as ".git/config" has. */
static gboolean
row_matches (const PrcToolFile *row, const char *dir, const char *name)
{
    const char *base = base_of (row->name);
    gsize folder = (gsize) (base - row->name), length = strlen (dir);

    if (strcmp (base, name) != 0)
        return FALSE;
    if (folder == 0)
        return TRUE;
    folder--; /* without the slash */
    return length >= folder && strncmp (dir + length - folder, row->name, folder) == 0 &&
           (length == folder || dir[length - folder - 1] == '/');
}

static void
add_hit (const PrcWalkEntry *entry, gpointer data)
{
    Search *search = data;

    for (guint t = 0; t < search->catalogue->len; t++) {
        const PrcTool *tool = g_ptr_array_index (search->catalogue, t);

        for (guint i = 0; i < tool->files->len; i++) {
            const PrcToolFile *row = g_ptr_array_index (tool->files, i);
            PrcScanHit *hit = NULL;

            if (row->name == NULL || !row_matches (row, entry->dir, entry->name))
                continue;
            hit = g_new0 (PrcScanHit, 1);
            hit->path = g_build_filename (entry->dir, entry->name, NULL);
            hit->tool = tool;
            hit->row = row;
            hit->is_link = entry->is_link;
            g_ptr_array_add (search->hits, hit);
            g_atomic_int_inc (&search->progress->found);
        }
    }
}

static void
add_unreadable (const char *dir, int error_number, gpointer data)
{
    Search *search = data;

    search->n_unreadable++;
    if (search->unreadable->len < NAMED_FOLDERS_MAX) {
        g_autofree char *shown = prc_text_printable (dir);

        g_ptr_array_add (search->unreadable, g_strdup_printf ("%s: not searched: %s", shown,
                                                              g_strerror (error_number)));
    }
}

/* Of a repository's own folders only the top holds a `config`; objects are many. */
static gboolean
enter_dir (const char *dir, const char *name, gpointer data)
{
    gsize length = strlen (dir);

    (void) data;
    if (length >= 5 && strcmp (dir + length - 5, "/.git") == 0)
        return strcmp (name, "modules") == 0 || strcmp (name, "worktrees") == 0;
    (void) name;
    return TRUE;
}

static GPtrArray *
list_patterns (const PrcCatalogue *catalogue)
{
    GPtrArray *patterns = g_ptr_array_new ();

    for (guint t = 0; t < catalogue->len; t++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, t);

        for (guint i = 0; i < tool->files->len; i++) {
            const PrcToolFile *row = g_ptr_array_index (tool->files, i);

            if (row->name != NULL)
                g_ptr_array_add (patterns, (gpointer) base_of (row->name));
        }
    }
    g_ptr_array_add (patterns, NULL);
    return patterns;
}

static gboolean
walk_all (Search *search, char **dirs, PrcScanProgress *progress, GError **error)
{
    g_autoptr (GPtrArray) patterns = list_patterns (search->catalogue);
    PrcWalk walk = {
        .patterns = (const char *const *) patterns->pdata,
        .found = add_hit,
        .unreadable = add_unreadable,
        .enter = enter_dir,
        .data = search,
        .progress = (PrcWalkProgress *) (void *) progress,
        .cancelled = &progress->cancelled,
    };

    G_STATIC_ASSERT (G_STRUCT_OFFSET (PrcScanProgress, dirs) == 0 &&
                     G_STRUCT_OFFSET (PrcScanProgress, files) == sizeof progress->dirs);
    for (char **dir = dirs; *dir != NULL; dir++)
        if (!prc_walk (AT_FDCWD, *dir, &walk, error))
            return FALSE;
    return TRUE;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
    const PrcScanHit *x = *(const PrcScanHit *const *) a, *y = *(const PrcScanHit *const *) b;

    return strcmp (x->path, y->path);
}

/* A symlink that leads out of all trees would show a file that nobody asked for. */
static gboolean
leaves_trees (const PrcScanHit *hit, char **dirs)
{
    char *real = hit->is_link ? realpath (hit->path, NULL) : NULL;
    gboolean leaves = hit->is_link;

    for (char **dir = dirs; real != NULL && leaves && *dir != NULL; dir++) {
        char *root = realpath (*dir, NULL);
        gsize length = root != NULL ? strlen (root) : 0;

        leaves = root == NULL || strncmp (real, root, length) != 0 ||
                 (real[length] != '/' && strcmp (root, "/") != 0);
        free (root);
    }
    free (real);
    return leaves;
}

GPtrArray *
prc_scan_find (PrcSession *session, char **dirs, PrcScanProgress *progress, GPtrArray *notes,
               guint *ret_n_unreadable, GError **error)
{
    g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (prc_scan_hit_free);
    Search search = { prc_session_catalogue (session, error), hits, notes, 0, progress };

    if (search.catalogue == NULL || !walk_all (&search, dirs, progress, error))
        return NULL;
    g_ptr_array_sort (hits, compare_hits);
    for (guint i = hits->len; i-- > 0;) {
        const PrcScanHit *hit = g_ptr_array_index (hits, i);

        if (!prc_session_wants_tool (session, NULL, hit->tool)) {
            g_ptr_array_remove_index (hits, i);
        } else if (leaves_trees (hit, dirs)) {
            g_autofree char *shown = prc_text_printable (hit->path);

            g_ptr_array_add (
                notes,
                g_strdup_printf ("%s: a symlink that leads out of the tree, not read", shown));
            g_ptr_array_remove_index (hits, i);
        }
    }
    *ret_n_unreadable = search.n_unreadable;
    return g_steal_pointer (&hits);
}

const PrcScanRules *
prc_scan_rules (GHashTable *known, const PrcPlace *place, const PrcTool *tool,
                const PrcWanted *wanted)
{
    PrcScanRules *rules = g_hash_table_lookup (known, tool);

    if (rules == NULL) {
        rules = g_new (PrcScanRules, 1);
        rules->version = tool->version_grammar ? prc_tool_version (tool, place) : 0;
        rules->dialect = prc_tool_dialect (tool, place, wanted);
        g_hash_table_insert (known, (gpointer) tool, rules);
    }
    return rules;
}

static void
read_hit (PrcStatus *status, PrcSession *session, const PrcScanHit *hit, const PrcScanRules *rules,
          const PrcWanted *wanted)
{
    g_autoptr (PrcFound) found = prc_discover_file (hit->tool, rules->version, hit->row,
                                                    prc_session_place (session), hit->path);

    PrcWanted own = { 0 };

    if (wanted != NULL)
        own = prc_wanted_for_tool (wanted, hit->tool);
    prc_status_add_found (status, session, found, &rules->dialect, wanted != NULL ? &own : NULL);
}

PrcStatus *
prc_scan (PrcSession *session, char **dirs, PrcScanProgress *progress, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_active (profiles) : NULL;
    g_autoptr (PrcStatus) status = prc_status_new (profile);
    g_autoptr (GPtrArray) hits = NULL;
    g_autoptr (GHashTable) rules = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    g_auto (PrcHeldCredential) held = { 0 };
    PrcWanted wanted = { 0 };

    if (profiles == NULL ||
        (profile != NULL && !prc_credential_load (session, profile, FALSE, &held, error)))
        return NULL;
    hits = prc_scan_find (session, dirs, progress, status->notes, &status->n_unreadable, error);
    if (hits == NULL)
        return NULL;
    status->n_dirs = (guint64) g_atomic_int_get (&progress->dirs);
    status->n_files = (guint64) g_atomic_int_get (&progress->files);
    if (profile != NULL) {
        wanted = prc_credential_wanted (profile, &held);
        status->password_unknown = wanted.password_unknown;
    }
    for (guint i = 0; i < hits->len; i++) {
        const PrcScanHit *hit = g_ptr_array_index (hits, i);
        const PrcWanted *known = profile != NULL ? &wanted : NULL;

        read_hit (status, session, hit,
                  prc_scan_rules (rules, prc_session_place (session), hit->tool, known), known);
    }
    status->agrees = profile != NULL && !status->has_bad_file;
    for (guint i = 0; i < status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (status->settings, i);

        status->agrees &= strcmp (row->state, "ok") == 0 || strcmp (row->state, "overridden") == 0;
    }
    return g_steal_pointer (&status);
}
