/* write.h - apply, use and undo: what changes files */
#pragma once
#include <glib.h>

#include "app/session.h"

typedef struct {
    char *path;
    const char *action; /* "edit", "create", "remove", "none" */
    guint n_settings;
} PrcFileRow;

/** PrcReport: what was written, or would be. */
typedef struct {
    gboolean changed;         /* something was written; for a dry run: would be */
    char *transaction;        /* (nullable) */
    GPtrArray *files;         /* of PrcFileRow */
    char *diff;               /* secrets masked; "" when nothing changes */
    GPtrArray *warnings;      /* of utf8 */
    gboolean has_environment; /* files of the environment change: open shells keep what they have */
    gboolean is_partial;      /* a tool could not be served, or something was left: exit 1 */
} PrcReport;

void prc_report_free (PrcReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcReport, prc_report_free)

/** prc_apply: @profile_name NULL: the active one. With dry_run in the session's options nothing is
 * written. (transfer full) (nullable) */
PrcReport *prc_apply (PrcSession *session, const char *profile_name,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_use: makes the profile the active one and applies it, in one transaction. (transfer full)
 * (nullable) */
PrcReport *prc_use (PrcSession *session, const char *profile_name,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** PRC_PASSWD_NOTE: how the history marks a change of password; with …_SERVICE, its store was no
 * part of the transaction. */
#define PRC_PASSWD_NOTE "passwd"
#define PRC_PASSWD_NOTE_SERVICE "passwd, store apart"

/**
 * prc_undo: @id NULL: the newest. Nothing to undo is no error: nothing changed.
 * @force: also a change of password, which would bring back a dead one
 * @error: #PRC_ERROR_INPUT: without it
 *
 * Returns: (transfer full) (nullable)
 */
PrcReport *prc_undo (PrcSession *session, const char *id, gboolean force,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
