/* bypass.h - whether a no_proxy list bypasses the proxy for a host, by each tool's own rules
 *
 * No two tools agree on what an entry means; these are their algorithms as they are, oddities
 * included. no-proxy.h writes lists, and says what a tool will not obey; this reads what is there.
 */
#pragma once
#include <glib.h>

#include "routing/target.h"

/**
 * PrcBypass: TRUE when @list bypasses the proxy for @target in the tool's version @version
 * (PRC_TOOL_VERSION).
 * @ret_entry: (out) (nullable) (transfer full): the entry that does, as it stands in the list
 */
typedef gboolean (*PrcBypass) (const char *list, const PrcTarget *target, guint version,
                               char **ret_entry);

/** prc_bypass_curl: libcurl, also git's: @version is its. Networks since 7.86, an end at the first
 * blank inside since 8.9.0, IPv6 as an address since 8.18.0. */
gboolean prc_bypass_curl (const char *list, const PrcTarget *target, guint version,
                          char **ret_entry);
/** prc_bypass_wget: one value of no_proxy; of several values each counts. */
gboolean prc_bypass_wget (const char *list, const PrcTarget *target, guint version,
                          char **ret_entry);
gboolean prc_bypass_npm (const char *list, const PrcTarget *target, guint version,
                         char **ret_entry);
/** prc_bypass_requests: what pip's requests makes of the list itself; an address in a network, or a
 * raw suffix. */
gboolean prc_bypass_requests (const char *list, const PrcTarget *target, guint version,
                              char **ret_entry);
/** prc_bypass_urllib: what Python's urllib, which is asked next, makes of it; also its "*". */
gboolean prc_bypass_urllib (const char *list, const PrcTarget *target, guint version,
                            char **ret_entry);
