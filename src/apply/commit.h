/* commit.h - the transaction itself, for undo.c and transaction.c */
#pragma once
#include <glib.h>

#include "apply/journal.h"
#include "apply/transaction.h"

/**
 * prc_commit:
 * @undoes: (nullable): the transaction that this takes back: then it is recorded even if there is
 *   nothing to write
 * @drop_dirs: (nullable) (element-type utf8): to be removed at the end if empty
 *
 * As prc_transaction_commit(); the lock is held and a former transaction is recovered.
 */
gboolean prc_commit (PrcStateDir *state, int state_fd, const GPtrArray *changes,
                     const PrcApplyOptions *options, const char *undoes, const GPtrArray *drop_dirs,
                     char **ret_id, GError **error);

/** prc_recover_locked: as prc_transaction_recover(); the lock is held. */
gboolean prc_recover_locked (PrcStateDir *state, int state_fd, const PrcSealer *sealer,
                             PrcRecovery **ret_report, GError **error);

/** prc_give_up_locked: what can't be recovered because its sealed data can't be opened: all is rolled
 * back that can be without. @given_up: (element-type utf8): gets the paths of the rest; it may be
 * half written. The lock is held. */
gboolean prc_give_up_locked (PrcStateDir *state, int state_fd, const PrcSealer *sealer,
                             GPtrArray *given_up, GError **error);
