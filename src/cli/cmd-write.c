/* cmd-write.c - apply, use, undo */
#include "app/write.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"

static int
report_exit (const PrcOptions *options, const PrcReport *report)
{
    prc_output_report (options, report);
    if (report->is_partial || (options->dry_run && report->changed))
        return PRC_EXIT_NO;
    return PRC_EXIT_DONE;
}

static int
run_apply (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcReport) report =
        session != NULL ? prc_apply (session, options->arguments[0], error) : NULL;

    return report != NULL ? report_exit (options, report) : PRC_EXIT_INPUT;
}

static int
run_use (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcReport) report =
        session != NULL ? prc_use (session, options->arguments[0], error) : NULL;

    return report != NULL ? report_exit (options, report) : PRC_EXIT_INPUT;
}

static int
run_undo (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcReport) report =
        session != NULL ? prc_undo (session, options->arguments[0], options->force, error) : NULL;

    return report != NULL ? report_exit (options, report) : PRC_EXIT_INPUT;
}

const PrcCommand prc_command_apply = {
    "apply",
    "[PROFILE]",
    N_ ("Write the profile everywhere, all files or none"),
    N_ ("Without a name, the active profile. What is there already and means the same is left as "
        "it\n"
        "is; when nothing is to change, nothing is written. `proxyrc undo` takes it back."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_SYSTEM | PRC_TAKES_WRITE | PRC_TAKES_ASK |
        PRC_TAKES_ALL_USERS,
    0,
    1,
    run_apply,
    prc_complete_profile,
};

const PrcCommand prc_command_use = {
    "use",
    "PROFILE",
    N_ ("Make it the active profile and apply it; `use direct` removes the proxy everywhere"),
    N_ ("What can't be removed (files of the system, variables of this shell, what shell code\n"
        "computes) is listed; then the exit code is 1."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_SYSTEM | PRC_TAKES_WRITE | PRC_TAKES_ASK |
        PRC_TAKES_ALL_USERS,
    1,
    1,
    run_use,
    prc_complete_profile,
};

const PrcCommand prc_command_undo = {
    "undo",
    "[ID]",
    N_ ("Take back a transaction, every byte of it"),
    N_ ("Without an id, the newest that is not undone yet. Files that have changed since are not\n"
        "overwritten: then nothing is done and the exit code is 3; a change of password, too, is "
        "only\n"
        "taken back with --force. `proxyrc history` lists the ids."),
    PRC_TAKES_JSON | PRC_TAKES_DRY_RUN | PRC_TAKES_IN_PLACE | PRC_TAKES_FORCE | PRC_TAKES_ASK,
    0,
    1,
    run_undo,
    prc_complete_transaction,
};
