/* trust.c - who issued a certificate that is not trusted: OpenSSL tells only while it verifies */
#include "probe/engine-internal.h"

#ifdef PRC_HAVE_OPENSSL
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/text.h"

static char *
name_text (X509_NAME *name)
{
    BIO *bio = BIO_new (BIO_s_mem ());
    char *bytes = NULL;
    char *text = NULL;
    long length = 0;

    if (bio == NULL)
        return NULL;
    X509_NAME_print_ex (bio, name, 0, XN_FLAG_ONELINE & ~(unsigned long) ASN1_STRFLGS_ESC_MSB);
    length = BIO_get_mem_data (bio, &bytes);
    if (length > 0) {
        g_autofree char *copy = g_strndup (bytes, (gsize) MIN (length, 300));

        text = prc_text_printable (copy);
    }
    BIO_free (bio);
    return text;
}

/* libcurl gives its SSL_CTX away, and the callback gets no pointer of ours but through that. */
static int
on_verify (int is_good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
    PrcEngine *engine = ssl != NULL ? SSL_CTX_get_app_data (SSL_get_SSL_CTX (ssl)) : NULL;
    X509 *certificate = X509_STORE_CTX_get_current_cert (store);

    if (!is_good && engine != NULL && certificate != NULL) {
        g_free (engine->issuer);
        engine->issuer = name_text (X509_get_issuer_name (certificate));
    }
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
prc_engine_watch_trust (PrcEngine *engine, CURL *easy)
{
    const char *library = curl_version_info (CURLVERSION_NOW)->ssl_version;

    if (library == NULL || !g_str_has_prefix (library, "OpenSSL/"))
        return;
    curl_easy_setopt (easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
    curl_easy_setopt (easy, CURLOPT_SSL_CTX_DATA, engine);
}
#else
void
prc_engine_watch_trust (PrcEngine *engine, CURL *easy)
{
    (void) engine;
    (void) easy;
}
#endif
