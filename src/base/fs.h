/* fs.h - thin wrappers over file descriptors: an auto-closing fd and reading a file whole */
#pragma once
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

/** PrcFd: `g_auto (PrcFd) fd = open (…);` closes it at the end of the block; -1 is none. */
typedef int PrcFd;
static inline void
prc_fd_clear (PrcFd *fd)
{
    if (*fd >= 0)
        (void) close (*fd);
    *fd = -1;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcFd, prc_fd_clear)

/** The largest file that is taken for a configuration file, in bytes. */
#define PRC_FILE_SIZE_MAX (16u * 1024u * 1024u)

/**
 * prc_read_fd: all of @fd from where it stands, up to #PRC_FILE_SIZE_MAX; the copy is wiped when
 * it is freed. Returns: (transfer full) (nullable)
 */
GBytes *prc_read_fd (int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_read_file:
 * @dirfd: where a relative @path starts; AT_FDCWD for the working directory
 * @ret_stat: (out) (optional): the open file's
 * @error: #PRC_ERROR_NOT_FOUND when there is no such file, else #PRC_ERROR_INPUT, with the path
 *
 * Follows symlinks; refuses everything but a regular file, without blocking on a FIFO.
 * Returns: (transfer full) (nullable)
 */
GBytes *prc_read_file (int dirfd, const char *path, struct stat *ret_stat, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/** prc_write_all: all @length bytes to @fd, restarting after signals. */
gboolean prc_write_all (int fd, const void *bytes, gsize length, GError **error);

/** prc_open_at: openat() with O_CLOEXEC, restarted after signals; -1 with errno. */
int prc_open_at (int dirfd, const char *path, int flags, mode_t mode);
/**
 * prc_open_no_links: as prc_open_at(), but fails with ELOOP if any component of @path is a symlink.
 * -1 with ENOSYS where the kernel (before 5.6) or a filter has no openat2().
 */
int prc_open_no_links (int dirfd, const char *path, int flags);
/** prc_write_fd: all @length bytes to @fd, restarting after signals; 0 or -1 with errno. */
int prc_write_fd (int fd, const void *bytes, gsize length);
/** prc_sync_fd: fsync(), restarted after signals; 0 or -1 with errno. A directory on a file system
 * that can't sync directories, or one that is only open as O_PATH, counts as done. */
int prc_sync_fd (int fd);
/** prc_fd_clear_keep_errno: closes as prc_fd_clear() does; errno stays. */
void prc_fd_clear_keep_errno (int *fd);
