/* plain.h - secrets in clear text in a 0600 file: for whoever asks for that, and no one else
 *
 * Protects against other users of the machine, by the file's mode, and against nothing else: not
 * against backups, a stolen disk, or any program of the same user. */
#pragma once
#include "secrets/store.h"

/** Opens "DATA_DIR/plain.json". */
extern const PrcStoreDriver prc_plain_driver;

/** prc_plain_new: (transfer full) */
PrcStore *prc_plain_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
