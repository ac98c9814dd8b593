/* check-login.c - a password is tried at each proxy that it would be stored for */
#include "app/check-request.h"
#include "base/error.h"
#include "base/i18n.h"

PrcCheckResult *
prc_check_login (PrcSession *session, const PrcProfile *profile, const char *user,
                 PrcSecret *password, gboolean force, GError **error)
{
    static const PrcRole roles[] = { PRC_ROLE_HTTPS, PRC_ROLE_HTTP };
    const PrcProxyUrl *tried = NULL;
    g_autoptr (PrcCheckResult) result = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (roles); i++) {
        const PrcProxyUrl *proxy = prc_profile_proxy_for (profile, roles[i]);
        g_autofree char *target = prc_check_target_for (profile, roles[i]);
        g_autofree char *bare = NULL;
        PrcCheckRequest request = {
            .user = user, .password = password, .password_only = TRUE, .force = force
        };

        if (proxy == NULL || (tried != NULL && prc_proxy_url_same_proxy (tried, proxy)))
            continue;
        tried = proxy;
        bare = prc_proxy_url_format_bare (proxy);
        request.proxy = bare;
        request.url = target;
        request.auth = profile->auth;
        request.ca = profile->ca;
        g_clear_pointer (&result, prc_check_result_free);
        result = prc_check_run (session, &request, error);
        if (result == NULL || result->credential != PRC_CREDENTIAL_ACCEPTED)
            return g_steal_pointer (&result);
    }
    if (result == NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("the profile “%s” has no proxy to log in to"), profile->name);
    return g_steal_pointer (&result);
}
