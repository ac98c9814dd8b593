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

typedef enum { INDEX_HAS, INDEX_HAS_NOT, INDEX_UNKNOWN } IndexAnswer;

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

static IndexAnswer
search_entries (const guchar *data, gsize size, gsize hash_size, const char *wanted)
{
    guint version = read_be32 (data + 4);
    guint32 count = read_be32 (data + 8);
    g_autoptr (GString) name = g_string_new (NULL);
    gsize at = HEADER_SIZE;

    for (guint32 i = 0; i < count; i++) {
        if (!read_entry (data, size, version, hash_size, &at, name))
            return INDEX_UNKNOWN;
        if (strcmp (name->str, wanted) == 0)
            return INDEX_HAS;
    }
    /* A split index keeps most entries in another file; a sparse one, whole folders as one. */
    while (at + 8 + hash_size <= size) {
        gsize length = read_be32 (data + at + 4);

        if (memcmp (data + at, "link", 4) == 0 || memcmp (data + at, "sdir", 4) == 0)
            return INDEX_UNKNOWN;
        if (length > size - at - 8)
            return INDEX_UNKNOWN;
        at += 8 + length;
    }
    return at + hash_size == size ? INDEX_HAS_NOT : INDEX_UNKNOWN;
}

static IndexAnswer
search_index (GBytes *bytes, const char *wanted)
{
    gsize size = 0;
    const guchar *data = g_bytes_get_data (bytes, &size);
    guint version = 0;
    IndexAnswer answer;

    if (size < HEADER_SIZE + SHA1_SIZE || memcmp (data, "DIRC", 4) != 0)
        return INDEX_UNKNOWN;
    version = read_be32 (data + 4);
    if (version < 2 || version > 4)
        return INDEX_UNKNOWN;
    answer = search_entries (data, size, SHA1_SIZE, wanted);
    return answer == INDEX_UNKNOWN ? search_entries (data, size, SHA256_SIZE, wanted) : answer;
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

static gboolean
work_tree_tracks (const char *real_path)
{
    g_autofree char *top = g_path_get_dirname (real_path);

    for (;;) {
        g_autofree char *git_dir = find_git_dir (top);
        char *slash = NULL;

        if (git_dir != NULL) {
            g_autofree char *index = g_build_filename (git_dir, "index", NULL);
            g_autoptr (GError) error = NULL;
            g_autoptr (GBytes) bytes = prc_read_file (AT_FDCWD, index, NULL, &error);
            gsize skip = strlen (top) + (strcmp (top, "/") == 0 ? 0 : 1);

            if (bytes == NULL)
                return !g_error_matches (error, PRC_ERROR, PRC_ERROR_NOT_FOUND);
            return search_index (bytes, real_path + skip) != INDEX_HAS_NOT;
        }
        slash = strrchr (top, '/');
        if (slash == NULL || strcmp (top, "/") == 0)
            return FALSE;
        slash[slash == top ? 1 : 0] = '\0';
    }
}

/* Dotfiles repositories */

static gboolean
repository_tracks (const char *git_dir, const char *name)
{
    g_autofree char *index = g_build_filename (git_dir, "index", NULL);
    g_autofree char *head = g_build_filename (git_dir, "HEAD", NULL);
    g_autoptr (GBytes) bytes = NULL;

    if (access (index, F_OK) != 0 || access (head, F_OK) != 0)
        return FALSE;
    bytes = prc_read_file (AT_FDCWD, index, NULL, NULL);
    return bytes == NULL || search_index (bytes, name) != INDEX_HAS_NOT;
}

static gboolean
any_in_folder_tracks (const char *folder, const char *name)
{
    DIR *dir = opendir (folder);
    const struct dirent *entry = NULL;
    gboolean found = FALSE;

    while (dir != NULL && !found && (entry = readdir (dir)) != NULL) {
        g_autofree char *path = NULL;

        if ((entry->d_type != DT_DIR && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) ||
            (entry->d_name[0] != '.' && !g_str_has_suffix (entry->d_name, ".git")) ||
            strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0 ||
            strcmp (entry->d_name, ".git") == 0)
            continue;
        path = g_build_filename (folder, entry->d_name, NULL);
        found = repository_tracks (path, name);
    }
    if (dir != NULL)
        closedir (dir);
    return found;
}

static gboolean
dotfiles_track (const char *real_path, const char *home)
{
    static const char *const folders[] = { "", ".config/vcsh/repo.d", ".local/share/yadm",
                                           ".config/yadm" };
    g_autofree char *prefix = NULL;
    char *real = realpath (home, NULL);
    gboolean found = FALSE;

    if (real == NULL)
        return FALSE;
    prefix = g_strconcat (real, "/", NULL);
    free (real);
    if (!g_str_has_prefix (real_path, prefix))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (folders) && !found; i++) {
        g_autofree char *folder = g_strconcat (prefix, folders[i], NULL);

        found = any_in_folder_tracks (folder, real_path + strlen (prefix));
    }
    return found;
}

gboolean
prc_git_tracks (const char *real_path, const char *home)
{
    return work_tree_tracks (real_path) || (home != NULL && dotfiles_track (real_path, home));
}
