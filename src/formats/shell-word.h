/* shell-word.h - what a shell word says, as far as it can be known without running it, and back
 *
 * Private to the shell driver. */
#pragma once
#include <glib.h>

#include "formats/shell-syntax.h"

typedef enum {
    PRC_SHELL_WORD_VALUE,  /* of an assignment: no field splitting, no globs */
    PRC_SHELL_WORD_EXPORT, /* of an assignment that is an argument of export, declare, … */
    PRC_SHELL_WORD_ARG,    /* an argument like any other */
    PRC_SHELL_WORD_PATH,   /* an argument in which `~` and `$HOME` at the start stay as they are */
} PrcShellWordMode;

typedef enum {
    PRC_SHELL_UNKNOWN,
    PRC_SHELL_UNSET,
    PRC_SHELL_KNOWN,
} PrcShellKnowledge;

typedef struct {
    PrcShellSyntax *syntax;
    gpointer data;
    /** lookup: what the variable holds here; @ret_value is not owned by the caller.
     * @needed: the shell would stop here if it were unset and `set -u` in force. */
    PrcShellKnowledge (*lookup) (gpointer data, const char *name, gboolean needed,
                                 const char **ret_value);
    /** assign: `${name=word}` or `${name:=word}` gives @name the value of @word here,
     * if it has none: whether it has is for the callee to find out. */
    void (*assign) (gpointer data, const char *name, PrcShellSpan name_at, PrcShellSpan word,
                    gboolean also_if_empty, gboolean in_double);
    /** fail: `${name?word}` ends the file: surely, or perhaps. */
    void (*fail) (gpointer data, gboolean surely, gsize at);
    char *why; /* owned: of the last expansion that gave NULL */
} PrcShellExpander;

/**
 * prc_shell_expand: the text that @word stands for, or NULL with @x->why when it depends on more
 * than this file says. (transfer full) (nullable)
 */
char *prc_shell_expand (PrcShellExpander *x, PrcShellSpan word, PrcShellWordMode mode,
                        gboolean in_double);

/** prc_shell_has_substitution: a command is run to compute @word. */
gboolean prc_shell_has_substitution (const PrcShellSyntax *syntax, PrcShellSpan word);

/**
 * prc_shell_quote:
 * @style: (nullable): the text that stood there, whose quotes are kept when they can hold @value
 *
 * A word that every dialect reads as @value. (transfer full)
 */
char *prc_shell_quote (const char *value, const char *style);
