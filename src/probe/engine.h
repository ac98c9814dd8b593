/* engine.h - the exchanges of one check; only in the helper */
#pragma once
#include <glib.h>

#include "probe/request.h"

/**
 * prc_engine_run: everything that @request asks for; what is seen goes to @out_fd as probe/facts.h
 * has it. @module: libcurl's, which is loaded only if it is needed.
 *
 * First an exchange without a credential; then, only if the proxy asked, at most one that sends it,
 * with the strongest scheme that the proxy, libcurl and the request have in common. A scheme with
 * which libcurl sends nothing (Negotiate without a ticket) is followed by the next. Ends at the
 * request's deadline.
 */
void prc_engine_run (const PrcProbeRequest *request, const char *module, int out_fd);
