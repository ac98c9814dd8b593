#include "routing/target.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

void
prc_target_free (PrcTarget *target)
{
    if (target == NULL)
        return;
    g_free (target->url);
    g_free (target->shown);
    g_free (target->scheme);
    g_free (target->host);
    g_free (target->ipv4);
    g_free (target);
}

gboolean
prc_target_is_https (const PrcTarget *target)
{
    return strcmp (target->scheme, "https") == 0;
}

static gboolean
read_port (const char *text, gsize length, guint *ret_port)
{
    guint port = 0;

    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isdigit (text[i]))
            return FALSE;
        port = port * 10 + (guint) (text[i] - '0');
        if (port > 65535)
            return FALSE;
    }
    *ret_port = port;
    return TRUE;
}

static gboolean
is_host_text (const char *host)
{
    if (*host == '\0')
        return FALSE;
    for (const char *p = host; *p != '\0'; p++)
        if ((guchar) *p <= ' ' || *p == 0x7F || strchr ("\"'<>\\^`{|}%@", *p) != NULL)
            return FALSE;
    return TRUE;
}

/* @authority: [user[:password]@]host[:port] */
static gboolean
read_authority (PrcTarget *target, const char *authority)
{
    const char *at = strrchr (authority, '@');
    const char *host = at != NULL ? at + 1 : authority;
    const char *end = NULL, *port = NULL;
    struct in_addr v4;
    struct in6_addr v6;

    if (*host == '[') {
        end = strchr (++host, ']');
        if (end == NULL)
            return FALSE;
        port = end + 1;
        target->is_ipv6 = TRUE;
    } else {
        end = strchr (host, ':');
        end = end != NULL ? end : host + strlen (host);
        port = end;
    }
    target->host = g_ascii_strdown (host, end - host);
    if (*port == ':')
        port++;
    else if (*port != '\0')
        return FALSE;
    if (!is_host_text (target->host) || !read_port (port, strlen (port), &target->port))
        return FALSE;
    if (target->is_ipv6)
        return inet_pton (AF_INET6, target->host, &v6) == 1;
    if (inet_aton (target->host, &v4) != 0) {
        char text[INET_ADDRSTRLEN] = "";

        (void) inet_ntop (AF_INET, &v4, text, sizeof text);
        target->ipv4 = g_strdup (text);
    }
    return TRUE;
}

PrcTarget *
prc_target_parse (const char *url, GError **error)
{
    g_autoptr (PrcTarget) target = g_new0 (PrcTarget, 1);
    g_autofree char *authority = NULL;
    const char *start = NULL, *at = NULL;

    target->url = g_strdup (url);
    if (g_ascii_strncasecmp (url, "http://", 7) == 0)
        target->scheme = g_strdup ("http");
    else if (g_ascii_strncasecmp (url, "https://", 8) == 0)
        target->scheme = g_strdup ("https");
    if (target->scheme == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("this is no URL that a proxy could serve; it must begin with http:// or "
                        "https://"));
        return NULL;
    }
    start = url + strlen (target->scheme) + strlen ("://");
    authority = g_strndup (start, strcspn (start, "/?#"));
    at = strrchr (authority, '@');
    target->shown =
        g_strdup_printf ("%s://%s", target->scheme, start + (at != NULL ? at + 1 - authority : 0));
    if (!read_authority (target, authority)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("the host or the port of this URL can't be read; give it as "
                        "https://host[:port]/path"));
        return NULL;
    }
    return g_steal_pointer (&target);
}
