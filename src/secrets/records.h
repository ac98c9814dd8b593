/* records.h - the credentials of a store while they are in memory, and their binary form */
#pragma once
#include <glib.h>

#include "base/secret.h"
#include "model/credential.h"

/** PrcRecord: one credential; both owned. A set of them is a GPtrArray, the last stored last. */
typedef struct {
    PrcCredentialRef *ref;
    PrcSecret *secret;
} PrcRecord;

/** prc_records_new: (element-type PrcRecord) (transfer full) */
GPtrArray *prc_records_new (void) G_GNUC_WARN_UNUSED_RESULT;

/** prc_records_find: (transfer none) (nullable): the last that matches @pattern. */
const PrcRecord *prc_records_find (const GPtrArray *records, const PrcCredentialRef *pattern);
/** prc_records_put: FALSE when that was so already; @ref and @secret are copied. */
gboolean prc_records_put (GPtrArray *records, const PrcCredentialRef *ref, PrcSecret *secret);
/** prc_records_remove: all that match; whether there were any. */
gboolean prc_records_remove (GPtrArray *records, const PrcCredentialRef *pattern);
/** prc_records_refs: (element-type PrcCredentialRef) (transfer full): copies. */
GPtrArray *prc_records_refs (const GPtrArray *records) G_GNUC_WARN_UNUSED_RESULT;

/** prc_records_lookup: what a store's lookup answers from @records. */
gboolean prc_records_lookup (const GPtrArray *records, const PrcCredentialRef *pattern,
                             PrcCredentialRef **ret_ref, PrcSecret **ret_secret,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_records_set_error_none: #PRC_ERROR_NOT_FOUND that names @pattern. */
void prc_records_set_error_none (const PrcCredentialRef *pattern, GError **error);

/**
 * prc_records_encode: any bytes in, exact bytes out: a count, then the reference's text and the
 * secret of each, each with its length before it (32 bits, little-endian); zeros fill up to a
 * multiple of 512 bytes, so that the size says little about the length of a password.
 * Returns: (transfer full): wiped when freed
 */
GBytes *prc_records_encode (const GPtrArray *records) G_GNUC_WARN_UNUSED_RESULT;
/** prc_records_decode: (transfer full) (nullable): the inverse; #PRC_ERROR_INPUT for other bytes.
 */
GPtrArray *prc_records_decode (const guint8 *bytes, gsize size,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
