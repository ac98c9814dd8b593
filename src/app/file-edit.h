/* file-edit.h - the lossless editor itself, on one file */
#pragma once
#include <glib.h>

#include "app/session.h"

typedef struct {
    guint line;
    char *key;
    char *value;        /* (nullable): as the tool reads it, not masked; NULL: computed, or none */
    gboolean is_active; /* always read: not in a branch, not where its tool never looks */
    gboolean is_dynamic;
    gboolean is_unset; /* takes the value away */
    char *detail;      /* (nullable) */
} PrcEntryRow;
void prc_entry_row_free (PrcEntryRow *row);

/** prc_file_list: (element-type PrcEntryRow) (transfer full) (nullable): in file order, every
 * occurrence. */
GPtrArray *prc_file_list (const char *format, const char *path,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * prc_file_get:
 * @ret_value: (transfer full): wiped by the caller
 * @error: #PRC_ERROR_NOT_FOUND: no value; #PRC_ERROR_DYNAMIC: shell code decides
 */
gboolean prc_file_get (const char *format, const char *path, const char *key, char **ret_value,
                       GError **error);

/**
 * prc_file_set: @value NULL: unset. @ret_changed; @ret_diff: (optional): masked.
 * Without an existing file a new one is made: 0600 when what is set may be secret, else 0644.
 * @error: #PRC_ERROR_INPUT: as well when what is set may be secret and git tracks the file, unless
 *   the session allows that
 */
gboolean prc_file_set (PrcSession *session, const char *format, const char *path, const char *key,
                       const char *value, gboolean *ret_changed, char **ret_diff, GError **error);

/** prc_format_names: (transfer full): for messages: "gitconfig, npmrc, …" */
char *prc_format_names (void);
