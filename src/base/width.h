/* width.h - how many columns a text takes: graphemes, combining marks, wide characters */
#pragma once
#include <glib.h>

/** The longest grapheme that a cell holds, with its NUL; more combining marks than fit are dropped.
 */
#define PRC_GRAPHEME_SIZE 24

/** PrcGrapheme: a character with the marks that combine with it. */
typedef struct {
    char text[PRC_GRAPHEME_SIZE]; /* UTF-8 */
    int width;                    /* 1 or 2 columns */
} PrcGrapheme;

/**
 * prc_grapheme_next: reads one grapheme at *@text and moves on; FALSE at the end.
 *
 * What must not reach a terminal (control characters, bidirectional overrides, bytes that are not
 * UTF-8) comes out as one '?': whoever wants to see it says prc_text_printable() before. A mark
 * without a character gets a blank to stand on.
 */
gboolean prc_grapheme_next (const char **text, PrcGrapheme *ret);

/** prc_text_columns: of the whole text. */
int prc_text_columns (const char *text);
/** prc_text_padding: the N of "%-*s" with which @text fills @columns: printf counts bytes. */
int prc_text_padding (const char *text, int columns);
/** prc_text_clip: how many bytes of @text fit into @columns; *@ret_columns (optional) is what they
 * take. */
gsize prc_text_clip (const char *text, int columns, int *ret_columns);
/** prc_text_line: how many bytes of @text go on a line of @columns: up to the last blank that fits,
 * a place where a script without blanks may be broken (prc_text_may_break()), or a newline; a word
 * that is longer is broken anywhere. At least one character. *@ret_skip: how many bytes behind it
 * are on no line. */
gsize prc_text_line (const char *text, int columns, gsize *ret_skip);
