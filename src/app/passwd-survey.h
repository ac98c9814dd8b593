/* passwd-survey.h - all that holds a password of the user, read at one time, and what becomes of it
 */
#pragma once
#include "app/credentials.h"
#include "app/left.h"
#include "app/passwd.h"
#include "planner/plan.h"
#include "secrets/store.h"

/** PrcPasswdSubject: whose password it is, and where it is kept. Borrowed; must outlive surveys. */
typedef struct {
    const PrcProfile *profile;
    PrcStore *store; /* open */
    GPtrArray *refs; /* of PrcCredentialRef */
    PrcSecret *old;  /* (nullable) */
} PrcPasswdSubject;

/** PrcPasswdSurvey: a plan with all that it points to. */
typedef struct {
    PrcSession *session;
    const PrcPasswdRequest *request;
    PrcWanted wanted;
    PrcPlanOptions options;
    PrcPasswordRules rules;
    GPtrArray *founds; /* of PrcFound */
    GHashTable *scan_rules;
    PrcPlan *plan;
    GPtrArray *searches; /* of PrcSecretSearch: for the old one and all older ones */
    PrcLeft *left;
    guint n_comments; /* passwords in comments that are scrubbed */
    GPtrArray *notes; /* of utf8: from the walk through the trees */
    char *stamp;      /* from before anything was read */
} PrcPasswdSurvey;

/**
 * prc_passwd_survey_new:
 * @older: (nullable) (element-type PrcSecret): known from an earlier survey
 * @scrub: plan that as well
 * @error: #PRC_ERROR_INPUT for a file that its tool rejects and that holds an old password
 */
PrcPasswdSurvey *prc_passwd_survey_new (PrcSession *session, const PrcPasswdRequest *request,
                                        const PrcPasswdSubject *subject, const GPtrArray *older,
                                        gboolean scrub, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_passwd_survey_free (PrcPasswdSurvey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcPasswdSurvey, prc_passwd_survey_free)
