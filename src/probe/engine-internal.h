/* engine-internal.h - what the exchanges of one check share; only in the helper */
#pragma once
#include "probe/dial.h"
#include "probe/exchange.h"
#include "probe/request.h"
#include "probe/tls.h"

/** How all exchanges introduce themselves. */
#define PRC_USER_AGENT "proxyrc"

typedef struct _PrcCurl PrcCurl; /* probe/curl.h */

/** PrcEngine: one check. */
typedef struct {
    const PrcProbeRequest *request;
    int out_fd;
    const char *module;      /* libcurl's */
    PrcCurl *curl;           /* (nullable): not needed yet, or not there */
    PrcTls *tls;             /* (nullable): not needed */
    PrcAddresses *addresses; /* (nullable): the proxy's, once they are known */
    gint64 deadline;         /* monotonic, in microseconds */
    char *proxy;             /* as libcurl takes it: scheme://host:port */
    char *host;              /* of the target, without brackets */
    char *host_in_url;       /* with them */
    guint port;
    gboolean is_https; /* the target */
    gboolean by_socks;
} PrcEngine;

/**
 * prc_engine_ask: one request to an HTTP proxy, without a credential or with Basic; it is written
 * and its answer read here, so that nothing the proxy sends is beyond us. Then, where it has opened
 * a tunnel, TLS with the site, and its first answer.
 */
PrcExchange *prc_engine_ask (PrcEngine *engine, gboolean with_basic);
