/* dial.h - a TCP connection to a name and port, before a deadline */
#pragma once
#include <glib.h>

typedef enum {
    PRC_DIAL_DONE,
    PRC_DIAL_REFUSED, /* no address can be connected to */
    PRC_DIAL_TIMEOUT,
} PrcDialResult;

/** PrcAddresses: of one name; looked up once for all connections to it. */
typedef struct _PrcAddresses PrcAddresses;
void prc_addresses_free (PrcAddresses *addresses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcAddresses, prc_addresses_free)

/**
 * prc_addresses_lookup: (transfer full) (nullable): knows no deadline: the resolver has its own.
 * @ret_text: (out): (transfer full): what explains a failure
 */
PrcAddresses *prc_addresses_lookup (const char *host, guint16 port, char **ret_text);

/**
 * prc_dial: tries all of @addresses, the next one a quarter of a second after the one before (or
 * when that has failed), and takes the first that answers.
 * @deadline: monotonic, in microseconds
 * @ret_fd: (out): not blocking
 * @ret_error: (out): errno, for #PRC_DIAL_REFUSED
 */
PrcDialResult prc_dial (const PrcAddresses *addresses, gint64 deadline, int *ret_fd,
                        int *ret_error);

/** prc_left_ms: until @deadline; 0 at least. */
long prc_left_ms (gint64 deadline);
