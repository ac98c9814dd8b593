/* rows.h - the rows of a view, whichever way it has them: lines to read, the visible nodes of a
 * tree, or its own */
#pragma once
#include "tui/view.h"

guint prc_rows_count (const PrcView *view);
void prc_rows_draw (const PrcView *view, const PrcArea *line, guint row);
/** prc_rows_can_search, prc_rows_can_filter: it makes sense to ask for it. */
gboolean prc_rows_can_search (const PrcView *view);
gboolean prc_rows_can_filter (const PrcView *view);
/** prc_rows_match: a closed node of a tree stands for what is in it, so that nothing is missed. */
gboolean prc_rows_match (const PrcView *view, guint row, const PrcNeedle *needle);
/** prc_rows_filter: @needle NULL: all again. */
void prc_rows_filter (PrcView *view, const PrcNeedle *needle);
/** prc_rows_fit: the list is this wide: text is broken anew. */
void prc_rows_fit (PrcView *view, int width);
/** prc_rows_can_fold, prc_rows_fold: OPEN, FOLD and FOLD_ALL in a tree. */
gboolean prc_rows_can_fold (const PrcView *view, PrcActionId action);
void prc_rows_fold (PrcView *view, PrcActionId action);
