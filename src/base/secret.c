#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Short secrets share pages, cut into slots: a search that comes upon thousands of passwords shall
 * not lock and unlock a page for each. A page is mapped for the first of them and given back with
 * the last, but for one that is kept. */
enum { SLOT_SIZE = 128, SLOTS_MAX = 32 };

typedef struct {
    char *memory; /* SLOTS_MAX slots */
    guint32 used; /* bit n: slot n is */
} Page;

static GMutex pages_lock;
static GPtrArray *pages = NULL; /* of Page */

struct _PrcSecret {
    int refs;
    gsize length;
    gsize mapped; /* bytes of @text's own pages; 0: a slot, or from the heap */
    Page *page;   /* (nullable) */
    char *text;
};

/* Whole pages: mlock() and MADV_DONTDUMP work on nothing less and would else cover neighbours,
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

/* Slots */

static Page *
new_page (void)
{
    Page *page = g_new0 (Page, 1);
    gsize mapped = 0;

    page->memory = map_pages (SLOT_SIZE * SLOTS_MAX - 1, &mapped);
    if (page->memory == NULL) {
        g_free (page);
        return NULL;
    }
    g_ptr_array_add (pages, page);
    return page;
}

static gboolean
has_room (const Page *page)
{
    G_STATIC_ASSERT (SLOTS_MAX == 32);
    return page->used != G_MAXUINT32;
}

/* Mostly the last one, which the search brings there. */
static Page *
page_with_room (void)
{
    if (pages == NULL)
        pages = g_ptr_array_new ();
    for (guint i = pages->len; i-- > 0;) {
        Page *page = g_ptr_array_index (pages, i);

        if (!has_room (page))
            continue;
        pages->pdata[i] = pages->pdata[pages->len - 1];
        pages->pdata[pages->len - 1] = page;
        return page;
    }
    return new_page ();
}

static char *
take_slot (Page **ret_page)
{
    char *slot = NULL;
    Page *page = NULL;

    g_mutex_lock (&pages_lock);
    page = page_with_room ();
    if (page != NULL) {
        gint n = g_bit_nth_lsf (~page->used & G_MAXUINT32, -1);

        page->used |= 1u << n;
        slot = page->memory + n * SLOT_SIZE;
        *ret_page = page;
    }
    g_mutex_unlock (&pages_lock);
    return slot;
}

static void
give_slot_back (Page *page, char *slot)
{
    g_mutex_lock (&pages_lock);
    page->used &= ~(1u << ((slot - page->memory) / SLOT_SIZE));
    if (page->used == 0 && pages->len > 1) {
        (void) g_ptr_array_remove_fast (pages, page);
        (void) munmap (page->memory, SLOT_SIZE * SLOTS_MAX);
        g_free (page);
    }
    g_mutex_unlock (&pages_lock);
}

/* Secrets */

PrcSecret *
prc_secret_new (const char *bytes, gsize length)
{
    PrcSecret *secret = g_new0 (PrcSecret, 1);

    secret->refs = 1;
    secret->length = length;
    secret->text =
        length < SLOT_SIZE ? take_slot (&secret->page) : map_pages (length, &secret->mapped);
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
    else if (secret->page != NULL)
        give_slot_back (secret->page, secret->text);
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

void
prc_wipe_strfreev (char **strings)
{
    for (char **string = strings; string != NULL && *string != NULL; string++)
        prc_wipe_free (*string);
    g_free (strings);
}

PrcWipedText *
prc_wiped_text_new (gsize room)
{
    return g_string_sized_new (room);
}

void
prc_wiped_text_free (PrcWipedText *text)
{
    if (text == NULL)
        return;
    explicit_bzero (text->str, text->allocated_len);
    (void) g_string_free (text, TRUE);
}

void
prc_wiped_text_reserve (PrcWipedText *text, gsize room)
{
    GString *larger = NULL;
    GString old = *text;

    if (text->allocated_len - text->len > room)
        return;
    larger = g_string_sized_new (MAX (2 * text->allocated_len, text->len + room + 1));
    g_string_append_len (larger, text->str, (gssize) text->len);
    *text = *larger;
    *larger = old;
    prc_wiped_text_free (larger);
}

char *
prc_wiped_text_steal (PrcWipedText **text)
{
    return g_string_free (g_steal_pointer (text), FALSE);
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

/* Should a dump be made all the same (by root, by a service that ignores the limit), it holds none
 * of our memory: the text of a file with a password in it is on the heap like any other. */
static void
leave_memory_out_of_dumps (void)
{
    int fd = open ("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    if (write (fd, "0", 1) < 0)
        errno = 0; /* there are the two other ways */
    (void) close (fd);
}

void
prc_secrets_harden_process (void)
{
    const struct rlimit none = { 0, 0 };

    /* First: a process that is not dumpable may not even write to this file of its own. */
    leave_memory_out_of_dumps ();
    (void) setrlimit (RLIMIT_CORE, &none);
    (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
}
