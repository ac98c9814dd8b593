/* view-profiles.c - the list of profiles */
#include <string.h>

#include "app/import.h"
#include "app/profiles.h"
#include "app/write.h"
#include "base/error.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/show.h"
#include "tui/views/views.h"

typedef struct {
    char *name, *proxy, *user; /* the last two (nullable) */
    gboolean is_active, is_direct, is_ours;
} Row;

typedef struct {
    GPtrArray *rows; /* (nullable): of Row; not read yet */
    char *error;     /* (nullable) */
    guint n_read;
} State;

static void
row_free (gpointer data)
{
    Row *row = data;

    g_free (row->name);
    g_free (row->proxy);
    g_free (row->user);
    g_free (row);
}

/* In the worker */

static Row *
row_new (const PrcProfileRow *from)
{
    Row *row = g_new0 (Row, 1);
    const PrcProxyUrl *proxy = prc_profile_proxy_for (from->profile, PRC_ROLE_ALL);

    row->name = g_strdup (from->profile->name);
    row->proxy = proxy != NULL ? prc_proxy_url_format_bare (proxy) : NULL;
    row->user = g_strdup (from->profile->user);
    row->is_active = from->is_active;
    row->is_direct = from->profile->is_direct;
    row->is_ours = from->in_user_file;
    return row;
}

static gpointer
read_profiles (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    GPtrArray *rows = NULL;

    (void) job;
    (void) data;
    if (profiles == NULL)
        return NULL;
    rows = g_ptr_array_new_with_free_func (row_free);
    for (guint i = 0; i < prc_profiles_rows (profiles)->len; i++)
        g_ptr_array_add (rows, row_new (g_ptr_array_index (prc_profiles_rows (profiles), i)));
    return rows;
}

static gpointer
remove_profile (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, error);
    g_autofree char *label =
        g_strdup_printf ("profile remove %s", (const char *) data); /* untranslated: kept */
    g_auto (PrcProfilesEdit) edit = { 0 };

    (void) job;
    if (profiles == NULL || !prc_profiles_remove (profiles, data, &edit, error) ||
        !prc_profiles_write (session, profiles, &edit, label, error))
        return NULL;
    return g_strdup (data);
}

/* Names for what is found, as long as they are free. */
static const char *const proposed[] = { "office", "imported" };

static gpointer
import_pairs (PrcJob *job, PrcSession *session, gpointer data, GError **error)
{
    g_autoptr (GPtrArray) notes = NULL;
    g_auto (GStrv) pairs = prc_import_pairs (session, &notes, error);
    g_autoptr (PrcProfiles) profiles = pairs != NULL ? prc_profiles_load (session, NULL) : NULL;

    (void) job;
    (void) data;
    for (gsize i = 0; profiles != NULL && i < G_N_ELEMENTS (proposed); i++)
        if (prc_profiles_find (profiles, proposed[i], NULL) == NULL)
            return prc_profile_pairs_named (proposed[i], pairs);
    return g_steal_pointer (&pairs);
}

/* Back in the main thread */

static const Row *
row_at (const PrcView *view, guint row)
{
    const State *state = view->state;

    return state->rows != NULL && row < state->rows->len ? g_ptr_array_index (state->rows, row)
                                                         : NULL;
}

static void
select_name (PrcView *view, const char *name)
{
    const State *state = view->state;

    for (guint i = 0; i < state->rows->len; i++) {
        const Row *row = g_ptr_array_index (state->rows, i);

        if (name != NULL ? strcmp (row->name, name) == 0 : row->is_active)
            (void) prc_list_select (&view->list, i);
    }
}

static void
profiles_read (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    State *state = view->state;
    const Row *before = row_at (view, view->list.selected);
    g_autofree char *name = before != NULL ? g_strdup (before->name) : NULL;

    g_clear_pointer (&state->error, g_free);
    if (result == NULL) {
        state->error = g_strdup (error->message);
        prc_view_dirty (view);
        return;
    }
    g_clear_pointer (&state->rows, g_ptr_array_unref);
    state->rows = result;
    prc_list_fit (&view->list, state->rows->len, view->list.page);
    select_name (view, name);
    prc_view_dirty (view);
}

static void
reload (PrcView *view)
{
    static const PrcJobSpec spec = {
        .what = N_ ("Reading the profiles"),
        .run = read_profiles,
        .done = profiles_read,
        .result_free = (GDestroyNotify) g_ptr_array_unref,
    };

    (void) prc_view_start (view, &spec);
}

static void
open_profiles (PrcView *view, gpointer argument)
{
    (void) argument;
    reload (view);
}

static void
close_profiles (PrcView *view)
{
    State *state = view->state;

    g_clear_pointer (&state->rows, g_ptr_array_unref);
    g_free (state->error);
}

static void
removed (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;

    if (result != NULL)
        prc_ui_say (view->ui, PRC_LOOK_OK, _ ("%s is removed; u takes it back"),
                    (const char *) result);
    else
        prc_ui_say_error (view->ui, error);
    g_free (result);
    prc_ui_reload (view->ui);
}

static void
removal_confirmed (PrcView *view, gboolean yes, gpointer data)
{
    g_autofree char *name = data;

    if (yes)
        (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Removing the profile"),
                                                    .run = remove_profile,
                                                    .data = g_steal_pointer (&name),
                                                    .data_free = g_free,
                                                    .done = removed,
                                                    .result_free = g_free,
                                                    .writes = TRUE });
}

static void
imported (gpointer owner, gpointer result, const GError *error)
{
    PrcView *view = owner;
    g_auto (GStrv) pairs = result;

    if (pairs == NULL)
        prc_ui_say (view->ui, PRC_LOOK_WARN, "%s",
                    g_error_matches (error, PRC_ERROR, PRC_ERROR_NOT_FOUND)
                        ? _ ("no proxy setting is found on this machine; + begins an empty profile")
                        : error->message);
    else
        prc_view_profile_push (view->ui, NULL, pairs);
}

/* Drawing */

static guint
rows (const PrcView *view)
{
    const State *state = view->state;

    return state->rows != NULL ? state->rows->len : 0;
}

static char *
empty (const PrcView *view)
{
    return g_strdup (((State *) view->state)->error);
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    const Row *profile = row_at (view, row);
    int x = 1, name_width = CLAMP (line->width / 4, 6, 20);

    if (profile->is_active)
        (void) prc_draw_glyph (line, x, 0, PRC_GLYPH_ARROW, PRC_LOOK_OK);
    x = prc_draw_field (line, x + 2, 0, name_width, profile->name, PRC_LOOK_STRONG) + 1;
    if (line->width >= 60)
        x = prc_draw_field (line, x, 0, MAX (prc_text_columns (_ ("active")), 8),
                            profile->is_active ? _ ("active") : "", PRC_LOOK_OK) +
            1;
    if (profile->is_direct)
        (void) prc_draw_field (line, x, 0, MAX (line->width - x, 0), _ ("no proxy anywhere"),
                               PRC_LOOK_TEXT);
    else {
        g_autofree char *text =
            profile->user != NULL && profile->proxy != NULL
                ? g_strdup_printf (_ ("%s as %s"), profile->proxy, profile->user)
                : g_strdup (profile->proxy != NULL ? profile->proxy : "");

        (void) prc_draw_field (line, x, 0, MAX (line->width - x, 0), text, PRC_LOOK_TEXT);
    }
}

static int
head_height (const PrcView *view, int width)
{
    (void) view;
    (void) width;
    return 3;
}

static void
draw_head (const PrcView *view, const PrcArea *area)
{
    PrcArea inside = prc_area_sub (area, 2, area->height >= 3 ? 1 : 0, area->width - 4, 1);

    (void) view;
    (void) prc_draw_field (
        &inside, 0, 0, inside.width,
        _ ("What you want all tools to have. One is active; s switches to another."), PRC_LOOK_DIM);
}

/* Doing */

static gboolean
match (const PrcView *view, guint row, const PrcNeedle *needle)
{
    const Row *profile = row_at (view, row);

    return prc_needle_in (needle, profile->name) || prc_needle_in (needle, profile->proxy) ||
           prc_needle_in (needle, profile->user);
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    const Row *row = row_at (view, view->list.selected);

    switch ((int) action) {
    case PRC_ACTION_OPEN:
    case PRC_ACTION_EDIT:
        if (row->is_direct)
            *ret_reason = N_ ("“direct” is built in: there is nothing to change");
        return *ret_reason == NULL;
    case PRC_ACTION_REMOVE:
        if (row->is_direct)
            *ret_reason = N_ ("“direct” is built in");
        else if (!row->is_ours)
            *ret_reason = N_ ("it is in the system's file, not in yours");
        return *ret_reason == NULL;
    case PRC_ACTION_LOGIN:
    case PRC_ACTION_CHECK:
        if (row == NULL || row->is_direct)
            *ret_reason = N_ ("choose a profile that has a proxy");
        return *ret_reason == NULL;
    case PRC_ACTION_USE:
    case PRC_ACTION_NEW:
    case PRC_ACTION_IMPORT:
    case PRC_ACTION_DIRECT:
        return TRUE;
    default:
        return FALSE;
    }
}

static void
ask_removal (PrcView *view, const Row *row)
{
    g_autofree char *text = g_strdup_printf (_ ("Remove the profile %s? What it has written to the "
                                                "tools stays there until another one is applied."),
                                             row->name);

    prc_ui_confirm (view, text, N_ ("Remove"), removal_confirmed, g_strdup (row->name));
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    const Row *row = row_at (view, view->list.selected);

    switch ((int) action) {
    case PRC_ACTION_OPEN:
    case PRC_ACTION_EDIT:
        prc_view_profile_push (view->ui, row->name, NULL);
        return TRUE;
    case PRC_ACTION_NEW:
        prc_view_profile_push (view->ui, NULL, NULL);
        return TRUE;
    case PRC_ACTION_REMOVE:
        ask_removal (view, row);
        return TRUE;
    case PRC_ACTION_USE:
        prc_view_plan_push (view->ui, row->name, TRUE);
        return TRUE;
    case PRC_ACTION_DIRECT:
        prc_view_plan_push (view->ui, "direct", TRUE);
        return TRUE;
    case PRC_ACTION_LOGIN:
        (void) prc_ui_push (view->ui, &prc_view_login, g_strdup (row->name));
        return TRUE;
    case PRC_ACTION_CHECK:
        (void) prc_ui_push (view->ui, &prc_view_check, g_strdup (row->name));
        return TRUE;
    case PRC_ACTION_IMPORT:
        (void) prc_view_start (view, &(PrcJobSpec){ .what = N_ ("Looking for proxies"),
                                                    .run = import_pairs,
                                                    .done = imported,
                                                    .result_free = (GDestroyNotify) g_strfreev });
        return TRUE;
    default:
        return FALSE;
    }
}

const PrcViewClass prc_view_profiles = {
    .id = PRC_IN_PROFILES,
    .name = "profiles",
    .title = N_ ("Profiles"),
    .state_size = sizeof (State),
    .open = open_profiles,
    .close = close_profiles,
    .rows = rows,
    .draw_row = draw_row,
    .match = match,
    .empty = empty,
    .head_height = head_height,
    .draw_head = draw_head,
    .enabled = enabled,
    .act = act,
    .reload = reload,
};
