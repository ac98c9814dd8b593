/* plan.h - the edits that take what is there to what is wanted; pure data
 *
 * Calling sequence: prc_plan_new(), prc_plan_tool() for each tool with what discovery found, `env`
 * first (whether the others may inherit depends on it), then read the edits and notes. Nothing is
 * read or written: all files are in the #PrcFound. */
#pragma once
#include <glib.h>

#include "catalogue/discover.h"
#include "planner/wanted.h"

/** PrcFileEdit: what becomes of one file. */
typedef struct {
    const PrcTool *tool;
    const PrcFoundFile *file; /* as it is now */
    PrcDocument *doc;         /* as it will be */
    guint n_settings;         /* entries that are added, changed or removed */
    gboolean has_secret;      /* it will hold the password */
    gboolean remove;          /* ours, and empty now: the file goes */
    gboolean is_generated;    /* ours, written whole */
} PrcFileEdit;

typedef enum {
    PRC_NOTE_INFO,     /* good to know */
    PRC_NOTE_UNSERVED, /* the tool can't be served, or not in this way: exit 1 */
    PRC_NOTE_LEFT,     /* something stays that the profile does not want: exit 1 */
} PrcNoteKind;

typedef struct {
    PrcNoteKind kind;
    const PrcTool *tool;
    char *where; /* (nullable): FILE or FILE:LINE */
    char *text;
} PrcNote;

/** PrcPasswordRules: a plan that brings about nothing but the password: "my password has changed".
 */
typedef struct {
    PrcSecret *old;   /* (nullable): the one that was stored until now */
    GPtrArray *older; /* of PrcSecret: gets each further password that was found to be this user's
                         at these proxies, once */
} PrcPasswordRules;

typedef struct {
    const PrcWanted *wanted;
    const PrcPlace *place;
    gboolean with_system;   /* system files too */
    gboolean allow_exposed; /* secrets into files that git tracks, or that all users read */
    gboolean env_is_served; /* `env` is among the tools of this plan, or is as wanted: others may
                               inherit */
    const PrcTool *env;     /* (nullable): it */
    PrcPlacement env_placement; /* how the environment has the credential: others inherit that */
    const char *program;        /* (nullable): this program's path, for those that refer to it */
    const char *evaluation_obstacle; /* (nullable): why shells would not get this profile from it */
    const PrcPasswordRules *passwords; /* (nullable): only passwords are changed */
} PrcPlanOptions;

typedef struct _PrcPlan PrcPlan;

/** prc_plan_new: (transfer full): @options and what it points to must outlive the plan. */
PrcPlan *prc_plan_new (const PrcPlanOptions *options);
void prc_plan_free (PrcPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcPlan, prc_plan_free)

/**
 * prc_plan_tool:
 * @found: must outlive the plan
 * @dialect: @found->tool's, with the version's rules filled in
 * @error: #PRC_ERROR_INPUT for a file that the tool itself rejects, naming it;
 * #PRC_ERROR_UNSUPPORTED when an edit is not possible. The plan is then as before this call.
 *
 * What can't be served is not an error but a note. With @passwords in the options, whatever holds
 * another password of the wanted user at one of the profile's proxies gets the wanted one: in any
 * file of a scope that may be written, of projects too, read or not, under any key, in the tool's
 * own encoding; it goes, and nothing comes, where the placement isn't inline. Files that are
 * rejected are left alone.
 */
gboolean prc_plan_tool (PrcPlan *plan, const PrcFound *found, const PrcUrlDialect *dialect,
                        GError **error);

/**
 * prc_plan_scrub: copies of a password in comments of @found's files, as they will be, become
 * "***".
 * @searches: (element-type PrcSecretSearch)
 *
 * What may be anything but a comment, such as code of a shell, is left. Returns: how many there
 * were.
 */
guint prc_plan_scrub (PrcPlan *plan, const PrcFound *found, const GPtrArray *searches);

/**
 * prc_plan_clear_copies: for a tool whose files are to hold no password: copies in comments become
 * "***"; those that have to stay are noted.
 * @searches: (element-type PrcSecretSearch)
 */
void prc_plan_clear_copies (PrcPlan *plan, const PrcFound *found, const GPtrArray *searches);

/** prc_plan_is_comment: @at (in @doc's bytes) lies in a comment, as far as that can be told for
 * sure. */
gboolean prc_plan_is_comment (const PrcDocument *doc, gsize at);

/** prc_plan_document: (transfer none) (nullable): @file as it will be; as it is, when it has no
 * edit. */
const PrcDocument *prc_plan_document (const PrcPlan *plan, const PrcFoundFile *file);

/** prc_plan_edits: (element-type PrcFileEdit): only files that will be different, or that need
 * another mode. */
const GPtrArray *prc_plan_edits (const PrcPlan *plan);
/** prc_plan_notes: (element-type PrcNote) */
const GPtrArray *prc_plan_notes (const PrcPlan *plan);
/** prc_plan_tool_is_inheriting: the plan leaves this tool without a proxy of its own. */
gboolean prc_plan_tool_inherits (const PrcPlan *plan, const PrcTool *tool);

/** prc_file_edit_tightens: the file will hold a secret, and others could read it now. */
gboolean prc_file_edit_tightens (const PrcFileEdit *edit);
/** prc_file_edit_changes: its bytes will be others. */
gboolean prc_file_edit_changes (const PrcFileEdit *edit);
