/* test-tls.c - whom a connection asks for, and how it ends when nobody there speaks TLS */
#include "test.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fs.h"
#include "probe/line.h"

/* The name in the first message, from the bytes: OpenSSL tells it only to servers. */
static gboolean
hello_names (const char *host, const char *wanted)
{
    g_autoptr (PrcTls) tls = prc_tls_new (NULL);
    char *issuer = NULL;
    BIO *from = BIO_new (BIO_s_mem ()), *to = BIO_new (BIO_s_mem ());
    SSL *ssl = prc_tls_connection (tls, from, host, &issuer);
    char *bytes = NULL;
    long length = 0;
    gboolean found = FALSE;

    assert_non_null (ssl);
    SSL_set0_wbio (ssl, to);
    assert_int_equal (SSL_connect (ssl), -1);
    length = BIO_get_mem_data (to, &bytes);
    assert_true (length > 50);
    found = memmem (bytes, (gsize) length, wanted, strlen (wanted)) != NULL;
    SSL_free (ssl);
    assert_null (issuer);
    return found;
}

static void
tls__name__is_in_the_first_message_without_its_dot (void **state)
{
    (void) state;
    assert_true (hello_names ("proxy.example.com", "proxy.example.com"));
    assert_true (hello_names ("proxy.example.com.", "proxy.example.com"));
    assert_false (hello_names ("proxy.example.com.", "proxy.example.com."));
}

static void
tls__address__is_not (void **state)
{
    (void) state;
    assert_false (hello_names ("192.0.2.7", "192.0.2.7"));
    assert_false (hello_names ("2001:db8::7", "2001:db8::7"));
    assert_false (hello_names ("fe80::1%eth0", "fe80::1"));
}

static void
connect_line (PrcLine *line, int *ret_peer, gint64 wait_us)
{
    int pair[2];

    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), 0);
    *line = (PrcLine){ .fd = pair[0], .deadline = g_get_monotonic_time () + wait_us };
    *ret_peer = pair[1];
}

static PrcLineResult
meet (const char *answer, gboolean closes, gint64 wait_us, const char **ret_text)
{
    g_autoptr (PrcTls) tls = prc_tls_new (NULL);
    g_auto (PrcLine) line = { .fd = -1 };
    g_auto (PrcFd) peer = -1;

    connect_line (&line, &peer, wait_us);
    assert_int_equal (write (peer, answer, strlen (answer)), (int) strlen (answer));
    if (closes)
        assert_int_equal (shutdown (peer, SHUT_WR), 0);
    return prc_line_start_tls (&line, tls, "proxy.example.com", ret_text);
}

static void
line__peer_without_tls__is_told_apart (void **state)
{
    const char *text = NULL;

    (void) state;
    assert_int_equal (meet ("HTTP/1.1 400 Bad Request\r\n\r\n", FALSE, 60 * G_USEC_PER_SEC, &text),
                      PRC_LINE_NOT_TLS);
    assert_non_null (text);
    assert_int_equal (meet ("", TRUE, 60 * G_USEC_PER_SEC, &text), PRC_LINE_CLOSED);
    assert_int_equal (meet ("", FALSE, G_USEC_PER_SEC / 20, &text), PRC_LINE_TIMEOUT);
    /* a record that never goes on */
    assert_int_equal (meet ("\x15\x03\x01", FALSE, G_USEC_PER_SEC / 20, &text), PRC_LINE_TIMEOUT);
}

static void
line__socket__gives_what_there_is (void **state)
{
    g_auto (PrcLine) line = { .fd = -1 };
    g_auto (PrcFd) peer = -1;
    char bytes[8];
    gsize n = 0;

    (void) state;
    connect_line (&line, &peer, G_USEC_PER_SEC / 20);
    assert_int_equal (prc_line_send (&line, "abc", 3, &n), PRC_LINE_DONE);
    assert_int_equal (n, 3);
    assert_int_equal (read (peer, bytes, sizeof bytes), 3);
    assert_int_equal (write (peer, "defgh", 5), 5);
    assert_int_equal (prc_line_receive (&line, bytes, sizeof bytes, &n), PRC_LINE_DONE);
    assert_int_equal (n, 5);
    assert_int_equal (prc_line_receive (&line, bytes, sizeof bytes, &n), PRC_LINE_TIMEOUT);
    prc_fd_clear (&peer);
    line.deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
    assert_int_equal (prc_line_receive (&line, bytes, sizeof bytes, &n), PRC_LINE_CLOSED);
    assert_int_equal (prc_line_send (&line, "abc", 3, &n), PRC_LINE_CLOSED);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (tls__name__is_in_the_first_message_without_its_dot),
        cmocka_unit_test (tls__address__is_not),
        cmocka_unit_test (line__peer_without_tls__is_told_apart),
        cmocka_unit_test (line__socket__gives_what_there_is),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
