#include "apply/attributes.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "apply/fail.h"
#include "apply/wire.h"
#include "base/error.h"
#include "base/i18n.h"

#define ACL "system.posix_acl_access"

/* The kernel's own, computed from the content: a copied one would be wrong. */
static const char *const NOT_COPIED[] = { "security.ima", "security.evm", NULL };

typedef gssize (*Getter) (int fd, const char *name, void *buffer, gsize size);

static gssize
get_names (int fd, const char *name, void *buffer, gsize size)
{
    (void) name;
    return flistxattr (fd, buffer, size);
}

static gssize
get_value (int fd, const char *name, void *buffer, gsize size)
{
    return fgetxattr (fd, name, buffer, size);
}

/* The names (each with its NUL) or one value: NULL with errno. */
static GBytes *
get_all (Getter getter, int fd, const char *name)
{
    gsize room = 512;

    for (guint tries = 0; tries < 4; tries++) {
        char *buffer = g_malloc (room);
        gssize n = getter (fd, name, buffer, room);

        if (n >= 0)
            return g_bytes_new_take (buffer, (gsize) n);
        g_free (buffer);
        if (errno != ERANGE)
            return NULL;
        n = getter (fd, name, NULL, 0);
        if (n < 0)
            return NULL;
        room = (gsize) n + 512;
    }
    errno = ERANGE;
    return NULL;
}

static GBytes *
list_names (int fd)
{
    GBytes *names = get_all (get_names, fd, NULL);

    return names == NULL && errno == ENOTSUP ? g_bytes_new (NULL, 0) : names;
}

static const char *
next_name (GBytes *names, gsize *at)
{
    gsize length = 0;
    const char *data = g_bytes_get_data (names, &length), *name;

    if (*at >= length)
        return NULL;
    name = data + *at;
    *at += strnlen (name, length - *at) + 1;
    return name;
}

GBytes *
prc_attributes_read (int fd, const char *path, GError **error)
{
    GByteArray *out = g_byte_array_new ();
    g_autoptr (GBytes) names = list_names (fd);
    struct stat st;
    const char *name;
    gsize at = 0;

    if (names == NULL || fstat (fd, &st) < 0) {
        prc_fail_errno (error, path, _ ("cannot read its attributes"), errno);
        g_byte_array_unref (out);
        return NULL;
    }
    prc_wire_put_u32 (out, st.st_uid);
    prc_wire_put_u32 (out, st.st_gid);
    while ((name = next_name (names, &at)) != NULL) {
        g_autoptr (GBytes) value = NULL;

        if (g_strv_contains (NOT_COPIED, name))
            continue;
        value = get_all (get_value, fd, name);
        if (value == NULL && errno == ENODATA)
            continue;
        if (value == NULL) {
            prc_fail_errno (error, path, _ ("cannot read its attributes"), errno);
            g_byte_array_unref (out);
            return NULL;
        }
        prc_wire_put_string (out, name);
        prc_wire_put_bytes (out, value);
    }
    return prc_wire_take_bytes (out);
}

static gboolean
give_owner (int fd, uid_t uid, gid_t gid, const char *path, GError **error)
{
    struct stat st;

    if (fstat (fd, &st) < 0)
        return prc_fail_errno (error, path, _ ("cannot keep its owner"), errno);
    if (st.st_uid == uid && st.st_gid == gid)
        return TRUE;
    if (fchown (fd, st.st_uid == uid ? (uid_t) -1 : uid, st.st_gid == gid ? (gid_t) -1 : gid) < 0)
        return prc_fail_errno (error, path,
                               _ ("cannot keep its owner and group (--in-place would)"), errno);
    return TRUE;
}

static gboolean
give_one (int fd, const char *name, GBytes *value, const char *path, GError **error)
{
    g_autoptr (GBytes) present = get_all (get_value, fd, name);
    g_autofree char *what = NULL;
    gsize length = 0;
    const void *data = g_bytes_get_data (value, &length);

    if ((present != NULL && g_bytes_equal (present, value)) ||
        fsetxattr (fd, name, data, length, 0) == 0)
        return TRUE;
    what = g_strdup_printf (_ ("cannot keep its attribute %s (--in-place would)"), name);
    return prc_fail_errno (error, path, what, errno);
}

/* A directory's default ACL goes to every file made in it, also to a copy of one that had none. */
static gboolean
drop_inherited_acl (int fd, const char *path, GError **error)
{
    if (fremovexattr (fd, ACL) < 0 && errno != ENODATA && errno != ENOTSUP)
        return prc_fail_errno (error, path, _ ("cannot keep its access control list"), errno);
    return TRUE;
}

gboolean
prc_attributes_give (int fd, GBytes *attributes, const char *path, GError **error)
{
    gsize length = 0;
    const guint8 *data = g_bytes_get_data (attributes, &length);
    PrcWireReader in = { data, data + length, FALSE };
    gboolean has_acl = FALSE;
    guint32 uid = prc_wire_get_u32 (&in), gid = prc_wire_get_u32 (&in);

    if (!in.bad && !give_owner (fd, uid, gid, path, error))
        return FALSE;
    while (!in.bad && in.at < in.end) {
        g_autofree char *name = prc_wire_get_string (&in);
        g_autoptr (GBytes) value = prc_wire_get_bytes (&in);

        if (name == NULL || value == NULL) {
            in.bad = TRUE;
            break;
        }
        has_acl = has_acl || strcmp (name, ACL) == 0;
        if (!give_one (fd, name, value, path, error))
            return FALSE;
    }
    if (in.bad) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("%s: its attributes are damaged"), path);
        return FALSE;
    }
    return has_acl || drop_inherited_acl (fd, path, error);
}
