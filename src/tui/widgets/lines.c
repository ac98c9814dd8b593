#include "tui/widgets/lines.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

#define WIDTH_AT_FIRST 76

typedef struct {
    PrcLook look;
    char *text;
    gpointer data;
    gboolean is_wrapped;
    int hang; /* blanks before all rows of a paragraph but its first */
} Line;

/* What is shown: a line, or a piece of a paragraph. */
typedef struct {
    guint line;
    char *text; /* (nullable): of a piece */
} Row;

struct _PrcLines {
    GArray *lines;   /* of Line */
    GArray *rows;    /* of Row */
    GArray *visible; /* (nullable): of guint: rows; NULL: all */
    PrcNeedle *needle;
    int width;
    gboolean is_stale;
};

static void
line_clear (gpointer data)
{
    g_free (((Line *) data)->text);
}

static void
row_clear (gpointer data)
{
    g_free (((Row *) data)->text);
}

PrcLines *
prc_lines_new (void)
{
    PrcLines *lines = g_new0 (PrcLines, 1);

    lines->lines = g_array_new (FALSE, FALSE, sizeof (Line));
    g_array_set_clear_func (lines->lines, line_clear);
    lines->rows = g_array_new (FALSE, FALSE, sizeof (Row));
    g_array_set_clear_func (lines->rows, row_clear);
    lines->width = WIDTH_AT_FIRST;
    return lines;
}

void
prc_lines_free (PrcLines *lines)
{
    if (lines == NULL)
        return;
    g_array_unref (lines->lines);
    g_array_unref (lines->rows);
    g_clear_pointer (&lines->visible, g_array_unref);
    prc_needle_free (lines->needle);
    g_free (lines);
}

void
prc_lines_clear (PrcLines *lines)
{
    g_array_set_size (lines->lines, 0);
    lines->is_stale = TRUE;
}

/* Breaking into rows */

static void
add_row (PrcLines *lines, guint line, char *text)
{
    Row row = { line, text };

    g_array_append_val (lines->rows, row);
}

static void
break_paragraph (PrcLines *lines, guint index)
{
    const Line *line = &g_array_index (lines->lines, Line, index);
    const char *p = line->text;
    int hang = MIN (line->hang, lines->width / 2), indent = 0;

    do {
        gsize skip = 0, length = prc_text_line (p, MAX (lines->width - indent, 1), &skip);

        add_row (lines, index, g_strdup_printf ("%*s%.*s", indent, "", (int) length, p));
        p += length + skip;
        p += strspn (p, " ");
        indent = hang;
    } while (*p != '\0');
}

static const char *
row_text (const PrcLines *lines, const Row *row)
{
    return row->text != NULL ? row->text : g_array_index (lines->lines, Line, row->line).text;
}

static void
find_visible (PrcLines *lines)
{
    g_clear_pointer (&lines->visible, g_array_unref);
    if (lines->needle == NULL)
        return;
    lines->visible = g_array_new (FALSE, FALSE, sizeof (guint));
    for (guint i = 0; i < lines->rows->len; i++)
        if (prc_needle_in (lines->needle, row_text (lines, &g_array_index (lines->rows, Row, i))))
            g_array_append_val (lines->visible, i);
}

/* Whoever asks for rows gets them as they are now. */
static void
refresh (const PrcLines *constant)
{
    PrcLines *lines = (PrcLines *) constant;

    if (!lines->is_stale)
        return;
    lines->is_stale = FALSE;
    g_array_set_size (lines->rows, 0);
    for (guint i = 0; i < lines->lines->len; i++) {
        if (g_array_index (lines->lines, Line, i).is_wrapped)
            break_paragraph (lines, i);
        else
            add_row (lines, i, NULL);
    }
    find_visible (lines);
}

static const Row *
row_at (const PrcLines *lines, guint row)
{
    refresh (lines);
    if (lines->visible != NULL)
        row = g_array_index (lines->visible, guint, row);
    return &g_array_index (lines->rows, Row, row);
}

void
prc_lines_reflow (PrcLines *lines, int width)
{
    lines->is_stale |= width != lines->width;
    lines->width = width;
}

void
prc_lines_filter (PrcLines *lines, const PrcNeedle *needle)
{
    prc_needle_free (lines->needle);
    lines->needle = needle != NULL ? prc_needle_new (prc_needle_text (needle)) : NULL;
    lines->is_stale = TRUE;
}

/* A tab in a file is some blanks here. */
static char *
expand_tabs (const char *text)
{
    GString *out = g_string_new (NULL);

    for (const char *p = text; *p != '\0'; p++) {
        if (*p != '\t') {
            g_string_append_c (out, *p);
            continue;
        }
        do
            g_string_append_c (out, ' ');
        while (prc_text_columns (out->str) % 4 != 0);
    }
    return g_string_free (out, FALSE);
}

char *
prc_line_shown (const char *text)
{
    g_autofree char *flat = strchr (text, '\t') != NULL ? expand_tabs (text) : NULL;

    return prc_text_printable (flat != NULL ? flat : text);
}

static void
add_line (PrcLines *lines, const Line *from, const char *text)
{
    Line line = *from;

    line.text = prc_line_shown (text);
    g_array_append_val (lines->lines, line);
    lines->is_stale = TRUE;
}

void
prc_lines_add (PrcLines *lines, PrcLook look, const char *text, gpointer data)
{
    add_line (lines, &(Line){ .look = look, .data = data }, text);
}

void
prc_lines_add_format (PrcLines *lines, PrcLook look, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start (args, format);
    text = g_strdup_vprintf (format, args);
    va_end (args);
    prc_lines_add (lines, look, text, NULL);
}

void
prc_lines_add_wrapped (PrcLines *lines, PrcLook look, const char *text)
{
    prc_lines_add_hanging (lines, look, (int) strspn (text, " "), text, NULL);
}

void
prc_lines_add_hanging (PrcLines *lines, PrcLook look, int hang, const char *text, gpointer data)
{
    add_line (lines, &(Line){ .look = look, .data = data, .is_wrapped = TRUE, .hang = hang }, text);
}

static PrcLook
diff_look (const char *line)
{
    if (g_str_has_prefix (line, "--- ") || g_str_has_prefix (line, "+++ "))
        return PRC_LOOK_STRONG;
    return *line == '+'   ? PRC_LOOK_ADDED
           : *line == '-' ? PRC_LOOK_REMOVED
           : *line == '@' ? PRC_LOOK_HUNK
                          : PRC_LOOK_TEXT;
}

void
prc_lines_add_diff (PrcLines *lines, const char *diff)
{
    g_auto (GStrv) parts = g_strsplit (diff, "\n", -1);

    for (char **part = parts; *part != NULL && (**part != '\0' || part[1] != NULL); part++)
        prc_lines_add (lines, diff_look (*part), *part, NULL);
}

guint
prc_lines_count (const PrcLines *lines)
{
    refresh (lines);
    return lines->visible != NULL ? lines->visible->len : lines->rows->len;
}

const char *
prc_lines_text (const PrcLines *lines, guint row)
{
    return row_text (lines, row_at (lines, row));
}

gpointer
prc_lines_data (const PrcLines *lines, guint row)
{
    return row < prc_lines_count (lines)
               ? g_array_index (lines->lines, Line, row_at (lines, row)->line).data
               : NULL;
}

PrcLook
prc_lines_look (const PrcLines *lines, guint row)
{
    return g_array_index (lines->lines, Line, row_at (lines, row)->line).look;
}

void
prc_lines_draw (const PrcLines *lines, const PrcArea *line, guint row)
{
    (void) prc_draw_field (line, 0, 0, line->width, prc_lines_text (lines, row),
                           prc_lines_look (lines, row));
}
