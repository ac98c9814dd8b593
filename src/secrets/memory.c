#include "secrets/memory.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/passphrase.h"
#include "secrets/records.h"

typedef struct {
    PrcStore base;
    GPtrArray *records;
    PrcSecret *passphrase; /* (nullable) */
    gboolean locked;
} MemoryStore;

static void
memory_free (PrcStore *store)
{
    MemoryStore *self = (MemoryStore *) store;

    g_ptr_array_unref (self->records);
    prc_secret_unref (self->passphrase);
    g_free (self);
}

static const char *
memory_place (const PrcStore *store)
{
    (void) store;
    return "memory";
}

static PrcStoreState
memory_state (PrcStore *store)
{
    return ((MemoryStore *) store)->locked ? PRC_STORE_LOCKED : PRC_STORE_OPEN;
}

static gboolean
try_passphrase (gpointer data, PrcSecret *passphrase, GError **error)
{
    MemoryStore *self = data;

    if (!prc_secret_equal (passphrase, self->passphrase)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, _ ("wrong passphrase"));
        return FALSE;
    }
    self->locked = FALSE;
    return TRUE;
}

static gboolean
memory_unlock (PrcStore *store, const PrcStoreAsk *ask, GError **error)
{
    return prc_passphrase_ask (ask, FALSE, "memory", try_passphrase, store, error);
}

static gboolean
memory_lock (PrcStore *store, GError **error)
{
    MemoryStore *self = (MemoryStore *) store;

    (void) error;
    self->locked = self->passphrase != NULL;
    return TRUE;
}

static gboolean
check_open (const MemoryStore *self, GError **error)
{
    if (self->locked)
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, _ ("memory: locked"));
    return !self->locked;
}

static gboolean
memory_lookup (PrcStore *store, const PrcCredentialRef *pattern, PrcCredentialRef **ret_ref,
               PrcSecret **ret_secret, GError **error)
{
    MemoryStore *self = (MemoryStore *) store;

    return check_open (self, error) &&
           prc_records_lookup (self->records, pattern, ret_ref, ret_secret, error);
}

static gboolean
memory_store (PrcStore *store, const PrcCredentialRef *ref, PrcSecret *secret, GError **error)
{
    MemoryStore *self = (MemoryStore *) store;

    if (!check_open (self, error))
        return FALSE;
    (void) prc_records_put (self->records, ref, secret);
    return TRUE;
}

static gboolean
memory_erase (PrcStore *store, const PrcCredentialRef *pattern, gboolean *ret_erased,
              GError **error)
{
    MemoryStore *self = (MemoryStore *) store;

    if (!check_open (self, error))
        return FALSE;
    *ret_erased = prc_records_remove (self->records, pattern);
    return TRUE;
}

static GPtrArray *
memory_list (PrcStore *store, GError **error)
{
    MemoryStore *self = (MemoryStore *) store;

    return check_open (self, error) ? prc_records_refs (self->records) : NULL;
}

static const PrcStoreDriver memory_driver = {
    .name = "memory",
    .summary = N_ ("kept in this process only"),
    .only_by_name = TRUE,
    .free = memory_free,
    .place = memory_place,
    .state = memory_state,
    .unlock = memory_unlock,
    .lock = memory_lock,
    .lookup = memory_lookup,
    .store = memory_store,
    .erase = memory_erase,
    .list = memory_list,
};

PrcStore *
prc_memory_store_new (const char *passphrase)
{
    MemoryStore *self = g_new0 (MemoryStore, 1);

    self->base.driver = &memory_driver;
    self->records = prc_records_new ();
    if (passphrase != NULL)
        self->passphrase = prc_secret_new (passphrase, strlen (passphrase));
    self->locked = passphrase != NULL;
    return &self->base;
}
