#include "secrets/secret-items.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/secret-service.h"

/* When it was stored, in microseconds: the service's own clock only counts seconds. */
#define STORED "stored"

static gboolean
is_gone (const GError *error)
{
    return g_error_matches (error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) ||
           g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
           g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT);
}

void
prc_secret_items_take_error (GError *local, GError **error)
{
    PrcError code = PRC_ERROR_WRITE;

    g_dbus_error_strip_remote_error (local);
    if (g_error_matches (local, SECRET_ERROR, SECRET_ERROR_IS_LOCKED)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("the keyring of the Secret Service is locked; unlock it in the desktop, or "
                        "let proxyrc ask for it: `proxyrc unlock`"));
    } else {
        if (is_gone (local))
            code = PRC_ERROR_CHANGED;
        else if (local->domain == G_DBUS_ERROR || local->domain == G_IO_ERROR)
            code = PRC_ERROR_LOCKED;
        g_set_error (error, PRC_ERROR, code, _ ("the Secret Service: %s"), local->message);
    }
    g_error_free (local);
}

static GHashTable *
attributes_of (const PrcCredentialRef *ref)
{
    GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

    g_hash_table_insert (table, (gpointer) "xdg:schema", g_strdup (PRC_SECRET_SERVICE_SCHEMA));
    if (ref == NULL)
        return table;
    g_hash_table_insert (table, (gpointer) "scheme", g_strdup (ref->scheme));
    g_hash_table_insert (table, (gpointer) "server", g_strdup (ref->host));
    g_hash_table_insert (table, (gpointer) "port", g_strdup_printf ("%u", ref->port));
    if (ref->user != NULL)
        g_hash_table_insert (table, (gpointer) "user", g_strdup (ref->user));
    return table;
}

/* (nullable): somebody else has made it, or changed it. */
static PrcCredentialRef *
ref_of (SecretItem *item)
{
    g_autoptr (GHashTable) table = secret_item_get_attributes (item);
    const char *scheme = g_hash_table_lookup (table, "scheme");
    const char *server = g_hash_table_lookup (table, "server");
    const char *port_text = g_hash_table_lookup (table, "port");
    const char *user = g_hash_table_lookup (table, "user");
    guint64 port = 0;

    if (scheme == NULL || *scheme == '\0' || server == NULL || *server == '\0' ||
        port_text == NULL || user == NULL ||
        !g_ascii_string_to_unsigned (port_text, 10, 1, G_MAXUINT16, &port, NULL))
        return NULL;
    return prc_credential_ref_new (scheme, server, (guint16) port, user);
}

static gint64
stored_at (SecretItem *item)
{
    g_autoptr (GHashTable) table = secret_item_get_attributes (item);
    const char *text = g_hash_table_lookup (table, STORED);

    return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
    SecretItem *left = *(SecretItem *const *) a, *right = *(SecretItem *const *) b;
    gint64 first = stored_at (left), second = stored_at (right);

    if (first == second) {
        first = (gint64) secret_item_get_modified (left);
        second = (gint64) secret_item_get_modified (right);
    }
    return (first > second) - (first < second);
}

GPtrArray *
prc_secret_items_find (SecretService *service, const PrcCredentialRef *pattern, GError **error)
{
    g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
    g_autoptr (GHashTable) attributes = attributes_of (pattern);
    GError *local = NULL;
    GList *found =
        secret_service_search_sync (service, NULL, attributes, SECRET_SEARCH_ALL, NULL, &local);

    if (local != NULL) {
        prc_secret_items_take_error (local, error);
        return NULL;
    }
    for (GList *each = found; each != NULL; each = each->next) {
        PrcCredentialRef *ref = ref_of (each->data);

        if (ref != NULL)
            g_ptr_array_add (items, g_object_ref (each->data));
        prc_credential_ref_free (ref);
    }
    g_list_free_full (found, g_object_unref);
    g_ptr_array_sort (items, compare_times);
    return g_steal_pointer (&items);
}

gboolean
prc_secret_items_any_locked (const GPtrArray *items)
{
    for (guint i = 0; i < items->len; i++)
        if (secret_item_get_locked (g_ptr_array_index (items, i)))
            return TRUE;
    return FALSE;
}

static PrcSecret *
load_secret (SecretItem *item, GError **error)
{
    GError *local = NULL;
    SecretValue *value = NULL;
    const char *bytes = NULL;
    gsize length = 0;
    PrcSecret *secret = NULL;

    if (secret_item_get_locked (item)) {
        prc_secret_items_take_error (
            g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "locked"), error);
        return NULL;
    }
    if (!secret_item_load_secret_sync (item, NULL, &local)) {
        prc_secret_items_take_error (local, error);
        return NULL;
    }
    value = secret_item_get_secret (item);
    bytes = value != NULL ? secret_value_get (value, &length) : "";
    secret = prc_secret_new (bytes, length);
    if (value != NULL)
        secret_value_unref (value);
    return secret;
}

GPtrArray *
prc_secret_items_to_records (const GPtrArray *items, gboolean with_secrets, GError **error)
{
    g_autoptr (GPtrArray) records = prc_records_new ();

    for (guint i = 0; i < items->len; i++) {
        SecretItem *item = g_ptr_array_index (items, i);
        g_autoptr (PrcCredentialRef) ref = ref_of (item);
        g_autoptr (PrcSecret) secret =
            with_secrets ? load_secret (item, error) : prc_secret_new ("", 0);

        if (secret == NULL)
            return NULL;
        if (ref != NULL)
            (void) prc_records_put (records, ref, secret);
    }
    return g_steal_pointer (&records);
}

SecretCollection *
prc_secret_items_default (SecretService *service, GError **error)
{
    GError *local = NULL;
    SecretCollection *collection = secret_collection_for_alias_sync (
        service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &local);

    if (local != NULL)
        prc_secret_items_take_error (local, error);
    return collection;
}

static gboolean
is_so_already (const GPtrArray *of_proxy, const PrcCredentialRef *ref, PrcSecret *secret)
{
    SecretItem *last = of_proxy->len > 0 ? g_ptr_array_index (of_proxy, of_proxy->len - 1) : NULL;
    g_autoptr (PrcCredentialRef) last_ref = last != NULL ? ref_of (last) : NULL;
    g_autoptr (PrcSecret) last_secret = NULL;

    if (last_ref == NULL || !prc_credential_ref_equal (last_ref, ref))
        return FALSE;
    last_secret = load_secret (last, NULL);
    return last_secret != NULL && prc_secret_equal (last_secret, secret);
}

static char *
label_of (const PrcCredentialRef *ref)
{
    gboolean brackets = strchr (ref->host, ':') != NULL;

    return g_strdup_printf (brackets ? "proxyrc: %s@[%s]:%u" : "proxyrc: %s@%s:%u", ref->user,
                            ref->host, ref->port);
}

static SecretValue *
value_of (PrcSecret *secret)
{
    const char *text = prc_secret_text (secret);
    gsize length = prc_secret_length (secret);
    gboolean is_text = g_utf8_validate (text, (gssize) length, NULL);

    return secret_value_new (text, (gssize) length,
                             is_text ? "text/plain" : "application/octet-stream");
}

/* One that is there keeps its place, wherever its user has moved it. */
static gboolean
change_item (SecretItem *item, GHashTable *attributes, const char *label, SecretValue *value,
             GError **error)
{
    GError *local = NULL;

    if (secret_item_set_secret_sync (item, value, NULL, &local) &&
        secret_item_set_attributes_sync (item, NULL, attributes, NULL, &local) &&
        secret_item_set_label_sync (item, label, NULL, &local))
        return TRUE;
    prc_secret_items_take_error (local, error);
    return FALSE;
}

/* The service replaces one that another program has made just now, if it is asked with the
 * attributes that both have; so the time comes after that. */
static gboolean
create_item (SecretService *service, const PrcCredentialRef *ref, GHashTable *attributes,
             const char *label, SecretValue *value, GError **error)
{
    g_autoptr (GError) failed = NULL;
    g_autoptr (SecretCollection) collection = prc_secret_items_default (service, &failed);
    g_autoptr (GHashTable) common = attributes_of (ref);
    g_autoptr (SecretItem) item = NULL;
    GError *local = NULL;

    if (collection == NULL) {
        if (failed != NULL)
            g_propagate_error (error, g_steal_pointer (&failed));
        else
            g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                         _ ("the Secret Service has no default keyring"));
        return FALSE;
    }
    item = secret_item_create_sync (collection, NULL, common, label, value,
                                    SECRET_ITEM_CREATE_REPLACE, NULL, &local);
    if (item != NULL && secret_item_set_attributes_sync (item, NULL, attributes, NULL, &local))
        return TRUE;
    prc_secret_items_take_error (local, error);
    return FALSE;
}

/* A service that does not replace, or a copy that its user has made. */
static void
remove_doubles (const GPtrArray *items)
{
    for (guint i = 0; i + 1 < items->len; i++)
        (void) secret_item_delete_sync (g_ptr_array_index (items, i), NULL, NULL);
}

gboolean
prc_secret_items_put (SecretService *service, const PrcCredentialRef *ref, PrcSecret *secret,
                      GError **error)
{
    const PrcCredentialRef any_user = { ref->scheme, ref->host, ref->port, NULL };
    g_autoptr (GPtrArray) of_proxy = prc_secret_items_find (service, &any_user, error);
    g_autoptr (GPtrArray) same =
        of_proxy != NULL ? prc_secret_items_find (service, ref, error) : NULL;
    g_autoptr (GHashTable) attributes = attributes_of (ref);
    g_autofree char *label = label_of (ref);
    gint64 last = 0;
    SecretValue *value = NULL;
    gboolean done = FALSE;

    if (same == NULL)
        return FALSE;
    if (is_so_already (of_proxy, ref, secret))
        return TRUE;
    if (of_proxy->len > 0)
        last = stored_at (g_ptr_array_index (of_proxy, of_proxy->len - 1));
    g_hash_table_insert (attributes, (gpointer) STORED,
                         g_strdup_printf ("%" G_GINT64_FORMAT, MAX (g_get_real_time (), last + 1)));
    value = value_of (secret);
    if (same->len > 0)
        done =
            change_item (g_ptr_array_index (same, same->len - 1), attributes, label, value, error);
    else
        done = create_item (service, ref, attributes, label, value, error);
    secret_value_unref (value);
    if (done)
        remove_doubles (same);
    return done;
}
