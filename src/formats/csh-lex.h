/* csh-lex.h - the words of a csh script, line by line, with their values as far as they can be
 * known
 *
 * Checked against tcsh 6.24, where history is expanded in files too: a '!' must be escaped,
 * in quotes as well, unless a blank, '=', '~' or '(' follows. */
#pragma once
#include <glib.h>

typedef enum {
    PRC_CSH_WORD,
    PRC_CSH_SEMICOLON,
    PRC_CSH_AND,
    PRC_CSH_OR,
    PRC_CSH_PIPE,
    PRC_CSH_AMP,
    PRC_CSH_OPEN,
    PRC_CSH_CLOSE,
    PRC_CSH_REDIRECT, /* the operator; << too */
    PRC_CSH_NEWLINE,
} PrcCshKind;

typedef struct {
    PrcCshKind kind;
    gsize start, end;
    guint line;
} PrcCshToken;

/**
 * prc_csh_lex_line:
 * @at: (inout): from here to behind the newline that ends the logical line
 * @line: (inout): 1-based
 * @tokens: (element-type PrcCshToken): emptied, then filled; the last is a NEWLINE
 *
 * Fails at an open quote and at a '!' that would be replaced from the history.
 */
gboolean prc_csh_lex_line (const char *data, gsize size, gsize *at, guint *line, GArray *tokens,
                           GError **error);

/** prc_csh_word_value: (transfer full) (nullable): as prc_fish_word_value(). */
char *prc_csh_word_value (const char *data, const PrcCshToken *word,
                          const char *(*lookup) (const char *name, gpointer user),
                          gpointer user) G_GNUC_WARN_UNUSED_RESULT;
