#include "test.h"

#include "model/role.h"

static void
role__each_name__comes_back (void **state)
{
    (void) state;
    for (guint i = 0; i < PRC_N_ROLES; i++) {
        PrcRole role = PRC_N_ROLES;

        assert_true (prc_role_from_name (prc_role_name ((PrcRole) i), &role));
        assert_int_equal (role, i);
    }
}

static void
role__unknown_name__refused_and_output_untouched (void **state)
{
    static const char *const names[] = { "", "HTTP", "no-proxy", "http ", "proxy", "placement" };
    PrcRole role = PRC_ROLE_CA;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        assert_false (prc_role_from_name (names[i], &role));
    assert_int_equal (role, PRC_ROLE_CA);
}

static void
role__three_are_proxies__and_no_other (void **state)
{
    (void) state;
    for (guint i = 0; i < PRC_N_ROLES; i++)
        assert_int_equal (prc_role_is_proxy ((PrcRole) i), i <= PRC_ROLE_ALL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (role__each_name__comes_back),
        cmocka_unit_test (role__unknown_name__refused_and_output_untouched),
        cmocka_unit_test (role__three_are_proxies__and_no_other),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
