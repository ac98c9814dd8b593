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

/** PrcToolField: one setting of a data file, for the manual. */
typedef struct {
    const char *group; /* "" at the top */
    const char *name;
    const char *type; /* "string", "strings", "word", "words", "flag", "number", "port", "version",
                         "other" */
    const char *const *words; /* (nullable): NULL-terminated: those that are known */
    gboolean is_needed;
} PrcToolField;

/** prc_tool_field: the settings that prc_tool_read() knows, one after the other. FALSE: there are
 * no more. */
gboolean prc_tool_field (gsize index, PrcToolField *ret_field);
