/* check-tools.h - which tools could pass the proxy that was checked, by what the catalogue says of
 * them */
#pragma once
#include "app/session.h"
#include "model/verdict.h"

/**
 * prc_check_add_tools: a #PrcToolChance for each tool, from what the proxy offers; and, if some
 * tool will get 407 with any password, the remedy says what helps.
 * @auth: (nullable): what the profile says: the tools do that, where they can
 *
 * Does nothing when the proxy has not been heard, or the catalogue can't be read.
 */
void prc_check_add_tools (PrcSession *session, const char *auth, PrcCheckResult *result);
