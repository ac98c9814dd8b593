/* shell-state.h - the abstract machine between shell-exec.c (commands) and shell-builtin.c
 *
 * Private to the shell driver. */
#pragma once
#include <glib.h>

#include "formats/shell-exec.h"

/* What bounds the effort for files that would take for ever. */
#define PRC_SHELL_WORK_MAX 100000u

typedef enum { PRC_NO, PRC_MAYBE, PRC_YES } PrcShellMaybe;

typedef struct {
    PrcShellKnowledge known;
    char *value;
    guint barrier; /* the function or loop in which it got its value */
    PrcShellMaybe exported, readonly;
    gboolean transformed; /* declare -i, -u, -n, arrays: what is assigned isn't what it holds */
} PrcShellState;

typedef struct {
    char *name;
    PrcShellState state;
    gboolean array;   /* zsh: export name=value fails on one */
    gboolean integer; /* a value that is no number ends the file */
    gboolean special; /* the shell itself makes or changes its value */
    GPtrArray *live;  /* (nullable): records whose value it may hold now */
} PrcShellVariable;

typedef struct {
    char *name;
    GHashTable *touched; /* of PrcShellVariable */
    GHashTable *calls;   /* of names */
    GHashTable *locals;  /* of names; zsh only: under `set -a` they aren't */
    gboolean may_exit;
    gboolean sets_allexport;
    gboolean names_any; /* assigns or unsets what nobody can name */
    gboolean called;    /* run where it stands: zsh's () { … } */
    guint definitions;
} PrcShellFunction;

typedef struct _PrcShellScope PrcShellScope;
struct _PrcShellScope {
    PrcShellScope *parent;
    GHashTable *saved;          /* of PrcShellVariable to PrcShellState */
    PrcShellFunction *function; /* the one whose body this is */
    GHashTable *locals;         /* of names */
    guint barrier;              /* of the outer scope */
    gboolean stopped;
};

/* How a command ended. */
typedef enum {
    PRC_STATUS_UNKNOWN,
    PRC_STATUS_OK,
    PRC_STATUS_FAILED,
    PRC_STATUS_OK_IF_INTERACTIVE,
    PRC_STATUS_FAILED_IF_INTERACTIVE,
} PrcShellStatus;

typedef struct {
    PrcShellSyntax *syntax;
    PrcShellExpander expander;
    GPtrArray *records;
    GHashTable *variables; /* by name */
    GHashTable *functions; /* by name */
    GHashTable *aliases;   /* names, to their text or NULL */
    PrcShellScope *scope;
    guint conditional; /* depth */
    guint barrier, last_barrier;
    gboolean stopped;  /* never gets here */
    char *doubt;       /* (nullable): why it may not get here */
    gsize doubt_until; /* bash drops the rest of the line */
    char *note;        /* (nullable): said of all that follows */
    gsize stop;
    char *stop_why;
    PrcShellMaybe allexport;
    gboolean errexit, nounset;
    guint work;       /* up to PRC_SHELL_WORK_MAX */
    GPtrArray *loops; /* (nullable): of PrcShellCommand: the `for` loops that we are in */

    /* where we are */
    const PrcShellCommand *command;
    const PrcShellItem *item, *top_item;
    const PrcShellList *list;
    gboolean sole;
} PrcShellMachine;

/** PrcShellAssignment: name, operator and value as they stand in the file. */
typedef struct {
    char *name;
    PrcShellSpan word, value;
    gboolean append, subscript;
    gboolean evaluated; /* @text, or @why it is not known, are there already */
    char *text, *why;
    PrcShellWordMode mode;
} PrcShellAssignment;

/* shell-state.c */
PrcShellVariable *prc_shell_variable (PrcShellMachine *m, const char *name);
PrcShellFunction *prc_shell_function (PrcShellMachine *m, const char *name);
/** prc_shell_touch: to be called before a variable's state is changed. */
void prc_shell_touch (PrcShellMachine *m, PrcShellVariable *variable);
void prc_shell_know (PrcShellMachine *m, PrcShellVariable *variable, PrcShellKnowledge known,
                     const char *value);
void prc_shell_scope_enter (PrcShellMachine *m, PrcShellScope *scope, gboolean barrier);
/** prc_shell_scope_leave: what happened in it may or may not have happened. */
void prc_shell_scope_leave (PrcShellMachine *m, PrcShellScope *scope);
/** prc_shell_scope_forget: it did not happen now; the function's body was only read. */
void prc_shell_scope_forget (PrcShellMachine *m, PrcShellScope *scope);
gboolean prc_shell_is_local (const PrcShellMachine *m, const char *name);
/** prc_shell_disturb: someone we can't see through may have changed it. */
void prc_shell_disturb (PrcShellMachine *m, PrcShellVariable *variable, const char *why);
/** prc_shell_stop: the file ends here, in this flow; in a branch that is a doubt for the rest. */
void prc_shell_stop (PrcShellMachine *m, gsize at, const char *why);
/** prc_shell_doubt: all that follows may not be reached. */
void prc_shell_doubt (PrcShellMachine *m, gsize at, const char *why);
PrcShellRecord *prc_shell_record (PrcShellMachine *m, PrcShellForm form, PrcEntryKind kind,
                                  const char *name, gsize name_at, PrcShellSpan word,
                                  PrcShellSpan value);
/** prc_shell_state_finish: settles what depends on the end of the file, and sorts. */
void prc_shell_state_finish (PrcShellMachine *m);
void prc_shell_machine_clear (PrcShellMachine *m);

/* shell-assign.c */
/** prc_shell_read_assignment: is @word `name=value`, as it stands? */
gboolean prc_shell_read_assignment (const PrcShellSyntax *s, PrcShellSpan word,
                                    PrcShellAssignment *ret_assignment);
/**
 * prc_shell_assign: name=value happens.
 * @export: what happens to the export attribute: PRC_MAYBE leaves it as it is
 *
 * Returns FALSE when the variable is read-only.
 */
gboolean prc_shell_assign (PrcShellMachine *m, const PrcShellAssignment *a, PrcShellForm form,
                           PrcShellMaybe export, gboolean transformed);
/** prc_shell_assign_unknown: something gives @name a value that can't be known. */
void prc_shell_assign_unknown (PrcShellMachine *m, const char *name, PrcShellSpan at,
                               const char *why);
/** prc_shell_mark_exported: export name, declare +x name. */
void prc_shell_mark_exported (PrcShellMachine *m, const char *name, PrcShellSpan word,
                              gboolean exported);
gboolean prc_shell_unset (PrcShellMachine *m, const char *name, PrcShellSpan word);
void prc_shell_read_only_error (PrcShellMachine *m, const char *name, gsize at);
/** prc_shell_disturb_text: for code that is run but not followed: eval, aliases, (( … )). */
void prc_shell_disturb_text (PrcShellMachine *m, const char *text, gsize length, gsize at,
                             const char *why);

/* shell-names.c */
/**
 * prc_shell_declare_computed: an argument "NAME=…" of export and the like, with a NAME that is not
 * written out. Who they are is told as far as braces (`{http,https}_proxy=…`) and the words of a
 * loop (`for p in http https; … ${p}_proxy=…`) say; what they hold is not looked at. Any variable
 * may be meant where they don't.
 */
void prc_shell_declare_computed (PrcShellMachine *m, PrcShellSpan word, gboolean exports);
/** prc_shell_unset_computed: the same for an argument of unset. */
void prc_shell_unset_computed (PrcShellMachine *m, PrcShellSpan word);
/** prc_shell_may_change_all: a command may give any variable another value, or none.
 * @exports: it may export them, too */
void prc_shell_may_change_all (PrcShellMachine *m, gboolean exports, const char *why);
/** prc_shell_may_change_arguments: the command's function may change those that it is told. */
void prc_shell_may_change_arguments (PrcShellMachine *m, const char *why);

/* shell-builtin.c */
/** prc_shell_run_builtin: FALSE when @name is none. @index: of the name among the words. */
gboolean prc_shell_run_builtin (PrcShellMachine *m, const char *name, guint index, gboolean plain,
                                PrcShellStatus *ret_status);
/** prc_shell_is_special_builtin: one before which sh keeps assignments. */
gboolean prc_shell_is_special_builtin (const char *name);
/** prc_shell_source: `. path`; @test: the guard's word, or empty. */
void prc_shell_source (PrcShellMachine *m, PrcShellSpan path, PrcShellSpan test,
                       PrcShellSpan range);
PrcShellStatus prc_shell_test_status (const PrcShellMachine *m, const PrcShellCommand *command);

/* shell-exec.c */
/** prc_shell_run_expansions: ${x:=y} and ${x?} act wherever they stand; @from: the first word. */
void prc_shell_run_expansions (PrcShellMachine *m, guint from);
PrcShellStatus prc_shell_run_words (PrcShellMachine *m, guint index, gboolean plain);

/* shell-eval.c */
#define PRC_SHELL_EVAL_KEY "eval"
/** prc_shell_is_statement: a key of entries that are no variables: "source", "eval". */
gboolean prc_shell_is_statement (const char *key);
/** prc_shell_record_eval: an entry for `eval WORD`, if the word is just one command's output. */
gboolean prc_shell_record_eval (PrcShellMachine *m, const PrcShellCommand *command);
/** prc_shell_eval_command: (transfer full) (nullable): the command whose output @word is. */
char *prc_shell_eval_command (const PrcShellSyntax *s, PrcShellSpan word);
/** prc_shell_eval_word: (transfer full): the word for it. */
char *prc_shell_eval_word (const char *command);
