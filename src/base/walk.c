#include "base/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

/* A way longer than this starts at a new Base, so that no system call ever sees a long path. */
#define WAY_MAX 2048
#define BUFFER_SIZE (64 * 1024)
/* Directories that stay open for those in them, which are then one step away. In deeper trees ways
 * grow longer. */
#define OPEN_MAX 64

/** Base: an open directory from which others are reached. */
typedef struct Base {
    gatomicrefcount refs;
    struct Base *above; /* NULL for the root */
    gint *n_open;       /* (nullable): atomic: how many there are that count */
    int fd;
    char *path; /* for people, and for the callbacks */
    char *way;  /* from @above, "" for the root */
} Base;

/** Job: a directory still to be read. */
typedef struct {
    Base *base;
    guint64 listed_inode; /* what the directory above says of it; 0 for the root */
    gsize length;
    char way[]; /* from @base; "" is @base itself */
} Job;

typedef struct {
    const PrcWalk *walk;
    GMutex lock; /* for what follows */
    GCond changed;
    GPtrArray *offered; /* of Job: given away by a thread that has several */
    guint busy;
    GMutex telling;  /* held around the callbacks */
    gint hungry;     /* atomic: threads that wait for a job */
    gint old_kernel; /* atomic: openat2() is not there, or not allowed */
    gint n_open;     /* atomic: bases that count towards OPEN_MAX */
    gboolean has_any_at_first[256], has_any_at_last[256];
} Shared;

typedef struct {
    Shared *shared;
    GPtrArray *jobs; /* of Job: this thread's own, the last is next */
    char *buffer;
    GString *path; /* of the directory that is being read, once somebody asks */
    gboolean path_is_known;
} Worker;

/* A directory's entry as the kernel writes it. */
struct kernel_dirent64 {
    guint64 d_ino;
    gint64 d_off;
    unsigned short d_reclen;
    unsigned char d_type;
    char d_name[];
};

static Base *
base_new (Base *above, int fd, const char *path, const char *way)
{
    Base *base = g_new0 (Base, 1);

    g_atomic_ref_count_init (&base->refs);
    if (above != NULL)
        g_atomic_ref_count_inc (&above->refs);
    base->above = above;
    base->fd = fd;
    base->path = g_strdup (path);
    base->way = g_strdup (way);
    return base;
}

static void
base_unref (Base *base)
{
    while (base != NULL && g_atomic_ref_count_dec (&base->refs)) {
        Base *above = base->above;

        prc_fd_clear (&base->fd);
        if (base->n_open != NULL)
            g_atomic_int_add (base->n_open, -1);
        g_free (base->path);
        g_free (base->way);
        g_free (base);
        base = above;
    }
}

static Job *
job_new (Base *base, const char *way, gsize way_length, const char *name, gsize name_length,
         guint64 inode)
{
    gsize slash = way_length > 0 ? 1 : 0;
    Job *job = g_malloc (sizeof *job + way_length + slash + name_length + 1);

    g_atomic_ref_count_inc (&base->refs);
    job->base = base;
    job->listed_inode = inode;
    job->length = way_length + slash + name_length;
    memcpy (job->way, way, way_length);
    if (slash)
        job->way[way_length] = '/';
    memcpy (job->way + way_length + slash, name, name_length);
    job->way[job->length] = '\0';
    return job;
}

static void
job_free (gpointer job)
{
    if (job != NULL)
        base_unref (((Job *) job)->base);
    g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

/* Names ------------------------------------------------------------------------------------------
 */

static gboolean
matches_one (const char *pattern, const char *name, gsize length)
{
    gsize size = strlen (pattern);

    if (pattern[0] == '*')
        return length >= size - 1 &&
               memcmp (name + length - (size - 1), pattern + 1, size - 1) == 0;
    if (size > 0 && pattern[size - 1] == '*')
        return length >= size - 1 && memcmp (name, pattern, size - 1) == 0;
    return length == size && memcmp (name, pattern, size) == 0;
}

/* Nearly every name is turned down by its first and last byte. */
static gboolean
matches (const Shared *shared, const char *name, gsize length)
{
    if (length == 0 || (!shared->has_any_at_first[(guchar) name[0]] &&
                        !shared->has_any_at_last[(guchar) name[length - 1]]))
        return FALSE;
    for (const char *const *pattern = shared->walk->patterns; *pattern != NULL; pattern++)
        if (matches_one (*pattern, name, length))
            return TRUE;
    return FALSE;
}

static void
prepare_patterns (Shared *shared)
{
    for (const char *const *pattern = shared->walk->patterns; *pattern != NULL; pattern++) {
        gsize size = strlen (*pattern);

        if (size == 0)
            continue;
        if (size == 1 && **pattern == '*')
            memset (shared->has_any_at_first, TRUE, sizeof shared->has_any_at_first);
        else if (**pattern == '*')
            shared->has_any_at_last[(guchar) (*pattern)[size - 1]] = TRUE;
        else
            shared->has_any_at_first[(guchar) * *pattern] = TRUE;
    }
}

/* Opening ----------------------------------------------------------------------------------------
 */

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)

/* Without openat2() only the last step of a path can be kept from following a symlink. */
static int
open_step_by_step (int from, const char *way)
{
    g_auto (PrcFd) at = -1;
    g_auto (GStrv) steps = g_strsplit (way, "/", -1);

    for (guint i = 0; steps[i] != NULL; i++) {
        int next = openat (at >= 0 ? at : from, steps[i],
                           steps[i + 1] != NULL ? O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
                                                : DIR_FLAGS);
        int saved = errno;

        prc_fd_clear (&at);
        errno = saved;
        if (next < 0)
            return -1;
        at = next;
    }
    return g_steal_fd (&at);
}

static int
open_below (Shared *shared, int from, const char *way)
{
    static const struct open_how how = { .flags = DIR_FLAGS, .resolve = RESOLVE_NO_SYMLINKS };

    if (*way == '\0')
        return openat (from, ".", DIR_FLAGS);
    if (strchr (way, '/') == NULL)
        return openat (from, way, DIR_FLAGS);
    if (!g_atomic_int_get (&shared->old_kernel)) {
        int fd = (int) syscall (SYS_openat2, from, way, &how, sizeof how);

        if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
            return fd;
        /* EPERM: a filter for system calls that does not know this one */
        g_atomic_int_set (&shared->old_kernel, 1);
    }
    return open_step_by_step (from, way);
}

/* Telling ----------------------------------------------------------------------------------------
 */

static const char *
path_of (Worker *worker, const Job *job)
{
    if (!worker->path_is_known) {
        g_string_assign (worker->path, job->base->path);
        if (job->length > 0 &&
            (worker->path->len == 0 || worker->path->str[worker->path->len - 1] != '/'))
            g_string_append_c (worker->path, '/');
        g_string_append_len (worker->path, job->way, (gssize) job->length);
        worker->path_is_known = TRUE;
    }
    return worker->path->str;
}

static void
tell_unreadable (Worker *worker, const Job *job, int error_number)
{
    const PrcWalk *walk = worker->shared->walk;

    /* it was removed since the directory above it was read: nothing is left out */
    if (error_number == ENOENT || walk->unreadable == NULL)
        return;
    g_mutex_lock (&worker->shared->telling);
    walk->unreadable (path_of (worker, job), error_number, walk->data);
    g_mutex_unlock (&worker->shared->telling);
}

static void
tell_found (Worker *worker, const Job *job, int fd, const char *name, gboolean is_link)
{
    const PrcWalk *walk = worker->shared->walk;
    PrcWalkEntry entry = { fd, path_of (worker, job), name, is_link };

    g_mutex_lock (&worker->shared->telling);
    walk->found (&entry, walk->data);
    g_mutex_unlock (&worker->shared->telling);
}

/* Mounts -----------------------------------------------------------------------------------------
 */

static gboolean
is_same (const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Whether @fd, reached by @job, is one of the directories above it: the same files once more. */
static gboolean
leads_back (const Job *job, int fd)
{
    struct stat here, above;
    const char *way = job->way;

    if (fstat (fd, &here) != 0)
        return FALSE;
    for (const Base *base = job->base; base != NULL; way = base->way, base = base->above) {
        g_autofree char *part = g_strdup (way);

        for (char *slash = strrchr (part, '/'); slash != NULL; slash = strrchr (part, '/')) {
            *slash = '\0';
            if (fstatat (base->fd, part, &above, AT_SYMLINK_NOFOLLOW) == 0 &&
                is_same (&here, &above))
                return TRUE;
        }
        if (fstat (base->fd, &above) == 0 && is_same (&here, &above))
            return TRUE;
    }
    return FALSE;
}

/* Reading one directory --------------------------------------------------------------------------
 */

static unsigned char
type_of (int fd, const struct kernel_dirent64 *entry)
{
    struct stat st;

    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type;
    /* some filesystems do not say */
    if (fstatat (fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return DT_UNKNOWN;
    return (unsigned char) IFTODT (st.st_mode);
}

/* Where the directories in @job's start from: itself, as long as not too many are open; its own
 * base; or a new one when its way has grown long. Takes @fd in the first case. */
static Base *
base_below (Worker *worker, const Job *job, int *fd)
{
    Shared *shared = worker->shared;
    Base *base = NULL;

    if (job->length == 0)
        return NULL;
    if (g_atomic_int_add (&shared->n_open, 1) < OPEN_MAX) {
        base = base_new (job->base, *fd, path_of (worker, job), job->way);
        base->n_open = &shared->n_open;
        *fd = -1;
        return base;
    }
    g_atomic_int_add (&shared->n_open, -1);
    if (job->length >= WAY_MAX) {
        int copy = fcntl (*fd, F_DUPFD_CLOEXEC, 0);

        if (copy >= 0)
            base = base_new (job->base, copy, path_of (worker, job), job->way);
    }
    return base;
}

static void
add_directory (Worker *worker, const Job *job, Base *below, const struct kernel_dirent64 *entry,
               gsize length)
{
    const PrcWalk *walk = worker->shared->walk;

    if (walk->enter != NULL && !walk->enter (path_of (worker, job), entry->d_name, walk->data))
        return;
    g_ptr_array_add (worker->jobs, below != NULL
                                       ? job_new (below, "", 0, entry->d_name, length, entry->d_ino)
                                       : job_new (job->base, job->way, job->length, entry->d_name,
                                                  length, entry->d_ino));
}

/*
 * Whether @job's directory, of which the first @bytes were read, is not the one that was listed
 * above it: something is mounted there. Its own entry "." tells, mostly, and saves a system call
 * for each.
 */
static gboolean
is_mount (const Worker *worker, const Job *job, gsize bytes)
{
    const struct kernel_dirent64 *entry;

    for (gsize at = 0; at < bytes; at += entry->d_reclen) {
        entry = (const void *) (worker->buffer + at);
        if (entry->d_name[0] == '.' && entry->d_name[1] == '\0')
            return entry->d_ino != job->listed_inode;
    }
    return TRUE;
}

/*
 * Whether the position behind the last entry is the last there can be: then asking for more is
 * needless. ext4 says so; filesystems that do not are asked once more, and answer that there is
 * nothing.
 */
static gboolean
is_end (gint64 position)
{
    return position == G_MAXINT64;
}

/* Returns the position behind the last entry. */
static gint64
read_entries (Worker *worker, const Job *job, int *own_fd, Base **below, gsize bytes, gint *files)
{
    int fd = *below != NULL && *own_fd < 0 ? (*below)->fd : *own_fd;
    gint64 position = 0;

    for (gsize at = 0; at < bytes;) {
        const struct kernel_dirent64 *entry = (const void *) (worker->buffer + at);
        const char *name = entry->d_name;
        gsize length = strlen (name);
        unsigned char type;

        at += entry->d_reclen;
        position = entry->d_off;
        if (name[0] == '.' && length <= 2 && (length == 1 || name[1] == '.'))
            continue;
        type = entry->d_type;
        if (type == DT_UNKNOWN)
            type = type_of (fd, entry);
        if (type == DT_DIR) {
            if (*below == NULL)
                *below = base_below (worker, job, own_fd);
            add_directory (worker, job, *below, entry, length);
            continue;
        }
        (*files)++;
        if ((type == DT_REG || type == DT_LNK) && matches (worker->shared, name, length))
            tell_found (worker, job, fd, name, type == DT_LNK);
    }
    return position;
}

static void
read_directory (Worker *worker, const Job *job)
{
    PrcWalkProgress *progress = worker->shared->walk->progress;
    g_auto (PrcFd) fd = open_below (worker->shared, job->base->fd, job->way);
    Base *below = NULL;
    gint files = 0;
    long bytes;
    gboolean is_first = job->length > 0; /* the root is what it is */

    worker->path_is_known = FALSE;
    if (fd < 0) {
        tell_unreadable (worker, job, errno);
        return;
    }
    do {
        bytes = syscall (SYS_getdents64, fd >= 0 ? fd : below->fd, worker->buffer, BUFFER_SIZE);
        if (is_first && bytes > 0 && is_mount (worker, job, (gsize) bytes) &&
            leads_back (job, fd)) {
            tell_unreadable (worker, job, ELOOP);
            return;
        }
        is_first = FALSE;
    } while (bytes > 0 && !is_end (read_entries (worker, job, &fd, &below, (gsize) bytes, &files)));
    if (bytes < 0)
        tell_unreadable (worker, job, errno);
    if (progress != NULL) {
        g_atomic_int_inc (&progress->dirs);
        g_atomic_int_add (&progress->files, files);
    }
    base_unref (below);
}

/* The threads ------------------------------------------------------------------------------------
 */

static gboolean
is_cancelled (const PrcWalk *walk)
{
    return walk->cancelled != NULL && g_atomic_int_get (walk->cancelled) != 0;
}

/* The next job for @worker, after waiting for one; NULL at the end. */
static Job *
next_job (Worker *worker)
{
    Shared *shared = worker->shared;
    Job *job = NULL;

    if (worker->jobs->len > 0)
        return g_ptr_array_steal_index (worker->jobs, worker->jobs->len - 1);
    g_mutex_lock (&shared->lock);
    shared->busy--;
    g_atomic_int_inc (&shared->hungry);
    while (shared->offered->len == 0 && shared->busy > 0)
        g_cond_wait (&shared->changed, &shared->lock);
    if (shared->offered->len > 0) {
        job = g_ptr_array_steal_index (shared->offered, shared->offered->len - 1);
        shared->busy++;
        g_atomic_int_add (&shared->hungry, -1);
    } else {
        g_cond_broadcast (&shared->changed);
    }
    g_mutex_unlock (&shared->lock);
    return job;
}

/* Gives away the older half, which has the larger trees below it, when another thread waits. */
static void
offer_jobs (Worker *worker)
{
    Shared *shared = worker->shared;
    guint half = worker->jobs->len / 2;

    if (half == 0 || g_atomic_int_get (&shared->hungry) == 0)
        return;
    g_mutex_lock (&shared->lock);
    for (guint i = 0; i < half; i++)
        g_ptr_array_add (shared->offered, worker->jobs->pdata[i]);
    g_cond_broadcast (&shared->changed);
    g_mutex_unlock (&shared->lock);
    memmove (worker->jobs->pdata, worker->jobs->pdata + half,
             (worker->jobs->len - half) * sizeof *worker->jobs->pdata);
    worker->jobs->len -= half;
}

static gpointer
work (gpointer data)
{
    Shared *shared = data;
    Worker worker = { shared, g_ptr_array_new (), g_malloc (BUFFER_SIZE), g_string_new (NULL),
                      FALSE };
    Job *next;

    while ((next = next_job (&worker)) != NULL) {
        g_autoptr (Job) job = next;

        /* when cancelled, what is left is only freed */
        if (!is_cancelled (shared->walk)) {
            read_directory (&worker, job);
            offer_jobs (&worker);
        }
    }
    g_ptr_array_free (worker.jobs, TRUE);
    g_free (worker.buffer);
    g_string_free (worker.path, TRUE);
    return NULL;
}

static void
walk_from (Base *root, const PrcWalk *walk)
{
    Shared shared = { .walk = walk, .offered = g_ptr_array_new () };
    guint n = walk->threads > 0 ? walk->threads : g_get_num_processors ();
    g_autoptr (GPtrArray) threads = g_ptr_array_new ();

    g_mutex_init (&shared.lock);
    g_mutex_init (&shared.telling);
    g_cond_init (&shared.changed);
    prepare_patterns (&shared);
    g_ptr_array_add (shared.offered, job_new (root, "", 0, "", 0, 0));
    shared.busy = n;
    for (guint i = 1; i < n; i++) {
        GThread *thread = g_thread_try_new ("walk", work, &shared, NULL);

        if (thread != NULL) {
            g_ptr_array_add (threads, thread);
        } else {
            g_mutex_lock (&shared.lock);
            shared.busy--;
            g_mutex_unlock (&shared.lock);
        }
    }
    work (&shared);
    for (guint i = 0; i < threads->len; i++)
        g_thread_join (threads->pdata[i]);
    g_ptr_array_free (shared.offered, TRUE);
    g_cond_clear (&shared.changed);
    g_mutex_clear (&shared.telling);
    g_mutex_clear (&shared.lock);
}

gboolean
prc_walk (int dir_fd, const char *root, const PrcWalk *walk, GError **error)
{
    int fd = openat (dir_fd, root, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    Base *base;

    if (fd < 0) {
        g_set_error (error, PRC_ERROR, errno == ENOENT ? PRC_ERROR_NOT_FOUND : PRC_ERROR_INPUT,
                     "%s: %s", root, g_strerror (errno));
        return FALSE;
    }
    base = base_new (NULL, fd, root, "");
    walk_from (base, walk);
    base_unref (base);
    if (is_cancelled (walk)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("%s: the search was stopped"), root);
        return FALSE;
    }
    return TRUE;
}
