/* shared.h - whether others have a hand in the folder that a file is in */
#pragma once
#include <glib.h>

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
