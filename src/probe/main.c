/* main.c - proxyrc-probe: one live check; asked on stdin, answers on stdout, and knows nothing else
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/program.h"
#include "probe/confine.h"
#include "probe/curl.h"
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

static PrcProbeRequest *
read_request (void)
{
    g_autoptr (GBytes) bytes = isatty (STDIN_FILENO) ? NULL : prc_read_fd (STDIN_FILENO, NULL);
    gsize length = 0;
    const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

    return data != NULL ? prc_probe_request_read (data, length, NULL) : NULL;
}

/* --load: whether all is there that a check may need, under the rights that it has then. */
static int
check_module (const char *path)
{
    g_autofree char *text = NULL;
    PrcCurl *curl = prc_curl_load (path, FALSE, &text);

    if (curl == NULL) {
        (void) prc_write_fd (STDERR_FILENO, text != NULL ? text : "",
                             text != NULL ? strlen (text) : 0);
        return 1;
    }
    curl->free (curl);
    return 0;
}

int
main (int argc, char **argv)
{
    g_autofree char *module = NULL;
    g_autoptr (PrcProbeRequest) request = NULL;

    prc_confine_early ();
    module = prc_helper_path (PRC_CURL_MODULE);
    prc_confine_files (module);
    if (argc == 2 && strcmp (argv[1], "--load") == 0)
        return check_module (module);
    if (argc == 1)
        request = read_request ();
    if (request == NULL) {
        (void) prc_write_fd (STDERR_FILENO, USAGE, strlen (USAGE));
        return 2;
    }
    (void) alarm (request->timeout_ms / 1000 + 5); /* if nobody is left to end this process */
    prc_confine_resources (request);
    (void) signal (SIGPIPE, SIG_IGN); /* OpenSSL writes as to a file */
    end_with_the_asker ();
    prc_engine_run (request, module, STDOUT_FILENO);
    return 0;
}
