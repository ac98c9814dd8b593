/* view-profile.c - the editor of one profile, which checks while one types */
#include <string.h>

#include "app/profiles.h"
#include "base/error.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/views.h"
#include "tui/widgets/form.h"

static const char *const auths[] = { "", "basic", "digest", "ntlm", "negotiate", "any", NULL };
static const char *const placements[] = { "", "inline", "reference", "none", NULL };

static const PrcFieldSpec specs[] = {
    { PRC_FIELD_TEXT, "name", N_ ("Name"), N_ ("Any name, such as office"), NULL, NULL, TRUE },
    { PRC_FIELD_TEXT, "http", N_ ("Proxy"), N_ ("With scheme and port: http://proxy.example:3128"),
      NULL, NULL, FALSE },
    { PRC_FIELD_TEXT, "https", N_ ("For https://"),
      N_ ("Only if https:// addresses have another proxy"), N_ ("the same"), NULL, FALSE },
    { PRC_FIELD_TEXT, "all", N_ ("For the rest"), N_ ("For what the other two leave"), NULL, NULL,
      FALSE },
    { PRC_FIELD_TEXT, "user", N_ ("User name"),
      N_ ("Empty if the proxy asks for none. The password is asked for later."), N_ ("none"), NULL,
      FALSE },
    { PRC_FIELD_LIST, "no_proxy", N_ ("No proxy for"),
      N_ ("Hosts that are reached directly, one a line: localhost, .example. Enter: another, C-d: "
          "take it away"),
      NULL, NULL, FALSE },
    { PRC_FIELD_CHOICE, "auth", N_ ("Login scheme"),
      N_ ("Space changes it. Leave it, unless you know the proxy's"),
      N_ ("what the proxy and the tools agree on"), auths, FALSE },
    { PRC_FIELD_TEXT, "ca", N_ ("CA file"),
      N_ ("If the company has its own certificates: their file, with its path"),
      N_ ("the system's"), NULL, FALSE },
    { PRC_FIELD_CHOICE, "placement", N_ ("Placement"),
      N_ ("The password: inline: stands in the tools' files; reference: they refer to it; none: "
          "they get none"),
      N_ ("inline"), placements, FALSE },
    { PRC_FIELD_TEXT, "tools", N_ ("Tools"), N_ ("Only these, with commas: git,npm,pip,curl,env"),
      N_ ("all tools"), NULL, FALSE },
    { PRC_FIELD_TEXT, "check_url", N_ ("Check with"),
      N_ ("The address that a live check asks the proxy for"), N_ ("https://example.com/"), NULL,
      FALSE },
    { PRC_FIELD_BUTTON, "save", N_ ("Save"), NULL, NULL, NULL, FALSE },
    { PRC_FIELD_BUTTON, "cancel", N_ ("Cancel"), NULL, NULL, NULL, FALSE },
};

typedef struct {
    char *name; /* (nullable): a new one */
    PrcForm *form;
    gboolean is_saving;
} State;

typedef struct {
    char *name; /* (nullable) */
    char **pairs;
} Draft;

static void
draft_free (gpointer data)
{
    Draft *draft = data;

    g_free (draft->name);
    g_strfreev (draft->pairs);
    g_free (draft);
}

/* In the worker */

/* An existing profile as pairs. */
static gpointer
read_profile (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Draft *draft = data;
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    const PrcProfile *profile =
        profiles != NULL ? prc_profiles_find (profiles, draft->name, error) : NULL;
    GPtrArray *pairs = NULL;

    (void) job;
    if (profile == NULL)
        return NULL;
    pairs = g_ptr_array_new ();
    for (const char *const *key = prc_profile_keys (); *key != NULL; key++) {
        g_autofree char *value = prc_profile_get (profile, *key);

        if (value != NULL)
            g_ptr_array_add (pairs, g_strdup_printf ("%s=%s", *key, value));
    }
    g_ptr_array_add (pairs, NULL);
    return g_ptr_array_free (pairs, FALSE);
}

static gpointer
save_profile (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Draft *draft = data;
    const gboolean is_new = g_str_has_prefix (draft->pairs[0], "name=");
    g_autoptr (PrcProfiles) profiles = prc_profiles_load_or_new (session, error);
    g_autofree char *label = g_strdup_printf ("profile %s %s", is_new ? "add" : "set", draft->name);
    g_auto (PrcProfilesEdit) edit = { 0 };

    (void) job;
    if (profiles == NULL ||
        !(is_new ? prc_profiles_add (profiles, draft->name, draft->pairs + 1, &edit, error)
                 : prc_profiles_set (profiles, draft->name, draft->pairs, &edit, error)) ||
        !prc_profiles_write (session, profiles, &edit, label, error))
        return NULL;
    return g_strdup (draft->name);
}

/* The form */

static char *
check_value (gpointer data, const char *name, const char *value)
{
    const State *state = ((const PrcView *) data)->state;
    g_autoptr (PrcProfile) profile = prc_profile_new ("x");
    g_autoptr (GError) error = NULL;
    g_autofree char *prefix = g_strconcat (name, ": ", NULL);

    if (strcmp (name, "name") == 0)
        return strcmp (value, "direct") == 0 && state->name == NULL
                   ? g_strdup (_ ("this name is taken: it means no proxy anywhere"))
                   : NULL;
    if (prc_profile_set (profile, name, value, &error))
        return NULL;
    return g_strdup (g_str_has_prefix (error->message, prefix) ? error->message + strlen (prefix)
                                                               : error->message);
}

static char *
value_to_save (const State *state, const char *key)
{
    char *value = prc_form_get (state->form, key);

    /* one proxy is for both, unless there is another */
    if (strcmp (key, "https") == 0 && *value == '\0') {
        g_free (value);
        value = prc_form_get (state->form, "http");
    }
    return value;
}

static char **
pairs_to_save (const State *state)
{
    GPtrArray *pairs = g_ptr_array_new ();

    if (state->name == NULL)
        g_ptr_array_add (pairs, g_strdup ("name="));
    for (gsize i = 0; i < G_N_ELEMENTS (specs); i++) {
        g_autofree char *value = NULL;

        if (specs[i].kind == PRC_FIELD_BUTTON || strcmp (specs[i].name, "name") == 0)
            continue;
        value = value_to_save (state, specs[i].name);
        if (*value != '\0' || state->name != NULL)
            g_ptr_array_add (pairs, g_strdup_printf ("%s=%s", specs[i].name, value));
    }
    g_ptr_array_add (pairs, NULL);
    return (char **) g_ptr_array_free (pairs, FALSE);
}

static void
saved (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    PrcUi *ui = view->ui;
    State *state = view->state;
    g_autofree char *name = result;
    g_autofree char *user = prc_form_get (state->form, "user");
    gboolean is_new = state->name == NULL;

    state->is_saving = FALSE;
    if (name == NULL) {
        prc_ui_say_error (ui, error);
        return;
    }
    prc_ui_pop (view);
    prc_ui_reload (ui);
    if (is_new && *user != '\0') {
        (void) prc_ui_push (ui, &prc_view_login, g_strdup (name));
        prc_ui_say (ui, PRC_LOOK_OK, _ ("%s is saved; now its password"), name);
    } else {
        prc_ui_say (ui, PRC_LOOK_OK, _ ("%s is saved; a writes it to the tools"), name);
    }
}

static void
save (PrcView *view)
{
    State *state = view->state;
    g_autofree char *http = prc_form_get (state->form, "http");
    g_autofree char *https = prc_form_get (state->form, "https");
    g_autofree char *all = prc_form_get (state->form, "all");
    Draft *draft = NULL;

    if (!prc_form_is_good (state->form) || state->is_saving)
        return;
    if (*http == '\0' && *https == '\0' && *all == '\0') {
        prc_form_set_error (state->form, "http", _ ("this is needed"));
        prc_form_focus (state->form, "http");
        return;
    }
    draft = g_new0 (Draft, 1);
    draft->name = prc_form_get (state->form, "name");
    draft->pairs = pairs_to_save (state);
    state->is_saving = TRUE;
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Saving the profile"),
                                                .run = save_profile,
                                                .data = draft,
                                                .data_free = draft_free,
                                                .done = saved,
                                                .result_free = g_free,
                                                .writes = TRUE });
}

static void
pressed (gpointer data, const char *name)
{
    PrcView *view = data;

    if (strcmp (name, "save") == 0)
        save (view);
    else
        prc_ui_act (view->ui, PRC_ACTION_BACK);
}

static void
fill_in (State *state, char **pairs)
{
    g_autofree char *http = NULL;
    g_autofree char *https = NULL;
    g_autofree char *all = NULL;

    for (char **pair = pairs; *pair != NULL; pair++) {
        g_auto (GStrv) parts = g_strsplit (*pair, "=", 2);

        for (gsize i = 0; i < G_N_ELEMENTS (specs); i++)
            if (strcmp (specs[i].name, parts[0]) == 0)
                prc_form_set (state->form, parts[0], parts[1]);
    }
    http = prc_form_get (state->form, "http");
    https = prc_form_get (state->form, "https");
    all = prc_form_get (state->form, "all");
    if (state->name == NULL && *http == '\0' &&
        *https == '\0') { /* one for all that is found is the one for both */
        prc_form_set (state->form, "http", all);
        prc_form_set (state->form, "all", "");
        *all = '\0';
    }
    if (strcmp (http, https) == 0)
        prc_form_set (state->form, "https", "");
    prc_form_set_hidden (state->form, "all", *all == '\0');
}

static void
profile_read (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    g_auto (GStrv) pairs = result;

    if (pairs == NULL) {
        prc_ui_say_error (view->ui, error);
        return;
    }
    fill_in (view->state, pairs);
    prc_view_dirty (view);
}

char **
prc_profile_pairs_named (const char *name, char **pairs)
{
    guint n = g_strv_length (pairs);
    char **named = g_new0 (char *, n + 2);

    named[0] = g_strconcat ("name=", name, NULL);
    for (guint i = 0; i < n; i++)
        named[i + 1] = g_strdup (pairs[i]);
    return named;
}

void
prc_view_profile_push (PrcUi *ui, const char *name, char **pairs)
{
    Draft *draft = g_new0 (Draft, 1);

    draft->name = g_strdup (name);
    draft->pairs = g_strdupv (pairs);
    (void) prc_ui_push (ui, &prc_view_profile, draft);
}

static void
open_profile (PrcView *view, gpointer argument)
{
    State *state = view->state;
    Draft *draft = argument;
    const PrcFormHooks hooks = { check_value, pressed, NULL, view };

    state->form = prc_form_new (specs, G_N_ELEMENTS (specs), &hooks);
    prc_form_set_hidden (state->form, "all", TRUE);
    if (draft == NULL)
        return;
    state->name = g_strdup (draft->name);
    if (draft->pairs != NULL)
        fill_in (state, draft->pairs);
    if (draft->name == NULL) {
        draft_free (draft);
        return;
    }
    prc_form_set (state->form, "name", draft->name);
    prc_form_set_hidden (state->form, "name",
                         TRUE); /* its file, the active one and undo know it by name */
    prc_form_focus (state->form, "http");
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Reading the profile"),
                                                .run = read_profile,
                                                .data = draft,
                                                .data_free = draft_free,
                                                .done = profile_read,
                                                .result_free = (GDestroyNotify) g_strfreev });
}

static void
close_profile (PrcView *view)
{
    State *state = view->state;

    prc_form_free (state->form);
    g_free (state->name);
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
    if (((State *) view->state)->is_saving)
        *ret_reason = N_ ("it is being saved");
    return *ret_reason == NULL;
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    if (action != PRC_ACTION_SAVE)
        return FALSE;
    save (view);
    return TRUE;
}

static char *
status (const PrcView *view)
{
    const State *state = view->state;

    return g_strdup (state->name != NULL ? state->name : _ ("new"));
}

static char *
unsaved (const PrcView *view)
{
    return prc_form_is_touched (((State *) view->state)->form)
               ? g_strdup (_ ("The profile is not saved. Leave it, and lose what you have typed?"))
               : NULL;
}

const PrcViewClass prc_view_profile = {
    .id = PRC_IN_PROFILE,
    .name = "profile",
    .title = N_ ("Profile"),
    .state_size = sizeof (State),
    .open = open_profile,
    .close = close_profile,
    .form = form,
    .enabled = enabled,
    .act = act,
    .status = status,
    .unsaved = unsaved,
};
