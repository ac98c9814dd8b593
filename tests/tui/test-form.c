#include "test.h"

#include "tui/widgets/form.h"

static const PrcTheme theme = { PRC_SCHEME_MONO, PRC_GLYPHS_ASCII };
static const char *const choices[] = { "", "basic", "ntlm", NULL };
static const PrcFieldSpec specs[] = {
    { PRC_FIELD_NOTE, "note", "About it", NULL, NULL, NULL, FALSE },
    { PRC_FIELD_TEXT, "name", "Name", "what it is called", NULL, NULL, TRUE },
    { PRC_FIELD_PASSWORD, "password", "Password", NULL, NULL, NULL, FALSE },
    { PRC_FIELD_CHOICE, "auth", "Scheme", NULL, "any", choices, FALSE },
    { PRC_FIELD_CHECK, "keep", "Keep it", NULL, NULL, NULL, FALSE },
    { PRC_FIELD_LIST, "hosts", "Hosts", NULL, NULL, NULL, FALSE },
    { PRC_FIELD_BUTTON, "save", "Save", NULL, NULL, NULL, FALSE },
    { PRC_FIELD_BUTTON, "leave", "Leave", NULL, NULL, NULL, FALSE },
};

static char *
check (gpointer data, const char *name, const char *value)
{
    (void) data;
    return strcmp (name, "name") == 0 && strchr (value, '!') != NULL ? g_strdup ("no ! in a name")
                                                                     : NULL;
}

static void
pressed (gpointer data, const char *name)
{
    g_string_append_printf (data, "%s.", name);
}

static PrcForm *
new_form (GString *log)
{
    const PrcFormHooks hooks = { check, pressed, NULL, log };

    return prc_form_new (specs, G_N_ELEMENTS (specs), &hooks);
}

static void
type (PrcForm *form, const char *keys)
{
    g_auto (GStrv) names = g_strsplit (keys, " ", -1);

    for (char **name = names; *name != NULL; name++)
        (void) prc_form_key (form, prc_key_parse (*name));
}

static char *
dump (PrcForm *form, int width, int height)
{
    g_autoptr (PrcGrid) grid = prc_grid_new (width, height);
    PrcArea area = prc_area_of_grid (grid, &theme);

    prc_form_fit (form, width, height);
    prc_form_draw (form, &area);
    return prc_grid_dump (grid, FALSE);
}

#define assert_value(form, name, wanted)                                                           \
    do {                                                                                           \
        g_autofree char *value = prc_form_get (form, name);                                        \
        assert_string_equal (value, wanted);                                                       \
    } while (0)

static void
form__keys__fill_in_the_fields (void **state)
{
    g_autoptr (GString) log = g_string_new (NULL);
    g_autoptr (PrcForm) form = new_form (log);
    g_autoptr (PrcSecret) secret = NULL;

    (void) state;
    assert_string_equal (prc_form_focused (form), "name");
    type (form, "a b Tab p w Enter Space Space Down Space Tab x Enter y Enter Enter Right Enter");
    assert_value (form, "name", "ab");
    assert_value (form, "auth", "ntlm");
    assert_value (form, "keep", "yes");
    assert_value (form, "hosts", "x,y");
    secret = prc_form_secret (form, "password");
    assert_string_equal (prc_secret_text (secret), "pw");
    assert_string_equal (log->str, "leave.");
    assert_true (prc_form_is_touched (form));
    type (form, "S-Tab Enter");
    assert_string_equal (log->str, "leave.save.");
}

static void
form__list__enter_adds_and_c_d_takes_away (void **state)
{
    g_autoptr (GString) log = g_string_new (NULL);
    g_autoptr (PrcForm) form = new_form (log);

    (void) state;
    prc_form_set (form, "hosts", "a, b,c");
    assert_value (form, "hosts", "a,b,c");
    assert_false (prc_form_is_touched (form));
    prc_form_focus (form, "hosts");
    type (form, "Down C-d");
    assert_value (form, "hosts", "a,c");
    type (form, "End Enter d");
    assert_value (form, "hosts", "a,c,d");
    prc_form_paste (form, ",e f\ng");
    assert_value (form, "hosts", "a,c,d,e,f,g");
    type (form, "C-d C-d C-d C-d C-d C-d C-d C-d C-d");
    prc_form_set (form, "hosts", "");
    assert_value (form, "hosts", "");
}

static void
form__wrong_value__said_at_once_and_focused (void **state)
{
    g_autoptr (GString) log = g_string_new (NULL);
    g_autoptr (PrcForm) form = new_form (log);
    g_autofree char *screen = NULL;

    (void) state;
    assert_false (prc_form_is_good (form));
    assert_string_equal (prc_form_focused (form), "name");
    type (form, "a !");
    screen = dump (form, 40, 12);
    assert_non_null (strstr (screen, "x no ! in a name"));
    prc_form_focus (form, "save");
    assert_false (prc_form_is_good (form));
    assert_string_equal (prc_form_focused (form), "name");
    type (form, "Backspace");
    assert_true (prc_form_is_good (form));
}

static void
form__drawn__as_it_is (void **state)
{
    g_autoptr (GString) log = g_string_new (NULL);
    g_autoptr (PrcForm) form = new_form (log);
    g_autofree char *screen = NULL;
    g_autofree char *revealed = NULL;

    (void) state;
    type (form, "a Tab s e c");
    screen = dump (form, 32, 9);
    assert_string_equal (screen, "About it\n"
                                 "Name      a\n"
                                 "Password  ***\n"
                                 "Scheme    < any >\n"
                                 "Keep it   [ ]\n"
                                 "Hosts\n"
                                 "\n"
                                 "[ Save ]  [ Leave ]\n"
                                 "\n");
    type (form, "C-r");
    revealed = dump (form, 32, 9);
    assert_non_null (strstr (revealed, "Password  sec"));
}

static void
form__any_size_and_keys__active_field_in_sight (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    g_autoptr (GString) log = g_string_new (NULL);
    g_autoptr (PrcForm) form = new_form (log);
    static const char *const keys[] = { "Up", "Down", "Tab", "S-Tab", "Enter", "Space",
                                        "a",  "!",    "C-d", "Left",  "C-r" };
    guint cases = prc_test_cases (5000);

    (void) state;
    for (guint i = 0; i < cases; i++) {
        int width = g_rand_int_range (rand, 1, 50), height = g_rand_int_range (rand, 1, 12), x = 0,
            y = 0;
        g_autoptr (PrcGrid) grid = prc_grid_new (width, height);
        PrcArea area = prc_area_of_grid (grid, &theme);

        type (form, keys[g_rand_int_range (rand, 0, G_N_ELEMENTS (keys))]);
        if (i % 16 == 0)
            (void) prc_form_click (form, g_rand_int_range (rand, 0, width),
                                   g_rand_int_range (rand, 0, height));
        prc_form_fit (form, width, height);
        prc_form_draw (form, &area);
        assert_true (prc_grid_cursor (grid, &x, &y) || width < 30);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (form__keys__fill_in_the_fields),
        cmocka_unit_test (form__list__enter_adds_and_c_d_takes_away),
        cmocka_unit_test (form__wrong_value__said_at_once_and_focused),
        cmocka_unit_test (form__drawn__as_it_is),
        cmocka_unit_test (form__any_size_and_keys__active_field_in_sight),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
