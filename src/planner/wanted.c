#include "planner/wanted.h"

#include <string.h>

#include "base/error.h"

gboolean
prc_wanted_has_secret (const PrcWanted *wanted)
{
    return wanted->user != NULL && (wanted->password_unknown || wanted->password != NULL);
}

PrcPlacement
prc_wanted_placement (const PrcProfile *profile, const PrcTool *tool)
{
    PrcPlacement placement = prc_profile_placement_for (profile, tool->name);

    return placement == PRC_PLACEMENT_INLINE && !tool->inherits &&
                   !prc_tool_can_auth (tool, profile->auth)
               ? PRC_PLACEMENT_NONE
               : placement;
}

PrcWanted
prc_wanted_for_tool (const PrcWanted *wanted, const PrcTool *tool)
{
    PrcPlacement placement = prc_wanted_placement (wanted->profile, tool);
    gboolean asks =
        placement == PRC_PLACEMENT_REFERENCE && tool->reference_kind == PRC_REFERENCE_HELPER;

    if (placement == PRC_PLACEMENT_INLINE)
        return *wanted;
    return (PrcWanted){ wanted->profile, asks ? wanted->user : NULL, NULL, FALSE };
}

PrcProxyUrl *
prc_wanted_proxy (const PrcWanted *wanted, PrcRole role)
{
    const PrcProxyUrl *bare = prc_profile_proxy_for (wanted->profile, role);

    if (wanted->profile->is_direct || bare == NULL)
        return NULL;
    if (wanted->user == NULL && g_strcmp0 (wanted->profile->auth, "negotiate") == 0) {
        /* libcurl looks for a ticket only when it was given a user, be it an empty one */
        g_autoptr (PrcSecret) nothing = prc_secret_new ("", 0);

        return prc_proxy_url_new (bare->scheme, bare->host, bare->port, "", nothing);
    }
    return prc_proxy_url_new (bare->scheme, bare->host, bare->port, wanted->user, wanted->password);
}

static gboolean
wanted_url (const PrcWanted *wanted, const PrcToolKey *row, const PrcUrlDialect *dialect,
            gboolean without_secret, PrcWantedKind *ret_kind, char **ret_value, GError **error)
{
    g_autoptr (PrcProxyUrl) url = prc_wanted_proxy (wanted, row->role);
    char *text = NULL;

    *ret_kind = PRC_WANTED_NOTHING;
    if (url == NULL)
        return TRUE;
    if (without_secret)
        text = prc_proxy_url_format_bare (url);
    else
        text = prc_proxy_url_format (url, dialect, error);
    if (text == NULL)
        return FALSE;
    *ret_kind = PRC_WANTED_VALUE;
    *ret_value = text;
    return TRUE;
}

static gboolean
wanted_auth (const PrcWanted *wanted, const PrcToolKey *row, PrcWantedKind *ret_kind,
             char **ret_value)
{
    const char *text = NULL;

    if (wanted->profile->auth == NULL) {
        *ret_kind = PRC_WANTED_UNMANAGED;
        return TRUE;
    }
    text = prc_tool_auth_text (row, wanted->profile->auth);
    *ret_kind = text != NULL ? PRC_WANTED_VALUE : PRC_WANTED_NOTHING;
    *ret_value = g_strdup (text);
    return TRUE;
}

static gboolean
wanted_text (const char *text, PrcWantedKind otherwise, PrcWantedKind *ret_kind, char **ret_value)
{
    *ret_kind = text != NULL ? PRC_WANTED_VALUE : otherwise;
    *ret_value = g_strdup (text);
    return TRUE;
}

/* Some keys mean something for one kind of proxy only. */
static gboolean
is_of_use (const PrcProfile *profile, const PrcToolKey *row)
{
    static const PrcRole roles[] = { PRC_ROLE_HTTP, PRC_ROLE_HTTPS };

    if (row->only_for == NULL)
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS (roles); i++) {
        const PrcProxyUrl *proxy = prc_profile_proxy_for (profile, roles[i]);

        if (proxy != NULL && strcmp (prc_proxy_scheme_name (proxy->scheme), row->only_for) == 0)
            return TRUE;
    }
    return FALSE;
}

gboolean
prc_wanted_value (const PrcWanted *wanted, const PrcToolKey *row, const PrcUrlDialect *dialect,
                  gboolean without_secret, PrcWantedKind *ret_kind, char **ret_value,
                  GError **error)
{
    const PrcProfile *profile = wanted->profile;
    g_autofree char *list = NULL;

    *ret_value = NULL;
    switch (row->role) {
    case PRC_ROLE_HTTP:
    case PRC_ROLE_HTTPS:
    case PRC_ROLE_ALL:
        return wanted_url (wanted, row, dialect, without_secret, ret_kind, ret_value, error);
    case PRC_ROLE_NO_PROXY:
        if (profile->no_proxy != NULL)
            list = prc_no_proxy_format (profile->no_proxy);
        return wanted_text (list, profile->is_direct ? PRC_WANTED_NOTHING : PRC_WANTED_UNMANAGED,
                            ret_kind, ret_value);
    case PRC_ROLE_AUTH:
        return wanted_auth (wanted, row, ret_kind, ret_value);
    case PRC_ROLE_CA:
        return wanted_text (is_of_use (profile, row) ? profile->ca : NULL, PRC_WANTED_UNMANAGED,
                            ret_kind, ret_value);
    case PRC_ROLE_USER:
    case PRC_ROLE_PASSWORD:
    default:
        /* The URL carries them; a second copy would go stale, or beat it. */
        *ret_kind = PRC_WANTED_NOTHING;
        return TRUE;
    }
}

PrcProxyUrl *
prc_wanted_parse (const PrcToolKey *row, const PrcUrlDialect *dialect, const char *value,
                  GError **error)
{
    g_autoptr (PrcWipedString) text = NULL;

    if (row->scheme == NULL || strstr (value, "://") != NULL)
        return prc_proxy_url_parse (value, dialect, error);
    text = g_strconcat (row->scheme, "://", value, NULL);
    return prc_proxy_url_parse (text, dialect, error);
}

static gboolean
same_text (const char *a, const char *b)
{
    return g_strcmp0 (a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* No user and an empty one are the same, unless the empty one is what is wanted. */
static gboolean
same_user (const char *wanted, const char *there)
{
    if (wanted != NULL && *wanted == '\0' && there == NULL)
        return FALSE;
    return same_text (wanted, there);
}

static PrcAgreement
compare_proxies (const PrcProxyUrl *wanted, gboolean unknown, const PrcProxyUrl *there)
{
    static const char none[] = "";
    const char *x = wanted->password != NULL ? prc_secret_text (wanted->password) : none;
    const char *y = there->password != NULL ? prc_secret_text (there->password) : none;

    if (!prc_proxy_url_same_proxy (wanted, there) || !same_user (wanted->user, there->user))
        return PRC_DIFFERS;
    if (unknown)
        return there->password != NULL ? PRC_AGREES_UNKNOWN : PRC_DIFFERS;
    return strcmp (x, y) == 0 ? PRC_AGREES : PRC_STALE;
}

PrcAgreement
prc_wanted_compare (const PrcWanted *wanted, const PrcToolKey *row, const PrcUrlDialect *dialect,
                    gboolean without_secret, const char *value)
{
    g_autoptr (PrcWipedString) text = NULL;
    g_autoptr (PrcProxyUrl) target = NULL;
    g_autoptr (PrcProxyUrl) there = NULL;
    PrcWantedKind kind;

    if (prc_role_is_proxy (row->role)) {
        if (value == NULL)
            return PRC_MISREAD;
        target = prc_wanted_proxy (wanted, row->role);
        if (prc_url_dialect_is_none (dialect, value)) /* said explicitly */
            return target == NULL ? PRC_AGREES : PRC_DIFFERS;
        there = prc_wanted_parse (row, dialect, value, NULL);
        if (there == NULL)
            return PRC_MISREAD;
        if (target == NULL)
            return PRC_DIFFERS;
        if (without_secret) {
            g_clear_pointer (&target->user, g_free);
            g_clear_pointer (&target->password, prc_secret_unref);
        }
        return compare_proxies (target, wanted->password_unknown && wanted->user != NULL, there);
    }
    if (!prc_wanted_value (wanted, row, dialect, without_secret, &kind, &text, NULL))
        return PRC_DIFFERS;
    if (kind == PRC_WANTED_UNMANAGED)
        return PRC_AGREES;
    if (kind == PRC_WANTED_NOTHING || value == NULL)
        return PRC_DIFFERS;
    if (row->role == PRC_ROLE_NO_PROXY)
        return prc_no_proxy_same (text, value) ? PRC_AGREES : PRC_DIFFERS;
    return strcmp (text, value) == 0 ? PRC_AGREES : PRC_DIFFERS;
}
