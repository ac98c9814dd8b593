#include "probe/tls.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

struct _PrcTls {
    GBytes *ca;
    GThread *thread;  /* (nullable): gets it ready */
    SSL_CTX *context; /* (nullable); the thread's as long as there is one */
};

/* Where systems keep all certificates in one file, should OpenSSL's own place be empty, as that of
 * one is that was built by hand. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

gboolean
prc_tls_is_hashed (const char *folder)
{
    DIR *dir = folder != NULL ? opendir (folder) : NULL;
    const struct dirent *entry = NULL;
    gboolean found = FALSE;

    while (dir != NULL && !found && (entry = readdir (dir)) != NULL)
        found = strlen (entry->d_name) == 10 && strcmp (entry->d_name + 8, ".0") == 0;
    if (dir != NULL)
        (void) closedir (dir);
    return found;
}

static void
trust_system (X509_STORE *store)
{
    const char *folder = X509_get_default_cert_dir ();

    if (prc_tls_is_hashed (folder)) {
        X509_LOOKUP *lookup = X509_STORE_add_lookup (store, X509_LOOKUP_hash_dir ());

        if (lookup != NULL)
            (void) X509_LOOKUP_add_dir (lookup, folder, X509_FILETYPE_PEM);
        return;
    }
    if (X509_STORE_load_locations (store, X509_get_default_cert_file (), NULL) == 1)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (bundles); i++)
        if (X509_STORE_load_locations (store, bundles[i], NULL) == 1)
            return;
}

static void
trust_given (X509_STORE *store, GBytes *ca)
{
    gsize length = 0;
    gconstpointer bytes = g_bytes_get_data (ca, &length);
    BIO *bio = BIO_new_mem_buf (bytes, (int) length);
    STACK_OF (X509_INFO) *infos =
        bio != NULL ? PEM_X509_INFO_read_bio (bio, NULL, NULL, NULL) : NULL;

    for (int i = 0; infos != NULL && i < sk_X509_INFO_num (infos); i++) {
        const X509_INFO *info = sk_X509_INFO_value (infos, i);

        if (info->x509 != NULL)
            (void) X509_STORE_add_cert (store, info->x509);
    }
    sk_X509_INFO_pop_free (infos, X509_INFO_free);
    BIO_free (bio);
}

/* A first message to nobody: algorithms are looked up when they are first used, and then kept. */
static void
warm_up (SSL_CTX *context)
{
    SSL *ssl = SSL_new (context);
    BIO *from = BIO_new (BIO_s_mem ());
    BIO *to = BIO_new (BIO_s_mem ());

    if (ssl != NULL && from != NULL && to != NULL) {
        SSL_set_bio (ssl, from, to); /* they are @ssl's now */
        SSL_set_connect_state (ssl);
        (void) SSL_do_handshake (ssl);
    } else {
        BIO_free (from);
        BIO_free (to);
    }
    SSL_free (ssl);
}

/* Only while it verifies is it known which certificate is not trusted. */
static int
on_verify (int is_good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
    char **issuer = ssl != NULL ? SSL_get_app_data (ssl) : NULL;

    if (!is_good && issuer != NULL)
        prc_issuer_keep (store, issuer);
    return is_good;
}

/* As curl and git do it: whoever is trusted needs no root above. */
static gpointer
get_ready (gpointer data)
{
    PrcTls *tls = data;
    SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
    X509_STORE *store = context != NULL ? SSL_CTX_get_cert_store (context) : NULL;

    if (context == NULL)
        return NULL;
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER, on_verify);
    X509_VERIFY_PARAM_set_flags (SSL_CTX_get0_param (context),
                                 X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
    trust_system (store);
    if (tls->ca != NULL)
        trust_given (store, tls->ca);
    warm_up (context);
    ERR_clear_error ();
    tls->context = context;
    return NULL;
}

PrcTls *
prc_tls_new (GBytes *ca)
{
    PrcTls *tls = g_new0 (PrcTls, 1);

    tls->ca = ca != NULL ? g_bytes_ref (ca) : NULL;
    tls->thread = g_thread_try_new ("tls", get_ready, tls, NULL);
    if (tls->thread == NULL)
        (void) get_ready (tls);
    return tls;
}

static void
wait_until_ready (PrcTls *tls)
{
    if (tls->thread != NULL)
        (void) g_thread_join (g_steal_pointer (&tls->thread));
}

void
prc_tls_free (PrcTls *tls)
{
    if (tls == NULL)
        return;
    wait_until_ready (tls);
    SSL_CTX_free (tls->context);
    g_clear_pointer (&tls->ca, g_bytes_unref);
    g_free (tls);
}

/* As certificates have it: a name without the dot at its end (RFC 6066, section 3), an address
 * without its zone. */
static char *
certified_name (const char *host)
{
    gsize length = strchr (host, ':') != NULL ? strcspn (host, "%") : strlen (host);

    if (length > 1 && host[length - 1] == '.')
        length--;
    return g_strndup (host, length);
}

/* An address is not named in the first message. */
static gboolean
set_host (SSL *ssl, const char *host)
{
    g_autofree char *name = certified_name (host);

    if (X509_VERIFY_PARAM_set1_ip_asc (SSL_get0_param (ssl), name) == 1)
        return TRUE;
    return SSL_set1_host (ssl, name) == 1 && SSL_set_tlsext_host_name (ssl, name) == 1;
}

SSL *
prc_tls_connection (PrcTls *tls, BIO *bio, const char *host, char **issuer)
{
    static const guchar protocols[] = "\x08http/1.1";
    SSL *ssl = NULL;

    wait_until_ready (tls);
    ssl = tls->context != NULL ? SSL_new (tls->context) : NULL;
    if (ssl == NULL || bio == NULL || !set_host (ssl, host)) {
        SSL_free (ssl);
        BIO_free (bio);
        return NULL;
    }
    (void) SSL_set_alpn_protos (ssl, protocols, sizeof protocols - 1);
    SSL_set_app_data (ssl, issuer);
    SSL_set_mode (ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_connect_state (ssl);
    SSL_set_bio (ssl, bio, bio);
    return ssl;
}
