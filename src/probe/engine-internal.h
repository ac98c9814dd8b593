/* engine-internal.h - what the exchanges of one check share; only in the helper */
#pragma once
#include <curl/curl.h>

#include "probe/dial.h"
#include "probe/facts.h"
#include "probe/head.h"
#include "probe/request.h"

/** How both kinds of exchange introduce themselves. */
#define PRC_USER_AGENT "proxyrc"

/** PrcEngine: one check. One easy handle serves all exchanges of libcurl's, one after the other. */
typedef struct {
    const PrcProbeRequest *request;
    const curl_version_info_data *libcurl;
    CURL *easy; /* (nullable): not needed yet: what a plain proxy refuses is known without it */
    GThread *setter;    /* (nullable): sets libcurl up meanwhile */
    gboolean is_set_up; /* libcurl; @setter's as long as there is one */
    int out_fd;
    PrcAddresses *addresses; /* (nullable): the proxy's, once they are known */
    gint64 deadline;         /* monotonic, in microseconds */
    char *proxy;             /* as libcurl takes it: scheme://host:port */
    char *host;              /* of the target, without brackets */
    char *host_in_url;       /* with them */
    guint port;
    gboolean is_https; /* the target */
    gboolean by_socks;
    const char *ca_folder; /* (nullable), as @is_set_up: looked into only when needed, instead of
                              reading all certificates */
    char *ca_file;         /* (nullable): the request's certificates, where libcurl wants a file */
    char error[CURL_ERROR_SIZE];
    char *issuer; /* (nullable): of the last certificate that was not trusted */
} PrcEngine;

/** prc_engine_left_ms: until the deadline, 0 at least. */
long prc_engine_left_ms (const PrcEngine *engine);

/** prc_engine_new_easy: (nullable): a handle; libcurl is set up when the first one is made. */
CURL *prc_engine_new_easy (PrcEngine *engine);

/** prc_engine_prepare: a handle as new, with what every exchange needs: times, trust, no proxy of
 * its own. */
void prc_engine_prepare (PrcEngine *engine, CURL *easy);

/** prc_engine_take_head: what the head says, into @exchange, as the proxy's answer. */
void prc_engine_take_head (PrcExchange *exchange, const PrcHead *head);
/** prc_engine_fail: (nullable) @text is copied. */
void prc_engine_fail (PrcExchange *exchange, PrcFailure failure, const char *text);
/** prc_engine_fail_connect: what a failure of libcurl means that came before the proxy said
 * anything; FALSE: none. */
gboolean prc_engine_fail_connect (PrcEngine *engine, CURL *easy, PrcExchange *exchange,
                                  CURLcode code);

/**
 * prc_engine_ask: one request to an HTTP proxy, without a credential or with Basic; it is written
 * and its answer read here, so that nothing the proxy sends is beyond us. Then, where a plain proxy
 * has opened a tunnel, prc_engine_enter_tunnel().
 */
PrcExchange *prc_engine_ask (PrcEngine *engine, gboolean with_basic);

/**
 * prc_engine_enter_tunnel: TLS with the site, and its first answer, over @fd (taken), a connection
 * that leads there already; what is seen goes to @exchange.
 */
void prc_engine_enter_tunnel (PrcEngine *engine, int fd, PrcExchange *exchange);

/**
 * prc_engine_transfer: a whole exchange by libcurl: to the proxy, through it, TLS with the site,
 * the site's first answer. @scheme: what to authenticate with, -1: nothing.
 */
PrcExchange *prc_engine_transfer (PrcEngine *engine, int scheme);

/** prc_engine_watch_trust: has @engine->issuer filled in when a certificate is not trusted, if this
 * libcurl lets us. */
void prc_engine_watch_trust (PrcEngine *engine, CURL *easy);

/** prc_engine_has_openssl: this libcurl does TLS by OpenSSL. */
gboolean prc_engine_has_openssl (const PrcEngine *engine);

/** prc_engine_warm_up: the first exchange over TLS then takes less, if this libcurl lets us. */
void prc_engine_warm_up (const PrcEngine *engine);
