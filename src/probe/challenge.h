/* challenge.h - what a proxy asks for: Proxy-Authenticate by RFC 9110, and whatever else proxies
 * write there */
#pragma once
#include <glib.h>

/** PrcAuthScheme: those that a check can answer; the stronger, the later. */
typedef enum {
    PRC_AUTH_BASIC,
    PRC_AUTH_DIGEST,
    PRC_AUTH_NTLM,
    PRC_AUTH_NEGOTIATE,
} PrcAuthScheme;
#define PRC_N_AUTH_SCHEMES (PRC_AUTH_NEGOTIATE + 1)
/** Sets of schemes are 1 << PrcAuthScheme. */
#define PRC_AUTH_ALL ((1u << PRC_N_AUTH_SCHEMES) - 1)

/** prc_auth_scheme_name: "basic", "digest", "ntlm", "negotiate". */
const char *prc_auth_scheme_name (PrcAuthScheme scheme);
/** prc_auth_scheme_from_name: in any case. */
gboolean prc_auth_scheme_from_name (const char *name, PrcAuthScheme *ret_scheme);
/** prc_auth_scheme_set: of a profile's `auth`: one scheme; NULL, "any" and anything else: all. */
guint prc_auth_scheme_set (const char *name);

/** PrcChallenge: one of them. Strings are short and fit for a terminal. */
typedef struct {
    char *scheme; /* "Basic", as in its RFC where it is known, else as sent */
    char *realm;  /* (nullable) */
    gboolean has_nonce, has_strange_algorithm;
} PrcChallenge;
void prc_challenge_free (PrcChallenge *challenge);

/** So many are kept of one answer. */
#define PRC_CHALLENGES_MAX 16u
/** The longest scheme or realm that is kept, in bytes. */
#define PRC_CHALLENGE_TEXT_MAX 200u

/**
 * prc_challenges_new, prc_challenges_add: collects the challenges of one answer, line by line, in
 * their order.
 * @value: (array length=length): the value of one Proxy-Authenticate line; any bytes
 *
 * Several challenges in one line, quoted strings with escapes, and token68 are read as RFC 9110 has
 * them. What is malformed is skipped up to the next comma, so that one broken challenge doesn't
 * hide the others. A realm that is not UTF-8 is taken for Latin-1. The same challenge twice counts
 * once.
 */
GPtrArray *prc_challenges_new (void); /* (transfer full) (element-type PrcChallenge) */
void prc_challenges_add (GPtrArray *challenges, const char *value, gsize length);

/**
 * prc_challenges_schemes: the set of those that can be answered. Digest can't be without a nonce,
 * or with an algorithm that nobody knows, or that libcurl gets wrong; of several, the first counts.
 */
guint prc_challenges_schemes (const GPtrArray *challenges);
