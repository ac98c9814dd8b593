#include "test.h"

#include "screen.h"

static int
setup (void **state)
{
    TestScreen *screen = test_screen_new ();

    test_put (screen, ".gitconfig",
              "[user]\n\tname = J\n[http]\n\tproxy = http://jdoe:s3cret@proxy.example:3128\n");
    test_put (screen, ".npmrc",
              "proxy=http://other.example:8080\nhttps-proxy=http://proxy.example:3128\n");
    test_put (screen, ".curlrc", "proxy = http://日本.example:3128\n");
    test_put (
        screen, ".config/proxyrc/proxyrc.cfg",
        "profiles = ( { name = \"office\"; http = \"http://proxy.example:3128\"; "
        "https = \"http://proxy.example:3128\"; user = \"jdoe\"; } );\nactive = \"office\";\n");
    *state = screen;
    return 0;
}

static int
teardown (void **state)
{
    test_screen_free (*state);
    return 0;
}

static void
overview__sizes__goldens (void **state)
{
    static const struct {
        int width, height;
        const char *name;
    } rows[] = { { 80, 24, "overview-80x24" },
                 { 120, 40, "overview-120x40" },
                 { 40, 12, "overview-40x12" },
                 { 20, 5, "overview-20x5" },
                 { 12, 3, "overview-12x3" } };
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        prc_ui_resize (screen->ui, rows[i].width, rows[i].height);
        test_settle (screen);
        test_golden (screen, rows[i].name);
    }
}

static void
overview__other_locales__goldens (void **state)
{
    static const struct {
        PrcGlyphSet glyphs;
        const char *name;
    } rows[] = { { PRC_GLYPHS_CJK, "overview-80x24-cjk" },
                 { PRC_GLYPHS_ASCII, "overview-80x24-ascii" } };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        TestScreen *screen = *state;

        screen->glyphs = rows[i].glyphs;
        test_put (screen, ".npmrc",
                  "proxy=http://"
                  "プロキシ.example:3128\nnoproxy=日本語.example,한국.example,ä\u0308.example,"
                  "中文测试.example\n");
        test_start (screen, 80, 24);
        test_keys (screen, "/ '日本 Enter");
        test_golden (screen, rows[i].name);
        test_keys (screen, "Esc a");
        (void) teardown (state);
        (void) setup (state);
    }
}

static void
overview__no_secret__ever_shown (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 200, 50);
    test_keys (screen, "z");
    test_see (screen, "***");
    for (int i = 0; i < 30; i++) {
        test_see_no (screen, "s3cret");
        test_keys (screen, "Down");
    }
}

static void
overview__no_profile__nothing_is_compared (void **state)
{
    TestScreen *screen = *state;

    test_put (screen, ".config/proxyrc/proxyrc.cfg", "");
    test_start (screen, 100, 30);
    test_keys (screen, "/ 'http.proxy Enter");
    test_see (screen, "There is no profile yet that says what is wanted.");
    test_see_no (screen, "than the profile wants");
    test_keys (screen, "Enter");
    test_see (screen, "There is no profile yet that says what is wanted.");
}

static void
overview__search__jumps_while_typing (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "/ 'other.ex");
    test_golden (screen, "overview-search");
    test_keys (screen, "Enter");
    assert_true (prc_ui_top (screen->ui)->list.selected > 0);
    test_keys (screen, "/ 'no_such_thing");
    test_see (screen, "not found");
    test_keys (screen, "Esc");
}

static void
overview__filter__only_what_fits_until_escape (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "f 'npmrc Enter");
    test_golden (screen, "overview-filter");
    test_see_no (screen, ".gitconfig");
    test_keys (screen, "Esc z");
    test_see (screen, ".gitconfig");
}

static void
overview__fold__and_open_again (void **state)
{
    TestScreen *screen = *state;
    guint rows = 0;

    test_start (screen, 80, 40);
    test_keys (screen, "z");
    rows = prc_ui_top (screen->ui)->list.rows;
    test_keys (screen, "/ 'gitconfig Enter Left Left");
    test_see_no (screen, "~/.gitconfig:4  ");
    assert_true (prc_ui_top (screen->ui)->list.rows < rows);
    test_keys (screen, "Enter");
    assert_int_equal (prc_ui_top (screen->ui)->list.rows, rows);
}

static void
overview__editor__at_the_line (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "z / 'gitconfig Enter v");
    assert_string_equal (screen->edited->str, ".gitconfig:4\n");
}

static void
overview__file_changes__seen_after_reload_same_row (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "/ 'other.example Enter");
    test_put (screen, ".npmrc", "# one more line\nproxy=http://other.example:8080\n");
    test_put (screen, ".gitconfig", "");
    prc_ui_reload (screen->ui);
    test_settle (screen);
    test_see_no (screen, ".gitconfig:");
    test_see (screen, ".npmrc:2");
    for (int i = 0; i < 20; i++) { /* while it reads */
        g_autofree char *text = g_strdup_printf ("proxy=http://other.example:%d\n", 9000 + i);

        prc_ui_reload (screen->ui);
        test_put (screen, ".npmrc", text);
    }
    prc_ui_reload (screen->ui);
    test_settle (screen);
    test_see (screen, "other.example:9019");
}

static void
overview__bad_profile_file__says_what_and_where (void **state)
{
    TestScreen *screen = *state;

    test_put (screen, ".config/proxyrc/proxyrc.cfg", "profiles = (\n");
    test_start (screen, 80, 24);
    test_see (screen, "proxyrc.cfg");
    test_keys (screen, "v");
    assert_non_null (strstr (screen->edited->str, "proxyrc.cfg:"));
    test_keys (screen, "i"); /* no row to explain: all topics */
    test_see (screen, "In plain words");
}

static void
help__filter__only_what_fits (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "? f 'proxy_now Enter");
    test_see (screen, "Try the proxy now");
    test_see_no (screen, "One row up");
    test_keys (screen, "Esc");
    test_see (screen, "What this is for");
}

static void
overview__palette__does_what_is_typed (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, ": 'he");
    test_golden (screen, "overview-palette");
    test_keys (screen, "Enter");
    test_see (screen, "proxyrc  Help");
    test_keys (screen, "q : 'nonsense Enter");
    test_see (screen, "there is no command");
}

static void
overview__paste__never_keys (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_paste (screen, "q\nq\n:quit\n");
    assert_false (prc_ui_is_over (screen->ui));
    test_see (screen, "never taken for keys");
    test_keys (screen, "q");
    assert_true (prc_ui_is_over (screen->ui));
}

static void
overview__mouse__selects_opens_and_clicks_hints (void **state)
{
    TestScreen *screen = *state;
    g_autofree char *dump = NULL;
    const char *hint = NULL, *line = NULL;
    guint rows = 0;

    test_start (screen, 80, 40);
    test_keys (screen, "z");
    rows = prc_ui_top (screen->ui)->list.rows;
    test_mouse (screen, PRC_EVENT_CLICK, 10, 7, 0);
    assert_int_equal (prc_ui_top (screen->ui)->list.selected, 1);
    test_mouse (screen, PRC_EVENT_WHEEL, 10, 7, 3);
    assert_int_equal (prc_ui_top (screen->ui)->list.selected, 4);
    test_mouse (screen, PRC_EVENT_DOUBLE_CLICK, 10, 7, 0);
    assert_true (prc_ui_top (screen->ui)->list.rows != rows);
    dump = test_dump (screen, FALSE);
    hint = strstr (dump, "? help");
    for (line = hint; line[-1] != '\n'; line--)
        ;
    test_mouse (screen, PRC_EVENT_CLICK, (int) (hint - line), 39, 0);
    test_see (screen, "proxyrc  Help");
}

static void
play_any_keys (TestScreen *screen)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint cases = prc_test_cases (1500);
    static const char *const keys[] = { "Down", "Up",        "Enter", "Left", "z", "/",   "f",
                                        ":",    "Esc",       "a",     "e",    "n", "N",   "G",
                                        "g",    "PgDn",      "PgUp",  "?",    "i", "p",   "c",
                                        "H",    "D",         "R",     "L",    "P", "Tab", "Space",
                                        "u",    "0",         "I",     "m",    "w", "x",   "r",
                                        "o",    "Backspace", "C-l",   "C-z",  "y", "v",   "s",
                                        "+",    "d",         "C-s",   "*",    "F", "h",   "l" };

    test_start (screen, 80, 24);
    for (guint i = 0; i < cases; i++) {
        PrcEvent event = { .type = PRC_EVENT_KEY };

        event.key = prc_key_parse (keys[g_rand_int_range (rand, 0, G_N_ELEMENTS (keys))]);
        if (i % 7 == 0)
            prc_ui_resize (screen->ui, g_rand_int_range (rand, 1, 130),
                           g_rand_int_range (rand, 1, 40));
        if (i % 11 == 0)
            test_mouse (
                screen,
                (PrcEventType) g_rand_int_range (rand, PRC_EVENT_CLICK, PRC_EVENT_FOCUS + 1),
                g_rand_int_range (rand, 0, 130), g_rand_int_range (rand, 0, 40), 3);
        if (i % 13 == 0)
            test_paste (screen, "pasted\ntext");
        prc_ui_event (screen->ui, &event);
        while (g_main_context_iteration (NULL, FALSE))
            ;
        prc_ui_draw (screen->ui, screen->grid);
        assert_false (prc_ui_needs_draw (screen->ui));
    }
}

static void
overview__any_keys_and_sizes__no_crash (void **state)
{
    play_any_keys (*state);
}

static void
start__any_keys_and_sizes__no_crash (void **state)
{
    TestScreen *screen = *state;

    test_put (screen, ".config/proxyrc/proxyrc.cfg", "");
    play_any_keys (screen);
}

static void
bad_file__any_keys_and_sizes__no_crash (void **state)
{
    TestScreen *screen = *state;

    test_put (screen, ".config/proxyrc/proxyrc.cfg", "profiles = (\n");
    play_any_keys (screen);
}

int
main (void)
{
#define SCREEN_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCREEN_TEST (overview__sizes__goldens),
        SCREEN_TEST (overview__other_locales__goldens),
        SCREEN_TEST (overview__no_secret__ever_shown),
        SCREEN_TEST (overview__no_profile__nothing_is_compared),
        SCREEN_TEST (overview__search__jumps_while_typing),
        SCREEN_TEST (overview__filter__only_what_fits_until_escape),
        SCREEN_TEST (overview__fold__and_open_again),
        SCREEN_TEST (overview__editor__at_the_line),
        SCREEN_TEST (overview__file_changes__seen_after_reload_same_row),
        SCREEN_TEST (overview__bad_profile_file__says_what_and_where),
        SCREEN_TEST (help__filter__only_what_fits),
        SCREEN_TEST (overview__palette__does_what_is_typed),
        SCREEN_TEST (overview__paste__never_keys),
        SCREEN_TEST (overview__mouse__selects_opens_and_clicks_hints),
        SCREEN_TEST (overview__any_keys_and_sizes__no_crash),
        SCREEN_TEST (start__any_keys_and_sizes__no_crash),
        SCREEN_TEST (bad_file__any_keys_and_sizes__no_crash),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
