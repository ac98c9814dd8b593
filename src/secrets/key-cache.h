/* key-cache.h - a vault's key, kept for a while by the kernel's key retention service
 *
 * Nothing is written to disk and no process of ours stays behind: the kernel drops the key when its
 * time is over, or when the user's last process is gone. Every process of the same user can
 * read it until then, as with any agent. See keyrings(7), user-keyring(7). */
#pragma once
#include <glib.h>

#include "base/secret.h"

/**
 * prc_key_cache_put:
 * @id: (array length=id_size): not secret; tells keys apart; at most 64 bytes
 * @seconds: from now; at least 1
 * @error: #PRC_ERROR_UNSUPPORTED where the kernel or the container does not allow it
 */
gboolean prc_key_cache_put (const guint8 *id, gsize id_size, PrcSecret *key, guint seconds,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_key_cache_get: (transfer full) (nullable): NULL when there is none, whatever the reason. */
PrcSecret *prc_key_cache_get (const guint8 *id, gsize id_size) G_GNUC_WARN_UNUSED_RESULT;

/** prc_key_cache_drop: afterwards it is gone; TRUE as well when there was none, or can't be one. */
gboolean prc_key_cache_drop (const guint8 *id, gsize id_size,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
