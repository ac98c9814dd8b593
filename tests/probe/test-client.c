#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/program.h"
#include "probe/client.h"

/* A proxy that accepts and then says nothing. */
static int
listen_silently (guint16 *ret_port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true (fd >= 0);
    assert_int_equal (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
    assert_int_equal (getsockname (fd, (struct sockaddr *) &address, &length), 0);
    assert_int_equal (listen (fd, 5), 0);
    *ret_port = ntohs (address.sin_port);
    return fd;
}

static PrcProbeRequest *
make_request (guint16 port, guint timeout_ms)
{
    PrcProbeRequest *request = prc_probe_request_new ();

    request->proxy = prc_proxy_url_new (PRC_PROXY_HTTP, "127.0.0.1", port, NULL, NULL);
    request->url = g_strdup ("https://site.test/");
    request->timeout_ms = timeout_ms;
    return request;
}

/* The helper's connection; a helper that has died makes none. */
static int
accept_soon (int listener)
{
    struct pollfd poll_fd = { .fd = listener, .events = POLLIN };
    int fd = -1;

    assert_int_equal (poll (&poll_fd, 1, 60000), 1);
    fd = accept (listener, NULL, NULL);
    assert_true (fd >= 0);
    return fd;
}

static PrcProbe *
start (const PrcProbeRequest *request)
{
    g_autoptr (GError) error = NULL;
    const PrcProbeSetting setting = { NULL, NULL };
    PrcProbe *probe = prc_probe_new (&setting, &error);

    assert_no_error (error);
    assert_true (prc_probe_ask (probe, request, &error));
    return probe;
}

static PrcFacts *
wait_for (PrcProbe *probe)
{
    PrcFacts *facts = NULL;
    g_autoptr (GError) error = NULL;

    while (!prc_probe_step (probe, &facts, &error)) {
        struct pollfd poll_fd = { .fd = prc_probe_fd (probe), .events = POLLIN };

        assert_true (poll (&poll_fd, 1, 120000) > 0);
    }
    assert_no_error (error);
    return facts;
}

static void
client__nobody_listens__is_told (void **state)
{
    guint16 port = 0;
    int fd = listen_silently (&port);
    g_autoptr (PrcProbeRequest) request = make_request (port, 60000);
    g_autoptr (PrcProbe) probe = NULL;
    g_autoptr (PrcFacts) facts = NULL;

    (void) state;
    (void) close (fd);
    probe = start (request);
    facts = wait_for (probe);
    assert_true (facts->is_complete);
    assert_int_equal (facts->exchanges->len, 1);
    assert_int_equal (((PrcExchange *) g_ptr_array_index (facts->exchanges, 0))->failure,
                      PRC_FAILURE_CONNECT);
}

static void
client__no_answer__ends_at_the_deadline (void **state)
{
    guint16 port = 0;
    g_auto (PrcFd) listener = listen_silently (&port);
    g_autoptr (PrcProbeRequest) request = make_request (port, 500);
    g_autoptr (PrcProbe) probe = start (request);
    g_autoptr (PrcFacts) facts = wait_for (probe);

    (void) state;
    assert_true (facts->timed_out || facts->is_complete);
    if (facts->exchanges->len > 0)
        assert_int_equal (((PrcExchange *) g_ptr_array_index (facts->exchanges, 0))->failure,
                          PRC_FAILURE_TIMEOUT);
}

/* Far more than a socket holds: it goes over in parts, and prc_probe_ask() has not waited for the
 * helper. */
static void
client__large_request__goes_over_in_parts (void **state)
{
    guint16 port = 0;
    int fd = listen_silently (&port);
    g_autoptr (PrcProbeRequest) request = make_request (port, 60000);
    g_autofree char *certificates = g_strnfill (PRC_REQUEST_CA_MAX, 'x');
    g_autoptr (PrcProbe) probe = NULL;
    g_autoptr (PrcFacts) facts = NULL;

    (void) state;
    (void) close (fd);
    request->ca = g_bytes_new (certificates, PRC_REQUEST_CA_MAX);
    probe = start (request);
    facts = wait_for (probe);
    assert_true (facts->is_complete);
    assert_int_equal (((PrcExchange *) g_ptr_array_index (facts->exchanges, 0))->failure,
                      PRC_FAILURE_CONNECT);
}

/* The connection of a check that is given up goes away with the helper. */
static void
client__given_up__helper_goes (void **state)
{
    guint16 port = 0;
    g_auto (PrcFd) listener = listen_silently (&port);
    g_auto (PrcFd) peer = -1;
    g_autoptr (PrcProbeRequest) request = make_request (port, 600000);
    PrcProbe *probe = start (request);
    PrcFacts *facts = NULL;
    char bytes[4096];

    (void) state;
    assert_false (prc_probe_step (probe, &facts, NULL));
    peer = accept_soon (listener);
    prc_probe_free (probe);
    while (recv (peer, bytes, sizeof bytes, 0) > 0)
        continue;
}

/* However it ends: no password goes out for somebody who is not there any more. */
static void
client__killed__helper_goes (void **state)
{
    guint16 port = 0;
    g_auto (PrcFd) listener = listen_silently (&port);
    g_auto (PrcFd) peer = -1;
    g_autoptr (PrcProbeRequest) request = make_request (port, 600000);
    struct pollfd poll_fd = { .events = POLLIN };
    char bytes[4096];
    pid_t asker = fork ();

    (void) state;
    if (asker == 0) {
        (void) alarm (120);
        (void) start (request);
        for (;;)
            (void) pause ();
    }
    peer = accept_soon (listener);
    assert_int_equal (kill (asker, SIGKILL), 0);
    assert_int_equal (waitpid (asker, NULL, 0), asker);
    poll_fd.fd = peer;
    do
        assert_int_equal (poll (&poll_fd, 1, 60000), 1);
    while (recv (peer, bytes, sizeof bytes, 0) > 0);
}

/* What is on the command line of a process, and in its environment, everybody or every child of it
 * can read. */
static void
helper__has_no_secret_in_argv_and_nothing_in_its_environment (void **state)
{
    guint16 port = 0;
    g_auto (PrcFd) listener = listen_silently (&port);
    g_auto (PrcFd) peer = -1;
    g_autofree char *helper = prc_helper_path ("proxyrc-probe");
    g_autoptr (PrcProbeRequest) request = make_request (port, 600000);
    g_autoptr (PrcProbe) probe = NULL;
    g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
    PrcFacts *facts = NULL;
    const char *name = NULL;
    guint n_seen = 0;

    (void) state;
    g_setenv ("https_proxy", "http://u:ENVIRONMENT@p:1", TRUE);
    request->user = g_strdup ("joe");
    request->password = prc_secret_new ("PASSWORD", 8);
    request->schemes = PRC_AUTH_ALL;
    probe = start (request);
    assert_false (prc_probe_step (probe, &facts, NULL));
    peer = accept_soon (listener); /* now it is at work */
    while ((name = g_dir_read_name (proc)) != NULL) {
        g_autofree char *exe = g_strdup_printf ("/proc/%s/exe", name);
        g_autofree char *target = g_file_read_link (exe, NULL);
        g_autofree char *text = NULL;
        gsize length = 0;

        if (g_strcmp0 (target, helper) != 0)
            continue;
        n_seen++;
        for (int i = 0; i < 2; i++) {
            g_autofree char *path =
                g_strdup_printf ("/proc/%s/%s", name, i == 0 ? "cmdline" : "environ");

            g_clear_pointer (&text, g_free);
            if (g_file_get_contents (path, &text, &length, NULL)) {
                assert_null (g_strstr_len (text, (gssize) length, "PASSWORD"));
                assert_null (g_strstr_len (text, (gssize) length, "ENVIRONMENT"));
            }
        }
    }
    g_unsetenv ("https_proxy");
    if (n_seen == 0) /* not dumpable: only root may read the link */
        print_message ("# skipped: the helper's /proc can't be read\n");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (client__nobody_listens__is_told),
        cmocka_unit_test (client__no_answer__ends_at_the_deadline),
        cmocka_unit_test (client__large_request__goes_over_in_parts),
        cmocka_unit_test (client__given_up__helper_goes),
        cmocka_unit_test (client__killed__helper_goes),
        cmocka_unit_test (helper__has_no_secret_in_argv_and_nothing_in_its_environment),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
