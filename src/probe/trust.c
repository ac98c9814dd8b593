/* trust.c - what libcurl does not do with OpenSSL: to tell who issued a certificate that is not
 * trusted, which is known only while it verifies */
#include "probe/curl-internal.h"
#include "probe/tls.h"

gboolean
prc_curl_has_openssl (const PrcCurlHandle *handle)
{
    const char *library = handle->version->ssl_version;

    return library != NULL && g_str_has_prefix (library, "OpenSSL/");
}

/* libcurl gives its SSL_CTX away, and the callback gets no pointer of ours but through that. */
static int
on_verify (int is_good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
    PrcCurlHandle *handle = ssl != NULL ? SSL_CTX_get_app_data (SSL_get_SSL_CTX (ssl)) : NULL;

    if (!is_good && handle != NULL)
        prc_issuer_keep (store, &handle->issuer);
    return is_good;
}

static CURLcode
on_context (CURL *easy, void *context, void *data)
{
    (void) easy;
    SSL_CTX_set_app_data ((SSL_CTX *) context, data);
    SSL_CTX_set_verify ((SSL_CTX *) context, SSL_VERIFY_PEER, on_verify);
    return CURLE_OK;
}

void
prc_curl_watch_trust (PrcCurlHandle *handle, CURL *easy)
{
    if (!prc_curl_has_openssl (handle))
        return;
    curl_easy_setopt (easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
    curl_easy_setopt (easy, CURLOPT_SSL_CTX_DATA, handle);
}
