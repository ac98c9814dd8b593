#include "app/scan.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"
#include "cli/progress.h"

static int
run_scan (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcStatus) status = NULL;
    PrcScanProgress progress = { 0 };
    PrcProgressLine *line = NULL;

    if (session == NULL)
        return PRC_EXIT_INPUT;
    line = prc_progress_line_start (options, &progress);
    status = prc_scan (session, options->arguments, &progress, error);
    prc_progress_line_stop (line);
    if (status == NULL)
        return PRC_EXIT_INPUT;
    prc_output_status (options, status, TRUE);
    if (status->has_bad_file)
        return PRC_EXIT_INPUT;
    return status->agrees ? PRC_EXIT_DONE : PRC_EXIT_NO;
}

const PrcCommand prc_command_scan = {
    "scan",
    "DIR…",
    N_ ("Project-level files (.npmrc, .git/config, pip.conf, .curlrc, .env, .envrc) in whole "
        "trees"),
    N_ ("Follows no symlink out of a tree; folders that can't be read are counted and named. "
        "Ctrl-C\n"
        "stops it. Exit 0 when everything found agrees with the active profile, else 1."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS,
    1,
    G_MAXUINT,
    run_scan,
    prc_complete_folder,
};
