/* version.h - the version of an installed tool, without running it */
#pragma once
#include <glib.h>

#include "catalogue/place.h"
#include "catalogue/tool.h"

/** prc_tool_version: PRC_TOOL_VERSION, or 0 when it can't be found out: then the rule that is safe
 * in all counts. */
guint prc_tool_version (const PrcTool *tool, const PrcPlace *place);
