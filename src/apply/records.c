#include "apply/records.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "apply/fail.h"
#include "apply/history.h"
#include "apply/state-dir.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

#define STAMP "%Y%m%d-%H%M%S"
#define STAMP_LENGTH 15

static gboolean
is_id (const char *name)
{
    for (gsize i = 0; i < STAMP_LENGTH; i++)
        if (i == 8 ? name[i] != '-' : !g_ascii_isdigit (name[i]))
            return FALSE;
    return strspn (name + STAMP_LENGTH, "abcdefghijklmnopqrstuvwxyz") ==
           strlen (name + STAMP_LENGTH);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
    return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
prc_records_ids (int state_fd, GError **error)
{
    g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
    int fd = prc_open_at (state_fd, PRC_HISTORY_NAME, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    DIR *dir;
    struct dirent *entry;

    if (fd < 0 && errno == ENOENT)
        return g_steal_pointer (&ids);
    dir = fd >= 0 ? fdopendir (fd) : NULL;
    if (dir == NULL) {
        prc_fail_errno (error, PRC_HISTORY_NAME, _ ("cannot read the directory"), errno);
        prc_fd_clear (&fd);
        return NULL;
    }
    while ((entry = readdir (dir)) != NULL)
        if (is_id (entry->d_name))
            g_ptr_array_add (ids, g_strdup (entry->d_name));
    closedir (dir);
    g_ptr_array_sort (ids, compare_ids);
    return g_steal_pointer (&ids);
}

/* UTC: local time goes back for an hour each autumn. */
static char *
stamp_of (gint64 now)
{
    time_t seconds = (time_t) now;
    char stamp[STAMP_LENGTH + 1];
    struct tm tm;

    if (gmtime_r (&seconds, &tm) == NULL ||
        strftime (stamp, sizeof stamp, STAMP, &tm) != STAMP_LENGTH)
        return g_strdup ("00000000-000000");
    return g_strdup (stamp);
}

char *
prc_records_next_id (int state_fd, gint64 now, GError **error)
{
    g_autoptr (GPtrArray) ids = prc_records_ids (state_fd, error);
    g_autofree char *stamp = NULL;
    const char *newest, *suffix;
    gsize length;

    if (ids == NULL)
        return NULL;
    stamp = stamp_of (now);
    if (ids->len == 0)
        return g_steal_pointer (&stamp);
    newest = g_ptr_array_index (ids, ids->len - 1);
    if (strncmp (stamp, newest, STAMP_LENGTH) > 0)
        return g_steal_pointer (&stamp);
    /* "…16", "…16b" to "…16z", "…16zb": each sorts after the one before. */
    suffix = newest + STAMP_LENGTH;
    length = strlen (suffix);
    if (length == 0 || suffix[length - 1] == 'z')
        return g_strconcat (newest, "b", NULL);
    g_free (stamp);
    stamp = g_strdup (newest);
    stamp[STAMP_LENGTH + length - 1]++;
    return g_steal_pointer (&stamp);
}

PrcJournal *
prc_records_read (int state_fd, const char *id, GError **error)
{
    g_autofree char *name = g_strconcat (PRC_HISTORY_NAME "/", id, NULL);
    g_auto (PrcFd) fd = -1;
    PrcJournal *journal;

    if (!(strlen (id) >= STAMP_LENGTH && is_id (id)) ||
        ((fd = prc_open_at (state_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)) < 0 &&
         errno == ENOENT)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("there is no transaction “%s”; `proxyrc history` lists them"), id);
        return NULL;
    }
    if (fd < 0) {
        prc_fail_errno (error, id, _ ("cannot read it"), errno);
        return NULL;
    }
    journal = prc_journal_read (fd, error);
    if (journal == NULL)
        g_prefix_error (error, "%s: ", id);
    return journal;
}

gboolean
prc_records_keep (int state_fd, const char *id, const char *state_path, GError **error)
{
    g_autofree char *name = g_strconcat (PRC_HISTORY_NAME "/", id, NULL);

    if (mkdirat (state_fd, PRC_HISTORY_NAME, 0700) < 0 && errno != EEXIST)
        return prc_fail_errno (error, state_path, _ ("cannot make the history"), errno);
    if (renameat (state_fd, PRC_JOURNAL_NAME, state_fd, name) < 0)
        return prc_fail_errno (error, state_path, _ ("cannot move the journal to the history"),
                               errno);
    return TRUE;
}

static gboolean
drop_record (int state_fd, const char *id)
{
    g_autofree char *name = g_strconcat (PRC_HISTORY_NAME "/", id, NULL);

    return unlinkat (state_fd, name, 0) == 0;
}

void
prc_records_prune (int state_fd, gint64 now)
{
    g_autoptr (GPtrArray) ids = prc_records_ids (state_fd, NULL);
    g_autofree char *oldest = stamp_of (now - PRC_HISTORY_AGE_MAX);

    for (guint i = 0; ids != NULL && i < ids->len; i++) {
        const char *id = g_ptr_array_index (ids, i);

        if (ids->len - i <= PRC_HISTORY_MAX && strncmp (id, oldest, STAMP_LENGTH) >= 0)
            break;
        (void) drop_record (state_fd, id);
    }
}

gboolean
prc_records_purge (int state_fd, guint *ret_count, GError **error)
{
    g_autoptr (GPtrArray) ids = prc_records_ids (state_fd, error);

    if (ids == NULL)
        return FALSE;
    for (guint i = 0; i < ids->len; i++)
        if (!drop_record (state_fd, g_ptr_array_index (ids, i)))
            return prc_fail_errno (error, g_ptr_array_index (ids, i),
                                   _ ("cannot remove it from the history"), errno);
    *ret_count = ids->len;
    return TRUE;
}
