#include "app/check-found.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "app/check-request.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/i18n.h"

/* One credential on its way. */
typedef struct {
    const PrcFoundCredential *credential;
    PrcCheckResult *result; /* (nullable): not known yet */
    PrcCheck *check;        /* (nullable): being tried */
} Item;

struct _PrcCheckFound {
    PrcSession *session;    /* (transfer none) */
    GPtrArray *credentials; /* of PrcFoundCredential */
    Item *items;            /* one for each */
    GPtrArray *notes;
    char *url, *ca, *auth; /* (nullable) */
    PrcProxyUrl *own[2];   /* (nullable): the profile's proxies, to which @auth belongs */
    guint timeout_ms;
    gboolean force;
    int epoll_fd;
};

void
prc_check_found_free (PrcCheckFound *checks)
{
    if (checks == NULL)
        return;
    for (guint i = 0; checks->items != NULL && i < checks->credentials->len; i++) {
        prc_check_free (checks->items[i].check);
        prc_check_result_free (checks->items[i].result);
    }
    g_free (checks->items);
    g_clear_pointer (&checks->credentials, g_ptr_array_unref);
    g_clear_pointer (&checks->notes, g_ptr_array_unref);
    g_free (checks->url);
    g_free (checks->ca);
    g_free (checks->auth);
    for (gsize i = 0; i < G_N_ELEMENTS (checks->own); i++)
        prc_proxy_url_free (checks->own[i]);
    prc_fd_clear (&checks->epoll_fd);
    g_free (checks);
}

static void
take_profile (PrcCheckFound *checks)
{
    g_autoptr (PrcProfiles) profiles = prc_profiles_load (checks->session, NULL);
    const PrcProfile *profile = profiles != NULL ? prc_profiles_active (profiles) : NULL;
    static const PrcRole roles[] = { PRC_ROLE_HTTPS, PRC_ROLE_HTTP };

    if (profile == NULL)
        return;
    if (checks->url == NULL)
        checks->url = g_strdup (profile->check_url);
    if (checks->ca == NULL)
        checks->ca = g_strdup (profile->ca);
    checks->auth = g_strdup (profile->auth);
    for (gsize i = 0; i < G_N_ELEMENTS (roles); i++) {
        const PrcProxyUrl *proxy = prc_profile_proxy_for (profile, roles[i]);

        checks->own[i] = proxy != NULL ? prc_proxy_url_copy (proxy) : NULL;
    }
}

static gboolean
same_proxy (const Item *a, const Item *b)
{
    return prc_proxy_url_same_proxy (a->credential->url, b->credential->url);
}

/* What an earlier one at the same proxy says of this one: it was refused the same user, or nothing
 * at all was sent for a reason that is the proxy's own. */
static PrcCheckResult *
foregone (const Item *earlier, const Item *item)
{
    const PrcCheckResult *seen = earlier->result;
    gboolean same_user =
        g_strcmp0 (earlier->credential->url->user, item->credential->url->user) == 0;
    gboolean was_refused =
        seen->credential == PRC_CREDENTIAL_REJECTED || seen->verdict == PRC_VERDICT_WITHHELD;
    PrcCheckResult *result = NULL;

    if (was_refused ? !same_user : seen->attempts > 0)
        return NULL;
    result = prc_check_result_copy (seen);
    result->elapsed_ms = 0;
    if (was_refused) {
        result->verdict = PRC_VERDICT_WITHHELD;
        result->credential = PRC_CREDENTIAL_UNTESTED;
        result->attempts = result->http_status = 0;
        g_clear_pointer (&result->scheme_used, g_free);
        g_free (result->detail);
        result->detail = g_strdup (
            _ ("not sent: this proxy rejected another password of this user, and each further "
               "one counts towards a lock of the account"));
        g_free (result->remedy);
        result->remedy = g_strdup (
            _ ("store the right password with `proxyrc passwd`, which corrects every place"));
    }
    return result;
}

static char *
proxy_text (const PrcProxyUrl *url)
{
    g_autofree char *bare = prc_proxy_url_format_bare (url);
    g_autofree char *user = prc_percent_encode (url->user);

    return g_strdup_printf ("%s://%s@%s", prc_proxy_scheme_name (url->scheme), user,
                            strstr (bare, "://") + 3);
}

static gboolean
is_own_proxy (const PrcCheckFound *checks, const PrcProxyUrl *url)
{
    for (gsize i = 0; i < G_N_ELEMENTS (checks->own); i++)
        if (checks->own[i] != NULL && prc_proxy_url_same_proxy (checks->own[i], url))
            return TRUE;
    return FALSE;
}

static gboolean
start_item (PrcCheckFound *checks, guint number, GError **error)
{
    Item *item = &checks->items[number];
    const PrcProxyUrl *url = item->credential->url;
    g_autofree char *bare = prc_proxy_url_format_bare (url);
    PrcCheckRequest request = { .proxy = bare,
                                .user = url->user,
                                .password = url->password,
                                .password_only = TRUE,
                                .url = checks->url,
                                .ca = checks->ca,
                                .auth = is_own_proxy (checks, url) ? checks->auth : NULL,
                                .timeout_ms = checks->timeout_ms,
                                .force = checks->force };
    struct epoll_event event = { .events = EPOLLIN };

    item->check = prc_check_start (checks->session, &request, error);
    if (item->check == NULL)
        return FALSE;
    if (epoll_ctl (checks->epoll_fd, EPOLL_CTL_ADD, prc_check_fd (item->check), &event) != 0) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_NETWORK, _ ("the check can't be started: %s"),
                     g_strerror (errno));
        return FALSE;
    }
    return TRUE;
}

/* A credential can be tried when all earlier ones of its proxy are done. */
static gboolean
start_what_can (PrcCheckFound *checks, GError **error)
{
    for (guint i = 0; i < checks->credentials->len; i++) {
        Item *item = &checks->items[i];
        gboolean must_wait = item->result != NULL || item->check != NULL;

        for (guint j = 0; j < i && !must_wait && item->result == NULL; j++) {
            if (!same_proxy (&checks->items[j], item))
                continue;
            must_wait = checks->items[j].result == NULL;
            if (!must_wait)
                item->result = foregone (&checks->items[j], item);
        }
        if (item->result != NULL && item->check == NULL) {
            g_free (item->result->proxy);
            item->result->proxy = proxy_text (item->credential->url);
        } else if (!must_wait && !start_item (checks, i, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

PrcCheckFound *
prc_check_found_start (PrcSession *session, const PrcCheckRequest *request, GError **error)
{
    g_autoptr (PrcCheckFound) checks = g_new0 (PrcCheckFound, 1);
    g_autoptr (GBytes) ca = request->ca != NULL ? prc_check_read_ca (request->ca, error) : NULL;

    checks->session = session;
    checks->url = g_strdup (request->url);
    checks->ca = g_strdup (request->ca);
    checks->timeout_ms = request->timeout_ms;
    checks->force = request->force;
    checks->notes = g_ptr_array_new_with_free_func (g_free);
    checks->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
    if (request->ca != NULL && ca == NULL) /* also where there turns out to be nothing to try */
        return NULL;
    checks->credentials = prc_found_credentials (session, checks->notes, error);
    if (checks->credentials == NULL)
        return NULL;
    checks->items = g_new0 (Item, checks->credentials->len);
    for (guint i = 0; i < checks->credentials->len; i++)
        checks->items[i].credential = g_ptr_array_index (checks->credentials, i);
    take_profile (checks);
    return start_what_can (checks, error) ? g_steal_pointer (&checks) : NULL;
}

int
prc_check_found_fd (const PrcCheckFound *checks)
{
    return checks->epoll_fd;
}

gboolean
prc_check_found_step (PrcCheckFound *checks, GError **error)
{
    guint done = 0;

    for (guint i = 0; i < checks->credentials->len; i++) {
        Item *item = &checks->items[i];

        if (item->check == NULL || !prc_check_step (item->check, &item->result, error))
            continue;
        g_clear_pointer (&item->check, prc_check_free);
        if (item->result == NULL)
            return TRUE;
    }
    if (!start_what_can (checks, error))
        return TRUE;
    return prc_check_found_count (checks, &done) == done;
}

guint
prc_check_found_count (const PrcCheckFound *checks, guint *ret_done)
{
    *ret_done = 0;
    for (guint i = 0; i < checks->credentials->len; i++)
        *ret_done += checks->items[i].result != NULL ? 1 : 0;
    return checks->credentials->len;
}

const PrcFoundCredential *
prc_check_found_credential (const PrcCheckFound *checks, guint i)
{
    return checks->items[i].credential;
}

const PrcCheckResult *
prc_check_found_result (const PrcCheckFound *checks, guint i)
{
    return checks->items[i].result;
}

const GPtrArray *
prc_check_found_notes (const PrcCheckFound *checks)
{
    return checks->notes;
}
