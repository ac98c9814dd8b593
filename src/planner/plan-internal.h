/* plan-internal.h - what the parts of the planner share: the edits and notes while they grow */
#pragma once
#include "planner/plan.h"

/** PrcToolPlan: the work on one tool; taken over into the plan only when all of it went well. */
typedef struct {
    PrcPlan *plan;
    const PrcPlanOptions *options; /* its @wanted is what the tool's own files get */
    const PrcWanted *credential;   /* all that is wanted, wherever it is kept */
    PrcPlacement placement;
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

/** prc_tool_plan_remove_or_report: the same; what can't be removed stays and is said, once. */
gboolean prc_tool_plan_remove_or_report (PrcToolPlan *work, PrcFileEdit *edit,
                                         PrcEntryFunc is_meant, gpointer data, GError **error);

/** prc_tool_plan_bring: makes @row's key in @edit what is wanted, unless it already means that. */
gboolean prc_tool_plan_bring (PrcToolPlan *work, PrcFileEdit *edit, const PrcToolKey *row,
                              gboolean without_secret, GError **error);

/** prc_tool_plan_refresh: entries that stand for the profile's proxy but may not simply be set
 * (URL-specific keys, conditional ones) get the wanted value in their place; the others are noted.
 */
gboolean prc_tool_plan_refresh (PrcToolPlan *work, PrcFileEdit *edit, gboolean conditional_file,
                                GError **error);

/** prc_tool_plan_take: @after (transfer full) (nullable: the error stands) is the edit's document
 * now. */
gboolean prc_tool_plan_take (PrcFileEdit *edit, PrcDocument *after, GError **error);

/** prc_tool_plan_may_hold_secret: neither tracked by git, nor for all users, nor in a shared
 * folder, or the user insists. */
gboolean prc_tool_plan_may_hold_secret (const PrcToolPlan *work, const PrcFoundFile *file);

/** prc_tool_plan_new_file: (transfer none): a place of @row that discovery did not list. */
PrcFoundFile *prc_tool_plan_new_file (PrcToolPlan *work, const PrcToolFile *row, const char *path);

/** prc_tool_plan_find_file: (nullable) (transfer none) */
const PrcFoundFile *prc_tool_plan_find_file (const PrcToolPlan *work, const char *path);

/** prc_tool_plan_explain_no_proxy: notes what the tool will not obey of the profile's list. */
void prc_tool_plan_explain_no_proxy (PrcToolPlan *work);

/* plan-env.c, for plan-evaluate.c */
/** prc_shell_reads: whether a login shell of the name @shell reads start-up files of this @owner,
 * the (nullable) `shell` of the catalogue's rows. */
gboolean prc_shell_reads (const char *shell, const char *owner);
/** prc_shell_grammar: "sh", "fish" or "csh" */
const char *prc_shell_grammar (const char *shell);
/** prc_env_has_active_proxy: a proxy is set there that the shell surely hands on. */
gboolean prc_env_has_active_proxy (const PrcToolPlan *work, const PrcDocument *doc);
/** prc_env_edit_file: its settings become what is wanted, where they stand; @clear: they go. */
gboolean prc_env_edit_file (PrcToolPlan *work, const PrcFoundFile *file, gboolean clear,
                            GError **error);
/** prc_env_generated_row: (nullable): of the file that is our own. */
const PrcToolFile *prc_env_generated_row (const PrcToolPlan *work, const char *shell);
/** prc_env_find_by_row: (nullable) */
const PrcFoundFile *prc_env_find_by_row (const PrcToolPlan *work, const PrcToolFile *row);
/** prc_env_start_files: (transfer full) (element-type PrcFoundFile): those that @shell needs our
 * line in. */
GPtrArray *prc_env_start_files (const PrcToolPlan *work, const char *shell);
/** prc_env_add_start_line: makes sure that it is there; a file that is made for it says so. */
gboolean prc_env_add_start_line (PrcToolPlan *work, const PrcFoundFile *file, const char *key,
                                 const char *value, GError **error);
/** prc_env_drop_generated: our own files go, but for @kept's (nullable), with the lines that read
 * them. */
gboolean prc_env_drop_generated (PrcToolPlan *work, const PrcToolFile *kept, GError **error);

/* plan-helper.c */
/** prc_tool_plan_bring_helper: the tool asks this program for the password, and no other, about the
 * profile's proxies; @target (nullable): the file that names them. Without any need for it, what an
 * earlier plan has written for it goes. */
gboolean prc_tool_plan_bring_helper (PrcToolPlan *work, const PrcFoundFile *target, GError **error);

/* plan-evaluate.c */
/** prc_tool_plan_evaluate: each shell that has settings, and the user's own, takes the environment
 * from this program when it starts. */
gboolean prc_tool_plan_evaluate (PrcToolPlan *work, GError **error);
/** prc_tool_plan_drop_evaluation: the lines that do so go. */
gboolean prc_tool_plan_drop_evaluation (PrcToolPlan *work, GError **error);

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

/** prc_plan_note: in @plan itself; @file (nullable), @line 0: none */
void prc_plan_note (PrcPlan *plan, PrcNoteKind kind, const PrcTool *tool, const PrcFoundFile *file,
                    guint line, const char *text);
