#include "test.h"

static void
set_error_at_line__message__begins_with_the_line (void **state)
{
    g_autoptr (GError) error = NULL;

    (void) state;
    prc_set_error_at_line (&error, 42, "no %s in %d", "sense", 7);
    assert_error (error, PRC_ERROR_INPUT);
    assert_string_equal (error->message, "42: no sense in 7");
    prc_set_error_at_line (NULL, 1, "nobody %s", "listens");
}

static void
prefix_file__messages__file_and_line_belong_together (void **state)
{
    static const struct {
        const char *message, *expected;
    } rows[] = {
        { "42: no sense", "/a b:42: no sense" },
        { "no sense", "/a b: no sense" },
        { "42 is no line", "/a b: 42 is no line" },
        { "42:no blank", "/a b: 42:no blank" },
        { ": nothing in front", "/a b: : nothing in front" },
        { "", "/a b: " },
        { "4x: no", "/a b: 4x: no" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error =
            g_error_new_literal (PRC_ERROR, PRC_ERROR_INPUT, rows[i].message);

        prc_prefix_file (&error, "/a b");
        assert_string_equal (error->message, rows[i].expected);
        assert_error (error, PRC_ERROR_INPUT);
    }
}

static void
prefix_file__percent_in_the_path__taken_as_it_is (void **state)
{
    g_autoptr (GError) error = g_error_new_literal (PRC_ERROR, PRC_ERROR_INPUT, "3: %s %n");

    (void) state;
    prc_prefix_file (&error, "/%s%n");
    assert_string_equal (error->message, "/%s%n:3: %s %n");
}

static void
prefix_file__no_error__nothing_happens (void **state)
{
    GError *error = NULL;

    (void) state;
    prc_prefix_file (&error, "/a");
    assert_null (error);
    prc_prefix_file (NULL, "/a");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (set_error_at_line__message__begins_with_the_line),
    cmocka_unit_test (prefix_file__messages__file_and_line_belong_together),
    cmocka_unit_test (prefix_file__percent_in_the_path__taken_as_it_is),
    cmocka_unit_test (prefix_file__no_error__nothing_happens),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
