/* toy-format.h - a grammar of one line per entry, small enough to show what the shared editor does
 *
 *     key=value       SET                -key     UNSET              +key   EXPORT
 *     ?key=value      conditional        !key=v   private            %key=v inert
 *     ~key=code       dynamic            *key=v   one of a list      # and blank lines: nothing
 *
 * The first character of the last cut above ends a value, instead of ';'. $name as a value takes
 * the value of the last static entry of that name above it, and is dynamic when there is none. A
 * '"' in a value that has no second one takes the following lines in, and a line that begins with
 * "ERROR" is refused. None of this is looked at when a value is written: it is the shared editor
 * that must notice. Only a newline is refused by the driver. */
#pragma once
#include "formats/document.h"

/** Removes by byte range. */
extern const PrcFormat toy_format;
/** toy_format_n_parsed: how often any of these has read a file. */
extern guint toy_format_n_parsed;

/** As toy_format, with a remove() of its own. */
extern const PrcFormat toy_format_removing;
/** As toy_format, with a remove() that lets no two entries go together. */
extern const PrcFormat toy_format_clinging;
/** As toy_format; keys are in lower case, and no dot is allowed in them. */
extern const PrcFormat toy_format_folding;
/** As toy_format, but what it inserts stands in front, and its remove() and replace() do nothing.
 */
extern const PrcFormat toy_format_broken;
