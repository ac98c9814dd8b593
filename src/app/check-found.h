/* check-found.h - each distinct credential found on this machine, tried once at its proxy
 *
 * Different proxies are tried at the same time, the credentials of one proxy one after the other.
 * After the first one of a user that a proxy rejects, that user's further ones are not sent there.
 */
#pragma once
#include <glib.h>

#include "app/check.h"
#include "app/found-credentials.h"

typedef struct _PrcCheckFound PrcCheckFound;

/**
 * prc_check_found_start: looks for the credentials (a locked store is unlocked by the session's
 * `ask`), and begins.
 * @request: @url, @ca, @timeout_ms and @force count, for all of them; the profile's where they are
 * not said Returns: (transfer full) (nullable): needs @session until its end
 */
PrcCheckFound *prc_check_found_start (PrcSession *session, const PrcCheckRequest *request,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_check_found_fd, prc_check_found_step: as prc_check_fd() and prc_check_step(); TRUE: all is
 * over. */
int prc_check_found_fd (const PrcCheckFound *checks);
gboolean prc_check_found_step (PrcCheckFound *checks, GError **error);
/** prc_check_found_free: (nullable): ends what still runs. */
void prc_check_found_free (PrcCheckFound *checks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcCheckFound, prc_check_found_free)

/** prc_check_found_count: how many there are, and how many are done. */
guint prc_check_found_count (const PrcCheckFound *checks, guint *ret_done);
/** prc_check_found_credential, …_result: of number @i; the result is (nullable): not known yet.
 * (transfer none) */
const PrcFoundCredential *prc_check_found_credential (const PrcCheckFound *checks, guint i);
const PrcCheckResult *prc_check_found_result (const PrcCheckFound *checks, guint i);
/** prc_check_found_notes: (element-type utf8) (transfer none): what could not be looked into. */
const GPtrArray *prc_check_found_notes (const PrcCheckFound *checks);
