/* state-dir.h - the directory of journal and history, and its lock */
#pragma once
#include <glib.h>

#include "apply/transaction.h"
#include "base/fs.h"

#define PRC_JOURNAL_NAME "journal"
#define PRC_JOURNAL_NEW_NAME "journal.new"
#define PRC_HISTORY_NAME "history"

const char *prc_state_dir_path (const PrcStateDir *state);

/** prc_state_dir_open: checked and tightened; *@ret_fd is -1 when there is none and not @create. */
gboolean prc_state_dir_open (const PrcStateDir *state, gboolean create, PrcFd *ret_fd,
                             GError **error);

/** prc_state_dir_has: one stat(): is there such a file in it? */
gboolean prc_state_dir_has (const PrcStateDir *state, const char *name);

/** PrcLock: held while it is open; given back even if a child process has inherited it. */
typedef int PrcLock;
void prc_lock_clear (PrcLock *lock);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcLock, prc_lock_clear)

/** prc_state_dir_lock: waits up to @wait_ms for another proxyrc. */
gboolean prc_state_dir_lock (const PrcStateDir *state, int state_fd, guint wait_ms,
                             PrcLock *ret_lock, GError **error);
