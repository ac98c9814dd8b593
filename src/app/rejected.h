/* rejected.h - which credentials a proxy rejected a short while ago, so that none is sent a second
 * time
 *
 * In the state directory, one small file holds a random key and, for each rejection, its time and a
 * short keyed hash over proxy, user and password: too short to find a password by it. When all of
 * them are old, the key goes too. */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "base/secret.h"
#include "model/credential.h"

/** For so long a rejected credential is not sent again. */
#define PRC_REJECTED_SECONDS (30 * 60)
/** So many are remembered; then the oldest goes. */
#define PRC_REJECTED_MAX 256u

/**
 * prc_rejected_shared_new: for one run in many homes: a memory without a file, to be named as
 * #PrcSessionOptions.shared_rejected in each of the processes, which get it by fork(). An account
 * that one home's password was rejected for gets no other home's: each would count. Returns: a
 * descriptor, or -1
 */
int prc_rejected_shared_new (void);

/** PrcRejected: the memory, looked at for one credential. */
typedef struct _PrcRejected PrcRejected;

/** prc_rejected_new: (transfer full) (nullable): NULL with @error where the state directory can't
 * be written, and nothing is shared. */
PrcRejected *prc_rejected_new (PrcSession *session, const PrcCredentialRef *ref,
                               PrcSecret *password, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_rejected_free: (nullable): gives the claim back. */
void prc_rejected_free (PrcRejected *rejected);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcRejected, prc_rejected_free)

/**
 * prc_rejected_claim: from now until prc_rejected_free() (or this process's end) nobody else can
 * claim this very credential, nor in a run in many homes any of its user's. FALSE: another process is at it: never waits. Claim first, then look:
 * what the other has found out is known then.
 */
gboolean prc_rejected_claim (PrcRejected *rejected);

/** prc_rejected_find: whether it was rejected a short while ago, and when. */
gboolean prc_rejected_find (PrcRejected *rejected, guint *ret_seconds_ago);
/** prc_rejected_find_account: whether in this run in many homes this or another password of its
 * user was rejected. */
gboolean prc_rejected_find_account (PrcRejected *rejected);

/** prc_rejected_remember, prc_rejected_forget: FALSE: it could not be written. */
gboolean prc_rejected_remember (PrcRejected *rejected);
gboolean prc_rejected_forget (PrcRejected *rejected);
