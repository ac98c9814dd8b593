/* tracked.h - whether git tracks a file, from the repository's index, without running git */
#pragma once
#include <glib.h>

/** PrcGitIndexes: the indexes that were looked at, each read once: for the questions of one
 * command, not longer. */
typedef struct _PrcGitIndexes PrcGitIndexes;
/** prc_git_indexes_new: @home: (nullable): whose dotfiles repositories are looked at too. (transfer
 * full) */
PrcGitIndexes *prc_git_indexes_new (const char *home) G_GNUC_WARN_UNUSED_RESULT;
void prc_git_indexes_free (PrcGitIndexes *indexes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcGitIndexes, prc_git_indexes_free)

/**
 * prc_git_indexes_track:
 * @real_path: absolute, no symlinks
 *
 * Looks for the work tree that holds the file, and in its index (gitformat-index(5), versions 2 to
 * 4). What can't be made out (an unknown index version, a split index) counts as tracked.
 *
 * Dotfiles are often kept with `git --git-dir=$HOME/.dotfiles --work-tree=$HOME`, where no work
 * tree names the repository. Its index gives it away: it is found in a folder of @home whose name
 * begins with a dot or ends in ".git", or where yadm and vcsh keep theirs.
 */
gboolean prc_git_indexes_track (PrcGitIndexes *indexes, const char *real_path);

/** prc_git_tracks: the same for one file alone. */
gboolean prc_git_tracks (const char *real_path, const char *home);
