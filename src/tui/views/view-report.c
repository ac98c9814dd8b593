/* view-report.c - lines to read: what has become of something */
#include "base/i18n.h"
#include "tui/ui.h"
#include "tui/views/views.h"
#include "tui/widgets/lines.h"

typedef struct {
    PrcLines *lines;
} State;

static void
open_report (PrcView *view, gpointer argument)
{
    ((State *) view->state)->lines = argument;
}

static void
close_report (PrcView *view)
{
    prc_lines_free (((State *) view->state)->lines);
}

static guint
rows (const PrcView *view)
{
    return prc_lines_count (((State *) view->state)->lines);
}

static void
draw_row (const PrcView *view, const PrcArea *line, guint row)
{
    PrcArea inside = prc_area_sub (line, 2, 0, line->width - 2, 1);

    prc_lines_draw (((State *) view->state)->lines, &inside, row);
}

static void
filter (PrcView *view, const PrcNeedle *needle)
{
    prc_lines_filter (((State *) view->state)->lines, needle);
}

static void
reflow (PrcView *view, int width)
{
    prc_lines_reflow (((State *) view->state)->lines, MAX (width - 4, 1)); /* and a scroll bar */
}

static gboolean
match (const PrcView *view, guint row, const PrcNeedle *needle)
{
    return prc_needle_in (needle, prc_lines_text (((State *) view->state)->lines, row));
}

const PrcViewClass prc_view_report = {
    .id = PRC_IN_EXPLAIN,
    .name = "report",
    .title = N_ ("Done"),
    .state_size = sizeof (State),
    .open = open_report,
    .close = close_report,
    .rows = rows,
    .draw_row = draw_row,
    .match = match,
    .reflow = reflow,
    .filter = filter,
};
