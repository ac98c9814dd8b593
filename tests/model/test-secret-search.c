#include "test.h"

#include <stdlib.h>

#include "model/percent.h"
#include "model/proxy-url.h"
#include "model/secret-search.h"

#define USER "jdoe"

static const char *const passwords[] = {
    "p@ss:w/rd#1%", "a b\"c'd\\e$f", "ünï✓word",     "100%;#x",
    "!h$(id)",      "back\\slash\\", " leading",     "trailing ",
    "%41%40xy",     "${HOME}x",      "`id`x`y`",     "'quote'd'",
    "\"double\"",   "//authority",   "=equals=",     "#leads",
    "a&b<c>d",      "$$money$$",     "%%per%%cent",  "''''''",
    "\"\"\"\"\"\"", "ÄÖÜßäöü",       "日本語のパス", "\U0001F511key\U0001F511",
    "[br{ack}ets]", "comma,semi;",   "pi|pe~tilde",  "Summer2023",
    "?quest*star",  "\\n\\t\\x41",
};

/* --- ways to write it ------------------------------------------------------------------------ */

static char *
plain (const char *text)
{
    return g_strdup (text);
}

static char *
percent (const char *text)
{
    return prc_percent_encode (text);
}

static char *
percent_lower (const char *text)
{
    g_autofree char *upper = prc_percent_encode (text);

    for (char *p = upper; *p != '\0'; p++)
        if (prc_percent_is_hex (p)) {
            p[1] = g_ascii_tolower (p[1]);
            p[2] = g_ascii_tolower (p[2]);
        }
    return g_steal_pointer (&upper);
}

static char *
percent_every_byte (const char *text)
{
    GString *out = g_string_new (NULL);

    for (; *text != '\0'; text++)
        g_string_append_printf (out, "%%%02x", (guchar) *text);
    return g_string_free (out, FALSE);
}

static char *
percent_some (const char *text)
{
    GString *out = g_string_new (NULL);

    for (guint i = 0; text[i] != '\0'; i++)
        if (i % 3 == 1)
            g_string_append_printf (out, "%%%02X", (guchar) text[i]);
        else
            g_string_append_c (out, text[i]);
    return g_string_free (out, FALSE);
}

static char *
percent_twice (const char *text)
{
    g_autofree char *once = prc_percent_encode (text);

    return prc_percent_encode (once);
}

static char *
percent_doubled (const char *text) /* a unit of systemd */
{
    g_autofree char *once = prc_percent_encode (text);
    g_auto (GStrv) parts = g_strsplit (once, "%", -1);

    return g_strjoinv ("%%", parts);
}

static char *
json (const char *text)
{
    GString *out = g_string_new (NULL);

    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);

        if (c == '"' || c == '\\')
            g_string_append_printf (out, "\\%c", (char) c);
        else if (c < 0x80)
            g_string_append_c (out, (char) c);
        else if (c < 0x10000)
            g_string_append_printf (out, "\\u%04x", c);
        else
            g_string_append_printf (out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10),
                                    0xDC00 + ((c - 0x10000) & 0x3FF));
    }
    return g_string_free (out, FALSE);
}

static char *
escaped (const char *text, const char *which)
{
    GString *out = g_string_new (NULL);

    for (; *text != '\0'; text++) {
        if (strchr (which, *text) != NULL)
            g_string_append_c (out, '\\');
        g_string_append_c (out, *text);
    }
    return g_string_free (out, FALSE);
}

static char *
backslashes (const char *text)
{
    return escaped (text, " \"'\\$`!#%&()*;<>?[]^{|}~@:/=,");
}

static char *
double_quotes (const char *text)
{
    return escaped (text, "\"\\$`");
}

static char *
single_quotes (const char *text)
{
    g_auto (GStrv) parts = g_strsplit (text, "'", -1);

    return g_strjoinv ("'\\''", parts);
}

static char *
mixed_quotes (const char *text)
{
    g_auto (GStrv) parts = g_strsplit (text, "'", -1);

    return g_strjoinv ("'\"'\"'", parts);
}

static char *
hex_escapes (const char *text)
{
    GString *out = g_string_new (NULL);

    for (; *text != '\0'; text++)
        if (g_ascii_isalnum (*text))
            g_string_append_c (out, *text);
        else
            g_string_append_printf (out, "\\x%02x", (guchar) *text);
    return g_string_free (out, FALSE);
}

static char *
octal_escapes (const char *text)
{
    GString *out = g_string_new (NULL);

    for (; *text != '\0'; text++)
        if (g_ascii_isalnum (*text))
            g_string_append_c (out, *text);
        else
            g_string_append_printf (out, "\\%03o", (guchar) *text);
    return g_string_free (out, FALSE);
}

static char *
xml (const char *text)
{
    return g_markup_escape_text (text, -1);
}

static char *
as_latin1_again (const char *text)
{
    return g_convert (text, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

static char *
percent_latin1_again (const char *text)
{
    g_autofree char *again = as_latin1_again (text);

    return prc_percent_encode (again);
}

static char *
latin1 (const char *text)
{
    return g_convert (text, -1, "ISO-8859-1", "UTF-8", NULL, NULL, NULL);
}

static char *
percent_latin1 (const char *text)
{
    g_autofree char *bytes = latin1 (text);

    return bytes != NULL ? prc_percent_encode (bytes) : NULL;
}

static char *
base64_of_pair (const char *text)
{
    g_autofree char *pair = g_strconcat (USER ":", text, NULL);

    return g_base64_encode ((const guchar *) pair, strlen (pair));
}

static char *
hex (const char *text)
{
    GString *out = g_string_new (NULL);

    for (; *text != '\0'; text++)
        g_string_append_printf (out, "%02x", (guchar) *text);
    return g_string_free (out, FALSE);
}

static const struct {
    const char *name;
    char *(*write) (const char *text); /* NULL: can't be written so */
    gboolean is_whole;                 /* found as one piece: its ends need not be exact */
} ways[] = {
    { "plain", plain, FALSE },
    { "percent", percent, FALSE },
    { "percent_lower", percent_lower, FALSE },
    { "percent_every_byte", percent_every_byte, FALSE },
    { "percent_some", percent_some, FALSE },
    { "percent_twice", percent_twice, FALSE },
    { "percent_doubled", percent_doubled, FALSE },
    { "json", json, FALSE },
    { "backslashes", backslashes, FALSE },
    { "double_quotes", double_quotes, FALSE },
    { "single_quotes", single_quotes, TRUE },
    { "mixed_quotes", mixed_quotes, TRUE },
    { "hex_escapes", hex_escapes, FALSE },
    { "octal_escapes", octal_escapes, FALSE },
    { "xml", xml, FALSE },
    { "as_latin1_again", as_latin1_again, FALSE },
    { "percent_latin1_again", percent_latin1_again, FALSE },
    { "latin1", latin1, FALSE },
    { "percent_latin1", percent_latin1, FALSE },
    { "base64_of_pair", base64_of_pair, TRUE },
    { "hex", hex, TRUE },
};

static void
search__every_password_in_every_form__found (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++) {
        g_autoptr (PrcSecret) secret = prc_secret_new (passwords[i], strlen (passwords[i]));
        g_autoptr (PrcSecretSearch) search = prc_secret_search_new (USER, secret);

        for (gsize w = 0; w < G_N_ELEMENTS (ways); w++) {
            g_autofree char *form = ways[w].write (passwords[i]);
            g_autofree char *line = NULL;
            const char before[] = "x\n# proxy = http://" USER ":",
                       *behind = "@proxy.example:3128/\n";
            PrcSecretHit hit = { 0 };

            if (form == NULL || (ways[w].write == hex && prc_secret_search_is_weak (search)))
                continue;
            line = g_strconcat (before, form, behind, NULL);
            if (!prc_secret_search_find (search, line, strlen (line), 0, &hit))
                fail_msg ("%s, %s: not found in %s", passwords[i], ways[w].name, line);
            if (prc_secret_search_is_weak (search))
                hit.start += strlen (USER) + 1;
            if (!ways[w].is_whole &&
                (hit.start > strlen (before) || hit.end < strlen (before) + strlen (form)))
                fail_msg ("%s, %s: found at %zu to %zu in %s", passwords[i], ways[w].name,
                          hit.start, hit.end, line);
            assert_true (hit.start >= 2 && hit.end <= strlen (line));
        }
    }
}

/* The last byte missing, or another one: that is another password. */
static void
search__almost_the_password__not_found (void **state)
{
    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (passwords); i++) {
        g_autofree char *other = g_strdup (passwords[i]);
        g_autoptr (PrcSecret) secret = prc_secret_new (passwords[i], strlen (passwords[i]));
        g_autoptr (PrcSecretSearch) search = prc_secret_search_new (USER, secret);
        char *middle = g_utf8_offset_to_pointer (other, g_utf8_strlen (other, -1) / 2);

        memmove (middle + 1, g_utf8_next_char (middle), strlen (g_utf8_next_char (middle)) + 1);
        *middle = 'Q';
        for (gsize w = 0; w < G_N_ELEMENTS (ways); w++) {
            g_autofree char *form = ways[w].write (other);
            PrcSecretHit hit = { 0 };

            if (form != NULL && prc_secret_search_find (search, form, strlen (form), 0, &hit))
                fail_msg ("%s, %s: found in %s", passwords[i], ways[w].name, form);
        }
    }
}

static void
search__base64_at_any_alignment__found (void **state)
{
    g_autoptr (PrcSecret) secret = prc_secret_new ("p@ss:w/rd#1%", 12);
    g_autoptr (PrcSecretSearch) search = prc_secret_search_new (USER, secret);

    (void) state;
    for (guint before = 0; before < 9; before++)
        for (guint behind = 0; behind < 4; behind++) {
            g_autofree char *text = g_strdup_printf ("%.*sp@ss:w/rd#1%%%.*s", (int) before,
                                                     "{\"auth\": \"", (int) behind, "\"}  ");
            g_autofree char *coded = g_base64_encode ((const guchar *) text, strlen (text));
            PrcSecretHit hit = { 0 };

            assert_true (prc_secret_search_find (search, coded, strlen (coded), 0, &hit));
        }
}

static void
search__weak_password__only_behind_its_user (void **state)
{
    static const char *const words[] = { "proxy", "admin", "1234567", "a", "secret!" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
        g_autoptr (PrcSecret) secret = prc_secret_new (words[i], strlen (words[i]));
        g_autoptr (PrcSecretSearch) search = prc_secret_search_new (USER, secret);
        g_autoptr (PrcSecretSearch) nobody = prc_secret_search_new (NULL, secret);
        g_autofree char *text = g_strdup_printf ("proxy admin 1234567 a secret %s", words[i]);
        g_autofree char *line = g_strdup_printf ("http_proxy=http://" USER "%%3a%s@h:1", words[i]);
        gboolean is_weak = prc_secret_search_is_weak (search);
        PrcSecretHit hit = { 0 };

        assert_int_equal (is_weak, i < 4);
        assert_int_equal (prc_secret_search_find (search, text, strlen (text), 0, &hit), !is_weak);
        assert_true (prc_secret_search_find (search, line, strlen (line), 0, &hit));
        assert_int_equal (prc_secret_search_find (nobody, line, strlen (line), 0, &hit), !is_weak);
    }
}

static void
search__empty_password__never_found (void **state)
{
    g_autoptr (PrcSecret) secret = prc_secret_new ("", 0);
    g_autoptr (PrcSecretSearch) search = prc_secret_search_new (USER, secret);
    PrcSecretHit hit = { 0 };

    (void) state;
    assert_false (prc_secret_search_find (search, "jdoe:@h", 7, 0, &hit));
    assert_false (prc_secret_search_find (search, "", 0, 0, &hit));
    assert_false (prc_secret_search_find (search, NULL, 0, 0, &hit));
}

static void
search__several__each_in_turn (void **state)
{
    g_autoptr (GPtrArray) searches =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_secret_search_free);
    const char text[] = "Winter2022 Summer2023\0Winter2022";
    PrcSecretHit hit = { 0 };
    gsize from = 0;
    guint n = 0;

    (void) state;
    for (gsize i = 0; i < 2; i++) {
        g_autoptr (PrcSecret) secret = prc_secret_new (i == 0 ? "Summer2023" : "Winter2022", 10);

        g_ptr_array_add (searches, prc_secret_search_new (USER, secret));
    }
    while (prc_secret_searches_find (searches, text, sizeof text - 1, from, &hit)) {
        assert_int_equal (hit.start, n * 11);
        from = hit.end;
        n++;
    }
    assert_int_equal (n, 3);
}

/* Random bytes, with and without the password in them, of texts made to be expensive. */
static void
search__random_bytes__no_crash_and_no_false_hit (void **state)
{
    static const char alphabet[] = "%%%25'\"\\ux&#;0123abé$";
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (300);

    (void) state;
    for (guint n = 0; n < cases; n++) {
        const char *password =
            passwords[(guint) g_rand_int_range (rand, 0, G_N_ELEMENTS (passwords))];
        g_autoptr (PrcSecret) secret = prc_secret_new (password, strlen (password));
        g_autoptr (PrcSecretSearch) search = prc_secret_search_new (USER, secret);
        g_autofree char *form = ways[n % 6].write (password);
        g_autoptr (GString) text = g_string_new (NULL);
        PrcSecretHit hit = { 0 };
        gsize at, from = 0;

        for (gint i = g_rand_int_range (rand, 0, 2000); i > 0; i--)
            g_string_append_c (text, alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)]);
        at = text->len;
        g_string_append_printf (text, " " USER ":%s ", form);
        for (gint i = g_rand_int_range (rand, 0, 2000); i > 0; i--)
            g_string_append_c (text, alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)]);
        while (prc_secret_search_find (search, text->str, text->len, from, &hit) && hit.start <= at)
            from = hit.start + 1;
        assert_true (hit.start >= at && hit.start <= at + strlen (USER) + 2);
        assert_true (hit.end >= at + strlen (USER) + 2 + strlen (form));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (search__every_password_in_every_form__found),
        cmocka_unit_test (search__almost_the_password__not_found),
        cmocka_unit_test (search__base64_at_any_alignment__found),
        cmocka_unit_test (search__weak_password__only_behind_its_user),
        cmocka_unit_test (search__empty_password__never_found),
        cmocka_unit_test (search__several__each_in_turn),
        cmocka_unit_test (search__random_bytes__no_crash_and_no_false_hit),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
