/* curlrc-scan.h - a .curlrc line by line, as one version of curl reads it */
#pragma once
#include "formats/curl-options.h"
#include "formats/document.h"

/** The versions whose rules differ (and the oldest and newest that are told apart). */
extern const guint prc_curlrc_versions[];
extern const gsize prc_curlrc_n_versions;

/** Flag lines that end in CR, and indented lines, are errors from here on. */
#define PRC_CURLRC_STRICT_LINES PRC_TOOL_VERSION (8, 13, 0)
/** An error in a line ends the reading of the file from here on. */
#define PRC_CURLRC_STOPS PRC_TOOL_VERSION (8, 8, 0)

/** PrcCurlrcBounds: where a new line must stand at the latest. Offsets of line starts; the size of
 * the file when there is no such line. */
typedef struct {
    gsize stop;   /* of the line after which this version doesn't read, or `next` */
    gsize unsure; /* of the first line that may be one, depending on build, files or its value */
} PrcCurlrcBounds;

/**
 * prc_curlrc_scan:
 * @version: of curl; not 0
 * @entries: (element-type PrcEntry): one per known option, in file order; those that this version
 *   doesn't read are INERT, with the reason as detail
 *
 * A boolean option has the value "true" or "false", and as its value's range that of its name. An
 * `expand-NAME` is the key "expand-NAME", with its value before the expansion.
 */
void prc_curlrc_scan (const char *data, gsize size, guint version, GPtrArray *entries,
                      PrcCurlrcBounds *ret_bounds);

/** prc_curlrc_is_space: isspace() of the C locale. */
gboolean prc_curlrc_is_space (char c);
