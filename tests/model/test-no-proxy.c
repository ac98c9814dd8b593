#include "test.h"

#include "model/no-proxy.h"

static const PrcNoProxyDialect all = { TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, FALSE };
static const PrcNoProxyDialect none = { FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE };
static const PrcNoProxyDialect npm = { .dot_covers_apex = TRUE };
static const PrcNoProxyDialect pip = {
    .star = TRUE, .cidr4 = TRUE, .dot_covers_apex = TRUE, .raw_suffix = TRUE
};

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
        { "H,h", "h" },
        { "*.x,.x", ".x" },
        { "a,*,b", "*" },
        { "10.0.0.0/8", "10.0.0.0/8" },
        { "10.0.0.5/30", "10.0.0.5/30,10.0.0.4,10.0.0.5,10.0.0.6,10.0.0.7" },
        { "10.0.0.4,10.0.0.5/31", "10.0.0.4,10.0.0.5/31,10.0.0.5" },
        { "255.255.255.255/32", "255.255.255.255/32,255.255.255.255" },
        { "0.0.0.0/0", "0.0.0.0/0" },
        { "[::1]:80,0:0::1,FD00::/8", "::1,[::1],fd00::/8" },
        { "192.168.*", "192.168.*" },
        { "b\xC3\xBC"
          "cher.de",
          "b\xC3\xBC"
          "cher.de" },
        { "a_b,x-y,1", "a_b,x-y,1" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcNoProxy) list = prc_no_proxy_parse (rows[i].text, &error);
        g_autoptr (PrcNoProxy) again = NULL;
        g_autofree char *got = NULL;
        g_autofree char *twice = NULL;

        assert_no_error (error);
        got = prc_no_proxy_format (list);
        assert_string_equal (got, rows[i].expected);
        assert_int_equal (prc_no_proxy_is_empty (list), *rows[i].expected == '\0');
        again = prc_no_proxy_parse (got, &error);
        assert_no_error (error);
        twice = prc_no_proxy_format (again);
        assert_string_equal (twice, got);
    }
}

static void
parse__bad_entries__refused (void **state)
{
    static const char *const rows[] = {
        "http://h",  "10.0.0.0/33", "10.0.0/8", "h:0",     "h:x", "h:65536", "\"h\"",      "a\nb",
        "a..b",      "..",          "[::1",     "[h]:1",   "u@h", "$(x)",    "fd00::/129", "a/b",
        "10.0.0.0/", "10.0.0.0/-1", "[::1]x",   "<local>", "h:",  "*.",      "x;y",        "::1:g"
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcNoProxy) list = prc_no_proxy_parse (rows[i], &error);

        if (list != NULL)
            fail_msg ("%s was taken", rows[i]);
        assert_error (error, PRC_ERROR_INPUT);
    }
}

static void
parse__url_with_password__not_quoted (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcNoProxy) list = prc_no_proxy_parse ("http://u:sEcReT@h", &error);

    (void) state;
    assert_null (list);
    assert_non_null (strstr (error->message, "http://***@h"));
    assert_null (strstr (error->message, "sEcReT"));
}

static void
explain__each_point__one_sentence_or_none (void **state)
{
    static const struct {
        const char *list;
        const PrcNoProxyDialect *dialect;
        const char *expected; /* how the sentence begins; NULL: none */
    } rows[] = {
        { "localhost,example.com,127.0.0.1,::1", &none, NULL },
        { "localhost,127.0.0.1", &pip, NULL },
        { "*", &all, NULL },
        { "*", &npm, "tool does not understand *:" },
        { "10.0.0.0/8", &pip, NULL },
        { "10.0.0.0/8", &npm, "tool does not understand 10.0.0.0/8:" },
        { "10.0.0.0/28", &npm, NULL },
        { "fd00::/8", &pip, "tool does not understand fd00::/8:" },
        { "fd00::/8", &all, NULL },
        { ".example.com", &npm, NULL },
        { ".example.com", &none, "tool does not take .example.com for example.com itself" },
        { ".example.com,example.com", &none, NULL },
        { "*.example.com", &none, NULL },
        { "*.example.com", &npm, "tool takes *.example.com for example.com itself too" },
        { "*.example.com,example.com", &npm, NULL },
        { "example.com", &pip, "tool only compares how names end: for example.com" },
        { ".example.com", &pip, NULL },
        { "192.168.*", &all, "tool does not understand the * in 192.168.*:" },
        { "h:8080", &all, "tool reaches every port of h directly, not only 8080" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcNoProxy) list = prc_no_proxy_parse (rows[i].list, NULL);
        g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

        prc_no_proxy_explain (list, "tool", rows[i].dialect, warnings);
        if (rows[i].expected == NULL) {
            if (warnings->len > 0)
                fail_msg ("row %u: %s", i, (char *) warnings->pdata[0]);
            continue;
        }
        assert_int_equal (warnings->len, 1);
        if (!g_str_has_prefix (warnings->pdata[0], rows[i].expected))
            fail_msg ("row %u: %s", i, (char *) warnings->pdata[0]);
    }
}

static void
same__texts_of_files__as_said (void **state)
{
    static const struct {
        const char *a, *b;
        gboolean same;
    } rows[] = {
        { "", "", TRUE },        { "", " , ", TRUE },      { "a,b", "b,a", TRUE },
        { "a, b", "b,a", TRUE }, { "a,a,b", "a,b", TRUE }, { "a b", "a,b", FALSE },
        { "A", "a", FALSE },     { "a", "a,b", FALSE },    { "a,b", "a,c", FALSE },
        { ".a", "a", FALSE },    { "\"a\"", "a", FALSE },  { "a\r", "a", TRUE },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        assert_int_equal (prc_no_proxy_same (rows[i].a, rows[i].b), rows[i].same);
        assert_int_equal (prc_no_proxy_same (rows[i].b, rows[i].a), rows[i].same);
    }
}

/* Whatever is taken can be written, and means the same when it is read again. */
static void
parse__random_bytes__survived_and_stable (void **state)
{
    static const char *const pieces[] = { "a",         ".", "*",        ",",   " ",     ":80",
                                          "/",         "8", "10.0.0.0", "/30", "[::1]", "::1",
                                          "fd00::",    "@", "\"",       "\n",  "\xFF",  "%",
                                          "localhost", "-", "_",        "$",   "://" };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint taken = 0;

    (void) state;
    for (guint i = 0; i < prc_test_cases (20000); i++) {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
        g_autoptr (PrcNoProxy) list = NULL;
        g_autoptr (PrcNoProxy) again = NULL;
        g_autofree char *once = NULL;
        g_autofree char *twice = NULL;

        for (gint n = g_rand_int_range (rand, 0, 8); n > 0; n--)
            g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
        list = prc_no_proxy_parse (text->str, NULL);
        if (list == NULL)
            continue;
        taken++;
        prc_no_proxy_explain (list, "tool", &none, warnings);
        once = prc_no_proxy_format (list);
        again = prc_no_proxy_parse (once, NULL);
        if (again == NULL)
            fail_msg ("[%s] was written as [%s], which is refused", text->str, once);
        twice = prc_no_proxy_format (again);
        assert_string_equal (twice, once);
        assert_true (prc_no_proxy_same (once, twice));
    }
    assert_true (taken > 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (format__lists__portable),
        cmocka_unit_test (parse__bad_entries__refused),
        cmocka_unit_test (parse__url_with_password__not_quoted),
        cmocka_unit_test (explain__each_point__one_sentence_or_none),
        cmocka_unit_test (same__texts_of_files__as_said),
        cmocka_unit_test (parse__random_bytes__survived_and_stable),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
