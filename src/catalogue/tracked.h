/* tracked.h - whether git tracks a file, from the repository's index, without running git */
#pragma once
#include <glib.h>

/**
 * prc_git_tracks:
 * @real_path: absolute, no symlinks
 *
 * Looks for the work tree that holds the file, and in its index (gitformat-index(5), versions 2 to
 * 4). What can't be made out (an unknown index version, a split index) counts as tracked. A bare
 * repository as in `git --git-dir=~/.dotfiles` leaves no trace that could be found, and is not.
 */
gboolean prc_git_tracks (const char *real_path);
