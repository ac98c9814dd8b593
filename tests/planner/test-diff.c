#include "test.h"

#include "planner/diff.h"

static PrcDocument *
parse (const char *format, const char *text)
{
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    GError *error = NULL;
    PrcDocument *doc = prc_document_parse (prc_format_by_name (format), bytes, 0, &error);

    assert_no_error (error);
    return doc;
}

static void
check (const char *format, const char *before, const char *after, const char *expected)
{
    g_autoptr (PrcDocument) a = before != NULL ? parse (format, before) : NULL;
    g_autoptr (PrcDocument) b = after != NULL ? parse (format, after) : NULL;
    g_autoptr (GString) out = g_string_new (NULL);

    prc_diff_append (out, "/f", a, b);
    assert_string_equal (out->str, expected);
}

static void
diff__shapes__unified (void **state)
{
    (void) state;
    check ("npmrc", "a=1\n", "a=1\n", "");
    check ("npmrc", "a=1\n", "a=2\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a=1\n+a=2\n");
    check ("npmrc", NULL, "a=1\nb=2\n", "--- /dev/null\n+++ b/f\n@@ -0,0 +1,2 @@\n+a=1\n+b=2\n");
    check ("npmrc", "a=1\n", NULL, "--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a=1\n");
    check ("npmrc", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n9\n",
           "--- a/f\n+++ b/f\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n");
    check ("npmrc", "a=1", "a=1\nb=2",
           "--- a/f\n+++ b/f\n@@ -1 +1,2 @@\n-a=1\n\\ No newline at end of file\n+a=1\n+b=2\n\\ No "
           "newline at end of file\n");
}

/* patch(1) is the judge of what a unified diff is. */
static void
diff__random_edits__patch_applies_them (void **state)
{
    g_autofree char *patch = prc_test_tool ("patch");
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    if (patch == NULL)
        skip ();
    for (guint i = 0; i < prc_test_cases (60); i++) {
        g_autoptr (GString) before = g_string_new (NULL);
        g_autoptr (GString) after = g_string_new (NULL);
        g_autoptr (GString) out = g_string_new (NULL);
        g_autoptr (PrcDocument) a = NULL;
        g_autoptr (PrcDocument) b = NULL;
        g_autofree char *dir = prc_test_dir_new ();
        g_autofree char *file = g_build_filename (dir, "f", NULL);
        g_autofree char *result = NULL;
        const char *argv[] = { patch, "-s", "-p1", file, NULL };
        g_autoptr (GBytes) input = NULL;

        for (gint n = g_rand_int_range (rand, 0, 30); n > 0; n--) {
            g_autofree char *line = g_strdup_printf ("k%d=v\n", g_rand_int_range (rand, 0, 6));
            gint what = g_rand_int_range (rand, 0, 8);

            if (what != 0)
                g_string_append (before, line);
            if (what != 1)
                g_string_append (after, line);
        }
        a = parse ("npmrc", before->str);
        b = parse ("npmrc", after->str);
        prc_diff_append (out, "/f", a, b);
        if (out->len == 0) {
            assert_string_equal (before->str, after->str);
            prc_test_dir_remove (g_steal_pointer (&dir));
            continue;
        }
        assert_true (g_file_set_contents (file, before->str, -1, NULL));
        input = g_bytes_new (out->str, out->len);
        assert_int_equal (prc_test_run (argv, NULL, dir, input, NULL, NULL), 0);
        if (after->len > 0) { /* patch removes a file that becomes empty */
            assert_true (g_file_get_contents (file, &result, NULL, NULL));
            assert_string_equal (result, after->str);
        }
        prc_test_dir_remove (g_steal_pointer (&dir));
    }
}

static void
diff__secrets__never_shown (void **state)
{
    static const char *const lines[] = {
        "proxy=http://u:HIDDEN@h:1\n",
        "# old: proxy=http://u:HIDDEN@h:1\n",
        "//registry.example/:_authToken=HIDDEN\n",
        "_password=HIDDEN\n",
        "proxy=http://u:HIDDEN@x@h:1/?a=b\n",
        "; password = HIDDEN\n",
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (lines); i++) {
        g_autofree char *with = g_strconcat (lines[i], "k=1\n", NULL);
        g_autoptr (PrcDocument) a = parse ("npmrc", with);
        g_autoptr (PrcDocument) b = parse ("npmrc", "k=2\n");
        g_autoptr (GString) out = g_string_new (NULL);

        prc_diff_append (out, "/f", a, b);
        prc_diff_append (out, "/f", b, a);
        if (strstr (out->str, "HIDDEN") != NULL)
            fail_msg ("shown: %s", out->str);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (diff__shapes__unified),
        cmocka_unit_test (diff__random_edits__patch_applies_them),
        cmocka_unit_test (diff__secrets__never_shown),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
