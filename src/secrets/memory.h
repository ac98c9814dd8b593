/* memory.h - a store that forgets: for tests of whatever uses a store */
#pragma once
#include "secrets/store.h"

/**
 * prc_memory_store_new:
 * @passphrase: (nullable): locked until prc_store_unlock() is given this one; NULL: always open
 *
 * Not in the table of stores: no user can choose it. Returns: (transfer full)
 */
PrcStore *prc_memory_store_new (const char *passphrase) G_GNUC_WARN_UNUSED_RESULT;
