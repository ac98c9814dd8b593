#include "app/check.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "app/check-request.h"
#include "app/check-tools.h"
#include "app/rejected.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/credential.h"
#include "probe/client.h"
#include "probe/judge.h"

#define LOOK_AGAIN_MS 100 /* at whether somebody still waits for it */

struct _PrcCheck {
    PrcProbeRequest *request;
    PrcProbe *probe;        /* the helper: waiting, or at work */
    gboolean is_asked;      /* it is at work */
    PrcCheckResult *result; /* (nullable): known without it */
    PrcRejected *rejected;  /* (nullable): the memory, for the credential that may be sent */
    PrcSession *session;    /* (transfer none) */
    char *auth;             /* (nullable): the profile's */
    gboolean is_forced;
    gint64 started_at;
    int timer_fd; /* ticks while there is no helper, so that prc_check_step() is called; -1 */
    int epoll_fd; /* of the helper, or of the timer: the same one all the time */
};

void
prc_check_free (PrcCheck *check)
{
    if (check == NULL)
        return;
    prc_probe_free (check->probe);
    prc_probe_request_free (check->request);
    prc_check_result_free (check->result);
    prc_rejected_free (check->rejected);
    g_free (check->auth);
    prc_fd_clear (&check->timer_fd);
    prc_fd_clear (&check->epoll_fd);
    g_free (check);
}

static gboolean
fail_to_start (GError **error)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK, _ ("the check can't be started: %s"),
                 g_strerror (errno));
    return FALSE;
}

static gboolean
watch (PrcCheck *check, int fd, GError **error)
{
    struct epoll_event event = { .events = EPOLLIN };

    return epoll_ctl (check->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0 || fail_to_start (error);
}

/* In @ms, and every @ms after that. */
static gboolean
tick (PrcCheck *check, guint ms, GError **error)
{
    struct itimerspec times = { .it_value = { 0, (long) ms * 1000000L + 1 },
                                .it_interval = { 0, (long) ms * 1000000L } };

    check->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (check->timer_fd < 0 || timerfd_settime (check->timer_fd, 0, &times, NULL) != 0)
        return fail_to_start (error);
    return watch (check, check->timer_fd, error);
}

static gboolean
sends_password (const PrcProbeRequest *request)
{
    return request->user != NULL && request->password != NULL && request->schemes != 0;
}

static void
open_memory (PrcSession *session, PrcCheck *check)
{
    const PrcProbeRequest *request = check->request;
    g_autoptr (PrcCredentialRef) ref =
        prc_credential_ref_new (prc_proxy_scheme_name (request->proxy->scheme),
                                request->proxy->host, request->proxy->port, request->user);

    /* without a state directory there is no memory; the check itself is no less good */
    check->rejected = prc_rejected_new (session, ref, request->password, NULL);
}

static char *
age_text (guint seconds)
{
    guint minutes = (seconds + 30) / 60;

    return minutes == 0
               ? g_strdup (_ ("less than a minute ago"))
               : g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", minutes), minutes);
}

static PrcCheckResult *
withheld (const PrcCheck *check, guint seconds)
{
    PrcCheckResult *result = prc_judge_result_new (check->request);
    g_autofree char *age = age_text (seconds);
    g_autofree char *user = prc_text_printable (check->request->user);

    result->verdict = PRC_VERDICT_WITHHELD;
    result->detail =
        /* Translators: a user's name, and when: "3 minutes ago" */
        g_strdup_printf (_ ("this proxy rejected this very password of %s %s; it was not sent "
                            "again, so that the account is not locked"),
                         user, age);
    result->remedy =
        g_strdup (_ ("store the right password with `proxyrc passwd`; if something has changed at "
                     "the proxy since, send this one again with `proxyrc check --force`"));
    return result;
}

/* One run in many homes: what another home has learned of this account. */
static PrcCheckResult *
withheld_account (const PrcCheck *check)
{
    PrcCheckResult *result = prc_judge_result_new (check->request);
    g_autofree char *user = prc_text_printable (check->request->user);

    result->verdict = PRC_VERDICT_WITHHELD;
    result->detail =
        g_strdup_printf (_ ("not sent: this proxy has just rejected the password that another home "
                            "has for %s, and each further one counts towards a lock of the account"),
                         user);
    result->remedy = g_strdup (_ ("once the other home has the right password, check this one "
                                  "again"));
    return result;
}

static PrcCheckResult *
busy (const PrcCheck *check)
{
    PrcCheckResult *result = prc_judge_result_new (check->request);

    result->verdict = PRC_VERDICT_TIMEOUT;
    result->detail =
        g_strdup (_ ("another proxyrc is trying this very credential, and has not ended in time"));
    result->remedy = g_strdup (_ ("check again when it has ended"));
    return result;
}

static guint
elapsed_ms (const PrcCheck *check)
{
    return (guint) ((g_get_monotonic_time () - check->started_at) / 1000);
}

/* Sends nothing before it is sure that nobody else is sending the same, and that it wasn't
 * rejected. TRUE: the helper is at work, or the result is known; FALSE: wait, or @error. */
static gboolean
advance (PrcCheck *check, GError **error)
{
    guint seconds = 0;

    if (check->rejected != NULL && !prc_rejected_claim (check->rejected)) {
        if (elapsed_ms (check) < check->request->timeout_ms)
            return FALSE;
        check->result = busy (check);
        return TRUE;
    }
    if (check->rejected != NULL && !check->is_forced &&
        prc_rejected_find (check->rejected, &seconds)) {
        check->result = withheld (check, seconds);
        return TRUE;
    }
    if (check->rejected != NULL && !check->is_forced &&
        prc_rejected_find_account (check->rejected)) {
        check->result = withheld_account (check);
        return TRUE;
    }
    if (!prc_probe_ask (check->probe, check->request, error) ||
        !watch (check, prc_probe_fd (check->probe), error))
        return FALSE;
    check->is_asked = TRUE;
    prc_fd_clear (&check->timer_fd);
    return TRUE;
}

/* Before anything is looked up: it gets ready meanwhile. */
static PrcProbe *
start_helper (const PrcSession *session, GError **error)
{
    const PrcPlace *place = prc_session_place (session);
    PrcProbeSetting setting = { NULL, NULL };

    if (place->env != NULL) {
        setting.ticket = prc_place_getenv (place, "KRB5CCNAME");
        setting.krb5_config = prc_place_getenv (place, "KRB5_CONFIG");
    }
    return prc_probe_new (&setting, error);
}

PrcCheck *
prc_check_start (PrcSession *session, const PrcCheckRequest *request, GError **error)
{
    g_autoptr (PrcCheck) check = g_new0 (PrcCheck, 1);
    GError *reason = NULL;

    check->timer_fd = -1;
    check->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
    check->is_forced = request->force;
    check->session = session;
    check->probe = start_helper (session, error);
    if (check->probe == NULL)
        return NULL;
    check->request = prc_check_make_request (session, request, &check->auth, error);
    if (check->request == NULL || (check->epoll_fd < 0 && !fail_to_start (error)))
        return NULL;
    check->started_at = g_get_monotonic_time ();
    if (sends_password (check->request))
        open_memory (session, check);
    if (!advance (check, &reason) && reason != NULL) {
        g_propagate_error (error, reason);
        return NULL;
    }
    if (!check->is_asked && !tick (check, check->result != NULL ? 0 : 20, error))
        return NULL;
    if (check->is_asked) /* it will be needed for the answer, and the helper is not ready yet */
        (void) prc_session_catalogue (session, NULL);
    return g_steal_pointer (&check);
}

int
prc_check_fd (const PrcCheck *check)
{
    return check->epoll_fd;
}

/* Only what says something about the password itself: a ticket, or a timeout, does not. */
static void
keep_in_mind (PrcCheck *check, PrcCheckResult *result)
{
    gboolean was_password = g_strcmp0 (result->scheme_used, "negotiate") != 0;

    if (check->rejected == NULL || !was_password)
        return;
    if (result->credential == PRC_CREDENTIAL_REJECTED)
        (void) prc_rejected_remember (check->rejected);
    else if (result->credential == PRC_CREDENTIAL_ACCEPTED)
        (void) prc_rejected_forget (check->rejected);
}

/* Kerberos' library can end the process at a ticket that is being written just now. No password has
 * gone out then: again, with the other schemes. */
static gboolean
try_without_ticket (PrcCheck *check, const PrcFacts *facts)
{
    const guint negotiate = 1u << PRC_AUTH_NEGOTIATE;
    PrcProbe *probe = NULL;

    if (facts == NULL || !facts->is_broken || g_strcmp0 (facts->sending, "negotiate") != 0 ||
        (check->request->schemes & negotiate) == 0 ||
        (probe = start_helper (check->session, NULL)) == NULL)
        return FALSE;
    check->request->schemes &= ~negotiate;
    prc_probe_free (check->probe);
    check->probe = probe;
    return prc_probe_ask (probe, check->request, NULL) && watch (check, prc_probe_fd (probe), NULL);
}

gboolean
prc_check_step (PrcCheck *check, PrcCheckResult **ret_result, GError **error)
{
    g_autoptr (PrcFacts) facts = NULL;
    GError *reason = NULL;
    guint64 ticks = 0;

    *ret_result = NULL;
    if (!check->is_asked && check->result == NULL) {
        (void) !read (check->timer_fd, &ticks, sizeof ticks);
        if (!advance (check, &reason)) {
            if (reason != NULL)
                g_propagate_error (error, reason);
            return reason != NULL;
        }
    }
    if (check->result != NULL) {
        *ret_result = g_steal_pointer (&check->result);
        return TRUE;
    }
    if (!prc_probe_step (check->probe, &facts, error) || try_without_ticket (check, facts))
        return FALSE;
    if (facts != NULL) {
        *ret_result = prc_judge (check->request, facts);
        keep_in_mind (check, *ret_result);
        prc_check_add_tools (check->session, check->auth, *ret_result);
    }
    return TRUE;
}

PrcCheckResult *
prc_check_run (PrcSession *session, const PrcCheckRequest *request, GError **error)
{
    g_autoptr (PrcCheck) check = prc_check_start (session, request, error);
    const PrcStoreAsk *ask = &prc_session_options (session)->ask;
    PrcCheckResult *result = NULL;

    if (check == NULL)
        return NULL;
    while (!prc_check_step (check, &result, error)) {
        struct pollfd poll_fd = { .fd = prc_check_fd (check), .events = POLLIN };

        if (ask->keep_waiting != NULL && !ask->keep_waiting (ask->data)) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("cancelled"));
            break;
        }
        if (poll (&poll_fd, 1, ask->keep_waiting != NULL ? LOOK_AGAIN_MS : -1) < 0 &&
            errno != EINTR)
            break;
    }
    return result;
}
