/* output-check.h - what a live check prints */
#pragma once
#include <jansson.h>

#include "app/check-found.h"
#include "cli/cli.h"

/** prc_check_json: (transfer full): an object of @result, without "version". */
json_t *prc_check_json (const PrcCheckResult *result);
/** prc_output_check: for people. */
void prc_output_check (const PrcOptions *options, const PrcCheckResult *result);
/** prc_output_check_found: all of them, as text or JSON, and where each was found. */
void prc_output_check_found (const PrcOptions *options, const PrcCheckFound *checks);
/** prc_check_exit_code: of a verdict. */
int prc_check_exit_code (const PrcCheckResult *result);
/** prc_check_verdict_text: the verdict in plain words; (transfer none) */
const char *prc_check_verdict_text (PrcVerdict verdict);
