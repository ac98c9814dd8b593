/* environment.h - the environment of the active profile, as text for a shell to evaluate */
#pragma once
#include <glib.h>

#include "app/session.h"

/**
 * prc_environment_print:
 * @shell: "sh", "fish" or "csh"
 * @error: #PRC_ERROR_USAGE for another shell; #PRC_ERROR_LOCKED when the password can't be had
 *
 * Holds the password. For a profile without a proxy: what takes the variables away.
 * Returns: (transfer full) (nullable): wiped when freed
 */
GBytes *prc_environment_print (PrcSession *session, const char *shell,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
