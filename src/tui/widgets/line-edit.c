#include "tui/widgets/line-edit.h"

#include <string.h>

/* Longer than any password or list of hosts; what is pasted beyond it is cut off. */
#define BYTES_MAX (64u * 1024u)

struct _PrcLineEdit {
    gboolean is_secret, is_shown;
    char *text; /* NUL-terminated; always freed with a wipe: a paste into the wrong field is a
                   secret too */
    gsize length, size;
    gsize cursor; /* bytes */
};

PrcLineEdit *
prc_line_edit_new (gboolean is_secret)
{
    PrcLineEdit *edit = g_new0 (PrcLineEdit, 1);

    edit->is_secret = is_secret;
    edit->size = 256;
    edit->text = g_malloc0 (edit->size);
    return edit;
}

static void
wipe (PrcLineEdit *edit)
{
    explicit_bzero (edit->text, edit->size);
    edit->length = edit->cursor = 0;
}

void
prc_line_edit_free (PrcLineEdit *edit)
{
    if (edit == NULL)
        return;
    wipe (edit);
    g_free (edit->text);
    g_free (edit);
}

/* Never by realloc(), which would leave a copy behind. */
static void
reserve (PrcLineEdit *edit, gsize more)
{
    gsize size = edit->size;
    char *text = NULL;

    while (size < edit->length + more + 1)
        size *= 2;
    if (size == edit->size)
        return;
    text = g_malloc0 (size);
    memcpy (text, edit->text, edit->length);
    explicit_bzero (edit->text, edit->size);
    g_free (edit->text);
    edit->text = text;
    edit->size = size;
}

static void
insert_bytes (PrcLineEdit *edit, const char *bytes, gsize length)
{
    if (edit->length + length > BYTES_MAX)
        return;
    reserve (edit, length);
    memmove (edit->text + edit->cursor + length, edit->text + edit->cursor,
             edit->length - edit->cursor + 1);
    memcpy (edit->text + edit->cursor, bytes, length);
    edit->cursor += length;
    edit->length += length;
}

static void
erase (PrcLineEdit *edit, gsize start, gsize end)
{
    gsize length = edit->length - (end - start);

    memmove (edit->text + start, edit->text + end, edit->length - end + 1);
    explicit_bzero (edit->text + length, edit->length - length);
    edit->length = length;
    edit->cursor = start;
}

void
prc_line_edit_insert (PrcLineEdit *edit, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char_validated (p, -1);

        if (c == (gunichar) -1 || c == (gunichar) -2)
            return;
        if (prc_key_is_text (c))
            insert_bytes (edit, p, (gsize) (g_utf8_next_char (p) - p));
    }
}

void
prc_line_edit_set (PrcLineEdit *edit, const char *text)
{
    wipe (edit);
    prc_line_edit_insert (edit, text != NULL ? text : "");
}

const char *
prc_line_edit_text (const PrcLineEdit *edit)
{
    return edit->text;
}

PrcSecret *
prc_line_edit_secret (const PrcLineEdit *edit)
{
    return prc_secret_new (edit->text, edit->length);
}

void
prc_line_edit_reveal (PrcLineEdit *edit, gboolean is_shown)
{
    edit->is_shown = is_shown;
}

gboolean
prc_line_edit_is_revealed (const PrcLineEdit *edit)
{
    return edit->is_shown;
}

static gsize
next_stop (const PrcLineEdit *edit)
{
    const char *p = edit->text + edit->cursor;
    PrcGrapheme grapheme = { 0 };

    (void) prc_grapheme_next (&p, &grapheme);
    explicit_bzero (&grapheme, sizeof grapheme);
    return (gsize) (p - edit->text);
}

static gsize
previous_stop (const PrcLineEdit *edit)
{
    const char *p = edit->text;
    gsize before = 0;
    PrcGrapheme grapheme = { 0 };

    while ((gsize) (p - edit->text) < edit->cursor) {
        before = (gsize) (p - edit->text);
        if (!prc_grapheme_next (&p, &grapheme))
            break;
    }
    explicit_bzero (&grapheme, sizeof grapheme);
    return before;
}

static gsize
word_start (const PrcLineEdit *edit)
{
    gsize at = edit->cursor;

    while (at > 0 && edit->text[at - 1] == ' ')
        at--;
    while (at > 0 && edit->text[at - 1] != ' ')
        at--;
    return at;
}

static gboolean
edit_key (PrcLineEdit *edit, PrcKey key)
{
    switch (key) {
    case PRC_KEY_BACKSPACE:
    case PRC_KEY_CTRL | 'h':
        erase (edit, previous_stop (edit), edit->cursor);
        return TRUE;
    case PRC_KEY_DELETE:
        erase (edit, edit->cursor, next_stop (edit));
        return TRUE;
    case PRC_KEY_CTRL | 'u':
        erase (edit, 0, edit->cursor);
        return TRUE;
    case PRC_KEY_CTRL | 'k':
        erase (edit, edit->cursor, edit->length);
        return TRUE;
    case PRC_KEY_CTRL | 'w':
        erase (edit, word_start (edit), edit->cursor);
        return TRUE;
    default:
        return FALSE;
    }
}

gboolean
prc_line_edit_key (PrcLineEdit *edit, PrcKey key)
{
    char bytes[6];

    if (prc_key_is_text (key)) {
        insert_bytes (edit, bytes, (gsize) g_unichar_to_utf8 (key, bytes));
        explicit_bzero (bytes, sizeof bytes);
        return TRUE;
    }
    switch (key) {
    case PRC_KEY_LEFT:
    case PRC_KEY_CTRL | 'b':
        edit->cursor = previous_stop (edit);
        return TRUE;
    case PRC_KEY_RIGHT:
    case PRC_KEY_CTRL | 'f':
        edit->cursor = next_stop (edit);
        return TRUE;
    case PRC_KEY_HOME:
    case PRC_KEY_CTRL | 'a':
        edit->cursor = 0;
        return TRUE;
    case PRC_KEY_END:
    case PRC_KEY_CTRL | 'e':
        edit->cursor = edit->length;
        return TRUE;
    default:
        return edit_key (edit, key);
    }
}

void
prc_line_edit_draw (const PrcLineEdit *edit, const PrcArea *area, gboolean is_active)
{
    gboolean is_hidden = edit->is_secret && !edit->is_shown;
    const char *bullet = prc_theme_glyph (area->theme, PRC_GLYPH_BULLET);
    const char *p = edit->text;
    PrcGrapheme grapheme = { 0 };
    int before = 0, x = 0;

    while ((gsize) (p - edit->text) < edit->cursor && prc_grapheme_next (&p, &grapheme))
        before += is_hidden ? 1 : grapheme.width;
    if (is_active && before >= area->width) /* the cursor is always in sight */
        x = area->width - 1 - before;
    if (is_active)
        prc_area_cursor (area, before + x, 0);
    for (p = edit->text; x < area->width && prc_grapheme_next (&p, &grapheme);) {
        if (x >= 0 || is_hidden)
            (void) prc_draw_text (area, x, 0, is_hidden ? bullet : grapheme.text, PRC_LOOK_FIELD);
        else if (x + grapheme.width > 0)
            (void) prc_draw_text (area, 0, 0, " ", PRC_LOOK_FIELD);
        x += is_hidden ? 1 : grapheme.width;
    }
    for (x = MAX (x, 0); x < area->width; x++)
        (void) prc_draw_text (area, x, 0, " ", PRC_LOOK_FIELD);
    explicit_bzero (&grapheme, sizeof grapheme);
}
