/* list.h - which of many rows is selected, and which are in sight; costs the same for ten rows and
 * ten thousand */
#pragma once
#include <glib.h>

/** PrcList: plain value. */
typedef struct {
    guint selected;
    guint top;  /* the first row in sight */
    guint rows; /* how many there are, as of the last prc_list_fit() */
    guint page; /* how many fit */
} PrcList;

/** prc_list_fit: there are now @rows rows, and room for @page: keeps the selection inside and in
 * sight. */
void prc_list_fit (PrcList *list, guint rows, guint page);
/** prc_list_move: by @delta rows, stopping at the ends. TRUE if anything changed. */
gboolean prc_list_move (PrcList *list, gint64 delta);
/** prc_list_select: @row, or the last if there are fewer. TRUE if anything changed. */
gboolean prc_list_select (PrcList *list, guint row);
