/* mask.h - what may be shown of a value that may hold a secret */
#pragma once
#include <glib.h>

/** prc_mask_url_text: @text with everything between its scheme's "://" (or the start, without one) and the last '@'
 * replaced by "***"; text without '@' is returned as it is. (transfer full) */
char *prc_mask_url_text (const char *text);

/** prc_mask_urls: @text with the user and password of each URL that has both replaced by "***": for a key that is made
 * of a URL (git's `http.https://user:password@host/.proxy`), and a sentence that names one. (transfer full) */
char *prc_mask_urls (const char *text);

/** prc_mask_is_secret_key: a key with auth, token, pass, secret, key or bearer in it, or that ends in pw or pwd, in
 * any case; but not the names that only choose a scheme or say yes or no (proxyAuthMethod, always-auth, …). */
gboolean prc_mask_is_secret_key (const char *key);

/** prc_mask_value: what may be shown of @key's @value: "***" for a secret key, and for a user key with a ':' in its
 * value; else as prc_mask_line(). A secret key may show the name of a scheme (basic), true, false, and nothing.
 * @key may be a full name with dots: `http.proxy`. */
char *prc_mask_value (const char *key, const char *value);

/**
 * prc_mask_line: any line of any file (comments too), in any encoding; masks rather too much than too little:
 * - userinfo of every URL, up to the last '@' before the next URL, or of the line
 * - user:password before an '@', without a scheme
 * - to the end of the line, what follows a secret-looking `word=`, `word:`, `<word>`, `--word `, `password `,
 *   `setenv WORD `, and a `user`, `-u` or `proxy-user` with a ':' behind it; whatever quotes there are
 * - what follows Basic or Bearer and looks like credentials
 * Time is linear in its length. (transfer full)
 */
char *prc_mask_line (const char *line);
