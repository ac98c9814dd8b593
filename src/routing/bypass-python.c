/* pip: requests/utils.py should_bypass_proxies(), and urllib.request proxy_bypass_environment() */
#include "routing/bypass.h"

#include <arpa/inet.h>
#include <string.h>

/* What Python's int() takes, as far as it may stand in such a list. */
static gboolean
read_bits (const char *text, int *ret_bits)
{
    gint64 bits = 0;
    char *end = NULL;

    if (!g_ascii_isdigit (*text) && !(*text == '+' && g_ascii_isdigit (text[1])))
        return FALSE;
    bits = g_ascii_strtoll (text, &end, 10);
    if (*end != '\0' || bits < 1 || bits > 32)
        return FALSE;
    *ret_bits = (int) bits;
    return TRUE;
}

/* Returns: whether @entry is a network at all. */
static gboolean
read_network (const char *entry, in_addr_t *ret_network, in_addr_t *ret_mask)
{
    const char *slash = strchr (entry, '/');
    g_autofree char *base = NULL;
    struct in_addr address;
    int bits = 0;

    if (slash == NULL || strchr (slash + 1, '/') != NULL || !read_bits (slash + 1, &bits))
        return FALSE;
    base = g_strndup (entry, (gsize) (slash - entry));
    if (inet_aton (base, &address) == 0)
        return FALSE;
    *ret_mask = htonl (~0u << (32 - bits));
    *ret_network = address.s_addr & *ret_mask;
    return TRUE;
}

static gboolean
address_matches (const char *host, const char *entry)
{
    in_addr_t network = 0, mask = 0;
    struct in_addr address;

    if (!read_network (entry, &network, &mask))
        return strcmp (host, entry) == 0;
    return inet_aton (host, &address) != 0 && (address.s_addr & mask) == network;
}

static char *
without_blanks (const char *text)
{
    char *out = g_strdup (text), *to = out;

    for (const char *p = text; *p != '\0'; p++)
        if (*p != ' ')
            *to++ = *p;
    *to = '\0';
    return out;
}

gboolean
prc_bypass_requests (const char *list, const PrcTarget *target, guint version, char **ret_entry)
{
    g_autofree char *text = without_blanks (list);
    g_auto (GStrv) entries = g_strsplit (text, ",", -1);
    g_autofree char *with_port = target->port != 0
                                     ? g_strdup_printf ("%s:%u", target->host, target->port)
                                     : g_strdup (target->host);

    (void) version;
    for (char **entry = entries; *entry != NULL; entry++) {
        if (**entry == '\0')
            continue;
        if (target->ipv4 != NULL
                ? address_matches (target->host, *entry)
                : g_str_has_suffix (target->host, *entry) || g_str_has_suffix (with_port, *entry)) {
            *ret_entry = g_strdup (*entry);
            return TRUE;
        }
    }
    return FALSE;
}

/* As _splitport() has it: an IPv6 address loses its last group. */
static char *
without_port (const char *host)
{
    const char *colon = strrchr (host, ':');

    if (colon == NULL || colon[1 + strspn (colon + 1, "0123456789")] != '\0')
        return g_strdup (host);
    return g_strndup (host, (gsize) (colon - host));
}

static gboolean
covers (const char *name, const char *host)
{
    gsize name_length = strlen (name), length = strlen (host);

    if (length < name_length || strcmp (host + length - name_length, name) != 0)
        return FALSE;
    return length == name_length || host[length - name_length - 1] == '.';
}

gboolean
prc_bypass_urllib (const char *list, const PrcTarget *target, guint version, char **ret_entry)
{
    g_auto (GStrv) entries = g_strsplit (list, ",", -1);
    g_autofree char *bare = without_port (target->host);

    (void) version;
    if (strcmp (list, "*") == 0) {
        *ret_entry = g_strdup (list);
        return TRUE;
    }
    for (char **entry = entries; *entry != NULL; entry++) {
        g_autofree char *lower = NULL;
        const char *name = NULL;

        g_strstrip (*entry);
        if (**entry == '\0')
            continue;
        lower = g_ascii_strdown (*entry, -1);
        name = lower + strspn (lower, ".");
        if (covers (name, bare) || covers (name, target->host)) {
            *ret_entry = g_strdup (*entry);
            return TRUE;
        }
    }
    return FALSE;
}
