#include "model/percent.h"

#include <string.h>

#include "model/proxy-url.h"

gboolean
prc_percent_is_hex (const char *text)
{
    return text[0] == '%' && g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2]);
}

static guchar
value_of_hex (const char *text)
{
    return (guchar) (g_ascii_xdigit_value (text[1]) << 4 | g_ascii_xdigit_value (text[2]));
}

char *
prc_percent_decode (const char *text, gsize length, gboolean keep_zero, gsize *ret_length)
{
    char *out = g_malloc (length + 1);
    gsize n = 0;

    for (gsize i = 0; i < length; i++) {
        if (length - i >= 3 && prc_percent_is_hex (text + i) &&
            (!keep_zero || value_of_hex (text + i) != 0)) {
            out[n++] = (char) value_of_hex (text + i);
            i += 2;
        } else {
            out[n++] = text[i];
        }
    }
    out[n] = '\0';
    *ret_length = n;
    return out;
}

static gboolean
is_unreserved (char c)
{
    return g_ascii_isalnum (c) || c == '-' || c == '.' || c == '_' || c == '~';
}

char *
prc_percent_encode (const char *bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    /* The exact room at once: a string that grows would leave unwiped copies behind. */
    char *out = g_malloc (strlen (bytes) * 3 + 1), *p = out;

    for (; *bytes != '\0'; bytes++) {
        if (is_unreserved (*bytes)) {
            *p++ = *bytes;
            continue;
        }
        *p++ = '%';
        *p++ = digits[(guchar) *bytes >> 4];
        *p++ = digits[(guchar) *bytes & 15];
    }
    *p = '\0';
    return out;
}
