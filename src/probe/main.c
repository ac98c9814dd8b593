/* main.c - proxyrc-probe: one live check; asked on stdin, answers on stdout, and knows nothing else
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "probe/confine.h"
#include "probe/engine.h"

#define USAGE "proxyrc-probe: a part of proxyrc, which starts it: `proxyrc check`\n"

/* Whoever asked may be killed. Nobody wants the answer then, and no password may go out any more.
 */
static gpointer
end_with_the_asker (gpointer data)
{
    struct pollfd peer = { .fd = STDOUT_FILENO }; /* hanging up is always told */

    while (poll (&peer, 1, -1) < 0 && errno == EINTR)
        ;
    (void) kill (getpid (), SIGKILL);
    return data;
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
    g_thread_unref (g_thread_new ("asker", end_with_the_asker, NULL));
    prc_engine_run (request, STDOUT_FILENO);
    return 0;
}
