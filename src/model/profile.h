/* profile.h - the wanted state, named */
#pragma once
#include <glib.h>

#include "model/no-proxy.h"
#include "model/placement.h"
#include "model/proxy-url.h"
#include "model/role.h"

/** PrcProfile: plain value; all strings owned and (nullable) but @name. No secret is ever in it. */
typedef struct {
    char *name;
    gboolean is_direct; /* the built-in "direct": no proxy anywhere */
    PrcProxyUrl *http;  /* without user and password */
    PrcProxyUrl *https;
    PrcProxyUrl *all;
    PrcNoProxy *no_proxy;
    char *no_proxy_text; /* as it was written */
    char *user;
    char *auth;      /* "basic", "digest", "ntlm", "negotiate", "any" */
    char *ca;        /* absolute path */
    char *placement; /* see placement.h; NULL: inline for all */
    char **tools;    /* NULL: all that the catalogue can write */
    char *check_url;
    char *store; /* store name; NULL: the default */
} PrcProfile;

void prc_profile_free (PrcProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcProfile, prc_profile_free)

/** prc_profile_new: (transfer full): empty; the name "direct" gives the built-in one. */
PrcProfile *prc_profile_new (const char *name);

/**
 * prc_profile_set:
 * @key: a role, or `placement`, `tools`, `check_url`, `store`
 * @value: "" takes it away
 * @error: #PRC_ERROR_INPUT says what is wrong with the value; #PRC_ERROR_USAGE for `password`, for
 * a URL with a password in it, and for a key that doesn't exist, naming those that do. Never quotes
 * the value when it may hold a secret.
 *
 * A user name inside a proxy URL becomes @user when none is set, and must be the same otherwise; it
 * has no ':' (RFC 7617). A proxy needs its port, since the tools would each take another, and an
 * ASCII host name. All values are UTF-8 without control characters. Names of tools and of stores
 * are the caller's to check. "direct" can't be changed.
 */
gboolean prc_profile_set (PrcProfile *profile, const char *key, const char *value, GError **error);

/** prc_profile_get: (transfer full) (nullable): the text form of @key, as prc_profile_set() takes
 * it. */
char *prc_profile_get (const PrcProfile *profile, const char *key);
/** prc_profile_keys: NULL-terminated, in the order in which they are shown. */
const char *const *prc_profile_keys (void);

/** prc_profile_proxy_for: (nullable) (transfer none): @role HTTP or HTTPS: its own, else `all`;
 * ALL: `all`, else https, else http. */
const PrcProxyUrl *prc_profile_proxy_for (const PrcProfile *profile, PrcRole role);

/** prc_profile_has_proxy: @url names one of its proxies, whatever the credential. */
gboolean prc_profile_has_proxy (const PrcProfile *profile, const PrcProxyUrl *url);

/** prc_profile_placement_for: how @tool gets the secret. */
PrcPlacement prc_profile_placement_for (const PrcProfile *profile, const char *tool);
