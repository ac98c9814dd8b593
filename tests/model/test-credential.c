#include "test.h"

#include "model/credential.h"

static void
to_text__parts__one_canonical_line (void **state)
{
    static const struct {
        const char *scheme, *host;
        guint16 port;
        const char *user, *text;
    } rows[] = {
        { "http", "proxy.example", 3128, "alice", "http://alice@proxy.example:3128" },
        { "HTTP", "Proxy.EXAMPLE", 3128, "Alice", "http://Alice@proxy.example:3128" },
        { "https", "10.0.0.1", 443, NULL, "https://10.0.0.1:443" },
        { "socks5h", "h", 0, "", "socks5h://@h:0" },
        { "http", "[::1]", 65535, "u", "http://u@[::1]:65535" },
        { "http", "FE80::1", 1, "u", "http://u@[fe80::1]:1" },
        { "http", "h", 1, "DOM\\u:x@y/z", "http://DOM%5Cu%3Ax%40y%2Fz@h:1" },
        { "http", "h", 1, "\xC3\xBC %\n", "http://%C3%BC%20%25%0A@h:1" },
        { "http", "h\n@x/", 1, NULL, "http://h%0A%40x%2F:1" },
        { "", "", 1, NULL, "://:1" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcCredentialRef) ref =
            prc_credential_ref_new (rows[i].scheme, rows[i].host, rows[i].port, rows[i].user);
        g_autofree char *text = prc_credential_ref_to_text (ref);
        g_autoptr (PrcCredentialRef) back = prc_credential_ref_from_text (text, &error);

        assert_string_equal (text, rows[i].text);
        assert_no_error (error);
        assert_true (prc_credential_ref_equal (ref, back));
    }
}

static void
from_text__any_other_spelling__refused_without_quoting (void **state)
{
    static const char *const texts[] = {
        "",
        "http",
        "http://",
        "http://h",
        "http://u@h",
        "h:1",
        "//h:1",
        "http://h:",
        "http://h:x",
        "http://h:65536",
        "http://h:-1",
        "http://h:01",
        "http://h:+1",
        "http://h:1 ",
        " http://h:1",
        "http://h:1/",
        "http://h:1\n",
        "HTTP://h:1",
        "http://H:1",
        "http://u:s3cret@h:1",
        "http://u@x@h:1",
        "http://%75@h:1",
        "http://u%40%@h:1",
        "http://u%4@h:1",
        "http://u%4g@h:1",
        "http://%c3@h:1",
        "http://u%00@h:1",
        "http://::1:1",
        "http://[h]:1",
        "http://[::1:1",
        "http://[::1]",
        "http://[[::1]]:1",
        "http://h:123456789012345678901",
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcCredentialRef) ref = prc_credential_ref_from_text (texts[i], &error);

        if (ref != NULL)
            fail_msg ("taken: %s", texts[i]);
        assert_error (error, PRC_ERROR_INPUT);
        assert_null (strstr (error->message, "s3cret"));
    }
}

static char *
random_text (GRand *rand)
{
    static const char alphabet[] = "aZ9:/@[]%\\ .-~+\xC3\xBC\xFF\n\x01";
    gsize length = (gsize) g_rand_int_range (rand, 0, 8);
    char *text = g_malloc0 (length + 1);

    for (gsize i = 0; i < length; i++)
        text[i] = alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];
    return text;
}

static PrcCredentialRef *
random_ref (GRand *rand)
{
    g_autofree char *scheme = random_text (rand);
    g_autofree char *host = random_text (rand);
    g_autofree char *user = random_text (rand);

    return prc_credential_ref_new (scheme, host, (guint16) g_rand_int_range (rand, 0, 65536),
                                   g_rand_boolean (rand) ? user : NULL);
}

static gboolean
is_one_printable_line (const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isgraph (*p))
            return FALSE;
    return TRUE;
}

static void
text__generated_references__there_and_back (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (20000);

    (void) state;
    for (guint i = 0; i < n; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcCredentialRef) ref = random_ref (rand);
        g_autoptr (PrcCredentialRef) other = random_ref (rand);
        g_autofree char *text = prc_credential_ref_to_text (ref);
        g_autofree char *other_text = prc_credential_ref_to_text (other);
        g_autoptr (PrcCredentialRef) back = prc_credential_ref_from_text (text, &error);

        assert_no_error (error);
        assert_true (is_one_printable_line (text));
        assert_true (prc_credential_ref_equal (ref, back));
        assert_int_equal (prc_credential_ref_equal (ref, other), strcmp (text, other_text) == 0);
    }
}

static void
matches__pattern_without_user__any_user_of_that_proxy (void **state)
{
    g_autoptr (PrcCredentialRef) ref = prc_credential_ref_new ("http", "h", 1, "u");
    g_autoptr (PrcCredentialRef) copy = prc_credential_ref_copy (ref);
    g_autoptr (PrcCredentialRef) any = prc_credential_ref_new ("http", "h", 1, NULL);
    g_autoptr (PrcCredentialRef) empty = prc_credential_ref_new ("http", "h", 1, "");
    g_autoptr (PrcCredentialRef) other = prc_credential_ref_new ("http", "h", 2, NULL);

    (void) state;
    assert_true (prc_credential_ref_equal (ref, copy));
    assert_true (prc_credential_ref_matches (ref, copy));
    assert_true (prc_credential_ref_matches (any, ref));
    assert_true (prc_credential_ref_matches (any, empty));
    assert_false (prc_credential_ref_matches (ref, any));
    assert_false (prc_credential_ref_matches (empty, ref));
    assert_false (prc_credential_ref_matches (other, ref));
    assert_false (prc_credential_ref_equal (any, empty));
    prc_credential_ref_free (NULL);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (to_text__parts__one_canonical_line),
    cmocka_unit_test (from_text__any_other_spelling__refused_without_quoting),
    cmocka_unit_test (text__generated_references__there_and_back),
    cmocka_unit_test (matches__pattern_without_user__any_user_of_that_proxy),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
