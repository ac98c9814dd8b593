/* no-proxy.h - the list of hosts that are reached directly, and its dialects
 *
 * The wanted list is one; each tool reads another language (curl, wget, apt, npm, pip, Go agree on
 * little). Translation writes the portable form (commas, no blanks, lower case, no '*.', no ports)
 * and says what a tool will not obey. What an entry means here: `x` and `.x` the host x and all below it,
 * `*.x` only the hosts below x, `*` every host. */
#pragma once
#include <glib.h>

/** PrcNoProxyDialect: what one tool understands. Filled from the catalogue. */
typedef struct {
    gboolean star;          /* "*" alone means every host */
    gboolean cidr4;         /* 10.0.0.0/8 */
    gboolean cidr6;         /* fd00::/8 */
    gboolean port;          /* host:port */
    gboolean wildcard;      /* *.example.com */
    gboolean dot_covers_apex; /* .example.com also means example.com */
    gboolean raw_suffix;    /* example.com also hits badexample.com (pip, apt); of localhost and of addresses nothing
                             * is said, though ::1 hits fd00::1 */
} PrcNoProxyDialect;

typedef struct _PrcNoProxy PrcNoProxy;

/**
 * prc_no_proxy_parse: splits at commas and blanks, drops empty and repeated entries; keeps order.
 * @error: #PRC_ERROR_INPUT for an entry with a scheme, a broken CIDR or port, or any character that no host name
 *   has (control characters, quotes, '@', '$', …), naming it
 * Returns: (transfer full) (nullable)
 */
PrcNoProxy *prc_no_proxy_parse (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_no_proxy_free (PrcNoProxy *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcNoProxy, prc_no_proxy_free)
gboolean prc_no_proxy_is_empty (const PrcNoProxy *list);

/**
 * prc_no_proxy_format: the portable text: one for all tools that share the environment.
 * `*.x` becomes `.x`; `x.` loses its last dot; `host:port` becomes `host`; "*" swallows the rest; an
 * IPv4 network of at most 16 addresses is followed by its addresses, an IPv6 address by itself in brackets, which is
 * how npm knows it. (transfer full)
 */
char *prc_no_proxy_format (const PrcNoProxy *list);

/**
 * prc_no_proxy_explain:
 * @warnings: (element-type utf8): gets one sentence without a full stop, naming tool and entry, for each thing that
 *   @tool, of @dialect, will do otherwise than the list says after prc_no_proxy_format(); nothing for what it obeys:
 *   "git does not understand 10.0.0.0/8: hosts there will go through the proxy; add their addresses or names"
 */
void prc_no_proxy_explain (const PrcNoProxy *list, const char *tool, const PrcNoProxyDialect *dialect,
                           GPtrArray *warnings);

/**
 * prc_no_proxy_same: two texts, as found in files, hold the same entries in any order. Entries are what stands
 * between commas, blanks around them aside; the case of letters counts, as it does for npm.
 */
gboolean prc_no_proxy_same (const char *a, const char *b);
