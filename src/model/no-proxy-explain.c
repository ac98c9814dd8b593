#include "model/no-proxy.h"

#include <string.h>

#include "base/i18n.h"
#include "model/no-proxy-private.h"

typedef struct {
    const char *tool;
    const PrcNoProxyDialect *dialect;
    GHashTable *names;
    GPtrArray *warnings;
} Explanation;

static void G_GNUC_PRINTF (2, 3) say (const Explanation *about, const char *format, ...)
{
    va_list args;

    va_start (args, format);
    g_ptr_array_add (about->warnings, g_strdup_vprintf (format, args));
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
explain_network (const Explanation *about, const PrcNoProxyEntry *entry)
{
    gboolean known =
        entry->kind == PRC_NO_PROXY_CIDR4 ? about->dialect->cidr4 : about->dialect->cidr6;

    if (!known && !prc_no_proxy_is_spelled (entry))
        say (about,
             _ ("%s does not understand %s: hosts there will go through the proxy; add their "
                "addresses or "
                "names"),
             about->tool, entry->text);
}

static void
explain_domain (const Explanation *about, const PrcNoProxyEntry *entry)
{
    if (entry->kind == PRC_NO_PROXY_BELOW && !about->dialect->dot_covers_apex &&
        !g_hash_table_contains (about->names, entry->host))
        say (about,
             /* Translators: a tool, an entry of no_proxy, a host name, the same host name */
             _ ("%s does not take %s for %s itself, which will go through the proxy; add %s"),
             about->tool, entry->text, entry->host, entry->host);
    if (entry->kind == PRC_NO_PROXY_WILD && about->dialect->dot_covers_apex &&
        !g_hash_table_contains (about->names, entry->host))
        say (about, _ ("%s takes %s for %s itself too, which will be reached directly"),
             about->tool, entry->text, entry->host);
}

static void
explain_entry (const Explanation *about, const PrcNoProxyEntry *entry)
{
    switch (entry->kind) {
    case PRC_NO_PROXY_STAR:
        if (!about->dialect->star)
            say (
                about,
                _ ("%s does not understand *: everything will go through the proxy; take the proxy "
                   "away instead"),
                about->tool);
        break;
    case PRC_NO_PROXY_CIDR4:
    case PRC_NO_PROXY_CIDR6:
        explain_network (about, entry);
        break;
    case PRC_NO_PROXY_BELOW:
    case PRC_NO_PROXY_WILD:
        explain_domain (about, entry);
        break;
    case PRC_NO_PROXY_ODD:
        say (about,
             _ ("%s does not understand the * in %s: hosts that it stands for will go through the "
                "proxy; "
                "add "
                "their names, or the domain"),
             about->tool, entry->text);
        break;
    case PRC_NO_PROXY_NAME:
        if (about->dialect->raw_suffix && !g_str_equal (entry->host, "localhost"))
            say (about,
                 /* Translators: a tool, a name in no_proxy, that name behind other letters */
                 _ ("%s only compares how names end: for %s it also reaches a host such as my%s "
                    "directly"),
                 about->tool, entry->text, entry->host);
        break;
    case PRC_NO_PROXY_IP:
        break;
    }
    if (entry->port != 0)
        say (
            about,
            _ ("%s reaches every port of %s directly, not only %u: a port in the list would not be "
               "understood everywhere"),
            about->tool, entry->host, entry->port);
}

void
prc_no_proxy_explain (const PrcNoProxy *list, const char *tool, const PrcNoProxyDialect *dialect,
                      GPtrArray *warnings)
{
    g_autoptr (GHashTable) names = named_hosts (list);
    const Explanation about = { tool, dialect, names, warnings };

    for (guint i = 0; i < list->entries->len; i++) {
        const PrcNoProxyEntry *entry = list->entries->pdata[i];

        /* It swallows the rest, see prc_no_proxy_format(). */
        if (entry->kind == PRC_NO_PROXY_STAR) {
            explain_entry (&about, entry);
            return;
        }
    }
    for (guint i = 0; i < list->entries->len; i++)
        explain_entry (&about, list->entries->pdata[i]);
}
