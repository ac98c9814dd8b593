/* gitconfig-scan.h - the grammar of git's configuration files: bytes -> sections and entries
 *
 * The rules are those of config.c of git 2.39 to 2.55. */
#pragma once
#include <glib.h>

#include "formats/document.h"

typedef struct {
    char *stem;       /* what its keys begin with: "http", "http.https://x/" */
    gsize start, end; /* from '[' to behind ']' */
    gboolean leads;   /* it is the first thing on its line */
    gboolean crowded; /* another header follows on its line */
    gboolean comment; /* a comment stands between it and the next header */
    guint first, n_entries;
} PrcGitSection;

typedef struct {
    const char *data;
    gsize size, at;
    guint line;
    gboolean eof;
    gboolean old; /* blanks inside a value all become ' ' */

    gsize lead;            /* where what is first on this line may begin */
    gsize item_end;        /* behind the last header on this line, or 0 */
    gboolean open_end;     /* the file ends in a continuation */
    GArray *sections;      /* of PrcGitSection */
    GPtrArray *entries;    /* of PrcEntry; not owned */
    GString *name, *value; /* scratch */
    gsize key_bytes;       /* of all entries so far */
} PrcGitScan;

/** prc_git_scan_init: @entries: (element-type PrcEntry): where the entries go; not owned. */
void prc_git_scan_init (PrcGitScan *scan, const PrcDocument *doc, GPtrArray *entries);
void prc_git_scan_clear (PrcGitScan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcGitScan, prc_git_scan_clear)

/** prc_git_scan: the whole file; fails with "LINE: …" where git says "bad config line". */
gboolean prc_git_scan (PrcGitScan *scan, GError **error);

/** prc_git_is_key_char: what sections and keys are made of. */
gboolean prc_git_is_key_char (int c);
/** prc_git_is_space: git's own isspace(): no VT, no FF. */
gboolean prc_git_is_space (int c);
/** prc_git_is_include: a canonical key whose values name files that are read at that point. */
gboolean prc_git_is_include (const char *key);
