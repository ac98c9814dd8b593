/* commands.h - the table of the program's commands
 *
 * A new command is one file, cmd-NAME.c, and one row in commands.c. */
#pragma once
#include "cli/cli.h"

/** prc_cli_commands: (array length=ret_n): in the order of help. */
const PrcCommand *const *prc_cli_commands (gsize *ret_n);
/** prc_cli_find_command: (nullable) */
const PrcCommand *prc_cli_find_command (const char *name);
/** prc_cli_suggest_command: (nullable): what was meant: the name with the longest common beginning,
 * of two letters at least. */
const char *prc_cli_suggest_command (const char *name);
