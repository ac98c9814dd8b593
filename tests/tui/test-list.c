#include "test.h"

#include "tui/widgets/list.h"

static void
list__any_moves__selection_inside_and_in_sight (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (20000);
    PrcList list = { 0 };

    (void) state;
    for (guint i = 0; i < cases; i++) {
        switch (g_rand_int_range (rand, 0, 3)) {
        case 0:
            prc_list_fit (&list, (guint) g_rand_int_range (rand, 0, 50),
                          (guint) g_rand_int_range (rand, 0, 20));
            break;
        case 1:
            (void) prc_list_move (&list, g_rand_int_range (rand, -60, 60));
            break;
        default:
            (void) prc_list_select (&list, (guint) g_rand_int_range (rand, 0, 60));
            break;
        }
        assert_true (list.rows == 0 ? list.selected == 0 : list.selected < list.rows);
        assert_true (list.top <= list.selected && list.selected < list.top + MAX (list.page, 1));
        assert_true (list.top == 0 || list.top + MAX (list.page, 1) <= list.rows);
    }
}

static void
list__ends__stop_and_say_so (void **state)
{
    PrcList list = { 0 };

    (void) state;
    prc_list_fit (&list, 10000, 20);
    assert_false (prc_list_move (&list, -1));
    assert_true (prc_list_move (&list, G_MAXUINT));
    assert_int_equal (list.selected, 9999);
    assert_int_equal (list.top, 9980);
    assert_false (prc_list_move (&list, 1));
    prc_list_fit (&list, 5, 20);
    assert_int_equal (list.selected, 4);
    assert_int_equal (list.top, 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (list__any_moves__selection_inside_and_in_sight),
        cmocka_unit_test (list__ends__stop_and_say_so),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
