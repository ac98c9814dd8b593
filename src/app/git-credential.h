/* git-credential.h - the answer to git that asks for the password of a proxy */
#pragma once
#include <glib.h>

#include "app/session.h"

/**
 * prc_git_credential_answer:
 * @request: what git writes to a credential helper: KEY=VALUE lines
 * @ret_why: (out) (transfer full) (nullable): what git's user should know when there is no answer
 *
 * Answers for a proxy of any profile, the active one first, with the user that is asked for (any,
 * when the request names none), and only from a store that is open: git then asks by itself.
 * Returns: (transfer full) (nullable): the lines of the answer, wiped when freed; NULL: none
 */
GBytes *prc_git_credential_answer (PrcSession *session, GBytes *request,
                                   char **ret_why) G_GNUC_WARN_UNUSED_RESULT;
