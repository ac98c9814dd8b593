/* file-store.h - a store that is one file: read whole, changed under a lock, written whole */
#pragma once
#include "secrets/store.h"

typedef struct _PrcFileStore PrcFileStore;

/** PrcFileCodec: between the bytes of the file and the records in it. */
typedef struct {
    /* (element-type PrcRecord) (transfer full) (nullable) */
    GPtrArray *(*decode) (PrcFileStore *store, GBytes *file, GError **error);
    /* @old_file: (nullable): what is there now; (transfer full) (nullable) */
    GBytes *(*encode) (PrcFileStore *store, const GPtrArray *records, GBytes *old_file,
                       GError **error);
} PrcFileCodec;

/** PrcFileStore: the first member of a store of this kind. */
struct _PrcFileStore {
    PrcStore base;
    const PrcFileCodec *codec;
    char *path; /* owned */
};

/** prc_file_store_explain: names the file in an @error of reading what it holds, and for what can't be
 * read says what to do. */
void prc_file_store_explain (const PrcFileStore *store, GError **error);

/* For the rows of a driver's table. */
const char *prc_file_store_place (const PrcStore *store);
gboolean prc_file_store_lookup (PrcStore *store, const PrcCredentialRef *pattern,
                                PrcCredentialRef **ret_ref, PrcSecret **ret_secret, GError **error);
gboolean prc_file_store_store (PrcStore *store, const PrcCredentialRef *ref, PrcSecret *secret,
                               GError **error);
gboolean prc_file_store_erase (PrcStore *store, const PrcCredentialRef *pattern,
                               gboolean *ret_erased, GError **error);
GPtrArray *prc_file_store_list (PrcStore *store, GError **error);
PrcStoreDraft *prc_file_store_draft (PrcStore *store, const GPtrArray *refs, PrcSecret *secret,
                                     GError **error);
PrcStoreDraft *prc_file_store_take_back (PrcStore *store, GBytes *before, GBytes *made,
                                         GError **error);
gboolean prc_file_store_lookup_former (PrcStore *store, GBytes *file,
                                       const PrcCredentialRef *pattern, PrcSecret **ret_secret,
                                       GError **error);
