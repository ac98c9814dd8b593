#include "tui/rows.h"

#include "tui/widgets/lines.h"
#include "tui/widgets/tree.h"

#define LINES_MARGIN 1 /* and a scroll bar at the other side */

static PrcLines *
lines_of (const PrcView *view)
{
    return view->class->lines != NULL ? view->class->lines (view) : NULL;
}

static PrcTree *
tree_of (const PrcView *view)
{
    return view->class->tree != NULL ? view->class->tree (view) : NULL;
}

guint
prc_rows_count (const PrcView *view)
{
    if (view->class->lines != NULL)
        return lines_of (view) != NULL ? prc_lines_count (lines_of (view)) : 0;
    if (view->class->tree != NULL)
        return tree_of (view) != NULL ? prc_tree_rows (tree_of (view)) : 0;
    return view->class->rows != NULL ? view->class->rows (view) : 0;
}

void
prc_rows_draw (const PrcView *view, const PrcArea *line, guint row)
{
    PrcArea inside = prc_area_sub (line, LINES_MARGIN, 0, line->width - LINES_MARGIN, 1);

    if (view->class->lines != NULL)
        prc_lines_draw (lines_of (view), &inside, row);
    else
        view->class->draw_row (view, line, row);
}

gboolean
prc_rows_can_search (const PrcView *view)
{
    return view->class->lines != NULL || view->class->node_has != NULL ||
           view->class->match != NULL;
}

gboolean
prc_rows_can_filter (const PrcView *view)
{
    return view->class->lines != NULL || view->class->node_has != NULL;
}

gboolean
prc_rows_match (const PrcView *view, guint row, const PrcNeedle *needle)
{
    if (view->class->lines != NULL)
        return prc_needle_in (needle, prc_lines_text (lines_of (view), row));
    if (view->class->tree != NULL)
        return prc_tree_match (tree_of (view), row, view->class->node_has, needle);
    return view->class->match (view, row, needle);
}

void
prc_rows_filter (PrcView *view, const PrcNeedle *needle)
{
    if (lines_of (view) != NULL)
        prc_lines_filter (lines_of (view), needle);
    else if (tree_of (view) != NULL)
        prc_tree_filter (tree_of (view), needle != NULL ? view->class->node_has : NULL, needle);
}

void
prc_rows_fit (PrcView *view, int width)
{
    if (lines_of (view) != NULL)
        prc_lines_reflow (lines_of (view), MAX (width - LINES_MARGIN - 2, 1));
}

gboolean
prc_rows_can_fold (const PrcView *view, PrcActionId action)
{
    const PrcTree *tree = tree_of (view);

    if (tree == NULL || view->list.selected >= prc_tree_rows (tree))
        return FALSE;
    return action == PRC_ACTION_OPEN ? prc_tree_has_children (tree, view->list.selected)
                                     : action == PRC_ACTION_FOLD || action == PRC_ACTION_FOLD_ALL;
}

void
prc_rows_fold (PrcView *view, PrcActionId action)
{
    PrcTree *tree = tree_of (view);
    guint row = view->list.selected;

    if (action == PRC_ACTION_OPEN)
        prc_tree_toggle (tree, row);
    else
        view->list.selected =
            action == PRC_ACTION_FOLD ? prc_tree_fold (tree, row) : prc_tree_fold_all (tree, row);
}
