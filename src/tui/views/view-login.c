/* view-login.c - user name and password: tried on the proxy once, then stored once for all tools */
#include <string.h>

#include "app/check.h"
#include "app/credentials.h"
#include "app/profiles.h"
#include "app/stores.h"
#include "base/error.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/form.h"

static const char *const stores[] = { "", "secret-service", "vault", "plain", NULL };

static const PrcFieldSpec specs[] = {
    { PRC_FIELD_NOTE, "where", N_ ("Reading the profile…"), NULL, NULL, NULL, FALSE },
    { PRC_FIELD_TEXT, "user", N_ ("User name"),
      N_ ("As the proxy knows it; for a Windows domain often DOMAIN\\name"), NULL, NULL, TRUE },
    { PRC_FIELD_PASSWORD, "password", N_ ("Password"),
      N_ ("Type or paste it as it is: nothing in it needs to be escaped. C-r shows it"), NULL, NULL,
      TRUE },
    { PRC_FIELD_CHECK, "check", N_ ("Try it first"),
      N_ ("Sends it to the proxy once; only what the proxy takes is stored. Space changes it"),
      NULL, NULL, FALSE },
    { PRC_FIELD_CHOICE, "store", N_ ("Keep it in"),
      N_ ("secret-service: the desktop's keyring; vault: an encrypted file; plain: a file only you "
          "can read"),
      N_ ("the best that this machine has"), stores, FALSE },
    { PRC_FIELD_BUTTON, "login", N_ ("Log in"), NULL, NULL, NULL, FALSE },
    { PRC_FIELD_BUTTON, "cancel", N_ ("Cancel"), NULL, NULL, NULL, FALSE },
    { PRC_FIELD_NOTE, "outcome", "", NULL, NULL, NULL, FALSE },
};

typedef struct {
    char *profile; /* (nullable): the active one */
    PrcForm *form;
    gboolean is_running;
} State;

typedef struct {
    char *profile, *proxy, *user; /* the last two (nullable) */
} Target;

typedef struct {
    char *profile; /* (nullable) */
    char *user, *store;
    PrcSecret *password;
    gboolean without_check;
} Attempt;

typedef struct {
    PrcCheckResult *check; /* (nullable) */
    gboolean is_stored, is_active;
    char *left; /* (nullable): where an old one could not be removed */
} Outcome;

static void
target_free (gpointer data)
{
    Target *target = data;

    g_free (target->profile);
    g_free (target->proxy);
    g_free (target->user);
    g_free (target);
}

static void
attempt_free (gpointer data)
{
    Attempt *attempt = data;

    g_free (attempt->profile);
    g_free (attempt->user);
    g_free (attempt->store);
    prc_secret_unref (attempt->password);
    g_free (attempt);
}

static void
outcome_free (gpointer data)
{
    Outcome *outcome = data;

    if (outcome == NULL)
        return;
    prc_check_result_free (outcome->check);
    g_free (outcome->left);
    g_free (outcome);
}

/* In the worker */

static gpointer
read_target (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_find (profiles, data, error) : NULL;
    const PrcProxyUrl *proxy =
        profile != NULL ? prc_profile_proxy_for (profile, PRC_ROLE_ALL) : NULL;
    Target *target = NULL;

    (void) job;
    if (profile == NULL)
        return NULL;
    target = g_new0 (Target, 1);
    target->profile = g_strdup (profile->name);
    target->proxy = proxy != NULL ? prc_proxy_url_format_bare (proxy) : NULL;
    target->user = g_strdup (profile->user);
    return target;
}

/* FALSE with @error, or without one when the proxy did not take it. */
static gboolean
try_password (PrcSession *session, const PrcProfile *profile, const Attempt *attempt,
              Outcome *outcome, GError **error)
{
    if (!prc_credential_check_text (attempt->user, attempt->password, error))
        return FALSE;
    if (attempt->without_check)
        return TRUE;
    outcome->check =
        prc_check_login (session, profile, attempt->user, attempt->password, FALSE, error);
    return outcome->check != NULL && outcome->check->credential == PRC_CREDENTIAL_ACCEPTED;
}

static gboolean
is_stopped (PrcJob *job, GError **error)
{
    if (prc_job_is_cancelled (job))
        g_set_error (error, PRC_ERROR, PRC_ERROR_CANCELLED, _ ("Stopped."));
    return prc_job_is_cancelled (job);
}

static gpointer
log_in (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Attempt *attempt = data;
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, attempt->profile, error) : NULL;
    g_autofree char *former = NULL;
    g_autofree char *name = NULL;
    Outcome *outcome = NULL;
    GError *reason = NULL;

    if (profile == NULL)
        return NULL;
    former = prc_profile_store_name (session, profile);
    name = g_strdup (profile->name);
    outcome = g_new0 (Outcome, 1);
    outcome->is_active = profile == prc_profiles_active (profiles);
    if (try_password (session, profile, attempt, outcome, &reason) && !is_stopped (job, &reason) &&
        prc_credential_login (session, profiles, name, attempt->user, attempt->password,
                              *attempt->store != '\0' ? attempt->store : NULL, NULL, &reason) &&
        prc_credential_tidy_up (session, name, former, &outcome->left, &reason))
        outcome->is_stored = TRUE;
    if (reason == NULL)
        return outcome;
    g_propagate_error (error, reason);
    outcome_free (outcome);
    return NULL;
}

/* Back in the main thread */

static void
target_read (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    Target *target = result;
    g_autofree char *text = NULL;

    if (target == NULL) {
        prc_form_set_note (state->form, "where", PRC_LOOK_BAD, error->message);
        prc_view_dirty (view);
        return;
    }
    text = target->proxy != NULL
               ? g_strdup_printf (_ ("Profile %s: the proxy %s"), target->profile, target->proxy)
               : g_strdup_printf (_ ("Profile %s has no proxy, so it needs no password."),
                                  target->profile);
    prc_form_set_note (state->form, "where", PRC_LOOK_TEXT, text);
    if (target->user != NULL) {
        prc_form_set (state->form, "user", target->user);
        prc_form_focus (state->form, "password");
    }
    target_free (target);
    prc_view_dirty (view);
}

static void
show_refusal (PrcView *view, const PrcCheckResult *check)
{
    State *state = view->state;
    g_autoptr (GString) text = g_string_new (prc_verdict_words (check));

    g_string_append (text, ".");
    if (check->detail != NULL)
        g_string_append_printf (text, "\n%s", check->detail);
    if (check->credential == PRC_CREDENTIAL_REJECTED || check->verdict == PRC_VERDICT_WITHHELD) {
        g_string_append_printf (
            text, "\n%s",
            _ ("Nothing is stored. Look at user name and password before you try again: "
               "many companies lock an account after a few wrong ones."));
        prc_form_focus (state->form, "password");
    } else {
        g_string_append_printf (
            text, "\n%s",
            _ ("Nothing is stored, for the password could not be tried. With “Try it first” "
               "switched off it is stored untried."));
        prc_form_focus (state->form, "check");
    }
    prc_form_set_note (state->form, "outcome", PRC_LOOK_BAD, text->str);
}

static void
logged_in (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    PrcUi *ui = view->ui;
    State *state = view->state;
    Outcome *outcome = result;
    gboolean was_tried = outcome != NULL && outcome->check != NULL;

    state->is_running = FALSE;
    prc_form_set_note (state->form, "outcome", PRC_LOOK_TEXT, "");
    prc_view_dirty (view);
    if (outcome == NULL) {
        gboolean is_cancelled = g_error_matches (error, PRC_ERROR, PRC_ERROR_CANCELLED);

        prc_form_set_note (state->form, "outcome", is_cancelled ? PRC_LOOK_TEXT : PRC_LOOK_BAD,
                           is_cancelled ? _ ("Stopped.") : error->message);
        return;
    }
    if (!outcome->is_stored) {
        show_refusal (view, outcome->check);
        outcome_free (outcome);
        return;
    }
    if (was_tried && outcome->is_active)
        prc_ui_set_verdict (ui, g_steal_pointer (&outcome->check));
    prc_ui_pop (view);
    prc_ui_reload (ui);
    if (outcome->is_active && prc_ui_top (ui)->class != &prc_view_plan)
        prc_view_plan_push (ui, NULL, FALSE);
    if (outcome->left != NULL)
        prc_ui_say (ui, PRC_LOOK_WARN,
                    _ ("the password is stored, but the old one could not be removed from %s"),
                    outcome->left);
    else
        prc_ui_say (ui, PRC_LOOK_OK, "%s",
                    was_tried ? _ ("the proxy takes the password, and it is stored")
                              : _ ("the password is stored"));
    outcome_free (outcome);
}

static void
submit (PrcView *view)
{
    State *state = view->state;
    g_autofree char *check = prc_form_get (state->form, "check");
    Attempt *attempt = NULL;

    if (state->is_running || !prc_form_is_good (state->form))
        return;
    attempt = g_new0 (Attempt, 1);
    attempt->profile = g_strdup (state->profile);
    attempt->user = prc_form_get (state->form, "user");
    attempt->store = prc_form_get (state->form, "store");
    attempt->password = prc_form_secret (state->form, "password");
    attempt->without_check = *check == '\0';
    state->is_running = TRUE;
    prc_form_set_note (state->form, "outcome", PRC_LOOK_TEXT,
                       attempt->without_check ? _ ("Storing it…") : _ ("Asking the proxy…"));
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Logging in"),
                                                .run = log_in,
                                                .data = attempt,
                                                .data_free = attempt_free,
                                                .done = logged_in,
                                                .result_free = outcome_free,
                                                .may_ask = TRUE,
                                                .writes = TRUE });
}

static void
pressed (gpointer data, const char *name)
{
    PrcView *view = data;

    if (strcmp (name, "login") == 0)
        submit (view);
    else
        prc_ui_act (view->ui, PRC_ACTION_BACK);
}

static void
open_login (PrcView *view, gpointer argument)
{
    State *state = view->state;
    const PrcFormHooks hooks = { NULL, pressed, NULL, view };

    state->profile = argument;
    state->form = prc_form_new (specs, G_N_ELEMENTS (specs), &hooks);
    prc_form_set (state->form, "check", "yes");
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Reading the profile"),
                                                .run = read_target,
                                                .data = g_strdup (state->profile),
                                                .data_free = g_free,
                                                .done = target_read,
                                                .result_free = target_free });
}

static void
close_login (PrcView *view)
{
    State *state = view->state;

    prc_form_free (state->form); /* wipes what was typed */
    g_free (state->profile);
}

static PrcForm *
form (const PrcView *view)
{
    return ((State *) view->state)->form;
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    if (action != PRC_ACTION_SAVE)
        return FALSE;
    if (((State *) view->state)->is_running)
        *ret_reason = N_ ("the proxy is being asked");
    return *ret_reason == NULL;
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    if (action != PRC_ACTION_SAVE)
        return FALSE;
    submit (view);
    return TRUE;
}

const PrcViewClass prc_view_login = {
    .id = PRC_IN_LOGIN,
    .name = "login",
    .title = N_ ("Log in"),
    .state_size = sizeof (State),
    .open = open_login,
    .close = close_login,
    .form = form,
    .enabled = enabled,
    .act = act,
};
