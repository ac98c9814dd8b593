#include "app/scan-internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "app/inspect-internal.h"
#include "app/planning.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/i18n.h"
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
    const char *root; /* the tree that is being walked */
    char *real_root;  /* (nullable) */
} Search;

void
prc_scan_hit_free (gpointer data)
{
    PrcScanHit *hit = data;

    g_free (hit->path);
    g_free (hit->real_path);
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

/* The walk follows no symlink below its root. (nullable) */
static char *
real_path_of (const Search *search, const PrcWalkEntry *entry)
{
    const char *below = entry->dir + strlen (search->root);

    while (*below == '/')
        below++;
    if (search->real_root == NULL || entry->is_link)
        return NULL;
    return g_build_filename (search->real_root, below, entry->name, NULL);
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
            hit->real_path = real_path_of (search, entry);
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

        g_ptr_array_add (search->unreadable, g_strdup_printf (_ ("%s: not searched: %s"), shown,
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
    for (char **dir = dirs; *dir != NULL; dir++) {
        char *real = realpath (*dir, NULL);
        gboolean done;

        search->root = *dir;
        search->real_root = real;
        done = prc_walk (AT_FDCWD, *dir, &walk, error);
        free (real);
        if (!done)
            return FALSE;
    }
    return TRUE;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
    const PrcScanHit *x = *(const PrcScanHit *const *) a, *y = *(const PrcScanHit *const *) b;

    return strcmp (x->path, y->path);
}

/* A symlink that leads out of all trees would show a file that nobody asked for. @roots: their real
 * paths */
static gboolean
leaves_trees (PrcScanHit *hit, char **roots)
{
    char *real = hit->is_link ? realpath (hit->path, NULL) : NULL;
    gboolean leaves = hit->is_link;

    for (char **root = roots; real != NULL && leaves && *root != NULL; root++) {
        gsize length = strlen (*root);

        leaves = length == 0 || strncmp (real, *root, length) != 0 ||
                 (real[length] != '/' && strcmp (*root, "/") != 0);
    }
    if (real != NULL && !leaves)
        hit->real_path = g_strdup (real);
    free (real);
    return leaves;
}

/* (transfer full): "" for one that has none */
static char **
list_real_roots (char **dirs)
{
    g_autoptr (GStrvBuilder) roots = g_strv_builder_new ();

    for (char **dir = dirs; *dir != NULL; dir++) {
        char *real = realpath (*dir, NULL);

        g_strv_builder_add (roots, real != NULL ? real : "");
        free (real);
    }
    return g_strv_builder_end (roots);
}

GPtrArray *
prc_scan_find (PrcSession *session, char **dirs, PrcScanProgress *progress, GPtrArray *notes,
               guint *ret_n_unreadable, GError **error)
{
    g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (prc_scan_hit_free);
    Search search = {
        prc_session_catalogue (session, error), hits, notes, 0, progress, NULL, NULL
    };
    g_auto (GStrv) roots = NULL;
    guint n_kept = 0;

    if (search.catalogue == NULL || !walk_all (&search, dirs, progress, error))
        return NULL;
    g_ptr_array_sort (hits, compare_hits);
    roots = list_real_roots (dirs);
    for (guint i = 0; i < hits->len; i++) {
        PrcScanHit *hit = g_ptr_array_index (hits, i);

        if (!prc_session_wants_tool (session, NULL, hit->tool)) {
            prc_scan_hit_free (hit);
        } else if (leaves_trees (hit, roots)) {
            g_autofree char *shown = prc_text_printable (hit->path);

            g_ptr_array_add (
                notes,
                g_strdup_printf (_ ("%s: a symlink that leads out of the tree, not read"), shown));
            prc_scan_hit_free (hit);
        } else {
            hits->pdata[n_kept++] = hit;
        }
    }
    g_ptr_array_set_free_func (hits, NULL);
    g_ptr_array_set_size (hits, (int) n_kept);
    g_ptr_array_set_free_func (hits, prc_scan_hit_free);
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

/* Reading what was found: on all cores, a run of hits at a time, each into a status of its own. */
enum { RUN_LENGTH = 16 };

typedef struct {
    PrcSession *session;
    const GPtrArray *hits;
    GHashTable *rules;       /* complete: only looked into */
    const PrcWanted *wanted; /* (nullable) */
    const gint *cancelled;
    PrcStatus **parts; /* one for each run */
    gint n_parts;
    gint next; /* atomic */
} Reading;

static void
read_hit (const Reading *self, const PrcScanHit *hit, PrcSurroundings *around, PrcStatus *part)
{
    const PrcScanRules *rules = g_hash_table_lookup (self->rules, hit->tool);
    g_autoptr (PrcFound) found =
        prc_discover_among (hit->tool, rules->version, hit->row, prc_session_place (self->session),
                            around, hit->path, hit->real_path);
    PrcWanted own = { 0 };

    if (self->wanted != NULL)
        own = prc_wanted_for_tool (self->wanted, hit->tool);
    prc_status_add_found (part, self->session, found, &rules->dialect,
                          self->wanted != NULL ? &own : NULL);
}

static gpointer
read_runs (gpointer data)
{
    Reading *self = data;
    const PrcPlace *place = prc_session_place (self->session);
    g_auto (PrcSurroundings) around = { 0 };
    gint n;

    prc_surroundings_init (&around, place);
    while ((n = g_atomic_int_add (&self->next, 1)) < self->n_parts &&
           g_atomic_int_get (self->cancelled) == 0) {
        guint end = MIN ((guint) (n + 1) * RUN_LENGTH, self->hits->len);
        PrcStatus *part = prc_status_new (NULL);

        for (guint i = (guint) n * RUN_LENGTH; i < end; i++)
            read_hit (self, g_ptr_array_index (self->hits, i), &around, part);
        self->parts[n] = part;
    }
    return NULL;
}

static void
read_hits (PrcStatus *status, PrcSession *session, const GPtrArray *hits, const PrcWanted *wanted,
           const gint *cancelled)
{
    guint n_parts = (hits->len + RUN_LENGTH - 1) / RUN_LENGTH;
    g_autoptr (GHashTable) rules = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    g_autofree PrcStatus **parts = g_new0 (PrcStatus *, n_parts);
    g_autoptr (GPtrArray) threads = g_ptr_array_new ();
    Reading self = { session, hits, rules, wanted, cancelled, parts, (gint) n_parts, 0 };

    for (guint i = 0; i < hits->len; i++) {
        const PrcScanHit *hit = g_ptr_array_index (hits, i);

        (void) prc_scan_rules (rules, prc_session_place (session), hit->tool, wanted);
    }
    for (guint i = 1; i < MIN (g_get_num_processors (), n_parts); i++) {
        GThread *thread = g_thread_try_new ("read", read_runs, &self, NULL);

        if (thread != NULL)
            g_ptr_array_add (threads, thread);
    }
    (void) read_runs (&self);
    for (guint i = 0; i < threads->len; i++)
        (void) g_thread_join (g_ptr_array_index (threads, i));
    for (guint i = 0; i < n_parts; i++)
        if (parts[i] != NULL)
            prc_status_move (status, parts[i]);
}

PrcStatus *
prc_scan (PrcSession *session, char **dirs, PrcScanProgress *progress, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_active (profiles) : NULL;
    g_autoptr (PrcStatus) status = prc_status_new (profile);
    g_autoptr (GPtrArray) hits = NULL;
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
    read_hits (status, session, hits, profile != NULL ? &wanted : NULL, &progress->cancelled);
    if (g_atomic_int_get (&progress->cancelled) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("the search was stopped"));
        return NULL;
    }
    status->agrees = profile != NULL && !status->has_bad_file;
    for (guint i = 0; i < status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (status->settings, i);

        status->agrees &= strcmp (row->state, "ok") == 0 || strcmp (row->state, "overridden") == 0;
    }
    return g_steal_pointer (&status);
}
