#include "app/check-request.h"

#include <fcntl.h>
#include <string.h>

#include "app/stores.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"
#include "model/credential.h"

#define DEFAULT_URL "https://example.com/"
#define DEFAULT_TIMEOUT_MS 15000u

static PrcProxyUrl *
given_proxy (const char *text, GError **error)
{
    PrcProxyUrl *url = prc_proxy_url_parse (text, &prc_url_dialect_lenient, error);

    if (url != NULL && url->password != NULL) {
        prc_proxy_url_free (url);
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("a proxy URL here has no password; give it with --password-stdin"));
        return NULL;
    }
    return url;
}

static PrcProxyUrl *
proxy_of_profile (const PrcProfile *profile, const char *url, GError **error)
{
    gboolean is_https = g_ascii_strncasecmp (url, "https:", 6) == 0;
    const PrcProxyUrl *proxy =
        prc_profile_proxy_for (profile, is_https ? PRC_ROLE_HTTPS : PRC_ROLE_HTTP);

    if (proxy == NULL)
        proxy = prc_profile_proxy_for (profile, PRC_ROLE_ALL);
    if (profile->is_direct || proxy == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NOT_FOUND,
                     _ ("the profile “%s” has no proxy to check; name another profile, or a proxy "
                        "with --proxy URL"),
                     profile->name);
        return NULL;
    }
    return prc_proxy_url_copy (proxy);
}

static gboolean
lookup_password (PrcSession *session, const PrcProfile *profile, PrcProbeRequest *probe,
                 GError **error)
{
    g_autoptr (PrcStore) store = prc_profile_store_open (session, profile, error);
    g_autoptr (PrcCredentialRef) ref = NULL;
    GError *reason = NULL;

    if (store == NULL)
        return FALSE;
    if (prc_store_state (store) == PRC_STORE_EMPTY)
        return TRUE;
    if (prc_store_state (store) == PRC_STORE_LOCKED &&
        !prc_store_unlock (store, &prc_session_options (session)->ask, error))
        return FALSE;
    ref = prc_credential_ref_new (prc_proxy_scheme_name (probe->proxy->scheme), probe->proxy->host,
                                  probe->proxy->port, probe->user);
    if (prc_store_lookup (store, ref, NULL, &probe->password, &reason))
        return TRUE;
    if (!g_error_matches (reason, PRC_ERROR, PRC_ERROR_NOT_FOUND)) {
        g_propagate_error (error, reason);
        return FALSE;
    }
    g_error_free (reason); /* then the check says what is missing, and what the proxy offers */
    return TRUE;
}

static gboolean
fill_credential (PrcSession *session, const PrcCheckRequest *request, const PrcProfile *profile,
                 PrcProbeRequest *probe, GError **error)
{
    const char *user = request->user;

    if (user == NULL && probe->proxy->user != NULL && *probe->proxy->user != '\0')
        user = probe->proxy->user;
    if (user == NULL && profile != NULL)
        user = profile->user;
    if (request->without_credential) {
        probe->schemes = 0;
        return TRUE;
    }
    probe->user = g_strdup (user);
    probe->schemes = prc_auth_scheme_set (request->auth != NULL ? request->auth
                                          : profile != NULL     ? profile->auth
                                                                : NULL);
    if (request->password_only)
        probe->schemes &= ~(1u << PRC_AUTH_NEGOTIATE);
    if (user != NULL && strchr (user, ':') != NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("a user name can't hold a colon (RFC 7617)"));
        return FALSE;
    }
    if (request->password != NULL)
        probe->password = prc_secret_ref (request->password);
    else if (user != NULL && profile != NULL)
        return lookup_password (session, profile, probe, error);
    return TRUE;
}

GBytes *
prc_check_read_ca (const char *path, GError **error)
{
    gsize length = 0;
    const char *bytes = NULL;
    g_autoptr (GError) reason = NULL;
    g_autoptr (GBytes) ca = prc_read_file (AT_FDCWD, path, NULL, &reason);

    if (ca == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, "%s", reason->message);
        return NULL;
    }
    bytes = g_bytes_get_data (ca, &length);
    if (length > PRC_REQUEST_CA_MAX ||
        g_strstr_len (bytes, (gssize) length, "-----BEGIN ") == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     _ ("%s: not a file of CA certificates in PEM (“-----BEGIN CERTIFICATE-----”)"),
                     path);
        return NULL;
    }
    return g_steal_pointer (&ca);
}

/* One that is named on the command line counts more than what is kept, and is looked at first. */
static gboolean
fill_ca (const char *path, PrcProbeRequest *probe, GError **error)
{
    if (path != NULL && probe->ca == NULL)
        probe->ca = prc_check_read_ca (path, error);
    return path == NULL || probe->ca != NULL;
}

PrcProbeRequest *
prc_check_make_request (PrcSession *session, const PrcCheckRequest *request, char **ret_auth,
                        GError **error)
{
    g_autoptr (PrcProbeRequest) probe = prc_probe_request_new ();
    g_autoptr (PrcProfiles) profiles = NULL;
    const PrcProfile *profile = NULL;

    if (!fill_ca (request->ca, probe, error))
        return NULL;
    if (request->proxy == NULL) {
        profiles = prc_profiles_load (session, error);
        profile = profiles != NULL ? prc_profiles_find (profiles, request->profile, error) : NULL;
        if (profile == NULL)
            return NULL;
    }
    probe->url = g_strdup (request->url != NULL                            ? request->url
                           : profile != NULL && profile->check_url != NULL ? profile->check_url
                                                                           : DEFAULT_URL);
    if (!prc_probe_check_target (probe->url, NULL, NULL, error))
        return NULL;
    probe->proxy = request->proxy != NULL ? given_proxy (request->proxy, error)
                                          : proxy_of_profile (profile, probe->url, error);
    if (probe->proxy == NULL || !fill_credential (session, request, profile, probe, error) ||
        !fill_ca (profile != NULL ? profile->ca : NULL, probe, error))
        return NULL;
    *ret_auth = g_strdup (request->auth != NULL ? request->auth
                          : profile != NULL     ? profile->auth
                                                : NULL);
    probe->timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : DEFAULT_TIMEOUT_MS;
    return g_steal_pointer (&probe);
}

char *
prc_check_target_for (const PrcProfile *profile, PrcRole role)
{
    const char *url = profile->check_url != NULL ? profile->check_url : DEFAULT_URL;
    g_autofree char *host = NULL;

    if (role != PRC_ROLE_HTTP || g_ascii_strncasecmp (url, "https:", 6) != 0 ||
        !prc_probe_check_target (url, &host, NULL, NULL))
        return g_strdup (url);
    return g_strdup_printf (strchr (host, ':') != NULL ? "http://[%s]/" : "http://%s/", host);
}
