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
    test_golden (screen, "start-empty");
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
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
