#include "routing/login-order.h"

#include <string.h>

/* fish does not read all of the system's files before all of the user's. Part of the path, in its
 * order; of zsh's files see login.c. */
static const char *const fish_user_order[] = { "conf.d/", NULL, NULL, "config.fish", NULL };
static const char *const fish_system_order[] = { NULL, "conf.d/", "config.fish", NULL, NULL };

static guint
rank_in (const char *const *names, gsize n, const char *path)
{
    for (guint i = 0; i < n; i++)
        if (names[i] != NULL && strstr (path, names[i]) != NULL)
            return i;
    return (guint) n;
}

static guint
rank_of (const PrcFoundFile *file, const char *shell)
{
    gboolean is_user = file->scope != PRC_SCOPE_SYSTEM;

    if (strcmp (shell, "fish") == 0)
        return rank_in (is_user ? fish_user_order : fish_system_order, 4, file->path);
    return 0; /* as they are found */
}

/* The catalogue's `shell` of a row is the one that the file is for; others read it as well. */
static gboolean
is_read_by (const char *shell, const PrcToolFile *row)
{
    static const char *const strangers[] = { "fish", "csh", "tcsh", "zsh", NULL };

    if (row->shell == NULL)
        return FALSE;
    if (strcmp (row->shell, shell) == 0)
        return TRUE;
    if (strcmp (row->shell, "csh") == 0)
        return strcmp (shell, "tcsh") == 0;
    return strcmp (row->shell, "sh") == 0 && !g_strv_contains (strangers, shell);
}

static gboolean
is_wanted (const PrcFoundFile *file, const PrcPlace *place)
{
    const char *when = file->row->when;

    if (file->is_include || when == NULL || strcmp (file->format->name, "fish_variables") == 0 ||
        !is_read_by (place->shell, file->row))
        return FALSE;
    return strcmp (when, "login") == 0 || strcmp (when, "always") == 0;
}

gboolean
prc_login_reads (const PrcFoundFile *file, const PrcPlace *place)
{
    return is_read_by (place->shell, file->row);
}

static gint
compare_parts (gconstpointer a, gconstpointer b)
{
    const PrcLoginPart *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->file->row->shell != NULL && strcmp (x->file->row->shell, "fish") == 0)
        return strcmp (x->file->path, y->file->path);
    return x->start < y->start ? -1 : x->start > y->start;
}

/* A file of the user's conf.d stands for the system's of the same name, whatever is in it. */
static gboolean
is_shadowed (const PrcFound *found, const PrcFoundFile *file)
{
    g_autofree char *name = g_path_get_basename (file->path);

    if (file->scope != PRC_SCOPE_SYSTEM || strstr (file->path, "conf.d/") == NULL)
        return FALSE;
    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *other = g_ptr_array_index (found->files, i);
        g_autofree char *other_name = g_path_get_basename (other->path);

        if (other->scope == PRC_SCOPE_USER && other->exists && !other->is_include &&
            strstr (other->path, "conf.d/") != NULL && strcmp (name, other_name) == 0)
            return TRUE;
    }
    return FALSE;
}

GArray *
prc_login_order (const PrcFound *found, const PrcPlace *place)
{
    GArray *parts = g_array_new (FALSE, FALSE, sizeof (PrcLoginPart));
    guint i = 0;

    while (i < found->readings->len) {
        const PrcReading *first = &g_array_index (found->readings, PrcReading, i);
        PrcLoginPart part = { first->file, i, i, 0 };

        do {
            const PrcReading *next = &g_array_index (found->readings, PrcReading, i);

            if (i > part.start && (next->row != first->row ||
                                   (next->index == 0 && !next->file->is_include &&
                                    next->file->row == next->row && next->file != first->file)))
                break;
            i++;
        } while (i < found->readings->len);
        part.end = i;
        if (first->is_unread || !is_wanted (part.file, place) || is_shadowed (found, part.file))
            continue;
        part.rank = rank_of (part.file, place->shell);
        g_array_append_val (parts, part);
    }
    g_array_sort (parts, compare_parts);
    return parts;
}
