/* fish-script.h - a fish script walked through statement by statement
 *
 * fish-script.c knows blocks, chains and conditions, fish-run.c what the commands between them do
 * to variables, and fish.c how values are written. */
#pragma once
#include "formats/document.h"
#include "formats/fish-lex.h"
#include "formats/statement.h"

/* What the script has done to a variable so far. */
typedef struct {
    char *value;          /* NULL: not known */
    gboolean exported;    /* the global one */
    gboolean local;       /* there is a local one, which a plain `set` changes */
    gboolean maybe_local; /* one in a block or condition: which one a `set` means is not known */
    gboolean uncertain;
    gboolean universal;
    PrcEntry *last; /* (nullable): its last SET, owned by the document */
} PrcFishVariable;

typedef struct {
    const PrcDocument *doc;
    const char *data;
    gsize size;
    GArray *tokens; /* of PrcFishToken */
    guint at;
    GPtrArray *entries;
    GHashTable *variables;
    gboolean maybe_left; /* a conditional return above */
    gboolean left;       /* an unconditional one */
    gsize exit_at;       /* start of the outermost statement with the first of them; size: none */
    gsize statement;     /* start of the statement at the top that is being read */
    guint function_depth, block_depth;
    gsize room; /* for values that refer to values: they must not multiply without end */
    GError **error;
} PrcFishScript;

/** PrcFishCommand: one simple command. */
typedef struct {
    guint first, n; /* its words; redirections are left out of @words */
    GArray *words;  /* of PrcFishToken */
    gsize start, end;
    gboolean conditional; /* by its place */
    gboolean odd;         /* in a pipe, in the background: does not stand for itself */
} PrcFishCommand;

/** prc_fish_read: walks through @doc and appends its entries; @script keeps only plain data. Fails
 * with the line of what fish would reject. */
gboolean prc_fish_read (PrcFishScript *script, const PrcDocument *doc, GPtrArray *entries,
                        GError **error);

/* Between the two parts */

/** prc_fish_run_command: notes what @command does; its first word decides. */
void prc_fish_run_command (PrcFishScript *script, PrcFishCommand *command);
/** prc_fish_read_source: notes that words[1] is read as a script. */
void prc_fish_read_source (PrcFishScript *script, const PrcFishCommand *command);
/** prc_fish_read_eval: notes that the output of the command @value (taken) is run. */
void prc_fish_read_eval (PrcFishScript *script, const PrcFishCommand *command, char *value,
                         guint line);
void prc_fish_variable_free (gpointer variable);

/** prc_fish_is_word: whether @t is this bare word. */
gboolean prc_fish_is_word (const PrcFishScript *script, const PrcFishToken *t, const char *text);
/** prc_fish_value_of: (transfer full) (nullable): with the variables as they are at this point. */
char *prc_fish_value_of (PrcFishScript *script, const PrcFishToken *word);
const PrcFishToken *prc_fish_word_at (const PrcFishCommand *command, guint i);
/** prc_fish_is_name: (nullable) @name: letters, digits and '_'. */
gboolean prc_fish_is_name (const char *name);
