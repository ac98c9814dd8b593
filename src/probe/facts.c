#include "probe/facts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "probe/challenge.h"

/** Exchanges in one check: without, and one for each scheme; the last of them is what counts. */
#define EXCHANGES_MAX 8u

/* The texts of an exchange, by their names in JSON. */
static const struct {
    const char *name;
    gsize offset;
} texts[] = {
    { "scheme", G_STRUCT_OFFSET (PrcExchange, scheme) },
    { "text", G_STRUCT_OFFSET (PrcExchange, text) },
    { "reason", G_STRUCT_OFFSET (PrcExchange, reason) },
    { "server", G_STRUCT_OFFSET (PrcExchange, server) },
    { "location", G_STRUCT_OFFSET (PrcExchange, location) },
    { "site_realm", G_STRUCT_OFFSET (PrcExchange, site_realm) },
    { "issuer", G_STRUCT_OFFSET (PrcExchange, issuer) },
};

#define TEXT_OF(exchange, i) (G_STRUCT_MEMBER (char *, (exchange), texts[i].offset))

PrcExchange *
prc_exchange_new (void)
{
    PrcExchange *exchange = g_new0 (PrcExchange, 1);

    exchange->offers = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_offer_free);
    return exchange;
}

void
prc_exchange_free (PrcExchange *exchange)
{
    if (exchange == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        g_free (TEXT_OF (exchange, i));
    g_ptr_array_unref (exchange->offers);
    g_free (exchange);
}

PrcFacts *
prc_facts_new (void)
{
    PrcFacts *facts = g_new0 (PrcFacts, 1);

    facts->exchanges = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_exchange_free);
    return facts;
}

void
prc_facts_free (PrcFacts *facts)
{
    if (facts == NULL)
        return;
    g_ptr_array_unref (facts->exchanges);
    g_free (facts->sending);
    g_free (facts);
}

/* Writing */

static char *
to_line (json_t *object)
{
    char *text = json_dumps (object, JSON_COMPACT);
    char *line = g_strconcat (text != NULL ? text : "{}", "\n", NULL);

    free (text);
    json_decref (object);
    return line;
}

static json_t *
text_json (const char *text)
{
    g_autofree char *clean = NULL;

    if (text == NULL)
        return json_null ();
    clean = prc_text_printable (text);
    if (strlen (clean) > PRC_FACTS_TEXT_MAX)
        *g_utf8_find_prev_char (clean, clean + PRC_FACTS_TEXT_MAX + 1) = '\0';
    return json_string (clean);
}

char *
prc_facts_format_exchange (const PrcExchange *exchange)
{
    json_t *object = json_object ();
    json_t *offers = json_array ();

    json_object_set_new (object, "failure", json_integer (exchange->failure));
    json_object_set_new (object, "status", json_integer (exchange->status));
    json_object_set_new (object, "site_status", json_integer (exchange->site_status));
    json_object_set_new (object, "usable", json_integer (exchange->usable));
    json_object_set_new (object, "sent", json_boolean (exchange->sent));
    json_object_set_new (object, "is_html", json_boolean (exchange->is_html));
    json_object_set_new (object, "by_proxy", json_boolean (exchange->by_proxy));
    json_object_set_new (object, "has_challenge", json_boolean (exchange->has_challenge));
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        json_object_set_new (object, texts[i].name, text_json (TEXT_OF (exchange, i)));
    for (guint i = 0; i < exchange->offers->len && i < PRC_CHALLENGES_MAX; i++) {
        const PrcOffer *offer = g_ptr_array_index (exchange->offers, i);
        json_t *pair = json_array ();

        json_array_append_new (pair, text_json (offer->scheme));
        json_array_append_new (pair, text_json (offer->realm));
        json_array_append_new (offers, pair);
    }
    json_object_set_new (object, "offers", offers);
    return to_line (object);
}

char *
prc_facts_format_sending (const char *scheme)
{
    json_t *object = json_object ();

    json_object_set_new (object, "sending", json_string (scheme));
    return to_line (object);
}

char *
prc_facts_format_end (void)
{
    json_t *object = json_object ();

    json_object_set_new (object, "end", json_true ());
    return to_line (object);
}

/* Reading */

static gboolean
take_number (json_t *object, const char *name, int max, int *ret)
{
    json_t *value = json_object_get (object, name);

    if (!json_is_integer (value) || json_integer_value (value) < 0 ||
        json_integer_value (value) > max)
        return FALSE;
    *ret = (int) json_integer_value (value);
    return TRUE;
}

static gboolean
take_flag (json_t *object, const char *name, gboolean *ret)
{
    json_t *value = json_object_get (object, name);

    if (!json_is_boolean (value))
        return FALSE;
    *ret = json_is_true (value);
    return TRUE;
}

/* It is made printable again: what the helper says is not believed. */
static gboolean
take_text (json_t *value, gboolean may_be_null, char **ret)
{
    if (json_is_null (value))
        return may_be_null;
    if (!json_is_string (value) || json_string_length (value) > PRC_FACTS_TEXT_MAX ||
        strlen (json_string_value (value)) != json_string_length (value))
        return FALSE;
    *ret = prc_text_printable (json_string_value (value));
    return TRUE;
}

static gboolean
take_offers (json_t *offers, PrcExchange *exchange)
{
    if (!json_is_array (offers) || json_array_size (offers) > PRC_CHALLENGES_MAX)
        return FALSE;
    for (gsize i = 0; i < json_array_size (offers); i++) {
        json_t *pair = json_array_get (offers, i);
        PrcOffer *offer = prc_offer_new (NULL, NULL);

        g_ptr_array_add (exchange->offers, offer);
        if (!json_is_array (pair) || json_array_size (pair) != 2 ||
            !take_text (json_array_get (pair, 0), FALSE, &offer->scheme) ||
            !take_text (json_array_get (pair, 1), TRUE, &offer->realm))
            return FALSE;
    }
    return TRUE;
}

static PrcExchange *
read_exchange (json_t *object)
{
    g_autoptr (PrcExchange) exchange = prc_exchange_new ();
    PrcAuthScheme scheme;
    int failure = 0, usable = 0;

    if (json_object_size (object) != 9 + G_N_ELEMENTS (texts) ||
        !take_number (object, "failure", PRC_N_FAILURES - 1, &failure) ||
        !take_number (object, "usable", PRC_AUTH_ALL, &usable) ||
        !take_number (object, "status", 999, &exchange->status) ||
        !take_number (object, "site_status", 999, &exchange->site_status) ||
        !take_flag (object, "sent", &exchange->sent) ||
        !take_flag (object, "is_html", &exchange->is_html) ||
        !take_flag (object, "by_proxy", &exchange->by_proxy) ||
        !take_flag (object, "has_challenge", &exchange->has_challenge) ||
        !take_offers (json_object_get (object, "offers"), exchange))
        return NULL;
    exchange->failure = (PrcFailure) failure;
    exchange->usable = (guint) usable;
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
        if (!take_text (json_object_get (object, texts[i].name), TRUE, &TEXT_OF (exchange, i)))
            return NULL;
    if (exchange->scheme != NULL && !prc_auth_scheme_from_name (exchange->scheme, &scheme) &&
        strcmp (exchange->scheme, "socks") != 0)
        return NULL;
    return g_steal_pointer (&exchange);
}

static gboolean
read_object (PrcFacts *facts, json_t *object)
{
    json_t *sending = json_object_get (object, "sending");

    if (facts->is_complete)
        return FALSE;
    if (json_object_get (object, "end") != NULL) {
        facts->is_complete = json_object_size (object) == 1;
        return facts->is_complete;
    }
    if (sending != NULL) {
        g_clear_pointer (&facts->sending, g_free);
        return json_object_size (object) == 1 && take_text (sending, FALSE, &facts->sending);
    }
    if (facts->exchanges->len < EXCHANGES_MAX) {
        PrcExchange *exchange = read_exchange (object);

        if (exchange == NULL)
            return FALSE;
        g_ptr_array_add (facts->exchanges, exchange);
        g_clear_pointer (&facts->sending, g_free);
        return TRUE;
    }
    return FALSE;
}

gboolean
prc_facts_parse_line (PrcFacts *facts, const char *line, gsize length, GError **error)
{
    json_t *object = json_loadb (line, length, JSON_REJECT_DUPLICATES, NULL);
    gboolean good = json_is_object (object) && read_object (facts, object);

    json_decref (object);
    if (!good)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("proxyrc-probe gave an answer that makes no sense"));
    return good;
}
