#include "probe/client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/program.h"

/** The helper keeps to the deadline itself, and a little earlier, so that it can still tell what it
 * knows. */
#define HELPER_MARGIN_MS 100u

struct _PrcProbe {
    pid_t pid; /* 0: ended */
    int socket_fd, timer_fd, epoll_fd;
    GBytes *request; /* (nullable): what is still to be sent */
    gsize n_sent;
    GString *answer; /* what is not parsed yet */
    gsize n_answered;
    PrcFacts *facts;
    gint64 started_at;
};

static gpointer
reap (gpointer pid)
{
    while (waitpid (GPOINTER_TO_INT (pid), NULL, 0) < 0 && errno == EINTR)
        continue;
    return NULL;
}

/* The kernel takes as long to take a process with many libraries apart as the exchange itself:
 * nobody waits for it. */
static void
end_helper (PrcProbe *probe)
{
    GThread *reaper = NULL;

    if (probe->pid <= 0)
        return;
    (void) kill (probe->pid, SIGKILL);
    if (waitpid (probe->pid, NULL, WNOHANG) == 0) {
        reaper = g_thread_try_new ("reaper", reap, GINT_TO_POINTER (probe->pid), NULL);
        if (reaper != NULL)
            g_thread_unref (reaper);
        else
            (void) reap (GINT_TO_POINTER (probe->pid));
    }
    probe->pid = 0;
}

void
prc_probe_free (PrcProbe *probe)
{
    if (probe == NULL)
        return;
    end_helper (probe);
    prc_fd_clear (&probe->socket_fd);
    prc_fd_clear (&probe->timer_fd);
    prc_fd_clear (&probe->epoll_fd);
    g_clear_pointer (&probe->request, g_bytes_unref);
    (void) g_string_free (probe->answer, TRUE);
    prc_facts_free (probe->facts);
    g_free (probe);
}

static gboolean
fail_to_start (GError **error, const char *path, int number)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK, _ ("%s: can't be started for the check: %s"),
                 path, g_strerror (number));
    return FALSE;
}

static char *
variable (const char *name, const char *value)
{
    return value != NULL ? g_strconcat (name, "=", value, NULL) : NULL;
}

/* An environment of its own, our socket as stdin and stdout, no other descriptor, and the signals
 * as a new process has them. */
static gboolean
spawn (PrcProbe *probe, const PrcProbeSetting *setting, int child_fd, GError **error)
{
    g_autofree char *path = prc_helper_path ("proxyrc-probe");
    g_autofree char *ticket = variable ("KRB5CCNAME", setting->ticket);
    g_autofree char *config = variable ("KRB5_CONFIG", setting->krb5_config);
    char *argv[] = { (char *) "proxyrc-probe", NULL };
    char *envp[] = {
        (char *) "PATH=/usr/bin:/bin",
        /* libcurl brings GnuTLS along for LDAP and RTMP; where it speaks TLS by it, it says so */
        (char *) "GNUTLS_NO_IMPLICIT_INIT=1",
        NULL,
        NULL,
        NULL,
    };
    gsize n = 2;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int failed = 0;

    if (ticket != NULL)
        envp[n++] = ticket;
    if (config != NULL)
        envp[n++] = config;
    (void) sigemptyset (&none);
    (void) sigfillset (&all);
    (void) posix_spawn_file_actions_init (&actions);
    (void) posix_spawnattr_init (&attributes);
    (void) posix_spawnattr_setsigmask (&attributes, &none);
    (void) posix_spawnattr_setsigdefault (&attributes, &all);
    (void) posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    (void) posix_spawn_file_actions_adddup2 (&actions, child_fd, STDIN_FILENO);
    (void) posix_spawn_file_actions_adddup2 (&actions, child_fd, STDOUT_FILENO);
    (void) posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    failed = posix_spawn (&probe->pid, path, &actions, &attributes, argv, envp);
    (void) posix_spawn_file_actions_destroy (&actions);
    (void) posix_spawnattr_destroy (&attributes);
    if (failed != 0)
        probe->pid = 0;
    return failed == 0 || fail_to_start (error, path, failed);
}

static gboolean
watch (PrcProbe *probe, int fd, guint32 events, int operation)
{
    struct epoll_event event = { .events = events, .data = { .fd = fd } };

    return epoll_ctl (probe->epoll_fd, operation, fd, &event) == 0;
}

/* As much as the socket takes; then its end, by which the helper knows that it has all. */
static void
send_some (PrcProbe *probe)
{
    gsize length = 0;
    const char *bytes = probe->request != NULL ? g_bytes_get_data (probe->request, &length) : NULL;

    while (bytes != NULL && probe->n_sent < length) {
        gssize n = send (probe->socket_fd, bytes + probe->n_sent, length - probe->n_sent,
                         MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (n < 0)
            break; /* it has died: its end is read below */
        probe->n_sent += (gsize) n;
    }
    if (bytes != NULL) {
        (void) shutdown (probe->socket_fd, SHUT_WR);
        (void) watch (probe, probe->socket_fd, EPOLLIN, EPOLL_CTL_MOD);
        g_clear_pointer (&probe->request, g_bytes_unref);
    }
}

static gboolean
open_descriptors (PrcProbe *probe, int *ret_child_fd)
{
    int pair[2];

    if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return FALSE;
    probe->socket_fd = pair[0];
    *ret_child_fd = pair[1];
    probe->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
    probe->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    return probe->epoll_fd >= 0 && probe->timer_fd >= 0 &&
           watch (probe, probe->timer_fd, EPOLLIN, EPOLL_CTL_ADD);
}

PrcProbe *
prc_probe_new (const PrcProbeSetting *setting, GError **error)
{
    g_autoptr (PrcProbe) probe = g_new0 (PrcProbe, 1);
    g_auto (PrcFd) child_fd = -1;

    probe->socket_fd = probe->timer_fd = probe->epoll_fd = -1;
    probe->answer = g_string_new (NULL);
    probe->facts = prc_facts_new ();
    if (!open_descriptors (probe, &child_fd)) {
        (void) fail_to_start (error, "proxyrc-probe", errno);
        return NULL;
    }
    if (!spawn (probe, setting, child_fd, error))
        return NULL;
    return g_steal_pointer (&probe);
}

gboolean
prc_probe_ask (PrcProbe *probe, const PrcProbeRequest *request, GError **error)
{
    guint timeout_ms = MAX (request->timeout_ms, 1u);
    struct itimerspec until = { .it_value = { timeout_ms / 1000,
                                              (long) (timeout_ms % 1000) * 1000000L } };
    PrcProbeRequest told = *request;

    told.timeout_ms = MAX (timeout_ms - MIN (HELPER_MARGIN_MS, timeout_ms / 10), 1u);
    probe->started_at = g_get_monotonic_time ();
    probe->request = prc_probe_request_write (&told);
    if (timerfd_settime (probe->timer_fd, 0, &until, NULL) != 0 ||
        !watch (probe, probe->socket_fd, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD))
        return fail_to_start (error, "proxyrc-probe", errno);
    send_some (probe);
    return TRUE;
}

int
prc_probe_fd (const PrcProbe *probe)
{
    return probe->epoll_fd;
}

static gboolean
parse_lines (PrcProbe *probe, GError **error)
{
    const char *end = NULL;

    while ((end = memchr (probe->answer->str, '\n', probe->answer->len)) != NULL) {
        gsize length = (gsize) (end - probe->answer->str);
        g_autoptr (GError) reason = NULL;

        if (!prc_facts_parse_line (probe->facts, probe->answer->str, length, &reason)) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK, "%s", reason->message);
            return FALSE;
        }
        g_string_erase (probe->answer, 0, (gssize) length + 1);
    }
    return TRUE;
}

/* TRUE: there may come more. */
static gboolean
receive_some (PrcProbe *probe, GError **error)
{
    char chunk[4096];

    for (;;) {
        gssize n = recv (probe->socket_fd, chunk, sizeof chunk, MSG_DONTWAIT);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return TRUE;
        if (n <= 0)
            return FALSE;
        probe->n_answered += (gsize) n;
        if (probe->n_answered > PRC_FACTS_BYTES_MAX) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK,
                         _ ("proxyrc-probe answered without end"));
            return FALSE;
        }
        g_string_append_len (probe->answer, chunk, n);
        if (!parse_lines (probe, error) || probe->facts->is_complete)
            return FALSE;
    }
}

static gboolean
time_is_over (const PrcProbe *probe)
{
    guint64 n = 0;

    return read (probe->timer_fd, &n, sizeof n) == sizeof n;
}

/* It has closed its end, or died: then how it ended is known in a moment. */
static void
set_error_broken (PrcProbe *probe, GError **error)
{
    int status = 0;

    for (int i = 0; i < 100 && probe->pid > 0; i++) {
        if (waitpid (probe->pid, &status, WNOHANG) != 0)
            probe->pid = 0;
        else
            g_usleep (1000);
    }
    if (probe->pid == 0 && WIFSIGNALED (status))
        g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK,
                     _ ("proxyrc-probe was ended by signal %d, without an answer"),
                     WTERMSIG (status));
    else
        g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK,
                     _ ("proxyrc-probe ended without an answer; is proxyrc installed whole?"));
}

gboolean
prc_probe_step (PrcProbe *probe, PrcFacts **ret_facts, GError **error)
{
    GError *reason = NULL;
    gboolean goes_on = FALSE;

    *ret_facts = NULL;
    send_some (probe);
    goes_on = receive_some (probe, &reason);
    if (goes_on && time_is_over (probe)) {
        probe->facts->timed_out = TRUE;
        goes_on = FALSE;
    }
    if (goes_on)
        return FALSE;
    if (reason == NULL && !probe->facts->is_complete && !probe->facts->timed_out) {
        /* What it has told is true; what comes next must have been too much for a library. */
        if (probe->facts->exchanges->len > 0 || probe->facts->sending != NULL)
            probe->facts->is_broken = TRUE;
        else
            set_error_broken (probe, &reason);
    }
    end_helper (probe);
    if (reason != NULL) {
        g_propagate_error (error, reason);
        return TRUE;
    }
    probe->facts->elapsed_ms = (guint) ((g_get_monotonic_time () - probe->started_at) / 1000);
    *ret_facts = g_steal_pointer (&probe->facts);
    return TRUE;
}
