/* passwd.h - "my password has changed": tried once, stored, and written to every place that held an
 * old one
 *
 * One call does it all, and may take a while where whole trees are searched: a face that must go on
 * drawing runs it in a thread of its own, reads @progress, and sets @progress->cancelled: until the
 * transaction begins, that ends it with nothing changed. The session belongs to that thread for as
 * long. A face that shows a preview calls it with a dry-run session first; one that wants to end
 * even a check at once makes that itself (check.h) and says @no_check. */
#pragma once
#include <glib.h>

#include "app/check.h"
#include "app/left.h"
#include "app/running.h"
#include "app/scan.h"
#include "app/write.h"

/** PrcPasswdRequest: borrowed for the call. Zero what is not said. */
typedef struct {
    const char *profile; /* (nullable): the active one */
    PrcSecret *password; /* the new one */
    gboolean no_check;   /* don't try it on the proxy */
    gboolean force;      /* try it even if the proxy has rejected it a short while ago */
    gboolean scrub;      /* also what nobody needs: comments, logs, copies, lines of histories */
    char **scan;         /* (nullable): trees in which project files are changed too */
    PrcScanProgress *progress; /* (nullable) */
} PrcPasswdRequest;

typedef enum {
    PRC_PASSWD_DONE,
    PRC_PASSWD_REJECTED, /* by the proxy, now or a short while ago: nothing was changed */
    PRC_PASSWD_UNTESTED, /* nothing could be found out: nothing was changed */
} PrcPasswdOutcome;

/** PrcPasswdReport: what has become of it. */
typedef struct {
    PrcPasswdOutcome outcome;
    char *profile;
    PrcReport *report;     /* the files, the diff, what could not be served */
    PrcCheckResult *check; /* (nullable): not asked for */
    GPtrArray *left;       /* of PrcLeftRow: what still holds an old one */
    GPtrArray *running;    /* of PrcRunningRow */
    guint n_scrubbed;      /* comments masked, histories cleaned, logs and copies removed */
    gboolean is_weak; /* an old one may be a word: it was looked for only behind its user name */
    gboolean is_live; /* something that is left may still be sent: exit 1 */
} PrcPasswdReport;
void prc_passwd_report_free (PrcPasswdReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcPasswdReport, prc_passwd_report_free)

/**
 * prc_passwd:
 * @error: #PRC_ERROR_LOCKED: nothing is stored for the profile yet, or its store is locked;
 *   #PRC_ERROR_UNSUPPORTED: no file could carry this password; #PRC_ERROR_INPUT: a file that holds
 *   the old one is rejected by its tool; #PRC_ERROR_WRITE, #PRC_ERROR_CHANGED: all was rolled back;
 *   #PRC_ERROR_CANCELLED. With any of them nothing is stored and nothing written.
 *
 * In this order: everything is read and planned; the password is sent to the proxy once; store,
 * settings and what is scrubbed change in one transaction; everything is read again. A store that
 * is a file is part of the transaction, so a crash at any moment leaves all old or all new; one
 * that is a service gets the password as the transaction's last step: a crash within that step may
 * leave it with the new one and the files with the old, which the next start says.
 *
 * With dry_run in the session's options nothing is sent, stored or written.
 * Returns: (transfer full) (nullable)
 */
PrcPasswdReport *prc_passwd (PrcSession *session, const PrcPasswdRequest *request,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
