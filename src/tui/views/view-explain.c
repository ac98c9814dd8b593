/* view-explain.c - what the words and the failures mean: a list of topics, and one of them to read
 */
#include <string.h>

#include "app/explain.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/views.h"
#include "tui/widgets/lines.h"

#define TITLE_COLUMN 25 /* where what a name means begins */

typedef struct {
    PrcLines *lines;
    const PrcTopic *topic; /* NULL: the list */
} State;

static void
add_paragraph (PrcLines *lines, const char *text)
{
    g_auto (GStrv) parts = g_strsplit (text, "\n", -1);

    for (char **part = parts; *part != NULL; part++) {
        if (g_str_has_prefix (*part, "  "))
            prc_lines_add (lines, PRC_LOOK_KEY, *part, NULL);
        else
            prc_lines_add_wrapped (lines, PRC_LOOK_TEXT, *part);
    }
}

static void
list_topics (PrcLines *lines)
{
    for (int group = 0; group < PRC_N_TOPIC_GROUPS; group++) {
        gsize n = 0;
        const PrcTopic *topics = prc_topics ((PrcTopicGroup) group, &n);

        if (group > 0)
            prc_lines_add (lines, PRC_LOOK_TEXT, "", NULL);
        prc_lines_add (lines, PRC_LOOK_STRONG, _ (prc_topic_group_title ((PrcTopicGroup) group)),
                       NULL);
        for (gsize i = 0; i < n; i++) {
            g_autofree char *text =
                g_strdup_printf ("  %-22s %s", topics[i].name, _ (topics[i].title));

            prc_lines_add_hanging (lines, PRC_LOOK_TEXT, TITLE_COLUMN, text, (gpointer) &topics[i]);
        }
    }
}

static void
show_topic (PrcLines *lines, const PrcTopic *topic)
{
    g_auto (GStrv) see = g_strsplit (topic->see != NULL ? topic->see : "", " ", -1);
    gboolean is_first = TRUE;

    prc_lines_add_wrapped (lines, PRC_LOOK_STRONG, _ (topic->title));
    prc_lines_add (lines, PRC_LOOK_TEXT, "", NULL);
    add_paragraph (lines, _ (topic->text));
    for (char **name = see; *name != NULL; name++) {
        const PrcTopic *other = **name != '\0' ? prc_topic_find (*name) : NULL;
        g_autofree char *text =
            other != NULL ? g_strdup_printf ("  %-22s %s", other->name, _ (other->title)) : NULL;

        if (other == NULL)
            continue;
        if (is_first) {
            prc_lines_add (lines, PRC_LOOK_TEXT, "", NULL);
            prc_lines_add (lines, PRC_LOOK_STRONG, _ ("See also"), NULL);
        }
        is_first = FALSE;
        prc_lines_add_hanging (lines, PRC_LOOK_INFO, TITLE_COLUMN, text, (gpointer) other);
    }
}

static void
open_explain (PrcView *view, gpointer argument)
{
    State *state = view->state;
    g_autofree char *name = argument;

    state->lines = prc_lines_new ();
    state->topic = name != NULL ? prc_topic_find (name) : NULL;
    if (state->topic != NULL)
        show_topic (state->lines, state->topic);
    else
        list_topics (state->lines);
}

static void
close_explain (PrcView *view)
{
    prc_lines_free (((State *) view->state)->lines);
}

static PrcLines *
lines (const PrcView *view)
{
    return ((State *) view->state)->lines;
}

static gboolean
enabled (const PrcView *view, PrcActionId action, const char **ret_reason)
{
    if (action != PRC_ACTION_OPEN)
        return FALSE;
    if (prc_lines_data (((State *) view->state)->lines, view->list.selected) == NULL)
        *ret_reason = N_ ("this line is no topic");
    return *ret_reason == NULL;
}

static gboolean
act (PrcView *view, PrcActionId action)
{
    const PrcTopic *topic = prc_lines_data (((State *) view->state)->lines, view->list.selected);

    if (action != PRC_ACTION_OPEN)
        return FALSE;
    (void) prc_ui_push (view->ui, &prc_view_explain, g_strdup (topic->name));
    return TRUE;
}

static char *
status (const PrcView *view)
{
    const State *state = view->state;

    return state->topic != NULL ? g_strdup (state->topic->name) : NULL;
}

const PrcViewClass prc_view_explain = {
    .id = PRC_IN_EXPLAIN,
    .name = "explain",
    .title = N_ ("In plain words"),
    .state_size = sizeof (State),
    .open = open_explain,
    .close = close_explain,
    .lines = lines,
    .enabled = enabled,
    .act = act,
    .status = status,
};
