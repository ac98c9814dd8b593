#include "tui/theme.h"

#include <locale.h>
#include <string.h>

static const char *const scheme_names[PRC_N_SCHEMES] = {
    [PRC_SCHEME_MONO] = "mono",
    [PRC_SCHEME_16] = "16",
    [PRC_SCHEME_256] = "256",
    [PRC_SCHEME_SAFE] = "safe",
};

#define B PRC_STYLE_BOLD
#define U PRC_STYLE_UNDERLINE
#define R PRC_STYLE_REVERSE
#define D PRC_STYLE_DIM

/* Foreground, background, attributes; -1 is the terminal's own colour, which suits light and dark
 * ones alike. */
static const PrcStyle styles[PRC_N_LOOKS][PRC_N_SCHEMES] = {
    /*                      mono            16 colours       256               safe */
    [PRC_LOOK_TEXT] = { { -1, -1, 0 }, { -1, -1, 0 }, { -1, -1, 0 }, { -1, -1, 0 } },
    [PRC_LOOK_DIM] = { { -1, -1, D }, { -1, -1, D }, { 244, -1, 0 }, { -1, -1, D } },
    [PRC_LOOK_STRONG] = { { -1, -1, B }, { -1, -1, B }, { -1, -1, B }, { -1, -1, B } },
    [PRC_LOOK_TITLE] = { { -1, -1, R }, { 7, 4, B }, { 231, 24, B }, { 7, 4, B } },
    [PRC_LOOK_HINT] = { { -1, -1, 0 }, { -1, -1, 0 }, { 244, -1, 0 }, { -1, -1, 0 } },
    [PRC_LOOK_KEY] = { { -1, -1, B }, { 6, -1, B }, { 37, -1, B }, { 4, -1, B } },
    [PRC_LOOK_OK] = { { -1, -1, 0 }, { 2, -1, 0 }, { 71, -1, 0 }, { 4, -1, B } },
    [PRC_LOOK_WARN] = { { -1, -1, B }, { 3, -1, B }, { 178, -1, 0 }, { 3, -1, 0 } },
    [PRC_LOOK_BAD] = { { -1, -1, B | U }, { 1, -1, B }, { 167, -1, B }, { 3, -1, B | U } },
    [PRC_LOOK_INFO] = { { -1, -1, 0 }, { 6, -1, 0 }, { 74, -1, 0 }, { 6, -1, 0 } },
    [PRC_LOOK_SECRET] = { { -1, -1, D }, { 5, -1, 0 }, { 139, -1, 0 }, { -1, -1, D } },
    [PRC_LOOK_PLACE] = { { -1, -1, 0 }, { 6, -1, 0 }, { 73, -1, 0 }, { 6, -1, 0 } },
    [PRC_LOOK_BORDER] = { { -1, -1, D }, { -1, -1, D }, { 240, -1, 0 }, { -1, -1, D } },
    [PRC_LOOK_FIELD] = { { -1, -1, U }, { -1, -1, U }, { 252, 236, 0 }, { -1, -1, U } },
    [PRC_LOOK_ADDED] = { { -1, -1, B }, { 2, -1, 0 }, { 71, -1, 0 }, { 4, -1, B } },
    [PRC_LOOK_REMOVED] = { { -1, -1, D }, { 1, -1, 0 }, { 167, -1, 0 }, { 3, -1, 0 } },
    [PRC_LOOK_HUNK] = { { -1, -1, U }, { 6, -1, 0 }, { 74, -1, 0 }, { 6, -1, 0 } },
};

static const char *const glyphs[PRC_N_GLYPHS][3] = {
    [PRC_GLYPH_OK] = { "✓", "✓", "v" },
    [PRC_GLYPH_WARN] = { "!", "!", "!" },
    [PRC_GLYPH_BAD] = { "✗", "✗", "x" },
    [PRC_GLYPH_UNKNOWN] = { "?", "?", "?" },
    [PRC_GLYPH_NONE] = { "·", "-", "-" },
    [PRC_GLYPH_OPEN] = { "▾", "▾", "-" },
    [PRC_GLYPH_CLOSED] = { "▸", "▸", "+" },
    [PRC_GLYPH_ELLIPSIS] = { "…", "~", "~" },
    [PRC_GLYPH_ARROW] = { "→", ">", ">" },
    [PRC_GLYPH_CHECKED] = { "[x]", "[x]", "[x]" },
    [PRC_GLYPH_UNCHECKED] = { "[ ]", "[ ]", "[ ]" },
    [PRC_GLYPH_BULLET] = { "•", "*", "*" },
    [PRC_GLYPH_HORIZONTAL] = { "─", "-", "-" },
    [PRC_GLYPH_VERTICAL] = { "│", "|", "|" },
    [PRC_GLYPH_TOP_LEFT] = { "┌", "+", "+" },
    [PRC_GLYPH_TOP_RIGHT] = { "┐", "+", "+" },
    [PRC_GLYPH_BOTTOM_LEFT] = { "└", "+", "+" },
    [PRC_GLYPH_BOTTOM_RIGHT] = { "┘", "+", "+" },
    [PRC_GLYPH_BAR] = { "█", "#", "#" },
};

static PrcGlyphSet
glyphs_of_locale (void)
{
    static const char *const cjk[] = { "ja", "ko", "zh" };
    const char *charset = NULL, *locale = setlocale (LC_CTYPE, NULL);

    /* no font of the Linux console has all of them; ✓ is in none */
    if (!g_get_charset (&charset) || g_strcmp0 (g_getenv ("TERM"), "linux") == 0)
        return PRC_GLYPHS_ASCII;
    for (gsize i = 0; locale != NULL && i < G_N_ELEMENTS (cjk); i++)
        if (g_str_has_prefix (locale, cjk[i]))
            return PRC_GLYPHS_CJK;
    return PRC_GLYPHS_UNICODE;
}

static PrcScheme
pick_scheme (const char *color, int n_colors)
{
    const char *no_color = g_getenv ("NO_COLOR"), *named = g_getenv ("PROXYRC_SCHEME");
    gboolean always = g_strcmp0 (color, "always") == 0;

    if (g_strcmp0 (color, "never") == 0 || n_colors < 8 ||
        (!always && no_color != NULL && *no_color != '\0'))
        return PRC_SCHEME_MONO;
    for (int i = 0; named != NULL && i < PRC_N_SCHEMES; i++)
        if (strcmp (named, scheme_names[i]) == 0 && (i != PRC_SCHEME_256 || n_colors >= 256))
            return (PrcScheme) i;
    return n_colors >= 256 ? PRC_SCHEME_256 : PRC_SCHEME_16;
}

PrcTheme
prc_theme_pick (const char *color, int n_colors)
{
    return (PrcTheme){ pick_scheme (color, n_colors), glyphs_of_locale () };
}

const char *
prc_scheme_name (PrcScheme scheme)
{
    return scheme_names[scheme];
}

PrcStyle
prc_theme_style (const PrcTheme *theme, PrcLook look, guint flags)
{
    PrcStyle style = styles[look][theme->scheme];

    /* One bar across the row, whatever stands in it: its marks and words say what its colours did. */
    if ((flags & PRC_CELL_SELECTED) != 0) {
        style.fg = styles[PRC_LOOK_TEXT][theme->scheme].fg;
        style.bg = styles[PRC_LOOK_TEXT][theme->scheme].bg;
        style.attributes = (guint8) ((style.attributes & ~D) ^ R);
    }
    if ((flags & PRC_CELL_MATCH) != 0)
        style.attributes = (guint8) ((style.attributes ^ R) | B | U);
    return style;
}

const char *
prc_theme_glyph (const PrcTheme *theme, PrcGlyph glyph)
{
    return glyphs[glyph][theme->glyphs];
}
