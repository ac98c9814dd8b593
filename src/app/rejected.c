#include "app/rejected.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

struct _PrcRejected {
    PrcFd fd;
    char *text; /* the credential without its password */
    PrcSecret *password;
    guint8 key[KEY_LENGTH];
    guint32 tag;
    Record records[PRC_REJECTED_MAX];
    guint n_records;
};

static gboolean
lock_range (int fd, short type, off_t start, off_t length, gboolean wait)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
    int done = 0;

    do
        done = fcntl (fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
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
make_tag (const PrcRejected *rejected)
{
    g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, rejected->key, KEY_LENGTH);
    guint8 digest[32] = { 0 };
    gsize length = sizeof digest;

    g_hmac_update (hmac, (const guchar *) rejected->text, (gssize) strlen (rejected->text) + 1);
    g_hmac_update (hmac, (const guchar *) prc_secret_text (rejected->password),
                   (gssize) prc_secret_length (rejected->password));
    g_hmac_get_digest (hmac, digest, &length);
    return (guint32) digest[0] | (guint32) digest[1] << 8 | (guint32) digest[2] << 16;
}

static gboolean
read_file (PrcRejected *rejected, gboolean *ret_had_records)
{
    guint8 bytes[HEAD_LENGTH + sizeof rejected->records];
    gssize length = pread (rejected->fd, bytes, sizeof bytes, 0);
    guint n = length > (gssize) HEAD_LENGTH
                  ? (guint) ((gsize) length - HEAD_LENGTH) / (guint) sizeof (Record)
                  : 0;

    rejected->n_records = 0;
    *ret_had_records = n > 0;
    if (length < (gssize) HEAD_LENGTH || memcmp (bytes, MAGIC, MAGIC_LENGTH) != 0)
        return FALSE;
    memcpy (rejected->key, bytes + MAGIC_LENGTH, KEY_LENGTH);
    for (guint i = 0; i < n; i++) {
        Record *record = &rejected->records[rejected->n_records];

        memcpy (record, bytes + HEAD_LENGTH + i * sizeof (Record), sizeof (Record));
        if (is_fresh (record))
            rejected->n_records++;
    }
    return TRUE;
}

static gboolean
write_file (const PrcRejected *rejected)
{
    guint8 bytes[HEAD_LENGTH + sizeof rejected->records];
    gsize length = HEAD_LENGTH + rejected->n_records * sizeof (Record);

    memcpy (bytes, MAGIC, MAGIC_LENGTH);
    memcpy (bytes + MAGIC_LENGTH, rejected->key, KEY_LENGTH);
    memcpy (bytes + HEAD_LENGTH, rejected->records, rejected->n_records * sizeof (Record));
    return pwrite (rejected->fd, bytes, length, 0) == (gssize) length &&
           ftruncate (rejected->fd, (off_t) length) == 0;
}

/* Under the lock: what is there. A new key where there is none, or where all that was hashed with
 * the old one is over and nobody is at work with it. */
static gboolean
load (PrcRejected *rejected)
{
    gboolean had_records = FALSE;
    gboolean is_good = read_file (rejected, &had_records);
    gboolean is_over = is_good && had_records && rejected->n_records == 0;

    if (is_good && !(is_over && lock_range (rejected->fd, F_WRLCK, CLAIMS_START,
                                            (off_t) 1 << TAG_BITS, FALSE)))
        return TRUE;
    if (getrandom (rejected->key, KEY_LENGTH, 0) != KEY_LENGTH)
        return FALSE;
    is_good = write_file (rejected);
    (void) lock_range (rejected->fd, F_UNLCK, CLAIMS_START, (off_t) 1 << TAG_BITS, FALSE);
    return is_good;
}

static gboolean
begin (PrcRejected *rejected)
{
    return lock_range (rejected->fd, F_WRLCK, 0, 1, TRUE);
}

static void
end (PrcRejected *rejected)
{
    (void) lock_range (rejected->fd, F_UNLCK, 0, 1, FALSE);
}

PrcRejected *
prc_rejected_new (PrcSession *session, const PrcCredentialRef *ref, PrcSecret *password,
                  GError **error)
{
    g_autoptr (PrcRejected) rejected = g_new0 (PrcRejected, 1);
    PrcStateDir *state = prc_session_state_dir (session);
    g_auto (PrcFd) dir_fd = -1;
    gboolean is_good = FALSE;

    rejected->fd = -1;
    rejected->text = prc_credential_ref_to_text (ref);
    rejected->password = prc_secret_ref (password);
    if (!prc_state_dir_open (state, TRUE, &dir_fd, error))
        return NULL;
    rejected->fd = prc_open_at (dir_fd, FILE_NAME, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    if (rejected->fd >= 0 && begin (rejected)) {
        is_good = load (rejected);
        end (rejected);
    }
    if (!is_good) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("%s/%s: can't be written: %s"),
                     prc_state_dir_path (state), FILE_NAME, g_strerror (errno));
        return NULL;
    }
    rejected->tag = make_tag (rejected);
    return g_steal_pointer (&rejected);
}

void
prc_rejected_free (PrcRejected *rejected)
{
    if (rejected == NULL)
        return;
    prc_fd_clear (&rejected->fd); /* its locks go with it */
    g_free (rejected->text);
    prc_secret_unref (rejected->password);
    explicit_bzero (rejected->key, KEY_LENGTH);
    g_free (rejected);
}

/* The key may have been exchanged since it was read: then the tag is another one. */
static gboolean
reload (PrcRejected *rejected)
{
    if (!load (rejected))
        return FALSE;
    rejected->tag = make_tag (rejected);
    return TRUE;
}

gboolean
prc_rejected_claim (PrcRejected *rejected)
{
    gboolean is_mine = FALSE;

    if (!begin (rejected))
        return TRUE; /* a file system without locks: better than never */
    if (reload (rejected))
        is_mine = lock_range (rejected->fd, F_WRLCK, CLAIMS_START + rejected->tag, 1, FALSE) ||
                  (errno != EAGAIN && errno != EACCES);
    end (rejected);
    return is_mine;
}

gboolean
prc_rejected_find (PrcRejected *rejected, guint *ret_seconds_ago)
{
    gboolean found = FALSE;

    if (!begin (rejected))
        return FALSE;
    if (reload (rejected))
        for (guint i = 0; i < rejected->n_records; i++)
            if (rejected->records[i].tag == rejected->tag) {
                guint64 at = now ();

                *ret_seconds_ago =
                    at > rejected->records[i].when ? (guint) (at - rejected->records[i].when) : 0;
                found = TRUE;
            }
    end (rejected);
    return found;
}

static void
drop_record (PrcRejected *rejected, guint index)
{
    rejected->n_records--;
    memmove (&rejected->records[index], &rejected->records[index + 1],
             (rejected->n_records - index) * sizeof (Record));
}

static void
drop_own_records (PrcRejected *rejected)
{
    for (guint i = rejected->n_records; i > 0; i--)
        if (rejected->records[i - 1].tag == rejected->tag)
            drop_record (rejected, i - 1);
}

gboolean
prc_rejected_remember (PrcRejected *rejected)
{
    gboolean is_good = begin (rejected) && reload (rejected);

    if (is_good) {
        drop_own_records (rejected);
        if (rejected->n_records == PRC_REJECTED_MAX)
            drop_record (rejected, 0); /* they stand in the order of their times */
        rejected->records[rejected->n_records++] = (Record){ now (), rejected->tag, 0 };
        is_good = write_file (rejected);
    }
    end (rejected);
    return is_good;
}

gboolean
prc_rejected_forget (PrcRejected *rejected)
{
    gboolean is_good = begin (rejected) && reload (rejected);
    guint before = rejected->n_records;

    if (is_good) {
        drop_own_records (rejected);
        is_good = before == rejected->n_records || write_file (rejected);
    }
    end (rejected);
    return is_good;
}
