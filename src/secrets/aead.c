#include "secrets/aead.h"

#include <sodium.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"

G_STATIC_ASSERT (PRC_AEAD_KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
G_STATIC_ASSERT (PRC_AEAD_NONCE_SIZE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
G_STATIC_ASSERT (PRC_AEAD_TAG_SIZE == crypto_aead_xchacha20poly1305_ietf_ABYTES);

gboolean
prc_sodium_ready (GError **error)
{
    if (sodium_init () >= 0)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 _ ("the encryption library can't start: no source of randomness"));
    return FALSE;
}

GBytes *
prc_aead_seal (const guint8 *header, gsize header_size, const guint8 *nonce, const guint8 *key,
               GBytes *plain)
{
    gsize plain_size = 0;
    const guint8 *data = g_bytes_get_data (plain, &plain_size);
    gsize size = header_size + plain_size + PRC_AEAD_TAG_SIZE;
    guint8 *out = g_malloc (size);

    memcpy (out, header, header_size);
    (void) crypto_aead_xchacha20poly1305_ietf_encrypt (out + header_size, NULL, data, plain_size,
                                                       header, header_size, NULL, nonce, key);
    return g_bytes_new_take (out, size);
}

GBytes *
prc_aead_open (const guint8 *bytes, gsize size, gsize header_size, const guint8 *nonce,
               const guint8 *key)
{
    g_autoptr (GBytes) plain = NULL;
    gsize plain_size = 0;
    guint8 *out = NULL;

    if (size < header_size + PRC_AEAD_TAG_SIZE)
        return NULL;
    plain_size = size - header_size - PRC_AEAD_TAG_SIZE;
    out = g_malloc (plain_size + 1);
    plain = prc_bytes_new_wiped ((char *) out, plain_size);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt (out, NULL, NULL, bytes + header_size,
                                                    size - header_size, bytes, header_size, nonce,
                                                    key) != 0)
        return NULL;
    return g_steal_pointer (&plain);
}
