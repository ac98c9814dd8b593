#include "test.h"

#include "secrets/records.h"
#include "store-fixture.h"

static GPtrArray *
two_records (void)
{
    GPtrArray *records = prc_records_new ();
    g_autoptr (PrcCredentialRef) one = test_ref ("http://u@h:1");
    g_autoptr (PrcCredentialRef) two = test_ref ("https://%FF@[::1]:65535");
    g_autoptr (PrcSecret) first = prc_secret_new ("a\0b", 3);
    g_autoptr (PrcSecret) second = prc_secret_new ("", 0);

    assert_true (prc_records_put (records, one, first));
    assert_true (prc_records_put (records, two, second));
    return records;
}

static void
decode__what_was_encoded__same_records (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) records = two_records ();
    g_autoptr (GBytes) bytes = prc_records_encode (records);
    g_autoptr (GPtrArray) back = NULL;
    gsize size = 0;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    (void) state;
    back = prc_records_decode (data, size, &error);
    assert_no_error (error);
    assert_int_equal (size % 512, 0);
    assert_int_equal (back->len, 2);
    for (guint i = 0; i < 2; i++) {
        const PrcRecord *was = g_ptr_array_index (records, i);
        const PrcRecord *is = g_ptr_array_index (back, i);

        assert_true (prc_credential_ref_equal (was->ref, is->ref));
        assert_true (prc_secret_equal (was->secret, is->secret));
    }
}

static void
decode__none__none (void **state)
{
    g_autoptr (GPtrArray) records = prc_records_new ();
    g_autoptr (GBytes) bytes = prc_records_encode (records);
    g_autoptr (GPtrArray) back = NULL;
    gsize size = 0;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    (void) state;
    back = prc_records_decode (data, size, NULL);
    assert_int_equal (back->len, 0);
}

/* Sizes around the padding: the last byte of a secret must not be taken for it. */
static void
decode__every_length__exact (void **state)
{
    g_autoptr (PrcCredentialRef) ref = test_ref ("http://u@h:1");

    (void) state;
    for (gsize length = 480; length < 520; length++) {
        g_autoptr (GPtrArray) records = prc_records_new ();
        g_autofree char *text = g_malloc0 (length);
        g_autoptr (PrcSecret) secret = prc_secret_new (text, length);
        g_autoptr (GBytes) bytes = NULL;
        g_autoptr (GPtrArray) back = NULL;
        gsize size = 0;
        const guint8 *data = NULL;

        (void) prc_records_put (records, ref, secret);
        bytes = prc_records_encode (records);
        data = g_bytes_get_data (bytes, &size);
        back = prc_records_decode (data, size, NULL);
        assert_int_equal (back->len, 1);
        assert_true (
            prc_secret_equal (((PrcRecord *) g_ptr_array_index (back, 0))->secret, secret));
    }
}

/* On buffers of their own exact size, so that a read past the end is seen by the sanitizer. */
static void
decode__damaged_bytes__error_or_records_never_a_crash (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    g_autoptr (GPtrArray) records = two_records ();
    g_autoptr (GBytes) bytes = prc_records_encode (records);
    gsize size = 0;
    const guint8 *data = g_bytes_get_data (bytes, &size);
    guint n = prc_test_cases (20000), refused = 0;

    (void) state;
    for (guint i = 0; i < n; i++) {
        g_autoptr (GError) error = NULL;
        gsize length = (gsize) g_rand_int_range (rand, 0, (gint32) size + 1);
        g_autofree guint8 *copy = g_memdup2 (data, length);
        GPtrArray *got = NULL;

        for (guint k = 0; k < 3 && length > 0; k++)
            copy[g_rand_int_range (rand, 0, (gint32) MIN (length, 64))] =
                (guint8) g_rand_int_range (rand, 0, 256);
        got = prc_records_decode (copy, length, &error);
        if (got == NULL) {
            assert_error (error, PRC_ERROR_INPUT);
            refused++;
        } else {
            g_ptr_array_unref (got);
        }
    }
    assert_true (refused > 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (decode__what_was_encoded__same_records),
    cmocka_unit_test (decode__none__none),
    cmocka_unit_test (decode__every_length__exact),
    cmocka_unit_test (decode__damaged_bytes__error_or_records_never_a_crash),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
