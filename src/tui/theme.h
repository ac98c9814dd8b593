/* theme.h - looks × colour schemes, and the glyphs; the only place that knows a colour
 *
 * Meaning is never in the colour alone: whatever is OK, WARN or BAD has its mark or its word as
 * well. */
#pragma once
#include <glib.h>

#include "tui/grid.h"

typedef enum {
    PRC_SCHEME_MONO, /* bold, underline and reverse only: NO_COLOR, --color never, a terminal
                        without colours */
    PRC_SCHEME_16,
    PRC_SCHEME_256,
    PRC_SCHEME_SAFE, /* blue and orange instead of green and red */
} PrcScheme;
#define PRC_N_SCHEMES (PRC_SCHEME_SAFE + 1)

enum {
    PRC_STYLE_BOLD = 1 << 0,
    PRC_STYLE_UNDERLINE = 1 << 1,
    PRC_STYLE_REVERSE = 1 << 2,
    PRC_STYLE_DIM = 1 << 3,
};

/** PrcStyle: a colour is -1 (the terminal's own), 0 to 15, or 16 to 255. */
typedef struct {
    gint16 fg, bg;
    guint8 attributes;
} PrcStyle;

typedef enum {
    PRC_GLYPH_OK,       /* ✓ v */
    PRC_GLYPH_WARN,     /* ! ! */
    PRC_GLYPH_BAD,      /* ✗ x */
    PRC_GLYPH_UNKNOWN,  /* ? ? */
    PRC_GLYPH_NONE,     /* · - : nothing to say */
    PRC_GLYPH_OPEN,     /* ▾ v : a tree's row that is open, and one that is not */
    PRC_GLYPH_CLOSED,   /* ▸ > */
    PRC_GLYPH_ELLIPSIS, /* … ~ */
    PRC_GLYPH_ARROW,    /* → > */
    PRC_GLYPH_CHECKED,  /* [x] in both */
    PRC_GLYPH_UNCHECKED,
    PRC_GLYPH_BULLET, /* • * : a character of a hidden password */
    PRC_GLYPH_HORIZONTAL,
    PRC_GLYPH_VERTICAL,
    PRC_GLYPH_TOP_LEFT,
    PRC_GLYPH_TOP_RIGHT,
    PRC_GLYPH_BOTTOM_LEFT,
    PRC_GLYPH_BOTTOM_RIGHT,
    PRC_GLYPH_BAR, /* █ # : of the scroll bar */
} PrcGlyph;
#define PRC_N_GLYPHS (PRC_GLYPH_BAR + 1)

typedef enum {
    PRC_GLYPHS_UNICODE,
    PRC_GLYPHS_CJK,   /* only characters whose width is the same everywhere: where a locale is
                       * Chinese, Japanese or   Korean, terminals differ about the others */
    PRC_GLYPHS_ASCII, /* the locale is not UTF-8, or the terminal is the Linux console */
} PrcGlyphSet;

typedef struct {
    PrcScheme scheme;
    PrcGlyphSet glyphs;
} PrcTheme;

/** prc_theme_pick: from what the command line (@color: NULL, "auto", "always", "never"), the
 * environment (NO_COLOR, PROXYRC_SCHEME=16|256|mono|safe), the terminal (@n_colors) and the locale
 * say. */
PrcTheme prc_theme_pick (const char *color, int n_colors);
const char *prc_scheme_name (PrcScheme scheme);
/** prc_theme_style: how a cell with this look and these flags is shown. */
PrcStyle prc_theme_style (const PrcTheme *theme, PrcLook look, guint flags);
/** prc_theme_glyph: (transfer none) UTF-8 */
const char *prc_theme_glyph (const PrcTheme *theme, PrcGlyph glyph);
