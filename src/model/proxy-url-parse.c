#include "model/proxy-url.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "model/percent.h"

/* Bytes [start, end) of a text; messages never quote them. */
typedef struct {
    const char *start, *end;
} Span;

static gsize
span_length (Span span)
{
    return (gsize) (span.end - span.start);
}

static const char *
span_find (Span span, char c)
{
    return memchr (span.start, c, span_length (span));
}

static gboolean
refuse (GError **error, const char *message)
{
    g_set_error_literal (error, PRC_ERROR, PRC_ERROR_INPUT, message);
    return FALSE;
}

static gboolean
is_blank_or_control (char c)
{
    return (guchar) c <= ' ' || c == 0x7F;
}

/* WHATWG: C0 and blanks go at both ends, tabs and newlines everywhere. (transfer full), to be wiped
 */
static char *
trim (const char *text)
{
    char *out = g_malloc (strlen (text) + 1), *end = out;

    while (*text != '\0' && (guchar) *text <= ' ')
        text++;
    for (; *text != '\0'; text++)
        if (*text != '\t' && *text != '\n' && *text != '\r')
            *end++ = *text;
    while (end > out && (guchar) end[-1] <= ' ')
        end--;
    *end = '\0';
    return out;
}

/* What stands before "://", when that is a scheme's name. */
static gboolean
find_scheme (const char *text, Span *ret_name)
{
    const char *p = text;

    if (!g_ascii_isalpha (*p))
        return FALSE;
    while (g_ascii_isalnum (*p) || *p == '+' || *p == '-' || *p == '.')
        p++;
    *ret_name = (Span){ text, p };
    return g_str_has_prefix (p, "://");
}

/* git tells the kind of the proxy by how the text begins, whether that is a scheme or not: a proxy
 * named socks.corp is spoken to in SOCKS. */
static PrcProxyScheme
git_scheme_of_prefix (const char *text)
{
    static const char *const prefixes[] = { "socks5h", "socks5", "socks4a", "socks", "https" };

    for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++) {
        PrcProxyScheme scheme = PRC_PROXY_HTTP;

        if (g_str_has_prefix (text, prefixes[i]) &&
            prc_proxy_scheme_from_name (prefixes[i], strlen (prefixes[i]), &scheme))
            return scheme;
    }
    return PRC_PROXY_HTTP;
}

/* pip: /^[a-zA-Z][a-zA-Z0-9+-]*:/ */
static gboolean
begins_like_scheme (const char *text)
{
    const char *p = text;

    while (g_ascii_isalnum (*p) || (p > text && (*p == '+' || *p == '-')))
        p++;
    return g_ascii_isalpha (*text) && *p == ':';
}

static gboolean
read_no_scheme (const char *text, const PrcUrlDialect *dialect, PrcProxyUrl *url, GError **error)
{
    if (strstr (text, "://") != NULL)
        return refuse (error, _ ("what stands before :// is not a scheme such as http"));
    if (dialect->scheme_needed)
        return refuse (error, _ ("the proxy URL must begin with a scheme, as in http://host:port"));
    if (dialect->scheme_needed_for_user && begins_like_scheme (text))
        return refuse (error,
                       _ ("without http:// before it, what stands before the first ':' is taken "
                          "for a scheme"));
    if (dialect->at == PRC_AT_FIRST)
        url->scheme = git_scheme_of_prefix (text);
    return TRUE;
}

static gboolean
read_scheme (const char *text, const PrcUrlDialect *dialect, PrcProxyUrl *url,
             const char **ret_rest, GError **error)
{
    Span name;

    *ret_rest = text;
    url->has_scheme = find_scheme (text, &name);
    if (!url->has_scheme) {
        if (!read_no_scheme (text, dialect, url, error))
            return FALSE;
    } else {
        *ret_rest = name.end + strlen ("://");
        if (!prc_proxy_scheme_from_name (name.start, span_length (name), &url->scheme))
            return refuse (
                error, _ ("the scheme is none of http, https, socks4, socks4a, socks5, socks5h"));
        if (dialect->at == PRC_AT_FIRST && url->scheme != git_scheme_of_prefix (text))
            return refuse (error, _ ("git takes a scheme that is not in lower case for http"));
    }
    if ((dialect->schemes & 1u << url->scheme) == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a proxy of the kind %s:// can't be used here"),
                     prc_proxy_scheme_name (url->scheme));
        return FALSE;
    }
    return TRUE;
}

/* pip: one '%' that begins no %HH, and none of them is decoded. */
static gboolean
percents_are_plain (Span userinfo, const PrcUrlDialect *dialect)
{
    if (!dialect->percent_all_or_none)
        return FALSE;
    for (const char *p = userinfo.start; p < userinfo.end; p++)
        if (*p == '%' && (userinfo.end - p < 3 || !prc_percent_is_hex (p)))
            return TRUE;
    return FALSE;
}

/* UTF-8 to Latin-1, in place, as Python does it for the wire; untouched when that can't be. */
static gboolean
narrow (char *text, gsize *length)
{
    const char *end = text + *length;
    char *out = text;

    if (!g_utf8_validate (text, (gssize) *length, NULL))
        return FALSE;
    for (const char *p = text; p < end; p = g_utf8_next_char (p))
        if (g_utf8_get_char (p) > 0xFF)
            return FALSE;
    for (const char *p = text; p < end;) {
        gunichar c = g_utf8_get_char (p);

        p = g_utf8_next_char (p); /* before the byte under it is written over */
        *out++ = (char) c;
    }
    *length = (gsize) (out - text);
    *out = '\0';
    return TRUE;
}

static gboolean
check_decoded (const char *text, gsize length, const PrcUrlDialect *dialect, GError **error)
{
    if (memchr (text, '\0', length) != NULL)
        return refuse (error, _ ("user or password holds a %00"));
    if (dialect->at == PRC_AT_FIRST && memchr (text, '\n', length) != NULL)
        return refuse (error, _ ("user or password holds a newline, which git refuses"));
    if (dialect->strict_percent && !g_utf8_validate (text, (gssize) length, NULL))
        return refuse (error,
                       _ ("user or password is not UTF-8 once it is decoded (\"URI malformed\")"));
    if (dialect->loose_userinfo)
        return TRUE;
    for (gsize i = 0; i < length; i++)
        if ((guchar) text[i] < ' ')
            return refuse (
                error, _ ("user or password holds a control character: the proxy would silently "
                          "not be used"));
    return TRUE;
}

static gboolean
check_strict_percent (Span part, GError **error)
{
    for (const char *p = part.start; p < part.end; p++)
        if (*p == '%' && (part.end - p < 3 || !prc_percent_is_hex (p)))
            return refuse (
                error, _ ("a '%' without two hex digits after it: write %25 (\"URI malformed\")"));
    return TRUE;
}

/* git leaves what stands before the first ':' of a part as it is: its decoder takes that for a
 * protocol. */
static char *
git_decode (Span part, gsize *ret_length)
{
    const char *colon = span_find (part, ':');
    gsize kept = colon != NULL ? (gsize) (colon - part.start) : 0, rest = 0;
    g_autoptr (PrcWipedString) decoded =
        prc_percent_decode (part.start + kept, span_length (part) - kept, TRUE, &rest);
    char *out = g_malloc (kept + rest + 1);

    memcpy (out, part.start, kept);
    memcpy (out + kept, decoded, rest + 1);
    *ret_length = kept + rest;
    return out;
}

/* pip: %HH in upper case, else as it stands */
static char *
keep_percents (Span part)
{
    char *out = g_strndup (part.start, span_length (part));

    for (char *p = out; *p != '\0'; p++)
        if (prc_percent_is_hex (p)) {
            p[1] = g_ascii_toupper (p[1]);
            p[2] = g_ascii_toupper (p[2]);
        }
    return out;
}

/* (transfer full), to be wiped; as the tool would put it on the wire */
static char *
decode (Span part, gboolean plain, gboolean sent, const PrcUrlDialect *dialect, GError **error)
{
    g_autoptr (PrcWipedString) text = NULL;
    gsize length = span_length (part);

    if (dialect->strict_percent && !check_strict_percent (part, error))
        return NULL;
    if (plain)
        text = keep_percents (part);
    else if (dialect->at == PRC_AT_FIRST)
        text = git_decode (part, &length);
    else
        text = prc_percent_decode (part.start, length, FALSE, &length);
    if (!check_decoded (text, length, dialect, error))
        return NULL;
    if (dialect->decodes_twice) {
        char *again = prc_percent_decode (text, length, FALSE, &length);

        prc_wipe_free (text);
        text = again;
        if (memchr (text, '\0', length) != NULL) {
            refuse (error, _ ("user or password holds a %00"));
            return NULL;
        }
    }
    if (dialect->latin1 && !narrow (text, &length) && sent) {
        refuse (error,
                _ ("user or password holds characters that are not Latin-1, and can't be sent"));
        return NULL;
    }
    return g_steal_pointer (&text);
}

static gboolean
read_userinfo (Span userinfo, const PrcUrlDialect *dialect, PrcProxyUrl *url, GError **error)
{
    gboolean plain = percents_are_plain (userinfo, dialect);
    const char *colon = span_find (userinfo, ':');
    Span user = { userinfo.start, colon != NULL ? colon : userinfo.end };
    /* pip sends nothing without a user and a password, so that it doesn't fail to encode them
     * either. */
    gboolean sent = colon != NULL && colon > userinfo.start;

    prc_wipe_free (url->user);
    g_clear_pointer (&url->password, prc_secret_unref);
    url->user = decode (user, plain, sent, dialect, error);
    if (url->user == NULL)
        return FALSE;
    if (colon != NULL) {
        char *password = decode ((Span){ colon + 1, userinfo.end }, plain, sent, dialect, error);

        if (password == NULL)
            return FALSE;
        url->password = prc_secret_take (password);
    }
    return TRUE;
}

static gboolean
refuse_port (GError **error)
{
    return refuse (error, _ ("the port is not a number from 1 to 65535; in a user or password, "
                             "@ : / ? # and % must be written as %HH"));
}

static gboolean
read_port (Span port, PrcProxyUrl *url, GError **error)
{
    guint value = 0;

    for (const char *p = port.start; p < port.end; p++) {
        if (!g_ascii_isdigit (*p) || value > G_MAXUINT16)
            return refuse_port (error);
        value = value * 10 + (guint) g_ascii_digit_value (*p);
    }
    if (value == 0 || value > G_MAXUINT16)
        return refuse_port (error);
    url->port = (guint16) value;
    url->has_port = TRUE;
    return TRUE;
}

/* @inner: what stands between the brackets */
static gboolean
read_ipv6 (Span inner, const PrcUrlDialect *dialect, PrcProxyUrl *url, GError **error)
{
    const char *zone = span_find (inner, '%');
    g_autofree char *address =
        g_strndup (inner.start, (gsize) ((zone != NULL ? zone : inner.end) - inner.start));
    char shortest[INET6_ADDRSTRLEN];
    struct in6_addr bytes;

    if (inet_pton (AF_INET6, address, &bytes) != 1 ||
        inet_ntop (AF_INET6, &bytes, shortest, sizeof shortest) == NULL)
        return refuse (error, _ ("what stands in [ ] is not an IPv6 address"));
    if (zone == NULL) {
        url->host = g_strdup (shortest);
        return TRUE;
    }
    if (dialect->zone_refused)
        return refuse (error, _ ("an IPv6 address with a zone can't be used here"));
    zone += inner.end - zone > 3 && strncmp (zone, "%25", 3) == 0 ? 3 : 1;
    for (const char *p = zone; p < inner.end; p++)
        if (!g_ascii_isalnum (*p) && strchr ("-._~", *p) == NULL)
            return refuse (
                error, _ ("the zone of the IPv6 address holds a character that can't be there"));
    if (zone == inner.end)
        return refuse (error, _ ("the zone of the IPv6 address is empty"));
    url->host = g_strdup_printf ("%s%%%.*s", shortest, (int) (inner.end - zone), zone);
    return TRUE;
}

static gboolean
read_name (Span name, PrcProxyUrl *url, GError **error)
{
    if (name.start == name.end)
        return refuse (error, _ ("the proxy URL has no host"));
    for (const char *p = name.start; p < name.end; p++)
        if (!g_ascii_isalnum (*p) && (guchar) *p < 0x80 && strchr ("-._~", *p) == NULL)
            return refuse (error,
                           _ ("the host holds a character that no host name has; in a user or "
                              "password, @ : / ? # and % must be written as %HH"));
    url->host = g_ascii_strdown (name.start, (gssize) span_length (name));
    return TRUE;
}

/* libcurl, when it has to guess */
static gboolean
is_guessed_otherwise (const char *host)
{
    static const char *const prefixes[] = { "ftp.", "dict.", "ldap.", "imap.", "smtp.", "pop3." };

    for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
        if (g_str_has_prefix (host, prefixes[i]))
            return TRUE;
    return FALSE;
}

static gboolean
read_host_port (Span span, const PrcUrlDialect *dialect, PrcProxyUrl *url, GError **error)
{
    const char *bracket = span_find (span, ']'), *colon;

    if (*span.start == '[' && bracket != NULL) {
        if (!read_ipv6 ((Span){ span.start + 1, bracket }, dialect, url, error))
            return FALSE;
        colon = bracket + 1;
        if (colon < span.end && *colon != ':')
            return refuse (error, _ ("what follows the IPv6 address is not a port"));
    } else {
        colon = span_find (span, ':');
        if (!read_name ((Span){ span.start, colon != NULL ? colon : span.end }, url, error))
            return FALSE;
        if (dialect->guesses_scheme && !url->has_scheme && is_guessed_otherwise (url->host))
            return refuse (
                error,
                _ ("libcurl takes a host of this name for an FTP, mail or directory server"));
    }
    if (colon != NULL && colon < span.end &&
        (colon + 1 < span.end || (dialect->guesses_scheme && !url->has_scheme)))
        return read_port ((Span){ colon + 1, span.end }, url, error);
    url->port = dialect->default_port;
    if (url->scheme == PRC_PROXY_HTTPS)
        url->port = dialect->default_port_https;
    else if (url->scheme != PRC_PROXY_HTTP)
        url->port = 1080;
    return TRUE;
}

static gboolean
read_authority (Span authority, const PrcUrlDialect *dialect, PrcProxyUrl *url, GError **error);

/* git decodes what it has left of the authority and hands it to libcurl, without the scheme;
 * credentials that libcurl finds in it, behind a second '@', win. */
static gboolean
read_rest_as_libcurl (Span rest, const PrcUrlDialect *git, PrcProxyUrl *url, GError **error)
{
    PrcUrlDialect libcurl = *git;
    gsize length = 0;
    g_autoptr (PrcWipedString) decoded = git_decode (rest, &length);

    libcurl.at = PRC_AT_ONLY;
    libcurl.decodes_twice = FALSE;
    libcurl.loose_userinfo = FALSE;
    url->has_scheme = FALSE;
    for (gsize i = 0; i < length; i++)
        if (is_blank_or_control (decoded[i]))
            return refuse (error, _ ("the proxy's host holds a blank or a control character"));
    if (!read_authority ((Span){ decoded, decoded + length }, &libcurl, url, error))
        return FALSE;
    if (memchr (decoded, '@', length) != NULL && url->password == NULL)
        url->password = prc_secret_new ("", 0);
    return TRUE;
}

static gboolean
read_authority (Span authority, const PrcUrlDialect *dialect, PrcProxyUrl *url, GError **error)
{
    const char *first = span_find (authority, '@');
    const char *last = memrchr (authority.start, '@', span_length (authority));
    const char *at = dialect->at == PRC_AT_LAST ? last : first;

    if (at != NULL) {
        if (!read_userinfo ((Span){ authority.start, at }, dialect, url, error))
            return FALSE;
        authority.start = at + 1;
    }
    if (first != last && dialect->at == PRC_AT_ONLY)
        return refuse (error,
                       _ ("more than one '@': in user and password it must be written as %40"));
    if (dialect->at == PRC_AT_FIRST)
        return read_rest_as_libcurl (authority, dialect, url, error);
    return read_host_port (authority, dialect, url, error);
}

PrcProxyUrl *
prc_proxy_url_parse (const char *text, const PrcUrlDialect *dialect, GError **error)
{
    g_autoptr (PrcProxyUrl) url = g_new0 (PrcProxyUrl, 1);
    g_autoptr (PrcWipedString) trimmed = dialect->trims ? trim (text) : NULL;
    const char *rest;
    gboolean named;

    if (trimmed != NULL)
        text = trimmed;
    if (!dialect->loose_userinfo)
        for (const char *p = text; *p != '\0'; p++)
            if (is_blank_or_control (*p)) {
                refuse (error, _ ("the proxy URL holds a blank or a control character"));
                return NULL;
            }
    if (!read_scheme (text, dialect, url, &rest, error))
        return NULL;
    named = url->has_scheme;
    if (!read_authority (
            (Span){ rest, rest + strcspn (rest, dialect->backslash_ends ? "/?#\\" : "/?#") },
            dialect, url, error))
        return NULL;
    url->has_scheme = named;
    return g_steal_pointer (&url);
}
