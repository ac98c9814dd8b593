/* grid.h - the screen as a table of cells: what views draw to, what tests read, what term/ copies
 * to the terminal
 *
 * A cell says what stands there and what it means (its look), never a colour: theme.h turns looks
 * into colours. The grid knows nothing of terminals. */
#pragma once
#include <glib.h>

#include "base/width.h"

/** PrcLook: what a text is, so that a theme can say how it looks. */
typedef enum {
    PRC_LOOK_TEXT,
    PRC_LOOK_DIM,    /* less important: details, what is not installed */
    PRC_LOOK_STRONG, /* names, what to read first */
    PRC_LOOK_TITLE,  /* the bar at the top */
    PRC_LOOK_HINT,   /* the line of keys at the bottom */
    PRC_LOOK_KEY,    /* a key in that line, or in help */
    PRC_LOOK_OK,     /* as it should be; always with its mark (PRC_GLYPH_OK, …) or word */
    PRC_LOOK_WARN,
    PRC_LOOK_BAD,
    PRC_LOOK_INFO,
    PRC_LOOK_SECRET, /* masked: *** */
    PRC_LOOK_PLACE,  /* file:line */
    PRC_LOOK_BORDER,
    PRC_LOOK_FIELD, /* what can be typed into */
    PRC_LOOK_ADDED, /* of a diff, as is REMOVED and HUNK; always with + - @ */
    PRC_LOOK_REMOVED,
    PRC_LOOK_HUNK,
} PrcLook;
#define PRC_N_LOOKS (PRC_LOOK_HUNK + 1)

/** Flags of a cell, over its look. */
enum {
    PRC_CELL_SELECTED = 1 << 0, /* of the selected row */
    PRC_CELL_MATCH = 1 << 1,    /* found by the search */
};

typedef struct {
    char text[PRC_GRAPHEME_SIZE]; /* one grapheme; "" in the right half of a wide one */
    guint8 width;                 /* 1, 2, or 0 for the right half of a wide one */
    guint8 look;                  /* PrcLook */
    guint8 flags;
} PrcCell;

typedef struct _PrcGrid PrcGrid;

/** prc_grid_new: (transfer full): of blanks; at least 1×1. */
PrcGrid *prc_grid_new (int width, int height);
void prc_grid_free (PrcGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcGrid, prc_grid_free)
/** prc_grid_resize: to blanks, and no cursor. */
void prc_grid_resize (PrcGrid *grid, int width, int height);
void prc_grid_clear (PrcGrid *grid);
int prc_grid_width (const PrcGrid *grid);
int prc_grid_height (const PrcGrid *grid);

/** prc_grid_cell: (transfer none); the place must be inside. */
const PrcCell *prc_grid_cell (const PrcGrid *grid, int x, int y);
/**
 * prc_grid_set: puts one grapheme there. Outside nothing happens. A wide one that does not fit into
 * the line becomes a blank; a wide one of which only one half is overwritten leaves a blank for the
 * other.
 */
void prc_grid_set (PrcGrid *grid, int x, int y, const PrcGrapheme *grapheme, PrcLook look);
/** prc_grid_flag: adds @flags to a cell, and to the other half of a wide one. */
void prc_grid_flag (PrcGrid *grid, int x, int y, guint flags);

/** prc_grid_set_cursor: where the terminal's own cursor stands: on the selected row, or where text
 * is typed. Outside of the grid: hidden. */
void prc_grid_set_cursor (PrcGrid *grid, int x, int y);
gboolean prc_grid_cursor (const PrcGrid *grid, int *ret_x, int *ret_y);

/**
 * prc_grid_dump: the screen as text, a line for each row without blanks at its end; with @looks a
 * second block that shows a letter per cell for look and flags, so that goldens can see them.
 * (transfer full)
 */
char *prc_grid_dump (const PrcGrid *grid, gboolean looks);
