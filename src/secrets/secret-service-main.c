/* secret-service-main.c - proxyrc-secret-service: what has libsecret in it, fed through a socket
 *
 * Run by proxyrc only. It answers one request after the other on its standard input, which is one
 * end of a socket pair, and ends when the other end is closed. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/secret-items.h"
#include "secrets/secret-service-wire.h"
#include "secrets/store.h"

#define ATTEMPTS 5

typedef struct {
    GDBusConnection *bus;   /* (nullable): not needed yet */
    SecretService *service; /* (nullable): the same */
} Helper;

/* What is there */

static gboolean
connect_to_bus (Helper *self, GError **error)
{
    GError *local = NULL;

    if (self->bus != NULL)
        return TRUE;
    self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &local);
    if (self->bus != NULL)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                 _ ("no Secret Service here: the session bus can't be reached (%s)"),
                 local->message);
    g_error_free (local);
    return FALSE;
}

static GVariant *
ask_bus (Helper *self, const char *method, GVariant *arguments, const char *type, GError **error)
{
    GError *local = NULL;
    GVariant *answer = g_dbus_connection_call_sync (
        self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
        arguments, G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &local);

    if (answer == NULL)
        prc_secret_items_take_error (local, error);
    return answer;
}

static gboolean
find_presence (Helper *self, PrcWirePresence *ret_presence, GError **error)
{
    static const char name[] = "org.freedesktop.secrets";
    g_autoptr (GVariant) has_owner = NULL;
    g_autoptr (GVariant) activatable = NULL;
    g_autofree const char **names = NULL;
    gboolean is_running = FALSE;

    if (!connect_to_bus (self, error))
        return FALSE;
    has_owner = ask_bus (self, "NameHasOwner", g_variant_new ("(s)", name), "(b)", error);
    if (has_owner == NULL)
        return FALSE;
    g_variant_get (has_owner, "(b)", &is_running);
    *ret_presence = PRC_WIRE_RUNNING;
    if (is_running)
        return TRUE;
    activatable = ask_bus (self, "ListActivatableNames", NULL, "(as)", error);
    if (activatable == NULL)
        return FALSE;
    g_variant_get (activatable, "(^a&s)", &names);
    *ret_presence = g_strv_contains (names, name) ? PRC_WIRE_ACTIVATABLE : PRC_WIRE_ABSENT;
    return TRUE;
}

static gboolean
connect_to_service (Helper *self, GError **error)
{
    GError *local = NULL;

    if (self->service != NULL)
        return TRUE;
    if (!connect_to_bus (self, error))
        return FALSE;
    self->service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, NULL, &local);
    if (self->service == NULL)
        prc_secret_items_take_error (local, error);
    return self->service != NULL;
}

static gboolean
find_state (Helper *self, PrcStoreState *ret_state, GError **error)
{
    PrcWirePresence presence = PRC_WIRE_ABSENT;
    g_autoptr (SecretCollection) collection = NULL;
    g_autoptr (GPtrArray) items = NULL;
    g_autoptr (GError) local = NULL;

    /* Looking must not start a service. */
    *ret_state = PRC_STORE_LOCKED;
    if (!find_presence (self, &presence, error))
        return FALSE;
    if (presence != PRC_WIRE_RUNNING)
        return TRUE;
    if (!connect_to_service (self, error))
        return FALSE;
    items = prc_secret_items_find (self->service, NULL, error);
    if (items == NULL)
        return FALSE;
    collection = prc_secret_items_default (self->service, &local);
    if (local != NULL) {
        g_propagate_error (error, g_steal_pointer (&local));
        return FALSE;
    }
    if (prc_secret_items_any_locked (items) ||
        (collection != NULL && secret_collection_get_locked (collection)))
        *ret_state = PRC_STORE_LOCKED;
    else
        *ret_state = collection == NULL && items->len == 0 ? PRC_STORE_EMPTY : PRC_STORE_OPEN;
    return TRUE;
}

/* Unlocking */

static gboolean
make_default (Helper *self, gboolean may_ask, GError **error)
{
    GError *local = NULL;
    SecretCollection *collection = NULL;

    if (may_ask)
        collection = secret_collection_create_sync (self->service, _ ("Default keyring"),
                                                    SECRET_COLLECTION_DEFAULT, 0, NULL, &local);
    if (collection != NULL) {
        g_object_unref (collection);
        return TRUE;
    }
    g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                 _ ("the Secret Service has no default keyring%s%s; make one in the desktop's "
                    "program for passwords (Seahorse: File, New, Password Keyring, then Set as "
                    "default), or keep the password in the vault: `proxyrc login --store vault`"),
                 local != NULL ? ": " : "", local != NULL ? local->message : "");
    g_clear_error (&local);
    return FALSE;
}

/* Without a dialogue: only what the service does without asking anybody. */
static gboolean
unlock_silently (Helper *self, GList *objects, int *ret_unlocked, GError **error)
{
    GVariantBuilder paths;
    g_autoptr (GVariant) answer = NULL;
    g_autoptr (GVariant) unlocked = NULL;
    const char *prompt = NULL;
    GError *local = NULL;

    g_variant_builder_init (&paths, G_VARIANT_TYPE ("ao"));
    for (GList *each = objects; each != NULL; each = each->next)
        g_variant_builder_add (&paths, "o", g_dbus_proxy_get_object_path (each->data));
    answer = g_dbus_proxy_call_sync (G_DBUS_PROXY (self->service), "Unlock",
                                     g_variant_new ("(ao)", &paths), G_DBUS_CALL_FLAGS_NONE, -1,
                                     NULL, &local);
    if (answer == NULL) {
        prc_secret_items_take_error (local, error);
        return FALSE;
    }
    g_variant_get (answer, "(@ao&o)", &unlocked, &prompt);
    *ret_unlocked = (int) g_variant_n_children (unlocked);
    if (strcmp (prompt, "/") != 0) {
        g_autoptr (GVariant) ignored =
            g_dbus_connection_call_sync (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->service)),
                                         g_dbus_proxy_get_name (G_DBUS_PROXY (self->service)),
                                         prompt, "org.freedesktop.Secret.Prompt", "Dismiss", NULL,
                                         NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
    }
    return TRUE;
}

static gboolean
unlock_objects (Helper *self, GList *objects, gboolean may_ask, GError **error)
{
    GError *local = NULL;
    int wanted = (int) g_list_length (objects), unlocked = 0;

    if (wanted == 0)
        return TRUE;
    if (!may_ask && !unlock_silently (self, objects, &unlocked, error))
        return FALSE;
    if (may_ask) {
        unlocked = secret_service_unlock_sync (self->service, objects, NULL, NULL, &local);
        if (local != NULL) {
            prc_secret_items_take_error (local, error);
            return FALSE;
        }
    }
    if (unlocked >= wanted)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                 may_ask ? _ ("the keyring of the Secret Service is still locked: its dialogue was "
                              "dismissed, or there is no display for it; unlock it in the desktop, "
                              "or keep the password in the vault: `proxyrc login --store vault`")
                         : _ ("the keyring of the Secret Service is locked, and nobody may be "
                              "asked; unlock it in the desktop, or with `proxyrc unlock`"));
    return FALSE;
}

/* The collection that new items go to, and any item of ours wherever it is. */
static gboolean
unlock (Helper *self, gboolean may_ask, GError **error)
{
    g_autoptr (SecretCollection) collection = NULL;
    g_autoptr (GPtrArray) items = NULL;
    g_autoptr (GError) local = NULL;
    GList *objects = NULL;
    gboolean done = FALSE;

    if (!connect_to_service (self, error))
        return FALSE;
    collection = prc_secret_items_default (self->service, &local);
    if (local != NULL) {
        g_propagate_error (error, g_steal_pointer (&local));
        return FALSE;
    }
    if (collection == NULL && !make_default (self, may_ask, error))
        return FALSE;
    if (collection != NULL && secret_collection_get_locked (collection))
        objects = g_list_append (NULL, collection);
    done = unlock_objects (self, objects, may_ask, error);
    g_clear_pointer (&objects, g_list_free);
    items = done ? prc_secret_items_find (self->service, NULL, error) : NULL;
    for (guint i = 0; items != NULL && i < items->len; i++)
        if (secret_item_get_locked (g_ptr_array_index (items, i)))
            objects = g_list_append (objects, g_ptr_array_index (items, i));
    done = items != NULL && unlock_objects (self, objects, may_ask, error);
    g_list_free (objects);
    return done;
}

/* The requests */

static gboolean
answer_records (const GPtrArray *items, gboolean with_secrets, PrcWireMessage *answer,
                GError **error)
{
    g_autoptr (GPtrArray) records = prc_secret_items_to_records (items, with_secrets, error);

    if (records == NULL)
        return FALSE;
    answer->payload = prc_records_encode (records);
    return TRUE;
}

static gboolean
lookup (Helper *self, const PrcRecord *record, PrcWireMessage *answer, GError **error)
{
    g_autoptr (GPtrArray) items = prc_secret_items_find (self->service, record->ref, error);

    if (items == NULL)
        return FALSE;
    if (items->len == 0) {
        prc_records_set_error_none (record->ref, error);
        return FALSE;
    }
    g_ptr_array_remove_range (items, 0, items->len - 1);
    return answer_records (items, TRUE, answer, error);
}

static gboolean
erase (Helper *self, const PrcRecord *record, PrcWireMessage *answer, GError **error)
{
    g_autoptr (GPtrArray) items = prc_secret_items_find (self->service, record->ref, error);
    GError *local = NULL;

    for (guint i = 0; items != NULL && i < items->len; i++)
        if (!secret_item_delete_sync (g_ptr_array_index (items, i), NULL, &local)) {
            g_autoptr (GError) reason = NULL;

            prc_secret_items_take_error (g_steal_pointer (&local), &reason);
            if (g_error_matches (reason, PRC_ERROR, PRC_ERROR_CHANGED))
                continue;
            g_propagate_error (error, g_steal_pointer (&reason));
            return FALSE;
        }
    answer->detail = items != NULL && items->len > 0;
    return items != NULL;
}

static gboolean
list (Helper *self, gboolean with_secrets, PrcWireMessage *answer, GError **error)
{
    g_autoptr (GPtrArray) items = prc_secret_items_find (self->service, NULL, error);

    return items != NULL && answer_records (items, with_secrets, answer, error);
}

static gboolean
serve_once (Helper *self, const PrcWireMessage *request, const PrcRecord *record,
            PrcWireMessage *answer, GError **error)
{
    if (request->code == PRC_WIRE_LIST)
        return list (self, request->detail != 0, answer, error);
    if (request->code == PRC_WIRE_LOOKUP && record != NULL)
        return lookup (self, record, answer, error);
    if (request->code == PRC_WIRE_ERASE && record != NULL)
        return erase (self, record, answer, error);
    if (request->code == PRC_WIRE_STORE && record != NULL && record->ref->user != NULL)
        return prc_secret_items_put (self->service, record->ref, record->secret, error);
    g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                 "unknown request" /* untranslated: no proxyrc asks so */);
    return FALSE;
}

/* Between finding an item and working on it, another program may have removed it. */
static gboolean
serve_with_service (Helper *self, const PrcWireMessage *request, PrcWireMessage *answer,
                    GError **error)
{
    gsize size = 0;
    const guint8 *bytes = g_bytes_get_data (request->payload, &size);
    g_autoptr (GPtrArray) records =
        size > 0 ? prc_records_decode (bytes, size, error) : prc_records_new ();
    const PrcRecord *record =
        records != NULL && records->len == 1 ? g_ptr_array_index (records, 0) : NULL;

    if (records == NULL || !connect_to_service (self, error))
        return FALSE;
    for (guint left = ATTEMPTS;; left--) {
        g_autoptr (GError) local = NULL;

        if (serve_once (self, request, record, answer, &local))
            return TRUE;
        if (left > 1 && g_error_matches (local, PRC_ERROR, PRC_ERROR_CHANGED))
            continue;
        g_propagate_error (error, g_steal_pointer (&local));
        return FALSE;
    }
}

static gboolean
serve (Helper *self, const PrcWireMessage *request, PrcWireMessage *answer, GError **error)
{
    PrcWirePresence presence = PRC_WIRE_ABSENT;
    PrcStoreState state = PRC_STORE_LOCKED;

    switch (request->code) {
    case PRC_WIRE_PRESENCE:
        if (!find_presence (self, &presence, error))
            return FALSE;
        answer->detail = (guint8) presence;
        return TRUE;
    case PRC_WIRE_STATE:
        if (!find_state (self, &state, error))
            return FALSE;
        answer->detail = (guint8) state;
        return TRUE;
    case PRC_WIRE_UNLOCK:
        return unlock (self, request->detail != 0, error);
    default:
        return serve_with_service (self, request, answer, error);
    }
}

int
main (void)
{
    Helper self = { 0 };

    const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");

    prc_secrets_harden_process ();
    if (address != NULL && *address == '\0') /* to GIO that is an address, and a wrong one */
        g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
    (void) prctl (PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        g_auto (PrcWireMessage) request = { 0 };
        g_auto (PrcWireMessage) answer = { PRC_WIRE_DONE, 0, NULL };
        g_autoptr (GError) error = NULL;

        if (!prc_wire_receive (STDIN_FILENO, &request))
            return 0;
        if (!serve (&self, &request, &answer, &error)) {
            g_clear_pointer (&answer.payload, g_bytes_unref);
            answer.code = (guint8) (1 + error->code);
            answer.payload = g_bytes_new (error->message, strlen (error->message));
        }
        if (!prc_wire_send (STDIN_FILENO, &answer))
            return 1;
    }
}
