#include "test.h"

#include "probe/challenge.h"

/* What is read of the lines, as "Scheme(realm) Scheme(realm)…": '-' for no realm. */
static char *
read_lines (const char *const *lines)
{
    g_autoptr (GPtrArray) challenges = prc_challenges_new ();
    GString *text = g_string_new (NULL);

    for (const char *const *line = lines; *line != NULL; line++)
        prc_challenges_add (challenges, *line, strlen (*line));
    for (guint i = 0; i < challenges->len; i++) {
        const PrcChallenge *challenge = g_ptr_array_index (challenges, i);

        g_string_append_printf (text, "%s%s(%s)", i > 0 ? " " : "", challenge->scheme,
                                challenge->realm != NULL ? challenge->realm : "-");
    }
    return g_string_free (text, FALSE);
}

static void
challenge__forms_of_the_rfc__are_read (void **state)
{
    static const struct {
        const char *lines[4];
        const char *wanted;
    } rows[] = {
        { { "Basic realm=\"Rig\"" }, "Basic(Rig)" },
        { { "basic REALM=\"Rig\"" }, "Basic(Rig)" },
        { { "Basic" }, "Basic(-)" },
        { { "NTLM" }, "NTLM(-)" },
        { { "Negotiate", "NTLM", "Basic realm=\"R\"" }, "Negotiate(-) NTLM(-) Basic(R)" },
        { { "Negotiate, NTLM, Basic realm=\"R\"" }, "Negotiate(-) NTLM(-) Basic(R)" },
        /* the RFC's own example */
        { { "Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to "
            "\\\"apps\\\"\"" },
          "Basic(simple) Newauth(apps)" },
        { { "Digest realm=\"a, b\", nonce=\"x=,y\", qop=\"auth,auth-int\", Basic realm=\"c\"" },
          "Digest(a, b) Basic(c)" },
        { { "Digest nonce=n,realm=tok,algorithm=SHA-256" }, "Digest(tok)" },
        { { "Basic realm = \"blanks\"" }, "Basic(blanks)" },
        { { "NTLM TlRMTVNTUAACAAAA==, Basic realm=\"R\"" }, "NTLM(-) Basic(R)" },
        { { "Negotiate abc+/=" }, "Negotiate(-)" },
        { { ", ,Basic realm=\"R\" , ,, NTLM ," }, "Basic(R) NTLM(-)" },
        { { "Basic realm=\"q\\\"u\\\\o\"" }, "Basic(q\"u\\o)" },
        { { "Basic realm=\"\"" }, "Basic()" },
        { { "Basic realm=\"Größe €\", charset=\"UTF-8\"" }, "Basic(Größe €)" },
        { { "Basic realm=\"caf\xe9\"" }, "Basic(café)" },
        { { "Basic charset=\"UTF-8\", realm=\"late\"" }, "Basic(late)" },
        { { "Basic realm=\"one\", realm=\"two\"" }, "Basic(one)" },
        { { "Basic realm=\"R\"", "Basic realm=\"R\"", "Basic realm=\"S\"" }, "Basic(R) Basic(S)" },
        { { "Bearer realm=\"api\", error=\"invalid_token\"" }, "Bearer(api)" },
        { { "X-Corp!Scheme realm=\"R\"" }, "X-Corp!Scheme(R)" },
        { { "" }, "" },
        { { NULL }, "" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *text = read_lines (rows[i].lines);

        assert_string_equal (text, rows[i].wanted);
    }
}

static void
challenge__malformed__hides_no_other (void **state)
{
    static const struct {
        const char *line, *wanted;
    } rows[] = {
        { "realm=\"stray\", Basic realm=\"R\"", "Basic(R)" },
        { "Basic realm=\"never ends, NTLM", "Basic(never ends, NTLM)" },
        { "Basic realm=", "Basic(-)" } /* a token68 */,
        { "@@@, Basic realm=\"R\"", "Basic(R)" },
        { "\"quoted, string\", NTLM", "NTLM(-)" },
        { "Basic realm=\"R\" NTLM Negotiate", "Basic(R) NTLM(-) Negotiate(-)" },
        { "Negotiate NTLM Basic realm=\"R\"", "Negotiate(-) NTLM(-) Basic(R)" },
        { "Digest, Basic realm=\"R\"", "Digest(-) Basic(R)" },
        { "Basic realm=\"a\x1b[31m\"", "Basic(a\\x1b[31m)" },
        { "Basic realm=\"a\\", "Basic(a\\)" },
        { "Basic\trealm=\"R\"", "Basic(R)" },
        { "=,=,=", "" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        const char *lines[] = { rows[i].line, NULL };
        g_autofree char *text = read_lines (lines);
        g_autofree char *lower = g_ascii_strdown (text, -1);
        g_autofree char *wanted = g_ascii_strdown (rows[i].wanted, -1);

        assert_string_equal (lower, wanted);
    }
}

static void
challenge__digest_without_nonce__is_not_usable (void **state)
{
    static const struct {
        const char *line;
        guint wanted;
    } rows[] = {
        { "Digest realm=\"R\"", 0 },
        { "Digest realm=\"R\", nonce=\"\"", 0 },
        { "Digest realm=\"R\", nonce=\"n\"", 1u << PRC_AUTH_DIGEST },
        { "Digest realm=\"R\", nonce=\"n\", algorithm=SHA-256-sess", 1u << PRC_AUTH_DIGEST },
        { "Digest realm=\"R\", nonce=\"n\", algorithm=SHA-512-256", 0 },
        /* libcurl answers the first one, whatever it thinks of it */
        { "Digest realm=\"R\", nonce=\"n\", algorithm=SHA-512-256, Digest realm=\"R\", "
          "nonce=\"m\", Basic",
          1u << PRC_AUTH_BASIC },
        { "Digest realm=\"R\", nonce=\"n\", algorithm=SHA-512-256, Digest realm=\"Q\", "
          "nonce=\"m\"",
          0 },
        { "Digest realm=\"R\", Basic realm=\"R\"", 1u << PRC_AUTH_BASIC },
        { "Bearer, Kerberos, Negotiate", 1u << PRC_AUTH_NEGOTIATE },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GPtrArray) challenges = prc_challenges_new ();

        prc_challenges_add (challenges, rows[i].line, strlen (rows[i].line));
        assert_int_equal (prc_challenges_schemes (challenges), rows[i].wanted);
    }
}

static void
challenge__very_long_or_very_many__are_bounded (void **state)
{
    g_autoptr (GPtrArray) challenges = prc_challenges_new ();
    g_autofree char *many = g_malloc (100000);
    gsize length = 0;

    (void) state;
    for (guint i = 0; i < 4000; i++)
        length += (gsize) g_snprintf (many + length, 32, "S%u realm=\"%u\",", i, i);
    prc_challenges_add (challenges, many, length);
    assert_int_equal (challenges->len, PRC_CHALLENGES_MAX);
    g_ptr_array_set_size (challenges, 0);
    memset (many, 'e', 100000);
    memcpy (many, "Basic realm=\"", 13);
    memcpy (many + 13 + PRC_CHALLENGE_TEXT_MAX - 1, "\xe2\x82\xac", 3);
    prc_challenges_add (challenges, many, 100000);
    assert_true (strlen (((PrcChallenge *) g_ptr_array_index (challenges, 0))->realm) <=
                 PRC_CHALLENGE_TEXT_MAX);
    assert_true (
        g_utf8_validate (((PrcChallenge *) g_ptr_array_index (challenges, 0))->realm, -1, NULL));
}

/* A line put together from what is likely to confuse. */
static GString *
random_line (GRand *rand)
{
    static const char *const pieces[] = {
        "Basic",       "Digest", "NTLM",   "Negotiate", "Bearer", " ",     " ",
        ",",           ", ",     "=",      "\"",        "\\",     "realm", "realm=\"R\"",
        "nonce=\"n\"", "\t",     "TlRM==", "ü",         "\xff",   "\x1b",  "a",
        ";",           "\r",     "()",     "qop=auth",
    };
    GString *line = g_string_new (NULL);
    guint n = (guint) g_rand_int_range (rand, 0, 24);

    for (guint i = 0; i < n; i++) {
        if (g_rand_int_range (rand, 0, 20) == 0)
            g_string_append_c (line, (char) g_rand_int_range (rand, 0, 256));
        else
            g_string_append (line, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    }
    return line;
}

static void
challenge__any_bytes__give_short_printable_text (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (20000);

    (void) state;
    for (guint i = 0; i < cases; i++) {
        GString *line = random_line (rand);
        g_autoptr (GPtrArray) challenges = prc_challenges_new ();
        /* its own block, so that a byte too far is seen by a memory checker */
        g_autofree char *exact = g_memdup2 (line->str, line->len);

        prc_challenges_add (challenges, exact != NULL ? exact : "", line->len);
        assert_true (challenges->len <= PRC_CHALLENGES_MAX);
        for (guint j = 0; j < challenges->len; j++) {
            const PrcChallenge *challenge = g_ptr_array_index (challenges, j);

            assert_true (*challenge->scheme != '\0');
            assert_true (strlen (challenge->scheme) <= PRC_CHALLENGE_TEXT_MAX);
            if (challenge->realm != NULL) {
                assert_true (g_utf8_validate (challenge->realm, -1, NULL));
                assert_null (strpbrk (challenge->realm, "\x1b\r\n\t\x7f"));
            }
        }
        (void) g_string_free (line, TRUE);
    }
}

/* Whatever is written by the rules is read back, whatever stands around it. */
static void
challenge__random_lists_by_the_rules__are_read_back (void **state)
{
    static const char *const names[] = { "Basic", "Digest", "NTLM", "Negotiate", "Custom", "x-y" };
    static const char *const realms[] = { "",     "a",     "a, b", "q\"q",
                                          "b\\s", "Grüße", "x=y",  "Basic realm" };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (5000);

    (void) state;
    for (guint i = 0; i < cases; i++) {
        g_autoptr (GString) line = g_string_new (NULL);
        g_autoptr (GString) wanted = g_string_new (NULL);
        guint n = (guint) g_rand_int_range (rand, 1, 5);
        g_autofree char *text = NULL;

        for (guint j = 0; j < n; j++) {
            const char *name = names[(j + i) % G_N_ELEMENTS (names)];
            const char *realm = realms[g_rand_int_range (rand, 0, G_N_ELEMENTS (realms))];
            gboolean has_realm = g_rand_boolean (rand);

            g_string_append_printf (line, "%s%s", j > 0 ? g_rand_boolean (rand) ? ", " : " ,," : "",
                                    name);
            if (has_realm) {
                g_string_append (line,
                                 g_rand_boolean (rand) ? " opaque=z , realm=\"" : "   realm = \"");
                for (const char *p = realm; *p != '\0'; p++) {
                    if (*p == '"' || *p == '\\' || (g_ascii_isalpha (*p) && g_rand_boolean (rand)))
                        g_string_append_c (line, '\\');
                    g_string_append_c (line, *p);
                }
                g_string_append_c (line, '"');
                if (g_rand_boolean (rand))
                    g_string_append (line, ", stale=false");
            } else if (g_rand_boolean (rand)) {
                g_string_append (line, " dG9rZW4=");
            }
            g_string_append_printf (wanted, "%s%s(%s)", j > 0 ? " " : "", name,
                                    has_realm ? realm : "-");
        }
        {
            const char *lines[] = { line->str, NULL };

            text = read_lines (lines);
        }
        assert_string_equal (text, wanted->str);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (challenge__forms_of_the_rfc__are_read),
        cmocka_unit_test (challenge__malformed__hides_no_other),
        cmocka_unit_test (challenge__digest_without_nonce__is_not_usable),
        cmocka_unit_test (challenge__very_long_or_very_many__are_bounded),
        cmocka_unit_test (challenge__any_bytes__give_short_printable_text),
        cmocka_unit_test (challenge__random_lists_by_the_rules__are_read_back),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
