#include "tui/widgets/lines.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

typedef struct {
    PrcLook look;
    char *text;
    gpointer data;
} Line;

struct _PrcLines {
    GArray *lines;
    GArray *visible; /* (nullable): of guint; NULL: all */
};

static void
line_clear (gpointer data)
{
    g_free (((Line *) data)->text);
}

PrcLines *
prc_lines_new (void)
{
    PrcLines *lines = g_new0 (PrcLines, 1);

    lines->lines = g_array_new (FALSE, FALSE, sizeof (Line));
    g_array_set_clear_func (lines->lines, line_clear);
    return lines;
}

void
prc_lines_free (PrcLines *lines)
{
    if (lines == NULL)
        return;
    g_array_unref (lines->lines);
    g_clear_pointer (&lines->visible, g_array_unref);
    g_free (lines);
}

void
prc_lines_clear (PrcLines *lines)
{
    g_array_set_size (lines->lines, 0);
    g_clear_pointer (&lines->visible, g_array_unref);
}

static Line *
line_at (const PrcLines *lines, guint row)
{
    guint index = lines->visible != NULL ? g_array_index (lines->visible, guint, row) : row;

    return &g_array_index (lines->lines, Line, index);
}

void
prc_lines_filter (PrcLines *lines, const PrcNeedle *needle)
{
    g_clear_pointer (&lines->visible, g_array_unref);
    if (needle == NULL)
        return;
    lines->visible = g_array_new (FALSE, FALSE, sizeof (guint));
    for (guint i = 0; i < lines->lines->len; i++)
        if (prc_needle_in (needle, g_array_index (lines->lines, Line, i).text))
            g_array_append_val (lines->visible, i);
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

void
prc_lines_add (PrcLines *lines, PrcLook look, const char *text, gpointer data)
{
    Line line = { look, prc_line_shown (text), data };

    g_array_append_val (lines->lines, line);
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
prc_lines_add_wrapped (PrcLines *lines, PrcLook look, int width, const char *text)
{
    g_auto (GStrv) words = g_strsplit (text, " ", -1);
    g_autoptr (GString) line = g_string_new (NULL);

    for (char **word = words; *word != NULL; word++) {
        if (line->len > 0 && prc_text_columns (line->str) + 1 + prc_text_columns (*word) > width) {
            prc_lines_add (lines, look, line->str, NULL);
            g_string_truncate (line, 0);
        }
        if (line->len > 0)
            g_string_append_c (line, ' ');
        g_string_append (line, *word);
    }
    prc_lines_add (lines, look, line->str, NULL);
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
    return lines->visible != NULL ? lines->visible->len : lines->lines->len;
}

const char *
prc_lines_text (const PrcLines *lines, guint row)
{
    return line_at (lines, row)->text;
}

gpointer
prc_lines_data (const PrcLines *lines, guint row)
{
    return row < prc_lines_count (lines) ? line_at (lines, row)->data : NULL;
}

PrcLook
prc_lines_look (const PrcLines *lines, guint row)
{
    return line_at (lines, row)->look;
}

void
prc_lines_draw (const PrcLines *lines, const PrcArea *line, guint row)
{
    const Line *one = line_at (lines, row);

    (void) prc_draw_field (line, 0, 0, line->width, one->text, one->look);
}
