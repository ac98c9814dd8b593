/* tools.h - the catalogue as rows for the faces */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "catalogue/tool-reader.h"

typedef struct {
    char *scope;
    char *format;
    char *path;      /* as the catalogue has it, or a base name for a project's file */
    char **resolved; /* on this machine, for system and user scope; empty: no such place here */
} PrcToolPlaceRow;

typedef struct {
    char *role, *key;
    const char *write; /* "always", "present", "same", "remove", "never" */
    char *note;        /* (nullable): for a key that doesn't work: what counts instead */
} PrcToolRoleRow;

typedef struct {
    char *name, *summary, *origin;
    gboolean is_installed, writes, inherits;
    char **auth, **placements;
    const char *no_proxy; /* where the list comes from */
    GPtrArray *places;    /* of PrcToolPlaceRow */
    GPtrArray *roles;     /* of PrcToolRoleRow */
} PrcToolInfo;

/** prc_tools: (element-type PrcToolInfo) (transfer full) (nullable): @name NULL: all.
 * #PRC_ERROR_NOT_FOUND */
GPtrArray *prc_tools (PrcSession *session, const char *name,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
