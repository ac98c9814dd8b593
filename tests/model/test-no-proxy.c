#include "test.h"

#include "model/no-proxy.h"

static void
format__lists__portable (void **state)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        { "", "" },
        { " , ,", "" },
        { "localhost,127.0.0.1", "localhost,127.0.0.1" },
        { "A.Example.com b.c., *.x.org\t.y.org", "a.example.com,b.c,.x.org,.y.org" },
        { "h:80,h:443", "h" },
        { "a,*,b", "*" },
        { "10.0.0.0/8", "10.0.0.0/8" },
        { "10.0.0.5/30", "10.0.0.5/30,10.0.0.4,10.0.0.5,10.0.0.6,10.0.0.7" },
        { "[::1]:80,::1,fd00::/8", "::1,fd00::/8" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcNoProxy) list = prc_no_proxy_parse (rows[i].text, &error);
        g_autofree char *got = NULL;

        assert_no_error (error);
        got = prc_no_proxy_format (list);
        assert_string_equal (got, rows[i].expected);
        assert_int_equal (prc_no_proxy_is_empty (list), *rows[i].expected == '\0');
    }
}

static void
parse__bad_entries__refused (void **state)
{
    static const char *const rows[] = { "http://h", "10.0.0.0/33", "10.0.0/8", "h:0",  "h:x",
                                        "h:65536",  "\"h\"",       "a\nb",     "a..b", "..",
                                        "[::1",     "[h]:1",       "u@h",      "$(x)" };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcNoProxy) list = prc_no_proxy_parse (rows[i], &error);

        if (list != NULL)
            fail_msg ("%s was taken", rows[i]);
        assert_error (error, PRC_ERROR_INPUT);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (format__lists__portable),
        cmocka_unit_test (parse__bad_entries__refused),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
