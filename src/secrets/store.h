/* store.h - the port for whatever keeps credentials: one interface, one row per kind of store
 *
 * Calling sequence: prc_store_open(), prc_store_state(); when it is LOCKED (or EMPTY and something
 * is to be stored) prc_store_unlock(); then lookup, store, erase, list as often as needed.
 *
 * Only prc_store_unlock() may wait for a person. Every other call answers at once, or fails with
 * #PRC_ERROR_LOCKED: so a face knows where a question can come up, and a script that is
 * never to be asked simply does not call it. A store may be opened and used by several processes at
 * the same time; none loses what another wrote. One PrcStore belongs to one thread.
 *
 * Errors of all calls: #PRC_ERROR_LOCKED: a passphrase is needed, or the one given is wrong;
 * #PRC_ERROR_INPUT: what is kept can't be read (damaged, foreign, readable by others) and was left
 * as it is; #PRC_ERROR_WRITE: it could not be written, and the old contents stand. */
#pragma once
#include <glib.h>

#include "base/secret.h"
#include "model/credential.h"

typedef struct _PrcStore PrcStore;
typedef struct _PrcStoreDriver PrcStoreDriver;

typedef enum {
    PRC_STORE_EMPTY,  /* there is nothing yet: lookups find nothing, the first unlock creates it */
    PRC_STORE_LOCKED, /* prc_store_unlock() is needed for everything but the state */
    PRC_STORE_OPEN,   /* ready */
} PrcStoreState;

/**
 * PrcPassphraseFunc: where a passphrase comes from: the terminal, a descriptor, a file.
 * @confirm_new: a new one is being chosen: a person should type it twice
 * @why: what it is for and, on a second attempt, what was wrong with the first; for the screen
 *
 * Fails with #PRC_ERROR_LOCKED when nobody may be asked, #PRC_ERROR_CANCELLED when the user
 * does not want to say. *@ret is (transfer full).
 */
typedef gboolean (*PrcPassphraseFunc) (gpointer data, gboolean confirm_new, const char *why,
                                       PrcSecret **ret, GError **error);

/** PrcStoreAsk: how unlocking may involve the user. */
typedef struct {
    PrcPassphraseFunc passphrase; /* (nullable): NULL: fail with #PRC_ERROR_LOCKED instead */
    /* (nullable): called at least every 100 ms while the store, or a live check, waits for
     * something outside, such as the desktop's own unlock dialogue, so that a face can go on
     * drawing; FALSE gives up with #PRC_ERROR_CANCELLED. NULL: wait as long as it takes. */
    gboolean (*keep_waiting) (gpointer data);
    gpointer data;
    gboolean no_dialogue; /* the desktop may not show its unlock dialogue: nobody may be asked */
    guint attempts;       /* how often to ask after a wrong passphrase; 0 is 1: never again */
} PrcStoreAsk;

/**
 * prc_store_open:
 * @name: (nullable): of a row; NULL: the first that may be taken without being asked for
 * @data_dir: where stores that are files have theirs; need not exist; created (0700) when needed
 *
 * Reads nothing yet. Fails with #PRC_ERROR_USAGE for an unknown name, naming the known ones, with
 * #PRC_ERROR_NOT_FOUND when this machine has no such service. Returns: (transfer full) (nullable)
 */
PrcStore *prc_store_open (const char *name, const char *data_dir,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_store_check_name: #PRC_ERROR_USAGE for one that is none, naming the known ones. */
gboolean prc_store_check_name (const char *name, GError **error);
/** prc_store_free: also wipes the key; what was unlocked is locked again. */
void prc_store_free (PrcStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcStore, prc_store_free)

const char *prc_store_name (const PrcStore *store);
/** prc_store_place: where it keeps things, for messages: a path, or the name of a service. */
const char *prc_store_place (const PrcStore *store);

/** prc_store_state: cheap: no passphrase, no key derivation, no question. */
PrcStoreState prc_store_state (PrcStore *store);

/**
 * prc_store_unlock: does nothing when it is open. Creates an empty store where there is none, with
 * the passphrase that @ask gives. An empty passphrase is refused with #PRC_ERROR_INPUT.
 */
gboolean prc_store_unlock (PrcStore *store, const PrcStoreAsk *ask,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_store_hold: keeps an open store unlocked for all processes of this user and session, for
 * @seconds. #PRC_ERROR_UNSUPPORTED where the machine has nothing to keep the key in.
 */
gboolean prc_store_hold (PrcStore *store, guint seconds, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_store_lock: forgets the key, here and what prc_store_hold() kept. FALSE only if that
 * could not be dropped. */
gboolean prc_store_lock (PrcStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_store_lookup:
 * @pattern: without a user: the credential of that proxy that was stored last
 * @ret_ref: (out) (optional) (transfer full): what was found, with its user
 * @ret_secret: (out) (optional) (transfer full)
 * @error: #PRC_ERROR_NOT_FOUND when there is none
 */
gboolean prc_store_lookup (PrcStore *store, const PrcCredentialRef *pattern,
                           PrcCredentialRef **ret_ref, PrcSecret **ret_secret,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_store_store: @ref (which must name a user) has @secret afterwards, and is its proxy's last
 * stored one. Durable when it returns. Writes nothing when that is so already. */
gboolean prc_store_store (PrcStore *store, const PrcCredentialRef *ref, PrcSecret *secret,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_store_erase:
 * @pattern: without a user: all users of that proxy
 * @ret_erased: (out) (optional): whether there was any; none is no error
 */
gboolean prc_store_erase (PrcStore *store, const PrcCredentialRef *pattern, gboolean *ret_erased,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * PrcStoreDraft: a store that is a file, as it is and as it would be: for whoever writes it along
 * with other files, all or none. As long as the draft is there, the store is locked against others.
 */
typedef struct {
    char *path;
    GBytes *before; /* wiped when freed, as is @after */
    GBytes *after;  /* the same bytes when nothing would change */
    int lock;
} PrcStoreDraft;
void prc_store_draft_free (PrcStoreDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcStoreDraft, prc_store_draft_free)

/** prc_store_is_file: prc_store_draft() works. */
gboolean prc_store_is_file (const PrcStore *store);
/**
 * prc_store_draft: as prc_store_store() for each of @refs (element-type PrcCredentialRef), but not
 * written. #PRC_ERROR_UNSUPPORTED when the store is no file. Returns: (transfer full) (nullable)
 */
PrcStoreDraft *prc_store_draft (PrcStore *store, const GPtrArray *refs, PrcSecret *secret,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_store_take_back: as prc_store_draft(), for what a change of the file has made of it
 * @before: (nullable): what the file held before the change; NULL: there was none
 * @made: what it held after it
 *
 * Each credential that the change has made is again as it was before; the others stay as they are
 * now. #PRC_ERROR_CHANGED when one of the former has been changed again since;
 * #PRC_ERROR_UNSUPPORTED when the store is no file, #PRC_ERROR_LOCKED when it had another
 * passphrase then. Returns: (transfer full) (nullable)
 */
PrcStoreDraft *prc_store_take_back (PrcStore *store, GBytes *before, GBytes *made,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_store_lookup_former: as prc_store_lookup(), in what the file of the store (open now) held at
 * another time. #PRC_ERROR_UNSUPPORTED when the store is no file, #PRC_ERROR_LOCKED when it had
 * another passphrase then.
 */
gboolean prc_store_lookup_former (PrcStore *store, GBytes *file, const PrcCredentialRef *pattern,
                                  PrcSecret **ret_secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_store_list: (element-type PrcCredentialRef) (transfer full) (nullable): what is kept, the
 * last stored last. The vault can say that only when it is open. */
GPtrArray *prc_store_list (PrcStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For the stores: one file with one PrcStoreDriver, one row in store.c. */

/** PrcStore: the first member of every store's own structure. */
struct _PrcStore {
    const PrcStoreDriver *driver;
};

struct _PrcStoreDriver {
    const char *name;
    const char *summary;   /* one line: where the secrets are and how they are protected */
    gboolean only_by_name; /* never taken unless it was asked for */
    /* As prc_store_open() and its namesakes; @ref, @secret and outputs are checked already. */
    PrcStore *(*open) (const char *data_dir, GError **error);
    /* (nullable): may it be taken without being asked for, as things are? NULL: yes */
    gboolean (*suits) (PrcStore *store);
    void (*free) (PrcStore *store);
    const char *(*place) (const PrcStore *store);
    PrcStoreState (*state) (PrcStore *store);
    gboolean (*unlock) (PrcStore *store, const PrcStoreAsk *ask, GError **error); /* (nullable) */
    gboolean (*hold) (PrcStore *store, guint seconds, GError **error);            /* (nullable) */
    gboolean (*lock) (PrcStore *store, GError **error);                           /* (nullable) */
    gboolean (*lookup) (PrcStore *store, const PrcCredentialRef *pattern,
                        PrcCredentialRef **ret_ref, PrcSecret **ret_secret, GError **error);
    gboolean (*store) (PrcStore *store, const PrcCredentialRef *ref, PrcSecret *secret,
                       GError **error);
    gboolean (*erase) (PrcStore *store, const PrcCredentialRef *pattern, gboolean *ret_erased,
                       GError **error);
    GPtrArray *(*list) (PrcStore *store, GError **error);
    PrcStoreDraft *(*draft) (PrcStore *store, const GPtrArray *refs, PrcSecret *secret,
                             GError **error); /* (nullable): not a file */
    PrcStoreDraft *(*take_back) (PrcStore *store, GBytes *before, GBytes *made,
                                 GError **error); /* (nullable): not a file */
    /* (nullable): not a file */
    gboolean (*lookup_former) (PrcStore *store, GBytes *file, const PrcCredentialRef *pattern,
                               PrcSecret **ret_secret, GError **error);
};

/** prc_store_drivers: (array length=ret_n): the rows, in the order in which they are preferred. */
const PrcStoreDriver *const *prc_store_drivers (gsize *ret_n);
