#include "app/check-tools.h"

#include <string.h>

#include "base/i18n.h"
#include "model/proxy-url.h"

/* Weakest first, as a tool's `auth` and a proxy's offer name them. */
static const char *const schemes[] = { "basic", "digest", "ntlm", "negotiate" };
#define NEGOTIATE (1u << 3)
#define BASIC (1u << 0)

typedef struct {
    PrcProxyScheme proxy_scheme;
    guint offered;   /* set of 1 << index in @schemes */
    char *offer;     /* as a person reads it */
    gboolean ticket; /* it was shown that there is one */
    const char *auth;
    GString *helpless; /* the tools that no password helps */
    GString *unset;    /* those that the profile's `auth` would help */
} Question;

static guint
scheme_bit (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
        if (g_ascii_strcasecmp (schemes[i], name) == 0)
            return 1u << i;
    return 0;
}

static guint
tool_schemes (const PrcTool *tool)
{
    guint set = 0;

    for (char **name = tool->auth; name != NULL && *name != NULL; name++)
        set |= scheme_bit (*name);
    return set;
}

static const char *
strongest_name (guint set)
{
    for (guint i = G_N_ELEMENTS (schemes); i > 0; i--)
        if ((set & (1u << (i - 1))) != 0)
            return schemes[i - 1];
    return "any";
}

static char *
names_of (guint set)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
        if ((set & (1u << i)) != 0)
            g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", schemes[i]);
    return g_string_free (text, FALSE);
}

/* What the tool would do with the profile's `auth`, or by itself. */
static guint
chosen_schemes (const Question *question, const PrcTool *tool, guint able)
{
    const char *auth = question->auth != NULL ? question->auth : tool->auth_default;

    if (auth == NULL)
        return able & BASIC;
    return strcmp (auth, "any") == 0 ? able : able & scheme_bit (auth);
}

static void
note (GString *list, const PrcTool *tool)
{
    g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", tool->name);
}

static PrcToolChance *
judge_schemes (const Question *question, const PrcTool *tool)
{
    guint able = tool_schemes (tool);
    guint common = able & question->offered;
    guint chosen = chosen_schemes (question, tool, able) & question->offered;
    guint by_password = common & ~NEGOTIATE;
    const char *best = strongest_name (question->ticket ? common : by_password);
    g_autofree char *why = NULL;

    if (common == 0) {
        g_autofree char *names = names_of (able);

        why = g_strdup_printf (
            _ ("it can do %s, and the proxy offers %s: it gets 407 with any password"), names,
            question->offer);
        note (question->helpless, tool);
        return prc_tool_chance_new (tool->name, FALSE, why);
    }
    if (by_password == 0 && !question->ticket)
        return prc_tool_chance_new (tool->name, FALSE, _ ("only with a Kerberos ticket (kinit)"));
    if (chosen == 0) {
        why = g_strdup_printf (
            _ ("only with auth=%s in the profile (`proxyrc profile set NAME auth=%s`)"), best,
            best);
        note (question->unset, tool);
        return prc_tool_chance_new (tool->name, TRUE, why);
    }
    if ((chosen & NEGOTIATE) != 0 && !question->ticket) {
        why = g_strdup_printf (
            _ ("only with auth=%s in the profile, or a Kerberos ticket: by itself it "
               "chooses Negotiate, and never another one"),
            best);
        note (question->unset, tool);
        return prc_tool_chance_new (tool->name, TRUE, why);
    }
    return prc_tool_chance_new (tool->name, TRUE, NULL);
}

static PrcToolChance *
judge_tool (const Question *question, const PrcTool *tool)
{
    if ((tool->url.schemes & (1u << question->proxy_scheme)) == 0) {
        g_autofree char *why = g_strdup_printf (_ ("it can't use a proxy by %s://"),
                                                prc_proxy_scheme_name (question->proxy_scheme));

        return prc_tool_chance_new (tool->name, FALSE, why);
    }
    if (question->offer == NULL || question->proxy_scheme >= PRC_PROXY_SOCKS4)
        return prc_tool_chance_new (tool->name, TRUE, NULL);
    return judge_schemes (question, tool);
}

/* The proxy has said, by an answer of its own, what it wants. */
static gboolean
was_heard (const PrcCheckResult *result)
{
    switch (result->verdict) {
    case PRC_VERDICT_OK:
    case PRC_VERDICT_NO_AUTH_NEEDED:
    case PRC_VERDICT_CREDENTIALS_MISSING:
    case PRC_VERDICT_CREDENTIALS_REJECTED:
    case PRC_VERDICT_SCHEME_UNSUPPORTED:
    case PRC_VERDICT_TLS_INTERCEPTED:
        return TRUE;
    case PRC_VERDICT_FORBIDDEN:
    case PRC_VERDICT_ORIGIN_UNAUTHORIZED:
    case PRC_VERDICT_UPSTREAM_FAILED:
    case PRC_VERDICT_NOT_A_PROXY:
    case PRC_VERDICT_PROXY_TLS_FAILED:
    case PRC_VERDICT_UNRESOLVABLE:
    case PRC_VERDICT_UNREACHABLE:
    case PRC_VERDICT_TIMEOUT:
    case PRC_VERDICT_BAD_ANSWER:
    case PRC_VERDICT_WITHHELD:
    default:
        return result->offers->len > 0;
    }
}

/* What to do about tools that no password helps, where Basic isn't offered. */
static void
add_remedy (const Question *question, PrcCheckResult *result)
{
    g_autoptr (GString) text = g_string_new (result->remedy);

    if (question->unset->len > 0) {
        g_string_append (text, text->len > 0 ? "; " : "");
        g_string_append_printf (
            text,
            /* Translators: the first %s is a list of tools */
            _ ("for %s: `proxyrc profile set NAME auth=%s`, then `proxyrc apply`"),
            question->unset->str,
            strongest_name (question->ticket ? question->offered : question->offered & ~NEGOTIATE));
    }
    g_string_append (text, text->len > 0 ? "; " : "");
    g_string_append_printf (
        text,
        /* Translators: a list of tools; what the proxy offers, such as "NTLM, Negotiate" */
        _ ("%s can't do %s: for them run a relay on this machine that logs in at the proxy (px, "
           "cntlm), and "
           "point the profile to it: `proxyrc profile set NAME all=http://127.0.0.1:3128`"),
        question->helpless->str, question->offer);
    g_free (result->remedy);
    result->remedy = g_strdup (text->str);
}

static char *
offer_text (const GPtrArray *offers)
{
    GString *text = g_string_new (NULL);

    for (guint i = 0; i < offers->len; i++)
        g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                                ((PrcOffer *) g_ptr_array_index (offers, i))->scheme);
    return g_string_free (text, FALSE);
}

void
prc_check_add_tools (PrcSession *session, const char *auth, PrcCheckResult *result)
{
    g_autoptr (PrcProxyUrl) proxy =
        prc_proxy_url_parse (result->proxy, &prc_url_dialect_lenient, NULL);
    const PrcCatalogue *catalogue =
        proxy != NULL && was_heard (result) ? prc_session_catalogue (session, NULL) : NULL;
    g_autofree char *offer = result->offers->len > 0 ? offer_text (result->offers) : NULL;
    g_autoptr (GString) helpless = g_string_new (NULL);
    g_autoptr (GString) unset = g_string_new (NULL);
    Question question = { .offer = offer,
                          .ticket = g_strcmp0 (result->scheme_used, "negotiate") == 0,
                          .auth = auth,
                          .helpless = helpless,
                          .unset = unset };

    if (catalogue == NULL)
        return;
    question.proxy_scheme = proxy->scheme;
    for (guint i = 0; i < result->offers->len; i++)
        question.offered |=
            scheme_bit (((PrcOffer *) g_ptr_array_index (result->offers, i))->scheme);
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        if (prc_session_wants_tool (session, NULL, tool))
            g_ptr_array_add (result->tools, judge_tool (&question, tool));
    }
    if (question.helpless->len > 0 && (question.offered & BASIC) == 0 && question.offered != 0)
        add_remedy (&question, result);
}
