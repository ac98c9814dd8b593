/* sealer.h - seals bytes with a random key that is kept beside them: for undo data
 *
 * What it is for: old versions of users' files hold passwords. Sealed, they are not found by a
 * search through the disk, don't come along when the state directory is copied without the key,
 * and are all lost for good once the key file is deleted ("history --purge"). What it is not:
 * protection against whoever can read the key file as well, such as a program of the same user, or
 * a backup of the whole home directory. No passphrase is needed, so undo works at any time. */
#pragma once
#include <glib.h>

typedef struct _PrcSealKey PrcSealKey;

/** prc_seal_key_new: (transfer full): reads nothing yet. @path: of the key file */
PrcSealKey *prc_seal_key_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
/** prc_seal_key_free: wipes the key in memory; the file stays. */
void prc_seal_key_free (PrcSealKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcSealKey, prc_seal_key_free)

/**
 * prc_seal: makes the key file (0600, in a directory 0700) on first use.
 * @context: (nullable): what the bytes are, such as a transaction and a name; prc_unseal() takes
 *   them only for the same: sealed files can't be exchanged for each other
 * @error: #PRC_ERROR_WRITE, or #PRC_ERROR_INPUT when the key file is there but can't be used:
 *   damaged, a symlink, readable by others
 *
 * Returns: (transfer full) (nullable): 48 bytes more than @plain
 */
GBytes *prc_seal (PrcSealKey *key, GBytes *plain, const char *context,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_unseal: never makes a key. #PRC_ERROR_INPUT when the key is gone, or when @sealed was altered,
 * cut off, or sealed for another @context or with another key.
 * Returns: (transfer full) (nullable): wiped when freed
 */
GBytes *prc_unseal (PrcSealKey *key, GBytes *sealed, const char *context,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_seal_key_drop: the key file goes, also a damaged one, and with it all that was sealed; the next
 * prc_seal() makes another. #PRC_ERROR_WRITE */
gboolean prc_seal_key_drop (PrcSealKey *key, GError **error);
