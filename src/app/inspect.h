/* inspect.h - everything that is found, and its state against the active profile */
#pragma once
#include <glib.h>

#include "app/session.h"

/** PrcSettingRow: one setting as the faces show it. All strings are owned, UTF-8, and hold no
 * secret. */
typedef struct {
    char *tool, *scope;
    char *file; /* (nullable): NULL: a variable of the calling shell */
    guint line; /* 0: none */
    char *key, *role;
    char *value;                /* (nullable): masked; NULL: computed, or none */
    char *scheme, *host, *user; /* (nullable): of a proxy URL that could be read */
    guint16 port;
    const char *password; /* "absent", "stored", "stale", "unknown" */
    const char *state;    /* a word of the design: "ok", "stale", "differs", … */
    gboolean is_exposed;
    char *detail; /* (nullable) */
} PrcSettingRow;

typedef struct {
    char *name;
    gboolean is_installed;
    const char *state;
    char *detail; /* (nullable) */
} PrcToolRow;

typedef struct {
    char *profile; /* (nullable): none is active */
    gboolean agrees;
    gboolean password_unknown; /* the store was not opened, so no password could be compared */
    GPtrArray *settings;       /* of PrcSettingRow */
    GPtrArray *tools;          /* of PrcToolRow */
    GPtrArray *notes;          /* of utf8: what to know, and what could not be read */
    gboolean has_bad_file;     /* some file is rejected by its tool, or unreadable */
    guint n_unreadable;        /* scan: folders that could not be read */
    guint64 n_dirs, n_files;   /* scan: seen */
} PrcStatus;

void prc_status_free (PrcStatus *status);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcStatus, prc_status_free)

/**
 * prc_inspect:
 * @tool_names: (nullable): only these
 *
 * Never opens a store that is locked. Returns: (transfer full) (nullable)
 */
PrcStatus *prc_inspect (PrcSession *session, char **tool_names,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
