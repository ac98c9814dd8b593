#include "tui/widgets/list.h"

static void
keep_in_sight (PrcList *list)
{
    guint page = MAX (list->page, 1);

    if (list->selected < list->top)
        list->top = list->selected;
    if (list->selected >= list->top + page)
        list->top = list->selected - page + 1;
    if (list->top + page > list->rows) /* no empty lines below while there are rows above */
        list->top = list->rows > page ? list->rows - page : 0;
}

void
prc_list_fit (PrcList *list, guint rows, guint page)
{
    list->rows = rows;
    list->page = page;
    if (list->selected >= rows)
        list->selected = rows > 0 ? rows - 1 : 0;
    keep_in_sight (list);
}

gboolean
prc_list_select (PrcList *list, guint row)
{
    PrcList before = *list;

    list->selected = list->rows > 0 ? MIN (row, list->rows - 1) : 0;
    keep_in_sight (list);
    return before.selected != list->selected || before.top != list->top;
}

gboolean
prc_list_move (PrcList *list, gint64 delta)
{
    gint64 row = (gint64) list->selected + delta;

    return prc_list_select (list, row < 0 ? 0 : row > G_MAXUINT ? G_MAXUINT : (guint) row);
}
