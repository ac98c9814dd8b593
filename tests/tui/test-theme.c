#include "test.h"

#include <locale.h>

#include "tui/theme.h"

static void
theme__pick__by_option_environment_terminal (void **state)
{
    static const struct {
        const char *color, *no_color, *named;
        int n_colors;
        PrcScheme scheme;
    } rows[] = {
        { NULL, NULL, NULL, 256, PRC_SCHEME_256 },
        { NULL, NULL, NULL, 8, PRC_SCHEME_16 },
        { NULL, NULL, NULL, 0, PRC_SCHEME_MONO },
        { "auto", "1", NULL, 256, PRC_SCHEME_MONO },
        { NULL, "", NULL, 256, PRC_SCHEME_256 },
        { "always", "1", NULL, 256, PRC_SCHEME_256 },
        { "never", NULL, NULL, 256, PRC_SCHEME_MONO },
        { NULL, NULL, "safe", 16, PRC_SCHEME_SAFE },
        { NULL, NULL, "256", 16, PRC_SCHEME_16 },
        { NULL, NULL, "nothing", 256, PRC_SCHEME_256 },
        { NULL, NULL, "mono", 256, PRC_SCHEME_MONO },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        if (rows[i].no_color != NULL)
            g_setenv ("NO_COLOR", rows[i].no_color, TRUE);
        else
            g_unsetenv ("NO_COLOR");
        if (rows[i].named != NULL)
            g_setenv ("PROXYRC_SCHEME", rows[i].named, TRUE);
        else
            g_unsetenv ("PROXYRC_SCHEME");
        assert_int_equal (prc_theme_pick (rows[i].color, rows[i].n_colors).scheme, rows[i].scheme);
    }
}

static void
theme__mono__no_colour_at_all (void **state)
{
    const PrcTheme theme = { PRC_SCHEME_MONO, PRC_GLYPHS_UNICODE };

    (void) state;
    for (int look = 0; look < PRC_N_LOOKS; look++)
        for (guint flags = 0; flags < 4; flags++) {
            PrcStyle style = prc_theme_style (&theme, (PrcLook) look, flags);

            assert_int_equal (style.fg, -1);
            assert_int_equal (style.bg, -1);
        }
}

static void
theme__selected_row__differs_in_every_scheme (void **state)
{
    (void) state;
    for (int scheme = 0; scheme < PRC_N_SCHEMES; scheme++)
        for (int look = 0; look < PRC_N_LOOKS; look++) {
            const PrcTheme theme = { (PrcScheme) scheme, PRC_GLYPHS_UNICODE };
            PrcStyle plain = prc_theme_style (&theme, (PrcLook) look, 0);
            PrcStyle selected = prc_theme_style (&theme, (PrcLook) look, PRC_CELL_SELECTED);
            PrcStyle both =
                prc_theme_style (&theme, (PrcLook) look, PRC_CELL_SELECTED | PRC_CELL_MATCH);

            assert_int_not_equal (plain.attributes, selected.attributes);
            assert_int_not_equal (both.attributes, selected.attributes);
        }
}

static void
theme__glyphs__good_and_bad_never_alike (void **state)
{
    (void) state;
    for (int set = PRC_GLYPHS_UNICODE; set <= PRC_GLYPHS_ASCII; set++) {
        const PrcTheme theme = { PRC_SCHEME_MONO, (PrcGlyphSet) set };

        for (int a = PRC_GLYPH_OK; a <= PRC_GLYPH_NONE; a++)
            for (int b = a + 1; b <= PRC_GLYPH_NONE; b++)
                assert_string_not_equal (prc_theme_glyph (&theme, (PrcGlyph) a),
                                         prc_theme_glyph (&theme, (PrcGlyph) b));
        for (int a = 0; a < PRC_N_GLYPHS; a++) {
            const char *glyph = prc_theme_glyph (&theme, (PrcGlyph) a);
            gunichar c = g_utf8_get_char (glyph);

            assert_true (set != PRC_GLYPHS_ASCII || g_str_is_ascii (glyph));
            assert_true (set != PRC_GLYPHS_CJK ||
                         !g_unichar_iswide_cjk (c)); /* of one width everywhere */
        }
    }
}

static void
theme__linux_console__what_its_fonts_have (void **state)
{
    (void) state;
    assert_non_null (setlocale (LC_ALL, "C.UTF-8"));
    g_setenv ("TERM", "xterm", TRUE);
    assert_int_equal (prc_theme_pick (NULL, 8).glyphs, PRC_GLYPHS_UNICODE);
    g_setenv ("TERM", "linux", TRUE);
    assert_int_equal (prc_theme_pick (NULL, 8).glyphs, PRC_GLYPHS_ASCII);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (theme__pick__by_option_environment_terminal),
        cmocka_unit_test (theme__mono__no_colour_at_all),
        cmocka_unit_test (theme__selected_row__differs_in_every_scheme),
        cmocka_unit_test (theme__glyphs__good_and_bad_never_alike),
        cmocka_unit_test (theme__linux_console__what_its_fonts_have),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
