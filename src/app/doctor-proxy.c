/* Rules about the proxy itself, the password's store, and the programs that are running. */
#include <string.h>

#include "app/check.h"
#include "app/doctor-internal.h"
#include "app/running.h"
#include "app/stores.h"
#include "base/i18n.h"

/* The live check */

typedef enum { EXPLAIN, LOG_IN, NEW_PASSWORD, OTHER_SCHEME, GO_DIRECT } Cure;

static const struct {
    gboolean is_fine;
    gboolean is_http; /* what answered speaks plain HTTP, as a proxy does */
    Cure cure;
} verdicts[PRC_N_VERDICTS] = {
    [PRC_VERDICT_OK] = { TRUE, TRUE, EXPLAIN },
    [PRC_VERDICT_NO_AUTH_NEEDED] = { TRUE, TRUE, EXPLAIN },
    [PRC_VERDICT_CREDENTIALS_MISSING] = { FALSE, TRUE, LOG_IN },
    [PRC_VERDICT_CREDENTIALS_REJECTED] = { FALSE, TRUE, NEW_PASSWORD },
    [PRC_VERDICT_SCHEME_UNSUPPORTED] = { FALSE, TRUE, OTHER_SCHEME },
    [PRC_VERDICT_FORBIDDEN] = { FALSE, TRUE, EXPLAIN },
    [PRC_VERDICT_UPSTREAM_FAILED] = { FALSE, TRUE, EXPLAIN },
    [PRC_VERDICT_TLS_INTERCEPTED] = { FALSE, TRUE, EXPLAIN },
    [PRC_VERDICT_UNRESOLVABLE] = { FALSE, FALSE, GO_DIRECT },
    [PRC_VERDICT_UNREACHABLE] = { FALSE, FALSE, GO_DIRECT },
    [PRC_VERDICT_TIMEOUT] = { FALSE, FALSE, GO_DIRECT },
    [PRC_VERDICT_WITHHELD] = { FALSE, FALSE, NEW_PASSWORD },
};

static gboolean
is_fine (const PrcDoctor *doctor)
{
    PrcVerdict verdict = doctor->check->verdict;

    /* It was tried without the password because the store may not be opened for this. */
    if (verdict == PRC_VERDICT_CREDENTIALS_MISSING && doctor->held.is_unknown)
        return TRUE;
    return verdicts[verdict].is_fine;
}

static char *
remedy_for_verdict (const PrcDoctor *doctor)
{
    const char *name = doctor->profile->name, *auth = doctor->profile->auth;
    Cure cure = verdicts[doctor->check->verdict].cure;

    if (cure == LOG_IN)
        return prc_remedy_own (doctor, "login", name, NULL);
    if (cure == NEW_PASSWORD)
        return prc_remedy_own (doctor, "passwd", name, NULL);
    if (cure == OTHER_SCHEME && auth != NULL && strcmp (auth, "any") != 0)
        return prc_remedy_own (doctor, "profile", "set", name, "auth=any", NULL);
    if (cure == GO_DIRECT)
        return prc_remedy_own (doctor, "use", "direct", NULL);
    return prc_remedy_explain (doctor, prc_verdict_name (doctor->check->verdict));
}

void
prc_doctor_live_check (PrcDoctor *doctor)
{
    const PrcCheckResult *check = doctor->check;
    g_autofree char *text = NULL;

    if (check == NULL || is_fine (doctor))
        return;
    text =
        check->detail != NULL && check->remedy != NULL
            ? g_strdup_printf ("%s; %s", check->detail, check->remedy)
            : g_strdup (check->detail != NULL ? check->detail : prc_verdict_name (check->verdict));
    prc_doctor_add (doctor, PRC_SEVERITY_ERROR, check->proxy, remedy_for_verdict (doctor), "%s: %s",
                    prc_verdict_name (check->verdict), text);
}

/* https:// before a proxy that speaks plain HTTP */

static gboolean
speaks_plain_http (const PrcDoctor *doctor, const PrcProxyUrl *proxy)
{
    gboolean brackets = strchr (proxy->host, ':') != NULL;
    g_autofree char *url =
        g_strdup_printf (brackets ? "http://[%s]:%u" : "http://%s:%u", proxy->host, proxy->port);
    const PrcCheckRequest request = {
        .proxy = url,
        .without_credential = TRUE,
        .timeout_ms = doctor->request->timeout_ms,
    };
    g_autoptr (PrcCheckResult) result = prc_check_run (doctor->session, &request, NULL);

    return result != NULL && verdicts[result->verdict].is_http;
}

/* The roles of the profile that name @proxy, as "ROLE=http://HOST:PORT …". */
static char *
remedy_for_scheme (const PrcDoctor *doctor, const PrcProxyUrl *proxy)
{
    const PrcProfile *profile = doctor->profile;
    const struct {
        const char *role;
        const PrcProxyUrl *proxy;
    } roles[] = { { "http", profile->http }, { "https", profile->https }, { "all", profile->all } };
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *command = prc_remedy_own (doctor, "profile", "set", profile->name, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (roles); i++) {
        gboolean same = roles[i].proxy != NULL && roles[i].proxy->scheme == proxy->scheme &&
                        strcmp (roles[i].proxy->host, proxy->host) == 0 &&
                        roles[i].proxy->port == proxy->port;
        gboolean brackets = strchr (proxy->host, ':') != NULL;

        if (same)
            g_string_append_printf (text, brackets ? " '%s=http://[%s]:%u'" : " %s=http://%s:%u",
                                    roles[i].role, proxy->host, proxy->port);
    }
    return g_strconcat (command, text->str, NULL);
}

void
prc_doctor_proxy_scheme (PrcDoctor *doctor)
{
    const PrcProxyUrl *proxy =
        doctor->check != NULL ? prc_profile_proxy_for (doctor->profile, PRC_ROLE_HTTPS) : NULL;
    g_autofree char *where = NULL;

    if (proxy == NULL || proxy->scheme != PRC_PROXY_HTTPS ||
        doctor->check->verdict != PRC_VERDICT_PROXY_TLS_FAILED ||
        !speaks_plain_http (doctor, proxy))
        return;
    where = g_strdup_printf (_ ("profile “%s”"), doctor->profile->name);
    prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where, remedy_for_scheme (doctor, proxy),
                    _ ("the proxy is written https://, and speaks plain HTTP there: https:// would "
                       "mean TLS to the proxy itself, not to the sites"));
}

/* Tools that can't do what the proxy wants */

void
prc_doctor_helpless_tools (PrcDoctor *doctor)
{
    for (guint i = 0; doctor->check != NULL && i < doctor->check->tools->len; i++) {
        const PrcToolChance *chance = g_ptr_array_index (doctor->check->tools, i);
        gboolean is_installed = FALSE;

        for (guint t = 0; doctor->status != NULL && t < doctor->status->tools->len; t++) {
            const PrcToolRow *row = g_ptr_array_index (doctor->status->tools, t);

            is_installed |= row->is_installed && strcmp (row->name, chance->name) == 0;
        }
        if (is_installed && !chance->could_pass)
            prc_doctor_add (doctor, PRC_SEVERITY_WARNING, doctor->check->proxy,
                            prc_remedy_explain (doctor, "relay"),
                            _ ("%s can't pass this proxy with any password: %s"), chance->name,
                            chance->why != NULL ? chance->why : _ ("it can't do what it wants"));
    }
}

/* The store */

static void
look_at_credential (PrcDoctor *doctor)
{
    const PrcProfile *profile = doctor->profile;
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcStore) store = prc_profile_store_open (doctor->session, profile, &error);
    g_autofree char *where = g_strdup_printf (_ ("profile “%s”"), profile->name);

    if (store == NULL)
        prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where,
                        prc_remedy_own (doctor, "login", profile->name, "--store", "vault", NULL),
                        "%s", error->message);
    else if (prc_store_state (store) == PRC_STORE_LOCKED)
        prc_doctor_add (doctor, PRC_SEVERITY_NOTICE, prc_store_place (store),
                        prc_remedy_own (doctor, "unlock", NULL),
                        _ ("the password could not be looked at, nor tried at the proxy: its store "
                           "is locked"));
    else
        prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where,
                        prc_remedy_own (doctor, "login", profile->name, NULL),
                        _ ("no password is stored for %s"), profile->user);
}

void
prc_doctor_store (PrcDoctor *doctor)
{
    const PrcProfile *profile = doctor->profile;

    if (profile == NULL || profile->is_direct || profile->user == NULL || *profile->user == '\0')
        return;
    if (doctor->held.is_unknown)
        look_at_credential (doctor);
    else if (g_strcmp0 (profile->store, "plain") == 0)
        prc_doctor_add (doctor, PRC_SEVERITY_NOTICE, NULL,
                        prc_remedy_own (doctor, "login", profile->name, "--store", "vault", NULL),
                        _ ("the password is stored in clear text; the vault would encrypt it"));
}

/* Programs that are running */

void
prc_doctor_running (PrcDoctor *doctor)
{
    const PrcProfile *profile = doctor->profile;
    PrcRunningQuery query = { profile, profile != NULL ? profile->user : NULL,
                              doctor->held.password, NULL };
    g_autoptr (GPtrArray) rows = NULL;

    if (profile == NULL || profile->is_direct || profile->user == NULL ||
        doctor->held.password == NULL)
        return;
    rows = prc_running_list (doctor->session, &query);
    for (guint i = 0; i < rows->len; i++) {
        const PrcRunningRow *row = g_ptr_array_index (rows, i);
        g_autofree char *where = g_strdup_printf (_ ("process %d"), row->pid);
        g_autofree char *names = g_strjoinv (", ", row->variables);

        prc_doctor_add (doctor, PRC_SEVERITY_ERROR, where,
                        row->is_ours ? prc_remedy_this_shell (doctor, row->variables[0])
                                     : prc_remedy_explain (doctor, "running"),
                        _ ("%s is running with an old password in %s: %s"), row->name, names,
                        row->remedy);
    }
}
