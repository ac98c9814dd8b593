#include "test.h"

#include "base/text.h"

static void
printable__texts__nothing_moves_the_cursor (void **state)
{
    static const struct {
        const char *bytes, *printable, *utf8;
    } rows[] = {
        { "", "", "" },
        { NULL, "", "" },
        { "plain ~ text", "plain ~ text", "plain ~ text" },
        { "\xC3\xBC\xE2\x9C\x93\xF0\x9F\x98\x80", "\xC3\xBC\xE2\x9C\x93\xF0\x9F\x98\x80",
          "\xC3\xBC\xE2\x9C\x93\xF0\x9F\x98\x80" },
        { "\x1B[2J", "\\x1B[2J", "\x1B[2J" },
        { "a\tb\nc\rd\x7F", "a\\x09b\\x0Ac\\x0Dd\\x7F", "a\tb\nc\rd\x7F" },
        { "\x01\x1F", "\\x01\\x1F", "\x01\x1F" },
        { "\xC2\x9B"
          "2J",
          "\\u{009B}2J",
          "\xC2\x9B"
          "2J" }, /* CSI as one C1 character */
        { "\xC2\x80\xC2\xA0", "\\u{0080}\xC2\xA0", "\xC2\x80\xC2\xA0" }, /* U+00A0 is no control */
        { "\xE2\x80\xAE", "\\u{202E}", "\xE2\x80\xAE" }, /* right-to-left override */
        { "\xE2\x81\xA6\xE2\x81\xA9", "\\u{2066}\\u{2069}", "\xE2\x81\xA6\xE2\x81\xA9" },
        { "\xE2\x80\x8F\xE2\x80\xA8", "\\u{200F}\\u{2028}", "\xE2\x80\x8F\xE2\x80\xA8" },
        { "\xD8\x9C", "\\u{061C}", "\xD8\x9C" }, /* Arabic letter mark: bidirectional, too */
        /* not UTF-8, byte for byte */
        { "\xFF", "\\xFF", "\\xFF" },
        { "a\xC3", "a\\xC3", "a\\xC3" },
        { "\xC3(", "\\xC3(", "\\xC3(" },
        { "\xE2\x9C", "\\xE2\\x9C", "\\xE2\\x9C" },
        { "\xC0\xAF", "\\xC0\\xAF", "\\xC0\\xAF" },               /* overlong '/' */
        { "\xED\xA0\x80", "\\xED\\xA0\\x80", "\\xED\\xA0\\x80" }, /* a surrogate */
        { "\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80", "\\xF4\\x90\\x80\\x80" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *printable = prc_text_printable (rows[i].bytes);
        g_autofree char *utf8 = prc_text_utf8 (rows[i].bytes);

        assert_string_equal (printable, rows[i].printable);
        assert_string_equal (utf8, rows[i].utf8);
    }
}

static void
printable__any_bytes__valid_without_controls_and_stable (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (50000);

    (void) state;
    for (guint i = 0; i < n; i++) {
        char bytes[16] = { 0 };
        gsize length = (gsize) g_rand_int_range (rand, 0, sizeof bytes);
        g_autofree char *printable = NULL;
        g_autofree char *again = NULL;
        g_autofree char *utf8 = NULL;

        for (gsize k = 0; k < length; k++)
            bytes[k] = (char) g_rand_int_range (rand, 1, 256);
        printable = prc_text_printable (bytes);
        again = prc_text_printable (printable);
        utf8 = prc_text_utf8 (bytes);
        assert_true (g_utf8_validate (printable, -1, NULL));
        assert_true (g_utf8_validate (utf8, -1, NULL));
        assert_false (prc_text_has_control (printable));
        assert_string_equal (printable, again);
        if (g_utf8_validate (bytes, -1, NULL))
            assert_string_equal (utf8, bytes);
    }
}

static void
has_control__bytes__c0_and_del_only (void **state)
{
    (void) state;
    assert_false (prc_text_has_control (""));
    for (guint c = 1; c < 256; c++) {
        const char text[] = { 'a', (char) c, 'b', '\0' };

        assert_int_equal (prc_text_has_control (text), c < 0x20 || c == 0x7F);
    }
}

static void
may_break__two_characters__as_their_script_wants (void **state)
{
    static const struct {
        gunichar before, after;
        gboolean may;
    } rows[] = {
        { 'a', 'b', FALSE },       { 0x8A2D, 0x5B9A, TRUE },  /* two of Japanese */
        { 'a', 0x8A2D, TRUE },     { 0x8A2D, 'a', TRUE },     /* Latin beside it */
        { 0x8A2D, 0x3002, FALSE }, { 0x3002, 0x8A2D, TRUE },  /* a full stop */
        { 0x300C, 0x8A2D, FALSE }, { 0x8A2D, 0x300C, TRUE },  /* a corner bracket opens */
        { 0x8A2D, 0x300D, FALSE }, { 0x300D, 0x8A2D, TRUE },  /* and closes */
        { 0x201C, 0x8A2D, FALSE }, { 0x8A2D, 0x201C, TRUE },  /* “, as Chinese has it */
        { 0x8A2D, 0x201D, FALSE }, { 0x201D, 0x8A2D, TRUE },  /* ” */
        { 0x30D7, 0x30ED, TRUE },  { 0x30C7, 0x30FC, FALSE }, /* a long vowel's mark */
        { 0x8A2D, ')', FALSE },    { '(', 0x8A2D, FALSE },
        { 0x8A2D, '(', TRUE },     { 0xD55C, 0xAE00, FALSE }, /* Korean has blanks */
        { 0x8A2D, 0, FALSE },      { 0x8A2D, ' ', FALSE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (prc_text_may_break (rows[i].before, rows[i].after) != rows[i].may)
            fail_msg ("U+%04X U+%04X", rows[i].before, rows[i].after);
}

static void
piece__texts__what_stays_together (void **state)
{
    static const struct {
        const char *text;
        gsize length;
    } rows[] = { { "", 0 },          { "one two", 3 },  { "one\ntwo", 3 }, { " one", 0 },
                 { "設定", 3 },      { "定。次", 6 },   { "「設」定", 9 }, { "git設定", 3 },
                 { "한글 다음", 6 }, { "\xE8\xA8", 2 }, { "\xFF設", 4 } };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        assert_int_equal (prc_text_piece (rows[i].text), rows[i].length);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (printable__texts__nothing_moves_the_cursor),
    cmocka_unit_test (printable__any_bytes__valid_without_controls_and_stable),
    cmocka_unit_test (has_control__bytes__c0_and_del_only),
    cmocka_unit_test (may_break__two_characters__as_their_script_wants),
    cmocka_unit_test (piece__texts__what_stays_together),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
