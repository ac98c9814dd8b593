#include "tui/draw.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

PrcArea
prc_area_of_grid (PrcGrid *grid, const PrcTheme *theme)
{
    return (PrcArea){ grid, theme, 0, 0, prc_grid_width (grid), prc_grid_height (grid) };
}

PrcArea
prc_area_sub (const PrcArea *area, int x, int y, int width, int height)
{
    PrcArea sub = *area;
    int right = width < 0 ? area->width + width + 1 : x + width;
    int bottom = height < 0 ? area->height + height + 1 : y + height;
    int left = CLAMP (x, 0, area->width), top = CLAMP (y, 0, area->height);

    sub.x = area->x + left;
    sub.y = area->y + top;
    sub.width = MAX (CLAMP (right, 0, area->width) - left, 0);
    sub.height = MAX (CLAMP (bottom, 0, area->height) - top, 0);
    return sub;
}

static gboolean
has_line (const PrcArea *area, int y)
{
    return y >= 0 && y < area->height;
}

/* Draws from @x on what of @text lies in [0, @limit). */
static int
draw_until (const PrcArea *area, int x, int y, int limit, const char *text, PrcLook look)
{
    PrcGrapheme grapheme;

    limit = MIN (limit, area->width);
    while (has_line (area, y) && x < limit && prc_grapheme_next (&text, &grapheme)) {
        if (x + grapheme.width > limit)
            break;
        if (x >= 0)
            prc_grid_set (area->grid, area->x + x, area->y + y, &grapheme, look);
        x += grapheme.width;
    }
    return x;
}

int
prc_draw_text (const PrcArea *area, int x, int y, const char *text, PrcLook look)
{
    return draw_until (area, x, y, area->width, text, look);
}

int
prc_draw_format (const PrcArea *area, int x, int y, PrcLook look, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    return prc_draw_text (area, x, y, text, look);
}

static void
pad (const PrcArea *area, int x, int y, int limit, PrcLook look)
{
    while (has_line (area, y) && x < limit && x < area->width)
        x = draw_until (area, x, y, limit, " ", look);
}

int
prc_draw_field (const PrcArea *area, int x, int y, int width, const char *text, PrcLook look)
{
    int limit = x + MAX (width, 0), end = 0;

    if (x + width > area->width)
        limit = MAX (area->width, x);
    if (prc_text_columns (text) <= limit - x) {
        end = draw_until (area, x, y, limit, text, look);
    } else {
        end = draw_until (area, x, y, limit - 1, text, look);
        end = draw_until (area, end, y, limit, prc_theme_glyph (area->theme, PRC_GLYPH_ELLIPSIS),
                          look);
    }
    pad (area, end, y, limit, look);
    return x + MAX (width, 0);
}

int
prc_draw_path (const PrcArea *area, int x, int y, int width, const char *path, PrcLook look)
{
    int room = MIN (width, area->width - x), columns = prc_text_columns (path), end = x;
    PrcGrapheme grapheme;

    if (columns > room && room > 0) {
        while (columns > room - 1 && prc_grapheme_next (&path, &grapheme))
            columns -= grapheme.width;
        end = draw_until (area, x, y, x + room, prc_theme_glyph (area->theme, PRC_GLYPH_ELLIPSIS),
                          look);
    }
    end = draw_until (area, end, y, x + room, path, look);
    pad (area, end, y, x + room, look);
    return x + MAX (width, 0);
}

int
prc_draw_right (const PrcArea *area, int x_end, int y, const char *text, PrcLook look)
{
    int x = MAX (x_end - prc_text_columns (text), 0);

    (void) draw_until (area, x, y, x_end, text, look);
    return x;
}

int
prc_draw_wrapped (const PrcArea *area, int width, int y, const char *text, PrcLook look)
{
    int lines = 0;

    width = area != NULL ? area->width : width;
    if (width <= 0)
        return 0;
    while (*text != '\0') {
        gsize skip = 0, length = prc_text_line (text, width, &skip);

        if (area != NULL && has_line (area, y + lines)) {
            g_autofree char *line = g_strndup (text, length);

            (void) draw_until (area, 0, y + lines, width, line, look);
        }
        lines++;
        text += length + skip;
    }
    return lines;
}

void
prc_draw_fill (const PrcArea *area, PrcLook look)
{
    for (int y = 0; y < area->height; y++)
        pad (area, 0, y, area->width, look);
}

int
prc_draw_glyph (const PrcArea *area, int x, int y, PrcGlyph glyph, PrcLook look)
{
    return prc_draw_text (area, x, y, prc_theme_glyph (area->theme, glyph), look);
}

void
prc_draw_rule (const PrcArea *area, int y, const char *title)
{
    int x = 0;

    while (has_line (area, y) && x < area->width)
        x = prc_draw_glyph (area, x, y, PRC_GLYPH_HORIZONTAL, PRC_LOOK_BORDER);
    if (title != NULL && area->width > 6) {
        g_autofree char *text = g_strdup_printf (" %s ", title);

        (void) prc_draw_field (area, 2, y, MIN (prc_text_columns (text), area->width - 4), text,
                               PRC_LOOK_STRONG);
    }
}

PrcArea
prc_draw_box (const PrcArea *area, const char *title)
{
    int right = area->width - 1, bottom = area->height - 1;

    if (area->width < 2 || area->height < 2)
        return *area;
    prc_draw_fill (area, PRC_LOOK_TEXT);
    prc_draw_rule (area, 0, title);
    prc_draw_rule (area, bottom, NULL);
    for (int y = 1; y < bottom; y++) {
        (void) prc_draw_glyph (area, 0, y, PRC_GLYPH_VERTICAL, PRC_LOOK_BORDER);
        (void) prc_draw_glyph (area, right, y, PRC_GLYPH_VERTICAL, PRC_LOOK_BORDER);
    }
    (void) prc_draw_glyph (area, 0, 0, PRC_GLYPH_TOP_LEFT, PRC_LOOK_BORDER);
    (void) prc_draw_glyph (area, right, 0, PRC_GLYPH_TOP_RIGHT, PRC_LOOK_BORDER);
    (void) prc_draw_glyph (area, 0, bottom, PRC_GLYPH_BOTTOM_LEFT, PRC_LOOK_BORDER);
    (void) prc_draw_glyph (area, right, bottom, PRC_GLYPH_BOTTOM_RIGHT, PRC_LOOK_BORDER);
    return prc_area_sub (area, 2, 1, area->width - 4, area->height - 2);
}

void
prc_area_flag (const PrcArea *area, guint flags)
{
    for (int y = 0; y < area->height; y++)
        for (int x = 0; x < area->width; x++)
            prc_grid_flag (area->grid, area->x + x, area->y + y, flags);
}

void
prc_area_cursor (const PrcArea *area, int x, int y)
{
    if (x >= 0 && has_line (area, y) && x < area->width)
        prc_grid_set_cursor (area->grid, area->x + x, area->y + y);
}
