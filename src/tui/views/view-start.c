/* view-start.c - the first start: what is found on this machine, and the way to a profile */
#include <string.h>

#include "app/import.h"
#include "app/inspect.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "tui/ui.h"
#include "tui/views/views.h"
#include "tui/widgets/lines.h"

typedef struct {
    guint n_settings, n_tools;
    char **pairs;     /* (nullable): no proxy is found */
    GPtrArray *notes; /* (nullable) */
    char *home;
} Found;

typedef struct {
    Found *found; /* (nullable): not read yet */
    char *error;  /* (nullable) */
} State;

static void
found_free (gpointer data)
{
    Found *found = data;

    if (found == NULL)
        return;
    g_strfreev (found->pairs);
    g_clear_pointer (&found->notes, g_ptr_array_unref);
    g_free (found->home);
    g_free (found);
}

/* In the worker */

static gpointer
look_around (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    g_autoptr (PrcStatus) status = prc_inspect (session, NULL, error);
    g_autoptr (GError) nothing = NULL;
    Found *found = NULL;
    const char *tool = NULL;

    (void) job;
    (void) data;
    if (status == NULL)
        return NULL;
    found = g_new0 (Found, 1);
    found->n_settings = status->settings->len;
    found->home = g_strdup (prc_session_place (session)->home);
    for (guint i = 0; i < status->settings->len; i++) {
        const PrcSettingRow *row = g_ptr_array_index (status->settings, i);

        found->n_tools += g_strcmp0 (tool, row->tool) != 0;
        tool = row->tool;
    }
    found->pairs = prc_import_pairs (session, &found->notes, &nothing);
    return found;
}

static void
looked (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;

    g_clear_pointer (&state->error, g_free);
    if (result == NULL)
        state->error = g_strdup (error->message);
    else {
        found_free (state->found);
        state->found = result;
    }
    prc_view_dirty (view);
}

static void
reload (PrcView *view)
{
    static const PrcJobSpec spec = {
        .what = N_ ("Looking for proxies"),
        .run = look_around,
        .done = looked,
        .result_free = found_free,
    };

    (void) prc_view_start (view, &spec);
}

static void
open_start (PrcView *view, gpointer argument)
{
    (void) argument;
    reload (view);
}

static void
close_start (PrcView *view)
{
    State *state = view->state;

    found_free (state->found);
    g_free (state->error);
}

/* What can be chosen: the first only when something is found */

enum { IMPORT, TYPE_IN, LOOK };

static guint
first_choice (const State *state)
{
    return state->found != NULL && state->found->pairs != NULL ? IMPORT : TYPE_IN;
}

static guint
rows (const PrcView *view)
{
    const State *state = view->state;

    return state->found != NULL ? LOOK + 1 - first_choice (state) : 0;
}

static char *
empty (const PrcView *view)
{
    const State *state = view->state;

    return g_strdup (state->error != NULL ? state->error
                                          : _ ("Looking for proxy settings on this machine…"));
}

static const char *
value_of (const Found *found, const char *key)
{
    gsize length = strlen (key);

    for (char **pair = found->pairs; pair != NULL && *pair != NULL; pair++)
        if (strncmp (*pair, key, length) == 0 && (*pair)[length] == '=')
            return *pair + length + 1;
    return NULL;
}

static char *
import_text (const Found *found)
{
    const char *proxy = value_of (found, "https"), *user = value_of (found, "user");

    if (proxy == NULL)
        proxy = value_of (found, "http");
    if (proxy == NULL)
        proxy = value_of (found, "all");
    return user != NULL ? g_strdup_printf (_ ("Take what is found: %s as %s"), proxy, user)
                        : g_strdup_printf (_ ("Take what is found: %s"), proxy);
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const State *state = view->state;
    guint choice = row + first_choice (state);
    g_autofree char *text = choice == IMPORT ? import_text (state->found)
                            : choice == TYPE_IN
                                ? g_strdup (_ ("Type in the proxy's address myself"))
                                : g_strdup (_ ("Look around first: what is set where"));

    (void) prc_draw_glyph (line, 2, 0, PRC_GLYPH_ARROW, PRC_LOOK_KEY);
    (void) prc_draw_field (line, 4, 0, MAX (line->width - 4, 0), text, PRC_LOOK_STRONG);
}

static char *
head_text (const State *state)
{
    const char *what =
        _ ("proxyrc keeps your proxy settings in one place, and writes them to git, npm, pip, curl "
           "and "
           "the environment. Nothing is written before you have seen it and said yes.");

    if (state->found == NULL)
        return g_strdup (what);
    if (state->found->n_settings == 0)
        return g_strdup_printf ("%s\n\n%s", what,
                                _ ("No proxy is set on this machine yet. How shall it begin?"));
    return g_strdup_printf (_ ("%s\n\nFound: %u settings of %u tools. How shall it begin?"), what,
                            state->found->n_settings, state->found->n_tools);
}

static int
head_height (const PrcView *view, int width)
{
    g_autofree char *text = head_text (view->state);

    return 3 + prc_draw_wrapped (NULL, MAX (width - 4, 1), 0, text, PRC_LOOK_TEXT);
}

static void
draw_head (const PrcView *view, const PrcArea *area)
{
    g_autofree char *text = head_text (view->state);
    PrcArea inside =
        prc_area_sub (area, 2, area->height > 4 ? 1 : 0, area->width - 4, area->height);

    (void) prc_draw_wrapped (&inside, 0, 0, text, PRC_LOOK_TEXT);
}

static char *
detail_text (const PrcView *view)
{
    const State *state = view->state;
    guint choice = view->list.selected + first_choice (state);
    GString *out = g_string_new (NULL);

    if (choice == IMPORT) {
        for (guint i = 0; state->found->notes != NULL && i < state->found->notes->len; i++) {
            g_autofree char *shown =
                prc_text_printable (g_ptr_array_index (state->found->notes, i));

            g_string_append_printf (out, "%s\n", shown);
        }
        if (*state->found->home != '\0')
            (void) g_string_replace (out, state->found->home, "~", 0);
    } else if (choice == TYPE_IN) {
        g_string_append (
            out,
            _ ("Ask whoever runs the network for the proxy's name and port: often the browser's "
               "settings have them."));
    }
    return g_string_free (out, FALSE);
}

static int
detail_height (const PrcView *view, int width)
{
    g_autofree char *text = detail_text (view);

    return prc_draw_wrapped (NULL, MAX (width - 4, 1), 0, text, PRC_LOOK_TEXT);
}

static void
draw_detail (const PrcView *view, const PrcArea *area)
{
    g_autofree char *text = detail_text (view);
    PrcArea inside = prc_area_sub (area, 2, 0, area->width - 4, area->height);

    (void) prc_draw_wrapped (&inside, 0, 0, text, PRC_LOOK_DIM);
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    (void) view;
    switch ((int) action) {
    case PRC_ACTION_OPEN:
    case PRC_ACTION_NEW:
        return TRUE;
    case PRC_ACTION_EXPLAIN:
    case PRC_ACTION_HELP:
        return FALSE; /* the ui's */
    default:
        *ret_reason = N_ ("there is no profile yet: choose how it shall begin");
        return FALSE;
    }
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    const State *state = view->state;
    guint choice = view->list.selected + first_choice (state);
    PrcUi *ui = view->ui;

    if (action == PRC_ACTION_NEW || (action == PRC_ACTION_OPEN && choice == TYPE_IN)) {
        static char *pairs[] = { (char *) "name=office", (char *) "no_proxy=localhost,127.0.0.1",
                                 NULL };

        prc_ui_pop (view);
        prc_view_profile_push (ui, NULL, pairs);
        return TRUE;
    }
    if (action != PRC_ACTION_OPEN)
        return FALSE;
    if (choice == IMPORT) {
        g_auto (GStrv) pairs = prc_profile_pairs_named ("office", state->found->pairs);

        prc_ui_pop (view);
        prc_view_profile_push (ui, NULL, pairs);
        return TRUE;
    }
    prc_ui_pop (view);
    return TRUE;
}

const PrcViewClass prc_view_welcome = {
    .id = PRC_IN_START,
    .name = "start",
    .title = N_ ("Welcome"),
    .state_size = sizeof (State),
    .open = open_start,
    .close = close_start,
    .rows = rows,
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
