/* aead.h - authenticated encryption of a file: a plain header, and the rest bound to it */
#pragma once
#include <glib.h>

#define PRC_AEAD_KEY_SIZE 32u
#define PRC_AEAD_NONCE_SIZE 24u
#define PRC_AEAD_TAG_SIZE 16u

/** prc_sodium_ready: before any other use of libsodium; costs nothing until it is called. */
gboolean prc_sodium_ready (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_aead_seal: XChaCha20-Poly1305 (IETF) of @plain with @header as additional data.
 * @nonce: random and never used before with @key
 *
 * Returns: (transfer full): @header followed by the ciphertext and its tag
 */
GBytes *prc_aead_seal (const guint8 *header, gsize header_size, const guint8 *nonce,
                       const guint8 *key, GBytes *plain) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_aead_open: the inverse, of @bytes that begin with a header of @header_size.
 * Returns: (transfer full) (nullable): wiped when freed; %NULL when key, header or ciphertext is
 *   another
 */
GBytes *prc_aead_open (const guint8 *bytes, gsize size, gsize header_size, const guint8 *nonce,
                       const guint8 *key) G_GNUC_WARN_UNUSED_RESULT;
