/* catalogue.h - all tools, from the data files of three folders */
#pragma once
#include <glib.h>

#include "catalogue/tool.h"

/** PrcCatalogue: (element-type PrcTool), in the order of their `order`, then name. */
typedef GPtrArray PrcCatalogue;

/**
 * prc_catalogue_load:
 * @folders: (NULL-terminated): in rising precedence: shipped, the system's, the user's; absent ones
 * are skipped
 * @error: #PRC_ERROR_INPUT "FILE:LINE: what is wrong"
 *
 * NAME.cfg describes the tool NAME; in a later folder it replaces the earlier one whole.
 */
PrcCatalogue *prc_catalogue_load (const char *const *folders, const char *only,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_catalogue_free (PrcCatalogue *catalogue);

/** prc_catalogue_find: (nullable) (transfer none) */
const PrcTool *prc_catalogue_find (const PrcCatalogue *catalogue, const char *name);
