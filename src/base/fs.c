#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"

GBytes *
prc_read_fd (int fd, GError **error)
{
    gsize size = 0, room = 4096;
    char *bytes = g_malloc (room);

    for (;;) {
        gssize n = read (fd, bytes + size, room - size);

        if (n == 0)
            break;
        if (n < 0) {
            int saved = errno;

            if (saved == EINTR)
                continue;
            g_bytes_unref (prc_bytes_new_wiped (bytes, size));
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("cannot read: %s"),
                         g_strerror (saved));
            return NULL;
        }
        size += (gsize) n;
        if (size > PRC_FILE_SIZE_MAX) {
            g_bytes_unref (prc_bytes_new_wiped (bytes, size));
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("larger than %u MiB"),
                         PRC_FILE_SIZE_MAX / (1024 * 1024));
            return NULL;
        }
        if (size == room) {
            /* Not g_realloc: it may leave a copy behind that nobody wipes. */
            char *larger = g_malloc (room * 2);

            memcpy (larger, bytes, size);
            explicit_bzero (bytes, size);
            g_free (bytes);
            bytes = larger;
            room *= 2;
        }
    }
    return prc_bytes_new_wiped (bytes, size);
}

GBytes *
prc_read_file (int dirfd, const char *path, struct stat *ret_stat, GError **error)
{
    g_auto (PrcFd) fd = openat (dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    GBytes *bytes = NULL;
    struct stat st;

    if (fd < 0 && errno == ENXIO) { /* a socket */
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("%s: not a regular file"), path);
        return NULL;
    }
    if (fd < 0 || fstat (fd, &st) < 0) {
        int saved = errno;

        g_set_error (error, PRC_ERROR,
                     saved == ENOENT || saved == ENOTDIR ? PRC_ERROR_NOT_FOUND : PRC_ERROR_INPUT,
                     "%s: %s", path, g_strerror (saved));
        return NULL;
    }
    if (!S_ISREG (st.st_mode)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("%s: not a regular file"), path);
        return NULL;
    }
    bytes = prc_read_fd (fd, error);
    if (bytes == NULL) {
        g_prefix_error (error, "%s: ", path);
        return NULL;
    }
    if (ret_stat != NULL)
        *ret_stat = st;
    return bytes;
}

int
prc_write_fd (int fd, const void *bytes, gsize length)
{
    const char *p = bytes;

    while (length > 0) {
        gssize n = write (fd, p, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            return -1;
        p += n;
        length -= (gsize) n;
    }
    return 0;
}

gboolean
prc_write_all (int fd, const void *bytes, gsize length, GError **error)
{
    g_autofree char *text = NULL;

    if (prc_write_fd (fd, bytes, length) == 0)
        return TRUE;
    text = prc_errno_text (errno, NULL);
    g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("cannot write: %s"), text);
    return FALSE;
}

int
prc_open_at (int dirfd, const char *path, int flags, mode_t mode)
{
    int fd;

    do
        fd = openat (dirfd, path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int
prc_open_no_links (int dirfd, const char *path, int flags)
{
    struct open_how how = { .flags = (guint64) flags | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS };
    long fd;

    do
        fd = syscall (SYS_openat2, dirfd, path, &how, sizeof how);
    while (fd < 0 && errno == EINTR);
    if (fd < 0 && errno == EPERM) /* what older sandboxes say for calls that they don't know */
        errno = ENOSYS;
    return (int) fd;
}

int
prc_sync_fd (int fd)
{
    int result;

    do
        result = fsync (fd);
    while (result < 0 && errno == EINTR);
    /* EINVAL: the file system has no fsync for it; EBADF: an O_PATH descriptor. */
    return result < 0 && (errno == EINVAL || errno == EBADF) ? 0 : result;
}

void
prc_fd_clear_keep_errno (int *fd)
{
    int saved = errno;

    prc_fd_clear (fd);
    errno = saved;
}
