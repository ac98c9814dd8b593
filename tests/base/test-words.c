#include "test.h"

#include "base/words.h"

static void
split__simple_commands__their_words (void **state)
{
    static const struct {
        const char *text, *words; /* with '|' between */
    } rows[] = {
        { "a", "a" },
        { "  a  b\tc ", "a|b|c" },
        { "'a b' \"c d\"e", "a b|c de" },
        { "'it'\\''s' ''", "it's|" },
        { "/opt/x\\ y/z --a=b", "/opt/x y/z|--a=b" },
        { "'$HOME' '`x`'", "$HOME|`x`" },
        { "ü/é", "ü/é" },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_auto (GStrv) words = prc_words_split (rows[i].text);
        g_autofree char *joined = NULL;

        assert_non_null (words);
        joined = g_strjoinv ("|", words);
        assert_string_equal (joined, rows[i].words);
    }
}

static void
split__anything_more__no_words (void **state)
{
    static const char *const texts[] = {
        "",       "  ",     "a | b", "a; b", "a && b",   "a > b",   "a $b", "a `b`", "a $(b)",
        "a *",    "a ?",    "a [b]", "~/a",  "a 'b",     "a \"b",   "a\nb", "a \\",  "(a)",
        "{ a; }", "\"$a\"", "!a",    "a #b", "\"a\\b\"", "a {b,c}", "a&",
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
        assert_null (prc_words_split (texts[i]));
}

static void
join__any_words__split_gives_them_back (void **state)
{
    static const char *const rows[][4] = {
        { "/usr/bin/proxyrc", "env", NULL },
        { "/opt/a b/it's", "", "$(id)", NULL },
        { "~", "a\tb", "ü \"", NULL },
        { "#", "!", "\\", NULL },
    };

    (void) state;
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *text = prc_words_join (rows[i]);
        g_auto (GStrv) words = prc_words_split (text);

        assert_non_null (words);
        assert_true (g_strv_equal ((const char *const *) words, rows[i]));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (split__simple_commands__their_words),
        cmocka_unit_test (split__anything_more__no_words),
        cmocka_unit_test (join__any_words__split_gives_them_back),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
