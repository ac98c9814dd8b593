/* homes.h - the homes of a machine or an image, and working in one with its owner's rights */
#pragma once
#include <glib.h>
#include <sys/types.h>

/** PrcHome: one line of the password file. */
typedef struct {
    char *user, *home, *shell; /* @home as it stands there: inside the root */
    uid_t uid;
    gid_t gid;
    char *why_skipped; /* (nullable): it is not worked in */
} PrcHome;

typedef struct _PrcHomes PrcHomes;

/**
 * prc_homes_list:
 * @root: (nullable): an image or chroot, whose own /etc/passwd and /etc/group count; else what the
 *   machine's databases list
 * @error: #PRC_ERROR_INPUT: there is no such list
 *
 * The homes of people, once each: not of the system's users (UID_MIN of login.defs), nor of those
 * who can't log in; nor such as aren't there. One that belongs to somebody else is listed as
 * skipped. Returns: (transfer full) (nullable)
 */
PrcHomes *prc_homes_list (const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_homes_free (PrcHomes *homes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcHomes, prc_homes_free)

guint prc_homes_count (const PrcHomes *homes);
const PrcHome *prc_homes_get (const PrcHomes *homes, guint i);

/**
 * prc_homes_take_rights: this process gets the user, the group and the groups of @home's owner, and
 * can't go back.
 */
gboolean prc_homes_take_rights (const PrcHomes *homes, const PrcHome *home, GError **error);

/** prc_home_take_rights_of: the same for the owner of a home that is on no list; @gid, and no
 * further groups, where the machine does not know that user, or may not be asked (@is_image). */
gboolean prc_home_take_rights_of (uid_t uid, gid_t gid, gboolean is_image, GError **error);

/** prc_home_shell: (transfer full) (nullable): the login shell of the user with this home. */
char *prc_home_shell (const char *root, const char *home);
