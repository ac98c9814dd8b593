/* test-screen-views.c - every view whose content is always the same, in four sizes */
#include "test.h"

#include "screen.h"

static int
setup (void **state)
{
    TestScreen *screen = test_screen_new ();

    test_put (screen, ".gitconfig",
              "[user]\n\tname = J\n[http]\n\tproxy = http://jdoe:s3cret@old.example:8080\n# end\n");
    test_put (screen, ".npmrc", "# mine\nproxy=http://proxy.example:3128\n_authToken=t0psecret\n");
    *state = screen;
    return 0;
}

static void
make_profiles (TestScreen *screen)
{
    test_put (screen, ".config/proxyrc/proxyrc.cfg",
              "profiles = (\n"
              "  { name = \"office\"; http = \"http://proxy.example:3128\"; https = "
              "\"http://proxy.example:3128\";\n"
              "    no_proxy = \"localhost,.example\"; user = \"jdoe\"; },\n"
              "  { name = \"labor für Größen\"; http = \"http://lab.example:80\"; https = "
              "\"https://lab.example:443\"; } );\n"
              "active = \"office\";\n");
}

static int
teardown (void **state)
{
    test_screen_free (*state);
    return 0;
}

/* The view that @keys lead to. */
static void
show (TestScreen *screen, const char *keys, const char *name)
{
    test_start (screen, 80, 24);
    test_keys (screen, keys);
    test_goldens (screen, name);
}

static void
view__start (void **state)
{
    show (*state, "", "start");
}

static void
view__profile_from_what_is_found (void **state)
{
    show (*state, "Enter", "profile-new");
}

static void
view__profiles (void **state)
{
    make_profiles (*state);
    show (*state, "p", "profiles");
}

static void
view__profile (void **state)
{
    make_profiles (*state);
    show (*state, "p e", "profile");
}

static void
view__login (void **state)
{
    make_profiles (*state);
    show (*state, "L", "login");
}

static void
view__passwd (void **state)
{
    make_profiles (*state);
    show (*state, "P", "passwd");
}

static void
view__setting (void **state)
{
    make_profiles (*state);
    show (*state, "/ 'gitconfig Enter Enter", "setting");
}

static void
view__route (void **state)
{
    make_profiles (*state);
    show (*state, "R C-u 'http://origin.example/ Enter z", "route");
}

static void
view__help (void **state)
{
    make_profiles (*state);
    show (*state, "?", "help");
}

static void
view__explain (void **state)
{
    make_profiles (*state);
    show (*state, "g i", "explain");
}

static void
view__explain_407 (void **state)
{
    make_profiles (*state);
    show (*state, "i i / '407 Enter Enter", "explain-407");
}

int
main (void)
{
#define SCREEN_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCREEN_TEST (view__start),       SCREEN_TEST (view__profile_from_what_is_found),
        SCREEN_TEST (view__profiles),    SCREEN_TEST (view__profile),
        SCREEN_TEST (view__login),       SCREEN_TEST (view__passwd),
        SCREEN_TEST (view__setting),     SCREEN_TEST (view__route),
        SCREEN_TEST (view__help),        SCREEN_TEST (view__explain),
        SCREEN_TEST (view__explain_407),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
