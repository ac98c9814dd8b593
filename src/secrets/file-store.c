#include "secrets/file-store.h"

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/records.h"
#include "secrets/secret-file.h"

const char *
prc_file_store_place (const PrcStore *store)
{
    return ((const PrcFileStore *) store)->path;
}

void
prc_file_store_explain (const PrcFileStore *store, GError **error)
{
    char *message = NULL;

    prc_prefix_file (error, store->path);
    if (error == NULL || !g_error_matches (*error, PRC_ERROR, PRC_ERROR_INPUT))
        return;
    message = g_strdup_printf (
        /* Translators: a file, and what is wrong with it */
        _ ("%s; move it away, and store the password again with `proxyrc login`"),
        (*error)->message);
    g_free ((*error)->message);
    (*error)->message = message;
}

/* An absent file holds no records, whatever would be needed to read one. */
static GPtrArray *
load (PrcFileStore *self, GBytes **ret_file, GError **error)
{
    g_autoptr (GBytes) file = NULL;
    GPtrArray *records = NULL;

    if (!prc_secret_file_read (self->path, &file, error))
        return NULL;
    records = file != NULL ? self->codec->decode (self, file, error) : prc_records_new ();
    if (records == NULL)
        prc_file_store_explain (self, error);
    else if (ret_file != NULL)
        *ret_file = g_steal_pointer (&file);
    return records;
}

gboolean
prc_file_store_lookup (PrcStore *store, const PrcCredentialRef *pattern, PrcCredentialRef **ret_ref,
                       PrcSecret **ret_secret, GError **error)
{
    g_autoptr (GPtrArray) records = load ((PrcFileStore *) store, NULL, error);

    return records != NULL && prc_records_lookup (records, pattern, ret_ref, ret_secret, error);
}

gboolean
prc_file_store_lookup_former (PrcStore *store, GBytes *file, const PrcCredentialRef *pattern,
                              PrcSecret **ret_secret, GError **error)
{
    PrcFileStore *self = (PrcFileStore *) store;
    g_autoptr (GPtrArray) records = self->codec->decode (self, file, error);
    g_autoptr (PrcCredentialRef) ref = NULL;

    return records != NULL && prc_records_lookup (records, pattern, &ref, ret_secret, error);
}

GPtrArray *
prc_file_store_list (PrcStore *store, GError **error)
{
    g_autoptr (GPtrArray) records = load ((PrcFileStore *) store, NULL, error);

    return records != NULL ? prc_records_refs (records) : NULL;
}

/* @secret: NULL: remove what matches @ref. */
static gboolean
change (PrcFileStore *self, const PrcCredentialRef *ref, PrcSecret *secret, gboolean *ret_changed,
        GError **error)
{
    g_auto (PrcFd) lock = prc_secret_file_lock (self->path, error);
    g_autoptr (GBytes) old_file = NULL;
    g_autoptr (GBytes) new_file = NULL;
    g_autoptr (GPtrArray) records = NULL;

    if (lock < 0)
        return FALSE;
    records = load (self, &old_file, error);
    if (records == NULL)
        return FALSE;
    *ret_changed =
        secret != NULL ? prc_records_put (records, ref, secret) : prc_records_remove (records, ref);
    if (!*ret_changed)
        return TRUE;
    new_file = self->codec->encode (self, records, old_file, error);
    if (new_file == NULL) {
        prc_prefix_file (error, self->path);
        return FALSE;
    }
    if (g_bytes_get_size (new_file) > PRC_FILE_SIZE_MAX) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, _ ("%s: it would become too large"),
                     self->path);
        return FALSE;
    }
    return prc_secret_file_write (self->path, new_file, error);
}

/* Locked, with what is there now. */
static PrcStoreDraft *
begin_draft (PrcFileStore *self, GPtrArray **ret_records, GError **error)
{
    g_autoptr (PrcStoreDraft) draft = g_new0 (PrcStoreDraft, 1);

    draft->path = g_strdup (self->path);
    draft->lock = prc_secret_file_lock (self->path, error);
    if (draft->lock < 0)
        return NULL;
    *ret_records = load (self, &draft->before, error);
    return *ret_records != NULL ? g_steal_pointer (&draft) : NULL;
}

static gboolean
finish_draft (PrcFileStore *self, PrcStoreDraft *draft, const GPtrArray *records, gboolean changed,
              GError **error)
{
    draft->after = changed || draft->before == NULL
                       ? self->codec->encode (self, records, draft->before, error)
                       : g_bytes_ref (draft->before);
    if (draft->after == NULL)
        prc_prefix_file (error, self->path);
    return draft->after != NULL;
}

PrcStoreDraft *
prc_file_store_draft (PrcStore *store, const GPtrArray *refs, PrcSecret *secret, GError **error)
{
    PrcFileStore *self = (PrcFileStore *) store;
    g_autoptr (GPtrArray) records = NULL;
    g_autoptr (PrcStoreDraft) draft = begin_draft (self, &records, error);
    gboolean changed = FALSE;

    if (draft == NULL)
        return NULL;
    for (guint i = 0; i < refs->len; i++)
        changed |= prc_records_put (records, g_ptr_array_index (refs, i), secret);
    return finish_draft (self, draft, records, changed, error) ? g_steal_pointer (&draft) : NULL;
}

static PrcSecret *
secret_of (const GPtrArray *records, const PrcCredentialRef *ref)
{
    const PrcRecord *record = prc_records_find (records, ref);

    return record != NULL ? record->secret : NULL;
}

static gboolean
same_secret (const PrcSecret *a, const PrcSecret *b)
{
    return a == b || (a != NULL && b != NULL && prc_secret_equal (a, b));
}

/* One credential, as it was before, as the change has made it, and in @records, as it is now. */
static gboolean
take_one_back (GPtrArray *records, const PrcCredentialRef *ref, PrcSecret *before, PrcSecret *made,
               gboolean *changed, GError **error)
{
    PrcSecret *now = secret_of (records, ref);
    g_autofree char *text = NULL;

    if (same_secret (before, made) || same_secret (now, before))
        return TRUE;
    if (same_secret (now, made)) {
        *changed |= before != NULL ? prc_records_put (records, ref, before)
                                   : prc_records_remove (records, ref);
        return TRUE;
    }
    text = prc_credential_ref_to_text (ref);
    g_set_error (error, PRC_ERROR, PRC_ERROR_CHANGED,
                 _ ("the password of %s has been changed again since"), text);
    return FALSE;
}

static gboolean
take_all_back (GPtrArray *records, const GPtrArray *before, const GPtrArray *made,
               gboolean *changed, GError **error)
{
    const GPtrArray *const sides[] = { before, made };

    for (gsize s = 0; s < G_N_ELEMENTS (sides); s++)
        for (guint i = 0; i < sides[s]->len; i++) {
            const PrcCredentialRef *ref = ((PrcRecord *) g_ptr_array_index (sides[s], i))->ref;

            if (!take_one_back (records, ref, secret_of (before, ref), secret_of (made, ref),
                                changed, error))
                return FALSE;
        }
    return TRUE;
}

PrcStoreDraft *
prc_file_store_take_back (PrcStore *store, GBytes *before, GBytes *made, GError **error)
{
    PrcFileStore *self = (PrcFileStore *) store;
    g_autoptr (GPtrArray) old_records =
        before != NULL ? self->codec->decode (self, before, error) : prc_records_new ();
    g_autoptr (GPtrArray) made_records =
        old_records != NULL ? self->codec->decode (self, made, error) : NULL;
    g_autoptr (GPtrArray) records = NULL;
    g_autoptr (PrcStoreDraft) draft =
        made_records != NULL ? begin_draft (self, &records, error) : NULL;
    gboolean changed = FALSE;

    if (draft == NULL)
        return NULL;
    if (!take_all_back (records, old_records, made_records, &changed, error)) {
        prc_prefix_file (error, self->path);
        return NULL;
    }
    return finish_draft (self, draft, records, changed, error) ? g_steal_pointer (&draft) : NULL;
}

gboolean
prc_file_store_store (PrcStore *store, const PrcCredentialRef *ref, PrcSecret *secret,
                      GError **error)
{
    gboolean changed = FALSE;

    return change ((PrcFileStore *) store, ref, secret, &changed, error);
}

gboolean
prc_file_store_erase (PrcStore *store, const PrcCredentialRef *pattern, gboolean *ret_erased,
                      GError **error)
{
    PrcFileStore *self = (PrcFileStore *) store;

    /* No lock and no directory are made for a store that isn't there. */
    *ret_erased = FALSE;
    return !g_file_test (self->path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK) ||
           change (self, pattern, NULL, ret_erased, error);
}
