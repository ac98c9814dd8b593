#include "tui/watch.h"

#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define SETTLE_MS 150 /* an editor renames and writes more than once */
#define FOLDERS_MAX 512

#define CHANGES                                                                                    \
    (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |            \
     IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

#define ANY "/" /* no file is called so: all that is in a folder */

struct _PrcWatch {
    void (*changed) (gpointer data);
    gpointer data;
    int fd;
    guint source, timer;
    GHashTable *folders; /* watch descriptor → names in it, a GHashTable */
};

static gboolean
settled (gpointer data)
{
    PrcWatch *watch = data;

    watch->timer = 0;
    watch->changed (watch->data);
    return G_SOURCE_REMOVE;
}

static gboolean
is_watched (const PrcWatch *watch, const struct inotify_event *event)
{
    GHashTable *names = g_hash_table_lookup (watch->folders, GINT_TO_POINTER (event->wd));

    if (event->len == 0) /* the folder itself; or more has happened than could be told */
        return names != NULL || (event->mask & IN_Q_OVERFLOW) != 0;
    return names != NULL &&
           (g_hash_table_contains (names, ANY) || g_hash_table_contains (names, event->name));
}

static gboolean
came (gint fd, GIOCondition condition, gpointer data)
{
    PrcWatch *watch = data;
    char events[8192] __attribute__ ((aligned (__alignof__(struct inotify_event))));
    gboolean is_ours = FALSE;
    ssize_t n = 0;

    (void) condition;
    while ((n = read (fd, events, sizeof events)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *event = (const void *) (events + at);

            is_ours |= is_watched (watch, event);
            at += (ssize_t) (sizeof *event + event->len);
        }
    if (is_ours && watch->timer == 0)
        watch->timer = g_timeout_add (SETTLE_MS, settled, watch);
    return G_SOURCE_CONTINUE;
}

static GHashTable *
folders_new (void)
{
    return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
}

PrcWatch *
prc_watch_new (void (*changed) (gpointer data), gpointer data)
{
    PrcWatch *watch = g_new0 (PrcWatch, 1);

    watch->changed = changed;
    watch->data = data;
    watch->folders = folders_new ();
    watch->fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
    if (watch->fd >= 0)
        watch->source = g_unix_fd_add (watch->fd, G_IO_IN, came, watch);
    return watch;
}

void
prc_watch_free (PrcWatch *watch)
{
    if (watch == NULL)
        return;
    if (watch->source != 0)
        (void) g_source_remove (watch->source);
    if (watch->timer != 0)
        (void) g_source_remove (watch->timer);
    if (watch->fd >= 0)
        (void) close (watch->fd);
    g_hash_table_unref (watch->folders);
    g_free (watch);
}

/* FALSE: there is no such folder, or it can't be watched. */
static gboolean
watch_name (PrcWatch *watch, GHashTable *wanted, const char *folder, const char *name)
{
    int descriptor = -1;
    GHashTable *names = NULL;

    if (g_hash_table_size (wanted) < FOLDERS_MAX) /* the same one if it is watched already */
        descriptor = inotify_add_watch (watch->fd, folder, CHANGES);
    if (descriptor < 0)
        return FALSE;
    names = g_hash_table_lookup (wanted, GINT_TO_POINTER (descriptor));
    if (names == NULL) {
        names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
        (void) g_hash_table_insert (wanted, GINT_TO_POINTER (descriptor), names);
    }
    (void) g_hash_table_add (names, g_strdup (name));
    return TRUE;
}

/* Where its folder is not there yet, the coming of that is waited for. */
static void
watch_path (PrcWatch *watch, GHashTable *wanted, const char *path)
{
    gboolean is_folder = g_str_has_suffix (path, "/");
    g_autofree char *folder = g_path_get_dirname (path);
    g_autofree char *name = is_folder ? g_strdup (ANY) : g_path_get_basename (path);

    while (!watch_name (watch, wanted, folder, name) && folder[1] != '\0') {
        g_autofree char *inner = g_steal_pointer (&folder);

        g_free (name);
        name = g_path_get_basename (inner);
        folder = g_path_get_dirname (inner);
    }
}

void
prc_watch_set (PrcWatch *watch, const GPtrArray *paths)
{
    GHashTable *wanted = folders_new ();
    GHashTableIter iter;
    gpointer descriptor = NULL;

    for (guint i = 0; i < paths->len && watch->fd >= 0; i++) {
        const char *path = g_ptr_array_index (paths, i);
        char *real = realpath (path, NULL);

        watch_path (watch, wanted, path);
        if (real != NULL && !g_str_has_suffix (path, "/") && strcmp (real, path) != 0)
            watch_path (watch, wanted, real); /* the file that a link leads to */
        free (real);
    }
    g_hash_table_iter_init (&iter, watch->folders);
    while (g_hash_table_iter_next (&iter, &descriptor, NULL))
        if (!g_hash_table_contains (wanted, descriptor))
            (void) inotify_rm_watch (watch->fd, GPOINTER_TO_INT (descriptor));
    g_hash_table_unref (watch->folders);
    watch->folders = wanted;
}
