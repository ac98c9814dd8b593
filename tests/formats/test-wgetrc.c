#include "rc-test.h"

#include "formats/drivers.h"

static void
wgetrc__files__read_as_wget_does (void **state)
{
    static const ReadRow rows[] = {
        { "", 0, "" },
        { "# c\n  # d\n \t\n", 0, "" },
        { "http_proxy = http://u:p@h:1 # x\n", 0, "1 http_proxy=http://u:p@h:1 # x" },
        { "  HTTP-Proxy=x \r\nhttpsproxy\t=\ty\nh_t_t_p_proxy=z", 0,
          "1 http_proxy=x|2 https_proxy=y|3 http_proxy=z" },
        { "no_proxy = a,b\nno_proxy =\n", 0, "1 no_proxy=a,b L|2 no_proxy= L" },
        { "proxy_passwd = 'q'\nproxy_password==x\n", 0,
          "1 proxy_password='q'|2 proxy_password==x" },
        { "use_proxy = OFF\nuse_proxy=1\n", 0, "1 use_proxy=OFF|2 use_proxy=1" },
        { "timeout = 5\n", 0, "1 timeout=5" },
        { "use_proxy = maybe\n", 0, "!1" },
        { "\ntimeout = soon\n", 0, "!2" },
        { "http_proxy: x\n", 0, "!1" },
        { "http_proxy\n", 0, "!1" },
        { "= x\n", 0, "!1" },
        { "bogus = 1\n", 0, "!1" },
        { "bogus-one = 1\n", PRC_TOOL_VERSION (1, 25, 0), "1 bogus_one=1" },
        { "\xEF\xBB\xBFhttp_proxy = x\n", 0, "!1" },
        { "http_proxy = \xFF\x01\n", 0, "1 http_proxy=\\377\\001" },
    };

    (void) state;
    check_read_rows (&prc_format_wgetrc, rows, G_N_ELEMENTS (rows));
}

static void
wgetrc__edit__changes_no_other_byte (void **state)
{
    static const EditRow rows[] = {
        { "", 0, "http_proxy", "x", "http_proxy = x\n" },
        { "# c", 0, "HTTP-PROXY", "x", "# c\nhttp_proxy = x" },
        { "use_proxy=on\r\nquiet=on\r\n", 0, "http_proxy", "x",
          "use_proxy=on\r\nhttp_proxy = x\r\nquiet=on\r\n" },
        { "Http-Proxy=old \nquiet=on\n", 0, "http_proxy", "n ew", "Http-Proxy=n ew \nquiet=on\n" },
        { "http_proxy=a\nquiet=on\nhttpproxy=b\n", 0, "http_proxy", "c",
          "quiet=on\nhttpproxy=c\n" },
        { "http_proxy =\n", 0, "http_proxy", "c", "http_proxy = c\n" },
        { "http_proxy=\r\n", 0, "http_proxy", "c", "http_proxy=c\r\n" },
        { "http_proxy = c\n", 0, "http_proxy", "", "http_proxy = \n" },
        { "", 0, "http_proxy", "", "http_proxy =\n" },
        { "no_proxy=a\nno_proxy=b\n", 0, "no_proxy", "c", "no_proxy = c\n" },
        { "", 0, "use_proxy", "maybe", "!UNSUPPORTED" },
        { "", 0, "http_proxy", " x", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "x\t", "!UNSUPPORTED" },
        { "", 0, "http_proxy", "x\ny", "!UNSUPPORTED" },
        { "", 0, "httpx_proxy", "x", "!INPUT" },
        { "http_proxy=a\nquiet=on\nhttp_proxy=b", 0, "http_proxy", NULL, "quiet=on" },
    };

    (void) state;
    check_edit_rows (&prc_format_wgetrc, rows, G_N_ELEMENTS (rows));
}

static void
wgetrc__any_bytes__hold (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    check_any_bytes (&prc_format_wgetrc, rand, prc_test_cases (10000), "quota= \n\r\t#1-_",
                     "quota");
    check_linear (&prc_format_wgetrc, "", "quota=1\n");
    check_linear (&prc_format_wgetrc, "quota=1", " ");
    check_linear (&prc_format_wgetrc, "http_proxy=", "_");
}

static char *
random_file (GRand *rand)
{
    static const char *const names[] = {
        "http_proxy", "HTTP_PROXY", "https-proxy", "httpsproxy", "no_proxy",       "proxy_user",
        "use_proxy",  "quiet",      "timeout",     "user-agent", "proxy_password", "bogus",
        "http proxy", "",           "#http_proxy", "ftp_proxy",  "__http__proxy",  "quota"
    };
    static const char *const gaps[] = { "=", " = ", "= ", " =", "==", " ", ":", "\t=\t", "\f=\v" };
    static const char *const values[] = {
        "",       "http://u:p%40@h:1", "on",  "OFF", "5", "x # y", "'q'", "\"q\"",
        "\\x\\n", "\xC3\xBC",          "\xFF"
    };
    static const char *const numbers[] = { "5",   "5m",  "+5.5", "5k", ".5",
                                           "inf", "5 k", "5x",   "-5", "." };
    static const char *const ends[] = { "\n", "\r\n", " \n", "\t\r\n", "\n\n", "\n# c\n" };
    /* What wget says it sets is in its debugging output only. */
    GString *text = g_string_new ("debug = on\n");
    int n = g_rand_int_range (rand, 0, 6);

    for (int i = 0; i < n; i++) {
        /* Mostly what is right: one slip and nothing is read at all. */
        gboolean is_odd = g_rand_int_range (rand, 0, 12) == 0;
        const char *name = is_odd ? PICK (rand, names) : names[g_rand_int_range (rand, 0, 6)];

        g_string_append (text, g_rand_int_range (rand, 0, 5) > 0 ? "" : " \t");
        g_string_append (text, name);
        g_string_append (text, is_odd ? PICK (rand, gaps) : gaps[g_rand_int_range (rand, 0, 5)]);
        if (strcmp (name, "timeout") == 0 || strcmp (name, "quota") == 0)
            g_string_append (text, PICK (rand, numbers));
        else
            g_string_append (text, PICK (rand, values));
        if (i < n - 1 || g_rand_boolean (rand))
            g_string_append (text, PICK (rand, ends));
    }
    return g_string_free (text, FALSE);
}

/* "BARE-NAME VALUE" per line that wget says it sets from the file; NULL when it refuses it. */
static GPtrArray *
ask_wget (const char *program, const char *dir, const char *text)
{
    g_autofree char *path = g_build_filename (dir, "rc", NULL);
    const char *const envp[] = { "PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C",
                                 "SYSTEM_WGETRC=/dev/null", NULL };
    const char *const argv[] = { program, "--config", path, NULL };
    GPtrArray *set = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GBytes) err = NULL;
    g_autofree char *all = NULL;
    g_auto (GStrv) lines = NULL;

    write_rc_file (path, text);
    (void) prc_test_run (argv, (char *const *) envp, dir, NULL, NULL, &err);
    all = g_strndup (g_bytes_get_data (err, NULL), g_bytes_get_size (err));
    if (strstr (all, "Exiting due to error in") != NULL) {
        g_ptr_array_unref (set);
        return NULL;
    }
    assert_non_null (strstr (all, "missing URL"));
    lines = g_strsplit (all, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        char *open = strstr (*line, " ("), *close = open != NULL ? strstr (open, ") to ") : NULL;

        if (!g_str_has_prefix (*line, "Setting ") || g_str_has_prefix (*line, "Setting --") ||
            close == NULL)
            continue;
        *close = '\0';
        g_ptr_array_add (set, g_strconcat (open + 2, " ", close + strlen (") to "), NULL));
    }
    return set;
}

static void
compare_with_wget (const char *program, const char *dir, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = parse_bytes (&prc_format_wgetrc, text, strlen (text), 0, &error);
    g_autoptr (GPtrArray) set = ask_wget (program, dir, text);
    g_autofree char *shown = g_strescape (text, NULL);

    if ((doc == NULL) != (set == NULL))
        fail_msg ("wget %s, we %s (%s): %s", set == NULL ? "refuses" : "reads",
                  doc == NULL ? "refuse" : "read", error != NULL ? error->message : "-", shown);
    if (doc == NULL)
        return;
    /* The first line turns the output on, and isn't in it. */
    if (set->len + 1 != prc_document_entries (doc)->len)
        fail_msg ("wget sets %u, we read %u: %s", set->len, prc_document_entries (doc)->len - 1,
                  shown);
    for (guint i = 0; i < set->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (prc_document_entries (doc), i + 1);
        g_auto (GStrv) bare = g_strsplit (entry->key, "_", -1);
        g_autofree char *name = g_strjoinv ("", bare);
        g_autofree char *ours = g_strconcat (name, " ", entry->value, NULL);

        if (strcmp (ours, g_ptr_array_index (set, i)) != 0)
            fail_msg ("wget sets '%s', we read '%s': %s", (char *) g_ptr_array_index (set, i), ours,
                      shown);
    }
}

static void
wgetrc__generated_files__read_as_wget_itself_does (void **state)
{
    static const char *const keys[] = { "http_proxy", "no-proxy", "USE_PROXY", "proxy_user" };
    static const char *const values[] = { "", "http://u:p@h:1", "on", "a = b # c", "\xFF", "=x" };
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    g_autofree char *program = prc_test_tool ("wget");
    char *dir = NULL;
    guint n = prc_test_cases (500), n_read = 0;

    (void) state;
    if (program == NULL)
        return;
    dir = prc_test_dir_new ();
    for (guint i = 0; i < n; i++) {
        g_autofree char *text = random_file (rand);
        const char *key = PICK (rand, keys), *value = PICK (rand, values);
        g_autoptr (PrcDocument) doc =
            parse_bytes (&prc_format_wgetrc, text, strlen (text), 0, NULL);
        g_autoptr (PrcDocument) after = NULL;
        g_autofree char *edited = NULL;

        compare_with_wget (program, dir, text);
        if (doc == NULL)
            continue;
        n_read++;
        after = prc_document_set (doc, key, value, NULL);
        assert_true (after != NULL || strcmp (key, "USE_PROXY") == 0);
        if (after == NULL)
            continue;
        edited = text_of (after);
        compare_with_wget (program, dir, edited);
    }
    prc_test_dir_remove (dir);
    assert_true (n_read > n / 4);
    printf ("# %u files, of which wget reads %u\n", n, n_read);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (wgetrc__files__read_as_wget_does),
        cmocka_unit_test (wgetrc__edit__changes_no_other_byte),
        cmocka_unit_test (wgetrc__any_bytes__hold),
        cmocka_unit_test (wgetrc__generated_files__read_as_wget_itself_does),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
