#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/git-credential.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/complete.h"

static int
answer (PrcOptions *options, GBytes *request, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (GBytes) text =
        session != NULL ? prc_git_credential_answer (session, request, error) : NULL;
    gsize size = 0;
    const char *data = text != NULL ? g_bytes_get_data (text, &size) : NULL;

    if (data != NULL)
        (void) prc_write_all (STDOUT_FILENO, data, size, error);
    return PRC_EXIT_DONE;
}

/* git erases after every 407, and stores what it got from here; what it does not know is what the
 * protocol wants to be ignored. */
static int
run_git_credential (PrcOptions *options, GError **error)
{
    g_autoptr (GBytes) request = NULL;

    options->no_input = TRUE;
    options->only_reads = TRUE;
    request = prc_read_fd (STDIN_FILENO, error);
    if (request == NULL)
        return PRC_EXIT_INPUT;
    return strcmp (options->arguments[0], "get") == 0 ? answer (options, request, error)
                                                      : PRC_EXIT_DONE;
}

const PrcCommand prc_command_git_credential = {
    "git-credential",
    "get|store|erase",
    N_ ("Give git the proxy's password, by its protocol for credential helpers"),
    N_ ("For git itself, as [credential \"http://HOST:PORT\"] helper; placement git=reference sets "
        "it "
        "up.\n"
        "It answers from a store that is open; store and erase change nothing."),
    PRC_TAKES_ASK,
    1,
    1,
    run_git_credential,
    prc_complete_credential_verb,
};
