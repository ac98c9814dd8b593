#include "probe/line.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/fs.h"

void
prc_line_clear (PrcLine *line)
{
    SSL_free (line->ssl);
    line->ssl = NULL;
    g_clear_pointer (&line->issuer, g_free);
    prc_fd_clear (&line->fd);
}

static PrcLineResult
wait_for (const PrcLine *line, short events)
{
    struct pollfd poll_fd = { .fd = line->fd, .events = events };
    long left = prc_left_ms (line->deadline);

    return left > 0 && poll (&poll_fd, 1, (int) MIN (left, G_MAXINT)) > 0 ? PRC_LINE_DONE
                                                                          : PRC_LINE_TIMEOUT;
}

/* After something of OpenSSL's that returned @n: DONE, it is to be tried again now. */
static PrcLineResult
wait_for_ssl (const PrcLine *line, int n)
{
    switch (SSL_get_error (line->ssl, n)) {
    case SSL_ERROR_WANT_READ:
        return wait_for (line, POLLIN);
    case SSL_ERROR_WANT_WRITE:
        return wait_for (line, POLLOUT);
    default:
        return PRC_LINE_CLOSED;
    }
}

static PrcLineResult
wait_for_socket (const PrcLine *line, short events)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? wait_for (line, events)
                                                                     : PRC_LINE_CLOSED;
}

static PrcLineResult
judge_handshake (const PrcLine *line, const char **ret_text)
{
    unsigned long error = ERR_peek_error ();
    long verified = SSL_get_verify_result (line->ssl);

    *ret_text = ERR_reason_error_string (error);
    if (verified != X509_V_OK) {
        *ret_text = X509_verify_cert_error_string (verified);
        return PRC_LINE_UNTRUSTED;
    }
    if (error == 0 || ERR_GET_LIB (error) == ERR_LIB_SYS)
        return PRC_LINE_CLOSED;
    switch (ERR_GET_REASON (error)) {
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING /* from OpenSSL 3 on */
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
        return PRC_LINE_CLOSED;
#endif
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
        return PRC_LINE_NOT_TLS;
    default:
        return PRC_LINE_TLS_FAILED;
    }
}

static BIO *
below (PrcLine *line)
{
    BIO *bio = NULL;

    if (line->ssl == NULL)
        return BIO_new_socket (line->fd, BIO_NOCLOSE);
    bio = BIO_new (BIO_f_ssl ());
    if (bio != NULL)
        (void) BIO_set_ssl (bio, g_steal_pointer (&line->ssl), BIO_CLOSE);
    return bio;
}

PrcLineResult
prc_line_start_tls (PrcLine *line, PrcTls *tls, const char *host, const char **ret_text)
{
    PrcLineResult result = PRC_LINE_DONE;

    *ret_text = NULL;
    line->ssl = prc_tls_connection (tls, below (line), host, &line->issuer);
    if (line->ssl == NULL)
        return PRC_LINE_TLS_FAILED;
    for (;;) {
        int n = 0;

        ERR_clear_error ();
        n = SSL_connect (line->ssl);

        if (n == 1)
            return PRC_LINE_DONE;
        result = wait_for_ssl (line, n);
        if (result == PRC_LINE_TIMEOUT)
            return result;
        if (result != PRC_LINE_DONE)
            return judge_handshake (line, ret_text);
    }
}

/* SSL_get_error() looks at older errors too. */

static int
write_ssl (const PrcLine *line, const void *bytes, gsize length)
{
    ERR_clear_error ();
    return SSL_write (line->ssl, bytes, (int) MIN (length, (gsize) G_MAXINT));
}

static int
read_ssl (const PrcLine *line, void *bytes, gsize size)
{
    ERR_clear_error ();
    return SSL_read (line->ssl, bytes, (int) MIN (size, (gsize) G_MAXINT));
}

PrcLineResult
prc_line_send (PrcLine *line, const void *bytes, gsize length, gsize *ret_n)
{
    for (;;) {
        gssize n = line->ssl != NULL ? write_ssl (line, bytes, length)
                                     : send (line->fd, bytes, length, MSG_NOSIGNAL);
        PrcLineResult result = PRC_LINE_DONE;

        if (n > 0) {
            *ret_n = (gsize) n;
            return result;
        }
        result = line->ssl != NULL ? wait_for_ssl (line, (int) n) : wait_for_socket (line, POLLOUT);
        if (result != PRC_LINE_DONE)
            return result;
    }
}

PrcLineResult
prc_line_receive (PrcLine *line, void *bytes, gsize size, gsize *ret_n)
{
    for (;;) {
        gssize n =
            line->ssl != NULL ? read_ssl (line, bytes, size) : recv (line->fd, bytes, size, 0);
        PrcLineResult result = PRC_LINE_DONE;

        if (n > 0) {
            *ret_n = (gsize) n;
            return result;
        }
        if (line->ssl != NULL)
            result = wait_for_ssl (line, (int) n);
        else
            result = n == 0 ? PRC_LINE_CLOSED : wait_for_socket (line, POLLIN);
        if (result != PRC_LINE_DONE)
            return result;
    }
}
