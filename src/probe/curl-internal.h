/* curl-internal.h - what the parts of the module share */
#pragma once
#include <curl/curl.h>

#include "probe/curl.h"

/** PrcCurlHandle: the module's own side of a PrcCurl. */
typedef struct {
    PrcCurl curl; /* first: each is the other */
    CURL *easy;   /* (nullable): not needed yet */
    const curl_version_info_data *version;
    const char *ca_folder; /* (nullable): looked into only when needed, instead of reading all
                              certificates */
    char *ca_file;         /* (nullable): the request's certificates, where libcurl wants a file */
    char error[CURL_ERROR_SIZE];
    char *issuer; /* (nullable): of the last certificate that was not trusted */
} PrcCurlHandle;

/** prc_curl_prepare: @easy as new, with what every exchange needs: times, trust, no proxy of its
 * own. */
void prc_curl_prepare (PrcCurlHandle *handle, const PrcEngine *engine, CURL *easy);

/** prc_curl_fail_connect: what a failure of libcurl means that came before the proxy said anything;
 * FALSE: none. */
gboolean prc_curl_fail_connect (const PrcCurlHandle *handle, CURL *easy, PrcExchange *exchange,
                                CURLcode code);

/** prc_curl_transfer: as PrcCurl has it. */
PrcExchange *prc_curl_transfer (PrcCurl *curl, const PrcEngine *engine, int scheme);

/** prc_curl_watch_trust: has @handle->issuer filled in when a certificate is not trusted, if this
 * libcurl lets us. */
void prc_curl_watch_trust (PrcCurlHandle *handle, CURL *easy);

/** prc_curl_has_openssl: this libcurl does TLS by OpenSSL. */
gboolean prc_curl_has_openssl (const PrcCurlHandle *handle);
