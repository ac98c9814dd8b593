#include "test.h"

#include "tui/term/decode.h"

/* What comes out, as text: key names, paste:TEXT, click:X,Y. */
static char *
decode_parts (const char *const *parts, gsize n_parts, gsize step)
{
    PrcDecoder *decoder = prc_decoder_new (TRUE);
    g_autoptr (GString) out = g_string_new (NULL);
    PrcEvent event;

    prc_decoder_add_key (decoder, "\033[[A", PRC_KEY_F1);
    for (gsize i = 0; i < n_parts; i++)
        for (gsize at = 0, length = strlen (parts[i]); at < length || i + 1 == n_parts;) {
            gsize n = MIN (step, length - at);
            gboolean is_late = at >= length;

            prc_decoder_feed (decoder, parts[i] + at, n);
            at += n;
            while (prc_decoder_next (decoder, is_late, &event)) {
                g_autofree char *name = prc_key_name (event.key);

                if (out->len > 0)
                    g_string_append_c (out, ' ');
                if (event.type == PRC_EVENT_KEY)
                    g_string_append (out, name);
                else if (event.type == PRC_EVENT_PASTE)
                    g_string_append_printf (out, "paste:%s", event.text);
                else if (event.type == PRC_EVENT_CLICK)
                    g_string_append_printf (out, "click:%d,%d", event.x, event.y);
                else if (event.type == PRC_EVENT_WHEEL)
                    g_string_append_printf (out, "wheel:%d", event.amount);
                else
                    g_string_append_printf (out, "focus:%d", event.amount);
                prc_event_clear (&event);
            }
            if (is_late)
                break;
        }
    prc_decoder_free (decoder);
    return g_strdup (out->str);
}

static void
decode__all_at_once_or_byte_by_byte__same_events (void **state)
{
    static const struct {
        const char *bytes, *events;
    } rows[] = {
        { "aZ ", "a Z Space" },
        { "\r\n\t\x7f\x08", "Enter Enter Tab Backspace Backspace" },
        { "\x01\x1a\x1f", "C-a C-z C-_" },
        { "äß日😀", "ä ß 日 😀" },
        { "\033[A\033[B\033[C\033[D", "Up Down Right Left" },
        { "\033OA\033OH\033OP", "Up Home F1" },
        { "\033[5~\033[6~\033[3~\033[15~\033[24~", "PgUp PgDn Del F5 F12" },
        { "\033[1;5A\033[1;2C\033[3;5~\033[Z", "C-Up S-Right C-Del S-Tab" },
        { "\033[[A", "F1" },
        { "\033x\033ä", "M-x M-ä" },
        { "\033", "Esc" },
        { "\033\033[A", "Esc Up" },
        { "\033\033", "Esc Esc" },
        { "\033[", "M-[" },
        { "a\033[?62;c\033[>0;1cb", "a b" }, /* answers of the terminal are no keys */
        { "\033[999999999999999999~x", "x" },
        { "\033[200~q\033[Ay\r\nü\033[201~z", "paste:q\033[Ay\n\nü z" },
        { "\033[200~\033[201~", "paste:" },
        { "\033[<0;3;4M\033[<0;3;4m", "click:2,3" },
        { "\033[<64;1;1M\033[<65;1;1M", "wheel:-3 wheel:3" },
        { "\033[<2;1;1M\033[<35;1;1Mx", "x" }, /* the right button, and moving */
        { "\033[I\033[O", "focus:1 focus:0" },
        { "\xff\xc3(a", "( a" },
        { "\xe6\x97", "" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        for (gsize step = 1; step <= 64; step *= 8) {
            g_autofree char *events = decode_parts (&rows[i].bytes, 1, step);

            assert_string_equal (events, rows[i].events);
        }
}

static void
decode__huge_paste__cut_not_lost (void **state)
{
    g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'q');
    const char *parts[] = { "\033[200~", text, "\033[201~x" };
    g_autofree char *events = decode_parts (parts, 3, 4096);

    (void) state;
    assert_true (g_str_has_prefix (events, "paste:q"));
    assert_true (g_str_has_suffix (events, "q x"));
}

static void
decode__any_bytes__ends_and_wipes (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (3000);
    static const char likely[] = "\033[<;0123456789~MmAOuI200\r\x7fü?>";

    (void) state;
    for (guint n = 0; n < cases; n++) {
        PrcDecoder *decoder = prc_decoder_new (TRUE);
        PrcEvent event;
        gsize events = 0, length = (gsize) g_rand_int_range (rand, 1, 80);

        for (gsize i = 0; i < length; i++) {
            char byte = g_rand_boolean (rand)
                            ? likely[g_rand_int_range (rand, 0, sizeof likely - 1)]
                            : (char) g_rand_int_range (rand, 0, 256);

            prc_decoder_feed (decoder, &byte, 1);
            while (prc_decoder_next (decoder, FALSE, &event)) {
                events++;
                prc_event_clear (&event);
            }
        }
        while (prc_decoder_next (decoder, TRUE, &event)) {
            events++;
            prc_event_clear (&event);
        }
        assert_true (events <= length);
        prc_decoder_free (decoder);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (decode__all_at_once_or_byte_by_byte__same_events),
        cmocka_unit_test (decode__huge_paste__cut_not_lost),
        cmocka_unit_test (decode__any_bytes__ends_and_wipes),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
