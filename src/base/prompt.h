/* prompt.h - where a password or passphrase comes from: a descriptor, a file, a person */
#pragma once
#include <glib.h>

#include "base/secret.h"

/** The longest that is taken, in bytes. */
#define PRC_PROMPT_LENGTH_MAX (64u * 1024u)

/**
 * prc_prompt_read_fd: one line, without its '\n' and a '\r' before that; the end of the file ends
 * it too. Reads not a byte more, so that a second line on the same descriptor can be read by a
 * second call. An empty line is an empty secret.
 *
 * Fails with #PRC_ERROR_INPUT on the end of the file before any byte, a NUL byte, more than
 * #PRC_PROMPT_LENGTH_MAX, or when @fd can't be read. Returns: (transfer full) (nullable)
 */
PrcSecret *prc_prompt_read_fd (int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_prompt_read_file: the first line of a file, as prc_prompt_read_fd(). A regular file must
 * belong to this user or to root, and nobody else may read or write it; else it fails with
 * #PRC_ERROR_INPUT and the remedy. A pipe (`<(pass show x)`) is read as it is.
 * Returns: (transfer full) (nullable)
 */
PrcSecret *prc_prompt_read_file (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_prompt_terminal: asks on the controlling terminal, /dev/tty, whatever stdin is.
 * @question: shown as it is, made printable, with ": " behind it
 * @confirm: ask a second time and compare; after the third pair that differs, give up
 *
 * What is typed is not shown. The terminal is as it was before when this returns, and before any
 * of SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGTSTP has its effect, which they have as without this
 * call; after a stop (^Z) it asks again. For one thread: no other may have them unblocked.
 *
 * Fails with #PRC_ERROR_LOCKED when there is no terminal, #PRC_ERROR_CANCELLED on its end (^D) or
 * when a handler of the caller's has dealt with such a signal, #PRC_ERROR_INPUT when the pairs
 * differ, or the answer is longer than a terminal's line.
 * Returns: (transfer full) (nullable)
 */
PrcSecret *prc_prompt_terminal (const char *question, gboolean confirm,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
