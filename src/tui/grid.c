#include "tui/grid.h"

#include <string.h>

struct _PrcGrid {
    int width, height;
    PrcCell *cells;
    int cursor_x, cursor_y;
};

static PrcCell *
cell_at (const PrcGrid *grid, int x, int y)
{
    return &grid->cells[(gsize) y * (gsize) grid->width + (gsize) x];
}

static void
blank (PrcCell *cell, PrcLook look, guint8 flags)
{
    cell->text[0] = ' ';
    cell->text[1] = '\0';
    cell->width = 1;
    cell->look = (guint8) look;
    cell->flags = flags;
}

PrcGrid *
prc_grid_new (int width, int height)
{
    PrcGrid *grid = g_new0 (PrcGrid, 1);

    prc_grid_resize (grid, width, height);
    return grid;
}

void
prc_grid_free (PrcGrid *grid)
{
    if (grid == NULL)
        return;
    g_free (grid->cells);
    g_free (grid);
}

void
prc_grid_resize (PrcGrid *grid, int width, int height)
{
    width = MAX (width, 1);
    height = MAX (height, 1);
    if (width != grid->width || height != grid->height) {
        g_free (grid->cells);
        grid->cells = g_new0 (PrcCell, (gsize) width * (gsize) height);
        grid->width = width;
        grid->height = height;
    }
    prc_grid_clear (grid);
}

void
prc_grid_clear (PrcGrid *grid)
{
    for (gsize i = 0; i < (gsize) grid->width * (gsize) grid->height; i++)
        blank (&grid->cells[i], PRC_LOOK_TEXT, 0);
    grid->cursor_x = grid->cursor_y = -1;
}

int
prc_grid_width (const PrcGrid *grid)
{
    return grid->width;
}

int
prc_grid_height (const PrcGrid *grid)
{
    return grid->height;
}

static gboolean
is_inside (const PrcGrid *grid, int x, int y)
{
    return x >= 0 && y >= 0 && x < grid->width && y < grid->height;
}

const PrcCell *
prc_grid_cell (const PrcGrid *grid, int x, int y)
{
    g_return_val_if_fail (is_inside (grid, x, y), NULL);
    return cell_at (grid, x, y);
}

/* A wide character can't be half there: what is left of it becomes a blank. */
static void
split_wide (PrcGrid *grid, int x, int y)
{
    PrcCell *cell = cell_at (grid, x, y);

    if (cell->width == 0 && x > 0)
        blank (cell - 1, (cell - 1)->look, (cell - 1)->flags);
    if (cell->width == 2 && x + 1 < grid->width)
        blank (cell + 1, (cell + 1)->look, (cell + 1)->flags);
}

void
prc_grid_set (PrcGrid *grid, int x, int y, const PrcGrapheme *grapheme, PrcLook look)
{
    PrcCell *cell = NULL;

    if (!is_inside (grid, x, y))
        return;
    cell = cell_at (grid, x, y);
    split_wide (grid, x, y);
    if (grapheme->width == 2 && x + 1 >= grid->width) {
        blank (cell, look, 0);
        return;
    }
    g_strlcpy (cell->text, grapheme->text, sizeof cell->text);
    cell->width = (guint8) grapheme->width;
    cell->look = (guint8) look;
    cell->flags = 0;
    if (grapheme->width == 2) {
        split_wide (grid, x + 1, y);
        cell[1] = (PrcCell){ .text = "", .width = 0, .look = (guint8) look };
    }
}

void
prc_grid_flag (PrcGrid *grid, int x, int y, guint flags)
{
    PrcCell *cell = NULL;

    if (!is_inside (grid, x, y))
        return;
    cell = cell_at (grid, x, y);
    cell->flags |= (guint8) flags;
    if (cell->width == 2 && x + 1 < grid->width)
        cell[1].flags |= (guint8) flags;
    if (cell->width == 0 && x > 0)
        cell[-1].flags |= (guint8) flags;
}

void
prc_grid_set_cursor (PrcGrid *grid, int x, int y)
{
    grid->cursor_x = is_inside (grid, x, y) ? x : -1;
    grid->cursor_y = is_inside (grid, x, y) ? y : -1;
}

gboolean
prc_grid_cursor (const PrcGrid *grid, int *ret_x, int *ret_y)
{
    if (grid->cursor_x < 0)
        return FALSE;
    *ret_x = grid->cursor_x;
    *ret_y = grid->cursor_y;
    return TRUE;
}

static char
letter_of (const PrcCell *cell)
{
    static const char letters[PRC_N_LOOKS + 1] = ".dsthkowbi*p|f+-@";

    if ((cell->flags & PRC_CELL_MATCH) != 0)
        return '~';
    if ((cell->flags & PRC_CELL_SELECTED) != 0)
        return cell->look == PRC_LOOK_TEXT ? '#' : g_ascii_toupper (letters[cell->look]);
    return letters[cell->look];
}

/* No blanks at the end of a line. */
static void
end_line (GString *out, gsize start, char filler)
{
    while (out->len > start && out->str[out->len - 1] == filler)
        g_string_truncate (out, out->len - 1);
    g_string_append_c (out, '\n');
}

char *
prc_grid_dump (const PrcGrid *grid, gboolean looks)
{
    GString *out = g_string_new (NULL);

    for (int y = 0; y < grid->height; y++) {
        gsize start = out->len;

        for (int x = 0; x < grid->width; x++)
            g_string_append (out, cell_at (grid, x, y)->text);
        end_line (out, start, ' ');
    }
    for (int y = 0; looks && y < grid->height; y++) {
        gsize start = out->len;

        for (int x = 0; x < grid->width; x++)
            g_string_append_c (out, letter_of (cell_at (grid, x, y)));
        end_line (out, start, '.');
    }
    return g_string_free (out, FALSE);
}
