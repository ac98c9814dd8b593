/* action.h - THE table of what can be done: key map, hints, help, palette and manual come from it
 *
 * A new action is one id here and one row in action.c. A view does an action in its `act`, and says
 * in its `enabled` why it can't be done now. */
#pragma once
#include <glib.h>

#include "tui/event.h"

typedef enum {
    PRC_ACTION_NONE,
    /* in every view */
    PRC_ACTION_QUIT, /* where there is nothing to go back to */
    PRC_ACTION_QUIT_ALL,
    PRC_ACTION_BACK,
    PRC_ACTION_HELP,
    PRC_ACTION_PALETTE,
    PRC_ACTION_REFRESH,
    PRC_ACTION_REDRAW,
    PRC_ACTION_SUSPEND,
    PRC_ACTION_CANCEL, /* what runs in the background */
    PRC_ACTION_SCHEME, /* the next colour scheme */
    PRC_ACTION_LOCK,   /* forget the passphrase */
    /* in lists */
    PRC_ACTION_UP,
    PRC_ACTION_DOWN,
    PRC_ACTION_PAGE_UP,
    PRC_ACTION_PAGE_DOWN,
    PRC_ACTION_FIRST,
    PRC_ACTION_LAST,
    PRC_ACTION_SEARCH,
    PRC_ACTION_NEXT_MATCH,
    PRC_ACTION_PREVIOUS_MATCH,
    PRC_ACTION_FILTER,
    PRC_ACTION_OPEN, /* the selected row: its details, or what is inside it */
    PRC_ACTION_FOLD,
    PRC_ACTION_FOLD_ALL,
    PRC_ACTION_TOGGLE, /* choose the selected row, or not */
    PRC_ACTION_TOGGLE_ALL,
    /* ways to other views */
    PRC_ACTION_OVERVIEW,
    PRC_ACTION_PROFILES,
    PRC_ACTION_LOGIN,
    PRC_ACTION_PASSWD,
    PRC_ACTION_CHECK,
    PRC_ACTION_ROUTE,
    PRC_ACTION_APPLY,
    PRC_ACTION_HISTORY,
    PRC_ACTION_DOCTOR,
    PRC_ACTION_EXPLAIN,
    PRC_ACTION_UNDO, /* the newest change, from wherever one is */
    /* what single views do with the selected row, or at all */
    PRC_ACTION_EDIT,
    PRC_ACTION_EDITOR, /* $EDITOR on its file, at its line */
    PRC_ACTION_NEW,
    PRC_ACTION_REMOVE,
    PRC_ACTION_USE,
    PRC_ACTION_DIRECT,
    PRC_ACTION_IMPORT,
    PRC_ACTION_CONFIRM, /* do what the view has shown */
    PRC_ACTION_SAVE,    /* do what the form is for */
    PRC_ACTION_REMEDY,  /* what the view proposes next */
    PRC_ACTION_FORCE,
} PrcActionId;
#define PRC_N_ACTIONS (PRC_ACTION_FORCE + 1)

/** PrcViewSet: views as bits, for the table's column "where". */
typedef enum {
    PRC_IN_OVERVIEW = 1 << 0,
    PRC_IN_START = 1 << 1,    /* the first start */
    PRC_IN_SETTING = 1 << 2,  /* one setting, with the lines around it */
    PRC_IN_PROFILES = 1 << 3, /* the list of them */
    PRC_IN_PROFILE = 1 << 4,  /* the editor of one */
    PRC_IN_LOGIN = 1 << 5,
    PRC_IN_PASSWD = 1 << 6,
    PRC_IN_CHECK = 1 << 7,
    PRC_IN_ROUTE = 1 << 8,
    PRC_IN_PLAN = 1 << 9,
    PRC_IN_HISTORY = 1 << 10,
    PRC_IN_DOCTOR = 1 << 11,
    PRC_IN_HELP = 1 << 12,
    PRC_IN_EXPLAIN = 1 << 13,
} PrcViewSet;
#define PRC_IN_FORMS (PRC_IN_PROFILE | PRC_IN_LOGIN | PRC_IN_PASSWD)
#define PRC_IN_ALL ((PrcViewSet) ((1 << 14) - 1))
/** Views that nothing is below. */
#define PRC_IN_ROOTS PRC_IN_OVERVIEW
/** Views that are lists of rows: all that have no fields to type into. */
#define PRC_IN_LISTS ((PrcViewSet) (PRC_IN_ALL & ~PRC_IN_FORMS))

enum {
    PRC_ACTION_DANGEROUS = 1 << 0, /* changes files: it must ask, or show a plan, before it does */
    PRC_ACTION_NEEDS_ROW = 1 << 1, /* not with an empty list */
    PRC_ACTION_IS_MOVE = 1 << 2,   /* moves about: not in the hints, not in the palette */
};

/** PrcActionRow: one row of the table. */
typedef struct {
    PrcActionId id;
    const char *name; /* for the palette and the manual: "next-match" */
    const char *keys; /* the default ones, blank-separated, as prc_key_parse() takes them; the first
                         is shown */
    const char *label; /* N_(): one or two words for the hint line */
    const char *help;  /* N_(): a sentence without a full stop */
    PrcViewSet where;
    guint flags;
    guint rank; /* in the hint line, 1 comes first; 0: not there */
} PrcActionRow;

/** prc_actions: (array length=ret_n) (transfer none): the table, in the order of help. */
const PrcActionRow *prc_actions (gsize *ret_n);
/** prc_action_row: (transfer none): never NULL for an id of the table. */
const PrcActionRow *prc_action_row (PrcActionId id);
/** prc_action_for_key: what @key does in the view with the bit @view; PRC_ACTION_NONE: nothing. In
 * a form, what can be typed is never an action. */
PrcActionId prc_action_for_key (PrcKey key, PrcViewSet view);
/** prc_action_by_name: (nullable) (transfer none) */
const PrcActionRow *prc_action_by_name (const char *name);
/** prc_action_key_name: the first of its keys that does it in the view with the bit @view, as
 * shown; (transfer full);
 * "" when there is none. */
char *prc_action_key_name (const PrcActionRow *row, PrcViewSet view);

/** prc_actions_dump: the table for the manual, untranslated: a line for each row: its keys, name
 * and help, with tabs between. (transfer full) */
char *prc_actions_dump (void);
