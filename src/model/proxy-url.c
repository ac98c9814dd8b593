#include "model/proxy-url.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/percent.h"

#define ALL_SCHEMES ((1u << (PRC_PROXY_SOCKS5H + 1)) - 1)

const PrcUrlDialect prc_url_dialect_lenient = {
    .schemes = ALL_SCHEMES,
    .default_port = 1080,
    .default_port_https = 443,
    .at = PRC_AT_LAST,
    .loose_userinfo = TRUE,
};

static const struct {
    const char *name;
    PrcProxyScheme scheme;
} schemes[] = {
    /* In the order of the enum, for prc_proxy_scheme_name(); other names follow. */
    { "http", PRC_PROXY_HTTP },     { "https", PRC_PROXY_HTTPS },
    { "socks4", PRC_PROXY_SOCKS4 }, { "socks4a", PRC_PROXY_SOCKS4A },
    { "socks5", PRC_PROXY_SOCKS5 }, { "socks5h", PRC_PROXY_SOCKS5H },
    { "socks", PRC_PROXY_SOCKS4 },
};

const char *
prc_proxy_scheme_name (PrcProxyScheme scheme)
{
    return schemes[scheme].name;
}

gboolean
prc_proxy_scheme_from_name (const char *name, gsize length, PrcProxyScheme *ret_scheme)
{
    for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
        if (strlen (schemes[i].name) == length &&
            g_ascii_strncasecmp (schemes[i].name, name, length) == 0) {
            *ret_scheme = schemes[i].scheme;
            return TRUE;
        }
    return FALSE;
}

gboolean
prc_url_dialect_is_none (const PrcUrlDialect *dialect, const char *value)
{
    return *value == '\0' || (dialect->none_words != NULL &&
                              g_strv_contains ((const char *const *) dialect->none_words, value));
}

void
prc_proxy_url_free (PrcProxyUrl *url)
{
    if (url == NULL)
        return;
    g_free (url->host);
    /* A user name is no secret, but what was meant as "user:password" may have ended up in it. */
    prc_wipe_free (url->user);
    prc_secret_unref (url->password);
    g_free (url);
}

PrcProxyUrl *
prc_proxy_url_new (PrcProxyScheme scheme, const char *host, guint16 port, const char *user,
                   PrcSecret *password)
{
    PrcProxyUrl *url = g_new0 (PrcProxyUrl, 1);

    url->scheme = scheme;
    url->has_scheme = TRUE;
    url->host = g_strdup (host);
    url->port = port;
    url->has_port = TRUE;
    url->user = g_strdup (user);
    url->password = password != NULL ? prc_secret_ref (password) : NULL;
    return url;
}

PrcProxyUrl *
prc_proxy_url_copy (const PrcProxyUrl *url)
{
    PrcProxyUrl *copy =
        prc_proxy_url_new (url->scheme, url->host, url->port, url->user, url->password);

    copy->has_scheme = url->has_scheme;
    copy->has_port = url->has_port;
    return copy;
}

static gboolean
has_percent_hex (const char *text)
{
    for (const char *p = strchr (text, '%'); p != NULL; p = strchr (p + 1, '%'))
        if (prc_percent_is_hex (p))
            return TRUE;
    return FALSE;
}

static gboolean
refuse (GError **error, const char *message)
{
    g_set_error_literal (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, message);
    return FALSE;
}

/* Whether @dialect can carry @bytes at all: a user name, or @is_password. */
static gboolean
check_carried (const char *bytes, gsize length, gboolean is_password, const PrcUrlDialect *dialect,
               GError **error)
{
    if (strlen (bytes) != length || prc_text_has_control (bytes))
        return refuse (error, is_password ? _ ("the password holds a control character: libcurl "
                                               "would silently go without the proxy")
                                          : _ ("the user name holds a control character: libcurl "
                                               "would silently go without the proxy"));
    if (dialect->decodes_twice && has_percent_hex (bytes))
        return refuse (error,
                       is_password
                           ? _ ("the password holds a '%' with two hex digits behind it, "
                                "decoded twice here: no way of writing it gets it through")
                           : _ ("the user name holds a '%' with two hex digits behind it, "
                                "decoded twice here: no way of writing it gets it through"));
    if (dialect->strict_percent && !g_utf8_validate (bytes, -1, NULL))
        return refuse (error, is_password ? _ ("the password is not UTF-8")
                                          : _ ("the user name is not UTF-8"));
    return TRUE;
}

/* Each UTF-8 byte above 0x7F as a character of its own, whose Latin-1 is that byte. */
static char *
widen (const char *bytes)
{
    char *out = g_malloc (strlen (bytes) * 2 + 1), *p = out;

    for (; *bytes != '\0'; bytes++)
        p += g_unichar_to_utf8 ((guchar) *bytes, p);
    *p = '\0';
    return out;
}

static char *
encode_for (const char *bytes, const PrcUrlDialect *dialect)
{
    g_autoptr (PrcWipedString) wide = NULL;

    if (!dialect->latin1)
        return prc_percent_encode (bytes);
    wide = widen (bytes);
    return prc_percent_encode (wide);
}

static char *
format_host (const PrcProxyUrl *url)
{
    const char *zone = strchr (url->host, '%');

    if (strchr (url->host, ':') == NULL)
        return g_strdup (url->host);
    if (zone != NULL) /* RFC 6874 */
        return g_strdup_printf ("[%.*s%%25%s]", (int) (zone - url->host), url->host, zone + 1);
    return g_strdup_printf ("[%s]", url->host);
}

char *
prc_proxy_url_format_bare (const PrcProxyUrl *url)
{
    g_autofree char *host = format_host (url);

    return g_strdup_printf ("%s://%s:%u", prc_proxy_scheme_name (url->scheme), host, url->port);
}

static gboolean
check_spoken (const PrcProxyUrl *url, const PrcUrlDialect *dialect, GError **error)
{
    const char *zone = strchr (url->host, '%');

    if ((dialect->schemes & 1u << url->scheme) == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("a proxy of the kind %s:// can't be used here"),
                     prc_proxy_scheme_name (url->scheme));
        return FALSE;
    }
    if (zone != NULL && dialect->zone_refused) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("an IPv6 address with a zone (%s) can't be used here"), zone);
        return FALSE;
    }
    return TRUE;
}

char *
prc_proxy_url_format (const PrcProxyUrl *url, const PrcUrlDialect *dialect, GError **error)
{
    g_autofree char *host = format_host (url);
    g_autoptr (PrcWipedString) user = NULL;
    g_autoptr (PrcWipedString) password = NULL;
    const char *text = url->password != NULL ? prc_secret_text (url->password) : "";

    if (!check_spoken (url, dialect, error))
        return NULL;
    if (url->user != NULL && !check_carried (url->user, strlen (url->user), FALSE, dialect, error))
        return NULL;
    if (url->password != NULL &&
        !check_carried (text, prc_secret_length (url->password), TRUE, dialect, error))
        return NULL;
    user = encode_for (url->user != NULL ? url->user : "", dialect);
    password = encode_for (text, dialect);
    return g_strdup_printf ("%s://%s%s%s%s%s:%u", prc_proxy_scheme_name (url->scheme), user,
                            url->password != NULL ? ":" : "", password,
                            user[0] != '\0' || url->password != NULL ? "@" : "", host, url->port);
}

gboolean
prc_proxy_url_same_proxy (const PrcProxyUrl *a, const PrcProxyUrl *b)
{
    return a->scheme == b->scheme && a->port == b->port && g_str_equal (a->host, b->host);
}

gboolean
prc_proxy_url_equal (const PrcProxyUrl *a, const PrcProxyUrl *b)
{
    if (!prc_proxy_url_same_proxy (a, b) ||
        !g_str_equal (a->user != NULL ? a->user : "", b->user != NULL ? b->user : ""))
        return FALSE;
    if (a->password == NULL || b->password == NULL)
        return a->password == b->password;
    return prc_secret_equal (a->password, b->password);
}
