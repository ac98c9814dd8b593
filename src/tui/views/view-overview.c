/* view-overview.c - the first screen: the profile, the proxy, and every tool with its settings */
#include <string.h>

#include "app/inspect.h"
#include "app/profiles.h"
#include "app/tools.h"
#include "base/i18n.h"
#include "base/width.h"
#include "tui/ui.h"
#include "tui/views/setting.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/tree.h"

/* What a job has read. */
typedef struct {
    PrcStatus *status;
    char *home;
    char *proxy, *user; /* (nullable): of the active profile */
    gboolean is_direct;
    guint n_profiles; /* without "direct" */
    GPtrArray *paths; /* to watch */
} Snapshot;

/* A row: a tool, or one of its settings. */
typedef struct {
    const PrcToolRow *tool;
    const PrcSettingRow *setting; /* NULL: the tool itself */
    guint n_settings;
} Node;

typedef struct {
    Snapshot *snapshot; /* (nullable): not read yet */
    GArray *nodes;      /* of Node; the tree points into it */
    PrcTree *tree;
    char *error;                 /* (nullable) */
    gboolean was_started;        /* the first start has been offered */
    gboolean is_reading, is_old; /* something has changed since it began */
} State;

static void
snapshot_free (gpointer data)
{
    Snapshot *snapshot = data;

    if (snapshot == NULL)
        return;
    prc_status_free (snapshot->status);
    g_free (snapshot->home);
    g_free (snapshot->proxy);
    g_free (snapshot->user);
    g_ptr_array_unref (snapshot->paths);
    g_free (snapshot);
}

/* In the worker */

/* Files that are found by a pattern: others may come. */
static void
add_place (GHashTable *paths, const PrcToolPlaceRow *place)
{
    gboolean is_pattern = place->path != NULL && strchr (place->path, '*') != NULL;

    for (char **path = place->resolved; path != NULL && *path != NULL; path++) {
        g_autofree char *folder = g_path_get_dirname (*path);

        (void) g_hash_table_add (paths,
                                 is_pattern ? g_strconcat (folder, "/", NULL) : g_strdup (*path));
    }
}

static gboolean
list_paths (Snapshot *snapshot, PrcSession *session, GError **error)
{
    g_autoptr (GPtrArray) tools = prc_tools (session, NULL, error);
    g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer path = NULL;

    for (guint t = 0; tools != NULL && t < tools->len; t++) {
        const PrcToolInfo *tool = g_ptr_array_index (tools, t);

        for (guint p = 0; p < tool->places->len; p++)
            add_place (paths, g_ptr_array_index (tool->places, p));
    }
    for (guint i = 0; i < snapshot->status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (snapshot->status->settings, i);

        if (row->file != NULL && !g_hash_table_contains (paths, row->file))
            (void) g_hash_table_add (paths, g_strdup (row->file));
    }
    (void) g_hash_table_add (paths, g_strdup (prc_session_config_path (session)));
    g_hash_table_iter_init (&iter, paths);
    while (g_hash_table_iter_next (&iter, &path, NULL)) {
        g_ptr_array_add (snapshot->paths, path);
        g_hash_table_iter_steal (&iter);
    }
    return tools != NULL;
}

static void
describe_profile (Snapshot *snapshot, const PrcProfiles *profiles)
{
    const PrcProfile *active = prc_profiles_active (profiles);
    const PrcProxyUrl *proxy =
        active != NULL ? prc_profile_proxy_for (active, PRC_ROLE_HTTPS) : NULL;

    if (proxy == NULL && active != NULL)
        proxy = prc_profile_proxy_for (active, PRC_ROLE_HTTP);
    snapshot->n_profiles = prc_profiles_rows (profiles)->len - 1;
    snapshot->is_direct = active != NULL && active->is_direct;
    snapshot->user = active != NULL ? g_strdup (active->user) : NULL;
    snapshot->proxy = proxy != NULL ? prc_proxy_url_format_bare (proxy) : NULL;
}

static gpointer
read_all (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    Snapshot *snapshot = g_new0 (Snapshot, 1);
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);

    (void) job;
    (void) data;
    snapshot->paths = g_ptr_array_new_with_free_func (g_free);
    snapshot->home = g_strdup (prc_session_place (session)->home);
    if (profiles != NULL)
        snapshot->status = prc_inspect (session, NULL, error);
    if (snapshot->status == NULL || !list_paths (snapshot, session, error)) {
        snapshot_free (snapshot);
        return NULL;
    }
    describe_profile (snapshot, profiles);
    return snapshot;
}

/* Rows */

static const Node *
node_at (const State *state, guint row)
{
    return state->tree != NULL ? prc_tree_data (state->tree, row) : NULL;
}

static const Node *
selected (const PrcView *view)
{
    return node_at (view->state, view->list.selected);
}

static gboolean
same_row (const Node *a, const Node *b)
{
    if (a->tool == NULL || strcmp (a->tool->name, b->tool->name) != 0 ||
        (a->setting == NULL) != (b->setting == NULL))
        return FALSE;
    return a->setting == NULL || (a->setting->line == b->setting->line &&
                                  g_strcmp0 (a->setting->file, b->setting->file) == 0 &&
                                  g_strcmp0 (a->setting->key, b->setting->key) == 0);
}

static void
list_nodes (GArray *nodes, const PrcStatus *status)
{
    for (guint t = 0; t < status->tools->len; t++) {
        const PrcToolRow *tool = g_ptr_array_index (status->tools, t);
        guint at = nodes->len;
        Node node = { tool, NULL, 0 };

        g_array_append_val (nodes, node);
        for (guint i = 0; i < status->settings->len; i++) {
            Node inner = { tool, g_ptr_array_index (status->settings, i), 0 };

            if (strcmp (inner.setting->tool, tool->name) == 0) {
                g_array_append_val (nodes, inner);
                g_array_index (nodes, Node, at).n_settings++;
            }
        }
    }
}

/* A tool that the person has opened or closed stays so, until its state becomes another. At first
 * those are open that do not agree. */
static gboolean
wants_open (const State *state, const Node *node)
{
    gboolean agrees = prc_state_agrees (node->tool->state);

    for (guint row = 0; state->tree != NULL && row < prc_tree_rows (state->tree); row++) {
        const Node *old = node_at (state, row);

        if (old->setting == NULL && strcmp (old->tool->name, node->tool->name) == 0 &&
            prc_state_agrees (old->tool->state) == agrees)
            return prc_tree_is_open (state->tree, row);
    }
    return !agrees;
}

static gboolean
node_has (gconstpointer data, gconstpointer needle)
{
    const Node *node = data;

    if (node->setting == NULL)
        return prc_needle_in (needle, node->tool->name) ||
               prc_needle_in (needle, node->tool->state);
    return prc_needle_in (needle, node->setting->value) ||
           prc_needle_in (needle, node->setting->file) ||
           prc_needle_in (needle, node->setting->key) ||
           prc_needle_in (needle, node->setting->state) ||
           prc_needle_in (needle, node->setting->tool) ||
           prc_needle_in (needle, node->setting->detail);
}

static void
build (PrcView *view, Snapshot *snapshot)
{
    State *state = view->state;
    const Node *before = selected (view);
    GArray *nodes = g_array_new (FALSE, FALSE, sizeof (Node));
    PrcTree *tree = prc_tree_new ();
    guint row = 0;

    list_nodes (nodes, snapshot->status);
    for (guint i = 0; i < nodes->len; i++) {
        const Node *node = &g_array_index (nodes, Node, i);

        prc_tree_add (tree, node->setting != NULL ? 1 : 0, (gpointer) node,
                      node->setting == NULL && wants_open (state, node));
    }
    if (view->filter != NULL)
        prc_tree_filter (tree, node_has, view->filter);
    for (guint i = 0; before != NULL && i < prc_tree_rows (tree); i++)
        if (same_row (prc_tree_data (tree, i), before))
            row = i;
    prc_tree_free (state->tree);
    g_clear_pointer (&state->nodes, g_array_unref);
    snapshot_free (state->snapshot);
    state->tree = tree;
    state->nodes = nodes;
    state->snapshot = snapshot;
    prc_list_fit (&view->list, prc_tree_rows (tree), view->list.page);
    if (before != NULL)
        (void) prc_list_select (&view->list, row);
}

/* What was found out about another proxy says nothing of this one. */
static void
forget_verdict (PrcView *view, const Snapshot *snapshot)
{
    const State *state = view->state;

    if (state->snapshot != NULL &&
        (g_strcmp0 (state->snapshot->proxy, snapshot->proxy) != 0 ||
         g_strcmp0 (state->snapshot->status->profile, snapshot->status->profile) != 0))
        prc_ui_set_verdict (view->ui, NULL);
}

static void reload (PrcView *view);

static void
all_read (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    const PrcUiOptions *options = prc_ui_options (view->ui);

    state->is_reading = FALSE;
    g_clear_pointer (&state->error, g_free);
    if (result == NULL) {
        state->error = g_strdup (error->message);
        prc_ui_say_error (view->ui, error);
        prc_view_dirty (view);
        return;
    }
    forget_verdict (view, result);
    build (view, result);
    if (options->watch != NULL)
        options->watch (options->data, state->snapshot->paths);
    prc_view_dirty (view);
    if (state->snapshot->n_profiles == 0 && state->snapshot->status->profile == NULL &&
        !state->was_started && prc_ui_top (view->ui) == view) {
        state->was_started = TRUE;
        (void) prc_ui_push (view->ui, &prc_view_welcome, NULL);
    }
    if (state->is_old)
        reload (view);
}

static void
reload (PrcView *view)
{
    static const PrcJobSpec spec = {
        .what = N_ ("Reading the settings"),
        .run = read_all,
        .done = all_read,
        .result_free = snapshot_free,
    };
    State *state = view->state;

    state->is_old = state->is_reading;
    if (state->is_reading) /* to the end: else what changes all the time would never be seen */
        return;
    state->is_reading = TRUE;
    (void) prc_view_start (view, &spec);
}

static void
open_overview (PrcView *view, gpointer argument)
{
    (void) argument;
    reload (view);
}

static void
close_overview (PrcView *view)
{
    State *state = view->state;

    prc_tree_free (state->tree);
    g_clear_pointer (&state->nodes, g_array_unref);
    snapshot_free (state->snapshot);
    g_free (state->error);
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
    return g_strdup (state->snapshot == NULL
                         ? _ ("Reading the settings of this machine…")
                         : _ ("Nothing that fits the filter. Esc shows all again."));
}

/* Drawing */

static void
draw_tool (const State *state, const PrcArea *line, guint row, const Node *node)
{
    gboolean can_open = prc_tree_has_children (state->tree, row);
    PrcMark mark = prc_mark_of_state (node->tool->state);
    int x = 1;

    if (can_open)
        (void) prc_draw_glyph (
            line, x, 0, prc_tree_is_open (state->tree, row) ? PRC_GLYPH_OPEN : PRC_GLYPH_CLOSED,
            PRC_LOOK_DIM);
    x = prc_draw_field (line, x + 2, 0, line->width < 40 ? 6 : 10, node->tool->name,
                        PRC_LOOK_STRONG);
    x = prc_draw_mark (line, x, 0, 13, mark, node->tool->state) + 1;
    if (!node->tool->is_installed)
        x = prc_draw_text (line, x, 0, _ ("not installed"), PRC_LOOK_DIM) + 2;
    else if (node->n_settings == 0)
        x = prc_draw_text (line, x, 0, _ ("no settings"), PRC_LOOK_DIM) + 2;
    else
        x = prc_draw_format (line, x, 0, PRC_LOOK_DIM,
                             ngettext ("%u setting", "%u settings", node->n_settings),
                             node->n_settings) +
            2;
    if (node->tool->detail != NULL && x < line->width) {
        g_autofree char *detail = prc_show_text (state->snapshot->home, node->tool->detail);

        (void) prc_draw_field (line, x, 0, line->width - x, detail, PRC_LOOK_DIM);
    }
}

static char *
place_of (const State *state, const PrcSettingRow *row)
{
    g_autofree char *path = row->file != NULL ? prc_show_path (state->snapshot->home, row->file)
                                              : g_strdup (_ ("this shell"));

    return row->line > 0 ? g_strdup_printf ("%s:%u", path, row->line) : g_steal_pointer (&path);
}

static char *
assignment_of (const PrcSettingRow *row)
{
    return g_strdup_printf ("%s = %s", row->key,
                            row->value != NULL ? row->value : _ ("(computed)"));
}

static void
draw_setting (const State *state, const PrcArea *line, const PrcSettingRow *row)
{
    g_autofree char *place = place_of (state, row);
    g_autofree char *assignment = assignment_of (row);
    PrcMark mark = prc_mark_of_state (row->state);
    int place_width = CLAMP (line->width * 3 / 10, 0, 40), x = 0;

    x = prc_draw_mark (line, 5, 0, 13, mark, row->state) + 1;
    if (row->is_exposed)
        x = prc_draw_text (line, x, 0, _ ("exposed "), PRC_LOOK_BAD);
    x = prc_draw_path (line, x, 0, place_width, place, PRC_LOOK_PLACE) + 1;
    (void) prc_draw_field (line, x, 0, MAX (line->width - x, 0), assignment,
                           strcmp (row->state, "overridden") == 0 ? PRC_LOOK_DIM : PRC_LOOK_TEXT);
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const State *state = view->state;
    const Node *node = node_at (state, row);

    if (node->setting != NULL)
        draw_setting (state, line, node->setting);
    else
        draw_tool (state, line, row, node);
}

static int
head_height (const PrcView *view, int width)
{
    (void) view;
    (void) width;
    return 5;
}

/* Wide enough for each of the three labels, in any language. */
static int
label_columns (void)
{
    int columns = MAX (prc_text_columns (_ ("Profile")), prc_text_columns (_ ("Proxy")));

    return MAX (MAX (columns, prc_text_columns (_ ("Tools"))) + 1, 9);
}

static void
draw_profile (const Snapshot *snapshot, const PrcArea *area, int y)
{
    int x = prc_draw_field (area, 2, y, label_columns (), _ ("Profile"), PRC_LOOK_DIM);

    if (snapshot->status->profile == NULL) {
        (void) prc_draw_field (area, x, y, area->width - x, _ ("none yet: p makes one"),
                               PRC_LOOK_WARN);
        return;
    }
    x = prc_draw_text (area, x, y, snapshot->status->profile, PRC_LOOK_STRONG) + 2;
    if (snapshot->is_direct)
        (void) prc_draw_field (area, x, y, area->width - x, _ ("no proxy anywhere"), PRC_LOOK_TEXT);
    else if (snapshot->proxy != NULL && snapshot->user != NULL)
        (void) prc_draw_format (area, x, y, PRC_LOOK_TEXT, _ ("%s as %s"), snapshot->proxy,
                                snapshot->user);
    else if (snapshot->proxy != NULL)
        (void) prc_draw_text (area, x, y, snapshot->proxy, PRC_LOOK_TEXT);
}

static void
draw_tools (const PrcStatus *status, const PrcArea *area, int y)
{
    int x = prc_draw_field (area, 2, y, label_columns (), _ ("Tools"), PRC_LOOK_DIM);
    guint n_bad = 0;

    for (guint i = 0; i < status->tools->len; i++)
        n_bad +=
            !prc_state_agrees (((const PrcToolRow *) g_ptr_array_index (status->tools, i))->state);
    if (status->profile == NULL) {
        (void) prc_draw_format (
            area, x, y, PRC_LOOK_TEXT,
            ngettext ("%u setting found", "%u settings found", status->settings->len),
            status->settings->len);
    } else if (status->agrees) {
        (void) prc_draw_mark (area, x, y, area->width - x, (PrcMark){ PRC_GLYPH_OK, PRC_LOOK_OK },
                              _ ("all agree with the profile"));
    } else {
        g_autofree char *text =
            n_bad > 0 ? g_strdup_printf (_ ("%u of %u do not agree: a shows how to make them"),
                                         n_bad, status->tools->len)
                      : g_strdup (_ ("some settings do not agree: a shows how to make them"));

        (void) prc_draw_mark (area, x, y, area->width - x,
                              (PrcMark){ PRC_GLYPH_WARN, PRC_LOOK_WARN }, text);
    }
}

static void
draw_head (const PrcView *view, const PrcArea *area)
{
    const State *state = view->state;
    const PrcCheckResult *verdict = prc_ui_verdict (view->ui);
    int y = area->height >= 5 ? 1 : 0, x = 0;

    if (state->snapshot == NULL)
        return;
    draw_profile (state->snapshot, area, y);
    if (area->height < 3) {
        draw_tools (state->snapshot->status, area, y + 1);
        return;
    }
    x = prc_draw_field (area, 2, y + 1, label_columns (), _ ("Proxy"), PRC_LOOK_DIM);
    if (state->snapshot->proxy == NULL)
        (void) prc_draw_glyph (area, x, y + 1, PRC_GLYPH_NONE, PRC_LOOK_DIM);
    else if (verdict == NULL)
        (void) prc_draw_mark (area, x, y + 1, area->width - x, prc_mark_of_verdict (NULL),
                              _ ("not tried yet: c tries it now"));
    else
        (void) prc_draw_mark (area, x, y + 1, area->width - x, prc_mark_of_verdict (verdict),
                              prc_verdict_words (verdict));
    draw_tools (state->snapshot->status, area, y + 2);
}

/* Without a profile nothing is as it should be, and nothing isn't. */
static const char *
state_words (const State *state, const char *word)
{
    gboolean compared = strcmp (word, "differs") == 0 || strcmp (word, "missing") == 0;

    return compared && state->snapshot->status->profile == NULL
               ? _ ("There is no profile yet that says what is wanted.")
               : prc_state_words (word);
}

/* What is said of the selected row. */
static char *
detail_text (const PrcView *view)
{
    const State *state = view->state;
    const Node *node = selected (view);
    GString *out = g_string_new (NULL);
    const char *said = node == NULL            ? NULL
                       : node->setting == NULL ? node->tool->detail
                                               : node->setting->detail;
    g_autofree char *detail = said != NULL ? prc_show_text (state->snapshot->home, said) : NULL;

    if (node == NULL)
        return g_string_free (out, FALSE);
    if (node->setting == NULL) {
        g_string_append_printf (out, "%s: %s. %s", node->tool->name, node->tool->state,
                                state_words (state, node->tool->state));
        if (detail != NULL)
            g_string_append_printf (out, "\n%s", detail);
    } else {
        g_autofree char *place = place_of (state, node->setting);
        g_autofree char *assignment = assignment_of (node->setting);

        g_string_append_printf (out, "%s\n%s\n%s: %s", place, assignment, node->setting->state,
                                detail != NULL ? detail
                                               : state_words (state, node->setting->state));
        if (node->setting->is_exposed)
            g_string_append_printf (
                out, "\n%s",
                _ ("exposed: others can read the password in this file, or git tracks it"));
    }
    return g_string_free (out, FALSE);
}

static int
detail_height (const PrcView *view, int width)
{
    g_autofree char *text = detail_text (view);

    /* always a few, so that the list stays where it is from row to row */
    return MAX (prc_draw_wrapped (NULL, MAX (width - 2, 1), 0, text, PRC_LOOK_TEXT), 4);
}

static void
draw_detail (const PrcView *view, const PrcArea *area)
{
    g_autofree char *text = detail_text (view);
    PrcArea inside = prc_area_sub (area, 1, 0, area->width - 2, area->height);

    (void) prc_draw_wrapped (&inside, 0, 0, text, PRC_LOOK_TEXT);
}

/* Doing */

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const State *state = view->state;
    const Node *node = selected (view);

    switch ((int) action) {
    case PRC_ACTION_OPEN:
        if (node != NULL && node->setting == NULL && node->n_settings == 0)
            *ret_reason = N_ ("it has no settings");
        return *ret_reason == NULL && node != NULL;
    case PRC_ACTION_EDIT:
        if (node == NULL || node->setting == NULL)
            *ret_reason = N_ ("choose a setting");
        return *ret_reason == NULL;
    case PRC_ACTION_REMEDY:
        if (node == NULL || state->snapshot->status->profile == NULL)
            *ret_reason = N_ ("there is no profile yet: p makes one");
        else if (prc_state_agrees (node->setting != NULL ? node->setting->state
                                                         : node->tool->state) &&
                 (node->setting == NULL || !node->setting->is_exposed))
            *ret_reason = N_ ("there is nothing wrong with it");
        return *ret_reason == NULL;
    case PRC_ACTION_IMPORT:
        return TRUE;
    case PRC_ACTION_EXPLAIN:
        return node != NULL;
    case PRC_ACTION_DIRECT:
        if (state->snapshot != NULL && state->snapshot->is_direct)
            *ret_reason = N_ ("there is no proxy already; a removes what is left");
        return *ret_reason == NULL;
    case PRC_ACTION_APPLY:
        if (state->snapshot != NULL && state->snapshot->status->profile == NULL)
            *ret_reason = N_ ("there is no profile yet: p makes one");
        return FALSE; /* the ui opens the plan */
    case PRC_ACTION_EDITOR:
        if (prc_ui_options (view->ui)->edit_file == NULL)
            *ret_reason = N_ ("there is no terminal");
        else if (state->error != NULL && *state->error == '/') /* FILE:LINE: what is wrong there */
            return TRUE;
        else if (node == NULL || node->setting == NULL || node->setting->file == NULL)
            *ret_reason = N_ ("choose a setting that is in a file");
        return *ret_reason == NULL;
    default:
        return FALSE;
    }
}

static void
open_setting (PrcView *view, const PrcSettingRow *row, gboolean is_to_edit)
{
    const State *state = view->state;
    PrcSettingCopy *copy =
        prc_setting_copy_new (row, state_words (state, row->state), state->snapshot->home);

    copy->is_to_edit = is_to_edit;
    (void) prc_ui_push (view->ui, &prc_view_setting, copy);
}

static void
open_editor (PrcView *view)
{
    const State *state = view->state;
    const Node *node = selected (view);
    guint line = 0;
    g_autofree char *wrong = prc_file_of_message (state->error, &line);

    prc_ui_edit_file (view->ui, wrong != NULL ? wrong : node->setting->file,
                      wrong != NULL ? line : node->setting->line);
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    State *state = view->state;
    const Node *node = selected (view);

    switch ((int) action) {
    case PRC_ACTION_OPEN:
    case PRC_ACTION_EDIT:
        if (node->setting != NULL)
            open_setting (view, node->setting, action == PRC_ACTION_EDIT);
        else
            prc_tree_toggle (state->tree, view->list.selected);
        return TRUE;
    case PRC_ACTION_REMEDY: /* who exposes a password is told how to hide it; else the profile is
                               applied */
        if (node->setting != NULL && node->setting->is_exposed)
            (void) prc_ui_push (view->ui, &prc_view_doctor, NULL);
        else
            prc_view_plan_push (view->ui, NULL, FALSE);
        return TRUE;
    case PRC_ACTION_IMPORT:
        (void) prc_ui_push (view->ui, &prc_view_profiles, NULL);
        prc_ui_act (view->ui, PRC_ACTION_IMPORT);
        return TRUE;
    case PRC_ACTION_EXPLAIN:
        (void) prc_ui_push (
            view->ui, &prc_view_explain,
            g_strdup (node->setting != NULL ? node->setting->state : node->tool->state));
        return TRUE;
    case PRC_ACTION_DIRECT:
        prc_view_plan_push (view->ui, "direct", TRUE);
        return TRUE;
    case PRC_ACTION_EDITOR:
        open_editor (view);
        return TRUE;
    default:
        return FALSE;
    }
}

const PrcViewClass prc_view_overview = {
    .id = PRC_IN_OVERVIEW,
    .name = "overview",
    .title = N_ ("Overview"),
    .state_size = sizeof (State),
    .open = open_overview,
    .close = close_overview,
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
