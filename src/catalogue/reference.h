/* reference.h - how a tool refers to the credential instead of holding it, by its catalogue file
 *
 * The command in there is a template: ${proxyrc} stands for this program, ${shell} for the shell
 * that will run it ("sh", "fish", "csh"). A command is kept as text, as in base/words.h. */
#pragma once
#include "catalogue/tool.h"

/**
 * prc_reference_command: the command by which @tool gets at the credential
 * @program: the absolute path of this program
 * @shell: (nullable): for a command without ${shell}
 *
 * Returns: (transfer full) (nullable): NULL for a tool without one
 */
char *prc_reference_command (const PrcTool *tool, const char *program, const char *shell);

/** prc_reference_is_ours: whether @text ((nullable)) is that command, wherever the program was and
 * whatever the shell. */
gboolean prc_reference_is_ours (const PrcTool *tool, const char *text);

/** prc_reference_names: whether @text, which is ours, runs @program. */
gboolean prc_reference_names (const PrcTool *tool, const char *text, const char *program);

/** prc_reference_key: (transfer full): the key that takes it, for this proxy
 * (SCHEME://HOST:PORT). */
char *prc_reference_key (const PrcTool *tool, const char *proxy);

/** prc_reference_plays: whether @key is such a key, for whatever proxy. */
gboolean prc_reference_plays (const PrcTool *tool, const char *key);
