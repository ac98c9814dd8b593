/* mask.h - what may be shown of a value that may hold a secret */
#pragma once
#include <glib.h>

/** prc_mask_url_text: @text with everything between "://" (or the start, without one) and the last '@' replaced
 * by "***"; text without '@' is returned as it is. (transfer full) */
char *prc_mask_url_text (const char *text);

/** prc_mask_is_secret_key: a key with auth, token, pass, secret or key in it, in any case; but not the names
 * that only choose a scheme (proxyAuthMethod, always-auth, …). */
gboolean prc_mask_is_secret_key (const char *key);

/** prc_mask_value: what may be shown of @key's @value: "***" for a secret key, else as prc_mask_line(). */
char *prc_mask_value (const char *key, const char *value);

/** prc_mask_line: any line of any file (comments too): userinfo of every URL up to the last '@' of the line that can
 * belong to it, and what follows a secret-looking `word=` or `word:`; masks rather too much than too little. (transfer full) */
char *prc_mask_line (const char *line);
