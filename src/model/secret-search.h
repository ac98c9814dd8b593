/* secret-search.h - finds a password in any bytes, whatever it was encoded for
 *
 * A driver reads settings as their tool does; this is for what no driver reads: comments, logs,
 * histories, copies, and keys that nobody knows. It decodes while it compares, so it needs no list
 * of encodings that somebody might have mixed: each character may stand there raw, in Latin-1, as
 * %HH of either (in any case, only some of them, once or more often encoded), as \xHH, \OOO,
 * \uHHHH, &#NN; or &name;, behind a backslash, doubled ($$ %% "" ''), as UTF-8 taken for Latin-1
 * and encoded again, between quotes that end and begin in the middle of a word, and across a
 * continued line. In Base64 (also behind a user name, at any alignment, in the alphabet of URLs)
 * and in hexadecimal it is found as a whole. */
#pragma once
#include <glib.h>

#include "base/secret.h"

typedef struct _PrcSecretSearch PrcSecretSearch;

/** PrcSecretHit: bytes [@start, @end) tell the password. */
typedef struct {
    gsize start, end;
} PrcSecretHit;

/**
 * prc_secret_search_new:
 * @user: (nullable): whose password it is
 *
 * A password that is short or might be a word ("proxy", "admin") would be found everywhere: it is
 * looked for only behind "USER:", and without @user not at all; see prc_secret_search_is_weak().
 * Returns: (transfer full)
 */
PrcSecretSearch *prc_secret_search_new (const char *user,
                                        PrcSecret *password) G_GNUC_WARN_UNUSED_RESULT;
void prc_secret_search_free (PrcSecretSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcSecretSearch, prc_secret_search_free)

/** prc_secret_search_is_weak: only found behind its user name. */
gboolean prc_secret_search_is_weak (const PrcSecretSearch *search);

/**
 * prc_secret_search_find:
 * @bytes: (array length=size): anything; NUL bytes too
 *
 * The first hit that begins at @from or behind it. Time is linear in @size.
 */
gboolean prc_secret_search_find (const PrcSecretSearch *search, const char *bytes, gsize size,
                                 gsize from, PrcSecretHit *ret_hit);

/** prc_secret_searches_find: the first hit of any of @searches (element-type PrcSecretSearch). */
gboolean prc_secret_searches_find (const GPtrArray *searches, const char *bytes, gsize size,
                                   gsize from, PrcSecretHit *ret_hit);
