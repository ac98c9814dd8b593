/* import.h - a profile from what is found on this machine */
#pragma once
#include <glib.h>

#include "app/session.h"

/**
 * prc_import_pairs:
 * @ret_notes: (element-type utf8) (transfer full): where each value comes from, and what stands
 * against it
 * @error: #PRC_ERROR_NOT_FOUND when no proxy setting is found
 *
 * For each role, what the first tool of the catalogue that has it would use: the environment before
 * the others. No password. Returns: (transfer full) (nullable): "KEY=VALUE", for prc_profiles_add()
 */
char **prc_import_pairs (PrcSession *session, GPtrArray **ret_notes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
