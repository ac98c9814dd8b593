#include "app/left-history.h"

#include <string.h>

#include "base/secret.h"
#include "model/secret-search.h"

typedef struct {
    const char *bytes;
    gsize size;
    PrcTypedShape shape;
    const GPtrArray *searches;
} History;

/* Behind the newline, or the end. */
static gsize
line_end (const History *history, gsize at)
{
    const char *newline = memchr (history->bytes + at, '\n', history->size - at);

    return newline != NULL ? (gsize) (newline - history->bytes) + 1 : history->size;
}

static gboolean
begins (const History *history, gsize at, const char *word)
{
    gsize length = strlen (word);

    return history->size - at >= length && memcmp (history->bytes + at, word, length) == 0;
}

/* "#1700000000" of bash, "#+1700000000" of tcsh: when the next line was typed. */
static gboolean
is_time (const History *history, gsize start, gsize end)
{
    gsize at = start;

    if (at >= end || history->bytes[at++] != '#')
        return FALSE;
    if (at < end && history->bytes[at] == '+')
        at++;
    if (at >= end || !g_ascii_isdigit (history->bytes[at]))
        return FALSE;
    while (at < end && g_ascii_isdigit (history->bytes[at]))
        at++;
    return at == end || history->bytes[at] == '\n';
}

/* zsh ends a line that goes on with a backslash, and one that ends in a backslash with a blank
 * behind it. */
static gboolean
goes_on (const History *history, gsize end)
{
    return end >= 2 && history->bytes[end - 1] == '\n' && history->bytes[end - 2] == '\\';
}

static gsize
entry_end (const History *history, gsize start)
{
    gsize end = line_end (history, start);

    switch (history->shape) {
    case PRC_TYPED_ZSH:
        while (end < history->size && goes_on (history, end))
            end = line_end (history, end);
        return end;
    case PRC_TYPED_FISH:
        while (end < history->size && !begins (history, end, "- cmd:"))
            end = line_end (history, end);
        return end;
    case PRC_TYPED_LINES:
    case PRC_TYPED_URLS:
    default:
        return end;
    }
}

/* zsh writes some bytes as 0x83 and the byte with bit 5 turned over. */
static char *
unmetafied (const char *bytes, gsize size, gsize *ret_size)
{
    char *out = g_malloc (size + 1);
    gsize n = 0;

    for (gsize i = 0; i < size; i++)
        if ((guchar) bytes[i] == 0x83 && i + 1 < size)
            out[n++] = (char) (bytes[++i] ^ 32);
        else
            out[n++] = bytes[i];
    out[n] = '\0';
    *ret_size = n;
    return out;
}

static gboolean
has_hit (const History *history, gsize start, gsize end)
{
    PrcSecretHit hit = { 0 };
    gsize size = 0;
    char *plain = NULL;
    gboolean found =
        prc_secret_searches_find (history->searches, history->bytes + start, end - start, 0, &hit);

    if (found || history->shape != PRC_TYPED_ZSH)
        return found;
    plain = unmetafied (history->bytes + start, end - start, &size);
    found = prc_secret_searches_find (history->searches, plain, size, 0, &hit);
    explicit_bzero (plain, size);
    g_free (plain);
    return found;
}

static History
history_of (GBytes *bytes, PrcTypedShape shape, const GPtrArray *searches)
{
    gsize size = 0;
    const char *data = g_bytes_get_data (bytes, &size);

    return (History){ data, size, shape, searches };
}

GArray *
prc_typed_find (GBytes *bytes, PrcTypedShape shape, const GPtrArray *searches)
{
    History history = history_of (bytes, shape, searches);
    GArray *lines = g_array_new (FALSE, FALSE, sizeof (guint));
    guint line = 1;

    for (gsize at = 0; at < history.size;) {
        gsize end = entry_end (&history, at);

        if (has_hit (&history, at, end))
            g_array_append_val (lines, line);
        for (; at < end; at++)
            line += history.bytes[at] == '\n';
    }
    return lines;
}

/* The line that says when a removed one was typed goes with it, unless something else is left of
 * the entry behind it. */
static gboolean
time_goes_too (const History *history, gsize time_start, gsize start, gsize end)
{
    return history->shape == PRC_TYPED_LINES && is_time (history, time_start, start) &&
           (end == history->size || is_time (history, end, line_end (history, end)));
}

GBytes *
prc_typed_without (GBytes *bytes, PrcTypedShape shape, const GPtrArray *searches)
{
    History history = history_of (bytes, shape, searches);
    char *out = g_malloc (history.size + 1);
    gsize n = 0, last_start = 0, last_in_out = 0;

    for (gsize at = 0; at < history.size;) {
        gsize end = entry_end (&history, at);

        if (!has_hit (&history, at, end)) {
            last_in_out = n;
            memcpy (out + n, history.bytes + at, end - at);
            n += end - at;
            last_start = at;
        } else if (at > 0 && time_goes_too (&history, last_start, at, end)) {
            n = last_in_out;
        }
        at = end;
    }
    return prc_bytes_new_wiped (out, n);
}
