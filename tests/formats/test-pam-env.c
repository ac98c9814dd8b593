#include "test.h"

#include <stdio.h>

#include "formats/edit-check.h"

#ifdef HAVE_PAM
#include <security/pam_appl.h>
#endif

#define FORMAT "pam_env"

static void
pam_env__files__entries_as_pam_reads (void **state)
{
    static const struct {
        const char *text, *summary;
    } rows[] = {
        { "a=1\n\n# c\n  b=2 \n", "1 a=1 | 4 b=2 " },
        { "export a=1\nexport  b=2\n", "1 a=1 | 2 b=2 [i]" },
        { "a=\"x\"\nb='x\"\nc=\"x\" \nd=\"x\"y\"\ne=x\"\nf=\"\n",
          "1 a=x | 2 b=x | 3 c=x\"  | 4 d=x\"y | 5 e=x\" | 6 f=" },
        { "a=x # c\nb='x#y'\n", "1 a=x  | 2 b=x" },
        { "a=1\\\n  2\nb=3\\ \n# c\n4\n", "1 a=1  2 | 3 b=34" },
        { "a\nexport b\n", "1 -a | 2 -b" },
        { "a =1\nb-c=1\n=1\n", "1 a=1 [i]" },
        { "a=1\r\n", "1 a=1\r" },
        { "a=1\nb=2\\\n", "1 a=1 | 2 b=2 [i]" },
        { "\xEF\xBB\xBF"
          "a=1\nb=$a\n",
          "2 b=$a" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_entries (FORMAT, rows[i].text, rows[i].summary);
}

static void
pam_env__edit__only_what_was_meant (void **state)
{
    static const struct {
        const char *before, *key, *value, *after;
    } rows[] = {
        { "", "http_proxy", "http://h:1", "http_proxy=http://h:1\n" },
        { "a=1", "b", "2", "a=1\nb=2" },
        { "HTTP_PROXY=x\nB=1\n", "http_proxy", "y", "HTTP_PROXY=x\nhttp_proxy=y\nB=1\n" },
        { "a=\"x\"\n", "a", "y", "a=\"y\"\n" },
        { "a='x'\n", "a", "y z", "a='y z'\n" },
        { "a=x # c\nb=1\n", "a", "y", "a=y\n# c\nb=1\n" },
        { "a=x\\\ny\nb=1\n", "a", "z", "a=z\nb=1\n" },
        { "a=x\r\nb=1\r\n", "a", "y", "a=y\nb=1\r\n" },
        { "a=x\r\n", "b", "y", "a=x\r\nb=y\n" },
        { "", "a", " x ", "a=\" x \"\n" },
        { "", "a", "b\\c", "a=\"b\\c\"\n" },
        { "", "a", "\"q", "a='\"q'\n" },
        { "", "a", "it's", "a=it's\n" },
        { "", "a", "x\\", "a='x\\'\n" },
        { "", "a", "$x", "a=$x\n" },
        { "", "a", "", "a=\n" },
        { "a=1\nb=2\\\n", "c", "3", "a=1\nc=3\nb=2\\\n" },
        { "a=1\na\na=2\na\n", "a", "3", "a\na=3\n" },
        { "a=1\nb=2\na=3\n", "a", NULL, "b=2\n" },
        { "a=1\n# c", "a", NULL, "# c" },
        { "", "a", "x#y", NULL },
        { "", "a", "x\ny", NULL },
        { "", "a-b", "x", NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_edit (FORMAT, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
}

static void
pam_env__long_lines__where_pam_stops (void **state)
{
    g_autofree char *filler = g_strnfill (8192 - 1 - 2, 'x');
    g_autofree char *fits = g_strdup_printf ("a=1\nb=%s\nc=3\n", filler + 1);
    g_autofree char *too_long = g_strdup_printf ("a=1\nb=%s\nc=3\n", filler);
    g_autofree char *after = g_strdup_printf ("a=1\nd=4\nb=%s\nc=3\n", filler);
    g_autoptr (PrcDocument) doc = check_parse (FORMAT, fits);
    g_autoptr (PrcDocument) other = check_parse (FORMAT, too_long);
    const PrcEntry *entry = NULL;

    (void) state;
    assert_int_equal (prc_document_lookup (doc, "b", &entry), PRC_LOOKUP_VALUE);
    assert_int_equal (prc_document_lookup (doc, "c", &entry), PRC_LOOKUP_VALUE);
    assert_int_equal (prc_document_lookup (other, "a", &entry), PRC_LOOKUP_VALUE);
    assert_int_equal (prc_document_lookup (other, "c", &entry), PRC_LOOKUP_NONE);
    check_edit (FORMAT, too_long, "d", "4", after);
    check_edit (FORMAT, "", "a", filler, NULL);
}

#ifdef HAVE_PAM

static GRand *rand_source;
static char *dir, *env_path;

static int
no_conversation (int n, const struct pam_message **messages, struct pam_response **responses,
                 void *data)
{
    (void) n;
    (void) messages;
    (void) responses;
    (void) data;
    return PAM_CONV_ERR;
}

/* What the real module makes of @text: name -> value. */
static GHashTable *
pam_reads (const char *text, gsize size)
{
    const struct pam_conv conversation = { no_conversation, NULL };
    GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    pam_handle_t *pam = NULL;
    char **list = NULL;
    FILE *file = fopen (env_path, "w");

    assert_non_null (file);
    assert_true (size == 0 || fwrite (text, 1, size, file) == size);
    assert_int_equal (fclose (file), 0);
    assert_int_equal (pam_start_confdir ("test", "root", &conversation, dir, &pam), PAM_SUCCESS);
    (void) pam_putenv (pam, "old=1");
    assert_int_equal (pam_open_session (pam, PAM_SILENT), PAM_SUCCESS);
    list = pam_getenvlist (pam);
    for (guint i = 0; list[i] != NULL; i++) {
        char *equals = strchr (list[i], '=');

        g_hash_table_insert (map, g_strndup (list[i], (gsize) (equals - list[i])),
                             g_strdup (equals + 1));
        free (list[i]);
    }
    free (list);
    (void) pam_end (pam, PAM_SUCCESS);
    return map;
}

static GHashTable *
we_read (const PrcDocument *doc)
{
    GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    const GPtrArray *entries = prc_document_entries (doc);

    g_hash_table_insert (map, g_strdup ("old"), g_strdup ("1"));
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if ((entry->flags & PRC_ENTRY_INERT) != 0)
            continue;
        if (entry->kind == PRC_ENTRY_SET)
            g_hash_table_insert (map, g_strdup (entry->key), g_strdup (entry->value));
        else
            g_hash_table_remove (map, entry->key);
    }
    return map;
}

static void
assert_same (GHashTable *theirs, GHashTable *ours, const char *text)
{
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init (&iter, theirs);
    while (g_hash_table_iter_next (&iter, &key, &value))
        if (g_strcmp0 (value, g_hash_table_lookup (ours, key)) != 0)
            fail_msg ("%s: pam '%s', we '%s' in\n%s", (char *) key, (char *) value,
                      (char *) g_hash_table_lookup (ours, key), text);
    if (g_hash_table_size (theirs) != g_hash_table_size (ours))
        fail_msg ("pam has %u, we %u in\n%s", g_hash_table_size (theirs), g_hash_table_size (ours),
                  text);
}

static GString *
random_text (void)
{
    static const char *const pieces[] = { "a",    "b",    "old", "=",  "=",       "=",    "x",
                                          "\"",   "'",    "\\",  "\n", "\n",      "\n",   " ",
                                          "\t",   "#",    "\r",  "$a", "export ", "-",    "\\\n",
                                          "\xff", "=x\n", "\v",  "a=", "\nb=",    "c=\"", "\\ \n" };
    GString *text = g_string_new (NULL);

    for (gint n = g_rand_int_range (rand_source, 0, 25); n > 0; n--)
        g_string_append (text,
                         pieces[g_rand_int_range (rand_source, 0, (gint32) G_N_ELEMENTS (pieces))]);
    return text;
}

static void
pam_env__generated__agrees_with_pam (void **state)
{
    (void) state;
    for (guint n = prc_test_cases (1500); n > 0; n--) {
        g_autoptr (GString) text = random_text ();
        g_autoptr (PrcDocument) doc = check_parse (FORMAT, text->str);
        g_autoptr (GHashTable) theirs = pam_reads (text->str, text->len), ours = we_read (doc);

        assert_same (theirs, ours, text->str);
    }
}

static void
pam_env__lines_around_the_limit__agree_with_pam (void **state)
{
    static const char *const shapes[] = { "a=%s\nb=2\n", "b=2\na=%s",         "a=1\\\n%s\nb=2\n",
                                          "#%s\nb=2\n",  "a=1\\\n#%s\nb=2\n", "a=%s\\\nc\nb=2\n" };

    (void) state;
    for (gsize length = 8180; length < 8195; length++)
        for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++) {
            g_autofree char *filler = g_strnfill (length, 'x');
            g_auto (GStrv) parts = g_strsplit (shapes[i], "%s", 2);
            g_autofree char *text = g_strconcat (parts[0], filler, parts[1], NULL);
            g_autoptr (PrcDocument) doc = check_parse (FORMAT, text);
            g_autoptr (GHashTable) theirs = pam_reads (text, strlen (text)), ours = we_read (doc);

            assert_same (theirs, ours, shapes[i]);
        }
}

static void
pam_env__generated_edits__pam_reads_what_was_meant (void **state)
{
    static const char *const keys[] = { "a", "b", "old", "http_proxy" };
    static const char *const values[] = { "x",    "",   " x ",  "a\"b", "\"q", "'q'", "a\\b",
                                          "x\\",  "$a", "x #y", "\\",   "\"",  "''",  "é",
                                          "\xff", " ",  "x\r",  "\t",   "x\"", "a=b" };

    (void) state;
    for (guint n = prc_test_cases (1500); n > 0; n--) {
        g_autoptr (GString) text = random_text ();
        g_autoptr (PrcDocument) doc = check_parse (FORMAT, text->str);
        const char *key = keys[g_rand_int_range (rand_source, 0, G_N_ELEMENTS (keys))];
        const char *value = values[g_rand_int_range (rand_source, 0, G_N_ELEMENTS (values))];
        gboolean unset = g_rand_int_range (rand_source, 0, 4) == 0;
        g_autoptr (PrcDocument) after =
            unset ? prc_document_unset (doc, key, NULL) : prc_document_set (doc, key, value, NULL);
        g_autoptr (GHashTable) theirs = NULL, wanted = we_read (doc);
        gsize size = 0;
        const char *data;

        if (after == NULL && !unset && strchr (value, '#') != NULL)
            continue;
        if (after == NULL)
            fail_msg ("%s %s = '%s' refused in\n%s", unset ? "unset" : "set", key, value,
                      text->str);
        data = prc_document_data (after, &size);
        theirs = pam_reads (data, size);
        if (!unset)
            g_hash_table_insert (wanted, g_strdup (key), g_strdup (value));
        else if (strcmp (key, "old") == 0)
            g_hash_table_insert (wanted, g_strdup (key), g_strdup ("1"));
        else
            g_hash_table_remove (wanted, key);
        assert_same (theirs, wanted, text->str);
    }
}

static int
set_up (void **state)
{
    g_autofree char *conf = NULL, *path = NULL;

    (void) state;
    rand_source = g_rand_new_with_seed (prc_test_seed ());
    dir = prc_test_dir_new ();
    env_path = g_build_filename (dir, "environment", NULL);
    path = g_build_filename (dir, "test", NULL);
    conf = g_strdup_printf (
        "session required pam_env.so conffile=/dev/null envfile=%s readenv=1 user_readenv=0\n",
        env_path);
    return g_file_set_contents (path, conf, -1, NULL) ? 0 : -1;
}

static int
tear_down (void **state)
{
    (void) state;
    g_rand_free (rand_source);
    g_free (env_path);
    prc_test_dir_remove (dir);
    return 0;
}

#else

static int
set_up (void **state)
{
    (void) state;
    printf ("# skipped: the comparison with pam_env, as libpam's headers are not installed\n");
    return 0;
}

static int
tear_down (void **state)
{
    (void) state;
    return 0;
}

#endif

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (pam_env__files__entries_as_pam_reads),
        cmocka_unit_test (pam_env__edit__only_what_was_meant),
        cmocka_unit_test (pam_env__long_lines__where_pam_stops),
#ifdef HAVE_PAM
        cmocka_unit_test (pam_env__generated__agrees_with_pam),
        cmocka_unit_test (pam_env__lines_around_the_limit__agree_with_pam),
        cmocka_unit_test (pam_env__generated_edits__pam_reads_what_was_meant),
#endif
    };

    return cmocka_run_group_tests (tests, set_up, tear_down);
}
