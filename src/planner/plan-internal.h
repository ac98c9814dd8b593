/* plan-internal.h - what the parts of the planner share: the edits and notes while they grow */
#pragma once
#include "planner/plan.h"

/** PrcToolPlan: the work on one tool; taken over into the plan only when all of it went well. */
typedef struct {
    PrcPlan *plan;
    const PrcPlanOptions *options;
    const PrcFound *found;
    const PrcTool *tool;
    const PrcUrlDialect *dialect;
    GPtrArray *edits;     /* of PrcFileEdit */
    GPtrArray *notes;     /* of PrcNote */
    GPtrArray *new_files; /* of PrcFoundFile: places that discovery did not list */
    gboolean inherits;
} PrcToolPlan;

/** prc_tool_plan_edit: (transfer none): the edit of @file, made on first use. */
PrcFileEdit *prc_tool_plan_edit (PrcToolPlan *work, const PrcFoundFile *file);

/** prc_tool_plan_note: @file (nullable), @line 0: none */
void prc_tool_plan_note (PrcToolPlan *work, PrcNoteKind kind, const PrcFoundFile *file, guint line,
                         const char *format, ...) G_GNUC_PRINTF (5, 6);

/** prc_tool_plan_covers: the file is of a scope that this plan may write, is read, and was
 * readable. */
gboolean prc_tool_plan_covers (const PrcToolPlan *work, const PrcFoundFile *file);

/** prc_tool_plan_set, …_unset, …_add: on the edit's document, counting; the error names the file.
 */
gboolean prc_tool_plan_set (PrcToolPlan *work, PrcFileEdit *edit, const char *key,
                            const char *value, GError **error);
gboolean prc_tool_plan_unset (PrcToolPlan *work, PrcFileEdit *edit, const char *key,
                              GError **error);
gboolean prc_tool_plan_add (PrcToolPlan *work, PrcFileEdit *edit, const char *key,
                            const char *value, GError **error);

/** PrcPick: decides about one entry; #PRC_ENTRY_… flags included. */
typedef gboolean (*PrcPick) (const PrcToolPlan *work, const PrcEntry *entry, const PrcToolKey *row,
                             gconstpointer data);

/** prc_tool_plan_remove_if: removes every entry that plays a role and is picked. */
gboolean prc_tool_plan_remove_if (PrcToolPlan *work, PrcFileEdit *edit, PrcPick pick,
                                  gconstpointer data, GError **error);

/** prc_tool_plan_remove: the same, chosen in another way. */
gboolean prc_tool_plan_remove (PrcFileEdit *edit, PrcEntryFunc is_meant, gpointer data,
                               GError **error);

/** prc_tool_plan_bring: makes @row's key in @edit what is wanted, unless it already means that. */
gboolean prc_tool_plan_bring (PrcToolPlan *work, PrcFileEdit *edit, const PrcToolKey *row,
                              gboolean without_secret, GError **error);

/** prc_tool_plan_refresh: entries that stand for the profile's proxy but may not simply be set
 * (URL-specific keys, conditional ones) get the wanted value in their place; the others are noted.
 */
gboolean prc_tool_plan_refresh (PrcToolPlan *work, PrcFileEdit *edit, gboolean conditional_file,
                                GError **error);

/** prc_tool_plan_take: @after (transfer full) (nullable: the error stands) is the edit's document now. */
gboolean prc_tool_plan_take (PrcFileEdit *edit, PrcDocument *after, GError **error);

/** prc_tool_plan_may_hold_secret: neither tracked by git nor for all users, or the user insists. */
gboolean prc_tool_plan_may_hold_secret (const PrcToolPlan *work, const PrcFoundFile *file);

/** prc_tool_plan_new_file: (transfer none): a place of @row that discovery did not list. */
PrcFoundFile *prc_tool_plan_new_file (PrcToolPlan *work, const PrcToolFile *row, const char *path);

/** prc_tool_plan_find_file: (nullable) (transfer none) */
const PrcFoundFile *prc_tool_plan_find_file (const PrcToolPlan *work, const char *path);

/** prc_tool_plan_explain_no_proxy: notes what the tool will not obey of the profile's list. */
void prc_tool_plan_explain_no_proxy (PrcToolPlan *work);

/* plan-tool.c, plan-env.c, plan-password.c */
gboolean prc_plan_ordinary_tool (PrcToolPlan *work, GError **error);
gboolean prc_plan_environment (PrcToolPlan *work, GError **error);
gboolean prc_plan_passwords (PrcToolPlan *work, GError **error);

/** prc_plan_may_change: the file is of a scope in which passwords are changed. */
gboolean prc_plan_may_change (const PrcPlanOptions *options, const PrcFoundFile *file);

/** prc_plan_options: (transfer none) */
const PrcPlanOptions *prc_plan_options (const PrcPlan *plan);

/** prc_plan_edit: (transfer none): the edit of @file in @plan itself, made on first use. */
PrcFileEdit *prc_plan_edit (PrcPlan *plan, const PrcFound *found, const PrcFoundFile *file);
