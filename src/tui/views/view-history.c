/* view-history.c - what was written, newest first, and taking it back */
#include <string.h>

#include "app/history.h"
#include "app/write.h"
#include "base/error.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/tree.h"

typedef struct {
    const PrcHistoryEntry *entry;
    const PrcHistoryFile *file; /* NULL: the transaction itself */
} Node;

typedef struct {
    GPtrArray *entries; /* (nullable): of PrcHistoryEntry; not read yet */
    char *home;
    GPtrArray *nodes; /* of Node */
    PrcTree *tree;
    char *error; /* (nullable) */
    gboolean is_undoing;
} State;

typedef struct {
    GPtrArray *entries;
    char *home;
} Read;

typedef struct {
    char *id;
    gboolean force;
} Order;

static void
read_free (gpointer data)
{
    Read *read = data;

    if (read == NULL)
        return;
    g_clear_pointer (&read->entries, g_ptr_array_unref);
    g_free (read->home);
    g_free (read);
}

static void
order_free (gpointer data)
{
    Order *order = data;

    g_free (order->id);
    g_free (order);
}

/* In the worker */

static gpointer
read_history (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    GPtrArray *entries = prc_session_history (session, NULL, error);
    Read *read = NULL;

    (void) job;
    (void) data;
    if (entries == NULL)
        return NULL;
    read = g_new0 (Read, 1);
    read->entries = entries;
    read->home = g_strdup (prc_session_place (session)->home);
    return read;
}

static gpointer
undo (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const Order *order = data;

    (void) job;
    return prc_undo (session, order->id, order->force, error);
}

/* Rows */

static const Node *
node_at (const PrcView *view, guint row)
{
    const State *state = view->state;

    return state->tree != NULL ? prc_tree_data (state->tree, row) : NULL;
}

static const PrcHistoryEntry *
selected (const PrcView *view)
{
    const Node *node = node_at (view, view->list.selected);

    return node != NULL ? node->entry : NULL;
}

static void
add_node (State *state, guint depth, const PrcHistoryEntry *entry, const PrcHistoryFile *file)
{
    Node *node = g_new0 (Node, 1);

    node->entry = entry;
    node->file = file;
    g_ptr_array_add (state->nodes, node);
    prc_tree_add (state->tree, depth, node, FALSE);
}

static void
clear_rows (State *state)
{
    g_clear_pointer (&state->tree, prc_tree_free);
    g_clear_pointer (&state->nodes, g_ptr_array_unref);
    g_clear_pointer (&state->entries, g_ptr_array_unref);
    g_clear_pointer (&state->home, g_free);
}

static char *
name_of (gconstpointer data)
{
    const Node *node = data;

    return g_strdup (node->file != NULL ? node->file->path : node->entry->id);
}

static void
history_read (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    Read *read = result;
    PrcTreeMemory *memory = NULL;

    g_clear_pointer (&state->error, g_free);
    prc_view_dirty (view);
    if (read == NULL) {
        state->error = g_strdup (error->message);
        return;
    }
    memory = prc_tree_remember (state->tree, view->list.selected, name_of);
    clear_rows (state);
    state->entries = g_steal_pointer (&read->entries);
    state->home = g_steal_pointer (&read->home);
    read_free (read);
    state->tree = prc_tree_new ();
    state->nodes = g_ptr_array_new_with_free_func (g_free);
    for (guint i = 0; i < state->entries->len; i++) {
        const PrcHistoryEntry *entry = g_ptr_array_index (state->entries, i);

        add_node (state, 0, entry, NULL);
        for (guint f = 0; f < entry->files->len; f++)
            add_node (state, 1, entry, g_ptr_array_index (entry->files, f));
    }
    prc_view_rebuilt (view, memory);
}

static void
reload (PrcView *view)
{
    static const PrcJobSpec spec = {
        .what = N_ ("Reading the history"),
        .run = read_history,
        .done = history_read,
        .result_free = read_free,
    };

    if (!((State *) view->state)->is_undoing)
        (void) prc_view_start (view, &spec);
}

static void
open_history (PrcView *view, gpointer argument)
{
    (void) argument;
    reload (view);
}

static void
close_history (PrcView *view)
{
    State *state = view->state;

    clear_rows (state);
    g_free (state->error);
}

/* Undoing */

static void
undone (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    PrcReport *report = result;

    state->is_undoing = FALSE;
    if (report == NULL)
        prc_ui_say_error (view->ui, error);
    else
        prc_ui_say (
            view->ui, PRC_LOOK_OK,
            ngettext ("%u file is as it was", "%u files are as they were", report->files->len),
            report->files->len);
    prc_report_free (report);
    prc_ui_reload (view->ui);
}

static gboolean
is_passwd (const PrcHistoryEntry *entry)
{
    return entry->note != NULL && g_str_has_prefix (entry->note, PRC_PASSWD_NOTE);
}

static void
undo_confirmed (PrcView *view, gboolean yes, gpointer data)
{
    State *state = view->state;
    Order *order = data;

    if (!yes) {
        order_free (order);
        return;
    }
    state->is_undoing = TRUE;
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Taking it back"),
                                                .run = undo,
                                                .data = order,
                                                .data_free = order_free,
                                                .done = undone,
                                                .result_free = (GDestroyNotify) prc_report_free,
                                                .writes = TRUE });
}

static void
ask (PrcView *view, const PrcHistoryEntry *entry)
{
    g_autofree char *text = g_strdup_printf (
        ngettext ("Take back “%s”? %u file gets the bytes back that it had.",
                  "Take back “%s”? %u files get the bytes back that they had.", entry->files->len),
        entry->label, entry->files->len);
    g_autofree char *more =
        is_passwd (entry) ? g_strdup_printf (_ ("%s It brings back the old password, which the "
                                                "proxy no longer takes."),
                                             text)
                          : NULL;
    Order *order = g_new0 (Order, 1);

    order->id = g_strdup (entry->id);
    order->force = is_passwd (entry);
    prc_ui_confirm (view, more != NULL ? more : text, N_ ("Take it back"), undo_confirmed, order);
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
    return g_strdup (state->entries == NULL ? _ ("Reading the history…")
                                            : _ ("Nothing was written yet."));
}

static const char *
state_words (const PrcHistoryEntry *entry)
{
    if (entry->interrupted)
        return _ ("interrupted");
    if (entry->undone)
        return _ ("taken back");
    return entry->undoes != NULL ? _ ("took back") : "";
}

/* Of what it has taken back, if that is still there: the label of an undo only has its number. */
static const char *
label_of (const State *state, const PrcHistoryEntry *entry)
{
    for (guint i = 0; entry->undoes != NULL && i < state->entries->len; i++) {
        const PrcHistoryEntry *other = g_ptr_array_index (state->entries, i);

        if (strcmp (other->id, entry->undoes) == 0)
            return other->label;
    }
    return entry->label;
}

static void
draw_entry (const State *state, const PrcArea *line, guint row, const PrcHistoryEntry *entry)
{
    g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (entry->time);
    g_autofree char *when =
        time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("");
    g_autofree char *files =
        g_strdup_printf (ngettext ("%u file", "%u files", entry->files->len), entry->files->len);
    PrcLook look = entry->undone || entry->interrupted ? PRC_LOOK_DIM : PRC_LOOK_TEXT;
    int x = 1;

    (void) prc_draw_glyph (line, x, 0,
                           prc_tree_is_open (state->tree, row) ? PRC_GLYPH_OPEN : PRC_GLYPH_CLOSED,
                           PRC_LOOK_DIM);
    x = prc_draw_field (line, x + 2, 0, 16, when, PRC_LOOK_PLACE) + 2;
    if (line->width >= 60)
        x = prc_draw_field (line, x, 0, MAX (prc_text_columns (files), 9), files, PRC_LOOK_DIM) + 1;
    if (*state_words (entry) != '\0')
        x = prc_draw_format (line, x, 0, PRC_LOOK_INFO, "(%s) ", state_words (entry));
    (void) prc_draw_field (line, x, 0, MAX (line->width - x, 0), label_of (state, entry), look);
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const State *state = view->state;
    const Node *node = node_at (view, row);
    g_autofree char *path = NULL;
    int x = 5;

    if (node->file == NULL) {
        draw_entry (state, line, row, node->entry);
        return;
    }
    path = prc_show_path (state->home, node->file->path);
    x = prc_draw_field (line, x, 0, prc_action_words_width (),
                        prc_action_words (prc_change_action_name (node->file->action)),
                        PRC_LOOK_INFO);
    (void) prc_draw_path (line, x, 0, MAX (line->width - x, 0), path, PRC_LOOK_TEXT);
}

static gboolean
node_has (gconstpointer data, gconstpointer needle)
{
    const Node *node = data;

    return prc_needle_in (needle, node->file != NULL ? node->file->path : node->entry->label);
}

/* Doing */

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const State *state = view->state;
    const PrcHistoryEntry *entry = selected (view);

    switch ((int) action) {
    case PRC_ACTION_UNDO:
        if (entry == NULL)
            *ret_reason = N_ ("there is nothing to take back");
        else if (state->is_undoing)
            *ret_reason = N_ ("it is being taken back");
        else if (entry->undone)
            *ret_reason = N_ ("it is taken back already");
        else if (entry->interrupted)
            *ret_reason = N_ ("it was interrupted, and can't be taken back");
        return *ret_reason == NULL;
    default:
        return FALSE;
    }
}

static gboolean
act (PrcView *view, PrcActionId action)
{

    switch ((int) action) {
    case PRC_ACTION_UNDO:
        ask (view, selected (view));
        return TRUE;
    default:
        return FALSE;
    }
}

const PrcViewClass prc_view_history = {
    .id = PRC_IN_HISTORY,
    .name = "history",
    .title = N_ ("History"),
    .state_size = sizeof (State),
    .open = open_history,
    .close = close_history,
    .tree = tree,
    .node_has = node_has,
    .draw_row = draw_row,
    .empty = empty,
    .enabled = enabled,
    .act = act,
    .reload = reload,
};
