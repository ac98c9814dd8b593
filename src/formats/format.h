/* format.h - what a grammar is: entries with byte ranges, and where and how a value is written
 *
 * A driver knows one grammar as its tool reads it, and nothing of proxies. It never writes a file
 * and never splices text: it yields entries, and answers with an edit when asked how an entry
 * would take a value. document.c does the rest for all of them, and reads the result back.
 *
 * A new format is one file with one `const PrcFormat`, and one row in registry.c. */
#pragma once
#include <glib.h>

#include "formats/splice.h"

typedef struct _PrcDocument PrcDocument;
typedef struct _PrcFormat PrcFormat;

typedef enum {
    PRC_ENTRY_SET,    /* gives the key a value */
    PRC_ENTRY_UNSET,  /* takes the key's value away: shell `unset X`, pam_env `X` without '=' */
    PRC_ENTRY_EXPORT, /* gives no value, only marks the key: shell `export X` */
} PrcEntryKind;

typedef enum {
    PRC_ENTRY_CONDITIONAL = 1 << 0, /* in a branch, loop or function: may or may not be run */
    PRC_ENTRY_DYNAMIC = 1 << 1,     /* computed when it is run: @value is NULL */
    PRC_ENTRY_INERT = 1 << 2,       /* the tool never reads it here (npm: below a [section]) */
    PRC_ENTRY_PRIVATE = 1 << 3,     /* shell variable that is not exported: programs don't see it */
    PRC_ENTRY_LIST = 1 << 4,    /* one of several values that count together (k[]=, include.path) */
    PRC_ENTRY_ELEMENT = 1 << 5, /* an element of a list whose key ends in its index: when it goes,
                                 * the entries within its bytes go too and those behind it are
                                 * renumbered. Without a @value it only stands for its contents */
    PRC_ENTRY_INTERACTIVE = 1 << 6, /* behind a guard that only interactive shells pass */
    PRC_ENTRY_UNEXPORT = 1 << 7,    /* an UNSET that leaves the shell its value */
} PrcEntryFlags;

/** PrcEntry: one setting in one document. Strings are owned by the document. */
typedef struct {
    PrcEntryKind kind;
    PrcEntryFlags flags;
    char *key;   /* canonical: the tool's own full name */
    char *value; /* decoded as the tool reads it; any bytes but NUL; NULL: none, or not knowable */
    gsize start, end;             /* the bytes that go when the entry goes */
    gsize value_start, value_end; /* the value as it stands in the file, quotes included */
    guint line;                   /* 1-based, of the key */
    char *detail;                 /* (nullable): why it has its flags, or how it is misread */
    char *uncalled; /* (nullable): the function that it stands in, if nothing here calls that: then
                     * it acts only where another file, or somebody, does */
} PrcEntry;

void prc_entry_free (PrcEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcEntry, prc_entry_free)

struct _PrcFormat {
    const char *name;

    /**
     * parse: appends each entry of @doc's bytes to @entries (of #PrcEntry, in file order).
     *
     * Fails with "LINE: what is wrong" (prc_set_error_at_line()) when the tool itself rejects the
     * file, in the version prc_document_tool_version(), or in any version when that is 0.
     */
    gboolean (*parse) (const PrcDocument *doc, GPtrArray *entries, GError **error);

    /**
     * canonical_key: (nullable): the one spelling of @key under which entries are found; (transfer
     * full). Fails with #PRC_ERROR_INPUT when @key can't be a key of this format. NULL: any
     * non-empty key without control characters stands for itself.
     */
    char *(*canonical_key) (const char *key, GError **error);

    /**
     * replace: the edit after which @entry (kind SET, any flags) carries @value, with as little
     * else changed as possible: same quotes where they can hold it, comment behind it kept. Fails
     * with #PRC_ERROR_UNSUPPORTED when this format can't hold @value.
     */
    gboolean (*replace) (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                         PrcEdit *ret_edit, GError **error);

    /**
     * insert: the edit that adds @key = @value where the tool reads it, and so that it wins over
     * what is there. Use prc_document_insert_lines() for whole lines.
     */
    gboolean (*insert) (const PrcDocument *doc, const char *key, const char *value,
                        PrcEdit *ret_edit, GError **error);

    /** insert_as_spelled: insert gets @key not canonical but as the caller spelled it, for a file
     * in which case is free and people have their habits: proxyAuthMethod. */
    gboolean insert_as_spelled;

    /**
     * remove: (nullable): the edits (array of #PrcEdit) that take @entry away. NULL: the bytes
     * [start, end) go. For grammars where more must change, as when the last `export A=1` on a line
     * of several goes.
     */
    gboolean (*remove) (const PrcDocument *doc, const PrcEntry *entry, GArray *edits,
                        GError **error);

    /**
     * remove_all: (nullable): as remove, for all of @entries (of #PrcEntry of one key, in file
     * order) at once; instead of it. For grammars where what goes with an entry depends on which
     * others go too.
     */
    gboolean (*remove_all) (const PrcDocument *doc, const GPtrArray *entries, GArray *edits,
                            GError **error);

    /**
     * comment: (nullable): @text as comment lines of this format, with '\n' at each end; (transfer
     * full). NULL: "# " before each line.
     */
    char *(*comment) (const char *text);
};

/* registry.c */

/** prc_format_by_name: (nullable): the row with that name. */
const PrcFormat *prc_format_by_name (const char *name);
/** prc_formats: (array length=ret_n): all rows, in the order of the table. */
const PrcFormat *const *prc_formats (gsize *ret_n);
