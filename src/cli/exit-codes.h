/* exit-codes.h - what each exit code means */
#pragma once
#include "cli/cli.h"

/** PrcExitRow: one code. */
typedef struct {
    int code;
    const char *what; /* N_(): in a few words */
    const char *more; /* N_() (nullable): the rest of the sentence */
} PrcExitRow;

/** prc_cli_exit_codes: (array length=ret_n) */
const PrcExitRow *prc_cli_exit_codes (gsize *ret_n);
