#include "apply/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/attributes.h"
#include "apply/fail.h"
#include "apply/plan.h"
#include "apply/settle.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

static gboolean
is_at_or_below (const char *path, const char *dir)
{
    gsize length = strlen (dir);

    return strncmp (path, dir, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* Readable by others only if something that goes into it is. */
static mode_t
dir_mode (const PrcJournal *journal, const char *dir)
{
    for (guint i = 0; i < journal->records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (journal->records, i);

        if (record->how == PRC_HOW_CREATE && (record->new_mode & 077) != 0 &&
            is_at_or_below (record->dir, dir))
            return 0755;
    }
    return 0700;
}

static gboolean
make_dir (const char *path, mode_t mode, const PrcApplyOptions *options, PrcDirs *dirs)
{
    g_autofree char *parent = g_path_get_dirname (path), *name = g_path_get_basename (path);
    int dirfd = prc_dirs_open (dirs, parent);

    if (dirfd < 0)
        return FALSE;
    if (mkdirat (dirfd, name, 0700) < 0)
        return errno == EEXIST;
    dirfd = prc_dirs_open (dirs, path);
    if (dirfd < 0)
        return FALSE;
    if (options->owner != (uid_t) -1 && options->owner != geteuid () &&
        fchown (dirfd, options->owner, options->group) < 0)
        return FALSE;
    return fchmod (dirfd, mode) == 0;
}

gboolean
prc_stage_make_dirs (const PrcJournal *journal, const PrcApplyOptions *options, PrcDirs *dirs,
                     GError **error)
{
    for (guint i = 0; i < journal->made_dirs->len; i++) {
        const char *path = g_ptr_array_index (journal->made_dirs, i);

        if (!make_dir (path, dir_mode (journal, path), options, dirs))
            return prc_fail_errno (error, path, _ ("cannot create the directory"), errno);
    }
    return TRUE;
}

/* The old file's owner and attributes; for a created one those given, or the home's owner. */
static gboolean
give_attributes (int fd, int dirfd, const PrcRecord *record, const PrcChange *change,
                 const PrcApplyOptions *options, GError **error)
{
    g_autoptr (GBytes) attributes = NULL;

    if (record->how == PRC_HOW_RENAME) {
        g_auto (PrcFd) old = prc_plan_open_old (dirfd, record->name, NULL, record->path, error);

        if (old < 0)
            return FALSE;
        attributes = prc_attributes_read (old, record->path, error);
        if (attributes == NULL)
            return FALSE;
    } else if (change->attributes != NULL) {
        attributes = g_bytes_ref (change->attributes);
    } else if (options->owner != (uid_t) -1 && options->owner != geteuid ()) {
        if (fchown (fd, options->owner, options->group) < 0)
            return prc_fail_errno (error, record->path,
                                   _ ("cannot give it to the owner of the home"), errno);
    }
    return attributes == NULL || prc_attributes_give (fd, attributes, record->path, error);
}

gboolean
prc_stage_file (PrcRecord *record, const PrcChange *change, const PrcApplyOptions *options,
                PrcDirs *dirs, int *ret_fd, GError **error)
{
    g_auto (PrcFd) fd = -1;
    struct stat st;
    gsize length = 0;
    const void *data;
    int dirfd;

    *ret_fd = -1;
    if (record->how != PRC_HOW_RENAME && record->how != PRC_HOW_CREATE)
        return TRUE;
    dirfd = prc_dirs_open (dirs, record->dir);
    if (dirfd < 0)
        return prc_fail_errno (error, record->path, _ ("cannot open its directory"), errno);
    fd = prc_open_at (dirfd, record->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (fd < 0)
        return prc_fail_errno (error, record->path, _ ("cannot create a file beside it"), errno);
    data = g_bytes_get_data (change->new_bytes, &length);
    if (prc_write_fd (fd, data, length) < 0)
        return prc_fail_errno (error, record->path, _ ("cannot write it"), errno);
    if (!give_attributes (fd, dirfd, record, change, options, error))
        return FALSE;
    if (fchmod (fd, record->new_mode) < 0)
        return prc_fail_errno (error, record->path, _ ("cannot give it its mode"), errno);
    if (fstat (fd, &st) < 0)
        return prc_fail_errno (error, record->path, _ ("cannot look at it"), errno);
    prc_identity_init (&record->staged, &st);
    /* Starts the writing, so that the syncs, which come when all files are staged, find it done. */
    (void) sync_file_range (fd, 0, 0, SYNC_FILE_RANGE_WRITE);
    *ret_fd = fd;
    fd = -1;
    return TRUE;
}

static gboolean
is_unsupported (int number)
{
    return number == EINVAL || number == ENOSYS || number == EOPNOTSUPP || number == EPERM ||
           number == EMLINK;
}

/* Where files can't be exchanged (NFS, FAT): a second name for the old one, then over it. The
 * backup name is there whenever the new file is, which is what the way back goes by. */
static gboolean
swap_with_backup (int dirfd, const PrcRecord *record)
{
    if (linkat (dirfd, record->name, dirfd, record->backup, 0) < 0 &&
        (!is_unsupported (errno) || renameat (dirfd, record->name, dirfd, record->backup) < 0))
        return FALSE;
    return renameat (dirfd, record->temp, dirfd, record->name) == 0;
}

/* What has been replaced must be what was read, else somebody was faster. */
static gboolean
check_replaced (int dirfd, const char *name, const PrcRecord *record, GError **error)
{
    g_auto (PrcFd) fd = prc_plan_open_old (dirfd, name, record->old_bytes, record->path, error);

    return fd >= 0;
}

static gboolean
swap_edit (int dirfd, const PrcRecord *record, GError **error)
{
    const char *old = record->temp;

    if (renameat2 (dirfd, record->temp, dirfd, record->name, RENAME_EXCHANGE) < 0) {
        if (errno == ENOENT)
            return prc_fail_changed (error, record->path);
        if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
            return prc_fail_errno (error, record->path, _ ("cannot replace it"), errno);
        if (!swap_with_backup (dirfd, record))
            return prc_fail_errno (error, record->path, _ ("cannot replace it"), errno);
        old = record->backup;
    }
    return check_replaced (dirfd, old, record, error);
}

static gboolean
swap_create (int dirfd, const PrcRecord *record, GError **error)
{
    struct stat st;

    if (renameat2 (dirfd, record->temp, dirfd, record->name, RENAME_NOREPLACE) == 0)
        return TRUE;
    if ((errno == EINVAL || errno == ENOSYS) &&
        linkat (dirfd, record->temp, dirfd, record->name, 0) == 0)
        return TRUE; /* the temporary name goes with the tidying up */
    if (is_unsupported (errno) && fstatat (dirfd, record->name, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
        errno == ENOENT && renameat (dirfd, record->temp, dirfd, record->name) == 0)
        return TRUE;
    return errno == EEXIST ? prc_fail_changed (error, record->path)
                           : prc_fail_errno (error, record->path, _ ("cannot create it"), errno);
}

static gboolean
swap_remove (int dirfd, const PrcRecord *record, GError **error)
{
    if (renameat (dirfd, record->name, dirfd, record->backup) < 0)
        return errno == ENOENT
                   ? prc_fail_changed (error, record->path)
                   : prc_fail_errno (error, record->path, _ ("cannot remove it"), errno);
    return check_replaced (dirfd, record->backup, record, error);
}

static gboolean
swap_chmod (int dirfd, const PrcRecord *record, GError **error)
{
    g_auto (PrcFd) fd =
        prc_plan_open_old (dirfd, record->name, record->old_bytes, record->path, error);

    if (fd < 0)
        return FALSE;
    if (fchmod (fd, record->new_mode) < 0 || prc_sync_fd (fd) < 0)
        return prc_fail_errno (error, record->path, _ ("cannot change its mode"), errno);
    return TRUE;
}

static gboolean
swap_in_place (int dirfd, const PrcRecord *record, GError **error)
{
    g_auto (PrcFd) old =
        prc_plan_open_old (dirfd, record->name, record->old_bytes, record->path, error);
    g_auto (PrcFd) fd = -1;
    struct stat read, opened;

    if (old < 0)
        return FALSE;
    fd = prc_open_at (dirfd, record->name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd < 0 || fstat (old, &read) < 0 || fstat (fd, &opened) < 0)
        return prc_fail_errno (error, record->path, _ ("cannot write into it"), errno);
    if (read.st_ino != opened.st_ino || read.st_dev != opened.st_dev)
        return prc_fail_changed (error, record->path);
    /* Before what others shall not read is in it. */
    if (record->new_mode != record->old_mode && fchmod (fd, record->new_mode) < 0)
        return prc_fail_errno (error, record->path, _ ("cannot change its mode"), errno);
    if (prc_write_in_place (fd, record->new_bytes) < 0)
        return prc_fail_errno (error, record->path, _ ("cannot write into it"), errno);
    return TRUE;
}

gboolean
prc_stage_swap (const PrcRecord *record, PrcDirs *dirs, GError **error)
{
    static gboolean (*const SWAP[]) (int, const PrcRecord *, GError **) = {
        [PRC_HOW_RENAME] = swap_edit,   [PRC_HOW_IN_PLACE] = swap_in_place,
        [PRC_HOW_CHMOD] = swap_chmod,   [PRC_HOW_CREATE] = swap_create,
        [PRC_HOW_REMOVE] = swap_remove,
    };
    int dirfd = prc_dirs_open (dirs, record->dir);

    if (dirfd < 0)
        return prc_fail_errno (error, record->path, _ ("cannot open its directory"), errno);
    return SWAP[record->how](dirfd, record, error);
}
