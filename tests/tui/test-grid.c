#include "test.h"

#include "tui/draw.h"

static const PrcTheme unicode = { PRC_SCHEME_MONO, PRC_GLYPHS_UNICODE };
static const PrcTheme ascii = { PRC_SCHEME_MONO, PRC_GLYPHS_ASCII };

static void
assert_dump (const PrcGrid *grid, const char *wanted)
{
    g_autofree char *dump = prc_grid_dump (grid, FALSE);

    assert_string_equal (dump, wanted);
}

static void
grid__half_of_wide_overwritten__other_half_blank (void **state)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (4, 1);
    PrcArea area = prc_area_of_grid (grid, &unicode);

    (void) state;
    (void) prc_draw_text (&area, 0, 0, "日本", PRC_LOOK_TEXT);
    (void) prc_draw_text (&area, 1, 0, "x", PRC_LOOK_TEXT);
    assert_dump (grid, " x本\n");
    (void) prc_draw_text (&area, 2, 0, "y", PRC_LOOK_TEXT);
    assert_dump (grid, " xy\n");
    (void) prc_draw_text (&area, 1, 0, "語", PRC_LOOK_TEXT);
    assert_dump (grid, " 語\n");
}

static void
grid__wide_at_the_edge__blank (void **state)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (3, 1);
    PrcArea area = prc_area_of_grid (grid, &unicode);

    (void) state;
    (void) prc_draw_text (&area, 0, 0, "日本", PRC_LOOK_TEXT);
    assert_dump (grid, "日\n");
}

static void
draw__outside__nothing (void **state)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (5, 3);
    PrcArea screen = prc_area_of_grid (grid, &unicode);
    PrcArea inner = prc_area_sub (&screen, 1, 1, 3, 1);

    (void) state;
    (void) prc_draw_text (&inner, -1, 0, "abcdefgh", PRC_LOOK_TEXT);
    (void) prc_draw_text (&inner, 0, -1, "abcdefgh", PRC_LOOK_TEXT);
    (void) prc_draw_text (&inner, 0, 1, "abcdefgh", PRC_LOOK_TEXT);
    assert_dump (grid, "\n bcd\n\n");
}

static void
draw__field__padded_or_clipped (void **state)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (8, 4);
    PrcArea area = prc_area_of_grid (grid, &unicode);

    (void) state;
    (void) prc_draw_text (&area, 0, 0, "xxxxxxxx", PRC_LOOK_TEXT);
    assert_int_equal (prc_draw_field (&area, 0, 0, 5, "ab", PRC_LOOK_TEXT), 5);
    assert_int_equal (prc_draw_field (&area, 0, 1, 5, "abcdefgh", PRC_LOOK_TEXT), 5);
    assert_int_equal (prc_draw_path (&area, 0, 2, 5, "/a/b/c/d.txt", PRC_LOOK_TEXT), 5);
    assert_int_equal (prc_draw_field (&area, 6, 3, 9, "abcdef", PRC_LOOK_TEXT), 15);
    assert_dump (grid, "ab   xxx\nabcd…\n….txt\n      a…\n");
}

static void
draw__wrapped__at_blanks_and_newlines (void **state)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (9, 5);
    PrcArea area = prc_area_of_grid (grid, &unicode);

    (void) state;
    assert_int_equal (
        prc_draw_wrapped (&area, 0, 0, "one two three\nfour extraordinary", PRC_LOOK_TEXT), 5);
    assert_dump (grid, "one two\nthree\nfour\nextraordi\nnary\n");
    assert_int_equal (
        prc_draw_wrapped (NULL, 9, 0, "one two three\nfour extraordinary", PRC_LOOK_TEXT), 5);
    assert_int_equal (prc_draw_wrapped (NULL, 1, 0, "日本", PRC_LOOK_TEXT), 2);
    assert_int_equal (prc_draw_wrapped (NULL, 0, 0, "abc", PRC_LOOK_TEXT), 0);
    prc_grid_clear (grid);
    assert_int_equal (prc_draw_wrapped (&area, 0, 0, "設定を、見つけ git 設定", PRC_LOOK_TEXT), 3);
    assert_dump (grid, "設定を、\n見つけ\ngit 設定\n\n\n");
}

static void
draw__box__ascii_where_the_locale_is (void **state)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (12, 3);
    PrcArea area = prc_area_of_grid (grid, &ascii), inside;

    (void) state;
    inside = prc_draw_box (&area, "T");
    (void) prc_draw_text (&inside, 0, 0, "inside", PRC_LOOK_TEXT);
    assert_dump (grid, "+- T ------+\n| inside   |\n+----------+\n");
}

static void
draw__any_text_in_any_area__only_inside (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (2000);

    (void) state;
    for (guint n = 0; n < cases; n++) {
        g_autoptr (PrcGrid) grid =
            prc_grid_new (g_rand_int_range (rand, 1, 30), g_rand_int_range (rand, 1, 10));
        PrcArea screen = prc_area_of_grid (grid, n % 2 ? &ascii : &unicode);
        PrcArea area =
            prc_area_sub (&screen, g_rand_int_range (rand, -5, 35), g_rand_int_range (rand, -5, 15),
                          g_rand_int_range (rand, -5, 35), g_rand_int_range (rand, -5, 15));
        g_autoptr (GString) text = g_string_new (NULL);

        for (int i = g_rand_int_range (rand, 0, 60); i > 0; i--) {
            if (g_rand_boolean (rand))
                g_string_append_unichar (text, (gunichar) g_rand_int_range (rand, 1, 0x3100));
            else
                g_string_append_c (text, (char) g_rand_int_range (rand, 1, 256));
        }
        (void) prc_draw_text (&area, g_rand_int_range (rand, -5, 35),
                              g_rand_int_range (rand, -3, 12), text->str, 0);
        (void) prc_draw_field (&area, g_rand_int_range (rand, -5, 35), 0,
                               g_rand_int_range (rand, -5, 40), text->str, 0);
        (void) prc_draw_path (&area, g_rand_int_range (rand, -5, 35), 0,
                              g_rand_int_range (rand, -5, 40), text->str, 0);
        (void) prc_draw_right (&area, g_rand_int_range (rand, -5, 35), 1, text->str, 0);
        (void) prc_draw_wrapped (&area, 0, g_rand_int_range (rand, -3, 12), text->str, 0);
        (void) prc_draw_box (&area, text->str);
        prc_area_flag (&area, PRC_CELL_SELECTED);
        for (int y = 0; y < prc_grid_height (grid); y++)
            for (int x = 0, columns = 0; x < prc_grid_width (grid); x++) {
                const PrcCell *cell = prc_grid_cell (grid, x, y);
                gboolean inside = x >= area.x && x < area.x + area.width && y >= area.y &&
                                  y < area.y + area.height;

                assert_int_equal ((cell->flags & PRC_CELL_SELECTED) != 0, inside);
                assert_true (cell->width == 0 || cell->width + x <= prc_grid_width (grid));
                assert_int_equal (cell->width == 0, columns == 1);
                columns = cell->width == 2;
            }
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (grid__half_of_wide_overwritten__other_half_blank),
        cmocka_unit_test (grid__wide_at_the_edge__blank),
        cmocka_unit_test (draw__outside__nothing),
        cmocka_unit_test (draw__field__padded_or_clipped),
        cmocka_unit_test (draw__wrapped__at_blanks_and_newlines),
        cmocka_unit_test (draw__box__ascii_where_the_locale_is),
        cmocka_unit_test (draw__any_text_in_any_area__only_inside),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
