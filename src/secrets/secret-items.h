/* secret-items.h - credentials as items of the Secret Service; the helper's side, by libsecret */
#pragma once
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>

#include "model/credential.h"
#include "secrets/records.h"

/**
 * prc_secret_items_find: (element-type SecretItem) (transfer full) (nullable): those of @pattern
 * ((nullable): all of ours), the last stored last; locked ones as well.
 */
GPtrArray *prc_secret_items_find (SecretService *service, const PrcCredentialRef *pattern,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean prc_secret_items_any_locked (const GPtrArray *items);

/** prc_secret_items_to_records: (transfer full) (nullable): fails when one is locked and
 * @with_secrets.
 */
GPtrArray *prc_secret_items_to_records (const GPtrArray *items, gboolean with_secrets,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_secret_items_put: see prc_store_store(). */
gboolean prc_secret_items_put (SecretService *service, const PrcCredentialRef *ref,
                               PrcSecret *secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_secret_items_default: (transfer full) (nullable): the collection that new items go to; NULL
 * without an error when there is none. */
SecretCollection *prc_secret_items_default (SecretService *service,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_secret_items_take_error: turns what GIO and libsecret report into a #PrcError; takes @local.
 * #PRC_ERROR_CHANGED: an item has gone since it was found: look again. */
void prc_secret_items_take_error (GError *local, GError **error);
