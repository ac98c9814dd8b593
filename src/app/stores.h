/* stores.h - which store a profile's credential is in, and moving it to another */
#pragma once
#include <glib.h>

#include "app/profiles.h"
#include "app/session.h"
#include "secrets/store.h"

/**
 * prc_session_store_open:
 * @name: (nullable): NULL: the best that this machine has
 * @error: #PRC_ERROR_LOCKED when a store that was asked for by name can't be reached from here;
 *   #PRC_ERROR_USAGE when there is none of this name
 *
 * The desktop's keyring is the caller's: it never serves another home or an image.
 */
PrcStore *prc_session_store_open (PrcSession *session, const char *name,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_session_may_store: whether @store may get a secret at all: one in clear text, in a file that
 * git tracks, only with allow_exposed. #PRC_ERROR_INPUT: what to do
 */
gboolean prc_session_may_store (PrcSession *session, const PrcStore *store, GError **error);

/** prc_store_names: (transfer full): of all kinds, the preferred one first. */
char **prc_store_names (void);

/** prc_profile_store_open: the store to look in for the credential of @profile (nullable). */
PrcStore *prc_profile_store_open (PrcSession *session, const PrcProfile *profile,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_profile_store_name: (transfer full) (nullable): of the store where the credential of
 * @profile was put, as far as can be told without opening it. */
char *prc_profile_store_name (PrcSession *session, const PrcProfile *profile);

/**
 * prc_credential_remove_elsewhere: @refs, from every store but @keep (nullable).
 * @former: (nullable): the store where they were until now: the one that is unlocked for it
 * @ret_erased: (out) (optional): whether there was any
 * @ret_left: (out) (optional) (transfer full) (nullable): why @former could not be opened, or another
 *   one be changed; without it, the latter is an error
 */
gboolean prc_credential_remove_elsewhere (PrcSession *session, const GPtrArray *refs,
                                          const char *keep, const char *former,
                                          gboolean *ret_erased, char **ret_left, GError **error);

/**
 * prc_credential_move: takes the stored credential of a profile to another store: stored there,
 * read back, the profile changed (and others with the same proxy and user), and only then removed
 * where it was.
 * @error: #PRC_ERROR_NOT_FOUND: there is none to move; #PRC_ERROR_LOCKED
 */
gboolean prc_credential_move (PrcSession *session, PrcProfiles *profiles, const char *profile_name,
                              const char *store_name, GError **error);

/**
 * prc_credential_tidy_up: after a login: a credential is there once. Other profiles with the same
 * proxy and user follow it to its store, and what other stores had of it goes.
 * @former: (nullable): as prc_profile_store_name() was before the login
 * @ret_left: (out) (transfer full) (nullable): as of prc_credential_remove_elsewhere()
 */
gboolean prc_credential_tidy_up (PrcSession *session, const char *profile_name, const char *former,
                                 char **ret_left, GError **error);
