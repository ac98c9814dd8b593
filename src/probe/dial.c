#include "probe/dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/fs.h"

/** So many addresses of one name are tried. */
#define ADDRESSES_MAX 16u
/** After so long the next address gets its chance (RFC 8305, section 5). */
#define NEXT_AFTER_MS 250

/* Connections under way: one for each address, -1: none (any more). */
typedef struct {
    struct pollfd fds[ADDRESSES_MAX];
    guint n;
    int error; /* of the last one that failed */
} Attempts;

static void
give_up (Attempts *attempts, guint i, int error)
{
    prc_fd_clear (&attempts->fds[i].fd);
    attempts->error = error;
}

static void
begin (Attempts *attempts, const struct addrinfo *address)
{
    struct pollfd *slot = &attempts->fds[attempts->n++];
    int one = 1;

    *slot = (struct pollfd){ .events = POLLOUT };
    slot->fd = socket (address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (slot->fd < 0) {
        attempts->error = errno;
        return;
    }
    (void) setsockopt (slot->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect (slot->fd, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS)
        give_up (attempts, attempts->n - 1, errno);
}

long
prc_left_ms (gint64 deadline)
{
    gint64 left = (deadline - g_get_monotonic_time ()) / 1000;

    return left > 0 ? (long) left : 0;
}

static gboolean
any_left (const Attempts *attempts)
{
    for (guint i = 0; i < attempts->n; i++)
        if (attempts->fds[i].fd >= 0)
            return TRUE;
    return FALSE;
}

/* The descriptor that is connected, or -1; those that have failed are closed. */
static int
take_connected (Attempts *attempts)
{
    for (guint i = 0; i < attempts->n; i++) {
        int error = 0;
        socklen_t length = sizeof error;

        if (attempts->fds[i].fd < 0 || attempts->fds[i].revents == 0)
            continue;
        if (getsockopt (attempts->fds[i].fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
            error = errno;
        if (error == 0) {
            int fd = attempts->fds[i].fd;

            attempts->fds[i].fd = -1;
            return fd;
        }
        give_up (attempts, i, error);
    }
    return -1;
}

static PrcDialResult
connect_any (const struct addrinfo *addresses, gint64 deadline, Attempts *attempts, int *ret_fd)
{
    const struct addrinfo *next = addresses;

    while (*ret_fd < 0) {
        long left = prc_left_ms (deadline);

        if (left == 0)
            return PRC_DIAL_TIMEOUT;
        if (next != NULL && attempts->n < ADDRESSES_MAX) {
            begin (attempts, next);
            next = next->ai_next;
            left = next != NULL ? MIN (left, NEXT_AFTER_MS) : left;
        } else if (!any_left (attempts)) {
            return PRC_DIAL_REFUSED;
        }
        if (any_left (attempts) &&
            poll (attempts->fds, attempts->n, (int) MIN (left, G_MAXINT)) > 0)
            *ret_fd = take_connected (attempts);
    }
    return PRC_DIAL_DONE;
}

struct _PrcAddresses {
    struct addrinfo *list;
};

void
prc_addresses_free (PrcAddresses *addresses)
{
    if (addresses == NULL)
        return;
    freeaddrinfo (addresses->list);
    g_free (addresses);
}

/* An address first: it needs neither files nor libraries to be read, nor an interface of its
 * family. */
PrcAddresses *
prc_addresses_lookup (const char *host, guint16 port, char **ret_text)
{
    static const int flags[] = { AI_NUMERICHOST, AI_ADDRCONFIG };
    g_autofree char *service = g_strdup_printf ("%u", port);
    int failed = 0;

    for (gsize i = 0; i < G_N_ELEMENTS (flags); i++) {
        const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                        .ai_socktype = SOCK_STREAM,
                                        .ai_flags = AI_NUMERICSERV | flags[i] };
        struct addrinfo *list = NULL;

        failed = getaddrinfo (host, service, &hints, &list);
        if (failed == 0) {
            PrcAddresses *addresses = g_new0 (PrcAddresses, 1);

            addresses->list = list;
            return addresses;
        }
    }
    *ret_text = g_strdup (gai_strerror (failed));
    return NULL;
}

PrcDialResult
prc_dial (const PrcAddresses *addresses, gint64 deadline, int *ret_fd, int *ret_error)
{
    Attempts attempts = { .n = 0 };
    PrcDialResult result;

    *ret_fd = -1;
    result = connect_any (addresses->list, deadline, &attempts, ret_fd);
    *ret_error = attempts.error;
    for (guint i = 0; i < attempts.n; i++)
        prc_fd_clear (&attempts.fds[i].fd);
    return result;
}
