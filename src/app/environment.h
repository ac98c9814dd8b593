/* environment.h - the environment of the active profile, as text for a shell to evaluate */
#pragma once
#include <glib.h>

#include "app/session.h"

typedef enum {
    PRC_ENVIRONMENT_ASK,     /* unlocks the store, asking if need be; fails if it can't */
    PRC_ENVIRONMENT_STARTUP, /* for a shell that starts: asks nobody; without the password it gives
                                the proxies without any credential, so that no tool sends a wrong
                                one, and leaves the values that the shell has inherited for them */
} PrcEnvironmentMode;

/**
 * prc_environment_print:
 * @shell: "sh", "fish" or "csh"
 * @error: #PRC_ERROR_USAGE for another shell; #PRC_ERROR_LOCKED when the password can't be had
 *
 * Holds the password, unless the profile's placement for the environment is none. For a profile
 * without a proxy: what takes the variables away.
 * Returns: (transfer full) (nullable): wiped when freed
 */
GBytes *prc_environment_print (PrcSession *session, const char *shell, PrcEnvironmentMode mode,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
