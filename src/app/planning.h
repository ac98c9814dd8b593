/* planning.h - the plan for a profile on this machine: discovery, credential and planner joined */
#pragma once
#include <glib.h>

#include "app/credentials.h"
#include "app/session.h"
#include "planner/plan.h"

/** PrcPlanning: a plan with all that it points to. */
typedef struct {
    PrcHeldCredential held;
    PrcWanted wanted;
    PrcPlanOptions options;
    GPtrArray *found;    /* of PrcFound */
    GPtrArray *dialects; /* of PrcUrlDialect, one per found */
    PrcPlan *plan;
    GPtrArray *rejected; /* (transfer full) of GError, beside @rejected_tools: tools that could not
                            be planned */
    GPtrArray *rejected_tools; /* of PrcTool */
} PrcPlanning;

void prc_planning_free (PrcPlanning *planning);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcPlanning, prc_planning_free)

/**
 * prc_planning_new:
 * @profile: must outlive the result
 * @is_active: it is the active profile, or becomes it
 * @may_unlock: see prc_credential_load()
 * @go_on: a tool whose file is rejected is listed in @rejected; else the first one is the error
 *
 * Returns: (transfer full) (nullable)
 */
PrcPlanning *prc_planning_new (PrcSession *session, const PrcProfile *profile, gboolean is_active,
                               gboolean may_unlock, gboolean go_on,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_tool_dialect: how the tool reads URLs, the rules of its installed version filled in as far
 * as @password needs them. */
PrcUrlDialect prc_tool_dialect (const PrcTool *tool, const PrcPlace *place,
                                const PrcWanted *wanted);
