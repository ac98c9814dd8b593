/* profiles.h - the profiles of the user and of the system, read and edited in their files */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "model/profile.h"

/** PrcProfileRow: one profile as lists show it. */
typedef struct {
    PrcProfile *profile;
    gboolean is_active;
    gboolean in_user_file, in_system_file;
} PrcProfileRow;

/** PrcProfiles: all of them: the system's, over which the user's go role by role, and "direct". */
typedef struct _PrcProfiles PrcProfiles;

/**
 * prc_profiles_load:
 * @error: #PRC_ERROR_INPUT "FILE:LINE: …" for a file or value that is wrong, and for a file that
 * --config names and that is not there
 *
 * Returns: (transfer full) (nullable)
 */
PrcProfiles *prc_profiles_load (PrcSession *session, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_profiles_load_or_new: the same, but for adding to: a file that is not there is an empty one.
 */
PrcProfiles *prc_profiles_load_or_new (PrcSession *session,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void prc_profiles_free (PrcProfiles *profiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcProfiles, prc_profiles_free)

/** prc_profiles_rows: (element-type PrcProfileRow) (transfer none): in file order, "direct" last.
 */
const GPtrArray *prc_profiles_rows (const PrcProfiles *profiles);
/** prc_profiles_active: (nullable) (transfer none) */
const PrcProfile *prc_profiles_active (const PrcProfiles *profiles);
/**
 * prc_profiles_find: @name NULL: the active one. (transfer none) (nullable)
 * @error: #PRC_ERROR_NOT_FOUND, saying what to do
 */
const PrcProfile *prc_profiles_find (const PrcProfiles *profiles, const char *name, GError **error);

/**
 * PrcProfilesEdit: changes to the user's file, lossless, not yet written. What was read and what it
 * will be.
 */
typedef struct {
    GBytes *before; /* (nullable) */
    GBytes *after;
} PrcProfilesEdit;
void prc_profiles_edit_clear (PrcProfilesEdit *edit);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcProfilesEdit, prc_profiles_edit_clear)

/** prc_profiles_add: #PRC_ERROR_USAGE when there is one of that name in the user's file. @pairs:
 * "KEY=VALUE". The first becomes active. */
gboolean prc_profiles_add (PrcProfiles *profiles, const char *name, char **pairs,
                           PrcProfilesEdit *ret_edit, GError **error);
/** prc_profiles_set: KEY= (empty) takes a key away. */
gboolean prc_profiles_set (PrcProfiles *profiles, const char *name, char **pairs,
                           PrcProfilesEdit *ret_edit, GError **error);
gboolean prc_profiles_remove (PrcProfiles *profiles, const char *name, PrcProfilesEdit *ret_edit,
                              GError **error);
/** prc_profiles_activate: "direct" too. */
gboolean prc_profiles_activate (PrcProfiles *profiles, const char *name, PrcProfilesEdit *ret_edit,
                                GError **error);

/** prc_profiles_would_change: whether there is anything to write. */
gboolean prc_profiles_would_change (const PrcProfilesEdit *edit);
/** prc_profiles_with: (transfer full) (nullable): what would be read if @edit were written. */
PrcProfiles *prc_profiles_with (PrcSession *session, const PrcProfilesEdit *edit, GError **error);

/** prc_profiles_change: (transfer full) (nullable): the edit as a change for the transaction; NULL
 * when nothing is different. */
PrcChange *prc_profiles_change (const PrcProfiles *profiles, const PrcProfilesEdit *edit);
/** prc_profiles_write: the edit alone, as a transaction with this label. */
gboolean prc_profiles_write (PrcSession *session, const PrcProfiles *profiles,
                             const PrcProfilesEdit *edit, const char *label, GError **error);
