#include "app/inspect.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"

static int
run_status (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcStatus) status =
        session != NULL ? prc_inspect (session, options->arguments, error) : NULL;

    if (status == NULL)
        return PRC_EXIT_INPUT;
    prc_output_status (options, status, FALSE);
    if (status->has_bad_file)
        return PRC_EXIT_INPUT;
    return status->agrees ? PRC_EXIT_DONE : PRC_EXIT_NO;
}

const PrcCommand prc_command_status = {
    "status",
    "[TOOL…]",
    N_ ("Everything found, per tool and file:line, and its state against the active profile"),
    N_ ("States: ok; stale (another password than the stored one); differs; missing; inherits "
        "(from\n"
        "the environment); overridden; dynamic (computed by shell code); invalid (the tool itself\n"
        "would reject or misread it). Exit 0 when all agrees, else 1; 3 when a file can't be "
        "read."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_SYSTEM | PRC_TAKES_ALL_USERS,
    0,
    G_MAXUINT,
    run_status,
    prc_complete_tools,
};
