/* test-story.c - whole stories: from the first start to tools that work, from a changed password to
 * tools that work */
#include "test.h"

#include <stdlib.h>

#include "fake-proxy.h"
#include "screen.h"

typedef struct {
    TestScreen *screen;
    FakeProxy *proxy;
    char *address; /* 127.0.0.1:PORT */
} Story;

static int
setup (void **state)
{
    Story *story = g_new0 (Story, 1);

    story->screen = test_screen_new ();
    story->proxy = fake_proxy_new ("jdoe:p@ss word#1");
    story->address = g_strdup_printf ("127.0.0.1:%u", fake_proxy_port (story->proxy));
    *state = story;
    return 0;
}

static int
teardown (void **state)
{
    Story *story = *state;

    test_screen_free (story->screen);
    fake_proxy_free (story->proxy);
    g_free (story->address);
    g_free (story);
    return 0;
}

#define assert_holds(screen, path, text)                                                           \
    do {                                                                                           \
        g_autofree char *content = test_get (screen, path);                                        \
        assert_non_null (content);                                                                 \
        if (strstr (content, text) == NULL)                                                        \
            fail_msg ("%s has no “%s”:\n%s", path, text, content);                                 \
    } while (0)

/* The form of a new profile: everything but the proxy and the user is as it comes. */
static void
type_profile (Story *story)
{
    g_autofree char *url = g_strconcat ("http://", story->address, NULL);

    test_keys (story->screen, "Down");
    test_type (story->screen, url);
    test_keys (story->screen,
               "Down Down 'jdoe Down C-d C-d Down Down Down Down Down 'http://origin.test/ C-s");
}

static void
type_password (Story *story, const char *password)
{
    test_paste (story->screen, password); /* as people do */
    test_keys (story->screen, "C-s");
}

static void
choose_plain_store (Story *story)
{
    test_keys (story->screen, "Down Down Left Up Up"); /* the last one of the list */
}

static void
story__first_start__to_working_tools (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;
    g_autofree char *encoded =
        g_strdup_printf ("http://jdoe:p%%40ss%%20word%%231@%s", story->address);

    test_start (screen, 80, 24);
    test_see (screen, "Welcome");
    test_keys (screen, "Enter");
    type_profile (story);
    test_see (screen, "proxyrc  Log in");
    test_see (screen, "office is saved");
    choose_plain_store (story);
    type_password (story, "p@ss word#1");
    test_see (screen, "What would be written");
    test_see (screen, "the proxy takes the password");
    test_see_no (screen, "p@ss");
    test_see_no (screen, "p%40ss");
    test_keys (screen, "w y");
    test_see (screen, "files written");
    test_see (screen, "The proxy works, and takes the password");
    assert_holds (screen, ".gitconfig", encoded);
    assert_holds (screen, ".curlrc", "proxy");
    assert_int_equal (fake_proxy_attempts (story->proxy), 1);
}

static void
story__vault__passphrase_asked_twice_then_remembered (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    test_start (screen, 80, 24);
    test_keys (screen, "Enter");
    type_profile (story);
    test_keys (screen, "Down Down Right Right Up Up"); /* vault */
    type_password (story, "p@ss word#1");
    test_see (screen, "A new store");
    prc_ui_resize (screen->ui, 20, 5); /* one field at a time */
    test_settle (screen);
    test_see (screen, "Passphrase:");
    test_keys (screen, "Tab");
    test_see (screen, "Once more:");
    test_see_no (screen, "Passphrase:");
    test_keys (screen, "Tab");
    prc_ui_resize (screen->ui, 80, 24);
    test_keys (screen, "'open Enter 'opem Enter");
    test_see (screen, "the two are not the same");
    test_see_no (screen, "ope");
    test_keys (screen, "'open Enter");
    test_see (screen, "What would be written");
    test_keys (screen, "w y");
    test_see (screen, "files written");
    test_keys (screen, ": 'lock Enter a");
    test_see (screen, "The store is locked");
    test_keys (screen, "Esc");
    test_see (screen, "passphrase is needed");
    test_keys (screen, "r 'wrong Enter 'open Enter");
    test_see (screen, "There is nothing to write");
}

static void
story__wrong_password__nothing_stored_sent_once (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    test_start (screen, 80, 24);
    test_keys (screen, "Enter");
    type_profile (story);
    choose_plain_store (story);
    type_password (story, "wrong");
    test_see (screen, "does not take");
    test_see (screen, "Nothing is stored.");
    test_keys (screen, "C-s"); /* the same one again is not sent */
    test_see (screen, "Not sent");
    assert_int_equal (fake_proxy_attempts (story->proxy), 1);
    test_keys (screen, "C-u");
    type_password (story, "p@ss word#1");
    test_see (screen, "What would be written");
    assert_int_equal (fake_proxy_attempts (story->proxy), 2);
}

static void
story__check__verdicts_and_remedies (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    test_start (screen, 80, 24);
    test_keys (screen, "Enter");
    type_profile (story);
    test_keys (screen, "Esc c"); /* not logged in */
    test_see (screen, "m: log in");
    test_keys (screen, "m");
    choose_plain_store (story);
    type_password (story, "p@ss word#1");
    test_keys (screen, "o c");
    test_see (screen, "The proxy works, and takes the password");
    test_keys (screen, "i");
    test_see (screen, "In plain words");
    test_keys (screen, "q m");
    test_see (screen, "What would be written");
}

static void
story__check_cancelled__at_once (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;
    PrcEvent event = { .type = PRC_EVENT_KEY, .key = 'c' };

    test_start (screen, 80, 24);
    test_keys (screen, "Enter");
    type_profile (story);
    choose_plain_store (story);
    test_keys (screen, "Down Space Up"); /* don't try it */
    type_password (story, "p@ss word#1");
    test_see (screen, "the password is stored");
    test_keys (screen, "o");
    fake_proxy_hold (story->proxy, TRUE);
    prc_ui_event (screen->ui, &event);
    prc_ui_draw (screen->ui, screen->grid);
    test_see (screen, "x stops it");
    test_keys (screen, "x");
    test_see (screen, "Stopped");
    fake_proxy_hold (story->proxy, FALSE);
}

/* A key, and not until all is at rest. */
static void
press (TestScreen *screen, PrcKey key)
{
    PrcEvent event = { .type = PRC_EVENT_KEY, .key = key };

    prc_ui_event (screen->ui, &event);
    prc_ui_draw (screen->ui, screen->grid);
}

/* Without coming to rest: as long as something runs, time goes on. */
static void
wait_for (TestScreen *screen, const char *text)
{
    for (int i = 0; i < 3000; i++) {
        g_autofree char *shown = NULL;

        (void) g_main_context_iteration (NULL, FALSE);
        prc_ui_tick (screen->ui);
        prc_ui_draw (screen->ui, screen->grid);
        shown = test_dump (screen, FALSE);
        if (strstr (shown, text) != NULL)
            return;
        g_usleep (10000);
    }
    test_see (screen, text);
}

/* As far as tools that work, with the store `plain`. */
static void
play_first_start (Story *story)
{
    test_start (story->screen, 80, 24);
    test_keys (story->screen, "Enter");
    type_profile (story);
    choose_plain_store (story);
    type_password (story, "p@ss word#1");
    test_keys (story->screen, "w y");
    test_see (story->screen, "files written");
}

static void
story__login_stopped__nothing_stored (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    test_start (screen, 80, 24);
    test_keys (screen, "Enter");
    type_profile (story);
    choose_plain_store (story);
    test_paste (screen, "p@ss word#1");
    fake_proxy_hold (story->proxy, TRUE);
    press (screen, PRC_KEY_CTRL | 's');
    wait_for (screen, "Logging in, ");
    press (screen, PRC_KEY_CTRL | 'c'); /* what runs first; the program goes on */
    test_see (screen, "nothing is left half done");
    test_settle (screen);
    test_see_no (screen, "nothing is left half done");
    assert_false (prc_ui_is_over (screen->ui));
    test_see (screen, "proxyrc  Log in");
    test_see (screen, "Stopped.");
    fake_proxy_hold (story->proxy, FALSE);
    test_keys (screen, "C-s"); /* it has not stuck */
    test_see (screen, "What would be written");
}

static void
story__doctor_stopped__says_so (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    play_first_start (story);
    fake_proxy_hold (story->proxy, TRUE);
    press (screen, 'D');
    test_see (screen, "Looking at files");
    test_see_no (screen, "x cancel"); /* nothing flickers when it is quick */
    wait_for (screen, "Looking at everything, ");
    test_see (screen, "x cancel");
    press (screen, 'x');
    test_settle (screen);
    test_see (screen, "Stopped. r tries again.");
    fake_proxy_hold (story->proxy, FALSE);
    test_keys (screen, "r");
    test_see (screen, "stored in clear text");
}

static void
story__password_changed__to_working_tools (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;
    g_autofree char *encoded = g_strdup_printf ("http://jdoe:n%%C3%%ABw%%21@%s", story->address);

    play_first_start (story);
    fake_proxy_change (story->proxy, "jdoe:nëw!");
    test_keys (screen, "c");
    test_see (screen, "does not take");
    test_keys (screen, "m"); /* the remedy is one key away */
    test_see (screen, "My password has changed");
    type_password (story, "wröng");
    test_see (screen, "Change the password of office");
    test_keys (screen, "y");
    test_see (screen, "Nothing was changed.");
    test_keys (screen, "C-u");
    type_password (story, "nëw!");
    test_see_no (screen, "nëw!");
    test_keys (screen, "y");
    test_see (screen, "and it is stored");
    test_see_no (screen, "nëw!");
    assert_holds (screen, ".gitconfig", encoded);
    test_keys (screen, "q q");
    test_see (screen, "The proxy works, and takes the password");
    test_see (screen, "all agree with the profile");
    assert_int_equal (fake_proxy_attempts (story->proxy),
                      4); /* right, dead, wrong, new: each once */
}

static void
story__history__undo_and_again (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;
    g_autofree char *config = NULL;

    test_put (screen, ".gitconfig", "[user]\n\tname = J\n");
    play_first_start (story);
    test_keys (screen, "u");
    test_see (screen, "History");
    test_see (screen, "apply office");
    test_keys (screen, "Enter");
    test_see (screen, "~/.gitconfig");
    test_keys (screen, "u");
    test_see (screen, "Take back “apply office”?");
    test_keys (screen, "Enter"); /* No */
    assert_holds (screen, ".gitconfig", "proxy");
    test_keys (screen, "u y");
    test_see (screen, "as they were");
    test_see (screen, "(taken back)");
    test_keys (screen, "u"); /* the same row is selected, though there is another one above it */
    test_see (screen, "taken back already");
    config = test_get (screen, ".gitconfig");
    assert_string_equal (config, "[user]\n\tname = J\n");
    test_keys (screen, "G g Down u");
    test_see (screen, "taken back already");
}

static void
story__profiles__new_use_edit_remove (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    play_first_start (story);
    test_keys (screen, "p");
    test_see (screen, "office");
    test_see (screen, "no proxy anywhere");
    test_keys (screen, "+ 'lab Down 'http://lab.example:80 C-s");
    test_see (screen, "lab is saved");
    assert_holds (screen, ".config/proxyrc/proxyrc.cfg", "lab");
    test_keys (screen, "/ 'lab Enter e");
    test_see (screen, "http://lab.example:80");
    test_keys (screen, "C-u 'http://lab.example");
    test_see (screen, "port");
    test_keys (screen, "C-s");
    test_see (screen, "proxyrc  Profile  "); /* what is wrong is not saved */
    test_keys (screen, "Esc");
    test_see (screen, "is not saved. Leave it");
    test_keys (screen, "y s");
    test_see (screen, "What would be written");
    test_see (screen, "lab.example");
    test_keys (screen, "w y");
    test_see (screen, "http://lab.example:80");
    test_keys (screen, "p / 'office Enter d");
    test_see (screen, "Remove the profile office?");
    test_keys (screen, "y");
    test_see (screen, "office is removed");
    test_keys (screen, "I"); /* a name is proposed that is free */
    test_see (screen, "Name          office");
    test_keys (screen, "Esc");
    test_keys (screen, "G d");
    test_see (screen, "built in");
}

static void
story__route__every_tool_and_why (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;
    g_autofree char *proxy = g_strconcat ("http://", story->address, NULL);

    play_first_start (story);
    test_keys (screen, "R C-u 'origin.example/x Enter");
    test_see (screen, "https://origin.example/x");
    test_see (screen, proxy);
    test_see_no (screen, "p%40ss");
    test_keys (screen, "z");
    test_see (screen, "decided by");
    test_see (screen, "~/.gitconfig:");
    test_keys (screen, "R Esc");
    test_see (screen, proxy);
    test_keys (screen, "R C-u 'ftp://x Enter");
    test_see (screen, "must begin with http:// or");
}

static void
story__setting__seen_and_edited_in_place (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    test_put (screen, ".gitconfig",
              "[user]\n\tname = J\n[http]\n\tproxy = http://a:s3cret@old.example:1\n# end\n");
    test_put (screen, ".config/proxyrc/proxyrc.cfg",
              "profiles = ( { name = \"office\"; http = \"http://proxy.example:3128\"; } "
              ");\nactive = \"office\";\n");
    test_start (screen, 80, 24);
    test_keys (screen, "/ 'gitconfig Enter Enter");
    test_see_no (screen, "s3cret");
    test_keys (screen, "e");
    test_see (screen, "http.proxy = http://old.example:1");
    test_keys (screen, "C-u 'http://new.example:2 Enter");
    test_see (screen, "Write 1 file?");
    test_see (screen, "+   proxy = http://new.example:2");
    test_keys (screen, "y");
    test_see (screen, "1 file written");
    assert_holds (screen, ".gitconfig", "\tproxy = http://new.example:2\n# end\n");
    test_keys (screen, "Enter d y");
    test_see (screen, "1 file written");
    test_keys (screen, "u u y");
    assert_holds (screen, ".gitconfig", "\tproxy = http://new.example:2\n# end\n");
}

static void
story__doctor__findings_with_remedies (void **state)
{
    Story *story = *state;
    TestScreen *screen = story->screen;

    play_first_start (story);
    test_put (screen, ".npmrc", "proxy=http://other.example:1\n");
    test_keys (screen, "D");
    test_see (screen, "Doctor");
    test_see (screen, "/home/jdoe/.npmrc:1");
    test_see (screen, "m: proxyrc apply");
    test_keys (screen, "/ 'npm Enter");
    test_keys (screen, "m");
    test_see (screen, "What would be written");
}

int
main (void)
{
#define STORY(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        STORY (story__first_start__to_working_tools),
        STORY (story__vault__passphrase_asked_twice_then_remembered),
        STORY (story__wrong_password__nothing_stored_sent_once),
        STORY (story__check__verdicts_and_remedies),
        STORY (story__check_cancelled__at_once),
        STORY (story__login_stopped__nothing_stored),
        STORY (story__doctor_stopped__says_so),
        STORY (story__password_changed__to_working_tools),
        STORY (story__history__undo_and_again),
        STORY (story__profiles__new_use_edit_remove),
        STORY (story__route__every_tool_and_why),
        STORY (story__setting__seen_and_edited_in_place),
        STORY (story__doctor__findings_with_remedies),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
