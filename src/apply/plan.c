#include "apply/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "apply/attributes.h"
#include "apply/fail.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

int
prc_plan_open_old (int dirfd, const char *name, GBytes *bytes, const char *path, GError **error)
{
    g_auto (PrcFd) fd = prc_open_at (dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
    g_autoptr (GBytes) now = NULL;
    struct stat st;
    int result;

    if (fd < 0 || fstat (fd, &st) < 0) {
        if (errno == ENOENT || errno == ELOOP)
            prc_fail_changed (error, path);
        else
            prc_fail_errno (error, path, _ ("cannot read it"), errno);
        return -1;
    }
    if (!S_ISREG (st.st_mode)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("%s: not a regular file; leave it out"),
                     path);
        return -1;
    }
    if (bytes != NULL) {
        now = prc_read_fd (fd, error);
        if (now == NULL) {
            prc_prefix_file (error, path);
            return -1;
        }
        if (!g_bytes_equal (now, bytes)) {
            prc_fail_changed (error, path);
            return -1;
        }
    }
    result = fd;
    fd = -1;
    return result;
}

static gboolean
is_mount_root (int fd, const struct stat *st, int dirfd)
{
    struct statx stx;
    struct stat dir;

#ifdef STATX_ATTR_MOUNT_ROOT
    if (statx (fd, "", AT_EMPTY_PATH, 0, &stx) == 0 &&
        (stx.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0)
        return (stx.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
#else
    (void) stx;
#endif
    return fstat (dirfd, &dir) == 0 && dir.st_dev != st->st_dev;
}

static gboolean
is_own_group (gid_t gid)
{
    return gid == getegid () || group_member (gid);
}

/* Why a rename would not do for this file, or NULL; whether writing into it would. */
static const char *
why_not_rename (int dirfd, int fd, const struct stat *st, gboolean *ret_in_place)
{
    *ret_in_place = TRUE;
    if (is_mount_root (fd, st, dirfd))
        return _ ("it is mounted by itself, and a new file could not take its place");
    if (st->st_nlink > 1)
        return _ ("it has hard links, which a new file would cut off");
    if (faccessat (dirfd, ".", W_OK | X_OK, AT_EACCESS) < 0) {
        if (errno != EROFS)
            return _ ("its directory can't be written to");
        *ret_in_place = FALSE;
        return _ ("its file system is read-only");
    }
    if (geteuid () != 0 && st->st_uid != geteuid ())
        return _ ("it belongs to another user, and a new file would not");
    if (geteuid () != 0 && !is_own_group (st->st_gid))
        return _ ("its group could not be given to a new file");
    return NULL;
}

static gboolean
check_owner (uid_t owner, uid_t uid, const char *path, gboolean is_folder, GError **error)
{
    if (owner == (uid_t) -1 || uid == owner)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                 is_folder
                     ? _ ("%s: its directory belongs to user %u, not to the owner of the home "
                          "(user %u); leave it out")
                     : _ ("%s: it belongs to user %u, not to the owner of the home (user "
                          "%u); leave it out"),
                 path, (guint) uid, (guint) owner);
    return FALSE;
}

static gboolean
check_dir_owner (int dirfd, const PrcApplyOptions *options, const char *path, GError **error)
{
    struct stat st;

    if (options->owner == (uid_t) -1)
        return TRUE;
    if (fstat (dirfd, &st) < 0)
        return prc_fail_errno (error, path, _ ("cannot look at its directory"), errno);
    return check_owner (options->owner, st.st_uid, path, TRUE, error);
}

static gboolean
choose_edit (const PrcChange *change, int dirfd, int fd, const struct stat *st, PrcRecord *record,
             GError **error)
{
    const char *why;
    gboolean in_place_would;

    if (change->new_bytes != NULL && g_bytes_equal (change->old_bytes, change->new_bytes)) {
        record->how = PRC_HOW_CHMOD;
        return TRUE;
    }
    record->how = change->new_bytes != NULL ? PRC_HOW_RENAME : PRC_HOW_REMOVE;
    why = why_not_rename (dirfd, fd, st, &in_place_would);
    if (why == NULL)
        return TRUE;
    if (!change->in_place) {
        /* Translators: a file, and a whole clause */
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                     in_place_would ? _ ("%s: %s; use --in-place to write into it, or leave it out")
                                    : _ ("%s: %s; remount it, or leave it out"),
                     change->path, why);
        return FALSE;
    }
    if (change->new_bytes != NULL) {
        if (faccessat (dirfd, record->name, W_OK, AT_EACCESS) < 0)
            return prc_fail_errno (error, change->path, _ ("cannot write into it"), errno);
        record->how = PRC_HOW_IN_PLACE;
        return TRUE;
    }
    /* Only a name goes: the other hard links stay. Whatever else is in the way stays in it. */
    if (st->st_nlink > 1 && !is_mount_root (fd, st, dirfd))
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("%s: it can't be removed: %s; leave it out"),
                 change->path, why);
    return FALSE;
}

/* For a file that exists. *@ret_needed: FALSE when the change would change nothing. */
static gboolean
plan_present (const PrcChange *change, const PrcApplyOptions *options, int dirfd, PrcRecord *record,
              gboolean *ret_needed, GError **error)
{
    g_auto (PrcFd) fd =
        prc_plan_open_old (dirfd, record->name, change->old_bytes, change->path, error);
    struct stat st;

    if (fd < 0)
        return FALSE;
    if (fstat (fd, &st) < 0)
        return prc_fail_errno (error, change->path, _ ("cannot look at it"), errno);
    record->old_mode = st.st_mode & 07777;
    record->new_mode = change->mode >= 0 ? (guint32) change->mode & 07777 : record->old_mode;
    if (change->new_bytes != NULL && record->new_mode == record->old_mode &&
        g_bytes_equal (change->old_bytes, change->new_bytes))
        return TRUE;
    if (!check_owner (options->owner, st.st_uid, change->path, FALSE, error) ||
        !choose_edit (change, dirfd, fd, &st, record, error))
        return FALSE;
    if (record->how == PRC_HOW_REMOVE) {
        record->attributes = prc_attributes_read (fd, change->path, error);
        if (record->attributes == NULL)
            return FALSE;
    }
    *ret_needed = TRUE;
    return TRUE;
}

static gboolean
plan_absent (const PrcChange *change, int dirfd, PrcRecord *record, GError **error)
{
    struct stat st;

    if (dirfd >= 0 && fstatat (dirfd, record->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return prc_fail_changed (error, change->path);
    if (dirfd >= 0 && errno != ENOENT)
        return prc_fail_errno (error, change->path, _ ("cannot look at it"), errno);
    record->how = PRC_HOW_CREATE;
    record->new_mode = change->mode >= 0 ? (guint32) change->mode & 07777 : 0600;
    return TRUE;
}

static GBytes *
ref_or_null (GBytes *bytes)
{
    return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

static void
fill_in (PrcRecord *record, const PrcChange *change)
{
    record->in_place = change->in_place;
    record->settings = change->settings;
    record->old_bytes = ref_or_null (change->old_bytes);
    record->new_hash = prc_content_hash (change->new_bytes);
    record->old_size = change->old_bytes != NULL ? g_bytes_get_size (change->old_bytes) : 0;
    record->new_size = change->new_bytes != NULL ? g_bytes_get_size (change->new_bytes) : 0;
    if (record->how == PRC_HOW_IN_PLACE || change->keeps_new)
        record->new_bytes = ref_or_null (change->new_bytes);
}

static void
add_made_dirs (PrcJournal *journal, const GPtrArray *missing)
{
    for (guint i = 0; i < missing->len; i++) {
        const char *dir = g_ptr_array_index (missing, i);

        if (!g_ptr_array_find_with_equal_func (journal->made_dirs, dir, g_str_equal, NULL))
            g_ptr_array_add (journal->made_dirs, g_strdup (dir));
    }
}

static gboolean
same_bytes (GBytes *a, GBytes *b)
{
    return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

/* Two paths that lead to one file, e.g. a symlink and its target. */
static gboolean
plan_again (const PrcChange *first, const PrcChange *second, GError **error)
{
    if (same_bytes (first->old_bytes, second->old_bytes) &&
        same_bytes (first->new_bytes, second->new_bytes) && first->mode == second->mode)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                 _ ("%s: is the same file as %s, and is to become another content"), second->path,
                 first->path);
    return FALSE;
}

typedef struct {
    const PrcApplyOptions *options;
    PrcDirs *dirs;
    PrcJournal *journal;
    GPtrArray *changes;
    GHashTable *seen; /* canonical path -> PrcChange */
    guint64 random;
} Planner;

static gboolean
plan_one (Planner *planner, const PrcChange *change, GError **error)
{
    g_auto (PrcTarget) target = { NULL, NULL, NULL };
    PrcRecord *record;
    const char *existing;
    gboolean needed = FALSE, ok;
    char *full;
    int dirfd;

    if (change->old_bytes == NULL && change->new_bytes == NULL)
        return TRUE;
    if (!prc_target_resolve (change->path, planner->options->root, &target, error))
        return FALSE;
    full = g_build_filename (target.dir, target.name, NULL);
    if (g_hash_table_contains (planner->seen, full)) {
        const PrcChange *first = g_hash_table_lookup (planner->seen, full);

        g_free (full);
        return plan_again (first, change, error);
    }
    g_hash_table_insert (planner->seen, full, (gpointer) change);
    existing = target.dir;
    g_autofree char *outer =
        target.missing->len > 0 ? g_path_get_dirname (g_ptr_array_index (target.missing, 0)) : NULL;
    dirfd = prc_dirs_open (planner->dirs, outer != NULL ? outer : existing);
    if (dirfd < 0)
        return prc_fail_errno (error, change->path, _ ("cannot open its directory"), errno);

    record = g_new0 (PrcRecord, 1);
    record->path = g_strdup (change->path);
    record->dir = g_strdup (target.dir);
    record->name = g_strdup (target.name);
    record->temp = g_strdup_printf (".proxyrc-%016" G_GINT64_MODIFIER "x-%u", planner->random,
                                    planner->journal->records->len);
    record->backup = g_strconcat (record->temp, "o", NULL);
    if (change->old_bytes == NULL) {
        ok = plan_absent (change, outer != NULL ? -1 : dirfd, record, error);
        needed = TRUE;
    } else if (outer != NULL) {
        ok = prc_fail_changed (error, change->path);
    } else {
        ok = plan_present (change, planner->options, dirfd, record, &needed, error);
    }
    if (!ok || !needed || !check_dir_owner (dirfd, planner->options, change->path, error)) {
        prc_record_free (record);
        return ok && !needed;
    }
    fill_in (record, change);
    add_made_dirs (planner->journal, target.missing);
    g_ptr_array_add (planner->journal->records, record);
    g_ptr_array_add (planner->changes, (gpointer) change);
    return TRUE;
}

gboolean
prc_plan_records (const GPtrArray *changes, const PrcApplyOptions *options, PrcDirs *dirs,
                  PrcJournal *journal, GPtrArray **ret_changes, GError **error)
{
    g_autoptr (GPtrArray) kept = g_ptr_array_new ();
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    Planner planner = { options, dirs, journal, kept, seen, 0 };

    /* Names that nobody can guess, and put a file of their own at. */
    while (getrandom (&planner.random, sizeof planner.random, 0) != sizeof planner.random)
        if (errno != EINTR)
            return prc_fail_errno (error, "getrandom", _ ("cannot make a file name"), errno);
    for (guint i = 0; i < changes->len; i++)
        if (!plan_one (&planner, g_ptr_array_index (changes, i), error))
            return FALSE;
    journal->data_read = TRUE;
    *ret_changes = g_steal_pointer (&kept);
    return TRUE;
}
