#include "test.h"

#include "base/error.h"
#include "model/placement.h"

static void
normalize__good_text__kept_in_one_form (void **state)
{
    static const struct {
        const char *text, *kept;
    } rows[] = {
        { "", "" },
        { "reference", "reference" },
        { " none ", "none" },
        { "npm=inline", "npm=inline" },
        { "npm=inline, reference", "reference,npm=inline" },
        { "reference , npm = none,,pip=inline,", "reference,npm=none,pip=inline" },
        { "np=none,npm=inline", "np=none,npm=inline" },
        { "my-tool_2.0=reference", "my-tool_2.0=reference" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autofree char *kept = prc_placements_normalize (rows[i].text, &error);
        g_autofree char *again = NULL;

        assert_null (error);
        assert_string_equal (kept, rows[i].kept);
        again = prc_placements_normalize (kept, &error);
        assert_string_equal (again, kept);
    }
}

static void
normalize__bad_text__refused (void **state)
{
    static const char *const texts[] = {
        "file",       "Inline",    "inline,none",         "npm=",
        "=none",      "a b=none",  "npm=none,npm=inline", "npm=none,npm = none",
        "npm;x",      "none none", "reference,reference", "npm=none=inline",
        "n\tpm=none",
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (prc_placements_normalize (texts[i], &error));
        assert_true (g_error_matches (error, PRC_ERROR, PRC_ERROR_INPUT));
    }
}

static void
of__each_tool__its_own_word_or_the_common_one (void **state)
{
    static const struct {
        const char *text, *tool;
        PrcPlacement placement;
    } rows[] = {
        { NULL, "npm", PRC_PLACEMENT_INLINE },
        { "none", "npm", PRC_PLACEMENT_NONE },
        { "reference,npm=inline", "npm", PRC_PLACEMENT_INLINE },
        { "reference,npm=inline", "np", PRC_PLACEMENT_REFERENCE },
        { "reference,npm=inline", "npmx", PRC_PLACEMENT_REFERENCE },
        { "npm=none", "npm", PRC_PLACEMENT_NONE },
        { "npm=none", "git", PRC_PLACEMENT_INLINE },
        { "none,git=reference,npm=inline", "npm", PRC_PLACEMENT_INLINE },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
        assert_int_equal (prc_placements_of (rows[i].text, rows[i].tool), rows[i].placement);
}

static void
tools__of_a_list__only_those_named (void **state)
{
    g_auto (GStrv) none = prc_placements_tools (NULL);
    g_auto (GStrv) two = prc_placements_tools ("reference,npm=inline,git=none");

    (void) state;
    assert_int_equal (g_strv_length (none), 0);
    assert_int_equal (g_strv_length (two), 2);
    assert_string_equal (two[0], "npm");
    assert_string_equal (two[1], "git");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (normalize__good_text__kept_in_one_form),
        cmocka_unit_test (normalize__bad_text__refused),
        cmocka_unit_test (of__each_tool__its_own_word_or_the_common_one),
        cmocka_unit_test (tools__of_a_list__only_those_named),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
