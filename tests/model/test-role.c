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
    for (guint i = PRC_SCOPE_SYSTEM; i <= PRC_SCOPE_PROJECT; i++) {
        PrcScope scope = PRC_SCOPE_PROJECT + 1;

        assert_true (prc_scope_from_name (prc_scope_name ((PrcScope) i), &scope));
        assert_int_equal (scope, i);
    }
}

static void
role__unknown_name__refused_and_output_untouched (void **state)
{
    static const char *const names[] = { "", "HTTP", "no-proxy", "http ", "proxy", "placement" };
    PrcRole role = PRC_ROLE_CA;
    PrcScope scope = PRC_SCOPE_USER;

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        assert_false (prc_role_from_name (names[i], &role));
    assert_false (prc_scope_from_name ("global", &scope));
    assert_int_equal (role, PRC_ROLE_CA);
    assert_int_equal (scope, PRC_SCOPE_USER);
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
