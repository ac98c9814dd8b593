#include "secrets/store.h"

#include <string.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "secrets/plain.h"
#include "secrets/secret-service.h"
#include "secrets/vault.h"

/* One row per store, in the order in which they are preferred. */
static const PrcStoreDriver *const drivers[] = {
    &prc_secret_service_driver,
    &prc_vault_driver,
    &prc_plain_driver,
};

const PrcStoreDriver *const *
prc_store_drivers (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (drivers);
    return drivers;
}

static void
set_error_unknown (const char *name, GError **error)
{
    g_autoptr (GString) names = g_string_new (NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
        g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", drivers[i]->name);
    g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, _ ("there is no store “%s”; there are: %s"),
                 name, names->str);
}

/* Without a name, a service that is not there is no error: the next row serves. */
static PrcStore *
open_first (const char *data_dir, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++) {
        g_autoptr (GError) local = NULL;
        PrcStore *store = NULL;

        if (drivers[i]->only_by_name)
            continue;
        store = drivers[i]->open (data_dir, &local);
        if (store != NULL && (drivers[i]->suits == NULL || drivers[i]->suits (store)))
            return store;
        if (store != NULL)
            prc_store_free (store);
        else if (!g_error_matches (local, PRC_ERROR, PRC_ERROR_NOT_FOUND)) {
            g_propagate_error (error, g_steal_pointer (&local));
            return NULL;
        }
    }
    g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                 _ ("this machine has no store for secrets"));
    return NULL;
}

static const PrcStoreDriver *
find_driver (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
        if (strcmp (drivers[i]->name, name) == 0)
            return drivers[i];
    return NULL;
}

gboolean
prc_store_check_name (const char *name, GError **error)
{
    if (find_driver (name) != NULL)
        return TRUE;
    set_error_unknown (name, error);
    return FALSE;
}

PrcStore *
prc_store_open (const char *name, const char *data_dir, GError **error)
{
    const PrcStoreDriver *driver = name != NULL ? find_driver (name) : NULL;

    if (name == NULL)
        return open_first (data_dir, error);
    return prc_store_check_name (name, error) ? driver->open (data_dir, error) : NULL;
}

void
prc_store_free (PrcStore *store)
{
    if (store != NULL)
        store->driver->free (store);
}

const char *
prc_store_name (const PrcStore *store)
{
    return store->driver->name;
}

const char *
prc_store_place (const PrcStore *store)
{
    return store->driver->place (store);
}

PrcStoreState
prc_store_state (PrcStore *store)
{
    return store->driver->state (store);
}

gboolean
prc_store_unlock (PrcStore *store, const PrcStoreAsk *ask, GError **error)
{
    if (store->driver->unlock == NULL || prc_store_state (store) == PRC_STORE_OPEN)
        return TRUE;
    return store->driver->unlock (store, ask, error);
}

gboolean
prc_store_hold (PrcStore *store, guint seconds, GError **error)
{
    if (store->driver->hold == NULL)
        return TRUE;
    if (prc_store_state (store) != PRC_STORE_OPEN) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED, "%s: locked", prc_store_place (store));
        return FALSE;
    }
    return store->driver->hold (store, seconds, error);
}

gboolean
prc_store_lock (PrcStore *store, GError **error)
{
    return store->driver->lock == NULL || store->driver->lock (store, error);
}

gboolean
prc_store_lookup (PrcStore *store, const PrcCredentialRef *pattern, PrcCredentialRef **ret_ref,
                  PrcSecret **ret_secret, GError **error)
{
    g_autoptr (PrcCredentialRef) ref = NULL;
    g_autoptr (PrcSecret) secret = NULL;

    if (!store->driver->lookup (store, pattern, &ref, &secret, error))
        return FALSE;
    if (ret_ref != NULL)
        *ret_ref = g_steal_pointer (&ref);
    if (ret_secret != NULL)
        *ret_secret = g_steal_pointer (&secret);
    return TRUE;
}

gboolean
prc_store_store (PrcStore *store, const PrcCredentialRef *ref, PrcSecret *secret, GError **error)
{
    g_return_val_if_fail (ref->user != NULL && secret != NULL, FALSE);
    return store->driver->store (store, ref, secret, error);
}

gboolean
prc_store_erase (PrcStore *store, const PrcCredentialRef *pattern, gboolean *ret_erased,
                 GError **error)
{
    gboolean erased = FALSE;

    if (!store->driver->erase (store, pattern, &erased, error))
        return FALSE;
    if (ret_erased != NULL)
        *ret_erased = erased;
    return TRUE;
}

GPtrArray *
prc_store_list (PrcStore *store, GError **error)
{
    return store->driver->list (store, error);
}

void
prc_store_draft_free (PrcStoreDraft *draft)
{
    if (draft == NULL)
        return;
    g_free (draft->path);
    g_clear_pointer (&draft->before, g_bytes_unref);
    g_clear_pointer (&draft->after, g_bytes_unref);
    prc_fd_clear (&draft->lock);
    g_free (draft);
}

gboolean
prc_store_is_file (const PrcStore *store)
{
    return store->driver->draft != NULL;
}

PrcStoreDraft *
prc_store_draft (PrcStore *store, const GPtrArray *refs, PrcSecret *secret, GError **error)
{
    if (store->driver->draft == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("%s is not a file"),
                     store->driver->name);
        return NULL;
    }
    return store->driver->draft (store, refs, secret, error);
}

PrcStoreDraft *
prc_store_take_back (PrcStore *store, GBytes *before, GBytes *made, GError **error)
{
    if (store->driver->take_back != NULL)
        return store->driver->take_back (store, before, made, error);
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("%s is not a file"),
                 store->driver->name);
    return NULL;
}

gboolean
prc_store_lookup_former (PrcStore *store, GBytes *file, const PrcCredentialRef *pattern,
                         PrcSecret **ret_secret, GError **error)
{
    if (store->driver->lookup_former != NULL)
        return store->driver->lookup_former (store, file, pattern, ret_secret, error);
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("%s is not a file"),
                 store->driver->name);
    return FALSE;
}
