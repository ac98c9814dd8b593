/* records.h - the files of the state directory: the journal becomes the history's record */
#pragma once
#include <glib.h>

#include "apply/journal.h"
#include "apply/transaction.h"

/** prc_records_ids: (transfer full) (element-type utf8): of the history, oldest first; empty when
 * there is none. */
GPtrArray *prc_records_ids (int state_fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_records_next_id: sorts after every id there is, also when the clock has gone back. */
char *prc_records_next_id (int state_fd, gint64 now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_records_read: (transfer full) (nullable): #PRC_ERROR_NOT_FOUND. */
PrcJournal *prc_records_read (int state_fd, const char *id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_records_keep: moves the journal to the history. */
gboolean prc_records_keep (int state_fd, const char *id, const char *state_path, GError **error);
/** prc_records_prune: removes what is too old or too many. Failing does no harm. */
void prc_records_prune (int state_fd, gint64 now);
/** prc_records_purge: removes all; *@ret_count: how many. */
gboolean prc_records_purge (int state_fd, guint *ret_count, GError **error);
