#include "catalogue/shared.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

/* The user database answers one thread at a time. */
static GMutex database;

/* Many systems give each user a group of the same name, with nobody else in it. */
static gboolean
look_for_own_group (gid_t gid, uid_t uid)
{
    const struct passwd *user = getpwuid (uid);
    const struct group *group = NULL;
    g_autofree char *name = NULL;

    if (user == NULL)
        return (gid_t) uid == gid && getgrgid (gid) == NULL;
    if (user->pw_gid != gid)
        return FALSE;
    name = g_strdup (user->pw_name);
    group = getgrgid (gid);
    if (group == NULL || strcmp (group->gr_name, name) != 0)
        return FALSE;
    for (char **member = group->gr_mem; *member != NULL; member++)
        if (strcmp (*member, name) != 0)
            return FALSE;
    return TRUE;
}

static gboolean
is_own_group (gid_t gid, uid_t uid)
{
    gboolean found;

    g_mutex_lock (&database);
    found = look_for_own_group (gid, uid);
    g_mutex_unlock (&database);
    return found;
}

static gboolean
has_acl (const char *folder)
{
    return getxattr (folder, "system.posix_acl_access", NULL, 0) > 0;
}

static gboolean
others_may_write (const char *folder, const struct stat *st, uid_t owner, gboolean is_above)
{
    if (st->st_uid != owner && st->st_uid != 0)
        return TRUE;
    if (is_above && (st->st_mode & S_ISVTX) != 0)
        return FALSE;
    if ((st->st_mode & S_IWOTH) != 0)
        return TRUE;
    return (st->st_mode & S_IWGRP) != 0 && (has_acl (folder) || !is_own_group (st->st_gid, owner));
}

/* The folder of @path, or the nearest above it that is there, with all links followed. */
static char *
real_folder (const char *path)
{
    g_autofree char *folder = g_path_get_dirname (path);

    for (;;) {
        char *real = realpath (folder, NULL);
        char *above = NULL;

        if (real != NULL) {
            char *copy = g_strdup (real);

            free (real);
            return copy;
        }
        if ((errno != ENOENT && errno != ENOTDIR) || strcmp (folder, "/") == 0)
            return NULL;
        above = g_path_get_dirname (folder);
        g_free (folder);
        folder = above;
    }
}

static char *
real_home (const char *home)
{
    g_autofree char *inside = g_build_filename (*home != '\0' ? home : "/", "x", NULL);

    return real_folder (inside);
}

struct _PrcSharedFolders {
    char *home; /* (nullable): real */
    uid_t owner;
    GHashTable *above; /* real path -> what is found from there upwards: see Verdict */
};

typedef enum { VERDICT_NONE = 1, VERDICT_SHARED, VERDICT_SHARED_ABOVE } Verdict;

PrcSharedFolders *
prc_shared_folders_new (const char *home)
{
    PrcSharedFolders *self = g_new0 (PrcSharedFolders, 1);
    struct stat st;

    self->home = real_home (home);
    if (self->home != NULL && stat (self->home, &st) == 0)
        self->owner = st.st_uid;
    else
        g_clear_pointer (&self->home, g_free);
    self->above = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    return self;
}

void
prc_shared_folders_free (PrcSharedFolders *self)
{
    if (self == NULL)
        return;
    g_free (self->home);
    g_hash_table_unref (self->above);
    g_free (self);
}

gboolean
prc_shared_folders_owner (const PrcSharedFolders *self, uid_t *ret_owner)
{
    *ret_owner = self->owner;
    return self->home != NULL;
}

static gboolean
is_shared_itself (const PrcSharedFolders *self, const char *folder, gboolean is_above)
{
    struct stat st;

    return stat (folder, &st) == 0 && others_may_write (folder, &st, self->owner, is_above);
}

/* (transfer full) (nullable): NULL: nothing above it counts */
static char *
folder_above (const PrcSharedFolders *self, const char *folder)
{
    return strcmp (folder, self->home) == 0 || strcmp (folder, "/") == 0
               ? NULL
               : g_path_get_dirname (folder);
}

/* From @folder upwards, as one that something is below; @ret_folder: which one it is. */
static gboolean
is_shared_from (PrcSharedFolders *self, const char *folder, char **ret_folder)
{
    g_autoptr (GPtrArray) passed = g_ptr_array_new ();
    g_autofree char *at = g_strdup (folder);
    Verdict verdict = VERDICT_NONE;

    while (at != NULL) {
        Verdict known = GPOINTER_TO_UINT (g_hash_table_lookup (self->above, at));
        char *above = NULL;

        if (known == VERDICT_NONE)
            break;
        if (known == VERDICT_SHARED || (known == 0 && is_shared_itself (self, at, TRUE))) {
            (void) g_hash_table_insert (self->above, g_strdup (at),
                                        GUINT_TO_POINTER (VERDICT_SHARED));
            verdict = VERDICT_SHARED_ABOVE;
            break;
        }
        above = folder_above (self, at);
        g_ptr_array_add (passed, g_steal_pointer (&at));
        at = above;
    }
    for (guint i = 0; i < passed->len; i++)
        (void) g_hash_table_insert (self->above, g_ptr_array_index (passed, i),
                                    GUINT_TO_POINTER (verdict));
    if (verdict == VERDICT_SHARED_ABOVE && ret_folder != NULL)
        *ret_folder = g_steal_pointer (&at);
    return verdict == VERDICT_SHARED_ABOVE;
}

gboolean
prc_shared_folders_have (PrcSharedFolders *self, const char *path, gboolean is_real,
                         char **ret_folder)
{
    g_autofree char *folder = is_real ? g_path_get_dirname (path) : real_folder (path);
    g_autofree char *above = NULL;

    if (folder == NULL || self->home == NULL)
        return FALSE;
    if (is_shared_itself (self, folder, FALSE)) {
        if (ret_folder != NULL)
            *ret_folder = g_steal_pointer (&folder);
        return TRUE;
    }
    above = folder_above (self, folder);
    return above != NULL && is_shared_from (self, above, ret_folder);
}

gboolean
prc_folder_is_shared (const char *path, gboolean is_real, const char *home, char **ret_folder)
{
    g_autoptr (PrcSharedFolders) folders = prc_shared_folders_new (home);

    return prc_shared_folders_have (folders, path, is_real, ret_folder);
}
