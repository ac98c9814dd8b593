#include "rc-test.h"

#include "formats/drivers.h"

#define BOM "\xEF\xBB\xBF"

static void
dotenv__files__read_as_the_package_does (void **state)
{
    static const ReadRow rows[] = {
        { "", 0, "" },
        { "# c\n\n  # d\n", 0, "" },
        { "A=1\nexport B=2\n C = 3 \n", 0, "1 A=1|2 B=2|3 C=3" },
        { "A=x#y\nB=x # y\nC=\nD=#\nE=a=b\nF==5\n", 0, "1 A=x|2 B=x|3 C=|4 D=|5 E=a=b|6 F==5" },
        { "A='a # b' # c\nB=\"a\\nb\\tc\"\nC=`x'y\"`\nD=\"\"\n", 0,
          "1 A=a # b|2 B=a\\nb\\\\tc|3 C=x'y\"|4 D=" },
        { "A: yaml\nB:6\nC =7\nD:\nE\n", 0, "1 A=yaml|3 C=7|4 D=E" },
        { "A='multi\r\nline'\nB=1\n", 0, "1 A=multi\\nline|3 B=1" },
        { "A=\"un\nB=a\"b\"\nC='x'y\nD=\"x\" y\n", 0, "1 A=\"un|2 B=a\"b\"|3 C='x'y|4 D=\"x\" y" },
        { "A='it\\'s'\nB='it\\'\nC=1", 0, "1 A=it\\\\'s|2 B=it\\\\|3 C=1" },
        { "A='x'y'\nB=\"x\" \"y\"\n", 0, "1 A=x'y|2 B=x\" \"y" },
        { "A=\n'x'\nB=\n=5\n", 0, "1 A=x|3 B=" },
        { "export\nU\n= 5\nexport = 6\n", 0, "2 U=5|4 export=6" },
        { "A=$B ${C}\n1V=2\nW.x=3\nX-y=4\n", 0, "1 A=$B ${C}|2 1V=2|3 W.x=3|4 X-y=4" },
        { BOM "A=1\rB=2\rC='x\ry'", 0, "1 A=1|2 B=2|3 C=x\\ny" },
        { "A=\xFF\n", 0, "1 A=\\357\\277\\275" },
        { "A = 1\n junk here\nB", 0, "1 A=1" },
    };

    (void) state;
    check_read_rows (&prc_format_dotenv, rows, G_N_ELEMENTS (rows));
}

static void
dotenv__edit__writes_what_all_read_alike (void **state)
{
    static const EditRow rows[] = {
        { "", 0, "http_proxy", "http://u:p%40@h:1", "http_proxy=http://u:p%40@h:1\n" },
        { "A=1", 0, "no_proxy", "a,.b,*,[::1]", "A=1\nno_proxy=a,.b,*,[::1]" },
        { "A=1\r\n", 0, "http_proxy", "x", "A=1\r\nhttp_proxy=x\r\n" },
        { "export http_proxy = old # c\nB=1\n", 0, "http_proxy", "new",
          "export http_proxy = new # c\nB=1\n" },
        { "http_proxy='old'\n", 0, "http_proxy", "new", "http_proxy='new'\n" },
        { "http_proxy=\"a\nb\" # c\nB=1\n", 0, "http_proxy", "new",
          "http_proxy=\"new\" # c\nB=1\n" },
        { "http_proxy=a\nB=1\nhttp_proxy=b\n", 0, "http_proxy", "c", "B=1\nhttp_proxy=c\n" },
        { "http_proxy=a\n", 0, "http_proxy", "", "http_proxy=\n" },
        { "http_proxy=\n", 0, "http_proxy", "c", "http_proxy=c\n" },
        { "http_proxy=a'\n", 0, "http_proxy", "c", "http_proxy=c\n" },
        { "", 0, "http_proxy", "a b", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "a#b", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "$a", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "a\nb", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "a\\b", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "~/x", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "x:~", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "\xC3\xBC", "!UNSUPPORTED" },
        { "http_proxy='x'\n", 0, "http_proxy", "a b", "!UNSUPPORTED" },
        { "", 0, "a.b", "x", "!UNSUPPORTED" },
        { "", 0, "a b", "x", "!INPUT" },
        { "", 0, "", "x", "!INPUT" },
        { "A=1\nhttp_proxy='a\nb' # c\nB=2\n", 0, "http_proxy", NULL, "A=1\nB=2\n" },
    };

    (void) state;
    check_edit_rows (&prc_format_dotenv, rows, G_N_ELEMENTS (rows));
}

static void
dotenv__line_others_read_otherwise__says_so (void **state)
{
    static const struct {
        const char *text, *part; /* NULL: no detail */
    } rows[] = {
        { "A=http://u:p%40@h:1\n", NULL },
        { "A=\n", NULL },
        { "export A=1\n", "export" },
        { "A: 1\n", "':'" },
        { "A = 1\n", "blanks" },
        { "A='1'\n", "quotes" },
        { "A=a b\n", "sh" },
        { "A=1\r\n", "more" },
        { "A=1#2\n", "more" },
        { "A.b=1\n", "name" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcDocument) doc = parse_text (&prc_format_dotenv, rows[i].text, 0);
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), 0);

        if ((rows[i].part == NULL) != (entry->detail == NULL) ||
            (rows[i].part != NULL && strstr (entry->detail, rows[i].part) == NULL))
            fail_msg ("%s: %s", rows[i].text, entry->detail != NULL ? entry->detail : "-");
    }
}

static void
dotenv__any_bytes__hold (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    check_any_bytes (&prc_format_dotenv, rand, prc_test_cases (20000), "AB=: \n\r\t#'\"`\\x", "A");
    check_linear (&prc_format_dotenv, "", "A='\\'\n");
    check_linear (&prc_format_dotenv, "", "A=\"\nB='\nC=`\n");
    check_linear (&prc_format_dotenv, "", "A=\n\n");
    check_linear (&prc_format_dotenv, "A", "\n");
    check_linear (&prc_format_dotenv, "", "export\n");
    check_linear (&prc_format_dotenv, "A='", "\\'");
    check_linear (&prc_format_dotenv, "A='", "\\' ");
}

/* Node reads all the files in one process. argv: the number of files, the module or "". */
static const char node_script[] =
    "const fs = require('fs'), mod = process.argv[2];\n"
    "const parse = mod ? require(mod).parse : require('util').parseEnv;\n"
    "if (!parse) process.exit(3);\n"
    "const hex = s => Buffer.from(s).toString('hex');\n"
    "for (let i = 0; i < +process.argv[1]; i++) {\n"
    "  const o = parse(mod ? fs.readFileSync('' + i) : fs.readFileSync('' + i, 'utf8'));\n"
    "  console.log(i + Object.keys(o).map(k => ' ' + hex(k) + '=' + hex(o[k])).join(''));\n"
    "}\n";

static GPtrArray *
new_files (void)
{
    return g_ptr_array_new_with_free_func (g_free);
}

static char *
run_over (const char *const *argv, const char *dir, const GPtrArray *files)
{
    const char *const envp[] = { "PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8",
                                 NULL };
    g_autoptr (GBytes) out = NULL;

    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_strdup_printf ("%s/%u", dir, i);

        write_rc_file (path, g_ptr_array_index (files, i));
    }
    if (prc_test_run (argv, (char *const *) envp, dir, NULL, &out, NULL) != 0)
        return NULL;
    return g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
}

static char *
hexed (const char *text)
{
    GString *out = g_string_new (NULL);

    for (const char *p = text; *p != '\0'; p++)
        g_string_append_printf (out, "%02x", (guchar) *p);
    return g_string_free (out, FALSE);
}

/* The words "KEY=VALUE", in hex, of one line of the script's, against what we read. */
static void
compare_with_package (const char *text, char **words)
{
    g_autoptr (PrcDocument) doc = parse_text (&prc_format_dotenv, text, 0);
    g_autoptr (GHashTable) ours = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *shown = g_strescape (text, NULL);
    guint n = g_strv_length (words);

    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);

        g_hash_table_insert (ours, hexed (entry->key), hexed (entry->value));
    }
    if (g_hash_table_size (ours) != n)
        fail_msg ("dotenv finds %u keys, we %u in %s", n, g_hash_table_size (ours), shown);
    for (guint i = 0; i < n; i++) {
        g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);
        const char *value = g_hash_table_lookup (ours, pair[0]);

        if (g_strcmp0 (value, pair[1]) != 0)
            fail_msg ("dotenv reads %s, we %s (hex) in %s", words[i], value != NULL ? value : "-",
                      shown);
    }
}

/* Without U+2028, a line end to JavaScript, at which quotes are stripped within a value. */
static char *
random_file (GRand *rand)
{
    static const char *const atoms[] = {
        "A",  "B.c", "export", "export ", "=",      "=",   "=",        ": ",       ":",    " ",
        "\t", "'",   "\"",     "`",       "\\",     "\\'", "\\\"",     "#",        " # c", "\n",
        "\n", "\n",  "x",      "y z",     "\\n",    "\\r", "$A",       "''",       "\"\"", "\r\n",
        "\r", "A=1", "\nB=",   "\nA='",   "\nC=\"", BOM,   "\xC2\xA0", "\xC3\xBC",
    };
    GString *text = g_string_new (NULL);
    int n = g_rand_int_range (rand, 0, 24);

    for (int i = 0; i < n; i++)
        g_string_append (text, PICK (rand, atoms));
    return g_string_free (text, FALSE);
}

static void
dotenv__generated_files__read_as_the_package_itself_does (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    g_autofree char *node = prc_test_tool ("node");
    const char *module = g_getenv ("PRC_TEST_DOTENV");
    guint n = prc_test_cases (6000);
    g_autofree char *count = g_strdup_printf ("%u", n);
    const char *const argv[] = { node, "-e", node_script, count, module, NULL };
    g_autoptr (GPtrArray) files = new_files ();
    char *dir = NULL;
    g_autofree char *output = NULL;
    g_auto (GStrv) lines = NULL;

    (void) state;
    if (node == NULL)
        return;
    if (module == NULL) {
        printf ("# skipped: PRC_TEST_DOTENV doesn't say where the npm package dotenv is\n");
        return;
    }
    while (files->len < n)
        g_ptr_array_add (files, random_file (rand));
    dir = prc_test_dir_new ();
    output = run_over (argv, dir, files);
    prc_test_dir_remove (dir);
    assert_non_null (output);
    lines = g_strsplit (output, "\n", -1);
    for (guint i = 0; i < n; i++) {
        g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);

        compare_with_package (g_ptr_array_index (files, i), words + 1);
    }
}

/* Lines that every reader takes alike, with an edit among them. */
static char *
edited_plain_file (GRand *rand, const char *key, const char *value)
{
    static const char *const lines[] = { "A=1\n",   "# c\n", "\n", "http_proxy=old\n",
                                         "B=x:y\n", "C=\n" };
    GString *text = g_string_new (NULL);
    g_autoptr (PrcDocument) doc = NULL;
    g_autoptr (PrcDocument) after = NULL;
    g_autoptr (GError) error = NULL;

    for (int n = g_rand_int_range (rand, 0, 5); n > 0; n--)
        g_string_append (text, PICK (rand, lines));
    if (text->len > 0 && g_rand_int_range (rand, 0, 4) == 0)
        g_string_truncate (text, text->len - 1);
    doc = parse_text (&prc_format_dotenv, text->str, 0);
    after = prc_document_set (doc, key, value, &error);
    assert_no_error (error);
    g_string_free (text, TRUE);
    return text_of (after);
}

static char *
random_value (GRand *rand)
{
    static const char chars[] = "aZ09-._~:/@%,*[]+=?";
    GString *value = g_string_new (NULL);

    for (int n = g_rand_int_range (rand, 0, 12); n > 0; n--) {
        char c = chars[g_rand_int_range (rand, 0, sizeof chars - 1)];

        if (c != '~' || (value->len > 0 && strchr (":=", value->str[value->len - 1]) == NULL))
            g_string_append_c (value, c);
    }
    return g_string_free (value, FALSE);
}

static void
check_reader (const char *name, const char *output, const GPtrArray *values, gboolean in_hex)
{
    g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

    for (guint i = 0; i < values->len; i++) {
        const char *plain = g_ptr_array_index (values, i);
        g_autofree char *value = in_hex ? hexed (plain) : g_strdup (plain);
        g_autofree char *expected =
            g_strconcat (" ", in_hex ? "687474705f70726f7879" : "http_proxy", "=", value, NULL);
        const char *found = strstr (lines[i], expected);

        if (found == NULL || strchr (" ", found[strlen (expected)]) == NULL)
            fail_msg ("%s doesn't read '%s' but has %s", name, plain, lines[i]);
    }
}

static void
dotenv__what_is_written__node_and_sh_read_alike (void **state)
{
    static const char sh_script[] =
        "i=0; while [ $i -lt $1 ]; do unset http_proxy; . ./$i;"
        " printf '%s\\n' \"$i http_proxy=$http_proxy\"; i=$((i+1)); done";
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    g_autofree char *node = prc_test_tool ("node"), *sh = prc_test_tool ("sh");
    guint n = prc_test_cases (300);
    g_autofree char *count = g_strdup_printf ("%u", n);
    const char *const node_argv[] = { node, "-e", node_script, count, "", NULL };
    const char *const sh_argv[] = { sh, "-c", sh_script, "sh", count, NULL };
    g_autoptr (GPtrArray) files = new_files ();
    g_autoptr (GPtrArray) values = new_files ();
    g_autofree char *by_node = NULL, *by_sh = NULL;
    char *dir = prc_test_dir_new ();

    (void) state;
    for (guint i = 0; i < n; i++) {
        char *value = random_value (rand);

        g_ptr_array_add (values, value);
        g_ptr_array_add (files, edited_plain_file (rand, "http_proxy", value));
    }
    if (node != NULL) {
        by_node = run_over (node_argv, dir, files);
        if (by_node != NULL)
            check_reader ("node", by_node, values, TRUE);
        else
            printf ("# skipped: this node has no parseEnv()\n");
    }
    if (sh != NULL) {
        by_sh = run_over (sh_argv, dir, files);
        assert_non_null (by_sh);
        check_reader ("sh", by_sh, values, FALSE);
    }
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (dotenv__files__read_as_the_package_does),
        cmocka_unit_test (dotenv__edit__writes_what_all_read_alike),
        cmocka_unit_test (dotenv__line_others_read_otherwise__says_so),
        cmocka_unit_test (dotenv__any_bytes__hold),
        cmocka_unit_test (dotenv__generated_files__read_as_the_package_itself_does),
        cmocka_unit_test (dotenv__what_is_written__node_and_sh_read_alike),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
