/* draw.h - drawing into a part of the grid; nothing is ever drawn outside of it
 *
 * Coordinates are those of the area, from 0. All text may be anything: see prc_grapheme_next(). */
#pragma once
#include <glib.h>

#include "tui/grid.h"
#include "tui/theme.h"

/** PrcArea: a rectangle of a grid, passed by value or const pointer; may be empty. */
typedef struct {
    PrcGrid *grid;
    const PrcTheme *theme; /* for its glyphs */
    int x, y, width, height;
} PrcArea;

PrcArea prc_area_of_grid (PrcGrid *grid, const PrcTheme *theme);
/** prc_area_sub: the part of @area that the rectangle covers. A negative @width or @height counts
 * from the far edge: -1 reaches it, -2 stops one before. */
PrcArea prc_area_sub (const PrcArea *area, int x, int y, int width, int height);

/** prc_draw_text: at (@x, @y), clipped at the edge. Returns the column behind it. */
int prc_draw_text (const PrcArea *area, int x, int y, const char *text, PrcLook look);
/** prc_draw_format: the same, as printf(). */
int prc_draw_format (const PrcArea *area, int x, int y, PrcLook look, const char *format, ...)
    G_GNUC_PRINTF (5, 6);
/** prc_draw_field: exactly @width columns: padded with blanks, or clipped with an ellipsis. Returns
 * the column behind it. */
int prc_draw_field (const PrcArea *area, int x, int y, int width, const char *text, PrcLook look);
/** prc_draw_path: as prc_draw_field(), but what is too long loses its beginning: the end of a path
 * says most. */
int prc_draw_path (const PrcArea *area, int x, int y, int width, const char *path, PrcLook look);
/** prc_draw_right: so that it ends at the column before @x_end; clipped at 0. Returns where it
 * begins. */
int prc_draw_right (const PrcArea *area, int x_end, int y, const char *text, PrcLook look);
/** prc_draw_wrapped: from @y on in the area's width, broken at blanks. Returns how many lines it
 * took (also those that are out of sight); with @area NULL it only counts, for @width. */
int prc_draw_wrapped (const PrcArea *area, int width, int y, const char *text, PrcLook look);
/** prc_draw_fill: the whole area with blanks of this look. */
void prc_draw_fill (const PrcArea *area, PrcLook look);
/** prc_draw_rule: a line across, with a title in it (nullable). */
void prc_draw_rule (const PrcArea *area, int y, const char *title);
/** prc_draw_box: a frame around the area, with a title (nullable). Returns what is inside. */
PrcArea prc_draw_box (const PrcArea *area, const char *title);
/** prc_draw_glyph: one of the theme's. Returns the column behind it. */
int prc_draw_glyph (const PrcArea *area, int x, int y, PrcGlyph glyph, PrcLook look);

/** prc_area_flag: adds cell flags to all of the area. */
void prc_area_flag (const PrcArea *area, guint flags);
/** prc_area_cursor: puts the terminal's cursor there, if it is inside. */
void prc_area_cursor (const PrcArea *area, int x, int y);
