#include "test.h"

#include "screen.h"

static int
setup (void **state)
{
    TestScreen *screen = test_screen_new ();

    test_put (screen, ".gitconfig",
              "[user]\n\tname = J\n[http]\n\tproxy = http://old.example:8080\n");
    test_put (screen, ".npmrc", "# mine\nproxy=http://old.example:8080\n_authToken=t0psecret\n");
    test_put (screen, ".curlrc", "proxy = http://u:s3cret@old.example:8080\n");
    test_put (screen, ".config/proxyrc/proxyrc.cfg",
              "profiles = ( { name = \"office\"; http = \"http://proxy.example:3128\"; "
              "https = \"http://proxy.example:3128\"; tools = \"git,npm,curl\"; } );\nactive = "
              "\"office\";\n");
    *state = screen;
    return 0;
}

static int
teardown (void **state)
{
    test_screen_free (*state);
    return 0;
}

#define assert_holds(screen, path, text, wanted)                                                   \
    do {                                                                                           \
        g_autofree char *content = test_get (screen, path);                                        \
        assert_non_null (content);                                                                 \
        assert_int_equal (strstr (content, text) != NULL, wanted);                                 \
    } while (0)

static void
plan__shown__as_diff_in_all_sizes (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "a");
    test_golden (screen, "plan-80x24");
    test_see_no (screen, "s3cret");
    test_see_no (screen, "t0psecret");
    prc_ui_resize (screen->ui, 120, 40);
    test_settle (screen);
    test_golden (screen, "plan-120x40");
    prc_ui_resize (screen->ui, 40, 12);
    test_settle (screen);
    test_golden (screen, "plan-40x12");
    prc_ui_resize (screen->ui, 20, 5);
    test_settle (screen);
    test_golden (screen, "plan-20x5");
}

static void
plan__write__asks_with_no_selected (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "a w");
    test_golden (screen, "plan-confirm");
    test_keys (screen, "Enter"); /* No is selected */
    assert_holds (screen, ".gitconfig", "old.example", TRUE);
    test_keys (screen, "w Left Enter");
    assert_holds (screen, ".gitconfig", "http://proxy.example:3128", TRUE);
    assert_holds (screen, ".npmrc", "http://proxy.example:3128", TRUE);
    assert_holds (screen, ".curlrc", "http://proxy.example:3128", TRUE);
    assert_holds (screen, ".npmrc", "# mine\n", TRUE);
    test_see (screen, "proxyrc  Overview");
    test_see (screen, "files written");
    test_see (screen, "all agree with the profile");
}

static void
plan__file_left_out__stays_as_it_is (void **state)
{
    TestScreen *screen = *state;
    g_autofree char *before = test_get (screen, ".npmrc");
    g_autofree char *after = NULL;

    test_start (screen, 80, 40);
    test_keys (screen, "a / '.npmrc Enter Space w");
    test_see (screen, "Write 2 of these 3 files?");
    test_keys (screen, "y");
    after = test_get (screen, ".npmrc");
    assert_string_equal (after, before);
    assert_holds (screen, ".gitconfig", "http://proxy.example:3128", TRUE);
    assert_holds (screen, ".curlrc", "http://proxy.example:3128", TRUE);
}

static void
plan__none_chosen__nothing_to_write (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "a * w");
    test_see (screen, "no file is chosen");
    test_keys (screen, "* w");
    test_see (screen, "Write 3 files?");
}

static void
plan__file_changes_meanwhile__shown_anew_not_written (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "a w");
    test_put (screen, ".gitconfig", "[http]\n\tproxy = http://another.example:1\n");
    test_keys (screen, "y");
    test_see (screen, "changed meanwhile");
    test_see (screen, "another.example");
    assert_holds (screen, ".npmrc", "old.example", TRUE);
    test_keys (screen, "w y");
    assert_holds (screen, ".gitconfig", "http://proxy.example:3128", TRUE);
}

static void
plan__read_again__choice_and_place_stay (void **state)
{
    TestScreen *screen = *state;
    int x = 0, y = 0, before = 0;

    test_start (screen, 80, 40);
    test_keys (screen, "a / '.npmrc Enter Space h");
    assert_true (prc_grid_cursor (screen->grid, &x, &before));
    prc_ui_reload (screen->ui);
    test_settle (screen);
    test_see (screen, "2 of 3 files");
    test_see (screen, "▸ [ ] change  ~/.npmrc");
    assert_true (prc_grid_cursor (screen->grid, &x, &y));
    assert_int_equal (y, before);
    test_keys (screen, "w");
    test_see (screen, "Write 2 of these 3 files?");
    prc_ui_reload (screen->ui); /* nothing has changed: the question stands */
    test_settle (screen);
    test_see (screen, "Write 2 of these 3 files?");
    test_put (screen, ".gitconfig", "[http]\n\tproxy = http://another.example:1\n");
    prc_ui_reload (screen->ui);
    test_settle (screen);
    test_see_no (screen, "Write 2 of these 3 files?");
    test_see (screen, "changed meanwhile");
    test_see (screen, "▸ [ ] change  ~/.npmrc");
    assert_holds (screen, ".gitconfig", "another.example", TRUE);
}

static void
plan__line_longer_than_the_screen__readable (void **state)
{
    TestScreen *screen = *state;

    test_put (screen, ".config/proxyrc/proxyrc.cfg",
              "profiles = ( { name = \"office\"; http = "
              "\"http://a-rather-long-name.of-a-proxy.the-office.test:3128\"; tools = "
              "\"git\"; } );\nactive = \"office\";\n");
    test_start (screen, 60, 20);
    test_keys (screen, "a / 'rather Enter");
    test_see (screen, "+   proxy = http://a-rather-long-name.of-a-proxy.the-o…");
    test_see (screen, "office.test:3128");
    test_keys (screen, "Up");
    test_see_no (screen, "office.test:3128"); /* what fits is not shown twice */
}

static void
undo__refused__says_all_of_why (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 60, 20);
    test_keys (screen, "a w y");
    test_put (screen, ".gitconfig", "[http]\n\tproxy = http://another.example:1\n");
    test_keys (screen, "u u y");
    test_see (screen, "first"); /* the last word, which is what to do */
}

static void
plan__question_on_a_tiny_screen__scrolls (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 20, 5);
    test_keys (screen, "a w");
    test_see (screen, "Write 3 files?");
    test_see (screen, "[ Write ] [ No ]");
    test_see_no (screen, "of it.");
    test_keys (screen, "Down Down Down Down Down Down Down");
    test_see (screen, "of it.");
    test_see_no (screen, "Write 3 files?");
    test_mouse (screen, PRC_EVENT_WHEEL, 5, 2, -3);
    test_keys (screen, "Up Up Up Up Up PgUp");
    test_see (screen, "Write 3 files?");
    test_keys (screen, "Enter"); /* No is selected all the time */
    test_see (screen, "proxyrc  What would");
    assert_holds (screen, ".gitconfig", "old.example", TRUE);
    test_keys (screen, "w");
    test_mouse (screen, PRC_EVENT_CLICK, 4, 3, 0);
    assert_holds (screen, ".gitconfig", "old.example", FALSE);
}

static void
plan__direct__from_the_overview (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "0");
    test_golden (screen, "plan-direct");
    test_keys (screen, "w y");
    assert_holds (screen, ".gitconfig", "proxy =", FALSE);
    assert_holds (screen, ".config/proxyrc/proxyrc.cfg", "active = \"direct\"", TRUE);
    test_see (screen, "no proxy anywhere");
}

static void
plan__nothing_to_write__says_so (void **state)
{
    TestScreen *screen = *state;

    test_start (screen, 80, 24);
    test_keys (screen, "a w y a");
    test_see (screen, "There is nothing to write.");
}

static void
plan__rejected_file__says_which (void **state)
{
    TestScreen *screen = *state;

    test_put (screen, ".gitconfig", "[http\n");
    test_start (screen, 80, 24);
    test_keys (screen, "a");
    test_see (screen, ".gitconfig");
    test_keys (screen, "w");
    test_see (screen, "there is nothing to write");
    test_keys (screen, "v"); /* where it is wrong */
    assert_string_equal (screen->edited->str, ".gitconfig:1\n");
}

static void
plan__password_missing__login_is_one_key_away (void **state)
{
    TestScreen *screen = *state;

    test_put (screen, ".config/proxyrc/proxyrc.cfg",
              "profiles = ( { name = \"office\"; http = \"http://proxy.example:3128\"; user = "
              "\"jdoe\"; } );\n"
              "active = \"office\";\n");
    test_start (screen, 80, 24);
    test_keys (screen, "a");
    test_see (screen, "no password is stored");
    test_keys (screen, "m");
    test_see (screen, "proxyrc  Log in");
    test_keys (screen, "Down Space Down Left S-Tab S-Tab 'secret C-s"); /* untried, into the last
                                                                           store of the list */
    test_see (screen, "What would be written");
    test_see (screen, "files to write. Space leaves one out");
    test_keys (screen, "Esc");
    test_see (screen, "proxyrc  Overview"); /* one plan, not two */
}

int
main (void)
{
#define SCREEN_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCREEN_TEST (plan__shown__as_diff_in_all_sizes),
        SCREEN_TEST (plan__write__asks_with_no_selected),
        SCREEN_TEST (plan__file_left_out__stays_as_it_is),
        SCREEN_TEST (plan__none_chosen__nothing_to_write),
        SCREEN_TEST (plan__file_changes_meanwhile__shown_anew_not_written),
        SCREEN_TEST (plan__read_again__choice_and_place_stay),
        SCREEN_TEST (plan__line_longer_than_the_screen__readable),
        SCREEN_TEST (undo__refused__says_all_of_why),
        SCREEN_TEST (plan__question_on_a_tiny_screen__scrolls),
        SCREEN_TEST (plan__direct__from_the_overview),
        SCREEN_TEST (plan__nothing_to_write__says_so),
        SCREEN_TEST (plan__rejected_file__says_which),
        SCREEN_TEST (plan__password_missing__login_is_one_key_away),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
