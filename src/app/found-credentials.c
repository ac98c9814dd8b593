#include "app/found-credentials.h"

#include <string.h>

#include "app/credentials.h"
#include "app/planning.h"
#include "app/profiles.h"
#include "base/text.h"
#include "catalogue/discover.h"
#include "catalogue/version.h"
#include "model/percent.h"
#include "planner/wanted.h"
#include "model/mask.h"

static void
place_free (gpointer data)
{
    PrcFoundPlace *place = data;

    g_free (place->tool);
    g_free (place->file);
    g_free (place->key);
    g_free (place);
}

static void
credential_free (gpointer data)
{
    PrcFoundCredential *credential = data;

    prc_proxy_url_free (credential->url);
    g_free (credential->profile);
    g_ptr_array_unref (credential->places);
    g_free (credential);
}

/* The one in @list that is @url (taken), new if there is none. NULL: it is no credential. */
static PrcFoundCredential *
find_or_add (GPtrArray *list, PrcProxyUrl *url)
{
    PrcFoundCredential *credential = NULL;

    if (url == NULL || url->user == NULL || *url->user == '\0' || url->password == NULL ||
        prc_secret_length (url->password) == 0) {
        prc_proxy_url_free (url);
        return NULL;
    }
    for (guint i = 0; i < list->len; i++) {
        credential = g_ptr_array_index (list, i);
        if (prc_proxy_url_equal (credential->url, url)) {
            prc_proxy_url_free (url);
            return credential;
        }
    }
    credential = g_new0 (PrcFoundCredential, 1);
    credential->url = url;
    credential->places = g_ptr_array_new_with_free_func (place_free);
    g_ptr_array_add (list, credential);
    return credential;
}

static void
add_place (PrcFoundCredential *credential, const PrcTool *tool, const PrcReading *reading,
           const char *key)
{
    PrcFoundPlace *place = NULL;
    g_autofree char *shown_key = NULL;

    if (credential == NULL)
        return;
    place = g_new0 (PrcFoundPlace, 1);
    place->tool = g_strdup (tool->name);
    place->file = reading != NULL ? prc_text_utf8 (reading->file->path) : NULL;
    place->line = reading != NULL ? prc_reading_entry (reading)->line : 0;
    shown_key = prc_mask_urls (key);
    place->key = prc_text_utf8 (shown_key);
    g_ptr_array_add (credential->places, place);
}

static PrcUrlDialect
dialect_for (const PrcTool *tool, const PrcPlace *place, const char *value)
{
    PrcUrlDialect dialect = tool->url;

    if (tool->decodes_twice_before != 0 && strstr (value, "%25") != NULL)
        dialect.decodes_twice = prc_tool_version (tool, place) < tool->decodes_twice_before;
    return dialect;
}

/* User and password that stand apart from the URL: of wget, and of curl, which decodes them. */
typedef struct {
    char *user;
    PrcSecret *password;
    const PrcReading *reading;
    const char *key;
} Apart;

static void
apart_clear (Apart *apart)
{
    g_free (apart->user);
    prc_secret_unref (apart->password);
}

static char *
decode (const PrcTool *tool, const char *text, gsize length)
{
    gsize decoded = 0;

    if (tool->version_kind == PRC_VERSION_LIBCURL)
        return prc_percent_decode (text, length, TRUE, &decoded);
    return g_strndup (text, length);
}

static void
take_apart (Apart *apart, const PrcTool *tool, const PrcToolKey *row, const PrcReading *reading)
{
    const char *value = prc_reading_entry (reading)->value;
    const char *colon = row->role == PRC_ROLE_USER ? strchr (value, ':') : NULL;

    if (row->role == PRC_ROLE_USER) {
        g_free (apart->user);
        apart->user =
            decode (tool, value, colon != NULL ? (gsize) (colon - value) : strlen (value));
    }
    if (row->role == PRC_ROLE_PASSWORD || colon != NULL) {
        const char *password = colon != NULL ? colon + 1 : value;

        prc_secret_unref (apart->password);
        apart->password = prc_secret_take (decode (tool, password, strlen (password)));
        apart->reading = reading;
        apart->key = prc_reading_entry (reading)->key;
    }
}

static gboolean
counts (const PrcReading *reading, const PrcToolKey *row)
{
    const PrcEntry *entry = prc_reading_entry (reading);

    return row != NULL && entry->kind == PRC_ENTRY_SET && entry->value != NULL &&
           *entry->value != '\0' && !reading->is_again &&
           (entry->flags & (PRC_ENTRY_PRIVATE | PRC_ENTRY_DYNAMIC)) == 0;
}

/* The proxies of a tool that have no credential of their own take the one that stands apart. */
static void
join_apart (GPtrArray *list, const PrcTool *tool, const Apart *apart, const GPtrArray *bare)
{
    for (guint i = 0; i < bare->len && apart->user != NULL && apart->password != NULL; i++) {
        const PrcProxyUrl *url = g_ptr_array_index (bare, i);
        PrcProxyUrl *joined =
            prc_proxy_url_new (url->scheme, url->host, url->port, apart->user, apart->password);

        add_place (find_or_add (list, joined), tool, apart->reading, apart->key);
    }
}

static void
take_found (GPtrArray *list, const PrcFound *found, const PrcPlace *place, GPtrArray *notes)
{
    const PrcTool *tool = found->tool;
    Apart apart = { 0 };
    g_autoptr (GPtrArray) bare =
        g_ptr_array_new_with_free_func ((GDestroyNotify) prc_proxy_url_free);

    for (guint i = 0; i < found->files->len; i++) {
        const PrcFoundFile *file = g_ptr_array_index (found->files, i);

        if (file->error != NULL)
            g_ptr_array_add (notes, prc_text_utf8 (file->error->message));
    }
    for (guint i = 0; i < found->readings->len; i++) {
        const PrcReading *reading = &g_array_index (found->readings, PrcReading, i);
        const PrcEntry *entry = prc_reading_entry (reading);
        const PrcToolKey *row = prc_tool_find_key (tool, entry->key);

        if (!counts (reading, row))
            continue;
        if (prc_role_is_proxy (row->role)) {
            PrcUrlDialect dialect = dialect_for (tool, place, entry->value);
            PrcProxyUrl *url = prc_wanted_parse (row, &dialect, entry->value, NULL);

            if (url != NULL && url->user == NULL)
                g_ptr_array_add (bare, url);
            else
                add_place (find_or_add (list, url), tool, reading, entry->key);
        } else if (row->role == PRC_ROLE_USER || row->role == PRC_ROLE_PASSWORD) {
            take_apart (&apart, tool, row, reading);
        }
    }
    join_apart (list, tool, &apart, bare);
    apart_clear (&apart);
}

/* Variables of the calling shell. */
static void
take_variables (GPtrArray *list, const PrcTool *tool, const PrcPlace *place)
{
    for (guint i = 0; place->env != NULL && tool->program == NULL && i < tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (tool->keys, i);
        const char *value = prc_place_getenv (place, row->key);

        if (value != NULL && prc_role_is_proxy (row->role))
            add_place (find_or_add (list, prc_wanted_parse (row, &tool->url, value, NULL)), tool,
                       NULL, row->key);
    }
}

static void
take_stored (GPtrArray *list, PrcSession *session, GPtrArray *notes)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (session, NULL);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_active (profiles) : NULL;
    g_auto (PrcHeldCredential) held = { 0 };
    g_autoptr (GPtrArray) refs = NULL;
    g_autoptr (GError) reason = NULL;

    if (profile == NULL || profile->is_direct || profile->user == NULL)
        return;
    if (!prc_credential_load (session, profile, TRUE, &held, &reason)) {
        g_ptr_array_add (notes, prc_text_utf8 (reason->message));
        return;
    }
    refs = prc_profile_refs (profile, held.user);
    for (guint i = 0; held.password != NULL && i < refs->len; i++) {
        const PrcCredentialRef *ref = g_ptr_array_index (refs, i);
        PrcFoundCredential *credential = NULL;
        PrcProxyScheme scheme = PRC_PROXY_HTTP;

        (void) prc_proxy_scheme_from_name (ref->scheme, strlen (ref->scheme), &scheme);
        credential = find_or_add (
            list, prc_proxy_url_new (scheme, ref->host, ref->port, ref->user, held.password));
        if (credential != NULL && credential->profile == NULL)
            credential->profile = g_strdup (profile->name);
    }
}

GPtrArray *
prc_found_credentials (PrcSession *session, GPtrArray *notes, GError **error)
{
    const PrcCatalogue *catalogue = prc_session_catalogue (session, error);
    const PrcPlace *place = prc_session_place (session);
    GPtrArray *list = NULL;

    if (catalogue == NULL)
        return NULL;
    list = g_ptr_array_new_with_free_func (credential_free);
    take_stored (list, session, notes);
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);
        g_autoptr (PrcFound) found = NULL;

        if (!prc_session_wants_tool (session, NULL, tool))
            continue;
        found = prc_discover (tool, place);
        take_found (list, found, place, notes);
        take_variables (list, tool, place);
    }
    return list;
}
