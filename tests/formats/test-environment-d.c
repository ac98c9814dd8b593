#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "formats/edit-check.h"

#define FORMAT "environment.d"
#define GENERATOR "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"

static void
environment_d__files__entries_as_systemd_reads (void **state)
{
    static const struct {
        const char *text, *summary;
    } rows[] = {
        { "A=1\n;c\n#d\n B = x y \n", "1 A=1 | 4 B=x y" },
        { "A=x#y ; z\nB=x\"y\"\n", "1 A=x#y ; z | 2 B=x\"y\"" },
        { "A=\"a\" 'b' c\n", "1 A=abc" },
        { "A=\"a\\\"\\q\\\\\"\nB='a\\b'\nC=x\\yz\\\\\n", "1 A=a\"\\q\\ | 2 B=a\\b | 3 C=xyz\\" },
        { "A=1\\\n2\nB=\"x\ny\"\n", "1 A=12 | 3 B=x\ny" },
        { "A=1\nB=$A\nC='${A}x'\nD=${A:-y}\nE=${A:+z}\nF=$$A\nG=$H\n",
          "1 A=1 | 2 B=1 | 3 C=1x | 4 D=1 | 5 E=z | 6 F=$A | 7 G=? [d]" },
        { "A=a$\nB=$.\n", "1 A=a$ | 2 B=$." },
        { "A=\nB=\"\"\nexport C=1\n1D=x\nE F=1\n", "1 A= [i] | 2 B= [i] | 3 C=1 [i]" },
        { "A=1\r\nB=2\rC=3\n", "1 A=1 | 2 B=2 | 2 C=3" },
        { "#c\\\nA=1\nB=2\n", "3 B=2" },
        { "PATH=/x:$PATH\nP2=$PATH\n", "1 PATH=? [d] | 2 P2=? [d]" },
        { "#\xff\nA\xff=1\n", "" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_entries (FORMAT, rows[i].text, rows[i].summary);
    check_error (FORMAT, "A=1\nB=\xff\n", 2);
}

static void
environment_d__edit__only_what_was_meant (void **state)
{
    static const struct {
        const char *before, *key, *value, *after;
    } rows[] = {
        { "", "A", "http://u:p%40@h:1", "A=http://u:p%40@h:1\n" },
        { "", "A", "x y", "A=\"x y\"\n" },
        { "", "A", "a\"b\\c`d$e", "A=\"a\\\"b\\\\c\\`d$$e\"\n" },
        { "A=1", "B", "2", "A=1\nB=2" },
        { "A = 'x' \r\nB=1\r\n", "A", "y", "A = \"y\" \r\nB=1\r\n" },
        { "http_proxy=x\nZ=1\n", "HTTPS_PROXY", "y", "http_proxy=x\nHTTPS_PROXY=y\nZ=1\n" },
        { "A=1\nB=\"open", "C", "3", "C=3\nA=1\nB=\"open" },
        { "A=1\nB=x\\", "C", "3", "C=3\nA=1\nB=x\\" },
        { "A=$X\n", "A", "1", "A=$X\nA=1\n" },
        { "A=1\nA=2\n", "A", NULL, "" },
        { "A=\n", "A", NULL, "" },
        { "", "A", "", NULL },
        { "", "A", "\xff", NULL },
        { "", "1A", "x", NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_edit (FORMAT, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
}

static void
environment_d__exploding_references__bounded (void **state)
{
    g_autoptr (GString) text = g_string_new ("A=xxxxxxxxxxxxxxxx\n");
    g_autoptr (PrcDocument) doc = NULL;
    gint64 start = prc_test_work ();

    (void) state;
    for (guint i = 0; i < 2000; i++)
        g_string_append (text, "A=$A$A$A$A\n");
    doc = check_parse (FORMAT, text->str);
    assert_true (prc_test_work () - start < 2 * G_USEC_PER_SEC);
}

/* The real generator, on one file in a configuration directory of its own */

static GRand *rand_source;
static char *dir, *conf_path;

/* It prints NAME=VALUE, or NAME="…" with the escapes of C. */
static char *
decoded (const char *text)
{
    g_autofree char *inner = NULL;

    if (*text != '"')
        return g_strdup (text);
    inner = g_strndup (text + 1, strlen (text) - 2);
    {
        GString *out = g_string_new (NULL);

        for (const char *p = inner; *p != '\0'; p++)
            if (*p == '\\' && (p[1] == '$' || p[1] == '`'))
                g_string_append_c (out, *++p);
            else if (*p == '\\') {
                g_autofree char *part = g_strndup (p, g_ascii_isdigit (p[1]) ? 4 : 2);
                g_autofree char *plain = g_strcompress (part);

                g_string_append (out, plain);
                p += g_ascii_isdigit (p[1]) ? 3 : 1;
            } else
                g_string_append_c (out, *p);
        return g_string_free (out, FALSE);
    }
}

/* (nullable): NULL when the generator dies. */
static GHashTable *
systemd_reads (const char *text, gsize size)
{
    const char *argv[] = { GENERATOR, NULL };
    g_autofree char *config = g_strconcat ("XDG_CONFIG_HOME=", dir, NULL);
    char *envp[] = { config, (char *) "HOME=/nonexistent", (char *) "LC_ALL=C", NULL };
    g_autoptr (GBytes) out = NULL;
    g_autofree char *output = NULL;
    g_auto (GStrv) lines = NULL;
    GHashTable *map;

    assert_true (g_file_set_contents (conf_path, text, (gssize) size, NULL));
    if (prc_test_run (argv, envp, NULL, NULL, &out, NULL) != 0)
        return NULL;
    map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    output = g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
    lines = g_strsplit (output, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        char *equals = strchr (lines[i], '=');

        if (equals != NULL)
            g_hash_table_insert (map, g_strndup (lines[i], (gsize) (equals - lines[i])),
                                 decoded (equals + 1));
    }
    return map;
}

static void
assert_same (GHashTable *theirs, const PrcDocument *doc, const char *text)
{
    static const char *const names[] = { "A", "B", "C", "A_1", "zz_1" };

    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
        const PrcEntry *entry = NULL;
        PrcLookup lookup = prc_document_lookup (doc, names[i], &entry);
        const char *found = g_hash_table_lookup (theirs, names[i]);

        if (lookup == PRC_LOOKUP_DYNAMIC)
            continue;
        if (g_strcmp0 (found, lookup == PRC_LOOKUP_VALUE ? entry->value : NULL) != 0)
            fail_msg ("%s: systemd '%s', we '%s' in\n%s", names[i], found,
                      lookup == PRC_LOOKUP_VALUE ? entry->value : "(none)", text);
    }
}

static GString *
random_text (void)
{
    static const char *const pieces[] = { "A",       "B",       "C",    "A_1",  "=",       "=",
                                          "=",       "x",       "\"",   "'",    "\\",      "\n",
                                          "\n",      "\n",      " ",    "\t",   "#",       "\r",
                                          "$A",      "$",       "{",    "}",    "export ", ";",
                                          "${A:-x}", "${B:+y}", "${A}", "\\\n", "é",       "A=1\n",
                                          "\nB=",    "\nC=\"",  "`",    "\\$",  ":" };
    GString *text = g_string_new (NULL);

    for (gint n = g_rand_int_range (rand_source, 0, 30); n > 0; n--)
        g_string_append (text,
                         pieces[g_rand_int_range (rand_source, 0, (gint32) G_N_ELEMENTS (pieces))]);
    if (g_rand_int_range (rand_source, 0, 40) == 0)
        g_string_append_c (text, '\xff');
    return text;
}

static void
environment_d__generated__agrees_with_systemd (void **state)
{
    guint known = 0;

    (void) state;
    if (access (GENERATOR, X_OK) != 0) {
        printf ("# skipped: %s is not there\n", GENERATOR);
        return;
    }
    for (guint n = prc_test_cases (600); n > 0; n--) {
        g_autoptr (GString) text = random_text ();
        g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
        g_autoptr (PrcDocument) doc = prc_document_parse (prc_format_by_name (FORMAT), bytes,
                                                          PRC_TOOL_VERSION (252, 0, 0), NULL);
        g_autoptr (GHashTable) theirs = systemd_reads (text->str, text->len);

        if (theirs == NULL && doc != NULL)
            fail_msg ("the generator dies of\n%s", text->str);
        /* In a part that a reference leaves out, a bad byte would not hurt; we reject it there too.
         */
        if (theirs != NULL && doc != NULL) {
            assert_same (theirs, doc, text->str);
            known++;
        }
    }
    assert_true (known > 0);
}

static void
environment_d__generated_edits__systemd_reads_what_was_meant (void **state)
{
    static const char *const names[] = { "A", "B", "zz_1" };
    static const char *const values[] = { "x",    " x ", "a\"b", "\"q", "'q'",
                                          "a\\b", "x\\", "$A",   "x#y", "${A}",
                                          "`",    "é",   "x\ny", "$$",  "\t",
                                          "\x01", "#",   ";",    "a=b", "http://h:1/%40" };

    (void) state;
    if (access (GENERATOR, X_OK) != 0) {
        printf ("# skipped: %s is not there\n", GENERATOR);
        return;
    }
    for (guint n = prc_test_cases (600); n > 0; n--) {
        g_autoptr (GString) text = random_text ();
        g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) doc =
            prc_document_parse (prc_format_by_name (FORMAT), bytes, 0, NULL);
        const char *key = names[g_rand_int_range (rand_source, 0, G_N_ELEMENTS (names))];
        const char *value = values[g_rand_int_range (rand_source, 0, G_N_ELEMENTS (values))];
        g_autoptr (PrcDocument) after =
            doc != NULL ? prc_document_set (doc, key, value, &error) : NULL;
        g_autoptr (GHashTable) theirs = NULL;
        gsize size = 0;
        const char *data;

        if (doc == NULL)
            continue;
        /* A reference in a quote that is open up to the end of the file has the last word. */
        if (after == NULL && g_error_matches (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED) &&
            prc_document_lookup (doc, key, NULL) == PRC_LOOKUP_DYNAMIC)
            continue;
        if (after == NULL)
            fail_msg ("%s = '%s' refused: %s in\n%s", key, value, error->message, text->str);
        data = prc_document_data (after, &size);
        theirs = systemd_reads (data, size);
        assert_non_null (theirs);
        if (g_strcmp0 (g_hash_table_lookup (theirs, key), value) != 0)
            fail_msg ("%s is '%s', not '%s' in\n%s\nthat was\n%s", key,
                      (char *) g_hash_table_lookup (theirs, key), value, data, text->str);
        assert_same (theirs, after, text->str);
    }
}

static int
set_up (void **state)
{
    g_autofree char *sub = NULL;

    (void) state;
    rand_source = g_rand_new_with_seed (prc_test_seed ());
    dir = prc_test_dir_new ();
    sub = g_build_filename (dir, "environment.d", NULL);
    conf_path = g_build_filename (sub, "50-test.conf", NULL);
    return g_mkdir_with_parents (sub, 0700);
}

static int
tear_down (void **state)
{
    (void) state;
    g_rand_free (rand_source);
    g_free (conf_path);
    prc_test_dir_remove (dir);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (environment_d__files__entries_as_systemd_reads),
        cmocka_unit_test (environment_d__edit__only_what_was_meant),
        cmocka_unit_test (environment_d__exploding_references__bounded),
        cmocka_unit_test (environment_d__generated__agrees_with_systemd),
        cmocka_unit_test (environment_d__generated_edits__systemd_reads_what_was_meant),
    };

    return cmocka_run_group_tests (tests, set_up, tear_down);
}
