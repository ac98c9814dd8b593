/* options.h - the table of the program's options
 *
 * A new option is a member of #PrcOptions and one row in options.c; a command has those of the sets
 * that it takes. */
#pragma once
#include "cli/cli.h"

/** PrcOptionRow: one option. */
typedef struct {
    /* The command must take one of these; none but PRC_TAKES_UI: every command has it. */
    PrcOptionSet needs;
    const char *name;
    char short_name; /* 0: none */
    GOptionArg type;
    gsize offset;          /* of its member of #PrcOptions */
    const char *help;      /* N_() */
    const char *value;     /* (nullable): what its value is called; NULL: it has none */
    PrcCompleter complete; /* (nullable): of its value; NULL: nothing can be proposed */
} PrcOptionRow;

/** prc_cli_options: (array length=ret_n) */
const PrcOptionRow *prc_cli_options (gsize *ret_n);
/** prc_cli_command_takes: whether @row is an option of @command. */
gboolean prc_cli_command_takes (const PrcCommand *command, const PrcOptionRow *row);
/** prc_cli_find_option: (nullable): of @command, for a @word like "--NAME", "--NAME=VALUE" or "-X".
 */
const PrcOptionRow *prc_cli_find_option (const PrcCommand *command, const char *word);
/** prc_cli_option_context: (transfer full): parses the options of @command into @options, which
 * outlives it. */
GOptionContext *prc_cli_option_context (const PrcCommand *command, PrcOptions *options);
/** prc_cli_options_clear: frees what the options hold. */
void prc_cli_options_clear (PrcOptions *options);
