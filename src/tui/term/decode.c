#include "tui/term/decode.h"

#include <string.h>
#include <wchar.h>

#define PASTE_END "\033[201~"
#define PASTE_MAX (1024u * 1024u) /* more is swallowed */
#define SEQUENCE_MAX 64           /* a control sequence that is longer is none */

struct _PrcDecoder {
    gboolean is_utf8;
    GPtrArray *sequences; /* of char*, beside @keys */
    GArray *keys;
    char *bytes; /* not yet decoded; wiped as it goes, for it may be a password */
    gsize length, size;
    gboolean in_paste;
};

PrcDecoder *
prc_decoder_new (gboolean is_utf8)
{
    PrcDecoder *decoder = g_new0 (PrcDecoder, 1);

    decoder->is_utf8 = is_utf8;
    decoder->sequences = g_ptr_array_new_with_free_func (g_free);
    decoder->keys = g_array_new (FALSE, FALSE, sizeof (PrcKey));
    decoder->size = 4096;
    decoder->bytes = g_malloc0 (decoder->size);
    return decoder;
}

void
prc_decoder_free (PrcDecoder *decoder)
{
    if (decoder == NULL)
        return;
    g_ptr_array_unref (decoder->sequences);
    g_array_unref (decoder->keys);
    explicit_bzero (decoder->bytes, decoder->size);
    g_free (decoder->bytes);
    g_free (decoder);
}

void
prc_decoder_add_key (PrcDecoder *decoder, const char *sequence, PrcKey key)
{
    if (sequence == NULL || *sequence != '\033' || sequence[1] == '\0')
        return;
    g_ptr_array_add (decoder->sequences, g_strdup (sequence));
    g_array_append_val (decoder->keys, key);
}

void
prc_decoder_feed (PrcDecoder *decoder, const char *bytes, gsize length)
{
    if (decoder->length + length > decoder->size) {
        gsize size = MAX (decoder->size * 2, decoder->length + length);
        char *grown = g_malloc0 (size);

        memcpy (grown, decoder->bytes, decoder->length);
        explicit_bzero (decoder->bytes, decoder->size);
        g_free (decoder->bytes);
        decoder->bytes = grown;
        decoder->size = size;
    }
    memcpy (decoder->bytes + decoder->length, bytes, length);
    decoder->length += length;
}

static void
take (PrcDecoder *decoder, gsize n)
{
    memmove (decoder->bytes, decoder->bytes + n, decoder->length - n);
    explicit_bzero (decoder->bytes + decoder->length - n, n);
    decoder->length -= n;
}

gboolean
prc_decoder_is_waiting (const PrcDecoder *decoder)
{
    return decoder->length > 0 && !decoder->in_paste;
}

/* What a step of the decoder says: how many bytes it took, or that it needs more. */
enum { NEEDS_MORE = 0 };

/* Characters */

static gsize
decode_utf8 (const PrcDecoder *decoder, gsize at, gunichar *ret)
{
    gunichar c = g_utf8_get_char_validated (decoder->bytes + at, (gssize) (decoder->length - at));

    if (c == (gunichar) -2)
        return NEEDS_MORE;
    *ret = c == (gunichar) -1 ? 0 : c;
    return c == (gunichar) -1 ? 1 : (gsize) g_unichar_to_utf8 (c, NULL);
}

static gsize
decode_locale (const PrcDecoder *decoder, gsize at, gunichar *ret)
{
    mbstate_t state = { 0 };
    wchar_t wide = 0;
    size_t n = mbrtowc (&wide, decoder->bytes + at, decoder->length - at, &state);

    if (n == (size_t) -2)
        return NEEDS_MORE;
    *ret = n == (size_t) -1 ? 0 : (gunichar) wide;
    return n == (size_t) -1 || n == 0 ? 1 : n;
}

static gsize
decode_char (const PrcDecoder *decoder, gsize at, PrcKey *ret)
{
    guchar byte = (guchar) decoder->bytes[at];
    gunichar c = 0;
    gsize n = 1;

    if (byte == '\r' || byte == '\n')
        *ret = PRC_KEY_ENTER;
    else if (byte == '\t')
        *ret = PRC_KEY_TAB;
    else if (byte == 0x7F || byte == 0x08)
        *ret = PRC_KEY_BACKSPACE;
    else if (byte == 0x1B)
        *ret = PRC_KEY_ESCAPE;
    else if (byte < 0x20)
        *ret = PRC_KEY_CTRL | (byte == 0 ? ' ' : byte <= 26 ? 'a' + byte - 1u : 0x40u + byte);
    else if (byte < 0x7F)
        *ret = byte;
    else {
        n = decoder->is_utf8 ? decode_utf8 (decoder, at, &c) : decode_locale (decoder, at, &c);
        *ret = c >= 0xA0 ? c : PRC_KEY_NONE;
    }
    return n;
}

/* Control sequences: ESC [ parameters final */

static PrcKey
key_of_letter (char letter)
{
    static const struct {
        char letter;
        PrcKey key;
    } rows[] = {
        { 'A', PRC_KEY_UP },     { 'B', PRC_KEY_DOWN },   { 'C', PRC_KEY_RIGHT },
        { 'D', PRC_KEY_LEFT },   { 'H', PRC_KEY_HOME },   { 'F', PRC_KEY_END },
        { 'P', PRC_KEY_F1 },     { 'Q', PRC_KEY_F1 + 1 }, { 'R', PRC_KEY_F1 + 2 },
        { 'S', PRC_KEY_F1 + 3 }, { 'M', PRC_KEY_ENTER },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (rows[i].letter == letter)
            return rows[i].key;
    return PRC_KEY_NONE;
}

static PrcKey
key_of_number (guint number)
{
    static const PrcKey keys[] = {
        [1] = PRC_KEY_HOME,     [2] = PRC_KEY_INSERT,  [3] = PRC_KEY_DELETE,
        [4] = PRC_KEY_END,      [5] = PRC_KEY_PAGE_UP, [6] = PRC_KEY_PAGE_DOWN,
        [7] = PRC_KEY_HOME,     [8] = PRC_KEY_END,     [11] = PRC_KEY_F1,
        [12] = PRC_KEY_F1 + 1,  [13] = PRC_KEY_F1 + 2, [14] = PRC_KEY_F1 + 3,
        [15] = PRC_KEY_F1 + 4,  [17] = PRC_KEY_F1 + 5, [18] = PRC_KEY_F1 + 6,
        [19] = PRC_KEY_F1 + 7,  [20] = PRC_KEY_F1 + 8, [21] = PRC_KEY_F1 + 9,
        [23] = PRC_KEY_F1 + 10, [24] = PRC_KEY_F12,
    };

    return number < G_N_ELEMENTS (keys) ? keys[number] : PRC_KEY_NONE;
}

static PrcKey
with_modifiers (PrcKey key, guint parameter)
{
    guint bits = parameter > 0 ? parameter - 1 : 0;

    if (key == PRC_KEY_NONE)
        return key;
    return key | ((bits & 1) != 0 ? PRC_KEY_SHIFT : 0) | ((bits & 2) != 0 ? PRC_KEY_ALT : 0) |
           ((bits & 4) != 0 ? PRC_KEY_CTRL : 0);
}

static void
read_mouse (const guint numbers[3], char final, PrcEvent *ret)
{
    guint button = numbers[0];

    ret->x = (int) numbers[1] - 1;
    ret->y = (int) numbers[2] - 1;
    if ((button & 64) != 0 && (button & 3) < 2 && final == 'M') {
        ret->type = PRC_EVENT_WHEEL;
        ret->amount = (button & 1) != 0 ? 3 : -3;
    } else if ((button & ~28u) == 0 && final == 'M') { /* the left one, whatever modifiers */
        ret->type = PRC_EVENT_CLICK;
    }
}

static void
read_control (PrcDecoder *decoder, const char *parameters, char final, PrcEvent *ret)
{
    guint numbers[3] = { 0, 0, 0 };
    const char *p = parameters;
    gboolean is_private = *p == '<' || *p == '?' || *p == '>' || *p == '=';

    if (is_private)
        p++;
    for (gsize i = 0; i < G_N_ELEMENTS (numbers) && *p != '\0'; i++) {
        for (; g_ascii_isdigit (*p); p++)
            numbers[i] = MIN (numbers[i] * 10 + (guint) (*p - '0'), 100000);
        while (*p != '\0' && *p++ != ';')
            ;
    }
    if (*parameters == '<' && (final == 'M' || final == 'm'))
        read_mouse (numbers, final, ret);
    else if (is_private)
        return;
    else if (final == '~' && numbers[0] == 200)
        decoder->in_paste = TRUE;
    else if (final == '~')
        ret->key = with_modifiers (key_of_number (numbers[0]), numbers[1]);
    else if (final == 'Z')
        ret->key = PRC_KEY_TAB | PRC_KEY_SHIFT;
    else if (final == 'I' || final == 'O')
        ret->type = PRC_EVENT_FOCUS, ret->amount = final == 'I';
    else if (final != 'M')
        ret->key = with_modifiers (key_of_letter (final), numbers[1]);
}

static gsize
decode_control (PrcDecoder *decoder, gboolean is_late, PrcEvent *ret)
{
    char parameters[SEQUENCE_MAX];
    gsize n = 2;

    while (n < decoder->length && (guchar) decoder->bytes[n] >= 0x20 &&
           (guchar) decoder->bytes[n] < 0x40 && n - 2 < sizeof parameters - 1) {
        parameters[n - 2] = decoder->bytes[n];
        n++;
    }
    parameters[n - 2] = '\0';
    if (n == decoder->length) {
        if (!is_late)
            return NEEDS_MORE;
        ret->key = n == 2 ? PRC_KEY_ALT | '[' : PRC_KEY_NONE;
        return n;
    }
    if ((guchar) decoder->bytes[n] < 0x40 || (guchar) decoder->bytes[n] > 0x7E)
        return n;                           /* broken off: what follows stands for itself */
    if (decoder->bytes[n] == 'M' && n == 2) /* the old way of the mouse: three bytes more */
        return decoder->length >= 6 || is_late ? MIN (decoder->length, 6) : NEEDS_MORE;
    read_control (decoder, parameters, decoder->bytes[n], ret);
    return n + 1;
}

/* What terminfo says of this terminal; longer ones win. */
static gsize
decode_known (const PrcDecoder *decoder, gboolean is_late, PrcKey *ret, gboolean *ret_may_come)
{
    gsize best = 0;

    *ret_may_come = FALSE;
    for (guint i = 0; i < decoder->sequences->len; i++) {
        const char *sequence = g_ptr_array_index (decoder->sequences, i);
        gsize n = strlen (sequence), common = MIN (n, decoder->length);

        if (memcmp (sequence, decoder->bytes, common) != 0)
            continue;
        if (n > decoder->length)
            *ret_may_come = !is_late;
        else if (n > best) {
            best = n;
            *ret = g_array_index (decoder->keys, PrcKey, i);
        }
    }
    return best;
}

static gsize
decode_escape (PrcDecoder *decoder, gboolean is_late, PrcEvent *ret)
{
    gboolean may_come = FALSE;
    gsize n = decode_known (decoder, is_late, &ret->key, &may_come);
    PrcKey key = PRC_KEY_NONE;

    if (n > 0)
        return n;
    if (may_come)
        return NEEDS_MORE;
    if (decoder->length == 1) {
        ret->key = PRC_KEY_ESCAPE;
        return is_late ? 1 : NEEDS_MORE;
    }
    if (decoder->bytes[1] == '[')
        return decode_control (decoder, is_late, ret);
    if (decoder->bytes[1] == 'O' && decoder->length >= 3) {
        ret->key = key_of_letter (decoder->bytes[2]);
        return 3;
    }
    if (decoder->bytes[1] == 'O' && !is_late)
        return NEEDS_MORE;
    if (decoder->bytes[1] ==
        '\033') { /* two escapes: the first is one, the second begins something */
        ret->key = PRC_KEY_ESCAPE;
        return 1;
    }
    n = decode_char (decoder, 1, &key);
    if (n == NEEDS_MORE)
        return is_late ? decoder->length : NEEDS_MORE;
    ret->key = key != PRC_KEY_NONE ? key | PRC_KEY_ALT : PRC_KEY_NONE;
    return 1 + n;
}

/* Paste */

static char *
text_of_paste (const PrcDecoder *decoder, gsize length)
{
    char *text = NULL;

    if (decoder->is_utf8)
        text = g_utf8_make_valid (decoder->bytes, (gssize) length);
    else
        text = g_convert_with_fallback (decoder->bytes, (gssize) length, "UTF-8", "", "?", NULL,
                                        NULL, NULL);
    if (text == NULL)
        text = g_strdup ("");
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\r')
            *p = '\n';
    return text;
}

static gboolean
end_paste (PrcDecoder *decoder, PrcEvent *ret)
{
    const gsize end_length = strlen (PASTE_END);
    const char *end = memmem (decoder->bytes, decoder->length, PASTE_END, end_length);

    if (end == NULL) {
        if (decoder->length > PASTE_MAX + end_length)
            take (decoder, decoder->length - end_length);
        return FALSE;
    }
    ret->type = PRC_EVENT_PASTE;
    ret->text = text_of_paste (decoder, (gsize) (end - decoder->bytes));
    take (decoder, (gsize) (end - decoder->bytes) + end_length);
    decoder->in_paste = FALSE;
    return TRUE;
}

gboolean
prc_decoder_next (PrcDecoder *decoder, gboolean is_late, PrcEvent *ret)
{
    for (;;) {
        gsize n = 0;

        *ret = (PrcEvent){ .type = PRC_EVENT_KEY };
        if (decoder->in_paste)
            return end_paste (decoder, ret);
        if (decoder->length == 0)
            return FALSE;
        if (decoder->bytes[0] == '\033')
            n = decode_escape (decoder, is_late, ret);
        else
            n = decode_char (decoder, 0, &ret->key);
        if (n == NEEDS_MORE)
            return FALSE;
        take (decoder, n);
        if (ret->type != PRC_EVENT_KEY || ret->key != PRC_KEY_NONE)
            return TRUE;
    }
}
