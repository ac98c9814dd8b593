/* credentials.h - the credential that a profile refers to, in its store */
#pragma once
#include <glib.h>

#include "app/profiles.h"
#include "app/session.h"
#include "planner/wanted.h"

/** PrcHeldCredential: what of the credential is known, and keeps alive what a #PrcWanted points to.
 */
typedef struct {
    char *user;          /* (nullable): the profile wants none */
    PrcSecret *password; /* (nullable) */
    gboolean is_unknown; /* there may be one, but the store was not opened */
    char *damage;        /* (nullable): and can't be: what is wrong with it, and what to do */
} PrcHeldCredential;
void prc_held_credential_clear (PrcHeldCredential *held);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcHeldCredential, prc_held_credential_clear)

/**
 * prc_credential_load:
 * @may_unlock: FALSE: a locked store gives @is_unknown, not a question
 * @error: #PRC_ERROR_LOCKED: nothing is stored for this proxy and user (log in), or the store can't
 * be opened
 */
gboolean prc_credential_load (PrcSession *session, const PrcProfile *profile, gboolean may_unlock,
                              PrcHeldCredential *ret_held, GError **error);

/** prc_profile_refs: (element-type PrcCredentialRef) (transfer full): the proxies of a profile, each
 * once. */
GPtrArray *prc_profile_refs (const PrcProfile *profile, const char *user);

/** prc_credential_lookup: what an open @store has for all of @refs into @held; as
 * prc_credential_load(). */
gboolean prc_credential_lookup (PrcStore *store, const PrcProfile *profile, const GPtrArray *refs,
                                PrcHeldCredential *held, GError **error);

/** prc_credential_check_text: #PRC_ERROR_UNSUPPORTED: no file could carry this user or password. */
gboolean prc_credential_check_text (const char *user, PrcSecret *password, GError **error);

/** prc_credential_wanted: borrows from both. */
PrcWanted prc_credential_wanted (const PrcProfile *profile, const PrcHeldCredential *held);

/**
 * prc_credential_login: stores @password for each proxy of the profile, and the user and store in
 * the profile, so that it is found again wherever the default leads on another day. @store_name
 * NULL: the profile's, else the best that this machine has.
 * @ret_changed: (nullable): what is stored already is not stored again
 * @error: #PRC_ERROR_UNSUPPORTED: no file could carry this user or password: nothing was stored
 */
gboolean prc_credential_login (PrcSession *session, PrcProfiles *profiles, const char *profile_name,
                               const char *user, PrcSecret *password, const char *store_name,
                               gboolean *ret_changed, GError **error);

/** prc_credential_logout: @ret_erased: whether there was one. */
gboolean prc_credential_logout (PrcSession *session, const PrcProfile *profile,
                                gboolean *ret_erased, GError **error);
