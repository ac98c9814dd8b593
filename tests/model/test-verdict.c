#include "test.h"

#include "model/verdict.h"

static void
verdict__each_has_a_word_of_its_own__and_is_found_by_it (void **state)
{
    (void) state;
    for (guint i = 0; i < PRC_N_VERDICTS; i++) {
        const char *name = prc_verdict_name ((PrcVerdict) i);
        PrcVerdict found;

        assert_non_null (name);
        assert_true (prc_verdict_from_name (name, &found));
        assert_int_equal (found, i);
    }
}

static void
verdict__words__are_those_of_the_design (void **state)
{
    PrcVerdict found;
    PrcCredentialFate fate;

    (void) state;
    assert_string_equal (prc_verdict_name (PRC_VERDICT_OK), "ok");
    assert_string_equal (prc_verdict_name (PRC_VERDICT_CREDENTIALS_REJECTED),
                         "credentials_rejected");
    assert_string_equal (prc_verdict_name (PRC_VERDICT_WITHHELD), "withheld");
    assert_false (prc_verdict_from_name ("OK", &found));
    assert_false (prc_verdict_from_name ("", &found));
    assert_false (prc_verdict_from_name (NULL, &found));
    assert_true (prc_credential_fate_from_name ("rejected", &fate));
    assert_int_equal (fate, PRC_CREDENTIAL_REJECTED);
    assert_false (prc_credential_fate_from_name ("maybe", &fate));
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
        cmocka_unit_test (verdict__each_has_a_word_of_its_own__and_is_found_by_it),
        cmocka_unit_test (verdict__words__are_those_of_the_design),
        cmocka_unit_test (result__copy__shares_nothing),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
