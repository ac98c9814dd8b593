#include "test.h"

#include "probe/facts.h"

static gboolean
parse (PrcFacts *facts, const char *line)
{
    return prc_facts_parse_line (facts, line, strlen (line), NULL);
}

static char *
strip (char *line)
{
    return g_strchomp (line);
}

static void
facts__what_is_told__is_read_back (void **state)
{
    g_autoptr (PrcExchange) exchange = prc_exchange_new ();
    g_autoptr (PrcFacts) facts = prc_facts_new ();
    g_autofree char *sending = strip (prc_facts_format_sending ("ntlm"));
    g_autofree char *end = strip (prc_facts_format_end ());
    g_autofree char *line = NULL;
    const PrcExchange *read = NULL;

    (void) state;
    exchange->failure = PRC_FAILURE_SITE_CERTIFICATE;
    exchange->status = 200;
    exchange->site_status = 401;
    exchange->sent = exchange->by_proxy = TRUE;
    exchange->usable = 5;
    exchange->scheme = g_strdup ("ntlm");
    exchange->issuer = g_strdup ("CN = Größe \x1b[1m");
    g_ptr_array_add (exchange->offers, prc_offer_new ("NTLM", NULL));
    g_ptr_array_add (exchange->offers, prc_offer_new ("Basic", "Prüfstand"));
    line = strip (prc_facts_format_exchange (exchange));
    assert_null (strchr (line, '\n'));

    assert_true (parse (facts, sending));
    assert_string_equal (facts->sending, "ntlm");
    assert_true (parse (facts, line));
    assert_null (facts->sending);
    read = g_ptr_array_index (facts->exchanges, 0);
    assert_int_equal (read->failure, PRC_FAILURE_SITE_CERTIFICATE);
    assert_int_equal (read->status, 200);
    assert_int_equal (read->site_status, 401);
    assert_int_equal (read->usable, 5);
    assert_true (read->sent && read->by_proxy && !read->is_html);
    assert_string_equal (read->scheme, "ntlm");
    assert_string_equal (read->issuer, "CN = Größe \\x1B[1m");
    assert_null (read->text);
    assert_int_equal (read->offers->len, 2);
    assert_null (((PrcOffer *) g_ptr_array_index (read->offers, 0))->realm);
    assert_string_equal (((PrcOffer *) g_ptr_array_index (read->offers, 1))->realm, "Prüfstand");
    assert_false (facts->is_complete);
    assert_true (parse (facts, end));
    assert_true (facts->is_complete);
    assert_false (parse (facts, line)); /* nothing comes after the end */
}

static void
facts__long_texts__are_cut_by_the_one_who_tells (void **state)
{
    g_autoptr (PrcExchange) exchange = prc_exchange_new ();
    g_autoptr (PrcFacts) facts = prc_facts_new ();
    g_autofree char *line = NULL;

    (void) state;
    exchange->text = g_strnfill (100000, 'x');
    memcpy (exchange->text + PRC_FACTS_TEXT_MAX - 1, "\xe2\x82\xac", 3);
    line = strip (prc_facts_format_exchange (exchange));
    assert_true (parse (facts, line));
    assert_true (strlen (((PrcExchange *) g_ptr_array_index (facts->exchanges, 0))->text) <=
                 PRC_FACTS_TEXT_MAX);
}

static void
facts__hostile_lines__are_refused (void **state)
{
    g_autoptr (PrcExchange) exchange = prc_exchange_new ();
    g_autofree char *good = strip (prc_facts_format_exchange (exchange));
    static const struct {
        const char *old, *new; /* one replacement in a good line */
    } changes[] = {
        { "\"failure\":0", "\"failure\":99" },
        { "\"failure\":0", "\"failure\":-1" },
        { "\"failure\":0", "\"failure\":\"0\"" },
        { "\"failure\":0", "\"failure\":0.5" },
        { "\"status\":0", "\"status\":1000" },
        { "\"usable\":0", "\"usable\":16" },
        { "\"sent\":false", "\"sent\":1" },
        { "\"text\":null", "\"text\":7" },
        { "\"text\":null", "\"text\":\"a\\u0000b\"" },
        { "\"scheme\":null", "\"scheme\":\"kerberos\"" },
        { "\"offers\":[]", "\"offers\":{}" },
        { "\"offers\":[]", "\"offers\":[[\"a\"]]" },
        { "\"offers\":[]", "\"offers\":[[null,null]]" },
        { "\"offers\":[]", "\"offers\":[[\"a\",1]]" },
        { "\"is_html\":false", "\"is_html\":false,\"more\":1" },
        { "\"is_html\":false", "\"is_html\":false,\"is_html\":false" },
        { "\"is_html\":false,", "" },
    };
    static const char *const lines[] = {
        "",
        "{}",
        "[]",
        "null",
        "x",
        "{\"end\":true,\"x\":1}",
        "{\"sending\":7}",
        "{\"sending\":\"basic\",\"end2\":1}",
        "{\"sending\":\"basic\"} {}",
        "\"end\"",
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (changes); i++) {
        g_autoptr (PrcFacts) facts = prc_facts_new ();
        const char *at = strstr (good, changes[i].old);
        g_autofree char *bad = NULL;

        assert_non_null (at);
        bad = g_strdup_printf ("%.*s%s%s", (int) (at - good), good, changes[i].new,
                               at + strlen (changes[i].old));
        if (parse (facts, bad))
            fail_msg ("taken: %s", bad);
        assert_int_equal (facts->exchanges->len, 0);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autoptr (PrcFacts) facts = prc_facts_new ();

        if (parse (facts, lines[i]))
            fail_msg ("taken: %s", lines[i]);
    }
}

static void
facts__too_many_exchanges__are_refused (void **state)
{
    g_autoptr (PrcExchange) exchange = prc_exchange_new ();
    g_autofree char *good = strip (prc_facts_format_exchange (exchange));
    g_autoptr (PrcFacts) facts = prc_facts_new ();
    guint taken = 0;

    (void) state;
    while (taken < 100 && parse (facts, good))
        taken++;
    assert_true (taken >= 5 && taken < 100);
}

static void
facts__random_bytes__are_survived (void **state)
{
    g_autoptr (PrcExchange) exchange = prc_exchange_new ();
    g_autofree char *good = strip (prc_facts_format_exchange (exchange));
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (5000);

    (void) state;
    for (guint i = 0; i < cases; i++) {
        g_autoptr (PrcFacts) facts = prc_facts_new ();
        g_autofree char *bad = g_strdup (good);
        gsize length = strlen (bad);

        for (int n = g_rand_int_range (rand, 1, 5); n > 0; n--)
            bad[g_rand_int_range (rand, 0, (gint32) length)] =
                (char) g_rand_int_range (rand, 0, 256);
        (void) prc_facts_parse_line (facts, bad, length, NULL);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (facts__what_is_told__is_read_back),
        cmocka_unit_test (facts__long_texts__are_cut_by_the_one_who_tells),
        cmocka_unit_test (facts__hostile_lines__are_refused),
        cmocka_unit_test (facts__too_many_exchanges__are_refused),
        cmocka_unit_test (facts__random_bytes__are_survived),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
