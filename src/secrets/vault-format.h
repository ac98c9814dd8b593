/* vault-format.h - the bytes of a vault file; pure: no file is touched here
 *
 *     0  16  "proxyrc vault 1\n"
 *    16   4  key derivation: 2, Argon2id 1.3
 *    20   4  its number of passes
 *    24   8  its memory in bytes
 *    32  16  its salt, random for each passphrase
 *    48  32  keyed BLAKE2b of bytes 0-47 under a subkey: tells a wrong passphrase from damage
 *    80  24  nonce, random at each write
 *   104   8  length of what follows the header
 *   112  16  BLAKE2b of bytes 0-111: finds damage before any time is spent on the passphrase
 *   128      XChaCha20-Poly1305 of the records under another subkey, the header authenticated
 *
 * Numbers are little-endian. The salt stays while the passphrase does: a fresh one at each write
 * would need the passphrase itself, which is not kept, and a nonce of 24 random bytes is enough to
 * use one key for all writes. */
#pragma once
#include <glib.h>

#include "base/secret.h"

/** PrcVaultLimits: what a guess at the passphrase costs. */
typedef struct {
    guint32 passes;
    guint64 memory; /* bytes */
} PrcVaultLimits;

/** About 0.7 s and 256 MiB: libsodium's "moderate". */
extern const PrcVaultLimits prc_vault_limits_moderate;
/** The least that Argon2id takes: no protection; for tests. */
extern const PrcVaultLimits prc_vault_limits_least;

/** PrcVaultKdf: what, together with a passphrase, gives the key. */
typedef struct {
    PrcVaultLimits limits;
    guint8 salt[16];
} PrcVaultKdf;

/** prc_vault_kdf_init: @limits with a new random salt. */
void prc_vault_kdf_init (PrcVaultKdf *kdf, const PrcVaultLimits *limits);
gboolean prc_vault_kdf_equal (const PrcVaultKdf *a, const PrcVaultKdf *b);

/** prc_vault_derive_key: slow on purpose. #PRC_ERROR_UNSUPPORTED when there isn't the memory for
 * it. Returns: (transfer full) (nullable) */
PrcSecret *prc_vault_derive_key (const PrcVaultKdf *kdf, PrcSecret *passphrase,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_vault_read_kdf: checks the header of a whole vault file, and that nothing is cut off.
 * Fails with #PRC_ERROR_INPUT for a foreign or damaged file, another version, or limits with which
 * a hostile file would take memory and time beyond reason (more than 1 GiB, or than 4 GiB times
 * passes).
 */
gboolean prc_vault_read_kdf (GBytes *file, PrcVaultKdf *ret_kdf,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_vault_key_fits: @key is the one of @file, whose header prc_vault_read_kdf() has accepted. */
gboolean prc_vault_key_fits (GBytes *file, PrcSecret *key) G_GNUC_WARN_UNUSED_RESULT;

/** prc_vault_seal: (transfer full): a whole vault file around @payload. */
GBytes *prc_vault_seal (const PrcVaultKdf *kdf, PrcSecret *key,
                        GBytes *payload) G_GNUC_WARN_UNUSED_RESULT;

/** prc_vault_open: (transfer full) (nullable): the payload, of a file whose header was accepted
 * and with the key that fits; #PRC_ERROR_INPUT when the rest is damaged. */
GBytes *prc_vault_open (GBytes *file, PrcSecret *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
