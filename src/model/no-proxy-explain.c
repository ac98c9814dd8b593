#include "model/no-proxy.h"

#include <string.h>

#include "base/i18n.h"
#include "model/no-proxy-private.h"

static void G_GNUC_PRINTF (2, 3) say (GPtrArray *warnings, const char *format, ...)
{
    va_list args;

    va_start (args, format);
    g_ptr_array_add (warnings, g_strdup_vprintf (format, args));
    va_end (args);
}

/* The hosts that the list names themselves: for them it makes no difference whether ".host" covers
 * them. */
static GHashTable *
named_hosts (const PrcNoProxy *list)
{
    GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);

    for (guint i = 0; i < list->entries->len; i++) {
        const PrcNoProxyEntry *entry = list->entries->pdata[i];

        if (entry->kind == PRC_NO_PROXY_NAME)
            g_hash_table_add (names, entry->host);
    }
    return names;
}

static void
explain_network (const PrcNoProxyEntry *entry, const PrcNoProxyDialect *dialect,
                 GPtrArray *warnings)
{
    gboolean known = entry->kind == PRC_NO_PROXY_CIDR4 ? dialect->cidr4 : dialect->cidr6;

    if (!known && !prc_no_proxy_is_spelled (entry))
        say (warnings,
             /* Translators: a tool's name and a blank stand before it */
             _ ("does not understand %s: hosts there will go through the proxy; add their "
                "addresses or "
                "names"),
             entry->text);
}

static void
explain_domain (GHashTable *names, const PrcNoProxyEntry *entry, const PrcNoProxyDialect *dialect,
                GPtrArray *warnings)
{
    if (entry->kind == PRC_NO_PROXY_BELOW && !dialect->dot_covers_apex &&
        !g_hash_table_contains (names, entry->host))
        say (warnings,
             /* Translators: a tool's name and a blank stand before it */
             _ ("does not take %s for %s itself, which will go through the proxy; add %s"),
             entry->text, entry->host, entry->host);
    if (entry->kind == PRC_NO_PROXY_WILD && dialect->dot_covers_apex &&
        !g_hash_table_contains (names, entry->host))
        say (warnings,
             /* Translators: a tool's name and a blank stand before it */
             _ ("takes %s for %s itself too, which will be reached directly"), entry->text,
             entry->host);
}

static void
explain_entry (GHashTable *names, const PrcNoProxyEntry *entry, const PrcNoProxyDialect *dialect,
               GPtrArray *warnings)
{
    switch (entry->kind) {
    case PRC_NO_PROXY_STAR:
        if (!dialect->star)
            say (warnings,
                 /* Translators: a tool's name and a blank stand before it */
                 _ ("does not understand *: everything will go through the proxy; take the proxy "
                    "away instead"));
        break;
    case PRC_NO_PROXY_CIDR4:
    case PRC_NO_PROXY_CIDR6:
        explain_network (entry, dialect, warnings);
        break;
    case PRC_NO_PROXY_BELOW:
    case PRC_NO_PROXY_WILD:
        explain_domain (names, entry, dialect, warnings);
        break;
    case PRC_NO_PROXY_ODD:
        say (warnings,
             /* Translators: a tool's name and a blank stand before it */
             _ ("does not understand the * in %s: hosts that it stands for will go through the "
                "proxy; "
                "add "
                "their names, or the domain"),
             entry->text);
        break;
    case PRC_NO_PROXY_NAME:
        if (dialect->raw_suffix && !g_str_equal (entry->host, "localhost"))
            say (warnings,
                 /* Translators: a tool's name and a blank stand before it */
                 _ ("only compares how names end: for %s it also reaches a host such as my%s "
                    "directly"),
                 entry->text, entry->host);
        break;
    case PRC_NO_PROXY_IP:
        break;
    }
    if (entry->port != 0)
        say (warnings,
             /* Translators: a tool's name and a blank stand before it */
             _ ("reaches every port of %s directly, not only %u: a port in the list would not be "
                "understood everywhere"),
             entry->host, entry->port);
}

void
prc_no_proxy_explain (const PrcNoProxy *list, const PrcNoProxyDialect *dialect, GPtrArray *warnings)
{
    g_autoptr (GHashTable) names = named_hosts (list);

    for (guint i = 0; i < list->entries->len; i++) {
        const PrcNoProxyEntry *entry = list->entries->pdata[i];

        /* It swallows the rest, see prc_no_proxy_format(). */
        if (entry->kind == PRC_NO_PROXY_STAR) {
            explain_entry (names, entry, dialect, warnings);
            return;
        }
    }
    for (guint i = 0; i < list->entries->len; i++)
        explain_entry (names, list->entries->pdata[i], dialect, warnings);
}
