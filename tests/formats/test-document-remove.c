#include "test.h"

#include "formats/document.h"
#include "toy-format.h"

static PrcDocument *
parse (const PrcFormat *format, const char *text)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    PrcDocument *doc = prc_document_parse (format, bytes, 0, &error);

    assert_no_error (error);
    return doc;
}

static char *
text_of (const PrcDocument *doc)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);

    return g_strndup (size > 0 ? data : "", size);
}

/* What can go together goes together; a driver whose entries must be removed one by one may give up
 * instead. */
static void
edits__very_many_duplicates__few_readings (void **state)
{
    static const PrcFormat *const formats[] = { &toy_format, &toy_format_removing,
                                                &toy_format_clinging };
    g_autoptr (GString) text = g_string_new (NULL);

    (void) state;
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf (text, "k=http://proxy.example:%u\n%s", i, i % 3 > 0 ? "" : "a=1\n");
    for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
        g_autoptr (GError) set_error = NULL;
        g_autoptr (GError) unset_error = NULL;
        g_autoptr (PrcDocument) doc = parse (formats[i], text->str);
        guint before = toy_format_n_parsed;
        g_autoptr (PrcDocument) set = prc_document_set (doc, "k", "new", &set_error);
        g_autoptr (PrcDocument) unset = prc_document_unset (doc, "k", &unset_error);

        if (formats[i] == &toy_format_clinging) {
            assert_error (set_error, PRC_ERROR_UNSUPPORTED);
            assert_error (unset_error, PRC_ERROR_UNSUPPORTED);
            continue;
        }
        assert_no_error (set_error);
        assert_no_error (unset_error);
        assert_int_equal (prc_document_entries (set)->len, 6668);
        assert_int_equal (prc_document_entries (unset)->len, 6667);
        assert_in_range (toy_format_n_parsed - before, 1, 6);
    }
}

static gboolean
is_key (const PrcEntry *entry, gpointer key)
{
    return strcmp (entry->key, key) == 0 || *entry->key == 'z';
}

static void
remove_if__many_of_many_keys__few_readings (void **state)
{
    static const PrcFormat *const formats[] = { &toy_format, &toy_format_removing,
                                                &toy_format_clinging };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (formats); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GString) text = g_string_new (NULL);
        g_autoptr (PrcDocument) doc = NULL;
        g_autoptr (PrcDocument) after = NULL;
        g_autofree char *left = NULL;
        guint before, n = 0;

        for (guint k = 0; k < 300; k++)
            g_string_append_printf (text, "k=1\nz%u=1\n?k=2\n", k % 30);
        g_string_append (text, "a=1");
        doc = parse (formats[i], text->str);
        before = toy_format_n_parsed;
        after = prc_document_remove_if (doc, is_key, (gpointer) "k", &n, NULL, &error);
        assert_no_error (error);
        left = text_of (after);
        assert_string_equal (left, "a=1");
        assert_int_equal (n, 900);
        if (formats[i] != &toy_format_clinging)
            assert_in_range (toy_format_n_parsed - before, 1,
                             formats[i] == &toy_format ? 2 : 2 * 31);
    }
}

static void
replace_entries__several__all_or_none (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = parse (&toy_format, "k=1\na=2\n?k=3\n-k\n");
    g_autoptr (GHashTable) values = g_hash_table_new (NULL, NULL);
    g_autoptr (PrcDocument) after = NULL;
    g_autofree char *text = NULL;

    (void) state;
    (void) g_hash_table_insert (values, GUINT_TO_POINTER (0), (gpointer) "x");
    (void) g_hash_table_insert (values, GUINT_TO_POINTER (1), (gpointer) "y");
    (void) g_hash_table_insert (values, GUINT_TO_POINTER (2), (gpointer) "z");
    after = prc_document_replace_entries (doc, values, &error);
    assert_no_error (error);
    text = text_of (after);
    assert_string_equal (text, "k=x\na=y\n?k=z\n-k\n");
    (void) g_hash_table_insert (values, GUINT_TO_POINTER (1), (gpointer) "cut;here");
    assert_null (prc_document_replace_entries (doc, values, &error));
    assert_error (error, PRC_ERROR_UNSUPPORTED);
    g_clear_error (&error);
    (void) g_hash_table_insert (values, GUINT_TO_POINTER (3), (gpointer) "x");
    assert_null (prc_document_replace_entries (doc, values, &error));
    assert_error (error, PRC_ERROR_UNSUPPORTED);
}

static void
edits__many_duplicates_one_by_one__done (void **state)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (PrcDocument) doc = NULL;
    g_autoptr (PrcDocument) set = NULL;

    (void) state;
    for (guint i = 0; i < 500; i++)
        g_string_append (text, "k=http://proxy.example:3128\n");
    doc = parse (&toy_format_clinging, text->str);
    set = prc_document_set (doc, "k", "new", NULL);
    assert_int_equal (prc_document_entries (set)->len, 1);
}

int
main (void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test (edits__very_many_duplicates__few_readings),
        cmocka_unit_test (remove_if__many_of_many_keys__few_readings),
        cmocka_unit_test (replace_entries__several__all_or_none),
        cmocka_unit_test (edits__many_duplicates_one_by_one__done),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}
