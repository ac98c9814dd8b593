/* proxy-url.h - a proxy URL, as each tool reads it and as it must be written for each
 *
 * The value is kept decoded: user and password are the bytes that the user types. Encoding is a
 * matter of the dialect that it is written for. Rules and their sources: docs/FACTS in each field. */
#pragma once
#include <glib.h>

#include "base/secret.h"

typedef enum {
    PRC_PROXY_HTTP,
    PRC_PROXY_HTTPS, /* TLS to the proxy itself */
    PRC_PROXY_SOCKS4,
    PRC_PROXY_SOCKS4A,
    PRC_PROXY_SOCKS5,
    PRC_PROXY_SOCKS5H,
} PrcProxyScheme;

/** prc_proxy_scheme_name: "http", "https", "socks4", "socks4a", "socks5", "socks5h". */
const char *prc_proxy_scheme_name (PrcProxyScheme scheme);
/** prc_proxy_scheme_from_name: case-insensitive; "socks" is socks4, as curl has it. */
gboolean prc_proxy_scheme_from_name (const char *name, gsize length, PrcProxyScheme *ret_scheme);

typedef enum {
    PRC_AT_LAST,  /* userinfo ends at the last '@' of the authority (npm, pip, Go, wget) */
    PRC_AT_FIRST, /* at the first (git) */
    PRC_AT_ONLY,  /* more than one is an error (curl) */
} PrcAtRule;

/** PrcUrlDialect: how one tool reads a proxy URL. Filled from the catalogue. */
typedef struct {
    guint schemes;              /* set of 1 << PrcProxyScheme that the tool can speak */
    gboolean scheme_needed;     /* host:port without a scheme is not usable (npm, wget) */
    gboolean scheme_needed_for_user; /* only user:password@host:port without one is not (pip) */
    guint16 default_port;       /* for all but https: 1080 (libcurl) or 80 */
    guint16 default_port_https; /* 443 */
    PrcAtRule at;
    gboolean strict_percent;    /* '%' without two hex digits is an error (npm: "URI malformed") */
    gboolean decodes_twice;     /* %25HH is decoded again (git on libcurl < 8.8.0) */
    gboolean latin1;            /* user and password go out as Latin-1 (pip, requests) */
} PrcUrlDialect;

/** prc_url_dialect_lenient: everything that any tool accepts; for profiles and the command line. */
extern const PrcUrlDialect prc_url_dialect_lenient;

/** PrcProxyUrl: plain value; NULL-able strings are owned. */
typedef struct {
    PrcProxyScheme scheme;
    gboolean has_scheme; /* the text named one */
    char *host;          /* lower case; IPv6 without brackets, zone id kept after '%' */
    guint16 port;        /* the effective one: the dialect's default when none is written */
    gboolean has_port;
    char *user;          /* (nullable): decoded, any bytes but NUL; "" when written empty */
    PrcSecret *password; /* (nullable): decoded; empty when written empty */
} PrcProxyUrl;

void prc_proxy_url_free (PrcProxyUrl *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcProxyUrl, prc_proxy_url_free)
/** prc_proxy_url_new: (transfer full): copies @host and @user; refs @password (nullable). */
PrcProxyUrl *prc_proxy_url_new (PrcProxyScheme scheme, const char *host, guint16 port,
                                const char *user, PrcSecret *password);
PrcProxyUrl *prc_proxy_url_copy (const PrcProxyUrl *url);

/**
 * prc_proxy_url_parse:
 * @text: not empty (an empty setting means "no proxy" and is the caller's to know)
 * @error: #PRC_ERROR_INPUT: what the tool itself could not use; the message never quotes @text
 *
 * What the tool of @dialect would make of @text: path, query and fragment are ignored as the tools do.
 * Returns: (transfer full) (nullable)
 */
PrcProxyUrl *prc_proxy_url_parse (const char *text, const PrcUrlDialect *dialect, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_proxy_url_format:
 * @error: #PRC_ERROR_UNSUPPORTED when no text makes this tool send exactly these credentials:
 *   control characters (libcurl would silently go direct), '%' and two hex digits where the tool
 *   decodes twice, or a scheme that the tool can't speak
 *
 * The one form that reads alike everywhere: with scheme and port; each byte of user and password
 * but A-Z a-z 0-9 - . _ ~ as %HH; for a latin1 dialect, each UTF-8 byte above 0x7F as the UTF-8 of the
 * character with that number, so that its Latin-1 is the UTF-8 meant.
 * Returns: (transfer full) (nullable): free with prc_wipe_free()
 */
char *prc_proxy_url_format (const PrcProxyUrl *url, const PrcUrlDialect *dialect, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/** prc_proxy_url_format_bare: scheme://host:port without any credentials; (transfer full). */
char *prc_proxy_url_format_bare (const PrcProxyUrl *url);

/** prc_proxy_url_same_proxy: scheme, host and port are equal. */
gboolean prc_proxy_url_same_proxy (const PrcProxyUrl *a, const PrcProxyUrl *b);
/** prc_proxy_url_equal: same proxy, user and password (absent equals empty user and no password). */
gboolean prc_proxy_url_equal (const PrcProxyUrl *a, const PrcProxyUrl *b);

/** prc_percent_encode: every byte but the unreserved of RFC 3986; (transfer full), wiped by the caller. */
char *prc_percent_encode (const char *bytes);
