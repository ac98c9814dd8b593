#include "apply/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/fail.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

typedef enum { ABSENT, OURS, OTHER, UNKNOWN } Seen;

/* UNKNOWN: errno. */
static Seen
look (int dirfd, const char *name, const PrcRecord *record)
{
    struct stat st;

    if (fstatat (dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? ABSENT : UNKNOWN;
    return prc_identity_matches (&record->staged, &st) ? OURS : OTHER;
}

/* A read-only file system says so before it says that there is no such name: look again. */
static gboolean
is_absent (int dirfd, const char *name)
{
    int saved = errno;
    struct stat st;
    gboolean absent = fstatat (dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;

    errno = saved;
    return absent;
}

static gboolean
drop (int dirfd, const char *name)
{
    return unlinkat (dirfd, name, 0) == 0 || errno == ENOENT || is_absent (dirfd, name);
}

/* The fallback's way back: the backup name is a second link to the old file, or the old file. */
static gboolean
back_from_backup (int dirfd, const PrcRecord *record, gboolean *ret_left_alone)
{
    struct stat file, backup;
    Seen there = look (dirfd, record->name, record);

    if (there == UNKNOWN)
        return FALSE;
    if (there != OTHER)
        return renameat (dirfd, record->backup, dirfd, record->name) == 0 &&
               drop (dirfd, record->temp);
    if (fstatat (dirfd, record->name, &file, AT_SYMLINK_NOFOLLOW) < 0 ||
        fstatat (dirfd, record->backup, &backup, AT_SYMLINK_NOFOLLOW) < 0)
        return FALSE;
    /* Two links to one file: the new one was not put there yet. Else someone else's is there, over
     * our new one if that is gone from its temporary name. */
    if (file.st_ino != backup.st_ino)
        *ret_left_alone = look (dirfd, record->temp, record) == ABSENT;
    return drop (dirfd, record->backup) && drop (dirfd, record->temp);
}

static gboolean
back_from_rename (int dirfd, const PrcRecord *record, gboolean *ret_left_alone)
{
    Seen temp = look (dirfd, record->temp, record), there, backup;

    backup = look (dirfd, record->backup, record);
    if (temp == UNKNOWN || backup == UNKNOWN)
        return FALSE;
    if (backup != ABSENT)
        return back_from_backup (dirfd, record, ret_left_alone);
    if (temp == ABSENT)
        return TRUE;
    if (temp == OURS)
        return drop (dirfd, record->temp);
    there = look (dirfd, record->name, record);
    if (there == UNKNOWN)
        return FALSE;
    if (there != OTHER)
        return renameat (dirfd, record->temp, dirfd, record->name) == 0;
    *ret_left_alone = TRUE;
    return drop (dirfd, record->temp);
}

static gboolean
back_from_create (int dirfd, const PrcRecord *record, gboolean *ret_left_alone)
{
    Seen temp = look (dirfd, record->temp, record), there = look (dirfd, record->name, record);

    if (temp == UNKNOWN || there == UNKNOWN)
        return FALSE;
    *ret_left_alone = temp == ABSENT && there == OTHER;
    return (there != OURS || drop (dirfd, record->name)) && drop (dirfd, record->temp);
}

static gboolean
back_from_remove (int dirfd, const PrcRecord *record, gboolean *ret_left_alone)
{
    Seen backup = look (dirfd, record->backup, record);

    if (backup == UNKNOWN)
        return FALSE;
    if (backup == ABSENT)
        return TRUE;
    if (renameat2 (dirfd, record->backup, dirfd, record->name, RENAME_NOREPLACE) == 0)
        return TRUE;
    if (errno == EINVAL || errno == ENOSYS) {
        Seen there = look (dirfd, record->name, record);

        if (there == ABSENT)
            return renameat (dirfd, record->backup, dirfd, record->name) == 0;
        errno = there == UNKNOWN ? EIO : EEXIST;
    }
    if (errno != EEXIST)
        return FALSE;
    *ret_left_alone = TRUE;
    return drop (dirfd, record->backup);
}

/* The open file, or -1; *@ret_gone when there is no such regular file any more. */
static int
open_file (int dirfd, const PrcRecord *record, int flags, struct stat *ret_st, gboolean *ret_gone)
{
    int fd = prc_open_at (dirfd, record->name, flags | O_NOFOLLOW | O_NONBLOCK, 0);

    if (fd < 0) {
        *ret_gone = errno == ENOENT || errno == ELOOP || errno == EISDIR || errno == ENXIO;
        return -1;
    }
    if (fstat (fd, ret_st) < 0 || !S_ISREG (ret_st->st_mode)) {
        *ret_gone = !S_ISREG (ret_st->st_mode);
        prc_fd_clear_keep_errno (&fd);
    }
    return fd;
}

static gboolean
back_from_chmod (int dirfd, const PrcRecord *record, gboolean *ret_left_alone)
{
    struct stat st = { 0 };
    gboolean gone = FALSE;
    g_auto (PrcFd) fd = open_file (dirfd, record, O_RDONLY, &st, &gone);

    if (fd < 0) {
        *ret_left_alone = gone;
        return gone;
    }
    if ((st.st_mode & 07777) != record->new_mode)
        return TRUE;
    return fchmod (fd, record->old_mode) == 0 && prc_sync_fd (fd) == 0;
}

int
prc_write_in_place (int fd, GBytes *bytes)
{
    gsize length = 0, done = 0;
    const char *data = g_bytes_get_data (bytes, &length);

    /* A full disk shows here, before a byte has changed. */
    if (length > 0 && fallocate (fd, FALLOC_FL_KEEP_SIZE, 0, (off_t) length) < 0 &&
        errno != EOPNOTSUPP && errno != ENOSYS && errno != EINTR)
        return -1;
    while (done < length) {
        gssize n = pwrite (fd, data + done, length - done, (off_t) done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n < 0 ? errno : EIO;
            return -1;
        }
        done += (gsize) n;
    }
    return ftruncate (fd, (off_t) length) == 0 ? prc_sync_fd (fd) : -1;
}

/* A write that was cut off leaves, at each byte, the old one, the new one, or after a power cut a
 * zero. Anything else is somebody's own. */
static gboolean
is_torn (GBytes *now, GBytes *old_bytes, GBytes *new_bytes)
{
    gsize n_now = 0, n_old = 0, n_new = 0;
    const char *a = g_bytes_get_data (now, &n_now), *old_data, *new_data;

    old_data = g_bytes_get_data (old_bytes, &n_old);
    new_data = g_bytes_get_data (new_bytes, &n_new);
    if (n_now > MAX (n_old, n_new))
        return FALSE;
    for (gsize i = 0; i < n_now; i++)
        if (a[i] != '\0' && !(i < n_old && a[i] == old_data[i]) &&
            !(i < n_new && a[i] == new_data[i]))
            return FALSE;
    return TRUE;
}

/* Where it can't be opened for writing: nothing can have been written to it, unless that has changed
 * since. */
static gboolean
is_as_before (int dirfd, const PrcRecord *record)
{
    int saved = errno;
    struct stat st = { 0 };
    gboolean gone = FALSE;
    g_auto (PrcFd) fd = open_file (dirfd, record, O_RDONLY, &st, &gone);
    g_autoptr (GBytes) now = fd >= 0 ? prc_read_fd (fd, NULL) : NULL;

    errno = saved;
    return now != NULL && (st.st_mode & 07777) == record->old_mode &&
           g_bytes_equal (now, record->old_bytes);
}

static gboolean
back_from_in_place (int dirfd, const PrcRecord *record, gboolean *ret_left_alone)
{
    struct stat st = { 0 };
    gboolean gone = FALSE;
    g_auto (PrcFd) fd = open_file (dirfd, record, O_RDWR, &st, &gone);
    g_autoptr (GBytes) now = NULL;

    if (fd < 0) {
        *ret_left_alone = gone;
        return gone || is_as_before (dirfd, record);
    }
    now = prc_read_fd (fd, NULL);
    if (now == NULL) {
        errno = EIO;
        return FALSE;
    }
    if (!g_bytes_equal (now, record->old_bytes)) {
        if (!is_torn (now, record->old_bytes, record->new_bytes)) {
            *ret_left_alone = TRUE;
            return TRUE;
        }
        if (prc_write_in_place (fd, record->old_bytes) < 0)
            return FALSE;
    }
    if ((st.st_mode & 07777) != record->old_mode && (st.st_mode & 07777) == record->new_mode)
        return fchmod (fd, record->old_mode) == 0 && prc_sync_fd (fd) == 0;
    return TRUE;
}

typedef gboolean (*Back) (int dirfd, const PrcRecord *record, gboolean *ret_left_alone);

static const Back BACK[] = {
    [PRC_HOW_RENAME] = back_from_rename, [PRC_HOW_IN_PLACE] = back_from_in_place,
    [PRC_HOW_CHMOD] = back_from_chmod,   [PRC_HOW_CREATE] = back_from_create,
    [PRC_HOW_REMOVE] = back_from_remove,
};

static gboolean
is_gone (int saved_errno)
{
    return saved_errno == ENOENT || saved_errno == ENOTDIR || saved_errno == ELOOP;
}

static gboolean
back_one (const PrcJournal *journal, const PrcRecord *record, PrcDirs *dirs, GPtrArray *left_alone,
          GError **error)
{
    gboolean alone = FALSE;
    int dirfd = prc_dirs_open (dirs, record->dir);

    if (dirfd < 0 && is_gone (errno)) {
        alone = journal->staged && record->how != PRC_HOW_CREATE;
    } else if (dirfd < 0) {
        return prc_fail_errno (error, record->path, _ ("cannot open its directory"), errno);
    } else if (!journal->staged) {
        if (!drop (dirfd, record->temp))
            return prc_fail_errno (error, record->path, _ ("cannot remove what was staged for it"),
                                   errno);
    } else if (!BACK[record->how](dirfd, record, &alone)) {
        return prc_fail_errno (error, record->path, _ ("cannot put it back as it was"), errno);
    }
    if (alone)
        g_ptr_array_add (left_alone, g_strdup (record->path));
    return TRUE;
}

/* Innermost first. One that isn't empty, or may not be removed, has become somebody else's. */
static gboolean
remove_dirs (const GPtrArray *paths, PrcDirs *dirs, GError **error)
{
    for (guint i = paths->len; i > 0; i--) {
        const char *path = g_ptr_array_index (paths, i - 1);
        g_autofree char *parent = g_path_get_dirname (path), *name = g_path_get_basename (path);
        int dirfd;

        prc_dirs_forget (dirs, path);
        dirfd = prc_dirs_open (dirs, parent);
        if (dirfd < 0 ? is_gone (errno)
                      : unlinkat (dirfd, name, AT_REMOVEDIR) == 0 || is_gone (errno) ||
                            errno == ENOTEMPTY || errno == EEXIST || errno == EBUSY ||
                            errno == EACCES || errno == EPERM || is_absent (dirfd, name))
            continue;
        return prc_fail_errno (error, path, _ ("cannot remove the directory"), errno);
    }
    return TRUE;
}

static gboolean
needs_data (const PrcJournal *journal)
{
    for (guint i = 0; i < journal->records->len; i++)
        if (((PrcRecord *) g_ptr_array_index (journal->records, i))->how == PRC_HOW_IN_PLACE)
            return journal->staged;
    return FALSE;
}

gboolean
prc_roll_back (PrcJournal *journal, PrcDirs *dirs, const PrcSealer *sealer, GPtrArray *left_alone,
               GPtrArray *given_up, GError **error)
{
    gboolean ok = TRUE;

    if (needs_data (journal) &&
        !prc_journal_read_data (journal, sealer, given_up == NULL ? error : NULL) &&
        given_up == NULL)
        return FALSE;
    /* Last done, first undone; and all that can be, even if one can't. */
    for (guint i = journal->records->len; i > 0; i--) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i - 1);

        if (journal->staged && record->how == PRC_HOW_IN_PLACE && !journal->data_read) {
            g_ptr_array_add (given_up, g_strdup (record->path));
            continue;
        }
        if (!back_one (journal, record, dirs, left_alone, ok ? error : NULL))
            ok = FALSE;
    }
    return ok && remove_dirs (journal->made_dirs, dirs, error) &&
           prc_sync_dirs (journal, dirs, NULL, error);
}

gboolean
prc_tidy_up (PrcJournal *journal, PrcDirs *dirs, dev_t state_dev, GError **error)
{
    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);
        int dirfd;

        if (record->how == PRC_HOW_IN_PLACE || record->how == PRC_HOW_CHMOD)
            continue;
        dirfd = prc_dirs_open (dirs, record->dir);
        if (dirfd < 0 && is_gone (errno))
            continue;
        if (dirfd < 0 || !drop (dirfd, record->temp) || !drop (dirfd, record->backup))
            return prc_fail_errno (error, record->path, _ ("cannot remove its old copy"), errno);
    }
    if (!remove_dirs (journal->drop_dirs, dirs, error))
        return FALSE;
    /* On the journal's own file system the removals can't be lost in a power cut without the
     * journal's move to the history, which comes later, being lost too: then all is repeated. */
    return prc_sync_dirs (journal, dirs, &state_dev, error);
}

static gboolean
sync_dir (PrcDirs *dirs, const char *path, const dev_t *except_dev, GHashTable *seen,
          GError **error)
{
    struct stat st;
    int fd;

    if (!g_hash_table_add (seen, g_strdup (path)))
        return TRUE;
    fd = prc_dirs_open (dirs, path);
    if (fd < 0 && is_gone (errno))
        return TRUE;
    if (fd >= 0 && except_dev != NULL && fstat (fd, &st) == 0 && st.st_dev == *except_dev)
        return TRUE;
    if (fd < 0 || prc_sync_fd (fd) < 0)
        return prc_fail_errno (error, path, _ ("cannot make it durable"), errno);
    return TRUE;
}

gboolean
prc_sync_dirs (const PrcJournal *journal, PrcDirs *dirs, const dev_t *except_dev, GError **error)
{
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    const GPtrArray *const changed[] = { journal->made_dirs, journal->drop_dirs };

    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);

        if (record->how != PRC_HOW_IN_PLACE && record->how != PRC_HOW_CHMOD &&
            !sync_dir (dirs, record->dir, except_dev, seen, error))
            return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS (changed); i++)
        for (guint j = 0; j < changed[i]->len; j++) {
            g_autofree char *parent = g_path_get_dirname (g_ptr_array_index (changed[i], j));

            if (!sync_dir (dirs, parent, except_dev, seen, error))
                return FALSE;
        }
    return TRUE;
}
