/* curl.h - what libcurl does for a check, in a module that the helper loads when it needs it
 *
 * libcurl and what it brings along take longer to load than a proxy takes to answer twice. What can
 * be said to a proxy without a credential, or with Basic, is said without it. */
#pragma once
#include "probe/engine-internal.h"

/** The module's file, beside the helper. */
#define PRC_CURL_MODULE "proxyrc-probe-curl.so"

/** PrcCurl: one handle, which serves all exchanges of a check, one after the other. */
struct _PrcCurl {
    /** Set of 1 << PrcAuthScheme that this libcurl can answer. */
    guint schemes;

    /**
     * transfer: (transfer full): a whole exchange: to the proxy, through it, TLS with the site, the
     * site's first answer. @scheme: what to authenticate with, -1: nothing.
     */
    PrcExchange *(*transfer) (PrcCurl *curl, const PrcEngine *engine, int scheme);

    void (*free) (PrcCurl *curl);
};

/**
 * prc_curl_load: (transfer full) (nullable)
 * @path: of the module
 * @with_tls: it will be needed
 * @ret_text: (out) (nullable): what is wrong, as the dynamic linker puts it; set only then
 */
PrcCurl *prc_curl_load (const char *path, gboolean with_tls, char **ret_text);

/** prc_curl_new: (transfer full) (nullable): what is called in the module. */
PrcCurl *prc_curl_new (gboolean with_tls);
typedef PrcCurl *(*PrcCurlNew) (gboolean with_tls);
