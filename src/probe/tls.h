/* tls.h - what TLS takes to get ready, once for all connections of a check
 *
 * Trusted are the system's certificates, where OpenSSL is configured to find them, and those of the
 * request. */
#pragma once
#include <glib.h>
#include <openssl/ssl.h>

/** PrcTls: OpenSSL's context. */
typedef struct _PrcTls PrcTls;

/** prc_tls_new: (transfer full): gets ready in a thread of its own, which takes longer than a proxy
 * takes to answer twice. @ca: (nullable): PEM certificates that are trusted too */
PrcTls *prc_tls_new (GBytes *ca);
/** prc_tls_free: (nullable). */
void prc_tls_free (PrcTls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcTls, prc_tls_free)

/**
 * prc_tls_connection: (transfer full) (nullable): a client's, on top of @bio (transfer full), for
 * @host, a name or an address, which the certificate must be for. Waits until @tls is ready;
 * nothing is sent yet.
 * @issuer: where to put, (transfer full), who issued the certificate if that is not trusted; it is
 * there as long as the connection is
 */
SSL *prc_tls_connection (PrcTls *tls, BIO *bio, const char *host, char **issuer);

/** prc_tls_is_hashed: whether certificates are found in @folder (nullable) by their names: reading
 * all of them takes longer than the whole check. */
gboolean prc_tls_is_hashed (const char *folder);

/** prc_issuer_keep: for a callback of OpenSSL's, while it verifies: puts into @issuer who issued
 * the certificate that is looked at; fit for a terminal. */
void prc_issuer_keep (X509_STORE_CTX *store, char **issuer);
