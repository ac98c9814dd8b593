/* npm-expand.h - ${NAME} in npm's values */
#pragma once
#include "routing/variables.h"

/**
 * prc_npm_expand:
 * @optional: ${NAME?} is nothing when NAME is not set (npm 11)
 * @ret_doubt: (out) (transfer full): why a variable isn't known
 *
 * Returns: (transfer full) (nullable): @text as npm uses it: what isn't set stays as it is written
 */
char *prc_npm_expand (const char *text, const PrcVariables *variables, gboolean optional,
                      char **ret_doubt);
