/* view-passwd.c - "my password has changed": the new one once, and it goes everywhere the old one
 * is */
#include <string.h>

#include "app/passwd.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/width.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/form.h"
#include "tui/widgets/lines.h"

static const PrcFieldSpec specs[] = {
    { PRC_FIELD_NOTE, "what",
      N_ ("The new password is tried on the proxy once. Then it is stored, and written to every "
          "place that holds the old "
          "one: all of them or none."),
      NULL, NULL, NULL, FALSE },
    { PRC_FIELD_PASSWORD, "password", N_ ("New password"),
      N_ ("Type or paste it as it is: nothing in it needs to be escaped. C-r shows it"), NULL, NULL,
      TRUE },
    { PRC_FIELD_CHECK, "check", N_ ("Try it first"), N_ ("Space changes it"), NULL, NULL, FALSE },
    { PRC_FIELD_CHECK, "scrub", N_ ("Clean up"),
      N_ ("Also take the old one out of comments, logs, histories and backup copies"), NULL, NULL,
      FALSE },
    { PRC_FIELD_LIST, "scan", N_ ("Projects"),
      N_ ("Folders in which project files are changed too, one a line"), NULL, NULL, FALSE },
    { PRC_FIELD_BUTTON, "go", N_ ("Change it"), NULL, NULL, NULL, FALSE },
    { PRC_FIELD_BUTTON, "cancel", N_ ("Cancel"), NULL, NULL, NULL, FALSE },
    { PRC_FIELD_NOTE, "outcome", "", NULL, NULL, NULL, FALSE },
};

/* Shared by the view, which may stop it, and the job. */
typedef struct {
    PrcScanProgress progress;
} Shared;

typedef struct {
    char *profile; /* (nullable): the active one */
    PrcForm *form;
    Shared *shared; /* (nullable): while a job runs */
} State;

typedef struct {
    char *profile; /* (nullable) */
    PrcSecret *password;
    char **scan; /* (nullable) */
    gboolean no_check, scrub;
    Shared *shared;
} Order;

static void
order_free (gpointer data)
{
    Order *order = data;

    g_free (order->profile);
    prc_secret_unref (order->password);
    g_strfreev (order->scan);
    g_rc_box_release (order->shared);
    g_free (order);
}

/* With dry_run it says what would change, and sends nothing. */
static gpointer
change (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Order *order = data;
    const PrcPasswdRequest request = {
        .profile = order->profile,
        .password = order->password,
        .no_check = order->no_check,
        .scrub = order->scrub,
        .scan = order->scan,
        .progress = &order->shared->progress,
    };

    (void) job;
    return prc_passwd (session, &request, error);
}

static char **
folders_of (const State *state)
{
    g_autofree char *text = prc_form_get (state->form, "scan");

    return *text != '\0' ? g_strsplit (text, ",", -1) : NULL;
}

static gboolean
is_checked (const State *state, const char *name)
{
    g_autofree char *value = prc_form_get (state->form, name);

    return *value != '\0';
}

static void
forget_job (State *state)
{
    if (state->shared != NULL)
        g_rc_box_release (state->shared);
    state->shared = NULL;
}

static void
start (PrcView *view, gboolean dry_run, void (*done) (gpointer, gpointer, const GError *))
{
    State *state = view->state;
    Order *order = g_new0 (Order, 1);

    forget_job (state);
    state->shared = g_rc_box_new0 (Shared);
    order->profile = g_strdup (state->profile);
    order->password = prc_form_secret (state->form, "password");
    order->scan = folders_of (state);
    order->no_check = !is_checked (state, "check");
    order->scrub = is_checked (state, "scrub");
    order->shared = g_rc_box_acquire (state->shared);
    prc_form_set_note (state->form, "outcome", PRC_LOOK_TEXT,
                       dry_run ? _ ("Looking for the old password…") : _ ("Changing it…"));
    (void) prc_view_start (
        view, &(PrcJobSpec){ .what = dry_run ? N_ ("Looking for the old one") : N_ ("Changing it"),
                             .run = change,
                             .data = order,
                             .data_free = order_free,
                             .done = done,
                             .result_free = (GDestroyNotify) prc_passwd_report_free,
                             .dry_run = dry_run,
                             .may_ask = TRUE,
                             .writes = !dry_run });
}

/* The report, to read */

static void
add_left (PrcLines *lines, const GPtrArray *left)
{
    if (left->len == 0)
        return;
    prc_lines_add (lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add_wrapped (lines, PRC_LOOK_WARN, _ ("! These still hold an old password:"));
    for (guint i = 0; i < left->len; i++) {
        const PrcLeftRow *row = g_ptr_array_index (left, i);

        if (row->line > 0)
            prc_lines_add_format (lines, PRC_LOOK_PLACE, "  %s:%u", row->path, row->line);
        else
            prc_lines_add_format (lines, PRC_LOOK_PLACE, "  %s", row->path);
        prc_lines_add_wrapped (lines, PRC_LOOK_TEXT, row->remedy);
    }
}

static void
add_running (PrcLines *lines, const GPtrArray *running)
{
    if (running->len == 0)
        return;
    prc_lines_add (lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add_wrapped (
        lines, PRC_LOOK_WARN,
        _ ("! These programs were started with an old password, and go on using it:"));
    for (guint i = 0; i < running->len; i++) {
        const PrcRunningRow *row = g_ptr_array_index (running, i);
        g_autofree char *names = g_strjoinv (" ", row->variables);

        prc_lines_add_format (lines, PRC_LOOK_PLACE, "  %d %s (%s)", row->pid, row->name, names);
        prc_lines_add_wrapped (lines, PRC_LOOK_TEXT, row->remedy);
    }
}

static PrcLines *
report_lines (const PrcPasswdReport *report, const PrcTheme *theme)
{
    PrcLines *lines = prc_lines_new ();

    prc_lines_add (lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add_format (lines, PRC_LOOK_OK,
                          report->check != NULL
                              ? _ ("%s The proxy takes the new password of %s, and it is stored.")
                              : _ ("%s The new password of %s is stored."),
                          prc_theme_glyph (theme, PRC_GLYPH_OK), report->profile);
    prc_lines_add (lines, PRC_LOOK_TEXT, "", NULL);
    for (guint i = 0; i < report->report->files->len; i++) {
        const PrcFileRow *file = g_ptr_array_index (report->report->files, i);

        const char *words = prc_action_words (file->action);

        prc_lines_add_format (lines, PRC_LOOK_TEXT, "  %-*s%s",
                              prc_text_padding (words, prc_action_words_width ()), words,
                              file->path);
    }
    for (guint i = 0; i < report->report->warnings->len; i++)
        prc_lines_add_wrapped (lines, PRC_LOOK_WARN,
                               g_ptr_array_index (report->report->warnings, i));
    if (report->n_scrubbed > 0)
        prc_lines_add_format (lines, PRC_LOOK_TEXT, _ ("  cleaned up: %u places"),
                              report->n_scrubbed);
    add_left (lines, report->left);
    add_running (lines, report->running);
    return lines;
}

static void
show_refusal (PrcView *view, const PrcCheckResult *check)
{
    State *state = view->state;
    g_autoptr (GString) text = g_string_new (prc_verdict_words (check));

    g_string_append (text, ".");
    if (check != NULL && check->detail != NULL)
        g_string_append_printf (text, "\n%s", check->detail);
    g_string_append_printf (text, "\n%s", _ ("Nothing was changed."));
    prc_form_set_note (state->form, "outcome", PRC_LOOK_BAD, text->str);
    prc_form_focus (state->form, "password");
}

static void
show_error (State *state, const GError *error)
{
    gboolean is_cancelled = g_error_matches (error, PRC_ERROR, PRC_ERROR_CANCELLED);

    prc_form_set_note (state->form, "outcome", is_cancelled ? PRC_LOOK_TEXT : PRC_LOOK_BAD,
                       is_cancelled ? _ ("Stopped.") : error->message);
}

static void
changed (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    PrcUi *ui = view->ui;
    State *state = view->state;
    g_autoptr (PrcPasswdReport) report = result;
    const PrcTheme theme = prc_ui_theme (ui);

    forget_job (state);
    prc_view_dirty (view);
    if (report == NULL) {
        show_error (state, error);
    } else if (report->outcome != PRC_PASSWD_DONE) {
        show_refusal (view, report->check);
    } else {
        if (report->check != NULL && state->profile == NULL)
            prc_ui_set_verdict (ui, prc_check_result_copy (report->check));
        prc_ui_pop (view);
        (void) prc_ui_push (ui, &prc_view_report, report_lines (report, &theme));
        prc_ui_reload (ui);
    }
}

static void
confirmed (PrcView *view, gboolean yes, gpointer data)
{
    State *state = view->state;

    (void) data;
    if (yes)
        start (view, FALSE, changed);
    else
        prc_form_set_note (state->form, "outcome", PRC_LOOK_TEXT, "");
}

static void
looked (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    g_autoptr (PrcPasswdReport) report = result;
    g_autofree char *text = NULL;
    guint n = 0;

    forget_job (state);
    prc_view_dirty (view);
    if (report == NULL) {
        show_error (state, error);
        return;
    }
    n = report->report->files->len;
    text = g_strdup_printf (
        ngettext ("Change the password of %s, in its store and in %u file? All of it or nothing.",
                  "Change the password of %s, in its store and in %u files? All of them or none.",
                  n),
        report->profile, n);
    prc_ui_confirm (view, text, N_ ("Change it"), confirmed, NULL);
}

static void
submit (PrcView *view)
{
    State *state = view->state;

    if (state->shared == NULL && prc_form_is_good (state->form))
        start (view, TRUE, looked);
}

static void
stop (State *state)
{
    if (state->shared != NULL)
        g_atomic_int_set (&state->shared->progress.cancelled, 1);
    forget_job (state);
}

static void
pressed (gpointer data, const char *name)
{
    PrcView *view = data;

    if (strcmp (name, "go") == 0)
        submit (view);
    else
        prc_ui_act (view->ui, PRC_ACTION_BACK);
}

static void
open_passwd (PrcView *view, gpointer argument)
{
    State *state = view->state;
    const PrcFormHooks hooks = { NULL, pressed, NULL, view };

    state->profile = argument;
    state->form = prc_form_new (specs, G_N_ELEMENTS (specs), &hooks);
    prc_form_set (state->form, "check", "yes");
}

static void
close_passwd (PrcView *view)
{
    State *state = view->state;

    stop (state);
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
    if (((State *) view->state)->shared != NULL)
        *ret_reason = N_ ("it is being done");
    return *ret_reason == NULL;
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    State *state = view->state;

    if (action == PRC_ACTION_SAVE)
        submit (view);
    else if (action == PRC_ACTION_CANCEL && state->shared != NULL)
        g_atomic_int_set (&state->shared->progress.cancelled, 1);
    return action == PRC_ACTION_SAVE; /* the ui tells the job too */
}

const PrcViewClass prc_view_passwd = {
    .id = PRC_IN_PASSWD,
    .name = "passwd",
    .title = N_ ("My password has changed"),
    .state_size = sizeof (State),
    .open = open_passwd,
    .close = close_passwd,
    .form = form,
    .enabled = enabled,
    .act = act,
};
