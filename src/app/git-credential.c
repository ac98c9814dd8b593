#include "app/git-credential.h"

#include <string.h>

#include "app/credentials.h"
#include "app/planning.h"
#include "app/profiles.h"
#include "app/stores.h"
#include "base/error.h"
#include "base/i18n.h"

typedef struct {
    char *protocol, *host, *user; /* (nullable) */
} Request;

static void
request_clear (Request *request)
{
    g_free (request->protocol);
    g_free (request->host);
    g_free (request->user);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

static void
take_line (Request *request, const char *line, gsize length)
{
    const struct {
        const char *key;
        char **place;
    } rows[] = {
        { "protocol=", &request->protocol },
        { "host=", &request->host },
        { "username=", &request->user },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        gsize n = strlen (rows[i].key);

        if (length < n || memcmp (line, rows[i].key, n) != 0)
            continue;
        g_free (*rows[i].place);
        *rows[i].place = g_strndup (line + n, length - n);
    }
}

/* Up to an empty line, or the end. */
static void
read_request (Request *request, GBytes *bytes)
{
    gsize size = 0;
    const char *line = g_bytes_get_data (bytes, &size);
    const char *end = line + size;

    while (line < end && *line != '\n') {
        const char *newline = memchr (line, '\n', (gsize) (end - line));
        const char *stop = newline != NULL ? newline : end;

        take_line (request, line, (gsize) (stop - line));
        line = newline != NULL ? newline + 1 : end;
    }
}

/* (nullable): git gives host and port as they stand in the URL. */
static PrcProxyUrl *
requested_proxy (const Request *request)
{
    g_autofree char *text = NULL;
    g_autoptr (PrcProxyUrl) url = NULL;

    if (request->protocol == NULL || request->host == NULL ||
        strpbrk (request->host, "@/?#") != NULL)
        return NULL;
    text = g_strconcat (request->protocol, "://", request->host, NULL);
    url = prc_proxy_url_parse (text, &prc_url_dialect_lenient, NULL);
    return url != NULL && url->has_port ? g_steal_pointer (&url) : NULL;
}

static PrcSecret *
look_up (PrcSession *session, const PrcProfile *profile, const PrcProxyUrl *proxy, GError **error)
{
    g_autoptr (PrcStore) store = prc_profile_store_open (session, profile, NULL);
    g_autoptr (PrcCredentialRef) ref = prc_credential_ref_new (
        prc_proxy_scheme_name (proxy->scheme), proxy->host, proxy->port, profile->user);
    PrcStoreState state = store != NULL ? prc_store_state (store) : PRC_STORE_EMPTY;
    PrcSecret *secret = NULL;

    if (state == PRC_STORE_OPEN && prc_store_lookup (store, ref, NULL, &secret, NULL))
        return secret;
    if (state == PRC_STORE_LOCKED)
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("the store with the proxy's password is locked: `proxyrc unlock`"));
    else
        g_set_error (error, PRC_ERROR, PRC_ERROR_LOCKED,
                     _ ("the proxy's password is not stored: `proxyrc login %s`"), profile->name);
    return NULL;
}

/* The password may have changed since git was told to ask here: where git can't be given this one,
 * it must not get what it would make another of. */
static gboolean
can_take (PrcSession *session, const PrcProfile *profile, const PrcProxyUrl *proxy,
          PrcSecret *secret, GError **error)
{
    const PrcWanted wanted = { profile, profile->user, secret, FALSE };
    const PrcTool *git = prc_session_tool (session, "git", NULL);
    g_autoptr (PrcProxyUrl) url =
        prc_proxy_url_new (proxy->scheme, proxy->host, proxy->port, profile->user, secret);
    g_autoptr (PrcWipedString) text = NULL;
    PrcUrlDialect dialect;

    if (git == NULL)
        return TRUE;
    dialect = prc_tool_dialect (git, prc_session_place (session), &wanted);
    text = prc_proxy_url_format (url, &dialect, error);
    if (text == NULL)
        g_prefix_error (error, _ ("git gets no password: "));
    return text != NULL;
}

static GBytes *
format_answer (const PrcProfile *profile, const PrcSecret *secret)
{
    char *text = NULL;

    if (strpbrk (profile->user, "\n") != NULL || strpbrk (prc_secret_text (secret), "\n") != NULL)
        return NULL;
    text = g_strconcat ("username=", profile->user, "\npassword=", prc_secret_text (secret), "\n",
                        NULL);
    return prc_bytes_new_wiped (text, strlen (text));
}

static gboolean
is_meant (const PrcProfile *profile, const PrcProxyUrl *proxy, const char *user)
{
    return profile != NULL && !profile->is_direct && profile->user != NULL &&
           (user == NULL || strcmp (user, profile->user) == 0) &&
           prc_profile_has_proxy (profile, proxy);
}

GBytes *
prc_git_credential_answer (PrcSession *session, GBytes *request_bytes, GError **error)
{
    g_auto (Request) request = { 0 };
    g_autoptr (PrcProxyUrl) proxy = NULL;
    g_autoptr (PrcProfiles) profiles = NULL;
    g_autoptr (GError) reason = NULL;
    const GPtrArray *rows = NULL;

    read_request (&request, request_bytes);
    proxy = requested_proxy (&request);
    profiles = proxy != NULL ? prc_profiles_load (session, NULL) : NULL;
    if (profiles == NULL)
        return NULL;
    rows = prc_profiles_rows (profiles);
    for (guint i = 0; i <= rows->len; i++) {
        const PrcProfile *profile =
            i == 0 ? prc_profiles_active (profiles)
                   : ((const PrcProfileRow *) g_ptr_array_index (rows, i - 1))->profile;
        GError **first = reason == NULL ? &reason : NULL; /* the active profile's */
        g_autoptr (PrcSecret) secret = NULL;

        if (!is_meant (profile, proxy, request.user))
            continue;
        secret = look_up (session, profile, proxy, first);
        if (secret != NULL && can_take (session, profile, proxy, secret, first))
            return format_answer (profile, secret);
    }
    if (reason != NULL)
        g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
}
