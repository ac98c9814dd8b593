/* wanted.h - what a profile and its credential want of each key of each tool
 *
 * Pure. The password may be unknown (status never opens a store): then whatever password stands
 * there counts as right, and no text is made that would be written. */
#pragma once
#include <glib.h>

#include "base/secret.h"
#include "catalogue/tool.h"
#include "model/profile.h"

typedef struct {
    const PrcProfile *profile;
    const char *user;          /* (nullable): no credentials are wanted */
    PrcSecret *password;       /* (nullable) */
    gboolean password_unknown; /* @user has a password, but the store was not opened */
} PrcWanted;

/**
 * prc_wanted_placement: how the files of @tool get the secret: as the profile says; but what other
 * programs read, the environment, holds no credential for a scheme that they can't be told: they
 * would send it as Basic, in clear. Where it is evaluated (`reference`), the profile has asked for
 * it, for tools that do know the scheme.
 */
PrcPlacement prc_wanted_placement (const PrcProfile *profile, const PrcTool *tool);

/**
 * prc_wanted_for_tool: what of @wanted goes into the files of @tool, by its placement: all of it,
 * the user alone where the tool asks a helper for the password, or no credential. Borrows from
 * @wanted.
 */
PrcWanted prc_wanted_for_tool (const PrcWanted *wanted, const PrcTool *tool);

typedef enum {
    PRC_WANTED_UNMANAGED, /* the profile says nothing of this role: what is there stays */
    PRC_WANTED_NOTHING,   /* the key must not be there */
    PRC_WANTED_VALUE,
} PrcWantedKind;

/**
 * prc_wanted_value:
 * @dialect: how the tool reads URLs, version included
 * @without_secret: scheme://host:port only, for files that may hold no secret
 * @ret_value: (out): with PRC_WANTED_VALUE: free with prc_wipe_free()
 * @error: #PRC_ERROR_UNSUPPORTED when the tool can't be given this proxy or credential: the reason
 * @ret_kind: (out)
 */
gboolean prc_wanted_value (const PrcWanted *wanted, const PrcToolKey *row,
                           const PrcUrlDialect *dialect, gboolean without_secret,
                           PrcWantedKind *ret_kind, char **ret_value, GError **error);

/** prc_wanted_proxy: (nullable) (transfer full): the proxy with its credentials for a proxy role.
 */
PrcProxyUrl *prc_wanted_proxy (const PrcWanted *wanted, PrcRole role);

/** PrcAgreement: how a value that is there compares with the wanted one. */
typedef enum {
    PRC_AGREES,
    PRC_AGREES_UNKNOWN, /* but for the password, which was not looked up */
    PRC_STALE,          /* same proxy and user, another password */
    PRC_DIFFERS,
    PRC_MISREAD, /* the tool itself can't use it */
} PrcAgreement;

/**
 * prc_wanted_compare:
 * @value: (nullable): as the tool reads it; NULL for a key without a value
 * @without_secret: as above
 *
 * By meaning, not by spelling: what the tool makes of @value is what it would make of the wanted
 * one.
 */
PrcAgreement prc_wanted_compare (const PrcWanted *wanted, const PrcToolKey *row,
                                 const PrcUrlDialect *dialect, gboolean without_secret,
                                 const char *value);

/** prc_wanted_has_secret: a password will be written. */
gboolean prc_wanted_has_secret (const PrcWanted *wanted);

/** prc_wanted_parse: (nullable) (transfer full): the proxy in @value as the tool reads it; the row
 * may name the scheme. */
PrcProxyUrl *prc_wanted_parse (const PrcToolKey *row, const PrcUrlDialect *dialect,
                               const char *value, GError **error);
