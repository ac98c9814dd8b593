/* main.c - proxyrc-probe: one live check; asked on stdin, answers on stdout, and knows nothing else
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "probe/confine.h"
#include "probe/engine.h"

#define USAGE "proxyrc-probe: a part of proxyrc, which starts it: `proxyrc check`\n"

static void
end_if_nobody_asks (int number)
{
    struct pollfd peer = { .fd = STDOUT_FILENO }; /* hanging up is always told */
    int former = errno;

    (void) number;
    if (poll (&peer, 1, 0) > 0)
        (void) kill (getpid (), SIGKILL);
    errno = former;
}

/* Whoever asked may be killed. Nobody wants the answer then, and no password may go out any more.
 * The kernel tells that by a signal: a thread that waits for it would have to be made first. */
static void
end_with_the_asker (void)
{
    const struct sigaction action = { .sa_handler = end_if_nobody_asks, .sa_flags = SA_RESTART };
    int flags = fcntl (STDOUT_FILENO, F_GETFL);

    (void) sigaction (SIGIO, &action, NULL);
    (void) fcntl (STDOUT_FILENO, F_SETOWN, getpid ());
    (void) fcntl (STDOUT_FILENO, F_SETFL, flags | O_ASYNC);
    end_if_nobody_asks (SIGIO); /* it may have been before that */
}

int
main (int argc, char **argv)
{
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (PrcProbeRequest) request = NULL;
    gsize length = 0;
    const char *data = NULL;

    (void) argv;
    prc_confine_early ();
    if (argc == 1 && !isatty (STDIN_FILENO))
        bytes = prc_read_fd (STDIN_FILENO, NULL);
    if (bytes != NULL) {
        data = g_bytes_get_data (bytes, &length);
        request = prc_probe_request_read (data, length, NULL);
    }
    if (request == NULL) {
        (void) prc_write_fd (STDERR_FILENO, USAGE, strlen (USAGE));
        return 2;
    }
    g_clear_pointer (&bytes, g_bytes_unref);
    (void) alarm (request->timeout_ms / 1000 + 5); /* if nobody is left to end this process */
    if (request->ticket != NULL)
        g_setenv ("KRB5CCNAME", request->ticket, TRUE);
    if (request->krb5_config != NULL)
        g_setenv ("KRB5_CONFIG", request->krb5_config, TRUE);
    prc_confine (request);
    end_with_the_asker ();
    prc_engine_run (request, STDOUT_FILENO);
    return 0;
}
