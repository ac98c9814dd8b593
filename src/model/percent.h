/* percent.h - %HH, read as the tools read it (writing: prc_percent_encode in proxy-url.h) */
#pragma once
#include <glib.h>

/** prc_percent_is_hex: @text begins with '%' and two hex digits; may be shorter, NUL ends it. */
gboolean
prc_percent_is_hex (const char *text);

/** prc_percent_decode: @length bytes of @text (transfer full), wiped by the caller. A '%' that no
 * two hex digits follow stays, as in curl and git; so does %00 when @keep_zero, else it becomes a
 * NUL: @ret_length tells. */
char *
prc_percent_decode (const char *text, gsize length, gboolean keep_zero, gsize *ret_length);
