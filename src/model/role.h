/* role.h - what a setting is for, whatever its tool calls it; and where it applies */
#pragma once
#include <glib.h>

typedef enum {
    PRC_ROLE_HTTP,     /* the proxy for http:// URLs */
    PRC_ROLE_HTTPS,    /* the proxy for https:// URLs */
    PRC_ROLE_ALL,      /* the proxy for both, or for what the other two leave */
    PRC_ROLE_NO_PROXY, /* hosts that are reached directly */
    PRC_ROLE_USER,     /* user name, alone or as USER:PASSWORD, apart from the URL */
    PRC_ROLE_PASSWORD, /* password, apart from the URL */
    PRC_ROLE_AUTH,     /* authentication scheme */
    PRC_ROLE_CA,       /* file with CA certificates */
} PrcRole;
#define PRC_N_ROLES (PRC_ROLE_CA + 1)

typedef enum {
    PRC_SCOPE_SYSTEM,
    PRC_SCOPE_USER,
    PRC_SCOPE_PROJECT,
} PrcScope;

/** prc_role_name, prc_scope_name: as on the command line, in JSON and in the catalogue. */
const char *prc_role_name (PrcRole role);
const char *prc_scope_name (PrcScope scope);
/** prc_role_from_name: FALSE when there is none of that name. */
gboolean prc_role_from_name (const char *name, PrcRole *ret_role);
/** prc_role_is_proxy: one of the three whose value is a proxy URL. */
gboolean prc_role_is_proxy (PrcRole role);
