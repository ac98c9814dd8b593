/* shell-syntax.h - the grammar of sh (dash), bash and zsh: bytes to a tree of commands
 *
 * Private to the shell driver. The tree keeps byte ranges only; what a word means is shell-word.c's
 * business, what a command does is shell-exec.c's. Everything lives as long as the syntax. */
#pragma once
#include <glib.h>

typedef enum {
    PRC_SHELL_SH, /* dash */
    PRC_SHELL_BASH,
    PRC_SHELL_ZSH,
} PrcShellDialect;

typedef struct {
    gsize start, end;
} PrcShellSpan;

typedef struct _PrcShellCommand PrcShellCommand;
typedef struct _PrcShellPipeline PrcShellPipeline;
typedef struct _PrcShellItem PrcShellItem;
typedef struct _PrcShellList PrcShellList;

typedef enum {
    PRC_SHELL_SIMPLE,   /* words: assignments, name and arguments */
    PRC_SHELL_GROUP,    /* lists[0] */
    PRC_SHELL_SUBSHELL, /* lists[0]; also coproc */
    PRC_SHELL_IF,       /* lists: condition, body, condition, body, … [, else] */
    PRC_SHELL_LOOP,     /* while, until: condition, body */
    PRC_SHELL_FOR,      /* for, select, repeat: words[0] is the name, if any; lists[0] */
    PRC_SHELL_CASE,     /* words[0] is the subject; words[i + 1] the patterns of lists[i] */
    PRC_SHELL_FUNCTION, /* words are the names (none: zsh runs it at once); lists[0] */
    PRC_SHELL_TEST,     /* [[ … ]]: words[0] is all that stands between */
    PRC_SHELL_ARITH,    /* (( … )) */
} PrcShellKind;

struct _PrcShellCommand {
    PrcShellKind kind;
    gsize start, end; /* with redirections, without a here-document's body */
    PrcShellSpan *words;
    guint n_words;
    PrcShellList **lists;
    guint n_lists;
    gboolean redirected;
    gboolean has_else;
    PrcShellCommand *next; /* in the pipeline */
};

struct _PrcShellPipeline {
    PrcShellCommand *commands;
    gboolean negated;
    gboolean decorated; /* time, or ! */
    char joint;         /* what stands before it: '&' for &&, '|' for ||, 0 for the first */
    PrcShellPipeline *next;
};

/** PrcShellItem: pipelines joined by && and ||, up to its separator. */
struct _PrcShellItem {
    PrcShellPipeline *pipelines;
    gsize start, end;
    PrcShellSpan separator; /* `;` or `&`; empty when a newline or something else ends it */
    gboolean background;
    PrcShellItem *next, *previous;
};

struct _PrcShellList {
    PrcShellItem *items;
    guint n_items;
    gboolean may_be_empty;
};

typedef enum {
    PRC_SHELL_TOKEN_EOF,
    PRC_SHELL_TOKEN_NEWLINE,
    PRC_SHELL_TOKEN_WORD,
    PRC_SHELL_TOKEN_OPERATOR, /* ; & | ( ) and their combinations */
    PRC_SHELL_TOKEN_REDIRECT,
} PrcShellTokenKind;

typedef struct {
    PrcShellTokenKind kind;
    gsize start, end;
} PrcShellToken;

typedef struct {
    const char *text;
    gsize size;
    PrcShellDialect dialect;
    PrcShellList *list; /* the whole file */
    gboolean open_here; /* a here-document runs to the end of the file */

    /* the state of lexer and parser */
    gsize pos;
    PrcShellToken token;
    guint depth;
    GArray *here;          /* of PrcShellHere: those whose body has not been read yet */
    GHashTable *subst_end; /* byte offset behind `$(` to the one of its `)` */
    GPtrArray *blocks;     /* the tree's memory */
    gsize block_used;
    GArray *newlines; /* of gsize: where they are */
} PrcShellSyntax;

/**
 * prc_shell_syntax_new:
 * @text: kept, not copied
 *
 * Fails with #PRC_ERROR_INPUT "LINE: …" where the shell would say "syntax error".
 * Returns: (transfer full) (nullable)
 */
PrcShellSyntax *prc_shell_syntax_new (PrcShellDialect dialect, const char *text, gsize size,
                                      GError **error);
void prc_shell_syntax_free (PrcShellSyntax *syntax);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcShellSyntax, prc_shell_syntax_free)

/** prc_shell_line: the 1-based line of @offset. */
guint prc_shell_line (const PrcShellSyntax *syntax, gsize offset);

/* Between lexer and parser */

/** prc_shell_next: reads the next token into @syntax->token. */
gboolean prc_shell_next (PrcShellSyntax *syntax, GError **error);
/** prc_shell_read_word: as prc_shell_next(), but takes what begins here for a word: zsh's (a|b)* */
gboolean prc_shell_read_word (PrcShellSyntax *syntax, GError **error);
/** prc_shell_here_new: the redirection at @syntax->token reads a here-document delimited by @word.
 */
void prc_shell_here_new (PrcShellSyntax *syntax, gboolean strip_tabs, PrcShellSpan word);
/** prc_shell_parse_nested: commands from @syntax->pos to a `)`, whose offset is @ret_end. */
gboolean prc_shell_parse_nested (PrcShellSyntax *syntax, gsize *ret_end, GError **error);
gpointer prc_shell_alloc (PrcShellSyntax *syntax, gsize size);

/* Skipping: @pos is where the thing begins (its first byte), and afterwards just behind it */
gboolean prc_shell_skip_single (const PrcShellSyntax *syntax, gsize *pos, GError **error);
gboolean prc_shell_skip_ansi (const PrcShellSyntax *syntax, gsize *pos, GError **error);
gboolean prc_shell_skip_double (PrcShellSyntax *syntax, gsize *pos, GError **error);
gboolean prc_shell_skip_backticks (const PrcShellSyntax *syntax, gsize *pos, GError **error);
/** prc_shell_skip_dollar: `$name`, `${…}`, `$(…)`, `$((…))`, `$'…'`, `$"…"`, or a lone `$`. */
gboolean prc_shell_skip_dollar (PrcShellSyntax *syntax, gsize *pos, gboolean in_double,
                                GError **error);
/** prc_shell_skip_arith: from the first of two `(` to behind the last `)`; FALSE when it isn't. */
gboolean prc_shell_skip_arith (PrcShellSyntax *syntax, gsize *pos);
/** prc_shell_skip_piece: one quoted thing, escape or plain byte. */
gboolean prc_shell_skip_piece (PrcShellSyntax *syntax, gsize *pos, GError **error);

static inline gboolean
prc_shell_is_name_start (char c)
{
    return g_ascii_isalpha (c) || c == '_';
}

static inline gboolean
prc_shell_is_name_char (char c)
{
    return g_ascii_isalnum (c) || c == '_';
}
