/* tool-reader.h - one data file of the catalogue, read strictly */
#pragma once
#include <glib.h>

#include "catalogue/tool.h"

/**
 * prc_tool_read:
 * @error: #PRC_ERROR_INPUT "FILE:LINE: what is wrong": syntax, an unknown or missing setting, a
 * wrong type, an unknown word; a misspelt setting is never ignored
 *
 * Returns: (transfer full) (nullable)
 */
PrcTool *prc_tool_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
