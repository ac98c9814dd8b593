/* document.h - one file, read losslessly; immutable: an edit gives a new document
 *
 * Calling sequence: prc_document_parse() the bytes as they were read, look entries up, then
 * doc2 = prc_document_set (doc, …) as often as needed, and hand prc_document_bytes (last) to the
 * writer. Each edit is read back with the same driver before it is returned: if the result would
 * not mean what was asked for, or any other entry would mean something else, it fails and there is
 * no new document. */
#pragma once
#include <glib.h>

#include "formats/format.h"

/** PRC_TOOL_VERSION: a tool's version as one number that compares; 0 is unknown. */
#define PRC_TOOL_VERSION(major, minor, patch)                                                      \
    (((guint) (major) << 20) | ((guint) (minor) << 10) | (guint) (patch))

/**
 * prc_document_parse:
 * @bytes: the whole file; an absent file is the empty one
 * @tool_version: the version of the tool that will read it, where rules differ; 0 when unknown:
 *   then what any version rejects is rejected, and what is written is right in all
 * @error: #PRC_ERROR_INPUT "LINE: what is wrong" when the tool itself would reject the file
 *
 * Returns: (transfer full) (nullable)
 */
PrcDocument *prc_document_parse (const PrcFormat *format, GBytes *bytes, guint tool_version,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
PrcDocument *prc_document_ref (PrcDocument *doc);
void prc_document_unref (PrcDocument *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcDocument, prc_document_unref)

const PrcFormat *prc_document_format (const PrcDocument *doc);
/** prc_document_bytes: (transfer none) */
GBytes *prc_document_bytes (const PrcDocument *doc);
/** prc_document_data: the bytes themselves, NOT NUL-terminated; NULL when there are none. */
const char *prc_document_data (const PrcDocument *doc, gsize *ret_size);
guint prc_document_tool_version (const PrcDocument *doc);
/** prc_document_entries: (transfer none) (element-type PrcEntry): in file order, every occurrence.
 */
const GPtrArray *prc_document_entries (const PrcDocument *doc);

typedef enum {
    PRC_LOOKUP_NONE,    /* the tool finds no value here */
    PRC_LOOKUP_VALUE,   /* it reads @ret_entry's value */
    PRC_LOOKUP_DYNAMIC, /* depends on what shell code does; @ret_entry is the one to look at */
} PrcLookup;

/**
 * prc_document_lookup:
 * @key: canonical, as in the entries
 * @ret_entry: (out) (optional) (transfer none): the deciding entry, also for an UNSET; else NULL
 *
 * What the tool would use for @key if this were its only file: the last entry counts.
 */
PrcLookup prc_document_lookup (const PrcDocument *doc, const char *key, const PrcEntry **ret_entry);

/**
 * prc_document_set:
 * @key: in any spelling that the format allows
 *
 * Afterwards lookup gives @value. Edits the winning occurrence where it stands and removes the
 * others that it would beat (INERT, CONDITIONAL and DYNAMIC ones are left alone; a new
 * value goes behind them if it must win). Nothing to do gives a document with the same bytes.
 * Fails with #PRC_ERROR_UNSUPPORTED when the format can't hold @value, or when a conditional or
 * dynamic entry would still have the last word.
 * Returns: (transfer full) (nullable)
 */
PrcDocument *prc_document_set (PrcDocument *doc, const char *key, const char *value,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_document_unset: removes every static entry of @key, INERT ones too; conditional and dynamic
 * ones are left. (transfer full) (nullable)
 */
PrcDocument *prc_document_unset (PrcDocument *doc, const char *key,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_document_add: makes sure that some active entry of @key has @value: for keys of many values.
 */
PrcDocument *prc_document_add (PrcDocument *doc, const char *key, const char *value,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_document_remove_entry: takes away the entry with this index in prc_document_entries(). */
PrcDocument *prc_document_remove_entry (PrcDocument *doc, guint index,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** PrcEntryFunc: decides about one entry. */
typedef gboolean (*PrcEntryFunc) (const PrcEntry *entry, gpointer data);
/**
 * prc_document_remove_if: takes away every entry that @is_meant, and then those of what is left,
 * until there is none.
 * @ret_removed: (out) (optional): how many went
 * @ret_left: (nullable): gets (element-type GError) "LINE: …" for each entry that can't be removed,
 * and stays then; NULL: the first of them is an error
 *
 * As prc_document_remove_entry() for each, but in a time that hardly grows faster than the file.
 */
PrcDocument *prc_document_remove_if (PrcDocument *doc, PrcEntryFunc is_meant, gpointer data,
                                     guint *ret_removed, GPtrArray *ret_left,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_document_replace_entry: gives the entry with this index another value, where it stands. */
PrcDocument *prc_document_replace_entry (PrcDocument *doc, guint index, const char *value,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_document_replace_entries: the same for several: @values is from their indexes
 * (GUINT_TO_POINTER) to strings. */
PrcDocument *prc_document_replace_entries (PrcDocument *doc, GHashTable *values,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For the drivers */

/**
 * prc_document_memo: what @make has worked out about @doc, which is asked once; kept as long as the
 * document. Returns: (transfer none) (nullable): NULL when @make failed
 */
gpointer prc_document_memo (const PrcDocument *doc,
                            gpointer (*make) (const PrcDocument *doc, GError **error),
                            GDestroyNotify free_memo, GError **error);

/** prc_document_eol: "\r\n" when the file's first line ends so, else "\n". */
const char *prc_document_eol (const PrcDocument *doc);

/**
 * prc_document_insert_lines:
 * @offset: the start of a line, or the end of the file
 * @lines: '\n' between lines, none at the end
 *
 * Makes @ret_edit insert whole lines with the file's line ending; at the end of a file that has no
 * final newline, the file has none afterwards either.
 */
void prc_document_insert_lines (const PrcDocument *doc, gsize offset, const char *lines,
                                PrcEdit *ret_edit);

/** prc_document_line_start, …_line_end: of the line that @offset lies in; the end is behind its
 * newline, or the end of the file. Lines end at '\n'. */
gsize prc_document_line_start (const PrcDocument *doc, gsize offset);
gsize prc_document_line_end (const PrcDocument *doc, gsize offset);
