/* settle.h - the two ways in which a transaction ends: all files old, or all files new
 *
 * Both work from the journal alone, so that the process that wrote it and one that finds it after a
 * crash do exactly the same; and both may be interrupted and repeated at will. */
#pragma once
#include <glib.h>

#include "apply/journal.h"
#include "apply/resolve.h"

/**
 * prc_roll_back: makes every file the old one again, as far as it was touched.
 * @left_alone: (element-type utf8): gets the paths of the files that someone has changed meanwhile,
 *   and which are therefore left as they are
 * @given_up: (nullable) (element-type utf8): when the sealed data can't be opened, gets the paths of
 *   the files that can't be put back without it, and the rest goes on
 * @error: #PRC_ERROR_WRITE, or without @given_up what opening the sealed data gives; to be repeated
 *   then
 */
gboolean prc_roll_back (PrcJournal *journal, PrcDirs *dirs, const PrcSealer *sealer,
                        GPtrArray *left_alone, GPtrArray *given_up, GError **error);

/** prc_tidy_up: after the commit: removes the old files from beside the new ones.
 * @state_dev: the file system of the journal; see the .c */
gboolean prc_tidy_up (PrcJournal *journal, PrcDirs *dirs, dev_t state_dev, GError **error);

/** prc_sync_dirs: makes the renames of @journal durable: one sync for each directory.
 * @except_dev: (nullable): directories on this device are left out */
gboolean prc_sync_dirs (const PrcJournal *journal, PrcDirs *dirs, const dev_t *except_dev,
                        GError **error);

/** prc_write_in_place: makes the content of @fd @bytes without a moment at which it needs more room
 * than it has; durable on return. 0 or -1 with errno. */
int prc_write_in_place (int fd, GBytes *bytes);
