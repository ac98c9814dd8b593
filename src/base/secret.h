/* secret.h - bytes that must not leak: locked in memory, left out of core dumps, wiped when freed
 */
#pragma once
#include <glib.h>

/** PrcSecret: a password. Immutable; counted; always NUL-terminated after its @length bytes. */
typedef struct _PrcSecret PrcSecret;

/**
 * prc_secret_new:
 * @bytes: (array length=length): copied; any bytes
 *
 * The copy lives on pages for secrets alone that are locked (as far as RLIMIT_MEMLOCK allows) and
 * excluded from core dumps. Returns: (transfer full)
 */
PrcSecret *prc_secret_new (const char *bytes, gsize length) G_GNUC_WARN_UNUSED_RESULT;
/** prc_secret_take: as prc_secret_new() of a string, which is wiped and freed. */
PrcSecret *prc_secret_take (char *string) G_GNUC_WARN_UNUSED_RESULT;
PrcSecret *prc_secret_ref (PrcSecret *secret);
void prc_secret_unref (PrcSecret *secret);

/** prc_secret_text: the bytes, NUL-terminated; owned by @secret. */
const char *prc_secret_text (const PrcSecret *secret);
gsize prc_secret_length (const PrcSecret *secret);
/** prc_secret_equal: in a time that does not depend on the contents. */
gboolean prc_secret_equal (const PrcSecret *a, const PrcSecret *b);

/** prc_wipe_free: for strings on the heap that held a secret. (nullable) */
void prc_wipe_free (char *string);
/** prc_wipe_strfreev: the same for a list of them: an environment may name a proxy with its
 * password. (nullable) */
void prc_wipe_strfreev (char **strings);
/** PrcWipedString: `g_autoptr (PrcWipedString) url = …` for a char * that is wiped when it goes. */
typedef char PrcWipedString;
/**
 * prc_wiped_text_new: (transfer full): an empty #GString that holds @room bytes without growing,
 * for growing leaves a copy behind that nobody wipes. PrcWipedText: `g_autoptr (PrcWipedText) text
 * = prc_wiped_text_new (…);` for one that is wiped when it goes; prc_wiped_text_steal() makes a
 * string of it.
 */
typedef GString PrcWipedText;
PrcWipedText *prc_wiped_text_new (gsize room) G_GNUC_WARN_UNUSED_RESULT;
void prc_wiped_text_free (PrcWipedText *text);
/** prc_wiped_text_reserve: makes sure that @room more bytes can be appended without growing; what
 * it is moved from is wiped. */
void prc_wiped_text_reserve (PrcWipedText *text, gsize room);
char *prc_wiped_text_steal (PrcWipedText **text) G_GNUC_WARN_UNUSED_RESULT;

/** prc_bytes_new_wiped: (transfer full): takes @bytes (from g_malloc); wiped when freed. */
GBytes *prc_bytes_new_wiped (char *bytes, gsize length) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_secrets_harden_process: no core dumps, not attachable by other processes of the user. To be
 * called first thing in main().
 */
void prc_secrets_harden_process (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcSecret, prc_secret_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcWipedString, prc_wipe_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcWipedText, prc_wiped_text_free)
