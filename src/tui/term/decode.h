/* decode.h - the bytes of a terminal as events
 *
 * Not curses' own: what is pasted must come as one event and never as keys, whatever bytes are in
 * it. */
#pragma once
#include <glib.h>

#include "tui/event.h"

typedef struct _PrcDecoder PrcDecoder;

/** prc_decoder_new: @is_utf8: else bytes are in the locale's charset. (transfer full) */
PrcDecoder *prc_decoder_new (gboolean is_utf8);
void prc_decoder_free (PrcDecoder *decoder);
/** prc_decoder_add_key: a sequence that this terminal sends, beside those that all send. @sequence
 * is copied; NULL is ignored. */
void prc_decoder_add_key (PrcDecoder *decoder, const char *sequence, PrcKey key);

void prc_decoder_feed (PrcDecoder *decoder, const char *bytes, gsize length);
/**
 * prc_decoder_next: the next event; FALSE when there is none, or what has come is only the
 * beginning of one.
 * @is_late: nothing has come for a while: so a lone escape is the key of that name
 */
gboolean prc_decoder_next (PrcDecoder *decoder, gboolean is_late, PrcEvent *ret);
/** prc_decoder_is_waiting: something has begun. */
gboolean prc_decoder_is_waiting (const PrcDecoder *decoder);
