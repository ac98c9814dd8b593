/* line.h - a connection, with TLS on top of it or in it, before a deadline */
#pragma once
#include "probe/dial.h"
#include "probe/tls.h"

typedef enum {
    PRC_LINE_DONE,
    PRC_LINE_CLOSED,
    PRC_LINE_TIMEOUT,
    PRC_LINE_UNTRUSTED,  /* TLS: the peer's certificate */
    PRC_LINE_NOT_TLS,    /* TLS: the peer speaks something else */
    PRC_LINE_TLS_FAILED, /* TLS: it is, but there is none in common with the peer */
} PrcLineResult;

/** PrcLine: an embedded one; { .fd = -1 } is none. */
typedef struct {
    int fd;          /* not blocking; the line's */
    gint64 deadline; /* monotonic, in microseconds */
    SSL *ssl;        /* (nullable): the innermost */
    char *issuer;    /* (nullable): of the certificate that is not trusted */
} PrcLine;

void prc_line_clear (PrcLine *line);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcLine, prc_line_clear)

/**
 * prc_line_start_tls: from now on all goes through TLS with @host, which is spoken inside of what
 * was spoken before.
 * @ret_text: (out) (nullable) (transfer none): what is wrong, as OpenSSL puts it
 */
PrcLineResult prc_line_start_tls (PrcLine *line, PrcTls *tls, const char *host,
                                  const char **ret_text);

/** prc_line_send: some of @bytes. @ret_n: (out): how many */
PrcLineResult prc_line_send (PrcLine *line, const void *bytes, gsize length, gsize *ret_n);
/** prc_line_receive: what there is, at least one byte. */
PrcLineResult prc_line_receive (PrcLine *line, void *bytes, gsize size, gsize *ret_n);
