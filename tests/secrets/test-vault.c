#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "secrets/vault.h"
#include "store-fixture.h"

#define PASSPHRASE "correct horse"
#define REF "http://alice@proxy.example:3128"

typedef struct {
    char *dir, *path;
    TestAsk ask;
} Fixture;

static int
setup (void **state)
{
    Fixture *fixture = g_new0 (Fixture, 1);

    fixture->dir = prc_test_dir_new ();
    fixture->path = g_build_filename (fixture->dir, "data", "vault", NULL);
    (void) test_ask_init (&fixture->ask, PASSPHRASE);
    *state = fixture;
    return 0;
}

static int
teardown (void **state)
{
    Fixture *fixture = *state;

    test_ask_clear (&fixture->ask);
    prc_test_dir_remove (fixture->dir);
    g_free (fixture->path);
    g_free (fixture);
    return 0;
}

static PrcStore *
closed_vault (Fixture *fixture)
{
    return prc_vault_new (fixture->path, &prc_vault_limits_least);
}

static PrcStore *
opened_vault (Fixture *fixture)
{
    g_autoptr (GError) error = NULL;
    PrcStore *vault = closed_vault (fixture);
    gboolean opened = prc_store_unlock (vault, &fixture->ask.ask, &error);

    assert_no_error (error);
    assert_true (opened);
    return vault;
}

static void
vault__hard_passwords__come_back_in_another_process (void **state)
{
    Fixture *fixture = *state;

    for (guint i = 0; hard_passwords[i] != NULL; i++) {
        g_autofree char *ref = g_strdup_printf ("http://user%u@proxy.example:3128", i);
        g_autoptr (PrcStore) vault = opened_vault (fixture);

        test_store_put (vault, ref, hard_passwords[i]);
    }
    for (guint i = 0; hard_passwords[i] != NULL; i++) {
        g_autofree char *ref = g_strdup_printf ("http://user%u@proxy.example:3128", i);
        g_autoptr (PrcStore) vault = opened_vault (fixture);
        g_autofree char *got = test_store_get (vault, ref);

        assert_string_equal (got, hard_passwords[i]);
    }
    assert_int_equal (fixture->ask.asked_for_new, 1);
}

static void
vault__secret_with_nul_bytes__comes_back (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) vault = opened_vault (*state);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("a\0b\0", 4);
    g_autoptr (PrcSecret) got = NULL;

    assert_true (prc_store_store (vault, ref, secret, &error));
    assert_true (prc_store_lookup (vault, ref, NULL, &got, &error));
    assert_no_error (error);
    assert_true (prc_secret_equal (got, secret));
}

static void
vault__states__follow_the_file_and_the_key (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) locked = NULL;
    g_autoptr (PrcStore) vault = closed_vault (fixture);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autofree char *none = NULL;
    g_autofree char *again = NULL;

    assert_int_equal (prc_store_state (vault), PRC_STORE_EMPTY);
    none = test_store_get (vault, REF);
    assert_null (none);
    assert_true (prc_store_unlock (vault, &fixture->ask.ask, &error));
    assert_int_equal (prc_store_state (vault), PRC_STORE_OPEN);
    test_store_put (vault, REF, "s3cret");
    assert_true (prc_store_lock (vault, &error));
    assert_no_error (error);
    assert_int_equal (prc_store_state (vault), PRC_STORE_LOCKED);
    assert_false (prc_store_lookup (vault, ref, NULL, NULL, &locked));
    assert_error (locked, PRC_ERROR_LOCKED);
    assert_true (prc_store_unlock (vault, &fixture->ask.ask, &error));
    again = test_store_get (vault, REF);
    assert_string_equal (again, "s3cret");
}

/* What a file that is not the vault leads to: an error, and never a write. */
static void
assert_refused_and_kept (Fixture *fixture, PrcError code, const char *word)
{
    g_autoptr (GError) unlock_error = NULL;
    g_autoptr (GError) store_error = NULL;
    g_autoptr (GBytes) before = test_contents (fixture->path);
    g_autoptr (GBytes) after = NULL;
    g_autoptr (PrcStore) vault = closed_vault (fixture);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("other", 5);

    assert_int_equal (prc_store_state (vault), PRC_STORE_LOCKED);
    assert_false (prc_store_unlock (vault, &fixture->ask.ask, &unlock_error));
    assert_error (unlock_error, code);
    if (strstr (unlock_error->message, word) == NULL)
        fail_msg ("no \"%s\" in: %s", word, unlock_error->message);
    assert_true (g_str_has_prefix (unlock_error->message, fixture->path));
    assert_null (strstr (unlock_error->message, PASSPHRASE));
    assert_false (prc_store_store (vault, ref, secret, &store_error));
    after = test_contents (fixture->path);
    assert_true (g_bytes_equal (before, after));
}

/* A vault with one credential, and its bytes. */
static GBytes *
filled_vault (Fixture *fixture)
{
    g_autoptr (PrcStore) vault = opened_vault (fixture);

    test_store_put (vault, REF, "s3cret-in-the-vault");
    return test_contents (fixture->path);
}

static void
vault__wrong_passphrase__told_from_damage (void **state)
{
    static const char *const wrong[] = { "correct hors", "correct horse ", "Correct horse", "x" };
    Fixture *fixture = *state;
    g_autoptr (GBytes) file = filled_vault (fixture);

    for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
        fixture->ask.passphrase = wrong[i];
        assert_refused_and_kept (fixture, PRC_ERROR_LOCKED, "wrong passphrase");
    }
    fixture->ask.passphrase = PASSPHRASE;
    prc_store_free (opened_vault (fixture));
}

static void
vault__empty_passphrase__refused_for_new_and_old (void **state)
{
    Fixture *fixture = *state;

    for (guint i = 0; i < 2; i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcStore) vault = closed_vault (fixture);

        fixture->ask.passphrase = "";
        assert_false (prc_store_unlock (vault, &fixture->ask.ask, &error));
        assert_error (error, PRC_ERROR_INPUT);
        assert_int_equal (g_file_test (fixture->path, G_FILE_TEST_EXISTS), i == 1);
        fixture->ask.passphrase = PASSPHRASE;
        prc_store_free (opened_vault (fixture));
    }
}

static void
vault__nobody_to_ask__locked_and_nothing_created (void **state)
{
    static const PrcStoreAsk silent = { .passphrase = NULL };
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) store_error = NULL;
    g_autoptr (PrcStore) vault = closed_vault (fixture);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("x", 1);

    assert_false (prc_store_unlock (vault, &silent, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    assert_false (prc_store_store (vault, ref, secret, &store_error));
    assert_error (store_error, PRC_ERROR_LOCKED);
    assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
vault__wrong_passphrase__asked_as_often_as_allowed (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) file = filled_vault (fixture);
    g_autoptr (PrcStore) vault = closed_vault (fixture);

    fixture->ask.passphrase = "wrong";
    fixture->ask.ask.attempts = 3;
    fixture->ask.asked = 0;
    assert_false (prc_store_unlock (vault, &fixture->ask.ask, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    assert_int_equal (fixture->ask.asked, 3);
    assert_non_null (strstr (fixture->ask.why, "wrong passphrase"));
}

static void
vault__cancelled_question__not_asked_again (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) vault = closed_vault (fixture);

    fixture->ask.passphrase = NULL;
    fixture->ask.ask.attempts = 3;
    assert_false (prc_store_unlock (vault, &fixture->ask.ask, &error));
    assert_error (error, PRC_ERROR_CANCELLED);
    assert_int_equal (fixture->ask.asked, 1);
}

static void
vault__cut_off_anywhere__damaged (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GBytes) file = filled_vault (fixture);
    gsize size = g_bytes_get_size (file);

    for (gsize length = 0; length < size; length++) {
        g_autoptr (GBytes) part = g_bytes_new_from_bytes (file, 0, length);

        test_write (fixture->path, part, 0600);
        assert_refused_and_kept (fixture, PRC_ERROR_INPUT, "damaged");
    }
}

static void
vault__byte_flipped_anywhere__refused (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GBytes) file = filled_vault (fixture);
    gsize size = 0;
    const guint8 *bytes = g_bytes_get_data (file, &size);

    for (gsize i = 0; i < size; i++) {
        g_autofree guint8 *copy = g_memdup2 (bytes, size);
        g_autoptr (GBytes) altered = NULL;

        copy[i] = (guint8) (copy[i] ^ (1u << (i % 8)));
        altered = g_bytes_new (copy, size);
        test_write (fixture->path, altered, 0600);
        assert_refused_and_kept (fixture, PRC_ERROR_INPUT,
                                 i < 14   ? "not a vault"
                                 : i < 16 ? "version"
                                          : "damaged");
    }
}

static void
vault__bytes_behind_its_end__damaged (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GBytes) file = filled_vault (fixture);
    g_autoptr (GByteArray) longer = g_byte_array_new ();
    g_autoptr (GBytes) altered = NULL;

    g_byte_array_append (longer, g_bytes_get_data (file, NULL), (guint) g_bytes_get_size (file));
    g_byte_array_append (longer, (const guint8 *) "x", 1);
    altered = g_bytes_new (longer->data, longer->len);
    test_write (fixture->path, altered, 0600);
    assert_refused_and_kept (fixture, PRC_ERROR_INPUT, "damaged");
}

static void
vault__damage_while_open__refused_and_kept (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) store_error = NULL;
    g_autoptr (GBytes) file = filled_vault (fixture);
    g_autoptr (PrcStore) vault = opened_vault (fixture);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("other", 5);
    gsize size = g_bytes_get_size (file);
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), size);
    g_autoptr (GBytes) altered = NULL;
    g_autoptr (GBytes) after = NULL;

    copy[size - 1] ^= 1;
    altered = g_bytes_new (copy, size);
    test_write (fixture->path, altered, 0600);
    assert_false (prc_store_lookup (vault, ref, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_non_null (strstr (error->message, "passphrase is right"));
    assert_false (prc_store_store (vault, ref, secret, &store_error));
    assert_error (store_error, PRC_ERROR_INPUT);
    after = test_contents (fixture->path);
    assert_true (g_bytes_equal (after, altered));
}

static void
vault__foreign_files__refused_and_kept (void **state)
{
    static const char *const contents[] = { "{\"json\": true}\n", "\n",
                                            "-----BEGIN PGP MESSAGE-----\n", "proxyrc key 1\n",
                                            "PROXYRC VAULT 1\n" };
    Fixture *fixture = *state;

    prc_store_free (opened_vault (fixture));
    for (gsize i = 0; i < G_N_ELEMENTS (contents); i++) {
        g_autoptr (GBytes) bytes = g_bytes_new (contents[i], strlen (contents[i]));

        test_write (fixture->path, bytes, 0600);
        assert_refused_and_kept (fixture, PRC_ERROR_INPUT, "not a vault");
    }
}

static void
vault__other_passphrase_set_meanwhile__locked (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) store_error = NULL;
    g_autoptr (PrcStore) mine = opened_vault (fixture);
    g_autoptr (PrcCredentialRef) ref = test_ref (REF);
    g_autoptr (PrcSecret) secret = prc_secret_new ("x", 1);

    assert_int_equal (unlink (fixture->path), 0);
    fixture->ask.passphrase = "another";
    prc_store_free (opened_vault (fixture));
    assert_false (prc_store_lookup (mine, ref, NULL, NULL, &error));
    assert_error (error, PRC_ERROR_LOCKED);
    assert_false (prc_store_store (mine, ref, secret, &store_error));
    assert_error (store_error, PRC_ERROR_LOCKED);
}

static void
vault__file_gone_while_open__made_again (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (PrcStore) vault = opened_vault (fixture);
    g_autoptr (PrcStore) next = NULL;
    g_autofree char *got = NULL;

    assert_int_equal (unlink (fixture->path), 0);
    test_store_put (vault, REF, "s3cret");
    next = opened_vault (fixture);
    got = test_store_get (next, REF);
    assert_string_equal (got, "s3cret");
}

static void
vault__file__hides_everything_and_differs_at_each_write (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (PrcStore) vault = opened_vault (fixture);
    g_autoptr (GHashTable) seen =
        g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);

    for (guint i = 0; i < 20; i++) {
        g_autoptr (GBytes) file = NULL;

        /* The same two contents over and over. */
        test_store_put (vault, REF, i % 2 == 0 ? "s3cret-one" : "s3cret-two");
        file = test_contents (fixture->path);
        assert_false (test_holds (file, "s3cret"));
        assert_false (test_holds (file, "alice"));
        assert_false (test_holds (file, "proxy.example"));
        assert_false (test_holds (file, PASSPHRASE));
        assert_true (g_hash_table_add (seen, g_steal_pointer (&file)));
    }
}

static void
vault__password_length__not_in_the_size (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (PrcStore) vault = opened_vault (fixture);
    g_autoptr (GBytes) small = NULL;
    g_autoptr (GBytes) large = NULL;

    test_store_put (vault, REF, "x");
    small = test_contents (fixture->path);
    test_store_put (vault, REF, "a passphrase of several words, as long as one may hope for");
    large = test_contents (fixture->path);
    assert_int_equal (g_bytes_get_size (small), g_bytes_get_size (large));
}

static void
vault__same_secret_again__nothing_written (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (PrcStore) vault = opened_vault (fixture);
    g_autoptr (GBytes) before = NULL;
    g_autoptr (GBytes) after = NULL;

    test_store_put (vault, REF, "s3cret");
    before = test_contents (fixture->path);
    test_store_put (vault, REF, "s3cret");
    after = test_contents (fixture->path);
    assert_true (g_bytes_equal (before, after));
}

static void
vault__made_under_any_umask__private (void **state)
{
    static const mode_t masks[] = { 0, 022, 077, 0777 };
    Fixture *fixture = *state;
    g_autofree char *dir = g_path_get_dirname (fixture->path);

    for (gsize i = 0; i < G_N_ELEMENTS (masks); i++) {
        mode_t before = umask (masks[i] & 0677); /* the directory needs its owner's x to go on */

        prc_store_free (opened_vault (fixture));
        (void) umask (before);
        assert_int_equal (test_mode (fixture->path), 0600);
        assert_int_equal (test_mode (dir) & 0077, 0);
        assert_int_equal (unlink (fixture->path), 0);
    }
}

static void
vault__default_limits__are_the_moderate_ones (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) vault = prc_store_open ("vault", fixture->dir, &error);
    g_autofree char *path = g_build_filename (fixture->dir, "vault", NULL);
    g_autoptr (GBytes) file = NULL;
    PrcVaultKdf kdf;

    assert_string_equal (prc_store_place (vault), path);
    assert_true (prc_store_unlock (vault, &fixture->ask.ask, &error));
    assert_no_error (error);
    file = test_contents (path);
    assert_true (prc_vault_read_kdf (file, &kdf, &error));
    assert_int_equal (kdf.limits.passes, 3);
    assert_int_equal (kdf.limits.memory, 256 * 1024 * 1024);
}

static void
vault__hold__serves_the_next_process_until_lock (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) vault = opened_vault (fixture);
    g_autoptr (PrcStore) next = closed_vault (fixture);
    g_autoptr (PrcStore) last = closed_vault (fixture);
    g_autofree char *got = NULL;

    test_store_put (vault, REF, "s3cret");
    if (!prc_store_hold (vault, 60, &error)) {
        assert_error (error, PRC_ERROR_UNSUPPORTED);
        print_message ("# skipped: %s\n", error->message);
        skip ();
    }
    assert_int_equal (prc_store_state (next), PRC_STORE_OPEN);
    got = test_store_get (next, REF);
    assert_string_equal (got, "s3cret");
    assert_true (prc_store_lock (last, &error));
    assert_no_error (error);
    assert_int_equal (prc_store_state (last), PRC_STORE_LOCKED);
}

static void
vault__hold__ends_with_its_time (void **state)
{
    Fixture *fixture = *state;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) vault = opened_vault (fixture);
    guint waited = 0;

    for (guint i = 0; i < 2; i++) { /* the second time over what the first has left */
        if (!prc_store_hold (vault, 1, &error)) {
            assert_error (error, PRC_ERROR_UNSUPPORTED);
            skip ();
        }
        for (waited = 0; waited < 5000; waited += 50) {
            g_autoptr (PrcStore) next = closed_vault (fixture);

            if (prc_store_state (next) == PRC_STORE_LOCKED)
                break;
            g_usleep (50000);
        }
        assert_true (waited > 0 && waited < 5000);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

static const struct CMUnitTest tests[] = {
    TEST (vault__hard_passwords__come_back_in_another_process),
    TEST (vault__secret_with_nul_bytes__comes_back),
    TEST (vault__states__follow_the_file_and_the_key),
    TEST (vault__wrong_passphrase__told_from_damage),
    TEST (vault__empty_passphrase__refused_for_new_and_old),
    TEST (vault__nobody_to_ask__locked_and_nothing_created),
    TEST (vault__wrong_passphrase__asked_as_often_as_allowed),
    TEST (vault__cancelled_question__not_asked_again),
    TEST (vault__cut_off_anywhere__damaged),
    TEST (vault__byte_flipped_anywhere__refused),
    TEST (vault__bytes_behind_its_end__damaged),
    TEST (vault__damage_while_open__refused_and_kept),
    TEST (vault__foreign_files__refused_and_kept),
    TEST (vault__other_passphrase_set_meanwhile__locked),
    TEST (vault__file_gone_while_open__made_again),
    TEST (vault__file__hides_everything_and_differs_at_each_write),
    TEST (vault__password_length__not_in_the_size),
    TEST (vault__same_secret_again__nothing_written),
    TEST (vault__made_under_any_umask__private),
    TEST (vault__default_limits__are_the_moderate_ones),
    TEST (vault__hold__serves_the_next_process_until_lock),
    TEST (vault__hold__ends_with_its_time),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
