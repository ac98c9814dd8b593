/* tracked.h - whether git tracks a file, from the repository's index, without running git */
#pragma once
#include <glib.h>

/**
 * prc_git_tracks:
 * @real_path: absolute, no symlinks
 * @home: (nullable): the home whose dotfiles repositories are looked at too
 *
 * Looks for the work tree that holds the file, and in its index (gitformat-index(5), versions 2 to
 * 4). What can't be made out (an unknown index version, a split index) counts as tracked.
 *
 * Dotfiles are often kept with `git --git-dir=$HOME/.dotfiles --work-tree=$HOME`, where no work
 * tree names the repository. Its index gives it away: it is found in a folder of @home whose name
 * begins with a dot or ends in ".git", or where yadm and vcsh keep theirs.
 */
gboolean prc_git_tracks (const char *real_path, const char *home);
