#include "app/left.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/left-credentials.h"
#include "apply/transaction.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/text.h"
#include "catalogue/tracked.h"
#include "model/secret-search.h"
#include "model/mask.h"

/* Of one file: more are not told one by one. */
enum { ROWS_MAX = 50 };

void
prc_left_row_free (PrcLeftRow *row)
{
    if (row == NULL)
        return;
    g_free (row->path);
    g_free (row->key);
    g_free (row->remedy);
    g_free (row);
}

PrcLeft *
prc_left_new (const PrcSession *session, const GPtrArray *searches, const PrcWanted *wanted,
              gboolean scrub, const gint *cancelled)
{
    PrcLeft *left = g_new0 (PrcLeft, 1);

    left->session = session;
    left->searches = searches;
    left->wanted = wanted;
    left->scrub = scrub;
    left->cancelled = cancelled;
    left->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    left->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_left_row_free);
    left->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_change_free);
    return left;
}

void
prc_left_free (PrcLeft *left)
{
    if (left == NULL)
        return;
    g_hash_table_unref (left->seen);
    g_ptr_array_unref (left->rows);
    g_ptr_array_unref (left->changes);
    g_free (left);
}

static gboolean
is_over (const PrcLeft *left)
{
    return (left->cancelled != NULL && g_atomic_int_get (left->cancelled) != 0);
}

static void
add_row (PrcLeft *left, PrcLeftKind kind, const char *path, guint line, const char *key,
         const char *remedy)
{
    PrcLeftRow *row = g_new0 (PrcLeftRow, 1);
    g_autofree char *shown_key = key != NULL ? prc_mask_urls (key) : NULL;

    row->path = prc_text_utf8 (path);
    row->line = line;
    row->kind = kind;
    row->key = shown_key != NULL ? prc_text_utf8 (shown_key) : NULL;
    row->remedy = g_strdup (remedy);
    g_ptr_array_add (left->rows, row);
}

/* FALSE when it has been looked at already, under whatever name. */
static gboolean
is_first_time (PrcLeft *left, const char *path)
{
    char *real = realpath (path, NULL);
    gboolean first = real != NULL && g_hash_table_add (left->seen, g_strdup (real));

    free (real);
    return first;
}

/* --- files of the catalogue --------------------------------------------------------------------
 */

static const PrcEntry *
entry_at (const PrcDocument *doc, const PrcSecretHit *hit)
{
    const GPtrArray *entries = prc_document_entries (doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (hit->start < MAX (entry->value_end, entry->end) && hit->end > entry->start)
            return entry;
    }
    return NULL;
}

static void
add_hit_row (PrcLeft *left, const PrcFoundFile *file, const PrcDocument *doc,
             const PrcSecretHit *hit, guint line)
{
    const PrcEntry *entry = doc != NULL ? entry_at (doc, hit) : NULL;
    gboolean with_system = prc_session_options (left->session)->with_system;
    PrcLeftKind kind = PRC_LEFT_SETTING;
    const char *remedy = NULL;

    if (doc != NULL && prc_plan_is_comment (doc, hit->start)) {
        kind = PRC_LEFT_COMMENT;
        remedy = _ ("nothing reads it; `--scrub` takes it out");
        entry = NULL;
    } else if (doc == NULL) {
        remedy = _ ("the file can't be read as its tool would read it: change it by hand");
    } else if (file->scope == PRC_SCOPE_SYSTEM && !with_system) {
        remedy = _ ("a file of the whole system; `--system` changes it");
    } else if (entry == NULL) {
        kind = PRC_LEFT_DYNAMIC;
        remedy = _ ("code that runs when the file is read: change it by hand");
    } else if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0) {
        kind = PRC_LEFT_DYNAMIC;
        remedy = _ ("it is computed when it is read: change it by hand");
    } else {
        remedy = _ ("not known to be this user's password at this proxy: change it by hand if it "
                    "is to be another now");
    }
    add_row (left, kind, file->path, line, entry != NULL ? entry->key : NULL, remedy);
}

static void
look_at_file (PrcLeft *left, const PrcFoundFile *file, const PrcDocument *doc)
{
    gsize size = 0, from = 0, counted = 0;
    const char *bytes = NULL;
    PrcSecretHit hit = { 0 };
    guint line = 1, told = 0, n = 0;

    bytes = doc != NULL           ? prc_document_data (doc, &size)
            : file->bytes != NULL ? g_bytes_get_data (file->bytes, &size)
                                  : NULL;
    while (bytes != NULL && n < ROWS_MAX &&
           prc_secret_searches_find (left->searches, bytes, size, from, &hit)) {
        for (; counted < hit.start; counted++)
            line += bytes[counted] == '\n';
        if (line != told) {
            add_hit_row (left, file, doc, &hit, line);
            n++;
        }
        told = line;
        from = hit.end;
    }
}

static gboolean
is_told (const PrcLeft *left, guint from, guint line)
{
    for (guint i = from; i < left->rows->len; i++)
        if (((const PrcLeftRow *) g_ptr_array_index (left->rows, i))->line == line)
            return TRUE;
    return FALSE;
}

/* A proxy that code computes may come out with an old password, wherever that is kept. */
static void
look_for_dynamic (PrcLeft *left, const PrcFoundFile *file, const PrcDocument *doc, guint from)
{
    const GPtrArray *entries = doc != NULL ? prc_document_entries (doc) : NULL;
    gboolean is_system =
        file->scope == PRC_SCOPE_SYSTEM && !prc_session_options (left->session)->with_system;

    for (guint i = 0; entries != NULL && !is_system && i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        const PrcToolKey *row = prc_tool_find_key (file->tool, entry->key);

        if (row != NULL && prc_role_is_proxy (row->role) && entry->kind == PRC_ENTRY_SET &&
            (entry->flags & PRC_ENTRY_DYNAMIC) != 0 && !is_told (left, from, entry->line))
            add_row (left, PRC_LEFT_DYNAMIC, file->path, entry->line, entry->key,
                     _ ("it is computed when it is read: see to it that the new password comes "
                        "out"));
    }
}

void
prc_left_look_at (PrcLeft *left, const PrcPlan *plan, const PrcFound *found)
{
    for (guint i = 0; i < found->files->len && !is_over (left); i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);

        guint told = left->rows->len;

        if (!file->exists || !is_first_time (left, file->path))
            continue;
        look_at_file (left, file, prc_plan_document (plan, file));
        look_for_dynamic (left, file, prc_plan_document (plan, file), told);
    }
}

/* --- other files ------------------------------------------------------------------------------ */

typedef struct {
    PrcLeftKind kind;
    PrcTypedShape shape;
    gboolean keep;
    const char *remedy;
} Manner;

/* The transaction would be refused for the sake of a copy: then it is only told. */
static gboolean
may_change (const PrcLeft *left, const char *path, const struct stat *st)
{
    g_autofree char *folder = g_path_get_dirname (path);
    struct stat link;

    return lstat (path, &link) == 0 && S_ISREG (link.st_mode) && st->st_uid == geteuid () &&
           (st->st_nlink == 1 || prc_session_options (left->session)->in_place) &&
           faccessat (AT_FDCWD, folder, W_OK, AT_EACCESS) == 0;
}

static guint
line_of (const char *bytes, gsize at)
{
    guint line = 1;

    for (gsize i = 0; i < at; i++)
        line += bytes[i] == '\n';
    return line;
}

static void
tell_other (PrcLeft *left, const char *path, GBytes *bytes, const PrcSecretHit *hit,
            const Manner *manner)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);
    g_autoptr (GArray) lines = NULL;

    if (manner->kind != PRC_LEFT_HISTORY) {
        gboolean is_text = memchr (data, '\0', size) == NULL;

        add_row (left, manner->kind, path, is_text ? line_of (data, hit->start) : 0, NULL,
                 _ (manner->remedy));
        return;
    }
    lines = prc_typed_find (bytes, manner->shape, left->searches);
    for (guint i = 0; i < lines->len && i < ROWS_MAX; i++)
        add_row (left, manner->kind, path, g_array_index (lines, guint, i), NULL,
                 _ (manner->remedy));
}

static gboolean
holds_any (const PrcLeft *left, GBytes *bytes, const Manner *manner, PrcSecretHit *ret_hit)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);
    g_autoptr (GArray) lines = NULL;

    if (prc_secret_searches_find (left->searches, data, size, 0, ret_hit))
        return TRUE;
    if (manner->kind != PRC_LEFT_HISTORY || manner->shape != PRC_TYPED_ZSH)
        return FALSE;
    lines = prc_typed_find (bytes, manner->shape, left->searches);
    return lines->len > 0;
}

/* git's `store` helper would go on answering with the old one. The file is as secret afterwards as
 * it has been, or more. */
static gboolean
renew (PrcLeft *left, const char *path, GBytes *bytes, const struct stat *st, const Manner *manner)
{
    const char *home = prc_session_place (left->session)->home;
    guint n = 0;
    g_autoptr (GBytes) after = NULL;
    PrcChange *change = NULL;

    if (manner->shape != PRC_TYPED_URLS || !may_change (left, path, st) ||
        (!prc_session_options (left->session)->allow_exposed && prc_git_tracks (path, home)))
        return FALSE;
    after = prc_credential_lines_renew (bytes, left->wanted, &n);
    if (after == NULL)
        return FALSE;
    change = prc_change_new (path, bytes, after);
    change->settings = n;
    if ((st->st_mode & 077) != 0)
        change->mode = (int) (st->st_mode & 07700);
    g_ptr_array_add (left->changes, change);
    return TRUE;
}

static void
look_at_other (PrcLeft *left, const char *path, const Manner *manner)
{
    struct stat st = { 0 };
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GBytes) after = NULL;
    PrcSecretHit hit = { 0 };

    if (!is_first_time (left, path))
        return;
    bytes = prc_read_file (AT_FDCWD, path, &st, &error);
    if (bytes == NULL) {
        if (!g_error_matches (error, PRC_ERROR, PRC_ERROR_NOT_FOUND) &&
            manner->kind != PRC_LEFT_CONFIG)
            add_row (left, PRC_LEFT_UNREAD, path, 0, NULL,
                     _ ("it could not be searched: look into it"));
        return;
    }
    if (renew (left, path, bytes, &st, manner) || !holds_any (left, bytes, manner, &hit))
        return;
    if (!left->scrub || manner->keep || !may_change (left, path, &st)) {
        tell_other (left, path, bytes, &hit, manner);
        return;
    }
    if (manner->kind == PRC_LEFT_HISTORY)
        after = prc_typed_without (bytes, manner->shape, left->searches);
    g_ptr_array_add (left->changes, prc_change_new (path, bytes, after));
    left->n_scrubbed++;
}

/* --- copies beside --------------------------------------------------------------------------- */

/* folder -> set of the names of the files that are known there */
static GHashTable *
list_folders (const GPtrArray *founds)
{
    GHashTable *folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                 (GDestroyNotify) g_hash_table_unref);

    for (guint f = 0; f < founds->len; f++) {
        const PrcFound *found = g_ptr_array_index (founds, f);

        for (guint i = 0; i < found->files->len; i++) {
            const PrcFoundFile *file = g_ptr_array_index (found->files, i);
            const char *paths[] = { file->path, file->real_path };

            for (gsize p = 0; p < G_N_ELEMENTS (paths) && paths[p] != NULL; p++) {
                g_autofree char *folder = g_path_get_dirname (paths[p]);
                GHashTable *names = g_hash_table_lookup (folders, folder);

                if (names == NULL) {
                    names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
                    g_hash_table_insert (folders, g_steal_pointer (&folder), names);
                }
                g_hash_table_add (names, g_path_get_basename (paths[p]));
            }
        }
    }
    return folders;
}

static gboolean
is_copy_of_any (GHashTable *names, const char *name, gboolean *ret_keep)
{
    GHashTableIter iter;
    gpointer base = NULL;

    if (g_hash_table_contains (names, name))
        return FALSE;
    g_hash_table_iter_init (&iter, names);
    while (g_hash_table_iter_next (&iter, &base, NULL))
        if (prc_left_is_copy (base, name, ret_keep))
            return TRUE;
    return FALSE;
}

static void
look_in_folder (PrcLeft *left, const char *folder, GHashTable *names)
{
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const PrcPlace *place = prc_session_place (left->session);
    gboolean is_users = g_str_has_prefix (folder, place->home);
    const char *name = NULL;

    while (dir != NULL && !is_over (left) && (name = g_dir_read_name (dir)) != NULL) {
        gboolean keep = FALSE;
        g_autofree char *path = NULL;
        struct stat st;

        if (!is_copy_of_any (names, name, &keep))
            continue;
        path = g_build_filename (folder, name, NULL);
        if (lstat (path, &st) == 0 && S_ISREG (st.st_mode)) {
            Manner manner = { PRC_LEFT_COPY, PRC_TYPED_LINES,
                              keep ||
                                  (!is_users && !prc_session_options (left->session)->with_system),
                              keep ? N_ ("an editor's: end the editor, or remove it")
                                   : N_ ("`--scrub` removes it") };

            look_at_other (left, path, &manner);
        }
    }
}

void
prc_left_look_beside (PrcLeft *left, const GPtrArray *founds)
{
    g_autoptr (GHashTable) folders = list_folders (founds);
    GHashTableIter iter;
    gpointer folder = NULL, names = NULL;

    g_hash_table_iter_init (&iter, folders);
    while (g_hash_table_iter_next (&iter, &folder, &names) && !is_over (left))
        look_in_folder (left, folder, names);
}

void
prc_left_look_around (PrcLeft *left)
{
    gsize n = 0;
    const PrcLeftPlace *places = prc_left_places (&n);

    for (gsize i = 0; i < n && !is_over (left); i++) {
        g_auto (GStrv) paths = prc_place_expand (prc_session_place (left->session), places[i].path);
        Manner manner = { places[i].kind, places[i].shape, places[i].keep, places[i].remedy };

        for (char **path = paths; *path != NULL && !is_over (left); path++)
            look_at_other (left, *path, &manner);
    }
}
