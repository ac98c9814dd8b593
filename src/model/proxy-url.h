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
    PRC_AT_LAST,  /* userinfo ends at the last '@' of the authority (npm, pip, Go) */
    PRC_AT_FIRST, /* git: at the first, and what is left is read once more as libcurl reads it; scheme names
                   * only in lower case; no newline in user and password */
    PRC_AT_ONLY,  /* more than one is an error (curl, wget) */
} PrcAtRule;

/** PrcUrlDialect: how one tool reads a proxy URL. Filled from the catalogue. */
typedef struct {
    guint schemes;              /* set of 1 << PrcProxyScheme that the tool can speak */
    gboolean scheme_needed;     /* host:port without a scheme is not usable (npm, wget) */
    gboolean scheme_needed_for_user; /* what begins with `word:` is taken for a scheme (pip): so user:password@host:port
                                      * and localhost:port are not usable, proxy.corp:port and 10.0.0.1:port are */
    guint16 default_port;       /* for http: 1080 (libcurl) or 80; for socks it is 1080 everywhere */
    guint16 default_port_https; /* 443 */
    PrcAtRule at;
    gboolean strict_percent;    /* '%' without two hex digits, and what does not decode to UTF-8, is an error
                                 * (npm: "URI malformed") */
    gboolean percent_all_or_none; /* one such '%' makes every '%' of the userinfo a plain one (pip) */
    gboolean decodes_twice;     /* %25HH is decoded again (git on libcurl < 8.8.0) */
    gboolean latin1;            /* user and password go out as Latin-1 (pip, requests) */
    gboolean loose_userinfo;    /* user and password may hold blanks and control characters, raw or as %HH (git, npm,
                                 * pip); libcurl refuses the raw ones and, without a word, goes direct for the others */
    gboolean backslash_ends;    /* '\' ends the authority as '/' does (npm, pip) */
    gboolean trims;             /* blanks at both ends, and every tab and newline, are dropped (npm) */
    gboolean zone_refused;      /* an IPv6 zone id is an error (npm) */
    char **none_words;          /* (nullable): that stand for no proxy, as an empty value does (npm) */
    gboolean guesses_scheme;    /* without a scheme, a host that begins with ftp. dict. ldap. imap. smtp. pop3. is an
                                 * error (libcurl); git, which strips the scheme, with one too */
} PrcUrlDialect;

/** prc_url_dialect_lenient: everything that any tool accepts; for profiles and the command line. */
extern const PrcUrlDialect prc_url_dialect_lenient;

/** prc_url_dialect_is_none: whether @value says "no proxy" to the tool. */
gboolean prc_url_dialect_is_none (const PrcUrlDialect *dialect, const char *value);

/** PrcProxyUrl: plain value; NULL-able strings are owned. */
typedef struct {
    PrcProxyScheme scheme;
    gboolean has_scheme; /* the text named one */
    char *host;          /* lower case; IPv6 without brackets, in its shortest form, zone id kept after '%' */
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
 * Refused although one tool or another makes something of it: a slash too few or too many after the scheme, %HH in
 * the host, port 0, and %00.
 * Returns: (transfer full) (nullable)
 */
PrcProxyUrl *prc_proxy_url_parse (const char *text, const PrcUrlDialect *dialect, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_proxy_url_format:
 * @error: #PRC_ERROR_UNSUPPORTED when no text makes this tool send exactly these credentials:
 *   control characters (libcurl would silently go direct), '%' and two hex digits where the tool
 *   decodes twice, bytes that are not UTF-8 where it insists on that (strict_percent), or a scheme or zone id that
 *   the tool can't speak
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
/** prc_proxy_url_equal: same proxy, user and password. No user equals the empty user; no password does not equal
 * the empty one: only in the first case git asks its helper, and pip sends nothing. */
gboolean prc_proxy_url_equal (const PrcProxyUrl *a, const PrcProxyUrl *b);

/** prc_percent_encode: every byte but the unreserved of RFC 3986; (transfer full), wiped by the caller. */
char *prc_percent_encode (const char *bytes);
