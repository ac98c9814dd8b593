#include "test.h"

#include "tui/action.h"

#define N_VIEWS 14

static void
action__each__has_name_words_and_place (void **state)
{
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);
    g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

    (void) state;
    assert_int_equal (n, PRC_N_ACTIONS - 1);
    for (gsize i = 0; i < n; i++) {
        assert_true (g_hash_table_add (names, (gpointer) rows[i].name));
        assert_true (strlen (rows[i].help) > 8 && strlen (rows[i].help) <= 60 &&
                     !g_str_has_suffix (rows[i].help, "."));
        assert_true (strlen (rows[i].label) > 0 && strlen (rows[i].label) <= 14);
        assert_int_not_equal (rows[i].where, 0);
        assert_ptr_equal (prc_action_row (rows[i].id), &rows[i]);
        assert_ptr_equal (prc_action_by_name (rows[i].name), &rows[i]);
    }
    assert_null (prc_action_by_name ("nothing"));
}

static void
action__keys__exist_and_are_shown_as_written (void **state)
{
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    (void) state;
    for (gsize i = 0; i < n; i++) {
        g_auto (GStrv) keys = g_strsplit (rows[i].keys, " ", -1);

        assert_true (g_strv_length (keys) <= 4);
        for (char **key = keys; *key != NULL && **key != '\0'; key++) {
            g_autofree char *name = prc_key_name (prc_key_parse (*key));

            assert_string_equal (name, *key);
        }
    }
}

static void
action__one_view__no_key_twice (void **state)
{
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    (void) state;
    for (guint view = 0; view < N_VIEWS; view++) {
        g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);

        for (gsize i = 0; i < n; i++) {
            g_auto (GStrv) keys = g_strsplit (rows[i].keys, " ", -1);

            for (char **key = keys;
                 (rows[i].where & (1u << view)) != 0 && *key != NULL && **key != '\0'; key++)
                if (!g_hash_table_add (taken, GUINT_TO_POINTER (prc_key_parse (*key))))
                    fail_msg ("view %u: %s of %s has another action already", view, *key,
                              rows[i].name);
        }
    }
}

static void
action__each_key__leads_to_its_action (void **state)
{
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    (void) state;
    for (guint view = 0; view < N_VIEWS; view++)
        for (gsize i = 0; i < n; i++) {
            g_auto (GStrv) keys = g_strsplit (rows[i].keys, " ", -1);

            for (char **name = keys;
                 (rows[i].where & (1u << view)) != 0 && *name != NULL && **name != '\0'; name++) {
                PrcKey key = prc_key_parse (*name);
                gboolean is_typed = prc_key_is_text (key) && ((1u << view) & PRC_IN_FORMS) != 0;

                assert_int_equal (prc_action_for_key (key, (PrcViewSet) (1u << view)),
                                  is_typed ? PRC_ACTION_NONE : rows[i].id);
            }
        }
}

static void
action__every_view__can_be_left_and_has_help (void **state)
{
    (void) state;
    for (guint view = 0; view < N_VIEWS; view++) {
        PrcViewSet bit = (PrcViewSet) (1u << view);
        PrcActionId back = prc_action_for_key (PRC_KEY_ESCAPE, bit);

        assert_true (back == PRC_ACTION_BACK || bit == PRC_IN_OVERVIEW);
        assert_int_not_equal (prc_action_for_key (PRC_KEY_CTRL | 'c', bit), PRC_ACTION_NONE);
        assert_true (bit == PRC_IN_HELP || prc_action_for_key (PRC_KEY_F1, bit) == PRC_ACTION_HELP);
    }
}

static void
action__dump__has_each (void **state)
{
    g_autofree char *dump = prc_actions_dump ();
    gsize n = 0;
    const PrcActionRow *rows = prc_actions (&n);

    (void) state;
    for (gsize i = 0; i < n; i++) {
        assert_non_null (strstr (dump, rows[i].help));
        assert_non_null (strstr (dump, rows[i].name));
    }
}

static void
key__names__there_and_back (void **state)
{
    static const char *const good[] = { "a",  "G",   "C-l",   "M-x",  "S-Tab", "Enter",
                                        "F1", "F12", "Space", "PgDn", "ü",     "-" };
    static const char *const bad[] = { "", "ab", "F13", "F0", "C-", "Nothing", "\xff" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
        g_autofree char *name = prc_key_name (prc_key_parse (good[i]));

        assert_string_equal (name, good[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
        assert_int_equal (prc_key_parse (bad[i]), PRC_KEY_NONE);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (action__each__has_name_words_and_place),
        cmocka_unit_test (action__keys__exist_and_are_shown_as_written),
        cmocka_unit_test (action__one_view__no_key_twice),
        cmocka_unit_test (action__each_key__leads_to_its_action),
        cmocka_unit_test (action__every_view__can_be_left_and_has_help),
        cmocka_unit_test (action__dump__has_each),
        cmocka_unit_test (key__names__there_and_back),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
