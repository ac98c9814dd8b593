#include "secrets/secret-service-wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/secret.h"

#define HEADER_SIZE 6u
#define PAYLOAD_MAX (16u * 1024u * 1024u)

void
prc_wire_message_clear (PrcWireMessage *message)
{
    g_clear_pointer (&message->payload, g_bytes_unref);
    message->code = message->detail = 0;
}

static gboolean
send_all (int fd, const void *bytes, gsize size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t n = send (fd, at, size, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        at += n;
        size -= (gsize) n;
    }
    return TRUE;
}

static gboolean
receive_all (int fd, void *bytes, gsize size)
{
    char *at = bytes;

    while (size > 0) {
        ssize_t n = recv (fd, at, size, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        at += n;
        size -= (gsize) n;
    }
    return TRUE;
}

gboolean
prc_wire_send (int fd, const PrcWireMessage *message)
{
    gsize size = 0;
    const void *bytes =
        message->payload != NULL ? g_bytes_get_data (message->payload, &size) : NULL;
    const guint32 little = GUINT32_TO_LE ((guint32) size);
    guint8 header[HEADER_SIZE];

    memcpy (header, &little, sizeof little);
    header[4] = message->code;
    header[5] = message->detail;
    return size <= PAYLOAD_MAX && send_all (fd, header, sizeof header) &&
           send_all (fd, bytes, size);
}

gboolean
prc_wire_receive (int fd, PrcWireMessage *ret_message)
{
    guint8 header[HEADER_SIZE];
    guint32 size = 0;
    char *bytes = NULL;

    if (!receive_all (fd, header, sizeof header))
        return FALSE;
    memcpy (&size, header, sizeof size);
    size = GUINT32_FROM_LE (size);
    if (size > PAYLOAD_MAX)
        return FALSE;
    bytes = g_malloc0 (size + 1);
    if (!receive_all (fd, bytes, size)) {
        explicit_bzero (bytes, size);
        g_free (bytes);
        return FALSE;
    }
    *ret_message = (PrcWireMessage){ header[4], header[5], prc_bytes_new_wiped (bytes, size) };
    return TRUE;
}
