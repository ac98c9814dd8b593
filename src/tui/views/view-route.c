/* view-route.c - for a URL: which proxy each tool would use, and the setting that decides */
#include <string.h>

#include "app/route.h"
#include "base/i18n.h"
#include "base/width.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"
#include "tui/widgets/tree.h"

#define LABEL_COLUMNS 12

typedef struct {
    const PrcRouteAnswer *answer; /* of a tool's row; NULL: a line below it */
    char *text;                   /* of a line */
    PrcLook look;
    const PrcRouteSource *source; /* (nullable): what $EDITOR opens */
} Node;

typedef struct {
    char *url;          /* (nullable): not typed yet */
    GPtrArray *answers; /* (nullable) (element-type PrcRouteAnswer) */
    char *home;
    GPtrArray *nodes;
    PrcTree *tree;
    char *error; /* (nullable) */
} State;

typedef struct {
    GPtrArray *answers;
    char *home;
} Found;

static void
found_free (gpointer data)
{
    Found *found = data;

    if (found == NULL)
        return;
    g_clear_pointer (&found->answers, g_ptr_array_unref);
    g_free (found->home);
    g_free (found);
}

static gpointer
find_routes (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    const PrcRouteOptions options = { 0 };
    GPtrArray *answers = prc_route_all (session, data, &options, error);
    Found *found = NULL;

    (void) job;
    if (answers == NULL)
        return NULL;
    found = g_new0 (Found, 1);
    found->answers = answers;
    found->home = g_strdup (prc_session_place (session)->home);
    return found;
}

/* Rows */

static void
node_free (gpointer data)
{
    Node *node = data;

    g_free (node->text);
    g_free (node);
}

static void
add_line (State *state, PrcLook look, const PrcRouteSource *source, char *text)
{
    Node *node = g_new0 (Node, 1);

    node->text = text;
    node->look = look;
    node->source = source;
    g_ptr_array_add (state->nodes, node);
    prc_tree_add (state->tree, 1, node, FALSE);
}

static char *
source_text (const State *state, const PrcRouteSource *source)
{
    g_autofree char *path = source->file != NULL ? prc_show_path (state->home, source->file) : NULL;

    if (source->is_variable && path != NULL)
        return g_strdup_printf (_ ("the variable %s, from %s:%u"), source->key, path, source->line);
    if (source->is_variable)
        return g_strdup_printf (_ ("the variable %s"), source->key);
    return path != NULL ? g_strdup_printf ("%s:%u  %s", path, source->line, source->key)
                        : g_strdup (source->key);
}

/* In two columns. */
static char *
labelled (const char *label, const char *text)
{
    return g_strdup_printf ("%-*s %s", prc_text_padding (label, LABEL_COLUMNS), label, text);
}

static void
add_source (State *state, const char *label, const PrcRouteSource *source)
{
    g_autofree char *text = source_text (state, source);

    add_line (state, PRC_LOOK_TEXT, source, labelled (label, text));
}

/* What decides, and what it beats. @label: (nullable): for which shells. */
static void
add_route (State *state, const char *label, const PrcRoute *route)
{
    if (label != NULL)
        add_line (state, PRC_LOOK_STRONG, NULL, g_strdup (label));
    if (route->bypassed_by != NULL) {
        g_autofree char *entry =
            g_strdup_printf (_ ("the entry %s of the list of exceptions"), route->bypassed_by);

        add_line (state, PRC_LOOK_TEXT, NULL, labelled (_ ("direct for"), entry));
    }
    if (route->bypassed != NULL)
        add_line (state, PRC_LOOK_DIM, NULL, labelled (_ ("else"), route->bypassed));
    if (route->decided_by != NULL)
        add_source (state, _ ("decided by"), route->decided_by);
    else if (route->kind == PRC_ROUTE_DIRECT)
        add_line (state, PRC_LOOK_DIM, NULL, g_strdup (_ ("nothing is set")));
    for (guint i = 0; i < route->beats->len; i++)
        add_source (state, i == 0 ? _ ("beats") : "", g_ptr_array_index (route->beats, i));
    if (route->through != NULL)
        add_line (state, PRC_LOOK_TEXT, NULL, labelled (_ ("by way of"), route->through));
    if (route->detail != NULL)
        add_line (state, route->kind == PRC_ROUTE_INVALID ? PRC_LOOK_BAD : PRC_LOOK_INFO, NULL,
                  g_strdup (route->detail));
}

static void
clear_rows (State *state)
{
    g_clear_pointer (&state->tree, prc_tree_free);
    g_clear_pointer (&state->nodes, g_ptr_array_unref);
    g_clear_pointer (&state->answers, g_ptr_array_unref);
    g_clear_pointer (&state->home, g_free);
}

static void
build (State *state)
{
    state->tree = prc_tree_new ();
    state->nodes = g_ptr_array_new_with_free_func (node_free);
    for (guint i = 0; i < state->answers->len; i++) {
        const PrcRouteAnswer *answer = g_ptr_array_index (state->answers, i);
        Node *node = g_new0 (Node, 1);

        node->answer = answer;
        node->source = answer->route->decided_by;
        g_ptr_array_add (state->nodes, node);
        prc_tree_add (state->tree, 0, node, FALSE);
        add_route (state, NULL, answer->route);
        if (answer->interactive != NULL)
            add_route (state, _ ("in a shell that you type into:"), answer->interactive);
        if (answer->command != NULL)
            add_route (state, _ ("in a shell that only runs a command:"), answer->command);
    }
}

static char *
name_of (gconstpointer data)
{
    const Node *node = data;

    return g_strdup (node->answer != NULL ? node->answer->tool : node->text);
}

static void
routes_found (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    Found *found = result;
    PrcTreeMemory *memory = prc_tree_remember (state->tree, view->list.selected, name_of);

    g_clear_pointer (&state->error, g_free);
    prc_view_dirty (view);
    clear_rows (state);
    if (found == NULL) {
        state->error = g_strdup (error->message);
        prc_tree_memory_free (memory);
        return;
    }
    state->answers = g_steal_pointer (&found->answers);
    state->home = g_steal_pointer (&found->home);
    found_free (found);
    build (state);
    prc_view_rebuilt (view, memory);
}

static void
reload (PrcView *view)
{
    State *state = view->state;

    if (state->url == NULL)
        return;
    prc_jobs_cancel_owner (prc_ui_jobs (view->ui), view);
    (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Looking for the routes"),
                                                .run = find_routes,
                                                .data = g_strdup (state->url),
                                                .data_free = g_free,
                                                .done = routes_found,
                                                .result_free = found_free });
}

static void
url_typed (PrcView *view, const char *answer)
{
    State *state = view->state;

    if (answer == NULL || *answer == '\0')
        return;
    g_free (state->url);
    state->url =
        strstr (answer, "://") != NULL ? g_strdup (answer) : g_strconcat ("https://", answer, NULL);
    reload (view);
}

static void
ask_url (PrcView *view)
{
    const State *state = view->state;

    prc_ui_ask (view, _ ("URL: "), state->url != NULL ? state->url : "https://", url_typed);
}

static void
open_route (PrcView *view, gpointer argument)
{
    (void) argument;
    ask_url (view);
}

static void
close_route (PrcView *view)
{
    State *state = view->state;

    clear_rows (state);
    g_free (state->url);
    g_free (state->error);
}

/* Drawing */

static const Node *
node_at (const PrcView *view, guint row)
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
    return g_strdup (_ ("Type the address that you want to reach: R asks for it. For each tool you "
                        "then see which proxy "
                        "it would use, and which setting says so."));
}

static PrcMark
mark_of (const PrcRoute *route)
{
    switch (route->kind) {
    case PRC_ROUTE_PROXY:
        return (PrcMark){ PRC_GLYPH_ARROW, PRC_LOOK_OK };
    case PRC_ROUTE_DIRECT:
        return (PrcMark){ PRC_GLYPH_NONE, PRC_LOOK_TEXT };
    case PRC_ROUTE_INVALID:
        return (PrcMark){ PRC_GLYPH_BAD, PRC_LOOK_BAD };
    case PRC_ROUTE_UNDECIDED:
    default:
        return (PrcMark){ PRC_GLYPH_UNKNOWN, PRC_LOOK_INFO };
    }
}

static char *
route_words (const PrcRoute *route)
{
    switch (route->kind) {
    case PRC_ROUTE_PROXY:
        return route->user != NULL ? g_strdup_printf (_ ("%s as %s"), route->proxy, route->user)
                                   : g_strdup (route->proxy);
    case PRC_ROUTE_DIRECT:
        return route->bypassed_by != NULL
                   ? g_strdup_printf (_ ("directly, for %s is excepted"), route->bypassed_by)
                   : g_strdup (_ ("directly, without a proxy"));
    case PRC_ROUTE_INVALID:
        return g_strdup (route->detail != NULL ? route->detail : _ ("it fails on a setting"));
    case PRC_ROUTE_UNDECIDED:
    default:
        return g_strdup (route->detail != NULL ? route->detail
                                               : _ ("it can't be known without running it"));
    }
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const State *state = view->state;
    const Node *node = node_at (view, row);
    g_autofree char *words = NULL;
    int x = 1;

    if (node->answer == NULL) {
        (void) prc_draw_field (line, 5, 0, MAX (line->width - 5, 0), node->text, node->look);
        return;
    }
    words = route_words (node->answer->route);
    (void) prc_draw_glyph (line, x, 0,
                           prc_tree_is_open (state->tree, row) ? PRC_GLYPH_OPEN : PRC_GLYPH_CLOSED,
                           PRC_LOOK_DIM);
    x = prc_draw_field (line, x + 2, 0, line->width < 40 ? 6 : 10, node->answer->tool,
                        node->answer->is_installed ? PRC_LOOK_STRONG : PRC_LOOK_DIM);
    (void) prc_draw_mark (line, x, 0, MAX (line->width - x, 0), mark_of (node->answer->route),
                          words);
}

static int
head_height (const PrcView *view, int width)
{
    (void) width;
    return ((State *) view->state)->url != NULL ? 3 : 0;
}

static void
draw_head (const PrcView *view, const PrcArea *area)
{
    const State *state = view->state;
    int y = area->height >= 3 ? 1 : 0;
    const char *url = state->answers != NULL && state->answers->len > 0
                          ? ((const PrcRouteAnswer *) g_ptr_array_index (state->answers, 0))->url
                          : "";

    (void) prc_draw_field (area, 2, y, MAX (area->width - 3, 0), url, PRC_LOOK_STRONG);
}

static int
detail_height (const PrcView *view, int width)
{
    const Node *node = node_at (view, view->list.selected);
    g_autofree char *words =
        node != NULL && node->answer != NULL ? route_words (node->answer->route) : NULL;

    return prc_draw_wrapped (NULL, MAX (width - 2, 1), 0,
                             words != NULL  ? words
                             : node != NULL ? node->text
                                            : "",
                             PRC_LOOK_TEXT);
}

static void
draw_detail (const PrcView *view, const PrcArea *area)
{
    const Node *node = node_at (view, view->list.selected);
    g_autofree char *words =
        node != NULL && node->answer != NULL ? route_words (node->answer->route) : NULL;
    PrcArea inside = prc_area_sub (area, 1, 0, area->width - 2, area->height);

    if (node != NULL)
        (void) prc_draw_wrapped (&inside, 0, 0, words != NULL ? words : node->text, PRC_LOOK_TEXT);
}

/* Doing */

static gboolean
node_has (gconstpointer data, gconstpointer needle)
{
    const Node *node = data;
    g_autofree char *words = node->answer != NULL ? route_words (node->answer->route) : NULL;

    return prc_needle_in (needle, node->text) || prc_needle_in (needle, words) ||
           (node->answer != NULL && prc_needle_in (needle, node->answer->tool));
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const Node *node = node_at (view, view->list.selected);

    switch ((int) action) {
    case PRC_ACTION_ROUTE:
        return TRUE;
    case PRC_ACTION_EDITOR:
        if (node == NULL || node->source == NULL || node->source->file == NULL)
            *ret_reason = N_ ("choose a line that names a file");
        else if (prc_ui_options (view->ui)->edit_file == NULL)
            *ret_reason = N_ ("there is no terminal");
        return *ret_reason == NULL;
    default:
        return FALSE;
    }
}

static void
open_editor (PrcView *view)
{
    const PrcRouteSource *source = node_at (view, view->list.selected)->source;

    prc_ui_edit_file (view->ui, source->file, source->line);
}

static gboolean
act (PrcView *view, PrcActionId action)
{

    switch ((int) action) {
    case PRC_ACTION_ROUTE:
        ask_url (view);
        return TRUE;
    case PRC_ACTION_EDITOR:
        open_editor (view);
        return TRUE;
    default:
        return FALSE;
    }
}

const PrcViewClass prc_view_route = {
    .id = PRC_IN_ROUTE,
    .name = "route",
    .title = N_ ("Route"),
    .state_size = sizeof (State),
    .open = open_route,
    .close = close_route,
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
