#include "test.h"

#include "tui/needle.h"

static const PrcTheme theme = { PRC_SCHEME_MONO, PRC_GLYPHS_UNICODE };

static void
needle__texts__found_or_not (void **state)
{
    static const struct {
        const char *needle, *text;
        gboolean found;
    } rows[] = {
        { "proxy", "HTTP_PROXY", TRUE }, { "Proxy", "http.proxy", FALSE },
        { "Proxy", "a Proxy", TRUE },    { "ü", "MÜNCHEN", TRUE },
        { "日", "日本", TRUE },          { "x", NULL, FALSE },
        { "abc", "ab", FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        PrcNeedle *needle = prc_needle_new (rows[i].needle);

        assert_int_equal (prc_needle_in (needle, rows[i].text), rows[i].found);
        prc_needle_free (needle);
    }
    assert_null (prc_needle_new (""));
    assert_false (prc_needle_in (NULL, "x"));
}

static void
needle__highlight__exactly_what_is_found (void **state)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (16, 1);
    PrcArea area = prc_area_of_grid (grid, &theme);
    PrcNeedle *needle = prc_needle_new ("本x");
    g_autofree char *dump = NULL;

    (void) state;
    (void) prc_draw_text (&area, 0, 0, "a日本Xb本x", PRC_LOOK_TEXT);
    prc_needle_highlight (needle, &area);
    dump = prc_grid_dump (grid, TRUE);
    assert_string_equal (dump, "a日本Xb本x\n...~~~.~~~\n");
    prc_needle_free (needle);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (needle__texts__found_or_not),
        cmocka_unit_test (needle__highlight__exactly_what_is_found),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
