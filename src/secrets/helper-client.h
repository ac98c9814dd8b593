/* helper-client.h - the program's end of the talk with proxyrc-secret-service */
#pragma once
#include "secrets/secret-service-wire.h"
#include "secrets/store.h"

/** PrcHelperClient: starts the helper when it is first needed, and ends it. */
typedef struct _PrcHelperClient PrcHelperClient;

PrcHelperClient *prc_helper_client_new (void) G_GNUC_WARN_UNUSED_RESULT;
void prc_helper_client_free (PrcHelperClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcHelperClient, prc_helper_client_free)

/**
 * prc_helper_client_call:
 * @timeout_ms: -1: none
 * @keep_waiting: (nullable): called at least every 100 ms; FALSE gives up
 * @ret_silent: (out): set when there was no answer in time, or the helper ended; else left as it is
 * @ret_answer: (out): with code #PRC_WIRE_DONE
 * @error: what the helper says; #PRC_ERROR_NOT_FOUND: it could not be started; #PRC_ERROR_LOCKED:
 * no answer in time; #PRC_ERROR_CANCELLED
 *
 * After a time-out the helper is ended, and the next call starts another.
 */
gboolean prc_helper_client_call (PrcHelperClient *client, const PrcWireMessage *request,
                                 int timeout_ms, const PrcStoreAsk *keep_waiting,
                                 gboolean *ret_silent, PrcWireMessage *ret_answer,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
