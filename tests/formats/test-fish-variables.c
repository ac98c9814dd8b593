#include "test.h"

#include <glib/gstdio.h>

#include "edit-check.h"

#define FORMAT "fish_variables"
#define HEAD                                                                                       \
    "# This file contains fish universal variable definitions.\n"                                  \
    "# VERSION: 3.0\n"

static void
fish_variables__rows__read (void **state)
{
    static const struct {
        const char *text, *summary;
    } rows[] = {
        { "", "" },
        { HEAD, "" },
        { HEAD "SETUVAR --export a:b\n", "3 a=b" },
        { HEAD "SETUVAR a:b\n", "3 a=b [p]" },
        { HEAD "SETUVAR --export a:http\\x3a//u\\x3ap\\x40h\\x3a1\n", "3 a=http://u:p@h:1" },
        { HEAD "SETUVAR --export a:\\u00e9\\U0001f600\\xff\n", "3 a=\xC3\xA9\xF0\x9F\x98\x80\xFF" },
        { HEAD "SETUVAR --export a:x\\x1ey\n", "3 a=x y" },
        { HEAD "SETUVAR --export --path a:x\\x1ey\n", "3 a=x:y" },
        { HEAD "SETUVAR --path a:x\\x1ey\n", "3 a=x:y [p]" },
        { HEAD "SETUVAR --export a:\\x1d\nSETUVAR --export b:\n", "3 a= | 4 b=" },
        { HEAD "SETUVAR --export a:1\nSETUVAR --export a:2", "3 a=1 | 4 a=2" },
        { HEAD "# SETUVAR --export a:1\nSET --export b:1\nSETUVAR\nSETUVAR 1:x\nSETUVARa:1\n", "6 1=x [p]" },
        { HEAD "SETUVAR --export a:'x'\nSETUVAR --export b:\\q\n", "3 a=? [d] | 4 b=? [d]" },
        { "SETUVAR --export a:1\n", "" }, /* as fish 2 would read it */
        { "SET_EXPORT a:1\n", "" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_entries (FORMAT, rows[i].text, rows[i].summary);
}

static void
fish_variables__edits__only_that_line (void **state)
{
    (void) state;
    check_edit (FORMAT, HEAD "SETUVAR --export b:1\nSETUVAR z:2\n", "b", "x y:\xC3\xA9",
                HEAD "SETUVAR --export b:x\\x20y\\x3a\\u00e9\nSETUVAR z:2\n");
    check_edit (FORMAT, HEAD "SETUVAR --export b:1\nSETUVAR z:2\n", "c", "n",
                HEAD "SETUVAR --export b:1\nSETUVAR --export c:n\nSETUVAR z:2\n");
    check_edit (FORMAT, HEAD "SETUVAR z:2\n", "z", "n", HEAD "SETUVAR --export z:n\n");
    check_edit (FORMAT, HEAD "SETUVAR --export b:1\nSETUVAR z:2", "b", NULL, HEAD "SETUVAR z:2");
    check_edit (FORMAT, HEAD "SETUVAR --export b:1\nSETUVAR --export b:2\n", "b", "3",
                HEAD "SETUVAR --export b:3\n");
    check_edit (FORMAT, "", "b", "3", NULL);
    check_edit (FORMAT, "SET b:3\n", "b", "3", NULL);
    check_edit (FORMAT, HEAD, "a-b", "3", NULL);
}

static char *
random_value (GRand *rand)
{
    static const char *const pieces[] = { "a",        "Z9",
                                          "/",        "_",
                                          "-",        ".",
                                          ":",        " ",
                                          "\\",       "\\x41",
                                          "'",        "\"",
                                          "$HOME",    "*",
                                          "~",        "(id)",
                                          "#",        "%40",
                                          "\xC3\xA9", "\xE2\x82\xAC",
                                          "\t",       "\xF0\x9F\x98\x80",
                                          "\xFF",     "{a,b}",
                                          "=",        "@",
                                          "!",        ";" };
    GString *value = g_string_new (NULL);

    for (gint n = g_rand_int_range (rand, 0, 8); n > 0; n--)
        g_string_append (value, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
    return g_string_free (value, FALSE);
}

/* What programs see that a fish with this home starts; NAME -> value. */
static GHashTable *
fish_environment (const char *fish, const char *home, const char *script)
{
    g_autofree char *home_is = g_strconcat ("HOME=", home, NULL);
    char *env[] = { home_is, (char *) "PATH=/usr/bin:/bin", (char *) "LC_ALL=C.UTF-8", NULL };
    const char *argv[] = { fish, "-c", script, NULL };
    GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr (GBytes) out = NULL;
    const char *data = NULL;
    gsize size = 0;

    assert_int_equal (prc_test_run (argv, env, home, NULL, &out, NULL), 0);
    data = g_bytes_get_data (out, &size);
    for (gsize at = 0; at < size; at += strlen (data + at) + 1) {
        const char *equals = strchr (data + at, '=');

        if (equals != NULL)
            g_hash_table_insert (map, g_strndup (data + at, (gsize) (equals - data) - at),
                                 g_strdup (equals + 1));
    }
    return map;
}

static void
fish_variables__random_values__fish_reads_what_we_write (void **state)
{
    g_autofree char *fish = prc_test_tool ("fish");
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (400);
    g_autoptr (PrcDocument) doc = check_parse (FORMAT, HEAD);
    g_autoptr (GHashTable) map = NULL;
    char *dir = prc_test_dir_new ();
    g_autofree char *folder = g_build_filename (dir, ".config/fish", NULL);
    g_autofree char *path = g_build_filename (folder, "fish_variables", NULL);
    gsize size = 0;
    const char *data = NULL;

    (void) state;
    if (fish == NULL)
        skip ();
    for (guint i = 0; i < n; i++) {
        g_autofree char *key = g_strdup_printf ("v%u", g_rand_int_range (rand, 0, (gint) n));
        g_autofree char *value = random_value (rand);
        PrcDocument *after = prc_document_set (doc, key, value, NULL);

        assert_non_null (after);
        prc_document_unref (doc);
        doc = after;
    }
    data = prc_document_data (doc, &size);
    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
    map = fish_environment (fish, dir, "env -0");
    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);
        const char *theirs = g_hash_table_lookup (map, entry->key);

        if (g_strcmp0 (theirs, entry->value) != 0)
            fail_msg ("%s: we wrote [%s], fish has [%s]", entry->key, entry->value, theirs);
    }
    prc_test_dir_remove (dir);
}

static void
fish_variables__set_by_fish__read_as_it_exports_them (void **state)
{
    g_autofree char *fish = prc_test_tool ("fish");
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (100);
    g_autoptr (GString) script = g_string_new (NULL);
    g_autoptr (GHashTable) map = NULL;
    g_autoptr (PrcDocument) doc = NULL;
    char *dir = prc_test_dir_new ();
    g_autofree char *path = g_build_filename (dir, ".config/fish/fish_variables", NULL);
    g_autofree char *text = NULL;

    (void) state;
    if (fish == NULL)
        skip ();
    for (guint i = 0; i < n; i++) {
        g_string_append_printf (script, "set -U%s v%u%s", i % 5 > 0 ? "x" : "", i,
                                i % 7 == 0 ? "_PATH" : "");
        for (gint k = g_rand_int_range (rand, 0, 3); k > 0; k--) {
            g_autofree char *value = random_value (rand);
            g_auto (GStrv) parts = g_strsplit (value, "'", -1);
            g_autofree char *quoted = g_strjoinv ("\\'", parts);

            if (strpbrk (value, "\\\xFF") != NULL)
                continue;
            g_string_append_printf (script, " '%s'", quoted);
        }
        g_string_append (script, "\n");
    }
    g_string_append (script, "env -0");
    map = fish_environment (fish, dir, script->str);
    assert_true (g_file_get_contents (path, &text, NULL, NULL));
    doc = check_parse (FORMAT, text);
    for (guint i = 0; i < n; i++) {
        g_autofree char *key = g_strdup_printf ("v%u%s", i, i % 7 == 0 ? "_PATH" : "");
        const PrcEntry *entry = NULL;
        PrcLookup lookup = prc_document_lookup (doc, key, &entry);
        const char *theirs = g_hash_table_lookup (map, key);

        if (g_strcmp0 (theirs, lookup == PRC_LOOKUP_VALUE ? entry->value : NULL) != 0)
            fail_msg ("%s: fish exports [%s], we read [%s] in\n%s", key, theirs,
                      entry != NULL ? entry->value : NULL, text);
    }
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (fish_variables__rows__read),
        cmocka_unit_test (fish_variables__edits__only_that_line),
        cmocka_unit_test (fish_variables__random_values__fish_reads_what_we_write),
        cmocka_unit_test (fish_variables__set_by_fish__read_as_it_exports_them),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
