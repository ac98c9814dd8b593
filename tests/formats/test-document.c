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

/* Sets (or, with a NULL value, unsets) and compares; a NULL @after is an edit that must be refused.
 * What was done once must change nothing when it is done again. */
static void
check (const PrcFormat *format, const char *before, const char *key, const char *value,
       const char *after)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = parse (format, before);
    g_autoptr (PrcDocument) once = value != NULL ? prc_document_set (doc, key, value, &error)
                                                 : prc_document_unset (doc, key, &error);
    g_autoptr (PrcDocument) twice = NULL;
    g_autofree char *kept = text_of (doc);
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    assert_string_equal (kept, before);
    if (after == NULL) {
        if (once != NULL)
            fail_msg ("%s, %s=%s: not refused", before, key, value);
        assert_true (g_error_matches (error, PRC_ERROR, PRC_ERROR_INPUT) ||
                     g_error_matches (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED));
        return;
    }
    if (once == NULL)
        fail_msg ("%s, %s=%s: %s", before, key, value, error->message);
    first = text_of (once);
    assert_string_equal (first, after);
    twice = value != NULL ? prc_document_set (once, key, value, &error)
                          : prc_document_unset (once, key, &error);
    assert_no_error (error);
    second = text_of (twice);
    assert_string_equal (second, after);
}

typedef struct {
    const char *before, *value, *after;
} Row;

static void
check_rows (const PrcFormat *format, const Row *rows, gsize n)
{
    for (gsize i = 0; i < n; i++)
        check (format, rows[i].before, "k", rows[i].value, rows[i].after);
}

#define CHECK_ROWS(rows)                                                                           \
    do {                                                                                           \
        check_rows (&toy_format, rows, G_N_ELEMENTS (rows));                                       \
        check_rows (&toy_format_removing, rows, G_N_ELEMENTS (rows));                              \
    } while (0)

static void
set__values__written_where_they_stand (void **state)
{
    static const Row rows[] = {
        { "k=old\n", "new", "k=new\n" },
        { "k=same\n", "same", "k=same\n" },
        { "k=\n", "", "k=\n" },
        { "k=old\n", "", "k=\n" },
        { "# k=1\n\na=1\nk=old\nb=2\n", "new", "# k=1\n\na=1\nk=new\nb=2\n" },
        { "a=1\n", "new", "a=1\nk=new\n" },
        { "", "new", "k=new\n" },
        { "k=\xFF\xFE\n#\xFF\n", "\xC3\xBC", "k=\xC3\xBC\n#\xFF\n" },
        { "kk=1\nK=2\n", "new", "kk=1\nK=2\nk=new\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
set__duplicates__one_left (void **state)
{
    static const Row rows[] = {
        { "k=1\nk=2\nk=3\n", "new", "k=new\n" },
        { "k=1\na=1\nk=2\n#x\nk=3\nb=1\n", "new", "a=1\n#x\nk=new\nb=1\n" },
        { "k=new\nk=new\n", "new", "k=new\n" },
        { "k=1\nk=new\n", "new", "k=new\n" },
        { "k=new\nk=1\n", "new", "k=new\n" },
        { "-k\nk=1\n", "new", "-k\nk=new\n" },
        { "k=1\n-k\n", "new", "k=new\n" },
        { "k=1\n-k\nk=2\n-k\n", "new", "-k\nk=new\n" },
        { "-k\n", "new", "-k\nk=new\n" },
        { "k=1\n+k\n", "new", "k=new\n+k\n" },
        { "+k\n", "new", "+k\nk=new\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
set__last_line_without_newline__stays_so (void **state)
{
    static const Row rows[] = {
        { "k=old", "new", "k=new" },
        { "a=1", "new", "a=1\nk=new" },
        { "a=1\nk=old", "new", "a=1\nk=new" },
        { "k=1\nk=2", "new", "k=new" },
        { "#", "new", "#\nk=new" },
        { "\n", "new", "\nk=new\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
set__crlf__kept_and_used (void **state)
{
    static const Row rows[] = {
        { "k=old\r\n", "new", "k=new\r\n" },
        { "a=1\r\nk=old\r\nb=2\r\n", "new", "a=1\r\nk=new\r\nb=2\r\n" },
        { "a=1\r\n", "new", "a=1\r\nk=new\r\n" },
        { "a=1\r\nb=2", "new", "a=1\r\nb=2\r\nk=new" },
        { "k=1\r\na=1\r\nk=2\r\n", "new", "a=1\r\nk=new\r\n" },
        { "a=1\nb=2\r\n", "new", "a=1\nb=2\r\nk=new\n" },
        { "a=1\r\nb=2\n", "new", "a=1\r\nb=2\nk=new\r\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
unset__entries__gone_with_their_lines (void **state)
{
    static const Row rows[] = {
        { "k=1\n", NULL, "" },
        { "", NULL, "" },
        { "a=1\n", NULL, "a=1\n" },
        { "a=1\nk=1\nb=2\n", NULL, "a=1\nb=2\n" },
        { "k=1\na=1\nk=2\nk=3\n", NULL, "a=1\n" },
        { "k=1\n-k\n+k\n", NULL, "" },
        { "%k=1\n!k=2\n", NULL, "" },
        { "*k=1\n*k=2\n", NULL, "" },
        { "a=1\r\nk=1\r\nb=2\r\n", NULL, "a=1\r\nb=2\r\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

/* A driver with a remove() of its own sees to this itself. */
static void
unset__last_line_without_newline__stays_so (void **state)
{
    static const Row rows[] = {
        { "k=1", NULL, "" },
        { "a=1\nk=1", NULL, "a=1" },
        { "a=1\r\nk=1", NULL, "a=1" },
        { "a=1\nk=1\nk=2", NULL, "a=1" },
        { "a=1\r\nk=1\r\nk=2\r\nk=3", NULL, "a=1" },
        { "k=1\nk=2", NULL, "" },
        { "a=1\n\nk=1\nk=2", NULL, "a=1\n" },
        { "k=1\na=1\nk=2", NULL, "a=1" },
        { "k=1\na=1", NULL, "a=1" },
        { "a=1\nk=1\nk=2\n", NULL, "a=1\n" },
    };

    (void) state;
    check_rows (&toy_format, rows, G_N_ELEMENTS (rows));
}

static void
set__conditional_and_dynamic__left_and_beaten (void **state)
{
    static const Row rows[] = {
        /* in front of the value: it has the last word already */
        { "?k=1\nk=old\n", "new", "?k=1\nk=new\n" },
        { "~k=1\nk=old\n", "new", "~k=1\nk=new\n" },
        /* behind it: the value moves behind them */
        { "k=old\n?k=1\n", "new", "?k=1\nk=new\n" },
        { "k=old\n~k=1\na=1\n", "new", "~k=1\na=1\nk=new\n" },
        { "k=new\n?k=1\n", "new", "?k=1\nk=new\n" },
        { "?k=1\n", "new", "?k=1\nk=new\n" },
        { "~k=1\n", "new", "~k=1\nk=new\n" },
        { "k=1\n?k=1\nk=2\n~k=2\n", "new", "?k=1\n~k=2\nk=new\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
unset__conditional_and_dynamic__left (void **state)
{
    static const Row rows[] = {
        { "k=1\n?k=2\n~k=3\n", NULL, "?k=2\n~k=3\n" },
        { "?k=2\n", NULL, "?k=2\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
set__private_and_inert__do_not_count (void **state)
{
    static const Row rows[] = {
        { "%k=1\n", "new", "%k=1\nk=new\n" },
        { "k=old\n%k=1\n", "new", "k=new\n%k=1\n" },
        { "%k=new\n", "new", "%k=new\nk=new\n" },
        /* a variable that nobody sees is beaten by one that everybody does */
        { "!k=1\n", "new", "k=new\n" },
        { "!k=1\nk=old\n", "new", "k=new\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
set__lists__become_one_value (void **state)
{
    static const Row rows[] = {
        { "*k=1\n*k=2\n", "new", "k=new\n" },
        { "*k=new\n", "new", "k=new\n" },
        { "*k=1\nk=old\n*k=2\n", "new", "k=new\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
set__references__follow_or_are_kept_whole (void **state)
{
    static const struct {
        const char *before, *key, *value, *after;
    } rows[] = {
        /* the author wanted b to be whatever k is */
        { "k=1\nb=$k\n", "k", "new", "k=new\nb=$k\n" },
        { "!k=1\nb=$k\n", "b", "new", "!k=1\nb=new\n" },
        { "k=1\nk=$k\n", "k", "new", "k=new\n" },
        { "k=1\nb=$k\nc=$b\n", "k", "new", "k=new\nb=$k\nc=$b\n" },
        /* dynamic before, known afterwards */
        { "b=$k\n", "k", "new", "b=$k\nk=new\n" },
        { "b=$k\nk=1\n", "k", "new", "b=$k\nk=new\n" },
        /* the first k goes, and b would have nothing to refer to */
        { "k=1\nb=$k\nk=2\n", "k", "new", NULL },
        /* the same setting, written twice */
        { "k=1\nb=$k\nk=1\n", "k", "new", "k=new\nb=$k\nk=new\n" },
        { "k=1\nb=$k\nk=1\n-k\n", "k", "new", "k=new\nb=$k\nk=new\n" },
        { "!k=1\nb=$k\n", "k", "new", NULL },
        { "k=1\nb=$k\n~k=2\n", "k", "new", "k=new\nb=$k\n~k=2\nk=new\n" },
        { "k=1\nb=$a\nk=2\na=1\n", "k", "new", "b=$a\nk=new\na=1\n" },
        /* the b that loses its value is beaten by one that follows */
        { "k=1\nb=$k\nk=2\nb=$k\n", "k", "new", "b=$k\nk=new\nb=$k\n" },
        { "k=1\nb=$k\nk=2\n-b\n", "k", "new", "b=$k\nk=new\n-b\n" },
        { "k=1\nb=$k\nk=2\n?b=1\n", "k", "new", NULL },
        { "k=1\nb=$k\nk=2\n%b=1\n", "k", "new", NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        check (&toy_format, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
        check (&toy_format_removing, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
    }
}

/* Taking the value away from what refers to it is what was asked for. */
static void
unset__referred_to__gone (void **state)
{
    static const Row rows[] = {
        { "k=1\nb=$k\n", NULL, "b=$k\n" },
        { "k=1\nb=$k\nk=2\n", NULL, "b=$k\n" },
    };

    (void) state;
    CHECK_ROWS (rows);
}

static void
set__value_would_be_misread__refused (void **state)
{
    static const char *const values[] = {
        "a;b",        /* cut short */
        "two\nlines", /* refused by the driver */
        "\"",         /* takes the next line in */
        "$nowhere",   /* not a value at all */
        "trailing\r", /* taken for a line ending */
    };
    static const char *const before[] = { "k=old\nb=1\n", "b=1\n", "k=1\nk=2\nb=1\nc=\"\n\"\n" };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
        for (gsize j = 0; j < G_N_ELEMENTS (before); j++)
            if (!(j == 1 && strcmp (values[i], "\"") == 0)) /* at the end there is no next line */
                check (&toy_format, before[j], "k", values[i], NULL);
}

/* The edit itself is read back as it should, but others mean something else then. */
static void
edit__others_would_be_misread__refused (void **state)
{
    (void) state;
    check (&toy_format, "b=a,c\ncut=;\n", "cut", ",", "b=a,c\ncut=,\n");
    check (&toy_format, "cut=:\nb=a,c\n", "cut", ",", NULL);
    check (&toy_format, "cut=:\nb=a;c\n", "cut", NULL, NULL);
    check (&toy_format, "cut=:\nb=$a\n", "cut", ",", "cut=,\nb=$a\n");
    check (&toy_format, "cut=:\nk=a;c\nb=1\n", "k", "a;d", "cut=:\nk=a;d\nb=1\n");
}

static void
edit__file_would_be_rejected__refused (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = parse (&toy_format, "a=1\n");

    (void) state;
    assert_null (prc_document_set (doc, "ERROR", "x", &error));
    assert_error (error, PRC_ERROR_INPUT);
    assert_non_null (strstr (error->message, "line 2: an error line"));
}

static void
edit__driver_that_does_not_do_it__refused (void **state)
{
    static const struct {
        const char *before, *value;
    } rows[] = {
        { "k=1\n", "new" },  { "k=1\nk=2\n", "new" }, { "k=1\n", NULL },
        { "?k=1\n", "new" }, { "~k=1\n", "new" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check (&toy_format_broken, rows[i].before, "k", rows[i].value, NULL);
}

static void
entry_edits__driver_that_does_not_do_it__refused (void **state)
{
    g_autoptr (GError) remove_error = NULL;
    g_autoptr (GError) replace_error = NULL;
    g_autoptr (PrcDocument) doc = parse (&toy_format_broken, "a=1\nk=1\n");

    (void) state;
    assert_null (prc_document_remove_entry (doc, 1, &remove_error));
    assert_error (remove_error, PRC_ERROR_INPUT);
    assert_null (prc_document_replace_entry (doc, 1, "new", &replace_error));
    assert_error (replace_error, PRC_ERROR_UNSUPPORTED);
}

static void
entry_edits__by_index__that_one_only (void **state)
{
    static const struct {
        const char *before;
        guint index;
        const char *value, *after; /* NULL value: remove; NULL after: refused */
    } rows[] = {
        { "k=1\nk=2\nk=3\n", 1, NULL, "k=1\nk=3\n" },
        { "k=1\nk=2\nk=3\n", 1, "new", "k=1\nk=new\nk=3\n" },
        { "?k=1\nk=2\n", 0, "new", "?k=new\nk=2\n" },
        { "?k=1\nk=2\n", 0, NULL, "k=2\n" },
        { "%k=1\n", 0, "new", "%k=new\n" },
        { "*k=1\n*k=2\n", 1, "new", "*k=1\n*k=new\n" },
        { "k=1\n", 0, "a;b", NULL },
        { "k=1\nk=2\n", 0, "\"", NULL },
        { "k=1\nb=2\n", 0, "\"", NULL },
        { "-k\nb=2\n", 0, NULL, "b=2\n" },
        { "-k\nb=2\n", 0, "new", NULL },
        { "+k\nb=2\n", 0, "new", NULL },
        { "a=1\nk=2", 1, NULL, "a=1" },
        { "a=1\nk=2", 1, "new", "a=1\nk=new" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) doc = parse (&toy_format, rows[i].before);
        g_autoptr (PrcDocument) after =
            rows[i].value != NULL
                ? prc_document_replace_entry (doc, rows[i].index, rows[i].value, &error)
                : prc_document_remove_entry (doc, rows[i].index, &error);
        g_autofree char *text = after != NULL ? text_of (after) : NULL;

        if (g_strcmp0 (text, rows[i].after) != 0)
            fail_msg ("row %zu: %s", i, text != NULL ? text : error->message);
        if (text == NULL)
            assert_true (g_error_matches (error, PRC_ERROR, PRC_ERROR_INPUT) ||
                         g_error_matches (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED));
    }
}

static void
add__values__only_when_none_is_active (void **state)
{
    static const struct {
        const char *before, *value, *after;
    } rows[] = {
        { "", "v", "k=v\n" },
        { "k=1\n", "v", "k=1\nk=v\n" },
        { "k=v\nk=1\n", "v", "k=v\nk=1\n" },
        { "*k=v\n", "v", "*k=v\n" },
        { "%k=v\n", "v", "%k=v\nk=v\n" },
        { "!k=v\n", "v", "!k=v\nk=v\n" },
        { "?k=v\n", "v", "?k=v\nk=v\n" },
        { "a=v\n", "v", "a=v\nk=v\n" },
        { "a=1\n", "x;y", NULL },
        { "a=1\n", "x\ny", NULL },
        { "a=1\n", "$nowhere", NULL },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) doc = parse (&toy_format, rows[i].before);
        g_autoptr (PrcDocument) after = prc_document_add (doc, "k", rows[i].value, &error);
        g_autofree char *text = after != NULL ? text_of (after) : NULL;

        if (g_strcmp0 (text, rows[i].after) != 0)
            fail_msg ("row %zu: %s", i, text != NULL ? text : error->message);
        if (text == NULL)
            assert_error (error, PRC_ERROR_UNSUPPORTED);
    }
}

static void
lookup__entries__last_that_counts (void **state)
{
    static const struct {
        const char *text;
        PrcLookup result;
        const char *value;
        guint line; /* of the deciding entry; 0: none */
    } rows[] = {
        { "", PRC_LOOKUP_NONE, NULL, 0 },
        { "a=1\n", PRC_LOOKUP_NONE, NULL, 0 },
        { "k=1\nk=2\n", PRC_LOOKUP_VALUE, "2", 2 },
        { "k=1\n-k\n", PRC_LOOKUP_NONE, NULL, 2 },
        { "-k\nk=1\n", PRC_LOOKUP_VALUE, "1", 2 },
        { "k=1\n+k\n", PRC_LOOKUP_VALUE, "1", 1 },
        { "k=1\n%k=2\n", PRC_LOOKUP_VALUE, "1", 1 },
        { "k=1\n!k=2\n", PRC_LOOKUP_VALUE, "1", 1 },
        { "!k=2\n", PRC_LOOKUP_NONE, NULL, 0 },
        { "%k=2\n", PRC_LOOKUP_NONE, NULL, 0 },
        { "k=1\n?k=2\n", PRC_LOOKUP_DYNAMIC, "2", 2 },
        { "?k=2\nk=1\n", PRC_LOOKUP_VALUE, "1", 2 },
        { "k=1\n~k=2\n", PRC_LOOKUP_DYNAMIC, NULL, 2 },
        { "k=\n", PRC_LOOKUP_VALUE, "", 1 },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcDocument) doc = parse (&toy_format, rows[i].text);
        const PrcEntry *entry = NULL;

        if (prc_document_lookup (doc, "k", &entry) != rows[i].result)
            fail_msg ("row %zu", i);
        assert_int_equal (prc_document_lookup (doc, "k", NULL), rows[i].result);
        assert_int_equal (entry != NULL ? entry->line : 0, rows[i].line);
        if (rows[i].value != NULL)
            assert_string_equal (entry->value, rows[i].value);
    }
}

static void
keys__other_spellings__found_under_one (void **state)
{
    (void) state;
    check (&toy_format_folding, "k=1\n", "K", "new", "k=new\n");
    check (&toy_format_folding, "a=1\n", "KEY", "new", "a=1\nkey=new\n");
    check (&toy_format_folding, "k=1\n", "K", NULL, "");
    check (&toy_format_folding, "k=1\n", "k.x", "new", NULL);
    check (&toy_format_folding, "k=1\n", "", NULL, NULL);
    check (&toy_format, "k=1\n", "", "new", NULL);
    check (&toy_format, "k=1\n", "a\nb", "new", NULL);
    check (&toy_format, "k=1\n", "a\x7F", NULL, NULL);
}

static void
parse__nul_byte__refused_at_its_line (void **state)
{
    static const struct {
        const char *text;
        gsize size;
        const char *prefix;
    } rows[] = { { "\0", 1, "1: " }, { "a=1\nb=\0\n", 8, "2: " }, { "a=1\n\n\0", 6, "3: " } };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) bytes = g_bytes_new_static (rows[i].text, rows[i].size);

        assert_null (prc_document_parse (&toy_format, bytes, 0, &error));
        assert_error (error, PRC_ERROR_INPUT);
        assert_true (g_str_has_prefix (error->message, rows[i].prefix));
    }
}

static void
lines__offsets__start_and_end (void **state)
{
    static const struct {
        gsize offset, start, end;
    } rows[] = { { 0, 0, 4 }, { 3, 0, 4 }, { 4, 4, 5 }, { 5, 5, 8 }, { 7, 5, 8 }, { 8, 5, 8 } };
    g_autoptr (PrcDocument) doc = parse (&toy_format, "a=1\n\nb=2");
    g_autoptr (PrcDocument) empty = parse (&toy_format, "");

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        assert_int_equal (prc_document_line_start (doc, rows[i].offset), rows[i].start);
        assert_int_equal (prc_document_line_end (doc, rows[i].offset), rows[i].end);
    }
    assert_int_equal (prc_document_line_start (empty, 0), 0);
    assert_int_equal (prc_document_line_end (empty, 0), 0);
}

static void
insert_lines__places__with_the_files_line_ending (void **state)
{
    static const struct {
        const char *before;
        gsize offset;
        const char *lines, *after;
    } rows[] = {
        { "", 0, "x", "x\n" },
        { "", 0, "x\ny", "x\ny\n" },
        { "a\n", 0, "x", "x\na\n" },
        { "a\n", 2, "x", "a\nx\n" },
        { "a", 1, "x\ny", "a\nx\ny" },
        { "a\r\nb", 4, "x\ny", "a\r\nb\r\nx\r\ny" },
        { "a\r\nb\r\n", 3, "x\ny", "a\r\nx\r\ny\r\nb\r\n" },
        { "\r\n", 0, "x", "x\r\n\r\n" },
        { "\n\r\n", 0, "x", "x\n\n\r\n" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (PrcDocument) doc = parse (&toy_format, rows[i].before);
        g_auto (PrcEdit) edit = { 0 };
        g_autoptr (GBytes) after = NULL;

        prc_document_insert_lines (doc, rows[i].offset, rows[i].lines, &edit);
        after = prc_splice (prc_document_bytes (doc), &edit, 1, NULL);
        assert_int_equal (g_bytes_get_size (after), strlen (rows[i].after));
        assert_memory_equal (g_bytes_get_data (after, NULL), rows[i].after, strlen (rows[i].after));
    }
}

static char *
random_file (GRand *rand)
{
    static const char *const lines[] = {
        "k=1", "k=2", "a=1",  "b=$k", "b=$a", "?k=1", "~k=x", "!k=1", "%k=1",
        "-k",  "+k",  "*k=1", "# c",  "",     "a=\"", "k=\"", "c=;",
    };
    GString *text = g_string_new (NULL);
    guint n = (guint) g_rand_int_range (rand, 0, 8);
    const char *eol = g_rand_int_range (rand, 0, 4) == 0 ? "\r\n" : "\n";

    for (guint i = 0; i < n; i++) {
        g_string_append (text, lines[g_rand_int_range (rand, 0, G_N_ELEMENTS (lines))]);
        if (i + 1 < n || g_rand_boolean (rand))
            g_string_append (text, eol);
    }
    return g_string_free (text, FALSE);
}

static gboolean
has_entry (const PrcDocument *doc, const PrcEntry *wanted)
{
    const GPtrArray *entries = prc_document_entries (doc);

    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (entry->kind == wanted->kind && entry->flags == wanted->flags &&
            strcmp (entry->key, wanted->key) == 0 && g_strcmp0 (entry->value, wanted->value) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
ends_in_newline (const char *text)
{
    return *text != '\0' && text[strlen (text) - 1] == '\n';
}

/* What must hold whatever the file looks like, for edits that are not refused. */
static void
check_promises (const PrcDocument *before, PrcDocument *after, const char *value)
{
    const GPtrArray *entries = prc_document_entries (before);
    const PrcEntry *found = NULL;
    g_autofree char *old = text_of (before);
    g_autofree char *new = text_of (after);

    if (value != NULL) {
        assert_int_equal (prc_document_lookup (after, "k", &found), PRC_LOOKUP_VALUE);
        assert_string_equal (found->value, value);
    } else {
        assert_int_not_equal (prc_document_lookup (after, "k", NULL), PRC_LOOKUP_VALUE);
    }
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, "k") != 0 && strcmp (entry->key, "b") != 0)
            assert_true (has_entry (after, entry));
    }
    /* A driver with a remove() of its own sees to this itself, and the toy's does not. What is
     * left may be an empty line, or nothing at all. */
    if (*new != '\0' && strstr (old, "a=1") != NULL &&
        strstr (old, "\n\n") == NULL &&strstr (old, "\n\r\n") ==
            NULL &&prc_document_format (before)->remove == NULL &&ends_in_newline (old) !=
            ends_in_newline (new))
        fail_msg ("the last newline came or went:\n%s\n---\n%s", old, new);
}

static void
edits__generated_files__promises_hold (void **state)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (prc_test_seed ());
    guint n = prc_test_cases (30000), done = 0;

    (void) state;
    for (guint i = 0; i < n; i++) {
        const PrcFormat *format = g_rand_boolean (rand) ? &toy_format : &toy_format_removing;
        const char *value = g_rand_boolean (rand) ? "new" : NULL;
        g_autofree char *text = random_file (rand);
        g_autoptr (PrcDocument) doc = parse (format, text);
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) after = value != NULL ? prc_document_set (doc, "k", value, &error)
                                                      : prc_document_unset (doc, "k", &error);
        g_autoptr (PrcDocument) again = NULL;

        if (after == NULL) {
            assert_non_null (error);
            continue;
        }
        done++;
        check_promises (doc, after, value);
        again = value != NULL ? prc_document_set (after, "k", value, &error)
                              : prc_document_unset (after, "k", &error);
        assert_no_error (error);
        if (!g_bytes_equal (prc_document_bytes (after), prc_document_bytes (again)))
            fail_msg ("not the same when done again: %s", text);
    }
    assert_true (done > n / 2);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (set__values__written_where_they_stand),
    cmocka_unit_test (set__duplicates__one_left),
    cmocka_unit_test (set__last_line_without_newline__stays_so),
    cmocka_unit_test (set__crlf__kept_and_used),
    cmocka_unit_test (unset__entries__gone_with_their_lines),
    cmocka_unit_test (unset__last_line_without_newline__stays_so),
    cmocka_unit_test (set__conditional_and_dynamic__left_and_beaten),
    cmocka_unit_test (unset__conditional_and_dynamic__left),
    cmocka_unit_test (set__private_and_inert__do_not_count),
    cmocka_unit_test (set__lists__become_one_value),
    cmocka_unit_test (set__references__follow_or_are_kept_whole),
    cmocka_unit_test (unset__referred_to__gone),
    cmocka_unit_test (set__value_would_be_misread__refused),
    cmocka_unit_test (edit__others_would_be_misread__refused),
    cmocka_unit_test (edit__file_would_be_rejected__refused),
    cmocka_unit_test (edit__driver_that_does_not_do_it__refused),
    cmocka_unit_test (entry_edits__driver_that_does_not_do_it__refused),
    cmocka_unit_test (entry_edits__by_index__that_one_only),
    cmocka_unit_test (add__values__only_when_none_is_active),
    cmocka_unit_test (lookup__entries__last_that_counts),
    cmocka_unit_test (keys__other_spellings__found_under_one),
    cmocka_unit_test (parse__nul_byte__refused_at_its_line),
    cmocka_unit_test (lines__offsets__start_and_end),
    cmocka_unit_test (insert_lines__places__with_the_files_line_ending),
    cmocka_unit_test (edits__generated_files__promises_hold),
};

int
main (void)
{
    return cmocka_run_group_tests (tests, NULL, NULL);
}
