/* The program's side: finds out cheaply whether there is anything to talk to, and has the helper
 * talk to it. What prc_store_hold() keeps is a copy of the credentials, left with the kernel. */
#include "secrets/secret-service.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/i18n.h"
#include "secrets/helper-client.h"
#include "secrets/key-cache.h"
#include "secrets/records.h"

/* The bus answers in no time; the service may have to be started; a change may ask its user. */
#define PRESENCE_MS 2000
#define STATE_MS 3000
#define READ_MS 10000
#define CHANGE_MS 60000

#define CACHE_ID_SIZE 32

typedef struct {
    PrcStore base;
    PrcHelperClient *helper;
    PrcWirePresence presence;
    gboolean is_silent; /* it did not answer in time: it is not waited for again */
    guint8 cache_id[CACHE_ID_SIZE];
    GPtrArray *held; /* of PrcRecord, (nullable): what prc_store_hold() has left */
    gint64 held_until;
} SecretService;

/* Is there a bus at all? */

static gboolean
is_socket (const char *path)
{
    struct stat st;

    return stat (path, &st) == 0 && S_ISSOCK (st.st_mode);
}

static gboolean
address_leads_somewhere (const char *address)
{
    static const char unix_path[] = "unix:path=";
    g_autofree char *path = NULL;

    if (strchr (address, ':') == NULL || g_str_has_prefix (address, "disabled:"))
        return FALSE;
    if (!g_str_has_prefix (address, unix_path) || strchr (address, '%') != NULL ||
        strchr (address, ';') != NULL)
        return TRUE;
    path = g_strndup (address + strlen (unix_path), strcspn (address + strlen (unix_path), ","));
    return is_socket (path);
}

/* Without either, libraries would go on to start a bus of their own. */
static gboolean
have_bus (void)
{
    const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
    const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
    g_autofree char *path = NULL;

    if (address != NULL && *address != '\0')
        return address_leads_somewhere (address);
    if (runtime == NULL || *runtime != '/')
        return FALSE;
    path = g_build_filename (runtime, "bus", NULL);
    return is_socket (path);
}

/* Asking the helper */

static gboolean
exchange (SecretService *self, const PrcWireMessage *message, int timeout_ms,
          const PrcStoreAsk *ask, PrcWireMessage *ret_answer, GError **error)
{
    if (self->is_silent)
        timeout_ms = 0;
    return prc_helper_client_call (self->helper, message, timeout_ms, ask, &self->is_silent,
                                   ret_answer, error);
}

static gboolean
call (SecretService *self, guint8 request, guint8 detail, const PrcCredentialRef *ref,
      PrcSecret *secret, int timeout_ms, PrcWireMessage *ret_answer, GError **error)
{
    g_autoptr (PrcSecret) none = prc_secret_new ("", 0);
    g_autoptr (GPtrArray) records = prc_records_new ();
    g_auto (PrcWireMessage) message = { request, detail, NULL };

    if (ref != NULL)
        (void) prc_records_put (records, ref, secret != NULL ? secret : none);
    message.payload = prc_records_encode (records);
    return exchange (self, &message, timeout_ms, NULL, ret_answer, error);
}

static GPtrArray *
call_for_records (SecretService *self, guint8 request, guint8 detail, const PrcCredentialRef *ref,
                  GError **error)
{
    g_auto (PrcWireMessage) answer = { 0 };
    const guint8 *bytes = NULL;
    gsize size = 0;

    if (!call (self, request, detail, ref, NULL, READ_MS, &answer, error))
        return NULL;
    bytes = g_bytes_get_data (answer.payload, &size);
    return prc_records_decode (bytes, size, error);
}

/* What is kept with the kernel: until when (the kernel does not tell), then the records. */

static void
forget_held (SecretService *self)
{
    g_clear_pointer (&self->held, g_ptr_array_unref);
    self->held_until = 0;
}

static void
read_held (SecretService *self)
{
    g_autoptr (PrcSecret) kept = prc_key_cache_get (self->cache_id, sizeof self->cache_id);
    const guint8 *bytes = (const guint8 *) (kept != NULL ? prc_secret_text (kept) : NULL);
    gint64 until = 0;

    forget_held (self);
    if (kept == NULL || prc_secret_length (kept) < sizeof until)
        return;
    memcpy (&until, bytes, sizeof until);
    if (until <= g_get_real_time ())
        return;
    self->held =
        prc_records_decode (bytes + sizeof until, prc_secret_length (kept) - sizeof until, NULL);
    self->held_until = until;
}

static gboolean
write_held (SecretService *self, const GPtrArray *records, gint64 until, GError **error)
{
    g_autoptr (GBytes) encoded = prc_records_encode (records);
    gsize size = 0;
    const void *bytes = g_bytes_get_data (encoded, &size);
    gsize total = size + sizeof until;
    char *copy = g_malloc (total);
    gint64 seconds = (until - g_get_real_time ()) / G_USEC_PER_SEC;
    g_autoptr (GBytes) wiped = prc_bytes_new_wiped (copy, total);
    g_autoptr (PrcSecret) secret = NULL;

    memcpy (copy, &until, sizeof until);
    memcpy (copy + sizeof until, bytes, size);
    secret = prc_secret_new (copy, total);
    return prc_key_cache_put (self->cache_id, sizeof self->cache_id, secret,
                              (guint) CLAMP (seconds, 1, G_MAXINT32), error);
}

/* After a change, for as long as was asked for at first; a copy that can't be renewed must go. */
static gboolean
renew_held (SecretService *self, GError **error)
{
    gint64 until = self->held_until;
    g_autoptr (GPtrArray) records = NULL;

    if (self->held == NULL)
        return TRUE;
    forget_held (self);
    records = call_for_records (self, PRC_WIRE_LIST, 1, NULL, NULL);
    if (records == NULL || !write_held (self, records, until, NULL))
        return prc_key_cache_drop (self->cache_id, sizeof self->cache_id, error);
    read_held (self);
    return TRUE;
}

/* The driver */

static void
service_free (PrcStore *store)
{
    SecretService *self = (SecretService *) store;

    forget_held (self);
    prc_helper_client_free (self->helper);
    g_free (self);
}

/* One user may have several data directories, and what is kept with the kernel is the user's. */
static void
make_cache_id (SecretService *self, const char *data_dir)
{
    g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
    gsize size = sizeof self->cache_id;

    g_checksum_update (checksum, (const guchar *) "secret-service:", -1);
    g_checksum_update (checksum, (const guchar *) data_dir, -1);
    g_checksum_get_digest (checksum, self->cache_id, &size);
}

static gboolean
look_for_service (SecretService *self, GError **error)
{
    g_auto (PrcWireMessage) answer = { 0 };
    g_autoptr (GError) local = NULL;

    if (!have_bus ()) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("no Secret Service here: this session has no D-Bus session bus (a login by "
                        "ssh, cron or sudo has none of the desktop's); keep the password in the "
                        "vault: `proxyrc login --store vault`"));
        return FALSE;
    }
    if (!call (self, PRC_WIRE_PRESENCE, 0, NULL, NULL, PRESENCE_MS, &answer, &local)) {
        /* Whatever keeps it from answering: here it is not to be had. */
        g_set_error_literal (error, PRC_ERROR, PRC_ERROR_NOT_FOUND, local->message);
        return FALSE;
    }
    self->presence = answer.detail;
    if (self->presence != PRC_WIRE_ABSENT)
        return TRUE;
    g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                 _ ("no Secret Service answers on the session bus; start GNOME Keyring, KWallet or "
                    "KeePassXC (with its Secret Service switched on), or keep the password in the "
                    "vault: `proxyrc login --store vault`"));
    return FALSE;
}

static PrcStore *
service_open (const char *data_dir, GError **error)
{
    SecretService *self = g_new0 (SecretService, 1);

    self->base.driver = &prc_secret_service_driver;
    self->helper = prc_helper_client_new ();
    make_cache_id (self, data_dir);
    read_held (self);
    if (self->held == NULL && !look_for_service (self, error)) {
        service_free (&self->base);
        return NULL;
    }
    return &self->base;
}

/* One that would only be started now, with no display to ask on, could not be unlocked. */
static gboolean
service_suits (PrcStore *store)
{
    SecretService *self = (SecretService *) store;

    return self->held != NULL || self->presence == PRC_WIRE_RUNNING ||
           g_getenv ("DISPLAY") != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL;
}

static const char *
service_place (const PrcStore *store)
{
    (void) store;
    return _ ("the Secret Service");
}

static PrcStoreState
service_state (PrcStore *store)
{
    SecretService *self = (SecretService *) store;
    g_auto (PrcWireMessage) answer = { 0 };

    if (self->held != NULL)
        return PRC_STORE_OPEN;
    if (!call (self, PRC_WIRE_STATE, 0, NULL, NULL, STATE_MS, &answer, NULL))
        return PRC_STORE_LOCKED;
    return answer.detail;
}

static gboolean
service_unlock (PrcStore *store, const PrcStoreAsk *ask, GError **error)
{
    SecretService *self = (SecretService *) store;
    gboolean may_ask = ask != NULL && !ask->no_dialogue;
    g_auto (PrcWireMessage) message = { PRC_WIRE_UNLOCK, may_ask ? 1 : 0, NULL };
    g_auto (PrcWireMessage) answer = { 0 };

    return exchange (self, &message, may_ask ? -1 : READ_MS, ask, &answer, error);
}

static gboolean
service_hold (PrcStore *store, guint seconds, GError **error)
{
    SecretService *self = (SecretService *) store;
    gint64 until = g_get_real_time () + (gint64) seconds * G_USEC_PER_SEC;
    g_autoptr (GPtrArray) records = call_for_records (self, PRC_WIRE_LIST, 1, NULL, error);

    if (records == NULL || !write_held (self, records, until, error))
        return FALSE;
    read_held (self);
    return TRUE;
}

/* The collection stays as it is: it is the desktop's, and holds what other programs need. */
static gboolean
service_lock (PrcStore *store, GError **error)
{
    SecretService *self = (SecretService *) store;

    forget_held (self);
    return prc_key_cache_drop (self->cache_id, sizeof self->cache_id, error);
}

static gboolean
service_lookup (PrcStore *store, const PrcCredentialRef *pattern, PrcCredentialRef **ret_ref,
                PrcSecret **ret_secret, GError **error)
{
    SecretService *self = (SecretService *) store;
    g_autoptr (GPtrArray) records = NULL;

    if (self->held != NULL && prc_records_find (self->held, pattern) != NULL)
        return prc_records_lookup (self->held, pattern, ret_ref, ret_secret, error);
    records = call_for_records (self, PRC_WIRE_LOOKUP, 0, pattern, error);
    return records != NULL && prc_records_lookup (records, pattern, ret_ref, ret_secret, error);
}

static gboolean
service_store (PrcStore *store, const PrcCredentialRef *ref, PrcSecret *secret, GError **error)
{
    SecretService *self = (SecretService *) store;
    g_auto (PrcWireMessage) answer = { 0 };

    if (!g_utf8_validate (ref->user, -1, NULL)) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_WRITE,
                     _ ("the Secret Service can't hold a user name that is not UTF-8; keep it in "
                        "the vault: `proxyrc login --store vault`"));
        return FALSE;
    }
    return call (self, PRC_WIRE_STORE, 0, ref, secret, CHANGE_MS, &answer, error) &&
           renew_held (self, error);
}

static gboolean
service_erase (PrcStore *store, const PrcCredentialRef *pattern, gboolean *ret_erased,
               GError **error)
{
    SecretService *self = (SecretService *) store;
    g_auto (PrcWireMessage) answer = { 0 };

    if (!call (self, PRC_WIRE_ERASE, 0, pattern, NULL, CHANGE_MS, &answer, error))
        return FALSE;
    *ret_erased = answer.detail != 0;
    return renew_held (self, error);
}

static GPtrArray *
service_list (PrcStore *store, GError **error)
{
    SecretService *self = (SecretService *) store;
    g_autoptr (GPtrArray) records = call_for_records (self, PRC_WIRE_LIST, 0, NULL, error);

    return records != NULL ? prc_records_refs (records) : NULL;
}

const PrcStoreDriver prc_secret_service_driver = {
    .name = "secret-service",
    .summary = N_ ("the desktop's keyring (GNOME Keyring, KWallet, KeePassXC)"),
    .open = service_open,
    .suits = service_suits,
    .free = service_free,
    .place = service_place,
    .state = service_state,
    .unlock = service_unlock,
    .hold = service_hold,
    .lock = service_lock,
    .lookup = service_lookup,
    .store = service_store,
    .erase = service_erase,
    .list = service_list,
};
