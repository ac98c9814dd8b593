#include "secrets/key-cache.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"

/* What the kernel takes for this kind of key. */
#define KEY_SIZE_MAX 32767
/* View, read, write (to put a newer one in its place), search and set attributes, for the possessor
 * and for the user. The user's keyring need not be linked into the session's (cron, containers, ssh
 * without pam_keyinit): by possession alone, the next process could not read it. */
#define KEY_RIGHTS 0x2F2F0000L

/* libkeyutils is a library for three system calls. */
static long
keyctl (int operation, long a, long b, long c, long d)
{
    return syscall (SYS_keyctl, operation, a, b, c, d);
}

static char *
describe (const guint8 *id, gsize id_size)
{
    GString *text = g_string_new ("proxyrc:vault:");

    for (gsize i = 0; i < id_size; i++)
        g_string_append_printf (text, "%02x", (guint) id[i]);
    return g_string_free (text, FALSE);
}

static long
find (const guint8 *id, gsize id_size)
{
    g_autofree char *description = describe (id, id_size);

    return keyctl (KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, (long) "user", (long) description, 0);
}

gboolean
prc_key_cache_put (const guint8 *id, gsize id_size, PrcSecret *key, guint seconds, GError **error)
{
    g_autofree char *description = describe (id, id_size);
    long serial = syscall (SYS_add_key, "user", description, prc_secret_text (key),
                           prc_secret_length (key), KEY_SPEC_USER_KEYRING);
    int saved = 0;

    if (serial >= 0 && keyctl (KEYCTL_SETPERM, serial, KEY_RIGHTS, 0, 0) >= 0 &&
        keyctl (KEYCTL_SET_TIMEOUT, serial, (long) MAX (seconds, 1u), 0, 0) >= 0)
        return TRUE;
    saved = errno;
    /* Better none than one that stays for ever. */
    if (serial >= 0)
        (void) keyctl (KEYCTL_REVOKE, serial, 0, 0, 0);
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                 _ ("this system does not let a program leave a key with the kernel (%s); give the "
                    "passphrase each time, from a file or a descriptor"),
                 g_strerror (saved));
    return FALSE;
}

PrcSecret *
prc_key_cache_get (const guint8 *id, gsize id_size)
{
    char buffer[KEY_SIZE_MAX];
    long serial = find (id, id_size);
    long size = serial >= 0 ? keyctl (KEYCTL_READ, serial, (long) buffer, sizeof buffer, 0) : -1;
    PrcSecret *key = NULL;

    if (size > 0 && size <= (long) sizeof buffer)
        key = prc_secret_new (buffer, (gsize) size);
    explicit_bzero (buffer, sizeof buffer);
    return key;
}

gboolean
prc_key_cache_drop (const guint8 *id, gsize id_size, GError **error)
{
    long serial = find (id, id_size);

    if (serial < 0)
        return TRUE;
    if (keyctl (KEYCTL_REVOKE, serial, 0, 0, 0) >= 0 || errno == EKEYREVOKED ||
        errno == EKEYEXPIRED) {
        (void) keyctl (KEYCTL_UNLINK, serial, KEY_SPEC_USER_KEYRING, 0, 0);
        return TRUE;
    }
    g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE, _ ("the kernel kept the key: %s"),
                 g_strerror (errno));
    return FALSE;
}
