/* git-credential.h - the answer to git that asks for the password of a proxy */
#pragma once
#include <glib.h>

#include "app/session.h"

/**
 * prc_git_credential_answer:
 * @request: what git writes to a credential helper: KEY=VALUE lines
 * @error: #PRC_ERROR_LOCKED: it is for a proxy of a profile, but the password is not stored, or its
 * store is not open; #PRC_ERROR_UNSUPPORTED: git would make another of it. None of these is for git
 * to fail: it then asks by itself.
 *
 * Answers for a proxy of any profile, the active one first, with the user that is asked for (any,
 * when the request names none). Unlocks nothing.
 * Returns: (transfer full) (nullable): the lines of the answer, wiped when freed; NULL without
 * @error: it is about something else
 */
GBytes *prc_git_credential_answer (PrcSession *session, GBytes *request,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
