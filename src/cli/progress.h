/* progress.h - the count of a search, on a terminal, while it goes on */
#pragma once
#include "app/scan.h"
#include "cli/cli.h"

/** PrcProgressLine: shows itself on stderr from the second quarter of a second on, if that is a
 * terminal. */
typedef struct _PrcProgressLine PrcProgressLine;

/** prc_progress_line_start: (transfer full) (nullable): NULL where nothing is to be shown. */
PrcProgressLine *prc_progress_line_start (const PrcOptions *options, PrcScanProgress *progress);
/** prc_progress_line_stop: (nullable): the line is gone when it returns. */
void prc_progress_line_stop (PrcProgressLine *line);
