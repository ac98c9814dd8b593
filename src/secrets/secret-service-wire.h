/* secret-service-wire.h - what is said between the program and its helper for the Secret Service
 *
 * The helper, proxyrc-secret-service, is where libsecret is: the program itself starts without
 * paying for it. Both ends are of one version and talk over a socket pair: one request, one answer,
 * until the end of the file. Everything that may hold a secret is in memory that is wiped. */
#pragma once
#include <glib.h>

/** PrcWireRequest: what is asked. The payload is always encoded records (records.h): a pattern is a
 * record without a secret. */
typedef enum {
    PRC_WIRE_PRESENCE = 1, /* is there a service? Starts none. The detail is a #PrcWirePresence */
    PRC_WIRE_STATE,        /* the detail is a #PrcStoreState. Starts no service, asks nobody */
    PRC_WIRE_UNLOCK,       /* detail 1: the desktop may show its dialogue */
    PRC_WIRE_LOOKUP,       /* a pattern; the answer is one record */
    PRC_WIRE_STORE,        /* a record */
    PRC_WIRE_ERASE,        /* a pattern; detail 1: there was one */
    PRC_WIRE_LIST,         /* detail 1: with their secrets; else each secret is empty */
} PrcWireRequest;

typedef enum {
    PRC_WIRE_ABSENT,
    PRC_WIRE_ACTIVATABLE, /* the bus would start one */
    PRC_WIRE_RUNNING,
} PrcWirePresence;

/** PRC_WIRE_DONE: the code of an answer; else it is 1 + a #PrcError, and the payload its message.
 */
#define PRC_WIRE_DONE 0

/** PrcWireMessage: a request or an answer. */
typedef struct {
    guint8 code, detail;
    GBytes *payload; /* (nullable): nothing */
} PrcWireMessage;
void prc_wire_message_clear (PrcWireMessage *message);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcWireMessage, prc_wire_message_clear)

/** prc_wire_send: all of it; FALSE when the other end is gone. No signal is raised. */
gboolean prc_wire_send (int fd, const PrcWireMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/** prc_wire_receive: waits for a whole message; FALSE at the end of the file, or for what is none.
 */
gboolean prc_wire_receive (int fd, PrcWireMessage *ret_message) G_GNUC_WARN_UNUSED_RESULT;
