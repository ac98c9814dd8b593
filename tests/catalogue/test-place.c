#include "test.h"

#include <unistd.h>

#include "catalogue/place.h"

static void
check (const char *path_template, const char *const *env, const char *root, const char *expected)
{
    PrcPlace place = { g_strconcat (root, "/home/u", NULL), g_strdup (root), g_strdup ("bash"),
                       g_strdupv ((char **) env) };
    g_auto (GStrv) paths = prc_place_expand (&place, path_template);
    g_autofree char *joined = g_strjoinv (" ", paths);

    assert_string_equal (joined, expected);
    prc_place_clear (&place);
}

static void
place_expand__templates__paths (void **state)
{
    static const char *const none[] = { NULL };
    static const char *const some[] = { "XDG_CONFIG_HOME=/x", "DIRS=/a:/b", "EMPTY=", "REL=rel",
                                        "EVIL=${HOME}",       NULL };

    (void) state;
    check ("~/.gitconfig", none, "", "/home/u/.gitconfig");
    check ("/etc/gitconfig", none, "", "/etc/gitconfig");
    check ("/etc/gitconfig", none, "/img", "/img/etc/gitconfig");
    check ("~/.gitconfig", none, "/img", "/img/home/u/.gitconfig");
    check ("${XDG_CONFIG_HOME:-~/.config}/git", none, "", "/home/u/.config/git");
    check ("${XDG_CONFIG_HOME:-~/.config}/git", some, "", "/x/git");
    check ("${XDG_CONFIG_HOME:-~/.config}/git", some, "/img", "/img/x/git");
    check ("${NOT_SET}/git", some, "", "");
    check ("${EMPTY}/git", some, "", "");
    check ("${EMPTY:-/d}/git", some, "", "/d/git");
    check ("${DIRS[]:-/etc/xdg}/pip", some, "", "/a/pip /b/pip");
    check ("${DIRS[]:-/etc/xdg}/pip", none, "", "/etc/xdg/pip");
    check ("${REL}/x", some, "", "");
    check ("${EVIL}/x", some, "", "");
    check ("${prefix:no-such-program}/etc", none, "", "");
}

static void
place_expand__star__existing_files_in_order (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *b = g_build_filename (dir, "b.sh", NULL);
    g_autofree char *a = g_build_filename (dir, "a.sh", NULL);
    g_autofree char *c = g_build_filename (dir, "c.txt", NULL);
    g_autofree char *pattern = g_build_filename (dir, "*.sh", NULL);
    g_autofree char *expected = g_strdup_printf ("%s %s", a, b);
    static const char *const none[] = { NULL };

    (void) state;
    assert_true (g_file_set_contents (b, "", 0, NULL) && g_file_set_contents (a, "", 0, NULL) &&
                 g_file_set_contents (c, "", 0, NULL));
    check (pattern, none, "", expected);
    prc_test_dir_remove (dir);
}

static void
place_expand__prefix__follows_symlinks (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *script = g_strdup_printf (
        "cd %s && mkdir -p bin opt/tool/bin && printf '#!/bin/sh\\n' > opt/tool/bin/tool && chmod "
        "+x opt/tool/bin/tool && ln -s ../opt/tool/bin/tool bin/tool",
        dir);
    const char *argv[] = { "sh", "-c", script, NULL };
    g_autofree char *path = g_strdup_printf ("PATH=relative:%s/bin", dir);
    const char *env[] = { path, NULL };
    g_autofree char *expected = g_strdup_printf ("%s/opt/tool/etc/rc", dir);

    (void) state;
    assert_int_equal (prc_test_run (argv, NULL, NULL, NULL, NULL, NULL), 0);
    check ("${prefix:tool}/etc/rc", env, "", expected);
    prc_test_dir_remove (dir);
}

static void
place_show__home__tilde (void **state)
{
    PrcPlace place = { g_strdup ("/home/u"), g_strdup (""), g_strdup ("bash"), NULL };
    g_autofree char *inside = prc_place_show (&place, "/home/u/x");
    g_autofree char *beside = prc_place_show (&place, "/home/user/x");

    (void) state;
    assert_string_equal (inside, "~/x");
    assert_string_equal (beside, "/home/user/x");
    prc_place_clear (&place);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (place_expand__templates__paths),
        cmocka_unit_test (place_expand__star__existing_files_in_order),
        cmocka_unit_test (place_expand__prefix__follows_symlinks),
        cmocka_unit_test (place_show__home__tilde),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
