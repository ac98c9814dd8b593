/* shell-exec.h - what a start-up file does to the variables, without running it
 *
 * Private to the shell driver. A walk over the tree that keeps for each variable what can be known
 * of it: its value, whether it is exported, whether it is read-only. */
#pragma once
#include <glib.h>

#include "formats/format.h"
#include "formats/shell-word.h"

typedef enum {
    PRC_SHELL_FORM_ASSIGN,  /* name=value, by itself or before a command that keeps it */
    PRC_SHELL_FORM_ARG,     /* name=value as an argument of export, declare, … */
    PRC_SHELL_FORM_QUOTED,  /* the same with quotes around the name too: export "name=value" */
    PRC_SHELL_FORM_NAME,    /* name as an argument of export, unset, … */
    PRC_SHELL_FORM_DEFAULT, /* ${name:=value} */
    PRC_SHELL_FORM_SOURCE,  /* . file */
    PRC_SHELL_FORM_EVAL,    /* eval "$(command)" */
    PRC_SHELL_FORM_OTHER,   /* read, for, eval, …: can't be edited */
} PrcShellForm;

/** PrcShellRecord: an entry, and where it stands in the tree. */
typedef struct {
    PrcEntry *entry;
    PrcShellForm form;
    PrcShellSpan word;              /* all of name=value */
    const PrcShellCommand *command; /* (nullable) */
    const PrcShellItem *item;       /* (nullable): what the command is in */
    const PrcShellList *list;       /* (nullable): what the item is in */
    gboolean sole;                  /* the item is nothing but this command */
    gboolean top;                   /* the list is the file's */
    gboolean append;                /* name+=value */
    gboolean unexports;             /* export -n name */
    gboolean in_double;             /* FORM_DEFAULT within double quotes */
    PrcShellSpan test_word;         /* FORM_SOURCE: the same path in the guard; empty: none */
    gpointer variable;              /* shell-exec.c's */
    gboolean exported_inside;       /* exported when the function that it stands in ends */
    const char *function;           /* (nullable): the one that it stands in */
} PrcShellRecord;

/** PrcShellNames: the words of a command that name variables; kept for the next that asks. */
typedef struct {
    const PrcShellCommand *command; /* (nullable): none yet */
    guint n_assignments;            /* how many stand before the command's name */
    guint n_arguments;              /* how many behind it */
} PrcShellNames;

typedef struct {
    PrcShellSyntax *syntax;
    GPtrArray *records; /* of PrcShellRecord, in file order */
    gsize stop;         /* where the first item begins that may end the file; G_MAXSIZE: none */
    char *stop_why;     /* (nullable) */
    guint cursor;       /* of the record that was asked for last: the next is near */
    PrcShellNames names;
} PrcShellScript;

/** prc_shell_script_new: @text is kept, not copied. (transfer full) (nullable) */
PrcShellScript *prc_shell_script_new (PrcShellDialect dialect, const char *text, gsize size,
                                      GError **error);
void prc_shell_script_free (PrcShellScript *script);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcShellScript, prc_shell_script_free)
