/* profile-keys.h - what a profile can say: the keys of prc_profile_set(), for help, completion and
 * the manual */
#pragma once
#include <glib.h>

/** PrcProfileKey: one key. */
typedef struct {
    const char *name;
    const char *what;         /* N_(): what it is for */
    const char *const *words; /* (nullable): NULL-terminated: the values that it can take */
} PrcProfileKey;

/** prc_profile_key_rows: (array length=ret_n): one for each of prc_profile_keys(), in their order.
 */
const PrcProfileKey *prc_profile_key_rows (gsize *ret_n);
/** prc_profile_key_row: (nullable) */
const PrcProfileKey *prc_profile_key_row (const char *name);
