/* resolve.h - from the path that a user names to the directory and name of the file itself */
#pragma once
#include <glib.h>

/**
 * PrcTarget: the file behind a path, all symlinks followed; it need not exist.
 * @dir: canonical absolute path, without any symlink, of the directory that holds it
 * @missing: (element-type utf8): the directories on the way to it that don't exist, canonical
 *   paths, outermost first
 * @name: its last component
 */
typedef struct {
    char *dir, *name;
    GPtrArray *missing;
} PrcTarget;

void prc_target_clear (PrcTarget *target);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcTarget, prc_target_clear)

/**
 * prc_target_resolve:
 * @path: absolute
 * @root: (nullable): a directory at or above @path: no symlink and no ".." met below it leads out
 *   of it, as for a process that lives in there
 * @error: #PRC_ERROR_WRITE, begins with @path
 */
gboolean prc_target_resolve (const char *path, const char *root, PrcTarget *ret_target,
                             GError **error);

/**
 * PrcDirs: open directories by canonical path. Each is opened without following any symlink, so
 * that nobody can put one in the way between the look and the write; the last few stay open.
 */
typedef struct _PrcDirs PrcDirs;
PrcDirs *prc_dirs_new (void);
void prc_dirs_free (PrcDirs *dirs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcDirs, prc_dirs_free)
/** prc_dirs_open: a descriptor that belongs to @dirs, good until the next call; -1 with errno. */
int prc_dirs_open (PrcDirs *dirs, const char *path);
/** prc_dirs_forget: closes @path, before it is removed. */
void prc_dirs_forget (PrcDirs *dirs, const char *path);
