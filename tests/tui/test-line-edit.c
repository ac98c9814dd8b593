#include "test.h"

#include "tui/widgets/line-edit.h"

static const PrcTheme theme = { PRC_SCHEME_MONO, PRC_GLYPHS_ASCII };

static void
type (PrcLineEdit *edit, const char *keys)
{
    g_auto (GStrv) names = g_strsplit (keys, " ", -1);

    for (char **name = names; *name != NULL; name++)
        assert_true (prc_line_edit_key (edit, prc_key_parse (*name)));
}

static void
edit__keys__text (void **state)
{
    static const struct {
        const char *keys, *text;
    } rows[] = {
        { "a b c", "abc" },
        { "a b Left x", "axb" },
        { "a b Home x End y", "xaby" },
        { "a ü Backspace b", "ab" },
        { "a 日 Left Left Del", "日" },
        { "a Space b c C-w", "a " },
        { "a b c Left C-u", "c" },
        { "a b c Left Left C-k", "a" },
        { "Backspace Del Left Right C-w C-u a", "a" },
        { "a b C-a C-f x C-e y", "axby" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcLineEdit) edit = prc_line_edit_new (FALSE);

        type (edit, rows[i].keys);
        assert_string_equal (prc_line_edit_text (edit), rows[i].text);
    }
}

static void
edit__combining_marks__go_with_their_letter (void **state)
{
    g_autoptr (PrcLineEdit) edit = prc_line_edit_new (FALSE);

    (void) state;
    prc_line_edit_set (edit, "ae\u0301");
    type (edit, "Backspace");
    assert_string_equal (prc_line_edit_text (edit), "a");
}

static void
edit__paste__no_line_ends_nor_control (void **state)
{
    g_autoptr (PrcLineEdit) edit = prc_line_edit_new (TRUE);

    (void) state;
    prc_line_edit_insert (edit, "p@ss\n\033[31m\tw ü\r\n");
    assert_string_equal (prc_line_edit_text (edit), "p@ss[31mw ü");
}

static void
edit__long__kept_whole_or_not_at_all (void **state)
{
    g_autoptr (PrcLineEdit) edit = prc_line_edit_new (FALSE);
    g_autofree char *text = g_strnfill (200000, 'x');

    (void) state;
    prc_line_edit_insert (edit, text);
    assert_int_equal (strlen (prc_line_edit_text (edit)), 64 * 1024);
}

static void
edit__secret__shown_as_dots_unless_asked (void **state)
{
    g_autoptr (PrcLineEdit) edit = prc_line_edit_new (TRUE);
    g_autoptr (PrcGrid) grid = prc_grid_new (8, 1);
    PrcArea area = prc_area_of_grid (grid, &theme);
    g_autofree char *hidden = NULL;
    g_autofree char *shown = NULL;
    g_autoptr (PrcSecret) secret = NULL;
    int x = 0, y = 0;

    (void) state;
    prc_line_edit_set (edit, "日本x");
    prc_line_edit_draw (edit, &area, TRUE);
    hidden = prc_grid_dump (grid, FALSE);
    assert_string_equal (hidden, "***\n");
    assert_true (prc_grid_cursor (grid, &x, &y));
    assert_int_equal (x, 3);
    prc_line_edit_reveal (edit, TRUE);
    prc_line_edit_draw (edit, &area, TRUE);
    shown = prc_grid_dump (grid, FALSE);
    assert_string_equal (shown, "日本x\n");
    secret = prc_line_edit_secret (edit);
    assert_string_equal (prc_secret_text (secret), "日本x");
}

static void
edit__longer_than_the_field__cursor_in_sight (void **state)
{
    g_autoptr (PrcLineEdit) edit = prc_line_edit_new (FALSE);
    g_autoptr (PrcGrid) grid = prc_grid_new (5, 1);
    PrcArea area = prc_area_of_grid (grid, &theme);
    g_autofree char *shown = NULL;
    int x = 0, y = 0;

    (void) state;
    prc_line_edit_set (edit, "abcdefgh");
    prc_line_edit_draw (edit, &area, TRUE);
    shown = prc_grid_dump (grid, FALSE);
    assert_string_equal (shown, "efgh\n");
    assert_true (prc_grid_cursor (grid, &x, &y));
    assert_int_equal (x, 4);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (edit__keys__text),
        cmocka_unit_test (edit__combining_marks__go_with_their_letter),
        cmocka_unit_test (edit__paste__no_line_ends_nor_control),
        cmocka_unit_test (edit__long__kept_whole_or_not_at_all),
        cmocka_unit_test (edit__secret__shown_as_dots_unless_asked),
        cmocka_unit_test (edit__longer_than_the_field__cursor_in_sight),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
