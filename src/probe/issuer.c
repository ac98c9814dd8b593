/* issuer.c - the name of who issued a certificate */
#include "base/text.h"
#include "probe/tls.h"

#define NAME_MAX_BYTES 300

static char *
issuer_text (X509 *certificate)
{
    BIO *bio = BIO_new (BIO_s_mem ());
    char *bytes = NULL;
    char *text = NULL;
    long length = 0;

    if (bio == NULL)
        return NULL;
    X509_NAME_print_ex (bio, X509_get_issuer_name (certificate), 0,
                        XN_FLAG_ONELINE & ~(unsigned long) ASN1_STRFLGS_ESC_MSB);
    length = BIO_get_mem_data (bio, &bytes);
    if (length > 0) {
        g_autofree char *copy = g_strndup (bytes, (gsize) MIN (length, NAME_MAX_BYTES));

        text = prc_text_printable (copy);
    }
    BIO_free (bio);
    return text;
}

void
prc_issuer_keep (X509_STORE_CTX *store, char **issuer)
{
    X509 *certificate = X509_STORE_CTX_get_current_cert (store);

    if (certificate == NULL)
        return;
    g_free (*issuer);
    *issuer = issuer_text (certificate);
}
