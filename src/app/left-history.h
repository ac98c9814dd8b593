/* left-history.h - what a shell remembers of what was typed: entries with a password in them */
#pragma once
#include <glib.h>

typedef enum {
    PRC_TYPED_LINES, /* an entry is a line: bash, tcsh (with their lines of time), python, node …
                      */
    PRC_TYPED_ZSH,   /* goes on after a backslash at the end of a line; some bytes are "metafied" */
    PRC_TYPED_FISH,  /* "- cmd: …" and the indented lines behind it */
    PRC_TYPED_URLS,  /* no history: a helper's, see left-credentials.h */
} PrcTypedShape;

/**
 * prc_typed_find: numbers of the lines (1-based) on which entries with a hit of @searches begin.
 * Returns: (transfer full) (element-type guint)
 */
GArray *prc_typed_find (GBytes *bytes, PrcTypedShape shape, const GPtrArray *searches);

/** prc_typed_without: @bytes without those entries, and all others as they are; (transfer full).
 */
GBytes *prc_typed_without (GBytes *bytes, PrcTypedShape shape, const GPtrArray *searches);
