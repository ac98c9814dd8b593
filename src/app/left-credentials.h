/* left-credentials.h - files of credential helpers: one URL per line, as git-credential-store(1)
 * keeps them */
#pragma once
#include <glib.h>

#include "planner/wanted.h"

/**
 * prc_credential_lines_renew: lines for the wanted user at one of the profile's proxies get the
 * wanted password; every other byte stays.
 *
 * Returns: (transfer full) (nullable): NULL when there is no such line with another password
 */
GBytes *prc_credential_lines_renew (GBytes *bytes, const PrcWanted *wanted, guint *ret_n);
