#include "apply/wire.h"

#include <string.h>

#include "base/secret.h"

#define MISSING G_MAXUINT32

void
prc_wire_put_u32 (GByteArray *out, guint32 value)
{
    guint32 little = GUINT32_TO_LE (value);

    g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

void
prc_wire_put_u64 (GByteArray *out, guint64 value)
{
    guint64 little = GUINT64_TO_LE (value);

    g_byte_array_append (out, (const guint8 *) &little, sizeof little);
}

void
prc_wire_put_data (GByteArray *out, const void *data, gsize length)
{
    prc_wire_put_u32 (out, data != NULL ? (guint32) length : MISSING);
    if (data != NULL && length > 0)
        g_byte_array_append (out, data, (guint) length);
}

void
prc_wire_put_string (GByteArray *out, const char *string)
{
    prc_wire_put_data (out, string, string != NULL ? strlen (string) : 0);
}

void
prc_wire_put_bytes (GByteArray *out, GBytes *bytes)
{
    gsize length = 0;
    const void *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

    /* An empty GBytes has no data, which isn't the same as no GBytes. */
    prc_wire_put_data (out, bytes != NULL && data == NULL ? "" : data, length);
}

void
prc_wire_put_strings (GByteArray *out, const GPtrArray *strings)
{
    prc_wire_put_u32 (out, strings != NULL ? strings->len : 0);
    for (guint i = 0; strings != NULL && i < strings->len; i++)
        prc_wire_put_string (out, g_ptr_array_index (strings, i));
}

static const guint8 *
take (PrcWireReader *in, gsize length)
{
    const guint8 *start = in->at;

    if (in->bad || (gsize) (in->end - in->at) < length) {
        in->bad = TRUE;
        return NULL;
    }
    in->at += length;
    return start;
}

guint32
prc_wire_get_u32 (PrcWireReader *in)
{
    guint32 little = 0;
    const guint8 *from = take (in, sizeof little);

    if (from != NULL)
        memcpy (&little, from, sizeof little);
    return GUINT32_FROM_LE (little);
}

guint64
prc_wire_get_u64 (PrcWireReader *in)
{
    guint64 little = 0;
    const guint8 *from = take (in, sizeof little);

    if (from != NULL)
        memcpy (&little, from, sizeof little);
    return GUINT64_FROM_LE (little);
}

static const guint8 *
take_data (PrcWireReader *in, gsize *ret_length)
{
    guint32 length = prc_wire_get_u32 (in);

    *ret_length = length;
    if (in->bad || length == MISSING)
        return NULL;
    return take (in, length);
}

char *
prc_wire_get_string (PrcWireReader *in)
{
    gsize length = 0;
    const guint8 *data = take_data (in, &length);

    if (data == NULL)
        return NULL;
    if (memchr (data, '\0', length) != NULL) {
        in->bad = TRUE;
        return NULL;
    }
    return g_strndup ((const char *) data, length);
}

GBytes *
prc_wire_get_bytes (PrcWireReader *in)
{
    gsize length = 0;
    const guint8 *data = take_data (in, &length);

    if (data == NULL)
        return NULL;
    return prc_bytes_new_wiped (g_memdup2 (data, length), length);
}

GPtrArray *
prc_wire_get_strings (PrcWireReader *in)
{
    GPtrArray *strings = g_ptr_array_new_with_free_func (g_free);
    guint32 n = prc_wire_get_u32 (in);

    for (guint32 i = 0; i < n && !in->bad; i++) {
        char *string = prc_wire_get_string (in);

        if (string == NULL)
            in->bad = TRUE;
        else
            g_ptr_array_add (strings, string);
    }
    return strings;
}

GBytes *
prc_wire_take_bytes (GByteArray *out)
{
    gsize length = out->len;

    return prc_bytes_new_wiped ((char *) g_byte_array_free (out, FALSE), length);
}
