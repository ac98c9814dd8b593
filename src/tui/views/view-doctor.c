/* view-doctor.c - everything that is wrong, worst first, each with its remedy one key away */
#include <string.h>

#include "app/doctor.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/tree.h"

typedef struct {
    PrcDiagnosis *diagnosis; /* (nullable): not there yet */
    PrcTree *tree;           /* of PrcFinding, one below the other */
    char *error;             /* (nullable) */
} State;

static gpointer
diagnose (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const PrcDoctorRequest request = { 0 };

    (void) job;
    (void) data;
    return prc_doctor (session, &request, error);
}

static char *
name_of (gconstpointer data)
{
    const PrcFinding *finding = data;

    return g_strdup_printf ("%s %s %s", finding->rule, finding->where != NULL ? finding->where : "",
                            finding->what);
}

static void
take_diagnosis (PrcView *view, PrcDiagnosis *diagnosis)
{
    State *state = view->state;
    PrcTreeMemory *memory = prc_tree_remember (state->tree, view->list.selected, name_of);

    prc_tree_free (state->tree);
    prc_diagnosis_free (state->diagnosis);
    state->diagnosis = diagnosis;
    state->tree = prc_tree_new ();
    for (guint i = 0; i < diagnosis->findings->len; i++)
        prc_tree_add (state->tree, 0, g_ptr_array_index (diagnosis->findings, i), FALSE);
    prc_view_rebuilt (view, memory);
}

static void
diagnosed (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;

    g_clear_pointer (&state->error, g_free);
    if (result == NULL) {
        state->error = g_strdup (error->message);
    } else {
        take_diagnosis (view, result);
    }
    prc_view_dirty (view);
}

static void
start (PrcView *view)
{
    static const PrcJobSpec spec = {
        .what = N_ ("Looking at everything"),
        .run = diagnose,
        .done = diagnosed,
        .result_free = (GDestroyNotify) prc_diagnosis_free,
    };

    prc_jobs_cancel_owner (prc_ui_jobs (view->ui), view);
    (void) prc_view_start (view, &spec);
}

static void
open_doctor (PrcView *view, gpointer argument)
{
    (void) argument;
    start (view);
}

static void
close_doctor (PrcView *view)
{
    State *state = view->state;

    prc_tree_free (state->tree);
    prc_diagnosis_free (state->diagnosis);
    g_free (state->error);
}

/* Drawing */

static const PrcFinding *
finding_at (const PrcView *view, guint row)
{
    const State *state = view->state;

    return state->tree != NULL ? prc_tree_data (state->tree, row) : NULL;
}

static PrcTree *
tree (const PrcView *view)
{
    return ((State *) view->state)->tree;
}

static char *
empty (const PrcView *view)
{
    const State *state = view->state;

    if (state->error != NULL)
        return g_strdup (state->error);
    if (state->diagnosis == NULL)
        return g_strdup (_ ("Looking at files, variables, running programs and the proxy…"));
    return g_strdup (state->diagnosis->findings->len > 0
                         ? _ ("Nothing that fits the filter. Esc shows all again.")
                         : _ ("All is well: nothing was found that is wrong."));
}

static PrcMark
mark_of (PrcSeverity severity)
{
    static const PrcMark marks[] = {
        [PRC_SEVERITY_ERROR] = { PRC_GLYPH_BAD, PRC_LOOK_BAD },
        [PRC_SEVERITY_WARNING] = { PRC_GLYPH_WARN, PRC_LOOK_WARN },
        [PRC_SEVERITY_NOTICE] = { PRC_GLYPH_NONE, PRC_LOOK_INFO },
    };

    return marks[severity];
}

static const char *const severity_words[] = {
    [PRC_SEVERITY_ERROR] = N_ ("error"),
    [PRC_SEVERITY_WARNING] = N_ ("warning"),
    [PRC_SEVERITY_NOTICE] = N_ ("notice"),
};

static const char *
severity_word (PrcSeverity severity)
{
    return _ (severity_words[severity]);
}

/* Of the longest one, with its mark. */
static int
severity_width (void)
{
    int width = 8;

    for (gsize i = 0; i < G_N_ELEMENTS (severity_words); i++)
        if (severity_words[i] != NULL)
            width = MAX (width, prc_text_columns (_ (severity_words[i])));
    return width + 2;
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const PrcFinding *finding = finding_at (view, row);
    int x = prc_draw_mark (line, 1, 0, severity_width (), mark_of (finding->severity),
                           severity_word (finding->severity)) +
            1;

    (void) prc_draw_field (line, x, 0, MAX (line->width - x, 0), finding->what, PRC_LOOK_TEXT);
}

static gboolean
node_has (gconstpointer data, gconstpointer needle)
{
    const PrcFinding *finding = data;

    return prc_needle_in (needle, finding->what) || prc_needle_in (needle, finding->where) ||
           prc_needle_in (needle, finding->remedy) ||
           prc_needle_in (needle, severity_word (finding->severity));
}

/* Remedies are commands: ours are views here, others are run in a shell, after a question */

typedef struct {
    char **words;     /* (nullable): it is no plain command */
    const char *verb; /* (nullable): of proxyrc */
    const char *name; /* (nullable): the word behind it */
} Command;

static void
command_clear (Command *command)
{
    g_strfreev (command->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Command, command_clear)

static Command
read_command (const char *remedy)
{
    Command command = { 0 };
    guint n = 0;

    if (!g_shell_parse_argv (remedy, NULL, &command.words, NULL))
        return command;
    n = g_strv_length (command.words);
    if (n >= 2 && strcmp (command.words[0], "proxyrc") == 0) {
        command.verb = command.words[1];
        command.name = n >= 3 && *command.words[2] != '-' ? command.words[2] : NULL;
    }
    return command;
}

/* TRUE: it is a view here, which is open now. */
static gboolean
open_view (PrcView *view, const Command *command)
{
    PrcUi *ui = view->ui;

    if (g_strcmp0 (command->verb, "apply") == 0)
        prc_view_plan_push (ui, command->name, FALSE);
    else if (g_strcmp0 (command->verb, "use") == 0)
        prc_view_plan_push (ui, command->name, TRUE);
    else if (g_strcmp0 (command->verb, "login") == 0)
        (void) prc_ui_push (ui, &prc_view_login, g_strdup (command->name));
    else if (g_strcmp0 (command->verb, "passwd") == 0)
        (void) prc_ui_push (ui, &prc_view_passwd, g_strdup (command->name));
    else if (g_strcmp0 (command->verb, "explain") == 0)
        (void) prc_ui_push (ui, &prc_view_explain, g_strdup (command->name));
    else if (g_strcmp0 (command->verb, "undo") == 0)
        (void) prc_ui_push (ui, &prc_view_history, NULL);
    else if (g_strcmp0 (command->verb, "check") == 0)
        (void) prc_ui_push (ui, &prc_view_check, g_strdup (command->name));
    else if (g_strcmp0 (command->verb, "profile") == 0 && g_strcmp0 (command->name, "set") == 0)
        prc_view_profile_push (ui, command->words[3], NULL);
    else if (g_strcmp0 (command->verb, "profile") == 0)
        (void) prc_ui_push (ui, &prc_view_profiles, NULL);
    else
        return FALSE;
    return TRUE;
}

static void
run_answered (PrcView *view, gboolean yes, gpointer data)
{
    const PrcUiOptions *options = prc_ui_options (view->ui);
    g_autofree char *command = data;
    g_autoptr (GError) error = NULL;

    if (!yes)
        return;
    if (!options->run_command (options->data, command, &error))
        prc_ui_say_error (view->ui, error);
    start (view);
}

/* What only the shell that has started us can do for itself. */
static gboolean
is_for_the_shell (const Command *command)
{
    static const char *const builtins[] = { "unset",  "eval",     "export", "set",
                                            "setenv", "unsetenv", NULL };

    return command->words == NULL || g_strv_contains (builtins, command->words[0]);
}

static void
do_remedy (PrcView *view, const PrcFinding *finding)
{
    const PrcUiOptions *options = prc_ui_options (view->ui);
    g_auto (Command) command = read_command (finding->remedy);

    if (open_view (view, &command))
        return;
    if (is_for_the_shell (&command) || options->run_command == NULL) {
        prc_ui_say (view->ui, PRC_LOOK_TEXT, _ ("type this in your shell: %s"), finding->remedy);
    } else {
        g_autofree char *text = g_strdup_printf (_ ("Run this command?\n\n%s"), finding->remedy);

        prc_ui_confirm (view, text, N_ ("Run it"), run_answered, g_strdup (finding->remedy));
    }
}

/* What is said of the selected one */

static char *
detail_text (const PrcView *view)
{
    const PrcFinding *finding = finding_at (view, view->list.selected);

    if (finding == NULL)
        return g_strdup ("");
    return g_strdup_printf ("%s%s%s\n%s %s", finding->where != NULL ? finding->where : "",
                            finding->where != NULL ? "\n" : "", finding->what, _ ("m:"),
                            finding->remedy);
}

static int
detail_height (const PrcView *view, int width)
{
    g_autofree char *text = detail_text (view);

    return prc_draw_wrapped (NULL, MAX (width - 2, 1), 0, text, PRC_LOOK_TEXT);
}

static void
draw_detail (const PrcView *view, const PrcArea *area)
{
    g_autofree char *text = detail_text (view);
    PrcArea inside = prc_area_sub (area, 1, 0, area->width - 2, area->height);

    (void) prc_draw_wrapped (&inside, 0, 0, text, PRC_LOOK_TEXT);
}

/* "FILE:LINE" */
static char *
file_of (const PrcFinding *finding, guint *ret_line)
{
    const char *colon =
        finding != NULL && finding->where != NULL ? strrchr (finding->where, ':') : NULL;

    *ret_line = colon != NULL ? (guint) g_ascii_strtoull (colon + 1, NULL, 10) : 0;
    if (finding == NULL || finding->where == NULL || *finding->where != '/')
        return NULL;
    return *ret_line > 0 ? g_strndup (finding->where, (gsize) (colon - finding->where))
                         : g_strdup (finding->where);
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const PrcFinding *finding = finding_at (view, view->list.selected);
    guint line = 0;
    g_autofree char *path = file_of (finding, &line);

    switch ((int) action) {
    case PRC_ACTION_OPEN:
    case PRC_ACTION_REMEDY:
        if (finding == NULL)
            *ret_reason = N_ ("there is nothing wrong");
        return *ret_reason == NULL;
    case PRC_ACTION_EDITOR:
        if (path == NULL)
            *ret_reason = N_ ("this one is about no file");
        else if (prc_ui_options (view->ui)->edit_file == NULL)
            *ret_reason = N_ ("there is no terminal");
        return *ret_reason == NULL;
    default:
        return FALSE;
    }
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    const PrcFinding *finding = finding_at (view, view->list.selected);
    guint line = 0;
    g_autofree char *path = file_of (finding, &line);

    switch ((int) action) {
    case PRC_ACTION_OPEN:
    case PRC_ACTION_REMEDY:
        do_remedy (view, finding);
        return TRUE;
    case PRC_ACTION_EDITOR:
        prc_ui_edit_file (view->ui, path, line);
        return TRUE;
    case PRC_ACTION_REFRESH:
        start (view);
        return TRUE;
    default:
        return FALSE;
    }
}

const PrcViewClass prc_view_doctor = {
    .id = PRC_IN_DOCTOR,
    .name = "doctor",
    .title = N_ ("Doctor"),
    .state_size = sizeof (State),
    .open = open_doctor,
    .close = close_doctor,
    .tree = tree,
    .node_has = node_has,
    .draw_row = draw_row,
    .empty = empty,
    .detail_height = detail_height,
    .draw_detail = draw_detail,
    .enabled = enabled,
    .act = act,
};
