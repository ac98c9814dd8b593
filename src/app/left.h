/* left.h - what still holds an old password once all settings have the new one
 *
 * Calling sequence: prc_left_new(), then prc_left_look_at() for what each tool has,
 * prc_left_look_beside() and prc_left_look_around(). What a credential helper answers with gets the
 * new password, and with @scrub copies that nobody needs go: these become changes for the
 * transaction; everything else becomes a row. Reads only. */
#pragma once
#include <glib.h>

#include "app/left-places.h"
#include "app/session.h"
#include "planner/plan.h"

/** PrcLeftRow: one place. All strings are owned. */
typedef struct {
    char *path;
    guint line; /* 0: not a matter of lines */
    PrcLeftKind kind;
    char *key; /* (nullable): of a setting */
    char *remedy;
} PrcLeftRow;
void prc_left_row_free (PrcLeftRow *row);

/** PrcLeft: the search, and what it has found. */
typedef struct {
    const PrcSession *session;
    const GPtrArray *searches; /* of PrcSecretSearch */
    const PrcWanted *wanted;   /* what helpers' files get */
    gboolean scrub;
    const gint *cancelled; /* (nullable) */
    GHashTable *seen;      /* of real paths */
    GPtrArray *rows;       /* of PrcLeftRow */
    GPtrArray *changes;    /* of PrcChange */
    guint n_scrubbed;      /* of those: the ones that are not a helper's */
} PrcLeft;

PrcLeft *prc_left_new (const PrcSession *session, const GPtrArray *searches,
                       const PrcWanted *wanted, gboolean scrub, const gint *cancelled);
void prc_left_free (PrcLeft *left);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcLeft, prc_left_free)

/** prc_left_look_at: the files of @found, as @plan will leave them. */
void prc_left_look_at (PrcLeft *left, const PrcPlan *plan, const PrcFound *found);
/** prc_left_look_beside: copies of those files in their folders. @founds: (element-type PrcFound):
 * all of them, so that none is taken for a copy of another. */
void prc_left_look_beside (PrcLeft *left, const GPtrArray *founds);
/** prc_left_look_around: histories, logs, helpers' files, and programs that have no driver. */
void prc_left_look_around (PrcLeft *left);
