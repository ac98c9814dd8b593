/* transaction.h - the only writer of user files: all of them or none, crash-safe, undoable
 *
 * Calling sequence: at each start prc_transaction_recover(); then, to write, an array of PrcChange
 * that say what each file holds now and shall hold, and prc_transaction_commit(). How it is done,
 * step by step, is in docs/ARCHITECTURE.md, "The transaction". */
#pragma once
#include <glib.h>
#include <sys/types.h>

/**
 * PrcStateDir: where the journal, the lock and the history are: $XDG_STATE_HOME/proxyrc.
 * The directory is made 0700, its files 0600; one that belongs to another user than the effective
 * one is refused, one that others may enter is tightened.
 */
typedef struct _PrcStateDir PrcStateDir;
/** prc_state_dir_new: @path is absolute. Touches nothing yet: made by the first commit. */
PrcStateDir *prc_state_dir_new (const char *path) G_GNUC_WARN_UNUSED_RESULT;
void prc_state_dir_free (PrcStateDir *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcStateDir, prc_state_dir_free)

/** PrcChangeAction: what a change does to its file; see prc_change_action(). */
typedef enum {
    PRC_CHANGE_NONE,
    PRC_CHANGE_EDIT, /* another content, or only another mode */
    PRC_CHANGE_CREATE,
    PRC_CHANGE_REMOVE,
} PrcChangeAction;
/** prc_change_action_name: "none", "edit", "create", "remove": the words of the JSON. */
const char *prc_change_action_name (PrcChangeAction action);

/**
 * PrcChange: one file, from what was read to what is wanted.
 * @path: absolute, as the user names it. A symlink is followed and stays; one that dangles gets
 *   its target created. Missing parent directories are made (0700, or 0755 for a file that others
 *   may read).
 * @old_bytes: (nullable): exactly what was read; NULL: there was no file. Not overwritten when the
 *   file holds anything else by now.
 * @new_bytes: (nullable): the whole new content; NULL: no file
 * @mode: permission bits for the file, -1 to keep them (a created file: 0600)
 * @in_place: the inode may be written to where a rename would be wrong (hard links, a bind mount,
 *   a directory that can't be written to, an owner that can't be given); else those are refused.
 *   Such a write is crash-safe as well, but a reader may see half of it.
 * @settings: how many settings change, for reports
 * @keeps_new: the history keeps @new_bytes as well: what @merge of an undo needs
 * @attributes: (nullable): owner and extended attributes for a file to be created, opaque; only
 *   set by prc_undo_plan()
 */
typedef struct {
    char *path;
    GBytes *old_bytes, *new_bytes;
    int mode;
    gboolean in_place, keeps_new;
    guint settings;
    GBytes *attributes;
} PrcChange;

/** prc_change_new: takes references on the bytes; @mode is -1. (transfer full) */
PrcChange *prc_change_new (const char *path, GBytes *old_bytes,
                           GBytes *new_bytes) G_GNUC_WARN_UNUSED_RESULT;
void prc_change_free (PrcChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcChange, prc_change_free)
/** prc_change_action: from the bytes alone; equal bytes with a @mode count as EDIT. */
PrcChangeAction prc_change_action (const PrcChange *change);

/**
 * PrcSealer: how old contents are encrypted in journal and history. Both functions return (transfer
 * full) bytes or NULL with @error, which is passed on (#PRC_ERROR_LOCKED when the key isn't there).
 * @context: the transaction's id: what was sealed for one is not to open for another
 */
typedef struct {
    GBytes *(*seal) (GBytes *plain, const char *context, gpointer user_data, GError **error);
    GBytes *(*open) (GBytes *sealed, const char *context, gpointer user_data, GError **error);
    gpointer user_data;
    /* (nullable): nothing that was sealed is there any more: the key may go */
    gboolean (*forget) (gpointer user_data, GError **error);
} PrcSealer;

/**
 * PrcMerge: for an undo: the file at @path has changed since
 * @before: (nullable): what the transaction found
 * @made: what it made of it
 * @now: what it holds
 *
 * Returns: (transfer full) (nullable): what it shall hold then; NULL with @error, which is passed
 * on, or without: it is refused as any other file is
 */
typedef GBytes *(*PrcMerge) (const char *path, GBytes *before, GBytes *made, GBytes *now,
                             gpointer merge_data, GError **error);

/** PrcApplyOptions: start from PRC_APPLY_OPTIONS_INIT. NULL for a whole struct means that, too. */
typedef struct {
    const char *root;        /* symlinks below this directory are resolved inside it; NULL: "/" */
    uid_t owner;             /* (uid_t) -1, or: targets and their directories must be this user's,
                                and what is created becomes so; for work as root in a home */
    gid_t group;             /* for what is created when @owner is given; (gid_t) -1: keep */
    guint wait_ms;           /* how long to wait for another proxyrc that is writing */
    const PrcSealer *sealer; /* NULL: stored as they are, in 0600 files */
    const char *label;       /* for the history: the command, e.g. "apply office"; not a secret */
    const char *note;        /* a word for the caller's own use, e.g. "passwd"; NULL: none */
    gboolean in_place; /* for undo: each file, whatever has happened to it since; for a commit, the
                          changes say it */
    const char *stamp; /* of prc_transaction_stamp(), taken before the files were read: refused
                          when another transaction has been committed since; NULL: no matter */
    /* (nullable): what must happen with the files but is none: called once all of them are new and
     * durable, and before that counts: when it fails with @error, so does the whole. A crash just
     * behind it rolls the files back all the same: recovery can't know what it has done. */
    gboolean (*last_step) (gpointer last_step_data, GError **error);
    gpointer last_step_data;
    PrcMerge merge; /* (nullable): asked for files whose change had @keeps_new; may be called twice */
    gpointer merge_data;
} PrcApplyOptions;
#define PRC_APPLY_OPTIONS_INIT                                                                     \
    {                                                                                              \
        NULL, (uid_t) -1, (gid_t) -1, 5000, NULL, NULL, NULL, FALSE, NULL, NULL, NULL, NULL, NULL  \
    }

/**
 * prc_transaction_stamp: says which transaction was the last. A plan made from many files is of one
 * piece only if none was committed while they were read: what it leaves alone, because it was as
 * wanted, is not among the changes, and no look at those would tell.
 * Returns: (transfer full); NULL with #PRC_ERROR_WRITE
 */
char *prc_transaction_stamp (const PrcStateDir *state, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_transaction_commit:
 * @changes: (element-type PrcChange): in any order; two for one file must be equal
 * @ret_id: (out) (optional) (nullable) (transfer full): "20261123-143816": UTC, sorts by time;
 *   NULL when there was nothing to change: then nothing at all was written
 * @error: #PRC_ERROR_CHANGED: a file isn't what was read, nothing was overwritten: read it again;
 *   #PRC_ERROR_WRITE: anything else, everything was rolled back (or, when even that fails, will
 *   be by the next recovery: the message says so); #PRC_ERROR_INPUT: contradicting changes;
 *   an error of the sealer. Messages begin with the path.
 *
 * All files or none; durable on return. Owner, mode, ACL and extended attributes are kept. Recovers
 * first what a crash has left.
 */
gboolean prc_transaction_commit (PrcStateDir *state, const GPtrArray *changes,
                                 const PrcApplyOptions *options, char **ret_id, GError **error);

/** PrcRecovery: what prc_transaction_recover() has found and done. */
typedef struct {
    char *id, *label;
    char *note;            /* (nullable) */
    gboolean finished;     /* it was committed: the rest was tidied up; else: rolled back */
    GPtrArray *paths;      /* (element-type utf8): all its files, as the user names them */
    GPtrArray *left_alone; /* (element-type utf8): changed since the crash, so left as they are;
                              their former content stays in the history */
} PrcRecovery;
void prc_recovery_free (PrcRecovery *recovery);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcRecovery, prc_recovery_free)

/**
 * prc_transaction_recover:
 * @options: @wait_ms, and @sealer, which only an interrupted in-place write needs
 * @ret_report: (out) (optional) (nullable) (transfer full): NULL when there was nothing to do
 *
 * Rolls an interrupted transaction back, or finishes one that was committed. Costs one stat() when
 * there is none. Fails with #PRC_ERROR_WRITE (try again later), #PRC_ERROR_LOCKED (needs @sealer),
 * #PRC_ERROR_INPUT (journal damaged: it is moved aside and named).
 */
gboolean prc_transaction_recover (PrcStateDir *state, const PrcApplyOptions *options,
                                  PrcRecovery **ret_report, GError **error);

/**
 * prc_undo_plan:
 * @id: (nullable): NULL for the newest that isn't undone and isn't an undo itself
 * @ret_id: (out) (optional) (transfer full): which one it is
 * @error: #PRC_ERROR_NOT_FOUND: nothing to undo, or no such id; #PRC_ERROR_INPUT: files have
 *   changed since (all are named), already undone, or the record is damaged; an error of the sealer
 *
 * What undoing would write, for a preview. Reads only.
 * Returns: (transfer full) (element-type PrcChange) (nullable)
 */
GPtrArray *prc_undo_plan (PrcStateDir *state, const char *id, const PrcApplyOptions *options,
                          char **ret_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_transaction_undo:
 * @options: the @root is the transaction's own; no @label: "undo ID"
 * @ret_id: (out) (optional) (transfer full): of the undo, a transaction of its own, which can be
 *   undone by its id
 * @ret_changes: (out) (optional) (transfer full) (element-type PrcChange): what was written
 *
 * As prc_undo_plan() and prc_transaction_commit() in one, with the errors of both.
 */
gboolean prc_transaction_undo (PrcStateDir *state, const char *id, const PrcApplyOptions *options,
                               char **ret_id, GPtrArray **ret_changes, GError **error);
