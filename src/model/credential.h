/* credential.h - which proxy and user a stored secret is for; never the secret itself */
#pragma once
#include <glib.h>

/**
 * PrcCredentialRef: a credential is bound to all four: at another scheme, host, port or user it
 * is another credential, and "login" is needed again. As a pattern, @user may be %NULL: any user.
 */
typedef struct {
    char *scheme; /* lower case, without "://" */
    char *host;   /* ASCII letters in lower case; an IPv6 address without its brackets */
    guint16 port; /* always spelled out: the caller knows the scheme's default */
    char *user;   /* (nullable): decoded, any bytes but NUL; "" is a user like any other */
} PrcCredentialRef;

/**
 * prc_credential_ref_new:
 * @scheme, @host: in any case; brackets around an IPv6 address are dropped
 * @user: (nullable)
 *
 * Returns: (transfer full)
 */
PrcCredentialRef *prc_credential_ref_new (const char *scheme, const char *host, guint16 port,
                                          const char *user) G_GNUC_WARN_UNUSED_RESULT;
PrcCredentialRef *prc_credential_ref_copy (const PrcCredentialRef *ref) G_GNUC_WARN_UNUSED_RESULT;
void prc_credential_ref_free (PrcCredentialRef *ref);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcCredentialRef, prc_credential_ref_free)

/** prc_credential_ref_equal: all four; two without a user are equal. */
gboolean prc_credential_ref_equal (const PrcCredentialRef *a, const PrcCredentialRef *b);

/** prc_credential_ref_matches: @ref is for the proxy of @pattern, and for its user if it names one.
 */
gboolean prc_credential_ref_matches (const PrcCredentialRef *pattern, const PrcCredentialRef *ref);

/**
 * prc_credential_ref_to_text: the canonical line, "scheme://user@host:port", or without "user@"
 * when there is none. Always one line of printable ASCII: every other byte, and each that has a
 * meaning in a URL, is percent-encoded. Equal references have equal texts, others have not.
 * Returns: (transfer full)
 */
char *prc_credential_ref_to_text (const PrcCredentialRef *ref) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_credential_ref_from_text: the inverse. Fails with #PRC_ERROR_INPUT on anything that
 * prc_credential_ref_to_text() could not have made; the message does not quote @text.
 * Returns: (transfer full) (nullable)
 */
PrcCredentialRef *prc_credential_ref_from_text (const char *text,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
