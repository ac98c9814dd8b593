#include "secrets/helper-client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/program.h"

#define HELPER "proxyrc-secret-service"
#define SLICE_MS 100

struct _PrcHelperClient {
    PrcFd fd; /* -1: not running */
    pid_t pid;
};

PrcHelperClient *
prc_helper_client_new (void)
{
    PrcHelperClient *client = g_new0 (PrcHelperClient, 1);

    client->fd = -1;
    return client;
}

/* It holds nothing that must be finished: what it was asked for is done, or given up. */
static void
stop (PrcHelperClient *client)
{
    if (client->fd < 0)
        return;
    prc_fd_clear (&client->fd);
    (void) kill (client->pid, SIGKILL);
    while (waitpid (client->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

void
prc_helper_client_free (PrcHelperClient *client)
{
    if (client == NULL)
        return;
    stop (client);
    g_free (client);
}

/* Nothing of ours but the socket: no other descriptor, no argument, and no secret in a variable.
 * What its libraries would print goes nowhere: all that counts comes as an answer. */
static int
spawn (const char *path, int socket_fd, pid_t *ret_pid)
{
    char *argv[] = { (char *) HELPER, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    int failed = 0;

    sigemptyset (&none);
    sigemptyset (&defaults);
    sigaddset (&defaults, SIGPIPE);
    (void) posix_spawn_file_actions_init (&actions);
    (void) posix_spawnattr_init (&attributes);
    (void) posix_spawn_file_actions_adddup2 (&actions, socket_fd, STDIN_FILENO);
    (void) posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    (void) posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    (void) posix_spawnattr_setsigmask (&attributes, &none);
    (void) posix_spawnattr_setsigdefault (&attributes, &defaults);
    (void) posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    failed = posix_spawn (ret_pid, path, &actions, &attributes, argv, environ);
    (void) posix_spawnattr_destroy (&attributes);
    (void) posix_spawn_file_actions_destroy (&actions);
    return failed;
}

static gboolean
start (PrcHelperClient *client, GError **error)
{
    g_autofree char *path = NULL;
    int pair[2];
    int failed = 0;

    if (client->fd >= 0)
        return TRUE;
    path = prc_helper_path (HELPER);
    failed = socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0 ? errno : 0;
    if (failed == 0) {
        failed = spawn (path, pair[1], &client->pid);
        (void) close (pair[1]);
        if (failed != 0)
            (void) close (pair[0]);
    }
    if (failed != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("%s: %s; this installation can't use the Secret Service (the vault works "
                        "without it: --store vault)"),
                     path, g_strerror (failed));
        return FALSE;
    }
    client->fd = pair[0];
    return TRUE;
}

static gboolean
set_error_silent (GError **error)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                 _ ("the Secret Service does not answer; look at its program (GNOME Keyring, "
                    "KeePassXC, KWallet), or keep the password elsewhere: "
                    "`proxyrc login --store vault`"));
    return FALSE;
}

/* Until there is something to read, in slices, for somebody may be looking on. */
static gboolean
wait_for_answer (int fd, int timeout_ms, const PrcStoreAsk *ask, GError **error)
{
    gint64 end =
        timeout_ms >= 0 ? g_get_monotonic_time () + (gint64) timeout_ms * 1000 : G_MAXINT64;

    for (;;) {
        struct pollfd poll_fd = { fd, POLLIN, 0 };
        gint64 left = (end - g_get_monotonic_time () + 999) / 1000;
        int n = 0;

        if (left <= 0)
            return set_error_silent (error);
        n = poll (&poll_fd, 1, (int) MIN (left, SLICE_MS));
        if (n > 0)
            return TRUE;
        if (n < 0 && errno != EINTR)
            return set_error_silent (error);
        if (ask != NULL && ask->keep_waiting != NULL && !ask->keep_waiting (ask->data)) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("cancelled"));
            return FALSE;
        }
    }
}

static void
set_error_from_answer (const PrcWireMessage *answer, GError **error)
{
    gsize size = 0;
    const char *text = g_bytes_get_data (answer->payload, &size);
    g_autofree char *message = g_strndup (text != NULL ? text : "", size);

    g_set_error_literal (error, PRC_ERROR, answer->code - 1, message);
}

gboolean
prc_helper_client_call (PrcHelperClient *client, const PrcWireMessage *request, int timeout_ms,
                        const PrcStoreAsk *keep_waiting, gboolean *ret_silent,
                        PrcWireMessage *ret_answer, GError **error)
{
    g_auto (PrcWireMessage) answer = { 0 };
    g_autoptr (GError) local = NULL;

    if (timeout_ms == 0)
        return set_error_silent (error);
    if (!start (client, error))
        return FALSE;
    if (!prc_wire_send (client->fd, request) ||
        !wait_for_answer (client->fd, timeout_ms, keep_waiting, &local) ||
        !prc_wire_receive (client->fd, &answer)) {
        stop (client);
        *ret_silent = local == NULL || local->code == PRC_ERROR_LOCKED;
        if (local == NULL)
            return set_error_silent (error);
        g_propagate_error (error, g_steal_pointer (&local));
        return FALSE;
    }
    if (answer.code != PRC_WIRE_DONE) {
        set_error_from_answer (&answer, error);
        return FALSE;
    }
    *ret_answer = answer;
    answer = (PrcWireMessage){ 0 };
    return TRUE;
}
