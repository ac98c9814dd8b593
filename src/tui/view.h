/* view.h - the contract of a view: one screen of the program
 *
 * A view is a vtable and its state. What happens to it, in this order: key → action → its `act`
 * changes the state and says prc_view_dirty() → the ui recalculates sizes and scrolling → `draw…`
 * reads the state and changes nothing.
 *
 * Most views are lists: they say how many rows there are and draw one; selection, scrolling, search
 * with its highlighting, mouse and cursor are the ui's. Text to read is a list of lines
 * (widgets/lines.h), a tree is a list of its visible nodes (widgets/tree.h). A form
 * (widgets/form.h) takes the keys first.
 *
 * Views know app/, model/ and base/, never a terminal. They never block: work goes through
 * prc_view_start(). */
#pragma once
#include <glib.h>

#include "tui/action.h"
#include "tui/draw.h"
#include "tui/job.h"
#include "tui/needle.h"
#include "tui/widgets/list.h"

typedef struct _PrcUi PrcUi;
typedef struct _PrcView PrcView;
typedef struct _PrcForm PrcForm;
typedef struct _PrcLines PrcLines;
typedef struct _PrcTree PrcTree;
typedef struct _PrcTreeMemory PrcTreeMemory;

/** PrcViewClass: members that are not needed are NULL. */
typedef struct {
    PrcViewSet id;     /* its bit in the table of actions */
    const char *name;  /* "overview" */
    const char *title; /* N_(): for the title bar */
    gsize state_size;  /* of `state`, zeroed */

    /** @argument: from prc_ui_push(), taken over. */
    void (*open) (PrcView *view, gpointer argument);
    void (*close) (PrcView *view);

    /* A list; of these three ways one */
    /** lines to read: the ui does the rest (the list may be NULL) */
    PrcLines *(*lines) (const PrcView *view);
    /** a tree (may be NULL): the ui opens and closes nodes; `draw_row` draws the one of a row;
     * `node_has` is for search and filter: @needle is a PrcNeedle */
    PrcTree *(*tree) (const PrcView *view);
    gboolean (*node_has) (gconstpointer data, gconstpointer needle);
    /** rows of its own; without `match` nothing can be searched */
    guint (*rows) (const PrcView *view);
    gboolean (*match) (const PrcView *view, guint row, const PrcNeedle *needle);
    /** of a tree, and of own rows */
    void (*draw_row) (const PrcView *view, const PrcArea *line, guint row);
    /** what the list says when it is empty (transfer full) */
    char *(*empty) (const PrcView *view);

    /* Above the list: as many lines as it wants (it gets at most a third of the height) */
    int (*head_height) (const PrcView *view, int width);
    void (*draw_head) (const PrcView *view, const PrcArea *area);
    /* Below the list (beside it where the screen is wide): about the selected row; as many lines as
     * it wants */
    int (*detail_height) (const PrcView *view, int width);
    void (*draw_detail) (const PrcView *view, const PrcArea *area);

    /* Something else than a list: a form. `form` gives it the keys, paste and mouse, and draws it
     * below the head. */
    PrcForm *(*form) (const PrcView *view);

    /** TRUE: `act` would do it now. *@ret_reason: N_(): why it can't be done now; stays NULL for
     * what this view has nothing to say about: then the ui opens the view that is for it, if there
     * is one. Not asked about moving. */
    gboolean (*enabled) (const PrcView *view, PrcActionId action, const char **ret_reason);
    /** only asked for what `enabled` allows, and for REFRESH, CANCEL and the like, which any view
     * may take for itself. FALSE: the ui does what it does everywhere with this action */
    gboolean (*act) (PrcView *view, PrcActionId action);
    /** at the right of the title bar (transfer full) (nullable) */
    char *(*status) (const PrcView *view);
    /** files or profiles may have changed, by us or by others: read again, in the background */
    void (*reload) (PrcView *view);
    /** leaving would lose what was typed: a question for a dialog (transfer full) (nullable) */
    char *(*unsaved) (const PrcView *view);
} PrcViewClass;

struct _PrcView {
    const PrcViewClass *class;
    PrcUi *ui;
    PrcList list; /* selected row and scrolling */
    gpointer state;
    /* the ui's own */
    PrcNeedle *found;  /* (nullable): what was searched for last */
    PrcNeedle *filter; /* (nullable) */
};

/** prc_view_dirty: it must be drawn again. */
void prc_view_dirty (PrcView *view);
/** prc_view_rebuilt: its tree is a new one: the filter that is set counts for it too, what was open
 * is open, and the same row is selected. @memory: of the tree before; taken over. */
void prc_view_rebuilt (PrcView *view, PrcTreeMemory *memory);
/** prc_view_start: a job whose `done` gets the view as its owner; it is cancelled when the view
 * closes. */
PrcJob *prc_view_start (PrcView *view, const PrcJobSpec *spec);
