#include "secrets/plain.h"

#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/file-store.h"
#include "secrets/records.h"

#define FORMAT_VERSION 1

/* The strings of a tree that is thrown away; what jansson itself held in between stays behind in
 * freed memory, which is no more than what the file gives away to the same reader. */
static void
wipe_password (json_t *row)
{
    static const char *const keys[] = { "password", "password_base64" };

    for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
        json_t *value = json_object_get (row, keys[i]);

        if (json_is_string (value))
            explicit_bzero ((char *) json_string_value (value), json_string_length (value));
    }
}

static void
free_tree (json_t *root)
{
    json_t *rows = json_object_get (root, "credentials");

    for (gsize i = 0; i < json_array_size (rows); i++)
        wipe_password (json_array_get (rows, i));
    json_decref (root);
}

typedef json_t JsonTree;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JsonTree, free_tree)

static PrcSecret *
password_of_row (const json_t *row)
{
    const json_t *text = json_object_get (row, "password");
    const json_t *base64 = json_object_get (row, "password_base64");
    PrcSecret *secret = NULL;
    guchar *bytes = NULL;
    gsize length = 0;

    if (json_is_string (text))
        return prc_secret_new (json_string_value (text), json_string_length (text));
    if (!json_is_string (base64))
        return NULL;
    bytes = g_base64_decode (json_string_value (base64), &length);
    secret = prc_secret_new ((const char *) bytes, length);
    if (length > 0)
        explicit_bzero (bytes, length);
    g_free (bytes);
    return secret;
}

static gboolean
read_row (const json_t *row, GPtrArray *records)
{
    const char *text = json_string_value (json_object_get (row, "for"));
    g_autoptr (PrcCredentialRef) ref =
        text != NULL ? prc_credential_ref_from_text (text, NULL) : NULL;
    g_autoptr (PrcSecret) secret = ref != NULL ? password_of_row (row) : NULL;

    if (secret == NULL || ref->user == NULL)
        return FALSE;
    (void) prc_records_put (records, ref, secret);
    return TRUE;
}

static GPtrArray *
plain_decode (PrcFileStore *store, GBytes *file, GError **error)
{
    g_autoptr (GPtrArray) records = prc_records_new ();
    g_autoptr (JsonTree) root = NULL;
    json_error_t where;
    json_t *rows = NULL;
    gsize size = 0;
    const char *data = g_bytes_get_data (file, &size);

    (void) store;
    root = json_loadb (data, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
    if (root == NULL) {
        /* Not jansson's own text: it quotes what stands there. */
        prc_set_error_at_line (error, (guint) MAX (where.line, 1), _ ("not JSON"));
        return NULL;
    }
    rows = json_object_get (root, "credentials");
    if (json_integer_value (json_object_get (root, "version")) != FORMAT_VERSION ||
        !json_is_array (rows)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("not a file of credentials that this proxyrc knows"));
        return NULL;
    }
    for (gsize i = 0; i < json_array_size (rows); i++)
        if (!read_row (json_array_get (rows, i), records)) {
            g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                         _ ("credential %zu in it can't be read"), (size_t) i + 1);
            return NULL;
        }
    return g_steal_pointer (&records);
}

/* JSON holds text only: what is not UTF-8 goes in as base64. */
static json_t *
row_of (const PrcRecord *record)
{
    const char *bytes = prc_secret_text (record->secret);
    gsize length = prc_secret_length (record->secret);
    g_autofree char *ref = prc_credential_ref_to_text (record->ref);
    g_autoptr (PrcWipedString) base64 = NULL;
    json_t *row = json_object ();

    (void) json_object_set_new (row, "for", json_string (ref));
    if (g_utf8_validate (bytes, (gssize) length, NULL) &&
        json_object_set_new (row, "password", json_stringn (bytes, length)) == 0)
        return row;
    base64 = g_base64_encode ((const guchar *) bytes, length);
    (void) json_object_set_new (row, "password_base64", json_string (base64));
    return row;
}

typedef struct {
    char *bytes; /* NULL: only count */
    gsize size;
} Output;

static int
append_output (const char *buffer, size_t size, void *data)
{
    Output *out = data;

    if (out->bytes != NULL)
        memcpy (out->bytes + out->size, buffer, size);
    out->size += size;
    return 0;
}

static GBytes *
plain_encode (PrcFileStore *store, const GPtrArray *records, GBytes *old_file, GError **error)
{
    const size_t flags = JSON_INDENT (2);
    g_autoptr (JsonTree) root = json_object ();
    json_t *rows = json_array ();
    Output counted = { NULL, 0 }, out = { NULL, 0 };

    (void) store;
    (void) old_file;
    (void) json_object_set_new (root, "version", json_integer (FORMAT_VERSION));
    (void) json_object_set_new (root, "credentials", rows);
    for (guint i = 0; i < records->len; i++)
        (void) json_array_append_new (rows, row_of (g_ptr_array_index (records, i)));
    /* Twice: a buffer that grows would leave copies of the passwords behind. */
    if (json_dump_callback (root, append_output, &counted, flags) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                     _ ("these credentials can't be written as JSON"));
        return NULL;
    }
    out.bytes = g_malloc (counted.size + 1);
    (void) json_dump_callback (root, append_output, &out, flags);
    out.bytes[out.size++] = '\n';
    return prc_bytes_new_wiped (out.bytes, out.size);
}

static const PrcFileCodec plain_codec = { plain_decode, plain_encode };

static PrcStoreState
plain_state (PrcStore *store)
{
    return g_file_test (prc_file_store_place (store), G_FILE_TEST_EXISTS) ? PRC_STORE_OPEN
                                                                          : PRC_STORE_EMPTY;
}

static void
plain_free (PrcStore *store)
{
    PrcFileStore *self = (PrcFileStore *) store;

    g_free (self->path);
    g_free (self);
}

PrcStore *
prc_plain_new (const char *path)
{
    PrcFileStore *self = g_new0 (PrcFileStore, 1);

    self->base.driver = &prc_plain_driver;
    self->codec = &plain_codec;
    self->path = g_strdup (path);
    return &self->base;
}

static PrcStore *
plain_open (const char *data_dir, GError **error)
{
    g_autofree char *path = g_build_filename (data_dir, "plain.json", NULL);

    (void) error;
    return prc_plain_new (path);
}

const PrcStoreDriver prc_plain_driver = {
    .name = "plain",
    .summary = N_ ("a 0600 file with the passwords in clear text"),
    .only_by_name = TRUE,
    .open = plain_open,
    .free = plain_free,
    .place = prc_file_store_place,
    .state = plain_state,
    .lookup = prc_file_store_lookup,
    .store = prc_file_store_store,
    .erase = prc_file_store_erase,
    .list = prc_file_store_list,
    .draft = prc_file_store_draft,
    .take_back = prc_file_store_take_back,
    .lookup_former = prc_file_store_lookup_former,
};
