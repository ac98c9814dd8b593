#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fs.h"
#include "probe/dial.h"

/* A listener on a free port of loopback, or, with @backlog < 0, a port on which nobody listens. */
static int
listen_on (int backlog, guint16 *ret_port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true (fd >= 0);
    assert_int_equal (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
    assert_int_equal (getsockname (fd, (struct sockaddr *) &address, &length), 0);
    if (backlog >= 0)
        assert_int_equal (listen (fd, backlog), 0);
    *ret_port = ntohs (address.sin_port);
    return fd;
}

static gint64
in_seconds (int seconds)
{
    return g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
}

static PrcDialResult
dial (const char *host, guint16 port, gint64 deadline, int *ret_fd, int *ret_error)
{
    g_autofree char *text = NULL;
    g_autoptr (PrcAddresses) addresses = prc_addresses_lookup (host, port, &text);

    assert_non_null (addresses);
    return prc_dial (addresses, deadline, ret_fd, ret_error);
}

static void
dial__by_address_or_name__is_connected (void **state)
{
    static const char *const hosts[] = { "127.0.0.1", "localhost" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++) {
        guint16 port = 0;
        g_auto (PrcFd) listener = listen_on (5, &port);
        g_auto (PrcFd) fd = -1;
        g_auto (PrcFd) peer = -1;
        int error = 0;
        char byte = 0;

        assert_int_equal (dial (hosts[i], port, in_seconds (60), &fd, &error), PRC_DIAL_DONE);
        peer = accept (listener, NULL, NULL);
        assert_true (peer >= 0);
        assert_int_equal (send (fd, "x", 1, 0), 1);
        assert_int_equal (recv (peer, &byte, 1, 0), 1);
        assert_int_equal (recv (fd, &byte, 1, 0), -1); /* it does not block */
        assert_true (errno == EAGAIN || errno == EWOULDBLOCK);
    }
}

static void
dial__nobody_listens__is_refused (void **state)
{
    guint16 port = 0;
    g_auto (PrcFd) bound = listen_on (-1, &port);
    int fd = -1, error = 0;

    (void) state;
    assert_int_equal (dial ("127.0.0.1", port, in_seconds (60), &fd, &error), PRC_DIAL_REFUSED);
    assert_int_equal (error, ECONNREFUSED);
    assert_int_equal (fd, -1);
}

/* A full queue: the kernel drops what comes, as a firewall does. */
static void
dial__no_answer__ends_at_the_deadline (void **state)
{
    guint16 port = 0;
    g_auto (PrcFd) listener = listen_on (0, &port);
    PrcDialResult result = PRC_DIAL_DONE;
    int fds[64];
    guint n = 0;
    int error = 0;

    (void) state;
    while (n < G_N_ELEMENTS (fds) && result == PRC_DIAL_DONE) {
        gint64 deadline = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

        result = dial ("127.0.0.1", port, deadline, &fds[n], &error);
        n += result == PRC_DIAL_DONE ? 1 : 0;
    }
    assert_int_equal (result, PRC_DIAL_TIMEOUT);
    for (guint i = 0; i < n; i++)
        (void) close (fds[i]);
}

static void
dial__name_that_is_none__says_why (void **state)
{
    static const char *const names[] = { "no-such-host.invalid", "..", "-" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        g_autofree char *text = NULL;
        g_autoptr (PrcAddresses) addresses = prc_addresses_lookup (names[i], 80, &text);

        assert_null (addresses);
        assert_non_null (text);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (dial__by_address_or_name__is_connected),
        cmocka_unit_test (dial__nobody_listens__is_refused),
        cmocka_unit_test (dial__no_answer__ends_at_the_deadline),
        cmocka_unit_test (dial__name_that_is_none__says_why),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
