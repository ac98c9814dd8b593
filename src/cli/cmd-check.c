/* cmd-check.c - check: is the proxy there, and does it take the credential? */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/check-found.h"
#include "app/check.h"
#include "base/error.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output-check.h"
#include "cli/output.h"

/* "5", "2.5": seconds. */
static gboolean
read_timeout (const char *text, guint *ret_ms, GError **error)
{
    char *end = NULL;
    double seconds = text != NULL ? g_ascii_strtod (text, &end) : 0;

    *ret_ms = 0;
    if (text == NULL)
        return TRUE;
    if (end == text || *end != '\0' || !(seconds >= 0.1) || seconds > 600) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("--timeout needs a number of seconds, from 0.1 to 600"));
        return FALSE;
    }
    *ret_ms = (guint) (seconds * 1000 + 0.5);
    return TRUE;
}

static gboolean
fill_request (PrcOptions *options, PrcCheckRequest *request, PrcSecret **ret_password,
              GError **error)
{
    gboolean gives_password = options->password_stdin || options->password_fd >= 0;

    *request = (PrcCheckRequest){
        .profile = options->arguments[0],
        .proxy = options->proxy,
        .user = options->user,
        .url = options->url,
        .ca = options->ca,
        .force = options->force,
    };
    if (options->proxy != NULL && options->arguments[0] != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("a profile and --proxy are two proxies; name one of them"));
        return FALSE;
    }
    if (gives_password || (options->proxy != NULL && options->user != NULL)) {
        g_autofree char *question =
            g_strdup_printf (_ ("Password of %s at the proxy"),
                             options->user != NULL ? options->user : _ ("the profile's user"));

        *ret_password = prc_cli_read_password (options, question, error);
        if (*ret_password == NULL)
            return FALSE;
        request->password = *ret_password;
    }
    return read_timeout (options->timeout, &request->timeout_ms, error);
}

/* Ctrl-C ends the check, and then the program as ever. */
static volatile sig_atomic_t interrupted;

static void
on_interrupt (int number)
{
    (void) number;
    interrupted = 1;
}

/* Something that goes on by itself: a check, or many. */
typedef struct {
    int fd;
    gboolean (*step) (gpointer data, GError **error);
    char *(*describe) (gpointer data); /* (transfer full) */
    gpointer data;
} Work;

static void
show_progress (const Work *work, guint ticks)
{
    static const char *const wheel[] = { "|", "/", "-", "\\" };
    g_autofree char *text = work->describe (work->data);

    fprintf (stderr, "\r%s %s … ", wheel[ticks % G_N_ELEMENTS (wheel)], text);
    fflush (stderr);
}

/* Progress from the third tenth of a second on, so that what is quick shows nothing. */
static gboolean
wait_for (const Work *work, const PrcOptions *options, GError **error)
{
    struct sigaction action = { .sa_handler = on_interrupt };
    struct sigaction former;
    gint64 started_at = g_get_monotonic_time ();
    gboolean with_progress = isatty (STDERR_FILENO) && !options->quiet;
    gboolean shown = FALSE;
    GError *reason = NULL;

    (void) sigaction (SIGINT, &action, &former);
    for (guint ticks = 0; !interrupted && !work->step (work->data, &reason); ticks++) {
        struct pollfd poll_fd = { .fd = work->fd, .events = POLLIN };

        (void) poll (&poll_fd, 1, 150);
        if (with_progress && !interrupted && g_get_monotonic_time () - started_at > 300000) {
            show_progress (work, ticks);
            shown = TRUE;
        }
    }
    (void) sigaction (SIGINT, &former, NULL);
    if (shown)
        fputs ("\r\033[K", stderr);
    if (interrupted) {
        g_clear_error (&reason); /* the helper has got the signal too */
        g_set_error (&reason, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("interrupted"));
    }
    if (reason != NULL)
        g_propagate_error (error, reason);
    return reason == NULL;
}

/* One check */

typedef struct {
    PrcCheck *check;
    PrcCheckResult *result;
} One;

static gboolean
step_one (gpointer data, GError **error)
{
    One *one = data;

    return prc_check_step (one->check, &one->result, error);
}

static char *
describe_one (gpointer data)
{
    (void) data;
    return g_strdup (_ ("asking the proxy"));
}

static PrcCheckResult *
check_one (PrcOptions *options, PrcSession *session, const PrcCheckRequest *request, GError **error)
{
    One one = { prc_check_start (session, request, error), NULL };
    Work work = { -1, step_one, describe_one, &one };

    if (one.check == NULL)
        return NULL;
    work.fd = prc_check_fd (one.check);
    if (!wait_for (&work, options, error))
        g_clear_pointer (&one.result, prc_check_result_free);
    prc_check_free (one.check);
    return one.result;
}

/* All that are found */

static gboolean
step_found (gpointer data, GError **error)
{
    return prc_check_found_step (data, error);
}

static char *
describe_found (gpointer data)
{
    guint done = 0, n = prc_check_found_count (data, &done);

    return g_strdup_printf (_ ("%u of %u credentials tried"), done, n);
}

/* The answer is no before there is no network, and that before all else. */
static int
worse (int a, int b)
{
    if (a == PRC_EXIT_NO || b == PRC_EXIT_NO)
        return PRC_EXIT_NO;
    return MAX (a, b);
}

static int
run_found (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = NULL;
    g_autoptr (PrcCheckFound) checks = NULL;
    PrcCheckRequest request = { .url = options->url, .ca = options->ca, .force = options->force };
    Work work;
    int code = PRC_EXIT_DONE;
    guint done = 0;

    if (options->proxy != NULL || options->user != NULL || options->password_stdin ||
        options->password_fd >= 0 || options->arguments[0] != NULL) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_USAGE,
            _ ("--found tries what is found: it takes no profile, proxy, user or password"));
        return PRC_EXIT_USAGE;
    }
    if (!read_timeout (options->timeout, &request.timeout_ms, error))
        return PRC_EXIT_USAGE;
    session = prc_cli_session (options, error);
    checks = session != NULL ? prc_check_found_start (session, &request, error) : NULL;
    if (checks == NULL)
        return PRC_EXIT_INPUT;
    work = (Work){ prc_check_found_fd (checks), step_found, describe_found, checks };
    if (!wait_for (&work, options, error))
        return PRC_EXIT_INPUT;
    for (guint i = 0; i < prc_check_found_count (checks, &done); i++)
        code = worse (code, prc_check_exit_code (prc_check_found_result (checks, i)));
    prc_output_check_found (options, checks);
    return code;
}

static int
run_check (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = NULL;
    g_autoptr (PrcSecret) password = NULL;
    g_autoptr (PrcCheckResult) result = NULL;
    PrcCheckRequest request;

    if (options->found)
        return run_found (options, error);
    if (!fill_request (options, &request, &password, error))
        return PRC_EXIT_USAGE;
    session = prc_cli_session (options, error);
    result = session != NULL ? check_one (options, session, &request, error) : NULL;
    if (result == NULL)
        return PRC_EXIT_INPUT;
    if (options->json) {
        json_t *object = prc_json_new ();
        json_t *members = prc_check_json (result);

        json_object_update (object, members);
        json_decref (members);
        prc_output_json (object);
    } else {
        prc_output_check (options, result);
    }
    return prc_check_exit_code (result);
}

const PrcCommand prc_command_check = {
    "check",
    "[PROFILE]",
    N_ ("Ask the proxy itself whether it takes the credential"),
    N_ ("First without a credential, to learn what the proxy asks for; then, only if it asks, once "
        "with\n"
        "it. One that this proxy rejected within the last 30 minutes is not sent again, so that a "
        "check\n"
        "never locks an account. Exit codes: 0 it works, or the credential was accepted; 1 the "
        "proxy\n"
        "refused; 5 a credential is needed; 6 there is no proxy that answers."),
    PRC_TAKES_CHECK | PRC_TAKES_JSON | PRC_TAKES_ASK | PRC_TAKES_TOOLS | PRC_TAKES_ALL_USERS,
    0,
    1,
    run_check,
    prc_complete_own_profile,
};
