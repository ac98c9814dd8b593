#include "apply/journal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "apply/fail.h"
#include "apply/wire.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "base/secret.h"

#define MAGIC "proxyrc-transaction 1\n"
#define MAGIC_STEM "proxyrc-transaction "
#define MAGIC_LENGTH (sizeof MAGIC - 1)
#define TAG_LENGTH 4
#define SECTION_HEAD_LENGTH (TAG_LENGTH + 8 + PRC_HASH_LENGTH)
/* A transaction of hundreds of files is still far below; it bounds what a damaged length asks for.
 */
#define JOURNAL_SIZE_MAX (256u * 1024 * 1024)
#define SECTION_SIZE_MAX (JOURNAL_SIZE_MAX + 64u * 1024) /* what sealing adds */

void
prc_identity_init (PrcIdentity *identity, const struct stat *st)
{
    identity->ino = st->st_ino;
    identity->size = (guint64) st->st_size;
    identity->mtime_s = (guint64) st->st_mtim.tv_sec;
    identity->mtime_ns = (guint64) st->st_mtim.tv_nsec;
}

gboolean
prc_identity_matches (const PrcIdentity *identity, const struct stat *st)
{
    if (identity->ino != st->st_ino || identity->size != (guint64) st->st_size)
        return FALSE;
    if (identity->mtime_s == (guint64) st->st_mtim.tv_sec &&
        identity->mtime_ns == (guint64) st->st_mtim.tv_nsec)
        return TRUE;
    /* A file system that keeps whole or even seconds may have rounded it since. */
    return st->st_mtim.tv_nsec == 0 &&
           ABS ((gint64) identity->mtime_s - (gint64) st->st_mtim.tv_sec) <= 2;
}

/* A checksum keeps the last block of what went in, which may be the end of a file with a password:
 * zeros take its place. */
static void
get_digest (GChecksum *sum, guint8 *ret_digest)
{
    static const guchar zeros[63]; /* not a whole one: that would be taken from here */
    gsize length = PRC_HASH_LENGTH;

    g_checksum_get_digest (sum, ret_digest, &length);
    g_checksum_reset (sum);
    g_checksum_update (sum, zeros, sizeof zeros);
    g_checksum_update (sum, zeros, 1);
}

GBytes *
prc_content_hash (GBytes *bytes)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    guint8 digest[PRC_HASH_LENGTH];
    gsize length = 0;
    const guchar *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

    if (bytes == NULL)
        return g_bytes_new (NULL, 0);
    if (length > 0)
        g_checksum_update (sum, data, (gssize) length);
    get_digest (sum, digest);
    return g_bytes_new (digest, sizeof digest);
}

void
prc_record_free (PrcRecord *record)
{
    g_free (record->path);
    g_free (record->dir);
    g_free (record->name);
    g_free (record->temp);
    g_free (record->backup);
    g_clear_pointer (&record->old_bytes, g_bytes_unref);
    g_clear_pointer (&record->new_bytes, g_bytes_unref);
    g_clear_pointer (&record->attributes, g_bytes_unref);
    g_clear_pointer (&record->new_hash, g_bytes_unref);
    g_free (record);
}

PrcChangeAction
prc_record_action (const PrcRecord *record)
{
    switch (record->how) {
    case PRC_HOW_CREATE:
        return PRC_CHANGE_CREATE;
    case PRC_HOW_REMOVE:
        return PRC_CHANGE_REMOVE;
    case PRC_HOW_RENAME:
    case PRC_HOW_IN_PLACE:
    case PRC_HOW_CHMOD:
        break;
    }
    return PRC_CHANGE_EDIT;
}

PrcJournal *
prc_journal_new (void)
{
    PrcJournal *journal = g_new0 (PrcJournal, 1);

    journal->records = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_record_free);
    journal->made_dirs = g_ptr_array_new_with_free_func (g_free);
    journal->drop_dirs = g_ptr_array_new_with_free_func (g_free);
    return journal;
}

void
prc_journal_free (PrcJournal *journal)
{
    if (journal == NULL)
        return;
    g_free (journal->id);
    g_free (journal->label);
    g_free (journal->note);
    g_free (journal->undoes);
    g_free (journal->root);
    g_free (journal->place);
    g_ptr_array_unref (journal->records);
    g_ptr_array_unref (journal->made_dirs);
    g_ptr_array_unref (journal->drop_dirs);
    g_clear_pointer (&journal->data, g_bytes_unref);
    g_free (journal);
}

static GBytes *
encode_head (const PrcJournal *journal)
{
    GByteArray *out = g_byte_array_new ();

    prc_wire_put_string (out, journal->id);
    prc_wire_put_string (out, journal->label);
    prc_wire_put_string (out, journal->note);
    prc_wire_put_string (out, journal->undoes);
    prc_wire_put_string (out, journal->root);
    prc_wire_put_u64 (out, (guint64) journal->time);
    prc_wire_put_u32 (out, journal->sealed ? 1 : 0);
    prc_wire_put_strings (out, journal->made_dirs);
    prc_wire_put_strings (out, journal->drop_dirs);
    prc_wire_put_u32 (out, journal->records->len);
    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);

        prc_wire_put_string (out, record->path);
        prc_wire_put_string (out, record->dir);
        prc_wire_put_string (out, record->name);
        prc_wire_put_string (out, record->temp);
        prc_wire_put_string (out, record->backup);
        prc_wire_put_u32 (out, (guint32) record->how);
        prc_wire_put_u32 (out, record->in_place ? 1 : 0);
        prc_wire_put_u32 (out, record->settings);
        prc_wire_put_u64 (out, record->old_size);
        prc_wire_put_u64 (out, record->new_size);
        prc_wire_put_u32 (out, record->old_mode);
        prc_wire_put_u32 (out, record->new_mode);
    }
    return prc_wire_take_bytes (out);
}

/* A name that recovery will hand to unlinkat(): never one that leaves its directory. */
static gboolean
is_name (const char *name)
{
    return name != NULL && name[0] != '\0' && strchr (name, '/') == NULL &&
           strcmp (name, ".") != 0 && strcmp (name, "..") != 0;
}

static gboolean
decode_record (PrcWireReader *in, PrcRecord *record)
{
    guint32 how;

    record->path = prc_wire_get_string (in);
    record->dir = prc_wire_get_string (in);
    record->name = prc_wire_get_string (in);
    record->temp = prc_wire_get_string (in);
    record->backup = prc_wire_get_string (in);
    how = prc_wire_get_u32 (in);
    record->how = (PrcHow) how;
    record->in_place = prc_wire_get_u32 (in) != 0;
    record->settings = prc_wire_get_u32 (in);
    record->old_size = prc_wire_get_u64 (in);
    record->new_size = prc_wire_get_u64 (in);
    record->old_mode = prc_wire_get_u32 (in);
    record->new_mode = prc_wire_get_u32 (in);
    return !in->bad && how <= PRC_HOW_REMOVE && record->path != NULL && record->dir != NULL &&
           record->dir[0] == '/' && is_name (record->name) && is_name (record->temp) &&
           is_name (record->backup);
}

static gboolean
decode_head (PrcJournal *journal, GBytes *head)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data (head, &length);
    PrcWireReader in = { data, data + length, FALSE };
    guint32 n;

    journal->id = prc_wire_get_string (&in);
    journal->label = prc_wire_get_string (&in);
    journal->note = prc_wire_get_string (&in);
    journal->undoes = prc_wire_get_string (&in);
    journal->root = prc_wire_get_string (&in);
    journal->time = (gint64) prc_wire_get_u64 (&in);
    journal->sealed = prc_wire_get_u32 (&in) != 0;
    g_ptr_array_unref (journal->made_dirs);
    journal->made_dirs = prc_wire_get_strings (&in);
    g_ptr_array_unref (journal->drop_dirs);
    journal->drop_dirs = prc_wire_get_strings (&in);
    n = prc_wire_get_u32 (&in);
    for (guint32 i = 0; i < n && !in.bad; i++) {
        PrcRecord *record = g_new0 (PrcRecord, 1);

        g_ptr_array_add (journal->records, record);
        if (!decode_record (&in, record))
            in.bad = TRUE;
    }
    return !in.bad && in.at == in.end && is_name (journal->id) && journal->label != NULL;
}

static GBytes *
encode_data (const PrcJournal *journal, GError **error)
{
    gsize size = 4;
    GByteArray *out;

    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);
        GBytes *const parts[] = { record->old_bytes, record->new_bytes, record->attributes,
                                  record->new_hash };

        for (gsize j = 0; j < G_N_ELEMENTS (parts); j++)
            size += 4 + (parts[j] != NULL ? g_bytes_get_size (parts[j]) : 0);
    }
    if (size > JOURNAL_SIZE_MAX) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                     _ ("%s: more than %u MiB in one transaction; take fewer files at a time"),
                     journal->place, JOURNAL_SIZE_MAX / (1024 * 1024));
        return NULL;
    }
    /* Its full size at once: growing would leave copies behind that nobody wipes. */
    out = g_byte_array_sized_new ((guint) size);
    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);

        prc_wire_put_bytes (out, record->old_bytes);
        prc_wire_put_bytes (out, record->new_bytes);
        prc_wire_put_bytes (out, record->attributes);
        prc_wire_put_bytes (out, record->new_hash);
    }
    return prc_wire_take_bytes (out);
}

static void
section_digest (const char *tag, GBytes *payload, guint8 *ret_digest)
{
    g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
    gsize length = 0;
    const guchar *data = g_bytes_get_data (payload, &length);
    guint64 little = GUINT64_TO_LE ((guint64) length);

    g_checksum_update (sum, (const guchar *) tag, TAG_LENGTH);
    g_checksum_update (sum, (const guchar *) &little, sizeof little);
    if (length > 0)
        g_checksum_update (sum, data, (gssize) length);
    get_digest (sum, ret_digest);
}

static int
write_section (int fd, const char *tag, GBytes *payload)
{
    guint8 head[SECTION_HEAD_LENGTH];
    gsize length = 0;
    const void *data = g_bytes_get_data (payload, &length);
    guint64 little = GUINT64_TO_LE ((guint64) length);

    memcpy (head, tag, TAG_LENGTH);
    memcpy (head + TAG_LENGTH, &little, sizeof little);
    section_digest (tag, payload, head + TAG_LENGTH + sizeof little);
    return prc_write_fd (fd, head, sizeof head) == 0 ? prc_write_fd (fd, data, length) : -1;
}

static gboolean
fail_writing (const PrcJournal *journal, GError **error)
{
    return prc_fail_errno (error, journal->place, _ ("cannot write the journal"), errno);
}

gboolean
prc_journal_write (PrcJournal *journal, int fd, const PrcSealer *sealer, GError **error)
{
    g_autoptr (GBytes) head = NULL;
    g_autoptr (GBytes) data = encode_data (journal, error);

    if (data == NULL)
        return FALSE;
    journal->sealed = sealer != NULL;
    if (sealer != NULL) {
        GBytes *sealed = sealer->seal (data, journal->id, sealer->user_data, error);

        if (sealed == NULL)
            return FALSE;
        g_bytes_unref (data);
        data = sealed;
    }
    head = encode_head (journal);
    if (prc_write_fd (fd, MAGIC, MAGIC_LENGTH) < 0 || write_section (fd, "HEAD", head) < 0 ||
        write_section (fd, "DATA", data) < 0 || prc_sync_fd (fd) < 0)
        return fail_writing (journal, error);
    return TRUE;
}

static gboolean
append_section (const PrcJournal *journal, int fd, const char *tag, GBytes *payload, GError **error)
{
    return (write_section (fd, tag, payload) == 0 && prc_sync_fd (fd) == 0) ||
           fail_writing (journal, error);
}

gboolean
prc_journal_append_staged (PrcJournal *journal, int fd, GError **error)
{
    GByteArray *out = g_byte_array_new ();
    g_autoptr (GBytes) payload = NULL;

    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);

        prc_wire_put_u64 (out, record->staged.ino);
        prc_wire_put_u64 (out, record->staged.size);
        prc_wire_put_u64 (out, record->staged.mtime_s);
        prc_wire_put_u64 (out, record->staged.mtime_ns);
    }
    payload = prc_wire_take_bytes (out);
    if (!append_section (journal, fd, "STGD", payload, error))
        return FALSE;
    journal->staged = TRUE;
    return TRUE;
}

gboolean
prc_journal_append_done (PrcJournal *journal, int fd, GError **error)
{
    g_autoptr (GBytes) payload = g_bytes_new (NULL, 0);
    off_t before = lseek (fd, 0, SEEK_CUR);
    g_autoptr (GError) failed = NULL;

    if (before < 0)
        return fail_writing (journal, error);
    if (!append_section (journal, fd, "DONE", payload, &failed)) {
        off_t after = lseek (fd, 0, SEEK_CUR);

        /* Only a whole section counts. One that is whole but perhaps not durable must go before
         * anything is rolled back: else a crash in the middle of that would be taken for a commit.
         */
        if (ftruncate (fd, before) == 0 ||
            (after >= 0 && after - before < (off_t) SECTION_HEAD_LENGTH)) {
            g_propagate_error (error, g_steal_pointer (&failed));
            return FALSE;
        }
    }
    journal->done = TRUE;
    return TRUE;
}

static gssize
read_at (int fd, void *buffer, gsize length, guint64 offset)
{
    gsize done = 0;

    while (done < length) {
        gssize n = pread (fd, (char *) buffer + done, length - done, (off_t) (offset + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        done += (gsize) n;
    }
    return (gssize) done;
}

static guint64
file_size (int fd)
{
    struct stat st;

    return fstat (fd, &st) == 0 && st.st_size > 0 ? (guint64) st.st_size : 0;
}

/* The section at @offset, or NULL when there is no whole one with that tag; @ret_next behind it. */
static GBytes *
read_section (int fd, const char *tag, guint64 offset, guint64 *ret_next)
{
    guint8 head[SECTION_HEAD_LENGTH], digest[PRC_HASH_LENGTH];
    g_autoptr (GBytes) payload = NULL;
    guint64 little, length;
    char *data;

    if (read_at (fd, head, sizeof head, offset) != (gssize) sizeof head ||
        memcmp (head, tag, TAG_LENGTH) != 0)
        return NULL;
    memcpy (&little, head + TAG_LENGTH, sizeof little);
    length = GUINT64_FROM_LE (little);
    if (length > file_size (fd) || length > SECTION_SIZE_MAX)
        return NULL;
    data = g_malloc (length + 1);
    payload = prc_bytes_new_wiped (data, length);
    if (read_at (fd, data, length, offset + sizeof head) != (gssize) length)
        return NULL;
    section_digest (tag, payload, digest);
    if (memcmp (digest, head + TAG_LENGTH + sizeof little, sizeof digest) != 0)
        return NULL;
    *ret_next = offset + sizeof head + length;
    return g_steal_pointer (&payload);
}

static gboolean
decode_staged (PrcJournal *journal, GBytes *payload)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data (payload, &length);
    PrcWireReader in = { data, data + length, FALSE };

    for (guint i = 0; i < journal->records->len; i++) {
        PrcRecord *record = g_ptr_array_index (journal->records, i);

        record->staged.ino = prc_wire_get_u64 (&in);
        record->staged.size = prc_wire_get_u64 (&in);
        record->staged.mtime_s = prc_wire_get_u64 (&in);
        record->staged.mtime_ns = prc_wire_get_u64 (&in);
    }
    return !in.bad && in.at == in.end;
}

PrcJournal *
prc_journal_read (int fd, GError **error)
{
    g_autoptr (PrcJournal) journal = prc_journal_new ();
    g_autoptr (GBytes) head = NULL, staged = NULL, done = NULL;
    char magic[MAGIC_LENGTH] = "";
    guint64 at = MAGIC_LENGTH;

    if (read_at (fd, magic, sizeof magic, 0) == (gssize) sizeof magic &&
        memcmp (magic, MAGIC, sizeof magic) == 0)
        head = read_section (fd, "HEAD", at, &at);
    else if (memcmp (magic, MAGIC_STEM, sizeof MAGIC_STEM - 1) == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("made by a newer proxyrc; use that"));
        return NULL;
    }
    if (head != NULL && decode_head (journal, head))
        journal->data = read_section (fd, "DATA", at, &at);
    if (journal->data == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("damaged"));
        return NULL;
    }
    staged = read_section (fd, "STGD", at, &at);
    journal->staged = staged != NULL && decode_staged (journal, staged);
    if (journal->staged)
        done = read_section (fd, "DONE", at, &at);
    journal->done = done != NULL;
    journal->stored_size = at;
    return g_steal_pointer (&journal);
}

gboolean
prc_journal_read_data (PrcJournal *journal, const PrcSealer *sealer, GError **error)
{
    g_autoptr (GBytes) plain = NULL;
    gsize length = 0;
    const guint8 *data;
    PrcWireReader in = { NULL, NULL, FALSE };

    if (journal->data_read)
        return TRUE;
    if (journal->sealed && sealer == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("the old contents are encrypted; unlock the store first"));
        return FALSE;
    }
    plain = journal->sealed ? sealer->open (journal->data, journal->id, sealer->user_data, error)
                            : g_bytes_ref (journal->data);
    if (plain == NULL)
        return FALSE;
    data = g_bytes_get_data (plain, &length);
    in.at = data;
    in.end = data + length;
    for (guint i = 0; i < journal->records->len; i++) {
        PrcRecord *record = g_ptr_array_index (journal->records, i);

        record->old_bytes = prc_wire_get_bytes (&in);
        record->new_bytes = prc_wire_get_bytes (&in);
        record->attributes = prc_wire_get_bytes (&in);
        record->new_hash = prc_wire_get_bytes (&in);
        if (record->new_hash == NULL)
            in.bad = TRUE;
    }
    if (in.bad || in.at != in.end) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("damaged"));
        return FALSE;
    }
    journal->data_read = TRUE;
    return TRUE;
}
