/* needle.h - what is searched for: capital letters count only when it has some itself */
#pragma once
#include <glib.h>

#include "tui/draw.h"

typedef struct _PrcNeedle PrcNeedle;

/** prc_needle_new: (transfer full) (nullable): NULL for an empty text. */
PrcNeedle *prc_needle_new (const char *text);
void prc_needle_free (PrcNeedle *needle);
const char *prc_needle_text (const PrcNeedle *needle);
/** prc_needle_in: @text (nullable) has it. */
gboolean prc_needle_in (const PrcNeedle *needle, const char *text);
/** prc_needle_highlight: flags it wherever it stands in what is already drawn in @area. */
void prc_needle_highlight (const PrcNeedle *needle, const PrcArea *area);
