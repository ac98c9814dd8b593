/* write-internal.h - what the commands that write share: a report, and the changes of a plan */
#pragma once
#include "app/write.h"
#include "planner/plan.h"

/** prc_report_new: (transfer full): empty. */
PrcReport *prc_report_new (void);
void prc_report_add_file (PrcReport *report, const PrcChange *change);
/** prc_report_warn: @is_serious: the exit code is 1. @where: (nullable): FILE or FILE:LINE. */
void prc_report_warn (PrcReport *report, gboolean is_serious, const char *where, const char *text);
/** prc_report_list_changes: (element-type PrcChange) (transfer full): what @plan edits; in the
 * report, with its diff. What the session's options leave out is only warned of. */
GPtrArray *prc_report_list_changes (PrcReport *report, const PrcPlan *plan,
                                    const PrcSessionOptions *options);
/** prc_report_add_notes: those of @plan, as warnings. */
void prc_report_add_notes (PrcReport *report, const PrcPlan *plan);
/** prc_report_hide: whatever of the diff tells a password that is known, though it stands in no
 * setting, shows as ***. @searches: (element-type PrcSecretSearch) */
void prc_report_hide (PrcReport *report, const GPtrArray *searches);
