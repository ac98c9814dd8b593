/* pipconf-scan.h - the lines and sections of a pip.conf: what pipconf.c edits */
#pragma once
#include "formats/document.h"

/** The section whose keys every other one inherits; the only one that may be there twice. */
#define PRC_PIP_DEFAULT "DEFAULT"

/* One line: [start, end) without its line end, @text the first byte that isn't blank, @text_end
 * behind the last one; @indent is counted in characters, as Python does. */
typedef struct {
    gsize start, text, text_end, end, next;
    gsize indent;
} PrcPipLine;

/* One [header] and what stands below it up to the next one. */
typedef struct {
    char *name;
    gsize start, end; /* the header's line, line end included */
    gsize body_end;   /* where the next header's line, or the end of the file, is */
    gsize indent_end; /* [start, indent_end) is the header's own indentation */
    gboolean has_comments;
    guint n_entries;
    gsize last_start, last_end; /* of its last entry; only when n_entries > 0 */
} PrcPipSection;

typedef struct {
    const char *data;
    gsize size;
    GPtrArray *entries;
    GPtrArray *names; /* parallel to entries: the name as RawConfigParser keeps it */
    GArray *sections; /* of PrcPipSection */
    GHashTable *seen; /* "section\nname", and "section" */
    PrcEntry *open;   /* the entry that a continuation line would add to */
    GString *value;   /* its lines so far */
    gsize indent;     /* of the last line that was a header or a key */
    guint line;
} PrcPipScan;

/**
 * prc_pip_scan:
 * @scan: zeroed
 * @entries: (element-type PrcEntry): where the entries go; must outlive @scan
 * @error: "LINE: …" for whatever makes pip reject the file
 *
 * Reads the whole of @doc. The bytes stay the document's.
 */
gboolean prc_pip_scan (PrcPipScan *scan, const PrcDocument *doc, GPtrArray *entries,
                       GError **error);
void prc_pip_scan_clear (PrcPipScan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcPipScan, prc_pip_scan_clear)

/** prc_pip_line_at: the line that begins at @start; lines end at LF, CRLF and lone CR. */
PrcPipLine prc_pip_line_at (const char *data, gsize size, gsize start);
gboolean prc_pip_line_is_empty (const PrcPipLine *line);
/** prc_pip_line_is_comment: '#' or ';' is its first character that isn't blank. */
gboolean prc_pip_line_is_comment (const char *data, const PrcPipLine *line);

/** prc_pip_skip_blanks, prc_pip_trim_blanks: the ends of [start, end), valid UTF-8, without what
 * Python's strip() takes away there; @ret_n (nullable) counts characters. */
gsize prc_pip_skip_blanks (const char *data, gsize start, gsize end, gsize *ret_n);
gsize prc_pip_trim_blanks (const char *data, gsize start, gsize end);

/** prc_pip_normalised_name: pip's: lower case, '-' for '_', without a leading "--". (transfer full)
 */
char *prc_pip_normalised_name (const char *name);
