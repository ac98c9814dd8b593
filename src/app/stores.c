#include "app/stores.h"

#include <stdlib.h>
#include <string.h>

#include "app/credentials.h"
#include "base/error.h"
#include "base/i18n.h"
#include "catalogue/tracked.h"
#include "model/credential.h"
#include "secrets/secret-service.h"
#include "secrets/vault.h"

static gboolean
is_own_home (const PrcSession *session)
{
    return prc_session_options (session)->home == NULL &&
           prc_session_options (session)->root == NULL;
}

PrcStore *
prc_session_store_open (PrcSession *session, const char *name, GError **error)
{
    g_autoptr (GError) local = NULL;
    PrcStore *store = NULL;

    if (!is_own_home (session) && name == NULL)
        name = prc_vault_driver.name;
    if (!is_own_home (session) && strcmp (name, prc_secret_service_driver.name) == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("the keyring of another home's owner can't be opened from here; run "
                        "proxyrc as that user, in that user's session"));
        return NULL;
    }
    store = prc_store_open (name, prc_session_data_dir (session), &local);
    if (store != NULL)
        return store;
    if (name != NULL && g_error_matches (local, PRC_ERROR, PRC_ERROR_NOT_FOUND))
        local->code = PRC_ERROR_LOCKED;
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
}

char **
prc_store_names (void)
{
    gsize n = 0;
    const PrcStoreDriver *const *drivers = prc_store_drivers (&n);
    char **names = g_new0 (char *, n + 1);

    for (gsize i = 0; i < n; i++)
        names[i] = g_strdup (drivers[i]->name);
    return names;
}

/* A profile that does not say has its credential in the vault, if it is an old one. */
char *
prc_profile_store_name (PrcSession *session, const PrcProfile *profile)
{
    g_autoptr (PrcStore) vault = NULL;

    if (profile != NULL && profile->store != NULL)
        return g_strdup (profile->store);
    vault = prc_session_store_open (session, prc_vault_driver.name, NULL);
    return vault != NULL && prc_store_state (vault) != PRC_STORE_EMPTY
               ? g_strdup (prc_vault_driver.name)
               : NULL;
}

PrcStore *
prc_profile_store_open (PrcSession *session, const PrcProfile *profile, GError **error)
{
    g_autofree char *name = prc_profile_store_name (session, profile);

    return prc_session_store_open (session, name, error);
}

static gboolean
erase_all (PrcStore *store, const GPtrArray *refs, gboolean *erased, GError **error)
{
    for (guint i = 0; i < refs->len; i++) {
        gboolean any = FALSE;

        if (!prc_store_erase (store, g_ptr_array_index (refs, i), &any, error))
            return FALSE;
        *erased |= any;
    }
    return TRUE;
}

gboolean
prc_session_may_store (PrcSession *session, const PrcStore *store, GError **error)
{
    const char *path = prc_store_place (store);
    char *real = NULL;
    gboolean is_tracked = FALSE;

    if (!store->driver->only_by_name || !prc_store_is_file (store) ||
        prc_session_options (session)->allow_exposed)
        return TRUE;
    real = realpath (path, NULL);
    is_tracked = real != NULL && prc_git_tracks (real, prc_session_place (session)->home);
    free (real);
    if (is_tracked)
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: git tracks this file, so the password in it would be published; take "
                        "it out (git rm --cached), or use `proxyrc login --store vault`"),
                     path);
    return !is_tracked;
}

/* Nobody is asked about a store in which there need be nothing of ours. */
static gboolean
may_look_into (PrcSession *session, PrcStore *store, const char *former, char **ret_left)
{
    PrcStoreState state = prc_store_state (store);
    g_autoptr (GError) local = NULL;

    if (state != PRC_STORE_LOCKED || g_strcmp0 (prc_store_name (store), former) != 0)
        return state == PRC_STORE_OPEN;
    if (prc_store_unlock (store, &prc_session_options (session)->ask, &local))
        return TRUE;
    g_free (*ret_left);
    *ret_left = g_strdup_printf ("%s: %s", prc_store_place (store), local->message);
    return FALSE;
}

gboolean
prc_credential_remove_elsewhere (PrcSession *session, const GPtrArray *refs, const char *keep,
                                 const char *former, gboolean *ret_erased, char **ret_left,
                                 GError **error)
{
    gsize n = 0;
    const PrcStoreDriver *const *drivers = prc_store_drivers (&n);
    g_autofree char *left = NULL;
    gboolean erased = FALSE;

    for (gsize i = 0; i < n; i++) {
        g_autoptr (PrcStore) store = NULL;
        g_autoptr (GError) reason = NULL;

        if (keep != NULL && strcmp (drivers[i]->name, keep) == 0)
            continue;
        store = prc_session_store_open (session, drivers[i]->name, NULL);
        if (store == NULL || !may_look_into (session, store, former, &left) ||
            erase_all (store, refs, &erased, &reason))
            continue;
        if (ret_left == NULL) {
            g_propagate_error (error, g_steal_pointer (&reason));
            return FALSE;
        }
        g_free (left);
        left = g_strdup (reason->message);
    }
    if (ret_erased != NULL)
        *ret_erased = erased;
    if (ret_left != NULL)
        *ret_left = g_steal_pointer (&left);
    return TRUE;
}

/* Copies what @from has of @refs to @to, and reads it back. */
static gboolean
copy_all (PrcStore *from, PrcStore *to, const GPtrArray *refs, gboolean *ret_any, GError **error)
{
    for (guint i = 0; i < refs->len; i++) {
        const PrcCredentialRef *ref = g_ptr_array_index (refs, i);
        g_autoptr (PrcSecret) secret = NULL;
        g_autoptr (PrcSecret) again = NULL;
        g_autoptr (GError) local = NULL;

        if (!prc_store_lookup (from, ref, NULL, &secret, &local)) {
            if (g_error_matches (local, PRC_ERROR, PRC_ERROR_NOT_FOUND))
                continue;
            g_propagate_error (error, g_steal_pointer (&local));
            return FALSE;
        }
        if (!prc_store_store (to, ref, secret, error) ||
            !prc_store_lookup (to, ref, NULL, &again, error))
            return FALSE;
        if (!prc_secret_equal (secret, again)) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                         _ ("%s gave back another password than it was given; the old one stays "
                            "where it is"),
                         prc_store_place (to));
            return FALSE;
        }
        *ret_any = TRUE;
    }
    return TRUE;
}

static gboolean
open_both (PrcSession *session, const PrcProfile *profile, const char *store_name,
           PrcStore **ret_from, PrcStore **ret_to, GError **error)
{
    g_autoptr (PrcStore) from = prc_profile_store_open (session, profile, error);
    g_autoptr (PrcStore) to = NULL;
    const PrcStoreAsk *ask = &prc_session_options (session)->ask;

    if (from == NULL)
        return FALSE;
    if (strcmp (prc_store_name (from), store_name) == 0 ||
        prc_store_state (from) == PRC_STORE_EMPTY) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("nothing to move"));
        return FALSE;
    }
    to = prc_session_store_open (session, store_name, error);
    if (to == NULL || !prc_session_may_store (session, to, error) ||
        !prc_store_unlock (from, ask, error) || !prc_store_unlock (to, ask, error))
        return FALSE;
    *ret_from = g_steal_pointer (&from);
    *ret_to = g_steal_pointer (&to);
    return TRUE;
}

static gboolean
set_store_of_profile (PrcSession *session, const char *profile_name, const char *store_name,
                      GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    g_auto (PrcProfilesEdit) edit = { 0 };
    g_autofree char *pair = g_strconcat ("store=", store_name, NULL);
    g_autofree char *label = g_strdup_printf ("login %s", profile_name);
    char *pairs[] = { pair, NULL };

    return profiles != NULL && prc_profiles_set (profiles, profile_name, pairs, &edit, error) &&
           (edit.after == NULL || prc_profiles_write (session, profiles, &edit, label, error));
}

static gboolean
shares_a_ref (const PrcProfile *profile, const GPtrArray *refs)
{
    g_autoptr (GPtrArray) own = prc_profile_refs (profile, profile->user);

    for (guint i = 0; i < own->len; i++)
        for (guint j = 0; j < refs->len; j++)
            if (prc_credential_ref_equal (g_ptr_array_index (own, i), g_ptr_array_index (refs, j)))
                return TRUE;
    return FALSE;
}

/* A credential is there once: whoever else refers to it must find it again. */
static gboolean
set_store_of_others (PrcSession *session, const PrcProfiles *profiles, const char *profile_name,
                     const GPtrArray *refs, const char *store_name, GError **error)
{
    const GPtrArray *rows = prc_profiles_rows (profiles);

    for (guint i = 0; i < rows->len; i++) {
        const PrcProfile *other = ((const PrcProfileRow *) g_ptr_array_index (rows, i))->profile;

        if (other->is_direct || other->user == NULL || strcmp (other->name, profile_name) == 0 ||
            g_strcmp0 (other->store, store_name) == 0 || !shares_a_ref (other, refs))
            continue;
        if (!set_store_of_profile (session, other->name, store_name, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
prc_credential_move (PrcSession *session, PrcProfiles *profiles, const char *profile_name,
                     const char *store_name, GError **error)
{
    const PrcProfile *profile = prc_profiles_find (profiles, profile_name, error);
    g_autoptr (GPtrArray) refs = NULL;
    g_autoptr (PrcStore) from = NULL;
    g_autoptr (PrcStore) to = NULL;
    gboolean any = FALSE, erased = FALSE;

    if (profile == NULL)
        return FALSE;
    if (profile->is_direct || profile->user == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("nothing to move"));
        return FALSE;
    }
    refs = prc_profile_refs (profile, profile->user);
    if (!open_both (session, profile, store_name, &from, &to, error) ||
        !copy_all (from, to, refs, &any, error))
        return FALSE;
    if (!any) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("nothing to move"));
        return FALSE;
    }
    if (!set_store_of_profile (session, profile->name, store_name, error) ||
        !set_store_of_others (session, profiles, profile->name, refs, store_name, error)) {
        (void) erase_all (to, refs, &erased, NULL);
        return FALSE;
    }
    return erase_all (from, refs, &erased, error);
}

gboolean
prc_credential_tidy_up (PrcSession *session, const char *profile_name, const char *former,
                        char **ret_left, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, profile_name, error) : NULL;
    g_autoptr (GPtrArray) refs = NULL;

    if (profile == NULL)
        return FALSE;
    refs = prc_profile_refs (profile, profile->user);
    return set_store_of_others (session, profiles, profile_name, refs, profile->store, error) &&
           prc_credential_remove_elsewhere (session, refs, profile->store, former, NULL, ret_left,
                                            error);
}
