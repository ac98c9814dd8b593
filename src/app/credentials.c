#include "app/credentials.h"

#include <string.h>

#include "app/stores.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/credential.h"

void
prc_held_credential_clear (PrcHeldCredential *held)
{
    g_clear_pointer (&held->user, g_free);
    g_clear_pointer (&held->password, prc_secret_unref);
    g_clear_pointer (&held->damage, g_free);
    held->is_unknown = FALSE;
}

PrcWanted
prc_credential_wanted (const PrcProfile *profile, const PrcHeldCredential *held)
{
    return (PrcWanted){ profile, held->user, held->password, held->is_unknown };
}

/* The proxies of a profile, each once: a credential is bound to one proxy, and never goes to
 * another one just because it stands in the same profile. */
GPtrArray *
prc_profile_refs (const PrcProfile *profile, const char *user)
{
    const PrcProxyUrl *proxies[] = { profile->https, profile->http, profile->all };
    GPtrArray *refs = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_credential_ref_free);

    for (gsize i = 0; i < G_N_ELEMENTS (proxies); i++) {
        g_autoptr (PrcCredentialRef) ref = NULL;
        gboolean known = FALSE;

        if (proxies[i] == NULL)
            continue;
        ref = prc_credential_ref_new (prc_proxy_scheme_name (proxies[i]->scheme), proxies[i]->host,
                                      proxies[i]->port, user);
        for (guint j = 0; j < refs->len; j++)
            known |= prc_credential_ref_equal (ref, g_ptr_array_index (refs, j));
        if (!known)
            g_ptr_array_add (refs, g_steal_pointer (&ref));
    }
    return refs;
}

static void
set_error_log_in (GError **error, const PrcProfile *profile, const PrcCredentialRef *ref)
{
    g_autofree char *text = prc_credential_ref_to_text (ref);

    g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                 _ ("no password is stored for %s; store it with `proxyrc login %s`"), text,
                 profile->name);
}

gboolean
prc_credential_lookup (PrcStore *store, const PrcProfile *profile, const GPtrArray *refs,
                       PrcHeldCredential *held, GError **error)
{
    for (guint i = 0; i < refs->len; i++) {
        const PrcCredentialRef *ref = g_ptr_array_index (refs, i);
        g_autoptr (PrcSecret) secret = NULL;
        GError *reason = NULL;

        if (!prc_store_lookup (store, ref, NULL, &secret, &reason)) {
            if (!g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND)) {
                g_propagate_error (error, reason);
                return FALSE;
            }
            g_error_free (reason);
            set_error_log_in (error, profile, ref);
            return FALSE;
        }
        if (held->password != NULL && !prc_secret_equal (held->password, secret)) {
            g_set_error (
                error, PRC_ERROR, PRC_ERROR_LOCKED,
                _ ("the proxies of “%s” have different passwords stored; log in again with "
                   "`proxyrc login %s`"),
                profile->name, profile->name);
            return FALSE;
        }
        if (held->password == NULL)
            held->password = g_steal_pointer (&secret);
    }
    return TRUE;
}

static gboolean
load_unlocked (PrcSession *session, PrcStore *store, const PrcProfile *profile, GPtrArray *refs,
               PrcHeldCredential *held, GError **error)
{
    PrcStoreState state = prc_store_state (store);

    if (state == PRC_STORE_EMPTY && refs->len > 0) {
        set_error_log_in (error, profile, g_ptr_array_index (refs, 0));
        return FALSE;
    }
    if (state == PRC_STORE_LOCKED &&
        !prc_store_unlock (store, &prc_session_options (session)->ask, error))
        return FALSE;
    return prc_credential_lookup (store, profile, refs, held, error);
}

/* Where it was before the profile was set to another store, or set back by `undo`: no question is
 * asked for that. */
static gboolean
load_elsewhere (PrcSession *session, const PrcProfile *profile, const GPtrArray *refs,
                const char *known, PrcHeldCredential *held)
{
    gsize n = 0;
    const PrcStoreDriver *const *drivers = prc_store_drivers (&n);

    for (gsize i = 0; i < n; i++) {
        g_autoptr (PrcStore) store = NULL;

        if (g_strcmp0 (drivers[i]->name, known) == 0)
            continue;
        store = prc_session_store_open (session, drivers[i]->name, NULL);
        if (store != NULL && prc_store_state (store) == PRC_STORE_OPEN &&
            prc_credential_lookup (store, profile, refs, held, NULL))
            return TRUE;
        g_clear_pointer (&held->password, prc_secret_unref);
    }
    return FALSE;
}

/* A file that is damaged counts as locked; only reading it tells the two apart. */
static gboolean
look_without_unlocking (PrcStore *store, const PrcProfile *profile, const GPtrArray *refs,
                        PrcHeldCredential *held)
{
    g_autoptr (GError) reason = NULL;

    if (store == NULL ||
        (prc_store_state (store) != PRC_STORE_OPEN && !prc_store_is_file (store)))
        return FALSE;
    if (prc_credential_lookup (store, profile, refs, held, &reason))
        return TRUE;
    g_clear_pointer (&held->password, prc_secret_unref);
    if (g_error_matches (reason, PRC_ERROR, PRC_ERROR_INPUT))
        held->damage = g_strdup (reason->message);
    return FALSE;
}

gboolean
prc_credential_load (PrcSession *session, const PrcProfile *profile, gboolean may_unlock,
                     PrcHeldCredential *ret_held, GError **error)
{
    g_auto (PrcHeldCredential) held = { 0 };
    g_autoptr (PrcStore) store = NULL;
    g_autoptr (GPtrArray) refs = NULL;
    g_autoptr (GError) local = NULL;

    if (profile->is_direct || profile->user == NULL) {
        *ret_held = held;
        return TRUE;
    }
    held.user = g_strdup (profile->user);
    refs = prc_profile_refs (profile, profile->user);
    store = prc_profile_store_open (session, profile, &local);
    if (store == NULL && (may_unlock || !g_error_matches (local, PRC_ERROR, PRC_ERROR_LOCKED))) {
        g_propagate_error (error, g_steal_pointer (&local));
        return FALSE;
    }
    if (may_unlock && !load_unlocked (session, store, profile, refs, &held, &local)) {
        gboolean is_open = prc_store_state (store) != PRC_STORE_LOCKED;

        g_clear_pointer (&held.password, prc_secret_unref);
        if (!is_open || !load_elsewhere (session, profile, refs, prc_store_name (store), &held)) {
            g_propagate_error (error, g_steal_pointer (&local));
            return FALSE;
        }
    }
    if (!may_unlock)
        held.is_unknown = !look_without_unlocking (store, profile, refs, &held);
    *ret_held = held;
    held = (PrcHeldCredential){ 0 };
    return TRUE;
}

gboolean
prc_credential_check_text (const char *user, PrcSecret *password, GError **error)
{
    const char *text = prc_secret_text (password);

    if (*user == '\0' || prc_text_has_control (user) || strchr (user, ':') != NULL) {
        g_set_error (
            error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
            _ ("a user name can't be empty or hold a colon or control characters (RFC 7617)"));
        return FALSE;
    }
    if (*text == '\0') {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("the password is empty"));
        return FALSE;
    }
    if (prc_text_has_control (text)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("the password holds a control character (a tab or the like): no tool could "
                        "send it, and curl would go past the proxy; change the password"));
        return FALSE;
    }
    return TRUE;
}

/* The profile remembers who, and where the secret is; the store holds the secret. */
static gboolean
edit_profile (PrcProfiles *profiles, const PrcProfile *profile, const char *user,
              const char *store_name, PrcProfilesEdit *ret_edit, GError **error)
{
    g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);

    if (g_strcmp0 (profile->user, user) != 0)
        g_ptr_array_add (pairs, g_strconcat ("user=", user, NULL));
    if (store_name != NULL && g_strcmp0 (profile->store, store_name) != 0)
        g_ptr_array_add (pairs, g_strconcat ("store=", store_name, NULL));
    if (pairs->len == 0)
        return TRUE;
    g_ptr_array_add (pairs, NULL);
    return prc_profiles_set (profiles, profile->name, (char **) pairs->pdata, ret_edit, error);
}

/* What the store held for a proxy before: NULL in @secrets where there was nothing. */
static GPtrArray *
lookup_former (PrcStore *store, const GPtrArray *refs, GError **error)
{
    g_autoptr (GPtrArray) secrets =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_unref);

    for (guint i = 0; i < refs->len; i++) {
        PrcSecret *secret = NULL;
        GError *reason = NULL;

        if (!prc_store_lookup (store, g_ptr_array_index (refs, i), NULL, &secret, &reason) &&
            !g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND)) {
            g_propagate_error (error, reason);
            return NULL;
        }
        g_clear_error (&reason);
        g_ptr_array_add (secrets, secret);
    }
    return g_steal_pointer (&secrets);
}

static gboolean
are_all (const GPtrArray *secrets, PrcSecret *password)
{
    for (guint i = 0; i < secrets->len; i++)
        if (g_ptr_array_index (secrets, i) == NULL ||
            !prc_secret_equal (g_ptr_array_index (secrets, i), password))
            return FALSE;
    return TRUE;
}

static gboolean
store_all (PrcStore *store, const GPtrArray *refs, PrcSecret *password, GError **error)
{
    for (guint i = 0; i < refs->len; i++)
        if (!prc_store_store (store, g_ptr_array_index (refs, i), password, error))
            return FALSE;
    return TRUE;
}

/* As far as the store lets us: what has failed already is what the user is told. */
static void
put_back (PrcStore *store, const GPtrArray *refs, const GPtrArray *former)
{
    for (guint i = 0; i < refs->len; i++) {
        PrcSecret *secret = g_ptr_array_index (former, i);
        gboolean done = secret != NULL
                            ? prc_store_store (store, g_ptr_array_index (refs, i), secret, NULL)
                            : prc_store_erase (store, g_ptr_array_index (refs, i), NULL, NULL);

        (void) done;
    }
}

/* Another login may be writing its own profile into the same file: what we change in it stays the
 * same. */
static gboolean
write_profile (PrcSession *session, PrcProfiles *profiles, const char *name,
               const PrcProfilesEdit *edit, const char *user, const char *store_name,
               GError **error)
{
    g_autofree char *label = g_strdup_printf ("login %s", name);
    g_autoptr (GError) local = NULL;

    if (edit->after == NULL || prc_profiles_write (session, profiles, edit, label, &local))
        return TRUE;
    for (guint i = 0; i < 10 && g_error_matches (local, PRC_ERROR, PRC_ERROR_CHANGED); i++) {
        g_autoptr (PrcProfiles) fresh = prc_profiles_load (session, error);
        const PrcProfile *profile = fresh != NULL ? prc_profiles_find (fresh, name, error) : NULL;
        g_auto (PrcProfilesEdit) again = { 0 };

        if (profile == NULL || !edit_profile (fresh, profile, user, store_name, &again, error))
            return FALSE;
        g_clear_error (&local);
        if (again.after == NULL || prc_profiles_write (session, fresh, &again, label, &local))
            return TRUE;
    }
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
}

/*
 * Store and profile change together or not at all. A store need not be a file, so they can't be one
 * transaction: the secret goes first, since without the profile nothing ever looks for it, and goes
 * again if the profile can't be written.
 */
gboolean
prc_credential_login (PrcSession *session, PrcProfiles *profiles, const char *profile_name,
                      const char *user, PrcSecret *password, const char *store_name,
                      gboolean *ret_changed, GError **error)
{
    const PrcProfile *profile = prc_profiles_find (profiles, profile_name, error);
    g_autoptr (PrcStore) store = NULL;
    g_autoptr (GPtrArray) refs = NULL;
    g_autoptr (GPtrArray) former = NULL;
    g_auto (PrcProfilesEdit) edit = { 0 };
    gboolean is_new = FALSE;

    if (profile == NULL || !prc_credential_check_text (user, password, error))
        return FALSE;
    refs = prc_profile_refs (profile, user);
    if (profile->is_direct || refs->len == 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("the profile “%s” has no proxy to log in to"), profile->name);
        return FALSE;
    }
    store =
        prc_session_store_open (session, store_name != NULL ? store_name : profile->store, error);
    if (store == NULL || !prc_session_may_store (session, store, error) ||
        !edit_profile (profiles, profile, user, prc_store_name (store), &edit, error) ||
        !prc_store_unlock (store, &prc_session_options (session)->ask, error))
        return FALSE;
    former = lookup_former (store, refs, error);
    if (former == NULL)
        return FALSE;
    is_new = !are_all (former, password);
    if ((!is_new || store_all (store, refs, password, error)) &&
        write_profile (session, profiles, profile->name, &edit, user, prc_store_name (store),
                       error)) {
        if (ret_changed != NULL)
            *ret_changed = is_new || edit.after != NULL;
        return TRUE;
    }
    put_back (store, refs, former);
    return FALSE;
}

/* Wherever it is: where the profile says, and any copy that an earlier choice has left. */
gboolean
prc_credential_logout (PrcSession *session, const PrcProfile *profile, gboolean *ret_erased,
                       GError **error)
{
    g_autoptr (GPtrArray) refs = prc_profile_refs (profile, profile->user);
    g_autoptr (PrcStore) store = prc_profile_store_open (session, profile, error);
    gboolean any = FALSE, elsewhere = FALSE;

    if (store == NULL)
        return FALSE;
    if (prc_store_state (store) == PRC_STORE_LOCKED &&
        !prc_store_unlock (store, &prc_session_options (session)->ask, error))
        return FALSE;
    for (guint i = 0; i < refs->len && prc_store_state (store) == PRC_STORE_OPEN; i++) {
        gboolean erased = FALSE;

        if (!prc_store_erase (store, g_ptr_array_index (refs, i), &erased, error))
            return FALSE;
        any |= erased;
    }
    if (!prc_credential_remove_elsewhere (session, refs, prc_store_name (store), NULL, &elsewhere,
                                          NULL, error))
        return FALSE;
    *ret_erased = any || elsewhere;
    return TRUE;
}
