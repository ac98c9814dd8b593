#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

struct _PrcSecret {
    int refs;
    gsize length;
    gsize mapped; /* bytes of @text's own pages; 0: from the heap */
    char *text;
};

/* Pages of its own: mlock() and MADV_DONTDUMP work on whole pages and would else cover neighbours,
 * whose munlock() would undo them. */
static char *
map_pages (gsize length, gsize *ret_mapped)
{
    gsize page = (gsize) sysconf (_SC_PAGESIZE);
    gsize mapped = (length / page + 1) * page;
    char *text = mmap (NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (text == MAP_FAILED)
        return NULL;
    /* Both can fail without harm to the function: a small RLIMIT_MEMLOCK is no reason to refuse. */
    (void) mlock (text, mapped);
#ifdef MADV_DONTDUMP
    (void) madvise (text, mapped, MADV_DONTDUMP);
#endif
    *ret_mapped = mapped;
    return text;
}

PrcSecret *
prc_secret_new (const char *bytes, gsize length)
{
    PrcSecret *secret = g_new0 (PrcSecret, 1);

    secret->refs = 1;
    secret->length = length;
    secret->text = map_pages (length, &secret->mapped);
    if (secret->text == NULL)
        secret->text = g_malloc (length + 1);
    if (length > 0)
        memcpy (secret->text, bytes, length);
    secret->text[length] = '\0';
    return secret;
}

PrcSecret *
prc_secret_take (char *string)
{
    PrcSecret *secret = prc_secret_new (string, strlen (string));

    prc_wipe_free (string);
    return secret;
}

PrcSecret *
prc_secret_ref (PrcSecret *secret)
{
    g_atomic_int_inc (&secret->refs);
    return secret;
}

void
prc_secret_unref (PrcSecret *secret)
{
    if (secret == NULL || !g_atomic_int_dec_and_test (&secret->refs))
        return;
    explicit_bzero (secret->text, secret->length);
    if (secret->mapped > 0)
        (void) munmap (secret->text, secret->mapped);
    else
        g_free (secret->text);
    g_free (secret);
}

const char *
prc_secret_text (const PrcSecret *secret)
{
    return secret->text;
}

gsize
prc_secret_length (const PrcSecret *secret)
{
    return secret->length;
}

gboolean
prc_secret_equal (const PrcSecret *a, const PrcSecret *b)
{
    unsigned char different = 0;

    if (a->length != b->length)
        return FALSE;
    for (gsize i = 0; i < a->length; i++)
        different |= (unsigned char) (a->text[i] ^ b->text[i]);
    return different == 0;
}

void
prc_wipe_free (char *string)
{
    if (string == NULL)
        return;
    explicit_bzero (string, strlen (string));
    g_free (string);
}

typedef struct {
    gsize length;
    char *bytes;
} WipedBytes;

static void
wiped_bytes_free (gpointer data)
{
    WipedBytes *wiped = data;

    if (wiped->bytes != NULL)
        explicit_bzero (wiped->bytes, wiped->length);
    g_free (wiped->bytes);
    g_free (wiped);
}

GBytes *
prc_bytes_new_wiped (char *bytes, gsize length)
{
    WipedBytes *wiped = g_new (WipedBytes, 1);

    wiped->length = length;
    wiped->bytes = bytes;
    return g_bytes_new_with_free_func (bytes, length, wiped_bytes_free, wiped);
}

void
prc_secrets_harden_process (void)
{
    const struct rlimit none = { 0, 0 };

    (void) setrlimit (RLIMIT_CORE, &none);
    (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
}
