/* scan.h - project-level files in whole trees */
#pragma once
#include <glib.h>

#include "app/inspect.h"

/** PrcScanProgress: read from another thread with g_atomic_int_get(). */
typedef struct {
    gint dirs, files, found;
    gint done;      /* 1: the scan is over */
    gint cancelled; /* set to 1 to stop it */
} PrcScanProgress;

/**
 * prc_scan:
 * @dirs: NULL-terminated
 * @error: #PRC_ERROR_NOT_FOUND, #PRC_ERROR_INPUT: one of @dirs can't be read; #PRC_ERROR_CANCELLED
 *
 * As prc_inspect(), for what is found in these trees; never leaves them through a symlink. Folders
 * that can't be read are counted and named in the notes. Settings are sorted by file and line.
 * (transfer full) (nullable)
 */
PrcStatus *prc_scan (PrcSession *session, char **dirs, PrcScanProgress *progress,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
