#include "test.h"

#include "secrets/aead.h"
#include "secrets/vault-format.h"

#define MIB (1024ull * 1024ull)

static PrcSecret *
some_key (char fill)
{
    char bytes[PRC_AEAD_KEY_SIZE];

    memset (bytes, fill, sizeof bytes);
    return prc_secret_new (bytes, sizeof bytes);
}

static int
setup (void **state)
{
    (void) state;
    return prc_sodium_ready (NULL) ? 0 : -1;
}

static void
limits__hostile_header__refused_in_no_time (void **state)
{
    static const struct {
        PrcVaultLimits limits;
        gboolean good;
    } rows[] = {
        { { 1, 8192 }, TRUE },
        { { 3, 256 * MIB }, TRUE },  /* moderate */
        { { 4, 1024 * MIB }, TRUE }, /* sensitive: the most that is taken */
        { { 5, 1024 * MIB }, FALSE },
        { { 16, 256 * MIB }, TRUE },
        { { 17, 256 * MIB }, FALSE },
        { { 1, 1024 * MIB + 1 }, FALSE },
        { { 1, 1024ull * 1024 * MIB }, FALSE }, /* 1 TiB */
        { { 1, G_MAXUINT64 }, FALSE },
        { { G_MAXUINT32, 8192 }, FALSE }, /* hours */
        { { 524288, 8192 }, TRUE },
        { { 524289, 8192 }, FALSE },
        { { 0, 256 * MIB }, FALSE },
        { { 1, 0 }, FALSE },
        { { 1, 8191 }, FALSE },
    };
    g_autoptr (PrcSecret) key = some_key ('k');
    g_autoptr (GBytes) payload = g_bytes_new_static ("payload", 7);

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) file = NULL;
        PrcVaultKdf kdf, got;

        prc_vault_kdf_init (&kdf, &rows[i].limits);
        file = prc_vault_seal (&kdf, key, payload);
        if (prc_vault_read_kdf (file, &got, &error) != rows[i].good)
            fail_msg ("row %zu", i);
        if (rows[i].good)
            assert_true (prc_vault_kdf_equal (&kdf, &got));
        else
            assert_error (error, PRC_ERROR_INPUT);
    }
}

static void
limits__most_work_with_least_memory__is_bounded_in_time (void **state)
{
    /* What WORK_MAX lets through must not take minutes; the least memory is the worst case for the
     * number of passes. A tenth is measured. */
    const PrcVaultKdf kdf = { { 52428, 8192 }, { 0 } };
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcSecret) passphrase = prc_secret_new ("x", 1);
    gint64 start = prc_test_work ();
    g_autoptr (PrcSecret) key = prc_vault_derive_key (&kdf, passphrase, &error);

    (void) state;
    assert_no_error (error);
    assert_non_null (key);
    assert_true (prc_test_work () - start < 10 * G_USEC_PER_SEC);
}

static void
derive_key__passphrase_salt_or_limits_differ__another_key (void **state)
{
    const PrcVaultKdf base = { { 1, 8192 }, { 1 } };
    const PrcVaultKdf salted = { { 1, 8192 }, { 2 } };
    const PrcVaultKdf slower = { { 2, 8192 }, { 1 } };
    g_autoptr (PrcSecret) one = prc_secret_new ("one", 3);
    g_autoptr (PrcSecret) two = prc_secret_new ("two", 3);
    g_autoptr (PrcSecret) key = prc_vault_derive_key (&base, one, NULL);
    g_autoptr (PrcSecret) again = prc_vault_derive_key (&base, one, NULL);
    g_autoptr (PrcSecret) other = prc_vault_derive_key (&base, two, NULL);
    g_autoptr (PrcSecret) other_salt = prc_vault_derive_key (&salted, one, NULL);
    g_autoptr (PrcSecret) other_limits = prc_vault_derive_key (&slower, one, NULL);

    (void) state;
    assert_true (prc_secret_equal (key, again));
    assert_false (prc_secret_equal (key, other));
    assert_false (prc_secret_equal (key, other_salt));
    assert_false (prc_secret_equal (key, other_limits));
}

static void
seal__payloads__open_with_this_key_only (void **state)
{
    static const gsize sizes[] = { 0, 1, 512, 100000 };
    g_autoptr (PrcSecret) key = some_key ('k');
    g_autoptr (PrcSecret) other = some_key ('o');
    g_autoptr (PrcSecret) not_a_key = prc_secret_new ("short", 5);

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GError) other_error = NULL;
        g_autoptr (GBytes) payload = g_bytes_new_take (g_strnfill (sizes[i], 'p'), sizes[i]);
        g_autoptr (GBytes) file = NULL;
        g_autoptr (GBytes) opened = NULL;
        PrcVaultKdf kdf;

        prc_vault_kdf_init (&kdf, &prc_vault_limits_least);
        file = prc_vault_seal (&kdf, key, payload);
        assert_true (prc_vault_key_fits (file, key));
        assert_false (prc_vault_key_fits (file, other));
        assert_false (prc_vault_key_fits (file, not_a_key));
        opened = prc_vault_open (file, key, &error);
        assert_no_error (error);
        assert_true (g_bytes_equal (opened, payload));
        assert_null (prc_vault_open (file, other, &other_error));
        assert_error (other_error, PRC_ERROR_INPUT);
    }
}

/* Seen from the header alone: nobody is asked for a passphrase in vain. */
static void
read_kdf__another_length__refused (void **state)
{
    g_autoptr (PrcSecret) key = some_key ('k');
    g_autoptr (GBytes) payload = g_bytes_new_static ("payload", 7);
    g_autoptr (GBytes) file = NULL;
    PrcVaultKdf kdf;

    (void) state;
    prc_vault_kdf_init (&kdf, &prc_vault_limits_least);
    file = prc_vault_seal (&kdf, key, payload);
    for (gsize cut = 1; cut <= g_bytes_get_size (file); cut++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) part = g_bytes_new_from_bytes (file, 0, g_bytes_get_size (file) - cut);

        assert_false (prc_vault_read_kdf (part, &kdf, &error));
        assert_error (error, PRC_ERROR_INPUT);
    }
}

/* The header of one file in front of the contents of another, both with the same key. */
static void
open__parts_of_two_files__refused (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcSecret) key = some_key ('k');
    g_autoptr (GBytes) payload = g_bytes_new_static ("payload", 7);
    g_autoptr (GBytes) one = NULL;
    g_autoptr (GBytes) two = NULL;
    g_autoptr (GBytes) mixed = NULL;
    g_autofree guint8 *copy = NULL;
    gsize size = 0;
    PrcVaultKdf kdf;

    (void) state;
    prc_vault_kdf_init (&kdf, &prc_vault_limits_least);
    one = prc_vault_seal (&kdf, key, payload);
    two = prc_vault_seal (&kdf, key, payload);
    size = g_bytes_get_size (one);
    copy = g_memdup2 (g_bytes_get_data (one, NULL), size);
    memcpy (copy + 128, (const guint8 *) g_bytes_get_data (two, NULL) + 128, size - 128);
    mixed = g_bytes_new (copy, size);
    assert_true (prc_vault_read_kdf (mixed, &kdf, &error));
    assert_null (prc_vault_open (mixed, key, &error));
    assert_error (error, PRC_ERROR_INPUT);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (limits__hostile_header__refused_in_no_time),
    cmocka_unit_test (limits__most_work_with_least_memory__is_bounded_in_time),
    cmocka_unit_test (derive_key__passphrase_salt_or_limits_differ__another_key),
    cmocka_unit_test (seal__payloads__open_with_this_key_only),
    cmocka_unit_test (read_kdf__another_length__refused),
    cmocka_unit_test (open__parts_of_two_files__refused),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, setup, NULL);
}
