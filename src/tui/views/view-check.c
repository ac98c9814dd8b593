/* view-check.c - one live check of a profile's proxy, and what to do about its verdict */
#include <poll.h>
#include <string.h>

#include "app/check.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/width.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/lines.h"

typedef struct {
    char *profile; /* (nullable): the active one */
    PrcLines *lines;
    PrcCheckResult *result; /* (nullable): not there yet */
    gboolean is_running;
} State;

typedef struct {
    char *profile; /* (nullable) */
    gboolean force;
} Order;

static void
order_free (gpointer data)
{
    Order *order = data;

    g_free (order->profile);
    g_free (order);
}

/* In the worker: the helper does the work; it ends when the check is cancelled. */
static gpointer
run_check (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Order *order = data;
    const PrcCheckRequest request = { .profile = order->profile, .force = order->force };
    g_autoptr (PrcCheck) check = prc_check_start (session, &request, error);
    PrcCheckResult *result = NULL;

    while (check != NULL && !prc_job_is_cancelled (job)) {
        struct pollfd fds[2] = { { prc_check_fd (check), POLLIN, 0 },
                                 { prc_job_cancel_fd (job), POLLIN, 0 } };

        (void) poll (fds, G_N_ELEMENTS (fds), -1);
        if (prc_check_step (check, &result, error))
            break;
    }
    return result;
}

/* What can be done about a verdict: an action, and its words. */
typedef enum {
    REMEDY_NONE,
    REMEDY_LOGIN,
    REMEDY_PASSWD,
    REMEDY_EDIT,
    REMEDY_APPLY,
    REMEDY_AGAIN,
} Remedy;

static const struct {
    PrcVerdict verdict;
    Remedy remedy;
    const char *words;
} remedies[] = {
    { PRC_VERDICT_OK, REMEDY_APPLY, N_ ("see what has to be written so that all tools use it") },
    { PRC_VERDICT_NO_AUTH_NEEDED, REMEDY_APPLY,
      N_ ("see what has to be written so that all tools use it") },
    { PRC_VERDICT_CREDENTIALS_MISSING, REMEDY_LOGIN,
      N_ ("log in: store user name and password, once") },
    { PRC_VERDICT_CREDENTIALS_REJECTED, REMEDY_PASSWD,
      N_ ("type the right password: it goes everywhere the old one is") },
    { PRC_VERDICT_WITHHELD, REMEDY_PASSWD,
      N_ ("type the right password: it goes everywhere the old one is") },
    { PRC_VERDICT_SCHEME_UNSUPPORTED, REMEDY_EDIT, N_ ("look at the profile's login scheme") },
    { PRC_VERDICT_NOT_A_PROXY, REMEDY_EDIT, N_ ("look at the proxy's address") },
    { PRC_VERDICT_TLS_INTERCEPTED, REMEDY_EDIT, N_ ("name the company's CA file in the profile") },
    { PRC_VERDICT_PROXY_TLS_FAILED, REMEDY_EDIT,
      N_ ("look at the proxy's scheme, http:// or https://, and the CA file") },
    { PRC_VERDICT_UNRESOLVABLE, REMEDY_EDIT, N_ ("look at the proxy's name") },
    { PRC_VERDICT_UNREACHABLE, REMEDY_EDIT, N_ ("look at the proxy's address and port") },
    { PRC_VERDICT_TIMEOUT, REMEDY_AGAIN, N_ ("try again") },
    { PRC_VERDICT_BAD_ANSWER, REMEDY_EDIT, N_ ("look at the proxy's address and port") },
    { PRC_VERDICT_UPSTREAM_FAILED, REMEDY_AGAIN, N_ ("try again") },
};

static Remedy
remedy_of (const PrcCheckResult *result, const char **ret_words)
{
    for (gsize i = 0; result != NULL && i < G_N_ELEMENTS (remedies); i++)
        if (remedies[i].verdict == result->verdict) {
            *ret_words = _ (remedies[i].words);
            return remedies[i].remedy;
        }
    return REMEDY_NONE;
}

/* The lines */

static void
add_fact (PrcLines *lines, const char *name, const char *value)
{
    g_autofree char *text = NULL;

    if (value == NULL || *value == '\0')
        return;
    text = g_strdup_printf ("  %-*s %s", prc_text_padding (name, 14), name, value);
    prc_lines_add_hanging (lines, PRC_LOOK_TEXT, 17, text, NULL);
}

static void
add_facts (State *state)
{
    const PrcCheckResult *result = state->result;
    g_autoptr (GString) offers = g_string_new (NULL);
    g_autofree char *status =
        result->http_status > 0 ? g_strdup_printf ("%d", result->http_status) : NULL;
    g_autofree char *time = g_strdup_printf (_ ("%u ms"), result->elapsed_ms);

    for (guint i = 0; i < result->offers->len; i++) {
        const PrcOffer *offer = g_ptr_array_index (result->offers, i);

        g_string_append_printf (offers, "%s%s", i > 0 ? ", " : "", offer->scheme);
        if (offer->realm != NULL)
            g_string_append_printf (offers, " (%s)", offer->realm);
    }
    add_fact (state->lines, _ ("Proxy"), result->proxy);
    add_fact (state->lines, _ ("Asked for"), result->url);
    add_fact (state->lines, _ ("Answer"), status);
    add_fact (state->lines, _ ("It offers"), offers->str);
    add_fact (state->lines, _ ("Used"), result->scheme_used);
    add_fact (state->lines, _ ("Password"),
              result->credential == PRC_CREDENTIAL_ACCEPTED   ? _ ("accepted")
              : result->credential == PRC_CREDENTIAL_REJECTED ? _ ("rejected")
                                                              : _ ("not tested"));
    add_fact (state->lines, _ ("Took"), time);
}

static void
add_tools (State *state, const PrcTheme *theme)
{
    const GPtrArray *tools = state->result->tools;

    if (tools == NULL || tools->len == 0)
        return;
    prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add (state->lines, PRC_LOOK_STRONG, _ ("Which tools can log in there"), NULL);
    for (guint i = 0; i < tools->len; i++) {
        const PrcToolChance *tool = g_ptr_array_index (tools, i);

        g_autofree char *text = g_strdup_printf (
            "  %s %-8s %s",
            prc_theme_glyph (theme, tool->could_pass ? PRC_GLYPH_OK : PRC_GLYPH_BAD), tool->name,
            tool->why != NULL ? tool->why : "");

        prc_lines_add_hanging (state->lines, tool->could_pass ? PRC_LOOK_OK : PRC_LOOK_BAD, 13,
                               text, NULL);
    }
}

static void
add_way (PrcLines *lines, char *text)
{
    prc_lines_add_hanging (lines, PRC_LOOK_KEY, 5, text, NULL);
    g_free (text);
}

static void
build (PrcView *view)
{
    State *state = view->state;
    const PrcTheme theme = prc_ui_theme (view->ui);
    const char *words = NULL;
    PrcMark mark = prc_mark_of_verdict (state->result);
    g_autofree char *text = NULL;

    prc_lines_clear (state->lines);
    prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
    text = g_strdup_printf ("%s %s", prc_theme_glyph (&theme, mark.glyph),
                            prc_verdict_words (state->result));
    prc_lines_add_hanging (state->lines, mark.look, 2, text, NULL);
    if (state->result->detail != NULL)
        prc_lines_add_wrapped (state->lines, PRC_LOOK_TEXT, state->result->detail);
    prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add (state->lines, PRC_LOOK_STRONG, _ ("What to do"), NULL);
    /* what names a command of the shell is for those who are there */
    if (state->result->remedy != NULL && (remedy_of (state->result, &words) == REMEDY_NONE ||
                                          strchr (state->result->remedy, '`') == NULL))
        prc_lines_add_wrapped (state->lines, PRC_LOOK_TEXT, state->result->remedy);
    if (remedy_of (state->result, &words) != REMEDY_NONE)
        add_way (state->lines, g_strdup_printf (_ ("  m: %s"), words));
    add_way (state->lines, g_strconcat ("  ", _ ("i: what this means"), NULL));
    if (state->result->verdict == PRC_VERDICT_WITHHELD)
        add_way (state->lines, g_strconcat ("  ", _ ("F: send it all the same"), NULL));
    prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add (state->lines, PRC_LOOK_STRONG, _ ("What was seen"), NULL);
    add_facts (state);
    add_tools (state, &theme);
}

/* Running it */

static void
checked (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;

    state->is_running = FALSE;
    prc_lines_clear (state->lines);
    prc_view_dirty (view);
    if (result == NULL) {
        prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
        if (g_error_matches (error, PRC_ERROR, PRC_ERROR_CANCELLED))
            prc_lines_add (state->lines, PRC_LOOK_TEXT, _ ("Stopped. c tries again."), NULL);
        else
            prc_lines_add_wrapped (state->lines, PRC_LOOK_BAD, error->message);
        if (g_error_matches (error, PRC_ERROR, PRC_ERROR_LOCKED))
            prc_lines_add (state->lines, PRC_LOOK_KEY, _ ("  L: log in"), NULL);
        return;
    }
    prc_check_result_free (state->result);
    state->result = result;
    if (state->profile == NULL)
        prc_ui_set_verdict (view->ui, prc_check_result_copy (result));
    build (view);
}

static void
start (PrcView *view, gboolean force)
{
    State *state = view->state;
    Order *order = g_new0 (Order, 1);

    prc_jobs_cancel_owner (prc_ui_jobs (view->ui), view);
    order->profile = g_strdup (state->profile);
    order->force = force;
    state->is_running = TRUE;
    g_clear_pointer (&state->result, prc_check_result_free);
    prc_lines_clear (state->lines);
    prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add_wrapped (state->lines, PRC_LOOK_TEXT,
                           _ ("Asking the proxy. It may take some seconds; x stops it."));
    (void) prc_view_start (view,
                           &(PrcJobSpec){ .what = N_ ("Asking the proxy"),
                                          .run = run_check,
                                          .data = order,
                                          .data_free = order_free,
                                          .done = checked,
                                          .result_free = (GDestroyNotify) prc_check_result_free,
                                          .may_ask = TRUE });
    prc_view_dirty (view);
}

static void
open_check (PrcView *view, gpointer argument)
{
    State *state = view->state;

    state->profile = argument;
    state->lines = prc_lines_new ();
    start (view, FALSE);
}

static void
close_check (PrcView *view)
{
    State *state = view->state;

    prc_lines_free (state->lines);
    prc_check_result_free (state->result);
    g_free (state->profile);
}

static PrcLines *
lines (const PrcView *view)
{
    return ((State *) view->state)->lines;
}

/* Doing */

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const State *state = view->state;
    const char *words = NULL;

    switch ((int) action) {
    case PRC_ACTION_CHECK:
        if (state->is_running)
            *ret_reason = N_ ("it runs already; x stops it");
        return *ret_reason == NULL;
    case PRC_ACTION_REMEDY:
        if (remedy_of (state->result, &words) == REMEDY_NONE)
            *ret_reason = N_ ("there is nothing that could be done from here");
        return *ret_reason == NULL;
    case PRC_ACTION_FORCE:
        if (state->result == NULL || state->result->verdict != PRC_VERDICT_WITHHELD)
            *ret_reason = N_ ("nothing was withheld");
        return *ret_reason == NULL;
    case PRC_ACTION_EXPLAIN:
        return state->result != NULL;
    case PRC_ACTION_OPEN: /* nothing is inside a line */
        *ret_reason = N_ ("there is nothing to open");
        return FALSE;
    default:
        return FALSE;
    }
}

static void
force_answered (PrcView *view, gboolean yes, gpointer data)
{
    (void) data;
    if (yes)
        start (view, TRUE);
}

static void
do_remedy (PrcView *view)
{
    State *state = view->state;
    PrcUi *ui = view->ui;
    const char *words = NULL;

    switch (remedy_of (state->result, &words)) {
    case REMEDY_LOGIN:
        (void) prc_ui_push (ui, &prc_view_login, g_strdup (state->profile));
        break;
    case REMEDY_PASSWD:
        prc_ui_act (ui, PRC_ACTION_PASSWD);
        break;
    case REMEDY_EDIT:
        prc_view_profile_push (ui, state->profile, NULL);
        break;
    case REMEDY_APPLY:
        prc_view_plan_push (ui, state->profile, state->profile != NULL);
        break;
    case REMEDY_AGAIN:
        start (view, FALSE);
        break;
    case REMEDY_NONE:
    default:
        break;
    }
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    State *state = view->state;

    switch ((int) action) {
    case PRC_ACTION_CHECK:
    case PRC_ACTION_REFRESH:
        if (!state->is_running)
            start (view, FALSE);
        return TRUE;
    case PRC_ACTION_FORCE:
        prc_ui_confirm (view,
                        _ ("The proxy has rejected this password a short while ago. Sent again, it "
                           "counts towards a lock "
                           "of the account. Send it?"),
                        N_ ("Send it"), force_answered, NULL);
        return TRUE;
    case PRC_ACTION_REMEDY:
        do_remedy (view);
        return TRUE;
    case PRC_ACTION_EXPLAIN:
        (void) prc_ui_push (view->ui, &prc_view_explain,
                            g_strdup (prc_verdict_name (state->result->verdict)));
        return TRUE;
    default:
        return FALSE;
    }
}

static char *
status (const PrcView *view)
{
    return g_strdup (((State *) view->state)->profile);
}

const PrcViewClass prc_view_check = {
    .id = PRC_IN_CHECK,
    .name = "check",
    .title = N_ ("Live check"),
    .state_size = sizeof (State),
    .open = open_check,
    .close = close_check,
    .lines = lines,
    .enabled = enabled,
    .act = act,
    .status = status,
};
