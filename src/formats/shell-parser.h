/* shell-parser.h - between the two halves of the shell parser: simple commands and lists in
 * shell-parse.c, compound commands in shell-compound.c
 *
 * Private to the shell driver. Every parser starts at s->token, the first of its thing, and leaves
 * the first behind it there; NULL or FALSE is a syntax error, and @error says where. */
#pragma once
#include "formats/shell-syntax.h"

/* What s->token is */
gboolean prc_shell_token_is (const PrcShellSyntax *s, const char *text);
gboolean prc_shell_at_word (const PrcShellSyntax *s, const char *text);
gboolean prc_shell_at_operator (const PrcShellSyntax *s, const char *text);
/** prc_shell_at_list_end: something that can't begin a command. */
gboolean prc_shell_at_list_end (const PrcShellSyntax *s);
/** prc_shell_at_brace_body: zsh's `if cond { … }`. */
gboolean prc_shell_at_brace_body (const PrcShellSyntax *s);
/** prc_shell_is_empty_parentheses: s->token is `(`; is the next one `)`, as in `name ()`? */
gboolean prc_shell_is_empty_parentheses (const PrcShellSyntax *s);

/** prc_shell_unexpected: sets the error; always FALSE. @wanted: (nullable) */
gboolean prc_shell_unexpected (const PrcShellSyntax *s, const char *wanted, GError **error);
gboolean prc_shell_skip_newlines (PrcShellSyntax *s, GError **error);
gboolean prc_shell_skip_empty_parentheses (PrcShellSyntax *s, GError **error);

PrcShellCommand *prc_shell_command_new (PrcShellSyntax *s, PrcShellKind kind);
/** prc_shell_take_words: @words is of #PrcShellSpan, and copied. */
void prc_shell_take_words (PrcShellSyntax *s, PrcShellCommand *command, const GArray *words);
void prc_shell_take_list (PrcShellSyntax *s, PrcShellCommand *command, PrcShellList *list);

gboolean prc_shell_parse_redirects (PrcShellSyntax *s, PrcShellCommand *command, GError **error);
PrcShellList *prc_shell_parse_list (PrcShellSyntax *s, GError **error);
/** prc_shell_parse_joined: pipelines joined by && and ||, without the separator behind them. */
PrcShellItem *prc_shell_parse_joined (PrcShellSyntax *s, GError **error);
PrcShellCommand *prc_shell_parse_command (PrcShellSyntax *s, GError **error);
/** prc_shell_parse_compound: @ret_is_one: whether one begins here; if not, nothing is read. */
PrcShellCommand *prc_shell_parse_compound (PrcShellSyntax *s, gboolean *ret_is_one, GError **error);
/** prc_shell_parse_function_body: behind `name ()`; completes @command. */
PrcShellCommand *prc_shell_parse_function_body (PrcShellSyntax *s, PrcShellCommand *command,
                                                GError **error);
