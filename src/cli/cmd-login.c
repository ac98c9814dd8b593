/* cmd-login.c - login, logout, unlock, lock: the credential and its store */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/check.h"
#include "app/credentials.h"
#include "app/profiles.h"
#include "app/stores.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output-check.h"
#include "cli/output.h"

/* `login --store NAME` without a password: the one that is stored goes there. FALSE with @error, or
 * without one when there is none to move. */
static gboolean
move_stored (PrcOptions *options, PrcSession *session, PrcProfiles *profiles,
             const PrcProfile *profile, GError **error)
{
    g_autoptr (GError) local = NULL;

    if (options->store == NULL || options->password_stdin || options->password_fd >= 0 ||
        (options->user != NULL && g_strcmp0 (options->user, profile->user) != 0))
        return FALSE;
    if (prc_credential_move (session, profiles, profile->name, options->store, &local))
        return TRUE;
    if (!g_error_matches (local, PRC_ERROR, PRC_ERROR_NOT_FOUND))
        g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
}

/* It is there once: what another store had goes, and what can't go is said. */
static gboolean
tidy_up (PrcOptions *options, PrcSession *session, const char *profile_name, const char *former,
         GError **error)
{
    g_autofree char *left = NULL;

    if (!prc_credential_tidy_up (session, profile_name, former, &left, error))
        return FALSE;
    if (left != NULL)
        prc_cli_warn (options,
                      _ ("the password is stored, but the old one could not be removed from "
                         "%s"),
                      left);
    return TRUE;
}

/* Only what the proxy took is stored. */
static int
try_password (PrcSession *session, const PrcProfile *profile, const char *user, PrcSecret *password,
              GError **error)
{
    g_autoptr (PrcCheckResult) result = NULL;
    const char *what = NULL;

    if (!prc_credential_check_text (user, password, error))
        return PRC_EXIT_INPUT;
    result = prc_check_login (session, profile, user, password, FALSE, error);
    if (result == NULL)
        return PRC_EXIT_NETWORK;
    if (result->credential == PRC_CREDENTIAL_ACCEPTED)
        return PRC_EXIT_DONE;
    what = result->detail != NULL ? result->detail : prc_check_verdict_text (result->verdict);
    if (result->credential == PRC_CREDENTIAL_REJECTED || result->verdict == PRC_VERDICT_WITHHELD) {
        fprintf (stderr,
                 result->verdict == PRC_VERDICT_WITHHELD
                     ? _ ("proxyrc: nothing was stored: %s (%s); `proxyrc login --no-check` stores "
                          "it all the same\n")
                     : _ ("proxyrc: nothing was stored: %s (%s)\n"),
                 what, prc_verdict_name (result->verdict));
        return PRC_EXIT_NO;
    }
    g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK,
                 _ ("nothing was stored, for the password could not be tested: %s (%s); "
                    "`proxyrc login --no-check` stores it untested"),
                 what, prc_verdict_name (result->verdict));
    return PRC_EXIT_NETWORK;
}

static int
report_login (const PrcOptions *options, const char *profile_name, const char *user,
              gboolean changed)
{
    json_t *object = NULL;

    if (!options->json)
        return PRC_EXIT_DONE;
    object = prc_json_new ();
    json_object_set_new (object, "changed", json_boolean (changed));
    json_object_set_new (object, "profile", prc_json_text (profile_name));
    json_object_set_new (object, "user", prc_json_text (user));
    prc_output_json (object);
    return PRC_EXIT_DONE;
}

static int
run_login (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcProfiles) profiles = session != NULL ? prc_profiles_load (session, error) : NULL;
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, options->arguments[0], error) : NULL;
    g_autofree char *user = NULL;
    g_autofree char *question = NULL;
    g_autofree char *former = NULL;
    g_autoptr (PrcSecret) password = NULL;
    g_autofree char *name = profile != NULL ? g_strdup (profile->name) : NULL;
    gboolean changed = TRUE;

    if (profile == NULL)
        return PRC_EXIT_USAGE;
    if (move_stored (options, session, profiles, profile, error))
        return report_login (options, name, profile->user, changed);
    if (*error != NULL)
        return PRC_EXIT_LOCKED;
    former = prc_profile_store_name (session, profile);
    user = g_strdup (options->user != NULL ? options->user : profile->user);
    if (user == NULL)
        user = prc_cli_read_line (options, _ ("User name at the proxy"),
                                  _ ("the user name is needed; give it with --user U"), error);
    if (user == NULL)
        return PRC_EXIT_LOCKED;
    question = g_strdup_printf (_ ("Password of %s at the proxy"), user);
    password = prc_cli_read_password (options, question, error);
    if (password == NULL)
        return PRC_EXIT_LOCKED;
    if (!options->no_check) {
        int code = try_password (session, profile, user, password, error);

        if (code != PRC_EXIT_DONE)
            return code;
    }
    if (!prc_credential_login (session, profiles, profile->name, user, password, options->store,
                               &changed, error) ||
        !tidy_up (options, session, name, former, error))
        return PRC_EXIT_LOCKED;
    return report_login (options, name, user, changed);
}

static int
run_logout (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcProfiles) profiles = session != NULL ? prc_profiles_load (session, error) : NULL;
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, options->arguments[0], error) : NULL;
    gboolean erased = FALSE;

    if (profile == NULL || !prc_credential_logout (session, profile, &erased, error))
        return PRC_EXIT_USAGE;
    if (!erased)
        prc_cli_warn (options, _ ("no password was stored for this profile"));
    return PRC_EXIT_DONE;
}

/* "30m", "8h", "1d", or seconds. */
static gboolean
read_duration (const char *text, guint *ret_seconds, GError **error)
{
    char *end = NULL;
    guint64 number = g_ascii_strtoull (text, &end, 10);
    guint64 unit = *end == 'd' ? 86400 : *end == 'h' ? 3600 : *end == 'm' ? 60 : 1;

    if (end == text || number == 0 || number > 366 * 86400 || number * unit > 366 * 86400 ||
        (*end != '\0' && (strchr ("smhd", *end) == NULL || end[1] != '\0'))) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("--for needs a time such as 30m, 8h or 1d"));
        return FALSE;
    }
    *ret_seconds = (guint) (number * unit);
    return TRUE;
}

static PrcStore *
open_profile_store (PrcOptions *options, PrcSession *session, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_active (profiles) : NULL;

    (void) options;
    if (profiles == NULL)
        return NULL;
    return prc_profile_store_open (session, profile, error);
}

static int
run_unlock (PrcOptions *options, GError **error)
{
    guint seconds = 8 * 3600;
    g_autoptr (PrcSession) session = NULL;
    g_autoptr (PrcStore) store = NULL;

    if (options->for_time != NULL && !read_duration (options->for_time, &seconds, error))
        return PRC_EXIT_USAGE;
    session = prc_cli_session (options, error);
    store = session != NULL ? open_profile_store (options, session, error) : NULL;
    if (store == NULL)
        return PRC_EXIT_LOCKED;
    if (prc_store_state (store) == PRC_STORE_EMPTY) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("nothing is stored yet; store a password with `proxyrc login`"));
        return PRC_EXIT_LOCKED;
    }
    if (!prc_store_unlock (store, &prc_session_options (session)->ask, error) ||
        !prc_store_hold (store, seconds, error))
        return PRC_EXIT_LOCKED;
    return PRC_EXIT_DONE;
}

/* Of every store: what is kept need not be of the profile that is active now. */
static int
run_lock (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    gsize n = 0;
    const PrcStoreDriver *const *drivers = prc_store_drivers (&n);

    for (gsize i = 0; session != NULL && i < n; i++) {
        g_autoptr (PrcStore) store = prc_session_store_open (session, drivers[i]->name, NULL);

        if (store != NULL && !prc_store_lock (store, error))
            return PRC_EXIT_LOCKED;
    }
    return session != NULL ? PRC_EXIT_DONE : PRC_EXIT_LOCKED;
}

const PrcCommand prc_command_login = {
    "login",
    "[PROFILE]",
    N_ ("Store the credential once"),
    N_ ("Asks on the terminal; or --user U with --password-stdin or --password-fd N. The password "
        "is "
        "tried\n"
        "once on the proxy, and stored only if the proxy takes it (--no-check: untried). It goes "
        "to "
        "the\n"
        "desktop's keyring (secret-service) where there is one, else to the vault, a file "
        "encrypted\n"
        "with a passphrase, which comes from the terminal, from --passphrase-fd N, or from the "
        "file\n"
        "that PROXYRC_PASSPHRASE_FILE names. `--store NAME` chooses, or moves what is stored "
        "already;\n"
        "`--store plain` keeps it in clear text, in a file that only you can read."),
    PRC_TAKES_PASSWORD | PRC_TAKES_ASK | PRC_TAKES_JSON,
    0,
    1,
    run_login,
    prc_complete_own_profile,
};

const PrcCommand prc_command_logout = {
    "logout", "[PROFILE]", N_ ("Forget the credential"), NULL, PRC_TAKES_ASK, 0,
    1,        run_logout,  prc_complete_own_profile,
};

const PrcCommand prc_command_unlock = {
    "unlock",
    "",
    N_ ("Keep the vault's key for a while, so that no command asks"),
    N_ ("The kernel keeps it for this user, for 8 hours unless --for says otherwise. Of the "
        "desktop's\n"
        "keyring it keeps the credentials of proxyrc."),
    PRC_TAKES_ASK | PRC_TAKES_FOR,
    0,
    0,
    run_unlock,
    NULL,
};

const PrcCommand prc_command_lock = {
    "lock",
    "",
    N_ ("Drop what `unlock` has kept"),
    N_ ("The desktop's keyring stays as it is: other programs need it, too."),
    0,
    0,
    0,
    run_lock,
    NULL,
};
