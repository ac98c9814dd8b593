/* test-screen-live.c - the views that show what is another thing each time: what was written when,
 * and what a proxy answers */
#include "test.h"

#include "fake-proxy.h"
#include "screen.h"

typedef struct {
    TestScreen *screen;
    FakeProxy *proxy;
} Fixture;

static int
setup (void **state)
{
    Fixture *f = g_new0 (Fixture, 1);
    g_autofree char *config = NULL;

    f->screen = test_screen_new ();
    f->proxy = fake_proxy_new ("jdoe:s3cret");
    config = g_strdup_printf ("profiles = ( { name = \"office\"; http = \"http://127.0.0.1:%1$u\"; "
                              "https = \"http://127.0.0.1:%1$u\"; tools = \"git,npm,curl\"; "
                              "check_url = \"http://origin.test/\"; } );\nactive = \"office\";\n",
                              fake_proxy_port (f->proxy));
    test_put (f->screen, ".config/proxyrc/proxyrc.cfg", config);
    test_put (f->screen, ".gitconfig",
              "[user]\n\tname = J\n[http]\n\tproxy = http://old.example:8080\n"
              "\tsslVerify = false\n");
    test_put (f->screen, ".npmrc", "# mine\n_authToken=t0psecret\n");
    *state = f;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *f = *state;

    test_screen_free (f->screen);
    fake_proxy_free (f->proxy);
    g_free (f);
    return 0;
}

static void
live__history (void **state)
{
    const Fixture *f = *state;

    test_start (f->screen, 80, 24);
    test_keys (f->screen, "H");
    test_golden (f->screen, "history-empty");
    test_keys (f->screen, "q a w y a w y p s w y H u y Enter");
    test_goldens (f->screen, "history");
}

static void
live__check_wants_a_password (void **state)
{
    const Fixture *f = *state;

    test_start (f->screen, 80, 24);
    test_keys (f->screen, "c");
    test_goldens (f->screen, "check");
}

static void
live__check_passes (void **state)
{
    const Fixture *f = *state;

    fake_proxy_change (f->proxy, NULL);
    test_start (f->screen, 80, 24);
    test_keys (f->screen, "c");
    test_golden (f->screen, "check-passes");
    test_keys (f->screen, "q");
    test_golden (f->screen, "overview-checked");
}

static void
live__doctor (void **state)
{
    const Fixture *f = *state;

    test_start (f->screen, 80, 24);
    test_keys (f->screen, "D / 'certificates Enter");
    test_goldens (f->screen, "doctor");
}

static void
live__doctor_filtered (void **state)
{
    const Fixture *f = *state;

    test_start (f->screen, 80, 24);
    test_keys (f->screen, "D f 'curl Enter");
    test_see (f->screen, "only “curl”");
    test_see (f->screen, "curl is not as the profile");
    test_see_no (f->screen, "npm is not as the profile");
    test_keys (f->screen, "r"); /* looked at again, it is still filtered */
    test_see_no (f->screen, "npm is not as the profile");
    test_keys (f->screen, "f C-u 'nowhere Enter");
    test_see (f->screen, "Nothing that fits the filter");
    test_keys (f->screen, "Esc");
    test_see (f->screen, "npm is not as the profile");
}

int
main (void)
{
#define LIVE_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        LIVE_TEST (live__history),         LIVE_TEST (live__check_wants_a_password),
        LIVE_TEST (live__check_passes),    LIVE_TEST (live__doctor),
        LIVE_TEST (live__doctor_filtered),
    };

    /* remedies name the root: where their lines are broken must not depend on where it is */
    g_setenv ("TMPDIR", "/tmp", TRUE);
    return cmocka_run_group_tests (tests, NULL, NULL);
}
