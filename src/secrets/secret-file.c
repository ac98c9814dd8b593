#include "secrets/secret-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>

#include "base/error.h"
#include "base/i18n.h"

#define LOCK_WAIT_MS 30000u

#define TEMPORARY_SUFFIX ".new"

static void
set_error_errno (GError **error, PrcError code, const char *path, int saved)
{
    g_autofree char *text = prc_errno_text (saved, NULL);

    g_set_error (error, PRC_ERROR, code, "%s: %s", path, text);
}

static void
set_error_mode (GError **error, const char *path, const char *what, const char *mode)
{
    g_autofree char *quoted = g_shell_quote (path);

    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("%s: %s; run: chmod %s %s"), path, what,
                 mode, quoted);
}

/* Whoever can write to the directory can put another file in place. */
static gboolean
check_directory (const char *path, GError **error)
{
    g_autofree char *dir = g_path_get_dirname (path);
    struct stat st;

    if (stat (dir, &st) < 0) {
        set_error_errno (error, PRC_ERROR_INPUT, dir, errno);
        return FALSE;
    }
    if (st.st_uid != geteuid () && st.st_uid != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, 
                     _ ("%s: belongs to another user; set XDG_DATA_HOME to a directory of your own"),
                     dir);
        return FALSE;
    }
    if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        set_error_mode (error, dir, _ ("others may write to this directory"), "700");
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_file (const char *path, const struct stat *st, GError **error)
{
    if (!S_ISREG (st->st_mode)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: not a regular file; move it away"), path);
        return FALSE;
    }
    if (st->st_uid != geteuid ()) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: belongs to another user; move it away, or make it your own (chown)"),
                     path);
        return FALSE;
    }
    if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        set_error_mode (error, path, _ ("others may read or write it, and it holds secrets"),
                        "600");
        return FALSE;
    }
    return TRUE;
}

gboolean
prc_secret_file_read (const char *path, GBytes **ret_bytes, GError **error)
{
    g_auto (PrcFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    GBytes *bytes = NULL;
    struct stat st;

    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        *ret_bytes = NULL;
        return TRUE;
    }
    if (fd < 0 && errno == ELOOP) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: a symbolic link; put the file itself there"), path);
        return FALSE;
    }
    if (fd < 0 || fstat (fd, &st) < 0) {
        set_error_errno (error, PRC_ERROR_INPUT, path, errno);
        return FALSE;
    }
    if (!check_directory (path, error) || !check_file (path, &st, error))
        return FALSE;
    bytes = prc_read_fd (fd, error);
    if (bytes == NULL) {
        g_prefix_error (error, "%s: ", path);
        return FALSE;
    }
    *ret_bytes = bytes;
    return TRUE;
}

static gboolean
wait_for_lock (int fd, const char *path, GError **error)
{
    guint pause_ms = 1;

    /* Not a blocking flock(): a stopped process would hold up all others for good. */
    for (guint waited = 0; flock (fd, LOCK_EX | LOCK_NB) < 0; waited += pause_ms) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            set_error_errno (error, PRC_ERROR_WRITE, path, errno);
            return FALSE;
        }
        if (waited > LOCK_WAIT_MS) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                         _ ("%s: another proxyrc has held the lock for %u s"), path,
                         LOCK_WAIT_MS / 1000);
            return FALSE;
        }
        pause_ms = MIN (pause_ms * 2, 16u);
        g_usleep (pause_ms * 1000);
    }
    return TRUE;
}

PrcFd
prc_secret_file_lock (const char *path, GError **error)
{
    g_autofree char *dir = g_path_get_dirname (path);
    g_autofree char *lock = g_strconcat (path, ".lock", NULL);
    g_autofree char *temporary = g_strconcat (path, TEMPORARY_SUFFIX, NULL);
    g_auto (PrcFd) fd = -1;

    if (g_mkdir_with_parents (dir, 0700) < 0) {
        set_error_errno (error, PRC_ERROR_WRITE, dir, errno);
        return -1;
    }
    if (!check_directory (path, error))
        return -1;
    fd = open (lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
    if (fd < 0) {
        set_error_errno (error, PRC_ERROR_WRITE, lock, errno);
        return -1;
    }
    if (!wait_for_lock (fd, lock, error))
        return -1;
    /* A killed process may have left secrets in it. */
    (void) unlink (temporary);
    return g_steal_fd (&fd);
}

static gboolean
sync_directory (const char *path, GError **error)
{
    g_autofree char *dir = g_path_get_dirname (path);
    g_auto (PrcFd) fd = open (dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    /* Some network file systems know no fsync of a directory: then there is nothing to wait for. */
    if (fd < 0 || (fsync (fd) < 0 && errno != EINVAL && errno != ENOSYS)) {
        set_error_errno (error, PRC_ERROR_WRITE, dir, errno);
        return FALSE;
    }
    return TRUE;
}

static gboolean
write_new (const char *path, GBytes *bytes, GError **error)
{
    g_auto (PrcFd) fd = -1;
    gsize size = 0;
    const void *data = g_bytes_get_data (bytes, &size);

    if (unlink (path) < 0 && errno != ENOENT) {
        set_error_errno (error, PRC_ERROR_WRITE, path, errno);
        return FALSE;
    }
    fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    /* fchmod: a umask may have taken the owner's own rights away. */
    if (fd < 0 || fchmod (fd, 0600) < 0) {
        set_error_errno (error, PRC_ERROR_WRITE, path, errno);
        return FALSE;
    }
    if (!prc_write_all (fd, data, size, error)) {
        g_prefix_error (error, "%s: ", path);
        return FALSE;
    }
    if (fsync (fd) < 0) {
        set_error_errno (error, PRC_ERROR_WRITE, path, errno);
        return FALSE;
    }
    return TRUE;
}

gboolean
prc_secret_file_write (const char *path, GBytes *bytes, GError **error)
{
    g_autofree char *temporary = g_strconcat (path, TEMPORARY_SUFFIX, NULL);

    if (!write_new (temporary, bytes, error)) {
        (void) unlink (temporary);
        return FALSE;
    }
    if (rename (temporary, path) < 0) {
        set_error_errno (error, PRC_ERROR_WRITE, path, errno);
        (void) unlink (temporary);
        return FALSE;
    }
    return sync_directory (path, error);
}
