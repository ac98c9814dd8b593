#include "secrets/vault.h"

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/aead.h"
#include "secrets/file-store.h"
#include "secrets/key-cache.h"
#include "secrets/passphrase.h"
#include "secrets/records.h"
#include "secrets/secret-file.h"

typedef struct {
    PrcFileStore base;
    PrcVaultLimits limits;
    PrcSecret *key;  /* (nullable): NULL: locked */
    PrcVaultKdf kdf; /* that @key was derived with */
} Vault;

static void
forget_key (Vault *self)
{
    prc_secret_unref (self->key);
    self->key = NULL;
}

/* The key of @file, from this store or from what prc_store_hold() left; FALSE: locked. */
static gboolean
find_key (Vault *self, GBytes *file, const PrcVaultKdf *kdf)
{
    g_autoptr (PrcSecret) held = NULL;

    if (self->key != NULL && prc_vault_kdf_equal (&self->kdf, kdf))
        return TRUE;
    forget_key (self);
    held = prc_key_cache_get (kdf->salt, sizeof kdf->salt);
    if (held == NULL || !prc_sodium_ready (NULL) || !prc_vault_key_fits (file, held))
        return FALSE;
    self->key = g_steal_pointer (&held);
    self->kdf = *kdf;
    return TRUE;
}

static gboolean
require_key (Vault *self, GBytes *file, GError **error)
{
    PrcVaultKdf kdf;

    if (!prc_sodium_ready (error) || !prc_vault_read_kdf (file, &kdf, error))
        return FALSE;
    if (find_key (self, file, &kdf))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, _ ("the vault is locked"));
    return FALSE;
}

static GPtrArray *
vault_decode (PrcFileStore *store, GBytes *file, GError **error)
{
    Vault *self = (Vault *) store;
    g_autoptr (GBytes) payload = NULL;
    const guint8 *bytes = NULL;
    gsize size = 0;

    if (!require_key (self, file, error))
        return NULL;
    payload = prc_vault_open (file, self->key, error);
    if (payload == NULL)
        return NULL;
    bytes = g_bytes_get_data (payload, &size);
    return prc_records_decode (bytes, size, error);
}

static GBytes *
vault_encode (PrcFileStore *store, const GPtrArray *records, GBytes *old_file, GError **error)
{
    Vault *self = (Vault *) store;
    g_autoptr (GBytes) payload = NULL;

    /* With a file there, decoding it has found the key; without, it takes prc_store_unlock(). */
    (void) old_file;
    if (self->key == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, _ ("there is no vault yet"));
        return NULL;
    }
    payload = prc_records_encode (records);
    return prc_vault_seal (&self->kdf, self->key, payload);
}

static const PrcFileCodec vault_codec = { vault_decode, vault_encode };

static PrcStoreState
vault_state (PrcStore *store)
{
    Vault *self = (Vault *) store;
    g_autoptr (GBytes) file = NULL;
    PrcVaultKdf kdf;

    /* What can't be read is not empty: locked is the answer that makes the caller look closer. */
    if (!prc_secret_file_read (self->base.path, &file, NULL))
        return PRC_STORE_LOCKED;
    if (file == NULL)
        return self->key != NULL ? PRC_STORE_OPEN : PRC_STORE_EMPTY;
    if (!prc_sodium_ready (NULL) || !prc_vault_read_kdf (file, &kdf, NULL))
        return PRC_STORE_LOCKED;
    return find_key (self, file, &kdf) ? PRC_STORE_OPEN : PRC_STORE_LOCKED;
}

/* Unlocking */

static gboolean
open_existing (Vault *self, GBytes *file, PrcSecret *passphrase, GError **error)
{
    g_autoptr (PrcSecret) key = NULL;
    g_autoptr (GBytes) payload = NULL;
    PrcVaultKdf kdf;

    if (!prc_vault_read_kdf (file, &kdf, error))
        return FALSE;
    key = prc_vault_derive_key (&kdf, passphrase, error);
    if (key == NULL)
        return FALSE;
    if (!prc_vault_key_fits (file, key)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("wrong passphrase (or the file was altered on purpose)"));
        return FALSE;
    }
    /* Damage shows now, not after the user has gone on to change a password elsewhere. */
    payload = prc_vault_open (file, key, error);
    if (payload == NULL)
        return FALSE;
    forget_key (self);
    self->key = g_steal_pointer (&key);
    self->kdf = kdf;
    return TRUE;
}

/* The new vault is written at once: two processes that start one at the same time must end up
 * with the same salt. *@ret_file is what the other one has written, if that was first. */
static gboolean
create (Vault *self, PrcSecret *passphrase, GBytes **ret_file, GError **error)
{
    g_autoptr (PrcSecret) key = NULL;
    g_autoptr (GPtrArray) none = prc_records_new ();
    g_autoptr (GBytes) payload = prc_records_encode (none);
    g_autoptr (GBytes) file = NULL;
    g_auto (PrcFd) lock = -1;
    PrcVaultKdf kdf;

    prc_vault_kdf_init (&kdf, &self->limits);
    key = prc_vault_derive_key (&kdf, passphrase, error);
    if (key == NULL)
        return FALSE;
    lock = prc_secret_file_lock (self->base.path, error);
    if (lock < 0 || !prc_secret_file_read (self->base.path, ret_file, error))
        return FALSE;
    if (*ret_file != NULL)
        return TRUE;
    file = prc_vault_seal (&kdf, key, payload);
    if (!prc_secret_file_write (self->base.path, file, error))
        return FALSE;
    self->key = g_steal_pointer (&key);
    self->kdf = kdf;
    return TRUE;
}

static gboolean
try_passphrase (gpointer data, PrcSecret *passphrase, GError **error)
{
    Vault *self = data;
    g_autoptr (GBytes) file = NULL;

    if (!prc_secret_file_read (self->base.path, &file, error))
        return FALSE;
    if (file == NULL && !create (self, passphrase, &file, error))
        return FALSE;
    if (file != NULL && !open_existing (self, file, passphrase, error)) {
        prc_file_store_explain (&self->base, error);
        return FALSE;
    }
    return TRUE;
}

static gboolean
vault_unlock (PrcStore *store, const PrcStoreAsk *ask, GError **error)
{
    Vault *self = (Vault *) store;
    g_autoptr (GBytes) file = NULL;
    g_autofree char *place = /* Translators: a path; stands in "passphrase for %s" */
        g_strdup_printf (_ ("the vault %s"), self->base.path);
    PrcVaultKdf kdf;

    /* Nobody is asked for the passphrase of a file that can't be opened anyway. */
    if (!prc_sodium_ready (error) || !prc_secret_file_read (self->base.path, &file, error))
        return FALSE;
    if (file != NULL && !prc_vault_read_kdf (file, &kdf, error)) {
        prc_file_store_explain (&self->base, error);
        return FALSE;
    }
    return prc_passphrase_ask (ask, file == NULL, place, try_passphrase, self, error);
}

static gboolean
vault_hold (PrcStore *store, guint seconds, GError **error)
{
    Vault *self = (Vault *) store;

    return prc_key_cache_put (self->kdf.salt, sizeof self->kdf.salt, self->key, seconds, error);
}

/* With the key that is there: what had another would make it forgotten. */
static gboolean
check_former (const Vault *self, GBytes *file, GError **error)
{
    PrcVaultKdf kdf;

    if (!prc_sodium_ready (error) || !prc_vault_read_kdf (file, &kdf, error))
        return FALSE;
    if (self->key != NULL && prc_vault_kdf_equal (&self->kdf, &kdf))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, _ ("the vault had another passphrase then"));
    return FALSE;
}

static gboolean
vault_lookup_former (PrcStore *store, GBytes *file, const PrcCredentialRef *pattern,
                     PrcSecret **ret_secret, GError **error)
{
    return check_former ((Vault *) store, file, error) &&
           prc_file_store_lookup_former (store, file, pattern, ret_secret, error);
}

static PrcStoreDraft *
vault_take_back (PrcStore *store, GBytes *before, GBytes *made, GError **error)
{
    if ((before != NULL && !check_former ((Vault *) store, before, error)) ||
        !check_former ((Vault *) store, made, error))
        return NULL;
    return prc_file_store_take_back (store, before, made, error);
}

static gboolean
vault_lock (PrcStore *store, GError **error)
{
    Vault *self = (Vault *) store;
    g_autoptr (GBytes) file = NULL;
    PrcVaultKdf kdf;

    forget_key (self);
    if (!prc_secret_file_read (self->base.path, &file, error))
        return FALSE;
    if (file == NULL)
        return TRUE;
    if (!prc_sodium_ready (error) || !prc_vault_read_kdf (file, &kdf, error)) {
        prc_file_store_explain (&self->base, error);
        return FALSE;
    }
    return prc_key_cache_drop (kdf.salt, sizeof kdf.salt, error);
}

static void
vault_free (PrcStore *store)
{
    Vault *self = (Vault *) store;

    forget_key (self);
    g_free (self->base.path);
    g_free (self);
}

PrcStore *
prc_vault_new (const char *path, const PrcVaultLimits *limits)
{
    Vault *self = g_new0 (Vault, 1);

    self->base.base.driver = &prc_vault_driver;
    self->base.codec = &vault_codec;
    self->base.path = g_strdup (path);
    self->limits = limits != NULL ? *limits : prc_vault_limits_moderate;
    return &self->base.base;
}

static PrcStore *
vault_open (const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename (data_dir, "vault", NULL);

    (void) error;
    return prc_vault_new (path, NULL);
}

const PrcStoreDriver prc_vault_driver = {
    .name = "vault",
    .summary = N_ ("an encrypted file, opened by a passphrase"),
    .open = vault_open,
    .free = vault_free,
    .place = prc_file_store_place,
    .state = vault_state,
    .unlock = vault_unlock,
    .hold = vault_hold,
    .lock = vault_lock,
    .lookup = prc_file_store_lookup,
    .store = prc_file_store_store,
    .erase = prc_file_store_erase,
    .list = prc_file_store_list,
    .draft = prc_file_store_draft,
    .take_back = vault_take_back,
    .lookup_former = vault_lookup_former,
};
