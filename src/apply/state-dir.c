#include "apply/state-dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#include "apply/fail.h"
#include "base/error.h"
#include "base/i18n.h"

#define POLL_US 2000

struct _PrcStateDir {
    char *path;
};

PrcStateDir *
prc_state_dir_new (const char *path)
{
    PrcStateDir *state = g_new0 (PrcStateDir, 1);

    state->path = g_strdup (path);
    return state;
}

void
prc_state_dir_free (PrcStateDir *state)
{
    if (state == NULL)
        return;
    g_free (state->path);
    g_free (state);
}

const char *
prc_state_dir_path (const PrcStateDir *state)
{
    return state->path;
}

/* As mkdir -p with 0700, each made durable: a journal that a power cut takes away with its
 * directory would leave half a transaction without a way back. */
static gboolean
make_dirs (const char *path)
{
    g_autofree char *parent = NULL;
    g_auto (PrcFd) fd = -1;

    if (mkdir (path, 0700) < 0) {
        if (errno == EEXIST)
            return TRUE;
        if (errno != ENOENT || strcmp (path, "/") == 0)
            return FALSE;
        parent = g_path_get_dirname (path);
        if (!make_dirs (parent) || (mkdir (path, 0700) < 0 && errno != EEXIST))
            return FALSE;
    }
    if (parent == NULL)
        parent = g_path_get_dirname (path);
    fd = prc_open_at (AT_FDCWD, parent, O_RDONLY | O_DIRECTORY, 0);
    return fd < 0 ? errno == EACCES : prc_sync_fd (fd) == 0;
}

static gboolean
check (const PrcStateDir *state, int fd, GError **error)
{
    struct stat st;

    if (fstat (fd, &st) < 0)
        return prc_fail_errno (error, state->path, _ ("cannot look at it"), errno);
    if (st.st_uid != geteuid ()) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                     _ ("%s: belongs to another user, who could read old passwords in it; set "
                        "XDG_STATE_HOME to a directory of your own"),
                     state->path);
        return FALSE;
    }
    if ((st.st_mode & 077) != 0 && fchmod (fd, 0700) < 0)
        return prc_fail_errno (error, state->path, _ ("cannot keep others out of it"), errno);
    return TRUE;
}

gboolean
prc_state_dir_open (const PrcStateDir *state, gboolean create, PrcFd *ret_fd, GError **error)
{
    g_auto (PrcFd) fd = prc_open_at (AT_FDCWD, state->path, O_RDONLY | O_DIRECTORY, 0);

    if (fd < 0 && errno == ENOENT) {
        if (!create) {
            *ret_fd = -1;
            return TRUE;
        }
        if (!make_dirs (state->path))
            return prc_fail_errno (error, state->path, _ ("cannot create it"), errno);
        fd = prc_open_at (AT_FDCWD, state->path, O_RDONLY | O_DIRECTORY, 0);
    }
    if (fd < 0)
        return prc_fail_errno (error, state->path, _ ("cannot open it"), errno);
    if (!check (state, fd, error))
        return FALSE;
    *ret_fd = fd;
    fd = -1;
    return TRUE;
}

gboolean
prc_state_dir_has (const PrcStateDir *state, const char *name)
{
    g_autofree char *path = g_build_filename (state->path, name, NULL);
    struct stat st;

    return lstat (path, &st) == 0;
}

void
prc_lock_clear (PrcLock *lock)
{
    if (*lock >= 0)
        (void) flock (*lock, LOCK_UN);
    prc_fd_clear (lock);
}

gboolean
prc_state_dir_lock (const PrcStateDir *state, int state_fd, guint wait_ms, PrcLock *ret_lock,
                    GError **error)
{
    gint64 until = g_get_monotonic_time () + (gint64) wait_ms * 1000;
    g_auto (PrcFd) fd = prc_open_at (state_fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW, 0600);

    if (fd < 0)
        return prc_fail_errno (error, state->path, _ ("cannot lock it"), errno);
    while (flock (fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return prc_fail_errno (error, state->path, _ ("cannot lock it"), errno);
        if (g_get_monotonic_time () >= until) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                         _ ("%s: another proxyrc is writing; try again when it has finished"),
                         state->path);
            return FALSE;
        }
        g_usleep (POLL_US);
    }
    *ret_lock = fd;
    fd = -1;
    return TRUE;
}
