/* output.h - what the commands print: text for people, one JSON object for programs */
#pragma once
#include <jansson.h>

#include "app/inspect.h"
#include "app/write.h"
#include "cli/cli.h"

/** prc_output_json: prints @object (stolen) and a newline; "version": 1 is its first member. */
void prc_output_json (json_t *object);
/** prc_json_new: (transfer full): { "version": 1 } */
json_t *prc_json_new (void);
/** prc_json_text: (transfer full): a string, or null for NULL; invalid UTF-8 is escaped. */
json_t *prc_json_text (const char *text);

/** prc_output_status: @is_scan: with the counts of a scan. */
void prc_output_status (const PrcOptions *options, const PrcStatus *status, gboolean is_scan);
/** prc_output_report: what was written, or would be; notes to stderr. */
void prc_output_report (const PrcOptions *options, const PrcReport *report);
/** prc_json_report: (transfer full): the whole object of the commands that write. */
json_t *prc_json_report (const PrcReport *report);
/** prc_output_files: the lines of prc_output_report() for the files, the diff, and the warnings. */
void prc_output_files (const PrcOptions *options, const PrcReport *report);
/** prc_output_diff: a masked diff, in colour if wanted. */
void prc_output_diff (const PrcOptions *options, const char *diff);
