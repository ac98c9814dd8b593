/* passphrase.h - asking for a store's passphrase, again if it was wrong */
#pragma once
#include "secrets/store.h"

/** PrcPassphraseTry: FALSE with #PRC_ERROR_LOCKED when @passphrase is wrong; other errors are
 * final. */
typedef gboolean (*PrcPassphraseTry) (gpointer data, PrcSecret *passphrase, GError **error);

/**
 * prc_passphrase_ask:
 * @is_new: a new passphrase is being chosen
 * @place: what it opens, for the question
 *
 * Asks as often as @ask allows until @try takes the answer. Fails with #PRC_ERROR_LOCKED when @ask
 * can't or may not ask, with #PRC_ERROR_INPUT for an empty passphrase, else as @try did last.
 */
gboolean prc_passphrase_ask (const PrcStoreAsk *ask, gboolean is_new, const char *place,
                             PrcPassphraseTry try, gpointer data,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
