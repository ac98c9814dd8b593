/* commands.c - THE table of commands: running, help, completion and the manual come from it */
#include "cli/commands.h"

#include <string.h>

#include "base/i18n.h"

static const PrcCommand *const commands[] = {
    &prc_command_status,         &prc_command_scan,    &prc_command_profile,
    &prc_command_login,          &prc_command_logout,  &prc_command_unlock,
    &prc_command_lock,           &prc_command_apply,   &prc_command_use,
    &prc_command_undo,           &prc_command_history, &prc_command_env,
    &prc_command_git_credential, &prc_command_tools,   &prc_command_file,
    &prc_command_check,          &prc_command_passwd,  &prc_command_explain,
    &prc_command_route,          &prc_command_doctor,
};

const PrcCommand prc_command_terminal_ui = {
    "", "", N_ ("Open the terminal UI"), NULL, PRC_TAKES_UI, 0, 0, NULL, NULL,
};

const PrcCommand *const *
prc_cli_commands (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (commands);
    return commands;
}

const char *
prc_cli_suggest_command (const char *name)
{
    const char *best = NULL;
    gsize longest = 1;

    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
        gsize same = 0;

        while (name[same] != '\0' && name[same] == commands[i]->name[same])
            same++;
        if (same > longest) {
            longest = same;
            best = commands[i]->name;
        }
    }
    return best;
}

const PrcCommand *
prc_cli_find_command (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
        if (strcmp (commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}
