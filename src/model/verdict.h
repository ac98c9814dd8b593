/* verdict.h - what one live exchange with a proxy has shown; plain values, no I/O
 *
 * The words are those of the command line and of JSON. No secret is ever in it, and every string that came from the
 * network has been through prc_text_printable(). */
#pragma once
#include <glib.h>

typedef enum {
    PRC_VERDICT_OK,                   /* the proxy let us through, and asked for the credential before */
    PRC_VERDICT_NO_AUTH_NEEDED,       /* it let us through without one: nothing is known about the password */
    PRC_VERDICT_CREDENTIALS_MISSING,  /* it wants one, and none was given */
    PRC_VERDICT_CREDENTIALS_REJECTED, /* 407 again, with the credential */
    PRC_VERDICT_SCHEME_UNSUPPORTED,   /* it offers no scheme that we, or the profile, can do */
    PRC_VERDICT_FORBIDDEN,            /* 403 by the proxy */
    PRC_VERDICT_ORIGIN_UNAUTHORIZED,  /* 401: the site, not the proxy */
    PRC_VERDICT_UPSTREAM_FAILED,      /* the proxy could not reach the site */
    PRC_VERDICT_NOT_A_PROXY,          /* captive portal, HTML, redirect */
    PRC_VERDICT_TLS_INTERCEPTED,      /* the site's certificate is not one that is trusted here */
    PRC_VERDICT_PROXY_TLS_FAILED,     /* TLS to the proxy itself */
    PRC_VERDICT_UNRESOLVABLE,
    PRC_VERDICT_UNREACHABLE,
    PRC_VERDICT_TIMEOUT,
    PRC_VERDICT_BAD_ANSWER,
    PRC_VERDICT_WITHHELD, /* this credential was rejected by this proxy a short while ago: not sent again */
} PrcVerdict;
#define PRC_N_VERDICTS (PRC_VERDICT_WITHHELD + 1)

typedef enum {
    PRC_CREDENTIAL_UNTESTED, /* not sent, or what came back proves nothing */
    PRC_CREDENTIAL_ACCEPTED, /* a 407 without it, and none with it */
    PRC_CREDENTIAL_REJECTED,
} PrcCredentialFate;

/** prc_verdict_name, prc_credential_fate_name: "credentials_rejected", "accepted", … */
const char *prc_verdict_name (PrcVerdict verdict);
const char *prc_credential_fate_name (PrcCredentialFate fate);

/** PrcOffer: one challenge of the proxy (RFC 9110, section 11.3). */
typedef struct {
    char *scheme; /* "Basic", as written in RFCs where known, else as sent */
    char *realm;  /* (nullable) */
} PrcOffer;
PrcOffer *prc_offer_new (const char *scheme, const char *realm);
void prc_offer_free (PrcOffer *offer);

/** PrcToolChance: whether a tool could pass this proxy with the right credential. */
typedef struct {
    char *name;
    gboolean could_pass;
    char *why; /* (nullable): why not, or what it takes */
} PrcToolChance;

/** PrcCheckResult: all strings are owned UTF-8, fit for a terminal. */
typedef struct {
    PrcVerdict verdict;
    PrcCredentialFate credential;
    char *proxy;       /* scheme://[user@]host:port; never a password */
    char *url;         /* the target */
    int http_status;   /* of the proxy's last answer; 0: none */
    GPtrArray *offers; /* of PrcOffer, in the order in which they came */
    char *scheme_used; /* (nullable): "basic", "digest", "ntlm", "negotiate" */
    guint attempts;    /* how often the credential was sent: 0 or 1 (NTLM's three legs are one) */
    guint elapsed_ms;
    GPtrArray *tools; /* of PrcToolChance; empty when the proxy has not said what it wants */
    char *detail; /* (nullable): what was seen, a sentence */
    char *remedy; /* (nullable): what to do next, a sentence; may name a command */
} PrcCheckResult;

PrcToolChance *prc_tool_chance_new (const char *name, gboolean could_pass, const char *why);

PrcCheckResult *prc_check_result_new (void);
PrcCheckResult *prc_check_result_copy (const PrcCheckResult *result);
void prc_check_result_free (PrcCheckResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcCheckResult, prc_check_result_free)
