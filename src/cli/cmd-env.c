#include <stdio.h>

#include "app/environment.h"
#include "cli/cli.h"

static int
run_env (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (GBytes) text =
        session != NULL
            ? prc_environment_print (session, options->shell != NULL ? options->shell : "sh", error)
            : NULL;
    gsize size = 0;
    const char *data = text != NULL ? g_bytes_get_data (text, &size) : NULL;

    if (text == NULL)
        return PRC_EXIT_INPUT;
    if (size > 0)
        (void) fwrite (data, 1, size, stdout);
    return PRC_EXIT_DONE;
}

const PrcCommand prc_command_env = {
    "env",
    "",
    "Print the environment of the active profile, for a shell to evaluate",
    "It holds the password: eval \"$(proxyrc env)\" in sh, `proxyrc env --shell fish | source` in\n"
    "fish, eval `proxyrc env --shell csh` in csh.",
    PRC_TAKES_SHELL | PRC_TAKES_ASK,
    0,
    0,
    run_env,
};
