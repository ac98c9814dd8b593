/* views.h - all views, and how they open each other; a new one is one file and one row here */
#pragma once
#include "tui/view.h"

extern const PrcViewClass prc_view_overview;
extern const PrcViewClass prc_view_welcome;
extern const PrcViewClass prc_view_help; /* argument: a PrcViewSet as pointer: for which view */
extern const PrcViewClass prc_view_plan;
extern const PrcViewClass prc_view_profiles;
extern const PrcViewClass prc_view_profile;
extern const PrcViewClass prc_view_login;  /* argument: the profile's name (nullable), taken over */
extern const PrcViewClass prc_view_check;  /* the same */
extern const PrcViewClass prc_view_passwd; /* the same */
extern const PrcViewClass prc_view_history;
extern const PrcViewClass prc_view_route;
extern const PrcViewClass prc_view_doctor;
extern const PrcViewClass prc_view_setting; /* a PrcSettingCopy, taken over */
extern const PrcViewClass prc_view_report;  /* PrcLines, taken over */
extern const PrcViewClass
    prc_view_explain; /* the topic's name (nullable: their list), taken over */

/** prc_view_plan_push: the plan for @profile (nullable: the active one); @is_use: which also
 * becomes the active one. */
void prc_view_plan_push (PrcUi *ui, const char *profile, gboolean is_use);
/**
 * prc_view_profile_push: the editor of a profile.
 * @name: (nullable): of an existing one; NULL: a new one
 * @pairs: (nullable): "KEY=VALUE" to begin a new one with
 */
void prc_view_profile_push (PrcUi *ui, const char *name, char **pairs);
/** prc_profile_pairs_named: @pairs with the name that is proposed for a new profile. (transfer
 * full)
 */
char **prc_profile_pairs_named (const char *name, char **pairs);
