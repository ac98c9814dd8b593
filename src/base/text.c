#include "base/text.h"

#include <string.h>

gboolean
prc_text_is_unfit (gunichar c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x061C || c == 0x200E || c == 0x200F ||
           c == 0x2028 || c == 0x2029;
}

/* How many bytes at the start are plain ASCII, which is nearly always all of them. */
static gsize
plain_length (const char *bytes)
{
    const guchar *p = (const guchar *) bytes;

    while (*p >= 0x20 && *p < 0x7F)
        p++;
    return (gsize) (p - (const guchar *) bytes);
}

static char *
replace_bad (const char *bytes, gboolean (*is_bad) (gunichar))
{
    const char *p = bytes != NULL ? bytes : "";
    gsize plain = plain_length (p);
    GString *out = NULL;

    if (p[plain] == '\0')
        return g_strndup (p, plain);
    /* as long as it can get: growing would leave copies of what may be secret */
    out = g_string_sized_new (plain + 4 * strlen (p + plain) + 1);
    g_string_append_len (out, p, (gssize) plain);
    for (p += plain; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated (p, -1);

        if (c == (gunichar) -1 || c == (gunichar) -2) {
            g_string_append_printf (out, "\\x%02X", (guint) (guchar) *p++);
            continue;
        }
        if (is_bad != NULL && is_bad (c))
            g_string_append_printf (out, c < 0x80 ? "\\x%02X" : "\\u{%04X}", (guint) c);
        else
            g_string_append_unichar (out, c);
        p = g_utf8_next_char (p);
    }
    return g_string_free (out, FALSE);
}

char *
prc_text_printable (const char *bytes)
{
    return replace_bad (bytes, prc_text_is_unfit);
}

char *
prc_text_utf8 (const char *bytes)
{
    return replace_bad (bytes, NULL);
}

gboolean
prc_text_has_control (const char *bytes)
{
    for (const guchar *p = (const guchar *) bytes; *p != '\0'; p++)
        if (*p < 0x20 || *p == 0x7F)
            return TRUE;
    return FALSE;
}

static gboolean
is_one_of (gunichar c, const GUnicodeBreakType *types, gsize n_types)
{
    GUnicodeBreakType type = g_unichar_break_type (c);

    for (gsize i = 0; i < n_types; i++)
        if (types[i] == type)
            return TRUE;
    return FALSE;
}

/* Takes two columns, and is written without blanks between words. */
static gboolean
is_cjk (gunichar c)
{
    static const GUnicodeBreakType others[] = {
        G_UNICODE_BREAK_HANGUL_L_JAMO,       G_UNICODE_BREAK_HANGUL_V_JAMO,
        G_UNICODE_BREAK_HANGUL_T_JAMO,       G_UNICODE_BREAK_HANGUL_LV_SYLLABLE,
        G_UNICODE_BREAK_HANGUL_LVT_SYLLABLE, G_UNICODE_BREAK_EMOJI_BASE,
        G_UNICODE_BREAK_EMOJI_MODIFIER,      G_UNICODE_BREAK_REGIONAL_INDICATOR,
    };

    return g_unichar_iswide (c) && !is_one_of (c, others, G_N_ELEMENTS (others));
}

static gboolean
may_begin_line (gunichar c)
{
    static const GUnicodeBreakType types[] = {
        G_UNICODE_BREAK_IDEOGRAPHIC, G_UNICODE_BREAK_ALPHABETIC, G_UNICODE_BREAK_AMBIGUOUS,
        G_UNICODE_BREAK_NUMERIC,     G_UNICODE_BREAK_PREFIX,     G_UNICODE_BREAK_OPEN_PUNCTUATION,
    };

    return is_one_of (c, types, G_N_ELEMENTS (types)) ||
           g_unichar_type (c) == G_UNICODE_INITIAL_PUNCTUATION;
}

static gboolean
may_end_line (gunichar c)
{
    static const GUnicodeBreakType others[] = {
        G_UNICODE_BREAK_OPEN_PUNCTUATION, G_UNICODE_BREAK_PREFIX,
        G_UNICODE_BREAK_BEFORE,           G_UNICODE_BREAK_NON_BREAKING_GLUE,
        G_UNICODE_BREAK_WORD_JOINER,      G_UNICODE_BREAK_ZERO_WIDTH_JOINER,
        G_UNICODE_BREAK_QUOTATION,
    };

    return !is_one_of (c, others, G_N_ELEMENTS (others)) ||
           g_unichar_type (c) == G_UNICODE_FINAL_PUNCTUATION;
}

gboolean
prc_text_may_break (gunichar before, gunichar after)
{
    return (is_cjk (before) || is_cjk (after)) && may_end_line (before) && may_begin_line (after);
}

gsize
prc_text_piece (const char *text)
{
    const char *p = text;

    while (*p != '\0' && *p != ' ' && *p != '\n') {
        gunichar c = g_utf8_get_char_validated (p, -1), next = 0;

        p = c == (gunichar) -1 || c == (gunichar) -2 ? p + 1 : g_utf8_next_char (p);
        next = g_utf8_get_char_validated (p, -1);
        /* what is not UTF-8 is more than any character, and breaks nowhere */
        if (c <= 0x10FFFF && next <= 0x10FFFF && prc_text_may_break (c, next))
            break;
    }
    return (gsize) (p - text);
}
