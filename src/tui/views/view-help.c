/* view-help.c - what can be done in a view, and with which keys: the table of actions to read */
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/views.h"
#include "tui/widgets/lines.h"

#define HELP_COLUMN 18 /* where what keys do begins */

typedef struct {
    PrcLines *lines;
} State;

static const char *const form_keys[] = {
    N_ ("  Tab Up Down     From field to field; Enter goes on, or presses a button"),
    N_ ("  Space           Changes a choice or a check box"),
    N_ ("  C-r             Shows a password, or hides it again"),
};

static const struct {
    const char *title;
    PrcActionId first;
} groups[] = {
    { N_ ("What this is for"), PRC_ACTION_APPLY }, { N_ ("The selected row"), PRC_ACTION_OPEN },
    { N_ ("Finding"), PRC_ACTION_SEARCH },         { N_ ("Moving"), PRC_ACTION_UP },
    { N_ ("The program"), PRC_ACTION_REFRESH },
};

static void
add_group (State *state, const PrcActionRow *row)
{
    for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
        if (groups[i].first == row->id) {
            if (prc_lines_count (state->lines) > 0)
                prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
            prc_lines_add (state->lines, PRC_LOOK_STRONG, _ (groups[i].title), NULL);
        }
}

static void
add_key (State *state, const char *keys, const char *help)
{
    g_autofree char *text = g_strdup_printf ("  %-15s %s", keys, help);

    prc_lines_add_hanging (state->lines, PRC_LOOK_TEXT, HELP_COLUMN, text, NULL);
}

static void
open_help (PrcView *view, gpointer argument)
{
    State *state = view->state;
    PrcViewSet where = argument != NULL ? (PrcViewSet) GPOINTER_TO_INT (argument) : PRC_IN_ALL;
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    state->lines = prc_lines_new ();
    for (gsize i = 0; i < n; i++) {
        add_group (state, &rows[i]);
        if ((rows[i].where & where) == 0)
            continue;
        add_key (state, rows[i].keys, _ (rows[i].help));
    }
    prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add (state->lines, PRC_LOOK_STRONG, _ ("In a form"), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS (form_keys); i++)
        prc_lines_add_hanging (state->lines, PRC_LOOK_TEXT, HELP_COLUMN, _ (form_keys[i]), NULL);
    prc_lines_add (state->lines, PRC_LOOK_TEXT, "", NULL);
    prc_lines_add_wrapped (
        state->lines, PRC_LOOK_DIM,
        _ ("C- is Ctrl, S- is Shift. The mouse works too: click, double click, wheel."));
}

static void
close_help (PrcView *view)
{
    prc_lines_free (((State *) view->state)->lines);
}

static PrcLines *
lines (const PrcView *view)
{
    return ((State *) view->state)->lines;
}

const PrcViewClass prc_view_help = {
    .id = PRC_IN_HELP,
    .name = "help",
    .title = N_ ("Help"),
    .state_size = sizeof (State),
    .open = open_help,
    .close = close_help,
    .lines = lines,
};
