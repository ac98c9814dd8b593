#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "secrets/plain.h"
#include "store-fixture.h"

#define REF "http://alice@proxy.example:3128"

typedef struct {
    char *dir, *path;
} Fixture;

static int
setup (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);

    fixture->dir = prc_test_dir_new ();
    fixture->path = g_build_filename (fixture->dir, "new", "plain.json", NULL);
    *state = fixture;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *fixture = *state;

    prc_test_dir_remove (fixture->dir);
    g_free (fixture->path);
    g_free (fixture);
    return 0;
}

static void
plain__first_secret__private_file_that_people_can_read (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (PrcStore) store = prc_plain_new (fixture->path);
    g_autofree char *dir = g_path_get_dirname (fixture->path);
    g_autoptr (GBytes) file = NULL;
    mode_t before = umask (0);

    test_store_put (store, REF, "p\xC3\xA4ss \"word\"");
    (void) umask (before);
    assert_int_equal (test_mode (fixture->path), 0600);
    assert_int_equal (test_mode (dir), 0700);
    file = test_contents (fixture->path);
    assert_true (test_holds (file, "\"for\": \"" REF "\""));
    assert_true (test_holds (file, "\"password\": \"p\xC3\xA4ss \\\"word\\\"\""));
}

static void
plain__readable_by_others__refused_with_remedy (void **state)
{
    static const guint modes[] = { 0644, 0640, 0604, 0660 };
    Fixture *fixture = *state;
    g_autoptr (PrcStore) store = prc_plain_new (fixture->path);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("other", 5);

    test_store_put (store, REF, "hidden");
    for (gsize i = 0; i < G_N_ELEMENTS (modes); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GError) store_error = NULL;

        assert_int_equal (chmod (fixture->path, (mode_t) modes[i]), 0);
        assert_false (prc_store_lookup (store, ref, NULL, NULL, &error));
        assert_error (error, PRC_ERROR_INPUT);
        assert_non_null (strstr (error->message, "chmod 600"));
        assert_null (strstr (error->message, "hidden"));
        assert_false (prc_store_store (store, ref, secret, &store_error));
        assert_error (store_error, PRC_ERROR_INPUT);
        assert_int_equal (test_mode (fixture->path), modes[i]);
    }
}

static void
plain__files_it_did_not_write__refused_and_kept (void **state)
{
    static const char *const contents[] = {
        "",
        "hidden",
        "[]",
        "{}",
        "{\"version\": 2, \"credentials\": []}",
        "{\"version\": \"1\", \"credentials\": []}",
        "{\"version\": 1, \"credentials\": {}}",
        "{\"version\": 1, \"credentials\": [{\"for\": \"" REF "\"}]}",
        "{\"version\": 1, \"credentials\": [{\"for\": \"" REF "\", \"password\": 5}]}",
        "{\"version\": 1, \"credentials\": [{\"for\": \"proxy\", \"password\": \"hidden\"}]}",
        "{\"version\": 1, \"credentials\": [{\"for\": \"http://h:1\", \"password\": \"hidden\"}]}",
        "{\"version\": 1, \"credentials\": [\"hidden\"]}",
        "{\"version\": 1, \"version\": 1, \"credentials\": []}",
        "{\"version\": 1, \"credentials\": [{\"for\": \"" REF "\", \"password\": \"hidden",
        "{\"version\": 1, \"credentials\": [{\"for\": \"" REF "\", \"password\": \"hid\xFF\"}]}",
    };
    Fixture *fixture = *state;
    g_autofree char *dir = g_path_get_dirname (fixture->path);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("other", 5);

    assert_int_equal (g_mkdir_with_parents (dir, 0700), 0);
    for (gsize i = 0; i < G_N_ELEMENTS (contents); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GError) store_error = NULL;
        g_autoptr (GBytes) bytes = g_bytes_new (contents[i], strlen (contents[i]));
        g_autoptr (GBytes) after = NULL;
        g_autoptr (PrcStore) store = prc_plain_new (fixture->path);

        test_write (fixture->path, bytes, 0600);
        assert_false (prc_store_lookup (store, ref, NULL, NULL, &error));
        assert_error (error, PRC_ERROR_INPUT);
        assert_true (g_str_has_prefix (error->message, fixture->path));
        assert_null (strstr (error->message, "hid"));
        assert_false (prc_store_store (store, ref, secret, &store_error));
        after = test_contents (fixture->path);
        assert_true (g_bytes_equal (after, bytes));
    }
}

static void
plain__deeply_nested_file__refused (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) store = prc_plain_new (fixture->path);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autofree char *deep = g_strnfill (1000000, '[');
    g_autoptr (GBytes) bytes = g_bytes_new_static (deep, 1000000);
    g_autofree char *dir = g_path_get_dirname (fixture->path);

    assert_int_equal (g_mkdir_with_parents (dir, 0700), 0);
    test_write (fixture->path, bytes, 0600);
    assert_false (prc_store_lookup (store, ref, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
}

static void
plain__written_by_hand__read (void **state)
{
    static const char text[] =
        "{ \"version\": 1, \"remark\": \"mine\", \"credentials\": [\n"
        "  { \"password\": \"s\\u00fc\\u0000x\", \"for\": \"http://u@h:1\", \"since\": 2020 },\n"
        "  { \"for\": \"http://v@h:1\", \"password_base64\": \"/wA=\" } ] }\n";
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) store = prc_plain_new (fixture->path);
    g_autoptr (PrcCredentialRef) first_ref = test_ref ("http://u@h:1");
    g_autoptr (PrcCredentialRef) second_ref = test_ref ("http://v@h:1");
    g_autoptr (PrcSecret) first = NULL;
    g_autoptr (PrcSecret) second = NULL;
    g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
    g_autofree char *dir = g_path_get_dirname (fixture->path);

    assert_int_equal (g_mkdir_with_parents (dir, 0700), 0);
    test_write (fixture->path, bytes, 0600);
    assert_true (prc_store_lookup (store, first_ref, NULL, &first, &error));
    assert_true (prc_store_lookup (store, second_ref, NULL, &second, &error));
    assert_no_error (error);
    assert_int_equal (prc_secret_length (first), 5);
    assert_memory_equal (prc_secret_text (first), "s\xC3\xBC\0x", 5);
    assert_int_equal (prc_secret_length (second), 2);
    assert_memory_equal (prc_secret_text (second), "\xFF\0", 2);
}

static void
plain__symlink__refused_and_kept (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autofree char *dir = g_path_get_dirname (fixture->path);
    g_autofree char *target = g_build_filename (fixture->dir, "target", NULL);
    g_autoptr (PrcStore) store = prc_plain_new (fixture->path);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("x", 1);

    assert_int_equal (g_mkdir_with_parents (dir, 0700), 0);
    assert_int_equal (symlink (target, fixture->path), 0);
    assert_false (prc_store_store (store, ref, secret, &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
    assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST (plain__first_secret__private_file_that_people_can_read),
    TEST (plain__readable_by_others__refused_with_remedy),
    TEST (plain__files_it_did_not_write__refused_and_kept),
    TEST (plain__deeply_nested_file__refused),
    TEST (plain__written_by_hand__read),
    TEST (plain__symlink__refused_and_kept),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
