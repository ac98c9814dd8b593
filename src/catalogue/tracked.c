#include "catalogue/tracked.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fs.h"

enum { HEADER_SIZE = 12, FIXED_SIZE = 62, SHA1_SIZE = 20, SHA256_SIZE = 32 };

static guint32
read_be32 (const guchar *p)
{
    return (guint32) p[0] << 24 | (guint32) p[1] << 16 | (guint32) p[2] << 8 | p[3];
}

/* The offset encoding of version 4: how many bytes of the previous name go. */
static gboolean
read_varint (const guchar *data, gsize size, gsize *at, gsize *ret_value)
{
    gsize value = 0;

    for (guint n = 0; n < 9; n++) {
        guchar c;

        if (*at >= size)
            return FALSE;
        c = data[(*at)++];
        value = (n == 0 ? 0 : (value + 1) << 7) + (c & 127u);
        if ((c & 128u) == 0) {
            *ret_value = value;
            return TRUE;
        }
    }
    return FALSE;
}

/* What one index lists. */
typedef struct {
    gboolean is_unknown; /* can't be made out: whatever is asked for may be in it */
    GHashTable *listed;  /* (nullable): of hashes of names; two names with one hash are both taken
                            for tracked */
} Index;

static gpointer
hash_of (const char *name)
{
    guint64 hash = G_GUINT64_CONSTANT (14695981039346656037); /* FNV-1a */

    for (; *name != '\0'; name++)
        hash = (hash ^ (guchar) *name) * G_GUINT64_CONSTANT (1099511628211);
    return (gpointer) (gsize) (hash ^ (hash >> 32)); /* GLib's own hash takes the low half */
}

static void
index_free (gpointer data)
{
    Index *index = data;

    if (index != NULL && index->listed != NULL)
        g_hash_table_unref (index->listed);
    g_free (index);
}

static gboolean
index_has (const Index *index, const char *name)
{
    return index->is_unknown ||
           (index->listed != NULL && g_hash_table_contains (index->listed, hash_of (name)));
}

/* One entry's name: into @name; moves *@at behind the entry. */
static gboolean
read_entry (const guchar *data, gsize size, guint version, gsize hash_size, gsize *at,
            GString *name)
{
    gsize fixed = FIXED_SIZE - SHA1_SIZE + hash_size, start = *at, drop = 0;
    const guchar *nul = NULL;
    guint flags = 0;

    if (start + fixed + 2 > size)
        return FALSE;
    flags = (guint) data[start + fixed - 2] << 8 | data[start + fixed - 1];
    *at = start + fixed + ((flags & 0x4000u) != 0 ? 2 : 0);
    if (version == 4) {
        if (!read_varint (data, size, at, &drop) || drop > name->len)
            return FALSE;
        g_string_truncate (name, name->len - drop);
    } else {
        g_string_truncate (name, 0);
    }
    if (*at >= size)
        return FALSE;
    nul = memchr (data + *at, '\0', size - *at);
    if (nul == NULL)
        return FALSE;
    g_string_append_len (name, (const char *) data + *at, nul - (data + *at));
    *at = (gsize) (nul - data) + 1;
    if (version < 4) /* padded with NULs to a multiple of 8 */
        *at = start + ((*at - 1 - start) / 8 + 1) * 8;
    return *at <= size;
}

/* FALSE: can't be made out. */
static gboolean
list_entries (const guchar *data, gsize size, gsize hash_size, GHashTable *listed)
{
    guint version = read_be32 (data + 4);
    guint32 count = read_be32 (data + 8);
    g_autoptr (GString) name = g_string_new (NULL);
    gsize at = HEADER_SIZE;

    for (guint32 i = 0; i < count; i++) {
        if (!read_entry (data, size, version, hash_size, &at, name))
            return FALSE;
        (void) g_hash_table_add (listed, hash_of (name->str));
    }
    /* A split index keeps most entries in another file; a sparse one, whole folders as one. */
    while (at + 8 + hash_size <= size) {
        gsize length = read_be32 (data + at + 4);

        if (memcmp (data + at, "link", 4) == 0 || memcmp (data + at, "sdir", 4) == 0)
            return FALSE;
        if (length > size - at - 8)
            return FALSE;
        at += 8 + length;
    }
    return at + hash_size == size;
}

static void
read_index (Index *index, GBytes *bytes)
{
    gsize size = 0;
    const guchar *data = g_bytes_get_data (bytes, &size);
    guint version = 0;

    index->is_unknown = TRUE;
    if (size < HEADER_SIZE + SHA1_SIZE || memcmp (data, "DIRC", 4) != 0)
        return;
    version = read_be32 (data + 4);
    if (version < 2 || version > 4)
        return;
    index->listed = g_hash_table_new (NULL, NULL);
    index->is_unknown = !list_entries (data, size, SHA1_SIZE, index->listed);
    if (index->is_unknown) {
        g_hash_table_remove_all (index->listed);
        index->is_unknown = !list_entries (data, size, SHA256_SIZE, index->listed);
    }
}

/* (transfer full): a repository without an index tracks nothing. */
static Index *
load_index (const char *git_dir)
{
    g_autofree char *path = g_build_filename (git_dir, "index", NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = prc_read_file (AT_FDCWD, path, NULL, &error);
    Index *index = g_new0 (Index, 1);

    if (bytes != NULL)
        read_index (index, bytes);
    else
        index->is_unknown = !g_error_matches (error, PRC_ERROR, PRC_ERROR_NOT_FOUND);
    return index;
}

/* The folder of the repository's own files: `.git` itself, or where a `.git` file points to. */
static char *
find_git_dir (const char *top)
{
    g_autofree char *dot_git = g_build_filename (top, ".git", NULL);
    g_autoptr (GBytes) bytes = NULL;
    g_autofree char *text = NULL;
    gsize size = 0;
    struct stat st;

    if (stat (dot_git, &st) != 0)
        return NULL;
    if (S_ISDIR (st.st_mode))
        return g_steal_pointer (&dot_git);
    bytes = prc_read_file (AT_FDCWD, dot_git, NULL, NULL);
    if (bytes == NULL)
        return NULL;
    text = g_strndup (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
    g_strchomp (text);
    if (!g_str_has_prefix (text, "gitdir: "))
        return NULL;
    return g_path_is_absolute (text + 8) ? g_strdup (text + 8)
                                         : g_build_filename (top, text + 8, NULL);
}

/* Work trees */

typedef struct {
    gsize top_length; /* of the path of its top, with the slash behind it */
    Index *index;
} WorkTree;

static void
work_tree_free (gpointer data)
{
    WorkTree *tree = data;

    index_free (tree->index);
    g_free (tree);
}

struct _PrcGitIndexes {
    char *home;          /* (nullable): real, with a slash at the end */
    GHashTable *folders; /* real path -> WorkTree that it lies in, or NULL; not owned */
    GPtrArray *trees;    /* of WorkTree */
    GPtrArray
        *repositories; /* (nullable): of Index: those kept beside the home; not looked for yet */
};

PrcGitIndexes *
prc_git_indexes_new (const char *home)
{
    PrcGitIndexes *self = g_new0 (PrcGitIndexes, 1);
    char *real = home != NULL ? realpath (*home != '\0' ? home : "/", NULL) : NULL;

    if (real != NULL)
        self->home = strcmp (real, "/") == 0 ? g_strdup ("/") : g_strconcat (real, "/", NULL);
    free (real);
    self->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->trees = g_ptr_array_new_with_free_func (work_tree_free);
    return self;
}

void
prc_git_indexes_free (PrcGitIndexes *self)
{
    if (self == NULL)
        return;
    g_free (self->home);
    g_hash_table_unref (self->folders);
    g_ptr_array_unref (self->trees);
    g_clear_pointer (&self->repositories, g_ptr_array_unref);
    g_free (self);
}

/* (nullable): the work tree whose top @folder is */
static WorkTree *
work_tree_at (PrcGitIndexes *self, const char *folder)
{
    g_autofree char *git_dir = find_git_dir (folder);
    WorkTree *tree = NULL;

    if (git_dir == NULL)
        return NULL;
    tree = g_new0 (WorkTree, 1);
    tree->top_length = strlen (folder) + (strcmp (folder, "/") == 0 ? 0 : 1);
    tree->index = load_index (git_dir);
    g_ptr_array_add (self->trees, tree);
    return tree;
}

/* (nullable): the one that files in @folder are of. Looks upwards until it comes to where it has
 * been. */
static WorkTree *
work_tree_of (PrcGitIndexes *self, const char *folder)
{
    g_autofree char *at = g_strdup (folder);
    g_autoptr (GPtrArray) passed = g_ptr_array_new ();
    gpointer tree = NULL;

    for (;;) {
        char *slash = NULL;

        if (g_hash_table_lookup_extended (self->folders, at, NULL, &tree))
            break;
        g_ptr_array_add (passed, g_strdup (at));
        tree = work_tree_at (self, at);
        slash = strrchr (at, '/');
        if (tree != NULL || slash == NULL || strcmp (at, "/") == 0)
            break;
        slash[slash == at ? 1 : 0] = '\0';
    }
    for (guint i = 0; i < passed->len; i++)
        (void) g_hash_table_insert (self->folders, g_ptr_array_index (passed, i), tree);
    return tree;
}

static gboolean
work_tree_tracks (PrcGitIndexes *self, const char *real_path)
{
    const char *slash = strrchr (real_path, '/');
    g_autofree char *folder =
        slash > real_path ? g_strndup (real_path, (gsize) (slash - real_path)) : g_strdup ("/");
    const WorkTree *tree = work_tree_of (self, folder);

    return tree != NULL && index_has (tree->index, real_path + tree->top_length);
}

/* Dotfiles repositories */

static gboolean
is_repository (const char *git_dir)
{
    g_autofree char *index = g_build_filename (git_dir, "index", NULL);
    g_autofree char *head = g_build_filename (git_dir, "HEAD", NULL);

    return access (index, F_OK) == 0 && access (head, F_OK) == 0;
}

static void
load_repositories (GPtrArray *repositories, const char *folder)
{
    DIR *dir = opendir (folder);
    const struct dirent *entry = NULL;

    while (dir != NULL && (entry = readdir (dir)) != NULL) {
        g_autofree char *path = NULL;

        if ((entry->d_type != DT_DIR && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) ||
            (entry->d_name[0] != '.' && !g_str_has_suffix (entry->d_name, ".git")) ||
            strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0 ||
            strcmp (entry->d_name, ".git") == 0)
            continue;
        path = g_build_filename (folder, entry->d_name, NULL);
        if (is_repository (path))
            g_ptr_array_add (repositories, load_index (path));
    }
    if (dir != NULL)
        closedir (dir);
}

static gboolean
dotfiles_track (PrcGitIndexes *self, const char *real_path)
{
    static const char *const folders[] = { "", ".config/vcsh/repo.d", ".local/share/yadm",
                                           ".config/yadm" };

    if (self->home == NULL || !g_str_has_prefix (real_path, self->home))
        return FALSE;
    if (self->repositories == NULL) {
        self->repositories = g_ptr_array_new_with_free_func (index_free);
        for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
            g_autofree char *folder = g_strconcat (self->home, folders[i], NULL);

            load_repositories (self->repositories, folder);
        }
    }
    for (guint i = 0; i < self->repositories->len; i++)
        if (index_has (g_ptr_array_index (self->repositories, i), real_path + strlen (self->home)))
            return TRUE;
    return FALSE;
}

gboolean
prc_git_indexes_track (PrcGitIndexes *self, const char *real_path)
{
    return work_tree_tracks (self, real_path) || dotfiles_track (self, real_path);
}

gboolean
prc_git_tracks (const char *real_path, const char *home)
{
    g_autoptr (PrcGitIndexes) indexes = prc_git_indexes_new (home);

    return prc_git_indexes_track (indexes, real_path);
}
