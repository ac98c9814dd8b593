#include "base/width.h"

#include <string.h>

#include "base/text.h"

/* As many as a cell of curses takes beside its first character. */
#define MARKS_MAX 4

static const char *
read_char (const char *p, gunichar *ret)
{
    gunichar c = g_utf8_get_char_validated (p, -1);

    if (c == (gunichar) -1 || c == (gunichar) -2) {
        *ret = '?';
        return p + 1;
    }
    *ret = prc_text_is_unfit (c) ? '?' : c;
    return g_utf8_next_char (p);
}

gboolean
prc_grapheme_next (const char **text, PrcGrapheme *ret)
{
    const char *p = *text;
    gunichar c = 0;
    gsize length = 0;

    if (*p == '\0')
        return FALSE;
    if (p[0] >= 0x20 && p[0] < 0x7F && p[1] >= 0 && p[1] < 0x7F) { /* no mark can follow */
        ret->text[0] = *p;
        ret->text[1] = '\0';
        ret->width = 1;
        *text = p + 1;
        return TRUE;
    }
    p = read_char (p, &c);
    if (g_unichar_iszerowidth (c)) {
        ret->text[length++] = ' ';
        ret->width = 1;
    } else {
        ret->width = g_unichar_iswide (c) ? 2 : 1;
    }
    length += (gsize) g_unichar_to_utf8 (c, ret->text + length);
    for (guint marks = 0; *p != '\0'; marks++) {
        const char *next = read_char (p, &c);

        if (!g_unichar_iszerowidth (c))
            break;
        p = next;
        if (marks < MARKS_MAX && length + 6 < PRC_GRAPHEME_SIZE)
            length += (gsize) g_unichar_to_utf8 (c, ret->text + length);
    }
    ret->text[length] = '\0';
    *text = p;
    return TRUE;
}

int
prc_text_columns (const char *text)
{
    PrcGrapheme grapheme;
    int columns = 0;

    while (prc_grapheme_next (&text, &grapheme))
        columns += grapheme.width;
    return columns;
}

int
prc_text_padding (const char *text, int columns)
{
    return columns + (int) strlen (text) - prc_text_columns (text);
}

gsize
prc_text_clip (const char *text, int columns, int *ret_columns)
{
    const char *p = text, *fits = text;
    PrcGrapheme grapheme;
    int taken = 0;

    while (prc_grapheme_next (&p, &grapheme) && taken + grapheme.width <= columns) {
        taken += grapheme.width;
        fits = p;
    }
    if (ret_columns != NULL)
        *ret_columns = taken;
    return (gsize) (fits - text);
}

/* Whether a line of @text may end before the byte @at, which is no blank. */
static gboolean
may_break (const char *text, gsize at)
{
    const char *before = at > 0 ? g_utf8_find_prev_char (text, text + at) : NULL;
    gunichar first = before != NULL ? g_utf8_get_char_validated (before, -1) : (gunichar) -1;
    gunichar second = g_utf8_get_char_validated (text + at, -1);

    /* what is not UTF-8 is more than any character */
    return first <= 0x10FFFF && second <= 0x10FFFF && prc_text_may_break (first, second);
}

gsize
prc_text_line (const char *text, int columns, gsize *ret_skip)
{
    gsize fits = prc_text_clip (text, columns, NULL), length = fits;
    const char *newline = memchr (text, '\n', fits + (text[fits] != '\0'));

    *ret_skip = 0;
    if (newline != NULL) {
        *ret_skip = 1;
        return (gsize) (newline - text);
    }
    if (text[fits] == '\0')
        return fits;
    while (length > 0 && text[length] != ' ' && !may_break (text, length))
        length--;
    if (length == 0) { /* one word, longer than the line */
        const char *p = text;
        PrcGrapheme grapheme;

        (void) prc_grapheme_next (&p, &grapheme);
        return MAX (fits, (gsize) (p - text));
    }
    *ret_skip = text[length] == ' ' ? 1 : 0;
    return length;
}
