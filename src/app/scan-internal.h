/* scan-internal.h - what scan and passwd share: the project files of whole trees */
#pragma once
#include "app/planning.h"
#include "app/scan.h"

/** PrcScanHit: one file that some tool would read if it were run there. */
typedef struct {
    char *path;
    char *real_path; /* (nullable): without symlinks; NULL: not known */
    const PrcTool *tool;
    const PrcToolFile *row;
    gboolean is_link;
} PrcScanHit;
void prc_scan_hit_free (gpointer hit);

/**
 * prc_scan_find: (element-type PrcScanHit) (transfer full) (nullable): sorted by path
 * @notes: (element-type utf8): gets what could not be read, and links that lead out of the trees
 * @error: as prc_scan()
 */
GPtrArray *prc_scan_find (PrcSession *session, char **dirs, PrcScanProgress *progress,
                          GPtrArray *notes, guint *ret_n_unreadable, GError **error);

/** PrcScanRules: what is the same for all files of a tool. */
typedef struct {
    guint version;
    PrcUrlDialect dialect;
} PrcScanRules;
/** prc_scan_rules: (transfer none): @known: PrcTool -> PrcScanRules, filled as they are asked for.
 */
const PrcScanRules *prc_scan_rules (GHashTable *known, const PrcPlace *place, const PrcTool *tool,
                                    const PrcWanted *wanted);
