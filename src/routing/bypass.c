/* curl and git: lib/noproxy.c; wget: host.c, utils.c; npm: @npmcli/agent lib/proxy.js. Each
 * verified by running the tool, see tests/routing. */
#include "routing/bypass.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "formats/document.h"

static gboolean
found (const char *entry, gsize length, char **ret_entry)
{
    *ret_entry = g_strndup (entry, length);
    return TRUE;
}

/* curl */

static gboolean
same_network (const guchar *a, const guchar *b, guint bits)
{
    if (memcmp (a, b, bits / 8) != 0)
        return FALSE;
    return bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) & (0xFF << (8 - bits % 8)) & 0xFF) == 0;
}

static gboolean
curl_address_matches (const char *address, const char *token, gsize length, int family,
                      gboolean networks)
{
    g_autofree char *network = g_strndup (token, length);
    char *slash = networks ? strchr (network, '/') : NULL;
    guchar a[16], b[16];
    guint width = family == AF_INET ? 32 : 128, bits = 0;

    if (slash != NULL) {
        *slash = '\0';
        bits = (guint) atoi (slash + 1);
    }
    if (bits > width || inet_pton (family, address, a) != 1 || inet_pton (family, network, b) != 1)
        return FALSE;
    return same_network (a, b, bits == 0 ? width : bits);
}

static gboolean
curl_name_matches (const char *name, const char *token, gsize length, gboolean dots)
{
    gsize name_length = strlen (name);

    if (dots && name_length > 0 && name[name_length - 1] == '.')
        name_length--;
    if (dots && length > 0 && token[length - 1] == '.')
        length--;
    if (length > 0 && *token == '.') {
        token++;
        length--;
    }
    if (length > name_length || (length == 0 && dots))
        return FALSE;
    if (g_ascii_strncasecmp (token, name + name_length - length, length) != 0)
        return FALSE;
    return length == name_length || name[name_length - length - 1] == '.';
}

static gboolean
curl_token_matches (const PrcTarget *target, const char *token, gsize length, guint version)
{
    gboolean networks = version >= PRC_TOOL_VERSION (7, 86, 0);

    if (target->ipv4 != NULL && networks)
        return curl_address_matches (target->ipv4, token, length, AF_INET, TRUE);
    if (target->ipv4 != NULL)
        return curl_name_matches (target->ipv4, token, length, FALSE);
    if (target->is_ipv6 && version >= PRC_TOOL_VERSION (8, 18, 0)) {
        if (length > 2 && *token == '[' && token[length - 1] == ']')
            return curl_address_matches (target->host, token + 1, length - 2, AF_INET6, TRUE);
        return curl_address_matches (target->host, token, length, AF_INET6, TRUE);
    }
    return curl_name_matches (target->host, token, length, networks);
}

gboolean
prc_bypass_curl (const char *list, const PrcTarget *target, guint version, char **ret_entry)
{
    const char *p = list;

    if (strcmp (list, "*") == 0)
        return found (list, 1, ret_entry);
    while (*p != '\0') {
        gsize length = 0;

        p += strspn (p, version >= PRC_TOOL_VERSION (7, 86, 0) ? " \t" : " ,");
        length = strcspn (p, version >= PRC_TOOL_VERSION (7, 86, 0) ? " \t," : " ,");
        if (length > 0 && curl_token_matches (target, p, length, version))
            return found (p, length, ret_entry);
        p += length;
        p += strspn (p, " \t");
        if (version >= PRC_TOOL_VERSION (8, 9, 0) && *p != ',')
            break; /* the rest is never looked at */
        p += strspn (p, ",");
    }
    return FALSE;
}

/* wget */

/* The empty entry behind a comma is the end of each host that ends in a dot. */
static gboolean
wget_entry_matches (const char *entry, gsize length, const char *host)
{
    gsize host_length = strlen (host);

    if (length > host_length ||
        g_ascii_strncasecmp (entry, host + host_length - length, length) != 0)
        return FALSE;
    return length == host_length || host[host_length - length - 1] == '.' || *entry == '.';
}

gboolean
prc_bypass_wget (const char *list, const PrcTarget *target, guint version, char **ret_entry)
{
    const char *p = list;

    (void) version;
    if (*list == '\0')
        return FALSE;
    for (;;) {
        gsize length = strcspn (p, ",");

        if (wget_entry_matches (p, length, target->host))
            return found (p, length, ret_entry);
        if (p[length] == '\0')
            return FALSE;
        p += length + 1;
        while (g_ascii_isspace (*p) || *p == '\v')
            p++;
    }
}

/* npm */

/* The labels of the host, from the last on, begin with those of the entry; empty labels of the
 * entry don't count. */
static gboolean
npm_entry_matches (const char *entry, const char *host)
{
    g_auto (GStrv) wanted = g_strsplit (entry, ".", -1);
    g_auto (GStrv) labels = g_strsplit (host, ".", -1);
    guint at = g_strv_length (labels);
    gboolean any = FALSE;

    for (guint i = g_strv_length (wanted); i-- > 0;) {
        if (*wanted[i] == '\0')
            continue;
        if (at == 0 || strcmp (labels[--at], wanted[i]) != 0)
            return FALSE;
        any = TRUE;
    }
    return any;
}

gboolean
prc_bypass_npm (const char *list, const PrcTarget *target, guint version, char **ret_entry)
{
    g_auto (GStrv) entries = g_strsplit (list, ",", -1);
    g_autofree char *host = target->is_ipv6 ? g_strdup_printf ("[%s]", target->host)
                            : target->ipv4  ? g_strdup (target->ipv4)
                                            : g_strdup (target->host);

    (void) version;
    for (char **entry = entries; *entry != NULL; entry++) {
        g_strstrip (*entry);
        if (npm_entry_matches (*entry, host))
            return found (*entry, strlen (*entry), ret_entry);
    }
    return FALSE;
}
