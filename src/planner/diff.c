#include "planner/diff.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "model/mask.h"

enum { CONTEXT = 3 };

typedef struct {
    const char *text; /* with its newline, as in the file */
    gsize length;
    char *shown; /* masked, without newline */
} Line;

static void
line_clear (gpointer data)
{
    /* a word in a comment may be the password, which only its owner can tell */
    prc_wipe_free (((Line *) data)->shown);
}

/* A tab is what it looks like; it can't move anything but what follows it. */
static char *
printable_with_tabs (const char *text)
{
    char **parts = g_strsplit (text, "\t", -1);
    char *joined = NULL;

    for (char **part = parts; *part != NULL; part++) {
        char *shown = prc_text_printable (*part);

        prc_wipe_free (*part);
        *part = shown;
    }
    joined = g_strjoinv ("\t", parts);
    prc_wipe_strfreev (parts);
    return joined;
}

/* What of the document's bytes [start, end) may be shown. An entry's value is masked by its key;
 * everything else, comments too, by what it looks like. */
static char *
masked_line (const PrcDocument *doc, gsize start, gsize end, guint *first_entry)
{
    const GPtrArray *entries = prc_document_entries (doc);
    const char *data = prc_document_data (doc, NULL);
    /* a value of one byte becomes three */
    g_autoptr (PrcWipedText) text = prc_wiped_text_new (3 * (end - start) + 1);
    g_autoptr (PrcWipedString) masked = NULL;
    gsize at = start;

    for (guint i = *first_entry; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);
        gsize from = MAX (entry->value_start, start), to = MIN (entry->value_end, end);

        if (entry->value_end <= start && i == *first_entry)
            (*first_entry)++;
        if (entry->value_start >= end)
            break;
        if (from >= to || from < at)
            continue;
        if (entry->value_end > end || entry->value_start < start ||
            prc_mask_is_secret_key (entry->key)) {
            g_string_append_len (text, data + at, (gssize) (from - at));
            g_string_append (text, "***");
            at = to;
        }
    }
    g_string_append_len (text, data + at, (gssize) (end - at));
    while (text->len > 0 && (text->str[text->len - 1] == '\n' || text->str[text->len - 1] == '\r'))
        g_string_truncate (text, text->len - 1);
    masked = prc_mask_line (text->str);
    return printable_with_tabs (masked);
}

static GArray *
split_lines (const PrcDocument *doc)
{
    GArray *lines = g_array_new (FALSE, FALSE, sizeof (Line));
    const char *data = NULL;
    gsize size = 0;
    guint first_entry = 0;

    g_array_set_clear_func (lines, line_clear);
    if (doc == NULL)
        return lines;
    data = prc_document_data (doc, &size);
    for (gsize at = 0; at < size;) {
        gsize end = prc_document_line_end (doc, at);
        Line line = { data + at, end - at, masked_line (doc, at, end, &first_entry) };

        g_array_append_val (lines, line);
        at = end;
    }
    return lines;
}

static gboolean
same_line (const GArray *a, guint i, const GArray *b, guint j)
{
    const Line *x = &g_array_index (a, Line, i), *y = &g_array_index (b, Line, j);

    return x->length == y->length && memcmp (x->text, y->text, x->length) == 0;
}

/* Marks the lines of a longest common subsequence. Edits touch few lines, so what lies between the
 * common start and the common end is small; where it is not, it counts as changed as a whole. */
static void
match_lines (const GArray *a, const GArray *b, gboolean *keep_a, gboolean *keep_b)
{
    guint head = 0, tail = 0, n, m;
    g_autofree guint *table = NULL;

    while (head < a->len && head < b->len && same_line (a, head, b, head)) {
        keep_a[head] = keep_b[head] = TRUE;
        head++;
    }
    while (tail < a->len - head && tail < b->len - head &&
           same_line (a, a->len - 1 - tail, b, b->len - 1 - tail)) {
        tail++;
        keep_a[a->len - tail] = keep_b[b->len - tail] = TRUE;
    }
    n = a->len - head - tail;
    m = b->len - head - tail;
    if (n == 0 || m == 0 || (guint64) n * m > 4u * 1024 * 1024)
        return;
    table = g_new0 (guint, (gsize) (n + 1) * (m + 1));
    for (guint i = n; i-- > 0;)
        for (guint j = m; j-- > 0;)
            table[i * (m + 1) + j] =
                same_line (a, head + i, b, head + j)
                    ? table[(i + 1) * (m + 1) + j + 1] + 1
                    : MAX (table[(i + 1) * (m + 1) + j], table[i * (m + 1) + j + 1]);
    for (guint i = 0, j = 0; i < n && j < m;) {
        if (same_line (a, head + i, b, head + j)) {
            keep_a[head + i++] = TRUE;
            keep_b[head + j++] = TRUE;
        } else if (table[(i + 1) * (m + 1) + j] >= table[i * (m + 1) + j + 1]) {
            i++;
        } else {
            j++;
        }
    }
}

typedef struct {
    guint a, b; /* 0-based indexes; the side that a row is not on: where it would stand */
    char sign;  /* ' ', '-', '+' */
} Row;

static GArray *
list_rows (guint n_a, guint n_b, const gboolean *keep_a, const gboolean *keep_b)
{
    GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));
    guint a = 0, b = 0;

    while (a < n_a || b < n_b) {
        Row row = { a, b, ' ' };

        if (a < n_a && !keep_a[a])
            row.sign = '-';
        else if (b < n_b && !keep_b[b])
            row.sign = '+';
        a += row.sign != '+';
        b += row.sign != '-';
        g_array_append_val (rows, row);
    }
    return rows;
}

static void
append_range (GString *out, char sign, guint start, guint count)
{
    g_string_append_printf (out, "%c%u", sign, count == 0 ? start : start + 1);
    if (count != 1)
        g_string_append_printf (out, ",%u", count);
}

static void
append_hunk (GString *out, const GArray *rows, guint from, guint to, const GArray *a,
             const GArray *b)
{
    guint n_a = 0, n_b = 0;
    const Row *first = &g_array_index (rows, Row, from);

    for (guint i = from; i < to; i++) {
        n_a += g_array_index (rows, Row, i).sign != '+';
        n_b += g_array_index (rows, Row, i).sign != '-';
    }
    prc_wiped_text_reserve (out, 64);
    g_string_append (out, "@@ ");
    append_range (out, '-', first->a, n_a);
    g_string_append_c (out, ' ');
    append_range (out, '+', first->b, n_b);
    g_string_append (out, " @@\n");
    for (guint i = from; i < to; i++) {
        const Row *row = &g_array_index (rows, Row, i);
        const Line *line =
            row->sign == '+' ? &g_array_index (b, Line, row->b) : &g_array_index (a, Line, row->a);

        prc_wiped_text_reserve (out, strlen (line->shown) + 64);
        g_string_append_c (out, row->sign);
        g_string_append (out, line->shown);
        g_string_append_c (out, '\n');
        if (line->text[line->length - 1] != '\n') /* untranslated: patch(1) reads it */
            g_string_append (out, "\\ No newline at end of file\n");
    }
}

static void
append_hunks (GString *out, const GArray *rows, const GArray *a, const GArray *b)
{
    guint i = 0;

    while (i < rows->len) {
        guint from, to, quiet = 0;

        while (i < rows->len && g_array_index (rows, Row, i).sign == ' ')
            i++;
        if (i == rows->len)
            return;
        from = i > CONTEXT ? i - CONTEXT : 0;
        for (to = i; to < rows->len && quiet <= 2 * CONTEXT; to++)
            quiet = g_array_index (rows, Row, to).sign == ' ' ? quiet + 1 : 0;
        i = to;
        to -= quiet > CONTEXT ? quiet - CONTEXT : 0;
        append_hunk (out, rows, from, to, a, b);
    }
}

void
prc_diff_append (GString *out, const char *path, const PrcDocument *before,
                 const PrcDocument *after)
{
    g_autoptr (GArray) a = split_lines (before);
    g_autoptr (GArray) b = split_lines (after);
    g_autoptr (GArray) rows = NULL;
    g_autofree gboolean *keep_a = g_new0 (gboolean, a->len + 1);
    g_autofree gboolean *keep_b = g_new0 (gboolean, b->len + 1);

    if (before != NULL && after != NULL &&
        g_bytes_equal (prc_document_bytes (before), prc_document_bytes (after)))
        return;
    prc_wiped_text_reserve (out, 2 * strlen (path) + 64);
    g_string_append_printf (out, before != NULL ? "--- a%s\n" : "--- /dev/null\n", path);
    g_string_append_printf (out, after != NULL ? "+++ b%s\n" : "+++ /dev/null\n", path);
    match_lines (a, b, keep_a, keep_b);
    rows = list_rows (a->len, b->len, keep_a, keep_b);
    append_hunks (out, rows, a, b);
}
