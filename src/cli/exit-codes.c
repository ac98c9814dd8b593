/* exit-codes.c - THE table of exit codes, and the one from errors to them */
#include "cli/exit-codes.h"

#include "base/error.h"
#include "base/i18n.h"

static const PrcExitRow rows[] = {
    { PRC_EXIT_DONE, N_ ("done, or all agrees"), NULL },
    { PRC_EXIT_NO, N_ ("the answer is no"),
      N_ ("something differs from the profile, could not be served or is left, or the proxy "
          "refused") },
    { PRC_EXIT_USAGE, N_ ("usage"),
      N_ ("there is no such command, option, profile, tool or topic") },
    { PRC_EXIT_INPUT, N_ ("bad input"),
      N_ ("a file, profile or URL that can't be read; nothing was changed") },
    { PRC_EXIT_WRITE, N_ ("writing failed, all rolled back"), NULL },
    { PRC_EXIT_LOCKED, N_ ("a secret is needed"),
      N_ ("it may not be asked for, or the store that has it is locked") },
    { PRC_EXIT_NETWORK, N_ ("network"),
      N_ ("the proxy was not found, not reached, or gave no answer in time") },
    { PRC_EXIT_DYNAMIC, N_ ("computed by shell code"),
      N_ ("the value can't be known without running that code") },
    { PRC_EXIT_CANCELLED, N_ ("cancelled"),
      N_ ("by Ctrl-C, or by a question that was not answered") },
};

const PrcExitRow *
prc_cli_exit_codes (gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS (rows);
    return rows;
}

int
prc_cli_exit_code (const GError *error)
{
    static const int codes[] = {
        [PRC_ERROR_USAGE] = PRC_EXIT_USAGE,       [PRC_ERROR_INPUT] = PRC_EXIT_INPUT,
        [PRC_ERROR_UNSUPPORTED] = PRC_EXIT_INPUT, [PRC_ERROR_NOT_FOUND] = PRC_EXIT_USAGE,
        [PRC_ERROR_WRITE] = PRC_EXIT_WRITE,       [PRC_ERROR_CHANGED] = PRC_EXIT_WRITE,
        [PRC_ERROR_LOCKED] = PRC_EXIT_LOCKED,     [PRC_ERROR_NETWORK] = PRC_EXIT_NETWORK,
        [PRC_ERROR_DYNAMIC] = PRC_EXIT_DYNAMIC,   [PRC_ERROR_CANCELLED] = PRC_EXIT_CANCELLED,
    };

    if (error->domain == G_OPTION_ERROR)
        return PRC_EXIT_USAGE;
    if (error->domain == PRC_ERROR && error->code >= 0 && error->code < (int) G_N_ELEMENTS (codes))
        return codes[error->code];
    return PRC_EXIT_INPUT;
}
