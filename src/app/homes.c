#include "app/homes.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"

struct _PrcHomes {
    GPtrArray *list;
    GHashTable *groups; /* (nullable): of an image: user -> GArray of gid_t; else the machine's are
                           asked for */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FILE, fclose)

static void
home_free (gpointer data)
{
    PrcHome *home = data;

    g_free (home->user);
    g_free (home->home);
    g_free (home->shell);
    g_free (home->why_skipped);
    g_free (home);
}

void
prc_homes_free (PrcHomes *homes)
{
    if (homes == NULL)
        return;
    g_ptr_array_unref (homes->list);
    g_clear_pointer (&homes->groups, g_hash_table_unref);
    g_free (homes);
}

guint
prc_homes_count (const PrcHomes *homes)
{
    return homes->list->len;
}

const PrcHome *
prc_homes_get (const PrcHomes *homes, guint i)
{
    return g_ptr_array_index (homes->list, i);
}

/* Who is a person */

static uid_t
first_uid_of_people (const char *root)
{
    g_autofree char *path = g_strconcat (root, "/etc/login.defs", NULL);
    g_autoptr (FILE) file = fopen (path, "re");
    char line[512];
    unsigned long uid = 1000;

    while (file != NULL && fgets (line, sizeof line, file) != NULL)
        (void) sscanf (line, " UID_MIN %lu", &uid);
    return (uid_t) uid;
}

static gboolean
can_log_in (const char *shell)
{
    static const char *const none[] = {
        "nologin", "false", "true", "sync", "halt", "shutdown", NULL
    };
    const char *slash = strrchr (shell, '/');

    return !g_strv_contains (none, slash != NULL ? slash + 1 : shell);
}

/* nobody, and those that systemd makes up while a service runs. */
static gboolean
is_made_up (uid_t uid)
{
    return uid == 65534 || (uid >= 61184 && uid <= 65519) || uid == (uid_t) -1;
}

static gboolean
is_person (const struct passwd *entry, uid_t first_uid)
{
    return entry->pw_uid >= first_uid && !is_made_up (entry->pw_uid) && entry->pw_dir != NULL &&
           entry->pw_dir[0] == '/' && entry->pw_dir[1] != '\0' &&
           can_log_in (entry->pw_shell != NULL ? entry->pw_shell : "");
}

/* The list */

static char *
without_final_slashes (const char *path)
{
    char *copy = g_strdup (path);
    gsize length = strlen (copy);

    while (length > 1 && copy[length - 1] == '/')
        copy[--length] = '\0';
    return copy;
}

static void
add_home (PrcHomes *homes, GHashTable *seen, const char *root, const struct passwd *entry)
{
    g_autofree char *dir = without_final_slashes (entry->pw_dir);
    g_autofree char *path = g_strconcat (root, dir, NULL);
    PrcHome *home = NULL;
    struct stat st;
    gboolean is_there = stat (path, &st) == 0;

    /* A home that can't be looked at from here may still be its owner's to look at. */
    if ((!is_there && (errno == ENOENT || errno == ENOTDIR)) ||
        (is_there && st.st_uid == entry->pw_uid && g_hash_table_contains (seen, dir)))
        return;
    home = g_new0 (PrcHome, 1);
    home->user = g_strdup (entry->pw_name);
    home->home = g_steal_pointer (&dir);
    home->shell = g_strdup (entry->pw_shell != NULL ? entry->pw_shell : "");
    home->uid = entry->pw_uid;
    home->gid = entry->pw_gid;
    if (is_there && !S_ISDIR (st.st_mode))
        home->why_skipped = g_strdup (_ ("it is no folder"));
    else if (is_there && st.st_uid != entry->pw_uid)
        home->why_skipped =
            g_strdup_printf (_ ("it does not belong to %s: this home's owner is the user with the "
                                "number %u"),
                             entry->pw_name, (guint) st.st_uid);
    else if (is_there)
        g_hash_table_add (seen, home->home);
    g_ptr_array_add (homes->list, home);
}

static FILE *
open_in (const char *root, const char *name, GError **error)
{
    g_autofree char *path = g_strconcat (root, name, NULL);
    FILE *file = fopen (path, "re");

    if (file == NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "%s: %s", path, g_strerror (errno));
    return file;
}

/* The image's groups are read once: the machine's functions don't know them. */
static GHashTable *
read_groups (const char *root)
{
    GHashTable *groups =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
    g_autoptr (FILE) file = open_in (root, "/etc/group", NULL);
    const struct group *entry = NULL;

    while (file != NULL && (entry = fgetgrent (file)) != NULL)
        for (char **member = entry->gr_mem; member != NULL && *member != NULL; member++) {
            GArray *list = g_hash_table_lookup (groups, *member);

            if (list == NULL) {
                list = g_array_new (FALSE, FALSE, sizeof (gid_t));
                g_hash_table_insert (groups, g_strdup (*member), list);
            }
            g_array_append_val (list, entry->gr_gid);
        }
    return groups;
}

PrcHomes *
prc_homes_list (const char *root, GError **error)
{
    g_autoptr (PrcHomes) homes = g_new0 (PrcHomes, 1);
    g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal); /* of the list's */
    g_autoptr (FILE) file = NULL;
    const char *prefix = root != NULL ? root : "";
    uid_t first_uid = first_uid_of_people (prefix);
    const struct passwd *entry = NULL;

    homes->list = g_ptr_array_new_with_free_func (home_free);
    if (root != NULL) {
        file = open_in (root, "/etc/passwd", error);
        if (file == NULL)
            return NULL;
        homes->groups = read_groups (root);
    } else {
        setpwent ();
    }
    while ((entry = file != NULL ? fgetpwent (file) : getpwent ()) != NULL)
        if (is_person (entry, first_uid))
            add_home (homes, seen, prefix, entry);
    if (file == NULL)
        endpwent ();
    return g_steal_pointer (&homes);
}

char *
prc_home_shell (const char *root, const char *home)
{
    gboolean is_image = root != NULL && *root != '\0';
    g_autoptr (FILE) file = is_image ? open_in (root, "/etc/passwd", NULL) : NULL;
    const struct passwd *entry = NULL;
    char *shell = NULL;

    if (is_image && file == NULL)
        return NULL;
    if (!is_image)
        setpwent ();
    while (shell == NULL && (entry = is_image ? fgetpwent (file) : getpwent ()) != NULL)
        if (entry->pw_dir != NULL && strcmp (entry->pw_dir, home) == 0 && entry->pw_shell != NULL)
            shell = g_strdup (entry->pw_shell);
    if (!is_image)
        endpwent ();
    return shell;
}

/* Rights */

static gboolean
take (uid_t uid, gid_t gid, const gid_t *groups, gsize n, GError **error)
{
    if (uid == 0 || setgroups (n, groups) != 0 || setresgid (gid, gid, gid) != 0 ||
        setresuid (uid, uid, uid) != 0 || setuid (0) == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("can't take on the rights of this home's owner: %s"),
                     g_strerror (uid == 0 ? EPERM : errno));
        return FALSE;
    }
    return TRUE;
}

/* With all groups: a file keeps its own when it is replaced, and only a member can give it. */
static gboolean
take_with_groups (const char *user, uid_t uid, gid_t gid, GError **error)
{
    int n = 64;
    g_autofree gid_t *groups = g_new (gid_t, (gsize) n);

    if (getgrouplist (user, gid, groups, &n) < 0) {
        groups = g_renew (gid_t, groups, (gsize) n);
        if (getgrouplist (user, gid, groups, &n) < 0)
            n = 0;
    }
    return take (uid, gid, groups, (gsize) n, error);
}

gboolean
prc_homes_take_rights (const PrcHomes *homes, const PrcHome *home, GError **error)
{
    const GArray *groups =
        homes->groups != NULL ? g_hash_table_lookup (homes->groups, home->user) : NULL;

    if (homes->groups == NULL)
        return take_with_groups (home->user, home->uid, home->gid, error);
    return take (home->uid, home->gid,
                 groups != NULL ? (const gid_t *) (void *) groups->data : NULL,
                 groups != NULL ? groups->len : 0, error);
}

gboolean
prc_home_take_rights_of (uid_t uid, gid_t gid, gboolean is_image, GError **error)
{
    const struct passwd *entry = is_image ? NULL : getpwuid (uid);

    if (entry == NULL)
        return take (uid, gid, NULL, 0, error);
    return take_with_groups (entry->pw_name, uid, entry->pw_gid, error);
}
