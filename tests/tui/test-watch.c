#include "test.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "tui/watch.h"

typedef struct {
    char *dir;
    PrcWatch *watch, *other;
    guint n, n_other;
} Fixture;

static void
changed (gpointer data)
{
    (*(guint *) data)++;
}

static int
setup (void **state)
{
    Fixture *f = g_new0 (Fixture, 1);

    f->dir = prc_test_dir_new ();
    f->watch = prc_watch_new (changed, &f->n);
    f->other = prc_watch_new (changed, &f->n_other);
    *state = f;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *f = *state;

    prc_watch_free (f->watch);
    prc_watch_free (f->other);
    prc_test_dir_remove (f->dir);
    g_free (f);
    return 0;
}

static void
watch_one (const Fixture *f, PrcWatch *watch, const char *name)
{
    g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

    g_ptr_array_add (paths, g_strconcat (f->dir, "/", name, NULL));
    prc_watch_set (watch, paths);
}

static void
put (const Fixture *f, const char *name)
{
    g_autofree char *path = g_build_filename (f->dir, name, NULL);
    g_autofree char *folder = g_path_get_dirname (path);

    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    assert_true (g_file_set_contents (path, "x", 1, NULL));
}

/* What comes before it comes before. */
static void
wait_for (const guint *n)
{
    while (*n == 0)
        (void) g_main_context_iteration (NULL, TRUE);
    while (g_main_context_iteration (NULL, FALSE))
        ;
}

static void
watch__other_file__nothing (void **state)
{
    Fixture *f = *state;

    watch_one (f, f->watch, "a");
    watch_one (f, f->other, "b");
    put (f, "b");
    wait_for (&f->n_other);
    assert_int_equal (f->n, 0);
    put (f, "a");
    wait_for (&f->n);
}

static void
watch__whole_folder__any_file (void **state)
{
    Fixture *f = *state;

    put (f, "sub/a");
    watch_one (f, f->watch, "sub/");
    put (f, "sub/new");
    wait_for (&f->n);
}

static void
watch__folder_not_there_yet__its_coming (void **state)
{
    Fixture *f = *state;

    watch_one (f, f->watch, "x/y/a");
    put (f, "x/z");
    wait_for (&f->n);
}

static void
watch__link__what_it_leads_to (void **state)
{
    Fixture *f = *state;
    g_autofree char *link = g_build_filename (f->dir, "link", NULL);

    put (f, "dotfiles/real");
    assert_int_equal (symlink ("dotfiles/real", link), 0);
    watch_one (f, f->watch, "link");
    put (f, "dotfiles/real");
    wait_for (&f->n);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (watch__other_file__nothing, setup, teardown),
        cmocka_unit_test_setup_teardown (watch__whole_folder__any_file, setup, teardown),
        cmocka_unit_test_setup_teardown (watch__folder_not_there_yet__its_coming, setup, teardown),
        cmocka_unit_test_setup_teardown (watch__link__what_it_leads_to, setup, teardown),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
