/* placement.h - how a tool gets the secret: the word of a profile for all tools, and for single
 * ones
 *
 * The text form is a comma-separated list: one word for all tools (none: inline), and TOOL=WORD for
 * those that differ: "reference", "npm=inline", "reference,npm=inline,pip=none". */
#pragma once
#include <glib.h>

typedef enum {
    PRC_PLACEMENT_INLINE,    /* written in the tool's file */
    PRC_PLACEMENT_REFERENCE, /* the tool's file refers to the environment or to a helper */
    PRC_PLACEMENT_NONE,      /* the tool is told the proxy, and no credential */
} PrcPlacement;

/**
 * prc_placements_normalize: @text as it is kept: without blanks, the word for all first.
 * @error: #PRC_ERROR_INPUT for another word, a name that can't be a tool's, or two words for one
 *
 * Returns: (transfer full) (nullable): "" for a @text that says nothing
 */
char *prc_placements_normalize (const char *text, GError **error);

/** prc_placements_of: what @text ((nullable), normalized) says of @tool. */
PrcPlacement prc_placements_of (const char *text, const char *tool);

/** prc_placements_tools: (transfer full): the tools that @text ((nullable), normalized) names. */
char **prc_placements_tools (const char *text);
