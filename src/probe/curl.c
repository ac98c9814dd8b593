/* curl.c - the module's handle: libcurl, and whom it trusts */
#include "probe/curl.h"

#include <sys/mman.h>

#include "base/fs.h"
#include "probe/curl-internal.h"

/* For a libcurl whose TLS library takes no certificates from memory (GnuTLS in older versions): a
 * file that is only there. NULL: it can't be made. */
static const char *
make_ca_file (PrcCurlHandle *handle, GBytes *ca)
{
    gsize length = 0;
    gconstpointer bytes = g_bytes_get_data (ca, &length);
    int fd = -1;

    if (handle->ca_file != NULL)
        return handle->ca_file;
    fd = memfd_create ("ca", 0); /* until this process ends */
    if (fd < 0 || prc_write_fd (fd, bytes, length) != 0)
        return NULL;
    handle->ca_file = g_strdup_printf ("/proc/self/fd/%d", fd);
    return handle->ca_file;
}

static void
set_trust (PrcCurlHandle *handle, GBytes *ca, CURL *easy)
{
    if (handle->ca_folder != NULL) {
        curl_easy_setopt (easy, CURLOPT_CAINFO, NULL);
        curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO, NULL);
        curl_easy_setopt (easy, CURLOPT_CAPATH, handle->ca_folder);
        curl_easy_setopt (easy, CURLOPT_PROXY_CAPATH, handle->ca_folder);
    }
    if (ca != NULL) {
        gsize length = 0;
        gconstpointer bytes = g_bytes_get_data (ca, &length);
        struct curl_blob blob = { (void *) bytes, length, CURL_BLOB_NOCOPY };

        if (curl_easy_setopt (easy, CURLOPT_CAINFO_BLOB, &blob) != CURLE_OK)
            curl_easy_setopt (easy, CURLOPT_CAINFO, make_ca_file (handle, ca));
        if (curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO_BLOB, &blob) != CURLE_OK)
            curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO, make_ca_file (handle, ca));
    }
    prc_curl_watch_trust (handle, easy);
}

void
prc_curl_prepare (PrcCurlHandle *handle, const PrcEngine *engine, CURL *easy)
{
    long left_ms = MAX (prc_left_ms (engine->deadline), 1L);

    curl_easy_reset (easy);
    handle->error[0] = '\0';
    g_clear_pointer (&handle->issuer, g_free);
    curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, handle->error);
    curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, left_ms);
    curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, left_ms);
    curl_easy_setopt (easy, CURLOPT_PROXY, "");
    curl_easy_setopt (easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
    curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt (easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt (easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    if (engine->is_https || engine->request->proxy->scheme == PRC_PROXY_HTTPS)
        set_trust (handle, engine->request->ca, easy);
}

gboolean
prc_curl_fail_connect (const PrcCurlHandle *handle, CURL *easy, PrcExchange *exchange,
                       CURLcode code)
{
    long number = 0;

    switch ((int) code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
        prc_exchange_fail (exchange, PRC_FAILURE_RESOLVE_PROXY, NULL);
        return TRUE;
    case CURLE_COULDNT_CONNECT:
        curl_easy_getinfo (easy, CURLINFO_OS_ERRNO, &number);
        prc_exchange_fail (exchange, PRC_FAILURE_CONNECT,
                           number != 0 ? g_strerror ((int) number) : handle->error);
        return TRUE;
    case CURLE_OPERATION_TIMEDOUT:
        prc_exchange_fail (exchange, PRC_FAILURE_TIMEOUT, NULL);
        return TRUE;
    default:
        return FALSE;
    }
}

static void
free_handle (PrcCurl *curl)
{
    PrcCurlHandle *handle = (PrcCurlHandle *) curl;

    curl_easy_cleanup (handle->easy);
    g_free (handle->issuer);
    g_free (handle->ca_file);
    g_free (handle);
}

static guint
schemes_of (const curl_version_info_data *version)
{
    return 1u << PRC_AUTH_BASIC | 1u << PRC_AUTH_DIGEST |
           ((version->features & CURL_VERSION_NTLM) != 0 ? 1u << PRC_AUTH_NTLM : 0) |
           ((version->features & CURL_VERSION_SPNEGO) != 0 ? 1u << PRC_AUTH_NEGOTIATE : 0);
}

/* GnuTLS is asked for random numbers too, and isn't ready for that by itself here (client.c). */
PrcCurl *
prc_curl_new (gboolean with_tls)
{
    PrcCurlHandle *handle = g_new0 (PrcCurlHandle, 1);
    gboolean with_ssl = FALSE;

    handle->version = curl_version_info (CURLVERSION_NOW);
    with_ssl = with_tls || !prc_curl_has_openssl (handle);
    if (curl_global_init (with_ssl ? CURL_GLOBAL_SSL : CURL_GLOBAL_NOTHING) == CURLE_OK)
        handle->easy = curl_easy_init ();
    if (handle->easy == NULL) {
        g_free (handle);
        return NULL;
    }
    if (with_tls && prc_tls_is_hashed (handle->version->capath))
        handle->ca_folder = handle->version->capath;
    handle->curl = (PrcCurl){ .schemes = schemes_of (handle->version),
                              .transfer = prc_curl_transfer,
                              .free = free_handle };
    return &handle->curl;
}
