/* session.h - one run of the program: whose machine and home, which catalogue, which profiles */
#pragma once
#include <glib.h>

#include "apply/transaction.h"
#include "catalogue/catalogue.h"
#include "catalogue/place.h"
#include "model/profile.h"
#include "secrets/store.h"

/** PrcSessionOptions: what the faces were told. Strings are borrowed for the life of the session.
 */
typedef struct {
    const char *home; /* (nullable): another user's home: the caller's variables don't count */
    const char *root; /* (nullable): an image or chroot */
    const char *shell; /* (nullable): the login shell of the home's owner, where that is known */
    const char *config_file; /* (nullable): instead of the user's proxyrc.cfg */
    char **tools;            /* (nullable): only these */
    char **leave_out; /* (nullable): paths of files that are not to be written, though the plan
                         wants it */
    gboolean with_system;
    gboolean allow_exposed;
    gboolean in_place;
    gboolean dry_run;
    gboolean only_reads; /* what a crash has left is not looked at: no lock is waited for */
    int shared_rejected; /* 0: none; else see prc_rejected_shared_new() */
    PrcStoreAsk ask;     /* how a passphrase is asked for */
} PrcSessionOptions;

typedef struct _PrcSession PrcSession;

/**
 * prc_session_new:
 * @error: #PRC_ERROR_USAGE (no such home), or of the recovery
 *
 * Also recovers what a crash of an earlier run has left. Returns: (transfer full) (nullable)
 */
PrcSession *prc_session_new (const PrcSessionOptions *options,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_session_free (PrcSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcSession, prc_session_free)

/** prc_session_system_config: the file of the profiles for all users. (transfer full) */
char *prc_session_system_config (const char *root);

const PrcSessionOptions *prc_session_options (const PrcSession *session);
const PrcPlace *prc_session_place (const PrcSession *session);
/**
 * prc_session_catalogue: read when it is first asked for: most commands need none of it, or little.
 * @error: #PRC_ERROR_INPUT: a data file is wrong; #PRC_ERROR_USAGE: --tools names one that isn't
 * there Returns: (transfer none) (nullable)
 */
const PrcCatalogue *prc_session_catalogue (PrcSession *session, GError **error);
/** prc_session_tool: (transfer none) (nullable): as above, but reads no more than this tool's file.
 */
const PrcTool *prc_session_tool (PrcSession *session, const char *name, GError **error);
/** prc_session_recovered: (nullable) (transfer none): what a crash had left, and what was done
 * about it. */
const PrcRecovery *prc_session_recovered (const PrcSession *session);

PrcStateDir *prc_session_state_dir (PrcSession *session);
/** prc_session_apply_options: with the sealer for undo data; the label is the caller's to fill in.
 */
PrcApplyOptions prc_session_apply_options (PrcSession *session);
/** prc_session_data_dir: (transfer none): where stores that are files have theirs. */
const char *prc_session_data_dir (const PrcSession *session);
/** prc_session_program: (transfer none): where files can find this program: the path in PATH by
 * which it was installed, if it is there, since the file behind that may move; inside the root. */
const char *prc_session_program (PrcSession *session);
/** prc_session_program_runs: it is there, for the one whose home this is. */
gboolean prc_session_program_runs (PrcSession *session);
/** prc_session_config_path, …_system_config_path: of the two profile files. (transfer none) */
const char *prc_session_config_path (const PrcSession *session);
const char *prc_session_system_config_path (const PrcSession *session);

/** prc_session_wants_tool: of --tools, and of the profile's (nullable). */
gboolean prc_session_wants_tool (const PrcSession *session, const PrcProfile *profile,
                                 const PrcTool *tool);
