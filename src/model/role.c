#include "model/role.h"

static const char *const role_names[PRC_N_ROLES] = {
    [PRC_ROLE_HTTP] = "http",         [PRC_ROLE_HTTPS] = "https", [PRC_ROLE_ALL] = "all",
    [PRC_ROLE_NO_PROXY] = "no_proxy", [PRC_ROLE_USER] = "user",   [PRC_ROLE_PASSWORD] = "password",
    [PRC_ROLE_AUTH] = "auth",         [PRC_ROLE_CA] = "ca",
};

static const char *const scope_names[] = {
    [PRC_SCOPE_SYSTEM] = "system",
    [PRC_SCOPE_USER] = "user",
    [PRC_SCOPE_PROJECT] = "project",
};

const char *
prc_role_name (PrcRole role)
{
    return role_names[role];
}

const char *
prc_scope_name (PrcScope scope)
{
    return scope_names[scope];
}

gboolean
prc_role_from_name (const char *name, PrcRole *ret_role)
{
    for (guint i = 0; i < G_N_ELEMENTS (role_names); i++)
        if (g_str_equal (name, role_names[i])) {
            *ret_role = (PrcRole) i;
            return TRUE;
        }
    return FALSE;
}

gboolean
prc_role_is_proxy (PrcRole role)
{
    return role == PRC_ROLE_HTTP || role == PRC_ROLE_HTTPS || role == PRC_ROLE_ALL;
}
