#include "tui/watch.h"

#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

#define SETTLE_MS 150 /* an editor renames and writes more than once */
#define FOLDERS_MAX 512

#define CHANGES                                                                                    \
    (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB |            \
     IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

struct _PrcWatch {
    void (*changed) (gpointer data);
    gpointer data;
    int fd;
    guint source, timer;
    GHashTable *folders; /* name → watch descriptor */
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
came (gint fd, GIOCondition condition, gpointer data)
{
    PrcWatch *watch = data;
    char events[8192];

    (void) condition;
    while (read (fd, events, sizeof events) > 0)
        ;
    if (watch->timer == 0)
        watch->timer = g_timeout_add (SETTLE_MS, settled, watch);
    return G_SOURCE_CONTINUE;
}

PrcWatch *
prc_watch_new (void (*changed) (gpointer data), gpointer data)
{
    PrcWatch *watch = g_new0 (PrcWatch, 1);

    watch->changed = changed;
    watch->data = data;
    watch->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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

void
prc_watch_set (PrcWatch *watch, const GPtrArray *folders)
{
    GHashTable *wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer name = NULL, number = NULL;

    for (guint i = 0; i < folders->len && i < FOLDERS_MAX && watch->fd >= 0; i++) {
        const char *folder = g_ptr_array_index (folders, i);
        int descriptor = inotify_add_watch (watch->fd, folder,
                                            CHANGES); /* the same one if it is watched already */

        if (descriptor >= 0)
            (void) g_hash_table_insert (wanted, g_strdup (folder), GINT_TO_POINTER (descriptor));
    }
    g_hash_table_iter_init (&iter, watch->folders);
    while (g_hash_table_iter_next (&iter, &name, &number))
        if (!g_hash_table_contains (wanted, name))
            (void) inotify_rm_watch (watch->fd, GPOINTER_TO_INT (number));
    g_hash_table_unref (watch->folders);
    watch->folders = wanted;
}
