/* view-plan.c - what would be written, file by file, as a diff; then writing it */
#include <string.h>

#include "app/write.h"
#include "base/error.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/lines.h"
#include "tui/widgets/tree.h"

#define LINE_COLUMN 5 /* where lines of a diff begin */

typedef enum {
    NODE_FILE,
    NODE_NOTES, /* the heading of what else is to know */
    NODE_LINE,  /* of a diff, or a note */
} NodeKind;

typedef struct {
    NodeKind kind;
    const PrcFileRow *file; /* of a FILE, or the file that a LINE is of; NULL in the notes */
    char *text;             /* of a LINE */
    PrcLook look;
    gboolean is_chosen; /* of a FILE */
    gboolean is_fixed;  /* goes with the rest, always: our own profile file */
} Node;

typedef struct {
    char *profile; /* (nullable): the active one */
    gboolean is_use;
    PrcReport *report; /* (nullable): not planned yet */
    GPtrArray *nodes;  /* of Node */
    PrcTree *tree;
    char *error; /* (nullable) */
    char *home;
    gboolean is_writing;
    gboolean is_login_missing; /* no password is stored, which the profile needs */
} State;

typedef struct {
    PrcReport *report;
    char *home;
} Planned;

/* In the worker */

typedef struct {
    char *profile;
    gboolean is_use;
} Order;

static Order *
order_new (const State *state)
{
    Order *order = g_new0 (Order, 1);

    order->profile = g_strdup (state->profile);
    order->is_use = state->is_use;
    return order;
}

static void
order_free (gpointer data)
{
    Order *order = data;

    g_free (order->profile);
    g_free (order);
}

static void
planned_free (gpointer data)
{
    Planned *planned = data;

    if (planned == NULL)
        return;
    prc_report_free (planned->report);
    g_free (planned->home);
    g_free (planned);
}

/* With dry_run it plans, without it writes. */
static gpointer
carry_out (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Order *order = data;
    g_autofree Planned *planned = g_new0 (Planned, 1);

    (void) job;
    planned->report = order->is_use ? prc_use (session, order->profile, error)
                                    : prc_apply (session, order->profile, error);
    if (planned->report == NULL)
        return NULL;
    planned->home = g_strdup (prc_session_place (session)->home);
    return g_steal_pointer (&planned);
}

/* Rows */

static void
node_free (gpointer data)
{
    Node *node = data;

    g_free (node->text);
    g_free (node);
}

static Node *
add_node (State *state, guint depth, NodeKind kind, const PrcFileRow *file, const char *text,
          PrcLook look)
{
    Node *node = g_new0 (Node, 1);

    node->kind = kind;
    node->file = file;
    node->text = text != NULL ? prc_line_shown (text) : NULL;
    node->look = look;
    node->is_chosen = kind == NODE_FILE;
    g_ptr_array_add (state->nodes, node);
    prc_tree_add (state->tree, depth, node, TRUE);
    return node;
}

/* The lines of the diff that belong to @path: from its header to the next one. */
static char **
find_part (char **lines, const char *path)
{
    g_autofree char *old_name = g_strconcat ("--- a", path, NULL);
    g_autofree char *new_name = g_strconcat ("+++ b", path, NULL);

    for (char **line = lines; line[0] != NULL && line[1] != NULL; line++)
        if (g_str_has_prefix (line[0], "--- ") && g_str_has_prefix (line[1], "+++ ") &&
            (strcmp (line[0], old_name) == 0 || strcmp (line[1], new_name) == 0))
            return line + 2;
    return NULL;
}

static void
add_part (State *state, Node *file, char **line)
{
    file->is_fixed = line == NULL;
    for (; line != NULL && *line != NULL && (**line != '\0' || line[1] != NULL); line++) {
        if (line[1] != NULL && g_str_has_prefix (*line, "--- ") &&
            g_str_has_prefix (line[1], "+++ "))
            return;
        (void) add_node (state, 1, NODE_LINE, file->file, *line,
                         **line == '+'   ? PRC_LOOK_ADDED
                         : **line == '-' ? PRC_LOOK_REMOVED
                         : **line == '@' ? PRC_LOOK_HUNK
                                         : PRC_LOOK_TEXT);
    }
}

static void
clear_rows (State *state)
{
    g_clear_pointer (&state->tree, prc_tree_free);
    g_clear_pointer (&state->nodes, g_ptr_array_unref);
}

static void
build (State *state)
{
    g_auto (GStrv) lines = g_strsplit (state->report->diff, "\n", -1);
    const GPtrArray *warnings = state->report->warnings;

    state->tree = prc_tree_new ();
    state->nodes = g_ptr_array_new_with_free_func (node_free);
    for (guint i = 0; i < state->report->files->len; i++) {
        const PrcFileRow *file = g_ptr_array_index (state->report->files, i);

        add_part (state, add_node (state, 0, NODE_FILE, file, NULL, PRC_LOOK_TEXT),
                  find_part (lines, file->path));
    }
    if (warnings->len > 0)
        (void) add_node (state, 0, NODE_NOTES, NULL, NULL, PRC_LOOK_TEXT);
    for (guint i = 0; i < warnings->len; i++) {
        g_autofree char *text = prc_show_text (state->home, g_ptr_array_index (warnings, i));

        (void) add_node (state, 1, NODE_LINE, NULL, text, PRC_LOOK_TEXT);
    }
}

static void
count (const State *state, guint *ret_chosen, guint *ret_all)
{
    *ret_chosen = *ret_all = 0;
    for (guint i = 0; state->nodes != NULL && i < state->nodes->len; i++) {
        const Node *node = g_ptr_array_index (state->nodes, i);

        *ret_all += node->kind == NODE_FILE;
        *ret_chosen += node->kind == NODE_FILE && node->is_chosen;
    }
}

static const Node *
node_at (const PrcView *view, guint row)
{
    const State *state = view->state;

    return state->tree != NULL ? prc_tree_data (state->tree, row) : NULL;
}

static char *
name_of (gconstpointer data)
{
    const Node *node = data;

    return g_strdup (node->kind == NODE_FILE   ? node->file->path
                     : node->kind == NODE_LINE ? node->text
                                               : "");
}

static char **
left_out (const State *state)
{
    GPtrArray *paths = g_ptr_array_new ();

    for (guint i = 0; state->nodes != NULL && i < state->nodes->len; i++) {
        const Node *node = g_ptr_array_index (state->nodes, i);

        if (node->kind == NODE_FILE && !node->is_chosen)
            g_ptr_array_add (paths, g_strdup (node->file->path));
    }
    g_ptr_array_add (paths, NULL);
    return (char **) g_ptr_array_free (paths, FALSE);
}

/* What was left out of the plan before is left out of this one. */
static void
leave_out (const State *state, char **paths)
{
    for (guint i = 0; i < state->nodes->len; i++) {
        Node *node = g_ptr_array_index (state->nodes, i);

        if (node->kind == NODE_FILE && !node->is_fixed)
            node->is_chosen = !g_strv_contains ((const char *const *) paths, node->file->path);
    }
}

/* Planning */

static void
take_report (PrcView *view, Planned *plan)
{
    State *state = view->state;
    PrcTreeMemory *memory = prc_tree_remember (state->tree, view->list.selected, name_of);
    g_auto (GStrv) paths = left_out (state);
    gboolean is_other =
        state->report != NULL && strcmp (state->report->diff, plan->report->diff) != 0;

    clear_rows (state);
    prc_report_free (state->report);
    state->report = g_steal_pointer (&plan->report);
    g_free (state->home);
    state->home = g_steal_pointer (&plan->home);
    build (state);
    leave_out (state, paths);
    prc_view_rebuilt (view, memory);
    if (is_other && prc_ui_withdraw (view)) /* what was asked is no longer what is shown */
        prc_ui_say (view->ui, PRC_LOOK_WARN, "%s",
                    _ ("files have changed meanwhile: this is what would be written now"));
}

static void
planned (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    Planned *plan = result;

    g_clear_pointer (&state->error, g_free);
    state->is_login_missing = plan == NULL && g_error_matches (error, PRC_ERROR, PRC_ERROR_LOCKED);
    if (plan == NULL) {
        (void) prc_ui_withdraw (view);
        clear_rows (state);
        g_clear_pointer (&state->report, prc_report_free);
        state->error = g_strdup (error->message);
    } else {
        take_report (view, plan);
    }
    planned_free (plan);
    prc_view_dirty (view);
}

static void
start (PrcView *view, gboolean dry_run, char **leave_out,
       void (*done) (gpointer, gpointer, const GError *))
{
    const PrcJobSpec spec = {
        .what = dry_run ? N_ ("Planning") : N_ ("Writing"),
        .run = carry_out,
        .data = order_new (view->state),
        .data_free = order_free,
        .done = done,
        .result_free = planned_free,
        .dry_run = dry_run,
        .may_ask = TRUE,
        .writes = !dry_run,
        .leave_out = leave_out,
    };

    (void) prc_view_start (view, &spec);
}

static void
reload (PrcView *view)
{
    const State *state = view->state;

    if (state->is_writing)
        return;
    prc_jobs_cancel_owner (prc_ui_jobs (view->ui), view);
    start (view, TRUE, NULL, planned);
}

void
prc_view_plan_push (PrcUi *ui, const char *profile, gboolean is_use)
{
    Order *order = g_new0 (Order, 1);

    order->profile = g_strdup (profile);
    order->is_use = is_use;
    (void) prc_ui_push (ui, &prc_view_plan, order);
}

static void
open_plan (PrcView *view, gpointer argument)
{
    State *state = view->state;
    Order *order = argument;

    if (order != NULL) {
        state->profile = g_steal_pointer (&order->profile);
        state->is_use = order->is_use;
        order_free (order);
    }
    start (view, TRUE, NULL, planned);
}

static void
close_plan (PrcView *view)
{
    State *state = view->state;

    clear_rows (state);
    prc_report_free (state->report);
    g_free (state->profile);
    g_free (state->error);
    g_free (state->home);
}

/* Writing: what was shown is planned once more; if it has become something else, that is shown
 * instead */

static void
written (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    PrcUi *ui = view->ui;
    State *state = view->state;
    Planned *done = result;

    state->is_writing = FALSE;
    if (done == NULL) {
        prc_ui_say_error (ui, error);
        return;
    }
    prc_ui_home (ui); /* the view is gone */
    if (done->report->has_environment)
        prc_ui_say (ui, PRC_LOOK_OK,
                    ngettext ("%u file written; u takes it back. Open shells keep what they have.",
                              "%u files written; u takes it back. Open shells keep what they have.",
                              done->report->files->len),
                    done->report->files->len);
    else
        prc_ui_say (ui, PRC_LOOK_OK,
                    ngettext ("%u file written; u takes it back",
                              "%u files written; u takes it back", done->report->files->len),
                    done->report->files->len);
    planned_free (done);
}

static void
planned_again (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    g_auto (GStrv) paths = left_out (state);

    if (result == NULL || strcmp (((Planned *) result)->report->diff, state->report->diff) != 0) {
        state->is_writing = FALSE;
        planned (view, result, error);
        if (result != NULL)
            prc_ui_say (view->ui, PRC_LOOK_WARN, "%s",
                        _ ("files have changed meanwhile: this is what would be written now"));
        return;
    }
    planned_free (result);
    start (view, FALSE, paths, written);
}

static void
confirmed (PrcView *view, gboolean yes, gpointer data)
{
    State *state = view->state;

    (void) data;
    if (!yes || state->report == NULL)
        return;
    prc_jobs_cancel_owner (prc_ui_jobs (view->ui), view); /* of a reload */
    state->is_writing = TRUE;
    start (view, TRUE, NULL, planned_again);
}

static void
ask (PrcView *view)
{
    const State *state = view->state;
    guint n_chosen = 0, n_all = 0;
    g_autofree char *text = NULL;

    count (state, &n_chosen, &n_all);
    if (n_chosen == n_all)
        text = g_strdup_printf (
            ngettext ("Write %u file? It can be taken back with u, every byte of it.",
                      "Write %u files? All of them or none; u takes it back, every byte of it.",
                      n_chosen),
            n_chosen);
    else
        text = g_strdup_printf (
            _ ("Write %u of these %u files? The others stay as they are, and may not work then."),
            n_chosen, n_all);
    prc_ui_confirm (view, text, N_ ("Write"), confirmed, NULL);
}

/* Drawing */

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
    return g_strdup (state->report == NULL
                         ? _ ("Finding out what would have to be written…")
                         : _ ("Everything is as the profile wants it. There is nothing to write."));
}

static void
draw_file (const State *state, const PrcArea *line, guint row, const Node *node)
{
    g_autofree char *path = prc_show_path (state->home, node->file->path);
    g_autofree char *settings = g_strdup_printf (
        ngettext ("%u setting", "%u settings", node->file->n_settings), node->file->n_settings);
    int x = 1, end = line->width - prc_text_columns (settings) - 1;

    if (prc_tree_has_children (state->tree, row))
        (void) prc_draw_glyph (
            line, x, 0, prc_tree_is_open (state->tree, row) ? PRC_GLYPH_OPEN : PRC_GLYPH_CLOSED,
            PRC_LOOK_DIM);
    x = prc_draw_glyph (line, x + 2, 0, node->is_chosen ? PRC_GLYPH_CHECKED : PRC_GLYPH_UNCHECKED,
                        node->is_fixed ? PRC_LOOK_DIM : PRC_LOOK_TEXT) +
        1;
    x = prc_draw_field (line, x, 0, prc_action_words_width (),
                        prc_action_words (node->file->action), PRC_LOOK_INFO);
    if (end > x + 16)
        (void) prc_draw_text (line, end, 0, settings, PRC_LOOK_DIM);
    else
        end = line->width;
    (void) prc_draw_path (line, x, 0, MAX (end - x - 1, 0), path,
                          node->is_chosen ? PRC_LOOK_STRONG : PRC_LOOK_DIM);
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const State *state = view->state;
    const Node *node = node_at (view, row);

    if (node->kind == NODE_FILE) {
        draw_file (state, line, row, node);
    } else if (node->kind == NODE_NOTES) {
        (void) prc_draw_glyph (
            line, 1, 0, prc_tree_is_open (state->tree, row) ? PRC_GLYPH_OPEN : PRC_GLYPH_CLOSED,
            PRC_LOOK_DIM);
        (void) prc_draw_format (line, 3, 0, PRC_LOOK_WARN, _ ("! To know (%u)"),
                                state->report->warnings->len);
    } else {
        (void) prc_draw_field (line, LINE_COLUMN, 0, MAX (line->width - LINE_COLUMN, 0), node->text,
                               node->look);
    }
}

/* (transfer full) */
static char *
head_text (const State *state)
{
    g_autofree char *files = NULL;
    guint n_chosen = 0, n_all = 0;

    count (state, &n_chosen, &n_all);
    files = n_all == 0
                ? g_strdup ("")
                : g_strdup_printf (_ ("%u of %u files to write. Space leaves one out, w writes."),
                                   n_chosen, n_all);
    return state->profile != NULL ? g_strdup_printf ("%s: %s", state->profile, files)
                                  : g_steal_pointer (&files);
}

static int
head_height (const PrcView *view, int width)
{
    const State *state = view->state;
    g_autofree char *text = state->report != NULL ? head_text (state) : g_strdup ("");

    return 2 + MAX (prc_draw_wrapped (NULL, MAX (width - 4, 1), 0, text, PRC_LOOK_TEXT), 1);
}

static void
draw_head (const PrcView *view, const PrcArea *area)
{
    const State *state = view->state;
    g_autofree char *text = NULL;
    PrcArea inside =
        prc_area_sub (area, 2, area->height >= 3 ? 1 : 0, MAX (area->width - 4, 0), area->height);

    if (state->report == NULL)
        return;
    text = head_text (state);
    (void) prc_draw_wrapped (&inside, 0, 0, text, PRC_LOOK_TEXT);
    if (state->profile != NULL && prc_text_columns (state->profile) < inside.width)
        (void) prc_draw_text (&inside, 0, 0, state->profile, PRC_LOOK_STRONG);
}

static int
detail_height (const PrcView *view, int width)
{
    const Node *node = node_at (view, view->list.selected);

    /* nobody says yes to what can't be read: a line may be longer than its row, with a scroll bar
     */
    if (node == NULL || node->kind != NODE_LINE ||
        (node->file != NULL && prc_text_columns (node->text) < width - LINE_COLUMN))
        return 0;
    return prc_draw_wrapped (NULL, MAX (width - 2, 1), 0, node->text, PRC_LOOK_TEXT);
}

static void
draw_detail (const PrcView *view, const PrcArea *area)
{
    const Node *node = node_at (view, view->list.selected);
    PrcArea inside = prc_area_sub (area, 1, 0, area->width - 2, area->height);

    if (node != NULL && node->text != NULL)
        (void) prc_draw_wrapped (&inside, 0, 0, node->text, node->look);
}

/* Doing */

static gboolean
node_has (gconstpointer data, gconstpointer needle)
{
    const Node *node = data;

    return prc_needle_in (needle, node->text) ||
           (node->kind == NODE_FILE && prc_needle_in (needle, node->file->path));
}

/* The file that a row is of, in our list. */
static Node *
file_node (const PrcView *view)
{
    const State *state = view->state;
    const Node *node = node_at (view, view->list.selected);

    for (guint i = 0; node != NULL && node->file != NULL && i < state->nodes->len; i++) {
        Node *file = g_ptr_array_index (state->nodes, i);

        if (file->kind == NODE_FILE && file->file == node->file)
            return file;
    }
    return NULL;
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const State *state = view->state;
    const Node *file = file_node (view);
    guint n_chosen = 0, n_all = 0;

    switch ((int) action) {
    case PRC_ACTION_CONFIRM:
        count (state, &n_chosen, &n_all);
        if (state->is_writing)
            *ret_reason = N_ ("it is being written");
        else if (n_all == 0)
            *ret_reason = N_ ("there is nothing to write");
        else if (n_chosen == 0)
            *ret_reason = N_ ("no file is chosen");
        return *ret_reason == NULL;
    case PRC_ACTION_TOGGLE:
        if (file == NULL)
            *ret_reason = N_ ("choose a file");
        else if (file->is_fixed)
            *ret_reason = N_ ("this is where the profile itself is kept");
        return *ret_reason == NULL;
    case PRC_ACTION_REMEDY:
        if (!state->is_login_missing)
            *ret_reason = N_ ("nothing is proposed here");
        return *ret_reason == NULL;
    case PRC_ACTION_EDITOR:
        if (state->error != NULL && *state->error == '/') /* FILE:LINE: what is wrong there */
            return prc_ui_options (view->ui)->edit_file != NULL;
        if (file == NULL || strcmp (file->file->action, "create") == 0)
            *ret_reason = N_ ("there is no such file yet");
        else if (prc_ui_options (view->ui)->edit_file == NULL)
            *ret_reason = N_ ("there is no terminal");
        return *ret_reason == NULL;
    case PRC_ACTION_TOGGLE_ALL:
        return state->tree != NULL;
    default:
        return FALSE;
    }
}

static void
toggle_all (State *state)
{
    guint n_chosen = 0, n_all = 0;

    count (state, &n_chosen, &n_all);
    for (guint i = 0; i < state->nodes->len; i++) {
        Node *node = g_ptr_array_index (state->nodes, i);

        if (node->kind == NODE_FILE)
            node->is_chosen = n_chosen < n_all || node->is_fixed;
    }
}

static void
open_editor (PrcView *view)
{
    const State *state = view->state;
    const Node *file = file_node (view);
    guint line = 0;
    g_autofree char *wrong = prc_file_of_message (state->error, &line);

    prc_ui_edit_file (view->ui, wrong != NULL ? wrong : file->file->path, line);
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    State *state = view->state;

    switch ((int) action) {
    case PRC_ACTION_CONFIRM:
        ask (view);
        return TRUE;
    case PRC_ACTION_TOGGLE:
        file_node (view)->is_chosen = !file_node (view)->is_chosen;
        return TRUE;
    case PRC_ACTION_TOGGLE_ALL:
        toggle_all (state);
        return TRUE;
    case PRC_ACTION_REMEDY:
        (void) prc_ui_push (view->ui, &prc_view_login, g_strdup (state->profile));
        return TRUE;
    case PRC_ACTION_EDITOR:
        open_editor (view);
        return TRUE;
    default:
        return FALSE;
    }
}

const PrcViewClass prc_view_plan = {
    .id = PRC_IN_PLAN,
    .name = "plan",
    .title = N_ ("What would be written"),
    .state_size = sizeof (State),
    .open = open_plan,
    .close = close_plan,
    .tree = tree,
    .node_has = node_has,
    .draw_row = draw_row,
    .empty = empty,
    .head_height = head_height,
    .draw_head = draw_head,
    .detail_height = detail_height,
    .draw_detail = draw_detail,
    .enabled = enabled,
    .act = act,
    .reload = reload,
};
