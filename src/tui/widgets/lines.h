/* lines.h - text to read, as rows of a list view: a diff, help, the lines of a file */
#pragma once
#include <glib.h>

#include "tui/draw.h"
#include "tui/needle.h"

typedef struct _PrcLines PrcLines;

PrcLines *prc_lines_new (void);
void prc_lines_free (PrcLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcLines, prc_lines_free)
/** prc_line_shown: a line of a file as it can be shown: tabs as blanks, the rest made printable.
 * (transfer full) */
char *prc_line_shown (const char *text);
void prc_lines_clear (PrcLines *lines);
/** prc_lines_add: one line, made printable; @text is copied. @data: whatever the view wants to find
 * again. */
void prc_lines_add (PrcLines *lines, PrcLook look, const char *text, gpointer data);
/** prc_lines_add_format */
void prc_lines_add_format (PrcLines *lines, PrcLook look, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/** prc_lines_add_wrapped: a paragraph, which takes as many rows as it needs: see
 * prc_lines_reflow(). All of them begin with the blanks that @text begins with. */
void prc_lines_add_wrapped (PrcLines *lines, PrcLook look, const char *text);
/** prc_lines_add_hanging: as that, but all rows but the first have @hang blanks, or half as many as
 * there are columns: for what stands in two columns. */
void prc_lines_add_hanging (PrcLines *lines, PrcLook look, int hang, const char *text,
                            gpointer data);
/** prc_lines_add_diff: a masked unified diff, each line with its look. */
void prc_lines_add_diff (PrcLines *lines, const char *diff);
/** prc_lines_reflow: paragraphs are broken after @width columns from now on; at first
 * after 76. */
void prc_lines_reflow (PrcLines *lines, int width);
/** prc_lines_filter: only those that have @needle (nullable: all) count from now on; @needle is not
 * kept. */
void prc_lines_filter (PrcLines *lines, const PrcNeedle *needle);
guint prc_lines_count (const PrcLines *lines);
const char *prc_lines_text (const PrcLines *lines, guint row);
gpointer prc_lines_data (const PrcLines *lines, guint row);
PrcLook prc_lines_look (const PrcLines *lines, guint row);
void prc_lines_draw (const PrcLines *lines, const PrcArea *line, guint row);
