/* stage.h - the new file beside the old one, and the moment when it takes its place */
#pragma once
#include <glib.h>

#include "apply/journal.h"
#include "apply/resolve.h"
#include "apply/transaction.h"

/** prc_stage_make_dirs: those that the journal lists. */
gboolean prc_stage_make_dirs (const PrcJournal *journal, const PrcApplyOptions *options,
                              PrcDirs *dirs, GError **error);

/**
 * prc_stage_file: for RENAME and CREATE: writes the temporary file, with the owner, attributes and
 * mode that it shall have. *@ret_fd is -1 for the other ways; it is still to be synced.
 */
gboolean prc_stage_file (PrcRecord *record, const PrcChange *change, const PrcApplyOptions *options,
                         PrcDirs *dirs, int *ret_fd, GError **error);

/** prc_stage_swap: makes the file the new one. From here on prc_roll_back() is the way back. */
gboolean prc_stage_swap (const PrcRecord *record, PrcDirs *dirs, GError **error);
