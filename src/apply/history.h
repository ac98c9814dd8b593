/* history.h - the transactions that can be taken back */
#pragma once
#include <glib.h>

#include "apply/transaction.h"

/** The history keeps this many transactions, and none older than that, in seconds. */
#define PRC_HISTORY_MAX 50
#define PRC_HISTORY_AGE_MAX (90 * 24 * 3600)

/** PrcHistoryFile: one file of a transaction; sizes in bytes, 0 for an absent file. */
typedef struct {
    char *path;
    PrcChangeAction action;
    guint settings;
    guint64 old_size, new_size;
} PrcHistoryFile;

/** PrcHistoryEntry: one transaction. */
typedef struct {
    char *id;
    gint64 time;  /* seconds since 1970 */
    char *label;  /* "" when none was given */
    char *note;   /* (nullable) */
    char *undoes; /* (nullable): the id of the one that this took back */
    gboolean undone;
    gboolean interrupted; /* rolled back after a crash, kept because a file had changed meanwhile;
                             can't be undone */
    gboolean sealed;      /* undoing it needs the sealer */
    guint64 stored_size;  /* of the record itself, bytes */
    GPtrArray *files;     /* (element-type PrcHistoryFile) */
} PrcHistoryEntry;

/**
 * prc_history_list: newest first; none when there is no history yet
 * @unreadable: (nullable) (element-type utf8): gets a line "ID: REASON" for each record that can't
 *   be read, newest first; they are left out of the list
 * Returns: (transfer full) (element-type PrcHistoryEntry) (nullable)
 */
GPtrArray *prc_history_list (PrcStateDir *state, GPtrArray *unreadable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_history_find:
 * @id: (nullable): NULL for the one that prc_transaction_undo() would take
 *
 * Returns: (transfer full) (nullable): %NULL with #PRC_ERROR_NOT_FOUND; #PRC_ERROR_INPUT: its record,
 * or without @id a newer one, can't be read
 */
PrcHistoryEntry *prc_history_find (PrcStateDir *state, const char *id,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/**
 * prc_history_former: what the files of transaction @id held before it: @path and @old_bytes
 * (nullable: there was none) of each change; the rest is not filled in. Reads only.
 * @error: as prc_undo_plan(), but it does not matter what became of the files since
 *
 * Returns: (transfer full) (element-type PrcChange) (nullable)
 */
GPtrArray *prc_history_former (PrcStateDir *state, const char *id, const PrcApplyOptions *options,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_history_entry_free (PrcHistoryEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcHistoryEntry, prc_history_entry_free)

/**
 * prc_history_purge: removes every record, and lets the sealer forget its key
 * @ret_count: (out) (optional): how many
 * @ret_given_up: (out) (optional) (transfer full) (element-type utf8): files that an interrupted
 *   transaction may have left half written, and whose former content can't be read any more
 */
gboolean prc_history_purge (PrcStateDir *state, const PrcApplyOptions *options, guint *ret_count,
                            GPtrArray **ret_given_up, GError **error);
