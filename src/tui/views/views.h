/* views.h - all views, and how they open each other; a new one is one file and one row here */
#pragma once
#include "tui/view.h"

extern const PrcViewClass prc_view_overview;
extern const PrcViewClass prc_view_help; /* argument: a PrcViewSet as pointer: for which view */
extern const PrcViewClass prc_view_plan;

/** prc_view_plan_push: the plan for @profile (nullable: the active one); @is_use: which also
 * becomes the active one. */
void prc_view_plan_push (PrcUi *ui, const char *profile, gboolean is_use);
