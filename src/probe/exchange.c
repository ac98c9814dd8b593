#include "probe/exchange.h"

#include "probe/challenge.h"

void
prc_exchange_fail (PrcExchange *exchange, PrcFailure failure, const char *text)
{
    exchange->failure = failure;
    if (text != NULL && *text != '\0' && exchange->text == NULL)
        exchange->text = g_strdup (text);
}

void
prc_exchange_take_head (PrcExchange *exchange, const PrcHead *head)
{
    exchange->status = head->status;
    exchange->is_html = head->is_html;
    exchange->by_proxy = head->by_proxy;
    exchange->has_challenge = head->has_challenge;
    g_free (exchange->reason);
    g_free (exchange->server);
    g_free (exchange->location);
    g_free (exchange->site_realm);
    exchange->reason = g_strdup (head->reason);
    exchange->server = g_strdup (head->server);
    exchange->location = g_strdup (head->location);
    exchange->site_realm = g_strdup (head->site_realm);
    exchange->usable = prc_challenges_schemes (head->challenges);
    g_ptr_array_set_size (exchange->offers, 0);
    for (guint i = 0; i < head->challenges->len; i++) {
        const PrcChallenge *challenge = g_ptr_array_index (head->challenges, i);

        g_ptr_array_add (exchange->offers, prc_offer_new (challenge->scheme, challenge->realm));
    }
}
