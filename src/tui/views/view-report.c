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

static PrcLines *
lines (const PrcView *view)
{
    return ((State *) view->state)->lines;
}

const PrcViewClass prc_view_report = {
    .id = PRC_IN_EXPLAIN,
    .name = "report",
    .title = N_ ("Done"),
    .state_size = sizeof (State),
    .open = open_report,
    .close = close_report,
    .lines = lines,
};
