/* moved.h - a start-up file that says where the ones after it are: ZDOTDIR=~/.config/zsh in
 * ~/.zshenv */
#pragma once
#include "catalogue/place.h"
#include "formats/document.h"

/**
 * prc_moved_to:
 * @doc: a shell's start-up file
 * @name: a variable that the paths of later files start from
 *
 * What @name holds when the file has been read by a shell that starts without it; a setting on a
 * condition counts if the folder that it names exists, for that is what such conditions ask.
 * Returns: (transfer full) (nullable): NULL: it is not set there, or only running the file would
 * tell
 */
char *prc_moved_to (const PrcDocument *doc, const PrcPlace *place, const char *name);
