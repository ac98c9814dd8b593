/* setting.h - what the view of one setting is opened with */
#pragma once
#include "app/inspect.h"
#include "tui/view.h"

/** PrcSettingCopy: of a row of the overview, which is read anew now and then. */
typedef struct {
    char *tool, *file, *key, *value, *state, *detail, *home; /* @file, @value (nullable) */
    guint line;
    gboolean is_exposed;
    gboolean is_to_edit; /* ask for its value at once */
} PrcSettingCopy;

/** prc_setting_copy_new: (transfer full): the argument of prc_view_setting. @words: what its
 * state means, where the row itself says nothing. @home: for showing paths. */
PrcSettingCopy *prc_setting_copy_new (const PrcSettingRow *row, const char *words,
                                      const char *home);
void prc_setting_copy_free (PrcSettingCopy *copy);
