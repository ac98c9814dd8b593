/* journal.h - what a transaction does, as it is kept on disk; afterwards the history's record
 *
 * A magic line, then sections: tag (4 bytes), length of the payload (u64), SHA-256 of tag, length
 * and payload, payload. In this order:
 *   HEAD  who, when, and per file: names, sizes, modes. In the clear
 *   DATA  old contents and the like; sealed when the HEAD says so
 *   STGD  appended when all new contents are staged: how to recognise them. Without it no file has
 *         been touched yet
 *   DONE  appended when all files are new: the transaction is committed
 * STGD and DONE count only when they are whole; a HEAD or DATA that isn't is damage. */
#pragma once
#include <glib.h>
#include <sys/stat.h>

#include "apply/transaction.h"

/** PrcHow: by what means a file becomes the new one. */
typedef enum {
    PRC_HOW_RENAME,   /* EDIT: exchanged with the staged one */
    PRC_HOW_IN_PLACE, /* EDIT: the same inode, written to */
    PRC_HOW_CHMOD,    /* EDIT: only the mode */
    PRC_HOW_CREATE,   /* renamed from the staged one */
    PRC_HOW_REMOVE,   /* renamed to the backup name, dropped at the end */
} PrcHow;

/** PrcIdentity: recognises a file that we wrote, without its content. */
typedef struct {
    guint64 ino, size, mtime_s, mtime_ns;
} PrcIdentity;
void prc_identity_init (PrcIdentity *identity, const struct stat *st);
gboolean prc_identity_matches (const PrcIdentity *identity, const struct stat *st);

#define PRC_HASH_LENGTH 32

/** PrcRecord: one file of the journal. */
typedef struct {
    /* HEAD */
    char *path;          /* as the user names it */
    char *dir, *name;    /* canonical, without symlinks */
    char *temp, *backup; /* names in @dir that only this transaction uses */
    PrcHow how;
    gboolean in_place; /* the change allowed it */
    guint32 settings;
    guint64 old_size, new_size;
    guint32 old_mode, new_mode; /* permission bits */
    /* DATA */
    GBytes *old_bytes;  /* (nullable) */
    GBytes *new_bytes;  /* (nullable): of IN_PLACE, to recognise half of it; and where it was
                           asked for */
    GBytes *attributes; /* (nullable): only of REMOVE */
    GBytes *new_hash;   /* of the new content; empty when there is none */
    /* STGD */
    PrcIdentity staged;
} PrcRecord;
void prc_record_free (PrcRecord *record);
PrcChangeAction prc_record_action (const PrcRecord *record);
/** prc_content_hash: SHA-256, 32 bytes; of NULL: empty. (transfer full) */
GBytes *prc_content_hash (GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

/** PrcJournal: one transaction. */
typedef struct {
    char *id, *label;
    char *note, *undoes, *root; /* (nullable) */
    gint64 time;
    gboolean sealed;
    GPtrArray *records;   /* (element-type PrcRecord) */
    GPtrArray *made_dirs; /* (element-type utf8): made on the way; outermost first */
    GPtrArray
        *drop_dirs; /* (element-type utf8): to be removed at the end if empty; outermost first */
    gboolean staged, done; /* which of the sections are there */
    gboolean data_read;    /* the DATA fields are filled in */
    GBytes *data;          /* as stored */
    char *place;           /* (nullable): where it is kept, for messages of writing it */
    guint64 stored_size;
} PrcJournal;
PrcJournal *prc_journal_new (void) G_GNUC_WARN_UNUSED_RESULT;
void prc_journal_free (PrcJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcJournal, prc_journal_free)

/** prc_journal_write: magic, HEAD and DATA to @fd, and makes it durable. Errors of the
 * sealer, WRITE. */
gboolean prc_journal_write (PrcJournal *journal, int fd, const PrcSealer *sealer, GError **error);
/** prc_journal_append_staged: and makes it durable. */
gboolean prc_journal_append_staged (PrcJournal *journal, int fd, GError **error);
/** prc_journal_append_done: and makes it durable; on error it is taken away again, and when even
 * that fails, the call succeeds: the section is there. */
gboolean prc_journal_append_done (PrcJournal *journal, int fd, GError **error);

/** prc_journal_read: all but what is sealed or in the DATA. PRC_ERROR_INPUT: damaged, or made by a
 * newer proxyrc (PRC_ERROR_UNSUPPORTED). (transfer full) (nullable) */
PrcJournal *prc_journal_read (int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_journal_read_data: fills in the DATA fields. PRC_ERROR_LOCKED without a needed @sealer. */
gboolean prc_journal_read_data (PrcJournal *journal, const PrcSealer *sealer, GError **error);
