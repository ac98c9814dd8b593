#include "secrets/sealer.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "secrets/aead.h"
#include "secrets/secret-file.h"

#define KEY_MAGIC "proxyrc key 1\n"
#define MAGIC "PRCSEAL1"

enum { MAGIC_SIZE = 8, HEADER_SIZE = MAGIC_SIZE + PRC_AEAD_NONCE_SIZE };
enum { KEY_MAGIC_SIZE = sizeof KEY_MAGIC - 1, KEY_FILE_SIZE = KEY_MAGIC_SIZE + PRC_AEAD_KEY_SIZE };

struct _PrcSealKey {
    char *path;
    PrcSecret *key; /* (nullable): not read yet */
};

PrcSealKey *
prc_seal_key_new (const char *path)
{
    PrcSealKey *key = g_new0 (PrcSealKey, 1);

    key->path = g_strdup (path);
    return key;
}

void
prc_seal_key_free (PrcSealKey *key)
{
    if (key == NULL)
        return;
    prc_secret_unref (key->key);
    g_free (key->path);
    g_free (key);
}

/* TRUE with key->key still NULL: there is no file. */
static gboolean
read_key (PrcSealKey *key, GError **error)
{
    g_autoptr (GBytes) file = NULL;
    const char *bytes = NULL;
    gsize size = 0;

    if (!prc_secret_file_read (key->path, &file, error))
        return FALSE;
    if (file == NULL)
        return TRUE;
    bytes = g_bytes_get_data (file, &size);
    if (size != KEY_FILE_SIZE || memcmp (bytes, KEY_MAGIC, KEY_MAGIC_SIZE) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: not a key file of proxyrc, or damaged; without it what it sealed is "
                        "lost: \"proxyrc history --purge\" starts anew"),
                     key->path);
        return FALSE;
    }
    key->key = prc_secret_new (bytes + KEY_MAGIC_SIZE, PRC_AEAD_KEY_SIZE);
    return TRUE;
}

static gboolean
create_key (PrcSealKey *key, GError **error)
{
    g_auto (PrcFd) lock = prc_secret_file_lock (key->path, error);
    g_autoptr (GBytes) file = NULL;
    char *bytes = NULL;

    /* Another process may have been first: then that key it is. */
    if (lock < 0 || !read_key (key, error))
        return FALSE;
    if (key->key != NULL)
        return TRUE;
    bytes = g_malloc (KEY_FILE_SIZE);
    memcpy (bytes, KEY_MAGIC, KEY_MAGIC_SIZE);
    randombytes_buf (bytes + KEY_MAGIC_SIZE, PRC_AEAD_KEY_SIZE);
    file = prc_bytes_new_wiped (bytes, KEY_FILE_SIZE);
    if (!prc_secret_file_write (key->path, file, error))
        return FALSE;
    key->key = prc_secret_new (bytes + KEY_MAGIC_SIZE, PRC_AEAD_KEY_SIZE);
    return TRUE;
}

/* Each context has a key of its own; a header would have to hold the context in clear text. */
static void
derive_subkey (const PrcSealKey *key, const char *context, guint8 *ret_subkey)
{
    const char *text = context != NULL ? context : "";

    (void) crypto_generichash (ret_subkey, PRC_AEAD_KEY_SIZE, (const guint8 *) text, strlen (text),
                               (const guint8 *) prc_secret_text (key->key), PRC_AEAD_KEY_SIZE);
}

GBytes *
prc_seal (PrcSealKey *key, GBytes *plain, const char *context, GError **error)
{
    guint8 header[HEADER_SIZE] = MAGIC;
    guint8 subkey[PRC_AEAD_KEY_SIZE];
    GBytes *sealed = NULL;

    /* What was read earlier may have been dropped since, by another process. */
    g_clear_pointer (&key->key, prc_secret_unref);
    if (!prc_sodium_ready (error) || !read_key (key, error) ||
        (key->key == NULL && !create_key (key, error)))
        return NULL;
    randombytes_buf (header + MAGIC_SIZE, PRC_AEAD_NONCE_SIZE);
    derive_subkey (key, context, subkey);
    sealed = prc_aead_seal (header, HEADER_SIZE, header + MAGIC_SIZE, subkey, plain);
    sodium_memzero (subkey, sizeof subkey);
    return sealed;
}

GBytes *
prc_unseal (PrcSealKey *key, GBytes *sealed, const char *context, GError **error)
{
    gsize size = 0;
    const guint8 *bytes = g_bytes_get_data (sealed, &size);
    guint8 subkey[PRC_AEAD_KEY_SIZE];
    GBytes *plain = NULL;

    if (!prc_sodium_ready (error) || (key->key == NULL && !read_key (key, error)))
        return NULL;
    if (key->key == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: the key is gone, and what it sealed can't be read without it; put it "
                        "back, or start anew with \"proxyrc history --purge\""),
                     key->path);
        return NULL;
    }
    if (size < HEADER_SIZE || memcmp (bytes, MAGIC, MAGIC_SIZE) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("not sealed by this version of proxyrc"));
        return NULL;
    }
    derive_subkey (key, context, subkey);
    plain = prc_aead_open (bytes, size, HEADER_SIZE, bytes + MAGIC_SIZE, subkey);
    sodium_memzero (subkey, sizeof subkey);
    if (plain == NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("altered since it was sealed, or sealed with another key"));
    return plain;
}

gboolean
prc_seal_key_drop (PrcSealKey *key, GError **error)
{
    g_autofree char *text = NULL;

    g_clear_pointer (&key->key, prc_secret_unref);
    if (unlink (key->path) == 0 || errno == ENOENT || errno == ENOTDIR)
        return TRUE;
    text = prc_errno_text (errno, NULL);
    g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, "%s: %s", key->path, text);
    return FALSE;
}
