#include "test.h"

#include "formats/splice.h"

enum { EDITS_MAX = 4 };

typedef struct {
    const char *before;
    PrcEdit edits[EDITS_MAX]; /* up to the first with start > end */
    const char *after;        /* NULL: refused */
} Row;

#define END                                                                                        \
    {                                                                                              \
        1, 0, NULL                                                                                 \
    }

static gsize
count_edits (const Row *row)
{
    gsize n = 0;

    while (n < EDITS_MAX && row->edits[n].start <= row->edits[n].end)
        n++;
    return n;
}

static void
splice__edits__everything_else_carried_over (void **state)
{
    static const Row rows[] = {
        { "", { END }, "" },
        { "abc", { END }, "abc" },
        { "", { { 0, 0, (char *) "x" }, END }, "x" },
        { "abc", { { 0, 0, (char *) "x" }, END }, "xabc" },
        { "abc", { { 3, 3, (char *) "x" }, END }, "abcx" },
        { "abc", { { 1, 2, (char *) "xyz" }, END }, "axyzc" },
        { "abc", { { 1, 2, NULL }, END }, "ac" },
        { "abc", { { 1, 2, (char *) "" }, END }, "ac" },
        { "abc", { { 0, 3, NULL }, END }, "" },
        { "abc", { { 0, 1, NULL }, { 1, 2, (char *) "B" }, { 2, 3, NULL }, END }, "B" },
        { "abc", { { 1, 1, (char *) "x" }, { 1, 1, (char *) "y" }, { 1, 2, NULL }, END }, "axyc" },
        { "a\r\nb", { { 3, 4, (char *) "\xFF" }, END }, "a\r\n\xFF" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) before = g_bytes_new (rows[i].before, strlen (rows[i].before));
        g_autoptr (GBytes) after =
            prc_splice (before, rows[i].edits, count_edits (&rows[i]), &error);
        g_autoptr (GBytes) expected = g_bytes_new (rows[i].after, strlen (rows[i].after));

        assert_no_error (error);
        if (!g_bytes_equal (after, expected))
            fail_msg ("row %zu", i);
    }
}

static void
splice__range_or_order_wrong__refused (void **state)
{
    static const struct {
        PrcEdit edits[2];
        gsize n_edits;
    } rows[] = {
        { { { 0, 4, NULL } }, 1 },
        { { { 4, 4, NULL } }, 1 },
        { { { 2, 1, NULL } }, 1 },
        { { { 0, G_MAXSIZE, NULL } }, 1 },
        { { { G_MAXSIZE, G_MAXSIZE, NULL } }, 1 },
        { { { 0, 2, NULL }, { 1, 3, NULL } }, 2 },
        { { { 1, 1, NULL }, { 0, 0, NULL } }, 2 },
        { { { 0, 3, NULL }, { 2, 2, NULL } }, 2 },
    };
    g_autoptr (GBytes) source = g_bytes_new_static ("abc", 3);

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;

        assert_null (prc_splice (source, rows[i].edits, rows[i].n_edits, &error));
        assert_error (error, PRC_ERROR_INPUT);
    }
}

/* Against the plainest way to say the same: from the last edit to the first. */
static void
splice__generated_edits__as_one_by_one (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (5000);

    (void) state;
    for (guint i = 0; i < n; i++) {
        gsize size = (gsize) g_rand_int_range (rand, 0, 40), at = 0;
        g_autofree char *text = g_malloc0 (size + 1);
        g_autoptr (GBytes) source = NULL;
        g_autoptr (GBytes) result = NULL;
        g_autoptr (GString) plain = NULL;
        PrcEdit edits[EDITS_MAX];
        char texts[EDITS_MAX][4];

        for (gsize k = 0; k < size; k++)
            text[k] = (char) g_rand_int_range (rand, 'a', 'z');
        for (gsize k = 0; k < EDITS_MAX; k++) {
            g_snprintf (texts[k], sizeof texts[k], "%.*s", g_rand_int_range (rand, 0, 4), "XYZ");
            edits[k].start = at + (gsize) g_rand_int_range (rand, 0, (gint32) (size - at) + 1);
            edits[k].end = edits[k].start +
                           (gsize) g_rand_int_range (rand, 0, (gint32) (size - edits[k].start) + 1);
            edits[k].text = g_rand_boolean (rand) ? texts[k] : NULL;
            at = edits[k].end;
        }
        source = g_bytes_new (text, size);
        result = prc_splice (source, edits, EDITS_MAX, NULL);
        plain = g_string_new (text);
        for (gsize k = EDITS_MAX; k > 0; k--) {
            const PrcEdit *edit = &edits[k - 1];

            g_string_erase (plain, (gssize) edit->start, (gssize) (edit->end - edit->start));
            g_string_insert (plain, (gssize) edit->start, edit->text != NULL ? edit->text : "");
        }
        assert_int_equal (g_bytes_get_size (result), plain->len);
        assert_memory_equal (g_bytes_get_data (result, NULL), plain->str, plain->len);
    }
}

static void
edit_clear__twice__harmless (void **state)
{
    PrcEdit edit = { 1, 2, g_strdup ("text") };

    (void) state;
    prc_edit_clear (&edit);
    assert_null (edit.text);
    assert_int_equal (edit.end, 0);
    prc_edit_clear (&edit);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (splice__edits__everything_else_carried_over),
    cmocka_unit_test (splice__range_or_order_wrong__refused),
    cmocka_unit_test (splice__generated_edits__as_one_by_one),
    cmocka_unit_test (edit_clear__twice__harmless),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
