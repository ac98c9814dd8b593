#include "test.h"

#include "probe/challenge.h"
#include "probe/head.h"

static PrcHeadState
feed (PrcHead *head, const char *text)
{
    PrcHeadState state = PRC_HEAD_MORE;
    const char *at = text;

    while (*at != '\0' && state == PRC_HEAD_MORE) {
        const char *end = strchr (at, '\n');
        gsize length = end != NULL ? (gsize) (end - at) + 1 : strlen (at);

        state = prc_head_line (head, at, length);
        at += length;
    }
    return state;
}

static void
head__status_lines__are_read_as_they_come (void **state)
{
    static const struct {
        const char *line;
        int status; /* 0: not HTTP */
        const char *reason;
    } rows[] = {
        { "HTTP/1.1 407 Proxy Authentication Required\r\n", 407, "Proxy Authentication Required" },
        { "HTTP/1.0 200\r\n", 200, "" },
        { "HTTP/1.1 200 \r\n", 200, "" },
        { "http/1.1 200 ok\n", 200, "ok" },
        { "HTTP/2 502 Bad\n", 502, "Bad" },
        { "HTTP/1.1  200 OK\n", 200, "OK" },
        { "HTTP/1.1 200 \x1b[2J\n", 200, "\\x1B[2J" },
        { "HTTP/1.1 20 OK\n", 0, NULL },
        { "HTTP/1.1 2000 OK\n", 0, NULL },
        { "HTTP/1.1 099 OK\n", 0, NULL },
        { "HTTP/1.1\n", 0, NULL },
        { "SSH-2.0-OpenSSH_9.2\n", 0, NULL },
        { "<html>\n", 0, NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_auto (PrcHead) head = { 0 };

        prc_head_init (&head);
        assert_int_equal (feed (&head, rows[i].line),
                          rows[i].status != 0 ? PRC_HEAD_MORE : PRC_HEAD_NOT_HTTP);
        assert_int_equal (head.status, rows[i].status);
        if (rows[i].status != 0)
            assert_string_equal (head.reason, rows[i].reason);
        else
            assert_non_null (head.first_line);
    }
}

static void
head__fields__are_taken (void **state)
{
    g_auto (PrcHead) head = { 0 };

    (void) state;
    prc_head_init (&head);
    assert_int_equal (feed (&head, "\r\nHTTP/1.1 407 No\r\n"
                                   "proxy-AUTHENTICATE:Basic\r\n"
                                   " realm=\"two\r\n"
                                   "\twords\"\r\n"
                                   "Proxy-Authenticate: Digest nonce=n, stale=TRUE\r\n"
                                   "WWW-Authenticate: Basic realm=\"Site\"\r\n"
                                   "Server :  squid/5.7 \r\n"
                                   "Location: http://portal/\x07\r\n"
                                   "Content-Type: text/html; charset=x\r\n"
                                   "Via: 1.1 p\r\n"
                                   "no colon here\r\n"
                                   "\r\n"),
                      PRC_HEAD_END);
    assert_int_equal (head.challenges->len, 2);
    assert_string_equal (((PrcChallenge *) g_ptr_array_index (head.challenges, 0))->realm,
                         "two words");
    assert_true (head.is_stale && head.has_challenge && head.is_html && head.by_proxy);
    assert_string_equal (head.site_realm, "Site");
    assert_string_equal (head.server, "squid/5.7");
    assert_string_equal (head.location, "http://portal/\\x07");
}

static void
head__next_head__has_nothing_of_the_one_before (void **state)
{
    g_auto (PrcHead) head = { 0 };

    (void) state;
    prc_head_init (&head);
    assert_int_equal (
        feed (&head, "HTTP/1.1 407 No\nProxy-Authenticate: NTLM\nVia: x\nServer: s\n\n"),
        PRC_HEAD_END);
    assert_int_equal (feed (&head, "HTTP/1.1 200 OK\n\n"), PRC_HEAD_END);
    assert_int_equal (head.status, 200);
    assert_int_equal (head.challenges->len, 0);
    assert_null (head.server);
    assert_false (head.by_proxy || head.has_challenge);
}

static void
head__without_end__is_too_large (void **state)
{
    static const char *const lines[] = { "X: y\r\n", "HTTP/1.1 100 Continue\r\n", "\r\n" };
    g_autofree char *long_line = g_strnfill (PRC_HEAD_BYTES_MAX + 1, 'x');

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_auto (PrcHead) head = { 0 };
        PrcHeadState answer = PRC_HEAD_MORE;

        prc_head_init (&head);
        (void) feed (&head, "HTTP/1.1 407 No\r\n");
        for (guint n = 0; n < 2 * PRC_HEAD_LINES_MAX && answer != PRC_HEAD_TOO_LARGE; n++) {
            answer = prc_head_line (&head, lines[i], strlen (lines[i]));
            if (answer == PRC_HEAD_NOT_HTTP)
                fail ();
        }
        assert_int_equal (answer, PRC_HEAD_TOO_LARGE);
    }
    {
        g_auto (PrcHead) head = { 0 };

        prc_head_init (&head);
        assert_int_equal (prc_head_line (&head, long_line, PRC_HEAD_BYTES_MAX + 1),
                          PRC_HEAD_TOO_LARGE);
    }
}

static void
head__any_bytes__are_survived (void **state)
{
    static const char *const pieces[] = {
        "HTTP/1.1 407 No\r\n",
        "Proxy-Authenticate: ",
        "Basic realm=\"",
        "\"",
        ",",
        "\r\n",
        "\n",
        " ",
        ":",
        "Location: ",
        "\xff\xfe",
        "x",
        "\t",
        "WWW-Authenticate: ",
    };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (5000);

    (void) state;
    for (guint i = 0; i < cases; i++) {
        g_auto (PrcHead) head = { 0 };
        PrcHeadState answer = PRC_HEAD_MORE;

        prc_head_init (&head);
        while (answer == PRC_HEAD_MORE || answer == PRC_HEAD_END) {
            g_autoptr (GString) line = g_string_new (NULL);
            g_autofree char *exact = NULL;

            if (g_rand_int_range (rand, 0, 30) == 0)
                break;
            for (int n = g_rand_int_range (rand, 0, 6); n > 0; n--) {
                const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];

                g_string_append_len (line, piece, (gssize) strlen (piece));
                if (g_rand_int_range (rand, 0, 20) == 0)
                    g_string_append_c (line, '\0');
            }
            exact = g_memdup2 (line->str, line->len);
            answer = prc_head_line (&head, exact != NULL ? exact : "", line->len);
        }
        assert_true (head.status == 0 || (head.status >= 100 && head.status <= 999));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (head__status_lines__are_read_as_they_come),
        cmocka_unit_test (head__fields__are_taken),
        cmocka_unit_test (head__next_head__has_nothing_of_the_one_before),
        cmocka_unit_test (head__without_end__is_too_large),
        cmocka_unit_test (head__any_bytes__are_survived),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
