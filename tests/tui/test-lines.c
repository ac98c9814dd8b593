#include "test.h"

#include "tui/widgets/lines.h"

static char *
all_rows (const PrcLines *lines)
{
    GString *out = g_string_new (NULL);

    for (guint i = 0; i < prc_lines_count (lines); i++)
        g_string_append_printf (out, "%s|", prc_lines_text (lines, i));
    return g_string_free (out, FALSE);
}

#define assert_rows(lines, wanted)                                                                 \
    do {                                                                                           \
        g_autofree char *rows = all_rows (lines);                                                  \
        assert_string_equal (rows, wanted);                                                        \
    } while (0)

static void
lines__paragraphs__broken_for_any_width (void **state)
{
    g_autoptr (PrcLines) lines = prc_lines_new ();
    static int data = 0;

    (void) state;
    prc_lines_add (lines, PRC_LOOK_TEXT, "a line that stays", &data);
    prc_lines_add_wrapped (lines, PRC_LOOK_BAD, "one two three");
    assert_rows (lines, "a line that stays|one two three|");
    prc_lines_reflow (lines, 7);
    assert_rows (lines, "a line that stays|one two|three|");
    prc_lines_reflow (lines, 5);
    assert_rows (lines, "a line that stays|one|two|three|");
    assert_int_equal (prc_lines_look (lines, 3), PRC_LOOK_BAD);
    assert_ptr_equal (prc_lines_data (lines, 0), &data);
    assert_null (prc_lines_data (lines, 4));
    prc_lines_clear (lines);
    assert_rows (lines, "");
}

static void
lines__two_columns__broken_in_the_second (void **state)
{
    g_autoptr (PrcLines) lines = prc_lines_new ();
    static int data = 0;

    (void) state;
    prc_lines_add_hanging (lines, PRC_LOOK_TEXT, 4, "  a one two three", &data);
    prc_lines_reflow (lines, 11);
    assert_rows (lines, "  a one two|    three|");
    assert_ptr_equal (prc_lines_data (lines, 1), &data);
    prc_lines_reflow (lines, 6);
    assert_rows (lines, "  a|   one|   two|   thr|   ee|");
    prc_lines_clear (lines);
    prc_lines_add_wrapped (lines, PRC_LOOK_TEXT, "  one two");
    assert_rows (lines, "  one|  two|");
    prc_lines_clear (lines);
    prc_lines_add_wrapped (lines, PRC_LOOK_TEXT, "設定を、見つけ");
    assert_rows (lines, "設定|を、見|つけ|");
    prc_lines_clear (lines);
    prc_lines_add_wrapped (lines, PRC_LOOK_TEXT, "");
    assert_rows (lines, "|");
}

static void
lines__filter__only_rows_that_have_it (void **state)
{
    g_autoptr (PrcLines) lines = prc_lines_new ();
    PrcNeedle *needle = prc_needle_new ("t");

    (void) state;
    prc_lines_reflow (lines, 5);
    prc_lines_add_wrapped (lines, PRC_LOOK_TEXT, "one two six three");
    prc_lines_filter (lines, needle);
    prc_needle_free (needle);
    assert_rows (lines, "two|three|");
    prc_lines_add (lines, PRC_LOOK_TEXT, "ten", NULL);
    assert_rows (lines, "two|three|ten|");
    prc_lines_filter (lines, NULL);
    assert_int_equal (prc_lines_count (lines), 5);
}

static void
lines__what_a_file_holds__fit_to_be_shown (void **state)
{
    g_autofree char *tabs = prc_line_shown ("a\tb\t\tc");
    g_autofree char *control = prc_line_shown ("x\033[31my\r");

    (void) state;
    assert_string_equal (tabs, "a   b       c");
    assert_string_equal (control, "x\\x1B[31my\\x0D");
}

static void
lines__diff__each_line_with_its_look (void **state)
{
    g_autoptr (PrcLines) lines = prc_lines_new ();
    static const PrcLook looks[] = { PRC_LOOK_STRONG, PRC_LOOK_STRONG,  PRC_LOOK_HUNK,
                                     PRC_LOOK_TEXT,   PRC_LOOK_REMOVED, PRC_LOOK_ADDED };

    (void) state;
    prc_lines_add_diff (lines, "--- a/x\n+++ b/x\n@@ -1 +1 @@\n same\n-old\n+new\n");
    assert_int_equal (prc_lines_count (lines), G_N_ELEMENTS (looks));
    for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
        assert_int_equal (prc_lines_look (lines, i), looks[i]);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (lines__paragraphs__broken_for_any_width),
        cmocka_unit_test (lines__two_columns__broken_in_the_second),
        cmocka_unit_test (lines__filter__only_rows_that_have_it),
        cmocka_unit_test (lines__what_a_file_holds__fit_to_be_shown),
        cmocka_unit_test (lines__diff__each_line_with_its_look),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
