/* statement.h - what csh and fish have in common: settings that are statements on lines of their
 * own
 *
 * Private to these two drivers. */
#pragma once
#include "formats/document.h"

/** PRC_STATEMENT_SOURCE, PRC_STATEMENT_EVAL: the keys under which a script that is read, and a
 * command whose output is evaluated, are found. */
#define PRC_STATEMENT_SOURCE "source"
#define PRC_STATEMENT_EVAL "eval"

/** prc_statement_is_certain: neither conditional nor behind an exit. */
gboolean prc_statement_is_certain (const PrcEntry *entry);

/**
 * prc_statement_place:
 * @limit: the start of a line that may leave the file, or the file's end
 *
 * Where a new statement of @key goes: before @limit; behind the last related setting that has its
 * line to itself, if that is behind all that @key has.
 */
gsize prc_statement_place (const PrcDocument *doc, const GPtrArray *entries, gsize limit,
                           const char *key);

/**
 * prc_statement_remove: takes @entry's bytes; at the end of a file without a final newline the
 * newline before goes along.
 * @crlf: a carriage return before it, too; else that belongs to the value there
 */
gboolean prc_statement_remove (const PrcDocument *doc, const PrcEntry *entry, gboolean crlf,
                               GArray *edits, GError **error);
