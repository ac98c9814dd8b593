/* cmd-login.c - login, logout, unlock, lock: the credential and its store */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/credentials.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/cli.h"

static int
run_login (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcProfiles) profiles = session != NULL ? prc_profiles_load (session, error) : NULL;
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, options->arguments[0], error) : NULL;
    g_autofree char *user = NULL;
    g_autofree char *question = NULL;
    g_autoptr (PrcSecret) password = NULL;

    if (profile == NULL)
        return PRC_EXIT_USAGE;
    user = g_strdup (options->user != NULL ? options->user : profile->user);
    if (user == NULL)
        user = prc_cli_read_line (options, "User name at the proxy", error);
    if (user == NULL)
        return PRC_EXIT_LOCKED;
    question = g_strdup_printf ("Password of %s at the proxy", user);
    password = prc_cli_read_password (options, question, error);
    if (password == NULL || !prc_credential_login (session, profiles, profile->name, user, password,
                                                   options->store, error))
        return PRC_EXIT_LOCKED;
    if (!options->no_check)
        prc_cli_warn (options, "the password is stored; it was not tried on the proxy, for this "
                               "version can't do that yet");
    return PRC_EXIT_DONE;
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
        prc_cli_warn (options, "no password was stored for this profile");
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
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE, "--for needs a time such as 30m, 8h or 1d");
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
    return prc_store_open (profile != NULL ? profile->store : NULL, prc_session_data_dir (session),
                           error);
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
                     "nothing is stored yet; store a password with `proxyrc login`");
        return PRC_EXIT_LOCKED;
    }
    if (!prc_store_unlock (store, &prc_session_options (session)->ask, error) ||
        !prc_store_hold (store, seconds, error))
        return PRC_EXIT_LOCKED;
    return PRC_EXIT_DONE;
}

static int
run_lock (PrcOptions *options, GError **error)
{
    g_autoptr (PrcSession) session = prc_cli_session (options, error);
    g_autoptr (PrcStore) store =
        session != NULL ? open_profile_store (options, session, error) : NULL;

    return store != NULL && prc_store_lock (store, error) ? PRC_EXIT_DONE : PRC_EXIT_LOCKED;
}

const PrcCommand prc_command_login = {
    "login",
    "[PROFILE]",
    "Store the credential once",
    "Asks on the terminal; or --user U with --password-stdin or --password-fd N. The default "
    "store\n"
    "is the vault, a file encrypted with a passphrase, which comes from the terminal, from\n"
    "--passphrase-fd N, or from the file that PROXYRC_PASSPHRASE_FILE names. `--store plain` "
    "keeps\n"
    "the password in clear text, in a file that only you can read.",
    PRC_TAKES_PASSWORD | PRC_TAKES_ASK,
    0,
    1,
    run_login,
};

const PrcCommand prc_command_logout = {
    "logout", "[PROFILE]", "Forget the credential", NULL, PRC_TAKES_ASK, 0, 1, run_logout,
};

const PrcCommand prc_command_unlock = {
    "unlock",
    "",
    "Keep the vault's key for a while, so that no command asks",
    "The kernel keeps it for this user, for 8 hours unless --for says otherwise.",
    PRC_TAKES_ASK | PRC_TAKES_FOR,
    0,
    0,
    run_unlock,
};

const PrcCommand prc_command_lock = {
    "lock", "", "Drop the vault's key", NULL, PRC_TAKES_ASK, 0, 0, run_lock,
};
