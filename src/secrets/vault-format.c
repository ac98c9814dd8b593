#include "secrets/vault-format.h"

#include <sodium.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/aead.h"

#define MAGIC "proxyrc vault 1\n"
#define MAGIC_ANY_VERSION "proxyrc vault "
#define KDF_ARGON2ID13 2u

enum {
    AT_ALGORITHM = 16,
    AT_PASSES = 20,
    AT_MEMORY = 24,
    AT_SALT = 32,
    AT_KEY_CHECK = 48,
    AT_NONCE = 80,
    AT_LENGTH = 104,
    AT_CHECKSUM = 112,
    HEADER_SIZE = 128,
    KEY_CHECK_SIZE = 32,
    CHECKSUM_SIZE = 16,
};

enum { SUBKEY_CHECK = 1, SUBKEY_PAYLOAD = 2 };

#define MEMORY_MAX (1024u * 1024u * 1024u)
#define WORK_MAX (4ull * MEMORY_MAX) /* memory times passes */

const PrcVaultLimits prc_vault_limits_moderate = { crypto_pwhash_OPSLIMIT_MODERATE,
                                                   crypto_pwhash_MEMLIMIT_MODERATE };
const PrcVaultLimits prc_vault_limits_least = { crypto_pwhash_OPSLIMIT_MIN,
                                                crypto_pwhash_MEMLIMIT_MIN };

G_STATIC_ASSERT (KDF_ARGON2ID13 == crypto_pwhash_ALG_ARGON2ID13);
G_STATIC_ASSERT (sizeof ((PrcVaultKdf *) NULL)->salt == crypto_pwhash_SALTBYTES);

void
prc_vault_kdf_init (PrcVaultKdf *kdf, const PrcVaultLimits *limits)
{
    kdf->limits = *limits;
    randombytes_buf (kdf->salt, sizeof kdf->salt);
}

gboolean
prc_vault_kdf_equal (const PrcVaultKdf *a, const PrcVaultKdf *b)
{
    return a->limits.passes == b->limits.passes && a->limits.memory == b->limits.memory &&
           memcmp (a->salt, b->salt, sizeof a->salt) == 0;
}

PrcSecret *
prc_vault_derive_key (const PrcVaultKdf *kdf, PrcSecret *passphrase, GError **error)
{
    guint8 key[PRC_AEAD_KEY_SIZE];
    PrcSecret *result = NULL;

    if (crypto_pwhash (key, sizeof key, prc_secret_text (passphrase),
                       prc_secret_length (passphrase), kdf->salt, kdf->limits.passes,
                       (size_t) kdf->limits.memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("not enough memory to derive the key: %ju MiB are needed"),
                     (uintmax_t) kdf->limits.memory / (1024 * 1024));
        return NULL;
    }
    result = prc_secret_new ((const char *) key, sizeof key);
    sodium_memzero (key, sizeof key);
    return result;
}

static guint64
get_le (const guint8 *bytes, guint size)
{
    guint64 value = 0;

    for (guint i = size; i > 0; i--)
        value = value << 8 | bytes[i - 1];
    return value;
}

static void
put_le (guint8 *bytes, guint size, guint64 value)
{
    for (guint i = 0; i < size; i++, value >>= 8)
        bytes[i] = (guint8) (value & 0xFF);
}

static void
checksum (const guint8 *header, guint8 *ret_sum)
{
    (void) crypto_generichash (ret_sum, CHECKSUM_SIZE, header, AT_CHECKSUM, NULL, 0);
}

static void
derive_subkey (PrcSecret *key, guint64 id, guint8 *ret_subkey)
{
    (void) crypto_kdf_derive_from_key (ret_subkey, PRC_AEAD_KEY_SIZE, id, "prcvault",
                                       (const guint8 *) prc_secret_text (key));
}

static void
key_check (const guint8 *header, PrcSecret *key, guint8 *ret_check)
{
    guint8 subkey[PRC_AEAD_KEY_SIZE];

    derive_subkey (key, SUBKEY_CHECK, subkey);
    (void) crypto_generichash (ret_check, KEY_CHECK_SIZE, header, AT_KEY_CHECK, subkey,
                               sizeof subkey);
    sodium_memzero (subkey, sizeof subkey);
}

static gboolean
check_magic (const guint8 *bytes, gsize size, GError **error)
{
    if (size >= strlen (MAGIC) && memcmp (bytes, MAGIC, strlen (MAGIC)) == 0)
        return TRUE;
    if (size >= strlen (MAGIC) &&
        memcmp (bytes, MAGIC_ANY_VERSION, strlen (MAGIC_ANY_VERSION)) == 0)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a vault of a version that this proxyrc does not know"));
    else if (size < strlen (MAGIC) && memcmp (bytes, MAGIC, size) == 0)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("a damaged vault: its end is missing"));
    else
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("not a vault of proxyrc"));
    return FALSE;
}

static gboolean
check_limits (const guint8 *header, GError **error)
{
    guint64 passes = get_le (header + AT_PASSES, 4);
    guint64 memory = get_le (header + AT_MEMORY, 8);

    if (get_le (header + AT_ALGORITHM, 4) != KDF_ARGON2ID13) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a key derivation that this proxyrc does not know"));
        return FALSE;
    }
    if (passes < crypto_pwhash_OPSLIMIT_MIN || memory < crypto_pwhash_MEMLIMIT_MIN ||
        memory > MEMORY_MAX || passes > WORK_MAX / memory ||
        memory > (guint64) crypto_pwhash_MEMLIMIT_MAX) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("it asks for unreasonable time or memory; nothing proxyrc wrote does"));
        return FALSE;
    }
    return TRUE;
}

gboolean
prc_vault_read_kdf (GBytes *file, PrcVaultKdf *ret_kdf, GError **error)
{
    gsize size = 0;
    const guint8 *bytes = g_bytes_get_data (file, &size);
    guint8 sum[CHECKSUM_SIZE];

    if (!check_magic (bytes, size, error))
        return FALSE;
    if (size < HEADER_SIZE) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("a damaged vault: its end is missing"));
        return FALSE;
    }
    checksum (bytes, sum);
    if (memcmp (sum, bytes + AT_CHECKSUM, sizeof sum) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a damaged vault: its header was altered"));
        return FALSE;
    }
    if (get_le (bytes + AT_LENGTH, 8) != size - HEADER_SIZE) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a damaged vault: bytes are missing at its end, or too many"));
        return FALSE;
    }
    if (!check_limits (bytes, error))
        return FALSE;
    ret_kdf->limits.passes = (guint32) get_le (bytes + AT_PASSES, 4);
    ret_kdf->limits.memory = get_le (bytes + AT_MEMORY, 8);
    memcpy (ret_kdf->salt, bytes + AT_SALT, sizeof ret_kdf->salt);
    return TRUE;
}

gboolean
prc_vault_key_fits (GBytes *file, PrcSecret *key)
{
    const guint8 *bytes = g_bytes_get_data (file, NULL);
    guint8 check[KEY_CHECK_SIZE];

    if (prc_secret_length (key) != PRC_AEAD_KEY_SIZE)
        return FALSE;
    key_check (bytes, key, check);
    return sodium_memcmp (check, bytes + AT_KEY_CHECK, sizeof check) == 0;
}

GBytes *
prc_vault_seal (const PrcVaultKdf *kdf, PrcSecret *key, GBytes *payload)
{
    guint8 header[HEADER_SIZE] = MAGIC;
    guint8 subkey[PRC_AEAD_KEY_SIZE];
    GBytes *file = NULL;

    put_le (header + AT_ALGORITHM, 4, KDF_ARGON2ID13);
    put_le (header + AT_PASSES, 4, kdf->limits.passes);
    put_le (header + AT_MEMORY, 8, kdf->limits.memory);
    memcpy (header + AT_SALT, kdf->salt, sizeof kdf->salt);
    key_check (header, key, header + AT_KEY_CHECK);
    randombytes_buf (header + AT_NONCE, PRC_AEAD_NONCE_SIZE);
    put_le (header + AT_LENGTH, 8, g_bytes_get_size (payload) + PRC_AEAD_TAG_SIZE);
    checksum (header, header + AT_CHECKSUM);

    derive_subkey (key, SUBKEY_PAYLOAD, subkey);
    file = prc_aead_seal (header, HEADER_SIZE, header + AT_NONCE, subkey, payload);
    sodium_memzero (subkey, sizeof subkey);
    return file;
}

GBytes *
prc_vault_open (GBytes *file, PrcSecret *key, GError **error)
{
    gsize size = 0;
    const guint8 *bytes = g_bytes_get_data (file, &size);
    guint8 subkey[PRC_AEAD_KEY_SIZE];
    GBytes *payload = NULL;

    derive_subkey (key, SUBKEY_PAYLOAD, subkey);
    payload = prc_aead_open (bytes, size, HEADER_SIZE, bytes + AT_NONCE, subkey);
    sodium_memzero (subkey, sizeof subkey);
    if (payload == NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a damaged vault: the passphrase is right, but its contents were altered"));
    return payload;
}
