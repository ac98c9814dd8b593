#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "secrets/sealer.h"
#include "store-fixture.h"

#define PLAIN "proxy = http://alice:s3cret@proxy.example:3128\n"

typedef struct {
    char *dir, *path;
    GBytes *plain;
} Fixture;

static int
setup (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);

    fixture->dir = prc_test_dir_new ();
    fixture->path = g_build_filename (fixture->dir, "state", "key", NULL);
    fixture->plain = g_bytes_new_static (PLAIN, strlen (PLAIN));
    *state = fixture;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *fixture = *state;

    prc_test_dir_remove (fixture->dir);
    g_bytes_unref (fixture->plain);
    g_free (fixture->path);
    g_free (fixture);
    return 0;
}

/* As another process: with nothing but the key file. */
static GBytes *
sealed (Fixture *fixture, GBytes *plain, const char *context)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcSealKey) key = prc_seal_key_new (fixture->path);
    GBytes *bytes = prc_seal (key, plain, context, &error);

    assert_no_error (error);
    return bytes;
}

static GBytes *
unsealed (Fixture *fixture, GBytes *bytes, const char *context, GError **error)
{
    g_autoptr (PrcSealKey) key = prc_seal_key_new (fixture->path);

    return prc_unseal (key, bytes, context, error);
}

static void
seal__any_bytes__come_back_in_another_process (void **state)
{
    static const gsize sizes[] = { 0, 1, 15, 16, 17, 4096, 1000000 };
    Fixture *fixture = *state;

    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autoptr (GError) error = NULL;
        char *data = g_malloc0 (sizes[i] + 1);
        g_autoptr (GBytes) plain = NULL;
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (GBytes) back = NULL;

        for (gsize k = 0; k < sizes[i]; k++)
            data[k] = (char) (k * 7);
        plain = g_bytes_new_take (data, sizes[i]);
        bytes = sealed (fixture, plain, "ctx");
        assert_int_equal (g_bytes_get_size (bytes), sizes[i] + 48);
        back = unsealed (fixture, bytes, "ctx", &error);
        assert_no_error (error);
        assert_true (g_bytes_equal (back, plain));
    }
}

static void
seal__key_file__private (void **state)
{
    Fixture *fixture = *state;
    g_autofree char *dir = g_path_get_dirname (fixture->path);
    mode_t before = umask (0);
    g_autoptr (GBytes) bytes = sealed (fixture, fixture->plain, NULL);

    (void) umask (before);
    assert_int_equal (test_mode (fixture->path), 0600);
    assert_int_equal (test_mode (dir), 0700);
}

static void
seal__same_bytes_twice__differ_and_hide (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GBytes) one = sealed (fixture, fixture->plain, "name-of-context");
    g_autoptr (GBytes) two = sealed (fixture, fixture->plain, "name-of-context");

    assert_false (g_bytes_equal (one, two));
    assert_false (test_holds (one, "s3cret"));
    assert_false (test_holds (one, "alice"));
    assert_false (test_holds (one, "name-of-context"));
}

static void
unseal__another_context__refused (void **state)
{
    static const char *const others[] = { NULL, "", "context", "context-1 ", "context-2" };
    Fixture *fixture = *state;
    g_autoptr (GBytes) bytes = sealed (fixture, fixture->plain, "context-1");

    for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (unsealed (fixture, bytes, others[i], &error));
        assert_error (error, PRC_ERROR_INPUT);
    }
}

static void
unseal__cut_off_anywhere__refused (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GBytes) bytes = sealed (fixture, fixture->plain, NULL);

    for (gsize length = 0; length < g_bytes_get_size (bytes); length++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, length);

        assert_null (unsealed (fixture, part, NULL, &error));
        assert_error (error, PRC_ERROR_INPUT);
    }
}

static void
unseal__byte_flipped_anywhere__refused (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GBytes) bytes = sealed (fixture, fixture->plain, NULL);
    gsize size = 0;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    for (gsize i = 0; i < size; i++) {
        g_autoptr (GError) error = NULL;
        g_autofree guint8 *copy = g_memdup2 (data, size);
        g_autoptr (GBytes) altered = NULL;

        copy[i] = (guint8) (copy[i] ^ (1u << (i % 8)));
        altered = g_bytes_new (copy, size);
        assert_null (unsealed (fixture, altered, NULL, &error));
        assert_error (error, PRC_ERROR_INPUT);
    }
}

static void
unseal__key_gone__says_so_and_makes_none (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = sealed (fixture, fixture->plain, NULL);

    assert_int_equal (unlink (fixture->path), 0);
    assert_null (unsealed (fixture, bytes, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_non_null (strstr (error->message, "gone"));
    assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    /* A new key does not open what the old one has sealed. */
    g_bytes_unref (sealed (fixture, fixture->plain, NULL));
    g_clear_error (&error);
    assert_null (unsealed (fixture, bytes, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
}

static void
key_drop__whatever_is_there__next_one_is_new (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (PrcSealKey) key = prc_seal_key_new (fixture->path);
    g_autoptr (PrcSealKey) other = prc_seal_key_new (fixture->path);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) before = prc_seal (key, fixture->plain, NULL, &error);
    g_autoptr (GBytes) after = NULL;

    assert_true (prc_seal_key_drop (other, &error));
    assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
    assert_true (prc_seal_key_drop (other, &error));
    /* who has read it before does not go on with it: nobody could open what that sealed */
    after = prc_seal (key, fixture->plain, NULL, &error);
    assert_no_error (error);
    g_bytes_unref (prc_unseal (other, after, NULL, &error));
    assert_no_error (error);
    assert_null (prc_unseal (other, before, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
    g_clear_error (&error);
    assert_true (g_file_set_contents (fixture->path, "damaged", -1, NULL));
    assert_true (prc_seal_key_drop (key, &error));
    g_bytes_unref (sealed (fixture, fixture->plain, NULL));
}

static void
key_file__damaged_or_shared__refused_and_kept (void **state)
{
    static const struct {
        const char *contents; /* NULL: as it was */
        guint mode;
    } rows[] = {
        { "", 0600 },
        { "proxyrc key 1\nshort", 0600 },
        { NULL, 0644 },
        { NULL, 0660 },
        { "proxyrc key 2\n01234567890123456789012345678901", 0600 },
        { "proxyrc key 1\n012345678901234567890123456789012", 0600 },
    };
    Fixture *fixture = *state;
    g_autoptr (GBytes) bytes = sealed (fixture, fixture->plain, NULL);
    g_autoptr (GBytes) good = test_contents (fixture->path);

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GError) seal_error = NULL;
        g_autoptr (PrcSealKey) key = prc_seal_key_new (fixture->path);
        g_autoptr (GBytes) given =
            rows[i].contents != NULL
                ? g_bytes_new_static (rows[i].contents, strlen (rows[i].contents))
                : g_bytes_ref (good);
        g_autoptr (GBytes) after = NULL;

        test_write (fixture->path, given, rows[i].mode);
        assert_null (unsealed (fixture, bytes, NULL, &error));
        assert_error (error, PRC_ERROR_INPUT);
        assert_null (prc_seal (key, fixture->plain, NULL, &seal_error));
        assert_error (seal_error, PRC_ERROR_INPUT);
        after = test_contents (fixture->path);
        assert_true (g_bytes_equal (after, given));
    }
}

static void
key_file__symlink__refused (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcSealKey) key = prc_seal_key_new (fixture->path);
    g_autofree char *dir = g_path_get_dirname (fixture->path);
    g_autofree char *target = g_build_filename (fixture->dir, "target", NULL);

    assert_int_equal (g_mkdir_with_parents (dir, 0700), 0);
    assert_int_equal (symlink (target, fixture->path), 0);
    assert_null (prc_seal (key, fixture->plain, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST (seal__any_bytes__come_back_in_another_process),
    TEST (seal__key_file__private),
    TEST (seal__same_bytes_twice__differ_and_hide),
    TEST (unseal__another_context__refused),
    TEST (unseal__cut_off_anywhere__refused),
    TEST (unseal__byte_flipped_anywhere__refused),
    TEST (unseal__key_gone__says_so_and_makes_none),
    TEST (key_drop__whatever_is_there__next_one_is_new),
    TEST (key_file__damaged_or_shared__refused_and_kept),
    TEST (key_file__symlink__refused),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
