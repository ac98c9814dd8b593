#include "rc-test.h"

#include "formats/drivers.h"

#define NBSP "\xC2\xA0"
#define BOM "\xEF\xBB\xBF"

static void
pipconf__files__read_as_pip_does (void **state)
{
    static const ReadRow rows[] = {
        { "", 0, "" },
        { "# nothing\n\n", 0, "" },
        { "[global]\nproxy = http://u:p@h:1\n", 0, "2 global.proxy=http://u:p@h:1" },
        { "[global]\nproxy: x", 0, "2 global.proxy=x" },
        { "[global]\r\nPROXY=x\r\n[install]\r\n--Trusted_Host = y\r\n", 0,
          "2 global.proxy=x|4 install.trusted-host=y" },
        { "[global]\rproxy=x\r", 0, "2 global.proxy=x" },
        { "[Global]\nproxy=x\n[ global ]\nproxy=y\n", 0, "2 Global.proxy=x|4  global .proxy=y" },
        { "[a] b ] tail\nk=v\n", 0, "2 a] b .k=v" },
        { "[g]\nproxy = x # not a comment\n", 0, "2 g.proxy=x # not a comment" },
        { "[g]\nproxy = 'x'\nk==:v\n", 0, "2 g.proxy='x'|3 g.k==:v" },
        { "[g]\nproxy =\n", 0, "2 g.proxy=" },
        { "[g]\nproxy = x\n  y\n\n  ; c\n  z\n\nq=1\n", 0, "2 g.proxy=x\\ny\\n\\nz|8 g.q=1" },
        { "[g]\nproxy =\n  x\n", 0, "2 g.proxy=\\nx" },
        { "[g]\nq = 1\n  proxy = x\n  [global]\n", 0, "2 g.q=1\\nproxy = x\\n[global]" },
        { "[g]\n   q = 1\n  proxy = x\n", 0, "2 g.q=1|3 g.proxy=x" },
        { "[g]\n\tq = " NBSP "1" NBSP "\n" NBSP NBSP "more\n", 0, "2 g.q=1\\nmore" },
        { "[DEFAULT]\nproxy=x\n[DEFAULT]\nq=y\n", 0, "2 DEFAULT.proxy=x|4 DEFAULT.q=y" },
        { "[g]\na_b=1\na-b=2\n", 0, "2 g.a-b=1|3 g.a-b=2" },
        { "[DEFAULT]\na_b=0\n[g]\na-b=1\na_b=2\n", 0, "2 DEFAULT.a-b=0|4 g.a-b=1|5 g.a-b=2 I" },
        { "[DEFAULT]\nproxy=1\n--proxy=2\n[g]\nproxy=3\n", 0,
          "2 DEFAULT.proxy=1|3 DEFAULT.proxy=2|5 g.proxy=3 I" },
        { "proxy=x\n", 0, "!1" },
        { "\n# c\nproxy=x\n[g]\n", 0, "!3" },
        { "[g]\nproxy=x\nPROXY=y\n", 0, "!3" },
        { "[g]\nproxy=x\n[g]\n", 0, "!3" },
        { "[DEFAULT]\nproxy=x\n[DEFAULT]\nproxy=y\n", 0, "!4" },
        { "[g]\nproxy\n", 0, "!2" },
        { "[g]\n= x\n", 0, "!2" },
        { "[]\n", 0, "!1" },
        { "[g\n", 0, "!1" },
        { BOM "[g]\nproxy=x\n", 0, "!1" },
        { "[g]\nproxy=x\xFF\n", 0, "!2" },
    };

    (void) state;
    check_read_rows (&prc_format_pipconf, rows, G_N_ELEMENTS (rows));
}

static void
pipconf__set__changes_no_other_byte (void **state)
{
    static const EditRow rows[] = {
        { "", 0, "global.proxy", "x", "[global]\nproxy = x\n" },
        { "# c", 0, "global.proxy", "x", "# c\n\n[global]\nproxy = x" },
        { "[a]\nk=v\n", 0, "global.proxy", "x", "[a]\nk=v\n\n[global]\nproxy = x\n" },
        { "[a]\r\nk=v\r\n\r\n", 0, "global.proxy", "x",
          "[a]\r\nk=v\r\n\r\n[global]\r\nproxy = x\r\n" },
        { "[global]\rk: v\r", 0, "global.proxy", "x", "[global]\rk: v\rproxy: x\r" },
        { "[global]\nk=v\n\n# about a\n[a]\n", 0, "global.proxy", "x",
          "[global]\nk=v\nproxy=x\n\n# about a\n[a]\n" },
        { "[global]\nk = v\n  more\n# c\n  last\n\n[a]\n", 0, "global.proxy", "x",
          "[global]\nk = v\n  more\n# c\n  last\nproxy = x\n\n[a]\n" },
        { "[global]\n  k : v\n [a]\n", 0, "global.proxy", "x",
          "[global]\n  k : v\n  proxy : x\n [a]\n" },
        { "[global]\n# c\n [a]\nq=1", 0, "global.proxy", "x",
          "[global]\n proxy = x\n# c\n [a]\nq=1" },
        { "[global]", 0, "global.proxy", "x", "[global]\nproxy = x" },
        { "[global]\nProxy :old  \n# c\n", 0, "global.proxy", "new",
          "[global]\nProxy :new  \n# c\n" },
        { "[global]\nproxy =\nq=1\n", 0, "global.proxy", "x", "[global]\nproxy = x\nq=1\n" },
        { "[global]\nproxy=\n", 0, "global.proxy", "x", "[global]\nproxy=x\n" },
        { "[global]\nproxy = \n", 0, "global.proxy", "x", "[global]\nproxy = x\n" },
        { "[global]\nproxy = a\n  b\n # c\n  d\nq=1\n", 0, "global.proxy", "x",
          "[global]\nproxy = x\n # c\nq=1\n" },
        { "[global]\nproxy =\n  b\n", 0, "global.proxy", "x", "[global]\nproxy = x\n" },
        { "[global]\nproxy = a\n", 0, "global.proxy", "", "[global]\nproxy = \n" },
        { "[global]\na_b=1\na-b=2\n", 0, "global.a_b", "3", "[global]\na-b=3\n" },
        { "[DEFAULT]\nq=1\n[DEFAULT]\n", 0, "DEFAULT.proxy", "x",
          "[DEFAULT]\nq=1\nproxy=x\n[DEFAULT]\n" },
        { "[g]\n", 0, "global.proxy", " x", "!UNSUPPORTED" },
        { "[g]\n", 0, "global.proxy", "x" NBSP, "!UNSUPPORTED" },
        { "[g]\n", 0, "global.proxy", "x\ny", "!UNSUPPORTED" },
        { "[g]\n", 0, "global.proxy", "x\ry", "!UNSUPPORTED" },
        { "[g]\n", 0, "global.proxy", "\xFF", "!UNSUPPORTED" },
        { "[g]\n", 0, "a].proxy", "x", "!UNSUPPORTED" },
        { "[g]\n", 0, "proxy", "x", "!INPUT" },
        { "[g]\n", 0, ".proxy", "x", "!INPUT" },
        { "[g]\n", 0, "g.", "x", "!INPUT" },
        { "[g]\n", 0, "g.a=b", "x", "!INPUT" },
        { "[g]\n", 0, "g.[a", "x", "!INPUT" },
        { "[g]\n", 0, "g.#a", "x", "!INPUT" },
        { "[g]\n", 0, "g. a", "x", "!INPUT" },
    };

    (void) state;
    check_edit_rows (&prc_format_pipconf, rows, G_N_ELEMENTS (rows));
}

static void
pipconf__unset__takes_an_empty_section_along (void **state)
{
    static const EditRow rows[] = {
        { "[global]\nproxy = x\n", 0, "global.proxy", NULL, "" },
        { "[a]\nk=v\n\n[global]\nproxy = x\n", 0, "global.proxy", NULL, "[a]\nk=v\n" },
        { "[a]\nk=v\r\n\r\n[global]\r\nproxy = x", 0, "global.proxy", NULL, "[a]\nk=v" },
        { "[a]\nk=v\n\n[global]\nproxy = x\n y\n\n[b]\n", 0, "global.proxy", NULL,
          "[a]\nk=v\n\n[b]\n" },
        { "[global]\n# mine\nproxy = x\n", 0, "global.proxy", NULL, "[global]\n# mine\n" },
        { "[global]\nproxy = x\nq=1", 0, "global.proxy", NULL, "[global]\nq=1" },
        { "[global]\nq=1\nproxy = x", 0, "global.proxy", NULL, "[global]\nq=1" },
        { "[global]\nq=1\nproxy = x\n # c\n y\nz=2", 0, "global.proxy", NULL,
          "[global]\nq=1\n # c\nz=2" },
        { "[a]\nk=v\n[global]\n   proxy = x\n  [b]\n", 0, "global.proxy", NULL,
          "[a]\nk=v\n[global]\n  [b]\n" },
        { "[DEFAULT]\nq=1\n[global]\nproxy = x\n", 0, "global.proxy", NULL,
          "[DEFAULT]\nq=1\n[global]\n" },
        { "[global]\na_b=1\na-b=2\n", 0, "global.a-b", NULL, "" },
    };

    (void) state;
    check_edit_rows (&prc_format_pipconf, rows, G_N_ELEMENTS (rows));
}

static void
pipconf__any_bytes__hold (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    check_any_bytes (&prc_format_pipconf, rand, prc_test_cases (20000), "[g]\n\r =:k#; \t", "g.k");
    check_linear (&prc_format_pipconf, "[g]\nk=1\n", " \n");
    check_linear (&prc_format_pipconf, "[g]\nk=1\n", " x\n");
    check_linear (&prc_format_pipconf, "[", "]");
    check_linear (&prc_format_pipconf, "[g]\nk=", "\xE2\x80\x83");
}

/* The oracle: pip's own parser over all the files, in one process per Python (3.10 or later: "[a]]"
 * is another section in older ones). */
static const char pip_script[] =
    "import sys, os\n"
    "from pip._internal.configuration import Configuration\n"
    "out = []\n"
    "hexed = lambda s: s.encode('utf-8').hex()\n"
    "for i in range(int(sys.argv[1])):\n"
    "    c = Configuration(isolated=True)\n"
    "    try:\n"
    "        c._load_file('user', '%d' % i)\n"
    "    except Exception as e:\n"
    "        out.append('%d !' % i)\n"
    "        continue\n"
    "    items = c._config['user']\n"
    "    if items and isinstance(list(items.values())[0], dict):\n" /* pip 25 nests by file */
    "        items = items[str(i)]\n"
    "    out.append('%d' % i)\n"
    "    for k, v in items.items():\n"
    "        out.append('+%s=%s' % (hexed(k), hexed(v)))\n"
    "sys.stdout.write('\\n'.join(out) + '\\n')\n";

static char *
unhexed (const char *hex)
{
    gsize n = strlen (hex) / 2;
    char *text = g_malloc0 (n + 1);

    for (gsize i = 0; i < n; i++)
        text[i] =
            (char) (g_ascii_xdigit_value (hex[2 * i]) * 16 + g_ascii_xdigit_value (hex[2 * i + 1]));
    return text;
}

static char *
random_line (GRand *rand)
{
    static const char *const indents[] = { "", "", "", "", " ", "  ", "\t", NBSP, "\f" };
    static const char *const sections[] = { "[global]",  "[install]", "[DEFAULT]", "[Global]",
                                            "[ global]", "[g]x",      "[a.b]",     "[a]]" };
    static const char *const keys[] = { "proxy", "Proxy",   "timeout",  "trusted_host",
                                        "a.b",   "--proxy", "cert",     "trusted-host",
                                        "no k",  "[x",      "K\xC3\x84" };
    static const char *const separators[] = { "=", " = ", ":", ": ", "= ", "\t=\t", " " };
    static const char *const values[] = {
        "",    "http://u:p%40@h:8080", "x # y",          "'q'", "a = b", "v ",
        "[z]", "\xE2\x9C\x93",         "a" NBSP "b" NBSP
    };
    static const char *const others[] = { "",      "",     " ",    "# c", "; c",
                                          "  # c", "junk", "more", BOM,   "\x1D" };
    int kind = g_rand_int_range (rand, 0, 20);

    if (kind < 5)
        return g_strconcat (PICK (rand, indents), PICK (rand, sections), NULL);
    if (kind < 15)
        return g_strconcat (PICK (rand, indents), PICK (rand, keys), PICK (rand, separators),
                            PICK (rand, values), NULL);
    return g_strconcat (PICK (rand, indents), PICK (rand, others), NULL);
}

static char *
random_file (GRand *rand)
{
    static const char *const ends[] = { "\n", "\n", "\n", "\r\n", "\r" };
    const char *usual = PICK (rand, ends);
    GString *text = g_string_new (g_rand_int_range (rand, 0, 10) > 0 ? "[global]\n" : NULL);
    int n = g_rand_int_range (rand, 0, 7);

    for (int i = 0; i < n; i++) {
        g_autofree char *line = random_line (rand);

        g_string_append (text, line);
        if (i < n - 1 || g_rand_boolean (rand))
            g_string_append (text, g_rand_int_range (rand, 0, 8) > 0 ? usual : PICK (rand, ends));
    }
    if (g_rand_int_range (rand, 0, 60) == 0)
        g_string_append_c (text, (char) 0xC3);
    return g_string_free (text, FALSE);
}

/* What an edit makes of @text; NULL when pip rejects @text. It may be refused only where a section
 * has one key in two spellings, of which [DEFAULT] would make another one win. */
static char *
random_edit (GRand *rand, const char *text, guint *refused)
{
    static const char *const keys[] = { "global.proxy", "install.proxy",       "DEFAULT.proxy",
                                        "a.b.proxy",    "global.trusted-host", "new.timeout" };
    static const char *const values[] = { "", "http://u:p@h:1", "a = b", "[x]", "# c", "\xC3\xBC" };
    const char *key = PICK (rand, keys);
    const char *value = g_rand_int_range (rand, 0, 3) > 0 ? PICK (rand, values) : NULL;
    g_autoptr (PrcDocument) doc = parse_bytes (&prc_format_pipconf, text, strlen (text), 0, NULL);
    g_autoptr (PrcDocument) after = NULL;

    if (doc == NULL)
        return NULL;
    after = value != NULL ? prc_document_set (doc, key, value, NULL)
                          : prc_document_unset (doc, key, NULL);
    if (after == NULL) {
        assert_true (g_str_has_prefix (key, "DEFAULT.") || strstr (text, "[DEFAULT]") != NULL);
        (*refused)++;
        return NULL;
    }
    if (value != NULL && prc_document_lookup (doc, key, NULL) == PRC_LOOKUP_NONE) {
        g_autoptr (PrcDocument) back = prc_document_unset (after, key, NULL);
        const char *inserted_default = strstr (text, "[DEFAULT]");
        g_autofree char *old = text_of (back);

        /* Taking it out again gives the old bytes; a section header may stay or go. */
        if (inserted_default == NULL && strlen (old) == strlen (text))
            assert_string_equal (old, text);
    }
    return text_of (after);
}

static void
compare_with_pip (const char *text, const GPtrArray *answers, gboolean rejected)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = parse_bytes (&prc_format_pipconf, text, strlen (text), 0, &error);
    g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *shown = g_strescape (text, NULL);

    if ((doc == NULL) != rejected)
        fail_msg ("pip %s, we %s (%s): %s", rejected ? "rejects" : "reads",
                  doc == NULL ? "reject" : "read", error != NULL ? error->message : "-", shown);
    if (rejected)
        return;
    for (guint i = 0; i + 1 < answers->len; i += 2) {
        const char *key = g_ptr_array_index (answers, i), *value = answers->pdata[i + 1];
        g_autofree char *inherited = g_strconcat ("DEFAULT", strchr (key, '.'), NULL);
        const PrcEntry *entry = NULL;

        g_hash_table_add (known, g_strdup (key));
        g_hash_table_add (known, g_strdup (inherited));
        /* A section name with a dot in it: what [DEFAULT] gives is behind the last one. */
        if (prc_document_lookup (doc, key, &entry) == PRC_LOOKUP_NONE &&
            prc_document_lookup (doc, inherited, &entry) == PRC_LOOKUP_NONE) {
            g_free (inherited);
            inherited = g_strconcat ("DEFAULT", strchr (strchr (key, '.') + 1, '.'), NULL);
            g_hash_table_add (known, g_strdup (inherited));
            (void) prc_document_lookup (doc, inherited, &entry);
        }
        if (entry == NULL || strcmp (entry->value, value) != 0)
            fail_msg ("%s: pip reads '%s', we '%s' in %s", key, value,
                      entry != NULL ? entry->value : "(nothing)", shown);
    }
    for (guint i = 0; i < prc_document_entries (doc)->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i);

        if (answers->len > 0 && !g_hash_table_contains (known, entry->key) &&
            !g_str_has_prefix (entry->key, "DEFAULT."))
            fail_msg ("pip doesn't read %s in %s", entry->key, shown);
    }
}

static char *
run_pip (const char *python, const GPtrArray *files)
{
    const char *const envp[] = { "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent",
                                 NULL };
    g_autofree char *count = g_strdup_printf ("%u", files->len);
    const char *const argv[] = { python, "-c", pip_script, count, NULL };
    char *dir = prc_test_dir_new ();
    g_autoptr (GBytes) out = NULL;
    int status;

    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_strdup_printf ("%s/%u", dir, i);

        write_rc_file (path, g_ptr_array_index (files, i));
    }
    status = prc_test_run (argv, (char *const *) envp, dir, NULL, &out, NULL);
    prc_test_dir_remove (dir);
    return status == 0 ? g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out)) : NULL;
}

static void
compare_all (const char *python, const GPtrArray *files)
{
    g_autofree char *output = run_pip (python, files);
    g_auto (GStrv) lines = NULL;
    guint n = 0, n_rejected = 0;

    if (output == NULL) {
        printf ("# skipped: %s has no pip\n", python);
        return;
    }
    lines = g_strsplit (output, "\n", -1);
    for (char **line = lines; *line != NULL && **line != '\0'; n++) {
        gboolean rejected = strchr (*line, '!') != NULL;
        g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func (g_free);

        assert_int_equal (atoi (*line), n);
        for (line++; *line != NULL && **line == '+'; line++) {
            g_auto (GStrv) pair = g_strsplit (*line + 1, "=", 2);

            g_ptr_array_add (answers, unhexed (pair[0]));
            g_ptr_array_add (answers, unhexed (pair[1]));
        }
        n_rejected += rejected;
        compare_with_pip (g_ptr_array_index (files, n), answers, rejected);
    }
    assert_int_equal (n, files->len);
    assert_true (n_rejected < n);
    printf ("# %s: %u files, of which it rejects %u\n", python, n, n_rejected);
}

static void
pipconf__generated_files__read_as_pip_itself_does (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *in_path = prc_test_tool ("python3");
    const char *more = g_getenv ("PRC_TEST_PYTHONS");
    g_auto (GStrv) others = g_strsplit (more != NULL ? more : "/usr/bin/python3", ":", -1);
    guint n = prc_test_cases (4000), refused = 0;

    (void) state;
    while (files->len < n) {
        char *text = random_file (rand);
        char *after = random_edit (rand, text, &refused);

        g_ptr_array_add (files, text);
        if (after != NULL)
            g_ptr_array_add (files, after);
    }
    assert_true (refused < n / 50 + 1);
    if (in_path != NULL)
        compare_all (in_path, files);
    for (char **python = others; *python != NULL; python++)
        if (g_strcmp0 (*python, in_path) != 0)
            compare_all (*python, files);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (pipconf__files__read_as_pip_does),
        cmocka_unit_test (pipconf__set__changes_no_other_byte),
        cmocka_unit_test (pipconf__unset__takes_an_empty_section_along),
        cmocka_unit_test (pipconf__any_bytes__hold),
        cmocka_unit_test (pipconf__generated_files__read_as_pip_itself_does),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
