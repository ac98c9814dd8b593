#include "model/no-proxy.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/mask.h"
#include "model/no-proxy-private.h"

static void
entry_free (gpointer data)
{
    PrcNoProxyEntry *entry = data;

    if (entry == NULL)
        return;
    g_free (entry->text);
    g_free (entry->host);
    g_free (entry);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcNoProxyEntry, entry_free)

static gboolean
refuse (GError **error, const char *text, const char *message)
{
    g_autofree char *masked = prc_mask_url_text (text);
    g_autofree char *shown = prc_text_printable (masked);

    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "no_proxy: %s: %s", shown, message);
    return FALSE;
}

static gboolean
read_number (const char *text, guint max, guint *ret_number)
{
    guint number = 0;

    if (*text == '\0')
        return FALSE;
    for (; *text != '\0'; text++) {
        if (!g_ascii_isdigit (*text) || number > max)
            return FALSE;
        number = number * 10 + (guint) g_ascii_digit_value (*text);
    }
    *ret_number = number;
    return number <= max;
}

static gboolean
read_network (PrcNoProxyEntry *entry, const char *text, GError **error)
{
    const char *slash = strchr (text, '/');
    g_autofree char *address = g_strndup (text, (gsize) (slash - text));
    struct in_addr net4;
    struct in6_addr net6;

    if (inet_pton (AF_INET, address, &net4) == 1 && read_number (slash + 1, 32, &entry->prefix)) {
        guint32 mask = entry->prefix > 0 ? ~0u << (32 - entry->prefix) : 0;

        entry->kind = PRC_NO_PROXY_CIDR4;
        entry->net4 = ntohl (net4.s_addr) & mask;
    } else if (inet_pton (AF_INET6, address, &net6) == 1 &&
               read_number (slash + 1, 128, &entry->prefix)) {
        entry->kind = PRC_NO_PROXY_CIDR6;
    } else {
        return refuse (error, text, _ ("not a network such as 10.0.0.0/8"));
    }
    entry->host = g_strdup (text);
    return TRUE;
}

/* "[::1]", "[::1]:80" and "::1"; FALSE without @error: it isn't an IPv6 address */
static gboolean
read_ipv6 (PrcNoProxyEntry *entry, const char *text, GError **error)
{
    const char *bracket = *text == '[' ? strchr (text, ']') : NULL;
    g_autofree char *inner =
        bracket != NULL ? g_strndup (text + 1, (gsize) (bracket - text - 1)) : g_strdup (text);
    char shortest[INET6_ADDRSTRLEN];
    struct in6_addr address;
    guint port = 0;

    if (inet_pton (AF_INET6, inner, &address) != 1 ||
        inet_ntop (AF_INET6, &address, shortest, sizeof shortest) == NULL)
        return *text == '[' ? refuse (error, text, _ ("not an IPv6 address")) : FALSE;
    if (bracket != NULL && bracket[1] != '\0' &&
        (bracket[1] != ':' || !read_number (bracket + 2, G_MAXUINT16, &port) || port == 0))
        return refuse (error, text, _ ("the port is not a number from 1 to 65535"));
    entry->kind = PRC_NO_PROXY_IP;
    entry->host = g_strdup (shortest);
    entry->port = (guint16) port;
    return TRUE;
}

static gboolean
read_host (PrcNoProxyEntry *entry, const char *text, GError **error)
{
    const char *colon = strchr (text, ':');
    g_autofree char *host =
        g_strndup (text, colon != NULL ? (gsize) (colon - text) : strlen (text));
    struct in_addr address;
    const char *name = host;
    guint port = 0;

    if (colon != NULL && (!read_number (colon + 1, G_MAXUINT16, &port) || port == 0))
        return refuse (error, text, _ ("the port is not a number from 1 to 65535"));
    if (g_str_equal (name, "*"))
        return refuse (error, text, _ ("a * that means every host has no port"));
    if (g_str_has_prefix (name, "*.")) {
        entry->kind = PRC_NO_PROXY_WILD;
        name += 2;
    } else if (*name == '.') {
        entry->kind = PRC_NO_PROXY_BELOW;
        name++;
    } else {
        entry->kind =
            inet_pton (AF_INET, name, &address) == 1 ? PRC_NO_PROXY_IP : PRC_NO_PROXY_NAME;
    }
    if (strchr (name, '*') != NULL) {
        entry->kind = PRC_NO_PROXY_ODD;
        name = host;
    }
    entry->host = g_strdup (name);
    if (g_str_has_suffix (name, "."))
        entry->host[strlen (name) - 1] = '\0';
    if (*entry->host == '\0' || *entry->host == '.' || strstr (name, "..") != NULL)
        return refuse (error, text, _ ("there is a dot too many"));
    entry->port = (guint16) port;
    return TRUE;
}

static gboolean
check_characters (const char *text, GError **error)
{
    if (prc_text_has_control (text))
        return refuse (error, text, _ ("holds a control character"));
    if (strstr (text, "://") != NULL)
        return refuse (error, text, _ ("is a URL; only the host belongs here"));
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && (guchar) *p < 0x80 && strchr ("-._~*:/[]", *p) == NULL)
            return refuse (error, text, _ ("holds a character that no host name has"));
    return TRUE;
}

static PrcNoProxyEntry *
entry_new (const char *text, GError **error)
{
    g_autoptr (PrcNoProxyEntry) entry = g_new0 (PrcNoProxyEntry, 1);
    g_autofree char *lower = g_ascii_strdown (text, -1);
    g_autoptr (GError) failed = NULL;

    entry->text = g_strdup (text);
    if (!check_characters (lower, error))
        return NULL;
    if (g_str_equal (lower, "*")) {
        entry->kind = PRC_NO_PROXY_STAR;
        entry->host = g_strdup (lower);
        return g_steal_pointer (&entry);
    }
    if (strchr (lower, '/') != NULL)
        return read_network (entry, lower, error) ? g_steal_pointer (&entry) : NULL;
    if (read_ipv6 (entry, lower, &failed))
        return g_steal_pointer (&entry);
    if (failed != NULL) {
        g_propagate_error (error, g_steal_pointer (&failed));
        return NULL;
    }
    return read_host (entry, lower, error) ? g_steal_pointer (&entry) : NULL;
}

PrcNoProxy *
prc_no_proxy_parse (const char *text, GError **error)
{
    g_autoptr (PrcNoProxy) list = g_new0 (PrcNoProxy, 1);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_auto (GStrv) words = g_strsplit_set (text, ", \t", -1);

    list->entries = g_ptr_array_new_with_free_func (entry_free);
    for (guint i = 0; words[i] != NULL; i++) {
        PrcNoProxyEntry *entry;

        if (words[i][0] == '\0' || !g_hash_table_add (seen, g_ascii_strdown (words[i], -1)))
            continue;
        entry = entry_new (words[i], error);
        if (entry == NULL)
            return NULL;
        g_ptr_array_add (list->entries, entry);
    }
    return g_steal_pointer (&list);
}

void
prc_no_proxy_free (PrcNoProxy *list)
{
    if (list == NULL)
        return;
    if (list->entries != NULL)
        g_ptr_array_unref (list->entries);
    g_free (list);
}

gboolean
prc_no_proxy_is_empty (const PrcNoProxy *list)
{
    return list->entries->len == 0;
}

gboolean
prc_no_proxy_is_spelled (const PrcNoProxyEntry *entry)
{
    return entry->kind == PRC_NO_PROXY_CIDR4 && entry->prefix >= 28;
}

/* The texts that are already in the list stay where they stand first. */
static void
append_once (GString *out, GHashTable *seen, char *text)
{
    if (g_hash_table_contains (seen, text)) {
        g_free (text);
        return;
    }
    g_hash_table_add (seen, text);
    if (out->len > 0)
        g_string_append_c (out, ',');
    g_string_append (out, text);
}

static void
append_addresses (GString *out, GHashTable *seen, const PrcNoProxyEntry *entry)
{
    guint n = 1u << (32 - entry->prefix);

    for (guint i = 0; i < n; i++) {
        guint32 a = entry->net4 + i;

        append_once (
            out, seen,
            g_strdup_printf ("%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255));
    }
}

char *
prc_no_proxy_format (const PrcNoProxy *list)
{
    g_autoptr (GString) out = g_string_new (NULL);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < list->entries->len; i++) {
        const PrcNoProxyEntry *entry = list->entries->pdata[i];
        gboolean below = entry->kind == PRC_NO_PROXY_BELOW || entry->kind == PRC_NO_PROXY_WILD;

        if (entry->kind == PRC_NO_PROXY_STAR)
            return g_strdup ("*");
        append_once (out, seen, g_strconcat (below ? "." : "", entry->host, NULL));
        /* curl and pip know the address, npm the host of a URL. */
        if (entry->kind == PRC_NO_PROXY_IP && strchr (entry->host, ':') != NULL)
            append_once (out, seen, g_strdup_printf ("[%s]", entry->host));
        if (prc_no_proxy_is_spelled (entry))
            append_addresses (out, seen, entry);
    }
    return g_string_free (g_steal_pointer (&out), FALSE);
}

/* The entries as the tools see them: between commas, without blanks around them. */
static GHashTable *
set_of (const char *text)
{
    GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_auto (GStrv) words = g_strsplit (text, ",", -1);

    for (guint i = 0; words[i] != NULL; i++) {
        char *word = g_strdup (g_strstrip (words[i]));

        if (*word != '\0')
            g_hash_table_add (set, word);
        else
            g_free (word);
    }
    return set;
}

gboolean
prc_no_proxy_same (const char *a, const char *b)
{
    g_autoptr (GHashTable) set_a = set_of (a), set_b = set_of (b);
    GHashTableIter iter;
    gpointer word;

    if (g_hash_table_size (set_a) != g_hash_table_size (set_b))
        return FALSE;
    g_hash_table_iter_init (&iter, set_a);
    while (g_hash_table_iter_next (&iter, &word, NULL))
        if (!g_hash_table_contains (set_b, word))
            return FALSE;
    return TRUE;
}
