/* csh-eval.h - the word that eval is given, and the command whose output it is
 *
 * Private to the csh driver. What csh runs is sh: csh itself can't silence a command, gives up when
 * one fails under `-e`, and takes a file that the system can't execute for a script of its own. */
#pragma once
#include <glib.h>

/** prc_csh_eval_word: the word for @command; fails with #PRC_ERROR_UNSUPPORTED when csh would
 * change it. (transfer full) (nullable) */
char *prc_csh_eval_word (const char *command, GError **error);

/** prc_csh_eval_command: the inverse; NULL for any other @word. (transfer full) (nullable) */
char *prc_csh_eval_command (const char *word, gsize length);
