/* fish-lex.h - the words of a fish script, with their values as far as they can be known
 *
 * Checked against fish 3.6. What depends on expansion of anything but a variable that the script
 * itself has set (commands, globs, braces, '~') has no value here. */
#pragma once
#include <glib.h>

typedef enum {
    PRC_FISH_WORD,
    PRC_FISH_END,      /* newline or ';' */
    PRC_FISH_JOIN,     /* && or || */
    PRC_FISH_PIPE,     /* | */
    PRC_FISH_AMP,      /* & */
    PRC_FISH_REDIRECT, /* the operator; its target is the next word */
    PRC_FISH_EOF,
} PrcFishKind;

typedef struct {
    PrcFishKind kind;
    gsize start, end;
    guint line;
    gboolean bare; /* a word without quotes, escapes or expansion: may be a keyword */
} PrcFishToken;

/** prc_fish_lex: (transfer full) (nullable) (element-type PrcFishToken): the last is EOF; fails at
 * what fish itself rejects: open quotes and parentheses, '$' without a name. */
GArray *prc_fish_lex (const char *data, gsize size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_fish_word_value:
 * @lookup: (nullable): gives the one value of a variable, or NULL if it is not known
 *
 * Returns: (transfer full) (nullable): what one argument the word is; NULL if that can't be known.
 */
char *prc_fish_word_value (const char *data, const PrcFishToken *word,
                           const char *(*lookup) (const char *name, gpointer user),
                           gpointer user) G_GNUC_WARN_UNUSED_RESULT;
