/* running.h - programs that are running with an old password in their environment
 *
 * A changed file reaches no program that has been started already: it, and all that it starts, goes
 * on sending what it was given. Nobody but the user can end it. */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "base/secret.h"

/** PrcRunningRow: one program. All strings are owned and fit for a terminal; no value is in it. */
typedef struct {
    int pid;
    char *name;
    guint64 seconds;  /* for how long it has been running */
    char **variables; /* the names of those that hold it */
    gboolean is_ours; /* the program that has started this one: mostly the shell of the user */
    char *remedy;     /* a sentence, with a command where one helps */
} PrcRunningRow;
void prc_running_row_free (PrcRunningRow *row);

/** PrcRunningQuery: whose password, and which. Borrowed. */
typedef struct {
    const PrcProfile *profile;
    const char *user;
    PrcSecret *current; /* (nullable): any other one of this user at these proxies is an old one */
    const GPtrArray
        *searches; /* (nullable) (element-type PrcSecretSearch): old ones, in any form */
} PrcRunningQuery;

/**
 * prc_running_list: (element-type PrcRunningRow) (transfer full): by process id; only processes of
 * this user that may be looked into. Empty for another root, where nothing runs.
 */
GPtrArray *prc_running_list (const PrcSession *session, const PrcRunningQuery *query);
