/* vault.h - the embedded default: one encrypted file, opened by a passphrase
 *
 * Protects the secrets in it, and the names of proxies and users, against whoever gets the file
 * alone: a backup, a lost disk, a dotfiles repository. It does not protect against a program that
 * runs as the same user while the vault is open or the passphrase is typed. */
#pragma once
#include "secrets/store.h"
#include "secrets/vault-format.h"

/** Opens "DATA_DIR/vault" with #prc_vault_limits_moderate. */
extern const PrcStoreDriver prc_vault_driver;

/**
 * prc_vault_new:
 * @limits: (nullable): for a vault that is created; an existing one keeps its own. NULL: moderate
 *
 * The key is derived once in the life of this store; the passphrase itself is not kept.
 * Returns: (transfer full)
 */
PrcStore *prc_vault_new (const char *path, const PrcVaultLimits *limits) G_GNUC_WARN_UNUSED_RESULT;
