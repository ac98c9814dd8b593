#include "test.h"

#include "base/width.h"

static void
width__any_text__columns (void **state)
{
    static const struct {
        const char *text;
        int columns;
    } rows[] = {
        { "", 0 },
        { "abc", 3 },
        { "ä", 1 },
        { "a\u0308", 1 },
        { "日本", 4 },
        { "ｱ", 1 },
        { "e\u0301\u0302x", 2 },
        { "\u0301", 1 },
        { "a\tb", 3 },
        { "\033[31m", 5 },
        { "\xff\xfe", 2 },
        { "a\u202eb", 3 },
        { "한글", 4 },
        { "a\u200b\u200bb", 2 },
        { "\xc3", 1 },
        { "設定 e\u0301", 6 },
        { "\u200d", 1 },       /* a joiner alone */
        { "a\u200db", 2 },     /* and one between */
        { "\xed\xa0\x80", 3 }, /* a surrogate is no character */
        { "\xc2\x9b"
          "2J",
          3 }, /* CSI as one C1 character */
        { "\u2028", 1 },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *padded =
            g_strdup_printf ("%-*s|", prc_text_padding (rows[i].text, 40), rows[i].text);

        assert_int_equal (prc_text_columns (rows[i].text), rows[i].columns);
        assert_int_equal (prc_text_columns (padded), 41);
    }
}

static void
width__many_marks__cell_never_overflows (void **state)
{
    g_autoptr (GString) text = g_string_new ("a");
    PrcGrapheme grapheme;
    const char *p = NULL;

    (void) state;
    for (int i = 0; i < 1000; i++)
        g_string_append (text, "\u0301");
    p = text->str;
    assert_true (prc_grapheme_next (&p, &grapheme));
    assert_true (strlen (grapheme.text) < PRC_GRAPHEME_SIZE);
    assert_true (g_utf8_validate (grapheme.text, -1, NULL));
    assert_int_equal (*p, '\0');
}

static void
width__clip__never_half_a_character (void **state)
{
    int columns = 0;

    (void) state;
    assert_int_equal (prc_text_clip ("日本語", 3, &columns), strlen ("日"));
    assert_int_equal (columns, 2);
    assert_int_equal (prc_text_clip ("e\u0301x", 1, &columns), strlen ("e\u0301"));
    assert_int_equal (prc_text_clip ("abc", 0, &columns), 0);
}

static void
width__what_no_terminal_may_get__a_question_mark (void **state)
{
    static const char *const rows[] = {
        "\x1b", "\n", "\x7f", "\xc2\x9b", "\u061c", "\u200e", "\u202e", "\u2069", "\u2029", "\xff",
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        const char *p = rows[i];
        PrcGrapheme grapheme;

        assert_true (prc_grapheme_next (&p, &grapheme));
        assert_string_equal (grapheme.text, "?");
        assert_int_equal (grapheme.width, 1);
        assert_int_equal (*p, '\0');
        assert_false (prc_grapheme_next (&p, &grapheme));
    }
}

static void
width__padding__to_columns_not_bytes (void **state)
{
    static const struct {
        const char *text;
        int columns;
        const char *padded;
    } rows[] = { { "設定", 6, "設定  |" }, { "設定", 3, "設定|" }, { "", 3, "   |" } };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *padded = g_strdup_printf (
            "%-*s|", prc_text_padding (rows[i].text, rows[i].columns), rows[i].text);

        assert_string_equal (padded, rows[i].padded);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (width__any_text__columns),
        cmocka_unit_test (width__many_marks__cell_never_overflows),
        cmocka_unit_test (width__clip__never_half_a_character),
        cmocka_unit_test (width__what_no_terminal_may_get__a_question_mark),
        cmocka_unit_test (width__padding__to_columns_not_bytes),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
