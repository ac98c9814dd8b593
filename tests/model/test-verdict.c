#include "test.h"

#include "model/verdict.h"

static void
verdict__each__has_a_word_of_its_own (void **state)
{
    (void) state;
    for (guint i = 0; i < PRC_N_VERDICTS; i++) {
        assert_non_null (prc_verdict_name ((PrcVerdict) i));
        for (guint j = 0; j < i; j++)
            assert_string_not_equal (prc_verdict_name ((PrcVerdict) i),
                                     prc_verdict_name ((PrcVerdict) j));
    }
}

static void
verdict__words__are_those_of_the_design (void **state)
{
    (void) state;
    assert_string_equal (prc_verdict_name (PRC_VERDICT_OK), "ok");
    assert_string_equal (prc_verdict_name (PRC_VERDICT_CREDENTIALS_REJECTED),
                         "credentials_rejected");
    assert_string_equal (prc_verdict_name (PRC_VERDICT_WITHHELD), "withheld");
    assert_string_equal (prc_credential_fate_name (PRC_CREDENTIAL_REJECTED), "rejected");
}

static void
result__copy__shares_nothing (void **state)
{
    PrcCheckResult *result = prc_check_result_new ();
    PrcCheckResult *copy = NULL;

    (void) state;
    result->verdict = PRC_VERDICT_FORBIDDEN;
    result->proxy = g_strdup ("http://p:1");
    result->detail = g_strdup ("why");
    g_ptr_array_add (result->offers, prc_offer_new ("Basic", "r"));
    g_ptr_array_add (result->offers, prc_offer_new ("NTLM", NULL));
    copy = prc_check_result_copy (result);
    prc_check_result_free (result);
    assert_int_equal (copy->verdict, PRC_VERDICT_FORBIDDEN);
    assert_string_equal (copy->proxy, "http://p:1");
    assert_string_equal (copy->detail, "why");
    assert_int_equal (copy->offers->len, 2);
    assert_string_equal (((PrcOffer *) g_ptr_array_index (copy->offers, 0))->realm, "r");
    assert_null (((PrcOffer *) g_ptr_array_index (copy->offers, 1))->realm);
    assert_null (copy->remedy);
    prc_check_result_free (copy);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (verdict__each__has_a_word_of_its_own),
        cmocka_unit_test (verdict__words__are_those_of_the_design),
        cmocka_unit_test (result__copy__shares_nothing),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
