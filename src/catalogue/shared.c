#include "catalogue/shared.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

/* Many systems give each user a group of the same name, with nobody else in it. */
static gboolean
is_own_group (gid_t gid, uid_t uid)
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

/* Two real paths, if the first is one. */
static gboolean
is_inside (const char *folder, const char *home)
{
    gsize length = strlen (home);

    return length > 0 && strncmp (folder, home, length) == 0 &&
           (folder[length] == '/' || folder[length] == '\0');
}

gboolean
prc_folder_is_shared (const char *path, gboolean is_real, const char *home, char **ret_folder)
{
    g_autofree char *folder = is_real ? g_path_get_dirname (path) : real_folder (path);
    g_autofree char *top =
        folder != NULL && is_inside (folder, home) ? g_strdup (home) : real_home (home);
    struct stat st;
    uid_t owner = 0;

    if (folder == NULL || top == NULL || stat (top, &st) != 0)
        return FALSE;
    owner = st.st_uid;
    for (gboolean is_above = FALSE;; is_above = TRUE) {
        char *above = NULL;

        if (stat (folder, &st) == 0 && others_may_write (folder, &st, owner, is_above)) {
            if (ret_folder != NULL)
                *ret_folder = g_steal_pointer (&folder);
            return TRUE;
        }
        if (strcmp (folder, top) == 0 || strcmp (folder, "/") == 0)
            return FALSE;
        above = g_path_get_dirname (folder);
        g_free (folder);
        folder = above;
    }
}
