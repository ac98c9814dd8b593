#include "model/profile-keys.h"

#include <string.h>

#include "model/profile.h"
#include "test.h"

static void
profile_key_rows__all__are_those_of_profiles (void **state)
{
    const char *const *keys = prc_profile_keys ();
    gsize n = 0;
    const PrcProfileKey *rows = prc_profile_key_rows (&n);

    (void) state;
    assert_int_equal (g_strv_length ((char **) keys), n);
    for (gsize i = 0; i < n; i++) {
        assert_string_equal (rows[i].name, keys[i]);
        assert_ptr_equal (prc_profile_key_row (keys[i]), &rows[i]);
        assert_true (strlen (rows[i].what) > 0);
    }
    assert_null (prc_profile_key_row ("password"));
}

static void
profile_key_rows__words__are_what_can_be_set (void **state)
{
    gsize n = 0, with_words = 0;
    const PrcProfileKey *rows = prc_profile_key_rows (&n);

    (void) state;
    for (gsize i = 0; i < n; i++) {
        g_autoptr (PrcProfile) profile = prc_profile_new ("office");
        g_autoptr (GError) error = NULL;

        if (rows[i].words == NULL)
            continue;
        with_words++;
        for (const char *const *word = rows[i].words; *word != NULL; word++) {
            g_autofree char *value = NULL;

            assert_true (prc_profile_set (profile, rows[i].name, *word, &error));
            value = prc_profile_get (profile, rows[i].name);
            assert_string_equal (value, *word);
        }
        assert_false (prc_profile_set (profile, rows[i].name, "none-of-them", &error));
    }
    assert_int_equal (with_words, 2);
}

int
main (void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test (profile_key_rows__all__are_those_of_profiles),
        cmocka_unit_test (profile_key_rows__words__are_what_can_be_set),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
