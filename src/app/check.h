/* check.h - one live check: is the proxy there, and does it take the credential?
 *
 * The exchange runs in a process of its own, proxyrc-probe. A credential is sent at most once; one
 * that this proxy rejected a short while ago is not sent again (verdict `withheld`) unless the
 * request says so. */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "base/secret.h"
#include "model/verdict.h"

/** PrcCheckRequest: borrowed strings, needed only while starting. Zero what is not said. */
typedef struct {
    const char *profile; /* (nullable): the active one; unless @proxy is set */
    const char *proxy;   /* (nullable): a proxy URL without password, instead of the profile's */
    const char *auth;    /* (nullable): instead of the profile's: "basic", …, "any" */
    const char *user;    /* (nullable): instead of the profile's */
    PrcSecret *password; /* (nullable): instead of the stored one */
    gboolean without_credential; /* send none, whatever is stored: only what the proxy offers */
    gboolean password_only; /* not with a Kerberos ticket: what is asked is whether the password is
                               right */
    const char *url;        /* (nullable): the profile's check_url */
    const char *ca;         /* (nullable): the profile's; a file of PEM certificates */
    guint timeout_ms;       /* 0: 15 s for all of it */
    gboolean force;         /* send also what was rejected a short while ago */
} PrcCheckRequest;

/** PrcCheck: one that is running. */
typedef struct _PrcCheck PrcCheck;

/**
 * prc_check_start: returns at once (a locked store apart, which is unlocked by the session's
 * `ask`).
 * @error: #PRC_ERROR_LOCKED, #PRC_ERROR_INPUT, #PRC_ERROR_NOT_FOUND: nothing was started. What goes
 * wrong on the network is never an error, but a verdict. Returns: (transfer full) (nullable): needs
 * @session until its end
 */
PrcCheck *prc_check_start (PrcSession *session, const PrcCheckRequest *request,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_check_fd: becomes readable when prc_check_step() has something to do. */
int prc_check_fd (const PrcCheck *check);
/**
 * prc_check_step: never blocks. TRUE when it is over: *@ret_result is (transfer full), or NULL with
 * @error
 * (#PRC_ERROR_CANCELLED, or the helper could not be run).
 */
gboolean prc_check_step (PrcCheck *check, PrcCheckResult **ret_result, GError **error);
/** prc_check_free: (nullable): ends the helper if it still runs: that is how a check is cancelled.
 */
void prc_check_free (PrcCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcCheck, prc_check_free)

/** prc_check_run: start, and wait, as long as the session's `ask` says to keep waiting.
 * (transfer full) (nullable) */
PrcCheckResult *prc_check_run (PrcSession *session, const PrcCheckRequest *request,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_check_login: tries @password once at each proxy of @profile, with schemes that use a
 * password, and ends at the first one that doesn't accept it; @force: also what one of them has
 * rejected a short while ago. (transfer full) (nullable): of the last one tried: only
 * PRC_CREDENTIAL_ACCEPTED means that all of them took it.
 */
PrcCheckResult *prc_check_login (PrcSession *session, const PrcProfile *profile, const char *user,
                                 PrcSecret *password, gboolean force,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
