/* plan.h - looks at every file of a transaction before anything is written, and decides how */
#pragma once
#include <glib.h>

#include "apply/journal.h"
#include "apply/resolve.h"
#include "apply/transaction.h"

/**
 * prc_plan_records:
 * @changes: (element-type PrcChange)
 * @journal: gets a record for each change that changes something, and the directories to be made;
 *   names, DATA and all but STGD filled in
 * @ret_changes: (out) (element-type PrcChange): for each record its change; belongs to @changes
 *
 * Refuses what can't, or mustn't, be written, with the errors of prc_transaction_commit().
 */
gboolean prc_plan_records (const GPtrArray *changes, const PrcApplyOptions *options, PrcDirs *dirs,
                           PrcJournal *journal, GPtrArray **ret_changes, GError **error);

/** prc_plan_open_old: the file as it is now, when it still holds @bytes; else -1 with @error.
 * @name: below @dirfd; @path is for messages. */
int prc_plan_open_old (int dirfd, const char *name, GBytes *bytes, const char *path,
                       GError **error);
