/* words.h - a simple command as one line of text: words, with quotes where they need some
 *
 * The text is one that every shell of the Bourne family reads alike. */
#pragma once
#include <glib.h>

/** prc_words_join: (transfer full): @words with blanks between, each quoted where it must be. */
char *prc_words_join (const char *const *words);

/**
 * prc_words_split: what a shell would make of @text
 *
 * Returns: (transfer full) (nullable): at least one word; NULL when the words can't be known
 * without running it, or when it is more than a simple command: an expansion, a pipe, a
 * redirection…
 */
char **prc_words_split (const char *text);
