#include "model/verdict.h"

#include <string.h>

/* The one table of the words of a check. */
static const char *const verdict_names[PRC_N_VERDICTS] = {
    [PRC_VERDICT_OK] = "ok",
    [PRC_VERDICT_NO_AUTH_NEEDED] = "no_auth_needed",
    [PRC_VERDICT_CREDENTIALS_MISSING] = "credentials_missing",
    [PRC_VERDICT_CREDENTIALS_REJECTED] = "credentials_rejected",
    [PRC_VERDICT_SCHEME_UNSUPPORTED] = "scheme_unsupported",
    [PRC_VERDICT_FORBIDDEN] = "forbidden",
    [PRC_VERDICT_ORIGIN_UNAUTHORIZED] = "origin_unauthorized",
    [PRC_VERDICT_UPSTREAM_FAILED] = "upstream_failed",
    [PRC_VERDICT_NOT_A_PROXY] = "not_a_proxy",
    [PRC_VERDICT_TLS_INTERCEPTED] = "tls_intercepted",
    [PRC_VERDICT_PROXY_TLS_FAILED] = "proxy_tls_failed",
    [PRC_VERDICT_UNRESOLVABLE] = "unresolvable",
    [PRC_VERDICT_UNREACHABLE] = "unreachable",
    [PRC_VERDICT_TIMEOUT] = "timeout",
    [PRC_VERDICT_BAD_ANSWER] = "bad_answer",
    [PRC_VERDICT_WITHHELD] = "withheld",
};

static const char *const fate_names[] = {
    [PRC_CREDENTIAL_UNTESTED] = "untested",
    [PRC_CREDENTIAL_ACCEPTED] = "accepted",
    [PRC_CREDENTIAL_REJECTED] = "rejected",
};

const char *
prc_verdict_name (PrcVerdict verdict)
{
    g_return_val_if_fail ((guint) verdict < PRC_N_VERDICTS, "bad_answer");
    return verdict_names[verdict];
}

const char *
prc_credential_fate_name (PrcCredentialFate fate)
{
    g_return_val_if_fail ((gsize) fate < G_N_ELEMENTS (fate_names), "untested");
    return fate_names[fate];
}

PrcOffer *
prc_offer_new (const char *scheme, const char *realm)
{
    PrcOffer *offer = g_new0 (PrcOffer, 1);

    offer->scheme = g_strdup (scheme);
    offer->realm = g_strdup (realm);
    return offer;
}

void
prc_offer_free (PrcOffer *offer)
{
    if (offer == NULL)
        return;
    g_free (offer->scheme);
    g_free (offer->realm);
    g_free (offer);
}

PrcToolChance *
prc_tool_chance_new (const char *name, gboolean could_pass, const char *why)
{
    PrcToolChance *chance = g_new0 (PrcToolChance, 1);

    chance->name = g_strdup (name);
    chance->could_pass = could_pass;
    chance->why = g_strdup (why);
    return chance;
}

static void
tool_chance_free (gpointer data)
{
    PrcToolChance *chance = data;

    g_free (chance->name);
    g_free (chance->why);
    g_free (chance);
}

PrcCheckResult *
prc_check_result_new (void)
{
    PrcCheckResult *result = g_new0 (PrcCheckResult, 1);

    result->verdict = PRC_VERDICT_BAD_ANSWER;
    result->offers = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_offer_free);
    result->tools = g_ptr_array_new_with_free_func (tool_chance_free);
    return result;
}

PrcCheckResult *
prc_check_result_copy (const PrcCheckResult *result)
{
    PrcCheckResult *copy = prc_check_result_new ();
    GPtrArray *offers = copy->offers, *tools = copy->tools;

    *copy = *result;
    copy->proxy = g_strdup (result->proxy);
    copy->url = g_strdup (result->url);
    copy->scheme_used = g_strdup (result->scheme_used);
    copy->detail = g_strdup (result->detail);
    copy->remedy = g_strdup (result->remedy);
    copy->offers = offers;
    copy->tools = tools;
    for (guint i = 0; i < result->tools->len; i++) {
        const PrcToolChance *chance = g_ptr_array_index (result->tools, i);

        g_ptr_array_add (tools,
                         prc_tool_chance_new (chance->name, chance->could_pass, chance->why));
    }
    for (guint i = 0; i < result->offers->len; i++) {
        const PrcOffer *offer = g_ptr_array_index (result->offers, i);

        g_ptr_array_add (offers, prc_offer_new (offer->scheme, offer->realm));
    }
    return copy;
}

void
prc_check_result_free (PrcCheckResult *result)
{
    if (result == NULL)
        return;
    g_free (result->proxy);
    g_free (result->url);
    g_ptr_array_unref (result->offers);
    g_ptr_array_unref (result->tools);
    g_free (result->scheme_used);
    g_free (result->detail);
    g_free (result->remedy);
    g_free (result);
}
