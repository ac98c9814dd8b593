/* inspect-internal.h - what status and scan share: turning readings into rows */
#pragma once
#include "app/inspect.h"
#include "catalogue/discover.h"
#include "planner/wanted.h"

/** prc_status_new: (transfer full): empty. */
PrcStatus *prc_status_new (const PrcProfile *profile);

/** prc_status_move: puts all that is in @part (transfer full) behind what is in @status. */
void prc_status_move (PrcStatus *status, PrcStatus *part);

/** prc_status_add_found: a row for each setting in @found. @wanted NULL: there is no profile. */
void prc_status_add_found (PrcStatus *status, PrcSession *session, const PrcFound *found,
                           const PrcUrlDialect *dialect, const PrcWanted *wanted);

/** prc_status_new_row: (transfer none): the row of one value, added to @status. */
PrcSettingRow *prc_status_new_row (PrcStatus *status, const PrcTool *tool,
                                   const PrcToolKey *key_row, const char *key, const char *value,
                                   const PrcUrlDialect *dialect, const PrcWanted *wanted);
