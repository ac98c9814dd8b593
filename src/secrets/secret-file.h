/* secret-file.h - files that hold secrets: never shared, never half written, never through a link
 *
 * A reader needs no lock: it sees the old file or the new one. Whoever changes a file takes the
 * lock first, reads, and writes while holding it, so that two processes lose nothing. */
#pragma once
#include <glib.h>

#include "base/fs.h"

/**
 * prc_secret_file_read:
 * @ret_bytes: (out) (transfer full): wiped when freed; %NULL without an error when there is no file
 * @error: #PRC_ERROR_INPUT with the path and the remedy
 *
 * Refuses a symlink, anything but a regular file, one that belongs to another user or that others
 * may read or write, and one in a directory that others may write to.
 */
gboolean prc_secret_file_read (const char *path, GBytes **ret_bytes,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_secret_file_lock: waits (up to 30 s) for the lock of @path, "PATH.lock", which is held until
 * the descriptor is closed. Makes the directory (0700) where there is none, and removes what a
 * killed process has left of a write. Returns: -1 with #PRC_ERROR_WRITE
 */
PrcFd prc_secret_file_lock (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_secret_file_write: replaces @path by a new 0600 file, all or nothing, durable when it
 * returns. Only with the lock held: the temporary file "PATH.new" has a fixed name.
 */
gboolean prc_secret_file_write (const char *path, GBytes *bytes,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
