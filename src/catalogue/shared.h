/* shared.h - whether others have a hand in the folder that a file is in */
#pragma once
#include <glib.h>
#include <sys/types.h>

/** PrcSharedFolders: what was learned of folders, each looked at once: for the questions of one
 * command, and of one thread. */
typedef struct _PrcSharedFolders PrcSharedFolders;
/** prc_shared_folders_new: @home as in prc_folder_is_shared(). (transfer full) */
PrcSharedFolders *prc_shared_folders_new (const char *home) G_GNUC_WARN_UNUSED_RESULT;
void prc_shared_folders_free (PrcSharedFolders *folders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcSharedFolders, prc_shared_folders_free)
/** prc_shared_folders_owner: of the home; FALSE when there is none. */
gboolean prc_shared_folders_owner (const PrcSharedFolders *folders, uid_t *ret_owner);
/** prc_shared_folders_have: as prc_folder_is_shared(). */
gboolean prc_shared_folders_have (PrcSharedFolders *folders, const char *path, gboolean is_real,
                                  char **ret_folder);

/**
 * prc_folder_is_shared:
 * @path: absolute; need not exist: then the folder counts that it would be made in
 * @is_real: no component of @path is a symlink, so that need not be looked for
 * @home: whose files: that user and root may own the folders
 * @ret_folder: (out) (optional) (transfer full): which one it is
 *
 * TRUE when somebody else owns, or may write to, the folder or one above it, up to the home (up to
 * / for a file elsewhere): they could put another file in place of it. A sticky folder above is
 * none (/tmp); nor is one that the group may write to when the group is the user's own (umask 002).
 */
gboolean prc_folder_is_shared (const char *path, gboolean is_real, const char *home,
                               char **ret_folder);
