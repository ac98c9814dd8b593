#include "apply/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

#define LINKS_MAX 40
#define DIRS_MAX 16

void
prc_target_clear (PrcTarget *target)
{
    g_clear_pointer (&target->dir, g_free);
    g_clear_pointer (&target->name, g_free);
    g_clear_pointer (&target->missing, g_ptr_array_unref);
}

/* A walk from "/": where it stands, as a stack of names and of descriptors, and what is ahead. */
typedef struct {
    GPtrArray *names;
    GArray *fds; /* one more than names: that of "/" */
    guint floor; /* names that ".." and absolute symlinks don't take away */
    GString *ahead;
    guint links;
} Walk;

static void
walk_clear (Walk *walk)
{
    for (guint i = 0; i < walk->fds->len; i++)
        close (g_array_index (walk->fds, int, i));
    g_array_unref (walk->fds);
    g_ptr_array_unref (walk->names);
    g_string_free (walk->ahead, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static void
walk_push (Walk *walk, const char *name, int fd)
{
    g_array_append_val (walk->fds, fd);
    if (name != NULL)
        g_ptr_array_add (walk->names, g_strdup (name));
}

static void
walk_back_to (Walk *walk, guint depth)
{
    while (walk->names->len > depth) {
        close (g_array_index (walk->fds, int, walk->fds->len - 1));
        g_array_set_size (walk->fds, walk->fds->len - 1);
        g_ptr_array_set_size (walk->names, (gint) walk->names->len - 1);
    }
}

static char *
walk_path (const Walk *walk)
{
    GString *path = g_string_new (NULL);

    for (guint i = 0; i < walk->names->len; i++)
        g_string_append_printf (path, "/%s", (const char *) g_ptr_array_index (walk->names, i));
    if (path->len == 0)
        g_string_append_c (path, '/');
    return g_string_free (path, FALSE);
}

/* The next component, or NULL at the end; "" and "." are nothing. */
static char *
walk_next (Walk *walk)
{
    for (;;) {
        gsize skip = strspn (walk->ahead->str, "/");
        gsize length = strcspn (walk->ahead->str + skip, "/");
        char *name = g_strndup (walk->ahead->str + skip, length);

        g_string_erase (walk->ahead, 0, (gssize) (skip + length));
        if (length > 0 && strcmp (name, ".") != 0)
            return name;
        g_free (name);
        if (length == 0)
            return NULL;
    }
}

static gboolean
walk_link (Walk *walk, int fd)
{
    char target[PATH_MAX + 1];
    gssize n = readlinkat (fd, "", target, sizeof target - 1);

    if (n <= 0 || ++walk->links > LINKS_MAX) {
        errno = n <= 0 ? (n < 0 ? errno : ENOENT) : ELOOP;
        return FALSE;
    }
    target[n] = '\0';
    if (target[0] == '/')
        walk_back_to (walk, walk->floor);
    g_string_prepend (walk->ahead, "/");
    g_string_prepend (walk->ahead, target);
    return TRUE;
}

/* One component. @ret_name is set when it is where the walk ends: a file, or nothing at all. */
static gboolean
walk_step (Walk *walk, const char *name, char **ret_name)
{
    g_auto (PrcFd) fd = -1;
    struct stat st;
    int here = g_array_index (walk->fds, int, walk->fds->len - 1);

    if (strcmp (name, "..") == 0) {
        if (walk->names->len > walk->floor)
            walk_back_to (walk, walk->names->len - 1);
        return TRUE;
    }
    fd = prc_open_at (here, name, O_PATH | O_NOFOLLOW, 0);
    if (fd < 0) {
        if (errno != ENOENT)
            return FALSE;
        *ret_name = g_strdup (name);
        return TRUE;
    }
    if (fstat (fd, &st) < 0)
        return FALSE;
    if (S_ISLNK (st.st_mode))
        return walk_link (walk, fd);
    if (S_ISDIR (st.st_mode)) {
        walk_push (walk, name, fd);
        fd = -1;
        return TRUE;
    }
    *ret_name = g_strdup (name);
    return TRUE;
}

/* Walks until a file, or a name that isn't there, or the end of what is ahead. */
static gboolean
walk_on (Walk *walk, char **ret_name)
{
    char *name;

    while (*ret_name == NULL && (name = walk_next (walk)) != NULL) {
        gboolean ok = walk_step (walk, name, ret_name);

        g_free (name);
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

/* What is ahead behind the first name that isn't there: directories to be made, and the file. */
static gboolean
add_missing (Walk *walk, PrcTarget *target)
{
    char *name;

    while ((name = walk_next (walk)) != NULL) {
        char *dir = g_build_filename (target->dir, target->name, NULL);

        g_ptr_array_add (target->missing, g_strdup (dir));
        g_free (target->dir);
        target->dir = dir;
        g_free (target->name);
        target->name = name;
        if (strcmp (name, "..") == 0) {
            errno = ENOENT;
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
name_is_there (const Walk *walk, const char *name)
{
    struct stat st;

    return fstatat (g_array_index (walk->fds, int, walk->fds->len - 1), name, &st,
                    AT_SYMLINK_NOFOLLOW) == 0;
}

static gboolean
resolve (Walk *walk, const char *root, const char *below, PrcTarget *target)
{
    g_autofree char *end = NULL;

    g_string_assign (walk->ahead, root);
    if (!walk_on (walk, &end))
        return FALSE;
    if (end != NULL) {
        errno = name_is_there (walk, end) ? ENOTDIR : ENOENT;
        return FALSE;
    }
    walk->floor = walk->names->len;
    g_string_assign (walk->ahead, below);
    if (!walk_on (walk, &target->name))
        return FALSE;
    if (target->name == NULL) {
        errno = EISDIR;
        return FALSE;
    }
    target->dir = walk_path (walk);
    target->missing = g_ptr_array_new_with_free_func (g_free);
    if (strspn (walk->ahead->str, "/") < walk->ahead->len && name_is_there (walk, target->name)) {
        errno = ENOTDIR;
        return FALSE;
    }
    return add_missing (walk, target);
}

/* Nearly always: the directory is named as it is, without any symlink, and so is the file. */
static gboolean
resolve_plain (const char *path, PrcTarget *target)
{
    const char *name = strrchr (path, '/') + 1;
    g_autofree char *dir =
        name - path > 1 ? g_strndup (path, (gsize) (name - path - 1)) : g_strdup ("/");
    g_auto (PrcFd) fd = -1;
    struct stat st;

    if (name[0] == '\0' || strcmp (name, ".") == 0 || strcmp (name, "..") == 0 ||
        strstr (path, "//") != NULL || strstr (path, "/./") != NULL ||
        strstr (path, "/../") != NULL)
        return FALSE;
    fd = prc_open_no_links (AT_FDCWD, dir, O_PATH | O_DIRECTORY);
    if (fd < 0 || (fstatat (fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 ? !S_ISREG (st.st_mode)
                                                                     : errno != ENOENT))
        return FALSE;
    target->dir = g_steal_pointer (&dir);
    target->name = g_strdup (name);
    target->missing = g_ptr_array_new_with_free_func (g_free);
    return TRUE;
}

static gboolean
resolve_walking (const char *path, const char *root, gsize root_length, PrcTarget *target)
{
    g_auto (Walk) walk = { g_ptr_array_new_with_free_func (g_free),
                           g_array_new (FALSE, FALSE, sizeof (int)), 0, g_string_new (NULL), 0 };
    int top = prc_open_at (AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);

    if (top < 0)
        return FALSE;
    walk_push (&walk, NULL, top);
    return resolve (&walk, root_length > 0 ? root : "/", path + root_length, target);
}

gboolean
prc_target_resolve (const char *path, const char *root, PrcTarget *ret_target, GError **error)
{
    gsize length = root != NULL ? strlen (root) : 0;
    g_auto (PrcTarget) target = { NULL, NULL, NULL };

    while (length > 0 && root[length - 1] == '/')
        length--;
    if (path[0] != '/' || strncmp (path, root != NULL ? root : "", length) != 0 ||
        path[length] != '/') {
        if (length > 0)
            g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                         _ ("%s: not an absolute path inside %s"), path, root);
        else
            g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("%s: not an absolute path"), path);
        return FALSE;
    }
    if (!resolve_plain (path, &target) && !resolve_walking (path, root, length, &target)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, "%s: %s", path,
                     errno == ELOOP ? _ ("its symbolic links go round in circles")
                                    : g_strerror (errno));
        return FALSE;
    }
    *ret_target = target;
    target = (PrcTarget){ NULL, NULL, NULL };
    return TRUE;
}

typedef struct {
    char *path;
    int fd;
} OpenDir;

struct _PrcDirs {
    OpenDir open[DIRS_MAX];
    guint next;
};

PrcDirs *
prc_dirs_new (void)
{
    PrcDirs *dirs = g_new0 (PrcDirs, 1);

    for (guint i = 0; i < DIRS_MAX; i++)
        dirs->open[i].fd = -1;
    return dirs;
}

static void
open_dir_clear (OpenDir *open_dir)
{
    g_clear_pointer (&open_dir->path, g_free);
    prc_fd_clear (&open_dir->fd);
}

void
prc_dirs_free (PrcDirs *dirs)
{
    if (dirs == NULL)
        return;
    for (guint i = 0; i < DIRS_MAX; i++)
        open_dir_clear (&dirs->open[i]);
    g_free (dirs);
}

static int
walk_without_links (const char *path)
{
    g_auto (PrcFd) fd = prc_open_at (AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
    g_auto (GStrv) names = g_strsplit (path, "/", -1);
    int result;

    for (guint i = 0; names[i] != NULL && fd >= 0; i++) {
        int next;

        if (names[i][0] == '\0')
            continue;
        next = prc_open_at (fd, names[i], O_PATH | O_DIRECTORY | O_NOFOLLOW, 0);
        prc_fd_clear_keep_errno (&fd);
        fd = next;
    }
    if (fd < 0)
        return -1;
    /* To be synced a directory must be open for reading; one that may only be entered isn't. */
    result = prc_open_at (fd, ".", O_RDONLY | O_DIRECTORY, 0);
    if (result < 0 && errno == EACCES) {
        result = fd;
        fd = -1;
    }
    prc_fd_clear_keep_errno (&fd);
    return result;
}

static int
open_without_links (const char *path)
{
    int fd = prc_open_no_links (AT_FDCWD, path, O_RDONLY | O_DIRECTORY);

    return fd < 0 && (errno == ENOSYS || errno == EACCES) ? walk_without_links (path) : fd;
}

int
prc_dirs_open (PrcDirs *dirs, const char *path)
{
    OpenDir *slot = &dirs->open[dirs->next];
    int fd;

    for (guint i = 0; i < DIRS_MAX; i++)
        if (dirs->open[i].path != NULL && strcmp (dirs->open[i].path, path) == 0)
            return dirs->open[i].fd;
    fd = open_without_links (path);
    if (fd < 0)
        return -1;
    open_dir_clear (slot);
    slot->path = g_strdup (path);
    slot->fd = fd;
    dirs->next = (dirs->next + 1) % DIRS_MAX;
    return fd;
}

void
prc_dirs_forget (PrcDirs *dirs, const char *path)
{
    for (guint i = 0; i < DIRS_MAX; i++)
        if (dirs->open[i].path != NULL && strcmp (dirs->open[i].path, path) == 0)
            open_dir_clear (&dirs->open[i]);
}
