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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (vault__hard_passwords__come_back_in_another_process, setup,
                                     teardown),
    cmocka_unit_test_setup_teardown (vault__secret_with_nul_bytes__comes_back, setup, teardown),
    cmocka_unit_test_setup_teardown (vault__states__follow_the_file_and_the_key, setup, teardown),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
