/* wire.h - numbers and strings to bytes and back: the grammar inside a journal's sections
 *
 * Integers are little-endian; a string is a u32 length and its bytes; a missing one has the length
 * 0xFFFFFFFF. Reading never leaves the input: the first thing that doesn't fit sets @bad, and from
 * then on everything reads as 0 or NULL. */
#pragma once
#include <glib.h>

void prc_wire_put_u32 (GByteArray *out, guint32 value);
void prc_wire_put_u64 (GByteArray *out, guint64 value);
/** prc_wire_put_data: @data may be NULL: missing. */
void prc_wire_put_data (GByteArray *out, const void *data, gsize length);
void prc_wire_put_string (GByteArray *out, const char *string);
void prc_wire_put_bytes (GByteArray *out, GBytes *bytes);
/** prc_wire_put_strings: (element-type utf8). */
void prc_wire_put_strings (GByteArray *out, const GPtrArray *strings);

/** PrcWireReader: start with { bytes, bytes + length, FALSE }. */
typedef struct {
    const guint8 *at, *end;
    gboolean bad;
} PrcWireReader;

guint32 prc_wire_get_u32 (PrcWireReader *in);
guint64 prc_wire_get_u64 (PrcWireReader *in);
/** prc_wire_get_string: (transfer full) (nullable): one with a NUL in it is bad. */
char *prc_wire_get_string (PrcWireReader *in);
/** prc_wire_get_bytes: (transfer full) (nullable): a copy, wiped when freed. */
GBytes *prc_wire_get_bytes (PrcWireReader *in);
/** prc_wire_get_strings: (transfer full) (element-type utf8): empty when bad. */
GPtrArray *prc_wire_get_strings (PrcWireReader *in);

/** prc_wire_take_bytes: what was written, wiped when freed; consumes @out. (transfer full) */
GBytes *prc_wire_take_bytes (GByteArray *out) G_GNUC_WARN_UNUSED_RESULT;
