/* trust.c - what libcurl does not do with OpenSSL: to tell who issued a certificate that is not
 * trusted, which is known only while it verifies; and to get ready early */
#include "probe/engine-internal.h"

gboolean
prc_engine_has_openssl (const PrcEngine *engine)
{
    const char *library = engine->libcurl->ssl_version;

    return library != NULL && g_str_has_prefix (library, "OpenSSL/");
}

#ifdef PRC_HAVE_OPENSSL
#include <openssl/err.h>
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
    if (!prc_engine_has_openssl (engine))
        return;
    curl_easy_setopt (easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
    curl_easy_setopt (easy, CURLOPT_SSL_CTX_DATA, engine);
}

/* A first message to nobody: algorithms are looked up when they are first used, and then kept. */
void
prc_engine_warm_up (const PrcEngine *engine)
{
    SSL_CTX *context = prc_engine_has_openssl (engine) ? SSL_CTX_new (TLS_client_method ()) : NULL;
    SSL *ssl = context != NULL ? SSL_new (context) : NULL;
    BIO *from = BIO_new (BIO_s_mem ());
    BIO *to = BIO_new (BIO_s_mem ());

    if (ssl != NULL && from != NULL && to != NULL) {
        SSL_set_bio (ssl, g_steal_pointer (&from), g_steal_pointer (&to));
        SSL_set_connect_state (ssl);
        (void) SSL_do_handshake (ssl);
    }
    BIO_free (from);
    BIO_free (to);
    SSL_free (ssl);
    SSL_CTX_free (context);
    ERR_clear_error ();
}
#else
void
prc_engine_watch_trust (PrcEngine *engine, CURL *easy)
{
    (void) engine;
    (void) easy;
}

void
prc_engine_warm_up (const PrcEngine *engine)
{
    (void) engine;
}
#endif
