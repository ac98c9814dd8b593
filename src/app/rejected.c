#include "app/rejected.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "apply/state-dir.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

/* The file: magic, key, records. A reader that finds anything else begins anew. */
#define FILE_NAME "rejected"
#define MAGIC "PRCREJ1\n"
#define MAGIC_LENGTH 8u
#define KEY_LENGTH 32u
#define HEAD_LENGTH (MAGIC_LENGTH + KEY_LENGTH)

/* Locks on single bytes: the file's own is byte 0, held while it is read and written; a
 * credential's is far behind the end, at its tag, held as long as it is being tried. */
#define CLAIMS_START ((off_t) 1 << 32)
#define TAG_BITS 24

typedef struct {
    guint64 when; /* seconds of the real clock */
    guint32 tag;
    guint32 unused;
} Record;

/* One memory, looked at for one thing that was rejected. */
typedef struct {
    int fd;
    gboolean is_shared; /* all of this process have one @fd, which stays open */
    char *text;         /* the credential without its password */
    PrcSecret *password;
    guint8 key[KEY_LENGTH];
    guint32 tag;
    Record records[PRC_REJECTED_MAX];
    guint n_records;
} Memory;

struct _PrcRejected {
    Memory *own;     /* (nullable): of this home: the credential; can't be written */
    Memory *account; /* (nullable): of the run: the user, with the empty password for all */
};

static gboolean
lock_range (const Memory *memory, short type, off_t start, off_t length, gboolean wait)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
    int how = memory->is_shared ? (wait ? F_SETLKW : F_SETLK) : (wait ? F_OFD_SETLKW : F_OFD_SETLK);
    int done = 0;

    do
        done = fcntl (memory->fd, how, &lock);
    while (done < 0 && errno == EINTR);
    return done == 0;
}

static guint64
now (void)
{
    return (guint64) time (NULL);
}

/* A clock that was set back must not keep a record for ever. */
static gboolean
is_fresh (const Record *record)
{
    guint64 at = now ();
    guint64 age = at > record->when ? at - record->when : record->when - at;

    return age < PRC_REJECTED_SECONDS;
}

/* Few bits, on purpose: whoever gets hold of key and tag finds thousands of passwords for it in any
 * list. */
static guint32
make_tag (const Memory *memory)
{
    g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, memory->key, KEY_LENGTH);
    guint8 digest[32] = { 0 };
    gsize length = sizeof digest;

    g_hmac_update (hmac, (const guchar *) memory->text, (gssize) strlen (memory->text) + 1);
    g_hmac_update (hmac, (const guchar *) prc_secret_text (memory->password),
                   (gssize) prc_secret_length (memory->password));
    g_hmac_get_digest (hmac, digest, &length);
    return (guint32) digest[0] | (guint32) digest[1] << 8 | (guint32) digest[2] << 16;
}

static gboolean
read_file (Memory *memory, gboolean *ret_had_records)
{
    guint8 bytes[HEAD_LENGTH + sizeof memory->records];
    gssize length = pread (memory->fd, bytes, sizeof bytes, 0);
    guint n = length > (gssize) HEAD_LENGTH
                  ? (guint) ((gsize) length - HEAD_LENGTH) / (guint) sizeof (Record)
                  : 0;

    memory->n_records = 0;
    *ret_had_records = n > 0;
    if (length < (gssize) HEAD_LENGTH || memcmp (bytes, MAGIC, MAGIC_LENGTH) != 0)
        return FALSE;
    memcpy (memory->key, bytes + MAGIC_LENGTH, KEY_LENGTH);
    for (guint i = 0; i < n; i++) {
        Record *record = &memory->records[memory->n_records];

        memcpy (record, bytes + HEAD_LENGTH + i * sizeof (Record), sizeof (Record));
        if (is_fresh (record))
            memory->n_records++;
    }
    return TRUE;
}

static gboolean
write_file (const Memory *memory)
{
    guint8 bytes[HEAD_LENGTH + sizeof memory->records];
    gsize length = HEAD_LENGTH + memory->n_records * sizeof (Record);

    memcpy (bytes, MAGIC, MAGIC_LENGTH);
    memcpy (bytes + MAGIC_LENGTH, memory->key, KEY_LENGTH);
    memcpy (bytes + HEAD_LENGTH, memory->records, memory->n_records * sizeof (Record));
    return pwrite (memory->fd, bytes, length, 0) == (gssize) length &&
           ftruncate (memory->fd, (off_t) length) == 0;
}

/* Under the lock: what is there. A new key where there is none, or where all that was hashed with
 * the old one is over and nobody is at work with it. */
static gboolean
load (Memory *memory)
{
    gboolean had_records = FALSE;
    gboolean is_good = read_file (memory, &had_records);
    gboolean is_over = is_good && had_records && memory->n_records == 0;

    if (is_good && !(is_over && lock_range (memory, F_WRLCK, CLAIMS_START,
                                            (off_t) 1 << TAG_BITS, FALSE)))
        return TRUE;
    if (getrandom (memory->key, KEY_LENGTH, 0) != KEY_LENGTH)
        return FALSE;
    is_good = write_file (memory);
    (void) lock_range (memory, F_UNLCK, CLAIMS_START, (off_t) 1 << TAG_BITS, FALSE);
    return is_good;
}

static gboolean
begin (Memory *memory)
{
    return lock_range (memory, F_WRLCK, 0, 1, TRUE);
}

static void
end (Memory *memory)
{
    (void) lock_range (memory, F_UNLCK, 0, 1, FALSE);
}

/* The key may have been exchanged since it was read: then the tag is another one. */
static gboolean
reload (Memory *memory)
{
    if (!load (memory))
        return FALSE;
    memory->tag = make_tag (memory);
    return TRUE;
}

static void
memory_free (Memory *memory)
{
    if (memory == NULL)
        return;
    if (memory->is_shared)
        (void) lock_range (memory, F_UNLCK, CLAIMS_START + memory->tag, 1, FALSE);
    else
        prc_fd_clear (&memory->fd); /* its locks go with it */
    g_free (memory->text);
    prc_secret_unref (memory->password);
    explicit_bzero (memory->key, KEY_LENGTH);
    g_free (memory);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Memory, memory_free)

/* @fd: taken; -1: NULL. On error errno. */
static Memory *
memory_new (int fd, gboolean is_shared, const PrcCredentialRef *ref, PrcSecret *password)
{
    g_autoptr (Memory) memory = NULL;
    gboolean is_good = FALSE;

    if (fd < 0)
        return NULL;
    memory = g_new0 (Memory, 1);
    memory->fd = fd;
    memory->is_shared = is_shared;
    memory->text = prc_credential_ref_to_text (ref);
    memory->password = prc_secret_ref (password);
    if (begin (memory)) {
        is_good = reload (memory);
        end (memory);
    }
    return is_good ? g_steal_pointer (&memory) : NULL;
}

static gboolean
claim (Memory *memory)
{
    gboolean is_mine = FALSE;

    if (!begin (memory))
        return TRUE; /* a file system without locks: better than never */
    if (reload (memory))
        is_mine = lock_range (memory, F_WRLCK, CLAIMS_START + memory->tag, 1, FALSE) ||
                  (errno != EAGAIN && errno != EACCES);
    end (memory);
    return is_mine;
}

static gboolean
find (Memory *memory, guint *ret_seconds_ago)
{
    gboolean found = FALSE;

    if (!begin (memory))
        return FALSE;
    if (reload (memory))
        for (guint i = 0; i < memory->n_records; i++)
            if (memory->records[i].tag == memory->tag) {
                guint64 at = now ();

                *ret_seconds_ago =
                    at > memory->records[i].when ? (guint) (at - memory->records[i].when) : 0;
                found = TRUE;
            }
    end (memory);
    return found;
}

static void
drop_record (Memory *memory, guint index)
{
    memory->n_records--;
    memmove (&memory->records[index], &memory->records[index + 1],
             (memory->n_records - index) * sizeof (Record));
}

static void
drop_own_records (Memory *memory)
{
    for (guint i = memory->n_records; i > 0; i--)
        if (memory->records[i - 1].tag == memory->tag)
            drop_record (memory, i - 1);
}

static gboolean
remember (Memory *memory)
{
    gboolean is_good = begin (memory) && reload (memory);

    if (is_good) {
        drop_own_records (memory);
        if (memory->n_records == PRC_REJECTED_MAX)
            drop_record (memory, 0); /* they stand in the order of their times */
        memory->records[memory->n_records++] = (Record){ now (), memory->tag, 0 };
        is_good = write_file (memory);
    }
    end (memory);
    return is_good;
}

static gboolean
forget (Memory *memory)
{
    gboolean is_good = begin (memory) && reload (memory);
    guint before = memory->n_records;

    if (is_good) {
        drop_own_records (memory);
        is_good = before == memory->n_records || write_file (memory);
    }
    end (memory);
    return is_good;
}

/* The two together */

static Memory *
open_own (PrcSession *session, const PrcCredentialRef *ref, PrcSecret *password, GError **error)
{
    PrcStateDir *state = prc_session_state_dir (session);
    g_auto (PrcFd) dir_fd = -1;
    Memory *memory = NULL;

    if (!prc_state_dir_open (state, TRUE, &dir_fd, error))
        return NULL;
    memory = memory_new (prc_open_at (dir_fd, FILE_NAME, O_RDWR | O_CREAT | O_NOFOLLOW, 0600),
                         FALSE, ref, password);
    if (memory == NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("%s/%s: can't be written: %s"),
                     prc_state_dir_path (state), FILE_NAME, g_strerror (errno));
    return memory;
}

int
prc_rejected_shared_new (void)
{
    g_auto (PrcFd) fd = memfd_create ("proxyrc-rejected", MFD_CLOEXEC);

    return fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, 3) : -1; /* out of the way of 0, 1 and 2 */
}

PrcRejected *
prc_rejected_new (PrcSession *session, const PrcCredentialRef *ref, PrcSecret *password,
                  GError **error)
{
    int shared = prc_session_options (session)->shared_rejected;
    g_autoptr (PrcRejected) rejected = g_new0 (PrcRejected, 1);
    g_autoptr (GError) reason = NULL;

    if (shared > 0) {
        g_autoptr (PrcSecret) any = prc_secret_new ("", 0);

        rejected->account = memory_new (shared, TRUE, ref, any);
    }
    rejected->own = open_own (session, ref, password, &reason);
    if (rejected->own == NULL && rejected->account == NULL) {
        g_propagate_error (error, g_steal_pointer (&reason));
        return NULL;
    }
    return g_steal_pointer (&rejected);
}

void
prc_rejected_free (PrcRejected *rejected)
{
    if (rejected == NULL)
        return;
    memory_free (rejected->own);
    memory_free (rejected->account);
    g_free (rejected);
}

gboolean
prc_rejected_claim (PrcRejected *rejected)
{
    return (rejected->own == NULL || claim (rejected->own)) &&
           (rejected->account == NULL || claim (rejected->account));
}

gboolean
prc_rejected_find (PrcRejected *rejected, guint *ret_seconds_ago)
{
    gboolean found = rejected->own != NULL && find (rejected->own, ret_seconds_ago);

    /* It counted then as it would count now: no other home's is to come on top of it. */
    if (found && rejected->account != NULL)
        (void) remember (rejected->account);
    return found;
}

gboolean
prc_rejected_find_account (PrcRejected *rejected)
{
    guint seconds = 0;

    return rejected->account != NULL && find (rejected->account, &seconds);
}

gboolean
prc_rejected_remember (PrcRejected *rejected)
{
    gboolean is_good = rejected->own == NULL || remember (rejected->own);

    return (rejected->account == NULL || remember (rejected->account)) && is_good;
}

gboolean
prc_rejected_forget (PrcRejected *rejected)
{
    return rejected->own == NULL || forget (rejected->own);
}
