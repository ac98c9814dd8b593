/* home.h - a throw-away home for planner tests: files in, plan, files out */
#pragma once
#include <glib.h>

#include "catalogue/catalogue.h"
#include "planner/plan.h"

/** TestHome: a home, the shipped catalogue, and a profile; free with test_home_clear(). */
typedef struct {
    char *dir;
    PrcPlace place;
    GPtrArray *catalogue;
    PrcProfile *profile;
    PrcSecret *password;
    PrcWanted wanted;
    PrcPlanOptions options;
    GPtrArray *found;
    PrcUrlDialect dialect;
    PrcPlan *plan;
} TestHome;

void test_home_init (TestHome *home);
void test_home_clear (TestHome *home);
/** test_home_write: @path is relative to the home; folders are made; mode 0600. */
void test_home_write (TestHome *home, const char *path, const char *content);
/** test_home_profile: "KEY=VALUE" pairs until NULL. */
void test_home_profile (TestHome *home, const char *name, ...) G_GNUC_NULL_TERMINATED;
void test_home_password (TestHome *home, const char *password);
/** test_home_plan: plans one tool; FALSE with @error as prc_plan_tool() has it. */
gboolean test_home_plan (TestHome *home, const char *tool, GError **error);
/** test_home_result: (transfer full) (nullable): what the file would hold; NULL: no edit, or it
 * goes. */
char *test_home_result (TestHome *home, const char *path);
const PrcFileEdit *test_home_edit (TestHome *home, const char *path);
/** test_home_note: the first note of the tool with @text in it. */
const PrcNote *test_home_note (TestHome *home, const char *text);
