#include "secrets/records.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

#define PADDING 512u

static void
record_free (gpointer data)
{
    PrcRecord *record = data;

    prc_credential_ref_free (record->ref);
    prc_secret_unref (record->secret);
    g_free (record);
}

GPtrArray *
prc_records_new (void)
{
    return g_ptr_array_new_with_free_func (record_free);
}

const PrcRecord *
prc_records_find (const GPtrArray *records, const PrcCredentialRef *pattern)
{
    for (guint i = records->len; i > 0; i--) {
        const PrcRecord *record = g_ptr_array_index (records, i - 1);

        if (prc_credential_ref_matches (pattern, record->ref))
            return record;
    }
    return NULL;
}

static void
append (GPtrArray *records, PrcCredentialRef *ref, PrcSecret *secret)
{
    PrcRecord *record = g_new (PrcRecord, 1);

    record->ref = ref;
    record->secret = secret;
    g_ptr_array_add (records, record);
}

gboolean
prc_records_put (GPtrArray *records, const PrcCredentialRef *ref, PrcSecret *secret)
{
    const PrcCredentialRef any_user = { ref->scheme, ref->host, ref->port, NULL };
    const PrcRecord *last = prc_records_find (records, &any_user);

    if (last != NULL && prc_credential_ref_equal (last->ref, ref) &&
        prc_secret_equal (last->secret, secret))
        return FALSE;
    (void) prc_records_remove (records, ref);
    append (records, prc_credential_ref_copy (ref), prc_secret_ref (secret));
    return TRUE;
}

gboolean
prc_records_remove (GPtrArray *records, const PrcCredentialRef *pattern)
{
    gboolean removed = FALSE;

    for (guint i = records->len; i > 0; i--) {
        const PrcRecord *record = g_ptr_array_index (records, i - 1);

        if (!prc_credential_ref_matches (pattern, record->ref))
            continue;
        g_ptr_array_remove_index (records, i - 1);
        removed = TRUE;
    }
    return removed;
}

GPtrArray *
prc_records_refs (const GPtrArray *records)
{
    GPtrArray *refs = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_credential_ref_free);

    for (guint i = 0; i < records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (records, i);

        g_ptr_array_add (refs, prc_credential_ref_copy (record->ref));
    }
    return refs;
}

void
prc_records_set_error_none (const PrcCredentialRef *pattern, GError **error)
{
    g_autofree char *text = prc_credential_ref_to_text (pattern);

    g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, _ ("no credential is stored for %s"), text);
}

gboolean
prc_records_lookup (const GPtrArray *records, const PrcCredentialRef *pattern,
                    PrcCredentialRef **ret_ref, PrcSecret **ret_secret, GError **error)
{
    const PrcRecord *record = prc_records_find (records, pattern);

    if (record == NULL) {
        prc_records_set_error_none (pattern, error);
        return FALSE;
    }
    *ret_ref = prc_credential_ref_copy (record->ref);
    *ret_secret = prc_secret_ref (record->secret);
    return TRUE;
}

/* The binary form */

static guint8 *
put_u32 (guint8 *at, gsize value)
{
    const guint32 little = GUINT32_TO_LE ((guint32) value);

    memcpy (at, &little, sizeof little);
    return at + sizeof little;
}

static guint8 *
put_bytes (guint8 *at, const char *bytes, gsize length)
{
    at = put_u32 (at, length);
    memcpy (at, bytes, length);
    return at + length;
}

GBytes *
prc_records_encode (const GPtrArray *records)
{
    g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
    gsize size = 4;
    guint8 *bytes = NULL, *at = NULL;

    for (guint i = 0; i < records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (records, i);
        char *text = prc_credential_ref_to_text (record->ref);

        size += 8 + strlen (text) + prc_secret_length (record->secret);
        g_ptr_array_add (texts, text);
    }
    /* One allocation: a buffer that grows leaves copies behind that nobody wipes. */
    size = (size + PADDING - 1) / PADDING * PADDING;
    bytes = g_malloc0 (size);
    at = put_u32 (bytes, records->len);
    for (guint i = 0; i < records->len; i++) {
        const PrcRecord *record = g_ptr_array_index (records, i);
        const char *text = g_ptr_array_index (texts, i);

        at = put_bytes (at, text, strlen (text));
        at = put_bytes (at, prc_secret_text (record->secret), prc_secret_length (record->secret));
    }
    return prc_bytes_new_wiped ((char *) bytes, size);
}

typedef struct {
    const guint8 *at, *end;
} Reader;

static gboolean
take_u32 (Reader *reader, guint32 *ret_value)
{
    guint32 little = 0;

    if ((gsize) (reader->end - reader->at) < sizeof little)
        return FALSE;
    memcpy (&little, reader->at, sizeof little);
    reader->at += sizeof little;
    *ret_value = GUINT32_FROM_LE (little);
    return TRUE;
}

static gboolean
take_bytes (Reader *reader, const char **ret_bytes, guint32 *ret_length)
{
    if (!take_u32 (reader, ret_length) || (gsize) (reader->end - reader->at) < *ret_length)
        return FALSE;
    *ret_bytes = (const char *) reader->at;
    reader->at += *ret_length;
    return TRUE;
}

static gboolean
take_record (Reader *reader, GPtrArray *records)
{
    const char *text = NULL, *secret = NULL;
    guint32 text_length = 0, secret_length = 0;
    g_autofree char *line = NULL;
    PrcCredentialRef *ref = NULL;

    if (!take_bytes (reader, &text, &text_length) || !take_bytes (reader, &secret, &secret_length))
        return FALSE;
    line = g_strndup (text, text_length);
    ref = prc_credential_ref_from_text (line, NULL);
    if (ref == NULL)
        return FALSE;
    append (records, ref, prc_secret_new (secret, secret_length));
    return TRUE;
}

GPtrArray *
prc_records_decode (const guint8 *bytes, gsize size, GError **error)
{
    g_autoptr (GPtrArray) records = prc_records_new ();
    Reader reader = { bytes, bytes + size };
    guint32 count = 0;
    gboolean good = take_u32 (&reader, &count);

    for (guint32 i = 0; good && i < count; i++)
        good = take_record (&reader, records);
    if (!good) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("the records in it are damaged"));
        return NULL;
    }
    return g_steal_pointer (&records);
}
